"""The report of a whole list: figures, exhibits, documents, doubts, and two rows for each site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from geo.dossier import closing, measures, ranking
from geo.dossier.blocks import Block, Document, Paragraph, Table
from geo.dossier.case import Case, Record
from geo.dossier.district import MOST_ROWS
from geo.dossier.fit import citation
from geo.dossier.history import standing_rows
from geo.dossier.phrases import (
    asked,
    certainty,
    force,
    heading,
    listed,
    match,
    metres,
    percent,
    picture,
    place,
    tallied,
)
from geo.dossier.site import OWN
from geo.dossier.summaries import AREAS, FORCES, MATCHES, Counts, count, doubtful, most
from geo.dossier.words import shown
from geo.schema import DISTRICTS, OUTSIDE, Force

SITE_SHEETS = ("site-sheet/", "suitability/")


def report(case: Case) -> Document:
    """The whole list, with every exhibit that was drawn."""
    counts = count(case.records)
    blocks: list[Block] = [
        *_overview(case, counts),
        *_results(case, counts),
        *_doubts(case),
        *ranking.section(case),
        *_exhibits(case),
        *_documents(case),
        *_districts(case),
        *measures.for_city(case),
        *_rejected(case),
        *closing.not_assessed(case, districts=DISTRICTS, further=ranking.not_assessed(case)),
        *closing.sources(case, documents_too=False),
        *_annex(case),
        *_annex_land(case),
    ]
    return closing.bound(case, case.say("report.title"), case.say("report.subtitle", as_of=case.as_of), blocks)


def _overview(case: Case, counts: Counts) -> list[Block]:
    """The figures in sentences, each computed."""
    outside = counts.district[OUTSIDE]
    refused = len(case.refused)
    said = [
        *tallied(
            case,
            "report.total",
            {"sites": counts.total, "rejected": refused},
            source=shown(case.source, 80),
            rows=counts.total + refused,
        ),
        *tallied(
            case,
            "report.placed",
            {"inside": counts.total - outside, "outside": outside},
            sites=counts.total,
            districts=len(counts.district) - (outside > 0),
        ),
        *tallied(case, "report.matched", {one: counts.match[one] for one in MATCHES}, "clause"),
        *tallied(case, "report.forced", {one: counts.force[one] for one in FORCES}),
        *tallied(
            case,
            "report.settled",
            {
                "certain": counts.certain,
                "doubtful": counts.doubtful,
                "beyond": counts.beyond,
                "assumed": counts.assumed,
            },
            "clause",
        ),
        *tallied(
            case,
            "report.interpreted",
            {"explicit": counts.explicit, "interpreted": counts.interpreted},
            designated=match(case, "designated"),
        ),
        *_areas(case, counts),
    ]
    blocks: list[Block] = [heading(case, "overview"), *(Paragraph(one) for one in said)]
    if case.sample:
        blocks.append(Paragraph(case.say("common.sample_note"), "note"))
    blocks.append(Paragraph(case.say("report.axes"), "note"))
    if case.remarks:
        blocks.append(Paragraph(case.say("report.list_remarks")))
        blocks += [Paragraph(shown(one[case.at], 500), "bullet") for one in case.remarks]
    return blocks


def _areas(case: Case, counts: Counts) -> list[str]:
    """The area of the sites that have one."""
    points = counts.total - counts.polygons
    if not counts.polygons:
        return [case.say("report.points", points=points)] if points else []
    numbers = {"polygons": counts.polygons, "points": points}
    return tallied(case, "report.areas", numbers, "clause", ha=f"{counts.ha:,.2f}", mu=f"{counts.mu:,.2f}")


def _results(case: Case, counts: Counts) -> list[Block]:
    """Tables by district, by verdict and by force, and the two that cross them."""
    areas = [one for one in AREAS if one != OUTSIDE or counts.district[one]]
    names = {one: place(case, one) for one in areas}
    matches = {one: match(case, one) for one in MATCHES}
    forces = {one: force(case, one) for one in FORCES}
    return [
        heading(case, "results"),
        *_counted(case, "by_district", "district", counts.district, names),
        *_counted(case, "by_match", "match", counts.match, matches),
        *_counted(case, "by_force", "match_force", counts.force, forces),
        heading(case, "crossed", 2),
        _crossed(case, "crossed_caption", counts.crossed, names, matches),
        _crossed(case, "axes_caption", counts.axes, matches, forces),
    ]


def _counted(case: Case, kind: str, column: str, counts: Counter[str], names: dict[str, str]) -> list[Block]:
    """A sentence on the most frequent kind and a table of all."""
    total = sum(counts.values())
    blocks: list[Block] = [heading(case, kind, 2)]
    best, highest = most(counts)
    if highest:
        key = f"report.{kind}_text" if len(best) == 1 else f"report.{kind}_tied"
        slot = {"by_district": "place", "by_match": "match", "by_force": "force"}[kind]
        said = {slot: case.join(names[one] for one in names if one in best)}
        blocks.append(Paragraph(case.say(key, count=highest, share=percent(highest, total), **said)))
    rows = [
        (name, str(counts[one]), case.say("report.percent", share=percent(counts[one], total)))
        for one, name in names.items()
    ]
    rows.append((case.say("column.total"), str(total), case.say("report.percent", share=percent(total, total))))
    header = tuple(case.say(f"column.{one}") for one in (column, "count", "share"))
    return [*blocks, Table(case.say(f"report.{kind}_caption"), header, tuple(rows), (0.5, 0.25, 0.25))]


def _crossed(
    case: Case, caption: str, counts: Counter[tuple[str, str]], down: dict[str, str], across: dict[str, str]
) -> Table:
    """A cross table of the columns that hold anything, with its sums."""
    used = [one for one in across if any(counts[row, one] for row in down)]
    rows = [
        (name, *(str(counts[row, one]) for one in used), str(sum(counts[row, one] for one in used)))
        for row, name in down.items()
    ]
    sums = [sum(counts[row, one] for row in down) for one in used]
    total = case.say("column.total")
    rows.append((total, *(str(one) for one in sums), str(sum(sums))))
    first = case.say("column.district" if caption == "crossed_caption" else "column.match")
    width = 0.8 / (len(used) + 1)
    return Table(
        case.say(f"report.{caption}"),
        (first, *(across[one] for one in used), total),
        tuple(rows),
        (0.2, *(width for _ in range(len(used) + 1))),
    )


def _doubts(case: Case) -> list[Block]:
    """Sites whose district is in doubt, with the verdicts that they could have."""
    blocks: list[Block] = [heading(case, "doubts")]
    held = [one for one in case.records if doubtful(one)]
    if not held:
        return [*blocks, Paragraph(case.say("report.doubts_none"))]
    rows = []
    for one in held[:MOST_ROWS]:
        distance, dash = one["boundary_distance_m"], case.say("common.dash")
        others = [
            case.say("common.label", label=place(case, each["district"]), text=match(case, each["match"]))
            for each in one["alternatives"]
        ]
        rows.append(
            (
                listed(one),
                place(case, one["district"]),
                match(case, one["match"]),
                certainty(case, one["certainty"]),
                dash if distance is None else metres(distance),
                case.join(others, "clause") or dash,
            )
        )
    columns = ("site", "district", "match", "certainty", "distance", "otherwise")
    table = Table(
        case.say("report.doubts_caption"),
        tuple(case.say(f"column.{column}") for column in columns),
        tuple(rows),
        (0.2, 0.12, 0.16, 0.16, 0.1, 0.26),
        _cut(case, "cut", len(held)),
    )
    return [*blocks, Paragraph(case.say("report.doubts_text", count=len(held))), table]


def _exhibits(case: Case) -> list[Block]:
    """Every exhibit with its caption, but the sheets of single sites, which stand in their dossiers."""
    keys = [one for one in case.captions if one in case.pictures and not one.startswith(SITE_SHEETS)]
    blocks: list[Block] = [heading(case, "exhibits")]
    if not keys:
        return [*blocks, Paragraph(case.say("report.exhibits_none"))]
    blocks.append(Paragraph(case.say("report.exhibits_intro", count=len(keys))))
    return blocks + [picture(case, one, case.captions[one], landscape=True) for one in keys]


def _documents(case: Case) -> list[Block]:
    """The documents with their force on the day; the full table stands with the sources."""
    forces = Counter(case.register.force(one, case.as_of) for one in case.register.instruments)
    said = tallied(
        case,
        "report.documents_text",
        {one.value: forces[one] for one in Force if one is not Force.NONE},
        "clause",
        count=sum(forces.values()),
        as_of=case.as_of,
    )
    return [heading(case, "documents"), *(Paragraph(one) for one in said), closing.documents(case)]


def _districts(case: Case) -> list[Block]:
    """The role of each district on the day."""
    columns = ("district", "role", "document", "clause", "span", "force")
    return [
        heading(case, "districts"),
        Table(
            case.say("report.districts_caption"),
            tuple(case.say(f"column.{column}") for column in columns),
            tuple(row for one in DISTRICTS for row in standing_rows(case, one)),
            (0.14, 0.26, 0.18, 0.13, 0.18, 0.11),
            case.say("report.districts_note"),
        ),
    ]


def _rejected(case: Case) -> list[Block]:
    """Rows that were not used, with their reasons."""
    blocks: list[Block] = [heading(case, "rejected")]
    if not case.refused:
        return [*blocks, Paragraph(case.say("report.rejected_none"))]
    rows = tuple((str(one.row), shown(one.label, 60), shown(one.reason)) for one in case.refused[:MOST_ROWS])
    header = tuple(case.say(f"column.{column}") for column in ("row", "id", "reason"))
    note = _cut(case, "rejected_cut", len(case.refused))
    table = Table(case.say("report.rejected_caption"), header, rows, (0.1, 0.2, 0.7), note)
    return [*blocks, Paragraph(case.say("report.rejected_text", count=len(case.refused))), table]


def _listed(case: Case, key: str) -> list[Block]:
    """Heading of an annex, and how many sites it holds."""
    total = len(case.records)
    if not total:
        return [heading(case, key), Paragraph(case.say("report.annex_none"))]
    said = case.say(
        "report.annex_text" if total <= MOST_ROWS else "report.annex_cut", count=min(total, MOST_ROWS), total=total
    )
    return [heading(case, key), Paragraph(said)]


def _annex(case: Case) -> list[Block]:
    """A row a site: what was found."""
    blocks = _listed(case, "annex")
    records: Sequence[Record] = case.records[:MOST_ROWS]
    if not records:
        return blocks
    columns = ("site", "district", "certainty", "asked", "match", "match_force", "ground")
    rows = tuple(
        (
            listed(one),
            place(case, one["district"]),
            certainty(case, one["certainty"]),
            asked(case, one),
            match(case, one["match"]),
            force(case, one["force"]),
            citation(case, one),
        )
        for one in records
    )
    header = tuple(case.say(f"column.{column}") for column in columns)
    shares = (0.17, 0.1, 0.12, 0.16, 0.13, 0.09, 0.23)
    return [*blocks, Table(case.say("report.annex_caption"), header, rows, shares)]


def _annex_land(case: Case) -> list[Block]:
    """A row a site: where it lies, its area, and what the list's own columns say of the land."""
    blocks = _listed(case, "annex_land")
    records: Sequence[Record] = case.records[:MOST_ROWS]
    if not records:
        return blocks
    missing = case.say("common.not_stated")
    rows = []
    for one, given in zip(records, case.sites, strict=False):
        sizes = (one["area_ha"], one["area_mu"])
        rows.append(
            (
                shown(one["id"], 60),
                case.say("report.annex_position", lon=f"{one['lon']:.5f}", lat=f"{one['lat']:.5f}"),
                *(missing if size is None else f"{size:,.2f}" for size in sizes),
                *(case.words.own(fact, given.attributes) or missing for fact in OWN),
            )
        )
    header = tuple(case.say(f"column.{column}") for column in ("id", "position", "area_ha", "area_mu", *OWN))
    shares = (0.13, 0.19, 0.1, 0.1, 0.14, 0.18, 0.16)
    note = case.say("site.facts_note")
    return [*blocks, Table(case.say("report.annex_land_caption"), header, tuple(rows), shares, note)]


def _cut(case: Case, key: str, total: int) -> str:
    """That a table holds only the first rows, where it does."""
    return case.say(f"report.{key}", count=MOST_ROWS, total=total) if total > MOST_ROWS else ""
