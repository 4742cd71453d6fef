"""Rows as typed columns, for the formats that know types.

Our own columns have fixed kinds, so that a column is the same whether or not it holds
anything. A user's column has the narrowest kind that holds all of its values exactly:
truth values, whole numbers, numbers, dates or points in time; any other mix is text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from geo.tables.columns import distinct, unreserved
from geo.tables.notes import Kind, Note
from geo.tables.values import is_moment, plain, words

if TYPE_CHECKING:
    import pyarrow

Record = dict[str, Any]
_WHOLE = 2**63
_EXACT = 2**53


@dataclass(frozen=True)
class Column:
    """A column as a typed format holds it: its name there, its kind, its values."""

    name: str
    kind: Kind
    values: tuple[Any, ...]
    source: str


def typed(
    names: Sequence[str], flat: Sequence[Record], notes: Mapping[str, Note], reserved: Collection[str] = ()
) -> list[Column]:
    """Columns of rows, named apart without regard to case and typed."""
    found = []
    for name, chosen in zip(names, distinct(unreserved(names, reserved)), strict=True):
        values = [plain(row.get(name)) for row in flat]
        kind = notes[name].kind if name in notes else kind_of(values)
        found.append(Column(chosen, kind, tuple(_held(value, kind) for value in values), name))
    return found


def kind_of(values: Sequence[Any]) -> Kind:
    """The narrowest kind that holds all values exactly.

    >>> kind_of([1, None]), kind_of([1, 0.5]), kind_of([True, 1]), kind_of([2**53 + 1, 0.5]), kind_of([None])
    ('whole', 'number', 'text', 'text', 'text')
    """
    held = [value for value in values if value is not None]
    kinds = {type(value) for value in held}
    if kinds == {bool}:
        return "truth"
    if kinds == {int} and all(-_WHOLE <= value < _WHOLE for value in held):
        return "whole"
    if kinds and kinds <= {int, float} and all(isinstance(one, float) or abs(one) <= _EXACT for one in held):
        return "number"
    if kinds == {date}:
        return "date"
    if held and all(is_moment(value) for value in held) and len({_zone(value) for value in held}) == 1:
        return "moment"
    return "text"


def _zone(value: datetime) -> object:
    return value.utcoffset()


def _held(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind == "number":
        return float(value)
    return words(value) if kind == "text" else value


def arrow(columns: Sequence[Column], geometries: Any = None) -> pyarrow.Table:
    """The columns as an Arrow table, with the geometries as WKB in a last column ``geom``."""
    import pyarrow as pa
    import shapely

    arrays = {one.name: pa.array(list(one.values), type=_arrow_type(one)) for one in columns}
    if geometries is not None:
        arrays["geom"] = pa.array(shapely.to_wkb(geometries).tolist(), type=pa.binary())
    return pa.table(arrays)


def _arrow_type(column: Column) -> Any:
    import pyarrow as pa

    if column.kind == "moment":
        offset = next((one.utcoffset() for one in column.values if one is not None), None)
        if offset is None:
            return pa.timestamp("ms")
        minutes = int(offset.total_seconds()) // 60
        return pa.timestamp("ms", tz=f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}")
    kinds = {
        "text": pa.string(), "number": pa.float64(), "whole": pa.int64(), "truth": pa.bool_(), "date": pa.date32(),
    }  # fmt: skip
    return kinds[column.kind]
