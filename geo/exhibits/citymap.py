"""The other districts as a small map beside a sheet (layer 7): where two sources differ."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import shapely

from geo.exhibits import extents
from geo.exhibits.blocks import Prose
from geo.exhibits.ground import draw_ground, tint
from geo.exhibits.lettering import INK, Line
from geo.exhibits.names import Names
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Block, Scene
from geo.exhibits.view import View, fitting
from geo.symbology import Symbology

_HEAD = 7.8
_LEAST_MAP = 24.0  # height of the map of the other districts, millimetres


def conflict_style(symbology: Symbology) -> dict[str, Any]:
    """How an area is drawn that the sources give to different areas, on the map as in the legend."""
    colour = symbology.colour("second")
    return {"facecolor": tint(colour, 0.35), "edgecolor": colour, "linewidth": 0.4}


def surface(shape: Any) -> Any:
    """The areas of a shape, without the lines that cutting leaves."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


@dataclass(frozen=True)
class CityMap:
    """The other districts, small, with what the two sources give to different areas.

    Attributes
    ----------
    conflicts : ndarray of shapely geometry
        For each district what the second source gives to others, in metres.
    most : float
        Height of the map in millimetres that may not be exceeded.
    """

    scene: Scene
    conflicts: Any
    most: float = 1000.0

    def _view(self, left: float, top: float, across: float) -> View:
        boundaries = self.scene.boundaries
        box = extents.districts(boundaries, [one for one in boundaries.ids if one != extents.APART])
        scale = fitting((0, 0, across, self.most), box).scale
        height = (box[3] - box[1]) * 1000 / scale
        return fitting((left, top - height, across, height), box, scale)

    def height(self, pen: Pen, across: float, factor: float) -> float:
        """Millimetres that it takes at a width."""
        view = self._view(0, 0, across)
        return view.frame[3] - pen.flow(0, 0, across, [self._heading(pen, view, factor)], write=False) + 1.2

    def shortened(self, pen: Pen, across: float, factor: float, most: float) -> Block:
        """At a smaller scale; where that would be illegible, left out."""
        heading = self._heading(pen, self._view(0, 0, across), factor)
        left = most + pen.flow(0, 0, across, [heading], write=False) - 1.2
        return replace(self, most=left) if left >= _LEAST_MAP else Prose(())

    def _heading(self, pen: Pen, view: View, factor: float) -> Line:
        zh, en = pen.style.words["doubt_city"]
        said = pen.say(zh.format(scale=view.numeric), en.format(scale=view.numeric))
        return Line(said, _HEAD * factor, bold=True)

    def write(self, pen: Pen, left: float, top: float, across: float, factor: float) -> float:
        """Draw it from `top` down; the bottom that is reached."""
        scene = self.scene
        y = pen.flow(left, top, across, [self._heading(pen, self._view(0, 0, across), factor)]) - 1.2
        view = self._view(left, y, across)
        pen.open(view)
        draw_ground(pen, view, scene.symbology.plain(), scene.boundaries, scene.symbology, grid=False)
        style = {**conflict_style(scene.symbology), "zorder": 4}
        for shape in self.conflicts:
            pen.area(surface(shape & shapely.box(*view.ground)), on=view, **style)
        pen.area(view.inside, facecolor="none", edgecolor=INK, linewidth=0.7, joinstyle="miter", zorder=8)
        self._names(pen, view, factor)
        return y - view.frame[3]

    def _names(self, pen: Pen, view: View, factor: float) -> None:
        boundaries = self.scene.boundaries
        names = Names(pen, view, shapely.Polygon(), view.inside)
        for one, outline in zip(boundaries.ids, boundaries.outlines, strict=True):
            place, shape = self.scene.register.places[one], shapely.make_valid(view.on_paper(outline)) & view.inside
            at = pen.style.labels.get(one)
            near = view.point(*at) if at else shapely.get_coordinates(shapely.point_onsurface(shape))[0]
            block = [Line(place.en if pen.lang == "en" else place.zh, 6.0 * factor)]
            names.put(shape, (float(near[0]), float(near[1])), [block], 1.8)
