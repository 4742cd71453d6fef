"""GDAL through fiona and pyogrio: layers, and records as bytes and plain values.

fiona lists layers with their columns and CRS, and reads record by record what
pyogrio's bulk reading gives up on, so that the bad record can be named. Its wheel
has no driver for KML, which pyogrio reads alone. Both are kept off the network,
and neither is handed a name that is not an absolute path of this computer.
"""

from __future__ import annotations

import inspect
import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.sources.content import damaged
from geo.sources.encoding import decode
from geo.sources.gate import within
from geo.sources.layer import LayerInfo, Limits
from geo.sources.libraries import KML_ID, open_fiona, open_pyogrio, quiet
from geo.sources.values import Washer, days

_RAW = "ISO-8859-1"
_MATTERS = re.compile("corrupt|truncated|invalid|malformed|damaged|cannot|failed|error", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """A format: its name for people, GDAL's driver, whether fiona has it, its own CRS."""

    name: str
    driver: str
    fiona: bool = True
    fixed_crs: bool = False
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Dataset:
    """One thing that GDAL opens, looked through before."""

    path: Path
    kind: Kind
    codec: str = "utf-8"
    expected: int | None = None

    @property
    def encoding(self) -> str | None:
        """What GDAL is told of the encoding: a shapefile's bytes are decoded by us."""
        return _RAW if self.kind.driver == "ESRI Shapefile" else None


@dataclass
class Records:
    """Rows with geometry as WKB; `bad` holds the numbers that could not be read, with the reason."""

    columns: tuple[str, ...]
    rows: list[dict[str, object]]
    wkb: NDArray[Any]
    crs: str | None
    bad: dict[int, str] = field(default_factory=dict)
    curved: bool = False
    missing: int = 0
    said: list[str] = field(default_factory=list)
    layer: str = ""


def layers(dataset: Dataset) -> tuple[LayerInfo, ...]:
    """Layers of a dataset.

    Raises
    ------
    InputError
        If it cannot be opened.
    """
    with quiet() as said:
        try:
            found = _layers_by_fiona(dataset) if dataset.kind.fiona else _layers_by_pyogrio(dataset)
        except InputError:
            raise
        except Exception as error:  # the libraries raise anything from their C code
            raise _damaged(dataset, said[-1] if said else error) from error
    if not found:
        raise InputError(
            "the file holds no layer",
            "文件中没有图层",
            file=dataset.path,
            remedy_en="check what was exported",
            remedy_zh="请检查导出内容",
        )
    return found


def _damaged(dataset: Dataset, reason: object) -> InputError:
    """The refusal of a file, without the folder that it was unpacked to."""
    return damaged(dataset.path, str(reason).replace(f"{dataset.path.parent}{os.sep}", ""))


def _layers_by_fiona(dataset: Dataset) -> tuple[LayerInfo, ...]:
    found = []
    with open_fiona() as fiona:
        for name in fiona.listlayers(str(dataset.path)):
            with _opened(fiona, dataset, name) as records:
                geometry = records.schema["geometry"]
                found.append(
                    LayerInfo(
                        name=name,
                        rows=_count(records),
                        geometry=None if geometry == "None" else geometry,
                        crs=records.crs_wkt or None,
                        columns=tuple(_name(one, dataset) for one in records.schema["properties"]),
                    )
                )
    return tuple(found)


def _opened(fiona: Any, dataset: Dataset, layer: str) -> Any:
    options: dict[str, Any] = dict(dataset.kind.options)
    if dataset.encoding:
        options["encoding"] = dataset.encoding
    return fiona.open(
        str(dataset.path), layer=layer, enabled_drivers=[dataset.kind.driver], wkt_version="WKT2_2019", **options
    )


def _count(records: Any) -> int | None:
    """Number of features, None for formats that do not know it."""
    try:
        return len(records)
    except TypeError:
        return None


def _layers_by_pyogrio(dataset: Dataset) -> tuple[LayerInfo, ...]:
    found = []
    with open_pyogrio() as pyogrio:
        for name, geometry in pyogrio.list_layers(str(dataset.path)):
            info = _info(pyogrio, dataset, str(name))
            rows = int(info["features"])
            columns = tuple(one for one in info["fields"] if one != KML_ID)
            found.append(LayerInfo(str(name), rows if rows >= 0 else None, geometry, info["crs"], columns))
    return tuple(found)


def _info(pyogrio: Any, dataset: Dataset, layer: str) -> Any:
    """What pyogrio knows of a layer, once the driver is the one that was meant."""
    info = pyogrio.read_info(str(dataset.path), layer=layer, encoding=dataset.encoding, **dataset.kind.options)
    if info["driver"] != dataset.kind.driver:
        raise InputError(
            f"the content is not {dataset.kind.name}: GDAL takes it for {info['driver']}",
            f"内容不是 {dataset.kind.name}：GDAL 识别为 {info['driver']}",
            file=dataset.path,
            remedy_en="export it again from a GIS",
            remedy_zh="请用 GIS 软件重新导出",
        )
    return info


def _name(name: str, dataset: Dataset) -> str:
    """A column's name; a shapefile's is decoded here, for GDAL fails on names that are cut."""
    if dataset.encoding:
        return decode(name.encode("latin-1", "replace"), dataset.codec)[0]
    return name


def read(dataset: Dataset, layer: str, limits: Limits, washer: Washer) -> Records:
    """Records of a layer, in bulk, or one by one where that fails.

    Raises
    ------
    InputError
        If nothing can be read, or a limit is passed.
    """
    with quiet() as said:
        try:
            made = _bulk(dataset, layer, limits, washer)
        except InputError:
            raise
        except Exception as error:  # the libraries raise anything from their C code
            reason = str(error) or (said[-1] if said else "")
            if not dataset.kind.fiona:
                raise _damaged(dataset, reason) from error
            try:
                made = _one_by_one(dataset, layer, limits, washer)
            except InputError:
                raise
            except Exception as again:
                raise _damaged(dataset, reason or again) from again
    folder = f"{dataset.path.parent}{os.sep}"
    told = [one.replace(folder, "") for one in dict.fromkeys(said) if _MATTERS.search(one)]
    return replace(made, said=told[:3], layer=layer)


def _bulk(dataset: Dataset, layer: str, limits: Limits, washer: Washer) -> Records:
    """All records at once, by pyogrio."""
    name = str(dataset.path)
    with open_pyogrio() as pyogrio:
        info = _info(pyogrio, dataset, layer)
        within("rows", int(info["features"]), limits, dataset.path)
        within("columns", len(info["fields"]), limits, dataset.path)
        how: dict[str, Any] = {"layer": layer, "encoding": dataset.encoding, "max_features": limits.rows + 1}
        meta, table = pyogrio.raw.read_arrow(name, **how, **_moments(pyogrio), **dataset.kind.options)
        within("rows", table.num_rows, limits, dataset.path)
        at = _geometry_column(table)
        wkb = np.empty(table.num_rows, dtype=object)
        missing = _expected(dataset, int(info["features"])) - table.num_rows
        curved = at is not None and _has_curves(table.column(at))
        if curved:
            # the bulk reader leaves arcs as they are; the other way of reading makes lines of them
            wkb[:] = pyogrio.raw.read(name, columns=[], **how)[2]
        elif at is not None:
            wkb[:] = table.column(at).to_pylist()
    columns = [(index, _name(one, dataset)) for index, one in enumerate(table.column_names) if index != at]
    columns = [(index, one) for index, one in columns if one != KML_ID]
    moments = {field for field, kind in zip(info["fields"], info["dtypes"], strict=True) if "datetime" in str(kind)}
    values = [_values(table.column(index), dataset, washer) for index, _ in columns]
    values = [
        days(_zoneless(column, dataset)) if table.column_names[index] in moments else column
        for (index, _), column in zip(columns, values, strict=True)
    ]
    names = tuple(one for _, one in columns)
    rows = [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)] if values else []
    made = Records(names, rows or [{} for _ in range(table.num_rows)], wkb, meta["crs"], curved=curved)
    return broken_off(made, missing, dataset) if missing > 0 else made


def _moments(pyogrio: Any) -> dict[str, bool]:
    """How to read moments as the file has them; older releases give all of them in UTC."""
    known = inspect.signature(pyogrio.raw.read_arrow).parameters
    return {"datetime_as_string": True} if "datetime_as_string" in known else {}


def _zoneless(moments: list[object], dataset: Dataset) -> list[object]:
    """Moments of a geodatabase without the zone that GDAL adds: the format has none."""
    if dataset.kind.driver != "OpenFileGDB":
        return moments
    return [re.sub(r"(Z|\+00:00)$", "", one) if isinstance(one, str) else one for one in moments]


def _expected(dataset: Dataset, count: int) -> int:
    """How many records there should be; GDAL counts those that a .dbf marks as deleted, and not all of a GML."""
    if dataset.kind.driver == "GML":
        return 0
    return count if dataset.expected is None else dataset.expected


def broken_off(made: Records, missing: int, dataset: Dataset) -> Records:
    """The records with a blank one at the end, which stands for those that are not there any more."""
    if not made.rows:
        raise _damaged(dataset, "")
    return replace(
        made, rows=[*made.rows, dict.fromkeys(made.columns)], wkb=np.append(made.wkb, np.array([None])), missing=missing
    )


def _geometry_column(table: Any) -> int | None:
    """Place of the geometry, which Arrow marks; an attribute may have the same name."""
    for index, one in enumerate(table.schema):
        mark = (one.metadata or {}).get(b"ARROW:extension:name", b"")
        if mark in (b"ogc.wkb", b"geoarrow.wkb"):
            return index
    return None


def _has_curves(column: Any) -> bool:
    """Whether a geometry in the column is of a curved type (codes 8 to 12, and 13 to 14)."""
    for one in column.to_pylist():
        if one and len(one) >= 5:
            code = int.from_bytes(one[1:5], "little" if one[0] == 1 else "big") & 0x1FFFFFFF
            if 8 <= code % 1000 <= 14:
                return True
    return False


def _values(column: Any, dataset: Dataset, washer: Washer) -> list[object]:
    """Plain values of a column; text is decoded here, so that one bad text costs no row."""
    import pyarrow as pa

    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        raw = column.cast(pa.large_binary() if pa.types.is_large_string(column.type) else pa.binary()).to_pylist()
        return [None if one is None else _text(one, dataset, washer) for one in raw]
    return [washer.plain(one) for one in column.to_pylist()]


def _text(raw: bytes, dataset: Dataset, washer: Washer) -> str:
    if dataset.encoding:
        raw = raw.decode("utf-8", "replace").encode("latin-1", "replace")
    text, cut = decode(raw, dataset.codec)
    washer.cut += cut
    return washer.text(text)


def _one_by_one(dataset: Dataset, layer: str, limits: Limits, washer: Washer) -> Records:
    """Record by record, by fiona, so that a bad one can be named and the others kept."""
    rows: list[dict[str, object]] = []
    shapes: list[bytes | None] = []
    bad: dict[int, str] = {}
    with open_fiona() as fiona, _opened(fiona, dataset, layer) as records:
        columns = tuple(_name(one, dataset) for one in records.schema["properties"])
        crs, expected = records.crs_wkt or None, _expected(dataset, _count(records) or 0)
        each = iter(records)
        while len(bad) <= expected:
            within("rows", len(rows), limits, dataset.path)
            row: dict[str, object] = dict.fromkeys(columns)
            try:
                record = next(each)
                row |= _attributes(record, dataset, washer)
                shapes.append(_wkb(record))
            except StopIteration:
                break
            except Exception as error:  # the libraries raise anything from their C code
                if expected and len(rows) >= expected:
                    break
                bad[len(rows) + 1] = str(error) or type(error).__name__
                shapes.append(None)
            rows.append(row)
    if rows and len(bad) == len(rows):
        raise _damaged(dataset, next(iter(bad.values())))
    wkb = np.empty(len(rows), dtype=object)
    wkb[:] = shapes
    made = Records(columns, rows, wkb, crs, bad)
    missing = expected - len(rows)
    return broken_off(made, missing, dataset) if missing > 0 else made


def _attributes(record: Any, dataset: Dataset, washer: Washer) -> dict[str, object]:
    """Plain attributes of one of fiona's records."""
    return {
        _name(name, dataset): _text(value.encode("utf-8", "surrogateescape"), dataset, washer)
        if isinstance(value, str)
        else washer.plain(value)
        for name, value in record.properties.items()
    }


def _wkb(record: Any) -> bytes | None:
    """Geometry of one of fiona's records."""
    import shapely
    from shapely.geometry import shape

    return bytes(shapely.to_wkb(shape(record.geometry))) if record.geometry else None
