"""A ranking as a planner reads it in a terminal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from geo.tables.ranking.reasons import missing
from geo.tables.ranking.terms import (
    INTERVAL_NAMES,
    RESULT_NAMES,
    STATUS_NAMES,
    Lang,
    bracketed,
    number,
    pick,
    quantity,
    said,
    score,
    told,
    value_words,
    width,
)
from geo.tables.values import clean

Record = dict[str, Any]
_CONTROL: dict[int, str] = dict.fromkeys((*range(32), *range(127, 160)), "\ufffd") | {9: " ", 10: " ", 13: " "}


def text(document: Record, lang: Lang = "zh", explain: Collection[str] = ()) -> str:
    """The ranking in lines: what was asked, the order, who is out and why, what is not known.

    Parameters
    ----------
    document : dict
        A ranking document.
    lang : {"zh", "en"}
    explain : collection of str
        Ids of the sites whose reasons follow, rule by rule.
    """
    blocks = [
        _head(document, lang),
        _ranked(document, lang),
        _excluded(document, lang),
        _overridden(document, lang),
        _unknown(document, lang),
        *(_explained(document, one, lang) for one in document["sites"] if one["id"] in explain),
        _warnings(document, lang),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def table(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> list[str]:
    """Rows as lines, columns aligned by the width on screen; those in `right` to the right.

    >>> table([["名次", "得分"], ["1", "0.5"]], right={1})
    ['名次  得分', '1      0.5']
    """
    rows = [[_line(cell) for cell in row] for row in rows]
    widths = [max(width(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for at, cell in enumerate(row):
            blank = " " * (widths[at] - width(cell))
            cells.append(blank + cell if at in right else cell + blank)
        lines.append("  ".join(cells).rstrip())
    return lines


def _line(words: str) -> str:
    """Words of others on one line, without signs that steer a terminal."""
    return clean(words).translate(_CONTROL)


def _head(document: Record, lang: Lang) -> list[str]:
    model, weighting = document["model"], document["weighting"]
    ours = lang == "zh"
    title = f"{told(model, 'title', lang)}（{model['id']} {model['version']}）" if ours else (
        f"{told(model, 'title', lang)} ({model['id']} {model['version']})"
    )  # fmt: skip
    count = document["summary"]
    lines = [
        ("选址适宜性排名：" if ours else "Ranking of sites: ") + title,
        ("基准日 " if ours else "as of ") + document["as_of"],
        ("集结方法：" if ours else "aggregation: ") + said(document["aggregation"], lang),
        ("权重来由：" if ours else "weights: ") + _weighting(weighting, lang),
        *table([[f"  {told(one, 'title', lang)}", f"{one['weight']:.3f}"] for one in document["criteria"]], right={1}),
        f"选址 {count['sites']} 处：参与排名 {count['ranked']}（合格 {count['eligible']}、"
        f"待定 {count['open']}），排除 {count['excluded']}"
        if ours
        else f"{count['sites']} sites: {count['ranked']} ranked ({count['eligible']} eligible, {count['open']} open), "
        f"{count['excluded']} excluded",
    ]
    if document["sample"]:
        lines.insert(0, "【示例数据，非真实项目】" if ours else "[sample sites, no real projects]")
    return [_line(one) for one in lines]


def _weighting(weighting: Record, lang: Lang) -> str:
    """How the weights came about, with the consistency ratio where the words do not say it."""
    words = said(weighting, lang)
    ratio = weighting["consistency_ratio"]
    if ratio is not None and f"{ratio:.3f}" not in words:
        words += f"，一致性比率 {ratio:.3f}" if lang == "zh" else f", consistency ratio {ratio:.3f}"
    return "；".join([words, *(one["zh"] for one in weighting["remarks"])]) if lang == "zh" else (
        "; ".join([words, *(one["en"] for one in weighting["remarks"])])
    )  # fmt: skip


_HEADS = {
    "zh": ["名次", "编号", "名称", "所在区", "状态", "得分", "得分区间", "名次区间", "居首可能性"],
    "en": ["rank", "id", "name", "district", "status", "score", "interval", "rank interval", "first in draws"],
}


def _ranked(document: Record, lang: Lang) -> list[str]:
    held = [one for one in document["sites"] if one["rank"] is not None]
    if not held:
        return ["没有可排名的选址。" if lang == "zh" else "No site is left to rank."]
    basis = INTERVAL_NAMES[held[0]["interval_basis"]]
    rows = [_HEADS[lang], *(_row(one, lang) for one in held)]
    note = (
        f"得分区间与名次区间反映缺值（{basis[0]}）；居首可能性为随机抽取权重时排首位的比例。"
        if lang == "zh"
        else f"Intervals show what missing values can do ({basis[1]}); 'first in draws' is the share of drawn weights "
        "that make a site the first."
    )
    return [*table(rows, right={0, 5, 8}), note]


def _row(site: Record, lang: Lang) -> list[str]:
    robust = site["robust"] or {}
    first = (robust.get("acceptability") or [None])[0]
    return [
        str(site["rank"]),
        site["id"],
        site["name"],
        told(site, "district", lang) or ("市域外" if lang == "zh" else "outside"),
        pick(STATUS_NAMES[site["status"]], lang),
        score(site["score"]),
        f"{score(site['score_low'])}–{score(site['score_high'])}",
        f"{site['rank_best']}–{site['rank_worst']}",
        "" if first is None else f"{first:.1%}",
    ]


def _excluded(document: Record, lang: Lang) -> list[str]:
    held = [one for one in document["sites"] if one["status"] == "excluded"]
    if not held:
        return []
    titles = {one["id"]: told(one, "title", lang) for one in document["constraints"]}
    rows = []
    for site in held:
        failed = [_failed(one, titles[one["id"]], lang) for one in site["constraints"] if one["result"] == "fail"]
        rows.append([f"  {site['id']}", site["name"], ("；" if lang == "zh" else "; ").join(failed)])
    return [
        "排除（不满足约束，不参与排名）：" if lang == "zh" else "Excluded (a constraint fails; not ranked):",
        *table(rows),
    ]


def _failed(finding: Record, title: str, lang: Lang) -> str:
    """A failed constraint with what was measured against what is asked."""
    if finding["measured"] is None or finding["threshold"] is None:
        return title
    measured, asked = (quantity(finding[one], finding["unit"]) for one in ("measured", "threshold"))
    return f"{title}（{measured}，要求 {asked}）" if lang == "zh" else f"{title} ({measured} against {asked})"


def _overridden(document: Record, lang: Lang) -> list[str]:
    if not document["overrides"]:
        return []
    rows = [
        [
            f"  {one['site']}",
            one["rule"],
            pick(RESULT_NAMES[one["result"]], lang),
            f"{one['by']}：{one['reason']}" if lang == "zh" else f"{one['by']}: {one['reason']}",
        ]
        for one in document["overrides"]
    ]
    return ["人工认定：" if lang == "zh" else "Overrides:", *table(rows)]


def _unknown(document: Record, lang: Lang) -> list[str]:
    """What was not assessed, what must be assessed, what is missing: by rule, with the number of sites."""
    rows = []
    absent = {one["name"]: one for one in document["layers"] if not one["present"]}
    for at, rule in enumerate(document["constraints"]):
        for result in ("not_assessed", "requires_assessment"):
            count = sum(one["constraints"][at]["result"] == result for one in document["sites"])
            if count:
                rows.append(_counted(rule, pick(RESULT_NAMES[result], lang), count, absent, lang))
    for at, rule in enumerate(document["criteria"]):
        count = sum(missing(one["criteria"][at]) for one in document["sites"])
        if count:
            rows.append(_counted(rule, "缺值" if lang == "zh" else "no value", count, absent, lang))
    if not rows:
        return []
    return ["以下尚无结论，不得视为符合：" if lang == "zh" else "Not settled, and no pass:", *table(rows)]


def _counted(rule: Record, result: str, count: int, absent: dict[str, Record], lang: Lang) -> list[str]:
    layer = absent.get(rule["layer"] or "")
    lacking = ""
    if layer:
        named = f"{told(layer, 'title', lang)} {layer['name']}".strip()
        lacking = f"缺图层：{named}" if lang == "zh" else f"no layer: {named}"
    return [
        f"  {told(rule, 'title', lang)}",
        result,
        f"{count} 处" if lang == "zh" else f"{count} site{'' if count == 1 else 's'}",
        lacking,
    ]


def _explained(document: Record, site: Record, lang: Lang) -> list[str]:
    """The reasons for one site, rule by rule."""
    ours = lang == "zh"
    place = (
        f"第 {site['rank']} 名，得分 {score(site['score'])}" if ours else f"rank {site['rank']}, {score(site['score'])}"
    )
    if site["rank"] is None:
        place = pick(STATUS_NAMES["excluded"], lang)
    lines = [_line(f"── {site['id']} {site['name']}：{place}" if ours else f"── {site['id']} {site['name']}: {place}")]
    if said(site["explanation"], lang):
        lines.append(_line(said(site["explanation"], lang)))
    layers = {one["name"]: one for one in document["layers"]}
    lines += _constraint_rows(document, site, layers, lang)
    lines += _criterion_rows(document, site, layers, lang)
    if site["next"]:
        lines.append(_line(("升位条件：" if ours else "To gain a place: ") + said(site["next"], lang)))
    return lines


def _constraint_rows(document: Record, site: Record, layers: dict[str, Record], lang: Lang) -> list[str]:
    heads = {
        "zh": ["约束条件", "结论", "量测值", "要求", "余量", "图层", "依据"],
        "en": ["constraint", "result", "measured", "threshold", "margin", "layer", "source"],
    }
    rows, notes = [heads[lang]], []
    for rule, one in zip(document["constraints"], site["constraints"], strict=True):
        rows.append(
            [
                told(rule, "title", lang),
                pick(RESULT_NAMES[one["result"]], lang),
                (quantity(one["measured"], one["unit"]) + bracketed(one["feature"], lang)).strip(),
                told(rule, "threshold", lang),
                quantity(one["margin"], one["unit"]),
                _layer(rule, layers, lang),
                told(rule, "source", lang),
            ]
        )
        said_of = [told(one, "note", lang), told(one, "change", lang)]
        if one["override"]:
            held = one["override"]
            said_of.append(
                f"人工认定，原为“{RESULT_NAMES[held['original']][0]}”（{held['by']}：{held['reason']}）"
                if lang == "zh"
                else f"overridden, was {RESULT_NAMES[held['original']][1]} ({held['by']}: {held['reason']})"
            )
        kept = [one.rstrip("。.") for one in said_of if one]
        if kept:
            notes.append(_noted(rule, ("；" if lang == "zh" else "; ").join(kept), lang))
    return [*table(rows, right={4}), *notes] if len(rows) > 1 else []


def _criterion_rows(document: Record, site: Record, layers: dict[str, Record], lang: Lang) -> list[str]:
    heads = {
        "zh": ["准则", "取值", "效用", "权重", "贡献", "与首位之差", "图层", "依据"],
        "en": ["criterion", "value", "utility", "weight", "contribution", "against the first", "layer", "source"],
    }
    differences = {one["id"]: one["difference"] for one in site["waterfall"]}
    rows, notes = [heads[lang]], []
    for rule, one in zip(document["criteria"], site["criteria"], strict=True):
        value = _value(rule, one, lang)
        interval = f" [{number(one['low'])}, {number(one['high'])}]" if one["low"] != one["high"] else ""
        difference = differences.get(one["id"])
        rows.append(
            [
                told(rule, "title", lang),
                value + bracketed(one["feature"], lang),
                number(one["utility"]) + interval,
                score(one["weight"]),
                score(one["contribution"]),
                "" if difference is None else f"{difference:+.3f}",
                _layer(rule, layers, lang),
                told(rule, "source", lang),
            ]
        )
        if told(one, "note", lang):
            notes.append(_noted(rule, told(one, "note", lang), lang))
    if differences and not site["waterfall_exact"]:
        notes.append(
            "  与首位之差按加权效用计，其和不等于得分之差。"
            if lang == "zh"
            else "  Differences are of weighted utilities and do not add up to that of the scores."
        )
    return [*table(rows, right={3, 4, 5}), *notes]


def _noted(rule: Record, words: str, lang: Lang) -> str:
    return _line(f"  {told(rule, 'title', lang)}{'：' if lang == 'zh' else ': '}{words}")


def _value(rule: Record, held: Record, lang: Lang) -> str:
    if missing(held):
        return "缺值" if lang == "zh" else "missing"
    value = held["value"]
    return value_words(value, lang) if isinstance(value, str) else quantity(value, rule["unit"])


def _layer(rule: Record, layers: dict[str, Record], lang: Lang) -> str:
    """The layer of a rule with its version, or that it is not there."""
    if not rule["layer"]:
        return ""
    layer = layers.get(rule["layer"])
    if layer is None:
        return str(rule["layer"])
    if not layer["present"]:
        return f"{layer['name']}（缺）" if lang == "zh" else f"{layer['name']} (absent)"
    return " ".join(filter(None, [layer["name"], layer["version"]]))


def _warnings(document: Record, lang: Lang) -> list[str]:
    held = [_line(f"  {said(one, lang)}") for one in document["warnings"]]
    return ["注意：" if lang == "zh" else "Warnings:", *held] if held else []
