"""`parksite inspect`: what a file holds, on one screen, for every format and trap."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from geo.cli.main import main

FOREIGN = Path(__file__).parent / "foreign"
DISTRICTS = {"S1": "baoan", "S2": "pingshan", "S3": "longgang", "S4": "guangming", "S5": "nanshan", "S6": "shenshan"}
METRIC = {"squares.dxf": ("--crs", "EPSG:4547")}
FILES = sorted(
    path.name
    for path in FOREIGN.iterdir()
    if path.suffix not in {".py", ".md", ".xsd"} and path.name not in {"__pycache__", "curves"}
)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def inspected(path: Path, *options: str) -> dict[str, Any]:
    said = run("inspect", path, "--format", "json", *options)
    assert said.exit_code in (0, 1), said.output
    found: dict[str, Any] = json.loads(said.stdout)
    return found


@pytest.mark.parametrize("name", FILES)
def test_files_of_other_programs_are_understood_and_give_the_same_districts(name: str) -> None:
    found = inspected(FOREIGN / name)
    assert found["rows"] == found["usable"] == 6 and not found["rejected"] and not found["unrecognised"]
    west, south, east, north = found["bounds_wgs84"]
    assert (west, south) == pytest.approx((113.85, 22.57), abs=1e-6)
    assert (east, north) == pytest.approx((115.01, 22.85), abs=0.003)
    said = run("check", FOREIGN / name, "--format", "json", "--as-of", "2026-11-22", *METRIC.get(name, ()))
    assert said.exit_code == 0, said.output
    records = json.loads(said.stdout)["sites"]
    assert {one["district"] for one in records} == set(DISTRICTS.values())
    if name != "squares.dxf":
        assert {one["id"]: one["district"] for one in records} == DISTRICTS
        assert {one["match"] for one in records} <= {"designated", "stage_elsewhere", "elsewhere"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", FILES)
def test_one_screen_tells_it(name: str, lang: str) -> None:
    lines = run("inspect", FOREIGN / name, "--lang", lang).stdout.splitlines()
    assert len(lines) <= 24
    assert lines[0].startswith(name)
    assert lines[-1].startswith("下一步：parksite check " if lang == "zh" else "Next: parksite check ")
    named = "坐标系：" if lang == "zh" else "Coordinate system:"
    assert any(line.startswith(named) for line in lines)


@pytest.mark.parametrize(
    ("name", "encoding", "basis"),
    [
        ("gbk.csv", "GBK", "measured"),
        ("gbk-bare", "GBK", "measured"),
        ("gbk-cpg-says-utf8", "GBK", "measured"),
        ("utf8.zip", "UTF-8", "declared"),
        ("qgis", "GBK", "declared"),
    ],
)
def test_the_encoding_and_how_it_is_known(name: str, encoding: str, basis: str) -> None:
    found = inspected(FOREIGN / name)
    assert (found["encoding"], found["encoding_basis"]) == (encoding, basis)
    if name == "gbk-cpg-says-utf8":
        assert any("UTF-8" in note["en"] and "GBK" in note["en"] for note in found["notes"])


@pytest.mark.parametrize(
    ("name", "declared", "by"),
    [
        ("epsg4526.gpkg", "EPSG:4526", "file"),
        ("epsg4547.gpkg", "EPSG:4547", "file"),
        ("sites.geojson", "wgs84", "format"),
        ("sites.kml", "wgs84", "format"),
        ("sites.parquet", "cgcs2000", "file"),
        ("gbk-bare", None, None),
        ("squares.dxf", None, None),
        ("libreoffice.xlsx", None, None),
    ],
)
def test_the_coordinate_system_and_who_declares_it(name: str, declared: str | None, by: str | None) -> None:
    found = inspected(FOREIGN / name)
    assert (found["declared"], found["declared_by"]) == (declared, by)


def test_layers_and_their_choice() -> None:
    found = inspected(FOREIGN / "folder")
    assert [(one["name"], one["rows"]) for one in found["layers"]] == [("points", 6), ("squares", 6)]
    assert found["layer"] == "points"
    assert inspected(FOREIGN / "folder", "--layer", "squares")["layer"] == "squares"
    assert "--layer points" in run("inspect", FOREIGN / "folder").stdout
    wrong = run("inspect", FOREIGN / "folder", "--layer", "parcels", "--lang", "en")
    assert wrong.exit_code == 2 and "squares" in wrong.stderr


def test_what_to_type_is_what_works() -> None:
    line = run("inspect", FOREIGN / "squares.dxf", "--lang", "en").stdout.splitlines()[-1]
    assert line == f"Next: parksite check {shlex.quote(str(FOREIGN / 'squares.dxf'))} --crs EPSG:4547"


def test_columns_are_named_with_their_meaning() -> None:
    columns = inspected(FOREIGN / "merged-header.xlsx")["columns"]
    assert columns["编号"] == "id" and columns["经度"] == "lon" and columns["备注"] is None


def test_problems_by_row_and_their_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text(
        "编号,经度,纬度,产业领域,坐标系\nA,113.85,22.7,光刻胶,wgs84\nB,113.85,,光刻胶,wgs84\nC,113.9,22.6,光刻焦,wgs84\n",
        encoding="gb18030",
    )
    said = run("inspect", path, "--lang", "en")
    assert said.exit_code == 1
    assert "Rows 3: usable 2, rejected 1, to be checked 0, field or stage not known 1" in said.stdout
    assert "row 2 (line 3 of the file); field 纬度" in said.stdout
    assert "row 3: field '光刻焦' is not known; did you mean Photoresist" in said.stdout
    found = inspected(path)
    assert [(one["row"], one["line"], one["id"]) for one in found["rejected"]] == [(2, 3, "B")]
    assert [(one["row"], one["value"]) for one in found["unrecognised"]] == [(3, "光刻焦")]


def test_a_file_whose_system_is_unknown_is_shown_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("x,y\n110000,22000\n112000,23000\n113500,21000\n", encoding="utf-8")
    said = run("inspect", path)
    assert said.exit_code == 0
    assert "深圳独立坐标系" in said.stdout and "未能核验" in said.stdout and "下一步" not in said.stdout
    assert "参数未公开" in said.stdout and "--control-points" in said.stdout


def test_rows_that_declare_are_said_and_not_overruled(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,lon,lat,坐标系\na,113.85,22.7,wgs84\nb,113.9,22.6,gcj02\nc,113.9,22.62,\n", encoding="utf-8")
    said = run("inspect", path, "--lang", "en").stdout
    assert "declared by rows: wgs84 × 1, gcj02 × 1, none in 1" in said
    assert "Read as wgs84, gcj02" in said and "option" not in said


def test_columns_x_and_y_that_hold_degrees(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,X坐标,Y坐标\na,113.85,22.7\nb,113.9,22.6\n", encoding="utf-8")
    refused = run("check", path, "--lang", "en")
    assert refused.exit_code == 2 and "they hold longitude and latitude" in refused.stderr
    assert run("inspect", path).stdout.rstrip().endswith("--datum wgs84")
    assert run("check", path, "--datum", "wgs84", "--as-of", "2026-11-22").exit_code == 0


def test_systems_that_fit_alike_are_both_named(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,x,y\na,813000,2512000\nb,823000,2519000\nc,829000,2509000\n", encoding="utf-8")
    refused = run("check", path, "--lang", "en")
    assert refused.exit_code == 2
    assert "EPSG:4546 or --crs EPSG:32649" in refused.stderr and "find out" in refused.stderr
    assert "EPSG:32649" in run("inspect", path).stdout


def test_inspect_counts_what_check_will_name(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,lon,lat,区,产业领域\na,113.85,22.7,坪山区,光刻焦\nb,,22.6,,光刻焦\n", encoding="utf-8")
    said = run("inspect", path, "--datum", "wgs84", "--lang", "en")
    assert "usable 1, rejected 1, to be checked 1, field or stage not known 1" in said.stdout
    checked = run("check", path, "--datum", "wgs84", "--as-of", "2026-08-01", "--lang", "en")
    assert [line.split(":")[0] for line in checked.stderr.splitlines()] == [
        "rejected",
        "to be checked",
        "not recognised",
    ]
    assert "光刻焦" in checked.stderr.splitlines()[0], "every fault of a row at once"
    assert "a (row 1)" in checked.stderr.splitlines()[1]


def test_a_path_that_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        said = run("inspect", path, "--lang", "en")
        assert said.exit_code == 2 and "Traceback" not in said.output and "→" in said.stderr
