"""Sections of a Word file: paper, margins, and the turn to landscape and back."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from geo.dossier.fields import Element, el

_A4 = (11906, 16838)  # twentieths of a point, as all sizes here
_MARGINS = {"top": 1701, "right": 1474, "bottom": 1588, "left": 1588, "header": 907, "footer": 794, "gutter": 0}
_LYING = {"top": 1021, "right": 1418, "bottom": 992, "left": 1418, "header": 567, "footer": 454, "gutter": 0}


@dataclass(frozen=True)
class Room:
    """Width and height of the text, in twentieths of a point."""

    width: int
    height: int


def upright() -> Element:
    """A section of A4 upright with the margins of official reports; its first page has no header."""
    return el("sectPr", *_paper(*_A4), el("pgMar", **_MARGINS), el("cols", space=425), el("titlePg"))


def lying() -> Element:
    """A section of A4 in landscape, for a map sheet."""
    wide, high = _A4[1], _A4[0]
    return el("sectPr", *_paper(wide, high, orient="landscape"), el("pgMar", **_LYING), el("cols", space=425))


def turned(section: Element) -> Element:
    """A user's section in landscape, with its headers and footers."""
    made = deepcopy(section)
    follow(made)
    size, margins = made.find(qn("w:pgSz")), made.find(qn("w:pgMar"))
    if size is None or margins is None:
        return lying()
    wide, high = size.get(qn("w:w")), size.get(qn("w:h"))
    if int(wide) < int(high):
        size.set(qn("w:w"), high)
        size.set(qn("w:h"), wide)
        sides = [margins.get(qn(f"w:{side}"), "1440") for side in ("top", "right", "bottom", "left")]
        for side, value in zip(("right", "bottom", "left", "top"), sides, strict=True):
            margins.set(qn(f"w:{side}"), value)
    size.set(qn("w:orient"), "landscape")
    return made


def follow(section: Element) -> None:
    """Make a section go on after others: on a new page, the page count goes on, no second cover."""
    for tag in ("type", "titlePg", "pgNumType"):
        for child in section.findall(qn(f"w:{tag}")):
            section.remove(child)


def room(section: Element) -> Room:
    """Where text goes on a page of a section."""
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    if size is None or margins is None:
        return room(upright())

    def margin(side: str) -> int:
        return abs(int(float(margins.get(qn(f"w:{side}"), "0"))))

    width = int(float(size.get(qn("w:w"), _A4[0]))) - margin("left") - margin("right") - margin("gutter")
    height = int(float(size.get(qn("w:h"), _A4[1]))) - margin("top") - margin("bottom")
    return Room(max(width, 2000), max(height, 2000))


def refer(section: Element, kind: str, relation: str) -> None:
    """Give a section a header or a footer.

    Parameters
    ----------
    section : element
    kind : {"header", "footer"}
    relation : str
        Id of the relationship to its part.
    """
    made: Any = el(f"{kind}Reference", type="default")
    made.set(qn("r:id"), relation)
    section.insert(0 if kind == "header" else len(section.findall(qn("w:headerReference"))), made)


def _paper(width: int, height: int, **turn: str) -> list[Element]:
    return [el("type", val="nextPage"), el("pgSz", w=width, h=height, **turn)]
