"""Tables beside the map of what documents back (layer 7): amounts, places not drawn, facilities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from geo.exhibits.blocks import Grid
from geo.exhibits.lettering import INK, SOFT, Line
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Pair, Scene
from geo.register import clause_en, clause_zh
from geo.schema import FORCE_NAMES, Designation, Force, Measure
from geo.wording import amount

NAMED, WITHOUT_FORCE, NOT_NAMED = "●", "○", "—"
_HEAD, _TEXT, _BOTH = 7.8, 6.4, 5.8
_PICTURE = 260.0  # width up to which a picture is for a document, which names the departments itself
Clause = tuple[int, int | None, int | None]


@dataclass(frozen=True)
class Tables:
    """The tables of a sheet; `small` ones say the same in fewer rows."""

    pen: Pen
    scene: Scene
    small: bool

    def amounts(self, measures: Sequence[Measure], located: Sequence[Designation]) -> Iterator[Grid]:
        """What each measure of a document pays, and who is in charge of the clauses that name a district."""
        charged = {(one.instrument, one.part, one.clause) for one in located}
        for instrument in dict.fromkeys(one.instrument for one in measures):
            rows: list[tuple[Pair, Pair, Pair]] = []
            for clause in dict.fromkeys((one.part, one.clause) for one in measures if one.instrument == instrument):
                mine = [one for one in measures if (one.instrument, one.part, one.clause) == (instrument, *clause)]
                where = (clause_zh(*clause), clause_en(*clause))
                rows += [(where, (one.subject_zh, one.subject_en), self._paid(one)) for one in mine]
                if (instrument, *clause) in charged and self.pen.size[0] > _PICTURE:
                    rows.append((where, self._charged(mine), ("", "")))
            yield self._amounts(instrument, rows)

    def _amounts(self, instrument: str, rows: Sequence[tuple[Pair, Pair, Pair]]) -> Grid:
        """The amounts of one document: subjects and amounts apart, or in one cell for each clause."""
        (zh, en), document, more = self._word("amounts"), self._document(instrument), self._word("more")
        heading = self._heading((zh.format(document=document[0]), en.format(document=document[1])))
        if not self.small:
            head = self._row([self._word(key) for key in ("clause", "subject", "amount")], SOFT)
            return Grid(heading, (head, *(self._row(row) for row in rows)), (0.21, 0.56, 0.23), header=True, more=more)
        short = []
        for where in dict.fromkeys(row[0] for row in rows):
            said = [
                (f"{what[0]}：{paid[0]}", f"{what[1]}: {paid[1]}") if paid[0] else what
                for at, what, paid in rows
                if at == where
            ]
            short.append((self._cell(where), tuple(self._cell(one) for one in said)))
        return Grid(heading, tuple(short), (0.2, 0.8), more=more)

    def _charged(self, measures: Sequence[Measure]) -> Pair:
        """The departments of a clause."""
        names = dict.fromkeys(name for one in measures for name in one.departments)
        english = dict.fromkeys(self.pen.style.bodies.get(name, name) for name in names)
        zh, en = self._word("departments")
        return f"{zh}：{'、'.join(names)}", f"{en}: {'; '.join(english)}"

    def not_drawn(self, rest: Sequence[Designation]) -> Iterator[Grid]:
        """What documents back all over the city, or at places of which there is no outline."""
        found = {
            one: list(self._together([each for each in rest if each.instrument == one]))
            for one in dict.fromkeys(one.instrument for one in rest)
        }
        more = self._word("more")
        if self.small and found:
            rows = []
            for instrument, named in found.items():
                zh, en = self._document(instrument)
                rows += [
                    self._row([places, (f"{what[0]}（{zh}{at[0]}）", f"{what[1]} ({en}, {at[1]})")])
                    for places, what, at in named
                ]
            yield Grid(self._heading(self._word("rest")), tuple(rows), (0.32, 0.68), more=more)
            return
        for instrument, named in found.items():
            zh, en = self._word("not_drawn")
            document = self._document(instrument)
            heading = self._heading((zh.format(document=document[0]), en.format(document=document[1])))
            yield Grid(heading, tuple(self._row(row) for row in named), (0.33, 0.44, 0.23), more=more)

    def facilities(self, place: str, listed: Sequence[Designation]) -> Grid:
        """Which document names which facility of a district's parks, and with what force."""
        named = self.scene.register.places[place]
        zh, en = self._word("facilities")
        zh, en = zh.format(place=named.zh), en.format(place=named.en)
        heads = [self._document(one.instrument) for one in listed]
        clauses = [_clauses([(one.part, one.clause, one.item)]) for one in listed]
        parks = [
            (f"{one.role_zh}（{at[0]}）", f"{one.role_en} ({at[1]})") for one, at in zip(listed, clauses, strict=True)
        ]
        if self.small:
            lists = [
                self._row([(f"{head[0]}：{park[0]}", f"{head[1]}: {park[1]}"), facilities_named(one)])
                for one, head, park in zip(listed, heads, parks, strict=True)
            ]
            return Grid(self._heading((zh, en)), tuple(lists), (0.4, 0.6))
        marks = self._word("marks")
        rows = [self._row([self._word("facility"), *heads], SOFT), self._row([self._word("park"), *parks])]
        names = {facility.zh: facility.en for one in listed for facility in one.facilities}
        rows += [self._row([both, *((self._sign(one, both[0]),) * 2 for one in listed)]) for both in names.items()]
        wide = 0.26 if len(listed) > 1 else 0.36
        shares = (1 - wide * len(listed), *(wide for _ in listed))
        return Grid(self._heading((f"{zh}{marks[0]}", f"{en} {marks[1]}")), tuple(rows), shares, header=True)

    def _sign(self, one: Designation, facility: str) -> str:
        """Whether a document names a facility, and with force."""
        if facility not in {each.zh for each in one.facilities}:
            return NOT_NAMED
        in_force = self.scene.register.force(one.instrument, self.scene.as_of) is Force.IN_FORCE
        return NAMED if in_force else WITHOUT_FORCE

    def _together(self, rest: Sequence[Designation]) -> Iterator[tuple[Pair, Pair, Pair]]:
        """Places, what is backed there and in which clauses; places with the same words in one row."""
        by_place: dict[str, list[Designation]] = {}
        for one in rest:
            by_place.setdefault(one.place, []).append(one)
        together: dict[tuple[str, ...], list[str]] = {}
        for place, mine in by_place.items():
            together.setdefault(tuple(one.role_zh for one in mine), []).append(place)
        for places in together.values():
            mine = by_place[places[0]]
            named = [self.scene.register.places[one] for one in places]
            yield (
                ("、".join(one.zh for one in named), ", ".join(one.en for one in named)),
                ("、".join(one.role_zh for one in mine), "; ".join(one.role_en for one in mine)),
                _clauses([(one.part, one.clause, one.item) for place in places for one in by_place[place]]),
            )

    def _document(self, instrument: str) -> Pair:
        """Short name of a document with its force on the day."""
        said, (zh, en) = (
            self.scene.register.instruments[instrument],
            FORCE_NAMES[self.scene.register.force(instrument, self.scene.as_of)],
        )
        return f"{said.short_zh}（{zh}）", f"{said.short_en} ({en})"

    def _paid(self, one: Measure) -> Pair:
        sentences = self.pen.style.sentences
        return (amount(sentences, one, "zh"), amount(sentences, one, "en")) if sentences else ("", "")

    def _word(self, key: str) -> Pair:
        return self.pen.style.words[f"support_{key}"]

    def _heading(self, words: Pair) -> Line:
        return Line(self.pen.say(*words), _HEAD, bold=True)

    def _cell(self, words: Pair, colour: str = INK) -> Line:
        return Line(self.pen.say(*words, " "), _BOTH if self.pen.lang == "both" else _TEXT, colour)

    def _row(self, cells: Iterable[Pair], colour: str = INK) -> tuple[Line, ...]:
        """A row in the sheet's language, or in both."""
        return tuple(self._cell(one, colour) for one in cells)


def facilities_named(one: Designation) -> Pair:
    """The facilities that a designation names, in a row."""
    return "、".join(facility.zh for facility in one.facilities), "; ".join(facility.en for facility in one.facilities)


def _clauses(clauses: Iterable[Clause]) -> Pair:
    """Clauses in a row, each once."""
    held = list(dict.fromkeys(clauses))
    return "、".join(clause_zh(*one) for one in held), "; ".join(clause_en(*one) for one in held)
