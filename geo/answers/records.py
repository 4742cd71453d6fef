"""Parts of a record under their fixed keys, with their words in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

from geo import catalogue, check, wording
from geo.register import Register, clause_en, clause_zh
from geo.schema import Force, Match, Measure
from geo.wording import Sentences

Record = dict[str, Any]


def shifted_record(register: Register, datum: str, district: str | None, match: Match, force: Force) -> Record:
    """Where an undeclared position would lie in another datum, and what the verdict would be."""
    place = register.places[district] if district else None
    return {
        "datum": datum,
        "district": district,
        "district_zh": place.zh if place else None,
        "district_en": place.en if place else None,
        "match": match.value,
        "force": force.value,
    }


def verdict_basis(verdict: check.Verdict) -> str | None:
    """``explicit`` if any deciding role names the field, else ``interpreted``."""
    deciding = [one.basis for one in (*verdict.designations, *verdict.elsewhere) if one.decides]
    if not deciding:
        return None
    return "explicit" if "explicit" in deciding else "interpreted"


def designation_record(register: Register, one: check.Judged) -> Record:
    """A judged designation under the fixed keys, with its words in both languages."""
    designation = one.designation
    instrument = register.instruments[designation.instrument]
    span = register.validity(instrument.id)
    place = register.places[designation.place]
    numbers = (designation.part, designation.clause, designation.item)
    return {
        "id": designation.id,
        "role_zh": designation.role_zh,
        "role_en": designation.role_en,
        "instrument": instrument.id,
        "instrument_zh": instrument.title_zh,
        "instrument_en": instrument.title_en,
        "instrument_short_zh": instrument.short_zh,
        "document_number": instrument.document_number,
        "clause": clause_zh(*numbers),
        "clause_en": clause_en(*numbers),
        "fields": [ref.id for ref in designation.fields],
        "stages": [stage.value for stage in one.stages],
        "kind": designation.kind,
        "place": designation.place,
        "place_zh": place.zh,
        "place_en": place.en,
        "located": place.located,
        "decides": one.decides,
        "basis": one.basis,
        "coverage": one.coverage,
        "parts": list(one.parts),
        "former": one.former,
        "force": one.force.value,
        "from": span.from_.isoformat() if span.from_ else None,
        "to": span.to.isoformat() if span.to else None,
        "to_basis": span.to_basis,
        "note_zh": designation.note_zh or (None if place.located else place.note_zh),
        "note_en": designation.note_en or (None if place.located else place.note_en),
    }


def elsewhere_record(register: Register, one: check.Judged) -> Record:
    """A role of another place that has the field, or the stage."""
    numbers = (one.designation.part, one.designation.clause, one.designation.item)
    return {
        "district": one.designation.place,
        "district_zh": register.places[one.designation.place].zh,
        "district_en": register.places[one.designation.place].en,
        "role_zh": one.designation.role_zh,
        "role_en": one.designation.role_en,
        "instrument": one.designation.instrument,
        "instrument_short_zh": register.instruments[one.designation.instrument].short_zh,
        "clause": clause_zh(*numbers),
        "clause_en": clause_en(*numbers),
        "id": one.designation.id,
        "basis": one.basis,
        "stages": [stage.value for stage in one.stages],
        "stage_fits": one.stage_fits,
        "force": one.force.value,
    }


def measure_record(register: Register, sentences: Sentences, one: Measure, as_of: date) -> Record:
    """A measure under the keys of the register's list, with its document and its amount in words."""
    instrument = register.instruments[one.instrument]
    span = register.validity(one.instrument)
    return catalogue.measure_record(register, one, as_of) | {
        "instrument_zh": instrument.title_zh,
        "instrument_en": instrument.title_en,
        "document_number": instrument.document_number,
        "from": span.from_.isoformat() if span.from_ else None,
        "to": span.to.isoformat() if span.to else None,
        "to_basis": span.to_basis,
        "amount_zh": wording.amount(sentences, one, "zh"),
        "amount_en": wording.amount(sentences, one, "en"),
        "places_zh": [register.places[place].zh for place in one.places],
        "places_en": [register.places[place].en for place in one.places],
    }
