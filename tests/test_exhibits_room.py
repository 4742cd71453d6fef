"""Room for names: the nearest place that has it, as trying every place finds it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.exhibits.room import Kept, find_corner, find_room

REGION = shapely.Polygon([(0, 0), (60, 0), (60, 40), (35, 40), (35, 15), (25, 15), (25, 40), (0, 40)])
BLOCKS = ([(-14.0, -2.0, 14.0, 2.0)], [(-6.0, 0.0, 6.0, 3.0), (-4.0, -3.0, 4.0, 0.0)], [(-2.0, -1.0, 2.0, 1.0)])


def tried(region, near, blocks, reach):
    """The first block and its place by trying all places for each block, nearest first."""
    west, south, east, north = shapely.bounds(region)
    x, y = (one.ravel() for one in np.meshgrid(np.arange(west, east, 0.7), np.arange(south, north, 0.7)))
    places = np.column_stack([np.append(x, near[0]), np.append(y, near[1])])
    away = np.hypot(*(places - near).T)
    for number, boxes in enumerate(blocks):
        for one in np.argsort(away, kind="stable"):
            x, y = places[one]
            lines = [
                shapely.box(x + west - 0.4, y + south, x + east + 0.4, y + north) for west, south, east, north in boxes
            ]
            if away[one] <= reach and region.contains(shapely.Point(x, y)) and all(map(region.contains, lines)):
                return number, (float(x), float(y))
    return None


@pytest.mark.parametrize("near", [(30.0, 8.0), (30.0, 35.0), (-5.0, 50.0), (12.0, 39.0)])
@pytest.mark.parametrize("reach", [np.inf, 9.0])
@pytest.mark.parametrize("taken", [shapely.Polygon(), shapely.box(5, 2, 55, 12)])
def test_the_place_is_that_which_trying_all_finds(near, reach, taken) -> None:
    assert find_room(REGION, taken, near, BLOCKS, reach) == tried(REGION - taken, near, BLOCKS, reach)


def test_a_corner_is_where_least_is_covered_and_nothing_taken_touched() -> None:
    kept = Kept((0.0, 0.0, 100.0, 60.0), shapely.box(0, 0, 100, 30))
    assert find_corner(kept, (20.0, 10.0), shapely.Polygon(), (0.0, 0.0))[1] >= 29
    x, y = find_corner(kept, (20.0, 10.0), shapely.box(0, 29, 60, 60), (0.0, 1.0))
    assert x > 60 and y >= 29
    assert kept.covered(np.array([[10.0, 20.0, 20.0, 40.0]])).tolist() == [100.0]
