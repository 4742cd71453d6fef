"""The verdict on the shipped register, on days before, within and after the documents."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.check import ask, verdict
from geo.schema import CORE_FIELDS, DISTRICTS, Force, Match, Stage

PLAN, AFTER, SCHEME, ACTION, NOW = (
    date(2012, 6, 1), date(2016, 6, 1), date(2019, 6, 1), date(2023, 6, 1), date(2026, 11, 22),
)  # fmt: skip
A = "action-plan-2022-"
CASES = [  # day, district, field, stage → match, force, deciding ids (without the document's), places elsewhere
    (PLAN, "baoan", "光刻胶", None, "designated", "in_force", ["plan-2011-baoan-cluster"], []),
    (PLAN, "longhua", "光刻胶", None, "designated", "in_force", ["plan-2011-baoan-cluster"], []),
    (PLAN, "dapeng", "锂电池", "production", "designated", "in_force", ["plan-2011-longgang-cluster"], []),
    (PLAN, "futian", "新能源", None, "elsewhere", "in_force", [], ["baoan", "longgang", "pingshan", "guangming"]),
    (PLAN, "futian", "超材料", None, "silent", "none", [], []),
    (PLAN, "luohu", "高温合金", None, "silent", "none", [], []),
    (PLAN, "nanshan", None, None, "silent", "none", [], []),
    (PLAN, "longhua", None, None, "not_asked", "in_force", [], []),
    (PLAN, "pingshan", "无人驾驶", None, "silent", "none", [], []),
    (AFTER, "baoan", "光刻胶", "production", "designated", "lapsed", ["plan-2011-baoan-cluster"], []),
    (AFTER, "futian", "新能源", None, "elsewhere", "lapsed", [], ["baoan", "longgang", "pingshan", "guangming"]),
    (AFTER, "dapeng", None, None, "not_asked", "lapsed", [], []),
    (SCHEME, "dapeng", "生命健康", None, "designated", "in_force", ["scheme-2018-dapeng-health"], []),
    (SCHEME, "dapeng", "生物医药", None, "designated", "in_force", ["scheme-2018-dapeng-health"], []),
    (SCHEME, "futian", "生命健康", None, "elsewhere", "in_force", [], ["dapeng"]),
    (SCHEME, "dapeng", "新能源", None, "designated", "lapsed", ["plan-2011-longgang-cluster"], []),
    (SCHEME, "pingshan", None, None, "not_asked", "in_force", [], []),
    (SCHEME, "pingshan", "新能源", None, "designated", "lapsed", ["plan-2011-pingshan-cluster"], []),
    (ACTION, "baoan", "光刻胶", "rd_design", "designated", "in_force", [A + "baoan-semiconductor"], []),
    (ACTION, "baoan", "光刻胶", "生产", "stage_elsewhere", "in_force", [A + "baoan-semiconductor"], ["shenshan"]),
    (ACTION, "baoan", "半导体", "production", "stage_elsewhere", "in_force", [A + "baoan-semiconductor"], []),
    (ACTION, "longhua", "光刻胶", None, "elsewhere", "in_force", [], ["baoan", "shenshan"]),
    (ACTION, "longhua", "电子信息", None, "elsewhere", "in_force", [], ["baoan", "shenshan"]),
    (ACTION, "luohu", "高温合金", "production", "designated", "in_force", [A + "luohu-headquarters"], []),
    (ACTION, "luohu", "绿色建材", "总部", "designated", "in_force", [A + "luohu-headquarters"], []),
    (ACTION, "luohu", "金属", "中试", "stage_elsewhere", "in_force", [A + "luohu-headquarters"], []),
    (ACTION, "pingshan", "固态电解质", "production", "designated", "in_force", [A + "pingshan-new-energy"], []),
    (ACTION, "pingshan", "锂电池", "研发", "stage_elsewhere", "in_force", [A + "pingshan-new-energy"], ["longgang"]),
    (ACTION, "longgang", "锂电池", "rd_design", "designated", "in_force", [A + "longgang-low-carbon"], []),
    (ACTION, "shenshan", "湿电子化学品", "production", "designated", "in_force", [A + "shenshan-chemicals"], []),
    (ACTION, "futian", "高分子", None, "elsewhere", "in_force", [], ["baoan", "shenshan"]),
    (ACTION, "futian", "膜材料", None, "silent", "none", [], []),
    (ACTION, "guangming", "膜材料", "application", "designated", "in_force", [A + "guangming-application"], []),
    (
        ACTION, "guangming", "石墨烯", "rd_design", "designated", "in_force",
        [A + "guangming-transfer", A + "guangming-application"], [],
    ),
    (ACTION, "nanshan", "OLED", None, "elsewhere", "lapsed", [], ["baoan", "longgang", "pingshan", "guangming"]),
    (ACTION, "futian", None, None, "silent", "none", [], []),
    (NOW, "baoan", "光刻胶", "rd_design", "designated", "lapsed", [A + "baoan-semiconductor"], []),
    (NOW, "baoan", "生物医用", None, "designated", "lapsed", ["plan-2011-baoan-cluster"], []),
    (NOW, "dapeng", "生命健康", None, "designated", "lapsed", ["scheme-2018-dapeng-health"], []),
    (NOW, "longhua", "光刻胶", None, "elsewhere", "lapsed", [], ["baoan", "shenshan"]),
    (NOW, "guangming", None, None, "not_asked", "lapsed", [], []),
    (NOW, "yantian", "膜材料", None, "silent", "none", [], []),
    (NOW, None, "光刻胶", None, "outside", "none", [], []),
    (NOW, "baoan", "咖啡", None, "unrecognised", "none", [], []),
    (date(2011, 8, 2), "baoan", "光刻胶", None, "silent", "none", [], []),
]  # fmt: skip


def judge(register, district, field=None, stage=None, day=NOW):
    return verdict(register, district, ask(register, field, stage), day)


def listed(found):
    return {one.designation.id: one for one in found.designations}


@pytest.mark.parametrize(
    ("day", "district", "field", "stage", "match", "force", "ids", "places"),
    CASES,
    ids=[f"{day.year}-{district}-{field}-{stage}" for day, district, field, stage, *_ in CASES],
)
def test_real_cases(register, day, district, field, stage, match, force, ids, places):
    found = judge(register, district, field, stage, day)
    assert (found.match, found.force) == (match, force)
    assert [one.designation.id for one in found.designations if one.decides] == ids
    assert [one.designation.place for one in found.elsewhere] == places


@pytest.mark.parametrize(
    ("day", "district", "field", "coverage", "basis", "parts"),
    [
        (ACTION, "baoan", "光刻胶", "whole", "interpreted", ()),
        (ACTION, "baoan", "半导体", "whole", "explicit", ()),
        (ACTION, "baoan", "电子信息", "part", "interpreted", 6),
        (ACTION, "pingshan", "锂电池", "whole", "explicit", ()),
        (ACTION, "longgang", "储能", "whole", "interpreted", ()),
        (ACTION, "longgang", "低碳材料", "whole", "explicit", ()),
        (ACTION, "guangming", "高温合金", "any", "interpreted", ()),
        (SCHEME, "dapeng", "生物医药", "part", "interpreted", 1),
        (PLAN, "baoan", "组织工程", "whole", "interpreted", ()),
    ],
)
def test_on_what_a_real_verdict_rests(register, day, district, field, coverage, basis, parts):
    one = next(one for one in judge(register, district, field, None, day).designations if one.decides)
    assert (one.coverage, one.basis) == (coverage, basis)
    assert (len(one.parts) if one.parts else ()) == parts


def test_the_measures_in_force_support_parks_beside_a_lapsed_role(register):
    found = listed(judge(register, "baoan", "光刻胶", "rd_design"))
    park = found["measures-2023-baoan-parks"]
    assert (park.designation.kind, park.force, park.decides) == ("support", Force.IN_FORCE, False)
    draft = found["measures-2023-draft-baoan-semiconductor"]
    assert (draft.force, draft.coverage, draft.decides) == (Force.DRAFT, "whole", False)


def test_parks_without_outline_are_listed_and_decide_nothing(register):
    found = listed(judge(register, "nanshan", "电子信息", "rd_design", PLAN))
    assert {"plan-2011-rd-core-shenzhen-bay", "plan-2011-rd-core-university-town"} <= found.keys()
    assert not any(one.decides for one in found.values())
    assert "plan-2011-metamaterial-base" in listed(judge(register, "futian", "超材料", None, PLAN))
    assert "plan-2011-metamaterial-base" not in listed(judge(register, "futian", "光刻胶", None, PLAN))


def test_the_former_district_is_named(register):
    assert listed(judge(register, "dapeng", "锂电池", None, PLAN))["plan-2011-longgang-cluster"].former == "longgang"
    assert listed(judge(register, "longhua", None, None, PLAN))["plan-2011-baoan-cluster"].former == "baoan"
    assert "action-plan-2022-longgang-low-carbon" not in listed(judge(register, "dapeng", "低碳材料", None, ACTION))
    assert listed(judge(register, "guangming", "光刻胶", None, PLAN))["plan-2011-guangming-cluster"].former is None


@pytest.mark.parametrize(
    ("first", "last"), [(date(2011, 8, 3), date(2015, 12, 31)), (date(2022, 1, 1), date(2025, 12, 31))]
)
def test_a_verdict_turns_on_the_days_of_the_document(register, first, last):
    day = timedelta(days=1)
    force = {on: judge(register, "baoan", "半导体", None, on).force for on in (first - day, first, last, last + day)}
    assert force[first] is force[last] is Force.IN_FORCE
    assert force[first - day] is not Force.IN_FORCE
    assert force[last + day] is Force.LAPSED


days = st.dates(date(2009, 1, 1), date(2032, 1, 1))
stages = st.sampled_from([None, *Stage])


@given(
    st.sampled_from(DISTRICTS),
    st.sampled_from([None, *CORE_FIELDS, "photoresist", "wet-chemicals", "life-health"]),
    stages,
    days,
)
def test_rules_that_hold_for_every_question(register, district, field, stage, day):
    found = judge(register, district, field, stage, day)
    for one in (*found.designations, *found.elsewhere):
        if one.decides:
            assert one.designation.kind == "role"
            assert one.force is found.force
            assert one.force in (Force.IN_FORCE, Force.LAPSED)
            assert one.designation.place in DISTRICTS
            assert one.coverage is not None
        assert one.force is register.force(one.designation.instrument, day)
    decided = [one for one in found.designations if one.decides]
    assert bool(decided) == (found.match in (Match.DESIGNATED, Match.STAGE_ELSEWHERE))
    assert all(one.stage_fits == (found.match is Match.DESIGNATED) for one in decided)
    assert all(one.designation.place != district and one.designation.fields for one in found.elsewhere)
    assert (found.force is Force.NONE) == (found.match is Match.SILENT)


@given(st.sampled_from(DISTRICTS), st.sampled_from(CORE_FIELDS), days)
def test_leaving_out_the_stage_is_never_worse(register, district, field, day):
    order = [Match.DESIGNATED, Match.STAGE_ELSEWHERE, Match.ELSEWHERE, Match.SILENT]
    free = order.index(judge(register, district, field, None, day).match)
    assert all(free <= order.index(judge(register, district, field, stage, day).match) for stage in Stage)
