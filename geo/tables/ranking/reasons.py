# ruff: noqa: E501 - one column a line
"""The reasons of a ranking: a row per site and rule."""

from __future__ import annotations

from typing import Any

from geo.tables.notes import Note
from geo.tables.ranking.terms import RESULT_NAMES, STATUS_NAMES, evened

Record = dict[str, Any]

NOTES: dict[str, Note] = {
    "site": Note("选址编号", "选址编号，同排序表", "id of the site, as in the ranking"),
    "name": Note("选址名称", "选址名称", "name of the site"),
    "rank": Note("名次", "选址名次；排除者为空", "rank of the site; empty where it is excluded", "", "whole"),
    "status": Note("状态", "选址状态（代码）", "status of the site: `eligible`, `open` or `excluded`"),
    "status_zh": Note("状态（中文）", "上一列的中文", "the same in Chinese"),
    "part": Note("类别", "constraint：约束条件；criterion：准则", "`constraint` or `criterion`"),
    "rule": Note("规则编号", "模型中该规则的编号", "id of the rule in the model"),
    "rule_zh": Note("规则", "规则名称", "its name in Chinese"),
    "rule_en": Note("规则（英文）", "规则的英文名称", "its name"),
    "group_zh": Note("类组", "约束条件的类组", "group of the constraint, in Chinese"),
    "group_en": Note("类组（英文）", "上一列的英文", "the same in English"),
    "result": Note("结论", "约束条件的结论（代码）；未评估不等于符合；准则为空", "result of a constraint: `pass`, `fail`, `requires_assessment` or `not_assessed`, which is no pass; empty for a criterion"),
    "result_zh": Note("结论（中文）", "上一列的中文", "the same in Chinese"),
    "layer": Note("图层", "所用图层的编号", "id of the layer it is measured on"),
    "layer_present": Note("图层是否具备", "所需图层是否具备", "whether that layer was there", "", "truth"),
    "layer_version": Note("图层版本", "图层内容的版本", "version of its content"),
    "layer_vintage_zh": Note("图层年份", "图层的年份与出处版本", "its vintage, in Chinese"),
    "layer_vintage_en": Note("图层年份（英文）", "上一列的英文", "the same in English"),
    "measured": Note("量测值", "量得的数值，单位见 unit", "measured number, in `unit`", "", "number"),
    "measured_text": Note("取值（文字）", "非数值的取值，如定位结论", "value that is no number, such as what the check of the role said"),
    "unit": Note("单位", "量测值、阈值与余量的单位", "unit of measured value, threshold and margin"),
    "threshold": Note("阈值", "约束条件的数值阈值", "threshold of the constraint as a number", "", "number"),
    "threshold_zh": Note("要求", "阈值或价值函数的文字说明", "threshold or value function in Chinese words"),
    "threshold_en": Note("要求（英文）", "上一列的英文", "the same in English"),
    "margin": Note("余量", "正值为满足后的余量，负值为差额", "by how much the rule is kept; negative where it is not", "", "number"),
    "sliver_m2": Note("未计碎片面积", "小于容差而未计入的碎片面积", "area below the tolerance that did not count", "m²", "number"),
    "missing": Note("是否缺值", "准则缺值：得分按最低效用计，区间至最高效用", "whether a criterion has no value: the score takes the lowest utility, the interval reaches to the highest", "", "truth"),
    "utility": Note("效用", "准则效用，0 至 1，越高越好", "utility of the criterion, 0 to 1, higher is better", "", "number"),
    "utility_low": Note("效用下限", "缺值时可能的最低效用", "lowest utility that is possible", "", "number"),
    "utility_high": Note("效用上限", "缺值时可能的最高效用", "highest utility that is possible", "", "number"),
    "weight": Note("权重", "准则权重，合计为 1", "weight of the criterion, all together 1", "", "number"),
    "contribution": Note("得分贡献", "对得分的贡献；汇总方法不可加时为空", "its share in the score; empty where scores do not add up", "", "number"),
    "difference": Note("与首位之差", "本选址减首位选址的贡献", "this site's contribution minus that of the first", "", "number"),
    "difference_exact": Note("差值是否精确", "各差值之和是否恰为得分之差", "whether these differences add up to that of the scores", "", "truth"),
    "feature": Note("起决定作用的要素", "起决定作用的要素名称或序号", "feature that decided"),
    "source_zh": Note("依据", "规则的依据", "source of the rule, in Chinese"),
    "source_en": Note("依据（英文）", "上一列的英文", "the same in English"),
    "ours": Note("是否本工具设定", "阈值是否为本工具所设，须由使用者确定", "whether the threshold is ours, to be set by the user", "", "truth"),
    "override_original": Note("认定前结论", "人工认定前的结论", "result before a person's override"),
    "override_by": Note("认定人", "人工认定者", "who overrode it"),
    "override_reason": Note("认定理由", "人工认定的理由", "and why"),
    "change_zh": Note("须作何改变", "须作何改变方可符合", "what would have to change, in Chinese"),
    "change_en": Note("须作何改变（英文）", "上一列的英文", "the same in English"),
    "note_zh": Note("备注", "未评估的原因等", "why it was not assessed, and what else must be said, in Chinese"),
    "note_en": Note("备注（英文）", "上一列的英文", "the same in English"),
    "sample": Note("示例标记", "示例数据在此注明", "says so where the sites are sample data"),
    "model": Note("模型", "选址模型的编号与版本", "id and version of the siting model"),
    "as_of": Note("基准日", "评价的基准日", "day of the question", "ISO date"),
}  # fmt: skip


def reason_rows(document: Record) -> list[Record]:
    """Rows with the columns of `NOTES`: sites in the order of the document, constraints before criteria."""
    layers = {one["name"]: one for one in document["layers"]}
    constraints = {one["id"]: one for one in document["constraints"]}
    criteria = {one["id"]: one for one in document["criteria"]}
    found = []
    for site in document["sites"]:
        head = _head(document, site)
        found += [head | _constraint(constraints[one["id"]], one, layers) for one in site["constraints"]]
        differences = {one["id"]: one["difference"] for one in site["waterfall"]}
        for one in site["criteria"]:
            held = _criterion(criteria[one["id"]], one, layers) | {"difference": differences.get(one["id"])}
            if differences:
                held["difference_exact"] = site["waterfall_exact"]
            found.append(head | held)
    return [{name: evened(value) for name, value in row.items()} for row in found]


def _head(document: Record, site: Record) -> Record:
    return dict.fromkeys(NOTES) | {
        "site": site["id"],
        "name": site["name"],
        "rank": site["rank"],
        "status": site["status"],
        "status_zh": STATUS_NAMES[site["status"]][0],
        "sample": sample(document),
        "model": model(document),
        "as_of": document["as_of"],
    }


def sample(document: Record) -> str | None:
    """The mark of sample sites."""
    return "示例 sample" if document["sample"] else None


def model(document: Record) -> str:
    """The model and its version in one word."""
    return f"{document['model']['id']} {document['model']['version']}"


def _rule(rule: Record, layers: dict[str, Record]) -> Record:
    """What a row says of its rule and of the layer."""
    layer = layers.get(rule["layer"] or "", {})
    return {
        "rule": rule["id"],
        "rule_zh": rule["title_zh"],
        "rule_en": rule["title_en"],
        "group_zh": rule.get("group_zh"),
        "group_en": rule.get("group_en"),
        "layer": rule["layer"],
        "layer_present": layer.get("present"),
        "layer_version": layer.get("version"),
        "layer_vintage_zh": layer.get("vintage_zh"),
        "layer_vintage_en": layer.get("vintage_en"),
        "unit": rule["unit"] or None,
        "source_zh": rule["source_zh"],
        "source_en": rule["source_en"],
        "ours": rule["ours"],
    }


def _constraint(rule: Record, finding: Record, layers: dict[str, Record]) -> Record:
    override = finding["override"] or {}
    taken = ("result", "measured", "threshold", "margin", "sliver_m2", "change_zh", "change_en", "note_zh", "note_en")
    return (
        _rule(rule, layers)
        | {name: finding[name] for name in taken}
        | {
            "part": "constraint",
            "unit": finding["unit"] or None,
            "result_zh": RESULT_NAMES[finding["result"]][0],
            "threshold_zh": rule["threshold_zh"],
            "threshold_en": rule["threshold_en"],
            "feature": finding["feature"] or None,
            "override_original": override.get("original"),
            "override_by": override.get("by"),
            "override_reason": override.get("reason"),
        }
    )


def _criterion(rule: Record, held: Record, layers: dict[str, Record]) -> Record:
    value = held["value"]
    return _rule(rule, layers) | {
        "part": "criterion",
        "measured": None if isinstance(value, str) else value,
        "measured_text": value if isinstance(value, str) else None,
        "threshold_zh": rule["function_zh"],
        "threshold_en": rule["function_en"],
        "missing": missing(held),
        "utility": held["utility"],
        "utility_low": held["low"],
        "utility_high": held["high"],
        "weight": held["weight"],
        "contribution": held["contribution"],
        "feature": held["feature"] or None,
        "note_zh": held["note_zh"],
        "note_en": held["note_en"],
    }


def layers_of(document: Record, rule: Record) -> list[Record]:
    """Records of the layers that a rule is measured on, its own first; one of no record is taken to be there."""
    own = rule["layer"]
    held = [one for one in document["layers"] if one["name"] == own or rule["id"] in one["rules"]]
    if own and all(one["name"] != own for one in held):
        held.append({"name": own, "title_zh": "", "title_en": "", "present": True, "version": None})
    return sorted(held, key=lambda one: one["name"] != own)


def missing(held: Record) -> bool:
    """Whether a criterion has no value for a site."""
    return held["value"] is None or held["value"] == ""
