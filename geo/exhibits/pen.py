"""The pen that writes on a print sheet (layer 7): texts, lines and areas in millimetres."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
import shapely

from geo.exhibits.font import properties, width
from geo.exhibits.lettering import Line, footprint, wrap
from geo.exhibits.spec import Box, Style
from geo.exhibits.view import View
from geo.fonts import font_file

Lang = Literal["zh", "en", "both"]
UNDER = "under"  # gid of the stroke that lies below a text
_INCH = 25.4


class Pen:
    """Draws on one sheet in one language or in both."""

    def __init__(self, size: tuple[float, float], style: Style, lang: Lang) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.size, self.style, self.lang = size, style, lang
        wide, high = size
        self.figure = Figure(figsize=(wide / _INCH, high / _INCH), facecolor="white")
        FigureCanvasAgg(self.figure)
        self.page = self._axes((0.0, 0.0, wide, high), (0.0, 0.0, wide, high), "page", 9)
        self.maps: dict[View, Any] = {}

    def open(self, view: View) -> None:
        """Begin a map; the first is the sheet's main one, later ones lie above it."""
        self.maps[view] = self._axes(view.frame, view.ground, f"map{len(self.maps) or ''}", len(self.maps))

    def _axes(self, frame: Box, limits: Box, label: str, zorder: int) -> Any:
        (left, bottom, across, up), (wide, high) = frame, self.size
        axes = self.figure.add_axes((left / wide, bottom / high, across / wide, up / high), label=label, zorder=zorder)
        axes.set(xlim=limits[::2], ylim=limits[1::2], autoscale_on=False)
        axes.set_axis_off()
        return axes

    def say(self, zh: str, en: str, between: str = "  ") -> str:
        """The words of the sheet's language, or both with something between."""
        return {"zh": zh, "en": en}.get(self.lang, f"{zh}{between}{en}" if zh != en else zh)

    def word(self, key: str, between: str = "  ") -> str:
        """One of the sheet's own words."""
        return self.say(*self.style.words[key], between)

    def pair(self, zh: Iterable[Line], en: Iterable[Line]) -> list[Line]:
        """Paragraphs of the sheet's language, or those of both."""
        return [*(zh if self.lang != "en" else ()), *(en if self.lang != "zh" else ())]

    def text(self, x: float, y: float, line: Line, *, halo: float = 0.0, **style: Any) -> None:
        """Write one line with its base line at `y`; `halo` is white, in points."""
        from matplotlib.patheffects import Stroke

        width(line.text, line.size)
        style = {"color": line.colour, "va": "baseline", "zorder": 5.0, "parse_math": False, **style}
        style["fontproperties"] = properties(font_file(), line.size)
        strokes = [Stroke(linewidth=halo, foreground="white", joinstyle="round")] if halo else []
        strokes += [Stroke(linewidth=0.038 * line.size, foreground=line.colour)] if line.bold else []
        if strokes:
            # a stroked text becomes paths, so the text itself is written once more above it
            below = {**style, "zorder": style["zorder"] - 0.5, "path_effects": strokes, "gid": UNDER}
            self.page.text(x, y, line.text, **below)
        self.page.text(x, y, line.text, **style)

    def flow(
        self, x: float, top: float, across: float, lines: Iterable[Line], *, write: bool = True, halo: float = 0.0
    ) -> float:
        """Write paragraphs from `top` down within a width; the bottom that is reached."""
        for line in lines:
            top -= line.gap
            for text in wrap(line.text, line.size, across):
                top -= line.leading
                if write:
                    self.text(x, top + 0.26 * line.leading, Line(text, line.size, line.colour, line.bold), halo=halo)
        return top

    def stack(self, centre: tuple[float, float], lines: Sequence[Line], halo: float) -> None:
        """Write lines centred below one another around a point."""
        for line, (_, bottom, _, _) in zip(lines, footprint(lines), strict=True):
            self.text(centre[0], centre[1] + bottom + 0.26 * line.leading, line, halo=halo, ha="center")

    def area(self, geometry: Any, *, on: View | None = None, **style: Any) -> None:
        """Draw polygons, in millimetres of the sheet or in metres of a map."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path as Outline

        parts = shapely.get_parts(geometry)
        rings = shapely.get_rings(parts[shapely.get_dimensions(parts) == 2])
        if not len(rings):
            return
        outline = Outline.make_compound_path(*(Outline(shapely.get_coordinates(ring), closed=True) for ring in rings))
        axes = self.maps[on] if on else self.page
        axes.add_artist(PathPatch(outline, **{"joinstyle": "round", **style}))

    def line(self, points: Any, *, on: View | None = None, **style: Any) -> None:
        """Draw a line through points, or the points alone if a marker is given."""
        from matplotlib.lines import Line2D

        xy = np.asarray(points, dtype=float)
        axes = self.maps[on] if on else self.page
        axes.add_artist(Line2D(xy[:, 0], xy[:, 1], **style))
