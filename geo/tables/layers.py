"""Layers of map data: sites, districts, designations, all in CGCS2000 (EPSG:4490).

A layer holds one type of geometry, which is what a GIS draws well and all accept.
Sites that are all points, or all polygons, are one layer. Where a list holds both,
`sites` has every site as a point (a polygon by the point that `lon` and `lat` name),
one row a site, and `site_outlines` the polygons as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import catalogue
from geo.crs import area_m2
from geo.districts import Boundaries
from geo.register import Register
from geo.schema import FORCE_NAMES, KIND_NAMES, STAGE_NAMES, Designation, Force, Site, Stage
from geo.tables.flat import rows
from geo.tables.notes import NOTES
from geo.tables.typed import Column, typed

Record = dict[str, Any]
CRS = "EPSG:4490"
RESERVED = frozenset({"fid", "geom", "geometry"})  # names that a GIS keeps for itself


@dataclass(frozen=True)
class Layer:
    """A table of one type of geometry; `geometry` names the type as a GIS does."""

    name: str
    columns: list[Column]
    geometries: NDArray[Any]
    geometry: str


def site_layers(document: Record, sites: Sequence[Site]) -> list[Layer]:
    """`sites`, and `site_outlines` where the list holds points and polygons."""
    names, flat = rows(document, sites)
    shapes = as_array([site.geometry for site in sites])
    surface = shapely.get_dimensions(shapes) == 2
    if surface.any() and not surface.all():
        inside = shapely.points([(one["lon"], one["lat"]) for one in flat])
        chosen = [row for row, kept in zip(flat, surface, strict=True) if kept]
        return [
            _layer("sites", names, flat, np.where(surface, inside, shapes)),
            _layer("site_outlines", names, chosen, shapes[surface]),
        ]
    return [_layer("sites", names, flat, shapes)]


def district_layer(document: Record, register: Register, boundaries: Boundaries) -> Layer:
    """Outlines with the roles on the day."""
    as_of = date.fromisoformat(document["as_of"])
    areas = area_m2(boundaries.outlines)
    records = []
    for one, area in zip(boundaries.ids, areas, strict=True):
        place = register.places[one]
        roles = register.standing(one, as_of)
        records.append(
            {
                "id": one,
                "name_zh": place.zh,
                "name_en": place.en,
                "role_zh": "、".join(dict.fromkeys(role.role_zh for role in roles)) or None,
                "role_en": "; ".join(dict.fromkeys(role.role_en for role in roles)) or None,
                "instrument": "; ".join(dict.fromkeys(role.instrument for role in roles)) or None,
                "force": register.force(roles[0].instrument, as_of).value if roles else "none",
                "area_ha": round(float(area) / 1e4, 1),
                "official_land_ha": place.land_km2 * 100 if place.land_km2 else None,
                "approximate": one in boundaries.approximate,
                "as_of": document["as_of"],
                "source": document["boundaries"]["source"],
                "vintage": document["boundaries"]["vintage"],
                "datum": document["boundaries"]["datum"],
                "register_version": document["register"]["version"],
            }
        )
    return _layer("districts", list(NOTES["districts"]), records, boundaries.outlines)


def designation_layer(document: Record, register: Register, boundaries: Boundaries) -> Layer:
    """Designations of places that have an outline, each over the area that it then spoke of.

    That is today's outline of the place and of districts split off from it since. A
    named park without an outline is left out: that of its district would say too much.
    """
    as_of = date.fromisoformat(document["as_of"])
    records, shapes = [], []
    for one in register.designations:
        reached = [at for at, district in enumerate(boundaries.ids) if register.reaches(one, district)]
        if one.place not in boundaries.ids:
            continue
        held = [boundaries.ids[at] for at in reached]
        records.append(_designation(document, register, one, as_of, held, boundaries.approximate))
        outlines = boundaries.outlines[reached]
        shapes.append(outlines[0] if len(outlines) == 1 else shapely.union_all(outlines))
    return _layer("designations", list(NOTES["designations"]), records, as_array(shapes))


def _designation(
    document: Record, register: Register, one: Designation, as_of: date, held: list[str], approximate: tuple[str, ...]
) -> Record:
    """A designation as a row."""
    said = catalogue.designation_record(register, one, as_of)
    instrument, span = register.instruments[one.instrument], register.validity(one.instrument)
    return {name: said.get(name) for name in NOTES["designations"]} | {
        "kind_zh": KIND_NAMES[one.kind][0],
        "then_with": "; ".join(district for district in held if district != one.place) or None,
        "instrument_zh": instrument.title_zh,
        "instrument_en": instrument.title_en,
        "document_number": instrument.document_number,
        "fields": "; ".join(ref.id for ref in one.fields) or None,
        "fields_zh": "、".join(register.terms[ref.id].zh for ref in one.fields) or None,
        "basis": "; ".join(f"{ref.id} {ref.basis}" for ref in one.fields) or None,
        "stages": "; ".join(said["stages"]) or None,
        "stages_zh": "、".join(STAGE_NAMES[Stage(stage)][0] for stage in said["stages"]) or None,
        "force_zh": FORCE_NAMES[Force(said["force"])][0],
        "from": span.from_.isoformat() if span.from_ else None,
        "to": span.to.isoformat() if span.to else None,
        "to_basis": span.to_basis,
        "approximate": any(district in approximate for district in held),
        "as_of": document["as_of"],
        "register_version": document["register"]["version"],
    }


def _layer(name: str, names: Sequence[str], flat: Sequence[Record], shapes: NDArray[Any]) -> Layer:
    geometries, kind = same_type(shapes)
    return Layer(name, typed(names, flat, NOTES[name], RESERVED), geometries, kind)


def same_type(shapes: NDArray[Any]) -> tuple[NDArray[Any], str]:
    """Shapes of one dimension as one type, multiple where any is; the type's name."""
    kinds = {shape.geom_type for shape in shapes}
    if len(kinds) <= 1:
        return shapes, next(iter(kinds), "Point")
    makers = {
        "Point": shapely.MultiPoint, "LineString": shapely.MultiLineString, "Polygon": shapely.MultiPolygon,
    }  # fmt: skip
    made = [makers[one.geom_type]([one]) if one.geom_type in makers else one for one in shapes]
    return as_array(made), made[0].geom_type


def as_array(shapes: Sequence[Any]) -> NDArray[Any]:
    """Geometries as an array of objects, also when there is none."""
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found
