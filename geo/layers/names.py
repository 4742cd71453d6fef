"""The names of layers: ids, titles, and the words that planners use."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches

from geo.errors import InputError
from geo.layers.lists import official_rows, shipped_rows, theme_rows
from geo.layers.model import NAME, Named
from geo.schema import Words
from geo.settings import Settings


def named(settings: Settings) -> dict[str, Named]:
    """Every layer that is known by name, there or not, by id."""
    held = [Named(one.id, one.title, tuple(one.aliases)) for one in shipped_rows(settings)]
    held += [Named(one.id, one.title, tuple(one.aliases), one.unit) for one in official_rows(settings)]
    held += [Named(one.id, one.title, tuple(one.aliases), theme=True) for one in theme_rows(settings)]
    return {one.id: one for one in held}


def resolve(word: str, settings: Settings) -> Named:
    """The layer that a word means: an id, known or new, or a known title or alias.

    Raises
    ------
    InputError
        If it is neither.
    """
    words = {
        _spelled(other): one
        for one in named(settings).values()
        for other in (one.id, one.title.zh, one.title.en, *one.aliases)
    }
    if _spelled(word) in words:
        return words[_spelled(word)]
    if re.fullmatch(NAME, word):
        return Named(word, Words(word, word))
    near = {words[one].id: words[one].title.zh for one in get_close_matches(_spelled(word), words, 3, 0.5)}
    guess_zh, guess_en = (
        (f"是否为 {'、'.join(near.values())}？", f"did you mean {', '.join(near)}? ") if near else ("", "")
    )
    raise InputError(
        "a layer's name is small letters, digits and hyphens, or a known Chinese name",
        "图层名称应为小写字母、数字和连字符，或已知的中文名称",
        value=word,
        remedy_en=f"{guess_en}parksite layers list shows the names",
        remedy_zh=f"{guess_zh}可用 parksite layers list 查看名称",
    )


def _spelled(word: str) -> str:
    """A name without width, case, blanks and hyphens; other marks count, so that no path passes for a name."""
    wide = unicodedata.normalize("NFKC", word).casefold()
    return "".join(mark for mark in wide if mark not in " -_")
