"""What each criterion gives a site (layer 7): figures, bars, and the fall from the best site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.exhibits.ground import tint
from geo.exhibits.lettering import FAINT, INK, SOFT, Line, shrunk
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Scene
from geo.exhibits.ranked import Ranking, Site, amount, called, cell, pair, ranked_sites, score

_SHARES = (0.23, 0.13, 0.09, 0.08, 0.09, 0.17, 0.08, 0.13)  # see _COLUMNS; bars and fall are drawn
_COLUMNS = (
    "suit_criterion",
    "suit_value",
    "suit_utility",
    "suit_own",
    "suit_share",
    "suit_bars",
    "suit_difference",
    "",
)
_BARS, _FALL = 5, 7
_PAD = 0.8
_BAR = 2.6  # millimetres
_SHOWN = 0.0005


def bar_styles(scene: Scene) -> dict[str, dict[str, Any]]:
    """How bars are filled, in the chart as in the legend."""
    shades = scene.style.shades
    plain: dict[str, Any] = {"linewidth": 0.4, "edgecolor": INK}
    return {
        "part": {"facecolor": shades["part"], **plain},
        "range": {"facecolor": "white", "hatch": "////", "edgecolor": tint(shades["part"], 0.2), "linewidth": 0.4},
        "weight": {"facecolor": shades["weight"], "edgecolor": FAINT, "linewidth": 0.4},
        "gain": {"facecolor": shades["gain"], **plain},
        "loss": {
            "facecolor": tint(shades["loss"], 0.4),
            "hatch": "\\\\\\\\",
            "edgecolor": shades["loss"],
            "linewidth": 0.4,
        },
    }


@dataclass(frozen=True)
class Contributions:
    """The criteria of a site as a block."""

    scene: Scene
    ranking: Ranking
    site: Site

    @property
    def _best(self) -> Site | None:
        """The site that is compared with; none for the best itself, or one that is not ranked."""
        if not self.site["waterfall"] or self.site["rank"] == 1:
            return None
        return ranked_sites(self.ranking)[0]

    def height(self, pen: Pen, across: float, factor: float) -> float:
        """Millimetres that it takes at a width."""
        return (
            self._head(pen, across, factor, (0.0, 0.0), write=False)
            + sum(self._high(pen, row, across, factor) for row in self._rows(pen))
            + (2 * self._total(factor) if self._falls else 0.0)
        )

    @property
    def _falls(self) -> bool:
        """Whether the fall leads from one score to the other."""
        return self._best is not None and bool(self.site["waterfall_exact"])

    def write(self, pen: Pen, left: float, top: float, across: float, factor: float) -> float:
        """Draw it from `top` down; the bottom that is reached."""
        y = top - self._head(pen, across, factor, (left, top), write=True)
        pen.line([(left, y), (left + across, y)], color=INK, linewidth=0.7)
        upper = y
        path = self._path()
        if self._falls:
            y = self._score(pen, "suit_best_score", path[0], (left, y), across, factor)
        rows, places = self._rows(pen), []
        for number, row in enumerate(rows):
            high, x = self._high(pen, row, across, factor), left
            for lines, share in zip(row, _SHARES, strict=True):
                pen.flow(x + 0.6, y - _PAD, share * across - 1.4, shrunk(lines, factor))
                x += share * across
            places.append(y - _PAD - max(row[0][0].leading, _BAR + 1) * factor / 2)
            self._bar(pen, number, (left, places[-1]), across, factor)
            y -= high
            pen.line([(left, y), (left + across, y)], color=FAINT, linewidth=0.25)
        if self._falls:
            y = self._score(pen, "suit_own_score", path[-1], (left, y), across, factor)
        pen.line([(left, y), (left + across, y)], color=INK, linewidth=0.7)
        if self._best is not None:
            self._fall(pen, path, places, (left, across), (upper, y), factor)
        return y

    def _head(self, pen: Pen, across: float, factor: float, at: tuple[float, float], *, write: bool) -> float:
        """Heading, the other site, and names of the columns; their height."""
        words, (left, top) = pen.style.words, at
        best = self._best
        told = words["suit_no_fall"] if self.site["rank"] is None else words["suit_is_best"]
        if best is not None:
            told = tuple(one.format(site=called(best)) for one in words["suit_fall"])  # type: ignore[assignment]
        lines = [Line(pen.word("suit_criteria"), 8.2, bold=True), *cell(pen, told, 6.4, colour=SOFT)]
        y = pen.flow(left, top, across, shrunk(lines, factor), write=write) - 0.8
        lows, x = [], left
        for key, share in zip(_COLUMNS, _SHARES, strict=True):
            heads = shrunk(cell(pen, words[key], 6.0, colour=SOFT), factor) if key else []
            lows.append(pen.flow(x + 0.6, y, share * across - 1.4, heads, write=write))
            x += share * across
        return top - min(lows) + 0.8

    def _rows(self, pen: Pen) -> list[tuple[tuple[Line, ...], ...]]:
        """The words of each criterion by column."""
        falls = {one["id"]: one["difference"] for one in self.site["waterfall"]} if self._best is not None else {}
        rows = []
        for rule, one in zip(self.ranking["criteria"], self.site["criteria"], strict=True):
            weight = one["weight"]
            fall = f"{falls[one['id']]:+.3f}".replace("-", "−") if one["id"] in falls else ""
            figures = (
                _ends(one["low"], one["high"]),
                (f"{weight:.3g}",),
                _ends(one["low"] * weight, one["high"] * weight),
                (),
                (fall,) if fall else (),
                (),
            )
            value = cell(pen, amount(one["value"], rule["unit"]), 6.2)
            told = (tuple(Line(text, 6.2) for text in texts) for texts in figures)
            rows.append((cell(pen, pair(rule, "title"), 6.4), value, *told))
        return rows

    def _high(self, pen: Pen, row: Sequence[Sequence[Line]], across: float, factor: float) -> float:
        heights = [
            -pen.flow(0, 0, share * across - 1.4, shrunk(lines, factor), write=False)
            for lines, share in zip(row, _SHARES, strict=True)
        ]
        return max(*heights, (_BAR + 1) * factor) + 2 * _PAD

    def _total(self, factor: float) -> float:
        return 5.0 * factor

    def _score(self, pen: Pen, key: str, value: float, at: tuple[float, float], across: float, factor: float) -> float:
        """A row with a score at which the fall starts or ends; its bottom."""
        (left, y), high = at, self._total(factor)
        base = y - high / 2 - 0.85 * factor
        x = left + sum(_SHARES[:6]) * across
        pen.text(x - 1.0, base, Line(pen.word(key, " "), 6.2 * factor, SOFT), ha="right")
        pen.text(x + 0.6, base, Line(score(value), 6.4 * factor, bold=True))
        pen.line([(left, y - high), (left + across, y - high)], color=FAINT, linewidth=0.25)
        return y - high

    def _bar(self, pen: Pen, number: int, at: tuple[float, float], across: float, factor: float) -> None:
        """Weight, utility × weight, and its range where the value is missing, on one scale."""
        left, y = at
        one = self.site["criteria"][number]
        start = left + sum(_SHARES[:_BARS]) * across + 1
        most = max((float(each["weight"]) for each in self.site["criteria"]), default=1.0) or 1.0
        scale = (_SHARES[_BARS] * across - 3) / most
        half, styles = _BAR * factor / 2, bar_styles(self.scene)
        low, high = (one[key] * one["weight"] * scale for key in ("low", "high"))
        for key, west, east in (("weight", 0.0, one["weight"] * scale), ("range", low, high), ("part", 0.0, low)):
            if east > west:
                box = shapely.box(start + west, y - half, start + east, y + half)
                pen.area(box, zorder=3, joinstyle="miter", gid=f"{key}-{one['id']}", **styles[key])

    def _path(self) -> list[float]:
        """Where the fall stands before and after each criterion; from the best site's score to the own."""
        best = self._best
        if best is None:
            return [0.0]
        start = float(best["score"]) if self.site["waterfall_exact"] else 0.0
        steps = [float(one["difference"]) for one in self.site["waterfall"]]
        return [start, *(start + float(one) for one in np.cumsum(steps))]

    def _fall(
        self,
        pen: Pen,
        path: Sequence[float],
        places: Sequence[float],
        sides: tuple[float, float],
        span: tuple[float, float],
        factor: float,
    ) -> None:
        """Steps from the best site's score to the own, one a criterion."""
        left, across = sides
        start = left + sum(_SHARES[:_FALL]) * across + 2
        room = _SHARES[_FALL] * across - 4
        least, most = min(path), max(path)
        scale = room / (most - least) if most > least else 0.0
        xs = [start + (one - least) * scale if scale else start + room / 2 for one in path]
        styles, half = bar_styles(self.scene), _BAR * factor / 2
        if self._falls:
            ends = ((xs[0], (span[0], places[0])), (xs[-1], (places[-1], span[1]))) if places else ()
            for x, (top, low) in ends:
                pen.line([(x, top), (x, low)], color=INK, linewidth=1.2, zorder=4)
        for number, y in enumerate(places):
            before, after = xs[number], xs[number + 1]
            key = "gain" if after > before else "loss"
            if shows(self.site["waterfall"][number]["difference"]):
                box = shapely.box(min(before, after), y - half, max(before, after), y + half)
                name = f"{key}-{self.site['waterfall'][number]['id']}"
                pen.area(box, zorder=3, joinstyle="miter", gid=name, **styles[key])
            else:
                pen.line([(after, y - half), (after, y + half)], color=INK, linewidth=0.8, zorder=3)
            if number + 1 < len(places):
                pen.line([(after, y), (after, places[number + 1])], color=SOFT, linewidth=0.4, zorder=2)


def _ends(low: float, high: float) -> tuple[str, ...]:
    """A number, or the ends of an interval on two lines.

    >>> _ends(0.25, 0.25), _ends(0.0, 1.0)
    (('0.250',), ('0.000–', '1.000'))
    """
    ends = (score(low), score(high))
    return ends[:1] if ends[0] == ends[1] else (f"{ends[0]}–", ends[1])


def shows(difference: float) -> bool:
    """Whether a difference shows in three decimals, and so has a bar."""
    return abs(difference) >= _SHOWN
