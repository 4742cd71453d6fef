"""Blocks of text and tables on a sheet (layer 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geo.exhibits.lettering import FAINT, INK, SOFT, Line, shrunk
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Pair

Cell = Line | tuple[Line, ...]  # one paragraph, or several
_PAD = 0.7  # above and below the text of a cell, millimetres
_SIGN = 4.0  # for a symbol before a row, millimetres
_LEAST = 3  # rows of a table that is shortened


@dataclass(frozen=True)
class Prose:
    """Paragraphs below one another, and what may stand in their place where there is less room."""

    lines: tuple[Line, ...]
    briefer: tuple[tuple[Line, ...], ...] = ()

    def height(self, pen: Pen, across: float, factor: float) -> float:
        """Millimetres that it takes at a width."""
        return -pen.flow(0, 0, across, shrunk(self.lines, factor), write=False)

    def write(self, pen: Pen, left: float, top: float, across: float, factor: float) -> float:
        """Draw it from `top` down; the bottom that is reached."""
        return pen.flow(left, top, across, shrunk(self.lines, factor))

    def shortened(self, pen: Pen, across: float, factor: float, most: float) -> Prose:
        """The longest of the briefer texts that fits into `most` millimetres, else the briefest."""
        tries = [Prose(lines) for lines in self.briefer]
        return next((one for one in tries if one.height(pen, across, factor) <= most), tries[-1] if tries else self)


@dataclass(frozen=True)
class Grid:
    """A table with rules between its rows.

    Attributes
    ----------
    heading : Line
    rows : tuple of tuple of Line
        Cells; the first row is the header if `header`.
    shares : tuple of float
        Widths of the columns as shares of the whole.
    more : tuple of str, optional
        What is said, with ``{count}`` filled in, below a table from which rows are left
        out for want of room; without it none is.
    left_out : int
        Rows left out.
    signs : tuple of mapping or None
        Before each row a symbol in the style of the map, or none; without them no room is
        left for one.
    """

    heading: Line
    rows: tuple[tuple[Cell, ...], ...]
    shares: tuple[float, ...]
    header: bool = False
    more: Pair | None = None
    left_out: int = 0
    signs: tuple[Mapping[str, Any] | None, ...] = ()

    def height(self, pen: Pen, across: float, factor: float) -> float:
        """Millimetres that it takes at a width."""
        head = -pen.flow(0, 0, across, shrunk([self.heading], factor), write=False)
        rows = sum(self._row_height(pen, row, across, factor) for row in self.rows)
        return head + 1.4 + rows - pen.flow(0, 0, across, shrunk(self._rest(pen), factor), write=False)

    def write(self, pen: Pen, left: float, top: float, across: float, factor: float) -> float:
        """Draw it from `top` down; the bottom that is reached."""
        y = pen.flow(left, top, across, shrunk([self.heading], factor)) - 1.4
        pen.line([(left, y), (left + across, y)], color=INK, linewidth=0.7)
        for number, row in enumerate(self.rows):
            height, x = self._row_height(pen, row, across, factor), left
            for column, (cell, share) in enumerate(zip(row, self.shares, strict=True)):
                indent = self._indent(column)
                lines = shrunk(_lines(cell), factor)
                pen.flow(x + 0.6 + indent, y - _PAD, share * across - 1.6 - indent, lines)
                x += share * across
            sign = self.signs[number] if self.signs else None
            if sign is not None:
                first = shrunk(_lines(row[0]), factor)[0]
                pen.line([(left + 2.0, y - _PAD - first.leading / 2)], zorder=6, **sign)
            y -= height
            heavy = number == len(self.rows) - 1 or (self.header and number == 0)
            pen.line([(left, y), (left + across, y)], color=INK if heavy else FAINT, linewidth=0.7 if heavy else 0.25)
        return pen.flow(left, y, across, shrunk(self._rest(pen), factor))

    def shortened(self, pen: Pen, across: float, factor: float, most: float) -> Grid:
        """With as many rows as fit into `most` millimetres, a few at least."""
        least = _LEAST + int(self.header)
        if self.more is None or len(self.rows) <= least:
            return self
        bare = replace(self, rows=self.rows[:0], left_out=1).height(pen, across, factor)
        ends = bare + np.cumsum([self._row_height(pen, row, across, factor) for row in self.rows])
        kept = max(least, int(np.searchsorted(ends, most, side="right")))
        return replace(self, rows=self.rows[:kept], left_out=self.left_out + len(self.rows) - kept)

    def _rest(self, pen: Pen) -> list[Line]:
        if self.more is None or not self.left_out:
            return []
        zh, en = self.more
        return [Line(pen.say(zh.format(count=self.left_out), en.format(count=self.left_out)), 6.0, SOFT, gap=0.6)]

    def _row_height(self, pen: Pen, row: Sequence[Cell], across: float, factor: float) -> float:
        heights = [
            -pen.flow(0, 0, share * across - 1.6 - self._indent(column), shrunk(_lines(cell), factor), write=False)
            for column, (cell, share) in enumerate(zip(row, self.shares, strict=True))
        ]
        return max(heights) + 2 * _PAD

    def _indent(self, column: int) -> float:
        """Room for a symbol before the first cell."""
        return _SIGN if self.signs and column == 0 else 0.0


def _lines(cell: Cell) -> tuple[Line, ...]:
    return (cell,) if isinstance(cell, Line) else cell


def facts(heading: Line, rows: Sequence[tuple[Cell, Cell]], share: float = 0.32) -> Grid:
    """A table of labels and values."""
    return Grid(heading, tuple(rows), (share, 1 - share))
