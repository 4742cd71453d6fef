"""The sheet of a site (layer 7): where it lies, how far from the nearest border, and what was judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from geo import crs
from geo.exhibits import extents
from geo.exhibits.evidence import column, metres
from geo.exhibits.ground import mark_style
from geo.exhibits.legend import said
from geo.exhibits.lettering import FAINT, INK, Line, extent, shortened
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Mark, Pair, Plan, Scene, Section
from geo.exhibits.roles import own_notes, title
from geo.exhibits.sites import site_marks
from geo.exhibits.spec import Box, Spec
from geo.exhibits.view import View
from geo.schema import FORCE_NAMES

_LEAST, _MOST = 2_500.0, 9_500.0  # metres of ground on each side of a site
_AROUND = 1.6  # times as far as the nearest border lies, between these
_NEAR = 10_000.0  # a border within this is in the frame
_REACH = 60_000.0  # a site outside within this is in the frame with the city
_NAME = 110.0  # millimetres of a name in a title, at the size of titles
_OTHER: dict[str, Any] = {
    "linestyle": "none",
    "marker": "o",
    "markersize": 2.6,
    "markerfacecolor": FAINT,
    "markeredgecolor": "white",
    "markeredgewidth": 0.4,
}
_CIRCLE: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.7, "linestyle": (0, (3, 1.5))}
_LARGER = 1.4  # the symbol of the site, beside others
_OFFSET = 3.4  # of a dimension line from what it measures, millimetres


@dataclass(frozen=True)
class Plot:
    """A site with its surroundings, in metres of EPSG:4547.

    Attributes
    ----------
    shape : shapely geometry, optional
        None if the position cannot be told in metres.
    border : shapely geometry, optional
        The shortest line from the site to the nearest border, if that is near enough to be shown.
    others : ndarray of float, shape (n, 2)
        Positions of the other sites.
    window : tuple of float
        What the map must hold.
    away : bool
        Whether the site lies too far off to be on the map.
    """

    number: int
    record: Mapping[str, Any]
    shape: Any
    border: Any
    others: np.ndarray
    window: Box
    away: bool


def plan_plot(pen: Pen, spec: Spec, scene: Scene, subject: str) -> Plan:
    """A site on the day."""
    plot = survey(scene, int(subject))
    record = plot.record
    name = shortened(f"{record['id']} {record['name'] or ''}".strip(), 19, _NAME)
    marks = () if plot.away else site_marks(scene, "match", [plot.number])
    used = {one["instrument"] for one in (*record["designations"], *record["elsewhere"])}
    plan = Plan(
        scene.symbology.plain(),
        plot.window,
        title(spec, scene, subject_zh=name, subject_en=name),
        said=_roles(scene, record["district"]),
        marks=marks,
        leaders=(),
        locator=not plot.away,
        keep=shapely.Point(float(record["lon"]), float(record["lat"])) if not plot.away else None,
        documents=tuple(one for one in scene.register.instruments if one in used),
        notes=(*own_notes(spec), *_far(pen, plot)),
        side=column(pen, scene, record),
        lines=_lines(pen, plot),
        overlay=lambda pen, view: _overlay(pen, view, plot, marks),
    )

    def framed(ground: Box) -> Plan:
        # what is laid out from the extent alone must not turn out higher with the ground that is shown
        seen = _grown(ground) if ground == plot.window else ground
        return replace(plan, sections=_sections(pen, plan, plot, seen))

    return replace(plan, framed=framed)


def survey(scene: Scene, number: int) -> Plot:
    """Where a site lies and what the map around it must hold."""
    record = scene.records[number]
    shape = _in_metres(scene.shapes[number] if scene.shapes else shapely.Point(record["lon"], record["lat"]))
    others = [one for place, one in enumerate(scene.records) if place != number]
    degrees = shapely.points(np.array([(one["lon"], one["lat"]) for one in others], dtype=float).reshape(-1, 2))
    places = shapely.get_coordinates(crs.project(degrees)).reshape(-1, 2)
    places = places[np.isfinite(places).all(axis=1)]
    city = extents.districts(scene.boundaries, scene.boundaries.ids)
    border = _nearest(scene, record, shape)
    distance = np.inf if border is None else float(border.length)
    if shape is None or (record["district"] is None and distance > _REACH):
        return Plot(number, record, shape, None, places, city, away=True)
    if record["district"] is None and distance > _NEAR:
        window = _hull(shapely.box(*city), shape)
    else:
        half = float(np.clip(_AROUND * distance, _LEAST, _MOST)) if distance <= _NEAR else _MOST
        held = [shape, border] if border is not None and distance <= _NEAR else [shape]
        window = _hull(shapely.buffer(shapely.centroid(shape), half), *held, margin=0.03)
    shown = border if border is not None and distance <= max(_NEAR, _REACH * (record["district"] is None)) else None
    return Plot(number, record, shape, shown, places, window, away=False)


def _in_metres(geometry: Any) -> Any:
    """A geometry in metres, None where the projection does not reach."""
    placed = crs.project(geometry)
    within = np.abs(shapely.get_coordinates(placed)) < 1e7
    return placed if within.size and within.all() else None


def _nearest(scene: Scene, record: Mapping[str, Any], shape: Any) -> Any:
    """The shortest line from a site to the border of its district, from outside to the nearest of all."""
    if shape is None:
        return None
    bounds, district = scene.boundaries, record["district"]
    borders = bounds.borders if district is None else [bounds.borders[bounds.ids.index(district)]]
    lines = [shapely.shortest_line(shape, one) for one in borders if not one.is_empty]
    return min(lines, key=lambda one: float(one.length), default=None)


def _hull(*shapes: Any, margin: float = 0.02) -> Box:
    west, south, east, north = shapely.total_bounds(list(shapes))
    pad = margin * max(east - west, north - south)
    return float(west - pad), float(south - pad), float(east + pad), float(north + pad)


def _grown(box: Box) -> Box:
    west, south, east, north = box
    return 2 * west - east, 2 * south - north, 2 * east - west, 2 * north - south


def _roles(scene: Scene, district: str | None) -> dict[str, tuple[Pair, ...]]:
    """Roles of a district on the day with their force."""
    if district is None:
        return {}
    found = []
    for one in scene.register.standing(district, scene.as_of):
        zh, en = FORCE_NAMES[scene.register.force(one.instrument, scene.as_of)]
        found.append((f"{one.role_zh}（{zh}）", f"{one.role_en} ({en})"))
    return {district: tuple(dict.fromkeys(found))}


def _far(pen: Pen, plot: Plot) -> list[Pair]:
    """What the map cannot show: a border or a site that lies off it."""
    words = pen.style.words
    if plot.away:
        return [_bearing(pen, plot)]
    told = plot.record["boundary_distance_m"]
    if plot.border is None and told is not None:
        zh, en = words["border_away"]
        return [(zh.format(metres=metres(told)), en.format(metres=metres(told)))]
    return []


def _bearing(pen: Pen, plot: Plot) -> Pair:
    """In which direction and how far a site lies that is not on the map."""
    words, told = pen.style.words, plot.record["boundary_distance_m"]
    if plot.shape is None or told is None:
        return words["far_unknown"]
    x, y = _direction(plot)
    octant = round(float(np.degrees(np.arctan2(x, y))) / 45) % 8
    zh, en = words["far_site"]
    names = [one.split()[octant] for one in words["directions"]]
    km = f"{told / 1000:,.0f}"
    return zh.format(direction=names[0], km=km), en.format(direction=names[1], km=km)


def _direction(plot: Plot) -> tuple[float, float]:
    """From the middle of the map to the site, in metres."""
    west, south, east, north = plot.window
    point = shapely.centroid(plot.shape)
    return float(point.x) - (west + east) / 2, float(point.y) - (south + north) / 2


def _sections(pen: Pen, plan: Plan, plot: Plot, ground: Box) -> tuple[Section, ...]:
    items = [
        Item("mark", mark_style(one.swatch, _LARGER), said(pen, (one.swatch.zh, one.swatch.en))) for one in plan.marks
    ]
    west, south, east, north = ground
    if (((plot.others >= (west, south)) & (plot.others <= (east, north))).all(axis=1)).any():
        items.append(Item("mark", _OTHER, said(pen, pen.style.words["other_sites"])))
    return (Section(Line(pen.word("site_legend"), 8.6, bold=True), tuple(items)),) if items else ()


def _lines(pen: Pen, plot: Plot) -> tuple[Item, ...]:
    rows, words = [], pen.style.words
    radius = plot.record["position_accuracy_m"]
    if radius and not plot.away:
        zh, en = words["accuracy_circle"]
        rows.append(
            Item("line", _CIRCLE, said(pen, (zh.format(metres=metres(radius)), en.format(metres=metres(radius)))))
        )
    return tuple(rows)


def _measured(plot: Plot) -> bool:
    """Whether there is a distance to draw."""
    return plot.border is not None and plot.border.length >= 0.05 and plot.record["boundary_distance_m"] is not None


def _overlay(pen: Pen, view: View, plot: Plot, marks: tuple[Mark, ...]) -> Any:
    """Draw the site, the others, accuracy of the position, distance to the border; the room they take."""
    for mark in marks:
        pen.line([view.point(mark.lon, mark.lat)], zorder=7.2, gid="site", **mark_style(mark.swatch, _LARGER))
    others = shapely.points(plot.others)
    inside = shapely.contains(shapely.box(*view.ground), others)
    if inside.any():
        pen.line(plot.others[inside], on=view, zorder=5.5, gid="others", **_OTHER)
    radius = plot.record["position_accuracy_m"]
    if radius and not plot.away:
        circle = shapely.buffer(shapely.centroid(plot.shape), float(radius), quad_segs=32)
        pen.area(view.from_ground(circle) & view.inside, facecolor="none", zorder=5.6, gid="accuracy", **_CIRCLE)
    if plot.away:
        return _draw_bearing(pen, view, plot) if plot.shape is not None else shapely.Polygon()
    return _draw_dimension(pen, view, plot) if _measured(plot) else shapely.Polygon()


def _draw_dimension(pen: Pen, view: View, plot: Plot) -> Any:
    """Draw a dimension line beside the shortest line to the border, with its length; the room it takes."""
    start, end = shapely.get_coordinates(view.from_ground(plot.border))[[0, -1]]
    along = (end - start) / max(float(np.hypot(*(end - start))), 1e-9)
    length = metres(plot.record["boundary_distance_m"])
    zh, en = pen.style.words["border"]
    label = Line(pen.say(zh.format(metres=length), en.format(metres=length), " / "), 7.0, bold=True)
    half, up = extent([label])[0] / 2, label.leading / 2
    symbol = shapely.buffer(shapely.Point(start), 1.8)
    found: list[tuple[float, int, Any, Any, Any]] = []
    for side in (1.0, -1.0):
        normal = side * np.array([-along[1], along[0]])
        ends = (start + _OFFSET * normal, end + _OFFSET * normal)
        reach = abs(normal[0]) * half + abs(normal[1]) * up + 1.2
        for share in (0.5, 0.25, 0.75, 0.0, 1.0):
            middle = ends[0] + share * (ends[1] - ends[0]) + reach * normal
            box = shapely.box(middle[0] - half, middle[1] - up, middle[0] + half, middle[1] + up)
            line = shapely.LineString([*ends])
            outside = shapely.area(box - shapely.buffer(view.inside, -1.5)) + shapely.length(line - view.inside)
            found.append((outside + shapely.area(box & symbol), len(found), ends, middle, box))
    _, _, ends, middle, box = min(found, key=lambda one: one[:2])
    pen.line(ends, color=INK, linewidth=0.7, zorder=6.5, gid="dimension")
    tick = 1.1 * (along + np.array([-along[1], along[0]])) / np.sqrt(2)
    for foot, head in zip((start, end), ends, strict=True):
        out = (head - foot) / _OFFSET
        pen.line([foot + 1.2 * out, head + 0.8 * out], color=INK, linewidth=0.35, zorder=6.4)
        pen.line([head - tick, head + tick], color=INK, linewidth=0.9, zorder=6.6)
    pen.text(middle[0], middle[1] - up + 0.26 * label.leading, label, halo=2.0, ha="center", gid="distance")
    return shapely.union_all([box, shapely.buffer(shapely.LineString([*ends]), 0.8)])


def _draw_bearing(pen: Pen, view: View, plot: Plot) -> Any:
    """Draw an arrow at the edge of the map towards a site that lies off it; the room it takes."""
    x, y = _direction(plot)
    heading = np.array([x, y]) / max(float(np.hypot(x, y)), 1e-9)
    left, bottom, across, high = view.frame
    middle = np.array([left + across / 2, bottom + high / 2])
    room = np.array([across / 2 - 8, high / 2 - 8])
    tip = middle + heading * min(room / np.maximum(np.abs(heading), 1e-9))
    side = np.array([-heading[1], heading[0]])
    head = shapely.Polygon([tip, tip - 5 * heading + 2.4 * side, tip - 3.8 * heading, tip - 5 * heading - 2.4 * side])
    pen.line([tip - 14 * heading, tip - 4 * heading], color=INK, linewidth=1.6, zorder=6.5)
    pen.area(head, facecolor=INK, linewidth=0, zorder=6.6, gid="bearing")
    lines = pen.pair(*([Line(one, 7.0, bold=True)] for one in _bearing(pen, plot)))
    wide, up = extent(lines)
    at = tip - 15 * heading - heading * (abs(heading[0]) * wide / 2 + abs(heading[1]) * up / 2)
    x = float(np.clip(at[0], left + wide / 2 + 2, left + across - wide / 2 - 2))
    y = float(np.clip(at[1], bottom + up / 2 + 2, bottom + high - up / 2 - 2))
    pen.stack((x, y), lines, 2.0)
    box = shapely.box(x - wide / 2, y - up / 2, x + wide / 2, y + up / 2)
    return shapely.union_all([box, shapely.buffer(shapely.LineString([tip - 14 * heading, tip]), 2.6)])
