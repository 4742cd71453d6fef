"""Certainty and boundary distance of points, beside the plain join that they contain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks import cases
from benchmarks.contest import Answer, Contest, Tool, same_values
from benchmarks.table import Line
from geo import join
from geo.overlay.index import CellIndex

POINTS = {"small": 100_000, "full": 1_000_000}


def run(size: str) -> list[Line]:
    """The plain join as the peer: its ratio is the share of our time that it would take."""
    count = POINTS[size]
    name = f"certainty and distance of {count:,} points"
    peer = Tool("plain join", _plain, _areas, remark="CellIndex alone")
    return Contest(count, {name: Tool("parksite", _ours, _districts)}, [peer], same_values).run()


def _ours(count: int) -> Callable[[], Any]:
    x, y = cases.points(count)
    return lambda: join.place_points(x, y, replace(cases.boundaries()))  # without the indexes that it keeps


def _plain(count: int) -> Callable[[], Any]:
    (x, y), areas = cases.points(count), cases.boundaries().outlines

    def work() -> Any:
        index = CellIndex.build(areas, points=count)
        return index.codes(x, y), index.sets

    return work


def _districts(found: Any) -> Answer:
    ids = cases.boundaries().ids
    numbers = [-1 if kind.district is None else ids.index(kind.district) for kind in found.kinds]
    return (np.array(numbers)[found.kind],)


def _areas(found: Any) -> Answer:
    return (np.array([min(one, default=-1) for one in found[1]])[found[0]],)
