"""On which page a heading of a file of ours comes to stand, for its table of contents.

Word knows the pages only when it lays them out, and updates them when it prints, makes
a PDF or is asked to; until then it shows what the file says. The layout is therefore
followed here as far as it is fixed: lines have an exact pitch, Chinese characters are as
wide as their size, pictures and columns have their widths. The widths of Latin letters
are those of Times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import east_asian_width

from docx.oxml.ns import qn

from geo.dossier import fields, sections
from geo.dossier.fields import Element
from geo.dossier.styles import Look

_TWIP = 20.0  # in a point
_EMU = 12_700.0
_CELL = 170, 4.5 + 0.5  # margins of a cell across, in twips, and up with its rule, in points
_RULES = 3.0, 1.5  # the stronger rules of a table, above and around its header and at its foot
_CLOSING = frozenset("，。、；：？！）》〉」』】〕”’,.;:!?)]}%")
_OPENING = frozenset("（《〈「『【〔“‘([{")
_HANGING = re.compile(r"(?<=\w)[，。、]$| +$")  # what may stand beyond the end of a line
_PARTED = 0.2  # between Chinese and Latin letters
_ARIAL, _BOLD = 1.12, 1.04  # as wide as Times, and as plain type
_NARROW = (
    "250 333 408 500 500 833 778 333 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 500 500 278 278 "
    "564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722 722 944 "
    "722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 "
    "278 500 500 722 500 500 444 480 200 480 541"
)
_LATIN = {chr(32 + at): int(one) / 1000 for at, one in enumerate(_NARROW.split())}


@dataclass(frozen=True)
class _Item:
    """A paragraph or a table: pieces that are not parted, with space around them."""

    pieces: list[float]
    before: float = 0
    after: float = 0
    keep: bool = False
    breaks: bool = False  # begins a page
    table: bool = False
    repeated: float = 0  # the header of a table
    anchors: list[str] = field(default_factory=list)


def of_headings(body: Element, looks: Mapping[str, Look]) -> dict[str, int]:
    """Page by bookmark of a heading.

    Parameters
    ----------
    body : element
        The `w:body` of a file of ours.
    looks : mapping of str to Look
        Looks by the id of their style.
    """
    ends = list(body.iter(qn("w:sectPr")))
    found: dict[str, int] = {}
    page, held = 0, list[_Item]()
    at = 0
    for element in (*body.iterchildren(), None):
        room = sections.room(ends[at])
        if element is not None and element.tag != qn("w:sectPr"):
            held.extend(_items(element, looks, room.width))
        if element is None or element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            page = _flow(held, room.height / _TWIP, page + 1, found)
            held, at = [], min(at + 1, len(ends) - 1)
    return found


def _items(element: Element, looks: Mapping[str, Look], width: int) -> Iterator[_Item]:
    if element.tag == qn("w:tbl"):
        yield _table(element, looks)
        return
    for one in [element] if element.tag == qn("w:p") else element.iter(qn("w:p")):
        yield _paragraph(one, looks, width)


def _paragraph(element: Element, looks: Mapping[str, Look], width: int) -> _Item:
    look = looks[element.pPr.pStyle.val]
    normal = next(one.size for one in looks.values() if one.name == "Normal")
    drawing = element.find(f".//{qn('wp:extent')}")
    if drawing is not None:
        pieces = [int(drawing.get("cy")) / _EMU + 2]
    else:
        pieces = [look.line] * line_count(
            "\u3000" * look.first + _text(element), look, width / _TWIP - look.left - look.right, normal
        )
    kept = element.pPr.find(qn("w:keepNext"))
    marks = [str(one.get(qn("w:name"))) for one in element.iter(qn("w:bookmarkStart"))]
    return _Item(
        pieces,
        look.before,
        look.after,
        keep=look.keep if kept is None else kept.get(qn("w:val")) != "0",
        breaks=element.pPr.find(qn("w:pageBreakBefore")) is not None,
        anchors=marks,
    )


def _table(element: Element, looks: Mapping[str, Look]) -> _Item:
    heights = []
    for row in element.tr_lst:
        lines = 1.0
        for cell in row.tc_lst:
            wide = (int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) - _CELL[0]) / _TWIP
            look = looks[cell.p_lst[0].pPr.pStyle.val]
            lines = max(lines, line_count(_text(cell.p_lst[0]), look, wide) * look.line)
        heights.append(lines + _CELL[1])
    heights[0], heights[-1] = heights[0] + _RULES[0], heights[-1] + _RULES[1]
    head = element.tr_lst[0].trPr
    if len(heights) > 1 and head is not None and head.find(qn("w:tblHeader")) is not None:
        return _Item([heights[0] + heights[1], *heights[2:]], table=True, repeated=heights[0])
    return _Item(heights, table=True)


def _text(paragraph: Element) -> str:
    marks = {qn("w:t"): None, qn("w:br"): "\n", qn("w:tab"): "  "}
    return "".join((marks[one.tag] or one.text or "") for one in paragraph.iter(*marks))


def line_count(text: str, look: Look, width: float, normal: float = 0) -> int:
    """Lines that a text takes; words of Latin letters and closing marks stay with what they belong to."""
    lines, size = 0, look.size or normal
    stretch = (_ARIAL if look.head else 1.0) * (_BOLD if look.bold else 1.0)
    for part in text.split("\n"):
        lines, used, before = lines + 1, 0.0, ""
        for word in _words(part):
            used += size * _PARTED if _of_two_scripts(before[-1:], word[:1]) else 0
            before, wide = word, _wide(word, stretch) * size
            bare = _wide(_HANGING.sub("", word), stretch) * size
            if used and used + bare > width + 0.01:
                lines, used = lines + 1, 0.0
            lines += int(bare // width) if bare > width else 0
            used += wide
    return lines


def _of_two_scripts(one: str, other: str) -> bool:
    return one.isalnum() and other.isalnum() and one.isascii() != other.isascii()


def _words(text: str) -> Iterator[str]:
    """What a line is not parted within."""
    word, latin = "", False
    for mark in text:
        plain = east_asian_width(mark) not in "WFA"
        stuck = mark in _CLOSING or mark == " " or word[-1:] in _OPENING
        joined = stuck or (plain and latin and not word.endswith(" "))
        if word and not joined:
            yield word
            word = ""
        word, latin = word + mark, plain
    if word:
        yield word


def _wide(word: str, stretch: float) -> float:
    """Width of a word in its size."""
    return sum(1.0 if east_asian_width(mark) in "WFA" else stretch * _LATIN.get(mark, 0.5) for mark in word)


def _flow(items: list[_Item], height: float, page: int, found: dict[str, int]) -> int:
    """Lay items out from the top of a page; the page where they end.

    Of the space after a paragraph and that before the next one the larger counts.
    """
    y = after = 0.0
    for at, one in enumerate(items):
        before = max(one.before, after)
        if at and (one.breaks or y + before - one.before + _needed(items[at:]) > height):
            page, y = page + 1, 0.0
            before = one.before if one.breaks else 0.0  # dropped at the top of a page that was not asked for
        found.update(dict.fromkeys(one.anchors, page))
        y += before
        for piece, left in zip(one.pieces, range(len(one.pieces), 0, -1), strict=True):
            widow = piece if left == 2 and not one.table and len(one.pieces) > 2 else 0
            if y and y + piece + widow > height + 0.01:
                page, y = page + 1, one.repeated
            y += piece
        after = one.after
    return page


def _needed(items: list[_Item]) -> float:
    """Height that has to be free for an item and what it is kept with."""
    total = after = 0.0
    for one in items:
        total += max(after, one.before)
        if not one.keep:
            least = 1 if one.table else len(one.pieces) if len(one.pieces) <= 3 else 2
            return total + sum(one.pieces[:least])
        total += sum(one.pieces)
        after = one.after
    return total


def fill(contents: Any, found: Mapping[str, int]) -> None:
    """Give each entry of a table of contents its page, as a field."""
    for link in contents.iter(qn("w:hyperlink")):
        anchor = link.get(qn("w:anchor"))
        link.extend([fields.run("\t"), *fields.field(f"PAGEREF {anchor} \\h", str(found[anchor]))])
