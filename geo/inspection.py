"""What a file holds, on one screen (layer 7): for `parksite inspect`."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from geo import check, crs, intake, sites
from geo.detective import Finding, Hypothesis
from geo.errors import CRSMismatch, Lang
from geo.intake import Taken
from geo.register import Register
from geo.schema import SITE_COLUMNS
from geo.sites import Reading, SiteList
from geo.sources import LayerInfo, Note
from geo.spelling import even_out

_SHOWN_LAYERS, _SHOWN_HYPOTHESES, _SHOWN_ALIKE, _SHOWN_PROBLEMS = 8, 4, 3, 10

Record = dict[str, Any]


@dataclass(frozen=True)
class Inspection:
    """A file as parksite understands it.

    Attributes
    ----------
    found : SiteList or None
        The rows as settled in `reading`; None where no coordinate system fits.
    unknown : tuple of (int, str, str, tuple of str)
        Row, column, word and nearest known words of each field or stage not known.
    """

    path: Path
    taken: Taken
    layers: tuple[LayerInfo, ...]
    reading: Reading
    found: SiteList | None
    unknown: tuple[tuple[int, str, str, tuple[str, ...]], ...]

    @property
    def clean(self) -> bool:
        """Whether every row can be used and is understood."""
        return not self.unknown and not (self.found and self.found.rejected)


def inspect(path: Path, taken: Taken, layers: tuple[LayerInfo, ...], register: Register) -> Inspection:
    """Judge the rows in the system that the file declares, or in the one that fits best."""
    reading = _best_reading(taken)
    try:
        found = sites.settle(taken.drafts, reading)
    except CRSMismatch:
        found = None
    return Inspection(path, taken, layers, reading, found, tuple(_unknown(taken, register)))


def _best_reading(taken: Taken) -> Reading:
    finding, asked = taken.finding, taken.reading
    said = asked.datum is not None or asked.control is not None or taken.drafts.declared is not None
    if finding is None or said or finding.verdict != "other":
        return asked
    best = finding.hypotheses[0]
    if not intake.options_for(best):
        return asked
    return Reading(best.datum, asked.swap != best.swapped)


def _unknown(taken: Taken, register: Register) -> list[tuple[int, str, str, tuple[str, ...]]]:
    asked = {(row.field, row.stage) for row in taken.drafts.rows}
    faults = {one: check.ask(register, *one).unknown for one in asked}
    return [
        (row.number, fault.column, fault.value, tuple(fault.suggestions))
        for row in taken.drafts.rows
        for fault in faults[row.field, row.stage]
    ]


def document(inspection: Inspection) -> Record:
    """Everything found, as plain records."""
    taken, found, finding = inspection.taken, inspection.found, inspection.taken.finding
    layer = taken.layer
    return {
        "file": inspection.path.name,
        "format": layer.format,
        "bytes": _size(inspection.path),
        "encoding": layer.encoding,
        "encoding_basis": layer.encoding_basis,
        "layers": [
            {"name": one.name, "rows": one.rows, "geometry": one.geometry, "crs": one.crs, "columns": list(one.columns)}
            for one in inspection.layers
        ],
        "layer": layer.name,
        "columns": {name: _meaning(name) for name in layer.columns},
        "declared": None if taken.drafts.declared is None else sites.datum_name(taken.drafts.declared),
        "declared_by": layer.crs_basis,
        "datum": None if finding is None else _finding(finding),
        "read_as": None if found is None else _read_as(inspection),
        "bounds_wgs84": None if found is None or not found.sites else _bounds(found),
        "rows": len(taken.drafts.rows),
        "usable": None if found is None else len(found.sites),
        "rejected": [
            {"row": one.row, "line": one.line, "id": one.id, "reason": {"zh": one.reason("zh"), "en": one.reason("en")}}
            for one in (found.rejected if found else ())
        ],
        "to_be_checked": [
            {"row": site.row, "id": site.id, "note": {"zh": zh, "en": en}}
            for site in (found.sites if found else ())
            for zh, en in site.notes
        ],
        "unrecognised": [
            {"row": row, "column": column, "value": word, "suggestions": list(near)}
            for row, column, word, near in inspection.unknown
        ],
        "notes": [{"zh": zh, "en": en} for zh, en in _notes(inspection)],
    }


def _finding(finding: Finding) -> Record:
    return {
        "verdict": finding.verdict,
        "evidence": {"zh": finding.evidence.zh, "en": finding.evidence.en},
        "hypotheses": [
            {
                "key": one.key,
                "name": {"zh": one.name.zh, "en": one.name.en},
                "inside": one.inside,
                "near": one.near,
                "far": one.far,
                "agree": one.agree,
                "contradict": one.contradict,
                "shift_m": one.shift_m,
                "log_odds": round(one.log_odds, 2) if abs(one.log_odds) < 1e300 else None,
                "alike": list(one.alike),
            }
            for one in finding.hypotheses
        ],
    }


def text(inspection: Inspection, lang: Lang) -> str:
    """One screen for a person."""
    zh = lang == "zh"
    taken, layer, found = inspection.taken, inspection.taken.layer, inspection.found
    basis = {"declared": ("文件声明", "declared"), "measured": ("按文本测得", "measured"), None: ("", "")}.get(
        layer.encoding_basis, ("字节顺序标记", "byte-order mark")
    )
    encoding = f"{layer.encoding}（{basis[0]}）" if zh else f"{layer.encoding} ({basis[1]})"
    head = [inspection.path.name, layer.format, _bytes(_size(inspection.path)), *([encoding] if layer.encoding else [])]
    lines = ["  ".join(head), *_layer_lines(inspection, lang), *_column_lines(layer.columns, lang)]
    declared = taken.drafts.declared
    if declared is None:
        lines.append("坐标系：文件未声明" if zh else "Coordinate system: not declared by the file")
    else:
        name = sites.datum_name(declared)
        by_format = layer.crs_basis == "format"
        lines.append(
            f"坐标系：{name}（{'该格式规定' if by_format else '文件声明'}）"
            if zh
            else f"Coordinate system: {name} ({'fixed by the format' if by_format else 'declared by the file'})"
        )
    lines += _finding_lines(taken.finding, lang)
    if found is None:
        lines.append(
            "坐标系未定，各行未能核验。" if zh else "No coordinate system is settled; the rows were not judged."
        )
    else:
        lines += _row_lines(inspection, found, lang)
    lines += [f"{'注意：' if zh else 'note: '}{note[0 if zh else 1]}" for note in _notes(inspection)]
    typed = _next_command(inspection)
    return "\n".join([*lines, f"{'下一步：' if zh else 'Next: '}{typed}"] if typed else lines)


def _next_command(inspection: Inspection) -> str:
    """The check of this file as it was read here; empty where it cannot be read."""
    if inspection.found is None or not inspection.found.sites:
        return ""
    finding, asked = inspection.taken.finding, inspection.reading
    guessed = asked is not inspection.taken.reading and finding is not None
    options = [intake.options_for(finding.hypotheses[0])] if guessed and finding else []
    if not guessed:
        options += [f"--crs EPSG:{asked.datum}"] if isinstance(asked.datum, int) else []
        options += [f"--datum {asked.datum}"] if isinstance(asked.datum, str) else []
        options += ["--control-points FILE"] if asked.control is not None else []
        options += ["--swap-axes"] if asked.swap else []
    if len(inspection.layers) > 1:
        options.append(f"--layer {shlex.quote(str(inspection.taken.layer.name))}")
    return " ".join(["parksite check", shlex.quote(inspection.path.name), *options])


def _layer_lines(inspection: Inspection, lang: Lang) -> list[str]:
    zh = lang == "zh"
    if len(inspection.layers) < 2:
        return []
    lines = ["图层：" if zh else "Layers:"]
    for one in inspection.layers[:_SHOWN_LAYERS]:
        count = "?" if one.rows is None else f"{one.rows:,}"
        kind = [one.geometry or ("无几何" if zh else "no geometry"), one.crs or ("未声明坐标系" if zh else "no CRS")]
        mark = "*" if one.name == inspection.taken.layer.name else "-"
        lines.append(f"  {mark} {one.name}  {count} {'行' if zh else 'rows'}  {'  '.join(kind)}")
    more = len(inspection.layers) - _SHOWN_LAYERS
    return [*lines, f"  … {more}"] if more > 0 else lines


def _column_lines(names: tuple[str, ...], lang: Lang) -> list[str]:
    zh = lang == "zh"
    understood = [f"{name}={ours}" for name in names if (ours := _meaning(name)) is not None]
    others = [name for name in names if _meaning(name) is None]
    rest = ("、" if zh else ", ").join(others[:15]) + ("…" if len(others) > 15 else "")
    lines = [("识别的列：" if zh else "Columns understood: ") + ("  ".join(understood) or ("无" if zh else "none"))]
    return [*lines, ("原样保留的列：" if zh else "Columns kept as they are: ") + rest] if others else lines


def _meaning(name: str) -> str | None:
    """Our name of a column, if it has one."""
    plain = even_out(name)
    return next((ours for ours, aliases in SITE_COLUMNS.items() if plain in map(even_out, (ours, *aliases))), None)


def _finding_lines(finding: Finding | None, lang: Lang) -> list[str]:
    if finding is None:
        return []
    zh = lang == "zh"
    lines = ["坐标系推断（按证据排序）：" if zh else "What the numbers fit, best first:"]
    best = finding.hypotheses[0]
    fitting = [one for one in finding.hypotheses[1:] if (one.inside or one.near) and one.key not in best.alike]
    fitting.insert(0, best)
    for place, one in enumerate(fitting[:_SHOWN_HYPOTHESES], start=1):
        lines.append(f"  {place}. {_hypothesis(one, lang)}")
    return [*lines, f"  {finding.evidence.zh if zh else finding.evidence.en}"]


def _hypothesis(one: Hypothesis, lang: Lang) -> str:
    zh = lang == "zh"
    words = [
        one.name.zh if zh else one.name.en,
        f"市内 {one.inside}，周边 {one.near}，其他 {one.far}"
        if zh
        else f"in the city {one.inside}, near it {one.near}, elsewhere {one.far}",
    ]
    if one.agree or one.contradict:
        words.append(
            f"区属列相符 {one.agree}，不符 {one.contradict}"
            if zh
            else f"district column agrees {one.agree}, contradicts {one.contradict}"
        )
    if one.shift_m is not None:
        words.append(f"与区界偏移 {one.shift_m:,.0f} m" if zh else f"outlines shifted by {one.shift_m:,.0f} m")
    if one.alike:
        more = ["…"] if len(one.alike) > _SHOWN_ALIKE else []
        names = [_system_name(key, lang) for key in one.alike[:_SHOWN_ALIKE]]
        words.append(("无法区分：" if zh else "not to be told from: ") + ", ".join([*names, *more]))
    return ("；" if zh else "; ").join(words)


def _system_name(key: str, lang: Lang) -> str:
    """A key of the detective as people call it."""
    base, _, rest = key.partition("-")
    if base in crs.DATUMS or base.startswith("EPSG:"):
        words = crs.describe(crs.parse_datum(base))
        return (words.zh if lang == "zh" else words.en) + (f"-{rest}" if rest else "")
    return key


def _row_lines(inspection: Inspection, found: SiteList, lang: Lang) -> list[str]:
    zh = lang == "zh"
    lines = []
    if found.sites:
        west, south, east, north = _bounds(found)
        lines.append(
            f"按 {_read_as(inspection)} 读取，WGS84 范围：{west:.4f}–{east:.4f}°E，{south:.4f}–{north:.4f}°N"
            if zh
            else f"Read as {_read_as(inspection)}; extent in WGS84: {west:.4f}–{east:.4f}°E, {south:.4f}–{north:.4f}°N"
        )
    problems = _problems(inspection, found, lang)
    noted = sum(bool(site.notes) for site in found.sites)
    total, good, bad = len(inspection.taken.drafts.rows), len(found.sites), len(found.rejected)
    unknown = len({row for row, *_ in inspection.unknown})
    lines.append(
        f"行数 {total}：可用 {good}，拒绝 {bad}，待核 {noted}，领域或环节无法识别 {unknown}"
        if zh
        else f"Rows {total}: usable {good}, rejected {bad}, to be checked {noted}, field or stage not known {unknown}"
    )
    lines += [f"  {one}" for one in problems[:_SHOWN_PROBLEMS]]
    more = len(problems) - _SHOWN_PROBLEMS
    if more > 0:
        lines.append(f"  ……另有 {more} 条" if zh else f"  … {more} more")
    return lines


def _problems(inspection: Inspection, found: SiteList, lang: Lang) -> list[str]:
    """Every problem by row, the worst kind first."""
    zh = lang == "zh"
    lines = [f"{'拒绝' if zh else 'rejected'} {one.label(lang)}: {one.reason(lang)}" for one in found.rejected]
    for row, column, word, near in inspection.unknown:
        lines.append(
            f"第 {row} 行：{column}“{word}”无法识别，是否指 {'、'.join(near)}？"
            if zh
            else f"row {row}: {column} {word!r} is not known; did you mean {', '.join(near)}?"
        )
    at = 0 if zh else 1
    lines += [
        f"{'待核' if zh else 'to be checked'} {site.id}: {note[at]}" for site in found.sites for note in site.notes
    ]
    return lines


def _read_as(inspection: Inspection) -> str:
    reading, declared = inspection.reading, inspection.taken.drafts.declared
    known = reading.datum or declared or "wgs84"
    name = "control-points" if reading.control is not None else sites.datum_name(known)
    return f"{name} --swap-axes" if reading.swap else name


def _notes(inspection: Inspection) -> tuple[Note, ...]:
    if inspection.found is not None:
        return inspection.found.warnings
    return inspection.taken.drafts.notes


def _bounds(found: SiteList) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds([site.geometry for site in found.sites])
    return tuple(round(float(one), 7) for one in (west, south, east, north))  # type: ignore[return-value]


def _size(path: Path) -> int:
    """Bytes of a file, or of the files of a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())


def _bytes(size: int) -> str:
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} B"
