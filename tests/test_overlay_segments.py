"""Nearest of lines, by numpy and by compiled loops, with squares that are kept and without.

Lines: 0 runs along y = 0 from x = 0 to 10, 1 along y = 8 there, 2 stands at x = 20.
"""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from geo.overlay import SegmentIndex, candidates, choice, compiled, measured, segments

LINES = np.array(
    [
        shapely.LineString([(0, 0), (10, 0)]),
        shapely.LineString([(0, 8), (10, 8)]),
        shapely.LineString([(20, -5), (20, 5), (20, 15)]),
    ]
)


@pytest.fixture(params=["numpy", "compiled", "numpy, squares", "compiled, squares"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every way of doing the work, one after the other."""
    name, _, squares = request.param.partition(", ")
    monkeypatch.setattr(choice, "loops", lambda worth: None if name == "numpy" else compiled)
    monkeypatch.setattr(segments, "PER_GRID", 0 if squares else np.inf)
    return str(request.param)


def found(lines: Any, *points: tuple[float, float]) -> tuple[list[float], list[int]]:
    x, y = np.array(points, dtype=float).reshape(-1, 2).T
    distance, line = SegmentIndex.build(np.array(lines, dtype=object)).nearest(x, y)
    assert distance.dtype == np.float64
    assert line.dtype == np.int64
    return distance.tolist(), line.tolist()


def test_beside_before_and_after_a_segment() -> None:
    assert found(LINES, (3, 1), (-3, -4), (13, 4.5), (20, 30), (17, 5)) == (
        [1, 5, (3**2 + 3.5**2) ** 0.5, 15, 3],
        [0, 0, 1, 2, 2],
    )


def test_of_equals_the_first_line() -> None:
    assert found(LINES, (5, 4)) == ([4], [0])
    assert found(LINES[::-1], (5, 4)) == ([4], [1])
    turned = shapely.reverse(LINES[0])
    assert found([LINES[2], turned, LINES[0], turned], (3.3, 1.7))[1] == [1]
    corner = [shapely.LineString([(0.1, 0.2), end]) for end in ((-1, 0.7), (-0.3, -9), (-5, 3))]
    assert found(corner, (1, 0.3))[1] == [0]
    assert found(corner[::-1], (1, 0.3))[1] == [0]


def test_only_the_line_asked_for() -> None:
    index = SegmentIndex.build(np.array([*LINES, LINES[0], shapely.LineString()], dtype=object))
    distance, line = index.nearest([3, 3, 3, 3, 3, 3], [1, 1, 1, 1, 1, np.nan], [-1, 0, 1, 2, 3, 0])
    np.testing.assert_array_equal(distance, [1, 1, 7, 17, 1, np.nan])
    assert line.tolist() == [0, 0, 1, 2, 3, -1]
    distance, line = index.nearest([3, 3], [1, 1], [4, -5])
    np.testing.assert_array_equal(distance, [np.nan, 1])
    assert line.tolist() == [-1, 0]


def test_lines_without_length_count_as_points() -> None:
    still = shapely.LineString([(4, 4), (4, 4)])
    stops = shapely.LineString([(30, 0), (30, 0), (30, 9), (30, 9)])
    assert found([still, stops, shapely.Point(4, 8)], (4, 5), (32, 4), (4, 7)) == ([1, 2, 1], [0, 1, 2])


def test_missing_and_empty_lines_are_never_nearest() -> None:
    assert found([None, shapely.LineString(), LINES[0]], (1, 1)) == ([1], [2])
    distance, line = found([None, shapely.LineString()], (1, 1))
    assert np.isnan(distance).all()
    assert line == [-1]
    assert found([], (1, 1))[1] == [-1]


def test_no_points() -> None:
    assert found(LINES) == ([], [])


def test_points_that_are_not_finite() -> None:
    distance, line = found(LINES, (np.nan, 1), (1, np.inf), (5, 1), (-np.inf, np.nan))
    assert np.isnan(distance).tolist() == [True, True, False, True]
    assert line == [-1, -1, 0, -1]


def test_parts_rings_and_points_of_one_line() -> None:
    parts = shapely.MultiLineString([[(0, 0), (1, 0)], [(50, 0), (60, 0)]])
    ring = shapely.LinearRing([(0, 10), (10, 10), (10, 20)])
    assert found([parts, ring, shapely.MultiPoint([(0, 50), (9, 50)])], (30, 0), (4, 16), (9, 48)) == (
        [20, 2**0.5, 2],
        [0, 1, 2],
    )


SQUARE = shapely.box(0, 0, 1, 1)


@pytest.mark.parametrize("shape", [SQUARE, shapely.GeometryCollection([LINES[0], SQUARE])])
def test_an_inside_is_no_line(shape: Any) -> None:
    with pytest.raises(InputError, match="lines and points only"):
        SegmentIndex.build(np.array([LINES[0], shape], dtype=object))


def test_far_outside_and_crowded_points() -> None:
    chance = np.random.default_rng(3)
    lines = shapely.linestrings(
        np.cumsum(chance.normal(0, 50, (300, 12, 2)), axis=1) + chance.uniform(0, 3e4, (300, 1, 2))
    )
    lines = shapely.transform(lines, lambda at: at + np.array([5e5, 2.5e6]))
    x = np.concatenate([chance.uniform(4e5, 6e5, 2000), chance.normal(515_000, 1e-3, 2000), [0, 9e6, -2e7, 515_000]])
    y = np.concatenate(
        [chance.uniform(2.4e6, 2.6e6, 2000), chance.normal(2_515_000, 1e-3, 2000), [0, 9e6, 3e7, 2_515_000]]
    )
    agrees(lines, x, y)


def agrees(lines: Any, x: Any, y: Any) -> None:
    """With shapely in the distance to all lines and to the line that is named."""
    distance, line = SegmentIndex.build(lines).nearest(x, y)
    points = shapely.points(x, y)
    every = shapely.distance(points[:, None], lines[None, :])
    assert np.abs(distance - every.min(axis=1)).max() <= 1e-6
    assert np.abs(every[np.arange(len(x)), line] - distance).max() <= 1e-6


COORDINATE = st.integers(-20, 20).map(float) | st.floats(-1e3, 1e3).map(lambda at: round(at, 6))
POINT = st.tuples(COORDINATE, COORDINATE)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(POINT, min_size=2, max_size=6), min_size=1, max_size=30),
    st.lists(POINT, min_size=1, max_size=60),
    st.sampled_from([0.0, 2_500_000.0]),
)
def test_as_shapely_and_the_same_bits_both_ways(lines: Any, points: Any, shift: float) -> None:
    shapes = np.array([shapely.LineString(np.array(line) + shift) for line in lines], dtype=object)
    x, y = np.array(points).T + shift
    agrees(shapes, x, y)
    index = SegmentIndex.build(shapes)
    local = np.stack([x - index.origin[0], y - index.origin[1]])
    expected = segments._searched(local, index, 1e-3)
    np.testing.assert_array_equal(expected, compiled.searched(local, index, 1e-3))
    np.testing.assert_array_equal(expected, index.nearest(x, y))


def crooked(count: int) -> Any:
    """Lines of 25 vertices over a square kilometre, made by chance."""
    chance = np.random.default_rng(6)
    corners = np.cumsum(chance.normal(0, 30, (count, 25, 2)), axis=1) + chance.uniform(0, 900, (count, 1, 2))
    return shapely.linestrings(corners)


@pytest.fixture(scope="module")
def searched() -> tuple[SegmentIndex, Any, Any, tuple[Any, Any]]:
    """Many lines, points near and far, and what is nearest to these without squares."""
    chance = np.random.default_rng(7)
    index = SegmentIndex.build(crooked(120))
    x, y = np.concatenate([chance.uniform(-200, 1200, (2, 60_000)), chance.normal(0, 1e4, (2, 20_000))], axis=1)
    return index, x, y, segments._searched(np.stack([x, y]) - index.origin[:, None], index, 1e-6)


def test_squares_leave_out_no_segment(way: str, searched: tuple[SegmentIndex, Any, Any, tuple[Any, Any]]) -> None:
    index, x, y, expected = replace(searched[0]), *searched[1:]
    for _ in range(2):
        np.testing.assert_array_equal(index.nearest(x, y), expected)
    if way.endswith("squares"):
        local = np.stack([x, y])[:, :60_000] - index.origin[:, None]
        _, count = index.__dict__["candidates"].spans_of(*local, np.zeros(60_000, dtype=int))
        assert (count > 0).mean() > 0.99


def test_the_segments_of_a_square_are_all_that_are_nearest_in_it() -> None:
    chance = np.random.default_rng(8)
    index = SegmentIndex.build(np.concatenate([crooked(12), shapely.points(chance.uniform(0, 900, (9, 2)))]))
    x, y = chance.uniform(-200, 1200, (2, 500)) - index.origin[:, None]
    known = candidates.Candidates.none(index).with_points(index, x, y, np.zeros(500, dtype=int))
    at = np.arange(candidates.TOP * candidates.FINE) + np.array([[1e-9], [1 - 1e-9]])  # all corners
    at = (at * 2 / (candidates.TOP * candidates.FINE) - 1) * known.half
    held = (np.abs(at[0] - x[:, None]) < 30).any(axis=0)  # columns near some points
    east, north = (one.ravel() for one in np.meshgrid(at[:, held].ravel(), at[:, held].ravel()))
    first, count = known.spans_of(east, north, np.zeros(len(east), dtype=int))
    some = np.flatnonzero(count)[:: max(1, np.count_nonzero(count) // 20_000)]
    assert len(some) > 5000
    points, every = np.stack([east, north])[:, some], np.arange(len(index.segments))
    least, _ = measured.measured(points, known.lists, first[some], count[some], index.columns)
    whole = np.zeros(len(some), dtype=int)
    expected, _ = measured.measured(points, every, whole, whole + len(every), index.columns)
    np.testing.assert_array_equal(least, expected)


def test_squares_are_kept_and_more_are_made_from_call_to_call() -> None:
    chance = np.random.default_rng(6)
    index = SegmentIndex.build(np.tile(crooked(4), 2))  # each line twice
    x, y = np.concatenate([chance.uniform(-200, 1200, (2, 4000)), chance.normal(0, 1e5, (2, 500))], axis=1)
    among = chance.integers(-3, 8, len(x)).astype(np.int32)
    local, expected = np.stack([x, y]) - index.origin[:, None], np.empty((2, len(x)))
    for number in range(-3, 8):
        rows = among == number
        part = index if number < 0 else replace(index, segments=index.segments[index.segments[:, 7] == number])
        expected[:, rows] = segments._searched(local[:, rows], part, 1e-6)
    for some in (slice(0, 1), slice(100, 110), slice(None), slice(None, None, -3)):
        np.testing.assert_array_equal(index.nearest(x[some], y[some], among[some]), expected[:, some])


def test_squares_of_crowded_lines_stay_within_their_room(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    turn = np.linspace(0, 2 * np.pi, 3000)
    circle = shapely.linestrings(np.column_stack([np.cos(turn), np.sin(turn)]) * 100)
    index = SegmentIndex.build(np.array([circle]))
    x, y = np.random.default_rng(4).normal(0, np.repeat([1e-9, 20], 1500), (2, 3000))
    expected = segments._searched(np.stack([x, y]) - index.origin[:, None], index, 1e-9)
    np.testing.assert_array_equal(index.nearest(x, y), expected)
    if way.endswith("squares"):
        most = candidates.CROWDED * len(index.segments) + (1 << 20)
        assert 0 < len(index.__dict__["candidates"].lists) <= most


def test_lines_laid_over_each_other_are_not_listed_for_every_square(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(4)
    monkeypatch.setattr(candidates, "CROWDED", 1)
    index = SegmentIndex.build(
        shapely.linestrings(np.array([[0, 0], [100, 0]]) + chance.normal(0, 1e-12, (3000, 2, 2)))
    )
    x, y = chance.uniform(-120, 120, (2, 3000))
    expected = segments._searched(np.stack([x, y]) - index.origin[:, None], index, 1e-9)
    np.testing.assert_array_equal(index.nearest(x, y), expected)
    if way.endswith("squares"):
        assert 0 < len(index.__dict__["candidates"].lists) <= (1 << 20) + 3000


def test_several_threads_with_one_index() -> None:
    chance = np.random.default_rng(9)
    lines = shapely.linestrings(chance.uniform(0, 1000, (200, 2, 2)))
    x, y = chance.uniform(-100, 1100, (2, 24_000))
    index = SegmentIndex.build(lines)
    with ThreadPoolExecutor(6) as pool:
        parts = list(pool.map(lambda at: index.nearest(x[at : at + 500], y[at : at + 500]), range(0, len(x), 500)))
    expected = SegmentIndex.build(lines).nearest(x, y)
    np.testing.assert_array_equal(np.concatenate(parts, axis=1), expected)


def test_a_copy_of_an_index_in_use(way: str) -> None:
    index = SegmentIndex.build(LINES)
    x, y = np.random.default_rng(4).uniform(-5, 25, (2, 900))
    before = index.nearest(x, y)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(index)).nearest(x, y), before)


def test_numbers_that_may_not_be_written_to_and_strided_ones() -> None:
    index = SegmentIndex.build(LINES)
    x, y = np.random.default_rng(4).uniform(-5, 25, (2, 900))
    expected = index.nearest(x[::2].copy(), y[::2].copy())
    x.flags.writeable = False
    np.testing.assert_array_equal(index.nearest(x[::2], y[::2]), expected)


def test_many_points_shared_among_threads() -> None:
    chance = np.random.default_rng(5)
    lines = shapely.linestrings(chance.uniform(0, 1000, (400, 2, 2)))
    x, y = chance.uniform(-100, 1100, (2, 90_000))
    index = SegmentIndex.build(lines)
    distance, line = index.nearest(x, y)
    for some in (slice(0, 10), slice(45_000, 45_010), slice(89_990, None)):
        alone = index.nearest(x[some], y[some])
        np.testing.assert_array_equal(distance[some], alone[0])
        np.testing.assert_array_equal(line[some], alone[1])
