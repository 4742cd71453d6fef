"""Sites on the map: marks, hits, filters, table and search, in a real browser without a network."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from pages import Opened, open_page, settle, until

from geo import pipeline, symbology, webmap
from geo.pipeline import Checked, Context
from geo.schema import Site, Stage
from geo.sites import SiteList

DAY, EARLIER = date(2026, 11, 22), date(2024, 6, 1)
COUNT = 5000
HOSTILE = "<img src=x onerror='window.hit=1'>"
TRIPLE = (114.0123456, 22.6123456)
SQUARE = shapely.box(113.9, 22.75, 113.906, 22.756)
NONE: dict[str, Any] = {"match": [], "force": [], "district": [], "field": [], "stage": [], "text": ""}
FRESH = {
    "lang": "zh", "date": "2026-11-22", "compareDate": None, "selection": None, "pinned": None, "tool": None,
    "panel": "sites", "tableOpen": False, "filters": NONE, "siteColour": "match", "theme": "roles",
    "overlays": ["labels", "sites"],
}  # fmt: skip


@dataclass(frozen=True)
class Many:
    """A page of many sites, and what Python answers for them."""

    path: Path
    sites: tuple[Site, ...]
    now: Checked
    earlier: Checked

    def counts(self, key: str, **wanted: str | None) -> Counter[str]:
        """Records by a key, of those that hold all that is wanted."""
        records = self.now.document["sites"]
        return Counter(one[key] for one in records if all(one[name] == value for name, value in wanted.items()))


def make_sites(terms: list[str]) -> tuple[Site, ...]:
    """Sites over the city: three on one spot, one with an outline, one with a hostile name."""
    chance = random.Random(4)
    found = []
    for number in range(COUNT):
        at = shapely.Point(round(chance.uniform(113.8, 114.5), 7), round(chance.uniform(22.5, 22.8), 7))
        field, stage = chance.choice([*terms, None]), chance.choice([*Stage, None])
        found.append(Site(f"S{number:04}", f"候选地块{number}", at, field, stage and stage.value, row=number + 2))
    for number, name in enumerate(("甲", "乙", HOSTILE)):
        found.append(Site(f"T{number}", name, shapely.Point(*TRIPLE), "光刻胶", "pilot", row=COUNT + number + 2))
    found.append(Site("P1", "有边界的地块", SQUARE, "石墨烯", None, row=COUNT + 5))
    return tuple(found)


@pytest.fixture(scope="module")
def many(context: Context, tmp_path_factory: pytest.TempPathFactory) -> Many:
    found = SiteList(make_sites([one.zh for one in context.register.terms.values()]), ())
    now, earlier = (pipeline.check(context, found, day) for day in (DAY, EARLIER))
    known = context.register, context.boundaries, symbology.load(context.settings), context.settings
    page = webmap.render(now.document, now.sites, *known, DAY, "zh", source="many.csv")
    path = tmp_path_factory.mktemp("many") / "选址.html"
    path.write_text(page, encoding="utf-8")
    return Many(path, now.sites, now, earlier)


@pytest.fixture(scope="module")
def shared(browser: Any, many: Many) -> Iterator[Opened]:
    found = open_page(browser, many.path, reduced_motion="reduce")
    yield found
    found.close()


@pytest.fixture
def opened(shared: Opened) -> Iterator[Opened]:
    """The page as new, and without an error once the test is over."""
    shared.state(**FRESH)
    shared.page.mouse.move(5, 5)
    yield shared
    assert shared.errors == []
    assert shared.page.evaluate("window.hit") is None


def selected(opened: Opened) -> Any:
    return opened.page.evaluate("parksite.app.state.get('selection')")


def row_of(opened: Opened) -> int | None:
    chosen = selected(opened)
    return int(chosen["row"]) if chosen and chosen["kind"] == "site" else None


def look_at(opened: Opened, lon: float, lat: float, zoom: float) -> tuple[float, float]:
    """Move the map; where the place is on the page, once its sites are drawn."""
    settle(opened)
    opened.page.evaluate(
        "([lon, lat, zoom]) => parksite.app.map.setView([lat, lon], zoom, {animate: false}) && null", [lon, lat, zoom]
    )
    settle(opened)
    x, y = opened.page.evaluate(
        """([lon, lat]) => {
            const map = parksite.app.map, box = map.getContainer().getBoundingClientRect();
            const at = map.latLngToContainerPoint([lat, lon]);
            return [at.x + box.x, at.y + box.y];
        }""",
        [lon, lat],
    )
    return x, y


def painted(opened: Opened, x: float, y: float, size: int = 1) -> list[int]:
    """Red, green, blue and alpha, again and again, of a square of the sites' canvas about a point of the page."""
    found: list[int] = opened.page.evaluate(
        """([x, y, size]) => {
            const canvas = document.querySelector('canvas.ps-sites:not([hidden])');
            const box = canvas.getBoundingClientRect();
            const half = (size - 1) / 2;
            return [...canvas.getContext('2d').getImageData(x - box.x - half, y - box.y - half, size, size).data];
        }""",
        [x, y, size],
    )
    return found


def facet(opened: Opened, name: str) -> dict[str, int]:
    """Counts of a facet as the page shows them, by id."""
    found: dict[str, str] = opened.page.evaluate(
        """(id) => Object.fromEntries([...document.querySelectorAll(`#ps-facet-${id} li`)].map(
            (one) => [one.querySelector('input').value, one.querySelector('.ps-facet-count').textContent]))""",
        name,
    )
    return {one: int(count.replace(",", "")) for one, count in found.items()}


# ---- filters -----------------------------------------------------------------------------


def test_the_counts_are_those_of_the_answers(opened: Opened, many: Many) -> None:
    assert opened.text(".ps-filter-count") == f"显示 {len(many.sites):,} 处，共 {len(many.sites):,} 处"
    for name in ("match", "force"):
        shown = {one: count for one, count in facet(opened, name).items() if count}
        assert shown == dict(many.counts(name))
    assert {one or "outside": count for one, count in many.counts("district").items()} == facet(opened, "district")
    assert {one or "none": count for one, count in many.counts("stage").items()} == facet(opened, "stage")
    fields = Counter(one["field"] or "none" for one in many.now.document["sites"])
    shown = facet(opened, "field")
    assert all(shown[one] >= count for one, count in fields.items())  # a term under two fields counts for both


def test_ticking_a_choice_changes_the_other_counts(opened: Opened, many: Many) -> None:
    opened.page.check("#ps-facet-match input[value=designated]")
    assert facet(opened, "match") == facet(opened, "match") | dict(many.counts("match"))
    districts = {one: count for one, count in facet(opened, "district").items() if count}
    assert districts == dict(many.counts("district", match="designated"))
    opened.page.click("#ps-facet-district summary")
    opened.page.check("#ps-facet-district input[value=guangming]")
    wanted = many.counts("match", district="guangming")
    assert {one: count for one, count in facet(opened, "match").items() if count} == dict(wanted)
    assert opened.text(".ps-filter-count").startswith(f"显示 {wanted['designated']:,} 处")
    opened.page.click(".ps-filter-head button")
    assert opened.text(".ps-filter-count").startswith(f"显示 {len(many.sites):,} 处")
    opened.page.click("#ps-facet-district summary")


def test_another_day_gives_other_counts(opened: Opened, many: Many) -> None:
    opened.state(date=EARLIER.isoformat())
    for name in ("match", "force"):
        wanted = Counter(one[name] for one in many.earlier.document["sites"])
        assert {one: count for one, count in facet(opened, name).items() if count} == dict(wanted)
    assert facet(opened, "force") != dict(many.counts("force"))


def test_text_filters_by_id_name_and_field(opened: Opened, many: Many) -> None:
    opened.page.fill("#ps-filter-text", "Ｓ００１２")
    until(lambda: opened.text(".ps-filter-count").startswith("显示 1 处"))
    opened.page.fill("#ps-filter-text", "")
    until(lambda: opened.text(".ps-filter-count").startswith(f"显示 {len(many.sites):,} 处"))
    opened.page.fill("#ps-filter-text", "s0012")
    until(lambda: opened.text(".ps-filter-count").startswith("显示 1 处"))
    opened.page.fill("#ps-filter-text", "有边界")
    until(lambda: opened.text(".ps-filter-count").startswith("显示 1 处"))
    many_of = sum(one.field_query in {"光刻胶", "光刻胶及配套材料"} for one in many.sites)
    opened.page.fill("#ps-filter-text", "光刻胶")
    until(lambda: opened.text(".ps-filter-count").startswith(f"显示 {many_of:,} 处"))


def test_the_filter_is_told_to_a_screen_reader(opened: Opened) -> None:
    opened.page.check("#ps-facet-force input[value=none]")
    until(lambda: "显示" in opened.page.evaluate("document.getElementById('ps-live').textContent"))


# ---- marks and hits ----------------------------------------------------------------------


def test_a_click_gives_the_site_under_it(opened: Opened, many: Many) -> None:
    chance = random.Random(8)
    for number in chance.sample(range(COUNT), 12):
        at = many.sites[number].geometry
        x, y = look_at(opened, at.x, at.y, 17)  # type: ignore[attr-defined]
        assert painted(opened, x, y)[3] == 255
        opened.page.mouse.click(x + 3, y - 2)
        assert row_of(opened) == number
        assert many.sites[number].id in opened.text("#ps-answers")


def test_a_click_beside_all_sites_asks_the_place(opened: Opened, many: Many) -> None:
    at = many.sites[0].geometry
    x, y = look_at(opened, at.x, at.y, 19)  # type: ignore[attr-defined]
    opened.page.mouse.click(x + 20, y)
    assert selected(opened)["kind"] == "point"


def test_a_finger_reaches_further_than_the_mouse(opened: Opened, many: Many) -> None:
    at = many.sites[1].geometry
    x, y = look_at(opened, at.x, at.y, 19)  # type: ignore[attr-defined]
    point = {"bubbles": True, "clientX": x + 18, "clientY": y, "pointerType": "touch"}
    opened.page.evaluate(
        """(how) => { const at = parksite.app.map.getContainer();
            at.dispatchEvent(new PointerEvent('pointerdown', how));
            at.dispatchEvent(new MouseEvent('click', how)); }""",
        point,
    )
    assert row_of(opened) == 1


def test_sites_on_one_spot_are_listed(opened: Opened, many: Many) -> None:
    x, y = look_at(opened, *TRIPLE, 17)
    opened.page.mouse.click(x, y)
    opened.page.wait_for_selector(".ps-chooser-item")
    names = opened.page.locator(".ps-chooser-item").all_inner_texts()
    assert names == ["T0 甲", "T1 乙", f"T2 {HOSTILE}"]
    assert row_of(opened) == COUNT
    opened.page.click(".ps-chooser-item >> nth=2")
    assert row_of(opened) == COUNT + 2
    assert opened.page.get_attribute(".ps-chooser-item >> nth=2", "aria-current") == "true"
    opened.page.click(".leaflet-popup-close-button")
    until(lambda: opened.page.locator(".ps-chooser-item").count() == 0)


def test_an_outline_is_drawn_and_can_be_hit(opened: Opened, many: Many) -> None:
    row = len(many.sites) - 1
    opened.state(filters=NONE | {"text": "P1"})
    corner = (113.9005, 22.7505)
    x, y = look_at(opened, *corner, 14)
    assert 60 <= painted(opened, x, y)[3] <= 100
    opened.page.mouse.click(x, y)
    assert row_of(opened) == row
    x, y = look_at(opened, 113.8995, 22.7505, 14)
    assert painted(opened, x, y)[3] == 0
    x, y = look_at(opened, *corner, 8)
    opened.state(selection=None)
    middle = look_at(opened, SQUARE.centroid.x, SQUARE.centroid.y, 8)
    assert painted(opened, *middle)[3] == 255  # a mark, where the outline would be too small


def test_filtered_and_hidden_sites_cannot_be_hit(opened: Opened, many: Many) -> None:
    at = many.sites[2].geometry
    for change in ({"filters": NONE | {"text": "无此选址"}}, {"filters": NONE, "overlays": ["labels"]}):
        opened.state(**change)
        x, y = look_at(opened, at.x, at.y, 18)  # type: ignore[attr-defined]
        opened.page.mouse.click(x, y)
        assert selected(opened)["kind"] == "point"
        if opened.page.locator("canvas.ps-sites:not([hidden])").count():
            assert not any(painted(opened, x, y, 9))


def test_the_marks_follow_the_colour_and_the_day(opened: Opened, many: Many) -> None:
    opened.state(filters=NONE | {"text": "T0"})
    x, y = look_at(opened, *TRIPLE, 15)
    classes = opened.page.evaluate("parksite.app.data.classes")
    for checked, day in ((many.now, DAY), (many.earlier, EARLIER)):
        for kind in ("match", "force"):
            opened.state(siteColour=kind, date=day.isoformat())
            x, y = look_at(opened, *TRIPLE, 15)
            said = checked.document["sites"][COUNT][kind]
            colour = next(one["colour"] for one in classes[kind] if one["id"] == said)
            seen = bytes(painted(opened, x, y, 11)).hex()
            assert f"{colour.lower()[1:]}ff" in {seen[at : at + 8] for at in range(0, len(seen), 8)}


def test_the_mouse_over_a_site_shows_its_name(opened: Opened) -> None:
    x, y = look_at(opened, *TRIPLE, 17)
    opened.page.mouse.move(x - 60, y)
    opened.page.mouse.move(x, y)
    until(lambda: opened.page.locator(".ps-site-title:visible").count() == 1)
    assert "T0 甲" in opened.text(".ps-site-title:visible") and "+2" in opened.text(".ps-site-title:visible")


def test_comparing_two_days_colours_each_map_by_its_own(opened: Opened, many: Many) -> None:
    opened.state(compareDate=EARLIER.isoformat(), filters=NONE | {"text": "T0"}, siteColour="force")
    until(lambda: opened.page.locator("canvas.ps-sites:not([hidden])").count() == 2)
    look_at(opened, *TRIPLE, 15)
    colours = opened.page.evaluate(
        """([lon, lat]) => parksite.app.views.map(({map}) => {
            const canvas = map.getPane('sites').querySelector('canvas:not([hidden])');
            const box = canvas.getBoundingClientRect(), host = map.getContainer().getBoundingClientRect();
            const at = map.latLngToContainerPoint([lat, lon]);
            const [x, y] = [at.x + host.x - box.x, at.y + host.y - box.y];
            return [...canvas.getContext('2d').getImageData(x, y, 1, 1).data].join();
        })""",
        list(TRIPLE),
    )
    assert len(set(colours)) == 2
    opened.state(compareDate=None)
    until(lambda: opened.page.locator("canvas.ps-sites:not([hidden])").count() == 1)


# ---- table -------------------------------------------------------------------------------


def cells(opened: Opened, column: str) -> list[str]:
    """Texts of a column in the order of the rows in sight."""
    found: list[str] = opened.page.evaluate(
        """(name) => [...document.querySelectorAll('#ps-grid .ps-table-body .ps-row:not([hidden])')]
            .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
            .map((row) => row.querySelector(`.is-${name}`).textContent)""",
        column,
    )
    return found


def test_the_table_sorts_and_steps_with_the_map(opened: Opened, many: Many) -> None:
    opened.page.click("#ps-tool-table")
    assert opened.page.get_attribute("#ps-grid", "aria-rowcount") == str(len(many.sites) + 1)
    assert cells(opened, "id")[:3] == ["S0000", "S0001", "S0002"]
    assert opened.page.locator("#ps-grid .ps-row").count() < 60
    opened.page.click("#ps-grid .is-distance button")
    metres = [int(text.replace(",", "")) for text in cells(opened, "distance")]
    assert metres == sorted(metres)
    assert opened.page.get_attribute("#ps-grid [role=columnheader].is-distance", "aria-sort") == "ascending"
    opened.page.click("#ps-grid .is-distance button")
    longest = max(one["boundary_distance_m"] for one in many.now.document["sites"])
    assert cells(opened, "distance")[0] == f"{longest + 1e-9:,.0f}"
    opened.page.click("#ps-grid .is-district button")
    assert cells(opened, "district")[0] == "宝安区"  # by pinyin
    opened.page.click("#ps-grid .ps-table-body .ps-row:not([hidden]) >> nth=2")
    chosen = cells(opened, "id")[2]
    assert many.sites[row_of(opened) or 0].id == chosen
    assert opened.page.locator(".ps-site-ring").count() == 1


def test_a_selection_elsewhere_brings_its_row_into_sight(opened: Opened) -> None:
    opened.state(tableOpen=True, selection={"kind": "site", "list": "file", "row": 4321})
    until(lambda: opened.page.locator("#ps-grid [aria-selected=true]:visible").count() == 1)
    assert "S4321" in opened.text("#ps-grid [aria-selected=true]")
    settle(opened)
    middle = opened.page.evaluate(
        "parksite.app.map.getBounds().contains([parksite.app.store.lat[4321], parksite.app.store.lon[4321]])"
    )
    assert middle is True


def test_the_table_by_keyboard(opened: Opened, many: Many) -> None:
    opened.state(tableOpen=True)
    if opened.page.locator("#ps-grid [aria-sort]").count():
        opened.page.click("#ps-grid [aria-sort] button")
    while opened.page.locator("#ps-grid [aria-sort]").count():
        opened.page.click("#ps-grid [aria-sort] button")
    opened.page.focus("#ps-grid")
    for key in ("Home", "ArrowDown", "ArrowDown", "Enter"):
        opened.page.keyboard.press(key)
    assert row_of(opened) == 2
    opened.page.focus("#ps-grid")
    opened.page.keyboard.press("End")
    until(lambda: "P1" in cells(opened, "id"))
    active = opened.page.get_attribute("#ps-grid", "aria-activedescendant")
    assert "有边界的地块" in opened.text(f"#{active}")
    opened.page.keyboard.press("Enter")
    assert row_of(opened) == len(many.sites) - 1


def test_the_table_follows_the_filters(opened: Opened, many: Many) -> None:
    opened.state(tableOpen=True, filters=NONE | {"district": ["dapeng"]})
    wanted = many.counts("district")["dapeng"]
    assert opened.page.get_attribute("#ps-grid", "aria-rowcount") == str(wanted + 1)
    assert set(cells(opened, "district")) == {"大鹏新区"}
    opened.state(filters=NONE | {"text": "无此选址"})
    assert cells(opened, "id") == []
    assert opened.page.locator(".ps-table-none:visible").count() == 1


def test_the_table_can_be_made_higher_by_keyboard(opened: Opened) -> None:
    opened.state(tableOpen=True)
    before = opened.page.evaluate("document.getElementById('ps-table').offsetHeight")
    opened.page.focus(".ps-table-grip")
    opened.page.keyboard.press("ArrowUp")
    after = opened.page.evaluate("document.getElementById('ps-table').offsetHeight")
    assert after == before + 24


# ---- search ------------------------------------------------------------------------------


def pick(opened: Opened, words: str, option: str) -> None:
    """Type into the search box and choose the option that holds a text."""
    opened.page.fill("#ps-find-box", words)
    opened.page.locator("#ps-find-box-list [role=option]", has_text=option).first.click()


def test_a_site_is_found_by_id_and_by_name(opened: Opened) -> None:
    pick(opened, "s3210", "S3210")
    assert row_of(opened) == 3210
    settle(opened)
    assert opened.page.evaluate("parksite.app.map.getZoom()") >= 13
    pick(opened, "有边界", "P1")
    assert "P1" in opened.text("#ps-answers")


def test_a_site_that_a_filter_hides_is_shown_when_found(opened: Opened, many: Many) -> None:
    opened.state(filters=NONE | {"text": "P1"})
    pick(opened, "S0007", "S0007")
    assert row_of(opened) == 7
    assert opened.text(".ps-filter-count").startswith(f"显示 {len(many.sites):,} 处")


@pytest.mark.parametrize(
    ("words", "option", "district"),
    [
        ("龙岗", "龙岗区", "longgang"),
        ("Pingshan", "坪山区", "pingshan"),
        ("光明科学城", "光明科学城", "guangming"),
        ("半导体关键材料核心区", "半导体关键材料核心区", "baoan"),
    ],
)
def test_places_and_roles_are_found(opened: Opened, words: str, option: str, district: str) -> None:
    pick(opened, words, option)
    assert selected(opened) == {"kind": "district", "id": district}


def test_a_field_is_found_then_asked_and_filtered_by(opened: Opened, many: Many) -> None:
    pick(opened, "photoresist", "光刻胶")
    term = opened.page.evaluate("parksite.app.state.get('ask').field")
    assert opened.page.evaluate("parksite.app.state.get('filters').field") == [term]
    wanted = sum(one["term"] == term for one in many.now.document["sites"])
    assert opened.text(".ps-filter-count").startswith(f"显示 {wanted:,} 处")


def test_a_document_and_a_clause_are_found(opened: Opened) -> None:
    pick(opened, "深工信规〔2023〕11号", "若干措施")
    assert opened.page.evaluate("parksite.app.state.get('theme')") == "measures-2023"
    opened.state(**FRESH)
    pick(opened, "十七", "2023年若干措施 第五部分（十七）")
    assert selected(opened)["kind"] == "district"


def test_the_search_box_by_keyboard(opened: Opened) -> None:
    opened.page.focus("#ps-find-box")
    opened.page.keyboard.type("S4444")
    opened.page.keyboard.press("ArrowDown")
    opened.page.keyboard.press("Enter")
    assert row_of(opened) == 4444


# ---- speed -------------------------------------------------------------------------------


def test_filters_and_searches_do_not_keep_one_waiting(opened: Opened) -> None:
    took = opened.page.evaluate(
        """() => {
            const {state} = parksite.app, found = [];
            const time = (work) => { const start = performance.now(); work(); found.push(performance.now() - start); };
            for (const text of ['9', '候选', '']) time(() => state.set({filters: {...state.get('filters'), text}}));
            for (const date of ['2012-01-01', '2026-11-22']) time(() => state.set({date}));
            return Math.max(...found);
        }"""
    )
    assert took < 1500  # loose: of a busy machine; benchmarks/map.py measures
