"""The sheet of where boundaries are uncertain, and by how much (layer 7).

All figures are computed from the two sources of the layer; of a layer of the user's own
there is only one, and the sheet says that nothing is known against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo import crs
from geo.districts import Boundaries
from geo.exhibits import extents
from geo.exhibits.blocks import Grid, Prose
from geo.exhibits.citymap import CityMap, conflict_style, surface
from geo.exhibits.legend import said
from geo.exhibits.lettering import INK, SOFT, Line
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Block, Item, Pair, Plan, Scene, Section
from geo.exhibits.roles import own_notes, title
from geo.exhibits.spec import Spec
from geo.exhibits.view import View
from geo.join import NOISE_M2, NOISE_SHARE

_HEAD, _TEXT, _CELL = 7.8, 6.6, 6.4
_SECOND: dict[str, Any] = {"linewidth": 0.7, "linestyle": (0, (1.2, 1.2))}


@dataclass(frozen=True)
class Compared:
    """One district by both sources, in km² of EPSG:4547.

    Attributes
    ----------
    area, second : float
        By the layer and by the second source.
    conflict : float
        Part of the layer's district that the second source gives to others.
    bare : float
        Part that is in no area of the second source.
    """

    id: str
    area: float
    second: float | None
    conflict: float | None
    bare: float | None


def compare(boundaries: Boundaries, conflicts: Any) -> list[Compared]:
    """Compare the sources district by district, given what they give to different areas."""
    areas = crs.area_m2(boundaries.outlines) / 1e6
    if not len(boundaries.second):
        return [Compared(one, float(area), None, None, None) for one, area in zip(boundaries.ids, areas, strict=True)]
    seconds = crs.area_m2(boundaries.second) / 1e6
    known = shapely.union_all(_metric([*boundaries.second, *boundaries.second_outside]))
    bare = shapely.area(shapely.difference(_metric(boundaries.outlines), known)) / 1e6
    parted = shapely.area(conflicts) / 1e6
    rows = zip(boundaries.ids, areas, seconds, parted, bare, strict=True)
    return [Compared(one, *(float(value) for value in values)) for one, *values in rows]


def conflicting(boundaries: Boundaries) -> Any:
    """For each district, what the second source gives to others, in metres; empty without one."""
    if not len(boundaries.second):
        return np.full(len(boundaries.ids), shapely.Polygon())
    mine, theirs = _metric(boundaries.outlines), _metric(boundaries.second)
    outside = _metric(boundaries.second_outside)
    parts = []
    for number, shape in enumerate(mine):
        others = shapely.union_all([*np.delete(theirs, number), *outside])
        parts.append(shapely.difference(shapely.intersection(shape, others), theirs[number]))
    return np.array(parts)


def _metric(shapes: Any) -> Any:
    """Shapes in degrees as valid ones in metres."""
    return shapely.make_valid(crs.project(np.asarray(shapes, dtype=object)))


def plan_uncertainty(pen: Pen, spec: Spec, scene: Scene, _subject: str) -> Plan:
    """Where boundaries are uncertain, and by how much."""
    boundaries = scene.boundaries
    main, _ = extents.of_spec(spec, boundaries)
    has_second = len(boundaries.second) > 0
    conflicts = conflicting(boundaries)
    return Plan(
        scene.symbology.plain(),
        main,
        title(spec, scene),
        sections=_sections(pen, scene),
        locator=extents.APART in boundaries.ids and len(boundaries.ids) > 1,
        notes=(*own_notes(spec), *_measured(pen, scene)),
        side=tuple(_side(pen, spec, scene, conflicts)),
        lines=(_second_item(pen, scene),) if has_second else (),
        overlay=(lambda pen, view: _draw(pen, view, scene, conflicts)) if has_second else None,
    )


def _sections(pen: Pen, scene: Scene) -> tuple[Section, ...]:
    plain = {"facecolor": scene.symbology.plain().classes[0].colour, "linewidth": 0}
    items = [
        Item(
            "area",
            plain,
            said(pen, pen.style.words["doubt_plain" if scene.boundaries.approximate else "doubt_plain_sure"]),
        )
    ]
    if len(scene.boundaries.second):
        items.append(Item("area", conflict_style(scene.symbology), said(pen, pen.style.words["doubt_differs"])))
    return (Section(Line(pen.word("doubt_areas"), 8.6, bold=True), tuple(items)),)


def _second_item(pen: Pen, scene: Scene) -> Item:
    style = {**_SECOND, "edgecolor": scene.symbology.colour("second")}
    return Item("line", style, said(pen, pen.style.words["doubt_second"]))


def _draw(pen: Pen, view: View, scene: Scene, conflicts: Any) -> Any:
    """Draw the second source and where it gives an area to others; takes no room."""
    frame = shapely.box(*view.ground)
    for shape in conflicts:
        pen.area(surface(shape & frame), on=view, zorder=2.6, **conflict_style(scene.symbology))
    colour = scene.symbology.colour("second")
    for shape in _metric(scene.boundaries.second):
        pen.area(shape, on=view, facecolor="none", edgecolor=colour, zorder=3.15, **_SECOND)
    return shapely.Polygon()


def _side(pen: Pen, spec: Spec, scene: Scene, conflicts: Any) -> Iterator[Block]:
    boundaries = scene.boundaries
    if len(boundaries.second):
        yield _table(pen, scene, conflicts)
    else:
        yield _table_alone(pen, scene, conflicts)
    yield _rule(pen, scene)
    if len(boundaries.second) and spec.extent == extents.APART and len(boundaries.ids) > 1:
        yield CityMap(scene, conflicts)


def _table(pen: Pen, scene: Scene, conflicts: Any) -> Grid:
    """Areas of both sources and where they differ."""
    keys = ("district", "working", "other", "conflict", "share", "bare")
    rows = [_row(pen, [pen.style.words[f"doubt_{key}"] for key in keys], SOFT)]
    compared = compare(scene.boundaries, conflicts)
    for one in compared:
        place = scene.register.places[one.id]
        rows.append(_row(pen, [(place.zh, place.en), *_figures(one)]))
    total = [sum(getattr(one, key) for one in compared) for key in ("area", "second", "conflict", "bare")]
    rows.append(_row(pen, [pen.style.words["doubt_total"], *_figures(Compared("", *total))]))
    heading = Line(pen.word("doubt_table"), _HEAD, bold=True)
    return Grid(heading, tuple(rows), (0.25, 0.15, 0.15, 0.15, 0.14, 0.16), header=True)


def _figures(one: Compared) -> list[Pair]:
    """The figures of a row as they are printed."""
    texts = [f"{one.area:.1f}"]
    if one.second is not None and one.conflict is not None and one.bare is not None:
        share = 100 * one.conflict / one.area
        texts += [f"{one.second:.1f}", f"{one.conflict:.1f}", f"{share:.1f}%", f"{one.bare:.1f}"]
    return [(text, text) for text in texts]


def _table_alone(pen: Pen, scene: Scene, conflicts: Any) -> Grid:
    """Areas of a layer that has no second source."""
    rows = [_row(pen, [pen.style.words["doubt_district"], pen.style.words["doubt_working"]], SOFT)]
    for one in compare(scene.boundaries, conflicts):
        place = scene.register.places[one.id]
        rows.append(_row(pen, [(place.zh, place.en), *_figures(one)]))
    return Grid(Line(pen.word("doubt_table_alone"), _HEAD, bold=True), tuple(rows), (0.5, 0.5), header=True)


def _row(pen: Pen, cells: Sequence[Pair], colour: str = INK) -> tuple[Line, ...]:
    size = _CELL if pen.lang != "both" else _CELL - 0.6
    return tuple(Line(pen.say(zh, en, " "), size, colour) for zh, en in cells)


def _measured(pen: Pen, scene: Scene) -> list[Pair]:
    """How areas were measured, and how large the zone of doubt is."""
    boundaries, words = scene.boundaries, pen.style.words
    said = [words["doubt_lead" if len(boundaries.second) else "doubt_lead_alone"]]
    said.append(_zone_said(scene) if boundaries.uncertain is not None else words["doubt_no_zone"])
    if boundaries.approximate and len(boundaries.second):
        places = [scene.register.places[one] for one in boundaries.approximate]
        zh, en = words["doubt_alike"]
        names = "、".join(one.zh for one in places), ", ".join(one.en for one in places)
        said.append((zh.format(place=names[0]), en.format(place=names[1])))
    return said


def _zone_said(scene: Scene) -> Pair:
    """Area of the zone of doubt, and how much of it lies within the layer's Shenshan."""
    boundaries = scene.boundaries
    zone = boundaries.uncertain_m
    own = _metric(boundaries.outlines[boundaries.ids.index(extents.APART)])
    inside = float(shapely.area(shapely.intersection(zone, own))) / 1e6
    place = scene.register.places[extents.APART]
    figures = {
        "zone": f"{float(shapely.area(zone)) / 1e6:.1f}",
        "inside": f"{inside:.1f}",
        "share": f"{100 * inside / (float(shapely.area(own)) / 1e6):.1f}",
    }
    zh, en = scene.style.words["doubt_zone"]
    return zh.format(place=place.zh, **figures), en.format(place=place.en, **figures)


def _rule(pen: Pen, scene: Scene) -> Prose:
    """How a check decides that a site is near a boundary, as far as it applies to the layer."""
    words, boundaries = pen.style.words, scene.boundaries
    slots = {"metres": f"{NOISE_M2:,.0f}", "share": f"{100 * NOISE_SHARE:g}"}
    slots["hectares"] = f"{NOISE_M2 / NOISE_SHARE / 1e4:g}"
    columns = [words["doubt_columns"], words["doubt_columns_bare"]] if len(boundaries.second) else []
    said = [words["doubt_rule_none"]]
    if len(boundaries.second):
        zh, en = words["doubt_rule_polygon"]
        said += [words["doubt_rule_second"], (zh.format(**slots), en.format(**slots))]
    if boundaries.uncertain is not None:
        said.append(words["doubt_rule_zone"])
    said += [words["doubt_rule_line"], words["doubt_rule_accuracy"]]
    heading = Line(pen.word("doubt_rule"), _HEAD, bold=True, gap=2.0 if columns else 0.0)
    return Prose((*_paragraphs(pen, columns), heading, *_paragraphs(pen, said)))


def _paragraphs(pen: Pen, said: Sequence[Pair]) -> list[Line]:
    return [
        line
        for zh, en in said
        for line in pen.pair([Line(zh, _TEXT, gap=0.8)], [Line(en, _TEXT - 0.8, SOFT if pen.lang == "both" else INK)])
    ]
