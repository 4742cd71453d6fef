"""Area of site polygons within constraint zones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import cases, paths
from benchmarks.overlays import Overlays
from benchmarks.table import Line
from geo.overlay.zones import Zones

SITES = {"small": (10_000, 10_000), "full": (200_000, 200_000)}  # ours, and at most theirs


def run(size: str) -> list[Line]:
    """The contest for each of our two paths."""
    count, most = SITES[size]
    areas = cases.zones()
    name = f"{count:,} site polygons within {len(areas):,} zones"
    return Overlays(areas, most).contest(paths.tools(name, _ours), count).run()


def _ours(count: int) -> Callable[[], Any]:
    sites, areas = cases.site_polygons(count), cases.zones()
    return lambda: Zones.build(areas).areas(sites)
