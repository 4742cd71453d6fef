"""Reading site files: columns, datums, rejected rows."""

import json
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon

from geo import crs, sites
from geo.errors import CRSMismatch, InputError

SQUARE = Polygon([(113.85, 22.70), (113.86, 22.70), (113.86, 22.71), (113.85, 22.71)])


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_chinese_column_names_and_gbk(tmp_path: Path) -> None:
    text = "编号,名称,经度,纬度,产业领域,环节,面积\nA1,沙井,113.85,22.70,光刻胶,研发设计,12\n"
    found = sites.read(write(tmp_path / "选址.csv", text, "gb18030"))
    (site,) = found.sites
    assert (site.id, site.name, site.field_query, site.stage_query) == ("A1", "沙井", "光刻胶", "研发设计")
    assert (site.geometry.x, site.geometry.y) == (113.85, 22.70)
    assert site.attributes["面积"] == "12"
    assert site.datum_basis == "assumed"
    assert any("WGS84" in zh and "WGS84" in en for zh, en in found.warnings)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_delimiters_and_byte_order_mark(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = delimiter.join(["ID", "Lon", "LAT"]) + "\n" + delimiter.join(["x", "113.9", "22.6"]) + "\n"
    found = sites.read(write(tmp_path / "s.csv", text, encoding))
    assert [site.id for site in found.sites] == ["x"]
    assert not found.rejected


def test_missing_id_is_the_row_number_and_ids_stay_text(tmp_path: Path) -> None:
    found = sites.read(write(tmp_path / "s.csv", "id,lon,lat\n007,113.9,22.6\n,113.91,22.6\n"))
    assert [site.id for site in found.sites] == ["007", "2"]


@pytest.mark.parametrize(
    ("row", "field", "word"),
    [
        ("b,,22.6", "lon", "missing"),
        ("b,x113,22.6", "lon", "not a number"),
        ("b,nan,22.6", "lon", "not a number"),
        ("b,inf,22.6", "lon", "not a number"),
        ("b,22.6,113.9", "lon, lat", "out of range"),
        ("b,505426,2494242", "lon, lat", "out of range"),
        ("a,113.9,22.6", "id", "already"),
    ],
)
def test_bad_rows_are_rejected_by_name_and_good_ones_kept(
    tmp_path: Path, row: str, field: str | None, word: str
) -> None:
    found = sites.read(write(tmp_path / "s.csv", f"id,lon,lat,memo\na,113.9,22.6,ok\n{row},keep me\n"))
    assert [site.id for site in found.sites] == ["a"]
    (bad,) = found.rejected
    assert bad.row == 2
    assert bad.attributes["memo"] == "keep me"
    assert bad.faults[0].field == field
    assert word in bad.faults[0].text("en")
    assert "s.csv" in bad.faults[0].text("zh")
    assert bad.faults[0].remedy_zh and bad.faults[0].remedy_en


def test_swapped_axes_are_named(tmp_path: Path) -> None:
    found = sites.read(write(tmp_path / "s.csv", "lon,lat\n22.6,113.9\n"))
    assert "swapped" in found.rejected[0].faults[0].text("en")
    assert "颠倒" in found.rejected[0].faults[0].text("zh")


def test_row_datum_goes_before_the_option_and_is_reported(tmp_path: Path) -> None:
    lon, lat = crs.wgs84_to_gcj02(113.85, 22.70)
    text = f"id,lon,lat,坐标系\na,{float(lon)!r},{float(lat)!r},GCJ-02\nb,113.85,22.70,\n"
    found = sites.read(write(tmp_path / "s.csv", text), datum="wgs84")
    first, second = found.sites
    assert first.geometry.distance(Point(113.85, 22.70)) < 1e-8
    assert first.datum == "gcj02" and first.datum_basis == "declared"
    assert second.datum == "wgs84"
    assert any("gcj02" in en and "option" in en for _, en in found.warnings)


def test_unknown_datum_in_a_row_rejects_that_row(tmp_path: Path) -> None:
    found = sites.read(write(tmp_path / "s.csv", "id,lon,lat,datum\na,113.9,22.6,mars\nb,113.9,22.6,wgs84\n"))
    assert [site.id for site in found.sites] == ["b"]
    assert found.rejected[0].faults[0].value == "mars"


def test_x_and_y_need_a_code(tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", "id,x,y\na,505426.338,2494242.655\n")
    with pytest.raises(CRSMismatch, match="--crs"):
        sites.read(path)
    (site,) = sites.read(path, datum=4547).sites
    assert (site.geometry.x, site.geometry.y) == pytest.approx((114.0527534, 22.5458236), abs=1e-8)
    assert site.datum == "EPSG:4547"


def test_survey_axes_are_named_and_never_swapped_in_silence(tmp_path: Path) -> None:
    found = sites.read(write(tmp_path / "s.csv", "id,x,y\na,2494242.655,505426.338\n"), datum=4547)
    assert not found.sites
    assert "swapped" in found.rejected[0].faults[0].text("en") and "X 北 Y 东" in found.rejected[0].faults[0].text("zh")


def test_no_position_columns(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no position columns") as caught:
        sites.read(write(tmp_path / "s.csv", "id,name\na,b\n"))
    assert "经度" in caught.value.text("zh")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x01\x02", b"\x00\x00\x00"])
def test_unreadable_tables(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        sites.read(path)
    assert caught.value.file == path


def test_missing_file_folder_and_kind(tmp_path: Path) -> None:
    for name, word in (("none.csv", "does not exist"), (".", "folder")):
        with pytest.raises(InputError, match=word):
            sites.read(tmp_path / name)
    with pytest.raises(InputError, match="not read"):
        sites.read(write(tmp_path / "s.docx", "x"))


@pytest.mark.parametrize(
    ("name", "code"),
    [("s.geojson", 4326), *((name, code) for name in ("s.gpkg", "s.shp") for code in (4326, 4490, 4547))],
)
def test_vector_files(tmp_path: Path, name: str, code: int) -> None:
    frame = geopandas.GeoDataFrame(
        {"编号": ["a", "b"], "field": ["光刻胶", None], "n": [1, 2]},
        geometry=[SQUARE, SQUARE.centroid.buffer(0.001)],
        crs=4490,
    ).to_crs(code)
    frame.to_file(tmp_path / name, encoding="utf-8")
    found = sites.read(tmp_path / name)
    assert [site.id for site in found.sites] == ["a", "b"]
    assert found.sites[0].field_query == "光刻胶"
    assert found.sites[1].field_query is None
    assert found.sites[0].geometry.symmetric_difference(SQUARE).area < 1e-9
    assert {site.datum_basis for site in found.sites} == {"declared"}


def test_shapefile_without_prj_in_degrees_is_assumed_and_in_metres_rejected(tmp_path: Path) -> None:
    for folder, code in (("deg", 4490), ("metres", 4547)):
        (tmp_path / folder).mkdir()
        frame = geopandas.GeoDataFrame({"id": ["a"]}, geometry=[SQUARE], crs=4490).to_crs(code)
        frame.to_file(tmp_path / folder / "s.shp")
        (tmp_path / folder / "s.prj").unlink()
    found = sites.read(tmp_path / "deg" / "s.shp")
    assert found.sites[0].datum_basis == "assumed" and found.warnings
    (bad,) = sites.read(tmp_path / "metres" / "s.shp").rejected
    assert "--crs" in bad.reason("en")
    given = sites.read(tmp_path / "metres" / "s.shp", datum=4547)
    assert given.sites[0].geometry.symmetric_difference(SQUARE).area < 1e-9


def test_lines_empty_and_broken_geometry_are_rejected(tmp_path: Path) -> None:
    bow = Polygon([(113.85, 22.7), (113.86, 22.71), (113.86, 22.7), (113.85, 22.71)])
    frame = geopandas.GeoDataFrame(
        {"id": list("abcd")}, geometry=[SQUARE, LineString([(113, 22), (114, 23)]), None, bow], crs=4326
    )
    frame.to_file(tmp_path / "s.gpkg")
    found = sites.read(tmp_path / "s.gpkg")
    assert [site.id for site in found.sites] == ["a"]
    assert [bad.id for bad in found.rejected] == ["b", "c", "d"]
    assert "not valid" in found.rejected[2].faults[0].text("en")


def test_a_record_that_the_bulk_reader_rejects_is_named_and_the_others_kept(tmp_path: Path) -> None:
    ring = [[113.85, 22.7], [113.86, 22.7]]
    features = [
        {"type": "Feature", "properties": {"id": "bad"}, "geometry": {"type": "Polygon", "coordinates": [ring]}},
        {
            "type": "Feature",
            "properties": {"id": "good"},
            "geometry": {"type": "Polygon", "coordinates": [[list(xy) for xy in SQUARE.exterior.coords]]},
        },
    ]
    path = write(tmp_path / "s.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    found = sites.read(path)
    assert [site.id for site in found.sites] == ["good"]
    assert [(bad.row, bad.id) for bad in found.rejected] == [(1, "bad")]


def test_declared_crs_and_option_conflict_is_reported(tmp_path: Path) -> None:
    geopandas.GeoDataFrame({"id": ["a"]}, geometry=[SQUARE], crs=4326).to_file(tmp_path / "s.gpkg")
    found = sites.read(tmp_path / "s.gpkg", datum="gcj02")
    assert any("declares" in en for _, en in found.warnings)
    west = float(np.asarray(found.sites[0].geometry.bounds)[0])
    assert 113.84 < west < 113.8499


def test_single_place_checks_its_range() -> None:
    assert sites.single(113.85, 22.7).geometry == Point(113.85, 22.7)
    with pytest.raises(InputError, match="swapped"):
        sites.single(22.7, 113.85)


def test_rows_are_counted_as_the_file_shows_them(tmp_path: Path) -> None:
    found = sites.read(write(tmp_path / "s.csv", "id,lon,lat\na,113.9,22.6\n\n,,\nb,x,22.6\n"))
    assert [bad.row for bad in found.rejected] == [4]


def test_a_number_given_to_a_row_never_clashes_with_an_id(tmp_path: Path) -> None:
    found = sites.read(write(tmp_path / "s.csv", "id,lon,lat\n2,113.9,22.6\n,113.8,22.7\n,113.7,22.7\n"))
    assert [site.id for site in found.sites] == ["2", "row-2", "3"]
    assert not found.rejected


def test_attributes_keep_their_types_and_blanks_stay_blank(tmp_path: Path) -> None:
    path = write(
        tmp_path / "s.geojson",
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"code": 440306001, "ok": True, "day": "2024-01-02", "note": "x", "r": 1.5},
                        "geometry": {"type": "Point", "coordinates": [113.9, 22.6]},
                    },
                    {
                        "type": "Feature",
                        "properties": {"code": None, "ok": None, "day": None, "note": None, "r": None},
                        "geometry": {"type": "Point", "coordinates": [113.8, 22.6]},
                    },
                ],
            }
        ),
    )
    first, second = (site.attributes for site in sites.read(path).sites)
    assert first == {"code": 440306001, "ok": True, "day": "2024-01-02", "note": "x", "r": 1.5}
    assert type(first["code"]) is int and type(first["ok"]) is bool
    assert set(second.values()) == {None}


def test_a_list_without_rows_says_so(tmp_path: Path) -> None:
    found = sites.read(write(tmp_path / "s.csv", "id,lon,lat\n"))
    assert not found.sites and "no rows" in found.warnings[0][1]


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09", 4547])
def test_an_outline_that_crosses_itself_is_no_site_in_any_datum(tmp_path: Path, datum: str | int) -> None:
    corners = "(0 0, 900 900, 900 0, 0 900, 0 0)" if datum == 4547 else "(0 0, 0.009 0.009, 0.009 0, 0 0.009, 0 0)"
    moved = (490000, 2511000) if datum == 4547 else (113.85, 22.7)
    bow = affinity.translate(shapely.from_wkt(f"POLYGON ({corners})"), *moved)
    path = tmp_path / "s.csv"
    path.write_text(f'id,wkt\na,"{bow.wkt}"\n', encoding="utf-8")
    found = sites.read(path, datum=datum)
    assert found.sites == ()
    assert "not valid" in found.rejected[0].reason("en")
