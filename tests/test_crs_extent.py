"""Where GCJ-02 shifts and where it does not; nothing is raised."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo import crs

GEOD = Geod(ellps="GRS80")
SHIFTED = {  # Shenzhen with its bays and islands, Hong Kong, Macau, other coasts and borders
    "Futian": (114.05, 22.54), "Dapeng": (114.55, 22.48), "Neilingding": (113.80, 22.41), "Xiaomo": (115.03, 22.74),
    "Daya Bay": (114.65, 22.55), "Lingdingyang": (113.75, 22.45), "Wanshan": (113.73, 21.93), "Dangan": (114.30, 22.05),
    "Hong Kong": (114.16, 22.28), "Macau": (113.55, 22.19), "Shanghai": (121.47, 31.23), "Beijing": (116.38, 39.91),
    "Sanya": (109.50, 18.25), "Xiamen": (118.10, 24.46), "Zhoushan": (122.40, 30.00), "Kashgar": (75.99, 39.47),
    "Mohe": (122.53, 52.97), "Dandong": (124.38, 40.13), "Ruili": (97.85, 24.01), "Yadong": (88.91, 27.49),
}  # fmt: skip
LEFT = {
    "Hanoi": (105.83, 21.03), "Seoul": (126.98, 37.57), "Kathmandu": (85.32, 27.71), "Ulaanbaatar": (106.91, 47.92),
    "Vladivostok": (131.89, 43.12), "Tokyo": (139.70, 35.70), "Taipei": (121.56, 25.04), "Kaohsiung": (120.30, 22.62),
    "Taichung": (120.65, 24.15), "Penghu": (119.57, 23.57), "Thimphu": (89.64, 27.47), "Almaty": (76.95, 43.25),
    "Pyongyang": (125.75, 39.03), "Bishkek": (74.60, 42.87), "Ha Long": (107.08, 20.95), "Paris": (2.35, 48.86),
    "New York": (-74.00, 40.70), "Date line": (180.00, 0.00), "South Pole": (0.0, -90.0), "Khabarovsk": (135.08, 48.48),
}  # fmt: skip


def apart(a, b) -> float:
    return GEOD.inv(float(a[0]), float(a[1]), float(b[0]), float(b[1]))[2]


@pytest.mark.parametrize("place", SHIFTED)
def test_shifted_and_back(place):
    there = crs.wgs84_to_gcj02(*SHIFTED[place])
    assert 50 < apart(SHIFTED[place], there) < 1500
    assert apart(SHIFTED[place], crs.gcj02_to_wgs84(*there)) < 1e-6


@pytest.mark.parametrize("place", LEFT)
def test_left_as_it_is(place):
    lon, lat = LEFT[place]
    for convert in (crs.wgs84_to_gcj02, crs.gcj02_to_wgs84):
        moved = convert(lon, lat)
        assert (float(moved[0]), float(moved[1])) == (lon, lat)


def test_every_district_and_twenty_kilometres_of_sea_are_inside(boundaries):
    city = shapely.union_all(boundaries.outlines)
    for distance in (0.0, 0.19):
        ring = shapely.get_coordinates(shapely.buffer(city, distance))
        assert crs.in_gcj02(ring[:, 0], ring[:, 1]).all()


@given(st.floats(74, 134), st.floats(18, 53))
def test_round_trip_everywhere_inside(lon, lat):
    if crs.in_gcj02(lon, lat):
        assert apart((lon, lat), crs.gcj02_to_wgs84(*crs.wgs84_to_gcj02(lon, lat))) < 1e-3
        there = crs.gcj02_to_bd09(*crs.wgs84_to_gcj02(lon, lat))
        assert apart((lon, lat), crs.to_wgs84(*there, "bd09")) < 1e-3


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_nothing_moves_far(lon, lat):
    for moved in (crs.wgs84_to_gcj02(lon, lat), crs.gcj02_to_wgs84(lon, lat)):
        assert abs(float(moved[0]) - lon) < 0.02
        assert abs(float(moved[1]) - lat) < 0.02


@pytest.mark.filterwarnings("error")
@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(allow_nan=True, allow_infinity=True))
def test_any_numbers_pass_through(lon, lat):
    for convert in (crs.wgs84_to_gcj02, crs.gcj02_to_wgs84, crs.gcj02_to_bd09, crs.bd09_to_gcj02):
        convert(lon, lat)
    if not (np.isfinite(lon) and np.isfinite(lat)):
        moved = crs.wgs84_to_gcj02(lon, lat)
        assert (float(moved[0]), float(moved[1])) == pytest.approx((lon, lat), nan_ok=True)


def test_a_missing_value_leaves_its_neighbours_alone():
    lon, lat = np.array([114.05, np.nan, 121.56]), np.array([22.54, 22.54, 25.04])
    there = crs.wgs84_to_gcj02(lon, lat)
    assert np.isnan(there[0][1])
    assert there[0][2] == 121.56
    back = crs.gcj02_to_wgs84(*there)
    assert back[0][0] == pytest.approx(114.05, abs=1e-10)
