"""How sure a ranking is: drawn weights, and drawn values where they are missing (layer 5).

Stochastic multicriteria acceptability analysis, SMAA-2 (Lahdelma and Salminen 2001).
The weights of a draw follow from the seed alone; the draws of a missing value from the
seed, the site's id and the criterion's id. Counts are whole numbers and sums run draw by
draw over sites in the order of their ids, so that the same bits come out whatever the
order of the rows and the size of the chunks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from geo.suitability import schemes
from geo.suitability.aggregation import TIE, Parts, aggregate, combine, depends_on_others, prepare, ranks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RANKS = 20  # first ranks whose acceptability is kept
CONFIDENCE_DRAWS = 1_000  # of missing values at most, for the confidence factor
REWEIGHED_DRAWS = 1_000  # of missing values, where each needs weights of its own
_CONFIDENCE_CELLS = 50_000_000  # and no more than this many scores for it, but at least 100 draws
_CELLS = 1 << 18  # sites times draws at a time
_AHEAD = 1 << 19  # utilities of a criterion drawn at a time: few numbers a call cost as much as many


@dataclass(frozen=True)
class Smaa:
    """What the draws say of n sites.

    Attributes
    ----------
    draws, seed : int
    acceptability : array of float, shape (n, min(n, `RANKS`))
        Share of draws in which the site has rank 1, 2, …; tied sites share a rank, so
        that a column need not sum to one.
    expected_rank : array of float, shape (n,)
    best_rank, worst_rank : array of int, shape (n,)
        Over the draws.
    central_weights : array of float, shape (n, m)
        Mean of the weights that put the site first; NaN where none did.
    confidence : array of float, shape (n,)
        Share of draws of the missing values in which the site is first with its own
        central weights; without missing values 1 or 0. 0 where no weights put it first.
    confidence_draws : int
        Draws that the confidence rests on: 1 without missing values, else `CONFIDENCE_DRAWS`,
        or fewer where many of many sites are first at times.
    """

    draws: int
    seed: int
    acceptability: Floats
    expected_rank: Floats
    best_rank: Ints
    worst_rank: Ints
    central_weights: Floats
    confidence: Floats
    confidence_draws: int


@dataclass(frozen=True)
class Intervals:
    """Scores and ranks that the missing values leave possible, each of shape (n,).

    `basis` is "exact", or "sampled" where they are those seen among the draws.
    """

    score_low: Floats
    score_high: Floats
    rank_best: Ints
    rank_worst: Ints
    basis: str


def smaa(
    spec: schemes.Aggregation,
    low: Floats,
    high: Floats,
    weights: Floats,
    robustness: schemes.Robustness,
    ids: Sequence[str],
    criteria: Sequence[str],
    draws: int = 10_000,
    seed: int = 0,
    chunk: int | None = None,
) -> Smaa:
    """Rank acceptability, central weights and confidence factors.

    Parameters
    ----------
    spec : one of `schemes.Aggregation`
    low, high : array of float, shape (n, m)
        Utilities; where they differ the value is missing, and drawn evenly between them.
    weights : array of float, shape (m,)
        Those of the model; the draws lie around them if `robustness` says so.
    robustness : schemes.Robustness
    ids, criteria : sequence of str, length n and m
        Different from one another: they key the draws.
    draws, seed : int
    chunk : int, optional
        Draws at a time; of no effect on the result.
    """
    order = _by_id(ids)
    low, high = low[order], high[order]
    missing = _Missing(spec, low, high, [ids[row] for row in order], criteria, seed)
    drawn = weight_draws(weights, robustness, draws, seed)
    tally = _Tally(len(ids), weights.size)
    at = 0
    for parts, count in missing.blocks(draws, chunk):
        tally.add(ranks(combine(spec, parts, drawn[at : at + count])), drawn[at : at + count])
        at += count
    central = tally.central()
    affordable = _CONFIDENCE_CELLS // max(1, len(ids) * int((tally.best == 1).sum()))
    tries = min(draws, CONFIDENCE_DRAWS, max(100, affordable)) if missing.any else 1
    confidence = _confidence(spec, missing, central, tries, chunk)
    back = np.argsort(order)
    return Smaa(
        draws=draws,
        seed=seed,
        acceptability=(tally.counts / draws)[back],
        expected_rank=(tally.sums / draws)[back],
        best_rank=tally.best[back],
        worst_rank=tally.worst[back],
        central_weights=central[back],
        confidence=confidence[back],
        confidence_draws=tries,
    )


def weight_draws(weights: Floats, robustness: schemes.Robustness, draws: int, seed: int) -> Floats:
    """Weights drawn, shape (draws, m), each row summing to one.

    Even over all weights (Dirichlet with all parameters 1), or around those given:
    Dirichlet with parameters ``concentration * weights``, whose mean they are; a weight of
    zero stays zero.
    """
    generator = Generator(Philox(key=_key(seed, "weights")))
    if robustness.weights == "uniform":
        return generator.dirichlet(np.ones(weights.size), size=draws)
    drawn = np.zeros((draws, weights.size))
    used = weights > 0
    drawn[:, used] = generator.dirichlet(robustness.concentration * weights[used], size=draws)
    return drawn


def intervals(
    spec: schemes.Aggregation,
    low: Floats,
    high: Floats,
    weights: Floats,
    ids: Sequence[str],
    criteria: Sequence[str],
    draws: int = 10_000,
    seed: int = 0,
    chunk: int | None = None,
) -> Intervals:
    """Scores and ranks under the given weights, for all that the missing values may be.

    Exact where a site's score does not depend on the others: its best rank is that with
    its own values at their highest and all others at their lowest. Else from the draws.
    """
    if not depends_on_others(spec) or not np.any(low < high):
        return _exact(aggregate(spec, low, weights), aggregate(spec, high, weights))
    return sampled_intervals(spec, low, high, weights, ids, criteria, draws, seed, chunk)


def sampled_intervals(
    spec: schemes.Aggregation,
    low: Floats,
    high: Floats,
    weights: Floats,
    ids: Sequence[str],
    criteria: Sequence[str],
    draws: int = 10_000,
    seed: int = 0,
    chunk: int | None = None,
) -> Intervals:
    """Lowest and highest score and rank seen among the draws, and with all values at `low`."""
    order = _by_id(ids)
    low, high = low[order], high[order]
    missing = _Missing(spec, low, high, [ids[row] for row in order], criteria, seed)
    scores = aggregate(spec, low, weights)
    least, most = scores.copy(), scores.copy()
    best, worst = ranks(scores), ranks(scores)
    for parts, _ in missing.blocks(draws, chunk):
        scores = combine(spec, parts, weights[None, :])
        ranked = ranks(scores)
        least, most = np.minimum(least, scores.min(axis=0)), np.maximum(most, scores.max(axis=0))
        best, worst = np.minimum(best, ranked.min(axis=0)), np.maximum(worst, ranked.max(axis=0))
    back = np.argsort(order)
    return Intervals(least[back], most[back], best[back], worst[back], "sampled")


def reweighed_intervals(
    spec: schemes.Aggregation,
    weigh: Callable[[Floats], Floats],
    low: Floats,
    high: Floats,
    ids: Sequence[str],
    criteria: Sequence[str],
    draws: int = REWEIGHED_DRAWS,
    seed: int = 0,
) -> Intervals:
    """Lowest and highest score and rank where the weights themselves come from the utilities.

    `weigh` gives the weights of a table of utilities; they are taken anew for every draw
    of the missing values, for all at their lowest and for all at their highest.
    """
    order = _by_id(ids)
    low, high = low[order], high[order]
    missing = _Missing(spec, low, high, [ids[row] for row in order], criteria, seed)
    drawn = (np.column_stack([np.ravel(one) for one in columns]) for columns, _ in missing.columns(draws, 1))
    scores = np.array([aggregate(spec, one, weigh(one)) for one in (low, high, *drawn)])
    ranked = ranks(scores)
    back = np.argsort(order)
    return Intervals(
        scores.min(axis=0)[back],
        scores.max(axis=0)[back],
        ranked.min(axis=0)[back],
        ranked.max(axis=0)[back],
        "sampled",
    )


class _Tally:
    """Counts over the draws; whole numbers, but for sums of weights taken draw by draw."""

    def __init__(self, sites: int, criteria: int) -> None:
        self.kept = min(sites, RANKS)
        self.counts = np.zeros((sites, self.kept), dtype=np.int64)
        self.sums = np.zeros(sites, dtype=np.int64)
        self.best = np.full(sites, sites, dtype=np.int64)
        self.worst = np.ones(sites, dtype=np.int64)
        self.weights = np.zeros((sites, criteria))

    def add(self, ranked: Ints, weights: Floats) -> None:
        sites = ranked.shape[1]
        at, site = np.nonzero(ranked <= self.kept)
        cells = site * self.kept + ranked[at, site] - 1
        self.counts += np.bincount(cells, minlength=sites * self.kept).reshape(sites, self.kept)
        self.sums += ranked.sum(axis=0)
        self.best = np.minimum(self.best, ranked.min(axis=0))
        self.worst = np.maximum(self.worst, ranked.max(axis=0))
        at, site = np.nonzero(ranked == 1)
        np.add.at(self.weights, site, weights[at])

    def central(self) -> Floats:
        first = self.counts[:, 0, None] if self.kept else np.zeros((0, 1))
        return np.where(first > 0, self.weights / np.maximum(first, 1), np.nan)


class _Missing:
    """Draws of the missing values, for sites in the order of their ids."""

    def __init__(
        self,
        spec: schemes.Aggregation,
        low: Floats,
        high: Floats,
        ids: Sequence[str],
        criteria: Sequence[str],
        seed: int,
    ) -> None:
        self.spec, self.low, self.high = spec, low, high
        self.rows = [np.flatnonzero(low[:, j] < high[:, j]) for j in range(low.shape[1])]
        self.keys = [
            [_key(seed, ids[int(row)], criterion) for row in rows]
            for rows, criterion in zip(self.rows, criteria, strict=True)
        ]
        self.any = any(len(rows) for rows in self.rows)

    def blocks(self, draws: int, chunk: int | None) -> Iterator[tuple[Parts, int]]:
        """What `aggregation.combine` takes, and how many draws it is for."""
        for columns, count in self.columns(draws, chunk):
            yield prepare(self.spec, columns), count

    def columns(self, draws: int, chunk: int | None) -> Iterator[tuple[list[Floats], int]]:
        """Utilities by criterion, and how many draws they are of."""
        size = chunk or max(1, _CELLS // max(1, len(self.low)))
        ahead = size * max(1, _AHEAD // max(1, size * len(self.low)))
        streams = [[Generator(Philox(key=key)) for key in keys] for keys in self.keys]
        for start in range(0, draws, ahead):
            drawn = min(ahead, draws - start)
            columns = [self._column(j, streams[j], drawn) for j in range(len(streams))]
            for at in range(0, drawn, size):
                some = slice(at, min(at + size, drawn))
                yield [column if column.ndim == 1 else column[some] for column in columns], some.stop - at

    def _column(self, j: int, streams: Sequence[Generator], count: int) -> Floats:
        if not streams:
            return self.low[:, j]
        rows = self.rows[j]
        drawn = np.empty((len(streams), count))
        for row, stream in zip(drawn, streams, strict=True):
            stream.random(out=row)
        column = np.repeat(self.low[None, :, j], count, axis=0)
        column[:, rows] += drawn.T * (self.high[rows, j] - self.low[rows, j])
        return column


def _confidence(spec: schemes.Aggregation, missing: _Missing, central: Floats, count: int, chunk: int | None) -> Floats:
    first = np.zeros(len(central), dtype=np.int64)
    sites = np.flatnonzero(~np.isnan(central[:, 0]))
    for parts, _ in missing.blocks(count, chunk):
        for site in sites:
            scores = combine(spec, parts, central[site][None, :])
            first[site] += int((scores[:, site] >= scores.max(axis=1) - TIE).sum())
    return first / count


def _exact(low: Floats, high: Floats) -> Intervals:
    rising_low, rising_high = np.sort(low), np.sort(high)
    ahead_at_best = len(low) - np.searchsorted(rising_low, high + TIE, side="right")
    ahead_at_worst = len(low) - np.searchsorted(rising_high, low + TIE, side="right")
    own = high > low + TIE  # a site is not ahead of itself
    return Intervals(low, high, 1 + ahead_at_best, 1 + ahead_at_worst - own, "exact")


def _by_id(ids: Sequence[str]) -> NDArray[np.intp]:
    return np.array(sorted(range(len(ids)), key=lambda row: ids[row]), dtype=np.intp)


def _key(seed: int, *names: str) -> int:
    """A 128-bit key of Philox from the seed and names."""
    text = "\x1f".join((str(seed), *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "little")
