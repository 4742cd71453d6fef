"""Values of attributes as plain Python values, and text that no later step chokes on."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from geo.sources.layer import Note

_SURROGATE = re.compile("[\ud800-\udfff]")


_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00:00(?:\.0+)?(?:Z|[+-]\d\d(?::?\d\d)?)?")


def days(moments: Sequence[object]) -> list[object]:
    """Moments of a column as days, if all of them are at midnight.

    Examples
    --------
    >>> days(["2024-03-05T00:00:00Z", None]), days(["2024-03-05T08:30:00"])
    (['2024-03-05', None], ['2024-03-05T08:30:00'])
    """
    matches = [None if one is None else _MIDNIGHT.fullmatch(str(one)) for one in moments]
    if any(match is None and one is not None for match, one in zip(matches, moments, strict=True)):
        return list(moments)
    return [None if match is None else match.group(1) for match in matches]


@dataclass
class Washer:
    """Takes out of text what cannot be written again, and counts it for a note."""

    nul: int = 0
    broken: int = 0
    cut: int = 0

    def text(self, text: str) -> str:
        """Text without NUL characters and halves of characters."""
        if "\0" in text:
            self.nul += 1
            text = text.replace("\0", "")
        if _SURROGATE.search(text):
            text = _SURROGATE.sub("\ufffd", text)
        self.broken += "\ufffd" in text
        return text

    def plain(self, value: Any) -> object:
        """A value of any library as text, number, truth value or None."""
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        if isinstance(value, datetime | date | time):
            return value.isoformat()
        if isinstance(value, bytes):
            return value.hex()
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        if isinstance(value, list | tuple | Mapping):
            return self.text(json.dumps(value, ensure_ascii=False, default=str))
        return self.text(str(value))

    def notes(self) -> tuple[Note, ...]:
        """What was taken out."""
        said = (
            (self.nul, "处文字含空字符，已去除。", "texts held NUL characters, which were taken out."),
            (
                self.broken,
                "处文字含无法识别的字符，以 \ufffd 代替。",
                "texts hold characters that cannot be read (\ufffd).",
            ),
            (self.cut, "处文字在字段宽度处截断。", "texts were cut at the width of their field."),
        )
        return tuple((f"{count} {zh}", f"{count} {en}") for count, zh, en in said if count)
