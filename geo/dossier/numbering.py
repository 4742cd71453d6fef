"""Numbering of headings (1, 1.1, 1.1.1) and of lists with bullets, as Word defines it."""

from __future__ import annotations

from typing import Any

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import qn
from docx.parts.numbering import NumberingPart

from geo.dossier.fields import Element, el


def add(part: Any, headings: list[str | None]) -> tuple[int, int]:
    """Add our two numberings to a file.

    Parameters
    ----------
    part : docx.parts.document.DocumentPart
    headings : list of str or None
        Style of each level that is tied to the numbering by its style.

    Returns
    -------
    tuple of int
        The numbering of headings and that of bullets.
    """
    root = _root(part)
    taken = [int(one.get(qn("w:abstractNumId"))) for one in root.iterchildren(qn("w:abstractNum"))]
    numbers = [int(one.get(qn("w:numId"))) for one in root.iterchildren(qn("w:num"))]
    first, number = max(taken, default=0) + 1, max(numbers, default=0) + 1
    definitions = [_headings(first, headings), _bullets(first + 1)]
    before = next(root.iterchildren(qn("w:num")), None)
    for definition in definitions:
        root.append(definition) if before is None else before.addprevious(definition)
    for at in range(2):
        root.append(el("num", el("abstractNumId", val=first + at), numId=number + at))
    return number, number + 1


def clear(part: Any) -> None:
    """Take away every numbering of a file."""
    root = _root(part)
    for child in list(root):
        root.remove(child)


def _root(part: Any) -> Element:
    """The `w:numbering` of a file, made where it has none."""
    try:
        return part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
    except KeyError:
        name = PackURI("/word/numbering.xml")
        made = NumberingPart(name, CONTENT_TYPE.WML_NUMBERING, el("numbering"), part.package)
        part.relate_to(made, RELATIONSHIP_TYPE.NUMBERING)
        return made.element


def _headings(number: int, styles: list[str | None]) -> Element:
    levels = []
    for level, indent in enumerate((567, 709, 851)):
        name = styles[level]
        style = None if name is None else el("pStyle", val=name)
        shown = ".".join(f"%{one + 1}" for one in range(level + 1))
        levels.append(_level(level, "decimal", shown, indent, style))
    return _definition(number, "multilevel", "parksite headings", levels)


def _bullets(number: int) -> Element:
    return _definition(number, "hybridMultilevel", "parksite bullets", [_level(0, "bullet", "•", 420, None)])


def _definition(number: int, kind: str, name: str, levels: list[Element]) -> Element:
    return el(
        "abstractNum",
        el("nsid", val=f"5A17E0{number % 256:02X}"),
        el("multiLevelType", val=kind),
        el("tmpl", val=f"5A17E1{number % 256:02X}"),
        el("name", val=name),
        *levels,
        abstractNumId=number,
    )


def _level(level: int, kind: str, text: str, indent: int, style: Element | None) -> Element:
    return el(
        "lvl",
        el("start", val=1),
        el("numFmt", val=kind),
        style,
        el("suff", val="tab"),
        el("lvlText", val=text),
        el("lvlJc", val="left"),
        el("pPr", el("tabs", el("tab", val="num", pos=indent)), el("ind", left=indent, hanging=indent)),
        ilvl=level,
    )
