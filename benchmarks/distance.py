"""Distance of points to the nearest of many lines; the tree or index is made each time.

The answer is the distance of each point; which of several lines equally near it names is not compared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from benchmarks import cases, paths, peers
from benchmarks.contest import Answer, Contest, Tool, same_values
from benchmarks.table import Line
from geo.overlay.segments import SegmentIndex

POINTS = {"small": (20_000, 20_000), "full": (1_000_000, 200_000)}  # ours, and at most theirs
NEAREST = (
    "select p.id, st_distance(p.geometry, a.geometry) as distance "
    "from p join a on st_knn(p.geometry, a.geometry, 1, false)"
)


def run(size: str) -> list[Line]:
    """The contest for each of our two paths."""
    count, most = POINTS[size]
    name = f"{count:,} points to 5,000 lines"
    peer_tools = [
        Tool("geopandas sjoin_nearest", _frames, _by_row, needs=("geopandas",), most=most),
        Tool("SedonaDB", _sedona, _by_row, needs=("sedonadb",), most=most, remark="ST_KNN"),
        Tool("shapely", _tree, most=most, remark="STRtree.query_nearest"),
        Tool("DuckDB spatial", lacks="has no join to the nearest"),
        Tool("polars-st", lacks="has no join to the nearest"),
        Tool("shapely.contains_xy", lacks="for areas only"),
        Tool("dask-geopandas", lacks="has no join to the nearest"),
    ]
    ours = paths.tools(name, _ours, lambda found: (found[0],))
    return Contest(count, ours, peer_tools, same_values).run()


def _ours(count: int) -> Callable[[], Any]:
    (x, y), lines = cases.metric_points(count), cases.lines()
    return lambda: SegmentIndex.build(lines).nearest(x, y)


def _frames(count: int) -> Callable[[], Any]:
    import geopandas

    points, lines = shapely.points(*cases.metric_points(count)), peers.fresh(cases.lines())

    def work() -> Any:
        found = geopandas.sjoin_nearest(peers.frame(points), peers.frame(lines), distance_col="distance")
        return found.index.to_numpy(), found["distance"].to_numpy()

    return work


def _sedona(count: int) -> Callable[[], Any]:
    context = peers.sedona()
    peers.sedona_table(context, "p", "id", shapely.points(*cases.metric_points(count)))
    peers.sedona_table(context, "a", "line", cases.lines())
    return lambda: peers.arrays(peers.collected(context.sql(NEAREST)))


def _tree(count: int) -> Callable[[], Any]:
    points, lines = shapely.points(*cases.metric_points(count)), peers.fresh(cases.lines())

    def work() -> Any:
        found = shapely.STRtree(lines).query_nearest(points, return_distance=True, all_matches=False)
        return (found[1],)

    return work


def _by_row(found: Any) -> Answer:
    """Distances in the order of the points, one for each: ties come as several rows."""
    _, first = np.unique(found[0], return_index=True)
    return (found[1][first],)
