"""Reading policy files: all faults together, unsafe YAML, one more document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import yaml

from geo import check
from geo import register as policy
from geo.errors import RegisterError
from geo.schema import Force, Match

MEASURE = {
    "part": 1, "clause": 1, "subject_zh": "资助", "subject_en": "Grant", "cap_cny": 10_000, "rate_percent": None,
    "amount_kind": "cap", "fields": ["iron"], "places": ["futian"], "departments": ["某局"],
}  # fmt: skip
BAD_ROWS = {  # what is wrong with a record: (section, change, word of the fault)
    "extra key": ("designations", {"oops": 1}, "oops"),
    "foreign instrument": ("designations", {"instrument": "another"}, "instrument"),
    "unknown kind": ("designations", {"kind": "rule"}, "kind"),
    "unknown stage": ("designations", {"stages": ["flying"]}, "stages"),
    "unknown place": ("designations", {"place": "mars"}, "mars"),
    "unknown field": ("designations", {"fields": [{"id": "gold", "basis": "explicit"}]}, "gold"),
    "unknown basis": ("designations", {"fields": [{"id": "iron", "basis": "guessed"}]}, "basis"),
    "no reason": ("designations", {"fields": [{"id": "iron", "basis": "interpreted", "reason_zh": "因"}]}, "reason"),
    "blank role": ("designations", {"role_zh": " "}, "role_zh"),
    "part in words": ("designations", {"part": "five"}, "part"),
    "measure place": ("measures", {"places": ["mars"]}, "mars"),
    "measure field": ("measures", {"fields": ["gold"]}, "gold"),
    "measure in words": ("measures", {"cap_cny": "3000万元"}, "cap_cny"),
    "negative amount": ("measures", {"cap_cny": -1}, "positive"),
    "half a yuan": ("measures", {"cap_cny": 0.5}, "cap_cny"),
    "true is no amount": ("measures", {"cap_cny": True}, "cap_cny"),
    "amount without kind": ("measures", {"amount_kind": None}, "kind"),
    "cap without amount": ("measures", {"cap_cny": None}, "amount"),
    "layout place": ("layouts", {"places": ["mars"]}, "mars"),
    "layout stage": ("layouts", {"stages": ["flying"]}, "stages"),
}
BAD_INSTRUMENTS = {
    "unknown status": ({"status": "maybe"}, "status"),
    "no such day": ({"issued": "2020-02-30"}, "issued"),
    "extra key": ({"number": 1}, "number"),
    "period with more": ({"period": {"from": date(2020, 1, 1), "to": date(2022, 1, 1), "till": 1}}, "till"),
    "period half": ({"period": {"from": date(2020, 1, 1)}}, "period"),
    "period reversed": ({"period": {"from": date(2022, 1, 1), "to": date(2020, 1, 1)}}, "period"),
    "issued without any day": ({"period": None}, "plan"),
}
BAD_COMMON = {
    "no register section": ({"register": None}, "known_to"),
    "register is a list": ({"register": [1]}, "register"),
    "day in words": ({"register": {"version": "1", "known_to": "soon"}}, "known_to"),
    "register with more": ({"register": {"version": "1", "known_to": date(2026, 1, 1), "more": 1}}, "more"),
    "unknown section": ({"designation": []}, "designation"),
    "not a list": ({"layouts": {"a": 1}}, "layouts"),
    "a district is missing": ({"places": []}, "futian"),
}


def faults_of(paths):
    with pytest.raises(RegisterError) as caught:
        policy.load(paths)
    return caught.value.faults


def tells(faults, *words):
    """Whether one fault holds all the words."""
    return any(all(word in fault for word in words) for fault in faults)


def a_plan(hand):
    """A plan in which everything is right."""
    plan = hand.plan("plan", "2020-01-01", "2022-12-31", hand.role("futian", "iron"), layouts=(("futian", "pilot"),))
    return {**plan, "measures": [{"id": "m", **MEASURE}]}


def test_the_plan_that_the_faults_are_put_into_is_right(hand, tmp_path):
    found = policy.load(hand.write(tmp_path / "p", {"common.yaml": hand.common(), "plan.yaml": a_plan(hand)}))
    assert [one.id for one in found.designations] == ["plan-1"]
    assert [one.id for one in found.measures] == ["m"]


@pytest.mark.parametrize(("section", "change", "word"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_record_is_named(hand, tmp_path, section, change, word):
    plan = a_plan(hand)
    plan[section][0] |= change
    faults = faults_of(hand.write(tmp_path / "p", {"common.yaml": hand.common(), "plan.yaml": plan}))
    assert tells(faults, "plan.yaml", plan[section][0].get("id", "layout"), word)


@pytest.mark.parametrize(("change", "word"), BAD_INSTRUMENTS.values(), ids=BAD_INSTRUMENTS)
def test_a_bad_instrument_is_named(hand, tmp_path, change, word):
    plan = a_plan(hand)
    plan["instrument"] |= change
    assert tells(
        faults_of(hand.write(tmp_path / "p", {"common.yaml": hand.common(), "plan.yaml": plan})), "plan.yaml", word
    )


@pytest.mark.parametrize(("change", "word"), BAD_COMMON.values(), ids=BAD_COMMON)
def test_a_bad_common_section_is_named(hand, tmp_path, change, word):
    assert tells(faults_of(hand.write(tmp_path / "p", {"common.yaml": hand.common() | change})), word)


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ({"id": "tin", "parents": ["gold"]}, ["tin", "gold"]),
        ({"id": "tin", "parents": ["tin"]}, ["tin", "below itself"]),
        ({"id": "tin", "aliases": ["IRON 料"]}, ["tin", "iron"]),
        ({"id": "iron"}, ["iron", "already"]),
    ],
)
def test_a_bad_term_is_named(hand, tmp_path, term, words):
    extra = {"terms": [{"zh": "锡", "en": "Tin", "parents": [], "source": "plan", **term}]}
    assert tells(faults_of(hand.write(tmp_path / "p", {"a.yaml": hand.common(), "b.yaml": extra})), "b.yaml", *words)


def test_a_repeated_id_names_both_files(hand, tmp_path):
    one = hand.plan("one", "2020-01-01", "2021-01-01", hand.role("futian", "iron"))
    two = hand.plan("two", "2020-01-01", "2021-01-01", {"id": "one-1", **hand.role("luohu", "iron")})
    files = {"common.yaml": hand.common(), "one.yaml": one, "two.yaml": two}
    assert tells(faults_of(hand.write(tmp_path / "p", files)), "one.yaml", "two.yaml", "one-1")


def test_every_fault_of_every_file_is_reported_together(hand, tmp_path):
    role = hand.role
    one = hand.plan(
        "one", "2020-01-01", "2021-01-01",
        role("futian", "iron") | {"oops": 1}, role("mars", "iron"), role("futian", "gold"),
        role("luohu", "iron") | {"fields": [{"id": "iron", "basis": "interpreted"}]},
    )  # fmt: skip
    one["measures"] = [{"id": "m1", **MEASURE, "cap_cny": "much"}, {"id": "m2", **MEASURE, "places": ["venus"]}]
    two = hand.plan(
        "two", "2020-01-01", "2021-01-01", {"id": "one-2", **role("luohu", "iron")}, role("luohu") | {"kind": "rule"}
    )
    two |= {"annex": []}
    files = {"common.yaml": hand.common(), "one.yaml": one, "two.yaml": two, "three.yaml": "a: [1"}
    faults = faults_of(hand.write(tmp_path / "p", files))
    expected = [
        ("one.yaml", "one-1", "oops"), ("one.yaml", "one-2", "mars"), ("one.yaml", "one-3", "gold"),
        ("one.yaml", "one-4", "reason"), ("one.yaml", "m1", "cap_cny"), ("one.yaml", "m2", "venus"),
        ("two.yaml", "one-2", "already"), ("two.yaml", "two-2", "kind"), ("two.yaml", "annex"), ("three.yaml",),
    ]  # fmt: skip
    assert [words for words in expected if not tells(faults, *words)] == []


def test_faults_of_form_in_two_files_are_reported_together(hand, tmp_path):
    plans = {}
    for name in ("one", "two"):
        plan = hand.plan(name, "2020-01-01", "2021-01-01", *[hand.role("futian", "iron") for _ in range(3)])
        plan["designations"][0] |= {"oops": 1}
        plan["designations"][1] |= {"part": "five"}
        del plan["designations"][2]["role_zh"]
        plans[f"{name}.yaml"] = plan
    faults = faults_of(hand.write(tmp_path / "p", {"common.yaml": hand.common(), **plans}))
    for name in ("one", "two"):
        assert tells(faults, f"{name}.yaml", f"{name}-1", "oops: unknown key")
        assert tells(faults, f"{name}.yaml", f"{name}-2", "part")
        assert tells(faults, f"{name}.yaml", f"{name}-3", "role_zh: missing")


def test_records_without_an_instrument_are_named(hand, tmp_path):
    loose = {"designations": [{"id": "loose", **hand.role("futian", "iron")}]}
    faults = faults_of(hand.write(tmp_path / "p", {"common.yaml": hand.common(), "loose.yaml": loose}))
    assert tells(faults, "loose.yaml", "loose", "instrument")


@pytest.mark.parametrize("text", ["", "- 1", "just words", "a: [1", "a: 1\n\tb: 2"])
def test_a_file_that_is_no_mapping_is_named(hand, tmp_path, text):
    assert tells(faults_of(hand.write(tmp_path / "p", {"common.yaml": hand.common(), "bad.yaml": text})), "bad.yaml")


def test_a_file_that_is_not_utf8_is_named(hand, tmp_path):
    paths = hand.write(tmp_path / "p", {"common.yaml": hand.common()})
    (tmp_path / "p" / "gbk.yaml").write_bytes("terms: [] # 深圳".encode("gbk"))
    assert tells(faults_of([*paths, tmp_path / "p" / "gbk.yaml"]), "gbk.yaml")


def test_a_key_given_twice_is_named(hand, tmp_path):
    """YAML keeps the last of two sections of one name; the first would be lost in silence."""
    plan = hand.plan("plan", "2020-01-01", "2021-01-01", hand.role("futian", "iron"))
    text = yaml.safe_dump(plan) + yaml.safe_dump({"designations": []})
    faults = faults_of(hand.write(tmp_path / "p", {"common.yaml": hand.common(), "plan.yaml": text}))
    assert tells(faults, "plan.yaml", "designations")


@pytest.mark.parametrize("tag", ["!!python/object/apply:pathlib.Path.touch", "!!python/object/new:os.system", "!mine"])
def test_tags_are_rejected_and_not_run(hand, tmp_path, tag):
    spy = tmp_path / "spy"
    text = f'a: {tag} [!!python/object/apply:pathlib.Path ["{spy}"]]'
    faults = faults_of(hand.write(tmp_path / "p", {"common.yaml": hand.common(), "bad.yaml": text}))
    assert tells(faults, "bad.yaml", "constructor")
    assert not spy.exists()


def test_no_file_at_all():
    assert tells(faults_of([]), "known_to")


def test_a_sixth_document_is_one_more_file(settings, register, hand, tmp_path):
    plan = hand.plan("plan-2027", "2027-01-01", "2030-12-31", hand.role("futian", "photoresist"))
    hand.write(tmp_path / "data" / "policy", {"plan-2027.yaml": plan})
    more = policy.load(replace(settings, user=tmp_path).policy_files())
    assert more.instruments.keys() - register.instruments.keys() == {"plan-2027"}
    assert len(more.designations) == len(register.designations) + 1
    assert more.version != register.version
    question = check.ask(more, "光刻胶", None)
    found = check.verdict(more, "futian", question, date(2027, 6, 1))
    assert (found.match, found.force) == (Match.DESIGNATED, Force.IN_FORCE)
    assert check.verdict(register, "futian", question, date(2027, 6, 1)).match is Match.ELSEWHERE


def test_a_users_file_replaces_the_shipped_one_of_the_same_name(settings, register, hand, tmp_path):
    plan = hand.plan("plan-2011", "2011-01-01", "2011-12-31", hand.role("futian", "photoresist"))
    hand.write(tmp_path / "data" / "policy", {"plan-2011.yaml": plan})
    other = policy.load(replace(settings, user=tmp_path).policy_files())
    assert other.instruments.keys() == register.instruments.keys()
    assert [one.place for one in other.designations if one.instrument == "plan-2011"] == ["futian"]


def test_the_version_follows_the_content(settings, hand, tmp_path):
    def version(comment):
        files = {"common.yaml": yaml.safe_dump(hand.common()) + comment}
        return policy.load(hand.write(tmp_path / "p", files)).version

    assert version("# a") == version("# a")
    assert version("# a") != version("# b")
