"""Coordinate systems of the project and the datum shifts (layer 1).

Positions are longitude, latitude in degrees, CGCS2000 (EPSG:4490); WGS84 is
taken as the same, which holds below one metre. Lengths and areas are computed
in EPSG:4547 (CGCS2000 / 3-degree Gauss-Kruger CM 114E), in metres.

GCJ-02 and BD-09 are the obfuscated datums of Chinese web maps. No well-kept
vectorised library for them exists, so the published formula stands here, with
an iterated inverse.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.errors import CRSMismatch

if TYPE_CHECKING:
    from pyproj import Transformer

GEOGRAPHIC = 4490
PROJECTED = 4547
DATUMS: tuple[str, ...] = ("wgs84", "cgcs2000", "gcj02", "bd09")

_Pair = tuple[NDArray[np.float64], NDArray[np.float64]]

_SEMI_MAJOR = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BD_FACTOR = np.pi * 3000.0 / 180.0
_DENSIFY_DEGREES = 0.01
_DENSIFY_METRES = 500.0


@cache
def _transformer(source: int, target: int) -> Transformer:
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)


def to_metres(lon: ArrayLike, lat: ArrayLike) -> _Pair:
    """Project degrees (EPSG:4490) to metres (EPSG:4547).

    Examples
    --------
    >>> x, y = to_metres(114.0527534, 22.5458236)
    >>> round(float(x), 3), round(float(y), 3)
    (505426.338, 2494242.655)
    """
    x, y = _transformer(GEOGRAPHIC, PROJECTED).transform(lon, lat)
    return np.asarray(x, dtype=float), np.asarray(y, dtype=float)


def from_metric(geometries: Any) -> Any:
    """Geometries in metres with edges no longer than 500 m, ready to be turned into degrees."""
    return shapely.segmentize(geometries, _DENSIFY_METRES)


def project(geometries: Any) -> Any:
    """Project shapely geometries from EPSG:4490 to EPSG:4547.

    Edges longer than 0.01 degree are densified first, since a straight edge in
    degrees is not straight in metres.
    """
    dense = shapely.segmentize(geometries, _DENSIFY_DEGREES)
    return shapely.transform(dense, lambda xy: np.column_stack(to_metres(xy[:, 0], xy[:, 1])))


def area_m2(geometries: Any) -> NDArray[np.float64]:
    """Areas of geometries in degrees (EPSG:4490), in square metres of EPSG:4547."""
    return np.asarray(shapely.area(project(geometries)), dtype=float)


def _outside_china(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """The rectangle outside which the published GCJ-02 code leaves positions as they are."""
    return (lon < 72.004) | (lon > 137.8347) | (lat < 0.8293) | (lat > 55.8271)


def _gcj_shift(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> _Pair:
    """Shift from WGS84 to GCJ-02 in degrees (the formula of the public eviltransform)."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    north = (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
        + (wave + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
        + (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    )  # fmt: skip
    east = (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
        + (wave + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
        + (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    )  # fmt: skip
    phi = np.radians(lat)
    magic = 1.0 - _ECCENTRICITY2 * np.sin(phi) ** 2
    meridian = _SEMI_MAJOR * (1.0 - _ECCENTRICITY2) / (magic * np.sqrt(magic))
    parallel = _SEMI_MAJOR / np.sqrt(magic) * np.cos(phi)
    here = ~_outside_china(lon, lat)
    return np.where(here, np.degrees(east / parallel), 0.0), np.where(here, np.degrees(north / meridian), 0.0)


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> _Pair:
    """Shift WGS84 degrees to GCJ-02 degrees."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    dlon, dlat = _gcj_shift(lon, lat)
    return lon + dlon, lat + dlat


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> _Pair:
    """Invert `wgs84_to_gcj02` by fixed-point iteration (residual far below 1 mm)."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    guess_lon, guess_lat = lon, lat
    for _ in range(12):
        dlon, dlat = _gcj_shift(guess_lon, guess_lat)
        guess_lon, guess_lat = lon - dlon, lat - dlat
    return guess_lon, guess_lat


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> _Pair:
    """Shift GCJ-02 degrees to BD-09 degrees."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    radius = np.hypot(x, y) + 2e-5 * np.sin(y * _BD_FACTOR)
    angle = np.arctan2(y, x) + 3e-6 * np.cos(x * _BD_FACTOR)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> _Pair:
    """Invert `gcj02_to_bd09` by fixed-point iteration."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    guess_lon, guess_lat = lon - 0.0065, lat - 0.006
    for _ in range(12):
        shown_lon, shown_lat = gcj02_to_bd09(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - shown_lon, guess_lat + lat - shown_lat
    return guess_lon, guess_lat


def to_wgs84(x: ArrayLike, y: ArrayLike, datum: str | int) -> _Pair:
    """Convert coordinates to WGS84 longitude and latitude.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Longitude and latitude in degrees, or east and north in the units of the
        EPSG code.
    datum : str or int
        ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09``, or an EPSG code.

    Raises
    ------
    CRSMismatch
        For a name or code that is not known.
    """
    if isinstance(datum, int):
        return _from_epsg(x, y, datum)
    if datum == "bd09":
        return gcj02_to_wgs84(*bd09_to_gcj02(x, y))
    if datum == "gcj02":
        return gcj02_to_wgs84(x, y)
    if datum in ("wgs84", "cgcs2000"):
        return np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    raise CRSMismatch(
        f"the datum {datum!r} is not known",
        f"无法识别坐标系 {datum!r}",
        value=datum,
        remedy_en=f"use one of {', '.join(DATUMS)} or an EPSG code such as EPSG:4547",
        remedy_zh=f"请使用 {'、'.join(DATUMS)} 或 EPSG 代码（如 EPSG:4547）",
    )


def _from_epsg(x: ArrayLike, y: ArrayLike, code: int) -> _Pair:
    from pyproj.exceptions import CRSError

    try:
        lon, lat = _transformer(code, GEOGRAPHIC).transform(x, y)
    except CRSError as error:
        raise CRSMismatch(
            f"EPSG:{code} is not known",
            f"无法识别 EPSG:{code}",
            value=code,
            remedy_en="give a valid EPSG code, such as 4490 or 4547",
            remedy_zh="请给出有效的 EPSG 代码，如 4490 或 4547",
        ) from error
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)


def shift_geometries(geometries: Any, datum: str | int) -> Any:
    """Convert whole geometries to WGS84 degrees; see `to_wgs84`."""
    return shapely.transform(geometries, lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum)))


def parse_datum(text: str) -> str | int:
    """Read ``wgs84``, ``GCJ-02``, ``EPSG:4547`` or ``4547`` as a datum.

    Raises
    ------
    CRSMismatch
        If the text is none of these.
    """
    plain = text.strip().lower().replace("-", "").replace("_", "").replace(" ", "")
    code = text.strip().lower().removeprefix("epsg").removeprefix(":").strip()
    if code.isascii() and code.isdigit():
        return int(code)
    if plain not in DATUMS:
        to_wgs84(0.0, 0.0, text)
    return plain


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


def unproject(geometries: Any) -> Any:
    """Geometries in EPSG:4547 as degrees (EPSG:4490)."""
    back = _transformer(PROJECTED, GEOGRAPHIC)
    return shapely.transform(geometries, lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1])))
