"""Rules, weights and methods of a model in words (layer 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any

from geo.rationale.speech import Speech, number
from geo.register import Register, clause_en, clause_zh
from geo.schema import FORCE_NAMES, MATCH_NAMES, Force, Words
from geo.suitability import model as spec
from geo.suitability import schemes
from geo.suitability.values import described
from geo.suitability.weights import Weighed

Record = dict[str, Any]
_PARTS, _CLAUSES = 20, 100  # more than any document of the register has


@dataclass(frozen=True)
class Names:
    """What rules are told with: sentences, register, day, titles of layers."""

    speech: Speech
    register: Register
    as_of: date
    layers: Mapping[str, Words]

    def layer(self, name: str) -> Words:
        """Title of a layer, its name where it has none."""
        return self.layers.get(name, Words(name, name))

    def districts(self, ids: tuple[str, ...]) -> Words:
        """Names of districts in a row."""
        places = [self.register.places[one] for one in ids]
        return self.speech.join(Words(one.zh, one.en) for one in places)


def constraint(names: Names, rule: spec.Constraint, unit: str) -> Record:
    """The record of a constraint."""
    limit = _THRESHOLDS[type(rule)](names, rule, unit)
    group = rule.group
    return {
        "id": rule.id,
        **pair("title", rule.title),
        "group_zh": group.zh if group else None,
        "group_en": group.en if group else None,
        "kind": rule.kind,
        "layer": getattr(rule, "layer", None),
        "unit": unit,
        **pair("threshold", limit),
        **source(names, rule.source),
    }


def criterion(names: Names, factor: spec.Criterion, unit: str, weight: float | None) -> Record:
    """The record of a criterion."""
    return {
        "id": factor.id,
        **pair("title", factor.title),
        "kind": factor.kind,
        "layer": getattr(factor, "layer", None),
        "unit": unit,
        "weight": weight,
        "function": plain(factor.value),
        **pair("function", described(factor.value, unit)),
        **source(names, factor.source),
    }


def source(names: Names, said: spec.Source) -> Record:
    """What a rule rests on, in words, with the force of the document on the day."""
    speech = names.speech
    if said.instrument is not None:
        instrument = names.register.instruments[said.instrument]
        force = names.register.force(said.instrument, names.as_of)
        state: Words | str = ""
        if force is not Force.IN_FORCE:
            state = speech.say("source.not_in_force", force=Words(*FORCE_NAMES[force]))
        title = Words(instrument.title_zh, instrument.title_en)
        words = speech.say("source.clause", title=title, clause=_clause(said.clause or ""), state=state)
    else:
        words = said.text or speech.say("source.ours")
    if said.note is not None:
        words = speech.say("source.noted", source=words, note=said.note)
    return {**pair("source", words), "ours": said.ours, "instrument": said.instrument, "clause": said.clause}


def method(speech: Speech, scheme: schemes.Aggregation) -> Record:
    """The aggregation."""
    parameters = {key: one for key, one in plain(scheme).items() if key != "method"}
    slots: dict[str, object] = dict(parameters)
    if isinstance(scheme, schemes.Topsis):
        slots["normalisation"] = speech.say(f"normalisation.{scheme.normalisation}")
    if isinstance(scheme, schemes.Owa):
        slots["order"] = ", ".join(number(one) for one in scheme.order)
    said = speech.say(f"method.{scheme.method}", **slots)
    return {"method": scheme.method, "parameters": parameters, "zh": said.zh, "en": said.en}


def weighting(speech: Speech, weighed: Weighed) -> Record:
    """How the weights came about."""
    ratio = weighed.consistency_ratio
    shown = "—" if ratio is None else f"{ratio:.3f}"
    index = speech.say(f"index.{weighed.random_index}") if weighed.random_index else "—"
    said = speech.say(f"weighting.{weighed.method}", ratio=shown, index=index)
    return {
        "method": weighed.method,
        "zh": said.zh,
        "en": said.en,
        "random_index": weighed.random_index,
        "consistency_ratio": ratio,
        "remarks": [{"zh": one.zh, "en": one.en} for one in weighed.remarks],
    }


def pair(key: str, words: Words) -> Record:
    """Words under two keys."""
    return {f"{key}_zh": words.zh, f"{key}_en": words.en}


def plain(record: Any) -> Any:
    """A record of the model as JSON has it."""
    if is_dataclass(record) and not isinstance(record, type):
        return {one.name: plain(getattr(record, one.name)) for one in fields(record)}
    if isinstance(record, Mapping):
        return {str(key): plain(one) for key, one in record.items()}
    return [plain(one) for one in record] if isinstance(record, tuple | list) else record


@cache
def _clauses() -> dict[str, str]:
    """English of every clause as the register writes it, by its Chinese."""
    numbers = [(part, clause) for part in range(1, _PARTS) for clause in (None, *range(1, _CLAUSES))]
    return {clause_zh(*one): clause_en(*one) for one in numbers}


def _clause(said: str) -> Words:
    return Words(said, _clauses().get(said, said))


def _sliver(names: Names, area: float) -> Words:
    return names.speech.say("threshold.sliver", area=number(area)) if area else Words("", "")


def _zone(names: Names, rule: Any, _: str) -> Words:
    layer = names.layer(rule.layer)
    return names.speech.say(f"threshold.{rule.kind}", layer=layer, sliver=_sliver(names, rule.sliver_m2))


def _setback(names: Names, rule: spec.Setback, _: str) -> Words:
    say = names.speech.say
    column = say("threshold.column", column=rule.distance_column) if rule.distance_column else ""
    local = [
        say("threshold.local", districts=names.districts(one.districts), distance=number(one.distance_m))
        for one in rule.local
    ]
    return say(
        "threshold.inward" if rule.inward else "threshold.setback",
        layer=names.layer(rule.layer),
        distance=number(rule.distance_m),
        column=column,
        local=Words("".join(one.zh for one in local), "".join(one.en for one in local)),
    )


def _shape(names: Names, rule: spec.Shape, unit: str) -> Words:
    return names.speech.limits(rule.at_least, rule.at_most, unit)


def _share(names: Names, rule: spec.ShareWithin, _: str) -> Words:
    least, most = (None if one is None else 100 * one for one in (rule.at_least, rule.at_most))
    limits = names.speech.limits(least, most, "%")
    layer, sliver = names.layer(rule.layer), _sliver(names, rule.sliver_m2)
    return names.speech.say("threshold.share", layer=layer, limits=limits, sliver=sliver)


def _cells(names: Names, rule: spec.Cells, unit: str) -> Words:
    return names.speech.say(
        "threshold.slope" if rule.measure == "slope" else "threshold.raster",
        layer=names.layer(rule.layer),
        statistic=names.speech.say(f"statistic.{rule.statistic}"),
        limits=names.speech.limits(rule.at_least, rule.at_most, unit),
    )


def _role(names: Names, rule: spec.Role, _: str) -> Words:
    speech = names.speech
    accept = speech.join(Words(*MATCH_NAMES[one]) for one in rule.accept)
    force = speech.join(Words(*FORCE_NAMES[one]) for one in rule.force)
    listed = speech.join(Words(*MATCH_NAMES[one]) for one in rule.review)
    review = speech.say("threshold.role_review", review=listed) if rule.review else ""
    return speech.say("threshold.role", accept=accept, force=force, review=review)


def _stated(names: Names, rule: spec.Stated, _: str) -> Words:
    return names.speech.say("threshold.stated", column=rule.column)


def _number(names: Names, rule: spec.Number, unit: str) -> Words:
    limits = names.speech.limits(rule.at_least, rule.at_most, unit)
    return names.speech.say("threshold.number", column=rule.column, limits=limits)


def _assessment(names: Names, rule: spec.Assessment, _: str) -> Words:
    if rule.layer is None or rule.within_m is None:
        return names.speech.say("threshold.assessment")
    distance = number(rule.within_m)
    return names.speech.say("threshold.assessment_near", layer=names.layer(rule.layer), distance=distance)


_THRESHOLDS: dict[type, Callable[[Names, Any, str], Words]] = {
    spec.Inside: _zone,
    spec.Outside: _zone,
    spec.Setback: _setback,
    spec.Shape: _shape,
    spec.ShareWithin: _share,
    spec.Cells: _cells,
    spec.Role: _role,
    spec.Stated: _stated,
    spec.Number: _number,
    spec.Assessment: _assessment,
}
