"""What only the whole of a long file tells, found in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo import intake, sites
from geo.bulk.ids import MADE, Ids, hashed, rows_of_file
from geo.bulk.sample import Sample, step_of
from geo.intake import Request, Taken
from geo.sites.many import Sheet, column_text, settle_part
from geo.sources import Layer, Note
from geo.sources.parts import LongFile, Part, Unit

if TYPE_CHECKING:
    from geo.bulk.work import Crew, Job
    from geo.pipeline import Context, Progress

_PIECE = 125_000  # rows of a piece, about


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


def survey(context: Context, file: LongFile, request: Request, crew: Crew, progress: Progress) -> Survey:
    """Go through a file, with all of a crew where it is known how the file can be cut.

    Raises
    ------
    InputError
        If the file as a whole cannot be used.
    CRSMismatch
        If it declares no datum and fits another than WGS84.
    """
    with Ids() as ids:
        found = scan(context, file, request, ids, crew, progress)
        suspects = ids.suspects()
    return with_repeats([found], suspects, [usable(found, rows_of_file(suspects, 0))], [file.path.name])[0]


def scan(context: Context, file: LongFile, request: Request, ids: Ids, crew: Crew, progress: Progress) -> Survey:
    """Go through a file, its ids being put to those of others.

    Raises
    ------
    InputError
        If the file as a whole cannot be used.
    CRSMismatch
        If it declares no datum and fits another than WGS84.
    """
    sheet = Sheet.of(file, intake.reading_of(request), file.digest())
    narrow = replace(sheet, file=file.narrowed(frozenset(sheet.columns.values())))
    units: list[Unit] = []
    sample, rows = Sample(narrow), 0
    for one in _pieces_seen(narrow, crew) if narrow.file.indexed else _parts_seen(narrow, sample):
        units += one.units
        rows += one.rows
        for held in one.ids:
            ids.add(held)
        sample.layers += one.layers
        progress(f"已读取 {rows:,} 行…", f"{rows:,} rows read…")
    warnings = _examined(context, sample.layer(), sheet, whole=len(sample) == rows)
    if not rows:
        name = file.path.name
        warnings = (*warnings, (f"{name}：没有数据行。", f"{name}: there are no rows below the header."))
    return Survey(sheet, tuple(units), rows, (*file.notes, *warnings))


@dataclass(frozen=True)
class _Seen:
    """What some units tell: how many rows, what `hashed` gave, and rows of the sample."""

    units: tuple[Unit, ...]
    rows: int
    ids: list[Any]
    layers: list[Layer] = field(default_factory=list)


def _parts_seen(sheet: Sheet, sample: Sample) -> Iterator[_Seen]:
    """A file whose units are found by reading it."""
    for unit, parts in sheet.file.units():
        rows, ids = 0, []
        for part in parts:
            rows += len(part.numbers)
            ids.append(_hashed(part, sheet))
            sample.add(part)
        yield _Seen((unit,), rows, ids)


def _pieces_seen(sheet: Sheet, crew: Crew) -> Iterator[_Seen]:
    """A file whose units are known, each piece looked at by one of the crew."""
    units = [unit for unit, _ in sheet.file.units()]
    rows = units[-1].row + units[-1].take
    return crew.each(_look, [_Piece(sheet, tuple(one), step_of(rows)) for one in pieces(units)])


@dataclass(frozen=True)
class _Piece:
    """Units to be looked at, and the step of the sample."""

    sheet: Sheet
    units: tuple[Unit, ...]
    step: int


def _look(job: Job, piece: _Piece) -> _Seen:
    reader, sample = job.reader(piece.sheet.file), Sample(piece.sheet, piece.step)
    rows, ids = 0, []
    for unit in piece.units:
        for part in reader.read(unit):
            rows += len(part.numbers)
            ids.append(_hashed(part, piece.sheet))
            sample.add(part)
    return _Seen(piece.units, rows, ids, sample.layers)


def _hashed(part: Part, sheet: Sheet) -> Any:
    return hashed(column_text(part.table, sheet.columns.get("id")), part.numbers)


def pieces(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Units of a file, put together to what is worth handing out."""
    held: list[Unit] = []
    for unit in units:
        if held and unit.row - held[0].row >= _PIECE:
            yield held
            held = []
        held.append(unit)
    if held:
        yield held


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


def usable(found: Survey, suspects: NDArray[np.int64]) -> list[tuple[int, str | None]]:
    """Those of some rows that became sites, with their ids."""
    met: list[tuple[int, str | None]] = []
    starts, reader = [unit.row for unit in found.units], found.sheet.file.opened()
    for number in np.unique(np.searchsorted(starts, suspects, side="left") - 1).tolist():
        for part in reader.read(found.units[number]):
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
            file, earlier = first.setdefault(ident or f"{MADE}{row}", (number, row))
            if (file, earlier) != (number, row) and (ident is not None or earlier not in renamed[file]):
                other = "" if file == number else names[file]
                repeats[number][row] = (earlier, other)
    return [
        replace(one, repeats=repeats[number], renamed=frozenset(renamed[number])) for number, one in enumerate(found)
    ]
