"""Records of a check as flat rows: our columns, then the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo.schema import CERTAINTY_NAMES, FORCE_NAMES, MATCH_NAMES, STAGE_NAMES, Certainty, Force, Match, Site, Stage
from geo.tables.columns import COLUMNS, users_names
from geo.tables.values import plain, words

Record = dict[str, Any]


def rows(document: Record, sites: Sequence[Site]) -> tuple[list[str], list[Record]]:
    """Column names and flat rows: our columns, then the user's own.

    A user's column named like one of ours comes out as ``<name>_input``; `id` and
    `name` are not repeated where they say what ours say.
    """
    renamed = users_names(own_columns(sites))
    flat = []
    for record, site in zip(document["sites"], sites, strict=True):
        row = {name: plain(value) for name, value in flat_record(document, record).items()}
        row |= {renamed[name]: plain(value) for name, value in site.attributes.items() if name in renamed}
        flat.append(row)
    return [*COLUMNS, *renamed.values()], flat


def own_columns(sites: Sequence[Site]) -> list[str]:
    """The user's columns in their order, without those that our `id` and `name` repeat."""
    own = dict.fromkeys(name for site in sites for name in site.attributes)
    return [name for name in own if str(name).casefold() not in ("id", "name") or not _repeated(name, sites)]


def _repeated(name: str, sites: Sequence[Site]) -> bool:
    """Whether every site's `id` or `name` is what this column of the user holds."""
    ours = str(name).casefold()
    for site in sites:
        held = words(plain(site.attributes.get(name))) or ""
        said = words(plain(site.id if ours == "id" else site.name)) or ""
        if held.strip() and held.strip() != said.strip():
            return False
    return True


def main_designations(record: Record) -> list[Record]:
    """The designations a table shows: those that decide, else the place's standing roles."""
    deciding = [one for one in record["designations"] if one["decides"]]
    if deciding:
        return deciding
    for force in (Force.IN_FORCE, Force.LAPSED):
        roles = [
            one for one in record["designations"] if one["kind"] == "role" and one["located"] and one["force"] == force
        ]
        if roles:
            latest = max(roles, key=lambda one: (one["to"] or "9999", one["from"] or ""))["instrument"]
            return [one for one in roles if force is Force.IN_FORCE or one["instrument"] == latest]
    return []


def flat_record(document: Record, record: Record) -> Record:
    """One record as a row of scalars."""
    return {name: record.get(name) for name in COLUMNS} | {
        **asked_cells(record),
        **ground_cells(document, record),
        **place_cells(record),
        "shares": shares_text(record.get("shares") or {}),
        "explanation_zh": record["explanation"]["zh"],
        "explanation_en": record["explanation"]["en"],
    }


def asked_cells(record: Record) -> Record:
    """The columns on what is asked, in words."""
    return {"stage_zh": STAGE_NAMES[Stage(record["stage"])][0] if record["stage"] else None}


def ground_cells(document: Record, record: Record) -> Record:
    """The columns on the verdict and what it rests on, in words."""
    return {
        "match_zh": MATCH_NAMES[Match(record["match"])][0],
        "force_zh": FORCE_NAMES[Force(record["force"])][0],
        **_grounds(record),
        **_sources(document),
    }


def place_cells(record: Record) -> Record:
    """The columns on the place, in words."""
    said = record.get("notes") or []
    return {
        "if_datum": "; ".join(
            f"{one['datum']}: {one['district_zh'] or '市域外'}" for one in record.get("if_datum") or []
        )
        or None,
        "certainty_zh": CERTAINTY_NAMES[Certainty(record["certainty"])][0],
        "possible": "; ".join(record["possible"]) or None,
        "notes_zh": " ".join(one["zh"] for one in said) or None,
        "notes_en": " ".join(one["en"] for one in said) or None,
        "sample": "示例 sample" if record.get("sample") else None,
    }


def shares_text(shares: Mapping[str, float]) -> str | None:
    """Shares by district in one cell."""
    return "; ".join(f"{one} {share:.4f}" for one, share in shares.items()) or None


def _grounds(record: Record) -> Record:
    """The columns on roles, documents and clauses."""
    main = main_designations(record)
    first = main[0] if main else {}
    backing = [one for one in record["designations"] if one["kind"] == "support" and one["force"] == Force.IN_FORCE]
    cited = ("instrument", "instrument_zh", "document_number", "clause", "from", "to")
    return {
        "role_zh": "、".join(dict.fromkeys(one["role_zh"] for one in main)) or None,
        "role_en": "; ".join(dict.fromkeys(one["role_en"] for one in main)) or None,
        **{name: first.get(name) for name in cited},
        "support": "; ".join(_cited(one, one["place_zh"]) for one in backing) or None,
        "elsewhere": "; ".join(_cited(one, one["district_zh"]) for one in record["elsewhere"]) or None,
    }


def _cited(one: Record, place: str) -> str:
    return f"{place}“{one['role_zh']}”（{one['instrument_short_zh']}{one['clause']}）"


def _sources(document: Record) -> Record:
    """The columns on what the answer rests on."""
    bounds = document["boundaries"]
    return {
        "as_of": document["as_of"],
        "register_version": document["register"]["version"],
        "boundary_source": bounds["source"],
        "boundary_vintage": bounds["vintage"],
        "boundary_datum": bounds["datum"],
    }
