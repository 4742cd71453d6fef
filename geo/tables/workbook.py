"""The workbook: sheet 选址核对 with the rows, sheet 说明 with the sources.

Cells are typed: numbers, truth values and dates as such, text as text, so that nothing
runs as a formula and no apostrophe is needed. A spreadsheet holds less than other
formats; what it cannot hold is written so that the file opens and the loss shows:

- text is cut at 32,767 characters, with a mark;
- line breaks are line feeds, as in any cell;
- control characters, which XML forbids, become U+FFFD;
- whole numbers of more than 15 digits, numbers beyond its range, dates before 1 March 1900 (spreadsheets
  disagree on them) and points in time with a zone are text; other numbers keep 16 digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from geo.formula import FORMULA_STARTS
from geo.tables.notes import NOTES, Note
from geo.tables.values import clean, is_moment, plain, words

Record = dict[str, Any]
SHEET, ABOUT = "选址核对", "说明"
LONGEST = 32_767
CUT = "…（单元格放不下，已截断；全文见 CSV / cut to fit the cell, whole in the CSV）"
_FORBIDDEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FIRST_DAY = date(1900, 3, 1)
_DIGITS = 10**15
_SMALLEST, _LARGEST = 2.3e-308, 9.99e307  # beyond these a spreadsheet has no numbers
_WIDE = {
    "explanation_zh": 60, "explanation_en": 60, "support": 40, "elsewhere": 40, "notes_zh": 40, "notes_en": 40,
    "role_zh": 30, "role_en": 30, "name": 18,
}  # fmt: skip


def write_xlsx(path: Path, columns: Sequence[str], flat: Sequence[Record], document: Record) -> None:
    """Write the workbook; the header stays in view, can be filtered and explains our columns."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": str(path.parent),
        },
    )
    book.set_properties({"created": datetime.fromisoformat(document["as_of"]), "title": "parksite"})
    looks = _looks(book)
    sheet = book.add_worksheet(SHEET)
    sheet.freeze_panes(1, 2)
    sheet.set_comments_author("parksite")
    for at, name in enumerate(columns):
        sheet.set_column(at, at, _WIDE.get(name, 14))
        sheet.write_string(0, at, cell_text(str(name)), looks["head"])
        if name in NOTES["sites"]:
            sheet.write_comment(0, at, comment(NOTES["sites"][name]), {"width": 260, "height": 130, "font_size": 9})
    for number, row in enumerate(flat, start=1):
        for at, name in enumerate(columns):
            write_cell(sheet, number, at, plain(row.get(name)), looks, wide=name in _WIDE)
    sheet.autofilter(0, 0, len(flat), len(columns) - 1)
    _write_about(book.add_worksheet(ABOUT), document, looks)
    book.close()


def comment(note: Note) -> str:
    """The words of a header cell's comment."""
    unit = f"\n单位 unit: {note.unit}" if note.unit else ""
    return f"{note.label}：{note.zh}。\n{note.en}.{unit}".replace("`", "")


def cell_text(text: str) -> str:
    r"""Text as a cell can hold it.

    >>> cell_text("a\r\nb\x0bc")
    'a\r\nb�c'
    >>> len(cell_text("深" * 40_000)), cell_text("深" * 40_000).endswith(CUT)
    (32767, True)
    """
    text = _FORBIDDEN.sub("\ufffd", clean(text))
    if _units(text) <= LONGEST:
        return text
    room = LONGEST - _units(CUT)
    kept = text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", errors="ignore")
    return kept + CUT


def _units(text: str) -> int:
    """Length as a spreadsheet counts it: a character beyond the first plane counts twice."""
    return len(text.encode("utf-16-le")) // 2


def _looks(book: Any) -> dict[str, Any]:
    """Formats of the cells; `quoted` keeps a text that is edited from becoming a formula."""
    top = {"valign": "top"}
    return {
        "head": book.add_format(
            {"bold": True, "bg_color": "#1f3a4d", "font_color": "#ffffff", "valign": "vcenter", "border": 1}
        ),
        "plain": book.add_format(top),
        "wide": book.add_format({**top, "text_wrap": True}),
        "quoted": book.add_format({**top, "quote_prefix": True}),
        "day": book.add_format({**top, "num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({**top, "num_format": "yyyy-mm-dd hh:mm:ss"}),
    }


def write_cell(sheet: Any, row: int, at: int, value: Any, looks: dict[str, Any], *, wide: bool) -> None:
    """One cell by the type of its value."""
    if value is None or value == "":
        sheet.write_blank(row, at, None, looks["plain"])
    elif isinstance(value, bool):
        sheet.write_boolean(row, at, value, looks["plain"])
    elif _is_cell_number(value):
        sheet.write_number(row, at, value, looks["plain"])
    elif _is_cell_date(value):
        sheet.write_datetime(row, at, value, looks["moment" if isinstance(value, datetime) else "day"])
    else:
        text = cell_text(words(value) or "")
        look = "quoted" if text.startswith(tuple(FORMULA_STARTS)) else "wide" if wide else "plain"
        sheet.write_string(row, at, text, looks[look])


def _is_cell_number(value: Any) -> bool:
    """Whether a value is a number that a spreadsheet holds."""
    if isinstance(value, float):
        return value == 0 or _SMALLEST <= abs(value) <= _LARGEST
    return isinstance(value, int) and abs(value) < _DIGITS


def _is_cell_date(value: Any) -> bool:
    """Whether a value is a date that every spreadsheet shows as the same day."""
    if isinstance(value, datetime):
        return is_moment(value) and value.tzinfo is None and value.date() >= _FIRST_DAY
    return isinstance(value, date) and value >= _FIRST_DAY


def _write_about(sheet: Any, document: Record, looks: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 110)
    for number, (label, value) in enumerate(_about(document)):
        sheet.write_string(number, 0, label, looks["head"])
        sheet.write_string(number, 1, cell_text(str(value)), looks["wide"])


def _about(document: Record) -> list[tuple[str, str]]:
    bounds = document["boundaries"]
    sample = any(record.get("sample") for record in document["sites"])
    return [
        ("基准日 As of", document["as_of"]),
        ("登记册 Register", f"{document['register']['version']}（known to {document['register']['known_to']}）"),
        ("边界 Boundaries", f"{bounds['source']}; {bounds['vintage']}; {bounds['datum']}"),
        ("第二界线 Second opinion", bounds["second_source"] or "—"),
        ("近似界线 Approximate", "、".join(bounds["approximate"]) or "—"),
        ("示例数据 Sample data", "含示例选址点，非真实项目 / sample sites, no real projects" if sample else "—"),
    ]
