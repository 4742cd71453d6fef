"""The sheet of roles (layer 7), and what sheets of documents have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from geo.errors import InputError
from geo.exhibits import extents
from geo.exhibits.ground import fill_style
from geo.exhibits.legend import said
from geo.exhibits.lettering import SOFT, Line
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Pair, Plan, Scene, Section
from geo.exhibits.spec import Spec
from geo.register import Register, clause_en, clause_zh
from geo.schema import BASIS_NAMES, FORCE_NAMES, Designation, Force
from geo.symbology import Swatch, Theme

PLAIN = "#9a9a9a"  # under a pattern that a legend explains
PHRASED = 260.0  # millimetres: on narrower paper a legend alone says what a class means


def plan_roles(pen: Pen, spec: Spec, scene: Scene, _subject: str) -> Plan:
    """District roles on a day."""
    theme = scene.symbology.roles(scene.register, scene.as_of)
    main, inset = extents.of_spec(spec, scene.boundaries)
    return Plan(
        theme,
        main,
        title(spec, scene),
        said=phrases(theme) if pen.size[0] >= PHRASED else {},
        sections=(role_section(pen, scene, theme),),
        inset=inset,
        documents=cited(theme, scene.boundaries.ids),
        notes=(*own_notes(spec), *backing(pen, scene)),
        lines=hatches(pen, theme, scene),
    )


def title(spec: Spec, scene: Scene, **said: str) -> Pair:
    """The title of a sheet with the day, and what else it names, filled in.

    Raises
    ------
    InputError
        If the title names what the sheet does not have.
    """
    zh = {key[:-3]: word for key, word in said.items() if key.endswith("_zh")}
    en = {key[:-3]: word for key, word in said.items() if key.endswith("_en")}
    try:
        return spec.title.zh.format(as_of=scene.as_of, **zh), spec.title.en.format(as_of=scene.as_of, **en)
    except (LookupError, ValueError, AttributeError) as error:
        known = ", ".join(f"{{{one}}}" for one in ("as_of", *zh))
        raise InputError(
            "the title of the sheet cannot be filled in",
            "图件标题无法填写",
            field="title",
            value=spec.title.zh,
            remedy_en=f"braces in a title of this kind of sheet may hold {known}",
            remedy_zh=f"此类图件标题的花括号内可用 {known}",
        ) from error


def own_notes(spec: Spec) -> tuple[Pair, ...]:
    """Notes that the sheet's file gives."""
    return tuple((one.zh, one.en) for one in spec.notes)


def phrases(theme: Theme) -> dict[str, tuple[Pair, ...]]:
    """Roles of each district, each once."""
    return {
        place: tuple(dict.fromkeys((one.role_zh, one.role_en) for one in shown)) for place, shown in theme.shown.items()
    }


def cited(theme: Theme, places: Iterable[str]) -> tuple[str, ...]:
    """Instruments on which the colours of some districts rest."""
    return tuple(dict.fromkeys(one.instrument for place in places for one in theme.shown[place]))


def hatches(pen: Pen, theme: Theme, scene: Scene) -> tuple[Item, ...]:
    """What each pattern of a theme of roles means."""
    rows = []
    words = {scene.symbology.words[f"{one.value}_hatch"]: one for one in (Force.LAPSED, Force.DRAFT, Force.NOT_YET)}
    for swatch in {one.hatch: one for one in theme.classes if one.hatch}.values():
        places = tuple(one for one in scene.boundaries.ids if theme.swatch(one).hatch == swatch.hatch)
        if places:
            style = fill_style(replace(swatch, colour=PLAIN))
            rows.append(Item("area", style, said(pen, pen.style.words[words[swatch.hatch].value]), places))
    return tuple(rows)


def role_section(pen: Pen, scene: Scene, theme: Theme) -> Section:
    """The legend of roles: each with its districts, documents, clauses and force."""
    items = []
    for swatch in theme.classes:
        held = tuple(one for one in scene.boundaries.ids if theme.by_place[one] == swatch.id)
        if held:
            lines = tuple(_entry(pen, swatch, held, theme, scene))
            items.append(Item("area", fill_style(swatch), lines, held))
    return Section(Line(pen.word("roles"), 8.6, bold=True), tuple(items))


def named(scene: Scene, places: Iterable[str]) -> Pair:
    """Names of places in a row, in both languages."""
    found = [scene.register.places[one] for one in places]
    return "、".join(one.zh for one in found), ", ".join(one.en for one in found)


def entry_lines(pen: Pen, head: Pair, below: Pair) -> list[Line]:
    """A row of a legend: its class, and what stands below it."""
    if pen.lang == "both":
        small = [Line(below[0], 6.0, SOFT), Line(below[1], 5.4, SOFT)] if below[0] else []
        return [Line(head[0], 7.2, bold=True), Line(head[1], 6.0), *small]
    at = 0 if pen.lang == "zh" else 1
    return [Line(head[at], 7.6, bold=True), *([Line(below[at], 6.4, SOFT)] if below[at] else [])]


def _entry(pen: Pen, swatch: Swatch, held: Sequence[str], theme: Theme, scene: Scene) -> list[Line]:
    """One class: its roles, districts, and each document with clause, force and end."""
    register = scene.register
    shown = list(dict.fromkeys(designation for one in held for designation in theme.shown[one]))
    zh = "、".join(dict.fromkeys(one.role_zh for one in shown)) or swatch.zh
    en = "; ".join(dict.fromkeys(one.role_en for one in shown)) or swatch.en
    cites = [citation(register, one, scene) for one in shown]
    who = [placed(pen, register, one, shown) for one in held]
    who_zh, who_en = "、".join(one for one, _ in who), ", ".join(one for _, one in who)
    cite_zh, cite_en = ("；".join(dict.fromkeys(c for c, _ in cites)), "; ".join(dict.fromkeys(c for _, c in cites)))
    below = (who_zh + (f"：{cite_zh}" if cite_zh else ""), who_en + (f": {cite_en}" if cite_en else ""))
    return entry_lines(pen, (zh, en), below)


def placed(pen: Pen, register: Register, one: str, shown: Sequence[Designation]) -> Pair:
    """Name of a district, with the one it was part of when the document began."""
    place = register.places[one]
    former = next((old for each in shown if (old := register.former_place(one, each.instrument))), None)
    if former is None:
        return place.zh, place.en
    zh, en = pen.style.words["then"]
    return f"{place.zh}（{zh}{former.zh}）", f"{place.en} ({en} {former.en})"


def citation(register: Register, one: Designation, scene: Scene) -> Pair:
    """Document, clause, force and last day of a designation."""
    return cite(register, one.instrument, (one.part, one.clause, one.item), scene.as_of)


def cite(register: Register, document: str, numbers: tuple[int, int | None, int | None], as_of: date) -> Pair:
    """A document with part, clause and item, force on a day and last day."""
    instrument, span = register.instruments[document], register.validity(document)
    zh, en = FORCE_NAMES[register.force(document, as_of)]
    if span.to is not None:
        basis = BASIS_NAMES["interpreted"] if span.to_basis == "interpreted" else ("", "")
        zh += f"（至{span.to}{basis[0] and '，'}{basis[0]}）"
        en += f" (to {span.to}{basis[1] and ', '}{basis[1]})"
    return (
        f"{instrument.short_zh}{clause_zh(*numbers)}，{zh}",
        f"{instrument.short_en}, {clause_en(*numbers)}, {en}",
    )


def backing(pen: Pen, scene: Scene) -> list[Pair]:
    """For each document in force, the districts in which it backs building."""
    register, boundaries, notes = scene.register, scene.boundaries, []
    for instrument in register.instruments.values():
        backed = {
            one.place: one
            for one in register.designations
            if one.instrument == instrument.id and one.kind == "support" and one.place in boundaries.ids
        }
        if not backed or register.force(instrument.id, scene.as_of) is not Force.IN_FORCE:
            continue
        places = [register.places[one] for one in boundaries.ids if one in backed]
        zh, en = pen.style.words["support"]
        first = next(iter(backed.values()))
        names = "、".join(one.zh for one in places), ", ".join(one.en for one in places)
        number = instrument.document_number or ""
        clauses = clause_zh(first.part, first.clause), clause_en(first.part, first.clause)
        notes.append(
            (
                zh.format(document=instrument.short_zh, number=number, clause=clauses[0], places=names[0]),
                en.format(document=instrument.short_en, number=number, clause=clauses[1], places=names[1]),
            )
        )
    return notes
