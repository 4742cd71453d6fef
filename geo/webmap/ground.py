"""The ground that the page places a position on: exact outlines, borders, names.

Degrees are kept to 1e-9 (a tenth of a millimetre) and the borders, in EPSG:4547, to
a millimetre, so that the page places a point as `geo.join` does. Nothing is simplified.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.districts import Boundaries
from geo.webmap.packing import pack_pairs

Record = dict[str, Any]
SCALE = 1e-9
METRIC_SCALE = 1e-6
_MARGIN = 0.03  # of the extent, around a view
_BESIDE, _FINE, _COARSE = 0.02, 0.0004, 0.002  # degrees, of the areas around
_SMALL = 0.05  # square degrees of an area that would lose its shape
_DRAWN_BESIDE, _DRAWN_SHARE = 0.002, 0.01  # degrees, and share of an area's width, in the first picture
_DECIMALS = 4
_SEEN = 0.004  # square degrees of an area around that bear its name


def ground(boundaries: Boundaries) -> Record:
    """Outlines of both sources, the areas around, the zone of doubt and the borders."""
    ids = list(boundaries.ids)
    named = [{"zh": zh, "en": en} for zh, en in boundaries.neighbour_names]
    doubt = boundaries.uncertain
    return {
        "scale": SCALE,
        "metric_scale": METRIC_SCALE,
        "districts": areas(boundaries.outlines, SCALE) | {"ids": ids},
        "second": areas(boundaries.second, SCALE) | {"ids": ids[: len(boundaries.second)]},
        "second_outside": areas(boundaries.second_outside, SCALE),
        "neighbours": areas(_around(boundaries), SCALE) | {"names": named},
        "uncertain": None if doubt is None else areas([doubt], SCALE),
        "borders": _lines(boundaries.borders, METRIC_SCALE) | {"ids": ids},
        "approximate": list(boundaries.approximate),
    }


def _beside(boundaries: Boundaries) -> NDArray[np.bool_]:
    """Which areas around lie beside the city, so that their line may be its limit."""
    near = boundaries.tree.query(boundaries.neighbours, predicate="dwithin", distance=_BESIDE)[0]
    return np.isin(np.arange(len(boundaries.neighbours)), near)


def _far(boundaries: Boundaries) -> NDArray[np.float64]:
    """How coarsely an area away from the city is drawn, in degrees."""
    return np.where(shapely.area(boundaries.neighbours) < _SMALL, _FINE, _COARSE)


def _around(boundaries: Boundaries) -> NDArray[Any]:
    """The areas around: exact beside the city, elsewhere as they are drawn."""
    found = boundaries.neighbours.copy()
    away = ~_beside(boundaries)
    found[away] = shapely.simplify(found[away], _far(boundaries)[away])
    return found


def areas(shapes: Sequence[Any] | NDArray[Any], scale: float) -> Record:
    """Polygons and multipolygons: sizes of their rings, nested, and the corners of all in a row."""
    parts, of_area = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    sizes = _split(shapely.get_num_coordinates(rings).tolist(), of_part, len(parts))
    return {"shape": _split(sizes, of_area, len(shapes)), "xy": _packed(rings, scale)}


def _lines(shapes: NDArray[Any], scale: float) -> Record:
    parts, of_line = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    return {
        "shape": _split(shapely.get_num_coordinates(parts).tolist(), of_line, len(shapes)),
        "xy": _packed(parts, scale),
    }


def _split(items: list[Any], owners: NDArray[np.intp], count: int) -> list[list[Any]]:
    """Items as one list for each of their owners, who come in order."""
    ends = np.searchsorted(owners, np.arange(count + 1)).tolist()
    return [items[start:end] for start, end in pairwise(ends)]


def _packed(lines: NDArray[Any], scale: float) -> str:
    return pack_pairs(np.rint(shapely.get_coordinates(lines) / scale).astype(np.int64))


def labels(boundaries: Boundaries) -> Record:
    """Points to write names at: of the districts, and of the areas around, inside the whole view."""
    centres = [
        {"id": one, "centre": _centre(outline, 0.001)}
        for one, outline in zip(boundaries.ids, boundaries.outlines, strict=True)
    ]
    (south, west), (north, east) = views(boundaries)["all"]
    view = shapely.box(west, south, east, north)
    around = []
    for (zh, en), outline in zip(boundaries.neighbour_names, boundaries.neighbours, strict=True):
        seen = shapely.intersection(outline, view)
        if shapely.area(seen) > _SEEN:
            around.append({"zh": zh, "en": en, "centre": _centre(seen, 0.005)})
    return {"districts": centres, "around": around}


def _centre(shape: Any, tolerance: float) -> list[float]:
    """Latitude and longitude of the point of a shape that lies farthest from its edge."""
    lon, lat = shapely.get_coordinates(shapely.maximum_inscribed_circle(shape, tolerance=tolerance))[0].tolist()
    return [round(lat, 5), round(lon, 5)]


def views(boundaries: Boundaries) -> Record:
    """South-west and north-east corners of the views: all, the city proper, Shenshan if there is one."""
    apart = np.array(boundaries.ids) == "shenshan"
    found = {"all": _view(boundaries.outlines), "city": _view(boundaries.outlines[~apart])}
    return found | {"shenshan": _view(boundaries.outlines[apart]) if apart.any() else None}


def _view(outlines: NDArray[Any]) -> list[list[float]] | None:
    if not len(outlines):
        return None
    west, south, east, north = shapely.total_bounds(outlines).tolist()
    wide, high = (east - west) * _MARGIN, (north - south) * _MARGIN
    return [[round(south - high, 4), round(west - wide, 4)], [round(north + high, 4), round(east + wide, 4)]]


def surroundings(boundaries: Boundaries) -> Record:
    """The areas around as GeoJSON, simplified for the screen: to two hundred metres beside the city.

    They are what the first picture shows; the exact lines follow once it stands.
    """
    widths = np.sqrt(shapely.area(boundaries.neighbours))
    tolerances = np.where(_beside(boundaries), _DRAWN_BESIDE, _DRAWN_SHARE * widths)
    lighter = shapely.simplify(boundaries.neighbours, tolerances, preserve_topology=False)
    features = []
    for shape, (zh, en) in zip(lighter, boundaries.neighbour_names, strict=True):
        parts = [shapely.get_rings(part) for part in shapely.get_parts(shape)]
        corners = [[np.round(shapely.get_coordinates(ring), _DECIMALS).tolist() for ring in rings] for rings in parts]
        geometry = {"type": "MultiPolygon", "coordinates": corners}
        features.append({"type": "Feature", "geometry": geometry, "properties": {"zh": zh, "en": en}})
    return {"type": "FeatureCollection", "features": features}
