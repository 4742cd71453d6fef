"""The loops of this package, compiled by numba (layer 1): the extra `fast`.

`geo.overlay.choice` says when they are taken. They release the interpreter, so threads
share the work; what they answer does not depend on how many there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geo.loops.compiling import compiled
from geo.loops.threads import in_parts
from geo.overlay.lookup import crossed, look_up, near
from geo.overlay.nearby import divided, least, looked_up, squared
from geo.overlay.segments import BITS, FEW, SegmentIndex, sorted_along_curve

if TYPE_CHECKING:
    from geo.overlay.strips import Edges
    from geo.overlay.zones import Zones

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

SHARE, SITES = 20_000, 2000  # points and sites that are worth a thread

__all__ = ["crossed", "divided", "look_up", "looked_up", "near", "searched", "shared"]


def searched(local: Floats, index: SegmentIndex, slack: float) -> tuple[Floats, Numbers]:
    """Distance and line of points, as `geo.overlay.segments` searches, shared among threads."""
    count = local.shape[1]
    place = np.empty(count, dtype=np.uint64)
    in_parts(lambda part: _places(local, index.scale, place, part.start, part.stop), count, SHARE)
    place, order = sorted_along_curve(place)
    distance, line = np.empty(count), np.empty(count, dtype=np.int64)

    def search(part: slice) -> None:
        _descend(local, order, place, index.segments, slack, part.start, part.stop, distance, line)

    in_parts(search, count, SHARE)
    return distance, line


@compiled
def _places(local: Floats, scale: float, place: NDArray[np.uint64], start: int, stop: int) -> None:
    half, most = float(1 << (BITS - 1)), np.uint64((1 << BITS) - 1)
    for at in range(start, stop):
        place[at] = 0
        for axis in range(2):
            apart = local[axis, at] / scale
            steps = min(np.uint64((apart / (1 + abs(apart)) + 1) * half), most)
            steps = (steps | steps << np.uint64(16)) & np.uint64(0x0000FFFF0000FFFF)
            steps = (steps | steps << np.uint64(8)) & np.uint64(0x00FF00FF00FF00FF)
            steps = (steps | steps << np.uint64(4)) & np.uint64(0x0F0F0F0F0F0F0F0F)
            steps = (steps | steps << np.uint64(2)) & np.uint64(0x3333333333333333)
            steps = (steps | steps << np.uint64(1)) & np.uint64(0x5555555555555555)
            place[at] |= steps << np.uint64(axis)


@compiled
def _descend(
    local: Floats,
    order: NDArray[np.intp],
    place: NDArray[np.uint64],
    segments: Floats,
    slack: float,
    start: int,
    stop: int,
    distance: Floats,
    line: Numbers,
) -> None:
    """The search of points `start` to `stop`, square by square, the smallest first."""
    points = np.empty((stop - start, 2))
    for at in range(start, stop):
        points[at - start, 0], points[at - start, 1] = local[0, order[at]], local[1, order[at]]
    left = np.arange(2 * len(segments))  # segments left to the squares on the way down, one after the other
    apart = np.empty(len(segments))
    turn = np.empty((4 * BITS + 4, 4), dtype=np.int64)  # points from, to; segments left from, to
    turn[0] = start, stop, 0, len(segments)
    turns = 1
    while turns:
        turns -= 1
        begin, end, first, last = turn[turns]
        if last + last - first > len(left):
            left = np.concatenate((left, np.empty(len(left), dtype=np.int64)))
        west = east = points[begin - start, 0]
        south = north = points[begin - start, 1]
        for at in range(begin - start, end - start):
            x, y = points[at, 0], points[at, 1]
            west, east = x if x < west else west, x if x > east else east
            south, north = y if y < south else south, y if y > north else north
        x, y = (west + east) / 2, (south + north) / 2
        smallest = np.inf
        for entry in range(first, last):
            one = squared(x, y, segments, left[entry])
            apart[entry - first] = one
            smallest = one if one < smallest else smallest
        limit = np.sqrt(smallest) + np.sqrt((east - west) ** 2 + (north - south) ** 2) + slack
        limit *= limit
        kept = last
        for entry in range(first, last):
            if apart[entry - first] <= limit:
                left[kept] = left[entry]
                kept += 1
        if end - begin <= FEW or kept - last <= FEW or place[begin] == place[end - 1]:
            for at in range(begin, end):
                x, y = points[at - start, 0], points[at - start, 1]
                distance[order[at]], line[order[at]] = least(x, y, segments, left, last, kept - last)
            continue
        differ = place[begin] ^ place[end - 1]
        level = np.uint64(0)
        while differ >> (level + np.uint64(2)):
            level += np.uint64(2)
        while begin < end:
            following = ((place[begin] >> level) + np.uint64(1)) << level
            stopping = begin + np.searchsorted(place[begin:end], following)
            turn[turns] = begin, stopping, last, kept
            turns += 1
            begin = stopping


def shared(
    whole: Edges, starts: Numbers, bounds: Floats, reach: Numbers, zones: Zones
) -> tuple[Numbers, Numbers, Floats]:
    """Site, zone and area, as `geo.overlay.zones` finds them, shared among threads."""
    slope = (whole.y_east - whole.y_west) / (whole.east - whole.west)
    edges = np.column_stack([*whole[:5], slope])
    pieces, runs = zones.tables
    squares, columns, side, count = zones.squares, zones.shape[1], zones.side, zones.count

    def part(some: slice) -> tuple[Numbers, Floats]:
        return _shared(edges, starts, bounds, reach, pieces, runs, squares, columns, side, count, some.start, some.stop)

    pairs, area = (np.concatenate(column) for column in zip(*in_parts(part, len(bounds), SITES), strict=True))
    return pairs[:, 0], pairs[:, 1], area


@compiled
def _shared(
    edges: Floats,
    starts: Numbers,
    bounds: Floats,
    reach: Numbers,
    pieces: Floats,
    runs: Floats,
    squares: Numbers,
    columns: int,
    side: float,
    zones: int,
    start: int,
    stop: int,
) -> tuple[Numbers, Floats]:
    pairs, area = np.empty((2 * (stop - start) + zones, 2), dtype=np.int64), np.empty(2 * (stop - start) + zones)
    total, met = np.zeros(zones), np.zeros(zones, dtype=np.bool_)
    zone = np.empty(zones, dtype=np.int64)
    count = 0
    for site in range(start, stop):
        if count + zones > len(pairs):
            pairs, area = np.concatenate((pairs, np.empty_like(pairs))), np.concatenate((area, np.empty_like(area)))
        many = 0
        left, low, right = bounds[site, 0], bounds[site, 1], bounds[site, 2]
        for row in range(reach[site, 1], reach[site, 3]):
            base = row * side
            for square in range(row * columns + reach[site, 0], row * columns + reach[site, 2]):
                for run in range(squares[square], squares[square + 1]):
                    if runs[run, 0] >= right or runs[run, 2] <= left or runs[run, 3] + base <= low:
                        continue
                    of = int(runs[run, 8])
                    if not met[of]:
                        met[of] = True
                        zone[many] = of
                        many += 1
                    under = 0.0
                    for edge in range(starts[site], starts[site + 1]):
                        if edges[edge, 0] < runs[run, 2] and edges[edge, 2] > runs[run, 0]:
                            under += edges[edge, 4] * _under(edges, edge, runs, run, pieces, base)
                    total[of] += runs[run, 4] * under
        for of in np.sort(zone[:many]):
            pairs[count, 0], pairs[count, 1], area[count] = site, of, total[of]
            total[of], met[of] = 0.0, False
            count += 1
    return pairs[:count].copy(), area[:count].copy()


@compiled
def _under(edges: Floats, edge: int, runs: Floats, run: int, pieces: Floats, base: float) -> float:
    """Area under both of an edge of a site and a run, within the run's square."""
    first, last, y_first, slope = edges[edge, 0], edges[edge, 2], edges[edge, 1] - base, edges[edge, 5]
    west = first if first > runs[run, 0] else runs[run, 0]
    east = last if last < runs[run, 2] else runs[run, 2]
    y_west, y_east = y_first + (west - first) * slope, y_first + (east - first) * slope
    if y_west <= runs[run, 1] and y_east <= runs[run, 1]:
        return float((east - west) * _positive(y_west, y_east))
    if y_west >= runs[run, 3] and y_east >= runs[run, 3] and west == runs[run, 0] and east == runs[run, 2]:
        return float(runs[run, 5])
    total = 0.0
    for piece in range(int(runs[run, 6]), int(runs[run, 7])):
        left, y_left, right, y_right = pieces[piece, 0], pieces[piece, 1], pieces[piece, 2], pieces[piece, 3]
        west = first if first > left else left
        wide = (last if last < right else right) - west
        if wide > 0:
            lean = (y_right - y_left) / (right - left)
            y_west, under_west = y_first + (west - first) * slope, y_left + (west - left) * lean
            y_east, under_east = y_west + wide * slope, under_west + wide * lean
            total += wide * (_positive(y_west, y_east) - _positive(y_west - under_west, y_east - under_east))
    return total


@compiled
def _positive(first: float, last: float) -> float:
    """Mean of the positive part of a value that runs evenly from first to last."""
    if first >= 0 and last >= 0:
        return (first + last) / 2
    if first <= 0 and last <= 0:
        return 0.0
    high = first if first > last else last
    return high * high / (2 * (abs(first) + abs(last)))
