"""What it takes to change a ranking: another weight, or one site less (layer 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.suitability import schemes
from geo.suitability.aggregation import TIE, aggregate, depends_on_others, linear_parts, ranks
from geo.suitability.dominance import Moved, moved

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PAIRS = 20  # neighbouring pairs looked at where there is no closed form
DROPPED = 20  # first sites dropped, one at a time
_GRID = 201  # shares tried before bisecting
_HALVINGS = 50


@dataclass(frozen=True)
class Critical:
    """The smallest change of one weight at which two neighbours in the ranking tie.

    Attributes
    ----------
    ahead, behind : str
    criterion : str or None
        None, and the numbers NaN, where no single weight can bring them level.
    weight, change, new_weight : float
        ``new_weight = weight + change``. In closed form (`exact`) the other weights stay as
        they are and the sum is no longer one; scaled back to one, as it is before use,
        the weight is `new_share`. By bisection the others shrink or grow in proportion
        and `new_weight` is `new_share`.
    relative_percent : float
        Change in percent of the weight; NaN for a weight of zero.
    new_share : float
        The weight at which they tie when all weights sum to one and the others keep
        their proportions.
    exact : bool
    """

    ahead: str
    behind: str
    criterion: str | None
    weight: float
    change: float
    relative_percent: float
    new_weight: float
    new_share: float
    exact: bool


@dataclass(frozen=True)
class OneAtATime:
    """Ranks while the weight of one criterion runs from 0 to 1.

    Attributes
    ----------
    criterion : int
    weights : array of float, shape (steps,)
    ranks : array of int, shape (steps, n)
    """

    criterion: int
    weights: Floats
    ranks: Ints


@dataclass(frozen=True)
class Reversal:
    """Sites that change places among themselves when another is dropped.

    `before` is the rank among the sites that stay, by the scores with all of them;
    `after` that by the scores without the dropped one.
    """

    dropped: str
    changed: tuple[Moved, ...]


def critical_changes(
    spec: schemes.Aggregation, utilities: Floats, weights: Floats, ids: Sequence[str], criteria: Sequence[str]
) -> tuple[Critical, ...]:
    """Smallest change of one weight that brings each pair of neighbours level.

    For weighted sum, weighted product and PROMETHEE in closed form after Triantaphyllou
    and Sánchez (1997): with parts x of the score (utilities, their logarithms, net flows)
    the weight of criterion k must change by

        ``d = (P_behind - P_ahead) / (x_ahead,k - x_behind,k)``,  ``w_k + d >= 0``,

    where P is the sum of ``w_j x_j``; scaling the weights back to one keeps the order. For
    the other methods the share of one criterion is moved while the others keep their
    proportions: `_GRID` shares are tried, then the nearest change of sign is bisected; only
    the first `PAIRS` pairs. Two crossings between neighbouring shares of the grid go
    unseen.

    Parameters
    ----------
    utilities : array of float, shape (n, m)
    weights : array of float, shape (m,)
    ids, criteria : sequence of str, length n and m

    Returns
    -------
    tuple of Critical
        By rank, then id; of changes equally small the first criterion.

    Examples
    --------
    >>> spec = schemes.Simple(method="weighted_sum")
    >>> u, w = np.array([[1.0, 0.0], [0.0, 0.8]]), np.array([0.5, 0.5])
    >>> found, = critical_changes(spec, u, w, ["a", "b"], ["c1", "c2"])
    >>> found.criterion, round(found.change, 3), round(found.new_share, 3)
    ('c1', -0.1, 0.444)
    """
    scores = aggregate(spec, utilities, weights)
    order = ranked_order(ranks(scores), ids)
    ahead, behind = order[:-1], order[1:]
    if not len(ahead):
        return ()
    parts = linear_parts(spec, utilities)
    if parts is None:
        ahead, behind = ahead[:PAIRS], behind[:PAIRS]
        new = np.stack([_crossing(spec, utilities, weights, k, ahead, behind) for k in range(weights.size)], axis=1)
        change = new - weights
    else:
        change = _closed_form(parts, weights, ahead, behind)
    return tuple(
        _smallest(row, weights, (ids[a], ids[b]), criteria, exact=parts is not None)
        for row, a, b in zip(change, ahead, behind, strict=True)
    )


def one_at_a_time(
    spec: schemes.Aggregation, utilities: Floats, weights: Floats, criterion: int, steps: int = 11
) -> OneAtATime:
    """Ranks while one weight runs from 0 to 1 and the others keep their proportions.

    Where the criterion has all the weight, the others share what it gives up evenly.
    """
    shares = np.linspace(0.0, 1.0, steps)
    drawn = shifted(weights, criterion, shares)
    return OneAtATime(criterion, shares, ranks(aggregate(spec, utilities, drawn)))


def reversals(
    spec: schemes.Aggregation, utilities: Floats, weights: Floats, ids: Sequence[str]
) -> tuple[Reversal, ...]:
    """Rank reversal when a site is dropped; the weights are held.

    Empty at once for methods in which a site's score does not depend on the others. Else
    one entry for each of the first `DROPPED` sites in the ranking.
    """
    if not depends_on_others(spec):
        return ()
    scores = aggregate(spec, utilities, weights)
    by_id = np.array(sorted(range(len(ids)), key=lambda row: ids[row]), dtype=np.intp)
    found = []
    for row in ranked_order(ranks(scores), ids)[:DROPPED]:
        rest = by_id[by_id != row]
        before, after = ranks(scores[rest]), ranks(aggregate(spec, utilities[rest], weights))
        found.append(Reversal(ids[row], moved([ids[other] for other in rest], before, after)))
    return tuple(found)


def ranked_order(ranked: Ints, ids: Sequence[str]) -> NDArray[np.intp]:
    """Row numbers by rank, then id."""
    return np.array(sorted(range(len(ids)), key=lambda row: (ranked[row], ids[row])), dtype=np.intp)


def shifted(weights: Floats, criterion: int, shares: Floats) -> Floats:
    """Weights with one criterion at each of the shares, the others in proportion; shape (shares, m)."""
    others = weights.copy()
    others[criterion] = 0.0
    if not others.sum() > 0:
        others = np.ones(weights.size)
        others[criterion] = 0.0
    others = others / max(others.sum(), TIE)
    drawn = (1 - shares)[:, None] * others
    drawn[:, criterion] = shares
    return np.asarray(drawn)


def _closed_form(parts: Floats, weights: Floats, ahead: NDArray[np.intp], behind: NDArray[np.intp]) -> Floats:
    """Change of each weight that ties each pair, shape (pairs, m); NaN where it cannot be."""
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = parts[ahead] - parts[behind]
        gap = np.zeros(len(ahead))
        for j in range(weights.size):
            if weights[j] > 0:  # 0 times the logarithm of 0 leaves the criterion out
                gap = gap + weights[j] * difference[:, j]
        change = -gap[:, None] / difference
    left = weights.sum() + change > TIE  # some weight must remain
    possible = np.isfinite(change) & np.isfinite(difference) & (change >= -weights) & left
    return np.where(possible, change + 0.0, np.nan)


def _crossing(
    spec: schemes.Aggregation,
    utilities: Floats,
    weights: Floats,
    criterion: int,
    ahead: NDArray[np.intp],
    behind: NDArray[np.intp],
) -> Floats:
    """Share of a criterion, nearest to its own, at which each pair ties; NaN where none."""
    own = weights[criterion]
    shares = np.unique(np.append(np.linspace(0.0, 1.0, _GRID), own))
    centre = int(np.searchsorted(shares, own))
    scores = aggregate(spec, utilities, shifted(weights, criterion, shares))
    level = scores[:, ahead] - scores[:, behind]
    inner = np.full(len(ahead), np.nan)
    outer = np.full(len(ahead), np.nan)
    for pair in range(len(ahead)):
        crossed = np.flatnonzero(level[:, pair] < -TIE)
        if abs(level[centre, pair]) <= TIE:
            # tied already: a change of 0, if the criterion tells them apart at all
            inner[pair] = outer[pair] = own if np.any(np.abs(level[:, pair]) > TIE) else np.nan
        elif len(crossed):
            at = crossed[np.argmin(np.abs(shares[crossed] - own))]
            outer[pair], inner[pair] = shares[at], shares[at - np.sign(at - centre)]
    return _bisected(spec, utilities, weights, criterion, ahead, behind, inner, outer)


def _bisected(
    spec: schemes.Aggregation,
    utilities: Floats,
    weights: Floats,
    criterion: int,
    ahead: NDArray[np.intp],
    behind: NDArray[np.intp],
    inner: Floats,
    outer: Floats,
) -> Floats:
    known = np.flatnonzero(np.isfinite(inner))
    here, there = inner[known], outer[known]
    for _ in range(_HALVINGS if len(known) else 0):
        middle = (here + there) / 2
        scores = aggregate(spec, utilities, shifted(weights, criterion, middle))
        rows = np.arange(len(known))
        still = scores[rows, ahead[known]] >= scores[rows, behind[known]]
        here, there = np.where(still, middle, here), np.where(still, there, middle)
    found = np.full(len(inner), np.nan)
    found[known] = there
    return found


def _smallest(
    change: Floats, weights: Floats, pair: tuple[str, str], criteria: Sequence[str], *, exact: bool
) -> Critical:
    nan = float("nan")
    if np.isnan(change).all():
        return Critical(*pair, None, nan, nan, nan, nan, nan, exact)
    k = int(np.nanargmin(np.abs(change)))
    weight, step = float(weights[k]), float(change[k])
    new = weight + step
    share = new / (1 + step) if exact and 1 + step > 0 else new
    return Critical(*pair, criteria[k], weight, step, 100 * step / weight if weight > 0 else nan, new, share, exact)
