"""Sites to districts: squares that can be checked by hand, and real places."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from geo import crs, join
from geo.schema import DISTRICTS, OUTSIDE, Certainty


def locate(boundaries, *geometries):
    return join.locate(np.array(geometries, dtype=object), boundaries)


def one(boundaries, geometry):
    return locate(boundaries, geometry)[0]


def at(boundaries, x, y):
    return one(boundaries, shapely.Point(x, y))


@pytest.mark.parametrize(
    ("x", "y", "district"),
    [
        (114.005, 22.505, "futian"), (114.015, 22.505, "luohu"), (114.005, 22.515, "nanshan"),
        (114.015, 22.515, "nanshan"), (114.0099999, 22.505, "futian"), (114.0100001, 22.505, "luohu"),
    ],
)  # fmt: skip
def test_a_point_inside(squares, x, y, district):
    found = at(squares, x, y)
    assert (found.district, found.certainty, found.possible) == (district, Certainty.CERTAIN, ())
    assert found.shares == {district: 1.0}
    assert (found.lon, found.lat) == (x, y)
    assert found.area_m2 is None


@pytest.mark.parametrize(
    ("x", "y", "possible"),
    [
        (114.01, 22.505, ("futian", "luohu")), (114.005, 22.51, ("futian", "nanshan")),
        (114.015, 22.51, ("luohu", "nanshan")), (114.01, 22.51, ("futian", "luohu", "nanshan")),
        (114.01, 22.50, ("futian", "luohu")),
    ],
)  # fmt: skip
def test_a_tie_goes_to_the_first_id_and_says_so(squares, x, y, possible):
    found = at(squares, x, y)
    assert found.district == possible[0]
    assert (found.certainty, found.possible) == (Certainty.NEAR_BOUNDARY, possible)
    assert found.shares == {possible[0]: 1.0}


def test_a_tie_does_not_depend_on_the_order_of_the_layer_in_memory(squares):
    points = [shapely.Point(114.01, 22.51), shapely.Point(114.005, 22.505), shapely.Point(114.01, 22.505)]
    assert [found.district for found in locate(squares, *points)] == ["futian", "futian", "futian"]
    assert [found.district for found in locate(squares, *reversed(points))] == ["futian", "futian", "futian"]


def test_a_point_on_the_city_limit_may_be_outside(squares):
    found = at(squares, 114.02, 22.505)
    assert found.district == "luohu"
    assert found.boundary_distance_m == pytest.approx(0, abs=1e-6)
    assert (found.certainty, found.possible) == (Certainty.NEAR_BOUNDARY, ("luohu", OUTSIDE))


def test_a_point_on_the_coast_is_inside(squares):
    assert at(squares, 114.00, 22.505).certainty is Certainty.CERTAIN


@pytest.mark.parametrize(("x", "y"), [(114.025, 22.505), (113.99, 22.505), (114.005, 22.53), (0, 0)])
def test_a_point_outside(squares, x, y):
    found = at(squares, x, y)
    assert (found.district, found.certainty, found.possible) == (None, Certainty.OUTSIDE, ())
    assert found.shares == {OUTSIDE: 1.0}


@pytest.mark.parametrize(
    ("x", "y", "metres"),
    [
        (500, 900, 100), (999, 500, 1), (400, 500, 500), (10, 10, 990), (1001, 500, 1), (1500, 700, 300),
        (1900, 100, 100), (500, 1001, 1), (1500, 1750, 750), (100, 1999, 999),
    ],
)  # fmt: skip
def test_distance_to_the_border_and_not_to_the_coast(metric_squares, metric, x, y, metres):
    assert one(metric_squares, metric.point(x, y)).boundary_distance_m == pytest.approx(metres, abs=0.02)


@pytest.mark.parametrize(
    ("x", "y", "metres"), [(2500, 500, 500), (1000, -300, 300), (-300, 1400, 500), (2300, 1400, 500)]
)
def test_distance_from_outside_is_to_the_nearest_border(metric_squares, metric, x, y, metres):
    assert one(metric_squares, metric.point(x, y)).boundary_distance_m == pytest.approx(metres, abs=0.02)


def test_a_polygon_in_one_district(metric_squares, metric):
    found = one(metric_squares, metric.box(100, 100, 300, 200))
    assert (found.district, found.certainty, found.shares) == ("futian", Certainty.CERTAIN, {"futian": 1.0})
    assert found.area_m2 == pytest.approx(20_000, abs=0.1)
    assert found.boundary_distance_m == pytest.approx(700, abs=0.02)


@pytest.mark.parametrize(
    ("corners", "shares"),
    [
        ((900, 100, 1300, 200), {"futian": 0.25, "luohu": 0.75}),
        ((100, 800, 200, 1800), {"futian": 0.2, "nanshan": 0.8}),
        ((900, 900, 1100, 1100), {"futian": 0.25, "luohu": 0.25, "nanshan": 0.5}),
        ((1800, 100, 2600, 200), {"luohu": 0.25, OUTSIDE: 0.75}),
        ((-300, 100, 700, 200), {"futian": 0.7, OUTSIDE: 0.3}),
    ],
)
def test_a_polygon_that_straddles(metric_squares, metric, corners, shares):
    found = one(metric_squares, metric.box(*corners))
    assert found.certainty is Certainty.STRADDLES
    assert list(found.shares) == list(shares)
    assert found.shares == pytest.approx(shares, abs=1e-4)
    assert sum(found.shares.values()) == pytest.approx(1, abs=1e-12)
    largest = max(shares, key=shares.get)
    assert found.district == (None if largest == OUTSIDE else largest)
    assert set(shares) <= set(found.possible)
    crosses_a_border = corners[0] >= 0
    assert found.boundary_distance_m == pytest.approx(0 if crosses_a_border else 300, abs=0.02)


def test_equal_shares_go_to_the_first_id(squares):
    found = one(squares, shapely.box(114.005, 22.502, 114.015, 22.504))
    assert found.shares == pytest.approx({"futian": 0.5, "luohu": 0.5}, abs=1e-6)
    assert found.possible == ("futian", "luohu")


def test_a_multipolygon_counts_all_its_parts(metric_squares, metric):
    parts = [metric.box(100, 100, 200, 200), metric.box(1300, 100, 1400, 300), metric.box(2500, 100, 2600, 200)]
    found = one(metric_squares, shapely.MultiPolygon(parts))
    assert found.shares == pytest.approx({"futian": 0.25, "luohu": 0.5, OUTSIDE: 0.25}, abs=1e-4)
    assert (found.district, found.certainty) == ("luohu", Certainty.STRADDLES)
    assert found.area_m2 == pytest.approx(40_000, abs=1)


def test_a_polygon_that_only_touches_the_next_district_is_certain(squares):
    found = one(squares, shapely.box(114.002, 22.502, 114.01, 22.508))
    assert (found.shares, found.certainty) == ({"futian": 1.0}, Certainty.CERTAIN)
    assert found.boundary_distance_m == pytest.approx(0, abs=1e-6)


def test_a_hole_does_not_count(metric_squares, metric):
    ring = metric.box(500, 100, 1100, 300) - metric.box(600, 100, 1100, 300)
    assert one(metric_squares, ring).shares == {"futian": 1.0}


@pytest.mark.parametrize("size", [5e-6, 1e-7])
def test_a_polygon_below_a_square_metre_keeps_its_district(squares, size):
    found = one(squares, shapely.box(114.005, 22.505, 114.005 + size, 22.505 + size))
    assert (found.district, found.shares) == ("futian", {"futian": 1.0})


def test_a_polygon_without_area_has_numbers_for_shares(squares):
    flat = shapely.Polygon([(114.004, 22.505), (114.005, 22.505), (114.004, 22.505)])
    assert one(squares, flat).shares == {"futian": 1.0}


@pytest.mark.parametrize("kind", [[], np.array([], dtype=object)])
def test_nothing_in_gives_nothing_out(squares, metric_squares, boundaries, kind):
    for layer in (squares, metric_squares, boundaries):
        assert join.locate(kind, layer) == []


def test_points_and_polygons_keep_their_order(metric_squares, metric):
    found = locate(
        metric_squares, metric.box(1300, 100, 1400, 200), metric.point(500, 500), metric.box(100, 1100, 200, 1200),
        metric.point(2500, 500),
    )  # fmt: skip
    assert [where.district for where in found] == ["luohu", "futian", "nanshan", None]
    assert [where.area_m2 is None for where in found] == [False, True, False, True]


def test_the_position_of_a_polygon_lies_inside_it(squares):
    bent = shapely.Polygon(
        [(114.001, 22.501), (114.009, 22.501), (114.009, 22.509), (114.008, 22.502), (114.001, 22.502)]
    )
    found = one(squares, bent)
    assert bent.contains(shapely.Point(found.lon, found.lat))


@pytest.mark.parametrize(
    ("x", "y", "district", "possible"),
    [
        (1050, 500, "luohu", ("futian", "luohu")),
        (1001, 500, "luohu", ("futian", "luohu")),
        (1975, 500, "luohu", ("luohu", OUTSIDE)),
        (999, 500, "futian", ()),
        (1101, 500, "luohu", ()),
        (500, 999, "futian", ()),
        (500, 1001, "nanshan", ()),
        (1949, 500, "luohu", ()),
    ],
)
def test_doubt_is_where_the_sources_disagree_and_not_a_buffer(metric_squares, metric, x, y, district, possible):
    found = one(metric_squares, metric.point(x, y))
    assert (found.district, found.possible) == (district, possible)
    assert found.certainty is (Certainty.NEAR_BOUNDARY if possible else Certainty.CERTAIN)


def test_a_polygon_in_doubt_keeps_its_share(metric_squares, metric):
    found = one(metric_squares, metric.box(1050, 100, 1150, 200))
    assert found.shares == {"luohu": 1.0}
    assert (found.certainty, found.possible) == (Certainty.NEAR_BOUNDARY, ("futian", "luohu"))


def test_the_second_source_does_not_move_a_site_into_a_district(hand_boundaries, metric):
    layer = hand_boundaries(
        {"futian": metric.box(0, 0, 1000, 1000), "luohu": metric.box(1000, 0, 2000, 1000)},
        second={"futian": metric.box(-200, 0, 1000, 1000), "luohu": metric.box(1000, 0, 2000, 1000)},
        neighbour=metric.box(3000, 0, 4000, 1000),
        second_outside=metric.box(3000, 0, 4000, 1000),
    )
    found = one(layer, metric.point(-100, 500))
    assert (found.district, found.certainty) == (None, Certainty.NEAR_BOUNDARY)
    assert found.possible == ("futian", OUTSIDE)


def test_land_that_the_second_source_lacks_is_no_doubt(hand_boundaries, metric):
    layer = hand_boundaries(
        {"futian": metric.box(0, 0, 1000, 1000), "luohu": metric.box(1000, 0, 2000, 1000)},
        second={"futian": metric.box(200, 0, 1000, 1000), "luohu": metric.box(1000, 0, 2000, 1000)},
    )
    assert one(layer, metric.point(100, 500)).certainty is Certainty.CERTAIN


def test_a_zone_of_doubt_speaks_of_shenshan_and_the_outside_only(hand_boundaries, metric):
    layer = hand_boundaries(
        {"futian": metric.box(0, 0, 1000, 1000), "shenshan": metric.box(1000, 0, 2000, 1000)},
        neighbour=metric.box(2000, 0, 3000, 1000),
    )
    layer = replace(layer, uncertain=metric.box(900, 400, 2200, 600))
    found = locate(layer, *(metric.point(x, y) for x, y in ((950, 500), (1500, 500), (2100, 500), (1500, 900))))
    assert [where.certainty for where in found] == [
        Certainty.CERTAIN, Certainty.NEAR_BOUNDARY, Certainty.NEAR_BOUNDARY, Certainty.CERTAIN,
    ]  # fmt: skip
    assert [where.district for where in found] == ["futian", "shenshan", None, "shenshan"]
    assert found[1].possible == found[2].possible == ("shenshan", OUTSIDE)


@pytest.mark.parametrize(
    ("lon", "lat", "district", "certainty", "possible"),
    [
        (113.85, 22.70, "baoan", Certainty.CERTAIN, ()),
        (113.7518, 23.0207, None, Certainty.OUTSIDE, ()),  # Dongguan
        (114.1580, 22.2820, None, Certainty.OUTSIDE, ()),  # Hong Kong
        (114.3000, 22.3000, None, Certainty.OUTSIDE, ()),  # the sea
        (113.99207, 22.55021, "futian", Certainty.NEAR_BOUNDARY, ("futian", "nanshan")),
        (114.9943, 22.83197, "shenshan", Certainty.CERTAIN, ()),
        (115.1150, 22.9700, "shenshan", Certainty.NEAR_BOUNDARY, ("shenshan", OUTSIDE)),
        (115.1700, 22.9500, None, Certainty.NEAR_BOUNDARY, ("shenshan", OUTSIDE)),
        (115.21138, 22.89147, None, Certainty.OUTSIDE, ()),  # Meilong
    ],
)
def test_real_places(boundaries, lon, lat, district, certainty, possible):
    found = at(boundaries, lon, lat)
    assert (found.district, found.certainty, found.possible) == (district, certainty, possible)


def test_a_real_point_in_gcj02_would_land_in_another_district(boundaries):
    near = shapely.Point(113.9905, 22.5502)
    lon, lat = crs.wgs84_to_gcj02(near.x, near.y)
    assert (one(boundaries, near).district, at(boundaries, float(lon), float(lat)).district) == ("nanshan", "futian")


def brute(boundaries, point):
    return next(
        (one for one, outline in zip(DISTRICTS, boundaries.outlines, strict=True) if outline.covers(point)), None
    )


positions = st.tuples(st.floats(113.70, 115.30), st.floats(22.40, 23.06))


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.lists(positions, min_size=1, max_size=40))
def test_the_district_is_the_first_outline_that_covers_the_point(boundaries, rows):
    points = np.array([shapely.Point(row) for row in rows])
    for point, found in zip(points, join.locate(points, boundaries), strict=True):
        assert found.district == brute(boundaries, point)
        assert found.shares == {found.district or OUTSIDE: 1.0}
        assert found.boundary_distance_m >= 0
        sure = found.certainty in (Certainty.CERTAIN, Certainty.OUTSIDE)
        assert sure == (found.possible == ())
        assert sure or len(found.possible) > 1


@hypothesis_settings(max_examples=40, deadline=None)
@given(positions, st.floats(0.0005, 0.2), st.floats(0.0005, 0.2))
def test_shares_of_a_polygon_are_the_areas_of_its_parts(boundaries, corner, width, height):
    polygon = shapely.box(*corner, corner[0] + width, corner[1] + height)
    found = one(boundaries, polygon)
    assert sum(found.shares.values()) == pytest.approx(1, abs=1e-9)
    parts = shapely.area(crs.project(shapely.intersection(polygon, boundaries.outlines)))
    for name, part in zip(DISTRICTS, parts, strict=True):
        assert found.shares.get(name, 0.0) == pytest.approx(part / found.area_m2, abs=1e-4)


def test_locating_a_point_imports_no_frame_library(settings, boundaries):
    """With the layer in the cache, one point must not wait for pandas."""
    code = (
        "import sys, pathlib, dataclasses, numpy, shapely\n"
        "from geo import check, districts, join\n"
        "from geo.settings import Settings\n"
        "layer = districts.load(dataclasses.replace(Settings.default(), cache=pathlib.Path(sys.argv[1])))\n"
        "print(join.locate(numpy.array([shapely.Point(113.85, 22.70)]), layer)[0].district)\n"
        "print([name for name in ('pandas', 'geopandas', 'fiona', 'matplotlib') if name in sys.modules])\n"
    )
    path = os.pathsep.join(entry for entry in sys.path if entry)
    run = subprocess.run(
        [sys.executable, "-c", code, str(settings.cache)],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert run.stdout.split("\n")[:2] == ["baoan", "[]"]


def test_a_sliver_below_the_truth_of_the_sources_is_no_share(metric, metric_squares):
    wide = metric.box(100, 100, 800, 1000.5)
    (found,) = join.locate(np.array([wide], dtype=object), metric_squares)
    assert len(found.shares) == 1 and found.certainty is not Certainty.STRADDLES


def test_where_the_projection_does_not_reach_no_distance_is_told(boundaries):
    (found,) = join.locate(np.array([shapely.Point(24.0, 0.0)], dtype=object), boundaries)
    assert found.district is None and found.boundary_distance_m is None
