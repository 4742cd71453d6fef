"""A planner's file on its way in (layer 4): read, examined, settled.

The one place where a file meets what is known of the city: positions that declare no
datum are examined before they are used, and refused where they fit another system.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo import crs, detective, sites, sources
from geo.detective import City, Finding, Hypothesis
from geo.districts import Boundaries
from geo.errors import CRSMismatch, InputError, UnknownTerm
from geo.register import Register
from geo.schema import DISTRICTS
from geo.sites import Draft, Drafts, Reading, SiteList
from geo.sources import Layer, Limits, Note

_LEAST_CONTROL = 3


@dataclass(frozen=True)
class Request:
    """What the caller says of a file.

    Attributes
    ----------
    datum : str, int or None
        Datum name or EPSG code, for rows that name none.
    swap : bool
        North stands before east, or latitude before longitude.
    control : Path or None
        File of control points of a local system.
    layer : str or None
        Layer or sheet.
    """

    datum: str | int | None = None
    swap: bool = False
    control: Path | None = None
    layer: str | None = None
    limits: Limits = Limits()


@dataclass(frozen=True)
class Taken:
    """A file as taken in, with what the detective found of it."""

    layer: Layer
    drafts: Drafts
    finding: Finding | None
    reading: Reading


def take(path: Path, request: Request, register: Register, boundaries: Boundaries) -> Taken:
    """Read and draft a file, and examine its positions; nothing is refused for its datum.

    Raises
    ------
    InputError
        If the file cannot be read, or holds no positions.
    """
    control = None if request.control is None else read_control_points(request.control, request.limits)
    if control is not None and request.datum is not None:
        raise InputError(
            "--control-points and a datum were both given",
            "同时给出了控制点文件和坐标系",
            remedy_en="give one of them",
            remedy_zh="请只给一个",
        )
    reading = Reading(request.datum, request.swap, control)
    layer = sources.read(path, request.layer, limits=request.limits)
    drafts = sites.draft(layer, reading)
    return Taken(layer, drafts, _examine(drafts, reading, register, boundaries), reading)


def settle(taken: Taken, *, sample: bool = False) -> SiteList:
    """Sites in WGS84 of a file, refused if it declares no datum and fits another.

    Raises
    ------
    CRSMismatch
        If the evidence favours another system than the one that would be assumed,
        or the rows disagree, and no option says which it is.
    """
    finding, asked = taken.finding, taken.reading
    if finding is not None and finding.verdict != "as_is" and _undeclared(taken):
        raise _refusal(taken, finding)
    found = sites.settle(taken.drafts, asked, sample=sample)
    if finding is None or finding.verdict not in ("other", "disagree") or asked.control is not None:
        return found
    name = taken.drafts.path.name
    zh = f"{name}：{finding.evidence.zh}已按声明处理，请核对坐标系。"
    en = f"{name}: {finding.evidence.en} The declared system was used; check it."
    return replace(found, warnings=(*found.warnings, (zh, en)))


def read_sites(
    path: Path, request: Request, register: Register, boundaries: Boundaries, *, sample: bool = False
) -> SiteList:
    """A planner's file as sites in WGS84; see `take` and `settle`."""
    return settle(take(path, request, register, boundaries), sample=sample)


def city(boundaries: Boundaries) -> City:
    """What the detective knows."""
    return City(boundaries.ids, boundaries.outlines, boundaries.approximate)


def examine_boundaries(given: Boundaries, shipped: Boundaries) -> tuple[Note, ...]:
    """A warning where a user's layer lies off ours as one in another datum would.

    Raises
    ------
    CRSMismatch
        If it lies so and declares no coordinate system.
    """
    middles = shapely.point_on_surface(given.outlines)
    x, y = shapely.get_x(middles), shapely.get_y(middles)
    finding = detective.examine(x, y, city(shipped), declared="cgcs2000", said=given.ids, polygons=given.outlines)
    best = finding.hypotheses[0]
    if finding.verdict != "other" or best.datum not in crs.DATUMS:
        return ()
    zh, en = (
        f"区界图层 {given.source.zh}：{finding.evidence.zh}",
        f"boundary layer {given.source.en}: {finding.evidence.en}",
    )
    if not given.declared:
        raise CRSMismatch(
            f"the layer declares no coordinate system and fits {best.name.en}: {en}",
            f"图层未声明坐标系，且与{best.name.zh}相符：{zh}",
            remedy_en="convert it to CGCS2000 and save it with its coordinate system",
            remedy_zh="请转换为 CGCS2000 并保存坐标系声明",
        )
    return ((f"{zh}已按声明处理，请核对坐标系。", f"{en} The declared system was used; check it."),)


def _undeclared(taken: Taken) -> bool:
    """Whether rows that can be used declare no datum, nor does anybody for them."""
    declared = taken.drafts.declared is not None or taken.reading.datum is not None or taken.reading.control is not None
    return not declared and any(row.datum is None for row in taken.drafts.rows)


def _examine(drafts: Drafts, reading: Reading, register: Register, boundaries: Boundaries) -> Finding | None:
    """The detective's finding for the rows that name no datum, or for those that name the commonest."""
    if reading.control is not None:
        return None
    option = reading.datum if reading.datum is not None else drafts.declared
    datums = Counter(option if row.datum is None else row.datum for row in drafts.rows if _placed(row))
    if not datums:
        return None
    silent = option is None and None in datums
    datum = None if silent else datums.most_common(1)[0][0]
    rows = [row for row in drafts.rows if _placed(row) and (option if row.datum is None else row.datum) == datum]
    x, y = _positions(rows)
    if reading.swap:
        x, y = y, x
    shapes = np.array([row.geometry for row in rows if row.geometry is not None], dtype=object)
    return detective.examine(
        x,
        y,
        city(boundaries),
        declared=datum,
        said=_districts(rows, register),
        polygons=shapes if len(shapes) and not reading.swap else None,
    )


def _placed(row: Draft) -> bool:
    return row.x is not None and row.y is not None if row.geometry is None else not row.geometry.is_empty


def _positions(rows: list[Draft]) -> tuple[Any, Any]:
    """Numbers of each row, a point inside for a geometry; shape (n,) each."""
    pairs = [(row.x, row.y) if row.geometry is None else _middle(row.geometry) for row in rows]
    both = np.array(pairs, dtype=float).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _middle(geometry: Any) -> tuple[float, float]:
    """Middle of the bounding box, which any shape has, valid or not."""
    west, south, east, north = shapely.bounds(geometry)
    return (west + east) / 2, (south + north) / 2


def _districts(rows: list[Draft], register: Register) -> list[str | None]:
    """The district that each row says it is in, where the register knows the word."""
    known: dict[str | None, str | None] = {None: None}
    for word in {row.district for row in rows if row.district is not None}:
        try:
            place = register.find_place(word).id
        except UnknownTerm:
            place = ""
        known[word] = place if place in DISTRICTS else None
    return [known[row.district] for row in rows]


def _refusal(taken: Taken, finding: Finding) -> CRSMismatch:
    """Why the file is refused, and what to type."""
    best = finding.hypotheses[0]
    remedy_zh, remedy_en = _remedy(best)
    if _possible_as_is(finding) and finding.verdict == "other":
        remedy_zh += "；若确为 WGS84，请加 --datum wgs84"
        remedy_en += "; if it is WGS84 all the same give --datum wgs84"
    rows = _row_list(finding, taken)
    if finding.verdict == "disagree":
        odd_zh = f"；与多数不同的行：{rows}" if rows else ""
        odd_en = f"; rows that differ from the rest: {rows}" if rows else ""
        return CRSMismatch(
            f"the rows are not all in one coordinate system: {finding.evidence.en}{odd_en}",
            f"各行坐标系不一致：{finding.evidence.zh}{odd_zh}",
            file=taken.drafts.path,
            remedy_en="give each row its own datum column, or say which holds for all with --datum or --crs",
            remedy_zh="请为各行填写“坐标系”列，或用 --datum、--crs 指明全部适用的坐标系",
        )
    return CRSMismatch(
        f"no datum is declared, and the numbers do not fit WGS84: {finding.evidence.en}",
        f"未声明坐标系，且坐标与 WGS84 不符：{finding.evidence.zh}",
        file=taken.drafts.path,
        remedy_en=remedy_en,
        remedy_zh=remedy_zh,
    )


def _remedy(best: Hypothesis) -> tuple[str, str]:
    """What to type, in Chinese and English."""
    if best.datum is None:
        return (
            "深圳独立坐标系参数未公开，请用 --control-points FILE 给出控制点，或先转换为 CGCS2000",
            "the parameters of Shenzhen's local system are not public: give control points with "
            "--control-points FILE, or have the file converted to CGCS2000",
        )
    if best.factor != 1:
        return (
            f"数值需乘以 {best.factor:g} 才符合 {best.name.zh}，请先换算",
            f"the numbers fit {best.name.en} only when multiplied by {best.factor:g}: convert them first",
        )
    typed = options_for(best)
    return f"核实后加 {typed}", f"if that is so give {typed}"


def options_for(best: Hypothesis) -> str:
    """The options that make a file be read as the hypothesis has it.

    Empty where none does: Shenzhen's local system, numbers in other units.
    """
    if best.datum is None or best.factor != 1:
        return ""
    named = f"--crs EPSG:{best.datum}" if isinstance(best.datum, int) else f"--datum {best.datum}"
    options = [] if best.datum == "wgs84" and best.swapped else [named]
    return " ".join([*options, *(["--swap-axes"] if best.swapped else [])])


def _possible_as_is(finding: Finding) -> bool:
    """Whether any row can be longitude and latitude in or around the city as it stands."""
    return any(one.key == "wgs84" and one.inside + one.near for one in finding.hypotheses)


def _row_list(finding: Finding, taken: Taken) -> str:
    silent = [row.number for row in taken.drafts.rows if _placed(row) and row.datum is None]
    shown = [str(silent[at]) for at in finding.odd_rows[:10]]
    return ", ".join(shown) + ("…" if len(finding.odd_rows) > len(shown) else "")


def read_control_points(path: Path, limits: Limits = Limits()) -> crs.Transformation:
    """The transformation that a file of control points fits.

    The table has ``x`` and ``y`` (local east and north) and either ``lon`` and ``lat``
    (WGS84 or CGCS2000) or ``east`` and ``north`` (EPSG:4547).

    Raises
    ------
    InputError
        If columns or numbers are missing, or the points do not fit.
    """
    layer = sources.read(path, limits=limits)
    names = {name.strip().casefold(): name for name in layer.columns}
    target = next((pair for pair in (("lon", "lat"), ("east", "north")) if set(pair) <= names.keys()), None)
    if target is None or not {"x", "y"} <= names.keys():
        raise InputError(
            "the control points lack columns",
            "控制点文件缺少列",
            file=path,
            value=", ".join(layer.columns),
            remedy_en="give x and y (local east and north) with lon and lat, or with east and north in EPSG:4547",
            remedy_zh="请给出 x、y（地方坐标的东、北）以及 lon、lat，或 EPSG:4547 的 east、north",
        )
    numbers = np.empty((len(layer.rows), 4))
    for at, (record, number) in enumerate(zip(layer.rows, layer.numbers, strict=True)):
        for place, name in enumerate(("x", "y", *target)):
            try:
                numbers[at, place] = sites.read_coordinate(record[names[name]])[0]
            except ValueError as error:
                raise InputError(
                    "a control point is not a number",
                    "控制点不是数字",
                    file=path,
                    row=number,
                    field=names[name],
                    value=record[names[name]],
                    remedy_en="correct or remove this point",
                    remedy_zh="请改正或删除该点",
                ) from error
    known = numbers[:, 2:]
    if target == ("east", "north"):
        known = np.column_stack(crs.to_wgs84(known[:, 0], known[:, 1], crs.PROJECTED))
    return crs.fit_control_points(numbers[:, :2], known)
