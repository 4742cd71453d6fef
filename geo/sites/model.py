"""A list of sites as read, with the rows that could not be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geo.errors import Lang, RowError
from geo.schema import Site

Note = tuple[str, str]
DatumBasis = Literal["declared", "assumed"]


@dataclass(frozen=True)
class Rejected:
    """A row that cannot be used, with all that its file said of it."""

    row: int
    id: str | None
    error: RowError
    attributes: dict[str, object]

    def label(self, lang: Lang) -> str:
        """Its id, or its row where it has none."""
        return self.id or (f"第 {self.row} 行" if lang == "zh" else f"row {self.row}")


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
    rejected: tuple[Rejected, ...]
    warnings: tuple[Note, ...]
    columns: tuple[str, ...]
    source: str
    digest: str = ""
    sample: bool = False
