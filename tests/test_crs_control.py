"""Local systems by control points: recovery, refusals, extrapolation."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from geo import crs
from geo.errors import CRSMismatch, InputError

TURN, EAST, NORTH = np.radians(1.0), 390_000.0, 2_470_000.0  # made up
CONTROL = np.array([(90_000, 40_000), (150_000, 45_000), (160_000, 8_000), (105_000, 12_000), (120_000, 30_000)], float)


def ground(local, scale=1.0):
    """Positions in degrees of points in the made-up local system."""
    x, y = np.asarray(local, dtype=float).T
    east = EAST + scale * (np.cos(TURN) * x - np.sin(TURN) * y)
    north = NORTH + scale * (np.sin(TURN) * x + np.cos(TURN) * y)
    return np.column_stack(crs.to_wgs84(east, north, 4547))


def metres(lonlat):
    return np.column_stack(crs.to_metres(*np.asarray(lonlat).T))


def test_a_rotated_and_shifted_system_is_recovered_below_a_centimetre():
    found = crs.fit_control_points(CONTROL, ground(CONTROL))
    assert found.method == "helmert"
    assert found.max_m < 1e-3
    assert found.rms_m <= found.max_m
    assert found.rotation_deg == pytest.approx(1.0, abs=1e-6)
    assert found.scale == pytest.approx(1.0, abs=1e-9)
    points = np.random.default_rng(7).uniform((90_000, 5_000), (160_000, 45_000), (200, 2))
    placed = np.column_stack(found.apply(*points.T))
    assert np.hypot(*(metres(placed) - metres(ground(points))).T).max() < 0.01


def test_a_decimetre_of_noise_is_reported_and_allowed():
    noise = np.random.default_rng(1).normal(0, 0.1, CONTROL.shape)
    found = crs.fit_control_points(CONTROL + noise, ground(CONTROL))
    assert 0.01 < found.rms_m < 0.3
    assert found.residuals_m.shape == (5,)


def test_the_point_that_is_off_is_named():
    wrong = CONTROL.copy()
    wrong[2] += (3.0, 40.0)
    with pytest.raises(CRSMismatch) as caught:
        crs.fit_control_points(wrong, ground(CONTROL))
    assert caught.value.row == 3
    assert "1 m" in caught.value.text("en")


def test_sheared_systems_need_an_affinity():
    sheared = np.column_stack([CONTROL[:, 0] * 1.0004, CONTROL[:, 1] * 0.9996])
    found = crs.fit_control_points(sheared, ground(CONTROL))
    assert found.method == "affine"
    assert found.max_m < 1e-3
    with pytest.raises(CRSMismatch):
        crs.fit_control_points(sheared[:3], ground(CONTROL[:3]))


@pytest.mark.parametrize("number", [0, 1, 2])
def test_too_few_points(number):
    with pytest.raises(InputError, match="too few"):
        crs.fit_control_points(CONTROL[:number], ground(CONTROL)[:number])


@pytest.mark.parametrize(
    "local",
    [
        [(100_000, 20_000)] * 4,
        [(100_000, 20_000), (110_000, 20_000), (120_000, 20_010), (130_000, 20_000)],
        [(100_000, 20_000), (100_000, 20_000), (120_000, 30_000)],
    ],
)
def test_coincident_and_collinear_points(local):
    with pytest.raises(InputError, match="line") as caught:
        crs.fit_control_points(local, ground(local))
    assert "共线" in caught.value.text("zh")


def test_a_point_without_numbers_is_named():
    wrong = CONTROL.copy()
    wrong[1, 0] = np.nan
    with pytest.raises(InputError) as caught:
        crs.fit_control_points(wrong, ground(CONTROL))
    assert caught.value.row == 2


@pytest.mark.parametrize("factor", [0.001, 3.2808, 1.01, 0.99])
def test_wrong_units_are_refused(factor):
    with pytest.raises(CRSMismatch, match="scale"):
        crs.fit_control_points(CONTROL * factor, ground(CONTROL))


def test_swapped_axes_are_named():
    with pytest.raises(CRSMismatch, match="swapped") as caught:
        crs.fit_control_points(CONTROL[:, ::-1], ground(CONTROL))
    assert "交换" in caught.value.text("zh")


def test_lon_and_lat_the_wrong_way_round_are_refused():
    with pytest.raises((CRSMismatch, InputError)):
        crs.fit_control_points(CONTROL, ground(CONTROL)[:, ::-1])


def test_extrapolation_is_flagged():
    found = crs.fit_control_points(CONTROL, ground(CONTROL))
    x, y = np.array([120_000, 165_000, 200_000, np.nan]), np.array([20_000, 25_000, 20_000, 0.0])
    assert found.outside(x, y).tolist() == [False, False, True, True]
    assert found.outside(165_000.0, 25_000.0, reach_m=1_000.0)


def test_the_example_of_the_documents_fits():
    text = (Path(__file__).parents[1] / "docs" / "coordinates.md").read_text(encoding="utf-8")
    block = re.search(r"```\nx,y,east,north\n(.*?)```", text, flags=re.S)
    numbers = np.array([[float(cell) for cell in line.split(",")] for line in block[1].split()])
    known = np.column_stack(crs.to_wgs84(numbers[:, 2], numbers[:, 3], 4547))
    assert crs.fit_control_points(numbers[:, :2], known).max_m < 0.2
