"""Footers of Parquet files, so that row groups can be put together as they stand, without decoding them.

A footer is a struct in Thrift's compact protocol; it gives the place of every column of every
row group in bytes from the beginning of the file. Field numbers are those of ``parquet.thrift``
(apache/parquet-format); fields that are not known here are kept as they are.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

Struct = dict[int, tuple[int, Any]]  # kind and value of each field

MARK = b"PAR1"
_TAIL = struct.Struct("<I4s")  # length of the footer, mark
_COLUMNS_OF_ALL, _ROWS, _GROUPS, _SAID = 2, 3, 4, 5  # of FileMetaData
_COLUMNS, _GROUP_AT = 1, 5  # of RowGroup
_CHUNK_AT, _ABOUT = 2, 3  # of ColumnChunk
_CHUNK_INDEXES = (4, 6)
_PAGES_AT = (9, 10, 11, 14)  # of ColumnMetaData


def cut(path: Path) -> tuple[int, bytes]:
    """Where the footer of a Parquet file begins, and the footer."""
    with path.open("rb") as file:
        end = file.seek(-_TAIL.size, 2)
        length, _ = _TAIL.unpack(file.read())
        at = file.seek(end - length)
        return at, file.read(length)


class _Kind:
    """Kinds of values in the compact protocol; Parquet has neither sets nor maps."""

    TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST = range(1, 10)
    STRUCT = 12


def joined(pieces: Iterable[tuple[int, bytes]], said: Mapping[str, str]) -> bytes:
    """The end of a file of the row groups of others.

    Parameters
    ----------
    pieces : iterable of (int, bytes)
        How many bytes further on the row groups of each lie than in a file of their own, and the
        footer that they had there.
    said : mapping of str to str
        Metadata that come to those of the first.

    Raises
    ------
    ValueError
        If their columns differ, or a footer has values of a kind that footers do not have.
    """
    rows, groups = 0, list[bytes]()
    first: Struct = {}
    for by, footer in pieces:
        fields = _Reader(footer).struct()
        first = first or fields
        if fields[_COLUMNS_OF_ALL] != first[_COLUMNS_OF_ALL]:
            raise ValueError("row groups of different columns")
        rows += fields[_ROWS][1]
        groups += _groups(fields, by)
    _, (_, pairs) = first.get(_SAID, (_Kind.LIST, (_Kind.STRUCT, [])))
    more = [{1: (_Kind.BINARY, key.encode()), 2: (_Kind.BINARY, value.encode())} for key, value in said.items()]
    fields = first | {
        _ROWS: (_Kind.I64, rows),
        _GROUPS: (_Kind.LIST, (_Kind.STRUCT, groups)),
        _SAID: (_Kind.LIST, (_Kind.STRUCT, [*pairs, *more])),
    }
    whole = _written(_Kind.STRUCT, dict(sorted(fields.items())))
    return whole + _TAIL.pack(len(whole), MARK)


def _groups(fields: Struct, by: int) -> list[bytes]:
    """Row groups as they read when they lie so many bytes further on."""
    _, (_, groups) = fields[_GROUPS]
    for group in groups:
        _move(group, (_GROUP_AT,), by)
        for chunk in group[_COLUMNS][1][1]:
            _move(chunk, (_CHUNK_AT, *_CHUNK_INDEXES), by)
            _move(chunk[_ABOUT][1], _PAGES_AT, by)
    return [_written(_Kind.STRUCT, group) for group in groups]


def _move(fields: Struct, places: tuple[int, ...], by: int) -> None:
    """Move places of a struct; 0 means that there is none."""
    for one in places:
        kind, at = fields.get(one, (_Kind.I64, 0))
        if at:
            fields[one] = kind, at + by


class _Reader:
    """Reads values of the compact protocol one after the other."""

    def __init__(self, given: bytes) -> None:
        self._given, self._at = given, 0

    def _byte(self) -> int:
        self._at += 1
        return self._given[self._at - 1]

    def _bytes(self, count: int) -> bytes:
        self._at += count
        return self._given[self._at - count : self._at]

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)

    def _list(self) -> tuple[int, list[Any]]:
        head = self._byte()
        count = head >> 4 if head < 0xF0 else self._unsigned()
        return head & 15, [self._value(head & 15, within=True) for _ in range(count)]

    def struct(self) -> Struct:
        """Fields up to the end of a struct."""
        fields: Struct = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._signed()
            fields[number] = head & 15, self._value(head & 15)
        return fields

    def _value(self, kind: int, *, within: bool = False) -> Any:
        match kind:
            case _Kind.I16 | _Kind.I32 | _Kind.I64:
                return self._signed()
            case _Kind.BINARY:
                return self._bytes(self._unsigned())
            case _Kind.STRUCT:
                return self.struct()
            case _Kind.LIST:
                return self._list()
            case _Kind.TRUE | _Kind.FALSE:  # a field has its value in its kind
                return self._byte() if within else kind
            case _Kind.BYTE:
                return self._byte()
            case _Kind.DOUBLE:
                return self._bytes(8)
        raise ValueError(f"a footer with values of kind {kind}")


def _written(kind: int, value: Any) -> bytes:
    """A value in the compact protocol."""
    out = BytesIO()
    _write(out, kind, value)
    return out.getvalue()


def _write(out: BytesIO, kind: int, value: Any) -> None:
    match kind, value:
        case _Kind.BINARY, _:
            out.write(_varint(len(value)) + value)
        case _, bytes():  # of a double, or written before
            out.write(value)
        case _Kind.STRUCT, _:
            _write_fields(out, value)
        case _Kind.LIST, (within, values):
            count = len(values)
            out.write(bytes([count << 4 | within]) if count < 15 else bytes([0xF0 | within]) + _varint(count))
            for one in values:
                _write(out, within, one)
        case _Kind.BYTE | _Kind.TRUE | _Kind.FALSE, _:
            out.write(bytes([value]))
        case _:
            out.write(_zigzag(value))


def _write_fields(out: BytesIO, fields: Struct) -> None:
    last = 0
    for number, (kind, value) in fields.items():
        step = number - last
        out.write(bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + _zigzag(number))
        if kind not in (_Kind.TRUE, _Kind.FALSE):
            _write(out, kind, value)
        last = number
    out.write(b"\0")


def _zigzag(value: int) -> bytes:
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _varint(value: int) -> bytes:
    held = bytearray()
    while value > 0x7F:
        held.append(value & 0x7F | 0x80)
        value >>= 7
    held.append(value)
    return bytes(held)
