"""Columns as short text: numbers by difference or in planes, words as one deflated list.

Numbers that change little from row to row, such as the corners of an outline, become
the difference to the one before, sign folded in (zigzag), in bytes of seven bits, the
lowest first, the eighth set on all but the last (LEB128). Numbers in no order become
steps above the smallest: the lowest bytes of all of them, then the next, and so on;
``width,smallest,step:`` stands before the text. What the columns hold is `Deflated`,
which the page reads with `DecompressionStream`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import count as counting
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.webmap.deflating import Deflated

_LONE = re.compile("[\ud800-\udfff]")
_SHORT = 400  # characters of JSON up to which deflating gains nothing to speak of
_DIGITS = 15  # that a whole number of the page holds for certain
_BLOCK = 1000  # texts that the page reads at once
_FEW = 100  # texts that rarely look numbered where not all are
_LONGEST = 60  # characters of a text that is looked at for a number
_STEPPED = 1 << 15  # numbers that tell whether a column has a common step


def pack(numbers: ArrayLike) -> Deflated:
    """Whole numbers, each below 2**53 in size, in their order.

    >>> pack(range(100)).head, pack([9000, 100, 7000, 300]).head
    ('', '1,100,100:')
    """
    values = np.asarray(numbers, dtype=np.int64)
    steps = np.diff(values, prepend=0)
    if len(values) < 2:
        return Deflated(_varints(steps))
    smallest, span = int(values.min()), int(np.ptp(values))
    if np.abs(steps[1:]).mean() <= span / 8:
        return Deflated(_varints(steps))
    raised = values - smallest
    step = 1 if np.gcd.reduce(raised[:_STEPPED]) == 1 else int(np.gcd.reduce(raised))
    width = ((span // step).bit_length() + 7) // 8
    planes = (raised // step).astype("<u8").view(np.uint8).reshape(-1, 8)[:, :width].T
    return Deflated(planes.tobytes(), f"{width},{smallest},{step}:")


def pack_pairs(pairs: ArrayLike) -> Deflated:
    """Pairs of whole numbers, shape (n, 2); differences are taken within each column."""
    values = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    return Deflated(_varints(np.diff(values, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel()))


def pack_json(data: Any) -> Deflated:
    r"""Any JSON as one deflated text; lone surrogates become U+FFFD.

    >>> pack_json(["a\ud800"]) == pack_json(["a\ufffd"])
    True
    """
    return _words(plain_json(data))


def shorter(data: Any) -> Any:
    """JSON as it stands where that is short, else as `pack_json` has it.

    `data` must not be text itself, so that the page can tell the two apart.
    """
    text = plain_json(data)
    return data if len(text) <= _SHORT and not _LONE.search(text) else pack_json(data)


def pack_texts(texts: Sequence[str]) -> Any:
    """Texts as `pack_json` has them; where all are the same head and a number, as these.

    Of more than a thousand texts each thousand stands on a line of its own, as JSON, so that
    one of them can be read without the others.

    >>> found = pack_texts([f"S{number:03}" for number in range(7)])
    >>> found["head"], found["digits"]
    ('S', 3)
    """
    numbered = _numbered(texts) if _numbered(texts[:_FEW]) else None
    if numbered or len(texts) <= _BLOCK:
        return numbered or pack_json(texts)
    lines = "\n".join(_json_line(texts[start : start + _BLOCK]) for start in range(0, len(texts), _BLOCK))
    return {"size": _BLOCK, "blocks": _words(lines)}


def _json_line(texts: Sequence[str]) -> str:
    """Texts as `plain_json` has them, without a look at each where none of them needs an escape."""
    together = "".join(texts)
    plain = together.isprintable() and '"' not in together and "\\" not in together
    return '["' + '","'.join(texts) + '"]' if plain else plain_json(texts)


def _numbered(texts: Sequence[str]) -> dict[str, Any] | None:
    """Head, digits to fill up to with zeros (0: none) and packed numbers, if the texts are so made."""
    together = "\0".join(texts)
    if len(texts) < 2 or len(together) > (_LONGEST + 1) * len(texts):
        return None
    code, wide = ("ascii", "u1") if together.isascii() else ("utf-32-le", "<u4")
    marks = np.frombuffer(f"{together}\0".encode(code, "surrogatepass"), dtype=wide)
    ends = np.flatnonzero(marks == 0)
    sizes = np.diff(ends, prepend=-1) - 1
    shortest, longest = int(sizes.min()), int(sizes.max())
    if len(ends) != len(texts) or shortest < 1 or longest > _LONGEST:
        return None
    filled = shortest == longest
    table = marks.reshape(-1, longest + 1) if filled else _filled(marks, sizes + 1, longest + 1)
    differing = np.flatnonzero((table != table[0]).any(axis=0))
    head = texts[0][: int(differing[0]) if len(differing) else shortest].rstrip("0123456789")
    if longest - len(head) > _DIGITS or len(head) >= shortest:
        return None
    numbers = np.zeros(len(texts), dtype=np.int64)
    for at in range(len(head), longest):
        there = slice(None) if filled else sizes > at
        digits = table[:, at] - marks.dtype.type(ord("0"))  # below zero becomes large
        zeros_lead = at == len(head) and not filled and bool(((digits == 0) & (sizes > at + 1)).any())
        if zeros_lead or (digits[there] > 9).any():
            return None
        numbers[there] = numbers[there] * 10 + digits[there]
    return {"head": _LONE.sub("\ufffd", head), "digits": longest - len(head) if filled else 0, "numbers": pack(numbers)}


def _filled(marks: NDArray[Any], sizes: NDArray[np.int64], longest: int) -> NDArray[Any]:
    """Characters of texts that stand end to end as a row for each text, filled up with zeros."""
    table = np.zeros((len(sizes), longest), dtype=marks.dtype)
    table[np.arange(longest) < sizes[:, np.newaxis]] = marks
    return table


def categories(keys: Sequence[Any], shown: Callable[[Any], Any] | None = None) -> dict[str, Any]:
    """A column of few distinct values: the values, and where each row's stands among them.

    Parameters
    ----------
    keys : sequence
        What tells the rows' values apart; hashable.
    shown : callable, optional
        Gives the value of a key, as JSON; by default the key itself.

    Returns
    -------
    dict
        ``values``, in the order of their first row; ``at``, packed, None where every
        row holds the first value.
    """
    alike = bool(keys) and keys[0] == keys[-1] and keys.count(keys[0]) == len(keys)
    values, at = (keys[:1], None) if alike else distinct(keys, len(keys))
    return choice([shown(key) for key in values] if shown else values, at)


def distinct(keys: Iterable[Any], count: int) -> tuple[list[Any], NDArray[np.intp]]:
    """Each key once, in the order of their first row, and where each row's stands among them.

    Parameters
    ----------
    keys : iterable
        Of so many rows; hashable.

    >>> values, at = distinct("abba", 4)
    >>> values, at.tolist()
    (['a', 'b'], [0, 1, 1, 0])
    """
    held = numbering()
    at = np.fromiter(map(held.__getitem__, keys), dtype=np.intp, count=count)
    return list(held), at


def numbering() -> dict[Any, int]:
    """Numbers of keys, from 0 on; a key has the next one from when it is first asked for.

    >>> held = numbering()
    >>> held["b"], held["a"], held["b"]
    (0, 1, 0)
    """
    return defaultdict(counting().__next__)


def choice(values: Sequence[Any], at: NDArray[np.intp] | None) -> dict[str, Any]:
    """A column as `categories` has it, of its values and their places."""
    return {"values": shorter(list(values)), "at": None if at is None or len(values) < 2 else pack(at)}


def sparse_categories(
    keys: Sequence[Any], rows: Sequence[int], count: int, shown: Callable[[Any], Any] | None = None
) -> dict[str, Any]:
    """A column as `categories` has it, whose rows hold None but for some.

    Parameters
    ----------
    keys : sequence
        Of these rows; hashable, not None.
    rows : sequence of int
        In ascending order.
    count : int
        Of all rows.
    shown : callable, optional
        As for `categories`; it is given None, too.

    >>> sparse_categories(["b"], [1], 3) == categories([None, "b", None])
    True
    """
    gap = next((at for at, row in enumerate(rows) if row != at), len(rows))  # the first row that holds None
    held = dict.fromkeys([*keys[:gap], None, *keys[gap:]] if len(rows) < count else keys)
    places = {key: place for place, key in enumerate(held)}
    at = np.full(count, places.get(None, 0), dtype=np.intp)
    at[np.asarray(rows, dtype=np.int64)] = [places[key] for key in keys]
    return choice([shown(key) for key in places] if shown else list(places), at)


def plain_json(data: Any) -> str:
    """JSON without blanks, characters as they are."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _varints(differences: NDArray[np.int64]) -> bytes:
    folded = ((differences << 1) ^ (differences >> 63)).view(np.uint64)
    largest = int(folded.max(initial=0))
    if largest < 0x80:
        return folded.astype(np.uint8).tobytes()
    sizes = np.ones(len(folded), dtype=np.int64)
    for group in range(1, (largest.bit_length() + 6) // 7):
        sizes += folded >= np.uint64(1 << 7 * group)
    ends = np.cumsum(sizes)
    packed = np.empty(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    for group in range(int(sizes.max(initial=0))):
        rows = np.flatnonzero(sizes > group)
        bits = (folded[rows] >> np.uint64(7 * group)).astype(np.uint8) & 0x7F
        packed[ends[rows] - sizes[rows] + group] = bits | np.where(sizes[rows] > group + 1, 0x80, 0).astype(np.uint8)
    return packed.tobytes()


def _words(text: str) -> Deflated:
    """Deflated UTF-8; lone surrogates become U+FFFD."""
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        raw = _LONE.sub("\ufffd", text).encode()
    return Deflated(raw, repeats=True)
