"""A whole ranking: status, scores by hand, intervals, overrides, order, chunks, processes."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import shapely
from siting import LAYERS, candidates, model, three

from geo.errors import InputError
from geo.suitability.overrides import Override
from geo.suitability.ranking import Ranking, measure, rank
from geo.suitability.records import subset
from geo.suitability.why import steps_up


def of(ranking: Ranking, rule: str) -> list[str]:
    """Results of a rule, by the order of ids."""
    return [str(one) for finding in ranking.findings if finding.rule == rule for one in finding.result]


def test_the_three_sites_by_hand() -> None:
    """a: 2,500 m from the way; b breaks the line; c: 2,000 m, its jobs unknown.

    near(a) = 1 - 2500/3000 = 1/6, jobs(a) = 0.4: 0.75/6 + 0.25 * 0.4 = 0.225.
    near(c) = 1/3, jobs 0 to 1: 0.25 to 0.5.
    """
    found = rank(model(), three(), LAYERS, draws=200)
    assert found.candidates.ids.tolist() == ["a", "b", "c"]
    assert of(found, "in-line") == ["pass", "fail", "pass"]
    assert of(found, "store") == ["pass", "pass", "not_assessed"]
    assert found.status.tolist() == ["eligible", "excluded", "open"]
    own = found.scores[0]
    assert own.score == pytest.approx([0.225, 0.25], abs=1e-12)
    assert own.open.score_low == pytest.approx([0.225, 0.25]) and own.open.score_high == pytest.approx([0.225, 0.5])
    assert own.rank.tolist() == [2, 1] and own.open.rank_best.tolist() == [2, 1]
    assert own.open.rank_worst.tolist() == [2, 1]


def test_a_missing_layer_is_never_a_pass() -> None:
    found = rank(model(), three(), {"way": LAYERS["way"]}, draws=200)
    assert of(found, "in-line") == ["not_assessed"] * 3
    assert set(found.status) == {"open"}


def test_all_excluded_is_a_result() -> None:
    far = candidates([("z", shapely.box(5000, 0, 5100, 100), {"仓储": "否", "jobs": "1"})])
    found = rank(model(), far, LAYERS, draws=200)
    assert found.status.tolist() == ["excluded"] and found.scores == () and found.smaa is None
    assert steps_up(found) == []


def test_an_override_changes_the_result_and_keeps_what_it_was() -> None:
    allowed = Override("b", "in-line", "pass", "张三", "红线已调整")
    found = rank(model(), three(), LAYERS, overridden=[allowed], draws=200)
    assert of(found, "in-line") == ["pass", "pass", "pass"] and found.status[1] == "eligible"
    assert found.overridden == {("b", "in-line"): (allowed, "fail")}


def test_an_override_of_one_site_comes_before_one_of_all() -> None:
    said = [Override("a", "store", "pass", "x", "y"), Override("*", "store", "fail", "x", "y")]
    assert of(rank(model(), three(), LAYERS, overridden=said, draws=200), "store") == ["pass", "fail", "fail"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Override("q", "store", "pass", "x", "y"), "site"),
        (Override("a", "nothing", "pass", "x", "y"), "rule"),
        (Override("a", "store", "pass", " ", "y"), "by"),
        (Override("a", "store", "pass", "x", ""), "reason"),
        (Override("a", "store", "maybe", "x", "y"), "result"),
    ],
)
def test_an_override_needs_a_site_a_rule_a_name_and_a_reason(wrong: Override, field: str) -> None:
    with pytest.raises(InputError) as told:
        rank(model(), three(), LAYERS, overridden=[wrong], draws=200)
    assert told.value.field == field and told.value.remedy_zh


def test_every_fault_of_the_overrides_is_told() -> None:
    said = [Override("q", "nothing", "maybe", "", ""), Override("a", "store", "pass", "x", "y")]
    with pytest.raises(InputError) as told:
        rank(model(), three(), LAYERS, overridden=said, draws=200)
    for word in ("there is no site q", "no rule nothing", "'maybe'", "without a name", "without a reason"):
        assert word in told.value.text("en")


@pytest.mark.parametrize("method", ["entropy", "critic"])
def test_weights_from_the_data_move_with_what_is_missing(method: str) -> None:
    """Whatever the missing jobs of c turn out to be, scores and ranks lie in the intervals told."""
    rows = [
        (site, shapely.box(x, 1000, x + 100, 1100), {"仓储": "是", "jobs": jobs})
        for site, x, jobs in (("a", 0, "40"), ("b", 300, "80"), ("c", 600, ""), ("d", 800, "10"))
    ]
    spec = model(weights={"method": method})
    told = rank(spec, candidates(rows), LAYERS, draws=200).scores[0].open
    assert told.basis == "sampled" and np.all(told.score_low[[0, 1, 3]] < told.score_high[[0, 1, 3]])
    for jobs in range(0, 101, 5):
        known = [(site, shape, {**said, "jobs": said["jobs"] or str(jobs)}) for site, shape, said in rows]
        now = rank(spec, candidates(known), LAYERS, draws=200).scores[0]
        assert np.all(told.score_low - 0.002 <= now.score) and np.all(now.score <= told.score_high + 0.002)
        assert np.all(told.rank_best <= now.rank) and np.all(now.rank <= told.rank_worst)


MANY = [
    (
        f"s{at:03d}",
        shapely.box(7 * at, 1000, 7 * at + 400, 1400),
        {"仓储": "是", "jobs": "" if at % 4 else str(at % 97)},
    )
    for at in range(120)
]
SCHEMES: list[dict[str, Any]] = [
    {"method": "weighted_sum"},
    {"method": "weighted_product"},
    {"method": "topsis", "normalisation": "vector"},
    {"method": "owa", "order": [2, 1]},
    {"method": "promethee", "q": 0.05, "p": 0.2},
    {"method": "vikor", "v": 0.5},
]


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme["method"])
def test_neither_the_order_of_rows_nor_processes_change_a_bit(scheme: dict[str, Any]) -> None:
    whole = candidates(MANY)
    shuffled = subset(whole, np.random.default_rng(5).permutation(len(whole)))
    spec = model(aggregation=scheme)
    one = rank(spec, whole, LAYERS, draws=300)
    other = rank(spec, shuffled, LAYERS, draws=300)
    for left, right in ((one.scores[0].score, other.scores[0].score), (one.low, other.low), (one.high, other.high)):
        assert left.tobytes() == right.tobytes()
    assert one.smaa is not None and other.smaa is not None
    for field in dataclasses.fields(one.smaa):
        left, right = getattr(one.smaa, field.name), getattr(other.smaa, field.name)
        assert np.asarray(left).tobytes() == np.asarray(right).tobytes(), field.name
    for name in ("score_low", "score_high", "rank_best", "rank_worst"):
        assert getattr(one.scores[0].open, name).tobytes() == getattr(other.scores[0].open, name).tobytes()


def test_measuring_in_chunks_and_in_two_processes_is_the_same() -> None:
    whole = candidates(MANY)
    plain = measure(model(), whole, LAYERS)
    for how in ({"chunk": 7}, {"processes": 2}):
        other = measure(model(), whole, LAYERS, **how)
        for left, right in zip(plain[0], other[0], strict=True):
            assert left.measured.tobytes() == right.measured.tobytes()
            assert left.result.tolist() == right.result.tolist() and left.feature.tolist() == right.feature.tolist()
        for one, two in zip(plain[1], other[1], strict=True):
            assert one.low.tobytes() == two.low.tobytes() and one.high.tobytes() == two.high.tobytes()


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme["method"])
def test_a_step_up_is_enough_and_not_more_than_enough(scheme: dict[str, Any]) -> None:
    """With the utility named the site is level with the one ahead; with a little less it is not."""
    from geo.suitability.aggregation import aggregate

    known = [(site, shape, {**columns, "jobs": str(at % 37)}) for at, (site, shape, columns) in enumerate(MANY[:12])]
    found = rank(model(aggregation=scheme), candidates(known), LAYERS, draws=200)
    own, tried = found.scores[0], 0
    for at, step in enumerate(steps_up(found)):
        if step is None or step.criterion is None or step.utility is None:
            continue
        for utility, level in ((min(step.utility + 1e-9, 1.0), True), (step.utility - 1e-6, False)):
            low = found.low.copy()
            low[at, step.criterion] = utility
            now = aggregate(own.aggregation, low, own.weights.values)
            assert bool(now[at] >= now[step.ahead] - 1e-9) is level
        tried += 1
    assert tried >= 5


def test_scenarios_stand_beside_the_model() -> None:
    scenario = {
        "id": "jobs-first",
        "title": {"zh": "就业优先", "en": "Jobs first"},
        "weights": {"method": "direct", "values": {"near": 0, "jobs": 1}},
    }
    found = rank(model(scenarios=[scenario]), three(), LAYERS, draws=200)
    assert [one.scenario.id for one in found.scores] == ["small", "jobs-first"]
    assert found.scores[1].rank.tolist() == [1, 2] and found.scores[0].rank.tolist() == [2, 1]
