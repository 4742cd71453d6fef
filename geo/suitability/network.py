"""Distances along a network of lines (layer 5).

Lines meet where they share a vertex (to the millimetre), as in OpenStreetMap: a bridge
over a road meets it nowhere. Every line runs both ways. A site or a feature joins at
the nearest point of the network, or wherever lines cross its outline, and the way there is added; it must
lie within reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.schema import Words
from geo.suitability.distances import nearest

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]
Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class Ways:
    """Distance along the network to the nearest feature, which one, and why there is none. Shape (n,)."""

    distance: Floats
    feature: Whole
    note: NDArray[np.object_]


@dataclass(frozen=True)
class _Access:
    """Points where owners join the network: owner, line, metres along it, metres to it. Shape (k,)."""

    owner: Whole
    line: Whole
    along: Floats
    offset: Floats


@dataclass(frozen=True)
class _Chain:
    """All points along all lines, by line and then by metres along it, with the node of each."""

    line: Whole
    along: Floats
    node: Whole
    first: Whole  # where each line begins, and the end


def along(geometry: Geometries, shapes: Geometries, network: Geometries, reach_m: float) -> Ways:
    """Shortest way along the network from each site to a feature.

    Parameters
    ----------
    geometry : array, shape (n,)
        Sites.
    shapes : array, shape (m,)
        Features to go to; one that a site touches is at 0 m.
    network : array
        Lines; whatever else is in it is left out.
    reach_m : float
        How far a site or a feature may lie from the network.

    Returns
    -------
    Ways
        A site's distance has the same bits whatever other sites there are: sites are
        not made part of the graph.
    """
    distance = np.full(len(geometry), np.nan)
    feature = np.full(len(geometry), -1, dtype=np.intp)
    note = np.full(len(geometry), None, dtype=object)
    lines = shapely.get_parts(network[shapely.get_dimensions(network) == 1])
    reach = Words(
        f"地块 {reach_m:,.10g} m 范围内没有路网。", f"No line of the network lies within {reach_m:,.10g} m of the site."
    )
    note[:] = reach
    if len(lines) and len(shapes):
        tree = shapely.STRtree(lines)
        chain, cost, source = _solved(lines, _joined(shapes, tree, reach_m))
        sites = _joined(geometry, tree, reach_m)
        note[sites.owner] = Words("沿路网无法到达任何此类要素。", "No feature can be reached along the network.")
        _arrive(sites, chain, cost, source, distance, feature)
    direct = nearest(geometry, shapes)
    touching = direct.distance == 0
    distance[touching], feature[touching] = 0.0, direct.feature[touching]
    note[~np.isnan(distance)] = None
    return Ways(distance, feature, note)


def _joined(owners: Geometries, tree: shapely.STRtree, reach_m: float) -> _Access:
    """Where each of the owners joins the nearest lines."""
    owner, line = tree.query_nearest(owners, max_distance=max(reach_m, 1e-6), all_matches=True)
    lines = tree.geometries[line]
    offset = shapely.distance(owners[owner], lines)
    apart = offset > 0
    meeting = np.where(
        apart,
        shapely.get_point(shapely.shortest_line(lines, owners[owner]), 0),
        shapely.intersection(lines, owners[owner]),
    )
    parts, source = shapely.get_parts(meeting, return_index=True)
    bent = shapely.get_dimensions(parts) == 1
    ends = np.concatenate([parts[~bent], shapely.get_point(parts[bent], 0), shapely.get_point(parts[bent], -1)])
    source = np.concatenate([source[~bent], source[bent], source[bent]])
    metres = shapely.line_locate_point(lines[source], ends)
    return _Access(owner[source], line[source], metres, offset[source])


def _solved(lines: Geometries, goals: _Access) -> tuple[_Chain, Floats, Whole]:
    """The lines with the goals set into them; at each node metres to the nearest goal, and which."""
    chain, count = _chained(lines, goals)
    begin, end = chain.node[:-1], chain.node[1:]
    metres = np.diff(chain.along)
    same = (chain.line[:-1] == chain.line[1:]) & (begin != end)
    begin, end, metres = begin[same], end[same], metres[same]
    low, high = np.minimum(begin, end), np.maximum(begin, end)
    order = np.lexsort((metres, high, low))
    low, high, metres = low[order], high[order], metres[order]
    shortest = np.ones(len(low), dtype=np.bool_)  # of lines side by side, which a sparse matrix would add up
    shortest[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
    low, high, metres = low[shortest], high[shortest], metres[shortest]
    # each goal is a node of its own beyond the last, with ways that lead only from it
    owners = count + goals.owner
    size = count + int(goals.owner.max(initial=-1)) + 1
    rows = np.concatenate([low, high, owners])
    columns = np.concatenate([high, low, count - len(owners) + np.arange(len(owners))])
    graph = csr_array((np.concatenate([metres, metres, goals.offset]), (rows, columns)), shape=(size, size))
    if not len(owners):
        return chain, np.full(count, np.inf), np.full(count, -1, dtype=np.intp)
    cost, _, source = dijkstra(graph, indices=np.unique(owners), min_only=True, return_predecessors=True)
    return chain, cost[:count], np.where(source[:count] >= count, source[:count] - count, -1)


def _chained(lines: Geometries, goals: _Access) -> tuple[_Chain, int]:
    """Vertices and goals along the lines, and the number of nodes: shared vertices first, then a node a goal."""
    vertices, line = shapely.get_coordinates(lines, return_index=True)
    steps = np.hypot(*np.diff(vertices, axis=0).T)
    run = np.concatenate(([0.0], np.cumsum(np.where(np.diff(line) == 0, steps, 0.0))))
    start = np.searchsorted(line, np.arange(len(lines)))
    millimetres = np.round(vertices * 1000)
    shared, node = np.unique(millimetres[:, 0] + 1j * millimetres[:, 1], return_inverse=True)
    every_line = np.concatenate([line, goals.line])
    every_along = np.concatenate([run - run[start][line], goals.along])
    every_node = np.concatenate([node, len(shared) + np.arange(len(goals.line))])
    order = np.lexsort((every_along, every_line))
    every_line = every_line[order]
    first = np.searchsorted(every_line, np.arange(len(lines) + 1))
    count = len(shared) + len(goals.line)
    return _Chain(every_line, every_along[order], every_node[order], first), count


def _arrive(sites: _Access, chain: _Chain, cost: Floats, source: Whole, distance: Floats, feature: Whole) -> None:
    """The shortest of the ways from where each site joins, by the points before and behind on its line."""
    for owner, line, metres, offset in zip(sites.owner, sites.line, sites.along, sites.offset, strict=True):
        first, last = chain.first[line], chain.first[line + 1] - 1
        behind = int(np.clip(first + np.searchsorted(chain.along[first : last + 1], metres), first + 1, last))
        for at in (behind - 1, behind):
            node = chain.node[at]
            total = offset + abs(chain.along[at] - metres) + cost[node]
            if np.isfinite(total) and not total >= distance[owner]:
                distance[owner], feature[owner] = total, source[node]
