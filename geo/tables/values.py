"""Values of attributes as every format can hold them.

A cell is None, a truth value, a whole number, a finite number, text, a date, a point
in time, or a list or mapping of these (GeoJSON has such). Whatever a reader gives
beyond that becomes text. Text keeps every character but two kinds that some format
cannot hold: NUL and lone surrogates, which become U+FFFD.
"""

from __future__ import annotations

import json
import math
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    r"""Text without NUL and lone surrogates, which become U+FFFD.

    >>> clean("a\x00b") == clean("a\ud800b") == "a\ufffdb"
    True
    """
    return text if text.isprintable() else _UNWRITABLE.sub("\ufffd", text)  # neither can be printed


def plain(value: Any) -> Any:
    r"""A cell as one of the kinds above; NaN and its like are None, infinity is text.

    >>> import numpy as np
    >>> plain(np.int64(3)), plain(float("nan")), plain(float("inf")), plain(b"\x01"), plain((1, {"a": None}))
    (3, None, 'inf', '01', [1, {'a': None}])
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean(str(value))
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _finite(float(value))
    if isinstance(value, date):
        return value if value == value else None  # noqa: PLR0124 - NaT differs from itself
    if isinstance(value, dict):
        return {clean(str(name)): plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return _foreign(value)


def _finite(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else str(value)


def _foreign(value: Any) -> Any:
    """A value of another library as a cell."""
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, Decimal):
        if value.is_nan():
            return None
        return int(value) if value == value.to_integral_value() and abs(value) < 10**18 else str(value)
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    item = getattr(value, "item", None)  # a numpy scalar
    if callable(item) and getattr(value, "ndim", 1) == 0:
        unpacked = item()
        if type(unpacked) is not type(value):
            return plain(unpacked)
    listed = getattr(value, "tolist", None)
    if callable(listed):
        return plain(listed())
    return clean(str(value))


def words(value: Any) -> str | None:
    """A cell as text: true and false, dates as in ISO 8601, lists as JSON.

    >>> words(True), words(1.0), words(date(2026, 11, 22)), words(["a", 1]), words(None)
    ('true', '1.0', '2026-11-22', '["a", 1]', None)
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=words)
    return repr(value)


def in_json(value: Any) -> Any:
    """A cell as JSON holds it: dates become text."""
    if isinstance(value, list):
        return [in_json(each) for each in value]
    if isinstance(value, dict):
        return {name: in_json(each) for name, each in value.items()}
    return words(value) if isinstance(value, date) else value


def is_moment(value: Any) -> bool:
    """Whether a cell is a point in time that formats can hold as one.

    It may not be finer than a millisecond, nor may its offset be finer than a minute.
    """
    if not isinstance(value, datetime) or value.microsecond % 1000 or getattr(value, "nanosecond", 0):
        return False
    offset = value.utcoffset()
    return offset is None or offset.total_seconds() % 60 == 0
