"""CSV (RFC 4180) in UTF-8, safe to open in a spreadsheet; see `geo.formula`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geo.formula import harmless
from geo.tables.values import plain, words

Record = dict[str, Any]
QUOTE = '"'
_QUOTED = re.compile(r'[",\r\n]|^\s')


def csv_text(columns: Sequence[str], flat: Sequence[Record], *, bom: bool = False) -> str:
    """Rows as CSV text; with `bom` it begins with a byte-order mark, by which Excel knows UTF-8."""
    lines = [[cell_text(name) for name in columns], *([cell_text(row.get(name)) for name in columns] for row in flat)]
    return ("\ufeff" if bom else "") + "".join(f"{','.join(cells)}\r\n" for cells in lines)


def cell_text(value: Any) -> str:
    """A cell as RFC 4180 has it; in quotes too where a blank at its start could be taken for layout."""
    text = str(harmless(words(plain(value)) or ""))
    return f'"{text.replace(QUOTE, QUOTE * 2)}"' if _QUOTED.search(text) else text


def write_csv(path: Path, columns: Sequence[str], flat: Sequence[Record], *, bom: bool = True) -> None:
    """Write rows as CSV in UTF-8."""
    path.write_text(csv_text(columns, flat, bom=bom), encoding="utf-8", newline="")
