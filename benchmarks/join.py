"""Points to areas: the eleven districts, and all counties of China; index built each time.

The answer is, for each point, every area that it meets, borders included, as pairs of numbers.
Ours starts from coordinates.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks import cases, paths, peers
from benchmarks.contest import Answer, Contest, Tool, same_pairs
from benchmarks.table import Line
from geo.overlay.index import CellIndex

POINTS = {"small": (100_000,), "full": (1_000_000, 10_000_000)}
NATIONAL = {"small": 20_000, "full": 1_000_000}
MANY = 100  # areas from which asking each about every point is no way to do it
Floats = NDArray[np.float64]
Maker = Callable[[int], tuple[Floats, Floats]]
PAIRS = "select p.id, a.area from p join a on st_intersects(p.geometry, a.geometry)"


def run(size: str) -> list[Line]:
    """Every contest of this case."""
    districts, counties = cases.boundaries().outlines, cases.counties()
    lines = []
    for count in POINTS[size]:
        lines += Ways(cases.points, districts).contest(f"{count:,} points to 11 districts", count).run()
    count = NATIONAL[size]
    ways = Ways(cases.national_points, counties)
    return lines + ways.contest(f"{count:,} points to {len(counties):,} counties", count).run()


@dataclass(frozen=True)
class Ways:
    """The ways to join points to areas: each makes what it starts from, and gives the work to be timed."""

    points: Maker
    areas: NDArray[Any]

    def contest(self, name: str, count: int) -> Contest:
        """Ours beside every peer."""
        return Contest(
            rows=count,
            ours=paths.tools(name, self.ours, _of_codes),
            peers=[
                Tool("geopandas sjoin", self.frames, needs=("geopandas",), remark="points left, as is usual"),
                Tool("geopandas sjoin, areas left", self.frames_turned, _turned, needs=("geopandas",)),
                Tool("DuckDB spatial", self.duckdb, needs=("duckdb", "duckdb-extension-spatial")),
                Tool("polars-st", self.polars, needs=("polars-st",)),
                Tool("SedonaDB", self.sedona, needs=("sedonadb",)),
                Tool(
                    "shapely.contains_xy",
                    self.contains,
                    needs=("shapely",),
                    lacks=""
                    if len(self.areas) < MANY
                    else "asks each area about every point: no way for so many areas",
                    remark="from coordinates; leaves borders out",
                ),
                Tool("dask-geopandas", self.dask, needs=("dask-geopandas",), remark="a thread a core"),
            ],
            same=same_pairs,
        )

    def ours(self, count: int) -> Callable[[], Any]:
        """A table of cells, and the set of areas of each point."""
        x, y = self.points(count)

        def work() -> tuple[Any, Any]:
            index = CellIndex.build(self.areas, points=count)
            return index.codes(x, y), index.sets

        return work

    def frames(self, count: int) -> Callable[[], Any]:
        """Frames of geometries that are made before; the tree is made anew each time."""
        import geopandas

        points, areas = self._geometries(count)
        return lambda: _columns(
            geopandas.sjoin(peers.frame(points), peers.frame(areas), predicate="intersects"), "index_right"
        )

    def frames_turned(self, count: int) -> Callable[[], Any]:
        """The same with the areas left: geopandas then prepares these, not the points."""
        import geopandas

        points, areas = self._geometries(count)
        return lambda: _columns(
            geopandas.sjoin(peers.frame(areas), peers.frame(points), predicate="intersects"), "index_right"
        )

    def dask(self, count: int) -> Callable[[], Any]:
        """The points in a part a core."""
        import dask
        import dask_geopandas

        points, areas = self._geometries(count)
        parts = dask_geopandas.from_geopandas(peers.frame(points), npartitions=os.cpu_count())

        def work() -> Any:
            with dask.config.set(scheduler="threads"):
                joined = dask_geopandas.sjoin(parts, peers.frame(areas), predicate="intersects")
                return _columns(joined.compute(), "index_right")

        return work

    def _geometries(self, count: int) -> tuple[NDArray[Any], NDArray[Any]]:
        return shapely.points(*self.points(count)), peers.fresh(self.areas)

    def duckdb(self, count: int) -> Callable[[], Any]:
        """Tables with geometries; its join makes a tree of the areas."""
        connection = peers.duckdb()
        x, y = self.points(count)
        connection.register("points", peers.table(id=np.arange(count, dtype=np.int32), x=x, y=y))
        connection.execute("create table p as select id, st_point(x, y) as geometry from points")
        peers.duckdb_table(connection, "a", "area", self.areas)
        return lambda: peers.arrays(connection.execute(PAIRS).to_arrow_table())

    def polars(self, count: int) -> Callable[[], Any]:
        """Frames with geometries in its own binary form; the call is its eager `sjoin`."""
        import polars
        from polars_st.casting import st

        points = polars.DataFrame(peers.as_binary(shapely.points(*self.points(count)), "id"))
        areas = polars.DataFrame(peers.as_binary(self.areas, "area"))

        def work() -> Any:
            found = st(points).sjoin(areas, predicate="intersects")
            return found["id"].to_numpy(), found["area"].to_numpy()

        return work

    def sedona(self, count: int) -> Callable[[], Any]:
        """Tables in memory with geometries."""
        context = peers.sedona()
        x, y = self.points(count)
        context.create_data_frame(peers.table(id=np.arange(count, dtype=np.int32), x=x, y=y)).to_view("points")
        context.sql("select id, st_point(x, y) as geometry from points").to_memtable().to_view("p")
        peers.sedona_table(context, "a", "area", self.areas)
        return lambda: peers.arrays(peers.collected(context.sql(PAIRS)))

    def contains(self, count: int) -> Callable[[], Any]:
        """Each area, prepared, asked about every point."""
        x, y = self.points(count)
        areas = peers.fresh(self.areas)

        def work() -> Any:
            shapely.prepare(areas)
            found = [np.flatnonzero(shapely.contains_xy(one, x, y)) for one in areas]
            shapely.destroy_prepared(areas)
            return np.concatenate(found), np.repeat(np.arange(len(found)), [len(one) for one in found])

        return work


def _columns(joined: Any, other: str) -> Answer:
    return joined.index.to_numpy(), joined[other].to_numpy()


def _turned(found: Any) -> Answer:
    return found[1], found[0]


def _of_codes(found: Any) -> Answer:
    """Pairs of point and area, from the number of a set for each point."""
    codes, sets = found
    sizes = np.array([len(one) for one in sets])
    members = np.concatenate([np.asarray(one, dtype=np.int64) for one in sets])
    begins = np.cumsum(sizes) - sizes
    within = np.flatnonzero(sizes[codes])
    repeats = sizes[codes[within]]
    points = np.repeat(within, repeats)
    place = np.arange(len(points)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return points, members[begins[codes[points]] + place]
