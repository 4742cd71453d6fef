"""Entries of the cache folder: whole or not at all, plain data only, never another's."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from geo.sources.cache import Entry

WORDS = {"words": ["光刻胶", 1, 2.5, None, True], "\ud800": ""}
RUNS = {"a": b"", "b": bytes(range(256))}


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    return Entry(tmp_path / "cache", "thing", ["1", "digest"])


def test_what_is_written_is_read(entry: Entry) -> None:
    assert entry.read() is None
    entry.write(WORDS, RUNS)
    assert entry.read() == (WORDS, RUNS)
    entry.write(None)
    assert entry.read() == (None, {})
    assert [path.name for path in entry.path.parent.iterdir()] == [entry.path.name]


def test_the_oldest_of_a_kind_make_room(tmp_path: Path) -> None:
    made = [Entry(tmp_path, kind, [str(number)]) for number in range(30) for kind in ("one", "one-other")]
    for at, entry in enumerate(made):
        entry.write(at)
        os.utime(entry.path, (at, at))
    for kind, number in (("one", 20), ("one-other", 20)):
        assert len([path for path in tmp_path.iterdir() if path.name.rpartition("-")[0] == kind]) == number
    assert [entry.read() is None for entry in made] == [True] * 20 + [False] * 40


def test_other_parts_are_another_entry(entry: Entry) -> None:
    folder = entry.path.parent
    others = [
        Entry(folder, "thing", ["1", "digest", ""]),
        Entry(folder, "thing", ["1digest"]),
        Entry(folder, "x", ["1"]),
    ]
    assert len({entry.path, *(one.path for one in others)}) == 4
    entry.write(WORDS)
    for other in others:
        other.path.write_bytes(entry.path.read_bytes())
        assert other.read() is None


@pytest.mark.parametrize("at", [0, 31, 32, 40, 60, -1])
def test_a_changed_byte_is_seen(entry: Entry, at: int) -> None:
    entry.write(WORDS, RUNS)
    raw = bytearray(entry.path.read_bytes())
    raw[at] ^= 1
    entry.path.write_bytes(raw)
    assert entry.read() is None


@pytest.mark.parametrize(
    "head",
    [
        b"", b"[", b"1", b"[]", b'"ab"', b"[1, 2]", b"[1, [2]]", b'[1, {"a": "b"}]', b"\xff\xfe", b"[" * 100_000,
        b"[1, 2, 3]", b'[1, {"a": 1.5}]',
    ],
)  # fmt: skip
def test_content_that_is_not_as_we_write_it_is_none(entry: Entry, head: bytes) -> None:
    entry.path.parent.mkdir()
    body = len(head).to_bytes(8, "little") + head
    made_of = hashlib.sha256(json.dumps(["1", "digest"]).encode()).digest()
    entry.path.write_bytes(hashlib.sha256(made_of + body).digest() + body)
    assert entry.read() is None


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    entry = Entry(tmp_path / "file" / "cache", "thing", [])
    entry.write(WORDS)
    assert entry.read() is None


def test_what_json_cannot_hold_leaves_nothing(entry: Entry) -> None:
    with pytest.raises(TypeError):
        entry.write(b"bytes")
    assert not entry.path.parent.exists()
