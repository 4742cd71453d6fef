"""Polygons as signed strips of ground under their edges (layer 1).

Let U(e) be the ground straight below an edge e. With an edge counted +1 where
the polygon lies under it and -1 where it lies above it, the indicator
of a polygon is the signed sum of those of U(e), whatever its shape; the sum over pairs of
edges of two polygons is therefore the area that they share, with no point of
intersection ever made.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

RUN = 16  # pieces, at most


class Edges(NamedTuple):
    """Edges from west to east, shape (k,) each: `above` is +1 where the polygon lies under it, else -1."""

    west: Floats
    y_west: Floats
    east: Floats
    y_east: Floats
    above: Floats
    owner: Numbers

    def take(self, rows: NDArray[Any]) -> Edges:
        """Some of the edges."""
        return Edges(*(column[rows] for column in self))


class Runs(NamedTuple):
    """Pieces that follow each other eastward or westward in one square, shape (k,) each.

    Pieces `start` to before `stop`, between the y `low` and `high`, with the area under
    them; `above` and `owner` as of each of them.
    """

    west: Floats
    low: Floats
    east: Floats
    high: Floats
    above: Floats
    area: Floats
    start: Numbers
    stop: Numbers
    owner: Numbers


def joined(parts: Edges, square: Numbers) -> Runs:
    """Runs of pieces that stand in the order of their rings, square by square."""
    eastward, westward = parts.west[1:] == parts.east[:-1], parts.east[1:] == parts.west[:-1]
    same = (square[1:] == square[:-1]) & (parts.owner[1:] == parts.owner[:-1]) & (parts.above[1:] == parts.above[:-1])
    eastward, westward = eastward & same, westward & same
    turned = np.zeros(len(same), dtype=np.bool_)
    turned[1:] = (eastward[1:] & ~eastward[:-1] & westward[:-1]) | (westward[1:] & ~westward[:-1] & eastward[:-1])
    breaks = np.flatnonzero(np.concatenate([[True], ~(eastward | westward) | turned])[: len(square)])
    within = np.arange(len(square)) - np.repeat(breaks, np.diff(np.append(breaks, len(square))))
    start = np.flatnonzero(within % RUN == 0)
    return Runs(
        np.minimum.reduceat(parts.west, start),
        np.minimum.reduceat(np.minimum(parts.y_west, parts.y_east), start),
        np.maximum.reduceat(parts.east, start),
        np.maximum.reduceat(np.maximum(parts.y_west, parts.y_east), start),
        parts.above[start],
        np.add.reduceat((parts.east - parts.west) * (parts.y_west + parts.y_east) / 2, start),
        start,
        np.append(start, len(square))[1:],
        parts.owner[start],
    )


def edges(polygons: NDArray[Any], origin: Floats) -> Edges:
    """All edges of polygons, by polygon, relative to an origin.

    Raises
    ------
    InputError
        If one is neither a polygon, nor several, nor empty, nor None.
    """
    polygons = np.asarray(polygons, dtype=object)
    if np.any((shapely.get_dimensions(polygons) < 2) & ~shapely.is_empty(polygons) & ~shapely.is_missing(polygons)) or (
        np.any(shapely.get_type_id(polygons) == shapely.GeometryType.GEOMETRYCOLLECTION)
    ):
        raise InputError("only polygons have an area to share", "只有面才能计算重叠面积")
    parts, owner = shapely.get_parts(polygons, return_index=True)
    holed = shapely.get_num_interior_rings(parts).any()
    rings, part = shapely.get_rings(parts, return_index=True) if holed else (parts, np.arange(len(parts)))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    corners = corners - origin
    begin = np.flatnonzero(ring[1:] == ring[:-1])
    x, y, next_x, next_y = corners[begin, 0], corners[begin, 1], corners[begin + 1, 0], corners[begin + 1, 1]
    of = ring[begin]
    first = corners[np.searchsorted(ring, np.arange(len(rings))), 1]
    turn = np.bincount(of, weights=(x - next_x) * (y + next_y - 2 * first[of]), minlength=len(rings))
    outer = np.concatenate([[True], part[1:] != part[:-1]])[: len(rings)]
    sign = np.where((turn > 0) == outer, 1.0, -1.0)[of]
    back = next_x < x
    return Edges(
        np.where(back, next_x, x),
        np.where(back, next_y, y),
        np.where(back, x, next_x),
        np.where(back, y, next_y),
        np.where(back, sign, -sign),
        owner[part[of]].astype(np.int64),
    )


def pieces(whole: Edges, side: float) -> tuple[Edges, Numbers, Numbers]:
    """Edges cut along the lines of a grid of squares, and the column and row of each piece.

    Within a square the pieces, with the stretches of its upper side that the polygon
    covers, bound what of the polygon lies in the square: U(e) is counted down to the
    lower side of the square only.

    Parameters
    ----------
    side : float
        Of a square, a power of two, so that the lines are met exactly.
    """
    banded, crossed = _cut_in_rows(whole, side)
    parted = _cut_in_columns(banded, side)
    row = np.floor(np.minimum(parted.y_west, parted.y_east) / side).astype(np.int64)
    tops = _cut_in_columns(crossed, side)
    row = np.concatenate([row, np.round(tops.y_west / side).astype(np.int64) - 1])
    every = Edges(*(np.concatenate(both) for both in zip(parted, tops, strict=True)))
    column = np.floor(every.west / side).astype(np.int64)
    base = row * side
    kept = (every.west < every.east) & ((every.y_west > base) | (every.y_east > base))
    base = base[kept]
    every = every.take(kept)
    return every._replace(y_west=every.y_west - base, y_east=every.y_east - base), column[kept], row[kept]


def _cut_in_columns(whole: Edges, side: float) -> Edges:
    """Edges cut where they cross upright lines; upright edges are left out."""
    whole = whole.take(whole.west < whole.east)
    first = np.floor(whole.west / side).astype(np.int64)
    count = np.ceil(whole.east / side).astype(np.int64) - first
    of = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    west = np.where(number == 0, whole.west[of], (first[of] + number) * side)
    east = np.where(number == count[of] - 1, whole.east[of], (first[of] + number + 1) * side)
    cut = whole.take(of)
    slope = (cut.y_east - cut.y_west) / (cut.east - cut.west)
    y_west = np.where(number == 0, cut.y_west, cut.y_west + (west - cut.west) * slope)
    y_east = np.where(number == count[of] - 1, cut.y_east, cut.y_west + (east - cut.west) * slope)
    low, high = np.minimum(cut.y_west, cut.y_east), np.maximum(cut.y_west, cut.y_east)
    return Edges(west, np.clip(y_west, low, high), east, np.clip(y_east, low, high), cut.above, cut.owner)


def _cut_in_rows(whole: Edges, side: float) -> tuple[Edges, Edges]:
    """Edges cut where they cross level lines, and the stretches of those lines within the polygons.

    An edge crosses the lines above its lower end up to its upper one, so that each ring
    crosses a line an even number of times.
    """
    rising = whole.y_west <= whole.y_east
    low, high = np.where(rising, whole.y_west, whole.y_east), np.where(rising, whole.y_east, whole.y_west)
    x_low, x_high = np.where(rising, whole.west, whole.east), np.where(rising, whole.east, whole.west)
    first = np.floor(low / side).astype(np.int64) + 1
    count = np.floor(high / side).astype(np.int64) - first + 2
    of = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    start, stop = number == 0, number == count[of] - 1
    line = first[of] + number
    y = np.where(stop, high[of], line * side)
    with np.errstate(invalid="ignore", divide="ignore"):
        x = x_low[of] + (y - low[of]) * ((x_high - x_low) / (high - low))[of]
    x = np.where(stop, x_high[of], np.clip(x, whole.west[of], whole.east[of]))
    before_x, before_y = np.where(start, x_low[of], np.roll(x, 1)), np.where(start, low[of], np.roll(y, 1))
    up = rising[of]
    banded = Edges(
        np.where(up, before_x, x),
        np.where(up, before_y, y),
        np.where(up, x, before_x),
        np.where(up, y, before_y),
        whole.above[of],
        whole.owner[of],
    )
    return banded, _stretches(x[~stop], line[~stop], whole.owner[of[~stop]], side)


def _stretches(x: Floats, line: Numbers, owner: Numbers, side: float) -> Edges:
    """Between every other two crossings of a line with a polygon."""
    order = np.lexsort((x, line, owner))
    west, east = x[order[::2]], x[order[1::2]]
    y: Floats = (line[order[::2]] * side).astype(np.float64)
    return Edges(west, y, east, y, np.ones(len(west)), owner[order[::2]])
