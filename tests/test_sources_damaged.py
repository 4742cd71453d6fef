"""Files that are cut off, parts that are missing, and what stands beside a file and is none."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from contextlib import closing

import fiona
import geopandas
import pytest
import shapely

from geo import sources
from geo.errors import InputError
from geo.sources import Limits, read_yaml

POINT = shapely.Point(114.0, 22.5)
HEAD, END = "0\nSECTION\n2\nENTITIES\n", "0\nENDSEC\n0\nEOF\n"
ENTITY = "0\nPOINT\n8\nsites\n100\nAcDbEntity\n100\nAcDbPoint\n10\n500000\n20\n2500000\n"


def refused(path):
    with pytest.raises(InputError) as caught:
        sources.read(path)
    error = caught.value
    assert all((error.en, error.zh, error.remedy_en, error.remedy_zh))
    return error


@pytest.mark.parametrize("end", ["", "0\nENDSEC\n", "0\nENDSEC\n0\nEO", "0\nENDSEC\n0\n", "1\nEOF\n"])
def test_a_drawing_that_does_not_end_is_refused(tmp_path, end):
    path = tmp_path / "a.dxf"
    path.write_text(HEAD + ENTITY + end, encoding="utf-8")
    assert "cut off" in refused(path).en
    assert "不完整" in refused(path).zh


@pytest.mark.parametrize("end", [END, END.replace("\n", "\r\n"), "  0\nENDSEC\n  0\nEOF", END + "\n\x1a"])
def test_ways_in_which_a_drawing_ends(tmp_path, end):
    path = tmp_path / "a.dxf"
    path.write_bytes((HEAD + ENTITY + end).encode())
    assert len(sources.read(path).rows) == 1


@pytest.mark.parametrize("head", [b"AutoCAD Binary DXF\r\n\x1a\0abc", b"AC1032abc"])
def test_other_drawings_are_to_be_saved_as_text(tmp_path, head):
    (tmp_path / "a.dxf").write_bytes(head)
    error = refused(tmp_path / "a.dxf")
    assert "save it as ASCII DXF" in error.remedy_en
    assert "另存为文本 DXF" in error.remedy_zh


@pytest.mark.parametrize("size", [0, 20, 100, -1])
def test_a_table_of_a_geodatabase_that_is_cut_off(layer, size):
    path = layer("a.gdb", [({"n": 1}, POINT), ({"n": 2}, POINT)], driver="OpenFileGDB")
    assert len(sources.read(path).rows) == 2
    table = sorted(path.glob("*.gdbtable"))[-1]
    table.write_bytes(table.read_bytes()[:size])
    error = refused(path)
    assert table.name in error.en
    assert table.name in error.zh


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
@pytest.mark.parametrize("suffix", [".cpg", ".CPG", ".prj", ".qix", ".sbn"])
def test_a_pipe_beside_a_shapefile_is_not_opened(layer, suffix):
    path = layer("a.shp", [({"name": "鲘门"}, POINT)])
    path.with_suffix(suffix).unlink(missing_ok=True)
    path.with_suffix(suffix.lower()).unlink(missing_ok=True)
    os.mkfifo(path.with_suffix(suffix))
    done = []
    reader = threading.Thread(target=lambda: done.append(sources.read(path).rows), daemon=True)
    reader.start()
    reader.join(20)
    assert done == [({"name": "鲘门"},)]


def test_yaml_that_is_no_text_says_so_without_jargon(tmp_path):
    (tmp_path / "a.yaml").write_bytes(bytes(range(256)))
    with pytest.raises(InputError) as caught:
        read_yaml(tmp_path / "a.yaml")
    assert (caught.value.en, caught.value.zh) == ("the file is not UTF-8 text", "文件不是 UTF-8 文本")


@pytest.mark.parametrize("blob", [b"noise", b"", b"GP\0\1\x8a\x11\0\0\1\1", "text"])
def test_a_geometry_of_a_geopackage_that_cannot_be_decoded_is_named(layer, blob):
    shapes = [POINT, POINT, shapely.Point(), None, POINT]
    path = layer("a b.gpkg", [({"n": n}, one) for n, one in enumerate(shapes)], SPATIAL_INDEX="NO", layer='x"y')
    with sqlite3.connect(path) as base:
        base.execute('UPDATE "x""y" SET geom = ? WHERE n = 1', [blob])
    base.close()
    found = sources.read(path)
    assert [fault.row for fault in found.faults] == [2]
    assert len(found.rows) == 5
    assert [one is None or one.is_empty for one in found.geometries] == [False, True, True, True, False]


def test_days_and_moments_have_no_zone_of_ours(tmp_path):
    frame = geopandas.GeoDataFrame(
        {
            "day": geopandas.pd.to_datetime(["2024-03-05", None]),
            "moment": geopandas.pd.to_datetime(["2024-03-05T08:30:00", "2024-03-06T00:00:00"]),
            "zone": geopandas.pd.to_datetime(["2024-03-05T08:30:00", None]).tz_localize("Asia/Shanghai"),
        },
        geometry=[POINT, POINT],
        crs=4326,
    )
    frame.to_file(tmp_path / "a.gpkg")
    frame.to_file(tmp_path / "a.gdb", driver="OpenFileGDB")
    frame.to_parquet(tmp_path / "a.parquet")
    for name in ("a.gpkg", "a.gdb", "a.parquet"):
        first, second = sources.read(tmp_path / name).rows
        assert (first["day"], second["day"]) == ("2024-03-05", None), name
        assert (first["moment"][:19], second["moment"][:19]) == ("2024-03-05T08:30:00", "2024-03-06T00:00:00"), name
        assert first["moment"][19:] in ("", ".000"), (name, first["moment"])
        assert first["zone"].startswith(("2024-03-05T08:30:00", "2024-03-05T00:30:00")), name


@pytest.mark.parametrize(
    ("driver", "name"), [("GPKG", "a.gpkg"), ("ESRI Shapefile", "a.shp"), ("GeoJSON", "a.geojson")]
)
def test_a_field_of_days_is_days(tmp_path, driver, name):
    schema = {"geometry": "Point", "properties": {"day": "date"}}
    with fiona.open(tmp_path / name, "w", driver=driver, schema=schema, crs="EPSG:4326") as out:
        out.write({"geometry": {"type": "Point", "coordinates": (114, 22.5)}, "properties": {"day": "2024-03-05"}})
    assert sources.read(tmp_path / name).rows == ({"day": "2024-03-05"},)


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>doc</name>
{}</Document></kml>"""


def placemark(name, shape):
    return f"<Placemark><name>{name}</name>{shape}</Placemark>"


SPOT = "<Point><coordinates>114,22.5</coordinates></Point>"


def kml_line(*places):
    return f"<LineString><coordinates>{' '.join(f'{x},22.5' for x in places)}</coordinates></LineString>"


TRACK = (
    "<gx:Track><when>2024-01-01T01:00:00Z</when><gx:coord>114 22.5 0</gx:coord>"
    "<when>2024-01-01T01:00:01Z</when><gx:coord>114.1 22.5 0</gx:coord></gx:Track>"
)


def folder(name, *parts):
    return f"<Folder><name>{name}</name>{''.join(parts)}</Folder>"


def kml(path, *parts):
    path.write_text(KML.format("".join(parts)), encoding="utf-8")
    return path


def test_folders_of_a_kml_are_read_as_one_in_the_order_of_the_file(tmp_path):
    path = kml(
        tmp_path / "a.kml",
        folder("甲", placemark("a", SPOT), folder("里", placemark("b", SPOT)), placemark("c", SPOT)),
        folder("轨迹", placemark("t", TRACK)),
        folder("甲", placemark("d", kml_line(114)), placemark("g", SPOT)),
        placemark("e", kml_line(114, 115)),
        placemark("f", SPOT),
    )
    found = sources.read(path)
    assert [row["Name"] for row in found.rows] == list("abcdgef")
    assert [row["Folder"] for row in found.rows] == ["甲", "里", "甲", "甲 (#2)", "甲 (#2)", "doc", "doc"]
    assert found.numbers == (1, 2, 3, 4, 5, 6, 7)
    assert [(fault.row, fault.en) for fault in found.faults] == [(4, "the geometry is a line with a single point")]
    assert found.geometries[5].geom_type == "LineString"
    assert found.name is None
    assert "轨迹" in found.notes[0][0]
    assert "4 folders were read as one: doc, 甲, 里, 甲 (#2)" in found.notes[0][1]
    one = sources.read(path, "甲")
    assert ([row["Name"] for row in one.rows], one.columns, one.name) == (["a", "c"], ("Name",), "甲")


def test_a_kml_of_tracks_alone_is_read_and_a_lone_folder_keeps_its_name(tmp_path):
    found = sources.read(kml(tmp_path / "a.kml", placemark("t", TRACK)))
    assert ([one.geom_type for one in found.geometries], found.name) == (["LineString"], "doc")
    found = sources.read(
        kml(tmp_path / "b.kml", folder("甲", placemark("a", SPOT)), folder("乙", placemark("t", TRACK)))
    )
    assert (found.name, found.columns) == ("甲", ("Name",))
    assert "乙" in found.notes[0][1]


def test_the_limit_of_rows_counts_all_folders(tmp_path):
    path = kml(tmp_path / "a.kml", *(folder(f"f{n}", placemark("a", SPOT)) for n in range(4)))
    assert len(sources.read(path, limits=Limits(rows=4)).rows) == 4
    with pytest.raises(InputError, match="rows"):
        sources.read(path, limits=Limits(rows=3))


@pytest.mark.parametrize("kind", [[], {}, ["Point"], 7, None])
def test_a_geometry_whose_kind_is_no_word_is_a_fault(tmp_path, kind):
    shapes = [{"type": kind, "coordinates": [114, 22.5]}, {"type": "Point", "coordinates": [114, 22.5]}]
    features = [{"type": "Feature", "properties": {}, "geometry": one} for one in shapes]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    found = sources.read(path)
    assert [fault.row for fault in found.faults] == [1]
    assert found.geometries[1] is not None


def test_a_geopackage_whose_schema_holds_bytes_that_are_no_text(layer):
    path = layer("a.gpkg", [({"n": 1}, shapely.Point(114, 22.5))])
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA writable_schema = 1")
        changed = "UPDATE sqlite_master SET name = CAST(x'61ff80' AS TEXT), sql = 'CREATE nonsense' WHERE name = 'a'"
        database.execute(changed)
        database.commit()
    with pytest.raises(InputError, match="damaged"):
        sources.read(path)
