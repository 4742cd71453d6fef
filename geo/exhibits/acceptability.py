"""The sheet of rank acceptability (layer 7): for each site how likely each rank is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.exhibits import extents
from geo.exhibits.font import legible
from geo.exhibits.legend import said
from geo.exhibits.lettering import FAINT, INK, SOFT, Line, extent, shortened
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Pair, Plan, Scene, Section
from geo.exhibits.ranked import Ranking, about, called, overrides, ranked_sites, ranking_of, titled
from geo.exhibits.roles import own_notes
from geo.exhibits.spec import Box, Spec

_ROW, _TALLEST, _FACTORS = 4.6, 11.0, (1.5, 1.3, 1.15, 1.0, 0.9, 0.82)  # of the text; rows in millimetres
_SITE, _NUMBER = 46.0, 15.0  # widths of columns, millimetres
_AXIS = 6.0
_DARK = 0.5  # luminance below which text on a bar is white


def plan_acceptability(pen: Pen, spec: Spec, scene: Scene, _subject: str) -> Plan:
    """Rank acceptability of the ranked sites."""
    ranking = ranking_of(scene, spec.show)
    sites = ranked_sites(ranking)
    rows = [list(one["robust"]["acceptability"]) for one in sites]
    shares = banded(rows, len(scene.style.ranks), len(sites))
    words, robust = pen.style.words, ranking["robustness"]
    draws = {"draws": f"{robust['draws']:,}", "seed": robust["seed"]}
    told: Pair = (
        words["smaa_note"][0].format(distribution=legible(robust["distribution_zh"]), **draws),
        words["smaa_note"][1].format(distribution=legible(robust["distribution_en"]), **draws),
    )
    items = tuple(
        Item("area", rank_style(scene, number), said(pen, _rank_words(pen, rows, shares, number)))
        for number in range(shares.shape[1])
    )
    return Plan(
        scene.symbology.plain(),
        extents.districts(scene.boundaries, scene.boundaries.ids),
        titled(spec, scene, ranking),
        sections=(Section(Line(pen.word("smaa_legend"), 8.6, bold=True), items or (_nothing(pen),)),),
        notes=(*own_notes(spec), told, words["smaa_terms"], *overrides(pen, scene, sites, ranking)),
        about=about(pen, ranking),
        chart=Bars(scene, ranking, shares),
    )


def _nothing(pen: Pen) -> Item:
    return Item("none", {}, said(pen, pen.style.words["smaa_none"]))


def banded(rows: Sequence[Sequence[float]], bands: int, count: int) -> Any:
    """Acceptability of the first ranks of `count`, and of all that follow together.

    A row may end before the last rank; what it lacks of 1 is that of the ranks that follow.

    Returns
    -------
    array of float, shape (sites, at most `bands`)

    Examples
    --------
    >>> banded([[0.5, 0.25, 0.25], [0.5, 0.5, 0.0]], 2, 3)
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    held = np.array(rows, dtype=float).reshape(len(rows), -1) if rows else np.zeros((0, 0))
    if count <= bands:
        return held[:, :count]
    first = held[:, : bands - 1]
    return np.column_stack([first, np.clip(1.0 - first.sum(axis=1), 0.0, 1.0)])


def rank_style(scene: Scene, number: int) -> dict[str, Any]:
    """How the bar of a rank is filled."""
    return {"facecolor": scene.style.ranks[number], "edgecolor": "#5d666e", "linewidth": 0.35}


def _rank_words(pen: Pen, rows: Sequence[Sequence[float]], shares: Any, number: int) -> Pair:
    last = number == shares.shape[1] - 1 and len(rows) > shares.shape[1]
    zh, en = pen.style.words["smaa_below" if last else "smaa_rank"]
    return zh.format(rank=number + 1), en.format(rank=number + 1)


@dataclass(frozen=True)
class Bars:
    """A bar of shares for each site, with its expected rank and confidence factor."""

    scene: Scene
    ranking: Ranking
    shares: Any

    def draw(self, pen: Pen, room: Box) -> None:
        """Draw it from the top of a room, and say how many sites are left out."""
        left, bottom, across, up = room
        sites = ranked_sites(self.ranking)
        if not sites:
            pen.flow(left, bottom + up, across, [Line(pen.word("smaa_none"), 8.0, SOFT)])
            return
        factor = next((one for one in _FACTORS if self._needed(len(sites), one) <= up), _FACTORS[-1])
        row = min(_TALLEST * factor, max(_ROW * factor, (up - 12 * factor - 5) / len(sites)))
        shown = min(len(sites), int((up - 12 * factor - 5) / row + 1e-9))
        start = left + (_SITE + 2 * _NUMBER + 10) * factor
        ends = (start, left + across - 6)
        top = bottom + up
        self._heads(pen, left, ends, top, factor)
        y = top - 12 * factor
        self._grid(pen, ends, (y - shown * row, y), factor)
        for number in range(shown):
            self._row(pen, number, (left, y - row / 2), ends, (row, factor))
            y -= row
            pen.line([(left, y), (ends[1], y)], color=FAINT, linewidth=0.25)
        if shown < len(sites):
            words = (one.format(count=len(sites) - shown) for one in pen.style.words["smaa_more"])
            pen.flow(left, y - 0.6, across, [Line(pen.say(*words), 6.2, SOFT)])

    def _needed(self, count: int, factor: float) -> float:
        return 12 * factor + 5 + count * _ROW * factor

    def _heads(self, pen: Pen, left: float, ends: tuple[float, float], top: float, factor: float) -> None:
        y = top - 10.8 * factor
        wide = (10 + _SITE) * factor
        places = {"rank_place": 5 * factor, "rank_site": 10 * factor}
        places |= {"smaa_expected": wide + (_NUMBER - 2) * factor, "smaa_confidence": wide + (2 * _NUMBER - 2) * factor}
        sides = ("center", "left", "right", "right")
        for (key, x), side in zip(places.items(), sides, strict=True):
            low = y
            for line in reversed(pen.pair(*([Line(one, 6.0 * factor, SOFT)] for one in pen.style.words[key]))):
                pen.text(left + x, low, line, ha=side)
                low += line.leading
        line = Line(pen.word("smaa_share", " "), 6.6 * factor, bold=True)
        pen.text((ends[0] + ends[1]) / 2, top - 4.2 * factor, line, ha="center")

    def _grid(self, pen: Pen, ends: tuple[float, float], rows: tuple[float, float], factor: float) -> None:
        """Lines at each fifth, named above the bars."""
        low, top = rows
        for share in range(0, 101, 20):
            x = ends[0] + share / 100 * (ends[1] - ends[0])
            pen.line([(x, low), (x, top + 1)], color=FAINT, linewidth=0.3, zorder=1)
            pen.text(x, top + 1.6, Line(str(share), 6.0 * factor, SOFT), ha="center")
        pen.line([(ends[0], top), (ends[1], top)], color=INK, linewidth=0.7)

    def _row(
        self, pen: Pen, number: int, at: tuple[float, float], ends: tuple[float, float], size: tuple[float, float]
    ) -> None:
        """Rank, name and figures of a site, and its bar."""
        (left, y), (row, factor) = at, size
        site, base = ranked_sites(self.ranking)[number], y - 0.85 * factor
        robust = site["robust"]
        pen.text(left + 5 * factor, base, Line(str(site["rank"]), 6.8 * factor, bold=True), ha="center")
        name = shortened(called(site), 6.6 * factor, (_SITE - 2) * factor)
        pen.text(left + 10 * factor, base, Line(name, 6.6 * factor))
        confidence = robust["confidence"]
        figures = (f"{robust['expected_rank']:.2f}", "—" if confidence is None else f"{confidence:.3f}")
        for column, text in enumerate(figures):
            x = left + (10 + _SITE + (column + 1) * _NUMBER - 2) * factor
            pen.text(x, base, Line(text, 6.6 * factor), ha="right")
        edges = np.concatenate([[0.0], np.cumsum(self.shares[number])])
        half = 0.36 * row
        for band, share in enumerate(self.shares[number]):
            west, east = (ends[0] + edge * (ends[1] - ends[0]) for edge in edges[band : band + 2])
            box = shapely.box(west, y - half, east, y + half)
            style = rank_style(self.scene, band)
            pen.area(box, zorder=3, joinstyle="miter", gid=f"share-{site['id']}-{band + 1}", **style)
            line = Line(f"{100 * share:.0f}", 5.6 * factor, _ink(style["facecolor"]))
            if extent([line])[0] + 1.2 <= east - west:
                pen.text((west + east) / 2, y - 0.7 * factor, line, ha="center")


def _ink(colour: str) -> str:
    """White or black, whichever reads better on a colour."""
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return "#ffffff" if 0.299 * red + 0.587 * green + 0.114 * blue < _DARK else INK
