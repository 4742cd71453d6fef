"""Columns of a file as arrays: numbers as float, all else as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")


def column(values: Sequence[object]) -> NDArray[Any]:
    """Values of one column: float with NaN for none where all are numbers, else text with "" for none.

    Text that reads as numbers becomes numbers, but codes with a leading zero stay text.

    Examples
    --------
    >>> column(["500", "", "0.5"]).tolist(), column(["0755", "1"]).tolist(), column([True, None]).tolist()
    ([500.0, nan, 0.5], ['0755', '1'], ['true', ''])
    """
    held = [None if one is None or (isinstance(one, str) and not one.strip()) else one for one in values]
    stated = [one for one in held if one is not None]
    if stated and all(_is_number(one) for one in stated):
        return np.array([np.nan if one is None else float(str(one)) for one in held], dtype=np.float64)
    return np.array([_text(one) for one in held], dtype=object)


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return _NUMBER.fullmatch(value.strip()) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
