"""EPSG codes, systems without a code, stated accuracy, names, dense edges."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod, Proj

from geo import crs
from geo.errors import CRSMismatch

GEOD = Geod(ellps="GRS80")
FUTIAN = (114.0527534, 22.5458236)
ONE_DATUM = [4490, 4326, 4547, 4526, 4546, 4525, 4548, 4527, 4497, 4498, 32649, 32650, 3857]
BEIJING_1954 = [4214, 2435, 2414, 2434, 2436]
XIAN_1980 = [4610, 2383, 2362, 2382, 2384]
ESRI_4547 = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
LOCAL = ESRI_4547.replace("500000.0", "100000.0").replace("CGCS2000_3_Degree_GK_CM_114E", "SZ")


def apart(a, b) -> float:
    return GEOD.inv(float(a[0]), float(a[1]), float(b[0]), float(b[1]))[2]


@pytest.mark.parametrize("code", ONE_DATUM)
def test_codes_on_one_datum_are_exact(code):
    projected = not CRS(code).is_geographic
    numbers = Proj(CRS(code))(*FUTIAN) if projected else FUTIAN
    assert apart(FUTIAN, crs.to_wgs84(*numbers, code)) < 1e-3
    assert crs.accuracy_m(code) == 0.0


@pytest.mark.parametrize("code", BEIJING_1954)
def test_beijing_1954_is_known_to_fifteen_metres(code):
    assert crs.accuracy_m(code) == 15.0
    numbers = FUTIAN if code == 4214 else Proj(CRS(code))(*FUTIAN)
    assert apart(FUTIAN, crs.to_wgs84(*numbers, code)) == pytest.approx(54.7, abs=0.1)


@pytest.mark.parametrize("code", XIAN_1980)
def test_xian_1980_is_not_known(code):
    assert crs.accuracy_m(code) is None
    numbers = FUTIAN if code == 4610 else Proj(CRS(code))(*FUTIAN)
    assert apart(FUTIAN, crs.to_wgs84(*numbers, code)) < 1e-3


def test_beijing_1954_read_as_cgcs2000_is_77_m_off():
    numbers = (505426.338, 2494242.655)
    assert apart(crs.to_wgs84(*numbers, 4547), crs.to_wgs84(*numbers, 2435)) == pytest.approx(77.4, abs=0.1)
    assert apart(crs.to_wgs84(*numbers, 4547), crs.to_wgs84(*numbers, 2383)) == pytest.approx(1.2, abs=0.1)


@pytest.mark.parametrize("datum", crs.DATUMS)
def test_named_datums_have_accuracy_and_name(datum):
    assert crs.accuracy_m(datum) == 0.0
    assert crs.describe(datum).zh
    assert crs.is_angular(datum)


@pytest.mark.parametrize("asked", [crs.accuracy_m, crs.describe])
@pytest.mark.parametrize("datum", ["mars", 999999, -1, 10**12])
def test_unknown_datums_are_refused(asked, datum):
    with pytest.raises(CRSMismatch):
        asked(datum)


@pytest.mark.parametrize("code", [4978, 5773])
def test_heights_and_geocentric_systems_are_refused(code):
    with pytest.raises(CRSMismatch) as caught:
        crs.to_wgs84(1.0, 2.0, code)
    assert "EPSG:4547" in caught.value.text("zh")


@pytest.mark.parametrize(
    ("code", "zh"),
    [
        (4547, "CGCS2000 / 3度带 中央经线 114°E (EPSG:4547)"),
        (4526, "CGCS2000 / 3度带 第38带 (EPSG:4526)"),
        (32649, "WGS84 / UTM 北半球第49带 (EPSG:32649)"),
        (3857, "WGS84 / 网络墨卡托 (EPSG:3857)"),
        (2435, "1954北京坐标系 / 3度带 中央经线 114°E (EPSG:2435)"),
        (2362, "1980西安坐标系 / 3度带 第38带 (EPSG:2362)"),
        (4490, "CGCS2000 经纬度 (EPSG:4490)"),
        (4509, "CGCS2000 / 6度带 中央经线 117°E (EPSG:4509)"),
    ],
)
def test_chinese_names(code, zh):
    assert crs.describe(code).zh == zh
    assert f"EPSG:{code}" in crs.describe(code).en


@pytest.mark.parametrize(
    ("system", "datum"),
    [
        ("EPSG:4326", "wgs84"), ("EPSG:4490", "cgcs2000"), ("OGC:CRS84", "wgs84"), ("EPSG:4979", "wgs84"),
        ("+proj=longlat +datum=WGS84", "wgs84"), ("EPSG:4547", 4547), ("EPSG:4547+5737", 4547), ("ESRI:102100", 3857),
        ("EPSG:2435", 2435), ("EPSG:4508", 4508), (ESRI_4547, 4547), (ESRI_4547.replace("CGCS2000_3", "mine"), 4547),
        (LOCAL, None), ("+proj=tmerc +lon_0=114 +x_0=500000 +ellps=GRS80", None), ("EPSG:4978", None),
        ("+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3", None),
    ],
)  # fmt: skip
def test_identify(system, datum):
    assert crs.identify(CRS.from_user_input(system)) == datum


def test_a_system_without_a_code_converts_by_itself():
    system = CRS.from_wkt(LOCAL)
    assert crs.to_wgs84(105426.338, 2494242.655, system) == pytest.approx(FUTIAN, abs=1e-8)
    assert crs.describe(system).zh == "SZ"
    assert crs.accuracy_m(system) == 0.0


def test_parameters_that_a_file_brings_along_are_used():
    system = CRS.from_user_input("+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3")
    assert apart((114.05, 22.54), crs.to_wgs84(114.05, 22.54, system)) == pytest.approx(51.5, abs=1)
    assert crs.accuracy_m(system) is None


def test_conversion_of_what_cannot_be_gives_no_number_and_no_error():
    lon, lat = crs.to_wgs84([1e300, np.nan, np.inf, 505426.338], [0.0, 1.0, 2.0, 2494242.655], 4547)
    assert not np.isfinite(lon[:3] + lat[:3]).any()
    assert lon[3] == pytest.approx(FUTIAN[0], abs=1e-8)


def test_a_ten_kilometre_edge_moves_more_than_half_a_hectare():
    """Between a parallel and its chord lie L³·tan φ / 12R."""
    length, lat = 10_000.0, 22.55
    lon = GEOD.fwd(114.0, lat, 90, length)[0]
    edge = shapely.LineString([(114.0, lat), (lon, lat)])
    sliver = float(shapely.area(shapely.polygons(shapely.get_coordinates(crs.project(edge)))))
    assert sliver == pytest.approx(length**3 * np.tan(np.radians(lat)) / (12 * 6.371e6), rel=0.02)
    box = shapely.box(114.0, lat - 0.01, lon, lat)
    back = crs.shift_geometries(crs.from_metric(crs.project(box)), 4547)
    assert float(crs.area_m2(shapely.symmetric_difference(box, back))) < 0.01 * sliver


@pytest.mark.parametrize("datum", ["gcj02", "bd09", 4547, 3857, 32649])
def test_long_edges_are_made_dense_before_converting(datum):
    forward = {
        "gcj02": crs.wgs84_to_gcj02,
        "bd09": lambda lon, lat: crs.gcj02_to_bd09(*crs.wgs84_to_gcj02(lon, lat)),
    }.get(datum) or Proj(CRS(datum))
    corners = np.array([(114.0, 22.5), (114.1, 22.5), (114.1, 22.6), (114.0, 22.6)])
    there = shapely.Polygon(np.column_stack(forward(corners[:, 0], corners[:, 1])))
    coarse = crs.shift_geometries(there, datum)
    fine = crs.shift_geometries(shapely.segmentize(there, 0.0002 if crs.is_angular(datum) else 20.0), datum)
    assert shapely.get_num_coordinates(coarse) > 30
    assert shapely.hausdorff_distance(crs.project(coarse).boundary, crs.project(fine).boundary) < 0.1


def test_shifting_nothing_changes_nothing():
    box = shapely.box(114.0, 22.5, 114.1, 22.6)
    assert crs.shift_geometries(box, "wgs84").equals(box)
    assert len(crs.shift_geometries(np.array([], dtype=object), "gcj02")) == 0
