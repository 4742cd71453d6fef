"""The ranking document as a whole (layer 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from geo.features import Features, Layers
from geo.rationale import robust, rules
from geo.rationale.rules import Names
from geo.rationale.sites import Telling, site
from geo.rationale.speech import Speech
from geo.register import Register
from geo.schema import Force, Words
from geo.suitability import dominance, needs, why
from geo.suitability.ranking import Ranking
from geo.suitability.weights import weigh
from geo.wording import Sentences

Record = dict[str, Any]


def document(
    rankings: Sequence[Ranking],
    checked: Mapping[str, Any],
    found: Layers,
    titles: Mapping[str, Words],
    register: Register,
    sentences: Sentences,
    *,
    digest: str,
    sample: bool,
    seed: int,
) -> Record:
    """All that a ranking says.

    Parameters
    ----------
    rankings : sequence of Ranking
        The first is the ranking, the others stand beside it as scenarios.
    checked : dict
        The JSON of the check of the same sites.
    found : mapping of str to Features or Raster
        The layers that were there.
    titles : mapping of str to Words
        Titles of layers, of missing ones too.
    digest : str
        Of the model's file.
    """
    ranking = rankings[0]
    as_of = date.fromisoformat(checked["as_of"])
    names = Names(Speech(sentences), register, as_of, {**titles, **{name: one.title for name, one in found.items()}})
    needed = needs.needed(ranking.model)
    layers = [_layer(names, name, users, found) for name, users in needed.items()]
    missing = frozenset(name for name in needed if name not in found)
    ranked, model = bool(ranking.scores), ranking.model
    criteria = [one.id for one in model.criteria]
    weighed = ranking.scores[0].weights if ranked else weigh(model.weights, criteria, ranking.low)
    telling = Telling(
        names,
        ranking,
        weighed.values,
        missing,
        dominance.dominated_by(ranking.low, ranking.high) if ranked else [],
        why.steps_up(ranking),
    )
    sites = _sites(telling, checked)
    status = Counter(str(one) for one in ranking.status)
    return {
        "as_of": checked["as_of"],
        "register": checked["register"],
        "boundaries": checked["boundaries"],
        "sample": sample,
        "model": {
            "id": model.id,
            **rules.pair("title", model.title),
            "version": model.version,
            **rules.pair("description", model.description),
            "digest": digest,
        },
        "aggregation": rules.method(names.speech, model.aggregation),
        "weighting": rules.weighting(names.speech, weighed),
        "layers": layers,
        "constraints": [
            rules.constraint(names, rule, finding.unit)
            for rule, finding in zip(model.constraints, ranking.findings, strict=True)
        ],
        "criteria": [
            rules.criterion(names, one, measured.unit, float(weighed.values[j]))
            for j, (one, measured) in enumerate(zip(model.criteria, ranking.measured, strict=True))
        ],
        "summary": {
            "sites": len(sites),
            "ranked": len(ranking.ranked),
            **{one: status[one] for one in ("excluded", "open", "eligible")},
        },
        "sites": sites,
        "robustness": robust.robustness(names.speech, ranking, seed),
        "scenarios": robust.scenarios([one for one in rankings if one.scores]) if ranked else [],
        "overrides": _overrides(ranking),
        "warnings": [{"zh": one.zh, "en": one.en} for one in _warnings(names, ranking, missing)],
    }


def _layer(names: Names, name: str, users: Sequence[str], found: Layers) -> Record:
    record: Record = {"name": name, **rules.pair("title", names.layer(name)), "present": name in found}
    record |= dict.fromkeys(("kind", "count", "version", "vintage_zh", "vintage_en", "datum", "licence"))
    record |= {"origin_zh": None, "origin_en": None, "sample": False, "rules": list(users)}
    layer = found.get(name)
    if layer is None:
        return record
    told = layer.provenance
    features = isinstance(layer, Features)
    return record | {
        "kind": "features" if features else "raster",
        "count": len(layer.geometry) if isinstance(layer, Features) else int(np.isfinite(layer.values).sum()),
        "version": told.version,
        **rules.pair("vintage", told.vintage),
        "datum": told.datum,
        "licence": told.licence,
        **rules.pair("origin", told.origin),
        "sample": told.sample,
    }


def _sites(telling: Telling, checked: Mapping[str, Any]) -> list[Record]:
    """Records by rank, then those excluded, each by id."""
    records = {record["id"]: record for record in checked["sites"]}
    ranking = telling.ranking
    place = {int(at): number for number, at in enumerate(ranking.ranked)}
    made = [site(telling, at, place.get(at), records[str(one)]) for at, one in enumerate(ranking.candidates.ids)]
    return sorted(made, key=lambda one: (one["rank"] is None, one["rank"] or 0, one["id"]))


def _overrides(ranking: Ranking) -> list[Record]:
    return [
        {"site": site, "rule": rule, "result": one.result, "by": one.by, "reason": one.reason}
        for (site, rule), (one, _) in ranking.overridden.items()
    ]


def _warnings(names: Names, ranking: Ranking, missing: frozenset[str]) -> list[Words]:
    """What must be said of the ranking as a whole."""
    said = []
    if not ranking.scores:
        said.append(names.speech.say("warning.none_ranked"))
    if missing:
        listed = names.speech.join(names.layer(one) for one in sorted(missing))
        said.append(names.speech.say("warning.layers", count=len(missing), layers=listed))
    weak = [
        rule.title
        for rule in (*ranking.model.constraints, *ranking.model.criteria)
        if rule.source.instrument is not None
        and names.register.force(rule.source.instrument, names.as_of) is not Force.IN_FORCE
    ]
    if weak:
        said.append(names.speech.say("warning.draft", rules=names.speech.join(weak)))
    return [*said, *(ranking.scores[0].weights.remarks if ranking.scores else ())]
