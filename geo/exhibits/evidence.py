"""What a sheet says of a site in its column (layer 7): facts, verdict in plain words, evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import shapely

from geo.exhibits.blocks import Cell, Grid, Prose, facts
from geo.exhibits.district import asked
from geo.exhibits.font import legible
from geo.exhibits.ground import mark_style
from geo.exhibits.lettering import INK, SOFT, Line, shortened, shrunk
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Block, Pair, Scene
from geo.exhibits.sites import site_classes
from geo.schema import CERTAINTY_NAMES, DATUM_NAMES, FORCE_NAMES, MATCH_NAMES, OUTSIDE, Certainty, Force, Match
from geo.symbology import Swatch
from geo.wording.doubts import percent

_SHARES = (0.22, 0.2, 0.36, 0.22)  # of the columns of the table of evidence
_SIZE = 6.4
_LONGEST = 150.0  # millimetres of a user's text in a cell
_MOST, _QUOTED = 1500, 40  # characters of an explanation, and of a text of the user's in it
_PAD = 2.2
_SENTENCES = re.compile(r"[^。；;]*?(?:[。；;]|\.(?=\s|$)|$)\s*")


@dataclass(frozen=True)
class Verdict:
    """The verdict in a box: its symbol and words, and why."""

    swatch: Swatch
    head: tuple[Line, ...]
    reasons: tuple[tuple[Line, ...], ...]

    def height(self, pen: Pen, across: float, factor: float) -> float:
        """Millimetres that it takes at a width."""
        return -self._flow(pen, 0, 0, across, factor, write=False) + 2 * _PAD

    def write(self, pen: Pen, left: float, top: float, across: float, factor: float) -> float:
        """Draw it from `top` down; the bottom that is reached."""
        bottom = self._flow(pen, left, top - _PAD, across, factor, write=True) - _PAD
        box = shapely.box(left, bottom, left + across, top)
        pen.area(box, facecolor="none", edgecolor=INK, linewidth=0.7, joinstyle="miter", zorder=2)
        strip = shapely.box(left, bottom, left + 1.6, top)
        pen.area(strip, facecolor=self.swatch.colour, linewidth=0, joinstyle="miter", zorder=2.1)
        first = top - _PAD - self.head[0].leading * factor * 0.55
        pen.line([(left + 5, first)], zorder=6, **mark_style(self.swatch))
        return bottom

    def shortened(self, pen: Pen, across: float, factor: float, most: float) -> Verdict:
        """With as many sentences as fit into `most` millimetres, one at least."""
        for kept in range(self._sentences() - 1, 0, -1):
            cut = replace(self, reasons=tuple(_ended(one[:kept]) for one in self.reasons))
            if kept == 1 or cut.height(pen, across, factor) <= most:
                return cut
        return self

    def _sentences(self) -> int:
        return max(map(len, self.reasons), default=0)

    def _flow(self, pen: Pen, left: float, top: float, across: float, factor: float, *, write: bool) -> float:
        y = pen.flow(left + 8.5, top, across - 10, shrunk(self.head, factor), write=write)
        texts = [replace(one[0], text="".join(each.text for each in one)) for one in self.reasons if one]
        return pen.flow(left + 3.6, y, across - 5.4, shrunk(texts, factor), write=write)


def _ended(sentences: tuple[Line, ...]) -> tuple[Line, ...]:
    """Sentences with a mark that more was said."""
    last = sentences[-1]
    return (*sentences[:-1], replace(last, text=f"{last.text.rstrip().rstrip('。；;.')}……"))


def column(pen: Pen, scene: Scene, record: Mapping[str, Any]) -> tuple[Block, ...]:
    """Facts, verdict and evidence of a site."""
    return (_facts(pen, scene, record), _verdict(pen, scene, record), _evidence(pen, scene, record))


def metres(value: float) -> str:
    """A length as the cards of a check say it, with a decimal below ten metres.

    >>> metres(2065.0), metres(0.4)
    ('2,065', '0.4')
    """
    return f"{value:,.0f}" if value >= 10 or value == 0 else f"{value:,.1f}"


def _facts(pen: Pen, scene: Scene, record: Mapping[str, Any]) -> Grid:
    """What is known of the site."""
    words = pen.style.words
    rows = [
        ("id", _own(record["id"])),
        ("name", _own(record["name"]) if record["name"] else words["unstated"]),
        ("coordinates", _position(pen, record)),
        *_accuracy(pen, record),
        ("seat", _seat(pen, record)),
        *_doubtful(pen, scene, record),
        ("border_distance", _distance(pen, record)),
        ("area", _area(pen, record)),
    ]
    rows.append(("field_stage", asked(pen, record)))
    told = [(Line(pen.word(key, " "), _SIZE, SOFT), Line(pen.say(*said, " / "), _SIZE)) for key, said in rows]
    return facts(Line(pen.word("facts"), 8.2, bold=True), told, 0.27)


def _own(text: object) -> Pair:
    cut = shortened(str(text), _SIZE, _LONGEST)
    return cut, cut


def _position(pen: Pen, record: Mapping[str, Any]) -> Pair:
    """Position in WGS84, how its datum is known, and where it would lie in another."""
    words = pen.style.words
    both = [f"{record['lon']:.6f}, {record['lat']:.6f} (WGS84)"] * 2
    datum = str(record["input"].get("datum", record["datum"]))
    name = shortened(DATUM_NAMES.get(datum, datum), _SIZE, 30.0)
    if record["datum_basis"] == "assumed":
        both = [f"{one}; {said.format(datum=name)}" for one, said in zip(both, words["assumed"], strict=True)]
    elif datum != record["datum"]:
        both = [f"{one}; {said.format(datum=name)}" for one, said in zip(both, words["converted"], strict=True)]
    for other in record["if_datum"]:
        seat = [other["district_zh"] or words["beyond"][0], other["district_en"] or words["beyond"][1]]
        datum = DATUM_NAMES.get(other["datum"], other["datum"])
        both = [
            f"{one}; {said.format(datum=datum, district=where)}"
            for one, said, where in zip(both, words["if_datum"], seat, strict=True)
        ]
    return both[0].replace("; ", "；"), both[1]


def _accuracy(pen: Pen, record: Mapping[str, Any]) -> list[tuple[str, Pair]]:
    """How good the position is, if it is not exact."""
    accuracy = record["position_accuracy_m"]
    if accuracy is None:
        return [("accuracy", pen.style.words["unstated"])]
    return [("accuracy", (f"±{metres(accuracy)} m",) * 2)] if accuracy else []


def _seat(pen: Pen, record: Mapping[str, Any]) -> Pair:
    zh, en = CERTAINTY_NAMES[Certainty(record["certainty"])]
    if record["district"] is None and record["certainty"] == Certainty.OUTSIDE:
        return pen.style.words["beyond"]
    beyond = pen.style.words["beyond"]
    return f"{record['district_zh'] or beyond[0]}（{zh}）", f"{record['district_en'] or beyond[1]} ({en})"


def _doubtful(pen: Pen, scene: Scene, record: Mapping[str, Any]) -> list[tuple[str, Pair]]:
    """Shares of a site that straddles a border, and the areas that it may lie in."""
    names = {one.id: (one.zh, one.en) for one in scene.register.places.values()} | {OUTSIDE: pen.style.words["beyond"]}
    rows = []
    if len(record["shares"]) > 1:
        told = [(names[one], percent(share)) for one, share in record["shares"].items()]
        listed = (
            "、".join(f"{zh} {share}" for (zh, _), share in told),
            ", ".join(f"{en} {share}" for (_, en), share in told),
        )
        rows.append(("shares", listed))
    elif record["possible"]:
        said = [names[one] for one in record["possible"]]
        rows.append(("possible", ("、".join(zh for zh, _ in said), ", ".join(en for _, en in said))))
    return rows


def _distance(pen: Pen, record: Mapping[str, Any]) -> Pair:
    told = record["boundary_distance_m"]
    return (f"{metres(told)} m",) * 2 if told is not None else pen.style.words["unstated"]


def _area(pen: Pen, record: Mapping[str, Any]) -> Pair:
    if record["area_ha"] is None:
        return pen.style.words["unstated"]
    zh, en = pen.style.words["area_value"]
    told = {"ha": f"{record['area_ha']:,.2f}", "mu": f"{record['area_mu']:,.1f}"}
    return zh.format(**told), en.format(**told)


def _verdict(pen: Pen, scene: Scene, record: Mapping[str, Any]) -> Verdict:
    """The verdict, the force of what decided, and the explanation."""
    words = pen.style.words
    match, force = MATCH_NAMES[Match(record["match"])], FORCE_NAMES[Force(record["force"])]
    zh, en = (
        f"{said}{mark}{word}{'：' if mark == '；' else ': '}{held}"
        for said, mark, word, held in zip(match, ("；", "; "), words["force"], force, strict=True)
    )
    head = pen.pair([Line(zh, 8.6, bold=True)], [Line(en, 8.2 if pen.lang == "en" else 6.6, bold=True)])
    told = pen.pair(
        [Line(_cut(record["explanation"]["zh"], record), 6.6, gap=0.8)],
        [Line(_cut(record["explanation"]["en"], record), 6.4 if pen.lang == "en" else 5.8, gap=0.8)],
    )
    reasons = tuple(tuple(replace(one, text=each) for each in _SENTENCES.findall(one.text) if each) for one in told)
    return Verdict(site_classes(scene, "match")[record["match"]], tuple(head), reasons)


def _cut(text: str, record: Mapping[str, Any]) -> str:
    """An explanation as it can be shown: it may quote what the user wrote, however long."""
    for asked_for in (record["field_query"], record["stage_query"]):
        if asked_for and len(asked_for) > _QUOTED:
            text = text.replace(asked_for, asked_for[:_QUOTED] + "…")
    told = legible(text)
    return told if len(told) <= _MOST else told[:_MOST] + "……"


def _evidence(pen: Pen, scene: Scene, record: Mapping[str, Any]) -> Block:
    """Clauses that speak of the place, those that decide first, then who else has the field."""
    heading = Line(pen.word("evidence"), 8.2, bold=True)
    here = sorted(record["designations"], key=lambda one: not one["decides"])
    deciding = sum(1 for one in here if one["decides"])
    cited = [*here[:deciding], *record["elsewhere"], *here[deciding:]]
    if not cited:
        return Prose((heading, *pen.pair(*([Line(one, _SIZE, SOFT)] for one in pen.style.words["evidence_none"]))))
    if deciding:
        (zh, en), (mark_zh, mark_en) = pen.style.words["evidence"], pen.style.words["decides"]
        heading = replace(heading, text=pen.say(f"{zh}（{mark_zh}）", f"{en} ({mark_en})"))
    header = tuple(Line(pen.word(key, " "), 6.0, SOFT) for key in ("document", "clause", "role", "force"))
    rows = [_clause(pen, scene, record, one) for one in cited]
    return Grid(heading, (header, *rows), _SHARES, header=True, more=pen.style.words["more_evidence"])


def _clause(pen: Pen, scene: Scene, record: Mapping[str, Any], one: Mapping[str, Any]) -> tuple[Cell, ...]:
    """One clause; its place is named if that is not the site's district."""
    instrument, span = scene.register.instruments[one["instrument"]], scene.register.validity(one["instrument"])
    role = one["role_zh"], one["role_en"]
    place = one.get("place", one.get("district"))
    where = scene.register.places[str(place)]
    if where.id != record["district"] and where.zh != role[0]:
        role = f"{where.zh}：{role[0]}", f"{where.en}: {role[1]}"
    force = FORCE_NAMES[Force(one["force"])]
    marks = pen.style.words["read"] if span.to_basis == "interpreted" else ("", "")
    if span.to is not None and one["force"] != Force.NOT_YET.value:
        to = pen.style.words["to"]
        force = f"{force[0]}（{to[0]}{span.to}）{marks[0]}", f"{force[1]} ({to[1]} {span.to}){marks[1]}"
    mark = "▲ " if one.get("decides") else ""
    told = (
        (f"{mark}{instrument.short_zh}", f"{'' if pen.lang == 'both' else mark}{instrument.short_en}"),
        (one["clause"], one["clause_en"]),
        role,
        force,
    )
    return tuple(
        tuple(pen.pair([Line(zh, 6.0, bold=bool(mark) and number == 0)], [Line(en, 6.0 if pen.lang == "en" else 5.4)]))
        for number, (zh, en) in enumerate(told)
    )
