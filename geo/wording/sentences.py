"""Sentences in Chinese and English that stand in a file below `maps/`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo import __version__, sources
from geo.errors import InputError, Lang
from geo.settings import Settings
from geo.sources.cache import Entry

_RECIPE = "1"  # raise when what is kept of a file changes
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Sentences:
    """The sentences of a file, such as `maps/wording.yaml`, which command line and map both fill.

    Attributes
    ----------
    words : dict
        The file as it stands.
    flat : dict of str to dict
        Sentence by its path, such as ``silent.field``, then by language.
    """

    words: dict[str, Any]
    flat: dict[str, dict[str, str]]

    def fill(self, lang: Lang, name: str, /, **slots: object) -> str:
        """A sentence with its slots filled."""
        return self.flat[name][lang].format_map(slots)

    def join(self, lang: Lang, how: str, said: Iterable[str]) -> str:
        """Words in a row: ``and``, ``or``, ``list``, ``piece``, ``clause`` or ``sentence``."""
        return self.flat[f"join.{how}"][lang].join(said)


def load(settings: Settings, name: str = "wording.yaml") -> Sentences:
    """Read the sentences of a file below `maps/`.

    Raises
    ------
    InputError
        If a file of the user's own lacks a sentence or has a slot that nothing fills.
    """
    path, shipped = settings.maps_file(name), settings.maps / name
    kept = entry(settings, name)
    held = kept.read()
    if held is not None and _fit(held[0]):
        return Sentences(held[0], _flat(held[0]))
    words = sources.read_yaml(path)
    flat = _flat(words)
    if path != shipped:
        _refuse_unfit(flat, _flat(sources.read_yaml(shipped)), path)
    if _fit(words):
        kept.write(words)
    return Sentences(words, flat)


def entry(settings: Settings, name: str) -> Entry:
    """Where the sentences of a file are kept once they have been read and checked."""
    digests = [sources.digest(path) for path in (settings.maps_file(name), settings.maps / name)]
    return Entry(settings.cache, "wording", [_RECIPE, __version__, *digests])


def _fit(words: Any) -> bool:
    """Whether there are only mappings of sentences, without braces but those of slots."""
    return isinstance(words, dict) and all(
        isinstance(key, str) and (not {*"{}"} & {*_SLOT.sub("", each)} if isinstance(each, str) else _fit(each))
        for key, each in words.items()
    )


def _flat(words: Any, path: str = "") -> dict[str, dict[str, str]]:
    """Sentences by their path."""
    if not isinstance(words, dict):
        return {}
    if words.keys() == {"zh", "en"} and all(isinstance(one, str) for one in words.values()):
        return {path: words}
    return {name: one for key, each in words.items() for name, one in _flat(each, f"{path}.{key}".strip(".")).items()}


def _refuse_unfit(flat: dict[str, dict[str, str]], shipped: dict[str, dict[str, str]], path: Path) -> None:
    """Raise unless every shipped sentence is there with known slots and no other braces."""
    for name, pair in shipped.items():
        known = {slot for one in pair.values() for slot in _SLOT.findall(one)}
        own = flat.get(name)
        if own is None or any(
            set(_SLOT.findall(one)) - known or set(_SLOT.sub("", one)) & {*"{}"} for one in own.values()
        ):
            slots = ", ".join(f"{{{slot}}}" for slot in sorted(known)) or "—"
            raise InputError(
                f"the sentence {name} is missing or uses a slot that nothing fills",
                f"句子 {name} 缺失，或使用了无人填写的位置",
                file=path,
                value=name,
                remedy_en=f"give zh and en; slots: {slots}",
                remedy_zh=f"请给出 zh 和 en；可用位置：{slots}",
            )
