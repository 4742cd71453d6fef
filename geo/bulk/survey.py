"""What only the whole of a long file tells, found in one pass."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo import intake, sites
from geo.intake import Request, Taken
from geo.sites.many import Sheet, column_text, settle_part
from geo.sources import Layer, Note
from geo.sources.parts import LongFile, Part, Unit

if TYPE_CHECKING:
    from geo.pipeline import Context, Progress

_EXAMINED = 2_000  # rows by which a coordinate system is recognised
_BUCKETS = 64
_SPILL = 2_000_000  # ids kept in memory


@dataclass(frozen=True)
class Survey:
    """What the whole of a file tells.

    Attributes
    ----------
    units : tuple of Unit
        Where it can be cut.
    rows : int
    warnings : tuple of (str, str)
    repeats : dict of int to (int, str)
        Row with an id that an earlier usable row has, that row, and the name of its
        file if it is another.
    renamed : frozenset of int
        Rows without an id whose number is the id of another.
    """

    sheet: Sheet
    units: tuple[Unit, ...]
    rows: int
    warnings: tuple[Note, ...]
    repeats: dict[int, tuple[int, str]] = field(default_factory=dict)
    renamed: frozenset[int] = frozenset()


def survey(context: Context, file: LongFile, request: Request, progress: Progress) -> Survey:
    """Go through a file.

    Raises
    ------
    InputError
        If the file as a whole cannot be used.
    CRSMismatch
        If it declares no datum and fits another than WGS84.
    """
    with Ids() as ids:
        found = scan(context, file, request, ids, progress)
        suspects = ids.suspects()
    return with_repeats([found], suspects, [usable(found, rows_of_file(suspects, 0))], [file.path.name])[0]


def scan(context: Context, file: LongFile, request: Request, ids: Ids, progress: Progress) -> Survey:
    """Go through a file, its ids being put to those of others.

    Raises
    ------
    InputError
        If the file as a whole cannot be used.
    CRSMismatch
        If it declares no datum and fits another than WGS84.
    """
    sheet = Sheet.of(file, intake.reading_of(request), file.digest())
    units: list[Unit] = []
    rows = 0
    sample = _Sample(sheet)
    for unit, parts in file.units():
        units.append(unit)
        for part in parts:
            rows += len(part.numbers)
            ids.add(id_hashes(part, sheet))
            sample.add(part)
        progress(f"已读取 {rows:,} 行…", f"{rows:,} rows read…")
    warnings = _examined(context, sample.layer(), sheet, whole=len(sample) == rows)
    if not rows:
        name = file.path.name
        warnings = (*warnings, (f"{name}：没有数据行。", f"{name}: there are no rows below the header."))
    return Survey(sheet, tuple(units), rows, (*file.notes, *warnings))


def _examined(context: Context, layer: Layer | None, sheet: Sheet, *, whole: bool) -> tuple[Note, ...]:
    """Warnings on the coordinate system of a sample of rows, refused as a short list would be."""
    if layer is None:
        return ()
    drafts = sheet.draft(layer)
    sites.settle_rows(drafts, sheet.reading)
    finding = intake.examine(drafts, sheet.reading, context.register, context.boundaries)
    taken = Taken(layer, drafts, finding, sheet.reading)
    refused = intake.refusal(taken)
    if refused is not None:
        raise refused
    said = intake.contradiction(taken)
    if not said or whole:
        return said
    zh, en = said[0]
    count = len(layer.rows)
    return ((f"{zh}（据抽取的 {count} 行）", f"{en} (by a sample of {count} rows)"),)


class _Sample:
    """Rows at equal steps, at most twice as many as are examined."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._step, self._layers = sheet, 1, []  # type: ignore[var-annotated]

    def __len__(self) -> int:
        return sum(len(layer.rows) for layer in self._layers)

    def add(self, part: Part) -> None:
        """Take the rows of a part that are due."""
        while len(self) + np.count_nonzero((part.numbers - 1) % self._step == 0) > 2 * _EXAMINED:
            self._step *= 2
            self._layers = [_thinned(layer, self._step) for layer in self._layers]
        due = np.flatnonzero((part.numbers - 1) % self._step == 0)
        if len(due):
            self._layers.append(self._sheet.layer(part, due))

    def layer(self) -> Layer | None:
        """The rows as one layer."""
        return _joined(self._layers) if self._layers else None


def _thinned(layer: Layer, step: int) -> Layer:
    kept = [at for at, number in enumerate(layer.numbers) if (number - 1) % step == 0]
    held = {layer.numbers[at] for at in kept}
    return replace(
        layer,
        rows=tuple(layer.rows[at] for at in kept),
        numbers=tuple(layer.numbers[at] for at in kept),
        lines=None if layer.lines is None else tuple(layer.lines[at] for at in kept),
        geometries=None if layer.geometries is None else layer.geometries[kept],
        faults=tuple(fault for fault in layer.faults if fault.row in held),
    )


def _joined(layers: Sequence[Layer]) -> Layer:
    first = layers[0]

    def all_of(name: str) -> tuple[Any, ...]:
        return tuple(one for layer in layers for one in getattr(layer, name))

    return replace(
        first,
        rows=all_of("rows"),
        numbers=all_of("numbers"),
        lines=None if first.lines is None else all_of("lines"),
        geometries=None if first.geometries is None else np.concatenate([one.geometries for one in layers]),
        faults=all_of("faults"),
    )


_ID = np.dtype([("hash", "u8"), ("row", "i8")])
_MADE = "row-"  # begins the id of a row whose number is the id of another
_FILE = 40  # bits of a row number, above which stands the number of its file
_NAMELESS = 1 << (_FILE - 1)  # set where the row has no id


def id_hashes(part: Part, sheet: Sheet) -> NDArray[Any]:
    """Hash of each row's id, and its number; a row without an id counts with its number.

    An id that such a row could get, ``row-5``, counts with the number in it as well.
    """
    import pandas as pd
    import pyarrow.compute as pc

    ids = column_text(part.table, sheet.columns.get("id"))
    texts, numbers = ids.to_numpy(zero_copy_only=False), part.numbers
    missing = np.flatnonzero(pd.isna(texts))
    if len(missing):
        texts = texts.copy()
        texts[missing] = numbers[missing].astype(str)
    alike = pc.fill_null(pc.starts_with(ids, _MADE), fill_value=False).to_numpy(zero_copy_only=False)
    if alike.any():
        texts = np.concatenate([texts, [text.removeprefix(_MADE) for text in texts[alike]]])
        numbers = np.concatenate([numbers, numbers[alike]])
    held = np.empty(len(texts), dtype=_ID)
    held["hash"] = pd.util.hash_array(texts, categorize=False)
    held["row"] = numbers
    held["row"][missing] |= _NAMELESS
    return held


def rows_of_file(rows: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """The rows that belong to a file."""
    found: NDArray[np.int64] = rows[rows >> _FILE == number] & ((1 << _FILE) - 1)
    return found


class Ids:
    """Which rows may have an id that another has: by their hashes, on disk where they are many."""

    def __init__(self, in_memory: int = _SPILL) -> None:
        self._held: list[NDArray[Any]] = []
        self._most = in_memory
        self._count = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Ids:
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def add(self, held: NDArray[Any], file: int = 0) -> None:
        """Take the ids of rows of a file."""
        held["row"] |= file << _FILE
        self._held.append(held)
        self._count += len(held)
        if self._count > self._most:
            self._spill()

    def _spill(self) -> None:
        """Put the ids away, those that may be the same into the same file."""
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="parksite-ids-")
        every = np.concatenate([np.empty(0, dtype=_ID), *self._held])
        bucket = every["hash"] % _BUCKETS
        every = every[np.argsort(bucket, kind="stable")]
        ends = np.cumsum(np.bincount(bucket.astype(np.intp), minlength=_BUCKETS))
        for number, held in enumerate(np.split(every, ends[:-1])):
            with (Path(self._folder.name) / str(number)).open("ab") as handle:
                handle.write(held.tobytes())
        self._held, self._count = [], 0

    def held(self) -> NDArray[Any]:
        """Those that are in memory."""
        return np.concatenate([np.empty(0, dtype=_ID), *self._held])

    def _buckets(self) -> Iterator[NDArray[Any]]:
        if self._folder is None:
            yield self.held()
            return
        self._spill()
        for number in range(_BUCKETS):
            yield np.fromfile(Path(self._folder.name) / str(number), dtype=_ID)

    def suspects(self) -> NDArray[np.int64]:
        """Rows that share the hash of their id with another, in order; of bare numbers one must be an id."""
        found = [np.empty(0, dtype=np.int64)]
        for held in self._buckets():
            _, inverse, counts = np.unique(held["hash"], return_inverse=True, return_counts=True)
            named = np.bincount(inverse, weights=held["row"] & _NAMELESS == 0)
            found.append(held["row"][(counts[inverse] > 1) & (named[inverse] > 0)] & ~_NAMELESS)
        return np.unique(np.concatenate(found))


def usable(found: Survey, suspects: NDArray[np.int64]) -> list[tuple[int, str | None]]:
    """Those of some rows that became sites, with their ids."""
    met: list[tuple[int, str | None]] = []
    starts = [unit.row for unit in found.units]
    for number in np.unique(np.searchsorted(starts, suspects, side="left") - 1).tolist():
        for part in found.sheet.file.read(found.units[number]):
            if not np.isin(part.numbers, suspects).any():
                continue
            many = settle_part(part, found.sheet)
            numbers = part.numbers[many.at]
            at = np.flatnonzero(np.isin(numbers, suspects))
            met += zip(numbers[at].tolist(), many.ids.take(at).to_pylist(), strict=True)
    return met


def with_repeats(
    found: Sequence[Survey],
    suspects: NDArray[np.int64],
    met: Iterable[list[tuple[int, str | None]]],
    names: Sequence[str],
) -> list[Survey]:
    """The surveys with the rows that repeat an id, and those that bear a number that is one.

    Parameters
    ----------
    met
        What `usable` gave for each file.
    names : sequence of str
        What the files are called.
    """
    if not len(suspects):
        return list(found)
    held = list(met)
    taken = {ident for rows in held for _, ident in rows}
    first: dict[str, tuple[int, int]] = {}
    repeats: list[dict[int, tuple[int, str]]] = [{} for _ in found]
    renamed: list[set[int]] = [set() for _ in found]
    for number, rows in enumerate(held):
        for row, ident in rows:
            if ident is None and str(row) in taken:
                renamed[number].add(row)
            elif ident is None:
                continue
            file, earlier = first.setdefault(ident or f"{_MADE}{row}", (number, row))
            if (file, earlier) != (number, row) and (ident is not None or earlier not in renamed[file]):
                other = "" if file == number else names[file]
                repeats[number][row] = (earlier, other)
    return [
        replace(one, repeats=repeats[number], renamed=frozenset(renamed[number])) for number, one in enumerate(found)
    ]
