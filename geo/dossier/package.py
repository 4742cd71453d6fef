"""The file around a Word document: an empty one to begin with, its properties, its bytes.

Nothing tells when or by whom a file was made, so that the same document gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE

from geo.dossier import numbering, styles
from geo.dossier.blocks import Document
from geo.dossier.fields import el, one_line

_UNUSED = ("stylesWithEffects", "customXml", "thumbnail")
_STAMP = (1980, 1, 1, 0, 0, 0)
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"(\d{4})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})")
_ABOUT = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>parksite</Application></Properties>"
)
_FONTS = (
    ("Times New Roman", None, "00", "roman"),
    ("Arial", None, "00", "swiss"),
    ("宋体", "SimSun", "86", "auto"),
    ("黑体", "SimHei", "86", "modern"),
)


def blank() -> Any:
    """An empty document of `python-docx` with nothing in it of its own template."""
    import docx

    document = docx.Document()
    part = document.part
    for source in (part.package.rels, part.rels):
        for name in [name for name, one in source.items() if one.reltype.rpartition("/")[2] in _UNUSED]:
            source.pop(name)
    part.package.part_related_by(RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)._blob = _ABOUT
    part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)._blob = _font_table()
    numbering.clear(part)
    _refill(document.settings.element, _settings())
    _refill(document.element.body, [])
    root = document.styles.element
    latent = root.latentStyles
    _refill(root, [styles.defaults(), latent, *styles.base()])
    return document


def _refill(element: Any, children: list[Any]) -> None:
    for child in list(element):
        element.remove(child)
    element.extend(children)


def _settings() -> list[Any]:
    """Settings of a file for Word 2013 and later, with Chinese line breaking."""
    mode = el(
        "compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15
    )  # fmt: skip
    return [
        el("zoom", percent=100),
        el("defaultTabStop", val=420),
        el("characterSpacingControl", val="compressPunctuation"),
        el("compat", el("balanceSingleByteDoubleByteWidth"), el("useFELayout"), mode),
        el("themeFontLang", val="en-GB", eastAsia="zh-CN"),
        el("decimalSymbol", val="."),
        el("listSeparator", val=","),
    ]


def _font_table() -> bytes:
    """The fonts by both of their names, so that a program without Chinese ones finds a substitute."""
    from docx.oxml.xmlchemy import serialize_for_reading

    fonts = [
        el("font", el("altName", val=other) if other else None, el("charset", val=charset), el("family", val=family),
           el("pitch", val="variable"), name=name)
        for name, other, charset, family in _FONTS
    ]  # fmt: skip
    return str(serialize_for_reading(el("fonts", *fonts))).encode()


def describe(document: Any, about: Document, as_of: str) -> None:
    """Set the properties of the file; an author stays that of the template, if any.

    Parameters
    ----------
    document : docx.document.Document
    about : Document
        What is written.
    as_of : str
        The as-of date as it is written on the cover; its day is that of the properties.
    """
    held = document.core_properties
    if held.author == "python-docx":
        held.author = held.comments = held.keywords = ""
    day = _day(as_of)
    held.title, held.subject = one_line(about.title, 250), one_line(about.subtitle, 250)
    held.language = "zh-CN" if about.lang == "zh" else "en-GB"
    held.created = held.modified = day
    held.last_modified_by, held.revision = "", 1


def _day(text: str) -> datetime:
    """The first date in a text.

    >>> _day("2026年3月5日").date().isoformat(), _day("no date").year
    ('2026-03-05', 2000)
    """
    found = _DATE.search(text)
    if not found:
        return _NO_DATE
    try:
        year, month, day = (int(one) for one in found.groups())
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return _NO_DATE


def save(document: Any, path: Path) -> None:
    """Write the file; the same document gives the same bytes."""
    packed = io.BytesIO()
    document.save(packed)
    with zipfile.ZipFile(packed) as held, zipfile.ZipFile(path, "w") as archive:
        for member in held.infolist():
            entry = zipfile.ZipInfo(member.filename, _STAMP)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            entry.create_system = 3
            archive.writestr(entry, held.read(member))
