"""The explanation of a verdict: what is said when, and what fills its slots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from geo.check import Judged, Question, Verdict
from geo.errors import Lang
from geo.join import Kind
from geo.register import Register, clause_en, clause_zh
from geo.schema import (
    DATUM_NAMES,
    FORCE_NAMES,
    MATCH_NAMES,
    OUTSIDE,
    STAGE_NAMES,
    Certainty,
    Designation,
    Force,
    Match,
    Stage,
)
from geo.wording.sentences import Sentences

METRES, SHARES = "\0metres\0", "\0shares\0"  # where `complete` fills in
_LANGS: tuple[Lang, Lang] = ("zh", "en")


@dataclass(frozen=True)
class Judgement:
    """A question with its verdict, and the verdicts that doubts of the place allow.

    `alternatives` are those for the other areas that are possible; `shifted` those for
    the area where the position would lie if an undeclared datum were the one named;
    `accuracy_m` is that of the position, None where it is not known; `loose` says that
    it may be off by more than its distance from the border.
    """

    question: Question
    verdict: Verdict
    alternatives: dict[str, Verdict] = field(default_factory=dict)
    shifted: dict[str, tuple[str | None, Verdict]] = field(default_factory=dict)
    accuracy_m: float | None = 0.0
    loose: bool = False


def told(
    register: Register, sentences: Sentences, district: str | None, question: Question, verdict: Verdict, as_of: date
) -> dict[Lang, list[str]]:
    """What an explanation begins with: the verdict, then what is in force but decides nothing."""
    kind, judged = Kind(district, Certainty.CERTAIN, ()), Judgement(question, verdict)
    return {lang: _Writer(register, sentences, kind, judged, as_of, lang).verdict_sentences() for lang in _LANGS}


def explain(
    register: Register,
    sentences: Sentences,
    kind: Kind,
    judged: Judgement,
    as_of: date,
    said: Mapping[Lang, Sequence[str]],
) -> dict[Lang, str]:
    """The explanation in Chinese and English; `complete` adds what only the one site knows.

    Parameters
    ----------
    said
        What `told` gave for the district, question and verdict.
    """
    doubts = {lang: _Writer(register, sentences, kind, judged, as_of, lang).doubts() for lang in _LANGS}
    return {lang: sentences.join(lang, "sentence", [*said[lang], *doubts[lang]]) for lang in _LANGS}


def whole_metres(distance_m: float | None) -> int:
    """A distance as sentences give it: of the one that stands beside them, with one decimal."""
    return round(round(distance_m or 0, 1))


def complete(
    register: Register,
    sentences: Sentences,
    said: Mapping[Lang, str],
    certainty: Certainty,
    distance_m: float | None,
    shares: Mapping[str, float],
) -> dict[Lang, str]:
    """The explanation with the site's own distance, or its own shares, where it speaks of them."""
    if certainty is Certainty.NEAR_BOUNDARY:
        metres = str(whole_metres(distance_m))
        return {lang: text.replace(METRES, metres) for lang, text in said.items()}
    if certainty is Certainty.STRADDLES:
        return {lang: said[lang].replace(SHARES, _shares(register, sentences, shares, lang)) for lang in _LANGS}
    return dict(said)


def _shares(register: Register, sentences: Sentences, shares: Mapping[str, float], lang: Lang) -> str:
    pieces = (
        sentences.fill(lang, "doubt.share", place=area(register, sentences, one, lang), share=percent(share))
        for one, share in shares.items()
    )
    return sentences.join(lang, "list", pieces)


def area(register: Register, sentences: Sentences, one: str | None, lang: Lang) -> str:
    """Name of a district, or the word for outside."""
    if one is None or one == OUTSIDE:
        return sentences.fill(lang, "outside_area")
    place = register.places[one]
    return place.zh if lang == "zh" else place.en


class _Writer:
    """Writes one verdict in one language."""

    def __init__(
        self,
        register: Register,
        sentences: Sentences,
        kind: Kind,
        judged: Judgement,
        as_of: date,
        lang: Lang,
    ) -> None:
        self.register, self.kind, self.as_of, self.lang = register, kind, as_of, lang
        self.question, self.verdict, self.alternatives = judged.question, judged.verdict, judged.alternatives
        self.shifted, self.accuracy_m, self.loose = judged.shifted, judged.accuracy_m, judged.loose
        self._sentences, self._at = sentences, 0 if lang == "zh" else 1

    def _fill(self, name: str, **slots: object) -> str:
        return self._sentences.fill(self.lang, name, **slots)

    def _join(self, how: str, said: Iterable[str]) -> str:
        return self._sentences.join(self.lang, how, said)

    def _area(self, one: str | None) -> str:
        return area(self.register, self._sentences, one, self.lang)

    @property
    def _place(self) -> str:
        return self._area(self.kind.district)

    @property
    def _term(self) -> str:
        term = self.register.terms[self.question.term or ""]
        if self.lang == "zh":
            return self._fill("term", term=term.zh)
        name = term.en[:1].lower() + term.en[1:] if term.en[1:2].islower() else term.en
        return self._fill("term", term=name)

    @property
    def _stage(self) -> str:
        return STAGE_NAMES[self.question.stage][self._at] if self.question.stage else ""

    def doubts(self) -> list[str]:
        """Doubts of the place, and what would follow in the others that it may lie in."""
        return [one for one in (self._doubt(), self._other_verdicts(), self._undeclared()) if one]

    def verdict_sentences(self) -> list[str]:
        """The verdict, then what is in force but decides nothing."""
        writers = {
            Match.DESIGNATED: self._designated,
            Match.STAGE_ELSEWHERE: self._stage_elsewhere,
            Match.ELSEWHERE: self._elsewhere,
            Match.SILENT: self._silent,
            Match.OUTSIDE: self._outside,
            Match.NOT_ASKED: self._not_asked,
            Match.UNRECOGNISED: self._unrecognised,
        }
        return [one for one in (writers[self.verdict.match](), self._support()) if one]

    def _cite(self, designation: Designation) -> str:
        """Document, number, part and clause of a designation."""
        instrument = self.register.instruments[designation.instrument]
        numbers = (designation.part, designation.clause, designation.item)
        return self._fill(
            "citation",
            title=instrument.title_zh if self.lang == "zh" else instrument.title_en,
            number=instrument.document_number or self._fill("no_number"),
            clause=clause_zh(*numbers) if self.lang == "zh" else clause_en(*numbers),
        )

    def _deciding(self) -> list[Judged]:
        return [one for one in self.verdict.designations if one.decides]

    def _state(self, one: Judged) -> str:
        """Force of a designation's document on the day."""
        span = self.register.validity(one.designation.instrument)
        reading = self._fill("state.reading") if span.to_basis == "interpreted" else ""
        if one.force is Force.IN_FORCE:
            until = self._fill("state.until", to=span.to, reading=reading) if span.to else ""
            return self._fill("state.in_force", as_of=self.as_of, until=until)
        asked = self.question.term is not None
        return self._fill("state.lapsed_field" if asked else "state.lapsed_place", to=span.to, reading=reading)

    def _role_name(self, one: Judged) -> str:
        return one.designation.role_zh if self.lang == "zh" else one.designation.role_en

    def _role(self, one: Judged) -> str:
        return self._fill("role", role=self._role_name(one))

    def _basis(self, one: Judged) -> str:
        """How the role covers the field, where that is not plain."""
        if one.coverage == "any":
            return self._fill("basis.any")
        if one.coverage == "part":
            parts = [self.register.terms[part] for part in one.parts]
            return self._fill(
                "basis.part", parts=self._join("list", (part.zh if self.lang == "zh" else part.en for part in parts))
            )
        return self._fill("basis.interpreted") if one.basis == "interpreted" else ""

    def _named(self, one: Judged) -> str:
        """The place as the document names it: the former district, where it was part of one."""
        if one.former is None:
            return self._place
        return self._fill("former", parent=self._area(one.former), place=self._place)

    def _designated(self) -> str:
        one = min(self._deciding(), key=lambda judged: (judged.basis != "explicit", judged.coverage != "whole"))
        same = [each for each in self._deciding() if each.designation.instrument == one.designation.instrument]
        return self._fill(
            "designated",
            citation=self._cite(one.designation),
            place=self._named(one),
            roles=self._join("and", dict.fromkeys(map(self._role, same))),
            term=self._term,
            basis=self._basis(one),
            stage=self._fill("with_stage", stage=self._stage) if self._stage else "",
            state=self._state(one),
        )

    def _stage_elsewhere(self) -> str:
        one = self._deciding()[0]
        others = self._join("list", self._shared_roles(self.verdict.elsewhere))
        return self._fill(
            "stage_elsewhere.said",
            citation=self._cite(one.designation),
            place=self._named(one),
            role=self._role(one),
            term=self._term,
            basis=self._basis(one),
            stages=self._stages(one.stages),
            stage=self._stage,
            where=self._fill("stage_elsewhere.others", others=others)
            if others
            else self._fill("stage_elsewhere.nobody"),
            state=self._state(one),
        )

    def _stages(self, stages: Iterable[Stage]) -> str:
        return self._join("list", (STAGE_NAMES[stage][self._at] for stage in stages))

    def _elsewhere(self) -> str:
        one = self.verdict.elsewhere[0]
        mine = [each for each in self.verdict.elsewhere if each.designation.instrument == one.designation.instrument]
        return self._fill(
            "elsewhere",
            citation=self._cite(one.designation),
            term=self._term,
            others=self._join("list", self._shared_roles(mine)),
            place=self._place,
            state=self._state(one),
        )

    def _shared_roles(self, roles: Iterable[Judged]) -> list[str]:
        """Places with their role; places of one role are named together."""
        held: dict[tuple[str, str], list[Judged]] = {}
        for one in roles:
            held.setdefault((one.designation.role_zh, self._basis(one)), []).append(one)
        said = []
        for (_, basis), same in held.items():
            places = self._join("list", (self._area(one.designation.place) for one in same))
            said.append(self._fill("shared_role", places=places, role=self._role_name(same[0]), basis=basis))
        return said

    def _silent(self) -> str:
        count = len(self.register.instruments)
        if self.question.term is None:
            return self._fill("silent.place", as_of=self.as_of, count=count, place=self._place)
        placeless = [
            one
            for one in self.verdict.designations
            if one.designation.kind == "role"
            and one.coverage
            and not self.register.places[one.designation.place].located
        ]
        extra = ""
        if placeless:
            first = placeless[0]
            extra = self._fill("silent.placeless", citation=self._cite(first.designation), role=self._role_name(first))
        return self._fill("silent.field", as_of=self.as_of, count=count, term=self._term, placeless=extra)

    def _outside(self) -> str:
        return self._fill("outside")

    def _not_asked(self) -> str:
        standing = {one.id for one in self.register.standing(self.kind.district or "", self.as_of)}
        roles = [one for one in self.verdict.designations if one.designation.id in standing]
        said = []
        for instrument in dict.fromkeys(one.designation.instrument for one in roles):
            mine = [one for one in roles if one.designation.instrument == instrument]
            said.append(
                self._fill(
                    "not_asked.role",
                    citation=self._cite(mine[0].designation),
                    place=self._named(mine[0]),
                    roles=self._join("and", map(self._role, mine)),
                    state=self._state(mine[0]),
                )
            )
        return self._fill("not_asked.said", roles=self._join("clause", said))

    def _unrecognised(self) -> str:
        said = []
        for one in self.question.unknown:
            near = self._join("list", one.suggestions if self.lang == "zh" else one.suggestions_en)
            hint = self._fill("unrecognised.hint", near=near) if near else ""
            said.append(self._fill(f"unrecognised.{one.column}", value=one.value, hint=hint))
        return self._fill("unrecognised.said", words=_capital(self._join("clause", said)))

    def _support(self) -> str:
        """Support in force for the district itself, which assigns no role."""
        backing = [
            one
            for one in self.verdict.designations
            if one.designation.kind == "support"
            and one.force is Force.IN_FORCE
            and one.designation.place == self.kind.district
        ]
        if not backing:
            return ""
        cite, role = self._cite(backing[0].designation), self._role_name(backing[0])
        return self._fill("support", citation=cite, place=self._place, role=role)

    def _doubt(self) -> str:
        """Doubt about the district itself."""
        if self.kind.certainty in (Certainty.CERTAIN, Certainty.OUTSIDE):
            return ""
        if self.kind.certainty is Certainty.STRADDLES:
            name = "straddles" if self.kind.district is None else "straddles_largest"
            return self._fill(f"doubt.{name}", shares=SHARES, place=self._place)
        places = self._join("or", map(self._area, self.kind.possible))
        if not self.loose:
            return self._fill("doubt.boundary", metres=METRES, places=places)
        if self.accuracy_m is None:
            known = self._fill("doubt.accuracy_unknown")
        else:
            known = self._fill("doubt.accuracy", accuracy=f"{self.accuracy_m:g}")
        return self._fill("doubt.position", metres=METRES, accuracy=known, places=places)

    def _other_verdicts(self) -> str:
        """What the verdict would be in the other possible areas."""
        said = [
            self._fill(
                "alternative.outside" if one == OUTSIDE else "alternative.inside",
                place=self._area(one),
                verdict=self._short(other),
            )
            for one, other in self.alternatives.items()
        ]
        return self._fill("alternative.said", verdicts=_capital(self._join("clause", said))) if said else ""

    def _short(self, verdict: Verdict) -> str:
        """Match and force in a few words."""
        kind = "match" if verdict.force is Force.NONE else "force"
        match, force = MATCH_NAMES[verdict.match][self._at], FORCE_NAMES[verdict.force][self._at]
        return self._fill(f"short.{kind}", match=match, force=force)

    def _undeclared(self) -> str:
        """Where the position would lie if it were in a datum of the web maps."""
        said = [
            self._fill(
                "undeclared.outside" if district is None else "undeclared.inside",
                datum=DATUM_NAMES[datum],
                place=self._area(district),
                verdict=self._short(verdict),
            )
            for datum, (district, verdict) in self.shifted.items()
        ]
        return self._fill("undeclared.said", verdicts=self._join("clause", said)) if said else ""


def _capital(text: str) -> str:
    """Text with a capital to begin with."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """A share with as many decimals as it takes not to show 0 % or 100 %.

    >>> percent(0.25), percent(0.9996), percent(0.00002)
    ('25 %', '99.96 %', '0.002 %')
    """
    for digits in range(6):
        shown = f"{100 * share:.{digits}f}"
        if share in (0.0, 1.0) or float(shown) not in (0.0, 100.0):
            return f"{shown} %"
    return f"{100 * share:g} %"
