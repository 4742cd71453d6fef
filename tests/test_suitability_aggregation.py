"""Scores and ranks: published results to their printed digits, pymcdm on random matrices, edges by hand."""

from __future__ import annotations

import numpy as np
import pytest
from pymcdm import methods, normalizations

from geo.errors import InputError
from geo.suitability import schemes
from geo.suitability.aggregation import aggregate, contributions, depends_on_others, net_flows, ranks

SUM = schemes.Simple(method="weighted_sum")
PRODUCT = schemes.Simple(method="weighted_product")
ALL = [
    SUM, PRODUCT,
    schemes.Topsis(method="topsis", normalisation="vector"),
    schemes.Topsis(method="topsis", normalisation="min_max"),
    schemes.Topsis(method="topsis", normalisation="none"),
    schemes.Owa(method="owa", order=(4, 3, 2, 1, 0)),
    schemes.Promethee(method="promethee"),
    schemes.Promethee(method="promethee", q=0.1, p=0.4),
    schemes.Vikor(method="vikor", v=0.3),
]  # fmt: skip
NAMES = [f"{spec.method}-{at}" for at, spec in enumerate(ALL)]
every = pytest.mark.parametrize("spec", ALL, ids=NAMES)


def as_is(column, cost=False):
    return column


def drawn(seed, sites=14, criteria=5):
    generator = np.random.default_rng(seed)
    return generator.uniform(0.01, 1, (sites, criteria)), generator.dirichlet(np.ones(criteria))


@pytest.mark.parametrize(
    ("normalisation", "printed"),
    [("vector", [0.5037, 0.6581, 0.7482, 0.3340]), ("min_max", [0.4853, 0.6484, 0.7768, 0.3630])],
)
def test_topsis_of_tzeng_and_huang(normalisation, printed):
    matrix = np.array([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], dtype=float)
    spec = schemes.Topsis(method="topsis", normalisation=normalisation)
    assert aggregate(spec, matrix, np.array([0.3, 0.4, 0.3])).round(4).tolist() == printed


# pymcdm's PROMETHEE II can be called once only: its thresholds are spent
TOPSIS = methods.TOPSIS
THEIRS = {
    "sum": (SUM, lambda: methods.WSM(as_is)),
    "product": (PRODUCT, lambda: methods.WPM(as_is)),
    "topsis-vector": (ALL[2], lambda: TOPSIS(normalizations.vector_normalization)),
    "topsis-min-max": (ALL[3], lambda: TOPSIS(normalizations.minmax_normalization)),
    "topsis-none": (ALL[4], lambda: TOPSIS(as_is)),
    "promethee-usual": (ALL[6], lambda: methods.PROMETHEE_II("usual")),
    "promethee-linear": (ALL[7], lambda: methods.PROMETHEE_II("vshape_2", p=[0.4] * 5, q=[0.1] * 5)),
    "promethee-no-indifference": (
        schemes.Promethee(method="promethee", q=0.0, p=0.3),
        lambda: methods.PROMETHEE_II("vshape", p=[0.3] * 5),
    ),
    "promethee-step": (
        schemes.Promethee(method="promethee", q=0.2, p=0.2),
        lambda: methods.PROMETHEE_II("ushape", q=[0.2] * 5),
    ),
}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", THEIRS)
def test_scores_are_those_of_pymcdm(name, seed):
    spec, theirs = THEIRS[name]
    utilities, weights = drawn(seed)
    expected = theirs()(utilities, weights, np.ones(5))
    assert aggregate(spec, utilities, weights) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("v", [0.0, 0.5, 1.0])
def test_vikor_is_one_less_than_that_of_pymcdm(v):
    utilities, weights = drawn(9)
    expected = 1 - methods.VIKOR(v=v)(utilities, weights, np.ones(5))
    assert aggregate(schemes.Vikor(method="vikor", v=v), utilities, weights) == pytest.approx(expected, abs=1e-9)


def test_equal_order_weights_are_the_weighted_sum():
    utilities, weights = drawn(3)
    owa = aggregate(schemes.Owa(method="owa", order=(2,) * 5), utilities, weights)
    assert owa == pytest.approx(aggregate(SUM, utilities, weights), abs=1e-15)


def test_owa_runs_from_the_lowest_weighted_value_to_the_highest():
    """Weighted values .06 .12 .30: all order weight on the lowest, the highest, and halves on the first two."""
    utilities, weights = np.array([[0.5, 0.3, 0.4]]), np.array([0.6, 0.2, 0.3 / 1.0])
    weighted = sorted([0.30, 0.06, 0.12])
    for order, expected in [((1, 0, 0), weighted[0]), ((0, 0, 5), weighted[2]), ((1, 1, 0), sum(weighted[:2]) / 2)]:
        score = aggregate(schemes.Owa(method="owa", order=order), utilities, weights)
        assert score == pytest.approx([3 * expected])


@pytest.mark.parametrize("order", [(1, 1), (0, 0, 0)])
def test_owa_wants_an_order_weight_for_each_criterion(order):
    with pytest.raises(InputError, match="OWA needs 3"):
        aggregate(schemes.Owa(method="owa", order=order), np.ones((2, 3)), np.ones(3) / 3)


def test_a_product_with_a_zero_is_zero_unless_the_criterion_weighs_nothing():
    utilities = np.array([[0.0, 0.9], [0.5, 0.5]])
    assert aggregate(PRODUCT, utilities, np.array([0.01, 0.99])).tolist()[0] == 0.0
    assert aggregate(PRODUCT, utilities, np.array([0.0, 1.0])) == pytest.approx([0.9, 0.5])


@every
def test_columns_without_differences_give_numbers(spec):
    utilities = np.array([[0.0, 0.5, 1.0, 0.2, 0.3], [0.0, 0.5, 1.0, 0.6, 0.9], [0.0, 0.5, 1.0, 0.6, 0.1]])
    scores = aggregate(spec, utilities, np.full(5, 0.2))
    assert np.isfinite(scores).all()
    assert ranks(aggregate(spec, np.full((3, 5), 0.4), np.full(5, 0.2))).tolist() == [1, 1, 1]
    assert np.isfinite(aggregate(spec, utilities[:1], np.full(5, 0.2))).all()
    assert aggregate(spec, utilities[:0], np.full(5, 0.2)).shape == (0,)


@every
def test_a_better_site_on_every_criterion_is_never_behind(spec):
    utilities, weights = drawn(11)
    utilities[0] = np.minimum(utilities[1] + 0.1, 1)
    scores = aggregate(spec, utilities, weights)
    assert scores[0] > scores[1]


@every
def test_many_weights_at_once_give_the_bits_of_one_at_a_time(spec):
    utilities, _ = drawn(5)
    weights = np.random.default_rng(6).dirichlet(np.ones(5), 7)
    at_once = aggregate(spec, utilities, weights)
    assert all((at_once[row] == aggregate(spec, utilities, weights[row])).all() for row in range(7))


@pytest.mark.parametrize("spec", [s for s in ALL if not depends_on_others(s)], ids=lambda s: s.method)
def test_a_site_has_the_same_bits_whatever_the_others(spec):
    utilities, weights = drawn(5, sites=40)
    scores = aggregate(spec, utilities, weights)
    some = np.array([31, 2, 17])
    assert (aggregate(spec, utilities[some], weights) == scores[some]).all()


def test_methods_that_look_at_the_others_are_known():
    assert [depends_on_others(spec) for spec in ALL] == [False, False, True, True, True, False, True, True, True]


@every
def test_contributions_add_up_or_are_not_given(spec):
    utilities, weights = drawn(8)
    parts = contributions(spec, utilities, weights)
    if spec.method in ("weighted_sum", "promethee"):
        assert parts.sum(axis=1) == pytest.approx(aggregate(spec, utilities, weights), abs=1e-12)
    else:
        assert parts is None


def test_net_flows_by_hand():
    """0, .3, .5 with q .1, p .3: P(.3) = 1, P(.5) = 1, P(.2) = 1/2."""
    assert net_flows(np.array([0.3, 0.0, 0.5]), 0.1, 0.3) == pytest.approx([0.25, -1.0, 0.75])
    with pytest.raises(InputError, match="below the indifference"):
        net_flows(np.array([0.3, 0.0]), 0.3, 0.1)


def test_ranks_are_shared_within_the_tolerance():
    assert ranks(np.array([0.5, 0.5 + 5e-13, 0.9, 0.1, 0.5 - 1e-9])).tolist() == [2, 2, 1, 5, 4]
    assert ranks(np.array([[1.0, 2.0], [2.0, 1.0], [1.0, 1.0]])).tolist() == [[2, 1], [1, 2], [1, 1]]
    assert ranks(np.zeros(0)).tolist() == []
