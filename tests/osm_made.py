"""Small OpenStreetMap extracts made by hand: the PBF format, dense nodes, ways and relations."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

Tags = dict[str, str]


class Node(NamedTuple):
    id: int
    lon: float
    lat: float
    tags: Tags = {}  # noqa: RUF012 (never changed)


class Way(NamedTuple):
    id: int
    refs: Sequence[int]
    tags: Tags = {}  # noqa: RUF012 (never changed)


class Relation(NamedTuple):
    """A multipolygon of ways, each with its role."""

    id: int
    members: Sequence[tuple[int, str]]
    tags: Tags = {}  # noqa: RUF012 (never changed)


def varint(number: int) -> bytes:
    made = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        made.append(low | (0x80 if number else 0))
        if not number:
            return bytes(made)


def folded(number: int) -> int:
    return number << 1 if number >= 0 else ((-number) << 1) - 1


def part(number: int, value: int | bytes) -> bytes:
    """A field of a message: a number, or bytes with their length."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def packed(number: int, values: Sequence[int]) -> bytes:
    return part(number, b"".join(map(varint, values))) if values else b""


def steps(numbers: Sequence[int]) -> list[int]:
    """Differences from one number to the next, folded."""
    return [folded(number - before) for before, number in zip([0, *numbers[:-1]], numbers, strict=True)]


def block(kind: str, content: bytes) -> bytes:
    blob = part(2, len(content)) + part(3, zlib.compress(content))
    head = part(1, kind.encode()) + part(3, len(blob))
    return len(head).to_bytes(4, "big") + head + blob


def header(bounds: tuple[float, float, float, float] | None, replicated: datetime | None, *features: str) -> bytes:
    content = b""
    if bounds is not None:
        west, south, east, north = (folded(round(one * 1e9)) for one in bounds)
        content += part(1, part(1, west) + part(2, east) + part(3, north) + part(4, south))
    for one in ("OsmSchema-V0.6", *features):
        content += part(4, one.encode())
    if replicated is not None:
        content += part(32, int(replicated.timestamp()))
    return block("OSMHeader", content)


def primitives(objects: Sequence[Any], changed: datetime) -> bytes:
    """A block of objects of one kind."""
    strings = [""]
    places: dict[str, int] = {"": 0}

    def at(text: str) -> int:
        if text not in places:
            places[text] = len(strings)
            strings.append(text)
        return places[text]

    group = b""
    nodes = [one for one in objects if isinstance(one, Node)]
    if nodes:
        words = [at(word) for one in nodes for word in (*chain(*one.tags.items()), "")]
        dense = packed(1, steps([one.id for one in nodes]))
        dense += part(5, packed(2, steps([int(changed.timestamp())] * len(nodes))))
        dense += packed(8, steps([round(one.lat * 1e7) for one in nodes]))
        dense += packed(9, steps([round(one.lon * 1e7) for one in nodes]))
        group += part(2, dense + packed(10, words))
    for one in objects:
        if isinstance(one, Node):
            continue
        tags = packed(2, [at(key) for key in one.tags]) + packed(3, [at(value) for value in one.tags.values()])
        info = part(2, int(changed.timestamp()))
        if isinstance(one, Way):
            group += part(3, part(1, one.id) + tags + part(4, info) + packed(8, steps(one.refs)))
        else:
            ids = packed(9, steps([way for way, _ in one.members]))
            roles = packed(8, [at(role) for _, role in one.members])
            kinds = packed(10, [1] * len(one.members))
            group += part(4, part(1, one.id) + tags + part(4, info) + roles + ids + kinds)
    table = b"".join(part(1, one.encode()) for one in strings)
    return block("OSMData", part(1, table) + part(2, group))


def write_extract(
    path: Path,
    objects: Sequence[Any],
    *,
    bounds: tuple[float, float, float, float] | None = None,
    replicated: datetime | None = None,
    changed: datetime = datetime(2025, 3, 1, tzinfo=UTC),
    features: Sequence[str] = (),
) -> Path:
    """Write nodes, ways and relations, in this order, as an extract."""
    raw = header(bounds, replicated, *features)
    for kind in (Node, Way, Relation):
        mine = [one for one in objects if isinstance(one, kind)]
        raw += b"".join(primitives(mine[at : at + 8000], changed) for at in range(0, len(mine), 8000))
    path.write_bytes(raw)
    return path
