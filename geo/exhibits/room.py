"""Free room on a print sheet (layer 7): for names, and for what lies on a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import GeoError
from geo.exhibits.spec import Box

_STEP = 0.7  # millimetres between the places tried for a name
_AT_ONCE = 400
_SAMPLE = 1.0  # millimetres
_AWAY = 0.002  # cost of a millimetre from where a thing is wanted, in square millimetres covered


def find_room(
    region: Any,
    taken: Any,
    near: tuple[float, float],
    blocks: Sequence[Sequence[Box]],
    reach: float = np.inf,
    margin: float = 0.4,
) -> tuple[int, tuple[float, float]] | None:
    """The first of some blocks that has room in a region, and the middle nearest to a point.

    Parameters
    ----------
    region, taken : shapely geometry
        Where a block must lie, and what it may not touch.
    blocks : sequence of sequence of Box
        The `footprint` of each block, best first.
    reach : float
        How far from the point the middle may lie, in millimetres.
    margin : float
        Room around each line, in millimetres.

    Returns
    -------
    (int, (float, float)) or None
        Number of the block and its middle.
    """
    free = region - taken
    if shapely.is_empty(free):
        return None
    west, south, east, north = shapely.bounds(free)
    xs, ys = (grid.ravel() for grid in np.meshgrid(np.arange(west, east, _STEP), np.arange(south, north, _STEP)))
    xs, ys = np.append(xs, near[0]), np.append(ys, near[1])
    away = np.hypot(xs - near[0], ys - near[1])
    order = np.argsort(away, kind="stable")[: int(np.count_nonzero(away <= reach))]
    xs, ys = xs[order], ys[order]
    shapely.prepare(free)
    inside = shapely.contains_xy(free, xs, ys)
    xs, ys = xs[inside], ys[inside]
    for number, boxes in enumerate(blocks):
        for start in range(0, len(xs), _AT_ONCE):
            fits = np.arange(start, min(start + _AT_ONCE, len(xs)))
            for left, bottom, right, top in boxes:
                x, y = xs[fits], ys[fits]
                lines = shapely.box(x + left - margin, y + bottom, x + right + margin, y + top)
                fits = fits[shapely.contains(free, lines)]
            if fits.size:
                return number, (float(xs[fits[0]]), float(ys[fits[0]]))
    return None


def find_corner(
    frame: Box, size: tuple[float, float], keep: Any, taken: Any, corner: tuple[float, float], margin: float = 3.0
) -> tuple[float, float]:
    """Where to lay something upon a map so that it covers as little as can be.

    Parameters
    ----------
    frame : tuple of float
        Of the map: left, bottom, width and height in millimetres.
    size : tuple of float
        Width and height of what is laid upon it.
    keep, taken : shapely geometry
        What should not be covered, and what must not be touched.
    corner : tuple of float
        Where it is wanted, as shares of the frame: (0, 0) is lower left.

    Returns
    -------
    tuple of float
        Its lower left corner in millimetres.

    Raises
    ------
    GeoError
        If there is no room for it.
    """
    left, bottom, across, up = frame
    free_x, free_y = across - 2 * margin - size[0], up - 2 * margin - size[1]
    if free_x < 0 or free_y < 0:
        raise _crowded()
    xs = left + margin + np.linspace(0.0, free_x, max(2, int(free_x / 3) + 1))
    ys = bottom + margin + np.linspace(0.0, free_y, max(2, int(free_y / 3) + 1))
    x, y = (grid.ravel() for grid in np.meshgrid(xs, ys))
    boxes = shapely.box(x - 1, y - 1, x + size[0] + 1, y + size[1] + 1)
    covered = _covered(frame, keep, shapely.bounds(boxes))
    away = np.hypot(x - xs[0] - corner[0] * free_x, y - ys[0] - corner[1] * free_y)
    cost = np.where(shapely.intersects(boxes, taken), np.inf, covered + _AWAY * away)
    best = int(np.argmin(cost))
    if not np.isfinite(cost[best]):
        raise _crowded()
    return float(x[best]), float(y[best])


def _covered(frame: Box, keep: Any, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of `keep` boxes cover, in square millimetres, from samples of it."""
    left, bottom, across, up = frame
    xs, ys = np.arange(left, left + across, _SAMPLE), np.arange(bottom, bottom + up, _SAMPLE)
    shapely.prepare(keep)
    held = shapely.contains_xy(keep, *np.meshgrid(xs, ys))
    sums = np.zeros((len(ys) + 1, len(xs) + 1))
    sums[1:, 1:] = held.cumsum(axis=0).cumsum(axis=1)
    west, east = (np.searchsorted(xs, boxes[:, side]) for side in (0, 2))
    south, north = (np.searchsorted(ys, boxes[:, side]) for side in (1, 3))
    found = sums[north, east] - sums[south, east] - sums[north, west] + sums[south, west]
    return np.asarray(found * _SAMPLE**2)


def _crowded() -> GeoError:
    return GeoError(
        "the map is too small for what the sheet lays upon it",
        "图幅过小，放不下图件要素",
        remedy_en="take a larger paper with --paper, or a smaller extent",
        remedy_zh="请用 --paper 选更大的纸张，或缩小范围",
    )
