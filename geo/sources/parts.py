"""Long files, part by part: what is read at once, and what can be read again on its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from geo.errors import RowError
from geo.sources.gate import local
from geo.sources.layer import Layer, Limits, Note

if TYPE_CHECKING:
    import pyarrow

LONG = {".csv": "text", ".tsv": "text", ".txt": "text", ".parquet": "parquet", ".geoparquet": "parquet"}


@dataclass(frozen=True)
class Unit:
    """A stretch of a file that can be read on its own.

    Attributes
    ----------
    start, end : int
        Bytes of a text; numbers of row groups of a Parquet file.
    row, line : int
        Rows, and lines of a text, that stand before it.
    skip, take : int
        Rows of a row group that are left out at its start, and that are read after them; 0 reads all.
    """

    start: int
    end: int
    row: int
    line: int = 0
    skip: int = 0
    take: int = 0


@dataclass(frozen=True)
class Part:
    """Rows that are held at once, nothing converted.

    Attributes
    ----------
    table : pyarrow.Table
        The file's own columns; of a text every cell is text.
    numbers, lines : ndarray of int, shape (n,)
        As in `geo.sources.Layer`; `lines` is None for a file that is no text.
    points : (ndarray, ndarray) or None
        x and y, where every geometry is a point in two dimensions.
    geometries : ndarray of shapely geometry, shape (n,), or None
        Where they are not; None as well for a table without geometry.
    faults : tuple of RowError
    beyond : dict of int to dict of str to str
        By its place in the part, what a row has beyond the header.
    notes : tuple of (str, str)
    """

    table: pyarrow.Table
    numbers: NDArray[np.int64]
    lines: NDArray[np.int64] | None = None
    points: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    geometries: NDArray[Any] | None = None
    faults: tuple[RowError, ...] = ()
    beyond: dict[int, dict[str, str]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


class Reader(Protocol):
    """Reads the units of a file; those that follow each other cost least."""

    def read(self, unit: Unit) -> Iterator[Part]:
        """The parts of one unit, to be taken before the next."""


class LongFile(Protocol):
    """A file that is read part by part; nothing of it is kept.

    `placed` says whether it has a geometry of its own, `indexed` whether its units are known
    without reading it; the rest is as in `geo.sources.Layer`.
    """

    @property
    def path(self) -> Path: ...  # noqa: D102
    @property
    def format(self) -> str: ...  # noqa: D102
    @property
    def columns(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def crs(self) -> Any: ...  # noqa: D102
    @property
    def crs_unknown(self) -> str | None: ...  # noqa: D102
    @property
    def placed(self) -> bool: ...  # noqa: D102
    @property
    def indexed(self) -> bool: ...  # noqa: D102
    @property
    def notes(self) -> tuple[Note, ...]: ...  # noqa: D102

    def units(self) -> Iterator[tuple[Unit, Iterator[Part]]]:
        """Every unit in order with its parts, which are to be taken before the next."""

    def opened(self) -> Reader:
        """The file, to read some of its units."""

    def records(self, table: pyarrow.Table) -> list[dict[str, object]]:
        """Rows of a part as those of `geo.sources.Layer`."""

    def digest(self) -> str:
        """SHA-256 of the file."""

    def called(self, path: Path) -> LongFile:
        """The same file under another name, for messages."""

    def narrowed(self, columns: frozenset[str]) -> LongFile:
        """The same file with no more columns than these, where leaving out the others is less work."""


def open_long(path: Path, limits: Limits) -> LongFile | None:
    """A file to be read part by part; None where it can only be read whole.

    Its size and number of rows are not limited.

    Raises
    ------
    InputError
        If it cannot be opened, is damaged, or has too many columns.
    """
    from geo.sources import long_parquet, long_text

    kind = LONG.get(path.suffix.lower())
    if kind is None:
        return None
    there = local(path, limits.raised("megabytes", 1_000_000_000))
    return (long_text.open_text if kind == "text" else long_parquet.open_parquet)(there, path, limits)


def rows_of(part: Part, at: NDArray[np.intp], file: LongFile) -> Layer:
    """Some rows of a part as a layer, for whatever looks at rows one by one."""
    numbers = part.numbers[at]
    held = {int(number) for number in numbers}
    records = file.records(part.table.take(at)) if file.columns else [{} for _ in at]
    for place, row in enumerate(at.tolist()):
        records[place] |= part.beyond.get(row, {})
    return Layer(
        path=file.path,
        format=file.format,
        name=None,
        columns=file.columns,
        rows=tuple(records),
        numbers=tuple(numbers.tolist()),
        lines=None if part.lines is None else tuple(part.lines[at].tolist()),
        geometries=_geometries(part, at),
        crs=file.crs,
        crs_unknown=file.crs_unknown,
        faults=tuple(fault for fault in part.faults if fault.row in held),
    )


def _geometries(part: Part, at: NDArray[np.intp]) -> NDArray[Any] | None:
    import shapely

    if part.points is not None:
        return np.asarray(shapely.points(part.points[0][at], part.points[1][at]), dtype=object)
    return None if part.geometries is None else part.geometries[at]
