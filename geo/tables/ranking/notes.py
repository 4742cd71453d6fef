# ruff: noqa: E501 - one column a line
"""Notes on the columns of a ranking: the fixed ones, and those that each rule of the model gets."""

from __future__ import annotations

from typing import Any

from geo.tables.notes import Note

Record = dict[str, Any]

_FIRST: dict[str, Note] = {
    "rank": Note("名次", "得分名次，同分同名次；排除者为空", "rank by score, equal scores share one; empty where the site is excluded", "", "whole"),
    "id": Note("编号", "选址编号", "id of the site"),
    "name": Note("名称", "选址名称", "name of the site"),
    "status": Note("状态", "eligible：合格；open：待定；excluded：排除", "`eligible`; `open`: a constraint requires assessment or was not assessed; `excluded`: one fails"),
    "status_zh": Note("状态（中文）", "上一列的中文", "the same in Chinese"),
    "score": Note("得分", "缺值准则按最低效用计；排除者为空", "score, missing values counted as the worst; empty where the site is excluded", "", "number"),
    "score_low": Note("得分下限", "缺值取最低效用", "score with missing values at their lowest", "", "number"),
    "score_high": Note("得分上限", "缺值取最高效用", "score with missing values at their highest", "", "number"),
    "rank_best": Note("最好名次", "缺值对本选址最有利时的名次", "rank where what is missing turns out best for this site", "", "whole"),
    "rank_worst": Note("最差名次", "缺值对本选址最不利时的名次", "rank where what is missing turns out worst for this site", "", "whole"),
    "interval_basis": Note("区间来由", "exact：解析计算；sampled：随机抽样", "`exact`, or `sampled` from random draws"),
    "acceptability_1": Note("居首可能性", "随机抽取权重时排首位的比例", "share of drawn weights that make it the first", "1", "number"),
    "expected_rank": Note("期望名次", "随机抽取权重时的平均名次", "mean rank over drawn weights", "", "number"),
    "confidence": Note("置信因子", "按其中心权重仍居首位的把握", "confidence that it is the first with its central weights", "1", "number"),
    "dominated_by": Note("被支配于", "各准则均不差于它且至少一项更优的选址", "sites at least as good on every criterion and better on one"),
    "failed": Note("不符合的约束", "不符合的约束条件编号", "constraints that fail"),
    "failed_zh": Note("不符合的约束（中文）", "上一列的中文名称", "their names in Chinese"),
    "requires_assessment": Note("需论证", "须另行论证的约束条件编号", "constraints that others must assess"),
    "not_assessed": Note("未评估的约束", "未评估的约束条件编号；不等于符合", "constraints not assessed, which is no pass"),
    "missing": Note("缺值的准则", "缺值的准则编号", "criteria without a value"),
    "overridden": Note("人工认定", "形如 规则：原结论→结论（认定人：理由）", "overrides, as `rule: before -> after (by: reason)`"),
}  # fmt: skip
_LAST: dict[str, Note] = {
    "change_zh": Note("须作何改变", "各项不符合的约束须作何改变", "what would have to change for the failed constraints, in Chinese"),
    "change_en": Note("须作何改变（英文）", "上一列的英文", "the same in English"),
    "next_zh": Note("升位条件", "名次上升一位所需", "what it takes to gain a place, in Chinese"),
    "next_en": Note("升位条件（英文）", "上一列的英文", "the same in English"),
    "explanation_zh": Note("说明", "评价的文字说明", "the reason in sentences, in Chinese"),
    "explanation_en": Note("说明（英文）", "上一列的英文", "the same in English"),
    "lon": Note("经度", "选址或其用地范围内一点的经度", "longitude of the site, or of a point inside it", "degree, WGS84", "number"),
    "lat": Note("纬度", "同一点的纬度", "latitude of the same point", "degree, WGS84", "number"),
    "district": Note("所在区编号", "所在区的编号；市域外为空", "id of the district; empty outside"),
    "district_zh": Note("所在区", "所在区的中文名", "its Chinese name"),
    "district_en": Note("所在区（英文）", "所在区的英文名", "its English name"),
    "match": Note("是否相符", "产业定位核对的结论（代码）", "what the check of the role says"),
    "match_zh": Note("是否相符（中文）", "上一列的中文", "the same in Chinese"),
    "force": Note("依据效力", "判定依据在基准日的效力（代码）", "force of what decided on the day"),
    "force_zh": Note("依据效力（中文）", "上一列的中文", "the same in Chinese"),
    "sample": Note("示例标记", "示例数据在此注明", "says so where the sites are sample data"),
    "model": Note("模型", "选址模型的编号与版本", "id and version of the siting model"),
    "model_digest": Note("模型摘要", "模型内容的摘要", "digest of the model's content"),
    "aggregation": Note("汇总方法", "得分的汇总方法（代码）", "how the score is put together"),
    "weighting": Note("赋权方法", "权重的来由（代码）", "how the weights came about"),
    "as_of": Note("基准日", "评价的基准日", "day of the question", "ISO date"),
    "register_version": Note("登记册版本", "政策登记册的版本", "version of the register"),
    "boundary_source": Note("界线来源", "区界图形的来源", "source of the district outlines"),
    "boundary_vintage": Note("界线版本", "区界图形的版本", "its vintage"),
    "boundary_datum": Note("界线坐标基准", "区界在其来源中的坐标基准", "datum of the outlines in their source"),
}  # fmt: skip
_WITHOUT_MEASURE = {"role", "stated"}


def column(part: str, rule: str) -> str:
    """Name of a rule's column; ids hold no underscore, so no two meet.

    >>> column("result", "site-area")
    'result_site_area'
    """
    return f"{part}_{rule.replace('-', '_')}"


def notes(document: Record) -> dict[str, Note]:
    """Notes on all columns for a document's model, in the order of the columns."""
    slivers = {each["id"] for one in document["sites"] for each in one["constraints"] if each["sliver_m2"]}
    return _FIRST | _of_constraints(document["constraints"], slivers) | _of_criteria(document["criteria"]) | _LAST


def _of_constraints(rules: list[Record], slivers: set[str]) -> dict[str, Note]:
    found: dict[str, Note] = {}
    for one in rules:
        zh, en, unit = one["title_zh"], one["title_en"], one["unit"] or ""
        found[column("result", one["id"])] = Note(
            f"{zh}：结论",
            f"约束条件“{zh}”（{one['threshold_zh']}）的结论（代码）；未评估不等于符合",
            f"result of the constraint {en} ({one['threshold_en']}): `pass`, `fail`, `requires_assessment` or `not_assessed`, which is no pass",
        )
        if one["kind"] not in _WITHOUT_MEASURE:
            found[column("measured", one["id"])] = Note(
                f"{zh}：量测值", f"约束条件“{zh}”的量测值", f"what was measured for {en}", unit, "number"
            )
            found[column("margin", one["id"])] = Note(
                f"{zh}：余量",
                "正值为满足后的余量，负值为差额",
                "by how much it is kept; negative where it is not",
                unit,
                "number",
            )
        if one["id"] in slivers:
            found[column("sliver_m2", one["id"])] = Note(
                f"{zh}：未计碎片面积",
                "小于容差而未计入的碎片面积",
                "area of the pieces below the tolerance, which do not count",
                "m²",
                "number",
            )
    return found


def _of_criteria(rules: list[Record]) -> dict[str, Note]:
    found: dict[str, Note] = {}
    for one in rules:
        zh, en = one["title_zh"], one["title_en"]
        kind: Any = "text" if one["function"]["kind"] == "categorical" else "number"
        found[column("value", one["id"])] = Note(
            f"{zh}：取值",
            f"准则“{zh}”的取值；空为缺值",
            f"value of {en}; empty where missing",
            one["unit"] or "",
            kind,
        )
        found[column("missing", one["id"])] = Note(
            f"{zh}：是否缺值",
            "缺值时得分按最低效用计",
            "whether it is missing; the score then takes the lowest utility",
            "",
            "truth",
        )
        found[column("utility", one["id"])] = Note(
            f"{zh}：效用",
            f"0 至 1，越高越好（{one['function_zh']}）",
            f"0 to 1, higher is better ({one['function_en']})",
            "",
            "number",
        )
        found[column("contribution", one["id"])] = Note(
            f"{zh}：得分贡献",
            "对得分的贡献；汇总方法不可加时为空",
            "its share in the score; empty where scores do not add up",
            "",
            "number",
        )
    return found
