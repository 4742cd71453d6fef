"""The reader as it was, for `geo.sites.files` until it has moved to `read`."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import InputError

if TYPE_CHECKING:
    import geopandas

TABLE_SUFFIXES = {".csv", ".tsv", ".txt"}
VECTOR_SUFFIXES = {".geojson", ".json", ".gpkg", ".shp", ".zip", ".fgb"}
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class TableRead:
    """A table as read, every cell as text, with the rows that do not fit its header.

    `numbers` counts rows as a person does, blank ones below the header included.
    """

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    numbers: tuple[int, ...]
    bad: tuple[tuple[int, str], ...] = ()


def read_table(path: Path) -> TableRead:
    """Read a delimited text table, every cell as text.

    UTF-8 (with or without BOM) is tried first, then GB18030; the delimiter is the
    one of comma, semicolon and tab that is found most in the header. Blank lines
    are passed over, missing cells at the end of a row are empty, empty ones beyond
    the header are dropped; a row with text beyond the header is named in `bad`.

    Raises
    ------
    InputError
        If the file is empty or is no such text, or two columns have one name.
    """
    text = _decode(path.read_bytes(), path)
    header = text.lstrip("\r\n").split("\n", 1)[0]
    if not header.strip():
        raise InputError("the file is empty", "文件为空", file=path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), skipinitialspace=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        raise InputError(f"the table cannot be read: {error}", f"表格无法读取：{error}", file=path) from error
    while not any(cell.strip() for cell in lines[0]):
        lines.pop(0)
    columns = [name.strip() for name in lines[0]]
    while columns and not columns[-1]:
        columns.pop()
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        raise InputError(
            f"columns have the same name: {', '.join(repeated)}",
            f"列名重复：{'、'.join(repeated)}",
            file=path,
            remedy_en="give every column a name of its own",
            remedy_zh="请为每列使用不同的名称",
        )
    rows, numbers, bad = [], [], []
    for number, cells in enumerate(lines[1:], start=1):
        if not any(cell.strip() for cell in cells):
            continue
        numbers.append(number)
        beyond = "".join(cells[len(columns) :]).strip()
        if beyond:
            bad.append((number, beyond))
        padded = [*cells, *[""] * len(columns)]
        rows.append(dict(zip(columns, padded, strict=False)))
    return TableRead(tuple(columns), tuple(rows), tuple(numbers), tuple(bad))


def _decode(raw: bytes, path: Path) -> str:
    for encoding in _ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(
        "the file is neither UTF-8 nor GB18030 text",
        "文件既不是 UTF-8 也不是 GB18030 文本",
        file=path,
        remedy_en="save it as CSV UTF-8",
        remedy_zh="请另存为 CSV UTF-8",
    )


@dataclass(frozen=True)
class VectorRead:
    """A vector layer as read, with the records that could not be."""

    frame: geopandas.GeoDataFrame
    layer: str | None
    bad: tuple[tuple[int, str], ...] = ()


def list_layers(path: Path) -> list[str]:
    """Names of the layers of a vector file that hold geometry.

    Raises
    ------
    InputError
        If the file cannot be opened as a vector file, or no layer holds geometry.
    """
    import fiona

    name = _gdal_name(path)
    try:
        spatial = []
        for layer in fiona.listlayers(name):
            with fiona.open(name, layer=layer) as records:
                spatial += [layer] if records.schema["geometry"] != "None" else []
    except (fiona.errors.FionaError, ValueError) as error:
        raise InputError(
            f"the file cannot be opened: {error}",
            f"文件无法打开：{error}",
            file=path,
            remedy_en="give a CSV, GeoJSON, GeoPackage or shapefile",
            remedy_zh="请提供 CSV、GeoJSON、GeoPackage 或 shapefile",
        ) from error
    if not spatial:
        raise InputError("no layer of the file holds points or polygons", "文件中没有点或面图层", file=path)
    return spatial


def read_vector(path: Path, layer: str | None = None) -> VectorRead:
    """Read a layer of a GeoJSON, GeoPackage, shapefile (or zip of one).

    Parameters
    ----------
    path : Path
    layer : str, optional
        Layer to read; the first one by default.

    Raises
    ------
    InputError
        If the file or the layer cannot be read.
    """
    import geopandas

    layers = list_layers(path)
    if layer is not None and layer not in layers:
        raise InputError(
            f"there is no layer {layer!r}",
            f"没有图层 {layer!r}",
            file=path,
            remedy_en=f"layers are: {', '.join(layers)}",
            remedy_zh=f"可用图层：{'、'.join(layers)}",
        )
    chosen = layer or layers[0]
    reason: Exception | None = None
    for encoding in _shapefile_encodings(path):
        try:
            frame = geopandas.read_file(_gdal_name(path), layer=chosen, engine="pyogrio", encoding=encoding)
            return VectorRead(_typed(frame, path, chosen), chosen)
        except Exception as error:
            reason = error
    return _read_records(path, chosen, reason)


def _typed(frame: geopandas.GeoDataFrame, path: Path, layer: str) -> geopandas.GeoDataFrame:
    """Attributes as the file has them: whole numbers, truth values and days, None where empty.

    The bulk reader gives a column of whole numbers with an empty cell as floats, and
    days as moments.
    """
    import pandas as pd
    import pyogrio

    info = pyogrio.read_info(_gdal_name(path), layer=layer)
    kinds = dict(zip(info["fields"], zip(info["dtypes"], info["ogr_subtypes"], strict=True), strict=True))
    for name in frame.columns.drop(frame.geometry.name):
        dtype, subtype = kinds.get(name, ("object", "OFSTNone"))
        values = [None if empty else value for value, empty in zip(frame[name], frame[name].isna(), strict=True)]
        frame[name] = pd.Series([_plain(value, dtype, subtype) for value in values], index=frame.index, dtype=object)
    return frame


def _plain(value: Any, dtype: str, subtype: str) -> Any:
    """A value of a column of the given kind, as a plain Python value."""
    if value is None:
        return None
    if subtype == "OFSTBoolean" or dtype == "bool":
        return bool(value)
    if dtype.startswith(("int", "uint")):
        return int(value)
    return value.date().isoformat() if dtype.startswith("datetime64[D") else value


def _shapefile_encodings(path: Path) -> tuple[str | None, ...]:
    """What to try for the text of a file: a shapefile without a .cpg does not say."""
    if path.suffix.lower() == ".shp" and not any(path.with_suffix(end).exists() for end in (".cpg", ".CPG")):
        return ("UTF-8", "GB18030")
    return (None,)


def _read_records(path: Path, layer: str, reason: Exception | None) -> VectorRead:
    """Read record by record with fiona, keeping the records that can be read."""
    import fiona
    import geopandas
    from shapely.geometry import shape

    good: list[dict[str, Any]] = []
    bad: list[tuple[int, str]] = []
    geometries: list[Any] = []
    try:
        with fiona.open(_gdal_name(path), layer=layer) as records:
            crs = records.crs_wkt or None
            for number, record in enumerate(records, start=1):
                try:
                    geometries.append(shape(record.geometry) if record.geometry else None)
                except (ValueError, TypeError, AttributeError, IndexError) as error:
                    geometries.append(None)
                    bad.append((number, str(error)))
                good.append(dict(record.properties))
    except (fiona.errors.FionaError, ValueError, UnicodeDecodeError) as error:
        raise InputError(
            f"the file cannot be read: {reason}",
            f"文件无法读取：{reason}",
            file=path,
        ) from error
    return VectorRead(geopandas.GeoDataFrame(good, geometry=geometries, crs=crs), layer, tuple(bad))


def _gdal_name(path: Path) -> str:
    """Path for GDAL: always a local file, a zip through /vsizip/."""
    resolved = path.resolve()
    return f"zip://{resolved}" if path.suffix.lower() == ".zip" else str(resolved)
