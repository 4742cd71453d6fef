"""Areas of the intersections of site polygons with other polygons, as every tool is used for it.

The answer is each pair of site and polygon with the area of what they share; a pair that one
tool leaves out, as it only touches, counts as one of no area.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import shapely
from numpy.typing import NDArray

from benchmarks import cases, peers
from benchmarks.contest import Contest, Tool, same_areas

TRIPLES = (
    "select s.site, a.area, st_area(st_intersection(s.geometry, a.geometry)) as size "
    "from s join a on st_intersects(s.geometry, a.geometry)"
)


@dataclass(frozen=True)
class Overlays:
    """The ways to measure what sites share with areas; `most` bounds the sites that slow ones are given."""

    areas: NDArray[Any]
    most: int

    def contest(self, ours: dict[str, Tool], count: int) -> Contest:
        """Ours beside every peer."""
        shown = "sjoin, then the intersection of each pair"
        return Contest(
            rows=count,
            ours=ours,
            peers=[
                Tool("geopandas.overlay", self.overlay, needs=("geopandas",), most=self.most),
                Tool("SedonaDB", self.sedona, needs=("sedonadb",), most=self.most),
                Tool("DuckDB spatial", self.duckdb, needs=("duckdb", "duckdb-extension-spatial"), most=self.most),
                Tool("polars-st", self.polars, needs=("polars-st",), most=self.most, remark=shown),
                Tool("shapely", self.tree, most=self.most, remark="STRtree, then the intersection of each pair"),
                Tool("shapely.contains_xy", lacks="for points only"),
                Tool("dask-geopandas", lacks="has no overlay"),
            ],
            same=same_areas,
        )

    def overlay(self, count: int) -> Callable[[], Any]:
        """The intersection of both layers, and the area of its pieces."""
        import geopandas

        sites, areas = cases.site_polygons(count), peers.fresh(self.areas)

        def work() -> Any:
            left = peers.frame(sites, site=range(len(sites)))
            right = peers.frame(areas, area=range(len(areas)))
            found = geopandas.overlay(left, right, how="intersection", keep_geom_type=True)
            return found["site"].to_numpy(), found["area"].to_numpy(), found.geometry.area.to_numpy()

        return work

    def sedona(self, count: int) -> Callable[[], Any]:
        """One query over tables in memory."""
        context = peers.sedona()
        peers.sedona_table(context, "s", "site", cases.site_polygons(count))
        peers.sedona_table(context, "a", "area", self.areas)
        return lambda: peers.arrays(peers.collected(context.sql(TRIPLES)))

    def duckdb(self, count: int) -> Callable[[], Any]:
        """One query over tables in memory."""
        connection = peers.duckdb()
        peers.duckdb_table(connection, "s", "site", cases.site_polygons(count))
        peers.duckdb_table(connection, "a", "area", self.areas)
        return lambda: peers.arrays(connection.execute(TRIPLES).to_arrow_table())

    def polars(self, count: int) -> Callable[[], Any]:
        """A join, then the intersections as a column."""
        import polars
        import polars_st
        from polars_st.casting import st

        sites = polars.DataFrame(peers.as_binary(cases.site_polygons(count), "site"))
        areas = polars.DataFrame(peers.as_binary(self.areas, "area"))

        def work() -> Any:
            found = st(sites).sjoin(areas, predicate="intersects")
            shared = polars_st.geom("geometry").st.intersection(polars_st.geom("geometry_right"))
            sizes = found.select("site", "area", size=shared.st.area())
            return tuple(sizes[name].to_numpy() for name in ("site", "area", "size"))

        return work

    def tree(self, count: int) -> Callable[[], Any]:
        """A tree of the areas, and the intersections of all that it finds."""
        sites, areas = cases.site_polygons(count), peers.fresh(self.areas)

        def work() -> Any:
            site, area = shapely.STRtree(areas).query(sites, predicate="intersects")
            return site, area, shapely.area(shapely.intersection(sites[site], areas[area]))

        return work
