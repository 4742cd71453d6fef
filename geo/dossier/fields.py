"""Pieces of WordprocessingML: text, fields, captions, contents.

Text comes in as text alone: what XML forbids, and what turns the reading direction of
the rest of a line, becomes U+FFFD, and braces, ampersands and angles stay characters.
Every field carries its result, so that a page reads right before Word updates it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

Element = Any
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_AMBIGUOUS = re.compile("[‘’“”…—·×°±]")  # of full width in Chinese text only where Word is told so


def el(tag: str, *children: Element, **attributes: object) -> Element:
    """An element of WordprocessingML; `attributes` are of its namespace too.

    Parameters
    ----------
    tag : str
        Name without prefix.
    *children : element
        None is left out.
    **attributes : object
        Name without prefix, and value.
    """
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend([child for child in children if child is not None])
    return made


def clean(text: str) -> str:
    r"""Text as XML can hold it; a mark that overrides the reading direction shows as U+FFFD.

    >>> clean("a\x00b\u202ec\r\nd")
    'a�b�c\nd'
    """
    return _FORBIDDEN.sub("\ufffd", _BREAK.sub("\n", text))


def one_line(text: str, length: int) -> str:
    """Clean text on one line, cut at `length` characters."""
    flat = " ".join(clean(text).split())
    return flat if len(flat) <= length else f"{flat[: length - 1]}…"


def run(text: str, *marks: Element) -> Element:
    """A run of text; `marks` are its properties, in the order of the schema.

    Line breaks and tabs in the text are Word's own.
    """
    hint = el("rFonts", hint="eastAsia") if _AMBIGUOUS.search(text) and not text.isascii() and _chinese(text) else None
    held = [mark for mark in (hint, *marks) if mark is not None]
    made = el("r", el("rPr", *held) if held else None)
    for piece in re.split("([\n\t])", clean(text)):
        if piece in ("\n", "\t"):
            made.append(el("br" if piece == "\n" else "tab"))
        elif piece:
            made.append(_text("t", piece))
    return made


def _chinese(text: str) -> bool:
    return any("\u3400" <= mark <= "\u9fff" for mark in text)


def _text(tag: str, text: str) -> Element:
    made = el(tag)
    made.text = text
    made.set(qn("xml:space"), "preserve")
    return made


def paragraph(style: str, *content: Element, marks: Iterable[Element] = ()) -> Element:
    """A paragraph of a style; `marks` are further properties, in the order of the schema."""
    return el("p", el("pPr", el("pStyle", val=style), *marks), *content)


def field(instruction: str, result: str, *marks: Element) -> list[Element]:
    """A field as runs, with the result that it shows until it is updated."""

    def char(kind: str) -> Element:
        return el("r", el("fldChar", fldCharType=kind))

    return [char("begin"), el("r", _text("instrText", f" {instruction} ")), char("separate"), run(result, *marks),
            char("end")]  # fmt: skip


def bookmark(name: str, number: int, content: Iterable[Element]) -> list[Element]:
    """Content with a bookmark around it; `number` is the bookmark's own in the file."""
    return [el("bookmarkStart", id=number, name=name), *content, el("bookmarkEnd", id=number)]


def caption(style: str, label: str, number: int, text: str, mark: tuple[str, int], *, above: bool) -> Element:
    """A numbered caption; its label and number are bookmarked, for cross-references.

    Parameters
    ----------
    style : str
        Id of the paragraph style.
    label : str
        图, 表, Figure or Table; Word counts by it.
    number : int
        The result of the counting.
    text : str
        The words.
    mark : tuple of (str, int)
        Name and number of the bookmark.
    above : bool
        Whether it stands above what it is the caption of, and so is kept with it.
    """
    named = bookmark(*mark, [run(f"{label} "), *field(f"SEQ {label} \\* ARABIC", str(number))])
    gap = "\u3000" if _chinese(label) else ". "
    return paragraph(style, *named, run(gap + text), marks=[el("keepNext", val=int(above))])


@dataclass(frozen=True)
class Entry:
    """A heading as the table of contents shows it.

    Parameters
    ----------
    text, number : str
        The words, and the number before them; "" where the number is not known.
    level : int
        1 to 3.
    anchor : str
        The heading's bookmark.
    """

    text: str
    number: str
    level: int
    anchor: str


def contents(title: str, entries: list[Entry], styles: dict[str, str], *, new_page: bool) -> Element:
    """A table of contents that Word offers to update; its entries are links, without pages as yet.

    Nothing in the file asks Word to update it, since Word would then warn of "other
    files" each time it opens the file; for the pages of the entries see `pages`.
    """
    head = paragraph(styles["contents"], run(title), marks=[el("pageBreakBefore")] if new_page else [])
    lines = [
        paragraph(styles[f"contents {one.level}"], _link(one))
        for one in entries
    ]  # fmt: skip
    start = [
        el("r", el("fldChar", fldCharType="begin")),
        el("r", _text("instrText", ' TOC \\o "1-3" \\h \\z \\u ')),
        el("r", el("fldChar", fldCharType="separate")),
    ]
    for at, one in enumerate(start, start=1):
        lines[0].insert(at, one)
    lines[-1].append(el("r", el("fldChar", fldCharType="end")))
    about = el("sdtPr", el("docPartObj", el("docPartGallery", val="Table of Contents"), el("docPartUnique")))
    return el("sdt", about, el("sdtContent", head, *lines))


def _link(entry: Entry) -> Element:
    number = f"{entry.number}\t" if entry.number else ""
    return el("hyperlink", run(number + entry.text), anchor=entry.anchor, history=1)
