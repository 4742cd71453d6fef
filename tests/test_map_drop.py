"""A file dropped on the map: read as the command line reads it, answered alike, saved alike, never run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pages import Opened, open_page, until

from geo import pipeline, sources, symbology, tables, webmap, wording
from geo.errors import CRSMismatch
from geo.intake import Request
from geo.pipeline import Checked, Context

AS_OF = date(2026, 11, 22)
FIELDS = ["光刻胶", "锂电池", "OLED", "绿色建材", "石墨烯", "", "火箭材料", "生物医用材料", "electronic chemicals"]
STAGES = ["研发设计", "生产", "总部", "", "中试", "玄学"]
HEADER = ["编号", "名称", "经度", "纬度", "产业领域", "环节", "所在区", "坐标系", "备注"]
FAULTY = [
    ["S1", "重号", "114.1", "22.6", "光刻胶", "", "", "wgs84", ""],
    ["F2", "无经度", "", "22.6", "光刻胶", "", "", "wgs84", ""],
    ["F3", "约数", "约114.1", "22.6", "火箭材料", "", "", "wgs84", ""],
    ["F4", "颠倒", "22.6", "114.1", "", "", "", "wgs84", ""],
    ["F5", "分秒", "113°75′00″", "22.6", "", "", "", "wgs84", ""],
    ["F6", "方位", "22.6N", "114.1E", "", "", "", "wgs84", ""],
    ["F7", "坐标系", "114.1", "22.6", "", "", "", "火星", ""],
    ["F8", "列多", "114.1", "22.6", "", "", "", "wgs84", "", "多余", "单元格"],
]
NAMED = {"type": "name", "properties": {"name": "EPSG:2435"}}
BELL = "\x07"
PAYLOADS = [
    "<script>window.hit=1</script>",
    "</script><script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "\"><svg onload=window.hit=1>",
    "'><iframe srcdoc='<script>parent.hit=1</script>'>",
    "<a href='javascript:window.hit=1'>x</a>",
    "javascript:window.hit=1",
    "data:text/html,<script>window.hit=1</script>",
    "<body onload=window.hit=1>",
    "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<form action=https://example.org><button>x",
    "<!--<script>window.hit=1//-->",
    "]]><script>window.hit=1</script>",
    "${window.hit=1}",
    "{{constructor.constructor('window.hit=1')()}}",
    "{% raw %}{{ 7*7 }}{% endraw %}",
    "\\u003cscript>window.hit=1\\u003c/script>",
    "');window.hit=1;('",
    "\";window.hit=1;\"",
    "a\u2028window.hit=1\u2029b",
    "=cmd|'/c calc'!A1",
    "+SUM(1,1)",
    "-1+1|cmd",
    "@SUM(A1)",
    "\t=1+1",
    "＝HYPERLINK(\"https://example.org\")",
    "'=1",
    "\u202egnp.exe\u202c",
    f"bell{BELL} escape\x1b[31m",
    "__proto__",
    "长" * 5_000,
    "<b>" * 400,
]  # fmt: skip


@pytest.fixture(scope="module")
def opened(browser: Any, gallery: Path) -> Iterator[Opened]:
    found = open_page(browser, gallery / "parksite-map.html", reduced_motion="reduce", accept_downloads=True)
    yield found
    assert found.errors == []
    assert all(one.startswith(("file:", "blob:")) for one in found.requests)
    found.close()


@dataclass
class Dropped:
    """What the page made of a file."""

    records: list[dict[str, Any]]
    rejected: list[tuple[int, int | None, list[str]]]
    warnings: list[list[str]]


def rows_of(count: int, seed: int = 4) -> list[list[str]]:
    """Sites all over the city and around it, with every kind of field, stage and district."""
    random = np.random.default_rng(seed)
    lon, lat = random.uniform(113.74, 114.65, count), random.uniform(22.43, 22.88, count)
    lon[::9], lat[::9] = random.uniform(114.9, 115.24, len(lon[::9])), random.uniform(22.7, 23.03, len(lat[::9]))
    districts = ["", "宝安区", "坪山", "火星区"]
    return [
        [f"S{at}", f"地块{at}", f"{x:.6f}", f"{y:.6f}", FIELDS[at % 9], STAGES[at % 6], districts[at % 4], "wgs84",
         f"={at}"]
        for at, (x, y) in enumerate(zip(lon, lat, strict=True))
    ]  # fmt: skip


def csv_of(rows: list[list[str]], header: list[str] = HEADER) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def drop(opened: Opened, path: Path, choose: str | None = None) -> Dropped:
    """Give a file to the page and wait for the answer; `choose` is the datum for its question."""
    page = opened.page
    opened.state(panel="sites", list="file", dropped=None)
    page.set_input_files("#ps-drop-file", path)
    if choose is not None:
        page.check(f"#ps-datum-{choose}")
        page.click("dialog[open] button[type=submit]")
    until(lambda: page.evaluate("parksite.app.state.get('dropped') !== null"))
    found = page.evaluate("""() => {
        const {app} = parksite;
        const {rejected, warnings} = app.state.get("dropped");
        const store = app.lists.dropped;
        const records = Array.from({length: store.count}, (_, row) => app.answerRow(row, "2026-11-22", store));
        const refused = rejected.map(one => [one.row, one.line, one.faults.map(fault => fault.zh)]);
        return {records, rejected: refused, warnings};
    }""")
    return Dropped(found["records"], [tuple(one) for one in found["rejected"]], found["warnings"])


def checked(context: Context, path: Path, datum: str | int | None = None, *, swap: bool = False) -> Checked:
    found = pipeline.read_sites(context, path, Request(datum=datum, swap=swap))
    return pipeline.check(context, found, AS_OF)


def assert_alike(made: Dropped, wanted: Checked) -> None:
    """The page's answers and refusals are those of the command line."""
    ours = [json.loads(json.dumps(one)) for one in wanted.document["sites"]]
    assert [one["id"] for one in made.records] == [one["id"] for one in ours]
    for record, other, site in zip(made.records, ours, wanted.sites, strict=True):
        # of two parts, or two sides of a hole, that are equally wide either may hold the point inside
        parted = site.geometry.geom_type == "MultiPolygon" or shapely.get_num_interior_rings(site.geometry)  # type: ignore[attr-defined,call-overload]
        tied = {"lon", "lat"} if parted else set()
        assert shapely.distance(site.geometry, shapely.Point(record["lon"], record["lat"])) < 1e-6
        for key in other.keys() - {"input", "shares"} - tied:
            near = pytest.approx(other[key], rel=1e-9, abs=2e-4) if isinstance(other[key], float) else other[key]
            assert record[key] == near, (record["id"], key)
        assert record["shares"] == pytest.approx(other["shares"], abs=5e-6)  # edges are bent by projection here
    assert made.rejected == [(one.row, one.line, [fault.zh for fault in one.faults]) for one in wanted.rejected]


# ---- reading -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "encoding"), [("名单.csv", "utf-8-sig"), ("名单gbk.csv", "gb18030"), ("名单16.txt", "utf-16")]
)
def test_a_table_is_answered_as_on_the_command_line(
    opened: Opened, context: Context, tmp_path: Path, name: str, encoding: str
) -> None:
    path = written(tmp_path / name, csv_of([*rows_of(90), *FAULTY]), encoding)
    wanted = checked(context, path)
    assert_alike(drop(opened, path), wanted)
    counts = {one: opened.text(f".ps-drop-counts [data-count={one}]") for one in ("checked", "rejected", "unknown")}
    told = [int("".join(filter(str.isdigit, text))) for text in counts.values()]
    assert told == [len(wanted.sites), len(wanted.rejected), len(wanted.unrecognised)] == [90, 8, 25]
    spoken = {"utf-8-sig": "UTF-8", "gb18030": "GBK", "utf-16": "UTF-16"}[encoding]
    assert spoken in opened.text(".ps-drop-report")


def test_points_of_geojson_and_one_a_line(opened: Opened, context: Context, tmp_path: Path) -> None:
    features: list[dict[str, Any]] = [
        {"type": "Feature", "properties": {"编号": one[0], "产业领域": one[4], "环节": one[5], "面积": 1.5 * at},
         "geometry": {"type": "Point", "coordinates": [float(one[2]), float(one[3])]}}
        for at, one in enumerate(rows_of(30, seed=5))
    ]  # fmt: skip
    features.append({"type": "Feature", "properties": {"编号": "无"}, "geometry": None})
    path = written(tmp_path / "点.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    assert_alike(drop(opened, path), checked(context, path))
    lines = written(tmp_path / "点.geojsonl", "\n".join(json.dumps(one, ensure_ascii=False) for one in features))
    assert_alike(drop(opened, lines), checked(context, lines))


def outlines() -> list[tuple[str, Any]]:
    """Squares and rings over the city, some across borders, and shapes that are mended or refused."""
    random = np.random.default_rng(6)
    found: list[tuple[str, Any]] = []
    for at, (x, y) in enumerate(zip(random.uniform(113.8, 114.6, 24), random.uniform(22.5, 22.8, 24), strict=True)):
        half = 0.002 * (1 + at % 5)
        box = shapely.box(x - half, y - half, x + half, y + half)
        hole = shapely.box(x - half / 3, y - half / 3, x + half / 3, y + half / 3)
        far = shapely.box(x + 3 * half, y, x + 4 * half, y + half)
        found.append((f"P{at}", [box, box - hole, shapely.MultiPolygon([box, far])][at % 3]))
    crossing = [
        (114.1, 22.61),
        (114.104, 22.61),
        (114.104, 22.614),
        (114.1, 22.614),
        (114.1001, 22.61),
        (114.0999, 22.61001),
    ]
    found.append(("crossing", shapely.Polygon(crossing)))
    found.append(("small", shapely.box(114.1, 22.6, 114.10001, 22.60001)))
    found.append(("line", shapely.LineString([(114.1, 22.6), (114.2, 22.6)])))
    return found


@pytest.mark.parametrize("code", [None, 4490, 4547])
def test_polygons_of_geojson(opened: Opened, context: Context, tmp_path: Path, code: int | None) -> None:
    from geo import crs

    shapes = [(name, crs.project(one) if code == 4547 else one) for name, one in outlines()]
    features = [
        {"type": "Feature", "properties": {"id": name, "field": "光刻胶"}, "geometry": shapely.geometry.mapping(one)}
        for name, one in shapes
    ]
    said = {"crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}}} if code else {}
    path = written(tmp_path / "面.geojson", json.dumps({"type": "FeatureCollection", **said, "features": features}))
    made = drop(opened, path)
    assert_alike(made, checked(context, path))
    assert {"straddles", "certain"} <= {one["certainty"] for one in made.records}


def test_geometries_in_words(opened: Opened, context: Context, tmp_path: Path) -> None:
    rows = [[name, one.wkt, "锂电池"] for name, one in outlines()] + [["bad", "POLYGON ((1 2", ""], ["none", "", ""]]
    path = written(tmp_path / "几何.csv", csv_of(rows, ["编号", "几何", "产业领域"]))
    made, wanted = drop(opened, path, "wgs84"), checked(context, path, "wgs84")
    assert [one[:2] for one in made.rejected] == [(one.row, one.line) for one in wanted.rejected]
    assert_alike(Dropped(made.records, [], []), Checked(wanted.document, wanted.sites))


# ---- the datum -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "datum"), [("gcj02", "gcj02"), ("bd09", "bd09"), ("cgcs2000", "cgcs2000"), ("wgs84", "wgs84")]
)
def test_the_datum_that_is_chosen_counts(
    opened: Opened, context: Context, tmp_path: Path, chosen: str, datum: str
) -> None:
    header = HEADER[:6]
    path = written(tmp_path / "点.csv", csv_of([one[:6] for one in rows_of(40, seed=7)], header))
    assert_alike(drop(opened, path, chosen), checked(context, path, datum))


def test_a_datum_that_nobody_knows_is_assumed_and_said(opened: Opened, context: Context, tmp_path: Path) -> None:
    path = written(tmp_path / "点.csv", csv_of([one[:6] for one in rows_of(40, seed=8)], HEADER[:6]))
    made = drop(opened, path, "assumed")
    assert_alike(made, checked(context, path))
    assert {one["datum_basis"] for one in made.records} == {"assumed"}
    assert any(one["if_datum"] for one in made.records)
    assert any("未声明坐标系" in zh for zh, _ in made.warnings)


@pytest.mark.parametrize("swap", [False, True])
def test_metres_are_recognised_in_either_order(opened: Opened, context: Context, tmp_path: Path, swap: bool) -> None:
    from geo import crs

    found = rows_of(20, seed=9)
    x, y = crs.to_metres([float(one[2]) for one in found], [float(one[3]) for one in found])
    pairs = zip(y, x, strict=True) if swap else zip(x, y, strict=True)
    rows = [[one[0], f"{first:.3f}", f"{second:.3f}"] for one, (first, second) in zip(found, pairs, strict=True)]
    path = written(tmp_path / "测量.csv", csv_of(rows, ["编号", "X坐标", "Y坐标"]))
    with pytest.raises(CRSMismatch):
        checked(context, path)
    opened.state(panel="sites", dropped=None)
    opened.page.set_input_files("#ps-drop-file", path)
    assert opened.page.is_checked("#ps-datum-epsg-4547")
    assert opened.page.is_checked("#ps-datum-swap") is swap
    assert "EPSG:4547" in opened.text(".ps-datum-said")
    opened.page.keyboard.press("Enter")
    until(lambda: opened.page.evaluate("parksite.app.state.get('dropped') !== null"))
    made = opened.page.evaluate("""() => {
        const {app} = parksite;
        return Array.from({length: app.store.count}, (_, row) => app.answerRow(row, "2026-11-22"));
    }""")
    assert_alike(Dropped(made, [], []), checked(context, path, 4547, swap=swap))


def test_the_question_can_be_left(opened: Opened, tmp_path: Path) -> None:
    opened.state(panel="sites", list="file", dropped=None)
    opened.page.set_input_files("#ps-drop-file", written(tmp_path / "a.csv", "lon,lat\n114,22.6\n"))
    opened.page.wait_for_selector("dialog[open]")
    opened.page.keyboard.press("Escape")
    until(lambda: opened.page.locator("dialog[open]").count() == 0)
    assert opened.page.evaluate("parksite.app.state.get('dropped')") is None


# ---- files that cannot be used ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "编号,名称\n1,a\n", "表中没有坐标列"),
        ("b.csv", "   \n", "文件为空"),
        ("c.xlsx", "PK\x03\x04", "parksite check"),
        ("d.shp", "x", "parksite check"),
        ("e.csv", "PK\x03\x04aaaa", "zip"),
        ("f.geojson", '{"type": "Nothing"}', "不是 GeoJSON"),
        ("g.csv", 'id,lon,lat\n1,"114,22\n', "引号没有结束"),
        ("h.csv", "a,a,lon,lat\n1,2,3,4\n", "列名重复"),
        ("i.geojson", json.dumps({"type": "FeatureCollection", "crs": NAMED, "features": []}), "不能换算"),
    ],
)  # fmt: skip
def test_a_file_as_a_whole_is_refused_in_one_message(
    opened: Opened, tmp_path: Path, name: str, content: str, said: str
) -> None:
    opened.state(panel="sites", list="file", dropped=None)
    opened.page.set_input_files("#ps-drop-file", written(tmp_path / name, content))
    until(lambda: said in opened.page.inner_text(".ps-drop-fault"))
    assert "→" in opened.text(".ps-drop-fault")
    opened.state(lang="en")
    assert not any("\u4e00" <= mark <= "\u9fff" for mark in opened.text(".ps-drop-fault p"))
    opened.state(lang="zh")
    assert opened.page.evaluate("parksite.app.state.get('dropped')") is None


# ---- dropping, choosing, removing --------------------------------------------------------------


def test_a_file_is_dropped_anywhere_and_its_list_can_be_left_and_removed(opened: Opened) -> None:
    page = opened.page
    opened.state(panel="ask", list="file", dropped=None)
    page.evaluate("""() => {
        const files = new DataTransfer();
        files.items.add(new File(["id,lon,lat,datum\\nA,114.1,22.6,wgs84\\n,,,\\n"], "拖放.csv"));
        const event = (name) => new DragEvent(name, {dataTransfer: files, bubbles: true, cancelable: true});
        document.querySelector("#ps-maps").dispatchEvent(event("dragover"));
        window.shownHint = !document.querySelector(".ps-curtain").hidden;
        window.kept = !document.querySelector("#ps-maps").dispatchEvent(event("drop"));
    }""")
    until(lambda: page.evaluate("parksite.app.state.get('dropped')?.source === '拖放.csv'"))
    assert page.evaluate("[window.shownHint, window.kept]") == [True, True]
    assert page.evaluate("parksite.app.state.get('panel')") == "sites"
    assert page.evaluate("parksite.app.state.get('shown').shown") == 1
    page.click(".ps-list-choice[data-list=file]")
    assert page.evaluate("parksite.app.state.get('shown').shown") == 47
    page.click(".ps-list-choice[data-list=dropped]")
    assert page.evaluate("parksite.app.store.source") == "拖放.csv"
    page.click("#ps-drop-remove")
    assert page.evaluate("[parksite.app.state.get('list'), parksite.app.lists.dropped]") == ["file", None]
    assert not page.is_visible(".ps-drop-report")


def test_long_files_leave_the_page_responsive_and_can_be_stopped(opened: Opened, tmp_path: Path) -> None:
    page = opened.page
    path = written(tmp_path / "长.csv", csv_of(rows_of(10_000)))
    opened.state(panel="sites", list="file", dropped=None)
    page.evaluate("""() => {
        window.longest = 0;
        let last = performance.now();
        const tick = () => {
            const now = performance.now();
            window.longest = Math.max(window.longest, now - last);
            last = now;
            if (parksite.app.state.get("dropped") === null) requestAnimationFrame(tick);
        };
        window.began = last;
        requestAnimationFrame(tick);
    }""")
    page.set_input_files("#ps-drop-file", path)
    until(lambda: page.evaluate("parksite.app.lists.dropped?.count ?? 0") == 10_000, 30)
    assert page.evaluate("window.longest") < 1_500
    longer = written(tmp_path / "更长.csv", csv_of(rows_of(60_000)))
    opened.state(list="file", dropped=None)
    page.set_input_files("#ps-drop-file", longer)
    page.click(".ps-drop .ps-work button", timeout=20_000)
    until(lambda: not page.is_visible(".ps-drop .ps-work"))
    assert page.evaluate("parksite.app.state.get('dropped')") is None


# ---- saving ------------------------------------------------------------------------------------


def saved(opened: Opened, button: str, folder: Path) -> Path:
    with opened.page.expect_download() as found:
        opened.page.click(button)
    path = folder / str(found.value.suggested_filename)
    found.value.save_as(path)
    return path


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_sample_list_is_saved_as_the_command_line_writes_it(
    opened: Opened, context: Context, tmp_path: Path
) -> None:
    opened.state(panel="sites", list="file", dropped=None)
    path = saved(opened, "#ps-save-csv", tmp_path)
    assert path.name == "sites-checked-2026-11-22.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    answered = pipeline.check(context, pipeline.read_sites(context, None), AS_OF)
    wanted, made = (
        cells(tables.csv_text(*tables.rows(answered.document, answered.sites))),
        cells(path.read_text("utf-8-sig")),
    )
    assert set(tables.COLUMNS) <= set(made[0]) <= set(wanted[0])
    assert made[0][: len(tables.COLUMNS)] == list(tables.COLUMNS)
    kept = [wanted[0].index(name) for name in made[0]]
    assert [[row[at] for at in kept] for row in wanted] == made


def test_a_dropped_list_is_saved_whole(opened: Opened, context: Context, tmp_path: Path) -> None:
    path = written(tmp_path / "名单.csv", csv_of([*rows_of(60, seed=10), *FAULTY], [*HEADER[:8], "match"]))
    drop(opened, path)
    answered = checked(context, path)
    wanted = cells(tables.csv_text(*tables.rows(answered.document, answered.sites)))
    made = saved(opened, "#ps-save-csv", tmp_path)
    assert cells(made.read_text("utf-8-sig")) == wanted
    held = sources.read(made)
    assert list(held.columns) == wanted[0]
    assert [row["match_input"] for row in held.rows] == [f"={at}" for at in range(60)]
    collection = json.loads(saved(opened, "#ps-save-geojson", tmp_path).read_text("utf-8"))
    assert collection == json.loads(json.dumps(tables.geojson(answered.document, answered.sites)))
    refused = sources.read(saved(opened, "#ps-save-rejected", tmp_path))
    columns, rows = pipeline.rejected_rows(answered.rejected)
    assert list(refused.columns) == [name for name in columns if not name.startswith(("rejected", "_extra"))]
    assert [row["编号"] for row in refused.rows] == [row["编号"] for row in rows]


def test_only_what_is_shown_is_saved(opened: Opened, tmp_path: Path) -> None:
    opened.state(panel="sites", list="file", dropped=None)
    filters = {"match": ["designated"], "force": [], "district": [], "field": [], "stage": [], "text": ""}
    opened.state(filters=filters, date="2025-06-01")
    path = saved(opened, "#ps-save-csv", tmp_path)
    rows = sources.read(path).rows
    assert path.name == "sites-checked-2025-06-01.csv"
    assert {(row["match"], row["as_of"], row["sample"]) for row in rows} == {
        ("designated", "2025-06-01", "示例 sample")
    }
    opened.state(filters={**filters, "match": []}, date="2026-11-22")


# ---- hostile text --------------------------------------------------------------------------------


def hostile() -> str:
    """A payload in every cell, and in the names of columns."""
    header = ["id", "name", "lon", "lat", "field", "stage", "datum", "所在区", *PAYLOADS[:4], "__proto__"]
    rows = [
        [f"{at}{one}", one, f"{114 + at / 500:.4f}", "22.6", one, one, "wgs84", one, one, one, one, one, one]
        for at, one in enumerate(PAYLOADS)
    ]
    bad = [[one, one, one, one, one, one, one, one, one, one, one, one, one] for one in PAYLOADS]
    return csv_of([*rows, *bad], header)


def assert_inert(opened: Opened) -> None:
    """Nothing ran, nothing was fetched, nothing became an element that could."""
    page = opened.page
    assert page.evaluate("window.hit ?? null") is None
    assert page.locator("iframe, object, embed, base, meta[http-equiv=refresh], form[action]").count() == 0
    assert page.locator("link[href], a[href^='javascript'], a[href^='data']").count() == 0
    assert page.locator("script:not([type='application/json'])").count() == page.evaluate("window.scripts ?? null")
    names = page.evaluate("[...document.querySelectorAll('*')].flatMap(one => one.getAttributeNames())")
    assert [name for name in names if name.startswith("on")] == []
    assert all(one.startswith(("file:", "blob:", "data:")) for one in opened.requests)
    assert opened.errors == []


def walk(opened: Opened, list_: str) -> None:
    """Every site selected, in both languages, with table, search and print sheet open."""
    page = opened.page
    page.evaluate("window.scripts = document.querySelectorAll('script:not([type=\"application/json\"])').length")
    count = page.evaluate("list => parksite.app.lists[list].count", list_)
    assert count == len(PAYLOADS)
    for lang in ("zh", "en"):
        opened.state(lang=lang, list=list_, panel="sites", tableOpen=True)
        for row in range(count):
            opened.state(selection={"kind": "site", "list": list_, "row": row})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert_inert(opened)
    for one in PAYLOADS[:8]:
        opened.state(filters={"match": [], "force": [], "district": [], "field": [], "stage": [], "text": one})
        opened.state(ask={"text": one[:200], "datum": "wgs84", "field": one[:200], "stage": ""})
    opened.state(filters={"match": [], "force": [], "district": [], "field": [], "stage": [], "text": ""})
    page.evaluate("window.print = () => {}")
    page.click("#ps-tool-print")
    page.check("#ps-print-table")
    page.fill("#ps-print-title", PAYLOADS[2])
    page.click("dialog[open] button[type=submit]")
    assert PAYLOADS[2] in opened.text(".ps-sheet h1")
    assert_inert(opened)
    page.click(".ps-print-bar button:last-child")


def test_hostile_text_in_a_dropped_file_stays_text(
    browser: Any, gallery: Path, context: Context, tmp_path: Path
) -> None:
    opened = open_page(browser, gallery / "parksite-map.html", reduced_motion="reduce", accept_downloads=True)
    path = written(tmp_path / "<img src=x onerror=hit=1>.csv", hostile())
    made = drop(opened, path)
    assert_alike(made, checked(context, path))
    walk(opened, "dropped")
    wanted = checked(context, path)
    table = cells(tables.csv_text(*tables.rows(wanted.document, wanted.sites)))
    assert cells(saved(opened, "#ps-save-csv", tmp_path).read_text("utf-8-sig")) == table
    refused = sources.read(saved(opened, "#ps-save-rejected", tmp_path))
    assert [row["name"] for row in refused.rows] == [one.attributes["name"] for one in wanted.rejected]
    assert len(refused.rows) == len(PAYLOADS)
    assert_inert(opened)
    opened.close()


def test_hostile_text_in_a_built_map_stays_text(browser: Any, context: Context, tmp_path: Path) -> None:
    path = written(tmp_path / "名单.csv", hostile())
    answered = checked(context, path)
    settings = context.settings
    page = webmap.render(
        answered.document,
        answered.sites,
        context.register,
        context.boundaries,
        symbology.load(settings),
        settings,
        AS_OF,
        source="</script><script>window.hit=1</script>.csv",
        sentences=wording.load(settings),
        table=tables.COLUMNS,
    )
    opened = open_page(browser, written(tmp_path / "map.html", page), reduced_motion="reduce")
    walk(opened, "file")
    opened.close()
