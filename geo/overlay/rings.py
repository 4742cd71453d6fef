"""The rings of polygons, and which polygons a set of rings around a point makes (layer 1).

A point that lies on no border is in a polygon where it is within the shell of one of its
parts and within none of that part's holes. So it is enough to know the set of rings around
the point; each ring counts by the even-odd rule, as in GEOS.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InputError

LARGEST = 1e150  # beyond, a product of two coordinates is no number
_AREAL = (3, 6)


class Rings:
    """Vertices of the rings of polygons, end to end.

    Attributes
    ----------
    x, y : array of float, shape (v,)
    ring : array of int, shape (v,)
        Number of the ring of each vertex.
    segments : array of int, shape (s,)
        First vertex of each segment; its last is the next vertex.
    part : array of int, shape (r,)
        Of each ring the number of its part, a polygon with its holes.
    hole : array of bool, shape (r,)
    owner : array of int
        Of each part the number of its polygon.
    """

    def __init__(self, polygons: NDArray[Any]) -> None:
        kinds = shapely.get_type_id(polygons)
        odd = np.flatnonzero(~np.isin(kinds, _AREAL) & (kinds >= 0) & ~shapely.is_empty(polygons))
        if len(odd):
            raise InputError("not a polygon", "不是面要素", row=int(odd[0]) + 1, value=polygons[odd[0]].geom_type)
        parts, self.owner = shapely.get_parts(polygons, return_index=True)
        rings, self.part = shapely.get_rings(parts, return_index=True)
        xy, self.ring = shapely.get_coordinates(rings, return_index=True)
        self.x, self.y = np.ascontiguousarray(xy.T)
        self.hole = np.diff(self.part, prepend=-1) == 0
        wild = np.flatnonzero(~((np.abs(self.x) <= LARGEST) & (np.abs(self.y) <= LARGEST)))
        if len(wild):
            row = int(self.owner[self.part[self.ring[wild[0]]]]) + 1
            raise InputError("a coordinate is not a number, or too large", "坐标不是数值，或数值过大", row=row)
        self.segments = np.flatnonzero(self.ring[1:] == self.ring[:-1])

    @cached_property
    def left(self) -> NDArray[np.int8]:
        """Of each ring 1 where its polygon lies to the left of its segments, -1 to the right; 0 without an area."""
        if not len(self.part):
            return np.empty(0, dtype=np.int8)
        first = np.flatnonzero(np.diff(self.ring, prepend=-1))
        x, y = self.x - self.x[first][self.ring], self.y - self.y[first][self.ring]
        turned = np.zeros(len(x))
        turned[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
        turned[np.append(first[1:], len(x)) - 1] = 0
        return (np.sign(np.add.reduceat(turned, first)) * np.where(self.hole, -1, 1)).astype(np.int8)


class RingSets:
    """Sets of rings that were met, by number; number 0 is the empty set."""

    def __init__(self, rings: Rings) -> None:
        self._rings = len(rings.part)
        self._part: list[int] = rings.part.tolist()
        self._hole: list[bool] = rings.hole.tolist()
        self._owner: list[int] = rings.owner.tolist()
        self._sets: list[frozenset[int]] = [frozenset()]
        self._numbers: dict[frozenset[int], int] = {frozenset(): 0}
        self._steps: dict[int, int] = {}

    @property
    def count(self) -> int:
        """How many sets were met."""
        return len(self._sets)

    def walk(self, crossed: NDArray[np.intp]) -> NDArray[np.int32]:
        """Set before the first and after each of the rings that are crossed one after the other, from outside.

        Each ring gets a number by chance, and each place that of all rings around it, bit by bit the
        exclusive or. Two sets that have the same one, seen from a second such number, are told
        apart by drawing anew.
        """
        chance = np.random.default_rng(len(crossed))
        while True:
            names = np.zeros((2, len(crossed) + 1), dtype=np.int64)
            names[:, 1:] = chance.integers(0, 1 << 62, (2, self._rings))[:, crossed]
            np.bitwise_xor.accumulate(names, axis=1, out=names)
            _, first, of = np.unique(names[0], return_index=True, return_inverse=True)
            if np.array_equal(names[1, first][of], names[1]):
                break
        numbers = np.zeros(len(first), dtype=np.int32)
        for new in np.argsort(first)[1:].tolist():
            place = first[new]
            numbers[new] = self._number(self._sets[numbers[of[place - 1]]] ^ {int(crossed[place - 1])})
        return numbers[of]

    def crossed(self, states: NDArray[np.int32], rings: NDArray[np.intp]) -> NDArray[np.int32]:
        """Sets after one ring more is crossed from each of the given sets."""
        keys, inverse = np.unique(states.astype(np.int64) * self._rings + rings, return_inverse=True)
        return np.array([self._step(key) for key in keys.tolist()], dtype=np.int32)[inverse]

    def polygons(self, state: int) -> tuple[int, ...]:
        """Numbers of the polygons around a point that has this set of rings around it."""
        around = self._sets[state]
        holes = {self._part[ring] for ring in around if self._hole[ring]}
        shells = {self._part[ring] for ring in around if not self._hole[ring]}
        return tuple(sorted({self._owner[part] for part in shells - holes}))

    def _step(self, key: int) -> int:
        """Number of the set with one ring added or taken away; the key holds the set and the ring."""
        if key not in self._steps:
            state, ring = divmod(key, self._rings)
            self._steps[key] = self._number(self._sets[state] ^ {ring})
        return self._steps[key]

    def _number(self, made: frozenset[int]) -> int:
        """Number of a set, a new one where it was not met before."""
        number = self._numbers.setdefault(made, len(self._sets))
        if number == len(self._sets):
            self._sets.append(made)
        return number
