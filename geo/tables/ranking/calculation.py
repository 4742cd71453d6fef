"""The sheets that recompute: weights, utilities, calculation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.tables.ranking import formulas
from geo.tables.ranking.formulas import Method
from geo.tables.ranking.parts import Book, Formula, Sheet, ref, span
from geo.tables.ranking.reasons import layers_of
from geo.tables.ranking.terms import bracketed, told, value_words
from geo.tables.ranking.utilities import formula, gives, literal

Record = dict[str, Any]
Floats = NDArray[np.float64]

TOP = 6  # row of the first site on the sheets of utilities and calculation, from 0
WEIGHTS_TOP = 4  # row of the first criterion on the sheet of weights
GIVEN, SHARE, MODEL = 3, 4, 5  # columns there
_FIXED = {"score": 3, "score_high": 4, "rank": 5, "rank_best": 6, "rank_worst": 7}  # columns of the calculation
_AIDS, _PARTS = 8, 10


@dataclass(frozen=True)
class Layout:
    """Where what stands: `n` ranked sites, `m` criteria."""

    n: int
    m: int
    method: Method

    @classmethod
    def of(cls, document: Record) -> Layout:
        """The layout of a document."""
        ranked = sum(one["rank"] is not None for one in document["sites"])
        held = document["aggregation"]
        return cls(ranked, len(document["criteria"]), Method(held["method"], held["parameters"]))

    @property
    def normalised(self) -> str:
        """Cells of the weights that sum to one."""
        return span(WEIGHTS_TOP, SHARE, WEIGHTS_TOP + self.m - 1, SHARE)

    @property
    def models(self) -> str:
        """Cells of the model's own weights."""
        return span(WEIGHTS_TOP, MODEL, WEIGHTS_TOP + self.m - 1, MODEL)

    def column(self, book: Book, name: str) -> str:
        """Cells of a figure of the calculation, over all ranked sites."""
        return book.on("calculation", self.down(_FIXED[name]))

    def down(self, column: int) -> str:
        """Cells of a column over all ranked sites."""
        return span(TOP, column, TOP + max(self.n, 1) - 1, column)

    def across(self, row: int, first: int, *, fixed: bool = False) -> str:
        """Cells of a row over all criteria."""
        if fixed:
            return span(row, first, row, first + self.m - 1)
        return f"{ref(row, first)}:{ref(row, first + self.m - 1)}"


def write_weights(book: Book, document: Record, layout: Layout) -> None:
    """The weights, to be changed in the coloured cells."""
    sheet = book.sheet("weights")
    sheet.titled("权重", "Weights")
    sheet.put(
        1,
        0,
        book.say(
            "改动黄色单元格即可：任意非负数，合计不必为 1，右列自动归一；“排序”表的得分与名次随之更新",
            "Change the yellow cells: any numbers not below zero, they need not sum to one, the next column scales "
            "them; scores and ranks on sheet Ranking follow",
        ),
        "note",
    )
    sheet.row(
        WEIGHTS_TOP - 1,
        [
            book.say("序号", "no."), book.say("编号", "id"), book.say("准则", "criterion"),
            book.say("权重（可改）", "weight (change here)"), book.say("归一权重（公式）", "scaled weight (formula)"),
            book.say("模型权重", "weight of the model"), book.say("图层", "layer"),
            book.say("价值函数", "value function"), book.say("依据", "source"),
        ],
        "head",
    )  # fmt: skip
    last = WEIGHTS_TOP + layout.m - 1
    given = span(WEIGHTS_TOP, GIVEN, last, GIVEN)
    total = sum(one["weight"] for one in document["criteria"]) or 1.0
    for at, one in enumerate(document["criteria"]):
        line = WEIGHTS_TOP + at
        sheet.put(line, 0, at + 1, "count")
        sheet.row(line, [one["id"], told(one, "title", book.lang)], column=1)
        sheet.put(line, GIVEN, one["weight"], "input")
        share = Formula(f"IF(SUM({given})>0,{ref(line, GIVEN)}/SUM({given}),0)", one["weight"] / total)
        sheet.put(line, SHARE, share, "live")
        sheet.put(line, MODEL, one["weight"], "score")
        sheet.put(line, 6, ", ".join(layer["name"] for layer in layers_of(document, one)))
        sheet.row(line, [told(one, name, book.lang) for name in ("function", "source")], "wide", column=7)
    for column in (GIVEN, SHARE, MODEL):
        cells = f"SUM({span(WEIGHTS_TOP, column, last, column)})"
        sheet.put(last + 1, column, Formula(cells, 1.0 if column == SHARE else total), "sum")
    sheet.put(last + 1, 2, book.say("合计", "sum"))
    said = document["weighting"]
    for at, words in enumerate([said, *said["remarks"]]):
        sheet.put(last + 3 + at, 0, words[book.lang], "note")
    sheet.sheet.data_validation(
        WEIGHTS_TOP, GIVEN, last, GIVEN,
        {
            "validate": "decimal", "criteria": ">=", "value": 0,
            "error_title": book.say("权重", "Weight"),
            "error_message": book.say("权重须为非负数", "A weight is a number not below zero"),
        },
    )  # fmt: skip
    sheet.widths(6, 16, 24, 14, 16, 12, 18, 44, 40)


def write_utilities(book: Book, document: Record, layout: Layout) -> None:
    """Values and utilities of the ranked sites; utilities follow the values where a formula can say it."""
    sheet = book.sheet("utilities")
    sheet.titled("效用（0 至 1，越高越好）", "Utilities (0 to 1, higher is better)")
    sheet.put(
        1,
        0,
        book.say(
            "黄色取值的效用为公式：改动取值或补填缺值，效用与得分随之更新；"
            "缺值时下限、上限为价值函数的最低与最高效用，得分取下限",
            "Utilities of yellow values are formulas: change a value or fill in a missing one and scores follow; "
            "where one is missing, low and high are the least and the most its function gives; the score takes low",
        ),
        "note",
    )  # fmt: skip
    for part, (zh, en) in enumerate(
        (("取值", "value"), ("效用下限（计分）", "utility low (scored)"), ("效用上限", "utility high"))
    ):
        for at, one in enumerate(document["criteria"]):
            column = 3 + part * layout.m + at
            sheet.put(TOP - 2, column, book.say(zh, en), "head")
            unit = bracketed(one["unit"] or "", book.lang) if part == 0 else ""
            sheet.put(TOP - 1, column, told(one, "title", book.lang) + unit, "head")
    _write_names(sheet, document)
    for line, record in enumerate(_ranked(document), start=TOP):
        for at, (rule, held) in enumerate(zip(document["criteria"], record["criteria"], strict=True)):
            _write_utility(sheet, line, at, rule, held, layout)
    sheet.sheet.freeze_panes(TOP, 3)
    sheet.widths(5, 10, 18, *[15] * (3 * layout.m))


def _write_utility(sheet: Sheet, line: int, at: int, rule: Record, held: Record, layout: Layout) -> None:
    value = ref(line, 3 + at)
    text = formula(rule["function"], value) if gives(rule["function"], held) else None
    shown = value_words(held["value"], sheet.book.lang) if isinstance(held["value"], str) else held["value"]
    sheet.put(line, 3 + at, shown, "plain" if text is None else "value")
    for part, name in ((1, "low"), (2, "high")):
        cell: Any = held[name]
        if text is not None:
            cell = Formula(f"IF(ISNUMBER({value}),{text},{literal(held[name])})", held[name])
        sheet.put(line, 3 + part * layout.m + at, cell, "live" if text is not None else "score")


def write_calculation(book: Book, document: Record, layout: Layout) -> None:
    """From utilities and weights to scores and ranks, step by step."""
    sheet, method = book.sheet("calculation"), layout.method
    sheet.titled(
        f"计算：{document['aggregation']['zh']}（{method.name}）",
        f"Calculation: {document['aggregation']['en']} ({method.name})",
    )
    heads = [
        book.say("序号", "no."), book.say("编号", "id"), book.say("名称", "name"), book.say("得分", "score"),
        book.say("得分上限", "highest score"), book.say("名次", "rank"), book.say("最好名次", "best rank"),
        book.say("最差名次", "worst rank"),
    ]  # fmt: skip
    sheet.row(TOP - 1, heads, "head")
    for at, words in enumerate(formulas.aids(method)):
        sheet.put(TOP - 1, _AIDS + at, book.say(*words), "head")
    _write_names(sheet, document)
    sheet.put(1, _PARTS - 1, book.say("归一权重", "scaled weight"), "note")
    for at, one in enumerate(document["criteria"]):
        weight = book.on("weights", ref(WEIGHTS_TOP + at, SHARE, fixed="both"))
        sheet.put(1, _PARTS + at, Formula(weight, one["weight"]), "live")
        sheet.put(TOP - 1, _PARTS + at, told(one, "title", book.lang), "head")
        if method.exact:
            upper = told(one, "title", book.lang) + book.say("（上限）", " (high)")
            sheet.put(TOP - 1, _PARTS + layout.m + at, upper, "head")
    if layout.n:
        _write_aggregates(sheet, document, layout)
        _write_scores(sheet, document, layout)
    sheet.sheet.freeze_panes(TOP, 3)
    sheet.widths(5, 10, 18, *[12] * (7 + 2 * layout.m))


def _write_aggregates(sheet: Sheet, document: Record, layout: Layout) -> None:
    """Rows above the parts: order weights of OWA, best and worst parts of TOPSIS."""
    book, method = sheet.book, layout.method
    if method.name == "owa":
        sheet.put(2, _PARTS - 1, book.say("次序权重（由最低到最高）", "order weight, lowest first"), "note")
        sheet.row(2, method.order(layout.m), "score", column=_PARTS)
    if method.name == "topsis":
        parts = formulas.part_values(method, utilities(document, "low"))
        for row, zh, en, name, values in (
            (2, "正理想值", "best", "MAX", parts.max(axis=0)),
            (3, "负理想值", "worst", "MIN", parts.min(axis=0)),
        ):
            sheet.put(row, _PARTS - 1, book.say(zh, en), "note")
            for at in range(layout.m):
                cell = Formula(f"{name}({layout.down(_PARTS + at)})", float(values[at]))
                sheet.put(row, _PARTS + at, cell, "live")


def _write_scores(sheet: Sheet, document: Record, layout: Layout) -> None:
    """The rows of the sites: parts, aids, scores, ranks."""
    method, book = layout.method, sheet.book
    blocks = [("low", _PARTS)] + ([("high", _PARTS + layout.m)] if method.exact else [])
    for part, (name, first) in enumerate(blocks):
        values = formulas.part_values(method, utilities(document, name))
        for at in range(layout.m):
            source = 3 + (part + 1) * layout.m + at
            column = book.on("utilities", layout.down(source))
            for line in range(TOP, TOP + layout.n):
                cell = book.on("utilities", ref(line, source))
                text = formulas.part(method, cell, column, layout.n)
                sheet.put(line, first + at, Formula(text, float(values[line - TOP, at])), "live")
    weights = layout.across(1, _PARTS, fixed=True)
    order = ideal = layout.across(2, _PARTS, fixed=True)
    ideals = (ideal, layout.across(3, _PARTS, fixed=True))
    count = len(formulas.aids(method))
    aids = _aid_values(document, method)
    all_ = tuple(layout.down(_AIDS + at) for at in range(count))
    scores, highs = layout.down(_FIXED["score"]), layout.down(_FIXED["score_high"])
    for line, record in enumerate(_ranked(document), start=TOP):
        parts = layout.across(line, _PARTS)
        for at in range(count):
            text = formulas.aid(method, at, weights, parts, ideals)
            sheet.put(line, _AIDS + at, Formula(text, float(aids[line - TOP, at])), "live")
        own = tuple(ref(line, _AIDS + at) for at in range(count))
        text = formulas.score(method, weights, parts, order, own, all_)
        sheet.put(line, _FIXED["score"], Formula(text, record["score"]), "live")
        here, high = ref(line, _FIXED["score"]), ref(line, _FIXED["score_high"])
        sheet.put(line, _FIXED["rank"], Formula(formulas.rank(here, scores), record["rank"]), "whole")
        if method.exact:
            text = formulas.score(method, weights, layout.across(line, _PARTS + layout.m), order, (), ())
            sheet.put(line, _FIXED["score_high"], Formula(text, record["score_high"]), "live")
            sheet.put(line, _FIXED["rank_best"], Formula(formulas.rank(high, scores), record["rank_best"]), "whole")
            text = formulas.rank_worst(here, high, highs)
            sheet.put(line, _FIXED["rank_worst"], Formula(text, record["rank_worst"]), "whole")
        else:
            told_ = (record["score_high"], record["rank_best"], record["rank_worst"])
            for name, value in zip(("score_high", "rank_best", "rank_worst"), told_, strict=True):
                sheet.put(line, _FIXED[name], value, "score" if name == "score_high" else "count")


def _aid_values(document: Record, method: Method) -> Floats:
    if not formulas.aids(method):
        return np.empty((0, 0))
    weights = np.array([one["weight"] for one in document["criteria"]], dtype=float)
    return formulas.aid_values(method, weights, formulas.part_values(method, utilities(document, "low")))


def utilities(document: Record, name: str) -> Floats:
    """Lowest or highest utilities of the ranked sites, shape (n, m)."""
    held = [[one[name] for one in record["criteria"]] for record in _ranked(document)]
    return np.array(held, dtype=float).reshape(-1, len(document["criteria"]))


def _write_names(sheet: Sheet, document: Record) -> None:
    book = sheet.book
    sheet.row(TOP - 1, [book.say("序号", "no."), book.say("编号", "id"), book.say("名称", "name")], "head")
    for at, record in enumerate(_ranked(document)):
        sheet.put(TOP + at, 0, at + 1, "count")
        sheet.row(TOP + at, [record["id"], record["name"]], column=1)


def _ranked(document: Record) -> list[Record]:
    return [one for one in document["sites"] if one["rank"] is not None]
