"""What stands around the body of a Word file of ours: cover, headers and footers."""

from __future__ import annotations

from typing import Any

from geo.dossier import grid, sections
from geo.dossier.blocks import Document, Table
from geo.dossier.fields import Element, el, field, one_line, paragraph, run
from geo.dossier.words import Words

_PROJECT, _STATUS, _TITLE = 60, 160, 300  # characters that fit beside the rest


def cover(document: Document, words: Words, styles: dict[str, str], width: int) -> list[Element]:
    """Confidentiality, title, subtitle, facts and status, as a page of their own."""
    secret = _secret(document, words)
    facts = Table("", (), document.facts, (0.3, 0.7))
    table = grid.table(facts, styles, round(width * 0.86))
    return [
        paragraph(styles["mark"], run(one_line(secret, _PROJECT))),
        paragraph(styles["title"], run(one_line(document.title, _TITLE))),
        paragraph(styles["subtitle"], run(one_line(document.subtitle, _TITLE))),
        *([] if table is None else [table, paragraph(styles["gap"])]),
        paragraph(styles["note"], run(one_line(document.status, _TITLE)), marks=[el("jc", val="center")]),
    ]


def furnish(part: Any, section: Element, document: Document, words: Words, styles: dict[str, str]) -> None:
    """Give a section its own header and footer, whose tab stops fit its width.

    Parameters
    ----------
    part : docx.parts.document.DocumentPart
    section : element
        A `w:sectPr`.
    document : Document
    words : Words
    styles : dict of str to str
        Id of each style by what it is for.
    """
    width = sections.room(section).width
    project = one_line(document.project, _PROJECT)
    secret = one_line(_secret(document, words), _PROJECT)
    tabs = el("tabs", el("tab", val="right", pos=width))
    header, name = part.add_header_part()
    _put(header, [paragraph(styles["header"], run(f"{project}\t{secret}" if secret else project), marks=[tabs])])
    sections.refer(section, "header", name)
    footer, name = part.add_footer_part()
    status = one_line(document.status, _STATUS)
    _put(footer, [paragraph(styles["footer"], *_page(words, document)), paragraph(styles["footer"], run(status))])
    sections.refer(section, "footer", name)


def _secret(document: Document, words: Words) -> str:
    held = document.confidentiality
    return words.say("writer.confidentiality_line", document.lang, value=held) if held else ""


def _page(words: Words, document: Document) -> list[Element]:
    """The line with the page and the number of pages, as fields."""
    line = words.say("writer.page", document.lang, page="\0page\0", pages="\0pages\0")
    made: list[Element] = []
    for piece in line.split("\0"):
        if piece in ("page", "pages"):
            made.extend(field("PAGE" if piece == "page" else "NUMPAGES", "1"))
        elif piece:
            made.append(run(piece))
    return made


def _put(part: Any, paragraphs: list[Element]) -> None:
    for child in list(part.element):
        part.element.remove(child)
    part.element.extend(paragraphs)
