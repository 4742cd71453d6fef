"""Distances from sites to the features of a layer, straight over the ground (layer 5).

Metres of EPSG:4547 between the nearest points of two geometries, exact on their
segments; 0 where they touch. Of equals the first feature of the layer is named.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.suitability.measures import NOISE_M, covering, divided, overlap

Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

CHUNK = 64  # sites whose pairs with features are held at a time
FIRST_REACH_M = 100.0


@dataclass(frozen=True)
class Nearest:
    """Distance in metres and number of the feature; NaN and -1 where there is none. Shape (n,)."""

    distance: Floats
    feature: NDArray[np.intp]


@dataclass(frozen=True)
class Kept:
    """A distance, the one asked for, and the feature that decides. Shape (n,); NaN and -1 where there is none."""

    distance: Floats
    required: Floats
    feature: NDArray[np.intp]


def nearest(geometry: Geometries, shapes: Geometries) -> Nearest:
    """Nearest feature of each site.

    >>> found = nearest(shapely.points([[0, 0], [7, 4]]), np.array([shapely.Point(3, 4), shapely.Point(7, 0)]))
    >>> found.distance, found.feature
    (array([5., 4.]), array([0, 0]))
    """
    distance = np.full(len(geometry), np.nan)
    feature = np.full(len(geometry), -1, dtype=np.intp)
    if len(shapes):
        pieces, source = divided(shapes)
        (sites, found), metres = shapely.STRtree(pieces).query_nearest(geometry, return_distance=True, all_matches=True)
        order = np.lexsort((-source[found], sites))
        feature[sites[order]] = source[found[order]]
        distance[sites] = metres
    return Nearest(distance, feature)


def around(geometry: Geometries, shapes: Geometries, within_m: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs (site, feature) no further apart than `within_m`, by site and then by feature."""
    sites, found = shapely.STRtree(shapes).query(geometry, predicate="dwithin", distance=within_m + NOISE_M)
    order = np.lexsort((found, sites))
    return sites[order], found[order]


def zone_km2(geometry: Geometries, within_m: float) -> Floats:
    """Area within a distance of each site, the site included, in km².

    Exact around a point; around an outline corners are rounded by 64 chords a quarter,
    which leaves out less than 0.02 % of their area.
    """
    zones = shapely.area(shapely.buffer(geometry, within_m, quad_segs=64))
    return np.where(shapely.get_dimensions(geometry) == 0, np.pi * within_m**2, zones) / 1e6


def setbacks(geometry: Geometries, shapes: Geometries, own: Floats, general: Floats) -> Kept:
    """The feature whose distance is kept least, which need not be the nearest.

    Parameters
    ----------
    geometry : array, shape (n,)
    shapes : array, shape (m,)
    own : array of float, shape (m,)
        Distance to keep from each feature, NaN for the general one.
    general : array of float, shape (n,)
        Distance that each site must keep otherwise.

    Returns
    -------
    Kept
        Of the feature with the smallest distance less required distance.
    """
    near = nearest(geometry, shapes)
    required = general.copy()
    if np.isnan(own).all():
        return Kept(near.distance, required, near.feature)
    distance, feature = near.distance.copy(), near.feature.copy()
    special = own[near.feature]
    required = np.where(np.isnan(special), general, special)
    # no feature further off than this can be kept less than the nearest is
    reach = near.distance - required + np.maximum(np.nanmax(own), general) + NOISE_M
    pieces, source = divided(shapes)
    tree, own = shapely.STRtree(pieces), own[source]
    for start in range(0, len(geometry), CHUNK):
        rows = np.arange(start, min(start + CHUNK, len(geometry)))
        hits, found = tree.query(geometry[rows], predicate="dwithin", distance=reach[rows])
        sites = rows[hits]
        metres = shapely.distance(geometry[sites], pieces[found])
        asked = np.where(np.isnan(own[found]), general[sites], own[found])
        order = np.lexsort((-source[found], asked - metres, sites))  # the last of each site stands
        chosen = sites[order]
        distance[chosen], required[chosen], feature[chosen] = metres[order], asked[order], source[found[order]]
    return Kept(distance, required, feature)


def inward(geometry: Geometries, shapes: Geometries, own: Floats, general: Floats) -> Kept:
    """Distance of each site to the edge of the polygons that it lies in.

    Polygons that touch or overlap count as one; the edges of holes count. The edge of
    features within reach of a site is that of all features as far as it lies within
    that reach, so the layer is never joined as a whole.

    Parameters
    ----------
    geometry, shapes, own, general
        As for `setbacks`. Of the features that a site meets, the largest own distance
        is asked for.

    Returns
    -------
    Kept
        Negative for a site that is not wholly within: less the distance to the polygons,
        or less how far the site's farthest corner lies outside them.
    """
    distance = np.full(len(geometry), np.nan)
    feature = np.full(len(geometry), -1, dtype=np.intp)
    required = general.copy()
    pieces, source = divided(shapes)
    tree = shapely.STRtree(pieces)
    meets, found = tree.query(geometry, predicate="intersects")
    met = source[found]
    asked = np.where(np.isnan(own[met]), general[meets], own[met])
    required[np.unique(meets)] = 0.0
    np.maximum.at(required, meets, asked)
    beyond = overlap(geometry, shapes, outside=True).area
    within = np.where(np.isnan(beyond), covering(geometry, shapes) >= 0, beyond == 0)
    near = nearest(geometry, shapes)
    for site in range(len(geometry)):
        if within[site]:
            distance[site], piece = _to_edge(geometry[site], tree, required[site])
            feature[site] = source[piece]
        elif near.feature[site] >= 0:
            distance[site] = -near.distance[site] or -_sticking_out(geometry[site], pieces[found[meets == site]])
            feature[site] = near.feature[site]
    return Kept(distance, required, feature)


def _to_edge(site: shapely.Geometry, tree: shapely.STRtree, required: float) -> tuple[float, int]:
    """Distance to the edge around a site, and the first piece at the edge's nearest point."""
    reach = max(2 * required, FIRST_REACH_M)
    while True:
        near = np.sort(tree.query(site, predicate="dwithin", distance=reach))
        edge = shapely.boundary(shapely.union_all(tree.geometries[near]))
        distance = float(shapely.distance(site, edge))
        if distance <= reach or len(near) == len(tree.geometries):
            break
        reach *= 4
    at_edge = shapely.get_point(shapely.shortest_line(edge, site), 0)
    touching = shapely.distance(at_edge, tree.geometries[near]) <= NOISE_M
    return distance, int(near[touching][0])


def _sticking_out(site: shapely.Geometry, shapes: Geometries) -> float:
    """How far the corners of what lies outside are from the polygons, at most."""
    joined = shapely.union_all(shapes)
    corners = shapely.points(shapely.get_coordinates(shapely.difference(site, joined)))
    return float(shapely.distance(corners, joined).max(initial=0.0))
