"""`parksite rank`, `models` and `build --model` as a planner types them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from siting import said
from unpacking import data_of, opened

from geo.cli.main import main

DAY = ["--as-of", "2026-08-01", "--draws", "200"]


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with a model whose rules need no layer, so that runs are quick."""
    home = tmp_path_factory.mktemp("用户 目录")
    (home / "data" / "models").mkdir(parents=True)
    small = said()
    small["constraints"] = [one for one in small["constraints"] if one["kind"] == "stated"]
    small["criteria"] = [one for one in small["criteria"] if one["kind"] == "attribute"]
    small["weights"] = {"method": "direct", "values": {"jobs": 1}}
    path = home / "data" / "models" / "small.yaml"
    path.write_text(yaml.safe_dump(small, allow_unicode=True), encoding="utf-8")
    return home


@pytest.fixture(autouse=True)
def _at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKSITE_HOME", str(home))


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "选址 表.csv"
    path.write_text(
        "编号,名称,经度,纬度,产业领域,环节,仓储,jobs,备注\n"
        "A,沙井,113.83,22.73,光刻胶,研发设计,是,40,=1+1\n"
        "B,坪山,114.34,22.69,锂电池,生产制造,有,80,\n"
        "C,观澜,114.06,22.72,锂电池,生产制造,否,90,\n"
        "D,公明,113.89,22.78,锂电池,生产制造,,,\n",
        encoding="utf-8",
    )
    return path


def test_the_terminal_tells_rank_status_and_what_is_not_settled(listed: Path) -> None:
    told = run("rank", listed, "--model", "small", *DAY, "--datum", "wgs84", "--explain", "A")
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    first = next(at for at, line in enumerate(lines) if line.split()[:2] == ["1", "B"])
    assert lines[first + 1].split()[:2] == ["2", "A"] and lines[first + 2].split()[:2] == ["3", "D"]
    for word in ("排除", "待定", "仓储", "小模型", "2026-08-01"):
        assert word in told.stdout


def test_every_format_is_written_and_none_is_replaced(listed: Path, tmp_path: Path) -> None:
    for ending in ("json", "csv", "xlsx", "gpkg", "geojson", "html"):
        out = tmp_path / f"排序.{ending}"
        told = run("rank", listed, "--model", "small", *DAY, "--datum", "wgs84", "--out", out)
        assert told.exit_code == 0, told.output
        assert out.is_file() and str(out) in told.stderr
        again = run("rank", listed, "--model", "small", *DAY, "--datum", "wgs84", "--out", out)
        assert again.exit_code == 2 and "Traceback" not in again.output
    rows = list(csv.DictReader((tmp_path / "排序.csv").open(encoding="utf-8-sig")))
    assert [row["id"] for row in rows] == ["B", "A", "D", "C"]
    assert any(row.get("备注") == "'=1+1" for row in rows), "the user's columns come out, no cell a formula"
    document = json.loads((tmp_path / "排序.json").read_text(encoding="utf-8"))
    assert [one["rank"] for one in document["sites"]] == [1, 2, 3, None]
    assert document["sites"][0]["score"] == 0.8


def test_the_same_call_gives_the_same_bytes(listed: Path, tmp_path: Path) -> None:
    for ending in ("xlsx", "html"):
        made = []
        for one in ("a", "b"):
            out = tmp_path / one / f"r.{ending}"
            assert run("rank", listed, "--model", "small", *DAY, "--datum", "wgs84", "--out", out).exit_code == 0
            made.append(out.read_bytes())
        assert made[0] == made[1], ending


def test_an_override_needs_a_name_and_a_reason_and_shows(listed: Path, tmp_path: Path) -> None:
    table = tmp_path / "认定.csv"
    table.write_text("site,rule,result,by,reason\nC,store,pass,王工,已签订共用协议\n", encoding="utf-8")
    told = run("rank", listed, "--model", "small", *DAY, "--datum", "wgs84", "--overrides", table, "--explain", "C")
    assert told.exit_code == 0, told.output
    assert "王工" in told.stdout and "已签订共用协议" in told.stdout
    table.write_text("site,rule,result,by,reason\nC,store,pass,,已签订\n", encoding="utf-8")
    refused = run("rank", listed, "--model", "small", *DAY, "--datum", "wgs84", "--overrides", table)
    assert refused.exit_code == 2 and "姓名" in refused.stderr


def test_an_override_of_no_model_is_refused_beside_another_model(listed: Path, tmp_path: Path) -> None:
    table = tmp_path / "认定.csv"
    table.write_text("site,rule,result,by,reason\nC,no-such,pass,王工,理由\n", encoding="utf-8")
    words = ["--model", "small", "--model", "rd-campus", "--overrides", table]
    told = run("rank", listed, *words, *DAY, "--datum", "wgs84")
    assert told.exit_code == 2 and "no-such" in told.stderr and told.stdout == ""


@pytest.mark.parametrize(
    ("words", "said_zh"),
    [
        (["--model", "nothing"], "没有选址模型"),
        (["--model", "small", "--explain", "Q"], "--explain"),
        (["--model", "small", "--format", "xlsx"], "--out"),
        (["--model", "small", "--out", "x.doc"], "扩展名"),
        (["--model", "small", "--model", "small"], "编号相同"),
        (["--model", "small", "--overrides", "none.csv"], "none.csv"),
    ],
)
def test_a_wrong_call_is_one_message_and_exit_2(listed: Path, words: list[str], said_zh: str) -> None:
    told = run("rank", listed, *words, *DAY, "--datum", "wgs84")
    assert told.exit_code == 2 and said_zh in told.stderr and "Traceback" not in told.output
    assert told.stdout == ""


def test_a_model_of_the_user_with_faults_names_them_all(listed: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(said(version=None, weights={"method": "direct", "values": {}})), encoding="utf-8")
    told = run("rank", listed, "--model", path, *DAY, "--datum", "wgs84", "--lang", "en")
    assert told.exit_code == 2 and "version" in told.stderr and "mine.yaml" in told.stderr
    path.write_text("title: !!python/object/apply:os.system ['echo pwned']\n", encoding="utf-8")
    unsafe = run("rank", listed, "--model", path, *DAY, "--datum", "wgs84")
    assert unsafe.exit_code == 2 and "pwned" not in unsafe.output and "Traceback" not in unsafe.output


def test_a_bad_row_is_named_and_the_others_are_ranked(listed: Path, tmp_path: Path) -> None:
    listed.write_text(listed.read_text(encoding="utf-8") + "E,无坐标,,,锂电池,生产制造,是,5,\n", encoding="utf-8")
    out = tmp_path / "r.csv"
    told = run("rank", listed, "--model", "small", *DAY, "--datum", "wgs84", "--out", out)
    assert told.exit_code == 1 and "E" in told.stderr
    assert (tmp_path / "r.rejected.csv").is_file()
    assert len(list(csv.DictReader(out.open(encoding="utf-8-sig")))) == 4


def test_models_are_listed_and_shown_to_be_copied(tmp_path: Path) -> None:
    listed = run("models", "list", "--lang", "en")
    assert listed.exit_code == 0
    assert {line.split("\t")[0] for line in listed.stdout.splitlines()} == {
        "electronic-chemicals-park", "new-materials-park", "rd-campus", "small",
    }  # fmt: skip
    shown = run("models", "show", "rd-campus")
    path = tmp_path / "mine.yaml"
    path.write_text(shown.stdout, encoding="utf-8")
    assert yaml.safe_load(shown.stdout)["version"] and run("models", "show", path).stdout == shown.stdout
    assert run("models", "show", "../../pyproject").exit_code == 2


def test_build_with_a_model_ranks_in_map_and_workbook(listed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = run(
        "build", "--sites", listed, "--datum", "wgs84", "--as-of", "2026-08-01", "--model", "small", "--out", out
    )
    assert told.exit_code == 0, told.output
    assert (out / "ranking.xlsx").is_file()
    assert "ranking.xlsx" in (out / "manifest.json").read_text(encoding="utf-8")
    page = data_of((out / "parksite-map.html").read_text(encoding="utf-8"))
    assert "小模型" in json.dumps(opened(page["ranking"]), ensure_ascii=False)
