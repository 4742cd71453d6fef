"""Names on a map (layer 7): of districts, neighbours, waters and sites.

Names stand in millimetres of the sheet, each in the free place nearest to where the
sheet wants it, none on another and none on a symbol.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from geo.exhibits.ground import MANY, positions
from geo.exhibits.lettering import FAINT, INK, Line, extent, footprint, shrunk, wrap
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Mark, Pair, Plan, Scene
from geo.exhibits.room import find_room
from geo.exhibits.spec import Box, Style
from geo.exhibits.view import View

_WATER = "#5b8096"
_WIDTHS = (46.0, 38.0, 30.0, 25.0, 21.0, 17.0, 14.0)  # of phrases on the map, millimetres
_HALO = 2.2
_WATER_REACH = 7.0
_WIDE = 260.0  # millimetres: on narrower paper names are smaller
_LEAST_MM2 = 60.0  # what is left of a district on the sheet has no name below this


class Names:
    """Writes the names of a map, none on another and none on a symbol."""

    def __init__(self, pen: Pen, view: View, taken: Any, outside: Any) -> None:
        self.pen, self.view, self.taken, self.outside = pen, view, taken, outside

    def put(
        self,
        region: Any,
        near: tuple[float, float],
        blocks: Sequence[Sequence[Line]],
        halo: float = 0.0,
        reach: float = np.inf,
    ) -> Any:
        """Write the first block that has room; its extent, or None if none has."""
        prints = [footprint(block) for block in blocks]
        found = find_room(region, self.taken, near, prints, reach)
        if found is None:
            return None
        number, (x, y) = found
        self.pen.stack((x, y), blocks[number], halo)
        return self._take(x, y, prints[number])

    def _take(self, x: float, y: float, boxes: Sequence[Box]) -> Any:
        covered = shapely.union_all([shapely.box(x + w, y + s, x + e, y + n) for w, s, e, n in boxes])
        self.taken = self.taken | covered
        return covered

    def district(
        self,
        shape: Any,
        near: tuple[float, float],
        name: Sequence[Line],
        roles: Sequence[Sequence[Line]],
        *,
        leader: bool,
    ) -> None:
        """Write a name with its roles inside its district; what has no room there goes beside it.

        Parameters
        ----------
        shape : shapely geometry
            The district.
        near : (float, float)
            Where its name is wanted.
        name : sequence of Line
        roles : sequence of sequence of Line
            Roles in ever narrower and smaller blocks; none if it has no role.
        leader : bool
            Whether it may go beside; else it is left out.
        """
        whole = [[*name, replace(block[0], gap=0.5), *block[1:]] for block in roles] or [list(name)]
        for margin in (1.0, 0.4):
            if self.put(shapely.buffer(shape, -margin), near, whole, _HALO) is not None:
                return
        named = self.put(shapely.buffer(shape, -0.6), near, [name], _HALO) is not None
        if leader:
            self.beside(shape, near, roles if named else [[*name, *block] for block in roles] or [name])

    def beside(self, shape: Any, near: tuple[float, float], blocks: Sequence[Sequence[Line]]) -> None:
        """Write a block outside the city, with a leader line to its district."""
        box = self.put(self.outside, near, [blocks[min(2, len(blocks) - 1)]], _HALO)
        if box is not None:
            inner = shapely.buffer(shape, -1.5)
            target = shapely.Point(near) if inner.is_empty else inner
            leader = shapely.shortest_line(shapely.box(*shapely.bounds(box)), target)
            ends = shapely.get_coordinates(leader)
            self.pen.line(ends, color=INK, linewidth=0.5, zorder=4)
            self.pen.line(ends[1:], color=INK, marker="o", markersize=2.2, zorder=4, linestyle="none")
            self.taken = self.taken | shapely.buffer(leader, 0.4)

    def marks(self, marks: Sequence[Mark]) -> None:
        """Write the ids of sites beside their symbols, where there is room."""
        marks = [one for one in marks if one.label]
        if not marks:
            return
        xy, inside = positions(self.view, marks)
        for mark, (x, y) in ((marks[number], xy[number]) for number in np.flatnonzero(inside).tolist()):
            line = Line(mark.label, 7.4, bold=True) if mark.bold else Line(mark.label, 5.8)
            ((_, low, half, high),) = boxes = footprint([line])
            for right, above in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
                at = (x + right * (1.4 + half), y + above * (1.1 + high))
                box = shapely.box(at[0] - half, at[1] + low, at[0] + half, at[1] + high)
                if shapely.contains(self.view.inside, box) and not shapely.intersects(self.taken, box):
                    self.pen.stack(at, [line], 1.7)
                    self._take(*at, boxes)
                    break


def write_names(
    pen: Pen, view: View, scene: Scene, plan: Plan, taken: Any, elsewhere: Sequence[str] = (), *, headed: bool = False
) -> None:
    """Write the names of districts with their phrases, of the zone of doubt, neighbours, waters and sites.

    Districts that another map of the sheet shows (`elsewhere`) are not named; where the map
    is `headed` with the name of its district, the phrases stand alone.
    """
    sheet = shapely.buffer(view.inside, -1.0)
    shapes = shapely.make_valid(view.from_ground(scene.boundaries.outlines_m)) & sheet
    around = shapely.make_valid(view.from_ground(scene.boundaries.neighbours_m)) & sheet
    land_of_city = shapely.union_all(shapes)
    names = Names(pen, view, taken, sheet - shapely.buffer(land_of_city, 1.2))
    order = sorted(range(len(shapes)), key=lambda number: float(shapely.area(shapes[number])))
    for number in order:
        one = scene.boundaries.ids[number]
        if shapely.area(shapes[number]) > _LEAST_MM2 and one not in elsewhere:
            near = _wanted(view, shapes[number], pen.style.labels.get(one))
            phrases = list(_phrases(pen, plan.said.get(one, ())))
            if headed and phrases:
                names.put(shapely.buffer(shapes[number], -0.6), near, phrases, _HALO)
            else:
                leader = plan.leaders is None or one in plan.leaders
                names.district(shapes[number], near, _name(pen, scene, one), phrases, leader=leader)
    zone = _write_doubt(names, scene, land_of_city)
    sea = sheet - shapely.buffer(shapely.union_all([land_of_city, *around]), 0.6)
    for shape, said in zip(around, scene.boundaries.neighbour_names, strict=True):
        _write_neighbour(names, shape - shapely.buffer(names.taken | zone, 1.0), said)
    for water in pen.style.waters:
        block = pen.pair([Line(water["zh"], 7.2, _WATER)], [Line(water["en"], 6.0, _WATER)])
        names.put(sea, view.point(*water["at"]), [block, block[:1]], reach=_WATER_REACH)
    if len(plan.marks) <= MANY:
        names.marks(plan.marks)


def _wanted(view: View, shape: Any, at: tuple[float, float] | None) -> tuple[float, float]:
    """Where the name of a district is wanted: where the style says, if that is on the sheet."""
    if at is not None and shapely.contains_xy(shape, *(point := view.point(*at))):
        return point
    return middle(shape)


def _write_doubt(names: Names, scene: Scene, land_of_city: Any) -> Any:
    """Write the name of the zone of doubt; the zone in millimetres."""
    if scene.boundaries.uncertain is None:
        return shapely.Polygon()
    pen, view = names.pen, names.view
    zone = shapely.make_valid(view.from_ground(scene.boundaries.uncertain_m)) & shapely.buffer(view.inside, -1.0)
    zh, en = pen.style.words["uncertain_short"]
    colour = scene.symbology.colour("uncertain")
    parted = pen.pair([Line(zh, 6.0, colour)], [Line(one, 5.4, colour) for one in en.split()])
    block = pen.pair([Line(zh, 6.0, colour)], [Line(en, 5.4, colour)])
    free = zone - shapely.buffer(land_of_city, 0.6)
    names.put(free, middle(free), [block, parted, block[:1]], _HALO)
    return zone


def _write_neighbour(names: Names, free: Any, said: Pair) -> None:
    """Write the name of a neighbour in what the sheet shows of it."""
    if shapely.is_empty(free):
        return
    zh, en = said
    block = names.pen.pair([Line(zh, 7.6, FAINT)], [Line(en, 6.2, FAINT)])
    parted = names.pen.pair(
        [Line(one, 7.6, FAINT) for one in wrap(zh, 7.6, 1.0, r".[^（]*")],
        [Line(one, 6.2, FAINT) for one in wrap(en, 6.2, 1.0, r"[^,]+,?\s*")],
    )
    names.put(free, middle(free), [block, parted], 1.4)


def _name(pen: Pen, scene: Scene, one: str) -> list[Line]:
    """Name of a district."""
    place = scene.register.places[one]
    factor = 1.0 if pen.size[0] >= _WIDE else 0.8
    english = Line(place.en, 6.8) if pen.lang == "both" else Line(place.en, 9.5, bold=True)
    return shrunk(pen.pair([Line(place.zh, 10.5, bold=True)], [english]), factor)


def _phrases(pen: Pen, said: Sequence[Pair]) -> Iterator[list[Line]]:
    """What is said under the name of a district, in ever narrower, then smaller, blocks."""
    if pen.lang == "en":
        size, pattern, phrases = 6.4, r"\S+\s*", _listed([en for _, en in said], ";")
    else:
        size, pattern, phrases = 6.8, _breaks(pen.style), _listed([zh for zh, _ in said], "；")
    for shrink in (1.0, 0.9) if phrases else ():
        for across in _WIDTHS:
            lines = [Line(text, size) for one in phrases for text in wrap(one, size, across, pattern)]
            if extent(lines)[0] <= across:
                yield shrunk(lines, shrink)


def _breaks(style: Style) -> str:
    """Pattern of the pieces between which a phrase may be broken."""
    behind, before = ("|".join(map(re.escape, words)) for words in (style.break_behind, style.break_before))
    return rf".+?(?:(?:{behind})、?(?!、)|(?={before})|$)"


def _listed(roles: Sequence[str], mark: str) -> list[str]:
    """Each role once, with a mark behind all but the last."""
    roles = list(dict.fromkeys(roles))
    return [*(role + mark for role in roles[:-1]), *roles[-1:]]


def middle(shape: Any) -> tuple[float, float]:
    """Centre of the largest circle inside a shape."""
    parts = shapely.get_parts(shape)
    parts = parts[shapely.area(parts) > 0]
    if not len(parts):
        return 0.0, 0.0
    largest = parts[int(np.argmax(shapely.area(parts)))]
    centre = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.2), 0)
    return float(centre.x), float(centre.y)
