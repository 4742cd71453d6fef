"""A planner's file on its way in (layer 4): read, examined, settled.

The one place where a file meets what is known of the city: positions that declare no
datum are examined before they are used, and refused where they fit another system.
"""

from dataclasses import replace
from pathlib import Path

from geo import sites
from geo.districts import Boundaries
from geo.intake.advice import contradiction, options_for, refusal
from geo.intake.boundaries import examine_boundaries
from geo.intake.control import read_control_points
from geo.intake.model import Request, Taken
from geo.intake.take import examine, reading_of, take
from geo.register import Register
from geo.sites import SiteList

__all__ = [
    "Request", "Taken", "contradiction", "examine", "examine_boundaries", "options_for", "read_control_points",
    "read_sites", "reading_of", "refusal", "settle", "take",
]  # fmt: skip


def settle(taken: Taken, *, sample: bool = False) -> SiteList:
    """Sites in WGS84 of a file, refused if it declares no datum and fits another.

    Raises
    ------
    CRSMismatch
        If the evidence favours another system than the one that would be assumed,
        or the rows disagree, and no option says which it is.
    """
    refused = refusal(taken)
    if refused is not None:
        raise refused
    found = sites.settle(taken.drafts, taken.reading, sample=sample)
    return replace(found, warnings=(*found.warnings, *contradiction(taken)))


def read_sites(
    path: Path, request: Request, register: Register, boundaries: Boundaries, *, sample: bool = False
) -> SiteList:
    """A planner's file as sites in WGS84; see `take` and `settle`."""
    return settle(take(path, request, register, boundaries), sample=sample)
