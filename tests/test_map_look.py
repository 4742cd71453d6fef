"""How the map looks: colours apart for every eye, labels apart, the parts that draw it.

Differences of colour are CIEDE2000. Ten is told apart at a glance in areas that do not
touch; four is the least step of a grey scale that a legend can still be read by.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from coloraide import Color
from pages import Opened, open_page, until

from geo import symbology
from geo.register import Register
from geo.symbology import Swatch, Symbology

APART = 10.0
APART_IN_GREY = 4.0
READABLE = 4.5
EYES = ("trichromat", "protan", "deutan", "tritan", "achroma")
WHITE_HALO, DARK_HALO = "#ffffff", "#12181d"
INK, DARK_INK = "#1c2730", "#e9edf0"


@pytest.fixture(scope="module")
def palette(settings: Any) -> Symbology:
    return symbology.load(settings)


def seen(colour: str, eye: str) -> Color:
    """A colour as an eye sees it: Machado's model of dichromacy, luminance for achromatopsia."""
    if eye == "trichromat":
        return Color(colour)
    if eye == "achroma":
        return Color(colour).filter("grayscale").convert("srgb")
    return Color(colour).filter(eye, method="machado").convert("srgb").clip()


def apart(one: str, other: str, eye: str) -> float:
    return float(seen(one, eye).delta_e(seen(other, eye), method="2000"))


def shown_together(palette: Symbology, register: Register) -> dict[str, tuple[Swatch, ...]]:
    """The classes of every theme of every span of days with equal forces."""
    days = [register.turns[0].replace(year=2000), *register.turns]
    return {f"{day} {theme.id}": theme.classes for day in days for theme in palette.themes(register, day)}


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_classes_shown_together_are_told_apart(palette: Symbology, register: Register, eye: str, scheme: str) -> None:
    none = palette.colours()["dark"]["none"] if scheme == "dark" else palette.colours()["none"]
    limit = APART_IN_GREY if eye == "achroma" else APART
    close = set()
    for where, classes in shown_together(palette, register).items():
        for one, other in combinations(classes, 2):
            first, second = (none if each.id == "none" else each.colour for each in (one, other))
            between = apart(first, second, eye)
            if between < limit and (eye != "achroma" or one.hatch == other.hatch):
                close.add((where, one.zh, other.zh, round(between, 1)))
    assert not close


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("kind", ["match", "force"])
def test_sites_are_told_apart(palette: Symbology, eye: str, kind: str) -> None:
    classes = palette.match_classes() if kind == "match" else palette.force_classes()
    limit = APART_IN_GREY if eye == "achroma" else APART
    close = [
        (one.id, other.id, round(apart(one.colour, other.colour, eye), 1))
        for one, other in combinations(classes, 2)
        if apart(one.colour, other.colour, eye) < limit and (eye != "achroma" or one.symbol == other.symbol)
    ]
    assert not close


def test_force_and_stages_are_told_by_pattern_too(palette: Symbology, register: Register) -> None:
    patterns = {palette.words[name] for name in ("lapsed_hatch", "draft_hatch", "not_yet_hatch")}
    assert len(patterns) == 3
    stages = [one["hatch"] for one in palette.words["stages"].values()]
    assert len(set(stages)) == len(stages)
    assert all(stages)


@pytest.mark.parametrize(("ink", "halo"), [(INK, WHITE_HALO), (DARK_INK, DARK_HALO)])
def test_labels_can_be_read_on_every_class(palette: Symbology, register: Register, ink: str, halo: str) -> None:
    colours = {one.colour for classes in shown_together(palette, register).values() for one in classes}
    colours |= {str(one) for one in palette.colours().values() if isinstance(one, str)}
    for colour in colours:
        behind = Color(colour).mix(halo, 0.9, space="srgb")
        assert Color(ink).contrast(behind, method="wcag21") >= READABLE, colour


FRESH = {
    "lang": "zh", "scheme": "light", "date": "2026-11-22", "compareDate": None, "theme": "roles", "selection": None,
    "overlays": ["labels", "sites", "uncertain", "around"], "siteColour": "match", "panel": "layers", "tool": None,
}  # fmt: skip
NAMES = """() => [...document.querySelectorAll('#ps-map-a .ps-name')].map(one => {
    const parts = [...one.querySelectorAll('text, .ps-key-disc, rect')].map(part => part.getBoundingClientRect());
    return {name: one.dataset.name, text: one.textContent,
        x0: Math.min(...parts.map(p => p.left)), x1: Math.max(...parts.map(p => p.right)),
        y0: Math.min(...parts.map(p => p.top)), y1: Math.max(...parts.map(p => p.bottom))};
})"""
FILL = "id => document.querySelector(`#ps-map-a .ps-district[data-district=${id}]`).getAttribute('fill')"
FILL_B = "id => document.querySelector(`#ps-map-b .ps-district[data-district=${id}]`).getAttribute('fill')"
SEES = """id => parksite.app.map.getBounds().contains(PARKSITE.labels.districts.find(one => one.id === id).centre)"""


@pytest.fixture(scope="module")
def shared(browser: Any, gallery: Path) -> Iterator[Opened]:
    found = open_page(browser, gallery / "parksite-map.html", reduced_motion="reduce")
    yield found
    found.close()


@pytest.fixture
def opened(shared: Opened) -> Iterator[Opened]:
    """The page as new, and without an error once the test is over."""
    shared.state(**FRESH)
    show(shared, "all")
    yield shared
    assert shared.errors == []


def show(opened: Opened, view: str) -> None:
    opened.page.evaluate("v => { parksite.app.map.fitBounds(PARKSITE.views[v], {animate: false}); }", view)


def day(opened: Opened) -> str:
    return str(opened.page.evaluate("parksite.app.state.get('date')"))


def fill_of(opened: Opened, district: str) -> str:
    return str(opened.page.evaluate(FILL, district))


def assert_apart(opened: Opened, where: str) -> list[dict[str, Any]]:
    """No two names on the map touch."""
    names: list[dict[str, Any]] = opened.page.evaluate(NAMES)
    for one, other in combinations(names, 2):
        across = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"])
        down = min(one["y1"], other["y1"]) - max(one["y0"], other["y0"])
        assert across <= 1 or down <= 1, f"{where}: {one['text']} on {other['text']}"
    return names


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720), (360, 740)], ids=str)
def test_names_do_not_overlap(browser: Any, gallery: Path, size: tuple[int, int]) -> None:
    opened = open_page(browser, gallery / "parksite-map.html", *size, reduced_motion="reduce")
    if size[0] < 500:
        opened.state(panel=None)
    for lang in ("zh", "en"):
        opened.state(lang=lang, overlays=["labels", "sites", "places", "uncertain", "around"])
        few = 7 if size[0] < 500 else 9
        for view, least in (("all", few), ("city", few), ("shenshan", 1)):
            show(opened, view)
            names = assert_apart(opened, f"{lang} {view} {size}")
            held = {one["name"] for one in names if one["name"].startswith("district:")}
            assert len(held) >= least, (lang, view, held)
        for _ in range(3):
            opened.page.evaluate("void parksite.app.map.setZoom(parksite.app.map.getZoom() + 1, {animate: false})")
            assert_apart(opened, f"{lang} zoomed {size}")
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert opened.errors == []
    opened.close()


def test_every_district_is_named_on_a_wide_map(opened: Opened) -> None:
    for lang, word in (("zh", "深汕特别合作区"), ("en", "Shenshan")):
        opened.state(lang=lang)
        names = {one["name"]: one["text"] for one in assert_apart(opened, lang)}
        assert len([name for name in names if name.startswith("district:")]) == 11
        assert word in names["district:shenshan"]


def test_a_letter_stands_for_the_same_class_on_map_and_legend(opened: Opened) -> None:
    named = {one["name"]: one["text"] for one in opened.page.evaluate(NAMES)}
    rows = opened.page.locator("#ps-legend .ps-legend-row").all_inner_texts()
    key = opened.page.get_attribute(".ps-district[data-district='baoan']", "data-key")
    assert named["district:baoan"].startswith(str(key))
    row = next(one for one in rows if "半导体关键材料核心区" in one)
    assert "宝安区" in row
    letter = opened.page.locator("#ps-legend .ps-legend-row", has_text="半导体关键材料核心区").locator(".ps-key-letter")
    assert letter.text_content() == key
    opened.state(date="2023-01-01")
    assert opened.page.get_attribute(".ps-district[data-district='baoan']", "data-key") == key


def test_what_is_not_in_force_is_hatched_and_what_is_approximate_is_dashed(opened: Opened) -> None:
    assert fill_of(opened, "baoan").startswith("url(#ps-hatch-")
    assert opened.page.locator(fill_of(opened, "baoan")[4:-1]).count() == 1
    opened.state(date="2023-01-01")
    assert fill_of(opened, "baoan").startswith("#")
    assert fill_of(opened, "longhua").startswith("url(")
    dashes = "id => document.querySelector(`.ps-district[data-district=${id}]`).getAttribute('stroke-dasharray')"
    assert opened.page.evaluate(dashes, "shenshan")
    assert not opened.page.evaluate(dashes, "baoan")


def test_the_slider_moves_districts_and_legend(opened: Opened) -> None:
    before, legend = fill_of(opened, "baoan"), opened.text("#ps-legend")
    opened.page.focus("#ps-slider")
    opened.page.keyboard.press("PageDown")
    assert day(opened) == "2026-01-01"
    opened.page.keyboard.press("ArrowLeft")
    until(lambda: day(opened) == "2025-12-31")
    assert fill_of(opened, "baoan") != before
    assert opened.text("#ps-legend") != legend
    assert "有效" in opened.text("#ps-legend")
    assert "2022年行动计划：有效" in opened.text("#ps-live")
    assert opened.page.input_value("#ps-date") == "2025-12-31"
    said = str(opened.page.get_attribute("#ps-slider", "aria-valuetext"))
    assert said.startswith("2025-12-31") and "2023年若干措施有效" in said
    opened.page.click("#ps-time .ps-time-back")
    assert day(opened) == "2026-11-22"
    assert opened.page.locator("#ps-time").bounding_box()["height"] <= 84


def test_a_drag_of_the_slider_lands_on_the_day_under_it(opened: Opened) -> None:
    box = opened.page.locator("#ps-slider").bounding_box()
    mark = opened.page.locator(".ps-band-now line").bounding_box()
    opened.page.mouse.move(mark["x"] + mark["width"] / 2, box["y"] + box["height"] - 8)
    opened.page.mouse.down()
    opened.page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] - 8, steps=4)
    opened.page.mouse.up()
    until(lambda: day(opened) < "2014-01-01")
    assert abs(opened.page.locator(".ps-band-now line").bounding_box()["x"] - box["x"] - box["width"] * 0.1) < 4


def test_a_day_after_the_register_warns(opened: Opened) -> None:
    assert not opened.page.locator(".ps-day-late").is_visible()
    opened.page.fill("#ps-date", "2028-09-13")
    assert "登记册维护至 2026-11-22" in opened.text(".ps-day-late")
    assert "晚于登记册维护日" in opened.text("#ps-notes")


def test_every_theme_has_its_legend(opened: Opened) -> None:
    seen = set()
    themes = opened.page.locator("#ps-themes input")
    assert themes.count() == 7
    for number in range(7):
        themes.nth(number).check()
        seen.add(opened.text("#ps-legend h3"))
        assert opened.page.locator("#ps-map-a .ps-district").count() == 11
    assert len(seen) == 7
    opened.page.locator("#ps-themes input").nth(1).check()
    opened.state(date="2012-06-01")
    assert "龙华区（时属宝安区）" in opened.text("#ps-legend")


def test_overlays_come_and_go(opened: Opened) -> None:
    for name, selector in (("labels", ".ps-name"), ("uncertain", ".ps-doubt"), ("around", ".leaflet-around-pane path")):
        box = opened.page.locator(f"#ps-overlays input[value='{name}']")
        assert opened.page.locator(selector).count() > 0
        box.uncheck()
        assert opened.page.locator(selector).count() == 0
        box.check()
        assert opened.page.locator(selector).count() > 0
    assert opened.page.locator(".ps-name.is-place").count() == 0
    opened.page.locator("#ps-overlays input[value='places']").check()
    assert opened.page.locator(".ps-name.is-place").count() > 0
    assert "没有公开边界" in opened.text("#ps-legend")


def test_the_legend_counts_the_sites_on_show(opened: Opened) -> None:
    counts = [int(one) for one in opened.page.locator(".ps-legend-counted b").all_inner_texts()]
    assert sum(counts) == opened.page.evaluate("parksite.app.store.count")
    opened.page.locator("#ps-overlays input[value='force']").check()
    assert "依据效力" in opened.text("#ps-legend")


def test_two_days_side_by_side(opened: Opened) -> None:
    opened.page.click("#ps-tool-compare")
    assert opened.page.evaluate("parksite.app.views.length") == 2
    assert opened.page.input_value("#ps-stamp-compareDate") == "2025-12-31"
    assert opened.page.evaluate(FILL_B, "baoan").startswith("#")
    assert fill_of(opened, "baoan").startswith("url(")
    legend = opened.text("#ps-legend")
    assert "2026-11-22" in legend and "2025-12-31" in legend
    opened.page.evaluate("void parksite.app.map.setView([22.6, 114.1], 11, {animate: false})")
    centres = opened.page.evaluate(
        "parksite.app.views.map(v => [v.map.getCenter().lat, v.map.getCenter().lng, v.map.getZoom()])"
    )
    assert centres[0] == pytest.approx(centres[1], abs=1e-6)
    opened.page.evaluate("void parksite.app.views[1].map.panBy([60, 20], {animate: false})")
    centres = opened.page.evaluate("parksite.app.views.map(v => [v.map.getCenter().lat, v.map.getCenter().lng])")
    assert centres[0] == pytest.approx(centres[1], abs=1e-4)
    opened.page.fill("#ps-stamp-compareDate", "2012-06-01")
    assert "url(" not in opened.page.evaluate(FILL_B, "longgang")
    opened.state(
        selection={"kind": "point", "lon": 114.1, "lat": 22.6, "datum": "wgs84", "text": "", "field": "", "stage": ""}
    )
    assert opened.page.locator(".ps-pin").count() == 2
    opened.page.click("#ps-map-b .ps-stamp button:last-child")
    assert opened.page.evaluate("parksite.app.views.length") == 1
    assert not opened.page.locator("#ps-map-b").is_visible()
    assert opened.page.locator("#ps-map-b .leaflet-container").count() == 0


def test_the_inset_leads_over_the_gap(opened: Opened) -> None:
    assert not opened.page.locator(".ps-inset").is_visible()
    opened.page.click(".ps-jump[data-view='city']")
    assert "深汕" in opened.text(".ps-inset")
    assert not opened.page.evaluate(SEES, "shenshan")
    opened.page.focus(".ps-inset")
    opened.page.keyboard.press("Enter")
    until(lambda: opened.page.evaluate(SEES, "shenshan"))
    assert "市区" in opened.text(".ps-inset")
    box = opened.page.locator(".ps-inset").bounding_box()
    opened.page.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.5)
    until(lambda: opened.page.evaluate(SEES, "longhua"))
    opened.page.click(".ps-jump[data-view='all']")
    until(lambda: not opened.page.locator(".ps-inset").is_visible())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_schemes_can_be_read(opened: Opened, palette: Symbology, scheme: str) -> None:
    opened.state(scheme=scheme)
    wanted = palette.colours()["dark"]["none"] if scheme == "dark" else palette.colours()["none"]
    assert fill_of(opened, "futian") == wanted
    for kind in ("district", "around"):
        ink, halo = opened.page.evaluate(
            """kind => { const s = getComputedStyle(document.querySelector(`.ps-name.is-${kind} .ps-name-text`));
            return [s.fill, s.stroke]; }""",
            kind,
        )
        assert Color(ink).contrast(Color(halo), method="wcag21") >= READABLE, kind
    ink, disc = opened.page.evaluate(
        "[...['.ps-key-letter', '.ps-key-disc']].map(one => getComputedStyle(document.querySelector(one)).fill)"
    )
    assert Color(ink).contrast(Color(disc), method="wcag21") >= READABLE


def test_a_district_is_chosen_by_keyboard(opened: Opened) -> None:
    district = opened.page.locator("#ps-map-a .ps-district[data-district='shenshan']")
    assert "高端电子化学品园区" in str(district.get_attribute("aria-label"))
    assert "已到期" in str(district.get_attribute("aria-label"))
    district.focus()
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("parksite.app.state.get('selection')") == {"kind": "district", "id": "shenshan"}
    assert district.get_attribute("aria-pressed") == "true"
    assert opened.page.locator(".ps-chosen").count() == 1
    opened.state(lang="en")
    assert "lapsed" in str(district.get_attribute("aria-label"))


def test_a_click_asks_at_the_point(opened: Opened) -> None:
    opened.state(overlays=["labels"])
    spot = opened.page.evaluate(
        "(() => { const r = parksite.app.map.getContainer().getBoundingClientRect(),"
        " p = parksite.app.map.latLngToContainerPoint([22.79, 113.83]); return [p.x + r.left, p.y + r.top]; })()"
    )
    opened.page.mouse.click(*spot)
    chosen = opened.page.evaluate("parksite.app.state.get('selection')")
    assert chosen["kind"] == "point" and chosen["datum"] == "wgs84"
    assert chosen["lon"] == pytest.approx(113.83, abs=0.003) and chosen["lat"] == pytest.approx(22.79, abs=0.003)
    assert opened.page.locator(".ps-pin").count() == 1
