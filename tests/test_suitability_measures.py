"""Value functions, measures of an outline and overlaps: by hand, and against shapely's own union."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from suitability_made import box, line, point, shapes

from geo.suitability import distances, measures, values
from geo.suitability.model import Categorical, Linear, Piecewise, Sigmoid, Step

PIECEWISE = Piecewise("piecewise", points=((0, 0.2), (10, 1), (30, 0.4)))
STEP = Step("step", steps=((10, 0.5), (20, 0.9)), below=0.1)
WORDS = Categorical("categorical", utilities={"Good": 1, "poor": 0.2})
ROLE = Categorical("categorical", utilities={"designated/in_force": 1, "silent/none": 0.3}, other=0)


@pytest.mark.parametrize(
    ("function", "given_", "utility"),
    [
        (Linear("linear", worst=0, best=10), [-5, 0, 2.5, 10, 99], [0, 0, 0.25, 1, 1]),
        (Linear("linear", worst=10, best=0), [-5, 0, 2.5, 10, 99], [1, 1, 0.75, 0, 0]),
        (PIECEWISE, [-1, 0, 5, 10, 20, 30, 99], [0.2, 0.2, 0.6, 1, 0.7, 0.4, 0.4]),
        (Sigmoid("sigmoid", middle=10, scale=2), [10, 12, 8, 1e6, -1e6], [0.5, 0.731058578630, 0.268941421370, 1, 0]),
        (Sigmoid("sigmoid", middle=10, scale=-2), [10, 12, -1e6], [0.5, 0.268941421370, 1]),
        (STEP, [9.999, 10, 19.999, 20, 99], [0.1, 0.5, 0.5, 0.9, 0.9]),
        (Categorical("categorical", utilities={"1": 0.4, "2.5": 0.6}), [1.0, 2.5, 3.0], [0.4, 0.6, np.nan]),
    ],
)
def test_a_value_function_and_its_missing_values(function, given_, utility):
    found = values.utility(function, np.array([*given_, np.nan], dtype=np.float64))
    np.testing.assert_allclose(found, [*utility, np.nan], atol=1e-11)


def test_categories_are_words_in_any_case_and_width():
    said = np.array(["good", "ＧＯＯＤ", " Poor ", "fair", ""], dtype=object)
    np.testing.assert_array_equal(values.utility(WORDS, said), [1, 1, 0.2, np.nan, np.nan])
    roles = np.array(["designated/in_force", "elsewhere/in_force", ""], dtype=object)
    np.testing.assert_array_equal(values.utility(ROLE, roles), [1, 0, np.nan])


@pytest.mark.parametrize(
    ("function", "interval", "zh", "en"),
    [
        (
            Linear("linear", worst=20_000, best=2_000), (0, 1),
            "20,000 m 时为 0，2,000 m 时为 1，其间线性变化", "0 at 20,000 m, 1 at 2,000 m, straight between",
        ),
        (
            PIECEWISE, (0.2, 1),
            "0 m 时为 0.2，10 m 时为 1，30 m 时为 0.4，其间线性变化",
            "0.2 at 0 m, 1 at 10 m, 0.4 at 30 m, straight between",
        ),
        (
            Sigmoid("sigmoid", middle=1500, scale=-250), (0, 1),
            "1,500 m 时为 0.5，按 S 形曲线递减，尺度 250 m",
            "0.5 at 1,500 m, falling along a logistic curve of scale 250 m",
        ),
        (
            STEP, (0.1, 0.9),
            "低于 10 m 为 0.1，10 m 起为 0.5，20 m 起为 0.9", "0.1 below 10 m, 0.5 from 10 m, 0.9 from 20 m",
        ),
        (WORDS, (0.2, 1), "“Good”为 1，“poor”为 0.2；其他值按缺失处理", "Good: 1, poor: 0.2; any other is missing"),
        (
            ROLE, (0, 1),
            "“符合指定角色，有效”为 1，“文件未作指定，无”为 0.3；其他为 0",
            "designated, in force: 1, no document speaks of it, none: 0.3; any other: 0",
        ),
    ],
)  # fmt: skip
def test_a_value_function_in_words_with_the_interval_of_a_missing_value(function, interval, zh, en):
    assert values.bounds(function) == interval
    assert values.described(function, "m") == type(values.described(function))(zh, en)


def test_a_percentage_in_words():
    assert values.described(Linear("linear", worst=25, best=0), "%").en == "0 at 25%, 1 at 0%, straight between"


def test_measures_of_outlines():
    """A square with a hole of 20 m in its middle, an L, and two parts of one site.

    The hole leaves rings of 40 m: the widest circle touches two outer edges and the
    hole's corner, r + r √2 = 40 √2. Edges 400 + 80 m. The L: arms 40 m wide of a
    square of 100 m; the circle in its corner: r + r √2 = 40 √2, too.
    """
    ring = shapely.difference(box(0, 0, 100, 100), box(40, 40, 60, 60))
    bent = shapely.difference(box(0, 0, 100, 100), box(40, 40, 100, 100))
    parts = shapely.union(box(0, 0, 100, 50), box(200, 0, 300, 80))
    sites = shapes(ring, bent, parts, point(0, 0), line((0, 0), (5, 5)))
    corner = 2 * 40 * np.sqrt(2) / (1 + np.sqrt(2))
    np.testing.assert_allclose(measures.area_ha(sites), [0.96, 0.64, 1.3, np.nan, np.nan])
    np.testing.assert_allclose(measures.width_m(sites), [corner, corner, 80, np.nan, np.nan], atol=2e-4)
    np.testing.assert_allclose(
        measures.compactness(sites),
        [4 * np.pi * 9600 / 480**2, 4 * np.pi * 6400 / 400**2, 4 * np.pi * 13_000 / 660**2, np.nan, np.nan],
    )


def test_the_width_is_that_of_the_circle_known():
    """Regular polygons of 3 to 40 corners, and strips 3 km long with a notch or a hole, in any direction.

    Branch and bound alone ends 0.37 m short on such strips.
    """
    for corners in range(3, 41):
        angles = np.arange(corners) * 2 * np.pi / corners
        shape = shapely.Polygon(np.column_stack([505_000 + 300 * np.cos(angles), 2_494_000 + 300 * np.sin(angles)]))
        assert measures.width_m(shapes(shape))[0] == pytest.approx(600 * np.cos(np.pi / corners), abs=1e-6)
    for cut in (box(0, 1495, 3, 1505), box(49, 1495, 51, 1505)):
        strip = shapely.difference(box(0, 0, 100, 3000), cut)
        turned = shapely.affinity.rotate(strip, 33, origin=(505_000, 2_494_000))
        np.testing.assert_allclose(measures.width_m(shapes(strip, turned)), 100, atol=1e-4)


def test_the_width_is_that_of_the_best_step_as_a_solver_finds_it():
    """The step of random planes, against scipy's linear programme; parallel planes among them."""
    rng = np.random.default_rng(4)
    for k in (1, 2, 3, 5, 12, 60):
        angles = rng.choice(rng.uniform(0, 2 * np.pi, 1 + k // 2), k)
        slopes, heights = np.column_stack([np.cos(angles), np.sin(angles)]), 50 + rng.uniform(0, 5, k)
        planes = np.column_stack([-slopes, np.ones(k)])
        best = linprog([0, 0, -1], planes, heights, bounds=[(-2, 2)] * 2 + [(None, None)])
        step = measures._step(slopes, heights, 2.0)
        assert np.abs(step).max() <= 2 + 1e-6
        assert (heights + slopes @ step).min() == pytest.approx(-best.fun, abs=1e-5)


def test_widths_of_many_outlines_are_never_below_the_search_and_hardly_above():
    rng = np.random.default_rng(5)
    angles = np.sort(rng.uniform(0, 2 * np.pi, (200, 8)), axis=1)
    ray = 300 * rng.uniform(0.5, 1.5, (200, 8))
    corners = np.stack([505_000 + ray * np.cos(angles), 2_494_000 + ray * np.sin(angles)], axis=2)
    outlines = shapely.polygons(corners)
    outlines = outlines[shapely.is_valid(outlines)]
    found = measures.width_m(outlines)
    inner = np.array([2 * shapely.length(shapely.maximum_inscribed_circle(one, 0.1)) for one in outlines])
    assert (found >= inner - 1e-9).all() and (found <= inner + 0.2).all()


def test_shares_of_a_square_as_atlite_tests_them():
    """Three quarters, a quarter and half of a square of 2 m (atlite's synthetic shares)."""
    site = shapely.box(0, 0, 2, 2)
    zones = [shapely.difference(site, shapely.box(1, 1, 2, 2)), shapely.box(0, 0, 1, 1), shapely.box(0, 0, 2, 1)]
    shares = [measures.overlap(shapes(site), shapes(zone)).area[0] / 4 for zone in zones]
    assert shares == [0.75, 0.25, 0.5]


boxes = st.builds(
    lambda x, y, wide, high: box(x, y, x + wide, y + high),
    *[st.integers(-60, 160).map(lambda value: value / 2)] * 2, *[st.integers(1, 160).map(lambda value: value / 2)] * 2,
)  # fmt: skip


@given(st.lists(boxes, min_size=1, max_size=12), st.lists(boxes, min_size=1, max_size=4))
@hypothesis_settings(max_examples=60, deadline=None)
def test_an_overlap_is_that_with_the_union_and_nothing_is_lost(features, sites):
    zone, places = shapely.union_all(features), shapes(*sites)
    within = measures.overlap(places, shapes(*features))
    beyond = measures.overlap(places, shapes(*features), outside=True)
    np.testing.assert_allclose(within.area, shapely.area(shapely.intersection(places, zone)), atol=1e-6)
    np.testing.assert_allclose(within.area + beyond.area, shapely.area(places), atol=1e-6)
    assert ((within.feature >= 0) == (within.area > 0)).all()


@given(st.lists(boxes, min_size=1, max_size=8), boxes, st.integers(1, 2000), st.booleans())
@hypothesis_settings(max_examples=60, deadline=None)
def test_slivers_and_what_counts_make_up_the_whole_in_any_order_of_features(features, site, sliver_m2, outside):
    whole = measures.overlap(shapes(site), shapes(*features), outside=outside)
    forth = measures.overlap(shapes(site), shapes(*features), sliver_m2, outside=outside)
    back = measures.overlap(shapes(site), shapes(*features[::-1]), sliver_m2, outside=outside)
    np.testing.assert_allclose(forth.area + forth.sliver, whole.area, atol=1e-6)
    np.testing.assert_allclose([forth.area, forth.sliver], [back.area, back.sliver], atol=1e-6)
    assert forth.area[0] == 0 or forth.area[0] >= sliver_m2 - 1e-6


def test_a_feature_of_many_vertices_is_cut_and_measured_as_if_it_were_whole():
    """A star of 4,000 corners beside a disc: the same areas, distances and features as shapely's of the whole."""
    angle = np.linspace(0, 2 * np.pi, 4000, endpoint=False)
    ray = 2000 + 200 * np.sin(40 * angle)
    star = shapely.Polygon(np.column_stack([505_000 + ray * np.cos(angle), 2_494_000 + ray * np.sin(angle)]))
    zone = shapes(star, point(2500, 0).buffer(400))
    pieces, source = measures.divided(zone)
    assert max(shapely.get_num_coordinates(pieces)) <= measures.VERTICES and source[-1] == 1
    rng = np.random.default_rng(2)
    places = shapes(*[point(x, y).buffer(150) for x, y in rng.uniform(-3000, 3000, (60, 2))])
    whole = shapely.union_all(zone)
    found = measures.overlap(places, zone)
    np.testing.assert_allclose(found.area, shapely.area(shapely.intersection(places, whole)), atol=1e-3)
    near = distances.nearest(places, zone)
    np.testing.assert_allclose(near.distance, shapely.distance(places, whole), atol=1e-6)
    np.testing.assert_array_equal(near.feature, np.argmin(shapely.distance(places[:, None], zone[None]), axis=1))
    kept = distances.inward(places, zone, np.full(2, np.nan), np.zeros(60))
    within = shapely.covers(whole, places)
    assert 5 < within.sum() < 55
    np.testing.assert_allclose(
        kept.distance[within], shapely.distance(places[within], shapely.boundary(whole)), atol=1e-6
    )


def test_nearest_of_equals_is_the_first_feature():
    near = distances.nearest(shapes(point(0, 0)), shapes(point(0, 9), point(3, 4), point(-4, 3), point(0, 5)))
    assert (near.distance.tolist(), near.feature.tolist()) == ([5], [1])
    none = distances.nearest(shapes(point(0, 0)), shapes())
    assert np.isnan(none.distance[0]) and none.feature[0] == -1


def test_the_ground_around_a_site():
    """A point: pi r². A square of 1 km: 1 + 4 · 1 · 0.5 + pi · 0.5², its corners drawn by chords."""
    found = distances.zone_km2(shapes(point(0, 0), box(0, 0, 1000, 1000)), 500)
    assert found[0] == pytest.approx(np.pi / 4, abs=1e-12)
    assert found[1] == pytest.approx(3 + np.pi / 4, abs=np.pi / 4 * 2e-4)
