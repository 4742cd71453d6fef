"""The record of one site in a ranking (layer 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.rationale.changes import change
from geo.rationale.rules import Names
from geo.rationale.speech import finite, number, percent, score, spaced
from geo.schema import Words
from geo.suitability.aggregation import contributions
from geo.suitability.ranking import Ranking
from geo.suitability.records import Finding, Measured, Result
from geo.suitability.schemes import Simple
from geo.suitability.why import StepUp, value_for

Record = dict[str, Any]
_SUM = Simple(method="weighted_sum")
_SHOWN = 5  # sites or criteria that a sentence names


@dataclass(frozen=True)
class Telling:
    """A ranking and what its sites are told with.

    Attributes
    ----------
    weights : array of float, shape (m,)
        Of the criteria.
    missing : set of str
        Layers of the model that are not there.
    dominated : list of arrays
        Which ranked sites each ranked site is dominated by.
    steps : list of StepUp or None
        For each ranked site.
    """

    names: Names
    ranking: Ranking
    weights: NDArray[np.float64]
    missing: frozenset[str]
    dominated: list[Any]
    steps: list[StepUp | None]

    @cached_property
    def best(self) -> int | None:
        """Where the site ahead of all stands among the ranked."""
        return int(np.argmax(self.ranking.scores[0].score)) if self.ranking.scores else None

    @cached_property
    def parts(self) -> Any:
        """What each criterion adds, (r, m): exact for sums of parts, else weight times utility."""
        own = self.ranking.scores[0]
        return (
            own.contributions
            if own.contributions is not None
            else contributions(_SUM, self.ranking.low, own.weights.values)
        )


def site(telling: Telling, at: int, place: int | None, checked: Mapping[str, Any]) -> Record:
    """The record of the site at `at`; `place` is where it stands among the ranked, if it does."""
    ranking = telling.ranking
    record = {key: checked[key] for key in _OF_CHECK}
    record["status"] = str(ranking.status[at])
    record |= _standing(ranking, place)
    record["constraints"] = [
        _constraint(telling, rule, finding, at)
        for rule, finding in zip(ranking.model.constraints, ranking.findings, strict=True)
    ]
    record["criteria"] = [_criterion(telling, j, one, at, place) for j, one in enumerate(ranking.measured)]
    record |= _waterfall(telling, place)
    record["robust"] = None if place is None else _robust(telling, place)
    record["next"] = None if place is None else _next(telling, place)
    record["explanation"] = _explanation(telling, record)
    return record


_OF_CHECK = ("id", "name", "lon", "lat", "district", "district_zh", "district_en", "match", "force")


def _standing(ranking: Ranking, place: int | None) -> Record:
    if place is None:
        return dict.fromkeys(("rank", "score", "score_low", "score_high", "rank_best", "rank_worst", "interval_basis"))
    own = ranking.scores[0]
    return {
        "rank": int(own.rank[place]),
        "score": float(own.score[place]),
        "score_low": float(own.open.score_low[place]),
        "score_high": float(own.open.score_high[place]),
        "rank_best": int(own.open.rank_best[place]),
        "rank_worst": int(own.open.rank_worst[place]),
        "interval_basis": own.open.basis,
    }


def _constraint(telling: Telling, rule: Any, finding: Finding, at: int) -> Record:
    ranking = telling.ranking
    note = finding.note[at]
    gone = getattr(rule, "layer", None) in telling.missing
    said = change(telling.names, rule, finding, at, gone, ranking.candidates.geometry[at])
    overridden = ranking.overridden.get((str(ranking.candidates.ids[at]), rule.id))
    return {
        "id": rule.id,
        "result": str(finding.result[at]),
        "measured": finite(finding.measured[at]),
        "threshold": finite(finding.threshold[at]),
        "unit": finding.unit,
        "margin": finite(finding.margin[at]),
        "feature": str(finding.feature[at]),
        "sliver_m2": float(finding.sliver_m2[at]),
        "note_zh": note.zh if note else None,
        "note_en": note.en if note else None,
        "override": None
        if overridden is None
        else {"by": overridden[0].by, "reason": overridden[0].reason, "original": str(overridden[1])},
        "change_zh": said.zh if said else None,
        "change_en": said.en if said else None,
    }


def _criterion(telling: Telling, j: int, one: Measured, at: int, place: int | None) -> Record:
    note = one.note[at]
    own = telling.ranking.scores[0] if telling.ranking.scores else None
    part = None if place is None else float(telling.parts[place, j])
    adds = own is not None and own.contributions is not None
    return {
        "id": one.rule,
        "value": _value(one, at),
        "low": float(one.low[at]),
        "high": float(one.high[at]),
        "utility": float(one.low[at]),
        "weight": float(telling.weights[j]),
        "contribution": part if adds else None,
        "feature": str(one.feature[at]),
        "note_zh": note.zh if note else None,
        "note_en": note.en if note else None,
    }


def _value(one: Measured, at: int) -> float | str | None:
    value = one.value[at]
    if isinstance(value, str):
        return value or None
    return finite(value)


def _waterfall(telling: Telling, place: int | None) -> Record:
    if place is None:
        return {"waterfall": [], "waterfall_exact": True}
    own = telling.ranking.scores[0]
    difference = telling.parts[place] - telling.parts[telling.best]
    ids = [one.id for one in telling.ranking.model.criteria]
    rows = [{"id": one, "difference": float(by)} for one, by in zip(ids, difference, strict=True)]
    return {"waterfall": rows, "waterfall_exact": own.contributions is not None}


def _robust(telling: Telling, place: int) -> Record:
    ranking, robust = telling.ranking, telling.ranking.smaa
    assert robust is not None  # noqa: S101 (a ranked site has draws)
    ids = [one.id for one in ranking.model.criteria]
    central = robust.central_weights[place]
    names = ranking.candidates.ids[ranking.ranked]
    return {
        "acceptability": [float(one) for one in robust.acceptability[place]],
        "expected_rank": float(robust.expected_rank[place]),
        "confidence": float(robust.confidence[place]),
        "central_weights": None
        if np.isnan(central).any()
        else {one: float(by) for one, by in zip(ids, central, strict=True)},
        "dominated_by": [str(names[one]) for one in telling.dominated[place]],
    }


def _next(telling: Telling, place: int) -> Record | None:
    step = telling.steps[place]
    if step is None:
        return None
    ranking = telling.ranking
    ahead = str(ranking.candidates.ids[ranking.ranked[step.ahead]])
    if step.criterion is None or step.utility is None:
        said = telling.names.speech.say("next.none", site=ahead, gap=score(step.gap))
        return {"site": ahead, "gap": step.gap, "criterion": None, "utility_needed": None, "zh": said.zh, "en": said.en}
    factor = ranking.model.criteria[step.criterion]
    value = value_for(factor.value, step.utility)
    slots: dict[str, object] = {
        "site": ahead,
        "criterion": factor.title,
        "utility": score(step.utility),
        "now": score(float(ranking.low[place, step.criterion])),
    }
    if value is None:
        said = telling.names.speech.say("next.utility", **slots)
    else:
        unit = spaced(ranking.measured[step.criterion].unit)
        said = telling.names.speech.say("next.value", value=number(value), unit=unit, **slots)
    return {
        "site": ahead,
        "gap": step.gap,
        "criterion": factor.id,
        "utility_needed": step.utility,
        "zh": said.zh,
        "en": said.en,
    }


def _explanation(telling: Telling, record: Record) -> Record:
    """Why the site stands where it does, in sentences."""
    speech, ranking = telling.names.speech, telling.ranking
    titles = {one.id: one.title for one in (*ranking.model.constraints, *ranking.model.criteria)}

    def listed(result: Result) -> Words | None:
        rules = [titles[one["id"]] for one in record["constraints"] if one["result"] == result]
        if len(rules) <= _SHOWN:
            return speech.join(rules) if rules else None
        return speech.say("why.more", rules=speech.join(rules[:_SHOWN]), count=len(rules))

    said = []
    if record["rank"] is not None:
        said.append(_rank_sentence(telling, record))
    for result, name in (
        (Result.FAIL, "why.excluded"),
        (Result.REQUIRES_ASSESSMENT, "why.requires_assessment"),
        (Result.NOT_ASSESSED, "why.not_assessed"),
    ):
        rules = listed(result)
        if rules is not None:
            said.append(speech.say(name, rules=rules))
    if record["status"] == "eligible":
        said.append(speech.say("why.eligible"))
    if record["rank"] is not None:
        said += _strength(telling, record, titles)
    for one in record["constraints"]:
        if one["override"] is not None:
            before, after = (speech.say(f"result.{word}") for word in (one["override"]["original"], one["result"]))
            who = {"by": one["override"]["by"], "reason": one["override"]["reason"]}
            said.append(speech.say("why.overridden", rule=titles[one["id"]], before=before, after=after, **who))
    return {"zh": "".join(one.zh for one in said), "en": " ".join(one.en for one in said)}


def _rank_sentence(telling: Telling, record: Record) -> Words:
    speech = telling.names.speech
    interval: Words | str = ""
    places = {"best": record["rank_best"], "worst": record["rank_worst"]}
    if any(one["low"] < one["high"] for one in record["criteria"]):
        interval = speech.say(
            "why.interval", low=score(record["score_low"]), high=score(record["score_high"]), **places
        )
    elif record["rank_best"] != record["rank_worst"]:
        interval = speech.say("why.others", **places)
    ranked = len(telling.ranking.ranked)
    return speech.say("why.first", ranked=ranked, rank=record["rank"], score=score(record["score"]), interval=interval)


def _strength(telling: Telling, record: Record, titles: Mapping[str, Words]) -> list[Words]:
    speech = telling.names.speech
    said = []
    parts = sorted(((one["contribution"] or 0.0, one["id"]) for one in record["criteria"]), reverse=True)
    best = [titles[one] for part, one in parts[:2] if part > 0]
    if best:
        said.append(speech.say("why.best", criteria=speech.join(best)))
    robust = record["robust"]
    draws = telling.ranking.smaa.draws if telling.ranking.smaa else 0
    said.append(speech.say("why.robust", draws=f"{draws:,}", percent=percent(robust["acceptability"][0])))
    if robust["dominated_by"]:
        others = [Words(one, one) for one in robust["dominated_by"][:_SHOWN]]
        said.append(speech.say("why.dominated", sites=speech.join(others)))
    return said
