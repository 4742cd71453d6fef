"""How words are compared (layer 1)."""

from __future__ import annotations

import unicodedata


def even_out(text: str) -> str:
    """Spelling without width, case, blanks and punctuation.

    Examples
    --------
    >>> even_out("Ｏ-L E D 材料")
    'oled材料'
    """
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in wide if mark.isalnum())
