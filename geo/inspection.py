"""What a file holds, on one screen (layer 7): for `parksite inspect`."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from geo import crs, intake, sites
from geo.detective import Finding, Hypothesis
from geo.errors import CRSMismatch, Lang, one_line
from geo.intake import Request, Taken
from geo.schema import COLUMN_NAMES, SITE_COLUMNS, Site
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
    request : Request
        What the caller said of it.
    reading : Reading
        How the rows were read: as said or declared, or as fits best.
    found : SiteList or None
        The rows so read; None where no coordinate system fits.
    records : list of dict
        The answers to `found`, in step.
    refused : CRSMismatch or None
        Why a check without further options is refused.
    """

    path: Path
    taken: Taken
    layers: tuple[LayerInfo, ...]
    request: Request
    reading: Reading
    found: SiteList | None
    records: list[Record]
    warnings: tuple[Note, ...]
    refused: CRSMismatch | None

    @property
    def clean(self) -> bool:
        """Whether every row can be used and is understood."""
        return not (self.found and self.found.rejected) and not any(one["unrecognised"] for one in self.records)


def best_reading(taken: Taken) -> Reading:
    """How the file would be read as the evidence has it, if nothing declares its datum."""
    finding, asked = taken.finding, taken.reading
    if finding is None or not taken.undeclared or finding.verdict not in ("other", "as_is"):
        return asked
    best = finding.hypotheses[0]
    if finding.verdict == "as_is":
        return Reading("wgs84", asked.swap) if taken.drafts.metric else asked
    if any(row.datum is not None for row in taken.drafts.rows) or not intake.options_for(best):
        return asked
    return Reading(best.datum, asked.swap != best.swapped)


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
        "declared": _declared(taken),
        "declared_by": layer.crs_basis or ("rows" if _row_datums(taken) else None),
        "datum": None if finding is None else _finding(finding),
        "read_as": None if found is None else _read_as(inspection),
        "bounds_wgs84": None if found is None or not found.sites else _bounds(found),
        "rows": len(taken.drafts.rows),
        "usable": None if found is None else len(found.sites),
        "refused": _both(inspection.refused),
        "rejected": [
            {"row": one.row, "line": one.line, "id": one.id, "reason": {"zh": one.reason("zh"), "en": one.reason("en")}}
            for one in (found.rejected if found else ())
        ],
        "to_be_checked": [
            {"row": site.row, "id": site.id, "note": note}
            for site, record in _answered(inspection)
            for note in record["notes"]
        ],
        "unrecognised": [
            {"row": site.row, "column": one["column"], "value": one["value"], "suggestions": one["suggestions"]}
            for site, record in _answered(inspection)
            for one in record["unrecognised"]
        ],
        "notes": [{"zh": zh, "en": en} for zh, en in inspection.warnings],
    }


def _both(error: CRSMismatch | None) -> Record | None:
    return None if error is None else {"zh": error.text("zh"), "en": error.text("en")}


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
    lines.append(_declared_line(taken, lang))
    lines += _finding_lines(taken.finding, lang)
    if inspection.refused is not None:
        remedy = inspection.refused.remedy_zh if zh else inspection.refused.remedy_en
        lines.append(f"直接核对将不予处理 → {remedy}" if zh else f"A check as it stands is refused → {remedy}")
    if found is None:
        lines.append(
            "坐标系未定，各行未能核验。" if zh else "No coordinate system is settled; the rows were not judged."
        )
    else:
        lines += _row_lines(inspection, found, lang)
    lines += [f"{'注意：' if zh else 'note: '}{note[0 if zh else 1]}" for note in inspection.warnings]
    typed = _next_command(inspection)
    return "\n".join([*lines, f"{'下一步：' if zh else 'Next: '}{typed}"] if typed else lines)


def _declared_line(taken: Taken, lang: Lang) -> str:
    zh = lang == "zh"
    head = "坐标系：" if zh else "Coordinate system: "
    declared, by_rows = _declared(taken), _row_datums(taken)
    if taken.drafts.declared is not None:
        by_format = taken.layer.crs_basis == "format"
        who = ("该格式规定", "fixed by the format") if by_format else ("文件声明", "declared by the file")
        return f"{head}{declared}（{who[0]}）" if zh else f"{head}{declared} ({who[1]})"
    if not by_rows:
        return head + ("文件未声明" if zh else "not declared by the file")
    counts = ("，" if zh else ", ").join(f"{name} × {count}" for name, count in by_rows.items())
    silent = len(taken.drafts.rows) - sum(by_rows.values())
    if zh:
        return f"{head}由各行声明：{counts}" + (f"，未声明 {silent} 行" if silent else "")
    return f"{head}declared by rows: {counts}" + (f", none in {silent}" if silent else "")


def _declared(taken: Taken) -> str | None:
    """What the file declares as a whole, or all its rows alike."""
    if taken.drafts.declared is not None:
        return sites.datum_name(taken.drafts.declared)
    by_rows = _row_datums(taken)
    alike = len(by_rows) == 1 and sum(by_rows.values()) == len(taken.drafts.rows)
    return next(iter(by_rows)) if alike else None


def _row_datums(taken: Taken) -> Counter[str]:
    return Counter(sites.datum_name(row.datum) for row in taken.drafts.rows if row.datum is not None)


def _answered(inspection: Inspection) -> Iterator[tuple[Site, Record]]:
    found = inspection.found
    return zip(found.sites if found else (), inspection.records, strict=True)


def _next_command(inspection: Inspection) -> str:
    """The check of this file as it was read here; empty where it cannot be read."""
    if inspection.found is None or not inspection.found.sites:
        return ""
    reading, request, finding = inspection.reading, inspection.request, inspection.taken.finding
    if reading is inspection.taken.reading or finding is None:
        options = [f"--crs EPSG:{request.datum}"] if isinstance(request.datum, int) else []
        options += [f"--datum {request.datum}"] if isinstance(request.datum, str) else []
        options += [f"--control-points {shlex.quote(str(request.control))}"] if request.control else []
        options += ["--swap-axes"] if request.swap else []
    elif finding.verdict == "as_is":
        options = ["--datum wgs84"]
    else:
        options = [intake.options_for(finding.hypotheses[0])]
    if len(inspection.layers) > 1 and inspection.taken.layer.name is not None:
        options.append(f"--layer {shlex.quote(str(inspection.taken.layer.name))}")
    return " ".join(["parksite check", shlex.quote(str(inspection.path)), *options])


def _layer_lines(inspection: Inspection, lang: Lang) -> list[str]:
    zh = lang == "zh"
    if len(inspection.layers) < 2:
        return []
    lines = ["图层：" if zh else "Layers:"]
    for one in inspection.layers[:_SHOWN_LAYERS]:
        count = "?" if one.rows is None else f"{one.rows:,}"
        kind = [one.geometry or ("无几何" if zh else "no geometry"), one.crs or ("未声明坐标系" if zh else "no CRS")]
        mark = "*" if inspection.taken.layer.name in (one.name, None) else "-"
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
    words = [one.name.zh if zh else one.name.en]
    if one.datum is None:
        words.append(f"{one.inside} 行在其数值范围内" if zh else f"{one.inside} rows in the range of its numbers")
    else:
        words.append(
            f"市内 {one.inside}，周边 {one.near}，其他 {one.far}"
            if zh
            else f"in the city {one.inside}, near it {one.near}, elsewhere {one.far}"
        )
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
        words.append(("无法区分：" if zh else "not to be told from: ") + ("、" if zh else ", ").join([*names, *more]))
    return ("；" if zh else "; ").join(words)


def _system_name(key: str, lang: Lang) -> str:
    """A key of the detective as people call it."""
    base, _, rest = key.partition("-")
    if base in crs.DATUMS or base.startswith("EPSG:"):
        words = crs.describe(crs.parse_datum(base))
        swapped = (
            ("，先北后东", ", north first") if rest == "swapped" else (f" {rest}", f" {rest}") if rest else ("", "")
        )
        return words.zh + swapped[0] if lang == "zh" else words.en + swapped[1]
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
    noted = sum(bool(record["notes"]) for record in inspection.records)
    total, good, bad = len(inspection.taken.drafts.rows), len(found.sites), len(found.rejected)
    unknown = sum(bool(record["unrecognised"]) for record in inspection.records)
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
    for site, record in _answered(inspection):
        for one in record["unrecognised"]:
            near = one["suggestions"] if zh else one["suggestions_en"]
            value = one_line(one["value"])
            lines.append(
                f"第 {site.row} 行：{COLUMN_NAMES[one['column']]}“{value}”无法识别，是否指 {'、'.join(near)}？"
                if zh
                else f"row {site.row}: {one['column']} {value!r} is not known; did you mean {', '.join(near)}?"
            )
    for site, record in _answered(inspection):
        for note in record["notes"]:
            lines.append(
                f"第 {site.row} 行待核：{note['zh']}" if zh else f"row {site.row}, to be checked: {note['en']}"
            )
    return lines


def _read_as(inspection: Inspection) -> str:
    """The systems that the rows were read in, as they are called."""
    found = inspection.found
    said = ", ".join(dict.fromkeys(site.datum for site in found.sites)) if found else ""
    return f"{said or '—'} --swap-axes" if inspection.reading.swap else said or "—"


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
