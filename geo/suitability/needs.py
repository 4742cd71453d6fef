"""Which layers the rules of a model need."""

from __future__ import annotations

from geo.suitability.model import SitingModel


def needed(model: SitingModel) -> dict[str, list[str]]:
    """Layer names in their order, each with the ids of the rules that use it, as the model has them.

    A rule needs its layer, and its network where it names one.
    """
    found: dict[str, list[str]] = {}
    for rule in (*model.constraints, *model.criteria):
        for attribute in ("layer", "network"):
            name = getattr(rule, attribute, None)
            if name is not None and rule.id not in found.setdefault(name, []):
                found[name].append(rule.id)
    return {name: found[name] for name in sorted(found)}
