"""Tables (layer 7): CSV, XLSX, GeoPackage and GeoJSON of answered sites.

Text that a spreadsheet would run as a formula is made harmless: in CSV by a
leading apostrophe, in XLSX by string-typed cells. Files hold no time of making,
so the same answers give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.districts import Boundaries
from geo.register import Register
from geo.schema import CERTAINTY_NAMES, FORCE_NAMES, MATCH_NAMES, STAGE_NAMES, Certainty, Force, Match, Site, Stage

if TYPE_CHECKING:
    import geopandas

Record = dict[str, Any]
COLUMNS: tuple[str, ...] = (
    "id", "name", "lon", "lat", "datum", "datum_basis",
    "district", "district_zh", "district_en", "certainty", "certainty_zh", "possible", "shares",
    "boundary_distance_m", "area_ha", "area_mu",
    "field", "term", "term_zh", "term_en", "field_query", "stage", "stage_zh",
    "match", "match_zh", "force", "force_zh", "basis",
    "role_zh", "role_en", "instrument", "instrument_zh", "document_number", "clause", "from", "to",
    "support", "elsewhere", "explanation_zh", "explanation_en",
    "sample", "as_of", "register_version", "boundary_source", "boundary_vintage", "boundary_datum",
)  # fmt: skip
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def rows(document: Record, sites: Sequence[Site]) -> tuple[list[str], list[Record]]:
    """Column names and flat rows: our columns, then the user's own.

    A user's column named like one of ours comes out as ``<name>_input``; `id` and
    `name`, which are ours unchanged, are not repeated.
    """
    own = list(dict.fromkeys(name for site in sites for name in site.attributes))
    renamed = {name: _user_name(name) for name in own if name.casefold() not in ("id", "name")}
    flat = []
    for record, site in zip(document["sites"], sites, strict=True):
        row = _flat(document, record)
        row |= {renamed[name]: value for name, value in site.attributes.items() if name in renamed}
        flat.append(row)
    return [*COLUMNS, *renamed.values()], flat


def _user_name(name: str) -> str:
    return f"{name}_input" if name.casefold() in COLUMNS else name


def main_designations(record: Record) -> list[Record]:
    """The designations a table shows: those that decide, else the place's standing roles."""
    deciding = [one for one in record["designations"] if one["decides"]]
    if deciding:
        return deciding
    for force in (Force.IN_FORCE, Force.LAPSED):
        roles = [
            one for one in record["designations"] if one["kind"] == "role" and one["located"] and one["force"] == force
        ]
        if roles:
            latest = max(roles, key=lambda one: (one["to"] or "9999", one["from"] or ""))["instrument"]
            return [one for one in roles if force is Force.IN_FORCE or one["instrument"] == latest]
    return []


def _flat(document: Record, record: Record) -> Record:
    """One record as a row of scalars."""
    main = main_designations(record)
    first = main[0] if main else {}
    backing = [one for one in record["designations"] if one["kind"] == "support" and one["force"] == Force.IN_FORCE]
    row = {name: record.get(name) for name in COLUMNS}
    return row | {
        "certainty_zh": CERTAINTY_NAMES[Certainty(record["certainty"])][0],
        "possible": "; ".join(record["possible"]),
        "shares": "; ".join(f"{one} {share:.4f}" for one, share in record["shares"].items()),
        "stage_zh": STAGE_NAMES[Stage(record["stage"])][0] if record["stage"] else None,
        "match_zh": MATCH_NAMES[Match(record["match"])][0],
        "force_zh": FORCE_NAMES[Force(record["force"])][0],
        "role_zh": "、".join(dict.fromkeys(one["role_zh"] for one in main)) or None,
        "role_en": "; ".join(dict.fromkeys(one["role_en"] for one in main)) or None,
        **{
            name: first.get(name) for name in ("instrument", "instrument_zh", "document_number", "clause", "from", "to")
        },
        "support": "; ".join(
            f"{one['place_zh']}“{one['role_zh']}”（{one['instrument_short_zh']}{one['clause']}）" for one in backing
        )
        or None,
        "elsewhere": "; ".join(
            f"{one['district_zh']}“{one['role_zh']}”（{one['instrument_short_zh']}{one['clause']}）"
            for one in record["elsewhere"]
        )
        or None,
        "explanation_zh": record["explanation"]["zh"],
        "explanation_en": record["explanation"]["en"],
        "sample": "示例 sample" if record.get("sample") else None,
        "as_of": document["as_of"],
        "register_version": document["register"]["version"],
        "boundary_source": document["boundaries"]["source"],
        "boundary_vintage": document["boundaries"]["vintage"],
        "boundary_datum": document["boundaries"]["datum"],
    }


def harmless(value: object) -> object:
    """Text that a spreadsheet would take for a formula, with a leading apostrophe.

    >>> harmless("=1+1"), harmless("-12.5"), harmless("光刻胶")
    ("'=1+1", '-12.5', '光刻胶')
    """
    if not isinstance(value, str) or not value.startswith(_FORMULA_STARTS):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def csv_text(columns: Sequence[str], flat: Sequence[Record]) -> str:
    """Rows as CSV text (RFC 4180), without a byte-order mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in columns])
    for row in flat:
        writer.writerow(["" if row.get(name) is None else harmless(row.get(name)) for name in columns])
    return buffer.getvalue()


def write_csv(path: Path, columns: Sequence[str], flat: Sequence[Record]) -> None:
    """Write a CSV in UTF-8 with a byte-order mark, so that Excel shows Chinese."""
    path.write_text(csv_text(columns, flat), encoding="utf-8-sig", newline="")


def write_xlsx(path: Path, columns: Sequence[str], flat: Sequence[Record], document: Record) -> None:
    """Write a workbook: sheet 选址核对 with the rows, sheet 说明 with the sources."""
    import datetime

    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"created": datetime.datetime.fromisoformat(document["as_of"]), "title": "parksite"})
    head = book.add_format(
        {"bold": True, "bg_color": "#1f3a4d", "font_color": "#ffffff", "valign": "vcenter", "border": 1}
    )
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    plain = book.add_format({"valign": "top"})
    sheet = book.add_worksheet("选址核对")
    sheet.freeze_panes(1, 2)
    wide = {
        "explanation_zh": 60,
        "explanation_en": 60,
        "support": 40,
        "elsewhere": 40,
        "role_zh": 30,
        "role_en": 30,
        "name": 18,
    }
    for at, name in enumerate(columns):
        sheet.set_column(at, at, wide.get(name, 14))
        sheet.write_string(0, at, str(name), head)
    for number, row in enumerate(flat, start=1):
        for at, name in enumerate(columns):
            value = row.get(name)
            style = wrap if name in wide else plain
            if isinstance(value, bool) or value is None:
                sheet.write(number, at, value, style)
            elif isinstance(value, int | float) and math.isfinite(value):
                sheet.write_number(number, at, value, style)
            else:
                sheet.write_string(number, at, str(value), style)
    if flat:
        sheet.autofilter(0, 0, len(flat), len(columns) - 1)
    about = book.add_worksheet("说明")
    about.set_column(0, 0, 24)
    about.set_column(1, 1, 110)
    for number, (label, value) in enumerate(_about(document)):
        about.write_string(number, 0, label, head)
        about.write_string(number, 1, value, wrap)
    book.close()


def _about(document: Record) -> list[tuple[str, str]]:
    bounds = document["boundaries"]
    sample = any(record.get("sample") for record in document["sites"])
    return [
        ("基准日 As of", document["as_of"]),
        ("登记册 Register", f"{document['register']['version']}（known to {document['register']['known_to']}）"),
        ("边界 Boundaries", f"{bounds['source']}; {bounds['vintage']}; {bounds['datum']}"),
        ("第二界线 Second opinion", bounds["second_source"] or "—"),
        ("近似界线 Approximate", "、".join(bounds["approximate"]) or "—"),
        ("示例数据 Sample data", "含示例选址点，非真实项目 / sample sites, no real projects" if sample else "—"),
    ]


def geojson(document: Record, sites: Sequence[Site]) -> Record:
    """Feature collection (RFC 7946, WGS84, 7 decimals) of the rows."""
    import shapely

    columns, flat = rows(document, sites)
    features = [
        {
            "type": "Feature",
            "id": site.id,
            "geometry": json.loads(shapely.to_geojson(shapely.set_precision(site.geometry, 1e-7))),
            "properties": {name: _plain(row.get(name)) for name in columns},
        }
        for site, row in zip(sites, flat, strict=True)
    ]
    about = {name: document[name] for name in ("as_of", "register", "boundaries")}
    return {"type": "FeatureCollection", "features": features, "parksite": about}


def _plain(value: Any) -> Any:
    """A value that JSON can hold."""
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return str(value)


def write_geopackage(
    path: Path, document: Record, sites: Sequence[Site], register: Register, boundaries: Boundaries
) -> None:
    """Write layers `sites` and `districts` in CGCS2000 (EPSG:4490)."""
    import pyogrio

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{document['as_of']}T00:00:00.000Z"})
    try:
        frame(document, sites).to_file(path, layer="sites", driver="GPKG", engine="pyogrio")
        _district_frame(document, register, boundaries).to_file(
            path, layer="districts", driver="GPKG", engine="pyogrio"
        )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def frame(document: Record, sites: Sequence[Site]) -> geopandas.GeoDataFrame:
    """The rows as a frame in CGCS2000 (EPSG:4490), numbers as numbers, the rest as text."""
    import geopandas
    import pandas as pd

    from geo.crs import GEOGRAPHIC

    columns, flat = rows(document, sites)
    names = _distinct([name if name.casefold() not in ("fid", "geom") else f"{name}_input" for name in columns])
    data = {
        name: pd.Series([_plain(row.get(column)) for row in flat], dtype=None if flat else object)
        for name, column in zip(names, columns, strict=True)
    }
    typed = pd.DataFrame({name: _typed(series) for name, series in data.items()})
    return geopandas.GeoDataFrame(typed, geometry=[site.geometry for site in sites], crs=GEOGRAPHIC)


def _distinct(names: list[str]) -> list[str]:
    """Names that differ without regard to case, as SQLite needs them."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        count = seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        found.append(name if count == 1 else f"{name}_{count}")
    return found


def _typed(series: Any) -> Any:
    """Numbers as numbers, anything else as text."""
    held = series.dropna()
    if len(held) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in held):
        return series.astype(float)
    return series.map(lambda value: None if value is None else str(value)).astype(object)


def _district_frame(document: Record, register: Register, boundaries: Boundaries) -> geopandas.GeoDataFrame:
    import datetime

    import geopandas

    from geo.crs import GEOGRAPHIC, area_m2

    as_of = datetime.date.fromisoformat(document["as_of"])
    areas = area_m2(boundaries.outlines)
    records = []
    for one, area in zip(boundaries.ids, areas, strict=True):
        place = register.places[one]
        roles = register.standing(one, as_of)
        records.append(
            {
                "id": one,
                "name_zh": place.zh,
                "name_en": place.en,
                "role_zh": "、".join(dict.fromkeys(role.role_zh for role in roles)) or None,
                "role_en": "; ".join(dict.fromkeys(role.role_en for role in roles)) or None,
                "instrument": "; ".join(dict.fromkeys(role.instrument for role in roles)) or None,
                "force": register.force(roles[0].instrument, as_of).value if roles else "none",
                "area_ha": round(float(area) / 1e4, 1),
                "official_land_ha": place.land_km2 * 100 if place.land_km2 else None,
                "approximate": one in boundaries.approximate,
                "as_of": document["as_of"],
                "source": document["boundaries"]["source"],
                "vintage": document["boundaries"]["vintage"],
                "datum": document["boundaries"]["datum"],
                "register_version": document["register"]["version"],
            }
        )
    return geopandas.GeoDataFrame(records, geometry=list(boundaries.outlines), crs=GEOGRAPHIC)
