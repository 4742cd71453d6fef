"""The documents that speak of a district as bars on an axis of years (layer 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import shapely

from geo.exhibits.ground import tint
from geo.exhibits.lettering import FAINT, INK, SOFT, Line, extent, shrunk
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Pair, Scene
from geo.register import clause_en, clause_zh
from geo.schema import FORCE_NAMES, KIND_NAMES, Designation, Force

_TEXT = 0.56  # of the width, for what the documents say
_BAR = 2.8  # millimetres
_PAD = 1.1
_AXIS = 4.4  # room for the years above the bars, and for the day below them
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_APART = 9.0  # millimetres between years at least


@dataclass(frozen=True)
class Bar:
    """A document: what it says, and its first and last day; a document without days has no bar."""

    instrument: str
    lines: tuple[Line, ...]
    force: Force
    start: date | None
    end: date | None
    read: bool = False


@dataclass(frozen=True)
class Timeline:
    """Bars of documents with the day of the question, as a block.

    `styles` says how a bar of each force is filled; `none` what stands in place of no bars,
    `undated` what stands in place of one.
    """

    heading: Line
    bars: tuple[Bar, ...]
    day: date
    styles: dict[Force, dict[str, Any]]
    none: Line
    undated: str
    note: Line

    @property
    def years(self) -> tuple[float, float]:
        """First and last year of the axis: whole years that hold every bar and the day."""
        ends = [self.day, *(one for bar in self.bars for one in (bar.start, bar.end) if one is not None)]
        return float(min(ends).year), float(max(ends).year + 1)

    def place(self, years: float, left: float, across: float) -> float:
        """Where a moment stands on the sheet, in millimetres, on a block at `left`."""
        first, last = self.years
        start = left + _TEXT * across + 3
        return start + (years - first) / (last - first) * (left + across - 3 - start)

    def height(self, pen: Pen, across: float, factor: float) -> float:
        """Millimetres that it takes at a width."""
        head = -pen.flow(0, 0, across, shrunk([self.heading], factor), write=False) + 1.2
        if not self.bars:
            return head - pen.flow(0, 0, across, shrunk([self.none], factor), write=False)
        rows = sum(self._row(pen, bar, across, factor) for bar in self.bars)
        return head + rows + 2 * _AXIS * factor + self._note(pen, across, factor)

    def write(self, pen: Pen, left: float, top: float, across: float, factor: float) -> float:
        """Draw it from `top` down; the bottom that is reached."""
        y = pen.flow(left, top, across, shrunk([self.heading], factor)) - 1.2
        if not self.bars:
            return pen.flow(left, y, across, shrunk([self.none], factor))
        upper = y - _AXIS * factor
        lower = upper - sum(self._row(pen, bar, across, factor) for bar in self.bars)
        self._axis(pen, left, across, (upper, lower), factor)
        y = upper
        for bar in self.bars:
            height = self._row(pen, bar, across, factor)
            pen.line([(left, y), (left + across, y)], color=FAINT, linewidth=0.25, zorder=2)
            pen.flow(left + 0.6, y - _PAD, _TEXT * across - 2, shrunk(bar.lines, factor))
            self._bar(pen, bar, left, across, y - height / 2, factor)
            y -= height
        pen.line([(left, lower), (left + across, lower)], color=INK, linewidth=0.7, zorder=2)
        self._day(pen, left, across, (upper, lower), factor)
        y = lower - _AXIS * factor
        return pen.flow(left, y, across, shrunk([self.note], factor)) if self._read else y

    @property
    def _read(self) -> bool:
        return any(bar.read for bar in self.bars)

    def _note(self, pen: Pen, across: float, factor: float) -> float:
        return -pen.flow(0, 0, across, shrunk([self.note], factor), write=False) if self._read else 0.0

    def _row(self, pen: Pen, bar: Bar, across: float, factor: float) -> float:
        text = -pen.flow(0, 0, _TEXT * across - 2, shrunk(bar.lines, factor), write=False)
        return max(text, _BAR * factor) + 2 * _PAD

    def _axis(self, pen: Pen, left: float, across: float, rows: tuple[float, float], factor: float) -> None:
        """Lines of the years, with as many of them named as have room."""
        first, last = self.years
        upper, lower = rows
        per_year = (self.place(last, left, across) - self.place(first, left, across)) / (last - first)
        step = next((one for one in _STEPS if one * per_year >= _APART * factor), _STEPS[-1])
        pen.line([(left, upper), (left + across, upper)], color=INK, linewidth=0.7, zorder=2)
        for year in range(int(first), int(last) + 1):
            x = self.place(year, left, across)
            named = year % step == 0
            if named or per_year >= 1.2:
                style: dict[str, Any] = {"color": FAINT, "linewidth": 0.4 if named else 0.15, "zorder": 1}
                pen.line([(x, lower), (x, upper + (1.0 if named else 0.0))], **style)
            if named:
                pen.text(x, upper + 1.5, Line(str(year), 5.8 * factor, SOFT), ha="center")

    def _bar(self, pen: Pen, bar: Bar, left: float, across: float, y: float, factor: float) -> None:
        """One bar; a dotted end is our reading, an arrowhead stands for an end that is not stated."""
        if bar.start is None:
            line = Line(f"◇ {self.undated}", 6.0 * factor, SOFT)
            first, last = self.years
            free = first if moment(self.day) > (first + last) / 2 else (first + last) / 2  # clear of the day's line
            pen.text(self.place(free, left, across) + 1, y - 0.8 * factor, line, halo=1.6)
            return
        half = _BAR * factor / 2
        west = self.place(moment(bar.start), left, across)
        east = self.place(self.years[1] if bar.end is None else moment(bar.end, after=True), left, across)
        shape = shapely.box(west, y - half, east, y + half)
        if bar.end is None:
            shape = shapely.Polygon(
                [(west, y - half), (east, y - half), (east + 2, y), (east, y + half), (west, y + half)]
            )
        name = f"bar-{bar.instrument}"
        pen.area(shape, zorder=3, gid=name, joinstyle="miter", **self.styles[bar.force])
        pen.area(shape, facecolor="none", edgecolor=INK, linewidth=0.4, zorder=3.1, joinstyle="miter")
        if bar.read:
            ends = [(east, y - half - 0.8), (east, y + half + 0.8)]
            pen.line(ends, color="white", linewidth=1.6, zorder=3.2)
            pen.line(ends, color=INK, linewidth=1.1, linestyle=(0, (1, 1)), zorder=3.3)

    def _day(self, pen: Pen, left: float, across: float, rows: tuple[float, float], factor: float) -> None:
        """The line of the day, named below the bars."""
        upper, lower = rows
        x = self.place(moment(self.day), left, across)
        pen.line([(x, lower - 1), (x, upper)], color=INK, linewidth=1.0, linestyle=(0, (4, 1.5)), zorder=4, gid="day")
        line = Line(f"{pen.word('as_of', ' ')} {self.day}", 6.0 * factor, bold=True)
        half = extent([line])[0] / 2
        pen.text(min(x, left + across - half), lower - 3.4 * factor, line, ha="center")


def moment(day: date, *, after: bool = False) -> float:
    """A day as a year with its part; the beginning of the day, or what comes after it.

    >>> moment(date(2022, 1, 1)), moment(date(2025, 12, 31), after=True)
    (2022.0, 2026.0)
    """
    first = date(day.year, 1, 1).toordinal()
    days = date(day.year, 12, 31).toordinal() + 1 - first
    return day.year + (day.toordinal() - first + int(after)) / days


def timeline(pen: Pen, scene: Scene, district: str) -> Timeline:
    """The bars of the documents that speak of a district, oldest first, those without days last."""
    register, words = scene.register, pen.style.words
    said = sorted(register.about(district), key=lambda one: _order(scene, one.instrument))
    bars = []
    for instrument, found in groupby(said, key=lambda one: one.instrument):
        span = register.validity(instrument)
        lines = _lines(pen, scene, district, instrument, list(found))
        force = register.force(instrument, scene.as_of)
        bars.append(Bar(instrument, lines, force, span.from_, span.to, span.to_basis == "interpreted"))
    return Timeline(
        Line(pen.word("timeline"), 8.2, bold=True),
        tuple(bars),
        scene.as_of,
        bar_styles(scene),
        Line(pen.word("timeline_none"), 6.6, SOFT),
        pen.say(*words["undated_draft"], " "),
        Line(pen.word("timeline_read"), 5.8, SOFT),
    )


def bar_styles(scene: Scene) -> dict[Force, dict[str, Any]]:
    """How a bar of each force is filled: the colours of the force classes, the patterns of the map."""
    classes = {one.id: one.colour for one in scene.symbology.force_classes()}
    found = {}
    for force in (Force.IN_FORCE, Force.LAPSED, Force.NOT_YET, Force.DRAFT):
        colour = classes.get(force.value, classes[Force.NONE.value])
        hatch = str(scene.symbology.words.get(f"{force.value}_hatch", ""))
        found[force] = {"facecolor": colour, "hatch": hatch, "edgecolor": tint(colour, 0.6), "linewidth": 0}
    return found


def _order(scene: Scene, instrument: str) -> tuple[Any, ...]:
    span = scene.register.validity(instrument)
    return span.from_ or date.max, list(scene.register.instruments).index(instrument)


def _lines(pen: Pen, scene: Scene, district: str, instrument: str, found: Sequence[Designation]) -> tuple[Line, ...]:
    """A document with its force and days, and below it what it says of the district, each wording once."""
    record, span = scene.register.instruments[instrument], scene.register.validity(instrument)
    force, words = FORCE_NAMES[scene.register.force(instrument, scene.as_of)], pen.style.words
    said = f"{record.short_zh}：{force[0]}", f"{record.short_en}: {force[1]}"
    if span.from_ is not None:
        marks = words["read"] if span.to_basis == "interpreted" else ("", "")
        ends = [f"{span.to}{mark}" if span.to else none for mark, none in zip(marks, words["open"], strict=True)]
        dated = [one.format(start=span.from_, end=end) for one, end in zip(words["span"], ends, strict=True)]
        said = f"{said[0]}，{dated[0]}", f"{said[1]}, {dated[1]}"
    lines = pen.pair([Line(said[0], 6.2, bold=True)], [Line(said[1], 6.0 if pen.lang == "en" else 5.6, bold=True)])
    wordings: dict[Pair, list[Pair]] = {}
    for one in found:
        numbers = (one.part, one.clause, one.item)
        wordings.setdefault(wording(pen, scene, district, one), []).append((clause_zh(*numbers), clause_en(*numbers)))
    for (zh, en), clauses in wordings.items():
        cites = list(dict.fromkeys(clauses))
        lines += pen.pair(
            [Line(f"{zh}（{'、'.join(one for one, _ in cites)}）", 6.0)],
            [Line(f"{en} ({'; '.join(one for _, one in cites)})", 5.8 if pen.lang == "en" else 5.4, SOFT)],
        )
    return tuple(lines)


def wording(pen: Pen, scene: Scene, district: str, one: Designation) -> Pair:
    """What a designation says, with its kind if it assigns no role, and its place if that is not the district."""
    zh, en = one.role_zh, one.role_en
    former = scene.register.former_place(district, one.instrument)
    place = scene.register.places[one.place]
    if former is not None and one.place == former.id:
        then = pen.style.words["then"]
        zh, en = f"{zh}，{then[0]}{former.zh}", f"{en}, {then[1]} {former.en}"
    elif one.place != district and place.zh != zh:
        zh, en = f"{place.zh}：{zh}", f"{place.en}: {en}"
    if one.kind == "support":
        kind = KIND_NAMES["support"]
        zh, en = f"{kind[0]}：{zh}", f"{kind[1]}: {en}"
    return zh, en
