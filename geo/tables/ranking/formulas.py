"""How each method of aggregation is put as formulas of cells.

Every method has the same form: `parts`, which follow from the utilities alone, then a
score of a site from its parts and the weights. So a changed weight moves scores and
ranks, and nothing else. The definitions are those of `geo.suitability.aggregation`;
only functions are used that Excel 2016 and LibreOffice know, none that must be entered
as an array.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.suitability.aggregation import net_flows
from geo.tables.ranking.utilities import literal

Record = dict[str, Any]
Floats = NDArray[np.float64]

EXACT = frozenset({"weighted_sum", "weighted_product", "owa"})  # whose intervals are formulas too
TIE = "0.000000000001"  # scores no further apart are equal


@dataclass(frozen=True)
class Method:
    """A method of aggregation with its parameters, as the document has them."""

    name: str
    parameters: Record

    @property
    def exact(self) -> bool:
        """Whether a site's score depends on no other site, so that its interval is a formula too."""
        return self.name in EXACT

    def order(self, count: int) -> list[float]:
        """Order weights of OWA, scaled so that they sum to the number of criteria."""
        held = [float(one) for one in self.parameters["order"]]
        return [one * count / sum(held) for one in held]


def part(method: Method, cell: str, column: str, count: int) -> str:
    """Formula of a part from the cell of a utility and its column over `count` sites."""
    lowest, highest = f"MIN({column})", f"MAX({column})"
    if method.name == "promethee":
        return _flow(
            cell, column, count, float(method.parameters.get("q", 0.0)), float(method.parameters.get("p", 0.0))
        )
    if method.name == "vikor":
        return f"IF({highest}>{lowest},({highest}-{cell})/({highest}-{lowest}),0)"
    normalisation = method.parameters.get("normalisation") if method.name == "topsis" else None
    if normalisation == "vector":
        return f"IF(SUMSQ({column})>0,{cell}/SQRT(SUMSQ({column})),0)"
    if normalisation == "min_max":
        return f"IF({highest}>{lowest},({cell}-{lowest})/({highest}-{lowest}),0)"
    return cell


def _flow(cell: str, column: str, count: int, q: float, p: float) -> str:
    """Unicriterion net flow of PROMETHEE II; held between 0 and 1 by absolute values, as arrays have no MEDIAN."""
    if count < 2:
        return "0"
    if p == q:
        return f"SUMPRODUCT(({column}<{cell}-{literal(q)})-({column}>{cell}+{literal(q)}))/{count - 1}"
    ahead, behind = (
        f"({one}-{literal(q)})/({literal(p)}-{literal(q)})" for one in (f"({cell}-{column})", f"({column}-{cell})")
    )
    return f"SUMPRODUCT(ABS({ahead})-ABS({ahead}-1)-ABS({behind})+ABS({behind}-1))/2/{count - 1}"


def part_values(method: Method, utilities: Floats) -> Floats:
    """The same parts as numbers, shape (n, m)."""
    if not utilities.size:
        return utilities
    if method.name == "promethee":
        q, p = float(method.parameters.get("q", 0.0)), float(method.parameters.get("p", 0.0))
        return np.stack([net_flows(utilities[:, at], q, p) for at in range(utilities.shape[1])], axis=1)
    lowest, highest = utilities.min(axis=0), utilities.max(axis=0)
    reach = np.where(highest > lowest, highest - lowest, 1.0)
    if method.name == "vikor":
        return np.asarray((highest - utilities) / reach)
    normalisation = method.parameters.get("normalisation") if method.name == "topsis" else None
    if normalisation == "vector":
        norm = np.sqrt((utilities**2).sum(axis=0))
        return np.asarray(utilities / np.where(norm > 0, norm, 1.0))
    if normalisation == "min_max":
        return np.asarray((utilities - lowest) / reach)
    return utilities


def aids(method: Method) -> tuple[tuple[str, str], ...]:
    """What is reckoned for each site before its score, in both languages."""
    if method.name == "topsis":
        return ("与正理想解的距离 D+", "distance to the best D+"), ("与负理想解的距离 D−", "distance to the worst D−")
    if method.name == "vikor":
        return ("群体效用 S", "group regret S"), ("个体遗憾 R", "largest regret R")
    return ()


def aid(method: Method, number: int, weights: str, parts: str, ideal: tuple[str, str]) -> str:
    """Formula of one of `aids` for a site: the range of the weights, of its parts, of the best and worst parts."""
    if method.name == "topsis":
        return f"SQRT(SUMPRODUCT({weights}^2,({parts}-{ideal[number]})^2))"
    return f"SUMPRODUCT({weights},{parts})" if number == 0 else f"SUMPRODUCT(MAX({weights}*{parts}))"


def aid_values(method: Method, weights: Floats, parts: Floats) -> Floats:
    """The same as numbers, shape (n, 2)."""
    if method.name == "topsis":
        best = np.sqrt(((weights * (parts.max(axis=0) - parts)) ** 2).sum(axis=1))
        return np.stack([best, np.sqrt(((weights * (parts - parts.min(axis=0))) ** 2).sum(axis=1))], axis=1)
    return np.stack([(weights * parts).sum(axis=1), (weights * parts).max(axis=1)], axis=1)


def score(method: Method, weights: str, parts: str, order: str, own: tuple[str, ...], all_: tuple[str, ...]) -> str:
    """Formula of a score.

    Parameters
    ----------
    weights, parts, order : str
        Ranges of m cells beside each other: weights that sum to one, the site's parts,
        the scaled order weights of OWA.
    own, all_ : tuple of str
        The site's cells of `aids`, and their columns over all sites.
    """
    if method.name == "weighted_product":
        blocked = f"SUMPRODUCT(({weights}>0)*({parts}<=0))>0"
        return f"IF({blocked},0,EXP(SUMPRODUCT({weights},LN({parts}+({parts}<=0)))))"
    if method.name == "owa":
        places = ",".join(str(at) for at in range(1, len(method.parameters["order"]) + 1))
        return f"SUMPRODUCT({order},SMALL({weights}*{parts},{{{places}}}))"
    if method.name == "topsis":
        return f"IF({own[0]}+{own[1]}>0,{own[1]}/({own[0]}+{own[1]}),0.5)"
    if method.name == "vikor":
        v = literal(float(method.parameters.get("v", 0.5)))
        spread = [
            f"IF(MAX({column})>MIN({column}),({cell}-MIN({column}))/(MAX({column})-MIN({column})),0)"
            for cell, column in zip(own, all_, strict=True)
        ]
        return f"1-({v}*{spread[0]}+(1-{v})*{spread[1]})"
    return f"SUMPRODUCT({weights},{parts})"


def rank(cell: str, others: str) -> str:
    """Formula of a rank: one more than the scores above it, those within `TIE` being equal.

    >>> rank("D7", "$D$7:$D$9")
    '1+SUMPRODUCT(--($D$7:$D$9>D7+0.000000000001))'
    """
    return f"1+SUMPRODUCT(--({others}>{cell}+{TIE}))"


def rank_worst(low: str, high: str, others_high: str) -> str:
    """Formula of the worst rank: how many others could stand above, the site itself left out."""
    return f"1+SUMPRODUCT(--({others_high}>{low}+{TIE}))-({high}>{low}+{TIE})"
