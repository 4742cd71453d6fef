"""Candidate sites (layer 3): reading a planner's file, row by row.

Positions are converted to WGS84 once, here. What a row says of its datum goes
before the option, the option before what the file declares; where they differ a
warning says so. A row without a usable geometry or with an id seen before is
rejected by name; every other row goes through.
"""

from geo.sites.files import read, single
from geo.sites.model import Rejected, SiteList

__all__ = ["Rejected", "SiteList", "read", "single"]
