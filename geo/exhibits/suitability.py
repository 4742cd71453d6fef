"""The sheet of a site's suitability (layer 7): criteria, the best site, and constraints.

Each criterion has a bar of utility × weight against its weight, and what it gives more or
less than the best site, one after another from that site's score to the own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from geo.exhibits import extents
from geo.exhibits.blocks import Prose
from geo.exhibits.contributions import Contributions, bar_styles, shows
from geo.exhibits.font import legible
from geo.exhibits.ground import mark_style
from geo.exhibits.layout import too_full
from geo.exhibits.legend import said
from geo.exhibits.lettering import SOFT, Line
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Pair, Plan, Scene, Section
from geo.exhibits.ranked import (
    Ranking,
    Site,
    about,
    amount,
    between,
    called,
    cell,
    overrides,
    pair,
    places,
    ranked_sites,
    ranking_of,
    result_classes,
    score,
    status_classes,
    symbol_items,
    titled,
)
from geo.exhibits.roles import own_notes
from geo.exhibits.rules import Rule, Rules
from geo.exhibits.spec import Box, Spec

_ORDER = ("fail", "requires_assessment", "not_assessed", "pass")
_FACTORS = (1.7, 1.5, 1.35, 1.25, 1.15, 1.08, 1.0, 0.92, 0.85, 0.8)
_BESIDE, _GAP = 0.57, 6.0  # of the width for the criteria where both stand side by side
_LEAST = (124.0, 92.0)  # widths of criteria and constraints, below which words are cut, millimetres


def plan_suitability(pen: Pen, spec: Spec, scene: Scene, subject: str) -> Plan:
    """Why a site ranks as it does; `subject` is its number in the list."""
    ranking = ranking_of(scene, spec.show)
    site = site_of(scene, ranking, subject)
    used = {one["instrument"] for key in ("constraints", "criteria") for one in ranking[key]}
    notes = [*own_notes(spec), pen.style.words["rank_unknown"]]
    notes += [] if site["waterfall_exact"] else [pen.style.words["suit_inexact"]]
    return Plan(
        scene.symbology.plain(),
        extents.districts(scene.boundaries, scene.boundaries.ids),
        titled(spec, scene, ranking, subject_zh=called(site), subject_en=called(site)),
        sections=(_section(pen, scene, site),),
        documents=tuple(one for one in scene.register.instruments if one in used),
        notes=(*notes, *overrides(pen, scene, [site], ranking)),
        about=about(pen, ranking),
        chart=Reasons(
            _lead(pen, scene, ranking, site),
            Contributions(scene, ranking, site),
            _constraints(pen, scene, ranking, site),
        ),
    )


def site_of(scene: Scene, ranking: Ranking, subject: str) -> Site:
    """The site of a number in the list."""
    wanted = str(scene.records[int(subject)]["id"])
    return next(one for one in ranking["sites"] if str(one["id"]) == wanted)


def _lead(pen: Pen, scene: Scene, ranking: Ranking, site: Site) -> Prose:
    """Status, rank and score, and the explanation in words, for which there may be no room."""
    words, status = pen.style.words, status_classes(scene)[site["status"]]
    own = {"site": called(site)}
    head = [
        words["suit_head"][0].format(status=status.zh, **own),
        words["suit_head"][1].format(status=status.en, **own),
    ]
    said_ = [words["suit_unranked"]]
    if site["rank"] is not None:
        robust = site["robust"]
        values = {
            "rank": site["rank"],
            "count": len(ranked_sites(ranking)),
            "places": places(site),
            "score": score(site["score"]),
            "span": between(site["score_low"], site["score_high"]),
            "share": f"{100 * robust['acceptability'][0]:.1f}",
            "expected": f"{robust['expected_rank']:.2f}",
        }
        told = (words[key] for key in ("suit_rank", "suit_likely"))
        said_ = [(zh.format(**values), en.format(**values)) for zh, en in told]
    lines = pen.pair([Line(head[0], 9.0, bold=True)], [Line(head[1], 8.6 if pen.lang == "en" else 7.0, bold=True)])
    lines += cell(pen, ("；".join(zh for zh, _ in said_) + "。", "; ".join(en for _, en in said_) + "."), 7.2)
    brief = tuple(lines)
    lines += cell(pen, (legible(site["explanation"]["zh"]), legible(site["explanation"]["en"])), 6.6, colour=SOFT)
    if site["next"]:
        change = (legible(site["next"]["zh"]).rstrip("。"), legible(site["next"]["en"]).rstrip("."))
        lines += cell(pen, _filled(words["suit_next"], change), 6.6, colour=SOFT)
    return Prose(tuple(lines), (brief,))


def _filled(template: Pair, change: Pair) -> Pair:
    return template[0].format(change=change[0]), template[1].format(change=change[1])


def _section(pen: Pen, scene: Scene, site: Site) -> Section:
    """The legend: bars that occur, and results of constraints."""
    styles, items = bar_styles(scene), []
    missing = any(one["low"] != one["high"] for one in site["criteria"])
    falls = [one["difference"] for one in site["waterfall"]]
    shown = {
        "part": bool(site["criteria"]), "range": missing, "weight": bool(site["criteria"]),
        "gain": any(one > 0 and shows(one) for one in falls), "loss": any(one < 0 and shows(one) for one in falls),
    }  # fmt: skip
    for key in (one for one, occurs in shown.items() if occurs):
        items.append(Item("area", styles[key], said(pen, pen.style.words[f"suit_{key}"])))
    counts = Counter(one["result"] for one in site["constraints"])
    items += symbol_items(pen, result_classes(scene), counts)
    return Section(Line(pen.word("suit_legend"), 8.6, bold=True), tuple(items))


def _constraints(pen: Pen, scene: Scene, ranking: Ranking, site: Site) -> Rules:
    """The site's constraints, those that need something done first."""
    words = pen.style.words
    zh, en = (one.format(count=len(site["constraints"])) for one in words["suit_constraints"])
    classes = result_classes(scene)
    both = zip(ranking["constraints"], site["constraints"], strict=True)
    entries = [
        Rule(mark_style(classes[one["result"]]), tuple(_words(pen, rule, one)))
        for rule, one in sorted(both, key=lambda pair_: _ORDER.index(pair_[1]["result"]))
    ]
    return Rules(Line(pen.say(zh, en), 8.2, bold=True), tuple(entries), words["suit_more"])


def _words(pen: Pen, rule: Mapping[str, Any], found: Mapping[str, Any]) -> list[Line]:
    """Title, what was measured against the threshold, and what would have to change."""
    words = pen.style.words
    name = pair(rule, "title")
    if found["override"]:
        name = (words["suit_by_hand"][0].format(title=name[0]), words["suit_by_hand"][1].format(title=name[1]))
    lines = [*cell(pen, name, 6.4)]
    if found["measured"] is not None:
        measured, margin = amount(found["measured"], found["unit"]), amount(found["margin"], found["unit"])
        limit = pair(rule, "threshold")
        sign = "+" if (found["margin"] or 0) > 0 else ""
        told = [
            word.format(measured=measured[at], threshold=limit[at], margin=sign + margin[at])
            for at, word in enumerate(words["suit_measured"])
        ]
        lines += cell(pen, (told[0], told[1]), 5.8, colour=SOFT)
    change = (found["change_zh"], found["change_en"])
    if found["result"] == "fail" and all(change):
        told_ = _filled(words["suit_change"], (legible(change[0]), legible(change[1])))
        lines += cell(pen, told_, 5.8, colour=SOFT)
    return lines


@dataclass(frozen=True)
class Reasons:
    """Lead, criteria and constraints: side by side where the room is wide, else below one another."""

    lead: Prose
    criteria: Contributions
    constraints: Rules

    def draw(self, pen: Pen, room: Box) -> None:
        """Draw it from the top of a room, as large as it fits; else with the first constraints only.

        Raises
        ------
        GeoError
            If even the criteria do not fit.
        """
        left, bottom, across, up = room
        factor, wide, lead = self._solve(pen, across, up)
        spread = wide[0] < across
        y = lead.write(pen, left, bottom + up, across, factor) - 3 * factor
        low = self.criteria.write(pen, left, y, wide[0], factor)
        x, top = (left + wide[0] + _GAP, y) if spread else (left, low - 4 * factor)
        rest = self.constraints
        if rest.height(pen, wide[1], factor) > top - bottom:
            rest = rest.shortened(pen, wide[1], factor, top - bottom)
        if min(low, rest.write(pen, x, top, wide[1], factor)) < bottom - 0.5:
            raise too_full()

    def _solve(self, pen: Pen, across: float, up: float) -> tuple[float, tuple[float, float], Prose]:
        """Factor of the text, widths of the two parts, and the lead, in full if there is room for all."""
        beside = (_BESIDE * across, (1 - _BESIDE) * across - _GAP)
        ways = ((beside, True), ((across, across), False))
        leads = (self.lead, *(Prose(one) for one in self.lead.briefer))
        for lead, factor, (wide, spread) in product(leads, _FACTORS, ways):
            roomy = wide[0] >= _LEAST[0] * factor and wide[1] >= _LEAST[1] * factor
            if roomy and self._high(pen, lead, across, wide, factor, spread=spread) <= up:
                return factor, wide, lead
        narrow = beside[0] < _LEAST[0] * _FACTORS[-1]
        return _FACTORS[-1], (across, across) if narrow else beside, leads[-1]

    def _high(
        self, pen: Pen, lead: Prose, across: float, wide: tuple[float, float], factor: float, *, spread: bool
    ) -> float:
        head = lead.height(pen, across, factor) + 3 * factor
        parts = (self.criteria.height(pen, wide[0], factor), self.constraints.height(pen, wide[1], factor))
        return head + (max(parts) if spread else sum(parts) + 4 * factor)
