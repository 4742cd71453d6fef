"""The workbook of a ranking, whose scores and ranks recompute when a weight is changed.

The sheets 排序 Ranking, 权重 Weights, 效用 Utilities and 计算 Calculation hold formulas;
all others hold what the program found with the model's own weights. A row of the ranking
finds its formulas by the number in its first column, so sorting it does no harm.
Cells are typed as in `geo.tables.workbook`: nothing of the user's runs as a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from geo.schema import Site
from geo.symbology import Symbology
from geo.tables.ranking import sheets
from geo.tables.ranking.calculation import Layout, write_calculation, write_utilities, write_weights
from geo.tables.ranking.flat import rows
from geo.tables.ranking.notes import notes
from geo.tables.ranking.parts import Book, Formula, Sheet, ref, span
from geo.tables.ranking.reasons import missing
from geo.tables.ranking.terms import INTERVAL_NAMES, STATUS_NAMES, Lang, pick, said, told

Record = dict[str, Any]
HEAD = 3  # row of the headings, from 0
_RANK, _LOW, _MODEL_RANK, _MODEL_SCORE = 1, 7, 11, 12  # columns
_PRINTED = 14  # the last column on paper


def write_xlsx(path: Path, document: Record, sites: Sequence[Site], palette: Symbology, lang: Lang) -> None:
    """Write the workbook in one language."""
    import xlsxwriter

    made = xlsxwriter.Workbook(
        str(path),
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": str(path.parent),
        },
    )
    made.set_properties({"created": datetime.fromisoformat(document["as_of"]), "title": "parksite"})
    book = Book(made, palette, lang)
    layout = Layout.of(document)
    first = book.sheet("ranking")
    write_weights(book, document, layout)
    write_utilities(book, document, layout)
    write_calculation(book, document, layout)
    _write_ranking(first, document, sites, layout)
    sheets.write_constraints(book, document)
    sheets.write_reasons(book, document)
    sheets.write_robustness(book, document)
    sheets.write_layers(book, document)
    sheets.write_notes(book, document)
    book.close()


def _write_ranking(sheet: Sheet, document: Record, sites: Sequence[Site], layout: Layout) -> None:
    book, model = sheet.book, document["model"]
    mark = book.say("（示例数据，非真实项目）", " (sample sites, no real projects)") if document["sample"] else ""
    sheet.titled(f"选址适宜性排序：{model['title_zh']}{mark}", f"Ranking of sites: {model['title_en']}{mark}")
    sheet.put(1, 0, _changed(book, layout, len(document["sites"])), "note")
    sheet.put(2, 0, _basis(book, document, layout), "note")
    heads = _heads(book, layout)
    names, flat = rows(document, sites)
    theirs = names[len(notes(document)) :]
    sheet.row(HEAD, [*heads, *theirs], "head")
    for at, (record, row) in enumerate(zip(document["sites"], flat, strict=True)):
        line = HEAD + 1 + at
        _write_site(sheet, line, at, record, document, layout)
        for column, name in enumerate(theirs, start=len(heads)):
            sheet.theirs(line, column, row.get(name))
    last = HEAD + len(flat)
    sheet.widths(5, 7, 10, 18, 14, 8, 10, 10, 10, 8, 8, 8, 10, 10, 9, 26, 26, 26, 20, 26, 30, 30, 60)
    sheet.most_lines = 2
    sheet.sheet.freeze_panes(HEAD + 1, 4)
    sheet.sheet.repeat_rows(HEAD)
    sheet.sheet.print_area(0, 0, last, _PRINTED)  # the rest would make it too small to read
    sheet.sheet.autofilter(HEAD, 0, max(last, HEAD + 1), len(heads) + len(theirs) - 1)
    if layout.n:
        moved = book.book.add_format({"font_color": "#a8324a", "bold": True})
        here, model_rank = ref(HEAD + 1, _RANK).replace("B", "$B"), ref(HEAD + 1, _MODEL_RANK).replace("L", "$L")
        sheet.sheet.conditional_format(
            HEAD + 1, _RANK, last, _RANK,
            {"type": "formula", "criteria": f"=AND(ISNUMBER({here}),{here}<>{model_rank})", "format": moved},
        )  # fmt: skip


def _heads(book: Book, layout: Layout) -> list[str]:
    """The headings; those of formulas bear an asterisk."""
    live = "*"
    ends = live if layout.method.exact else ""
    return [
        book.say("序号", "no."),
        book.say("名次", "rank") + live,
        book.say("编号", "id"),
        book.say("名称", "name"),
        book.say("所在区", "district"),
        book.say("状态", "status"),
        book.say("得分", "score") + live,
        book.say("得分下限", "lowest score") + ends,
        book.say("得分上限", "highest score") + ends,
        book.say("最好名次", "best rank") + ends,
        book.say("最差名次", "worst rank") + ends,
        book.say("模型名次", "rank by the model"),
        book.say("模型得分", "score by the model"),
        book.say("居首可能性", "first in draws"),
        book.say("期望名次", "expected rank"),
        book.say("不符合的约束", "constraints that fail"),
        book.say("需论证", "requires assessment"),
        book.say("未评估（不等于符合）", "not assessed (no pass)"),
        book.say("缺值的准则", "criteria without value"),
        book.say("人工认定", "overrides"),
        book.say("须作何改变", "what would have to change"),
        book.say("升位条件", "to gain a place"),
        book.say("说明", "explanation"),
    ]


def _write_site(sheet: Sheet, line: int, at: int, record: Record, document: Record, layout: Layout) -> None:
    lang = sheet.book.lang
    sheet.put(line, 0, at + 1, "count")
    if record["rank"] is None:
        sheet.put(line, _RANK, pick(STATUS_NAMES["excluded"], lang), "status:excluded")
    else:
        own = ref(line, 0).replace("A", "$A")
        for column, (name, look) in {
            1: ("rank", "whole"), 6: ("score", "live"), 7: ("score_low", "live"), 8: ("score_high", "live"),
            9: ("rank_best", "whole"), 10: ("rank_worst", "whole"),
        }.items():  # fmt: skip
            cells = layout.column(sheet.book, "score" if name == "score_low" else name)
            if column < _LOW or layout.method.exact:
                sheet.put(line, column, Formula(f"INDEX({cells},{own})", record[name]), look)
            else:
                sheet.put(line, column, record[name], "score" if look == "live" else "count")
    sheet.row(line, [record["id"], record["name"], told(record, "district", lang)], column=2)
    sheet.put(line, 5, pick(STATUS_NAMES[record["status"]], lang), f"status:{record['status']}")
    robust = record["robust"] or {}
    sheet.put(line, 11, record["rank"], "count")
    sheet.put(line, 12, record["score"], "score")
    sheet.put(line, 13, (robust.get("acceptability") or [None])[0], "share")
    sheet.put(line, 14, robust.get("expected_rank"), "score")
    sheet.row(line, [*_open(document, record, lang), *_words(document, record, lang)], "wide", column=15)


def _open(document: Record, record: Record, lang: Lang) -> list[str]:
    """Titles of the constraints by result, and of the criteria without a value."""
    both = list(zip(document["constraints"], record["constraints"], strict=True))
    found = [
        [told(rule, "title", lang) for rule, one in both if one["result"] == result]
        for result in ("fail", "requires_assessment", "not_assessed")
    ]
    held = zip(document["criteria"], record["criteria"], strict=True)
    found.append([told(rule, "title", lang) for rule, one in held if missing(one)])
    return [("、" if lang == "zh" else ", ").join(one) for one in found]


def _words(document: Record, record: Record, lang: Lang) -> list[str]:
    """Overrides, what would have to change, what would gain a place, the explanation."""
    stop = "；" if lang == "zh" else "; "
    overrides = [
        sheets.override(one, rule, lang)
        for rule, one in zip(document["constraints"], record["constraints"], strict=True)
        if one["override"]
    ]
    changes = [told(one, "change", lang) for one in record["constraints"]]
    return [
        stop.join(overrides),
        stop.join(one for one in changes if one),
        said(record["next"] or {}, lang),
        said(record["explanation"], lang),
    ]


def _changed(book: Book, layout: Layout, count: int) -> Formula:
    """A line that says whether the weights are still the model's."""
    changed = book.say(
        "注意：权重或取值已改动，名次与得分随之重算；“模型名次”“模型得分”及其余各表仍为模型原结果",
        "Weights or values have been changed: ranks and scores follow; what is said to be the model's, and the other "
        "sheets, do not",
    )
    kept = book.say(
        "权重与模型一致；在“权重”表改动权重，标有*的各列随之更新",
        "Weights are the model's; change them on sheet Weights and the columns marked * follow",
    )
    cells, models = (book.on("weights", one) for one in (layout.normalised, layout.models))
    scores = span(HEAD + 1, _MODEL_SCORE, HEAD + max(count, 1), _MODEL_SCORE)
    moved = f"ABS(SUMSQ({layout.column(book, 'score')})-SUMSQ({scores}))"
    return Formula(f'IF(SUMPRODUCT(ABS({cells}-{models}))+{moved}>0.000000001,"{changed}","{kept}")', kept)


def _basis(book: Book, document: Record, layout: Layout) -> str:
    """What the intervals and the other figures rest on."""
    basis = next((one["interval_basis"] for one in document["sites"] if one["rank"] is not None), "exact")
    ends = (
        book.say("上下限随权重更新", "its ends are live")
        if layout.method.exact
        else book.say(
            "该汇总方法的上下限由抽样得出，为数值，不随权重更新",
            "with this aggregation its ends come from draws: values that do not follow the weights",
        )
    )
    return book.say(
        f"基准日 {document['as_of']}；{document['aggregation']['zh']}；"
        f"区间反映缺值（{INTERVAL_NAMES[basis][0]}），{ends}",
        f"as of {document['as_of']}; {document['aggregation']['en']}; intervals show what missing values can do "
        f"({INTERVAL_NAMES[basis][1]}), {ends}",
    )
