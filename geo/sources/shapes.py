"""Geometries out of well-known binary, mended where that is safe, else a fault of the row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import RowError
from geo.sources.layer import Limits, Note

_LONE_POINT = "point array must contain 0 or >1 elements"
_CURVED = "curved"
_ERROR_NAME = re.compile(r"^\w+(?:Exception|Error): ")


@dataclass
class Shapes:
    """Geometries with what was found in them."""

    geometries: NDArray[Any]
    faults: list[RowError] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def from_wkb(
    wkb: NDArray[Any], path: Path, limits: Limits, bad: dict[int, str] | None = None, *, before: int = 0
) -> Shapes:
    """Geometries in two dimensions, None where the row has none or an unusable one.

    Unclosed rings are closed; heights and measures are left out; both are noted. A
    geometry that cannot be read, has endless coordinates or more vertices than the
    limit is a fault. `before` of them stand above.
    """
    with np.errstate(invalid="ignore"):
        return _from_wkb(wkb, path, limits, dict(bad or {}), before)


def _from_wkb(wkb: NDArray[Any], path: Path, limits: Limits, reasons: dict[int, str], before: int) -> Shapes:
    """The same, with the numbers of rows that are known to be bad."""
    found = Shapes(_read(wkb, reasons))
    closed = []
    for index in np.flatnonzero(
        shapely.is_missing(found.geometries) & np.array([bool(one) for one in wkb], dtype=bool)
    ):
        if int(index) + 1 in reasons:
            continue
        try:
            found.geometries[index] = shapely.from_wkb(wkb[index], on_invalid="fix")
        except shapely.errors.GEOSException as error:
            reasons[int(index) + 1] = str(error)
            continue
        if found.geometries[index] is None or _is_no_area(found.geometries[index]):
            found.geometries[index] = None
            reasons[int(index) + 1] = _reason(wkb[index])
        else:
            closed.append(before + int(index) + 1)
    if closed:
        rows = _listed(closed)
        found.notes.append(
            (f"第 {rows} 个要素的环未闭合，已闭合。", f"The rings of features {rows} were not closed; they are now.")
        )
    _flatten(found)
    _bound(found, range(before + 1, before + len(wkb) + 1), path, limits)
    found.faults += [_unreadable(path, before + number, reason) for number, reason in reasons.items()]
    found.faults.sort(key=lambda fault: int(fault.row or 0))
    return found


def _read(wkb: NDArray[Any], reasons: dict[int, str]) -> NDArray[Any]:
    """Geometries, None where there is none; those with curves are among the reasons."""
    try:
        return np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    except NotImplementedError:  # of curves, which do not say where they stand
        shapes = np.full(len(wkb), None, dtype=object)
    for index, one in enumerate(wkb):
        try:
            shapes[index] = shapely.from_wkb(one, on_invalid="ignore")
        except NotImplementedError:
            reasons[index + 1] = _CURVED
    return shapes


def bounded(geometries: NDArray[Any], numbers: Sequence[int], path: Path, limits: Limits) -> Shapes:
    """Geometries of the rows `numbers`, with faults for those that go over a limit."""
    found = Shapes(geometries)
    _bound(found, numbers, path, limits)
    return found


def _flatten(found: Shapes) -> None:
    high = shapely.has_z(found.geometries) | shapely.has_m(found.geometries)
    if np.any(high):
        found.geometries = np.asarray(shapely.force_2d(found.geometries), dtype=object)
        found.notes.append(
            (
                "坐标含高程或测量值（Z/M），未予使用。",
                "The coordinates hold heights or measures (Z/M), which are not used.",
            )
        )


def _bound(found: Shapes, numbers: Sequence[int], path: Path, limits: Limits) -> None:
    """Faults for too many vertices and for coordinates without end."""
    counts = shapely.get_num_coordinates(found.geometries)
    for index in np.flatnonzero(counts > limits.vertices):
        count = int(counts[index])
        found.geometries[index] = None
        found.faults.append(too_many(count, numbers[int(index)], path, limits))
    bounds = shapely.bounds(found.geometries)
    endless = ~np.all(np.isfinite(bounds), axis=1) & ~shapely.is_empty(found.geometries)
    for index in np.flatnonzero(endless & ~shapely.is_missing(found.geometries)):
        found.geometries[index] = None
        found.faults.append(
            RowError(
                "a coordinate is not a finite number",
                "坐标不是有限数值",
                file=path,
                row=numbers[int(index)],
                field="geometry",
                remedy_en="correct the coordinates of this feature",
                remedy_zh="请改正该要素的坐标",
            )
        )


def too_many(count: int, number: int, path: Path, limits: Limits) -> RowError:
    """The fault of a geometry with more vertices than the limit."""
    return RowError(
        f"the geometry has {count:,} vertices, the limit is {limits.vertices:,}",
        f"几何有 {count} 个顶点，超过限额 {limits.vertices}",
        file=path,
        row=number,
        field="geometry",
        remedy_en=f"simplify it, or give --limit vertices={count}",
        remedy_zh=f"请简化几何，或给出 --limit vertices={count}",
    )


def _is_no_area(shape: Any) -> bool:
    """Whether closing the rings of a polygon gave nothing but a line."""
    return bool(shapely.get_dimensions(shape) == 2 and shapely.area(shape) == 0.0)


def _reason(wkb: Any) -> str:
    try:
        shapely.from_wkb(wkb)
    except shapely.errors.GEOSException as error:
        return str(error)
    return ""


def _unreadable(path: Path, number: int, reason: str) -> RowError:
    """The fault of a geometry that GEOS does not take, in words without the names of its errors."""
    if _LONE_POINT in reason:
        return RowError(
            "the geometry is a line with a single point",
            "几何是只有一个点的线",
            file=path,
            row=number,
            field="geometry",
            remedy_en="draw the site as a point or a polygon",
            remedy_zh="请以点或面要素绘制该地块",
        )
    if reason == _CURVED:
        return RowError(
            "the geometry has curves",
            "几何含曲线段",
            file=path,
            row=number,
            field="geometry",
            remedy_en="turn its curves into straight pieces, such as by Densify or Segmentize",
            remedy_zh="请先将曲线转为折线（如“增密”或“线段化”）",
        )
    reason = _ERROR_NAME.sub("", reason)
    return RowError(
        "the geometry or the record cannot be read",
        "几何或记录无法读取",
        file=path,
        row=number,
        field="geometry",
        value=" ".join(reason.split()) or None,
        remedy_en="draw this feature again, or leave it out",
        remedy_zh="请重新绘制该要素，或将其删除",
    )


def _listed(numbers: Sequence[int]) -> str:
    more = "…" if len(numbers) > 10 else ""
    return ", ".join(map(str, numbers[:10])) + more
