"""Whether a layer has anything to do with the city.

A layer of another place, or in another coordinate system than was thought, lets every site
keep its rules; so one that has nothing near the city is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs
from geo.districts import Boundaries
from geo.errors import InputError
from geo.sources import Note
from geo.sources.raster import Cells

REACH_M = 50_000.0  # ours: beyond it nothing bears on a site


def reach(geometry: NDArray[Any], boundaries: Boundaries, path: Path) -> tuple[Note, ...]:
    """A note where nothing lies in the city.

    Parameters
    ----------
    geometry : array of shapely geometries, shape (n,)
        In EPSG:4547.

    Raises
    ------
    InputError
        If nothing lies within 50 km of it.
    """
    city = shapely.union_all(shapely.make_valid(boundaries.outlines_m))
    shapely.prepare(city)
    if shapely.intersects(city, geometry).any():
        return ()
    if shapely.dwithin(city, geometry, REACH_M).any():
        return (
            (
                "图层没有要素位于本市范围内，请核对文件与坐标系。",
                "Nothing of the layer lies in the city: check the file and its coordinate system.",
            ),
        )
    raise InputError(
        f"nothing of the layer lies within {REACH_M / 1000:g} km of the city",
        f"图层在本市及周边 {REACH_M / 1000:g} km 内没有内容",
        file=path,
        value=_middle(geometry),
        remedy_en="check the file; if its coordinate system is another, give --crs EPSG:… (or --datum for degrees)",
        remedy_zh="请核对文件；如坐标系有误，请用 --crs EPSG:… 指明（经纬度也可用 --datum）",
    )


def filled(cells: Cells) -> NDArray[Any]:
    """The box of the cells that hold a value, as the one geometry of an array."""
    rows, columns = (np.flatnonzero((~np.isnan(cells.values)).any(axis=axis)) for axis in (1, 0))
    west, south, east, north = cells.bounds
    wide, high = (east - west) / cells.values.shape[1], (north - south) / cells.values.shape[0]
    box = shapely.box(
        west + wide * columns[0], north - high * (rows[-1] + 1), west + wide * (columns[-1] + 1), north - high * rows[0]
    )
    return np.array([box], dtype=object)


def _middle(geometry: NDArray[Any]) -> str:
    west, south, east, north = shapely.total_bounds(geometry)
    lon, lat = crs.from_metres((west + east) / 2, (south + north) / 2)
    return f"{float(lon):.1f}°E, {float(lat):.1f}°N"
