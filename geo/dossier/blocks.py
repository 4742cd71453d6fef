"""The document model: what a dossier or a report says, before any file format.

The content makes a `Document`; the writers (Word, PDF) set it. Nothing here knows
of fonts, files or numbering: a heading and a caption carry their words alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Style = Literal["body", "lead", "note", "bullet"]


@dataclass(frozen=True)
class Heading:
    """A heading; the writer numbers it.

    Parameters
    ----------
    text : str
        The words, with no number.
    level : int
        1 (chapter) to 3.
    """

    text: str
    level: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text.

    Parameters
    ----------
    text : str
        The words; never markup.
    style : {"body", "lead", "note", "bullet"}
        Body text, the verdict that leads a page, a small note, or an item of a list.
    """

    text: str
    style: Style = "body"


@dataclass(frozen=True)
class Table:
    """A table with its caption above it.

    Parameters
    ----------
    caption : str
        The words, with no number.
    header : tuple of str
        The column titles; `()` makes a table of facts, whose first of two columns is bold.
    rows : tuple of tuple of str
        The cells.
    shares : tuple of float
        Width of each column as a share of the width of the text.
    note : str
        What stands below the table in small type, if anything.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[float, ...]
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture with its caption below it.

    Parameters
    ----------
    caption : str
        The words, with no number.
    path : Path
        A PNG file.
    alt : str
        What the picture shows, for a reader who does not see it.
    landscape : bool
        Whether it has a landscape page of its own; else it is as wide as the text.
    """

    caption: str
    path: Path
    alt: str
    landscape: bool = False


Block = Heading | Paragraph | Table | Picture


@dataclass(frozen=True)
class Document:
    """A whole dossier or report in one language.

    Parameters
    ----------
    title, subtitle : str
        What the cover says.
    lang : {"zh", "en"}
        The language of the document.
    facts : tuple of (str, str)
        Label and value of each fact on the cover: as-of date, register version, and so on.
    project : str
        The header line of each page.
    confidentiality : str or None
        The 密级, on the cover and in each header when given.
    status : str
        The status line: internal working map, sample note, approval number.
    blocks : tuple of Block
        The body, in order.
    """

    title: str
    subtitle: str
    lang: Literal["zh", "en"]
    facts: tuple[tuple[str, str], ...]
    project: str
    confidentiality: str | None
    status: str
    blocks: tuple[Block, ...]
