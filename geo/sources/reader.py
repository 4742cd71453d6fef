"""The one way into a data file: its format by its ending, its content by its first bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from geo.errors import InputError
from geo.sources import parquet, staging, text, vector, workbook
from geo.sources.gate import local
from geo.sources.layer import Layer, LayerInfo, Limits

_TEXT = (".csv", ".tsv", ".txt")
_WORKBOOK = (".xlsx", ".xlsm")
_PARQUET = (".parquet", ".geoparquet")
SUFFIXES: tuple[str, ...] = (*_TEXT, *_WORKBOOK, *_PARQUET, *staging.SUFFIXES)
_READ = (
    "CSV, XLSX, GeoJSON, GeoPackage, shapefile (also zipped), KML, KMZ, GML, FlatGeobuf, GDB, GeoParquet, DXF",
    "CSV、XLSX、GeoJSON、GeoPackage、shapefile（可压缩为 zip）、KML、KMZ、GML、FlatGeobuf、GDB、GeoParquet、DXF",
)
_INSTEAD = {
    **dict.fromkeys((".xls", ".et", ".ods", ".xlsb", ".numbers"), ("save it as .xlsx", "请另存为 .xlsx")),
    **dict.fromkeys((".dbf", ".shx", ".prj", ".cpg", ".sbn"), ("give the .shp beside it", "请给出同名的 .shp 文件")),
    ".dwg": ("save it as DXF (ASCII)", "请另存为 DXF（ASCII）"),
    **dict.fromkeys((".rar", ".7z", ".gz", ".tar"), ("unpack it, or pack it as .zip", "请解压，或改用 .zip 压缩")),
    **dict.fromkeys((".mdb", ".tab", ".mif", ".wl", ".wp"), ("export it as GeoPackage", "请导出为 GeoPackage")),
}  # fmt: skip


def read(path: Path, layer: str | None = None, *, limits: Limits = Limits()) -> Layer:
    """Read one layer or sheet of any supported file.

    Parameters
    ----------
    path : Path
        A local file, a folder of shapefiles, or a ``.gdb`` folder.
    layer : str, optional
        Layer or sheet; without it the only one, else the first that holds points
        or polygons (of a KML all such folders), or the first sheet with columns for
        positions, else the first with content.
    limits : Limits, optional

    Returns
    -------
    Layer
        With the rows that cannot be used in `faults`, the others complete.

    Raises
    ------
    InputError
        If the file as a whole cannot be used.
    """
    return _calls(path, limits)[0](layer)


def list_layers(path: Path, *, limits: Limits = Limits()) -> tuple[LayerInfo, ...]:
    """Layers or sheets of a file, with their columns.

    Raises
    ------
    InputError
        If the file cannot be opened.
    """
    return _calls(path, limits)[1]()


def _calls(path: Path, limits: Limits) -> tuple[Callable[[str | None], Layer], Callable[[], tuple[LayerInfo, ...]]]:
    """How to read the file and how to list its layers, by its ending."""
    there = local(path, limits)
    suffix = path.suffix.lower()
    if there.is_dir() or suffix in staging.SUFFIXES:
        _refuse_kind(path, there, suffix)
        return (
            lambda layer: _named(vector.read(there, layer, limits=limits), path),
            lambda: vector.list_layers(there, limits=limits),
        )
    if suffix in _WORKBOOK:
        return (
            lambda sheet: _named(workbook.read(there, sheet, limits=limits), path),
            lambda: workbook.list_sheets(there, limits=limits),
        )
    if suffix in (*_TEXT, *_PARQUET):
        module = text if suffix in _TEXT else parquet

        def one() -> Layer:
            return _named(module.read(there, limits=limits), path)

        return lambda layer: _only(one(), layer), lambda: (_info(one()),)
    raise _unread(path, suffix)


def _refuse_kind(path: Path, there: Path, suffix: str) -> None:
    """Refuse a folder where a file is meant, and a .gdb that is a file."""
    if there.is_dir() and suffix in SUFFIXES and suffix != ".gdb":
        raise InputError(
            f"a file is expected, this is a folder with the ending {suffix}",
            f"需要文件，给出的是以 {suffix} 结尾的目录",
            file=path,
            remedy_en="give the file itself",
            remedy_zh="请给出文件本身",
        )


def _unread(path: Path, suffix: str) -> InputError:
    """What is said of a format that is not read."""
    en, zh = _INSTEAD.get(suffix, (f"give one of: {_READ[0]}", f"请提供：{_READ[1]}"))
    return InputError(
        f"files of the kind {suffix or '(no ending)'} are not read",
        f"不支持的文件类型 {suffix or '（无扩展名）'}",
        file=path,
        remedy_en=en,
        remedy_zh=zh,
    )


def _only(layer: Layer, name: str | None) -> Layer:
    """The layer of a file that has one; its name is that of the file."""
    if name is not None and name != layer.path.stem:
        raise vector.no_layer(name, [layer.path.stem], layer.path)
    return layer


def _named(layer: Layer, path: Path) -> Layer:
    """The layer under the path that was given."""
    return replace(layer, path=path)


def _info(layer: Layer) -> LayerInfo:
    kinds = (
        sorted({one.geom_type for one in layer.geometries if one is not None}) if layer.geometries is not None else []
    )
    return LayerInfo(
        name=layer.path.stem,
        rows=len(layer.rows),
        geometry=", ".join(kinds) or None,
        crs=None if layer.crs is None else layer.crs.to_string(),
        columns=layer.columns,
    )
