"""The sites as columns: positions, places and words, no verdicts.

The page works the verdicts out of the decision table, so a column holds only what
the file said and where the site lies. Columns of few distinct values hold each value
once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time
from itertools import chain, compress, count
from operator import attrgetter, itemgetter
from types import NoneType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.schema import SITE_COLUMNS, Certainty, Site
from geo.spelling import even_out
from geo.webmap.ground import areas
from geo.webmap.packing import categories, pack, pack_texts, plain_json, shorter, sparse_categories

Record = dict[str, Any]
SCALE = 1e-7  # degrees, of positions
_AT_ONCE = 256
_PLACING = ("lon", "lat", "x", "y", "wkt")
_READ = ("id", "name", "field", "stage", "district", "datum")
_OF_RECORD = (
    "id", "name", "lon", "lat", "boundary_distance_m", "area_ha", "district", "certainty", "field_query", "stage_query",
)  # fmt: skip
_OF_SITE = ("row", "notes", "datum", "datum_basis", "accuracy_m", "attributes")
_DOUBTFUL = (Certainty.NEAR_BOUNDARY, Certainty.STRADDLES)


def columns(records: Sequence[Record], sites: Sequence[Site], source: str | None = None) -> Record:
    """Sites as columns.

    Parameters
    ----------
    records : sequence of dict
        Of the JSON of a check.
    sites : sequence of Site
        The sites behind them, in the same order.
    source : str, optional
        Name of their file.
    """
    ids, names, lon, lat, metres, hectares, districts, certainties, fields, stages = _pulled(
        records, itemgetter, _OF_RECORD
    )
    rows, notes, datums, bases, accuracies, attributes = _pulled(sites, attrgetter, _OF_SITE)
    own = own_columns(attributes, sites[0].input if sites else ())
    areal = [] if hectares.count(None) == len(records) else [at for at, one in enumerate(hectares) if one is not None]
    doubtful = _rows_of(certainties, *_DOUBTFUL)
    straddling = [row for row in doubtful if certainties[row] == Certainty.STRADDLES]
    return {
        "count": len(records),
        "source": source,
        "sample": any(record.get("sample") for record in records[:1]),
        "own": list(own),
        "row": pack(rows),
        "id": pack_texts(ids),
        "name": pack_texts(names),
        "lon": pack(_steps(lon, 1 / SCALE)),
        "lat": pack(_steps(lat, 1 / SCALE)),
        "distance": pack(_steps(metres, 10.0)),
        "district": categories(districts),
        "certainty": categories(certainties),
        "possible": _of_some(records, "possible", doubtful, tuple),
        "shares": _of_some(records, "shares", straddling, _pairs, _opened),
        "datum": categories(datums),
        "datum_basis": categories(bases),
        "accuracy": categories(accuracies),
        "field": categories(fields),
        "stage": categories(stages),
        "notes": categories(notes),
        "shifted": _of_some(records, "if_datum", _rows_of(bases, "assumed"), _moved),
        "area": {
            "rows": pack(areal),
            "ha": pack(_steps([hectares[row] for row in areal], 1e4)),
            "mu": pack(_steps([records[row]["area_mu"] for row in areal], 1e3)),
        },
        "geometry": _geometry([sites[row].geometry for row in areal], areal),
        "attributes": {name: _attribute(cells) for name, cells in own.items()},
    }


def _pulled(
    things: Sequence[Any], getter: Callable[..., Any], names: Sequence[str], keys: Any = None
) -> list[list[Any]]:
    """A list for each name.

    Few objects at a time, so that they are still at hand for the next name. With `keys`,
    nothing at all if one of the mappings has others.
    """
    getters = [getter(name) for name in names]
    found: list[list[Any]] = [[] for _ in names]
    for start in range(0, len(things), _AT_ONCE):
        part = things[start : start + _AT_ONCE]
        if keys is not None and not all(map(keys.__eq__, map(dict.keys, part))):
            return []
        for held, get in zip(found, getters, strict=True):
            held.extend(map(get, part))
    return found


def _rows_of(values: Sequence[Any], *wanted: Any) -> list[int]:
    """Rows that hold one of some values."""
    held = {one for one in dict.fromkeys(values) if one in wanted}
    return list(compress(count(), map(held.__contains__, values))) if held else []


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
    first = list(attributes[0]) if attributes else []
    read = _understood(first, axes)
    own = [name for name in first if name not in read]
    found = _pulled(attributes, itemgetter, own, dict.fromkeys(first).keys()) if own else []
    if found:
        return dict(zip(own, found, strict=True))
    every = list(dict.fromkeys(chain.from_iterable(attributes)))
    read = _understood(every, axes)
    return {name: [held.get(name) for held in attributes] for name in every if name not in read}


def _understood(names: Sequence[str], axes: Collection[str]) -> set[str | None]:
    """Columns that ours were read from: the first of the names and aliases of each."""
    spelled = {even_out(str(name)): name for name in reversed(names)}

    def column(ours: str) -> str | None:
        words = map(even_out, (ours, *SITE_COLUMNS[ours]))
        return next((spelled[word] for word in words if word in spelled), None)

    placed = {column(one) for one in _PLACING if one in axes}
    return {*map(column, _READ), *(placed if None not in placed else {column("position")})}


def _steps(values: Sequence[float | None], steps: float) -> NDArray[np.int64]:
    """Numbers in whole steps; -1 where there is none."""
    numbers = np.array(values, dtype=np.float64)
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
