"""The decision table of the page against the register and the check."""

import json
import random
from dataclasses import asdict
from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from geo import check, symbology
from geo.pipeline import Context
from geo.register import Register, find_stage
from geo.schema import DISTRICTS, Force
from geo.symbology import Symbology
from geo.webmap.decisions import decision_table, spans

DAY = date(2026, 11, 22)
LARGEST = 2**53 - 1
KEY = "0123456789abcdef0123456789abcdef"


def random_days(register: Register) -> list[date]:
    """Days of every regime: the first and last ones, those of the calendar's ends, and some between."""
    some = random.Random(4)
    near = [turn + timedelta(days=by) for turn in register.turns for by in (-1, 0, 1)]
    between = [date(2008, 1, 1) + timedelta(days=some.randrange(10_000)) for _ in range(150)]
    return [date.min, date.max, *near, *between]


@pytest.fixture(scope="module")
def palette(context: Context) -> Symbology:
    return symbology.load(context.settings)


@pytest.fixture(scope="module")
def table(register: Register, palette: Symbology) -> dict[str, Any]:
    return decision_table(register, palette)


def regime_of(table: dict[str, Any], day: date) -> dict[str, Any]:
    (found,) = [
        one
        for one in table["regimes"]
        if one["from"] <= day.isoformat() and day.isoformat() <= (one["to"] or "9999-12-31")
    ]
    return found


def test_the_regimes_cover_every_day_once(register: Register, table: dict[str, Any]) -> None:
    regimes = table["regimes"]
    assert regimes[0]["from"] == "0001-01-01"
    assert regimes[-1]["to"] is None
    for one, following in pairwise(regimes):
        assert date.fromisoformat(one["to"]) + timedelta(days=1) == date.fromisoformat(following["from"])
    assert [one["from"] for one in regimes] == [start.isoformat() for start, _ in spans(register)]


def test_force_standing_and_themes_hold_on_any_day(
    register: Register, palette: Symbology, table: dict[str, Any]
) -> None:
    for day in random_days(register):
        regime = regime_of(table, day)
        assert regime["force"] == {one: register.force(one, day).value for one in register.instruments}
        standing = {district: [one.id for one in register.standing(district, day)] for district in DISTRICTS}
        assert {district: regime["standing"].get(district, []) for district in DISTRICTS} == standing
        for theme in palette.themes(register, day):
            held = regime["themes"][theme.id]
            assert (held["zh"], held["en"], held["by_place"]) == (theme.zh, theme.en, theme.by_place)
            assert held["classes"] == [asdict(one) for one in theme.classes]


def test_only_the_title_of_the_roles_names_the_day(table: dict[str, Any]) -> None:
    for regime in table["regimes"]:
        assert regime["themes"]["roles"]["zh"].count("{as_of}") == 1
        assert regime["themes"]["roles"]["en"].count("{as_of}") == 1
        assert json.dumps(regime["themes"]).count("{as_of}") == 2
    assert list(table["theme_names"]) == list(table["regimes"][0]["themes"])


def ordered_by_check(register: Register, day: date) -> list[str]:
    """Lapsed instruments that have a designation, in the order in which `check` lets them decide."""
    judged = [
        check.Judged(one, register.force(one.instrument, day), "whole", "explicit", (), (), True)
        for one in register.designations
    ]
    left, order = [one for one in judged if one.force is Force.LAPSED], []
    while tier := check._first_tier(register, left):
        order.append(tier[0].designation.instrument)
        left = [one for one in left if one not in tier]
    return order


def test_lapsed_instruments_come_in_the_order_of_the_check(register: Register, table: dict[str, Any]) -> None:
    speaking = {one.instrument for one in register.designations}
    for day in random_days(register):
        listed = [one for one in regime_of(table, day)["lapsed"] if one in speaking]
        assert listed == ordered_by_check(register, day)


def test_of_lapsed_instruments_of_equal_span_the_first_of_the_register_decides(
    hand: SimpleNamespace, palette: Symbology
) -> None:
    spans_alike = [
        hand.plan(name, "2001-01-01", "2005-12-31", hand.role(place, "iron"))
        for name, place in (("older", "futian"), ("newer", "luohu"))
    ]
    for plans in (spans_alike, spans_alike[::-1]):
        known = hand.register(*plans)
        held = decision_table(known, palette)["regimes"][-1]
        assert held["lapsed"] == list(known.instruments)
        found = check.verdict(known, "luohu", check.ask(known, "iron", None), DAY)
        decided = [one.designation.instrument for one in (*found.designations, *found.elsewhere) if one.decides]
        assert decided == held["lapsed"][:1]


def test_coverage_is_that_of_the_check(register: Register, table: dict[str, Any]) -> None:
    for one in register.designations:
        held = table["coverage"][one.id]
        for term in register.terms:
            coverage, basis, parts = check.cover(register, one, term)
            found = ["any", "interpreted", []] if held == "any" else held.get(term, [None, None, []])
            assert found == [coverage, basis, list(parts)]


def test_the_list_of_a_place_is_that_of_the_check(register: Register, table: dict[str, Any]) -> None:
    for district in DISTRICTS:
        for day in (date(2012, 1, 1), DAY):
            listed = check.verdict(register, district, check.Question(), day).designations
            assert table["about"][district] == [[one.designation.id, one.former] for one in listed]


def test_designations_know_their_stages_and_fields(register: Register, table: dict[str, Any]) -> None:
    for one, held in zip(register.designations, table["designations"], strict=True):
        assert held["id"] == one.id
        assert held["stages"] == [stage.value for stage in register.stages(one)]
        assert [(ref["id"], ref["basis"]) for ref in held["fields_named"]] == [
            (ref.id, ref.basis) for ref in one.fields
        ]
        assert held["located"] == register.places[one.place].located
        assert "force" not in held


def test_measures_apply_as_in_the_check(register: Register, table: dict[str, Any]) -> None:
    held_on = {one.id: register.force(one.instrument, DAY) is Force.IN_FORCE for one in register.measures}
    assert any(held_on.values())
    for district in DISTRICTS:
        for term in (None, *register.terms):
            found = []
            for one in register.measures:
                places, cover = table["measure_places"][one.id], table["measure_cover"][one.id]
                coverage = None if term is None else "any" if cover == "any" else cover.get(term)
                reached = places == "all" or district in places
                if held_on[one.id] and reached and (coverage is not None or term is None):
                    found.append((one.id, coverage))
            offers = check.measures(register, district, check.Question(term=term), DAY)
            assert found == [(one.measure.id, one.coverage) for one in offers]


def test_terms_and_stages_are_found_as_the_register_finds_them(register: Register, table: dict[str, Any]) -> None:
    for spelling, term in table["term_spellings"].items():
        assert register.find_term(spelling) == term
    for spelling, stage in table["stage_spellings"].items():
        assert find_stage(spelling).value == stage
    for one in table["terms"]:
        assert one["top"] == register.top_field(one["id"])
        assert set(one["parents"]) < register.lineage(one["id"])
