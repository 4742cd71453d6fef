"""The blocks of an OpenStreetMap extract (.osm.pbf): its header, and whether all are whole.

The format is a row of length, BlobHeader and Blob in protocol buffers, as the
OpenStreetMap wiki describes it ("PBF Format"); the first block is an OSMHeader. GDAL
shows neither the time stamp nor the extent of the header, and leaves out damaged blocks
in silence.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO

from geo.errors import InputError
from geo.sources.content import cut_off, damaged

_LONGEST_HEAD, _LONGEST_BLOB = 64 * 1024, 32 * 1024 * 1024  # the format's own limits, bytes
_BBOX, _REQUIRED, _REPLICATED = 1, 4, 32  # fields of a HeaderBlock
_NANO = 1e-9
Field = tuple[int, int | bytes]


@dataclass(frozen=True)
class Header:
    """What an extract says of itself.

    Attributes
    ----------
    replicated : date or None
        Day of the data (``osmosis_replication_timestamp``, UTC).
    bounds : tuple of float or None
        West, south, east, north in degrees.
    """

    replicated: date | None
    bounds: tuple[float, float, float, float] | None


def read_header(path: Path) -> Header:
    """Header of an extract, once every block is seen to be whole.

    Raises
    ------
    InputError
        If it is no such file, is cut off, or holds a history.
    """
    try:
        with path.open("rb") as handle:
            kind, blob = _block(handle, path)
            if kind != b"OSMHeader":
                raise _no_extract(path)
            header = _header(_unpacked(blob), path)
            size = path.stat().st_size
            while handle.tell() < size:
                _unpacked(_block(handle, path)[1])
    except (ValueError, zlib.error, IndexError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        raise damaged(path, error) from error
    return header


def _no_extract(path: Path) -> InputError:
    return InputError(
        "the content is no OpenStreetMap extract (.osm.pbf)",
        "内容不是 OpenStreetMap 提取文件（.osm.pbf）",
        file=path,
        remedy_en="give a .osm.pbf file",
        remedy_zh="请提供 .osm.pbf 文件",
    )


def _head(handle: BinaryIO, path: Path) -> tuple[bytes, int]:
    """Kind and length of the block that follows."""
    length = int.from_bytes(handle.read(4), "big")
    if not 0 < length <= _LONGEST_HEAD:
        raise _no_extract(path)
    raw = handle.read(length)
    if len(raw) < length:
        raise _short(path)
    held = dict(_fields(raw))
    kind, size = held.get(1), held.get(3)
    if not isinstance(kind, bytes) or not isinstance(size, int) or size > _LONGEST_BLOB:
        raise _no_extract(path)
    return kind, size


def _block(handle: BinaryIO, path: Path) -> tuple[bytes, bytes]:
    kind, size = _head(handle, path)
    blob = handle.read(size)
    if len(blob) < size:
        raise _short(path)
    return kind, blob


def _short(path: Path) -> InputError:
    return cut_off(path, "its last block is not whole", "最后一个数据块不完整")


def _unpacked(blob: bytes) -> bytes:
    """Content of a blob, plain or deflated, whose checksum is right."""
    held = dict(_fields(blob))
    plain, packed = held.get(1), held.get(3)
    if isinstance(plain, bytes):
        return plain
    if not isinstance(packed, bytes):
        raise ValueError("a block is neither plain nor deflated")
    content = zlib.decompressobj()
    raw = content.decompress(packed, _LONGEST_BLOB)
    if not content.eof or len(raw) != held.get(2):
        raise ValueError("a block is not of the length that it says")
    return raw


def _header(raw: bytes, path: Path) -> Header:
    replicated = bounds = None
    for number, value in _fields(raw):
        if number == _REQUIRED and value == b"HistoricalInformation":
            raise InputError(
                "the extract holds the history of each object",
                "该提取文件含对象的历史版本",
                file=path,
                remedy_en="give an extract of one day",
                remedy_zh="请提供某一日期的提取文件",
            )
        if number == _REPLICATED and isinstance(value, int) and value > 0:
            replicated = datetime.fromtimestamp(value, UTC).date()
        if number == _BBOX and isinstance(value, bytes):
            sides = {side: _signed(at) * _NANO for side, at in _fields(value) if isinstance(at, int)}
            if sides.keys() >= {1, 2, 3, 4}:
                bounds = (sides[1], sides[4], sides[2], sides[3])
    return Header(replicated, bounds)


def _signed(number: int) -> int:
    """A number that is folded so that small negative ones are short (sint64).

    >>> _signed(0), _signed(1), _signed(2)
    (0, -1, 1)
    """
    return (number >> 1) ^ -(number & 1)


def _fields(raw: bytes) -> Iterator[Field]:
    """Numbers and values of a message of protocol buffers.

    >>> list(_fields(bytes([0x08, 0x96, 0x01, 0x12, 0x02, 0x68, 0x69])))
    [(1, 150), (2, b'hi')]
    """
    at = 0
    while at < len(raw):
        key, at = _varint(raw, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(raw, at)
            yield number, value
            continue
        size, at = (8, at) if kind == 1 else (4, at) if kind == 5 else _varint(raw, at)
        if kind not in (1, 2, 5) or at + size > len(raw):
            raise ValueError("a field is not whole")
        yield number, raw[at : at + size]
        at += size


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and the place after it."""
    number = shift = 0
    while shift < 70:
        byte = raw[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7
    raise ValueError("a number is too long")
