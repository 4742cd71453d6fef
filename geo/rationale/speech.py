"""Words and numbers of a ranking in both languages (layer 7)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from geo.errors import Lang
from geo.schema import Words
from geo.wording import Sentences

LANGS: tuple[Lang, Lang] = ("zh", "en")


@dataclass(frozen=True)
class Speech:
    """Fills the sentences of `maps/ranking.yaml`."""

    sentences: Sentences

    def say(self, name: str, /, **slots: object) -> Words:
        """A sentence in both languages; a slot given as `Words` takes the language's own."""
        zh, en = (
            self.sentences.fill(lang, name, **{key: _in(one, lang) for key, one in slots.items()}) for lang in LANGS
        )
        return Words(zh, en)

    def join(self, said: Iterable[Words], how: str = "list") -> Words:
        """Words in a row."""
        listed = list(said)
        zh, en = (self.sentences.join(lang, how, [_in(one, lang) for one in listed]) for lang in LANGS)
        return Words(zh, en)

    def limits(self, least: float | None, most: float | None, unit: str) -> Words:
        """At least so much, at most so much, or both."""
        said = []
        if least is not None:
            said.append(self.say("threshold.least", value=number(least), unit=spaced(unit)))
        if most is not None:
            said.append(self.say("threshold.most", value=number(most), unit=spaced(unit)))
        between = self.say("threshold.range")
        return Words(between.zh.join(one.zh for one in said), between.en.join(one.en for one in said))


def _in(one: object, lang: Lang) -> str:
    if isinstance(one, Words):
        return one.zh if lang == "zh" else one.en
    return str(one)


def number(value: float) -> str:
    """A number as a person reads it: four digits that count, thousands parted.

    >>> number(12345.678), number(0.123456), number(5.0)
    ('12,346', '0.1235', '5')
    """
    if not math.isfinite(value):
        return "—"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}" if abs(value) >= 1e-4 or value == 0 else f"{value:.1e}"


def finite(value: float) -> float | None:
    """A number as JSON has it, None where there is none."""
    return float(value) if math.isfinite(value) else None


def rounded_up(value: float) -> str:
    """An amount that is enough once rounded.

    >>> rounded_up(150.0), rounded_up(0.01234), rounded_up(12345.2)
    ('150', '0.0124', '12,346')
    """
    if value <= 0 or not math.isfinite(value):
        return number(value)
    step = 10.0 ** (math.floor(math.log10(value)) - 2) if value < 100 else 1.0
    return number(math.ceil(value / step - 1e-3) * step)


def spaced(unit: str) -> str:
    """A unit as it follows a number."""
    return f" {unit}" if unit and unit != "%" else unit


def score(value: float) -> str:
    """A score, to four places."""
    return f"{value:.4f}"


def percent(value: float) -> str:
    """A share in percent, to one place."""
    return f"{100 * value:.1f}%"
