"""The legend of a sheet (layer 7): samples of what is drawn with their words, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import shapely

from geo.districts import Boundaries
from geo.exhibits.ground import NEIGHBOUR, draw_doubt, outline_style
from geo.exhibits.lettering import SOFT, Line, shrunk
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Plan, Section
from geo.symbology import Symbology

_SWATCH = (9.5, 5.4)
_COLUMN = 58.0  # the narrowest column in millimetres
_GAP = 2.0  # between rows
_MOST_CUTS = 4


@dataclass(frozen=True)
class Legend:
    """The legend as a block; as many columns as the width holds."""

    sections: tuple[Section, ...]
    symbology: Symbology

    def height(self, pen: Pen, across: float, factor: float) -> float:
        """Millimetres that it takes at a width."""
        heights, cuts, _ = self._columns(pen, across, factor)
        return _tallest(heights, cuts)

    def write(self, pen: Pen, left: float, top: float, across: float, factor: float) -> float:
        """Draw it from `top` down; the bottom that is reached."""
        heights, cuts, column = self._columns(pen, across, factor)
        rows = self._rows()
        for number, (start, end) in enumerate(cuts):
            y = top
            for row, height in zip(rows[start:end], heights[start:end], strict=True):
                self._write_row(pen, row, left + number * column, y, column - 4, factor)
                y -= height
        return top - _tallest(heights, cuts)

    def _rows(self) -> list[tuple[Line | None, Item]]:
        """Every row, the first of a section with its heading."""
        return [
            (section.heading if number == 0 else None, item)
            for section in self.sections
            for number, item in enumerate(section.items)
        ]

    def _columns(self, pen: Pen, across: float, factor: float) -> tuple[list[float], list[tuple[int, int]], float]:
        rows = self._rows()
        count = max(1, min(int(across / (_COLUMN * factor)), len(rows), _MOST_CUTS))
        column = across / count
        heights = [self._row_height(pen, row, column - 4, factor) for row in rows]
        return heights, cut(heights, count), column

    def _row_height(self, pen: Pen, row: tuple[Line | None, Item], across: float, factor: float) -> float:
        heading, item = row
        above = 0.0 if heading is None else -pen.flow(0, 0, across, shrunk([heading], factor), write=False) + 1.2
        text = -pen.flow(0, 0, across - _SWATCH[0] - 2.5, shrunk(item.lines, factor), write=False)
        return above + max(text, _least(item)) + _GAP * factor

    def _write_row(
        self, pen: Pen, row: tuple[Line | None, Item], left: float, top: float, across: float, factor: float
    ) -> None:
        heading, item = row
        if heading is not None:
            top = pen.flow(left, top, across, shrunk([heading], factor)) - 1.2
        lines = shrunk(item.lines, factor)
        text = -pen.flow(0, 0, across - _SWATCH[0] - 2.5, lines, write=False)
        lead = max((_least(item) - text) / 2, 0.0)
        first = lines[0].leading / 2 if item.kind != "area" else _SWATCH[1] / 2 + 0.3
        self._sample(pen, item, (left + _SWATCH[0] / 2, top - lead - first))
        pen.flow(left + _SWATCH[0] + 2.5, top - lead, across - _SWATCH[0] - 2.5, lines)

    def _sample(self, pen: Pen, item: Item, centre: tuple[float, float]) -> None:
        x, y = centre
        half = _SWATCH[0] / 2
        box = shapely.box(x - half, y - _SWATCH[1] / 2, x + half, y + _SWATCH[1] / 2)
        if item.kind == "area":
            pen.area(box, zorder=6, **item.style)
            edge = {**outline_style(self.symbology), "linewidth": 0.5}
            pen.area(box, facecolor="none", joinstyle="miter", zorder=6.1, **edge)
        elif item.kind == "doubt":
            draw_doubt(pen, shapely.box(x - half, y - 2, x + half, y + 2), self.symbology, zorder=6)
        elif item.kind == "line":
            style = item.style
            plain = {"color": style["edgecolor"], "linewidth": style["linewidth"]}
            pen.line([(x - half, y), (x + half, y)], zorder=6, linestyle=style.get("linestyle", "-"), **plain)
        elif item.kind == "mark":
            pen.line([(x, y)], zorder=6, **item.style)


def _least(item: Item) -> float:
    return _SWATCH[1] + 0.8 if item.kind == "area" else 4.0


def of_plan(pen: Pen, plan: Plan, boundaries: Boundaries, symbology: Symbology, visible: Sequence[str]) -> Legend:
    """The legend of a sheet, without what stands for districts that it does not show."""
    held = []
    for section in plan.sections:
        items = tuple(one for one in section.items if not one.places or set(one.places) & set(visible))
        if items:
            held.append(replace(section, items=items))
    if plan.chart is not None:
        return Legend(tuple(held), symbology)
    heading = Line(pen.word("lines"), 8.6, bold=True, gap=0.8 if held else 0.0)
    return Legend((*held, Section(heading, tuple(_lines(pen, plan, boundaries, symbology, visible)))), symbology)


def _lines(pen: Pen, plan: Plan, boundaries: Boundaries, symbology: Symbology, visible: Sequence[str]) -> list[Item]:
    """What the sheet holds beyond its classes: its own rows, and boundaries."""
    own = [one for one in plan.lines if not one.places or set(one.places) & set(visible)]
    rows = [Item("line", outline_style(symbology), said(pen, pen.style.words["district"]))]
    if set(boundaries.approximate) & set(visible):
        style = outline_style(symbology, approximate=True)
        rows.append(Item("line", style, said(pen, pen.style.words["approximate"])))
        if boundaries.uncertain is not None:
            rows.append(Item("doubt", {}, said(pen, pen.style.words["uncertain"])))
    neighbour = {"edgecolor": NEIGHBOUR, "linewidth": 0.6}
    return [*own, *rows, Item("line", neighbour, said(pen, pen.style.words["neighbour"]))]


def said(pen: Pen, words: tuple[str, str]) -> tuple[Line, ...]:
    """Words of a row."""
    zh, en = words
    return tuple(pen.pair([Line(zh, 6.6)], [Line(en, 5.8, SOFT) if pen.lang == "both" else Line(en, 6.4)]))


def cut(heights: Sequence[float], count: int) -> list[tuple[int, int]]:
    """Cut a run of rows into columns so that the tallest is as low as can be.

    >>> cut([1, 1, 1, 3], 2)
    [(0, 3), (3, 4)]
    """
    splits = combinations(range(len(heights) + 1), count - 1)
    cuts = [list(zip((0, *split), (*split, len(heights)), strict=True)) for split in splits]
    fullest = [[-end for _, end in cut] for cut in cuts]  # of equals the one that fills the first columns
    return min(zip(cuts, fullest, strict=True), key=lambda one: (_tallest(heights, one[0]), one[1]))[0]


def _tallest(heights: Sequence[float], cuts: Sequence[tuple[int, int]]) -> float:
    return max(sum(heights[start:end]) for start, end in cuts)
