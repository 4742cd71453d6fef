"""Answers (layer 7): the fixed JSON of a check, its flat row and its text card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from geo import catalogue, check, wording
from geo.districts import Boundaries
from geo.errors import Lang
from geo.join import Location
from geo.register import Register, clause_en, clause_zh
from geo.schema import (
    BASIS_NAMES,
    CERTAINTY_NAMES,
    FORCE_NAMES,
    KIND_NAMES,
    MATCH_NAMES,
    OUTSIDE,
    STAGE_NAMES,
    Certainty,
    Force,
    Match,
    Measure,
    Site,
    Stage,
)
from geo.settings import Settings
from geo.wording import Judgement, Sentences

Record = dict[str, Any]
_HA_PER_MU = 1 / 15


def answer(
    register: Register,
    sites: Iterable[Site],
    locations: Iterable[Location],
    as_of: date,
    *,
    sentences: Sentences | None = None,
    shifted: Mapping[int, Mapping[str, str | None]] | None = None,
    sample: bool = False,
) -> list[Record]:
    """Answers for located sites; verdicts are computed once for each distinct question.

    Parameters
    ----------
    sentences : Sentences, optional
        Without them those of this machine's settings.
    shifted : mapping of int to mapping of str to str or None, optional
        For a site whose datum nobody declared, by its place in `sites`: the district,
        None for outside, where it would lie in a datum, if that is another one.
    """
    said = sentences or wording.load(Settings.default())

    @cache
    def question(field: str | None, stage: str | None) -> check.Question:
        return check.ask(register, field, stage)

    @cache
    def verdict(district: str | None, field: str | None, stage: str | None) -> check.Verdict:
        return check.verdict(register, district, question(field, stage), as_of)

    @cache
    def measures(district: str | None, field: str | None, stage: str | None) -> tuple[check.Offer, ...]:
        return check.measures(register, district, question(field, stage), as_of)

    found = []
    for number, (site, location) in enumerate(zip(sites, locations, strict=True)):
        asked = (site.field_query, site.stage_query)
        others = [one for one in location.possible if one != (location.district or OUTSIDE)]
        judged = Judgement(
            question(*asked),
            verdict(location.district, *asked),
            {one: verdict(None if one == OUTSIDE else one, *asked) for one in others},
            {
                datum: (district, verdict(district, *asked))
                for datum, district in (shifted or {}).get(number, {}).items()
            },
            site.accuracy_m,
        )
        record = _record(register, site, location, judged)
        offers = measures(location.district, *asked)
        record["measures"] = [one.measure.id for one in offers]
        record["measures_in_part"] = [one.measure.id for one in offers if one.coverage == "part"]
        record["explanation"] = wording.explain(register, said, location, judged, as_of)
        found.append(record | {"sample": True} if sample else record)
    return found


def envelope(
    register: Register,
    boundaries: Boundaries,
    as_of: date,
    records: list[Record],
    *,
    sentences: Sentences | None = None,
) -> Record:
    """The whole JSON of a check: date, register, boundaries, sites, and the measures that they name."""
    said = sentences or wording.load(Settings.default())
    named = {one for record in records for one in record["measures"]}
    return {
        "as_of": as_of.isoformat(),
        "register": {"version": register.version, "known_to": register.known_to.isoformat()},
        "boundaries": boundaries.describe(),
        "sites": records,
        "measures": [_measure(register, said, one, as_of) for one in register.measures if one.id in named],
    }


def _measure(register: Register, sentences: Sentences, one: Measure, as_of: date) -> Record:
    """A measure under the keys of the register's list, with its document and its amount in words."""
    instrument = register.instruments[one.instrument]
    span = register.validity(one.instrument)
    return catalogue.measure_record(register, one, as_of) | {
        "instrument_zh": instrument.title_zh,
        "instrument_en": instrument.title_en,
        "document_number": instrument.document_number,
        "from": span.from_.isoformat() if span.from_ else None,
        "to": span.to.isoformat() if span.to else None,
        "to_basis": span.to_basis,
        "amount_zh": wording.amount(sentences, one, "zh"),
        "amount_en": wording.amount(sentences, one, "en"),
        "places_zh": [register.places[place].zh for place in one.places],
        "places_en": [register.places[place].en for place in one.places],
    }


def _record(register: Register, site: Site, location: Location, judged: Judgement) -> Record:
    question, verdict = judged.question, judged.verdict
    place = register.places[location.district] if location.district else None
    return {
        "id": site.id,
        "name": site.name,
        "lon": round(location.lon, 7),
        "lat": round(location.lat, 7),
        "datum": "wgs84",
        "input": site.input,
        "datum_basis": site.datum_basis,
        "if_datum": [_shifted(register, datum, *other) for datum, other in judged.shifted.items()],
        "position_accuracy_m": site.accuracy_m,
        "district": location.district,
        "district_zh": place.zh if place else None,
        "district_en": place.en if place else None,
        "shares": {one: round(share, 6) for one, share in location.shares.items()},
        "certainty": location.certainty.value,
        "boundary_distance_m": None if location.boundary_distance_m is None else round(location.boundary_distance_m, 1),
        "possible": list(location.possible),
        "alternatives": [
            {"district": one, "match": other.match.value, "force": other.force.value}
            for one, other in judged.alternatives.items()
        ],
        "area_ha": None if location.area_m2 is None else round(location.area_m2 / 1e4, 4),
        "area_mu": None if location.area_m2 is None else round(location.area_m2 / 1e4 / _HA_PER_MU, 3),
        "field": register.top_field(question.term) if question.term else None,
        "term": question.term,
        "term_zh": register.terms[question.term].zh if question.term else None,
        "term_en": register.terms[question.term].en if question.term else None,
        "field_query": question.field_query,
        "stage": question.stage.value if question.stage else None,
        "stage_query": question.stage_query,
        "match": verdict.match.value,
        "force": verdict.force.value,
        "basis": _verdict_basis(verdict),
        "designations": [designation_record(register, one) for one in verdict.designations],
        "elsewhere": [_elsewhere(register, one) for one in verdict.elsewhere],
        "unrecognised": [
            {
                "column": one.column,
                "value": one.value,
                "suggestions": list(one.suggestions),
                "suggestions_en": list(one.suggestions_en),
            }
            for one in question.unknown
        ],
        "notes": [{"zh": zh, "en": en} for zh, en in site.notes],
    }


def _shifted(register: Register, datum: str, district: str | None, verdict: check.Verdict) -> Record:
    """Where an undeclared position would lie in another datum, and what the verdict would be."""
    place = register.places[district] if district else None
    return {
        "datum": datum,
        "district": district,
        "district_zh": place.zh if place else None,
        "district_en": place.en if place else None,
        "match": verdict.match.value,
        "force": verdict.force.value,
    }


def _verdict_basis(verdict: check.Verdict) -> str | None:
    """``explicit`` if any deciding role names the field, else ``interpreted``."""
    deciding = [one.basis for one in (*verdict.designations, *verdict.elsewhere) if one.decides]
    if not deciding:
        return None
    return "explicit" if "explicit" in deciding else "interpreted"


def designation_record(register: Register, one: check.Judged) -> Record:
    """A judged designation under the fixed keys, with its words in both languages."""
    designation = one.designation
    instrument = register.instruments[designation.instrument]
    span = register.validity(instrument.id)
    place = register.places[designation.place]
    numbers = (designation.part, designation.clause, designation.item)
    return {
        "id": designation.id,
        "role_zh": designation.role_zh,
        "role_en": designation.role_en,
        "instrument": instrument.id,
        "instrument_zh": instrument.title_zh,
        "instrument_en": instrument.title_en,
        "instrument_short_zh": instrument.short_zh,
        "document_number": instrument.document_number,
        "clause": clause_zh(*numbers),
        "clause_en": clause_en(*numbers),
        "fields": [ref.id for ref in designation.fields],
        "stages": [stage.value for stage in one.stages],
        "kind": designation.kind,
        "place": designation.place,
        "place_zh": place.zh,
        "place_en": place.en,
        "located": place.located,
        "decides": one.decides,
        "basis": one.basis,
        "coverage": one.coverage,
        "parts": list(one.parts),
        "former": one.former,
        "force": one.force.value,
        "from": span.from_.isoformat() if span.from_ else None,
        "to": span.to.isoformat() if span.to else None,
        "to_basis": span.to_basis,
        "note_zh": designation.note_zh or (None if place.located else place.note_zh),
        "note_en": designation.note_en or (None if place.located else place.note_en),
    }


def _elsewhere(register: Register, one: check.Judged) -> Record:
    numbers = (one.designation.part, one.designation.clause, one.designation.item)
    return {
        "district": one.designation.place,
        "district_zh": register.places[one.designation.place].zh,
        "district_en": register.places[one.designation.place].en,
        "role_zh": one.designation.role_zh,
        "role_en": one.designation.role_en,
        "instrument": one.designation.instrument,
        "instrument_short_zh": register.instruments[one.designation.instrument].short_zh,
        "clause": clause_zh(*numbers),
        "clause_en": clause_en(*numbers),
        "id": one.designation.id,
        "basis": one.basis,
        "stages": [stage.value for stage in one.stages],
        "stage_fits": one.stage_fits,
        "force": one.force.value,
    }


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
