"""Files made ready for GDAL: unpacked, looked through, copied where it would write beside them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.errors import GeoError, InputError, RowError
from geo.sources import archive, content, dbf, folders, geojson, geopackage, gml, markup
from geo.sources.gate import within
from geo.sources.gdal import Dataset, Kind
from geo.sources.layer import Limits, Note

_JSON = Kind("GeoJSON", "GeoJSON", fixed_crs=True, options={"DATE_AS_STRING": "YES"})
_LINES = Kind("GeoJSONSeq", "GeoJSONSeq", fixed_crs=True)
_MENDED_LINES = replace(_JSON, name="GeoJSONSeq")
_KML = Kind("KML", "LIBKML", fiona=False, fixed_crs=True)
_GML = Kind(
    "GML",
    "GML",
    options={"DOWNLOAD_SCHEMA": "NO", "EXPOSE_GML_ID": "NO", "EXPOSE_FID": "NO", "SKIP_CORRUPTED_FEATURES": "YES"},
)
_SHAPEFILE = Kind("Shapefile", "ESRI Shapefile")
_GDB = Kind("File Geodatabase", "OpenFileGDB")
_SEQUENCES = (".geojsonl", ".ndjson", ".jsonl", ".geojsons")
_KINDS = {
    ".geojson": _JSON, ".json": _JSON, **dict.fromkeys(_SEQUENCES, _LINES),
    ".gpkg": Kind("GeoPackage", "GPKG"), ".shp": _SHAPEFILE, ".fgb": Kind("FlatGeobuf", "FlatGeobuf"),
    ".kml": _KML, ".gml": _GML, ".dxf": Kind("DXF", "DXF"), ".gdb": _GDB,
}  # fmt: skip
_LONGEST_PRJ = 100_000
_TABLE_HEAD = 40
_OPENED_BESIDE = (".cpg", ".dbf", ".prj", ".shx", ".qix", ".sbn", ".sbx", ".idm", ".ind", ".map")
SUFFIXES = (*_KINDS, ".kmz", ".zip")


@dataclass
class Staged:
    """A dataset, with what was found while making it ready."""

    dataset: Dataset
    name: str
    text: dbf.Text | None = None
    json: geojson.Prepared | None = None
    projection: Path | None = None
    source: Path | None = None
    held: NDArray[np.bool_] | None = None
    encoding: str | None = None
    members: gml.Members | None = None
    order: list[int] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    faults: dict[int, RowError] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


@contextmanager
def staged(path: Path, limits: Limits) -> Iterator[list[Staged]]:
    """The datasets of a file, folder or archive; temporary copies end with the context.

    Raises
    ------
    InputError
        If nothing in it is read, or something in it is refused.
    """
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parksite-", ignore_cleanup_errors=True)))
        try:
            given, path = path, _spellable(path, scratch)
            if path.suffix.lower() in (".zip", ".kmz") and not path.is_dir():
                content.check(path)
                root = stack.enter_context(archive.unpacked(path, limits))
                files = _inside(root, path)
            else:
                files = _folder(path, limits) if path.is_dir() and path.suffix.lower() != ".gdb" else [path]
            found = []
            for number, one in enumerate(files):
                own = scratch / str(number)
                own.mkdir()
                found.append(_ready(one, own, limits))
            if path.suffix.lower() == ".kmz":
                found = [_renamed(one) for one in found]
            yield found
        except GeoError as error:
            if error.file is not None and str(error.file).startswith(tempfile.gettempdir()):
                error.file = given
            raise


def _renamed(one: Staged) -> Staged:
    one.dataset = replace(one.dataset, kind=replace(one.dataset.kind, name="KMZ"))
    return one


def _ready(path: Path, scratch: Path, limits: Limits) -> Staged:
    """One dataset, its content checked against its ending."""
    kind = _KINDS[path.suffix.lower()]
    one = Staged(Dataset(path, kind), path.stem, source=path)
    if kind is _GDB:
        _check_folder(path, limits)
    elif kind is _JSON or kind is _LINES:
        one.json = geojson.prepare(path, scratch, limits, sequence=kind is _LINES)
        mended = one.json.path != path
        one.dataset = Dataset(one.json.path, _MENDED_LINES if mended and one.json.sequence else kind)
        one.faults, one.notes = one.json.faults, one.json.notes
    else:
        content.check(path)
    if kind is _KML or kind is _GML:
        plain, one.encoding = markup.in_utf8(path, scratch)
        one.members = gml.members(plain) if kind is _GML else None
        if kind is _KML:
            markup.check(plain, containers := folders.Containers())
            one.order = containers.order
    if kind is _KML:
        copy, one.names = markup.with_plain_names(plain, scratch)
        one.dataset = Dataset(copy, kind)
    if kind is _GML:
        one.dataset = Dataset(_beside(path, plain, scratch), kind)
    if path.suffix.lower() == ".gpkg":
        copy = _with_journal(path, scratch)
        geopackage.check(copy, alone=copy == path)
        one.dataset = Dataset(copy, kind)
    if kind is _SHAPEFILE:
        _ready_shapefile(one, path, scratch)
    return one


def _ready_shapefile(one: Staged, path: Path, scratch: Path) -> None:
    """Measure the text; without a .shx work on a copy with an index made anew."""
    one.text = dbf.text_of(path)
    one.notes += one.text.notes
    one.projection = dbf.sidecar(path, ".prj")
    if not dbf.index_fits(path) or _too_long(one.projection) or _odd_beside(path):
        target = scratch / path.name
        shutil.copyfile(path, target)
        for suffix in (".dbf", ".cpg", *(() if _too_long(one.projection) else (".prj",))):
            if found := dbf.sidecar(path, suffix):
                shutil.copyfile(found, target.with_suffix(suffix))
        if dbf.index_fits(path):
            shutil.copyfile(dbf.sidecar(path, ".shx") or path, target.with_suffix(".shx"))
        else:
            dbf.write_index(target)
            one.notes.append(
                ("缺少 .shx 索引或索引已损坏，已重建。", "The .shx is not there or damaged: the index was made anew.")
            )
        path = target
    one.held = dbf.shapes_held(path)
    one.dataset = Dataset(path, _SHAPEFILE, one.text.codec, None if one.held is None else len(one.held))


def _odd_beside(path: Path) -> bool:
    """Whether a name that GDAL opens beside a shapefile is a pipe or device, at which it would wait without end."""
    names = (path.with_suffix(end) for suffix in _OPENED_BESIDE for end in (suffix, suffix.upper()))
    return any(one.exists() and not one.is_file() for one in names)


def _spellable(path: Path, scratch: Path) -> Path:
    """The path, or for a name that is no UTF-8 a link with a plain one, as GDAL takes no other."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        plain = scratch / "plain"
        plain.mkdir()
        for one in path.parent.iterdir():
            if one.name.startswith(path.stem):
                (plain / f"{_plain(path.stem)}{one.name[len(path.stem) :]}").symlink_to(one)
        return plain / f"{_plain(path.stem)}{path.suffix}"
    return path


def _plain(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")


def _with_journal(path: Path, scratch: Path) -> Path:
    """The file, or where a program left a journal beside it, a copy of both: SQLite writes to journals."""
    beside = [path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")]
    if not any(one.exists() for one in beside):
        return path
    for one in (path, *(one for one in beside if one.is_file() and not one.name.endswith("-shm"))):
        shutil.copyfile(one, scratch / one.name)
    return scratch / path.name


def _too_long(projection: Path | None) -> bool:
    """Whether a .prj is longer than any projection, which GDAL takes for an error of the whole file."""
    return projection is not None and projection.stat().st_size > _LONGEST_PRJ


def _beside(path: Path, plain: Path, scratch: Path) -> Path:
    """A copy of a GML in UTF-8 with its schemas, for GDAL leaves files of its own beside a GML."""
    target = scratch / f"{path.stem}{path.suffix.lower()}"
    shutil.copyfile(plain, target)
    for suffix in (".xsd",):
        found = dbf.sidecar(path, suffix)
        if found is None:
            continue
        try:
            markup.check(found.with_suffix(suffix) if found.suffix == suffix else found)
        except InputError:
            continue
        shutil.copyfile(found, target.with_suffix(suffix))
    return target


def _check_folder(path: Path, limits: Limits) -> None:
    """Refuse a geodatabase that is no folder of ordinary files, or is too large."""
    if not path.is_dir() or not (path / "a00000001.gdbtable").is_file():
        raise content.damaged(path, "a00000001.gdbtable")
    files = list(path.iterdir())
    within("members", len(files), limits, path)
    if any(one.is_symlink() or not (one.is_file() or one.is_dir()) for one in files):
        raise content.damaged(path, "link")
    total = sum(one.stat().st_size for one in files if one.is_file())
    within("megabytes", -(-total // 1_000_000), limits, path)
    for one in sorted(files):
        if one.suffix.lower() == ".gdbtable" and _is_short(one):
            raise content.cut_off(
                path, f"{one.name} is shorter than it says itself", f"{one.name} 的长度小于其文件头所记"
            )


def _is_short(table: Path) -> bool:
    """Whether a table of a geodatabase has fewer bytes than its head says; GDAL finds no rows in one."""
    with table.open("rb") as handle:
        head = handle.read(_TABLE_HEAD)
    said = int.from_bytes(head[24:32], "little")
    return len(head) < _TABLE_HEAD or table.stat().st_size < said


def _folder(path: Path, limits: Limits) -> list[Path]:
    """Shapefiles that lie in a folder."""
    files = sorted(one for one in path.iterdir() if one.suffix.lower() == ".shp" and one.is_file())
    if not files:
        raise InputError(
            "a file is expected, this is a folder without shapefiles",
            "需要文件，给出的是不含 shapefile 的目录",
            file=path,
            remedy_en="give a file, a folder with .shp files, or a .gdb",
            remedy_zh="请给出文件、含 .shp 的目录或 .gdb",
        )
    total = sum(one.stat().st_size for one in path.iterdir() if one.is_file())
    within("members", len(files), limits, path)
    within("megabytes", -(-total // 1_000_000), limits, path)
    return files


def _inside(root: Path, path: Path) -> list[Path]:
    """What an unpacked archive holds that can be read: geodatabases, shapefiles, else other files."""
    for table in sorted(root.rglob("a00000001.gdbtable")):
        if table.parent.suffix.lower() != ".gdb":
            moved = root / f"{path.name.split('.')[0]}.gdb"
            shutil.copytree(table.parent, moved)
            return [moved]
    bases = sorted(one for one in root.rglob("*") if one.suffix.lower() == ".gdb" and one.is_dir())
    files = sorted(one for one in root.rglob("*") if one.is_file() and not any(base in one.parents for base in bases))
    if path.suffix.lower() == ".kmz":
        found = [one for one in files if one.suffix.lower() == ".kml" and b"Placemark" in one.read_bytes()]
        found.sort(key=lambda one: (one.name.lower() != "doc.kml", len(one.parts)))
    else:
        found = bases + [one for one in files if one.suffix.lower() == ".shp"]
        found = found or [one for one in files if one.suffix.lower() in _KINDS]
    if not found:
        raise InputError(
            "the archive holds no map data that is read",
            "压缩包内没有可读取的空间数据",
            file=path,
            value=", ".join(one.name for one in files[:5]) or None,
            remedy_en="pack a shapefile (.shp, .shx, .dbf, .prj) or a .gdb, or unpack the file and give it",
            remedy_zh="请打包 shapefile（.shp、.shx、.dbf、.prj）或 .gdb，或解压后直接给出文件",
        )
    return found
