"""The sheet of constraints (layer 7): a row for each constraint, a column for each site.

Sites stand in the order of the ranking, those excluded behind a heavier rule. A framed
symbol is a result that a user changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import shapely

from geo.exhibits import extents
from geo.exhibits.font import width
from geo.exhibits.ground import mark_style
from geo.exhibits.legend import said
from geo.exhibits.lettering import FAINT, INK, SOFT, Line, extent, shortened, shrunk
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Plan, Scene, Section
from geo.exhibits.ranked import (
    Ranking,
    Site,
    about,
    called,
    cell,
    excluded_sites,
    overrides,
    pair,
    ranked_sites,
    ranking_of,
    result_classes,
    symbol_items,
    titled,
)
from geo.exhibits.roles import own_notes
from geo.exhibits.spec import Box, Spec
from geo.symbology import Swatch

_FACTORS = (1.6, 1.45, 1.3, 1.15, 1.0, 0.92, 0.85, 0.78)
_CELL, _WIDEST, _TALLY = 6.4, 12.0, 8.0  # widths of columns in millimetres
_TITLE = 0.34  # of the width, at most, for the words of a constraint
_NAME = 30.0  # of a site above its column, millimetres
_PAD, _TIGHT = 0.9, 0.45  # above and below the words of a row
_SHADE = "#f3f1ec"


def plan_constraints(pen: Pen, spec: Spec, scene: Scene, _subject: str) -> Plan:
    """Every constraint of a model on every site."""
    ranking = ranking_of(scene, spec.show)
    counts = Counter(one["result"] for site in ranking["sites"] for one in site["constraints"])
    zh, en = (one.format(count=sum(counts.values())) for one in pen.style.words["cons_legend"])
    items = symbol_items(pen, result_classes(scene), counts, every=True)
    changed = [one for site in ranking["sites"] for one in site["constraints"] if one["override"]]
    if changed:
        items += (Item("mark", frame_style(), said(pen, pen.style.words["cons_changed"])),)
    missing = {one["name"] for one in ranking["layers"] if not one["present"]}
    if missing & {one["layer"] for one in ranking["constraints"]}:
        items += (Item("none", {}, said(pen, pen.style.words["cons_lacks"])),)
    documents = {one["instrument"] for one in ranking["constraints"]}
    return Plan(
        scene.symbology.plain(),
        extents.districts(scene.boundaries, scene.boundaries.ids),
        titled(spec, scene, ranking),
        sections=(Section(Line(pen.say(zh, en), 8.6, bold=True), items),),
        documents=tuple(one for one in scene.register.instruments if one in documents),
        notes=(*own_notes(spec), *overrides(pen, scene, ranking["sites"], ranking)),
        about=about(pen, ranking),
        chart=Matrix(ranking, result_classes(scene)),
    )


def frame_style() -> dict[str, Any]:
    """The frame around a result that a user changed."""
    return {
        "linestyle": "none", "marker": "s", "markersize": 10.5, "markerfacecolor": "none", "markeredgecolor": INK,
        "markeredgewidth": 0.8,
    }  # fmt: skip


@dataclass(frozen=True)
class _Table:
    """How the matrix is set: factor of the text, sizes in millimetres, and what is shown."""

    factor: float
    words: float
    cell: float
    tally: float
    head: float
    pad: float
    sites: tuple[Site, ...]
    rows: tuple[tuple[int, tuple[Line, ...], float], ...]  # number, words and height of a constraint


@dataclass(frozen=True)
class Matrix:
    """Results of constraints as symbols, with tallies over all sites."""

    ranking: Ranking
    classes: dict[str, Swatch]

    @property
    def sites(self) -> list[Site]:
        """Ranked sites, then excluded ones."""
        return [*ranked_sites(self.ranking), *excluded_sites(self.ranking)]

    def draw(self, pen: Pen, room: Box) -> None:
        """Draw it from the top of a room, as large as it fits, and say what is left out."""
        left, bottom, across, up = room
        if not self.ranking["constraints"]:
            pen.flow(left, bottom + up, across, [Line(pen.word("cons_none"), 8.0, SOFT)])
            return
        table = self._solve(pen, across, up - 8.0)
        top = bottom + up
        wide = table.words + len(table.sites) * table.cell + 4 * table.tally
        low = top - table.head - sum(height for _, _, height in table.rows)
        self._shade(pen, table, left, (low, top))
        self._heads(pen, table, left, top)
        y = top - table.head
        pen.line([(left, y), (left + wide, y)], color=INK, linewidth=0.7)
        for number, lines, height in table.rows:
            pen.flow(left + 0.6, y - table.pad, table.words - 2, lines)
            self._symbols(pen, table, number, (left, y - height / 2))
            y -= height
            pen.line([(left, y), (left + wide, y)], color=FAINT, linewidth=0.25)
        pen.line([(left, y), (left + wide, y)], color=INK, linewidth=0.7)
        self._rest(pen, table, (left, y - 0.8, across))

    def _solve(self, pen: Pen, across: float, up: float) -> _Table:
        """The largest text with which every constraint has room, with its threshold where it can; else the first."""
        for factor, way in (*product(_FACTORS, ("whole", "layers")), *((one, "bare") for one in _FACTORS)):
            table = self._set(pen, across, factor, way)
            if table.head + sum(height for _, _, height in table.rows) <= up:
                return table
        ends, kept = table.head, 0
        for _, _, height in table.rows:
            ends += height
            kept += int(ends <= up)
        return replace(table, rows=table.rows[: max(kept, 1)])

    def _set(self, pen: Pen, across: float, factor: float, way: str) -> _Table:
        sites, tally = self.sites, _TALLY * factor
        told = self._said(pen, factor, way)
        longest = max((width(line.text, line.size) for lines in told for line in lines), default=0.0) + 3
        words = max(min(longest, _TITLE * across), 0.16 * across)
        free = across - words - 4 * tally
        cell_ = min(_WIDEST * factor, max(_CELL * factor, free / max(len(sites), 1)))
        shown = tuple(sites[: max(int(free / cell_ + 1e-9), 1)])
        names = [_name(one, factor) for one in shown]
        head = max((extent([one])[0] for one in names), default=0.0) + 11.0 * factor
        pad = _TIGHT if way == "bare" else _PAD
        rows = tuple(
            (number, lines, -pen.flow(0, 0, words - 2, lines, write=False) + 2 * pad)
            for number, lines in enumerate(told)
        )
        return _Table(factor, words, cell_, tally, head, pad, shown, rows)

    def _said(self, pen: Pen, factor: float, way: str) -> list[tuple[Line, ...]]:
        """Title of each constraint: ``whole`` with its threshold, unless ``bare`` with the layer that it lacks."""
        layers = {one["name"]: one for one in self.ranking["layers"]}
        said_ = []
        for one in self.ranking["constraints"]:
            layer = layers.get(one["layer"])
            lacks = layer is not None and not layer["present"]
            name = pair(one, "title")
            lines = [*cell(pen, (f"{name[0]} △", f"{name[1]} △") if lacks else name, 6.8)]
            limit = pair(one, "threshold")
            if way == "whole" and any(limit):
                lines += cell(pen, limit, 5.8, colour=SOFT)
            if layer is not None and lacks and way != "bare":
                names = pair(layer, "title")
                told = (
                    word.format(layer=name) for word, name in zip(pen.style.words["cons_no_layer"], names, strict=True)
                )
                lines += cell(pen, (next(told), next(told)), 5.8, colour=self.classes["fail"].colour)
            said_.append(tuple(shrunk(lines, factor)))
        return said_

    def _shade(self, pen: Pen, table: _Table, left: float, span: tuple[float, float]) -> None:
        """The ground of excluded sites, and rules between the columns."""
        low, top = span
        start = left + table.words
        first = sum(one["rank"] is not None for one in table.sites)
        end = start + len(table.sites) * table.cell
        if first < len(table.sites):
            box = shapely.box(start + first * table.cell, low, end, top)
            pen.area(box, facecolor=_SHADE, linewidth=0, zorder=0.5)
        for number in range(len(table.sites) + 1):
            x = start + number * table.cell
            heavy = number in {0, first, len(table.sites)}
            pen.line([(x, low), (x, top)], color=INK if heavy else FAINT, linewidth=0.6 if heavy else 0.2, zorder=1)
        for number in range(1, 5):
            x = end + number * table.tally
            pen.line([(x, low), (x, top - 5.5 * table.factor)], color=FAINT, linewidth=0.2, zorder=1)

    def _heads(self, pen: Pen, table: _Table, left: float, top: float) -> None:
        """Names of the columns: groups above, ranks and names of sites below them."""
        factor, start = table.factor, left + table.words
        ranked = sum(one["rank"] is not None for one in table.sites)
        groups = (
            ("cons_ranked", start, ranked),
            ("cons_excluded", start + ranked * table.cell, len(table.sites) - ranked),
        )
        for key, x, count in groups:
            line = Line(shortened(pen.word(key, " "), 6.4 * factor, count * table.cell - 1), 6.4 * factor, bold=True)
            if count and len(line.text) > 1:
                pen.text(x + 0.8, top - 3.8 * factor, line)
        end = start + len(table.sites) * table.cell
        pen.text(end + 0.8, top - 3.8 * factor, Line(pen.word("cons_tally", " "), 6.4 * factor, bold=True))
        low = top - table.head
        heading = Line(pen.word("cons_constraint", " "), 6.4 * factor, SOFT)
        pen.text(left + 0.6, low + 1.6, heading)
        for number, one in enumerate(table.sites):
            x = start + (number + 0.5) * table.cell
            pen.text(x, low + 1.4, Line(str(one["rank"] or "—"), 6.6 * factor, bold=True), ha="center")
            pen.text(x + 0.8 * factor, low + 5.0 * factor, _name(one, factor), rotation=90, ha="center", va="bottom")
        for number, swatch in enumerate(self.classes.values()):
            self._symbol(pen, swatch, (end + (number + 0.5) * table.tally, low + 2.6 * factor), factor)

    def _symbols(self, pen: Pen, table: _Table, number: int, at: tuple[float, float]) -> None:
        """The results of one constraint, and how often each occurs over all sites."""
        x, y = at
        start = x + table.words
        for column, site in enumerate(table.sites):
            found = site["constraints"][number]
            centre = (start + (column + 0.5) * table.cell, y)
            self._symbol(pen, self.classes[found["result"]], centre, table.factor)
            if found["override"]:
                pen.line([centre], zorder=6, **frame_style())
        counts = Counter(site["constraints"][number]["result"] for site in self.sites)
        end = start + len(table.sites) * table.cell
        for column, key in enumerate(self.classes):
            line = Line(str(counts[key]), 6.6 * table.factor, INK if counts[key] else FAINT)
            pen.text(end + (column + 0.5) * table.tally, y - 0.9 * table.factor, line, ha="center")

    def _symbol(self, pen: Pen, swatch: Swatch, at: tuple[float, float], factor: float) -> None:
        pen.line([at], zorder=7, gid=f"result-{swatch.id}", **mark_style(swatch, factor))

    def _rest(self, pen: Pen, table: _Table, at: tuple[float, float, float]) -> None:
        """How many constraints and sites are left out."""
        x, y, across = at
        left_out = {
            "cons_more": len(self.ranking["constraints"]) - len(table.rows),
            "cons_more_sites": len(self.sites) - len(table.sites),
        }
        lines: Sequence[Line] = [
            Line(pen.say(*(one.format(count=count) for one in pen.style.words[key])), 6.2, SOFT)
            for key, count in left_out.items()
            if count
        ]
        pen.flow(x, y, across, lines)


def _name(site: Site, factor: float) -> Line:
    """Id and name of a site, as they stand above a column."""
    return Line(shortened(called(site), 6.0 * factor, _NAME * factor), 6.0 * factor)
