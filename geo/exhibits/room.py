"""Free room on a print sheet (layer 7): for names, and for what lies on a map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import GeoError
from geo.exhibits.spec import Box

_STEP = 0.7  # millimetres between the places tried for a name
_AT_ONCE = 1500
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
    shapely.prepare(free)
    places = _Places(free, near, reach)
    for number, boxes in enumerate(blocks):
        for xs, ys in places:
            fits = _fitting(free, xs, ys, boxes, margin)
            if fits.size:
                return number, (float(xs[fits[0]]), float(ys[fits[0]]))
    return None


class _Places:
    """Places in a region, those nearest to a point first: found only as far as they are asked for."""

    def __init__(self, free: Any, near: tuple[float, float], reach: float) -> None:
        west, south, east, north = shapely.bounds(free)
        xs, ys = (grid.ravel() for grid in np.meshgrid(np.arange(west, east, _STEP), np.arange(south, north, _STEP)))
        xs, ys = np.append(xs, near[0]), np.append(ys, near[1])
        away = np.hypot(xs - near[0], ys - near[1])
        within = np.flatnonzero(away <= reach)
        order = within[np.argsort(away[within], kind="stable")]
        self._free, self._tried = free, np.split(order, range(_AT_ONCE, len(order), _AT_ONCE))
        self._xs, self._ys = xs, ys
        self._found: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []

    def __iter__(self) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        for number, tried in enumerate(self._tried):
            if number == len(self._found):
                xs, ys = self._xs[tried], self._ys[tried]
                inside = shapely.contains_xy(self._free, xs, ys)
                self._found.append((xs[inside], ys[inside]))
            yield self._found[number]


def _fitting(
    free: Any, xs: NDArray[np.float64], ys: NDArray[np.float64], boxes: Sequence[Box], margin: float
) -> NDArray[np.intp]:
    """At which of some places every box around them lies in a region."""
    fits = np.arange(len(xs))
    for left, bottom, right, top in boxes:
        x, y = xs[fits], ys[fits]
        sides = np.array((x + left - margin, y + bottom, x + right + margin, y + top))
        for one, other in ((0, 1), (2, 3), (0, 3), (2, 1)):  # a box takes longer to make than its corners to look at
            held = shapely.intersects_xy(free, sides[one], sides[other])
            fits, sides = fits[held], sides[:, held]
        fits = fits[shapely.contains(free, shapely.box(*sides))]
    return fits


@dataclass(frozen=True)
class Kept:
    """What of a map should not be covered.

    Attributes
    ----------
    frame : tuple of float
        Of the map: left, bottom, width and height in millimetres.
    shape : shapely geometry
        What is to be seen.
    """

    frame: Box
    shape: Any

    def covered(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """How much of it boxes (west, south, east, north) cover, in square millimetres, from samples of it."""
        xs, ys, sums = self._samples
        west, east = (np.searchsorted(xs, boxes[:, side]) for side in (0, 2))
        south, north = (np.searchsorted(ys, boxes[:, side]) for side in (1, 3))
        found = sums[north, east] - sums[south, east] - sums[north, west] + sums[south, west]
        return np.asarray(found * _SAMPLE**2)

    @cached_property
    def _samples(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """Columns and rows of the samples, and how many of those held lie left of and below each."""
        left, bottom, across, up = self.frame
        xs, ys = np.arange(left, left + across, _SAMPLE), np.arange(bottom, bottom + up, _SAMPLE)
        shapely.prepare(self.shape)
        held = shapely.contains_xy(self.shape, *np.meshgrid(xs, ys))
        sums = np.zeros((len(ys) + 1, len(xs) + 1))
        sums[1:, 1:] = held.cumsum(axis=0).cumsum(axis=1)
        return xs, ys, sums


def find_corner(
    kept: Kept, size: tuple[float, float], taken: Any, corner: tuple[float, float], margin: float = 3.0
) -> tuple[float, float]:
    """Where to lay something upon a map so that it covers as little as can be.

    Parameters
    ----------
    kept : Kept
        What of the map should not be covered.
    size : tuple of float
        Width and height of what is laid upon it.
    taken : shapely geometry
        What must not be touched.
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
    left, bottom, across, up = kept.frame
    free_x, free_y = across - 2 * margin - size[0], up - 2 * margin - size[1]
    if free_x < 0 or free_y < 0:
        raise _crowded()
    xs = left + margin + np.linspace(0.0, free_x, max(2, int(free_x / 3) + 1))
    ys = bottom + margin + np.linspace(0.0, free_y, max(2, int(free_y / 3) + 1))
    x, y = (grid.ravel() for grid in np.meshgrid(xs, ys))
    boxes = shapely.box(x - 1, y - 1, x + size[0] + 1, y + size[1] + 1)
    covered = kept.covered(shapely.bounds(boxes))
    away = np.hypot(x - xs[0] - corner[0] * free_x, y - ys[0] - corner[1] * free_y)
    cost = np.where(shapely.intersects(boxes, taken), np.inf, covered + _AWAY * away)
    best = int(np.argmin(cost))
    if not np.isfinite(cost[best]):
        raise _crowded()
    return float(x[best]), float(y[best])


def _crowded() -> GeoError:
    return GeoError(
        "the map is too small for what the sheet lays upon it",
        "图幅过小，放不下图件要素",
        remedy_en="take a larger paper with --paper, or a smaller extent",
        remedy_zh="请用 --paper 选更大的纸张，或缩小范围",
    )
