"""Datum shifts against published vectors, round trips, guards, areas."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo import crs
from geo.errors import CRSMismatch

GEOD = Geod(ellps="GRS80")
FUTIAN = (114.0527534, 22.5458236)
GCJ_VECTORS = {  # test vectors of eviltransform: (lat, lon) WGS84 → (lat, lon) GCJ-02
    "shenzhen": (22.543847, 113.912316, 22.540796131694766, 113.9171764808363),
    "shanghai": (31.1774276, 121.5272106, 31.17530398364597, 121.531541859215),
    "beijing": (39.911954, 116.377817, 39.91334545536069, 116.38404722455657),
}
around_shenzhen = st.tuples(st.floats(113.6, 115.4), st.floats(22.4, 23.1))


def apart(a, b) -> float:
    """Metres between two positions in degrees."""
    return GEOD.inv(float(a[0]), float(a[1]), float(b[0]), float(b[1]))[2]


@pytest.mark.parametrize("city", GCJ_VECTORS)
def test_gcj02_published_vectors(city):
    lat, lon, gcj_lat, gcj_lon = GCJ_VECTORS[city]
    assert crs.wgs84_to_gcj02(lon, lat) == pytest.approx((gcj_lon, gcj_lat), abs=1e-9)
    assert crs.gcj02_to_wgs84(gcj_lon, gcj_lat) == pytest.approx((lon, lat), abs=1e-9)


def test_futian_in_gcj02_and_bd09():
    gcj = crs.wgs84_to_gcj02(*FUTIAN)
    assert gcj == pytest.approx((114.0578659, 22.5431014), abs=7.3e-6)
    assert crs.gcj02_to_bd09(114.0578659, 22.5431014) == pytest.approx((114.064418, 22.5487584), abs=1e-7)


def test_size_of_the_shifts_in_futian():
    gcj = crs.wgs84_to_gcj02(*FUTIAN)
    assert apart(FUTIAN, gcj) == pytest.approx(606, abs=1)
    assert apart(FUTIAN, crs.gcj02_to_bd09(*gcj)) == pytest.approx(1242, abs=1)


def test_one_step_inverse_errs_and_the_iterated_does_not():
    gcj = crs.wgs84_to_gcj02(*FUTIAN)
    again = crs.wgs84_to_gcj02(*gcj)
    one_step = (2 * gcj[0] - again[0], 2 * gcj[1] - again[1])
    assert apart(FUTIAN, one_step) == pytest.approx(1.22, abs=0.01)
    assert apart(FUTIAN, crs.gcj02_to_wgs84(*gcj)) < 1e-6


@given(around_shenzhen)
def test_gcj02_round_trip_below_a_millimetre(position):
    assert apart(position, crs.gcj02_to_wgs84(*crs.wgs84_to_gcj02(*position))) < 1e-3


@given(around_shenzhen)
def test_bd09_round_trip_below_a_millimetre(position):
    there = crs.gcj02_to_bd09(*crs.wgs84_to_gcj02(*position))
    assert apart(position, crs.to_wgs84(*there, "bd09")) < 1e-3


@given(around_shenzhen)
def test_gcj02_moves_every_position_half_a_kilometre(position):
    assert 400 < apart(position, crs.wgs84_to_gcj02(*position)) < 800


def test_gcj02_leaves_positions_abroad():
    assert crs.wgs84_to_gcj02([2.35, 139.7], [48.86, 35.7]) == (
        pytest.approx([2.35, 139.7], abs=0), pytest.approx([48.86, 35.7], abs=0),
    )  # fmt: skip


def test_futian_in_epsg_4547():
    x, y = crs.to_metres(*FUTIAN)
    assert (x, y) == pytest.approx((505426.338, 2494242.655), abs=1e-3)
    assert crs.to_wgs84(x, y, 4547) == pytest.approx(FUTIAN, abs=1e-10)


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000", 4326, 4490])
def test_wgs84_and_cgcs2000_are_taken_as_the_same(datum):
    assert crs.to_wgs84([FUTIAN[0]], [FUTIAN[1]], datum) == (
        pytest.approx([FUTIAN[0]], abs=1e-9), pytest.approx([FUTIAN[1]], abs=1e-9),
    )  # fmt: skip


def test_arrays_and_scalars_agree():
    lon, lat = np.array([114.0, 114.5, 115.1]), np.array([22.5, 22.6, 22.8])
    for datum in ("gcj02", "bd09", 4547):
        whole = crs.to_wgs84(lon, lat, datum)
        for number in range(3):
            assert crs.to_wgs84(lon[number], lat[number], datum) == pytest.approx(
                (whole[0][number], whole[1][number]), abs=0
            )


def test_input_arrays_are_not_written_to():
    lon, lat = np.array([114.0]), np.array([22.5])
    crs.to_wgs84(lon, lat, "bd09")
    assert (lon[0], lat[0]) == (114.0, 22.5)


@pytest.mark.parametrize("datum", ["gcj02", "bd09", 4547])
def test_shift_geometries_moves_every_vertex(datum):
    forward = {
        "gcj02": crs.wgs84_to_gcj02,
        "bd09": lambda lon, lat: crs.gcj02_to_bd09(*crs.wgs84_to_gcj02(lon, lat)),
        4547: crs.to_metres,
    }[datum]
    shape = shapely.box(114.0, 22.5, 114.01, 22.51)
    there = shapely.transform(shape, lambda xy: np.column_stack(forward(xy[:, 0], xy[:, 1])))
    back = crs.shift_geometries(there, datum)
    corners = shapely.points(shapely.get_coordinates(shape))
    assert shapely.distance(corners, shapely.multipoints(shapely.get_coordinates(back))).max() < 1e-8


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("wgs84", "wgs84"), ("WGS-84", "wgs84"), ("WGS 84", "wgs84"), ("CGCS2000", "cgcs2000"), (" gcj_02 ", "gcj02"),
        ("GCJ-02", "gcj02"), ("BD-09", "bd09"), ("bd09", "bd09"), ("EPSG:4547", 4547), ("epsg:4490", 4490),
        ("epsg4547", 4547), ("4547", 4547), (" 4547 ", 4547),
    ],
)  # fmt: skip
def test_parse_datum(text, datum):
    assert crs.parse_datum(text) == datum


@pytest.mark.parametrize("text", ["", "EPSG:", "mars", "wgs85", "4547m", "EPSG:45.47", "-4547x", "²"])
def test_parse_datum_rejects(text):
    with pytest.raises(CRSMismatch) as caught:
        crs.parse_datum(text)
    assert "EPSG:4547" in caught.value.text("en")
    assert repr(text) in caught.value.text("zh")


@pytest.mark.parametrize("datum", [999999, "mars"])
def test_unknown_datum_is_named(datum):
    with pytest.raises(CRSMismatch) as caught:
        crs.to_wgs84([1.0], [2.0], datum)
    assert str(datum) in str(caught.value)


@pytest.mark.parametrize(
    "bounds", [(505000, 2494000, 506000, 2495000), (-181, 0, 0, 0), (0, -91, 0, 0), (0, 0, 0, 90.1)]
)
def test_require_degrees_raises(bounds):
    with pytest.raises(CRSMismatch, match=r"here\.shp"):
        crs.require_degrees(bounds, "here.shp")


def test_require_degrees_passes():
    assert crs.require_degrees((113.7, 22.4, 115.3, 23.0), "here.shp") is None


def test_unproject_inverts_project():
    shape = shapely.box(114.0, 22.5, 114.005, 22.505)
    back = crs.unproject(crs.project(shape))
    assert shapely.get_coordinates(back) == pytest.approx(shapely.get_coordinates(shape), abs=1e-10)


def test_area_of_every_district_against_the_geodesic(boundaries):
    for one, outline, area in zip(boundaries.ids, boundaries.outlines, crs.area_m2(boundaries.outlines), strict=True):
        geodesic = abs(GEOD.geometry_area_perimeter(outline)[0])
        assert area == pytest.approx(geodesic, rel=1e-3), one


def test_area_of_a_box_with_long_edges():
    box = shapely.box(114.0, 22.5, 114.5, 22.6)
    geodesic = abs(GEOD.geometry_area_perimeter(shapely.segmentize(box, 0.001))[0])
    assert float(crs.area_m2(box)) == pytest.approx(geodesic, rel=1e-4)


def test_long_edges_make_no_false_overlap():
    whole = shapely.box(114.0, 22.47, 114.1, 22.50)
    halves = [shapely.box(114.0, 22.50, 114.05, 22.53), shapely.box(114.05, 22.50, 114.1, 22.53)]
    pieces = crs.project(np.array([whole, *halves]))
    assert shapely.area(shapely.intersection(pieces[0], pieces[1:])).sum() < 1
    bare = [
        shapely.transform(one, lambda xy: np.column_stack(crs.to_metres(xy[:, 0], xy[:, 1])))
        for one in (whole, *halves)
    ]
    assert sum(bare[0].intersection(half).area for half in bare[1:]) > 1000


def test_nothing_in_gives_nothing_out():
    none = np.array([], dtype=object)
    assert len(crs.project(none)) == len(crs.area_m2(none)) == 0
