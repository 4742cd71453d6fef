"""Answered parts as files: pieces that a worker leaves, and the one file that they become."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import shapely

from geo.bulk.answering import Result
from geo.schema import REJECTED_COLUMNS
from geo.sites import Rejected
from geo.tables.columnar import arrow_columns, csv_bytes, header_bytes
from geo.tables.layers import CRS
from geo.tables.text import cell_text
from geo.tables.values import plain, words

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

State = dict[str, Any]
_AT_LEAST = 1_000_000  # rows that are written to Parquet before a run could be taken up again
_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("x", "<f8"), ("y", "<f8")])  # little-endian WKB


@dataclass
class Extent:
    """Kinds and bounds of geometries, as the metadata of GeoParquet have them."""

    kinds: set[str] = field(default_factory=set)
    bounds: list[float] = field(default_factory=lambda: [np.inf, np.inf, -np.inf, -np.inf])

    def add(self, other: Extent) -> None:
        """Take in another."""
        self.kinds |= other.kinds
        (west, south, east, north), more = self.bounds, other.bounds
        self.bounds = [min(west, more[0]), min(south, more[1]), max(east, more[2]), max(north, more[3])]

    @classmethod
    def of(cls, result: Result) -> Extent:
        """That of a part."""
        if not len(result.lon):
            return cls()
        xs, ys, kinds = [result.lon], [result.lat], {"Point"}
        if result.shapes is not None:
            west, south, east, north = shapely.bounds(result.shapes).T
            xs, ys = [*xs, west, east], [*ys, south, north]
            kinds = {"Point" if one is None else str(one.geom_type) for one in result.shapes}
        x, y = np.concatenate(xs), np.concatenate(ys)
        return cls(kinds, [float(one) for one in (np.nanmin(x), np.nanmin(y), np.nanmax(x), np.nanmax(y))])

    def metadata(self) -> dict[str, str]:
        """What GeoParquet 1.1 wants to be told."""
        import pyproj

        column: dict[str, Any] = {
            "encoding": "WKB",
            "geometry_types": sorted(self.kinds),
            "crs": pyproj.CRS.from_user_input(CRS).to_json_dict(),
        }
        if self.bounds[0] <= self.bounds[2]:
            column["bbox"] = self.bounds
        said = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
        return {"geo": json.dumps(said)}


class Piece(Protocol):
    """A file into which a worker writes the parts of a piece."""

    def take(self, result: Result) -> None:
        """Write a part."""

    def close(self) -> Extent:
        """Close the file; the extent of what it holds."""


class CsvPiece:
    """Lines of CSV without a header."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def take(self, result: Result) -> None:
        """Write a part."""
        self._file.write(csv_bytes(result.answered))

    def close(self) -> Extent:
        """Close the file."""
        self._file.close()
        return Extent()


class TablePiece:
    """Tables with geometries: as Parquet, or as a stream of Arrow that is to become Parquet."""

    def __init__(self, path: Path, *, parquet: bool) -> None:
        self._path, self._parquet, self._extent = path, parquet, Extent()
        self._writer: Any = None

    def take(self, result: Result) -> None:
        """Write a part."""
        import pyarrow as pa

        table = with_geometry(result)
        if self._writer is None:
            self._writer = writer(self._path, table) if self._parquet else pa.ipc.new_stream(self._path, table.schema)
        self._writer.write_table(table)
        self._extent.add(Extent.of(result))

    def close(self) -> Extent:
        """Close the file."""
        if self._writer is not None:
            if self._parquet:
                self._writer.add_key_value_metadata(self._extent.metadata())
            self._writer.close()
        return self._extent


def with_geometry(result: Result) -> pyarrow.Table:
    """The answered sites with their geometry as well-known binary in a last column ``geometry``."""
    import pyarrow as pa

    points = np.empty(len(result.lon), dtype=_POINT)
    points["order"], points["kind"], points["x"], points["y"] = 1, 1, result.lon, result.lat
    offsets = pa.py_buffer(np.arange(len(points) + 1, dtype=np.int32) * np.int32(_POINT.itemsize))
    wkb = pa.Array.from_buffers(pa.binary(), len(points), [None, offsets, pa.py_buffer(points.tobytes())])
    if result.shapes is not None:
        shapes = shapely.to_wkb(result.shapes)
        wkb = pa.array([one or point for one, point in zip(shapes, wkb.to_pylist(), strict=True)], pa.binary())
    return arrow_columns(result.answered).append_column("geometry", wkb)


def writer(path: Path, table: pyarrow.Table) -> pyarrow.parquet.ParquetWriter:
    """A Parquet file for tables like this one, in which dictionaries are read as what they hold."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    shared = [one.name for one in table.schema if pa.types.is_dictionary(one.type)]
    fields = [pa.field(one.name, one.type.value_type if one.name in shared else one.type) for one in table.schema]
    said = base64.b64encode(pa.schema(fields).serialize().to_pybytes())
    return pq.ParquetWriter(
        path,
        table.schema.with_metadata({"ARROW:schema": said}),
        compression="zstd",
        store_schema=False,
        use_dictionary=shared,
        write_statistics=["lon", "lat", "district", "match", "force"],
    )


class Keeper(Protocol):
    """Puts pieces together in their order."""

    def take(self, piece: Path, extent: Extent) -> None:
        """Take a piece in."""

    def mark(self, *, last: bool) -> State | None:
        """Make sure of what was taken; how far it goes, None if it is too early to say."""

    def resume(self, state: State) -> None:
        """Go on from a mark; what was taken after it is dropped."""

    def finish(self, path: Path) -> None:
        """Put the whole of it into one file."""


class CsvKeeper:
    """CSV, to whose end each piece is written."""

    def __init__(self, folder: Path, columns: list[str], *, bom: bool) -> None:
        self._path = folder / "answer.csv"
        self._file = self._path.open("ab")
        if not self._file.tell():
            self._file.write(header_bytes(columns, bom=bom))

    def take(self, piece: Path, extent: Extent) -> None:
        """Write a piece to the end."""
        with piece.open("rb") as given:
            shutil.copyfileobj(given, self._file, 4_000_000)

    def mark(self, *, last: bool) -> State | None:
        """How many bytes there are."""
        self._file.flush()
        return {"bytes": self._file.tell()}

    def resume(self, state: State) -> None:
        """Drop what was written after the mark."""
        _cut(self._file, state["bytes"])

    def finish(self, path: Path) -> None:
        """Move the file."""
        self._file.close()
        self._path.replace(path)


class ParquetKeeper:
    """GeoParquet 1.1, in files of a million rows and more that are put together at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._number, self._rows, self._extent = folder, 0, 0, Extent()
        self._writer: pyarrow.parquet.ParquetWriter | None = None

    def _file(self, number: int) -> Path:
        return self._folder / f"answer-{number:05d}.parquet"

    def take(self, piece: Path, extent: Extent) -> None:
        """Write the tables of a piece."""
        import pyarrow as pa

        self._extent.add(extent)
        with pa.ipc.open_stream(pa.memory_map(str(piece))) as tables:
            self._writer = self._writer or writer(self._file(self._number), tables.schema.empty_table())
            for batch in tables:
                table = pa.Table.from_batches([batch])
                self._writer.write_table(table)
                self._rows += table.num_rows

    def mark(self, *, last: bool) -> State | None:
        """How many files there are, once the last of them is large enough."""
        if self._writer is not None and (last or self._rows >= _AT_LEAST):
            self._writer.add_key_value_metadata(self._extent.metadata())
            self._writer.close()
            self._writer, self._rows, self._number = None, 0, self._number + 1
        if self._writer is not None:
            return None
        return {"files": self._number, "kinds": sorted(self._extent.kinds), "bounds": self._extent.bounds}

    def resume(self, state: State) -> None:
        """Go on after the files of the mark."""
        self._number, self._extent = state["files"], Extent(set(state["kinds"]), state["bounds"])

    def finish(self, path: Path) -> None:
        """Put the files together."""
        import pyarrow.parquet as pq

        if self._number == 1:
            self._file(0).replace(path)
            return
        joined = None
        for number in range(self._number):
            with pq.ParquetFile(self._file(number)) as file:
                shared = _shared(file.metadata)
            with pq.ParquetFile(self._file(number), read_dictionary=shared) as file:
                for group in range(file.metadata.num_row_groups):
                    table = file.read_row_group(group)
                    joined = joined or writer(path, table)
                    joined.write_table(table)
        if joined is not None:
            joined.add_key_value_metadata(self._extent.metadata())
            joined.close()


def _shared(metadata: pyarrow.parquet.FileMetaData) -> list[str]:
    """Columns in which each distinct text stands once."""
    if not metadata.num_row_groups:
        return []
    first = metadata.row_group(0)
    columns = [first.column(at) for at in range(metadata.num_columns)]
    return [column.path_in_schema for column in columns if "RLE_DICTIONARY" in column.encodings]


def keep_rejected(path: Path, rows: Iterable[Rejected]) -> None:
    """Write rejected rows to the end of a file of JSON lines, until their columns are known."""
    with path.open("a", encoding="utf-8", newline="\n") as lines:
        for one in rows:
            cells = {name: words(plain(value)) for name, value in one.record().items()}
            lines.write(json.dumps(cells, ensure_ascii=False) + "\n")


class RejectedKeeper:
    """Rejected rows of all pieces."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "rejected.jsonl"
        self._file = self._path.open("ab")

    def take(self, piece: Path) -> None:
        """Write those of a piece to the end."""
        if piece.exists():
            with piece.open("rb") as given:
                shutil.copyfileobj(given, self._file)

    def mark(self) -> int:
        """How many bytes there are."""
        self._file.flush()
        return self._file.tell()

    def resume(self, size: int) -> None:
        """Drop what was written after the mark."""
        _cut(self._file, size)

    def finish(self, path: Path, *, bom: bool) -> None:
        """Write the rows as CSV, complete, with their reasons last."""
        self._file.close()
        write_rejected([self._path], path, bom=bom)


def write_rejected(pieces: Iterable[Path], path: Path, *, bom: bool) -> None:
    """Files of JSON lines as one CSV of rejected rows."""
    kept = [one for one in pieces if one.exists()]
    columns: dict[str, None] = {}
    for cells in _cells(kept):
        columns |= dict.fromkeys(cells)
    names = [*(name for name in columns if name not in REJECTED_COLUMNS), *REJECTED_COLUMNS]
    with path.open("wb") as out:
        out.write(header_bytes(names, bom=bom))
        for cells in _cells(kept):
            out.write((",".join(cell_text(cells.get(name)) for name in names) + "\r\n").encode())


def _cells(pieces: Iterable[Path]) -> Iterable[dict[str, Any]]:
    for path in pieces:
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _cut(file: Any, size: int) -> None:
    file.truncate(size)
    file.seek(size)
