"""What a dossier or a report is made from: the answer of a check and what stands around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from geo.dossier.words import Words
from geo.errors import Lang
from geo.register import Register
from geo.schema import Site
from geo.wording import Sentences

Record = dict[str, Any]


@dataclass(frozen=True)
class Refused:
    """A row of the list that was not used: what names it, and why."""

    row: int
    label: str
    reason: str


@dataclass(frozen=True)
class Case:
    """One answered list, to be written about in one language.

    Attributes
    ----------
    register : Register
    document : dict
        The JSON of a check.
    sites : tuple of Site
        In the order of ``document["sites"]``; their attributes are the user's own columns.
    as_of : date
    lang : {"zh", "en"}
    words : Words
        Of `maps/dossier.yaml`.
    sentences : Sentences
        Of `maps/wording.yaml`, which say what a measure pays.
    pictures : mapping of str to Path
        By exhibit, ``site-sheet/<place in the list>`` or ``district-sheet/<id>``.
    captions : mapping of str to str
        Title of each picture in the language of the case.
    project, confidentiality, approval_number : str, optional
        From the settings.
    sample : bool
        Whether the sites are samples.
    source, digest : str
        Name and SHA-256 of the list.
    boundary_digest : str, optional
        SHA-256 of the user's own boundary layer.
    boundary_notes, remarks : tuple of (str, str)
        What is to be said of the boundaries, and of reading the list.
    refused : tuple of Refused
        Rows that were not used.
    ranking : mapping, optional
        The ranking document of a siting model, for the chapters on suitability.
    """

    register: Register
    document: Record
    sites: tuple[Site, ...]
    as_of: date
    lang: Lang
    words: Words
    sentences: Sentences
    pictures: Mapping[str, Path] = field(default_factory=dict)
    captions: Mapping[str, str] = field(default_factory=dict)
    project: str | None = None
    confidentiality: str | None = None
    approval_number: str | None = None
    sample: bool = False
    source: str = ""
    digest: str = ""
    boundary_digest: str | None = None
    boundary_notes: tuple[tuple[str, str], ...] = ()
    remarks: tuple[tuple[str, str], ...] = ()
    refused: tuple[Refused, ...] = ()
    ranking: Mapping[str, Any] | None = None

    @property
    def at(self) -> int:
        """Place of the language in a pair of Chinese and English."""
        return 0 if self.lang == "zh" else 1

    @cached_property
    def records(self) -> list[Record]:
        """The answers, one a site; in English with the English name, where the list has one."""
        records: list[Record] = self.document["sites"]
        if self.lang == "zh":
            return records
        english = [self.words.own("name_en", site.attributes) for site in self.sites]
        return [
            one | {"name": name, "name_given": one["name"]} if name else one
            for one, name in zip(records, english, strict=True)
        ]

    def say(self, key: str, **values: object) -> str:
        """A sentence of `maps/dossier.yaml` in the language of the case."""
        return self.words.say(key, self.lang, **values)

    def join(self, said: Any, how: str = "list") -> str:
        """Words in a row."""
        return self.words.join(self.lang, said, how)
