"""Distance to the nearest segment by a tree of squares, compiled (layer 1).

Each square knows the segments that may be nearest to a point in it. Of a square with middle
m and any segment s, the distance d_s is convex, so it lies above its tangent plane
L_s(p) = d_s(m) + g · (p - m), g being the direction from the nearest place of s to m. With t
the segment nearest to m, d_t - L_s is convex too and largest at a corner of the square: where
L_s is above d_t at all four, s is nearest to no point of the square. A square is made when the
first point comes to it, out of the segments of the square that it is a quarter of; so the tree
is as deep as the points need, and is kept for those that follow.

Squares stand around the origin of the index: a point within `reach` of it starts in one of
four quarters, and any other in a quarter of the square twice, four times ... as large.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.overlay.loop import compiled, plain
from geo.overlay.threads import in_parts

if TYPE_CHECKING:
    from geo.overlay.segments import SegmentIndex

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Short = NDArray[np.int32]

FEW = 8  # segments of a square that is not divided further
DEEPEST = 32  # divisions of the first four quarters
LARGER = 32  # times that they may be doubled for points outside; further off all segments are measured
SAMPLE = 16  # of so many points one makes squares, the others take what they find
BLOCK = 512  # points worked on at a time
SHARE = 20_000  # points that are worth a thread
CROWDED = 64  # entries of lists for each segment, beyond which no square is made
SLACK = 1e-12  # of the largest coordinate: more than what a distance may be wrong by
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], dtype=np.uint64)
_GROWING = Lock()  # one thread at a time makes squares


class Squares:
    """The squares of an index so far.

    Attributes
    ----------
    made : array of int, shape (k, 6)
        Of each square its quarters (south-west, south-east, north-west, north-east; -1 where not
        made yet), and where its segments begin in `lists` and how many they are. The first are,
        for all lines and then for each of them, the quarters of each size.
    lists : array of int
        Rows of `SegmentIndex.segments`, square after square.
    used : array of int, shape (2,)
        Squares and entries of lists so far.
    top : array of int, shape (1 + lines, 4 ** levels)
        Where a point starts whose square of that many divisions was met before: this one, or the
        larger one that is not divided further; -1 where none was.
    """

    def __init__(self, index: SegmentIndex) -> None:
        segments = index.segments
        self.reach = float(2.0 ** np.ceil(np.log2(index.scale)))
        self.levels = max(len(segments).bit_length() // 2, 2)
        line = segments[:, 7].astype(np.int64)
        order = np.argsort(line, kind="stable")
        sets = 1 + index.lines
        single = _single(segments)
        ends = np.searchsorted(line[order], np.arange(index.lines + 1)) + len(single)
        self.lists = np.concatenate([single, order]).astype(np.int32)
        self.made = np.full((sets * 4 * LARGER, 6), -1, dtype=np.int32)
        quarters = self.made.reshape(sets, 4 * LARGER, 6)
        quarters[0, :, 4:] = 0, len(single)
        quarters[1:, :, 4], quarters[1:, :, 5] = ends[:-1, None], np.diff(ends)[:, None]
        self.used = np.array([len(self.made), len(self.lists)])
        self.top = np.full((sets, 4**self.levels), -1, dtype=np.int32)


def _single(segments: Floats) -> Numbers:
    """Rows of segments without those that are as another one of an earlier line."""
    ends = np.ascontiguousarray(segments[:, :4]).view(np.uint64)
    order = np.argsort((ends * _FACTORS).sum(axis=1, dtype=np.uint64), kind="stable")
    again = (ends[order[1:]] == ends[order[:-1]]).all(axis=1) & (segments[order[1:], 7] >= segments[order[:-1], 7])
    return np.sort(order[np.concatenate([[True], ~again])]) if len(order) else order


def found(x: Floats, y: Floats, among: Short, index: SegmentIndex) -> tuple[Floats, Numbers]:
    """Distance and line of points, as `SegmentIndex.nearest` gives them, shared among threads."""
    squares: Squares = index.squares
    segments, scale, reach, levels = index.segments, index.scale, squares.reach, squares.levels
    west, south = index.origin
    x, y, among = plain(x), plain(y), plain(among)
    with _GROWING:  # on copies: other threads may still go by what was there before
        made, lists, used, top = squares.made.copy(), squares.lists, squares.used.copy(), squares.top.copy()
        made, lists = _grow(x, y, among, west, south, segments, made, lists, used, top, scale, reach, levels)
        squares.made, squares.lists, squares.used, squares.top = made, lists, used, top
    distance, line = np.empty(len(x)), np.empty(len(x), dtype=np.int64)

    def search(part: slice) -> None:
        _search(
            x,
            y,
            among,
            west,
            south,
            segments,
            made,
            lists,
            top,
            reach,
            levels,
            part.start,
            part.stop,
            distance,
            line,
        )

    in_parts(search, len(x), SHARE)
    return distance, line


@compiled
def squared(x: float, y: float, segments: Floats, row: int) -> float:
    """As numpy has it. 0 and 1 as factors say what to take: at branches a processor guesses, here often wrong."""
    east, north = x - segments[row, 0], y - segments[row, 1]
    along = east * segments[row, 4] + north * segments[row, 5]
    across = segments[row, 4] * north - segments[row, 5] * east
    past = along >= segments[row, 6]
    beside = 1.0 * ((along > 0) & (not past))
    east, north = x - segments[row, 2 * int(past)], y - segments[row, 2 * int(past) + 1]
    above = beside * (across * across) + (1 - beside) * (east * east + north * north)
    return float(above / (beside * segments[row, 6] + (1 - beside)))


@compiled
def _slope(x: float, y: float, segments: Floats, row: int) -> tuple[float, float, float]:
    """Distance to a segment, and how it grows to the east and to the north."""
    east, north = x - segments[row, 0], y - segments[row, 1]
    along = east * segments[row, 4] + north * segments[row, 5]
    if 0 < along < segments[row, 6]:
        long = np.sqrt(segments[row, 6])
        across = (segments[row, 4] * north - segments[row, 5] * east) / long
        sign = 1.0 if across >= 0 else -1.0
        return abs(across), -sign * segments[row, 5] / long, sign * segments[row, 4] / long
    if along > 0:
        east, north = x - segments[row, 2], y - segments[row, 3]
    apart = np.sqrt(east * east + north * north)
    if apart == 0:
        return 0.0, 0.0, 0.0
    return apart, east / apart, north / apart


@compiled
def _keep(
    x: float, y: float, half: float, slack: float, segments: Floats, left: Short, slopes: Floats, kept: Short
) -> int:
    """Write the segments that may be nearest in a square, given its middle and half its side; how many they are."""
    nearest = 0
    for entry in range(len(left)):
        slopes[entry] = _slope(x, y, segments, left[entry])
        if slopes[entry, 0] < slopes[nearest, 0]:
            nearest = entry
    row = left[nearest]
    south_west = np.sqrt(squared(x - half, y - half, segments, row)) + slack
    south_east = np.sqrt(squared(x + half, y - half, segments, row)) + slack
    north_west = np.sqrt(squared(x - half, y + half, segments, row)) + slack
    north_east = np.sqrt(squared(x + half, y + half, segments, row)) + slack
    count = 0
    for entry in range(len(left)):
        apart, east, north = slopes[entry, 0], half * slopes[entry, 1], half * slopes[entry, 2]
        kept[count] = left[entry]
        count += (
            (apart - east - north <= south_west)
            | (apart + east - north <= south_east)
            | (apart - east + north <= north_west)
            | (apart + east + north <= north_east)
        )
    return count


@compiled
def _start(
    x: float, y: float, among: int, square: int, cell: int, reach: float, levels: int
) -> tuple[int, float, float, float, int]:
    """The square to go down from, its middle, half its side, its depth: of the top, else a quarter; -1 too far off."""
    if square >= 0:
        half = reach / (1 << levels)
        column, row = cell & ((1 << levels) - 1), cell >> levels
        return square, (2 * column + 1) * half - reach, (2 * row + 1) * half - reach, half, levels
    larger, far = 0, max(abs(x), abs(y))
    while far >= reach and larger < LARGER:
        reach *= 2
        larger += 1
    half = reach / 2
    quarter = (among + 1) * 4 * LARGER + 4 * larger + (x >= 0) + 2 * (y >= 0)
    return quarter if larger < LARGER else -1, half if x >= 0 else -half, half if y >= 0 else -half, half, 1


@compiled
def _cell(x: float, y: float, reach: float, levels: int) -> int:
    """Which of the squares of the top a point within reach lies in."""
    scale = (1 << (levels - 1)) / reach
    most = (1 << levels) - 1
    return min(int((y + reach) * scale), most) << levels | min(int((x + reach) * scale), most)


@compiled
def _inward(x: float, y: float, east: float, north: float, half: float) -> tuple[int, float, float, float]:
    """Which quarter of a square a point lies in, the middle of that quarter and half its side."""
    half /= 2
    quarter = (x >= east) + 2 * (y >= north)
    return quarter, east + (half if x >= east else -half), north + (half if y >= north else -half), half


@compiled
def _grow(
    xs: Floats,
    ys: Floats,
    among: Short,
    west: float,
    south: float,
    segments: Floats,
    made: Short,
    lists: Short,
    used: Numbers,
    top: Short,
    scale: float,
    reach: float,
    levels: int,
) -> tuple[Short, Short]:
    """Make the squares that a sample of the points comes to."""
    slopes, kept = np.empty((len(segments), 3)), np.empty(len(segments) + 1, dtype=np.int32)
    limit = CROWDED * len(segments) + (1 << 20)
    for at in range(0, len(xs), SAMPLE):
        x, y = xs[at] - west, ys[at] - south
        if not (np.isfinite(x) and np.isfinite(y)):
            continue
        of = max(among[at], -1)
        cell = _cell(x, y, reach, levels) if max(abs(x), abs(y)) < reach else -1
        square = top[of + 1, cell] if cell >= 0 else -1
        if square >= 0 and made[square, 5] <= FEW:
            continue
        square, east, north, half, depth = _start(x, y, of, square, cell, reach, levels)
        while square >= 0 and depth < DEEPEST:
            if depth == levels and cell >= 0:
                top[of + 1, cell] = square
            count = made[square, 5]
            if count <= FEW or used[1] > limit:
                break
            quarter, east, north, half = _inward(x, y, east, north, half)
            if made[square, quarter] < 0:
                first = made[square, 4]
                slack = SLACK * (scale + abs(east) + abs(north) + half)
                count = _keep(east, north, half, slack, segments, lists[first : first + count], slopes, kept)
                if used[0] == len(made):
                    made = np.concatenate((made, np.empty_like(made)))
                if used[1] + count > len(lists):
                    lists = np.concatenate((lists, np.empty(len(lists) + count, dtype=np.int32)))
                made[square, quarter] = used[0]
                made[used[0], :4] = -1
                made[used[0], 4], made[used[0], 5] = used[1], count
                lists[used[1] : used[1] + count] = kept[:count]
                used[0] += 1
                used[1] += count
            square = made[square, quarter]
            depth += 1
        if square >= 0 and depth < levels and cell >= 0 and made[square, 5] <= FEW:
            top[of + 1, cell] = square
    return made, lists


@compiled
def _search(
    xs: Floats,
    ys: Floats,
    among: Short,
    west: float,
    south: float,
    segments: Floats,
    made: Short,
    lists: Short,
    top: Short,
    reach: float,
    levels: int,
    start: int,
    stop: int,
    distance: Floats,
    line: Numbers,
) -> None:
    """Some points at a time: first the squares that they start in, then the smallest ones, then the distances."""
    squares, spans = np.empty(BLOCK, dtype=np.int64), np.empty((BLOCK, 2), dtype=np.int64)
    for begin in range(start, stop, BLOCK):
        end = min(begin + BLOCK, stop)
        for at in range(begin, end):
            x, y = xs[at] - west, ys[at] - south
            inside = (abs(x) < reach) & (abs(y) < reach)
            squares[at - begin] = top[max(among[at], -1) + 1, _cell(x, y, reach, levels)] if inside else -1
        for at in range(begin, end):
            x, y = xs[at] - west, ys[at] - south
            spans[at - begin] = _span(x, y, max(among[at], -1), squares[at - begin], made, reach, levels)
        for at in range(begin, end):
            first, count = spans[at - begin]
            x, y = xs[at] - west, ys[at] - south
            distance[at], line[at] = least(x, y, segments, lists, first, count) if count else (np.nan, -1)


@compiled
def _span(x: float, y: float, among: int, square: int, made: Short, reach: float, levels: int) -> tuple[int, int]:
    """Where the segments of the smallest square around a point begin, and how many they are; none for no number."""
    if square >= 0 and made[square, 5] <= FEW:
        return made[square, 4], made[square, 5]
    if not (np.isfinite(x) and np.isfinite(y)):
        return 0, 0
    cell = _cell(x, y, reach, levels) if square >= 0 else -1
    square, east, north, half, _ = _start(x, y, among, square, cell, reach, levels)
    whole = (among + 1) * 4 * LARGER
    first, count = made[whole, 4], made[whole, 5]
    while square >= 0:
        first, count = made[square, 4], made[square, 5]
        if count <= FEW:
            break
        quarter, east, north, half = _inward(x, y, east, north, half)
        square = made[square, quarter]
    return first, count


@compiled
def least(x: float, y: float, segments: Floats, lists: NDArray[Any], first: int, count: int) -> tuple[float, int]:
    """Distance to the nearest of the segments left, and its line; of equals the first line."""
    best, line = np.inf, 0.0
    for entry in range(first, first + count):
        row = lists[entry]
        one = squared(x, y, segments, row)
        nearer = (one < best) | ((one == best) & (segments[row, 7] < line))
        best, line = one if nearer else best, segments[row, 7] if nearer else line
    return np.sqrt(best), int(line)
