"""A user's own official layer in place of the shipped one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo import crs, sources
from geo.districts.model import Boundaries, borders_of
from geo.errors import InputError
from geo.schema import DISTRICTS, Place, Words
from geo.spelling import even_out

_NEIGHBOUR_GAP_M = 500.0
_POLYGONS = ("Polygon", "MultiPolygon")


def read_user(path: Path, places: dict[str, Place], shipped: Boundaries) -> Boundaries:
    """A user's own official layer in place of the shipped one.

    Features are matched to district ids by any text column that holds Chinese
    names, English names or ids, or by an adcode column (Dapeng and Shenshan by
    name only). Of several layers the one whose polygons cover most is taken.
    Areas outside the city, for the city limit, stay those of `shipped`.

    Raises
    ------
    InputError
        If the file cannot be read or holds no polygons, if no feature can be
        matched, or if two columns disagree.
    CRSMismatch
        If the file declares no CRS and its coordinates are not degrees.
    """
    import geopandas

    read = max(_layers(path), key=_covered, default=None)
    if read is None or not _covered(read):
        raise InputError(
            "no layer of the file holds polygons",
            "文件中没有面图层",
            file=path,
            remedy_en="give the districts as polygons",
            remedy_zh="请以面要素给出各区范围",
        )
    frame = _in_degrees(_polygons(read), path)
    ids = _match_features(frame, places, path)
    mended = [place_id for place_id, shape in zip(ids, frame.geometry, strict=True) if place_id and not shape.is_valid]
    frame = geopandas.GeoDataFrame({"id": ids}, geometry=_polygonal(frame.geometry.values), crs=crs.GEOGRAPHIC)
    frame = frame.dropna(subset="id")
    merged = {one: shapely.union_all(frame.geometry[frame["id"] == one].values) for one in frame["id"].unique()}
    held = tuple(one for one in DISTRICTS if one in merged)
    outlines = np.array([merged[one] for one in held])
    missing = [one for one in DISTRICTS if one not in merged]
    empty = np.array([], dtype=object)
    name = path.name + (f" [{read.name}]" if read.name and read.name != path.stem else "")
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
        source=Words(name, name),
        digest=sources.digest(path),
        vintage=Words("用户提供", "as given by the user"),
        datum="not declared, taken as CGCS2000" if read.crs is None else str(read.crs.to_string())[:60],
        declared=read.crs is not None,
        notes=(
            *((f"用户图层缺少{places[one].zh}。", f"The user's layer lacks {places[one].en}.") for one in missing),
            *(
                (f"{places[one].zh}的面无效，已修复。", f"The outline of {places[one].en} was mended.")
                for one in mended
            ),
            *read.notes,
            *(
                (f"第 {fault.row} 个要素未使用：{fault.zh}。", f"Feature {fault.row} was not used: {fault.en}.")
                for fault in read.faults
            ),
        ),
    )


def _layers(path: Path) -> list[sources.Layer]:
    """Every layer of a file that holds geometry."""
    names = [one.name for one in sources.list_layers(path) if one.geometry is not None]
    return [sources.read(path, name) for name in names]


def _polygons(read: sources.Layer) -> Any:
    """The areas of a layer with their attributes, each at the place of its row."""
    import geopandas

    frame = geopandas.GeoDataFrame(
        list(read.rows), index=[number - 1 for number in read.numbers], geometry=read.geometries, crs=read.crs
    )
    return frame[frame.geometry.geom_type.isin(_POLYGONS)]


def _in_degrees(frame: Any, path: Path) -> Any:
    """The layer in EPSG:4490; long edges in metres are densified first."""
    if frame.crs is None or frame.crs.is_geographic:
        crs.require_degrees(frame.total_bounds, path.name)
        return frame if frame.crs is None else frame.to_crs(crs.GEOGRAPHIC)
    return frame.set_geometry(crs.from_metric(frame.geometry.values), crs=frame.crs).to_crs(crs.GEOGRAPHIC)


def _polygonal(shapes: Any) -> Any:
    """Valid shapes; what is no area, such as a spike, is left out."""
    mended = [shapely.get_parts(shapely.make_valid(shape)) for shape in shapes]
    return [shapely.union_all(parts[shapely.get_dimensions(parts) == 2]) for parts in mended]


def _covered(read: sources.Layer) -> float:
    """Area of a layer's polygons, in square degrees so far as its CRS is known."""
    if read.geometries is None:
        return 0.0
    shapes = _polygons(read).geometry
    return float(np.sum(shapely.area((shapes if shapes.crs is None else shapes.to_crs(crs.GEOGRAPHIC)).values)))


def _match_features(frame: Any, places: dict[str, Place], path: Path) -> list[str | None]:
    """District id of each feature, from whichever columns name districts."""
    names: dict[str, str] = {}
    for one in DISTRICTS:
        place = places[one]
        codes = (str(place.adcode),) if place.adcode else ()
        spelled = (one, place.zh, place.en, f"{place.en} District", *place.aliases, *codes)
        names |= {even_out(word): one for word in spelled}
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
    for number, row in zip(frame.index + 1, zip(*hits, strict=True), strict=True):
        # an adcode of Longgang on Dapeng's feature is right as well: the name decides
        said = {one for one in row if one} - ({"longgang"} if "dapeng" in row else set())
        if len(said) > 1:
            raise InputError(
                f"a feature is named as {' and as '.join(sorted(said))}",
                f"同一要素对应多个区：{'、'.join(sorted(said))}",
                file=path,
                row=int(number),
                remedy_en="correct the name or the code of this feature",
                remedy_zh="请改正该要素的名称或代码",
            )
        merged.append(said.pop() if said else None)
    return merged
