"""Every rule of every shipped model: words in both languages, a source that exists, layers that can be had."""

import csv
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from geo.register import Register, clause_zh
from geo.schema import Designation, Force, Match, Measure, Words
from geo.suitability import values, weights
from geo.suitability.model import (
    Assessment,
    Categorical,
    Cells,
    CellsOf,
    Role,
    RoleFit,
    Setback,
    Shape,
    ShareWithin,
    SitingModel,
    Stated,
)
from geo.suitability.parse import parse
from geo.suitability.schemes import Pairwise

DATA = Path(__file__).resolve().parents[1] / "data"
FILES = sorted((DATA / "models").glob("*.yaml"))
SLIVER_M2 = 1_000  # a "sliver" above this would hide land


@cache
def shipped(path: Path) -> SitingModel:
    return parse(yaml.safe_load(path.read_text(encoding="utf-8")), path)


MODELS = [shipped(path) for path in FILES]
CONSTRAINTS = [pytest.param(rule, id=f"{model.id}:{rule.id}") for model in MODELS for rule in model.constraints]
CRITERIA = [pytest.param(rule, id=f"{model.id}:{rule.id}") for model in MODELS for rule in model.criteria]
RULES = [*CONSTRAINTS, *CRITERIA]
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)


@cache
def layers() -> frozenset[str]:
    """Layers that are shipped, that OpenStreetMap gives, or that have an official name."""
    found: set[str] = set()
    for path in (DATA / "layers").glob("*.yaml"):
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        found |= {one["id"] for key in ("layers", "themes") for one in said.get(key, ())}
    return frozenset(found)


def words(thing: Any) -> Iterator[Words]:
    """All `Words` in a record and the records in it."""
    if isinstance(thing, Words):
        yield thing
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from words(getattr(thing, one.name))
    elif isinstance(thing, tuple):
        for one in thing:
            yield from words(one)


def test_the_three_models_are_there() -> None:
    assert [path.stem for path in FILES] == ["electronic-chemicals-park", "new-materials-park", "rd-campus"]


@each_model
def test_words_stand_in_both_languages(model: SitingModel) -> None:
    for one in words(model):
        assert re.search(r"[\u4e00-\u9fff]", one.zh), one
        assert one.en.strip() and not re.search(r"[\u4e00-\u9fff]", one.en), one


@pytest.mark.parametrize("rule", RULES)
def test_source_exists(rule: Any, register: Register) -> None:
    source = rule.source
    if source.ours:
        assert source.note is not None, "a threshold of ours says why"
    if source.instrument is None:
        return
    records: list[Designation | Measure] = [*register.designations, *register.measures]
    own = [one for one in records if one.instrument == source.instrument]
    assert source.clause in {clause_zh(one.part, one.clause, getattr(one, "item", None)) for one in own}


@each_model
def test_a_draft_never_fails_a_site(model: SitingModel, register: Register) -> None:
    drafts = {one.id for one in register.instruments.values() if one.status == "draft"}
    resting = [one for one in model.constraints if one.source.instrument in drafts]
    assert all(isinstance(one, Stated) and one.otherwise == "requires_assessment" for one in resting)
    assert all(one.group is not None and "征求意见稿" in one.group.zh for one in resting)


def test_the_facilities_are_those_of_the_two_documents(register: Register) -> None:
    """Each facility that clause 17 names is asked for by it; what only the draft names, by the draft."""
    park = shipped(DATA / "models" / "electronic-chemicals-park.yaml")
    named = {one.id: [facility.zh for facility in one.facilities] for one in register.designations}
    in_force, drafted = named["measures-2023-shenshan-park"], named["measures-2023-draft-shenshan-park"]
    asked = {
        instrument: [one.title.zh for one in park.constraints if one.source.instrument == instrument]
        for instrument in ("measures-2023", "measures-2023-draft")
    }
    assert in_force == ["危化品储运", "废物废水废气集中处理"]
    assert asked["measures-2023"] == ["危化品储运设施", "废水集中处理", "废气集中处理", "废物集中处理"]
    only = [one for one in drafted if one not in in_force]
    assert len(asked["measures-2023-draft"]) == len(only)
    for said, name in zip(asked["measures-2023-draft"], only, strict=True):
        assert said in name, (said, name)


@pytest.mark.parametrize("rule", RULES)
def test_layers_can_be_had(rule: Any) -> None:
    asked = {getattr(rule, key, None) for key in ("layer", "network")} - {None}
    assert asked <= layers()


@pytest.mark.parametrize("rule", [one for one in RULES if getattr(one.values[0], "where", None)])
def test_features_picked_from_a_shipped_layer_are_there(rule: Any) -> None:
    entries = yaml.safe_load((DATA / "layers" / "layers.yaml").read_text(encoding="utf-8"))["layers"]
    (file,) = [one["file"] for one in entries if one["id"] == rule.layer]
    with (DATA / "layers" / file).open(encoding="utf-8", newline="") as table:
        found = {row[rule.where.column] for row in csv.DictReader(table)}
    assert set(rule.where.values) <= found


@pytest.mark.parametrize("rule", CONSTRAINTS)
def test_thresholds_are_in_the_unit_that_their_kind_measures(rule: Any) -> None:
    assert rule.group is not None
    if isinstance(rule, Shape):
        low, high = {"area": (0.1, 1_000), "width": (10, 5_000), "compactness": (0.01, 1)}[rule.kind]
        limits = [one for one in (rule.at_least, rule.at_most) if one is not None]
        assert limits and all(low <= one <= high for one in limits)
    if isinstance(rule, ShareWithin):
        assert 0 < (rule.at_least or rule.at_most or 0) <= 1
    if isinstance(rule, Cells):
        assert rule.measure == "slope" and rule.unit == "%" and 1 <= (rule.at_most or 0) <= 100
    if isinstance(rule, Setback | Assessment):
        assert (getattr(rule, "distance_m", None) or getattr(rule, "within_m", None) or 0) <= 5_000
    assert getattr(rule, "sliver_m2", 0) <= SLIVER_M2


@pytest.mark.parametrize("rule", CONSTRAINTS)
def test_no_distance_is_put_into_the_mouth_of_the_law(rule: Any) -> None:
    """A distance from people or roads is ours, or there is none and the rule asks for an assessment."""
    if isinstance(rule, Setback) or (isinstance(rule, Assessment) and (rule.within_m or 0) > 0):
        assert rule.source.ours


@pytest.mark.parametrize("rule", CRITERIA)
def test_value_functions_reach_from_low_to_high(rule: Any) -> None:
    low, high = values.bounds(rule.value)
    assert 0 <= low < high <= 1
    said = values.described(rule.value, "m")
    assert said.zh and said.en
    if isinstance(rule, CellsOf):
        assert rule.unit


@pytest.mark.parametrize("rule", [one for one in RULES if isinstance(one.values[0], Role | RoleFit)])
def test_every_answer_of_a_check_is_met(rule: Any) -> None:
    """A role rule says something of every match; a fit has a utility for all that can be ranked."""
    answered = set(Match) - {Match.NOT_ASKED, Match.UNRECOGNISED}
    if isinstance(rule, Role):
        assert Match.DESIGNATED in rule.accept and rule.force == (Force.IN_FORCE,)
        assert set(rule.accept).isdisjoint(rule.review)
        return
    assert isinstance(rule.value, Categorical)
    forces = {Match.SILENT: ["none"], Match.OUTSIDE: ["none"]}
    given = {f"{match}/{force}" for match in answered for force in forces.get(match, ["in_force", "lapsed"])}
    assert set(rule.value.utilities) == given


@each_model
def test_weights_are_consistent(model: SitingModel) -> None:
    names = [one.id for one in model.criteria]
    some = np.random.default_rng(1).random((5, len(names)))
    for spec in (model.weights, *(one.weights for one in model.scenarios if one.weights)):
        weighed = weights.weigh(spec, names, some)
        assert weighed.values.sum() == pytest.approx(1) and (weighed.values > 0).all()
        assert not weighed.remarks
        if isinstance(spec, Pairwise):
            assert weighed.consistency_ratio is not None and weighed.consistency_ratio < 0.1
            assert list(weighed.values) == sorted(weighed.values, reverse=True), "as ordered"
    assert len(model.scenarios) >= 2


def test_the_models_show_the_ways_of_weighing_and_putting_together() -> None:
    assert {one.weights.method for one in MODELS} == {"ahp", "roc", "direct"}
    assert [one.aggregation.method for one in MODELS] == ["topsis", "weighted_sum", "weighted_sum"]


def test_columns_have_an_english_name_too() -> None:
    for model in MODELS:
        for rule in model.constraints:
            if isinstance(rule, Stated):
                assert re.search(r"[\u4e00-\u9fff]", rule.column), rule.id
                assert rule.aliases and all(one.isascii() for one in rule.aliases), rule.id
