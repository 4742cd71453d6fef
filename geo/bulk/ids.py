"""Ids of a long list: which of its rows may have one that another has, told by hashes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow

MADE = "row-"  # begins the id of a row whose number is the id of another
_HELD = np.dtype([("hash", "u8"), ("row", "i8")])
_FILE = 40  # bits of a row number, above which stands the number of its file
_NAMELESS = 1 << (_FILE - 1)  # set where the row has no id
_BUCKETS = 64
_SPILL = 500_000  # ids kept in memory
_WORD = np.dtype("<u8")
_ODD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 divided by the golden ratio: multiplied by it, near numbers fall far apart


def hashed(ids: pyarrow.StringArray, numbers: NDArray[np.int64]) -> NDArray[Any]:
    """Hash of each row's id, and its number; a row without an id counts with its number.

    An id that such a row could get, ``row-5``, counts with the number in it as well.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pc.coalesce(ids, pc.cast(pa.array(numbers), pa.string()))
    missing = ids.is_null().to_numpy(zero_copy_only=False)
    rows = np.where(missing, numbers | _NAMELESS, numbers)
    alike = pc.fill_null(pc.starts_with(ids, MADE), fill_value=False)
    found = np.empty(len(ids) + pc.sum(alike).as_py(), dtype=_HELD) if len(ids) else np.empty(0, dtype=_HELD)
    found["hash"][: len(ids)], found["row"][: len(ids)] = text_hashes(texts), rows
    if len(found) > len(ids):
        found["hash"][len(ids) :] = text_hashes(pc.utf8_slice_codeunits(texts.filter(alike), len(MADE)))
        found["row"][len(ids) :] = numbers[alike.to_numpy(zero_copy_only=False)]
    return found


def text_hashes(texts: pyarrow.StringArray) -> NDArray[np.uint64]:
    """A number of 64 bits for each text, none of them null; the same on every machine, no guard against malice.

    The bytes are taken eight at a time, each word being mixed in by a multiplication and a shift.
    """
    offsets = np.frombuffer(texts.buffers()[1], dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    if not len(texts) or offsets[0] == offsets[-1]:
        return np.zeros(len(texts), dtype=np.uint64)
    held = np.frombuffer(texts.buffers()[2], dtype=np.uint8)[offsets[0] : offsets[-1]]
    padded = np.concatenate([held, np.zeros(_WORD.itemsize, dtype=np.uint8)])
    words = np.ndarray(len(held), _WORD, padded, strides=(1,))  # one from every byte on
    begin, left = (offsets[:-1] - offsets[0]).astype(np.intp), np.diff(offsets).astype(np.int64)
    mixed = left.astype(np.uint64)
    rows = np.flatnonzero(left > 0)
    while len(rows):
        cut = np.uint64(8) * np.maximum(8 - left[rows], 0).astype(np.uint64)  # bits that are of the next text
        word = words[begin[rows]] << cut
        one = (mixed[rows] ^ word) * _ODD
        mixed[rows] = one ^ one >> np.uint64(29)
        begin[rows] += _WORD.itemsize
        left[rows] -= _WORD.itemsize
        rows = rows[left[rows] > 0]
    return mixed


def rows_of_file(rows: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """The rows that belong to a file."""
    found: NDArray[np.int64] = rows[rows >> _FILE == number] & ((1 << _FILE) - 1)
    return found


class Ids:
    """Which rows may have an id that another has: by their hashes, on disk where they are many."""

    def __init__(self, in_memory: int = _SPILL) -> None:
        self._held: list[NDArray[Any]] = []
        self._most = in_memory
        self._count = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Ids:
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def add(self, held: NDArray[Any], file: int = 0) -> None:
        """Take what `hashed` gave for rows of a file."""
        held["row"] |= file << _FILE
        self._held.append(held)
        self._count += len(held)
        if self._count > self._most:
            self._spill()

    def _spill(self) -> None:
        """Put the ids away, those that may be the same into the same file."""
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="parksite-ids-")
        every = self.held()
        bucket = every["hash"] % _BUCKETS
        every = every[np.argsort(bucket, kind="stable")]
        ends = np.cumsum(np.bincount(bucket.astype(np.intp), minlength=_BUCKETS))
        for number, held in enumerate(np.split(every, ends[:-1])):
            with (Path(self._folder.name) / str(number)).open("ab") as handle:
                handle.write(held.tobytes())
        self._held, self._count = [], 0

    def held(self) -> NDArray[Any]:
        """Those that are in memory."""
        return np.concatenate([np.empty(0, dtype=_HELD), *self._held])

    def _buckets(self) -> Iterator[NDArray[Any]]:
        if self._folder is None:
            yield self.held()
            return
        self._spill()
        for number in range(_BUCKETS):
            yield np.fromfile(Path(self._folder.name) / str(number), dtype=_HELD)

    def suspects(self) -> NDArray[np.int64]:
        """Rows that share the hash of their id with another, in order; of bare numbers one must be an id."""
        found = [np.empty(0, dtype=np.int64)]
        for held in self._buckets():
            hashes = np.sort(held["hash"])
            again = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
            if not len(again):
                continue
            alike = held[np.isin(held["hash"], again)]
            group = np.searchsorted(again, alike["hash"])
            named = np.bincount(group, weights=alike["row"] & _NAMELESS == 0)
            found.append(alike["row"][named[group] > 0] & ~_NAMELESS)
        return np.unique(np.concatenate(found))
