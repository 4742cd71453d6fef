"""What the page's script works with, as plain data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import shapely

from geo import catalogue
from geo.districts import Boundaries
from geo.register import Register
from geo.schema import BASIS_NAMES, CERTAINTY_NAMES, DISTRICTS, FORCE_NAMES, KIND_NAMES, MATCH_NAMES, STAGE_NAMES, Site
from geo.settings import Settings
from geo.symbology import Swatch, Symbology, Theme

Record = dict[str, Any]
VIEW = (113.7, 22.4, 115.25, 23.05)  # west, south, east, north of the opening view
_SIMPLIFY_DEGREES = 0.0004
_DECIMALS = 1e-5


def light(shape: Any, tolerance: float = _SIMPLIFY_DEGREES) -> Record:
    """GeoJSON geometry, simplified for the screen."""
    lighter = shapely.set_precision(shapely.simplify(shape, tolerance), _DECIMALS)
    geometry: Record = json.loads(shapely.to_geojson(lighter))
    return _rounded(geometry)


def _rounded(geometry: Record) -> Record:
    def trim(part: Any) -> Any:
        return round(part, 5) if isinstance(part, float) else [trim(each) for each in part]

    return {"type": geometry["type"], "coordinates": trim(geometry["coordinates"])}


def page_data(
    document: Record,
    sites: Sequence[Site],
    register: Register,
    boundaries: Boundaries,
    symbology: Symbology,
    themes: Sequence[Theme],
    settings: Settings,
    as_of: date,
) -> Record:
    """Everything that the page's script works with."""
    designations = {
        one.id: catalogue.designation_record(register, one, as_of)
        | {"fields_named": [_term_words(register, ref.id, ref.basis) for ref in one.fields]}
        for one in register.designations
    }
    instruments = {one.id: catalogue.instrument_record(register, one, as_of) for one in register.instruments.values()}
    return {
        "as_of": as_of.isoformat(),
        "register": document["register"],
        "boundaries": document["boundaries"],
        "approval": settings.approval_number,
        "notes": [{"zh": zh, "en": en} for zh, en in boundaries.notes],
        "sample": any(record.get("sample") for record in document["sites"]),
        "instruments": instruments,
        "designations": designations,
        "districts": [_district_data(register, boundaries, one) for one in boundaries.ids],
        "around": _around_names(boundaries),
        "places": _named_places(register),
        "themes": {theme.id: _theme_data(theme) for theme in themes},
        "classes": {
            "match": [_swatch_data(one) for one in symbology.match_classes()],
            "force": [_swatch_data(one) for one in symbology.force_classes()],
        },
        "colours": {name: symbology.colour(name) for name in ("sea", "land", "outline", "uncertain")},
        "words": {
            "stage": {one.value: names for one, names in STAGE_NAMES.items()},
            "force": {one.value: names for one, names in FORCE_NAMES.items()},
            "match": {one.value: names for one, names in MATCH_NAMES.items()},
            "certainty": {one.value: names for one, names in CERTAINTY_NAMES.items()},
            "basis": BASIS_NAMES,
            "kind": KIND_NAMES,
        },
        "sites": [_site_data(record, site) for record, site in zip(document["sites"], sites, strict=True)],
    }


def _term_words(register: Register, term: str, basis: str) -> Record:
    return {"zh": register.terms[term].zh, "en": register.terms[term].en, "basis": basis}


def _district_data(register: Register, boundaries: Boundaries, one: str) -> Record:
    outline = boundaries.outlines[boundaries.ids.index(one)]
    place = register.places[one]
    centre = shapely.get_coordinates(shapely.maximum_inscribed_circle(outline, tolerance=0.001))[0]
    entries = [
        {"id": each.id, "former": former.id if (former := _former(register, one, each)) else None}
        for each in register.about(one)
    ]
    return {
        "id": one,
        "zh": place.zh,
        "en": place.en,
        "land_ha": place.land_km2 * 100 if place.land_km2 else None,
        "approximate": one in boundaries.approximate,
        "centre": [round(float(centre[1]), 5), round(float(centre[0]), 5)],
        "geometry": light(outline, 0.00005),
        "designations": entries,
    }


def _around_names(boundaries: Boundaries) -> list[Record]:
    """Names of the areas around, each at a point inside its part of the opening view."""
    view = shapely.box(*VIEW)
    found = []
    for (zh, en), outline in zip(boundaries.neighbour_names, boundaries.neighbours, strict=True):
        seen = shapely.intersection(outline, view)
        if shapely.area(seen) > 0.004:
            middle = shapely.get_coordinates(shapely.maximum_inscribed_circle(seen, tolerance=0.005))[0]
            found.append({"zh": zh, "en": en, "centre": [round(float(middle[1]), 4), round(float(middle[0]), 4)]})
    return found


def _former(register: Register, district: str, designation: Any) -> Any:
    place = register.places[designation.place]
    inside = district in (place.id, place.within)
    return None if inside else register.former_place(district, designation.instrument)


def _named_places(register: Register) -> list[Record]:
    """Places without an outline, with the designations that speak of them."""
    found = []
    for place in register.places.values():
        about = [one.id for one in register.designations if one.place == place.id]
        if place.id in DISTRICTS or not about:
            continue
        found.append(
            {
                "id": place.id, "zh": place.zh, "en": place.en, "within": place.within,
                "within_basis": place.within_basis,
                "note_zh": place.note_zh, "note_en": place.note_en, "designations": about,
            }
        )  # fmt: skip
    return found


def _theme_data(theme: Theme) -> Record:
    return {
        "zh": theme.zh,
        "en": theme.en,
        "classes": [_swatch_data(one) for one in theme.classes],
        "by_place": theme.by_place,
        "former": {
            district: shown[0].place
            for district, shown in theme.shown.items()
            if shown and all(one.place != district for one in shown)
        },
    }


def _swatch_data(one: Swatch) -> Record:
    return {"id": one.id, "zh": one.zh, "en": one.en, "colour": one.colour, "hatch": one.hatch, "symbol": one.symbol}


def _site_data(record: Record, site: Site) -> Record:
    kept = (
        "id", "name", "lon", "lat", "district", "district_zh", "district_en", "certainty", "possible",
        "boundary_distance_m", "area_ha", "area_mu", "term_zh", "term_en", "field_query", "stage", "stage_query",
        "match", "force", "basis", "explanation", "notes", "sample",
    )  # fmt: skip
    data = {name: record[name] for name in kept if record.get(name) not in (None, [], "")}
    data["designations"] = [[one["id"], one["decides"], one["basis"], one["former"]] for one in record["designations"]]
    data["elsewhere"] = [one["id"] for one in record["elsewhere"]]
    if shapely.get_dimensions(site.geometry) == 2:
        data["geometry"] = _rounded(json.loads(shapely.to_geojson(site.geometry)))
    return data
