"""The projection of EPSG:4547, Gauss-Krüger, by the series of Krüger (1912).

One transverse Mercator zone: ellipsoid GRS80, central meridian 114 E, scale 1, false
easting 500 km. PROJ computes the same series to the same order; it is written out here
because loading PROJ takes longer than the whole answer for one place. Around Shenzhen the
map is analytic and takes no trigonometry: two Taylor polynomials, taken from the series
itself, give the same within 3e-9 m in a fifth of the time. Both agree with PROJ within 1e-8 m.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.loops.choice import started

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
_MIDDLE, _WIDE, _HIGH = 22.6, 1.6, 0.9  # degrees: the polynomials reach so far from this place on the meridian
_CIRCLE, _TURNS = 8.0, 64  # degrees, and places on that circle from which the polynomials are taken
_ISOMETRIC, _PLANE = 8, 9  # degrees of the polynomials: what is left out is below 1e-10 m

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]


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
    Clenshaw's recurrence. Near Shenzhen the same is read as a power series, see `_taylor`.

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
    loops = started("geo.crs.powers", False) if flat_lon.size > _AT_ONCE else None
    if loops is not None:
        middle = (_MERIDIAN, _MIDDLE, _WIDE, _HIGH, _EAST)
        x, y, rest = loops.by_powers(flat_lon, flat_lat, middle, *_powers())
        x[rest], y[rest] = _in_numpy(flat_lon[rest], flat_lat[rest])
    else:
        x, y = _in_numpy(flat_lon, flat_lat)
    return x.reshape(lon.shape), y.reshape(lon.shape)


def _in_numpy(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """`project` for flat arrays without compiled loops, a part that caches hold after the other."""
    x, y = np.empty(lon.size), np.empty(lon.size)
    with np.errstate(all="ignore"):
        for start in range(0, x.size, _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            x[part], y[part] = _part(lon[part], lat[part])
    return x, y


def _part(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """`project` for as many positions as are worked on at once."""
    angle, height = lon - _MERIDIAN, lat - _MIDDLE
    near = (np.abs(angle) <= _WIDE) & (np.abs(height) <= _HIGH)
    if near.all():
        return _by_powers(angle, height)
    x, y = _by_series(lon, lat)
    x[near], y[near] = _by_powers(angle[near], height[near])
    return x, y


def _by_powers(angle: Floats, height: Floats) -> tuple[Floats, Floats]:
    """Near Shenzhen, from degrees east of the meridian and north of `_MIDDLE`.

    The polynomial of real coefficients at :math:`w = u + iv` goes by the real recurrence
    :math:`b_k = a_k + 2u b_{k+1} - |w|^2 b_{k+2}`, which ends in
    :math:`a_0 + w b_1 - |w|^2 b_2` (Knuth, The Art of Computer Programming 2, 4.6.4).
    """
    isometric, plane = _powers()
    rise = isometric[-1] * height
    for power in isometric[-2:0:-1]:
        rise += power
        rise *= height
    twice, square = 2 * rise, rise * rise + angle * angle
    older, newer, spare = np.full_like(height, plane[-1]), twice * plane[-1] + plane[-2], np.empty_like(height)
    for power in plane[-3:0:-1]:  # b_k in place of b_{k+2}
        older *= square
        np.multiply(twice, newer, out=spare)
        np.subtract(spare, older, out=older)
        older += power
        older, newer = newer, older
    older *= square
    rise *= newer
    rise -= older
    rise += plane[0]
    newer *= angle
    newer += _EAST
    return newer, rise


@cache
def _powers() -> tuple[list[float], list[float]]:
    r"""Coefficients of two polynomials that together are the projection.

    The first gives the isometric latitude from that of `_MIDDLE`, in degrees, by degrees of
    latitude; the second north + i east by degrees of isometric latitude + i longitude, both from
    there. With the isometric latitude :math:`\psi = \mathrm{artanh}(\sin\varphi) - e\,\mathrm{artanh}
    (e\sin\varphi)`, Krüger's :math:`\zeta'` is :math:`\arctan(\sinh(\psi + i\lambda))`.
    """
    degree = math.pi / 180

    def isometric(lat: Complex) -> Complex:
        sine = np.sin(lat * degree)
        return np.asarray((np.arctanh(sine) - _E * np.arctanh(_E * sine)) / degree)

    def plane(at: Complex) -> Complex:
        zeta = np.arctan(np.sinh(at * degree))
        series = sum(alpha * np.sin(2 * k * zeta) for k, alpha in enumerate(_ALPHA, 1))
        return np.asarray(_RADIUS * (zeta + series))

    start = float(isometric(np.array(_MIDDLE, dtype=complex)).real)
    return _taylor(isometric, _MIDDLE, _ISOMETRIC), _taylor(plane, start, _PLANE)


def _taylor(function: Callable[[Complex], Complex], middle: float, degree: int) -> list[float]:
    """Taylor coefficients of a function that is real on the real line, by Cauchy's integral along a circle."""
    turn = np.exp(2j * math.pi * np.arange(_TURNS) / _TURNS)
    values = function(middle + _CIRCLE * turn)
    return [float(np.mean(values * turn**-power).real / _CIRCLE**power) for power in range(degree + 1)]


def _by_series(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Anywhere."""
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
