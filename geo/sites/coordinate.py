"""A coordinate as people write it: decimals, degrees-minutes-seconds, full-width digits."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Literal

from geo.errors import RowError

Axis = Literal["lon", "lat"]

_SIDES: dict[str, tuple[Axis, int]] = {
    "E": ("lon", 1), "W": ("lon", -1), "N": ("lat", 1), "S": ("lat", -1),
    "东经": ("lon", 1), "西经": ("lon", -1), "北纬": ("lat", 1), "南纬": ("lat", -1),
}  # fmt: skip
_SIDE = "东经|西经|北纬|南纬|[EWNS]"
_NUMBER = r"\d+(?:\.\d*)?|\.\d+"
_SEXAGESIMAL = re.compile(
    rf"(?P<sign>[-+]?)(?P<degrees>{_NUMBER})\s*(?:°|度|º|:|\s)\s*"
    rf"(?:(?P<minutes>{_NUMBER})\s*(?:'|分|:|\s|$)\s*)?"
    rf"(?:(?P<seconds>{_NUMBER})\s*(?:\"|''|秒|$)?)?"
)
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_MARKS = str.maketrans({"′": "'", "’": "'", "‘": "'", "´": "'", "″": '"', "”": '"', "“": '"', "−": "-", "˚": "°"})


def read_coordinate(value: object) -> tuple[float, Axis | None]:
    """A coordinate and, where a hemisphere is written, the axis that it belongs to.

    Parameters
    ----------
    value : number or str
        Decimal degrees or metres, or degrees-minutes-seconds text; full-width digits
        and grouped thousands (``2,494,242.6``) are understood.

    Raises
    ------
    RowError
        If it is missing, no finite number, or minutes or seconds reach 60.

    Examples
    --------
    >>> read_coordinate("113°50′42″E")
    (113.845, 'lon')
    >>> read_coordinate("１１３．８５")[0], read_coordinate("北纬22度42分")
    (113.85, (22.7, 'lat'))
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _finite(float(value), value), None
    text = unicodedata.normalize("NFKC", str("" if value is None else value).translate(_MARKS)).translate(_MARKS)
    text = text.strip()
    if not text:
        raise RowError(
            "the coordinate is missing", "缺少坐标", remedy_en="fill in decimal degrees", remedy_zh="请填写十进制度"
        )
    bare, axis, sign = _side(text)
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    try:
        return sign * _finite(float(bare.rstrip("°度º").replace("_", "?")), value), axis
    except ValueError:
        return sign * _degrees(bare, value), axis


def _side(text: str) -> tuple[str, Axis | None, int]:
    """The text without the hemisphere at its start or end."""
    for pattern in (rf"^({_SIDE})(.*)$", rf"^(.*?)({_SIDE})$"):
        found = re.fullmatch(pattern, text, re.IGNORECASE | re.DOTALL)
        if found:
            side, rest = sorted(found.groups(), key=lambda part: part.upper() not in _SIDES)
            axis, sign = _SIDES[side.upper()]
            return rest.strip(" :："), axis, sign
    return text, None, 1


def _degrees(text: str, value: object) -> float:
    """Degrees, minutes and seconds as degrees."""
    found = _SEXAGESIMAL.fullmatch(text)
    if not found:
        raise _no_number(value)
    degrees, minutes, seconds = (float(found[name] or 0) for name in ("degrees", "minutes", "seconds"))
    if minutes >= 60 or seconds >= 60 or (degrees % 1 and (minutes or seconds)):
        raise RowError(
            "minutes and seconds must be below 60",
            "分、秒应小于 60",
            value=value,
            remedy_en="write 113°50′42″ or decimal degrees",
            remedy_zh="请写成 113°50′42″ 或十进制度",
        )
    return (-1 if found["sign"] == "-" else 1) * (degrees + minutes / 60 + seconds / 3600)


def _finite(number: float, value: object) -> float:
    if not math.isfinite(number):
        raise _no_number(value)
    return number


def _no_number(value: object) -> RowError:
    return RowError(
        "the coordinate is not a number",
        "坐标不是数字",
        value=value,
        remedy_en="fill in decimal degrees, degrees-minutes-seconds such as 113°50′42″, or metres",
        remedy_zh="请填写十进制度、度分秒（如 113°50′42″）或米制坐标",
    )
