"""Print sheets (layer 7) with matplotlib: one small file in `maps/exhibits/` a sheet.

Assumed: outlines are degrees (EPSG:4490), drawn in EPSG:4547 at a true scale on paper
of a fixed size. Colours come from `symbology`. The same input gives the same bytes: no
time of making is written, and the user's matplotlib settings do not count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.exhibits import (
    acceptability,
    constraints,
    district,
    documents,
    doubt,
    field,
    gap,
    plot,
    ranking,
    roles,
    sites,
    stages,
    suitability,
    support,
)
from geo.exhibits.font import embed_font, truetype_texts
from geo.exhibits.pen import UNDER, Lang, Pen
from geo.exhibits.plan import Plan, Scene
from geo.exhibits.ranked import day_of, ranking_of
from geo.exhibits.sheet import draw_sheet
from geo.exhibits.spec import PER_SITE, RANKED, Spec, Style, names, read, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "PER_SITE",
    "RANKED",
    "Scene",
    "Spec",
    "Style",
    "draw",
    "names",
    "overlaps",
    "read",
    "save",
    "style",
    "subjects",
    "title",
]

Size = tuple[float, float]
_PLANS: dict[str, Callable[[Pen, Spec, Scene, str], Plan]] = {
    "roles": roles.plan_roles,
    "stages": stages.plan_stages,
    "documents": documents.plan_documents,
    "field": field.plan_field,
    "sites": sites.plan_sites,
    "support": support.plan_support,
    "location": gap.plan_location,
    "district": district.plan_district,
    "site": plot.plan_plot,
    "uncertainty": doubt.plan_uncertainty,
    "ranking": ranking.plan_ranking,
    "constraints": constraints.plan_constraints,
    "acceptability": acceptability.plan_acceptability,
    "suitability": suitability.plan_suitability,
}


def draw(
    spec: Spec,
    scene: Scene,
    *,
    lang: Lang = "zh",
    subject: str = "",
    paper: str | Size | None = None,
    titled: bool = True,
) -> Figure:
    """Draw a sheet of the paper's size.

    Parameters
    ----------
    spec : Spec
    scene : Scene
    lang : {"zh", "en", "both"}
    subject : str
        The district or the site's number for a sheet of which there is one for each.
    paper : str or (float, float), optional
        Another paper than the sheet's own: its name, or width and height in millimetres.
    titled : bool
        Without, the sheet has no title and number of its own, for a document that gives them.

    Raises
    ------
    GeoError
        If the font lacks a character, which is named, or the sheet does not fit.
    """
    with _plain():
        pen, scene, plan = _planned(spec, scene, lang, subject, _size(spec, scene.style, paper))
        figure = draw_sheet(pen, spec, scene, plan, number=_number(spec, scene, subject), titled=titled)
        figure.set_label(pen.say(*plan.title, " / "))
    return figure


def title(spec: Spec, scene: Scene, *, lang: Lang = "zh", subject: str = "") -> str:
    """The title of a sheet, without its number, for a caption elsewhere."""
    pen, _, plan = _planned(spec, scene, lang, subject, _size(spec, scene.style, None))
    return pen.say(*plan.title, " / ")


def _planned(spec: Spec, scene: Scene, lang: Lang, subject: str, size: Size) -> tuple[Pen, Scene, Plan]:
    """A pen for a paper, the scene on the sheet's own day, and what the sheet is to hold."""
    if spec.show in RANKED:
        scene = replace(scene, as_of=day_of(spec, scene))
    elif spec.as_of is not None:
        scene = replace(scene, as_of=spec.as_of)
    pen = Pen(size, scene.style, lang)
    return pen, scene, _PLANS[spec.show](pen, spec, scene, subject)


def subjects(spec: Spec, scene: Scene) -> tuple[str, ...]:
    """For what a sheet is drawn: each district, each site by its number, or once."""
    if spec.show == "district":
        return tuple(scene.boundaries.ids)
    if spec.show in PER_SITE:
        held = None if spec.show == "site" else {str(one["id"]) for one in ranking_of(scene, spec.show)["sites"]}
        return tuple(str(number) for number, one in enumerate(scene.records) if held is None or str(one["id"]) in held)
    return ("",)


def _number(spec: Spec, scene: Scene, subject: str) -> str | None:
    """The number of an exhibit; of one for each subject also which of them it is."""
    if spec.number is None:
        return None
    return f"{spec.number}-{subjects(spec, scene).index(subject) + 1}" if subject else str(spec.number)


def _size(spec: Spec, style: Style, paper: str | Size | None) -> Size:
    """Width and height of the paper in millimetres."""
    if isinstance(paper, tuple):
        return paper
    long, short = style.papers[paper or spec.paper]
    return (long, short) if spec.orientation == "landscape" else (short, long)


def save(figure: Figure, stem: Path, formats: Sequence[str] = ("png", "pdf"), dpi: int = 200) -> list[Path]:
    """Write a figure as ``<stem>.<format>``; the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    stem : Path
        The files' path without suffix.
    formats : sequence of {"png", "pdf", "svg"}
    dpi : int
        Of the PNG.

    Returns
    -------
    list of Path
        The files written.
    """
    title = str(figure.get_label())
    about: dict[str, dict[str, Any]] = {
        "pdf": {"Title": title, "CreationDate": None},
        "png": {"Title": title, "Software": None},
        "svg": {"Title": title, "Date": None},
    }
    written = []
    for kind in formats:
        path = stem.with_name(f"{stem.name}.{kind}")
        with _plain(), truetype_texts(figure) if kind == "pdf" else nullcontext():
            figure.savefig(path, format=kind, dpi=dpi, metadata=about[kind])
        if kind == "svg":
            embed_font(figure, path)
        written.append(path)
    return written


def overlaps(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts of a figure whose extents overlap, as drawn; a good sheet has none."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    with _plain():
        texts = [one for one in figure.findobj(Text) if one.get_text() and one.get_gid() != UNDER]
        canvas: Any = FigureCanvasAgg(figure)
        renderer = canvas.get_renderer()
        boxes = np.array([one.get_window_extent(renderer, figure.dpi).extents for one in texts])
    # the extents are those of the line, well above and below its glyphs
    slack = 0.24 * np.array([one.get_fontsize() for one in texts]) * figure.dpi / 72
    upright = np.array([one.get_rotation() == 0 for one in texts])
    across, up = np.where(upright, 0.0, slack), np.where(upright, slack, 0.0)
    inked = shapely.box(boxes[:, 0] + across, boxes[:, 1] + up, boxes[:, 2] - across, boxes[:, 3] - up)
    pairs = shapely.STRtree(inked).query(inked, predicate="intersects").T
    return [(texts[one].get_text(), texts[other].get_text()) for one, other in pairs if one < other]


@contextmanager
def _plain() -> Iterator[None]:
    """Settings of matplotlib itself in place of the user's; fonts embedded as TrueType."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update({"pdf.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "parksite"})
        matplotlib.rcParams.update({"hatch.linewidth": 0.7, "text.hinting": "none"})
        yield
