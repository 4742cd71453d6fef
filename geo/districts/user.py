"""A user's own official layer in place of the shipped one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo import crs, sources
from geo.districts.model import Boundaries, borders_of
from geo.errors import InputError
from geo.schema import DISTRICTS, Place
from geo.spelling import even_out

_NEIGHBOUR_GAP_M = 500.0


def read_user(path: Path, places: dict[str, Place], shipped: Boundaries, layer: str | None = None) -> Boundaries:
    """A user's own official layer in place of the shipped one.

    Features are matched to district ids by any text column that holds Chinese
    names, English names or ids, or by an adcode column (Dapeng and Shenshan by
    name only). Areas outside the city, for the city limit, stay those of `shipped`.

    Raises
    ------
    InputError
        If the file cannot be read, if no feature can be matched, if two columns
        disagree, or if a district occurs in separate features that overlap.
    CRSMismatch
        If the file declares no CRS and its coordinates are not degrees.
    """
    import geopandas

    read = sources.read_vector(path, layer)
    frame = read.frame
    if frame.crs is None:
        crs.require_degrees(frame.total_bounds, str(path))
    else:
        frame = frame.to_crs(crs.GEOGRAPHIC)
    polygonal = frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    if not polygonal.any():
        raise InputError("the boundary layer holds no polygons", "边界图层没有面要素", file=path)
    frame = frame[polygonal]
    ids = _match_features(frame, places, path)
    frame = geopandas.GeoDataFrame({"id": ids}, geometry=shapely.make_valid(frame.geometry.values), crs=crs.GEOGRAPHIC)
    frame = frame.dropna(subset="id")
    merged = {one: shapely.union_all(frame.geometry[frame["id"] == one].values) for one in frame["id"].unique()}
    held = tuple(one for one in DISTRICTS if one in merged)
    outlines = np.array([merged[one] for one in held])
    missing = [one for one in DISTRICTS if one not in merged]
    empty = np.array([], dtype=object)
    return Boundaries(
        ids=held,
        outlines=outlines,
        second=empty,
        neighbours=shipped.neighbours,
        second_outside=empty,
        neighbour_names=shipped.neighbour_names,
        borders=borders_of(outlines, shipped.neighbours, _NEIGHBOUR_GAP_M),
        uncertain=None,
        approximate=(),
        source=f"{path.name}" + (f" [{read.layer}]" if read.layer and read.layer != path.stem else ""),
        vintage="as given by the user / 用户提供",
        datum="not declared, taken as CGCS2000" if read.frame.crs is None else str(read.frame.crs.to_string())[:60],
        notes=tuple((f"用户图层缺少：{places[one].zh}", f"The user's layer lacks {places[one].en}") for one in missing),
    )


def _match_features(frame: Any, places: dict[str, Place], path: Path) -> list[str | None]:
    """District id of each feature, from whichever columns name districts."""
    names: dict[str, str] = {}
    for one in DISTRICTS:
        place = places[one]
        codes = (str(place.adcode),) if place.adcode else ()
        names |= {even_out(word): one for word in (one, place.zh, place.en, *place.aliases, *codes)}
    hits: list[list[str | None]] = []
    for column in frame.columns.drop(frame.geometry.name):
        values = [even_out(str(value).removesuffix(".0").removeprefix("深圳市")) for value in frame[column]]
        values = [
            value[:6] if value.isdigit() and len(value) in (9, 12) and value.endswith("000") else value
            for value in values
        ]
        found = [names.get(value) for value in values]
        if any(found):
            hits.append(found)
    if not hits:
        raise InputError(
            "no column of the boundary layer names a district",
            "边界图层中没有能对应各区的名称或代码列",
            file=path,
            remedy_en="add a column with Chinese names (宝安区), adcodes (440306) or ids (baoan)",
            remedy_zh="请增加一列中文区名（宝安区）、行政区划代码（440306）或编号（baoan）",
        )
    merged: list[str | None] = []
    for number, row in enumerate(zip(*hits, strict=True), start=1):
        # an adcode of Longgang on Dapeng's feature is right as well: the name decides
        said = {one for one in row if one} - ({"longgang"} if "dapeng" in row else set())
        if len(said) > 1:
            raise InputError(
                f"a feature is named as {' and as '.join(sorted(said))}",
                f"同一要素对应多个区：{'、'.join(sorted(said))}",
                file=path,
                row=number,
                remedy_en="correct the name or the code of this feature",
                remedy_zh="请改正该要素的名称或代码",
            )
        merged.append(said.pop() if said else None)
    return merged
