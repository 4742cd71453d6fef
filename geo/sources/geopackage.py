"""A GeoPackage looked through with SQLite before GDAL sees it.

A view can be made to run without end. Only tables are read as layers.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from geo.errors import InputError
from geo.sources.content import damaged

_STEPS = 50_000_000


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


def _ask(path: Path, alone: bool, question: str) -> list[tuple[object, ...]]:
    """Rows of a question that may not run long."""
    address = f"file:{quote(path.as_posix())}?mode=ro" + ("&immutable=1" if alone else "")
    try:
        database = sqlite3.connect(address, uri=True)
        try:
            database.text_factory = lambda raw: raw.decode("utf-8", "replace")
            database.set_progress_handler(lambda: 1, _STEPS)
            return list(database.execute(question))
        finally:
            database.close()
    except sqlite3.Error as error:
        raise damaged(path, error) from error
