"""What may not be opened, and what a hostile file may not do."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely

from geo import sources
from geo.errors import InputError
from geo.sources import Limits

POINT = shapely.Point(114.0, 22.5)
FEATURE = {"type": "Feature", "properties": {"id": "a"}, "geometry": {"type": "Point", "coordinates": [114, 22.5]}}


def refused(path, **how):
    """The refusal of a file, complete in both languages."""
    with pytest.raises(InputError) as caught:
        sources.read(Path(path), **how)
    error = caught.value
    assert all((error.en, error.zh, error.remedy_en, error.remedy_zh, error.file))
    assert "Traceback" not in str(error)
    assert "parksite-" not in str(error)
    return error


def packed(path, members, **how):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, **how)
    return path


@pytest.fixture
def parts(layer):
    """Members of a zipped shapefile."""
    path = layer("a.shp", [({"名称": "鲘门"}, POINT)])
    return {one.name: one.read_bytes() for one in path.parent.glob("a.*")}


@pytest.fixture(autouse=True)
def nothing_left_behind(monkeypatch, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["http://127.0.0.1/a.geojson", "https://x.test/a.gpkg", "ftp://x.test/a.csv", "/vsicurl/http://x.test/a.gpkg",
     "/vsizip/a.zip/a.shp", "s3://bucket/a.fgb", "zip:///a.zip", "file:///etc/a.csv", "GPKG:/a.gpkg:layer"],
)  # fmt: skip
def test_addresses_and_paths_of_gdal(name):
    refused(name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
@pytest.mark.parametrize("name", ["a.csv", "a.geojson", "a.xlsx", "a.parquet", "a.zip", "a.gdb"])
def test_pipes_sockets_and_broken_links(tmp_path, name):
    os.mkfifo(tmp_path / name)
    assert "device" in refused(tmp_path / name).en
    (tmp_path / name).unlink()
    (tmp_path / name).symlink_to(tmp_path / "nowhere")
    assert "link" in refused(tmp_path / name).en
    (tmp_path / name).unlink()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / name))
        assert "device" in refused(tmp_path / name).en


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs devices")
@pytest.mark.parametrize("name", ["/dev/zero", "/dev/stdin", "/dev/null", "/proc/self/environ"])
def test_devices_under_a_friendly_name(tmp_path, name):
    refused(name)
    (tmp_path / "a.csv").symlink_to(name)
    refused(tmp_path / "a.csv")


def test_names_that_no_file_has(tmp_path):
    assert "does not exist" in refused(tmp_path / "none.csv").en
    refused(tmp_path / "a\0b.csv")
    refused(tmp_path / ("x" * 5000 + ".csv"))


READ = """
import os, sys
from pathlib import Path
from geo import sources
from geo.errors import InputError
sources.read  # loaded while its files may be
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    sources.read(Path(sys.argv[1]))
except InputError as error:
    print(error.en)
"""


def test_a_file_without_permission():
    """A child without the rights of root reads; its folder is one that everybody may enter."""
    with tempfile.TemporaryDirectory(dir="/tmp" if os.name == "posix" else None) as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "a.csv"
        path.write_text("id\n1\n")
        path.chmod(0o600 if os.geteuid() == 0 else 0)
        child = subprocess.run(
            [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True, timeout=60
        )
    assert "permission" in child.stdout


def test_a_link_to_a_file_is_followed(tmp_path):
    (tmp_path / "real.csv").write_text("id\n1\n")
    (tmp_path / "a.csv").symlink_to(tmp_path / "real.csv")
    assert sources.read(tmp_path / "a.csv").rows == ({"id": "1"},)


@pytest.mark.parametrize("name", ["../a.shp", "/tmp/a.shp", "C:\\a.shp", "x/../../a.shp", "..\\a.shp", "C:a.shp"])
def test_members_that_name_a_place_outside(tmp_path, parts, name):
    path = packed(tmp_path / "a.zip", {**parts, name: b"x"})
    assert "outside" in refused(path).en
    assert not (tmp_path.parent / "a.shp").exists()


def test_members_that_are_links(tmp_path, parts):
    link = zipfile.ZipInfo("b.shp")
    link.external_attr = 0o120777 << 16
    path = packed(tmp_path / "a.zip", parts)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "link" in refused(path).en


def test_members_with_a_password(tmp_path, parts):
    path = packed(tmp_path / "a.zip", parts)
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 8] |= 1
    path.write_bytes(bytes(raw))
    assert "password" in refused(path).en


def test_more_members_than_the_limit(tmp_path, parts):
    path = packed(tmp_path / "a.zip", parts)
    assert "--limit members=" in refused(path, limits=Limits(members=2)).remedy_en


@pytest.mark.parametrize("lie", [False, True])
def test_bytes_are_counted_as_they_come_out(tmp_path, parts, lie):
    path = packed(tmp_path / "a.zip", {**parts, "b.txt": b"0" * 5_000_000})
    if lie:
        raw = path.read_bytes()
        path.write_bytes(raw.replace((5_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")))
    error = refused(path, limits=Limits(megabytes=3))
    assert lie or "--limit megabytes=" in error.remedy_en


def test_names_in_gbk_come_out_right(tmp_path, parts):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("a.", "XXXXXXXX."), content)
    path.write_bytes(path.read_bytes().replace(b"XXXXXXXX", "候选地块".encode("gbk")))
    assert sources.read(path).name == "候选地块"


def test_archives_in_archives_are_left_alone(tmp_path, parts):
    inner = packed(tmp_path / "inner.zip", parts).read_bytes()
    path = packed(tmp_path / "a.zip", {"inner.zip": inner})
    assert "no map data" in refused(path).en
    assert sources.read(packed(tmp_path / "b.zip", {**parts, "inner.zip": inner})).rows


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"PK\x05\x06" + b"\0" * 18])
def test_broken_and_empty_archives(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)
    refused(tmp_path / "a.zip")


VRT = """<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>
</OGRVRTDataSource>"""
FALSE = {
    "vrt": VRT.encode(),
    "gdalg": b'{"type": "gdal_streamed_alg", "command_line": "gdal vector convert a b"}',
    "stac": json.dumps({"type": "FeatureCollection", "stac_version": "1.0.0", "features": [FEATURE]}).encode(),
    "oapif": b'{"links": [{"rel": "data", "href": "http://127.0.0.1/collections"}], "conformsTo": []}',
    "topojson": b'{"type": "Topology", "objects": {}, "arcs": []}',
    "esri": b'{"geometryType": "esriGeometryPoint", "features": []}',
    "list": b"[1, 2, 3]",
    "wfs": b"<OGRWFSDataSource><URL>http://127.0.0.1/</URL></OGRWFSDataSource>",
    "capabilities": b'<WFS_Capabilities xmlns:gml="http://www.opengis.net/gml"/>',
    "sqlite": b"SQLite format 3\0" + b"\0" * 100,
    "tiff": b"II*\0" + b"\0" * 100,
    "pdf": b"%PDF-1.7\n",
    "html": b"<!DOCTYPE html><html><body>404</body></html>",
}


@pytest.mark.parametrize("content", FALSE.values(), ids=FALSE)
@pytest.mark.parametrize(
    "ending",
    [
        ".geojson",
        ".json",
        ".geojsonl",
        ".gpkg",
        ".shp",
        ".fgb",
        ".kml",
        ".gml",
        ".kmz",
        ".zip",
        ".dxf",
        ".parquet",
        ".xlsx",
    ],
)
def test_content_under_a_false_ending(tmp_path, ending, content):
    path = tmp_path / f"a{ending}"
    path.write_bytes(content)
    refused(path)


@pytest.fixture
def listener():
    """A server that notes whether anything reached it."""
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stop = threading.Event()

        def listen():
            while not stop.is_set():
                try:
                    server.accept()[0].close()
                    heard.append(1)
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", heard
        stop.set()
        thread.join()


GML = """<?xml version="1.0"?><ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml"
 xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://ogr.maptools.org/ {url}/a.xsd"><gml:featureMember><ogr:a>
<ogr:n xlink:href="{url}/b.gml#x">1</ogr:n>
<ogr:geometryProperty xlink:href="{url}/c.gml"><gml:Point srsName="{url}/crs">
<gml:coordinates>114,22.5</gml:coordinates></gml:Point></ogr:geometryProperty></ogr:a></gml:featureMember></ogr:FeatureCollection>"""
KML = """<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link><href>{url}/a.kml</href></Link></NetworkLink>
<Placemark><name>a</name><styleUrl>{url}/s.kml#x</styleUrl>
<Style><IconStyle><Icon><href>{url}/i.png</href></Icon></IconStyle></Style>
<Point><coordinates>114,22.5</coordinates></Point></Placemark></Document></kml>"""
LINKED = """{{"type":"FeatureCollection","crs":{{"type":"link","properties":{{"href":"{url}/crs","type":"proj4"}}}},
"features":[%s]}}"""
NAMED = '{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"{url}/crs"}}}},"features":[%s]}}'


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.gml", GML), ("a.kml", KML), ("a.geojson", LINKED), ("b.geojson", NAMED)],
    ids=["gml", "kml", "crs link", "crs name"],
)
def test_nothing_reaches_the_network(tmp_path, listener, name, text):
    url, heard = listener
    escaped = json.dumps(FEATURE).replace("{", "{{").replace("}", "}}")
    (tmp_path / name).write_text((text % escaped if "%s" in text else text).format(url=url), encoding="utf-8")
    found = sources.read(tmp_path / name)
    assert shapely.equals(found.geometries[0], POINT)
    assert heard == []
    if name.endswith("geojson"):
        assert found.crs is None
        assert "link" in found.notes[0][1]


def test_a_schema_beside_a_gml_may_not_reach_out(tmp_path, listener):
    url, heard = listener
    (tmp_path / "a.gml").write_text(GML.format(url=url))
    (tmp_path / "a.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:gml="http://www.opengis.net/gml">'
        f'<xs:include schemaLocation="{url}/x.xsd"/>'
        f'<xs:import namespace="urn:x" schemaLocation="{url}/y.xsd"/></xs:schema>'
    )
    sources.read(tmp_path / "a.gml")
    assert heard == []


DEEP = 100_000
HOSTILE = {
    "a.geojson": b'{"type":"FeatureCollection","features":' + b"[" * DEEP,
    "b.geojson": b'{"type":"Feature","geometry":null,"properties":' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}",
    "c.geojson": b'{"type":"Point","coordinates":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "d.geojson": b"[" * 50_000_000,
    "e.geojson": b'{"type":"FeatureCollection","features":[' + b"9" * 5_000_000 + b"]}",
    "f.geojsonl": b"[" * DEEP,
    "a.kml": b'<kml xmlns="http://www.opengis.net/kml/2.2">' + b"<Folder>" * 10_000 + b"</Folder>" * 10_000 + b"</kml>",
    "b.kml": b'<!DOCTYPE kml [<!ENTITY a "x">]><kml><Document><name>&a;</name></Document></kml>',
    "c.kml": b'<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]><kml><Document><name>&a;</name></Document></kml>',
    "a.gml": b'<a xmlns:gml="http://www.opengis.net/gml">' + b"<b>" * DEEP,
    "b.gml": b'<!DOCTYPE a [<!ENTITY a "x">]><a xmlns:gml="http://www.opengis.net/gml">&a;</a>',
    "a.shp": b"\x00\x00\x27\x0a" + b"\xff" * 100_000,
    "a.fgb": b"fgb\x03fgb\x00" + b"\xff" * 100_000,
    "a.parquet": b"PAR1" + b"\xff" * 100_000 + b"PAR1",
    "a.dxf": b"0\nSECTION\n2\nENTITIES\n" + b"0\nLINE\n" * 100,
    "b.dxf": b"0\nSECTION\n" + b"9" * 20_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_soon(tmp_path, name):
    (tmp_path / name).write_bytes(HOSTILE[name])
    try:
        found = sources.read(tmp_path / name)
    except InputError as error:
        assert error.remedy_zh
    else:
        assert name.endswith(".dxf")
        assert found.rows == ()


def test_odd_text_in_geojson_is_cleaned_and_noted(tmp_path):
    text = json.dumps({"type": "FeatureCollection", "features": [FEATURE | {"properties": {"id": "S@", "name": "@"}}]})
    text = text.replace("S@", "S\\u00001").replace("@", "a\\ud800b\\ud83d\\ude00 \\\\u0000")
    (tmp_path / "a.geojson").write_text(text)
    found = sources.read(tmp_path / "a.geojson")
    assert found.rows == ({"id": "S1", "name": "a\ufffdb\U0001f600 \\u0000"},)
    assert [any(word in note[1] for note in found.notes) for word in ("NUL", "\ufffd")] == [True, True]


@pytest.mark.parametrize("value", ["1e999", "-1e999", "NaN", "Infinity"])
def test_numbers_without_end(tmp_path, value):
    good, bad = json.dumps(FEATURE), json.dumps(FEATURE).replace("114", value).replace('"a"', '"b"')
    (tmp_path / "a.geojson").write_text('{"type":"FeatureCollection","features":[%s,%s]}' % (bad, good))  # noqa: UP031
    found = sources.read(tmp_path / "a.geojson")
    assert [fault.row for fault in found.faults] == [1]
    assert [row["id"] for row in found.rows] == ["b", "a"]
    text = json.dumps(FEATURE).replace('"a"', value)
    (tmp_path / "b.geojson").write_text('{"type":"FeatureCollection","features":[%s]}' % text)  # noqa: UP031
    assert len(sources.read(tmp_path / "b.geojson").rows) == 1


def test_repeated_keys(tmp_path):
    text = json.dumps(FEATURE).replace('"id": "a"', '"id": "a", "id": "b"')
    (tmp_path / "a.geojson").write_text(text)
    assert sources.read(tmp_path / "a.geojson").rows == ({"id": "b"},)


def test_a_geopackage_with_a_view_that_never_ends(tmp_path):
    path = tmp_path / "a.gpkg"
    geopandas.GeoDataFrame({"n": [1]}, geometry=[POINT], crs=4490).to_file(path, layer="t")
    endless = "WITH RECURSIVE r(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM r) SELECT fid, NULL AS geom FROM r"
    with sqlite3.connect(path) as base:
        base.execute(f"CREATE VIEW v AS {endless}")
        base.execute("INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES ('v', 'features', 4490)")
        base.execute("INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POINT', 4490, 0, 0)")
    assert "view" in refused(path).en


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", ["a.gpkg", "a.fgb", "a.shp", "a.geojson", "a.parquet"])
def test_files_that_break_off(layer, tmp_path, name, cut):
    rows = [({"n": n}, shapely.Point(114, 22 + n / 1000)) for n in range(300)]
    if name.endswith("parquet"):
        geopandas.GeoDataFrame([one for one, _ in rows], geometry=[one for _, one in rows]).to_parquet(tmp_path / name)
    else:
        layer(name, rows)
    path = tmp_path / name
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * cut)])
    try:
        found = sources.read(path)
    except InputError as error:
        assert error.remedy_en
    else:
        assert len(found.rows) + len(found.faults) >= 1


@pytest.mark.parametrize("end", [".fgb", ".dbf"])
def test_what_broke_off_is_a_fault_and_the_rest_is_kept(layer, end):
    rows = [({"n": n}, shapely.Point(114, 22 + n / 1000)) for n in range(300)]
    path = layer("a.shp" if end == ".dbf" else "a.fgb", rows)
    broken = path.with_suffix(end)
    broken.write_bytes(broken.read_bytes()[: int(broken.stat().st_size * 0.6)])
    found = sources.read(path)
    (fault,) = found.faults
    assert fault.row == len(found.rows) > 50
    assert f"{301 - len(found.rows)} of 300" in fault.en
    assert found.geometries[-1] is None


def test_nothing_is_said_on_stderr(tmp_path, parts):
    for name, content in {**HOSTILE, **parts, "x.geojson": json.dumps(FEATURE).encode()}.items():
        (tmp_path / name).write_bytes(content)
    code = (
        "import sys; from pathlib import Path; from geo import errors, sources\n"
        "for path in sorted(Path(sys.argv[1]).iterdir()):\n"
        "    try: sources.read(path); sources.list_layers(path)\n"
        "    except errors.InputError: pass\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=False, env=env)
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")
