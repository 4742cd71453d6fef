# ruff: noqa: E501 - a record a line
"""Ranking documents made by hand, for the tests of their tables.

Five criteria, one of each kind of value function; utilities follow from the values, so a
sheet can compute them anew. Of the sites one is excluded, one has its failure overridden,
one lacks a value, two are equal.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from pydantic import TypeAdapter

from geo.schema import Site
from geo.suitability import model, schemes, values
from geo.suitability.aggregation import aggregate, contributions, depends_on_others, ranks

Record = dict[str, Any]
_AGGREGATION: TypeAdapter[schemes.Aggregation] = TypeAdapter(schemes.Aggregation)
_FUNCTION: TypeAdapter[model.ValueFunction] = TypeAdapter(model.ValueFunction)

OURS = {"source_zh": "本工具设定，请使用者确定", "source_en": "ours, to be set by the user", "ours": True, "instrument": None, "clause": None}  # fmt: skip
FUNCTIONS: dict[str, Record] = {
    "port": {"kind": "linear", "worst": 60000.0, "best": 5000.0},
    "labour": {"kind": "piecewise", "points": [[0.0, 0.0], [500000.0, 0.7], [2000000.0, 1.0]]},
    "slope": {"kind": "sigmoid", "middle": 8.0, "scale": -2.0},
    "elevation": {"kind": "step", "steps": [[-5.0, 0.4], [5.0, 1.0], [80.0, 0.3]], "below": 0.0},
    "role-fit": {
        "kind": "categorical",
        "utilities": {"designated/in_force": 1.0, "elsewhere/lapsed": 0.25},
        "other": 0.0,
    },
}
VALUES: dict[str, dict[str, float | str | None]] = {
    "B": {"port": 5000.0, "labour": 250000.0, "slope": 8.0, "elevation": 4.0, "role-fit": "elsewhere/lapsed"},
    "A": {"port": 32500.0, "labour": 1250000.0, "slope": 2.0, "elevation": 90.0, "role-fit": "designated/in_force"},
    "D": {"port": 32500.0, "labour": 1250000.0, "slope": 2.0, "elevation": 90.0, "role-fit": "designated/in_force"},
    "C": {"port": 10500.0, "labour": 500000.0, "slope": None, "elevation": -6.0, "role-fit": "designated/in_force"},
    "E": {"port": 70000.0, "labour": 100000.0, "slope": 12.0, "elevation": 10.0, "role-fit": "silent/none"},
    "=X": {"port": 20000.0, "labour": 900000.0, "slope": 5.0, "elevation": 20.0, "role-fit": "designated/in_force"},
}
WEIGHTS = {"port": 0.3, "labour": 0.25, "slope": 0.2, "elevation": 0.15, "role-fit": 0.1}
METHODS: dict[str, Record] = {
    "weighted_sum": {},
    "weighted_product": {},
    "topsis vector": {"normalisation": "vector"},
    "topsis min_max": {"normalisation": "min_max"},
    "topsis none": {"normalisation": "none"},
    "owa": {"order": [5.0, 4.0, 3.0, 2.0, 1.0]},
    "promethee usual": {"q": 0.0, "p": 0.0},
    "promethee linear": {"q": 0.05, "p": 0.4},
    "promethee step": {"q": 0.12, "p": 0.12},
    "vikor": {"v": 0.4},
}
EXCLUDED = "=X"


def spec(method: str) -> schemes.Aggregation:
    """The aggregation of a name of `METHODS`."""
    return _AGGREGATION.validate_python({"method": method.partition(" ")[0], **METHODS[method]})


def utilities(held: dict[str, dict[str, float | str | None]], missing: str) -> np.ndarray:
    """Utilities of sites by id, missing ones at their ``low`` or ``high``; shape (n, m)."""
    columns = []
    for name, function in FUNCTIONS.items():
        parsed = _FUNCTION.validate_python(function)
        given = [held[site][name] for site in held]
        if name == "role-fit":
            found = values.utility(parsed, np.array(given, dtype=object))
        else:
            found = values.utility(parsed, np.array([np.nan if one is None else one for one in given], dtype=float))
        columns.append(np.where(np.isnan(found), values.bounds(parsed)[missing == "high"], found))
    return np.stack(columns, axis=1)


def document(method: str = "weighted_sum") -> Record:
    """A ranking document of the sites of `VALUES`."""
    kept = {site: VALUES[site] for site in sorted(VALUES) if site != EXCLUDED}
    weights = np.array(list(WEIGHTS.values()))
    low, high = utilities(kept, "low"), utilities(kept, "high")
    aggregation = spec(method)
    scores, highs = aggregate(aggregation, low, weights), aggregate(aggregation, high, weights)
    parts = contributions(aggregation, low, weights)
    places = dict(zip(kept, ranks(scores).tolist(), strict=True))
    order = sorted(kept, key=lambda site: (places[site], site))
    best = order[0]
    at = {site: number for number, site in enumerate(kept)}
    sites = []
    for site in order:
        one = at[site]
        sites.append(
            _site(site, low[one], high[one], None if parts is None else parts[one])
            | {
                "status": "open", "rank": places[site], "score": float(scores[one]), "score_low": float(scores[one]),
                "score_high": float(highs[one]),
                "rank_best": 1 + int((scores > highs[one] + 1e-12).sum()),
                "rank_worst": 1 + int((np.delete(highs, one) > scores[one] + 1e-12).sum()),
                "interval_basis": "sampled" if depends_on_others(aggregation) else "exact",
                "waterfall": [] if parts is None else [
                    {"id": name, "difference": float(parts[one][j] - parts[at[best]][j])} for j, name in enumerate(WEIGHTS)
                ],
                "waterfall_exact": parts is not None,
                "robust": {
                    "acceptability": [0.5, 0.25, 0.125, 0.125, 0.0], "expected_rank": 1.875, "confidence": 0.75,
                    "central_weights": dict(WEIGHTS) if site == best else None, "dominated_by": [] if site == best else [best],
                },
                "next": None if site == best else {
                    "site": best, "gap": 0.1, "criterion": "port", "utility_needed": 0.9, "zh": "离港口再近些", "en": "nearer to a port",
                },
            }
        )  # fmt: skip
    out = {EXCLUDED: VALUES[EXCLUDED]}
    sites.append(
        _site(EXCLUDED, utilities(out, "low")[0], utilities(out, "high")[0], None)
        | {
            "status": "excluded", "rank": None, "score": None, "score_low": None, "score_high": None, "rank_best": None,
            "rank_worst": None, "interval_basis": "exact", "waterfall": [], "waterfall_exact": False, "robust": None,
            "next": None,
        }
    )  # fmt: skip
    return _envelope(method, sites, order)


def _site(site: str, low: Any, high: Any, parts: Any) -> Record:
    """What does not depend on the ranking; the site's own names could run as a formula."""
    failed = site == EXCLUDED
    spot = list(VALUES).index(site)
    constraints = [
        {
            "id": "red-line", "result": "not_assessed", "measured": None, "threshold": None, "unit": "m²", "margin": None,
            "feature": "", "sliver_m2": 0.0, "note_zh": "缺少图层 red-line", "note_en": "no layer red-line",
            "override": None, "change_zh": None, "change_en": None,
        },
        {
            "id": "homes", "result": "fail" if failed else "pass", "measured": 350.0 if failed or site == "B" else 800.0,
            "threshold": 500.0, "unit": "m", "margin": -150.0 if failed or site == "B" else 300.0, "feature": "=某居住区",
            "sliver_m2": 0.0, "note_zh": None, "note_en": None,
            "override": {"by": "张三", "reason": "已签搬迁协议", "original": "fail"} if site == "B" else None,
            "change_zh": "退离居住用地150米" if failed else None, "change_en": "move 150 m away" if failed else None,
        },
    ]  # fmt: skip
    criteria = [
        {
            "id": name, "value": VALUES[site][name], "low": float(low[j]), "high": float(high[j]), "utility": float(low[j]),
            "weight": WEIGHTS[name], "contribution": None if parts is None else float(parts[j]),
            "feature": "盐田港" if name == "port" else "", "note_zh": None, "note_en": None,
        }
        for j, name in enumerate(WEIGHTS)
    ]  # fmt: skip
    return {
        "id": site, "name": f"=选址{site}", "lon": 114.0 + spot / 100, "lat": 22.5, "district": "futian",
        "district_zh": "福田区", "district_en": "Futian", "match": "elsewhere", "force": "lapsed",
        "constraints": constraints, "criteria": criteria,
        "explanation": {"zh": f"选址{site}的说明", "en": f"why {site}"},
    }  # fmt: skip


def _envelope(method: str, sites: list[Record], order: list[str]) -> Record:
    """The document about the sites."""
    rule = {"group_zh": None, "group_en": None, **OURS}
    return {
        "as_of": "2026-11-22", "sample": True, "register": {"version": "2026.11+abc", "known_to": "2026-11-22"},
        "boundaries": {"source": "A / 甲", "source_zh": "甲", "source_en": "A", "vintage": "2025", "vintage_zh": "2025年",
                       "vintage_en": "2025", "datum": "WGS84", "approximate": [], "second_source": None},
        "model": {"id": "park", "title_zh": "产业园", "title_en": "Park", "version": "1", "description_zh": "述", "description_en": "about", "digest": "0123456789ab"},
        "aggregation": {"method": method.partition(" ")[0], "parameters": METHODS[method], "zh": "某法", "en": "some method"},
        "weighting": {"method": "ahp", "zh": "层次分析法", "en": "AHP", "random_index": "saaty-1980", "consistency_ratio": 0.043,
                      "remarks": [{"zh": "可接受", "en": "acceptable"}]},
        "layers": [
            {"name": "ports", "title_zh": "港口", "title_en": "Ports", "present": True, "kind": "features", "count": 9, "version": "aabb",
             "vintage_zh": "2025年", "vintage_en": "2025", "datum": "WGS84", "licence": "Apache-2.0", "origin_zh": "某包",
             "origin_en": "a package", "sample": False, "rules": ["port"]},
            {"name": "red-line", "title_zh": "生态保护红线", "title_en": "Ecological red line", "present": False, "kind": None, "count": None,
             "version": None, "vintage_zh": None, "vintage_en": None, "datum": None, "licence": None, "origin_zh": None,
             "origin_en": None, "sample": False, "rules": ["red-line"]},
        ],
        "constraints": [
            {"id": "red-line", "title_zh": "不占红线", "title_en": "Clear of the line", "kind": "outside", "layer": "red-line", "unit": "m²",
             "threshold_zh": "0 m²", "threshold_en": "0 m²", **rule},
            {"id": "homes", "title_zh": "与居住用地的距离", "title_en": "Distance to homes", "kind": "setback", "layer": "homes", "unit": "m",
             "threshold_zh": "不小于 500 米", "threshold_en": "at least 500 m", **rule},
        ],
        "criteria": [
            {"id": name, "title_zh": f"指标{name}", "title_en": f"criterion {name}", "kind": "distance", "unit": "m" if name == "port" else "",
             "layer": "ports" if name == "port" else None, "weight": WEIGHTS[name], "function": FUNCTIONS[name],
             "function_zh": "函数", "function_en": "function", **OURS}
            for name in WEIGHTS
        ],
        "summary": {"sites": len(sites), "ranked": len(order), "excluded": 1, "open": len(order), "eligible": 0},
        "sites": sites,
        "robustness": {
            "draws": 10000, "seed": 0, "distribution_zh": "均匀", "distribution_en": "uniform",
            "critical": [
                {"ahead": order[0], "behind": order[1], "criterion": "port", "weight": 0.3, "change": 0.05, "relative_percent": 16.7, "new_weight": 0.35},
                {"ahead": order[1], "behind": order[2], "criterion": None, "weight": None, "change": None, "relative_percent": None, "new_weight": None},
            ],
            "one_at_a_time": [{"criterion": "port", "weights": [0.0, 0.5, 1.0], "ranks": {site: [1, 2, 3] for site in order}}],
            "reversals": [{"dropped": order[0], "changed": [{"site": order[1], "before": 1, "after": 2}]}], "pareto": order[:2],
        },
        "scenarios": [
            {"id": "park", "title_zh": "本模型", "title_en": "the model", "method": "weighted_sum", "weights": WEIGHTS,
             "ranks": {site: number for number, site in enumerate(order, start=1)}, "kendall_tau": 1.0, "spearman": 1.0, "moved": []},
        ],
        "overrides": [{"site": "B", "rule": "homes", "result": "pass", "by": "张三", "reason": "已签搬迁协议"}],
        "warnings": [{"zh": "某图层较旧", "en": "a layer is old"}],
    }  # fmt: skip


def sites(*, polygons: tuple[str, ...] = ()) -> list[Site]:
    """The sites of the document, in no order, with columns of the user's."""
    return [
        Site(
            id=site,
            name=f"=选址{site}",
            geometry=shapely.box(114.0 + at / 100, 22.5, 114.001 + at / 100, 22.501)
            if site in polygons
            else shapely.Point(114.0 + at / 100, 22.5),
            attributes={"id": site, "Rank": f"第{at}", "权属": "=1+1", "面积": at + 0.5, "geometry": "x"},
            row=at + 1,
        )
        for at, site in enumerate(VALUES)
    ]
