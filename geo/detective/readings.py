"""The ways in which two numbers can be read as a position in or around the city.

A projected system is tried only where the numbers are of its size, reckoned by rule
of thumb, since building its transformation costs more than all the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import crs
from geo.detective.model import City
from geo.schema import Words

_Array = NDArray[np.float64]

FAMILY = ("wgs84", "cgcs2000", "gcj02", "bd09")

# Transverse Mercator systems: code → central meridian, false easting in metres.
_ZONES: dict[int, tuple[float, float]] = {
    4547: (114.0, 500_000.0), 4526: (114.0, 38_500_000.0),
    4546: (111.0, 500_000.0), 4525: (111.0, 37_500_000.0),
    4548: (117.0, 500_000.0), 4527: (117.0, 39_500_000.0),
    4497: (111.0, 19_500_000.0), 4498: (117.0, 20_500_000.0),
    32649: (111.0, 500_000.0), 32650: (117.0, 500_000.0),
}  # fmt: skip
_WEB_MERCATOR = 3857
_EARTH_M = 6_378_137.0
_GATE_M = 20_000.0  # how far the rule of thumb may be off

# Systems that give the same numbers within 150 m: Beijing 1954, Xian 1980, six-degree zones.
_KIN: dict[str | int, tuple[str, ...]] = {
    "wgs84": ("cgcs2000", "EPSG:4214", "EPSG:4610"),
    4547: ("EPSG:2435", "EPSG:2383"),
    4526: ("EPSG:2414", "EPSG:2362"),
    4546: ("EPSG:4508", "EPSG:2434", "EPSG:2382"),
    4525: ("EPSG:2413", "EPSG:2361"),
    4548: ("EPSG:4509", "EPSG:2436", "EPSG:2384"),
    4527: ("EPSG:2415", "EPSG:2363"),
    4497: ("EPSG:21419", "EPSG:2333"),
    4498: ("EPSG:21420", "EPSG:2334"),
}

# Numbers of Shenzhen's local system (its parameters are not public), east and north in
# metres: what public documents show of the districts and, further east, Shenshan, with a
# margin. The range is an estimate of ours; see docs/coordinates.md.
LOCAL = "shenzhen-local"
LOCAL_EAST = (75_000.0, 260_000.0)
LOCAL_NORTH = (-5_000.0, 65_000.0)
_LOCAL_NAME = Words("深圳独立坐标系", "Shenzhen's local system")


@dataclass(frozen=True)
class Reading:
    """One way to read the numbers; `kin` cannot be told from it by numbers."""

    key: str
    datum: Any
    name: Words
    swapped: bool = False
    factor: float = 1.0
    kin: tuple[str, ...] = ()

    def convert(self, x: _Array, y: _Array) -> tuple[_Array, _Array]:
        """The numbers as WGS84 degrees; NaN where this reading makes nothing of them."""
        first, second = (y, x) if self.swapped else (x, y)
        first, second = first * self.factor, second * self.factor
        if self.datum is None:
            return np.full(len(x), np.nan), np.full(len(x), np.nan)
        if crs.is_angular(self.datum):
            possible = (np.abs(first) <= 180.0) & (np.abs(second) <= 90.0)
        else:
            possible = np.isfinite(first) & np.isfinite(second)
        lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
        if possible.any():
            lon[possible], lat[possible] = crs.to_wgs84(first[possible], second[possible], self.datum)
        lost = ~(np.isfinite(lon) & np.isfinite(lat))
        lon[lost] = lat[lost] = np.nan
        return lon, lat

    @property
    def family(self) -> tuple[Any, bool, float]:
        """What WGS84, GCJ-02 and BD-09 have in common: a kilometre apart, they differ only in detail."""
        return "degrees" if isinstance(self.datum, str) else self.key, self.swapped, self.factor

    def in_local_range(self, x: _Array, y: _Array) -> NDArray[np.bool_]:
        """Rows whose numbers are of the size of Shenzhen's local system; none for other readings."""
        if self.datum is not None:
            return np.zeros(len(x), dtype=bool)
        east, north = (y, x) if self.swapped else (x, y)
        return (east > LOCAL_EAST[0]) & (east < LOCAL_EAST[1]) & (north > LOCAL_NORTH[0]) & (north < LOCAL_NORTH[1])


def key_of(datum: Any) -> str:
    """Key of a datum: its name, its EPSG code, or what its system is called."""
    if isinstance(datum, str):
        return datum
    return f"EPSG:{datum}" if isinstance(datum, int) else str(crs.describe(datum).en)


def readings(x: _Array, y: _Array, city: City, declared: Any) -> list[Reading]:
    """The readings worth trying on these numbers, the one as is first, likelier ones earlier."""
    as_is = _of("wgs84" if declared is None else declared)
    found = [as_is]
    degrees = (np.abs(x) <= 180.0) & (np.abs(y) <= 180.0)
    for swapped in (False, True):
        if degrees.any():
            found += [_turned(_of(datum), swapped) for datum in ("wgs84", "gcj02", "bd09")]
        for code in (*_ZONES, _WEB_MERCATOR):
            if _of_size(x, y, code, city, swapped, 1.0).any():
                found.append(_turned(_of(code), swapped))
        if _of_size(x, y, 4547, city, swapped, 1e3).any():
            found.append(_scaled(_turned(_of(4547), swapped), 1e3, "km", "，单位为公里", ", in kilometres"))
        if _of_degrees(x * 1e-6, y * 1e-6, city, swapped).any():
            found.append(
                _scaled(
                    _turned(_of("wgs84"), swapped), 1e-6, "e6", "，单位为百万分之一度", ", in millionths of a degree"
                )
            )
        local = _turned(Reading(LOCAL, None, _LOCAL_NAME), swapped)
        if local.in_local_range(x, y).any():
            found.append(local)
    if declared is not None:
        found.append(_turned(as_is, True))
    unique: dict[str, Reading] = {}
    for one in found:
        unique.setdefault(one.key, one)
    return list(unique.values())


def _of(datum: Any) -> Reading:
    kin = _KIN.get(datum, ()) if isinstance(datum, str | int) else ()
    return Reading(key_of(datum), datum, crs.describe(datum), kin=kin)


def _turned(one: Reading, swapped: bool) -> Reading:
    """A reading with the axes the other way round."""
    if not swapped:
        return one
    angular = one.datum is not None and crs.is_angular(one.datum)
    zh, en = ("，经纬度颠倒", ", latitude first") if angular else ("，X 为北、Y 为东", ", X north and Y east")
    name = Words(one.name.zh + zh, one.name.en + en)
    return replace(
        one, key=f"{one.key}-swapped", name=name, swapped=True, kin=tuple(f"{kin}-swapped" for kin in one.kin)
    )


def _scaled(one: Reading, factor: float, mark: str, zh: str, en: str) -> Reading:
    """A reading in other units."""
    name = Words(one.name.zh + zh, one.name.en + en)
    return replace(one, key=f"{one.key}-{mark}", name=name, factor=factor, kin=())


def _of_degrees(x: _Array, y: _Array, city: City, swapped: bool) -> NDArray[np.bool_]:
    """Rows that are degrees in the surroundings of the city."""
    lon, lat = (y, x) if swapped else (x, y)
    west, south, east, north = city.window
    return (lon > west) & (lon < east) & (lat > south) & (lat < north)


def _of_size(x: _Array, y: _Array, code: int, city: City, swapped: bool, factor: float) -> NDArray[np.bool_]:
    """Rows whose numbers are, by rule of thumb, of the size that a code has around the city."""
    east, north = (y * factor, x * factor) if swapped else (x * factor, y * factor)
    west_deg, south_deg, east_deg, north_deg = city.window
    if code == _WEB_MERCATOR:
        sides = [np.radians(west_deg) * _EARTH_M, np.radians(east_deg) * _EARTH_M]
        ends = [_EARTH_M * np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) for lat in (south_deg, north_deg)]
    else:
        meridian, false_east = _ZONES[code]
        sides = [
            false_east + np.radians(lon - meridian) * _EARTH_M * np.cos(np.radians(lat))
            for lon in (west_deg, east_deg)
            for lat in (south_deg, north_deg)
        ]
        ends = [np.radians(lat) * 6_342_000.0 for lat in (south_deg, north_deg)]  # radius of the meridian there
    return np.asarray(
        (east > min(sides) - _GATE_M) & (east < max(sides) + _GATE_M)
        & (north > min(ends) - _GATE_M) & (north < max(ends) + _GATE_M)
    )  # fmt: skip
