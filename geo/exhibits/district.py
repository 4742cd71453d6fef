"""The sheet of a district (layer 7): its role, the documents over time, its sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import shapely

from geo.exhibits import extents
from geo.exhibits.blocks import Cell, Grid, Prose
from geo.exhibits.ground import fill_style, mark_factor, mark_style
from geo.exhibits.legend import said
from geo.exhibits.lettering import SOFT, Line, shortened
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Block, Item, Mark, Pair, Plan, Scene, Section
from geo.exhibits.roles import cite, entry_lines, hatches, own_notes, phrases, title
from geo.exhibits.sites import site_classes, site_marks
from geo.exhibits.spec import Spec
from geo.exhibits.timeline import timeline, wording
from geo.exhibits.view import View
from geo.schema import FORCE_NAMES, MATCH_NAMES, STAGE_NAMES, Designation, Force, Match, Stage
from geo.symbology import Swatch, Theme

_SHARES = (0.13, 0.25, 0.28, 0.21, 0.13)  # of the columns of the table of sites
_ID, _NAME, _FIELD = 14.0, 40.0, 60.0  # millimetres of text after which it is cut
_EDGE = 1.8


def plan_district(pen: Pen, spec: Spec, scene: Scene, subject: str) -> Plan:
    """A district on the day."""
    place = scene.register.places[subject]
    theme = alone(scene, subject)
    held = sites_of(scene, subject)
    marks = site_marks(scene, "match", held) if spec.sites else ()
    outline = scene.boundaries.outlines[scene.boundaries.ids.index(subject)]
    spoken = {one.instrument for one in scene.register.about(subject)}

    def edge(pen: Pen, view: View) -> Any:
        style: dict[str, Any] = {"edgecolor": scene.symbology.colour("outline"), "linewidth": _EDGE, "zorder": 3.3}
        if subject not in scene.boundaries.approximate:
            pen.area(view.on_paper(outline) & view.inside, facecolor="none", **style)
        return shapely.Polygon()

    return Plan(
        theme,
        extents.apart(scene.boundaries) if subject == extents.APART else extents.around([outline], 0.04),
        title(spec, scene, subject_zh=place.zh, subject_en=place.en),
        said={subject: phrases(theme).get(subject, ())},
        sections=(_role_section(pen, scene, theme, subject), *_mark_section(pen, scene, marks)),
        marks=marks,
        leaders=(subject,),
        keep=outline,
        documents=tuple(one for one in scene.register.instruments if one in spoken),
        notes=own_notes(spec),
        side=(_standing(pen, scene, subject), timeline(pen, scene, subject), sites_table(pen, scene, subject, held)),
        lines=hatches(pen, theme, scene),
        overlay=edge,
    )


def alone(scene: Scene, subject: str) -> Theme:
    """The roles of the day, with every district but one in the colour of no class."""
    theme = scene.symbology.roles(scene.register, scene.as_of)
    context = Swatch("context", **scene.symbology.words["context"])
    own = theme.swatch(subject)
    by_place = {one: own.id if one == subject else context.id for one in theme.by_place}
    shown = {one: found if one == subject else () for one, found in theme.shown.items()}
    return replace(theme, classes=(own, context), by_place=by_place, shown=shown)


def sites_of(scene: Scene, district: str) -> tuple[int, ...]:
    """Numbers of the sites that lie in a district, in part or possibly, those judged for it first."""
    records = scene.records
    held = [
        number
        for number, one in enumerate(records)
        if district == one["district"] or district in one["shares"] or district in one["possible"]
    ]
    return tuple(sorted(held, key=lambda number: records[number]["district"] != district))


def _role_section(pen: Pen, scene: Scene, theme: Theme, subject: str) -> Section:
    swatch = theme.swatch(subject)
    roles = phrases(theme).get(subject, ())
    head = ("、".join(zh for zh, _ in roles) or swatch.zh, "; ".join(en for _, en in roles) or swatch.en)
    place = scene.register.places[subject]
    own = Item("area", fill_style(swatch), tuple(entry_lines(pen, head, (place.zh, place.en))), (subject,))
    others = tuple(one for one in scene.boundaries.ids if one != subject)
    context = theme.classes[-1]
    rest = Item("area", fill_style(context), said(pen, (context.zh, context.en)), others or ("",))
    return Section(Line(pen.word("role_here"), 8.6, bold=True), (own, rest))


def _mark_section(pen: Pen, scene: Scene, marks: tuple[Mark, ...]) -> tuple[Section, ...]:
    """The classes of sites that the sheet shows."""
    shown = {one.swatch.id for one in marks}
    factor = mark_factor(len(marks))
    items = [
        Item("mark", mark_style(one, factor), said(pen, (one.zh, one.en)))
        for one in site_classes(scene, "match").values()
        if one.id in shown
    ]
    return (Section(Line(pen.word("sites_legend"), 8.6, bold=True), tuple(items)),) if items else ()


def _standing(pen: Pen, scene: Scene, district: str) -> Block:
    """Name of the district, its roles on the day and what is backed there, each with document and clause."""
    place, words = scene.register.places[district], pen.style.words
    name = pen.pair([Line(place.zh, 12, bold=True)], [Line(place.en, 12 if pen.lang == "en" else 7.5, bold=True)])
    if place.formerly is not None:
        former = scene.register.places[place.formerly.parent]
        told = [
            one.format(until=place.formerly.until, parent=was)
            for one, was in zip(words["formerly"], (former.zh, former.en), strict=True)
        ]
        name += pen.pair([Line(told[0], 6.0, SOFT)], [Line(told[1], 5.8, SOFT)])
    day = [one.format(as_of=scene.as_of) for one in words["standing"]]
    name.append(Line(pen.say(day[0], day[1]), 8.2, bold=True, gap=1.2))
    standing = scene.register.standing(district, scene.as_of)
    parks = any(one.kind == "role" and one.place != district for one in scene.register.about(district))
    lacks = words["standing_parks" if parks else "standing_none"]
    none = pen.pair([Line(lacks[0], 6.6)], [Line(lacks[1], 6.4)])
    backed = [
        one
        for one in scene.register.about(district)
        if one.kind == "support" and scene.register.force(one.instrument, scene.as_of) is Force.IN_FORCE
    ]
    below = [Line(pen.word("backed_here"), 7.0, bold=True, gap=1.0)] if backed else []
    whole, brief = (
        (
            *name,
            *(_cited(pen, scene, district, standing, cites=cites) or none),
            *below,
            *_cited(pen, scene, district, backed, cites=cites),
        )
        for cites in (True, False)
    )
    return Prose(whole, (brief,))


def _cited(pen: Pen, scene: Scene, district: str, found: Sequence[Designation], *, cites: bool) -> list[Line]:
    """Wording of designations, each with its citation."""
    lines: list[Line] = []
    for one in found:
        zh, en = wording(pen, scene, district, replace(one, kind="role"))
        cite_zh, cite_en = cite(scene.register, one.instrument, (one.part, one.clause, one.item), scene.as_of)
        english = Line(en, 7.0 if pen.lang == "en" else 6.2, bold=pen.lang == "en", gap=0.2)
        lines += pen.pair(
            [Line(zh, 7.4, bold=True, gap=0.4), *([Line(cite_zh, 6.2, SOFT)] if cites else [])],
            [english, *([Line(cite_en, 5.8, SOFT)] if cites else [])],
        )
    return lines


def sites_table(pen: Pen, scene: Scene, district: str, held: tuple[int, ...]) -> Block:
    """The sites of a district: id, name, field and stage, verdict and its force."""
    own = sum(scene.records[one]["district"] == district for one in held)
    zh, en = pen.style.words["sites_in" if own == len(held) else "sites_possible"]
    counts = {"count": own, "more": len(held) - own}
    heading = Line(pen.say(zh.format(**counts), en.format(**counts)), 8.2, bold=True)
    if not held:
        return Prose((heading, *pen.pair(*([Line(one, 6.4, SOFT)] for one in pen.style.words["sites_none"]))))
    header = tuple(Line(pen.word(key, " "), 6.0, SOFT) for key in ("id", "name", "field_stage", "match", "force"))
    rows = [_row(pen, scene, scene.records[one], district) for one in held]
    return Grid(heading, (header, *rows), _SHARES, header=True, more=pen.style.words["more_sites"])


def _row(pen: Pen, scene: Scene, record: Mapping[str, Any], district: str) -> tuple[Cell, ...]:
    verdict = MATCH_NAMES[Match(record["match"])]
    if record["district"] and record["district"] != district:
        zh, en = pen.style.words["judged_in"]
        verdict = (
            verdict[0] + zh.format(district=record["district_zh"]),
            verdict[1] + en.format(district=record["district_en"]),
        )
    own = (shortened(str(record["id"]), 6.2, _ID), shortened(str(record["name"] or ""), 6.2, _NAME))
    told = (asked(pen, record), verdict, FORCE_NAMES[Force(record["force"])])
    return (
        *(Line(one, 6.2) for one in own),
        *(tuple(pen.pair([Line(zh, 6.2)], [Line(en, 6.0 if pen.lang == "en" else 5.6)])) for zh, en in told),
    )


def asked(pen: Pen, record: Mapping[str, Any]) -> Pair:
    """Field and stage of a site as they are understood, else as the user wrote them."""
    none = pen.style.words["not_filled"]
    field: Pair = (record["term_zh"], record["term_en"]) if record["term"] else _verbatim(record["field_query"], none)
    stage = STAGE_NAMES[Stage(record["stage"])] if record["stage"] else _verbatim(record["stage_query"], none)
    return f"{field[0]}／{stage[0]}", f"{field[1]} / {stage[1]}"


def _verbatim(text: str | None, none: Pair) -> Pair:
    return (shortened(text, 6.2, _FIELD),) * 2 if text else none
