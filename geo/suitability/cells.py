"""Statistics of a raster under sites (layer 5).

Under a polygon each cell counts by the share of it that is covered (exactextract);
under a point stands the value of its cell. Where any of the site lies on no data or
off the raster there is no statistic.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from exactextract import exact_extract
from exactextract.feature import JSONFeatureSource
from exactextract.raster import NumPyRasterSource
from numpy.typing import NDArray

from geo.features import Raster
from geo.suitability.measures import areal
from geo.suitability.model import Statistic

Floats = NDArray[np.float64]

WHOLE = 1 - 1e-6  # coverage is kept in single precision


def statistic(raster: Raster, geometry: NDArray[np.object_], name: Statistic) -> tuple[Floats, Floats]:
    """A statistic under each site.

    Parameters
    ----------
    raster : Raster
    geometry : array of shapely geometries, shape (n,)
    name : str
        mean, stdev (of the population) and median weigh cells by the area covered;
        min and max take every cell of which any is covered. A point has no stdev.

    Returns
    -------
    values, share : array of float, shape (n,)
        NaN where less than the whole site has data; the share that has.
    """
    values, share = np.full(len(geometry), np.nan), np.zeros(len(geometry))
    outlines = areal(geometry)
    points = np.flatnonzero(~outlines)
    under = _under(raster, geometry[points])
    share[points] = ~np.isnan(under)
    values[points] = np.nan if name == "stdev" else under
    rows = np.flatnonzero(outlines)
    if len(rows):
        values[rows], share[rows] = _within(raster, geometry[rows], name)
    return np.where(share >= WHOLE, values, np.nan), share


def slope(raster: Raster) -> Raster:
    """Slope in percent from elevation in metres, after Horn (1981).

    Over the eight neighbours of a cell, with a to c to its north, d and f beside it and
    g to i to its south, 100 √(p² + q²), where p = ((c + 2f + i) - (a + 2d + g)) / 8Δx
    and q = ((a + 2b + c) - (g + 2h + i)) / 8Δy. NaN at the edge and beside no data.

    References
    ----------
    Horn, B.K.P., 1981. Hill shading and the reflectance map. Proceedings of the IEEE 69(1), 14-47.
    """
    wide, high = _cell(raster)
    z = raster.values
    found = np.full(z.shape, np.nan)
    if min(z.shape) >= 3:
        eastward = z[:, 2:] - z[:, :-2]
        northward = z[:-2] - z[2:]
        p = (eastward[:-2] + 2 * eastward[1:-1] + eastward[2:]) / (8 * wide)
        q = (northward[:, :-2] + 2 * northward[:, 1:-1] + northward[:, 2:]) / (8 * high)
        found[1:-1, 1:-1] = np.where(np.isnan(z[1:-1, 1:-1]), np.nan, 100 * np.hypot(p, q))
    return replace(raster, values=found, unit="%")


def _cell(raster: Raster) -> tuple[float, float]:
    """Width and height of a cell in metres."""
    west, south, east, north = raster.bounds
    rows, columns = raster.values.shape
    return (east - west) / columns, (north - south) / rows


def _under(raster: Raster, points: NDArray[np.object_]) -> Floats:
    """The cell under each point; a point between cells belongs to the one south-east of it."""
    west, south, east, north = raster.bounds
    wide, high = _cell(raster)
    rows, columns = raster.values.shape
    centres = shapely.centroid(points)  # a polygon without an area stands as a point
    x, y = shapely.get_x(centres), shapely.get_y(centres)
    on = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    column = np.clip((x[on] - west) // wide, 0, columns - 1).astype(np.intp)
    row = np.clip((north - y[on]) // high, 0, rows - 1).astype(np.intp)
    values = np.full(len(points), np.nan)
    values[on] = raster.values[row, column]
    return values


def _within(raster: Raster, outlines: NDArray[np.object_], name: Statistic) -> tuple[Floats, Floats]:
    """Statistic and share with data under polygons."""
    source = NumPyRasterSource(np.asarray(raster.values, dtype=np.float64), *raster.bounds)
    shapes = JSONFeatureSource(
        [
            {"type": "Feature", "properties": {"at": at}, "geometry": outline.__geo_interface__}
            for at, outline in enumerate(outlines)
        ]
    )
    values, covered = np.full(len(outlines), np.nan), np.zeros(len(outlines))
    for feature in exact_extract(source, shapes, [name, "count"], include_cols=["at"]):
        said = feature["properties"]
        values[said["at"]] = np.nan if said[name] is None else said[name]
        covered[said["at"]] = said["count"]
    wide, high = _cell(raster)
    return values, covered * wide * high / shapely.area(outlines)
