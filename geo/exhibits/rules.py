"""Constraints of a site as a block (layer 7): a symbol and a few words each, in columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geo.exhibits.lettering import SOFT, Line, shrunk
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Pair

_COLUMN, _MOST = 56.0, 4  # the narrowest column in millimetres, and the most of them
_INDENT, _BETWEEN = 5.0, 0.9
_STEP = 0.5  # millimetres between the heights tried for columns


@dataclass(frozen=True)
class Rule:
    """One entry: its symbol in the style of the map, and its words."""

    sign: Mapping[str, Any]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Rules:
    """Entries below a heading; `more` says with ``{count}`` how many are left out for want of room."""

    heading: Line
    entries: tuple[Rule, ...]
    more: Pair
    left_out: int = 0

    def height(self, pen: Pen, across: float, factor: float) -> float:
        """Millimetres that it takes at a width."""
        _, tall, _ = self._columns(pen, across, factor)
        rest = -pen.flow(0, 0, across, self._rest(pen, factor), write=False)
        return -pen.flow(0, 0, across, shrunk([self.heading], factor), write=False) + 1.2 + tall + rest

    def write(self, pen: Pen, left: float, top: float, across: float, factor: float) -> float:
        """Draw it from `top` down; the bottom that is reached."""
        top = pen.flow(left, top, across, shrunk([self.heading], factor)) - 1.2
        columns, tall, wide = self._columns(pen, across, factor)
        for number, held in enumerate(columns):
            x, y = left + number * wide, top
            for entry in held:
                lines = shrunk(entry.lines, factor)
                pen.line([(x + 1.8 * factor, y - lines[0].leading / 2)], zorder=6, **entry.sign)
                pen.flow(x + _INDENT * factor, y, wide - (_INDENT + 2) * factor, lines)
                y -= self._high(pen, entry, wide, factor)
        return pen.flow(left, top - tall, across, self._rest(pen, factor))

    def shortened(self, pen: Pen, across: float, factor: float, most: float) -> Rules:
        """With as many entries as fit into `most` millimetres."""
        fits, over = 0, len(self.entries) + 1
        while over - fits > 1:
            kept = (fits + over) // 2
            if self._first(kept).height(pen, across, factor) <= most:
                fits = kept
            else:
                over = kept
        return self._first(fits)

    def _first(self, kept: int) -> Rules:
        left_out = self.left_out + len(self.entries) - kept
        return replace(self, entries=self.entries[:kept], left_out=left_out)

    def _rest(self, pen: Pen, factor: float) -> list[Line]:
        if not self.left_out:
            return []
        zh, en = (one.format(count=self.left_out) for one in self.more)
        return shrunk([Line(pen.say(zh, en), 6.0, SOFT, gap=0.6)], factor)

    def _high(self, pen: Pen, entry: Rule, wide: float, factor: float) -> float:
        room = wide - (_INDENT + 2) * factor
        return -pen.flow(0, 0, room, shrunk(entry.lines, factor), write=False) + _BETWEEN * factor

    def _columns(self, pen: Pen, across: float, factor: float) -> tuple[list[Sequence[Rule]], float, float]:
        """Entries by column, height of the tallest, width of each."""
        if not self.entries:
            return [], 0.0, across
        count = max(1, min(int(across / (_COLUMN * factor)), _MOST, len(self.entries)))
        wide = across / count
        heights = [self._high(pen, one, wide, factor) for one in self.entries]
        tall = max([sum(heights) / count, *heights], default=0.0)
        while (starts := _filled(heights, tall)) and len(starts) > count:
            tall += _STEP
        ends = [*starts[1:], len(self.entries)]
        return [self.entries[start:end] for start, end in zip(starts, ends, strict=True)], tall, wide


def _filled(heights: Sequence[float], tall: float) -> list[int]:
    """Where each column of a height starts if entries follow one another.

    >>> _filled([1.0, 1.0, 1.0, 3.0], 3.0)
    [0, 3]
    """
    starts, used = [0] if heights else [], 0.0
    for number, height in enumerate(heights):
        if used + height > tall + 1e-9 and used:
            starts.append(number)
            used = 0.0
        used += height
    return starts
