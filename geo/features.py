"""Context layers in metres: what a siting rule measures against (layer 1).

A layer of features (points, lines or polygons in EPSG:4547) or a raster, with the
words to name it and where it comes from. Nothing is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.schema import Words

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Provenance:
    """Where a layer comes from.

    Attributes
    ----------
    origin, vintage : Words
        Package or file it was taken from, and the day or year of its data.
    datum : str
        What its coordinates referred to before they were converted.
    licence : str
        Licence of the data; empty where none is stated.
    version : str
        First twelve digits of the SHA-256 of what was read.
    sample : bool
        Whether it is made up, to try or to test with.
    """

    origin: Words
    vintage: Words
    datum: str
    licence: str
    version: str
    sample: bool = False


@dataclass(frozen=True)
class Features:
    """A layer of n features.

    Attributes
    ----------
    name : str
        Id of the layer, as models name it.
    title : Words
    geometry : array of shapely geometries, shape (n,)
        In EPSG:4547, valid, none empty.
    labels : array of str, shape (n,)
        What each feature is called; empty where it has no name.
    columns : mapping of str to array, each of shape (n,)
        Attributes, numbers as float with NaN for none, else text with "" for none.
    provenance : Provenance
    """

    name: str
    title: Words
    geometry: Shapes
    labels: NDArray[np.object_]
    provenance: Provenance
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Raster:
    """A layer of cells.

    Attributes
    ----------
    values : array of float, shape (rows, columns)
        NaN where the raster holds nothing; row 0 is the northernmost.
    bounds : tuple of float
        West, south, east and north in metres, EPSG:4547.
    unit : str
        Unit of the values; empty where none is stated.
    """

    name: str
    title: Words
    values: NDArray[np.float64]
    bounds: tuple[float, float, float, float]
    provenance: Provenance
    unit: str = ""


Layers = Mapping[str, Features | Raster]
