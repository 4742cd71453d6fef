"""The shipped register against its rules and against the documents, and its faults."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import register as policy
from geo.errors import UnknownTerm
from geo.register import find_stage
from geo.schema import CORE_FIELDS, DISTRICTS, STAGE_ALIASES, STAGE_NAMES, Force, Period, Stage
from geo.settings import Settings
from geo.spelling import even_out

REGISTER = policy.load(replace(Settings.default(), user=None).policy_files())
DAY = timedelta(days=1)
SPANS = {
    "plan-2011": (date(2011, 8, 3), date(2015, 12, 31), "explicit"),
    "scheme-2018": (date(2018, 11, 2), date(2025, 12, 31), "interpreted"),
    "action-plan-2022": (date(2022, 1, 1), date(2025, 12, 31), "explicit"),
    "measures-2023": (date(2023, 9, 13), date(2028, 9, 12), "explicit"),
}
ROLES = {  # part five of the action plan and clause 25 of the draft
    "guangming": {"技术创新加速转化示范区", "新材料应用示范区"},
    "baoan": {"半导体关键材料核心区"},
    "longgang": {"低碳材料核心区"},
    "pingshan": {"新能源材料核心区"},
    "luohu": {"金属和绿色建筑材料创新总部区"},
    "shenshan": {"高端电子化学品园区"},
}
# Amounts by clause as (10,000 yuan, percent, kind), read from the documents by hand.
STANDARDS = [(yuan, None, "cap") for yuan in (100, 50, 30, 20, 10)]
ISSUED = {
    1: [(3000, None, "cap")], 2: [(3000, None, "cap")], 3: [(5000, None, "cap")], 4: [(3000, None, "cap")], 5: [],
    6: [(3000, None, "cap")], 7: [(500, None, "cap"), (100, None, "award")], 8: [(1000, None, "cap")],
    9: [(5000, None, "cap"), (None, 100, "matching")], 10: [], 11: [], 12: [(5000, None, "cap")],
    13: [(500, None, "cap")], 14: [(1000, None, "cap"), (1500, None, "cap")], 15: [(1000, None, "cap")],
    16: [(yuan, None, "award") for yuan in (300, 200, 200, 100, 50, 10)], 17: [],
    18: [(300, None, "cap"), (1000, None, "cap")], 19: STANDARDS,
}  # fmt: skip
DRAFT = {
    1: [(5000, 40, "cap"), (300, 30, "cap")], 2: [], 3: [(3000, None, "cap")], 4: [(3000, None, "cap")],
    5: [(3000, None, "cap")], 6: [(1000, 30, "cap")], 7: [], 8: [(100, None, "award")],
    9: [(3000, None, "cap"), (300, 30, "cap")], 10: [(60, None, "cap")],
    11: [(5000, 50, "cap"), (None, 100, "matching")], 12: [(500, None, "cap")], 13: [(None, None, "full")],
    14: [(1000, 50, "cap")], 15: [(5000, 30, "cap")], 16: [(1000, 30, "cap"), (1500, 20, "cap")],
    17: [(500, 30, "award")], 18: [(5000, None, "cap")], 19: [(10000, 10, "cap"), (500, 20, "cap")],
    20: [(500, 40, "cap"), (1000, 50, "cap")], 21: STANDARDS,
}  # fmt: skip


def by_id(records):
    return pytest.mark.parametrize("one", records, ids=lambda one: one.id)


def roles_of(instrument):
    found = defaultdict(set)
    for one in REGISTER.designations:
        if one.instrument == instrument and one.kind == "role":
            found[one.place].add(one.role_zh)
    return dict(found)


def test_instruments_are_the_five_in_order_of_time():
    assert list(REGISTER.instruments) == [
        "plan-2011", "scheme-2018", "action-plan-2022", "measures-2023", "measures-2023-draft",
    ]  # fmt: skip


def test_version_names_the_files_and_the_day():
    assert REGISTER.version.startswith("2026.11+")
    assert REGISTER.known_to == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("ident", "facts"),
    {
        "plan-2011": {
            "document_number": "深府〔2011〕123号", "issuer": "深圳市人民政府", "issued": date(2011, 8, 3),
            "published": date(2011, 8, 21), "effective": None, "validity_years": None,
            "period": Period(date(2011, 1, 1), date(2015, 12, 31)), "status": "issued",
        },
        "scheme-2018": {
            "document_number": "深府〔2018〕84号", "issuer": "深圳市人民政府", "issued": date(2018, 11, 2),
            "effective": None, "validity_years": None, "period": None, "last_target_year": 2025, "status": "issued",
        },
        "action-plan-2022": {
            "document_number": None, "issuer": None, "issued": None, "published": None, "effective": None,
            "validity_years": None, "period": Period(date(2022, 1, 1), date(2025, 12, 31)), "status": "issued",
            "information_source": "深圳市工业和信息化局",
        },
        "measures-2023-draft": {
            "document_number": None, "issued": None, "published": None, "effective": None, "validity_years": 5,
            "period": None, "status": "draft",
        },
        "measures-2023": {
            "document_number": "深工信规〔2023〕11号", "issued": date(2023, 9, 12), "published": date(2023, 9, 13),
            "effective": date(2023, 9, 13), "validity_years": 5, "period": None, "status": "issued",
            "issuer": "深圳市工业和信息化局、深圳市发展和改革委员会、深圳市科技创新委员会",
        },
    }.items(),
)  # fmt: skip
def test_facts_of_the_instruments(ident, facts):
    record = REGISTER.instruments[ident]
    assert {name: getattr(record, name) for name in facts} == facts


@by_id(REGISTER.instruments.values())
def test_instruments_have_names(one):
    assert all([one.title_zh, one.title_en, one.short_zh, one.short_en, one.kind])


@pytest.mark.parametrize(("ident", "span"), SPANS.items())
def test_validity_and_force_on_the_days_around(ident, span):
    first, last, _ = span
    found = REGISTER.validity(ident)
    assert (found.from_, found.to, found.to_basis) == span
    on = {day: REGISTER.force(ident, day) for day in (first - DAY, first, last, last + DAY)}
    assert list(on.values()) == [Force.NOT_YET, Force.IN_FORCE, Force.IN_FORCE, Force.LAPSED]


@given(st.dates())
def test_a_draft_never_has_force(day):
    assert REGISTER.force("measures-2023-draft", day) is Force.DRAFT


def test_a_draft_has_no_days():
    assert REGISTER.validity("measures-2023-draft") == policy.Validity(None, None, None)


@pytest.mark.parametrize(
    ("facts", "first", "last", "basis"),
    [
        ({"effective": date(2024, 2, 29), "validity_years": 5}, date(2024, 2, 29), date(2029, 2, 28), "explicit"),
        ({"effective": date(2024, 2, 29), "validity_years": 4}, date(2024, 2, 29), date(2028, 2, 28), "explicit"),
        ({"effective": date(2024, 1, 1), "validity_years": 1}, date(2024, 1, 1), date(2024, 12, 31), "explicit"),
        ({"issued": date(2024, 5, 5), "last_target_year": 2030}, date(2024, 5, 5), date(2030, 12, 31), "interpreted"),
        ({"issued": date(2024, 5, 5)}, date(2024, 5, 5), None, None),
    ],
)
def test_validity_by_other_facts(facts, first, last, basis):
    bare = replace(REGISTER.instruments["action-plan-2022"], period=None, last_target_year=None)
    assert policy.validity(replace(bare, **facts)) == policy.Validity(first, last, basis)


def test_effect_comes_before_signature_before_period():
    plan = replace(REGISTER.instruments["plan-2011"], effective=date(2011, 9, 1))
    assert policy.validity(plan).from_ == date(2011, 9, 1)
    assert policy.validity(replace(plan, effective=None, issued=None)).from_ == date(2011, 1, 1)


@pytest.mark.parametrize("section", ["designations", "measures"])
def test_ids_are_unique(section):
    ids = [one.id for one in getattr(REGISTER, section)]
    assert len(ids) == len(set(ids))


@by_id(REGISTER.designations)
def test_designations_keep_the_rules(one):
    assert one.instrument in REGISTER.instruments
    assert one.place in REGISTER.places
    assert one.kind in ("role", "support")
    assert one.role_zh.strip()
    assert one.role_en.strip()
    assert policy.clause_zh(one.part, one.clause, one.item).startswith("第")
    assert policy.clause_en(one.part, one.clause, one.item).startswith(f"part {one.part}")
    for ref in one.fields:
        assert ref.id in REGISTER.terms
        reasons = (ref.reason_zh, ref.reason_en)
        assert all(reasons) if ref.basis == "interpreted" else ref.basis == "explicit"
    assert len({ref.id for ref in one.fields}) == len(one.fields)
    assert all(facility.zh and facility.en for facility in one.facilities)


@by_id(REGISTER.measures)
def test_measures_keep_the_rules(one):
    assert one.instrument in ("measures-2023", "measures-2023-draft")
    assert all(term in REGISTER.terms for term in one.fields)
    assert all(place in REGISTER.places for place in one.places)
    assert one.subject_zh.strip()
    assert one.subject_en.strip()
    assert one.departments
    assert policy.clause_zh(one.part, one.clause)
    if one.cap_cny is not None:
        assert type(one.cap_cny) is int
        assert one.cap_cny >= 10_000
        assert one.cap_cny % 10_000 == 0
    assert one.rate_percent is None or 0 < one.rate_percent <= 100
    assert one.amount_kind in ("cap", "award", "matching", "full", None)
    if one.amount_kind in (None, "matching", "full"):
        assert one.cap_cny is None
    else:
        assert one.cap_cny is not None
    assert one.amount_kind is not None or one.facilities or "existing policy" in one.subject_en


@by_id(REGISTER.terms.values())
def test_every_name_of_a_term_finds_it(one):
    for name in (one.id, one.zh, one.en, *one.aliases):
        assert REGISTER.find_term(name) == one.id
        assert REGISTER.find_term(f" {name.upper()} ") == one.id
    assert one.source in REGISTER.instruments
    assert one.id in REGISTER.lineage(one.id)
    assert not REGISTER.terms[REGISTER.top_field(one.id)].parents


@by_id(REGISTER.places.values())
def test_places_keep_the_rules(one):
    assert one.located == (one.id in DISTRICTS)
    assert one.within is None or (one.within in DISTRICTS and one.within_basis in ("explicit", "interpreted"))
    for name in (one.id, one.zh, one.en, *one.aliases):
        assert REGISTER.find_place(name) == one


@pytest.mark.parametrize("field", CORE_FIELDS)
def test_the_seven_fields_stand_at_the_top(field):
    assert REGISTER.terms[field].parents == ()
    assert any(field in REGISTER.lineage(term) for term in REGISTER.terms if term != field)


@pytest.mark.parametrize("instrument", ["action-plan-2022", "measures-2023-draft"])
def test_roles_of_the_six_districts(instrument):
    assert roles_of(instrument) == ROLES


def test_roles_of_2011_and_2018():
    cluster = {"电子信息材料、新能源材料、生物材料等新材料产业集聚区"}
    core = {"新材料产业研发核心区"}
    assert roles_of("plan-2011") == {
        "baoan": cluster, "longgang": cluster, "guangming": cluster, "pingshan": cluster,
        "shenzhen-bay-park": core, "university-town-park": core, "metamaterial-base": {"超材料产业基地"},
    }  # fmt: skip
    assert roles_of("scheme-2018") == {"pingshan": {"坪山无人驾驶示范区"}, "dapeng": {"大鹏生命健康试验区"}}
    assert roles_of("measures-2023") == {}


@pytest.mark.parametrize(
    ("role", "stages"),
    {
        "guangming-transfer": ["rd_design", "production"],
        "guangming-application": ["rd_design", "production", "application"],
        "baoan-semiconductor": ["rd_design"],
        "longgang-low-carbon": ["rd_design"],
        "pingshan-new-energy": ["production"],
        "luohu-headquarters": ["rd_design", "production", "headquarters"],
        "shenshan-chemicals": ["production"],
    }.items(),
)
def test_stages_of_a_role_with_those_of_the_layout(role, stages):
    found = next(one for one in REGISTER.designations if one.id == f"action-plan-2022-{role}")
    assert [stage.value for stage in REGISTER.stages(found)] == stages


def test_a_layout_adds_to_roles_of_its_own_instrument_only():
    support = next(one for one in REGISTER.designations if one.id == "measures-2023-baoan-parks")
    draft = next(one for one in REGISTER.designations if one.id == "measures-2023-draft-baoan-semiconductor")
    assert REGISTER.stages(support) == REGISTER.stages(draft) == ()


def test_clause_17_of_the_measures_supports_parks():
    supports = [one for one in REGISTER.designations if (one.instrument, one.clause) == ("measures-2023", 17)]
    assert {one.kind for one in supports} == {"support"}
    places = {"shenshan", "enclave-parks", "guangming", "baoan", "longgang", "pingshan"}
    assert {one.place for one in supports} == places
    assert {policy.clause_zh(one.part, one.clause) for one in supports} == {"第五部分（十七）"}


@pytest.mark.parametrize(
    ("place", "instrument"),
    [
        ("guangming-science-city", "measures-2023"), ("guangming-science-city", "measures-2023-draft"),
        ("guangming-science-city", "action-plan-2022"), ("hetao", "action-plan-2022"),
        ("shenshan", "measures-2023-draft"), ("enclave-parks", "measures-2023-draft"), ("city", "measures-2023-draft"),
        ("key-areas-37", "scheme-2018"), ("innovation-zone-2018", "scheme-2018"),
    ],
)  # fmt: skip
def test_support_that_the_issue_names_is_there(place, instrument):
    kinds = {one.kind for one in REGISTER.designations if (one.place, one.instrument) == (place, instrument)}
    assert "support" in kinds


@pytest.mark.parametrize(
    ("ident", "zh", "en"),
    [
        ("plan-2011-baoan-cluster", "第四部分（三）", "part 4, clause 3"),
        ("scheme-2018-dapeng-health", "第四部分（四）", "part 4, clause 4"),
        ("action-plan-2022-baoan-semiconductor", "第五部分", "part 5"),
        ("action-plan-2022-hetao-platforms", "第四部分（一）1", "part 4, clause 1, item 1"),
        ("measures-2023-science-city", "第三部分（十一）", "part 3, clause 11"),
        ("measures-2023-draft-luohu-headquarters", "第八部分（二十五）", "part 8, clause 25"),
    ],
)
def test_clauses_as_a_text_cites_them(ident, zh, en):
    one = next(one for one in REGISTER.designations if one.id == ident)
    assert policy.clause_zh(one.part, one.clause, one.item) == zh
    assert policy.clause_en(one.part, one.clause, one.item) == en


@pytest.mark.parametrize(("number", "zh"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (25, "二十五")])
def test_numerals(number, zh):
    assert policy.clause_zh(1, number) == f"第一部分（{zh}）"


@pytest.mark.parametrize(
    ("instrument", "clause", "amounts"),
    [("measures-2023", *row) for row in ISSUED.items()] + [("measures-2023-draft", *row) for row in DRAFT.items()],
)
def test_amounts_of_every_clause(instrument, clause, amounts):
    records = [one for one in REGISTER.measures if (one.instrument, one.clause) == (instrument, clause)]
    assert records
    found = [
        (one.cap_cny // 10_000 if one.cap_cny else None, one.rate_percent, one.amount_kind)
        for one in records
        if one.amount_kind is not None
    ]
    assert sorted(found, key=str) == sorted(amounts, key=str)


def test_park_building_money_is_in_the_draft_only():
    paid = {one.instrument for one in REGISTER.measures if one.cap_cny == 100_000_000 or one.rate_percent == 10}
    assert paid == {"measures-2023-draft"}
    assert not [one for one in REGISTER.measures if one.instrument == "measures-2023" and one.clause > 19]


@pytest.mark.parametrize(
    ("text", "term"),
    {
        "光刻胶": "photoresist", "固态电解质": "solid-electrolyte", "湿电子化学品": "wet-chemicals",
        "锂电池": "lithium-battery-materials", "OLED": "organic-light-emitting-materials", "高温合金": "superalloys",
        "碳化硅": "wide-bandgap-semiconductors", "石墨烯": "two-dimensional-materials", "钙钛矿": "perovskite",
        "钛合金": "light-alloys", "燃料电池": "hydrogen-fuel-cell-materials", "3D打印": "printing-materials-3d",
        "低碳材料": "low-carbon-materials", "无人驾驶": "autonomous-driving", "生命健康": "life-health",
        "新能源": "new-energy", "电子信息": "electronic-information", "半导体": "semiconductor-materials",
        "ＯＬＥＤ": "organic-light-emitting-materials", "oled 材料": "organic-light-emitting-materials",
        "O-L_E.D": "organic-light-emitting-materials", "光 刻 胶": "photoresist", "　光刻胶　": "photoresist",
        "光刻胶材料": "photoresist", "ｐｈｏｔｏｒｅｓｉｓｔ": "photoresist", "PhotoResist": "photoresist",
        "３Ｄ打印材料": "printing-materials-3d", "Wet Electronic Chemicals": "wet-chemicals",
        "WET-CHEMICALS": "wet-chemicals", "高温合金材料": "superalloys",
    }.items(),
)  # fmt: skip
def test_what_a_planner_types(text, term):
    assert REGISTER.find_term(text) == term


@pytest.mark.parametrize(
    "text", ["", " ", "新材料", "材料", "光刻", "锂", "钢铁", "咖啡", "石墨", "zzzz", "光刻胶？光刻胶", "x" * 500]
)
def test_an_unknown_field_gets_suggestions_and_no_guess(text):
    with pytest.raises(UnknownTerm) as caught:
        REGISTER.find_term(text)
    names = caught.value.suggestions
    assert 0 < len(names) <= 5
    assert len({REGISTER.find_term(name) for name in names}) == len(names)


def test_the_nearest_suggestion_comes_first():
    with pytest.raises(UnknownTerm) as caught:
        REGISTER.find_term("光刻胶胶")
    assert caught.value.suggestions[0] == "光刻胶及配套材料"


@given(st.text(alphabet="光刻胶锂电池材料金属高温合金OLED新能源 -", max_size=8))
def test_a_found_term_carries_the_name(text):
    try:
        term = REGISTER.terms[REGISTER.find_term(text)]
    except UnknownTerm:
        return
    names = {even_out(name) for name in (term.id, term.zh, term.en, *term.aliases)}
    spelled = even_out(text)
    assert names & {spelled, f"{spelled}材料", spelled.removesuffix("材料")}


@pytest.mark.parametrize("stage", Stage)
def test_every_name_of_a_stage_finds_it(stage):
    names = [stage.value, *STAGE_NAMES[stage], *(alias for alias, one in STAGE_ALIASES.items() if one is stage)]
    for name in names:
        assert find_stage(name) is stage
        assert find_stage(f" {name.upper()}　") is stage


@pytest.mark.parametrize("text", ["", "销售", "prod", "rd_designs"])
def test_an_unknown_stage_gets_all_stages(text):
    with pytest.raises(UnknownTerm) as caught:
        find_stage(text)
    assert len(caught.value.suggestions) == len(Stage)


def test_an_unknown_place_gets_suggestions():
    with pytest.raises(UnknownTerm) as caught:
        REGISTER.find_place("光明城")
    assert "光明区" in caught.value.suggestions
    assert caught.value.field == "place"
