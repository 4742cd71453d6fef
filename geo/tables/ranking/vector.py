"""A ranking as a GeoPackage, in CGCS2000 (EPSG:4490): layer `ranking`, table `reasons`.

Where a list holds points and polygons, `ranking` has every site as a point and
`ranking_outlines` the polygons as they are, as `geo.tables.layers` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.schema import Site
from geo.settings import Settings
from geo.symbology import Symbology
from geo.tables.layers import RESERVED, Layer, as_array, same_type
from geo.tables.ranking import reasons
from geo.tables.ranking.flat import ordered, rows
from geo.tables.ranking.notes import notes
from geo.tables.ranking.styles import ranking_styles
from geo.tables.typed import arrow, typed
from geo.tables.vector import GPKG_OPTIONS, dated, write_layer, write_styles

Record = dict[str, Any]


def write_geopackage(
    path: Path, document: Record, sites: Sequence[Site], palette: Symbology, settings: Settings
) -> None:
    """Write the layers with their QGIS styles, by status and with the rank as label."""
    import pyogrio

    layers = ranking_layers(document, sites)
    columns = typed(list(reasons.NOTES), reasons.reason_rows(document), reasons.NOTES, RESERVED)
    day = date.fromisoformat(document["as_of"])
    path.unlink(missing_ok=True)  # else its layers would stay beside ours
    with dated(day):
        for layer in layers:
            write_layer(path, layer, layer=layer.name, **GPKG_OPTIONS)
        pyogrio.write_arrow(arrow(columns), path, layer="reasons", **GPKG_OPTIONS)
        write_styles(path, ranking_styles(layers, document, palette, settings), day)


def ranking_layers(document: Record, sites: Sequence[Site]) -> list[Layer]:
    """`ranking`, and `ranking_outlines` where the list holds points and polygons."""
    names, flat = rows(document, sites)
    said = notes(document)
    shapes = as_array([site.geometry for site in ordered(document, sites)])
    surface = shapely.get_dimensions(shapes) == 2
    if surface.any() and not surface.all():
        inside = shapely.points([(one["lon"], one["lat"]) for one in flat])
        chosen = [row for row, kept in zip(flat, surface, strict=True) if kept]
        return [
            Layer("ranking", typed(names, flat, said, RESERVED), *same_type(np.where(surface, inside, shapes))),
            Layer("ranking_outlines", typed(names, chosen, said, RESERVED), *same_type(shapes[surface])),
        ]
    return [Layer("ranking", typed(names, flat, said, RESERVED), *same_type(shapes))]
