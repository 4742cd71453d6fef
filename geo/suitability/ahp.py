"""Weights from pairwise comparison: Saaty's analytic hierarchy process (layer 5).

The consistency ratio is always that of a named table of random indices, since the
same matrix passes with one and fails with another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.schema import Words

LIMIT = 0.10  # of the consistency ratio, Saaty (1980)
ROUNDING = 0.005  # of a product of reciprocals: three decimals of a fraction are enough

# Mean consistency index of random matrices of size 3, 4, …, as printed. The 1980 table
# stops where its copies part (size 12: 1.48 or 1.54), that of 2004 where it ends.
RANDOM_INDEX: Mapping[str, tuple[float, ...]] = {
    "saaty-1980": (0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51),
    "saaty-2004": (0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49),
    "alonso-lamata-2006": (
        0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854, 1.5141, 1.5365, 1.5551, 1.5713, 1.5838,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """What a matrix of pairwise judgements says.

    Attributes
    ----------
    weights : array of float, shape (n,)
        Principal eigenvector, summing to one.
    lambda_max : float
        Principal eigenvalue.
    consistency_index : float
        ``(lambda_max - n) / (n - 1)``; 0 for n = 1.
    consistency_ratio : float or None
        Index by random index; 0 up to n = 2, None beyond the end of the table.
    remarks : tuple of Words
        Pairs that are not reciprocal, a ratio of `LIMIT` or more, the worst triad.
    """

    weights: NDArray[np.float64]
    lambda_max: float
    consistency_index: float
    consistency_ratio: float | None
    remarks: tuple[Words, ...]


@dataclass(frozen=True)
class Triad:
    """Three judgements and how far they contradict each other.

    Attributes
    ----------
    i, j, k : int
        Rows of the matrix, ascending.
    distance : float
        ``|ln a_ij + ln a_jk - ln a_ik|``, 0 where they agree.
    change : tuple of int
        The pair whose judgement, mended by the other two, leaves the whole matrix the
        most consistent.
    judgement : float
        What that pair's judgement would be.
    index_after : float
        Consistency index of the matrix so mended, and made reciprocal in that pair.
    """

    i: int
    j: int
    k: int
    distance: float
    change: tuple[int, int]
    judgement: float
    index_after: float


def judge(matrix: NDArray[np.float64], criteria: Sequence[str], random_index: str) -> Judged:
    """Weights and consistency of a positive square matrix (Saaty 1980).

    Parameters
    ----------
    matrix : array of float, shape (n, n)
        ``a_ij``: how many times criterion i outweighs criterion j.
    criteria : sequence of str, length n
        Ids, for the remarks.
    random_index : str
        A name of `RANDOM_INDEX`.

    Raises
    ------
    InputError
        If the matrix is not square, positive and of the size of `criteria`.

    Examples
    --------
    >>> judged = judge(np.array([[1, 3], [1 / 3, 1]]), ["a", "b"], "saaty-1980")
    >>> judged.weights.round(4).tolist(), judged.consistency_ratio
    ([0.75, 0.25], 0.0)
    """
    size = len(criteria)
    if matrix.shape != (size, size) or not np.all(matrix > 0):
        raise InputError(
            f"a pairwise matrix of {size} criteria has {size} rows and columns of positive numbers",
            f"{size} 项准则的两两比较矩阵须为 {size} 行 {size} 列的正数",
            value=matrix.tolist(),
        )
    weights, value = _principal(matrix)
    index = (value - size) / (size - 1) if size > 1 else 0.0
    ratio = _ratio(index, size, random_index)
    crooked = _not_reciprocal(matrix)
    remarks = [_reciprocal_remark(matrix, pair, criteria) for pair in crooked]
    if ratio is None:
        remarks.append(_no_table(size, random_index))
    elif ratio >= LIMIT:
        remarks.append(_inconsistent(ratio, random_index))
    triad = worst_triad(matrix)
    if triad and triad.distance > ROUNDING and (crooked or ratio is None or ratio >= LIMIT):
        after = _ratio(triad.index_after, size, random_index)
        remarks.append(_triad_remark(matrix, triad, criteria, after))
    return Judged(weights, value, index, ratio, tuple(remarks))


def worst_triad(matrix: NDArray[np.float64]) -> Triad | None:
    """The three judgements above the diagonal that contradict each other most; None below size 3.

    Of triads equally bad the first in the order of the rows is given.
    """
    size = len(matrix)
    if size < 3:
        return None
    logs = np.log(matrix)
    i, j, k = max(
        combinations(range(size), 3),
        key=lambda at: round(abs(logs[at[0], at[1]] + logs[at[1], at[2]] - logs[at[0], at[2]]), 12),
    )
    gap = float(logs[i, j] + logs[j, k] - logs[i, k])
    mended = {
        (i, k): float(matrix[i, j] * matrix[j, k]),
        (i, j): float(matrix[i, k] / matrix[j, k]),
        (j, k): float(matrix[i, k] / matrix[i, j]),
    }
    after = {pair: _index_with(matrix, pair, value) for pair, value in mended.items()}
    best = min(after, key=lambda pair: round(after[pair], 12))
    return Triad(i, j, k, abs(gap), best, mended[best], after[best])


def _principal(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    # a positive matrix has a simple, real, largest eigenvalue with a positive vector (Perron)
    values, vectors = np.linalg.eig(matrix)
    at = int(np.argmax(values.real))
    vector = np.abs(vectors[:, at].real)
    return vector / vector.sum(), float(values[at].real)


def _index_with(matrix: NDArray[np.float64], pair: tuple[int, int], value: float) -> float:
    changed = matrix.copy()
    changed[pair], changed[pair[::-1]] = value, 1 / value
    return (_principal(changed)[1] - len(matrix)) / (len(matrix) - 1)


def _ratio(index: float, size: int, table: str) -> float | None:
    if size < 3:
        return 0.0
    indices = RANDOM_INDEX[table]
    return index / indices[size - 3] if size - 3 < len(indices) else None


def _not_reciprocal(matrix: NDArray[np.float64]) -> list[tuple[int, int]]:
    off = np.argwhere(np.abs(matrix * matrix.T - 1) > ROUNDING)
    return [(int(i), int(j)) for i, j in off if i <= j]


def _reciprocal_remark(matrix: NDArray[np.float64], pair: tuple[int, int], criteria: Sequence[str]) -> Words:
    i, j = pair
    if i == j:
        return Words(
            zh=f"两两比较矩阵中“{criteria[i]}”与自身相比为 {matrix[i, i]:g}，应为 1。",
            en=f"In the pairwise matrix {criteria[i]} against itself is {matrix[i, i]:g}; it must be 1.",
        )
    there, back, due = matrix[i, j], matrix[j, i], 1 / matrix[i, j]
    return Words(
        zh=f"两两比较矩阵不互反：“{criteria[i]}”比“{criteria[j]}”为 {there:g}，反向为 {back:g}，应为 {due:.4g}。",
        en=f"The pairwise matrix is not reciprocal: {criteria[i]} to {criteria[j]} is {there:g}, "
        f"the reverse {back:g} instead of {due:.4g}.",
    )


def _inconsistent(ratio: float, table: str) -> Words:
    return Words(
        zh=f"判断矩阵一致性比例 CR = {ratio:.3f}（随机指标 {table}），不小于 {LIMIT:g}，宜复核各项判断。",
        en=f"The judgements are inconsistent: CR = {ratio:.3f} by the random index {table}, "
        f"not below {LIMIT:g}; review them.",
    )


def _no_table(size: int, table: str) -> Words:
    return Words(
        zh=f"随机指标 {table} 未列 {size} 阶，一致性比例无从计算。",
        en=f"The random index {table} has no value for {size} criteria; there is no consistency ratio.",
    )


def _triad_remark(matrix: NDArray[np.float64], triad: Triad, criteria: Sequence[str], after: float | None) -> Words:
    pairs = [(triad.i, triad.j), (triad.j, triad.k), (triad.i, triad.k)]
    said_zh = "、".join(f"“{criteria[a]}”比“{criteria[b]}”{matrix[a, b]:.4g}" for a, b in pairs)
    said_en = ", ".join(f"{criteria[a]} to {criteria[b]} {matrix[a, b]:.4g}" for a, b in pairs)
    a, b = (criteria[at] for at in triad.change)
    then_zh = "" if after is None else f"，一致性比例变为 {max(after, 0.0):.3f}"
    then_en = "" if after is None else f", the ratio becomes {max(after, 0.0):.3f}"
    return Words(
        zh=f"矛盾最大的三项判断：{said_zh}。若“{a}”比“{b}”改为 {triad.judgement:.4g}，三者相符{then_zh}。",
        en=f"The three judgements that contradict each other most: {said_en}. "
        f"With {a} to {b} at {triad.judgement:.4g} they agree{then_en}.",
    )
