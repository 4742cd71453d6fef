"""Drawn weights and values: cases with a known answer, and bits that do not move."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from geo.suitability import schemes, smaa
from geo.suitability.aggregation import aggregate, ranks

SUM = schemes.Simple(method="weighted_sum")
METHODS = [
    SUM,
    schemes.Simple(method="weighted_product"),
    schemes.Topsis(method="topsis", normalisation="vector"),
    schemes.Owa(method="owa", order=(3, 2, 1)),
    schemes.Promethee(method="promethee", q=0.05, p=0.3),
    schemes.Vikor(method="vikor"),
]
UNIFORM = schemes.Robustness()
each = pytest.mark.parametrize("spec", METHODS, ids=lambda spec: spec.method)


@pytest.fixture
def gaps():
    """Eleven sites, three criteria, five values missing."""
    low = np.random.default_rng(1).uniform(0.1, 0.9, (11, 3))
    high = low.copy()
    for row, column in [(0, 0), (4, 1), (4, 2), (7, 1), (10, 2)]:
        low[row, column], high[row, column] = 0.0, 1.0
    return low, high, [f"s{at:02}" for at in range(11)]


def run(spec, low, high, ids, weights=None, robustness=UNIFORM, **more):
    criteria = [f"c{at}" for at in range(low.shape[1])]
    weights = np.full(low.shape[1], 1 / low.shape[1]) if weights is None else np.asarray(weights, dtype=float)
    return smaa.smaa(spec, low, high, weights, robustness, ids, criteria, **more)


def same(one, other, rows):
    return all(
        np.array_equal(getattr(one, name)[rows], getattr(other, name), equal_nan=True)
        for name in ("acceptability", "expected_rank", "best_rank", "worst_rank", "central_weights", "confidence")
    )


def test_two_opposites_and_a_middling_site():
    """a = (1, 0), b = (0, 1), c = (.4, .4); w evenly in 0..1.

    a is first for w > 1/2 with mean weight 3/4; c is never first, second where the
    larger weight exceeds .6: in 8 of 10 draws.
    """
    utilities = np.array([[1.0, 0.0], [0.0, 1.0], [0.4, 0.4]])
    found = run(SUM, utilities, utilities, ["a", "b", "c"])
    assert found.acceptability[:, 0] == pytest.approx([0.5, 0.5, 0.0], abs=0.02)
    assert found.acceptability[2] == pytest.approx([0.0, 0.8, 0.2], abs=0.02)
    assert found.central_weights[:2] == pytest.approx(np.array([[0.75, 0.25], [0.25, 0.75]]), abs=0.01)
    assert np.isnan(found.central_weights[2]).all()
    assert found.confidence.tolist() == [1.0, 1.0, 0.0]
    assert found.confidence_draws == 1
    assert found.expected_rank.sum() == pytest.approx(6)
    assert (found.best_rank.tolist(), found.worst_rank.tolist()) == ([1, 1, 2], [3, 3, 3])


def test_a_missing_value_is_drawn_evenly():
    """One criterion: a is .25 for sure, b anywhere in 0..1: b is first three times in four."""
    low, high = np.array([[0.25], [0.0]]), np.array([[0.25], [1.0]])
    found = run(SUM, low, high, ["a", "b"])
    assert found.acceptability[:, 0] == pytest.approx([0.25, 0.75], abs=0.02)
    assert found.confidence == pytest.approx([0.25, 0.75], abs=0.05)
    assert found.confidence_draws == smaa.CONFIDENCE_DRAWS


def test_sites_that_tie_share_their_ranks():
    utilities = np.array([[0.5, 0.5], [0.5, 0.5], [0.1, 0.1]])
    found = run(SUM, utilities, utilities, ["a", "b", "c"], draws=100)
    assert found.acceptability.tolist() == [[1, 0, 0], [1, 0, 0], [0, 0, 1]]
    assert found.expected_rank.tolist() == [1, 1, 3]


def test_only_the_first_ranks_are_kept_of_many_sites():
    utilities = np.random.default_rng(0).random((50, 2))
    found = run(SUM, utilities, utilities, [f"s{at:02}" for at in range(50)], draws=200)
    assert found.acceptability.shape == (50, smaa.RANKS)
    assert found.expected_rank.sum() == pytest.approx(50 * 51 / 2)


@each
def test_chunks_and_the_order_of_rows_change_no_bit(spec, gaps):
    low, high, ids = gaps
    whole = run(spec, low, high, ids, draws=90, seed=4)
    rows = np.random.default_rng(2).permutation(11)
    shuffled = [ids[row] for row in rows]
    for chunk in (1, 7, 1000):
        assert same(whole, run(spec, low[rows], high[rows], shuffled, draws=90, seed=4, chunk=chunk), rows)


@each
def test_intervals_do_not_depend_on_chunks_or_rows(spec, gaps):
    low, high, ids = gaps
    weights, criteria = np.array([0.5, 0.3, 0.2]), ["c0", "c1", "c2"]
    rows = np.random.default_rng(3).permutation(11)
    one = smaa.sampled_intervals(spec, low, high, weights, ids, criteria, draws=200)
    other = smaa.sampled_intervals(
        spec, low[rows], high[rows], weights, [ids[row] for row in rows], criteria, draws=200, chunk=13
    )
    for name in ("score_low", "score_high", "rank_best", "rank_worst"):
        assert (getattr(one, name)[rows] == getattr(other, name)).all()


def test_the_draws_of_a_site_do_not_depend_on_which_others_there_are(gaps):
    low, high, ids = gaps
    found = run(SUM, low, high, ids, draws=300)
    more = run(SUM, np.vstack([np.zeros((1, 3)), low]), np.vstack([np.zeros((1, 3)), high]), ["s", *ids], draws=300)
    assert (more.acceptability[1:, :11] == found.acceptability).all()
    assert np.array_equal(more.central_weights[1:], found.central_weights, equal_nan=True)


def test_another_seed_gives_other_draws_and_the_same_seed_the_same(gaps):
    low, high, ids = gaps
    first, again, other = (run(SUM, low, high, ids, draws=200, seed=seed) for seed in (1, 1, 2))
    assert same(first, again, slice(None))
    assert (first.expected_rank != other.expected_rank).any()


def test_weights_around_those_given_keep_to_them():
    weights = np.array([0.5, 0.3, 0.2, 0.0])
    loose, tight = (
        smaa.weight_draws(weights, schemes.Robustness(weights="around", concentration=c), 5000, 0) for c in (10, 1000)
    )
    for drawn in (loose, tight):
        assert (drawn[:, 3] == 0).all()
        assert drawn.sum(axis=1) == pytest.approx(np.ones(5000))
        assert drawn.mean(axis=0) == pytest.approx(weights, abs=0.02)
    # variance of a Dirichlet share: w (1 - w) / (concentration + 1)
    assert loose[:, 0].var() == pytest.approx(0.25 / 11, rel=0.1)
    assert tight[:, 0].var() == pytest.approx(0.25 / 1001, rel=0.1)


def test_weights_over_the_whole_simplex():
    """A share of an even draw over three weights has mean 1/3 and variance 1/18."""
    drawn = smaa.weight_draws(np.array([1.0, 0.0, 0.0]), UNIFORM, 20_000, 0)
    assert drawn.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.01)
    assert drawn.var(axis=0) == pytest.approx([1 / 18] * 3, rel=0.05)


def test_exact_intervals_are_those_of_every_corner():
    """Four sites, three values missing: all eight corners of what they may be, by hand."""
    low = np.array([[0.0, 0.6], [0.4, 0.5], [0.9, 0.0], [0.2, 0.2]])
    high = low.copy()
    gaps = [(0, 0), (2, 1), (3, 0)]
    for gap in gaps:
        low[gap], high[gap] = 0.0, 1.0
    weights = np.array([0.5, 0.5])
    corners = []
    for ends in product((0.0, 1.0), repeat=3):
        utilities = low.copy()
        for gap, end in zip(gaps, ends, strict=True):
            utilities[gap] = end
        corners.append(aggregate(SUM, utilities, weights))
    found = smaa.intervals(SUM, low, high, weights, list("abcd"), ["x", "y"])
    assert found.basis == "exact"
    assert found.score_low.tolist() == np.min(corners, axis=0).tolist()
    assert found.score_high.tolist() == np.max(corners, axis=0).tolist()
    every = np.array([ranks(corner) for corner in corners])
    assert found.rank_best.tolist() == every.min(axis=0).tolist()
    assert found.rank_worst.tolist() == every.max(axis=0).tolist()


@each
def test_intervals_hold_the_score_and_say_what_they_rest_on(spec, gaps):
    low, high, ids = gaps
    weights = np.array([0.5, 0.3, 0.2])
    found = smaa.intervals(spec, low, high, weights, ids, ["a", "b", "c"], draws=200)
    assert found.basis == ("sampled" if spec.method in ("topsis", "promethee", "vikor") else "exact")
    scores = aggregate(spec, low, weights)
    assert (found.score_low <= scores).all() and (scores <= found.score_high).all()
    assert (found.rank_best <= ranks(scores)).all() and (ranks(scores) <= found.rank_worst).all()
    full = smaa.intervals(spec, high, high, weights, ids, ["a", "b", "c"])
    assert full.basis == "exact"
    assert (full.rank_best == full.rank_worst).all()


def test_no_sites_and_one_site():
    none = np.zeros((0, 2))
    assert run(SUM, none, none, [], draws=10).acceptability.shape == (0, 0)
    one = run(SUM, np.zeros((1, 2)), np.ones((1, 2)), ["a"], draws=10)
    assert (one.acceptability.tolist(), one.confidence.tolist()) == ([[1.0]], [1.0])
