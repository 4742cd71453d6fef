"""The projection of EPSG:4547, Gauss-Krüger, by the series of Krüger (1912).

One transverse Mercator zone: ellipsoid GRS80, central meridian 114 E, scale 1, false
easting 500 km. PROJ computes the same series to the same order; it is written out here
because loading PROJ takes longer than the whole answer for one place, and because whole
arrays go through it in about two thirds of PROJ's time. The two agree within 1e-8 m.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

_A = 6378137.0  # metres
_F = 1 / 298.257222101
_MERIDIAN = 114.0  # degrees
_EAST = 500_000.0  # metres
_E = math.sqrt(_F * (2 - _F))
_N = _F / (2 - _F)
_RADIUS = _A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64 + _N**6 / 256)
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180 - 127 * _N**5 / 288 + 7891 * _N**6 / 37800,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440 + 281 * _N**5 / 630 - 1983433 * _N**6 / 1935360,
    61 * _N**3 / 240 - 103 * _N**4 / 140 + 15061 * _N**5 / 26880 + 167603 * _N**6 / 181440,
    49561 * _N**4 / 161280 - 179 * _N**5 / 168 + 6601661 * _N**6 / 7257600,
    34729 * _N**5 / 80640 - 3418889 * _N**6 / 1995840,
    212378941 * _N**6 / 319334400,
)
_FARTHEST = 2.623395162778 * _RADIUS  # metres from the meridian that PROJ still answers; some 80 degrees
_WILD = math.degrees(10.0)  # longitudes that PROJ refuses
_AT_ONCE = 8192  # positions: what the caches of a processor hold

Floats = NDArray[np.float64]


def project(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    r"""East and north of positions, in metres of EPSG:4547.

    With the conformal latitude :math:`\chi` and the longitude :math:`\lambda` from the
    central meridian, :math:`\xi' = \arctan(\tan\chi / \cos\lambda)` and
    :math:`\eta' = \mathrm{arsinh}(\sin\lambda / \sqrt{\tan^2\chi + \cos^2\lambda})`,

    .. math:: \xi + i\eta = \zeta' + \sum_{k=1}^{6} \alpha_k \sin 2k\zeta',
              \qquad \zeta' = \xi' + i\eta'

    and north is :math:`A\xi`, east :math:`500000 + A\eta`
    (Krüger 1912; the coefficients in `n` as in Karney, "Transverse Mercator with an
    accuracy of a few nanometers", 2011, equations 7 to 11 and 35). The sum goes by
    Clenshaw's recurrence.

    Parameters
    ----------
    lon, lat : array_like of float, one shape
        Degrees (EPSG:4490).

    Returns
    -------
    x, y : ndarray of float, of the same shape
        Infinite where the projection does not reach, nan for nan.

    Examples
    --------
    >>> x, y = project(114.0527534, 22.5458236)
    >>> round(float(x), 3), round(float(y), 3)
    (505426.338, 2494242.655)
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    flat_lon, flat_lat = np.ascontiguousarray(lon.ravel()), np.ascontiguousarray(lat.ravel())
    x, y = np.empty(flat_lon.size), np.empty(flat_lon.size)
    with np.errstate(all="ignore"):
        for start in range(0, x.size, _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            x[part], y[part] = _part(flat_lon[part], flat_lat[part])
    return x.reshape(lon.shape), y.reshape(lon.shape)


def _part(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """`project` for as many positions as are worked on at once."""
    angle, phi = np.radians(lon - _MERIDIAN), np.radians(lat)
    sine, cosine = np.sin(phi), np.cos(phi)
    sigma = np.sinh(_E * np.arctanh(_E * sine))
    rise = (sine * np.sqrt(1 + sigma * sigma) - sigma) / cosine  # tangent of the conformal latitude
    run = np.cos(angle)
    square = rise * rise + run * run
    slant = np.sin(angle) / np.sqrt(square)
    xi, eta = np.arctan2(rise, run), np.arcsinh(slant)
    sin_2xi, cos_2xi = 2 * rise * run / square, (run - rise) * (run + rise) / square
    sinh_2eta, cosh_2eta = 2 * slant * np.sqrt(1 + slant * slant), 1 + 2 * slant * slant
    turn, tilt = 2 * cos_2xi * cosh_2eta, -2 * sin_2xi * sinh_2eta  # 2 cos 2ζ', its two parts
    real, imaginary = np.full_like(xi, _ALPHA[-1]), np.zeros_like(xi)
    older_real, older_imaginary = np.zeros_like(xi), np.zeros_like(xi)
    for alpha in reversed(_ALPHA[:-1]):
        newer = turn * real - tilt * imaginary - older_real + alpha
        newer_imaginary = turn * imaginary + tilt * real - older_imaginary
        older_real, older_imaginary, real, imaginary = real, imaginary, newer, newer_imaginary
    up, side = sin_2xi * cosh_2eta, cos_2xi * sinh_2eta  # sin 2ζ'
    x = _EAST + _RADIUS * (eta + up * imaginary + side * real)
    y = _RADIUS * (xi + up * real - side * imaginary)
    out_of_reach = (np.abs(x - _EAST) > _FARTHEST) | (np.abs(lat) > 90) | (np.abs(lon) > _WILD)
    if out_of_reach.any():
        x[out_of_reach] = y[out_of_reach] = np.inf
    return x, y
