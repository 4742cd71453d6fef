"""What a print sheet looks like, as its file in `maps/exhibits/` says it (layer 7).

Positions on the sheet are millimetres from its lower left corner; positions on the
ground are degrees (EPSG:4490), drawn in EPSG:4547.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from geo import crs, sources
from geo.errors import MissingData
from geo.settings import Settings

Box = tuple[float, float, float, float]
_PAPER = {"A3": (420.0, 297.0), "A4": (297.0, 210.0)}


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    scale : int
        Denominator of the numeric scale.
    centre : tuple of float
        Longitude and latitude of the middle of the map.
    frame : tuple of float
        Left, bottom, width and height of the map on the sheet, in millimetres.
    graticule : float
        Spacing of meridians and parallels in degrees.
    places : dict
        Where scale bar, arrow, legends and sources stand, in millimetres.
    labels : dict of str to tuple of float
        Longitude and latitude near which a district's label stands.
    waters : tuple of dict
        Names of waters and where they stand (``zh``, ``en``, ``at``).
    breaks : str
        Pattern of the pieces between which a role may be broken.
    words : dict of str to tuple of str
        The sheet's own words in Chinese and English.
    chinese : dict of str to str
        Chinese for a datum that the boundary layer names in English only.
    """

    id: str
    number: tuple[str, str]
    title_zh: str
    title_en: str
    paper: str
    orientation: str
    scale: int
    centre: tuple[float, float]
    frame: Box
    graticule: float
    places: dict[str, dict[str, Any]]
    labels: dict[str, tuple[float, float]]
    waters: tuple[dict[str, Any], ...]
    breaks: str
    words: dict[str, tuple[str, str]]
    chinese: dict[str, str]

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the paper in millimetres."""
        long, short = _PAPER[self.paper]
        return (long, short) if self.orientation == "landscape" else (short, long)

    @cached_property
    def ground(self) -> Box:
        """West, south, east and north edge of the map in metres of EPSG:4547."""
        x, y = (float(one) for one in crs.to_metres(*self.centre))
        half_width, half_height = self.frame[2] * self.scale / 2000, self.frame[3] * self.scale / 2000
        return x - half_width, y - half_height, x + half_width, y + half_height

    @property
    def inside(self) -> Any:
        """The map's frame as a polygon on the sheet."""
        left, bottom, width, height = self.frame
        return shapely.box(left, bottom, left + width, bottom + height)

    def on_paper(self, geometries: Any) -> Any:
        """Geometries in degrees as millimetres of the sheet."""
        origin, corner = np.array(self.ground[:2]), np.array(self.frame[:2])
        return shapely.transform(crs.project(geometries), lambda xy: (xy - origin) * 1000 / self.scale + corner)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """A position in degrees as millimetres of the sheet."""
        placed = self.on_paper(shapely.Point(lon, lat))
        return float(placed.x), float(placed.y)


def load_sheet(settings: Settings, name: str) -> Sheet:
    """Read the sheet `name` from `maps/exhibits/`.

    Raises
    ------
    MissingData
        If there is no such sheet.
    """
    path = settings.maps_file(f"exhibits/{name}.yaml")
    if not path.is_file():
        raise MissingData(f"there is no sheet {name!r}", f"没有图件规格 {name!r}", file=path)
    spec = sources.read_yaml(path)
    behind, before = ("|".join(re.escape(word) for word in spec[key]) for key in ("break_behind", "break_before"))
    return Sheet(
        number=(spec["number"]["zh"], spec["number"]["en"]),
        title_zh=spec["title"]["zh"],
        title_en=spec["title"]["en"],
        centre=(spec["centre"][0], spec["centre"][1]),
        frame=tuple(spec["frame"]),
        places={key: spec[key] for key in ("scale_bar", "north", "panel", "legend", "sources")},
        labels={one: (at[0], at[1]) for one, at in spec["labels"].items()},
        waters=tuple(spec["waters"]),
        breaks=rf".+?(?:(?:{behind})、?(?!、)|(?={before})|$)",
        words={key: (zh, en) for key, (zh, en) in spec["words"].items()},
        **{key: spec[key] for key in ("id", "paper", "orientation", "scale", "graticule", "chinese")},
    )
