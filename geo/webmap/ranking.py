"""A ranking for the page: the ranking document as columns, in the order of the sites' ids.

The page ranks anew when a weight is moved, so utilities go in as they are, to the last
bit; measured values are only shown, and keep nine digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from geo.webmap.deflating import Deflated
from geo.webmap.packing import pack_json

Record = dict[str, Any]
_DIGITS = 9  # of numbers that are shown and not reckoned with
_WHOLE = ("as_of", "sample", "model", "aggregation", "weighting", "layers", "constraints", "overrides", "warnings")
_NUMBERS = ("rank", "score", "score_low", "score_high", "rank_best", "rank_worst")


def ranking_data(document: Record, ids: Sequence[str]) -> Deflated:
    """The ranking as one packed text.

    Parameters
    ----------
    document : dict
        The ranking document.
    ids : sequence of str
        Of the page's sites, by row.

    Raises
    ------
    ValueError
        If the ranking holds a site that the page does not.
    """
    rows = {one: row for row, one in reversed(list(enumerate(ids)))}
    sites = sorted(document["sites"], key=lambda one: one["id"])
    foreign = [one["id"] for one in sites if one["id"] not in rows]
    if foreign:
        raise ValueError(f"the ranking holds sites that the check does not: {', '.join(foreign[:5])}")
    robust = document["robustness"] or {}
    return pack_json(
        {name: document[name] for name in _WHOLE}
        | {
            "criteria": [{key: held for key, held in one.items() if key != "function"} for one in document["criteria"]],
            "robustness": {name: robust.get(name) for name in ("draws", "seed", "distribution_zh", "distribution_en")},
            "sites": _columns(sites, rows),
        }
    )


def _columns(sites: Sequence[Record], rows: dict[str, int]) -> Record:
    return {
        "id": [one["id"] for one in sites],
        "row": [rows[one["id"]] for one in sites],
        **{name: [one[name] for one in sites] for name in _NUMBERS},
        "status": _choice(sites, lambda one: one["status"]),
        "interval_basis": _choice(sites, lambda one: one["interval_basis"]),
        "first": [_shown(_of(one["robust"], "acceptability", [None])[0]) for one in sites],
        "expected_rank": [_shown(_of(one["robust"], "expected_rank")) for one in sites],
        "confidence": [_shown(_of(one["robust"], "confidence")) for one in sites],
        "dominated_by": _choice(sites, lambda one: _of(one["robust"], "dominated_by", [])),
        "next": _choice(sites, lambda one: _pair(one["next"] or {}, "")),
        "explanation": _choice(sites, lambda one: _pair(one["explanation"], "")),
        "constraints": [_constraint(held) for held in _by_rule(sites, "constraints")],
        "criteria": [_criterion(held) for held in _by_rule(sites, "criteria")],
    }


def _by_rule(sites: Sequence[Record], kind: str) -> list[list[Record]]:
    """What the sites say of each rule, rule by rule."""
    return [list(one) for one in zip(*(site[kind] for site in sites), strict=True)]


def _constraint(held: Sequence[Record]) -> Record:
    shown = ("measured", "threshold", "margin", "sliver_m2")
    return {name: [_shown(one[name]) for one in held] for name in shown} | {
        "result": _choice(held, lambda one: one["result"]),
        "unit": _choice(held, lambda one: one["unit"]),
        "feature": _choice(held, lambda one: one["feature"] or None),
        "note": _choice(held, lambda one: _pair(one, "note_")),
        "change": _choice(held, lambda one: _pair(one, "change_")),
        "override": _choice(held, lambda one: one["override"]),
    }


def _criterion(held: Sequence[Record]) -> Record:
    return {
        "value": _choice(held, lambda one: _shown(one["value"])),
        "low": [one["low"] for one in held],
        "high": [one["high"] for one in held],
        "feature": _choice(held, lambda one: one["feature"] or None),
        "note": _choice(held, lambda one: _pair(one, "note_")),
    }


def _choice(things: Sequence[Record], value: Callable[[Record], Any]) -> Record:
    """A column that names each of its values once: ``values``, and ``at``, None where all are the first."""
    places: dict[str, int] = {}
    values = [value(one) for one in things]
    at = [places.setdefault(repr(one), len(places)) for one in values]
    once = dict(zip(at, values, strict=True))
    return {"values": [once[place] for place in range(len(places))], "at": at if len(places) > 1 else None}


def _pair(held: Record, stem: str) -> list[str] | None:
    """Words in Chinese and English, None without any."""
    pair = [held.get(f"{stem}zh"), held.get(f"{stem}en")]
    return [str(one or "") for one in pair] if any(pair) else None


def _of(held: Record | None, name: str, otherwise: Any = None) -> Any:
    """A value of a record that may not be there, or may not hold it."""
    found = None if held is None else held[name]
    return found if found not in (None, []) else otherwise


def _shown(value: Any) -> Any:
    """A number with as many digits as are shown; words as they are."""
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
