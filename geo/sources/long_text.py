"""Long delimited text: the rules of `geo.sources.text`, part by part.

Where quotes, if a stretch has any, do no more than enclose cells, its lines are its
records and are split at once; any other is split by the reader of `geo.sources.text`,
so that both give the same.
"""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.formula import bare
from geo.sources import header, text
from geo.sources.layer import Limits, Note
from geo.sources.parts import Part, Unit

if TYPE_CHECKING:
    import pyarrow

_BLOCK = 4_000_000  # bytes read at once
_HEAD = 1_100_000  # bytes that hold titles and header
_MARK = b"\xef\xbb\xbf"
_ENDLESS = 10**12


def open_text(there: Path, path: Path, limits: Limits) -> LongText | None:
    """A text to be read part by part; None where its encoding has units of two bytes.

    Raises
    ------
    InputError
        If it is no such text, or its header is at fault.
    """
    encoding = _encoding(there, path)
    if encoding is None:
        return None
    with there.open("rb") as handle:
        raw = handle.read(_HEAD) + handle.readline()
    skipped = len(_MARK) if raw.startswith(_MARK) else 0
    said = raw[skipped:].decode(encoding)
    found = text.head(said, path, limits)
    start = skipped + len(said[: found.end].encode(encoding))
    notes = list(found.notes)
    if encoding == "cp1252":
        notes.append(text.WESTERN)
    return LongText(there, path, limits, encoding, found.columns, found.delimiter, start, found.lines, tuple(notes))


def _encoding(there: Path, path: Path) -> str | None:
    """The encoding in which all of a file can be read, found as for a short one."""
    with there.open("rb") as handle:
        sample = handle.read(1_000_000)
    if sample[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return None
    for name in ["utf-8"] if sample.startswith(_MARK) else text.candidates(sample, path):
        if _decodes(there, name, path):
            return name
    raise text.undecodable(path)


def _decodes(there: Path, name: str, path: Path) -> bool:
    """Whether a whole file is text in an encoding.

    Raises
    ------
    InputError
        If it holds NUL characters.
    """
    decoder, lines = codecs.getincrementaldecoder(name)(), 0
    with there.open("rb") as handle:
        while block := handle.read(_BLOCK):
            if b"\0" in block:
                raise text.nul(path, lines + block.count(b"\n", 0, block.index(b"\0")) + 1)
            lines += block.count(b"\n")
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True)
class LongText:
    """A delimited text; see `geo.sources.parts.LongFile`.

    Attributes
    ----------
    header : tuple of str
        All columns, those that are left out included.
    start, lines : int
        Bytes and lines up to the first record.
    """

    there: Path
    path: Path
    limits: Limits
    encoding: str
    header: tuple[str, ...]
    delimiter: str
    start: int
    lines: int
    notes: tuple[Note, ...]
    crs: Any = None
    crs_unknown: str | None = None
    placed: bool = False
    indexed: bool = False

    @property
    def format(self) -> str:
        """Kind of file, as a person calls it."""
        return text.kind(self.path)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are used."""
        return text.used(self.header)

    def called(self, path: Path) -> LongText:
        """The same file under another name, for messages."""
        return replace(self, path=path)

    def narrowed(self, columns: frozenset[str]) -> LongText:
        """The file as it is: its rows are split in one go."""
        return self

    def digest(self) -> str:
        """SHA-256 of the file."""
        with self.there.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()

    def records(self, table: pyarrow.Table) -> list[dict[str, object]]:
        """Rows of a part, every cell text."""
        return list(table.to_pylist())

    def units(self) -> Iterator[tuple[Unit, Iterator[Part]]]:
        """Every unit in order with its part."""
        with self.there.open("rb") as handle:
            handle.seek(self.start)
            row, line, at = 0, self.lines, self.start
            while (block := handle.read(_BLOCK) + handle.readline()) or at == self.start:
                part, rows, lines = self._part(block, row, line, handle.readline)
                yield Unit(at, handle.tell(), row, line), iter([part])
                row, line, at = row + rows, line + lines, handle.tell()
                if not block:
                    return

    def opened(self) -> LongText:
        """The file itself: a unit is found by its bytes."""
        return self

    def read(self, unit: Unit) -> Iterator[Part]:
        """The one part of a unit."""
        with self.there.open("rb") as handle:
            handle.seek(unit.start)
            block = handle.read(unit.end - unit.start)
        yield self._part(block, unit.row, unit.line, bytes)[0]

    def _part(self, block: bytes, row: int, line: int, more: Callable[[], bytes]) -> tuple[Part, int, int]:
        """The rows of a block, and how many records and lines it holds; `more` gives the lines that follow it."""
        return self._at_once(block, row, line) or self._one_by_one(block, row, line, more)

    def _at_once(self, block: bytes, row: int, line: int) -> tuple[Part, int, int] | None:
        """The rows of a block whose lines are its records; None of any other."""
        import pyarrow as pa
        import pyarrow.csv

        if len(self.header) < 2 or any(map(header.is_extra, self.header)):
            return None
        plain = block if self.encoding == "utf-8" else block.decode(self.encoding).encode()
        if not _is_plain(plain, self.delimiter.encode()):
            return None
        try:
            table = pyarrow.csv.read_csv(
                io.BytesIO(plain),
                read_options=pyarrow.csv.ReadOptions(
                    column_names=[str(at) for at in range(len(self.header))], block_size=2 * len(block) + 2
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=self.delimiter, quote_char='"' if b'"' in plain else False, ignore_empty_lines=False
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types={str(at): pa.string() for at in range(len(self.header))}, strings_can_be_null=False
                ),
            ).rename_columns(list(self.header))
        except pa.ArrowInvalid:  # rows of another width, blank lines
            return None
        if self._has_endless(table):
            return None
        count = table.num_rows
        numbers = np.arange(row + 1, row + count + 1)
        told = _told(table)
        part = Part(
            self._kept(table if told is None else table.filter(told)),
            numbers if told is None else numbers[told],
            (numbers - row + line) if told is None else (numbers - row + line)[told],
        )
        return part, count, count

    def _has_endless(self, table: pyarrow.Table) -> bool:
        """Whether a geometry in words may have more vertices than the limit."""
        import pyarrow.compute as pc

        named = [name for name in self.header if header.known([name]) == {"wkt"}]
        return any((pc.max(pc.binary_length(table[name])).as_py() or 0) > self.limits.vertices for name in named)

    def _kept(self, table: pyarrow.Table) -> pyarrow.Table:
        """The columns that are used, without the apostrophes that guard formulas."""
        import pyarrow as pa
        import pyarrow.compute as pc

        table = table.select(list(self.columns)).combine_chunks()
        for at, name in enumerate(table.column_names):
            if pc.any(pc.starts_with(table[name], "'")).as_py():
                cells = [bare(cell) for cell in table[name].to_pylist()]
                table = table.set_column(at, name, pa.array(cells, pa.string()))
        return table

    def _one_by_one(self, block: bytes, row: int, line: int, more: Callable[[], bytes]) -> tuple[Part, int, int]:
        """The rows of a block that is split record by record."""
        import pyarrow as pa

        lines = _Lines(io.StringIO(block.decode(self.encoding), newline=""), more, self.encoding)
        found = text.records(lines, line, self.delimiter, self.path, self.limits)
        table = text.split(lines.while_block(found), self.header, row, self.path, replace(self.limits, rows=_ENDLESS))
        columns = {name: pa.array([bare(one[name]) for one in table.rows], pa.string()) for name in self.columns}
        extras = [{name: bare(cell) for name, cell in one.items() if header.is_extra(name)} for one in table.rows]
        part = Part(
            pa.table(columns),
            np.array(table.numbers, dtype=np.int64),
            np.array(table.lines, dtype=np.int64),
            faults=tuple(table.faults),
            beyond={at: held for at, held in enumerate(extras) if held},
            notes=tuple(table.notes),
        )
        return part, table.count, lines.count


def _is_plain(block: bytes, mark: bytes) -> bool:
    """Whether lines are records, quotes do no more than enclose cells, and no other cell begins with a blank."""
    if block.startswith(b" ") or b"\n " in block or block.count(b"\r") != block.count(b"\r\n"):
        return False
    led = mark + b" " in block
    if b'"' not in block:
        return not led
    held = np.frombuffer(block, dtype=np.uint8)
    quotes = np.flatnonzero(held == ord('"'))
    ends = [ord(mark), ord("\n")]
    before = np.where(quotes > 0, held[quotes - 1], ends[1])
    after = np.where(quotes + 1 < len(held), held[np.minimum(quotes + 1, len(held) - 1)], ends[1])
    opening = np.arange(len(quotes)) % 2 == 0
    if len(quotes) % 2 or (np.isin(before, ends) != opening).any():
        return False
    if (np.isin(after, [*ends, ord("\r")]) == opening).any():
        return False
    line = np.searchsorted(np.flatnonzero(held == ends[1]), quotes)
    if (line[::2] != line[1::2]).any():
        return False
    blank_led = np.flatnonzero((held[:-1] == ends[0]) & (held[1:] == ord(" "))) if led else quotes[:0]
    return not (np.searchsorted(quotes, blank_led) % 2 == 0).any()


class _Lines:
    """The lines of a block, then as many more as its last record needs."""

    def __init__(self, block: io.StringIO, more: Callable[[], bytes], encoding: str) -> None:
        self._block, self._more, self._encoding = list(block), more, encoding
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        while True:
            while self.count < len(self._block):
                self.count += 1
                yield self._block[self.count - 1]
            line = self._more().decode(self._encoding)
            if not line:
                return
            self._block += io.StringIO(line, newline="")

    def while_block(self, records: Iterator[Any]) -> Iterator[Any]:
        """Records up to the one that takes the last line of the block."""
        while self.count < len(self._block):
            record = next(records, None)
            if record is None:
                return
            yield record


def _told(table: pyarrow.Table) -> Any:
    """Which rows hold anything, None if all do."""
    import pyarrow.compute as pc

    blank = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(table.column(0))), 0)
    if not pc.any(blank).as_py():
        return None
    for column in table.columns[1:]:
        blank = pc.and_(blank, pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(column)), 0))
    return pc.invert(blank).to_numpy() if pc.any(blank).as_py() else None
