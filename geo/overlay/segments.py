"""Distance to the nearest of many lines, exact on their segments (layer 1).

For few segments and many points it is kept which segments may be nearest in the squares
of a grid (`geo.overlay.candidates`); each point then measures what is listed for its square.

Else the points are sorted along a Z-shaped curve, so that those of any square of a tree of
squares stand together. Going down that tree, each square keeps the segments that may be
nearest to one of its points: with D the distance of the middle of its points' box to the
nearest segment and r half the box's diagonal, a point of the box lies within D + r of that
segment, so the segment nearest to it lies within D + 2r of the middle. What is left in the
end is measured point by point. The same numbers are computed in the same order by numpy
and by the compiled loops of `geo.overlay.compiled`, and on every way the distance to a
segment is the same formula, so all give the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.errors import InputError
from geo.overlay import choice
from geo.overlay.candidates import Candidates
from geo.overlay.measured import Floats, Numbers, blocks, measured, squared

FEW = 16  # points of a square, or segments left to it, that are measured without going further down
BITS = 21  # levels of the tree of squares
BLOCK = 1 << 22  # points sorted at a time: a place on the curve and a number fill 64 bits
ROUNDING = 1e-12  # of the largest coordinate: more than what a distance may be wrong by
CACHED = 1 << 14  # segments, at most, of which a processor's cache holds what is kept of squares
PER_GRID = 8  # points for each segment, beyond which it pays to find out what is near
SAMPLE, PER_SAMPLE = 16, 1 << 16  # of so many points one asks for squares; of fewer than so many all do
PART = 1 << 14  # points looked up at a time by numpy
WORTH, PER_SEGMENT = 500_000, 10  # points, and points that a segment is like, for which compiled loops are started


@dataclass(frozen=True)
class SegmentIndex:
    """Distance to the nearest of a set of lines.

    Attributes
    ----------
    segments : array of float, shape (m, 8)
        Of each segment its ends x, y, x, y, their difference x, y, its squared length and
        the number of its line; relative to `origin`, the lesser end first.
    origin : array of float, shape (2,)
        Middle of the bounds of the lines.
    scale : float
        Half the longer side of those bounds.
    lines : int
        How many lines there are, with missing and empty ones.

    Examples
    --------
    >>> index = SegmentIndex.build(np.array([shapely.LineString([(0, 0), (10, 0)]), shapely.Point(7, 9)]))
    >>> index.nearest([3, 7], [4, 7])
    (array([4., 2.]), array([0, 1]))
    """

    segments: Floats
    origin: Floats
    scale: float
    lines: int

    @classmethod
    def build(cls, lines: NDArray[Any]) -> SegmentIndex:
        """Index of lines.

        Parameters
        ----------
        lines : array of shapely geometries, shape (m,)
            Lines, rings or points, in several parts too, of one planar CRS. Missing and
            empty ones are never nearest.

        Raises
        ------
        InputError
            If one is or holds a polygon, whose inside is no line.
        """
        parts, line = shapely.get_parts(np.asarray(lines, dtype=object), return_index=True)
        if np.any(shapely.get_type_id(parts) > shapely.GeometryType.LINEARRING):
            raise InputError(
                "distances are measured to lines and points only",
                "只能计算到线或点的距离",
                remedy_en="take the boundary of polygons",
                remedy_zh="面请取其边界",
            )
        corners, part = shapely.get_coordinates(parts, return_index=True)
        alone = np.flatnonzero(np.bincount(part, minlength=len(parts))[part] == 1)
        begin = np.concatenate([np.flatnonzero(part[1:] == part[:-1]), alone])
        end = begin + 1
        end[len(end) - len(alone) :] = alone
        known = np.isfinite(corners).all(axis=1)
        begin, end = begin[known[begin] & known[end]], end[known[begin] & known[end]]
        west_south, east_north = (
            (corners[begin].min(axis=0), corners[begin].max(axis=0)) if len(begin) else np.zeros((2, 2))
        )
        origin = np.round((west_south + east_north) / 2)
        first, last = corners[begin] - origin, corners[end] - origin
        back = (first[:, 0] > last[:, 0]) | ((first[:, 0] == last[:, 0]) & (first[:, 1] > last[:, 1]))
        first, last = np.where(back[:, None], last, first), np.where(back[:, None], first, last)
        along = last - first
        length = along[:, 0] * along[:, 0] + along[:, 1] * along[:, 1]
        segments = np.column_stack([first, last, along, length, line[part[begin]]])
        return cls(segments, origin, float(max((east_north - west_south).max() / 2, 1.0)), len(lines))

    def nearest(self, x: ArrayLike, y: ArrayLike, among: ArrayLike | None = None) -> tuple[Floats, Numbers]:
        """Distance of each point to the nearest line, and which that is.

        Parameters
        ----------
        x, y : array of float, shape (n,)
            In the CRS of the lines.
        among : array of int, shape (n,), optional
            Number of the only line that counts for a point; negative, as without it, where all do.

        Returns
        -------
        distance : array of float, shape (n,)
            In the unit of the coordinates; NaN where there are no lines or the point is not finite.
        line : array of int, shape (n,)
            Of lines equally near, to the last digit, the first; -1 where there is no distance.
        """
        east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        only = np.full(len(east), -1, dtype=np.int32) if among is None else np.asarray(among, dtype=np.int32)
        loops = choice.loops(len(east) > PER_SEGMENT**2 and len(east) + PER_SEGMENT * len(self.segments) >= WORTH)
        distance, line = np.empty(len(east)), np.empty(len(east), dtype=np.int64)
        rest = np.arange(len(east))
        candidates = self._candidates(east, north, only)
        if len(candidates.lists):
            look_up = _looked_up if loops is None else loops.looked_up
            rest = look_up(east, north, only, self, candidates, distance, line)
        distance[rest], line[rest] = np.nan, -1
        search = _searched if loops is None else loops.searched
        rest = rest[np.isfinite(east[rest]) & np.isfinite(north[rest])]
        of = np.maximum(only[rest], -1)
        for number in np.unique(of).tolist():
            part = self if number < 0 else replace(self, segments=self.segments[self.segments[:, 7] == number])
            rows = rest[of == number] if len(part.segments) else rest[:0]
            for start in range(0, len(rows), BLOCK):
                some = rows[start : start + BLOCK]
                local = np.stack([east[some] - self.origin[0], north[some] - self.origin[1]])
                slack = ROUNDING * max(self.scale, float(np.abs(local).max()))
                distance[some], line[some] = search(local, part, slack)
        return distance, line

    def _candidates(self, east: Floats, north: Floats, only: NDArray[np.int32]) -> Candidates:
        """What is known so far of squares, and what some of the points then ask for."""
        held: Candidates = self.__dict__.get("candidates", Candidates.none(self))
        if PER_GRID * len(self.segments) < len(east) and len(self.segments) <= CACHED:
            some = slice(None, None, max(1, min(SAMPLE, len(east) // PER_SAMPLE)))
            sets = np.maximum(only[some], -1) + 1
            held = held.with_points(self, east[some] - self.origin[0], north[some] - self.origin[1], sets)
            self.__dict__["candidates"] = held
        return held

    @cached_property
    def sizes(self) -> Numbers:
        """Segments of all lines, then of each."""
        return np.append(len(self.segments), np.bincount(self.segments[:, 7].astype(np.int64), minlength=self.lines))

    @cached_property
    def columns(self) -> Floats:
        """The segments by column, shape (8, m): how numpy reads them fastest."""
        return np.ascontiguousarray(self.segments.T)


def sorted_along_curve(place: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """Places in rising order, and the point at each: sorted as one number, which is much the fastest."""
    keys = place << np.uint64(64 - 2 * BITS) | np.arange(len(place), dtype=np.uint64)
    keys.sort()
    return keys >> np.uint64(64 - 2 * BITS), (keys & np.uint64(BLOCK - 1)).view(np.intp)


def _places(local: Floats) -> NDArray[np.uint64]:
    """Place of each point on the curve.

    Coordinates are bent into -1 to 1, the bounds of the lines into the middle half, so
    that squares grow with the distance from the lines and no point is out of bounds.

    Parameters
    ----------
    local : array of float, shape (2, n)
        From the middle of the lines, in half their longer side.
    """
    bent = local / (1 + np.abs(local))
    steps = ((bent + 1) * (1 << BITS - 1)).astype(np.uint64)
    np.minimum(steps, (1 << BITS) - 1, out=steps)
    for shift, mask in _SPREAD:
        steps |= steps << shift
        steps &= mask
    return np.asarray(steps[0] | steps[1] << np.uint64(1))


_SPREAD = [  # steps that put a zero bit after each bit of a number
    (np.uint64(16), np.uint64(0x0000FFFF0000FFFF)),
    (np.uint64(8), np.uint64(0x00FF00FF00FF00FF)),
    (np.uint64(4), np.uint64(0x0F0F0F0F0F0F0F0F)),
    (np.uint64(2), np.uint64(0x3333333333333333)),
    (np.uint64(1), np.uint64(0x5555555555555555)),
]


def _looked_up(
    east: Floats,
    north: Floats,
    only: NDArray[np.int32],
    index: SegmentIndex,
    candidates: Candidates,
    distance: Floats,
    line: Numbers,
) -> Numbers:
    """Write distance and line of all points in known squares; the rows of the others."""
    rest = [np.empty(0, dtype=np.int64)]
    for start in range(0, len(east), PART):
        some = slice(start, start + PART)
        points = np.stack([east[some] - index.origin[0], north[some] - index.origin[1]])
        first, count = candidates.spans_of(points[0], points[1], np.maximum(only[some], -1) + 1)
        known = count > 0
        least, of = measured(points[:, known], candidates.lists, first[known], count[known], index.columns)
        distance[some][known], line[some][known] = np.sqrt(least), of
        rest.append(np.flatnonzero(~known) + start)
    return np.concatenate(rest)


def _searched(local: Floats, index: SegmentIndex, slack: float) -> tuple[Floats, Numbers]:
    """Distance and line of points, shape (2, n), relative to the origin of the index."""
    place, order = sorted_along_curve(_places(local / index.scale))
    points, columns = local[:, order], index.columns
    least, line = np.empty(points.shape[1]), np.empty(points.shape[1], dtype=np.int64)
    rows = np.arange(points.shape[1])
    above = np.zeros(len(rows), dtype=np.intp)  # the square of each point, one level further up
    left, first, count = np.arange(columns.shape[1]), np.zeros(1, np.intp), np.array([columns.shape[1]])
    for level in range(BITS + 1):
        square = place[rows] >> np.uint64(2 * (BITS - level))
        starts = np.flatnonzero(np.concatenate([[True], square[1:] != square[:-1]]))
        many = np.diff(np.append(starts, len(rows)))
        low = np.minimum.reduceat(points[:, rows], starts, axis=1)
        high = np.maximum.reduceat(points[:, rows], starts, axis=1)
        reach = np.hypot(*(high - low)) + slack
        first, count = first[above[starts]], count[above[starts]]
        left, count = _kept((low + high) / 2, reach, left, first, count, columns)
        first = np.cumsum(count) - count
        within = np.repeat(np.arange(len(starts)), many)
        done = (many <= FEW) | (count <= FEW) | (level == BITS)
        ready = done[within]
        at, of = rows[ready], within[ready]
        least[order[at]], line[order[at]] = measured(points[:, at], left, first[of], count[of], columns)
        rows, above = rows[~ready], within[~ready]
        if not len(rows):
            break
    return np.sqrt(least), line


def _kept(
    middle: Floats, reach: Floats, left: Numbers, first: Numbers, count: Numbers, columns: Floats
) -> tuple[Numbers, Numbers]:
    """Segments that may be nearest to a point of each square, one square after the other, and how many."""
    kept, counts = [], []
    for some, owner, pairs, starts in blocks(first, count):
        found = left[pairs]
        distance = np.sqrt(squared(middle[0, some][owner], middle[1, some][owner], found, columns))
        near = distance <= (np.minimum.reduceat(distance, starts) + reach[some])[owner]
        kept.append(found[near])
        counts.append(np.add.reduceat(near, starts, dtype=np.int64))
    return np.concatenate(kept), np.concatenate(counts)
