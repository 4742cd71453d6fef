"""The nearest of the segments listed for the square of a point, compiled (layer 1); see `geo.overlay.candidates`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.loops.compiling import compiled, plain
from geo.loops.threads import in_parts
from geo.overlay.candidates import CLOSE, COUNT, FEW, FINE, FINER, SLACK, TOP, Candidates, Rows, Short
from geo.overlay.measured import Floats, Numbers

if TYPE_CHECKING:
    from geo.overlay.segments import SegmentIndex

BLOCK = 512  # points worked on at a time: what they need is fetched while others are reckoned
SHARE = 20_000  # points that are worth a thread


def looked_up(
    x: Floats, y: Floats, only: Short, index: SegmentIndex, candidates: Candidates, distance: Floats, line: Numbers
) -> Numbers:
    """Write distance and line of all points in known squares; the rows of the others."""
    east, north, of = plain(x), plain(y), plain(only)
    west, south = index.origin

    def part(some: slice) -> Numbers:
        rest = np.empty(some.stop - some.start, dtype=np.int64)
        span = (some.start, some.stop)
        count = _look_up(east, north, of, west, south, index.segments, *candidates, *span, distance, line, rest)
        return rest[:count]

    return np.concatenate(in_parts(part, len(x), SHARE))


def divided(
    middle: Floats,
    half: Floats,
    left: Rows,
    first: Numbers,
    count: Numbers,
    room: int,
    index: SegmentIndex,
    wanted: NDArray[np.bool_],
    firsts: Numbers,
    counts: Numbers,
) -> Rows:
    """Fill the tables of some squares, and give the lists that these tell of; see `candidates.py`."""
    held = np.empty((8, int(count.max(initial=0))))
    squares = np.column_stack([*middle, half])
    list_of = left, plain(first), plain(count)
    return _divide(squares, *list_of, room, index.segments, index.scale, wanted, held, firsts, counts)


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
def least(x: float, y: float, segments: Floats, lists: NDArray[Any], first: int, count: int) -> tuple[float, int]:
    """Distance to the nearest of the segments left, and its line; of equals the first line."""
    best, line = np.inf, 0.0
    for entry in range(first, first + count):
        row = lists[entry]
        one = squared(x, y, segments, row)
        nearer = (one < best) | ((one == best) & (segments[row, 7] < line))
        best, line = one if nearer else best, segments[row, 7] if nearer else line
    return np.sqrt(best), int(line)


@compiled
def _look_up(
    xs: Floats,
    ys: Floats,
    only: Short,
    west: float,
    south: float,
    segments: Floats,
    half: float,
    begins: Numbers,
    top: Short,
    spans: Short,
    lists: Rows,
    start: int,
    stop: int,
    distance: Floats,
    line: Numbers,
    rest: Numbers,
) -> int:
    """The number of rows written to `rest`; in short loops, of which a processor does several turns at once."""
    places, within = np.empty(BLOCK, dtype=np.int64), np.empty(BLOCK, dtype=np.int64)
    scale, left = TOP * FINE / (2 * half), 0
    for begin in range(start, stop, BLOCK):
        many = min(BLOCK, stop - begin)
        for at in range(many):
            first = begins[max(only[begin + at], -1) + 1]
            column, row = (xs[begin + at] - west + half) * scale, (ys[begin + at] - south + half) * scale
            inside = (column >= 0) & (column < TOP * FINE) & (row >= 0) & (row < TOP * FINE) & (first >= 0)
            across, up = int(column if inside else 0.0), int(row if inside else 0.0)
            places[at] = first + (up >> FINER) * TOP + (across >> FINER) if inside else 0
            within[at] = (up & (FINE - 1)) * FINE + (across & (FINE - 1))
        for at in range(many):
            place = top[places[at]]
            places[at] = (place >> 1) + within[at] * (place & 1)
        for at in range(many):
            places[at] = spans[places[at]]
        for at in range(many):
            row = begin + at
            first, count = places[at] >> COUNT, places[at] & ((1 << COUNT) - 1)
            if count:
                distance[row], line[row] = least(xs[row] - west, ys[row] - south, segments, lists, first, count)
            else:
                rest[left] = row
                left += 1
    return left


@compiled
def _divide(
    squares: Floats,
    left: Rows,
    first: Numbers,
    count: Numbers,
    room: int,
    segments: Floats,
    scale: float,
    wanted: NDArray[np.bool_],
    held: Floats,
    firsts: Numbers,
    counts: Numbers,
) -> Rows:
    """Square by square, each down to the smallest before the next; lists on the way stand end to end in `pool`."""
    lists, pool = np.empty(1 << 12, dtype=np.uint16), np.empty(1 << 12, dtype=np.uint16)
    turn = np.empty((4 * 16, 5), dtype=np.int64)  # column, row and side in smallest squares; list from, to
    used = 0
    for block in range(len(squares)):
        if len(pool) < count[block]:
            pool = np.empty(2 * count[block], dtype=np.uint16)
        pool[: count[block]] = left[first[block] : first[block] + count[block]]
        turn[0] = 0, 0, wanted.shape[1], 0, count[block]
        turns = 1
        while turns:
            turns -= 1
            column, row, side, begin, end = turn[turns]
            full = used + end - begin > room
            if side == 1 or end - begin <= FEW or full:
                firsts[block, row : row + side, column : column + side] = used
                counts[block, row : row + side, column : column + side] = -1 if full else end - begin
                if full:
                    continue
                if used + end - begin > len(lists):
                    lists = np.concatenate((lists, np.empty(len(lists) + end - begin, dtype=np.uint16)))
                lists[used : used + end - begin] = pool[begin:end]
                used += end - begin
                continue
            if end + 4 * (end - begin) > len(pool):
                pool = np.concatenate((pool, np.empty(len(pool) + 4 * (end - begin), dtype=np.uint16)))
            _fetch(pool[begin:end], segments, held)
            side, to = side // 2, end
            half = squares[block, 2] * side / wanted.shape[1]
            for quarter in range(4):
                west, south = column + side * (quarter & 1), row + side * (quarter >> 1)
                if not wanted[block, south : south + side, west : west + side].any():
                    continue
                x = squares[block, 0] + (2 * west + side - wanted.shape[1]) * (half / side)
                y = squares[block, 1] + (2 * south + side - wanted.shape[1]) * (half / side)
                slack = SLACK * (scale + abs(x) + abs(y) + half)
                kept = _keep(x, y, half, slack, pool[begin:end], segments, held, pool[to:])
                turn[turns] = west, south, side, to, to + kept
                turns, to = turns + 1, to + kept
    return lists[:used]


@compiled
def _fetch(left: Rows, segments: Floats, held: Floats) -> None:
    """What `_keep` needs of segments."""
    begin_x, begin_y, along_x, along_y, inverse, _, _, _ = held
    for entry in range(len(left)):
        row = left[entry]
        begin_x[entry], begin_y[entry] = segments[row, 0], segments[row, 1]
        along_x[entry], along_y[entry] = segments[row, 4], segments[row, 5]
        inverse[entry] = 1 / segments[row, 6] if segments[row, 6] > 0 else 0.0


@compiled
def _keep(x: float, y: float, half: float, slack: float, left: Rows, segments: Floats, held: Floats, kept: Rows) -> int:
    """Write the segments that may be nearest in a square; how many they are. The numbers of `measured.slopes`."""
    begin_x, begin_y, along_x, along_y, inverse, east, north, apart = held
    nearest = 0
    for entry in range(len(left)):
        to_x, to_y = x - begin_x[entry], y - begin_y[entry]
        share = (to_x * along_x[entry] + to_y * along_y[entry]) * inverse[entry]
        share = share if share > 0 else 0.0
        share = share if share < 1 else 1.0
        to_x, to_y = to_x - share * along_x[entry], to_y - share * along_y[entry]
        east[entry], north[entry], apart[entry] = to_x, to_y, np.sqrt(to_x * to_x + to_y * to_y)
        if apart[entry] < apart[nearest]:
            nearest = entry
    south_west = np.sqrt(squared(x - half, y - half, segments, left[nearest])) + slack
    south_east = np.sqrt(squared(x + half, y - half, segments, left[nearest])) + slack
    north_west = np.sqrt(squared(x - half, y + half, segments, left[nearest])) + slack
    north_east = np.sqrt(squared(x + half, y + half, segments, left[nearest])) + slack
    total = 0
    for entry in range(len(left)):
        far, rise, fall = apart[entry], half * (east[entry] + north[entry]), half * (east[entry] - north[entry])
        kept[total] = left[entry]
        total += (
            (far <= CLOSE * half)
            | (far * far - rise <= south_west * far)
            | (far * far + rise <= north_east * far)
            | (far * far + fall <= south_east * far)
            | (far * far - fall <= north_west * far)
        )
    return total
