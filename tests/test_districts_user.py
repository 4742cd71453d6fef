"""A user's own layer: formats, names, coordinate systems, faults."""

from __future__ import annotations

import json
import math

import geopandas
import numpy as np
import pandas
import pyogrio
import pytest
import shapely
from shapely import box

from geo import crs, districts, join
from geo.errors import CRSMismatch, InputError
from geo.schema import DISTRICTS

FUTIAN, LUOHU = box(114.00, 22.50, 114.01, 22.51), box(114.01, 22.50, 114.02, 22.51)
POINT = shapely.Point(114.005, 22.505)


@pytest.fixture
def read(register, boundaries):
    return lambda path: districts.read_user(path, register.places, boundaries)


def two(column, first, second):
    return [({column: first}, FUTIAN), ({column: second}, LUOHU)]


def in_metres(rows):
    return [(row, crs.project(shape)) for row, shape in rows]


@pytest.mark.parametrize("name", ["d.geojson", "d.gpkg", "d.shp", "d.fgb", "区界 图层.gpkg"])
@pytest.mark.parametrize("epsg", [4490, 4326, 4547])
def test_formats_and_coordinate_systems(read, layer, name, epsg):
    rows = two("NAME", "福田区", "罗湖区")
    found = read(layer(name, in_metres(rows) if epsg == 4547 else rows, epsg))
    assert found.ids == ("futian", "luohu")
    assert shapely.hausdorff_distance(found.outlines, [FUTIAN, LUOHU]).max() < 2e-7
    assert name in found.source.zh
    assert name in found.source.en
    assert str(epsg) in found.datum
    assert join.locate(np.array([POINT]), found)[0].district == "futian"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("福田区", "罗湖区"), ("福田", "罗湖"), ("深圳市福田区", "深圳市罗湖区"), ("Futian", "LUOHU"),
        ("Futian District", "Luohu District"), ("futian", "luohu"), (" 福田区 ", "罗湖区　"), (440304, 440303),
        ("440304", "440303"), (440304.0, 440303.0), ("440304000000", "440303000000"), ("440304000", "440303000"),
    ],
)  # fmt: skip
def test_names_and_codes(read, layer, first, second):
    assert read(layer("d.gpkg", two("which", first, second))).ids == ("futian", "luohu")


@pytest.mark.parametrize("one", DISTRICTS)
def test_every_district_by_its_names(read, layer, register, one):
    place = register.places[one]
    for number, name in enumerate((place.zh, place.en, one, *place.aliases)):
        assert read(layer(f"d{number}.gpkg", [({"name": name}, FUTIAN)])).ids == (one,)


def test_ids_come_in_the_fixed_order_and_parts_are_joined(read, layer):
    parts = [({"n": "罗湖"}, LUOHU), ({"n": "福田"}, FUTIAN), ({"n": "罗湖"}, box(114.02, 22.50, 114.03, 22.51))]
    found = read(layer("d.geojson", parts))
    assert found.ids == ("futian", "luohu")
    assert shapely.equals(found.outlines[1], box(114.01, 22.50, 114.03, 22.51))


def test_columns_that_agree_or_are_silent(read, layer):
    rows = [
        ({"name": "福田区", "code": 440304, "note": "x"}, FUTIAN),
        ({"name": "大鹏新区", "code": 440307, "note": None}, LUOHU),
        ({"name": "某镇", "code": 441900, "note": ""}, box(114.02, 22.50, 114.03, 22.51)),
    ]
    found = read(layer("d.gpkg", rows))
    assert found.ids == ("futian", "dapeng")
    assert shapely.equals(found.outlines[1], LUOHU)


def test_missing_districts_are_noted(read, layer):
    found = read(layer("d.gpkg", two("n", "福田区", "罗湖区")))
    assert len(found.notes) == 9
    assert ("用户图层缺少深汕特别合作区。", "The user's layer lacks Shenshan.") in found.notes


def test_a_users_layer_has_no_second_opinion_and_is_not_approximate(read, layer):
    found = read(layer("d.gpkg", two("n", "福田区", "深汕特别合作区")))
    said = found.describe()
    assert (said["second_source"], said["approximate"]) == (None, [])
    assert found.uncertain is None
    assert len(found.second) == 0


@pytest.mark.parametrize(("large", "small"), [(4547, 4490), (4490, 4547), (4490, 4490)])
def test_of_several_layers_the_largest_is_taken(read, layer, large, small):
    def put(name, rows, epsg, mode):
        return layer("d.gpkg", in_metres(rows) if epsg == 4547 else rows, epsg, layer=name, mode=mode)

    put("points", [({"n": "宝安区"}, POINT)], 4490, "w")
    put("small", [({"n": "龙岗区"}, FUTIAN)], small, "a")
    found = read(put("large", two("n", "福田区", "罗湖区"), large, "a"))
    assert found.ids == ("futian", "luohu")
    assert found.source.en == "d.gpkg [large]"


def test_a_table_beside_the_layer_is_passed_over(read, layer):
    """QGIS keeps its styles in a table without geometry in the same GeoPackage."""
    path = layer("d.gpkg", two("n", "福田区", "罗湖区"), layer="districts")
    styles = pandas.DataFrame({"styleName": ["default"], "styleQML": ["<qgis/>"]})
    pyogrio.write_dataframe(styles, path, layer="layer_styles", append=True)
    assert read(path).ids == ("futian", "luohu")


def test_columns_that_disagree_name_the_row_of_the_file(read, layer):
    rows = [
        ({"name": "某点", "code": ""}, shapely.Point(114, 22.5)),
        ({"name": "罗湖区", "code": "440303"}, LUOHU),
        ({"name": "福田区", "code": "440306"}, FUTIAN),
    ]
    with pytest.raises(InputError) as caught:
        read(layer("d.geojson", rows))
    assert caught.value.row == 3
    assert "baoan" in caught.value.text("zh")
    assert "futian" in caught.value.text("en")


def test_no_polygons(read, layer):
    with pytest.raises(InputError, match="polygons"):
        read(layer("d.gpkg", [({"name": "福田区"}, POINT), ({"name": "罗湖区"}, FUTIAN.exterior)]))


def test_a_table_without_geometry(read, tmp_path):
    (tmp_path / "d.csv").write_text("name,code\n福田区,440304\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"polygons|geometry"):
        read(tmp_path / "d.csv")


def test_no_column_names_a_district(read, layer):
    with pytest.raises(InputError, match="440306"):
        read(layer("d.gpkg", two("name", "某地", "某处")))


def test_a_missing_file(read, tmp_path):
    with pytest.raises(InputError, match=r"none\.gpkg"):
        read(tmp_path / "none.gpkg")


def test_no_crs_but_degrees_is_taken_as_cgcs2000_and_said(read, layer):
    found = read(layer("d.shp", two("n", "福田区", "罗湖区"), None))
    assert found.ids == ("futian", "luohu")
    assert "not declared" in found.datum


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("name", ["d.shp", "d.gpkg"])
def test_no_crs_but_metres(read, layer, name):
    with pytest.raises(CRSMismatch, match="EPSG"):
        read(layer(name, in_metres(two("n", "福田区", "罗湖区")), None))


def test_geojson_in_metres_that_declares_no_crs(read, tmp_path):
    """GDAL takes GeoJSON without a CRS as WGS84, so that only the numbers tell."""
    features = [
        {"type": "Feature", "properties": row, "geometry": json.loads(shapely.to_geojson(shape))}
        for row, shape in in_metres(two("n", "福田区", "罗湖区"))
    ]
    path = tmp_path / "d.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    with pytest.raises(CRSMismatch, match="EPSG"):
        read(path)


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("declared", [True, False])
def test_shapefile_encodings(read, layer, encoding, declared):
    path = layer("d.shp", two("NAME", "福田区", "罗湖区"), encoding=encoding)
    if not declared:
        path.with_suffix(".cpg").unlink()
    assert read(path).ids == ("futian", "luohu")


def test_features_of_one_district_that_overlap_count_once(read, layer):
    rows = [({"n": "福田区"}, FUTIAN), ({"n": "福田区"}, box(114.005, 22.50, 114.015, 22.51))]
    assert shapely.equals(read(layer("d.gpkg", rows)).outlines[0], box(114.00, 22.50, 114.015, 22.51))


def test_an_invalid_ring_is_mended_and_told(read, layer, register):
    bow = shapely.Polygon([(114.00, 22.50), (114.01, 22.51), (114.01, 22.50), (114.00, 22.51)])
    found = read(layer("d.gpkg", [({"n": "福田区"}, bow), ({"n": "罗湖区"}, LUOHU)]))
    assert shapely.is_valid(found.outlines).all()
    row = districts.report(found, register.places)[0]
    assert not row["valid"] or any("Futian" in en and "lacks" not in en for _, en in found.notes)


def test_a_spike_does_not_cost_the_border(read, layer, register):
    """A ring with a spike is mended into an area and a line; only the area counts."""
    spiky = shapely.Polygon(
        [
            (114.00, 22.50),
            (114.01, 22.50),
            (114.01, 22.505),
            (114.02, 22.505),
            (114.01, 22.505),
            (114.01, 22.51),
            (114, 22.51),
        ]
    )
    found = read(layer("d.gpkg", [({"n": "福田区"}, spiky), ({"n": "罗湖区"}, LUOHU)]))
    assert shapely.equals(found.outlines[0], FUTIAN)
    assert found.borders[0].length > 1000
    assert districts.report(found, register.places)[0]["area_km2"] == pytest.approx(1.1, abs=0.1)


def test_long_edges_in_metres_make_no_false_overlap(read, layer, metric, register):
    """A straight edge of 10 km in EPSG:4547 bends in degrees.

    ::

        +---------------+
        |     futian    |
        +-------+-------+ 10 km
        | luohu |nanshan|
        +-------+-------+
    """
    x, y = metric.origin
    rows = [
        ({"n": "福田区"}, box(x, y + 3000, x + 10_000, y + 6000)),
        ({"n": "罗湖区"}, box(x, y, x + 5000, y + 3000)),
        ({"n": "南山区"}, box(x + 5000, y, x + 10_000, y + 3000)),
    ]
    found = districts.report(read(layer("d.gpkg", rows, 4547)), register.places)
    assert [row for row in found if row["kind"] != "district" and row["area_m2"] > 100] == []


def test_overlap_of_a_users_layer_is_reported(read, layer, register):
    rows = [({"n": "福田区"}, FUTIAN), ({"n": "罗湖区"}, box(114.009, 22.50, 114.02, 22.51))]
    (overlap,) = [row for row in districts.report(read(layer("d.gpkg", rows)), register.places) if "ids" in row]
    assert overlap["ids"] == ["futian", "luohu"]
    assert overlap["area_m2"] == pytest.approx(102.8 * 1107.5, rel=2e-3)


def test_borders_of_adjoining_districts(read, layer):
    """The shared side is 1107 m; the line goes on by at most the gap allowed for."""
    found = read(layer("d.gpkg", two("n", "福田区", "罗湖区")))
    at_corner, at_middle = join.locate(np.array([shapely.Point(114.0095, 22.505), POINT]), found)
    assert at_corner.boundary_distance_m == pytest.approx(51.4, abs=0.1)
    assert at_middle.boundary_distance_m == pytest.approx(514, abs=1)


def test_a_layer_that_borders_on_nothing_has_no_distance(read, layer, boundaries):
    """Nanshan alone lies over 500 m from every area outside the city."""
    outline = boundaries.outlines[DISTRICTS.index("nanshan")]
    found = read(layer("d.gpkg", [({"n": "南山区"}, outline)]))
    distance = join.locate(np.array([outline.representative_point()]), found)[0].boundary_distance_m
    assert distance is None or math.isfinite(distance)


def test_the_shipped_layer_given_as_a_users_layer_gives_the_same(read, layer, boundaries, register):
    rows = [
        ({"name": register.places[one].zh}, outline)
        for one, outline in zip(DISTRICTS, boundaries.outlines, strict=True)
    ]
    found = read(layer("d.gpkg", rows, 4326))
    assert found.ids == DISTRICTS
    points = shapely.point_on_surface(boundaries.outlines)
    assert [one.district for one in join.locate(points, found)] == list(DISTRICTS)
    assert districts.report(found, register.places)[0]["official_km2"] == 78.7


def test_the_file_is_left_as_it_was(read, layer):
    path = layer("d.geojson", two("n", "福田区", "罗湖区"))
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before
    assert len(geopandas.read_file(path)) == 2
