"""Geometries made fit to be measured against: valid, of one kind, none empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs

_STEPS = 9  # places along a side, which is not straight in degrees


@dataclass(frozen=True)
class Mended:
    """What became of n geometries.

    Attributes
    ----------
    geometry : array of shapely geometries, shape (n,)
        Valid; None where nothing is left.
    kept : array of bool, shape (n,)
    repaired : int
        How many were invalid.
    mixed : int
        How many were collections, of which the areas stay, else the lines.
    """

    geometry: NDArray[Any]
    kept: NDArray[np.bool_]
    repaired: int
    mixed: int


def mend(geometry: NDArray[Any]) -> Mended:
    """Make geometries valid by `shapely.make_valid`, without turning areas into lines.

    What a repair leaves of lower dimension (the spike of a polygon) is dropped, as is
    all but the parts of highest dimension of a collection.

    Examples
    --------
    >>> bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> found = mend(np.array([bow, shapely.Point(), None], dtype=object))
    >>> found.geometry[0].area, found.kept.tolist(), found.repaired
    (2.0, [True, False, False], 1)
    """
    shapes = np.array(geometry, dtype=object)
    usable = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    dimensions = shapely.get_dimensions(shapes)
    invalid = usable & ~shapely.is_valid(shapes)
    shapes[invalid] = shapely.make_valid(shapes[invalid])
    mixed = usable & ~invalid & (shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION)
    for at in np.flatnonzero(
        mixed | (invalid & (shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION))
    ):
        shapes[at] = _of(shapes[at], int(dimensions[at]))
    usable &= ~shapely.is_empty(shapes) & (shapely.get_dimensions(shapes) == dimensions)
    shapes[~usable] = None
    return Mended(shapes, usable, int(np.sum(invalid)), int(np.sum(mixed)))


def _of(collection: Any, dimension: int) -> Any:
    """The parts of one dimension, as one geometry."""
    parts = [collection]
    while any(part.geom_type == "GeometryCollection" for part in parts):
        parts = shapely.get_parts(np.array(parts, dtype=object)).tolist()
    return shapely.union_all([part for part in parts if shapely.get_dimensions(part) == dimension])


def extent(bounds: Any) -> tuple[float, float, float, float]:
    """Bounds in EPSG:4547 as west, south, east, north in degrees, to a ten-thousandth."""
    west, south, east, north = bounds
    across, along = np.linspace(west, east, _STEPS), np.linspace(south, north, _STEPS)
    lon, lat = crs.from_metres(*(side.ravel() for side in np.meshgrid(across, along)))
    return tuple(round(float(side), 4) for side in (lon.min(), lat.min(), lon.max(), lat.max()))  # type: ignore[return-value]
