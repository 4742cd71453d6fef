"""The ranking of a whole list in a report: its model, the order, how sure it is, other weightings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from geo.dossier.blocks import Block, Paragraph, Table
from geo.dossier.case import Case, Record
from geo.dossier.district import MOST_ROWS
from geo.dossier.figures import (
    between,
    called,
    model,
    names,
    overrides,
    percent,
    places,
    result,
    score,
    status,
    told,
)
from geo.dossier.phrases import heading, place
from geo.dossier.words import shown

Ranking = Mapping[str, Any]
RESULTS = ("pass", "fail", "requires_assessment", "not_assessed")
_FIRST = 3  # ranks whose acceptability has a column of its own
_MOVED = 5  # sites that a row of a scenario names


def section(case: Case) -> list[Block]:
    """The chapter, if the list was ranked."""
    ranking = case.ranking
    if ranking is None:
        return []
    ranked = [one for one in ranking["sites"] if one["rank"] is not None]
    return [
        heading(case, "ranking"),
        *_summary(case, ranking),
        *_order(case, ranked),
        *_excluded(case, ranking),
        *_constraints(case, ranking),
        *_model(case, ranking),
        *_robust(case, ranking, ranked),
        *_scenarios(case, ranking),
    ]


def not_assessed(case: Case) -> list[tuple[str, str, str]]:
    """Matter, state and what is needed, of each rule that some site could not be assessed for."""
    if case.ranking is None:
        return []
    counts = _tally(case.ranking)
    rows = []
    for number, rule in enumerate(case.ranking["constraints"]):
        held = {
            one: counts[rule["id"]][one] for one in ("requires_assessment", "not_assessed") if counts[rule["id"]][one]
        }
        if held:
            state = case.join(
                (case.say("ranking.sites_of", result=result(case, one), count=many) for one, many in held.items()),
                "clause",
            )
            found = [site["constraints"][number] for site in case.ranking["sites"]]
            needed = next(
                (told(case, one, "change") or told(case, one, "note") for one in found if one["result"] in held), ""
            )
            rows.append((told(case, rule, "title"), state, needed or case.say("common.not_stated")))
    for number, rule in enumerate(case.ranking["criteria"]):
        lacking = [site["criteria"][number] for site in case.ranking["sites"]]
        lacking = [one for one in lacking if one["low"] != one["high"]]
        if lacking:
            state = case.say("ranking.sites_of", result=case.say("suitability.no_value"), count=len(lacking))
            rows.append(
                (told(case, rule, "title"), state, told(case, lacking[0], "note") or case.say("common.not_stated"))
            )
    return rows


def _tally(ranking: Ranking) -> dict[str, Counter[str]]:
    """How often each result occurs, by constraint."""
    counts: dict[str, Counter[str]] = {one["id"]: Counter() for one in ranking["constraints"]}
    for site in ranking["sites"]:
        for one in site["constraints"]:
            counts[one["id"]][one["result"]] += 1
    return counts


def _summary(case: Case, ranking: Ranking) -> list[Block]:
    """Figures in sentences, what warns, and what was set by hand."""
    said = case.say("ranking.summary", model=model(case, ranking), **ranking["summary"])
    changed = overrides(case, ranking, list(ranking["sites"]))
    blocks: list[Block] = [
        Paragraph(said),
        Paragraph(
            case.say(
                "suitability.basis",
                method=shown(ranking["aggregation"][case.lang]),
                how=shown(ranking["weighting"][case.lang]),
            )
        ),
        Paragraph(case.say("ranking.rule"), "note"),
        *(Paragraph(shown(one[case.lang], 500), "bullet") for one in ranking["warnings"]),
    ]
    if changed:
        blocks.append(Paragraph(case.say("ranking.overridden", count=len(changed))))
        blocks += [Paragraph(one, "bullet") for one in changed[:MOST_ROWS]]
    return blocks


def _order(case: Case, ranked: Sequence[Record]) -> list[Block]:
    """The ranking itself."""
    title = heading(case, "ranking_order", 2)
    if not ranked:
        return [title, Paragraph(case.say("ranking.none"))]
    rows = [
        (
            str(one["rank"]),
            called(one),
            place(case, one["district"]),
            status(case, one["status"]),
            score(case, one["score"]),
            between(case, one["score_low"], one["score_high"]),
            places(case, one),
        )
        for one in ranked[:MOST_ROWS]
    ]
    columns = ("rank", "site", "district", "status", "score", "score_range", "rank_range")
    return [title, _table(case, "order", columns, rows, (0.08, 0.28, 0.14, 0.12, 0.1, 0.16, 0.12), len(ranked))]


def _excluded(case: Case, ranking: Ranking) -> list[Block]:
    """Sites that are not ranked, with the constraints that they fail."""
    out = [one for one in ranking["sites"] if one["rank"] is None]
    if not out:
        return []
    titles = {one["id"]: told(case, one, "title") for one in ranking["constraints"]}
    rows = [
        (
            called(one),
            place(case, one["district"]),
            case.join(titles[each["id"]] for each in one["constraints"] if each["result"] == "fail"),
        )
        for one in out[:MOST_ROWS]
    ]
    return [
        heading(case, "ranking_excluded", 2),
        _table(case, "excluded", ("site", "district", "fails"), rows, (0.32, 0.16, 0.52), len(out)),
    ]


def _constraints(case: Case, ranking: Ranking) -> list[Block]:
    """How often each constraint has each result."""
    if not ranking["constraints"]:
        return []
    counts = _tally(ranking)
    rows = [
        (
            told(case, one, "title"),
            told(case, one, "threshold") or case.say("common.dash"),
            told(case, one, "source"),
            *(str(counts[one["id"]][each]) for each in RESULTS),
        )
        for one in ranking["constraints"]
    ]
    header = (
        *(case.say(f"column.{one}") for one in ("rule", "threshold", "source_of")),
        *(result(case, one) for one in RESULTS),
    )
    table = Table(
        case.say("ranking.constraints_caption"), header, tuple(rows), (0.2, 0.22, 0.22, 0.08, 0.09, 0.1, 0.09),
        case.say("suitability.constraints_note"),
    )  # fmt: skip
    return [heading(case, "ranking_constraints", 2), table]


def _model(case: Case, ranking: Ranking) -> list[Block]:
    """Criteria with their weights and value functions, and the layers."""
    rows = [
        (told(case, one, "title"), f"{one['weight']:.3f}", told(case, one, "function"), told(case, one, "source"))
        for one in ranking["criteria"]
    ]
    blocks: list[Block] = [
        heading(case, "ranking_model", 2),
        _table(
            case, "criteria", ("criterion", "weight", "function", "source_of"), rows, (0.22, 0.1, 0.38, 0.3), len(rows)
        ),
    ]
    dash = case.say("common.dash")
    titles = {one["id"]: told(case, one, "title") for key in ("constraints", "criteria") for one in ranking[key]}
    layers = [
        (
            told(case, one, "title"),
            case.say("ranking.layer_there" if one["present"] else "ranking.layer_missing"),
            told(case, one, "vintage") or dash,
            shown(one["version"])[:12] or dash,
            told(case, one, "origin") or dash,
            case.join(titles.get(each, each) for each in one["rules"]),
        )
        for one in ranking["layers"]
    ]
    if layers:
        columns = ("layer", "state", "vintage", "version", "origin", "rules")
        blocks.append(_table(case, "layers", columns, layers, (0.17, 0.1, 0.18, 0.14, 0.2, 0.21), len(layers)))
    return blocks


def _robust(case: Case, ranking: Ranking, ranked: Sequence[Record]) -> list[Block]:
    """Acceptability of the first ranks, and the smallest changes of weights that swap neighbours."""
    if not ranked:
        return []
    robust = ranking["robustness"]
    first = min(_FIRST, len(ranked[0]["robust"]["acceptability"]))
    dash = case.say("common.dash")
    rows = []
    for one in ranked[:MOST_ROWS]:
        own = one["robust"]
        shares = (case.say("report.percent", share=percent(own["acceptability"][at])) for at in range(first))
        sure = dash if own["confidence"] is None else case.say("report.percent", share=percent(own["confidence"]))
        rows.append((str(one["rank"]), called(one), *shares, f"{own['expected_rank']:.2f}", sure))
    header = (
        case.say("column.rank"),
        case.say("column.site"),
        *(case.say("ranking.rank_share", rank=at + 1) for at in range(first)),
        case.say("column.expected"),
        case.say("column.confidence"),
    )
    width = 0.36 / first
    table = Table(
        case.say("ranking.acceptability_caption"),
        header,
        tuple(rows),
        (0.08, 0.3, *(width for _ in range(first)), 0.13, 0.13),
        case.join([case.say("ranking.acceptability_note"), _cut(case, len(ranked))], "sentence"),
    )
    intro = case.say(
        "ranking.robust",
        draws=f"{robust['draws']:,}",
        seed=robust["seed"],
        distribution=shown(robust[f"distribution_{case.lang}"]),
    )
    blocks: list[Block] = [heading(case, "ranking_robust", 2), Paragraph(intro), table]
    known = names(ranking)
    if robust["pareto"]:
        over = case.join(known[str(one)] for one in robust["pareto"][:MOST_ROWS])
        blocks.append(Paragraph(case.say("ranking.pareto", count=len(robust["pareto"]), sites=over)))
    blocks += _critical(case, ranking)
    for one in robust["reversals"]:
        moves = case.join(
            _move(case, known, each["site"], each["before"], each["after"]) for each in one["changed"][:_MOVED]
        )
        blocks.append(Paragraph(case.say("ranking.reversal", site=known[str(one["dropped"])], moves=moves), "bullet"))
    return blocks


def _critical(case: Case, ranking: Ranking) -> list[Block]:
    """The smallest change of one weight that swaps each two neighbours."""
    known, dash = names(ranking), case.say("common.dash")
    titles = {one["id"]: told(case, one, "title") for one in ranking["criteria"]}
    changes = ranking["robustness"]["critical"]
    rows = []
    for one in changes[:MOST_ROWS]:
        figures = [score(case, one[key]) for key in ("weight", "new_weight")]
        criterion = titles[one["criterion"]] if one["criterion"] else case.say("ranking.no_criterion")
        relative = one["relative_percent"]
        share = dash if relative is None else case.say("report.percent", share=f"{relative:+.1f}".replace("-", "−"))
        rows.append((known[str(one["ahead"])], known[str(one["behind"])], criterion, *figures, share))
    if not rows:
        return []
    columns = ("ahead", "behind", "criterion", "weight", "new_weight", "relative")
    return [_table(case, "critical", columns, rows, (0.23, 0.23, 0.23, 0.1, 0.1, 0.11), len(changes))]


def _move(case: Case, known: Mapping[str, str], site: object, before: object, after: object) -> str:
    dash = case.say("common.dash")
    old, new = (dash if one is None else one for one in (before, after))
    return case.say("ranking.move", site=known.get(str(site), shown(site)), before=old, after=new)


def _scenarios(case: Case, ranking: Ranking) -> list[Block]:
    """Other models or weightings beside the model's own."""
    if len(ranking["scenarios"]) <= 1:
        return []
    known, dash = names(ranking), case.say("common.dash")
    rows = []
    for one in ranking["scenarios"]:
        moves = [_move(case, known, each["site"], each["from"], each["to"]) for each in one["moved"]]
        said = case.join(moves[:_MOVED], "clause") or dash
        if len(moves) > _MOVED:
            said = case.say("ranking.more_moves", moves=said, count=len(moves) - _MOVED)
        figures = (one["kendall_tau"], one["spearman"])
        rows.append(
            (
                told(case, one, "title"),
                *(dash if each is None else f"{each:.3f}" for each in figures),
                str(len(moves)),
                said,
            )
        )
    columns = ("scenario", "kendall_tau", "spearman", "moved", "moves")
    return [
        heading(case, "ranking_scenarios", 2),
        _table(case, "scenarios", columns, rows, (0.2, 0.12, 0.12, 0.1, 0.46), len(rows)),
    ]


def _table(
    case: Case, key: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]], shares: tuple[float, ...], total: int
) -> Table:
    header = tuple(case.say(f"column.{one}") for one in columns)
    return Table(case.say(f"ranking.{key}_caption"), header, tuple(rows), shares, _cut(case, total))


def _cut(case: Case, total: int) -> str:
    """That a table holds only the first rows, where it does."""
    return case.say("ranking.cut", count=MOST_ROWS, total=total) if total > MOST_ROWS else ""
