"""Bytes on their way into the page: deflated (zlib) and written as base64.

Deflating leaves the interpreter free, so another thread can do it while the rest of the page is made.
"""

from __future__ import annotations

import base64
import zlib
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any

_LEVEL = 5  # of deflating; 6 takes half as long again and gains a fiftieth
_PROBE = 1 << 15  # bytes that tell whether a column repeats itself
_REPEATED = 0.9  # of the size by frequencies alone; below it, it does


@dataclass
class Deflated:
    """Bytes that stand in the page deflated; `str` gives them as they stand there.

    Attributes
    ----------
    raw : bytes
        As the page will read them.
    head : str
        What stands before them.
    repeats : bool
        Whether they are known to repeat themselves, as words do; else a part of them is tried.

    >>> str(Deflated(b"a" * 99, "head:")) == "head:" + str(Deflated(b"a" * 99))
    True
    """

    raw: bytes
    head: str = ""
    repeats: bool = False
    _made: Future[str] | None = field(default=None, init=False, compare=False, repr=False)

    def begin(self, beside: Executor) -> None:
        """Have them deflated by another thread."""
        self._made = self._made or beside.submit(self._text)

    def __str__(self) -> str:
        return self._text() if self._made is None else self._made.result()

    def _text(self) -> str:
        repeats = self.repeats or _repeats(self.raw[:_PROBE])
        packed = zlib.compress(self.raw, _LEVEL) if repeats else _by_frequency(self.raw)
        return self.head + base64.b64encode(packed).decode("ascii")


def begin(data: Any, beside: Executor) -> None:
    """Have all that is to be deflated in nested dicts deflated by another thread."""
    if isinstance(data, Deflated):
        data.begin(beside)
    elif isinstance(data, dict):
        for one in data.values():
            begin(one, beside)


def _repeats(probe: bytes) -> bool:
    return len(zlib.compress(probe, 1)) <= _REPEATED * len(_by_frequency(probe))


def _by_frequency(raw: bytes) -> bytes:
    """Deflated by the frequencies of the bytes' values alone."""
    made = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_RLE)
    return made.compress(raw) + made.flush()
