"""Constraints: what each says of every site, with measure, threshold and margin (layer 5).

A constraint without its data is not assessed; it never passes. A position without an
outline proves only what holds of every site that has it within: that a rule is broken or
must be assessed, never that it is kept. What it does not prove is not assessed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import one_line
from geo.features import Layers
from geo.schema import Words
from geo.suitability import distances, inputs, measures, quantities
from geo.suitability.model import (
    Assessment,
    Cells,
    Constraint,
    Inside,
    Number,
    Outside,
    Role,
    Setback,
    Shape,
    ShareWithin,
    SitingModel,
    Stated,
)
from geo.suitability.quantities import labels, noted
from geo.suitability.records import Candidates, Finding, Result

Floats = NDArray[np.float64]
Column = NDArray[np.object_]

SLACK = 1e-6  # in the unit of the measure: what rounding of coordinates may take from a margin
YES = frozenset({"是", "有", "已建", "具备", "yes", "true", "1"})
NO = frozenset({"否", "无", "未建", "no", "false", "0"})
UNKNOWN = frozenset({"", "未知", "unknown", "-"})


def assess(model: SitingModel, candidates: Candidates, layers: Layers) -> tuple[Finding, ...]:
    """Every constraint of a model on n sites.

    Parameters
    ----------
    model : SitingModel
    candidates : Candidates
        Geometry in EPSG:4547.
    layers : mapping of str to Features or Raster
        Those that are there; a rule whose layer is not among them is not assessed.

    Returns
    -------
    tuple of Finding
        In the order of the model. Units: ``ha`` of an area, ``m`` of a width or setback,
        ``%`` of a share or slope, ``m²`` of what lies outside or inside (``m`` of lines
        and a number of points where a layer holds no polygons).
    """
    return tuple(_KINDS[type(rule)](rule, candidates, layers) for rule in model.constraints)


def _finding(
    rule: Constraint,
    n: int,
    unit: str = "",
    *,
    result: Column | None = None,
    measured: Floats | None = None,
    threshold: Floats | float = np.nan,
    margin: Floats | None = None,
    slack: float = SLACK,
    feature: Column | None = None,
    sliver: Floats | None = None,
    note: Column | Words | None = None,
) -> Finding:
    """A finding; its result follows from the margin where none is given."""
    none = np.full(n, np.nan)
    margin = none if margin is None else np.where(np.abs(margin) <= slack, 0.0, margin)
    if result is None:
        result = np.where(np.isnan(margin), Result.NOT_ASSESSED.value, _passing(margin >= 0))
    notes = np.full(n, None, dtype=object)
    notes[:] = note
    return Finding(
        rule=rule.id,
        result=result,
        measured=none if measured is None else measured,
        threshold=np.broadcast_to(np.asarray(threshold, dtype=np.float64), (n,)).copy(),
        margin=margin,
        unit=unit,
        feature=np.full(n, "", dtype=object) if feature is None else feature,
        sliver_m2=np.zeros(n) if sliver is None else sliver,
        note=notes,
    )


def _passing(kept: NDArray[np.bool_]) -> Column:
    return np.where(kept, Result.PASS.value, Result.FAIL.value).astype(object)


def _proven(result: Column, points: NDArray[np.bool_]) -> tuple[Column, NDArray[np.bool_]]:
    """Results without those that the position of a point does not prove, and where these are."""
    unproven = points & (result == Result.PASS.value)
    return np.where(unproven, Result.NOT_ASSESSED.value, result), unproven


def _against(
    rule: Shape | ShareWithin | Cells | Number,
    found: quantities.Quantity,
    *,
    scale: float = 1.0,
    slack: float = SLACK,
    unproven: NDArray[np.bool_] | None = None,
) -> Finding:
    """A quantity held against its limits: of two the one that is kept less.

    `scale` makes both the finding's unit. What is `unproven` has a measure but no margin.
    """
    measured = found.values * scale
    least, most = (np.nan if one is None else one * scale for one in (rule.at_least, rule.at_most))
    above, below = measured - least, most - measured
    lower = np.full(len(measured), rule.at_least is not None) & ~(above > below)
    margin = np.fmin(above, below)
    return _finding(
        rule,
        len(measured),
        "%" if isinstance(rule, ShareWithin) else found.unit,
        measured=measured,
        threshold=np.where(lower, least, most),
        margin=margin if unproven is None else np.where(unproven, np.nan, margin),
        slack=slack,
        feature=found.feature,
        sliver=found.sliver_m2,
        note=found.note,
    )


def _inside(rule: Inside, candidates: Candidates, layers: Layers) -> Finding:
    """m² of the site outside all features; a point that is in none fails."""
    n = len(candidates)
    layer = inputs.areas(layers, rule.layer, rule.where)
    if isinstance(layer, Words):
        return _finding(rule, n, "m²", threshold=0.0, note=layer)
    found = measures.overlap(candidates.geometry, layer.geometry, rule.sliver_m2, outside=True)
    points = np.isnan(found.area)
    touched = measures.covering(candidates.geometry, layer.geometry)
    result, unproven = _proven(_passing(np.where(points, touched >= 0, found.area == 0)), points)
    return _finding(
        rule,
        n,
        "m²",
        result=result,
        measured=found.area,
        threshold=0.0,
        margin=-found.area,
        feature=labels(layer, np.where(points, touched, found.feature)),
        sliver=np.where(points, 0.0, found.sliver),
        note=noted(n, (unproven, inputs.UNPROVEN), (points, inputs.POSITION)),
    )


def _outside(rule: Outside, candidates: Candidates, layers: Layers) -> Finding:
    """m² of the site within the features; any line or point within it or on its edge is one too many.

    A point within a feature fails; on the edge of a polygon it does not, for the site may adjoin it.
    """
    n = len(candidates)
    layer = inputs.features(layers, rule.layer, rule.where)
    if isinstance(layer, Words):
        return _finding(rule, n, "m²", threshold=0.0, note=layer)
    found = measures.overlap(candidates.geometry, layer.geometry, rule.sliver_m2)
    points = np.isnan(found.area)
    crossed = measures.crossings(candidates.geometry, layer.geometry)
    touched = measures.covering(candidates.geometry, layer.geometry, strictly=True)
    highest = int(shapely.get_dimensions(layer.geometry).max(initial=2 if not len(layer.geometry) else 0))
    unit, measured = {
        2: ("m²", found.area),
        1: ("m", crossed.length),
        0: ("", crossed.points.astype(np.float64)),
    }[highest]
    measured = np.where(points, np.nan, measured)
    flat = (crossed.length > measures.NOISE_M) | (crossed.points > 0)
    kept = np.where(points, touched < 0, (found.area == 0) & ~flat)
    nothing = np.full(n, not len(layer.geometry))
    result, unproven = _proven(_passing(kept), points & ~nothing)
    deciding = np.where(points, touched, np.where(found.area > 0, found.feature, crossed.feature))
    also = Words("地块内另有线状或点状要素。", "Lines or points of the layer lie within the site, too.")
    return _finding(
        rule,
        n,
        unit,
        result=result,
        measured=measured,
        threshold=0.0,
        margin=-measured,
        feature=labels(layer, np.where(kept, -1, deciding)),
        sliver=np.where(points, 0.0, found.sliver),
        note=noted(
            n,
            (nothing, inputs.NOTHING),
            (unproven, inputs.UNPROVEN),
            (points, inputs.POSITION),
            (flat & (highest == 2), also),
        ),
    )


def _setback(rule: Setback, candidates: Candidates, layers: Layers) -> Finding:
    """Distance to the feature whose distance is kept least; inward, to the edge around the site.

    An outline is nearer than its point: what the point does not keep, the site does not.
    """
    n = len(candidates)
    general = np.full(n, rule.distance_m)
    for local in reversed(rule.local):
        general[np.isin(candidates.districts, local.districts)] = local.distance_m
    layer = (inputs.areas if rule.inward else inputs.features)(layers, rule.layer, rule.where)
    if isinstance(layer, Words):
        return _finding(rule, n, "m", threshold=general, note=layer)
    own: Floats | Words = np.full(len(layer.geometry), np.nan)
    if rule.distance_column is not None:
        own = inputs.amounts_of(layer, rule.distance_column)
    if isinstance(own, Words):
        return _finding(rule, n, "m", threshold=general, note=own)
    kept = (distances.inward if rule.inward else distances.setbacks)(candidates.geometry, layer.geometry, own, general)
    nothing = kept.feature < 0  # to keep away from, or to lie in
    margin = kept.distance - kept.required
    passes = np.where(nothing, not rule.inward, margin >= -SLACK)
    points = ~measures.areal(candidates.geometry)
    result, unproven = _proven(_passing(passes), points & ~nothing)
    return _finding(
        rule,
        n,
        "m",
        result=result,
        measured=kept.distance,
        threshold=kept.required,
        margin=np.where(unproven, np.nan, margin),
        feature=labels(layer, kept.feature),
        note=noted(
            n,
            (nothing, inputs.NOTHING),
            (unproven, inputs.UNPROVEN),
            (points, inputs.POSITION),
        ),
    )


def _shape(rule: Shape, candidates: Candidates, layers: Layers) -> Finding:
    """Area, width or compactness of the outline, or what the list states of a point."""
    slack = measures.WIDTH_M if rule.kind == "width" else SLACK
    return _against(rule, quantities.outline(rule, candidates), slack=slack)


def _share(rule: ShareWithin, candidates: Candidates, layers: Layers) -> Finding:
    """Percent of the site within the features; a point has none."""
    found = quantities.share(rule, candidates, layers, rule.sliver_m2, position=inputs.UNPROVEN)
    values = np.where(measures.areal(candidates.geometry), found.values, np.nan)
    return _against(rule, replace(found, values=values), scale=100.0)


def _cells(rule: Cells, candidates: Candidates, layers: Layers) -> Finding:
    """A statistic of a raster, or of the slope made of it; of a point it is measured only."""
    found = quantities.raster(rule, candidates, layers, position=inputs.UNPROVEN)
    return _against(rule, found, unproven=~measures.areal(candidates.geometry))


def _role(rule: Role, candidates: Candidates, layers: Layers) -> Finding:
    """What the check says; a match that is accepted but rests on other force must be assessed."""
    n = len(candidates)
    result = np.full(n, Result.FAIL.value, dtype=object)
    notes = np.full(n, None, dtype=object)
    for at, (match, force) in enumerate(zip(candidates.matches, candidates.forces, strict=True)):
        if match in rule.accept:
            kept = force in rule.force
            result[at] = Result.PASS.value if kept else Result.REQUIRES_ASSESSMENT.value
        elif match in rule.review:
            result[at] = Result.REQUIRES_ASSESSMENT.value
        elif match in quantities.UNANSWERED:
            result[at] = Result.NOT_ASSESSED.value
        notes[at] = quantities.role_words(match, force)
    return _finding(rule, n, result=result, note=notes)


def _stated(rule: Stated, candidates: Candidates, layers: Layers) -> Finding:
    """Yes or no in a column; anything else is not assessed."""
    n = len(candidates)
    said = inputs.texts(candidates, rule.column, rule.aliases)
    if isinstance(said, Words):
        return _finding(rule, n, note=said)
    result = np.full(n, Result.NOT_ASSESSED.value, dtype=object)
    notes = np.full(n, None, dtype=object)
    for at, text in enumerate(said):
        word = unicodedata.normalize("NFKC", text).casefold().strip()
        shown = one_line(text, 30)
        if word in YES:
            result[at] = Result.PASS.value
        elif word in NO:
            result[at] = rule.otherwise
            notes[at] = Words(f"清单“{rule.column}”一栏填“{shown}”。", f"The column {rule.column!r} says {shown!r}.")
        elif word in UNKNOWN:
            notes[at] = (
                Words(f"清单“{rule.column}”一栏填“{shown}”，情况不明。", f"The column {rule.column!r} says unknown.")
                if word
                else inputs.empty(rule.column)
            )
        else:
            notes[at] = inputs.unreadable(rule.column, text)
    return _finding(rule, n, result=result, note=notes)


def _number(rule: Number, candidates: Candidates, layers: Layers) -> Finding:
    """A number in a column."""
    stated, notes = inputs.numbers(candidates, rule.column, rule.aliases, rule.unit)
    return _against(rule, quantities.quantity(stated, rule.unit, notes))


def _assessment(rule: Assessment, candidates: Candidates, layers: Layers) -> Finding:
    """To be assessed by others: always, or near the features of a layer."""
    n = len(candidates)
    if rule.layer is None or rule.within_m is None:
        return _finding(rule, n, result=np.full(n, Result.REQUIRES_ASSESSMENT.value, dtype=object))
    layer = inputs.features(layers, rule.layer, rule.where)
    if isinstance(layer, Words):
        return _finding(rule, n, "m", threshold=rule.within_m, note=layer)
    near = distances.nearest(candidates.geometry, layer.geometry)
    close = near.distance <= rule.within_m + SLACK
    points = ~measures.areal(candidates.geometry)
    result = np.where(close, Result.REQUIRES_ASSESSMENT.value, Result.PASS.value).astype(object)
    result, unproven = _proven(result, points & (near.feature >= 0))
    return _finding(
        rule,
        n,
        "m",
        result=result,
        measured=near.distance,
        threshold=rule.within_m,
        margin=np.where(unproven, np.nan, near.distance - rule.within_m),
        feature=labels(layer, near.feature),
        note=noted(n, (unproven, inputs.UNPROVEN), (points, inputs.POSITION)),
    )


_KINDS: Mapping[type, Callable[[Any, Candidates, Layers], Finding]] = {
    Inside: _inside,
    Outside: _outside,
    Setback: _setback,
    Shape: _shape,
    ShareWithin: _share,
    Cells: _cells,
    Role: _role,
    Stated: _stated,
    Number: _number,
    Assessment: _assessment,
}
