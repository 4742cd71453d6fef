"""What every run works with (layer 9): the context, the user's list, the answer to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from geo import answers, crs, districts, intake, join, register, remarks, sites, sources, wording
from geo.districts import Boundaries
from geo.errors import CRSMismatch
from geo.intake import Request
from geo.register import Register
from geo.schema import Site
from geo.settings import Settings, today
from geo.sites import Rejected, SiteList

if TYPE_CHECKING:
    from geo.inspection import Inspection

Progress = Callable[[str, str], None]
OutputLang = Literal["zh", "en", "both"]
SAMPLE = "sites/sample-sites.csv"


@dataclass(frozen=True)
class Context:
    """What every run works with."""

    settings: Settings
    register: Register
    boundaries: Boundaries
    warnings: tuple[tuple[str, str], ...] = ()

    @classmethod
    def open(cls, settings: Settings, *, boundaries: Path | None = None, progress: Progress | None = None) -> Context:
        """Load register and boundaries, the user's own layer if one is given."""
        known = register.load(settings.policy_files(), cache=settings.cache)
        shipped = districts.load(settings, progress=progress)
        if boundaries is None:
            return cls(settings, known, shipped)
        layer = districts.read_user(boundaries, known.places, shipped)
        return cls(settings, known, layer, intake.examine_boundaries(layer, shipped))


@dataclass(frozen=True)
class Checked:
    """The answer to a list of sites."""

    document: dict[str, Any]
    sites: tuple[Site, ...]
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    cautions: tuple[tuple[str, str], ...] = ()

    @property
    def unrecognised(self) -> list[dict[str, Any]]:
        """Records whose field or stage is not known."""
        return [record for record in self.document["sites"] if record["unrecognised"]]

    @property
    def noted(self) -> list[dict[str, Any]]:
        """Records of rows that were repaired or look odd."""
        return [record for record in self.document["sites"] if record["notes"]]

    @property
    def clean(self) -> bool:
        """Whether every row was used and understood."""
        return not self.rejected and not self.unrecognised

    @property
    def faultless(self) -> bool:
        """Whether, beyond that, no row was repaired or looks odd."""
        return self.clean and not self.noted


def check(
    context: Context, found: SiteList, as_of: date, *, field: str | None = None, stage: str | None = None
) -> Checked:
    """Locate and judge sites; `field` and `stage` fill empty cells.

    Raises
    ------
    UnknownTerm
        If `field` or `stage` is not known.
    """
    if field:
        context.register.find_term(field)
    if stage:
        register.find_stage(stage)
    filled = tuple(
        replace(site, field_query=site.field_query or field or None, stage_query=site.stage_query or stage or None)
        for site in found.sites
    )
    shapes = np.empty(len(filled), dtype=object)
    shapes[:] = [site.geometry for site in filled]
    margins = np.array([crs.margin_m(site.accuracy_m) for site in filled])
    places = join.locate(shapes, context.boundaries, margins)
    shifted = remarks.shifted(filled, shapes, places, context.boundaries)
    filled = remarks.compared(filled, places, context.register)
    said = wording.load(context.settings)
    records = answers.answer(
        context.register, filled, places, as_of, sentences=said, shifted=shifted, sample=found.sample
    )
    document = answers.envelope(context.register, context.boundaries, as_of, records, sentences=said)
    cautions = remarks.cautions(found, places)
    warnings = (*context.warnings, *found.warnings, *cautions, *context.register.warnings(as_of))
    rejected = tuple(remarks.looked_up(one, context.register) for one in found.rejected)
    return Checked(document, filled, rejected, warnings, cautions)


def inspect(context: Context, path: Path, request: Request = Request()) -> Inspection:
    """What a file holds and how it would be read."""
    from geo import inspection

    taken = intake.take(path, request, context.register, context.boundaries)
    layers = sources.list_layers(path, limits=request.limits)
    reading, refused = inspection.best_reading(taken), intake.refusal(taken)
    try:
        found = sites.settle(taken.drafts, reading)
    except CRSMismatch:
        return inspection.Inspection(path, taken, layers, request, reading, None, [], taken.drafts.notes, refused)
    checked = check(context, found, today())
    warnings = (*context.warnings, *checked.cautions, *found.warnings, *intake.contradiction(taken))
    kept = replace(found, sites=checked.sites, rejected=checked.rejected)
    records = checked.document["sites"]
    return inspection.Inspection(path, taken, layers, request, reading, kept, records, warnings, refused)


def read_sites(context: Context, path: Path | None, request: Request = Request()) -> SiteList:
    """The user's list, examined, or the sample list that ships."""
    shipped = context.settings.data_file(SAMPLE)
    return intake.read_sites(path or shipped, request, context.register, context.boundaries, sample=path is None)
