"""Distances between points and segments, pair by pair (layer 1).

`columns` are those of `geo.overlay.segments.SegmentIndex`: of each segment its ends x, y, x, y,
their difference x, y, its squared length and the number of its line.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Rows = NDArray[np.uint16] | Numbers

PAIRS = 1 << 15  # pairs of point and segment held at a time: they fit a processor's cache


def measured(points: Floats, left: Rows, first: Numbers, count: Numbers, columns: Floats) -> tuple[Floats, Numbers]:
    """Squared distance to the nearest of the segments left to each point, and the first of those lines."""
    least, line = np.empty(points.shape[1]), np.empty(points.shape[1])
    for some, owner, pairs, starts in blocks(first, count):
        found = left[pairs]
        apart = squared(points[0, some][owner], points[1, some][owner], found, columns)
        least[some] = np.minimum.reduceat(apart, starts)
        equal = np.where(apart == least[some][owner], columns[7].take(found), np.inf)
        line[some] = np.minimum.reduceat(equal, starts)
    return least, line.astype(np.int64)


def blocks(first: Numbers, count: Numbers) -> Iterator[tuple[slice, Numbers, Numbers, Numbers]]:
    """Pairs of an owner and an entry of a list, so many at a time.

    Yields
    ------
    some : slice
        Owners of this block.
    owner, entry : array of int
        Of each pair, the owner counted from the first of the block.
    starts : array of int
        Where the pairs of each owner begin.
    """
    ends = np.cumsum(count)
    start = 0
    while start < len(count):
        before = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, before + PAIRS, side="right")), start + 1)
        some = slice(start, stop)
        starts = ends[some] - count[some] - before
        owner = np.repeat(np.arange(stop - start), count[some])
        yield some, owner, np.arange(len(owner)) + (first[some] - starts)[owner], starts
        start = stop


def squared(x: Floats, y: Floats, found: Rows, columns: Floats) -> Floats:
    """Squared distance between points and segments, pair by pair.

    Beside a segment it is (d × u)² / d · d, with d along it and u from its end to the
    point; before and after it the squared distance to that end.
    """
    begin_x, begin_y, end_x, end_y, along_x, along_y, length = (column.take(found) for column in columns[:7])
    east, north = x - begin_x, y - begin_y
    along = east * along_x + north * along_y
    across = along_x * north - along_y * east
    with np.errstate(invalid="ignore", divide="ignore"):
        beside = across * across / length
    past = along >= length
    east, north = np.where(past, x - end_x, east), np.where(past, y - end_y, north)
    return np.asarray(np.where((along > 0) & ~past, beside, east * east + north * north))


def slopes(x: Floats, y: Floats, found: Rows, columns: Floats) -> tuple[Floats, Floats, Floats]:
    """The ways from segments to points, pair by pair: to the east, to the north, and how long it is."""
    begin_x, begin_y, along_x, along_y, length = (columns[at].take(found) for at in (0, 1, 4, 5, 6))
    east, north = x - begin_x, y - begin_y
    share = np.clip((east * along_x + north * along_y) / np.where(length > 0, length, np.inf), 0, 1)
    east, north = east - share * along_x, north - share * along_y
    return east, north, np.sqrt(east * east + north * north)
