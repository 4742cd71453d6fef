"""Shapes of sites: one kind, valid, of a plausible size; what is repaired is noted."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs
from geo.errors import RowError
from geo.sites.model import Draft
from geo.sources import Note

_REPAIR_SHARE = 0.01  # a repair may change the area by this share at most
_EMPTY_CELL = ("坐标为 0, 0，似为空值，请核对。", "the position is 0, 0, which looks like an empty cell; check it.")
_NOWHERE = 0.01  # degrees around 0, 0
_SMALL_M2, _LARGE_M2 = 100.0, 1e8  # below and above, no park is likely


def single_kind(geometry: Any, row: Draft) -> tuple[Any, tuple[Note, ...]]:
    """A point, polygon or multipolygon in two dimensions, in the file's coordinates.

    Raises
    ------
    RowError
        If there is none, or it is of another kind.
    """
    if geometry is None or geometry.is_empty:
        raise RowError(
            "the record has no usable geometry",
            "该记录没有可用的几何",
            row=row.number,
            line=row.line,
            field="geometry",
            remedy_en="draw the site again",
            remedy_zh="请重新绘制该地块",
        )
    flat = shapely.force_2d(geometry)
    notes: tuple[Note, ...] = ()
    if flat.geom_type == "MultiPoint" and len(flat.geoms) == 1:
        flat = flat.geoms[0]
    if flat.geom_type == "GeometryCollection":
        areas = [part for part in shapely.get_parts(flat) if shapely.get_dimensions(part) == 2]
        if areas:
            flat = shapely.union_all(areas)
            notes = (("几何集合中只取面。", "of a collection of shapes only the polygons are taken."),)
    if flat.geom_type not in ("Point", "Polygon", "MultiPolygon"):
        raise RowError(
            f"a site is a point or a polygon, not a {flat.geom_type}",
            f"选址应为点或面，而不是 {flat.geom_type}",
            row=row.number,
            line=row.line,
            field="geometry",
            value=flat.geom_type,
            remedy_en="give the outline as a polygon",
            remedy_zh="请以面要素给出范围",
        )
    return flat, notes


def mend(shape: Any, row: Draft) -> tuple[Any, tuple[Note, ...]]:
    """A valid shape; a crossing outline is repaired if its area stays within 1 %.

    Raises
    ------
    RowError
        If the repair would change the area by more, or leaves none.
    """
    if shape.is_valid:
        return shape, ()
    parts = shapely.get_parts(shapely.make_valid(shape))
    areas = parts[shapely.get_dimensions(parts) == 2]
    fixed = shapely.union_all(areas)
    before, after = (float(one) for one in crs.area_m2([shape, fixed]))
    reason = shapely.is_valid_reason(shape)
    if fixed.is_empty or abs(after - before) > _REPAIR_SHARE * after:
        raise RowError(
            f"the polygon is not valid: {reason}; repaired, its area would go from {before:,.0f} to {after:,.0f} m²",
            f"面要素无效：{reason}；若自动修复，面积将由 {before:,.0f} 变为 {after:,.0f} 平方米",
            row=row.number,
            line=row.line,
            field="geometry",
            remedy_en="repair the polygon (QGIS: Fix geometries)",
            remedy_zh="请修复几何（QGIS：修正几何图形）",
        )
    if round(before, 1) == round(after, 1):
        zh, en = f"面积仍为 {after:,.1f} 平方米", f"its area is still {after:,.1f} m²"
    else:
        zh = f"面积由 {before:,.1f} 变为 {after:,.1f} 平方米"
        en = f"its area went from {before:,.1f} to {after:,.1f} m²"
    return fixed, ((f"面要素自相交已修复，{zh}。", f"the outline crossed itself and was repaired; {en}."),)


def nowhere(lon: Any, lat: Any) -> Any:
    """Whether positions lie at 0, 0, as empty cells do."""
    return (abs(lon) < _NOWHERE) & (abs(lat) < _NOWHERE)


def has_likely_area(shapes: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether polygons (degrees) are of a size that nothing is to be said of."""
    area = crs.area_m2(shapes)
    return np.asarray((area >= _SMALL_M2) & (area <= _LARGE_M2))


def plausible(shape: Any, row: Draft) -> tuple[Note, ...]:
    """A note where a polygon is smaller than 100 m² or larger than 100 km², or a point lies at 0, 0."""
    if shape.geom_type == "Point":
        return (_EMPTY_CELL,) if nowhere(shape.x, shape.y) else ()
    area = float(crs.area_m2(shape))
    if _SMALL_M2 <= area <= _LARGE_M2:
        return ()
    shown = f"{area:,.1f} m²" if area < _SMALL_M2 else f"{area / 1e6:,.1f} km²"
    return ((f"面积 {shown}，作为园区不合常理，请核对。", f"an area of {shown} is implausible for a park; check it."),)
