"""Which polygons hold a point: a table of cells, exact at every border (layer 1).

A cell that no border is near (see `geo.overlay.grid`) lies in the same polygons throughout,
so the table answers for every point in it. In the other cells the straight line from the
point to the middle of its cell is followed: each ring whose segments it crosses an odd
number of times is around one end only, and the rings around the middle are known. All
segments that it can meet are near the cell. A crossing counts only where the signs of four
determinants are beyond doubt of rounding; every point with a doubtful one (on a border, in
line with a vertex) is put to GEOS. The proof stands in docs/exact-join.md.
"""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.errors import InputError
from geo.loops.threads import in_parts
from geo.overlay import choice
from geo.overlay.grid import MARGIN, Floats, Grid, Numbers, spans
from geo.overlay.rings import Rings, RingSets

BLOCK = 1 << 14  # points looked up at a time: they fit a processor's cache
CHUNK = 1 << 19  # points whose codes are handed on at a time
WORTH = 50_000_000  # points for which compiled loops are started: they save some ten nanoseconds each
THREAD = 1 << 18  # points that are worth a thread of their own, an eighth of that near borders
PAIRS = 1 << 13  # pairs of point and segment held at a time, more only for a point with more segments
ROUNDED = (3 + 16 * 2.0**-53) * 2.0**-53  # of the two products of a determinant, its error (Shewchuk 1997, section 4)
LEAST = 1e-290  # a smaller determinant may have lost digits below the smallest number
_SLOTS = Lock()  # one thread at a time numbers new sets

Codes = NDArray[np.int32]


class CellIndex:
    """Which of a set of polygons hold a point: exact, by a table of cells.

    Attributes
    ----------
    polygons : array of shapely geometries
        As given.
    rings : Rings
        Their vertices.
    sets : list of tuple of int
        Distinct sets of polygon numbers met so far, each in rising order; ``sets[0] == ()``.
    grid : Grid
        The cells.
    table : array of int, shape (cells,)
        Number in `sets` of each cell; `mark` where a border is near.
    mark : int
    marked : array of int
        Cells that a border is near, in rising order.

    Examples
    --------
    >>> index = CellIndex.build(shapely.box([0, 2], 0, [2, 3], 2))
    >>> [index.sets[code] for code in index.codes([1, 2, 2.5, 9], [1, 1, 0, 1])]
    [(0,), (0, 1), (1,), ()]
    >>> [index.sets[code] if code >= 0 else None for code in index.boxes([0.5, 1], 0.5, [1.5, 3], 1.5)]
    [(0,), None]
    """

    def __init__(self, polygons: NDArray[Any], grid: Grid, rings: Rings) -> None:
        """Use `build`."""
        self.polygons = polygons
        self.sets: list[tuple[int, ...]] = [()]
        self._numbers: dict[tuple[int, ...], int] = {(): 0}
        self.grid, self.rings = grid, rings
        self._ring_sets = RingSets(rings)
        self._codes_of = np.empty(0, dtype=np.int32)
        self._valid = np.full(len(polygons), -1, dtype=np.int8)
        u, v = grid.place(rings.x, rings.y)
        self._vertices, cells = grid.near(u, v, rings.segments)
        first = np.flatnonzero(np.diff(cells, prepend=-1))
        wide, high = np.abs(np.diff(rings.x, append=0.0)), np.abs(np.diff(rings.y, append=0.0))
        self._reach = MARGIN * grid.size * (wide + high)
        longest = [one[rings.segments].max(initial=0.0) + 2 * grid.size for one in (wide, high)]
        self._doubt = 2 * ROUNDED * longest[0] * longest[1] + LEAST
        self.marked = cells[first]
        self._starts = np.append(first, len(cells))
        places, vertices = grid.crossings(u, v, rings.segments)
        states = self._ring_sets.walk(rings.ring[vertices])
        self._middles = states[np.searchsorted(places, self.marked + 0.5)]
        runs = np.concatenate([[0], self.marked + 1])
        self._fill(runs, states[np.searchsorted(places, runs + 0.5)])

    @classmethod
    def build(cls, polygons: NDArray[Any], *, points: int = 1_000_000) -> CellIndex:
        """Index polygons.

        Parameters
        ----------
        polygons : array of shapely Polygon or MultiPolygon, shape (n,)
            In any plane coordinates. They may overlap, share borders, be empty or None. An invalid
            polygon is taken as `shapely.intersects` takes it.
        points : int
            About how many points will be asked; decides how fine the cells are, not what is answered.

        Raises
        ------
        InputError
            Of a geometry that is no polygon, or a coordinate that is not finite or beyond 1e150.
        """
        polygons = np.asarray(polygons, dtype=object).ravel()
        rings = Rings(polygons)
        return cls(polygons, Grid.over(rings.x, rings.y, rings.segments, points), rings)

    def codes(self, x: ArrayLike, y: ArrayLike) -> Codes:
        """Number in `sets` of the set of all polygons that each point intersects.

        Parameters
        ----------
        x, y : array of float, shape (n,)

        Returns
        -------
        array of int, shape (n,)
            The same sets as `shapely.intersects` finds: a point on a border is in every polygon
            that has the border. 0 outside all, and where a coordinate is not finite.

        Raises
        ------
        InputError
            Where `x` and `y` differ in length.
        """
        x, y = (np.atleast_1d(np.asarray(one, dtype=np.float64)) for one in (x, y))
        if x.shape != y.shape or x.ndim != 1:
            raise InputError(f"{x.shape} values of x, {y.shape} of y", f"x 为 {x.shape}，y 为 {y.shape}")
        found = np.empty(len(x), dtype=np.int32)
        loops = choice.loops(len(x) >= WORTH)
        look_up = CellIndex._look_up if loops is None else loops.look_up
        rows = np.concatenate(in_parts(lambda part: look_up(self, x, y, found, part), len(x), THREAD))
        if len(rows):
            found[rows] = self._near_border(x[rows], y[rows])
        return found

    def boxes(self, west: ArrayLike, south: ArrayLike, east: ArrayLike, north: ArrayLike) -> Codes:
        """Number in `sets` of the set of polygons that hold the whole of each closed box.

        Parameters
        ----------
        west, south, east, north : array of float, shape (n,)
            West at most east, south at most north.

        Returns
        -------
        array of int, shape (n,)
            -1 where the box meets a cell that a border is near: it may then lie in one set or in
            several. Otherwise each polygon of the set holds all of the box and every other
            polygon none of it. 0 of a box without numbers.
        """
        columns = self.grid.columns
        low, high = self._cells(west, south), self._cells(east, north)
        (below, left), (above, right) = np.divmod(low, columns), np.divmod(high, columns)
        sums = self._marked_sums
        marked = sums[above + 1, right + 1] - sums[below, right + 1] - sums[above + 1, left] + sums[below, left]
        return np.where(marked == 0, self.table[low].astype(np.int32), np.int32(-1))

    def segments(self, west: Floats, south: Floats, east: Floats, north: Floats) -> tuple[Numbers, Numbers]:
        """All segments of borders that meet each closed box, and some that only come near it.

        Parameters
        ----------
        west, south, east, north : array of float, shape (n,)

        Returns
        -------
        box, vertex : arrays of int
            Number of the box, and of the segment's first vertex in `rings`; by box, then vertex.
        """
        columns = self.grid.columns
        (below, left), (above, right) = (
            np.divmod(one, columns) for one in (self._cells(west, south), self._cells(east, north))
        )
        box, row = spans(below, above)
        first = np.searchsorted(self.marked, row * columns + left[box])
        after = np.searchsorted(self.marked, row * columns + right[box], side="right")
        some = np.flatnonzero(first < after)
        pair, at = spans(self._starts[first[some]], self._starts[after[some]] - 1)
        bits = len(self.rings.x).bit_length()
        packed = np.sort(box[some][pair] << bits | self._vertices[at])
        packed = packed[np.flatnonzero(np.diff(packed, prepend=-1))]
        return packed >> bits, packed & ((1 << bits) - 1)

    def valid(self, polygons: Numbers) -> NDArray[np.bool_]:
        """Whether polygons, given by number, are valid; asked of GEOS once each."""
        unknown = np.unique(polygons[self._valid[polygons] < 0])
        self._valid[unknown] = shapely.is_valid(self.polygons[unknown])
        return self._valid[polygons] > 0

    def _fill(self, runs: Numbers, states: NDArray[np.int32]) -> None:
        """The table: the code of each run of cells between marked ones, and of marked cells a mark.

        Runs go on from the end of a row to the start of the next: both lie outside all polygons.
        """
        cells = self.grid.columns * self.grid.rows
        codes = self._coded(states)
        self.mark = len(self.sets)
        kind = np.min_scalar_type(self.mark)
        each = np.full(2 * len(runs) - 1, self.mark, dtype=kind)
        lengths = np.ones(len(each), dtype=np.int64)
        each[::2] = codes
        lengths[::2] = np.append(self.marked, cells) - runs
        self.table = np.repeat(each, lengths)

    def _coded(self, states: NDArray[np.int32]) -> Codes:
        """Codes of sets of rings; new sets are numbered in the order of the rows."""
        more = self._ring_sets.count - len(self._codes_of)
        if more:
            self._codes_of = np.concatenate([self._codes_of, np.full(more, -1, dtype=np.int32)])
        codes = self._codes_of[states]
        unknown = states[codes < 0]
        if len(unknown):
            met, first = np.unique(unknown, return_index=True)
            for state in met[np.argsort(first)].tolist():
                self._codes_of[state] = self._code(self._ring_sets.polygons(state))
            codes = self._codes_of[states]
        return codes

    def _code(self, polygons: tuple[int, ...]) -> int:
        code = self._numbers.setdefault(polygons, len(self.sets))
        if code == len(self.sets):
            self.sets.append(polygons)
        return code

    def _look_up(self, x: Floats, y: Floats, found: Codes, part: slice) -> Numbers:
        """Write what the table says of a part of the points; the rows of those in marked cells."""
        held = _Block(self.grid, min(BLOCK, part.stop - part.start))
        codes = np.empty(min(CHUNK, part.stop - part.start), dtype=self.table.dtype)
        rows = [np.empty(0, dtype=np.int64)]
        for first in range(part.start, part.stop, CHUNK):
            code = codes[: part.stop - first]
            for start in range(0, len(code), BLOCK):
                block = slice(start, min(start + BLOCK, len(code)))
                points = slice(first + block.start, first + block.stop)
                np.take(self.table, held.cells(x[points], y[points]), out=code[block], mode="clip")
            found[first : first + len(code)] = code
            rows.append(_seldom(code == self.mark) + first)
        return np.concatenate(rows)

    def _cells(self, x: ArrayLike, y: ArrayLike) -> Numbers:
        """Cells of points, of the outermost ring where they lie outside or are no numbers."""
        x, y = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
        return _Block(self.grid, len(x)).cells(x, y)

    @property
    def borders(self) -> tuple[Numbers, Numbers, Floats, float]:
        """What marked cells hold: where the segments of each begin, their first vertices, and the two bounds of doubt.

        The first is how far a determinant with the middle of a cell must be, beyond the second, from nothing.
        """
        return self._starts, self._vertices, self._reach, self._doubt

    @cached_property
    def _marked_sums(self) -> NDArray[np.int32]:
        """Marked cells to the south and west of each corner of the grid."""
        sums = np.zeros((self.grid.rows + 1, self.grid.columns + 1), dtype=np.int32)
        marks = (self.table == self.mark).reshape(self.grid.rows, self.grid.columns)
        np.cumsum(marks, axis=0, dtype=np.int32, out=sums[1:, 1:])
        np.cumsum(sums[1:, 1:], axis=1, out=sums[1:, 1:])
        return sums

    @cached_property
    def _slots(self) -> NDArray[np.int32]:
        """Of each marked cell its number among them; anything of the others."""
        slots = np.empty(len(self.table), dtype=np.int32)
        slots[self.marked] = np.arange(len(self.marked))
        return slots

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.polygons)

    def _near_border(self, x: Floats, y: Floats) -> Codes:
        """Codes of points in marked cells."""
        slot = self._slots[self._cells(x, y)].astype(np.int64)
        loops = choice.loops(False)
        crossed = CellIndex._crossed if loops is None else loops.crossed
        parts = in_parts(lambda part: crossed(self, x[part], y[part], slot[part]), len(x), THREAD >> 3)
        ends = np.cumsum([0] + [len(doubt) for *_, doubt in parts])
        point = np.concatenate([one + end for (one, _, _), end in zip(parts, ends[:-1], strict=True)])
        point, ring = _odd(point, np.concatenate([one for _, one, _ in parts]), len(self.rings.part))
        doubt = np.flatnonzero(np.concatenate([one for *_, one in parts]))
        with _SLOTS:
            states = self._middles[slot]
            while len(point):
                now = np.diff(point, prepend=-1) > 0
                states[point[now]] = self._ring_sets.crossed(states[point[now]], ring[now])
                point, ring = point[~now], ring[~now]
            states[doubt] = 0
            codes = self._coded(states)
            codes[doubt] = self._asked(x[doubt], y[doubt])
        return codes

    def _crossed(self, x: Floats, y: Floats, slot: Numbers) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
        """Points whose way to the middle of the cell crosses a segment, the segment's ring; doubt of each point."""
        counts = self._starts[slot + 1] - self._starts[slot]
        total = np.cumsum(counts)
        doubt = np.zeros(len(x), dtype=np.bool_)
        points, rings = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        start = 0
        while start < len(x):
            end = max(start + 1, int(np.searchsorted(total, total[start] - counts[start] + PAIRS, side="right")))
            some = slot[start:end]
            pair, at = spans(self._starts[some], self._starts[some + 1] - 1)
            vertex = self._vertices[at]
            middle = self.grid.middle(self.marked[some])
            crossing, unsure = self._meets(x[start:end], y[start:end], middle, pair, vertex)
            doubt[start + pair[unsure]] = True
            points.append(start + pair[crossing])
            rings.append(self.rings.ring[vertex[crossing]])
            start = end
        return np.concatenate(points), np.concatenate(rings), doubt

    def _meets(
        self, x: Floats, y: Floats, middle: tuple[Floats, Floats], pair: Numbers, vertex: Numbers
    ) -> tuple[Numbers, Numbers]:
        """Pairs where the way from a point to a middle crosses a segment, and those where rounding leaves it open.

        The four determinants say on which side of the segment the two ends of the way lie, and
        on which side of the way the two ends of the segment. One is sure beyond `_doubt`; the middle
        must besides be further from the segment than MARGIN, as its rings are known from rounded places.
        """
        x0, y0, x1, y1 = (one[at] for at in (vertex, vertex + 1) for one in (self.rings.x, self.rings.y))
        px, py, mx, my = x[pair], y[pair], middle[0][pair], middle[1][pair]
        own = (x0 - mx) * (y1 - my) - (y0 - my) * (x1 - mx)
        side = (x0 - px) * (y1 - py) - (y0 - py) * (x1 - px)
        least = self._doubt + self._reach[vertex]
        far = np.abs(own) > least
        left = np.flatnonzero(~(far & ((own > 0) == (side > 0)) & (np.abs(side) > self._doubt)))
        x0, y0, x1, y1, px, py, mx, my = (one[left] for one in (x0, y0, x1, y1, px, py, mx, my))
        first = (x0 - px) * (y0 - my) - (y0 - py) * (x0 - mx)
        last = (x1 - px) * (y1 - my) - (y1 - py) * (x1 - mx)
        sure = np.minimum(np.abs(first), np.abs(last)) > self._doubt
        between = (first > 0) != (last > 0)
        crossing = sure & between & far[left] & (np.abs(side[left]) > self._doubt)
        return left[crossing], left[~crossing & ~(sure & ~between & far[left])]

    def _asked(self, x: Floats, y: Floats) -> NDArray[Any]:
        """Codes by GEOS, point by point."""
        if not len(x):
            return np.empty(0, dtype=np.int32)
        point, polygon = self._tree.query(shapely.points(x, y), predicate="intersects")
        order = np.lexsort((polygon, point))
        held = np.split(polygon[order], np.searchsorted(point[order], np.arange(1, len(x))))
        return np.array([self._code(tuple(one.tolist())) for one in held], dtype=np.int32)


def _seldom(marks: NDArray[np.bool_]) -> Numbers:
    """Rows with a mark, looked for eight at a time, as few have one."""
    eights = len(marks) // 8
    some = np.flatnonzero(marks[: 8 * eights].view(np.uint64))
    rows: Numbers = np.concatenate([(8 * some[:, None] + np.arange(8)).ravel(), np.arange(8 * eights, len(marks))])
    return np.asarray(rows[marks[rows]])


def _odd(point: Numbers, ring: Numbers, rings: int) -> tuple[Numbers, Numbers]:
    """Pairs of point and ring that occur an odd number of times, by point."""
    keys = np.sort(point * rings + ring)
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    point, ring = np.divmod(keys[first[np.diff(first, append=len(keys)) % 2 == 1]], max(rings, 1))
    return point, ring


class _Block:
    """Room for the cells of a block of points."""

    def __init__(self, grid: Grid, size: int) -> None:
        self.grid = grid
        self.places = np.empty((2, size))

    def cells(self, x: Floats, y: Floats) -> Numbers:
        """Cells of points, of the outermost ring where they lie outside or are no numbers; until asked again."""
        place = self.places[:, : len(x)]
        column = self._along(x, self.grid.west, self.grid.columns, place[0])
        row = self._along(y, self.grid.south, self.grid.rows, place[1])
        np.multiply(row, self.grid.columns, out=row)
        return np.add(row, column, out=row)

    def _along(self, values: Floats, start: float, count: int, place: Floats) -> Numbers:
        """Number of each column, or row: the last bits of a sum. What lies outside is seen after the fact."""
        size = self.grid.size
        shift = 1.5 * 2.0**52 * size
        first = int(np.float64(shift + (start + 0.5 * size)).view(np.int64))
        number = place.view(np.int64)
        np.add(values, shift, out=place)
        np.subtract(number, first, out=number)
        if np.maximum.reduce(number.view(np.uint64), initial=0) >= count:
            inside = np.fmin(np.fmax(values, start + 0.5 * size), start + (count - 0.5) * size)
            np.add(inside, shift, out=place)
            np.subtract(number, first, out=number)
        return number
