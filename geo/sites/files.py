"""Reading a planner's file, row by row."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from geo import crs, sources
from geo.errors import CRSMismatch, InputError, RowError
from geo.schema import SITE_COLUMNS, Site
from geo.sites.model import DatumBasis, Note, Rejected, SiteList
from geo.sites.position import Options, assumed, datum_name, number, outline, point, row_datum
from geo.spelling import even_out


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
    options = Options(datum, path)
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


def single(lon: float, lat: float, *, datum: str | int | None = None, name: str = "") -> Site:
    """One place asked for by its coordinates.

    Raises
    ------
    InputError
        If the coordinates are not finite or out of range for the datum.
    """
    basis: DatumBasis = "assumed" if datum is None else "declared"
    datum = "wgs84" if datum is None else datum
    try:
        place = point(lon, lat, datum)
    except RowError as error:
        raise InputError(
            error.en, error.zh, value=error.value, remedy_en=error.remedy_en, remedy_zh=error.remedy_zh
        ) from error
    given: dict[str, object] = {"lon": lon, "lat": lat, "datum": datum_name(datum)}
    return Site(id="1", name=name, geometry=place, datum=datum_name(datum), datum_basis=basis, input=given, row=1)


def _columns(names: list[str]) -> dict[str, str]:
    """Our column name to the file's, by name or alias, case left out."""
    found: dict[str, str] = {}
    for ours, aliases in SITE_COLUMNS.items():
        wanted = {even_out(name) for name in (ours, *aliases)}
        for name in names:
            if even_out(str(name)) in wanted:
                found.setdefault(ours, name)
    return found


def _from_table(read: sources.TableRead, options: Options) -> SiteList:
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
    for row, record in zip(read.numbers, read.rows, strict=True):
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
            datum, basis = row_datum(_text(attributes, held, "datum"), options, warnings, row)
            x = number(attributes[held[axes[0]]], held[axes[0]], row)
            y = number(attributes[held[axes[1]]], held[axes[1]], row)
            place = point(x, y, datum, row)
        except RowError as error:
            error.file = options.path
            rejected.append(Rejected(row, _text(attributes, held, "id"), error, attributes))
            continue
        given: dict[str, object] = {axes[0]: x, axes[1]: y, "datum": datum_name(datum)}
        sites.append(_site(row, place, attributes, held, datum_name(datum), basis, given))
    if any(site.datum_basis == "assumed" for site in sites):
        warnings[assumed(options.path)] = None
    if not read.rows:
        warnings[
            (f"{options.path.name}：没有数据行。", f"{options.path.name}: there are no rows below the header.")
        ] = None
    return SiteList(tuple(sites), tuple(rejected), tuple(warnings), tuple(columns), options.path.name)


def _text(attributes: dict[str, object], held: dict[str, str], name: str) -> str | None:
    """A cell as text, as it stands; None if the column is absent or the cell blank."""
    if name not in held:
        return None
    value = attributes[held[name]]
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return str(value) if str(value).strip() else None


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
        id=_text(attributes, held, "id") or "",
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


def _from_vector(read: sources.VectorRead, options: Options) -> SiteList:
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
            datum, basis = row_datum(said, given, warnings, row)
            shape = outline(geometry, datum, row, bad.get(row))
        except RowError as error:
            error.file = path
            rejected.append(Rejected(row, _text(attributes, held, "id"), error, attributes))
            continue
        name = datum_name(datum)
        sites.append(_site(row, shape, attributes, held, name, basis, {"wkt": geometry.wkt, "datum": name}))
    if any(site.datum_basis == "assumed" for site in sites):
        warnings[assumed(path)] = None
    return SiteList(tuple(sites), tuple(rejected), tuple(warnings), tuple(own), path.name)


def _file_datum(frame: Any, options: Options, warnings: dict[Note, None]) -> str | int | None:
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
        option, name = datum_name(options.given), datum_name(declared)
        zh = f"{options.path.name}：文件声明 {name}，按选项 {option} 处理。"
        en = f"{options.path.name}: the file declares {name}; the option {option} is used."
        warnings[(zh, en)] = None
    return declared


def _without_repeats(found: SiteList, path: Path) -> SiteList:
    """Reject every row whose id an earlier row has; a row without one gets its number.

    Where another row carries that number as its id, it becomes ``row-<number>``.
    """
    taken = {site.id for site in found.sites}
    first: dict[str, int] = {}
    kept: list[Site] = []
    rejected = list(found.rejected)
    for site in found.sites:
        named = (
            site if site.id else replace(site, id=str(site.row) if str(site.row) not in taken else f"row-{site.row}")
        )
        if named.id in first:
            error = RowError(
                f"the id stands in row {first[named.id]} already",
                f"编号与第 {first[named.id]} 行重复",
                file=path,
                row=named.row,
                field="id",
                value=named.id,
                remedy_en="give every site an id of its own",
                remedy_zh="请为每个选址使用唯一编号",
            )
            rejected.append(Rejected(named.row, named.id, error, named.attributes))
        else:
            first[named.id] = named.row
            kept.append(named)
    return replace(found, sites=tuple(kept), rejected=tuple(sorted(rejected, key=lambda one: one.row)))
