"""The project's two coordinate systems: degrees, metres, lengths and areas.

Degrees are EPSG:4490, metres are EPSG:4547. A straight edge in one is not
straight in the other, so long edges are densified before they are converted.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.crs import gauss
from geo.errors import CRSMismatch

if TYPE_CHECKING:
    from pyproj import Transformer

GEOGRAPHIC = 4490
PROJECTED = 4547

Pair = tuple[NDArray[np.float64], NDArray[np.float64]]

DENSIFY_DEGREES = 0.01
DENSIFY_METRES = 500.0


@cache
def _to_degrees() -> Transformer:
    """From metres to degrees of the project's own systems, which share one datum."""
    from pyproj import Transformer

    return Transformer.from_crs(PROJECTED, GEOGRAPHIC, always_xy=True)


def to_metres(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Project degrees (EPSG:4490) to metres (EPSG:4547).

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        Degrees.

    Returns
    -------
    x, y : ndarray of float, shape (n,)
        East and north in metres.

    Examples
    --------
    >>> x, y = to_metres(114.0527534, 22.5458236)
    >>> round(float(x), 3), round(float(y), 3)
    (505426.338, 2494242.655)
    """
    return gauss.project(lon, lat)


def from_metres(x: ArrayLike, y: ArrayLike) -> Pair:
    """Metres (EPSG:4547) as degrees (EPSG:4490); the inverse of `to_metres`."""
    lon, lat = _to_degrees().transform(x, y)
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)


def densify(geometries: Any, longest: float) -> Any:
    """Geometries with no edge longer than `longest`, in their own units.

    GEOS repairs an outline that crosses itself while it densifies; such a one is
    taken ring by ring, so that it comes out as it went in.
    """
    dense = shapely.segmentize(geometries, longest)
    crossing = (shapely.get_dimensions(geometries) == 2) & ~shapely.is_valid(geometries)
    if not np.any(crossing):
        return dense
    if np.ndim(geometries) == 0:
        return _ring_by_ring(geometries, longest)
    for at in np.flatnonzero(crossing):
        dense[at] = _ring_by_ring(geometries[at], longest)
    return dense


def _ring_by_ring(shape: Any, longest: float) -> Any:
    parts = [
        shapely.Polygon(
            shapely.segmentize(part.exterior, longest), [shapely.segmentize(hole, longest) for hole in part.interiors]
        )
        for part in shapely.get_parts(shape)
    ]
    return parts[0] if shape.geom_type == "Polygon" else shapely.MultiPolygon(parts)


def from_metric(geometries: Any) -> Any:
    """Geometries in metres with edges no longer than 500 m, ready to be turned into degrees."""
    return densify(geometries, DENSIFY_METRES)


def project(geometries: Any) -> Any:
    """Project shapely geometries from EPSG:4490 to EPSG:4547.

    Edges longer than 0.01 degree are densified first, since a straight edge in
    degrees is not straight in metres.
    """
    dense = densify(geometries, DENSIFY_DEGREES)
    return shapely.transform(dense, lambda xy: np.column_stack(to_metres(xy[:, 0], xy[:, 1])))


def unproject(geometries: Any) -> Any:
    """Geometries in EPSG:4547 as degrees (EPSG:4490), vertex by vertex; see `from_metric`."""
    return shapely.transform(geometries, lambda xy: np.column_stack(from_metres(xy[:, 0], xy[:, 1])))


def area_m2(geometries: Any) -> NDArray[np.float64]:
    """Areas of geometries in degrees (EPSG:4490), in square metres of EPSG:4547."""
    return np.asarray(shapely.area(project(geometries)), dtype=float)


def require_degrees(bounds: ArrayLike, what: str) -> None:
    """Raise unless the bounds (xmin, ymin, xmax, ymax) can be degrees.

    Raises
    ------
    CRSMismatch
        If a value lies outside longitude and latitude.
    """
    xmin, ymin, xmax, ymax = np.asarray(bounds, dtype=float)
    if xmin < -180 or xmax > 180 or ymin < -90 or ymax > 90:
        raise CRSMismatch(
            f"{what} does not hold longitude and latitude",
            f"{what} 的坐标不是经纬度",
            value=f"{xmin:.0f} {ymin:.0f} {xmax:.0f} {ymax:.0f}",
            remedy_en="say which coordinate system it is in with --crs EPSG:…",
            remedy_zh="请用 --crs EPSG:… 指明坐标系",
        )
