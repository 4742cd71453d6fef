"""Words and colours of a ranking's tables, in both languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Literal

from geo.schema import FORCE_NAMES, MATCH_NAMES, Force, Match
from geo.symbology import Swatch, Symbology

Record = dict[str, Any]
Lang = Literal["zh", "en"]

# The words of ``maps/ranking.yaml``; a test holds these to them.
RESULT_NAMES: dict[str, tuple[str, str]] = {
    "pass": ("符合", "pass"),
    "fail": ("不符合", "fail"),
    "requires_assessment": ("需论证", "requires assessment"),
    "not_assessed": ("未评估", "not assessed"),
}
STATUS_NAMES: dict[str, tuple[str, str]] = {
    "eligible": ("合格", "eligible"),
    "open": ("待定", "open"),
    "excluded": ("排除", "excluded"),
}
INTERVAL_NAMES: dict[str, tuple[str, str]] = {
    "exact": ("解析计算", "exact"),
    "sampled": ("随机抽样", "from random draws"),
}
MARKS: tuple[str, str] = ("※", "*")  # of what a person overrode
# Classes of a site list that look as these should: no new colours beside the map's.
_LIKE_RESULT = {
    "pass": "designated", "fail": "elsewhere", "requires_assessment": "stage_elsewhere", "not_assessed": "silent",
}  # fmt: skip
_LIKE_STATUS = {"eligible": "designated", "open": "not_asked", "excluded": "elsewhere"}


def pick(pair: tuple[str, str], lang: Lang) -> str:
    """The words of one language.

    >>> pick(RESULT_NAMES["fail"], "en")
    'fail'
    """
    return pair[0] if lang == "zh" else pair[1]


def told(record: Mapping[str, Any], name: str, lang: Lang) -> str:
    """The field `name` of a record in one language, "" where there is none."""
    return str(record.get(f"{name}_{lang}") or "")


def said(record: Mapping[str, Any], lang: Lang) -> str:
    """The words of a record whose keys are the languages."""
    return str(record.get(lang) or "")


def number(value: float | None, digits: int = 3) -> str:
    """A number for reading: no more decimals than asked, none for its own sake.

    >>> number(0.58067499), number(350.0), number(None), number(-0.0001), number(1234567.0)
    ('0.581', '350', '', '0', '1234567')
    """
    if value is None:
        return ""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def score(value: float | None) -> str:
    """A score as people compare it: three decimals.

    >>> score(0.5), score(None)
    ('0.500', '')
    """
    return "" if value is None else f"{value:.3f}"


def quantity(value: float | str | None, unit: str) -> str:
    """A measured value with its unit; lengths in whole metres.

    >>> quantity(350.2, "m"), quantity(6.25, "ha"), quantity("designated/in_force", ""), quantity(12.5, "%")
    ('350 m', '6.25 ha', 'designated/in_force', '12.5%')
    """
    if value is None:
        return ""
    text = value if isinstance(value, str) else number(value, 0 if unit == "m" and abs(value) >= 10 else 2)
    return f"{text}{unit}" if unit == "%" else f"{text} {unit}".rstrip()


def value_words(value: str, lang: Lang) -> str:
    """A value that is text; what the check of the role said (``match/force``) in words.

    >>> value_words("elsewhere/lapsed", "zh"), value_words("designated/none", "en"), value_words("A/B", "en")
    ('领域指定给其他区（已到期）', 'designated', 'A/B')
    """
    match, _, force = value.partition("/")
    if match not in list(Match) or force not in list(Force):
        return value
    words = pick(MATCH_NAMES[Match(match)], lang)
    if force == Force.NONE:
        return words
    return words + bracketed(pick(FORCE_NAMES[Force(force)], lang), lang)


def bracketed(words: str, lang: Lang) -> str:
    """Words in brackets after others, "" for none.

    >>> bracketed("盐田港", "zh"), bracketed("Yantian", "en"), bracketed("", "en")
    ('（盐田港）', ' (Yantian)', '')
    """
    if not words:
        return ""
    return f"（{words}）" if lang == "zh" else f" ({words})"


def width(words: str) -> int:
    """Columns that words take on a screen: two for a wide character, none for a mark upon another.

    >>> width("选址A"), width("é")
    (5, 1)
    """
    return sum(
        0 if unicodedata.combining(mark) else 2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in words
    )


def evened(value: Any) -> Any:
    """A number without the noise beyond its twelfth digit; anything else as it is.

    >>> evened(0.5806749999999999), evened("a"), evened(3)
    (0.580675, 'a', 3)
    """
    return float(f"{value:.12g}") if isinstance(value, float) else value


def result_swatches(palette: Symbology) -> dict[str, Swatch]:
    """Class of each result of a constraint."""
    return _swatches(palette, RESULT_NAMES, _LIKE_RESULT)


def status_swatches(palette: Symbology) -> dict[str, Swatch]:
    """Class of each status of a site."""
    return _swatches(palette, STATUS_NAMES, _LIKE_STATUS)


def _swatches(palette: Symbology, names: dict[str, tuple[str, str]], like: dict[str, str]) -> dict[str, Swatch]:
    match = {one.id: one for one in palette.match_classes()}
    return {
        name: Swatch(name, *words, match[like[name]].colour, symbol=match[like[name]].symbol)
        for name, words in names.items()
    }
