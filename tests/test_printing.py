"""`parksite exhibit`: sheets in batch, from the shipped and from a user's files, whole or not at all."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from geo import exhibits, pipeline
from geo.cli.main import main
from geo.pipeline import Context, Print, printing
from geo.settings import Settings

DAY = date(2026, 11, 22)
AS_OF = ("--as-of", "2026-11-22")
ROOT = Path(__file__).parent.parent


def run(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, ["exhibit", *(str(one) for one in words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def few_sites(tmp_path: Path) -> Path:
    """Three sites in GBK; the second cannot be used."""
    path = tmp_path / "选址.csv"
    rows = (
        "编号,名称,经度,纬度,领域,环节,坐标系",
        "A1,甲,113.93,22.75,光刻胶,生产,WGS84",
        "A2,乙,,,光刻胶,生产,WGS84",
        "A3,丙,114.20,22.70,低碳材料,研发设计,WGS84",
    )
    path.write_bytes("\n".join(rows).encode("gbk"))
    return path


def test_the_list_names_every_sheet_in_order() -> None:
    code, said, _ = run("--list", "--lang", "en")
    rows = [line.split("\t") for line in said.splitlines()]
    assert code == 0 and [int(number) for number, _, _ in rows] == list(range(1, 12))
    assert [name for _, name, _ in rows] == exhibits.names(Settings.default())


def test_sheets_of_a_users_list_in_two_processes(few_sites: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ("sites-by-verdict", "site-sheet", "--sites", few_sites, *AS_OF, "--out", out, "--paper", "A4", "--dpi", 60)
    code, said, told = run(*words)
    assert code == 1 and said == ""  # a row was rejected
    made = {path.name for path in out.iterdir()}
    assert made == {
        "sites-by-verdict.png", "site-sheet-A1.png", "site-sheet-A3.png", "sites.rejected.csv", "manifest.json"
    }  # fmt: skip
    assert "3/3" in told and "A2" in (out / "sites.rejected.csv").read_text(encoding="utf-8-sig")
    assert Image.open(out / "site-sheet-A1.png").size == (701, 496)
    held = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert set(held["files"]) == made - {"manifest.json"} and "exhibits/site-sheet.yaml" in held["inputs"]["specs"]


def test_a_later_call_adds_and_replaces_only_its_own(tmp_path: Path) -> None:
    out = tmp_path / "out"
    small = (*AS_OF, "--out", out, "--paper", "A4", "--dpi", 50)
    assert run("district-sheet", "--of", "宝安区", *small)[0] == 0
    first = (out / "district-sheet-baoan.png").read_bytes()
    assert run("district-sheet", "--of", "luohu", "--of", "baoan", *small)[0] == 0
    assert {path.name for path in out.glob("*.png")} == {"district-sheet-baoan.png", "district-sheet-luohu.png"}
    assert (out / "district-sheet-baoan.png").read_bytes() == first
    (out / "district-sheet-yantian.png").write_bytes(b"mine")
    code, _, told = run("district-sheet", "--of", "yantian", *small, "--lang", "en")
    assert code == 2 and "district-sheet-yantian.png" in told and "--out" in told
    assert (out / "district-sheet-yantian.png").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nothing",), "nothing"),
        (("district-sheet", "--of", "nowhere"), "nowhere"),
        (("missing.yaml",), "missing.yaml"),
        (("district-roles", "--of", "baoan"), "--of"),
        (("site-sheet", "--of", "S01", "--of", "baoan"), "baoan"),
        (("--format", "jpg", "district-roles"), "jpg"),
    ],
)
def test_a_wrong_call_writes_nothing(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said, error = run(*words, *AS_OF, "--out", out, "--lang", "en")
    assert code == 2 and said == "" and told in error and "Traceback" not in error
    assert not out.exists()


def test_a_sheet_that_fails_leaves_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("title: {zh: 甲, en: a}\nshow: field\nfield: 不存在的领域\n", encoding="utf-8")
    out = tmp_path / "out"
    code, _, told = run("district-roles", "value-chain-stages", bad, *AS_OF, "--out", out, "--lang", "en", "--dpi", 50)
    assert code == 2 and "不存在的领域" in told
    assert not out.exists() and [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]


def test_the_example_of_the_documentation_is_drawn(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "exhibits.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.+?)```", text, flags=re.S)
    assert len(example.splitlines()) <= 11
    path = tmp_path / "my-sheet.yaml"
    path.write_text(example, encoding="utf-8")
    code, _, told = run(path, *AS_OF, "--out", tmp_path / "out", "--dpi", 50)
    assert code == 0, told
    assert Image.open(tmp_path / "out" / "my-sheet.png").size == (584, 413)


def test_every_key_of_a_sheet_is_documented() -> None:
    text = (ROOT / "docs" / "exhibits.md").read_text(encoding="utf-8")
    table = text.split("## A sheet of your own")[1]
    named = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (`[^|]+) \|", table, flags=re.M))))
    assert named == set(exhibits.Spec.__dataclass_fields__) - {"id"}


def test_many_sites_have_no_sheet_each_unless_asked(context: Context) -> None:
    found = pipeline.read_sites(context, None)
    checked = pipeline.check(context, found, DAY)
    many = {**checked.document, "sites": checked.document["sites"] * 2}
    drawn = printing.scene(context, checked, DAY, sample=True)
    specs = [exhibits.read(context.settings, one) for one in ("district-roles", "site-sheet")]
    told: list[str] = []
    crowd = [
        one.stem
        for one in printing._sheets(  # the choice alone, without drawing a hundred sheets
            replace(drawn, document=many), specs, (), every=True, progress=lambda zh, en: told.append(en)
        )
    ]
    assert crowd == ["district-roles"] and "--of" in told[0]


def test_two_processes_give_the_same_bytes_as_one(context: Context, tmp_path: Path) -> None:
    found = pipeline.read_sites(context, None)
    drawn = printing.scene(context, pipeline.check(context, found, DAY), DAY, sample=True)
    spec = exhibits.read(context.settings, "district-sheet")
    sheets = [printing.Sheet(spec, one, one) for one in ("baoan", "luohu", "yantian")]
    how = Print(formats=("svg",), paper="A4")
    told: list[str] = []
    titles: list[str] = []
    for folder, parts in (("two", [sheets]), ("one", [[one] for one in sheets])):
        (tmp_path / folder).mkdir()
        for part in parts:
            titles += printing.draw_all(drawn, part, tmp_path / folder, how, lambda _, en: told.append(en))
    assert titles[:3] == titles[3:] == [exhibits.title(spec, drawn, subject=one.subject) for one in sheets]
    assert told[:3] == [f"drawing sheet {number} of 3: {one.stem}" for number, one in enumerate(sheets, start=1)]
    for one in sheets:
        name = f"{one.stem}.svg"
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
