"""The map answers exactly as the command line does: seeded cases, the real pipeline against the page."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import shapely.affinity
from numpy.typing import NDArray
from pages import Opened, open_page

from geo import crs, pipeline
from geo.districts import Boundaries
from geo.pipeline import Context
from geo.register import Register, stage_spellings
from geo.schema import STAGE_NAMES, Certainty, Force, Match, Site
from geo.sites import SiteList

SEED = 20261122
CASES, POLYGONS, BATCH = 2400, 240, 300
DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09", "epsg:4547", None)
UNKNOWN = (
    "芯片设计平台",
    "OLED材枓",
    "photo resist X",
    "rare",
    "？？",
    "<img src=x onerror=alert(1)>",
    "__proto__",
    "constructor",
)
NEAR = {"boundary_distance_m": 0.2, "lon": 2e-7, "lat": 2e-7, "area_ha": 1e-3, "area_mu": 2e-2}
SHARE = 1e-5

Floats = NDArray[np.float64]
Rng = np.random.Generator
Record = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One question: where, in which datum or as which geometry, what, when."""

    id: str
    field: str | None
    stage: str | None
    day: date
    x: float = 0.0
    y: float = 0.0
    datum: str | None = None
    geometry: Any = None

    def request(self) -> Record:
        """As the page is asked."""
        asked = {"id": self.id, "field": self.field, "stage": self.stage, "date": self.day.isoformat()}
        if self.geometry is not None:
            return asked | {"geometry": json.loads(shapely.to_geojson(self.geometry))}
        return asked | {"lon": self.x, "lat": self.y, "datum": self.datum}


def within(shape: Any, rng: Rng, count: int) -> Floats:
    """Points spread evenly over an area."""
    west, south, east, north = shapely.bounds(shape)
    found = np.empty((0, 2))
    while len(found) < count:
        tried = rng.uniform((west, south), (east, north), (4 * count, 2))
        found = np.concatenate([found, tried[shapely.contains_xy(shape, tried)]])
    return found[:count]


def beside_borders(boundaries: Boundaries, rng: Rng, count: int) -> Floats:
    """Points 0.5 to 300 m from borders, on either side."""
    lines = rng.choice(shapely.get_parts(boundaries.borders), count)
    spots = shapely.line_interpolate_point(lines, rng.random(count), normalized=True)
    away, angle = 10 ** rng.uniform(np.log10(0.5), np.log10(300), count), rng.uniform(0, 2 * np.pi, count)
    beside = shapely.get_coordinates(spots) + np.column_stack([away * np.cos(angle), away * np.sin(angle)])
    return np.asarray(shapely.get_coordinates(crs.unproject(shapely.points(beside))))


def at_sea(boundaries: Boundaries, rng: Rng, count: int) -> Floats:
    """Points off the coast, in no area of the working layer."""
    areas = shapely.STRtree(np.concatenate([boundaries.outlines, boundaries.neighbours]))
    points = rng.uniform((113.7, 22.2), (115.4, 22.8), (20 * count, 2))
    covered = areas.query(shapely.points(points), predicate="intersects")[0]
    return np.delete(points, covered, axis=0)[:count]


def places(boundaries: Boundaries, rng: Rng) -> Floats:
    """Longitude and latitude (WGS84) of every case, in no order."""
    hong_kong = [zh for zh, _ in boundaries.neighbour_names].index("香港特别行政区")
    around = [one for at, one in enumerate(boundaries.neighbours) if at != hong_kong]
    few = CASES // 12
    far = np.array([(116.4, 39.9), (121.56, 25.04), (113.26, 23.13), (108.9, 34.3)])
    groups = [
        within(shapely.union_all(boundaries.outlines), rng, 4 * few),
        beside_borders(boundaries, rng, 4 * few),
        within(boundaries.uncertain, rng, few),
        at_sea(boundaries, rng, few),
        within(boundaries.neighbours[hong_kong], rng, few),
        np.concatenate([far, within(shapely.union_all(around), rng, few - len(far))]),
    ]
    found = np.concatenate(groups)
    return rng.permutation(found)


def in_datum(lon: float, lat: float, datum: str | None) -> tuple[float, float]:
    """A position as someone would write it in a datum."""
    pair: tuple[Any, Any] = (lon, lat)
    if datum in ("gcj02", "bd09"):
        pair = crs.wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        pair = crs.gcj02_to_bd09(*pair)
    if datum == "epsg:4547":
        pair = crs.to_metres(lon, lat)
    digits = 3 if datum == "epsg:4547" else 7
    return round(float(pair[0]), digits), round(float(pair[1]), digits)


def field_words(register: Register, rng: Rng) -> list[str | None]:
    """Every spelling of every term at least once, unknown words, and none, `CASES` of them."""
    known = [word for one in register.terms.values() for word in (one.id, one.zh, one.en, *one.aliases)]
    odd = [f" {known[0]} ", known[1].upper(), known[2].replace(" ", ""), *UNKNOWN]
    rest: list[str | None] = [None] * (CASES // 12) + [*odd] * (CASES // 200)
    return [*known, *rest, *rng.choice(np.array(known, dtype=object), CASES - len(known) - len(rest))]


def stage_words(rng: Rng) -> list[str | None]:
    """Every spelling of every stage, unknown words, and none, `CASES` of them."""
    named = [word for one, pair in STAGE_NAMES.items() for word in (one.value, *pair)]
    every = np.array([*stage_spellings(), *named, *[None] * 8, "量产线", "stage 9"], dtype=object)
    return list(rng.choice(every, CASES))


def days(register: Register, rng: Rng) -> list[date]:
    """The days around every change of force, and others."""
    turns = register.turns
    around = {turn + timedelta(days=step) for turn in turns for step in (-1, 0, 1)}
    first, span = date(2009, 1, 1), (date(2036, 1, 1) - date(2009, 1, 1)).days
    return sorted(around | {first + timedelta(days=int(step)) for step in rng.integers(0, span, 15)})


@pytest.fixture(scope="module")
def cases(register: Register, boundaries: Boundaries) -> list[Case]:
    rng = np.random.default_rng(SEED)
    fields = [field_words(register, rng)[at] for at in rng.permutation(CASES)]
    stages, every_day = stage_words(rng), days(register, rng)
    found = []
    for at, (lon, lat) in enumerate(places(boundaries, rng)):
        datum = DATUMS[int(rng.integers(len(DATUMS)))]
        x, y = in_datum(lon, lat, datum)
        found.append(Case(str(at), fields[at], stages[at], every_day[int(rng.integers(len(every_day)))], x, y, datum))
    return found


@pytest.fixture(scope="module")
def polygon_cases(register: Register, boundaries: Boundaries) -> list[Case]:
    rng = np.random.default_rng(SEED + 1)
    words, every_day = [*register.terms, None], days(register, rng)[::9]
    return [
        Case(
            f"p{at}",
            words[int(rng.integers(len(words)))],
            None,
            every_day[int(rng.integers(len(every_day)))],
            geometry=shape,
        )
        for at, shape in enumerate(polygons(boundaries, rng))
    ]


def polygons(boundaries: Boundaries, rng: Rng) -> list[Any]:
    """Sites of 30 m to 15 km: in and over districts and the coast, cut along borders, holed, in several parts."""
    centres = np.concatenate(
        [
            beside_borders(boundaries, rng, POLYGONS),
            within(shapely.union_all(boundaries.outlines), rng, POLYGONS),
            at_sea(boundaries, rng, POLYGONS // 4),
        ]
    )
    found: list[Any] = []
    for centre in rng.permutation(centres):
        shape = blob(centre, 10 ** rng.uniform(-3.5, -0.8), rng)
        kind = len(found) % 5
        if kind == 1:
            shape = shapely.difference(shape, shapely.affinity.scale(shape, 0.4, 0.4))
        elif kind == 2:
            shape = shapely.union(shape, shapely.affinity.translate(shape, 0.03, 0.01))
        elif kind == 3:
            shape = shapely.intersection(shape, boundaries.outlines[int(rng.integers(len(boundaries.outlines)))])
        elif kind == 4:
            shape = shapely.transform(shape, lambda xy: np.round(xy, 4))
        if shape.is_valid and shape.geom_type in ("Polygon", "MultiPolygon") and not shape.is_empty:
            found.append(shape)
        if len(found) == POLYGONS:
            break
    return found


def blob(centre: Floats, radius: float, rng: Rng) -> Any:
    """A star-shaped polygon of 5 to 25 corners."""
    count = int(rng.integers(5, 26))
    angles = (np.arange(count) + rng.random(count)) * 2 * np.pi / count
    reach = radius * rng.uniform(0.4, 1, count)
    return shapely.Polygon(centre + np.column_stack([reach * np.cos(angles), reach * np.sin(angles)]))


def read_back(context: Context, asked: Iterable[Case], path: Path) -> SiteList:
    """The cases as the reader of files has them, from a CSV with a datum column."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "lon", "lat", "datum", "field", "stage"])
        writer.writerows([one.id, repr(one.x), repr(one.y), one.datum, one.field, one.stage] for one in asked)
    found = pipeline.read_sites(context, path)
    assert not found.rejected
    return found


def as_sites(asked: Iterable[Case]) -> SiteList:
    return SiteList(tuple(Site(one.id, "", one.geometry, one.field, one.stage) for one in asked))


def expected(context: Context, asked: list[Case], found: SiteList) -> dict[str, Record]:
    """Records of the real pipeline by case, checked day by day."""
    sites = {site.id: site for site in found.sites}
    records: dict[str, Record] = {}
    for day, group in groupby(sorted(asked, key=lambda one: one.day), key=lambda one: one.day):
        some = tuple(sites[one.id] for one in group)
        checked = pipeline.check(context, replace(found, sites=some), day)
        records |= {record["id"]: record for record in checked.document["sites"]}
    return records


def answered(opened: Opened, asked: list[Case], call: str) -> dict[str, Record]:
    """Records of the page by case."""
    records: dict[str, Record] = {}
    for start in range(0, len(asked), BATCH):
        requests = [one.request() for one in asked[start : start + BATCH]]
        text = opened.page.evaluate(f"requests => JSON.stringify(requests.map(one => parksite.{call}(one)))", requests)
        records |= {record["id"]: record for record in json.loads(text)}
    return records


def differences(expected: Record, answer: Record) -> Record:
    """What the two answers do not share, by key: the pipeline's and the page's."""
    return {
        key: {"pipeline": expected.get(key, "—"), "map": answer.get(key, "—")}
        for key in sorted(expected.keys() | answer.keys())
        if not same(key, expected.get(key, "—"), answer.get(key, "—"))
    }


def same(key: str, one: Any, other: Any) -> bool:
    if key == "input":
        return "wkt" in one or not one or one == other
    if key == "shares":
        return list(one) == list(other) and all(abs(one[at] - other[at]) <= SHARE for at in one)
    if key in NEAR and one is not None and other is not None:
        return bool(abs(one - other) <= NEAR[key])
    return bool(one == other)


def assert_same(asked: list[Case], wanted: dict[str, Record], got: dict[str, Record]) -> None:
    """Every case has the same answer; else the first few are shown with both."""
    wrong = [(one, found) for one in asked if (found := differences(wanted[one.id], got[one.id]))]
    shown = "\n".join(
        json.dumps({"asked": one.request(), "differs": found}, ensure_ascii=False, indent=1) for one, found in wrong[:3]
    )
    assert not wrong, f"{len(wrong)} of {len(asked)} answers differ\n{shown}"


@pytest.fixture(scope="module")
def opened(browser: Any, gallery: Path) -> Iterator[Opened]:
    found = open_page(browser, gallery / "parksite-map.html")
    yield found
    found.close()


def test_the_cases_cover_what_can_be_asked(cases: list[Case], register: Register) -> None:
    assert len(cases) >= 2000
    assert {one.datum for one in cases} == set(DATUMS)
    assert {one.field for one in cases} >= {
        word for one in register.terms.values() for word in (one.id, one.zh, one.en)
    }
    assert {one.day for one in cases} >= set(register.turns)


def test_a_position_is_answered_as_by_the_pipeline(
    opened: Opened, context: Context, cases: list[Case], tmp_path: Path
) -> None:
    wanted = expected(context, cases, read_back(context, cases, tmp_path / "cases.csv"))
    assert {record["match"] for record in wanted.values()} == set(Match)
    assert {record["force"] for record in wanted.values()} == {Force.IN_FORCE, Force.LAPSED, Force.NONE}
    assert {record["certainty"] for record in wanted.values()} == set(Certainty) - {Certainty.STRADDLES}
    assert_same(cases, wanted, answered(opened, cases, "answer"))
    assert opened.errors == []
    assert opened.failed == []


def test_a_polygon_is_answered_as_by_the_pipeline(opened: Opened, context: Context, polygon_cases: list[Case]) -> None:
    assert len(polygon_cases) >= 200
    wanted = expected(context, polygon_cases, as_sites(polygon_cases))
    assert {record["certainty"] for record in wanted.values()} == set(Certainty)
    assert_same(polygon_cases, wanted, answered(opened, polygon_cases, "answerGeometry"))
    assert opened.errors == []
