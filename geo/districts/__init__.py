"""District outlines (layer 3): ids, second opinion, borders, validity report.

Positions are degrees (EPSG:4490), border lines metres (EPSG:4547). How sure a
district is comes from where the two sources disagree; Shenshan, built by us, has
a zone of doubt of its own.
"""

from typing import TYPE_CHECKING

from geo.districts.model import Boundaries
from geo.districts.shipped import derive, load
from geo.lazy import attach

if TYPE_CHECKING:
    from geo.districts.user import read_user
    from geo.districts.validity import report
else:
    __getattr__ = attach(__name__, user=("read_user",), validity=("report",))

__all__ = ["Boundaries", "derive", "load", "read_user", "report"]
