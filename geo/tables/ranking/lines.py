"""Lines of a terminal: columns that align, words wrapped by their width on screen."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Collection, Sequence

from geo.tables.ranking.terms import width
from geo.tables.values import clean

_CONTROL: dict[int, str] = dict.fromkeys((*range(32), *range(127, 160)), "\ufffd") | {9: " ", 10: " ", 13: " "}
_CLOSING = frozenset("，。；：、！？）》〉」』】”’,.;:!?)]}%")  # never first on a line
_OPENING = frozenset("（《〈「『【“‘([{")  # never last on one
_LEAST = 40  # columns; narrower screens wrap by themselves
_ELSE = 100  # columns of a text that no terminal shows
_ROOM = 24  # columns, of a cell that is worth wrapping


def screen() -> int:
    """Columns of the terminal; 100 where the text goes elsewhere, so that it is the same everywhere."""
    return max(_LEAST, shutil.get_terminal_size((_ELSE, 24)).columns) if sys.stdout.isatty() else _ELSE


def one_line(words: str) -> str:
    """Words of others on one line, without signs that steer a terminal."""
    return clean(words).translate(_CONTROL)


def table(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> list[str]:
    """Rows as lines, columns aligned by the width on screen; those in `right` to the right.

    >>> table([["名次", "得分"], ["1", "0.5"]], right={1})
    ['名次  得分', '1      0.5']
    """
    rows = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(width(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for at, cell in enumerate(row):
            blank = " " * (widths[at] - width(cell))
            cells.append(blank + cell if at in right else cell + blank)
        lines.append("  ".join(cells).rstrip())
    return lines


def wrapped(words: str, columns: int, indent: int = 0, hang: int = 0) -> list[str]:
    """Words as lines no wider than `columns`: the first after `indent` blanks, the others after `indent` and `hang`.

    Latin words stay whole where they fit on a line; Chinese breaks anywhere but before a
    closing and after an opening mark.

    >>> wrapped("依据：本工具设定（site area）。", 18, hang=2)
    ['依据：本工具设定', '  （site area）。']
    """
    lines, line, start = [], " " * indent, indent
    for piece in _pieces(one_line(words)):
        if width(line) > start and width(line) + width(piece.rstrip()) > columns:
            lines.append(line.rstrip())
            start = indent + hang
            line = " " * start
        for part in _cut(piece, max(columns - start, 2)):
            if width(line) > start and width(line) + width(part.rstrip()) > columns:
                lines.append(line.rstrip())
                start = indent + hang
                line = " " * start
            line += part
    return [*lines, line.rstrip()]


def listed(rows: Sequence[Sequence[str]], columns: int) -> list[str]:
    """Rows as aligned lines whose last cells wrap; where they have no room, they stand beneath their row."""
    aligned = table([row[:-1] for row in rows])
    start = max(width(line) for line in aligned) + 2
    lines = []
    for line, row in zip(aligned, rows, strict=True):
        words = row[-1]
        if width(line) > columns:
            lines += [*wrapped("  ".join(row[:-1]), columns, hang=4), *(wrapped(words, columns, 6) if words else ())]
        elif not words:
            lines.append(line)
        elif columns - start >= _ROOM:
            first, *others = wrapped(words, columns, start)
            lines += [line + " " * (start - width(line)) + first.lstrip(), *others]
        else:
            lines += [line, *wrapped(words, columns, 6)]
    return lines


def _pieces(words: str) -> list[str]:
    """Words in parts between which a line may break."""
    found: list[str] = []
    for mark in words:
        if found and not _breaks(found[-1][-1], mark):
            found[-1] += mark
        else:
            found.append(mark)
    return found


def _breaks(before: str, after: str) -> bool:
    if after == " " or after in _CLOSING or before in _OPENING:
        return False
    return before == " " or width(before) == 2 or width(after) == 2


def _cut(piece: str, room: int) -> list[str]:
    """A part that is wider than a line, cut."""
    found = [""]
    for mark in piece:
        if width(found[-1] + mark.rstrip()) > room:
            found.append("")
        found[-1] += mark
    return found
