"""The provenance index and the only reader of data files (layer 2).

A file becomes a `Layer`: rows as they stand, geometries as the file has them, what
the file declares, the rows that could not be read, and notes on what was
understood. Nothing is converted here.
"""

from typing import TYPE_CHECKING

from geo.lazy import attach
from geo.sources.china import china_version, read_china
from geo.sources.index import Source, digest, read_index, read_yaml
from geo.sources.layer import Layer, LayerInfo, Limits, Note

if TYPE_CHECKING:
    from geo.sources.reader import SUFFIXES, list_layers, read
else:
    __getattr__ = attach(__name__, reader=("SUFFIXES", "list_layers", "read"))

__all__ = [
    "SUFFIXES",
    "Layer",
    "LayerInfo",
    "Limits",
    "Note",
    "Source",
    "china_version",
    "digest",
    "list_layers",
    "read",
    "read_china",
    "read_index",
    "read_yaml",
]
