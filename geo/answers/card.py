"""The answer for one place as plain text."""

from __future__ import annotations

from typing import Any

from geo.errors import Lang
from geo.schema import (
    BASIS_NAMES,
    CERTAINTY_NAMES,
    FORCE_NAMES,
    KIND_NAMES,
    MATCH_NAMES,
    STAGE_NAMES,
    Certainty,
    Force,
    Match,
    Stage,
)

Record = dict[str, Any]


def card(record: Record, document: Record, lang: Lang) -> str:
    """The answer for a place as plain text."""
    at = 0 if lang == "zh" else 1
    zh = lang == "zh"

    def line(label_zh: str, label_en: str, value: str) -> str:
        label = label_zh if zh else label_en
        return f"{label}{'：' if zh else ': '}{value}"

    certainty = CERTAINTY_NAMES[Certainty(record["certainty"])][at]
    district = (record["district_zh"] if zh else record["district_en"]) or ("市域外" if zh else "outside the city")
    metres = record["boundary_distance_m"]
    distance = "—" if metres is None else f"{metres:,.0f} m"
    asked = record["term_zh" if zh else "term_en"] or record["field_query"] or "—"
    stage = STAGE_NAMES[Stage(record["stage"])][at] if record["stage"] else record["stage_query"] or "—"
    lines = [
        line("位置", "Position", f"{record['lon']:.6f}, {record['lat']:.6f} (WGS84)"),
        line(
            "区属",
            "District",
            f"{district}（{certainty}，距界 {distance}）"
            if zh
            else f"{district} ({certainty}; {distance} from the nearest border)",
        ),
        line("领域与环节", "Field and stage", f"{asked} / {stage}"),
        line("判定", "Verdict", f"{MATCH_NAMES[Match(record['match'])][at]} [{record['match']}]"),
        line("依据效力", "Force", f"{FORCE_NAMES[Force(record['force'])][at]} [{record['force']}]"),
        record["explanation"][lang],
        "",
        ("依据：" if zh else "Evidence:") + ("" if record["designations"] else "无" if zh else " none"),
        *(_evidence(one, lang) for one in record["designations"]),
        "",
        *_support_lines(record, document, lang),
        sources_line(document, lang),
    ]
    return "\n".join(lines)


def _evidence(one: Record, lang: Lang) -> str:
    """One designation as a line."""
    at = 0 if lang == "zh" else 1
    zh = lang == "zh"
    title, number, force = _document(one, lang)
    words = [
        KIND_NAMES[one["kind"]][at],
        one[f"place_{lang}"],
        one[f"role_{lang}"],
        title,
        number,
        one["clause" if zh else "clause_en"],
        force,
    ]
    if one["basis"] and one["kind"] == "role":
        words.append(BASIS_NAMES[one["basis"]][at])
    if not one["located"]:
        words.append("无边界，不参与判定" if zh else "no outline, decides nothing")
    return f"{'*' if one['decides'] else '-'} " + (" | ".join(words))


def _document(one: Record, lang: Lang) -> tuple[str, str, str]:
    """Title, number and force with its span, of the document behind a record."""
    zh = lang == "zh"
    span = f"{one['from'] or '?'} – {one['to'] or '?'}" if one["from"] else ("未载日期" if zh else "no dates stated")
    if one["to_basis"] == "interpreted":
        span += "（止期为理解）" if zh else " (end date is our reading)"
    title = f"《{one['instrument_zh']}》" if zh else one["instrument_en"]
    number = one["document_number"] or ("文件未载文号" if zh else "no number stated")
    force = FORCE_NAMES[Force(one["force"])][0 if zh else 1]
    return title, number, f"{force}，{span}" if zh else f"{force}, {span}"


def _support_lines(record: Record, document: Record, lang: Lang) -> list[str]:
    """Measures that apply, each document once: those that name the field, then those that name none.

    Where no field was asked they are only counted; where none can apply nothing is said.
    """
    zh, ids = lang == "zh", set(record["measures"])
    if record["district"] is None or (record["field_query"] and not record["term"]):
        return []
    if not ids:
        return ["支持措施：无" if zh else "Support measures: none", ""]
    if record["term"] is None:
        command = f"parksite policy list --as-of {document['as_of']}"
        counted = f"支持措施：{len(ids)} 项可用；" if zh else f"Support measures: {len(ids)} apply; "
        rest = f"填写领域可缩小范围，全部列于 {command}" if zh else f"a field narrows them, all are listed by {command}"
        return [counted + rest, ""]
    held: dict[str, list[Record]] = {}
    for one in document["measures"]:
        if one["id"] in ids:
            held.setdefault(one["instrument"], []).append(one)
    lines = []
    for mine in held.values():
        words = _document(mine[0], lang)
        lines.append(f"支持措施：{' | '.join(words)}" if zh else f"Support measures: {' | '.join(words)}")
        named, general = [one for one in mine if one["fields"]], [one for one in mine if not one["fields"]]
        groups = {
            "点明该领域：" if zh else "naming the field:": named,
            "未列明领域：" if zh else "naming no field:": general,
        }
        for heading, group in groups.items():
            lines += [f"  {heading}", *(_measure_line(one, record, lang) for one in group)] if group else []
    return [*lines, ""]


def _measure_line(one: Record, record: Record, lang: Lang) -> str:
    """One measure as a line: clause, subject, amount, and to what it is limited."""
    zh = lang == "zh"
    limits = []
    if one["id"] in record["measures_in_part"]:
        limits.append("仅涵盖该领域的一部分" if zh else "covers the field in part")
    if one["places"] and record["district"] not in one["places"]:
        limits.append(f"限{'、'.join(one['places_zh'])}" if zh else f"for {', '.join(one['places_en'])}")
    words = [one["clause" if zh else "clause_en"], one[f"subject_{lang}"], one[f"amount_{lang}"], *limits]
    return "  - " + " | ".join(words)


def sources_line(document: Record, lang: Lang) -> str:
    """Day, register and boundaries that an answer rests on."""
    bounds, version = document["boundaries"], document["register"]["version"]
    layer = [bounds[f"source_{lang}"], bounds[f"vintage_{lang}"], bounds["datum"]]
    if lang == "zh":
        return f"基准日 {document['as_of']}；登记册 {version}；边界：{'，'.join(layer)}"
    return f"As of {document['as_of']}; register {version}; boundaries: {', '.join(layer)}"
