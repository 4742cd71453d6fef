"""How far the file's own district outlines lie from ours.

Each vertex is drawn to the nearest point of our line; the translation that does this
best for all is found by iterated, trimmed least squares along the lines' normals, from
several starts, since half a kilometre is more than many a bay is wide.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.detective.model import City
from geo.detective.readings import Reading

_Array = NDArray[np.float64]

_LEAST_M2 = 5e6  # a smaller polygon is a site, not a district
_LEAST_IOU = 0.6
_MOST_POLYGONS = 40
_HUGE = 1e12
_STEP_M = 250.0
_MOST_POINTS = 600
_STARTS = [(0.0, 0.0)] + [
    (size * np.cos(angle), size * np.sin(angle)) for size in (600.0, 1200.0) for angle in np.arange(8) * np.pi / 4
]
_TRIM_M = 300.0  # scale at which a vertex counts half


def shift_m(polygons: NDArray[Any], reading: Reading, city: City) -> float | None:
    """Length of the best-fit shift onto our outlines, metres; None if no polygon is a district.

    Parameters
    ----------
    polygons : ndarray of shapely geometry, shape (k,)
        As the file has them, in its own numbers.
    """
    pairs = _pairs(polygons, reading, city)
    if not pairs:
        return None
    points = np.concatenate([_sample(theirs) for theirs, _ in pairs])
    points = points[np.unique(np.linspace(0, len(points) - 1, _MOST_POINTS).astype(int))]
    lines = np.concatenate([_segments(ours) for ours in {id(ours): ours for _, ours in pairs}.values()])
    tree = shapely.STRtree(shapely.linestrings(lines))
    first = [_settle(points[::3], lines, tree, np.array(start), 3) for start in _STARTS]
    best = min(first, key=lambda one: one[1])[0]
    return float(np.hypot(*_settle(points, lines, tree, best, 12)[0]))


def _pairs(polygons: NDArray[Any], reading: Reading, city: City) -> list[tuple[Any, Any]]:
    """Polygons of the file, in the plane, each with the district that it looks like."""
    areal = polygons[np.isin(shapely.get_type_id(polygons), (3, 6)) & ~shapely.is_empty(polygons)]
    areal = areal[np.abs(shapely.bounds(areal)).max(axis=1, initial=0.0) < _HUGE]
    if not len(areal) or reading.datum is None:
        return []

    def flat(xy: _Array) -> _Array:
        return np.nan_to_num(city.flatten(*reading.convert(xy[:, 0], xy[:, 1])), nan=1e9)

    large = areal[np.argsort(-shapely.area(areal), kind="stable")[:_MOST_POLYGONS]]
    drawn = shapely.make_valid(shapely.transform(shapely.force_2d(large), flat))
    found = []
    for theirs in drawn[shapely.area(drawn) > _LEAST_M2]:
        near = [ours for ours in city.plane if ours.intersects(theirs)]
        for ours in near:
            common = shapely.area(shapely.intersection(theirs, ours))
            if common > _LEAST_IOU * (shapely.area(theirs) + shapely.area(ours) - common):
                found.append((theirs, ours))
    return found


def _sample(shape: Any) -> _Array:
    return np.asarray(shapely.get_coordinates(shapely.segmentize(shapely.boundary(shape), _STEP_M)))


def _segments(shape: Any) -> _Array:
    """Segments of an outline, shape (m, 2, 2)."""
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_parts(shapely.boundary(shape))]
    return np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings])


def _settle(points: _Array, lines: _Array, tree: shapely.STRtree, shift: _Array, rounds: int) -> tuple[_Array, float]:
    """The shift after some rounds of trimmed least squares, and its cost."""
    cost = np.inf
    for _ in range(rounds):
        moved = points + shift
        nearest = tree.query_nearest(shapely.points(moved), all_matches=False)[1]
        starts, along = lines[nearest, 0], lines[nearest, 1] - lines[nearest, 0]
        length2 = np.maximum(np.sum(along**2, axis=1), 1e-9)
        part = np.clip(np.sum((moved - starts) * along, axis=1) / length2, 0.0, 1.0)
        gap = starts + part[:, None] * along - moved
        distance = np.hypot(*gap.T)
        weight = 1.0 / (1.0 + (distance / _TRIM_M) ** 2) ** 2
        cost = float(np.mean(distance**2 / (distance**2 + _TRIM_M**2)))
        ends = (part <= 0.0) | (part >= 1.0)
        normal = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.sqrt(length2)[:, None]
        normal[ends] = gap[ends] / np.maximum(distance[ends], 1e-9)[:, None]
        wanted = np.sum(normal * gap, axis=1)
        matrix = (normal * weight[:, None]).T @ normal + 1e-6 * np.eye(2)
        shift = shift + np.linalg.solve(matrix, (normal * weight[:, None]).T @ wanted)
    return shift, cost
