# ruff: noqa: E501 - sentences and headings in both languages
"""The sheets of a ranking's workbook that hold values: constraints, reasons, robustness, layers, notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo.tables.ranking.calculation import Layout
from geo.tables.ranking.parts import Book, Sheet
from geo.tables.ranking.reasons import reason_rows
from geo.tables.ranking.terms import RESULT_NAMES, STATUS_NAMES, Lang, pick, said, told, value_words

Record = dict[str, Any]


def override(finding: Record, rule: Record, lang: Lang) -> str:
    """An overridden finding of a rule in words."""
    held, title = finding["override"], told(rule, "title", lang)
    before, after = (pick(RESULT_NAMES[one], lang) for one in (held["original"], finding["result"]))
    if lang == "zh":
        return f"{title}：原“{before}”，改为“{after}”（{held['by']}：{held['reason']}）"
    return f"{title}: {before} overridden to {after} ({held['by']}: {held['reason']})"


def write_constraints(book: Book, document: Record) -> None:
    """A matrix of sites and constraints, below what each constraint asks and rests on."""
    sheet, lang = book.sheet("constraints"), book.lang
    sheet.titled("约束条件", "Constraints")
    sheet.put(1, 0, book.say("图例", "legend"), "note")
    for at, (name, pair) in enumerate(RESULT_NAMES.items()):
        sheet.put(1, 3 + at, pick(pair, lang), f"result:{name}")
    sheet.put(2, 0, book.say("未评估不等于符合", "Not assessed is no pass"), "note")
    for line, (zh, en) in enumerate(
        (("类组", "group"), ("要求", "threshold"), ("图层", "layer"), ("依据", "source")), start=3
    ):
        sheet.put(line, 2, book.say(zh, en), "head")
    absent = {one["name"] for one in document["layers"] if not one["present"]}
    for at, rule in enumerate(document["constraints"], start=3):
        layer = rule["layer"] or ""
        lacking = book.say("（缺）", " (absent)") if layer in absent else ""
        column = (told(rule, "group", lang), told(rule, "threshold", lang), layer + lacking, told(rule, "source", lang))
        for line, words in enumerate(column, start=3):
            sheet.put(line, at, words, "wide")
        sheet.put(7, at, told(rule, "title", lang), "head")
    sheet.row(7, [book.say("名次", "rank"), book.say("编号", "id"), book.say("名称", "name")], "head")
    for line, site in enumerate(document["sites"], start=8):
        rank = site["rank"] if site["rank"] is not None else pick(STATUS_NAMES["excluded"], lang)
        sheet.put(line, 0, rank, "count")
        sheet.row(line, [site["id"], site["name"]], column=1)
        for at, one in enumerate(site["constraints"], start=3):
            words = pick(RESULT_NAMES[one["result"]], lang)
            if one["override"]:
                words += book.say(f"（人工认定：{one['override']['by']}）", f" (overridden by {one['override']['by']})")
            sheet.put(line, at, words, f"result:{one['result']}")
    sheet.sheet.freeze_panes(8, 3)
    sheet.widths(8, 10, 18, *[20] * len(document["constraints"]))


_REASONS: tuple[tuple[str, str, str, int], ...] = (  # column of `reasons.NOTES` ("*": with its language), headings, width
    ("site", "编号", "site", 10), ("name", "名称", "name", 18), ("rank", "名次", "rank", 6),
    ("part", "类别", "part", 10), ("rule_*", "规则", "rule", 24), ("result", "结论", "result", 14),
    ("measured", "量测值", "measured", 12), ("measured_text", "取值（文字）", "value in words", 18),
    ("unit", "单位", "unit", 6), ("threshold", "阈值", "threshold", 10), ("threshold_*", "要求", "asked", 30),
    ("margin", "余量", "margin", 10), ("sliver_m2", "未计碎片（m²）", "slivers not counted, m²", 10),
    ("missing", "缺值", "missing", 7), ("utility", "效用", "utility", 9),
    ("utility_low", "效用下限", "utility low", 9), ("utility_high", "效用上限", "utility high", 9),
    ("weight", "模型权重", "weight of the model", 9), ("contribution", "贡献", "contribution", 10),
    ("difference", "与首位之差", "against the first", 10), ("feature", "起决定作用的要素", "feature", 18),
    ("layer", "图层", "layer", 18), ("layer_version", "图层版本", "version", 14), ("layer_vintage_*", "年份", "vintage", 18),
    ("source_*", "依据", "source", 36), ("change_*", "须作何改变", "what would have to change", 30),
    ("override_original", "认定前结论", "before the override", 12), ("override_by", "认定人", "overridden by", 12),
    ("override_reason", "认定理由", "reason", 24), ("note_*", "备注", "note", 40),
)  # fmt: skip
_WORDED = {"result", "override_original"}
_PARTS = {"constraint": ("约束条件", "constraint"), "criterion": ("准则", "criterion")}
_WIDE = 24


def write_reasons(book: Book, document: Record) -> None:
    """A row per site and rule, with a filter."""
    sheet, lang = book.sheet("reasons"), book.lang
    sheet.row(0, [book.say(zh, en) for _, zh, en, _ in _REASONS], "head")
    held = reason_rows(document)
    for line, row in enumerate(held, start=1):
        for at, (name, _, _, wide) in enumerate(_REASONS):
            value = row[name.replace("*", lang)]
            look = "wide" if wide >= _WIDE else "plain"
            if name == "missing" and value is not None:
                value = book.say("缺值", "missing") if value else ""
            elif name == "measured_text" and value:
                value = value_words(value, lang)
            elif name == "part":
                value = pick(_PARTS[value], lang)
            elif name in _WORDED and value:
                look = f"result:{value}"
                value = pick(RESULT_NAMES[value], lang)
            sheet.put(line, at, value, look)
    sheet.sheet.set_paper(8)
    sheet.sheet.fit_to_pages(2, 0)
    sheet.sheet.autofilter(0, 0, max(len(held), 1), len(_REASONS) - 1)
    sheet.sheet.freeze_panes(1, 2)
    sheet.sheet.repeat_rows(0)
    sheet.widths(*[wide for *_, wide in _REASONS])


def write_robustness(book: Book, document: Record) -> None:
    """How sure the ranking is, all for the model's own weights."""
    sheet, lang, held = book.sheet("robustness"), book.lang, document["robustness"]
    sheet.titled("稳健性（按模型权重）", "Robustness (with the model's weights)")
    drawn = told(held, "distribution", lang)
    sheet.put(
        1, 0,
        book.say(f"随机抽取 {held['draws']} 次，种子 {held['seed']}；{drawn}",
                 f"{held['draws']} draws, seed {held['seed']}; {drawn}"),
        "note",
    )  # fmt: skip
    line = _acceptability(sheet, document, 3)
    line = _central(sheet, document, line)
    line = _critical(sheet, document, line)
    line = _scenarios(sheet, document, line)
    line = _reversals(sheet, document, line)
    _curves(sheet, document, line)
    sheet.widths(12, 18, 14, 12, 12, *[10] * 20)


def _block(
    sheet: Sheet, line: int, title: tuple[str, str], heads: Sequence[Any], rows: Sequence[Sequence[Any]], look: str
) -> int:
    """A table with a title; the line where the next may begin."""
    sheet.put(line, 0, sheet.book.say(*title), "title")
    if not rows:
        sheet.put(line + 1, 0, sheet.book.say("无", "none"))
        return line + 3
    sheet.row(line + 1, heads, "head")
    for number, row in enumerate(rows, start=line + 2):
        for at, value in enumerate(row):
            sheet.put(number, at, value, look if isinstance(value, float) else "plain")
    return line + len(rows) + 3


def _robust(document: Record) -> list[Record]:
    return [one for one in document["sites"] if one["robust"]]


def _acceptability(sheet: Sheet, document: Record, line: int) -> int:
    book, sites = sheet.book, _robust(document)
    count = max((len(one["robust"]["acceptability"]) for one in sites), default=0)
    heads = [book.say("编号", "id"), book.say("名称", "name"), book.say("期望名次", "expected rank"),
             book.say("置信因子", "confidence"), book.say("被支配于", "dominated by"),
             *(book.say(f"第{at}名", f"rank {at}") for at in range(1, count + 1))]  # fmt: skip
    rows = [
        [one["id"], one["name"], _rounded(one["robust"]["expected_rank"]), _rounded(one["robust"]["confidence"]),
         "; ".join(one["robust"]["dominated_by"]), *map(_rounded, one["robust"]["acceptability"])]
        for one in sites
    ]  # fmt: skip
    return _block(sheet, line, ("名次可接受度", "Rank acceptability"), heads, rows, "score")


def _rounded(value: float | None) -> float | None:
    """A share of draws without the noise of tiny numbers."""
    return None if value is None else round(value, 9)


def _central(sheet: Sheet, document: Record, line: int) -> int:
    book = sheet.book
    rules = document["criteria"]
    rows = [
        [one["id"], one["name"], *(one["robust"]["central_weights"][rule["id"]] for rule in rules)]
        for one in _robust(document)
        if one["robust"]["central_weights"]
    ]
    heads = [book.say("编号", "id"), book.say("名称", "name"), *(told(one, "title", book.lang) for one in rules)]
    title = (
        "中心权重（使其居首位的典型权重；从未居首位者不列）",
        "Central weights (that make a site the first; sites never first are left out)",
    )
    return _block(sheet, line, title, heads, rows, "score")


def _critical(sheet: Sheet, document: Record, line: int) -> int:
    book = sheet.book
    titles = {one["id"]: told(one, "title", book.lang) for one in document["criteria"]}
    none = book.say("任何单项权重均不能", "no single weight can")
    heads = [book.say(*one) for one in (("在前", "ahead"), ("在后", "behind"), ("准则", "criterion"), ("权重", "weight"),
                                        ("改变量", "change"), ("相对改变 %", "relative %"), ("新权重", "new weight"))]  # fmt: skip
    rows = [
        [one["ahead"], one["behind"], titles.get(one["criterion"], none) if one["criterion"] else none,
         *(one[name] for name in ("weight", "change", "relative_percent", "new_weight"))]
        for one in document["robustness"]["critical"]
    ]  # fmt: skip
    title = ("使相邻两处易位的最小权重改变", "Smallest change of a weight that swaps neighbours")
    return _block(sheet, line, title, heads, rows, "score")


def _scenarios(sheet: Sheet, document: Record, line: int) -> int:
    book, held = sheet.book, document["scenarios"]
    names = [f"{told(one, 'title', book.lang)} ({one['method']})" for one in held]
    heads = [book.say("编号", "id"), book.say("名称", "name"), *names]
    rows: list[list[Any]] = [
        [site["id"], site["name"], *(one["ranks"].get(site["id"]) for one in held)]
        for site in document["sites"]
        if site["rank"] is not None
    ]
    for words, name in (("Kendall τ", "kendall_tau"), ("Spearman ρ", "spearman")):
        rows.append([words, book.say("与本模型", "with the model"), *(one[name] for one in held)])
    return _block(sheet, line, ("情景比较（名次）", "Scenarios (ranks)"), heads, rows if held else [], "score")


def _reversals(sheet: Sheet, document: Record, line: int) -> int:
    book = sheet.book
    heads = [
        book.say(*one) for one in (("去掉", "dropped"), ("选址", "site"), ("原次序", "before"), ("新次序", "after"))
    ]
    rows = [
        [one["dropped"], each["site"], each["before"], each["after"]]
        for one in document["robustness"]["reversals"]
        for each in one["changed"]
    ]
    return _block(sheet, line, ("去掉一处后的逆序", "Rank reversals when a site is dropped"), heads, rows, "score")


def _curves(sheet: Sheet, document: Record, line: int) -> int:
    book, held = sheet.book, document["robustness"]["one_at_a_time"]
    titles = {one["id"]: told(one, "title", book.lang) for one in document["criteria"]}
    for one in held:
        heads = [book.say("编号", "id"), *one["weights"]]
        title = f"{titles.get(one['criterion'], one['criterion'])}"
        line = _block(
            sheet, line,
            (f"单因子变动：“{title}”的权重取下列值时的名次", f"One at a time: ranks as the weight of {title} runs"),
            heads, [[site, *ranks] for site, ranks in one["ranks"].items()], "plain",
        )  # fmt: skip
    return line


def write_layers(book: Book, document: Record) -> None:
    """The layers, present or not, with vintage and licence."""
    sheet, lang = book.sheet("layers"), book.lang
    heads = [("编号", "name"), ("名称", "title"), ("是否具备", "present"), ("要素或像元数", "features or cells"), ("版本", "version"),
             ("年份", "vintage"), ("坐标基准", "datum"), ("许可", "licence"), ("来源", "origin"), ("示例", "sample"),
             ("涉及规则", "rules")]  # fmt: skip
    sheet.row(0, [book.say(*one) for one in heads], "head")
    for line, one in enumerate(document["layers"], start=1):
        there = (
            book.say("具备", "yes")
            if one["present"]
            else book.say("缺：所涉规则未评估或缺值", "no: its rules are not assessed")
        )
        sheet.row(line, [one["name"], told(one, "title", lang)])
        sheet.put(line, 2, there, "plain" if one["present"] else "result:not_assessed")
        sheet.row(
            line,
            [one["count"], one["version"], told(one, "vintage", lang), one["datum"], one["licence"],
             told(one, "origin", lang), book.say("示例", "sample") if one["sample"] else "", ", ".join(one["rules"])],
            column=3,
        )  # fmt: skip
    sheet.sheet.freeze_panes(1, 1)
    sheet.widths(24, 24, 28, 10, 16, 22, 12, 20, 30, 8, 40)


def write_notes(book: Book, document: Record) -> None:
    """What the ranking rests on, what was overridden, what to beware of, how the sheets work."""
    sheet = book.sheet("notes")
    for line, (label, words) in enumerate(_notes(book, document)):
        sheet.put(line, 0, label, "head")
        sheet.put(line, 1, words, "wide")
    sheet.widths(24, 110)


def _notes(book: Book, document: Record) -> list[tuple[str, str]]:
    lang, model, bounds = book.lang, document["model"], document["boundaries"]
    say = book.say
    count = document["summary"]
    titles = {one["id"]: told(one, "title", lang) for one in document["constraints"]}
    found = [
        (say("模型", "Model"), f"{told(model, 'title', lang)} {model['id']} {model['version']} ({model['digest']})"),
        (say("说明", "Description"), told(model, "description", lang)),
        (say("基准日", "As of"), document["as_of"]),
        (
            say("选址数", "Sites"),
            say(
                f"共 {count['sites']} 处；参与排序 {count['ranked']}，排除 {count['excluded']}；参与者中合格 {count['eligible']}、待定 {count['open']}",
                f"{count['sites']} sites; {count['ranked']} ranked, {count['excluded']} excluded; of the ranked {count['eligible']} are eligible, {count['open']} open",
            ),
        ),
        (say("汇总方法", "Aggregation"), f"{said(document['aggregation'], lang)} {_parameters(document)}".rstrip()),
        (
            say("权重", "Weights"),
            "\n".join(said(one, lang) for one in [document["weighting"], *document["weighting"]["remarks"]]),
        ),
        (say("登记册", "Register"), document["register"]["version"]),
        (
            say("边界", "Boundaries"),
            f"{told(bounds, 'source', lang) or bounds['source']}; {told(bounds, 'vintage', lang) or bounds['vintage']}; {bounds['datum']}",
        ),
        (
            say("示例数据", "Sample data"),
            say("含示例选址，非真实项目", "sample sites, no real projects") if document["sample"] else "—",
        ),
        (say("公式", "Formulas"), _formulas(book, document)),
        (
            say("缺值", "Missing values"),
            say(
                "缺值不取平均：得分按最低效用计，区间至最高效用",
                "A missing value is never averaged: the score takes the lowest utility, the interval reaches to the highest",
            ),
        ),
        (say("结论", "Results"), "\n".join(f"{zh} {en}" if lang == "zh" else en for zh, en in RESULT_NAMES.values())),
    ]
    found += [
        (say("人工认定", "Override"), say(
            f"{one['site']}，{titles.get(one['rule'], one['rule'])}：改为“{RESULT_NAMES[one['result']][0]}”（{one['by']}：{one['reason']}）",
            f"{one['site']}, {titles.get(one['rule'], one['rule'])}: overridden to {RESULT_NAMES[one['result']][1]} ({one['by']}: {one['reason']})",
        ))
        for one in document["overrides"]
    ]  # fmt: skip
    return [*found, *((say("注意", "Warning"), said(one, lang)) for one in document["warnings"])]


def _parameters(document: Record) -> str:
    held = document["aggregation"]["parameters"]
    return f"({', '.join(f'{name}: {value}' for name, value in held.items())})" if held else ""


def _formulas(book: Book, document: Record) -> str:
    """Which cells recompute and which are values."""
    exact = Layout.of(document).method.exact
    zh = "“权重”“效用”“计算”三表及“排序”表中标有*的各列为公式；其余各表与各列为按模型权重得出的数值"
    en = "Sheets Weights, Utilities and Calculation, and the columns of sheet Ranking marked *, are formulas; all else are values found with the model's weights"
    if not exact:
        zh += "。该汇总方法下某处的得分随其他选址而变，得分与名次的上下限由抽样得出，未写成公式"
        en += ". With this aggregation a score depends on the other sites; intervals come from draws and are not put as formulas"
    return book.say(zh, en)
