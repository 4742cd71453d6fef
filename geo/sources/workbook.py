"""Sheets of XLSX workbooks: the header found below titles, numbers as numbers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from geo.errors import InputError
from geo.schema import REJECTED_COLUMNS
from geo.sources import archive, content, header, sheet_xml
from geo.sources.gate import within
from geo.sources.layer import Layer, LayerInfo, Limits, Note
from geo.sources.libraries import quiet
from geo.sources.text import refuse_repeats
from geo.sources.values import Washer

Cells = tuple[object, ...]
_LOOKED_AT = 10
_EXACT = 1e15  # a spreadsheet keeps 15 digits; those beyond would be made up


def read(path: Path, sheet: str | None, *, limits: Limits) -> Layer:
    """A sheet; without a name the first one with columns for positions, else the first with content.

    Raises
    ------
    InputError
        If the workbook is damaged or protected, the sheet is not there, or a limit
        is passed.
    """
    with _opened(path, limits) as book:
        names = book.sheetnames
        if sheet is not None and sheet not in names:
            raise InputError(
                f"there is no layer or sheet {sheet!r}",
                f"没有图层或工作表“{sheet}”",
                file=path,
                remedy_en=f"sheets are: {', '.join(names[:20])}",
                remedy_zh=f"可用工作表：{'、'.join(names[:20])}",
            )
        sheets = {name: _content(book, name, path, limits) for name in ([sheet] if sheet else names)}
        filled = [name for name, one in sheets.items() if one.rows]
        if not filled:
            raise InputError(
                "the sheet is empty" if sheet else "no sheet has content",
                "工作表为空" if sheet else "所有工作表均为空",
                file=path,
                remedy_en="fill in a header and rows",
                remedy_zh="请填写表头和数据",
            )
        placed = (name for name in filled if header.has_position(_header(sheets[name].rows)[1]))
        chosen = next(placed, filled[0])
        made = _layer(path, chosen, sheets[chosen], limits)
    others = [name for name in filled if name != chosen]
    if not others:
        return made
    note = (f"读取工作表“{chosen}”；另有：{'、'.join(others[:10])}。",
            f"Sheet {chosen!r} was read; there are also {', '.join(others[:10])}.")  # fmt: skip
    return replace(made, notes=(note, *made.notes))


def list_sheets(path: Path, *, limits: Limits) -> tuple[LayerInfo, ...]:
    """The sheets of a workbook.

    Raises
    ------
    InputError
        As `read`.
    """
    found = []
    with _opened(path, limits) as book:
        for name in book.sheetnames:
            held = _content(book, name, path, limits)
            made = _layer(path, name, held, limits) if held.rows else None
            found.append(LayerInfo(name, len(made.rows) if made else 0, None, None, made.columns if made else ()))
    return tuple(found)


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[Any]:
    """The workbook, once its parts were counted."""
    import openpyxl

    content.check(path)
    archive.count(path, limits)
    with quiet(), tempfile.TemporaryDirectory(prefix="parksite-", ignore_cleanup_errors=True) as scratch:
        try:
            sheet_xml.refuse_declarations(path)
            measured = sheet_xml.with_dimensions(path, Path(scratch))
            book = openpyxl.load_workbook(measured, read_only=True, data_only=True, keep_links=False)
        except Exception as error:  # openpyxl and the XML parser raise many kinds
            raise content.damaged(path, error) from error
        try:
            yield book
        except InputError:
            raise
        except Exception as error:
            raise content.damaged(path, error) from error
        finally:
            book.close()


@dataclass(frozen=True)
class _Content:
    """Rows with content by their numbers in the sheet, and formulas without a value."""

    rows: list[tuple[int, Cells]]
    formulas: dict[int, set[int]]


def _content(book: Any, name: str, path: Path, limits: Limits) -> _Content:
    """What a sheet holds, blank rows left out and blank cells at the end of rows cut off."""
    sheet = book[name]
    if not hasattr(sheet, "iter_rows"):
        return _Content([], {})
    sheet.reset_dimensions()
    extent = sheet_xml.extent(path, sheet._worksheet_path)
    rows: list[tuple[int, Cells]] = []
    if extent.last_row == 0:
        return _Content(rows, {})
    cells = sheet.iter_rows(
        max_row=extent.last_row, max_col=min(extent.columns or limits.columns, limits.columns + 1), values_only=True
    )
    for number, row in enumerate(cells, start=1):
        width = len(row)
        while width and _blank(row[width - 1]):
            width -= 1
        if not width:
            continue
        within("columns", width, limits, path)
        rows.append((number, row[:width]))
        if len(rows) == _LOOKED_AT:
            within("rows", extent.rows - _header(rows)[0] - 1, limits, path)
    return _Content(rows, extent.formulas)


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _layer(path: Path, name: str, held: _Content, limits: Limits) -> Layer:
    """Rows below the header as a layer."""
    rows = held.rows
    at, names = _header(rows)
    body = rows[at + 1 :]
    within("rows", len(body), limits, path)
    width = max(len(names), *(len(row) for _, row in body)) if body else len(names)
    titles, unnamed = [], []
    for column in range(width):
        title = names[column] if column < len(names) else ""
        if not title and any(column < len(row) and not _blank(row[column]) for _, row in body):
            title = f"列{_letters(column)}"
            unnamed.append(title)
        titles.append(title)
    refuse_repeats([title for title in titles if title], path)
    washer = Washer()
    surplus = [column for column, title in enumerate(titles) if header.is_extra(title)]
    kept = [
        (column, title)
        for column, title in enumerate(titles)
        if title and title not in REJECTED_COLUMNS and column not in surplus
    ]
    table = [
        {title: _plain(row[column], washer) if column < len(row) else None for column, title in kept} for _, row in body
    ]
    top = rows[at][0]
    extras = [_beyond(row, surplus, washer) for _, row in body]
    notes: list[Note] = []
    if top != 1:
        notes.append((f"表头取自第 {top} 行。", f"Row {top} of the sheet was taken as the header."))
    if unnamed:
        notes.append(
            (f"无列名的列记为：{'、'.join(unnamed)}。", f"Columns without a name were called {', '.join(unnamed)}.")
        )
    notes += _formula_notes(held.formulas, titles, top)
    return Layer(
        path=path,
        format="XLSX",
        name=name,
        columns=tuple(title for _, title in kept),
        rows=tuple(row | beyond for row, beyond in zip(table, extras, strict=True)),
        numbers=tuple(number - top for number, _ in body),
        lines=tuple(number for number, _ in body),
        faults=tuple(
            header.too_wide(path, number - top, number, beyond.values())
            for (number, _), beyond in zip(body, extras, strict=True)
            if beyond
        ),
        notes=(*notes, *washer.notes()),
    )


def _beyond(row: Cells, surplus: Sequence[int], washer: Washer) -> dict[str, object]:
    """Cells that a rejected list keeps from beyond the header, as text."""
    cells = [_plain(row[column], washer) for column in surplus if column < len(row)]
    return dict(header.extras(["" if cell is None else str(cell) for cell in cells]))


def _header(rows: Sequence[tuple[int, Cells]]) -> tuple[int, list[str]]:
    """Place of the header among the rows with content, and its names.

    The row is the header whose names, with blank cells taken from the rows above
    as merged cells leave them, hold most of the known columns; the first of equals.
    """
    best, most = (0, _names(rows, 0)), -1
    for at, (number, _) in enumerate(rows[:_LOOKED_AT]):
        if number > rows[0][0] + _LOOKED_AT:
            break
        names = _names(rows, at)
        held = len(header.known(names))
        if held > most:
            best, most = (at, names), held
    return best


def _names(rows: Sequence[tuple[int, Cells]], at: int) -> list[str]:
    """Names of the columns if the row `at` is the header; a lone cell above is a title and gives none."""
    block = [row for _, row in rows[:at] if sum(not _blank(cell) for cell in row) > 1]
    width = max(len(row) for row in [*block, rows[at][1]])
    names = []
    for column in range(width):
        stack = [row[column] for row in [*block, rows[at][1]] if column < len(row) and not _blank(row[column])]
        names.append(" ".join(str(_plain(stack[-1], Washer())).split()) if stack else "")
    return names


def _plain(cell: object, washer: Washer) -> object:
    """A cell as text, number, truth value or None; days and moments as ISO text."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, float) and abs(cell) < _EXACT and cell == int(cell):
        return int(cell)
    if isinstance(cell, str):
        cell = cell.replace("_x000D_", "\r")  # openpyxl leaves this escape as it stands
    return None if _blank(cell) else washer.plain(cell)


def _letters(column: int) -> str:
    """The column as a spreadsheet names it.

    Examples
    --------
    >>> _letters(0), _letters(27)
    ('A', 'AB')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _formula_notes(formulas: dict[int, set[int]], titles: list[str], top: int) -> list[Note]:
    """A note for each column in which formulas below the header have no value."""
    notes: list[Note] = []
    for column, lines in sorted(formulas.items()):
        count = sum(line > top for line in lines)
        title = titles[column - 1] if column <= len(titles) else ""
        said = title or _letters(column - 1)
        if count:
            notes.append(
                (f"“{said}”列有 {count} 个公式没有存储结果，按空白读取；请用 Excel 打开并保存后重试。",
                 f"Column {said!r} has {count} formulas without a stored value, read as blank; "
                 "open the file in Excel and save it."),
            )  # fmt: skip
    return notes
