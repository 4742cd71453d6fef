"""How sure a ranking is, and what other weightings and models say (layer 7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from geo.rationale.speech import Speech, finite, number
from geo.schema import Words
from geo.suitability import dominance, sensitivity
from geo.suitability.ranking import Ranking, Scores

Record = dict[str, Any]
_CURVES = 10  # sites whose ranks are followed while one weight runs from 0 to 1


def robustness(speech: Speech, ranking: Ranking, seed: int) -> Record:
    """Draws, critical changes, curves, reversals, front; the lists are empty where no site is ranked."""
    spread = ranking.model.robustness
    said = speech.say(f"draws.{spread.weights}", concentration=number(spread.concentration))
    about = {
        "draws": ranking.smaa.draws if ranking.smaa else 0,
        "seed": seed,
        "distribution_zh": said.zh,
        "distribution_en": said.en,
    }
    if not ranking.scores:
        return about | {"critical": [], "one_at_a_time": [], "reversals": [], "pareto": []}
    own, ids = ranking.scores[0], ranking.candidates.ids[ranking.ranked].tolist()
    criteria = [one.id for one in ranking.model.criteria]
    weights = own.weights.values
    return about | {
        "critical": [
            _critical(one) for one in sensitivity.critical_changes(own.aggregation, ranking.low, weights, ids, criteria)
        ],
        "one_at_a_time": [_curve(ranking, own, ids, j) for j in range(len(criteria))],
        "reversals": [
            {
                "dropped": one.dropped,
                "changed": [{"site": by.site, "before": by.before, "after": by.after} for by in one.changed],
            }
            for one in sensitivity.reversals(own.aggregation, ranking.low, weights, ids)
            if one.changed
        ],
        "pareto": [ids[at] for at in dominance.front(ranking.low, ranking.high)],
    }


def _critical(one: sensitivity.Critical) -> Record:
    return {
        "ahead": one.ahead,
        "behind": one.behind,
        "criterion": one.criterion,
        "weight": finite(one.weight),
        "change": finite(one.change),
        "relative_percent": finite(one.relative_percent),
        "new_weight": finite(one.new_weight),
        "new_share": finite(one.new_share),
    }


def _curve(ranking: Ranking, own: Scores, ids: Sequence[str], criterion: int) -> Record:
    curve = sensitivity.one_at_a_time(own.aggregation, ranking.low, own.weights.values, criterion)
    first = np.lexsort((np.arange(len(ids)), own.rank))[:_CURVES]
    return {
        "criterion": ranking.model.criteria[criterion].id,
        "weights": [float(one) for one in curve.weights],
        "ranks": {ids[at]: [int(one) for one in curve.ranks[:, at]] for at in first},
    }


def scenarios(rankings: Sequence[Ranking]) -> list[Record]:
    """The model itself, its other weightings, and the other models, beside it."""
    first = rankings[0]
    own = _places(first, first.scores[0])
    records = [_scenario(one, scores, own) for one in rankings for scores in one.scores]
    return records


def _places(ranking: Ranking, scores: Scores) -> dict[str, int]:
    ids = ranking.candidates.ids[ranking.ranked]
    listed = zip(ids.tolist(), scores.rank.tolist(), strict=True)
    return dict(sorted(listed, key=lambda one: (one[1], one[0])))


def _scenario(ranking: Ranking, scores: Scores, own: dict[str, int]) -> Record:
    """One weighting; compared over the sites that both rank."""
    places = _places(ranking, scores)
    both = [site for site in own if site in places]
    before, after = (np.array([by[site] for site in both], dtype=np.int64) for by in (own, places))
    title: Words = scores.scenario.title
    criteria = [one.id for one in ranking.model.criteria]
    return {
        "id": scores.scenario.id,
        "title_zh": title.zh,
        "title_en": title.en,
        "method": scores.aggregation.method,
        "weights": {one: float(by) for one, by in zip(criteria, scores.weights.values, strict=True)},
        "ranks": places,
        "kendall_tau": dominance.kendall_tau(before, after),
        "spearman": dominance.spearman(before, after),
        "moved": [
            {"site": one.site, "from": one.before, "to": one.after} for one in dominance.moved(both, before, after)
        ],
    }
