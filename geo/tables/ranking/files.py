"""One way to write a ranking, whatever the format; CSV, GeoJSON and JSON are made here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geo.schema import Site
from geo.settings import Settings
from geo.symbology import Symbology
from geo.tables.features import collection
from geo.tables.formats import unknown
from geo.tables.ranking.flat import ordered, rows
from geo.tables.ranking.reasons import NOTES, reason_rows
from geo.tables.ranking.terms import Lang
from geo.tables.ranking.vector import write_geopackage
from geo.tables.ranking.workbook import write_xlsx
from geo.tables.text import write_csv

Record = dict[str, Any]
FORMATS: dict[str, str] = {
    ".csv": "csv", ".xlsx": "xlsx", ".gpkg": "gpkg", ".geojson": "geojson", ".json": "json",
}  # fmt: skip
_ABOUT = (
    "as_of",
    "sample",
    "register",
    "boundaries",
    "model",
    "aggregation",
    "weighting",
    "layers",
    "overrides",
    "warnings",
)


def write(
    form: str,
    path: Path,
    document: Record,
    sites: Sequence[Site],
    palette: Symbology,
    settings: Settings,
    *,
    lang: Lang = "zh",
    bom: bool = True,
) -> list[Path]:
    """Write a ranking as `form` to `path`; every file made, the first is `path`.

    A CSV has a second file beside it, ``<name>.reasons.csv``: a row per site and rule.

    Parameters
    ----------
    form : str
        One of the values of `FORMATS`.
    document : dict
        A ranking document.
    sites : sequence of Site
        The sites by whose ids geometry and the user's columns are found; more may be there.
    lang : {"zh", "en"}
        Language of the workbook; the other formats hold both.
    bom : bool
        Whether a CSV begins with a byte-order mark, by which Excel knows its encoding.

    Raises
    ------
    InputError
        If the format is not known, or cannot hold the sites.
    """
    if form == "csv":
        beside = path.with_name(f"{path.stem}.reasons{path.suffix}")
        write_csv(path, *rows(document, sites), bom=bom)
        write_csv(beside, list(NOTES), reason_rows(document), bom=bom)
        return [path, beside]
    if form == "xlsx":
        write_xlsx(path, document, sites, palette, lang)
    elif form == "gpkg":
        write_geopackage(path, document, sites, palette, settings)
    elif form == "geojson":
        write_geojson(path, document, sites)
    elif form == "json":
        path.write_text(json_text(document), encoding="utf-8", newline="\n")
    else:
        raise unknown(form, FORMATS)
    return [path]


def json_text(document: Record) -> str:
    """The document as JSON, a line for each key and each site."""
    sites = ",\n".join(_compact(one) for one in document["sites"])
    lines = [f'"{key}": {_compact(one)}' for key, one in document.items() if key != "sites"]
    return "{\n" + ",\n".join([*lines, f'"sites": [\n{sites}\n]']) + "\n}\n"


def geojson(document: Record, sites: Sequence[Site]) -> Record:
    """Feature collection of the rows; model, layers and what else the answer rests on stand in ``parksite``."""
    about = {name: document[name] for name in _ABOUT}
    return collection(*rows(document, sites), ordered(document, sites), about)


def write_geojson(path: Path, document: Record, sites: Sequence[Site]) -> None:
    """Write the feature collection, one feature a line."""
    collection = geojson(document, sites)
    lines = ",\n".join(_compact(one) for one in collection["features"])
    text = f'{{"type":"FeatureCollection","parksite":{_compact(collection["parksite"])},"features":[\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
