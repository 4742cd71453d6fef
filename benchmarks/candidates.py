"""Candidate sites for the benchmarks: over the whole city, each with name, field, stage and answer.

Positions are located by `geo.join` and judged by `geo.check`, once for each distinct question. Of
more than `LOCATED` sites the others repeat these, each copy some metres off, since locating a
million takes minutes and is not what is measured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import geopandas
import numpy as np
import shapely

from geo import answers, check, join
from geo.pipeline import Context
from geo.schema import Site, Stage

LOCATED = 100_000
DAY = date(2026, 11, 22)
_SPREAD = 5e-5  # degrees, of copies


@dataclass(frozen=True)
class Sites:
    """Sites with the document that answers for them.

    `document` is the JSON of a check, whose records hold only what a page is made of.
    """

    sites: tuple[Site, ...]
    document: dict[str, Any]

    def frame(self) -> geopandas.GeoDataFrame:
        """What the other tools are given: a row a site, seven columns of text."""
        records = self.document["sites"]
        columns = {
            name: [one[name] or "" for one in records]
            for name in ("id", "name", "district", "field_query", "stage_query", "match", "force")
        }
        return geopandas.GeoDataFrame(columns, geometry=[one.geometry for one in self.sites], crs="EPSG:4326")


def make(context: Context, count: int) -> Sites:
    """So many sites, the same at each run."""
    chance = np.random.default_rng(20261122)
    base = min(count, LOCATED)
    lon, lat = _positions(context, chance, base)
    places = join.locate(shapely.points(lon, lat), context.boundaries)
    rows = np.arange(count) % base
    moved = np.where(np.arange(count) < base, 0.0, _SPREAD)
    lon = np.round(lon[rows] + moved * chance.uniform(-1, 1, count), 7)
    lat = np.round(lat[rows] + moved * chance.uniform(-1, 1, count), 7)
    terms = [term.zh for term in context.register.terms.values()]
    stages = [stage.value for stage in Stage]
    fields = chance.integers(len(terms), size=count).tolist()
    asked = chance.integers(len(stages), size=count).tolist()
    points = shapely.points(lon, lat)
    found, records = [], []
    verdicts: dict[tuple[str | None, int, int], dict[str, Any]] = {}
    for number, (row, field, stage) in enumerate(zip(rows.tolist(), fields, asked, strict=True)):
        place = places[row]
        key = (place.district, field, stage)
        if key not in verdicts:
            verdicts[key] = _verdict(context, place.district, terms[field], stages[stage])
        name = f"{_district(context, place.district)}候选地块{number:06}"
        found.append(Site(f"S{number:06}", name, points[number], terms[field], stages[stage], row=number + 2))
        records.append(
            verdicts[key]
            | {
                "id": f"S{number:06}", "name": name, "lon": float(lon[number]), "lat": float(lat[number]),
                "district": place.district, "certainty": place.certainty.value, "possible": list(place.possible),
                "shares": place.shares, "if_datum": [], "area_ha": None, "area_mu": None,
                "boundary_distance_m": place.boundary_distance_m and round(place.boundary_distance_m, 1),
            }
        )  # fmt: skip
    document = answers.envelope(context.register, context.boundaries, DAY, [])
    return Sites(tuple(found), document | {"sites": records})


def _positions(context: Context, chance: np.random.Generator, count: int) -> tuple[Any, Any]:
    """Positions within the city, evenly spread, with some just outside."""
    city = shapely.buffer(shapely.union_all(context.boundaries.outlines), 0.002)
    shapely.prepare(city)
    west, south, east, north = shapely.bounds(city)
    lon, lat = np.empty(0), np.empty(0)
    while len(lon) < count:
        more = np.round(chance.uniform((west, south), (east, north), (4 * count, 2)), 7)
        more = more[shapely.contains_xy(city, more)]
        lon, lat = np.append(lon, more[:, 0]), np.append(lat, more[:, 1])
    return lon[:count], lat[:count]


def _verdict(context: Context, district: str | None, field: str, stage: str) -> dict[str, Any]:
    question = check.ask(context.register, field, stage)
    verdict = check.verdict(context.register, district, question, DAY)
    said = {"match": verdict.match.value, "force": verdict.force.value, "field": question.term, "stage": stage}
    return said | {"field_query": field, "stage_query": stage}


def _district(context: Context, district: str | None) -> str:
    return context.register.places[district].zh if district else "市域外"


def head(sites: Sites, count: int) -> Sites:
    """The first of them."""
    document = sites.document | {"sites": sites.document["sites"][:count]}
    return replace(sites, sites=sites.sites[:count], document=document)
