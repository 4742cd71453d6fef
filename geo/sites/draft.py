"""From a layer as read to drafted rows: which columns, which cells, nothing converted."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from geo import crs, sources
from geo.errors import InputError, RowError
from geo.schema import POSITION_DATUMS, SITE_COLUMNS
from geo.sites.model import Draft, Drafts, Reading
from geo.sources import Layer
from geo.spelling import even_out

_CLOSED = ("未闭合的环已闭合。", "an unclosed ring was closed.")
_POSITIONS = (("lon", "lat"), ("x", "y"), ("position",))


def cell_text(value: object) -> str | None:
    """A cell as text, as it stands; None if blank.

    >>> cell_text(" a "), cell_text(float("nan")), cell_text("  ")
    (' a ', None, None)
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return str(value) if str(value).strip() else None


def draft(layer: Layer, reading: Reading, *, digest: str | None = None) -> Drafts:
    """Understand the cells of a layer, every fault of a row under its number.

    Parameters
    ----------
    digest : str, optional
        Of the file, where it is known.

    Raises
    ------
    InputError
        If the layer has neither geometry nor position columns.
    """
    held = understood(layer.columns)
    axes = axes_of(layer.path, layer.columns, reading, placed=layer.geometries is not None)
    found = {ours: name for ours, name in held.items() if ours in {"id", "name", "field", "stage", "district", "datum"}}
    found |= {ours: held[ours] for ours in axes}
    if layer.geometries is None and "wkt" in held:
        found["wkt"] = held["wkt"]
    faults: dict[int, list[RowError]] = {}
    for fault in layer.faults:
        faults.setdefault(int(fault.row or 0), []).append(fault)
    lines = layer.lines or (None,) * len(layer.rows)
    shapes = layer.geometries if layer.geometries is not None else (None,) * len(layer.rows)
    rows = tuple(
        _draft_row(record, number, line, shape, found, axes, tuple(faults.get(number, ())))
        for record, number, line, shape in zip(layer.rows, layer.numbers, lines, shapes, strict=True)
    )
    return Drafts(
        path=layer.path,
        rows=rows,
        columns=layer.columns,
        declared=declared_by(layer.crs),
        metric=axes == ("x", "y") and layer.geometries is None,
        notes=layer.notes,
        digest=sources.digest(layer.path) if digest is None else digest,
    )


def understood(names: tuple[str, ...]) -> dict[str, str]:
    """Our column name to the file's, by name or alias, case left out."""
    spelled = {even_out(name): name for name in reversed(names)}
    found: dict[str, str] = {}
    for ours, aliases in SITE_COLUMNS.items():
        for word in (ours, *aliases):
            if even_out(word) in spelled:
                found.setdefault(ours, spelled[even_out(word)])
    return found


def declared_by(system: Any) -> Any:
    """What a file declares by its CRS: a datum name, an EPSG code, the CRS itself, or None."""
    return None if system is None else crs.identify(system) or system


def axes_of(path: Path, columns: tuple[str, ...], reading: Reading, *, placed: bool) -> tuple[str, ...]:
    """The columns that hold the position; none where the file is `placed` by geometries.

    Raises
    ------
    InputError
        If there are none.
    """
    if placed:
        return ()
    held = understood(columns)
    metric = (isinstance(reading.datum, int) or reading.control is not None) and {"x", "y"} <= held.keys()
    if metric:
        return ("x", "y")
    for pair in _POSITIONS:
        if set(pair) <= held.keys():
            return pair
    if "wkt" in held:
        return ()
    raise InputError(
        "the table has no position columns",
        "表中没有坐标列",
        file=path,
        value=", ".join(columns),
        remedy_en="name them lon and lat (经度, 纬度), x and y with --crs EPSG:…, or wkt",
        remedy_zh="请命名为 经度、纬度（lon、lat），或使用 x、y 并给出 --crs EPSG:…，或使用 wkt 列",
    )


def datum_of(found: dict[str, str], axes: tuple[str, ...]) -> str | None:
    """The datum that the heading of the position column names."""
    return POSITION_DATUMS.get(found["position"]) if axes == ("position",) else None


def _draft_row(
    record: dict[str, object],
    number: int,
    line: int | None,
    shape: Any,
    found: dict[str, str],
    axes: tuple[str, ...],
    faults: tuple[RowError, ...],
) -> Draft:
    from geo.sites.row import read_row  # with pydantic, which one place asked for does not need

    cells = {ours: record.get(name) for ours, name in found.items()}
    placed_by_text = bool(str(cells.get("wkt") or "").strip())
    if placed_by_text:
        cells = {ours: cell for ours, cell in cells.items() if ours not in axes}
    unread = {fault.field for fault in faults}
    cells = {ours: cell for ours, cell in cells.items() if found[ours] not in unread}
    row, wrong = read_row(cells, found, number, line)
    x, y = row.position or tuple(getattr(row, one) for one in axes if one != "position") or (None, None)
    return Draft(
        number=number,
        line=line,
        attributes=record,
        id=row.id,
        name=row.name,
        field=row.field,
        stage=row.stage,
        district=row.district,
        datum=row.datum if row.datum is not None else row.wkt.code if row.wkt else datum_of(found, axes),
        axes=("lon", "lat") if axes == ("position",) else axes,
        x=x,
        y=y,
        geometry=row.wkt.geometry if row.wkt else shape,
        faults=(*faults, *wrong),
        notes=(_CLOSED,) if row.wkt and row.wkt.closed else (),
    )
