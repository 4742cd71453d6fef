"""Classes and colours: one legend for web and print, true to the register."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from geo import symbology
from geo.schema import DISTRICTS, FORCE_NAMES, MATCH_NAMES, Force, Match

DAYS = [date(2011, 1, 1), date(2012, 6, 1), date(2016, 6, 1), date(2019, 6, 1), date(2023, 6, 1), date(2026, 11, 22)]
COLOUR = re.compile(r"#[0-9a-f]{6}")


@pytest.fixture(scope="module")
def palette(settings):
    return symbology.load(settings)


def theme_ids(register):
    return ["roles", *register.instruments, "stages"]


def role_names(theme, district):
    return {one.role_zh for one in theme.shown[district]}


@pytest.mark.parametrize("name", ["land", "sea", "outline", "uncertain"])
def test_plain_colours(palette, name):
    assert COLOUR.fullmatch(palette.colour(name))


def test_every_match_and_force_has_a_class_of_its_own(palette):
    matches, forces = palette.match_classes(), palette.force_classes()
    assert [one.id for one in matches] == list(Match)
    assert [one.id for one in forces] == [Force.IN_FORCE, Force.LAPSED, Force.NONE]
    assert [(one.zh, one.en) for one in matches] == [MATCH_NAMES[one] for one in Match]
    assert forces[1].zh == FORCE_NAMES[Force.LAPSED][0]
    for classes in (matches, forces):
        assert len({(one.colour, one.symbol) for one in classes}) == len(classes)
        assert len({one.colour for one in classes}) == len(classes)
        assert all(COLOUR.fullmatch(one.colour) for one in classes)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_themes_colour_every_district_by_a_class_of_the_legend(palette, register, day):
    themes = palette.themes(register, day)
    assert [theme.id for theme in themes] == theme_ids(register)
    for theme in themes:
        assert theme.by_place.keys() == set(DISTRICTS)
        assert [one.id for one in theme.classes] == list(dict.fromkeys(one.id for one in theme.classes))
        assert {one.id for one in theme.classes} == set(theme.by_place.values())
        assert all(theme.swatch(district) in theme.classes for district in DISTRICTS)
        assert all(one.zh and one.en and COLOUR.fullmatch(one.colour) for one in theme.classes)
        assert theme.zh
        assert theme.en


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_classes_of_one_theme_differ_in_colour(palette, register, day):
    for theme in palette.themes(register, day):
        colours = [one.colour for one in theme.classes]
        assert len(set(colours)) == len(colours), theme.id


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_hatch_says_that_nothing_shown_is_in_force(palette, register, day):
    for theme in palette.themes(register, day)[:-1]:
        for district in DISTRICTS:
            shown = theme.shown[district]
            live = any(register.force(one.instrument, day) is Force.IN_FORCE for one in shown)
            assert bool(theme.swatch(district).hatch) == bool(shown and not live)
            assert (theme.by_place[district] == "none") == (not shown)


@pytest.mark.parametrize(
    ("day", "district", "roles"),
    [
        (date(2012, 6, 1), "longhua", {"电子信息材料、新能源材料、生物材料等新材料产业集聚区"}),
        (date(2012, 6, 1), "futian", set()),
        (date(2019, 6, 1), "dapeng", {"大鹏生命健康试验区"}),
        (date(2019, 6, 1), "baoan", {"电子信息材料、新能源材料、生物材料等新材料产业集聚区"}),
        (date(2023, 6, 1), "pingshan", {"坪山无人驾驶示范区", "新能源材料核心区"}),
        (date(2023, 6, 1), "guangming", {"技术创新加速转化示范区", "新材料应用示范区"}),
        (date(2026, 11, 22), "pingshan", {"新能源材料核心区"}),
        (date(2026, 11, 22), "shenshan", {"高端电子化学品园区"}),
        (date(2026, 11, 22), "yantian", set()),
    ],
)
def test_roles_of_a_day(palette, register, day, district, roles):
    assert role_names(palette.roles(register, day), district) == roles


def test_the_legend_names_the_document_and_its_force(palette, register):
    swatch = palette.roles(register, date(2026, 11, 22)).swatch("baoan")
    assert swatch.zh == "半导体关键材料核心区（2022年行动计划，已到期）"
    assert swatch.en == "Semiconductor key-materials core area (2022 action plan, lapsed)"
    assert "有效" in palette.roles(register, date(2023, 6, 1)).swatch("baoan").zh


def test_a_theme_of_an_instrument_without_roles_shows_its_support(palette, register):
    theme = palette.instrument(register, "measures-2023", date(2026, 11, 22))
    held = {district for district in DISTRICTS if theme.shown[district]}
    assert held == {"shenshan", "guangming", "baoan", "longgang", "pingshan"}
    assert theme.swatch("baoan").hatch == ""


def test_a_draft_is_hatched(palette, register):
    assert palette.instrument(register, "measures-2023-draft", date(2023, 6, 1)).swatch("luohu").hatch


def test_stages_of_the_value_chain(palette, register):
    theme = palette.stages(register, date(2023, 6, 1))
    both = {"baoan": "rd_design", "longgang": "rd_design", "pingshan": "production", "shenshan": "production"}
    both |= {"luohu": "rd_design+production", "guangming": "rd_design+production"}
    assert {district: one for district, one in theme.by_place.items() if one != "none"} == both
    assert theme.swatch("luohu").zh == "研发设计和生产制造"
    assert "有效" in theme.zh
    assert "已到期" in palette.stages(register, date(2026, 11, 22)).zh


def test_the_same_role_has_the_same_colour_in_every_theme(palette, register):
    day = date(2026, 11, 22)
    plan, now = palette.instrument(register, "action-plan-2022", day), palette.roles(register, day)
    for district in ("baoan", "longgang", "luohu", "pingshan", "guangming", "shenshan"):
        assert plan.swatch(district).colour == now.swatch(district).colour


def test_roles_without_a_colour_of_their_own_take_spare_ones(palette, hand):
    places = DISTRICTS[:6]
    plan = hand.plan("plan", "2020-01-01", "2022-12-31", *(hand.role(one, "iron") for one in places))
    theme = palette.roles(hand.register(plan), date(2021, 1, 1))
    colours = [theme.swatch(one).colour for one in places]
    assert len(set(colours)) == 6
    assert set(colours) <= set(palette.words["spare"])


def test_stages_that_have_no_style_differ_in_colour(palette, hand):
    layouts = (("futian", "pilot"), ("luohu", "application"), ("nanshan", "headquarters"))
    theme = palette.stages(
        hand.register(hand.plan("plan", "2020-01-01", "2022-12-31", layouts=layouts)), date(2021, 1, 1)
    )
    assert len({theme.swatch(one).colour for one, _ in layouts}) == 3


def test_the_layout_of_a_draft_or_of_the_future_is_not_the_standing_one(palette, hand):
    register = hand.register(
        hand.plan("old", "2010-01-01", "2012-12-31", layouts=(("futian", "pilot"),)),
        hand.plan("draft", "2010-01-01", "2012-12-31", layouts=(("luohu", "pilot"),), status="draft"),
        hand.plan("next", "2030-01-01", "2032-12-31", layouts=(("nanshan", "pilot"),)),
    )
    theme = palette.stages(register, date(2021, 1, 1))
    assert [one for one in DISTRICTS if theme.by_place[one] != "none"] == ["futian"]


def test_a_register_without_layouts_or_roles(palette, hand):
    for theme in palette.themes(hand.register(), date(2021, 1, 1)):
        assert [one.id for one in theme.classes] == ["none"]


def test_the_latest_lapsed_instrument_stands(hand):
    register = hand.register(
        hand.plan("a", "2005-01-01", "2012-12-31", hand.role("futian", "iron")),
        hand.plan("b", "2008-01-01", "2012-12-31", hand.role("futian", "copper")),
        hand.plan("c", "2009-01-01", "2011-12-31", hand.role("futian", "pots")),
        hand.plan("d", "2030-01-01", "2032-12-31", hand.role("futian", "wire")),
    )
    assert [one.id for one in register.standing("futian", date(2021, 1, 1))] == ["b-1"]
    assert [one.id for one in register.standing("futian", date(2012, 6, 1))] == ["a-1", "b-1"]
    assert register.standing("luohu", date(2021, 1, 1)) == ()


def test_a_users_palette_replaces_the_shipped_one(settings, tmp_path):
    shipped = settings.maps_file("symbology.yaml")
    (tmp_path / "maps").mkdir()
    text = shipped.read_text(encoding="utf-8").replace("sea:", "sea: '#010203' #")
    (tmp_path / "maps" / "symbology.yaml").write_text(text, encoding="utf-8")
    assert symbology.load(replace(settings, user=tmp_path)).colour("sea") == "#010203"
    assert symbology.load(settings).colour("sea") != "#010203"


def test_every_role_in_the_palette_is_one_of_the_register(palette, register):
    known = {one.role_zh for one in register.designations}
    assert set(palette.words["roles"]) <= known
