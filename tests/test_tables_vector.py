"""GeoPackage, GeoParquet, GeoJSON and shapefile, read back with other libraries and with ours."""

import csv
import json
import sqlite3
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import fiona
import geopandas
import numpy as np
import pyarrow.parquet
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from tables_made import DAY, HOLED, PARTS, POINTS, POLYGONS, TABLES, Made, answered, same

from geo import formula, sources, symbology, tables
from geo.errors import InputError
from geo.pipeline import Context
from geo.tables.columns import distinct, unreserved
from geo.tables.layers import RESERVED
from geo.tables.shapefile import TEXT_BYTES, field_names, split_text
from geo.tables.values import in_json, plain, words

FORMS = ["gpkg", "geojson", "parquet", "shp"]
MIXED = [POINTS[0], HOLED, PARTS]
TYPED: dict[str, list[Any]] = {
    "text": ["=1", "", None],
    "whole": [1, -(2**62), None],
    "number": [0.1, -1e20, None],
    "truth": [True, False, None],
    "day": [date(2020, 2, 29), date(1850, 1, 1), None],
    "empty": [None, None, None],
    "long": ["深圳 市" * 500, "x" * 255, None],
}


@pytest.fixture(scope="module")
def made(context: Context) -> Made:
    return Made(context, POINTS)


Writer = Callable[..., list[Path]]


@pytest.fixture(scope="module")
def write(context: Context) -> Writer:
    """Write a document in a format; the files made."""
    palette = symbology.load(context.settings)

    def call(form: str, folder: Path, document: dict[str, Any], sites: list[Any]) -> list[Path]:
        rest = (context.register, context.boundaries, palette, context.settings)
        return tables.write(form, folder / f"选址.{form}", document, sites, *rest)

    return call


def gis_names(names: list[str]) -> list[str]:
    return distinct(unreserved(names, RESERVED))


def close(found: Any, wanted: Any) -> bool:
    """Whether two geometries have the same vertices to 1e-7 degrees, wherever a ring begins."""
    return bool(
        found.geom_type.removeprefix("Multi") == wanted.geom_type.removeprefix("Multi")
        and shapely.get_num_coordinates(found) == shapely.get_num_coordinates(wanted)
        and shapely.hausdorff_distance(shapely.boundary(found), shapely.boundary(wanted)) <= 1.01e-7 * 0.5**0.5
        if shapely.get_dimensions(wanted)
        else np.abs(shapely.get_coordinates(found) - shapely.get_coordinates(wanted)).max() <= 0.51e-7
    )


# ---- what every format owes --------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shapes", [POINTS, POLYGONS, [PARTS, *POLYGONS[:2]]], ids=["points", "polygons", "parts"])
def test_every_vertex_comes_back(context: Context, write: Writer, tmp_path: Path, form: str, shapes: Any) -> None:
    document, sites = answered(context, shapes, {})
    path = write(form, tmp_path, document, sites)[0]
    with fiona.open(path) if form != "parquet" else _nothing() as src:
        found = (
            [shapely.geometry.shape(one.geometry) for one in src]
            if src
            else list(geopandas.read_parquet(path).geometry)
        )
    assert len(found) == len(shapes)
    assert all(close(one, wanted) for one, wanted in zip(found, shapes, strict=True))
    ours = sources.read(path, layer="sites") if form == "gpkg" else sources.read(path)
    assert all(close(one, wanted) for one, wanted in zip(ours.geometries, shapes, strict=True))


class _nothing:  # noqa: N801 - a context that gives None
    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: object) -> None:
        return None


@pytest.mark.parametrize("form", ["gpkg", "parquet", "shp"])
def test_the_coordinate_system_is_declared(context: Context, write: Writer, tmp_path: Path, form: str) -> None:
    document, sites = answered(context, POINTS, {})
    path = write(form, tmp_path, document, sites)[0]
    crs = geopandas.read_parquet(path).crs if form == "parquet" else geopandas.read_file(path).crs
    assert pyproj.CRS(crs).to_epsg(min_confidence=60) == 4490


@pytest.mark.parametrize("form", [*FORMS, "csv", "xlsx"])
def test_a_users_column_named_like_ours_is_told_apart(
    context: Context, write: Writer, tmp_path: Path, form: str
) -> None:
    own = {"Match": ["a", "b", "c"], "lon": ["1", "2", "3"], "FID": ["7", "8", "9"], "Geometry": ["x", "y", "z"]}
    document, sites = answered(context, POINTS, own)
    path = write(form, tmp_path, document, sites)[0]
    found = sources.read(path, layer="sites") if form == "gpkg" else sources.read(path)
    expected = {"Match_input", "lon_input", "match", "lon"}
    expected |= {"FID", "Geometry"} if form in ("csv", "xlsx") else {"Geometry_input"}
    expected |= {"FID_input"} if form in ("gpkg", "parquet", "shp") else {"FID"}
    assert expected <= set(found.columns)
    assert [str(row["Match_input"]) for row in found.rows] == own["Match"]
    assert [str(row["lon_input"]) for row in found.rows] == own["lon"]


@pytest.mark.parametrize("form", [*FORMS, "csv", "xlsx"])
def test_the_same_answer_gives_the_same_bytes(context: Context, write: Writer, tmp_path: Path, form: str) -> None:
    document, sites = answered(context, MIXED, TYPED)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    one, two = (write(form, tmp_path / name, document, sites) for name in ("a", "b"))
    assert [path.name for path in one] == [path.name for path in two]
    assert sorted(one) == sorted((tmp_path / "a").iterdir())
    for first, second in zip(one, two, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name


@pytest.mark.parametrize("form", [*FORMS, "csv", "xlsx"])
def test_no_site_at_all_still_gives_the_file(context: Context, write: Writer, tmp_path: Path, form: str) -> None:
    document, sites = answered(context, [], {})
    path = write(form, tmp_path, document, sites)[0]
    assert path.name == f"选址.{form}" and path.stat().st_size


def test_a_format_that_is_not_known_is_refused(context: Context, write: Writer, tmp_path: Path) -> None:
    document, sites = answered(context, POINTS, {})
    with pytest.raises(InputError, match="format is not known"):
        write("dwg", tmp_path, document, sites)
    assert set(tables.FORMATS.values()) == {"csv", "xlsx", "gpkg", "geojson", "parquet", "shp"}


# ---- GeoPackage --------------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(TABLES)
def test_geopackage_gives_back_every_attribute(made: Made, held: dict[str, list[Any]]) -> None:
    sites = made.with_attributes(held)
    names, flat = tables.rows(made.document, sites)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.gpkg"
        write_sites_only(path, made.document, sites)
        with sqlite3.connect(path) as base:
            base.row_factory = sqlite3.Row
            found = [dict(row) for row in base.execute("SELECT * FROM sites ORDER BY fid")]
        base.close()
    for row, wanted in zip(found, flat, strict=True):
        for name, gis in zip(names, gis_names(names), strict=True):
            value, given_ = row[gis], plain(wanted[name])
            if isinstance(value, str):
                assert value == words(given_), gis
            else:
                assert same(bool(value) if isinstance(given_, bool) else value, given_), gis


def write_sites_only(path: Path, document: dict[str, Any], sites: Any) -> None:
    from geo.tables.layers import site_layers
    from geo.tables.vector import write_layer

    for layer in site_layers(document, sites):
        write_layer(path, layer, layer=layer.name, driver="GPKG")


def test_geopackage_has_types(context: Context, write: Writer, tmp_path: Path) -> None:
    east = timezone(timedelta(hours=8))
    moments = {
        "moment": [datetime(2020, 1, 2, 3, 4, 5, 6000, tzinfo=east)] * 3,
        "fine": [datetime(2020, 1, 2, 3, 4, 5, 6)] * 3,
    }
    document, sites = answered(context, POINTS, TYPED | moments)
    (path,) = write("gpkg", tmp_path, document, sites)
    with fiona.open(path, layer="sites") as src:
        kinds = {name: kind.split(":")[0] for name, kind in src.schema["properties"].items()}
        rows = [dict(one.properties) for one in src]
    assert (kinds["lon"], kinds["area_ha"], kinds["position_accuracy_m"]) == ("float", "float", "float")
    assert [kinds[name] for name in TYPED] == ["str", "int", "float", "bool", "date", "str", "str"]
    for number, row in enumerate(rows):
        for name, values in TYPED.items():
            assert same(row[name], values[number]), name
    assert rows[0]["moment"] == "2020-01-02T03:04:05.006000+08:00"
    assert rows[0]["fine"] == "2020-01-02T03:04:05.000006"


def test_points_and_polygons_make_two_layers(context: Context, write: Writer, tmp_path: Path) -> None:
    document, sites = answered(context, MIXED, {"n": [1, 2, 3]})
    (path,) = write("gpkg", tmp_path, document, sites)
    kinds = dict(pyogrio.list_layers(path))
    assert kinds == {
        "sites": "Point", "site_outlines": "MultiPolygon", "districts": "MultiPolygon",
        "designations": "MultiPolygon", "layer_styles": None,
    }  # fmt: skip
    every = geopandas.read_file(path, layer="sites")
    outlines = geopandas.read_file(path, layer="site_outlines")
    assert list(every["id"]) == ["s0", "s1", "s2"] and list(outlines["id"]) == ["s1", "s2"]
    assert list(outlines["n"]) == [2, 3] and list(every.columns) == list(outlines.columns)
    assert all(close(one, wanted) for one, wanted in zip(outlines.geometry, MIXED[1:], strict=True))
    assert [one.coords[0] for one in every.geometry[1:]] == [(one["lon"], one["lat"]) for one in document["sites"][1:]]
    assert all(point.within(shape) for point, shape in zip(every.geometry[1:], MIXED[1:], strict=True))


def test_designations_lie_over_the_area_they_spoke_of(context: Context, write: Writer, tmp_path: Path) -> None:
    document, sites = answered(context, POINTS, {})
    (path,) = write("gpkg", tmp_path, document, sites)
    found = geopandas.read_file(path, layer="designations").set_index("id")
    register, outlines = context.register, dict(zip(context.boundaries.ids, context.boundaries.outlines, strict=True))
    assert list(found.index) == [one.id for one in register.designations if one.place in outlines]
    for one in register.designations:
        if one.place not in outlines:
            continue
        row = found.loc[one.id]
        with_them = [name for name in outlines if register.reaches(one, name)]
        area = shapely.union_all([outlines[name] for name in with_them])
        assert row.geometry.symmetric_difference(area).area < 1e-12
        assert (row["place"], row["role_zh"], row["kind"]) == (one.place, one.role_zh, one.kind)
        assert row["force"] == register.force(one.instrument, DAY).value
        assert same(row["then_with"], "; ".join(name for name in with_them if name != one.place) or None)
    assert found.loc["plan-2011-baoan-cluster", "then_with"] == "longhua"
    assert bool(found.loc["action-plan-2022-shenshan-chemicals", "approximate"])
    assert found.loc["action-plan-2022-shenshan-chemicals", "to"] == "2025-12-31"


def test_dates_in_the_package_are_the_day_of_the_question(context: Context, write: Writer, tmp_path: Path) -> None:
    document, sites = answered(context, MIXED, {})
    (path,) = write("gpkg", tmp_path, document, sites)
    with sqlite3.connect(path) as base:
        said = {row[0] for row in base.execute("SELECT last_change FROM gpkg_contents")}
    base.close()
    assert said == {"2026-11-22T00:00:00.000Z"}


# ---- GeoParquet --------------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(TABLES)
def test_geoparquet_gives_back_every_attribute(made: Made, held: dict[str, list[Any]]) -> None:
    sites = made.with_attributes(held)
    names, flat = tables.rows(made.document, sites)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.parquet"
        tables.write_geoparquet(path, made.document, sites)
        table = pyarrow.parquet.read_table(path)
    assert table.column_names == [*gis_names(names), "geometry"]
    for row, wanted in zip(table.drop_columns(["geometry"]).to_pylist(), flat, strict=True):
        for name, gis in zip(names, gis_names(names), strict=True):
            value = row[gis]
            assert value == words(wanted[name]) if isinstance(value, str) else same(value, wanted[name]), gis


def test_geoparquet_is_as_its_specification_has_it(context: Context, write: Writer, tmp_path: Path) -> None:
    document, sites = answered(context, MIXED, TYPED)
    (path,) = write("parquet", tmp_path, document, sites)
    held = pyarrow.parquet.ParquetFile(path)
    about = json.loads(held.metadata.metadata[b"geo"])
    column = about["columns"]["geometry"]
    assert (about["version"], column["encoding"]) == ("1.1.0", "WKB")
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4490}
    assert set(column["geometry_types"]) == {"Point", "Polygon", "MultiPolygon"}
    assert held.metadata.row_group(0).column(0).compression == "ZSTD"
    kinds = {field.name: str(field.type) for field in held.schema_arrow}
    assert [kinds[name].removeprefix("large_") for name in TYPED] == [
        "string", "int64", "double", "bool", "date32[day]", "string", "string",
    ]  # fmt: skip
    exact = geopandas.read_parquet(path).geometry
    assert all(one.equals_exact(wanted, 0) for one, wanted in zip(exact, MIXED, strict=True))


# ---- GeoJSON -----------------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(TABLES)
def test_geojson_gives_back_every_attribute(made: Made, held: dict[str, list[Any]]) -> None:
    sites = made.with_attributes(held)
    names, flat = tables.rows(made.document, sites)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "s.geojson"
        tables.write_geojson(path, made.document, sites)
        collection = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    for feature, row in zip(collection["features"], flat, strict=True):
        told = unreserved(names, {"geometry"})
        assert feature["properties"] == {gis: in_json(row[name]) for name, gis in zip(names, told, strict=True)}


def _refuse(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def test_geojson_is_as_rfc_7946_has_it(context: Context, write: Writer, tmp_path: Path) -> None:
    nested = {"list": [[1, {"a": float("nan")}], None, {"b": "c"}]}
    document, sites = answered(context, MIXED, nested)
    (path,) = write("geojson", tmp_path, document, sites)
    collection = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    assert collection["type"] == "FeatureCollection" and "crs" not in collection
    assert [one["id"] for one in collection["features"]] == ["s0", "s1", "s2"]
    assert [one["properties"]["list"] for one in collection["features"]] == [[1, {"a": None}], None, {"b": "c"}]
    for feature in collection["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                assert part.exterior.is_ccw and not any(ring.is_ccw for ring in part.interiors)
        coordinates = shapely.get_coordinates(shape)
        assert (np.round(coordinates, 7) == coordinates).all()
    assert collection["parksite"]["as_of"] == "2026-11-22"


def test_rounding_keeps_every_vertex_of_a_tiny_outline(context: Context) -> None:
    tiny = shapely.box(114.2, 22.7, 114.20000004, 22.70000004)
    found = tables.geojson(*answered(context, [tiny], {}))["features"][0]["geometry"]
    assert found["type"] == "Polygon" and len(found["coordinates"][0]) == 5


# ---- shapefile ---------------------------------------------------------------------------


def joined(path: Path) -> list[dict[str, Any]]:
    """Rows of a shapefile under their full names, put together by its table of columns."""
    with (path.with_name(f"{path.stem}.columns.csv")).open(encoding="utf-8", newline="") as handle:
        listed = list(csv.DictReader(handle))
    rows = []
    with fiona.open(path) as src:
        assert [one["column"] for one in listed] == list(src.schema["properties"])
        for record in src:
            row: dict[str, Any] = {}
            for one in listed:
                value, name = record.properties[one["column"]], formula.bare(one["name"])
                if int(one["part"]) > 1:
                    row[name] = (row[name] or "") + value if value else row[name]
                else:
                    row[name] = value
            rows.append(row)
    return rows


@settings(deadline=None, max_examples=25)
@given(TABLES)
def test_shapefile_gives_back_every_attribute(made: Made, held: dict[str, list[Any]]) -> None:
    sites = made.with_attributes(held)
    names, flat = tables.rows(made.document, sites)
    with TemporaryDirectory() as folder:
        tables.write_shapefile(Path(folder) / "s.shp", made.document, sites)
        rows = joined(Path(folder) / "s.shp")
    for row, wanted in zip(rows, flat, strict=True):
        for name, gis in zip(names, gis_names(names), strict=True):
            value, given_ = row[gis], wanted[name]
            if isinstance(value, str) and isinstance(given_, int | float) and not isinstance(given_, bool):
                assert float(value) == given_ or value == words(given_), gis
            elif isinstance(value, str) and not isinstance(given_, date):
                assert value == (words(given_) or "").strip(" "), gis
            else:
                assert same(value, given_, blank=True) or (value is None and not (words(given_) or "").strip(" ")), gis


def test_shapefile_has_types_and_its_side_files(context: Context, write: Writer, tmp_path: Path) -> None:
    document, sites = answered(context, POINTS, TYPED)
    made_files = write("shp", tmp_path, document, sites)
    assert [path.name for path in made_files] == [
        f"选址{suffix}" for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg", ".columns.csv")
    ]
    assert (tmp_path / "选址.cpg").read_text() == "UTF-8"
    rows = joined(tmp_path / "选址.shp")
    for number, row in enumerate(rows):
        for name, values in TYPED.items():
            given_ = values[number]
            if name == "whole":  # more than 17 digits, so text
                assert row[name] == words(given_)
            else:
                assert same(row[name], given_, blank=True), name
    ours = sources.read(tmp_path / "选址.shp")
    assert [row["long"] or None for row in ours.rows] == TYPED["long"]
    assert [row["explanation_zh"] for row in ours.rows] == [one["explanation"]["zh"] for one in document["sites"]]


def test_points_and_polygons_make_two_shapefiles(context: Context, write: Writer, tmp_path: Path) -> None:
    document, sites = answered(context, MIXED, {"n": [1, 2, 3]})
    made_files = write("shp", tmp_path, document, sites)
    assert [path.name for path in made_files if path.suffix == ".shp"] == ["选址_points.shp", "选址_polygons.shp"]
    assert [row["n"] for row in joined(tmp_path / "选址_points.shp")] == [1]
    assert [row["n"] for row in joined(tmp_path / "选址_polygons.shp")] == [2, 3]


@given(given_text=TABLES)
def test_pieces_of_a_text_fit_and_make_the_whole(given_text: dict[str, list[Any]]) -> None:
    for values in given_text.values():
        for value in values:
            text = (words(plain(value)) or "") * 40
            pieces = split_text(text)
            assert "".join(pieces) == text and all(len(piece.encode()) <= TEXT_BYTES for piece in pieces)


def test_field_names_fit_and_differ() -> None:
    names = [f"boundary_{number}" for number in range(120)] + ["权属单位名称甲", "权属单位名称乙", "权属单", "a", "A"]
    found = field_names(names)
    assert len({name.casefold() for name in found}) == len(names)
    assert all(0 < len(name.encode()) <= 10 for name in found)


def test_more_columns_than_a_shapefile_holds_are_refused(context: Context, write: Writer, tmp_path: Path) -> None:
    document, sites = answered(context, POINTS, {"a": ["x" * 254 * 250, None, None]})
    with pytest.raises(InputError, match="255 fields"):
        write("shp", tmp_path, document, sites)
    assert list(tmp_path.iterdir()) == []
