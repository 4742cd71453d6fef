"""Delimited text: encodings, delimiters, quotes, what is left out, what is refused."""

from __future__ import annotations

import csv as csv_module
import io

import pytest

from geo import sources
from geo.errors import InputError
from geo.sources import Limits
from geo.sources.encoding import agrees, decode, measured


@pytest.fixture
def csv(tmp_path):
    return tmp_path / "表格 1.csv"


def read(path, content, encoding="utf-8"):
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return sources.read(path)


@pytest.mark.parametrize(
    ("encoding", "known", "basis"),
    [
        ("utf-8", "UTF-8", "measured"),
        ("utf-8-sig", "UTF-8", "byte-order mark"),
        ("gb18030", "GBK", "measured"),
        ("gbk", "GBK", "measured"),
        ("utf-16", "UTF-16", "byte-order mark"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_delimiters(csv, encoding, known, basis, delimiter, end):
    lines = [["编号", "名称", "经度"], ["001", "鲘门, 小漠" if delimiter != "," else "鲘门", "115.15"], ["2", "", "NA"]]
    found = read(csv, end.join(delimiter.join(line) for line in lines) + end, encoding)
    assert [list(row.values()) for row in found.rows] == lines[1:]
    assert list(found.columns) == lines[0]
    assert (found.encoding, found.encoding_basis) == (known, basis)
    assert (found.format, found.name, found.geometries, found.numbers, found.lines) == (
        "CSV",
        None,
        None,
        (1, 2),
        (2, 3),
    )


def test_utf16_big_endian(csv):
    assert read(csv, b"\xfe\xff" + "名称\t环节\n坪山\t中试\n".encode("utf-16-be")).rows == (
        {"名称": "坪山", "环节": "中试"},
    )


@pytest.mark.parametrize("name", ["a.tsv", "a.TXT", "a.CSV"])
def test_endings(tmp_path, name):
    assert read(tmp_path / name, "id\tlon\n1\t114\n").rows == ({"id": "1", "lon": "114"},)


def test_western_text_is_read_and_said(csv):
    found = read(csv, "id,name\n1,Café Zürich\n", "cp1252")
    assert found.rows[0]["name"] == "Café Zürich"
    assert found.encoding == "Windows-1252"
    assert "Windows-1252" in found.notes[0][1]


@pytest.mark.parametrize(
    "word", ["宝安区", "名称", "联通", "龙岗宝龙", "光", "圳", "鲘门", "茅洲河", "模具", "新能源材料（二期）", "深圳市"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_short_chinese_words_are_told_apart(word, encoding):
    assert measured([word.encode(encoding)]) == encoding
    assert agrees([word.encode(encoding)], encoding)
    assert not agrees([word.encode(encoding)], "cp1252" if encoding == "gb18030" else "gb18030")


@pytest.mark.parametrize("word", ["Café Zürich", "Müller", "São Paulo", "Zoë", "Genève", "naïve"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_western_words_are_not_taken_for_chinese(word, encoding):
    assert measured([word.encode(encoding)]) == encoding


@pytest.mark.parametrize("sign", ["😀", "★", "⚠️", "→", "👨\u200d👩", "𝐀", "✓", "𠮷"])
def test_a_sign_or_emoji_alone_makes_utf8(csv, sign):
    found = read(csv, f"id,name\n{sign},a\n")
    assert (found.rows[0]["id"], found.encoding) == (sign, "UTF-8")


@pytest.mark.parametrize("sign", ["★", "→", "①", "😀"])
def test_a_sign_does_not_hide_gbk(csv, sign):
    found = read(csv, f"id,name\n1,宝安区{sign}\n", "gb18030")
    assert (found.rows[0]["name"], found.encoding) == (f"宝安区{sign}", "GBK")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("width", range(3, 20))
def test_text_cut_inside_a_character_is_still_measured(encoding, width):
    raw = "深圳市宝安区新材料园".encode(encoding)[:width]
    assert measured([raw, "坪山".encode(encoding)]) == encoding
    text, cut = decode(raw, encoding)
    assert "深圳市宝安区新材料园".startswith(text)
    assert cut == (len(text.encode(encoding)) < width)


def test_every_cell_is_text_as_it_stands(csv):
    row = {"id": "007", "lon": "1e3", "flag": "TRUE", "none": "null", "day": "2023-09-13", "blank": ""}
    assert read(csv, ",".join(row) + "\n" + ",".join(row.values()) + "\n").rows == (row,)


def test_quotes_hold_delimiters_and_line_ends_and_lines_count_on(csv):
    found = read(csv, 'id,name\n1,"a, ""b""\nc"\n2,d\n')
    assert found.rows == ({"id": "1", "name": 'a, "b"\nc'}, {"id": "2", "name": "d"})
    assert found.numbers == (1, 2)
    assert found.lines == (2, 4)


def test_blank_rows_count_and_are_left_out(csv):
    found = read(csv, "\n\nid,lon\n\n1,114\n,\n2,115\n,,,\n\n")
    assert found.numbers == (2, 4)
    assert found.lines == (5, 7)


def test_a_table_with_one_column(csv):
    assert read(csv, "编号\n1\n2\n").rows == ({"编号": "1"}, {"编号": "2"})


def test_a_table_without_rows(csv):
    found = read(csv, "id,lon,lat\n")
    assert (found.rows, found.columns) == ((), ("id", "lon", "lat"))


def test_a_delimiter_at_the_end_of_each_row_moves_no_cell(csv):
    found = read(csv, "id,lon,lat\n1,113.9,22.5,\n2,114.0,22.6,\n").rows
    assert [tuple(row.values()) for row in found] == [("1", "113.9", "22.5"), ("2", "114.0", "22.6")]


def test_a_short_row_is_filled_with_blanks(csv):
    assert read(csv, "id,lon,lat\n1,113.9\n").rows[0] == {"id": "1", "lon": "113.9", "lat": ""}


def test_a_long_row_is_a_fault_and_every_row_is_kept(csv):
    found = read(csv, "id,lon\n1,113.9\n2,114,9\n3,114.1,,\n")
    (fault,) = found.faults
    assert (fault.row, fault.value, fault.file) == (2, "9", csv)
    assert fault.remedy_en
    assert fault.remedy_zh
    assert [row["lon"] for row in found.rows] == ["113.9", "114", "114.1"]


def test_columns_of_one_name_are_refused(csv):
    with pytest.raises(InputError, match="same name: lon"):
        read(csv, "id,lon,lon\n1,113.9,2\n")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86 755",
        "-x",
        "@cmd",
        "\tx",
        "\rx",
        "'=1+1",
        "''=1+1",
        "'quoted'",
        "'",
        "''",
        "'1",
        "plain",
        "-12.5",
        "'-12.5",
    ],
)
def test_what_we_guard_comes_back_as_it_was(csv, text):
    stripped = text.lstrip("'")
    guarded = f"'{text}" if stripped[:1] in tuple("=+-@\t\r") and stripped else text
    buffer = io.StringIO()
    csv_module.writer(buffer, quoting=csv_module.QUOTE_ALL).writerows([["a", "b"], [guarded, "x"]])
    assert read(csv, buffer.getvalue()).rows[0]["a"] == text


def test_our_own_columns_of_a_rejected_list_are_left_out(csv):
    found = read(csv, "rejected_row,rejected_line,id,lon,rejected_reason_zh,rejected_reason_en\n3,4,S1,114,坐标,bad\n")
    assert found.columns == ("id", "lon")
    assert found.rows == ({"id": "S1", "lon": "114"},)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n\n",
        b",,,\n",
        b"\x80\x81\xff",
        b"a,b\n\0,1",
        b"a\0b,c\n",
        b"PK\x03\x04abc",
        b"SQLite format 3\0",
        b"%PDF-1.7",
        b"II*\0",
        b"\x1f\x8b\x08",
        b"\xff\xfea",
    ],
    ids=[
        "empty",
        "blank",
        "delimiters",
        "binary",
        "nul",
        "nul-early",
        "zip",
        "sqlite",
        "pdf",
        "tiff",
        "gzip",
        "utf-16-odd",
    ],
)
def test_what_is_no_table_is_refused(csv, raw):
    with pytest.raises(InputError) as caught:
        read(csv, raw)
    assert caught.value.file == csv
    assert caught.value.remedy_en
    assert caught.value.remedy_zh


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id,name\n1,a\n2,"b\n3,c\n', 3),
        ('id,name\n"1,a\n2,b\n', 2),
        ('"id,name\n1,a\n', 1),
        ('\n\nid,name\n1,"a"\n2,"b', 5),
    ],
)
def test_a_quote_that_is_never_closed_is_named_by_its_line(csv, text, line):
    with pytest.raises(InputError, match=f"on line {line} "):
        read(csv, text)


def test_a_quote_that_swallows_many_lines_is_noted(csv):
    found = read(csv, 'id,name\n1,"a\n' + "2,b\n" * 30 + '3,c"\n4,d\n')
    assert [row["id"] for row in found.rows] == ["1", "4"]
    assert "line 2" in found.notes[0][1]


@pytest.mark.parametrize(
    ("content", "limits", "name"),
    [
        (b"id,lon\n" + b"1,2\n" * 6, Limits(rows=5), "rows"),
        (b",".join(b"c%d" % n for n in range(7)) + b"\n", Limits(columns=6), "columns"),
        (b"," * 5_000_000, Limits(), "columns"),
        (b"a,b\n" + b"," * 5_000_000, Limits(), "columns"),
        (b"id\n" + b"x" * 2_000_001, Limits(megabytes=2), "megabytes"),
    ],
    ids=["rows", "columns", "endless header", "endless row", "megabytes"],
)
def test_limits_are_said_with_the_way_to_raise_them(csv, content, limits, name):
    csv.write_bytes(content)
    with pytest.raises(InputError) as caught:
        sources.read(csv, limits=limits)
    assert f"--limit {name}=" in caught.value.remedy_en
    assert f"--limit {name}=" in caught.value.remedy_zh


def test_rows_up_to_the_limit_and_blank_ones_beyond_are_read(csv):
    csv.write_bytes(b"id,lon\n" + b"1,2\n" * 5 + b",\n" * 50)
    assert len(sources.read(csv, limits=Limits(rows=5)).rows) == 5


def test_a_cell_longer_than_any_text_is_refused_and_the_size_limit_stays(csv):
    before = csv_module.field_size_limit()
    assert len(read(csv, "id,wkt\n1," + "9" * 1_000_000 + "\n").rows[0]["wkt"]) == 1_000_000
    with pytest.raises(InputError, match="line 2"):
        read(csv, "id,wkt\n1," + "9" * 20_000_000 + "\n")
    assert csv_module.field_size_limit() == before


def test_a_quoted_cell_may_hold_many_delimiters(csv):
    wkt = "LINESTRING(" + ",".join(f"{n} {n}" for n in range(50_000)) + ")"
    assert read(csv, f'id,wkt\n1,"{wkt}"\n').rows == ({"id": "1", "wkt": wkt},)


def test_the_layer_of_a_table_is_its_name(csv):
    csv.write_text("id,lon\n1,2\n", encoding="utf-8")
    (info,) = sources.list_layers(csv)
    assert (info.name, info.rows, info.geometry, info.crs, info.columns) == ("表格 1", 1, None, None, ("id", "lon"))
    assert sources.read(csv, info.name).rows
    with pytest.raises(InputError, match="no layer"):
        sources.read(csv, "other")


def test_cells_beyond_the_header_are_kept_and_are_the_same_fault_again(csv):
    found = read(csv, "id,lon\n\n1,113.9\n2,114,9,,x,\n3,114.1,,\n")
    (fault,) = found.faults
    assert (fault.row, fault.line, fault.value) == (3, 4, "9 |  | x")
    assert found.columns == ("id", "lon")
    assert found.rows[1] == {"id": "2", "lon": "114", "_extra1": "9", "_extra2": "", "_extra3": "x"}
    assert found.rows[2] == {"id": "3", "lon": "114.1"}
    again = read(
        csv,
        "rejected_row,rejected_line,id,lon,_extra1,_extra2,_extra3,rejected_reason_en\n3,4,2,114,9,,x,bad\n4,5,3,114,,,,bad\n",
    )
    assert [(one.row, one.line, one.value) for one in again.faults] == [(1, 2, "9 |  | x")]
    assert (again.rows[0], again.columns) == (found.rows[1], found.columns)
    assert again.rows[1] == {"id": "3", "lon": "114"}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_titles_above_the_header(csv, delimiter, end):
    lines = [
        ["深圳市候选园区一览表", "", ""],
        ["填表日期", "2026-01-01", ""],
        ["编号", "经度", "纬度"],
        ["S1", "114", "22.5"],
    ]
    found = read(csv, end.join(delimiter.join(line) for line in lines))
    assert found.rows == ({"编号": "S1", "经度": "114", "纬度": "22.5"},)
    assert (found.numbers, found.lines) == ((1,), (4,))
    assert found.notes == (("以文件第 3 行为表头。", "Line 3 of the file was taken as the header."),)


@pytest.mark.parametrize(
    ("content", "columns", "notes"),
    [
        ("一览表\n编号,经度,纬度\nS1,114,22.5\n", ("编号", "经度", "纬度"), 1),
        ("sep=;\nid;lon;lat\nS1;114;22.5\n", ("id", "lon", "lat"), 1),
        ("\n\nid,lon\n1,114\n", ("id", "lon"), 0),
        ("id,a\nname,stage\n", ("id", "a"), 0),
        ("甲,乙\nname,1\n", ("甲", "乙"), 0),
        ("甲\n" * 10 + "id,lon\n1,114\n", ("甲",), 0),
    ],
)
def test_which_line_is_the_header(csv, content, columns, notes):
    found = read(csv, content)
    assert (found.columns, len(found.notes)) == (columns, notes)


def test_a_geometry_in_words_with_too_many_vertices_is_a_fault_of_its_row(csv):
    ring = ", ".join(f"{n} {n}" for n in range(12))
    csv.write_text(f'id,几何,note\n1,POINT (1 1),"{ring}"\n2,"POLYGON (({ring}))",\n', encoding="utf-8")
    (fault,) = sources.read(csv, limits=Limits(vertices=10)).faults
    assert (fault.row, fault.line, fault.field) == (2, 3, "几何")
    assert "--limit vertices=12" in fault.remedy_en
    assert sources.read(csv).faults == ()
