"""A ranking as a planner reads it in a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any

from geo.tables.ranking.explained import explained
from geo.tables.ranking.lines import listed, screen, table, wrapped
from geo.tables.ranking.reasons import layers_of, missing
from geo.tables.ranking.terms import (
    INTERVAL_NAMES,
    MARKS,
    RESULT_NAMES,
    STATUS_NAMES,
    Lang,
    bracketed,
    pick,
    quantity,
    said,
    score,
    told,
)

Record = dict[str, Any]
_NAMED = 5  # sites that a line names
_REASONS = 3  # why a rule is not settled, that a line tells


def text(document: Record, lang: Lang = "zh", explain: Collection[str] = (), columns: int | None = None) -> str:
    """The ranking in lines: what was asked, the order, who is out and why, what is not known.

    Parameters
    ----------
    document : dict
        A ranking document.
    lang : {"zh", "en"}
    explain : collection of str
        Ids of the sites whose reasons follow, rule by rule.
    columns : int, optional
        Columns that lines may take; else those of the terminal, 100 where there is none.
    """
    columns = columns or screen()
    blocks = [
        _head(document, lang, columns),
        _ranked(document, lang, columns),
        _excluded(document, lang, columns),
        _overridden(document, lang, columns),
        _unknown(document, lang, columns),
        *(explained(document, one, lang, columns) for one in document["sites"] if one["id"] in explain),
        _warnings(document, lang, columns),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _head(document: Record, lang: Lang, columns: int) -> list[str]:
    model, weighting = document["model"], document["weighting"]
    ours = lang == "zh"
    title = f"{told(model, 'title', lang)}（{model['id']} {model['version']}）" if ours else (
        f"{told(model, 'title', lang)} ({model['id']} {model['version']})"
    )  # fmt: skip
    count = document["summary"]
    asked = [
        ("选址适宜性排序：" if ours else "Ranking of sites: ") + title,
        ("基准日 " if ours else "as of ") + document["as_of"],
        ("汇总方法：" if ours else "aggregation: ") + said(document["aggregation"], lang),
        ("权重来由：" if ours else "weights: ") + _weighting(weighting, lang),
    ]
    weights = [[f"  {told(one, 'title', lang)}", f"{one['weight']:.3f}"] for one in document["criteria"]]
    counts = (
        f"选址 {count['sites']} 处：参与排序 {count['ranked']}（合格 {count['eligible']}、"
        f"待定 {count['open']}），排除 {count['excluded']}"
        if ours
        else f"{count['sites']} sites: {count['ranked']} ranked ({count['eligible']} eligible, {count['open']} open), "
        f"{count['excluded']} excluded"
    )
    if document["sample"]:
        asked.insert(0, "【示例数据，非真实项目】" if ours else "[sample sites, no real projects]")
    return [
        *(line for one in asked for line in wrapped(one, columns, hang=2)),
        *table(weights, right={1}),
        *wrapped(counts, columns, hang=2),
    ]


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


def _ranked(document: Record, lang: Lang, columns: int) -> list[str]:
    held = [one for one in document["sites"] if one["rank"] is not None]
    if not held:
        return ["没有可排序的选址。" if lang == "zh" else "No site is left to rank."]
    basis = INTERVAL_NAMES[held[0]["interval_basis"]]
    rows = [_HEADS[lang], *(_row(one, lang) for one in held)]
    notes = [
        f"得分区间与名次区间反映缺值（{basis[0]}）；居首可能性为随机抽取权重时排首位的比例。"
        if lang == "zh"
        else f"Intervals show what missing values can do ({basis[1]}); 'first in draws' is the share of drawn weights "
        "that make a site the first."
    ]
    if any(_overrides(one) for one in held):
        notes.append("※ 有约束条件经人工认定。" if lang == "zh" else "* a constraint was overridden by hand.")
    return [*table(rows, right={0, 5, 8}), *(line for one in notes for line in wrapped(one, columns))]


def _overrides(site: Record) -> bool:
    return any(one["override"] for one in site["constraints"])


def _row(site: Record, lang: Lang) -> list[str]:
    robust = site["robust"] or {}
    first = (robust.get("acceptability") or [None])[0]
    return [
        str(site["rank"]),
        site["id"],
        site["name"],
        told(site, "district", lang) or ("市域外" if lang == "zh" else "outside"),
        pick(STATUS_NAMES[site["status"]], lang) + (pick(MARKS, lang) if _overrides(site) else ""),
        score(site["score"]),
        f"{score(site['score_low'])}–{score(site['score_high'])}",
        f"{site['rank_best']}–{site['rank_worst']}",
        "" if first is None else f"{first:.1%}",
    ]


def _excluded(document: Record, lang: Lang, columns: int) -> list[str]:
    held = [one for one in document["sites"] if one["status"] == "excluded"]
    if not held:
        return []
    rules = {one["id"]: one for one in document["constraints"]}
    rows = []
    for site in held:
        failed = [_failed(one, rules[one["id"]], lang) for one in site["constraints"] if one["result"] == "fail"]
        rows.append([f"  {site['id']}", site["name"], ("；" if lang == "zh" else "; ").join(failed)])
    return [
        "排除（不满足约束，不参与排序）：" if lang == "zh" else "Excluded (a constraint fails; not ranked):",
        *listed(rows, columns),
    ]


def _failed(finding: Record, rule: Record, lang: Lang) -> str:
    """A failed constraint with what was measured against what is asked, or else why it fails."""
    title = told(rule, "title", lang)
    if finding["override"]:
        title += pick(MARKS, lang)
    if finding["measured"] is None or finding["threshold"] is None:
        reason = told(finding, "note", lang) or told(finding, "change", lang)
        if not reason and told(rule, "threshold", lang):
            reason = ("要求：" if lang == "zh" else "asked: ") + told(rule, "threshold", lang)
        return title + bracketed(reason.rstrip("。."), lang)
    measured, asked = (quantity(finding[one], finding["unit"]) for one in ("measured", "threshold"))
    return f"{title}（{measured}，要求 {asked}）" if lang == "zh" else f"{title} ({measured} against {asked})"


def _overridden(document: Record, lang: Lang, columns: int) -> list[str]:
    if not document["overrides"]:
        return []
    titles = {one["id"]: told(one, "title", lang) for one in document["constraints"]}
    rows = [
        [
            f"  {one['site']}",
            titles.get(one["rule"], one["rule"]),
            pick(RESULT_NAMES[one["result"]], lang),
            f"{one['by']}：{one['reason']}" if lang == "zh" else f"{one['by']}: {one['reason']}",
        ]
        for one in document["overrides"]
    ]
    return ["人工认定：" if lang == "zh" else "Overrides:", *listed(rows, columns)]


def _unknown(document: Record, lang: Lang, columns: int) -> list[str]:
    """What was not assessed, what must be assessed, what is missing: by rule, with the number of sites and why."""
    rows = []
    for part, at, rule in _rules(document):
        held = [(one["id"], one[part][at]) for one in document["sites"]]
        if part == "constraints":
            for result in ("not_assessed", "requires_assessment"):
                found = [one for one in held if one[1]["result"] == result]
                rows.append(_counted(document, rule, pick(RESULT_NAMES[result], lang), found, lang))
        else:
            found = [one for one in held if missing(one[1])]
            rows.append(_counted(document, rule, "缺值" if lang == "zh" else "no value", found, lang))
    rows = [one for one in rows if one]
    if not rows:
        return []
    return ["以下尚无结论，不得视为符合：" if lang == "zh" else "Not settled, and no pass:", *listed(rows, columns)]


def _rules(document: Record) -> Iterator[tuple[str, int, Record]]:
    for part in ("constraints", "criteria"):
        for at, rule in enumerate(document[part]):
            yield part, at, rule


def _counted(document: Record, rule: Record, result: str, held: list[tuple[str, Record]], lang: Lang) -> list[str]:
    """A rule with the number of its sites, which these are where not all, and what they lack."""
    if not held:
        return []
    lacking = [one for one in layers_of(document, rule) if not one["present"]]
    count = len(held)
    if lacking:
        named = [f"{told(one, 'title', lang)} {one['name']}".strip() for one in lacking]
        reasons = [("缺图层：" + "、".join(named) if lang == "zh" else "no layer: " + ", ".join(named), held)]
    else:
        by_note = sorted(held, key=lambda one: told(one[1], "note", lang))
        grouped = groupby(by_note, key=lambda one: told(one[1], "note", lang).rstrip("。."))
        reasons = sorted(((note, list(them)) for note, them in grouped), key=lambda one: (-len(one[1]), one[0]))
    total, told_of = len(document["sites"]), []
    for note, them in reasons[:_REASONS]:
        which = "" if len(them) == total else _named([site for site, _ in them], lang)
        told_of.append(note + bracketed(which, lang) if note else which)
    if len(reasons) > _REASONS:
        left = len(reasons) - _REASONS
        told_of.append(f"另有 {left} 种情形" if lang == "zh" else f"{left} more reason{'' if left == 1 else 's'}")
    return [
        f"  {told(rule, 'title', lang)}",
        result,
        f"{count} 处" if lang == "zh" else f"{count} site{'' if count == 1 else 's'}",
        ("；" if lang == "zh" else "; ").join(told_of),
    ]


def _named(sites: list[str], lang: Lang) -> str:
    """The first of some sites, by id.

    >>> _named(["P2", "P1"], "zh"), _named(list("abcdefg"), "en")
    ('P1、P2', 'a, b, c, d, e and 2 more')
    """
    sites = sorted(sites)
    words = ("、" if lang == "zh" else ", ").join(sites[:_NAMED])
    if len(sites) <= _NAMED:
        return words
    return f"{words} 等 {len(sites)} 处" if lang == "zh" else f"{words} and {len(sites) - _NAMED} more"


def _warnings(document: Record, lang: Lang, columns: int) -> list[str]:
    held = [line for one in document["warnings"] for line in wrapped(said(one, lang), columns, 2)]
    return ["注意：" if lang == "zh" else "Warnings:", *held] if held else []
