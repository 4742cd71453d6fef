"""GeoJSON (RFC 7946): WGS84, seven decimals, rings by the right-hand rule.

Coordinates are rounded one by one, to about a centimetre; no vertex is moved further
or dropped, so the outline stays that of the file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geo.schema import Site
from geo.tables.columns import unreserved
from geo.tables.flat import rows
from geo.tables.values import clean, in_json, plain

Record = dict[str, Any]
DECIMALS = 7
_ABOUT = ("as_of", "register", "boundaries")


def geojson(document: Record, sites: Sequence[Site]) -> Record:
    """Feature collection of the rows; the day, the register and the boundaries stand in ``parksite``."""
    return collection(*rows(document, sites), sites, {name: document[name] for name in _ABOUT})


def collection(columns: Sequence[str], flat: Sequence[Record], sites: Sequence[Site], about: Record) -> Record:
    """Feature collection of flat rows and their sites, with `about` as its member ``parksite``."""
    names = unreserved(columns, {"geometry"})
    features = [
        {
            "type": "Feature",
            "id": clean(str(site.id)),
            "geometry": geometry(site.geometry),
            "properties": {told: in_json(row.get(name)) for name, told in zip(columns, names, strict=True)},
        }
        for site, row in zip(sites, flat, strict=True)
    ]
    return {
        "type": "FeatureCollection",
        "features": features,
        "parksite": {name: in_json(plain(one)) for name, one in about.items()},
    }


def geometry(shape: Any) -> Record | None:
    """A geometry as GeoJSON; None for an empty one.

    >>> import shapely
    >>> geometry(shapely.Polygon([(0, 0), (0, 1), (1.00000004, 1)]))["coordinates"]
    [[[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]]]
    """
    import shapely

    if shape is None or shape.is_empty:
        return None
    turned = shapely.orient_polygons(shape, exterior_cw=False)
    made: Record = _rounded(shapely.geometry.mapping(turned))
    return made


def _rounded(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: part[name] if name == "type" else _rounded(part[name]) for name in part}
    if isinstance(part, list | tuple):
        return [_rounded(each) for each in part]
    return round(float(part), DECIMALS)


def write_geojson(path: Path, document: Record, sites: Sequence[Site]) -> None:
    """Write the feature collection, one feature a line."""
    collection = geojson(document, sites)
    lines = ",\n".join(_compact(one) for one in collection["features"])
    text = f'{{"type":"FeatureCollection","parksite":{_compact(collection["parksite"])},"features":[\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
