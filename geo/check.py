"""The role verdict (layer 5): field and stage against the roles of a place.

Works on ids alone, so a verdict is the same for every site of one district,
field, stage and day and is computed once for each combination. The rules are
those of docs/policy-register.md:

* only roles with an outline decide, those in force first; if none in force
  speaks of the field, here or elsewhere, the latest lapsed instrument that does;
* a role covers the terms it names and all below; a term above one it names is
  covered in part; a role that names none covers every field, in its own place only;
* a role's stages are its own and those of its place's layout; none covers all;
* of several deciding roles the best of designated, stage_elsewhere, elsewhere counts;
* support measures in force are listed beside the verdict and decide nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from geo.errors import UnknownTerm
from geo.register import Register, find_stage
from geo.schema import DISTRICTS, Basis, Designation, Force, Match, Measure, Stage

Coverage = Literal["whole", "part", "any"]
Cover = tuple[Coverage | None, Basis | None, tuple[str, ...]]


@dataclass(frozen=True)
class Unknown:
    """A field or stage that is not known, with the nearest known words."""

    column: Literal["field", "stage"]
    value: str
    suggestions: tuple[str, ...]
    suggestions_en: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """Field and stage as asked, and as recognised.

    `term` and `stage` are None when not asked or not recognised; `unknown` says
    which words were not, with suggestions.
    """

    field_query: str | None = None
    stage_query: str | None = None
    term: str | None = None
    stage: Stage | None = None
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A designation as it stands on the day of the question.

    Attributes
    ----------
    coverage : {"whole", "part", "any"} or None
        How it covers the asked field; None if it does not, or none was asked.
    basis : {"explicit", "interpreted"} or None
        Of the asked field; None if it is not covered or none was asked.
    parts : tuple of str
        Terms named, where the asked one is covered only in part.
    stages : tuple of Stage
        Own and layout stages; empty covers all.
    stage_fits : bool
        Whether the asked stage is covered (True if none was asked).
    former : str or None
        District that the place belonged to when the instrument began, if the
        designation reaches it through that.
    """

    designation: Designation
    force: Force
    coverage: Coverage | None
    basis: Basis | None
    parts: tuple[str, ...]
    stages: tuple[Stage, ...]
    stage_fits: bool
    decides: bool = False
    former: str | None = None


@dataclass(frozen=True)
class Verdict:
    """The answer for one place, field, stage and day."""

    match: Match
    force: Force
    designations: tuple[Judged, ...]
    elsewhere: tuple[Judged, ...]


@dataclass(frozen=True)
class Hearing:
    """What the roles say of a field in a district on a day, before a stage is put to them.

    Attributes
    ----------
    listed : tuple of Judged
        Of the district and of no district, as the register has them.
    here : frozenset of str
        Ids of the district's roles that speak of the field in the first tier that does.
    there : tuple of Judged
        Roles of other places in that tier, in the order of the districts.
    force : Force
        Of that tier; none where no role speaks.
    """

    listed: tuple[Judged, ...]
    here: frozenset[str] = frozenset()
    there: tuple[Judged, ...] = ()
    force: Force = Force.NONE


@dataclass(frozen=True)
class Offer:
    """A support measure that applies to a place and a field.

    `coverage` is ``any`` where the measure names no field, ``part`` where it names
    only something below the asked term; None if no field was asked.
    """

    measure: Measure
    coverage: Coverage | None


def ask(register: Register, field: str | None, stage: str | None) -> Question:
    """Recognise a field and a stage; what is not known is kept, not raised."""
    field = (field or "").strip() or None
    stage = (stage or "").strip() or None
    term: str | None = None
    known_stage: Stage | None = None
    unknown: list[Unknown] = []
    if field is not None:
        try:
            term = register.find_term(field)
        except UnknownTerm as error:
            unknown.append(Unknown("field", field, error.suggestions, error.suggestions_en))
    if stage is not None:
        try:
            known_stage = find_stage(stage)
        except UnknownTerm as error:
            unknown.append(Unknown("stage", stage, error.suggestions, error.suggestions_en))
    return Question(field, stage, term, known_stage, tuple(unknown))


def verdict(register: Register, district: str | None, question: Question, as_of: date) -> Verdict:
    """Judge a question for a district on a day.

    Parameters
    ----------
    register : Register
    district : str or None
        One of the district ids; None for a site outside them all.
    question : Question
        From `ask`.
    as_of : date
        The day of the question.
    """
    return decide(hear(register, district, question.term, as_of), register, district, question)


def hear(register: Register, district: str | None, term: str | None, as_of: date) -> Hearing:
    """What the roles say of a term, in a district on a day; nothing outside."""
    if district is None:
        return Hearing(())
    listed = [_judge(register, one, term, as_of, district) for one in register.about(district)]
    if term is None:
        return Hearing(tuple(listed))
    listed += _placeless(register, term, as_of)
    mine = [one for one in listed if _decisive(register, one)]
    here = {one.designation.id for one in mine}
    others = [
        _judge(register, one, term, as_of, None)
        for one in register.designations
        if one.kind == "role" and one.id not in here and register.places[one.place].located
    ]
    theirs = [one for one in others if one.coverage in ("whole", "part")]
    tier = _first_tier(register, [*(one for one in mine if one.coverage is not None), *theirs])
    if not tier:
        return Hearing(tuple(listed))
    there = [one for one in tier if one.designation.id not in here]
    there.sort(key=lambda one: DISTRICTS.index(one.designation.place))
    said = frozenset(one.designation.id for one in tier) & here
    return Hearing(tuple(listed), said, tuple(there), tier[0].force)


def decide(hearing: Hearing, register: Register, district: str | None, question: Question) -> Verdict:
    """The verdict on a question, by what the roles say of its field in the district."""
    if district is None:
        return Verdict(Match.OUTSIDE, Force.NONE, (), ())
    listed = [_with_stage(one, question.stage) for one in hearing.listed]
    if question.unknown:
        return Verdict(Match.UNRECOGNISED, Force.NONE, tuple(listed), ())
    if question.term is None:
        return _unasked(listed, register)
    if hearing.force is Force.NONE:
        return Verdict(Match.SILENT, Force.NONE, tuple(listed), ())
    there = [_with_stage(one, question.stage) for one in hearing.there]
    mine = [one for one in listed if one.designation.id in hearing.here]
    fitting = [one for one in mine if one.stage_fits]
    if fitting:
        match, deciding, elsewhere = Match.DESIGNATED, fitting, []
    elif mine:
        match, deciding, elsewhere = Match.STAGE_ELSEWHERE, mine, [one for one in there if one.stage_fits]
    else:
        match, deciding, elsewhere = Match.ELSEWHERE, [], [replace(one, decides=True) for one in there]
    decided = {one.designation.id for one in deciding}
    marked = (replace(one, decides=True) if one.designation.id in decided else one for one in listed)
    return Verdict(match, hearing.force, tuple(marked), tuple(elsewhere))


def measures(register: Register, district: str | None, question: Question, as_of: date) -> tuple[Offer, ...]:
    """Support measures in force for a district, field and day, in the register's order.

    None outside, and none for a field that is not known. The stage does not matter:
    no measure is kept by stage.
    """
    if district is None or any(one.column == "field" for one in question.unknown):
        return ()
    found = []
    for one in register.measures:
        if register.force(one.instrument, as_of) is not Force.IN_FORCE or not measure_reaches(register, one, district):
            continue
        coverage = measure_coverage(register, one, question.term)
        if coverage is not None or question.term is None:
            found.append(Offer(one, coverage))
    return tuple(found)


def measure_reaches(register: Register, one: Measure, district: str) -> bool:
    """Whether a measure is for all of the city, the district, its former one, or a named place inside it."""
    if not one.places:
        return True
    former = register.former_place(district, one.instrument)
    wanted = {district, *([former.id] if former else [])}
    places = [register.places[place] for place in one.places]
    return any(place.kind == "city" or place.id in wanted or place.within == district for place in places)


def measure_coverage(register: Register, one: Measure, term: str | None) -> Coverage | None:
    """How a measure covers a term; None if it does not, or if there is no term."""
    if term is None:
        return None
    if not one.fields:
        return "any"
    if register.lineage(term).intersection(one.fields):
        return "whole"
    return "part" if any(term in register.lineage(named) for named in one.fields) else None


def _placeless(register: Register, term: str, as_of: date) -> list[Judged]:
    """Roles that name the asked field but lie in no district that a document states."""
    judged = [
        _judge(register, one, term, as_of, None)
        for one in register.designations
        if one.kind == "role" and not register.places[one.place].located and register.places[one.place].within is None
    ]
    return [one for one in judged if one.coverage in ("whole", "part")]


def _judge(register: Register, one: Designation, term: str | None, as_of: date, district: str | None) -> Judged:
    """A designation before a stage is put to it."""
    coverage, basis, parts = cover(register, one, term)
    former = None
    if district is not None and one.place != district and register.places[one.place].within != district:
        former = one.place
    stages = register.stages(one)
    return Judged(one, register.force(one.instrument, as_of), coverage, basis, parts, stages, True, former=former)


def fits(one: Judged, stage: Stage | None) -> bool:
    """Whether a designation is for a stage; for any, where none is asked."""
    return stage is None or not one.stages or stage in one.stages


def _with_stage(one: Judged, stage: Stage | None) -> Judged:
    return one if fits(one, stage) else replace(one, stage_fits=False)


def reach(register: Register, term: str | None) -> tuple[Cover, ...]:
    """How each designation covers a term; terms of one reach are heard alike."""
    return tuple(cover(register, one, term) for one in register.designations)


def cover(register: Register, one: Designation, term: str | None) -> Cover:
    """How a designation covers a term, on what basis, and through which parts."""
    if term is None:
        return None, None, ()
    if not one.fields:
        return "any", "interpreted", ()
    above = register.lineage(term)
    whole = [ref.basis for ref in one.fields if ref.id in above]
    if whole:
        return "whole", "explicit" if "explicit" in whole else "interpreted", ()
    parts = tuple(ref.id for ref in one.fields if term in register.lineage(ref.id))
    return ("part", "interpreted", parts) if parts else (None, None, ())


def _decisive(register: Register, one: Judged) -> bool:
    return one.designation.kind == "role" and register.places[one.designation.place].located


def _unasked(listed: Sequence[Judged], register: Register) -> Verdict:
    """No field was given: the best force among the place's roles."""
    forces = {one.force for one in listed if _decisive(register, one)}
    for force in (Force.IN_FORCE, Force.LAPSED):
        if force in forces:
            return Verdict(Match.NOT_ASKED, force, tuple(listed), ())
    return Verdict(Match.SILENT, Force.NONE, tuple(listed), ())


def _first_tier(register: Register, speaking: list[Judged]) -> list[Judged]:
    """Roles in force together, else those of the lapsed instrument with the latest end and start."""
    in_force = [one for one in speaking if one.force is Force.IN_FORCE]
    lapsed = [one for one in speaking if one.force is Force.LAPSED]
    if in_force or not lapsed:
        return in_force
    latest = max((one.designation.instrument for one in lapsed), key=register.last_days)
    return [one for one in lapsed if one.designation.instrument == latest]
