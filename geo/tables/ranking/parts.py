"""Parts of the workbook: its formats, a sheet to put cells into, references to cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from geo.formula import FORMULA_STARTS
from geo.symbology import Symbology
from geo.tables.ranking.terms import Lang, result_swatches, status_swatches, width
from geo.tables.values import plain
from geo.tables.workbook import cell_text, write_cell

Record = dict[str, Any]
SHEETS: dict[str, tuple[str, str]] = {
    "ranking": ("排序", "Ranking"),
    "weights": ("权重", "Weights"),
    "utilities": ("效用", "Utilities"),
    "calculation": ("计算", "Calculation"),
    "constraints": ("约束", "Constraints"),
    "reasons": ("依据", "Reasons"),
    "robustness": ("稳健性", "Robustness"),
    "layers": ("图层", "Layers"),
    "notes": ("说明", "Notes"),
}


_WRAPPED = {"wide", "head"}
_UNSEEN = {"plain", "wide", "count", "score", "share"}  # looks that an empty cell does not show
_LINE = 16  # points; no row can be higher than 409


class Formula(NamedTuple):
    """A formula and what it gives with the model's weights, for programs that do not recompute."""

    text: str
    value: float | str


def ref(row: int, column: int, *, fixed: Literal["", "row", "both"] = "") -> str:
    """A cell by row and column from 0.

    >>> ref(4, 27), ref(4, 1, fixed="row"), ref(0, 0, fixed="both")
    ('AB5', 'B$5', '$A$1')
    """
    letters, left = "", column
    while left >= 0:
        letters = chr(65 + left % 26) + letters
        left = left // 26 - 1
    return f"{'$' if fixed == 'both' else ''}{letters}{'$' if fixed else ''}{row + 1}"


def span(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """A fixed range.

    >>> span(4, 1, 9, 1)
    '$B$5:$B$10'
    """
    return f"{ref(first_row, first_column, fixed='both')}:{ref(last_row, last_column, fixed='both')}"


def on(sheet: str, lang: Lang, cells: str) -> str:
    """Cells of a sheet.

    >>> on("weights", "zh", "A1")
    "'权重'!A1"
    """
    return f"'{SHEETS[sheet][lang == 'en']}'!{cells}"


class Book:
    """The workbook in the making, in one language."""

    def __init__(self, book: Any, palette: Symbology, lang: Lang) -> None:
        self.book, self.lang = book, lang
        self.sheets: list[Sheet] = []
        top = {"valign": "top"}
        live = {**top, "bg_color": "#eef4f8"}
        self.looks: dict[str, Any] = {
            "plain": book.add_format(top),
            "wide": book.add_format({**top, "text_wrap": True}),
            "quoted": book.add_format({**top, "quote_prefix": True}),
            "day": book.add_format({**top, "num_format": "yyyy-mm-dd"}),
            "moment": book.add_format({**top, "num_format": "yyyy-mm-dd hh:mm:ss"}),
            "head": book.add_format(
                {"bold": True, "bg_color": "#1f3a4d", "font_color": "#ffffff", "valign": "vcenter", "border": 1,
                 "text_wrap": True}
            ),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "note": book.add_format({"italic": True, "font_color": "#39434b"}),
            "input": book.add_format({**top, "bg_color": "#fff6d6", "border": 1, "num_format": "0.0000"}),
            "value": book.add_format({**top, "bg_color": "#fff6d6", "border": 1}),
            "count": book.add_format({**top, "align": "center"}),
            "share": book.add_format({**top, "num_format": "0.0%"}),
            "score": book.add_format({**top, "num_format": "0.0000"}),
            "live": book.add_format({**live, "num_format": "0.0000"}),
            "whole": book.add_format({**live, "num_format": "0", "bold": True, "align": "center"}),
            "sum": book.add_format({**top, "num_format": "0.0000", "top": 1, "bold": True}),
        }  # fmt: skip
        for kind, swatches in (("result", result_swatches(palette)), ("status", status_swatches(palette))):
            for name, one in swatches.items():
                colour = {"bg_color": _tint(one.colour), "font_color": "#1b1f24", "border": 1}
                self.looks[f"{kind}:{name}"] = book.add_format({**top, **colour, "text_wrap": kind == "result"})

    def say(self, zh: str, en: str) -> str:
        """The words of this workbook's language."""
        return zh if self.lang == "zh" else en

    def sheet(self, name: str) -> Sheet:
        """A new sheet."""
        made = Sheet(self, self.book.add_worksheet(SHEETS[name][self.lang == "en"]))
        self.sheets.append(made)
        return made

    def close(self) -> None:
        """Write the file."""
        for one in self.sheets:
            one.heighten()
        self.book.close()

    def on(self, sheet: str, cells: str) -> str:
        """Cells of a sheet of this workbook."""
        return on(sheet, self.lang, cells)


class Sheet:
    """A sheet to put cells into, by row and column from 0."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book, self.sheet = book, sheet
        self.most_lines = 27  # of a row
        self._widths: tuple[float, ...] = ()
        self._wrapped: dict[int, dict[int, str]] = {}
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(1)

    def put(self, row: int, column: int, value: Any, look: str = "plain") -> None:
        """One cell by the type of its value; text is never taken for a formula, a `Formula` is one."""
        looks = self.book.looks
        if isinstance(value, Formula):
            self.sheet.write_formula(row, column, f"={value.text}", looks[look], value.value)
        elif isinstance(value, str) and value:
            text = cell_text(value)
            quoted = look in ("plain", "wide") and text.startswith(tuple(FORMULA_STARTS))
            self.sheet.write_string(row, column, text, looks["quoted" if quoted else look])
            if look in _WRAPPED:
                self._wrapped.setdefault(row, {})[column] = text
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.sheet.write_number(row, column, value, looks[look])
        elif value is None or value == "":
            if look not in _UNSEEN:
                self.sheet.write_blank(row, column, None, looks[look])
        else:
            write_cell(self.sheet, row, column, plain(value), looks, wide=look == "wide")

    def theirs(self, row: int, column: int, value: Any) -> None:
        """A cell of the user's own, as in the tables of a check."""
        write_cell(self.sheet, row, column, plain(value), self.book.looks, wide=False)

    def row(self, row: int, values: Sequence[Any], look: str = "plain", *, column: int = 0) -> None:
        """Cells beside each other."""
        for at, value in enumerate(values, start=column):
            self.put(row, at, value, look)

    def titled(self, zh: str, en: str) -> None:
        """The title in the first cell."""
        self.put(0, 0, self.book.say(zh, en), "title")

    def widths(self, *widths: float) -> None:
        """Widths of the first columns, in characters."""
        self._widths = widths
        for at, one in enumerate(widths):
            self.sheet.set_column(at, at, one)

    def heighten(self) -> None:
        """Rows as high as their wrapped words need, as not every program finds out itself."""
        for row, cells in self._wrapped.items():
            lines = max(
                (_lines(text, self._widths[column]) for column, text in cells.items() if column < len(self._widths)),
                default=1,
            )
            if lines > 1:
                self.sheet.set_row(row, _LINE * min(lines, self.most_lines))


@lru_cache(maxsize=10_000)
def _lines(text: str, room: float) -> int:
    """Lines that a text takes in a column so many characters wide.

    >>> _lines("用地面积", 5.0), _lines("area", 5.0)
    (2, 1)
    """
    return sum(max(1, math.ceil(width(line) * 1.1 / room)) for line in text.split("\n"))


def _tint(colour: str) -> str:
    """A colour pale enough for dark words upon it.

    >>> _tint("#000000")
    '#a6a6a6'
    """
    parts = [int(colour.lstrip("#")[at : at + 2], 16) for at in (0, 2, 4)]
    return "#" + "".join(f"{round(one + (255 - one) * 0.65):02x}" for one in parts)
