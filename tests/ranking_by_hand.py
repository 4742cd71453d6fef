# ruff: noqa: E501 - a record a line
"""A small ranking document made by hand, of eight sites of the sample list.

Weights 0.4, 0.3, 0.2 and 0.1; utilities as in `UTILITIES`, a pair where the value is
missing. The scores are their weighted sums::

    S02  0.36 + 0.27 + 0.18 + 0.08 = 0.89          S05  0.16 + 0.15 + 0.10 + 0.05 = 0.46
    S01  0.32 + 0.24 + 0.16 + 0..0.1 = 0.72..0.82  S06  0.04 + 0.03 + 0.02 + 0.01 = 0.10
    S04  0.20 + 0.30 + 0.02 + 0.06 = 0.58

S03, S07 and S08 fail a constraint and are excluded; what S04 failed was set by hand.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

WEIGHTS = {"role-fit": 0.4, "port": 0.3, "airport": 0.2, "slope": 0.1}
UTILITIES: dict[str, tuple[Any, ...]] = {
    "S01": (0.8, 0.8, 0.8, (0.0, 1.0)),
    "S02": (0.9, 0.9, 0.9, 0.8),
    "S03": (1.0, 1.0, 1.0, 1.0),
    "S04": (0.5, 1.0, 0.1, 0.6),
    "S05": (0.4, 0.5, 0.5, 0.5),
    "S06": (0.1, 0.1, 0.1, 0.1),
    "S07": (0.2, 0.2, 0.2, 0.2),
    "S08": (0.3, 0.3, 0.3, 0.3),
}
ORDER = ("S02", "S01", "S04", "S05", "S06")
RESULTS = {  # role, red line, residential, recognition
    "S01": ("pass", "not_assessed", "pass", "requires_assessment"),
    "S02": ("pass", "not_assessed", "pass", "pass"),
    "S03": ("fail", "not_assessed", "fail", "pass"),
    "S04": ("pass", "pass", "pass", "pass"),
    "S05": ("requires_assessment", "not_assessed", "pass", "pass"),
    "S06": ("pass", "pass", "pass", "pass"),
    "S07": ("pass", "not_assessed", "fail", "pass"),
    "S08": ("fail", "not_assessed", "pass", "not_assessed"),
}
ACCEPTABLE = {
    "S02": (0.75, 0.2, 0.05, 0.0, 0.0),
    "S01": (0.25, 0.6, 0.1, 0.05, 0.0),
    "S04": (0.0, 0.2, 0.6, 0.15, 0.05),
    "S05": (0.0, 0.0, 0.25, 0.65, 0.1),
    "S06": (0.0, 0.0, 0.0, 0.15, 0.85),
}
RANGES = {"S02": (1, 1), "S01": (2, 2), "S04": (3, 3), "S05": (4, 4), "S06": (5, 5)}
_OVERRIDE = {"by": "张三", "reason": "已实地踏勘", "original": "fail"}
_OURS = {
    "source_zh": "本工具设定，请使用者确定", "source_en": "ours, to be set by the user", "ours": True,
    "instrument": None, "clause": None,
}  # fmt: skip
_STATED = {
    "source_zh": "《若干措施》第十七条（有效）：专业化工业园区", "source_en": "2023 measures, clause 17 (in force): specialised parks",
    "ours": False, "instrument": "measures-2023", "clause": "第十七条",
}  # fmt: skip


def _constraint(
    name: str, zh: str, en: str, layer: str | None, threshold: tuple[str, str], **source: Any
) -> dict[str, Any]:
    return {
        "id": name, "title_zh": zh, "title_en": en, "group_zh": None, "group_en": None, "kind": "made", "layer": layer,
        "unit": "m", "threshold_zh": threshold[0], "threshold_en": threshold[1], **source,
    }  # fmt: skip


def _criterion(name: str, zh: str, en: str, layer: str | None, unit: str) -> dict[str, Any]:
    return {
        "id": name, "title_zh": zh, "title_en": en, "kind": "made", "layer": layer, "unit": unit,
        "weight": WEIGHTS[name], "function": {"kind": "linear", "worst": 60000, "best": 5000},
        "function_zh": "60 公里为 0，5 公里为 1，其间线性", "function_en": "0 at 60 km, 1 at 5 km, straight between", **_OURS,
    }  # fmt: skip


CONSTRAINTS = [
    _constraint("district-role", "产业定位符合", "Designated role", None, ("符合定位且依据有效", "designated, in force"), **_STATED),
    _constraint("red-line", "不占生态保护红线", "Clear of the red line", "ecological-red-line", ("不占用", "clear of it"), **_STATED),
    _constraint("residential", "与居住用地的距离", "Distance to housing", "residential", ("不小于 500 m", "at least 500 m"), **_OURS),
    _constraint("recognition", "化工园区认定", "Chemical-park recognition", None, ("由主管部门认定", "by the authority"), **_STATED),
]  # fmt: skip
CRITERIA = [
    _criterion("role-fit", "定位契合", "Role fit", None, ""),
    _criterion("port", "至港口距离", "Distance to a port", "ports", "m"),
    _criterion("airport", "至机场距离", "Distance to an airport", "airports", "m"),
    _criterion("slope", "平均坡度", "Mean slope", "elevation", "%"),
]


def _layer(name: str, zh: str, en: str, rules: list[str], vintage: str | None) -> dict[str, Any]:
    there = vintage is not None
    return {
        "name": name, "title_zh": zh, "title_en": en, "present": there, "kind": "features" if there else None,
        "count": 9 if there else None, "version": "aabbccddeeff" if there else None, "vintage_zh": vintage,
        "vintage_en": vintage, "datum": "WGS84" if there else None, "licence": "MIT" if there else None,
        "origin_zh": "软件包" if there else None, "origin_en": "a package" if there else None, "sample": False,
        "rules": rules,
    }  # fmt: skip


def _finding(site: str, number: int) -> dict[str, Any]:
    rule, result = CONSTRAINTS[number], RESULTS[site][number]
    found: dict[str, Any] = {
        "id": rule["id"], "result": result, "measured": None, "threshold": None, "unit": "", "margin": None,
        "feature": "", "sliver_m2": 0.0, "note_zh": None, "note_en": None, "override": None, "change_zh": None,
        "change_en": None,
    }  # fmt: skip
    if rule["id"] == "residential":
        measured = 350.0 if result == "fail" else 812.0
        found |= {
            "measured": measured,
            "threshold": 500.0,
            "unit": "m",
            "margin": measured - 500,
            "feature": "某居住区",
        }
        if result == "fail":
            found |= {"change_zh": "须再远 150 m", "change_en": "move 150 m farther"}
    if rule["id"] == "red-line" and result == "not_assessed":
        found |= {
            "note_zh": "缺少图层",
            "note_en": "no layer",
            "change_zh": "须提供图层",
            "change_en": "provide the layer",
        }
    if rule["id"] == "red-line" and result == "pass":
        found |= {"override": _OVERRIDE}
    return found


def _part(site: str, number: int) -> dict[str, Any]:
    rule, given = CRITERIA[number], UTILITIES[site][number]
    low, high = given if isinstance(given, tuple) else (given, given)
    value: Any = None if low != high else 12_345.0 - 1000 * number
    if rule["id"] == "role-fit":
        value = "designated/lapsed"
    return {
        "id": rule["id"], "value": value, "low": low, "high": high, "utility": low, "weight": rule["weight"],
        "contribution": rule["weight"] * low, "feature": "盐田港" if number == 1 else "",
        "note_zh": "缺少图层" if value is None else None, "note_en": "no layer" if value is None else None,
    }  # fmt: skip


def _site(record: dict[str, Any]) -> dict[str, Any]:
    name = record["id"]
    parts = [_part(name, number) for number in range(4)]
    found = [_finding(name, number) for number in range(4)]
    results = {one["result"] for one in found}
    status = "excluded" if "fail" in results else "open" if results - {"pass"} else "eligible"
    held = {
        key: record[key]
        for key in ("id", "name", "lon", "lat", "district", "district_zh", "district_en", "match", "force")
    }
    low = sum(one["weight"] * one["low"] for one in parts)
    high = sum(one["weight"] * one["high"] for one in parts)
    ranked = status != "excluded"
    rank = ORDER.index(name) + 1 if ranked else None
    best, worst = RANGES[name] if ranked else (None, None)
    shares = ACCEPTABLE.get(name, ())
    ahead = ORDER[rank - 2] if rank and rank > 1 else None
    return {
        **held, "status": status, "rank": rank, "score": low if ranked else None, "score_low": low if ranked else None,
        "score_high": high if ranked else None, "rank_best": best, "rank_worst": worst, "interval_basis": "exact",
        "constraints": found, "criteria": parts,
        "waterfall": [
            {"id": one["id"], "difference": one["contribution"] - other["contribution"]}
            for one, other in zip(parts, (_part("S02", number) for number in range(4)), strict=True)
        ] if ranked else [],
        "waterfall_exact": True,
        "robust": {
            "acceptability": list(shares), "expected_rank": sum(at * one for at, one in enumerate(shares, 1)),
            "confidence": 0.9 - 0.1 * (rank or 0), "central_weights": None, "dominated_by": ["S02"] if name == "S06" else [],
        } if ranked else None,
        "next": {
            "site": ahead, "gap": 0.1, "criterion": "port", "utility_needed": 0.9,
            "zh": "至港口距离缩短到 9 公里即可并列", "en": "level if a port were within 9 km",
        } if ahead else None,
        "explanation": {"zh": f"{name} 的说明。", "en": f"Why {name} stands where it does."},
    }  # fmt: skip


def made_ranking(document: dict[str, Any]) -> dict[str, Any]:
    """The ranking document of the first eight sites of an answered sample list."""
    found = [_site(one) for one in document["sites"] if one["id"] in UTILITIES]
    ranked = sorted((one for one in found if one["rank"]), key=lambda one: one["rank"])
    out = [one for one in found if not one["rank"]]
    counts = Counter(one["status"] for one in found)
    ranks = {one["id"]: one["rank"] for one in ranked}
    return {
        "as_of": document["as_of"], "register": document["register"], "boundaries": document["boundaries"], "sample": True,
        "model": {
            "id": "made-park", "title_zh": "试验园区", "title_en": "Made park", "version": "7", "description_zh": "手工",
            "description_en": "by hand", "digest": "0123456789ab",
        },
        "aggregation": {"method": "weighted_sum", "parameters": {}, "zh": "加权求和", "en": "weighted sum"},
        "weighting": {
            "method": "direct", "zh": "直接赋权", "en": "weights given directly", "random_index": None,
            "consistency_ratio": None, "remarks": [],
        },
        "layers": [
            _layer("ports", "港口", "Ports", ["port"], "searoute 1.6.0"),
            _layer("airports", "机场", "Airports", ["airport"], "airportsdata 2026"),
            _layer("residential", "居住用地", "Housing", ["residential"], "OSM 2026-10"),
            _layer("ecological-red-line", "生态保护红线", "Ecological red line", ["red-line"], None),
            _layer("elevation", "高程", "Elevation", ["slope"], None),
        ],
        "constraints": CONSTRAINTS, "criteria": CRITERIA,
        "summary": {
            "sites": len(found), "ranked": len(ranked), "excluded": counts["excluded"], "open": counts["open"],
            "eligible": counts["eligible"],
        },
        "sites": [*ranked, *out],
        "robustness": {
            "draws": 10_000, "seed": 3, "distribution_zh": "权重均匀抽取", "distribution_en": "weights drawn evenly",
            "critical": [
                {"ahead": "S02", "behind": "S01", "criterion": None, "weight": None, "change": None,
                 "relative_percent": None, "new_weight": None},
                {"ahead": "S01", "behind": "S04", "criterion": "port", "weight": 0.3, "change": 0.45,
                 "relative_percent": 150.0, "new_weight": 0.75},
            ],
            "one_at_a_time": [], "pareto": ["S02", "S04"],
            "reversals": [{"dropped": "S06", "changed": [{"site": "S04", "before": 3, "after": 2}]}],
        },
        "scenarios": [
            {"id": "made-park", "title_zh": "本模型", "title_en": "the model", "method": "weighted_sum", "weights": WEIGHTS,
             "ranks": ranks, "kendall_tau": 1.0, "spearman": 1.0, "moved": []},
            {"id": "equal", "title_zh": "等权", "title_en": "Equal weights", "method": "weighted_sum",
             "weights": dict.fromkeys(WEIGHTS, 0.25), "ranks": ranks | {"S01": 3, "S04": 2}, "kendall_tau": 0.8,
             "spearman": 0.9, "moved": [{"site": "S01", "from": 2, "to": 3}, {"site": "S04", "from": 3, "to": 2}]},
        ],
        "overrides": [{"site": one, "rule": "red-line", "result": "pass", "by": "张三", "reason": "已实地踏勘"} for one in ("S04", "S06")],
        "warnings": [{"zh": "缺少 2 个图层", "en": "2 layers are missing"}],
    }  # fmt: skip
