"""What the caller says of a file, and the file as taken in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geo.detective import Finding
from geo.sites import Drafts, Reading
from geo.sources import Layer, Limits


@dataclass(frozen=True)
class Request:
    """What the caller says of a file.

    Attributes
    ----------
    datum : str, int or None
        Datum name or EPSG code, for rows that name none.
    swap : bool
        North stands before east, or latitude before longitude.
    control : Path or None
        File of control points of a local system.
    layer : str or None
        Layer or sheet.
    """

    datum: str | int | None = None
    swap: bool = False
    control: Path | None = None
    layer: str | None = None
    limits: Limits = Limits()


@dataclass(frozen=True)
class Taken:
    """A file as taken in, with what the detective found of it."""

    layer: Layer
    drafts: Drafts
    finding: Finding | None
    reading: Reading

    @property
    def undeclared(self) -> bool:
        """Whether rows declare no datum, nor does anybody for them."""
        asked = self.reading
        declared = self.drafts.declared is not None or asked.datum is not None or asked.control is not None
        return not declared and any(row.datum is None for row in self.drafts.rows)
