"""Weights of the criteria: published results, pymcdm, and matrices that can be checked by hand."""

from __future__ import annotations

import numpy as np
import pymcdm.weights
import pytest

from geo.errors import InputError
from geo.suitability import ahp, schemes, weights

NONE = np.zeros((0, 3))
GRASS = np.array([[1, 0.2, 3], [5, 1, 5], [0.3, 0.2, 1]])  # of the manual of r.mcda.ahp
DRINKS = ("coffee", "wine", "tea", "beer", "soda", "milk", "water")  # of the manual of AHPy


def pairwise(order, matrix, table="saaty-1980"):
    rows = tuple(tuple(float(cell) for cell in row) for row in matrix)
    return schemes.Pairwise(method="ahp", order=order, matrix=rows, random_index=table)


def reciprocal(upper, size):
    matrix = np.ones((size, size))
    matrix[np.triu_indices(size, 1)] = upper
    matrix[np.tril_indices(size, -1)] = 1 / matrix.T[np.tril_indices(size, -1)]
    return matrix


def test_weights_given_are_scaled_and_follow_the_order_of_the_model():
    spec = schemes.Direct(method="direct", values={"b": 3, "a": 1, "c": 0})
    assert weights.weigh(spec, ["a", "b", "c"], NONE).values.tolist() == [0.25, 0.75, 0.0]


@pytest.mark.parametrize("values", [{"a": 1}, {"a": 1, "b": 1, "c": 1, "d": 1}, {"a": 0, "b": 0, "c": 0}])
def test_weights_of_other_criteria_or_none_above_zero_are_an_error(values):
    with pytest.raises(InputError) as caught:
        weights.weigh(schemes.Direct(method="direct", values=values), ["a", "b", "c"], NONE)
    assert caught.value.zh and caught.value.remedy_en


def test_centroid_and_rank_sum_of_four():
    """Printed in Barron and Barrett 1996 and Stillwell et al. 1981: .5208 .2708 .1458 .0625; .4 .3 .2 .1."""
    order = ("c", "a", "d", "b")
    roc = weights.weigh(schemes.Ranks(method="roc", order=order), ["a", "b", "c", "d"], NONE)
    assert roc.values.round(4).tolist() == [0.2708, 0.0625, 0.5208, 0.1458]
    total = weights.weigh(schemes.Ranks(method="rank_sum", order=order), ["a", "b", "c", "d"], NONE)
    assert total.values == pytest.approx([0.3, 0.1, 0.4, 0.2], abs=1e-15)
    with pytest.raises(InputError):
        weights.weigh(schemes.Ranks(method="roc", order=("a", "a", "b", "c")), ["a", "b", "c", "d"], NONE)


def test_the_drinks_of_ahpy():
    upper = [
        9, 5, 2, 1, 1, 1 / 2,
        1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9,
        1 / 3, 1 / 4, 1 / 3, 1 / 9,
        1 / 2, 1, 1 / 3,
        2, 1 / 2,
        1 / 3,
    ]  # fmt: skip
    weighed = weights.weigh(pairwise(DRINKS, reciprocal(upper, 7)), sorted(DRINKS), NONE)
    printed = dict(zip(DRINKS, [0.1775, 0.0191, 0.0418, 0.1164, 0.1896, 0.1288, 0.3268], strict=True))
    assert weighed.values.round(4).tolist() == [printed[drink] for drink in sorted(DRINKS)]
    assert weighed.consistency_ratio < ahp.LIMIT
    assert weighed.remarks == ()


@pytest.mark.parametrize(
    ("table", "ratio"), [("saaty-1980", 0.097), ("saaty-2004", 0.108), ("alonso-lamata-2006", 0.107)]
)
def test_the_same_matrix_passes_by_one_table_and_fails_by_another(table, ratio):
    judged = ahp.judge(GRASS, ["a", "b", "c"], table)
    assert judged.weights.round(4).tolist() == [0.2018, 0.7030, 0.0952]
    assert round(judged.lambda_max, 4) == 3.1124
    assert round(judged.consistency_ratio, 3) == ratio
    said = [remark.en for remark in judged.remarks]
    assert any("not reciprocal: a to c is 3, the reverse 0.3 instead of 0.3333" in text for text in said)
    assert any("inconsistent" in text and table in text for text in said) == (ratio >= ahp.LIMIT)
    assert all(remark.zh for remark in judged.remarks)


def test_the_worst_triad_is_found_and_the_judgement_that_mends_it():
    """Weights 8:4:2:1 throughout, but d is said to outweigh a by 3 instead of a outweighing d by 8."""
    matrix = reciprocal([2, 4, 1 / 3, 2, 4, 2], 4)
    triad = ahp.worst_triad(matrix)
    assert triad.change == (0, 3)
    assert triad.judgement == pytest.approx(8)
    assert triad.distance == pytest.approx(np.log(24))
    assert triad.index_after == pytest.approx(0, abs=1e-12)
    judged = ahp.judge(matrix, ["a", "b", "c", "d"], "saaty-1980")
    assert judged.consistency_ratio > 0.1
    assert "With a to d at 8 they agree, the ratio becomes 0.000." in judged.remarks[-1].en
    assert "“a”比“d”改为 8" in judged.remarks[-1].zh


def test_a_consistent_matrix_of_three_decimals_gets_no_remark():
    judged = ahp.judge(np.array([[1, 3, 6], [0.333, 1, 2], [0.167, 0.5, 1]]), ["a", "b", "c"], "saaty-1980")
    assert judged.weights == pytest.approx([2 / 3, 2 / 9, 1 / 9], abs=1e-3)
    assert judged.remarks == ()


def test_a_diagonal_that_is_not_one_is_said():
    judged = ahp.judge(np.array([[1.0, 2.0], [0.5, 2.0]]), ["a", "b"], "saaty-1980")
    assert [remark.en for remark in judged.remarks] == ["In the pairwise matrix b against itself is 2; it must be 1."]


def test_beyond_the_table_there_is_no_ratio_but_a_remark():
    judged = ahp.judge(np.ones((12, 12)), [f"c{at}" for at in range(12)], "saaty-1980")
    assert judged.consistency_ratio is None
    assert judged.weights == pytest.approx([1 / 12] * 12)
    assert "no value for 12 criteria" in judged.remarks[0].en


@pytest.mark.parametrize("matrix", [np.ones((2, 3)), np.array([[1.0, -2.0], [0.5, 1.0]])])
def test_a_matrix_that_is_not_square_and_positive_is_an_error(matrix):
    with pytest.raises(InputError):
        ahp.judge(matrix, ["a", "b"], "saaty-1980")


def test_two_criteria_are_always_consistent():
    assert ahp.judge(np.array([[1, 9], [1 / 9, 1]]), ["a", "b"], "saaty-1980").consistency_ratio == 0.0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("method", ["entropy", "critic"])
def test_objective_weights_are_those_of_pymcdm(method, seed):
    utilities = np.random.default_rng(seed).uniform(0.05, 1, (12, 5))
    weighed = weights.weigh(schemes.Objective(method=method), list("abcde"), utilities)
    theirs = getattr(pymcdm.weights, f"{method}_weights")(utilities)
    assert weighed.values == pytest.approx(theirs, abs=1e-9)
    assert weighed.remarks == ()


def test_entropy_takes_zero_times_the_logarithm_of_zero_as_zero():
    """Column a: shares 1/2, 1/2, 0, 0: e = ln 2 / ln 4 = 1/2. Column b: all in one site: e = 0."""
    utilities = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    weighed = weights.weigh(schemes.Objective(method="entropy"), ["a", "b"], utilities)
    assert weighed.values == pytest.approx([1 / 3, 2 / 3], abs=1e-15)


@pytest.mark.parametrize("method", ["entropy", "critic"])
def test_a_criterion_without_differences_weighs_nothing_and_is_named(method):
    utilities = np.array([[0.1, 0.3, 0.0, 0.9], [0.2, 0.3, 0.0, 0.1], [0.9, 0.3, 0.0, 0.2]])
    weighed = weights.weigh(schemes.Objective(method=method), list("abcd"), utilities)
    assert weighed.values[[1, 2]].tolist() == [0.0, 0.0]
    assert weighed.values.sum() == pytest.approx(1)
    assert np.isfinite(weighed.values).all()
    assert [remark.en.split(";")[0] for remark in weighed.remarks] == [
        "The sites are equal on b", "The sites are equal on c",
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["entropy", "critic"])
@pytest.mark.parametrize("sites", [0, 1, 4])
def test_where_all_sites_are_equal_the_weights_are_equal(method, sites):
    weighed = weights.weigh(schemes.Objective(method=method), ["a", "b"], np.full((sites, 2), 0.4))
    assert weighed.values.tolist() == [0.5, 0.5]
    assert "equal" in weighed.remarks[-1].en


def test_critic_of_criteria_that_say_the_same_weighs_them_equally():
    utilities = np.array([[0.1, 0.2, 0.5], [0.3, 0.6, 0.5], [0.2, 0.4, 0.5]])
    weighed = weights.weigh(schemes.Objective(method="critic"), ["a", "b", "c"], utilities)
    assert weighed.values.tolist() == [0.5, 0.5, 0.0]
    assert "say the same" in weighed.remarks[-1].en
