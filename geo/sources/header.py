"""Headers of tables: which words are column names of sites, and which columns hold what a row has too much."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from geo.errors import RowError
from geo.schema import SITE_COLUMNS
from geo.spelling import even_out

_EXTRA = re.compile(r"_extra\d+")
_POSITIONS = ({"lon", "lat"}, {"x", "y"}, {"wkt"}, {"position"})


@cache
def _words() -> dict[str, str]:
    """Every name of a site column, evened out, to ours."""
    return {even_out(word): ours for ours, aliases in SITE_COLUMNS.items() for word in (ours, *aliases)}


def known(names: Iterable[str]) -> set[str]:
    """The site columns that the names stand for.

    Examples
    --------
    >>> sorted(known(["编号", "LON", "备注"]))
    ['id', 'lon']
    """
    return {_words()[word] for word in map(even_out, names) if word in _words()}


def has_position(names: Iterable[str]) -> bool:
    """Whether the columns say where a site is.

    Examples
    --------
    >>> has_position(["经度", "纬度"]), has_position(["编号", "经度"])
    (True, False)
    """
    held = known(names)
    return any(columns <= held for columns in _POSITIONS)


def is_extra(name: str) -> bool:
    """Whether a column is one that we gave to cells beyond the header."""
    return _EXTRA.fullmatch(name) is not None


def extras(cells: Sequence[str]) -> dict[str, str]:
    """Cells beyond the header by the names under which a row keeps them; blank ones at the end are dropped.

    Examples
    --------
    >>> extras(["9", "", "x", " "]), extras(["", ""])
    ({'_extra1': '9', '_extra2': '', '_extra3': 'x'}, {})
    """
    count = len(cells)
    while count and not cells[count - 1].strip():
        count -= 1
    return {f"_extra{number}": cell for number, cell in enumerate(cells[:count], start=1)}


def too_wide(path: Path, number: int, line: int, beyond: Iterable[object]) -> RowError:
    """The fault of a row with more cells than the header."""
    return RowError(
        "the row has more cells than the header",
        "该行的列数多于表头",
        file=path,
        row=number,
        line=line,
        value=" | ".join(map(str, beyond)),
        remedy_en="put text that holds the delimiter in quotes; in a rejected list clear the columns _extra1 and on",
        remedy_zh="含分隔符的文字请加引号；若为拒绝清单，请清空 _extra1 等列",
    )


def taken(line: int) -> tuple[str, str]:
    """The note on a header that is not the first line of its file."""
    return f"以文件第 {line} 行为表头。", f"Line {line} of the file was taken as the header."
