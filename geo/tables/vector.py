"""GeoPackage and GeoParquet, in CGCS2000 (EPSG:4490).

Files hold no time of making: where a format asks for one it gets the day of the
question, so the same answers give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.districts import Boundaries
from geo.register import Register
from geo.schema import Site
from geo.settings import Settings
from geo.symbology import Symbology
from geo.tables import styles
from geo.tables.flat import rows
from geo.tables.layers import CRS, RESERVED, Layer, as_array, designation_layer, district_layer, site_layers
from geo.tables.notes import NOTES
from geo.tables.typed import Column, arrow, typed

if TYPE_CHECKING:
    import geopandas

Record = dict[str, Any]
GPKG_OPTIONS = {
    "driver": "GPKG",
    "dataset_options": {"VERSION": "1.2"},  # older programs warn of what is newer
    "layer_options": {"DATETIME_PRECISION": "MILLISECOND"},
}


def write_geopackage(
    path: Path,
    document: Record,
    sites: Sequence[Site],
    register: Register,
    boundaries: Boundaries,
    palette: Symbology | None = None,
    settings: Settings | None = None,
) -> None:
    """Write layers `sites`, `districts` and `designations`, with their QGIS styles if a palette is given.

    A list of points and polygons has a layer `site_outlines` beside `sites`, as
    `geo.tables.layers` tells.
    """
    layers = [
        *site_layers(document, sites),
        district_layer(document, register, boundaries),
        designation_layer(document, register, boundaries),
    ]
    day = date.fromisoformat(document["as_of"])
    path.unlink(missing_ok=True)  # else its layers would stay beside ours
    with dated(day):
        for layer in layers:
            write_layer(path, layer, layer=layer.name, **GPKG_OPTIONS)
        if palette is not None and settings is not None:
            write_styles(path, styles.styles(layers, register, boundaries, palette, settings, day), day)


@contextmanager
def dated(day: date) -> Iterator[None]:
    """Files that say when they were changed say `day`."""
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day.isoformat()}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write_layer(path: Path, held: Layer, **how: Any) -> None:
    """Write one layer of a file; `how` names the driver and its options."""
    import pyogrio

    table = arrow(held.columns, held.geometries)
    pyogrio.write_arrow(table, path, geometry_name="geom", geometry_type=held.geometry, crs=CRS, **how)


def write_styles(path: Path, found: Sequence[styles.Style], day: date) -> None:
    """Write the table ``layer_styles`` as QGIS does: without geometry, its key named ``id``."""
    import pyarrow as pa
    import pyogrio

    kinds = {"useAsDefault": pa.bool_(), "update_time": pa.timestamp("ms", tz="UTC")}
    held = styles.style_rows(found, datetime.combine(day, time(), UTC))
    table = pa.table({name: pa.array(values, type=kinds.get(name, pa.string())) for name, values in held.items()})
    options = {**GPKG_OPTIONS, "layer_options": {"FID": "id", "DATETIME_PRECISION": "MILLISECOND"}}
    pyogrio.write_arrow(table, path, layer="layer_styles", **options)


def frame(document: Record, sites: Sequence[Site]) -> geopandas.GeoDataFrame:
    """The rows as a frame in CGCS2000 (EPSG:4490), typed as in `geo.tables.typed`."""
    import geopandas

    names, flat = rows(document, sites)
    columns = typed(names, flat, NOTES["sites"], RESERVED)
    shapes = as_array([site.geometry for site in sites])
    return geopandas.GeoDataFrame({one.name: _series(one) for one in columns}, geometry=shapes, crs=CRS)


def _series(column: Column) -> Any:
    import pandas as pd

    values = list(column.values)
    if column.kind in ("whole", "truth"):
        return pd.array(values, dtype="Int64" if column.kind == "whole" else "boolean")
    return pd.Series(values, dtype="float64" if column.kind == "number" else "object")


def write_geoparquet(path: Path, document: Record, sites: Sequence[Site]) -> None:
    """Write the sites as GeoParquet 1.1, geometry as WKB, compressed with Zstandard."""
    held = frame(document, sites)
    names, flat = rows(document, sites)
    texts = [one.name for one in typed(names, flat, NOTES["sites"], RESERVED) if one.kind == "text"]
    held = held.astype(dict.fromkeys(texts, "string"))
    held.to_parquet(path, index=False, compression="zstd", schema_version="1.1.0", geometry_encoding="WKB")
