"""Answered sites as columns, and as the bytes of CSV or the columns of Parquet.

What many sites share stands once; the same cells come out as from
`geo.tables.flat` row by row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.formula import FORMULA_STARTS
from geo.tables.columns import COLUMNS, distinct, unreserved
from geo.tables.layers import RESERVED
from geo.tables.notes import NOTES
from geo.tables.text import cell_text
from geo.tables.values import clean, plain, words

if TYPE_CHECKING:
    import pyarrow

Record = dict[str, Any]
OWN = ("id", "name", "lon", "lat", "boundary_distance_m", "area_ha", "area_mu")
SPOKEN = ("shares", "explanation_zh", "explanation_en")  # with the site's own numbers where it is doubtful
PLACED = (  # follow from the place and its doubts
    *("datum", "datum_basis", "if_datum", "position_accuracy_m", "certainty", "certainty_zh", "possible"),
    *("notes_zh", "notes_en", "sample"),
)
ASKED = ("field", "term", "term_zh", "term_en", "field_query", "stage", "stage_zh")
SHARED = [name for name in COLUMNS if name not in OWN and name not in SPOKEN]
GROUNDS = [name for name in SHARED if name not in PLACED and name not in ASKED]  # follow from the verdict
STRETCHES = [  # columns that stand together and are filled from one source
    list(names)
    for _, names in groupby(
        COLUMNS, lambda name: name if name in OWN or name in SPOKEN else (name in PLACED, name in ASKED)
    )
]
_SPECIAL = rf"""[",\r\n]|^[\s\p{{Z}}\x0b\x1c-\x1f\x85]|^'*[{re.escape(FORMULA_STARTS)}]"""
_FOREIGN = "\x00"
_DIGITS = 18  # that a whole number of 64 bits has room for
_AT_ONCE = 8_192  # rows made to CSV at a time: what they become fits a processor's cache


class Cells:
    """Cells of some of the columns `SHARED`: of those in `ASKED`, in `GROUNDS` or in `PLACED`."""

    def __init__(self, cells: Record, texts: Texts) -> None:
        self.cells, self._texts = cells, texts

    @cached_property
    def stretches(self) -> dict[str, str]:
        """The cells as CSV, a text for each of `STRETCHES` that they fill, by the name of its first column."""
        wanted = [names for names in STRETCHES if names[0] in self.cells]
        return {names[0]: ",".join([self._texts[self.cells[name]] for name in names]) for names in wanted}


class Shared(NamedTuple):
    """Cells that many sites share: all `COLUMNS` but `OWN` and `SPOKEN`."""

    asked: Cells
    grounds: Cells
    place: Cells


class Texts(dict[Any, str]):
    """Cells as CSV, each made once; those that are equal but of another kind, 1 and 1.0, are not kept."""

    def __missing__(self, cell: Any) -> str:
        text = cell_text(cell)
        if cell is None or isinstance(cell, str):
            self[cell] = text
        return text


@dataclass(frozen=True)
class Answered:
    """Answered sites as columns.

    Attributes
    ----------
    shared : list of Shared
    case : ndarray of int, shape (n,)
        Number of each site's in `shared`.
    spoken : list of (str or None, ...)
        Distinct cells of the columns `SPOKEN`.
    said : ndarray of int, shape (n,)
        Number of each site's in `spoken`.
    own : dict of str to pyarrow.Array or ndarray of float, shape (n,)
        By the names of `OWN`; NaN is an empty cell.
    given : pyarrow.Table
        The user's columns, under the names by which they come out.
    """

    shared: list[Shared]
    case: NDArray[np.int32]
    spoken: list[tuple[str | None, ...]]
    said: NDArray[np.int32]
    own: dict[str, Any]
    given: pyarrow.Table

    @property
    def columns(self) -> list[str]:
        """Ours, then the user's."""
        return [*COLUMNS, *self.given.column_names]


def rounded(values: NDArray[np.float64], digits: int) -> NDArray[np.float64]:
    """Numbers rounded as Python rounds each of them.

    A scaled number is off by less than 1e-6 at the sizes that occur here, so only where it
    lies that near to a half can its rounding be another than the exact one.
    """
    scale = 10.0**digits
    with np.errstate(invalid="ignore"):
        scaled = values * scale
        found = np.rint(scaled) / scale
        near = np.flatnonzero(np.abs(np.abs(scaled - np.floor(scaled)) - 0.5) < 1e-5)
    for at in near.tolist():
        found[at] = round(float(values[at]), digits)
    return found


def csv_bytes(held: Answered) -> Iterator[Any]:
    """The rows as CSV in UTF-8, some at a time, without a header; see `geo.tables.text`."""
    import pyarrow as pa

    texts = {name: (text, rows) for cells, rows in _distinct_cells(held) for name, text in _texts_of(cells)}
    said = pa.array(held.said)
    for at, name in enumerate(SPOKEN):
        texts[name] = pa.array([cell_text(one[at]) for one in held.spoken], pa.large_string()), said
    given = [column.combine_chunks() for column in held.given.columns]
    for start in range(0, len(held.case), _AT_ONCE):
        cells = []
        for name, *_ in STRETCHES:
            if name in OWN:
                cells.append(_column_text(held.own[name][start : start + _AT_ONCE]))
            else:
                text, rows = texts[name]
                cells.append(text.take(rows.slice(start, _AT_ONCE)))
        yield _lines([*cells, *(_column_text(column.slice(start, _AT_ONCE)) for column in given)])


def _lines(cells: list[Any]) -> Any:
    """Columns of cells as the bytes of their lines."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells[-1] = pc.binary_join_element_wise(cells[-1], _large(""), _large("\r\n"))
    lines = pc.binary_join_element_wise(*cells, _large(","))
    if isinstance(lines, pa.ChunkedArray):
        lines = lines.combine_chunks()
    offsets = np.frombuffer(lines.buffers()[1], dtype=np.int64)
    first, last = offsets[lines.offset], offsets[lines.offset + len(lines)]
    return lines.buffers()[2][first:last] if last > first else b""


def _large(text: str) -> Any:
    import pyarrow as pa

    return pa.scalar(text, pa.large_string())


def _column_text(column: Any) -> Any:
    """A column as cells of CSV."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(column, np.ndarray):
        column = pa.array(column, from_pandas=True)
    kind = column.type
    if pa.types.is_float64(kind):
        texts = _number_texts(column)
    elif pa.types.is_integer(kind):
        texts = pc.cast(column, pa.large_string())
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _mapped(pc.cast(column, pa.large_string()), _special(column), cell_text)
    elif pa.types.is_decimal(kind):
        texts = pa.array([cell_text(_short(one)) for one in column.to_pylist()], pa.large_string())
    else:
        texts = pa.array([cell_text(one) for one in column.to_pylist()], pa.large_string())
    return pc.fill_null(texts, "")


def _short(value: Decimal | None) -> int | float | None:
    """A decimal as the shortest number that it is."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _special(column: Any) -> NDArray[np.bool_]:
    """Which cells are not written as they stand."""
    import pyarrow.compute as pc

    odd = pc.match_substring_regex(column, _SPECIAL)
    if pc.any(pc.match_substring(column, _FOREIGN)).as_py():
        odd = pc.or_(odd, pc.match_substring(column, _FOREIGN))
    return np.asarray(pc.fill_null(odd, fill_value=True).to_numpy(zero_copy_only=False))


def _mapped(texts: Any, odd: NDArray[np.bool_], turn: Callable[[Any], str]) -> Any:
    """Texts of which the odd ones are turned into others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not odd.any():
        return texts
    found = [turn(one) for one in texts.filter(pa.array(odd)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(odd), pa.array(found, pa.large_string()))


def _number_texts(column: Any) -> Any:
    """Numbers as Python spells them: ``113.0`` has its point; null is null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.cast(column, pa.large_string())
    odd = pc.invert(pc.match_substring_regex(texts, r"^-?[0-9]+\.[0-9]+$"))
    odd = pc.or_(odd, pc.less(pc.abs(column), 1e-4))  # from here on Python writes 5e-05
    odd = pc.fill_null(odd, fill_value=False).to_numpy(zero_copy_only=False)
    if not odd.any():
        return texts
    spelled = [words(plain(one)) or "" for one in column.filter(pa.array(odd)).to_pylist()]
    return pc.replace_with_mask(texts, pa.array(odd), pa.array(spelled, pa.large_string()))


def arrow_columns(held: Answered) -> pyarrow.Table:
    """The rows as a table without geometry; shared columns are dictionaries of what they hold."""
    import pyarrow as pa

    columns: list[Any] = []
    shared, said = _shared_columns(held), pa.array(held.said)
    for name in COLUMNS:
        if name in OWN:
            own = held.own[name]
            columns.append(pa.array(own, from_pandas=True) if isinstance(own, np.ndarray) else _clean(own))
        elif name in SPOKEN:
            columns.append(_dictionary([one[SPOKEN.index(name)] for one in held.spoken], said))
        else:
            columns.append(shared[name])
    columns += [_plain_column(column.combine_chunks()) for column in held.given.columns]
    return pa.table(columns, names=distinct(unreserved(held.columns, RESERVED)))


def _distinct_cells(held: Answered) -> Iterator[tuple[list[Cells], Any]]:
    """Of each part of `Shared` the distinct cells, in the order of the cases, and the place of each row's."""
    import pyarrow as pa

    for cells in zip(*held.shared, strict=True):
        each = {id(one): one for one in cells}
        place = {one: at for at, one in enumerate(each)}
        yield list(each.values()), pa.array(np.array([place[id(one)] for one in cells], dtype=np.int32)[held.case])


def _texts_of(cells: list[Cells]) -> Iterator[tuple[str, Any]]:
    """The texts of some cells for each stretch."""
    import pyarrow as pa

    for name in cells[0].stretches:
        yield name, pa.array([one.stretches[name] for one in cells], pa.large_string())


def _shared_columns(held: Answered) -> dict[str, Any]:
    """The shared columns, each distinct cell once."""
    import pyarrow as pa

    if not held.shared:
        return {name: _shared_column(name, [], pa.array(held.case)) for name in SHARED}
    return {
        name: _shared_column(name, [one.cells[name] for one in cells], rows)
        for cells, rows in _distinct_cells(held)
        for name in cells[0].cells
    }


def _shared_column(name: str, values: list[Any], at: Any) -> Any:
    """A shared column of these cells, by the place of each row's: numbers, or texts each once."""
    import pyarrow as pa

    if NOTES["sites"][name].kind == "number":
        return pa.array(np.array(values, dtype=np.float64), from_pandas=True).take(at)
    return _dictionary([words(one) for one in values], at)


def _dictionary(values: Sequence[str | None], at: Any) -> pyarrow.DictionaryArray:
    """Texts by their numbers, each distinct one once."""
    import pyarrow as pa

    held = pa.array(values, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(held.indices.take(at), held.dictionary)


def _plain_column(column: Any) -> Any:
    """A user's column in a kind that every format holds: numbers, truth, days, moments, else text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain_column(pc.cast(column, kind.value_type))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _clean(pc.cast(column, pa.string()))
    if pa.types.is_integer(kind):
        return column if pa.types.is_uint64(kind) else pc.cast(column, pa.int64())
    if pa.types.is_decimal(kind):
        if kind.scale > 0:
            return pa.array([None if one is None else float(one) for one in column.to_pylist()], pa.float64())
        return pc.cast(column, pa.int64()) if kind.precision <= _DIGITS else column
    if pa.types.is_floating(kind):
        return pc.if_else(pc.is_nan(column), None, pc.cast(column, pa.float64()))
    if pa.types.is_boolean(kind) or pa.types.is_date32(kind) or pa.types.is_timestamp(kind):
        return column
    return pa.array([words(plain(one)) for one in column.to_pylist()], pa.string())


def _clean(column: Any) -> Any:
    """Text without NUL, which some formats cannot hold."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pc.any(pc.match_substring(column, _FOREIGN)).as_py():
        return column
    return pa.array([None if one is None else clean(one) for one in column.to_pylist()], pa.string())


def header_bytes(columns: Sequence[str], *, bom: bool) -> bytes:
    """The first line of a CSV."""
    line = ",".join(cell_text(name) for name in columns) + "\r\n"
    return (("\ufeff" if bom else "") + line).encode()
