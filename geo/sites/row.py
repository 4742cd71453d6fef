"""The schema of a row: what each cell must be, every fault of the row reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Annotated, Any

import shapely
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from geo import crs
from geo.errors import CRSMismatch, RowError
from geo.sites.coordinate import read_coordinate
from geo.sites.draft import cell_text

_EWKT = re.compile(r"\s*(?:SRID\s*=\s*(\d+)\s*;)?\s*(.+)", re.IGNORECASE | re.DOTALL)
_METRES = 10_000.0  # from here on a number is taken for metres, not for a slip in degrees
_DEEPEST = 50  # parentheses in a WKT
_AXES = {"lon": "lon", "lat": "lat"}


class Placed(BaseModel):
    """A geometry from text, the EPSG code that the text names, whether a ring had to be closed."""

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)
    geometry: Any
    code: int | None = None
    closed: bool = False


def _faulted(read: Callable[[Any, str], Any]) -> Callable[[Any, Any], Any]:
    """A validator from a reader that raises our own errors."""

    def validate(value: Any, info: Any) -> Any:
        try:
            return read(value, info.field_name)
        except (RowError, CRSMismatch) as error:
            raise PydanticCustomError("cell", "{en}", {"en": error.en, "error": error}) from error

    return validate


def _number(value: Any, column: str) -> float:
    number, axis = read_coordinate(value)
    if axis is not None and axis != _AXES.get(column, axis):
        raise RowError(
            "the hemisphere letter belongs to the other axis: longitude and latitude seem to be swapped",
            "方位字母属于另一坐标轴：经度与纬度似乎颠倒",
            value=value,
            remedy_en="put E or W into the longitude column, N or S into the latitude column, or give --swap-axes",
            remedy_zh="东经、西经填入经度列，北纬、南纬填入纬度列，或加 --swap-axes",
        )
    return number


def _alone_out_of_range(cells: Mapping[str, object], bad: set[str]) -> RowError | None:
    """The fault of a longitude or latitude whose partner is at fault itself."""
    for name, limit in (("lon", 180), ("lat", 90)):
        partner = "lat" if name == "lon" else "lon"
        if name in bad or partner not in bad or name not in cells:
            continue
        number, _ = read_coordinate(cells[name])
        if limit < abs(number) < _METRES:
            return RowError(
                "longitude or latitude is out of range",
                "经纬度超出范围",
                field=name,
                value=cells[name],
                remedy_en="correct the cell",
                remedy_zh="请改正该单元格",
            )
    return None


def _datum(value: Any, _: str) -> str | int | None:
    text = cell_text(value)
    return None if text is None else _known(crs.parse_datum(text))


def _known(datum: str | int) -> str | int:
    """The datum, if PROJ knows its code.

    Raises
    ------
    CRSMismatch
        If not.
    """
    crs.accuracy_m(datum)
    return datum


def _wkt(value: Any, _: str) -> Placed | None:
    text = cell_text(value)
    if text is None:
        return None
    code, shape = _EWKT.fullmatch(text).groups()  # type: ignore[union-attr]
    try:
        geometry = None if _depth(shape) > _DEEPEST else shapely.from_wkt(shape, on_invalid="fix")
        closed = geometry is not None and shapely.from_wkt(shape, on_invalid="ignore") is None
        reason = "" if geometry is not None else "it cannot be parsed"
    except (shapely.GEOSException, NotImplementedError, ValueError) as error:
        geometry, reason = None, str(error)
    if geometry is None:
        raise RowError(
            f"the text is no geometry: {reason}",
            f"不是有效的 WKT 几何：{reason}",
            value=text,
            remedy_en="write WKT such as POINT (113.85 22.70) or POLYGON ((…))",
            remedy_zh="请写成 WKT，如 POINT (113.85 22.70) 或 POLYGON ((…))",
        )
    if code:
        _known(int(code))
    return Placed(geometry=geometry, code=int(code) if code else None, closed=closed)


def _depth(text: str) -> int:
    """How deep parentheses are nested; GEOS parses WKT on the stack."""
    if text.count("(") <= _DEEPEST:
        return 0
    steps = (1 if mark == "(" else -1 for mark in text if mark in "()")
    return max(accumulate(steps), default=0)


def _pair(value: Any, _: str) -> tuple[float, float]:
    text = cell_text(value) or ""
    parts = [part for part in re.split(r"[,，;；\s]+", text.strip(" ()（）[]")) if part]
    if len(parts) != 2:
        raise RowError(
            "the position is missing" if not parts else "the position is not two numbers",
            "缺少坐标" if not parts else "坐标不是两个数字",
            value=text or None,
            remedy_en="write longitude and latitude with a comma between, such as 113.85,22.70",
            remedy_zh="请写成“经度,纬度”，如 113.85,22.70",
        )
    (first, first_axis), (second, second_axis) = (read_coordinate(part) for part in parts)
    return (second, first) if first_axis == "lat" or second_axis == "lon" else (first, second)


Text = Annotated[str | None, BeforeValidator(cell_text)]
Number = Annotated[float | None, BeforeValidator(_faulted(_number))]


class Row(BaseModel):
    """The cells of a row that parksite understands; the others pass through."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, frozen=True)

    id: Text = None
    name: Text = None
    field: Text = None
    stage: Text = None
    district: Text = None
    datum: Annotated[Any, BeforeValidator(_faulted(_datum))] = None
    lon: Number = None
    lat: Number = None
    x: Number = None
    y: Number = None
    wkt: Annotated[Placed | None, BeforeValidator(_faulted(_wkt))] = None
    position: Annotated[tuple[float, float] | None, BeforeValidator(_faulted(_pair))] = None


def read_row(
    cells: Mapping[str, object], columns: Mapping[str, str], row: int, line: int | None
) -> tuple[Row, tuple[RowError, ...]]:
    """A row as its schema has it, and every fault found.

    Parameters
    ----------
    cells : mapping of str to object
        Our column names to cells.
    columns : mapping of str to str
        Our column names to those of the file, for the messages.

    Returns
    -------
    row : Row
        With None where a cell is at fault.
    faults : tuple of RowError
    """
    try:
        return Row.model_validate(cells), ()
    except ValidationError as error:
        faults, bad = [], set()
        for one in error.errors():
            ours = str(one["loc"][0])
            bad.add(ours)
            cause: RowError | CRSMismatch = one["ctx"]["error"]
            faults.append(
                RowError(
                    cause.en,
                    cause.zh,
                    row=row,
                    line=line,
                    field=columns[ours],
                    value=cause.value,
                    remedy_en=cause.remedy_en,
                    remedy_zh=cause.remedy_zh,
                )
            )
        other = _alone_out_of_range(cells, bad)
        if other is not None:
            other.row, other.line, other.field = row, line, columns[str(other.field)]
            faults.append(other)
        return Row.model_validate({name: cell for name, cell in cells.items() if name not in bad}), tuple(faults)
