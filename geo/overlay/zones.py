"""Area of many sites within zones of many vertices (layer 1).

The edges of the zones are cut along a grid of squares once; a site meets only the pieces
in the squares of its bounds. Under an edge e of the site and a piece f of a zone lies, in
the square with lower side y = 0 and over the x that both have, the area of max(0, min(e, f)),
which is that under e above 0 less that of e above f. Areas are the signed sums of those
over pairs of edges (`geo.overlay.strips`). Pieces that follow each other stand in runs: an
edge that passes wholly over or under a run is done with it at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.loops.threads import in_parts
from geo.overlay import choice
from geo.overlay.measured import blocks
from geo.overlay.strips import Edges, Floats, Numbers, Runs, edges, joined, pieces

TOUCH_M2 = 1e-6  # an area as small is taken for rounding: the two only touch
EDGES = 4  # of a square, in the mean over the ground
SQUARES = 1 << 21  # that zones may cover, at most
WORTH = 20_000  # sites for which compiled loops are started
BLOCK = 1 << 16  # sites whose edges are held at a time
SITES = 256  # worked on at a time by numpy: their pairs of edges fit a processor's cache


@dataclass(frozen=True)
class Zones:
    """Area of sites within a set of polygons.

    Attributes
    ----------
    parts : Edges
        Pieces of the edges of zones, by run; y from the lower side of their square.
    runs : Runs
        By square, then zone.
    squares : array of int, shape (columns * rows + 1,)
        Where the runs of each square begin, row by row.
    shape : tuple of int
        Rows and columns.
    side : float
        Of a square, in the unit of the coordinates.
    origin : array of float, shape (2,)
        South-west corner of the grid.
    count : int
        How many zones there are.

    Examples
    --------
    >>> zones = Zones.build(np.array([shapely.box(0, 0, 4, 10), shapely.box(4, 0, 6, 3)]))
    >>> zones.areas(np.array([shapely.box(1, 1, 5, 5)]))
    (array([0, 0]), array([0, 1]), array([12.,  2.]))
    """

    parts: Edges
    runs: Runs
    squares: Numbers
    shape: tuple[int, int]
    side: float
    origin: Floats
    count: int

    @classmethod
    def build(cls, polygons: NDArray[Any]) -> Zones:
        """Zones of valid polygons in metres of one planar CRS.

        Parameters
        ----------
        polygons : array of shapely Polygon or MultiPolygon, shape (m,)
            May overlap each other; empty ones and None share nothing.

        Raises
        ------
        InputError
            If one is a point, a line or a collection.
        """
        bounds = shapely.total_bounds(polygons) if len(polygons) else np.full(4, np.nan)
        west, south, east, north = np.nan_to_num(np.floor(bounds))
        origin = np.array([west, south])
        whole = edges(polygons, origin)
        ground = max((east - west + 1) * (north - south + 1) * EDGES / max(len(whole.west), 1), 1e-6)
        covered = float(np.nansum(shapely.area(polygons))) / SQUARES
        side = float(2.0 ** np.ceil(np.log2(np.sqrt(max(ground, covered)))))
        parts, column, row = pieces(whole, side)
        columns, rows = int((east - west) // side) + 2, int((north - south) // side) + 2
        square = row * columns + column
        order = np.lexsort((parts.owner, square))
        parts = parts.take(order)
        runs = joined(parts, square[order])
        squares = np.searchsorted(square[order][runs.start], np.arange(columns * rows + 1))
        return cls(parts, runs, squares, (rows, columns), side, origin, len(polygons))

    def areas(self, sites: NDArray[Any]) -> tuple[Numbers, Numbers, Floats]:
        """Area of each site within each zone.

        Parameters
        ----------
        sites : array of shapely Polygon or MultiPolygon, shape (n,)
            Valid, in the CRS of the zones.

        Returns
        -------
        sites_at, zones_at : array of int, shape (k,)
            Pairs with more than a square millimetre in common, by site, then zone.
        area : array of float, shape (k,)
            In square metres, within 1e-6 of `shapely.area(shapely.intersection(site, zone))`.
        """
        sites = np.asarray(sites, dtype=object)
        loops = choice.loops(len(sites) >= WORTH)
        shared = _shared if loops is None else loops.shared
        found = [(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))]
        for begin in range(0, len(sites), BLOCK):
            some = sites[begin : begin + BLOCK]
            whole = edges(some, self.origin)
            whole = whole.take(whole.west < whole.east)
            starts = np.searchsorted(whole.owner, np.arange(len(some) + 1))
            bounds = shapely.bounds(some) - np.tile(self.origin, 2)
            site, zone, area = shared(whole, starts, bounds, self.reach(bounds), self)
            kept = area > TOUCH_M2
            found.append((site[kept] + begin, zone[kept], area[kept]))
        sites_at, zones_at, areas = zip(*found, strict=True)
        return np.concatenate(sites_at), np.concatenate(zones_at), np.concatenate(areas)

    @cached_property
    def tables(self) -> tuple[Floats, Floats]:
        """The pieces and the runs by row: how compiled loops read them fastest."""
        return np.column_stack(self.parts[:4]), np.column_stack(self.runs)

    def reach(self, bounds: Floats) -> Numbers:
        """First column and row of the squares that bounds meet, and those after the last, shape (n, 4)."""
        rows, columns = self.shape
        first = np.floor(np.nan_to_num(bounds / self.side, nan=-2.0))
        limits = np.array([columns, rows])
        return np.column_stack(
            [np.clip(first[:, :2], 0, limits), np.clip(first[:, 2:] + 1, 0, limits)],
        ).astype(np.int64)


def _shared(
    whole: Edges, starts: Numbers, bounds: Floats, reach: Numbers, zones: Zones
) -> tuple[Numbers, Numbers, Floats]:
    """Site, zone and area of all pairs that may have one."""

    def part(some: slice) -> list[tuple[Numbers, Floats]]:
        cuts = [*range(some.start, some.stop, SITES), some.stop]
        return [_shared_by(np.arange(*cut), whole, starts, bounds, reach, zones) for cut in pairwise(cuts)]

    found = [one for some in in_parts(part, len(bounds), SITES) for one in some]
    pairs = np.concatenate([np.empty(0, dtype=np.int64), *(one[0] for one in found)])
    site, zone = np.divmod(pairs, max(zones.count, 1))
    return site, zone, np.concatenate([np.empty(0), *(one[1] for one in found)])


def _shared_by(
    sites: Numbers, whole: Edges, starts: Numbers, bounds: Floats, reach: Numbers, zones: Zones
) -> tuple[Numbers, Floats]:
    """Pairs, as site * number of zones + zone, and the area of each."""
    site, run, base = _met(sites, bounds, reach, zones)
    area = np.empty(len(site))
    for some, pair, edge, _ in blocks(starts[site], starts[site + 1] - starts[site]):
        area[some] = _under(whole, pair, edge, run[some], base[some], zones)
    pairs, which = np.unique(site * zones.count + zones.runs.owner[run], return_inverse=True)
    total: Floats = np.bincount(which, weights=area, minlength=len(pairs)).astype(np.float64)
    return np.asarray(pairs), total


def _expanded(first: Numbers, count: Numbers) -> tuple[Numbers, Numbers]:
    """The owner of each entry of lists that begin at `first`, and the entries."""
    owner = np.repeat(np.arange(len(count)), count)
    return owner, np.arange(len(owner)) + (first - np.cumsum(count) + count)[owner]


def _met(sites: Numbers, bounds: Floats, reach: Numbers, zones: Zones) -> tuple[Numbers, Numbers, Floats]:
    """Site, run and the lower side of its square where the run is not west, east or south of the site."""
    west, south, east, north = reach[sites].T
    at, row = _expanded(south, north - south)
    line, column = _expanded(west[at], (east - west)[at])
    at, row = at[line], row[line]
    square = row * zones.shape[1] + column
    line, run = _expanded(zones.squares[square], zones.squares[square + 1] - zones.squares[square])
    site, base = sites[at[line]], row[line] * zones.side
    runs, (left, low, right, _) = zones.runs, bounds.T
    met = (runs.west[run] < right[site]) & (runs.east[run] > left[site]) & (runs.high[run] + base > low[site])
    return site[met], run[met], base[met]


def _under(whole: Edges, pair: Numbers, edge: Numbers, run: Numbers, base: Floats, zones: Zones) -> Floats:
    """Signed area under each run, within its square, of a site: `edge` are the edges of `pair`, a number in `run`."""
    runs = zones.runs
    of = run[pair]
    met = (whole.west[edge] < runs.east[of]) & (whole.east[edge] > runs.west[of])
    pair, over, of = pair[met], whole.take(edge[met]), of[met]
    base = base[pair]
    west, east = np.maximum(over.west, runs.west[of]), np.minimum(over.east, runs.east[of])
    slope = (over.y_east - over.y_west) / (over.east - over.west)
    y_west, y_east = over.y_west + (west - over.west) * slope - base, over.y_west + (east - over.west) * slope - base
    beneath = np.maximum(y_west, y_east) <= runs.low[of]
    beyond = (np.minimum(y_west, y_east) >= runs.high[of]) & (west == runs.west[of]) & (east == runs.east[of])
    area = np.where(beneath, (east - west) * _positive(y_west, y_east), np.where(beyond, runs.area[of], 0.0))
    rest = np.flatnonzero(~(beneath | beyond))
    again, piece = _expanded(runs.start[of[rest]], runs.stop[of[rest]] - runs.start[of[rest]])
    again = rest[again]
    each = _beneath_both(over, slope, base, again, zones.parts, piece)
    area += np.bincount(again, weights=each, minlength=len(area))
    return np.bincount(pair, weights=over.above * runs.above[of] * area, minlength=len(run)).astype(np.float64)


def _beneath_both(over: Edges, slope: Floats, base: Floats, at: Numbers, parts: Edges, piece: Numbers) -> Floats:
    """Area under both of an edge of a site and a piece, pair by pair."""
    west = np.maximum(over.west[at], parts.west[piece])
    wide = np.maximum(np.minimum(over.east[at], parts.east[piece]) - west, 0.0)
    left, y_left = parts.west[piece], parts.y_west[piece]
    piece_slope = (parts.y_east[piece] - y_left) / (parts.east[piece] - left)
    site_slope = slope[at]
    site_west = over.y_west[at] + (west - over.west[at]) * site_slope - base[at]
    piece_west = y_left + (west - left) * piece_slope
    site_east, piece_east = site_west + wide * site_slope, piece_west + wide * piece_slope
    above = _positive(site_west - piece_west, site_east - piece_east)
    return np.asarray(wide * (_positive(site_west, site_east) - above))


def _positive(first: Floats, last: Floats) -> Floats:
    """Mean of the positive part of a value that runs evenly from first to last."""
    high = np.maximum(first, 0) + np.maximum(last, 0)
    size = np.abs(first) + np.abs(last)
    return np.asarray(high * high / np.where(size > 0, 2 * size, 1))
