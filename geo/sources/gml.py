"""The members of a GML counted before GDAL reads them.

GDAL passes over a feature whose geometry it cannot take, without saying which one.
So the features are counted here, and those with odd coordinates are remembered by
their number.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from geo.errors import RowError
from geo.sources import markup

_POSITIONS = ("pos", "posList", "coordinates")
_GEOMETRIES = re.compile(r"(Multi)?(Point|Polygon|Surface|LineString|Curve|Geometry)$")
_NUMBERS = re.compile(r"[0-9eE+\-.,\s]+")


class Members(markup.Looker):
    """Counts the features of each kind, and keeps the numbers of odd ones."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[str, int] = {}
        self.odd: dict[str, dict[int, str]] = {}
        self.path: list[str] = []
        self.feature = ""
        self.inside = 0
        self.text: list[str] | None = None
        self.size = 2

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 (the name that SAX asks for)
        """Count a feature that begins."""
        super().startElement(name, attrs)
        local = name.rpartition(":")[2]
        if not self.inside and self.path and self.path[-1] in ("featureMember", "featureMembers", "member"):
            self.feature, self.inside = local, self.depth
            self.counts[local] = self.counts.get(local, 0) + 1
        self.path.append(local)
        if not self.inside:
            return
        if _GEOMETRIES.match(local) and any(one.rpartition(":")[2] == "href" for one in attrs.getNames()):
            self._keep("href")
        size = attrs.get("srsDimension", "")
        self.size = int(size) if size in ("2", "3") else self.size
        if local in _POSITIONS:
            self.text = []

    def characters(self, content: str) -> None:
        """Keep the text of positions."""
        if self.text is not None:
            self.text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 (the name that SAX asks for)
        """Look at positions that end."""
        if self.text is not None and self.path[-1] in _POSITIONS:
            self._check("".join(self.text))
            self.text = None
        self.path.pop()
        if self.inside == self.depth:
            self.inside, self.size = 0, 2
        super().endElement(name)

    def _check(self, text: str) -> None:
        values = text.split()
        tuples = self.path[-1] == "coordinates"
        if not _NUMBERS.fullmatch(text or "x") or (not tuples and (len(values) < 2 or len(values) % self.size)):
            self._keep(text)

    def _keep(self, text: str) -> None:
        self.odd.setdefault(self.feature, {}).setdefault(self.counts[self.feature], text)


def members(path: Path) -> Members:
    """Look through a GML.

    Raises
    ------
    InputError
        As `geo.sources.markup.check`.
    """
    found = Members()
    markup.check(path, found)
    return found


def fault(number: int, text: str) -> RowError:
    """What is said of a feature whose geometry GDAL passes over."""
    return RowError(
        "the coordinates of the geometry cannot be read",
        "几何坐标无法读取",
        row=number,
        field="geometry",
        value=" ".join(text.split())[:80],
        remedy_en="draw this feature again, or export the layer as GeoPackage",
        remedy_zh="请重新绘制该要素，或将图层导出为 GeoPackage",
    )
