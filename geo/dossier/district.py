"""The dossier of a district: facts, map, roles, stages, parks, measures, sites of the list."""

from __future__ import annotations

from collections import Counter

from geo import catalogue
from geo.dossier import closing, history, measures
from geo.dossier.blocks import Block, Document, Paragraph, Table
from geo.dossier.case import Case, Record
from geo.dossier.fit import citation
from geo.dossier.phrases import (
    area,
    asked,
    certainty,
    clause,
    force,
    heading,
    listed,
    match,
    picture,
    place,
    role,
    short,
    stages,
    tallied,
)
from geo.dossier.summaries import MATCHES
from geo.register import clause_en, clause_zh

_HA_PER_KM2, _MU_PER_HA = 100, 15
MOST_ROWS = 3_000  # of a table that grows with the list; the rest is in the tables of a build


def district(case: Case, district_id: str) -> Document:
    """All there is to say of one district.

    Parameters
    ----------
    case : Case
    district_id : str
        One of the eleven ids.
    """
    name = place(case, district_id)
    inside = [one for one in case.records if one["district"] == district_id]
    maybe = [one for one in case.records if one["district"] != district_id and district_id in one["possible"]]
    blocks: list[Block] = [
        *_summary(case, district_id, inside),
        heading(case, "location"),
        picture(case, f"district-sheet/{district_id}", case.say("district.map", place=name)),
        *history.section(case, district_id, told=True),
        *_layout(case, district_id),
        *_parks(case, district_id),
        *measures.for_district(case, district_id),
        *_sites(case, district_id, inside, maybe),
        *closing.not_assessed(case, districts={district_id}),
        *closing.sources(case),
    ]
    subtitle = case.say("district.subtitle", as_of=case.as_of)
    return closing.bound(case, case.say("district.title", place=name), subtitle, blocks)


def _summary(case: Case, district_id: str, inside: list[Record]) -> list[Block]:
    """The roles of the day in words, and the facts of the district."""
    said = history.standing(case, district_id)
    return [
        heading(case, "summary"),
        Paragraph(said[0], "lead"),
        *(Paragraph(one) for one in said[1:]),
        Table(case.say("district.facts"), (), tuple(_facts(case, district_id, len(inside))), (0.28, 0.72)),
    ]


def _facts(case: Case, district_id: str, sites: int) -> list[tuple[str, str]]:
    known = case.register.places[district_id]
    bounds = case.document["boundaries"]
    unstated = case.say("common.unstated")
    land = unstated
    if known.land_km2 is not None:
        ha = known.land_km2 * _HA_PER_KM2
        land = case.say("fact.land_value", km2=f"{known.land_km2:,.1f}", area=area(case, ha, ha * _MU_PER_HA, digits=0))
    note = known.note_zh if case.lang == "zh" else known.note_en
    code = str(known.adcode) if known.adcode else case.say("fact.code_none", note=note or "")
    outline = case.say("fact.outline_source", source=bounds[f"source_{case.lang}"])
    if district_id in bounds["approximate"]:
        outline = case.say("fact.outline_approximate")
    facts = {
        "name_zh": known.zh if case.lang == "zh" else known.en,
        "name_en": known.en if case.lang == "zh" else known.zh,
        "code": code,
        "land": land,
        "formerly": _formerly(case, district_id),
        "outline": outline,
        "sites": str(sites),
        "as_of": case.as_of.isoformat(),
    }
    return [(case.say(f"fact.{key}"), value) for key, value in facts.items() if value]


def _formerly(case: Case, district_id: str) -> str:
    before = case.register.places[district_id].formerly
    if before is None:
        return ""
    return case.say(
        "fact.formerly_value",
        until=before.until,
        parent=place(case, before.parent),
        source=before.source_zh if case.lang == "zh" else before.source_en,
    )


def _layout(case: Case, district_id: str) -> list[Block]:
    """Stages that documents lay out for the district, and those that its roles state themselves."""
    zh = case.lang == "zh"
    rows = []
    for one in case.register.layouts:
        if district_id in one.places:
            where = clause_zh(one.part, one.clause) if zh else clause_en(one.part, one.clause)
            rows.append((one.instrument, where, case.say("district.layout_laid"), stages(case, one.stages)))
    for role_ in case.register.about(district_id):
        if role_.kind == "role" and role_.stages:
            numbers = (role_.part, role_.clause, role_.item)
            said = case.say("district.layout_own", role=role_.role_zh if zh else role_.role_en)
            rows.append(
                (role_.instrument, clause_zh(*numbers) if zh else clause_en(*numbers), said, stages(case, role_.stages))
            )
    blocks: list[Block] = [heading(case, "layout")]
    if not rows:
        return [*blocks, Paragraph(case.say("district.layout_none"))]
    order = list(case.register.instruments)
    rows.sort(key=lambda row: order.index(row[0]))
    cells = tuple(
        (short(case, one), *rest, force(case, case.register.force(one, case.as_of).value)) for one, *rest in rows
    )
    header = tuple(case.say(f"column.{column}") for column in ("document", "clause", "basis_of", "stages", "force"))
    caption = case.say("district.layout_caption", place=place(case, district_id))
    shares = (0.2, 0.16, 0.32, 0.18, 0.14)
    return [*blocks, Paragraph(case.say("district.layout_intro")), Table(caption, header, cells, shares)]


def _parks(case: Case, district_id: str) -> list[Block]:
    """Support clauses for the district and for named places in it, with the facilities that they name."""
    backed = [
        catalogue.designation_record(case.register, one, case.as_of)
        for one in case.register.about(district_id)
        if one.kind == "support"
    ]
    blocks: list[Block] = [heading(case, "parks")]
    if not backed:
        return [*blocks, Paragraph(case.say("district.parks_none"))]
    rows = []
    for one in backed:
        names = case.join(each[case.lang] for each in one["facilities"]) or case.say("common.dash")
        where = (short(case, one["instrument"]), clause(case, one), force(case, one["force"]))
        rows.append((place(case, one["place"]), role(case, one), names, *where))
    columns = ("place", "role", "facilities", "document", "clause", "force")
    return [
        *blocks,
        Table(
            case.say("district.parks_caption", place=place(case, district_id)),
            tuple(case.say(f"column.{column}") for column in columns),
            tuple(rows),
            (0.15, 0.24, 0.21, 0.15, 0.13, 0.12),
            case.say("district.parks_note"),
        ),
    ]


def _sites(case: Case, district_id: str, inside: list[Record], maybe: list[Record]) -> list[Block]:
    """Sites of the list in the district, and those that may lie in it, by verdict."""
    blocks: list[Block] = [heading(case, "sites")]
    if not inside and not maybe:
        return [*blocks, Paragraph(case.say("district.none_in_list"))]
    name = place(case, district_id)
    numbers = {"count": len(inside), "maybe": len(maybe)}
    said = tallied(case, "district.sites_lead", numbers, total=len(case.records), place=name)
    counts = Counter(one["match"] for one in inside)
    held = [
        case.say("district.match_count", match=match(case, one), count=counts[one]) for one in MATCHES if counts[one]
    ]
    if held:
        said.append(case.say("district.matches", counts=case.join(held, "clause")))
    rows = [*inside, *maybe]
    rows.sort(key=lambda one: MATCHES.index(one["match"]))
    note = case.say("report.cut", count=MOST_ROWS, total=len(rows)) if len(rows) > MOST_ROWS else ""
    columns = ("site", "asked", "match", "match_force", "ground", "certainty")
    table = Table(
        case.say("district.sites_caption", place=name),
        tuple(case.say(f"column.{column}") for column in columns),
        tuple(_row(case, district_id, one) for one in rows[:MOST_ROWS]),
        (0.2, 0.19, 0.15, 0.1, 0.23, 0.13),
        note,
    )
    return [*blocks, Paragraph(case.join(said, "sentence")), table]


def _row(case: Case, district_id: str, record: Record) -> tuple[str, ...]:
    """A site; of one that only may lie in the district, the verdict that it would have there."""
    name, question, sure = listed(record), asked(case, record), certainty(case, record["certainty"])
    if record["district"] == district_id:
        verdict = (match(case, record["match"]), force(case, record["force"]), citation(case, record))
        return (name, question, *verdict, sure)
    other = next((one for one in record["alternatives"] if one["district"] == district_id), None)
    dash = case.say("common.dash")
    verdict = (match(case, other["match"]), force(case, other["force"]), dash) if other else (dash, dash, dash)
    return (name, question, *verdict, case.say("district.maybe"))
