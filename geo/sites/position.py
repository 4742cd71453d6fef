"""Where a row says that its site is: datums, numbers, points, outlines, all checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from geo import crs
from geo.errors import CRSMismatch, RowError
from geo.sites.model import DatumBasis, Note


@dataclass(frozen=True)
class Options:
    """What the caller says of a file: a datum name or an EPSG code."""

    given: str | int | None
    path: Path


def datum_name(datum: str | int) -> str:
    """A datum as it is shown: its name, or its EPSG code."""
    return f"EPSG:{datum}" if isinstance(datum, int) else datum


def assumed(path: Path) -> Note:
    """The warning for a file that declares no datum."""
    return (
        f"{path.name}：未声明坐标系，按 WGS84 处理；如来自高德、腾讯或百度地图，请用 --datum gcj02 或 bd09。",
        f"{path.name}: no datum is declared, WGS84 is assumed; for coordinates from AMap, Tencent or Baidu "
        "give --datum gcj02 or bd09.",
    )


def row_datum(said: str | None, options: Options, warnings: dict[Note, None], row: int) -> tuple[str | int, DatumBasis]:
    """Datum of a row, by precedence, with a warning where row and option differ."""
    if said is None:
        return ("wgs84", "assumed") if options.given is None else (options.given, "declared")
    try:
        datum = crs.parse_datum(said)
    except CRSMismatch as error:
        raise RowError(
            error.en, error.zh, row=row, field="datum", value=said, remedy_en=error.remedy_en, remedy_zh=error.remedy_zh
        ) from error
    if options.given is not None and datum != options.given:
        name, option = datum_name(datum), datum_name(options.given)
        zh = f"{options.path.name}：部分行自带坐标系 {name}，与选项 {option} 不同，以行内为准。"
        en = f"{options.path.name}: rows name the datum {name}, the option says {option}; the rows' own is used."
        warnings[(zh, en)] = None
    return datum, "declared"


def number(value: object, column: str, row: int) -> float:
    """A coordinate from a cell.

    Raises
    ------
    RowError
        If it is missing or not a finite number.
    """
    try:
        found = float(str(value).strip())
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        empty = not str(value).strip()
        raise RowError(
            "the coordinate is missing" if empty else "the coordinate is not a number",
            "缺少坐标" if empty else "坐标不是数字",
            row=row,
            field=column,
            value=None if empty else value,
            remedy_en="fill in decimal degrees",
            remedy_zh="请填写十进制度",
        )
    return found


def point(x: float, y: float, datum: str | int, row: int | None = None) -> Any:
    """A WGS84 point, if the coordinates can be what the datum says."""
    if not isinstance(datum, int) and not (abs(x) <= 180 and abs(y) <= 90):
        swapped = abs(y) <= 180 and abs(x) <= 90
        raise RowError(
            "longitude or latitude is out of range",
            "经纬度超出范围",
            row=row,
            value=f"{x:g}, {y:g}",
            remedy_en="longitude and latitude seem to be swapped" if swapped else "for metres give --crs EPSG:…",
            remedy_zh="经度与纬度似乎颠倒" if swapped else "若为米制坐标，请给出 --crs EPSG:…",
        )
    lon, lat = (float(part) for part in crs.to_wgs84(x, y, datum))
    if isinstance(datum, int) and not _near(lon, lat):
        swapped = _near(*(float(part) for part in crs.to_wgs84(y, x, datum)))
        if swapped or not (math.isfinite(lon) and math.isfinite(lat)):
            raise RowError(
                f"the coordinates do not fit {datum_name(datum)}",
                f"坐标与 {datum_name(datum)} 不符",
                row=row,
                value=f"{x:.12g}, {y:.12g}",
                remedy_en="x must be east and y north: they seem to be swapped, as on Chinese survey sheets"
                if swapped
                else "check the coordinate system",
                remedy_zh="x 应为东坐标、y 为北坐标：此处似按测量习惯（X 北 Y 东）颠倒" if swapped else "请检查坐标系",
            )
    return shapely.Point(lon, lat)


def _near(lon: float, lat: float) -> bool:
    """Whether a position lies in or around Guangdong; not so for infinite values."""
    return 109 <= lon <= 118 and 20 <= lat <= 26


def outline(geometry: Any, datum: str | int, row: int, fault: str | None) -> Any:
    """A point or polygon in WGS84, repaired only if its area stays the same."""
    if geometry is None or geometry.is_empty:
        raise RowError(
            f"the record has no usable geometry{f': {fault}' if fault else ''}",
            f"该记录没有可用的几何{f'：{fault}' if fault else ''}",
            row=row,
            field="geometry",
            remedy_en="draw the site again",
            remedy_zh="请重新绘制该地块",
        )
    kind = geometry.geom_type
    if kind == "MultiPoint" and len(geometry.geoms) == 1:
        geometry, kind = geometry.geoms[0], "Point"
    if kind not in ("Point", "Polygon", "MultiPolygon"):
        raise RowError(
            f"a site is a point or a polygon, not a {kind}",
            f"选址应为点或面，而不是 {kind}",
            row=row,
            field="geometry",
            value=kind,
            remedy_en="give the outline as a polygon",
            remedy_zh="请以面要素给出范围",
        )
    if not geometry.is_valid:
        raise RowError(
            f"the polygon is not valid: {shapely.is_valid_reason(geometry)}",
            f"面要素无效：{shapely.is_valid_reason(geometry)}",
            row=row,
            field="geometry",
            remedy_en="repair the polygon (QGIS: Fix geometries)",
            remedy_zh="请修复几何（QGIS：修正几何图形）",
        )
    if kind == "Point":
        return point(geometry.x, geometry.y, datum, row)
    west, south, east, north = geometry.bounds
    point(west, south, datum, row)
    point(east, north, datum, row)
    return crs.shift_geometries(shapely.force_2d(geometry), datum)
