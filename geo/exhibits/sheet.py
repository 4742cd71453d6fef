"""One sheet, drawn (layer 7): its plan laid out on paper, its maps, its furniture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.errors import GeoError
from geo.exhibits import extents, furniture, imprint, layout, legend, panels
from geo.exhibits.blocks import Prose
from geo.exhibits.ground import draw_ground, draw_marks
from geo.exhibits.lettering import INK, Line, extent
from geo.exhibits.names import write_names
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Chart, Mark, Plan, Scene
from geo.exhibits.room import Kept, find_corner
from geo.exhibits.spec import Box, Spec
from geo.exhibits.view import View, fitting

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_INSETS = ((0.27, 0.46), (0.23, 0.4), (0.19, 0.34), (0.16, 0.28))  # shares of the main map, at most
_LOCATOR = (0.17, 0.24)
_FRAMED = "#c0392b"
_STRIP = 5.0  # for the name of an inset
_TOP_LEFT, _TOP_RIGHT, _BOTTOM_RIGHT, _BOTTOM = (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.62, 0.0)


def draw_sheet(pen: Pen, spec: Spec, scene: Scene, plan: Plan, *, number: str | None, titled: bool) -> Figure:
    """Draw what a plan holds, with all that a map needs; `number` is that of the exhibit.

    Raises
    ------
    GeoError
        If it does not fit on the paper.
    """
    sources = imprint.imprint(pen, scene, plan)
    widest = extents.visible(plan, _grown(plan.extent), scene.boundaries)
    draft = legend.of_plan(
        pen, plan.within(plan.extent).seen(shapely.Polygon()), scene.boundaries, scene.symbology, widest
    )
    rooms = _rooms(pen, plan, draft, sources, titled=titled)
    view = fitting(rooms.frame, plan.extent, spec.scale)
    plan = plan.within(view.ground)
    shown = extents.visible(plan, view.ground, scene.boundaries)
    if plan.chart is not None:
        _draw_chart(pen, scene, plan.chart, layout.body(rooms), titled=titled)
    elif plan.panels:
        panels.draw_panels(pen, scene, plan, layout.body(rooms), titled=titled)
    else:
        plan = plan.seen(draw_maps(pen, scene, plan, view, titled=titled))
        furniture.draw_frame(pen, view)
    key = legend.of_plan(pen, plan, scene.boundaries, scene.symbology, shown)
    if rooms.title is not None:
        kind = {"sample": scene.sample and plan.shows_sites, "chart": plan.chart is not None}
        across, _ = furniture.status_size(pen, scene.approval_number, **kind)
        left, bottom, width, height = rooms.title
        furniture.draw_title(pen, plan.title, number, (left + across, bottom, width - 2 * across, height))
        furniture.draw_status(pen, scene.approval_number, (left + width - across, bottom + 1), **kind)
    layout.write_side(pen, rooms)
    layout.write_foot(pen, rooms, key, sources)
    figure: Figure = pen.figure
    return figure


def _draw_chart(pen: Pen, scene: Scene, chart: Chart, room: Box, *, titled: bool) -> None:
    """Draw a chart in a room; below the status, where no title holds it."""
    left, bottom, across, up = room
    if not titled:
        wide, high = furniture.status_size(pen, scene.approval_number, sample=scene.sample, chart=True)
        corner = (left + across - wide, bottom + up - high)
        furniture.draw_status(pen, scene.approval_number, corner, sample=scene.sample, chart=True)
        up -= high + 2
    chart.draw(pen, (left, bottom, across, up))


def _rooms(pen: Pen, plan: Plan, draft: legend.Legend, sources: Prose, *, titled: bool) -> layout.Layout:
    """Where everything stands; a picture for a document, which says the same in words, may leave out blocks."""
    largest = panels.largest(pen) if plan.panels else 2.0
    for kept in range(len(plan.side), 0, -1) if not titled else ():
        try:
            return layout.solve(pen, draft, sources, plan.side[:kept], titled=titled, largest=largest)
        except GeoError:
            continue
    return layout.solve(pen, draft, sources, plan.side if titled else (), titled=titled, largest=largest)


def draw_maps(pen: Pen, scene: Scene, plan: Plan, view: View, *, titled: bool) -> Any:
    """Draw the main map, what is laid upon it where it covers least, and then the names.

    Returns
    -------
    shapely geometry
        The ground that can be seen on the main map and the inset, in metres.
    """
    pen.open(view)
    apart = () if plan.inset is None else (extents.APART,)
    draw_ground(pen, view, plan.theme, scene.boundaries, scene.symbology, without=apart)
    symbols = draw_marks(pen, view, [one for one in plan.marks if not apart or not _lies_in(scene, apart[0], one)])
    over = plan.overlay(pen, view) if plan.overlay is not None else shapely.Polygon()
    keep = view.from_ground(scene.boundaries.outlines_m) if plan.keep is None else view.on_paper(plan.keep)
    keep = shapely.union_all([*np.atleast_1d(shapely.make_valid(keep)), shapely.buffer(symbols, 6.0), over])
    upon = _Upon(pen, view, keep, symbols)
    if not titled:
        size = furniture.status_size(pen, scene.approval_number, sample=scene.sample and bool(plan.marks))
        furniture.draw_status(
            pen, scene.approval_number, upon.room(size, _TOP_RIGHT), sample=scene.sample and bool(plan.marks)
        )
    inset_view = None if plan.inset is None else _draw_inset(pen, scene, plan, upon, plan.inset)
    if plan.locator:
        _draw_locator(pen, scene, plan, upon)
    seen = shapely.transform(view.inside - upon.taken, view.to_ground)
    if inset_view is not None:
        seen = seen | shapely.box(*inset_view.ground)
    furniture.draw_north_arrow(pen, view, upon.room(furniture.arrow_size(pen, view), _TOP_LEFT))
    furniture.draw_scale_bar(pen, view, upon.room(furniture.bar_size(pen, view), _BOTTOM))
    write_names(pen, view, scene, plan, shapely.union_all([upon.taken, symbols, over]), apart)
    return seen


def _lies_in(scene: Scene, district: str, mark: Mark) -> bool:
    outline = scene.boundaries.outlines[scene.boundaries.ids.index(district)]
    return bool(shapely.intersects_xy(outline, mark.lon, mark.lat))


class _Upon:
    """Finds room for what is laid upon a map."""

    def __init__(self, pen: Pen, view: View, keep: Any, symbols: Any) -> None:
        self.pen, self.view, self.kept = pen, view, Kept(view.frame, shapely.simplify(keep, 0.3))
        self.taken, self.symbols = shapely.Polygon(), symbols

    def is_free(self, size: tuple[float, float], corner: tuple[float, float]) -> bool:
        """Whether there is room for something of a size where it covers nothing that is to be seen."""
        try:
            x, y = find_corner(self.kept, size, self.taken | self.symbols, corner)
        except GeoError:
            return False
        return not shapely.intersects(self.kept.shape, shapely.box(x, y, x + size[0], y + size[1]))

    def room(self, size: tuple[float, float], corner: tuple[float, float]) -> tuple[float, float]:
        """Take the room for something of a size, wanted near a corner; its lower left corner."""
        try:
            x, y = find_corner(self.kept, size, self.taken | self.symbols, corner)
        except GeoError:  # no room that leaves every site to be seen
            x, y = find_corner(self.kept, size, self.taken, corner)
        self.taken = self.taken | shapely.box(x, y, x + size[0], y + size[1])
        return x, y


def _draw_inset(pen: Pen, scene: Scene, plan: Plan, upon: _Upon, ground: Box) -> View:
    """Draw the area apart in a frame of its own, with its name and scale; its view."""
    view = _laid(upon, ground, _INSETS, _BOTTOM_RIGHT, least=upon.view.scale)
    pen.open(view)
    draw_ground(pen, view, plan.theme, scene.boundaries, scene.symbology, grid=False)
    symbols = draw_marks(pen, view, plan.marks)
    place = scene.register.places[extents.APART]
    zh, en = pen.style.words["inset"]
    said = pen.say(zh.format(name=place.zh, scale=view.numeric), en.format(name=place.en, scale=view.numeric))
    _edge(pen, view, Line(said, 6.6, bold=True))
    write_names(pen, view, scene, plan, symbols, headed=True)
    return view


def _draw_locator(pen: Pen, scene: Scene, plan: Plan, upon: _Upon) -> None:
    """Draw the whole city small, with the frames of the other maps."""
    whole = extents.districts(scene.boundaries, scene.boundaries.ids)
    view = _laid(upon, whole, (_LOCATOR,), _TOP_RIGHT, least=1)
    others = list(pen.maps)
    pen.open(view)
    draw_ground(pen, view, plan.theme, scene.boundaries, scene.symbology, grid=False)
    for other in others:
        frame = shapely.box(*other.ground) & shapely.box(*view.ground)
        pen.area(frame, on=view, facecolor="none", edgecolor=_FRAMED, linewidth=1.0, joinstyle="miter", zorder=9)
    _edge(pen, view, Line(pen.word("locator"), 6.2))


def _laid(
    upon: _Upon, ground: Box, shares: Sequence[tuple[float, float]], corner: tuple[float, float], least: int
) -> View:
    """A small map laid upon the main one, its frame fitted to its ground.

    No larger than the first of some shares of the main map with which it covers nothing that
    is to be seen, else than the last.
    """
    _, _, across, up = upon.view.frame
    for number, share in enumerate(shares, start=1):
        scale = fitting((0.0, 0.0, share[0] * across, share[1] * up), ground, least=least).scale
        width, height = (ground[2] - ground[0]) * 1000 / scale, (ground[3] - ground[1]) * 1000 / scale
        if number == len(shares) or upon.is_free((width, height + _STRIP), corner):
            break
    x, y = upon.room((width, height + _STRIP), corner)
    return fitting((x, y, width, height), ground, scale)


def _edge(pen: Pen, view: View, name: Line) -> None:
    """Frame a small map, its name in a strip above it."""
    left, bottom, across, up = view.frame
    pen.area(
        shapely.box(left, bottom + up, left + across, bottom + up + _STRIP),
        facecolor="white", edgecolor=INK, linewidth=0.6, joinstyle="miter", zorder=4.2,
    )  # fmt: skip
    pen.area(view.inside, facecolor="none", edgecolor=INK, linewidth=0.8, joinstyle="miter", zorder=8)
    factor = min(1.0, (across - 2) / extent([name])[0])
    sized = Line(name.text, name.size * factor, name.colour, name.bold)
    pen.stack((left + across / 2, bottom + up + _STRIP / 2), [sized], 0.0)


def _grown(box: Box) -> Box:
    """A box three times as wide and high, more than any map of it shows."""
    west, south, east, north = box
    return 2 * west - east, 2 * south - north, 2 * east - west, 2 * north - south
