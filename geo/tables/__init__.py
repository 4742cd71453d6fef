"""Tables (layer 7): answered sites as files, without any time of making.

`write` makes one file, or the files of one shapefile, in any of `FORMATS`. Each format
has a module: `text` (CSV), `workbook` (XLSX), `features` (GeoJSON), `vector` (GeoPackage,
GeoParquet), `shapefile`. What they share: `flat` makes rows of records, `columns` and
`notes` name them, `values` and `typed` say what a cell can be. Rankings have a package
of their own, `geo.tables.ranking`.
"""

from typing import TYPE_CHECKING

from geo.lazy import attach

if TYPE_CHECKING:
    from geo.tables.columns import COLUMNS, markdown
    from geo.tables.features import geojson, write_geojson
    from geo.tables.flat import main_designations, rows
    from geo.tables.formats import FORMATS, write
    from geo.tables.notes import NOTES, Note
    from geo.tables.shapefile import write_shapefile
    from geo.tables.text import csv_text, write_csv
    from geo.tables.vector import frame, write_geopackage, write_geoparquet
    from geo.tables.workbook import write_xlsx
else:
    __getattr__ = attach(
        __name__,
        columns=("COLUMNS", "markdown"),
        features=("geojson", "write_geojson"),
        flat=("main_designations", "rows"),
        formats=("FORMATS", "write"),
        notes=("NOTES", "Note"),
        shapefile=("write_shapefile",),
        text=("csv_text", "write_csv"),
        vector=("frame", "write_geopackage", "write_geoparquet"),
        workbook=("write_xlsx",),
    )

__all__ = [
    "COLUMNS",
    "FORMATS",
    "NOTES",
    "Note",
    "csv_text",
    "frame",
    "geojson",
    "main_designations",
    "markdown",
    "rows",
    "write",
    "write_csv",
    "write_geojson",
    "write_geopackage",
    "write_geoparquet",
    "write_shapefile",
    "write_xlsx",
]
