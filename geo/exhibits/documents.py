"""The sheet of documents (layer 7): what each says of the districts, side by side.

A number on a map is that of a row in the legend below it; the same class has the same
number on every map.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geo.exhibits import extents
from geo.exhibits.ground import fill_style
from geo.exhibits.legend import said
from geo.exhibits.lettering import INK, SOFT, Line
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Pair, Panel, Plan, Scene
from geo.exhibits.roles import hatches, own_notes, placed, title
from geo.exhibits.spec import Spec
from geo.register import clause_en, clause_zh
from geo.schema import FORCE_NAMES, Force, Instrument
from geo.symbology import Swatch, Theme


def plan_documents(pen: Pen, spec: Spec, scene: Scene, _subject: str) -> Plan:
    """What each document says of the districts, one small map each."""
    themes = {one: scene.symbology.instrument(scene.register, one, scene.as_of) for one in scene.register.instruments}
    found = dict.fromkeys(
        theme.by_place[one] for theme in themes.values() for one in scene.boundaries.ids if theme.shown[one]
    )
    codes = {key: str(number) for number, key in enumerate(found, start=1)}
    panels = tuple(_panel(pen, scene, codes, one, theme, order) for order, (one, theme) in enumerate(themes.items()))
    patterns = {item.style["hatch"]: item for theme in themes.values() for item in hatches(pen, theme, scene)}
    return Plan(
        scene.symbology.plain(),
        extents.districts(scene.boundaries, scene.boundaries.ids),
        title(spec, scene),
        documents=tuple(themes),
        notes=(pen.style.words["panel_numbers"], *own_notes(spec)),
        lines=(*_blanks(pen, scene, themes.values()), *patterns.values()),
        panels=panels,
    )


def _panel(pen: Pen, scene: Scene, codes: dict[str, str], document: str, theme: Theme, order: int) -> Panel:
    items = []
    for swatch in theme.classes:
        held = tuple(one for one in scene.boundaries.ids if theme.by_place[one] == swatch.id)
        if held and swatch.id in codes:
            zh, en = _row(pen, scene, theme, held)
            code = f"{codes[swatch.id]}  "
            lines = pen.pair([Line(code + zh, 6.4)], [Line(en if pen.lang == "both" else code + en, 5.8, _tone(pen))])
            items.append(Item("area", fill_style(swatch), tuple(lines), held))
    on_map = {one: codes[theme.by_place[one]] for one in scene.boundaries.ids if theme.shown[one]}
    heading = _heading(pen, scene, scene.register.instruments[document], order)
    return Panel(theme, tuple(heading), tuple(items), on_map)


def _tone(pen: Pen) -> str:
    return SOFT if pen.lang == "both" else INK


def _blanks(pen: Pen, scene: Scene, themes: Iterable[Theme]) -> tuple[Item, ...]:
    """Districts of which a document says nothing look alike on every map: a row for all."""
    found: dict[Swatch, Item] = {}
    for theme in themes:
        for swatch in theme.classes:
            held = {one for one in scene.boundaries.ids if theme.by_place[one] == swatch.id and not theme.shown[one]}
            if held:
                places = (*found[swatch].places, *held) if swatch in found else tuple(held)
                found[swatch] = Item("area", fill_style(swatch), said(pen, (swatch.zh, swatch.en)), places)
    return tuple(found.values())


def _row(pen: Pen, scene: Scene, theme: Theme, held: Sequence[str]) -> Pair:
    """A class in words: its roles, its districts and the clauses."""
    shown = list(dict.fromkeys(one for place in held for one in theme.shown[place]))
    who = [placed(pen, scene.register, one, shown) for one in held]
    zh, en = "、".join(one for one, _ in who), ", ".join(one for _, one in who)
    roles_zh = "、".join(dict.fromkeys(one.role_zh for one in shown))
    roles_en = "; ".join(dict.fromkeys(one.role_en for one in shown))
    numbers = dict.fromkeys((one.part, one.clause, one.item) for one in shown)
    clauses_zh, clauses_en = (
        "、".join(clause_zh(*one) for one in numbers),
        "; ".join(clause_en(*one) for one in numbers),
    )
    return f"{roles_zh}：{zh}；{clauses_zh}", f"{roles_en}: {en}; {clauses_en}"


def _heading(pen: Pen, scene: Scene, document: Instrument, order: int) -> list[Line]:
    """Short title, number, first and last day, force on the day."""
    words, span = pen.style.words, scene.register.validity(document.id)
    number = [document.document_number or word for word in words["no_number"]]
    force = scene.register.force(document.id, scene.as_of)
    held = FORCE_NAMES[force]
    dated = ["", ""]
    if force is not Force.DRAFT:
        marks = words["read"] if span.to_basis == "interpreted" else ("", "")
        ends = [f"{span.to}{mark}" if span.to else word for word, mark in zip(words["open"], marks, strict=True)]
        starts = [f"{span.from_}" if span.from_ else word for word in words["undated"]]
        dated = [f"{starts[0]}{words['to'][0]}{ends[0]}，", f"{starts[1]} {words['to'][1]} {ends[1]}, "]
    letter = chr(ord("a") + order % 26)
    return [
        *pen.pair(
            [Line(f"（{letter}）{document.short_zh}　{number[0]}", 8.2, bold=True)],
            [Line(f"({letter}) {document.short_en}, {number[1]}", 8.0 if pen.lang == "en" else 6.4, bold=True)],
        ),
        *pen.pair([Line(f"{dated[0]}{held[0]}", 6.6)], [Line(f"{dated[1]}{held[1]}", 6.0, _tone(pen))]),
    ]
