"""Datums and coordinate systems that a file, a row or a user names.

A datum is one of four names or an EPSG code; a coordinate system without a code is
a `pyproj.CRS`. Of what PROJ offers from a system to CGCS2000 or to WGS84, which are
taken as the same, the transformation with the best stated accuracy over Shenzhen is
used. Where PROJ has none, the ellipsoids are taken to coincide ("ballpark") and the
accuracy is unknown. Transformation grids are never fetched from the network.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import ArrayLike

from geo.crs.grid import DENSIFY_DEGREES, DENSIFY_METRES, GEOGRAPHIC, Pair, densify
from geo.crs.shift import bd09_to_gcj02, gcj02_to_wgs84
from geo.errors import CRSMismatch
from geo.schema import Words

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

DATUMS: tuple[str, ...] = ("wgs84", "cgcs2000", "gcj02", "bd09")

EXACT_M = 1.0  # below this, as between WGS84 and CGCS2000, a conversion counts for nothing

_WGS84 = 4326
_UNKNOWN_M = 200.0
_BD_DEGREES = 0.002
_AREA = (113.7, 22.1, 115.5, 23.2)  # Shenzhen with Shenshan: west, south, east, north
_PROBE = tuple(np.ravel(part) for part in np.meshgrid(np.linspace(113.7, 115.5, 7), np.linspace(22.1, 23.2, 7)))
_SAME_M = 1e-3
_SURE, _UNSURE = 70, 20  # of 100, at which PROJ offers a code; what it offers is then checked by numbers
_USUAL = (  # in Shenzhen: CGCS2000, WGS84, Xian 1980, Beijing 1954
    4490, 4326, 4547, 4526, 4546, 4525, 4548, 4527, 32649, 32650, 3857,
    4610, 2383, 2362, 4214, 2435, 2414,
)  # fmt: skip

_NAMES = {
    "wgs84": Words("WGS84 经纬度", "WGS84 longitude and latitude"),
    "cgcs2000": Words("CGCS2000 经纬度", "CGCS2000 longitude and latitude"),
    "gcj02": Words("GCJ-02（高德、腾讯地图）", "GCJ-02 (AMap, Tencent)"),
    "bd09": Words("BD-09（百度地图）", "BD-09 (Baidu)"),
}
_CHINESE = (
    (r"^China Geodetic Coordinate System 2000", "CGCS2000 经纬度"),
    (r"^WGS 84$", "WGS84 经纬度"),
    (r"^WGS 84 /", "WGS84 /"),
    (r"^New Beijing", "新1954北京坐标系"),
    (r"^Beijing 1954", "1954北京坐标系"),
    (r"^Xian 1980", "1980西安坐标系"),
    (r"3-degree Gauss-Kruger ", "3度带 "),
    (r"(6-degree )?Gauss-Kruger ", "6度带 "),
    (r"CM (\d+)([EW])", r"中央经线 \1°\2"),
    (r"UTM zone (\d+)N", r"UTM 北半球第\1带"),
    (r"UTM zone (\d+)S", r"UTM 南半球第\1带"),
    (r"zone (\d+)", r"第\1带"),
    (r"Pseudo-Mercator", "网络墨卡托"),
)


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
        raise _unknown(text)
    return plain


def to_wgs84(x: ArrayLike, y: ArrayLike, datum: str | int | CRS) -> Pair:
    """Convert coordinates to WGS84 longitude and latitude.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Longitude and latitude in degrees, or east and north in the units of the
        system; always in this order, whatever the axis order of the EPSG record.
    datum : str, int or pyproj.CRS
        ``wgs84``, ``cgcs2000``, ``gcj02``, ``bd09``, an EPSG code, or a system
        that has no code.

    Returns
    -------
    lon, lat : ndarray of float, shape (n,)
        Degrees; infinite or NaN where a coordinate cannot be converted.

    Raises
    ------
    CRSMismatch
        For a name or code that is not known or not of horizontal positions.
    """
    if not isinstance(datum, str):
        lon, lat = _best(datum)[0].transform(x, y)
        return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    if datum == "bd09":
        return gcj02_to_wgs84(*bd09_to_gcj02(x, y))
    if datum == "gcj02":
        return gcj02_to_wgs84(x, y)
    if datum not in DATUMS:
        raise _unknown(datum)
    return np.asarray(x, dtype=float), np.asarray(y, dtype=float)


def shift_geometries(geometries: Any, datum: str | int | CRS) -> Any:
    """Convert whole geometries to WGS84 degrees; see `to_wgs84`.

    Edges longer than 0.01 degree (BD-09: 0.002, its waves are short), or 500 m in a
    projected system, are densified first: a straight edge there is not straight in
    degrees. What remains is below 0.1 m at any vertex.
    """
    if isinstance(datum, str) and datum in ("wgs84", "cgcs2000"):
        return geometries
    if isinstance(datum, str) and datum == "bd09":
        longest = _BD_DEGREES
    else:
        longest = DENSIFY_DEGREES if is_angular(datum) else DENSIFY_METRES
    dense = densify(geometries, longest)
    return shapely.transform(dense, lambda xy: np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum)))


def accuracy_m(datum: str | int | CRS) -> float | None:
    """Stated accuracy in metres of the transformation to WGS84 or CGCS2000 over Shenzhen.

    None where PROJ knows no transformation, so that the datums are taken to
    coincide and the error is not known. WGS84 against CGCS2000 (below a metre) is
    not counted.

    Examples
    --------
    >>> accuracy_m(4547), accuracy_m(2435), accuracy_m(2383)  # CGCS2000, Beijing 1954, Xian 1980
    (0.0, 15.0, None)
    """
    if isinstance(datum, str):
        if datum not in DATUMS:
            raise _unknown(datum)
        return 0.0
    return _best(datum)[1]


def margin_m(accuracy_m: float | None) -> float:
    """How far in metres a position may be off, for telling which districts are possible.

    Nothing where it is known to `EXACT_M`; 200 m, a reading of ours, where no
    transformation is public.
    """
    if accuracy_m is None:
        return _UNKNOWN_M
    return accuracy_m if accuracy_m > EXACT_M else 0.0


def describe(datum: str | int | CRS) -> Words:
    """A datum or coordinate system as people call it.

    Examples
    --------
    >>> describe(4547).en
    'CGCS2000 / 3-degree Gauss-Kruger CM 114E (EPSG:4547)'
    >>> describe(4547).zh
    'CGCS2000 / 3度带 中央经线 114°E (EPSG:4547)'
    """
    if isinstance(datum, str):
        if datum not in DATUMS:
            raise _unknown(datum)
        return _NAMES[datum]
    name = _system(datum).name
    zh = name
    for pattern, words in _CHINESE:
        zh = re.sub(pattern, words, zh)
    code = f" (EPSG:{datum})" if isinstance(datum, int) else ""
    return Words(zh + code, name + code)


def is_angular(datum: str | int | CRS) -> bool:
    """Whether coordinates in a datum are degrees."""
    return isinstance(datum, str) or bool(_system(datum).is_geographic)


@lru_cache(64)
def identify(system: CRS) -> str | int | None:
    """Datum name or EPSG code of a coordinate system; None where it has none.

    Many files name their system in words of their own. What PROJ recognises, with
    whatever confidence, and the systems usual in Shenzhen are taken only if datum and
    positions over Shenzhen are the same, below 1 mm; else hand the system itself to
    `to_wgs84`.

    Returns
    -------
    str, int or None
        ``wgs84`` for EPSG:4326, ``cgcs2000`` for EPSG:4490, else the code.
    """
    system = system.sub_crs_list[0] if system.is_compound else system.to_2d()
    if not (system.is_geographic or system.is_projected) or system.is_bound:
        return None
    offered = (system.to_epsg(confidence) for confidence in (_SURE, _UNSURE))
    datum = _datum_name(system)
    for code in (one for one in (*(known for known in offered if known), *_USUAL)):
        if _datum_name(_coded(code)) == datum and _same(system, _coded(code)):
            return {_WGS84: "wgs84", GEOGRAPHIC: "cgcs2000"}.get(code, code)
    return None


def _datum_name(system: CRS) -> str:
    """Name of the geodetic datum, spelling and prefixes aside."""
    geodetic = system.geodetic_crs
    name = geodetic.datum.name if geodetic is not None and geodetic.datum is not None else ""
    plain = re.sub(r"[^a-z0-9]", "", name.lower().removeprefix("d_").removesuffix(" ensemble"))
    return {"worldgeodeticsystem1984": "wgs1984"}.get(plain, plain)


def _same(system: CRS, other: CRS) -> bool:
    """Whether two systems on one datum give the same positions over Shenzhen, below 1 mm."""
    from pyproj import Proj

    if len(system.axis_info) != len(other.axis_info) or system.is_geographic != other.is_geographic:
        return False
    if system.is_geographic:
        return bool(_figure(system) == _figure(other))
    one, two = (np.array(Proj(each)(_PROBE[0], _PROBE[1])) for each in (system, other))
    return bool(np.all(np.abs(one - two) < _SAME_M))


def _figure(system: CRS) -> tuple[object, ...]:
    """Ellipsoid, prime meridian and unit of a geographic system."""
    ellipsoid, meridian = system.ellipsoid, system.prime_meridian
    return (
        None if ellipsoid is None else (ellipsoid.semi_major_metre, round(ellipsoid.inverse_flattening, 6)),
        None if meridian is None else meridian.longitude,
        system.axis_info[0].unit_conversion_factor,
    )


def _system(datum: int | CRS) -> CRS:
    """The pyproj object of a code, or the object itself."""
    if not isinstance(datum, int):
        return datum
    return _coded(datum)


@cache
def _coded(code: int) -> CRS:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return CRS.from_epsg(code)
    except CRSError as error:
        raise CRSMismatch(
            f"EPSG:{code} is not known",
            f"无法识别 EPSG:{code}",
            value=code,
            remedy_en="give a valid EPSG code, such as 4490 or 4547",
            remedy_zh="请给出有效的 EPSG 代码，如 4490 或 4547",
        ) from error


@cache
def _best(datum: int | CRS) -> tuple[Transformer, float | None]:
    """Transformation to degrees of CGCS2000 or WGS84 over Shenzhen, with its stated accuracy.

    The smallest stated accuracy wins, CGCS2000 before WGS84 in a tie, then the order
    that PROJ gives them in.
    """
    from pyproj import Transformer, network
    from pyproj.aoi import AreaOfInterest
    from pyproj.transformer import TransformerGroup

    switch: Any = network  # pyproj's type stubs do not export what these two do
    area: Any = AreaOfInterest(*_AREA)

    system = _system(datum)
    if not (system.is_geographic or system.is_projected):
        raise CRSMismatch(
            f"{system.name} does not give horizontal positions",
            f"{system.name} 不是平面或经纬度坐标系",
            value=datum if isinstance(datum, int) else system.name,
            remedy_en="give a geographic or projected system, such as EPSG:4490 or EPSG:4547",
            remedy_zh="请给出经纬度或投影坐标系，如 EPSG:4490 或 EPSG:4547",
        )
    switch.set_network_enabled(False)
    geodetic = system.geodetic_crs
    code = geodetic.to_epsg() if geodetic is not None and isinstance(datum, int) else None
    if code in (GEOGRAPHIC, _WGS84):  # one datum: nothing to choose from, and quicker
        return Transformer.from_crs(system, code, always_xy=True), 0.0
    found = [
        (one.accuracy, order, one)
        for order, target in enumerate((GEOGRAPHIC, _WGS84))
        for one in TransformerGroup(
            system, target, always_xy=True, area_of_interest=area, allow_ballpark=False
        ).transformers
        if one.accuracy >= 0
    ]
    if found:
        accuracy, _, transformer = min(found, key=lambda one: one[:2])
        return transformer, float(accuracy)
    return Transformer.from_crs(system, _WGS84, always_xy=True, area_of_interest=area), None


def _unknown(datum: object) -> CRSMismatch:
    return CRSMismatch(
        f"the datum {datum!r} is not known",
        f"无法识别坐标系 {datum!r}",
        value=datum,
        remedy_en=f"use one of {', '.join(DATUMS)} or an EPSG code such as EPSG:4547",
        remedy_zh=f"请使用 {'、'.join(DATUMS)} 或 EPSG 代码（如 EPSG:4547）",
    )
