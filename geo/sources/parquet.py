"""Parquet: with geometry (GeoParquet) a layer, without a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.sources import content, shapes
from geo.sources.gate import within
from geo.sources.layer import Layer, Limits, Note
from geo.sources.values import Washer, days

_BATCH = 10_000


def read(path: Path, *, limits: Limits) -> Layer:
    """A Parquet file; a GeoParquet that names no CRS is in WGS84, as its format says.

    Raises
    ------
    InputError
        If it is damaged, or goes over a limit.
    """
    content.check(path)
    try:
        table, meta = _table(path, limits)
    except InputError:
        raise
    except Exception as error:  # pyarrow raises many kinds, OSError and its own among them
        raise content.damaged(path, error) from error
    main = str(meta.get("primary_column"))
    placed = [name for name in meta.get("columns", {}) if name in table.column_names]
    washer = Washer()
    columns = tuple(name for name in table.column_names if name not in placed)
    values = [plain_values(table.column(name), washer) for name in columns]
    rows = tuple(dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)) if columns else ()
    rows = rows or tuple({} for _ in range(table.num_rows))
    found = shapes.Shapes(np.full(len(rows), None, dtype=object))
    if main in placed:
        found = _geometries(table, main, meta["columns"][main], path, limits)
    crs, basis, notes = crs_of(meta["columns"][main]) if main in placed else (None, None, [])
    if len(placed) > 1:
        notes.append(left_out([name for name in placed if name != main]))
    return Layer(
        path=path,
        format="GeoParquet" if main in placed else "Parquet",
        name=None,
        columns=columns,
        rows=rows,
        numbers=tuple(range(1, len(rows) + 1)),
        geometries=found.geometries if main in placed else None,
        crs=crs,
        crs_basis=basis,
        faults=tuple(found.faults),
        notes=(*notes, *found.notes, *washer.notes()),
    )


def left_out(others: list[str]) -> Note:
    """The note on geometry columns that are not read."""
    return f"其他几何列未读取：{'、'.join(others)}。", f"Other geometry columns left out: {', '.join(others)}."


def plain_values(column: Any, washer: Washer) -> list[object]:
    """Plain values of a column."""
    import pyarrow as pa

    values = [washer.plain(one) for one in column.to_pylist()]
    return days(values) if pa.types.is_timestamp(column.type) else values


def _table(path: Path, limits: Limits) -> tuple[Any, dict[str, Any]]:
    """The table, counted as it is unpacked, and what its `geo` metadata says."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, memory_map=False) as file:
        within("rows", file.metadata.num_rows, limits, path)
        within("columns", len(file.schema_arrow), limits, path)
        schema = file.schema_arrow
        size = sum(file.metadata.row_group(at).total_byte_size for at in range(file.metadata.num_row_groups))
        within("megabytes", -(-size // 1_000_000), limits, path)
        batches, size = [], 0
        for batch in file.iter_batches(batch_size=_BATCH):
            batch.validate(full=True)
            size += batch.nbytes
            within("megabytes", -(-size // 1_000_000), limits, path)
            batches.append(batch)
    table = pa.Table.from_batches(batches, schema=schema if not batches else None)
    return table, geo_meta(schema)


def geo_meta(schema: Any) -> dict[str, Any]:
    """What the `geo` metadata of a schema say; empty where there are none that can be understood."""
    said = (schema.metadata or {}).get(b"geo")
    meta = json.loads(said) if said else {}
    return meta if isinstance(meta, dict) and isinstance(meta.get("columns"), dict) else {}


def _geometries(table: Any, name: str, meta: dict[str, Any], path: Path, limits: Limits) -> shapes.Shapes:
    """Geometries of a column, in well-known binary or one of the native forms of GeoArrow."""
    if str(meta.get("encoding", "WKB")).upper() == "WKB":
        wkb: NDArray[Any] = np.empty(table.num_rows, dtype=object)
        wkb[:] = table.column(name).to_pylist()
        return shapes.from_wkb(wkb, path, limits)
    import geopandas

    try:
        known = geopandas.read_parquet(path, columns=[name])
    except Exception as error:  # geopandas and pyarrow raise many kinds
        raise content.damaged(path, error) from error
    geometries = np.asarray(known.geometry.values, dtype=object)
    return shapes.bounded(geometries, range(1, len(geometries) + 1), path, limits)


def crs_of(meta: dict[str, Any]) -> tuple[Any, Any, list[Note]]:
    """The CRS of a geometry column."""
    import pyproj

    if "crs" not in meta:
        return pyproj.CRS.from_epsg(4326), "format", []
    if meta["crs"] is None:
        return None, None, []
    try:
        known = pyproj.CRS.from_user_input(meta["crs"])
    except (pyproj.exceptions.CRSError, ValueError, TypeError):
        return None, None, [("坐标系声明无法识别。", "The declared CRS cannot be understood.")]
    return (None, None, []) if known.type_name == "Engineering CRS" else (known, "file", [])
