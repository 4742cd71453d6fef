"""The polynomials of `geo.crs.gauss`, compiled (layer 1): the same sums and products in the same order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.loops.compiling import compiled, plain
from geo.loops.threads import in_parts

Floats = NDArray[np.float64]

SHARE = 50_000  # positions that are worth a thread


def by_powers(
    lon: Floats, lat: Floats, middle: tuple[float, ...], isometric: list[float], plane: list[float]
) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """East and north of positions, and the rows of those that are not near Shenzhen.

    Parameters
    ----------
    lon, lat : array of float, shape (n,)
        Degrees.
    middle : tuple of float
        Longitude and latitude of the middle, how far the polynomials reach from there to the east and to
        the north, and the false easting.
    isometric, plane : list of float
        Coefficients of the polynomials.
    """
    lon, lat = plain(lon), plain(lat)
    x, y = np.empty(len(lon)), np.empty(len(lon))
    powers = tuple(isometric[1:]), tuple(plane)

    def part(some: slice) -> int:
        return _by_powers(lon[some], lat[some], middle, *powers, x[some], y[some])

    if not sum(in_parts(part, len(lon), SHARE)):
        return x, y, np.empty(0, dtype=np.intp)
    return x, y, np.flatnonzero(~((abs(lon - middle[0]) <= middle[2]) & (abs(lat - middle[1]) <= middle[3])))


@compiled
def _by_powers(
    lon: Floats,
    lat: Floats,
    middle: tuple[float, ...],
    isometric: tuple[float, ...],
    plane: tuple[float, ...],
    x: Floats,
    y: Floats,
) -> int:
    """How many positions are not near Shenzhen. No power in an array: all are held in registers."""
    meridian, parallel, wide, high, easting = middle
    i1, i2, i3, i4, i5, i6, i7, i8 = isometric
    p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 = plane
    far = 0
    for at in range(len(lon)):
        angle, height = lon[at] - meridian, lat[at] - parallel
        far += not ((abs(angle) <= wide) & (abs(height) <= high))
        rise = i8 * height + i7
        rise = (((rise * height + i6) * height + i5) * height + i4) * height + i3
        rise = ((rise * height + i2) * height + i1) * height
        twice, square = 2 * rise, rise * rise + angle * angle
        b8 = twice * p9 + p8
        b7 = twice * b8 - p9 * square + p7
        b6 = twice * b7 - b8 * square + p6
        b5 = twice * b6 - b7 * square + p5
        b4 = twice * b5 - b6 * square + p4
        b3 = twice * b4 - b5 * square + p3
        b2 = twice * b3 - b4 * square + p2
        b1 = twice * b2 - b3 * square + p1
        x[at] = b1 * angle + easting
        y[at] = rise * b1 - b2 * square + p0
    return far
