"""How well each row fits each reading: classes of place, districts, likelihoods.

The model. Rows are independent given the reading; a row's likelihood is the product of

- its place: 0.9 in the city, 0.6 within 2 km of it, 0.3 in the surroundings, 0.02
  elsewhere, 5e-5 beyond 1,000 km and for numbers that this reading makes nothing of
  (0.5 in the range of Shenzhen's local system, where no position is known);
- its own district column: ε + (1 - 2ε)·Φ(s/σ), s being how deep the position lies
  inside (or, negative, how far outside) the outline of the district it names. σ is
  200 m, what two independent outlines differ by, and 2 km where ours is approximate.
  ε is how often the list names a wrong district: 0.02, or the share of rows more than
  2 km outside the district they name, which no datum shift explains (lists older than
  a district name its parent).

The factors are relative weights chosen by us. Rows with the same numbers count once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.detective.model import WILD_M, City
from geo.detective.readings import Reading

_Array = NDArray[np.float64]

INSIDE, EDGE, NEAR, FAR, WILD, IMPOSSIBLE, LOCAL_RANGE = range(7)
WEIGHT = np.array([0.9, 0.6, 0.3, 0.02, 5e-5, 5e-5, 0.5])
WRONG_DISTRICT, MOST_WRONG = 0.02, 0.4
ASTRAY_M = 2_000.0  # further outside the district that is named than any datum shift carries
OUTLINE_SIGMA_M = 200.0
APPROXIMATE_SIGMA_M = 2_000.0


@dataclass(frozen=True)
class Weighed:
    """One reading on the rows examined.

    Attributes
    ----------
    place : ndarray of int, shape (n,)
        Class of place.
    depth, sigma : ndarray of float, shape (n,)
        How deep the position lies in the district that the row names, metres, negative
        outside, NaN where none is named or no position known; and its uncertainty.
    wrong : float
        Share of rows that name a wrong district.
    """

    reading: Reading
    place: NDArray[np.int64]
    depth: _Array
    sigma: _Array
    wrong: float = WRONG_DISTRICT

    @cached_property
    def by_place(self) -> _Array:
        """Log likelihood of each row's place."""
        return np.asarray(np.log(WEIGHT[self.place]))

    @cached_property
    def by_district(self) -> _Array:
        """Log likelihood of each row's district; 0 where none is named."""
        share = _normal(np.nan_to_num(self.depth) / self.sigma)
        return np.where(np.isnan(self.depth), 0.0, np.log(self.wrong + (1.0 - 2.0 * self.wrong) * share))


def weigh(readings: Sequence[Reading], x: _Array, y: _Array, said: Sequence[str | None], city: City) -> list[Weighed]:
    """Weigh the rows under each reading."""
    found = []
    for reading in readings:
        flat = city.flatten(*reading.convert(x, y))
        place = _place(flat, city)
        place[reading.in_local_range(x, y)] = LOCAL_RANGE
        found.append(Weighed(reading, place, *_depths(flat, said, city)))
    wrong = _wrong(found)
    return [replace(one, wrong=wrong) for one in found]


def _wrong(weighed: list[Weighed]) -> float:
    """Share of wrong districts under the reading that leaves the fewest, of those that place most rows."""
    named = [one.depth[~np.isnan(one.depth)] for one in weighed]
    most = max((len(depth) for depth in named), default=0)
    shares = [float(np.mean(depth < -ASTRAY_M)) for depth in named if len(depth) and 2 * len(depth) >= most]
    return float(np.clip(min(shares, default=0.0), WRONG_DISTRICT, MOST_WRONG))


def _place(flat: _Array, city: City) -> NDArray[np.int64]:
    """Class of place of positions in the plane."""
    place = np.full(len(flat), IMPOSSIBLE)
    known = np.flatnonzero(np.isfinite(flat).all(axis=1))
    place[known] = np.where(np.hypot(*flat[known].T) > WILD_M, WILD, FAR)
    for shape, mark in ((city.surroundings, NEAR), (city.rim, EDGE), (city.whole, INSIDE)):
        known = known[np.asarray(shapely.contains_xy(shape, flat[known, 0], flat[known, 1]), dtype=bool)]
        place[known] = mark
    return place


def _depths(flat: _Array, said: Sequence[str | None], city: City) -> tuple[_Array, _Array]:
    """Depth of each row in the district that it names, and the uncertainty of the outline, metres."""
    depths, sigma = np.full(len(flat), np.nan), np.full(len(flat), OUTLINE_SIGMA_M)
    names = np.array([name or "" for name in said], dtype=object)
    for one, outline in zip(city.ids, city.plane, strict=True):
        rows = np.flatnonzero(names == one) if len(names) else np.zeros(0, dtype=np.intp)
        known = rows[np.isfinite(flat[rows]).all(axis=1)]
        if len(known):
            depths[known] = _depth(flat[known], outline)
        if one in city.approximate:
            sigma[rows] = APPROXIMATE_SIGMA_M
    return depths, sigma


def _depth(flat: _Array, outline: object) -> _Array:
    """How deep positions lie in an outline, metres; negative outside."""
    inside = np.asarray(shapely.contains_xy(outline, flat[:, 0], flat[:, 1]), dtype=bool)
    away = np.asarray(shapely.distance(shapely.points(flat), shapely.boundary(outline)))
    return np.where(inside, away, -away)


def _normal(z: _Array) -> _Array:
    """Cumulative standard normal distribution, to 1e-7 (Abramowitz and Stegun 26.2.17)."""
    t = 1.0 / (1.0 + 0.2316419 * np.abs(z))
    series = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    tail: _Array = np.exp(-0.5 * np.minimum(z * z, 1400.0)) / np.sqrt(2.0 * np.pi) * series
    return np.where(z >= 0, 1.0 - tail, tail)
