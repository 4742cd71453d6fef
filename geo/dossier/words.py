"""The words of dossiers and reports: headings, sentences, names of columns.

They stand in `maps/dossier.yaml`, in Chinese and English; what a verdict says stands in
`maps/wording.yaml` and comes with the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from geo import wording
from geo.errors import Lang, one_line
from geo.settings import Settings
from geo.spelling import even_out
from geo.wording import Sentences

_FILE = "dossier.yaml"


@dataclass(frozen=True)
class Words:
    """The file's sentences by their path, such as ``site.title``."""

    sentences: Sentences

    @classmethod
    def load(cls, settings: Settings) -> Words:
        """Read the file, the user's own before the shipped one.

        Raises
        ------
        InputError
            If a file of the user's own lacks a sentence or has a slot that nothing fills.
        """
        return cls(wording.load(settings, _FILE))

    def say(self, key: str, lang: Lang, **values: object) -> str:
        """A sentence with its slots filled; values are never read as sentences."""
        return self.sentences.fill(lang, key, **values)

    def join(self, lang: Lang, said: Iterable[str], how: str = "list") -> str:
        """Words in a row: ``list``, ``and``, ``clause``, ``piece`` or ``sentence``."""
        return self.sentences.join(lang, how, said)

    def bodies(self, names: str | None, lang: Lang) -> str | None:
        """Names of departments, joined by 、, in the language; Chinese where the file has no other."""
        if names is None or lang == "zh":
            return names
        known: Mapping[str, str] = self.sentences.words.get("bodies") or {}
        return self.join(lang, (known.get(name, name) for name in names.split("、")), "clause")

    def own(self, fact: str, attributes: Mapping[str, object]) -> str | None:
        """What the user's own columns say of a fact; None where they do not.

        Parameters
        ----------
        fact : {"sub_district", "land_use", "chemical_park", "name_en"}
        attributes : mapping
            A row of the user's list by the names of its columns.
        """
        for name, value in attributes.items():
            if even_out(str(name)) in self._columns[fact]:
                said = shown(value)
                if said:
                    return said
        return None

    @cached_property
    def _columns(self) -> dict[str, frozenset[str]]:
        """Evened-out names of the user's columns by fact."""
        held: Mapping[str, list[str]] = self.sentences.words["columns"]
        return {fact: frozenset(even_out(name) for name in names) for fact, names in held.items()}


def shown(value: Any, length: int = 300) -> str:
    r"""A value of the user's as one line of text, cut, with nothing in it that steers a reader.

    >>> shown(" 沙井\n街道 "), shown(None), shown(float("nan")), shown("x" * 5, 3), shown(True)
    ('沙井 街道', '', '', 'xxx…', 'true')
    """
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT differ from themselves
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return one_line(" ".join(str(value).split()), length)
