"""Columns of a part settled at once are what its rows settled one by one are: sites, faults, notes, warnings."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import crs
from geo.errors import GeoError
from geo.intake import read_control_points
from geo.sites import Reading, draft
from geo.sites.many import Many, Sheet, column_text, settle_part
from geo.sites.row import cell_text
from geo.sites.settle import settle_rows
from geo.sources import Limits, long_parquet, long_text, parquet, text
from geo.sources.parts import open_long

LIMITS = Limits()
PLAIN = Reading()


def one_by_one(path: Path, reading: Reading) -> tuple[list[Any], list[Any], list[Any]]:
    """Sites, rejected rows and warnings of the way of a short list."""
    read = parquet.read if path.suffix == ".parquet" else text.read
    found = settle_rows(draft(read(path, limits=LIMITS), reading), reading)
    sites = [
        (
            one.row, one.id or None, one.name or None, shapely.to_wkb(one.geometry, hex=True), one.datum,
            one.datum_basis, one.accuracy_m, one.field_query, one.stage_query, one.district_query, one.notes,
        )
        for one in found.sites
    ]  # fmt: skip
    return sites, rejected_of(found.rejected), sorted(found.warnings)


def rejected_of(rejected: Any) -> list[Any]:
    return [
        (one.row, one.line, one.id, one.field, one.stage, one.reason("zh"), one.reason("en"), one.attributes)
        for one in rejected
    ]


def at_once(path: Path, reading: Reading) -> tuple[list[Any], list[Any], list[Any]]:
    """The same of the way of a long list."""
    file = open_long(path, LIMITS)
    assert file is not None
    sheet = Sheet.of(file, reading)
    sites: list[Any] = []
    rejected: list[Any] = []
    warnings = dict.fromkeys(file.notes)
    for _, parts in file.units():
        for part in parts:
            many = settle_part(part, sheet)
            assert sorted(one.row for one in many.rejected) == [one.row for one in many.rejected]
            sites += sites_of(many, part.numbers)
            rejected += rejected_of(many.rejected)
            warnings |= many.warnings
    return sites, rejected, sorted(warnings)


def sites_of(many: Many, numbers: Any) -> list[Any]:
    points = shapely.points(many.lon, many.lat)
    shapes = points if many.shapes is None else np.where(shapely.is_missing(many.shapes), points, many.shapes)
    held = {name: [words[code] for code in codes] for name, (codes, words) in many.texts.items()}
    return [
        (
            int(numbers[at]), many.ids[place].as_py(), many.names[place].as_py(),
            shapely.to_wkb(shapes[place], hex=True), *many.bases[many.basis[place]],
            held["field"][place], held["stage"][place], held["district"][place], many.notes[many.note[place]],
        )
        for place, at in enumerate(many.at)
    ]  # fmt: skip


def same(path: Path, reading: Reading = PLAIN) -> tuple[list[Any], list[Any], list[Any]]:
    """Assert that both ways agree, or raise the same error; sites, rejected rows, warnings."""
    try:
        wanted = one_by_one(path, reading)
    except GeoError as error:
        with pytest.raises(type(error)) as other:
            at_once(path, reading)
        assert str(other.value) == str(error)
        return [], [], []
    found = at_once(path, reading)
    assert found[0] == wanted[0]
    assert found[1] == wanted[1]
    assert found[2] == wanted[2]
    return found


@pytest.fixture(params=[120, 4_000_000], ids=["small blocks", "one block"], autouse=True)
def _blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_text, "_BLOCK", request.param)
    monkeypatch.setattr(long_parquet, "_ROWS", 3 if request.param == 120 else 65_536)


def table(path: Path, header: str, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header.split(","), *rows])
    return path


COORDINATES = [
    ["113.9", "22.5"], ["113.90", "22.50"], ["113", "22"], ["113.", "22."], [".5", "22.5"], ["-113.9", "22.5"],
    ["+113.9", "22.5"], ["1.139e2", "22.5"], ["1e400", "22.5"], ["nan", "22.5"], ["inf", "22.5"], ["-0", "0"],
    ["0", "0"], ["0.001", "-0.001"], ["0.02", "0"], ["113.9", ""], ["", "22.5"], ["", ""], [" ", "　"], ["x", "22.5"],
    ["113°50′42″E", "22°42′N"], ["113:50:42", "22 42 0"], ["113°60′", "22.5"], ["１１３．９", "２２．５"],
    ["113.9E", "22.5N"], ["22.5N", "113.9E"], ["113.9", "22.5E"], ["东经113.9", "北纬22.5"], ["W113.9", "S22.5"],
    ["22.5", "113.9"], ["181", "22.5"], ["180", "90"], ["-180", "-90"], ["180.0000001", "22.5"], ["113.9", "90.1"],
    ["505426.3", "2494242.6"], ["2,494,242.6", "505,426.3"], ["113,9", "22,5"], [" 113.9", "22.5 "],
    ["113.9\n", "22.5"],
    ["0x10", "22"], ["1_13.9", "22.5"], ["--113.9", "22.5"], ["113.9°", "22.5度"], ["٠", "22.5"], ["1" * 320, "22.5"],
    ["113.90000000000000000000001", "22.5"], ["4.9e-324", "22.5"], ["9" * 20, "1"],
]  # fmt: skip


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("datum", [None, "wgs84", "cgcs2000", "gcj02", "bd09", 4326, 4547, 2435])
def test_numbers(datum: Any, swap: bool, tmp_path: Path) -> None:
    rows = [[f"S{at}", *pair] for at, pair in enumerate(COORDINATES)]
    sites, rejected, warnings = same(table(tmp_path / "list.csv", "id,lon,lat", rows), Reading(datum, swap))
    assert sites
    assert rejected
    assert bool(warnings) == (datum in (None, 2435))


@pytest.mark.parametrize("name", ["lon,lat", "经度,纬度", "x,y", "X,Y", "坐标", "position", "经纬度", "GCJ02坐标"])
def test_columns_of_positions(name: str, tmp_path: Path) -> None:
    one = len(name.split(",")) == 1
    rows = [["S1", "113.9,22.5"], ["S2", "22.5N 113.9E"], ["S3", ""], ["S4", "（114，22.6）"], ["S5", "1"]]
    split = [["S1", "113.9", "22.5"], ["S2", "505426.3", "2494242.6"], ["S3", "", ""]]
    path = table(tmp_path / "list.csv", f"id,{name}", rows if one else split)
    for reading in (Reading(), Reading("gcj02"), Reading(4547), Reading(4547, swap=True)):
        same(path, reading)


METRES = [
    ["505426.338", "2494242.655"], ["2494242.655", "505426.338"], ["38505426.3", "2494242.6"], ["0", "0"], ["1e9", "1"],
    ["", "2494242"], ["113.9", "22.5"], ["505,426.3", "2,494,242.6"], ["nan", "1"], ["505426", "2494242"],
]  # fmt: skip


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("datum", [None, 4547, 4526, 2435, 3857, "wgs84", 4490])
def test_metres(datum: Any, swap: bool, tmp_path: Path) -> None:
    path = table(tmp_path / "list.csv", "id,x,y", [["a", *pair] for pair in METRES])
    same(path, Reading(datum, swap))
    both = table(tmp_path / "both.csv", "x,y,lon,lat", [[*pair, "113.9", "22.5"] for pair in METRES])
    same(both, Reading(datum, swap))


@pytest.mark.parametrize("datum", [None, "gcj02", "wgs84", 4547])
@pytest.mark.parametrize("axes", ["lon,lat", "x,y"])
def test_datums_of_rows(datum: Any, axes: str, tmp_path: Path) -> None:
    words = ["", "WGS84", "wgs84", "GCJ-02", "火星坐标", "BD09", "CGCS2000", "EPSG:4547", "4547", "EPSG:4526", "2435",
             "北京54", "Nowhere", "EPSG:999999", " ", "百度", "西安80", "EPSG:3857", "高德"]  # fmt: skip
    rows = [
        [str(at), *pair, word] for at, word in enumerate(words) for pair in (["113.9", "22.5"], METRES[0], ["", "1"])
    ]
    path = table(tmp_path / "list.csv", f"id,{axes},datum", rows)
    same(path, Reading(datum))
    same(table(tmp_path / "known.csv", f"id,{axes},坐标系", [row for row in rows if row[3].strip()]), Reading(datum))


def test_control_points(tmp_path: Path) -> None:
    east, north = 505_000.0, 2_494_000.0
    rows = []
    for dx, dy in ((0, 0), (5000, 0), (0, 5000), (5000, 5000), (2500, 1000)):
        lon, lat = crs.to_wgs84(np.array([east + dx]), np.array([north + dy]), 4547)
        rows.append([str(dx), str(dy), repr(float(lon[0])), repr(float(lat[0]))])
    control = read_control_points(table(tmp_path / "control.csv", "x,y,lon,lat", rows), LIMITS)
    pairs = [["100", "200"], ["2500.5", "1000"], ["1e7", "0"], ["", "0"], ["x", "0"], ["0", "0"], ["1,000", "2,000"]]
    path = table(
        tmp_path / "list.csv", "id,x,y,datum", [["a", *pair, ""] for pair in pairs] + [["b", "113.9", "22.5", "wgs84"]]
    )
    for swap in (False, True):
        sites, rejected, warnings = same(path, Reading(control=control, swap=swap))
        assert sites
        assert rejected
        assert warnings
    wkt = [["POLYGON ((0 0, 500 0, 500 500, 0 500, 0 0))"], ["POINT (10 20)"], ["POLYGON ((0 0, 9e7 0, 9e7 1, 0 0))"]]
    same(table(tmp_path / "wkt.csv", "wkt", wkt), Reading(control=control))


def square(x: float, y: float, size: float) -> str:
    return shapely.to_wkt(shapely.box(x, y, x + size, y + size), rounding_precision=-1)


RING = "113.9 22.5, 113.92 22.5, 113.92 22.52, 113.9 22.52"
WKT = [
    "POINT (113.9 22.5)", "point(113.9 22.5)", "POINT Z (113.9 22.5 3)", "POINT EMPTY", "POLYGON EMPTY", "", " ",
    "MULTIPOINT (113.9 22.5)", "MULTIPOINT (113.9 22.5, 114 22.6)", "LINESTRING (113.9 22.5, 114 22.6)",
    square(113.9, 22.5, 0.01), square(113.9, 22.5, 0.00005), square(113.9, 22.5, 0.3), square(113.9, 22.5, 0.001),
    "POLYGON ((113.9 22.5, 113.91 22.5, 113.91 22.51))",
    "POLYGON ((113.9 22.5, 113.91 22.51, 113.91 22.5, 113.9 22.51, 113.9 22.5))",
    f"POLYGON (({RING}, 113.9 22.5), (113.91 22.51, 113.911 22.51, 113.911 22.511, 113.91 22.51))",
    f"POLYGON (({RING}, 113.91 22.52000001, 113.9 22.5))",
    f"MULTIPOLYGON ((({RING}, 113.9 22.5)), ((114 22.6, 114.01 22.6, 114.01 22.61, 114 22.6)))",
    "GEOMETRYCOLLECTION (POINT (1 2), POLYGON ((113.9 22.5, 113.91 22.5, 113.91 22.51, 113.9 22.5)))",
    "SRID=4326;POINT (113.9 22.5)", "SRID=4547;POINT (505426 2494242)",
    "srid = 4547 ; POLYGON ((505000 2494000, 505500 2494000, 505500 2494500, 505000 2494000))",
    "SRID=999999;POINT (1 2)", "SRID=0;POINT (113.9 22.5)", "POINT (113.9", "POINT (113.9, 22.5)",
    "POINT (inf 22.5)", "POINT (nan nan)", "POINT (200 22.5)", "POINT (22.5 113.9)", "POINT (0 0)",
    "POLYGON ((0 0, 0.005 0, 0.005 0.005, 0 0))", "x", "POINT(113.9 22.5) x", "CIRCULARSTRING (0 0, 1 1, 2 0)",
    "POLYGON ((505000 2494000, 505500 2494000, 505500 2494500, 505000 2494000))", "(" * 60 + ")" * 60,
    "POLYGON ((113.9 22.5, 113.91 22.5, 113.91 22.51, 113.9 22.5)), ", " POINT (113.9 22.5) ",
    "POLYGON Z ((113.9 22.5 1, 113.91 22.5 1, 113.91 22.51 1, 113.9 22.5 1))", "POINT (1139e-1 2.25e1)",
]  # fmt: skip


@pytest.mark.parametrize("beside", ["", "113.95,22.55", "x,"], ids=["wkt alone", "lon and lat beside", "broken beside"])
@pytest.mark.parametrize("datum", [None, "gcj02", "bd09", 4547, "wgs84"])
@pytest.mark.parametrize("swap", [False, True])
def test_geometries_in_words(datum: Any, swap: bool, beside: str, tmp_path: Path) -> None:
    cells = beside.split(",") if beside else []
    rows = [[str(at), one, *cells] for at, one in enumerate(WKT)]
    sites, rejected, _ = same(
        table(tmp_path / "list.csv", "id,wkt,lon,lat" if beside else "id,wkt", rows), Reading(datum, swap)
    )
    assert sites
    assert rejected


def test_geometries_with_datums_of_their_own(tmp_path: Path) -> None:
    datums = ["", "gcj02", "EPSG:4547", "nonsense"]
    rows = [[one, datum] for one in WKT for datum in datums]
    for reading in (Reading(), Reading("bd09")):
        same(table(tmp_path / "list.csv", "wkt,datum", rows), reading)


def test_other_columns(tmp_path: Path) -> None:
    rows = [
        ["", "", "113.9", "22.5", "", "", "", "q"], ["007", " n ", "113.9", "22.5", " 光刻胶 ", "研发", "南山区", ""],
        [" a ", "x\ny", "113.9", "22.5", "\u3000", "\x1c", "\xa0", ""],
        ["'=1", "'t", "113.9", "22.5", "=1", "-5", "@", ""],
        ["", "", "bad", "22.5", "光刻胶", "火星", "南山区", "q"], ["1e3", "深", "113.9E", "22.5", "f", "s", "d", "r"],
    ]  # fmt: skip
    for header in (
        "id,name,lon,lat,field,stage,district,note",
        "编号,名称,经度,纬度,产业,环节,区,备注",
        "ID,Name,LON,Lat,FIELD,Stage,区属,id",
    ):
        sites, rejected, _ = same(table(tmp_path / "list.csv", header, rows))
        assert len(sites) == 5
        assert len(rejected) == 1


def test_faulty_rows(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('id,lon,lat\na,113.9,22.5,more\nb,113.9\n\nc,113.9,22.5,,\nd,113.9,22.5,,x\n"e",113.9,22.5\n')
    sites, rejected, _ = same(path)
    assert [site[1] for site in sites] == ["c", "e"]
    assert [row[0] for row in rejected] == [1, 2, 5]


def geo_table(path: Path, wkb: list[Any], geo: dict[str, Any], **columns: Any) -> Path:
    held = pa.table({**columns, "geometry": pa.array(wkb, pa.binary())})
    said = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", **geo}}}
    pq.write_table(held.replace_schema_metadata({b"geo": json.dumps(said).encode()}), path, row_group_size=7)
    return path


@pytest.mark.parametrize("code", [None, 4326, 4490, 4547, 2435, 0], ids=lambda one: f"crs {one}")
@pytest.mark.parametrize("datum", [None, "gcj02", 4547])
def test_geometries_of_parquet(code: int | None, datum: Any, tmp_path: Path) -> None:
    import pyproj

    with np.errstate(invalid="ignore"):
        shapes = [shapely.from_wkt(one, on_invalid="ignore") for one in WKT if "CURVE" not in one and "CIRC" not in one]
    points = shapely.points(np.linspace(113.8, 114.5, 9), np.linspace(22.4, 22.8, 9))
    declared: dict[str, Any] = {} if code is None else {"crs": pyproj.CRS(code).to_json_dict() if code else None}
    for held in (shapes, list(points), [*points, None, *shapes[10:14]]):
        wkb = [None if one is None else shapely.to_wkb(one) for one in held]
        ids = pa.array([None if at % 3 == 0 else float(at) for at in range(len(wkb))])
        datums = pa.array(["gcj02" if at % 5 == 1 else None for at in range(len(wkb))])
        same(geo_table(tmp_path / "list.parquet", wkb, declared, id=ids), Reading(datum))
        same(geo_table(tmp_path / "list.parquet", wkb, declared, id=ids, datum=datums), Reading(datum, swap=True))


@pytest.mark.parametrize(
    "kind", [pa.float64(), pa.float32(), pa.int32(), pa.string(), pa.large_string(), pa.decimal128(9, 3), pa.bool_()]
)
def test_numbers_of_parquet(kind: Any, tmp_path: Path) -> None:
    from decimal import Decimal

    values = [113.875, None, 0.0, 22.5, 200.0, 114.0, 1.0]
    spelled = {
        pa.string(): str,
        pa.large_string(): str,
        pa.int32(): int,
        pa.bool_(): bool,
        pa.decimal128(9, 3): lambda one: Decimal(str(one)),
    }
    turn: Any = spelled.get(kind, float)
    lon = pa.array([None if one is None else turn(one) for one in values], kind)
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"id": pa.array(range(7)), "lon": lon, "lat": pa.array([22.5] * 6 + [float("nan")])}), path)
    same(path)


def test_ids_of_parquet(tmp_path: Path) -> None:
    from datetime import date, datetime
    from decimal import Decimal

    path = tmp_path / "list.parquet"
    held = {"lon": pa.array([113.9] * 4), "lat": pa.array([22.5] * 4)}
    kinds = [
        pa.array([1, None, 2, 2**53 + 1]),
        pa.array([1.0, None, 2.5, float("nan")]),
        pa.array([True, None, False, True]),
        pa.array([date(2026, 11, 22)] * 4),
        pa.array([datetime(2026, 11, 22)] * 4),
        pa.array([datetime(2026, 11, 22, 8)] * 4),
        pa.array([Decimal("5.10"), None, Decimal("5.00"), Decimal("7.25")]),
        pa.array(["a", None, " ", "a\0b"]),
        pa.array(["a", None, " ", "b"]).dictionary_encode(),
        pa.array(["a", None, "\u3000", "b"], pa.large_string()),
        pa.array([b"a", None, b"", b"\xff"]),
        pa.array([1.5, None, float("inf"), -0.0]),
        pa.nulls(4),
        pa.array([[1], None, [], [2]]),
    ]
    for column in kinds:
        pq.write_table(pa.table({"id": column, "name": column, "field": column, **held}), path)
        same(path)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(*[st.text(st.sampled_from("0123456789.-+eE °N５ \n"), max_size=6)] * 2), min_size=1, max_size=8
    )
)
def test_any_spelling(rows: list[tuple[str, str]], tmp_path: Path) -> None:
    same(table(tmp_path / "made.csv", "lon,lat,id", [[*pair, "a"] for pair in rows]))


@settings(max_examples=200)
@given(st.lists(st.none() | st.text(max_size=4), max_size=6))
def test_text_of_cells(cells: list[str | None]) -> None:
    wanted = [cell_text(one) for one in cells]
    for kind in (pa.string(), pa.large_string()):
        assert column_text(pa.table({"a": pa.array(cells, kind)}), "a").to_pylist() == wanted
    assert column_text(pa.table({"a": pa.array(cells, pa.string())}), None).to_pylist() == [None] * len(cells)


def test_keep(tmp_path: Path) -> None:
    path = table(
        tmp_path / "list.csv", "id,wkt", [["a", "POINT (113.9 22.5)"], ["b", square(113.9, 22.5, 0.01)], ["c", ""]]
    )
    file = open_long(path, LIMITS)
    assert file is not None
    parts = [part for _, held in file.units() for part in held]
    part = parts[0]
    many = settle_part(part, Sheet.of(file, Reading()))
    before = sites_of(many, part.numbers)
    many.keep(np.arange(1, len(before)))
    assert sites_of(many, part.numbers) == before[1:]
    many.keep(np.array([], dtype=np.intp))
    assert sites_of(many, part.numbers) == []


def test_names_of_files(tmp_path: Path) -> None:
    """A file kept elsewhere is called by the name that the user gave."""
    path = table(tmp_path / "kept.csv", "lon,lat", [["113.9", "22.5"]])
    file = open_long(path, LIMITS)
    assert file is not None
    sheet = Sheet.of(file.called(Path("given.csv")), Reading())
    ((_, parts),) = list(file.units())
    said = settle_part(next(parts), sheet).warnings
    assert all("given.csv" in en for _, en in said)
    assert said
