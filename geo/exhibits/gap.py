"""The sheet of where Shenshan lies and how far from the rest of the city (layer 7).

Distances are geodesics on the CGCS2000 ellipsoid; the points they join are the nearest
of the two outlines, found in EPSG:4547, and the centres of their areas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from geo import crs
from geo.districts import Boundaries
from geo.exhibits import extents
from geo.exhibits.furniture import geodesic_m
from geo.exhibits.legend import said
from geo.exhibits.lettering import INK, Line, footprint
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Pair, Plan, Scene, Section
from geo.exhibits.roles import own_notes, title
from geo.exhibits.room import find_room
from geo.exhibits.spec import Spec
from geo.exhibits.view import View
from geo.symbology import Swatch, Theme

_NEAREST: dict[str, Any] = {"color": INK, "linewidth": 1.2, "linestyle": "solid"}
_CENTRES: dict[str, Any] = {"color": INK, "linewidth": 0.7, "linestyle": (0, (6, 2, 1.2, 2))}
_TICK = 2.2  # half of the stroke across the end of a dimension line, millimetres
_REACH = 40.0  # how far from the middle of its line a distance may stand, millimetres


@dataclass(frozen=True)
class Dimension:
    """A line between two points in degrees, with its length on the ellipsoid.

    Attributes
    ----------
    ends : ndarray, shape (2, 2)
        Longitude and latitude, first in the rest of the city.
    km : float
    """

    ends: Any
    km: float

    @classmethod
    def between(cls, line: Any) -> Dimension:
        """The dimension of a line in metres of EPSG:4547."""
        ends = shapely.get_coordinates(crs.unproject(line))[[0, -1]]
        return cls(ends, geodesic_m(ends) / 1000)


def nearest(outlines: Any, ids: Sequence[str]) -> Dimension | None:
    """From the rest of the city to Shenshan where they are nearest; None if either is not in a layer."""
    parts = _parts(outlines, ids)
    return None if parts is None else Dimension.between(shapely.shortest_line(*parts))


def centres(outlines: Any, ids: Sequence[str]) -> Dimension | None:
    """From the centre of the area of the rest of the city to that of Shenshan."""
    parts = _parts(outlines, ids)
    if parts is None:
        return None
    return Dimension.between(shapely.LineString([shapely.centroid(one) for one in parts]))


def _parts(outlines: Any, ids: Sequence[str]) -> tuple[Any, Any] | None:
    """The rest of the city and Shenshan in metres."""
    if not len(outlines) or extents.APART not in ids or len(ids) == 1:
        return None
    shapes = shapely.make_valid(crs.project(outlines))
    number = list(ids).index(extents.APART)
    return shapely.union_all(np.delete(shapes, number)), shapes[number]


def plan_location(pen: Pen, spec: Spec, scene: Scene, _subject: str) -> Plan:
    """Where Shenshan lies, and its distance from the rest of the city."""
    boundaries = scene.boundaries
    main, _ = extents.of_spec(spec, boundaries)
    found = {
        "nearest": nearest(boundaries.outlines, boundaries.ids),
        "centres": centres(boundaries.outlines, boundaries.ids),
    }
    held = {key: one for key, one in found.items() if one is not None}
    return Plan(
        _theme(scene),
        main,
        title(spec, scene),
        sections=_sections(pen, scene, held),
        locator=False,
        notes=(*own_notes(spec), *_notes(pen, scene, held)),
        overlay=lambda pen, view: _draw(pen, view, held),
    )


def _theme(scene: Scene) -> Theme:
    """Every district plain, Shenshan standing out."""
    plain = scene.symbology.plain()
    swatch = Swatch(extents.APART, "", "", scene.symbology.colour("emphasis"))
    by_place = {**plain.by_place, extents.APART: extents.APART}
    return replace(plain, classes=(*plain.classes, swatch), by_place=by_place)


def _sections(pen: Pen, scene: Scene, held: dict[str, Dimension]) -> tuple[Section, ...]:
    """The legend of areas, and of distances with the points that they join."""
    words, places = pen.style.words, scene.register.places
    areas = [
        Item("area", _fill(scene, one == extents.APART), said(pen, names), here)
        for one, names, here in _areas(scene, pen)
        if here
    ]
    rows = []
    for key, one in held.items():
        style = _NEAREST if key == "nearest" else _CENTRES
        zh, en = words[f"gap_{key}"]
        near = _district_at(scene.boundaries, one.ends[0])
        names = places[near] if near else places[extents.APART]
        start, end = (_position(at) for at in one.ends)
        slots = {"km": f"{one.km:.1f}", "start": start, "end": end}
        text = (zh.format(place=names.zh, **slots), en.format(place=names.en, **slots))
        rows.append(Item("line", {**style, "edgecolor": style["color"]}, said(pen, text)))
    sections = [Section(Line(pen.word("gap_areas"), 8.6, bold=True), tuple(areas))]
    if rows:
        sections.append(Section(Line(pen.word("gap_distances"), 8.6, bold=True), tuple(rows)))
    return tuple(sections)


def _areas(scene: Scene, pen: Pen) -> list[tuple[str, Pair, tuple[str, ...]]]:
    ids = scene.boundaries.ids
    apart = scene.register.places[extents.APART]
    rest = tuple(one for one in ids if one != extents.APART)
    held = (extents.APART,) if extents.APART in ids else ()
    return [(extents.APART, (apart.zh, apart.en), held), ("rest", pen.style.words["gap_rest"], rest)]


def _fill(scene: Scene, apart: bool) -> dict[str, Any]:
    colour = scene.symbology.colour("emphasis") if apart else scene.symbology.plain().classes[0].colour
    return {"facecolor": colour, "linewidth": 0}


def _notes(pen: Pen, scene: Scene, held: dict[str, Dimension]) -> list[Pair]:
    """How distances were measured, what lies between, and what the second source gives."""
    words, boundaries = pen.style.words, scene.boundaries
    if not held:
        return [words["gap_none"]]
    notes = [words["gap_how" if boundaries.approximate else "gap_how_user"], _between(pen, boundaries, held["nearest"])]
    second = nearest(boundaries.second, boundaries.ids)
    if second is not None:
        zh, en = words["gap_second"]
        notes.append((zh.format(km=f"{second.km:.1f}"), en.format(km=f"{second.km:.1f}")))
    return notes


def between(boundaries: Boundaries, dimension: Dimension) -> list[tuple[Pair, float]]:
    """Neighbours that a dimension line crosses, with how many kilometres of it lie in each."""
    line = crs.project(shapely.LineString(dimension.ends))
    lengths = shapely.length(shapely.intersection(boundaries.neighbours_m, line))
    share = dimension.km / float(shapely.length(line))
    crossed = zip(boundaries.neighbour_names, lengths, strict=True)
    return [(names, float(length) * share) for names, length in crossed if length > 0]


def _between(pen: Pen, boundaries: Boundaries, dimension: Dimension) -> Pair:
    """What the line between the nearest points crosses."""
    crossed = between(boundaries, dimension)
    rest = dimension.km - sum(km for _, km in crossed)
    parts_zh = [f"{names[0]}{km:.1f}千米" for names, km in crossed]
    parts_en = [f"{names[1]} {km:.1f} km" for names, km in crossed]
    zh, en = pen.style.words["gap_between"]
    sea_zh, sea_en = pen.style.words["gap_sea"]
    if rest > 0.05:
        parts_zh.append(f"{sea_zh}{rest:.1f}千米")
        parts_en.append(f"{sea_en} {rest:.1f} km")
    return zh.format(parts="、".join(parts_zh)), en.format(parts=", ".join(parts_en))


def _district_at(boundaries: Boundaries, end: Any) -> str | None:
    """The district nearest to a point, if it touches it."""
    distances = shapely.distance(boundaries.outlines, shapely.Point(end))
    number = int(np.argmin(distances))
    return boundaries.ids[number] if distances[number] < 1e-6 else None


def _position(end: Any) -> str:
    """Longitude and latitude to a tenth of a minute.

    >>> _position((114.5984, 22.65831))
    '114°35.9′E 22°39.5′N'
    """
    texts = []
    for value, side in zip(end, "EN", strict=True):
        whole, tenths = divmod(round(float(value) * 600), 600)
        texts.append(f"{whole}°{tenths / 10:04.1f}′{side}")
    return " ".join(texts)


def _draw(pen: Pen, view: View, held: dict[str, Dimension]) -> Any:
    """Draw dimension lines with their lengths; the room they take."""
    lines = {key: shapely.LineString([view.point(*end) for end in one.ends]) for key, one in held.items()}
    taken = shapely.union_all([shapely.buffer(one, 0.8) for one in lines.values()])
    for key, line in lines.items():
        style = _NEAREST if key == "nearest" else _CENTRES
        ends = shapely.get_coordinates(line)
        pen.line(ends, zorder=6, **style)
        along = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
        across = np.array((-along[1], along[0])) * _TICK
        for end in ends:
            if key == "nearest":
                pen.line([end - across, end + across], color=INK, linewidth=1.2, zorder=6)
            else:
                pen.line([end], color=INK, marker="o", markersize=3.6, linestyle="none", zorder=6)
            taken = taken | shapely.buffer(shapely.Point(end), _TICK)
    for key, line in lines.items():
        taken = taken | _label(pen, view, key, held[key], line, taken)
    return taken


def _label(pen: Pen, view: View, key: str, dimension: Dimension, line: Any, taken: Any) -> Any:
    """Write the length of a dimension beside the middle of its line; its room."""
    zh, en = (one.format(km=f"{dimension.km:.1f}") for one in pen.style.words[f"gap_{key}_label"])
    weight = 9.0 if key == "nearest" else 7.2
    block = pen.pair([Line(zh, weight, bold=key == "nearest")], [Line(en, weight - 1.2)])
    middle = shapely.get_coordinates(shapely.line_interpolate_point(line, 0.5, normalized=True))[0]
    boxes = footprint(block)
    found = find_room(shapely.buffer(view.inside, -2.0), taken, (float(middle[0]), float(middle[1])), [boxes], _REACH)
    if found is None:
        return shapely.Polygon()
    x, y = found[1]
    pen.stack((x, y), block, 2.2)
    return shapely.union_all([shapely.box(x + w, y + s, x + e, y + n) for w, s, e, n in boxes])
