"""Layers that ship with parksite, and those that are made of the district outlines.

The coast is the outer line of the land, by the second source of the outlines (Tianditu,
land only), up to 40 km around the city: within that distance nothing but sea lies beyond
the areas that it holds. With a user's own districts it is that of the first source.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs, sources
from geo.districts import Boundaries
from geo.errors import InputError
from geo.features import Features, Provenance
from geo.layers.columns import column
from geo.layers.lists import ShippedRow, shipped_rows
from geo.layers.model import Entry
from geo.layers.shapes import extent
from geo.schema import Words
from geo.settings import Settings

_AROUND_M = 40_000.0
_GAP_M = 1.0  # slits between outlines that should meet


def rows(settings: Settings) -> dict[str, ShippedRow]:
    """The layers of the catalogue by id.

    Raises
    ------
    InputError
        If a user's own catalogue is not laid out like the shipped one.
    """
    return {one.id: one for one in shipped_rows(settings)}


def entry(row: ShippedRow, settings: Settings) -> Entry:
    """A shipped or derived layer as the catalogue lists it."""
    if row.file is None:
        return Entry(row.id, row.title, "features", "derived", None, _derived_from(row, settings), row.note)
    found = read(row, settings)
    where = extent(shapely.total_bounds(found.geometry))
    return Entry(row.id, row.title, "features", "shipped", len(found.geometry), found.provenance, row.note, where)


def read(row: ShippedRow, settings: Settings) -> Features:
    """Points of a shipped layer.

    Raises
    ------
    InputError
        If a user's own catalogue names a file or a source that cannot be used.
    """
    path = settings.data_file(f"layers/{row.file}")
    held = sources.read(path)
    columns = {name: column([one[name] for one in held.rows]) for name in held.columns}
    if any(columns[one].dtype.kind != "f" for one in ("lon", "lat") if one in columns) or not columns.keys() >= {
        "lon",
        "lat",
        *row.label,
    }:
        raise _unlike(row, settings, f"{row.file}: lon, lat, {', '.join(row.label)}")
    about = _source(row, str(row.source), settings)
    provenance = Provenance(
        Words(about.title_zh, about.title_en),
        Words(about.vintage_zh, about.vintage),
        about.datum,
        about.licence,
        sources.digest(path)[:12],
    )
    labels = [next((str(one[name]) for name in row.label if one[name]), "") for one in held.rows]
    points = shapely.points(*crs.to_metres(columns["lon"], columns["lat"]))
    return Features(row.id, row.title, points, np.array(labels, dtype=object), provenance, columns)


def _source(row: ShippedRow, name: str, settings: Settings) -> sources.Source:
    """What the index of sources says of a layer."""
    found = sources.read_index(settings.data_file("sources.toml")).get(name)
    if found is None:
        raise _unlike(row, settings, name)
    return found


def _unlike(row: ShippedRow, settings: Settings, missing: str) -> InputError:
    return InputError(
        f"the layer {row.id} names what is not there: {missing}",
        f"图层 {row.id} 所引用的内容不存在：{missing}",
        file=settings.data_file("layers/layers.yaml"),
        field=row.id,
        remedy_en="follow the shipped layers/layers.yaml, or take your own file away",
        remedy_zh="请参照随软件提供的 layers/layers.yaml，或移除自己的文件",
    )


def _derived_from(row: ShippedRow, settings: Settings) -> Provenance:
    """Where a derived layer comes from, before it is made: with the shipped outlines."""
    about = _source(row, row.source or "amap", settings)
    return Provenance(
        Words(about.title_zh, about.title_en), Words(about.vintage_zh, about.vintage), about.datum, about.licence, ""
    )


def derive(row: ShippedRow, settings: Settings, boundaries: Boundaries) -> Features:
    """A layer made of the district outlines: ``districts`` or ``coast``."""
    shipped = _derived_from(row, settings)
    second = row.id == "coast" and boundaries.second_source is not None
    title, datum = (boundaries.second_source, shipped.datum) if second else (boundaries.source, boundaries.datum)
    columns: dict[str, NDArray[Any]]
    if row.id == "districts":
        geometry, columns = _districts(boundaries, settings)
        labels = columns["name_zh"]
    else:
        geometry, columns = coast(boundaries), {}
        labels = np.full(len(geometry), "", dtype=object)
    version = hashlib.sha256(b"".join(shapely.to_wkb(geometry).tolist())).hexdigest()[:12]
    licence = "" if boundaries.digest is not None else shipped.licence
    provenance = Provenance(title or boundaries.source, boundaries.vintage, datum, licence, version)
    return Features(row.id, row.title, geometry, labels, provenance, columns)


def _districts(boundaries: Boundaries, settings: Settings) -> tuple[NDArray[Any], dict[str, NDArray[Any]]]:
    places = {one["id"]: one for one in sources.read_yaml(settings.data_file("policy/places.yaml"))["places"]}
    names = [places[one]["zh"] for one in boundaries.ids]
    ids = np.array(boundaries.ids, dtype=object)
    return np.asarray(shapely.make_valid(boundaries.outlines_m)), {
        "id": ids,
        "name_zh": np.array(names, dtype=object),
    }


def coast(boundaries: Boundaries) -> NDArray[Any]:
    """Lines between land and sea around the city, in EPSG:4547; shape (n,)."""
    if boundaries.second_source is not None and len(boundaries.second):
        inner, outer = boundaries.second, boundaries.second_outside
    else:
        inner, outer = boundaries.outlines, boundaries.neighbours
    city = np.asarray(shapely.make_valid(crs.project(inner)))
    around = np.asarray(shapely.make_valid(crs.project(outer)))
    land = shapely.union_all(shapely.buffer(np.concatenate([city, around]), _GAP_M, quad_segs=1, join_style="mitre"))
    outside = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(land)])
    near = shapely.buffer(shapely.union_all(city), _AROUND_M, quad_segs=4)
    lines = shapely.get_parts(shapely.line_merge(shapely.intersection(shapely.boundary(outside), near)))
    return np.asarray(lines, dtype=object)
