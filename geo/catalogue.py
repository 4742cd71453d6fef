"""The register as lists, single records and histories (layer 4), data and text."""

from __future__ import annotations

from datetime import date
from typing import Any

from geo.errors import Lang, UnknownTerm
from geo.register import Register, clause_en, clause_zh
from geo.schema import (
    AMOUNT_NAMES,
    BASIS_NAMES,
    FORCE_NAMES,
    KIND_NAMES,
    STAGE_NAMES,
    Designation,
    Force,
    Instrument,
    Measure,
    Stage,
)

Record = dict[str, Any]


def instrument_record(register: Register, instrument: Instrument, as_of: date) -> Record:
    """An instrument under the fixed keys, with its force on the day."""
    span = register.validity(instrument.id)
    return {
        "id": instrument.id,
        "title_zh": instrument.title_zh,
        "title_en": instrument.title_en,
        "document_number": instrument.document_number,
        "issuer": instrument.issuer,
        "issued": instrument.issued,
        "from": span.from_,
        "to": span.to,
        "to_basis": span.to_basis,
        "status": instrument.status,
        "kind": instrument.kind,
        "published": instrument.published,
        "effective": instrument.effective,
        "validity_years": instrument.validity_years,
        "information_source": instrument.information_source,
        "force": register.force(instrument.id, as_of).value,
    }


def designation_record(register: Register, one: Designation, as_of: date) -> Record:
    """A designation under the fixed keys."""
    place = register.places[one.place]
    return {
        "id": one.id,
        "instrument": one.instrument,
        "clause": clause_zh(one.part, one.clause, one.item),
        "clause_en": clause_en(one.part, one.clause, one.item),
        "kind": one.kind,
        "place": one.place,
        "place_zh": place.zh,
        "place_en": place.en,
        "located": place.located,
        "within": place.within,
        "place_note_zh": place.note_zh,
        "place_note_en": place.note_en,
        "role_zh": one.role_zh,
        "role_en": one.role_en,
        "fields": [ref.id for ref in one.fields],
        "stages": [stage.value for stage in register.stages(one)],
        "own_stages": [stage.value for stage in one.stages],
        "basis": {ref.id: ref.basis for ref in one.fields},
        "reasons": {ref.id: {"zh": ref.reason_zh, "en": ref.reason_en} for ref in one.fields if ref.reason_zh},
        "facilities": [{"zh": each.zh, "en": each.en} for each in one.facilities],
        "note_zh": one.note_zh,
        "note_en": one.note_en,
        "force": register.force(one.instrument, as_of).value,
    }


def measure_record(register: Register, one: Measure, as_of: date) -> Record:
    """A measure under the fixed keys."""
    return {
        "id": one.id,
        "instrument": one.instrument,
        "clause": clause_zh(one.part, one.clause),
        "clause_en": clause_en(one.part, one.clause),
        "subject_zh": one.subject_zh,
        "subject_en": one.subject_en,
        "cap_cny": one.cap_cny,
        "rate_percent": one.rate_percent,
        "amount_kind": one.amount_kind,
        "per": {"zh": one.per.zh, "en": one.per.en} if one.per else None,
        "rate_of_zh": one.basis_zh,
        "rate_of_en": one.basis_en,
        "fields": list(one.fields),
        "fields_note": one.fields_note,
        "places": list(one.places),
        "facilities": [{"zh": each.zh, "en": each.en} for each in one.facilities],
        "departments": list(one.departments),
        "force": register.force(one.instrument, as_of).value,
    }


def listing(register: Register, as_of: date) -> Record:
    """Everything: instruments, designations, measures."""
    return {
        "as_of": as_of,
        "register": {"version": register.version, "known_to": register.known_to},
        "instruments": [instrument_record(register, one, as_of) for one in register.instruments.values()],
        "designations": [designation_record(register, one, as_of) for one in register.designations],
        "measures": [measure_record(register, one, as_of) for one in register.measures],
    }


def one(register: Register, id_: str, as_of: date) -> Record:
    """A record by its id, with the day and the version of the register.

    It is an instrument, a designation, a measure, a place or a term.

    Raises
    ------
    UnknownTerm
        With the nearest ids.
    """
    return _find(register, id_, as_of) | {"as_of": as_of, "register": register.version}


def _find(register: Register, id_: str, as_of: date) -> Record:
    from dataclasses import asdict

    if id_ in register.instruments:
        mine = [each for each in register.designations if each.instrument == id_]
        record = instrument_record(register, register.instruments[id_], as_of)
        return record | {"designations": [designation_record(register, each, as_of) for each in mine]}
    for designation in register.designations:
        if designation.id == id_:
            return designation_record(register, designation, as_of)
    for measure in register.measures:
        if measure.id == id_:
            return measure_record(register, measure, as_of)
    for held in (register.places, register.terms):
        if id_ in held:
            return asdict(held[id_])
    from rapidfuzz import process

    ids = [
        *register.instruments,
        *(each.id for each in register.designations),
        *(each.id for each in register.measures),
    ]
    near = tuple(name for name, _, _ in process.extract(id_, [*ids, *register.places, *register.terms], limit=5))
    raise UnknownTerm(f"no record has the id {id_!r}", f"没有编号为“{id_}”的记录", suggestions=near)


def timeline(register: Register, place: str, as_of: date) -> Record:
    """What each document, in the order of time, says of a place.

    For a district this takes in named places inside it and, for documents older
    than the district, its former parent. A document that says nothing is listed
    with no entries, so that the silence shows.
    """
    found = register.find_place(place)
    if found.located:
        about = register.about(found.id)
    else:
        about = tuple(each for each in register.designations if each.place == found.id)
    entries = []
    for instrument in register.instruments.values():
        former = register.former_place(found.id, instrument.id) if found.located else None
        entries.append(
            instrument_record(register, instrument, as_of)
            | {
                "former": former.id if former else None,
                "former_zh": former.zh if former else None,
                "former_en": former.en if former else None,
                "designations": [
                    designation_record(register, each, as_of) for each in about if each.instrument == instrument.id
                ],
            }
        )
    return {
        "as_of": as_of,
        "register": {"version": register.version, "known_to": register.known_to},
        "place": {
            "id": found.id,
            "zh": found.zh,
            "en": found.en,
            "located": found.located,
            "note_zh": found.note_zh,
            "note_en": found.note_en,
        },
        "timeline": entries,
    }


def listing_text(register: Register, as_of: date, lang: Lang) -> str:
    """The whole register as text, by document."""
    zh = lang == "zh"
    lines = [
        f"{'登记册' if zh else 'Register'} {register.version}（{as_of}）"
        if zh
        else f"Register {register.version} ({as_of})"
    ]
    for instrument in register.instruments.values():
        record = instrument_record(register, instrument, as_of)
        lines += ["", _instrument_line(record, lang)]
        lines += [
            _designation_line(designation_record(register, each, as_of), lang)
            for each in register.designations
            if each.instrument == instrument.id
        ]
        lines += [
            _measure_line(measure_record(register, each, as_of), lang)
            for each in register.measures
            if each.instrument == instrument.id
        ]
    return "\n".join(lines)


def _instrument_line(record: Record, lang: Lang) -> str:
    zh = lang == "zh"
    force = FORCE_NAMES[Force(record["force"])][0 if zh else 1]
    number = record["document_number"] or ("文件未载文号" if zh else "no number stated")
    span = f"{record['from'] or '—'} – {record['to'] or '—'}"
    if record["to_basis"] == "interpreted":
        span += "（止期为理解）" if zh else " (end date is our reading)"
    title = f"《{record['title_zh']}》" if zh else record["title_en"]
    return f"{record['id']}  {title}  {number}  {span}  [{force}]"


def _designation_line(record: Record, lang: Lang) -> str:
    at = 0 if lang == "zh" else 1
    stages = ("、" if at == 0 else ", ").join(
        STAGE_NAMES[stage][at] for stage in STAGE_NAMES if stage.value in record["stages"]
    )
    words = [
        KIND_NAMES[record["kind"]][at],
        record[f"place_{lang}"],
        record[f"role_{lang}"],
        record["clause" if lang == "zh" else "clause_en"],
        stages,
        record["id"],
    ]
    return "  - " + " | ".join(word for word in words if word)


def _measure_line(record: Record, lang: Lang) -> str:
    zh = lang == "zh"
    amount = []
    if record["rate_percent"] is not None:
        amount.append(f"≤ {record['rate_percent']:g} %")
    if record["cap_cny"] is not None:
        amount.append(f"{record['cap_cny'] / 1e4:,.0f} 万元" if zh else f"CNY {record['cap_cny']:,}")
    if record["amount_kind"] == "full":
        amount.append("全额" if zh else "in full")
    stated = " / ".join(amount) or ("未载金额" if zh else "no amount stated")
    return f"  · {record['clause' if zh else 'clause_en']} | {record[f'subject_{lang}']} | {stated} | {record['id']}"


_LABELS: dict[str, str] = {
    "id": "编号", "instrument": "文件", "clause": "条款", "kind": "类别", "place": "地点", "place_zh": "地点名称",
    "located": "有边界", "within": "所在区", "place_note_zh": "地点说明", "role_zh": "角色或支持内容",
    "fields": "领域", "stages": "环节（含布局）", "own_stages": "自列环节", "basis": "领域依据",
    "reasons": "理解理由", "facilities": "设施", "note_zh": "说明", "force": "效力", "title_zh": "标题",
    "document_number": "文号", "issuer": "发文机关", "issued": "成文日期", "from": "起", "to": "止",
    "to_basis": "止期依据", "status": "状态", "published": "公布日期", "effective": "施行日期",
    "validity_years": "有效期（年）", "information_source": "信息来源", "subject_zh": "支持事项",
    "cap_cny": "金额（元）", "rate_percent": "比例上限（%）", "amount_kind": "金额性质", "per": "计量",
    "rate_of_zh": "比例基数", "fields_note": "领域说明", "places": "涉及地点", "departments": "责任单位",
    "zh": "名称", "aliases": "别名", "within_basis": "所在区依据", "adcode": "区划代码",
    "land_km2": "陆域面积（km²）", "formerly": "原属", "parents": "上级", "source": "出处", "mapped_zh": "归类说明",
    "as_of": "基准日", "register": "登记册",
}  # fmt: skip


def record_text(record: Record, lang: Lang) -> str:
    """A record as lines of label and value, in one language; null reads as not stated."""
    zh = lang == "zh"
    other = "en" if zh else "zh"
    lines = []
    for key, value in record.items():
        if key == other or key.endswith(f"_{other}") or (zh and key == "clause_en") or (not zh and key == "clause"):
            continue
        label = _LABELS.get(key, key) if zh else key.removesuffix("_en")
        if key == "designations":
            lines += [_designation_line(each, lang) for each in value]
        elif value is None:
            lines.append(f"{label}: {'未载明' if zh else 'not stated'}")
        else:
            lines.append(f"{label}: {_shown(_named(key, value, lang), lang)}")
    return "\n".join(lines)


def _named(key: str, value: Any, lang: Lang) -> Any:
    """A code as its name in the language, where it has one."""
    at = 0 if lang == "zh" else 1
    if key == "force":
        return FORCE_NAMES[Force(value)][at]
    if key == "kind" and value in KIND_NAMES:
        return KIND_NAMES[value][at]
    if key == "amount_kind":
        return AMOUNT_NAMES[value][at]
    if key in ("stages", "own_stages"):
        return [STAGE_NAMES[Stage(one)][at] for one in value]
    if key == "basis":
        return {field: BASIS_NAMES[basis][at] for field, basis in value.items()}
    return value


def _shown(value: Any, lang: Lang) -> str:
    """A value in one language; a pair of words as the one word."""
    if value in ([], (), {}):
        return "—"
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, dict):
        if value.keys() == {"zh", "en"}:
            return str(value[lang])
        return "; ".join(f"{key} {_shown(each, lang)}" for key, each in value.items() if each is not None)
    if isinstance(value, list | tuple):
        return ("；" if lang == "zh" else "; ").join(_shown(each, lang) for each in value)
    return str(value)


def timeline_text(history: Record, lang: Lang) -> str:
    """A place's history as text."""
    zh = lang == "zh"
    place = history["place"]
    lines = [f"{place[lang]}（{history['as_of']}）" if zh else f"{place[lang]} ({history['as_of']})"]
    if not place["located"]:
        lines.append("无可落图的边界" if zh else "no outline is known")
    now = []
    for entry in history["timeline"]:
        lines += ["", _instrument_line(entry, lang)]
        if entry["former"]:
            parent = entry[f"former_{lang}"]
            lines.append(f"  （当时属{parent}）" if zh else f"  (then part of {parent})")
        lines += [_designation_line(each, lang) for each in entry["designations"]] or [
            "  未提及" if zh else "  says nothing of this place"
        ]
        now += [each for each in entry["designations"] if each["force"] == Force.IN_FORCE]
    roles = [each for each in now if each["kind"] == "role"]
    backing = [each for each in now if each["kind"] == "support"]
    sep = "、" if zh else "; "
    lines += [
        "",
        (f"{history['as_of']} 有效的角色：" if zh else f"Roles in force on {history['as_of']}: ")
        + (sep.join(each[f"role_{lang}"] for each in roles) or ("无" if zh else "none")),
        (f"{history['as_of']} 有效的支持：" if zh else f"Support in force on {history['as_of']}: ")
        + (sep.join(f"{each[f'place_{lang}']} {each[f'role_{lang}']}" for each in backing) or ("无" if zh else "none")),
    ]
    return "\n".join(lines)
