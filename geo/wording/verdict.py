"""The verdict in sentences: what is said when, and what fills its slots."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from geo.check import Judged, Question, Verdict
from geo.errors import Lang
from geo.register import Register, clause_en, clause_zh
from geo.schema import STAGE_NAMES, Designation, Force, Match, Stage
from geo.wording.doubts import LANGS, area, capital
from geo.wording.sentences import Sentences

_TERM, _STAGE = "\0term\0", "\0stage\0"  # where `Named` fills in


class Named(NamedTuple):
    """The term and the stage of a question, as sentences name them."""

    term: str
    stage: str

    def filled(self, text: str) -> str:
        """A text of `told` with the names in their places."""
        return text.replace(_TERM, self.term).replace(_STAGE, self.stage)


def named(register: Register, sentences: Sentences, question: Question) -> dict[Lang, Named]:
    """What the sentences on a question call its term and its stage; nothing where it has none."""
    stage = STAGE_NAMES[question.stage] if question.stage else ("", "")
    if question.term is None:
        return {lang: Named("", each) for lang, each in zip(LANGS, stage, strict=True)}
    term = register.terms[question.term]
    plain = term.en[:1].lower() + term.en[1:] if term.en[1:2].islower() else term.en
    said = zip(LANGS, (term.zh, plain), stage, strict=True)
    return {lang: Named(sentences.fill(lang, "term", term=name), each) for lang, name, each in said}


def told(
    register: Register, sentences: Sentences, district: str | None, question: Question, verdict: Verdict, as_of: date
) -> dict[Lang, list[str]]:
    """What an explanation begins with: the verdict, then what is in force but decides nothing.

    Term and stage are filled in by `named`, so that questions with one verdict share these texts.
    """
    return {lang: _Writer(register, sentences, district, question, verdict, as_of, lang).said() for lang in LANGS}


class _Writer:
    """Writes one verdict in one language."""

    def __init__(
        self,
        register: Register,
        sentences: Sentences,
        district: str | None,
        question: Question,
        verdict: Verdict,
        as_of: date,
        lang: Lang,
    ) -> None:
        self.register, self.district, self.as_of, self.lang = register, district, as_of, lang
        self.question, self.verdict = question, verdict
        self._sentences, self._at = sentences, 0 if lang == "zh" else 1

    def _fill(self, name: str, **slots: object) -> str:
        return self._sentences.fill(self.lang, name, **slots)

    def _join(self, how: str, said: Iterable[str]) -> str:
        return self._sentences.join(self.lang, how, said)

    def _area(self, one: str | None) -> str:
        return area(self.register, self._sentences, one, self.lang)

    @property
    def _place(self) -> str:
        return self._area(self.district)

    def said(self) -> list[str]:
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
            term=_TERM,
            basis=self._basis(one),
            stage=self._fill("with_stage", stage=_STAGE) if self.question.stage else "",
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
            term=_TERM,
            basis=self._basis(one),
            stages=self._stages(one.stages),
            stage=_STAGE,
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
            term=_TERM,
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
        return self._fill("silent.field", as_of=self.as_of, count=count, term=_TERM, placeless=extra)

    def _outside(self) -> str:
        return self._fill("outside")

    def _not_asked(self) -> str:
        standing = {one.id for one in self.register.standing(self.district or "", self.as_of)}
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
        return self._fill("unrecognised.said", words=capital(self._join("clause", said)))

    def _support(self) -> str:
        """Support in force for the district itself, which assigns no role."""
        backing = [
            one
            for one in self.verdict.designations
            if one.designation.kind == "support"
            and one.force is Force.IN_FORCE
            and one.designation.place == self.district
        ]
        if not backing:
            return ""
        cite, role = self._cite(backing[0].designation), self._role_name(backing[0])
        return self._fill("support", citation=cite, place=self._place, role=role)
