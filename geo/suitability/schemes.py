"""How criteria are weighed and put together, as a model's file says it (layer 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as checked

from geo.schema import Words

_STRICT = ConfigDict(extra="forbid")
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@checked(frozen=True, config=_STRICT)
class Direct:
    """Weights as given, scaled to sum to one."""

    method: Literal["direct"]
    values: Mapping[str, Positive]


@checked(frozen=True, config=_STRICT)
class Ranks:
    """Weights from an order of the criteria, the most important first."""

    method: Literal["roc", "rank_sum"]
    order: tuple[str, ...]


@checked(frozen=True, config=_STRICT)
class Pairwise:
    """Weights from Saaty's comparison of each pair; `order` names rows and columns."""

    method: Literal["ahp"]
    order: tuple[str, ...]
    matrix: tuple[tuple[Annotated[float, Field(gt=0, allow_inf_nan=False)], ...], ...]
    random_index: Literal["saaty-1980", "saaty-2004", "alonso-lamata-2006"] = "saaty-1980"


@checked(frozen=True, config=_STRICT)
class Objective:
    """Weights from the spread of the utilities themselves."""

    method: Literal["entropy", "critic"]


Weights = Annotated[Direct | Ranks | Pairwise | Objective, Field(discriminator="method")]


@checked(frozen=True, config=_STRICT)
class Simple:
    """Weighted sum, or weighted product."""

    method: Literal["weighted_sum", "weighted_product"]


@checked(frozen=True, config=_STRICT)
class Topsis:
    """Closeness to the ideal site (Hwang and Yoon 1981); the normalisation is named."""

    method: Literal["topsis"]
    normalisation: Literal["vector", "min_max", "none"]


@checked(frozen=True, config=_STRICT)
class Owa:
    """Ordered weighted averaging (Yager 1988) with criterion weights, as in Jiang and Eastman (2000).

    `order` weighs a site's weighted utilities from its lowest to its highest.
    """

    method: Literal["owa"]
    order: tuple[Positive, ...]


@checked(frozen=True, config=_STRICT)
class Promethee:
    """Net flow of PROMETHEE II (Brans and Vincke 1985), linear preference between `q` and `p`."""

    method: Literal["promethee"]
    q: Share = 0.0
    p: Share = 0.0  # with both 0 the usual criterion


@checked(frozen=True, config=_STRICT)
class Vikor:
    """Compromise index of VIKOR (Opricovic 1998); a lower Q is better, the score is 1 - Q."""

    method: Literal["vikor"]
    v: Share = 0.5


Aggregation = Annotated[Simple | Topsis | Owa | Promethee | Vikor, Field(discriminator="method")]


@checked(frozen=True, config=_STRICT)
class Scenario:
    """Another weighting or aggregation of the same rules."""

    id: Id
    title: Words
    weights: Weights | None = None
    aggregation: Aggregation | None = None


@checked(frozen=True, config=_STRICT)
class Robustness:
    """How weights are drawn: over the whole simplex, or around those given.

    `concentration` is that of the Dirichlet distribution around the given weights:
    the higher, the nearer to them.
    """

    weights: Literal["uniform", "around"] = "uniform"
    concentration: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 50.0
