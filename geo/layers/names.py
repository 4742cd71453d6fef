"""The names of layers: ids, titles, and the words that planners use."""

from __future__ import annotations

import re

from geo import sources
from geo.errors import InputError
from geo.layers.model import NAME, Named
from geo.schema import Words
from geo.settings import Settings
from geo.spelling import even_out


def named(settings: Settings) -> dict[str, Named]:
    """Every layer that is known by name, there or not, by id."""
    found: dict[str, Named] = {}
    for file, key in (("layers", "layers"), ("official", "layers"), ("osm", "themes")):
        for row in sources.read_yaml(settings.data_file(f"layers/{file}.yaml"))[key]:
            aliases = tuple(row.get("aliases", ()))
            found[row["id"]] = Named(row["id"], Words(**row["title"]), aliases, row.get("unit", ""), file == "osm")
    return found


def resolve(word: str, settings: Settings) -> Named:
    """The layer that a word means: an id, known or new, or a known title or alias.

    Raises
    ------
    InputError
        If it is neither.
    """
    known = named(settings)
    spelled = even_out(word)
    for one in known.values():
        if spelled in {even_out(other) for other in (one.id, one.title.zh, one.title.en, *one.aliases)}:
            return one
    if re.fullmatch(NAME, word):
        return Named(word, Words(word, word))
    raise InputError(
        "a layer's name is small letters, digits and hyphens, or a known Chinese name",
        "图层名称应为小写字母、数字和连字符，或已知的中文名称",
        value=word,
        remedy_en=f"known are {', '.join(sorted(known))}",
        remedy_zh=f"已知名称：{'、'.join(one.title.zh for one in known.values())}",
    )
