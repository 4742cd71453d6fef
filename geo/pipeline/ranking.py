"""A list of sites ranked by siting models (layer 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geo import crs, layers, rationale, sources, wording, workers
from geo.errors import InputError
from geo.pipeline.context import Checked, Context, Progress
from geo.pipeline.models import model_file, read_model
from geo.schema import Site
from geo.suitability.model import SitingModel
from geo.suitability.needs import needed
from geo.suitability.overrides import Override
from geo.suitability.ranking import Ranking
from geo.suitability.ranking import rank as apply
from geo.suitability.records import Candidates

_MANY = 5000  # sites from which on two processes measure
_OVERRIDE = {"site", "rule", "result", "by", "reason"}


@dataclass(frozen=True)
class Question:
    """What a ranking is asked with.

    Attributes
    ----------
    models : tuple of str
        Names or files; the first gives the ranking, the others stand beside it.
    overrides : Path or None
        A file of results set by hand.
    draws, seed : int
        Of the robustness analysis.
    """

    models: tuple[str, ...]
    overrides: Path | None = None
    draws: int = 10_000
    seed: int = 0


def rank(context: Context, checked: Checked, question: Question, progress: Progress) -> dict[str, Any]:
    """The ranking document of checked sites: see `geo.rationale`.

    Raises
    ------
    ModelError, MissingData
        If a model cannot be read.
    InputError
        If an override cannot be applied, or two models have the same id.
    """
    models = [read_model(context.settings, context.register, name) for name in question.models]
    _refuse_twins(models)
    own = _overrides(question.overrides)
    candidates = candidates_of(checked)
    progress("读取图层…", "reading layers…")
    named = {name for model in models for name in needed(model)}
    found = layers.load(sorted(named), context.settings, context.boundaries)
    named_rules = {rule.id for model in models for rule in model.constraints}
    rankings = []
    for model in models:
        progress(f"评估 {model.title.zh}…", f"assessing {model.title.en}…")
        rankings.append(_ranked(model, candidates, found, _own(model, own, named_rules), question))
    titles = {name: one.title for name, one in layers.named(context.settings).items()}
    titles |= {entry.name: entry.title for entry in layers.known(context.settings)}
    progress("分析稳健性…", "analysing robustness…")
    return rationale.document(
        rankings,
        checked.document,
        found,
        titles,
        context.register,
        wording.load(context.settings, "ranking.yaml"),
        digest=sources.digest(model_file(context.settings, question.models[0]))[:12],
        sample=any(record.get("sample") for record in checked.document["sites"]),
        seed=question.seed,
    )


def _ranked(
    model: SitingModel, candidates: Candidates, found: Mapping[str, Any], own: Sequence[Override], question: Question
) -> Ranking:
    processes = min(2, workers.cores()) if len(candidates) >= _MANY else 1
    return apply(
        model, candidates, found, overridden=own, draws=question.draws, seed=question.seed, processes=processes
    )


def _own(model: SitingModel, overrides: Sequence[Override], named: Set[str]) -> list[Override]:
    """The overrides of a model's own rules, and those of no model's, which it will refuse."""
    rules = {one.id for one in model.constraints}
    return [one for one in overrides if one.rule in rules or one.rule not in named]


def candidates_of(checked: Checked) -> Candidates:
    """Checked sites as arrays, in the list's order.

    Raises
    ------
    InputError
        If there is none.
    """
    if not checked.sites:
        raise InputError(
            "there is no site to rank",
            "没有可排序的选址",
            remedy_en="see the rejected rows",
            remedy_zh="请查看被拒绝的行",
        )
    records = checked.document["sites"]
    shapes = np.empty(len(checked.sites), dtype=object)
    shapes[:] = [site.geometry for site in checked.sites]

    def column(key: str) -> Any:
        return np.array([record[key] or "" for record in records], dtype=object)

    return Candidates(
        ids=column("id"),
        names=column("name"),
        districts=column("district"),
        matches=column("match"),
        forces=column("force"),
        geometry=crs.project(shapes),
        columns=_columns(checked.sites),
    )


def _columns(found: Sequence[Site]) -> dict[str, Any]:
    """The user's columns as text."""
    names = dict.fromkeys(name for site in found for name in site.attributes)
    columns: dict[str, Any] = {}
    for name in names:
        cells = [site.attributes.get(name) for site in found]
        columns[str(name).strip().casefold()] = np.array(
            ["" if cell is None else str(cell).strip() for cell in cells], dtype=object
        )
    return columns


def _refuse_twins(models: Sequence[SitingModel]) -> None:
    ids = [model.id for model in models]
    for twice in {one for one in ids if ids.count(one) > 1}:
        raise InputError(
            "two models have the same id",
            "两个模型编号相同",
            field="id",
            value=twice,
            remedy_en="give one of them another id",
            remedy_zh="请修改其中一个的编号",
        )


def _overrides(path: Path | None) -> list[Override]:
    """Results set by hand, from a table with the columns site, rule, result, by, reason.

    Raises
    ------
    InputError
        If a column is missing.
    """
    if path is None:
        return []
    layer = sources.read(path)
    names = {str(name).strip().casefold(): name for name in layer.columns}
    if not names.keys() >= _OVERRIDE:
        raise InputError(
            "the overrides lack a column",
            "人工认定表缺少列",
            file=path,
            value=", ".join(sorted(_OVERRIDE - names.keys())),
            remedy_en="columns: site, rule, result, by, reason",
            remedy_zh="所需列：site、rule、result、by、reason",
        )
    return [
        Override(**{key: "" if row.get(names[key]) is None else str(row[names[key]]).strip() for key in _OVERRIDE})
        for row in layer.rows
    ]
