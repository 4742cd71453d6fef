"""The validity report of a district layer."""

from __future__ import annotations

from typing import Any

import shapely

from geo import crs
from geo.districts.model import Boundaries
from geo.schema import Place

_SLIVER_M2 = 1.0


def report(boundaries: Boundaries, places: dict[str, Place]) -> list[dict[str, Any]]:
    """Validity of the layer: a row per district, overlap and gap.

    Returns
    -------
    list of dict
        ``{"kind": "district", "id", "valid", "reason", "area_km2", "official_km2",
        "difference_percent", "second_km2"}``, ``{"kind": "overlap", "ids", "area_m2"}``
        and ``{"kind": "gap", "area_m2", "lon", "lat"}``. Areas in EPSG:4547. Overlaps
        and gaps below 1 m² are left out.
    """
    rows: list[dict[str, Any]] = []
    areas = crs.area_m2(boundaries.outlines) / 1e6
    second = crs.area_m2(boundaries.second) / 1e6 if len(boundaries.second) else [None] * len(areas)
    for one, outline, area, other in zip(boundaries.ids, boundaries.outlines, areas, second, strict=True):
        official = places[one].land_km2
        rows.append(
            {
                "kind": "district",
                "id": one,
                "valid": bool(shapely.is_valid(outline)),
                "reason": shapely.is_valid_reason(outline),
                "area_km2": round(float(area), 1),
                "official_km2": official,
                "difference_percent": round(100 * (float(area) / official - 1), 1) if official else None,
                "second_km2": None if other is None else round(float(other), 1),
            }
        )
    left, right = shapely.STRtree(boundaries.outlines).query(boundaries.outlines, predicate="intersects")
    for one, other in zip(left, right, strict=True):
        if one < other:
            shared = float(crs.area_m2(shapely.intersection(boundaries.outlines[one], boundaries.outlines[other])))
            if shared > _SLIVER_M2:
                ids = [boundaries.ids[one], boundaries.ids[other]]
                rows.append({"kind": "overlap", "ids": ids, "area_m2": round(shared, 1)})
    whole = shapely.union_all(boundaries.outlines)
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]
    for hole in holes:
        size = float(crs.area_m2(hole))
        if size > _SLIVER_M2:
            centre = hole.representative_point()
            rows.append(
                {"kind": "gap", "area_m2": round(size, 1), "lon": round(centre.x, 6), "lat": round(centre.y, 6)}
            )
    return rows
