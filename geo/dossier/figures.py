"""Scores, measures and words of a ranking, as every part of a dossier shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.dossier.case import Case, Record
from geo.dossier.words import shown
from geo.schema import FORCE_NAMES, MATCH_NAMES, Force, Match

_WHOLE = 100.0  # from here on a measure is shown without decimals
_TITLE = 60  # characters of a name


def told(case: Case, record: Mapping[str, Any], name: str, length: int = 300) -> str:
    """Value of ``<name>_zh`` or ``<name>_en`` of the ranking, on one line."""
    return shown(record.get(f"{name}_{case.lang}"), length)


def score(case: Case, value: float | None) -> str:
    """A score, utility or contribution with three decimals, or a dash."""
    return case.say("common.dash") if value is None else f"{value:.3f}"


def between(case: Case, low: float | None, high: float | None) -> str:
    """An interval of scores; one number where both ends show the same."""
    ends = score(case, low), score(case, high)
    return ends[0] if ends[0] == ends[1] else case.say("suitability.span", low=ends[0], high=ends[1])


def places(case: Case, site: Record) -> str:
    """Best and worst rank of a site."""
    best, worst = site["rank_best"], site["rank_worst"]
    if best is None:
        return case.say("common.dash")
    return str(best) if best == worst else case.say("suitability.span", low=best, high=worst)


def signed(case: Case, value: float | None) -> str:
    """A difference with its sign."""
    return case.say("common.dash") if value is None else f"{value:+.3f}".replace("-", "−")


def amount(case: Case, value: object, unit: str | None = "", *, sign: bool = False) -> str:
    """A measured value with its unit; a verdict with its force in words; a dash where there is none."""
    if value is None or value == "":
        return case.say("common.dash")
    if isinstance(value, bool | str):
        match, _, force = str(value).partition("/")
        if match in set(Match) and force in set(Force):
            words = MATCH_NAMES[Match(match)][case.at], FORCE_NAMES[Force(force)][case.at]
            return case.join(words, "clause")
        return shown(value, _TITLE)
    number = float(str(value))
    text = f"{number:,.0f}" if abs(number) >= _WHOLE else f"{number:.4g}"
    if sign:
        text = f"+{text}" if number > 0 else text.replace("-", "−")
    return case.say("suitability.amount", value=text, unit=shown(unit)) if unit else text


def percent(share: float) -> str:
    """A share of 1 in percent with one decimal, without its sign.

    >>> percent(0.0385), percent(1.0)
    ('3.9', '100.0')
    """
    return f"{100 * share:.1f}"


def called(site: Record) -> str:
    """A site's id and name."""
    words = (shown(site["id"], _TITLE), shown(site["name"], _TITLE))
    return " ".join(dict.fromkeys(word for word in words if word))


def status(case: Case, code: str) -> str:
    """Status of a site in words."""
    return case.say(f"suitability.status.{code}")


def result(case: Case, code: str) -> str:
    """Result of a constraint in words."""
    return case.say(f"suitability.result.{code}")


def model(case: Case, ranking: Mapping[str, Any]) -> str:
    """Title of the model with its version."""
    own = ranking["model"]
    return case.say("suitability.model", title=told(case, own, "title"), version=shown(own["version"]))


def layer(case: Case, ranking: Mapping[str, Any], name: str | None) -> str:
    """Title and vintage of a layer, or that it is missing; a dash where a rule needs none."""
    known = {one["name"]: one for one in ranking["layers"]}
    if name is None or name not in known:
        return case.say("common.dash")
    one = known[name]
    title = told(case, one, "title")
    if not one["present"]:
        return case.say("suitability.layer_missing", title=title)
    vintage = told(case, one, "vintage") or case.say("common.not_stated")
    return case.say("suitability.layer", title=title, vintage=vintage, version=shown(one["version"])[:12])


def names(ranking: Mapping[str, Any]) -> dict[str, str]:
    """Id and name of each site by its id."""
    return {str(one["id"]): called(one) for one in ranking["sites"]}


def overrides(case: Case, ranking: Mapping[str, Any], sites: list[Record]) -> list[str]:
    """Each finding of some sites that was set by hand, with name and reason."""
    titles = {one["id"]: told(case, one, "title") for one in ranking["constraints"]}
    said = []
    for site in sites:
        for one in (each for each in site["constraints"] if each["override"]):
            own = one["override"]
            said.append(
                case.say(
                    "suitability.override",
                    site=called(site),
                    rule=titles[one["id"]],
                    before=result(case, own["original"]),
                    after=result(case, one["result"]),
                    by=shown(own["by"], _TITLE),
                    reason=shown(own["reason"]),
                )
            )
    return said
