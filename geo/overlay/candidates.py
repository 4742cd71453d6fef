"""Which segments may be nearest to a point, cell by cell (layer 1).

Over the lines that count stands a grid of squares, `TOP` in a row; a square that more than
`FEW` segments may be nearest in is a grid of `FINE` squares in a row itself. A point finds its
square by at most two look-ups and measures what is listed there.

Of a square with middle m and any segment s, the distance d_s is convex, so it lies above its
tangent plane L_s(p) = d_s(m) + g · (p - m), g being the direction from the nearest place of s to
m. With t the segment nearest to m, d_t - L_s is convex too and largest at a corner of the
square: where L_s is above d_t at all four, s is nearest to no point of the square. A grid is
made by halving squares again and again; each takes over what is kept of the square around it.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.loops.threads import in_parts
from geo.overlay import choice
from geo.overlay.measured import Floats, Numbers, blocks, slopes, squared

if TYPE_CHECKING:
    from geo.overlay.segments import SegmentIndex

Short = NDArray[np.int32]
Rows = NDArray[np.uint16]

LEVELS, FINER = 7, 3  # halvings of the grid, and of a square of it
TOP, FINE = 1 << LEVELS, 1 << FINER
ROOM = 2.0  # half the side of the grid, in that of the bounds of all lines
FEW, LONG = 4, 64  # segments of a square that is not divided, and of one that nothing is kept of
CROWDED = 64  # entries of lists for each segment, beyond which no square is divided
CLOSE = 0.01  # half sides of a square: the way to a segment nearer to the middle is too short for a sure direction
SLACK = 1e-12  # of the largest coordinate: more than what a distance may be wrong by
COUNT = 7  # bits for the length of a list; the others hold where it begins
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], dtype=np.uint64)


class Candidates(NamedTuple):
    """What is known of some squares for some sets of lines: 0 is all lines, 1 + k line k alone.

    Attributes
    ----------
    half : float
        Half the side of the grid, which stands around the origin of the index.
    begins : array of int, shape (sets,)
        Where the squares of each set begin in `top`, row by row from the south-west; -1 for none.
    top : array of int
        Of each square of the grid twice its place in `spans`; and one more where that is the first of
        `FINE` times `FINE` squares; 0 where the square was not asked for yet.
    spans : array of int
        Of each undivided square where its segments begin in `lists`, and in `COUNT` bits how many they are;
        0 where they are too many.
    lists : array of int
        Rows of `SegmentIndex.segments`.
    """

    half: float
    begins: Numbers
    top: Short
    spans: Short
    lists: Rows

    @classmethod
    def none(cls, index: SegmentIndex) -> Candidates:
        """Nothing known."""
        nothing, begins = np.zeros(1, dtype=np.int32), np.full(1 + index.lines, -1)
        return cls(ROOM * index.scale, begins, nothing, nothing, np.empty(0, dtype=np.uint16))

    def with_points(self, index: SegmentIndex, x: Floats, y: Floats, sets: Numbers) -> Candidates:
        """The same and the squares of some points, relative to the origin, for one set each."""
        more = np.flatnonzero(np.bincount(sets, minlength=len(self.begins)))
        more = more[(self.begins[more] < 0) & (index.sizes[more] > 0)]
        held = self
        if len(more):
            begins = self.begins.copy()
            begins[more] = len(self.top) + TOP * TOP * np.arange(len(more))
            top = np.append(self.top, np.zeros(TOP * TOP * len(more), dtype=np.int32))
            held = self._replace(begins=begins, top=top)
        places, _ = held._places(x, y, sets)
        wanted = np.zeros(len(held.top), dtype=np.bool_)
        wanted[places] = held.top[places] == 0
        wanted[0] = False
        return held._with_squares(index, wanted[1:].reshape(-1, TOP, TOP)) if wanted.any() else held

    def _with_squares(self, index: SegmentIndex, wanted: NDArray[np.bool_]) -> Candidates:
        """The same and some squares of `top`."""
        grids = np.flatnonzero(wanted.any(axis=(1, 2)))
        wanted = wanted[grids]
        rows = [_rows(index, int(np.flatnonzero(self.begins == 1 + TOP * TOP * one)[0])) for one in grids]
        count = np.array([len(one) for one in rows])
        begin, left = np.cumsum(count) - count, np.concatenate(rows).astype(np.uint16)
        work = _Halving(index, len(self.lists))
        middle, half = np.zeros((2, len(grids))), np.full(len(grids), self.half)
        first, count = (one[wanted] for one in work.divided(middle, half, left, begin, count, LEVELS, wanted))
        grid, row, column = np.nonzero(wanted)
        divided = np.flatnonzero(count > FEW)
        small = np.full(len(divided), self.half / TOP)
        middle = (2 * np.stack([column, row])[:, divided] + 1 - TOP) * small
        left, begin = np.concatenate(work.lists), first[divided] - len(self.lists)
        whole = np.ones((len(divided), FINE, FINE), dtype=np.bool_)
        fine = work.divided(middle, small, left, begin, count[divided], FINER, whole)
        place = 2 * (len(self.spans) + np.arange(len(count)))
        place[divided] = 2 * (len(self.spans) + len(count) + FINE * FINE * np.arange(len(divided))) + 1
        top = self.top.copy()
        top[1:].reshape(-1, TOP, TOP)[grids[grid], row, column] = place
        first, count = np.append(first, fine[0]), np.append(count, fine[1])
        spans = np.append(
            self.spans, np.where((count > 0) & (count <= LONG), first << COUNT | count, 0).astype(np.int32)
        )
        return self._replace(top=top, spans=spans, lists=np.concatenate([self.lists, *work.lists]))

    def spans_of(self, x: Floats, y: Floats, sets: Numbers) -> tuple[Numbers, Numbers]:
        """Where the lists of points begin, relative to the origin and for one set each, and how long they are."""
        places, within = self._places(x, y, sets)
        place = self.top[places]
        span = self.spans[(place >> 1) + within * (place & 1)]
        return span >> COUNT, span & ((1 << COUNT) - 1)

    def _places(self, x: Floats, y: Floats, sets: Numbers) -> tuple[Numbers, Numbers]:
        """Of points the place in `top`, 0 outside the grid, and which of the squares there, should it be divided."""
        scale, begins = TOP * FINE / (2 * self.half), self.begins[sets]
        column, row = (x + self.half) * scale, (y + self.half) * scale
        inside = (column >= 0) & (column < TOP * FINE) & (row >= 0) & (row < TOP * FINE) & (begins >= 0)
        across, up = (np.where(inside, one, 0.0).astype(np.int64) for one in (column, row))
        places = np.where(inside, begins + (up >> FINER) * TOP + (across >> FINER), 0)
        return places, (up & (FINE - 1)) * FINE + (across & (FINE - 1))


def _rows(index: SegmentIndex, one: int) -> Numbers:
    """Rows of the segments of a set; of all lines without those that are as another one of an earlier line."""
    if one:
        return np.flatnonzero(index.segments[:, 7] == one - 1)
    ends, line = np.ascontiguousarray(index.segments[:, :4]).view(np.uint64), index.segments[:, 7]
    order = np.argsort((ends * _FACTORS).sum(axis=1, dtype=np.uint64), kind="stable")
    again = (ends[order[1:]] == ends[order[:-1]]).all(axis=1) & (line[order[1:]] >= line[order[:-1]])
    return np.sort(order[np.concatenate([[True], ~again])])


def _pyramid(wanted: NDArray[np.bool_], levels: int) -> list[NDArray[np.bool_]]:
    """Of the squares of each level whether one that they are divided into is wanted."""
    found = [wanted]
    for _ in range(levels):
        south, north = found[-1][:, ::2], found[-1][:, 1::2]
        found.append(south[..., ::2] | south[..., 1::2] | north[..., ::2] | north[..., 1::2])
    return found[::-1]


class _Halving:
    """Squares halved in both directions again and again, and what is listed of them."""

    def __init__(self, index: SegmentIndex, end: int) -> None:
        self.index, self.end = index, end
        self.lists: list[Rows] = []
        self.room = CROWDED * len(index.segments) + (1 << 20)

    def divided(
        self,
        middle: Floats,
        half: Floats,
        left: Rows,
        first: Numbers,
        count: Numbers,
        levels: int,
        wanted: NDArray[np.bool_],
    ) -> tuple[Numbers, Numbers]:
        """Where the segments of all squares begin that squares are divided into, and how many they are.

        Parameters
        ----------
        middle : array of float, shape (2, n)
        half : array of float, shape (n,)
            Half the side of each square.
        left : array of int
            Rows of segments.
        first, count : array of int, shape (n,)
            Where those of each square begin in `left`, and their number.
        levels : int
            How often it is halved.
        wanted : array of bool, shape (n, 2 ** levels, 2 ** levels)
            Of which squares anything is to be said.

        Returns
        -------
        firsts, counts : array of int, shape (n, 2 ** levels, 2 ** levels)
            No number where there is no more room.
        """
        loops = choice.loops(False)
        if loops is not None:
            return self._shared(loops, middle, half, left, first, count, wanted)
        squares, within = 1 << levels, _pyramid(wanted, levels)
        firsts, counts = np.empty((2, len(half), squares, squares), dtype=np.int64)
        block, row, column = np.arange(len(half)), *np.zeros((2, len(half)), dtype=np.int64)
        for level in range(levels + 1):
            done = (count <= FEW) | (level == levels)
            if self.end + 4 * int(count[~done].sum()) > self.room:
                done[:] = True
            wide = squares >> level
            shape = (len(half), 1 << level, wide, 1 << level, wide)
            at = block[done], row[done], slice(None), column[done], slice(None)
            firsts.reshape(shape)[at] = self._written(left, first[done], count[done])[:, None, None]
            counts.reshape(shape)[at] = count[done][:, None, None]
            around = np.repeat(np.flatnonzero(~done), 4)
            if not len(around):
                break
            quarter = np.arange(len(around)) & 3
            block, row, column = block[around], 2 * row[around] + (quarter >> 1), 2 * column[around] + (quarter & 1)
            some = np.flatnonzero(within[level + 1][block, row, column])
            around, block, row, column = around[some], block[some], row[some], column[some]
            small = half[block] / (2 << level)
            x, y = middle[:, block] + (2 * np.stack([column, row]) + 1 - (2 << level)) * small
            left, count = _kept(np.stack([x, y, small]), left, first[around], count[around], self.index)
            first = np.cumsum(count) - count
        return firsts, counts

    def _written(self, left: Rows, first: Numbers, count: Numbers) -> Numbers:
        """Where some segments begin in `lists` from now on."""
        begin = np.cumsum(count) - count
        self.lists.append(left[np.arange(int(count.sum())) + np.repeat(first - begin, count)])
        begin += self.end
        self.end += len(self.lists[-1])
        return begin

    def _shared(
        self,
        loops: ModuleType,
        middle: Floats,
        half: Floats,
        left: Rows,
        first: Numbers,
        count: Numbers,
        wanted: NDArray[np.bool_],
    ) -> tuple[Numbers, Numbers]:
        """The same by compiled loops, a part of the squares in each thread."""
        firsts, counts = np.empty((2, *wanted.shape), dtype=np.int64)

        def part(some: slice) -> tuple[slice, Rows]:
            room = (self.room - self.end) * (some.stop - some.start) // max(len(half), 1)
            tables = wanted[some], firsts[some], counts[some]
            held = left, first[some], count[some]
            return some, loops.divided(middle[:, some], half[some], *held, room, self.index, *tables)

        for some, lists in in_parts(part, len(half), 1):
            firsts[some] += self.end
            self.lists.append(lists)
            self.end += len(lists)
        return firsts, counts


def _kept(squares: Floats, left: Rows, first: Numbers, count: Numbers, index: SegmentIndex) -> tuple[Rows, Numbers]:
    """Of each square, by its middle x, y and half its side, the segments that may be nearest in it, and how many."""
    columns, slack = index.columns, SLACK * (index.scale + float(np.abs(squares).sum(axis=0).max()))
    kept, counts = [np.empty(0, dtype=np.uint16)], [np.empty(0, dtype=np.int64)]
    for some, owner, pairs, starts in blocks(first, count):
        (x, y, half), found = squares[:, some], left[pairs]
        east, north, apart = slopes(x[owner], y[owner], found, columns)
        nearest = np.empty(len(x), dtype=np.intp)
        equal = np.flatnonzero(apart == np.minimum.reduceat(apart, starts)[owner])
        nearest[owner[equal]] = found[equal]
        side = half[owner]
        near = apart <= CLOSE * side
        for to_east, to_north in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
            corner = np.sqrt(squared(x + to_east * half, y + to_north * half, nearest, columns)) + slack
            near |= apart * apart + side * (to_east * east + to_north * north) <= corner[owner] * apart
        kept.append(found[near])
        counts.append(np.add.reduceat(near, starts, dtype=np.int64))
    return np.concatenate(kept), np.concatenate(counts)
