"""CSV: what stands in the file, and that a reader gets back what was written."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from tables_made import COLUMNS, NAMES, POINTS, TEXTS, answered

from geo import sources, tables
from geo.formula import FORMULA_STARTS, bare, harmless
from geo.pipeline import Context
from geo.tables.text import csv_text
from geo.tables.values import clean, plain, words


def back(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@given(TEXTS)
def test_the_guard_comes_off_again_and_nothing_else_does(text: str) -> None:
    kept = str(harmless(text))
    assert bare(kept) == text
    assert kept in (text, f"'{text}")


@given(TEXTS)
def test_no_cell_begins_like_a_formula_unless_it_is_a_number(text: str) -> None:
    kept = str(harmless(text))
    if kept.startswith(tuple(FORMULA_STARTS)):
        assert kept.isascii() and float(kept) is not None


@pytest.mark.parametrize("text", ["-12.5", "+3", "-1e5", "-.5", "+3.", "-1E-05"])
def test_numbers_as_text_stay(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", ["-inf", "+nan", "-1_000", "-１２", "-5%", "-1,000", "+86 755", "-", "＝1", "\n=1"])
def test_what_only_looks_like_a_number_is_guarded(text: str) -> None:
    assert harmless(text) == f"'{text}"


@given(NAMES, COLUMNS)
def test_every_value_comes_back_as_text(name: str, values: list[Any]) -> None:
    text = csv_text([name, "z"], [{name: value, "z": "end"} for value in values])
    head, *held = back(text)
    assert bare(head[0]) == clean(name)
    assert [bare(row[0]) for row in held] == [words(plain(value)) or "" for value in values]


def test_the_file_is_as_rfc_4180_has_it() -> None:
    flat = [{"a": 'say "hi"', "b": "x,y"}, {"a": "line\r\nbreak", "b": None}, {"a": True, "b": float("nan")}]
    text = csv_text(["a", "b"], flat)
    assert text == 'a,b\r\n"say ""hi""","x,y"\r\n"line\r\nbreak",\r\ntrue,\r\n'
    assert csv_text(["a"], [], bom=True) == "\ufeffa\r\n"


def test_surrogates_and_nul_do_not_stop_the_writing(tmp_path: Path) -> None:
    tables.write_csv(tmp_path / "a.csv", ["a\ud800"], [{"a\ud800": "x\x00\udfff"}])
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig") == "a\ufffd\nx\ufffd\ufffd\n"


@settings(deadline=None, max_examples=40)
@given(COLUMNS)
def test_our_reader_gives_back_what_we_write(values: list[Any]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.csv"
        tables.write_csv(path, ["z", "备注"], [{"z": "end", "备注": value} for value in values])
        held = sources.read(path)
    assert [(row["z"], row["备注"] or "") for row in held.rows] == [
        ("end", words(plain(value)) or "") for value in values
    ]


def test_our_reader_takes_the_guard_off_names(tmp_path: Path) -> None:
    tables.write_csv(tmp_path / "s.csv", ["=a", "b"], [{"=a": "1", "b": "2"}])
    assert sources.read(tmp_path / "s.csv").columns == ("=a", "b")


@pytest.mark.parametrize("sign", FORMULA_STARTS)
def test_our_reader_takes_off_every_guard(tmp_path: Path, sign: str) -> None:
    given = [f"{sign}x", f"'{sign}x", f"''{sign}"]
    tables.write_csv(tmp_path / "s.csv", ["a", "b"], [{"a": text, "b": "1"} for text in given])
    assert [row["a"] for row in sources.read(tmp_path / "s.csv").rows] == given


def test_the_whole_answer_comes_back(context: Context, tmp_path: Path) -> None:
    document, sites = answered(context, POINTS, {"备注": ["=1", "'=1", "-1"], "match": ["x", "y", "z"]})
    (path,) = tables.write("csv", tmp_path / "s.csv", document, sites, *parts(context), bom=False)
    assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
    names, flat = tables.rows(document, sites)
    held = sources.read(path)
    assert list(held.columns) == names
    for row, wanted in zip(held.rows, flat, strict=True):
        assert {name: row[name] or "" for name in names} == {name: words(wanted[name]) or "" for name in names}


def parts(context: Context) -> tuple[Any, ...]:
    from geo import symbology

    return context.register, context.boundaries, symbology.load(context.settings), context.settings
