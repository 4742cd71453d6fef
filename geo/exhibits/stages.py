"""The sheet of stages (layer 7): which stages of the value chain a document lays out where."""

from __future__ import annotations

from geo.exhibits import extents
from geo.exhibits.ground import fill_style
from geo.exhibits.legend import said
from geo.exhibits.lettering import Line
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Pair, Plan, Scene, Section
from geo.exhibits.roles import PHRASED, cite, entry_lines, named, own_notes, title
from geo.exhibits.spec import Spec
from geo.schema import STAGE_NAMES, Layout
from geo.symbology import Swatch, Theme


def plan_stages(pen: Pen, spec: Spec, scene: Scene, _subject: str) -> Plan:
    """Stages of the value chain on a day, by the document that lays them out."""
    theme = scene.symbology.stages(scene.register, scene.as_of)
    layouts = scene.symbology.layouts(scene.register, scene.as_of)
    main, inset = extents.of_spec(spec, scene.boundaries)
    laid = [one for one in scene.boundaries.ids if theme.by_place[one] != "none"]
    return Plan(
        theme,
        main,
        title(spec, scene),
        said={one: ((theme.swatch(one).zh, theme.swatch(one).en),) for one in laid if pen.size[0] >= PHRASED},
        sections=(_section(pen, scene, theme, layouts),),
        inset=inset,
        documents=tuple(dict.fromkeys(one.instrument for one in layouts)),
        notes=(*own_notes(spec), *_own_stages(pen, scene, layouts)),
    )


def _section(pen: Pen, scene: Scene, theme: Theme, layouts: tuple[Layout, ...]) -> Section:
    """The legend: each class with its districts, and the clause that lays it out."""
    items = []
    for swatch in theme.classes:
        held = tuple(one for one in scene.boundaries.ids if theme.by_place[one] == swatch.id)
        if held:
            lines = _entry(pen, scene, swatch, held, [one for one in layouts if set(one.places) & set(held)])
            items.append(Item("area", fill_style(swatch), tuple(lines), held))
    if not layouts:
        items.append(Item("none", {}, said(pen, pen.style.words["no_layout"])))
    return Section(Line(pen.word("stages"), 8.6, bold=True), tuple(items))


def _entry(pen: Pen, scene: Scene, swatch: Swatch, held: tuple[str, ...], layouts: list[Layout]) -> list[Line]:
    cites = dict.fromkeys(
        cite(scene.register, one.instrument, (one.part, one.clause, None), scene.as_of) for one in layouts
    )
    who_zh, who_en = named(scene, held)
    below_zh = who_zh + "".join(f"：{zh}" for zh, _ in cites)
    below_en = who_en + "".join(f": {en}" for _, en in cites)
    return entry_lines(pen, (swatch.zh, swatch.en), (below_zh, below_en))


def _own_stages(pen: Pen, scene: Scene, layouts: tuple[Layout, ...]) -> list[Pair]:
    """Stages that roles of the same document state beyond the layout; the map does not show them."""
    register, found = scene.register, []
    for one in register.designations:
        if one.kind == "role" and one.place in scene.boundaries.ids and layouts[:1]:
            laid = {stage for lay in layouts if one.place in lay.places for stage in lay.stages}
            own = [STAGE_NAMES[stage] for stage in one.stages if stage not in laid]
            if own and one.instrument == layouts[0].instrument:
                place = register.places[one.place]
                listed = "、".join(zh for zh, _ in own), ", ".join(en for _, en in own)
                found.append((f"{place.zh}（{listed[0]}）", f"{place.en} ({listed[1]})"))
    if not found:
        return []
    zh, en = pen.style.words["own_stages"]
    return [
        (zh.format(places="、".join(one for one, _ in found)), en.format(places=", ".join(one for _, one in found)))
    ]
