"""What dossiers are written about, as the call names it, and how their files are called (layer 9).

A word is the id of a site or the id or name of a district. Where it is both, it is the
site; ``site:ID`` and ``district:ID`` say which. ``all`` is every site of the list and
every district.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from geo.errors import InputError, UnknownTerm, one_line
from geo.pipeline.context import Checked, Context
from geo.register import Register
from geo.schema import DISTRICTS

MOST = 100  # dossiers of one call; each has maps to be drawn
_UNSAFE = re.compile(r"[^\w.-]+")
_STEM = 60  # characters of an id that a file's name keeps
_SITE, _DISTRICT, _ALL = "site:", "district:", "all"


@dataclass(frozen=True)
class Subject:
    """A site by its place in the list, or a district by its id.

    `stem` is what its files are called after.
    """

    stem: str
    site: int | None = None
    district: str | None = None


def choose(context: Context, checked: Checked, words: Sequence[str]) -> tuple[Subject, ...]:
    """What the words name, each once, in their order.

    Raises
    ------
    UnknownTerm
        If a word names neither a site nor a district.
    InputError
        If there are more than one call writes.
    """
    ids = [str(record["id"]) for record in checked.document["sites"]]
    places = {one: at for at, one in enumerate(ids)}
    found: dict[tuple[int | None, str | None], None] = {}
    for word in words:
        if word == _ALL:
            found |= dict.fromkeys(((at, None) for at in places.values()), None)
            found |= dict.fromkeys(((None, one) for one in DISTRICTS), None)
        else:
            found[_find(context.register, places, word)] = None
    if len(found) > MOST:
        raise InputError(
            f"{len(found)} dossiers at once are too many, {MOST} are the limit",
            f"一次写 {len(found)} 份档案过多，上限为 {MOST} 份",
            remedy_en="name the sites: parksite dossier ID ID …; for the whole list use parksite report",
            remedy_zh="请列出地块编号：parksite dossier 编号 编号 …；整份清单请用 parksite report",
        )
    safe = stems(ids)
    return tuple(Subject(safe[at] if at is not None else str(one), at, one) for at, one in found)


def _find(register: Register, places: dict[str, int], word: str) -> tuple[int | None, str | None]:
    """A site's place in the list, or a district's id."""
    if word in places:
        return places[word], None
    if word.startswith(_SITE) and word.removeprefix(_SITE) in places:
        return places[word.removeprefix(_SITE)], None
    if word.startswith(_SITE):
        raise _unknown(register, places, word)
    try:
        place = register.find_place(word.removeprefix(_DISTRICT))
    except UnknownTerm as error:
        raise _unknown(register, places, word) from error
    if not place.located:
        raise InputError(
            "no outline of this place is known, so it has no dossier",
            "该地点没有可落图的边界，不能生成档案",
            value=word,
            remedy_en=f"its history: parksite policy timeline {place.id}",
            remedy_zh=f"其沿革：parksite policy timeline {place.id}",
        )
    return None, place.id


def _unknown(register: Register, places: dict[str, int], word: str) -> UnknownTerm:
    from rapidfuzz import process

    known = [register.places[one] for one in DISTRICTS]
    names = [*places, *DISTRICTS, *(one.zh for one in known), *(one.en for one in known)]
    near = [one_line(name, 40) for name, score, _ in process.extract(word, names, limit=5) if score > 0]
    return UnknownTerm(
        "no site of the list and no district has this id or name",
        "清单中没有该编号的地块，也没有该名称的区",
        suggestions=tuple(dict.fromkeys(near)),
        value=word,
    )


def stems(ids: Sequence[str]) -> list[str]:
    """For each id a part of a file's name: itself, or made safe and distinct by a digest.

    >>> stems(["S1", "A", "a", "baoan", "../x"])
    ['S1', 'A-559aead0', 'a-ca978112', 'baoan-dc317b12', 'x-d6b96a97']
    """
    safe = [_UNSAFE.sub("_", one).strip("._-")[:_STEM] for one in ids]
    seen = Counter(one.casefold() for one in safe)
    taken = {*DISTRICTS}
    made = []
    for one, stem in zip(ids, safe, strict=True):
        if stem == one and seen[stem.casefold()] == 1 and stem.casefold() not in taken:
            made.append(stem)
        else:
            digest = hashlib.sha256(one.encode("utf-8", "backslashreplace")).hexdigest()[:8]
            made.append(f"{stem}-{digest}".lstrip("-"))
    return made
