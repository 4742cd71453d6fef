"""A planner's day with the map, in one go: open, ask, drop a file, filter, compare dates, print, save.

`--pictures DIR` keeps what was seen at each step.
"""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from pages import Opened, open_page, until

from geo.pipeline import Context

ROWS = [
    ("甲1", "沙井候选地块", "113.8175", "22.7400", "光刻胶", "研发设计"),
    ("甲2", "坑梓候选地块", "114.3800", "22.7500", "储能材料", "生产制造"),
    ("甲3", "坪地候选地块", "114.3050", "22.7700", "光刻胶", "生产制造"),
    ("甲4", "坏坐标地块", "东经", "22.6000", "光刻胶", "研发设计"),
    ("甲5", "=HYPERLINK(1)", "114.0600", "22.5300", "月球土壤", ""),
]


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Any:
    folder = request.config.getoption("--pictures")
    steps: list[str] = []

    def take(opened: Opened, name: str) -> None:
        steps.append(name)
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            opened.page.screenshot(path=Path(folder) / f"{len(steps)}-{name}.png")

    return take


def drop(opened: Opened, path: Path) -> None:
    """Let a file fall onto the map, as from a folder."""
    handed = opened.page.evaluate_handle(
        """([bytes, name]) => { const made = new DataTransfer();
            made.items.add(new File([new Uint8Array(bytes)], name)); return made; }""",
        [list(path.read_bytes()), path.name],
    )
    for event in ("dragenter", "dragover", "drop"):
        opened.page.dispatch_event("#ps-maps", event, {"dataTransfer": handed})


def test_a_planner_gets_through_the_day(  # noqa: PLR0915, one story
    browser: Any, gallery: Path, context: Context, tmp_path: Path, shoot: Any
) -> None:
    path = tmp_path / "候选地块.csv"
    lines = [("编号", "名称", "经度", "纬度", "产业领域", "环节", "坐标系")] + [(*row, "wgs84") for row in ROWS]
    path.write_bytes("\r\n".join(",".join(line) for line in lines).encode("gbk"))

    found = open_page(browser, gallery / "parksite-map.html", accept_downloads=True)
    page = found.page
    shoot(found, "open")

    box = page.locator("#ps-panel-ask input").first
    box.fill("113°51′00″E 22°42′00″N")
    field = page.locator("#ps-panel-ask input[role=combobox]")
    field.fill("光刻")
    field.press("ArrowDown")
    field.press("Enter")
    page.locator("#ps-panel-ask select").nth(1).select_option("rd_design")
    box.press("Enter")
    until(lambda: page.locator("#ps-answers").is_visible() and "光刻胶" in found.text("#ps-answers"))
    card = found.text("#ps-answers")
    for word in ("符合指定角色", "已到期", "宝安区", "半导体关键材料核心区", "第五部分", "深工信规〔2023〕11号"):
        assert word in card
    shoot(found, "ask")

    drop(found, path)
    until(lambda: page.evaluate("parksite.app.state.get('list')") == "dropped")
    panel = found.text("#ps-panel-sites")
    assert "甲4" in panel and "东经" in panel
    assert page.evaluate("parksite.app.store.count") == 4
    shoot(found, "drop")

    found.state(filters={**page.evaluate("parksite.app.state.get('filters')"), "field": ["electronic-information"]})
    until(lambda: page.evaluate("parksite.app.state.get('shown').shown") == 2)
    page.click("#ps-tool-table")
    until(lambda: page.locator("#ps-table").is_visible())
    assert "沙井候选地块" in found.text("#ps-table") and "坑梓候选地块" not in found.text("#ps-table")
    shoot(found, "filter")

    found.state(compareDate="2024-06-01", selection={"kind": "site", "list": "dropped", "row": 0})
    until(lambda: page.locator("#ps-map-b").is_visible())
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async text => { window.copied = text; }}})"
    )
    page.click("#ps-tool-link")
    until(lambda: page.evaluate("window.copied ?? ''").count("at=113.8175,22.74") == 1)
    both = found.text("#ps-answers")
    assert "2026-11-22" in both and "2024-06-01" in both and "不同" in both
    shoot(found, "compare")
    found.state(compareDate=None, tableOpen=False)

    page.click("#ps-tool-print")
    until(lambda: page.locator("dialog[open]").count() == 1)
    shoot(found, "print")
    page.keyboard.press("Escape")

    found.state(filters={**page.evaluate("parksite.app.state.get('filters')"), "field": []}, panel="sites")
    with page.expect_download() as saving:
        page.locator("#ps-takeaway button", has_text="CSV").first.click()
    text = Path(saving.value.path()).read_text("utf-8-sig")
    rows = {row["编号"]: row for row in csv.DictReader(io.StringIO(text))}
    assert sorted(rows) == ["甲1", "甲2", "甲3", "甲5"]
    assert (rows["甲1"]["district"], rows["甲1"]["match"], rows["甲1"]["force"]) == ("baoan", "designated", "lapsed")
    assert rows["甲5"]["match"] == "unrecognised"
    assert rows["甲5"]["名称"].startswith("'=")
    shoot(found, "save")

    fragment = "#" + json.loads(page.evaluate("JSON.stringify(location.href)")).partition("#")[2]
    again = open_page(browser, gallery / "parksite-map.html", fragment=fragment)
    assert again.page.evaluate("parksite.app.state.get('panel') !== null")
    assert found.requests == [(gallery / "parksite-map.html").as_uri()]
    assert found.errors == [] and again.errors == []
    again.close()
    found.close()
