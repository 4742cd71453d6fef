"""What only the whole of a long file tells, found in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo import intake, sites
from geo.bulk.ids import MADE, Ids, hashed, rows_of_file
from geo.intake import Request, Taken
from geo.sites.many import Sheet, column_text, settle_part
from geo.sources import Layer, Note
from geo.sources.parts import LongFile, Part, Unit

if TYPE_CHECKING:
    from geo.pipeline import Context, Progress

_EXAMINED = 2_000  # rows by which a coordinate system is recognised


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
    narrow = replace(sheet, file=file.narrowed(frozenset(sheet.columns.values())))
    sample = _Sample(narrow)
    for unit, parts in narrow.file.units():
        units.append(unit)
        for part in parts:
            rows += len(part.numbers)
            ids.add(hashed(column_text(part.table, sheet.columns.get("id")), part.numbers))
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
            file, earlier = first.setdefault(ident or f"{MADE}{row}", (number, row))
            if (file, earlier) != (number, row) and (ident is not None or earlier not in renamed[file]):
                other = "" if file == number else names[file]
                repeats[number][row] = (earlier, other)
    return [
        replace(one, repeats=repeats[number], renamed=frozenset(renamed[number])) for number, one in enumerate(found)
    ]
