"""A vector file as features in EPSG:4547: its datum examined as that of a list of sites is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs, intake, sites
from geo.districts import Boundaries
from geo.errors import InputError, RowError
from geo.intake import Request, Taken
from geo.layers.columns import column
from geo.layers.model import Basis
from geo.layers.shapes import mend
from geo.register import Register
from geo.sites import Draft
from geo.sites.position import assumed, control_name, datum_name, misfit
from geo.sources import Note

_CONTROL = "control-points"
_NAMES = {"wgs84": "WGS84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}


@dataclass(frozen=True)
class Converted:
    """Features of a file.

    Attributes
    ----------
    geometry : array of shapely geometries, shape (n,)
        In EPSG:4547, valid, none empty.
    columns : mapping of str to array, each of shape (n,)
    label : str
        Column that names the features; empty where none does.
    datum : str
        What the file was in.
    basis : str
        How that is known, as `Entry.datum_basis` has it.
    left_out : tuple of RowError
        Rows that could not be used.
    """

    geometry: NDArray[Any]
    columns: dict[str, NDArray[Any]]
    label: str
    datum: str
    basis: Basis
    notes: tuple[Note, ...]
    left_out: tuple[RowError, ...]


def take(path: Path, request: Request, label: str | None, register: Register, boundaries: Boundaries) -> Converted:
    """Read, examine and convert a vector file.

    Raises
    ------
    CRSMismatch
        If it declares no datum and fits another than the one that would be assumed.
    InputError
        If it cannot be read, holds no feature that can be used, or lacks the column `label`.
    """
    taken = intake.take(path, request, register, boundaries)
    refused = intake.refusal(taken)
    if refused is not None:
        raise refused
    name = _label(taken, label)
    drafts = taken.drafts.rows
    faults: dict[int, RowError] = {at: row.faults[0] for at, row in enumerate(drafts) if row.faults}
    shapes = np.array([_shape(row) for row in drafts] + [None], dtype=object)[:-1]
    groups: dict[Any, list[int]] = defaultdict(list)
    for at, row in enumerate(drafts):
        if at not in faults and shapes[at] is not None:
            groups[_datum(row, taken)].append(at)
    for datum, members in groups.items():
        shapes[members], wrong = _metric(shapes[members], datum, taken)
        faults |= {members[at]: fault for at, fault in wrong.items()}
    mended = mend(shapes)
    for lost in np.flatnonzero(~mended.kept).tolist():
        faults.setdefault(lost, _empty())
    for at, fault in faults.items():
        fault.file, fault.row, fault.line = path, drafts[at].number, drafts[at].line
    kept = np.array([at for at in range(len(drafts)) if at not in faults], dtype=np.intp)
    if not len(kept):
        raise _nothing(path, faults.get(min(faults, default=0)))
    rows = [taken.layer.rows[at] for at in kept]
    return Converted(
        mended.geometry[kept],
        {one: column([row.get(one) for row in rows]) for one in taken.layer.columns},
        name,
        "; ".join(_said(datum, taken) for datum in groups),
        _basis(taken),
        (
            *taken.drafts.notes,
            *intake.contradiction(taken),
            *_doubt(taken),
            *_notes(groups, taken),
            *_repairs(mended),
        ),
        tuple(faults[at] for at in sorted(faults)),
    )


def _shape(row: Draft) -> Any:
    if row.geometry is not None or row.x is None or row.y is None:
        return row.geometry
    return shapely.Point(row.x, row.y)


def _datum(row: Draft, taken: Taken) -> Any:
    """Datum of a row: its own, then the option, then the file's, else WGS84."""
    asked = taken.reading
    for one in (row.datum, _CONTROL if asked.control is not None else asked.datum, taken.drafts.declared):
        if one is not None:
            return one
    return "wgs84"


def _metric(shapes: NDArray[Any], datum: Any, taken: Taken) -> tuple[NDArray[Any], dict[int, RowError]]:
    """Geometries of one datum in EPSG:4547, and the faults of those that cannot be in it."""
    asked = taken.reading
    if asked.swap:
        shapes = np.asarray(shapely.transform(shapes, lambda xy: xy[:, ::-1]))
    west, south, east, north = shapely.bounds(shapes).T
    if datum == _CONTROL:
        degrees = shapely.transform(shapes, lambda xy: np.column_stack(asked.control.apply(xy[:, 0], xy[:, 1])))
        return np.asarray(crs.project(degrees)), {}
    faults = misfit(east, north, datum, asked.swap) | misfit(west, south, datum, asked.swap)
    good = np.ones(len(shapes), dtype=bool)
    good[list(faults)] = False
    made = shapes.copy()
    if datum != crs.PROJECTED:
        made[good] = crs.project(crs.shift_geometries(shapes[good], datum))
    made[~good] = None
    return made, faults


def _label(taken: Taken, label: str | None) -> str:
    """The column that names the features: the one asked for, else one that is called so."""
    columns = taken.layer.columns
    if label is None:
        return sites.understood(columns).get("name", "")
    if label not in columns:
        raise InputError(
            "there is no such column",
            "没有该列",
            file=taken.layer.path,
            field="label",
            value=label,
            remedy_en=f"there are {', '.join(columns[:20]) or 'none'}",
            remedy_zh=f"可用：{'、'.join(columns[:20]) or '无'}",
        )
    return label


def _said(datum: Any, taken: Taken) -> str:
    """A datum as the record has it, with how it is known."""
    if datum == _CONTROL:
        return control_name(taken.reading.control)
    name = _NAMES[datum] if isinstance(datum, str) else datum_name(datum)
    return f"{name} (assumed)" if taken.undeclared else name


def _basis(taken: Taken) -> Basis:
    """How the datum is known, by what decides it in `_datum`; the weakest where rows differ."""
    if taken.undeclared:
        return "assumed"
    if all(row.datum is not None for row in taken.drafts.rows):
        return "rows"
    if taken.reading.control is not None or taken.reading.datum is not None:
        return "you"
    return taken.layer.crs_basis or "file"


def _doubt(taken: Taken) -> tuple[Note, ...]:
    """A warning where WGS84 is what a program wrote, or the format wants, and web maps' datums fit as well.

    A program that exports degrees names WGS84 whatever they are; CGCS2000 and metres are
    named by those who know.
    """
    finding = taken.finding
    if finding is None or finding.verdict != "as_is" or taken.drafts.declared != "wgs84":
        return ()
    if _basis(taken) not in ("file", "format") or not {"gcj02", "bd09"} & set(finding.hypotheses[0].alike):
        return ()
    zh, en = ("该格式规定", "as its format has it") if _basis(taken) == "format" else ("文件声明", "as the file says")
    return (
        (
            f"坐标按 WGS84 处理（{zh}）；这些数值同样符合 GCJ-02、BD-09（相差约 0.6 至 1.2 公里），"
            "如来自高德、腾讯或百度地图，请用 --datum gcj02 或 bd09 重新添加。",
            f"The coordinates are taken as WGS84 ({en}); GCJ-02 and BD-09, 0.6 to 1.2 km away, fit the numbers as "
            "well: if the layer came from AMap, Tencent or Baidu, add it again with --datum gcj02 or bd09.",
        ),
    )


def _notes(datums: Any, taken: Taken) -> list[Note]:
    """What is to be said of the conversion."""
    found: list[Note] = [assumed(taken.layer.path)] if taken.undeclared else []
    declared, option = taken.drafts.declared, taken.reading.datum
    if declared is not None and option is not None and declared != option:
        said, other = datum_name(declared), datum_name(option)
        found.append(
            (f"文件声明 {said}，按选项 {other} 处理。", f"The file declares {said}; the option {other} is used.")
        )
    for datum in datums:
        good = None if datum == _CONTROL else crs.accuracy_m(datum)
        if datum == _CONTROL or (good is not None and good <= crs.EXACT_M):
            continue
        name = datum_name(datum)
        found.append(
            (
                f"{name} 到 CGCS2000 的转换参数未公开，图层可能偏差百米左右。",
                f"No transformation from {name} to CGCS2000 is public: the layer may be off by about a hundred metres.",
            )
            if good is None
            else (
                f"{name} 到 CGCS2000 的转换精度为 {good:g} m。",
                f"The transformation from {name} to CGCS2000 is good to {good:g} m.",
            )
        )
    return found


def _repairs(mended: Any) -> list[Note]:
    found: list[Note] = []
    if mended.repaired:
        found.append(
            (f"{mended.repaired} 个几何无效，已修复。", f"{mended.repaired} geometries were invalid and were mended.")
        )
    if mended.mixed:
        found.append(
            (
                f"{mended.mixed} 个几何为混合类型，只取其中的面（无面则取线）。",
                f"{mended.mixed} geometries were of mixed kinds: their areas were kept, else their lines.",
            )
        )
    return found


def _empty() -> RowError:
    return RowError(
        "there is no geometry, or nothing is left of it once it is valid",
        "没有几何，或修复后为空",
        field="geometry",
        remedy_en="draw this feature again, or leave it out",
        remedy_zh="请重新绘制该要素，或将其删除",
    )


def _nothing(path: Path, first: RowError | None) -> InputError:
    """What is said of a file without a feature that can be used; an empty layer would keep every rule."""
    if first is None:
        return InputError(
            "the file holds no feature",
            "文件中没有要素",
            file=path,
            remedy_en="check what was exported",
            remedy_zh="请检查导出内容",
        )
    return InputError(
        f"no feature of the file can be used; the first: {first.en}",
        f"文件中没有可用要素；首个要素：{first.zh}",
        file=path,
        row=first.row,
        field=first.field,
        value=first.value,
        remedy_en=first.remedy_en,
        remedy_zh=first.remedy_zh,
    )
