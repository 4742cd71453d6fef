"""Weights of the criteria: given, ranked, compared in pairs, or drawn from the utilities (layer 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.schema import Words
from geo.suitability import ahp, schemes

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weighed:
    """Weights and what must be said of them.

    Attributes
    ----------
    values : array of float, shape (m,)
        In the order of the criteria; they sum to one.
    method : str
        That of the model.
    consistency_ratio : float or None
        Of pairwise judgements only.
    random_index : str or None
        The table the ratio rests on.
    remarks : tuple of Words
    """

    values: Floats
    method: str
    consistency_ratio: float | None = None
    random_index: str | None = None
    remarks: tuple[Words, ...] = ()


def weigh(spec: schemes.Weights, criteria: Sequence[str], utilities: Floats) -> Weighed:
    """Weights of m criteria.

    Parameters
    ----------
    spec : one of `schemes.Weights`
    criteria : sequence of str, length m
        Ids in the order of the model.
    utilities : array of float, shape (n, m)
        Read by ``entropy`` and ``critic`` alone.

    Raises
    ------
    InputError
        If the weights name other criteria, or none of them is above zero.

    Notes
    -----
    ROC: ``w_k = (1/m) sum_{i=k..m} 1/i`` (Barron and Barrett 1996). Rank sum:
    ``w_k = 2 (m + 1 - k) / (m (m + 1))`` (Stillwell, Seaver and Edwards 1981); k is the
    place in the order, the first being the most important.

    Examples
    --------
    >>> spec = schemes.Ranks(method="rank_sum", order=("b", "a", "c"))
    >>> weigh(spec, ["a", "b", "c"], np.zeros((0, 3))).values.round(4).tolist()
    [0.3333, 0.5, 0.1667]
    """
    if isinstance(spec, schemes.Direct):
        _same(spec.values, criteria)
        given = np.array([spec.values[criterion] for criterion in criteria], dtype=float)
        return Weighed(_scaled(given), spec.method)
    if isinstance(spec, schemes.Ranks):
        _same(spec.order, criteria)
        by_place = centroid(len(criteria)) if spec.method == "roc" else rank_sum(len(criteria))
        return Weighed(_placed(by_place, spec.order, criteria), spec.method)
    if isinstance(spec, schemes.Pairwise):
        _same(spec.order, criteria)
        judged = ahp.judge(np.array(spec.matrix, dtype=float), spec.order, spec.random_index)
        values = _placed(judged.weights, spec.order, criteria)
        return Weighed(values, spec.method, judged.consistency_ratio, spec.random_index, judged.remarks)
    if isinstance(spec, schemes.Objective):
        spread = entropy(utilities) if spec.method == "entropy" else critic(utilities)
        return _objective(spec.method, spread, criteria, utilities)
    assert_never(spec)


def centroid(count: int) -> Floats:
    """Rank order centroid weights, the most important first.

    >>> centroid(3).round(4).tolist()
    [0.6111, 0.2778, 0.1111]
    """
    return np.cumsum(1 / np.arange(count, 0, -1))[::-1] / count


def rank_sum(count: int) -> Floats:
    """Rank sum weights, the most important first."""
    return 2 * np.arange(count, 0, -1) / (count * (count + 1))


def entropy(utilities: Floats) -> Floats:
    """Divergence ``1 - e_j`` of each criterion (Shannon entropy; Hwang and Yoon 1981), not yet scaled.

    ``p_ij = u_ij / sum_i u_ij`` and ``e_j = -(1 / ln n) sum_i p_ij ln p_ij``, where
    0 ln 0 = 0. A criterion on which all sites are equal has none. pymcdm differs where
    a utility is 0: it then takes the entropy of the whole criterion as 0.
    """
    varies = _varies(utilities)
    shares = utilities / np.where(varies, utilities.sum(axis=0), 1.0)
    terms = shares * np.log(np.where(shares > 0, shares, 1.0))
    return np.where(varies, 1 + terms.sum(axis=0) / np.log(max(len(utilities), 2)), 0.0)


def critic(utilities: Floats) -> Floats:
    """Information ``s_j sum_k (1 - r_jk)`` of each criterion (Diakoulaki et al. 1995), not yet scaled.

    ``s`` is the standard deviation (n - 1) of the criterion scaled to 0..1, ``r``
    Pearson's correlation. A criterion on which all sites are equal has none and stays
    out of the others' sums.
    """
    information = np.zeros(utilities.shape[1])
    varies = _varies(utilities)
    if not varies.any():
        return information
    column = utilities[:, varies]
    scaled = (column - column.min(axis=0)) / np.ptp(column, axis=0)
    correlation = np.atleast_2d(np.corrcoef(scaled, rowvar=False))
    conflict = np.where(np.abs(1 - correlation) < 1e-12, 0.0, 1 - correlation)
    information[varies] = scaled.std(axis=0, ddof=1) * conflict.sum(axis=0)
    return information


def _varies(utilities: Floats) -> NDArray[np.bool_]:
    if not len(utilities):
        return np.zeros(utilities.shape[1], dtype=bool)
    return np.asarray(np.ptp(utilities, axis=0) > 0)


def _objective(method: str, spread: Floats, criteria: Sequence[str], utilities: Floats) -> Weighed:
    varies = _varies(utilities)
    remarks = [_constant(criterion) for criterion, moves in zip(criteria, varies, strict=True) if not moves]
    if spread.sum() > 0:
        return Weighed(_scaled(spread), method, remarks=tuple(remarks))
    among = varies if varies.any() else np.ones(len(criteria), dtype=bool)
    remarks.append(_EQUAL if not varies.any() else _REDUNDANT)
    return Weighed(_scaled(among.astype(float)), method, remarks=tuple(remarks))


_EQUAL = Words(
    zh="各候选地块在所有准则上均无差异，客观赋权无从区分，改为等权。",
    en="The sites are equal on every criterion, so their spread says nothing of the weights; they are equal.",
)
_REDUNDANT = Words(
    zh="有差异的准则彼此完全相关，客观赋权无从区分，对其等权。",
    en="The criteria that differ between sites say the same of them, so these have equal weights.",
)


def _constant(criterion: str) -> Words:
    return Words(
        zh=f"各候选地块在“{criterion}”上无差异，其客观权重为 0。",
        en=f"The sites are equal on {criterion}; its weight by their spread is 0.",
    )


def _placed(by_order: Floats, order: Sequence[str], criteria: Sequence[str]) -> Floats:
    return np.array([by_order[list(order).index(criterion)] for criterion in criteria])


def _scaled(values: Floats) -> Floats:
    total = values.sum()
    if not total > 0:
        raise InputError(
            "no weight is above zero",
            "权重全部为零",
            field="weights",
            remedy_en="give at least one criterion a weight above zero",
            remedy_zh="至少给一项准则大于零的权重",
        )
    return np.asarray(values / total)


def _same(named: Sequence[str] | Mapping[str, float], criteria: Sequence[str]) -> None:
    names = list(named)
    if len(names) == len(criteria) and set(names) == set(criteria):
        return
    raise InputError(
        "the weights do not name each criterion of the model once",
        "权重所列准则与模型的准则不一致",
        field="weights",
        value=", ".join(names),
        remedy_en=f"name each of: {', '.join(criteria)}",
        remedy_zh=f"逐项列出：{'、'.join(criteria)}",
    )
