"""A siting model applied to candidates (layer 5): measured, excluded, scored, put in order.

Everything runs over the sites in the order of their ids, so that the order of the
rows of a list changes nothing; measuring goes site by site, so that neither chunks nor
processes do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from geo import workers
from geo.features import Layers
from geo.suitability import aggregation, constraints, criteria, overrides, smaa, weights
from geo.suitability.model import SitingModel
from geo.suitability.overrides import Override
from geo.suitability.records import Candidates, Finding, Measured, Result, subset
from geo.suitability.schemes import Aggregation, Objective, Scenario, Weights
from geo.suitability.smaa import Intervals, Smaa
from geo.suitability.weights import Weighed

Record = TypeVar("Record", Finding, Measured)
_LESS = ("请关闭其他程序，或分批排序", "close other programs, or rank fewer sites at a time")


@dataclass(frozen=True)
class Scores:
    """Scores and ranks of the r ranked sites under one weighting and aggregation.

    Attributes
    ----------
    score : array of float, shape (r,)
        With missing values at their worst.
    rank : array of int, shape (r,)
        1 is first; equal scores share a rank.
    open : Intervals
        Of score and rank, for all that missing values may be.
    contributions : array of float, shape (r, m), or None
        What each criterion adds, where scores add up.
    """

    scenario: Scenario
    weights: Weighed
    aggregation: Aggregation
    score: NDArray[np.float64]
    rank: NDArray[np.int64]
    open: Intervals
    contributions: NDArray[np.float64] | None


@dataclass(frozen=True)
class Ranking:
    """All that a model says of n candidates, r of which are ranked.

    Attributes
    ----------
    candidates : Candidates
        In the order of their ids.
    findings, measured : tuple
        One record a constraint and one a criterion, in the model's order.
    overridden : dict of (site, rule) to (Override, Result)
        Who changed which result, and what it was.
    status : array of str, shape (n,)
        ``eligible``, ``open`` or ``excluded``.
    ranked : array of int, shape (r,)
        Where the ranked sites stand in `candidates`.
    low, high : array of float, shape (r, m)
        Utilities; they differ where a value is missing.
    scores : tuple of Scores
        Of the model itself, then of each scenario; empty if no site is ranked.
    smaa : Smaa or None
        None if no site is ranked.
    """

    model: SitingModel
    candidates: Candidates
    findings: tuple[Finding, ...]
    measured: tuple[Measured, ...]
    overridden: Mapping[tuple[str, str], tuple[Override, Result]]
    status: NDArray[np.object_]
    ranked: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    scores: tuple[Scores, ...]
    smaa: Smaa | None


def rank(
    model: SitingModel,
    candidates: Candidates,
    layers: Layers,
    *,
    overridden: Sequence[Override] = (),
    draws: int = 10_000,
    seed: int = 0,
    processes: int = 1,
) -> Ranking:
    """Apply a model.

    Parameters
    ----------
    candidates : Candidates
        In any order; ids are unique.
    layers : mapping of str to Features or Raster
        Those of the model that are there; rules of the others are not assessed.
    draws, seed : int
        Of the robustness analysis.

    Raises
    ------
    InputError
        If an override cannot be applied.
    """
    ordered = subset(candidates, np.argsort(candidates.ids.astype(str), kind="stable"))
    found, measured = measure(model, ordered, layers, processes=processes)
    findings, before = overrides.apply(found, ordered.ids, overridden)
    status = _status(findings, len(ordered))
    ranked = np.flatnonzero(status != "excluded")
    low = np.column_stack([one.low[ranked] for one in measured])
    high = np.column_stack([one.high[ranked] for one in measured])
    ids = ordered.ids[ranked]
    own = Scenario(model.id, model.title, model.weights, model.aggregation)
    scenarios = (own, *model.scenarios) if len(ranked) else ()
    scores = tuple(_scored(model, one, low, high, ids, draws, seed) for one in scenarios)
    names = [one.id for one in model.criteria]
    robust = None
    if scores:
        robust = smaa.smaa(
            model.aggregation,
            low,
            high,
            scores[0].weights.values,
            model.robustness,
            ids.tolist(),
            names,
            draws=draws,
            seed=seed,
        )
    return Ranking(model, ordered, findings, measured, before, status, ranked, low, high, scores, robust)


def measure(
    model: SitingModel, candidates: Candidates, layers: Layers, *, processes: int = 1, chunk: int | None = None
) -> tuple[tuple[Finding, ...], tuple[Measured, ...]]:
    """Constraints and criteria of all candidates, in so many processes, `chunk` sites at a time."""
    size = chunk or max(-(-len(candidates) // processes), 1)
    starts = range(0, max(len(candidates), 1), size)
    parts = [subset(candidates, np.arange(at, min(at + size, len(candidates)))) for at in starts]
    with workers.crew((model, layers), min(processes, len(parts)), remedy=_LESS) as crew:
        done = list(crew.each(_measure, parts))
    findings = tuple(_joined([one[0][at] for one in done]) for at in range(len(model.constraints)))
    measured = tuple(_joined([one[1][at] for one in done]) for at in range(len(model.criteria)))
    return findings, measured


def _measure(shared: tuple[SitingModel, Layers], part: Candidates) -> tuple[tuple[Finding, ...], tuple[Measured, ...]]:
    model, layers = shared
    return constraints.assess(model, part, layers), criteria.assess(model, part, layers)


def _joined(parts: Sequence[Record]) -> Record:
    """Records of a rule over some sites each, as one over all."""
    columns = [one.name for one in fields(parts[0]) if isinstance(getattr(parts[0], one.name), np.ndarray)]
    whole: dict[str, Any] = {name: np.concatenate([getattr(one, name) for one in parts]) for name in columns}
    return replace(parts[0], **whole)


def _status(findings: Sequence[Finding], sites: int) -> NDArray[np.object_]:
    failed, passed = np.zeros(sites, dtype=bool), np.ones(sites, dtype=bool)
    for finding in findings:
        failed |= finding.result == Result.FAIL
        passed &= finding.result == Result.PASS
    status = np.where(passed, "eligible", "open").astype(object)
    status[failed] = "excluded"
    return status


def _scored(
    model: SitingModel,
    scenario: Scenario,
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    ids: NDArray[np.object_],
    draws: int,
    seed: int,
) -> Scores:
    names = [one.id for one in model.criteria]
    spec: Weights = scenario.weights or model.weights
    scheme: Aggregation = scenario.aggregation or model.aggregation
    weighed = weights.weigh(spec, names, low)
    score = aggregation.aggregate(scheme, low, weighed.values)
    order = aggregation.ranks(score)
    listed = ids.tolist()
    if isinstance(spec, Objective) and np.any(low < high):
        open_ = smaa.reweighed_intervals(
            scheme, lambda table: weights.weigh(spec, names, table).values, low, high, listed, names, seed=seed
        )
    else:
        open_ = smaa.intervals(scheme, low, high, weighed.values, listed, names, draws=draws, seed=seed)
    parts = aggregation.contributions(scheme, low, weighed.values)
    return Scores(scenario, weighed, scheme, score, order, open_, parts)
