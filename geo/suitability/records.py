"""What goes into the measuring of rules and what comes out (layer 5).

Arrays run over the sites in one order, that of `Candidates.ids`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Result(StrEnum):
    """What a constraint says of a site."""

    PASS = "pass"  # noqa: S105 (no password)
    FAIL = "fail"
    REQUIRES_ASSESSMENT = "requires_assessment"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True)
class Candidates:
    """n sites as arrays.

    Attributes
    ----------
    ids, names, districts, matches, forces : array of str, shape (n,)
        `districts` is "" outside; the other words are those of a check.
    geometry : array of shapely geometries, shape (n,)
        Points or polygons in EPSG:4547.
    columns : mapping of str to array of str, each of shape (n,)
        The user's columns as text, "" where empty; keys are case-folded.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    districts: NDArray[np.object_]
    matches: NDArray[np.object_]
    forces: NDArray[np.object_]
    geometry: NDArray[np.object_]
    columns: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Finding:
    """One constraint over n sites.

    Attributes
    ----------
    rule : str
        Id of the constraint.
    result : array of str (`Result` values), shape (n,)
    measured, threshold, margin : array of float, shape (n,)
        In `unit`; NaN where there is none. The margin is positive where the rule is
        kept, and is the amount by which.
    unit : str
        "m", "ha", "m²", "%", "" or the rule's own.
    feature : array of str, shape (n,)
        The feature that decided: its label, else its number in the layer ("#12").
    sliver_m2 : array of float, shape (n,)
        Area that was below the stated size and did not count.
    note : array of (Words or None), shape (n,)
        Why a site was not assessed, or what else must be said.
    """

    rule: str
    result: NDArray[np.object_]
    measured: NDArray[np.float64]
    threshold: NDArray[np.float64]
    margin: NDArray[np.float64]
    unit: str
    feature: NDArray[np.object_]
    sliver_m2: NDArray[np.float64]
    note: NDArray[np.object_]


@dataclass(frozen=True)
class Measured:
    """One criterion over n sites.

    Attributes
    ----------
    rule : str
    value : array, shape (n,)
        Floats with NaN for missing, or text with "" for missing.
    unit : str
    low, high : array of float, shape (n,)
        Utility in 0..1; they differ where the value is missing: then the lowest and
        highest that the value function can give.
    feature : array of str, shape (n,)
        Nearest feature, where there is one.
    note : array of (Words or None), shape (n,)
        Why a value is missing.
    """

    rule: str
    value: NDArray[Any]
    unit: str
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    feature: NDArray[np.object_]
    note: NDArray[np.object_]

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Sites without a value."""
        if self.value.dtype.kind == "f":
            gone: NDArray[np.bool_] = np.isnan(self.value)
            return gone
        return np.array([text == "" for text in self.value], dtype=bool)


def subset(candidates: Candidates, index: NDArray[Any]) -> Candidates:
    """The candidates at `index`, in that order."""
    return Candidates(
        ids=candidates.ids[index],
        names=candidates.names[index],
        districts=candidates.districts[index],
        matches=candidates.matches[index],
        forces=candidates.forces[index],
        geometry=candidates.geometry[index],
        columns={name: column[index] for name, column in candidates.columns.items()},
    )
