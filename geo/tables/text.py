r"""CSV (RFC 4180) in UTF-8, safe to open in a spreadsheet.

A cell that a spreadsheet could run as a formula gets a leading apostrophe. It could
where it begins with ``= + - @``, one of their full-width forms (a Chinese or Japanese
system may read them as the narrow ones), a tab, a carriage return or a line feed. A
number written as text (``-12.5``, ``+3``, ``-1e5``) is none and stays as it is.

So that a reader can take the apostrophe off again, a text that itself begins with
apostrophes followed by one of these characters gets one too. A reader therefore
removes one leading apostrophe where what follows, past any further apostrophes, is
one of these characters, and else nothing (`bare`).

Blanks before the sign need no guard: spreadsheets keep them and take such a cell for
text. Nor does a sign after a line break inside a cell, which is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geo.tables.values import plain, words

Record = dict[str, Any]
FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
_GUARDED = re.compile(f"'*[{re.escape(FORMULA_STARTS)}]")
QUOTE = '"'
_QUOTED = re.compile(r'[",\r\n]|^\s')
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def harmless(value: object) -> object:
    """A cell with a leading apostrophe where a spreadsheet could take it for a formula.

    >>> harmless("=1+1"), harmless("-12.5"), harmless("光刻胶"), harmless("'=1"), harmless("'t")
    ("'=1+1", '-12.5', '光刻胶', "''=1", "'t")
    """
    if not isinstance(value, str) or not _GUARDED.match(value) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}"


def bare(text: str) -> str:
    """A cell without the apostrophe of `harmless`.

    >>> [bare(str(harmless(text))) for text in ("=1+1", "-12.5", "''=1", "'t", "''")]
    ['=1+1', '-12.5', "''=1", "'t", "''"]
    """
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def csv_text(columns: Sequence[str], flat: Sequence[Record], *, bom: bool = False) -> str:
    """Rows as CSV text; with `bom` it begins with a byte-order mark, by which Excel knows UTF-8."""
    lines = [[_cell(name) for name in columns], *([_cell(row.get(name)) for name in columns] for row in flat)]
    return ("\ufeff" if bom else "") + "".join(f"{','.join(cells)}\r\n" for cells in lines)


def _cell(value: Any) -> str:
    """A cell as RFC 4180 has it; in quotes too where a blank at its start could be taken for layout."""
    text = str(harmless(words(plain(value)) or ""))
    return f'"{text.replace(QUOTE, QUOTE * 2)}"' if _QUOTED.search(text) else text


def write_csv(path: Path, columns: Sequence[str], flat: Sequence[Record], *, bom: bool = True) -> None:
    """Write rows as CSV in UTF-8."""
    path.write_text(csv_text(columns, flat, bom=bom), encoding="utf-8", newline="")
