"""Cases: what sites have in common whose answers are the same.

A verdict depends on the district, field, stage and day alone, and the rest of an answer
on little more. So an answer is worked out once for each distinct case, and completed
for each site with its name, position, size, distance and shares.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

from geo import check, wording
from geo.answers.records import designation_record, elsewhere_record, shifted_record, verdict_basis
from geo.errors import Lang
from geo.join import Kind
from geo.register import Register
from geo.schema import OUTSIDE, Certainty, Force, Match
from geo.wording import Sentences, Situation

Record = dict[str, Any]
Words = tuple[str, str]
DatumBasis = Literal["declared", "assumed"]
_RECORDS = 1_000  # kept; many cases of a long list are met but a few times


class Case(NamedTuple):
    """What an answer depends on, but for the site's own name, position and size.

    Attributes
    ----------
    field, stage : str or None
        As asked.
    shifted : tuple of (str, str or None)
        Where the datum was assumed: each other datum with the district that the site
        would lie in, None for the outside, where that differs.
    accuracy_m : float or None
        Of the position; None where it is not known.
    loose : bool
        Whether the position may be off by more than its distance from the border.
    datum_basis : {"declared", "assumed"}
    notes : tuple of (str, str)
        What was repaired or looks odd, in Chinese and English.
    """

    kind: Kind
    field: str | None = None
    stage: str | None = None
    shifted: tuple[tuple[str, str | None], ...] = ()
    accuracy_m: float | None = 0.0
    loose: bool = False
    notes: tuple[Words, ...] = ()
    datum_basis: DatumBasis = "declared"


def is_loose(kind: Kind, accuracy_m: float | None, distance_m: float | None) -> bool:
    """Whether a doubtful position may be off by more than its distance from the border, as sentences give it."""
    if kind.certainty is not Certainty.NEAR_BOUNDARY:
        return False
    return accuracy_m is None or accuracy_m > wording.whole_metres(distance_m)


class Judge:
    """Answers cases on a day, each once.

    Parameters
    ----------
    sample : bool
        Whether the sites are sample data, and their records say so.
    """

    def __init__(self, register: Register, as_of: date, sentences: Sentences, *, sample: bool = False) -> None:
        self.register, self.as_of, self.sentences = register, as_of, sentences
        self._sample: Record = {"sample": True} if sample else {}
        self._question = cache(lambda field, stage: check.ask(register, field, stage))
        self._hearing = cache(lambda district, term: check.hear(register, district, term, as_of))
        self._verdict = cache(self._verdict_of)
        self._measures = cache(
            lambda district, field: check.measures(register, district, self._question(field, None), as_of)
        )
        self.evidence = cache(self._evidence_of)
        self._designations: dict[tuple[object, ...], Record] = {}
        self._told = cache(self._told_of)
        self.place = cache(self._place_of)
        self._doubts = cache(lambda situation: wording.doubts(register, sentences, situation))
        self.record = lru_cache(_RECORDS)(self._record_of)

    def _verdict_of(self, district: str | None, field: str | None, stage: str | None) -> check.Verdict:
        question = self._question(field, stage)
        return check.decide(self._hearing(district, question.term), self.register, district, question)

    def situation(self, case: Case) -> Situation:
        """The place of a case, and what follows where it is in doubt."""
        here = case.kind.district or OUTSIDE
        others = (one for one in case.kind.possible if one != here)
        return Situation(
            case.kind,
            tuple((one, *self._outcome(None if one == OUTSIDE else one, case)) for one in others),
            tuple((datum, district, *self._outcome(district, case)) for datum, district in case.shifted),
            case.accuracy_m,
            case.loose,
        )

    def _outcome(self, district: str | None, case: Case) -> tuple[Match, Force]:
        verdict = self._verdict(district, case.field, case.stage)
        return verdict.match, verdict.force

    def explained(self, case: Case, situation: Situation) -> dict[Lang, str]:
        """The explanation of a case, without what only the one site knows; see `geo.wording.complete`."""
        said, doubts = self._told(case.kind.district, case.field, case.stage), self._doubts(situation)
        return {lang: self.sentences.join(lang, "sentence", said[lang] + doubts[lang]) for lang in said}

    def explanation(self, case: Case, distance_m: float | None, shares: Mapping[str, float]) -> dict[Lang, str]:
        """The explanation for a site of the case."""
        said = self.record(case)["explanation"]
        return wording.complete(self.register, self.sentences, said, case.kind.certainty, distance_m, shares)

    def _told_of(self, district: str | None, field: str | None, stage: str | None) -> dict[Lang, list[str]]:
        question, verdict = self._question(field, stage), self._verdict(district, field, stage)
        return wording.told(self.register, self.sentences, district, question, verdict, self.as_of)

    def _evidence_of(self, district: str | None, field: str | None, stage: str | None) -> Record:
        """The part of a record that depends on district, field and stage alone."""
        register, question = self.register, self._question(field, stage)
        verdict = self._verdict(district, field, stage)
        offers = self._measures(district, field)
        place = register.places[district] if district else None
        return {
            "district": district,
            "district_zh": place.zh if place else None,
            "district_en": place.en if place else None,
            "field": register.top_field(question.term) if question.term else None,
            "term": question.term,
            "term_zh": register.terms[question.term].zh if question.term else None,
            "term_en": register.terms[question.term].en if question.term else None,
            "field_query": question.field_query,
            "stage": question.stage.value if question.stage else None,
            "stage_query": question.stage_query,
            "match": verdict.match.value,
            "force": verdict.force.value,
            "basis": verdict_basis(verdict),
            "designations": [self._designation(one) for one in verdict.designations],
            "elsewhere": [elsewhere_record(register, one) for one in verdict.elsewhere],
            "unrecognised": [
                {
                    "column": one.column,
                    "value": one.value,
                    "suggestions": list(one.suggestions),
                    "suggestions_en": list(one.suggestions_en),
                }
                for one in question.unknown
            ],
            "measures": [one.measure.id for one in offers],
            "measures_in_part": [one.measure.id for one in offers if one.coverage == "part"],
        }

    def _designation(self, one: check.Judged) -> Record:
        said = (one.designation.id, one.coverage, one.basis, one.parts, one.stage_fits, one.decides, one.former)
        if said not in self._designations:
            self._designations[said] = designation_record(self.register, one)
        return self._designations[said]

    def _place_of(self, situation: Situation, datum_basis: DatumBasis, notes: tuple[Words, ...]) -> Record:
        """The part of a record that tells of the place."""
        kind = situation.kind
        return {
            "datum": "wgs84",
            "datum_basis": datum_basis,
            "if_datum": [shifted_record(self.register, *one) for one in situation.shifted],
            "position_accuracy_m": situation.accuracy_m,
            "certainty": kind.certainty.value,
            "possible": list(kind.possible),
            "alternatives": [
                {"district": one, "match": match.value, "force": force.value}
                for one, match, force in situation.alternatives
            ],
            "notes": [{"zh": zh, "en": en} for zh, en in notes],
            **self._sample,
        }

    def _record_of(self, case: Case) -> Record:
        """The record of a case: that of a site without what is the site's own."""
        situation = self.situation(case)
        return {
            **self.evidence(case.kind.district, case.field, case.stage),
            **self.place(situation, case.datum_basis, case.notes),
            "explanation": self.explained(case, situation),
        }
