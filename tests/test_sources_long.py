"""Long files part by part give what the readers of whole files give: same rows, numbers, lines, faults, errors."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.sources import Limits, long_parquet, long_text, parquet, text
from geo.sources.parts import LongFile, Part, open_long, rows_of

LIMITS = Limits(vertices=2_000)
BLOCKS = (1, 40, 4_000_000)
HEAD = "id,lon,lat,name\n"
PLAIN = "".join(f"S{at},113.{at:03d},22.5,园区{at}\n" for at in range(40))


def told(parts: Iterator[Part], file: LongFile) -> list[tuple[Any, ...]]:
    """Rows of parts: number, line, cells, geometry."""
    found = []
    for part in parts:
        layer = rows_of(part, np.arange(len(part.numbers)), file)
        lines = layer.lines or (None,) * len(layer.rows)
        shapes = (None,) * len(layer.rows) if layer.geometries is None else layer.geometries
        found += list(zip(layer.numbers, lines, layer.rows, map(words_of, shapes), strict=True))
    return found


def words_of(shape: Any) -> str | None:
    return None if shape is None else shapely.to_wkb(shape, hex=True, flavor="iso")


def faults_of(faults: Any) -> list[tuple[object, ...]]:
    return [(fault.row, fault.line, fault.field, fault.en, fault.value) for fault in faults]


def by_parts(path: Path) -> tuple[list[Any], list[Any], list[Any]]:
    """Rows, faults and notes of a long file, each unit read a second time on its own."""
    file = open_long(path, LIMITS)
    assert file is not None
    rows, faults, notes = [], [], dict.fromkeys(file.notes)
    units = []
    for unit, parts in file.units():
        held = list(parts)
        units.append((unit, told(iter(held), file)))
        rows += units[-1][1]
        faults += [fault for part in held for fault in part.faults]
        notes |= dict.fromkeys(note for part in held for note in part.notes)
    for unit, first in units:
        assert told(file.opened().read(unit), file) == first
    return rows, faults_of(faults), list(notes)


def same_as_text(path: Path) -> list[Any]:
    """Assert that a text gives the same rows, or the same error, both ways; the rows."""
    try:
        layer = text.read(path, limits=LIMITS)
    except GeoError as error:
        with pytest.raises(type(error)) as other:
            by_parts(path)
        assert str(other.value) == str(error)
        return []
    rows, faults, notes = by_parts(path)
    assert layer.lines is not None
    assert rows == [(*one, None) for one in zip(layer.numbers, layer.lines, layer.rows, strict=True)]
    assert faults == faults_of(layer.faults)
    file = open_long(path, LIMITS)
    assert file is not None
    assert file.columns == layer.columns
    assert file.format == layer.format
    if path.stat().st_size <= long_text._BLOCK:
        assert sorted(notes) == sorted(layer.notes)
    return rows


TEXTS = {
    "plain": HEAD + PLAIN,
    "no line end at the end": HEAD + PLAIN.rstrip("\n"),
    "windows line ends": (HEAD + PLAIN).replace("\n", "\r\n"),
    "old line ends": (HEAD + PLAIN).replace("\n", "\r"),
    "mixed line ends": HEAD + "a,1,2,x\r\nb,1,2,y\nc,1,2,z\rd,1,2,w\r\n\r\ne,1,2,v\r",
    "semicolons": (HEAD + PLAIN).replace(",", ";"),
    "tabs": (HEAD + PLAIN).replace(",", "\t"),
    "titles above": "选址一览\n填表：规划处,,\n\n" + HEAD + PLAIN,
    "blank lines above": "\n\r\n\n" + HEAD + PLAIN,
    "blank lines": HEAD + "\na,1,2,x\n\n\n ,  ,\t,\n,,,\n　,,,\nb,1,2,y\n\n",
    "blank lines at the end": HEAD + PLAIN + "\n\n\n",
    "short rows": HEAD + "a\nb,1\nc,1,2\nd,1,2,x\n",
    "wide rows": HEAD + "a,1,2,x,more\nb,1,2,y,,\nc,1,2,z,,far\nd,1,2,w, \n",
    "quotes": HEAD + 'a,1,2,"x, y"\n"b",1,2,"say ""so"""\nc,1,2,""\n',
    "every cell in quotes": HEAD + "".join(f'"S{at}","113.{at:03d}","22.5","园区，{at}"\n' for at in range(40)),
    "quotes, windows line ends": (HEAD + "".join(f'"S{at}",1,2,"x"\n' for at in range(40))).replace("\n", "\r\n"),
    "quotes around commas": HEAD + 'a,1,2,"x,y"\nb,1,2,",x"\nc,1,2,"x,"\nd,1,2,","\ne,1,2,"x,,y"\n"f,",1,2,",g"\n',
    "quotes around blanks": HEAD + '" a ",1,2," x"\nb,"1 ",2,"x "\n" ","  ","",""\n"","","",""\nc,1,2,"\t"\n',
    "quotes around quotes": HEAD + 'a,1,2,""""\nb,1,2,"""x"""\nc,1,2,x""\nd,1,2,""x\ne,1,2,"x""\n,"\nf,1,2,y\n',
    "quotes at the very end": HEAD + 'a,1,2,"x"',
    "quotes around line ends": HEAD + 'a,1,2,"x\n"\nb,1,2,"\n"\nc,1,"2\n,",y\nd,1,2,"\n"\n',
    "quotes around formulas": HEAD + '"\'=1","1","2","\'t"\n"\'@d","1","2","-5"\n',
    "quotes, too few and too many": HEAD + '"a","1","2","x","y"\n"b","1"\n"c","1","2","z"\n',
    "quoted line breaks": HEAD + "".join(f'a{at},1,2,"one\ntwo\r\nthree {at}"\n' for at in range(12)),
    "line breaks in the first and last": HEAD + '"a\n\nb",1,2,x\nc,1,2,"y\n\n"',
    "stray quotes": HEAD + 'a,1,2,5" pipe\nb,1,2,x"y"z\nc,1,2,"x"y\nd,1,2,z\n',
    "stray quote in the first column": HEAD + 'a"b,1,2,x\nc,1,2,y\n',
    "quote never closed": HEAD + PLAIN + 'z,1,2,"open\n' + PLAIN,
    "quote never closed at once": HEAD + '"z,1,2,open',
    "blanks before quotes": HEAD + 'a,1, 2, "x, y"\n b,1,2,"z"\n  "c",1,2,w\n',
    "blanks before cells": HEAD + " a, 1, 2, x\nb,1,2,y\n",
    "blanks after cells": HEAD + "a ,1 ,2 ,x \nb,1,2,y\n",
    "formulas": HEAD + "a,1,2,'=1+1\nb,1,2,'t\nc,1,2,''=1\n'@d,1,2,-5\ne,1,2,'-5\nf,1,2,'\n",
    "header only": HEAD,
    "header without a line end": HEAD.rstrip("\n"),
    "header in quotes": '"id","lon","lat","the\nname"\n' + PLAIN,
    "blank names at the end": "id,lon,lat,name,, \n" + PLAIN,
    "blank name between": "id,lon,,lat\na,1,x,2\n",
    "one column": "position\n113.9 22.5\n\n114.0 22.6\n",
    "one column with commas": 'position\n"113.9,22.5"\n"114.0,22.6"\n',
    "rejected list": "id,lon,lat,row,line,reason_zh,reason_en\na,1,2,5,6,因,why\nb,1,2,7,8,果,so\n",
    "rejected list with extras": "id,lon,lat,_extra1,_extra2\na,1,2,,\nb,1,2,x,\nc,1,2,,y\n",
    "same names": "id,lon,lat,lon\na,1,2,3\n",
    "nothing": "",
    "blank only": "\n\n \n",
    "nul": HEAD + PLAIN + "a,1,2,\0\n",
    "a long line": HEAD + "a,1,2," + "长" * 3000 + "\n" + PLAIN,
    "a long quoted cell": HEAD + 'a,1,2,"' + "x\n" * 400 + '"\n' + PLAIN,
    "many vertices": f'id,wkt\na,"LINESTRING ({", ".join(["1 2"] * 2_001)})"\nb,POINT (1 2)\n',
    "form feeds and separators": HEAD + "a,1,2,x\x0cy\nb,1,2,p\x1cq\nc,1,2,r\u2028s\nd,1,2,t\x85u\n\x1c,\x0c,\x0b,\n",
    "mark inside": HEAD + "\ufeffa,1,2,x\n",
}


@pytest.mark.parametrize(
    ("lines", "split"), [('"S1","113.9",22.5,"x, y"\r\n', True), ('S1,113.9,22.5,"say ""so"""\n', False)]
)
def test_cells_in_quotes_are_split_at_once(
    lines: str, split: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes((HEAD + lines * 3).encode("gbk"))
    slow: list[int] = []
    kept = long_text.LongText._one_by_one
    monkeypatch.setattr(long_text.LongText, "_one_by_one", lambda *given: (slow.append(1), kept(*given))[1])
    assert len(same_as_text(path)) == 3
    assert bool(slow) != split


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("name", TEXTS)
def test_text_part_by_part(name: str, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_text, "_BLOCK", block)
    path = tmp_path / "list.csv"
    path.write_bytes(TEXTS[name].encode())
    same_as_text(path)


def test_text_is_cut_where_it_should_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_text, "_BLOCK", 40)
    path = tmp_path / "list.csv"
    path.write_text(HEAD + PLAIN)
    file = open_long(path, LIMITS)
    assert file is not None
    units = [unit for unit, _ in file.units()]
    assert len(units) > 10
    assert [unit.start for unit in units[1:]] == [unit.end for unit in units[:-1]]
    assert units[-1].end == path.stat().st_size


ENCODINGS = ("utf-8", "utf-8-sig", "gbk", "gb18030", "cp1252")


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("quoted", [False, True])
def test_encodings(encoding: str, block: int, quoted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_text, "_BLOCK", block)
    words = "Café Zürich – “Park”" if encoding == "cp1252" else "深圳市光明区，集成电路园"
    if encoding == "gb18030":
        words += "㐀𠀀"
    cell = f'"{words},\n{words}"' if quoted else words
    path = tmp_path / "list.csv"
    path.write_bytes((HEAD + f"a,113.9,22.5,{cell}\n" * 9).encode(encoding))
    rows = same_as_text(path)
    assert rows[0][2]["name"] == cell.strip('"')


def test_broken_late_in_the_file(tmp_path: Path) -> None:
    """What stands after the first million bytes decides as well."""
    path = tmp_path / "list.csv"
    path.write_bytes((HEAD + f"a,1,2,{'深圳' * 50}\n" * 4_000).encode() + b"b,1,2,\xff\xff\n")
    same_as_text(path)
    path.write_bytes((HEAD + f"a,1,2,{'x' * 200}\n" * 6_000).encode() + "b,1,2,深圳市\n".encode("gbk"))
    rows = same_as_text(path)
    assert rows[-1][2]["name"] == "深圳市"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_units_of_two_bytes_are_read_whole(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(f"\ufeff{HEAD}{PLAIN}".encode(encoding))
    assert open_long(path, LIMITS) is None


def test_binary_is_refused_alike(tmp_path: Path) -> None:
    for raw in (b"PK\x03\x04" + bytes(200), b"SQLite format 3\0" + bytes(99), b"\x89PNG\r\n\x1a\n" + bytes(99)):
        path = tmp_path / "list.csv"
        path.write_bytes(raw)
        same_as_text(path)


def test_other_kinds_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"")
    assert open_long(path, LIMITS) is None


CELLS = st.text(st.sampled_from("ab1,;\t\"'\r\n =-@深　\x0b\x1c\xa0"), max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELLS, max_size=5), max_size=12),
    block=st.sampled_from([1, 3, 11, 50, 4_000_000]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_tables_of_a_writer(rows: Any, block: int, quoting: Any, end: str, tmp_path: Path) -> None:
    with io.StringIO(newline="") as said, pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_text, "_BLOCK", block)
        writer = csv.writer(said, quoting=quoting, lineterminator=end)
        writer.writerows([["id", "lon", "lat"], *rows])
        path = tmp_path / "made.csv"
        path.write_bytes(said.getvalue().encode())
        same_as_text(path)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.lists(st.sampled_from([*"abc,;\t\" '\r\n=-深", ",,", "\r\n", '"a"', '""', "1,2,3\n"]), max_size=60),
    block=st.sampled_from([1, 3, 11, 4_000_000]),
)
def test_tables_by_hand(body: list[str], block: int, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_text, "_BLOCK", block)
        path = tmp_path / "made.csv"
        path.write_bytes(("id,lon,lat\n" + "".join(body)).encode())
        same_as_text(path)


# Parquet


def write(path: Path, table: pa.Table, geo: dict[str, Any] | None = None, rows: int = 4) -> None:
    meta = dict(table.schema.metadata or {})
    if geo is not None:
        meta[b"geo"] = json.dumps(geo).encode()
    pq.write_table(table.replace_schema_metadata(meta), path, row_group_size=rows)


def geo_of(**column: Any) -> dict[str, Any]:
    held = {"encoding": "WKB", "geometry_types": [], **column}
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": held}}


@pytest.fixture(params=[2, 3, 65_536], ids=["2 rows", "3 rows", "whole"])
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(long_parquet, "_ROWS", request.param)
    return int(request.param)


def same_as_parquet(path: Path) -> list[Any]:
    """Assert that a Parquet file gives the same rows both ways; the rows."""
    layer = parquet.read(path, limits=LIMITS)
    rows, faults, notes = by_parts(path)
    shapes = (None,) * len(layer.rows) if layer.geometries is None else layer.geometries
    wanted = [(n, None, row, words_of(shape)) for n, row, shape in zip(layer.numbers, layer.rows, shapes, strict=True)]
    assert rows == wanted
    assert [list(map(type, row[2].values())) for row in rows] == [list(map(type, row.values())) for row in layer.rows]
    assert faults == faults_of(layer.faults)
    file = open_long(path, LIMITS)
    assert file is not None
    assert (file.columns, file.format) == (layer.columns, layer.format)
    assert file.crs == layer.crs
    assert file.placed == (layer.geometries is not None)
    if len(rows) < long_parquet._ROWS:
        assert sorted(notes) == sorted(layer.notes)
    return rows


EAST = timezone(timedelta(hours=8))
COLUMNS = {
    "whole": pa.array([1, None, -3, 2**62, 0]),
    "small whole": pa.array([1, None, 3, 255, 0], pa.uint8()),
    "large whole": pa.array([1, None, 2**64 - 1, 0, 5], pa.uint64()),
    "numbers": pa.array([0.1, None, math.nan, math.inf, -0.0]),
    "single": pa.array([0.1, None, math.nan, -math.inf, 1e30], pa.float32()),
    "half": pa.array(np.array([0.1, 1, np.nan, np.inf, 2], dtype=np.float16)),
    "truth": pa.array([True, None, False, True, True]),
    "text": pa.array(["a", None, "", "　", "=1"]),
    "large text": pa.array(["a", None, "", "b", "c"], pa.large_string()),
    "text with nul": pa.array(["a\0b", None, "\ufffd", "\0", "c"]),
    "dictionary": pa.array(["a", None, "b", "a", "a"]).dictionary_encode(),
    "dictionary of numbers": pa.array([1.5, None, 2, 1.5, 2]).dictionary_encode(),
    "days": pa.array([date(2026, 11, 22), None, date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29)]),
    "midnights": pa.array([datetime(2026, 11, 22), None, datetime(2024, 1, 1), None, datetime(1970, 1, 1)]),
    "midnights in a zone": pa.array(
        [datetime(2026, 11, 22, tzinfo=EAST), None, datetime(2024, 1, 1, tzinfo=EAST), None, None],
        pa.timestamp("ms", "+08:00"),
    ),
    "no midnights in a zone": pa.array([datetime(2026, 11, 22, tzinfo=UTC)] * 5, pa.timestamp("us", "Asia/Shanghai")),
    "moments": pa.array([datetime(2026, 11, 22), None, datetime(2024, 1, 1), None, datetime(2026, 11, 22, 8, 30, 1)]),
    "fine moments": pa.array([1, None, 10**9, 0, 5], pa.timestamp("ns")),
    "no moments": pa.array([None] * 5, pa.timestamp("us")),
    "times": pa.array([time(8, 30), None, time(0), time(1, 2, 3, 4), time(23)]),
    "decimals": pa.array([Decimal("5.10"), None, Decimal("5.00"), Decimal("-0.01"), Decimal("123456.78")]),
    "binary": pa.array([b"\x00\xff", None, b"", b"a", b"b"]),
    "lists": pa.array([[1, 2], None, [], [3], [None]]),
    "records": pa.array([{"a": 1, "b": "深"}, None, {"a": None, "b": "x"}, {"a": 2, "b": ""}, {"a": 0, "b": "q"}]),
    "nothing": pa.nulls(5),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_kinds_of_parquet(name: str, small: int, tmp_path: Path) -> None:
    path = tmp_path / "list.parquet"
    column = COLUMNS[name]
    write(path, pa.table({"id": pa.array(["a", "b", "c", "d", "e"]), name: column}))
    same_as_parquet(path)


def test_slices_of_large_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_parquet, "_ROWS", 3)
    path = tmp_path / "list.parquet"
    write(path, pa.table({"lon": np.arange(40.0), "lat": np.arange(40.0)}), rows=17)
    rows = same_as_parquet(path)
    assert [row[2]["lon"] for row in rows] == list(range(40))
    file = open_long(path, LIMITS)
    assert file is not None
    assert [(unit.start, unit.row, unit.skip, unit.take) for unit, _ in file.units()] == [
        *((0, at, at, 3) for at in range(0, 15, 3)), (0, 15, 15, 2),
        *((1, 17 + at, at, 3) for at in range(0, 15, 3)), (1, 32, 15, 2),
        (2, 34, 0, 3), (2, 37, 3, 3),
    ]  # fmt: skip


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [0, 2, 3], [3, 0, 1], [1, 1, 0, 2]], ids=str)
def test_a_slice_is_the_same_whatever_was_read_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: list[int]
) -> None:
    monkeypatch.setattr(long_parquet, "_ROWS", 3)
    path = tmp_path / "list.parquet"
    write(path, pa.table({"lon": np.arange(11.0), "lat": np.arange(11.0)}), rows=7)
    file = open_long(path, LIMITS)
    assert file is not None
    units = [unit for unit, _ in file.units()]
    reader = file.opened()
    for at in order:
        alone = told(file.opened().read(units[at]), file)
        assert told(reader.read(units[at]), file) == alone
    left = reader.read(units[0])
    next(left)
    assert told(reader.read(units[1]), file) == told(file.opened().read(units[1]), file), "one that was not read on"


def test_a_row_group_is_decoded_once_for_slices_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_parquet, "_ROWS", 3)
    path = tmp_path / "list.parquet"
    write(path, pa.table({"lon": np.arange(14.0), "lat": np.arange(14.0)}), rows=14)
    opened: list[object] = []
    whole = pq.ParquetFile.iter_batches
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", lambda *a, **k: opened.append(1) or whole(*a, **k))
    file = open_long(path, LIMITS)
    assert file is not None
    assert [len(part.numbers) for _, parts in file.units() for part in parts] == [3, 3, 3, 3, 2]
    assert len(opened) == 1


SHAPES = {
    "points": ["POINT (113.9 22.5)"] * 5,
    "polygons": ["POLYGON ((113 22, 114 22, 114 23, 113 22))"] * 5,
    "mixed": ["POINT (1 2)", "POLYGON ((0 0, 1 0, 1 1, 0 0))", "MULTIPOINT (1 2)", "LINESTRING (0 0, 1 1)",
              "POINT EMPTY"],
    "heights": ["POINT Z (1 2 3)", "POINT (1 2)", "POLYGON Z ((0 0 1, 1 0 1, 1 1 1, 0 0 1))", "POINT M (1 2 3)",
                "POINT (4 5)"],
    "one null": ["POINT (1 2)", None, "POINT (3 4)", "POINT (5 6)", "POINT (7 8)"],
    "no shape": [None] * 5,
    "not finite": ["POINT (1 2)", "POINT (inf 2)", "POINT (3 nan)", "POINT (5 6)", "POINT (-inf 8)"],
}  # fmt: skip


@pytest.mark.parametrize("order", [0, 1], ids=["big-endian", "little-endian"])
@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary()], ids=str)
@pytest.mark.parametrize("name", SHAPES)
def test_geometries_of_parquet(name: str, kind: Any, order: int, small: int, tmp_path: Path) -> None:
    with np.errstate(invalid="ignore"):
        shapes = shapely.from_wkt(np.array(SHAPES[name], dtype=object))
        wkb = shapely.to_wkb(shapes, byte_order=order, flavor="iso")
    path = tmp_path / "list.parquet"
    table = pa.table({"id": pa.array([1, 2, 3, 4, 5]), "geometry": pa.array(wkb.tolist(), kind)})
    write(path, table, geo_of())
    same_as_parquet(path)


def test_broken_geometries_are_faults_of_their_rows(small: int, tmp_path: Path) -> None:
    point = shapely.to_wkb(shapely.Point(1, 2))
    unclosed = bytes.fromhex("0103000000" + "01000000" + "03000000") + np.array([0, 0, 1, 0, 1, 1], "<f8").tobytes()
    wkb = [point, b"\x01\x01", unclosed, b"", point[:-1], point, unclosed, b"\x07" * 21]
    path = tmp_path / "list.parquet"
    write(path, pa.table({"geometry": pa.array(wkb, pa.binary())}), geo_of(), rows=8)
    same_as_parquet(path)
    _, _, notes = by_parts(path)
    said = " ".join(en for _, en in notes)
    assert "3" in said
    assert "7" in said, "rows are named as they stand in the file"


def test_declared_systems(small: int, tmp_path: Path) -> None:
    import pyproj

    wkb = pa.array(shapely.to_wkb(shapely.points([[1.0, 2], [3, 4]])).tolist(), pa.binary())
    path = tmp_path / "list.parquet"
    for crs in ({}, {"crs": None}, {"crs": pyproj.CRS(4547).to_json_dict()}, {"crs": {"type": "nonsense"}}):
        write(path, pa.table({"id": [1, 2], "geometry": wkb}), geo_of(**crs))
        same_as_parquet(path)


def test_several_geometries_and_none(small: int, tmp_path: Path) -> None:
    wkb = pa.array(shapely.to_wkb(shapely.points([[1.0, 2], [3, 4]])).tolist(), pa.binary())
    path = tmp_path / "list.parquet"
    said = geo_of()
    said["columns"]["other"] = {"encoding": "WKB", "geometry_types": []}
    write(path, pa.table({"id": [1, 2], "geometry": wkb, "other": wkb}), said)
    same_as_parquet(path)
    write(path, pa.table({"lon": [1.0, 2], "lat": [3.0, 4], "wkb": wkb}))
    same_as_parquet(path)
    for odd in (b"[]", b'{"columns": []}'):
        pq.write_table(pa.table({"lon": [1.0], "lat": [2.0]}).replace_schema_metadata({b"geo": odd}), path)
        same_as_parquet(path)


def test_no_rows_and_no_columns(small: int, tmp_path: Path) -> None:
    wkb = pa.array(shapely.to_wkb(shapely.points([[1.0, 2], [3, 4]])).tolist(), pa.binary())
    path = tmp_path / "list.parquet"
    write(path, pa.table({"geometry": wkb}), geo_of())
    assert len(same_as_parquet(path)) == 2
    write(path, pa.table({"id": [1, 2], "geometry": wkb}).slice(0, 0), geo_of())
    assert same_as_parquet(path) == []
    file = open_long(path, LIMITS)
    assert file is not None
    assert [len(part.numbers) for _, parts in file.units() for part in parts] == [0], "an empty list is answered too"


def test_native_geometries_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.parquet"
    table = pa.table({"geometry": pa.array([{"x": 1.0, "y": 2.0}])})
    write(path, table, geo_of(encoding="point"))
    assert open_long(path, LIMITS) is None


@pytest.mark.parametrize("cut", ["start", "middle", "end", "metadata"])
def test_damaged_parquet(cut: str, tmp_path: Path) -> None:
    path = tmp_path / "list.parquet"
    geo = None if cut != "metadata" else {"columns": {}}
    write(path, pa.table({"lon": np.random.default_rng(7).uniform(size=500), "lat": np.arange(500.0)}), geo, rows=500)
    raw = bytearray(path.read_bytes())
    if cut == "metadata":
        table = pq.read_table(path).replace_schema_metadata({b"geo": b"{not json"})
        pq.write_table(table, path)
        raw = bytearray(path.read_bytes())
    elif cut == "end":
        raw = raw[:-40]
    else:
        at = 0 if cut == "start" else 4
        raw[at : at + 20] = b"\xff" * 20
    path.write_bytes(raw)
    with pytest.raises(GeoError) as short:
        parquet.read(path, limits=LIMITS)
    with pytest.raises(GeoError) as long:
        by_parts(path)
    assert str(long.value) == str(short.value)


def invalid_text(path: Path) -> Path:
    """A table with a text that is no UTF-8."""
    ends, held = np.array([0, 3, 5], dtype=np.int32), b"abc\xc3\x28"
    name = pa.Array.from_buffers(pa.string(), 2, [None, pa.py_buffer(ends), pa.py_buffer(held)])
    pq.write_table(pa.table({"id": ["a", "b"], "lon": [114.0, 114.1], "lat": [22.5, 22.6], "name": name}), path)
    return path


def test_text_that_is_no_utf8_is_told_by_both_ways(tmp_path: Path) -> None:
    path = invalid_text(tmp_path / "a.parquet")
    for way in (lambda: parquet.read(path, limits=LIMITS), lambda: by_parts(path)):
        with pytest.raises(GeoError, match="damaged") as caught:
            way()
        assert "Invalid UTF8" in caught.value.en


def test_curves_are_faults_of_their_rows_by_both_ways(tmp_path: Path) -> None:
    ring = np.array([114.05, 22.54, 114.06, 22.55, 114.07, 22.54, 114.06, 22.53, 114.05, 22.54])
    curve = b"\1" + np.array([10, 1], "<u4").tobytes() + b"\1" + np.array([8, 5], "<u4").tobytes() + ring.tobytes()
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB"}}}
    shapes = pa.array([shapely.Point(114, 22.5).wkb, curve, shapely.box(114, 22.5, 114.1, 22.6).wkb], pa.binary())
    table = pa.table({"id": ["a", "b", "c"], "geometry": shapes})
    path = tmp_path / "a.parquet"
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    short, (_, faults, _) = parquet.read(path, limits=LIMITS), by_parts(path)
    for found in (faults_of(short.faults), faults):
        assert [(row, said) for row, _, _, said, _ in found] == [(2, "the geometry has curves")]
    assert [one is None for one in short.geometries] == [False, True, False]


def test_a_narrowed_file_holds_what_is_asked_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": ["a"], "lon": [114.0], "lat": [22.5], "name": ["x"]}), path)
    file = open_long(path, LIMITS)
    assert file is not None
    narrow = file.narrowed(frozenset(["lon", "id"]))
    ((unit, parts),) = narrow.units()
    assert [part.table.column_names for part in parts] == [["id", "lon"]]
    assert [part.table.column_names for part in file.opened().read(unit)] == [["id", "lon", "lat", "name"]]
