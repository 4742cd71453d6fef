"""The folders of a KML, which are layers to GDAL and one list to the person who drew them.

A phone writes every file in folders. Those with anything but lines are put together
here, in the order of the file, which is known from the XML.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.sources import gdal, markup
from geo.sources.gate import within
from geo.sources.gdal import Dataset, Records
from geo.sources.layer import Limits
from geo.sources.values import Washer

COLUMN = "Folder"
_LINES = (2, 5)  # codes of LineString and MultiLineString in well-known binary
_HOLDERS, _FEATURES = ("Document", "Folder"), ("Placemark", "GroundOverlay")


class Containers(markup.Looker):
    """Remembers for each feature the number of the document or folder that it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.order: list[int] = []
        self.open: list[int] = []
        self.count = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 (the name that SAX asks for)
        """Count a container or a feature that begins."""
        super().startElement(name, attrs)
        local = name.rpartition(":")[2]
        if local in _HOLDERS:
            self.open.append(self.count)
            self.count += 1
        elif local in _FEATURES:
            self.order.append(self.open[-1] if self.open else -1)

    def endElement(self, name: str) -> None:  # noqa: N802 (the name that SAX asks for)
        """Leave a container."""
        if name.rpartition(":")[2] in _HOLDERS:
            self.open.pop()
        super().endElement(name)


@dataclass(frozen=True)
class Together:
    """Folders as one, with the names of those read and those left out."""

    records: Records
    read: tuple[str, ...]
    left: tuple[str, ...]


def read(dataset: Dataset, names: list[tuple[str, str]], order: list[int], limits: Limits, washer: Washer) -> Together:
    """Every folder that holds anything but lines, as one set of records.

    Parameters
    ----------
    names : list of (str, str)
        Name of each layer as we show it, and in the dataset.
    order : list of int
        Container of each feature, in the order of the file.

    Raises
    ------
    InputError
        If a layer cannot be read, or all together hold more rows than the limit.
    """
    parts: list[tuple[str, Records]] = []
    for shown, inner in names:
        parts.append((shown, gdal.read(dataset, inner, limits, washer)))
        within("rows", sum(len(part.rows) for _, part in parts), limits, dataset.path)
    filled = [at for at, (_, part) in enumerate(parts) if part.rows]
    kept = [at for at in filled if not _only_lines(parts[at][1])] or filled or [0]
    places = _places([len(part.rows) for _, part in parts], order)
    records = _joined(parts, [(at, row) for at, row in places if at in kept], len(kept) > 1)
    left = tuple(parts[at][0] for at in filled if at not in kept)
    return Together(records, tuple(parts[at][0] for at in kept), left)


def _only_lines(records: Records) -> bool:
    """Whether every record is a line, as a track is."""
    return all(one is not None and len(one) > 4 and _code(one) in _LINES for one in records.wkb)


def _code(wkb: bytes) -> int:
    """The kind of a geometry, heights left out."""
    return (int.from_bytes(wkb[1:5], "little" if wkb[0] == 1 else "big") & 0x1FFFFFFF) % 1000


def _places(counts: list[int], order: list[int]) -> list[tuple[int, int]]:
    """Layer and row of each record, in the order of the file where both tell the same, else layer by layer.

    Examples
    --------
    >>> _places([1, 2], [1, 0, 1])
    [(1, 0), (0, 0), (1, 1)]
    """
    held = sorted(Counter(order).items())
    filled = [at for at, count in enumerate(counts) if count]
    if [count for _, count in held] != [counts[at] for at in filled]:
        return [(at, row) for at in filled for row in range(counts[at])]
    layer = {container: at for (container, _), at in zip(held, filled, strict=True)}
    seen: Counter[int] = Counter()
    places = []
    for container in order:
        places.append((layer[container], seen[container]))
        seen[container] += 1
    return places


def _joined(parts: list[tuple[str, Records]], places: list[tuple[int, int]], several: bool) -> Records:
    """The records at these places as one set, each with the name of its folder where there are several."""
    used = [parts[at][1] for at in dict.fromkeys(at for at, _ in places)] or [parts[0][1]]
    columns = tuple(dict.fromkeys(name for part in used for name in part.columns))
    rows: list[dict[str, object]] = []
    wkb = np.empty(len(places), dtype=object)
    for number, (at, row) in enumerate(places):
        name, part = parts[at]
        rows.append(dict.fromkeys(columns) | part.rows[row] | ({COLUMN: name} if several else {}))
        wkb[number] = part.wkb[row]
    bad = {n: parts[at][1].bad[row + 1] for n, (at, row) in enumerate(places, 1) if row + 1 in parts[at][1].bad}
    return Records(
        columns=(*columns, COLUMN) if several else columns,
        rows=rows,
        wkb=wkb,
        crs=used[0].crs,
        bad=bad,
        curved=any(part.curved for part in used),
        said=list(dict.fromkeys(one for part in used for one in part.said))[:3],
    )
