"""What would have to change for a site, rule by rule (layer 7)."""

from __future__ import annotations

import math

import shapely

from geo.rationale.rules import Names
from geo.rationale.speech import rounded_up, spaced
from geo.schema import Words
from geo.suitability import model as spec
from geo.suitability.records import Finding, Result


def change(
    names: Names, rule: spec.Constraint, finding: Finding, at: int, missing_layer: bool, shape: shapely.Geometry
) -> Words | None:
    """What would have to change; None where the rule is kept."""
    result = Result(finding.result[at])
    if result is Result.PASS:
        return None
    say = names.speech.say
    if result is Result.REQUIRES_ASSESSMENT:
        return say("change.requires_assessment", title=rule.title)
    if result is Result.NOT_ASSESSED:
        return _supply(names, rule, missing_layer, shape)
    return _mend(names, rule, finding, at)


def _supply(names: Names, rule: spec.Constraint, missing_layer: bool, shape: shapely.Geometry) -> Words:
    """What is to be provided so that the rule can be assessed."""
    say = names.speech.say
    layer = getattr(rule, "layer", None)
    if missing_layer and layer:
        return say("change.layer", layer=layer, title=names.layer(layer))
    column = getattr(rule, "column", None)
    if isinstance(rule, spec.Stated | spec.Number):
        return say("change.column", column=column)
    if shape.geom_type == "Point" and not isinstance(rule, spec.Role):
        return say("change.outline")
    return say("change.otherwise", title=rule.title)


def _mend(names: Names, rule: spec.Constraint, finding: Finding, at: int) -> Words | None:
    """How a broken rule would be kept."""
    say = names.speech.say
    short = -float(finding.margin[at])
    amount = rounded_up(short) if math.isfinite(short) else "—"
    match rule:
        case spec.Inside() | spec.Outside():
            name = f"change.{rule.kind}"
            if not short > 0 or not math.isfinite(short):
                return say(f"{name}_point", layer=names.layer(rule.layer))
            return say(name, layer=names.layer(rule.layer), amount=amount)
        case spec.Setback():
            layer = names.layer(rule.layer)
            label = str(finding.feature[at])
            feature = Words(label, label) if label and not label.startswith("#") else layer
            return say(
                "change.inward" if rule.inward else "change.setback", layer=layer, feature=feature, amount=amount
            )
        case spec.Role():
            return say("change.role")
        case spec.Stated():
            return say("change.stated", title=rule.title)
        case spec.Assessment():
            return say("change.requires_assessment", title=rule.title)
        case _:
            measured = float(finding.measured[at])
            least = rule.at_least if rule.at_least is None or rule.kind != "share" else 100 * rule.at_least
            below = least is not None and measured < least
            unit = spaced(finding.unit)
            return say("change.least" if below else "change.most", amount=amount, unit=unit)
