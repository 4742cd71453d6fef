"""What was derived or checked once, in the user's cache folder, so that the next run reads it at once.

An entry is named by what it was made of, and begins with a digest of that and of its
content: renamed, stale or damaged it is as good as none. It is written whole or not at
all and holds plain data only, JSON and runs of bytes. A folder that cannot be written
costs time, not the answer.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_DIGEST, _LENGTH = 32, 8  # bytes
_KEPT = 20  # entries of a kind


class Entry:
    """A file of the cache folder.

    Parameters
    ----------
    folder : Path
    kind : str
        What it holds, for the name of the file.
    made_of : iterable of str
        Recipes, versions and digests of files; with any other word it is another entry.
    """

    def __init__(self, folder: Path, kind: str, made_of: Iterable[str]) -> None:
        self._made_of = json.dumps([*made_of]).encode()
        self.path = folder / f"{kind}-{hashlib.sha256(self._made_of).hexdigest()[:16]}.cache"

    def write(self, words: Any, runs: Mapping[str, bytes] | None = None) -> None:
        """Keep words that JSON can hold, and runs of bytes by their names."""
        runs = runs or {}
        said = json.dumps([words, {name: len(run) for name, run in runs.items()}], ensure_ascii=False)
        head = said.encode(errors="surrogatepass")
        body = b"".join([len(head).to_bytes(_LENGTH, "little"), head, *runs.values()])
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(self._digest(body) + body)
            temporary.replace(self.path)
            self._tidy()
        except OSError:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _tidy(self) -> None:
        """Remove the oldest entries of the kind, which nothing may ask for any more."""
        kind = self.path.name.rpartition("-")[0]
        held = [path for path in self.path.parent.glob("*.cache") if path.name.rpartition("-")[0] == kind]
        for old in sorted(held, key=lambda path: path.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)

    def read(self) -> tuple[Any, dict[str, bytes]] | None:
        """Words and runs; None where there is no entry, or not one as `write` makes it."""
        try:
            raw = self.path.read_bytes()
        except OSError:
            return None
        body = raw[_DIGEST:]
        if self._digest(body) != raw[:_DIGEST]:
            return None
        start = _LENGTH + int.from_bytes(body[:_LENGTH], "little")
        try:
            words, lengths = json.loads(body[_LENGTH:start])
            runs = {}
            for name, length in lengths.items():
                runs[name], start = body[start : start + length], start + length
        except (ValueError, TypeError, AttributeError, RecursionError):
            return None
        return words, runs

    def _digest(self, body: bytes) -> bytes:
        return hashlib.sha256(hashlib.sha256(self._made_of).digest() + body).digest()
