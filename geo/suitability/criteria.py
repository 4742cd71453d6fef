"""Criteria: what is measured of every site, and the utility of it (layer 5).

A missing value has no utility but an interval: all that its value function can give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import one_line
from geo.features import Layers
from geo.schema import Words
from geo.suitability import distances, inputs, network, quantities, values
from geo.suitability.model import (
    Around,
    Attribute,
    Categorical,
    CellsOf,
    Criterion,
    Distance,
    RoleFit,
    ShapeOf,
    ShareOf,
    SitingModel,
)
from geo.suitability.records import Candidates, Measured

Floats = NDArray[np.float64]
Column = NDArray[np.object_]

NO_FEATURE = Words("图层中没有此类要素。", "The layer holds no such feature.")


def assess(model: SitingModel, candidates: Candidates, layers: Layers) -> tuple[Measured, ...]:
    """Every criterion of a model on n sites.

    Parameters
    ----------
    model : SitingModel
    candidates : Candidates
        Geometry in EPSG:4547.
    layers : mapping of str to Features or Raster
        Those that are there; a criterion whose layer is not among them is missing of
        every site.

    Returns
    -------
    tuple of Measured
        In the order of the model. Units: ``m`` of a distance, ``ha`` of an area, 1 of a
        share, features (or the column summed) per km² of the ground within the distance
        for a density.
    """
    return tuple(_KINDS[type(rule)](rule, candidates, layers) for rule in model.criteria)


def _measured(
    rule: Criterion,
    n: int,
    value: NDArray[Any] | None = None,
    unit: str = "",
    *,
    feature: Column | None = None,
    note: Column | Words | None = None,
) -> Measured:
    """A criterion with its utilities; a value that is no category is missing, too, and the note says so."""
    value = np.full(n, np.nan) if value is None else value
    utility = values.utility(rule.value, value)
    notes = np.full(n, None, dtype=object)
    notes[:] = note
    text = value.dtype.kind != "f"
    given = np.array([one != "" for one in value], dtype=np.bool_) if text else ~np.isnan(value)
    for at in np.flatnonzero(given & np.isnan(utility)):
        shown = one_line(value[at], 60) if text else f"{value[at]:.10g}"
        notes[at] = Words(f"模型未给“{shown}”赋分。", f"The model gives no utility to {shown!r}.")
    missing = np.isnan(utility)
    value = value.copy()
    value[missing] = "" if text else np.nan
    low, high = values.bounds(rule.value)
    return Measured(
        rule=rule.id,
        value=value,
        unit=unit,
        low=np.where(missing, low, utility),
        high=np.where(missing, high, utility),
        feature=np.full(n, "", dtype=object) if feature is None else feature,
        note=notes,
    )


def _distance(rule: Distance, candidates: Candidates, layers: Layers) -> Measured:
    """Metres to the nearest feature, straight or along the network."""
    n = len(candidates)
    layer = inputs.features(layers, rule.layer, rule.where)
    if isinstance(layer, Words):
        return _measured(rule, n, unit="m", note=layer)
    found: distances.Nearest | network.Ways
    notes = np.full(n, None, dtype=object)
    if rule.network is None:
        found = distances.nearest(candidates.geometry, layer.geometry)
    else:
        lines = inputs.features(layers, rule.network)
        if isinstance(lines, Words):
            return _measured(rule, n, unit="m", note=lines)
        found = network.along(candidates.geometry, layer.geometry, lines.geometry, rule.reach_m)
        notes = found.note
    if not len(layer.geometry):
        notes[:] = NO_FEATURE
    return _measured(rule, n, found.distance, "m", feature=quantities.labels(layer, found.feature), note=notes)


def _around(rule: Around, candidates: Candidates, layers: Layers) -> Measured:
    """Features within the distance: their number, their number per km², or the sum of a column.

    A feature that reaches in counts whole. A sum with a feature whose amount is not
    known is not known.
    """
    n = len(candidates)
    unit = "1/km²" if rule.kind == "density" else ""
    layer = inputs.features(layers, rule.layer, rule.where)
    if isinstance(layer, Words):
        return _measured(rule, n, unit=unit, note=layer)
    amounts: Floats | Words = np.ones(len(layer.geometry))
    if rule.column is not None:
        amounts = inputs.amounts_of(layer, rule.column)
    if isinstance(amounts, Words):
        return _measured(rule, n, unit=unit, note=amounts)
    sites, found = distances.around(candidates.geometry, layer.geometry, rule.within_m)
    total = np.zeros(n)
    np.add.at(total, sites, amounts[found])
    if rule.kind == "density":
        total /= distances.zone_km2(candidates.geometry, rule.within_m)
    notes = np.full(n, None, dtype=object)
    for site in np.unique(sites[np.isnan(amounts[found])]):
        unknown = int(np.isnan(amounts[found[sites == site]]).sum())
        notes[site] = Words(
            f"范围内有 {unknown} 个要素的“{rule.column}”未填，无法求和。",
            f"{unknown} of the features within the distance state no {rule.column!r}: there is no sum.",
        )
    return _measured(rule, n, total, unit, note=notes)


def _quantity(rule: Criterion, found: quantities.Quantity) -> Measured:
    return _measured(rule, len(found.values), found.values, found.unit, feature=found.feature, note=found.note)


def _share(rule: ShareOf, candidates: Candidates, layers: Layers) -> Measured:
    """Share of the site within the features, 0 to 1."""
    return _quantity(rule, quantities.share(rule, candidates, layers))


def _attribute(rule: Attribute, candidates: Candidates, layers: Layers) -> Measured:
    """A column of the list: words where the value function has categories, else numbers."""
    n = len(candidates)
    if not isinstance(rule.value, Categorical):
        numbers, notes = inputs.numbers(candidates, rule.column, rule.aliases, rule.unit)
        return _measured(rule, n, numbers, rule.unit, note=notes)
    said = inputs.texts(candidates, rule.column, rule.aliases)
    if isinstance(said, Words):
        return _measured(rule, n, np.full(n, "", dtype=object), rule.unit, note=said)
    notes = np.full(n, None, dtype=object)
    notes[said == ""] = inputs.empty(rule.column)
    return _measured(rule, n, said, rule.unit, note=notes)


def _cells(rule: CellsOf, candidates: Candidates, layers: Layers) -> Measured:
    """A statistic of a raster, or of the slope made of it."""
    return _quantity(rule, quantities.raster(rule, candidates, layers))


def _shape(rule: ShapeOf, candidates: Candidates, layers: Layers) -> Measured:
    """Area, width or compactness of the outline, or what the list states of a point."""
    return _quantity(rule, quantities.outline(rule, candidates))


def _role(rule: RoleFit, candidates: Candidates, layers: Layers) -> Measured:
    """Match and force; without an answer of the check it is missing, unless the model names that case."""
    n = len(candidates)
    found, notes = np.full(n, "", dtype=object), np.full(n, None, dtype=object)
    for at, (match, force) in enumerate(zip(candidates.matches, candidates.forces, strict=True)):
        fit = f"{match}/{force}"
        if fit in rule.value.utilities or match not in quantities.UNANSWERED:
            found[at] = fit
        else:
            notes[at] = quantities.role_words(match, force)
    return _measured(rule, n, found, note=notes)


_KINDS: Mapping[type, Callable[[Any, Candidates, Layers], Measured]] = {
    Distance: _distance,
    Around: _around,
    ShareOf: _share,
    Attribute: _attribute,
    CellsOf: _cells,
    ShapeOf: _shape,
    RoleFit: _role,
}
