"""The pen that writes on a print sheet (layer 7): texts, lines and areas in millimetres.

Lengths of texts come from the font's own advances, so that lines are broken and
labels placed before anything is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import shapely

from geo.exhibits.font import POINT, font_file, properties, width
from geo.exhibits.sheet import Box, Sheet

Lang = Literal["zh", "en", "both"]
INK, SOFT, FAINT = "#1b1b1b", "#4a4a4a", "#868686"
UNDER = "under"  # gid of the stroke that lies below a text
_INCH = 25.4
_PAUSES = tuple("，；：、。,;:）")
_UNPUNCTUATED = 0.3  # cost of a break that is not at punctuation, in squares of the part of a line left empty
_LEADING = 1.32
_STEP = 0.7  # millimetres between the places tried for a name
_AT_ONCE = 400
_TOKENS = re.compile(r"[（《〔“(]*(?:[!-'*-~°′·–\u00a0]+|[^\s])[，。；：、）》〕”);,.:]*\s*|\s+")


@dataclass(frozen=True)
class Line:
    """A paragraph of one look; `gap` is the space before it in millimetres."""

    text: str
    size: float
    colour: str = INK
    bold: bool = False
    gap: float = 0.0

    @property
    def leading(self) -> float:
        """From one base line to the next in millimetres."""
        return self.size * POINT * _LEADING


class Pen:
    """Draws on one sheet in one language or in both."""

    def __init__(self, sheet: Sheet, lang: Lang) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.sheet, self.lang = sheet, lang
        wide, high = sheet.size
        self.figure = Figure(figsize=(wide / _INCH, high / _INCH), facecolor="white")
        FigureCanvasAgg(self.figure)
        left, bottom, across, up = sheet.frame
        self.map = self.figure.add_axes((left / wide, bottom / high, across / wide, up / high), label="map")
        self.page = self.figure.add_axes((0, 0, 1, 1), label="page")
        west, south, east, north = sheet.ground
        for axes, (x0, x1), (y0, y1) in ((self.map, (west, east), (south, north)), (self.page, (0, wide), (0, high))):
            axes.set(xlim=(x0, x1), ylim=(y0, y1), autoscale_on=False)
            axes.set_axis_off()

    def say(self, zh: str, en: str, between: str = "  ") -> str:
        """The words of the sheet's language, or both with something between."""
        return {"zh": zh, "en": en}.get(self.lang, f"{zh}{between}{en}" if zh != en else zh)

    def word(self, key: str, between: str = "  ") -> str:
        """One of the sheet's own words."""
        return self.say(*self.sheet.words[key], between)

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

    def area(self, geometry: Any, *, on_map: bool = False, **style: Any) -> None:
        """Draw polygons, in millimetres of the sheet or in metres of the map."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path as Outline

        parts = shapely.get_parts(geometry)
        rings = shapely.get_rings(parts[shapely.get_dimensions(parts) == 2])
        if not len(rings):
            return
        outline = Outline.make_compound_path(*(Outline(shapely.get_coordinates(ring), closed=True) for ring in rings))
        axes = self.map if on_map else self.page
        axes.add_patch(PathPatch(outline, **{"joinstyle": "round", **style}))

    def line(self, points: Any, *, on_map: bool = False, **style: Any) -> None:
        """Draw a line through points, or the points alone if a marker is given."""
        from matplotlib.lines import Line2D

        xy = np.asarray(points, dtype=float)
        axes = self.map if on_map else self.page
        axes.add_line(Line2D(xy[:, 0], xy[:, 1], **style))


def wrap(text: str, size: float, across: float, pattern: str | None = None) -> list[str]:
    """Break a text into as few lines as `across` millimetres allow, even ones and at punctuation.

    Chinese is broken between characters, never before closing punctuation; other
    text at blanks. With `pattern` only between its matches.
    """
    tokens = re.findall(pattern, text) if pattern else _TOKENS.findall(text)
    ends = np.cumsum([0.0, *(width(token, size) for token in tokens)])
    bare = [width(token.rstrip(), size) for token in tokens]
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]  # lines, cost, start of the last line, up to each token
    for end, token in enumerate(tokens):
        forced = 0.0 if end + 1 == len(tokens) or token.rstrip().endswith(_PAUSES) else _UNPUNCTUATED
        found = []
        for start in range(end, -1, -1):
            share = (ends[end] - ends[start] + bare[end]) / across
            if share > 1.0 and start < end:
                break
            lines, cost, _ = best[start]
            found.append((lines + 1, cost + forced + max(1.0 - float(share), 0.0) ** 2, start))
        best.append(min(found))
    cuts = [len(tokens)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][2])
    return ["".join(tokens[start:end]).rstrip() for end, start in pairwise(cuts)][::-1]


def shrunk(lines: Sequence[Line], factor: float) -> list[Line]:
    """Lines in another size."""
    return [replace(line, size=line.size * factor, gap=line.gap * factor) for line in lines]


def extent(lines: Sequence[Line]) -> tuple[float, float]:
    """Width and height of lines below one another in millimetres."""
    return max(width(line.text, line.size) for line in lines), sum(line.gap + line.leading for line in lines)


def footprint(lines: Sequence[Line]) -> list[Box]:
    """What each of some lines, centred below one another, covers around their middle."""
    boxes, y = [], extent(lines)[1] / 2
    for line in lines:
        half = width(line.text, line.size) / 2
        boxes.append((-half, y - line.gap - line.leading, half, y))
        y -= line.gap + line.leading
    return boxes


def find_room(
    region: Any,
    taken: Any,
    near: tuple[float, float],
    blocks: Sequence[Sequence[Box]],
    reach: float = np.inf,
    margin: float = 0.4,
) -> tuple[int, tuple[float, float]] | None:
    """The first of some blocks that has room in a region, and the middle nearest to a point.

    Parameters
    ----------
    region, taken : shapely geometry
        Where a block must lie, and what it may not touch.
    blocks : sequence of sequence of Box
        The `footprint` of each block, best first.
    reach : float
        How far from the point the middle may lie, in millimetres.
    margin : float
        Room around each line, in millimetres.

    Returns
    -------
    (int, (float, float)) or None
        Number of the block and its middle.
    """
    free = region - taken
    if shapely.is_empty(free):
        return None
    west, south, east, north = shapely.bounds(free)
    xs, ys = (grid.ravel() for grid in np.meshgrid(np.arange(west, east, _STEP), np.arange(south, north, _STEP)))
    xs, ys = np.append(xs, near[0]), np.append(ys, near[1])
    away = np.hypot(xs - near[0], ys - near[1])
    order = np.argsort(away, kind="stable")[: int(np.count_nonzero(away <= reach))]
    xs, ys = xs[order], ys[order]
    shapely.prepare(free)
    inside = shapely.contains_xy(free, xs, ys)
    xs, ys = xs[inside], ys[inside]
    for number, boxes in enumerate(blocks):
        for start in range(0, len(xs), _AT_ONCE):
            fits = np.arange(start, min(start + _AT_ONCE, len(xs)))
            for left, bottom, right, top in boxes:
                x, y = xs[fits], ys[fits]
                lines = shapely.box(x + left - margin, y + bottom, x + right + margin, y + top)
                fits = fits[shapely.contains(free, lines)]
            if fits.size:
                return number, (float(xs[fits[0]]), float(ys[fits[0]]))
    return None
