"""The page around the map: its policy, its data, its libraries."""

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import folium
import pytest
from branca.element import Element

from geo.errors import MissingData
from geo.settings import Settings
from geo.webmap import basemap, page

HOSTILE = "</script><script>window.hit = 1</script><!--<script>\u2028"


@pytest.fixture
def shell(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with a bundle and a body made by hand."""
    dist = tmp_path / "maps" / "web" / "dist"
    dist.mkdir(parents=True)
    (dist / "parksite.js").write_text("window.ran = PARKSITE.name;", encoding="utf-8")
    (dist / "parksite.css").write_text("p{color:red}", encoding="utf-8")
    (dist / "ranking.js").write_text("window.ranked = PARKSITE.ranking;", encoding="utf-8")
    (dist / "ranking.css").write_text("ol{color:red}", encoding="utf-8")
    (dist / "libraries.json").write_text(
        '[{"name": "leaflet", "version": "1", "licence": "MIT", "text": "x"}]', encoding="utf-8"
    )
    templates = tmp_path / "maps" / "templates"
    templates.mkdir()
    (templates / "parksite.html").write_text('<p id="said">正文</p>', encoding="utf-8")
    return replace(settings, user=tmp_path)


def made(settings: Settings, base: basemap.Basemap | None = None, script: str = "", **data: Any) -> str:
    """A page without Leaflet's map, which needs the true bundle."""
    chart = folium.Map(tiles=None)
    chart.default_js = []
    chart.default_css = []
    figure: Any = chart.get_root()
    figure.script.add_child(Element(script))
    chart.render = lambda **_: ""
    return page.assemble(chart, {"lang": "zh", **data}, settings, base)


def policy(text: str) -> dict[str, list[str]]:
    (content,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
    return {name: values for name, *values in (rule.split() for rule in content.split(";"))}


def test_every_script_is_named_by_its_hash_and_nothing_else_may_run(shell: Settings) -> None:
    text = made(shell, script="window.last = 2;", name="x")
    scripts = [body for kind, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.S) if "json" not in kind]
    assert "window.ran" in scripts[1] and "window.last" in scripts[-1]
    wanted = [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts]
    assert set(policy(text)["script-src"]) == set(wanted)
    assert policy(text)["script-src-attr"] == ["'none'"]


def test_scripts_and_styles_of_a_ranking_go_only_where_there_is_one(shell: Settings) -> None:
    without, having = made(shell, name="x"), made(shell, name="x", ranking="packed")
    assert "window.ranked" not in without and "ol{color:red}" not in without
    assert having.index("window.ran ") < having.index("window.ranked") and "ol{color:red}" in having
    assert len(policy(having)["script-src"]) == len(policy(without)["script-src"]) + 1


def test_the_policy_stands_before_every_script_and_style(shell: Settings) -> None:
    text = made(shell)
    assert text.index("Content-Security-Policy") < min(text.index("<script"), text.index("<style"))


def test_without_a_basemap_nothing_is_asked_of_the_network(shell: Settings) -> None:
    rules = policy(made(shell))
    assert rules["img-src"] == ["data:", "blob:"]
    closed = {name for name, values in rules.items() if values == ["'none'"]}
    assert closed >= {"default-src", "connect-src", "worker-src", "object-src", "base-uri", "form-action"}
    assert not re.search(r"https?:|\*|eval", str(rules))


@pytest.mark.parametrize("name", ["osm", "tianditu"])
def test_with_a_basemap_exactly_its_hosts_are_allowed(shell: Settings, name: str) -> None:
    base = basemap.find(name, "0a1b")
    assert base is not None
    rules = policy(made(shell, base))
    assert rules["img-src"] == ["data:", "blob:", *base.hosts]
    assert rules | {"img-src": []} == policy(made(shell)) | {"img-src": []}


def test_a_script_from_elsewhere_is_refused(shell: Settings) -> None:
    (Path(str(shell.user)) / "maps" / "templates" / "parksite.html").write_text(
        '<script src="x.js"></script>', encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"x\.js"):
        made(shell)


def test_data_comes_through_as_it_is(shell: Settings, browser: Any, tmp_path: Path) -> None:
    number = "_" + "0123456789abcdef" * 2
    odd = {"name": HOSTILE, "id": number, "<!-- parksite -->": "<!-- parksite -->", "half": "\udc80"}
    file = tmp_path / "page.html"
    file.write_text(made(shell, **odd), encoding="utf-8")
    tab = browser.new_page()
    tab.goto(file.as_uri())
    assert tab.evaluate("[window.ran, PARKSITE.id, PARKSITE['<!-- parksite -->']]") == [
        HOSTILE, number, "<!-- parksite -->",
    ]  # fmt: skip
    assert tab.evaluate("PARKSITE.half.charCodeAt(0)") == 0xDC80
    assert tab.evaluate("window.hit") is None
    assert tab.evaluate("document.documentElement.lang") == "zh-CN"
    tab.close()


def test_what_is_brought_in_later_does_not_run(shell: Settings, browser: Any, tmp_path: Path) -> None:
    evaluating = """setTimeout(() => { window.started = true; eval("window.hit = 'eval'"); });"""
    (tmp_path / "maps" / "web" / "dist" / "parksite.js").write_text(evaluating, encoding="utf-8")
    file = tmp_path / "page.html"
    file.write_text(made(shell), encoding="utf-8")
    tab = browser.new_page()
    sent: list[str] = []
    refused: list[str] = []
    tab.on("requestfinished", lambda request: sent.append(request.url))
    tab.on("requestfailed", lambda request: refused.append(request.failure))
    tab.goto(file.as_uri())
    tab.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.hit = 'script'";
        document.body.append(script);
        const there = "http://example.org";
        document.body.insertAdjacentHTML("beforeend", `
          <img src="x.png" onerror="window.hit = 'attribute'">
          <a href="javascript:window.hit = 'link'">a</a>
          <iframe src="javascript:parent.hit = 'frame'"></iframe>
          <iframe srcdoc="<script>parent.hit = 'document'</script>"></iframe>
          <form action="${there}/form"><button>b</button></form>
          <base href="${there}/"><object data="${there}/object"></object>
          <link rel="stylesheet" href="${there}/style.css"><p style="background: url(${there}/picture.png)">`);
        document.querySelector("a").click();
        document.querySelector("form button").click();
        fetch(`${there}/fetch`).catch(() => {});
    }""")
    tab.wait_for_timeout(300)
    assert tab.evaluate("[window.started, window.hit]") == [True, None]
    assert tab.url == file.as_uri()
    assert sent == [file.as_uri()]
    assert set(refused) == {"csp"}
    tab.close()


def test_equal_input_gives_equal_text(shell: Settings) -> None:
    assert made(shell, name="x") == made(shell, name="x")


def test_folium_ids_become_numbers() -> None:
    first, second = "a" * 32, "b" * 32
    assert page._steady(f"map_{first} tile_{second} map_{first} _{first}0") == f"map_0000 tile_0001 map_0000 _{first}0"


def test_libraries_of_python_and_of_the_bundle_are_listed(settings: Settings) -> None:
    listed = {one["name"]: one for one in page.libraries(settings)}
    assert {"folium", "branca", "leaflet", "proj4"} <= set(listed)
    assert all(one["version"] and one["licence"] and len(one["text"]) > 300 for one in listed.values())


def test_without_a_bundle_the_fault_says_how_to_make_it(shell: Settings, tmp_path: Path) -> None:
    bare = replace(shell, maps=tmp_path / "none")
    (tmp_path / "maps" / "web" / "dist" / "parksite.js").unlink()
    with pytest.raises(MissingData, match="have not been made") as caught:
        made(bare)
    assert "hatch_build.py" in str(caught.value)
