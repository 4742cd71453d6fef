"""The siting model as its file says it: rules, weights, how they are put together (layer 5).

A model is data, never code: `parse` makes these records of what a YAML file holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass as checked

from geo.schema import Force, Match, Words
from geo.suitability.schemes import Aggregation, Id, Robustness, Scenario, Share, Weights

_STRICT = ConfigDict(extra="forbid")
Finite = Annotated[float, Field(allow_inf_nan=False)]
Metres = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Statistic = Literal["mean", "min", "max", "median", "stdev"]


@checked(frozen=True, config=_STRICT)
class Source:
    """What a threshold or a rule rests on.

    Exactly one of: a clause of a document of the register, a text of law or a
    standard by name, or ourselves (`ours`, to be set by the user).
    """

    instrument: str | None = None
    clause: str | None = None
    text: Words | None = None
    ours: bool = False
    note: Words | None = None

    @model_validator(mode="after")
    def _one(self) -> Source:
        if sum((self.instrument is not None, self.text is not None, self.ours)) != 1:
            raise ValueError("a source is an instrument with its clause, a text, or ours: true")
        if (self.instrument is None) != (self.clause is None):
            raise ValueError("instrument and clause go together")
        return self


@checked(frozen=True, config=_STRICT)
class Where:
    """Which features of a layer count: those whose column holds one of the values."""

    column: str
    values: tuple[str, ...]


@checked(frozen=True, config=_STRICT)
class Local:
    """A distance for the sites of some districts, instead of the general one."""

    districts: tuple[str, ...]
    distance_m: Metres
    source: Source


@checked(frozen=True, config=_STRICT, kw_only=True)
class _Rule:
    id: Id
    title: Words
    source: Source
    group: Words | None = None


@checked(frozen=True, config=_STRICT, kw_only=True)
class Inside(_Rule):
    """Wholly within the features of a layer, but for slivers."""

    kind: Literal["inside"]
    layer: Id
    where: Where | None = None
    sliver_m2: Metres = 0.0


@checked(frozen=True, config=_STRICT, kw_only=True)
class Outside(_Rule):
    """Clear of the features of a layer, but for slivers."""

    kind: Literal["outside"]
    layer: Id
    where: Where | None = None
    sliver_m2: Metres = 0.0


@checked(frozen=True, config=_STRICT, kw_only=True)
class Setback(_Rule):
    """A distance kept from the features of a layer.

    A feature's own distance (`distance_column`) comes before that of the site's
    district (`local`), that before the general one. `inward` asks instead that the
    site lie within a polygon and keep the distance from its edge.
    """

    kind: Literal["setback"]
    layer: Id
    distance_m: Metres
    where: Where | None = None
    distance_column: str | None = None
    local: tuple[Local, ...] = ()
    inward: bool = False


@checked(frozen=True, config=_STRICT, kw_only=True)
class Shape(_Rule):
    """A measure of the outline: area in hectares, width in metres, compactness.

    Width is the diameter of the largest circle inside; compactness is 4 pi A / P²
    (Polsby and Popper 1991). `column` names the user's column that states the
    measure where a site is a point, in the same unit.
    """

    kind: Literal["area", "width", "compactness"]
    at_least: Finite | None = None
    at_most: Finite | None = None
    column: str | None = None


@checked(frozen=True, config=_STRICT, kw_only=True)
class ShareWithin(_Rule):
    """The share of a site's area within the features of a layer."""

    kind: Literal["share"]
    layer: Id
    where: Where | None = None
    at_least: Share | None = None
    at_most: Share | None = None
    sliver_m2: Metres = 0.0


@checked(frozen=True, config=_STRICT, kw_only=True)
class Cells(_Rule):
    """A statistic of a raster under the site; `slope` is in percent, from elevation (Horn 1981)."""

    kind: Literal["raster"]
    layer: Id
    measure: Literal["value", "slope"] = "value"
    statistic: Statistic = "mean"
    at_least: Finite | None = None
    at_most: Finite | None = None
    unit: str = ""


@checked(frozen=True, config=_STRICT, kw_only=True)
class Role(_Rule):
    """What the check of the role must say; matches in neither list fail."""

    kind: Literal["role"]
    accept: tuple[Match, ...]
    review: tuple[Match, ...] = ()
    force: tuple[Force, ...] = (Force.IN_FORCE,)


@checked(frozen=True, config=_STRICT, kw_only=True)
class Stated(_Rule):
    """A column of the user's list that answers yes or no; empty or unknown is not assessed."""

    kind: Literal["stated"]
    column: str
    aliases: tuple[str, ...] = ()
    otherwise: Literal["fail", "requires_assessment"] = "fail"


@checked(frozen=True, config=_STRICT, kw_only=True)
class Number(_Rule):
    """A number in a column of the user's list."""

    kind: Literal["number"]
    column: str
    aliases: tuple[str, ...] = ()
    at_least: Finite | None = None
    at_most: Finite | None = None
    unit: str = ""


@checked(frozen=True, config=_STRICT, kw_only=True)
class Assessment(_Rule):
    """What must be assessed by others; no distance or limit is stated in law.

    With a layer and `within_m` only for sites that near to its features.
    """

    kind: Literal["assessment"]
    layer: Id | None = None
    where: Where | None = None
    within_m: Metres | None = None


Constraint = Annotated[
    Inside | Outside | Setback | Shape | ShareWithin | Cells | Role | Stated | Number | Assessment,
    Field(discriminator="kind"),
]


@checked(frozen=True, config=_STRICT)
class Linear:
    """0 at `worst`, 1 at `best`, straight between, level beyond."""

    kind: Literal["linear"]
    worst: Finite
    best: Finite


@checked(frozen=True, config=_STRICT)
class Piecewise:
    """Straight between (value, utility) points in ascending order, level beyond."""

    kind: Literal["piecewise"]
    points: Annotated[tuple[tuple[Finite, Share], ...], Field(min_length=2)]


@checked(frozen=True, config=_STRICT)
class Sigmoid:
    """1 / (1 + exp(-(x - middle) / scale)); a negative scale falls."""

    kind: Literal["sigmoid"]
    middle: Finite
    scale: Finite


@checked(frozen=True, config=_STRICT)
class Step:
    """Utility of the highest step reached; `below` under the first."""

    kind: Literal["step"]
    steps: Annotated[tuple[tuple[Finite, Share], ...], Field(min_length=1)]
    below: Share = 0.0


@checked(frozen=True, config=_STRICT)
class Categorical:
    """A utility for each value named; any other value is missing, unless `other` says."""

    kind: Literal["categorical"]
    utilities: Mapping[str, Share]
    other: Share | None = None


ValueFunction = Annotated[Linear | Piecewise | Sigmoid | Step | Categorical, Field(discriminator="kind")]


@checked(frozen=True, config=_STRICT, kw_only=True)
class _Factor:
    id: Id
    title: Words
    value: ValueFunction
    source: Source


@checked(frozen=True, config=_STRICT, kw_only=True)
class Distance(_Factor):
    """Metres to the nearest feature; along the lines of the layer `network` where one is named."""

    kind: Literal["distance"]
    layer: Id
    where: Where | None = None
    network: Id | None = None
    reach_m: Metres = 1000.0  # how far a site or feature may lie from the network


@checked(frozen=True, config=_STRICT, kw_only=True)
class Around(_Factor):
    """Features, or the sum of their column, within a distance of the site; per km² if `density`."""

    kind: Literal["count", "density", "sum"]
    layer: Id
    within_m: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    where: Where | None = None
    column: str | None = None


@checked(frozen=True, config=_STRICT, kw_only=True)
class ShareOf(_Factor):
    """The share of the site's area within a layer, 0 to 1."""

    kind: Literal["share"]
    layer: Id
    where: Where | None = None


@checked(frozen=True, config=_STRICT, kw_only=True)
class Attribute(_Factor):
    """A column of the user's list: numbers, or words for a categorical value function."""

    kind: Literal["attribute"]
    column: str
    aliases: tuple[str, ...] = ()
    unit: str = ""


@checked(frozen=True, config=_STRICT, kw_only=True)
class CellsOf(_Factor):
    """A statistic of a raster under the site."""

    kind: Literal["raster"]
    layer: Id
    measure: Literal["value", "slope"] = "value"
    statistic: Statistic = "mean"
    unit: str = ""


@checked(frozen=True, config=_STRICT, kw_only=True)
class ShapeOf(_Factor):
    """A measure of the outline, as in the constraint of that name."""

    kind: Literal["area", "width", "compactness"]
    column: str | None = None


@checked(frozen=True, config=_STRICT, kw_only=True)
class RoleFit(_Factor):
    """Match and force of the check as ``match/force``, such as ``designated/in_force``."""

    kind: Literal["role"]
    value: Categorical


Criterion = Annotated[
    Distance | Around | ShareOf | Attribute | CellsOf | ShapeOf | RoleFit, Field(discriminator="kind")
]


@checked(frozen=True, config=_STRICT, kw_only=True)
class SitingModel:
    """A named set of constraints, criteria and weights."""

    id: Id
    title: Words
    version: str
    description: Words
    constraints: tuple[Constraint, ...] = ()
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    weights: Weights
    aggregation: Aggregation
    robustness: Robustness = Robustness()
    scenarios: tuple[Scenario, ...] = ()
