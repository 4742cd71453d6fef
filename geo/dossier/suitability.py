"""Suitability of a site: status, constraints, criteria, position in the ranking, what would have to change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.dossier.blocks import Block, Heading, Paragraph, Table
from geo.dossier.case import Case, Record
from geo.dossier.figures import (
    amount,
    between,
    called,
    layer,
    model,
    names,
    overrides,
    percent,
    places,
    result,
    score,
    signed,
    status,
    told,
)
from geo.dossier.phrases import heading, picture
from geo.dossier.words import shown

Ranking = Mapping[str, Any]
SHEET = "suitability/"


def site_in(ranking: Ranking, record: Record) -> Record:
    """The ranking's entry of an answered site; its sites are those of the list."""
    found: Record = next(one for one in ranking["sites"] if str(one["id"]) == str(record["id"]))
    return found


def section(case: Case, record: Record, number: int) -> list[Block]:
    """The chapter, if the list was ranked; `number` is the site's place in the list."""
    if case.ranking is None:
        return []
    ranking, site = case.ranking, site_in(case.ranking, record)
    caption = case.say("suitability.sheet", site=called(site))
    changed = overrides(case, ranking, [site])
    return [
        heading(case, "suitability"),
        *_lead(case, ranking, site),
        *(Paragraph(one, "bullet") for one in changed),
        *_constraints(case, ranking, site),
        *_changes(case, ranking, site),
        *_criteria(case, ranking, site),
        *_position(case, ranking, site),
        picture(case, f"{SHEET}{number}", caption),
    ]


def not_assessed(case: Case, record: Record) -> list[tuple[str, str, str]]:
    """Matter, state and what is needed, of each rule that could not be assessed for a site."""
    if case.ranking is None:
        return []
    site = site_in(case.ranking, record)
    rows = []
    for rule, one in zip(case.ranking["constraints"], site["constraints"], strict=True):
        if one["result"] in ("not_assessed", "requires_assessment"):
            needed = told(case, one, "change") or told(case, one, "note") or case.say("common.not_stated")
            rows.append((told(case, rule, "title"), result(case, one["result"]), needed))
    for rule, one in zip(case.ranking["criteria"], site["criteria"], strict=True):
        if one["low"] != one["high"]:
            needed = told(case, one, "note") or case.say("common.not_stated")
            rows.append((told(case, rule, "title"), case.say("suitability.no_value"), needed))
    return rows


def _lead(case: Case, ranking: Ranking, site: Record) -> list[Block]:
    """Status in plain words, and the explanation that comes with the ranking."""
    lead = case.say(
        f"suitability.lead_{site['status']}",
        model=model(case, ranking),
        status=status(case, site["status"]),
        rank=site["rank"],
        ranked=ranking["summary"]["ranked"],
        score=score(case, site["score"]),
    )
    return [
        Paragraph(lead, "lead"),
        Paragraph(shown(site["explanation"][case.lang], 3000)),
        Paragraph(
            case.say(
                "suitability.basis",
                method=shown(ranking["aggregation"][case.lang]),
                how=shown(ranking["weighting"][case.lang]),
            )
        ),
    ]


def _constraints(case: Case, ranking: Ranking, site: Record) -> list[Block]:
    """A row a constraint, its source below its name, and what was found in one column."""
    title: list[Block] = [heading(case, "suitability_constraints", 2)]
    if not site["constraints"]:
        return [*title, Paragraph(case.say("suitability.no_constraints"))]
    rows = []
    for rule, one in zip(ranking["constraints"], site["constraints"], strict=True):
        found = result(case, one["result"])
        if one["override"]:
            found = case.say("suitability.by_hand", result=found)
        source = _labelled(case, "source_of", _brief(told(case, rule, "source")))
        name = "\n".join(filter(None, (told(case, rule, "title"), source)))
        rows.append((name, _tested(case, rule, one), layer(case, ranking, rule["layer"]), found))
    columns = ("rule", "tested", "layer", "result")
    table = Table(
        case.say("suitability.constraints_caption", site=called(site)),
        tuple(case.say(f"column.{one}") for one in columns),
        tuple(rows),
        (0.36, 0.3, 0.2, 0.14),
        case.say("suitability.constraints_note"),
    )
    slivers = [
        case.say("suitability.sliver", rule=told(case, rule, "title"), area=f"{one['sliver_m2']:,.0f}")
        for rule, one in zip(ranking["constraints"], site["constraints"], strict=True)
        if one["sliver_m2"]
    ]
    return [*title, table, *(Paragraph(one, "note") for one in slivers)]


def _tested(case: Case, rule: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """Measure, threshold and margin of a finding, a line each; a dash where there is none of them."""
    measured = "" if found["measured"] is None else amount(case, found["measured"], found["unit"])
    if found["feature"]:
        measured = case.say(
            "common.bracket", text=measured or case.say("common.dash"), extra=shown(found["feature"], 40)
        )
    margin = "" if found["margin"] is None else amount(case, found["margin"], found["unit"], sign=True)
    held = {"measured": measured, "threshold": told(case, rule, "threshold"), "margin": margin}
    return "\n".join(filter(None, (_labelled(case, *one) for one in held.items()))) or case.say("common.dash")


def _labelled(case: Case, column: str, text: str) -> str:
    """A text behind what it states, nothing where there is none."""
    return case.say("common.label", label=case.say(f"column.{column}"), text=text) if text else ""


def _changes(case: Case, ranking: Ranking, site: Record) -> list[Block]:
    """What would have to change for each failed constraint, and for the next rank."""
    said = []
    for rule, one in zip(ranking["constraints"], site["constraints"], strict=True):
        if one["result"] == "fail":
            change = told(case, one, "change") or case.say("suitability.no_change")
            said.append(case.say("common.label", label=told(case, rule, "title"), text=change))
    if site["next"]:
        said.append(case.say("suitability.next", text=shown(site["next"][case.lang])))
    if not said:
        return []
    return [heading(case, "suitability_changes", 2), *(Paragraph(one, "bullet") for one in said)]


def _criteria(case: Case, ranking: Ranking, site: Record) -> list[Block]:
    """A row a criterion, and the difference from the best site."""
    title: Heading = heading(case, "suitability_criteria", 2)
    falls = {one["id"]: one["difference"] for one in site["waterfall"]}
    best = next((one for one in ranking["sites"] if one["rank"] == 1), None)
    compared = best is not None and site["rank"] is not None and best["id"] != site["id"]
    rows = []
    for rule, one in zip(ranking["criteria"], site["criteria"], strict=True):
        value = amount(case, one["value"], rule["unit"])
        if one["feature"]:
            value = case.say("common.bracket", text=value, extra=shown(one["feature"], 40))
        weight = one["weight"]
        rows.append(
            (
                told(case, rule, "title"),
                value,
                score(case, one["utility"]),
                f"{weight:.3f}",
                score(case, one["contribution"]),
                between(case, one["low"] * weight, one["high"] * weight),
                signed(case, falls.get(one["id"])) if compared else case.say("common.dash"),
            )
        )
    columns = ("criterion", "value", "utility", "weight", "contribution", "contribution_range", "difference")
    blocks: list[Block] = [
        title,
        Table(
            case.say("suitability.criteria_caption", site=called(site)),
            tuple(case.say(f"column.{one}") for one in columns),
            tuple(rows),
            (0.22, 0.22, 0.1, 0.1, 0.1, 0.15, 0.11),
            case.say("suitability.criteria_note"),
        ),
    ]
    if compared and best is not None:
        key = "suitability.fall" if site["waterfall_exact"] else "suitability.fall_inexact"
        slots = {
            "best": called(best), "top": score(case, best["score"]), "own": score(case, site["score"]),
            "gap": score(case, best["score"] - site["score"]),
        }  # fmt: skip
        blocks.append(Paragraph(case.say(key, **slots)))
    return blocks


def _position(case: Case, ranking: Ranking, site: Record) -> list[Block]:
    """Rank with its interval, and how sure it is."""
    if site["rank"] is None:
        return []
    unsure = site["rank_best"] != site["rank_worst"] or site["score_low"] != site["score_high"]
    robust, robustness, known = site["robust"], ranking["robustness"], names(ranking)
    said = [
        case.say(
            "suitability.position" if unsure else "suitability.position_sure",
            rank=site["rank"],
            ranked=ranking["summary"]["ranked"],
            places=places(case, site),
            span=between(case, site["score_low"], site["score_high"]),
        ),
        case.say(
            "suitability.likely",
            draws=f"{robustness['draws']:,}",
            seed=robustness["seed"],
            distribution=shown(robustness[f"distribution_{case.lang}"]),
            first=percent(robust["acceptability"][0]),
            expected=f"{robust['expected_rank']:.2f}",
        ),
    ]
    if robust["confidence"] is not None:
        said.append(case.say("suitability.confidence", confidence=percent(robust["confidence"])))
    if robust["dominated_by"]:
        over = case.join(known[str(one)] for one in robust["dominated_by"])
        said.append(case.say("suitability.dominated", sites=over))
    said += [
        critical(case, ranking, one)
        for one in robustness["critical"]
        if str(site["id"]) in (str(one["ahead"]), str(one["behind"]))
    ]
    return [heading(case, "suitability_position", 2), *(Paragraph(one) for one in said)]


def critical(case: Case, ranking: Ranking, change: Mapping[str, Any]) -> str:
    """The smallest change of a weight that swaps two neighbours, or that none can."""
    known = names(ranking)
    sites = {"ahead": known[str(change["ahead"])], "behind": known[str(change["behind"])]}
    if change["criterion"] is None:
        return case.say("suitability.critical_none", **sites)
    titles = {one["id"]: told(case, one, "title") for one in ranking["criteria"]}
    return case.say(
        "suitability.critical",
        criterion=titles[change["criterion"]],
        weight=score(case, change["weight"]),
        new=score(case, change["new_weight"]),
        **sites,
    )


def _brief(source: str) -> str:
    """A source without its note, which stands behind a colon.

    >>> _brief("2023 measures, clause 17 (in force): only for parks"), _brief("《措施》第十七条：仅对园区")
    ('2023 measures, clause 17 (in force)', '《措施》第十七条')
    """
    return source.split("：", 1)[0].split(": ", 1)[0]
