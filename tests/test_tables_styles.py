"""QGIS styles in the GeoPackage, read back from its table; `tests/qgis` opens them in QGIS."""

import re
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from tables_made import DAY, HOLED, PARTS, POINTS, answered

from geo import symbology, tables
from geo.pipeline import Context
from geo.symbology import Symbology
from geo.tables.notes import NOTES

COLUMNS = [
    "id", "f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML",
    "styleSLD", "useAsDefault", "description", "owner", "ui", "update_time",
]  # fmt: skip


@pytest.fixture(scope="module")
def palette(context: Context) -> Symbology:
    return symbology.load(context.settings)


@pytest.fixture(scope="module")
def package(context: Context, palette: Symbology, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GeoPackage of points and polygons."""
    document, sites = answered(context, [*POINTS, HOLED, PARTS], {"备注": list("abcde")})
    path = tmp_path_factory.mktemp("styles") / "s.gpkg"
    tables.write("gpkg", path, document, sites, context.register, context.boundaries, palette, context.settings)
    return path


def query(path: Path, text: str) -> list[tuple[Any, ...]]:
    base = sqlite3.connect(path)
    try:
        return base.execute(text).fetchall()
    finally:
        base.close()


def style(path: Path, layer: str) -> Any:
    """The root of a layer's default style, asked for as QGIS does."""
    rows = query(
        path,
        "SELECT styleQML FROM layer_styles WHERE f_table_schema='' AND f_geometry_column='geom' "
        f"AND f_table_name='{layer}' ORDER BY CASE WHEN useAsDefault THEN 1 ELSE 2 END, update_time DESC",
    )
    assert len(rows) == 1
    return fromstring(rows[0][0].partition("\n")[2])


def options(symbol: Any, kind: str) -> list[dict[str, str]]:
    """The options of a symbol's layers of one class."""
    return [
        {one.get("name"): one.get("value") for one in layer.find("Option")}
        for layer in symbol.findall("layer")
        if layer.get("class") == kind
    ]


def classes(root: Any) -> dict[str, tuple[str, Any]]:
    """Label and symbol by value."""
    symbols = {one.get("name"): one for one in root.find("renderer-v2/symbols")}
    return {
        one.get("value"): (one.get("label"), symbols[one.get("symbol")]) for one in root.find("renderer-v2/categories")
    }


def hexed(rgba: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in rgba.split(",")[:3])


def test_the_table_is_as_qgis_writes_it(package: Path) -> None:
    assert [row[1] for row in query(package, "PRAGMA table_info(layer_styles)")] == COLUMNS
    assert query(package, "SELECT data_type, identifier FROM gpkg_contents WHERE table_name='layer_styles'") == [
        ("attributes", "layer_styles")
    ]
    rows = query(package, "SELECT f_table_name, useAsDefault, update_time, f_table_catalog FROM layer_styles")
    assert rows == [
        (name, 1, "2026-11-22T00:00:00.000Z", "") for name in ("sites", "site_outlines", "districts", "designations")
    ]


def test_styled_columns_and_layers_are_there(package: Path) -> None:
    for (layer,) in query(package, "SELECT f_table_name FROM layer_styles"):
        attribute = style(package, layer).find("renderer-v2").get("attr")
        found = {row[0] for row in query(package, f'SELECT DISTINCT "{attribute}" FROM {layer}')}
        assert {value or "" for value in found} <= set(classes(style(package, layer)))


def test_no_word_in_braces_is_left(package: Path) -> None:
    for (text,) in query(package, "SELECT styleQML FROM layer_styles"):
        assert not re.search(r"\{[a-z_]+\}", text)


def test_sites_have_the_colours_and_symbols_of_the_map(package: Path, palette: Symbology) -> None:
    points, outlines = classes(style(package, "sites")), classes(style(package, "site_outlines"))
    for one in palette.match_classes():
        label, symbol = points[one.id]
        (marker,) = options(symbol, "SimpleMarker")
        assert label == one.zh
        assert one.colour in (hexed(marker["color"]), hexed(marker["outline_color"]))
        (fill,) = options(outlines[one.id][1], "SimpleFill")
        assert hexed(fill["color"]) == hexed(fill["outline_color"]) == one.colour
    assert options(points["not_asked"][1], "SimpleMarker")[0]["color"].startswith("255,255,255")
    assert options(points["outside"][1], "SimpleMarker")[0]["angle"] == "0"
    assert options(points["unrecognised"][1], "SimpleMarker")[0]["angle"] == "45"


@pytest.mark.parametrize("day", [date(2012, 1, 1), date(2024, 6, 1), DAY, date(2005, 1, 1)])
def test_districts_have_the_colours_of_the_role_theme(
    context: Context, palette: Symbology, tmp_path: Path, day: date
) -> None:
    document, sites = answered(context, POINTS, {})
    document["as_of"] = day.isoformat()
    path = tmp_path / "s.gpkg"
    tables.write_geopackage(path, document, sites, context.register, context.boundaries, palette, context.settings)
    theme = palette.roles(context.register, day)
    found = classes(style(path, "districts"))
    rows = query(path, "SELECT id, role_zh FROM districts")
    assert len(found) == len({role for _, role in rows})
    for district, role in rows:
        swatch = theme.swatch(district)
        label, symbol = found[role or ""]
        assert label == swatch.zh
        assert hexed(options(symbol, "SimpleFill")[0]["color"]) == swatch.colour
        assert bool(options(symbol, "LinePatternFill")) == bool(swatch.hatch)


def test_approximate_outlines_are_dashed(package: Path) -> None:
    for layer in ("districts", "designations"):
        text = query(package, f"SELECT styleQML FROM layer_styles WHERE f_table_name='{layer}'")[0][0]
        assert "if(&quot;approximate&quot;, 'dash', 'solid')" in text
    assert query(package, "SELECT id FROM districts WHERE approximate") == [("shenshan",)]


def test_columns_have_their_chinese_names(package: Path) -> None:
    for (layer,) in query(package, "SELECT f_table_name FROM layer_styles"):
        held = [row[1] for row in query(package, f"PRAGMA table_info({layer})") if row[1] != "geom"]
        for alias in style(package, layer).find("aliases"):
            assert alias.get("name") == NOTES[layer][alias.get("field")].label
            assert held[int(alias.get("index"))] == alias.get("field")


def test_labels_show_names_once(package: Path) -> None:
    assert style(package, "site_outlines").get("labelsEnabled") == "0"
    for layer, word in (("sites", '"name"'), ("districts", '"name_zh"'), ("designations", '"role_zh"')):
        root = style(package, layer)
        assert root.get("labelsEnabled") == "1"
        assert word in root.find("labeling/settings/text-style").get("fieldName")


def test_polygons_alone_are_styled_as_polygons(context: Context, palette: Symbology, tmp_path: Path) -> None:
    document, sites = answered(context, [HOLED, PARTS], {})
    path = tmp_path / "s.gpkg"
    tables.write_geopackage(path, document, sites, context.register, context.boundaries, palette, context.settings)
    root = style(path, "sites")
    assert root.find("layerGeometryType").text == "2" and root.get("labelsEnabled") == "1"


def test_without_a_palette_there_are_no_styles(context: Context, tmp_path: Path) -> None:
    document, sites = answered(context, POINTS, {})
    path = tmp_path / "s.gpkg"
    tables.write_geopackage(path, document, sites, context.register, context.boundaries)
    assert query(path, "SELECT name FROM sqlite_master WHERE name='layer_styles'") == []
