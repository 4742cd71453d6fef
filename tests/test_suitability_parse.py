"""A model's file: every fault at once, named by its key."""

from pathlib import Path
from typing import Any

import pytest
from siting import model, said

from geo.errors import ModelError
from geo.suitability.parse import parse


def test_the_id_is_the_name_of_the_file() -> None:
    assert model().id == "small"


def test_every_fault_is_told_at_once_in_both_languages() -> None:
    broken = said(weights={"method": "direct", "values": {"near": -1}}, aggregation={"method": "sum"}, colour="red")
    with pytest.raises(ModelError) as told:
        parse(broken, Path("small.yaml"))
    assert len(told.value.faults) == 3
    for word in ("weights.direct.values.near", "aggregation", "colour", "docs/siting-models.md"):
        assert word in told.value.text("en")
    assert "没有这个键" in told.value.text("zh") and "small.yaml" in told.value.text("zh")


def _rule(**rule: Any) -> dict[str, Any]:
    return said(constraints=[{"id": "r", "title": {"zh": "规则", "en": "rule"}, "source": {"ours": True}, **rule}])


def _criterion(**rule: Any) -> dict[str, Any]:
    base = {
        "id": "near",
        "title": {"zh": "准则", "en": "c"},
        "source": {"ours": True},
        "kind": "distance",
        "layer": "way",
    }
    return said(criteria=[{**base, **rule}], weights={"method": "entropy"})


MARS = {"districts": ["mars"], "distance_m": 2, "source": {"ours": True}}


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        (said(weights={"method": "direct", "values": {"near": 1}}), "name each criterion once"),
        (said(weights={"method": "direct", "values": {"near": 0, "jobs": 0}}), "add up to nothing"),
        (said(weights={"method": "roc", "order": ["near", "near"]}), "name each criterion once"),
        (said(weights={"method": "ahp", "order": ["near", "jobs"], "matrix": [[1, 2]]}), "2 by 2"),
        (said(aggregation={"method": "owa", "order": [1]}), "2 weights"),
        (said(aggregation={"method": "owa", "order": [0, 0]}), "adds up to nothing"),
        (said(aggregation={"method": "promethee", "q": 0.5, "p": 0.1}), "q is above p"),
        (said(criteria=[]), "criteria"),
        (said(scenarios=[{"id": "small", "title": {"zh": "一", "en": "one"}}]), "stands twice"),
        (_rule(kind="area"), "at_least or at_most"),
        (_rule(kind="area", at_least=5, at_most=1), "at_least is above"),
        (_rule(kind="assessment", layer="way"), "go together"),
        (_rule(kind="setback", layer="way", distance_m=1, local=[MARS]), "mars"),
        (_rule(kind="setback", layer="way", distance_m=-1), "distance_m"),
        (_rule(kind="setback", layer="way", distance_m=float("nan")), "distance_m"),
        (_rule(kind="inside", layer="../../etc"), "layer"),
        (_rule(kind="inside", layer="way", source={}), "a source is"),
        (_rule(kind="inside", layer="way", source={"instrument": "measures-2023"}), "go together"),
        (_rule(kind="inside", layer="way", source={"ours": True, "text": {"zh": "法", "en": "law"}}), "a source is"),
        (_criterion(value={"kind": "linear", "worst": 1, "best": 1}), "worst and best"),
        (_criterion(value={"kind": "sigmoid", "middle": 1, "scale": 0}), "scale"),
        (_criterion(value={"kind": "piecewise", "points": [[2, 0], [1, 1]]}), "ascend"),
        (_criterion(value={"kind": "step", "steps": [[2, 0], [2, 1]]}), "ascend"),
        (_criterion(value={"kind": "linear", "worst": 0, "best": 1}, kind="sum", within_m=5), "sum takes a column"),
        ([], "small.yaml"),
        (None, "small.yaml"),
        ("text", "small.yaml"),
    ],
)  # fmt: skip
def test_a_fault_is_named(broken: Any, word: str) -> None:
    with pytest.raises(ModelError) as told:
        parse(broken, Path("small.yaml"))
    assert word in told.value.text("en") and "→" in told.value.text("zh")
