"""A grid of square cells over the borders of polygons (layer 1).

The side of a cell is a power of two, and the cell of a point is exact: the nearest whole
number to x / size comes out in the last bits of x + 1.5 * 2**52 * size, which is rounded once.
Places on borders are counted in cells, u = (x - west) / size, v likewise, and rounded; they
are off by less than 1e-11 of a cell. A border is near a cell where it meets the cell widened
by MARGIN on each side, which is far more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from geo.overlay import choice

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Number = TypeVar("Number", np.float64, np.int64)

MARGIN = 1e-5  # of a cell
SIDE = 16_384  # most cells in a row or column
STEEP = 0.25  # columns; the rows of a segment that spans less are taken whole in each column
_FINEST = 2.0**22  # spacings of floating-point numbers in a cell: the nearest number to a place is within MARGIN
_SMALLEST = 1e-150
_FILL, _MARK, _TEST = 1.5, 150.0, 170.0  # nanoseconds a cell, a pair of cell and segment, a point and segment tested
_FEWEST = 100_000  # points, as few as there may be: they may all lie near borders
_CACHED, _FAR = 20, 3.0  # cells (log 2) that a processor's cache holds; nanoseconds a point for each doubling beyond


@dataclass(frozen=True)
class Grid:
    """Where the cells lie. No border is near the outermost ring of cells.

    Attributes
    ----------
    west, south : float
        Lower left corner of the first cell.
    size : float
        Side of a cell, in the unit of the coordinates; a power of two.
    columns, rows : int
        Cells are numbered row by row from the south-west.
    """

    west: float
    south: float
    size: float
    columns: int
    rows: int

    @classmethod
    def over(cls, x: Floats, y: Floats, segments: Numbers, points: int) -> Grid:
        """A grid over the bounds of the vertices, as fine as pays for so many points.

        Coarser where it would be too fine for the coordinates to be exact.
        """
        if not len(x):
            return cls(-1.5, -1.5, 1.0, 3, 3)
        west, south, east, north = float(x.min()), float(y.min()), float(x.max()), float(y.max())
        length = float(np.abs(np.diff(x))[segments].sum() + np.abs(np.diff(y))[segments].sum())
        ulp = float(np.spacing(max(-west, east, -south, north, 0.0)))
        finest = max((east - west) / (SIDE - 5), (north - south) / (SIDE - 5), ulp * _FINEST, _SMALLEST)
        size = _best_size(finest, east - west, north - south, length, len(segments), points)
        first, last = round(west / size) - 2, round(east / size) + 2
        low, high = round(south / size) - 2, round(north / size) + 2
        return cls((first - 0.5) * size, (low - 0.5) * size, size, last - first + 1, high - low + 1)

    def place(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Places u and v, in cells."""
        scale = 1.0 / self.size
        return (x - self.west) * scale, (y - self.south) * scale

    def middle(self, cells: Numbers) -> tuple[Floats, Floats]:
        """Coordinates of the middle of cells, to the nearest floating-point number."""
        row, column = np.divmod(cells, self.columns)
        return self.west + (column + 0.5) * self.size, self.south + (row + 0.5) * self.size

    def near(self, u: Floats, v: Floats, segments: Numbers) -> tuple[Numbers, Numbers]:
        """Every cell that a segment is near: the number of the segment's first vertex, and the cell; by cell."""
        bits = len(u).bit_length()
        loops = choice.loops(False)
        near = _near if loops is None else loops.near
        packed: Numbers = np.sort(near(u, v, segments, self.columns, bits))
        return packed & ((1 << bits) - 1), packed >> bits

    def crossings(self, u: Floats, v: Floats, segments: Numbers) -> tuple[Floats, Numbers]:
        """Where segments cross the middle line of a row: row times `columns` plus u, and the first vertex; in order.

        A vertex on the line counts as above it, so a ring crosses each line an even number of times.
        """
        row = np.ceil(v - 0.5).astype(np.int64)
        start, end = row[segments], row[segments + 1]
        rising = np.flatnonzero(start != end)
        low, high = _ordered(start[rising], end[rising])
        number, at = spans(low, high - 1)
        vertex = segments[rising[number]]
        u0, v0, u1, v1 = u[vertex], v[vertex], u[vertex + 1], v[vertex + 1]
        place = np.clip(u0 + (at + 0.5 - v0) * ((u1 - u0) / (v1 - v0)), np.minimum(u0, u1), np.maximum(u0, u1))
        place += at * self.columns
        order = np.argsort(place)
        return place[order], vertex[order]


def _near(u: Floats, v: Floats, segments: Numbers, columns: int, bits: int) -> Numbers:
    """Every cell that a segment is near, as a number: the cell, then in `bits` bits the segment's first vertex."""
    ends = segments + 1
    west, east = _ordered(u[segments], u[ends])
    south, north = _ordered(v[segments], v[ends])
    first, last = _floor(west - MARGIN), _floor(east + MARGIN)
    low, high = _floor(south - MARGIN), _floor(north + MARGIN)
    several = (first != last) | (low != high)
    long = np.flatnonzero(several)
    number, column = spans(first[long], last[long])
    number = long[number]
    start = segments[number]
    below, above = _cut(u[start], v[start], u[start + 1], v[start + 1], column)
    piece, row = spans(_floor(below - MARGIN), _floor(above + MARGIN))
    short = np.flatnonzero(~several)
    vertex = np.concatenate([segments[short], start[piece]])
    cell = np.concatenate([low[short] * columns + first[short], row * columns + column[piece]])
    packed: Numbers = cell << bits | vertex
    return packed


def _best_size(finest: float, wide: float, high: float, length: float, segments: int, points: int) -> float:
    """Side of the cells for which filling the table and testing points near borders take the least time in all."""
    size = 2.0 ** (math.ceil(math.log2(finest)) + np.arange(SIDE.bit_length() + 1))
    cells = (wide / size + 5) * (high / size + 5)
    pairs = length / size + segments
    far = np.maximum(np.log2(cells) - _CACHED, 0)
    time = _FILL * cells + _MARK * pairs + max(points, _FEWEST) * (_TEST * pairs / cells + _FAR * far)
    return float(size[np.argmin(time)])


def spans(first: Numbers, last: Numbers) -> tuple[Numbers, Numbers]:
    """Every whole number from each `first` to its `last`: which pair it is of, and the number."""
    counts = last - first + 1
    pair = np.repeat(np.arange(len(counts)), counts)
    skipped = np.cumsum(counts) - counts
    return pair, np.arange(len(pair)) + (first - skipped)[pair]


def _cut(u0: Floats, v0: Floats, u1: Floats, v1: Floats, column: Numbers) -> tuple[Floats, Floats]:
    """Lowest and highest v of each segment within a column widened by MARGIN; all of v where it is steep."""
    west, east = _ordered(u0, u1)
    wide = u1 - u0
    steep = np.abs(wide) < STEEP
    slope = (v1 - v0) / np.where(steep, 1.0, wide)
    one = v0 + (np.maximum(column - MARGIN, west) - u0) * slope
    other = v0 + (np.minimum(column + (1 + MARGIN), east) - u0) * slope
    return _ordered(np.where(steep, v0, one), np.where(steep, v1, other))


def _ordered(one: NDArray[Number], other: NDArray[Number]) -> tuple[NDArray[Number], NDArray[Number]]:
    return np.minimum(one, other), np.maximum(one, other)


def _floor(values: Floats) -> Numbers:
    return np.floor(values).astype(np.int64)
