"""The workbook, read back with another library."""

import zipfile
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from openpyxl.utils import get_column_letter
from tables_made import NAMES, POINTS, TABLES, Made, answered, same

from geo import sources, tables
from geo.pipeline import Context
from geo.tables.notes import NOTES
from geo.tables.values import plain, words
from geo.tables.workbook import CUT, LONGEST, SHEET, cell_text


@pytest.fixture(scope="module")
def made(context: Context) -> Made:
    return Made(context, POINTS)


def opened(path: Path) -> Any:
    return openpyxl.load_workbook(path)[SHEET]


def written(context: Context, folder: Path, held: dict[str, list[Any]]) -> tuple[Path, list[str], list[dict[str, Any]]]:
    document, sites = answered(context, POINTS, held)
    names, flat = tables.rows(document, sites)
    tables.write_xlsx(folder / "s.xlsx", names, flat, document)
    return folder / "s.xlsx", names, flat


def test_header_is_in_view_can_be_filtered_and_explains_our_columns(context: Context, tmp_path: Path) -> None:
    path, names, flat = written(context, tmp_path, {"owner": ["a", "b", "c"]})
    sheet = opened(path)
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:{get_column_letter(len(names))}{len(flat) + 1}"
    for cell in sheet[1]:
        note = NOTES["sites"].get(cell.value)
        if note is None:
            assert cell.comment is None and cell.value == "owner"
        else:
            assert note.zh in cell.comment.text and note.en.replace("`", "") in cell.comment.text
    assert openpyxl.load_workbook(path).sheetnames == [SHEET, "说明"]


def test_cells_have_types(context: Context, tmp_path: Path) -> None:
    east = timezone(timedelta(hours=8))
    held: dict[str, list[Any]] = {
        "whole": [1, -2, 10**15],
        "number": [0.5, 1e-300, None],
        "truth": [True, False, None],
        "day": [date(2020, 2, 29), date(1900, 2, 28), None],
        "moment": [datetime(2020, 1, 2, 3, 4, 5), datetime(2020, 1, 2, 3, 4, 5, tzinfo=east), None],
        "text": ["-12.5", "007", ""],
    }
    path, names, _ = written(context, tmp_path, held)
    sheet = opened(path)
    found = {name: [sheet.cell(row, names.index(name) + 1).value for row in (2, 3, 4)] for name in held}
    assert found["whole"] == [1, -2, str(10**15)]
    assert found["number"] == [0.5, 1e-300, None]
    assert found["truth"] == [True, False, None]
    assert found["day"] == [datetime(2020, 2, 29), "1900-02-28", None]
    assert found["moment"] == [datetime(2020, 1, 2, 3, 4, 5), "2020-01-02T03:04:05+08:00", None]
    assert found["text"] == ["-12.5", "007", None]


def test_formulas_are_text_without_apostrophe_and_stay_so_when_edited(context: Context, tmp_path: Path) -> None:
    path, names, _ = written(context, tmp_path, {"a": ["=1+1", "'=1", "@x"]})
    cells = [opened(path).cell(row, names.index("a") + 1) for row in (2, 3, 4)]
    assert [(cell.value, cell.data_type) for cell in cells] == [("=1+1", "s"), ("'=1", "s"), ("@x", "s")]
    assert [bool(cell.quotePrefix) for cell in cells] == [True, False, True]


@pytest.mark.parametrize("text", ["深" * 40_000, "😀" * 20_000, "a" + "😀" * 20_000, "x" * 32_768])
def test_long_text_is_cut_with_a_mark(context: Context, tmp_path: Path, text: str) -> None:
    path, names, _ = written(context, tmp_path, {"a": [text, "x" * LONGEST, "y"]})
    sheet = opened(path)
    cut, whole = (sheet.cell(row, names.index("a") + 1).value for row in (2, 3))
    assert cut.endswith(CUT) and text.startswith(cut.removesuffix(CUT))
    assert LONGEST - 1 <= len(cut.encode("utf-16-le")) // 2 <= LONGEST
    assert whole == "x" * LONGEST


@settings(deadline=None, max_examples=25)
@given(TABLES, NAMES)
def test_any_attribute_makes_a_sound_workbook(made: Made, held: dict[str, list[Any]], name: str) -> None:
    names, flat = tables.rows(made.document, made.with_attributes(held | {name: ["a", "b", "c"]}))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.xlsx"
        tables.write_xlsx(path, names, flat, made.document)
        with zipfile.ZipFile(path) as archive:
            for part in archive.namelist():
                if part.endswith((".xml", ".rels", ".vml")):
                    fromstring(archive.read(part))
        rows = [[unescaped(value) for value in row] for row in opened(path).iter_rows(values_only=True)]
    assert list(rows[0]) == [cell_text(text) or None for text in names]
    for row, wanted in zip(rows[1:], flat, strict=True):
        for column, value in zip(names, row, strict=True):
            assert same(value, expected(wanted[column]), blank=True), (column, value, wanted[column])


def unescaped(value: Any) -> Any:
    """A carriage return as a workbook has it; openpyxl leaves the escape as it stands."""
    return value.replace("_x000D_", "\r") if isinstance(value, str) else value


def expected(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < 10**15 else str(value)
    if isinstance(value, float):
        return value if value == 0 or 2.3e-308 <= abs(value) <= 9.99e307 else str(value)
    if isinstance(value, date):
        return value if value >= date(1900, 3, 1) else value.isoformat()
    return cell_text(words(plain(value)) or "")


def test_our_reader_gives_back_the_attributes(context: Context, tmp_path: Path) -> None:
    held = {"a": ["=1", "'=1", "line\nbreak"], "n": [1, 2, None], "x": [0.1, 1e20, None], "b": [True, False, None]}
    path, names, flat = written(context, tmp_path, held)
    found = sources.read(path)
    assert list(found.columns) == names
    for row, wanted in zip(found.rows, flat, strict=True):
        for name in ("id", "lon", "explanation_zh", "a", "n", "x", "b"):
            value, given_ = row[name], wanted[name]
            assert str(value or "") == (words(given_) or "") or same(value, given_, blank=True), name


def test_the_same_answer_gives_the_same_bytes(context: Context, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, _, _ = written(context, tmp_path / "a", {"a": ["x", "y", "z"]})
    two, _, _ = written(context, tmp_path / "b", {"a": ["x", "y", "z"]})
    assert one.read_bytes() == two.read_bytes()
