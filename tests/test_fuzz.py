"""Whatever bytes, tables, objects or numbers come in, only our own errors come out.

The examples are fixed (derandomised), so that a run says the same every time; valid
files of each format are made once and then spoilt in many places.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hostile import binary, database, shapefile, sheets, xml
from hostile.case import A
from hostile.geojson import collection, feature, point
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import crs, sites, sources
from geo.errors import GeoError
from geo.sites import Reading
from geo.sources import Limits

SMALL = Limits(megabytes=20, members=50, rows=500, columns=100, vertices=5_000)
ENDINGS = (
    "csv", "tsv", "txt", "xlsx", "geojson", "json", "geojsonl", "geojsons", "gpkg", "shp", "zip", "kml", "kmz", "gml", "fgb",
    "parquet", "dxf", "gdb",
)  # fmt: skip
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def often(count: int) -> settings:
    """So many examples, always the same ones."""
    return settings(max_examples=count, derandomize=True, database=None, deadline=None, suppress_health_check=QUIET)


def take(path: Path) -> None:
    """Read, draft and settle a file; only our errors may come of it, and each has both languages."""
    try:
        layer = sources.read(path, limits=SMALL)
        found = sites.settle(sites.draft(layer, Reading("wgs84")), Reading("wgs84"))
    except GeoError as error:
        assert error.en and error.zh, repr(error)
        return
    for one in found.sites:
        assert np.isfinite(shapely.bounds(one.geometry)).all(), one
    for other in found.rejected:
        assert other.reason("en") and other.reason("zh")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


def fresh(folder: Path, name: str, raw: bytes) -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("ending", ENDINGS)
@often(12)
@given(raw=st.binary(max_size=400))
def test_any_bytes_under_any_ending(folder: Path, ending: str, raw: bytes) -> None:
    take(fresh(folder, f"any.{ending}", raw))


MARKS = {
    "xlsx": b"PK\x03\x04", "zip": b"PK\x03\x04", "kmz": b"PK\x05\x06", "gpkg": b"SQLite format 3\0", "fgb": b"fgb\x03fgb\x00",
    "parquet": b"PAR1", "shp": b"\0\0\x27\x0a" + bytes(20), "kml": b"<?xml version='1.0'?><kml>", "gml": b"<?xml version='1.0'?>",
    "geojson": b'{"type":"FeatureCollection","features":[', "dxf": b"0\nSECTION\n2\nENTITIES\n0\n", "csv": b"id,lon,lat\n",
}  # fmt: skip


@pytest.mark.parametrize("ending", MARKS)
@often(15)
@given(raw=st.binary(max_size=600))
def test_the_right_first_bytes_and_then_noise(folder: Path, ending: str, raw: bytes) -> None:
    take(fresh(folder, f"mark.{ending}", MARKS[ending] + raw))


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A valid file of each format that is one file."""
    base = tmp_path_factory.mktemp("valid")
    parts = {f"sites.{ending}": held for ending, held in shapefile.FULL.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in parts.items():
            archive.writestr(name, held)
    kmz = io.BytesIO()
    with zipfile.ZipFile(kmz, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", xml.kml(xml.GOOD, xml.LAST))
    square = shapely.box(A[0], A[1], A[0] + 0.01, A[1] + 0.01)
    many = collection(feature("A", point(A)), feature("B", json.loads(shapely.to_geojson(square)), field="光刻胶"))
    return {
        "csv": '编号,lon,lat,field\nA,113.85,22.7,光刻胶\n"B, b",114°22′12″,22.70,\n'.encode(),
        "xlsx": sheets.FINE(base).read_bytes(),
        "geojson": many.encode(),
        "geojsonl": "\n".join(json.dumps(one) for one in json.loads(many)["features"]).encode(),
        "gpkg": database.GOOD(base).read_bytes(),
        "zip": packed.getvalue(),
        "kml": xml.kml(
            xml.GOOD, xml.placemark("B", "113.85,22.7 113.86,22.7 113.86,22.71 113.85,22.7", "Polygon")
        ).encode(),
        "kmz": kmz.getvalue(),
        "gml": xml.gml(xml.FINE, xml.END).encode(),
        "fgb": binary.FGB(base).read_bytes(),
        "parquet": binary.PARQUET(base).read_bytes(),
        "dxf": binary.dxf(binary.SQUARE, binary.SQUARE).encode(),
    }


CHANGES = st.lists(
    st.tuples(st.sampled_from(["flip", "insert", "delete", "cut", "repeat"]), st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=6)),
    min_size=1,
    max_size=4,
)  # fmt: skip


def spoilt(raw: bytes, changes: list[tuple[str, float, bytes]]) -> bytes:
    """Bytes after each change in turn; places are shares of the length."""
    for kind, share, piece in changes:
        at = int(share * len(raw))
        raw = {
            "flip": raw[:at] + piece + raw[at + len(piece) :],
            "insert": raw[:at] + piece + raw[at:],
            "delete": raw[:at] + raw[at + len(piece) :],
            "cut": raw[:at],
            "repeat": raw[:at] + raw[at : at + 40] * len(piece) + raw[at:],
        }[kind]
    return raw


@pytest.mark.parametrize(
    "ending", ["csv", "xlsx", "geojson", "geojsonl", "gpkg", "zip", "kml", "kmz", "gml", "fgb", "parquet", "dxf"]
)
@often(60)
@given(changes=CHANGES)
def test_valid_files_spoilt(
    folder: Path, valid: dict[str, bytes], ending: str, changes: list[tuple[str, float, bytes]]
) -> None:
    take(fresh(folder, f"spoilt.{ending}", spoilt(valid[ending], changes)))


@pytest.mark.parametrize("part", sorted(shapefile.FULL))
@often(30)
@given(changes=CHANGES)
def test_parts_of_a_shapefile_spoilt(tmp_path: Path, part: str, changes: list[tuple[str, float, bytes]]) -> None:
    raw = shapefile.FULL[part]
    assert isinstance(raw, bytes)
    take(shapefile.loose({**shapefile.FULL, part: spoilt(raw, changes)})(tmp_path))


CELLS = st.one_of(
    st.text(max_size=12),
    st.floats().map(repr),
    st.sampled_from(
        [
            "113.85",
            "22.7",
            "",
            " ",
            "=1+1",
            "POINT (1 1)",
            "113°51′",
            "wgs84",
            "NaN",
            "1e999",
            "-0",
            "\ufeff",
            '"',
            "\x1b",
        ]
    ),
)


@often(120)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=8), max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_any_table(folder: Path, rows: list[list[str]], delimiter: str, encoding: str) -> None:
    head = ["id", "lon", "lat", "wkt", "datum", "field", "stage", "name"]
    lines = [delimiter.join(cells) for cells in [head, *rows]]
    take(fresh(folder, "table.csv", "\n".join(lines).encode(encoding, "replace")))


@often(80)
@given(st.lists(CELLS, min_size=1, max_size=8, unique=True), st.lists(CELLS, max_size=8))
def test_any_header(folder: Path, head: list[str], cells: list[str]) -> None:
    take(fresh(folder, "head.csv", "\n".join([",".join(head), ",".join(cells)]).encode("utf-8", "replace")))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=6) | st.sampled_from(["type", "coordinates", "id"]), inner, max_size=4)
    ),
    max_leaves=12,
)
NUMBERS = st.recursive(
    st.floats() | st.integers(-200, 200) | st.none(), lambda inner: st.lists(inner, max_size=5), max_leaves=20
)
KINDS = st.sampled_from(
    ["Point", "MultiPoint", "LineString", "Polygon", "MultiPolygon", "GeometryCollection", "Feature", "Curve"]
)
SHAPES = JSON | st.fixed_dictionaries({"type": KINDS, "coordinates": NUMBERS}) | st.fixed_dictionaries(
    {"type": st.just("GeometryCollection"), "geometries": JSON}
)  # fmt: skip
FEATURES = JSON | st.fixed_dictionaries({"type": st.just("Feature"), "properties": JSON, "geometry": SHAPES})


@often(100)
@given(
    JSON
    | st.fixed_dictionaries(
        {"type": st.just("FeatureCollection"), "features": st.lists(FEATURES, max_size=4), "crs": JSON}
    )
)
def test_any_json(folder: Path, held: Any) -> None:
    take(fresh(folder, "any.geojson", json.dumps(held).encode("utf-8", "surrogatepass")))


@often(60)
@given(st.lists(FEATURES, max_size=4))
def test_any_lines_of_json(folder: Path, held: list[Any]) -> None:
    take(fresh(folder, "any.geojsonl", "\n".join(map(json.dumps, held)).encode()))


@often(400)
@given(
    st.text()
    | CELLS
    | st.floats()
    | st.integers()
    | st.none()
    | st.booleans()
    | st.text("0123456789.°′″'\"度分秒东经北纬NSEW+-: ,e")
)
def test_any_coordinate_is_a_finite_number_or_our_error(value: object) -> None:
    try:
        number, axis = sites.read_coordinate(value)
    except GeoError as error:
        assert error.en and error.zh
    else:
        assert math.isfinite(number)
        assert axis in (None, "lon", "lat")


@often(100)
@given(st.floats(-180, 180), st.integers(0, 59), st.floats(0, 59.99))
def test_degrees_minutes_seconds_come_back(degrees: float, minutes: int, seconds: float) -> None:
    whole = int(degrees)
    number, _ = sites.read_coordinate(f"{abs(whole)}°{minutes}′{seconds:.6f}″")
    assert number == pytest.approx(abs(whole) + minutes / 60 + round(seconds, 6) / 3600, abs=1e-12)


LON, LAT = st.floats(113.5, 115.5), st.floats(22.2, 23.0)
SHIFTS = {
    "gcj02": (crs.wgs84_to_gcj02, crs.gcj02_to_wgs84),
    "bd09": (crs.gcj02_to_bd09, crs.bd09_to_gcj02),
    "grid": (crs.to_metres, crs.from_metric) if hasattr(crs, "from_metric") else (crs.to_metres, crs.to_metres),
}


@pytest.mark.parametrize("name", ["gcj02", "bd09"])
@often(200)
@given(lon=LON, lat=LAT)
def test_datum_shifts_come_back_within_a_millimetre(name: str, lon: float, lat: float) -> None:
    there, back = SHIFTS[name]
    x, y = back(*there(lon, lat))
    assert math.hypot((float(x) - lon) * 102_800, (float(y) - lat) * 110_900) < 0.001


ANY = st.floats() | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0, 1e308, 180.0, 90.0])


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", "gcj02", "bd09", 4547, 4526, 4490, 32650, 3857])
@often(60)
@given(lon=ANY, lat=ANY)
def test_no_number_makes_a_datum_shift_raise(datum: str | int, lon: float, lat: float) -> None:
    x, y = crs.to_wgs84(np.array([lon, A[0]]), np.array([lat, A[1]]), datum)
    assert x.shape == y.shape == (2,)


@often(100)
@given(ANY, ANY, st.sampled_from(["wgs84", "gcj02", "bd09", 4547, None]))
def test_any_single_place_is_a_site_or_our_error(lon: float, lat: float, datum: str | int | None) -> None:
    try:
        site = sites.single(lon, lat, datum=datum)
    except GeoError:
        return
    assert np.isfinite(shapely.bounds(site.geometry)).all()


@often(150)
@given(
    st.text(max_size=20)
    | st.from_regex(r"(?i)epsg:\s*\d{1,12}", fullmatch=True)
    | st.sampled_from(["", "EPSG:", "gcj-02", "百度", "EPSG:0"])
)
def test_any_name_of_a_datum_is_known_or_our_error(text: str) -> None:
    try:
        found = crs.parse_datum(text)
    except GeoError as error:
        assert error.en and error.zh
    else:
        assert isinstance(found, str | int)
