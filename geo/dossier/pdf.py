"""The PDF of a dossier or report, set by Typst.

Text reaches the template as JSON and is never markup. What the font cannot show is
named in its place, and what is too long for a line gets places where it may break:
Typst itself breaks neither.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from functools import cache
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from geo.dossier.blocks import Document, Heading, Paragraph, Picture, Table
from geo.errors import GeoError, InputError, Lang
from geo.fonts import advances, font_file
from geo.settings import Settings

if TYPE_CHECKING:
    from geo.dossier.words import Words

_TEMPLATE = "templates/dossier.typ"
_POINT = 25.4 / 72  # millimetres
_WIDTH, _INSET = 165.0, 1.8  # millimetres: text of an upright page, blank at either side of a cell
_UPRIGHT, _LANDSCAPE = (165.0, 205.0), (247.0, 159.0)  # millimetres that a picture may fill
_HEADING = 13.0  # millimetres that a heading takes from the picture below it
_TALL = 90.0  # millimetres; a higher row may break across pages
_SIZES = {"title": 26, "subtitle": 15, "lead": 11.5, "body": 10.5, "caption": 9.5, "cell": 9, "note": 8.5, "edge": 8}
_HEADINGS = (16, 13, 11.5)
_LABELS = ("contents", "figure", "table", "confidentiality", "status")

_BREAKS = {"\r", "\n", "\v", "\f", "\x85", "\u2028", "\u2029"}
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TIES = "\u00a0\"'«»‘’“”"  # no line breaks beside these, not even between Han characters
_RUN = re.compile(f"(?:[^ \n\u3000{_HAN}]|[{_HAN}](?=[{_TIES}])|(?<=[{_TIES}])[{_HAN}])+")
_CLUSTER = re.compile("(?s:.)[\u0300-\u036f\u302a-\u302f\u3099\u309a]*")
_HYPHENABLE = re.compile(r"[^\w\s]*[A-Za-z]{1,24}[^\w\s]{0,3}")
_NUMBER = re.compile(r"[+\-−≈~<>≤≥]?\s?\d[\d,. ]*\s?%?|[—–-]?")
_WHOLE = 0.9995  # what rounding takes from a natural size does not count as reduced
_PNG = b"\x89PNG\r\n\x1a\n"

Text = str | list[str]  # a list may break between its pieces


def write(document: Document, path: Path, words: Words) -> None:
    """Write a document as a tagged PDF (PDF/UA-1) that holds its fonts.

    Equal documents give equal bytes. The file appears whole or not at all.

    Parameters
    ----------
    document : Document
        What it says.
    path : Path
        The file; its folder exists.
    words : Words
        Labels of the writer.

    Raises
    ------
    InputError
        If a picture is missing or is not a PNG.
    GeoError
        If Typst cannot set the document.
    """
    with tempfile.TemporaryDirectory(prefix=".parksite-", dir=path.parent, ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        shutil.copyfile(Settings.default().maps_file(_TEMPLATE), root / "main.typ")
        (root / "data.json").write_text(json.dumps(_Setting(document, words, root).data()), encoding="utf-8")
        made = root / "made.pdf"
        made.write_bytes(_set(root))
        os.replace(made, path)


def _set(root: Path) -> bytes:
    import typst

    try:
        return typst.compile(root / "main.typ", root=root, font_paths=_fonts(), pdf_standards="ua-1")
    except typst.TypstError as error:
        raise GeoError(
            "Typst could not set the PDF",
            "Typst 无法排出 PDF",
            value=error.message,
            remedy_en="ask for the Word file alone (--format docx) and report this message",
            remedy_zh="可仅输出 Word（--format docx），并反馈此信息",
        ) from error


@cache
def _fonts() -> Any:
    """The font of print sheets and no other, neither of the system nor of Typst."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_file().parent)])


def _length(text: str, size: float) -> float:
    """Millimetres of a text on one line, all of it being in the font."""
    known = advances()
    return sum(known.get(mark, 0) for mark in text) * size * _POINT


def _readable(text: str, lang: Lang) -> str:
    """Text with what the font lacks, and what no eye sees, named in its place."""
    return "".join(_shown(mark, lang) for mark in text.replace("\r\n", "\n"))


def _shown(mark: str, lang: Lang) -> str:
    if mark in _BREAKS:
        return "\n"
    kind = unicodedata.category(mark)
    if kind not in _UNSEEN and mark in advances():
        return mark
    if mark == "\t" or kind == "Zs":
        return " "
    if unicodedata.name(mark, "").startswith("VARIATION SELECTOR"):
        return ""  # asks for another look of the character before it, which says the same
    return f"□（U+{ord(mark):04X}）" if lang == "zh" else f"□ (U+{ord(mark):04X})"


def _breakable(text: str, room: float, size: float, *, hyphens: bool) -> Text:
    """Text whose runs without a place to break are cut into characters where they exceed `room` millimetres."""
    pieces, last = [""], 0
    for run in _RUN.finditer(text):
        hyphenated = hyphens and room > 16 and _HYPHENABLE.fullmatch(run[0])
        if hyphenated or _length(run[0], size) <= room:
            continue
        pieces[-1] += text[last : run.start()]
        pieces += _pieces(run[0])
        pieces.append("")
        last = run.end()
    pieces[-1] += text[last:]
    return pieces if len(pieces) > 1 else pieces[0]


def _pieces(run: str) -> Iterator[str]:
    """Characters, each with the marks that combine with it."""
    for found in _CLUSTER.finditer(run):
        # Before a closing and after an opening mark a line breaks at a zero-width space alone.
        marks = run[max(found.start() - 3, 0) : found.start() + 1]
        yield f"\u200b{found[0]}" if len(marks) == 4 and not any(map(str.isalnum, marks)) else found[0]


def _cut(text: str, room: float, size: float) -> str:
    """Text on one line, cut to `room` millimetres."""
    text = " ".join(text.split())
    if _length(text, size) <= room:
        return text
    kept = 0.0
    for at, mark in enumerate(text):
        kept += _length(mark, size)
        if kept > room - size * _POINT:
            return f"{text[:at]}…"
    return text


class _Setting:
    """A document on its way to the template: data of JSON, pictures in its folder."""

    def __init__(self, document: Document, words: Words, root: Path) -> None:
        self.document, self.words, self.root, self.lang = document, words, root, document.lang
        self.hyphens = document.lang == "en"
        self.pictures = 0

    def data(self) -> dict[str, Any]:
        """Everything that the template reads."""
        one = self.document
        secret = None if not one.confidentiality else self._plain(one.confidentiality)
        return {
            "lang": one.lang,
            "measures": {"width": _WIDTH, "inset": _INSET, "sizes": _SIZES, "headings": _HEADINGS},
            "labels": {key: self.words.say(f"writer.{key}", self.lang) for key in _LABELS},
            "page": self.words.say("writer.page", self.lang, page="{page}", pages="{pages}"),
            "name": self._line(one.title),
            "title": self._text(one.title, "title"),
            "subtitle": self._text(one.subtitle, "subtitle"),
            "facts": [[self._text(label, "body", 40), self._text(fact, "body", 95)] for label, fact in one.facts],
            "project": _cut(self._plain(one.project), 105, _SIZES["edge"]),
            "confidentiality": secret and _cut(secret, 45, _SIZES["edge"]),
            "status": self._text(one.status, "body"),
            "footer": self._text(_cut(self._plain(one.status), 200, _SIZES["edge"]), "edge", 100),
            "blocks": list(self._blocks()),
        }

    def _plain(self, text: str) -> str:
        return _readable(text, self.lang)

    def _caption(self, text: str, remark: str = "") -> Text:
        """A caption, no longer than fits on a page with its picture, and a remark that is never cut."""
        room = 3 * _WIDTH - _length(remark, _SIZES["caption"])
        return self._text(_cut(self._plain(text), room, _SIZES["caption"]) + remark, "caption")

    def _line(self, text: str) -> str:
        """Text on one line; PDF/UA has no empty title, heading or alternative text."""
        return " ".join(self._plain(text).split()) or "—"

    def _text(self, text: str, style: str, room: float = _WIDTH - 12) -> Text:
        return _breakable(self._plain(text), room, _SIZES[style], hyphens=self.hyphens)

    def _blocks(self) -> Iterator[dict[str, Any]]:
        """Blocks, each landscape page with the headings that lead to it."""
        level = 0
        held: list[dict[str, Any]] = []
        for block in self.document.blocks:
            if isinstance(block, Heading):
                level = min(block.level, level + 1)  # 1 and then 1.1.1 would be numbered 1.0.1
                held.append(self._heading(block.text, level))
            elif isinstance(block, Picture) and block.landscape:
                yield {**self._picture(block, len(held)), "headings": held}
                held = []
            else:
                yield from held
                yield self._block(block)
                held = []
        yield from held

    def _block(self, block: Paragraph | Table | Picture) -> dict[str, Any]:
        match block:
            case Table():
                return self._table(block)
            case Picture():
                return self._picture(block, 0)
            case Paragraph():
                return {"kind": block.style, "text": self._text(block.text, "lead")}

    def _heading(self, text: str, level: int) -> dict[str, Any]:
        return {
            "kind": "heading",
            "level": level,
            "text": _breakable(self._line(text), _WIDTH - 20, _HEADINGS[0], hyphens=self.hyphens),
        }

    def _table(self, table: Table) -> dict[str, Any]:
        rows = [[self._plain(cell) for cell in row] for row in table.rows]
        titles = [[self._plain(title) for title in table.header]] if table.header else []
        shares = _shares(table.shares, [*titles, *rows])
        rooms = [share * _WIDTH - 2 * _INSET for share in shares]
        header = [_fit(self._plain(cell), room) for cell, room in zip(table.header, rooms, strict=bool(table.header))]
        return {
            "kind": "table",
            "caption": self._caption(table.caption),
            "shares": shares,
            "aligns": ["right" if table.header and _numeric(column) else "left" for column in zip(*rows, strict=True)],
            "header": self._cells(header, rooms) if header else [],
            "rows": [self._cells(row, rooms) for row in rows],
            "tall": [_height(row, rooms) > _TALL for row in rows],
            "hyphenate": self.hyphens and any(map(_crowded, zip(*titles, *rows, strict=True), rooms)),
            "note": self._text(table.note, "note"),
        }

    def _cells(self, cells: list[str], rooms: list[float]) -> list[Text]:
        size = _SIZES["cell"] * 1.03  # the first column may be bold
        return [_breakable(cell, room, size, hyphens=self.hyphens) for cell, room in zip(cells, rooms, strict=True)]

    def _picture(self, picture: Picture, headings: int) -> dict[str, Any]:
        self.pictures += 1
        name = f"{self.pictures}.png"
        across, down = _LANDSCAPE if picture.landscape else _UPRIGHT
        wide, high, reduced = placed(picture.path, across, max(down - headings * _HEADING, down / 2))
        remark = self.words.say("writer.reduced", self.lang) if reduced else ""
        shutil.copyfile(picture.path, self.root / name)
        return {
            "kind": "landscape" if picture.landscape else "picture",
            "caption": self._caption(picture.caption, remark),
            "file": name,
            "alt": self._line(picture.alt or picture.caption),
            "width": wide,
            "height": high,
        }


def _fit(title: str, room: float) -> str:
    """Title of a column, cut where it is too high to stand on each page."""
    return title if _height([title], [room]) < _TALL / 2 else _cut(title, room * 6, _SIZES["cell"])


def _shares(wanted: tuple[float, ...], rows: list[list[str]]) -> list[float]:
    """Shares of the columns, those widened that would cut an ordinary word, at the cost of the roomy ones."""
    whole = max(sum(wanted), 1.0)
    shares = [share / whole for share in wanted]
    least = [
        (_longest_word(cells) + 2 * _INSET + 0.4) / _WIDTH for cells in (zip(*rows, strict=True) if rows else [])
    ] or shares
    lacking = sum(max(need - share, 0) for share, need in zip(shares, least, strict=True))
    spare = sum(max(share - need, 0) for share, need in zip(shares, least, strict=True))
    if not lacking or lacking > spare:
        return shares
    return [
        need if share <= need else share - (share - need) * lacking / spare
        for share, need in zip(shares, least, strict=True)
    ]


def _crowded(cells: tuple[str, ...], room: float) -> bool:
    return _longest_word(cells) > room


def _longest_word(cells: tuple[str, ...]) -> float:
    """Millimetres of the longest ordinary word."""
    words = (run for cell in cells for run in _RUN.findall(cell) if len(run) <= 28)
    return max((_length(word, _SIZES["cell"] * 1.03) for word in words), default=0.0)


def _numeric(cells: tuple[str, ...]) -> bool:
    return any(any(map(str.isdigit, cell)) for cell in cells) and all(_NUMBER.fullmatch(cell) for cell in cells)


def _height(cells: list[str], rooms: list[float]) -> float:
    """Millimetres that a row takes, about."""
    size = _SIZES["cell"]
    lines = (
        sum(ceil(_length(line, size) / room * 1.1) or 1 for line in cell.split("\n"))
        for cell, room in zip(cells, rooms, strict=True)
    )
    return max(lines, default=0) * size * 1.6 * _POINT


def placed(path: Path, across: float, down: float) -> tuple[float, float, bool]:
    """Width and height in millimetres at which a PNG is placed in a room, and whether that is reduced.

    A numeric scale that is printed on a map holds at the natural size alone, so a picture
    is never enlarged. One that does not say its resolution has no such size and fills the room.

    Raises
    ------
    InputError
        If it is missing or is not a PNG.
    """
    pixels, density = _measured(path)
    if density is None:
        scale = min(across / pixels[0], down / pixels[1])
        return pixels[0] * scale, pixels[1] * scale, False
    wide, high = (1_000 * length / dense for length, dense in zip(pixels, density, strict=True))
    scale = min(across / wide, down / high)
    return (wide * scale, high * scale, True) if scale < _WHOLE else (wide, high, False)


def _measured(path: Path) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """Pixels of a PNG across and down, and how many go to the metre, where it says so."""
    try:
        with path.open("rb") as file:
            start = file.read(33)
            density = _density(file) if start.startswith(_PNG) else None
    except OSError:
        start, density = b"", None
    wide, high = _integers(start[16:24])
    if not start.startswith(_PNG) or not wide or not high:
        raise InputError(
            "a picture of the document is missing or is not a PNG",
            "文档的图片缺失或不是 PNG",
            file=path,
            remedy_en="draw the exhibit again",
            remedy_zh="请重新绘制该图",
        )
    return (wide, high), density


def _density(file: BinaryIO) -> tuple[int, int] | None:
    """What the chunk `pHYs` of a PNG says, which stands before the pixels."""
    while len(head := file.read(8)) == 8 and head[4:] != b"IDAT":
        length = int.from_bytes(head[:4], "big")
        if head[4:] == b"pHYs":
            held = file.read(9)
            across, down = _integers(held)
            return (across, down) if held[8:] == b"\1" and across and down else None
        file.seek(length + 4, os.SEEK_CUR)
    return None


def _integers(held: bytes) -> tuple[int, int]:
    return int.from_bytes(held[:4], "big"), int.from_bytes(held[4:8], "big")
