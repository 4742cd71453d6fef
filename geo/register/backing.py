"""What documents back without assigning a role, on a day.

Of several documents those in force count. Where none of them names a district, the
latest lapsed one that does counts as well, else the drafts of that time; the force of
each tells what it is worth.
"""

from __future__ import annotations

import re
from datetime import date

from geo.register.model import Register
from geo.schema import DISTRICTS, Designation, Force

_YEAR = re.compile(r"(?:19|20)\d{2}")


def named_year(register: Register, instrument_id: str) -> int | None:
    """The year in the short name of a document, for one that states no date."""
    found = _YEAR.search(register.instruments[instrument_id].short_zh)
    return int(found.group()) if found else None


def backing(register: Register, as_of: date) -> tuple[Designation, ...]:
    """Designations of kind ``support`` that a planner has to know of on a day.

    Those of documents in force; where none of them names a district, also those of the
    latest lapsed document that does, else of drafts. A draft without a date counts from
    the year in its name.

    Parameters
    ----------
    register : Register
    as_of : date

    Returns
    -------
    tuple of Designation
        In the order of the register.
    """
    support = [one for one in register.designations if one.kind == "support"]
    force = {one: register.force(one, as_of) for one in register.instruments}
    naming = {one.instrument for one in support if one.place in DISTRICTS}
    chosen = {one for one in register.instruments if force[one] is Force.IN_FORCE}
    lapsed = [one for one in naming if force[one] is Force.LAPSED]
    if not naming & chosen and lapsed:
        chosen.add(max(lapsed, key=register.last_days))
    elif not naming & chosen:
        chosen |= {
            one
            for one in register.instruments
            if force[one] is Force.DRAFT and (named_year(register, one) or as_of.year) <= as_of.year
        }
    return tuple(one for one in support if one.instrument in chosen)
