"""Delimited text: CSV, TSV and the "Unicode text" of Excel, every cell as text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from geo.errors import InputError, RowError
from geo.formula import bare
from geo.schema import REJECTED_COLUMNS
from geo.sources import header
from geo.sources.content import refuse_binary
from geo.sources.encoding import SPOKEN, measured
from geo.sources.gate import within
from geo.sources.layer import EncodingBasis, Layer, Limits, Note
from geo.sources.shapes import too_many

_QUOTED = re.compile(r'"[^"]*"')
_LINE_END = re.compile(r"\r\n|\r|\n")
_LONGEST_CELL = 16_000_000
_TALL_CELL = 20
_LOOKED_AT, _LONGEST_HEADER = 10, 100_000  # lines; characters
_END = "\0end"
WESTERN: Note = (
    "文字按西欧编码（Windows-1252）读取，如有乱码请另存为 UTF-8。",
    "The text was read as Windows-1252; if it looks wrong, save the file as UTF-8.",
)
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read(path: Path, *, limits: Limits) -> Layer:
    """A delimited text table.

    The delimiter is the one of comma, semicolon and tab that is found most in the
    header; titles above the header are passed over. Blank lines are passed over,
    missing cells at the end of a row are empty, empty ones beyond the header are
    dropped, a row with text beyond the header is a fault and keeps that text as
    ``_extra1`` and on, which are no columns of the layer. Columns that we write into a list of rejected rows are left
    out, and the apostrophe that we put before a formula is taken off.

    Raises
    ------
    InputError
        If the file is empty, is no such text, or goes over a limit, if two columns
        have one name, or if a quote is never closed.
    """
    text, encoding, basis = decoded(path)
    found = head(text, path, limits)
    lines = io.StringIO(text[found.end :], newline="")
    table = split(records(lines, found.lines, found.delimiter, path, limits), found.columns, 0, path, limits)
    notes: list[Note] = [*found.notes, *table.notes]
    if encoding == "cp1252":
        notes.append(WESTERN)
    rows: tuple[dict[str, object], ...] = tuple(
        {name: bare(row[name]) for name in row if name not in REJECTED_COLUMNS} for row in table.rows
    )
    return Layer(
        path=path,
        format=kind(path),
        name=None,
        columns=used(found.columns),
        rows=rows,
        numbers=tuple(table.numbers),
        lines=tuple(table.lines),
        encoding=SPOKEN[encoding],
        encoding_basis=basis,
        faults=tuple(table.faults),
        notes=tuple(notes),
    )


def decoded(path: Path) -> tuple[str, str, EncodingBasis]:
    """Text of a file, its encoding, and how that is known.

    Raises
    ------
    InputError
        If it is no text in UTF-8, UTF-16 with a byte-order mark, GB18030 or
        Windows-1252.
    """
    raw = path.read_bytes()
    for mark, name in _MARKS:
        if raw.startswith(mark):
            try:
                return _without_nul(raw.decode(name), path), name.removesuffix("-sig"), "byte-order mark"
            except UnicodeDecodeError as error:
                raise undecodable(path) from error
    for name in candidates(raw, path):
        try:
            return _without_nul(raw.decode(name), path), name, "measured"
        except UnicodeDecodeError:
            continue
    raise undecodable(path)


def candidates(raw: bytes, path: Path) -> list[str]:
    """Encodings that a text without a byte-order mark may be in, by its first million bytes, the likeliest first.

    Raises
    ------
    InputError
        If it begins like a file of another kind.
    """
    refuse_binary(raw[:4096], path)
    best = measured([line for line in raw[:1_000_000].splitlines() if not line.isascii()])
    return [
        name
        for name in dict.fromkeys(("utf-8", best or "utf-8", "gb18030"))
        if name != "utf-8" or best in (None, "utf-8")
    ]


def undecodable(path: Path) -> InputError:
    """The error for a text in no encoding that is known."""
    return InputError(
        "the file is neither UTF-8 nor GBK text",
        "文件既不是 UTF-8 也不是 GBK 文本",
        file=path,
        remedy_en="save it as CSV UTF-8",
        remedy_zh="请另存为 CSV UTF-8",
    )


def _without_nul(text: str, path: Path) -> str:
    if "\0" in text:
        raise nul(path, text.count("\n", 0, text.index("\0")) + 1)
    return text


def nul(path: Path, line: int) -> InputError:
    """The error for a text that holds NUL characters."""
    return InputError(
        "the file holds NUL characters, it is no text table",
        "文件含空字符，不是文本表格",
        file=path,
        row=line,
        remedy_en="open it in a spreadsheet and save it as CSV UTF-8",
        remedy_zh="请用表格软件打开并另存为 CSV UTF-8",
    )


def kind(path: Path) -> str:
    """What a person calls the file."""
    return {".tsv": "TSV", ".txt": "TXT"}.get(path.suffix.lower(), "CSV")


def used(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns without those that we write into a list of rejected rows."""
    return tuple(name for name in columns if name not in REJECTED_COLUMNS and not header.is_extra(name))


@dataclass(frozen=True)
class Head:
    """The columns of a text, what separates them, and the characters and lines up to the first record."""

    columns: tuple[str, ...]
    delimiter: str
    end: int
    lines: int
    notes: tuple[Note, ...]


def head(text: str, path: Path, limits: Limits) -> Head:
    """The header of a text, below titles if there are any.

    Raises
    ------
    InputError
        If the file is empty, or two columns have one name.
    """
    before, start = _blank_lines(text), _header_start(text)
    skipped = len(_LINE_END.findall(text, 0, start))
    end = _LINE_END.search(text, start)
    delimiter = _delimiter(text[start : end.start() if end else None])
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text[start:], newline=""):
            taken.append(line)
            yield line

    first, cells = next(records(lines(), skipped, delimiter, path, limits, begun=False), (1, []))
    columns = _header(cells, path, limits)
    notes = () if first == before + 1 else (header.taken(first),)
    return Head(tuple(columns), delimiter, start + sum(map(len, taken)), skipped + len(taken), notes)


@dataclass
class Table:
    """Rows as they stand, their numbers and lines; `count` counts the blank ones too."""

    rows: list[dict[str, str]]
    numbers: list[int]
    lines: list[int]
    faults: list[RowError]
    notes: list[Note]
    count: int = 0


def split(
    found: Iterator[tuple[int, list[str]]], columns: Sequence[str], before: int, path: Path, limits: Limits
) -> Table:
    """Records as rows; `before` of them stand above.

    Raises
    ------
    InputError
        If there are more than the limit.
    """
    table = Table([], [], [], [], [])
    places = [at for at, name in enumerate(columns) if not header.is_extra(name)]
    surplus = [at for at, name in enumerate(columns) if header.is_extra(name)]
    tall: list[int] = []
    for number, (line, given) in enumerate(found, start=before + 1):
        table.count += 1
        if not any(cell.strip() for cell in given):
            continue
        within("rows", len(table.rows) + 1, limits, path)
        cells = [*given, *[""] * (len(columns) - len(given))]
        beyond = header.extras([*(cells[at] for at in surplus), *cells[len(columns) :]])
        if beyond:
            table.faults.append(header.too_wide(path, number, line, beyond.values()))
        table.faults += _endless(columns, cells, number, line, path, limits)
        if any(cell.count("\n") > _TALL_CELL for cell in cells):
            tall.append(line)
        table.rows.append({columns[at]: cells[at] for at in places} | beyond)
        table.numbers.append(number)
        table.lines.append(line)
    if tall:
        where = ", ".join(map(str, tall[:5]))
        table.notes.append(
            (f"第 {where} 行起的单元格跨越 {_TALL_CELL} 行以上，可能缺少引号。",
             f"A cell that begins on line {where} runs over more than {_TALL_CELL} lines; a quote may be missing."),
        )  # fmt: skip
    return table


def _endless(
    columns: Sequence[str], cells: list[str], number: int, line: int, path: Path, limits: Limits
) -> list[RowError]:
    """Faults of geometries in words with more vertices than the limit, which are counted by their commas."""
    found = []
    for name, cell in zip(columns, cells, strict=False):
        count = cell.count(",") + 1 if len(cell) > limits.vertices else 0
        if count > limits.vertices and header.known([name]) == {"wkt"}:
            fault = too_many(count, number, path, limits)
            fault.line, fault.field = line, name
            found.append(fault)
    return found


def _blank_lines(text: str) -> int:
    """Number of empty lines that the text begins with."""
    return len(text[: len(text) - len(text.lstrip("\r\n"))].splitlines())


def _header_start(text: str) -> int:
    """Where the header begins: below titles, if the first line names no site column and one soon after names two."""
    start = at = len(text) - len(text.lstrip("\r\n"))
    for number in range(_LOOKED_AT):
        end = _LINE_END.search(text, at)
        line = text[at : min(end.start() if end else len(text), at + _LONGEST_HEADER)]
        held = len(header.known(next(csv.reader([line], delimiter=_delimiter(line)), [])))
        if held >= (2 if number else 1):
            return at
        if end is None:
            break
        at = end.end()
    return start


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def records(
    lines: Iterable[str], skipped: int, delimiter: str, path: Path, limits: Limits, *, begun: bool = True
) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each record; `skipped` lines stand above.

    Blank ones before the first are passed over unless the table has `begun`.

    Raises
    ------
    InputError
        If a quote is never closed, or a line holds more cells than the limit.
    """
    opened: list[str] = []
    reader = csv.reader(
        chain(_bounded(lines, opened, delimiter, path, limits), [_END]), delimiter=delimiter, skipinitialspace=True
    )
    line = skipped + 1
    with _cells_up_to(_LONGEST_CELL):
        try:
            for cells in reader:
                if cells == [_END]:
                    return
                if cells and cells[-1].endswith(_END):
                    break
                opened.clear()
                if begun or any(cell.strip() for cell in cells):
                    begun = True
                    yield line, cells
                line = skipped + reader.line_num + 1
        except csv.Error as error:
            raise InputError(
                f"the table cannot be read: {error}",
                f"表格无法读取：{error}",
                file=path,
                row=f"line {line}",
                remedy_en="look for a quote that is never closed near this line",
                remedy_zh="请检查该行附近是否缺少引号",
            ) from error
    raise InputError(
        f"a quote that opens in the record on line {line} is never closed",
        f"第 {line} 行起的引号没有结束",
        file=path,
        value=opened[0].rstrip("\r\n")[:60],
        remedy_en="close the quote, or double it if it belongs to the text",
        remedy_zh="请补上结束引号；若引号属于文字，请写成两个引号",
    )


def _bounded(lines: Iterable[str], opened: list[str], delimiter: str, path: Path, limits: Limits) -> Iterator[str]:
    """The lines, refused before delimiters become a flood of cells; `opened` gets the first of a record."""
    for line in lines:
        if not opened:
            opened.append(line)
        if line.count(delimiter) > 10 * limits.columns + 1_000:
            within("columns", _QUOTED.sub("", line).count(delimiter) + 1, limits, path)
        yield line


def _header(cells: list[str], path: Path, limits: Limits) -> list[str]:
    """Column names; blank ones at the end do not count."""
    columns = [name.strip() for name in cells]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise InputError(
            "the file is empty",
            "文件为空",
            file=path,
            remedy_en="give a table with a header",
            remedy_zh="请提供带表头的表格",
        )
    within("columns", len(columns), limits, path)
    columns = [bare(name) for name in columns]
    refuse_repeats(columns, path)
    return columns


def refuse_repeats(columns: list[str], path: Path) -> None:
    """Refuse columns of one name.

    Raises
    ------
    InputError
        With the names that stand twice.
    """
    seen: set[str] = set()
    repeated = sorted({name for name in columns if name in seen or seen.add(name)})  # type: ignore[func-returns-value]
    if repeated:
        raise InputError(
            f"columns have the same name: {', '.join(repeated) or '(blank)'}",
            f"列名重复：{'、'.join(repeated) or '（空白）'}",
            file=path,
            remedy_en="give every column a name of its own",
            remedy_zh="请为每列使用不同的名称",
        )


@contextmanager
def _cells_up_to(size: int) -> Iterator[None]:
    """Allow cells of this size while we read, and restore what was allowed before."""
    before = csv.field_size_limit(size)
    try:
        yield
    finally:
        csv.field_size_limit(before)
