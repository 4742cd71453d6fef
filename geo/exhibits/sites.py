"""Sheets of sites (layer 7): symbols by verdict, or by the force of what decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs
from geo.exhibits import extents
from geo.exhibits.font import legible
from geo.exhibits.ground import MANY, mark_factor, mark_style
from geo.exhibits.legend import said
from geo.exhibits.lettering import Line
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Mark, Pair, Plan, Scene, Section
from geo.exhibits.roles import entry_lines, own_notes, title
from geo.exhibits.spec import Spec
from geo.schema import Force
from geo.symbology import Swatch

_LONGEST = 18  # characters of an id on the map


def plan_sites(pen: Pen, spec: Spec, scene: Scene, _subject: str) -> Plan:
    """Sites on plain ground, by verdict or by force."""
    classes = site_classes(scene, spec.by)
    marks = site_marks(scene, spec.by) if spec.sites else ()
    main, inset = extents.of_spec(spec, scene.boundaries)
    notes = [*own_notes(spec)]
    notes += [pen.style.words["no_sites"]] if not marks else []
    notes += [pen.style.words["many_sites"]] if len(marks) > MANY else []
    plan = Plan(
        scene.symbology.plain(),
        main,
        title(spec, scene),
        marks=marks,
        inset=inset,
        documents=_deciding(scene) if marks else (),
        notes=tuple(notes),
    )
    places = _metres(marks)

    def counted(region: Any) -> Plan:
        shapely.prepare(region)
        shown = np.asarray(shapely.contains_xy(region, places), dtype=bool)
        return replace(plan, sections=(_section(pen, spec, classes, marks, shown),) if marks else ())

    return replace(plan, counted=counted)


def site_classes(scene: Scene, by: str) -> dict[str, Swatch]:
    """Classes of sites by their id."""
    swatches = scene.symbology.match_classes() if by == "match" else scene.symbology.force_classes()
    return {one.id: one for one in swatches}


def site_marks(scene: Scene, by: str, chosen: Sequence[int] | None = None) -> tuple[Mark, ...]:
    """The sites of a scene, or those of some numbers, with the symbols of their classes."""
    classes, records = site_classes(scene, by), scene.records
    shapes = scene.shapes or (None,) * len(records)
    numbers = range(len(records)) if chosen is None else chosen
    return tuple(
        Mark(
            float(records[one]["lon"]),
            float(records[one]["lat"]),
            classes[records[one][by]],
            shortened(str(records[one]["id"])),
            shapes[one],
        )
        for one in numbers
    )


def shortened(text: str) -> str:
    """A label of the user's, no longer than a map can bear.

    >>> shortened("A-12"), shortened("2026-深圳-新材料-候选地块-0001-补充")
    ('A-12', '2026-深圳-新材料-候选地块-…')
    """
    text = legible(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _metres(marks: Sequence[Mark]) -> NDArray[np.float64]:
    """Positions of sites in metres."""
    points = shapely.points(np.array([(one.lon, one.lat) for one in marks]).reshape(-1, 2))
    return np.asarray(shapely.get_coordinates(crs.project(points)))


def _section(
    pen: Pen, spec: Spec, classes: dict[str, Swatch], marks: Sequence[Mark], shown: NDArray[np.bool_]
) -> Section:
    """The legend: each class that occurs, with how many sites it has and how many lie off the sheet."""
    factor, items = mark_factor(len(marks)), []
    for swatch in classes.values():
        held = np.array([one.swatch.id == swatch.id for one in marks])
        if held.any():
            count = _count(pen, swatch, int(held.sum()), int((held & ~shown).sum()))
            lines = entry_lines(pen, (swatch.zh, swatch.en), count)
            items.append(Item("mark", mark_style(swatch, factor), tuple(lines)))
    away = int((~shown).sum())
    if away:
        zh, en = pen.style.words["undrawn"]
        items.append(Item("none", {}, said(pen, (zh.format(count=away), en.format(count=away)))))
    zh, en = pen.style.words[f"by_{spec.by}"]
    return Section(
        Line(pen.say(zh.format(count=len(marks)), en.format(count=len(marks))), 8.6, bold=True), tuple(items)
    )


def _count(pen: Pen, swatch: Swatch, count: int, away: int) -> Pair:
    """How many sites a class has, and what a class without any force means."""
    zh, en = (word.format(count=count, away=away) for word in pen.style.words["of_class_away" if away else "of_class"])
    if swatch.id == Force.NONE:
        because = pen.style.words["no_force"]
        zh, en = because[0].format(count=zh), because[1].format(count=en)
    return zh, en


def _deciding(scene: Scene) -> tuple[str, ...]:
    """Instruments on which the answers rest: those that decided, here or elsewhere."""
    used = {
        one["instrument"]
        for record in scene.records
        for one in (*(each for each in record["designations"] if each["decides"]), *record["elsewhere"])
    }
    return tuple(one for one in scene.register.instruments if one in used)
