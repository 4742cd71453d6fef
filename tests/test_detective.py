"""The datum detective on real boundaries: every reading recovered, no false alarm, never an error."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Proj

from geo import crs, detective
from geo.detective import City

SAMPLE = Path(__file__).parents[1] / "data" / "sites" / "sample-sites.csv"
CODES = [4547, 4526, 4546, 4525, 4548, 4527, 4497, 4498, 32649, 32650, 3857]
TWINS = {4546: 32649, 32649: 4546, 4548: 32650, 32650: 4548}


@pytest.fixture(scope="session")
def city(boundaries) -> City:
    return City(boundaries.ids, boundaries.outlines, boundaries.approximate)


def spread(boundaries, number, seed, *, margin=0.0):
    """Random positions in the city with the district that each lies in, `margin` degrees off any border."""
    rng = np.random.default_rng(seed)
    shapes = shapely.buffer(boundaries.outlines, -margin) if margin else boundaries.outlines
    lon, lat, ids = [], [], []
    while len(lon) < number:
        at = int(rng.integers(len(shapes)))
        west, south, east, north = shapely.bounds(shapes[at])
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        if shapely.contains_xy(shapes[at], x, y):
            lon.append(x)
            lat.append(y)
            ids.append(boundaries.ids[at])
    return np.array(lon), np.array(lat), ids


def along_borders(boundaries, number, seed):
    """Positions inside a district, 50 to 400 m from a border with another one."""
    rng = np.random.default_rng(seed)
    lon, lat, ids = [], [], []
    shapes = crs.project(boundaries.outlines)
    whole = shapely.union_all(shapes[:-1])
    while len(lon) < number:
        at = int(rng.integers(len(shapes) - 1))  # Shenshan's line is approximate
        point = shapely.line_interpolate_point(shapely.boundary(shapes[at]), rng.uniform(), normalized=True)
        point = shapely.Point(point.x + rng.uniform(-400, 400), point.y + rng.uniform(-400, 400))
        if shapes[at].contains(point) and shapely.distance(whole.boundary, point) > 2_000:
            place = crs.unproject(point)
            lon.append(place.x)
            lat.append(place.y)
            ids.append(boundaries.ids[at])
    return np.array(lon), np.array(lat), ids


def sample_sites():
    with SAMPLE.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return np.array([float(row["lon"]) for row in rows]), np.array([float(row["lat"]) for row in rows])


def forward(datum, lon, lat):
    if datum == "gcj02":
        return crs.wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        return crs.gcj02_to_bd09(*crs.wgs84_to_gcj02(lon, lat))
    return (lon, lat) if datum == "wgs84" else Proj(CRS(datum))(lon, lat)


def redrawn(outlines, datum):
    return shapely.transform(np.array(outlines), lambda xy: np.column_stack(forward(datum, xy[:, 0], xy[:, 1])))


# Every reading is recovered.


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("swapped", [False, True])
def test_projected_sample_sites(city, code, swapped):
    x, y = forward(code, *sample_sites())
    found = detective.examine(*((y, x) if swapped else (x, y)), city)
    key = f"EPSG:{code}" + "-swapped" * swapped
    best = found.hypotheses[0]
    if code in TWINS:
        assert found.verdict == "undecided"
        assert {best.key, *best.alike} >= {key, f"EPSG:{TWINS[code]}" + "-swapped" * swapped}
        assert "EPSG:" in found.evidence.zh
    else:
        assert (found.verdict, best.key, best.swapped, best.datum) == ("other", key, swapped, code)
        assert best.inside == found.rows == len(x)


@pytest.mark.parametrize("code", sorted(TWINS))
def test_twin_systems_are_told_apart_by_the_district_column(boundaries, city, code):
    lon, lat, said = along_borders(boundaries, 40, 5)
    found = detective.examine(*forward(code, lon, lat), city, said=said)
    assert (found.verdict, found.hypotheses[0].datum) == ("other", code)


def test_beijing_1954_and_xian_1980_are_named_as_alike(city):
    found = detective.examine(*forward(4547, *sample_sites()), city)
    assert {"EPSG:2435", "EPSG:2383"} <= set(found.hypotheses[0].alike)


def test_swapped_degrees(city):
    lon, lat = sample_sites()
    found = detective.examine(lat, lon, city)
    assert (found.verdict, found.hypotheses[0].key) == ("other", "wgs84-swapped")
    assert {"gcj02-swapped", "bd09-swapped"} <= set(found.hypotheses[0].alike)
    assert detective.examine(lat, lon, city, declared="gcj02").hypotheses[0].key == "gcj02-swapped"


def test_one_row_of_impossible_numbers_suffices(city):
    assert detective.examine([22.54], [114.05], city).verdict == "other"
    found = detective.examine([505426.338], [2494242.655], city)
    assert (found.verdict, found.hypotheses[0].key) == ("other", "EPSG:4547")


def test_kilometres_and_millionths(city):
    x, y = forward(4547, *sample_sites())
    found = detective.examine(x / 1000, y / 1000, city)
    assert (found.verdict, found.hypotheses[0].key, found.hypotheses[0].factor) == ("other", "EPSG:4547-km", 1000.0)
    lon, lat = sample_sites()
    found = detective.examine(lon * 1e6, lat * 1e6, city)
    assert (found.verdict, found.hypotheses[0].key, found.hypotheses[0].factor) == ("other", "wgs84-e6", 1e-6)


@pytest.mark.parametrize("swapped", [False, True])
def test_the_local_system_by_its_range(city, swapped):
    rng = np.random.default_rng(3)
    east, north = rng.uniform(85_000, 240_000, 30), rng.uniform(2_000, 57_000, 30)
    found = detective.examine(*((north, east) if swapped else (east, north)), city)
    best = found.hypotheses[0]
    assert (found.verdict, best.key, best.datum) == ("other", "shenzhen-local" + "-swapped" * swapped, None)
    assert "深圳独立坐标系" in found.evidence.zh


@pytest.mark.parametrize("declared", [4547, "gcj02", 4490, "wgs84"])
@pytest.mark.parametrize("real", [4526, 4547, "wgs84"])
def test_what_is_declared_is_tested_too(city, declared, real):
    x, y = forward(real, *sample_sites())
    found = detective.examine(x, y, city, declared=declared)
    if isinstance(real, int) == (declared == 4547) and real in (declared, "wgs84"):
        assert found.verdict == "as_is"
    else:
        assert found.verdict == "other"
        assert found.hypotheses[0].key == crs_key(real)


def test_a_system_without_a_code_can_be_declared(city):
    system = CRS.from_user_input("+proj=tmerc +lon_0=114.5 +x_0=50000 +y_0=-2000000 +ellps=GRS80")
    x, y = Proj(system)(*sample_sites())
    found = detective.examine(x, y, city, declared=system)
    assert (found.verdict, found.hypotheses[0].inside) == ("as_is", found.rows)
    assert detective.examine(y, x, city, declared=system).hypotheses[0].swapped


def crs_key(datum) -> str:
    return f"EPSG:{datum}" if isinstance(datum, int) else datum


# The district column tips the scales.


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("seed", range(5))
def test_district_column_near_borders(boundaries, city, datum, seed):
    lon, lat, said = along_borders(boundaries, 30, seed)
    found = detective.examine(*forward(datum, lon, lat), city, said=said)
    assert found.hypotheses[0].key == datum
    assert found.verdict == ("as_is" if datum == "wgs84" else "other")
    assert found.hypotheses[0].agree == 30


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_declared_shift_is_kept(boundaries, city, datum):
    lon, lat, said = along_borders(boundaries, 30, 9)
    found = detective.examine(*forward(datum, lon, lat), city, said=said, declared=datum)
    assert (found.verdict, found.hypotheses[0].key) == ("as_is", datum)


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_middles_of_districts_cannot_tell_and_it_says_so(boundaries, city, datum):
    lon, lat, _ = spread(boundaries, 25, 2, margin=0.02)
    found = detective.examine(*forward(datum, lon, lat), city)
    assert found.verdict == "as_is"
    assert {"gcj02", "bd09"} <= set(found.hypotheses[0].alike)
    assert "cannot tell" in found.evidence.en
    assert "不能区分" in found.evidence.zh


# Own outlines.


@pytest.mark.parametrize("source", ["outlines", "second"])
@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_shift_of_district_outlines(boundaries, city, source, datum):
    shapes = redrawn(getattr(boundaries, source), datum)
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    found = detective.examine(*middle.T, city, polygons=shapes)
    best = found.hypotheses[0]
    assert best.key == datum
    assert found.verdict == ("as_is" if datum == "wgs84" else "other")
    assert best.shift_m == pytest.approx(0, abs=20)
    wrong = {one.key: one.shift_m for one in found.hypotheses}
    if datum == "gcj02":
        assert wrong["wgs84"] == pytest.approx(595, abs=20)
    if datum == "bd09":
        assert wrong["wgs84"] == pytest.approx(1225, abs=30)


@pytest.mark.parametrize("number", range(11))
def test_a_single_outline_of_another_source_is_enough(boundaries, city, number):
    for datum, verdict in (("wgs84", "as_is"), ("gcj02", "other")):
        shapes = redrawn(boundaries.second[number : number + 1], datum)
        found = detective.examine(*shapely.get_coordinates(shapely.centroid(shapes)).T, city, polygons=shapes)
        assert (found.verdict, found.hypotheses[0].key) == (verdict, datum)
        assert found.hypotheses[0].shift_m < 60


def test_swapped_and_projected_outlines(boundaries, city):
    shapes = redrawn(boundaries.second, 4547)
    middle = shapely.get_coordinates(shapely.centroid(shapes))
    found = detective.examine(*middle.T, city, polygons=shapes)
    assert (found.verdict, found.hypotheses[0].key) == ("other", "EPSG:4547")
    assert found.hypotheses[0].shift_m < 20


def test_small_polygons_are_no_witness(boundaries, city):
    lon, lat, _ = spread(boundaries, 20, 4, margin=0.01)
    shapes = shapely.buffer(shapely.points(lon, lat), 0.002)
    found = detective.examine(lon, lat, city, polygons=shapes)
    assert found.verdict == "as_is"
    assert all(one.shift_m is None for one in found.hypotheses)


# Files that disagree with themselves.


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("kind", ["swapped", 4547, 4526, "mixed"])
def test_mixed_files(boundaries, city, share, kind):
    lon, lat, _ = spread(boundaries, 40, 11)
    x, y = lon.copy(), lat.copy()
    odd = np.arange(40) < 40 * share
    if kind == "swapped":
        x[odd], y[odd] = lat[odd], lon[odd]
    elif kind == "mixed":
        x, y = (np.array(part) for part in forward(4526, lon, lat))
        x[odd], y[odd] = forward(4547, lon[odd], lat[odd])
    else:
        x[odd], y[odd] = forward(kind, lon[odd], lat[odd])
    found = detective.examine(x, y, city)
    assert found.verdict == "disagree"
    assert len(found.odd_rows) == min(odd.sum(), (~odd).sum())
    assert set(found.odd_rows) in (set(np.flatnonzero(odd)), set(np.flatnonzero(~odd)))
    assert str(len(found.odd_rows)) in found.evidence.en


def test_gcj02_and_wgs84_mixed_are_seen_by_the_district_column(boundaries, city):
    """Half in GCJ-02, where the shift carries a site well into another district."""
    lon, lat, said = along_borders(boundaries, 300, 21)
    x, y = (np.array(part) for part in forward("gcj02", lon, lat))
    lost = [
        shapely.distance(crs.project(boundaries.outlines[boundaries.ids.index(one)]), point) > 250
        for one, point in zip(said, crs.project(shapely.points(x, y)), strict=True)
    ]
    odd = np.flatnonzero(lost)[:10]
    rest = np.flatnonzero(~np.array(lost))[:30]
    x[rest], y[rest] = lon[rest], lat[rest]
    rows = np.concatenate([odd, rest])
    found = detective.examine(x[rows], y[rows], city, said=[said[row] for row in rows])
    assert found.verdict == "disagree"
    assert len(found.odd_rows) >= 4
    assert set(found.odd_rows) <= set(range(10))


@pytest.mark.parametrize("wrong", [(22.6, 114.1), (0.0, 0.0), (505426.338, 2494242.655), (1e9, -1e9)])
def test_a_single_odd_row_refuses_nothing(boundaries, city, wrong):
    lon, lat, _ = spread(boundaries, 30, 6)
    lon[12], lat[12] = wrong
    found = detective.examine(lon, lat, city)
    assert found.verdict == "as_is"
    assert set(found.odd_rows) <= {12}
    if wrong[0] > 20 and wrong[0] < 1e7:
        assert found.odd_rows == (12,)


def test_repeated_rows_count_once(city):
    lon, lat = np.full(50, 114.05), np.full(50, 22.54)
    lon[:10], lat[:10] = 22.60, 114.10
    assert detective.examine(lon, lat, city).verdict == "as_is"


def test_positions_of_empty_rows_are_kept(boundaries, city):
    lon, lat, _ = spread(boundaries, 30, 8)
    lon[3], lat[7] = np.nan, np.inf
    lon[20], lat[20] = 22.6, 114.1
    found = detective.examine(lon, lat, city)
    assert (found.rows, found.odd_rows) == (28, (20,))


# No false alarm.


@pytest.fixture(scope="module")
def pools(boundaries):
    """Positions to draw lists from: anywhere in the city, and along its inner borders."""
    return [tuple(np.array(part) for part in draw(boundaries, 1500, 0)) for draw in (spread, along_borders)]


@pytest.mark.parametrize("column", [False, True])
def test_two_hundred_lists_in_wgs84(boundaries, city, pools, column):
    """With a tenth outside the city, a tenth of the districts blank and one of them wrong."""
    for seed in range(200):
        rng = np.random.default_rng(seed)
        pool = pools[seed % 4 == 0]
        drawn = rng.choice(1500, int(rng.integers(1, 60)), replace=False)
        lon, lat, said = (part[drawn].copy() for part in pool)
        outside = rng.random(len(lon)) < 0.1
        lon[outside], lat[outside] = rng.uniform(113.3, 115.6, outside.sum()), rng.uniform(22.2, 23.2, outside.sum())
        named = [None if out or rng.random() < 0.1 else str(one) for one, out in zip(said, outside, strict=True)]
        named[int(rng.integers(len(lon)))] = str(rng.choice(boundaries.ids))
        found = detective.examine(lon, lat, city, said=named if column else ())
        assert found.verdict == "as_is", (seed, found.evidence.en)


def test_lists_that_name_the_parents_of_younger_districts(boundaries, city, pools):
    parents = {"longhua": "baoan", "guangming": "baoan", "pingshan": "longgang", "dapeng": "longgang"}
    for seed in range(100):
        drawn = np.random.default_rng(seed).choice(1500, 60, replace=False)
        lon, lat, said = (part[drawn] for part in pools[seed % 2])
        found = detective.examine(lon, lat, city, said=[parents.get(one, one) for one in said.tolist()])
        assert found.verdict == "as_is", (seed, found.evidence.en)


@pytest.mark.parametrize("middle", [(113.75, 23.02), (114.42, 23.05), (114.17, 22.38), (116.40, 39.90), (121.5, 25.0)])
def test_sites_elsewhere_are_results_not_faults(city, middle):
    rng = np.random.default_rng(0)
    found = detective.examine(middle[0] + rng.normal(0, 0.05, 200), middle[1] + rng.normal(0, 0.05, 200), city)
    assert found.verdict == "as_is"


def test_sites_along_the_city_limit(boundaries, city):
    """Dongguan's side, within two kilometres: a shift moves all of them the same way."""
    rim = shapely.get_coordinates(shapely.segmentize(shapely.boundary(boundaries.outlines[4]), 0.001))
    lon, lat = rim[::5, 0], rim[::5, 1] + 0.01
    assert detective.examine(lon, lat, city).verdict == "as_is"


def test_numbers_that_fit_nothing(city):
    found = detective.examine([1e5, 3e5, 7e5], [9e8, 8e8, 7e8], city)
    assert found.verdict == "undecided"
    assert "Shenzhen" in found.evidence.en


@pytest.mark.parametrize("numbers", [[], [np.nan], [np.nan, np.inf]])
def test_no_numbers(city, numbers):
    found = detective.examine(numbers, numbers, city)
    assert (found.verdict, found.rows, found.odd_rows) == ("as_is", 0, ())


# Cost and robustness.


def test_two_hundred_thousand_rows_in_five_seconds(boundaries, city):
    lon, lat, said = spread(boundaries, 500, 1)
    rng = np.random.default_rng(1)
    lon, lat = np.repeat(lon, 400) + rng.normal(0, 1e-4, 200_000), np.repeat(lat, 400) + rng.normal(0, 1e-4, 200_000)
    start = time.perf_counter()
    found = detective.examine(lon, lat, city, said=np.repeat(said, 400).tolist())
    assert time.perf_counter() - start < 5
    assert (found.verdict, found.rows) == ("as_is", 200_000)


def test_same_numbers_same_finding(boundaries, city):
    lon, lat, said = spread(boundaries, 40, 12)
    assert detective.examine(lon, lat, city, said=said) == detective.examine(lon, lat, city, said=said)


anything = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(-200, 200),
    st.floats(1e4, 5e7),
    st.sampled_from([0.0, 114.05, 22.54]),
)


@pytest.mark.filterwarnings("error")
@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(
        st.tuples(anything, anything, st.sampled_from([None, "futian", "dapeng", "nowhere", ""])), max_size=12
    ),
    declared=st.sampled_from([None, "wgs84", "gcj02", "bd09", 4547, 3857, 4610, 2435]),
    with_districts=st.booleans(),
)
def test_never_raises(city, rows, declared, with_districts):
    x, y, said = [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]
    found = detective.examine(x, y, city, declared=declared, said=said if with_districts else ())
    assert found.verdict in ("as_is", "other", "disagree", "undecided")
    assert set(found.odd_rows) <= set(range(len(rows)))
    assert found.evidence.zh
    assert found.evidence.en


@pytest.mark.parametrize(
    "shape",
    [shapely.Point(1, 2), shapely.Polygon(), shapely.box(0, 0, 1e308, 1e308), shapely.box(-500, -500, 500, 500), None],
)
def test_odd_shapes_bear_no_witness(boundaries, city, shape):
    lon, lat, _ = spread(boundaries, 5, 1)
    shapes = np.array([shape, shapely.LineString([(114, 22.5), (114.1, 22.6)])], dtype=object)
    assert detective.examine(lon, lat, city, polygons=shapes).verdict == "as_is"
