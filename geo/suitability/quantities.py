"""Quantities that constraints and criteria have in common (layer 5).

What there is none of has a note in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.features import Features, Layers
from geo.schema import FORCE_NAMES, MATCH_NAMES, Force, Match, Words
from geo.suitability import cells, inputs, measures
from geo.suitability.model import Cells, CellsOf, Shape, ShapeOf, ShareOf, ShareWithin
from geo.suitability.records import Candidates

Floats = NDArray[np.float64]
Column = NDArray[np.object_]

UNANSWERED = frozenset({"", Match.NOT_ASKED, Match.UNRECOGNISED})
_OUTLINES: Mapping[str, tuple[Callable[[Column], Floats], str]] = {
    "area": (measures.area_ha, "ha"),
    "width": (measures.width_m, "m"),
    "compactness": (measures.compactness, ""),
}


@dataclass(frozen=True)
class Quantity:
    """A quantity of n sites, NaN where there is none; `feature`, `sliver_m2` and `note` as in a finding."""

    values: Floats
    unit: str
    note: Column
    feature: Column
    sliver_m2: Floats


def quantity(values: Floats, unit: str, note: Column | Words | None = None, feature: Column | None = None) -> Quantity:
    """A quantity with no more said of it than is given."""
    notes = np.full(len(values), None, dtype=object)
    notes[:] = note
    labels = np.full(len(values), "", dtype=object) if feature is None else feature
    return Quantity(values, unit, notes, labels, np.zeros(len(values)))


def labels(layer: Features, feature: NDArray[np.intp]) -> Column:
    """The label of each feature, "" of -1."""
    return np.append(layer.labels, "")[feature]


def noted(n: int, *cases: tuple[NDArray[np.bool_], Words]) -> Column:
    """The words of the first case that holds of each site."""
    notes = np.full(n, None, dtype=object)
    for holds, words in reversed(cases):
        notes[holds] = words
    return notes


def outline(rule: Shape | ShapeOf, candidates: Candidates) -> Quantity:
    """Area, width or compactness; of a point what the list states in the rule's column."""
    measure, unit = _OUTLINES[rule.kind]
    measured = measure(candidates.geometry)
    points = np.isnan(measured)
    if rule.column is None:
        return quantity(measured, unit, noted(len(measured), (points, inputs.OUTLINE)))
    stated, why = inputs.numbers(candidates, rule.column, unit=unit)
    notes = noted(len(measured), (points, inputs.STATED))
    unstated = points & np.isnan(stated)
    notes[unstated] = why[unstated]
    return quantity(np.where(points, stated, measured), unit, notes)


def share(
    rule: ShareWithin | ShareOf,
    candidates: Candidates,
    layers: Layers,
    sliver_m2: float = 0.0,
    *,
    position: Words = inputs.POSITION,
) -> Quantity:
    """Share of each site within a layer, 0 to 1; of a point 0 or 1, with `position` as its note.

    The feature is the one with most of the site.
    """
    n = len(candidates)
    layer = inputs.areas(layers, rule.layer, rule.where)
    if isinstance(layer, Words):
        return quantity(np.full(n, np.nan), "", layer)
    found = measures.overlap(candidates.geometry, layer.geometry, sliver_m2)
    points = np.isnan(found.area)
    touched = measures.covering(candidates.geometry, layer.geometry)
    whole = np.where(points, 1.0, shapely.area(candidates.geometry))
    values = np.where(points, (touched >= 0).astype(np.float64), np.minimum(found.area / whole, 1.0))
    return Quantity(
        values,
        "",
        noted(n, (points, position)),
        labels(layer, np.where(points, touched, found.feature)),
        np.where(points, 0.0, found.sliver),
    )


def raster(
    rule: Cells | CellsOf, candidates: Candidates, layers: Layers, *, position: Words = inputs.POSITION
) -> Quantity:
    """A statistic of a raster under each site, or of the slope made of it; `position` is the note of a point."""
    n = len(candidates)
    sloping = rule.measure == "slope"
    unit = "%" if sloping else rule.unit
    layer = inputs.raster(layers, rule.layer, "m" if sloping else unit)
    if isinstance(layer, Words):
        return quantity(np.full(n, np.nan), unit, layer)
    if sloping:
        layer = cells.slope(layer)
    values, covered = cells.statistic(layer, candidates.geometry, rule.statistic)
    points = ~measures.areal(candidates.geometry)
    notes = noted(n, (points, position))
    for at in np.flatnonzero(np.isnan(values)):
        part = f"{100 * covered[at]:.3g}%"
        notes[at] = (
            Words("仅有点位，没有标准差。", "Only a position: there is no standard deviation.")
            if points[at] and covered[at]
            else Words(f"栅格仅覆盖地块的 {part}。", f"The raster has data under only {part} of the site.")
        )
    return quantity(values, unit or layer.unit, notes)


def role_words(match: str, force: str) -> Words:
    """Match and force of a check in words.

    >>> role_words("designated", "lapsed").en
    'designated, lapsed'
    """
    if not match:
        return Words("未核对产业角色。", "The role was not checked.")
    zh, en = MATCH_NAMES[Match(match)]
    if not force or force == Force.NONE:
        return Words(zh, en)
    return Words(f"{zh}，{FORCE_NAMES[Force(force)][0]}", f"{en}, {FORCE_NAMES[Force(force)][1]}")
