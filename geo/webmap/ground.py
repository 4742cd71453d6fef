"""The ground that the page places a position on: exact outlines, borders, names.

Degrees are kept to 1e-9 (a tenth of a millimetre) and the borders, in EPSG:4547, to
a millimetre, so that the page places a point as `geo.join` does. Nothing is simplified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.districts import Boundaries
from geo.webmap.deflating import Deflated
from geo.webmap.packing import pack_pairs

Record = dict[str, Any]
SCALE = 1e-9
METRIC_SCALE = 1e-6
_MARGIN = 0.03  # of the extent, around a view
_BESIDE, _FINE, _COARSE = 0.02, 0.0004, 0.002  # degrees, of the areas around
_SMALL = 0.05  # square degrees of an area that would lose its shape
_DRAWN_BESIDE, _DRAWN_SHARE = 0.002, 0.01  # degrees, and share of an area's width, in the first picture
_DECIMALS = 4
_SEEN = 0.004  # square degrees of an area around that bear its name


@dataclass(frozen=True)
class Drawn:
    """What is drawn of the boundaries, beside their own lines.

    Attributes
    ----------
    around : ndarray of Geometry, shape (n,)
        The areas around: exact beside the city, elsewhere simplified.
    first : ndarray of Geometry, shape (n,)
        The same as the first picture has them, simplified everywhere.
    centres : ndarray of float, shape (d, 2)
        Longitude and latitude of a point deep inside of each district.
    seen : ndarray of intp, shape (m,)
        Which areas around bear a name in the whole view.
    seen_centres : ndarray of float, shape (m, 2)
        A point deep inside of what is seen of each.
    """

    around: NDArray[Any]
    first: NDArray[Any]
    centres: NDArray[np.float64]
    seen: NDArray[np.intp]
    seen_centres: NDArray[np.float64]


def drawn(boundaries: Boundaries) -> Drawn:
    """Shapes and points to draw; nearly all of it is work of GEOS, which leaves the interpreter free."""
    near = boundaries.tree.query(boundaries.neighbours, predicate="dwithin", distance=_BESIDE)[0]
    away = np.setdiff1d(np.arange(len(boundaries.neighbours)), near)
    sizes = shapely.area(boundaries.neighbours)
    around = boundaries.neighbours.copy()
    around[away] = shapely.simplify(around[away], np.where(sizes[away] < _SMALL, _FINE, _COARSE))
    coarse = np.full(len(sizes), _DRAWN_BESIDE)
    coarse[away] = _DRAWN_SHARE * np.sqrt(sizes[away])
    (south, west), (north, east) = views(boundaries)["all"]
    within = shapely.intersection(boundaries.neighbours, shapely.box(west, south, east, north))
    seen = np.flatnonzero(shapely.area(within) > _SEEN)
    return Drawn(
        around,
        shapely.simplify(boundaries.neighbours, coarse, preserve_topology=False),
        _centres(boundaries.outlines, 0.001),
        seen,
        _centres(within[seen], 0.005),
    )


def _centres(shapes: NDArray[Any], tolerance: float) -> NDArray[np.float64]:
    """The point of each shape that lies farthest from its edge."""
    rays = shapely.maximum_inscribed_circle(shapes, tolerance=tolerance)
    points: NDArray[np.float64] = shapely.get_coordinates(shapely.get_point(rays, 0))
    return points


def ground(boundaries: Boundaries, around: NDArray[Any]) -> Record:
    """Outlines of both sources, the areas around, the zone of doubt and the borders.

    Parameters
    ----------
    around : ndarray of Geometry, shape (n,)
        The areas around as `drawn` has them.
    """
    ids = list(boundaries.ids)
    named = [{"zh": zh, "en": en} for zh, en in boundaries.neighbour_names]
    doubt = boundaries.uncertain
    return {
        "scale": SCALE,
        "metric_scale": METRIC_SCALE,
        "districts": areas(boundaries.outlines, SCALE) | {"ids": ids},
        "second": areas(boundaries.second, SCALE) | {"ids": ids[: len(boundaries.second)]},
        "second_outside": areas(boundaries.second_outside, SCALE),
        "neighbours": areas(around, SCALE) | {"names": named},
        "uncertain": None if doubt is None else areas([doubt], SCALE),
        "borders": _lines(boundaries.borders, METRIC_SCALE) | {"ids": ids},
        "approximate": list(boundaries.approximate),
    }


def areas(shapes: Sequence[Any] | NDArray[Any], scale: float) -> Record:
    """Polygons and multipolygons: sizes of their rings, nested, and the corners of all in a row."""
    parts, of_area = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    sizes = _split(shapely.get_num_coordinates(rings).tolist(), of_part, len(parts))
    return {"shape": _split(sizes, of_area, len(shapes)), "xy": _packed(rings, scale)}


def _lines(shapes: NDArray[Any], scale: float) -> Record:
    parts, of_line = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    return {
        "shape": _split(shapely.get_num_coordinates(parts).tolist(), of_line, len(shapes)),
        "xy": _packed(parts, scale),
    }


def _split(items: list[Any], owners: NDArray[np.intp], count: int) -> list[list[Any]]:
    """Items as one list for each of their owners, who come in order."""
    ends = np.searchsorted(owners, np.arange(count + 1)).tolist()
    return [items[start:end] for start, end in pairwise(ends)]


def _packed(lines: NDArray[Any], scale: float) -> Deflated:
    return pack_pairs(np.rint(shapely.get_coordinates(lines) / scale).astype(np.int64))


def labels(boundaries: Boundaries, shapes: Drawn) -> Record:
    """Points to write names at: of the districts, and of the areas around, inside the whole view."""
    names = [boundaries.neighbour_names[place] for place in shapes.seen]
    return {
        "districts": [{"id": one, "centre": at} for one, at in zip(boundaries.ids, _told(shapes.centres), strict=True)],
        "around": [
            {"zh": zh, "en": en, "centre": at} for (zh, en), at in zip(names, _told(shapes.seen_centres), strict=True)
        ],
    }


def _told(places: NDArray[np.float64]) -> list[list[float]]:
    """Latitude and longitude of places."""
    return [[round(lat, 5), round(lon, 5)] for lon, lat in places.tolist()]


def views(boundaries: Boundaries) -> Record:
    """South-west and north-east corners of the views: all, the city proper, Shenshan if there is one."""
    apart = np.array(boundaries.ids) == "shenshan"
    found = {"all": _view(boundaries.outlines), "city": _view(boundaries.outlines[~apart])}
    return found | {"shenshan": _view(boundaries.outlines[apart]) if apart.any() else None}


def _view(outlines: NDArray[Any]) -> list[list[float]] | None:
    if not len(outlines):
        return None
    west, south, east, north = shapely.total_bounds(outlines).tolist()
    wide, high = (east - west) * _MARGIN, (north - south) * _MARGIN
    return [[round(south - high, 4), round(west - wide, 4)], [round(north + high, 4), round(east + wide, 4)]]


def surroundings(boundaries: Boundaries, shapes: Drawn) -> Record:
    """The areas around as GeoJSON, simplified for the screen: to two hundred metres beside the city.

    They are what the first picture shows; the exact lines follow once it stands.
    """
    features = []
    for shape, (zh, en) in zip(shapes.first, boundaries.neighbour_names, strict=True):
        parts = [shapely.get_rings(part) for part in shapely.get_parts(shape)]
        corners = [[np.round(shapely.get_coordinates(ring), _DECIMALS).tolist() for ring in rings] for rings in parts]
        geometry = {"type": "MultiPolygon", "coordinates": corners}
        features.append({"type": "Feature", "geometry": geometry, "properties": {"zh": zh, "en": en}})
    return {"type": "FeatureCollection", "features": features}
