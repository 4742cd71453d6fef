"""The sheet of what documents back building, without assigning a role (layer 7).

Districts named are filled; facilities, amounts and places without an outline stand in
tables beside the map, each with the force of its document on the day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from geo.exhibits import extents
from geo.exhibits.lettering import Line
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Block, Pair, Plan, Scene
from geo.exhibits.roles import hatches, own_notes, role_section, title
from geo.exhibits.spec import Spec
from geo.exhibits.support_tables import Tables
from geo.register import backing, named_year
from geo.schema import DISTRICTS, Designation, Force, Measure

_SMALL = 300.0  # width of a paper, millimetres


def plan_support(pen: Pen, spec: Spec, scene: Scene, _subject: str) -> Plan:
    """Park building and facilities that documents back on a day."""
    theme = scene.symbology.support(scene.register, scene.as_of)
    main, inset = extents.of_spec(spec, scene.boundaries)
    shown = backing(scene.register, scene.as_of)
    listed = _with_facilities(scene, shown)
    section = replace(role_section(pen, scene, theme), heading=Line(pen.word("support_legend"), 8.6, bold=True))
    return Plan(
        theme,
        main,
        title(spec, scene),
        said=_said(pen, scene, shown),
        sections=(section,),
        inset=inset,
        documents=tuple(dict.fromkeys(one.instrument for one in (*shown, *listed))),
        notes=(*own_notes(spec), _lead(pen, scene, shown), *_notes(pen, scene, [*shown, *listed])),
        side=tuple(_side(pen, scene, shown, listed)),
        lines=hatches(pen, theme, scene),
    )


def _said(pen: Pen, scene: Scene, shown: Sequence[Designation]) -> dict[str, tuple[Pair, ...]]:
    """Under the name of a district what is backed there; on a small paper the legend tells.

    The English of the register is long and stands in the legend.
    """
    said: dict[str, tuple[Pair, ...]] = {}
    held = [one for one in shown if one.place in scene.boundaries.ids]
    for one in held if pen.size[0] >= _SMALL else [one for one in held if one.place == extents.APART]:
        force = scene.register.force(one.instrument, scene.as_of)
        key = "support_short" if force is Force.IN_FORCE else f"support_short_{force.value}"
        said[one.place] = ((one.role_zh, pen.style.words[key][1]),)
    return said


def _with_facilities(scene: Scene, shown: Sequence[Designation]) -> list[Designation]:
    """What tells the facilities of a district: of documents shown, and of drafts, which have no force."""
    register = scene.register
    return [
        one
        for one in register.designations
        if one.facilities
        and one.kind == "support"
        and one.place in scene.boundaries.ids
        and (one in shown or _drafted(scene, one.instrument))
    ]


def _drafted(scene: Scene, instrument: str) -> bool:
    """Whether a document is a draft that was there on the day, as far as its name tells."""
    year = named_year(scene.register, instrument)
    is_draft = scene.register.force(instrument, scene.as_of) is Force.DRAFT
    return is_draft and (year is None or year <= scene.as_of.year)


def _side(pen: Pen, scene: Scene, shown: Sequence[Designation], listed: Sequence[Designation]) -> Iterator[Block]:
    """Tables of amounts, of what is not drawn, and of facilities; short ones on a small paper."""
    tables = Tables(pen, scene, small=pen.size[0] < _SMALL)
    measures = _measures(scene, shown)
    if measures:
        yield from tables.amounts(measures, [one for one in shown if one.place in scene.boundaries.ids])
    yield from tables.not_drawn([one for one in shown if one.place not in DISTRICTS])
    for place in dict.fromkeys(one.place for one in listed):
        yield tables.facilities(place, [one for one in listed if one.place == place])


def _lead(pen: Pen, scene: Scene, shown: Sequence[Designation]) -> Pair:
    """What stands on the day, in a sentence."""
    register = scene.register
    located = [one for one in shown if one.place in scene.boundaries.ids]
    forces = {register.force(one.instrument, scene.as_of) for one in located}
    key = next(
        (f"support_{one.value}" for one in (Force.IN_FORCE, Force.LAPSED, Force.DRAFT) if one in forces),
        "support_elsewhere" if shown else "support_nowhere",
    )
    documents = [register.instruments[one] for one in dict.fromkeys(one.instrument for one in located)]
    places = [register.places[one] for one in dict.fromkeys(one.place for one in located)]
    zh, en = pen.style.words[key]
    zh = zh.format(
        as_of=scene.as_of,
        documents="、".join(one.short_zh for one in documents),
        places="、".join(one.zh for one in places),
    )
    en = en.format(
        as_of=scene.as_of,
        documents=" and ".join(one.short_en for one in documents),
        places=", ".join(one.en for one in places),
    )
    return zh, en


def _measures(scene: Scene, shown: Sequence[Designation]) -> list[Measure]:
    """Measures of the clauses shown that are for their places, or for parks all over the city.

    Those that name a district come first.
    """
    clauses = {(one.instrument, one.part, one.clause) for one in shown}
    places = {one.place for one in shown}
    found = [
        one
        for one in scene.register.measures
        if (one.instrument, one.part, one.clause) in clauses
        and (set(one.places) & places or (not one.places and one.facilities))
    ]
    return sorted(found, key=lambda one: not set(one.places) & set(scene.boundaries.ids))


def _notes(pen: Pen, scene: Scene, shown: Sequence[Designation]) -> list[Pair]:
    """That a draft has no force, and how it came upon the sheet."""
    drafts = dict.fromkeys(one.instrument for one in shown if _drafted(scene, one.instrument))
    zh, en = pen.style.words["support_draft_note"]
    said = [scene.register.instruments[one] for one in drafts]
    return [(zh.format(document=one.short_zh), en.format(document=one.short_en)) for one in said]
