"""Why a site stands where it does, rule by rule, as a planner reads it in a terminal."""

from __future__ import annotations

from typing import Any

from geo.tables.ranking.lines import table, wrapped
from geo.tables.ranking.reasons import layers_of, missing
from geo.tables.ranking.terms import (
    MARKS,
    RESULT_NAMES,
    STATUS_NAMES,
    Lang,
    number,
    pick,
    quantity,
    said,
    score,
    told,
    value_words,
    width,
)

Record = dict[str, Any]
_NOTES = 4  # columns before what is noted of a rule
_ROOM = 24  # columns that the title of a rule needs beside its numbers


def explained(document: Record, site: Record, lang: Lang, columns: int) -> list[str]:
    """The reasons for one site: a short line for each rule, beneath it what else must be said.

    Parameters
    ----------
    document : dict
        A ranking document.
    site : dict
        One of its sites.
    lang : {"zh", "en"}
    columns : int
        Columns of the screen.
    """
    ours = lang == "zh"
    place = (
        f"第 {site['rank']} 名，得分 {score(site['score'])}" if ours else f"rank {site['rank']}, {score(site['score'])}"
    )
    if site["rank"] is None:
        place = pick(STATUS_NAMES["excluded"], lang)
    lines = wrapped(f"── {site['id']} {site['name']}{'：' if ours else ': '}{place}", columns, hang=3)
    if said(site["explanation"], lang):
        lines += wrapped(said(site["explanation"], lang), columns)
    lines += _constraints(document, site, lang, columns)
    lines += _criteria(document, site, lang, columns)
    if site["next"]:
        lines += ["", *wrapped(("升位条件：" if ours else "To gain a place: ") + said(site["next"], lang), columns)]
    return lines


def _constraints(document: Record, site: Record, lang: Lang, columns: int) -> list[str]:
    heads = {
        "zh": ["约束条件", "结论", "量测值", "阈值", "余量"],
        "en": ["constraint", "result", "measured", "limit", "margin"],
    }
    rows, notes = [heads[lang]], [list[str]()]
    for rule, one in zip(document["constraints"], site["constraints"], strict=True):
        rows.append(
            [
                told(rule, "title", lang),
                pick(RESULT_NAMES[one["result"]], lang) + (pick(MARKS, lang) if one["override"] else ""),
                *(quantity(one[part], one["unit"]) for part in ("measured", "threshold", "margin")),
            ]
        )
        notes.append(_of_constraint(document, rule, one, lang))
    return ["", *_noted(rows, notes, {2, 3, 4}, lang, columns)] if len(rows) > 1 else []


def _of_constraint(document: Record, rule: Record, one: Record, lang: Lang) -> list[str]:
    """What is said of a constraint beneath its line: first what was found here, then the rule."""
    note, lacking = told(one, "note", lang), any(not each["present"] for each in layers_of(document, rule))
    found = [note]
    if not (lacking and note):  # else the note says what to add
        found.append(told(one, "change", lang))
    if one["override"]:
        held, before = one["override"], pick(RESULT_NAMES[one["override"]["original"]], lang)
        found.append(
            f"人工认定，原为“{before}”（{held['by']}：{held['reason']}）"
            if lang == "zh"
            else f"overridden, was {before} ({held['by']}: {held['reason']})"
        )
    if one["sliver_m2"]:
        area = number(one["sliver_m2"])
        found.append(f"碎片 {area} m² 未计入" if lang == "zh" else f"slivers of {area} m² do not count")
    found.append(_labelled("要素", "feature", one["feature"], lang))
    found.append(_labelled("要求", "asked", told(rule, "threshold", lang), lang))
    return [*found, *_of_rule(document, rule, note, lang)]


def _criteria(document: Record, site: Record, lang: Lang, columns: int) -> list[str]:
    heads = {
        "zh": ["准则", "取值", "效用", "权重", "贡献", "与首位之差"],
        "en": ["criterion", "value", "utility", "weight", "contribution", "against the first"],
    }
    differences = {one["id"]: one["difference"] for one in site["waterfall"]}
    rows, notes = [heads[lang]], [list[str]()]
    for rule, one in zip(document["criteria"], site["criteria"], strict=True):
        interval = f" [{number(one['low'])}, {number(one['high'])}]" if one["low"] != one["high"] else ""
        difference = differences.get(one["id"])
        rows.append(
            [
                told(rule, "title", lang),
                _value(rule, one, lang),
                number(one["utility"]) + interval,
                score(one["weight"]),
                score(one["contribution"]),
                "" if difference is None else f"{difference:+.3f}",
            ]
        )
        note = told(one, "note", lang)
        found = [note, _labelled("要素", "feature", one["feature"], lang)]
        found.append(_labelled("价值函数", "value function", told(rule, "function", lang), lang))
        notes.append([*found, *_of_rule(document, rule, note, lang)])
    lines = ["", *_noted(rows, notes, {3, 4, 5}, lang, columns)]
    if differences and not site["waterfall_exact"]:
        words = (
            "与首位之差按加权效用计，其和不等于得分之差。"
            if lang == "zh"
            else "Differences are of weighted utilities and do not add up to that of the scores."
        )
        lines += wrapped(words, columns)
    return lines


def _of_rule(document: Record, rule: Record, note: str, lang: Lang) -> list[str]:
    """The layers of a rule and its source; a layer that is lacking where the note has not said so."""
    layers = [
        _layer(one, lang) for one in layers_of(document, rule) if one["present"] or one["name"] not in note
    ]  # fmt: skip
    return [
        _labelled("图层", "layer", ("、" if lang == "zh" else ", ").join(layers), lang),
        _labelled("依据", "source", told(rule, "source", lang), lang),
    ]


def _layer(layer: Record, lang: Lang) -> str:
    """A layer with its version, or that it is not there."""
    if not layer["present"]:
        return f"{layer['name']}（缺）" if lang == "zh" else f"{layer['name']} (absent)"
    return " ".join(filter(None, [layer["name"], layer["version"]]))


def _labelled(zh: str, en: str, words: str, lang: Lang) -> str:
    if not words:
        return ""
    return f"{zh}：{words}" if lang == "zh" else f"{en}: {words}"


def _noted(rows: list[list[str]], notes: list[list[str]], right: set[int], lang: Lang, columns: int) -> list[str]:
    """Rows as aligned lines below their heads, each with its notes beneath; one by one on a narrow screen."""
    cells = table([row[1:] for row in rows], {at - 1 for at in right})
    room = columns - max(width(line) for line in cells) - 2
    lines = []
    if room >= _ROOM:
        titles = [wrapped(row[0], room) for row in rows]
        across = max(width(line) for title in titles for line in title) + 2
        told_of = [
            [first + " " * (across - width(first)) + cell, *others]
            for (first, *others), cell in zip(titles, cells, strict=True)
        ]
    else:
        told_of = [[], *(_one_by_one(rows[0], row, lang, columns) for row in rows[1:])]
    for held, said_of in zip(told_of, notes, strict=True):
        lines += held
        for words in filter(None, said_of):
            lines += wrapped(words.rstrip("。."), columns, _NOTES, 2)
    return lines


def _one_by_one(heads: list[str], row: list[str], lang: Lang, columns: int) -> list[str]:
    """A row as a sentence, its cells after their heads."""
    cells = [f"{head} {cell}" for head, cell in zip(heads[1:], row[1:], strict=True) if cell]
    words = f"{row[0]}：{'，'.join(cells)}" if lang == "zh" else f"{row[0]}: {', '.join(cells)}"
    return wrapped(words, columns, hang=2)


def _value(rule: Record, held: Record, lang: Lang) -> str:
    if missing(held):
        return "缺值" if lang == "zh" else "missing"
    value = held["value"]
    return value_words(value, lang) if isinstance(value, str) else quantity(value, rule["unit"])
