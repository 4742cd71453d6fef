"""Map files: every format, layers, CRS, text of shapefiles, bad records among good ones."""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
from pathlib import Path

import fiona
import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from geo import sources
from geo.errors import InputError
from geo.sources import Limits

FOREIGN = Path(__file__).parent / "foreign"

SQUARE = shapely.box(114.00, 22.50, 114.01, 22.51)
POINT = shapely.Point(114.0, 22.5)
RING = [[114, 22], [114.1, 22], [114.1, 22.1], [114, 22]]


def feature(properties, geometry):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def written(path, content):
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path


def collection(path, features, **members):
    return written(path, {"type": "FeatureCollection", **members, "features": features})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.geojson", "GeoJSON"),
        ("a.GEOJSON", "GeoJSON"),
        ("a.geojsonl", "GeoJSONSeq"),
        ("a.gpkg", "GeoPackage"),
        ("a.shp", "Shapefile"),
        ("a.fgb", "FlatGeobuf"),
        ("a.gml", "GML"),
        ("a.kml", "KML"),
        ("场 地/边界 #1%.gpkg", "GeoPackage"),
        ("场 地/边界 #1%.shp", "Shapefile"),
        ("场 地/边界 #1%.geojson", "GeoJSON"),
        ("场 地/边界 #1%.gml", "GML"),
    ],
)
def test_formats(layer, name, kind):
    drivers = {"GeoJSONSeq": "GeoJSONSeq", "GeoJSON": "GeoJSON", "GML": "GML", "KML": "LIBKML"}
    how = {"driver": drivers[kind]} if kind in drivers else {}
    epsg = 4326 if kind in ("KML", "GeoJSONSeq") else 4490
    path = layer(name, [({"name": "鲘门", "n": 1}, SQUARE), ({"name": "小漠", "n": None}, SQUARE)], epsg, **how)
    held = {one.name for one in path.parent.iterdir()}
    found = sources.read(path)
    assert [row.get("name", row.get("Name")) for row in found.rows] == ["鲘门", "小漠"]
    assert shapely.equals(found.geometries, SQUARE).all()
    assert (found.faults, found.format, found.numbers, found.lines) == ((), kind, (1, 2), None)
    assert found.crs.to_epsg() == epsg
    assert {one.name for one in path.parent.iterdir()} == held


@pytest.mark.parametrize(
    ("basis", "members"), [("format", {}), ("file", {"crs": {"type": "name", "properties": {"name": "EPSG:4490"}}})]
)
def test_the_crs_of_geojson_is_its_formats_unless_it_says_so(tmp_path, basis, members):
    path = collection(tmp_path / "a.geojson", [feature({}, {"type": "Point", "coordinates": [114, 22.5]})], **members)
    found = sources.read(path)
    assert (found.crs.to_epsg(), found.crs_basis) == (4490 if members else 4326, basis)


def test_a_null_crs_of_geojson_is_none(tmp_path):
    path = collection(tmp_path / "a.geojson", [feature({}, {"type": "Point", "coordinates": [114, 22.5]})], crs=None)
    assert (sources.read(path).crs, sources.read(path).crs_basis) == (None, None)


def test_values_keep_their_kinds(layer):
    rows = [
        {"n": 1, "x": 1.5, "big": 440306000123456789, "flag": True},
        {"n": None, "x": None, "big": None, "flag": None},
    ]
    path = layer("a.gpkg", [(row, POINT) for row in rows])
    frame = geopandas.GeoDataFrame({"n": [1, None], "flag": [True, None]}, geometry=[POINT, POINT], crs=4490)
    frame = frame.astype({"n": "Int64", "flag": "boolean"})
    frame.to_file(path)
    first, second = sources.read(path).rows
    assert first == {"n": 1, "flag": True}
    assert type(first["n"]) is int
    assert type(first["flag"]) is bool
    assert second == {"n": None, "flag": None}


def test_large_whole_numbers_with_an_empty_cell_stay_exact(tmp_path):
    point = {"type": "Point", "coordinates": [114, 22.5]}
    path = collection(tmp_path / "a.geojson", [feature({"n": 440306000123456789}, point), feature({"n": None}, point)])
    assert [row["n"] for row in sources.read(path).rows] == [440306000123456789, None]


def test_days_and_moments_are_text(tmp_path):
    moment = geopandas.pd.Timestamp("2023-09-13T08:30:00")
    frame = geopandas.GeoDataFrame({"day": [moment.date()], "moment": [moment]}, geometry=[POINT], crs=4490)
    frame.to_file(tmp_path / "a.gpkg")
    (row,) = sources.read(tmp_path / "a.gpkg").rows
    assert row["day"] == "2023-09-13"
    assert str(row["moment"]).startswith("2023-09-13T08:30:00")


@pytest.mark.parametrize("name", ["a.geojson", "a.geojsonl"])
def test_text_that_looks_like_a_day_stays_as_it_is(tmp_path, name):
    one = feature({"d": "2023/9/13", "e": "2023-09-13", "n": {"a": [1, "宝"]}, "l": ["x", "y"]}, None)
    path = written(
        tmp_path / name, json.dumps(one) if name.endswith("l") else {"type": "FeatureCollection", "features": [one]}
    )
    (row,) = sources.read(path).rows
    assert (row["d"], row["e"]) == ("2023/9/13", "2023-09-13")
    assert json.loads(row["n"]) == {"a": [1, "宝"]}
    assert json.loads(row["l"]) == ["x", "y"]


def test_layers_of_a_file(layer):
    path = layer("a.gpkg", [({"n": 1}, SQUARE)], layer="one")
    layer("a.gpkg", [({"n": 2}, SQUARE)], layer="two", mode="a")
    assert [(one.name, one.rows, one.geometry, one.columns) for one in sources.list_layers(path)] == [
        ("one", 1, "Polygon", ("n",)),
        ("two", 1, "Polygon", ("n",)),
    ]
    found = sources.read(path)
    assert found.name == "one"
    assert "two" in found.notes[0][0]
    assert "two" in found.notes[0][1]
    assert sources.read(path, "two").rows == ({"n": 2},)
    assert sources.read(path, "two").notes == ()
    with pytest.raises(InputError) as caught:
        sources.read(path, "three")
    assert "one, two" in caught.value.remedy_en


def test_lines_and_tables_are_passed_over_for_points_and_polygons(layer):
    path = layer("a.gpkg", [({"n": 1}, shapely.LineString([(114, 22), (114.1, 22)]))], layer="roads")
    layer("a.gpkg", [({"n": 2}, POINT)], layer="sites", mode="a")
    assert sources.read(path).name == "sites"
    assert sources.read(path).notes == ()
    assert sources.read(path, "roads").geometries[0].geom_type == "LineString"


@pytest.mark.parametrize("srs", [-1, 0, 99999])
def test_an_undefined_crs_of_a_geopackage_is_none(layer, srs):
    path = layer("a.gpkg", [({"n": 1}, POINT)])
    with sqlite3.connect(path) as base:
        row = "INSERT OR REPLACE INTO gpkg_spatial_ref_sys VALUES ('Undefined SRS', 99999, 'GDAL', 99999, ?, '')"
        base.execute(
            row,
            ['LOCAL_CS["Undefined SRS",LOCAL_DATUM["unknown",32767],UNIT["unknown",0],AXIS["E",EAST],AXIS["N",NORTH]]'],
        )
        base.execute("UPDATE gpkg_geometry_columns SET srs_id = ?", [srs])
        base.execute("UPDATE gpkg_contents SET srs_id = ?", [srs])
    found = sources.read(path)
    assert (found.crs, found.crs_basis) == (None, None)


def test_a_shapefile_without_prj_has_no_crs_and_a_broken_one_is_noted(layer):
    path = layer("a.shp", [({"n": 1}, POINT)])
    path.with_suffix(".prj").write_text("no projection at all")
    found = sources.read(path)
    assert found.crs is None
    assert ".prj" in found.notes[0][1]
    path.with_suffix(".prj").unlink()
    assert sources.read(path).crs is None
    assert sources.read(path).notes == ()


@pytest.mark.parametrize("written_in", ["GBK", "UTF-8", "ISO-8859-1"])
@pytest.mark.parametrize("said", ["GBK", "UTF-8", "ISO-8859-1", None, "nonsense"])
def test_text_of_a_shapefile_whatever_the_cpg_says(layer, written_in, said):
    text = "Café Zürich" if written_in == "ISO-8859-1" else "深圳市宝安区"
    column = "nom_é" if written_in == "ISO-8859-1" else "名称"
    path = layer("a.shp", [({column: text}, SQUARE), ({column: "x"}, SQUARE)], encoding=written_in)
    path.with_suffix(".cpg").unlink()
    if said:
        path.with_suffix(".cpg").write_text(said)
    found = sources.read(path)
    assert found.rows == ({column: text}, {column: "x"})
    assert found.columns == (column,)
    known = {"ISO-8859-1": "Windows-1252"}.get(written_in, written_in)
    assert found.encoding == known
    assert found.encoding_basis == ("declared" if said == written_in else "measured")
    wrong = said in ("GBK", "UTF-8", "ISO-8859-1") and said != written_in
    assert [said in note[1] and known in note[1] for note in found.notes] == ([True] if wrong else [])


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_text_and_names_cut_at_the_width_of_the_field(tmp_path, encoding):
    schema = {"geometry": "Point", "properties": {"名称": "str:11"}}
    path = tmp_path / "a.shp"
    with fiona.open(path, "w", driver="ESRI Shapefile", schema=schema, encoding=encoding) as out:
        out.write(feature({"名称": "宝安"}, {"type": "Point", "coordinates": (114, 22)}))
    raw = path.with_suffix(".dbf").read_bytes()
    cut = "深圳市宝安区新".encode(encoding)[:11]
    path.with_suffix(".dbf").write_bytes(raw.replace("宝安".encode(encoding).ljust(11), cut))
    found = sources.read(path)
    assert found.rows[0]["名称"] == cut.decode(encoding, "ignore")
    assert found.encoding == encoding
    assert "cut" in found.notes[0][1]


def test_a_site_column_that_was_cut_is_known_again(layer):
    path = layer("a.shp", [({"编号": "S1", "产业领域": "光刻胶"}, POINT)], encoding="UTF-8")
    found = sources.read(path)
    assert found.rows[0]["产业领域"] == "光刻胶"
    assert found.columns == sources.list_layers(path)[0].columns


def test_full_names_and_long_text_come_back_from_our_mapping(layer):
    path = layer("a.shp", [({"id": "S1", "expl_1": "很长的", "expl_2": "说明", "district_z": "宝安"}, POINT)])
    lines = "column,name,part\nid,id,1\nexpl_2,explanation_zh,2\nexpl_1,explanation_zh,1\ndistrict_z,district_zh,1\n"
    mapping = path.with_name("a.columns.csv")
    mapping.write_text(lines, encoding="utf-8-sig")
    full = {"id": "S1", "explanation_zh": "很长的说明", "district_zh": "宝安"}
    assert sources.read(path).rows == (full,)
    assert sources.list_layers(path)[0].columns == tuple(sources.read(path).columns)
    mapping.write_text(lines.replace("expl_1", "other"), encoding="utf-8")
    assert "expl_1" in sources.read(path).columns


def test_a_shapefile_without_shx_or_dbf_is_read_and_the_folder_left_alone(layer):
    path = layer("a.shp", [({"n": 1}, POINT), ({"n": 2}, POINT)])
    path.with_suffix(".shx").unlink()
    found = sources.read(path)
    assert [row["n"] for row in found.rows] == [1, 2]
    assert ".shx" in found.notes[0][1]
    assert not path.with_suffix(".shx").exists()
    path.with_suffix(".dbf").unlink()
    found = sources.read(path)
    assert len(found.rows) == 2
    assert any(".dbf" in note[1] for note in found.notes)


def test_a_damaged_shape_is_named_and_a_deleted_row_is_none(layer):
    path = layer("a.shp", [({"n": n}, SQUARE) for n in range(4)] + [({"n": 4}, None)])
    assert sources.read(path).faults == ()
    raw = bytearray(path.read_bytes())
    size = (len(raw) - 100 - 12) // 4
    raw[100 + size + 44 : 100 + size + 48] = (2**30).to_bytes(4, "little")
    path.write_bytes(bytes(raw))
    found = sources.read(path)
    assert [fault.row for fault in found.faults] == [2]
    assert [row["n"] for row in found.rows] == [0, 1, 2, 3, 4]
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    start, width = int.from_bytes(table[8:10], "little"), int.from_bytes(table[10:12], "little")
    table[start + 3 * width] = ord("*")
    path.with_suffix(".dbf").write_bytes(bytes(table))
    found = sources.read(path)
    assert [row["n"] for row in found.rows] == [0, 1, 2, 4]
    assert [fault.row for fault in found.faults] == [2]


@pytest.mark.parametrize("declared", [True, False])
def test_a_zip_of_shapefiles(layer, tmp_path, declared):
    one = layer("点.shp", [({"名称": "鲘门"}, POINT)], encoding="GBK")
    layer("面.shp", [({"名称": "小漠"}, SQUARE)], encoding="GBK")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for part in one.parent.glob("*.*"):
            if part.suffix not in (".zip", *([] if declared else [".cpg"])):
                packed.write(part, f"数据/{part.name}")
    found = sources.read(tmp_path / "a.zip")
    assert (found.name, found.rows, found.path) == ("点", ({"名称": "鲘门"},), tmp_path / "a.zip")
    assert sources.read(tmp_path / "a.zip", "面").rows == ({"名称": "小漠"},)
    assert [one.name for one in sources.list_layers(tmp_path / "a.zip")] == ["点", "面"]


def test_layers_of_one_name_in_an_archive_are_told_apart(layer, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for number, name in enumerate(("a.gpkg", "b.gpkg")):
            packed.write(layer(name, [({"n": number}, POINT)], layer="sites"), name)
    assert [one.name for one in sources.list_layers(tmp_path / "a.zip")] == ["a/sites", "b/sites"]
    assert sources.read(tmp_path / "a.zip", "b/sites").rows == ({"n": 1},)


def test_a_folder_of_shapefiles(layer, tmp_path):
    layer("数据/a.shp", [({"n": 1}, POINT)])
    layer("数据/b.shp", [({"n": 2}, SQUARE)])
    assert sources.read(tmp_path / "数据").rows == ({"n": 1},)
    assert sources.read(tmp_path / "数据", "b").rows == ({"n": 2},)
    with pytest.raises(InputError, match="folder"):
        sources.read(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "none.gpkg",
        "none.shp",
        "text.geojson",
        "text.gpkg",
        "text.zip",
        "text.kml",
        "text.gml",
        "text.fgb",
        "text.dxf",
        "text.parquet",
        "text.shp",
        "text.gdb",
        "empty.shp",
        "empty.geojson",
        "empty.kml",
        "empty.gpkg",
    ],
)
def test_what_is_no_map_file_is_refused(tmp_path, name):
    if not name.startswith("none"):
        (tmp_path / name).write_text("" if name.startswith("empty") else "no vector data", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        sources.read(tmp_path / name)
    assert caught.value.file == tmp_path / name
    assert caught.value.remedy_en
    assert caught.value.remedy_zh


BAD = {
    "short ring": polygon([[114, 22], [114.1, 22]]),
    "numbers for rings": {"type": "Polygon", "coordinates": [1, 2]},
    "text": {"type": "Point", "coordinates": ["a", "b"]},
    "one number": {"type": "Point", "coordinates": [114]},
    "unknown type": {"type": "Circle", "coordinates": [114, 22]},
    "no type": {"coordinates": [114, 22]},
    "nested": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": "x"}]},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("name", ["a.geojson", "a.geojsonl"])
def test_a_bad_record_is_named_and_the_others_are_kept(tmp_path, bad, name):
    features = [feature({"id": str(n)}, one) for n, one in enumerate([polygon(RING), bad, polygon(RING)], start=1)]
    if name.endswith("l"):
        path = written(tmp_path / name, "\n".join(map(json.dumps, features)))
    else:
        path = collection(tmp_path / name, features)
    found = sources.read(path)
    (fault,) = found.faults
    assert (fault.row, fault.file) == (2, path)
    assert fault.remedy_en
    assert fault.remedy_zh
    assert [row["id"] for row in found.rows] == ["1", "2", "3"]
    assert list(shapely.is_missing(found.geometries)) == [False, True, False]
    assert found.numbers == (1, 2, 3)


@pytest.mark.parametrize(
    "bad", [None, 5, "x", [], {"type": "Point", "coordinates": [1, 2]}, {"type": "Feature", "properties": 3}]
)
def test_what_is_no_feature_keeps_its_number(tmp_path, bad):
    good = feature({"id": "a"}, polygon(RING))
    found = sources.read(collection(tmp_path / "a.geojson", [good, bad, good]))
    assert [fault.row for fault in found.faults] == [2]
    assert [row["id"] for row in found.rows] == ["a", None, "a"]


def test_a_bad_line_of_many_is_named(tmp_path):
    good = json.dumps(feature({"id": "a"}, polygon(RING)))
    found = sources.read(written(tmp_path / "a.ndjson", f"{good}\n{{broken\n\n{good}\n"))
    assert [fault.row for fault in found.faults] == [2]
    assert [row["id"] for row in found.rows] == ["a", None, "a"]


@pytest.mark.parametrize("name", ["a.geojsons", "a.json"])
def test_record_separators_and_pretty_lines(tmp_path, name):
    one = json.dumps(feature({"id": "a"}, polygon(RING)), indent=2)
    found = sources.read(written(tmp_path / name, f"\x1e{one}\n\x1e{one}\n"))
    assert [row["id"] for row in found.rows] == ["a", "a"]


def test_lines_of_features_under_the_ending_of_geojson(tmp_path):
    one = json.dumps(feature({"id": "a"}, polygon(RING)))
    assert len(sources.read(written(tmp_path / "a.geojson", f"{one}\n{one}\n")).rows) == 2


def test_a_geometry_without_a_feature(tmp_path):
    found = sources.read(written(tmp_path / "a.geojson", {"type": "Point", "coordinates": [114, 22.5]}))
    assert shapely.equals(found.geometries[0], POINT)


def test_geojson_in_gbk_is_measured(tmp_path):
    content = {"type": "FeatureCollection", "features": [feature({"名称": "鲘门园区"}, polygon(RING))]}
    (tmp_path / "a.geojson").write_bytes(json.dumps(content, ensure_ascii=False).encode("gbk"))
    found = sources.read(tmp_path / "a.geojson")
    assert found.rows == ({"名称": "鲘门园区"},)
    assert (found.encoding, found.encoding_basis) == ("GBK", "measured")


def test_an_unclosed_ring_is_closed_and_noted(tmp_path):
    frame = geopandas.GeoDataFrame({"id": ["a", "b"]}, geometry=[SQUARE, SQUARE], crs=4490)
    frame.to_file(tmp_path / "a.gpkg")
    with sqlite3.connect(tmp_path / "a.gpkg") as base:
        for (name,) in list(base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
            base.execute(f'DROP TRIGGER "{name}"')
        raw = bytes(base.execute("SELECT geom FROM a WHERE fid = 2").fetchone()[0])
        base.execute("UPDATE a SET geom = ? WHERE fid = 2", [raw[:-16] + np.array([114.002, 22.502]).tobytes()])
    found = sources.read(tmp_path / "a.gpkg")
    assert found.faults == ()
    assert shapely.get_num_coordinates(found.geometries[1]) == 6
    assert found.geometries[1].is_closed or found.geometries[1].exterior.is_closed
    assert "2" in found.notes[0][1]


def test_heights_are_left_out_with_one_note(layer):
    path = layer("a.gpkg", [({"n": n}, shapely.Point(114, 22.5, 10 + n)) for n in range(3)])
    found = sources.read(path)
    assert not shapely.has_z(found.geometries).any()
    assert len(found.notes) == 1
    assert "Z/M" in found.notes[0][1]


def test_curves_become_lines():
    found = sources.read(FOREIGN / "curves" / "arcs.gpkg")
    assert found.faults == ()
    assert [one.geom_type for one in found.geometries] == ["Polygon", "Polygon"]
    assert found.geometries[0].area == pytest.approx(np.pi * 0.01**2 / 2, rel=0.01)
    assert any("segments" in note[1] for note in found.notes)


def test_too_many_vertices_are_a_fault_of_the_row(layer):
    path = layer("a.gpkg", [({"n": 1}, SQUARE), ({"n": 2}, POINT.buffer(0.01, 64))])
    found = sources.read(path, limits=Limits(vertices=100))
    (fault,) = found.faults
    assert fault.row == 2
    assert "--limit vertices=257" in fault.remedy_en
    assert list(shapely.is_missing(found.geometries)) == [False, True]


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp", "a.kml", "a.fgb", "a.parquet", "a.gml"])
@pytest.mark.parametrize(("limit", "count"), [("rows", 2), ("columns", 1)])
def test_limits(layer, tmp_path, name, limit, count):
    rows = [({"m": "a", "n": "b"}, POINT)] * 3
    if name.endswith("parquet"):
        geopandas.GeoDataFrame([one for one, _ in rows], geometry=[POINT] * 3, crs=4326).to_parquet(tmp_path / name)
        path = tmp_path / name
    else:
        path = layer(name, rows, 4326, **({"driver": "LIBKML"} if name.endswith("kml") else {}))
    assert len(sources.read(path, limits=Limits(rows=3)).rows) == 3
    with pytest.raises(InputError) as caught:
        sources.read(path, limits=Limits().raised(limit, count))
    assert f"--limit {limit}=" in caught.value.remedy_en


def test_an_empty_layer(tmp_path):
    geopandas.GeoDataFrame({"n": []}, geometry=[], crs=4490).to_file(tmp_path / "a.gpkg")
    found = sources.read(tmp_path / "a.gpkg")
    assert (found.rows, found.columns) == ((), ("n",))
    assert sources.read(collection(tmp_path / "b.geojson", [])).rows == ()


def test_a_table_of_a_geopackage_has_no_geometries(tmp_path):
    pyogrio.write_dataframe(geopandas.pd.DataFrame({"lon": [114.0]}), tmp_path / "a.gpkg", layer="t")
    found = sources.read(tmp_path / "a.gpkg")
    assert (found.geometries, found.rows, found.crs) == (None, ({"lon": 114},), None)


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>doc</name>
<Folder><name>空</name></Folder>
<Folder><name>一</name><Placemark id="x1"><name>鲘门</name><ExtendedData>
<Data name="产业领域"><value>光刻胶</value></Data>
<Data name="id"><value>S1</value></Data></ExtendedData>
<Point><coordinates>114.0,22.5,0</coordinates></Point></Placemark></Folder>
<Folder><name>二</name><Placemark><name>小漠</name><Point><coordinates>114.1,22.5</coordinates></Point></Placemark></Folder>
</Document></kml>"""


@pytest.mark.parametrize("packed", [False, True])
def test_folders_of_kml_are_layers_and_extended_data_columns(tmp_path, packed):
    path = tmp_path / ("a.kmz" if packed else "a.kml")
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("doc.kml", KML)
            archive.writestr("images/a.png", b"x")
    else:
        path.write_text(KML, encoding="utf-8")
    found = sources.read(path)
    assert (found.name, found.format) == (None, "KMZ" if packed else "KML")
    assert found.rows == (
        {"Name": "鲘门", "产业领域": "光刻胶", "id": "S1", "Folder": "一"},
        {"Name": "小漠", "产业领域": None, "id": None, "Folder": "二"},
    )
    assert found.numbers == (1, 2)
    assert "一、二" in found.notes[0][0]
    one = sources.read(path, "二")
    assert (one.name, one.rows) == ("二", ({"Name": "小漠"},))
    assert (found.crs.to_epsg(), found.crs_basis) == (4326, "format")


@pytest.mark.parametrize("declared", ["GBK", "gb2312", "UTF-8"])
def test_kml_and_gml_in_gbk(tmp_path, layer, declared):
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    text = KML.replace('<?xml version="1.0" encoding="UTF-8"?>', head)
    (tmp_path / "a.kml").write_bytes(text.encode("gbk"))
    assert sources.read(tmp_path / "a.kml").rows[0]["产业领域"] == "光刻胶"
    assert sources.read(tmp_path / "a.kml").encoding == "GBK"
    path = layer("b.gml", [({"名称": "鲘门园区"}, POINT)], driver="GML")
    text = path.read_text(encoding="utf-8").replace('<?xml version="1.0" encoding="utf-8" ?>', head)
    path.write_bytes(text.encode("gbk"))
    assert sources.read(path).rows == ({"名称": "鲘门园区"},)


@pytest.mark.parametrize("known", [True, False])
def test_a_bad_geometry_of_a_gml_keeps_its_number(layer, known):
    path = layer("a.gml", [({"id": one}, SQUARE) for one in "ABC"], driver="GML")
    text = path.read_text(encoding="utf-8")
    parts = text.split("<gml:posList>")
    place, rest = parts[2].split("</gml:posList>")
    parts[2] = f"{place.rsplit(' ', 1)[0] if known else 'some words'}</gml:posList>{rest}"
    path.write_text("<gml:posList>".join(parts), encoding="utf-8")
    found = sources.read(path)
    assert [fault.row for fault in found.faults] == [2]
    assert [row["id"] for row in found.rows][::2] == ["A", "C"]
    assert list(shapely.is_missing(found.geometries)) == [False, True, False]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs names that are no text")
@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp"])
def test_names_that_are_no_utf8(layer, tmp_path, name):
    layer(name, [({"n": 1}, POINT)])
    for part in list(tmp_path.iterdir()):
        part.rename(os.fsdecode(os.fsencode(part).replace(b"/a.", b"/\xff\xfea.")))
    found = sources.read(next(one for one in tmp_path.iterdir() if one.suffix == Path(name).suffix))
    assert (found.rows, found.faults) == (({"n": 1},), ())
    assert found.crs.to_epsg() == 4490


@pytest.mark.parametrize("broken", [b"", b"noise" * 40, "half"])
def test_a_damaged_index_is_made_anew(layer, broken):
    path = layer("a.shp", [({"n": n}, SQUARE) for n in range(3)])
    raw = path.with_suffix(".shx").read_bytes()
    path.with_suffix(".shx").write_bytes(raw[:-12] if broken == "half" else broken)
    found = sources.read(path)
    assert [row["n"] for row in found.rows] == [0, 1, 2]
    assert shapely.equals(found.geometries, SQUARE).all()
    assert ".shx" in found.notes[0][1]


def test_a_geopackage_with_a_journal_is_left_as_it_is(layer):
    path = layer("a.gpkg", [({"n": 1}, POINT)])
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("UPDATE gpkg_contents SET description = 'x'")
        base.commit()
        held = {one: one.read_bytes() for one in path.parent.iterdir()}
        assert len(held) == 3
        assert sources.read(path).rows == ({"n": 1},)
        assert {one: one.read_bytes() for one in path.parent.iterdir()} == held
    base.close()


def test_an_unknown_crs_of_geojson_is_none_and_said(tmp_path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}
    found = sources.read(collection(tmp_path / "a.geojson", [feature({}, polygon(RING))], crs=crs))
    assert (found.crs, found.crs_basis) == (None, None)
    assert "999999" in str(found.crs_unknown)
    assert "999999" in found.notes[0][1]
    assert all("--crs" in said for said in found.notes[0])


def test_a_geoparquet_without_crs_member_is_wgs84_and_with_null_none(tmp_path):
    import pyarrow.parquet as pq

    geopandas.GeoDataFrame({"n": [1, 2]}, geometry=[POINT, None], crs=4547).to_parquet(tmp_path / "a.parquet")
    found = sources.read(tmp_path / "a.parquet")
    assert (found.crs.to_epsg(), found.crs_basis, found.format) == (4547, "file", "GeoParquet")
    assert found.geometries[1] is None
    table = pq.read_table(tmp_path / "a.parquet")
    meta = json.loads(table.schema.metadata[b"geo"])
    for value, expected in (("drop", 4326), (None, None)):
        meta["columns"]["geometry"].pop("crs", None)
        if value is None:
            meta["columns"]["geometry"]["crs"] = None
        pq.write_table(table.replace_schema_metadata({"geo": json.dumps(meta)}), tmp_path / "b.parquet")
        crs = sources.read(tmp_path / "b.parquet").crs
        assert (crs and crs.to_epsg()) == expected


def test_a_parquet_without_geometry_is_a_table(tmp_path):
    geopandas.pd.DataFrame(
        {"编号": ["S1"], "lon": [114.0], "day": [geopandas.pd.Timestamp("2023-09-13").date()]}
    ).to_parquet(tmp_path / "a.parquet")
    found = sources.read(tmp_path / "a.parquet")
    assert (found.geometries, found.crs, found.format) == (None, None, "Parquet")
    assert found.rows == ({"编号": "S1", "lon": 114.0, "day": "2023-09-13"},)


DXF_HEAD = "0\nSECTION\n2\nENTITIES\n"
DXF_TAIL = "0\nENDSEC\n0\nEOF\n"


def dxf(path, *entities):
    path.write_text(DXF_HEAD + "".join(entities) + DXF_TAIL, encoding="utf-8")
    return path


def polyline(layer, corners, closed):
    points = "".join(f"10\n{x}\n20\n{y}\n" for x, y in corners)
    head = f"0\nLWPOLYLINE\n8\n{layer}\n100\nAcDbEntity\n100\nAcDbPolyline\n"
    return f"{head}90\n{len(corners)}\n70\n{int(closed)}\n{points}"


def dxf_text(layer, x, y, text):
    return f"0\nTEXT\n8\n{layer}\n100\nAcDbEntity\n100\nAcDbText\n10\n{x}\n20\n{y}\n40\n1\n1\n{text}\n"


def dxf_point(layer, x, y):
    return f"0\nPOINT\n8\n{layer}\n100\nAcDbEntity\n100\nAcDbPoint\n10\n{x}\n20\n{y}\n"


CORNERS = [(500000, 2500000), (500100, 2500000), (500100, 2500100), (500000, 2500100)]


def test_a_drawing_gives_points_and_closed_lines_with_their_labels(tmp_path):
    lines = [polyline("road", CORNERS[:2], closed=False)] * 50
    path = dxf(
        tmp_path / "a.dxf",
        *lines,
        polyline("site", CORNERS, closed=True),
        dxf_text("label", 500050, 2500050, "S1"),
        dxf_text("label", 1, 1, "away"),
        dxf_point("site", 500500, 2500500),
    )
    found = sources.read(path)
    assert [one.geom_type for one in found.geometries] == ["Polygon", "Point"]
    assert found.rows == ({"Layer": "site", "Text": "S1"}, {"Layer": "site", "Text": None})
    assert found.numbers == (51, 54)
    assert (found.crs, found.faults) == (None, ())
    assert len(found.notes) == 1
    assert "50 open lines" in found.notes[0][1]
    assert "1 labels" in found.notes[0][1]


def test_labels_alone_are_points(tmp_path):
    found = sources.read(dxf(tmp_path / "a.dxf", dxf_text("label", 500050, 2500050, "S1")))
    assert found.rows == ({"Layer": "label", "Text": "S1"},)
    assert shapely.equals(found.geometries[0], shapely.Point(500050, 2500050))


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("a.xls", ".xlsx"),
        ("a.et", ".xlsx"),
        ("a.ods", ".xlsx"),
        ("a.xlsb", ".xlsx"),
        ("a.dbf", ".shp"),
        ("a.dwg", "DXF"),
        ("a.rar", ".zip"),
        ("a.doc", "GeoPackage"),
        ("a", "GeoPackage"),
    ],
)
def test_formats_that_are_not_read_say_what_to_do(tmp_path, name, word):
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(InputError) as caught:
        sources.read(tmp_path / name)
    assert word in caught.value.remedy_en
    assert word in caught.value.remedy_zh
