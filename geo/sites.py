"""Candidate sites (layer 3): reading a planner's file, row by row.

Positions are converted to WGS84 once, here. What a row says of its datum goes
before the option, the option before what the file declares; where they differ a
warning says so. A row without a usable geometry or with an id seen before is
rejected by name; every other row goes through.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import shapely

from geo import crs, sources
from geo.errors import CRSMismatch, InputError, Lang, RowError
from geo.schema import SITE_COLUMNS, Site
from geo.spelling import even_out

Note = tuple[str, str]
DatumBasis = Literal["declared", "assumed"]


@dataclass(frozen=True)
class Rejected:
    """A row that cannot be used, with all that its file said of it."""

    row: int
    id: str | None
    error: RowError
    attributes: dict[str, object]

    def label(self, lang: Lang) -> str:
        """Its id, or its row where it has none."""
        return self.id or (f"第 {self.row} 行" if lang == "zh" else f"row {self.row}")


@dataclass(frozen=True)
class SiteList:
    """The sites of a file.

    Attributes
    ----------
    sites : tuple of Site
    rejected : tuple of Rejected
    warnings : tuple of (str, str)
        What was understood or assumed, in Chinese and English.
    columns : tuple of str
        The file's own columns, in order.
    source, digest : str
        Name and SHA-256 of the file.
    sample : bool
        Whether this is the list that ships as sample data.
    """

    sites: tuple[Site, ...]
    rejected: tuple[Rejected, ...]
    warnings: tuple[Note, ...]
    columns: tuple[str, ...]
    source: str
    digest: str = ""
    sample: bool = False


@dataclass(frozen=True)
class _Options:
    """What the caller says of a file: a datum name or an EPSG code."""

    given: str | int | None
    path: Path


def read(path: Path, *, datum: str | int | None = None, sample: bool = False) -> SiteList:
    """Read a CSV, GeoJSON, GeoPackage or shapefile of points or polygons.

    Parameters
    ----------
    path : Path
    datum : str or int, optional
        Datum name or EPSG code for rows that name none themselves.
    sample : bool
        Mark the list as sample data.

    Raises
    ------
    InputError
        If the file as a whole cannot be used: missing, unreadable, no position
        columns.
    CRSMismatch
        If coordinates need a datum and none is known.
    """
    if not path.is_file():
        raise InputError(
            "the file does not exist" if not path.is_dir() else "a file is expected, this is a folder",
            "文件不存在" if not path.is_dir() else "需要文件，给出的是目录",
            file=path,
            remedy_en="check the name and the folder",
            remedy_zh="请检查文件名和路径",
        )
    options = _Options(datum, path)
    suffix = path.suffix.lower()
    if suffix in sources.TABLE_SUFFIXES:
        found = _from_table(sources.read_table(path), options)
    elif suffix in sources.VECTOR_SUFFIXES:
        found = _from_vector(sources.read_vector(path), options)
    else:
        raise InputError(
            f"files of the kind {suffix or '(no ending)'} are not read",
            f"不支持的文件类型 {suffix or '（无扩展名）'}",
            file=path,
            remedy_en="give a CSV, GeoJSON, GeoPackage or shapefile",
            remedy_zh="请提供 CSV、GeoJSON、GeoPackage 或 shapefile",
        )
    return replace(_without_repeats(found, path), digest=sources.digest(path), sample=sample)


def single(lon: float, lat: float, *, datum: str | int = "wgs84", name: str = "") -> Site:
    """One place asked for by its coordinates.

    Raises
    ------
    InputError
        If the coordinates are not finite or out of range for the datum.
    """
    try:
        point = _point(lon, lat, datum)
    except RowError as error:
        raise InputError(
            error.en, error.zh, value=error.value, remedy_en=error.remedy_en, remedy_zh=error.remedy_zh
        ) from error
    given: dict[str, object] = {"lon": lon, "lat": lat, "datum": _datum_name(datum)}
    return Site(id="1", name=name, geometry=point, datum=_datum_name(datum), input=given, row=1)


def _datum_name(datum: str | int) -> str:
    return f"EPSG:{datum}" if isinstance(datum, int) else datum


def _columns(names: list[str]) -> dict[str, str]:
    """Our column name to the file's, by name or alias, case left out."""
    found: dict[str, str] = {}
    for ours, aliases in SITE_COLUMNS.items():
        wanted = {even_out(name) for name in (ours, *aliases)}
        for name in names:
            if even_out(str(name)) in wanted:
                found.setdefault(ours, name)
    return found


def _from_table(read: sources.TableRead, options: _Options) -> SiteList:
    """Sites from a table with lon and lat, or with x and y and an EPSG code."""
    columns = list(read.columns)
    held = _columns(columns)
    metric = isinstance(options.given, int) and {"x", "y"} <= held.keys()
    axes = ("x", "y") if metric or not {"lon", "lat"} <= held.keys() else ("lon", "lat")
    if not set(axes) <= held.keys():
        raise InputError(
            "the table has no position columns",
            "表中没有坐标列",
            file=options.path,
            value=", ".join(columns),
            remedy_en="name them lon and lat (经度, 纬度), or x and y with --crs EPSG:…",
            remedy_zh="请命名为 经度、纬度（lon、lat），或使用 x、y 并给出 --crs EPSG:…",
        )
    if axes == ("x", "y") and options.given is None:
        raise CRSMismatch(
            "x and y need a coordinate system",
            "x、y 坐标需要指明坐标系",
            file=options.path,
            remedy_en="give --crs EPSG:4547 (or the code of your file)",
            remedy_zh="请给出 --crs EPSG:4547（或文件所用代码）",
        )
    sites: list[Site] = []
    rejected: list[Rejected] = []
    warnings: dict[Note, None] = {}
    beyond = dict(read.bad)
    for row, record in enumerate(read.rows, start=1):
        attributes: dict[str, object] = dict(record)
        try:
            if row in beyond:
                raise RowError(
                    "the row has more cells than the header",
                    "该行的列数多于表头",
                    row=row,
                    value=beyond[row],
                    remedy_en="put text that holds the delimiter in quotes",
                    remedy_zh="含分隔符的文字请加引号",
                )
            datum, basis = _row_datum(_text(attributes, held, "datum"), options, warnings, row)
            x = _number(attributes[held[axes[0]]], held[axes[0]], row)
            y = _number(attributes[held[axes[1]]], held[axes[1]], row)
            point = _point(x, y, datum, row)
        except RowError as error:
            error.file = options.path
            rejected.append(Rejected(row, _text(attributes, held, "id"), error, attributes))
            continue
        given: dict[str, object] = {axes[0]: x, axes[1]: y, "datum": _datum_name(datum)}
        sites.append(_site(row, point, attributes, held, _datum_name(datum), basis, given))
    if any(site.datum_basis == "assumed" for site in sites):
        warnings[_assumed(options.path)] = None
    return SiteList(tuple(sites), tuple(rejected), tuple(warnings), tuple(columns), options.path.name)


def _assumed(path: Path) -> Note:
    return (
        f"{path.name}：未声明坐标系，按 WGS84 处理；如来自高德、腾讯或百度地图，请用 --datum gcj02 或 bd09。",
        f"{path.name}: no datum is declared, WGS84 is assumed; for coordinates from AMap, Tencent or Baidu "
        "give --datum gcj02 or bd09.",
    )


def _row_datum(
    said: str | None, options: _Options, warnings: dict[Note, None], row: int
) -> tuple[str | int, DatumBasis]:
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
        name, option = _datum_name(datum), _datum_name(options.given)
        zh = f"{options.path.name}：部分行自带坐标系 {name}，与选项 {option} 不同，以行内为准。"
        en = f"{options.path.name}: rows name the datum {name}, the option says {option}; the rows' own is used."
        warnings[(zh, en)] = None
    return datum, "declared"


def _text(attributes: dict[str, object], held: dict[str, str], name: str) -> str | None:
    """A cell as text, as it stands; None if the column is absent or the cell blank."""
    if name not in held:
        return None
    value = attributes[held[name]]
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return str(value) if str(value).strip() else None


def _number(value: object, column: str, row: int) -> float:
    try:
        number = float(str(value).strip())
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
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
    return number


def _point(x: float, y: float, datum: str | int, row: int | None = None) -> Any:
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
                f"the coordinates do not fit {_datum_name(datum)}",
                f"坐标与 {_datum_name(datum)} 不符",
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


def _site(
    row: int,
    geometry: Any,
    attributes: dict[str, object],
    held: dict[str, str],
    datum: str,
    basis: DatumBasis,
    given: dict[str, object],
) -> Site:
    return Site(
        id=_text(attributes, held, "id") or str(row),
        name=_text(attributes, held, "name") or "",
        geometry=geometry,
        field_query=_text(attributes, held, "field"),
        stage_query=_text(attributes, held, "stage"),
        datum=datum,
        datum_basis=basis,
        input=given,
        attributes=attributes,
        row=row,
    )


def _from_vector(read: sources.VectorRead, options: _Options) -> SiteList:
    """Sites from a vector layer: points and polygons."""
    frame, path = read.frame, options.path
    own = [str(name) for name in frame.columns if name != frame.geometry.name]
    held = _columns(own)
    warnings: dict[Note, None] = {}
    file_datum = _file_datum(frame, options, warnings)
    bad = dict(read.bad)
    sites: list[Site] = []
    rejected: list[Rejected] = []
    for row, (geometry, record) in enumerate(zip(frame.geometry, frame[own].to_dict(orient="records"), strict=True), 1):
        attributes = {str(key): value for key, value in record.items()}
        try:
            said = _text(attributes, held, "datum")
            given = replace(options, given=file_datum) if options.given is None else options
            datum, basis = _row_datum(said, given, warnings, row)
            shape = _shape(geometry, datum, row, bad.get(row))
        except RowError as error:
            error.file = path
            rejected.append(Rejected(row, _text(attributes, held, "id"), error, attributes))
            continue
        name = _datum_name(datum)
        sites.append(_site(row, shape, attributes, held, name, basis, {"wkt": geometry.wkt, "datum": name}))
    if any(site.datum_basis == "assumed" for site in sites):
        warnings[_assumed(path)] = None
    return SiteList(tuple(sites), tuple(rejected), tuple(warnings), tuple(own), path.name)


def _file_datum(frame: Any, options: _Options, warnings: dict[Note, None]) -> str | int | None:
    """What the file declares: an EPSG code, or None if it declares nothing.

    A CRS without a code is converted here, and the frame is changed to match.
    """
    if frame.crs is None:
        if options.given is None and frame.geometry.notna().any():
            crs.require_degrees(frame.total_bounds, options.path.name)
        return None
    code = frame.crs.to_epsg()
    if code is None:
        frame.geometry = frame.geometry.to_crs(crs.GEOGRAPHIC)
        code = crs.GEOGRAPHIC
    declared: str | int = {4326: "wgs84", 4490: "cgcs2000"}.get(code, code)
    if options.given is not None and options.given != declared:
        option, name = _datum_name(options.given), _datum_name(declared)
        zh = f"{options.path.name}：文件声明 {name}，按选项 {option} 处理。"
        en = f"{options.path.name}: the file declares {name}; the option {option} is used."
        warnings[(zh, en)] = None
    return declared


def _shape(geometry: Any, datum: str | int, row: int, fault: str | None) -> Any:
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
        return _point(geometry.x, geometry.y, datum, row)
    west, south, east, north = geometry.bounds
    _point(west, south, datum, row)
    _point(east, north, datum, row)
    return crs.shift_geometries(shapely.force_2d(geometry), datum)


def _without_repeats(found: SiteList, path: Path) -> SiteList:
    """Reject every row whose id an earlier row has."""
    first: dict[str, int] = {}
    kept: list[Site] = []
    rejected = list(found.rejected)
    for site in found.sites:
        if site.id in first:
            error = RowError(
                f"the id stands in row {first[site.id]} already",
                f"编号与第 {first[site.id]} 行重复",
                file=path,
                row=site.row,
                field="id",
                value=site.id,
                remedy_en="give every site an id of its own",
                remedy_zh="请为每个选址使用唯一编号",
            )
            rejected.append(Rejected(site.row, site.id, error, site.attributes))
        else:
            first[site.id] = site.row
            kept.append(site)
    return replace(found, sites=tuple(kept), rejected=tuple(sorted(rejected, key=lambda one: one.row)))
