"""Points looked up in a table of cells, and their ways to the middles of cells, compiled (layer 1).

The same numbers in the same order as in `geo.overlay.index`, so the same answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.loops.compiling import compiled, plain
from geo.overlay.grid import MARGIN, STEEP

if TYPE_CHECKING:
    from geo.overlay.index import CellIndex

BLOCK = 1 << 14  # points whose rows are noted at a time: they fit a processor's cache

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


def look_up(index: CellIndex, x: Floats, y: Floats, found: NDArray[np.int32], part: slice) -> Numbers:
    """Write what the table says of a part of the points; the rows of those in marked cells."""
    grid, east, north, codes = index.grid, plain(x[part]), plain(y[part]), found[part]
    shape = (grid.west, grid.south, grid.size, grid.columns, grid.rows)
    cells, marked = np.empty(BLOCK, dtype=np.int32), np.empty(BLOCK, dtype=np.int64)
    rows = [np.empty(0, dtype=np.int64)]
    for start in range(0, len(east), BLOCK):
        stop = min(start + BLOCK, len(east))
        count = _look_up(east, north, codes, start, stop, index.table, index.mark, *shape, cells, marked)
        rows.append(marked[:count] + part.start)
    return np.concatenate(rows)


def crossed(index: CellIndex, x: Floats, y: Floats, slot: Numbers) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
    """Points whose way to the middle of the cell crosses a segment, the segment's ring; doubt of each point."""
    rings, (starts, vertices, reach, least) = index.rings, index.borders
    grid, counts = index.grid, starts[slot + 1] - starts[slot]
    pairs = np.empty((int(counts.sum()), 2), dtype=np.int64)
    doubt = np.zeros(len(x), dtype=np.bool_)
    count = _crossed(
        plain(x),
        plain(y),
        plain(slot),
        index.marked,
        grid.west,
        grid.south,
        grid.size,
        grid.columns,
        starts,
        vertices,
        rings.x,
        rings.y,
        rings.ring,
        reach,
        least,
        pairs,
        doubt,
    )
    return pairs[:count, 0], pairs[:count, 1], doubt


def near(u: Floats, v: Floats, segments: Numbers, columns: int, bits: int) -> Numbers:
    """Every cell that a segment is near, as a number: the cell, then in `bits` bits the segment's first vertex."""
    nothing = np.empty(0, dtype=np.int64)
    packed = np.empty(_near(u, v, segments, columns, bits, nothing), dtype=np.int64)
    _near(u, v, segments, columns, bits, packed)
    return packed


@compiled
def _near(u: Floats, v: Floats, segments: Numbers, columns: int, bits: int, packed: Numbers) -> int:
    """How many there are; they are written where there is room. As `Grid.near` has it."""
    count, room = 0, len(packed) > 0
    for start in segments:
        u0, v0, u1, v1 = u[start], v[start], u[start + 1], v[start + 1]
        west, east = min(u0, u1), max(u0, u1)
        south, north = min(v0, v1), max(v0, v1)
        steep = abs(u1 - u0) < STEEP or np.floor(west - MARGIN) == np.floor(east + MARGIN)
        slope = 0.0 if steep else (v1 - v0) / (u1 - u0)
        for column in range(int(np.floor(west - MARGIN)), int(np.floor(east + MARGIN)) + 1):
            below, above = south, north
            if not steep:
                one = v0 + (max(column - MARGIN, west) - u0) * slope
                other = v0 + (min(column + (1 + MARGIN), east) - u0) * slope
                below, above = min(one, other), max(one, other)
            for row in range(int(np.floor(below - MARGIN)), int(np.floor(above + MARGIN)) + 1):
                if room:
                    packed[count] = (row * columns + column) << bits | start
                count += 1
    return count


@compiled
def _look_up(
    x: Floats,
    y: Floats,
    found: NDArray[np.int32],
    start: int,
    stop: int,
    table: NDArray[Any],
    mark: int,
    west: float,
    south: float,
    size: float,
    columns: int,
    rows: int,
    cells: NDArray[np.int32],
    marked: Numbers,
) -> int:
    """The number of rows written to `marked`; three short loops, of which a processor does several turns at once."""
    for at in range(start, stop):
        cells[at - start] = _along(y[at], south, size, rows) * columns + _along(x[at], west, size, columns)
    for at in range(start, stop):
        found[at] = table[cells[at - start]]
    count = 0
    for at in range(start, stop):
        marked[count] = at
        count += found[at] == mark
    return count


@compiled
def _along(value: float, start: float, size: float, count: int) -> int:
    """Number of the column, or row; of the outermost one of what lies outside or is no number."""
    first, last = start + 0.5 * size, start + (count - 0.5) * size
    value = value if value > first else first
    value = value if value < last else last
    shift = 1.5 * 2.0**52 * size
    return int(((value + shift) - shift - first) * (1.0 / size))


@compiled
def _crossed(
    x: Floats,
    y: Floats,
    slot: Numbers,
    marked: Numbers,
    west: float,
    south: float,
    size: float,
    columns: int,
    starts: Numbers,
    vertices: Numbers,
    ring_x: Floats,
    ring_y: Floats,
    ring: Numbers,
    reach: Floats,
    doubtful: float,
    pairs: Numbers,
    doubt: NDArray[np.bool_],
) -> int:
    count = 0
    for at in range(len(x)):
        row, column = divmod(marked[slot[at]], columns)
        px, py, mx, my = x[at], y[at], west + (column + 0.5) * size, south + (row + 0.5) * size
        for entry in range(starts[slot[at]], starts[slot[at] + 1]):
            vertex = vertices[entry]
            x0, y0, x1, y1 = ring_x[vertex], ring_y[vertex], ring_x[vertex + 1], ring_y[vertex + 1]
            own = (x0 - mx) * (y1 - my) - (y0 - my) * (x1 - mx)
            side = (x0 - px) * (y1 - py) - (y0 - py) * (x1 - px)
            far, apart = abs(own) > doubtful + reach[vertex], abs(side) > doubtful
            if far and apart and (own > 0) == (side > 0):
                continue
            first = (x0 - px) * (y0 - my) - (y0 - py) * (x0 - mx)
            last = (x1 - px) * (y1 - my) - (y1 - py) * (x1 - mx)
            sure = far and min(abs(first), abs(last)) > doubtful
            between = (first > 0) != (last > 0)
            if sure and between and apart:
                pairs[count, 0], pairs[count, 1] = at, ring[vertex]
                count += 1
            elif not (sure and not between):
                doubt[at] = True
    return count
