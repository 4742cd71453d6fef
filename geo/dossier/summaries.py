"""Counts of a list's answers; every figure of a report comes from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from geo.dossier.case import Record
from geo.schema import DISTRICTS, OUTSIDE, Certainty, Force, Match

MATCHES = tuple(one.value for one in Match)
FORCES = (Force.IN_FORCE.value, Force.LAPSED.value, Force.NONE.value)  # a verdict has no other
AREAS = (*DISTRICTS, OUTSIDE)
_DOUBTFUL = {Certainty.NEAR_BOUNDARY, Certainty.STRADDLES}


@dataclass(frozen=True)
class Counts:
    """How many sites there are of each kind.

    Attributes
    ----------
    district, match, force : Counter
        By district id or ``outside``, by verdict, by force.
    crossed : Counter
        By pair of district and verdict.
    axes : Counter
        By pair of verdict and force.
    certain, doubtful, beyond, assumed : int
        Sites whose district is certain or in doubt, that are certainly outside, and whose datum
        nobody declared.
    explicit, interpreted : int
        Of the designated ones, those whose clause names the field, and the others.
    polygons : int
        Sites with an outline; `ha` and `mu` are their area together.
    """

    total: int
    district: Counter[str]
    match: Counter[str]
    force: Counter[str]
    crossed: Counter[tuple[str, str]]
    axes: Counter[tuple[str, str]]
    certain: int
    doubtful: int
    beyond: int
    assumed: int
    explicit: int
    interpreted: int
    polygons: int
    ha: float
    mu: float


def count(records: Sequence[Record]) -> Counts:
    """Count the answers of a list."""
    where = [one["district"] or OUTSIDE for one in records]
    fits = [one for one in records if one["match"] == Match.DESIGNATED]
    measured = [one for one in records if one["area_ha"] is not None]
    return Counts(
        total=len(records),
        district=Counter(where),
        match=Counter(one["match"] for one in records),
        force=Counter(one["force"] for one in records),
        crossed=Counter(zip(where, (one["match"] for one in records), strict=True)),
        axes=Counter((one["match"], one["force"]) for one in records),
        certain=sum(one["certainty"] == Certainty.CERTAIN for one in records),
        doubtful=sum(doubtful(one) for one in records),
        beyond=sum(one["certainty"] == Certainty.OUTSIDE for one in records),
        assumed=sum(one["datum_basis"] == "assumed" for one in records),
        explicit=sum(one["basis"] == "explicit" for one in fits),
        interpreted=sum(one["basis"] != "explicit" for one in fits),
        polygons=len(measured),
        ha=sum(one["area_ha"] for one in measured),
        mu=sum(one["area_mu"] for one in measured),
    )


def doubtful(record: Record) -> bool:
    """Whether the district of a site is in doubt."""
    return record["certainty"] in _DOUBTFUL


def most(counts: Counter[str]) -> tuple[list[str], int]:
    """The most frequent keys, all of a tie, in the order in which they were first seen.

    >>> most(Counter("aabbc"))
    (['a', 'b'], 2)
    """
    highest = max(counts.values(), default=0)
    return [one for one, number in counts.items() if number == highest], highest
