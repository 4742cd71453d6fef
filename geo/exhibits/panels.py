"""Small maps side by side (layer 7), all at one scale, each with its heading and legend.

The last cell holds what a sheet needs once: north, scale, status.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from geo.exhibits import furniture
from geo.exhibits.blocks import Prose
from geo.exhibits.ground import draw_ground, graticule, outline_style
from geo.exhibits.layout import too_full
from geo.exhibits.legend import cut
from geo.exhibits.lettering import INK, SOFT, Line, extent, shrunk
from geo.exhibits.names import Names, middle
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Plan, Scene
from geo.exhibits.spec import Box
from geo.exhibits.view import View, round_scale
from geo.symbology import Symbology, Theme

_COLUMNS = (2, 3, 1)
_FACTORS = (1.3, 1.15, 1.0, 0.92, 0.85, 0.78, 0.72)
_ROOMY = 0.7  # how far the size of the map counts before the size of the text
_GAP = 5.0  # between cells
_LEAST = 12.0  # of a map, millimetres
_SWATCH = (6.4, 3.8)
_ROW = 40.0  # the narrowest row of a legend
_BESIDE = (0.3, 0.37, 0.44, 0.5)  # of a cell's width, for a legend beside its map


@dataclass(frozen=True)
class _Key:
    """The legend of one small map."""

    items: tuple[Item, ...]
    symbology: Symbology

    def height(self, pen: Pen, across: float, factor: float) -> float:
        heights, cuts, _ = self._columns(pen, across, factor)
        return max(sum(heights[start:end]) for start, end in cuts)

    def write(self, pen: Pen, left: float, top: float, across: float, factor: float) -> float:
        heights, cuts, column = self._columns(pen, across, factor)
        for number, (start, end) in enumerate(cuts):
            x, y = left + number * column, top
            for item, height in zip(self.items[start:end], heights[start:end], strict=True):
                self._write_row(pen, item, (x, y), column - 3, factor)
                y -= height
        return top - self.height(pen, across, factor)

    def _columns(self, pen: Pen, across: float, factor: float) -> tuple[list[float], list[tuple[int, int]], float]:
        count = max(1, min(int(across / (_ROW * factor)), len(self.items), 3))
        column = across / count
        heights = [self._row(pen, item, column - 3, factor) for item in self.items]
        return heights, cut(heights, count), column

    def _row(self, pen: Pen, item: Item, across: float, factor: float) -> float:
        text = Prose(item.lines).height(pen, across - (_SWATCH[0] + 1.6) * factor, factor)
        return max(text, _SWATCH[1] * factor) + 1.2 * factor

    def _write_row(self, pen: Pen, item: Item, at: tuple[float, float], across: float, factor: float) -> None:
        (x, y), (wide, high) = at, (_SWATCH[0] * factor, _SWATCH[1] * factor)
        box = shapely.box(x, y - high - 0.2, x + wide, y - 0.2)
        pen.area(box, zorder=6, **item.style)
        edge = {**outline_style(self.symbology), "linewidth": 0.4}
        pen.area(box, facecolor="none", joinstyle="miter", zorder=6.1, **edge)
        indent = wide + 1.6 * factor
        Prose(item.lines).write(pen, x + indent, y, across - indent, factor)


@dataclass(frozen=True)
class _Cells:
    """How the room is divided: cells with a heading, a map and a legend below or beside it."""

    columns: int
    rows: int
    size: tuple[float, float]
    beside: bool
    factor: float
    head: float
    key: float
    scale: int

    @property
    def cost(self) -> float:
        return float(self.scale / self.factor**_ROOMY)

    def cell(self, room: Box, number: int) -> Box:
        """Left, bottom, width and height of a cell."""
        left, bottom, _, up = room
        row, column = divmod(number, self.columns)
        across, high = self.size
        return left + column * (across + _GAP), bottom + up - (row + 1) * high - row * _GAP, across, high

    def frame(self, cell: Box) -> Box:
        """The map of a cell."""
        left, bottom, across, high = cell
        if self.beside:
            return left, bottom, across - self.key - 3, high - self.head - 1
        return left, bottom + self.key + 1.5, across, high - self.head - self.key - 2.5


def draw_panels(pen: Pen, scene: Scene, plan: Plan, room: Box, *, titled: bool) -> None:
    """Draw the small maps of a plan in a room, and what they share in the last cell.

    Raises
    ------
    GeoError
        If there is no room for them.
    """
    keys = [_Key(one.items, scene.symbology) for one in plan.panels]
    parts = [one for one in ("arrow", "bar", "status") if not titled or one != "status"]
    cells = _solve(pen, scene, plan, keys, room, parts)
    centre = _centre(plan)
    for number, (panel, key) in enumerate(zip(plan.panels, keys, strict=True)):
        cell = cells.cell(room, number)
        left, bottom, across, high = cell
        Prose(panel.heading).write(pen, left, bottom + high, across, cells.factor)
        view = View(cells.frame(cell), cells.scale, centre)
        codes = {one: [Line(code, 7.6, bold=True)] for one, code in panel.codes.items()}
        _draw_map(pen, scene, panel.theme, codes, view, max(cells.factor, 0.85))
        top = view.frame[1] + view.frame[3] if cells.beside else view.frame[1] - 1.5
        x, width = (left + across - cells.key, cells.key) if cells.beside else (left, across)
        key.write(pen, x, top, width, cells.factor)
    last = cells.cell(room, len(plan.panels))
    aside = _draw_key_map(pen, scene, plan, cells, last, parts)
    _draw_shared(pen, scene, View(aside or last, cells.scale, centre), parts)


def _draw_key_map(pen: Pen, scene: Scene, plan: Plan, cells: _Cells, cell: Box, parts: Sequence[str]) -> Box | None:
    """Draw a map that names the districts, if what is shared fits beside it; the room that is left."""
    left, bottom, across, high = cell
    aside = left + across - cells.key, bottom, cells.key, high
    view = View(cells.frame(cell), cells.scale, _centre(plan))
    if not cells.beside or not _arranged(pen, scene, View(aside, cells.scale, _centre(plan)), parts):
        return None
    zh, en = pen.style.words["district_names"]
    heading = pen.pair(
        [Line(zh, 8.0, bold=True)], [Line(en, 6.6 if pen.lang == "both" else 8.0, bold=pen.lang == "en")]
    )
    Prose(tuple(heading)).write(pen, left, bottom + high, across, cells.factor)
    places = {one: scene.register.places[one] for one in scene.boundaries.ids}
    named = {one: pen.pair([Line(place.zh, 6.0)], [Line(place.en, 5.4)]) for one, place in places.items()}
    _draw_map(pen, scene, scene.symbology.plain(), named, view, max(cells.factor, 0.85))
    return aside


def largest(pen: Pen) -> float:
    """Of the text in the foot: the maps need the room."""
    return 0.95 if min(pen.size) > 200 else 0.85


def _centre(plan: Plan) -> tuple[float, float]:
    west, south, east, north = plan.extent
    return (west + east) / 2, (south + north) / 2


def _solve(pen: Pen, scene: Scene, plan: Plan, keys: Sequence[_Key], room: Box, parts: Sequence[str]) -> _Cells:
    """The division with the largest maps at a size of text that can be read."""
    best = None
    for cells in _divisions(pen, plan, room):
        _, _, _, up = cells.frame((0.0, 0.0, *cells.size))
        bound = _scaled(plan, cells)  # as good as it can be: the legend's height is yet to come
        if bound is None or (best is not None and bound.cost >= best.cost):
            continue
        tall = max(one.height(pen, cells.key if cells.beside else cells.size[0], cells.factor) for one in keys)
        if cells.beside and tall > up:
            continue
        solved = bound if cells.beside else _scaled(plan, replace(cells, key=tall))
        if solved is None or (best is not None and solved.cost >= best.cost):
            continue
        if _arranged(pen, scene, View((0.0, 0.0, *cells.size), solved.scale, _centre(plan)), parts):
            best = solved
    if best is None:
        raise too_full()
    return best


def _divisions(pen: Pen, plan: Plan, room: Box) -> Iterator[_Cells]:
    """Every division of a room, with no height for legends below the maps and no scale yet."""
    _, _, across, up = room
    for columns in _COLUMNS:
        rows = -(-(len(plan.panels) + 1) // columns)
        size = (across + _GAP) / columns - _GAP, (up + _GAP) / rows - _GAP
        for factor in _FACTORS if min(size) > 0 else ():
            head = max(Prose(one.heading).height(pen, size[0], factor) for one in plan.panels)
            for share in (0.0, *_BESIDE):
                yield _Cells(columns, rows, size, share > 0, factor, head, share * size[0], 1)


def _scaled(plan: Plan, cells: _Cells) -> _Cells | None:
    """A division with the scale that its maps have; none if they are too small."""
    _, _, across, up = cells.frame((0.0, 0.0, *cells.size))
    if min(across, up) < _LEAST:
        return None
    west, south, east, north = plan.extent
    return replace(cells, scale=round_scale(max((east - west) / across, (north - south) / up) * 1000))


def _draw_map(
    pen: Pen, scene: Scene, theme: Theme, labels: Mapping[str, Sequence[Line]], view: View, factor: float
) -> None:
    """Draw a small map with a label on each district that has one, or beside it with a leader."""
    pen.open(view)
    draw_ground(pen, view, theme, scene.boundaries, scene.symbology)
    pen.area(view.inside, facecolor="none", edgecolor=INK, linewidth=0.8, joinstyle="miter", zorder=8)
    outlines = shapely.make_valid(shapely.simplify(view.from_ground(scene.boundaries.outlines_m), 0.05))
    shapes = outlines & shapely.buffer(view.inside, -0.6)
    land = shapely.union_all(shapes)
    names = Names(pen, view, _degrees(pen, view), shapely.buffer(view.inside, -0.8) - shapely.buffer(land, 0.8))
    for number in sorted(range(len(shapes)), key=lambda one: float(shapely.area(shapes[one]))):
        label = shrunk(labels.get(scene.boundaries.ids[number], ()), factor)
        near, inner = middle(shapes[number]), shapely.buffer(shapes[number], -0.3)
        if label and names.put(inner, near, [label], 1.6) is None:
            names.beside(shapes[number], near, [label])


def _degrees(pen: Pen, view: View) -> Any:
    """Write the degrees of the graticule inside the lower and the left edge; the room they take."""
    left, bottom, across, up = view.frame
    taken = []
    for axis, value, line in graticule(view):
        label = Line(furniture.degrees(value, "E" if axis == "lon" else "N"), 4.6, SOFT)
        half, high = extent([label])[0] / 2, label.leading
        ends = shapely.get_coordinates(view.from_ground(line))
        x, y = min(ends[[0, -1]], key=lambda end: end[1] if axis == "lon" else end[0])
        if axis == "lon" and abs(y - bottom) < 0.01 and left + half + 4 < x < left + across - half:
            box = (x - half, bottom + 0.4, x + half, bottom + 0.4 + high)
        elif axis == "lat" and abs(x - left) < 0.01 and bottom + half + 4 < y < bottom + up - half:
            box = (left + 0.4, y - half, left + 0.4 + high, y + half)
        else:
            continue
        at = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        pen.text(*at, label, halo=1.2, ha="center", va="center", rotation=0 if axis == "lon" else 90)
        taken.append(shapely.box(*box))
    return shapely.union_all(taken)


def _arranged(pen: Pen, scene: Scene, view: View, parts: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Lower left corners of what the maps share: below one another, else the arrow at the left; none if too large."""
    left, bottom, across, up = view.frame
    sizes = {
        "arrow": furniture.arrow_size(pen, view),
        "bar": furniture.bar_size(pen, view),
        "status": furniture.status_size(pen, scene.approval_number),
        "note": extent(_scale_note(pen)),
    }
    stacked = [*parts, "note"]
    for first, rest in (((), stacked), (stacked[:1], stacked[1:])):
        aside = sum(sizes[one][0] + 2 for one in first)
        wide, high = max(sizes[one][0] for one in rest), sum(sizes[one][1] for one in rest)
        if aside + wide <= across and max(high, *(sizes[one][1] for one in [*first, "note"])) <= up:
            gap = min((up - high) / len(rest), 5.0)
            tops = bottom + up - np.cumsum([0.0, *(sizes[one][1] + gap for one in rest)])
            x = left + (across - aside - wide) / 2
            corners = {one: (x, bottom + up - sizes[one][1]) for one in first}
            middle_x = x + aside + wide / 2
            return corners | {
                one: (middle_x - sizes[one][0] / 2, float(top) - sizes[one][1])
                for one, top in zip(rest, tops[:-1], strict=True)
            }
    return {}


def _scale_note(pen: Pen) -> list[Line]:
    zh, en = pen.style.words["one_scale"]
    return pen.pair([Line(zh, 6.4)], [Line(en, 5.8)])


def _draw_shared(pen: Pen, scene: Scene, view: View, parts: Sequence[str]) -> None:
    """Draw what the sheet needs once: north, scale and status."""
    at = _arranged(pen, scene, view, parts)
    furniture.draw_north_arrow(pen, view, at["arrow"])
    furniture.draw_scale_bar(pen, view, at["bar"])
    if "status" in at:
        furniture.draw_status(pen, scene.approval_number, at["status"])
    wide, high = extent(_scale_note(pen))
    pen.stack((at["note"][0] + wide / 2, at["note"][1] + high / 2), _scale_note(pen), 0.0)
