"""`shares` against `shapely.intersection`, pair by pair."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.errors import GEOSException

from geo import crs
from geo.districts import Boundaries
from geo.errors import InputError
from geo.overlay import CellIndex, shares

Areas = dict[tuple[int, int], float]
OVERLAY = "geo.overlay.shares"


def by_geos(sites: NDArray[Any], polygons: NDArray[Any]) -> Areas:
    """Area of every overlap that has one."""
    site, polygon = shapely.STRtree(polygons).query(sites)
    area = shapely.area(shapely.intersection(sites[site], polygons[polygon]))
    pairs = zip(site.tolist(), polygon.tolist(), area.tolist(), strict=True)
    return {(one, other): size for one, other, size in pairs if size > 0}


def by_index(sites: NDArray[Any], polygons: NDArray[Any], points: int = 1_000_000) -> Areas:
    site, polygon, area = shares(sites, CellIndex.build(polygons, points=points), polygons)
    assert (np.diff(site * len(polygons) + polygon) > 0).all()
    assert (area > 0).all()
    return dict(zip(zip(site.tolist(), polygon.tolist(), strict=True), area.tolist(), strict=True))


def worst(one: Areas, other: Areas) -> float:
    return max((abs(one.get(pair, 0.0) - other.get(pair, 0.0)) for pair in one.keys() | other.keys()), default=0.0)


def stars(x: NDArray[np.float64], y: NDArray[np.float64], chance: np.random.Generator, size: float) -> NDArray[Any]:
    """Sites of 3 to 11 corners around the places, most of them dented."""
    made = []
    for east, north in zip(x, y, strict=True):
        angle = np.sort(chance.uniform(0, 2 * np.pi, chance.integers(3, 12)))
        far = size * chance.uniform(0.2, 1, len(angle))
        made.append(shapely.Polygon(np.column_stack([east + far * np.cos(angle), north + far * np.sin(angle)])))
    stars = np.array(made)
    return np.asarray(stars[shapely.is_valid(stars)])


def near(polygons: NDArray[Any], chance: np.random.Generator, count: int, size: float) -> NDArray[Any]:
    """Dented sites around random places of the borders."""
    lines = chance.choice(shapely.boundary(polygons), count)
    on = shapely.get_coordinates(shapely.line_interpolate_point(lines, chance.random(count), normalized=True))
    return stars(*(on + chance.normal(0, size / 2, on.shape)).T, chance, size)


@pytest.fixture(scope="module")
def overlaid(boundaries: Boundaries) -> NDArray[Any]:
    """Two outlines of each district and the neighbours, in metres."""
    layers = (boundaries.outlines, boundaries.neighbours, boundaries.second, boundaries.second_outside)
    metric = crs.project(np.concatenate(layers))
    return np.asarray(metric[shapely.is_valid(metric)])


def test_dented_sites_on_the_borders_of_districts(boundaries: Boundaries) -> None:
    districts = boundaries.outlines_m
    sites = near(districts, np.random.default_rng(1), 4_000, 250)
    found, wanted = by_index(sites, districts), by_geos(sites, districts)
    assert len(wanted) > len(sites)
    assert worst(found, wanted) <= 1e-6
    assert found.keys() == {pair for pair, size in wanted.items() if size > 1e-6 or pair in found}


@pytest.mark.parametrize("points", [1_000, 4_000_000])
def test_two_sources_overlaid(overlaid: NDArray[Any], points: int) -> None:
    """Neighbours' own outlines cross those of the districts again and again, at small angles."""
    sites = near(overlaid, np.random.default_rng(2), 1_500, 400)
    assert worst(by_index(sites, overlaid, points), by_geos(sites, overlaid)) <= 1e-6


def test_sites_away_from_borders_give_their_own_area_to_the_last_bit(boundaries: Boundaries) -> None:
    west, south, east, north = boundaries.outlines_m[2].bounds
    chance = np.random.default_rng(3)
    sites = stars(chance.uniform(west, east, 2_000), chance.uniform(south, north, 2_000), chance, 100)
    inside = shapely.contains(boundaries.outlines_m[2].buffer(-500), sites)
    found = by_index(sites[inside], boundaries.outlines_m)
    assert list(found) == [(number, 2) for number in range(inside.sum())]
    assert list(found.values()) == shapely.area(sites[inside]).tolist()


def test_districts_as_sites_of_themselves(boundaries: Boundaries) -> None:
    """Every edge lies on a border; where two only touch there is no pair."""
    districts = boundaries.outlines_m
    found, wanted = by_index(districts, districts), by_geos(districts, districts)
    for number, area in enumerate(shapely.area(districts)):
        assert found[number, number] == pytest.approx(area, rel=1e-12)
    assert worst(found, wanted) < 1e-4  # of up to 1e9 m2


def test_shares_of_a_site_over_a_gapless_layer_sum_to_the_whole() -> None:
    columns = np.arange(8) * 100.0
    squares = shapely.box(
        *(one.ravel() for one in np.meshgrid(columns, columns)),
        *(one.ravel() + 100 for one in np.meshgrid(columns, columns)),
    )
    chance = np.random.default_rng(4)
    sites = stars(chance.uniform(150, 650, 500), chance.uniform(150, 650, 500), chance, 140)
    site, _, area = shares(sites, CellIndex.build(squares), squares)
    assert np.bincount(site, area) == pytest.approx(shapely.area(sites), rel=1e-12)


def test_by_hand() -> None:
    """Two squares with a common border and one over both; a site with a hole, one of two parts, one that touches."""
    squares = np.array([shapely.box(0, 0, 2, 2), shapely.box(2, 0, 4, 2), shapely.box(1, 1, 3, 3)])
    holed = shapely.Polygon(
        [(0.5, 0.5), (3.5, 0.5), (3.5, 1.5), (0.5, 1.5)], [[(1, 0.75), (2, 0.75), (2, 1.25), (1, 1.25)]]
    )
    parts = shapely.MultiPolygon([shapely.box(-1, -1, 1, 1), shapely.box(3.5, 1.5, 5, 5)])
    touching = shapely.box(-1, 0, 0, 2)
    found = by_index(np.array([holed, parts, touching]), squares)
    assert found == {
        (0, 0): pytest.approx(1.0),
        (0, 1): pytest.approx(1.5),
        (0, 2): pytest.approx(0.75),
        (1, 0): pytest.approx(1.0),
        (1, 1): pytest.approx(0.25),
    }


@st.composite
def areas(draw: Any, least: int) -> list[Any]:
    """Valid polygons with holes and parts; on a lattice their edges and corners coincide."""
    numbers = st.sampled_from(
        [st.integers(0, 6).map(float), st.floats(0, 6, allow_subnormal=False).map(lambda one: one + 0.0)]
    )
    made = []
    for _ in range(draw(st.integers(least, 5))):
        number = draw(numbers)
        corners = st.lists(st.tuples(number, number), min_size=3, max_size=8)
        rings = draw(st.lists(corners, min_size=1, max_size=3))
        made.append(shapely.Polygon(rings[0], rings[1:]))
    return made


@settings(max_examples=60, deadline=None)
@given(areas(1), areas(1), st.sampled_from([(1, 0), (100, 2.5e6), (1e-3, 114)]), st.sampled_from([100, 100_000]))
def test_any_polygons_as_geos(sites: list[Any], polygons: list[Any], placed: tuple[float, float], points: int) -> None:
    scale, shift = placed
    mended = shapely.make_valid(
        np.array([*sites, *polygons, *sites, *polygons]), method="structure", keep_collapsed=False
    )
    moved = shapely.transform(mended, lambda xy: xy * scale + shift)
    assume(shapely.is_valid(moved).all() and np.isin(shapely.get_type_id(moved), (3, 6)).all())
    half = len(moved) // 2
    sites_, polygons_ = moved, moved[len(sites) : half]
    step = np.spacing(7 * scale + shift)
    assert (
        worst(by_index(sites_, polygons_, points), by_geos(sites_, polygons_)) <= 200 * scale * step + 1e-13 * scale**2
    )


@pytest.mark.parametrize(("setting", "value"), [("PAD", 0.0), ("MANY", 1)])
def test_what_geos_is_asked_is_the_same(setting: str, value: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Boxes with a border through their corner, and sites with very many pairs of edges, go to GEOS."""
    columns = np.arange(6.0)
    squares = shapely.box(
        *(one.ravel() for one in np.meshgrid(columns, columns)),
        *(one.ravel() + 1 for one in np.meshgrid(columns, columns)),
    )
    sites = shapely.box([0, 1, 2.5, 0.5], [0, 1, 2.5, 0], [2, 2, 3.5, 2], [2, 2, 3.5, 3])
    module = __import__(OVERLAY, fromlist=["_intersected"])
    asked: list[int] = []
    ask = module._intersected
    monkeypatch.setattr(module, setting, value)
    monkeypatch.setattr(module, "_intersected", lambda some, *more: (asked.append(len(some)), ask(some, *more))[1])
    assert by_index(sites, squares) == pytest.approx(by_geos(sites, squares))
    assert sum(asked) >= 3


def test_geos_is_seldom_asked(overlaid: NDArray[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    module = __import__(OVERLAY, fromlist=["_intersected"])
    asked: list[int] = []
    ask = module._intersected
    monkeypatch.setattr(module, "_intersected", lambda some, *more: (asked.append(len(some)), ask(some, *more))[1])
    by_index(near(overlaid, np.random.default_rng(5), 2_000, 200), overlaid)
    assert sum(asked) == 0


def test_threads_change_nothing(overlaid: NDArray[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    sites = near(overlaid, np.random.default_rng(6), 4_500, 200)
    met = []
    for cores in (1, 2, 3):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        found = shares(sites, CellIndex.build(overlaid), overlaid)
        met.append([one.tobytes() for one in found])
    assert met[0] == met[1] == met[2]


def test_an_invalid_site_is_as_in_geos() -> None:
    """Near a border as `shapely.intersection` has it; elsewhere its own area."""
    squares = shapely.box([0, 100], 0, [100, 200], 100)
    tie = shapely.Polygon([(90, 40), (110, 60), (110, 40), (90, 60)])
    spiked = shapely.Polygon([(98, 1), (102, 1), (102, 5), (98, 5), (98, 3), (90, 3), (98, 3)])
    away = shapely.transform(tie, lambda xy: xy - (50, 0))
    assert by_index(np.array([away]), squares) == {}  # the halves of a tie cancel
    for site in (tie, spiked):
        try:
            wanted = by_geos(np.array([site]), squares)
        except GEOSException:
            with pytest.raises(GEOSException):
                by_index(np.array([site]), squares)
        else:
            assert by_index(np.array([site]), squares) == pytest.approx(wanted)


def test_an_invalid_polygon_is_as_in_geos() -> None:
    squares = np.array(
        [shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)]), shapely.box(5, 0, 6, 2)]
    )
    sites = shapely.box([-0.5, 2.5, 4.5], 0.5, [0.5, 3.5, 5.5], 1.5)
    assert by_index(sites, squares) == pytest.approx(by_geos(sites, squares))


def test_nothing_in_nothing() -> None:
    square = shapely.box([0], 0, 1, 1)
    none = np.array([], dtype=object)
    empty = np.array([None, shapely.Polygon(), shapely.Point(0.5, 0.5), shapely.LineString([(0, 0), (2, 2)])])
    for sites, polygons in ((none, square), (square, none), (none, none), (empty, square), (square, np.array([None]))):
        found = shares(sites, CellIndex.build(polygons), polygons)
        assert [one.tolist() for one in found] == [[], [], []]
    mixed = shapely.GeometryCollection([shapely.box(0.5, 0.5, 2, 2), shapely.Point(3, 3)])
    with pytest.raises(InputError):
        shares(np.array([mixed]), CellIndex.build(square), square)
