"""What changes a ranking: every answer is tried out by scoring again with the changed weights."""

from __future__ import annotations

import numpy as np
import pytest

from geo.suitability import dominance, schemes, sensitivity
from geo.suitability.aggregation import aggregate, ranks

SUM = schemes.Simple(method="weighted_sum")
CLOSED = [SUM, schemes.Simple(method="weighted_product"), schemes.Promethee(method="promethee", q=0.05, p=0.3)]
SEARCHED = [
    schemes.Topsis(method="topsis", normalisation="vector"),
    schemes.Owa(method="owa", order=(1, 2, 3, 4)),
    schemes.Vikor(method="vikor"),
]
closed = pytest.mark.parametrize("spec", CLOSED, ids=lambda spec: spec.method)
searched = pytest.mark.parametrize("spec", SEARCHED, ids=lambda spec: spec.method)
CRITERIA = list("pqrs")


def drawn(seed, sites=9):
    generator = np.random.default_rng(seed)
    return generator.uniform(0.05, 1, (sites, 4)), generator.dirichlet(np.full(4, 4.0))


def names(count):
    return [f"s{at:02}" for at in range(count)]


def tied_at(spec, utilities, weights, found):
    """Difference of the pair's scores with the critical weight, scaled to one and not."""
    ids = names(len(utilities))
    pair = [ids.index(found.ahead), ids.index(found.behind)]
    k = CRITERIA.index(found.criterion)
    scaled = sensitivity.shifted(weights, k, np.array([found.new_share]))[0]
    unscaled = weights.copy()
    unscaled[k] = found.new_weight
    return [float(np.diff(aggregate(spec, utilities, w)[pair])[0]) for w in (scaled, unscaled)]


def test_two_sites_by_hand():
    """a = (1, 0), b = (0, .8), equal weights: .5 against .4.

    p down to .4 gives .4 against .4; q up to .625 gives .5 against .5; the first is the
    smaller change. Scaled to one, .4 of .9.
    """
    found = sensitivity.critical_changes(
        SUM, np.array([[1, 0], [0, 0.8]]), np.array([0.5, 0.5]), ["a", "b"], ["p", "q"]
    )
    assert len(found) == 1
    assert (found[0].ahead, found[0].behind, found[0].criterion, found[0].exact) == ("a", "b", "p", True)
    assert found[0].change == pytest.approx(-0.1)
    assert found[0].relative_percent == pytest.approx(-20)
    assert found[0].new_weight == pytest.approx(0.4)
    assert found[0].new_share == pytest.approx(4 / 9)


@pytest.mark.parametrize("seed", range(4))
@closed
def test_the_closed_form_makes_neighbours_tie_scaled_or_not(spec, seed):
    utilities, weights = drawn(seed)
    found = sensitivity.critical_changes(spec, utilities, weights, names(9), CRITERIA)
    assert len(found) == 8
    assert any(pair.criterion for pair in found)
    for pair in found:
        if pair.criterion is not None:
            assert pair.new_weight == pair.weight + pair.change >= 0
            assert tied_at(spec, utilities, weights, pair) == pytest.approx([0, 0], abs=1e-10)


def test_no_smaller_change_of_any_weight_ties_them():
    utilities, weights = drawn(5)
    found = sensitivity.critical_changes(SUM, utilities, weights, names(9), CRITERIA)[0]
    ids = names(9)
    ahead, behind = ids.index(found.ahead), ids.index(found.behind)
    for k in range(4):
        for change in np.linspace(-0.999, 0.999, 41) * abs(found.change):
            other = weights.copy()
            other[k] = max(other[k] + change, 0)
            scores = aggregate(SUM, utilities, other)
            assert scores[ahead] > scores[behind]


def test_a_dominated_neighbour_cannot_be_brought_level():
    utilities = np.array([[0.9, 0.9], [0.5, 0.5]])
    (found,) = sensitivity.critical_changes(SUM, utilities, np.array([0.5, 0.5]), ["a", "b"], ["p", "q"])
    assert found.criterion is None
    assert np.isnan([found.change, found.new_weight, found.new_share]).all()


def test_taking_all_the_weight_there_is_is_no_answer():
    """All weight on p: at weight 0 of p nothing is left; raising q to 1.25 times p is the answer."""
    utilities = np.array([[1.0, 0.0], [0.0, 0.8]])
    (found,) = sensitivity.critical_changes(SUM, utilities, np.array([1.0, 0.0]), ["a", "b"], ["p", "q"])
    assert (found.criterion, found.change) == ("q", pytest.approx(1.25))
    assert np.isnan(found.relative_percent)


def test_sites_that_tie_need_no_change_and_come_by_id():
    utilities = np.array([[0.2, 0.6], [0.6, 0.2], [0.6, 0.2]])
    found = sensitivity.critical_changes(SUM, utilities, np.array([0.5, 0.5]), ["c", "b", "a"], ["p", "q"])
    assert [(pair.ahead, pair.behind) for pair in found] == [("a", "b"), ("b", "c")]
    assert found[0].criterion is None  # the same on every criterion
    assert (found[1].criterion, found[1].change) == ("p", pytest.approx(0, abs=1e-15))


def test_a_product_with_a_zero_has_no_answer_rather_than_a_wrong_one():
    utilities = np.array([[0.5, 0.5], [0.0, 0.9], [0.0, 0.8]])
    found = sensitivity.critical_changes(CLOSED[1], utilities, np.array([0.5, 0.5]), list("abc"), ["p", "q"])
    assert [pair.criterion for pair in found] == [None, None]


@pytest.mark.parametrize("seed", range(3))
@searched
def test_the_search_finds_where_neighbours_tie(spec, seed):
    utilities, weights = drawn(seed)
    found = sensitivity.critical_changes(spec, utilities, weights, names(9), CRITERIA)
    assert len(found) == 8
    assert any(pair.criterion for pair in found)
    for pair in found:
        if pair.criterion is not None:
            assert not pair.exact
            assert tied_at(spec, utilities, weights, pair)[0] == pytest.approx(0, abs=1e-9)


def test_the_search_agrees_with_the_closed_form():
    """OWA with equal order weights is the weighted sum: the same shares of the same criteria, where these agree."""
    utilities, weights = drawn(7)
    owa = schemes.Owa(method="owa", order=(1, 1, 1, 1))
    direct = sensitivity.critical_changes(SUM, utilities, weights, names(9), CRITERIA)
    by_search = sensitivity.critical_changes(owa, utilities, weights, names(9), CRITERIA)
    compared = [(one, two) for one, two in zip(direct, by_search, strict=True) if one.criterion == two.criterion]
    assert len(compared) > 4
    for one, two in compared:
        assert two.new_share == pytest.approx(one.new_share, abs=1e-9, nan_ok=True)


def test_only_the_first_pairs_are_searched():
    utilities, weights = drawn(1, sites=30)
    assert len(sensitivity.critical_changes(SEARCHED[2], utilities, weights, names(30), CRITERIA)) == sensitivity.PAIRS
    assert len(sensitivity.critical_changes(SUM, utilities, weights, names(30), CRITERIA)) == 29
    assert sensitivity.critical_changes(SUM, utilities[:1], weights, ["a"], CRITERIA) == ()


def test_one_weight_from_nothing_to_all():
    """Weights .5 .25 .25; with p at 0 the others are .5 each, with p at 1 only p counts."""
    utilities = np.array([[1.0, 0.0, 0.1], [0.0, 0.9, 0.1], [0.4, 0.1, 0.6]])
    found = sensitivity.one_at_a_time(SUM, utilities, np.array([0.5, 0.25, 0.25]), 0)
    assert found.weights == pytest.approx(np.arange(11) / 10)
    assert found.ranks[0].tolist() == [3, 1, 2]
    assert found.ranks[-1].tolist() == [1, 3, 2]
    middle = aggregate(SUM, utilities, np.array([0.4, 0.3, 0.3]))
    assert found.ranks[4].tolist() == ranks(middle).tolist()


def test_a_criterion_with_all_the_weight_gives_it_up_evenly():
    shares = sensitivity.shifted(np.array([0.0, 1.0, 0.0]), 1, np.array([0.0, 0.4, 1.0]))
    assert shares == pytest.approx(np.array([[0.5, 0, 0.5], [0.3, 0.4, 0.3], [0, 1, 0]]))
    assert sensitivity.shifted(np.array([1.0]), 0, np.array([1.0])).tolist() == [[1.0]]


def test_dropping_a_site_reverses_two_others_in_topsis():
    utilities, weights = drawn(0, sites=25)
    spec = schemes.Topsis(method="topsis", normalisation="min_max")
    ids = names(25)
    found = sensitivity.reversals(spec, utilities, weights, ids)
    assert len(found) == sensitivity.DROPPED
    changed = [reversal for reversal in found if reversal.changed]
    assert changed
    for reversal in found:
        rest = [at for at, name in enumerate(ids) if name != reversal.dropped]
        before = ranks(aggregate(spec, utilities, weights)[rest])
        after = ranks(aggregate(spec, utilities[rest], weights))
        expected = {ids[at]: (b, a) for at, b, a in zip(rest, before, after, strict=True) if a != b}
        assert {move.site: (move.before, move.after) for move in reversal.changed} == expected


@pytest.mark.parametrize("spec", [*CLOSED[:2], SEARCHED[1]], ids=lambda spec: spec.method)
def test_methods_that_look_at_one_site_cannot_reverse(spec):
    utilities, weights = drawn(0)
    assert sensitivity.reversals(spec, utilities, weights, names(9)) == ()


def test_pareto_front_and_who_dominates_whom():
    r"""Five sites on two criteria; d is as good as b on one and worse on the other.

    ::

        1.0 a
        0.6      b
        0.5    e d
        0.1           c
           .1  .4 .5  .9
    """
    utilities = np.array([[0.1, 1.0], [0.5, 0.6], [0.9, 0.1], [0.5, 0.5], [0.4, 0.5]])
    assert [by.tolist() for by in dominance.dominated_by(utilities, utilities)] == [[], [], [], [1], [1, 3]]
    assert dominance.front(utilities, utilities).tolist() == [0, 1, 2]


def test_equal_sites_do_not_dominate_each_other():
    utilities = np.full((3, 2), 0.5)
    assert dominance.front(utilities, utilities).tolist() == [0, 1, 2]


def test_a_site_with_a_missing_value_is_dominated_only_for_certain():
    low, high = np.array([[0.0, 0.2], [0.6, 0.4], [1.0, 0.4]]), np.array([[1.0, 0.2], [0.6, 0.4], [1.0, 0.4]])
    assert [by.tolist() for by in dominance.dominated_by(low, high)] == [[2], [2], []]


def test_dominance_of_many_sites_in_blocks_is_that_of_pairs():
    utilities = np.random.default_rng(0).integers(0, 6, (1100, 3)) / 5
    by = dominance.dominated_by(utilities, utilities)
    for row in (0, 500, 953, 1099):
        pairs = (utilities >= utilities[row]).all(axis=1) & (utilities > utilities[row]).any(axis=1)
        assert by[row].tolist() == np.flatnonzero(pairs).tolist()


def test_rank_correlation_by_hand():
    """Of six pairs one is turned round: tau 4/6; squared differences sum to 2: rho 1 - 12/60."""
    one, other = np.array([1, 2, 3, 4]), np.array([2, 1, 3, 4])
    assert dominance.kendall_tau(one, other) == pytest.approx(2 / 3)
    assert dominance.spearman(one, other) == pytest.approx(0.8)
    assert dominance.kendall_tau(one, np.ones(4, dtype=int)) is None
    assert dominance.spearman(np.array([1]), np.array([1])) is None


def test_sites_that_move():
    found = dominance.moved(["a", "b", "c"], np.array([2, 1, 3]), np.array([1, 2, 3]))
    assert [(move.site, move.before, move.after) for move in found] == [("b", 1, 2), ("a", 2, 1)]
