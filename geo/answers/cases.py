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
from geo.check import Question
from geo.errors import Lang
from geo.join import Kind
from geo.register import Register
from geo.schema import OUTSIDE, Certainty, Force, Match, Stage
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
        self._reaches: dict[tuple[check.Cover, ...], str] = {}
        self._like = cache(lambda term: self._reaches.setdefault(check.reach(register, term), term))
        self._hearing = cache(lambda district, term: check.hear(register, district, term, as_of))
        self._fits: dict[tuple[object, ...], Stage] = {}
        self.standing = cache(self._standing_of)
        self._verdict = cache(self._verdict_of)
        self._measures = cache(
            lambda district, field: check.measures(register, district, self._question(field, None), as_of)
        )
        self.asked = cache(self._asked_of)
        self.grounds = cache(self._grounds_of)
        self._designations: dict[tuple[object, ...], Record] = {}
        self._told = cache(self._told_of)
        self._named = cache(lambda field, stage: wording.named(register, sentences, self._question(field, stage)))
        self._said = cache(self._said_of)
        self.place = cache(self._place_of)
        self._doubts = cache(lambda situation: wording.doubts(register, sentences, situation))
        self.record = lru_cache(_RECORDS)(self._record_of)

    def _standing_of(self, district: str | None, field: str | None, stage: str | None) -> Question:
        """The question that stands for all of which a district's roles say the same."""
        asked = self._question(field, stage)
        term = None if asked.term is None else self._like(asked.term)
        stands = asked.stage
        if stands is not None:
            hearing = self._hearing(district, term)
            fits = tuple(check.fits(one, stands) for one in (*hearing.listed, *hearing.there))
            stands = self._fits.setdefault((district, term, fits), stands)
        return Question(term=term, stage=stands, unknown=asked.unknown)

    def _verdict_of(self, district: str | None, standing: Question) -> check.Verdict:
        return check.decide(self._hearing(district, standing.term), self.register, district, standing)

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
        verdict = self._verdict(district, self.standing(district, case.field, case.stage))
        return verdict.match, verdict.force

    def explained(self, case: Case, situation: Situation) -> dict[Lang, str]:
        """The explanation of a case, without what only the one site knows; see `geo.wording.complete`."""
        said, doubts = self._said(case.kind.district, case.field, case.stage), self._doubts(situation)
        return {lang: self.sentences.join(lang, "sentence", said[lang] + doubts[lang]) for lang in said}

    def explanation(self, case: Case, distance_m: float | None, shares: Mapping[str, float]) -> dict[Lang, str]:
        """The explanation for a site of the case."""
        said = self.record(case)["explanation"]
        return wording.complete(self.register, self.sentences, said, case.kind.certainty, distance_m, shares)

    def _said_of(self, district: str | None, field: str | None, stage: str | None) -> dict[Lang, list[str]]:
        """What an explanation begins with, in the words of the question."""
        told, named = self._told(district, self.standing(district, field, stage)), self._named(field, stage)
        return {lang: [named[lang].filled(text) for text in told[lang]] for lang in told}

    def _told_of(self, district: str | None, standing: Question) -> dict[Lang, list[str]]:
        verdict = self._verdict(district, standing)
        return wording.told(self.register, self.sentences, district, standing, verdict, self.as_of)

    def evidence(self, district: str | None, field: str | None, stage: str | None) -> Record:
        """The part of a record that depends on district, field and stage alone."""
        offers = self._measures(district, field)
        return {
            **self.where(district),
            **self.asked(field, stage),
            **self.grounds(district, self.standing(district, field, stage)),
            "measures": [one.measure.id for one in offers],
            "measures_in_part": [one.measure.id for one in offers if one.coverage == "part"],
        }

    def where(self, district: str | None) -> Record:
        """The part of a record that names the district."""
        place = self.register.places[district] if district else None
        return {
            "district": district,
            "district_zh": place.zh if place else None,
            "district_en": place.en if place else None,
        }

    def _asked_of(self, field: str | None, stage: str | None) -> Record:
        """The part of a record that tells what is asked."""
        register, question = self.register, self._question(field, stage)
        term = register.terms[question.term] if question.term else None
        return {
            "field": register.top_field(term.id) if term else None,
            "term": question.term,
            "term_zh": term.zh if term else None,
            "term_en": term.en if term else None,
            "field_query": question.field_query,
            "stage": question.stage.value if question.stage else None,
            "stage_query": question.stage_query,
        }

    def _grounds_of(self, district: str | None, standing: Question) -> Record:
        """The part of a record that tells the verdict and what it rests on."""
        verdict = self._verdict(district, standing)
        return {
            "match": verdict.match.value,
            "force": verdict.force.value,
            "basis": verdict_basis(verdict),
            "designations": [self._designation(one) for one in verdict.designations],
            "elsewhere": [elsewhere_record(self.register, one) for one in verdict.elsewhere],
            "unrecognised": [
                {
                    "column": one.column,
                    "value": one.value,
                    "suggestions": list(one.suggestions),
                    "suggestions_en": list(one.suggestions_en),
                }
                for one in standing.unknown
            ],
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
