"""The printed sheet: its paper, its words, its map, read back from the PDF; and the page as it was afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2  # type: ignore[import-untyped]
import pytest
from pages import Opened, open_page, until
from PIL import Image

MM = 72 / 25.4
PAPERS = {"A4": (210, 297), "A3": (297, 420)}
FRESH: dict[str, Any] = {
    "lang": "zh",
    "scheme": "light",
    "date": "2026-11-22",
    "compareDate": None,
    "selection": None,
    "list": "file",
    "panel": "ask",
}


@pytest.fixture(scope="module")
def shared(browser: Any, gallery: Path) -> Iterator[Opened]:
    found = open_page(browser, gallery / "parksite-map.html", reduced_motion="reduce")
    found.page.evaluate("window.print = () => { window.printed = (window.printed ?? 0) + 1; }")
    yield found
    found.close()


@pytest.fixture
def opened(shared: Opened) -> Iterator[Opened]:
    shared.state(**FRESH)
    shared.page.evaluate("parksite.app.map.fitBounds(parksite.app.data.views.all, {animate: false})")
    yield shared
    assert shared.errors == []
    assert shared.page.locator(".ps-print-stage").count() == 0


class Printed:
    """Pages of a PDF: size in millimetres, words, pixels."""

    def __init__(self, data: bytes) -> None:
        self.pages = list(pypdfium2.PdfDocument(data))

    def size(self, page: int = 0) -> tuple[float, float]:
        width, height = self.pages[page].get_size()
        return round(width / MM), round(height / MM)

    def words(self, page: int = 0) -> str:
        text = self.pages[page].get_textpage().get_text_bounded()
        return "".join(text.split())

    def picture(self, page: int = 0) -> Image.Image:
        drawn: Image.Image = self.pages[page].render(scale=1.5).to_pil()
        return drawn.convert("RGB")


def ask(opened: Opened, paper: str = "A4", *, landscape: bool = True, table: int = 0, **more: Any) -> None:
    """Fill in the dialog and go on to the sheet."""
    page = opened.page
    before = page.evaluate("window.printed ?? 0")
    page.click("#ps-tool-print")
    page.check(f"dialog[open] input[value={paper}]")
    page.check(f"dialog[open] input[value={'landscape' if landscape else 'portrait'}]")
    page.set_checked("#ps-print-legend", more.get("legend", True))
    page.set_checked("#ps-print-table", table > 0)
    if table:
        page.fill("#ps-print-rows", str(table))
    if more.get("card"):
        page.check("#ps-print-card")
    if "title" in more:
        page.fill("#ps-print-title", more["title"])
    page.click("dialog[open] button[type=submit]")
    until(lambda: page.evaluate("window.printed ?? 0") > before)


def printed(opened: Opened) -> Printed:
    """What the browser prints now; afterwards the page is as before."""
    made = Printed(opened.page.pdf(prefer_css_page_size=True, print_background=True))
    until(lambda: opened.page.locator(".ps-print-stage").count() == 0)
    return made


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("landscape", [True, False])
@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_one_page_of_the_chosen_paper(opened: Opened, paper: str, landscape: bool, lang: str) -> None:
    opened.state(lang=lang)
    ask(opened, paper, landscape=landscape)
    made = printed(opened)
    assert len(made.pages) == 1
    short, long = PAPERS[paper]
    assert made.size() == ((long, short) if landscape else (short, long))
    words = made.words()
    data = opened.page.evaluate("({register: parksite.app.data.register, boundaries: parksite.app.data.boundaries})")
    for text in (
        "2026-11-22",
        data["register"]["version"],
        data["boundaries"][f"vintage_{lang}"],
        "WGS84",
        {"zh": "内部工作用图", "en": "Internal working map"}[lang],
        {"zh": "含示例选址点，非真实项目", "en": "Sample sites, no real projects"}[lang],
        {"zh": "图例", "en": "Legend"}[lang],
        {"zh": "界线不确定带", "en": "Zone of doubt"}[lang],
        {"zh": "深汕", "en": "Shenshan"}[lang],
        {"zh": "领域指定给其他区", "en": "designated elsewhere"}[lang],
        "N",
        "km",
    ):
        assert "".join(text.split()) in words, text


def test_the_map_fills_its_frame_and_the_paper_keeps_its_margin(opened: Opened) -> None:
    opened.page.evaluate("parksite.app.map.fitBounds(parksite.app.data.views.city, {animate: false})")
    west, south, east, north = seen(opened)
    ask(opened)
    box = opened.page.evaluate("""() => {
        return [".ps-sheet .leaflet-container", ".ps-print-page"].map((name) => {
            const {x, y, width, height} = document.querySelector(name).getBoundingClientRect();
            return [x, y, width, height];
        });
    }""")
    (x, y, width, height), (page_x, page_y, page_width, page_height) = box
    assert page_x <= x and page_y <= y
    assert x + width <= page_x + page_width + 1 and y + height <= page_y + page_height + 1
    assert width * height > 0.5 * page_width * page_height
    left, bottom, right, top = seen(opened)
    pixel = 0.002
    assert left <= west + pixel and bottom <= south + pixel and right >= east - pixel and top >= north - pixel
    picture = np.asarray(printed(opened).picture()).astype(int)
    margin = round(9 * MM * 1.5)
    for edge in (picture[:margin], picture[-margin:], picture[:, :margin], picture[:, -margin:]):
        assert (edge == 255).all()
    inside = picture[margin:-margin, margin:-margin]
    assert len(np.unique(inside.reshape(-1, 3), axis=0)) > 60  # sea, land, classes with their patterns, symbols


def seen(opened: Opened) -> list[float]:
    found = opened.page.evaluate("parksite.app.map.getBounds().toBBoxString()")
    return [float(one) for one in found.split(",")]


def test_patterns_are_printed_and_grey_is_enough(opened: Opened) -> None:
    opened.page.evaluate("parksite.app.map.fitBounds(parksite.app.data.views.city, {animate: false})")
    ask(opened)
    grey = np.asarray(printed(opened).picture().convert("L")).astype(int)
    # the hatching of a lapsed role: dark and light lines across a district
    assert np.abs(np.diff(grey, axis=1)).max() > 60
    assert len(np.unique(grey)) > 60


def test_the_view_comes_back_as_it_was(opened: Opened) -> None:
    page = opened.page
    opened.state(scheme="dark", panel="sites")
    page.evaluate("parksite.app.map.setView([22.62, 114.05], 12, {animate: false})")
    before = page.evaluate("[parksite.app.map.getZoom(), parksite.app.map.getCenter(), parksite.app.map.getSize()]")
    ask(opened, "A3", landscape=False)
    assert page.evaluate("document.documentElement.dataset.scheme") == "light"
    printed(opened)
    after = page.evaluate("[parksite.app.map.getZoom(), parksite.app.map.getCenter(), parksite.app.map.getSize()]")
    assert after[0] == before[0] and after[2] == before[2]
    assert [after[1]["lat"], after[1]["lng"]] == pytest.approx([before[1]["lat"], before[1]["lng"]], abs=1e-3)
    assert page.evaluate("document.documentElement.dataset.scheme") == "dark"
    assert page.evaluate("document.querySelector('#ps-maps > #ps-map-a .leaflet-container') !== null")
    assert page.locator("#ps-print-paper, .ps-print-marks").count() == 0


def test_the_browsers_own_command_prints_the_sheet_too(opened: Opened) -> None:
    opened.state(scheme="dark")
    made = printed(opened)
    assert len(made.pages) == 1
    assert "内部工作用图" in made.words()
    assert "核对此处" not in made.words()
    assert np.asarray(made.picture())[0, 0].tolist() == [255, 255, 255]


def test_the_way_back_without_printing(opened: Opened) -> None:
    ask(opened)
    opened.page.click(".ps-print-bar button:last-child")
    assert opened.page.locator(".ps-print-stage").count() == 0
    opened.page.click("#ps-tool-print")
    opened.page.keyboard.press("Escape")
    until(lambda: opened.page.locator("dialog[open]").count() == 0)
    assert opened.page.evaluate("document.activeElement.id") == "ps-tool-print"


def test_title_table_and_card(opened: Opened) -> None:
    opened.state(selection={"kind": "site", "list": "file", "row": 0})
    ask(opened, table=12, card=True, title="<b>评审会</b> 用图")
    made = printed(opened)
    assert "<b>评审会</b>用图" in made.words(0)
    assert "华富候选点" in made.words(1)
    assert "前12处，共47处" in made.words(1)
    assert "S12" in made.words(1) and "S13" not in made.words(1)
    assert "金属和绿色建筑材料创新总部区" in made.words(len(made.pages) - 1)
    assert len(made.pages) >= 3


def test_what_is_left_out_is_left_out(opened: Opened) -> None:
    opened.state(overlays=["around", "labels"])
    ask(opened, legend=False)
    words = printed(opened).words()
    assert "图例" not in words
    assert "非真实项目" not in words  # no site is shown
    opened.state(overlays=["around", "labels", "sites", "uncertain"])


def test_two_days_are_printed_side_by_side(opened: Opened) -> None:
    opened.state(compareDate="2025-06-01")
    until(lambda: opened.page.evaluate("parksite.app.views.length") == 2)
    ask(opened)
    made = printed(opened)
    assert len(made.pages) == 1
    assert "基准日2026-11-22" in made.words() and "基准日2025-06-01" in made.words()
    opened.state(compareDate=None)
    until(lambda: opened.page.evaluate("parksite.app.views.length") == 1)
