"""Exact fast geometry for arrays (layer 1)."""

from geo.overlay.index import CellIndex
from geo.overlay.segments import SegmentIndex
from geo.overlay.shares import shares
from geo.overlay.zones import Zones

__all__ = ["CellIndex", "SegmentIndex", "Zones", "shares"]
