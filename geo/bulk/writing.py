"""Answered parts as files: pieces that a worker leaves, and the one file that they become."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import shapely

from geo.bulk import footer
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
_AT_ONCE = 4_000_000  # bytes that are copied
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
        self._file.writelines(csv_bytes(result.answered))

    def close(self) -> Extent:
        """Close the file."""
        self._file.close()
        return Extent()


class TablePiece:
    """Parquet with geometries; as a file of its own with what GeoParquet wants to be told."""

    def __init__(self, path: Path, *, whole: bool) -> None:
        self._path, self._whole, self._extent = path, whole, Extent()
        self._writer: pyarrow.parquet.ParquetWriter | None = None

    def take(self, result: Result) -> None:
        """Write a part."""
        table = with_geometry(result)
        self._writer = self._writer or writer(self._path, table)
        self._writer.write_table(table)
        self._extent.add(Extent.of(result))

    def close(self) -> Extent:
        """Close the file."""
        if self._writer is not None:
            if self._whole:
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

    def mark(self) -> State:
        """Make sure of what was taken; how far it goes, with the ``bytes`` of each file."""

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
            shutil.copyfileobj(given, self._file, _AT_ONCE)

    def mark(self) -> State:
        """How many bytes there are."""
        return {"bytes": _sizes(self._file)}

    def resume(self, state: State) -> None:
        """Drop what was written after the mark."""
        _cut([self._file], state["bytes"])

    def finish(self, path: Path) -> None:
        """Move the file."""
        self._file.close()
        self._path.replace(path)


class ParquetKeeper:
    """GeoParquet 1.1, to whose end the row groups of each piece are written as they are, and their footer last."""

    def __init__(self, folder: Path) -> None:
        self._path, self._extent = folder / "answer.parquet", Extent()
        self._file, self._footers = self._path.open("ab"), (folder / "footers.txt").open("a+b")
        if not self._file.tell():
            self._file.write(footer.MARK)

    def take(self, piece: Path, extent: Extent) -> None:
        """Write the row groups to the end, and keep the footer."""
        self._extent.add(extent)
        end, said = footer.cut(piece)
        by = self._file.tell() - len(footer.MARK)
        with piece.open("rb") as given:
            given.seek(len(footer.MARK))
            while given.tell() < end:
                self._file.write(given.read(min(_AT_ONCE, end - given.tell())))
        self._footers.write(f"{by} {base64.b64encode(said).decode()}\n".encode())

    def mark(self) -> State:
        """How many bytes there are, and of what."""
        sizes = _sizes(self._file, self._footers)
        return {"bytes": sizes, "kinds": sorted(self._extent.kinds), "bounds": self._extent.bounds}

    def resume(self, state: State) -> None:
        """Drop what was written after the mark."""
        _cut([self._file, self._footers], state["bytes"])
        self._extent = Extent(set(state["kinds"]), state["bounds"])

    def finish(self, path: Path) -> None:
        """Write the footer of all, and move the file."""
        self._footers.seek(0)
        held = [line.split() for line in self._footers]
        self._footers.close()
        if held:
            self._file.write(footer.joined(_unpacked(held), self._extent.metadata()))
        self._file.close()
        self._path.replace(path)


def _unpacked(held: list[list[bytes]]) -> Iterator[tuple[int, bytes]]:
    """How far the row groups of each piece were moved, and the footer that it had."""
    for by, said in held:
        yield int(by), base64.b64decode(said)


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
        (size,) = _sizes(self._file).values()
        return size

    def resume(self, size: int) -> None:
        """Drop what was written after the mark."""
        _cut([self._file], {self._path.name: size})

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


def _sizes(*files: Any) -> dict[str, int]:
    """Bytes that are in each of some files, by its name."""
    for one in files:
        one.flush()
    return {Path(one.name).name: one.tell() for one in files}


def _cut(files: Iterable[Any], sizes: dict[str, int]) -> None:
    for one in files:
        one.truncate(sizes[Path(one.name).name])
        one.seek(0, 2)
