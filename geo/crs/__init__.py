"""Coordinate systems of the project and the datum shifts (layer 1).

Positions are longitude, latitude in degrees, CGCS2000 (EPSG:4490); WGS84 is
taken as the same, which holds below one metre. Lengths and areas are computed
in EPSG:4547 (CGCS2000 / 3-degree Gauss-Kruger CM 114E), in metres.

`grid` holds the projection, lengths and areas, `shift` the obfuscated datums of
Chinese web maps, `declared` whatever a file or a user names, `control` local
systems tied to the ground by control points. `docs/coordinates.md` is the same
for planners.
"""

from typing import TYPE_CHECKING

from geo.crs.declared import (
    DATUMS,
    EXACT_M,
    accuracy_m,
    describe,
    identify,
    is_angular,
    margin_m,
    parse_datum,
    shift_geometries,
    to_wgs84,
)
from geo.crs.grid import (
    GEOGRAPHIC,
    PROJECTED,
    area_m2,
    densify,
    from_metres,
    from_metric,
    project,
    require_degrees,
    to_metres,
    unproject,
)
from geo.crs.shift import (
    GCJ02_RING,
    bd09_to_gcj02,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    in_gcj02,
    wgs84_to_gcj02,
)
from geo.lazy import attach

if TYPE_CHECKING:
    from geo.crs.control import Transformation, fit_control_points
else:
    __getattr__ = attach(__name__, control=("Transformation", "fit_control_points"))

__all__ = [
    "DATUMS",
    "EXACT_M",
    "GCJ02_RING",
    "GEOGRAPHIC",
    "PROJECTED",
    "Transformation",
    "accuracy_m",
    "area_m2",
    "bd09_to_gcj02",
    "densify",
    "describe",
    "fit_control_points",
    "from_metres",
    "from_metric",
    "gcj02_to_bd09",
    "gcj02_to_wgs84",
    "identify",
    "in_gcj02",
    "is_angular",
    "margin_m",
    "parse_datum",
    "project",
    "require_degrees",
    "shift_geometries",
    "to_metres",
    "to_wgs84",
    "unproject",
    "wgs84_to_gcj02",
]
