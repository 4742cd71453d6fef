"""Fit of field and stage: what each designation says, who else has it, and what doubts allow."""

from __future__ import annotations

from geo import catalogue, check
from geo.dossier.blocks import Block, Paragraph, Table
from geo.dossier.case import Case, Record
from geo.dossier.phrases import (
    asked,
    clause,
    datum,
    force,
    heading,
    match,
    place,
    role,
    short,
    short_clause,
    stages,
)
from geo.dossier.words import shown
from geo.schema import BASIS_NAMES, DISTRICTS, OUTSIDE, Certainty, Force, Match


def section(case: Case, record: Record) -> list[Block]:
    """The section, with its parts."""
    blocks: list[Block] = [heading(case, "fit")]
    if record["district"] is None:
        blocks.append(Paragraph(case.say("fit.outside")))
    else:
        blocks += _documents(case, record)
        blocks += _elsewhere(case, record)
    return blocks + _doubts(case, record)


def _documents(case: Case, record: Record) -> list[Block]:
    """What each designation of the place says on the question."""
    return [
        *(Paragraph(one) for one in _question(case, record)),
        heading(case, "fit_documents", 2),
        Paragraph(case.say("fit.rules")),
        *_table(case, record),
        *_reasons(case, record),
    ]


def _question(case: Case, record: Record) -> list[str]:
    """What was asked, and on what the verdict rests."""
    if record["unrecognised"]:
        near = "suggestions" if case.lang == "zh" else "suggestions_en"
        return [
            case.say("fit.unrecognised", value=shown(one["value"], 80), near=case.join(one[near]))
            for one in record["unrecognised"]
        ]
    if record["term"] is None:
        if record["match"] == Match.SILENT:
            about = {"place": place(case, record["district"]), "match": match(case, record["match"])}
            return [case.say("fit.not_asked_silent", **about)]
        return [case.say("fit.not_asked")]
    said = [case.say("fit.asked", asked=asked(case, record))]
    if record["basis"]:
        said.append(case.say(f"fit.basis_{record['basis']}"))
    return [case.join(said, "sentence")]


def _table(case: Case, record: Record) -> list[Block]:
    """A row a designation; without a field there is nothing to cover or to decide."""
    if not record["designations"]:
        return [Paragraph(case.say("roles.now_none", as_of=case.as_of, place=place(case, record["district"])))]
    judged = record["term"] is not None and not record["unrecognised"]
    columns = ["document", "clause", "role", *(["covers"] if judged else []), "stages"]
    columns += [*(["decides"] if judged else []), "force"]
    shares = (0.17, 0.13, 0.22, 0.16, 0.12, 0.09, 0.11) if judged else (0.2, 0.18, 0.34, 0.15, 0.13)
    rows = []
    for one in record["designations"]:
        cells = [short(case, one["instrument"]), clause(case, one), _role(case, record, one)]
        cells += [_covers(case, one)] if judged else []
        cells.append(stages(case, one["stages"]))
        cells += [case.say("fit.decides" if one["decides"] else "fit.decides_not")] if judged else []
        rows.append((*cells, force(case, one["force"])))
    caption = case.say("fit.caption" if judged else "fit.caption_bare")
    return [Table(caption, tuple(case.say(f"column.{column}") for column in columns), tuple(rows), shares)]


def _role(case: Case, record: Record, one: Record) -> str:
    """The role, with the place where it is not said of the district itself."""
    if one["place"] == record["district"]:
        return role(case, one)
    name = place(case, one["place"])
    if one["located"]:
        return case.say("roles.through", role=role(case, one), parent=name, place=place(case, record["district"]))
    return case.say("roles.named_place", role=role(case, one), place=name)


def _covers(case: Case, one: Record) -> str:
    """How a designation covers the field, and whether that is stated or our interpretation."""
    if one["coverage"] is None:
        return case.say("fit.uncovered")
    if one["coverage"] == "whole":
        return case.say(f"fit.whole_{one['basis']}")
    terms = [case.register.terms[part] for part in one["parts"]]
    names = case.join(term.zh if case.lang == "zh" else term.en for term in terms)
    return case.say(f"fit.{one['coverage']}", parts=names)


def _reasons(case: Case, record: Record) -> list[Block]:
    """Why a term is taken to be covered, where the clause does not say so, and other notes of the register."""
    said = []
    held = {one.id: one for one in case.register.designations}
    lineage = case.register.lineage(record["term"]) if record["term"] else frozenset()
    for one in record["designations"]:
        about = {"document": short_clause(case, one), "role": role(case, one)}
        for ref in held[one["id"]].fields:
            reason = ref.reason_zh if case.lang == "zh" else ref.reason_en
            if reason and one["basis"] == "interpreted" and (ref.id in lineage or ref.id in one["parts"]):
                said.append(case.say("fit.reason", reason=reason, **about))
        note = one[f"note_{case.lang}"]
        if note:
            said.append(case.say("fit.reason", reason=note, **about))
    term = case.register.terms[record["term"]] if record["term"] else None
    mapped = (term.mapped_zh if case.lang == "zh" else term.mapped_en) if term else None
    if term and mapped:
        said.append(case.say("fit.mapped", term=term.zh if case.lang == "zh" else term.en, reason=mapped))
    if not said:
        return []
    return [Paragraph(case.say("fit.reasons")), *(Paragraph(one, "bullet") for one in dict.fromkeys(said))]


def _elsewhere(case: Case, record: Record) -> list[Block]:
    """Every other place to which a document that has or had force designates the field."""
    blocks: list[Block] = [heading(case, "fit_elsewhere", 2)]
    if record["unrecognised"]:
        return [*blocks, Paragraph(case.say("fit.elsewhere_unasked"))]
    if record["term"] is None:
        return [*blocks, Paragraph(case.say("fit.elsewhere_bare"))]
    found = _others(case, record["district"], record["term"])
    if not found:
        return [*blocks, Paragraph(case.say("fit.elsewhere_none"))]
    staged = record["stage"] is not None
    columns = ["place", "role", "document_clause", "stages", *(["stage_fits"] if staged else [])]
    columns += ["basis", "decides", "force"]
    shares = (0.13, 0.22, 0.18, 0.12, 0.08, 0.11, 0.07, 0.09) if staged else (0.14, 0.25, 0.2, 0.13, 0.11, 0.08, 0.09)
    deciding = {one["id"] for one in record["elsewhere"]}
    yes, no = case.say("fit.decides"), case.say("fit.decides_not")
    rows = []
    for one, basis in found:
        cells = [place(case, one["place"]), role(case, one), short_clause(case, one), stages(case, one["stages"])]
        cells += [yes if not one["stages"] or record["stage"] in one["stages"] else no] if staged else []
        cells += [BASIS_NAMES[basis][case.at], yes if one["id"] in deciding else no, force(case, one["force"])]
        rows.append(tuple(cells))
    header = tuple(case.say(f"column.{column}") for column in columns)
    return [
        *blocks,
        Paragraph(case.say("fit.elsewhere_intro", place=place(case, record["district"]))),
        Table(case.say("fit.elsewhere_caption"), header, tuple(rows), shares),
    ]


def _others(case: Case, district: str, term: str) -> list[tuple[Record, str]]:
    """Roles of other districts that cover a term, with the basis: the latest document first."""
    found = []
    for one in case.register.designations:
        coverage, basis, _ = check.cover(case.register, one, term)
        known = case.register.force(one.instrument, case.as_of) in (Force.IN_FORCE, Force.LAPSED)
        spoken = one.kind == "role" and case.register.places[one.place].located and coverage in ("whole", "part")
        if known and spoken and basis and not case.register.reaches(one, district):
            found.append((catalogue.designation_record(case.register, one, case.as_of), basis))
    found.sort(key=lambda pair: DISTRICTS.index(pair[0]["place"]))
    found.sort(key=lambda pair: case.register.last_days(pair[0]["instrument"]), reverse=True)
    return [(record, str(basis)) for record, basis in found]


def _doubts(case: Case, record: Record) -> list[Block]:
    """The verdict in each other case that the position allows."""
    rows = [
        (_if_district(case, one["district"]), match(case, one["match"]), force(case, one["force"]))
        for one in record["alternatives"]
    ]
    for one in record["if_datum"]:
        said = case.say("fit.if_datum", datum=datum(one["datum"]), place=place(case, one["district"]))
        rows.append((said, match(case, one["match"]), force(case, one["force"])))
    blocks: list[Block] = [heading(case, "fit_doubts", 2)]
    if not rows:
        return [*blocks, Paragraph(case.say(_settled(record)))]
    header = tuple(case.say(f"column.{column}") for column in ("assumption", "match", "match_force"))
    return [
        *blocks,
        Paragraph(case.say("fit.doubt_intro")),
        Table(case.say("fit.doubt_caption"), header, tuple(rows), (0.5, 0.3, 0.2)),
    ]


def _settled(record: Record) -> str:
    """The sentence where there is no other case to judge."""
    if record["certainty"] == Certainty.OUTSIDE:
        return "fit.doubt_outside"
    if record["certainty"] != Certainty.CERTAIN:
        return "fit.doubt_same"
    return "fit.doubt_certain" if record["datum_basis"] == "declared" else "fit.doubt_datum"


def _if_district(case: Case, district: str) -> str:
    if district == OUTSIDE:
        return case.say("fit.if_outside")
    return case.say("fit.if_district", place=place(case, district))


def citation(case: Case, record: Record) -> str:
    """Role, document and clause that a verdict rests on, in short; a dash where there is none.

    Where no field was asked these are the roles of the place.
    """
    deciding = [one for one in record["designations"] if one["decides"]]
    if record["match"] == Match.NOT_ASKED:
        standing = {one.id for one in case.register.standing(record["district"], case.as_of)}
        deciding = [one for one in record["designations"] if one["id"] in standing]
    if deciding:
        said = [case.say("common.bracket", text=role(case, one), extra=short_clause(case, one)) for one in deciding]
    else:
        held: dict[str, list[str]] = {}
        for one in record["elsewhere"]:
            held.setdefault(short_clause(case, one), []).append(place(case, one["district"]))
        said = [case.say("common.bracket", text=case.join(names), extra=where) for where, names in held.items()]
    return case.join(dict.fromkeys(said), "clause") or case.say("common.dash")
