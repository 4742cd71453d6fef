"""Layers of map files: which one is meant, and what its records hold."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from geo.errors import InputError, RowError
from geo.sources import dbf, dxf, folders, gdal, geopackage, gml, shapes
from geo.sources.layer import Layer, LayerInfo, Limits, Note
from geo.sources.staging import Staged, staged
from geo.sources.values import Washer

_KML_OWN = re.compile(
    r"Name\d*|description|timestamp|begin|end|altitudeMode|tessellate|extrude|visibility|drawOrder|icon|snippet"
)
_NO_CRS = re.compile(r"undefined|unknown( engineering)?( crs| srs)?$", re.IGNORECASE)
Found = tuple[Staged, LayerInfo, str]


def list_layers(path: Path, *, limits: Limits) -> tuple[LayerInfo, ...]:
    """Layers of a map file, tables without geometry included.

    Raises
    ------
    InputError
        If the file cannot be opened.
    """
    with staged(path, limits) as found:
        return tuple(
            replace(info, crs=None if (known := _crs(one, info)[0]) is None else known.to_string())
            for one, info, _ in _pairs(found)
        )


def read(path: Path, layer: str | None, *, limits: Limits) -> Layer:
    """A layer of a map file; without a name the only one, else the first with points or polygons.

    The folders of a KML are read as one without a name.

    Raises
    ------
    InputError
        If the file or the layer cannot be read, or goes over a limit.
    """
    with staged(path, limits) as found:
        pairs = _pairs(found)
        (one, info, inner), notes = _chosen(pairs, layer, path)
        washer = Washer()
        if layer is None and one.dataset.kind.driver == "LIBKML":
            return _folders(path, one, pairs, washer, limits)
        records = gdal.read(one.dataset, inner, limits, washer)
        if one.members is not None:
            records = _with_members(one, inner, records)
        return _layer(path, one, info, records, [*notes, *one.notes], washer, limits)


def _folders(path: Path, one: Staged, pairs: list[Found], washer: Washer, limits: Limits) -> Layer:
    """Every folder of a KML that may hold sites, as one layer."""
    own = [(info, inner) for held, info, inner in pairs if held is one]
    found = folders.read(one.dataset, [(info.name, inner) for info, inner in own], one.order, limits, washer)
    others = (*found.left, *(info.name for held, info, _ in pairs if held is not one and info.rows != 0))
    info = next(info for info, _ in own if info.name == found.read[0])
    notes = [_also(info.name, others)] if others and len(found.read) == 1 else []
    if len(found.read) > 1:
        notes.append(_together(found.read, others))
    made = _layer(path, one, info, found.records, [*notes, *one.notes], washer, limits)
    return made if len(found.read) == 1 else replace(made, name=None)


def _together(read: tuple[str, ...], others: tuple[str, ...]) -> Note:
    """The note on folders that were read as one."""
    zh, en = "、".join(read[:10]), ", ".join(read[:10])
    more_zh = f"文件另有：{'、'.join(others[:10])}；" if others else ""
    more_en = f"the file also holds {', '.join(others[:10])}; " if others else ""
    return (f"{len(read)} 个文件夹合并读取：{zh}；{more_zh}只读其一请用 --layer。",
            f"{len(read)} folders were read as one: {en}; {more_en}--layer reads a single one.")  # fmt: skip


def _pairs(found: list[Staged]) -> list[Found]:
    """Every layer of every dataset, under a name that stands once, and its name in the dataset."""
    pairs = [(one, info) for one in found for info in gdal.layers(one.dataset) if not _is_helper(one, info)]
    names = [info.name for _, info in pairs]
    titles = [_full(one, info) if names.count(info.name) > 1 else info.name for one, info in pairs]
    return [
        (one, replace(info, name=name, columns=_full_names(one, info.columns)), info.name)
        for (one, info), name in zip(pairs, titles, strict=True)
    ]


def _is_helper(one: Staged, info: LayerInfo) -> bool:
    return one.dataset.kind.driver == "DXF" and info.name == "blocks"


def _full(one: Staged, info: LayerInfo) -> str:
    return f"{one.name}/{info.name}"


def _full_names(one: Staged, columns: tuple[str, ...]) -> tuple[str, ...]:
    names = _names(one, columns, Limits())
    return names.columns() if names else tuple(_uncut(one, _own_titles(one, columns)))


def _own_titles(one: Staged, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Names of untyped data of a KML, as the file has them; one that stands already gets a number."""
    titles: list[str] = []
    for column in columns:
        title = one.names.get(column, column)
        titles.append(title if title not in titles else f"{title}_{len(titles)}")
    return tuple(titles)


def _uncut(one: Staged, columns: tuple[str, ...]) -> dict[str, str]:
    """Names of site columns made whole again where the .dbf cut them, to the names in the file."""
    if one.text is None:
        return {name: name for name in columns}
    whole = {name: dbf.uncut(name, one.text.codec) for name in columns}
    return {name if full in columns else full: name for name, full in whole.items()}


def _names(one: Staged, columns: tuple[str, ...], limits: Limits) -> dbf.Names | None:
    """Full names of a shapefile that we wrote."""
    return dbf.names_of(one.source, columns, limits) if one.text is not None and one.source is not None else None


def _chosen(pairs: list[Found], layer: str | None, path: Path) -> tuple[Found, list[Note]]:
    """The layer that is meant, with a note of the others."""
    if layer is not None:
        for pair in pairs:
            if pair[1].name == layer:
                return pair, []
        names = [info.name for _, info, _ in pairs]
        raise no_layer(layer, names, path)
    usable = [pair for pair in pairs if _may_hold_sites(pair[1])] or pairs
    filled = [pair for pair in usable if pair[1].rows != 0] or usable
    others = tuple(info.name for _, info, _ in filled[1:])
    return filled[0], [_also(filled[0][1].name, others)] if others else []


def _also(name: str, others: tuple[str, ...]) -> Note:
    """The note on the layers that were not read."""
    return (f"读取图层“{name}”；文件另有：{'、'.join(others[:10])}。",
            f"Layer {name!r} was read; the file also holds {', '.join(others[:10])}.")  # fmt: skip


def no_layer(layer: str, names: list[str], path: Path) -> InputError:
    """What is said of a layer or sheet that is not there."""
    return InputError(
        f"there is no layer or sheet {layer!r}",
        f"没有图层或工作表“{layer}”",
        file=path,
        remedy_en=f"there are: {', '.join(names[:20])}",
        remedy_zh=f"可用：{'、'.join(names[:20])}",
    )


def _may_hold_sites(info: LayerInfo) -> bool:
    return info.geometry is not None and "Line" not in info.geometry


def _layer(
    path: Path,
    one: Staged,
    info: LayerInfo,
    records: gdal.Records,
    notes: list[Note],
    washer: Washer,
    limits: Limits,
) -> Layer:
    """The layer as callers get it."""
    columns, rows = records.columns, tuple(records.rows)
    numbers: tuple[int, ...] = tuple(range(1, len(rows) + 1))
    known, basis, said = _crs(one, info)
    if one.dataset.kind.driver == "DXF":
        geometries, kept, places, left = dxf.taken(records)
        got = shapes.bounded(geometries, places, path, limits)
        columns, rows, numbers, said = dxf.COLUMNS, tuple(kept), tuple(places), [*said, *left]
    else:
        got = shapes.from_wkb(records.wkb, path, limits, records.bad | _lost_shapes(one, records.layer, records))
    if one.dataset.kind.driver == "LIBKML":
        columns, rows = _without_empty(columns, rows)
        titles = _own_titles(one, columns)
        columns, rows = titles, tuple(dict(zip(titles, row.values(), strict=True)) for row in rows)
    if names := _names(one, columns, limits):
        columns, rows = names.columns(), tuple(names.row(row) for row in rows)
    elif (whole := _uncut(one, columns)).keys() != set(columns):
        said = [*said, *(_uncut_note(full, name) for full, name in whole.items() if full != name)]
        columns, rows = tuple(whole), tuple({full: row[name] for full, name in whole.items()} for row in rows)
    faults = {int(fault.row or 0): fault for fault in got.faults} | one.faults
    if records.missing:
        faults[len(rows)] = _broken_off(len(rows), records.missing)
    for fault in faults.values():
        fault.file = path
    return Layer(
        path=path,
        format=one.dataset.kind.name,
        name=info.name,
        columns=columns,
        rows=rows,
        numbers=numbers,
        geometries=None if info.geometry is None and not _any(got.geometries) else got.geometries,
        crs=known,
        crs_basis=basis,
        crs_unknown=None if one.json is None else one.json.unknown_crs,
        encoding=_encoding(one)[0],
        encoding_basis=_encoding(one)[1],
        faults=tuple(faults[number] for number in sorted(faults)),
        notes=(*notes, *said, *_told(records), *_curves(records), *got.notes, *washer.notes()),
    )


def _uncut_note(full: str, name: str) -> Note:
    return (f"字段名“{name}”按“{full}”理解（.dbf 字段名最长 10 字节）。",
            f"The field {name!r} is taken for {full!r}: a .dbf cuts names at 10 bytes.")  # fmt: skip


def _lost_shapes(one: Staged, inner: str, records: gdal.Records) -> dict[int, str]:
    """Rows of a shapefile or GeoPackage whose shape GDAL passed over, because it is damaged."""
    missing = np.array([not wkb for wkb in records.wkb], dtype=bool)
    held = one.held
    if one.dataset.kind.driver == "GPKG" and missing.any():
        held = geopackage.shapes_held(one.dataset.path, inner, alone=one.dataset.path == one.source)
    if held is None or len(held) != len(records.rows):
        return {}
    gone = held & missing
    return {int(index) + 1: "" for index in np.flatnonzero(gone)}


def _with_members(one: Staged, layer: str, records: gdal.Records) -> gdal.Records:
    """The records of a GML with blank ones where GDAL passed over a feature."""
    count = one.members.counts.get(layer, 0) if one.members else 0
    odd = one.members.odd.get(layer, {}) if one.members else {}
    missing = count - len(records.rows)
    if missing <= 0:
        one.faults |= {number: gml.fault(number, text) for number, text in odd.items()} if missing == 0 else {}
        wkb = records.wkb.copy()
        wkb[[number - 1 for number in odd if missing == 0]] = None
        return replace(records, wkb=wkb, missing=0, rows=records.rows)
    if missing != len(odd):
        return gdal.broken_off(records, missing, one.dataset)
    rows, wkb_list = list(records.rows), list(records.wkb)
    for number in sorted(odd):
        rows.insert(number - 1, dict.fromkeys(records.columns))
        wkb_list.insert(number - 1, None)
        one.faults[number] = gml.fault(number, odd[number])
    wkb = np.empty(len(rows), dtype=object)
    wkb[:] = wkb_list
    return replace(records, rows=rows, wkb=wkb, missing=0)


def _broken_off(number: int, missing: int) -> RowError:
    return RowError(
        f"the file breaks off here: {missing} of {number - 1 + missing} features are missing",
        f"文件在此中断：{number - 1 + missing} 个要素中缺少 {missing} 个",
        row=number,
        remedy_en="copy or export the file again",
        remedy_zh="请重新复制或导出文件",
    )


def _any(geometries: Any) -> bool:
    return any(one is not None for one in np.asarray(geometries, dtype=object))


def _told(records: gdal.Records) -> tuple[Note, ...]:
    """What GDAL said while it read."""
    return tuple((f"GDAL 提示：{one[:160]}", f"GDAL says: {one[:160]}") for one in records.said)


def _curves(records: gdal.Records) -> tuple[Note, ...]:
    """A note where arcs became lines."""
    if not records.curved:
        return ()
    return (("曲线已转换为折线。", "Arcs were turned into straight segments."),)


def _encoding(one: Staged) -> tuple[Any, Any]:
    if one.text is not None:
        return one.text.encoding, one.text.basis
    if one.json is not None:
        return one.json.encoding, one.json.encoding_basis
    if one.encoding is not None:
        return one.encoding, "declared"
    return None, None


def _crs(one: Staged, info: LayerInfo) -> tuple[Any, Any, list[Note]]:
    """The CRS of a layer, how it is known, and what is odd about it."""
    import pyproj

    if one.dataset.kind.driver == "DXF" or (one.json is not None and one.json.no_crs):
        return None, None, []
    if one.dataset.kind.driver == "ESRI Shapefile" and one.projection is None:
        return None, None, []
    try:
        known = pyproj.CRS.from_user_input(info.crs) if info.crs else None
    except pyproj.exceptions.CRSError:
        known = None
    if known is not None and (known.type_name == "Engineering CRS" or _NO_CRS.match(known.name)):
        known = None
    if known is None:
        return None, None, _odd_projection(one)
    if one.json is not None:
        return known, one.json.crs_basis, []
    return known, "format" if one.dataset.kind.fixed_crs else "file", []


def _odd_projection(one: Staged) -> list[Note]:
    if one.projection is None or not one.projection.read_bytes()[:1000].strip():
        return []
    return [(".prj 文件无法识别，视为未声明坐标系。", "The .prj cannot be understood: taken as no CRS declared.")]


def _without_empty(
    columns: tuple[str, ...], rows: tuple[dict[str, object], ...]
) -> tuple[tuple[str, ...], tuple[dict[str, object], ...]]:
    """Leave out KML's own columns where nothing is said in them."""
    blank = (None, "", -1, 0, "clampToGround")
    kept = tuple(
        name for name in columns if not _KML_OWN.fullmatch(name) or any(row[name] not in blank for row in rows)
    )
    return kept, tuple({name: row[name] for name in kept} for row in rows)
