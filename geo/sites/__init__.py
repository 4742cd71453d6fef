"""Candidate sites (layer 3): from the rows of a planner's file to sites in WGS84.

`draft` understands the cells and converts nothing; `settle` converts every usable
row once. What a row says of its datum goes before the option, the option before what
the file declares; where they differ a warning says so. A row without a usable
geometry or with an id seen before is rejected with every fault found; the others go
through.
"""

from geo.sites.coordinate import read_coordinate
from geo.sites.draft import draft, understood
from geo.sites.files import read, single
from geo.sites.model import Draft, Drafts, Reading, Rejected, SiteList
from geo.sites.position import assumed, datum_name
from geo.sites.settle import rejected_row, repeated, settle, settle_rows

__all__ = [
    "Draft", "Drafts", "Reading", "Rejected", "SiteList", "assumed", "datum_name", "draft", "read",
    "read_coordinate", "rejected_row", "repeated", "settle", "settle_rows", "single", "understood",
]  # fmt: skip
