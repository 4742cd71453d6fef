"""Ways along lines: a few that can be added up by hand, and a grid where they are as in Manhattan."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from suitability_made import box, line, point, shapes

from geo.suitability import network

MAIN = line((0, 0), (1000, 0))


def ways(sites, features, lines, reach_m=100.0):
    return network.along(shapes(*sites), shapes(*features), shapes(*lines), reach_m)


def test_the_way_to_the_line_along_it_and_from_it():
    """
      site (100, 30)                 station (800, 40)
        |                              |
    ----+------------------------------+-------   30 + 700 + 40 m
    """
    found = ways([point(100, 30)], [point(800, 40)], [MAIN])
    assert found.distance[0] == pytest.approx(770) and found.feature.tolist() == [0] and found.note[0] is None


def test_the_nearest_along_the_network_is_not_the_nearest_by_air():
    """
    B (0, 300)            a U of roads: 10 m across at its mouth, 1,000 m deep
    |  A (10, 300)        from (0, 0) by A: 1,010 m down and across and up
    """
    u = [line((0, 0), (0, -1000), (10, -1000), (10, 0))]
    found = ways([point(0, 0)], [point(10, 0), point(0, -900)], u, reach_m=5)
    assert found.feature.tolist() == [1] and found.distance[0] == pytest.approx(900)
    alone = ways([point(0, 0)], [point(10, 0)], u, reach_m=5)
    assert alone.distance[0] == pytest.approx(2010)


def test_lines_meet_at_a_shared_vertex_and_not_where_they_only_cross():
    """The cross street passes over the main road on a bridge, or meets it at (500, 0)."""
    station = [point(500, 400)]
    bridge = ways([point(0, 0)], station, [MAIN, line((500, -50), (500, 400))])
    assert np.isnan(bridge.distance[0]) and bridge.feature[0] == -1
    assert bridge.note[0].en == "No feature can be reached along the network."
    junction = ways([point(0, 0)], station, [line((0, 0), (500, 0), (1000, 0)), line((500, -50), (500, 0), (500, 400))])
    assert junction.distance[0] == pytest.approx(900)
    ends = ways([point(0, 0)], station, [line((0, 0), (500, 0)), line((500, 400), (500, 0))])
    assert ends.distance[0] == pytest.approx(900)


def test_site_and_feature_on_the_same_stretch():
    found = ways([point(300, 0), point(700, 0), point(310, 0)], [point(310, 20)], [MAIN])
    np.testing.assert_allclose(found.distance, [30, 410, 20])


def test_out_of_reach_is_missing_and_says_so():
    found = ways([point(0, 101), point(0, 100)], [point(500, 0)], [MAIN])
    np.testing.assert_allclose(found.distance, [np.nan, 600])
    assert found.note[0].en == "No line of the network lies within 100 m of the site."
    assert found.note[1] is None
    far = ways([point(0, 0)], [point(500, 101)], [MAIN])
    assert np.isnan(far.distance[0]) and "No feature" in far.note[0].en


def test_without_lines_or_features_there_is_no_way():
    assert np.isnan(ways([point(0, 0)], [point(5, 0)], [box(0, 0, 9, 9)]).distance[0])
    assert np.isnan(ways([point(0, 0)], [], [MAIN]).distance[0])


def test_a_site_that_touches_a_feature_is_there():
    found = ways([box(0, 500, 100, 600)], [point(50, 550)], [MAIN])
    assert found.distance.tolist() == [0] and found.feature.tolist() == [0] and found.note[0] is None


def test_a_site_that_a_road_crosses_is_left_at_the_better_side():
    """The road runs through the site from x = 200 to 300: 500 m to the east, 150 m to the west."""
    site = box(200, -50, 300, 50)
    for goal, metres in ((point(800, 0), 500), (point(50, 0), 150)):
        assert ways([site], [goal], [MAIN]).distance[0] == pytest.approx(metres)
    park = ways([site], [box(600, -50, 700, 50)], [MAIN])
    assert park.distance[0] == pytest.approx(300)


def test_of_two_lines_between_the_same_junctions_the_shorter_counts_once():
    """500 m straight, drawn twice, and a detour of 700 m between the same ends; 100 m lead there."""
    straight, detour = line((0, 0), (500, 0)), line((0, 0), (0, 100), (500, 100), (500, 0))
    found = ways([point(-100, 0)], [point(500, 0)], [detour, straight, straight, line((-100, 0), (0, 0))], reach_m=1)
    assert found.distance[0] == pytest.approx(600)


def test_parts_of_one_feature_are_lines_like_others():
    both = shapely.multilinestrings([line((0, 0), (500, 0)), line((500, 0), (500, 300))])
    assert ways([point(0, 0)], [point(500, 300)], [both]).distance[0] == pytest.approx(800)


def grid(size: int = 6, step: float = 100.0):
    stops = [at * step for at in range(size)]
    rows = [line(*[(x, y) for x in stops]) for y in stops]
    return rows + [line(*[(x, y) for y in stops]) for x in stops]


def test_a_grid_measures_as_manhattan_and_no_site_sways_another():
    """Junctions of a grid of 100 m: |dx| + |dy| to the nearest of three, in any order of the sites."""
    rng = np.random.default_rng(5)
    goals = np.array([[0, 0], [500, 300], [200, 500]])
    at = np.concatenate(
        [rng.integers(0, 6, (40, 2)) * 100, np.column_stack([rng.uniform(0, 500, 40), np.full(40, 200)])]
    )
    places = [point(x, y) for x, y in at]
    found = ways(places, [point(x, y) for x, y in goals], grid())
    every = np.abs(at[:, None] - goals[None]).sum(axis=2)
    middle = at[40:]  # between junctions of the row y = 200 the way leads by one end or the other
    west = np.floor(middle[:, 0] / 100) * 100
    for goal in range(3):
        by_ends = [
            np.abs(middle[:, 0] - end) + np.abs(end - goals[goal, 0]) + abs(200 - goals[goal, 1])
            for end in (west, west + 100)
        ]
        every[40:, goal] = np.minimum(*by_ends)
    np.testing.assert_allclose(found.distance, every.min(axis=1), atol=1e-6)
    back = ways(places[::-1], [point(x, y) for x, y in goals], grid())
    np.testing.assert_array_equal(found.distance, back.distance[::-1])
    assert ways(places[41:42], [point(x, y) for x, y in goals], grid()).distance[0] == found.distance[41]
