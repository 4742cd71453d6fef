"""Support measures: those of documents in force, and why others are not listed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from geo import check, wording
from geo.dossier.blocks import Block, Paragraph, Table
from geo.dossier.case import Case, Record
from geo.dossier.phrases import document, force, heading, number, place, span, title
from geo.register import clause_en, clause_zh
from geo.schema import DISTRICTS, Force, Measure

_SHARES: dict[str, tuple[float, ...]] = {"zh": (0.17, 0.27, 0.19, 0.22, 0.15), "en": (0.12, 0.26, 0.19, 0.27, 0.16)}
_COLUMNS = ("clause", "subject", "amount", "departments", "remark")


@dataclass(frozen=True)
class _Shown:
    """A measure with what is remarked of it."""

    measure: Measure
    remarks: tuple[str, ...]


def for_site(case: Case, record: Record) -> list[Block]:
    """Measures of the place and the field of a site."""
    blocks: list[Block] = [heading(case, "measures")]
    if record["district"] is None:
        return [*blocks, Paragraph(case.say("measures.none_outside"))]
    if any(one["column"] == "field" for one in record["unrecognised"]):
        return [*blocks, Paragraph(case.say("measures.none_unknown")), *_others(case)]
    others = [*_elsewhere(case, record["district"], record["term"]), *_others(case)]
    held = {one.id: one for one in case.register.measures}
    chosen = [held[one] for one in record["measures"]]
    if not chosen:
        return [*blocks, Paragraph(case.say("measures.none", as_of=case.as_of)), *others]
    intro = [case.say("measures.intro", as_of=case.as_of), case.say("measures.count", count=len(chosen))]
    if record["term"] is None:
        intro.insert(1, case.say("measures.unfiltered"))
    entries = []
    for one in chosen:
        remarks = _of_field(case, one, record["measures_in_part"]) if record["term"] else ()
        entries.append(_Shown(one, (*remarks, *_limits(case, one, record["district"]))))
    return [*blocks, Paragraph(case.join(intro, "sentence")), *_tables(case, entries), *others]


def for_district(case: Case, district: str) -> list[Block]:
    """All measures of a district, for any field."""
    offers = check.measures(case.register, district, check.Question(), case.as_of)
    entries = [_Shown(one.measure, _limits(case, one.measure, district)) for one in offers]
    return _whole(case, entries, ("measures.intro_district", "measures.none"), _elsewhere(case, district, None))


def for_city(case: Case) -> list[Block]:
    """All measures of documents in force."""
    chosen = [one for one in case.register.measures if case.register.force(one.instrument, case.as_of) == "in_force"]
    entries = [_Shown(one, _limits(case, one, None)) for one in chosen]
    return _whole(case, entries, ("measures.intro_city", "measures.none_city"), [])


def _whole(case: Case, entries: Sequence[_Shown], leads: tuple[str, str], elsewhere: list[Block]) -> list[Block]:
    """Heading, introduction and tables, or that there is none; then what was left out."""
    intro, none = leads
    others = [*elsewhere, *_others(case)]
    blocks: list[Block] = [heading(case, "measures")]
    if not entries:
        return [*blocks, Paragraph(case.say(none, as_of=case.as_of)), *others]
    said = [case.say(intro, as_of=case.as_of), case.say("measures.count", count=len(entries))]
    return [*blocks, Paragraph(case.join(said, "sentence")), *_tables(case, entries), *others]


def _tables(case: Case, entries: Sequence[_Shown]) -> list[Block]:
    """A table a document, in the order of its clauses."""
    tables: list[Block] = []
    entries = sorted(entries, key=lambda one: (one.measure.part, one.measure.clause))
    listed = {one.measure.instrument for one in entries}
    for instrument in (one for one in case.register.instruments if one in listed):
        now = force(case, case.register.force(instrument, case.as_of).value)
        tables.append(
            Table(
                case.say("measures.caption", document=document(case, instrument)),
                tuple(case.say(f"column.{column}") for column in _COLUMNS),
                tuple(_row(case, one) for one in entries if one.measure.instrument == instrument),
                _SHARES[case.lang],
                case.say("measures.note", span=span(case, instrument), force=now),
            )
        )
    return tables


def _row(case: Case, entry: _Shown) -> tuple[str, ...]:
    one, zh = entry.measure, case.lang == "zh"
    return (
        clause_zh(one.part, one.clause) if zh else clause_en(one.part, one.clause),
        one.subject_zh if zh else one.subject_en,
        wording.amount(case.sentences, one, case.lang),
        case.words.bodies("、".join(one.departments), case.lang) or case.say("common.dash"),
        case.join(entry.remarks, "clause") or case.say("common.dash"),
    )


def _of_field(case: Case, one: Measure, in_part: Collection[str]) -> tuple[str, ...]:
    """How a measure bears on the field that was asked."""
    if one.id in in_part:
        return (case.say("measures.part"),)
    return (case.say("measures.named" if one.fields else "measures.general"),)


def _limits(case: Case, one: Measure, district: str | None) -> tuple[str, ...]:
    """Places and facilities that a measure names."""
    said = []
    if one.places and tuple(one.places) != (district,):
        said.append(case.say("measures.places", places=case.join(place(case, each) for each in one.places)))
    if one.facilities:
        names = case.join(each.zh if case.lang == "zh" else each.en for each in one.facilities)
        said.append(case.say("measures.facilities", facilities=names))
    return tuple(said)


def _elsewhere(case: Case, district: str, term: str | None) -> list[Block]:
    """That measures naming other districts are not listed, where a document in force has such."""
    for one in case.register.measures:
        reached = check.measure_reaches(case.register, one, district)
        if reached or case.register.force(one.instrument, case.as_of) is not Force.IN_FORCE:
            continue
        fits = term is None or check.measure_coverage(case.register, one, term) is not None
        named = {place_ if place_ in DISTRICTS else case.register.places[place_].within for place_ in one.places}
        if fits and not named.isdisjoint(DISTRICTS):
            return [Paragraph(case.say("measures.others_named"), "note")]
    return []


def _others(case: Case) -> list[Block]:
    """Why the measures of documents without force are not listed."""
    said = []
    for instrument in dict.fromkeys(one.instrument for one in case.register.measures):
        now, days = case.register.force(instrument, case.as_of), case.register.validity(instrument)
        about = {"title": title(case, instrument), "number": number(case, instrument)}
        if now is Force.DRAFT:
            said.append(case.say("measures.draft", **about))
        elif now is Force.LAPSED:
            said.append(case.say("measures.lapsed", to=days.to, **about))
        elif now is Force.NOT_YET:
            said.append(case.say("measures.not_yet", from_=days.from_, **about))
    return [Paragraph(one, "note") for one in said]
