"""What would lift a site by one place (layer 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.suitability import aggregation
from geo.suitability.model import Categorical, Linear, Piecewise, Step, ValueFunction
from geo.suitability.ranking import Ranking, Scores

_FIRST = 50  # ranks for which a step up is sought by trying, where there is no closed form
_HALVINGS = 40


@dataclass(frozen=True)
class StepUp:
    """The least change of one criterion with which a site draws level with the next one ahead.

    Attributes
    ----------
    ahead : int
        Position, among the ranked sites, of the site just ahead.
    gap : float
        Its score less the site's own.
    criterion : int or None
        The criterion that needs the smallest rise of utility; None if none is enough alone.
    utility : float or None
        The utility that it needs.
    """

    ahead: int
    gap: float
    criterion: int | None
    utility: float | None


def steps_up(ranking: Ranking) -> list[StepUp | None]:
    """A step for each ranked site; None for the first, and where it was not sought.

    For the weighted sum ``u + gap / w``; for other methods by bisection over the utility of
    the site, the others unchanged, for the first 50 ranks.
    """
    if not ranking.scores:
        return []
    scores = ranking.scores[0]
    order = np.lexsort((np.arange(len(scores.score)), -scores.score))
    found: list[StepUp | None] = [None] * len(order)
    for at in order:
        ahead = _just_ahead(scores, order, at)
        if ahead is None:
            continue
        gap = float(scores.score[ahead] - scores.score[at])
        if scores.aggregation.method == "weighted_sum":
            found[at] = _by_formula(ranking.low[at], scores.weights.values, ahead, gap)
        elif scores.rank[at] <= _FIRST:
            found[at] = _by_trying(ranking.low, scores, int(at), ahead, gap)
    return found


def _just_ahead(scores: Scores, order: NDArray[np.int64], at: int) -> int | None:
    """The lowest of the sites with a better rank."""
    better = order[scores.rank[order] < scores.rank[at]]
    return int(better[-1]) if len(better) else None


def _by_formula(utilities: NDArray[np.float64], weights: NDArray[np.float64], ahead: int, gap: float) -> StepUp:
    rise = np.divide(gap, weights, out=np.full(len(weights), np.inf), where=weights > 0)
    rise[utilities + rise > 1] = np.inf
    criterion = int(np.argmin(rise))
    if not np.isfinite(rise[criterion]):
        return StepUp(ahead, gap, None, None)
    return StepUp(ahead, gap, criterion, float(utilities[criterion] + rise[criterion]))


def _by_trying(low: NDArray[np.float64], scores: Scores, at: int, ahead: int, gap: float) -> StepUp:
    best: tuple[float, int, float] | None = None
    for criterion in range(low.shape[1]):
        needed = _needed(low, scores, at, ahead, criterion)
        if needed is not None and (best is None or needed - low[at, criterion] < best[0]):
            best = needed - low[at, criterion], criterion, needed
    return StepUp(ahead, gap, None, None) if best is None else StepUp(ahead, gap, best[1], best[2])


def _needed(low: NDArray[np.float64], scores: Scores, at: int, ahead: int, criterion: int) -> float | None:
    """The utility with which the site is level with the one ahead, if 1 is enough."""

    def behind(utility: float) -> bool:
        changed = low.copy()
        changed[at, criterion] = utility
        now = aggregation.aggregate(scores.aggregation, changed, scores.weights.values)
        return bool(now[at] < now[ahead] - aggregation.TIE)

    least, most = float(low[at, criterion]), 1.0
    if behind(most):
        return None
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        least, most = (middle, most) if behind(middle) else (least, middle)
    return most


def value_for(function: ValueFunction, utility: float) -> float | None:
    """The value that just reaches a utility, where the function has one such.

    >>> value_for(Linear(kind="linear", worst=20000, best=2000), 0.5)
    11000.0
    """
    match function:
        case Linear():
            return function.worst + utility * (function.best - function.worst)
        case Piecewise():
            return _crossing(function.points, utility)
        case Step():
            reached = [value for value, step in function.steps if step >= utility]
            return reached[0] if reached else None
        case Categorical():
            return None
        case _:
            if not 0 < utility < 1:
                return None
            return function.middle + function.scale * float(np.log(utility / (1 - utility)))


def _crossing(points: tuple[tuple[float, float], ...], utility: float) -> float | None:
    """Where straight pieces that all rise, or all fall, reach a utility."""
    values, heights = (np.array(one) for one in zip(*points, strict=True))
    steps = np.diff(heights)
    if np.all(steps > 0) and heights[0] <= utility <= heights[-1]:
        return float(np.interp(utility, heights, values))
    if np.all(steps < 0) and heights[-1] <= utility <= heights[0]:
        return float(np.interp(utility, heights[::-1], values[::-1]))
    return None
