"""Answers (layer 7): the fixed JSON of a check, and its text card.

`cases` works an answer out once for all sites that share it, `records` puts its parts
under their fixed keys, `card` says it as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from geo import wording
from geo.answers.card import card, sources_line
from geo.answers.cases import Case, Judge, is_loose
from geo.answers.records import designation_record, measure_record
from geo.districts import Boundaries
from geo.join import Kind, Location
from geo.register import Register
from geo.schema import Site
from geo.settings import Settings
from geo.wording import Sentences

__all__ = ["HA_PER_MU", "Case", "Judge", "answer", "card", "designation_record", "envelope", "is_loose", "sources_line"]

Record = dict[str, Any]
HA_PER_MU = 1 / 15
_ORDER = (
    "id", "name", "lon", "lat", "datum", "input", "datum_basis", "if_datum", "position_accuracy_m", "district",
    "district_zh", "district_en", "shares", "certainty", "boundary_distance_m", "possible", "alternatives", "area_ha",
    "area_mu", "field", "term", "term_zh", "term_en", "field_query", "stage", "stage_query", "match", "force", "basis",
    "designations", "elsewhere", "unrecognised", "notes", "measures", "measures_in_part", "explanation",
)  # fmt: skip


def answer(
    register: Register,
    sites: Iterable[Site],
    locations: Iterable[Location],
    as_of: date,
    *,
    sentences: Sentences | None = None,
    shifted: Mapping[int, Mapping[str, str | None]] | None = None,
    sample: bool = False,
) -> list[Record]:
    """Answers for located sites; what sites have in common is computed once and shared by their records.

    Parameters
    ----------
    sentences : Sentences, optional
        Without them those of this machine's settings.
    shifted : mapping of int to mapping of str to str or None, optional
        For a site whose datum nobody declared, by its place in `sites`: the district,
        None for outside, where it would lie in a datum, if that is another one.
    """
    judge = Judge(register, as_of, sentences or wording.load(Settings.default()), sample=sample)
    moved = shifted or {}
    found = []
    for number, (site, location) in enumerate(zip(sites, locations, strict=True)):
        kind = Kind(location.district, location.certainty, location.possible)
        case = Case(
            kind,
            site.field_query,
            site.stage_query,
            tuple(moved[number].items()) if number in moved else (),
            site.accuracy_m,
            is_loose(kind, site.accuracy_m, location.boundary_distance_m),
            site.notes,
            site.datum_basis,
        )
        found.append(_record(judge, case, site, location))
    return found


def _record(judge: Judge, case: Case, site: Site, location: Location) -> Record:
    """The record of a case with what is the site's own, in the order of the keys."""
    held = judge.record(case) | own_columns(location.lon, location.lat, location.boundary_distance_m, location.area_m2)
    held |= {
        "id": site.id,
        "name": site.name,
        "input": site.input,
        "shares": {one: round(share, 6) for one, share in location.shares.items()},
        "explanation": judge.explanation(case, location.boundary_distance_m, location.shares),
    }
    record = {name: held[name] for name in _ORDER}
    return record | {"sample": True} if "sample" in held else record


def own_columns(lon: float, lat: float, distance_m: float | None, area_m2: float | None) -> Record:
    """Position, distance and size of a site, rounded as they are given."""
    return {
        "lon": round(lon, 7),
        "lat": round(lat, 7),
        "boundary_distance_m": None if distance_m is None else round(distance_m, 1),
        "area_ha": None if area_m2 is None else round(area_m2 / 1e4, 4),
        "area_mu": None if area_m2 is None else round(area_m2 / 1e4 / HA_PER_MU, 3),
    }


def envelope(
    register: Register,
    boundaries: Boundaries,
    as_of: date,
    records: list[Record],
    *,
    sentences: Sentences | None = None,
) -> Record:
    """The whole JSON of a check: date, register, boundaries, sites, and the measures that they name."""
    said = sentences or wording.load(Settings.default())
    named = {one for record in records for one in record["measures"]}
    return {
        "as_of": as_of.isoformat(),
        "register": {"version": register.version, "known_to": register.known_to.isoformat()},
        "boundaries": boundaries.describe(),
        "sites": records,
        "measures": [measure_record(register, said, one, as_of) for one in register.measures if one.id in named],
    }
