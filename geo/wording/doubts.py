"""Doubts of a place in words: the district itself, and what would follow if it were another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from geo.errors import Lang
from geo.join import Kind
from geo.register import Register
from geo.schema import DATUM_NAMES, FORCE_NAMES, MATCH_NAMES, OUTSIDE, Certainty, Force, Match
from geo.wording.sentences import Sentences

METRES, SHARES = "\0metres\0", "\0shares\0"  # where `complete` fills in
LANGS: tuple[Lang, Lang] = ("zh", "en")


class Situation(NamedTuple):
    """A place, and the verdicts that doubts of it allow.

    Attributes
    ----------
    alternatives : tuple of (str, Match, Force)
        The other areas that are possible.
    shifted : tuple of (str, str or None, Match, Force)
        Each datum in which an undeclared position would lie elsewhere, and the district there.
    accuracy_m : float or None
        Of the position; None where it is not known.
    loose : bool
        Whether the position may be off by more than its distance from the border.
    """

    kind: Kind
    alternatives: tuple[tuple[str, Match, Force], ...] = ()
    shifted: tuple[tuple[str, str | None, Match, Force], ...] = ()
    accuracy_m: float | None = 0.0
    loose: bool = False


def doubts(register: Register, sentences: Sentences, situation: Situation) -> dict[Lang, list[str]]:
    """What an explanation ends with; `complete` adds what only the one site knows."""
    return {lang: _Doubter(register, sentences, situation, lang).said() for lang in LANGS}


def whole_metres(distance_m: float | None) -> int:
    """A distance as sentences give it: of the one that stands beside them, with one decimal."""
    return round(round(distance_m or 0, 1))


def complete(
    register: Register,
    sentences: Sentences,
    said: Mapping[Lang, str],
    certainty: Certainty,
    distance_m: float | None,
    shares: Mapping[str, float],
) -> dict[Lang, str]:
    """The explanation with the site's own distance, or its own shares, where it speaks of them."""
    if certainty is Certainty.NEAR_BOUNDARY:
        metres = str(whole_metres(distance_m))
        return {lang: text.replace(METRES, metres) for lang, text in said.items()}
    if certainty is Certainty.STRADDLES:
        return {lang: said[lang].replace(SHARES, _shares(register, sentences, shares, lang)) for lang in LANGS}
    return dict(said)


def _shares(register: Register, sentences: Sentences, shares: Mapping[str, float], lang: Lang) -> str:
    pieces = (
        sentences.fill(lang, "doubt.share", place=area(register, sentences, one, lang), share=percent(share))
        for one, share in shares.items()
    )
    return sentences.join(lang, "list", pieces)


def area(register: Register, sentences: Sentences, one: str | None, lang: Lang) -> str:
    """Name of a district, or the word for outside."""
    if one is None or one == OUTSIDE:
        return sentences.fill(lang, "outside_area")
    place = register.places[one]
    return place.zh if lang == "zh" else place.en


class _Doubter:
    """Writes the doubts of a place in one language."""

    def __init__(self, register: Register, sentences: Sentences, situation: Situation, lang: Lang) -> None:
        self.register, self.situation, self.lang = register, situation, lang
        self._sentences, self._at = sentences, 0 if lang == "zh" else 1

    def said(self) -> list[str]:
        return [one for one in (self._doubt(), self._other_verdicts(), self._undeclared()) if one]

    def _fill(self, name: str, **slots: object) -> str:
        return self._sentences.fill(self.lang, name, **slots)

    def _area(self, one: str | None) -> str:
        return area(self.register, self._sentences, one, self.lang)

    def _doubt(self) -> str:
        """Doubt about the district itself."""
        kind, accuracy_m = self.situation.kind, self.situation.accuracy_m
        if kind.certainty in (Certainty.CERTAIN, Certainty.OUTSIDE):
            return ""
        if kind.certainty is Certainty.STRADDLES:
            name = "straddles" if kind.district is None else "straddles_largest"
            return self._fill(f"doubt.{name}", shares=SHARES, place=self._area(kind.district))
        places = self._sentences.join(self.lang, "or", map(self._area, kind.possible))
        if not self.situation.loose:
            return self._fill("doubt.boundary", metres=METRES, places=places)
        if accuracy_m is None:
            known = self._fill("doubt.accuracy_unknown")
        else:
            known = self._fill("doubt.accuracy", accuracy=f"{accuracy_m:g}")
        return self._fill("doubt.position", metres=METRES, accuracy=known, places=places)

    def _other_verdicts(self) -> str:
        """What the verdict would be in the other possible areas."""
        said = [
            self._fill(
                "alternative.outside" if one == OUTSIDE else "alternative.inside",
                place=self._area(one),
                verdict=self._short(match, force),
            )
            for one, match, force in self.situation.alternatives
        ]
        if not said:
            return ""
        return self._fill("alternative.said", verdicts=capital(self._sentences.join(self.lang, "clause", said)))

    def _short(self, match: Match, force: Force) -> str:
        """Match and force in a few words."""
        kind = "match" if force is Force.NONE else "force"
        return self._fill(f"short.{kind}", match=MATCH_NAMES[match][self._at], force=FORCE_NAMES[force][self._at])

    def _undeclared(self) -> str:
        """Where the position would lie if it were in a datum of the web maps."""
        said = [
            self._fill(
                "undeclared.outside" if district is None else "undeclared.inside",
                datum=DATUM_NAMES[datum],
                place=self._area(district),
                verdict=self._short(match, force),
            )
            for datum, district, match, force in self.situation.shifted
        ]
        if not said:
            return ""
        return self._fill("undeclared.said", verdicts=self._sentences.join(self.lang, "clause", said))


def capital(text: str) -> str:
    """Text with a capital to begin with."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """A share with as many decimals as it takes not to show 0 % or 100 %.

    >>> percent(0.25), percent(0.9996), percent(0.00002)
    ('25 %', '99.96 %', '0.002 %')
    """
    for digits in range(6):
        shown = f"{100 * share:.{digits}f}"
        if share in (0.0, 1.0) or float(shown) not in (0.0, 100.0):
            return f"{shown} %"
    return f"{100 * share:g} %"
