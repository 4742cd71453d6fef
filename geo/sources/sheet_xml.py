"""The XML of a sheet looked through as bytes: where its content ends, and formulas without a value.

A sheet may be formatted down to row 1,048,576 with nothing in it, or claim a row
far beyond that. Both are seen here in one pass, before the cells are read.
"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from geo.sources.content import damaged

_CHUNK = 1 << 20
_LAST = 1_048_576
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER = re.compile(rb"""\br=["'](\d+)["']""")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b[^>]*>")
_COLUMN = re.compile(rb"""\br=["']([A-Za-z]{1,4})\d""")
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Za-z]{1,4})(\d+)["'][^>]*(?<!/)>(.*?)</(?:\w+:)?c>""", re.DOTALL)
_CELLS = re.compile(rb"<(?:\w+:)?c[ />]")
_ENDS = (b"v>", b"is>", b"f>")
_SHEET = re.compile(r"worksheets/[^/]+\.xml$")
_DATA = re.compile(rb"<(\w+:)?sheetData\b")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_STORED = re.compile(rb"<(?:\w+:)?v\b[^>]*>[^<]|<(?:\w+:)?is\b")


@dataclass
class Extent:
    """Last row with content (None where rows bear no numbers), widest column (None where cells bear none), rows with
    content, empty formulas.

    `formulas` holds the rows by column, both from 1.
    """

    last_row: int | None = 0
    columns: int | None = 1
    rows: int = 0
    formulas: dict[int, set[int]] = field(default_factory=dict)


def extent(path: Path, part: str) -> Extent:
    """Look through one part of a workbook.

    Raises
    ------
    InputError
        If a row has a number that no sheet has.
    """
    found = Extent()
    letters: set[bytes] = set()
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        name = part.lstrip("/")
        for piece in _pieces(archive, name if name in names else part):
            if not any(end in piece for end in _ENDS):
                continue
            held = _COLUMN.findall(piece)
            letters.update(held)
            if len(held) < len(_CELLS.findall(piece)):
                found.columns = None
            found.rows += sum(any(end in row for end in _ENDS) for row in piece.split(b"row>"))
            if found.last_row is not None:
                found.last_row = _last_row(piece, found.last_row)
            if found.last_row is not None and found.last_row > _LAST:
                raise damaged(path, f"row {found.last_row}")
            if _FORMULA.search(piece):
                _add_formulas(piece, found)
    if found.columns is not None:
        found.columns = max((_index(one) for one in letters), default=1)
    return found


def refuse_declarations(path: Path) -> None:
    """Refuse a workbook of which a part declares a document type: no spreadsheet program writes one.

    openpyxl itself does so only where lxml is not installed.

    Raises
    ------
    DefusedXmlException
        On the first such part.
    """
    from defusedxml.sax import make_parser

    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.lower().endswith((".xml", ".rels")):
                parser = make_parser()
                parser.forbid_dtd = True
                parser.setContentHandler(_Prolog())
                with book.open(name) as part, suppress(_Begun, SAXException):
                    parser.parse(part)


class _Begun(Exception):
    """The first element of a part is there, so that no declaration can follow."""


class _Prolog(ContentHandler):
    def startElement(self, name: str, attrs: object) -> None:  # noqa: N802 (the name that SAX asks for)
        raise _Begun


def with_dimensions(path: Path, scratch: Path) -> Path:
    """The workbook, or a copy in which every sheet states a size: openpyxl would read all of a sheet to learn it."""
    with zipfile.ZipFile(path) as old:
        without = [name for name in old.namelist() if _SHEET.search(name) and _lacks_dimension(old, name)]
        if not without:
            return path
        copy = scratch / path.name
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
            for name in dict.fromkeys(old.namelist()):
                with old.open(name) as source, new.open(name, "w", force_zip64=True) as target:
                    if name in without:
                        target.write(_DATA.sub(rb"<\1dimension ref='A1'/>\g<0>", source.read(_CHUNK), count=1))
                    shutil.copyfileobj(source, target, _CHUNK)
    return copy


def _lacks_dimension(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as handle:
        head = handle.read(_CHUNK)
    return b"dimension" not in head[: data.start()] if (data := _DATA.search(head)) else False


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The part in pieces that end with a row."""
    rest = b""
    with archive.open(name) as handle:
        while chunk := handle.read(_CHUNK):
            rest += chunk
            cut = rest.rfind(b"row>") + 4
            if cut > 3:
                yield rest[:cut]
                rest = rest[cut:]
    yield rest


def _last_row(piece: bytes, so_far: int) -> int | None:
    """Number of the last row with a value in the piece."""
    values = [match.start() for match in _VALUE.finditer(piece)]
    if not values:
        return so_far
    last: int | None = so_far
    for row in _ROW.finditer(piece, 0, values[-1]):
        number = _NUMBER.search(row.group(1))
        last = int(number.group(1)) if number else None
    return last


def _add_formulas(piece: bytes, found: Extent) -> None:
    for column, row, inside in _CELL.findall(piece):
        if _FORMULA.search(inside) and not _STORED.search(inside):
            found.formulas.setdefault(_index(column), set()).add(int(row))


def _index(letters: bytes) -> int:
    """Number of a column, from 1."""
    number = 0
    for one in letters.upper():
        number = number * 26 + one - 64
    return number
