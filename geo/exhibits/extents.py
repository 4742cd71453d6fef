"""Parts of the city that a map may hold (layer 7), as boxes in metres of EPSG:4547."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from geo import crs
from geo.districts import Boundaries
from geo.errors import InputError
from geo.exhibits.plan import Plan
from geo.exhibits.spec import Box, Spec

APART = "shenshan"  # the area that does not touch the rest of the city
_MARGIN = 0.015


def of_spec(spec: Spec, boundaries: Boundaries) -> tuple[Box, Box | None]:
    """The main extent of a sheet, and that of its inset if the main one leaves the area apart out."""
    if spec.extent == "whole" or APART not in boundaries.ids or len(boundaries.ids) == 1:
        return districts(boundaries, boundaries.ids), None
    if spec.extent == "shenshan":
        return apart(boundaries), None
    if spec.extent == "city":
        return districts(boundaries, [one for one in boundaries.ids if one != APART]), apart(boundaries)
    box = shapely.box(*spec.extent)
    if not shapely.intersects(box, boundaries.outlines).any():
        raise InputError(
            "the extent of the sheet holds nothing of the city",
            "图件范围不含本市任何区域",
            field="extent",
            value=list(spec.extent),
            remedy_en="give west, south, east and north in degrees",
            remedy_zh="请按西、南、东、北写经纬度",
        )
    west, south, east, north = shapely.bounds(crs.project(shapely.segmentize(box, 0.01)))
    return (float(west), float(south), float(east), float(north)), None


def districts(boundaries: Boundaries, ids: Sequence[str]) -> Box:
    """The box of some districts with a margin."""
    return around([boundaries.outlines[boundaries.ids.index(one)] for one in ids])


def apart(boundaries: Boundaries) -> Box:
    """The box of the area apart, with the zone in which its boundary is uncertain."""
    shapes = [boundaries.outlines[boundaries.ids.index(APART)]]
    return around([*shapes, boundaries.uncertain] if boundaries.uncertain is not None else shapes)


def around(shapes: Sequence[object], margin: float = _MARGIN) -> Box:
    """The box of geometries in degrees, with a share of its size as margin."""
    west, south, east, north = shapely.total_bounds(crs.project(list(shapes)))
    pad_x, pad_y = margin * (east - west), margin * (north - south)
    return float(west - pad_x), float(south - pad_y), float(east + pad_x), float(north + pad_y)


def visible(plan: Plan, main: Box, boundaries: Boundaries) -> tuple[str, ...]:
    """Districts of which the main map or the inset shows something."""
    windows = shapely.union_all([shapely.box(*one) for one in (main, plan.inset) if one is not None])
    shown = shapely.intersects(boundaries.outlines_m, windows)
    return tuple(one for one, seen in zip(boundaries.ids, shown, strict=True) if seen)
