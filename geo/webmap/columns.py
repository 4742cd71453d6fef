"""The sites as columns: positions, places and words, no verdicts.

The page works the verdicts out of the decision table, so a column holds only what
the file said and where the site lies. Columns of few distinct values hold each value
once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Iterator, KeysView, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date, datetime, time
from itertools import chain
from operator import itemgetter
from types import NoneType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.schema import SITE_COLUMNS, Certainty, Site
from geo.spelling import even_out
from geo.webmap.deflating import begin
from geo.webmap.ground import areas
from geo.webmap.packing import (
    categories,
    choice,
    distinct,
    numbering,
    pack,
    pack_texts,
    plain_json,
    shorter,
    sparse_categories,
)

Record = dict[str, Any]
SCALE = 1e-7  # degrees, of positions
_AT_ONCE = 1000
_PLACING = ("lon", "lat", "x", "y", "wkt")
_READ = ("id", "name", "field", "stage", "district", "datum")
_DOUBTFUL = (Certainty.NEAR_BOUNDARY, Certainty.STRADDLES)


def columns(
    records: Sequence[Record], sites: Sequence[Site], source: str | None = None, beside: Executor | None = None
) -> Record:
    """Sites as columns.

    Parameters
    ----------
    records : sequence of dict
        Of the JSON of a check.
    sites : sequence of Site
        The sites behind them, in the same order.
    source : str, optional
        Name of their file.
    beside : Executor, optional
        Begins deflating while more is read.
    """
    answers = _of_records(records)
    answered = _answered(answers)
    if beside is not None:
        begin(answered, beside)
    said = _of_sites(sites)
    own = own_columns(said.pop("attributes"), sites[0].input if sites else ())
    areal = np.flatnonzero(~np.isnan(answers["area_ha"])).tolist()
    return answered | {
        "count": len(records),
        "source": source,
        "sample": any(record.get("sample") for record in records[:1]),
        "own": list(own),
        "row": pack(said["row"]),
        "possible": _of_some(records, "possible", _rows_of(answers["certainty"], _DOUBTFUL), tuple),
        "shares": _of_some(records, "shares", _rows_of(answers["certainty"], [Certainty.STRADDLES]), _pairs, _opened),
        "datum": choice(*said["datum"]),
        "datum_basis": choice(*said["datum_basis"]),
        "accuracy": choice(*said["accuracy_m"]),
        "notes": choice(*said["notes"]),
        "shifted": _of_some(records, "if_datum", _rows_of(said["datum_basis"], ["assumed"]), _moved),
        "area": {
            "rows": pack(areal),
            "ha": pack(_steps(answers["area_ha"][areal], 1e4)),
            "mu": pack(_steps(_numbers([records[row] for row in areal], itemgetter("area_mu")), 1e3)),
        },
        "geometry": _geometry([sites[row].geometry for row in areal], areal),
        "attributes": {name: _attribute(cells) for name, cells in own.items()},
    }


def _answered(answers: Record) -> Record:
    """Columns of what every record holds; the texts go out of `answers`."""
    return {
        "name": pack_texts(answers.pop("name")),
        "id": pack_texts(answers.pop("id")),
        "lon": pack(_steps(answers["lon"], 1 / SCALE)),
        "lat": pack(_steps(answers["lat"], 1 / SCALE)),
        "distance": pack(_steps(answers["boundary_distance_m"], 10.0)),
        "district": choice(*answers["district"]),
        "certainty": choice(*answers["certainty"]),
        "field": choice(*answers["field_query"]),
        "stage": choice(*answers["stage_query"]),
    }


def _of_records(records: Sequence[Record]) -> Record:
    """Cells of the records by name: as a list, as numbers with NaN for None, as `distinct` has them.

    Some records at a time, so that they are still at hand for the next name.
    """
    lists, numbers = ("id", "name"), ("lon", "lat", "boundary_distance_m", "area_ha")
    choices = ("district", "certainty", "field_query", "stage_query")
    found: Record = {name: [] for name in lists} | {name: np.empty(len(records)) for name in numbers}
    gets = {name: itemgetter(name) for name in (*lists, *numbers)}
    chosen, places, at = itemgetter(*choices), numbering(), np.empty(len(records), dtype=np.intp)
    for rows in _some_at_a_time(len(records)):
        part = records[rows]
        for name in lists:
            found[name].extend(map(gets[name], part))
        for name in numbers:
            found[name][rows] = _numbers(part, gets[name])
        at[rows] = np.fromiter(map(places.__getitem__, map(chosen, part)), dtype=np.intp, count=len(part))
    return found | _apart(choices, places, at)


def _of_sites(sites: Sequence[Site]) -> Record:
    """The same of the sites, written out: `attrgetter` takes twice as long."""
    attributes: list[dict[str, Any]] = []
    row, places, at = np.empty(len(sites)), numbering(), np.empty(len(sites), dtype=np.intp)
    for rows in _some_at_a_time(len(sites)):
        part = sites[rows]
        attributes += [one.attributes for one in part]
        row[rows] = [one.row for one in part]
        at[rows] = [places[one.notes, one.datum, one.datum_basis, one.accuracy_m] for one in part]
    choices = _apart(("notes", "datum", "datum_basis", "accuracy_m"), places, at)
    return {"attributes": attributes, "row": row} | choices


def _some_at_a_time(count: int) -> Iterator[slice]:
    return (slice(start, min(start + _AT_ONCE, count)) for start in range(0, count, _AT_ONCE))


def _apart(names: Sequence[str], places: Collection[tuple[Any, ...]], at: NDArray[np.intp]) -> Record:
    """Columns as `distinct` has them, of the places of their values taken together."""
    found = {}
    for column, name in enumerate(names):
        values, of_key = distinct((key[column] for key in places), len(places))
        found[name] = values, of_key[at]
    return found


def _numbers(things: Sequence[Any], get: Callable[[Any], float | None]) -> NDArray[np.float64]:
    """A number of each thing, NaN for None."""
    try:
        return np.fromiter(map(get, things), dtype=np.float64, count=len(things))
    except TypeError:
        cells = list(map(get, things))
        none = cells.count(None) == len(cells)
        return np.full(len(cells), np.nan) if none else np.array(cells, dtype=np.float64)


def _rows_of(chosen: tuple[list[Any], NDArray[np.intp]], wanted: Collection[Any]) -> list[int]:
    """Rows that hold one of some values, of a column as `distinct` has it."""
    values, at = chosen
    return np.flatnonzero(np.isin(at, [place for place, one in enumerate(values) if one in wanted])).tolist()


def _of_some(
    records: Sequence[Record],
    name: str,
    rows: Sequence[int],
    keyed: Callable[[Any], Any],
    shown: Callable[[Any], Any] | None = None,
) -> Record:
    """A column that holds something in some rows only, in ascending order, and null in the others."""
    keys = [keyed(records[row][name]) for row in rows]
    return sparse_categories(keys, rows, len(records), shown)


def _pairs(shares: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(shares.items())


def _opened(pairs: tuple[tuple[str, float], ...] | None) -> dict[str, float] | None:
    return None if pairs is None else dict(pairs)


def _moved(others: Sequence[Record]) -> tuple[tuple[str, str | None], ...]:
    """Datum and district of each other place that a site of undeclared datum may lie in."""
    return tuple((one["datum"], one["district"]) for one in others)


def own_columns(attributes: Sequence[dict[str, Any]], axes: Collection[str] = ()) -> dict[str, list[Any]]:
    """Cells of each column of the file from which nothing of ours was read.

    Parameters
    ----------
    attributes : sequence of dict
        Rows as the file has them.
    axes : collection of str
        What positions were read from, such as ``lon`` and ``lat``; other words may stand among them.
    """
    if not any(attributes):
        return {}
    first = list(attributes[0])
    read = _understood(first, axes)
    own = [name for name in first if name not in read]
    found = _alike(attributes, own, dict.fromkeys(first).keys()) if own else []
    if found:
        return dict(zip(own, found, strict=True))
    every = list(dict.fromkeys(chain.from_iterable(attributes)))
    read = _understood(every, axes)
    return {name: [held.get(name) for held in attributes] for name in every if name not in read}


def _alike(things: Sequence[Record], names: Sequence[str], keys: KeysView[str]) -> list[list[Any]]:
    """A list for each name; none at all if one of the mappings has other keys."""
    gets = [itemgetter(name) for name in names]
    found: list[list[Any]] = [[] for _ in names]
    for rows in _some_at_a_time(len(things)):
        part = things[rows]
        if not all(map(keys.__eq__, map(dict.keys, part))):
            return []
        for held, get in zip(found, gets, strict=True):
            held.extend(map(get, part))
    return found


def _understood(names: Sequence[str], axes: Collection[str]) -> set[str | None]:
    """Columns that ours were read from: the first of the names and aliases of each."""
    spelled = {even_out(str(name)): name for name in reversed(names)}

    def column(ours: str) -> str | None:
        words = map(even_out, (ours, *SITE_COLUMNS[ours]))
        return next((spelled[word] for word in words if word in spelled), None)

    placed = {column(one) for one in _PLACING if one in axes}
    return {*map(column, _READ), *(placed if None not in placed else {column("position")})}


def _steps(numbers: NDArray[np.float64], steps: float) -> NDArray[np.int64]:
    """Numbers in whole steps; -1 where there is none."""
    return np.where(np.isnan(numbers), -1, np.rint(numbers * steps)).astype(np.int64)


def _geometry(geometries: Sequence[Any], rows: Sequence[int]) -> Record | None:
    """Outlines of the sites that are areas; None if there is none."""
    if not rows:
        return None
    shapes = np.empty(len(geometries), dtype=object)
    shapes[:] = geometries
    found = areas(shapes, SCALE)
    single = shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON
    return {
        "scale": SCALE,
        "rows": pack(rows),
        "kinds": categories(np.where(single, "Polygon", "MultiPolygon").tolist()),
        "shape": shorter(found["shape"]),
        "xy": found["xy"],
    }


def _attribute(values: Sequence[Any]) -> Record:
    """A column of the file; values are told apart by kind too (1, 1.0 and true are three)."""
    if set(map(type, values)) <= {str, NoneType}:
        return categories(values)
    return categories([plain_json(_in_json(value)) for value in values], json.loads)


def _in_json(value: Any) -> Any:
    """A cell as JSON: what it has no word for becomes text, what is not a number nothing."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None if math.isnan(value) else str(value)
    if isinstance(value, datetime | date | time):
        return None if value != value else value.isoformat()  # noqa: PLR0124 - NaT differs from itself
    if isinstance(value, dict):
        return {str(name): _in_json(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_in_json(each) for each in value]
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    listed = getattr(value, "tolist", None)
    unpacked = listed() if callable(listed) else value
    return _in_json(unpacked) if type(unpacked) is not type(value) else str(value)
