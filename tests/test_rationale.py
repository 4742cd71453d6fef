"""The ranking document: what every output takes, against the numbers it is made of."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely
from siting import LAYERS, candidates, layer, model

from geo import layers, pipeline, rationale, wording
from geo.features import Layers
from geo.pipeline.models import model_names
from geo.pipeline.ranking import Question
from geo.pipeline.ranking import rank as rank_list
from geo.register import Register
from geo.settings import Settings
from geo.suitability.model import SitingModel
from geo.suitability.overrides import Override
from geo.suitability.ranking import rank
from geo.suitability.records import Candidates

MODELS = ("electronic-chemicals-park", "new-materials-park", "rd-campus")


@pytest.fixture(scope="module")
def documents(context: pipeline.Context) -> dict[str, dict[str, Any]]:
    """The sample sites ranked by every model that ships, with the layers that ship."""
    from datetime import date

    found = pipeline.read_sites(context, None)
    checked = pipeline.check(context, found, date(2026, 8, 1))
    return {
        one: rank_list(context, checked, Question((one,), draws=500), lambda zh, en: None)
        for one in model_names(context.settings)
    }


@pytest.mark.parametrize("name", MODELS)
def test_every_text_stands_in_both_languages(documents: dict[str, dict[str, Any]], name: str) -> None:
    def walk(node: Any, where: str) -> None:
        if isinstance(node, dict):
            for key, value in node.items():
                if key.endswith("_zh"):
                    assert bool(value) == bool(node[f"{key[:-3]}_en"]), f"{where}.{key}"
                walk(value, f"{where}.{key}")
            if "zh" in node:
                assert node["zh"] and node["en"], where
        if isinstance(node, list):
            for at, value in enumerate(node):
                walk(value, f"{where}[{at}]")
        if isinstance(node, str):
            assert "{" not in node and "None" not in node, where

    walk({key: one for key, one in documents[name].items() if key not in {"register", "boundaries"}}, name)


@pytest.mark.parametrize("name", MODELS)
def test_it_is_json_and_adds_up(documents: dict[str, dict[str, Any]], name: str) -> None:
    document = documents[name]
    json.dumps(document, allow_nan=False)
    first = document["sites"][0]
    for site in document["sites"]:
        if site["rank"] is None:
            assert site["score"] is None and "fail" in {one["result"] for one in site["constraints"]}
            continue
        assert sum(one["weight"] for one in site["criteria"]) == pytest.approx(1)
        assert site["score_low"] <= site["score"] <= site["score_high"]
        assert site["rank_best"] <= site["rank"] <= site["rank_worst"]
        assert sum(site["robust"]["acceptability"]) <= 1 + 1e-9
        if document["aggregation"]["method"] == "weighted_sum":
            assert sum(one["contribution"] for one in site["criteria"]) == pytest.approx(site["score"], abs=1e-9)
            fall = sum(one["difference"] for one in site["waterfall"])
            assert fall == pytest.approx(site["score"] - first["score"], abs=1e-9) and site["waterfall_exact"]
    summary = document["summary"]
    assert summary["sites"] == 47 == summary["ranked"] + summary["excluded"]
    assert summary["ranked"] == summary["open"] + summary["eligible"]


@pytest.mark.parametrize("name", MODELS)
def test_what_is_not_there_is_not_assessed(documents: dict[str, dict[str, Any]], name: str) -> None:
    """Every rule of a missing layer, for every site, in words that name the layer."""
    document = documents[name]
    assert document["sample"]
    missing = {one["name"]: one for one in document["layers"] if not one["present"]}
    assert missing
    constraints = {one["id"]: one for one in document["constraints"]}
    for site in document["sites"]:
        for one in site["constraints"]:
            name_of_layer = constraints[one["id"]]["layer"]
            if name_of_layer in missing:
                assert one["result"] == "not_assessed"
                assert name_of_layer in one["change_en"] and name_of_layer in one["note_zh"]
            assert (one["change_zh"] is None) == (one["result"] == "pass")
    assert any(one["title_zh"] in document["warnings"][0]["zh"] for one in missing.values())


def told(
    context_settings: Settings, register: Register, spec: SitingModel, sites: Candidates, found: Layers, **how: Any
) -> dict[str, Any]:
    """The document of hand-made sites, without a list behind it."""
    records = [
        {"id": one, "name": one, "lon": 0, "lat": 0, "district": "futian", "district_zh": "福田区",
         "district_en": "Futian", "match": "designated", "force": "in_force"} for one in sites.ids
    ]  # fmt: skip
    checked = {"as_of": "2026-08-01", "register": {}, "boundaries": {}, "sites": records}
    titles = {name: one.title for name, one in layers.named(context_settings).items()}
    sentences = wording.load(context_settings, "ranking.yaml")
    ranking = rank(spec, sites, found, draws=200, **how)
    return rationale.document(
        [ranking], checked, found, titles, register, sentences, digest="0" * 12, sample=False, seed=0
    )


def rule(**said: Any) -> dict[str, Any]:
    return {"title": {"zh": "规则", "en": "rule"}, "source": {"ours": True}, "id": said["kind"], **said}


def test_what_would_have_to_change(settings: Settings, register: Register) -> None:
    """One site breaks every rule by an amount known by hand.

    The site is the square of 400 m at x 800 to 1200: 200 m of it (80,000 m²) lie outside the
    line; it is 1,800 m from the way; 16 ha.
    """
    spec = model(
        constraints=[
            rule(kind="inside", layer="line"),
            rule(kind="outside", layer="line"),
            rule(kind="setback", layer="way", distance_m=2000),
            rule(kind="area", at_least=20),
            rule(kind="share", layer="line", at_least=0.75),
            rule(kind="width", at_most=150),
            rule(kind="stated", column="仓储"),
            rule(kind="role", accept=["silent"]),
            rule(kind="assessment"),
            rule(kind="number", column="层数", at_least=3),
        ]
    )
    site = candidates([("x", shapely.box(800, 1000, 1200, 1400), {"仓储": "否", "jobs": "1"})])
    document = told(settings, register, spec, site, LAYERS)
    said = {one["id"]: one["change_en"] for one in document["sites"][0]["constraints"]}
    assert said == {
        "inside": "80,000 m² lie outside line: move or cut the outline",
        "outside": "leave the 80,000 m² that lie in line",
        "setback": "move 200 m farther from 滨河路",
        "area": "4 ha more is needed",
        "share": "25% more is needed",
        "width": "250 m less is needed",
        "stated": "provide: rule",
        "role": said["role"],
        "assessment": "have it assessed: rule",
        "number": "fill in the column “层数”",
    }
    assert document["sites"][0]["explanation"]["zh"].startswith("不满足硬约束")


def test_the_step_to_the_next_rank_is_told_as_a_value(settings: Settings, register: Register) -> None:
    """a has jobs 40, b jobs 80 at the same distance: a draws level with 80 jobs."""
    spec = model(constraints=[])
    shape = shapely.box(0, 0, 100, 100)
    sites = candidates([("a", shape, {"jobs": "40"}), ("b", shape, {"jobs": "80"})])
    document = told(settings, register, spec, sites, LAYERS)
    first, second = document["sites"]
    assert (first["id"], first["next"]) == ("b", None)
    step = second["next"]
    assert step["site"] == "b" and step["gap"] == pytest.approx(0.1)
    # near has the larger weight: a rise of 0.1 / 0.75 there is the smallest
    assert step["criterion"] == "near" and step["utility_needed"] == pytest.approx(1 / 30 + 0.1 / 0.75)
    assert "2,500 m" in step["en"] and "2,500 m" in step["zh"]


def test_an_override_shows_in_result_list_and_sentence(settings: Settings, register: Register) -> None:
    by = Override("b", "in-line", "pass", "李四", "已调线")
    sites = candidates([("b", shapely.box(900, 1000, 1400, 1500), {"仓储": "是", "jobs": "80"})])
    document = told(settings, register, model(), sites, LAYERS, overridden=[by])
    one = document["sites"][0]["constraints"][0]
    assert one["result"] == "pass" and one["override"] == {"by": "李四", "reason": "已调线", "original": "fail"}
    assert document["overrides"] == [
        {"site": "b", "rule": "in-line", "result": "pass", "by": "李四", "reason": "已调线"}
    ]
    for lang, word in (("zh", "李四：已调线"), ("en", "Set by hand")):
        assert word in document["sites"][0]["explanation"][lang]


def test_a_layer_made_up_is_named_as_such(settings: Settings, register: Register) -> None:
    found = {**LAYERS, "line": layer("line", [shapely.box(0, 0, 1, 1)])}
    sites = candidates([("b", shapely.box(0, 0, 1, 1), {"仓储": "是", "jobs": "80"})])
    document = told(settings, register, model(), sites, found)
    assert [one["sample"] for one in document["layers"]] == [True, True]


def test_a_document_without_force_is_named(documents: dict[str, dict[str, Any]]) -> None:
    """The draft's facilities and the lapsed action plan, by the words of their source and a warning."""
    document = documents["electronic-chemicals-park"]
    drafts = [one for one in document["constraints"] if one["instrument"] == "measures-2023-draft"]
    assert drafts and all("draft" in one["source_en"] and "征求意见" in one["source_zh"] for one in drafts)
    assert any("no force" in one["en"] for one in document["warnings"])
