"""The map of a print sheet (layer 7): sea, land, districts, sites and their names.

Shapes are drawn in metres of EPSG:4547; names stand in millimetres of the sheet,
each in the free place nearest to where the sheet wants it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from geo import crs
from geo.districts import Boundaries
from geo.exhibits.pen import FAINT, INK, Line, Pen, extent, find_room, footprint, shrunk, wrap
from geo.exhibits.sheet import Box
from geo.register import Register
from geo.symbology import Swatch, Symbology, Theme

NEIGHBOUR = "#a9a49a"  # outlines outside the city
_WATER = "#5b8096"
_MARKERS = {"circle": "o", "diamond": "D", "triangle": "^", "square": "s", "cross": "x", "plus": "P", "ring": "o"}
_WIDTHS = (46.0, 38.0, 30.0, 25.0, 21.0, 17.0, 14.0)  # of roles on the map, millimetres
_HALO = 2.2
_WATER_REACH = 7.0


def tint(colour: str, white: float) -> tuple[float, ...]:
    """A colour with a share of white in it, opaque."""
    from matplotlib.colors import to_rgb

    return tuple(one + (1 - one) * white for one in to_rgb(colour))


def fill_style(swatch: Swatch) -> dict[str, Any]:
    """How a class is filled, on the map as in the legend."""
    return {"facecolor": swatch.colour, "hatch": swatch.hatch, "edgecolor": tint(swatch.colour, 0.55), "linewidth": 0}


def outline_style(symbology: Symbology, *, approximate: bool = False) -> dict[str, Any]:
    """How the outline of a district is drawn, on the map as in the legend."""
    dashes: Any = (0, (5, 2.5)) if approximate else "solid"
    return {"edgecolor": symbology.colour("outline"), "linewidth": 0.9, "linestyle": dashes}


def draw_doubt(pen: Pen, zone: Any, symbology: Symbology, **style: Any) -> None:
    """Draw a zone of uncertain boundary, on the map as in the legend."""
    colour = symbology.colour("uncertain")
    pen.area(zone, facecolor="none", edgecolor=tint(colour, 0.45), linewidth=0, hatch="\\\\", **style)
    pen.area(zone, facecolor="none", edgecolor=colour, linewidth=0.6, **style)


def mark_style(swatch: Swatch) -> dict[str, Any]:
    """How a site is drawn, on the map as in the legend."""
    from matplotlib.patheffects import withStroke

    hollow = swatch.symbol in ("ring", "cross")
    return {
        "linestyle": "none",
        "marker": _MARKERS.get(swatch.symbol, "o"),
        "markersize": 4.6 if swatch.symbol == "diamond" else 5.2,
        "markerfacecolor": "white" if swatch.symbol == "ring" else swatch.colour,
        "markeredgecolor": swatch.colour if hollow else "white",
        "markeredgewidth": 1.5 if hollow else 0.7,
        "path_effects": [withStroke(linewidth=3.0, foreground="white")] if hollow else None,
    }


def graticule(pen: Pen) -> Iterator[tuple[str, float, Any]]:
    """Meridians and parallels inside the frame: axis, degrees, line in metres."""
    frame = shapely.box(*pen.sheet.ground)
    west, south, east, north = shapely.bounds(crs.unproject(shapely.segmentize(frame, 1000.0)))
    step = pen.sheet.graticule
    for axis, low, high in (("lon", west, east), ("lat", south, north)):
        for number in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1):
            at = round(number * step, 6)
            ends = [(at, south - 0.1), (at, north + 0.1)] if axis == "lon" else [(west - 0.1, at), (east + 0.1, at)]
            inside = crs.project(shapely.LineString(ends)) & frame
            if not inside.is_empty:
                yield axis, at, inside


def draw_map(pen: Pen, theme: Theme, boundaries: Boundaries, symbology: Symbology) -> None:
    """Draw sea, neighbours, graticule, districts and the zone of doubt."""
    frame = shapely.box(*pen.sheet.ground)
    pen.area(frame, on_map=True, facecolor=symbology.colour("sea"), linewidth=0, zorder=0)
    around = shapely.make_valid(crs.project(boundaries.neighbours)) & shapely.buffer(frame, 500.0)
    for shape in around:
        pen.area(shape, on_map=True, facecolor=symbology.colour("land"), edgecolor=NEIGHBOUR, linewidth=0.45, zorder=1)
    for _, _, line in graticule(pen):
        pen.line(shapely.get_coordinates(line), on_map=True, color="#8fa9b5", linewidth=0.25, zorder=1.5)
    shapes = crs.project(boundaries.outlines)
    for one, shape in zip(boundaries.ids, shapes, strict=True):
        pen.area(shape, on_map=True, zorder=2, **fill_style(theme.swatch(one)))
    for one, shape in zip(boundaries.ids, shapes, strict=True):
        if one in boundaries.approximate:  # what lies below must not fill the gaps of the dashes
            pen.area(shape, on_map=True, facecolor="none", edgecolor="white", linewidth=1.1, zorder=3)
        style = outline_style(symbology, approximate=one in boundaries.approximate)
        pen.area(shape, on_map=True, facecolor="none", zorder=3.2, **style)
    if boundaries.uncertain is not None:
        draw_doubt(pen, crs.project(boundaries.uncertain), symbology, on_map=True, zorder=3.1)


def draw_sites(pen: Pen, sites: Sequence[Mapping[str, Any]], symbology: Symbology) -> Any:
    """Draw the sites inside the frame; the room their symbols take, in millimetres."""
    classes = {one.id: one for one in symbology.match_classes()}
    taken = []
    for site in sites:
        x, y = pen.sheet.point(site["lon"], site["lat"])
        if shapely.contains_xy(pen.sheet.inside, x, y):
            pen.line([(x, y)], zorder=7, **mark_style(classes[str(site["match"])]))
            taken.append(shapely.box(x - 1.1, y - 1.1, x + 1.1, y + 1.1))
    return shapely.union_all(taken)


class Names:
    """Writes the names of a map, none on another and none on a symbol."""

    def __init__(self, pen: Pen, taken: Any, outside: Any) -> None:
        self.pen, self.taken, self.outside = pen, taken, outside

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
        self, shape: Any, near: tuple[float, float], name: Sequence[Line], roles: Sequence[Sequence[Line]]
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
        """
        whole = [[*name, replace(block[0], gap=0.5), *block[1:]] for block in roles] or [list(name)]
        for margin in (1.0, 0.4):
            if self.put(shapely.buffer(shape, -margin), near, whole, _HALO) is not None:
                return
        if self.put(shapely.buffer(shape, -0.6), near, [name], _HALO) is None:
            self._beside(shape, near, [[*name, *block] for block in roles] or [name])
        else:
            self._beside(shape, near, roles)

    def _beside(self, shape: Any, near: tuple[float, float], blocks: Sequence[Sequence[Line]]) -> None:
        """Write a block outside the city, with a leader line to its district."""
        box = self.put(self.outside, near, [blocks[min(2, len(blocks) - 1)]], _HALO)
        if box is not None:
            leader = shapely.shortest_line(shapely.box(*shapely.bounds(box)), shapely.buffer(shape, -1.5))
            ends = shapely.get_coordinates(leader)
            self.pen.line(ends, color=INK, linewidth=0.5, zorder=4)
            self.pen.line(ends[1:], color=INK, marker="o", markersize=2.2, zorder=4, linestyle="none")
            self.taken = self.taken | shapely.buffer(leader, 0.4)

    def sites(self, sites: Sequence[Mapping[str, Any]]) -> None:
        """Write the ids of sites beside their symbols, where there is room."""
        for site in sites:
            line = Line(str(site["id"]), 5.4)
            x, y = self.pen.sheet.point(site["lon"], site["lat"])
            ((_, low, half, high),) = boxes = footprint([line])
            for right, above in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
                at = (x + right * (1.4 + half), y + above * (1.1 + high))
                box = shapely.box(at[0] - half, at[1] + low, at[0] + half, at[1] + high)
                if shapely.contains(self.pen.sheet.inside, box) and not shapely.intersects(self.taken, box):
                    self.pen.stack(at, [line], 1.7)
                    self._take(*at, boxes)
                    break


def write_names(
    pen: Pen,
    theme: Theme,
    boundaries: Boundaries,
    register: Register,
    symbology: Symbology,
    taken: Any,
    sites: Sequence[Mapping[str, Any]],
) -> None:
    """Write the names of districts with roles, of the zone of doubt, neighbours, waters and sites."""
    shapes = shapely.make_valid(pen.sheet.on_paper(boundaries.outlines))
    sheet = shapely.buffer(pen.sheet.inside, -1.0)
    around = shapely.make_valid(pen.sheet.on_paper(boundaries.neighbours)) & sheet
    land_of_city = shapely.union_all(shapes)
    names = Names(pen, taken, sheet - shapely.buffer(land_of_city, 1.2))
    sea = sheet - shapely.buffer(shapely.union_all([land_of_city, *around]), 0.6)
    order = sorted(range(len(shapes)), key=lambda number: float(shapely.area(shapes[number])))
    for number in order:
        one = boundaries.ids[number]
        at = pen.sheet.labels.get(one)
        near = pen.sheet.point(*at) if at else _middle(shapes[number])
        names.district(shapes[number], near, _name(pen, register, one), list(_roles(pen, theme, one)))
    zone = shapely.Polygon()
    if boundaries.uncertain is not None:
        zone = shapely.make_valid(pen.sheet.on_paper(boundaries.uncertain))
        zh, en = pen.sheet.words["uncertain_short"]
        colour = symbology.colour("uncertain")
        parted = pen.pair([Line(zh, 6.0, colour)], [Line(one, 5.4, colour) for one in en.split()])
        block = pen.pair([Line(zh, 6.0, colour)], [Line(en, 5.4, colour)])
        free = zone - shapely.buffer(land_of_city, 0.6)
        names.put(free, _middle(free), [block, parted, block[:1]], _HALO)
    for shape, (zh, en) in zip(around, boundaries.neighbour_names, strict=True):
        free = shape - shapely.buffer(names.taken | zone, 1.0)
        if not shapely.is_empty(free):
            block = pen.pair([Line(zh, 7.6, FAINT)], [Line(en, 6.2, FAINT)])
            parted = pen.pair(
                [Line(one, 7.6, FAINT) for one in wrap(zh, 7.6, 1.0, r".[^（]*")],
                [Line(one, 6.2, FAINT) for one in wrap(en, 6.2, 1.0, r"[^,]+,?\s*")],
            )
            names.put(free, _middle(free), [block, parted], 1.4)
    for water in pen.sheet.waters:
        block = pen.pair([Line(water["zh"], 7.2, _WATER)], [Line(water["en"], 6.0, _WATER)])
        names.put(sea, pen.sheet.point(*water["at"]), [block, block[:1]], reach=_WATER_REACH)
    names.sites(sites)


def _name(pen: Pen, register: Register, one: str) -> list[Line]:
    """Name of a district."""
    place = register.places[one]
    english = Line(place.en, 6.8) if pen.lang == "both" else Line(place.en, 9.5, bold=True)
    return pen.pair([Line(place.zh, 10.5, bold=True)], [english])


def _roles(pen: Pen, theme: Theme, one: str) -> Iterator[list[Line]]:
    """Roles of a district in ever narrower, then smaller, blocks."""
    shown = theme.shown[one]
    if pen.lang == "en":
        size, pattern, roles = 6.4, r"\S+\s*", _listed([each.role_en for each in shown], ";")
    else:
        size, pattern, roles = 6.8, pen.sheet.breaks, _listed([each.role_zh for each in shown], "；")
    for shrink in (1.0, 0.9) if roles else ():
        for across in _WIDTHS:
            lines = [Line(text, size) for role in roles for text in wrap(role, size, across, pattern)]
            if extent(lines)[0] <= across:
                yield shrunk(lines, shrink)


def _listed(roles: Sequence[str], mark: str) -> list[str]:
    """Each role once, with a mark behind all but the last."""
    roles = list(dict.fromkeys(roles))
    return [*(role + mark for role in roles[:-1]), *roles[-1:]]


def _middle(shape: Any) -> tuple[float, float]:
    """Centre of the largest circle inside a shape."""
    parts = shapely.get_parts(shape)
    if not len(parts):
        return 0.0, 0.0
    largest = parts[int(np.argmax(shapely.area(parts)))]
    centre = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.2), 0)
    return float(centre.x), float(centre.y)
