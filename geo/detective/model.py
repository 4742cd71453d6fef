"""What the detective knows of the city, and what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.schema import Words

Verdict = Literal["as_is", "other", "disagree", "undecided"]

EDGE_M = 2_000.0  # this far outside the city a datum shift of a kilometre decides nothing
AROUND_M = 60_000.0  # the surroundings: the city's hull and this much
WILD_M = 1_000_000.0  # further than this no list of sites for the city can be meant
_LAT_M = 110_750.0  # metres a degree of latitude at 22.6°N
_LON_M = 111_320.0  # metres a degree of longitude at the equator
_GRAIN_M = 100.0  # to which the city's rim is simplified


@dataclass(frozen=True)
class City:
    """What is known of the city.

    The detective measures in a plane of its own, metres from the city's middle (plate
    carrée true at its latitude): within 0.5 % of the ground over 150 km.

    Attributes
    ----------
    ids : tuple of str, length n
        Districts.
    outlines : ndarray of shapely geometry, shape (n,)
        Degrees, WGS84 or CGCS2000.
    approximate : tuple of str
        Ids whose outline is no more than an approximation.
    """

    ids: tuple[str, ...]
    outlines: NDArray[Any]
    approximate: tuple[str, ...] = ()

    @cached_property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude of the middle of the bounding box."""
        west, south, east, north = shapely.total_bounds(self.outlines)
        return float(west + east) / 2, float(south + north) / 2

    @cached_property
    def plane(self) -> NDArray[Any]:
        """The outlines in the plane, prepared."""
        drawn = np.asarray(shapely.transform(self.outlines, lambda xy: self.flatten(xy[:, 0], xy[:, 1])))
        drawn = np.asarray(shapely.make_valid(drawn))
        shapely.prepare(drawn)
        return drawn

    @cached_property
    def whole(self) -> Any:
        """The city in the plane, prepared."""
        return _prepared(shapely.union_all(self.plane))

    @cached_property
    def rim(self) -> Any:
        """The city and `EDGE_M` around it, in the plane, prepared."""
        return _prepared(shapely.buffer(shapely.simplify(self.whole, _GRAIN_M), EDGE_M, quad_segs=4))

    @cached_property
    def surroundings(self) -> Any:
        """The city's hull and `AROUND_M` around it, in the plane, prepared."""
        return _prepared(shapely.buffer(shapely.convex_hull(self.whole), AROUND_M))

    @cached_property
    def window(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the surroundings in degrees."""
        west, south, east, north = shapely.bounds(self.surroundings)
        lon, lat = self.middle
        scale = _LON_M * np.cos(np.radians(lat))
        return lon + west / scale, lat + south / _LAT_M, lon + east / scale, lat + north / _LAT_M

    def flatten(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Degrees as metres in the plane, shape (n, 2)."""
        middle_lon, middle_lat = self.middle
        scale = _LON_M * np.cos(np.radians(middle_lat))
        return np.column_stack([(lon - middle_lon) * scale, (lat - middle_lat) * _LAT_M])


@dataclass(frozen=True)
class Hypothesis:
    """One way to read the numbers, and how well it fits.

    Attributes
    ----------
    key : str
        ``wgs84``, ``gcj02``, ``bd09``, ``EPSG:4547``, ``shenzhen-local``, …, with
        ``-swapped``, ``-km`` (kilometres) or ``-e6`` (millionths of a degree) behind.
    datum : str, int or None
        What `geo.crs.to_wgs84` takes; None for Shenzhen's local system.
    swapped : bool
        The first number is north, or latitude.
    factor : float
        What the numbers must be multiplied by; 1 but for ``-km`` and ``-e6``.
    inside, near, far : int
        Rows examined that lie in the city, in its surroundings, elsewhere;
        impossible numbers count as far.
    agree, contradict : int
        Rows whose own district holds the position, or does not.
    shift_m : float or None
        Best-fit shift of the file's own district outlines from ours; None without any.
    log_odds : float
        Natural logarithm of the odds against the reading as is.
    alike : tuple of str
        Keys that these numbers cannot be told from.
    """

    key: str
    datum: Any
    swapped: bool
    name: Words
    inside: int
    near: int
    far: int
    agree: int
    contradict: int
    shift_m: float | None
    log_odds: float
    alike: tuple[str, ...]
    factor: float = 1.0


@dataclass(frozen=True)
class Finding:
    """What the detective makes of a file's numbers.

    Attributes
    ----------
    hypotheses : tuple of Hypothesis
        Best first.
    verdict : str
        ``as_is``, ``other``, ``disagree`` or ``undecided``; see `geo.detective.examine`.
    rows : int
        Rows with two finite numbers.
    odd_rows : tuple of int
        Positions in the input of rows that fit only another hypothesis than the best.
    evidence : Words
        One or two sentences.
    """

    hypotheses: tuple[Hypothesis, ...]
    verdict: Verdict
    rows: int
    odd_rows: tuple[int, ...]
    evidence: Words


def _prepared(shape: Any) -> Any:
    shapely.prepare(shape)
    return shape
