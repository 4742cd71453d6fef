"""`CellIndex` against GEOS, on points chosen to break it, by numpy and by compiled loops."""

from __future__ import annotations

import os
import pickle
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo import sources
from geo.districts import Boundaries
from geo.errors import InputError
from geo.overlay import CellIndex, choice, compiled, grid, rings

STEPS = [(a, b) for a in (-np.inf, 0, np.inf) for b in (-np.inf, 0, np.inf)]


@pytest.fixture(params=[None, compiled], ids=["numpy", "compiled"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType | None:
    """Both ways of doing the work, one after the other."""
    monkeypatch.setattr(choice, "loops", lambda worth: request.param)
    return request.param


def asked(polygons: NDArray[Any], xy: NDArray[np.float64]) -> list[tuple[int, ...]]:
    """The sets of polygons by GEOS, nothing where a coordinate is not finite."""
    finite = np.isfinite(xy).all(axis=1)
    points = shapely.points(np.where(finite[:, None], xy, 0))
    sets: list[set[int]] = [set() for _ in xy]
    for point, polygon in shapely.STRtree(polygons).query(points, predicate="intersects").T.tolist():
        sets[point].add(polygon)
    return [tuple(sorted(one)) if good else () for one, good in zip(sets, finite, strict=True)]


def answered(index: CellIndex, xy: NDArray[np.float64]) -> list[tuple[int, ...]]:
    return [index.sets[code] for code in index.codes(xy[:, 0], xy[:, 1]).tolist()]


def one_ulp_off(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points, and those next to them in the eight directions that numbers allow."""
    return np.concatenate(
        [
            np.column_stack(
                [xy[:, 0] if not a else np.nextafter(xy[:, 0], a), xy[:, 1] if not b else np.nextafter(xy[:, 1], b)]
            )
            for a, b in STEPS
        ]
    )


def on_borders(polygons: NDArray[Any]) -> NDArray[np.float64]:
    """Every vertex and the middle of every edge."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(polygons)), return_index=True)
    return np.concatenate([xy, ((xy[1:] + xy[:-1]) / 2)[ring[1:] == ring[:-1]]])


def at_bounds(polygons: NDArray[Any]) -> NDArray[np.float64]:
    """Corners of the bounds of all polygons, on them, beyond them and nowhere."""
    west, south, east, north = shapely.total_bounds(polygons)
    x = [west, (west + east) / 2, east, 2 * west - east, 2 * east - west, np.nan, np.inf, -np.inf, 1e300, -1e300]
    y = [
        south,
        (south + north) / 2,
        north,
        2 * south - north,
        2 * north - south,
        np.nan,
        np.inf,
        -np.inf,
        1e300,
        -1e300,
    ]
    return np.array([(one, other) for one in x for other in y])


def at_cells(index: CellIndex, chance: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Corners and edges of cells that a border is near, computed from the grid."""
    grid = index.grid
    row, column = np.divmod(chance.choice(index.marked, count), grid.columns)
    across, up = chance.choice([0, 0.5, 1], (2, count))
    return np.column_stack([grid.west + (column + across) * grid.size, grid.south + (row + up) * grid.size])


def near_borders(polygons: NDArray[Any], chance: np.random.Generator, count: int, far: float) -> NDArray[np.float64]:
    """Random places of the borders, off by random distances from 0 up to `far`."""
    lines = shapely.boundary(polygons)
    on = shapely.line_interpolate_point(chance.choice(lines, count), chance.random(count), normalized=True)
    return shapely.get_coordinates(on) + chance.normal(size=(count, 2)) * far * 10.0 ** chance.uniform(
        -12, 0, (count, 1)
    )


@pytest.fixture(scope="module")
def overlaid(boundaries: Boundaries) -> NDArray[Any]:
    """Two outlines of each district and the neighbours: borders of two sources that nearly coincide."""
    layers = (boundaries.outlines, boundaries.neighbours, boundaries.second, boundaries.second_outside)
    return np.concatenate([*layers, [boundaries.uncertain]])


@pytest.fixture(scope="module")
def counties() -> NDArray[Any]:
    """Four cities' counties, from the coast of Guangdong and from the mountains of Sichuan."""
    cities = ("惠州市", "汕尾市", "江门市", "阿坝藏族羌族自治州")
    return np.array([one for city in cities for one in sources.read_china("districts_of", city, "amap")[1]])


def test_every_vertex_and_edge_middle_of_the_districts_and_one_ulp_off(boundaries: Boundaries) -> None:
    index = CellIndex.build(boundaries.outlines)
    xy = one_ulp_off(on_borders(boundaries.outlines))
    assert answered(index, xy) == asked(boundaries.outlines, xy)


@pytest.mark.parametrize("points", [1, 10_000, 1_000_000])
def test_districts_at_cells_and_bounds(boundaries: Boundaries, points: int) -> None:
    index = CellIndex.build(boundaries.outlines, points=points)
    xy = one_ulp_off(np.concatenate([at_cells(index, np.random.default_rng(1), 800), at_bounds(boundaries.outlines)]))
    assert answered(index, xy) == asked(boundaries.outlines, xy)


@pytest.mark.parametrize("points", [1_000, 1_000_000])
def test_two_sources_overlaid(overlaid: NDArray[Any], points: int) -> None:
    chance = np.random.default_rng(2)
    index = CellIndex.build(overlaid, points=points)
    xy = np.concatenate([near_borders(overlaid, chance, 20_000, 0.01), at_cells(index, chance, 2_000)])
    assert answered(index, xy) == asked(overlaid, xy)


def test_counties(counties: NDArray[Any]) -> None:
    chance = np.random.default_rng(3)
    index = CellIndex.build(counties)
    on = chance.choice(on_borders(counties), 1_000)
    xy = np.concatenate([near_borders(counties, chance, 15_000, 0.1), one_ulp_off(on), at_bounds(counties)])
    assert answered(index, xy) == asked(counties, xy)


def test_points_go_to_geos_only_where_they_tie(overlaid: NDArray[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Random points, also those in cells with borders, are answered without GEOS but for one in a thousand."""
    index = CellIndex.build(overlaid)
    west, south, east, north = shapely.total_bounds(overlaid)
    chance = np.random.default_rng(4)
    went: list[int] = []
    ask = CellIndex._asked
    monkeypatch.setattr(CellIndex, "_asked", lambda self, x, y: (went.append(len(x)), ask(self, x, y))[1])
    index.codes(chance.uniform(west, east, 200_000), chance.uniform(south, north, 200_000))
    assert sum(went) < 200
    x, y = on_borders(overlaid)[:500].T
    index.codes(x, y)
    assert went[-1] == 500


def corners(draw: Any, numbers: st.SearchStrategy[float], least: int) -> list[tuple[float, float]]:
    return draw(st.lists(st.tuples(numbers, numbers), min_size=least, max_size=8))  # type: ignore[no-any-return]


@st.composite
def polygon_sets(draw: Any) -> NDArray[Any]:
    """Up to five polygons: holes, parts, overlaps, shared borders, crossed rings, none; on a lattice and off it."""
    lattice = st.integers(0, 5).map(float)
    numbers = draw(st.sampled_from([lattice, st.floats(0, 5, allow_subnormal=False).map(lambda one: one + 0.0)]))
    scale, shift = draw(st.sampled_from([(1, 0), (1e-6, 0), (1e-3, 1e3), (1, 1e9), (1e4, 1e7), (1e-9, 0.5)]))
    made = []
    for kind in draw(st.lists(st.sampled_from(["none", "empty", "one", "one", "holes", "parts"]), max_size=5)):
        if kind == "none":
            made.append(None)
        elif kind == "empty":
            made.append(shapely.Polygon())
        elif kind == "one":
            made.append(shapely.Polygon(corners(draw, numbers, 3)))
        elif kind == "holes":
            holes = [corners(draw, numbers, 3) for _ in range(draw(st.integers(1, 3)))]
            made.append(shapely.Polygon(corners(draw, numbers, 3), holes))
        else:
            parts = [shapely.Polygon(corners(draw, numbers, 3)) for _ in range(draw(st.integers(2, 3)))]
            made.append(shapely.MultiPolygon(parts))
    polygons = np.array([None, *made], dtype=object)[1:]
    return np.asarray(shapely.transform(polygons, lambda xy: xy * scale + shift))


@settings(max_examples=300, deadline=None)
@given(polygon_sets(), st.sampled_from([1, 1_000, 100_000]), st.integers(0, 2**31))
def test_any_polygons_as_geos(polygons: NDArray[Any], points: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    index = CellIndex.build(polygons, points=points)
    xy = np.array([[0.0, 0.0], [0.5, 0.5], [np.nan, 1.0], [1.0, np.inf]])
    if not shapely.is_empty(polygons).all() and any(polygons):
        on = on_borders(polygons)
        west, south, east, north = shapely.total_bounds(polygons)
        within = np.column_stack([chance.uniform(west, east, 100), chance.uniform(south, north, 100)])
        some = np.concatenate([chance.choice(on, 30), at_cells(index, chance, 30), within])
        xy = np.concatenate([xy, one_ulp_off(some), chance.choice(at_bounds(polygons), 20)])
    assert answered(index, xy) == asked(polygons, xy)


@settings(max_examples=150, deadline=None)
@given(polygon_sets(), st.sampled_from([1_000, 100_000]), st.integers(0, 2**31))
def test_a_box_with_a_code_is_whole(polygons: NDArray[Any], points: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    index = CellIndex.build(polygons, points=points)
    bounds = np.nan_to_num(shapely.total_bounds([shapely.Polygon(), *polygons]))
    reach = max(bounds[2] - bounds[0], bounds[3] - bounds[1], 1e-9)
    low = chance.uniform(bounds[:2] - reach / 2, bounds[2:] + reach / 2, (200, 2))
    high = low + reach * chance.random((200, 2)) * 10.0 ** -chance.integers(0, 4, (200, 1))
    codes = index.boxes(*low.T, *high.T)
    boxes = shapely.box(*low.T, *high.T)[codes >= 0]
    lines = shapely.boundary([one for one in polygons if one is not None])
    assert not shapely.STRtree(lines).query(boxes, predicate="intersects").size
    for xy in (low, high, (low + high) / 2):
        assert (index.codes(*xy.T) == codes)[codes >= 0].all()


def test_most_boxes_of_the_districts_have_a_code(boundaries: Boundaries) -> None:
    index = CellIndex.build(boundaries.outlines)
    x, y = np.random.default_rng(5).uniform((113.75, 22.4), (114.6, 22.86), (20_000, 2)).T
    codes = index.boxes(x, y, x + 0.002, y + 0.002)
    assert (codes > 0).mean() > 0.4
    assert (codes < 0).mean() < 0.15


def test_boxes_beyond_the_grid() -> None:
    index = CellIndex.build(shapely.box([0], 0, 1, 1))
    west, east = np.array([-9, -9, 5, -np.inf, 0.4, np.nan]), np.array([-8, 0.5, 6, np.inf, 0.6, np.nan])
    assert index.boxes(west, west, east, east).tolist() == [0, -1, 0, -1, 1, 0]


def test_no_polygons() -> None:
    for polygons in (np.array([], dtype=object), np.array([None, shapely.Polygon(), shapely.MultiPolygon()])):
        index = CellIndex.build(polygons)
        assert index.codes([0, 1, np.nan], [0, 1, 0]).tolist() == [0, 0, 0]
        assert index.boxes([0], [0], [1], [1]).tolist() == [0]
        assert index.sets == [()]
        assert index.codes([], []).tolist() == []


@pytest.mark.parametrize("far", [0.0, 1e9, 1e15, 1e100])
def test_polygons_as_small_as_numbers_allow(far: float) -> None:
    """Squares a few steps of a floating-point number wide."""
    x = [far]
    for _ in range(8):
        x.append(float(np.nextafter(x[-1], np.inf)))
    if not far:
        x = [one * 1e-140 for one in range(9)]
    polygons = np.array([shapely.box(x[1], x[1], x[4], x[4]), shapely.box(x[4], x[1], x[7], x[7])])
    index = CellIndex.build(polygons)
    xy = np.array([(one, other) for one in x for other in x])
    assert answered(index, xy) == asked(polygons, xy)


def test_a_long_thin_polygon_beside_a_wide_one() -> None:
    polygons = np.array([shapely.Polygon([(0, 0), (1e7, 1e-3), (1e7, 2e-3), (0, 1)]), shapely.box(3e6, -5, 4e6, 5)])
    index = CellIndex.build(polygons)
    xy = near_borders(polygons, np.random.default_rng(6), 5_000, 1e-2)
    assert answered(index, xy) == asked(polygons, xy)


def test_many_segments_in_one_cell() -> None:
    """A star of 3,000 corners within a cell: more pairs than are held at a time."""
    angle = np.linspace(0, 2 * np.pi, 3_001)[:-1]
    radius = np.where(np.arange(3_000) % 2, 1.0, 0.4)
    star = shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))
    polygons = np.array([star, shapely.box(1e3, 1e3, 2e4, 2e4)])
    index = CellIndex.build(polygons, points=1)
    xy = np.random.default_rng(7).uniform(-1, 1, (300, 2))
    assert answered(index, xy) == asked(polygons, xy)


def test_threads_change_nothing(overlaid: NDArray[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    xy = near_borders(overlaid, np.random.default_rng(8), 60_000, 0.01)
    xy[::40] = on_borders(overlaid)[:1_500]
    monkeypatch.setattr("geo.overlay.index.THREAD", 1 << 14)
    met = []
    for cores in (1, 2, 3):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        index = CellIndex.build(overlaid, points=1_000)
        met.append((index.codes(*xy.T).tobytes(), index.sets))
    assert met[0] == met[1] == met[2]


def test_the_size_of_blocks_changes_nothing(overlaid: NDArray[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    xy = np.concatenate([near_borders(overlaid, np.random.default_rng(11), 5_003, 1.0), at_bounds(overlaid)])
    whole = answered(CellIndex.build(overlaid), xy)
    for name, size in (("index.CHUNK", 1_000), ("index.BLOCK", 300), ("index.PAIRS", 50), ("lookup.BLOCK", 300)):
        monkeypatch.setattr(f"geo.overlay.{name}", size)
        assert answered(CellIndex.build(overlaid), xy) == whole


def test_sets_are_distinct_and_only_grow(overlaid: NDArray[Any]) -> None:
    index = CellIndex.build(overlaid)
    x, y = near_borders(overlaid, np.random.default_rng(9), 3_000, 0.01).T
    before, first = list(index.sets), index.codes(x, y)
    after = list(index.sets)
    assert after[: len(before)] == before
    assert len(set(after)) == len(after)
    assert all(list(one) == sorted(set(one)) for one in after)
    assert (index.codes(x, y) == first).all()
    assert index.sets == after


def test_a_copy_from_another_process_answers_the_same(overlaid: NDArray[Any]) -> None:
    index = CellIndex.build(overlaid)
    x, y = near_borders(overlaid, np.random.default_rng(10), 1_000, 0.01).T
    index.boxes(x, y, x, y)
    copy = pickle.loads(pickle.dumps(index))
    assert (copy.codes(x, y) == index.codes(x, y)).all()
    assert copy.sets == index.sets


def test_a_shared_border_and_a_corner_of_four() -> None:
    squares = shapely.box([0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 1, 2], [1, 1, 2, 2])
    index = CellIndex.build(squares)
    xy = np.array([(1, 1), (1, 0.5), (0.5, 1), (0, 0), (0.5, 0.5), (2, 2), (2.1, 2)])
    assert answered(index, xy) == [(0, 1, 2, 3), (0, 1), (0, 2), (0,), (0,), (3,), ()]


def test_integers_lists_and_strided_arrays_are_taken() -> None:
    index = CellIndex.build([shapely.box(0, 0, 4, 4)])
    pairs = np.array([(1, 1), (5, 5), (4, 4)])
    assert index.codes([1, 5, 4], [1, 5, 4]).tolist() == [1, 0, 1]
    assert index.codes(pairs[:, 0], pairs[:, 1]).tolist() == [1, 0, 1]
    assert index.codes(2, 2).tolist() == [1]


def test_numbers_that_may_not_be_written_to_are_taken() -> None:
    index = CellIndex.build(shapely.box([0, 2], 0, [2, 3], 2))
    x, y = np.array([1.0, 2.0, 9.0]), np.ones(3)
    x.flags.writeable = y.flags.writeable = False
    assert index.codes(x, y).tolist() == index.codes(x.copy(), y.copy()).tolist()


def test_errors_say_what_is_wrong() -> None:
    with pytest.raises(InputError, match="row 2"):
        CellIndex.build([shapely.box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)])])
    for wild in (np.nan, np.inf, 1e200):
        with pytest.raises(InputError, match="coordinate"), np.errstate(invalid="ignore"):
            CellIndex.build([shapely.Polygon([(0, 0), (1, 0), (wild, 1)])])
    index = CellIndex.build([shapely.box(0, 0, 1, 1)])
    with pytest.raises(InputError, match="values"):
        index.codes([1, 2], [1])


def test_the_grid_covers_the_polygons_and_not_only_a_city(boundaries: Boundaries) -> None:
    """Shenshan lies 40 km east of the other districts."""
    index = CellIndex.build(boundaries.outlines)
    inside = shapely.get_coordinates(shapely.point_on_surface(boundaries.outlines))
    assert answered(index, inside) == [(number,) for number in range(len(inside))]


def test_consecutive_cells_have_no_gap(overlaid: NDArray[Any]) -> None:
    """Every segment is near a connected chain of cells: steps of at most one column and one row."""
    index = CellIndex.build(overlaid, points=10_000_000)
    order = np.lexsort((np.repeat(index.marked, np.diff(index._starts)), index._vertices))
    cells = np.repeat(index.marked, np.diff(index._starts))[order]
    vertices = index._vertices[order]
    for start, end in pairwise(np.flatnonzero(np.diff(vertices, prepend=-1, append=-1))[:2_000].tolist()):
        rows, columns = np.divmod(cells[start:end], index.grid.columns)
        assert np.unique(rows).size == np.ptp(rows) + 1
        assert np.unique(columns).size == np.ptp(columns) + 1


def test_cells_near_segments_are_the_same_both_ways(boundaries: Boundaries) -> None:
    steep = shapely.Polygon([(0, 0), (0, 3), (0.1, 9), (0.1, 4), (40, 4), (40.2, 0)])
    for polygons in (boundaries.areas, shapely.box([0.0, 0.5, 0.0], 0, [4.0, 4.5, 1e-6], 4), np.array([steep])):
        ours = rings.Rings(np.asarray(polygons, dtype=object))
        cells = grid.Grid.over(ours.x, ours.y, ours.segments, 1_000_000)
        given = (*cells.place(ours.x, ours.y), ours.segments, cells.columns, 20)
        np.testing.assert_array_equal(np.sort(grid._near(*given)), np.sort(compiled.near(*given)))


def test_sets_of_rings_crossed_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(5)
    inside = shapely.box(np.arange(9.0), 0, np.arange(9.0) + 30, 9)
    crossed = np.tile(chance.integers(0, 9, 300), 2)

    class Alike:
        """Names of rings that at first differ in the second row only."""

        drawn = 0

        def integers(self, low: int, high: int, shape: tuple[int, int]) -> NDArray[np.int64]:
            Alike.drawn += 1
            names = chance.integers(low, high, shape)
            names[0] = 1 if Alike.drawn == 1 else names[0]
            return names

    for drawn in (0, 2):
        sets = rings.RingSets(rings.Rings(inside))
        expected, around = [frozenset()], frozenset()
        for ring in crossed.tolist():
            around = around ^ {ring}
            expected.append(around)
        assert [sets._sets[state] for state in sets.walk(crossed).tolist()] == expected
        assert sets._sets == list(dict.fromkeys(expected))
        assert Alike.drawn == drawn
        monkeypatch.setattr(np.random, "default_rng", lambda seed: Alike())
