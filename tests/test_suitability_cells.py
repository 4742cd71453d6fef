"""Cells under sites, on rasters of a few cells that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from suitability_made import box, point, raster, shapes

from geo.suitability import cells

NINE = raster([[1, 2, 3], [4, 5, 6], [7, 8, 9]])  # cells of 10 m: 7 8 9 lie in the south


@pytest.mark.parametrize(
    ("site", "name", "value"),
    [
        (box(0, 0, 30, 30), "mean", 5),
        (box(0, 0, 15, 10), "mean", (7 * 100 + 8 * 50) / 150),
        (box(0, 0, 15, 10), "max", 8),
        (box(0, 0, 15, 10), "min", 7),
        (box(0, 0, 10, 10), "max", 7),
        (box(0, 0, 20, 10), "stdev", 0.5),
        (box(0, 0, 30, 30), "median", 5),
        (box(12, 12, 13, 13), "mean", 5),
    ],
    ids=["all", "one and a half", "touched", "least", "an edge is not touched", "stdev", "median", "within a cell"],
)
def test_a_statistic_weighs_cells_by_the_area_covered(site, name, value):
    found, share = cells.statistic(NINE, shapes(site), name)
    assert found[0] == pytest.approx(value, rel=1e-6) and share[0] == pytest.approx(1)


def test_a_triangle_covers_its_cells_in_part():
    """Half of the square of 20 m in the south-west: all of 7, half of 4 and of 8."""
    corner = shapely.Polygon(shapely.get_coordinates(box(0, 0, 20, 20))[[3, 2, 0]])
    corner = corner if corner.covers(point(1, 1)) else shapely.difference(box(0, 0, 20, 20), corner)
    found, _ = cells.statistic(NINE, shapes(corner), "mean")
    assert found[0] == pytest.approx((7 + 0.5 * 4 + 0.5 * 8) / 2)


@pytest.mark.parametrize(
    ("x", "y", "value"), [(1, 1, 7), (29, 29, 3), (15, 15, 5), (30, 0, 9), (0, 30, 1), (10, 10, 8), (31, 5, np.nan)]
)
def test_under_a_point_stands_its_cell(x, y, value):
    """On the line between cells the one to the south-east; on the outer edge the last one."""
    found, share = cells.statistic(NINE, shapes(point(x, y)), "mean")
    np.testing.assert_array_equal(found, [value])
    assert share[0] == (0 if np.isnan(value) else 1)
    assert np.isnan(cells.statistic(NINE, shapes(point(x, y)), "stdev")[0][0])


def test_no_statistic_where_any_of_the_site_has_no_data():
    """A quarter off the raster; a ninth without data; all of it elsewhere."""
    holed = raster([[1, 2, 3], [4, np.nan, 6], [7, 8, 9]])
    found, share = cells.statistic(holed, shapes(box(-10, 0, 30, 10), box(0, 0, 30, 30), box(90, 0, 99, 9)), "mean")
    assert np.isnan(found).all()
    np.testing.assert_allclose(share, [3 / 4, 8 / 9, 0], atol=1e-6)
    assert cells.statistic(holed, shapes(box(0, 0, 30, 10)), "mean")[0][0] == pytest.approx(8)


@pytest.mark.parametrize(
    ("plane", "percent"),
    [
        (lambda x, y: 0.3 * x, 30),
        (lambda x, y: -0.4 * y, 40),
        (lambda x, y: 0.3 * x + 0.4 * y, 50),
        (lambda x, y: 7 + 0 * x, 0),
    ],
)
def test_slope_of_a_plane_by_horn(plane, percent):
    """Rises of 3 and 4 in 10 make 5 in 10 downhill; nothing is said at the edge."""
    x, y = np.meshgrid(np.arange(5) * 10.0, np.arange(4)[::-1] * 10.0)
    found = cells.slope(raster(plane(x, y).tolist())).values
    np.testing.assert_allclose(found[1:-1, 1:-1], percent, atol=1e-9)
    assert np.isnan(found).sum() == 20 - 6


def test_slope_weighs_the_row_of_the_cell_twice():
    """One neighbour in the east 8 m higher: 2 · 8 / 80 = 20 %; one in the north-east: 10 % √2."""
    east, corner = np.zeros((3, 3)), np.zeros((3, 3))
    east[1, 2] = corner[0, 2] = 8
    assert cells.slope(raster(east.tolist())).values[1, 1] == pytest.approx(20)
    assert cells.slope(raster(corner.tolist())).values[1, 1] == pytest.approx(10 * np.sqrt(2))


def test_slope_knows_nothing_beside_or_on_a_cell_without_data():
    for hole in ((1, 1), (0, 0)):
        flat = np.zeros((3, 3))
        flat[hole] = np.nan
        assert np.isnan(cells.slope(raster(flat.tolist())).values[1, 1])


def test_a_statistic_does_not_depend_on_the_other_sites():
    rng = np.random.default_rng(3)
    ground = raster(rng.uniform(0, 50, (40, 40)).tolist(), 25)
    places = [point(x, y).buffer(60) for x, y in rng.uniform(100, 900, (9, 2))]
    together, _ = cells.statistic(ground, shapes(*places), "mean")
    alone = [cells.statistic(ground, shapes(one), "mean")[0][0] for one in places]
    np.testing.assert_array_equal(together, alone)
