"""The decision table: all that the register answers, as data that a page can look up.

Nothing is decided here: coverage comes from `check.cover`, the list of a place from
`check.verdict`, force and standing from the register, colours from the symbology.
Forces change only on `Register.turns`, so the days fall into spans (regimes) within
which every answer stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from geo import catalogue, check
from geo.register import Register, stage_spellings
from geo.schema import DISTRICTS, STAGE_NAMES, Designation, Force, Instrument, Measure, Place
from geo.symbology import Swatch, Symbology, Theme

Record = dict[str, Any]


def decision_table(register: Register, symbology: Symbology) -> Record:
    """Terms, stages, instruments, places, designations and measures, with the rules between them."""
    return {
        "terms": [
            {
                "id": one.id,
                "zh": one.zh,
                "en": one.en,
                "parents": list(one.parents),
                "top": register.top_field(one.id),
                "aliases": list(one.aliases),
            }
            for one in register.terms.values()
        ],
        "term_spellings": register.spellings,
        "stages": [{"id": one.value, "zh": zh, "en": en} for one, (zh, en) in STAGE_NAMES.items()],
        "stage_spellings": {spelling: one.value for spelling, one in stage_spellings().items()},
        "instruments": [_instrument(register, one) for one in register.instruments.values()],
        "places": {one.id: _place(one) for one in register.places.values()},
        "designations": [_designation(register, one) for one in register.designations],
        "coverage": {one.id: _coverage(register, one) for one in register.designations},
        "about": {district: _about(register, district) for district in DISTRICTS},
        "regimes": _regimes(register, symbology),
        "measures": [_undated(catalogue.measure_record(register, one, date.max)) for one in register.measures],
        "measure_cover": {one.id: _measure_cover(register, one) for one in register.measures},
        "measure_places": {one.id: _measure_places(register, one) for one in register.measures},
        "theme_names": {
            one: dict(zip(("zh", "en"), _short(register, one), strict=True))
            for one in ("roles", *register.instruments, "stages")
        },
    }


def spans(register: Register) -> Iterator[tuple[date, date | None]]:
    """First and last day of each regime, in order; the last one has no end."""
    begun = sorted({date.min, *register.turns})
    for start, following in zip(begun, [*begun[1:], None], strict=True):
        yield start, None if following is None else following - timedelta(days=1)


def _undated(record: Record) -> Record:
    """A record of the catalogue without the force on a day, its dates as text."""
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in record.items() if key != "force"
    }


def _instrument(register: Register, one: Instrument) -> Record:
    words = {"short_zh": one.short_zh, "short_en": one.short_en}
    return _undated(catalogue.instrument_record(register, one, date.max)) | words


def _place(one: Place) -> Record:
    formerly = one.formerly
    return {
        "zh": one.zh,
        "en": one.en,
        "aliases": list(one.aliases),
        "located": one.located,
        "within": one.within,
        "within_basis": one.within_basis,
        "note_zh": one.note_zh,
        "note_en": one.note_en,
        "land_ha": None if one.land_km2 is None else round(one.land_km2 * 100, 4),
        "formerly": None
        if formerly is None
        else {
            "parent": formerly.parent,
            "until": formerly.until.isoformat(),
            "source_zh": formerly.source_zh,
            "source_en": formerly.source_en,
        },
    }


_OF_THE_PLACE = {"place_zh", "place_en", "within", "place_note_zh", "place_note_en", "basis"}


def _designation(register: Register, one: Designation) -> Record:
    record = _undated(catalogue.designation_record(register, one, date.max))
    named = [
        {"id": ref.id, "zh": register.terms[ref.id].zh, "en": register.terms[ref.id].en, "basis": ref.basis}
        for ref in one.fields
    ]
    return {key: value for key, value in record.items() if key not in _OF_THE_PLACE} | {"fields_named": named}


def _coverage(register: Register, one: Designation) -> Record | str:
    """How a designation covers each term that it covers, or ``any`` where it covers all alike."""
    found = {term: check.cover(register, one, term) for term in register.terms}
    if all(coverage == "any" for coverage, _, _ in found.values()):
        return "any"
    return {term: [coverage, basis, list(parts)] for term, (coverage, basis, parts) in found.items() if coverage}


def _about(register: Register, district: str) -> list[list[str | None]]:
    """Designations that an answer for a district lists, with the former district that they reach it through."""
    listed = check.verdict(register, district, check.Question(), date.max).designations
    return [[one.designation.id, one.former] for one in listed]


def _regimes(register: Register, symbology: Symbology) -> list[Record]:
    instruments: dict[tuple[str, Force], Record] = {}  # the theme of one depends on its own force only
    found = []
    for start, end in spans(register):
        force = {one: register.force(one, start) for one in register.instruments}
        for pair in force.items():
            if pair not in instruments:
                instruments[pair] = _theme(symbology.instrument(register, pair[0], start))
        lapsed = [one for one, held in force.items() if held is Force.LAPSED]
        standing = {district: [one.id for one in register.standing(district, start)] for district in DISTRICTS}
        found.append(
            {
                "from": start.isoformat(),
                "to": None if end is None else end.isoformat(),
                "force": {one: held.value for one, held in force.items()},
                "lapsed": sorted(lapsed, key=register.last_days, reverse=True),
                "standing": {district: ids for district, ids in standing.items() if ids},
                "themes": {
                    "roles": _theme(symbology.roles(register, start)),
                    **{one: instruments[one, held] for one, held in force.items()},
                    "stages": _theme(symbology.stages(register, start)),
                },
            }
        )
    return found


def _theme(theme: Theme) -> Record:
    return {
        "zh": theme.zh,
        "en": theme.en,
        "classes": [swatch(one) for one in theme.classes],
        "by_place": theme.by_place,
        "former": {
            district: shown[0].place
            for district, shown in theme.shown.items()
            if shown and all(one.place != district for one in shown)
        },
    }


def swatch(one: Swatch) -> Record:
    """A class of a legend."""
    return {"id": one.id, "zh": one.zh, "en": one.en, "colour": one.colour, "hatch": one.hatch, "symbol": one.symbol}


def _short(register: Register, theme: str) -> tuple[str, str]:
    """Name of a theme, short enough for a switch."""
    if theme == "roles":
        return "产业角色", "Roles on the day"
    if theme == "stages":
        return "价值链环节布局", "Stages of the value chain"
    instrument = register.instruments[theme]
    roles = any(one.kind == "role" for one in register.designations if one.instrument == theme)
    zh, en = ("角色指定", "roles") if roles else ("建设支持", "support")
    return f"{instrument.short_zh}：{zh}", f"{instrument.short_en}: {en}"


def _measure_cover(register: Register, one: Measure) -> Record | str:
    """How a measure covers each term that it covers, or ``any`` where it covers all alike."""
    if check.measure_coverage(register, one, next(iter(register.terms))) == "any":
        return "any"
    found = {term: check.measure_coverage(register, one, term) for term in register.terms}
    return {term: coverage for term, coverage in found.items() if coverage}


def _measure_places(register: Register, one: Measure) -> list[str] | str:
    """Districts that a measure is for, or ``all``."""
    reached = [district for district in DISTRICTS if check.measure_reaches(register, one, district)]
    return "all" if len(reached) == len(DISTRICTS) else reached
