"""Measures of an outline, and what of it lies within a layer (layer 5).

Geometry is valid and in metres (EPSG:4547). An overlap is exact on the polygons: the
pieces of a site within each feature are joined site by site, so that features that
overlap each other count once; the layer is never dissolved into one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

CHUNK = 256  # sites whose pieces are held at a time
NOISE_M2 = 1e-3  # coordinates carry half a nanometre: what an edge shared over 1,000 km may leave
NOISE_M = 1e-6
WIDTH_M = 1e-3  # how true a width is
SEARCH_M, STEP_M, GAIN_M = 0.1, 2.0, 1e-5
STEPS = 50
FEW, PARALLEL = 4, 1e-9  # planes begun with; what three planes span that do not meet in a corner
_BOX = np.array([[1.0, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]])
VERTICES = 256  # of a piece of a feature


def areal(geometry: Geometries) -> NDArray[np.bool_]:
    """Which sites have an outline with an area, shape (n,)."""
    return np.asarray((shapely.get_dimensions(geometry) == 2) & (shapely.area(geometry) > 0), dtype=np.bool_)


def area_ha(geometry: Geometries) -> Floats:
    """Area in hectares, NaN of a point.

    >>> area_ha(np.array([shapely.box(0, 0, 200, 100), shapely.Point(0, 0)]))
    array([ 2., nan])
    """
    return np.where(areal(geometry), shapely.area(geometry) / 1e4, np.nan)


def width_m(geometry: Geometries) -> Floats:
    """Width in metres: the diameter of the largest circle inside, NaN of a point.

    Its centre is searched for by branch and bound to a decimetre
    (`shapely.maximum_inscribed_circle`, which gives up early on long outlines with
    parallel sides) and then moved to the best place near there, so that the width is
    right to a millimetre; it is never too large. Were two places
    equally wide to a decimetre, the lesser might be taken. Of several parts that of
    the widest.

    >>> width_m(np.array([shapely.box(0, 0, 200, 100)]))
    array([100.])
    """
    found = np.full(len(geometry), np.nan)
    for at in np.flatnonzero(areal(geometry)):
        found[at] = 2 * max(_radius(part) for part in shapely.get_parts(geometry[at]))
    return found


def _radius(part: shapely.Polygon) -> float:
    """Radius of the largest circle in a polygon."""
    circle = shapely.maximum_inscribed_circle(part, SEARCH_M)
    radius = float(shapely.length(circle))
    if radius == 0:
        return radius
    corners, ring = shapely.get_coordinates(shapely.get_rings(part), return_index=True)
    same = ring[1:] == ring[:-1]
    return _widened(corners[:-1][same], corners[1:][same], shapely.get_coordinates(circle)[0])


def _widened(begin: Floats, end: Floats, centre: Floats) -> float:
    """Distance to the nearest of the edges, from a centre moved away from them as far as that grows.

    The distance to an edge is convex, so it is never less than the plane that touches
    it: the step that is best by those planes never leads to less. Steps stay within
    the circle, hence within the outline.
    """
    edge = end - begin
    squared = (edge**2).sum(axis=1)
    radius = 0.0
    for _ in range(STEPS):
        along = np.clip(((centre - begin) * edge).sum(axis=1) / np.where(squared > 0, squared, 1.0), 0.0, 1.0)
        away = centre - begin - along[:, None] * edge
        distance = np.hypot(*away.T)
        gain, radius = float(distance.min()) - radius, float(distance.min())
        if radius == 0 or gain < GAIN_M:
            break
        reach = min(radius / 4, STEP_M)
        near = distance <= radius + 3 * reach
        centre = centre + _step(away[near] / distance[near, None], distance[near], reach)
    return radius


def _step(slopes: Floats, heights: Floats, reach: float) -> Floats:
    """The step, at most `reach` along each axis, to where the lowest of the planes is highest.

    A linear programme in three variables: all corners of a few planes are tried, then
    the plane that undercuts the best corner most is added, until none does.

    Parameters
    ----------
    slopes : array of float, shape (k, 2)
    heights : array of float, shape (k,)
        Of the planes where the step is 0.
    """
    planes = np.column_stack([-slopes, np.ones(len(slopes))])  # planes @ (step, height) <= heights
    few = np.argsort(heights, kind="stable")[:FEW]
    while True:
        sides, limits = np.vstack([_BOX, planes[few]]), np.append([reach] * 4, heights[few])
        first, second, third = _triples(len(sides))
        across = _cross(sides[second], sides[third])
        volume = (sides[first] * across).sum(axis=1)
        meet = np.abs(volume) > PARALLEL
        first, second, third = first[meet], second[meet], third[meet]
        corners = (
            limits[first, None] * across[meet]
            + limits[second, None] * _cross(sides[third], sides[first])
            + limits[third, None] * _cross(sides[first], sides[second])
        ) / volume[meet, None]
        allowed = (corners @ sides.T <= limits + NOISE_M).all(axis=1)
        best = corners[allowed][np.argmax(corners[allowed, 2])]
        under = planes @ best - heights
        if under.max() <= 2 * NOISE_M:
            return np.asarray(best[:2])
        few = np.append(few, np.argmax(under))


def _cross(left: Floats, right: Floats) -> Floats:
    """The cross products of rows, as `numpy.cross` but without what that costs on few of them."""
    (a, b, c), (d, e, f) = left.T, right.T
    return np.column_stack([b * f - c * e, c * d - a * f, a * e - b * d])


@cache
def _triples(n: int) -> NDArray[np.intp]:
    """All threes of n, shape (3, k)."""
    return np.array(list(combinations(range(n), 3)), dtype=np.intp).T


def compactness(geometry: Geometries) -> Floats:
    r"""Compactness 4 pi A / P² after Polsby and Popper (1991), NaN of a point.

    A is the area, P the length of all edges, those of holes included; 1 of a circle,
    pi / 4 of a square.

    >>> compactness(np.array([shapely.box(0, 0, 100, 100)])).round(4)
    array([0.7854])
    """
    kept = areal(geometry)
    found = np.full(len(geometry), np.nan)
    found[kept] = 4 * np.pi * shapely.area(geometry[kept]) / shapely.length(geometry[kept]) ** 2
    return found


@dataclass(frozen=True)
class Overlap:
    """What of n sites lies within a layer, or outside it.

    Attributes
    ----------
    area, sliver : array of float, shape (n,)
        In m²: what counts, and what lies in pieces below the stated size; NaN of points.
    feature : array of int, shape (n,)
        Of the features the one that covers most of the site, -1 where none does.
    """

    area: Floats
    sliver: Floats
    feature: NDArray[np.intp]


def overlap(geometry: Geometries, shapes: Geometries, sliver_m2: float = 0.0, *, outside: bool = False) -> Overlap:
    """Area of each site within the polygons of a layer, or outside all of them.

    Parameters
    ----------
    geometry : array of shapely geometries, shape (n,)
    shapes : array of shapely geometries, shape (m,)
        May overlap each other; lines and points among them have no area and do not count.
    sliver_m2 : float
        A piece smaller than this does not count. A piece is a connected part of the
        site within (or outside) all features together. What is below 0.001 m² is
        taken for rounding and left out.
    outside : bool
        Measure what lies outside instead.

    Examples
    --------
    >>> site, left, strip = shapely.box(0, 0, 10, 10), shapely.box(-5, 0, 4, 10), shapely.box(3, 0, 6, 10)
    >>> found = overlap(np.array([site]), np.array([left, strip]))
    >>> found.area, found.feature
    (array([60.]), array([0]))
    """
    kept = areal(geometry)
    area, sliver = np.where(kept, 0.0, np.nan), np.where(kept, 0.0, np.nan)
    feature = np.full(len(geometry), -1, dtype=np.intp)
    pieces, source = divided(shapes)
    tree = shapely.STRtree(pieces)
    for start in range(0, len(geometry), CHUNK):
        rows = start + np.flatnonzero(kept[start : start + CHUNK])
        parts, owners, deciding = _clipped(geometry[rows], tree, source)
        feature[rows] = deciding
        for at, row in enumerate(rows):
            within = shapely.union_all(parts[owners == at])
            measured = shapely.difference(geometry[row], within) if outside else within
            sizes = shapely.area(shapely.get_parts(measured))
            sizes = sizes[sizes >= NOISE_M2]
            area[row] = sizes[sizes >= sliver_m2].sum()
            sliver[row] = sizes[sizes < sliver_m2].sum()
    return Overlap(area, sliver, feature)


def divided(shapes: Geometries) -> tuple[Geometries, NDArray[np.intp]]:
    """Features with those of many vertices cut along lines of the axes, and the feature of each piece.

    Quick to search, and together the same ground: neighbours share the line of the cut.
    """
    pieces: list[shapely.Geometry] = []
    source: list[int] = []
    waiting = [(shape, number) for number, shape in enumerate(shapes)][::-1]
    while waiting:
        shape, number = waiting.pop()
        west, south, east, north = shapely.bounds(shape)
        few = shapely.get_num_coordinates(shape) <= VERTICES
        if few or shapely.get_dimensions(shape) < 2 or max(east - west, north - south) < SEARCH_M:
            pieces.append(shape)
            source.append(number)
            continue
        x, y = (west + east) / 2, (south + north) / 2
        halves = (
            (shapely.box(west, south, x, north), shapely.box(x, south, east, north))
            if east - west > north - south
            else (shapely.box(west, south, east, y), shapely.box(west, y, east, north))
        )
        for half in halves:
            parts = shapely.get_parts(shapely.intersection(shape, half))
            waiting += [(part, number) for part in parts if shapely.get_dimensions(part) == 2]
    found = np.empty(len(pieces), dtype=object)
    found[:] = pieces
    return found, np.array(source, dtype=np.intp)


def _clipped(
    sites: Geometries, tree: shapely.STRtree, source: NDArray[np.intp]
) -> tuple[Geometries, NDArray[Any], NDArray[np.intp]]:
    """Polygons of the sites within each feature, the site of each, and the feature with most of each site."""
    hits, found = tree.query(sites, predicate="intersects")
    order = np.lexsort((found, hits))
    hits, found = hits[order], found[order]
    pieces = shapely.intersection(sites[hits], tree.geometries[found])
    features = int(source.max(initial=0)) + 1
    pairs, which = np.unique(hits * features + source[found], return_inverse=True)
    sizes = np.bincount(which, weights=shapely.area(pieces), minlength=len(pairs))
    owners, feature = pairs // features, pairs % features
    deciding = np.full(len(sites), -1, dtype=np.intp)
    largest = np.lexsort((-feature, sizes, owners))
    largest = largest[sizes[largest] >= NOISE_M2]
    deciding[owners[largest]] = feature[largest]  # the last of each site stands: the largest, the first of equals
    parts, origin = shapely.get_parts(pieces, return_index=True)
    polygons = shapely.get_dimensions(parts) == 2
    return parts[polygons], hits[origin[polygons]], deciding


def covering(geometry: Geometries, shapes: Geometries, *, strictly: bool = False) -> NDArray[np.intp]:
    """The first feature that each point touches or lies in, -1 where none and of outlines, shape (n,).

    Strictly, the edge of a polygon and the ends of a line are not in it.
    """
    first = np.full(len(geometry), -1, dtype=np.intp)
    points = np.flatnonzero(~areal(geometry))
    if len(points):
        predicate = "within" if strictly else "intersects"
        hits, found = shapely.STRtree(shapes).query(geometry[points], predicate=predicate)
        order = np.lexsort((-found, hits))
        first[points[hits[order]]] = found[order]
    return first


@dataclass(frozen=True)
class Crossing:
    """Lines and points of a layer within n sites.

    Attributes
    ----------
    length : array of float, shape (n,)
        Of lines within or along the edge, in metres, each stretch once.
    points : array of int, shape (n,)
        Points within or on the edge.
    feature : array of int, shape (n,)
        The first of those lines or points, -1 where there is none.
    """

    length: Floats
    points: NDArray[np.intp]
    feature: NDArray[np.intp]


def crossings(geometry: Geometries, shapes: Geometries) -> Crossing:
    """Lines and points of a layer that lie within polygons or along their edge.

    A line that only ends at the edge has no length within and does not count.
    """
    length = np.zeros(len(geometry))
    points = np.zeros(len(geometry), dtype=np.intp)
    feature = np.full(len(geometry), -1, dtype=np.intp)
    flat = np.flatnonzero(shapely.get_dimensions(shapes) < 2)
    hits, found = shapely.STRtree(shapes[flat]).query(geometry, predicate="intersects")
    found = flat[found]
    order = np.lexsort((found, hits))
    hits, found = hits[order], found[order]
    dotted = shapely.get_dimensions(shapes[found]) == 0
    pieces = shapely.intersection(shapes[found], geometry[hits])
    counts = np.where(dotted, shapely.get_num_geometries(pieces), 0)
    counting = dotted | (shapely.length(pieces) > NOISE_M)
    for site in np.unique(hits[counting]):
        mine = counting & (hits == site)
        points[site] = counts[mine].sum()
        length[site] = shapely.length(shapely.union_all(pieces[mine & ~dotted]))
        feature[site] = found[mine][0]
    return Crossing(length, points, feature)
