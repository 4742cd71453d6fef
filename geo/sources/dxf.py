"""Entities of a drawing as points and polygons.

Points, blocks put in and closed lines count; a label inside exactly one area
becomes its text. Labels count as points only where a drawing holds nothing else.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.sources.gdal import Records
from geo.sources.layer import Note

COLUMNS = ("Layer", "Text")
_WORDS = {
    "line": ("未闭合的线", "open lines"),
    "text": ("文字注记", "labels"),
    "other": ("其他图元", "other entities"),
}


def taken(records: Records) -> tuple[NDArray[Any], list[dict[str, object]], list[int], list[Note]]:
    """Geometries, attributes and numbers of the entities that can be sites, and what was left out."""
    shapes = shapely.force_2d(shapely.from_wkb(records.wkb, on_invalid="ignore"))
    kinds = [_kind(shape, row) for shape, row in zip(shapes, records.rows, strict=True)]
    wanted = {"point", "area"} if {"point", "area"} & set(kinds) else {"text"}
    kept = [index for index, kind in enumerate(kinds) if kind in wanted]
    rows: list[dict[str, object]] = [
        {"Layer": records.rows[index].get("Layer"), "Text": _label(records.rows[index], kinds[index])} for index in kept
    ]
    geometries = np.empty(len(kept), dtype=object)
    geometries[:] = [_area(shapes[index]) if kinds[index] == "area" else shapes[index] for index in kept]
    used = set() if "text" in wanted else _label_areas(geometries, rows, shapes, kinds, records)
    left = Counter(kind for index, kind in enumerate(kinds) if kind not in wanted and index not in used)
    zh = "、".join(f"{_WORDS[kind][0]} {count} 个" for kind, count in sorted(left.items()))
    en = ", ".join(f"{count} {_WORDS[kind][1]}" for kind, count in sorted(left.items()))
    notes = [(f"未读取的图元：{zh}。", f"Entities left out: {en}.")] if left else []
    return geometries, rows, [index + 1 for index in kept], notes


def _kind(shape: Any, row: dict[str, object]) -> str:
    """What an entity counts as."""
    classes = str(row.get("SubClasses") or "")
    if shape is None or shape.is_empty:
        return "other"
    if shape.geom_type == "Point":
        return "text" if "Text" in classes else "point"
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return "area"
    if shape.geom_type == "LineString":
        return "area" if shape.is_closed and len(shape.coords) >= 4 else "line"
    return "line" if "Line" in shape.geom_type else "other"


def _area(shape: Any) -> Any:
    return shapely.Polygon(shape.coords) if shape.geom_type == "LineString" else shape


def _label(row: dict[str, object], kind: str) -> object:
    """The text of an entity; of a hatch GDAL gives the name of its pattern, which is no text."""
    if "Hatch" in str(row.get("SubClasses") or ""):
        return None
    return row.get("Text") or row.get("BlockName")


def _label_areas(
    geometries: NDArray[Any], rows: list[dict[str, object]], shapes: NDArray[Any], kinds: list[str], records: Records
) -> set[int]:
    """Write each label that lies in exactly one area into its row; the labels used."""
    labels = [index for index, kind in enumerate(kinds) if kind == "text"]
    if not labels or not len(geometries):
        return set()
    tree = shapely.STRtree(geometries)
    at, inside = tree.query(shapes[labels], predicate="within")
    once = {int(one) for one, count in zip(*np.unique(at, return_counts=True), strict=True) if count == 1}
    used = set()
    for label, area in zip(at, inside, strict=True):
        text = records.rows[labels[label]].get("Text")
        if int(label) in once and text:
            said = rows[area]["Text"]
            rows[area]["Text"] = f"{said} {text}" if said else text
            used.add(labels[label])
    return used
