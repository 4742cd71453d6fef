"""One way to write answered sites, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geo.districts import Boundaries
from geo.errors import InputError
from geo.register import Register
from geo.schema import Site
from geo.settings import Settings
from geo.symbology import Symbology
from geo.tables.features import write_geojson
from geo.tables.flat import rows
from geo.tables.shapefile import write_shapefile
from geo.tables.text import write_csv
from geo.tables.vector import write_geopackage, write_geoparquet
from geo.tables.workbook import write_xlsx

Record = dict[str, Any]
FORMATS: dict[str, str] = {
    ".csv": "csv", ".xlsx": "xlsx", ".gpkg": "gpkg", ".geojson": "geojson", ".parquet": "parquet",
    ".geoparquet": "parquet", ".shp": "shp",
}  # fmt: skip


def write(
    form: str,
    path: Path,
    document: Record,
    sites: Sequence[Site],
    register: Register,
    boundaries: Boundaries,
    palette: Symbology,
    settings: Settings,
    *,
    bom: bool = True,
) -> list[Path]:
    """Write answered sites as `form` to `path`; every file made, the first named by `path` where there is one.

    A shapefile is several files beside each other, and two sets of them for a list of
    points and polygons. Files of these names are replaced: write into an empty folder
    and move them from there.

    Parameters
    ----------
    form : str
        One of the values of `FORMATS`.
    bom : bool
        Whether a CSV begins with a byte-order mark, by which Excel knows its encoding.

    Raises
    ------
    InputError
        If the format is not known, or cannot hold the sites.
    """
    if form == "csv":
        write_csv(path, *rows(document, sites), bom=bom)
    elif form == "xlsx":
        write_xlsx(path, *rows(document, sites), document)
    elif form == "gpkg":
        write_geopackage(path, document, sites, register, boundaries, palette, settings)
    elif form == "geojson":
        write_geojson(path, document, sites)
    elif form == "parquet":
        write_geoparquet(path, document, sites)
    elif form == "shp":
        return write_shapefile(path, document, sites)
    else:
        raise unknown(form, FORMATS)
    return [path]


def unknown(form: str, formats: Mapping[str, str]) -> InputError:
    """The error for a format that none of `formats`, by their endings, is."""
    known = list(dict.fromkeys(formats.values()))
    return InputError(
        "the format is not known",
        "无法识别的输出格式",
        value=form,
        remedy_en=f"formats are {', '.join(known)}",
        remedy_zh=f"可用格式：{'、'.join(known)}",
    )
