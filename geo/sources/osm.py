"""OpenStreetMap extracts through GDAL's OSM driver, a batch at a time.

The driver gives points, lines and areas, and of the tags only those that its settings
name; it writes its index of nodes into a folder of ours once that grows beyond
`_INDEX_MB`. Each of the three is one pass over the file, so memory does not grow with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.sources.content import damaged
from geo.sources.gate import local
from geo.sources.layer import Limits
from geo.sources.libraries import open_pyogrio, quiet
from geo.sources.pbf import Header, read_header

Pass = Literal["points", "lines", "areas"]
_LAYERS: dict[Pass, str] = {"points": "points", "lines": "lines", "areas": "multipolygons"}
_INDEX_MB = 100
_BATCH = 20_000
_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9_:]*")
_POLYGONS = (
    "amenity,boundary,landuse,leisure,natural,railway=station,railway=halt,water,waterway=riverbank,waterway=dock"
)


@dataclass(frozen=True)
class Batch:
    """Some objects of one pass.

    Attributes
    ----------
    columns : mapping of str to array of str, each of shape (n,)
        Tags, "" where an object has none.
    wkb : array of bytes, shape (n,)
        In WGS84 degrees.
    newest : date or None
        Day of the newest of them.
    """

    columns: dict[str, NDArray[np.object_]]
    wkb: NDArray[np.object_]
    newest: date | None


def check_extract(path: Path, limits: Limits) -> tuple[Path, Header]:
    """Absolute path and header of an extract that may be read.

    Raises
    ------
    InputError
        If it is none, is not whole, or is larger than the limit.
    """
    there = local(path, limits)
    if there.is_dir() or not path.name.lower().endswith(".osm.pbf"):
        raise InputError(
            "an OpenStreetMap extract has the ending .osm.pbf",
            "OpenStreetMap 提取文件的扩展名应为 .osm.pbf",
            file=path,
            remedy_en="give a .osm.pbf file; other vector files go through parksite layers add",
            remedy_zh="请提供 .osm.pbf 文件；其他矢量文件请用 parksite layers add",
        )
    return there, read_header(there)


def read_osm(
    path: Path, which: Pass, tags: Mapping[str, Sequence[str]], columns: Sequence[str], scratch: Path
) -> Iterator[Batch]:
    """Objects of one pass that have one of the values under one of the keys.

    Parameters
    ----------
    path : Path
        As `check_extract` gives it.
    tags : mapping of str to sequence of str
    columns : sequence of str
        Tags to read, `tags` among them.
    scratch : Path
        Folder for the driver's index, to be removed afterwards.

    Raises
    ------
    InputError
        If GDAL cannot read the file.
    """
    sql = f"SELECT * FROM {_LAYERS[which]} WHERE {_where(tags)}"
    with _driver(columns, scratch) as pyogrio:
        how = {"sql": sql, "sql_dialect": "OGRSQL", "batch_size": _BATCH, "use_pyarrow": True}
        try:
            with pyogrio.raw.open_arrow(str(path), **how) as (_, batches):
                for one in batches:
                    yield _batch(one, columns)
        except (RuntimeError, OSError) as error:
            raise damaged(path, error) from error


def require_sound(path: Path, scratch: Path) -> None:
    """Raise unless the driver can take every block: read in batches, it stops at a bad one in silence.

    Raises
    ------
    InputError
        If it cannot.
    """
    sql = "SELECT osm_timestamp FROM multipolygons WHERE landuse = '-'"
    with _driver(["landuse"], scratch) as pyogrio:
        try:
            pyogrio.raw.read(str(path), sql=sql, sql_dialect="OGRSQL")
        except (RuntimeError, OSError) as error:
            raise damaged(path, error) from error


@contextmanager
def _driver(columns: Sequence[str], scratch: Path) -> Iterator[Any]:
    """Pyogrio with the settings of the driver: the tags to read, and where it keeps its index."""
    settings = scratch / "osm.ini"
    settings.write_text(_settings(columns), encoding="utf-8")
    options = {
        "OSM_CONFIG_FILE": str(settings),
        "OSM_MAX_TMPFILE_SIZE": str(_INDEX_MB),
        "CPL_TMPDIR": str(scratch),
    }
    with quiet(), open_pyogrio() as pyogrio:
        before = {name: pyogrio.get_gdal_config_option(name) for name in options}
        pyogrio.set_gdal_config_options(options)
        try:
            yield pyogrio
        finally:
            pyogrio.set_gdal_config_options(before)


def _settings(columns: Sequence[str]) -> str:
    """The driver's settings: which tags become columns, which closed lines are areas."""
    shown = ",".join(_safe(name) for name in columns)
    layers = "\n".join(
        f"[{name}]\nosm_id=no\nosm_timestamp=yes\nattributes={shown}\nother_tags=no\n"
        for name in (*_LAYERS.values(), "multilinestrings", "other_relations")
    )
    return f"closed_ways_are_polygons={_POLYGONS}\nattribute_name_laundering=no\n{layers}"


def _where(tags: Mapping[str, Sequence[str]]) -> str:
    terms = []
    for key, values in tags.items():
        quoted = ", ".join(f"'{_safe(one)}'" for one in values)
        terms.append(f'"{_safe(key)}" IN ({quoted})')
    return " OR ".join(terms)


def _safe(word: str) -> str:
    if not _SAFE.fullmatch(word):
        raise InputError(
            "a key or value of OpenStreetMap is letters, digits, _ and :",
            "OpenStreetMap 的键或值只能含字母、数字、下划线和冒号",
            value=word,
            remedy_en="correct layers/osm.yaml",
            remedy_zh="请改正 layers/osm.yaml",
        )
    return word


def _batch(found: Any, columns: Sequence[str]) -> Batch:
    names = found.schema.names
    text = {name: found.column(names.index(name)).to_pylist() for name in columns}
    moments = [one for one in found.column(names.index("osm_timestamp")).to_pylist() if one is not None]
    wkb = np.empty(found.num_rows, dtype=object)
    wkb[:] = found.column(found.num_columns - 1).to_pylist()
    return Batch(
        {name: np.array([value or "" for value in values], dtype=object) for name, values in text.items()},
        wkb,
        max(moments).date() if moments else None,
    )
