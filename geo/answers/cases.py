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
from geo.schema import OUTSIDE, Certainty
from geo.wording import Judgement, Sentences

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
        self._verdict = cache(
            lambda district, field, stage: check.verdict(register, district, self._question(field, stage), as_of)
        )
        self._measures = cache(
            lambda district, field: check.measures(register, district, self._question(field, None), as_of)
        )
        self.evidence = cache(self._evidence_of)
        self._said = cache(self._said_of)
        self.record = lru_cache(_RECORDS)(self._record_of)

    def explanation(self, case: Case, distance_m: float | None, shares: Mapping[str, float]) -> dict[Lang, str]:
        """The explanation for a site of the case."""
        said = self.record(case)["explanation"]
        return wording.complete(self.register, self.sentences, said, case.kind.certainty, distance_m, shares)

    def _said_of(self, district: str | None, field: str | None, stage: str | None) -> dict[Lang, list[str]]:
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
            "designations": [designation_record(register, one) for one in verdict.designations],
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

    def _record_of(self, case: Case) -> Record:
        """The record of a case: that of a site without what is the site's own."""
        register, kind, asked = self.register, case.kind, (case.field, case.stage)
        alternatives = {
            one: self._verdict(None if one == OUTSIDE else one, *asked)
            for one in kind.possible
            if one != (kind.district or OUTSIDE)
        }
        shifted = {datum: (district, self._verdict(district, *asked)) for datum, district in case.shifted}
        verdict = self._verdict(kind.district, *asked)
        judged = Judgement(self._question(*asked), verdict, alternatives, shifted, case.accuracy_m, case.loose)
        said = self._said(kind.district, *asked)
        return {
            **self.evidence(kind.district, *asked),
            "datum": "wgs84",
            "datum_basis": case.datum_basis,
            "if_datum": [shifted_record(register, datum, *other) for datum, other in shifted.items()],
            "position_accuracy_m": case.accuracy_m,
            "certainty": kind.certainty.value,
            "possible": list(kind.possible),
            "alternatives": [
                {"district": one, "match": other.match.value, "force": other.force.value}
                for one, other in alternatives.items()
            ],
            "notes": [{"zh": zh, "en": en} for zh, en in case.notes],
            "explanation": wording.explain(register, self.sentences, kind, judged, self.as_of, said),
            **self._sample,
        }
