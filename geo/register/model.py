"""The register as an object: lookups, and the force of an instrument on a day.

Force is computed here and stored nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import compress
from typing import Literal

from geo.errors import UnknownTerm
from geo.schema import (
    STAGE_ALIASES,
    STAGE_NAMES,
    Designation,
    Force,
    Instrument,
    Layout,
    Measure,
    Place,
    Stage,
    Term,
)
from geo.spelling import even_out

ToBasis = Literal["explicit", "interpreted"]
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Validity:
    """First and last day of an instrument; `to` is inclusive."""

    from_: date | None
    to: date | None
    to_basis: ToBasis | None


@dataclass(frozen=True)
class Register:
    """Everything that the documents say, as records.

    Build one with `load`. `version` is the stated version with a digest of the
    files behind it; `known_to` is the day up to which the register was kept.
    """

    version: str
    known_to: date
    instruments: dict[str, Instrument]
    places: dict[str, Place]
    terms: dict[str, Term]
    layouts: tuple[Layout, ...]
    designations: tuple[Designation, ...]
    measures: tuple[Measure, ...]

    @cached_property
    def _lineage(self) -> dict[str, frozenset[str]]:
        """Each term with itself and all that lies above it."""

        def above(term: str) -> frozenset[str]:
            return frozenset({term}).union(*(above(parent) for parent in self.terms[term].parents))

        return {term: above(term) for term in self.terms}

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Evened-out spelling to term id; ids and names win over aliases."""
        found: dict[str, str] = {}
        for names in (lambda t: (t.id, t.zh, t.en), lambda t: t.aliases):
            for term in self.terms.values():
                for name in names(term):
                    found.setdefault(even_out(name), term.id)
        for spelling, term_id in list(found.items()):
            if spelling.endswith("材料") and len(spelling) > 3:
                found.setdefault(spelling.removesuffix("材料"), term_id)
            else:
                found.setdefault(f"{spelling}材料", term_id)
        return found

    def lineage(self, term: str) -> frozenset[str]:
        """Ids of `term` and of every term above it."""
        return self._lineage[term]

    def top_field(self, term: str) -> str:
        """The field, one of the seven or an industry of 2018, that a term lies under first."""
        while self.terms[term].parents:
            term = self.terms[term].parents[0]
        return term

    def find_term(self, text: str) -> str:
        """Term id for what a planner typed.

        Raises
        ------
        UnknownTerm
            With the nearest suggestions, if no name or alias fits.
        """
        found = self.spellings.get(even_out(text))
        if found is not None:
            return found
        near = self._nearest(text)
        raise UnknownTerm(
            f"the field {text!r} is not in the taxonomy",
            f"分类中没有产业领域“{text}”",
            suggestions=tuple(self.terms[one].zh for one in near),
            suggestions_en=tuple(self.terms[one].en for one in near),
        )

    def _nearest(self, text: str, count: int = 5) -> tuple[str, ...]:
        from rapidfuzz import fuzz, process

        ranked = process.extract(even_out(text), list(self.spellings), scorer=fuzz.ratio, limit=30, score_cutoff=50)
        ids = dict.fromkeys(self.spellings[spelling] for spelling, _, _ in ranked)
        tops = [term.id for term in self.terms.values() if not term.parents]
        return tuple(ids or tops)[:count]

    def find_place(self, text: str) -> Place:
        """Place for an id, a name or an alias.

        Raises
        ------
        UnknownTerm
            With the nearest names.
        """
        wanted = even_out(text)
        for place in self.places.values():
            if wanted in {even_out(name) for name in (place.id, place.zh, place.en, *place.aliases)}:
                return place
        names = [place.zh for place in self.places.values()]
        from rapidfuzz import process

        near = tuple(name for name, score, _ in process.extract(text, names, limit=5) if score > 0)
        raise UnknownTerm(
            f"the place {text!r} is not in the register", f"登记册中没有地点“{text}”", suggestions=near, field="place"
        )

    def validity(self, instrument_id: str) -> Validity:
        """First and last day of an instrument, by the rule of docs/policy-register.md."""
        return self._validities[instrument_id]

    @cached_property
    def _validities(self) -> dict[str, Validity]:
        return {one.id: validity(one) for one in self.instruments.values()}

    def force(self, instrument_id: str, as_of: date) -> Force:
        """Force of an instrument on the day `as_of`."""
        return _force(self.instruments[instrument_id], self._validities[instrument_id], as_of)

    def warnings(self, as_of: date) -> tuple[tuple[str, str], ...]:
        """What to say, in Chinese and English, of a day after the one the register was kept to."""
        if as_of <= self.known_to:
            return ()
        zh = f"基准日 {as_of} 晚于登记册维护日 {self.known_to}，其后的文件未收录。"
        en = f"{as_of} is after {self.known_to}, to which the register was kept; later documents are not in it."
        return ((zh, en),)

    def stages(self, designation: Designation) -> tuple[Stage, ...]:
        """A role's own stages and those of its place's layout; empty covers all."""
        return self._stages[designation.id]

    @cached_property
    def _stages(self) -> dict[str, tuple[Stage, ...]]:
        return {one.id: self._stages_of(one) for one in self.designations}

    def _stages_of(self, designation: Designation) -> tuple[Stage, ...]:
        laid = {
            stage
            for layout in self.layouts
            if layout.instrument == designation.instrument and designation.place in layout.places
            for stage in layout.stages
        }
        own = set(designation.stages)
        both = own | laid if designation.kind == "role" else own
        return tuple(stage for stage in Stage if stage in both)

    def former_place(self, district: str, instrument_id: str) -> Place | None:
        """The district that `district` was part of when the instrument began, if any."""
        formerly = self.places[district].formerly
        start = self.validity(instrument_id).from_
        if formerly is None or start is None or start > formerly.until:
            return None
        return self.places[formerly.parent]

    @cached_property
    def turns(self) -> tuple[date, ...]:
        """Days on which the force of an instrument begins or has ended, in order."""
        spans = [self.validity(one) for one in self.instruments]
        begun = {span.from_ for span in spans if span.from_ is not None}
        ended = {span.to + timedelta(days=1) for span in spans if span.to is not None and span.to < date.max}
        return tuple(sorted(begun | ended))

    def last_days(self, instrument_id: str) -> tuple[date, date, int]:
        """Last and first day of an instrument, to sort by: the latest comes last.

        Of equal spans the one that comes first in the register sorts last.
        """
        span = self.validity(instrument_id)
        return span.to or date.max, span.from_ or date.min, -list(self.instruments).index(instrument_id)

    def standing(self, district: str, as_of: date) -> tuple[Designation, ...]:
        """Roles of a district on a day: all in force, else those of the latest lapsed instrument."""
        roles = [one for one in self.designations if one.kind == "role" and self.reaches(one, district)]
        now = [one for one in roles if self.force(one.instrument, as_of) is Force.IN_FORCE]
        past = [one for one in roles if self.force(one.instrument, as_of) is Force.LAPSED]
        if now or not past:
            return tuple(now)
        latest = max((one.instrument for one in past), key=self.last_days)
        return tuple(one for one in past if one.instrument == latest)

    def reaches(self, designation: Designation, district: str) -> bool:
        """Whether a designation is of the district, or of the one it was then part of."""
        former = self.former_place(district, designation.instrument)
        return designation.place == district or (former is not None and designation.place == former.id)

    def about(self, district: str) -> tuple[Designation, ...]:
        """Designations of a district, of named places inside it and of its former district."""
        if district not in self._about:
            within = [
                self.reaches(one, district) or self.places[one.place].within == district for one in self.designations
            ]
            self._about[district] = tuple(compress(self.designations, within))
        return self._about[district]

    @cached_property
    def _about(self) -> dict[str, tuple[Designation, ...]]:
        return {}


def stage_spellings() -> dict[str, Stage]:
    """Evened-out spelling to stage; ids and names win over aliases."""
    spelled = {even_out(alias): stage for alias, stage in STAGE_ALIASES.items()}
    for stage, names in STAGE_NAMES.items():
        spelled |= {even_out(name): stage for name in (stage.value, *names)}
    return spelled


def find_stage(text: str) -> Stage:
    """Stage for an id, a Chinese or English name or an alias.

    Raises
    ------
    UnknownTerm
        With every known stage.
    """
    found = stage_spellings().get(even_out(text))
    if found is None:
        raise UnknownTerm(
            f"the stage {text!r} is not known",
            f"无法识别环节“{text}”",
            suggestions=tuple(zh for zh, _ in STAGE_NAMES.values()),
            suggestions_en=tuple(stage.value for stage in STAGE_NAMES),
        )
    return found


def validity(instrument: Instrument) -> Validity:
    """First and last day of an instrument (`to` inclusive).

    `from`: stated day of effect, else of signature, else first day of the period.
    `to`: stated validity, else end of the period, else the end of the last target
    year named, which is an interpretation. A draft has neither.
    """
    if instrument.status == "draft":
        return Validity(None, None, None)
    period = instrument.period
    start = instrument.effective or instrument.issued or (period.from_ if period else None)
    if instrument.validity_years is not None and start is not None:
        return Validity(start, _years_after(start, instrument.validity_years), "explicit")
    if period is not None:
        return Validity(start, period.to, "explicit")
    if instrument.last_target_year is not None:
        return Validity(start, date(instrument.last_target_year, 12, 31), "interpreted")
    return Validity(start, None, None)


def _years_after(start: date, years: int) -> date:
    """Last day of a span of whole years.

    >>> _years_after(date(2023, 9, 13), 5)
    datetime.date(2028, 9, 12)
    """
    try:
        end = start.replace(year=start.year + years)
    except ValueError:  # 29 February
        end = date(start.year + years, 3, 1)
    return end - timedelta(days=1)


def force(instrument: Instrument, as_of: date) -> Force:
    """Force of an instrument on a day; a draft never has any."""
    return _force(instrument, validity(instrument), as_of)


def _force(instrument: Instrument, span: Validity, as_of: date) -> Force:
    if instrument.status == "draft":
        return Force.DRAFT
    if span.from_ is None or as_of < span.from_:
        return Force.NOT_YET
    if span.to is not None and as_of > span.to:
        return Force.LAPSED
    return Force.IN_FORCE


def clause_zh(part: int, clause: int | None, item: int | None = None) -> str:
    """Part, clause and item as a Chinese text cites them.

    >>> clause_zh(5, 17), clause_zh(5, None), clause_zh(4, 1, 2)
    ('第五部分（十七）', '第五部分', '第四部分（一）2')
    """
    text = f"第{_numeral(part)}部分"
    text += f"（{_numeral(clause)}）" if clause is not None else ""
    return text + (str(item) if item is not None else "")


def clause_en(part: int, clause: int | None, item: int | None = None) -> str:
    """Part, clause and item in English."""
    text = f"part {part}"
    text += f", clause {clause}" if clause is not None else ""
    return text + (f", item {item}" if item is not None else "")


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")
