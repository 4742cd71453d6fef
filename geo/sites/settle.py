"""From drafted rows to sites in WGS84: datums by precedence, ranges, shapes, ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs
from geo.errors import CRSMismatch, RowError
from geo.schema import Site
from geo.sites.model import DatumBasis, Draft, Drafts, Faults, Reading, Rejected, SiteList
from geo.sites.position import assumed, control_name, datum_name, misfit
from geo.sites.shape import mend, plausible, single_kind
from geo.sources import Note

CONTROL = "control-points"


def settle(drafts: Drafts, reading: Reading, *, sample: bool = False) -> SiteList:
    """Convert every usable row to WGS84; the others are rejected with all their faults.

    Raises
    ------
    CRSMismatch
        If the columns are x and y and no coordinate system is known.
    """
    return _without_repeats(settle_rows(drafts, reading, sample=sample), drafts)


def settle_rows(drafts: Drafts, reading: Reading, *, sample: bool = False) -> SiteList:
    """The same with the ids as they stand: missing, or seen before.

    Raises
    ------
    CRSMismatch
        If the columns are x and y and no coordinate system is known.
    """
    if (
        drafts.metric
        and reading.datum is None
        and reading.control is None
        and any(not one.datum for one in drafts.rows)
    ):
        raise CRSMismatch(
            "x and y need a coordinate system",
            "x、y 坐标需要指明坐标系",
            file=drafts.path,
            remedy_en="give --crs EPSG:4547 (or the code of your file)",
            remedy_zh="请给出 --crs EPSG:4547（或文件所用代码）",
        )
    warnings: dict[Note, None] = dict.fromkeys(drafts.notes)
    groups: dict[Any, list[int]] = defaultdict(list)
    basis: list[DatumBasis] = []
    for at, row in enumerate(drafts.rows):
        datum, known = datum_of_row(row, drafts, reading, warnings)
        groups[datum].append(at)
        basis.append(known)
    placed: dict[int, tuple[Any, tuple[Note, ...]]] = {}
    faults: dict[int, Faults] = {at: row.faults for at, row in enumerate(drafts.rows)}
    for datum, members in groups.items():
        usable = [at for at in members if not drafts.rows[at].faults]
        results = _place([drafts.rows[at] for at in usable], datum, reading)
        for at, (shape, notes, fault) in zip(usable, results, strict=True):
            if fault is None:
                placed[at] = shape, notes
            else:
                faults[at] = (fault,)
    for datum in groups:
        warnings |= dict.fromkeys(accuracy_notes(datum, reading))
    datums = {at: datum for datum, members in groups.items() for at in members}
    sites = [
        _site(drafts.rows[at], shape, notes, datums[at], basis[at], reading)
        for at, (shape, notes) in sorted(placed.items())
    ]
    rejected = [rejected_row(row, faults[at], drafts) for at, row in enumerate(drafts.rows) if at not in placed]
    if any(site.datum_basis == "assumed" for site in sites):
        warnings[assumed(drafts.path)] = None
    if not drafts.rows:
        name = drafts.path.name
        warnings[(f"{name}：没有数据行。", f"{name}: there are no rows below the header.")] = None
    return SiteList(
        tuple(sites), tuple(rejected), tuple(warnings), drafts.columns, drafts.path.name, drafts.digest, sample
    )


def datum_of_row(row: Draft, drafts: Drafts, reading: Reading, warnings: dict[Note, None]) -> tuple[Any, DatumBasis]:
    """Datum of a row: its own, then the option, then the file's; differences are warned of."""
    file, option = drafts.path.name, CONTROL if reading.control is not None else reading.datum
    if row.datum is not None:
        if option is not None and row.datum != option:
            name, other = datum_name(row.datum), datum_name(option)
            zh = f"{file}：部分行自带坐标系 {name}，与选项 {other} 不同，以行内为准。"
            en = f"{file}: rows name the datum {name}, the option says {other}; the rows' own is used."
            warnings[(zh, en)] = None
        return row.datum, "declared"
    if option is not None:
        if drafts.declared is not None and option != drafts.declared:
            declared, other = datum_name(drafts.declared), datum_name(option)
            zh = f"{file}：文件声明 {declared}，按选项 {other} 处理。"
            en = f"{file}: the file declares {declared}; the option {other} is used."
            warnings[(zh, en)] = None
        return option, "declared"
    return ("wgs84", "assumed") if drafts.declared is None else (drafts.declared, "declared")


def accuracy_notes(datum: Any, reading: Reading) -> tuple[Note, ...]:
    """What is to be said of a conversion that is not exact."""
    if datum == CONTROL:
        fit = reading.control
        zh = f"按 {len(fit.residuals_m)} 个控制点拟合（{fit.method}）：残差 {fit.rms_m:.3f} m，最大 {fit.max_m:.3f} m。"
        en = f"fitted to {len(fit.residuals_m)} control points ({fit.method}): {fit.rms_m:.3f} m rms, "
        en += f"{fit.max_m:.3f} m at most."
        return ((zh, en),)
    accuracy, name = crs.accuracy_m(datum), datum_name(datum)
    if accuracy is None:
        zh = f"{name} 到 CGCS2000 的转换参数未公开，坐标可能偏差百米左右；距界近的地块区属按待核处理。"
        en = (
            f"no transformation from {name} to CGCS2000 is public, so that positions may be off by about a hundred "
            "metres; near a border the district is to be confirmed."
        )
        return ((zh, en),)
    if accuracy > crs.EXACT_M:
        zh = f"{name} 到 CGCS2000 的转换精度为 {accuracy:g} m；距界更近的地块区属按待核处理。"
        en = f"the transformation from {name} to CGCS2000 is good to {accuracy:g} m; "
        en += "nearer to a border than that the district is to be confirmed."
        return ((zh, en),)
    return ()


def _place(rows: list[Draft], datum: Any, reading: Reading) -> Iterable[tuple[Any, tuple[Note, ...], RowError | None]]:
    """Shape in WGS84, notes and fault of each row of one datum."""
    shapes = np.empty(len(rows), dtype=object)
    notes: list[tuple[Note, ...]] = [() for _ in rows]
    faults: list[RowError | None] = [None for _ in rows]
    for at, row in enumerate(rows):
        if row.geometry is None and row.x is not None and row.y is not None:
            shapes[at] = shapely.Point(row.x, row.y)
            continue
        try:
            shapes[at], notes[at] = single_kind(row.geometry, row)
        except RowError as error:
            faults[at] = error
    kept = np.array([at for at, fault in enumerate(faults) if fault is None], dtype=np.intp)
    if reading.swap:
        shapes[kept] = shapely.transform(shapes[kept], lambda xy: xy[:, ::-1])
    west, south, east, north = shapely.bounds(shapes[kept]).reshape(-1, 4).T
    for at, fault in misfits(west, south, east, north, datum, reading).items():
        faults[kept[at]] = _at(rows[kept[at]], fault)
    fit = np.array([at for at in kept if faults[at] is None], dtype=np.intp)
    shapes[fit] = converted_shapes(shapes[fit], datum, reading)
    for at in fit:
        try:
            shapes[at], repairs = mend(shapes[at], rows[at])
            notes[at] = (*rows[at].notes, *notes[at], *repairs, *plausible(shapes[at], rows[at]))
        except RowError as error:
            faults[at] = error
    return zip(shapes, notes, faults, strict=True)


def converted_shapes(shapes: NDArray[Any], datum: Any, reading: Reading) -> NDArray[Any]:
    """Shapes of one datum in WGS84."""
    if datum == CONTROL:
        return np.asarray(
            shapely.transform(shapes, lambda xy: np.column_stack(reading.control.apply(xy[:, 0], xy[:, 1])))
        )
    return np.asarray(crs.shift_geometries(shapes, datum))


def misfits(west: Any, south: Any, east: Any, north: Any, datum: Any, reading: Reading) -> dict[int, RowError]:
    """By their place, why bounding boxes cannot be what the datum says."""
    if datum == CONTROL:
        far = np.flatnonzero(reading.control.outside(west, south) | reading.control.outside(east, north))
        return {at: _far_from_control(west[at], south[at]) for at in far.tolist()}
    return misfit(east, north, datum, reading.swap) | misfit(west, south, datum, reading.swap)


def _far_from_control(x: float, y: float) -> RowError:
    return RowError(
        "the position lies far from the control points",
        "坐标远离控制点范围",
        value=f"{x:.12g}, {y:.12g}",
        remedy_en="check x (east) and y (north), give --swap-axes, or add control points around the site",
        remedy_zh="请检查 x（东）、y（北），或加 --swap-axes，或在地块周围增加控制点",
    )


def _at(row: Draft, fault: RowError) -> RowError:
    fault.row, fault.line = row.number, row.line
    fault.field = "geometry" if row.geometry is not None else ", ".join(row.axes)
    return fault


def _site(row: Draft, shape: Any, notes: tuple[Note, ...], datum: Any, basis: DatumBasis, reading: Reading) -> Site:
    name = control_name(reading.control) if datum == CONTROL else datum_name(datum)
    given: dict[str, object] = (
        {"wkt": row.geometry.wkt, "datum": name}
        if row.geometry is not None
        else {row.axes[0]: row.x, row.axes[1]: row.y, "datum": name}
    )
    return Site(
        id=row.id or "",
        name=row.name or "",
        geometry=shape,
        field_query=row.field,
        stage_query=row.stage,
        datum=name,
        datum_basis=basis,
        accuracy_m=reading.control.max_m if datum == CONTROL else crs.accuracy_m(datum),
        district_query=row.district,
        input=given,
        attributes=row.attributes,
        notes=notes,
        row=row.number,
    )


def rejected_row(row: Draft, faults: Faults, drafts: Drafts) -> Rejected:
    """A drafted row that cannot be used, with its faults."""
    for fault in faults:
        fault.file = drafts.path
    attributes = dict(row.attributes)
    if row.geometry is not None and "wkt" not in {name.casefold() for name in attributes}:
        attributes["wkt"] = shapely.to_wkt(row.geometry, rounding_precision=-1)
        if "datum" not in attributes and isinstance(drafts.declared, str | int):
            attributes["datum"] = datum_name(drafts.declared)
    return Rejected(row.number, row.id, faults, attributes, row.line, row.field, row.stage)


def repeated(ident: str, first: int, row: int, line: int | None, *, other: str = "") -> RowError:
    """The fault of a row whose id stands in the row `first` already, of the file `other` if it is another."""
    return RowError(
        f"the id stands in row {first}{f' of {other}' if other else ''} already",
        f"编号与{f'文件 {other} ' if other else ''}第 {first} 行重复",
        row=row,
        line=line,
        field="id",
        value=ident,
        remedy_en="give every site an id of its own",
        remedy_zh="请为每个选址使用唯一编号",
    )


def _without_repeats(found: SiteList, drafts: Drafts) -> SiteList:
    """Reject every row whose id an earlier row has; a row without one gets its number.

    Where another row carries that number as its id, it becomes ``row-<number>``.
    """
    taken = {site.id for site in found.sites}
    drafted = {row.number: row for row in drafts.rows}
    first: dict[str, int] = {}
    kept: list[Site] = []
    rejected = list(found.rejected)
    for site in found.sites:
        number = str(site.row)
        named = site if site.id else replace(site, id=number if number not in taken else f"row-{number}")
        if named.id in first:
            error = repeated(named.id, first[named.id], named.row, drafted[named.row].line)
            rejected.append(rejected_row(drafted[named.row], (error,), drafts))
        else:
            first[named.id] = named.row
            kept.append(named)
    return replace(found, sites=tuple(kept), rejected=tuple(sorted(rejected, key=lambda one: one.row)))
