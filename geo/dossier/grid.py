"""A table of a Word file: widths fixed, header on each page, rows whole, columns set by what they hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from unicodedata import east_asian_width

from geo.dossier.blocks import Table
from geo.dossier.fields import Element, el, paragraph, run

_NUMBER = re.compile(r"[-+−±]?\d[\d,.\s]*%?")
_NOTHING = {"", "—", "–", "-", "/"}
_SHORT = 10  # half-widths of a cell that is set in the middle
_TALL = 30  # lines of a row that may go over a page


def table(block: Table, styles: dict[str, str], width: int) -> Element | None:
    """The table itself; None where it has neither header nor rows, which Word takes for damage.

    Parameters
    ----------
    block : Table
    styles : dict of str to str
        Id of each style by what it is for.
    width : int
        Of the text, in twentieths of a point.
    """
    rows = ([block.header] if block.header else []) + list(block.rows)
    if not rows:
        return None
    widths = columns(block.shares, width)
    aligned = [_aligned(cells) for cells in zip(*block.rows, strict=True)] or ["left"] * len(widths)
    if not block.header:
        aligned = ["left"] * len(widths)
    return el(
        "tbl",
        el(
            "tblPr",
            el("tblStyle", val=styles["table"]),
            el("tblW", w=sum(widths), type="dxa"),
            el("jc", val="center"),
            el("tblLayout", type="fixed"),
            el("tblLook", val="0420" if block.header else "0400", firstRow=int(bool(block.header)), lastRow=0,
               firstColumn=0, lastColumn=0, noHBand=0, noVBand=1),
        ),
        el("tblGrid", *(el("gridCol", w=one) for one in widths)),
        *(
            _row(cells, widths, aligned, styles, head=bool(block.header) and at == 0, fact=not block.header)
            for at, cells in enumerate(rows)
        ),
    )  # fmt: skip


def columns(shares: Sequence[float], width: int) -> list[int]:
    """Widths by shares; together they are exactly the width.

    >>> columns((1, 1, 1), 100)
    [33, 34, 33]
    """
    edges = [round(width * one / sum(shares)) for one in accumulate(shares, initial=0.0)]
    return [right - left for left, right in pairwise(edges)]


def length(text: str) -> int:
    """Half-widths that a text takes on a line.

    >>> length("宝安a")
    5
    """
    return sum(2 if east_asian_width(mark) in "WFA" else 1 for mark in text)


def _aligned(cells: Sequence[str]) -> str:
    """Quantities to the right, short words and counts in the middle, others to the left."""
    said = [text for one in cells if (text := one.strip()) not in _NOTHING]
    if any(length(one) > 3 for one in said) and all(_NUMBER.fullmatch(one) for one in said):
        return "right"
    return "center" if all(length(one) <= _SHORT for one in said) else "left"


def _row(
    cells: Sequence[str], widths: Sequence[int], aligned: Sequence[str], styles: dict[str, str], *, head: bool,
    fact: bool,
) -> Element:  # fmt: skip
    tall = max(length(text) * 100 // max(width, 1) for text, width in zip(cells, widths, strict=True)) > _TALL
    marks = [None if tall else el("cantSplit"), el("tblHeader") if head else None]
    made = el("tr", el("trPr", *marks) if any(one is not None for one in marks) else None)
    for at, (text, width, align) in enumerate(zip(cells, widths, aligned, strict=True)):
        strong = head or (fact and at == 0)
        about = [el("keepNext")] if head else []
        line = paragraph(
            styles["cell head" if strong else "cell"], run(text), marks=[*about, el("jc", val=align)]
        )  # fmt: skip
        shade = el("shd", val="clear", color="auto", fill="EEF2F5") if fact and at == 0 else None
        made.append(el("tc", el("tcPr", el("tcW", w=width, type="dxa"), shade, el("vAlign", val="center")), line))
    return made
