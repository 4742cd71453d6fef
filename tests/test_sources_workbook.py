"""Workbooks: where the header is, kinds of cells, sheets, emptiness without end."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest

from geo import sources
from geo.errors import InputError
from geo.sources import Limits


@pytest.fixture
def path(tmp_path):
    return tmp_path / "选址 1.xlsx"


def saved(path, *rows, title="Sheet1", merged=()):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path


def edited(path, part, change):
    """Change the bytes of a part of a workbook."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_cells_keep_their_kinds(path):
    row = ["S1", 114.25, 3.0, 7, "007", True, date(2023, 9, 13), datetime(2023, 9, 13, 8, 30), time(8, 30), None, "  "]
    found = sources.read(saved(path, [f"c{n}" for n in range(len(row))], row))
    assert list(found.rows[0].values()) == [
        "S1", 114.25, 3, 7, "007", True, "2023-09-13", "2023-09-13T08:30:00", "08:30:00", None, None,
    ]  # fmt: skip
    assert [type(one) for one in found.rows[0].values()][1:6] == [float, int, int, str, bool]
    assert (found.format, found.name, found.numbers, found.lines) == ("XLSX", "Sheet1", (1,), (2,))
    assert (found.geometries, found.encoding, found.notes) == (None, None, ())


def test_error_cells_are_their_text(path):
    saved(path, ["id", "lon"], ["S1", "x"])
    edited(path, SHEET, lambda xml: re.sub(rb'<c r="B2"[^>]*>.*?</c>', b'<c r="B2" t="e"><v>#N/A</v></c>', xml))
    assert sources.read(path).rows == ({"id": "S1", "lon": "#N/A"},)


def test_blank_rows_count_and_are_left_out(path):
    found = sources.read(saved(path, ["id", "lon"], [], ["S1", 114], [None, " "], ["S2", 115]))
    assert found.numbers == (2, 4)
    assert found.lines == (3, 5)


def test_titles_above_the_header(path):
    rows = (
        ["深圳市候选园区一览表"],
        ["填表日期", "2026-01-01"],
        [],
        ["序号", "编号", "经度", "纬度"],
        [1, "S1", 114, 22.5],
    )
    found = sources.read(saved(path, *rows, merged=("A1:D1",)))
    assert found.columns == ("序号", "编号", "经度", "纬度")
    assert found.rows == ({"序号": 1, "编号": "S1", "经度": 114, "纬度": 22.5},)
    assert (found.numbers, found.lines) == ((1,), (5,))
    assert "4" in found.notes[0][0]
    assert "Row 4" in found.notes[0][1]


def test_a_header_of_two_merged_rows(path):
    head = ["编号", "名称", "坐标", None, "产业领域", "说明"], [None, None, "经度", "纬度", None, None]
    merged = ("A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2")
    found = sources.read(saved(path, *head, ["S1", "甲", 114, 22.5, "光刻胶", "x"], merged=merged))
    assert found.columns == ("编号", "名称", "经度", "纬度", "产业领域", "说明")
    assert found.rows[0]["纬度"] == 22.5
    assert found.rows[0]["说明"] == "x"


def test_a_row_with_blank_cells_is_no_header(path):
    found = sources.read(saved(path, ["id", "lon", "lat", "field"], ["S1", 114, 22.5], ["S2", 114, 22.6]))
    assert (found.lines, found.notes) == ((2, 3), ())


def test_without_known_names_the_first_row_is_the_header(path):
    assert sources.read(saved(path, [None, None], ["甲", "乙"], [1, 2])).rows == ({"甲": 1, "乙": 2},)


def test_header_cells_with_line_breaks_and_numbers(path):
    assert sources.read(saved(path, ["id", "产业\n领域", 2023], ["S1", "x", "y"])).columns == (
        "id",
        "产业 领域",
        "2023",
    )


def test_a_column_without_a_name_is_kept_and_said(path):
    found = sources.read(saved(path, ["id", None, "lon"], ["S1", "kept", 114]))
    assert found.rows == ({"id": "S1", "列B": "kept", "lon": 114},)
    assert "列B" in found.notes[0][1]


def test_repeated_names_are_refused(path):
    with pytest.raises(InputError, match="same name: lon"):
        sources.read(saved(path, ["id", "lon", "lon"], [1, 2, 3]))


def test_our_own_columns_of_a_rejected_list_are_left_out(path):
    found = sources.read(saved(path, ["rejected_row", "id", "rejected_reason_zh"], [3, "S1", "坐标"]))
    assert found.rows == ({"id": "S1"},)


def test_sheets(path):
    book = openpyxl.Workbook()
    book.active.title = "空"
    for name in ("甲", "乙"):
        sheet = book.create_sheet(name)
        sheet.append(["id"])
        sheet.append([name])
    book.save(path)
    found = sources.read(path)
    assert found.name == "甲"
    assert "乙" in found.notes[0][0]
    assert sources.read(path, "乙").rows == ({"id": "乙"},)
    assert [(one.name, one.rows, one.columns) for one in sources.list_layers(path)] == [
        ("空", 0, ()), ("甲", 1, ("id",)), ("乙", 1, ("id",)),
    ]  # fmt: skip
    with pytest.raises(InputError) as caught:
        sources.read(path, "丙")
    assert "甲" in caught.value.remedy_en
    with pytest.raises(InputError, match="empty"):
        sources.read(path, "空")


def test_formulas_without_a_value_are_noted(path):
    found = sources.read(saved(path, ["id", "面积"], ["S1", "=1+1"], ["S2", "=2+2"], ["S3", 5]))
    assert [row["面积"] for row in found.rows] == [None, None, 5]
    assert "面积" in found.notes[0][1]
    assert "2 formulas" in found.notes[0][1]


def test_formulas_with_a_value_give_it(path):
    saved(path, ["id", "面积"], ["S1", "=1+1"])
    edited(path, SHEET, lambda xml: re.sub(rb"<v\s*/>|<v></v>", b"<v>2</v>", xml))
    assert sources.read(path).rows == ({"id": "S1", "面积": 2},)
    assert sources.read(path).notes == ()


def test_a_sheet_formatted_to_its_last_row_is_read_at_once(path):
    saved(path, ["id", "lon"], ["S1", 114])
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/><c r="XFD%d" s="0"/></row>' % (n, n, n) for n in range(3, 300_000))
    rows += b'<row r="1048576"><c r="A1048576" s="0"/></row>'
    edited(path, SHEET, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))
    found = sources.read(path, limits=Limits(rows=5, columns=5))
    assert found.rows == ({"id": "S1", "lon": 114},)


def test_a_sheet_that_states_no_size(path):
    saved(path, ["id", "lon"], ["S1", 114])
    edited(path, SHEET, lambda xml: re.sub(rb"<dimension[^>]*/>", b"", xml))
    assert sources.read(path).rows == ({"id": "S1", "lon": 114},)


def test_cells_without_references(path):
    saved(path, ["id", "lon"], ["S1", 114])
    edited(path, SHEET, lambda xml: re.sub(rb' r="[A-Z]?\d+"', b"", xml))
    assert sources.read(path).rows == ({"id": "S1", "lon": 114},)


@pytest.mark.parametrize("row", [1_048_577, 10**12])
def test_a_row_beyond_the_last_is_refused(path, row):
    saved(path, ["id", "lon"], ["S1", 114])
    more = b'<row r="%d"><c r="A%d"><v>1</v></c></row></sheetData>' % (row, row)
    edited(path, SHEET, lambda xml: xml.replace(b"</sheetData>", more))
    with pytest.raises(InputError):
        sources.read(path)


@pytest.mark.parametrize(
    ("rows", "limits", "name"),
    [([["id"], *[["S"]] * 4], Limits(rows=3), "rows"), ([["a", "b", "c"], [1, 2, 3]], Limits(columns=2), "columns")],
)
def test_limits(path, rows, limits, name):
    with pytest.raises(InputError) as caught:
        sources.read(saved(path, *rows), limits=limits)
    assert f"--limit {name}=" in caught.value.remedy_en


def test_a_workbook_that_unpacks_beyond_the_limit(path):
    saved(path, ["id"], ["S1"])
    edited(path, "xl/styles.xml", lambda xml: xml + b" " * 3_000_000)
    with pytest.raises(InputError, match="megabytes"):
        sources.read(path, limits=Limits(megabytes=2))


BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>"""


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "_rels/.rels"])
def test_entities_in_a_workbook_are_refused(path, part):
    saved(path, ["id"], ["S1"])
    edited(path, part, lambda xml: BOMB + re.sub(rb"<\?xml.*?\?>", b"", xml))
    with pytest.raises(InputError):
        sources.read(path)


@pytest.mark.parametrize("content", [b"", b"id,lon\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        sources.read(path)
    assert caught.value.file == path
    assert caught.value.remedy_zh


def test_a_zip_that_is_no_workbook_is_refused(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(InputError):
        sources.read(path)


def test_the_first_sheet_with_positions_is_read(path):
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["填表说明", "名称", "区"])
    for name, head in (
        ("汇总", ["编号", "经度"]),
        ("地块", ["编号", "经度", "纬度"]),
        ("备份", ["编号", "经度", "纬度"]),
    ):
        sheet = book.create_sheet(name)
        sheet.append(["一览表"])
        sheet.append(head)
        sheet.append(["S1", 114, 22.5][: len(head)])
    book.save(path)
    found = sources.read(path)
    assert found.name == "地块"
    assert found.notes[0] == (
        "读取工作表“地块”；另有：说明、汇总、备份。",
        "Sheet '地块' was read; there are also 说明, 汇总, 备份.",
    )
    assert sources.read(path, "汇总").name == "汇总"


def test_numbers_of_many_digits(path):
    found = sources.read(saved(path, ["id", "a", "b", "c"], ["440306000123456789", 4.403060001234568e17, 1e15, 1e14]))
    assert found.rows[0]["id"] == "440306000123456789"
    edited(path, SHEET, lambda xml: re.sub(rb"(<c r=\"B2\"[^>]*>)<v>.*?</v>", rb"\1<v>4.403060001234568E+17</v>", xml))
    edited(path, SHEET, lambda xml: re.sub(rb"(<c r=\"C2\"[^>]*>)<v>.*?</v>", rb"\1<v>1E+20</v>", xml))
    row = sources.read(path).rows[0]
    assert [repr(row[name]) for name in "abc"] == ["4.403060001234568e+17", "1e+20", "100000000000000"]


def test_cells_beyond_the_header_of_a_rejected_list_are_a_fault(path):
    found = sources.read(saved(path, ["id", "lon", "_extra1", "_extra2"], ["S1", 114], ["S2", 114, None, 9]))
    assert found.columns == ("id", "lon")
    assert found.rows == ({"id": "S1", "lon": 114}, {"id": "S2", "lon": 114, "_extra1": "", "_extra2": "9"})
    assert [(one.row, one.line, one.value) for one in found.faults] == [(2, 3, " | 9")]
