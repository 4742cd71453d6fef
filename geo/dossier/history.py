"""The role of a district and its history: every document, in order of time."""

from __future__ import annotations

from geo import catalogue
from geo.dossier.blocks import Block, Paragraph, Table
from geo.dossier.case import Case, Record
from geo.dossier.phrases import clause, document, force, heading, kind, place, reading, role, short, span, title
from geo.register import clause_en, clause_zh
from geo.schema import Designation, Force

_SHARES = (0.27, 0.14, 0.08, 0.24, 0.16, 0.11)


def section(case: Case, district: str, *, told: bool = False) -> list[Block]:
    """What each document says of a district, the silent ones too, and the roles of the day unless `told` before."""
    entries = catalogue.timeline(case.register, district, case.as_of)["timeline"]
    name = place(case, district)
    columns = ("document", "clause", "kind", "role", "span", "force")
    blocks: list[Block] = [
        heading(case, "roles"),
        *(Paragraph(one) for one in ([] if told else standing(case, district))),
        Paragraph(case.say("roles.intro", count=len(entries), place=name, as_of=case.as_of)),
    ]
    blocks += [
        Paragraph(
            case.say("roles.former", title=title(case, one["id"]), parent=place(case, one["former"]), place=name),
            "note",
        )
        for one in entries
        if one["former"] and any(each["place"] == one["former"] for each in one["designations"])
    ]
    blocks.append(
        Table(
            case.say("roles.caption", place=name),
            tuple(case.say(f"column.{column}") for column in columns),
            tuple(row for entry in entries for row in _rows(case, district, entry)),
            _SHARES,
            case.say("roles.note"),
        )
    )
    return blocks


def standing(case: Case, district: str) -> list[str]:
    """Sentences on the roles in force on the day, else on those of the latest lapsed document."""
    roles = case.register.standing(district, case.as_of)
    name = place(case, district)
    said = [_entry(case, one, with_document=True) for one in roles]
    if not roles:
        return [case.say("roles.now_none", as_of=case.as_of, place=name)]
    if case.register.force(roles[0].instrument, case.as_of) is Force.IN_FORCE:
        return [case.say("roles.now", as_of=case.as_of, roles=case.join(said, "clause"))]
    instrument = roles[0].instrument
    last = case.say(
        "roles.last",
        title=title(case, instrument),
        roles=case.join(_entry(case, one) for one in roles),
        to=case.register.validity(instrument).to,
        mark=reading(case, instrument),
    )
    return [case.say("roles.now_none", as_of=case.as_of, place=name), last]


def _entry(case: Case, one: Designation, *, with_document: bool = False) -> str:
    numbers = (one.part, one.clause, one.item)
    where = clause_zh(*numbers) if case.lang == "zh" else clause_en(*numbers)
    if with_document:
        where = case.say(
            "common.document_clause",
            title=title(case, one.instrument),
            number=case.register.instruments[one.instrument].document_number or case.say("common.no_number"),
            clause=where,
        )
    return case.say("roles.last_entry", role=one.role_zh if case.lang == "zh" else one.role_en, clause=where)


def _rows(case: Case, district: str, entry: Record) -> list[tuple[str, ...]]:
    """Rows of one document; the first has its full title and number."""
    dash = case.say("common.dash")
    days, now = span(case, entry["id"]), force(case, entry["force"])
    if not entry["designations"]:
        return [(document(case, entry["id"]), dash, dash, case.say("roles.silent"), days, now)]
    return [
        (
            short(case, entry["id"]) if at else document(case, entry["id"]),
            clause(case, one),
            kind(case, one["kind"]),
            _role(case, district, one),
            days,
            now,
        )
        for at, one in enumerate(entry["designations"])
    ]


def _role(case: Case, district: str, one: Record) -> str:
    """The role, with the place where it is not said of the district itself."""
    said = role(case, one)
    if one["place"] == district:
        return said
    if one["within"] == district:
        return case.say("roles.named_place", role=said, place=place(case, one["place"]))
    return case.say("roles.through", role=said, parent=place(case, one["place"]), place=place(case, district))


def standing_rows(case: Case, district: str) -> list[tuple[str, ...]]:
    """Roles of a district on the day as rows: district, role, document, clause, days, force."""
    name, dash = place(case, district), case.say("common.dash")
    roles = case.register.standing(district, case.as_of)
    if not roles:
        return [(name, case.say("report.districts_none"), dash, dash, dash, dash)]
    rows: list[tuple[str, ...]] = []
    for one in roles:
        record = catalogue.designation_record(case.register, one, case.as_of)
        where = (short(case, one.instrument), clause(case, record), span(case, one.instrument))
        rows.append((name, _role(case, district, record), *where, force(case, record["force"])))
    return rows
