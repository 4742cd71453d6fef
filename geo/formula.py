r"""Text that a spreadsheet could run as a formula, in CSV (layer 1).

A cell that a spreadsheet could run as a formula gets a leading apostrophe. It could
where it begins with ``= + - @``, one of their full-width forms (a Chinese or Japanese
system may read them as the narrow ones), a tab, a carriage return or a line feed. A
number written as text (``-12.5``, ``+3``, ``-1e5``) is none and stays as it is.

So that reading takes the apostrophe off again, a text that itself begins with
apostrophes followed by one of these characters gets one too. Reading therefore removes
one leading apostrophe where what follows, past any further apostrophes, is one of
these characters, and else nothing.

Blanks before the sign need no guard: spreadsheets keep them and take such a cell for
text. Nor does a sign after a line break inside a cell, which is quoted.
"""

from __future__ import annotations

import re

FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
_GUARDED = re.compile(f"'*[{re.escape(FORMULA_STARTS)}]")
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
