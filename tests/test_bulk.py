"""Long lists part by part give what the way of a short list gives, also after a run was killed."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import settings as many_times
from hypothesis import strategies as st

from geo import bulk, pipeline, remarks, tables, workers
from geo.bulk import answering, ids, run, survey, writing
from geo.bulk.outcome import KINDS, Outcome
from geo.cli.main import main
from geo.errors import LINES_SHOWN, CRSMismatch, GeoError, InputError, OutputExists, UnknownTerm
from geo.intake import Request
from geo.pipeline import Checked, Context
from geo.sources import long_parquet, long_text
from geo.tables import columnar
from geo.tables.text import cell_text

DAY = date(2026, 11, 22)
FOREIGN = Path(__file__).parent / "foreign"
ASKED = bulk.Question(Request(), DAY, None, None, "csv")


@pytest.fixture(scope="session")
def context(settings: Any, register: Any, boundaries: Any) -> Context:
    return Context(settings, register, boundaries)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many units and pieces, all in this process."""
    monkeypatch.setattr(long_text, "_BLOCK", 3_000)
    monkeypatch.setattr(long_parquet, "_ROWS", 9)
    monkeypatch.setattr(survey, "_PIECE", 40)
    monkeypatch.setattr(workers, "cores", lambda: 1)


def quiet(_: str, __: str) -> None:
    """Say nothing."""


def row_way(context: Context, path: Path, asked: bulk.Question, out: Path) -> Checked:
    """The answer of a short list, written as the command does."""
    found = pipeline.read_sites(context, path, asked.request)
    checked = pipeline.check(context, found, asked.as_of, field=asked.field, stage=asked.stage)
    out.parent.mkdir(exist_ok=True)
    pipeline.write_table(context, checked, asked.form, out, bom=asked.bom)
    if checked.rejected:
        rows = pipeline.rejected_rows(checked.rejected)
        tables.write_csv(out.with_name(f"{out.stem}.rejected.csv"), *rows, bom=asked.bom)
    return checked


def long_way(context: Context, path: Path, asked: bulk.Question, out: Path, *, strict: bool = False) -> Outcome:
    found = bulk.check_file(context, path, asked, out, quiet, overwrite=False, strict=strict)
    assert found is not None
    return found


def same(context: Context, path: Path, tmp_path: Path, asked: bulk.Question = ASKED) -> Outcome:
    """Assert that both ways write the same and say the same."""
    name = f"out.{asked.form}"
    for folder in ("short", "long"):
        for left in (tmp_path / folder).glob("*"):
            left.unlink()
    checked = row_way(context, path, asked, tmp_path / "short" / name)
    outcome = long_way(context, path, asked, tmp_path / "long" / name)
    short, long = ({one.name: one for one in (tmp_path / folder).iterdir()} for folder in ("short", "long"))
    assert short.keys() == long.keys()
    for one, wanted in short.items():
        if wanted.suffix == ".parquet":
            same_tables(wanted, long[one])
        else:
            assert long[one].read_bytes() == wanted.read_bytes()
    rows = list(zip(checked.sites, checked.document["sites"], strict=True))
    lines = {
        "rejected": [remarks.rejected_line(one) for one in checked.rejected],
        "noted": [remarks.noted_line(site.id, site.row, note) for site, one in rows for note in one["notes"]],
        "unrecognised": [
            remarks.unrecognised_line(site.id, site.row, word) for site, one in rows for word in one["unrecognised"]
        ],
    }
    assert outcome.lines == {kind: said[:LINES_SHOWN] for kind, said in lines.items()}
    assert {kind: outcome.counts[kind] for kind in KINDS} == {kind: len(said) for kind, said in lines.items()}
    assert sorted(outcome.warnings) == sorted(checked.warnings)
    assert (outcome.sites, outcome.clean, outcome.faultless) == (len(rows), checked.clean, checked.faultless)
    return outcome


def same_tables(short: Path, long: Path) -> None:
    """Assert that two Parquet files hold the same values under the same names, and say the same of their place."""
    wanted, found = pq.read_table(short), pq.read_table(long)
    assert found.column_names == wanted.column_names
    for name in wanted.column_names:
        assert found[name].to_pylist() == wanted[name].to_pylist(), name
    said, told = (json.loads(one.schema.metadata[b"geo"]) for one in (wanted, found))
    said.pop("creator")
    assert told == said


HEADER = ["id", "name", "lon", "lat", "field", "stage", "district", "datum", "Match", "备注"]


def odd_rows(boundaries: Any) -> list[list[str]]:
    """A list that holds every oddity at once."""
    rng = np.random.default_rng(7)
    fields = ["光刻胶", "集成电路", "", "不存在的领域", "lithography", "人工智能", "=x"]
    stages = ["研发", "制造", "", "火星"]
    said = ["南山区", "", "福田", "Nowhere", "未知区", "深汕", "Futian"]
    notes = [
        "=1+1",
        "a\r\nb",
        'q"q',
        "\u3000x",
        "'t",
        "@cmd",
        "-5",
        "-",
        "plain",
        "a,b",
        "\tq",
        "＝1",
        " lead",
        "trail ",
    ]
    vertices = shapely.get_coordinates(boundaries.outlines)
    places = [*vertices[rng.integers(0, len(vertices), 60)]]
    places += [place + rng.uniform(-4e-4, 4e-4, 2) for place in places]
    west, south, east, north = shapely.total_bounds(boundaries.outlines)
    places += list(rng.uniform((west, south), (east, north), (120, 2)))
    if boundaries.uncertain is not None:
        edge = shapely.get_coordinates(boundaries.uncertain)
        places += list(edge[rng.integers(0, len(edge), 30)])
    ids = ["", "{}", "S{}", "17", "row-3", "dup", " pad ", "row-5", "200"]
    datums = ["", "", "", "GCJ-02", "wgs84", "bd09", "EPSG:4490", "unknown"]
    rows = [
        [
            ids[at % 9].format(at), f"名{at}" if at % 4 else "", repr(float(x)), repr(float(y)), fields[at % 7],
            stages[at % 4], said[at % 7], datums[at % 8], "theirs", notes[at % 14],
        ]
        for at, (x, y) in enumerate(places)
    ]  # fmt: skip
    pairs = [
        ("113°50′42″E", "22°42′N"), ("１１３．８５", "22.7"), ("", ""), ("0", "0"), ("22.7", "113.8"), ("999", "22"),
        ("abc", "22.5"), ("113.9", "22.5N"), ("1e2", "22.5"), ("nan", "22.5"), ("113.", "22.5"), ("0113.9", "22.5 "),
    ]  # fmt: skip
    rows += [[f"odd{at}", "", *pair, "光刻胶", "研发", "", "", "", ""] for at, pair in enumerate(pairs)]
    rows += [["dup", "n", "bad", "22.5", "zz", "yy", "", "", "", "a\nb"], [], ["x"], ["y", "", "114.35", "22.65"]]
    return [*rows, [*rows[1], "too much"], [""] * 10, ["é", "", "114.35", "22.65", "", "", "", "", "", "", ""]]


def write_rows(path: Path, header: list[str], rows: list[list[str]], **how: Any) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, **how)
        writer.writerow(header)
        writer.writerows(rows)
    return path


@pytest.fixture(scope="session")
def odd(boundaries: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rows(tmp_path_factory.mktemp("odd") / "odd.csv", HEADER, odd_rows(boundaries))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_sample_list(context: Context, form: str, small: None, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_bytes(context.settings.data_file("sites/sample-sites.csv").read_bytes())
    assert same(context, path, tmp_path, replace(ASKED, form=form)).clean


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("name", ["gbk.csv", "sites.parquet"])
def test_foreign_files(context: Context, name: str, form: str, small: None, tmp_path: Path) -> None:
    assert same(context, FOREIGN / name, tmp_path, replace(ASKED, form=form)).sites


@pytest.mark.parametrize(
    "asked",
    [
        ASKED,
        replace(ASKED, form="parquet"),
        replace(ASKED, bom=False, field="光刻胶", stage="研发"),
        replace(ASKED, request=Request("gcj02"), as_of=date(2020, 1, 1)),
        replace(ASKED, request=Request("wgs84"), form="parquet"),
        replace(ASKED, request=Request("wgs84", swap=True)),
    ],
    ids=["csv", "parquet", "no mark, field and stage", "gcj02", "wgs84", "swapped"],
)
def test_every_oddity(context: Context, odd: Path, asked: bulk.Question, small: None, tmp_path: Path) -> None:
    outcome = same(context, odd, tmp_path, asked)
    assert all(outcome.counts[kind] > LINES_SHOWN for kind in KINDS) or asked.request.swap


@pytest.mark.parametrize("block", [200, 4_000_000])
def test_cut_anywhere(
    context: Context, odd: Path, block: int, small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_text, "_BLOCK", block)
    same(context, odd, tmp_path)
    same(context, odd, tmp_path, replace(ASKED, form="parquet"))


@pytest.mark.parametrize("how", [{"quoting": csv.QUOTE_ALL}, {"lineterminator": "\n"}, {"delimiter": ";"}], ids=str)
def test_spelled_otherwise(context: Context, boundaries: Any, how: Any, small: None, tmp_path: Path) -> None:
    same(context, write_rows(tmp_path / "list.csv", HEADER, odd_rows(boundaries), **how), tmp_path)


def test_rejected_list_is_read_again(context: Context, odd: Path, small: None, tmp_path: Path) -> None:
    long_way(context, odd, ASKED, tmp_path / "out.csv")
    same(context, tmp_path / "out.rejected.csv", tmp_path)


def test_columns_named_like_ours(context: Context, small: None, tmp_path: Path) -> None:
    header = [
        "编号",
        "名称",
        "lon",
        "lat",
        "Lon_input",
        "district",
        "geometry",
        "Geom",
        "FID",
        "explanation_zh",
        "=sum",
        "a",
        "A",
    ]
    rows = [[f"S{at}", "n", f"{113.9 + at / 100:.2f}", "22.55", *"abcdefghi"] for at in range(60)]
    for form in ("csv", "parquet"):
        same(context, write_rows(tmp_path / "list.csv", header, rows), tmp_path, replace(ASKED, form=form))


IDS = {
    "rows without an id whose number is an id": ["", "1", "x", "", "4", ""],
    "an id that such a row gets": ["", "1", "row-1", "", "4", "row-4"],
    "such an id before": ["row-3", "3", "", "row-6", "6", ""],
    "only such ids": ["row-2", "row-1", "", "", "row-3", "row-9"],
    "repeats": ["a", "a", "b", "a", "b", "c"],
    "repeats of a rejected row": ["a!", "a", "a!", "b", "a", "b"],
    "blanks": [" ", "\u3000", "1", " 1", "1 ", "2"],
}


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("spilled", [False, True])
def test_ids(
    context: Context, name: str, spilled: bool, small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_text, "_BLOCK", 1)
    if spilled:
        monkeypatch.setattr(survey.Ids.__init__, "__defaults__", (2,))
    rows = [[one.rstrip("!"), "bad" if one.endswith("!") else "113.9", "22.55"] for one in IDS[name]]
    same(context, write_rows(tmp_path / "list.csv", ["id", "lon", "lat"], rows), tmp_path)


def test_many_repeats_spilled(context: Context, small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey.Ids.__init__, "__defaults__", (50,))
    monkeypatch.setattr(survey, "_PIECE", 300)
    rows = [[str(at % 170) if at % 3 else "", "113.9", f"22.{at:04d}"] for at in range(900)]
    assert (
        same(context, write_rows(tmp_path / "list.csv", ["id", "lon", "lat"], rows), tmp_path).counts["rejected"] > 300
    )


def test_cases_are_forgotten_and_answered_again(
    context: Context, odd: Path, small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[int] = []
    forget = answering.Answerer._forget
    monkeypatch.setattr(answering, "_REMEMBERED", 3)
    monkeypatch.setattr(answering.Answerer, "_forget", lambda self: (forgotten.append(1), forget(self))[1])
    same(context, odd, tmp_path)
    assert len(forgotten) > 5


def test_equal_hashes_are_no_repeat(
    context: Context, odd: Path, small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids, "text_hashes", lambda texts: np.full(len(texts), 7, dtype=np.uint64))
    same(context, odd, tmp_path)


def test_texts_that_differ_have_hashes_that_differ() -> None:
    texts = [f"{'地块' * (number % 9)}{number}" for number in range(20_000)] + ["", "a", "a" * 8, "a" * 16, "a" * 700]
    column = pa.array(["", *texts, "a"], pa.string())[1:-1]
    found = ids.text_hashes(column)
    assert len(np.unique(found)) == len(texts)
    assert (found == np.concatenate([ids.text_hashes(pa.array([one], pa.string())) for one in texts])).all()


def test_polygons_and_points(context: Context, boundaries: Any, small: None, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    vertices = shapely.get_coordinates(boundaries.outlines)[rng.integers(0, 3_900, 40)]
    shapes: list[Any] = [shapely.box(x, y, x + 0.002, y + 0.003) for x, y in vertices]
    shapes += [shapely.MultiPolygon([one, shapely.affinity.translate(one, 0.01)]) for one in shapes[:5]]
    shapes += [shapely.Point(one) for one in vertices[:9]]
    shapes += [shapely.box(113.9, 22.5, 113.90001, 22.50001), shapely.box(113, 22, 115, 23), shapely.Point(), None]
    bowtie = shapely.Polygon([(113.9, 22.5), (113.91, 22.51), (113.91, 22.5), (113.9, 22.51)])
    words = [*("" if one is None else one.wkt for one in shapes), bowtie.wkt, "POLYGON ((113.9 22.5, 113.91"]
    rows = [[f"S{at}", one, "光刻胶"] for at, one in enumerate(words)]
    for form in ("csv", "parquet"):
        asked = replace(ASKED, form=form)
        outcome = same(context, write_rows(tmp_path / "list.csv", ["id", "wkt", "field"], rows), tmp_path, asked)
        assert outcome.counts["noted"] >= 2
        assert outcome.counts["rejected"] == 4
        path = tmp_path / "list.parquet"
        geo_table(path, shapes, field=pa.array(["光刻胶"] * len(shapes)))
        same(context, path, tmp_path, asked)
        geo_table(path, shapes[:45])
        same(context, path, tmp_path, replace(asked, request=Request("gcj02")))


def geo_table(path: Path, shapes: list[Any], rows: int = 30, **columns: Any) -> Path:
    wkb = pa.array([None if one is None else shapely.to_wkb(one) for one in shapes], pa.binary())
    said = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    table = pa.table({**columns, "geometry": wkb}).replace_schema_metadata({b"geo": json.dumps(said).encode()})
    pq.write_table(table, path, row_group_size=rows)
    return path


def test_kinds_of_parquet(context: Context, small: None, tmp_path: Path) -> None:
    """Columns of every kind come out as from the short reader; a column of decimals is one of numbers."""
    count = 50
    held = {
        "id": pa.array([None if at % 5 else at + 0.5 for at in range(count)]),
        "name": pa.array([None if at % 4 == 0 else f"n{at}\0" for at in range(count)]),
        "whole": pa.array([None, *range(count - 1)], pa.int16()),
        "large": pa.array([2**63 - 1, *range(count - 1)], pa.uint64()),
        "number": pa.array([float("nan"), float("inf"), -0.0, 1e300, 5e-324, 0.1, 1.0, 1e16, 123456789.125, None] * 5),
        "single": pa.array([0.1, 1e10] * 25, pa.float32()),
        "truth": pa.array([True, None] * 25),
        "text": pa.array(["=1", "a\r\nb", None, "", "\u3000", "a,b", "'t", "'=", "-5", "é"] * 5, pa.large_string()),
        "words": pa.array(["a", "b", None, "=1", ""] * 10).dictionary_encode(),
        "day": pa.array([DAY, None] * 25),
        "midnight": pa.array([datetime(2026, 11, 22), None] * 25),
        "moment": pa.array([datetime(2026, 11, 22), datetime(2026, 11, 22, 8, 30)] * 25),
        "decimal": pa.array([Decimal("5.10"), Decimal("7.00"), None, Decimal("-0.25"), Decimal("0.00")] * 10),
        "code": pa.array([Decimal(9 * 10**17 + at) for at in range(count)], pa.decimal128(18, 0)),
        "binary": pa.array([b"\x00\xff", None] * 25),
        "list": pa.array([[1, 2], None] * 25),
        "record": pa.array([{"a": "深"}, None] * 25),
        "nothing": pa.nulls(count),
        "lon": pa.array(np.linspace(113.8, 114.4, count)),
        "lat": pa.array(np.full(count, 22.6), pa.float32()),
    }
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table(held), path, row_group_size=17)
    for form in ("csv", "parquet"):
        outcome = long_way(context, path, replace(ASKED, form=form), tmp_path / f"long.{form}")
        checked = row_way(context, path, replace(ASKED, form=form), tmp_path / f"short.{form}")
        assert outcome.sites == len(checked.sites)
    assert (tmp_path / "long.csv").read_bytes() == (tmp_path / "short.csv").read_bytes()
    same_tables(tmp_path / "short.parquet", tmp_path / "long.parquet")


def test_long_whole_numbers_keep_their_digits(context: Context, small: None, tmp_path: Path) -> None:
    """Numbers of parcels come out of databases as decimals of more digits than a float has."""
    codes = [Decimal(10**19 + at) for at in range(50)]
    held = {"code": pa.array(codes, pa.decimal128(20, 0)), "lon": np.linspace(113.8, 114.4, 50), "lat": [22.6] * 50}
    pq.write_table(pa.table(held), tmp_path / "list.parquet")
    long_way(context, tmp_path / "list.parquet", replace(ASKED, form="parquet"), tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet")["code"].to_pylist() == codes


def test_a_note_counts_all_parts(context: Context, small: None, tmp_path: Path) -> None:
    rows = {"name": [f"甲\0{at}" for at in range(90)], "lon": np.linspace(113.8, 114.4, 90), "lat": [22.6] * 90}
    pq.write_table(pa.table(rows), tmp_path / "list.parquet")
    outcome = same(context, tmp_path / "list.parquet", tmp_path)
    assert [en for _, en in outcome.warnings if "NUL" in en] == ["90 texts held NUL characters, which were taken out."]


def test_no_rows(context: Context, small: None, tmp_path: Path) -> None:
    """A list without rows gives a table without rows."""
    (tmp_path / "list.csv").write_text("id,lon,lat\n\n\n")
    geo_table(tmp_path / "list.parquet", [])
    for path in (tmp_path / "list.csv", tmp_path / "list.parquet"):
        for form in ("csv", "parquet"):
            out = tmp_path / f"{path.suffix[1:]}.{form}"
            assert long_way(context, path, replace(ASKED, form=form), out).sites == 0
            assert (pq.read_table(out).num_rows if form == "parquet" else len(out.read_bytes().splitlines()) - 1) == 0


def test_all_rejected(context: Context, small: None, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "list.csv", ["id", "lon", "lat"], [[f"S{at}", "x", "y"] for at in range(90)])
    for form in ("csv", "parquet"):
        out = tmp_path / form / f"out.{form}"
        assert long_way(context, path, replace(ASKED, form=form), out).counts["rejected"] == 90
        assert len(out.with_name("out.rejected.csv").read_bytes().splitlines()) == 91


@pytest.mark.parametrize("source", ["csv", "parquet"])
def test_two_processes(
    context: Context, odd: Path, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many processes as there are give the same bytes as one."""
    if source == "parquet":
        with odd.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        odd = tmp_path / "odd.parquet"
        pq.write_table(pa.table({name: [row[name] for row in rows] for name in HEADER}), odd, row_group_size=17)
    monkeypatch.setattr(long_text, "_BLOCK", 3_000)
    monkeypatch.setattr(survey, "_PIECE", 40)
    monkeypatch.setattr(workers, "cores", lambda: 2)
    for form in ("csv", "parquet"):
        asked = replace(ASKED, form=form)
        alone, both = (tmp_path / f"{name} {form}" / f"out.{form}" for name in ("alone", "both"))
        said = long_way(context, odd, asked, both)
        with monkeypatch.context() as patch:
            patch.setattr(workers, "cores", lambda: 1)
            assert long_way(context, odd, asked, alone).packed() == said.packed()
        for path in alone.parent.iterdir():
            assert (both.parent / path.name).read_bytes() == path.read_bytes()


def folders(path: Path) -> list[str]:
    return sorted(one.name for one in path.iterdir() if one.name.startswith("."))


KILLED = """
import os, signal, sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from geo import bulk, workers
from geo.bulk import survey
from geo.intake import Request
from geo.pipeline import Context
from geo.settings import Settings
from geo.sources import long_text

source, out, cache, pieces = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
long_text._BLOCK, survey._PIECE = 3_000, 40
workers.cores = lambda: 1
told = []

def progress(zh, en):
    told.append(en)
    if sum("checked" in one for one in told) == pieces:
        (out.parent / "told").write_text(en)
        os.kill(os.getpid(), signal.SIGKILL)

context = Context.open(replace(Settings.default(), user=None, cache=cache))
asked = bulk.Question(Request(), date(2026, 11, 22), None, None, out.suffix[1:])
bulk.check_file(context, source, asked, out, progress, overwrite=False, strict=False)
"""


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_killed_and_taken_up(context: Context, odd: Path, form: str, small: None, tmp_path: Path) -> None:
    asked = replace(ASKED, form=form)
    whole, out = tmp_path / f"whole.{form}", tmp_path / "again" / f"out.{form}"
    said = long_way(context, odd, asked, whole)
    command = [sys.executable, "-c", KILLED, str(odd), str(out), str(context.settings.cache), "3"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert not out.exists()
    (part,) = folders(out.parent)
    for name in ("piece-000099", "piece-000000.rejected.jsonl.7"):
        (out.parent / part / name).write_text("left by a worker\n")
    with (out.parent / part / "journal.jsonl").open("a") as journal:
        journal.write('{"units": 9, "answ')  # cut off
    assert subprocess.run([*command[:-1], "1"], check=False).returncode == -signal.SIGKILL
    told: list[str] = []
    found = bulk.check_file(context, odd, asked, out, lambda _, en: told.append(en), overwrite=False, strict=False)
    assert found is not None
    assert found.packed() == said.packed()
    assert out.read_bytes() == whole.read_bytes()
    rejected = whole.with_name("whole.rejected.csv").read_bytes()
    assert out.with_name("out.rejected.csv").read_bytes() == rejected
    assert folders(out.parent) == []
    before = (out.parent / "told").read_text()
    checked = [one for one in told if "checked" in one]
    first, done = (int(one.split(" of ")[0].replace(",", "")) for one in (checked[0], before))
    assert first > done > 120, "what was done is not done again"


def interrupted(context: Context, path: Path, asked: bulk.Question, out: Path, pieces: int = 3) -> Path:
    """A run that stops after some pieces; the folder that it leaves."""
    told: list[str] = []

    def progress(_: str, en: str) -> None:
        told.append(en)
        if sum("checked" in one for one in told) == pieces:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bulk.check_file(context, path, asked, out, progress, overwrite=False, strict=False)
    assert not out.exists()
    return out.with_name(f".parksite-{out.name}.part")


def test_another_question_starts_anew(context: Context, odd: Path, small: None, tmp_path: Path) -> None:
    changed = tmp_path / odd.name
    changed.write_bytes(odd.read_bytes().replace(b"S2,", b"S9,"))
    others: list[tuple[Path, bulk.Question]] = [
        (odd, replace(ASKED, as_of=date(2020, 1, 1))), (odd, replace(ASKED, field="光刻胶")),
        (odd, replace(ASKED, bom=False)), (odd, replace(ASKED, request=Request("gcj02"))), (changed, ASKED),
    ]  # fmt: skip
    for number, (path, asked) in enumerate(others):
        out, whole = tmp_path / f"out{number}.csv", tmp_path / f"whole{number}.csv"
        interrupted(context, odd, ASKED, out)
        long_way(context, path, asked, out)
        long_way(context, path, asked, whole)
        assert out.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("harm", ["short", "gone", "journal"])
def test_harmed_folder_starts_anew(
    context: Context, odd: Path, form: str, harm: str, small: None, tmp_path: Path
) -> None:
    asked = replace(ASKED, form=form)
    out, whole = tmp_path / f"out.{form}", tmp_path / f"whole.{form}"
    long_way(context, odd, asked, whole)
    part = interrupted(context, odd, asked, out, 4)
    for path in part.glob("answer*") if harm != "journal" else [part / "journal.jsonl"]:
        if harm == "gone":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:9] if harm == "short" and form == "csv" else b"\xff{")
    if harm == "short" and form == "parquet":
        (part / "rejected.jsonl").write_bytes(b"")
    long_way(context, odd, asked, out)
    assert out.read_bytes() == whole.read_bytes()
    assert folders(tmp_path) == []


def test_nothing_is_left_of_a_run_that_cannot_be(context: Context, small: None, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "list.csv", ["id", "x", "y"], [["a", "505426", "2494242"]] * 50)
    with pytest.raises(CRSMismatch):
        long_way(context, path, ASKED, tmp_path / "out.csv")
    with pytest.raises(UnknownTerm):
        long_way(context, path, replace(ASKED, field="不存在的领域"), tmp_path / "out.csv")
    (tmp_path / "bad.csv").write_text('id,lon,lat\na,113.9,"22.5\n')
    with pytest.raises(InputError):
        long_way(context, tmp_path / "bad.csv", ASKED, tmp_path / "out.csv")
    assert folders(tmp_path) == []
    assert not (tmp_path / "out.csv").exists()


def test_strict_writes_nothing(context: Context, odd: Path, small: None, tmp_path: Path) -> None:
    outcome = long_way(context, odd, ASKED, tmp_path / "out.csv", strict=True)
    assert not outcome.faultless
    assert list(tmp_path.iterdir()) == []
    path = write_rows(tmp_path / "list.csv", ["id", "lon", "lat"], [[f"S{at}", "113.9", "22.55"] for at in range(90)])
    assert long_way(context, path, ASKED, tmp_path / "out.csv", strict=True).faultless
    assert (tmp_path / "out.csv").exists()


def test_output_is_not_replaced(context: Context, odd: Path, small: None, tmp_path: Path) -> None:
    for name in ("out.csv", "out.rejected.csv"):
        held = tmp_path / name
        held.write_text("mine")
        with pytest.raises(OutputExists):
            long_way(context, odd, ASKED, tmp_path / "out.csv")
        assert held.read_text() == "mine"
        held.unlink()
        if name == "out.csv":
            assert not (tmp_path / "out.rejected.csv").exists()
    long_way(context, odd, ASKED, tmp_path / "out.csv")


def test_old_rejected_rows_go(context: Context, small: None, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("old")
    (tmp_path / "out.rejected.csv").write_text("old")
    path = write_rows(tmp_path / "list.csv", ["id", "lon", "lat"], [["a", "113.9", "22.55"]])
    assert bulk.check_file(context, path, ASKED, tmp_path / "out.csv", quiet, overwrite=True, strict=False)
    assert not (tmp_path / "out.rejected.csv").exists()


def test_full_disk(context: Context, odd: Path, small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no room the answer is absent, and there once there is room."""
    taken = writing.CsvPiece.take
    calls: list[int] = []

    def take(self: Any, result: Any) -> None:
        calls.append(1)
        if len(calls) in (1, 5):
            raise OSError(28, "No space left on device")
        taken(self, result)

    monkeypatch.setattr(writing.CsvPiece, "take", take)
    with pytest.raises(InputError, match="No space left"):
        long_way(context, odd, ASKED, tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == [], "nothing was done that could be taken up"
    with pytest.raises(InputError, match="No space left"):
        long_way(context, odd, ASKED, tmp_path / "out.csv")
    assert [one.name for one in tmp_path.iterdir()] == [".parksite-out.csv.part"]
    long_way(context, odd, ASKED, tmp_path / "out.csv")
    long_way(context, odd, ASKED, tmp_path / "whole.csv")
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_where_nothing_can_be_written(context: Context, odd: Path, small: None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(InputError):
        long_way(context, odd, ASKED, tmp_path / "file" / "out.csv")


def test_pieces_of_parquet_are_joined_as_they_are(
    context: Context, odd: Path, small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer of several pieces is stored like one of a single piece, but for its places in the file."""
    asked = replace(ASKED, form="parquet")
    long_way(context, odd, asked, tmp_path / "several.parquet")
    monkeypatch.setattr(survey, "_PIECE", 10**9)
    long_way(context, odd, asked, tmp_path / "one.parquet")
    several, one = (pq.ParquetFile(tmp_path / name) for name in ("several.parquet", "one.parquet"))
    assert several.schema_arrow == one.schema_arrow
    assert several.metadata.to_dict() == one.metadata.to_dict()
    assert (tmp_path / "several.parquet").read_bytes() == (tmp_path / "one.parquet").read_bytes()


def test_which_lists_are_long(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"x" * 4_000_000)
    assert bulk.suits(path, "csv")
    assert bulk.suits(path, "parquet")
    assert not bulk.suits(path, "gpkg")
    assert not bulk.suits(path.rename(tmp_path / "list.xlsx"), "csv")
    assert not bulk.suits(tmp_path / "none.csv", "csv")
    path.write_bytes(b"x" * 3_999_999)
    assert not bulk.suits(path, "csv")
    (tmp_path / "folder.csv").mkdir()
    assert not bulk.suits(tmp_path / "folder.csv", "csv", smallest=0)


def test_texts_of_two_bytes_are_left_to_the_short_way(context: Context, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes("id\tlon\tlat\na\t113.9\t22.55\n".encode("utf-16"))
    found = bulk.check_file(
        context, tmp_path / "list.txt", ASKED, tmp_path / "o.csv", quiet, overwrite=False, strict=False
    )
    assert found is None


def called(*words: object) -> int:
    """Exit code of a call of the command."""
    try:
        main([str(one) for one in words])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_command(odd: Path, small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """Long and short lists say the same, with the same exit codes."""
    clean = write_rows(tmp_path / "clean.csv", ["id", "lon", "lat", "datum"], [["a", "113.9", "22.55", "wgs84"]])
    bad = tmp_path / "bad.csv"
    bad.write_text('id,lon,lat\na,113.9,"22.5\n')
    said: dict[str, list[Any]] = {"short": [], "long": []}
    for way, answers in said.items():
        if way == "long":
            monkeypatch.setattr(bulk, "suits", lambda path, form: run.suits(path, form, smallest=0))
        for number, path in enumerate((odd, clean, bad)):
            for more in ([], ["--strict"], *([["--field", "不存在的领域"]] if path != bad else [])):
                out = tmp_path / f"{way}{number}.csv"
                code = called("check", path, "--out", out, "--as-of", DAY, "--lang", "en", "--overwrite", *more)
                err = capsys.readouterr().err.replace(f"{way}{number}", "out")
                lines = [line for line in err.splitlines() if not line.endswith(("…", "read", "checked"))]
                held = [one.read_bytes() for one in (out, out.with_name(f"{out.stem}.rejected.csv")) if one.exists()]
                answers.append((code, lines, held))
    assert [one[0] for one in said["long"]] == [one[0] for one in said["short"]]
    for long, short in zip(said["long"], said["short"], strict=True):
        assert long[2] == short[2]
        assert sorted(long[1]) == sorted(short[1])
    assert {one[0] for one in said["long"]} >= {0, 1}


def test_command_with_a_long_list(tmp_path: Path) -> None:
    """The real command with more than four million bytes, in as many processes as there are."""
    rng = np.random.default_rng(11)
    lon, lat = rng.uniform(113.75, 114.62, 90_000), rng.uniform(22.4, 22.86, 90_000)
    path = tmp_path / "list.csv"
    lines = "".join(
        f"S{at},{x:.6f},{y:.6f},光刻胶,园区用地编号{at}\n" for at, (x, y) in enumerate(zip(lon, lat, strict=True))
    )
    path.write_text(f"id,lon,lat,field,备注\n{lines}", encoding="utf-8")
    assert path.stat().st_size > 4_000_000
    out = tmp_path / "out.csv"
    command = [
        str(Path(sys.executable).with_name("parksite")),
        "check",
        str(path),
        "--out",
        str(out),
        "--as-of",
        str(DAY),
    ]
    run_once = subprocess.run(
        [*command, "--datum", "wgs84", "--lang", "en"], capture_output=True, text=True, check=False
    )
    assert run_once.returncode == 0, run_once.stderr
    assert f"written: {out}" in run_once.stderr
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [f"S{at}" for at in range(90_000)]
    assert {row["备注"] for row in rows[:3]} == {f"园区用地编号{at}" for at in range(3)}
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode != 0
    assert sorted(one.name for one in tmp_path.iterdir()) == ["list.csv", "out.csv"]


# cells


@many_times(max_examples=200, deadline=None)
@given(
    st.lists(
        st.floats(-1e9, 1e9)
        | st.integers(-(10**9), 10**9).map(lambda one: one / 20)
        | st.integers(0, 10**8).map(lambda one: (one + 0.5) / 1e4),
        max_size=20,
    ),
    st.sampled_from([0, 1, 3, 4]),
)  # fmt: skip
def test_rounded(values: list[float], digits: int) -> None:
    found = columnar.rounded(np.array(values, dtype=float), digits)
    assert found.tolist() == [round(one, digits) for one in values]


@many_times(max_examples=200, deadline=None)
@given(st.lists(st.floats(-180, 180) | st.integers(0, 10**9).map(lambda one: (one + 0.5) / 1e7), max_size=20))
def test_rounded_degrees(values: list[float]) -> None:
    assert columnar.rounded(np.array(values, dtype=float), 7).tolist() == [round(one, 7) for one in values]


def test_rounded_without_a_number() -> None:
    assert np.isnan(columnar.rounded(np.array([np.nan]), 1)).all()
    assert columnar.rounded(np.array([]), 1).shape == (0,)


@many_times(max_examples=200, deadline=None)
@given(
    st.lists(
        st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**17), 10**17).map(float),
        max_size=20,
    )
)
def test_numbers_are_spelled_as_python_does(values: list[float | None]) -> None:
    found = columnar._column_text(pa.array(values, pa.float64())).to_pylist()
    assert found == ["" if one is None else repr(one) for one in values]


def test_numbers_of_every_size() -> None:
    rng = np.random.default_rng(7)
    values = np.concatenate(
        [rng.uniform(1, 10, 40) * 10.0**power for power in range(-12, 22)] + [10.0 ** np.arange(-12, 22)]
    )
    found = columnar._column_text(pa.array(np.concatenate([values, -values]))).to_pylist()
    assert found == [repr(one) for one in [*values.tolist(), *(-values).tolist()]]


TEXT = st.text(max_size=8) | st.text(st.sampled_from("=+-@'\t\r\n ,\"\u3000\xa0\x85\x1c＝1.eé深\0"), max_size=8)


@many_times(max_examples=200, deadline=None)
@given(st.lists(st.none() | TEXT, max_size=12))
def test_cells(texts: list[str | None]) -> None:
    wanted = [cell_text(one) for one in texts]
    for kind in (pa.string(), pa.large_string()):
        assert columnar._column_text(pa.array(texts, kind)).to_pylist() == wanted


def test_every_character_at_the_start_of_a_cell() -> None:
    every = [chr(code) for code in [*range(0xD800), *range(0xE000, 0x11000), *range(0x1F000, 0x20000), 0x10FFFF]]
    for texts in (every, [f"{one}x" for one in every]):
        found = columnar._column_text(pa.array(texts)).to_pylist()
        assert [one for one, cell in zip(texts, found, strict=True) if cell != cell_text(one)] == []


def test_outcome_is_packed_and_added() -> None:
    one, other = Outcome(3, 1), Outcome(2, 2)
    one.say("noted", [("甲", "a")] * 15, 15, 15)
    other.say("noted", [("乙", "b")] * 30, 30, 9)
    other.warnings |= {(str(at), str(at)): None for at in range(99)}
    one.add(Outcome.unpacked(json.loads(json.dumps(other.packed()))))
    assert (one.sites, one.outside, one.counts["noted"], one.rows["noted"]) == (5, 3, 45, 24)
    assert one.lines["noted"] == [("甲", "a")] * 15 + [("乙", "b")] * 5
    assert len(one.warnings) == LINES_SHOWN, "single parts do not flood the report"
    assert one.clean
    assert not one.faultless


def test_errors_of_the_file_as_a_whole(context: Context, small: None, tmp_path: Path) -> None:
    """Both ways refuse a list with the same words."""
    texts = {
        "no position": "id,name\na,b\n" * 3,
        "positions in another system": "id,lon,lat\n"
        + "".join(f"S{at},{505000 + at},{2494000 + at}\n" for at in range(50)),
        "web map": "id,lon,lat,district\n" + "".join(f"S{at},x,y,南山区\n" for at in range(5)),
        "same names": "id,lon,lat,lat\na,1,2,3\n",
        "nothing": "",
    }
    for name, said in texts.items():
        path = tmp_path / "list.csv"
        path.write_text(said, encoding="utf-8")
        errors = []
        for way in (row_way, long_way):
            try:
                way(context, path, ASKED, tmp_path / name / "out.csv")
                errors.append("")
            except GeoError as error:
                errors.append(str(error))
            for left in (tmp_path / name).glob("out*"):
                left.unlink()
        assert errors[0] == errors[1], name
