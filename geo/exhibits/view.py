"""A map on a sheet (layer 7): its frame in millimetres, its ground in metres, its scale.

Positions on the ground are degrees (EPSG:4490), drawn in EPSG:4547.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs
from geo.exhibits.spec import Box

_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_GRATICULE = (60.0, 30.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5)  # minutes


@dataclass(frozen=True)
class View:
    """A map on a sheet.

    Attributes
    ----------
    frame : tuple of float
        Left, bottom, width and height on the sheet in millimetres.
    scale : int
        Denominator of the numeric scale.
    middle : tuple of float
        Middle of the map in metres of EPSG:4547.
    """

    frame: Box
    scale: int
    middle: tuple[float, float]

    @property
    def ground(self) -> Box:
        """West, south, east and north edge in metres of EPSG:4547."""
        half_width, half_height = self.frame[2] * self.scale / 2000, self.frame[3] * self.scale / 2000
        x, y = self.middle
        return x - half_width, y - half_height, x + half_width, y + half_height

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle."""
        lon, lat = crs.from_metres(*self.middle)
        return float(lon), float(lat)

    @cached_property
    def inside(self) -> Any:
        """The frame as a polygon on the sheet."""
        left, bottom, width, height = self.frame
        return shapely.box(left, bottom, left + width, bottom + height)

    def on_paper(self, geometries: Any) -> Any:
        """Geometries in degrees as millimetres of the sheet."""
        return self.from_ground(crs.project(geometries))

    def from_ground(self, geometries: Any) -> Any:
        """Geometries in metres as millimetres of the sheet."""
        origin, corner = np.array(self.ground[:2]), np.array(self.frame[:2])
        return shapely.transform(geometries, lambda xy: (xy - origin) * 1000 / self.scale + corner)

    def to_ground(self, millimetres: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions on the sheet as metres."""
        return np.asarray((millimetres - np.array(self.frame[:2])) * self.scale / 1000 + np.array(self.ground[:2]))

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """A position in degrees as millimetres of the sheet."""
        placed = self.on_paper(shapely.Point(lon, lat))
        return float(placed.x), float(placed.y)

    @property
    def numeric(self) -> str:
        """The numeric scale in words, as ``1:300 000``."""
        return f"1:{self.scale:,}".replace(",", " ")

    @property
    def graticule(self) -> float:
        """Spacing of meridians and parallels in degrees: the widest with four meridians in the frame."""
        metres_per_minute = 1855.0 * np.cos(np.radians(self.centre[1]))
        across = self.frame[2] * self.scale / 1000 / metres_per_minute
        return next((one for one in _GRATICULE if across / one >= 4), _GRATICULE[-1]) / 60


def fitting(frame: Box, extent: Sequence[float], scale: int | None = None, least: int = 1) -> View:
    """The view of the largest round scale, at most 1:`least`, that holds an extent.

    Parameters
    ----------
    frame : tuple of float
        Millimetres.
    extent : sequence of float
        West, south, east and north in metres of EPSG:4547.
    scale : int, optional
        The scale to take whatever the extent.
    """
    west, south, east, north = extent
    needed = max((east - west) * 1000 / frame[2], (north - south) * 1000 / frame[3], float(least))
    return View(frame, scale or round_scale(needed), ((west + east) / 2, (south + north) / 2))


def round_scale(needed: float) -> int:
    """The smallest denominator of practice that is no less than `needed`.

    >>> round_scale(241_000), round_scale(100_000), round_scale(9_100)
    (250000, 100000, 10000)
    """
    power = 10.0 ** int(np.floor(np.log10(needed)))
    return int(next(one for one in (*_ROUND, 10.0) if one * power >= needed * (1 - 1e-9)) * power)
