"""Shapefiles, for programs that read nothing else; UTF-8 with a .cpg, EPSG:4490.

The format holds little, so what does not fit is written so that it can be put together
again: `<stem>.columns.csv` beside each file names, for every field of the .dbf, the full
column and the part of it.

- A field name has 10 bytes, of letters, digits and underscores: names are cut, and
  numbered where they would be the same.
- A text field has 254 bytes: longer text goes on in further fields, split at characters
  and not at blanks, which the format drops at the ends of a field.
- A file holds one type of geometry: a list of both is written as ``<stem>_points.shp``
  and ``<stem>_polygons.shp``.
- Whole numbers beyond 17 digits, numbers that 15 decimals do not hold and points in
  time are text.

It cannot tell empty text from no text, and drops blanks at the ends of a text.
"""

from __future__ import annotations

import errno
import os
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.errors import InputError
from geo.schema import Site
from geo.tables.flat import rows
from geo.tables.layers import RESERVED, Layer, as_array, same_type
from geo.tables.notes import NOTES
from geo.tables.text import write_csv
from geo.tables.typed import Column, typed
from geo.tables.values import words
from geo.tables.vector import dated, write_layer

Record = dict[str, Any]
NAME_BYTES, TEXT_BYTES = 10, 254
_FIELDS = 255
_WHOLE = 10**17
_NUMBER_WIDTH = 24
_SUFFIXES = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".columns.csv")


def write_shapefile(path: Path, document: Record, sites: Sequence[Site]) -> list[Path]:
    """Write the sites; the files made.

    Raises
    ------
    InputError
        If the columns are more than a shapefile can hold.
    """
    names, flat = rows(document, sites)
    shapes = as_array([site.geometry for site in sites])
    surface = shapely.get_dimensions(shapes) == 2
    both = surface.any() and not surface.all()
    made: list[Path] = []
    for chosen, word in ((~surface, "points"), (surface, "polygons")):
        if not chosen.any() and (both or len(shapes) or word == "polygons"):
            continue
        at = path.with_name(f"{path.stem}_{word}.shp") if both else path
        some = [flat[number] for number in np.flatnonzero(chosen)]
        made += _write(at, typed(names, some, NOTES["sites"], RESERVED), shapes[chosen], document["as_of"])
    return made


def _write(path: Path, columns: Sequence[Column], shapes: Any, as_of: str) -> list[Path]:
    """One file of one type of geometry."""
    parts = [part for column in columns for part in _parts(_narrowed(column))]
    _refuse_too_much(path, parts)
    fields = field_names([column.name for column, _ in parts])
    held = [replace(column, name=name) for (column, _), name in zip(parts, fields, strict=True)]
    geometries, kind = same_type(shapes)
    with dated(date.fromisoformat(as_of)):
        write_layer(
            path,
            Layer(path.stem, held, geometries, kind),
            driver="ESRI Shapefile",
            layer_options={"ENCODING": "UTF-8", "DBF_DATE_LAST_UPDATE": as_of, "RESIZE": "YES"},
        )
    mapping = [
        {"column": field, "name": column.name, "part": part}
        for field, (column, part) in zip(fields, parts, strict=True)
    ]
    write_csv(path.with_suffix(".columns.csv"), ["column", "name", "part"], mapping, bom=False)
    _require_whole(path)
    return [path.with_suffix(suffix) for suffix in _SUFFIXES if path.with_suffix(suffix).exists()]


def _require_whole(path: Path) -> None:
    """Raise if a file is shorter than its head says: GDAL does not tell of a full disk.

    Raises
    ------
    OSError
        No space left.
    """
    dbf = path.with_suffix(".dbf")
    head = dbf.read_bytes()[:12]
    rows, start, width = struct.unpack("<IHH", head[4:12]) if len(head) == 12 else (1, 0, 0)
    wanted = {dbf: start + rows * width}
    for one in (path, path.with_suffix(".shx")):
        size = one.read_bytes()[24:28]
        wanted[one] = 2 * struct.unpack(">I", size)[0] if len(size) == 4 else 100
    if any(one.stat().st_size < size for one, size in wanted.items()):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def _narrowed(column: Column) -> Column:
    """The column as text where a .dbf cannot hold its values as they are."""
    held = [value for value in column.values if value is not None]
    if column.kind == "whole":
        fits = all(abs(value) < _WHOLE for value in held)
    elif column.kind == "number":
        fits = all(_fits(value) for value in held)
    else:
        fits = column.kind != "moment"
    if fits:
        return column
    return replace(column, kind="text", values=tuple(words(value) for value in column.values))


def _fits(value: float) -> bool:
    """Whether a number survives, to its ninth digit, as the first 24 characters of it with 15 decimals."""
    text = f"{value:.15f}"[:_NUMBER_WIDTH]
    return "." in text and abs(float(text) - value) <= abs(value) * 1e-9


def _parts(column: Column) -> Iterator[tuple[Column, int]]:
    """The column, or the columns that it is split into, with their numbers."""
    if column.kind != "text":
        yield column, 1
        return
    split = [split_text(value or "") for value in column.values]
    for number in range(max((len(pieces) for pieces in split), default=1)):
        values = tuple(pieces[number].strip(" ") if number < len(pieces) else None for pieces in split)
        yield replace(column, values=values), number + 1


def split_text(text: str, size: int = TEXT_BYTES) -> list[str]:
    """Pieces of at most `size` bytes in UTF-8, cut between characters and, where it can be, not beside a blank.

    >>> split_text("深圳市光明区", 10), split_text("abcd efgh", 5), split_text("")
    (['深圳市', '光明区'], ['abc', 'd efg', 'h'], [''])
    """
    pieces = []
    rest = text
    while len(rest.encode()) > size:
        most = len(rest.encode()[:size].decode(errors="ignore"))
        end = most
        while end > 1 and (rest[end - 1] == " " or rest[end] == " "):
            end -= 1
        end = most if rest[end - 1] == " " or rest[end] == " " else end
        pieces.append(rest[:end])
        rest = rest[end:]
    return [*pieces, rest]


def field_names(names: Sequence[str]) -> list[str]:
    """Names of fields: letters, digits and underscores, cut to 10 bytes, told apart without regard to case.

    >>> field_names(["boundary_source", "boundary_datum", "权属单位名称", "ID", "id"])
    ['boundary_s', 'boundary_d', '权属单', 'ID', 'id_1']
    >>> field_names(["explanation_zh", "explanation_en", "explanation_en"])
    ['explanatio', 'explanat_1', 'explanat_2']
    """
    taken: set[str] = set()
    found = []
    for name in (re.sub(r"\W", "_", one) or "_" for one in names):
        chosen, number = _cut(name, NAME_BYTES), 0
        while chosen.casefold() in taken:
            number += 1
            chosen = f"{_cut(name, NAME_BYTES - len(str(number)) - 1)}_{number}"
        taken.add(chosen.casefold())
        found.append(chosen)
    return found


def _cut(text: str, size: int) -> str:
    """The first characters of a text that fit into `size` bytes."""
    return text.encode()[:size].decode(errors="ignore")


def _refuse_too_much(path: Path, parts: Sequence[tuple[Column, int]]) -> None:
    if len(parts) > _FIELDS:
        raise InputError(
            f"a shapefile holds {_FIELDS} fields, these columns need {len(parts)}",
            f"Shapefile 最多容纳 {_FIELDS} 个字段，这些列需要 {len(parts)} 个字段",
            file=path,
            remedy_en="write a GeoPackage (.gpkg) instead, or shorten the long texts",
            remedy_zh="请改写 GeoPackage（.gpkg），或缩短过长的文字",
        )
