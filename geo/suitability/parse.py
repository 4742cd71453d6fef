"""What a model's file holds as a `SitingModel`, or every fault of it (layer 5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from geo.errors import ModelError, one_line
from geo.schema import DISTRICTS
from geo.suitability.model import (
    Around,
    Assessment,
    Cells,
    Linear,
    Number,
    Piecewise,
    Setback,
    Shape,
    ShareWithin,
    Sigmoid,
    SitingModel,
    Step,
)
from geo.suitability.schemes import Aggregation, Direct, Owa, Pairwise, Promethee, Ranks, Scenario, Weights

Fault = tuple[str, str]
_READER: TypeAdapter[SitingModel] = TypeAdapter(SitingModel)
_CHINESE = {
    "missing": "缺少此项",
    "unexpected_keyword_argument": "没有这个键",
    "literal_error": "不是可用的词",
    "union_tag_invalid": "kind 或 method 不是可用的词",
    "union_tag_not_found": "缺少 kind 或 method",
    "float_parsing": "须为数字",
    "float_type": "须为数字",
    "finite_number": "须为有限数",
    "string_type": "须为文字",
    "string_pattern_mismatch": "编号只能用小写字母、数字和连字符，并以字母开头",
    "greater_than": "数值过小",
    "greater_than_equal": "数值过小",
    "less_than_equal": "数值过大",
    "too_short": "项数不足",
    "dataclass_type": "须为一组键值",
}


def parse(said: Any, file: Path) -> SitingModel:
    """Validate a model.

    Parameters
    ----------
    said : object
        What the YAML file holds, without its `id`: that is the name of the file.
    file : Path
        For the id and for messages.

    Raises
    ------
    ModelError
        With every fault, each named by its key.
    """
    whole = {**said, "id": file.stem} if isinstance(said, dict) and "id" not in said else said
    try:
        model = _READER.validate_python(whole)
    except ValidationError as error:
        raise ModelError([_fault(one) for one in error.errors(include_url=False)], file) from error
    faults = [*_ids(model), *_rules(model), *_functions(model), *_schemes(model)]
    if faults:
        raise ModelError(faults, file)
    return model


def _fault(error: Any) -> Fault:
    where = ".".join(str(one) for one in error["loc"]) or "—"
    given = error.get("input")
    shown = "" if isinstance(given, dict | list) or error["type"] == "missing" else f" ({one_line(given, 40)})"
    return f"{where}{shown}：{_CHINESE.get(error['type'], error['msg'])}", f"{where}{shown}: {error['msg']}"


def _ids(model: SitingModel) -> Iterator[Fault]:
    """Ids that stand twice."""
    rules = [one.id for one in (*model.constraints, *model.criteria)]
    for kind_zh, kind_en, ids in (
        ("规则", "rule", rules),
        ("情景", "scenario", [model.id, *(one.id for one in model.scenarios)]),
    ):
        for twice in (one for one, times in Counter(ids).items() if times > 1):
            yield f"{kind_zh}编号重复：{twice}", f"the {kind_en} id {twice} stands twice"


def _rules(model: SitingModel) -> Iterator[Fault]:
    """Constraints and criteria that lack what their kind needs."""
    for rule in model.constraints:
        if isinstance(rule, Shape | ShareWithin | Cells | Number):
            yield from _limits(rule.id, rule.at_least, rule.at_most)
        if isinstance(rule, Assessment) and (rule.layer is None) != (rule.within_m is None):
            yield f"{rule.id}：layer 与 within_m 须同时给出", f"{rule.id}: layer and within_m go together"
        if isinstance(rule, Setback):
            strange = sorted({one for local in rule.local for one in local.districts} - set(DISTRICTS))
            if strange:
                listed = ", ".join(strange)
                yield f"{rule.id}：未知的区 {listed}", f"{rule.id}: unknown districts {listed}"
    for factor in model.criteria:
        if isinstance(factor, Around) and (factor.kind == "sum") != (factor.column is not None):
            yield f"{factor.id}：sum 须给出 column，其余不得给出", f"{factor.id}: sum takes a column, the others none"


def _limits(rule: str, least: float | None, most: float | None) -> Iterator[Fault]:
    if least is None and most is None:
        yield f"{rule}：须给出 at_least 或 at_most", f"{rule}: give at_least or at_most"
    elif least is not None and most is not None and least > most:
        yield f"{rule}：at_least 大于 at_most", f"{rule}: at_least is above at_most"


def _functions(model: SitingModel) -> Iterator[Fault]:
    """Value functions that are none."""
    for factor in model.criteria:
        function = factor.value
        if isinstance(function, Linear) and function.worst == function.best:
            yield f"{factor.id}：worst 与 best 相同", f"{factor.id}: worst and best are the same"
        if isinstance(function, Sigmoid) and function.scale == 0:
            yield f"{factor.id}：scale 不得为 0", f"{factor.id}: scale must not be 0"
        marks = (
            function.points if isinstance(function, Piecewise) else function.steps if isinstance(function, Step) else ()
        )
        if any(left[0] >= right[0] for left, right in pairwise(marks)):
            yield f"{factor.id}：各点须按数值递增", f"{factor.id}: the points must ascend"


def _schemes(model: SitingModel) -> Iterator[Fault]:
    """Weights and aggregations that do not fit the criteria."""
    criteria = [one.id for one in model.criteria]
    own = Scenario(model.id, model.title, model.weights, model.aggregation)
    for scheme in (own, *model.scenarios):
        if scheme.weights is not None:
            yield from _weights(scheme.id, scheme.weights, criteria)
        if scheme.aggregation is not None:
            yield from _aggregation(scheme.id, scheme.aggregation, len(criteria))


def _weights(where: str, weights: Weights, criteria: Sequence[str]) -> Iterator[Fault]:
    if isinstance(weights, Direct):
        named: Sequence[str] = list(weights.values)
        if sum(weights.values.values()) <= 0:
            yield f"{where}：权重之和须大于 0", f"{where}: the weights add up to nothing"
    elif isinstance(weights, Ranks | Pairwise):
        named = weights.order
    else:
        return
    if sorted(named) != sorted(criteria):
        listed = ", ".join(criteria)
        yield (
            f"{where}：权重须恰好涉及各准则一次：{listed}",
            f"{where}: weights must name each criterion once: {listed}",
        )
    if isinstance(weights, Pairwise) and any(len(row) != len(named) for row in (weights.matrix, *weights.matrix)):
        size = len(named)
        yield f"{where}：判断矩阵须为 {size}×{size}", f"{where}: the matrix must be {size} by {size}"


def _aggregation(where: str, aggregation: Aggregation, criteria: int) -> Iterator[Fault]:
    if isinstance(aggregation, Owa):
        if len(aggregation.order) != criteria:
            yield f"{where}：order 须有 {criteria} 个权重", f"{where}: order must have {criteria} weights"
        elif sum(aggregation.order) <= 0:
            yield f"{where}：order 之和须大于 0", f"{where}: order adds up to nothing"
    if isinstance(aggregation, Promethee) and aggregation.q > aggregation.p:
        yield f"{where}：q 不得大于 p", f"{where}: q is above p"
