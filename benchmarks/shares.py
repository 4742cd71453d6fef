"""Shares of site polygons over the districts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks import cases
from benchmarks.contest import Tool
from benchmarks.overlays import Overlays
from benchmarks.table import Line
from geo.overlay.index import CellIndex
from geo.overlay.shares import shares

SITES = {"small": (20_000, 20_000), "full": (1_000_000, 200_000)}  # ours, and at most theirs


def run(size: str) -> list[Line]:
    """The one contest of this case."""
    count, most = SITES[size]
    name = f"{count:,} site polygons over 11 districts"
    return Overlays(cases.boundaries().outlines_m, most).contest({name: Tool("parksite", _ours)}, count).run()


def _ours(count: int) -> Callable[[], Any]:
    sites, areas = cases.site_polygons(count), cases.boundaries().outlines_m
    return lambda: shares(sites, CellIndex.build(areas, points=count), areas)
