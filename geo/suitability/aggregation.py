"""Utilities and weights to scores and ranks (layer 5).

Higher is better for every method. Sums run criterion by criterion, so that the score
of a site has the same bits whatever other sites there are and however many weights
are drawn at once; methods that look at all sites (`depends_on_others`) want these in
the order of their ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.suitability import schemes

Floats = NDArray[np.float64]

TIE = 1e-12  # scores no further apart are equal
_LOG_ZERO = -1e300  # of a utility 0: any weight makes exp 0, weight 0 leaves it out


def aggregate(spec: schemes.Aggregation, utilities: Floats, weights: Floats) -> Floats:
    """Scores of n sites.

    Parameters
    ----------
    spec : one of `schemes.Aggregation`
    utilities : array of float, shape (n, m)
        In 0..1, higher is better.
    weights : array of float, shape (m,) or (draws, m)
        Not negative, each row summing to one.

    Returns
    -------
    array of float, shape (n,) or (draws, n)

    Raises
    ------
    InputError
        If the order weights of OWA are not m, or all zero; if PROMETHEE has p < q.

    Notes
    -----
    weighted_sum : ``sum_j w_j u_j``.
    weighted_product : ``prod_j u_j^w_j``; 0 where a utility of a weighted criterion is 0.
    topsis : ``D- / (D+ + D-)``, Euclidean distances to the worst and best value of each
        weighted, normalised criterion (Hwang and Yoon 1981); 0.5 for all where the sites
        are equal. ``vector`` divides by the root of the sum of squares, ``min_max`` runs
        from the lowest to the highest utility of these sites, ``none`` takes the utility.
    owa : ``m sum_k v_k x_(k)`` with ``x_j = w_j u_j`` in ascending order and order
        weights v scaled to one: ordered weighting (Yager 1988) of criteria already weighted,
        as in Jiang and Eastman (2000), scaled as the hybrid weighted average of Xu and Da
        (2003). So equal order weights give the weighted sum; with others a score may exceed
        1. It never falls when a utility rises, unlike forms that divide by the reordered weights.
    promethee : net flow ``sum_j w_j phi_j`` in -1..1, see `net_flows`.
    vikor : ``1 - Q``, ``Q = v (S - S*) / (S- - S*) + (1 - v) (R - R*) / (R- - R*)``
        (Opricovic and Tzeng 2004); a criterion on which all sites are equal adds nothing,
        nor does S or R where all sites have the same (pymcdm gives up or NaN there).

    Examples
    --------
    >>> spec = schemes.Simple(method="weighted_sum")
    >>> aggregate(spec, np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([0.75, 0.25])).tolist()
    [0.75, 0.5]
    """
    draws = np.atleast_2d(weights)
    parts = prepare(spec, [utilities[:, j] for j in range(utilities.shape[1])])
    scores = combine(spec, parts, draws)
    return scores[0] if weights.ndim == 1 else scores


@dataclass(frozen=True)
class Parts:
    """What a method makes of the utilities before the weights come in.

    Attributes
    ----------
    columns : m arrays of float, each of shape (n,) or (draws, n)
        Utilities, their logarithms, net flows, regrets, or squared distances to the best.
    opposite : m arrays of float
        Squared distances to the worst; empty but for TOPSIS.
    """

    columns: Sequence[Floats]
    opposite: Sequence[Floats] = ()


def prepare(spec: schemes.Aggregation, columns: Sequence[Floats]) -> Parts:
    """The part of a method that no weight enters.

    Parameters
    ----------
    columns : m arrays of float
        Utilities of one criterion each, of shape (n,), or (draws, n) where they are drawn.
    """
    if not columns[0].shape[-1]:
        return Parts(columns, columns)
    if isinstance(spec, schemes.Simple):
        return Parts(columns if spec.method == "weighted_sum" else [_logs(column) for column in columns])
    if isinstance(spec, schemes.Promethee):
        return Parts([net_flows(column, spec.q, spec.p) for column in columns])
    if isinstance(spec, schemes.Owa):
        return Parts(columns)
    if isinstance(spec, schemes.Topsis):
        scaled = [_normalised(column, spec.normalisation) for column in columns]
        return Parts(
            [(column.max(axis=-1, keepdims=True) - column) ** 2 for column in scaled],
            [(column - column.min(axis=-1, keepdims=True)) ** 2 for column in scaled],
        )
    if isinstance(spec, schemes.Vikor):
        return Parts([_spread(-column) for column in columns])
    assert_never(spec)


def combine(spec: schemes.Aggregation, parts: Parts, weights: Floats) -> Floats:
    """Scores from what `prepare` gave.

    Parameters
    ----------
    weights : array of float, shape (draws, m), or (1, m) for all draws

    Returns
    -------
    array of float, shape (draws, n)
    """
    if isinstance(spec, schemes.Simple):
        total = _weighted_sum(parts.columns, weights)
        return total if spec.method == "weighted_sum" else np.exp(total)
    if isinstance(spec, schemes.Promethee):
        return _weighted_sum(parts.columns, weights)
    if isinstance(spec, schemes.Owa):
        return _owa(parts.columns, weights, spec.order)
    if isinstance(spec, schemes.Topsis):
        return _closeness(parts, weights)
    if isinstance(spec, schemes.Vikor):
        return _vikor(parts.columns, weights, spec.v)
    assert_never(spec)


def depends_on_others(spec: schemes.Aggregation) -> bool:
    """Whether a site's score depends on which other sites there are."""
    return isinstance(spec, schemes.Topsis | schemes.Promethee | schemes.Vikor)


def linear_parts(spec: schemes.Aggregation, utilities: Floats) -> Floats | None:
    """What the weights multiply, shape (n, m), where the order of sites is that of a weighted sum.

    Utilities for the weighted sum, their logarithms for the product (minus infinity for
    0), unicriterion net flows for PROMETHEE; None for other methods.
    """
    if isinstance(spec, schemes.Simple) and spec.method == "weighted_sum":
        return utilities
    if isinstance(spec, schemes.Simple):
        with np.errstate(divide="ignore"):
            return np.log(utilities)
    if isinstance(spec, schemes.Promethee):
        flows = [net_flows(utilities[:, j], spec.q, spec.p) for j in range(utilities.shape[1])]
        return np.stack(flows, axis=1)
    return None


def contributions(spec: schemes.Aggregation, utilities: Floats, weights: Floats) -> Floats | None:
    """What each criterion adds to the score, shape (n, m); None where a score is not a sum.

    For the weighted sum ``w_j u_j``, for PROMETHEE ``w_j phi_j``.
    """
    if isinstance(spec, schemes.Simple) and spec.method == "weighted_product":
        return None
    parts = linear_parts(spec, utilities)
    return None if parts is None else parts * weights


def net_flows(column: Floats, q: float, p: float) -> Floats:
    """Unicriterion net flows of PROMETHEE II (Brans and Vincke 1985), in -1..1.

    ``phi(a) = 1/(n-1) sum_b [P(u_a - u_b) - P(u_b - u_a)]``; P(d) is 0 up to `q`, 1 from
    `p` on and straight between; with p = q it jumps above q (with both 0 the usual
    criterion). Found from the sorted utilities, not from pairs.

    Parameters
    ----------
    column : array of float, shape (n,) or (draws, n)
    q, p : float
        Indifference and preference threshold, q <= p.

    Examples
    --------
    >>> net_flows(np.array([0.2, 0.9, 0.2]), 0.0, 0.0).tolist()
    [-0.5, 1.0, -0.5]
    """
    if p < q:
        raise InputError(
            f"the preference threshold p ({p:g}) is below the indifference threshold q ({q:g})",
            f"偏好阈值 p（{p:g}）小于无差异阈值 q（{q:g}）",
            field="aggregation",
        )
    if column.ndim == 2:
        return np.stack([net_flows(row, q, p) for row in column])
    if len(column) < 2:
        return np.zeros(len(column))
    order = np.argsort(column)
    rising = column[order]
    flows = np.empty(len(column))
    flows[order] = (_preferred(rising, q, p) - _preferred(-rising[::-1], q, p)[::-1]) / (len(column) - 1)
    return flows


def _preferred(rising: Floats, q: float, p: float) -> Floats:
    """Sum over all b of P(u_a - u_b)."""
    some = np.searchsorted(rising, rising - q, side="left")
    if p == q:
        return some.astype(float)
    full = np.searchsorted(rising, rising - p, side="right")
    sums = np.concatenate([[0.0], np.cumsum(rising)])
    between = (some - full) * (rising - q) - (sums[some] - sums[full])
    return np.asarray(full + between / (p - q))


def ranks(scores: Floats) -> NDArray[np.int64]:
    """Ranks from 1 for the highest score; equal scores share one (1, 2, 2, 4).

    Scores are equal that stand next to each other and differ by `TIE` at most.

    Parameters
    ----------
    scores : array of float, shape (n,) or (draws, n)

    Examples
    --------
    >>> ranks(np.array([0.3, 0.9, 0.3, 0.1])).tolist()
    [2, 1, 2, 4]
    """
    order = np.argsort(-scores, axis=-1)
    falling = np.take_along_axis(scores, order, axis=-1)
    places = np.broadcast_to(np.arange(1, scores.shape[-1] + 1), scores.shape).copy()
    places[..., 1:][falling[..., :-1] - falling[..., 1:] <= TIE] = 0
    np.maximum.accumulate(places, axis=-1, out=places)
    ranked = np.empty_like(places)
    np.put_along_axis(ranked, order, places, axis=-1)
    return ranked


def _weighted_sum(columns: Sequence[Floats], weights: Floats) -> Floats:
    total = weights[:, 0, None] * columns[0]
    for j in range(1, len(columns)):
        total = total + weights[:, j, None] * columns[j]
    return total


def _logs(column: Floats) -> Floats:
    return np.where(column > 0, np.log(np.where(column > 0, column, 1.0)), _LOG_ZERO)


def _owa(columns: Sequence[Floats], weights: Floats, order: Sequence[float]) -> Floats:
    count = len(columns)
    share = np.array(order, dtype=float)
    if len(share) != count or not share.sum() > 0:
        raise InputError(
            f"OWA needs {count} order weights, from the lowest value to the highest, not all zero",
            f"OWA 须给 {count} 个次序权重（由最低值到最高值），且不全为零",
            field="aggregation",
            value=list(order),
        )
    share = share * (count / share.sum())
    rising = [weights[:, j, None] * columns[j] for j in range(count)]
    for done in range(count - 1):  # neighbours exchanged: whole arrays at a time, far quicker than np.sort
        for j in range(count - 1 - done):
            rising[j : j + 2] = np.minimum(rising[j], rising[j + 1]), np.maximum(rising[j], rising[j + 1])
    return _weighted_sum(rising, share[None, :])


def _closeness(parts: Parts, weights: Floats) -> Floats:
    best = np.sqrt(_weighted_sum(parts.columns, weights**2))
    worst = np.sqrt(_weighted_sum(parts.opposite, weights**2))
    both = best + worst
    return np.where(both > 0, worst / np.where(both > 0, both, 1.0), 0.5)


def _normalised(column: Floats, normalisation: str) -> Floats:
    if normalisation == "none":
        return column
    if normalisation == "min_max":
        return _spread(column)
    norm = np.sqrt((column**2).sum(axis=-1, keepdims=True))
    return np.asarray(column / np.where(norm > 0, norm, 1.0))


def _spread(column: Floats) -> Floats:
    """From 0 at the lowest to 1 at the highest; 0 where all are equal."""
    lowest = column.min(axis=-1, keepdims=True)
    reach = column.max(axis=-1, keepdims=True) - lowest
    return np.asarray((column - lowest) / np.where(reach > 0, reach, 1.0))


def _vikor(regrets: Sequence[Floats], weights: Floats, v: float) -> Floats:
    total = _weighted_sum(regrets, weights)
    if not total.shape[-1]:
        return total
    largest = weights[:, 0, None] * regrets[0]
    for j in range(1, len(regrets)):
        largest = np.maximum(largest, weights[:, j, None] * regrets[j])
    return 1 - (v * _spread(total) + (1 - v) * _spread(largest))
