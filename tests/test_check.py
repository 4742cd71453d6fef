"""The verdict: every branch by small registers made by hand, then real cases.

The fields of the small registers are drawn in conftest: ores holds iron (with
steel) and copper (with wire); wares holds pots and wire.
"""

from __future__ import annotations

from datetime import date

import pytest

from geo import register as policy
from geo.check import ask, measures, verdict
from geo.schema import DISTRICTS, Force, Match, Stage

DAY = date(2021, 6, 1)
NOW = ("2020-01-01", "2022-12-31")
PAST = ("2010-01-01", "2012-12-31")
LATER = ("2030-01-01", "2032-12-31")


def judge(register, district, field=None, stage=None, day=DAY):
    return verdict(register, district, ask(register, field, stage), day)


def deciding(found):
    return [one.designation.id for one in found.designations if one.decides]


def listed(found):
    return {one.designation.id: one for one in found.designations}


def places(found):
    return [one.designation.place for one in found.elsewhere]


def outcome(found):
    return found.match, found.force


@pytest.fixture
def one_plan(hand):
    """A plan in force with the designations given."""
    return lambda *roles, **more: hand.register(hand.plan("plan", *NOW, *roles, **more))


@pytest.mark.parametrize(
    ("named", "asked", "coverage", "basis", "parts"),
    [
        (["iron"], "iron", "whole", "explicit", ()),
        (["iron"], "steel", "whole", "explicit", ()),
        (["iron?"], "iron", "whole", "interpreted", ()),
        (["iron?"], "steel", "whole", "interpreted", ()),
        (["iron?", "ores"], "steel", "whole", "explicit", ()),
        (["iron"], "ores", "part", "interpreted", ("iron",)),
        (["steel", "copper"], "ores", "part", "interpreted", ("steel", "copper")),
        (["steel?"], "ores", "part", "interpreted", ("steel",)),
        (["wares"], "wire", "whole", "explicit", ()),
        (["ores"], "wire", "whole", "explicit", ()),
        (["wire"], "wares", "part", "interpreted", ("wire",)),
        ([], "pots", "any", "interpreted", ()),
    ],
)
def test_designated(hand, one_plan, named, asked, coverage, basis, parts):
    found = judge(one_plan(hand.role("futian", *named)), "futian", asked)
    assert outcome(found) == (Match.DESIGNATED, Force.IN_FORCE)
    (one,) = found.designations
    assert (one.coverage, one.basis, one.parts, one.decides) == (coverage, basis, parts, True)
    assert found.elsewhere == ()


@pytest.mark.parametrize(
    ("named", "asked"), [("iron", "copper"), ("steel", "copper"), ("iron", "wares"), ("pots", "wire")]
)
def test_fields_side_by_side_do_not_cover_each_other(hand, one_plan, named, asked):
    found = judge(one_plan(hand.role("futian", named)), "futian", asked)
    assert outcome(found) == (Match.SILENT, Force.NONE)
    assert [one.coverage for one in found.designations] == [None]


def test_designated_for_the_stage_that_the_role_states(hand, one_plan):
    register = one_plan(hand.role("futian", "iron", stages=("pilot",)))
    assert judge(register, "futian", "iron", "pilot").match is Match.DESIGNATED
    assert judge(register, "futian", "iron", "中试").match is Match.DESIGNATED
    assert judge(register, "futian", "iron").match is Match.DESIGNATED


@pytest.mark.parametrize("stage", Stage)
def test_a_role_without_stages_covers_all(hand, one_plan, stage):
    assert judge(one_plan(hand.role("futian", "iron")), "futian", "iron", stage).match is Match.DESIGNATED


def test_a_layout_adds_to_the_stages_of_the_role(hand, one_plan):
    register = one_plan(hand.role("futian", "iron", stages=("pilot",)), layouts=(("futian", "production"),))
    found = {stage: judge(register, "futian", "iron", stage).match for stage in Stage}
    fitting = {stage for stage, match in found.items() if match is Match.DESIGNATED}
    assert fitting == {Stage.PILOT, Stage.PRODUCTION}
    assert {found[stage] for stage in set(Stage) - fitting} == {Match.STAGE_ELSEWHERE}


def test_a_layout_of_another_instrument_adds_nothing(hand):
    register = hand.register(
        hand.plan("one", *NOW, hand.role("futian", "iron", stages=("pilot",))),
        hand.plan("two", *NOW, layouts=(("futian", "production"),)),
    )
    assert judge(register, "futian", "iron", "production").match is Match.STAGE_ELSEWHERE


def test_stage_elsewhere_lists_who_has_the_stage(hand, one_plan):
    register = one_plan(
        hand.role("futian", "iron", stages=("pilot",)), hand.role("dapeng", "ores"), hand.role("luohu", "iron"),
        hand.role("nanshan", "iron", stages=("pilot",)), hand.role("yantian", "copper"),
    )  # fmt: skip
    found = judge(register, "futian", "iron", "production")
    assert outcome(found) == (Match.STAGE_ELSEWHERE, Force.IN_FORCE)
    assert deciding(found) == ["plan-1"]
    assert places(found) == ["luohu", "dapeng"]
    assert not listed(found)["plan-1"].stage_fits


def test_stage_elsewhere_may_list_nobody(hand, one_plan):
    found = judge(one_plan(hand.role("futian", "iron", stages=("pilot",))), "futian", "iron", "production")
    assert (found.match, found.elsewhere) == (Match.STAGE_ELSEWHERE, ())


def test_elsewhere_lists_places_in_the_order_of_the_ids(hand, one_plan):
    register = one_plan(
        hand.role("futian", "copper"), hand.role("shenshan", "iron"), hand.role("luohu", "steel"),
        hand.role("nanshan", "ores", stages=("pilot",)),
    )  # fmt: skip
    found = judge(register, "futian", "iron", "production")
    assert outcome(found) == (Match.ELSEWHERE, Force.IN_FORCE)
    assert places(found) == ["luohu", "nanshan", "shenshan"]
    assert deciding(found) == []
    assert all(one.decides for one in found.elsewhere)


def test_the_best_of_several_roles_counts(hand, one_plan):
    register = one_plan(
        hand.role("futian", "iron", stages=("pilot",)), hand.role("futian", "ores?"), hand.role("futian", "copper")
    )
    found = judge(register, "futian", "steel", "production")
    assert found.match is Match.DESIGNATED
    assert deciding(found) == ["plan-2"]
    both = judge(register, "futian", "steel", "pilot")
    assert deciding(both) == ["plan-1", "plan-2"]


def test_a_role_that_names_no_field_covers_its_own_place_only(hand, one_plan):
    register = one_plan(hand.role("futian"), hand.role("luohu", "copper"))
    assert judge(register, "futian", "pots").match is Match.DESIGNATED
    assert judge(register, "luohu", "pots").match is Match.SILENT
    found = judge(register, "nanshan", "copper")
    assert (found.match, places(found)) == (Match.ELSEWHERE, ["luohu"])


def test_a_role_that_names_no_field_is_not_listed_for_a_stage_either(hand, one_plan):
    register = one_plan(hand.role("futian", "iron", stages=("pilot",)), hand.role("luohu"))
    assert places(judge(register, "futian", "iron", "production")) == []


def test_silent_with_a_field(hand, one_plan):
    found = judge(one_plan(hand.role("futian", "iron")), "luohu", "pots")
    assert outcome(found) == (Match.SILENT, Force.NONE)
    assert found.designations == found.elsewhere == ()


def test_silent_without_a_field(hand, one_plan):
    assert outcome(judge(one_plan(hand.role("futian", "iron")), "luohu")) == (Match.SILENT, Force.NONE)


@pytest.mark.parametrize("question", [(None, None), ("iron", "pilot"), ("nonsense", "nonsense")])
def test_outside(hand, one_plan, question):
    found = judge(one_plan(hand.role("futian", "iron")), None, *question)
    assert outcome(found) == (Match.OUTSIDE, Force.NONE)
    assert found.designations == found.elsewhere == ()


@pytest.mark.parametrize(
    ("spans", "force"),
    [([NOW], Force.IN_FORCE), ([PAST], Force.LAPSED), ([PAST, NOW], Force.IN_FORCE), ([PAST, LATER], Force.LAPSED)],
)
def test_not_asked_has_the_best_force_of_the_place(hand, spans, force):
    plans = [hand.plan(f"p{number}", *span, hand.role("futian", "iron")) for number, span in enumerate(spans)]
    for stage in (None, "pilot"):
        found = judge(hand.register(*plans), "futian", None, stage)
        assert outcome(found) == (Match.NOT_ASKED, force)
        assert deciding(found) == []
        assert {(one.coverage, one.basis) for one in found.designations} == {(None, None)}


@pytest.mark.parametrize("empty", ["", "  ", "　"])
def test_a_blank_field_is_not_asked(hand, one_plan, empty):
    assert judge(one_plan(hand.role("futian", "iron")), "futian", empty, empty).match is Match.NOT_ASKED


@pytest.mark.parametrize(
    ("field", "stage", "kinds"),
    [
        ("tin", None, ["field"]),
        ("iron", "selling", ["stage"]),
        ("tin", "selling", ["field", "stage"]),
        (None, "x", ["stage"]),
    ],
)
def test_unrecognised_keeps_the_words_and_suggests(hand, one_plan, field, stage, kinds):
    register = one_plan(hand.role("futian", "iron"))
    question = ask(register, field, stage)
    found = verdict(register, "futian", question, DAY)
    assert outcome(found) == (Match.UNRECOGNISED, Force.NONE)
    assert [one.column for one in question.unknown] == kinds
    assert all(one.suggestions and len(one.suggestions) == len(one.suggestions_en) for one in question.unknown)
    assert (question.field_query, question.stage_query) == (field, stage)
    assert deciding(found) == []
    assert list(listed(found)) == ["plan-1"]


@pytest.mark.parametrize(
    ("span", "status", "force"),
    [(NOW, "draft", Force.DRAFT), (PAST, "draft", Force.DRAFT), (LATER, "issued", Force.NOT_YET)],
)
def test_a_draft_and_what_is_not_yet_in_force_decide_nothing(hand, span, status, force):
    weak = hand.plan("weak", *span, hand.role("futian", "iron"), hand.role("luohu", "iron"), status=status)
    alone = hand.register(weak)
    for question in (("iron", None), (None, None)):
        found = judge(alone, "futian", *question)
        assert outcome(found) == (Match.SILENT, Force.NONE)
        assert listed(found)["weak-1"].force is force
        assert deciding(found) == []
    assert judge(alone, "nanshan", "iron").match is Match.SILENT
    beside = hand.register(weak, hand.plan("old", *PAST, hand.role("luohu", "iron")))
    found = judge(beside, "futian", "iron")
    assert outcome(found) == (Match.ELSEWHERE, Force.LAPSED)
    assert [one.designation.id for one in found.elsewhere] == ["old-1"]


def test_support_decides_nothing(hand, one_plan):
    register = one_plan(hand.role("futian", "iron", kind="support"), hand.role("luohu", "iron"))
    found = judge(register, "futian", "iron")
    assert (found.match, places(found)) == (Match.ELSEWHERE, ["luohu"])
    one = listed(found)["plan-1"]
    assert (one.force, one.coverage, one.decides) == (Force.IN_FORCE, "whole", False)
    assert judge(register, "futian").match is Match.SILENT
    assert judge(one_plan(hand.role("futian", "iron", kind="support")), "luohu", "iron").match is Match.SILENT


def test_support_takes_no_stages_from_the_layout(hand, one_plan):
    register = one_plan(hand.role("futian", "iron", kind="support"), layouts=(("futian", "production"),))
    assert listed(judge(register, "futian", "iron"))["plan-1"].stages == ()


def test_a_named_place_without_outline_decides_nothing(hand, one_plan):
    register = one_plan(hand.role("works", "iron"), hand.role("somewhere", "iron"))
    found = judge(register, "futian", "iron")
    assert outcome(found) == (Match.SILENT, Force.NONE)
    assert {name: one.coverage for name, one in listed(found).items()} == {"plan-1": "whole", "plan-2": "whole"}
    assert judge(register, "futian").match is Match.SILENT
    assert list(listed(judge(register, "luohu", "iron"))) == ["plan-2"]
    assert list(listed(judge(register, "luohu", "pots"))) == []
    assert list(listed(judge(register, "luohu"))) == []


def test_a_role_of_no_place_that_names_no_field_covers_nothing(hand, one_plan):
    """It covers every field in its own place only, and futian is not its place."""
    found = judge(one_plan(hand.role("somewhere")), "futian", "iron")
    assert all(one.coverage is None for one in found.designations)


def test_lapsed_roles_speak_only_where_none_in_force_does(hand):
    register = hand.register(
        hand.plan("old", *PAST, hand.role("futian", "iron"), hand.role("futian", "pots")),
        hand.plan("new", *NOW, hand.role("luohu", "iron")),
    )
    found = judge(register, "futian", "iron")
    assert (*outcome(found), places(found)) == (Match.ELSEWHERE, Force.IN_FORCE, ["luohu"])
    assert deciding(found) == []
    found = judge(register, "futian", "pots")
    assert (*outcome(found), deciding(found)) == (Match.DESIGNATED, Force.LAPSED, ["old-2"])


def test_a_stage_in_force_goes_before_a_lapsed_role_that_fits(hand):
    register = hand.register(
        hand.plan("old", *PAST, hand.role("futian", "iron")),
        hand.plan("new", *NOW, hand.role("futian", "iron", stages=("pilot",))),
    )
    found = judge(register, "futian", "iron", "production")
    assert outcome(found) == (Match.STAGE_ELSEWHERE, Force.IN_FORCE)


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        (("2000-01-01", "2012-12-31"), ("2005-01-01", "2011-12-31"), "a"),
        (("2005-01-01", "2011-12-31"), ("2000-01-01", "2012-12-31"), "b"),
        (("2000-01-01", "2012-12-31"), ("2005-01-01", "2012-12-31"), "b"),
        (("2005-01-01", "2012-12-31"), ("2000-01-01", "2012-12-31"), "a"),
    ],
)
def test_of_lapsed_ones_the_latest_end_and_then_start_decides(hand, first, second, winner):
    register = hand.register(
        hand.plan("a", *first, hand.role("futian", "iron")), hand.plan("b", *second, hand.role("futian", "iron"))
    )
    found = judge(register, "futian", "iron")
    assert (*outcome(found), deciding(found)) == (Match.DESIGNATED, Force.LAPSED, [f"{winner}-1"])


def test_two_instruments_in_force_decide_together(hand):
    register = hand.register(
        hand.plan("a", *NOW, hand.role("luohu", "iron")),
        hand.plan("b", "2015-01-01", "2030-12-31", hand.role("futian", "iron")),
    )
    assert judge(register, "futian", "iron").match is Match.DESIGNATED
    assert places(judge(register, "nanshan", "iron")) == ["futian", "luohu"]


def test_an_instrument_of_before_the_split_reaches_the_former_district(hand):
    """Longhua was Bao'an until 2011-12-30."""
    for start, reached in (("2011-12-30", True), ("2011-12-31", False)):
        register = hand.register(
            hand.plan("plan", start, "2030-12-31", hand.role("baoan", "iron"), hand.role("longhua", "pots"))
        )
        found = judge(register, "longhua", "iron")
        assert (found.match is Match.DESIGNATED) is reached
        assert [one.former for one in found.designations if one.designation.id == "plan-1"] == ["baoan"] * reached
        assert places(found) == ([] if reached else ["baoan"])
        assert listed(found)["plan-2"].former is None
        assert judge(register, "baoan", "pots").match is Match.ELSEWHERE


@pytest.mark.parametrize("district", DISTRICTS)
def test_every_district_can_be_designated(hand, one_plan, district):
    register = one_plan(*(hand.role(one, "iron") for one in DISTRICTS))
    assert deciding(judge(register, district, "iron")) == [f"plan-{DISTRICTS.index(district) + 1}"]


# ---- support measures --------------------------------------------------------------------


def a_measure(ident, fields=(), places=()):
    blank = ("cap_cny", "rate_percent", "amount_kind", "per", "basis_zh", "basis_en", "fields_note")
    words = {"subject_zh": "事", "subject_en": "thing", "departments": [], "facilities": []}
    one = {"id": ident, "part": 1, "clause": 1, "fields": list(fields), "places": list(places), **words}
    return one | dict.fromkeys(blank)


@pytest.fixture
def offered(hand):
    """Ids and coverage of the measures of one document that apply."""

    def apply(*offers, district="futian", field=None, day=DAY, span=NOW, **more):
        plan = hand.plan("plan", *span, **more) | {"measures": list(offers)}
        register = hand.register(plan)
        return [(one.measure.id, one.coverage) for one in measures(register, district, ask(register, field, None), day)]

    return apply


@pytest.mark.parametrize(
    ("named", "asked", "coverage"),
    [
        ((), "pots", "any"),
        (["iron"], "iron", "whole"),
        (["iron"], "steel", "whole"),
        (["iron"], "ores", "part"),
        (["ores", "iron"], "ores", "whole"),
        (["wares"], "wire", "whole"),
        (["wire"], "wares", "part"),
    ],
)
def test_a_measure_covers_what_it_names_and_all_below(offered, named, asked, coverage):
    assert offered(a_measure("m", named), field=asked) == [("m", coverage)]


@pytest.mark.parametrize(("named", "asked"), [("iron", "copper"), ("steel", "copper"), ("iron", "wares")])
def test_a_measure_for_another_field_is_not_listed(offered, named, asked):
    assert offered(a_measure("m", [named]), field=asked) == []


def test_without_a_field_all_measures_of_the_place_are_listed(offered):
    assert offered(a_measure("a", ["iron"]), a_measure("b")) == [("a", None), ("b", None)]


def test_for_a_field_that_is_not_known_none_is_listed(offered):
    assert offered(a_measure("a", ["iron"]), a_measure("b"), field="stardust") == []


def test_a_stage_that_is_not_known_does_not_matter_to_measures(hand):
    register = hand.register(hand.plan("plan", *NOW) | {"measures": [a_measure("m", ["iron"])]})
    assert [one.measure.id for one in measures(register, "futian", ask(register, "iron", "melting"), DAY)] == ["m"]


def test_outside_the_city_no_measure_applies(offered):
    assert offered(a_measure("m"), district=None) == []


@pytest.mark.parametrize(
    ("named", "district", "applies"),
    [
        ((), "dapeng", True),
        (["luohu"], "luohu", True),
        (["luohu"], "futian", False),
        (["luohu", "futian"], "futian", True),
        (["works"], "futian", True),
        (["works"], "luohu", False),
        (["somewhere"], "futian", False),
        (["somewhere", "futian"], "futian", True),
    ],
)
def test_a_measure_reaches_its_places_and_the_districts_they_lie_in(offered, named, district, applies):
    assert bool(offered(a_measure("m", places=named), district=district)) is applies


def test_a_measure_for_all_of_the_city_reaches_every_district(hand, tmp_path):
    common = hand.common()
    common["places"].append({"id": "city", "kind": "city", "zh": "全市", "en": "City"})
    plan = hand.plan("plan", *NOW) | {"measures": [a_measure("m", places=["city"])]}
    register = policy.load(hand.write(tmp_path / "city", {"common.yaml": common, "plan.yaml": plan}))
    assert all(measures(register, one, ask(register, None, None), DAY) for one in DISTRICTS)


@pytest.mark.parametrize(("start", "applies"), [("2011-12-30", True), ("2011-12-31", False)])
def test_a_measure_of_before_the_split_reaches_the_former_district(offered, start, applies):
    found = offered(a_measure("m", places=["baoan"]), district="longhua", span=(start, "2030-12-31"))
    assert bool(found) is applies


@pytest.mark.parametrize(("span", "more"), [(PAST, {}), (LATER, {}), (NOW, {"status": "draft"})])
def test_only_measures_in_force_are_listed(offered, span, more):
    assert offered(a_measure("m"), span=span, **more) == []


def test_measures_stand_in_the_order_of_the_register(offered):
    assert [one for one, _ in offered(a_measure("z"), a_measure("a"), a_measure("m"))] == ["z", "a", "m"]
