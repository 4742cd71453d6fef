"""The projection against PROJ, at its edges, and position by position."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from pyproj import Transformer

from geo.crs import gauss, powers

PROJ = Transformer.from_crs(4490, 4547, always_xy=True)


def apart(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> float:
    """Metres between ours and PROJ's, the largest; both must reach the same positions."""
    ours, theirs = np.array(gauss.project(lon, lat)), np.array(PROJ.transform(lon, lat))
    np.testing.assert_array_equal(np.isfinite(ours), np.isfinite(theirs))
    held = np.isfinite(theirs)
    return float(np.max(np.abs(ours[held] - theirs[held]), initial=0.0))


def test_the_city_within_ten_nanometres_of_proj() -> None:
    lon, lat = np.meshgrid(np.linspace(113.4, 115.6, 301), np.linspace(22.0, 23.2, 301))
    assert apart(lon, lat) < 1e-8


def test_half_the_globe_within_a_tenth_of_a_micrometre_of_proj() -> None:
    lon, lat = np.meshgrid(np.linspace(64.0, 164.0, 301), np.linspace(-90.0, 90.0, 361))
    assert apart(lon, lat) < 1e-7


def test_it_reaches_as_far_as_proj() -> None:
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(-600, 600, 200_000), rng.uniform(-91, 91, 200_000)
    x, _ = gauss.project(lon, lat)
    theirs = np.isfinite(PROJ.transform(lon, lat)[0])
    assert 0.8 < theirs.mean() < 0.99  # both kinds are met
    np.testing.assert_array_equal(np.isfinite(x), theirs)


@pytest.mark.parametrize(
    ("lon", "lat", "x", "y"),
    [
        (114.0, 0.0, 500_000.0, 0.0),
        (114.0, 90.0, 500_000.0, 10_001_965.729230),  # a quarter of the meridian of GRS80
        (204.0, 0.0, np.inf, np.inf),
        (114.0, 90.1, np.inf, np.inf),
        (800.0, 20.0, np.inf, np.inf),
        (np.inf, 20.0, np.inf, np.inf),
        (np.nan, 20.0, np.nan, np.nan),
        (114.0, np.nan, np.nan, np.nan),
    ],
)
def test_places_and_edges(lon: float, lat: float, x: float, y: float) -> None:
    np.testing.assert_allclose(gauss.project(lon, lat), (x, y), rtol=0, atol=1e-6)


def test_a_position_alone_is_that_in_a_list() -> None:
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(113.5, 115.2, 20_001), rng.uniform(22.1, 23.1, 20_001)
    x, y = gauss.project(lon, lat)
    for at in (0, 1, 8_191, 8_192, 8_193, 20_000):
        alone = gauss.project(lon[at], lat[at])
        assert (float(alone[0]), float(alone[1])) == (x[at], y[at])
    strided = gauss.project(lon[::3], lat[::3])
    np.testing.assert_array_equal(strided, [x[::3], y[::3]])


def test_the_two_ways_meet_within_ten_nanometres() -> None:
    lon, lat = (one.ravel() for one in np.meshgrid(np.linspace(112.41, 115.59, 97), np.linspace(21.71, 23.49, 89)))
    powers = np.array(gauss._by_powers(lon - 114.0, lat - gauss._MIDDLE))
    assert np.abs(powers - gauss._by_series(lon, lat)).max() < 1e-8
    np.testing.assert_array_equal(gauss.project(lon, lat), powers)


def test_places_near_and_far_in_one_list() -> None:
    rng = np.random.default_rng(8)
    lon, lat = rng.uniform(111.0, 117.0, 5_000), rng.uniform(20.0, 25.0, 5_000)
    lon[::7] = np.nan
    alone = np.array([gauss.project(*place) for place in zip(lon, lat, strict=True)])
    np.testing.assert_array_equal(gauss.project(lon, lat), alone.T)
    near = (np.abs(lon - 114.0) <= gauss._WIDE) & (np.abs(lat - gauss._MIDDLE) <= gauss._HIGH)
    assert 0.1 < near.mean() < 0.9


@pytest.mark.parametrize("far", [False, True])
def test_compiled_and_numpy_give_the_same_bits(far: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(9)
    lon, lat = rng.uniform(112.4, 115.6, 120_001), rng.uniform(21.7, 23.5, 120_001)
    if far:
        lon[::1000], lat[500::1000] = rng.uniform(-400, 400, 121), np.nan
    monkeypatch.setattr(gauss, "started", lambda name, worth: powers)
    compiled = gauss.project(lon, lat)
    lon.flags.writeable = False
    np.testing.assert_array_equal(compiled, gauss.project(lon, lat))
    monkeypatch.setattr(gauss, "started", lambda name, worth: None)
    np.testing.assert_array_equal(compiled, gauss.project(lon, lat))
    assert np.isnan(compiled[0]).any() == far


def test_the_shape_is_kept() -> None:
    assert gauss.project(114.0, 22.5)[0].shape == ()
    assert gauss.project([], [])[0].shape == (0,)
    assert gauss.project([[114.0], [114.1]], [[22.5], [22.6]])[1].shape == (2, 1)
