"""The map for a keyboard, a screen reader and a small screen: axe-core finds no serious fault."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pages import Opened, open_page, until

AXE = Path(__file__).parents[1] / "maps/web/node_modules/axe-core/axe.min.js"
GRAVE = ("serious", "critical")
SIZES = {"desk": (1440, 900), "projector": (1280, 720), "phone": (360, 740)}


def faults(opened: Opened) -> list[str]:
    """Serious and critical findings of axe-core, each with the elements it names."""
    opened.page.evaluate(AXE.read_text("utf-8"))
    found = opened.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}"
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]


@pytest.fixture(scope="module", params=sorted(SIZES))
def opened(request: pytest.FixtureRequest, browser: Any, gallery: Path) -> Iterator[Opened]:
    found = open_page(browser, gallery / "parksite-map.html", *SIZES[request.param], reduced_motion="reduce")
    yield found
    found.close()


@pytest.mark.parametrize("panel", ["ask", "layers", "sites"])
@pytest.mark.parametrize(("lang", "scheme"), [("zh", "light"), ("en", "dark")])
def test_no_serious_fault(opened: Opened, panel: str, lang: str, scheme: str) -> None:
    opened.state(panel=panel, lang=lang, scheme=scheme, selection=None, compareDate=None, tableOpen=False)
    assert faults(opened) == []


@pytest.mark.parametrize(("lang", "scheme"), [("zh", "dark"), ("en", "light")])
def test_no_serious_fault_with_an_answer_a_table_and_two_days(opened: Opened, lang: str, scheme: str) -> None:
    asked = {"kind": "point", "lon": 113.85, "lat": 22.7, "datum": "wgs84", "text": "113.85, 22.70"}
    selection = {**asked, "field": "光刻胶", "stage": "研发"}
    opened.state(lang=lang, scheme=scheme, panel="ask", selection=selection, tableOpen=True, compareDate="2024-06-01")
    assert faults(opened) == []
    opened.state(selection=None, tableOpen=False, compareDate=None)


def test_nothing_scrolls_sideways(opened: Opened) -> None:
    for panel in ("ask", "layers", "sites"):
        opened.state(panel=panel)
        width = opened.page.viewport_size["width"]
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_alone_reaches_an_answer(browser: Any, gallery: Path) -> None:
    found = open_page(browser, gallery / "parksite-map.html")
    found.page.keyboard.press("Tab")
    assert "跳到判定结果" in found.page.evaluate("document.activeElement.innerText")
    for _ in range(60):
        found.page.keyboard.press("Tab")
        if found.page.evaluate("document.activeElement.matches('#ps-panel-ask input')"):
            break
    found.page.keyboard.type("113.85, 22.70")
    found.page.keyboard.press("Enter")
    until(lambda: found.page.locator("#ps-answers").is_visible())
    assert "宝安区" in found.text("#ps-answers")
    assert found.errors == []
    found.close()


def test_who_asks_for_less_motion_gets_none(opened: Opened) -> None:
    assert opened.page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    moving = opened.page.evaluate(
        """document.getAnimations().filter(one => one.playState === 'running').length
        + [...document.querySelectorAll('body *')]
          .filter(one => parseFloat(getComputedStyle(one).transitionDuration) > 0).length"""
    )
    assert moving == 0
    assert opened.page.evaluate("parksite.app.map.options.zoomAnimation") is False
