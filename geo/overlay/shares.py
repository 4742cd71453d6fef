"""Area of sites within polygons, exact to rounding (layer 1).

A site whose box no border is near lies in the same polygons throughout and gives its own
area. For the others the area is added up from the borders near the site alone. With C the
north-west corner of the site's box, and a polygon P with its inside on the left of its
segments, the number of times that P covers a place (x, y) is that at C, changed by one for
each segment crossed on the way east from C to (x, top) and then south to (x, y). So

    area(S and P) = covers(C) * area(S) + sum over segments f of sign(f) * area(S below f),

f being cut to the box, and each segment that crosses the top at x' adding a segment along
the top from x' to the east. With the edges e of S likewise,

    area(S below f) = sum over e of sign(e) * integral of min(e - f, 0) dx

over the x that e and f share, since the signs of the edges above and below any x add up to
none. Nothing here depends on which of two nearly equal things is larger: an error of
rounding moves the area by as little. Only covers(C) is a yes or no, and that comes from the
index; a site with a border through C is put to GEOS.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.loops.threads import in_parts
from geo.overlay.grid import Floats, Numbers, spans
from geo.overlay.index import CellIndex
from geo.overlay.rings import Rings

PAD = 0.0137  # of the box, added around it: the corner C seldom lies on anything drawn on purpose
NONE = 1e-14  # of the half perimeter of the box times the lengths at hand: a smaller area may be none at all, rounded
TIE = 1e-9  # of the lengths at hand: a border this near to C is put to GEOS
BLOCK = 1024  # sites added up at a time
MANY = 1 << 20  # pairs of edge and segment of one site; GEOS is quicker beyond

Triples = tuple[NDArray[np.intp], NDArray[np.intp], Floats]


def shares(sites: NDArray[Any], index: CellIndex, polygons: NDArray[Any]) -> Triples:
    """Areas of the overlaps of sites with polygons.

    Parameters
    ----------
    sites : array of shapely Polygon or MultiPolygon, shape (n,)
        May be empty or None. One that is invalid and near a border is treated as by `shapely.intersection`,
        which may raise; away from borders it gives its `shapely.area`.
    index : CellIndex
        Of `polygons`, in the same plane coordinates as the sites.
    polygons : array of shapely Polygon or MultiPolygon

    Returns
    -------
    sites_at, polygons_at : arrays of int, shape (k,)
        Numbers of every site and polygon that overlap, by site, then polygon.
    area : array of float, shape (k,)
        In the square of the unit of the coordinates, as of `shapely.intersection` but for rounding. An area
        that rounding may have made of none (some 1e-14 of the square of the site's box) is left out.

    Raises
    ------
    shapely.errors.GEOSException
        Of an invalid site or polygon that GEOS cannot intersect.
    InputError
        Of a site that is no polygon and has an area (a collection).

    Examples
    --------
    >>> squares = shapely.box([0, 2], 0, [2, 4], 2)
    >>> shares(shapely.box([0.5, 1], 0.5, [1, 4], 1.5), CellIndex.build(squares), squares)
    (array([0, 1, 1]), array([0, 0, 1]), array([0.5, 1. , 2. ]))
    """
    sites, polygons = np.asarray(sites, dtype=object), np.asarray(polygons, dtype=object)
    measured = in_parts(lambda part: (shapely.bounds(sites[part]), shapely.area(sites[part])), len(sites), 4096)
    bounds, whole = (np.concatenate(one) for one in zip(*measured, strict=True))
    codes = index.boxes(*bounds.T)
    clear = np.flatnonzero((codes > 0) & (whole > 0))
    site, polygon = _members(index, codes[clear])
    near = np.flatnonzero((codes < 0) & (shapely.get_dimensions(sites) == 2))
    found = [(clear[site], polygon, whole[clear[site]])]
    if len(near):
        found += _near_borders(sites[near], bounds[near], whole[near], near, index, polygons)
    site, polygon, area = (np.concatenate(one) for one in zip(*found, strict=True))
    order = np.lexsort((polygon, site))
    return site[order], polygon[order], area[order]


def _members(index: CellIndex, codes: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and polygon of every polygon in the sets of the given codes."""
    counts = np.array([len(one) for one in index.sets])
    listed = np.array([polygon for one in index.sets for polygon in one], dtype=np.intp)
    first = np.cumsum(counts) - counts
    row, at = spans(first[codes], first[codes] + counts[codes] - 1)
    return row, listed[at]


def _near_borders(
    sites: NDArray[Any], bounds: Floats, whole: Floats, rows: Numbers, index: CellIndex, polygons: NDArray[Any]
) -> list[Triples]:
    """Overlaps of sites that borders are near."""
    pad = PAD * (bounds[:, 2:] - bounds[:, :2])
    boxes = np.column_stack([bounds[:, :2] - pad, bounds[:, 2:] + pad])
    site, polygon = _members(index, index.codes(boxes[:, 0], boxes[:, 3]))
    starts = np.searchsorted(site, np.arange(len(sites) + 1))

    def added(part: slice) -> list[tuple[int, Triples, NDArray[np.bool_]]]:
        made = []
        for start in range(part.start, part.stop, BLOCK):
            block = slice(start, min(start + BLOCK, part.stop))
            held = slice(starts[block.start], starts[block.stop])
            covers = site[held] - start, polygon[held]
            made.append((start, *_added(sites[block], boxes[block], whole[block], covers, index)))
        return made

    found, asked = [], []
    for start, (one, other, area), doubt in [made for part in in_parts(added, len(sites), BLOCK) for made in part]:
        kept = ~doubt[one]
        found.append((rows[one[kept] + start], other[kept], area[kept]))
        asked.append(np.flatnonzero(doubt) + start)
    far = np.concatenate(asked)
    one, other, area = _intersected(sites[far], polygons)
    return [*found, (rows[far[one]], other, area)]


def _added(
    sites: NDArray[Any], boxes: Floats, whole: Floats, covers: tuple[Numbers, Numbers], index: CellIndex
) -> tuple[Triples, NDArray[np.bool_]]:
    """Overlaps of a block of sites, and the sites that are to be put to GEOS instead."""
    edges = _Edges(sites, boxes)
    site, vertex = index.segments(*boxes.T)
    segments = np.bincount(site, minlength=len(sites))
    doubt = ~shapely.is_valid(sites) | (segments * edges.counts > MANY)
    kept = ~doubt[site]
    site, vertex = site[kept], vertex[kept]
    polygon = index.rings.owner[index.rings.part[index.rings.ring[vertex]]]
    pieces, tied = _pieces(site, vertex, boxes, index.rings)
    doubt[tied] = True
    at, ends, sign = pieces
    size = boxes[:, 2] - boxes[:, 0] + boxes[:, 3] - boxes[:, 1]
    noise = NONE * size[site[at]] * (size[site[at]] + np.abs(ends).sum(axis=0))
    keys = np.concatenate([covers[0], site[at]]) * len(index.polygons) + np.concatenate([covers[1], polygon[at]])
    keys, inverse = np.unique(keys, return_inverse=True)
    one, other = np.divmod(keys, len(index.polygons))
    area, least = (
        np.bincount(inverse, np.concatenate(weights), minlength=len(keys))
        for weights in ((whole[covers[0]], sign * edges.below(site[at], *ends)), (np.zeros(len(covers[0])), noise))
    )
    doubt[one[~index.valid(other)]] = True
    real = np.flatnonzero(area > least)
    return (one[real], other[real], np.minimum(area[real], whole[one[real]])), doubt


def _pieces(
    site: Numbers, vertex: Numbers, boxes: Floats, rings: Rings
) -> tuple[tuple[Numbers, Floats, Floats], Numbers]:
    """What of each segment lies in its site's box, and what it adds along the top.

    Returns
    -------
    pieces : number of the pair; x and y of the western, then of the eastern end, from C; sign
    tied : sites with a border through C
    """
    west, top = boxes[site, 0], boxes[site, 3]
    wide, high = boxes[site, 2] - west, top - boxes[site, 1]
    x0, x1 = (rings.x[one] - west for one in (vertex, vertex + 1))
    y0, y1 = (rings.y[one] - top for one in (vertex, vertex + 1))
    sign = rings.left[rings.ring[vertex]].astype(np.float64)
    cross = (y0 >= 0) != (y1 >= 0)
    at = x0 + (x1 - x0) * (y0 / np.where(cross, y0 - y1, 1.0))
    reach = TIE * (wide + np.abs(x0) + np.abs(x1))
    level = ((y0 == 0) | (y1 == 0)) & (np.minimum(x0, x1) <= reach) & (np.maximum(x0, x1) >= -reach)
    tied = (cross & (np.abs(at) <= reach)) | level
    east = x1 > x0
    x0, y0, x1, y1 = (np.where(east, one, other) for one, other in ((x0, x1), (y0, y1), (x1, x0), (y1, y0)))
    along = np.flatnonzero(cross & (at > 0) & (at < wide))
    none = np.zeros(len(along))
    rising = (y1[along] > y0[along]) == east[along]
    inner, ends = _cut(x0, y0, x1, y1, wide, high)
    number = np.concatenate([inner, along])
    joined = np.concatenate([ends, [at[along], none, wide[along], none]], axis=1)
    turn = np.concatenate([east[inner], rising])
    return (number, joined, np.where(turn, -sign[number], sign[number])), site[tied]


def _cut(x0: Floats, y0: Floats, x1: Floats, y1: Floats, wide: Floats, high: Floats) -> tuple[Numbers, Floats]:
    """Segments with a piece that has a width in their boxes: their numbers, and the ends of the pieces."""
    none = np.zeros(len(x0))
    first, last = _within(x0, x1 - x0, none, wide)
    low, up = _within(y0, y1 - y0, -high, none)
    first, last = np.maximum(first, low), np.minimum(last, up)
    start, end = x0 + first * (x1 - x0), x0 + last * (x1 - x0)
    inner = np.flatnonzero((first < last) & (start < end))
    rise = y1 - y0
    ends = np.stack([start, y0 + first * rise, end, y0 + last * rise])
    return inner, ends[:, inner]


def _within(start: Floats, step: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """First and last t from 0 to 1 with start + t * step from `low` to `high`; first > last where none has."""
    flat = step == 0
    divisor = np.where(flat, 1.0, step)
    one, other = (low - start) / divisor, (high - start) / divisor
    out = flat & ((start < low) | (start > high))
    first = np.where(flat, out * 2.0, np.minimum(one, other))
    last = np.where(flat, 1.0, np.maximum(one, other))
    return np.maximum(first, 0.0), np.minimum(last, 1.0)


class _Edges:
    """The edges of sites, from the north-west corners of their boxes, the western end first."""

    def __init__(self, sites: NDArray[Any], boxes: Floats) -> None:
        rings = Rings(sites)
        site = rings.owner[rings.part[rings.ring]]
        x, y = rings.x - boxes[site, 0], rings.y - boxes[site, 3]
        vertex = rings.segments[x[rings.segments] != x[rings.segments + 1]]
        east = x[vertex + 1] > x[vertex]
        west, last = np.where(east, vertex, vertex + 1), np.where(east, vertex + 1, vertex)
        self.x0, self.y0, self.x1 = x[west], y[west], x[last]
        self.slope = (y[last] - self.y0) / (self.x1 - self.x0)
        self.sign = np.where(east, -1.0, 1.0) * rings.left[rings.ring[vertex]]
        self.counts = np.bincount(site[vertex], minlength=len(sites))
        self.first = np.cumsum(self.counts) - self.counts

    def below(self, site: Numbers, x0: Floats, y0: Floats, x1: Floats, y1: Floats) -> Floats:
        """Area of each site below each piece."""
        pair, edge = spans(self.first[site], self.first[site] + self.counts[site] - 1)
        west, east = np.maximum(x0[pair], self.x0[edge]), np.minimum(x1[pair], self.x1[edge])
        shared = np.flatnonzero(west < east)
        pair, edge, west, east = pair[shared], edge[shared], west[shared], east[shared]
        slope = ((y1 - y0) / (x1 - x0))[pair]
        start, end = (
            self.y0[edge] + self.slope[edge] * (x - self.x0[edge]) - (y0[pair] + slope * (x - x0[pair]))
            for x in (west, east)
        )
        lower, upper = np.minimum(start, end), np.maximum(start, end)
        apart = np.where(upper > 0, lower * lower, 0.0) / np.where(upper > lower, lower - upper, 1.0)
        depth = np.where(upper <= 0, lower + upper, np.where(lower < 0, apart, 0.0))
        return np.asarray(
            np.bincount(pair, 0.5 * depth * (east - west) * self.sign[edge], minlength=len(site)), dtype=np.float64
        )


def _intersected(sites: NDArray[Any], polygons: NDArray[Any]) -> Triples:
    """Overlaps by GEOS."""
    site, polygon = shapely.STRtree(polygons).query(sites)
    area = np.concatenate(
        in_parts(
            lambda part: shapely.area(shapely.intersection(sites[site[part]], polygons[polygon[part]])), len(site), 256
        )
    )
    real = np.flatnonzero(area > 0)
    return site[real], polygon[real], area[real]
