"""Small phrases that every part of a dossier uses: places, documents, spans, codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geo.dossier.blocks import Heading, Paragraph, Picture
from geo.dossier.case import Case, Record
from geo.dossier.words import shown
from geo.schema import (
    CERTAINTY_NAMES,
    DATUM_NAMES,
    FORCE_NAMES,
    KIND_NAMES,
    MATCH_NAMES,
    OUTSIDE,
    STAGE_NAMES,
    Certainty,
    Force,
    Match,
    Stage,
)

_TITLE = 60  # characters of a name that a heading or a caption shows


def heading(case: Case, key: str, level: int = 1) -> Heading:
    """One of the headings of `maps/dossier.yaml`."""
    return Heading(case.say(f"heading.{key}"), level)


def place(case: Case, one: str | None) -> str:
    """Name of a place, or the word for outside."""
    if one is None or one == OUTSIDE:
        return case.say("common.outside")
    known = case.register.places[one]
    return known.zh if case.lang == "zh" else known.en


def title(case: Case, instrument: str) -> str:
    """Title of a document."""
    known = case.register.instruments[instrument]
    return known.title_zh if case.lang == "zh" else known.title_en


def short(case: Case, instrument: str) -> str:
    """Short name of a document."""
    known = case.register.instruments[instrument]
    return known.short_zh if case.lang == "zh" else known.short_en


def number(case: Case, instrument: str) -> str:
    """Number of a document, or that it states none."""
    return case.register.instruments[instrument].document_number or case.say("common.no_number")


def document(case: Case, instrument: str) -> str:
    """Title and number of a document."""
    return case.say("common.document", title=title(case, instrument), number=number(case, instrument))


def clause(case: Case, record: Record) -> str:
    """Part and clause of a record of the register."""
    return str(record["clause" if case.lang == "zh" else "clause_en"])


def short_clause(case: Case, record: Record) -> str:
    """Short name of the document with part and clause."""
    return case.say("common.short_clause", short=short(case, record["instrument"]), clause=clause(case, record))


def role(case: Case, record: Record) -> str:
    """Official words of a role or of what is backed."""
    return str(record[f"role_{case.lang}"])


def span(case: Case, instrument: str) -> str:
    """First and last day of a document, with a mark where the last one is our reading."""
    days = case.register.validity(instrument)
    if days.from_ is None:
        return case.say("common.span_none")
    if days.to is None:
        return case.say("common.span_open", from_=days.from_)
    return case.say("common.span", from_=days.from_, to=days.to, mark=reading(case, instrument))


def reading(case: Case, instrument: str) -> str:
    """The mark of a last day that is our reading; else nothing."""
    interpreted = case.register.validity(instrument).to_basis == "interpreted"
    return case.say("common.reading") if interpreted else ""


def force(case: Case, code: str) -> str:
    """Force in words."""
    return FORCE_NAMES[Force(code)][case.at]


def match(case: Case, code: str) -> str:
    """Verdict in words."""
    return MATCH_NAMES[Match(code)][case.at]


def certainty(case: Case, code: str) -> str:
    """Certainty of the district in words."""
    return CERTAINTY_NAMES[Certainty(code)][case.at]


def kind(case: Case, code: str) -> str:
    """Role or support in words."""
    return KIND_NAMES[code][case.at]


def datum(code: str) -> str:
    """Name of a datum."""
    return DATUM_NAMES.get(code, shown(code))


def stages(case: Case, codes: Iterable[str]) -> str:
    """Stages in words; none covers all."""
    return case.join(STAGE_NAMES[Stage(code)][case.at] for code in codes) or case.say("common.all_stages")


def area(case: Case, ha: float, mu: float, digits: int = 2) -> str:
    """An area in hectares and mu."""
    return case.say("common.area", ha=f"{ha:,.{digits}f}", mu=f"{mu:,.{digits}f}")


def metres(value: float) -> str:
    """A distance in whole metres."""
    return f"{value:,.0f}"


def percent(count: int, total: int) -> str:
    """A share with one decimal, without its sign.

    >>> percent(1, 3), percent(0, 0)
    ('33.3', '0.0')
    """
    return f"{100 * count / total if total else 0:.1f}"


def called(record: Record, length: int = _TITLE) -> str:
    """A site's name, else its id, as a heading shows it."""
    return shown(record["name"], length) or shown(record["id"], length)


def listed(record: Record) -> str:
    """A site's id and name, as a row of a table shows them."""
    words = (shown(record["id"], _TITLE), shown(record["name"], _TITLE))
    return " ".join(dict.fromkeys(word for word in words if word))


def asked(case: Case, record: Record) -> str:
    """Field and stage that a row asks for."""
    missing = case.say("common.not_stated")
    field = shown(record["field_query"], _TITLE) or missing
    if record["term"] and case.lang == "en":
        field = str(record["term_en"])
    stage = STAGE_NAMES[Stage(record["stage"])][case.at] if record["stage"] else shown(record["stage_query"], _TITLE)
    return f"{field} / {stage or missing}" if case.lang == "en" else f"{field}／{stage or missing}"


def picture(case: Case, key: str, caption: str, *, landscape: bool = False) -> Picture | Paragraph:
    """A picture with its caption, or that it was not drawn."""
    path = case.pictures.get(key)
    if path is None:
        return Paragraph(case.say("common.picture_missing"), "note")
    return Picture(caption, path, case.say("common.picture_alt", title=caption), landscape)


def tallied(case: Case, key: str, numbers: Mapping[str, int], how: str = "piece", **values: object) -> list[str]:
    """A sentence with a part for each number that is not 0; none where all are.

    Parameters
    ----------
    case : Case
    key : str
        Of the sentence; its parts stand below the same key with ``_parts``.
    numbers : mapping of str to int
        By part, in the order in which they are said.
    how : {"piece", "clause"}
        What joins the parts.
    **values
        Further slots.
    """
    said = [case.say(f"{key}_parts.{one}", **numbers, **values) for one, number in numbers.items() if number]
    return [case.say(key, parts=case.join(said, how), **values)] if said else []


def pair(case: Case, said: tuple[str, str]) -> str:
    """One of a pair of Chinese and English."""
    return said[case.at]


def either(case: Case, record: Any, name: str) -> str | None:
    """Value of ``<name>_zh`` or ``<name>_en``."""
    value = record.get(f"{name}_{case.lang}")
    return None if value is None else str(value)
