"""Sites of a ranking as flat rows: our columns, then the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo.schema import FORCE_NAMES, MATCH_NAMES, Force, Match, Site
from geo.tables.columns import users_names
from geo.tables.flat import own_columns
from geo.tables.ranking.notes import column, notes
from geo.tables.ranking.reasons import missing, model, sample
from geo.tables.ranking.terms import STATUS_NAMES, evened
from geo.tables.values import plain

Record = dict[str, Any]


def ordered(document: Record, sites: Sequence[Site]) -> list[Site]:
    """The sites in the order of the document: by rank, then the excluded ones."""
    by_id = {site.id: site for site in sites}
    return [by_id[record["id"]] for record in document["sites"]]


def rows(document: Record, sites: Sequence[Site]) -> tuple[list[str], list[Record]]:
    """Column names and flat rows, in the order of the document.

    A user's column named like one of ours, without regard to case, comes out as
    ``<name>_input``; `id` and `name` are not repeated where they say what ours say.
    """
    ours = list(notes(document))
    held = ordered(document, sites)
    renamed = users_names(own_columns(held), ours)
    flat = []
    for record, site in zip(document["sites"], held, strict=True):
        row = dict.fromkeys(ours) | _site(document, record) | _constraints(record) | _criteria(record)
        row = {name: plain(evened(row[name])) for name in ours}
        row |= {renamed[name]: plain(value) for name, value in site.attributes.items() if name in renamed}
        flat.append(row)
    return [*ours, *renamed.values()], flat


def _site(document: Record, record: Record) -> Record:
    """The columns that are the same for every model."""
    bounds = document["boundaries"]
    robust = record["robust"] or {}
    nearer = record["next"] or {}
    acceptability = robust.get("acceptability") or [None]
    return {name: value for name, value in record.items() if not isinstance(value, list | dict)} | {
        "status_zh": STATUS_NAMES[record["status"]][0],
        "acceptability_1": acceptability[0],
        "expected_rank": robust.get("expected_rank"),
        "confidence": robust.get("confidence"),
        "dominated_by": "; ".join(robust.get("dominated_by") or []) or None,
        "next_zh": nearer.get("zh"),
        "next_en": nearer.get("en"),
        "explanation_zh": record["explanation"]["zh"],
        "explanation_en": record["explanation"]["en"],
        "match_zh": MATCH_NAMES[Match(record["match"])][0] if record["match"] else None,
        "force_zh": FORCE_NAMES[Force(record["force"])][0] if record["force"] else None,
        "sample": sample(document),
        "model": model(document),
        "model_digest": document["model"]["digest"],
        "aggregation": document["aggregation"]["method"],
        "weighting": document["weighting"]["method"],
        "as_of": document["as_of"],
        "register_version": document["register"]["version"],
        "boundary_source": bounds["source"],
        "boundary_vintage": bounds["vintage"],
        "boundary_datum": bounds["datum"],
        **_summary(document, record),
    }


def _summary(document: Record, record: Record) -> Record:
    """The columns that sum up the constraints and the criteria."""
    titles = {one["id"]: one["title_zh"] for one in document["constraints"]}
    by_result: dict[str, list[str]] = {}
    for one in record["constraints"]:
        by_result.setdefault(one["result"], []).append(one["id"])
    failed = by_result.get("fail", [])
    return {
        "failed": "; ".join(failed) or None,
        "failed_zh": "、".join(titles[one] for one in failed) or None,
        "requires_assessment": "; ".join(by_result.get("requires_assessment", [])) or None,
        "not_assessed": "; ".join(by_result.get("not_assessed", [])) or None,
        "missing": "; ".join(one["id"] for one in record["criteria"] if missing(one)) or None,
        "overridden": "; ".join(override(one) for one in record["constraints"] if one["override"]) or None,
        "change_zh": "；".join(one["change_zh"] for one in record["constraints"] if one["change_zh"]) or None,
        "change_en": "; ".join(one["change_en"] for one in record["constraints"] if one["change_en"]) or None,
    }


def override(finding: Record) -> str:
    """An overridden finding in one line."""
    held = finding["override"]
    return f"{finding['id']}: {held['original']} -> {finding['result']} ({held['by']}: {held['reason']})"


def _constraints(record: Record) -> Record:
    found: Record = {}
    for one in record["constraints"]:
        found |= {column(part, one["id"]): one[part] for part in ("result", "measured", "margin", "sliver_m2")}
    return found


def _criteria(record: Record) -> Record:
    found: Record = {}
    for one in record["criteria"]:
        found |= {column(part, one["id"]): one[part] for part in ("value", "utility", "contribution")}
        found[column("missing", one["id"])] = missing(one)
    return found
