"""A document as a Word file, in the form that Chinese reports have.

Assumed: A4, texts as text (see `fields`), real styles (see `styles`). With a template
of the user's the cover, the styles, headers and footers are the template's, and the
body goes where it says ``{{body}}``; see `template`.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn

from geo.dossier import fields, frame, grid, numbering, package, pages, sections
from geo.dossier import template as templates
from geo.dossier.blocks import Block, Document, Heading, Paragraph, Picture, Table
from geo.dossier.fields import Element, Entry, el, paragraph, run
from geo.dossier.pdf import placed
from geo.dossier.styles import HEADINGS, Styles, looks
from geo.dossier.words import Words

_EMU, _MM = 36_000, 1_440 / 25.4  # of Word's units for drawings in a millimetre, and of twentieths of a point
_HEADING = 1_040  # room that a heading takes
_CAPTION, _LINE = 240, 320  # room that a caption takes beside its lines, and one line of it
_FOREIGN = 140  # more for the styles of a template
_HIGHEST = 0.86  # of an upright page: a heading and a caption stand there too


def write(document: Document, path: Path, words: Words, template: Path | None = None) -> None:
    """Write a document as a Word file; the same document gives the same bytes.

    Parameters
    ----------
    document : Document
    path : Path
        The file to write.
    words : Words
        The words of the writer itself, below ``writer``.
    template : Path, optional
        A Word file of the user's own, whose cover, styles, headers and footers are kept.

    Raises
    ------
    InputError
        If the template cannot be used.
    """
    as_of = dict(document.facts).get(words.say("writer.as_of", document.lang), "")
    if template is None:
        file = package.blank()
        _write_own(file, document, words)
    else:
        file = templates.opened(template)
        spots = templates.spots(file, template)
        templates.fill(file, _values(document, as_of), template)
        _write_into(file, document, words, *spots)
    package.describe(file, document, as_of)
    package.save(file, path)


def _write_own(file: Any, document: Document, words: Words) -> None:
    """Cover, contents and body in a file of ours."""
    section = _section(file.element.body, None)
    writer = _Writer.of(file, section, document, words, own=True)
    frame.furnish(file.part, section, document, words, writer.styles)
    for element in frame.cover(document, words, writer.styles, sections.room(section).width):
        writer.put(element)
    contents = writer.contents(new_page=True)
    writer.write(document.blocks, contents, new_page=True)
    writer.close()
    if contents is not None:
        held = {writer.styles[use]: look for use, look in looks(document.lang).items()}
        pages.fill(contents, pages.of_headings(file.element.body, held))


def _write_into(
    file: Any, document: Document, words: Words, body_spot: Element | None, contents_spot: Element | None
) -> None:
    """Contents and body where the template has their places, else on new pages at its end."""
    body = file.element.body
    writer = _Writer.of(file, _section(body, body_spot), document, words, own=False)
    if body_spot is not None:
        writer.anchor = body_spot
    new_page = body_spot is None
    table = None if _has_contents(body) else writer.contents(new_page=new_page and contents_spot is None)
    if contents_spot is not None and table is not None:
        contents_spot.addprevious(table)
        table = None
    writer.write(document.blocks, table, new_page=new_page or table is not None)
    writer.close()
    for spot in (body_spot, contents_spot):
        if spot is not None:
            _remove(spot)


def _values(document: Document, as_of: str) -> dict[str, str]:
    """What the placeholders of a template stand for; a fact is known by its label."""
    held = (document.title, document.subtitle, document.project, document.confidentiality or "", document.status, as_of)
    return {**dict(document.facts), **dict(zip(templates.NAMES, held, strict=True))}


def _section(body: Element, spot: Element | None) -> Element:
    """The section that a paragraph lies in; the last one without a paragraph."""
    if body.sectPr is None:
        body.append(sections.upright())
    if spot is not None:
        for one in (spot, *spot.itersiblings(qn("w:p"))):
            held: Any = one.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
            if held is not None:
                return held
    return body.sectPr


def _remove(spot: Element) -> None:
    """Take a placeholder's paragraph away; one that ends a section hands that on, or stays empty."""
    held = spot.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
    before = spot.getprevious()
    if held is None:
        spot.getparent().remove(spot)
    elif before is not None and _ends_nothing(before):
        before.get_or_add_pPr().append(held)
        spot.getparent().remove(spot)
    else:
        for child in list(spot)[1:]:
            spot.remove(child)


def _ends_nothing(element: Element) -> bool:
    """Whether an element is a paragraph that does not end a section."""
    return bool(element.tag == qn("w:p")) and element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is None


def _has_contents(body: Element) -> bool:
    """Whether the template has a table of contents of its own."""
    said = "".join(one.text or "" for one in body.iter(qn("w:instrText"))).split()
    return "TOC" in said


def _numbers(headings: Sequence[Heading]) -> list[str]:
    """The numbers that Word gives to headings.

    >>> _numbers([Heading("a", 1), Heading("b", 2), Heading("c", 2), Heading("d", 1), Heading("e", 3)])
    ['1', '1.1', '1.2', '2', '2.1.1']
    """
    counts, made = [0, 0, 0], []
    for one in headings:
        above = [max(number, 1) for number in counts[: one.level - 1]]
        counts = [*above, counts[one.level - 1] + 1, *[0] * (3 - one.level)]
        made.append(".".join(str(number) for number in counts[: one.level]))
    return made


def _free(file: Any) -> int:
    """The first number above those of the bookmarks and drawings in a file."""
    named = ((qn("w:bookmarkStart"), qn("w:id")), (qn("wp:docPr"), "id"))
    roots = [part.element for part in file.part.package.iter_parts() if hasattr(part, "element")]
    taken = [one.get(name, "") for root in roots for tag, name in named for one in root.iter(tag)]
    return max((int(one) for one in taken if one.isdecimal()), default=0) + 1


@dataclass
class _Writer:
    """Where the next element goes, and what was counted so far."""

    part: Any
    section: Element
    document: Document
    words: Words
    own: bool
    styles: dict[str, str]
    heading_numbers: int | None  # a numbering that headings need directly; their style has none
    entries: list[Entry]
    identity: count[int]
    anchor: Element  # what stands after the next element
    fresh: bool = False  # whether the next paragraph begins a page
    lying: Element = None  # the landscape section that is being filled
    figures: int = 0
    tables: int = 0
    headings: int = 0
    sheet: Element = None  # what landscape sections of ours are copies of
    waiting: list[Heading] = field(default_factory=list)

    @classmethod
    def of(cls, file: Any, section: Element, document: Document, words: Words, *, own: bool) -> _Writer:
        """A writer for a file, which gets the styles and numberings that it lacks."""
        styles = Styles(file.styles.element, document.lang)
        numbered = styles.numbered()
        linked = [None if use not in styles.missing or numbered else styles.ids[use] for use in HEADINGS]
        headings, bullet = numbering.add(file.part, linked)
        styles.add(headings, bullet, sections.room(section).width)
        written = [one for one in document.blocks if isinstance(one, Heading)]
        entries = [
            Entry(" ".join(fields.clean(one.text).split()), "" if numbered else number, one.level, f"_Toc517{at:05d}")
            for at, (one, number) in enumerate(zip(written, _numbers(written), strict=True), start=1)
        ]
        direct = None if numbered or all(linked) else headings
        return cls(file.part, section, document, words, own, styles.ids, direct, entries,
                   count(_free(file)), file.element.body.sectPr)  # fmt: skip

    def contents(self, *, new_page: bool) -> Element | None:
        """The table of contents; None where there are no headings."""
        title = self.words.say("writer.contents", self.document.lang)
        return fields.contents(title, self.entries, self.styles, new_page=new_page) if self.entries else None

    def put(self, element: Element) -> None:
        """Put an element after those before it."""
        self.anchor.addprevious(element)
        if self.fresh and element.tag == qn("w:p"):
            element.pPr.get_or_add_pageBreakBefore()
            self.fresh = False

    def write(self, blocks: Sequence[Block], contents: Element | None, *, new_page: bool) -> None:
        """Put the table of contents and all blocks; headings wait until it is known on which page they go."""
        if contents is not None:
            self.put(contents)
        self.fresh = new_page
        for block in blocks:
            if isinstance(block, Heading):
                self.waiting.append(block)
            elif isinstance(block, Picture) and block.landscape:
                self._lie()
                self._picture(block)
            else:
                self._stand()
                self._block(block)
        if self.waiting:
            self._stand()

    def _block(self, block: Paragraph | Table | Picture) -> None:
        if isinstance(block, Paragraph):
            self.put(paragraph(self.styles[block.style], run(block.text)))
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._picture(block)

    def _headings(self) -> None:
        for one in self.waiting:
            anchor = self.entries[self.headings].anchor
            self.headings += 1
            content = fields.bookmark(anchor, next(self.identity), [run(one.text)])
            numbers = None
            if self.heading_numbers is not None:
                level = el("ilvl", val=one.level - 1)
                numbers = [el("numPr", level, el("numId", val=self.heading_numbers))]
            self.put(paragraph(self.styles[HEADINGS[one.level - 1]], *content, marks=numbers or []))
        self.waiting.clear()

    def _table(self, block: Table) -> None:
        self.tables += 1
        self.put(self._caption("table", self.tables, block.caption, above=True))
        width = sections.room(self.section).width
        made = grid.table(block, self.styles, width)
        if made is not None:
            self.put(made)
        self.put(paragraph(self.styles["note"], run(block.note)) if block.note else paragraph(self.styles["gap"]))

    def _picture(self, block: Picture) -> None:
        room = sections.room(self.section if self.lying is None else self.lying)
        caption, remark = block.caption, self.words.say("writer.reduced", self.document.lang)
        wide, high, reduced = placed(block.path, room.width / _MM, self._high(room, caption) / _MM)
        if reduced:
            caption += remark
            wide, high, _ = placed(block.path, room.width / _MM, self._high(room, caption) / _MM)
        self._headings()
        self.figures += 1
        inline = self._inline(block, wide, high)
        self.put(paragraph(self.styles["picture"], el("r", el("drawing", inline))))
        self.put(self._caption("figure", self.figures, caption, above=False))

    def _high(self, room: sections.Room, caption: str) -> float:
        """How high a picture may be beside the headings that wait and its caption."""
        if self.lying is None:
            return room.height * _HIGHEST
        look = looks(self.document.lang)["caption"]
        lines = pages.line_count(f"Figure 100. {fields.clean(caption)}", look, room.width / 20)
        taken = _CAPTION + _LINE * lines + _HEADING * len(self.waiting) + (0 if self.own else _FOREIGN)
        return max(room.height - taken, room.height / 3)

    def _inline(self, block: Picture, wide: float, high: float) -> Element:
        """The picture in line with the text, of this size in millimetres."""
        made = self.part.new_pic_inline(str(block.path), round(wide * _EMU), round(high * _EMU))
        for side in "TBLR":
            made.set(f"dist{side}", "0")  # else LibreOffice leaves blanks beside it
        name = f"picture {self.figures}"
        for one in (made.docPr, made.graphic.graphicData.pic.nvPicPr.cNvPr):
            one.set("id", str(next(self.identity)))
            one.set("name", name)
            one.set("descr", fields.one_line(block.alt, 1_000))
        return made

    def _caption(self, use: str, number: int, text: str, *, above: bool) -> Element:
        label = self.words.say(f"writer.{use}", self.document.lang)
        mark = (f"{use}_{number}", next(self.identity))
        return fields.caption(self.styles["caption"], label, number, text, mark, above=above)

    def _lie(self) -> None:
        """Go on in landscape, on a page of its own."""
        if self.lying is not None:
            self.fresh = True
            return
        self.fresh = False  # a section begins a page
        if self.anchor.getprevious() is not None:
            self._end(deepcopy(self.section))
        sections.follow(self.section)
        self.lying = self._landscape()

    def _landscape(self) -> Element:
        """A landscape section with a header and footer that fit it."""
        if not self.own:
            return sections.turned(self.section)
        if self.sheet is None:
            self.sheet = sections.lying()
            frame.furnish(self.part, self.sheet, self.document, self.words, self.styles)
        return deepcopy(self.sheet)

    def _stand(self) -> None:
        """Go on upright; the headings that waited come first."""
        if self.lying is not None:
            self._end(self.lying)
            self.lying, self.fresh = None, False
        self._headings()

    def _end(self, section: Element) -> None:
        """End a section at the last paragraph."""
        before = self.anchor.getprevious()
        if before is None or not _ends_nothing(before):
            before = paragraph(self.styles["gap"])
            self.anchor.addprevious(before)
        before.get_or_add_pPr().append(section)

    def close(self) -> None:
        """End in landscape where the body does and nothing comes after it."""
        if self.lying is None:
            return
        if self.anchor is self.section or self.anchor.getnext() is self.section or self.section in self.anchor.iter():
            self.section.getparent().replace(self.section, self.lying)
        else:
            self._end(self.lying)
