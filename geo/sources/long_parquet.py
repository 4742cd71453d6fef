"""Long Parquet and GeoParquet: the rules of `geo.sources.parquet`, row group by row group."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.sources import content, parquet, shapes
from geo.sources.gate import within
from geo.sources.layer import Limits, Note
from geo.sources.parts import Part, Unit
from geo.sources.values import Washer

if TYPE_CHECKING:
    import pyarrow

_ROWS = 131_072  # held at once, and in a unit
_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])  # little-endian WKB


def open_parquet(there: Path, path: Path, limits: Limits) -> LongParquet | None:
    """A Parquet file to be read part by part; None where its geometry is not in well-known binary.

    Raises
    ------
    InputError
        If it is damaged, or has too many columns.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    content.check(there)
    try:
        with pq.ParquetFile(there) as file:
            schema, groups = file.schema_arrow, file.metadata.num_row_groups
            sizes = [file.metadata.row_group(at).num_rows for at in range(groups)]
            bytes_at_once = max((file.metadata.row_group(at).total_byte_size for at in range(groups)), default=0)
        meta = parquet.geo_meta(schema)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise content.damaged(path, error) from error
    within("columns", len(schema), limits, path)
    within("megabytes", -(-bytes_at_once // 1_000_000), limits, path)
    said = meta.get("columns", {})
    main = str(meta.get("primary_column"))
    if main in said and str(said[main].get("encoding", "WKB")).upper() != "WKB":
        return None
    placed = [name for name in said if name in schema.names]
    crs, _, notes = parquet.crs_of(said[main]) if main in placed else (None, None, [])
    if len(placed) > 1:
        notes.append(parquet.left_out([name for name in placed if name != main]))
    columns = tuple(name for name in schema.names if name not in placed)
    geometry = main if main in placed else None
    days = _days(there, path, schema)
    return LongParquet(there, path, limits, columns, geometry, tuple(sizes), crs, tuple(notes), days)


@dataclass(frozen=True)
class LongParquet:
    """A Parquet file; see `geo.sources.parts.LongFile`.

    Attributes
    ----------
    geometry : str or None
        The primary geometry column.
    sizes : tuple of int
        Rows of each row group.
    days : frozenset of str
        Columns of moments that are all at midnight, which are read as days.
    """

    there: Path
    path: Path
    limits: Limits
    columns: tuple[str, ...]
    geometry: str | None
    sizes: tuple[int, ...]
    crs: Any
    notes: tuple[Note, ...]
    days: frozenset[str] = frozenset()
    crs_unknown: str | None = None
    indexed: bool = True

    @property
    def format(self) -> str:
        """Kind of file, as a person calls it."""
        return "GeoParquet" if self.placed else "Parquet"

    @property
    def placed(self) -> bool:
        """Whether it has a geometry column."""
        return self.geometry is not None

    def called(self, path: Path) -> LongParquet:
        """The same file under another name, for messages."""
        return replace(self, path=path)

    def narrowed(self, columns: frozenset[str]) -> LongParquet:
        """The same file with no more columns than these."""
        return replace(self, columns=tuple(name for name in self.columns if name in columns))

    def digest(self) -> str:
        """SHA-256 of the file."""
        with self.there.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()

    def records(self, table: pyarrow.Table) -> list[dict[str, object]]:
        """Rows of a part with plain values."""
        washer = Washer()
        values = [parquet.plain_values(column, washer) for column in table.columns]
        return [dict(zip(table.column_names, row, strict=True)) for row in zip(*values, strict=True)]

    def units(self) -> Iterator[tuple[Unit, Iterator[Part]]]:
        """Every row group, or slice of a large one, in order with its parts."""
        reader, before = self.opened(), 0
        for group, size in enumerate(self.sizes):
            for skip in range(0, size, _ROWS):
                unit = Unit(group, group + 1, before + skip, skip=skip, take=min(_ROWS, size - skip))
                yield unit, reader.read(unit)
            before += size
        if not before:
            yield Unit(0, 0, 0), reader.read(Unit(0, 0, 0))

    def opened(self) -> _Forward:
        """The file, whose row groups are decoded once where their slices are read in order."""
        return _Forward(self)

    def part(self, table: pyarrow.Table, before: int) -> Part:
        """Decoded rows, so many of which stand before them."""
        numbers = np.arange(before + 1, before + table.num_rows + 1)
        washer = Washer()
        kept = table.select(list(self.columns))
        for at, name in enumerate(self.columns):
            kept = kept.set_column(at, name, _plain(kept.column(at), washer, whole_days=name in self.days))
        if self.geometry is None:
            return Part(kept, numbers, notes=washer.notes())
        column = table[self.geometry].combine_chunks()
        points = _points(column)
        if points is not None:
            return Part(kept, numbers, points=points, notes=washer.notes())
        wkb: NDArray[Any] = np.empty(len(column), dtype=object)
        wkb[:] = column.to_pylist()
        found = shapes.from_wkb(wkb, self.path, self.limits, before=before)
        notes = (*found.notes, *washer.notes())
        return Part(kept, numbers, geometries=found.geometries, faults=tuple(found.faults), notes=notes)


class _Forward:
    """Reads slices of row groups; where one follows another, decoding goes on behind it."""

    def __init__(self, file: LongParquet) -> None:
        self._file, self._group, self._passed = file, -1, 0
        self._batches: Iterator[Any] = iter(())

    def read(self, unit: Unit) -> Iterator[Part]:
        """The parts of a row group, or of a slice of it.

        Raises
        ------
        InputError
            If it is damaged.
        """
        import pyarrow as pa

        try:
            for batch, before in self._decoded(unit):
                batch.validate(full=True)
                yield self._file.part(pa.Table.from_batches([batch]), before)
        except (pa.ArrowException, OSError) as error:
            raise content.damaged(self._file.path, error) from error

    def _decoded(self, unit: Unit) -> Iterator[tuple[Any, int]]:
        """Rows of a slice, and how many of the file stand before them."""
        if unit.start == unit.end:
            yield from ((batch, 0) for batch in self._from(unit))
            return
        if unit.start != self._group or self._passed > unit.skip:
            self._batches, self._group, self._passed = self._from(unit), unit.start, 0
        while self._passed < unit.skip + unit.take:
            batch = next(self._batches, None)
            if batch is None:
                return
            at, self._passed = self._passed, self._passed + batch.num_rows
            if at >= unit.skip:
                yield batch, unit.row + at - unit.skip

    def _from(self, unit: Unit) -> Iterator[Any]:
        """Rows from the start of a row group on; of a file without any, its columns."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        wanted = [*self._file.columns, *([self._file.geometry] if self._file.geometry else [])]
        with pq.ParquetFile(self._file.there, memory_map=False) as file:
            if unit.start == unit.end:
                yield pa.record_batch([pa.nulls(0, one.type) for one in file.schema_arrow], schema=file.schema_arrow)
            else:
                yield from file.iter_batches(batch_size=_ROWS, row_groups=[unit.start], columns=wanted)


def _days(there: Path, path: Path, schema: pyarrow.Schema) -> frozenset[str]:
    """Columns of moments that are all at midnight where they are said to be.

    Raises
    ------
    InputError
        If the file is damaged.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    found = [one.name for one in schema if pa.types.is_timestamp(one.type)]
    try:
        with pq.ParquetFile(there, memory_map=False) as file:
            for batch in file.iter_batches(batch_size=_ROWS, columns=found) if found else ():
                floors = {name: pc.floor_temporal(batch[name], unit="day") for name in found}
                found = [name for name in found if pc.all(pc.equal(batch[name], floors[name])).as_py() is not False]
    except (pa.ArrowException, OSError) as error:
        raise content.damaged(path, error) from error
    return frozenset(found)


def _plain(column: Any, washer: Washer, *, whole_days: bool) -> Any:
    """A column of what `geo.sources.parquet` gives: whole numbers, finite numbers, truth, else text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(pc.cast(column, kind.value_type), washer, whole_days=whole_days)
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_decimal(kind):
        return column
    if pa.types.is_floating(kind):
        finite = pc.is_finite(column)
        return pc.if_else(finite, column, None) if pc.any(pc.invert(finite)).as_py() else column
    if pa.types.is_timestamp(kind) and whole_days:
        return pc.strftime(column, format="%Y-%m-%d")
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        column = pc.cast(column, pa.string())
        if not any(_has_odd(chunk) for chunk in column.chunks):
            return column
    return pa.chunked_array([pa.array([washer.plain(one) for one in column.to_pylist()], pa.string())])


def _has_odd(column: Any) -> bool:
    """Whether a text has a character that `Washer` has a word for."""
    if not len(column) or column.buffers()[2] is None:
        return False
    ends = np.frombuffer(column.buffers()[1], dtype=np.int32)[[column.offset, column.offset + len(column)]]
    held = memoryview(column.buffers()[2])[ends[0] : ends[1]].tobytes()
    return b"\0" in held or "\ufffd".encode() in held


def _points(column: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Both coordinates, where every value is a finite point in two dimensions in little-endian WKB."""
    import pyarrow as pa

    if column.null_count or not len(column) or column.type not in (pa.binary(), pa.large_binary()):
        return None
    offsets = np.frombuffer(column.buffers()[1], dtype=np.int32 if column.type == pa.binary() else np.int64)
    offsets = offsets[column.offset : column.offset + len(column) + 1]
    if (np.diff(offsets) != _POINT.itemsize).any():
        return None
    held = np.frombuffer(column.buffers()[2], dtype=_POINT, count=len(column), offset=int(offsets[0]))
    known = (held["order"] == 1) & (held["kind"] == int(shapely.GeometryType.POINT) + 1)
    if not (known & np.isfinite(held["x"]) & np.isfinite(held["y"])).all():
        return None
    return held["x"].copy(), held["y"].copy()
