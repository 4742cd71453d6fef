"""`parksite layers` as a planner types it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner, Result
from osm_made import Node, Way, write_extract

from geo.cli.layers import command
from geo.settings import Settings

SQUARE = shapely.box(505_000, 2_494_000, 506_000, 2_495_000)


@pytest.fixture
def home(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's, and the cache of this session."""
    found = tmp_path / "家"
    found.mkdir()
    monkeypatch.setenv("PARKSITE_HOME", str(found))
    monkeypatch.setenv("PARKSITE_CACHE", str(settings.cache))
    return found


def run(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def test_what_is_there_what_is_missing_and_which_rules_need_it(home: Path) -> None:
    result = run("list", "--format", "json", "--model", "new-materials-park")
    assert result.exit_code == 0, result.output
    rows = {row["name"]: row for row in json.loads(result.stdout)["layers"]}
    assert rows["airports"]["present"]
    assert (rows["airports"]["kind"], rows["airports"]["count"], rows["airports"]["licence"]) == ("features", 8, "MIT")
    missing = rows["ecological-red-line"]
    assert (missing["present"], missing["title_zh"]) == (False, "生态保护红线")
    assert missing["rules"]["new-materials-park"]
    assert missing["how"] == "parksite layers add ecological-red-line FILE"
    assert not list(home.iterdir())


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("缺失，以下规则无法判定", "生态保护红线")), ("en", ("missing, these rules", "Ecological red line"))],
)
def test_the_list_as_text(home: Path, lang: str, words: tuple[str, ...]) -> None:
    result = run("list", "--lang", lang)
    assert result.exit_code == 0, result.output
    for word in (*words, "✓ airports", "✗ ecological-red-line", "parksite layers import FILE.osm.pbf"):
        assert word in result.stdout


def test_a_model_that_is_not_there_is_refused(home: Path) -> None:
    result = run("list", "--model", "no-such-model")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


def test_a_layer_is_added_by_its_chinese_name_listed_and_removed(home: Path, layer: Callable[..., Path]) -> None:
    path = layer("红线.gpkg", [({"名称": "甲"}, SQUARE)], 4547)
    result = run("add", "生态保护红线", path, "--vintage", "2024", "--licence", "内部", "--lang", "en")
    assert (result.exit_code, result.stdout) == (0, "")
    said = "1 features; coordinate system EPSG:4547 (declared by the file)"
    assert f"stored ecological-red-line (Ecological red line): {said}" in result.stderr
    assert sorted(one.suffix for one in (home / "data" / "layers").iterdir()) == [".gpkg", ".toml"]
    rows = {row["name"]: row for row in json.loads(run("list", "--format", "json").stdout)["layers"]}
    mine = rows["ecological-red-line"]
    assert (mine["present"], mine["base"], mine["vintage_zh"], mine["datum"]) == (True, "user", "2024", "EPSG:4547")
    assert mine["datum_basis"] == "file"
    assert "EPSG:4547（文件声明）" in run("list", "--lang", "zh").stdout
    assert run("add", "生态保护红线", path).exit_code == 2
    assert run("add", "生态保护红线", path, "--overwrite").exit_code == 0
    assert run("remove", "生态保护红线").exit_code == 0
    assert run("remove", "生态保护红线").exit_code == 2


def test_rows_that_cannot_be_used_are_named_and_the_rest_is_kept(home: Path, layer: Callable[..., Path]) -> None:
    path = layer("区块.gpkg", [({"a": 1}, SQUARE), ({"a": 2}, None)], 4547)
    result = run("add", "工业区块线", path)
    assert result.exit_code == 1
    assert "行 2" in result.stderr
    assert "industrial-block-line" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("add", "../x", "FILE"), ("add", "zones", "no-such.gpkg"), ("add", "zones", "FILE", "--label", "zz"),
        ("add", "zones", "FILE", "--datum", "wgs84", "--crs", "4547"), ("add", "zones", "FILE", "--categorical"),
        ("add", "zones", "FILE", "--limit", "x=1"), ("import", "FILE"), ("import", "FILE", "--bbox", "1,2,3"),
        ("import", "FILE", "--bbox", "nan,1,2,3"), ("import", "FILE", "--bbox", "1,1,2,2", "--all"),
        ("remove", "airports"), ("add", "districts", "FILE"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_one_clear_message(home: Path, layer: Callable[..., Path], words: tuple[str, ...]) -> None:
    path = layer("a.gpkg", [({"a": 1}, SQUARE)], 4547)
    result = run(*(path if word == "FILE" else word for word in words), "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip().splitlines()[-1].startswith("error: ")
    assert not list(home.rglob("*.toml"))


def test_an_extract_is_imported(home: Path, tmp_path: Path) -> None:
    objects = [Node(1, 114.05, 22.55), Node(2, 114.06, 22.55), Node(3, 120, 30), Node(4, 120.1, 30)]
    objects += [Way(1, [1, 2], {"highway": "motorway"}), Way(2, [3, 4], {"highway": "motorway"})]
    path = write_extract(tmp_path / "a.osm.pbf", objects, replicated=datetime(2026, 1, 2, tzinfo=UTC))
    result = run("import", path, "--lang", "en")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "stored roads-motorway (Motorways): 1 features" in result.stderr
    assert "nothing there, no layer made: Trunk roads" in result.stderr
    assert "© OpenStreetMap contributors" in result.stderr
    rows = {row["name"]: row for row in json.loads(run("list", "--format", "json").stdout)["layers"]}
    assert (rows["roads-motorway"]["vintage_en"], rows["roads-motorway"]["datum_basis"]) == ("2026-01-02", "format")
    result = run("import", path, "--bbox", "119,29,121,31", "--overwrite", "--lang", "en")
    assert result.exit_code == 0
    assert (
        "stored roads-motorway (Motorways): 1 features; coordinate system WGS84 (fixed by the format)" in result.stderr
    )
