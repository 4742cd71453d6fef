"""A GeoPackage looked through with SQLite before GDAL sees it.

A view can be made to run without end. Only tables are read as layers.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.sources.content import damaged

_STEPS = 50_000_000
_EMPTY = 0b10000  # the mark of an empty geometry in the flags


def check(path: Path, *, alone: bool = True) -> None:
    """Refuse a GeoPackage whose own tables or layers are views.

    Raises
    ------
    InputError
        Also if it is damaged, or no GeoPackage.
    """
    kinds = _kinds(path, alone)
    names = {name.lower(): kind for name, kind in kinds}
    if names.get("gpkg_contents") != "table":
        raise damaged(path, "gpkg_contents")
    views = [name for name, kind in kinds if kind == "view" and name.lower().startswith(("gpkg_", "rtree_"))]
    views += [name for name in _contents(path, alone) if names.get(name.lower()) == "view"]
    if views:
        raise InputError(
            f"the GeoPackage has views for layers: {', '.join(views)[:120]}",
            f"GeoPackage 以视图作为图层：{'、'.join(views)[:120]}",
            file=path,
            remedy_en="export the layer to a new GeoPackage",
            remedy_zh="请将图层导出为新的 GeoPackage",
        )


def _kinds(path: Path, alone: bool) -> list[tuple[str, str]]:
    return [(str(name), str(kind)) for name, kind in _ask(path, alone, "SELECT name, type FROM sqlite_master")]


def _contents(path: Path, alone: bool) -> list[str]:
    return [str(name) for (name,) in _ask(path, alone, "SELECT table_name FROM gpkg_contents")]


def shapes_held(path: Path, table: str, *, alone: bool = True) -> NDArray[np.bool_] | None:
    """For each row of a layer whether something stands in its geometry that is not marked as empty.

    None for a table without geometry, or one that has no order of its own.
    """
    try:
        asked = "SELECT column_name FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)"
        (column,) = _ask(path, alone, asked, table)[0]
        name, source = (f'"{one}"' for one in (str(column).replace('"', '""'), table.replace('"', '""')))
        heads = _ask(path, alone, f"SELECT {name} IS NOT NULL, substr({name}, 1, 4) FROM {source} ORDER BY rowid")
    except (InputError, IndexError):
        return None
    return np.array([bool(there) and not _is_empty(head) for there, head in heads], dtype=bool)


def _is_empty(head: object) -> bool:
    """Whether the first bytes of a geometry say that it is empty."""
    return isinstance(head, bytes) and head[:2] == b"GP" and len(head) == 4 and bool(head[3] & _EMPTY)


def _ask(path: Path, alone: bool, question: str, *words: str) -> list[tuple[object, ...]]:
    """Rows of a question that may not run long."""
    address = f"file:{quote(path.as_posix())}?mode=ro" + ("&immutable=1" if alone else "")
    try:
        database = sqlite3.connect(address, uri=True)
        try:
            database.text_factory = lambda raw: raw.decode("utf-8", "replace")
            database.set_progress_handler(lambda: 1, _STEPS)
            return list(database.execute(question, words))
        finally:
            database.close()
    except (sqlite3.Error, UnicodeError) as error:  # a message of SQLite may quote bytes that are no text
        raise damaged(path, error) from error
