"""A list of sites as drafted from a file, and as settled in WGS84."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from geo.errors import Lang, RowError, one_line
from geo.schema import REJECTED_COLUMNS, Site
from geo.sources import Note

DatumBasis = Literal["declared", "assumed"]
Faults = tuple[RowError, ...]


@dataclass(frozen=True)
class Draft:
    """One row as its file has it: cells understood, position not converted.

    Attributes
    ----------
    number, line : int
        The row as a person counts it, and its line of the file, where that is known.
    axes : (str, str)
        The columns that the numbers came from, for the record; empty for a geometry.
    x, y : float or None
        First and second number of a position given by numbers.
    geometry : shapely geometry or None
        A position given as geometry, in the file's own coordinates.
    datum : str, int or None
        What the row itself says.
    """

    number: int
    line: int | None
    attributes: dict[str, object]
    id: str | None = None
    name: str | None = None
    field: str | None = None
    stage: str | None = None
    district: str | None = None
    datum: str | int | None = None
    axes: tuple[str, ...] = ()
    x: float | None = None
    y: float | None = None
    geometry: Any = None
    faults: Faults = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Drafts:
    """The rows of a file, with what the file declares for all of them.

    Attributes
    ----------
    declared : str, int, pyproj.CRS or None
        A datum name, an EPSG code, or a CRS that has neither.
    metric : bool
        Whether the position columns are x and y, which need a coordinate system.
    """

    path: Path
    rows: tuple[Draft, ...]
    columns: tuple[str, ...]
    declared: Any = None
    metric: bool = False
    notes: tuple[Note, ...] = ()
    digest: str = ""


@dataclass(frozen=True)
class Rejected:
    """A row that cannot be used, with all that its file said of it and every fault.

    `field` and `stage` are the words that it proposes, to be looked up as well.
    """

    row: int
    id: str | None
    faults: Faults
    attributes: dict[str, object]
    line: int | None = None
    field: str | None = None
    stage: str | None = None

    def label(self, lang: Lang) -> str:
        """Its id, or its row where it has none."""
        return one_line(self.id or "") or (f"第 {self.row} 行" if lang == "zh" else f"row {self.row}")

    def reason(self, lang: Lang) -> str:
        """Every fault, in one line."""
        return ("；" if lang == "zh" else "; ").join(fault.text(lang) for fault in self.faults)

    def record(self) -> dict[str, object]:
        """All that its file said of it, and why it cannot be used, by `geo.schema.REJECTED_COLUMNS`."""
        why = (self.row, self.line, self.reason("zh"), self.reason("en"))
        return {**self.attributes, **dict(zip(REJECTED_COLUMNS, why, strict=True))}


@dataclass(frozen=True)
class SiteList:
    """The sites of a file.

    Attributes
    ----------
    sites : tuple of Site
    rejected : tuple of Rejected
    warnings : tuple of (str, str)
        What was understood or assumed, in Chinese and English.
    columns : tuple of str
        The file's own columns, in order.
    source, digest : str
        Name and SHA-256 of the file.
    sample : bool
        Whether this is the list that ships as sample data.
    """

    sites: tuple[Site, ...]
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[Note, ...] = ()
    columns: tuple[str, ...] = ()
    source: str = ""
    digest: str = ""
    sample: bool = False


@dataclass(frozen=True)
class Reading:
    """What the caller says of a file.

    Attributes
    ----------
    datum : str, int or None
        A datum name or an EPSG code, for rows that name none.
    swap : bool
        The file has north before east, or latitude before longitude.
    control : crs.Transformation or None
        From a local system to WGS84, in place of a datum.
    """

    datum: str | int | None = None
    swap: bool = False
    control: Any = field(default=None)
