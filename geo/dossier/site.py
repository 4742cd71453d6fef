"""The dossier of a site: summary, map, roles, fit, measures, what was not assessed, sources."""

from __future__ import annotations

from geo import crs
from geo.dossier import closing, fit, history, measures, suitability
from geo.dossier.blocks import Block, Document, Paragraph, Table
from geo.dossier.case import Case, Record
from geo.dossier.phrases import (
    area,
    called,
    certainty,
    datum,
    force,
    heading,
    match,
    metres,
    picture,
    place,
)
from geo.dossier.words import shown
from geo.schema import STAGE_NAMES, Certainty, Site, Stage
from geo.wording.doubts import percent  # as in the explanation

OWN = ("sub_district", "land_use", "chemical_park")  # facts that only the list can state


def site(case: Case, record: Record) -> Document:
    """All there is to say of one site.

    Parameters
    ----------
    case : Case
    record : dict
        One of ``case.records``.
    """
    number = next(at for at, one in enumerate(case.records) if one is record)
    own = {fact: case.words.own(fact, case.sites[number].attributes) for fact in OWN}
    district, name = record["district"], called(record)
    blocks: list[Block] = [
        *_summary(case, record, case.sites[number], own),
        heading(case, "location"),
        picture(case, f"site-sheet/{number}", case.say("site.map", name=name)),
        *(history.section(case, district) if district else _no_roles(case)),
        *fit.section(case, record),
        *suitability.section(case, record, number),
        *measures.for_site(case, record),
        *closing.not_assessed(
            case,
            districts={district, *record["possible"]},
            listed={matter: own[matter] for matter in ("land_use", "chemical_park")},
            further=suitability.not_assessed(case, record),
        ),
        *closing.sources(case),
    ]
    subtitle = case.say("site.subtitle", as_of=case.as_of)
    return closing.bound(case, case.say("site.title", name=name), subtitle, blocks)


def _no_roles(case: Case) -> list[Block]:
    return [heading(case, "roles"), Paragraph(case.say("roles.outside"))]


def _summary(case: Case, record: Record, given: Site, own: dict[str, str | None]) -> list[Block]:
    """One page: the verdict in words, and the table of land and site."""
    lead = case.say(
        "site.lead" if record["certainty"] != Certainty.OUTSIDE else "site.lead_outside",
        match=match(case, record["match"]),
        force=force(case, record["force"]),
        district=place(case, record["district"]),
        certainty=certainty(case, record["certainty"]),
    )
    rows = [*_identity(case, record, given), *_where(case, record), *_land(case, record, own), *_asked(case, record)]
    return [
        heading(case, "summary"),
        Paragraph(lead, "lead"),
        Paragraph(record["explanation"][case.lang]),
        *([Paragraph(case.say("site.sample_lead"), "note")] if case.sample else []),
        Table(
            case.say("site.facts"),
            (),
            tuple((case.say(f"fact.{key}"), value) for key, value in rows),
            (0.26, 0.74),
            case.say("site.facts_note"),
        ),
    ]


def _identity(case: Case, record: Record, given: Site) -> list[tuple[str, str]]:
    """Id, name, coordinates with their datum and accuracy."""
    declared = record["datum_basis"] == "declared"
    return [
        ("id", shown(record["id"])),
        ("name", _name(case, record)),
        ("position", case.say("fact.position_value", lon=f"{record['lon']:.6f}", lat=f"{record['lat']:.6f}")),
        ("datum", case.say("fact.datum_declared" if declared else "fact.datum_assumed", datum=datum(given.datum))),
        ("accuracy", _accuracy(case, record["position_accuracy_m"])),
    ]


def _name(case: Case, record: Record) -> str:
    """The name, beside the one that the list gives where that is another."""
    name, given = shown(record["name"]), shown(record.get("name_given"))
    if name and given and name != given:
        return case.say("common.bracket", text=name, extra=given)
    return name or case.say("common.not_stated")


def _accuracy(case: Case, value: float | None) -> str:
    if value is None:
        return case.say("fact.accuracy_unknown")
    if value <= crs.EXACT_M:
        return case.say("fact.accuracy_exact")
    return case.say("fact.accuracy_value", metres=metres(value))


def _where(case: Case, record: Record) -> list[tuple[str, str]]:
    """District with its certainty; shares and candidates where it is not settled."""
    name, sure = place(case, record["district"]), certainty(case, record["certainty"])
    distance = record["boundary_distance_m"]
    if distance is None:
        value = case.say("fact.district_bare", district=name, certainty=sure)
    else:
        value = case.say("fact.district_value", district=name, certainty=sure, metres=metres(distance))
    rows = [("district", value)]
    if len(record["shares"]) > 1:
        shares = [
            case.say("fact.share", place=place(case, one), share=percent(share))
            for one, share in record["shares"].items()
        ]
        rows.append(("shares", case.join(shares)))
    if record["possible"]:
        rows.append(("possible", case.join(place(case, one) for one in record["possible"])))
    return rows


def _land(case: Case, record: Record, own: dict[str, str | None]) -> list[tuple[str, str]]:
    """Area, and what the user's own columns say of the land; else not stated."""
    size = case.say("fact.area_point")
    if record["area_ha"] is not None:
        size = area(case, record["area_ha"], record["area_mu"])
    told = {
        fact: case.say("common.unverified", value=value) if value else case.say("common.not_stated")
        for fact, value in own.items()
    }
    return [("sub_district", told["sub_district"]), ("area", size)] + [
        (fact, told[fact]) for fact in ("land_use", "chemical_park")
    ]


def _asked(case: Case, record: Record) -> list[tuple[str, str]]:
    """Field and stage as given and as understood, verdict, force and day."""
    rows = [
        ("field", _field(case, record)),
        ("stage", _stage(case, record)),
        ("match", match(case, record["match"])),
        ("force", force(case, record["force"])),
        ("as_of", case.as_of.isoformat()),
    ]
    notes = [one[case.lang] for one in record["notes"]]
    return rows + ([("remarks", case.join(notes, "sentence"))] if notes else [])


def _field(case: Case, record: Record) -> str:
    query = shown(record["field_query"])
    if not query:
        return case.say("common.not_stated")
    if record["term"] is None:
        return case.say("fact.unrecognised", query=query)
    term, top = case.register.terms[record["term"]], case.register.terms[record["field"]]
    names = (term.zh, top.zh) if case.lang == "zh" else (term.en, top.en)
    if term is top:
        return query if query == names[0] else case.say("fact.field_plain", query=query, term=names[0])
    return case.say("fact.field_value", query=query, term=names[0], field=names[1])


def _stage(case: Case, record: Record) -> str:
    query = shown(record["stage_query"])
    if not query:
        return case.say("common.not_stated")
    if record["stage"] is None:
        return case.say("fact.unrecognised", query=query)
    return STAGE_NAMES[Stage(record["stage"])][case.at]
