"""The other tools: whether they are there, their versions, and how they are opened."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

PACKAGES = (
    "numpy",
    "shapely",
    "numba",
    "geopandas",
    "duckdb",
    "duckdb-extension-spatial",
    "polars-st",
    "sedonadb",
    "dask-geopandas",
)


def installed(package: str) -> str | None:
    """Its version, None where it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def lacking(packages: Iterable[str]) -> str:
    """What is not installed, with the remedy; empty where nothing is missing.

    >>> lacking(["no-such-package"])
    "not installed: no-such-package (pip install 'parksite[bench]')"
    """
    missing = [one for one in packages if installed(one) is None]
    return f"not installed: {', '.join(missing)} (pip install 'parksite[bench]')" if missing else ""


def machine() -> str:
    """Cores, memory and versions, without a date."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    known = ", ".join(f"{one} {installed(one) or 'not installed'}" for one in PACKAGES)
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory; "
        f"Python {platform.python_version()}; {known}."
    )


def fresh(geometries: NDArray[Any]) -> NDArray[Any]:
    """The same geometries as new objects: what one tool prepares is not ready for the next."""
    return np.asarray(shapely.from_wkb(shapely.to_wkb(geometries)))


def frame(geometries: NDArray[Any], **columns: Any) -> Any:
    """A frame that has no tree yet: geopandas keeps one once it made it."""
    import geopandas

    return geopandas.GeoDataFrame(columns, geometry=geopandas.array.GeometryArray(geometries))


def duckdb() -> Any:
    """A connection to an empty database in memory with the spatial extension that pip installed."""
    import duckdb as package
    import duckdb_extension_spatial as extension

    folder = Path(extension.__file__).parent / "extensions"
    path = next(folder.glob("*/spatial.duckdb_extension"))
    connection = package.connect()
    connection.execute(f"LOAD '{path}'")
    return connection


def sedona() -> Any:
    """A context of SedonaDB, one partition a core."""
    import sedonadb

    return sedonadb.connect()


def sedona_table(context: Any, name: str, number: str, geometries: NDArray[Any]) -> None:
    """Geometries with their numbers, held in the memory of SedonaDB under a name."""
    raw = f"{name}_wkb"
    context.create_data_frame(table(**{number: np.arange(len(geometries)), "wkb": shapely.to_wkb(geometries)})).to_view(
        raw
    )
    select = f"select {number}, st_geomfromwkb(wkb) as geometry from {raw}"
    context.sql(select).to_memtable().to_view(name)


def duckdb_table(connection: Any, name: str, number: str, geometries: NDArray[Any]) -> None:
    """Geometries with their numbers as a table of DuckDB."""
    raw = f"{name}_wkb"
    connection.register(raw, table(**{number: np.arange(len(geometries)), "wkb": shapely.to_wkb(geometries)}))
    connection.execute(f"create table {name} as select {number}, st_geomfromwkb(wkb) as geometry from {raw}")


def table(**columns: NDArray[Any]) -> Any:
    """Columns as an Arrow table."""
    import pyarrow

    return pyarrow.table(columns)


def as_binary(geometries: NDArray[Any], number: str) -> dict[str, Any]:
    """Geometries with their numbers as columns for polars-st."""
    return {number: np.arange(len(geometries)), "geometry": shapely.to_wkb(geometries).tolist()}


def collected(frame: Any) -> Any:
    """The rows of SedonaDB's frame as an Arrow table."""
    import pyarrow

    return pyarrow.table(frame)


def arrays(found: Any) -> tuple[NDArray[Any], ...]:
    """The columns of an Arrow table."""
    return tuple(column.to_numpy() for column in found.columns)
