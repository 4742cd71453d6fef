"""Sites that another beats whatever the weights, and how alike two rankings are (layer 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_CELLS = 1 << 20  # of a block of comparisons


@dataclass(frozen=True)
class Moved:
    """A site whose rank differs between two rankings."""

    site: str
    before: int
    after: int


def dominated_by(low: NDArray[np.float64], high: NDArray[np.float64]) -> list[NDArray[np.intp]]:
    """For each site, those that dominate it for certain.

    Site b dominates a if the lowest utility of b is at least the highest of a on every
    criterion, and above it on one. Without missing values this is Pareto dominance.

    Parameters
    ----------
    low, high : array of float, shape (n, m)
        Utilities; they differ where a value is missing.

    Returns
    -------
    list of n arrays of int
        Row numbers, ascending.

    Examples
    --------
    >>> u = np.array([[0.9, 0.5], [0.8, 0.5], [0.1, 1.0]])
    >>> [by.tolist() for by in dominated_by(u, u)]
    [[], [0], []]
    """
    count, criteria = low.shape
    block = max(1, _CELLS // max(1, count))
    found: list[NDArray[np.intp]] = []
    for start in range(0, count, block):
        own = high[start : start + block]
        at_least = np.ones((len(own), count), dtype=bool)
        above = np.zeros((len(own), count), dtype=bool)
        for j in range(criteria):
            at_least &= low[:, j] >= own[:, j, None]
            above |= low[:, j] > own[:, j, None]
        found += [np.flatnonzero(row) for row in at_least & above]
    return found


def front(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.intp]:
    """Row numbers of the sites that no other dominates for certain (the Pareto front)."""
    return np.array([row for row, by in enumerate(dominated_by(low, high)) if not len(by)], dtype=np.intp)


def kendall_tau(one: NDArray[np.int64], other: NDArray[np.int64]) -> float | None:
    """Kendall's tau-b of two rankings of the same sites; None where one ties them all."""
    from scipy.stats import kendalltau

    return None if _flat(one, other) else float(kendalltau(one, other).statistic)


def spearman(one: NDArray[np.int64], other: NDArray[np.int64]) -> float | None:
    """Spearman's correlation of two rankings, ties at their mean rank; None where one ties them all."""
    from scipy.stats import spearmanr

    return None if _flat(one, other) else float(spearmanr(one, other).statistic)


def moved(ids: Sequence[str], before: NDArray[np.int64], after: NDArray[np.int64]) -> tuple[Moved, ...]:
    """Sites whose rank changed, in the order of the ranking before, then of the ids."""
    changed = [Moved(site, int(b), int(a)) for site, b, a in zip(ids, before, after, strict=True) if int(b) != int(a)]
    return tuple(sorted(changed, key=lambda move: (move.before, move.site)))


def _flat(one: NDArray[np.int64], other: NDArray[np.int64]) -> bool:
    return len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0
