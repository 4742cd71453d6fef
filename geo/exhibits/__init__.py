"""Print sheets (layer 7): the exhibit "district roles on a day" with matplotlib.

Assumed: outlines are degrees (EPSG:4490), drawn in EPSG:4547 at a true scale on paper
of a fixed size. Where things stand and the sheet's own words are in
`maps/exhibits/*.yaml`, colours come from `symbology`. The same input gives the same
bytes: no time of making is written, and the user's matplotlib settings do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.districts import Boundaries
from geo.exhibits import furniture, ground, imprint
from geo.exhibits.font import truetype_texts
from geo.exhibits.pen import UNDER, Lang, Line, Pen
from geo.exhibits.sheet import Sheet, load_sheet
from geo.register import Register
from geo.symbology import Symbology

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Sheet", "draw", "load_sheet", "overlaps", "save"]


def draw(
    sheet: Sheet,
    boundaries: Boundaries,
    register: Register,
    symbology: Symbology,
    as_of: date,
    *,
    lang: Lang = "both",
    sites: Sequence[Mapping[str, Any]] = (),
    sample: bool = False,
    approval_number: str | None = None,
) -> Figure:
    """Draw a sheet of the paper's size.

    Parameters
    ----------
    sheet : Sheet
    boundaries : Boundaries
    register : Register
    symbology : Symbology
    as_of : date
        The day of the question.
    lang : {"both", "zh", "en"}
    sites : sequence of mapping
        Records with `lon`, `lat` (degrees), `id` and `match`.
    sample : bool
        Whether the sites are samples; the sheet then says so.
    approval_number : str, optional
        Map approval number; without one the sheet is marked as internal.

    Raises
    ------
    GeoError
        If the font lacks a character, which is named.
    """
    with _plain():
        pen = Pen(sheet, lang)
        theme = symbology.roles(register, as_of)
        inside = [one for one in sites if shapely.contains_xy(sheet.inside, *sheet.point(one["lon"], one["lat"]))]
        notes = _site_notes(pen, len(sites) - len(inside), sample)
        ground.draw_map(pen, theme, boundaries, symbology)
        matches = [str(one["match"]) for one in inside]
        taken = [
            furniture.panel(pen, theme, boundaries, symbology, matches, notes),
            furniture.scale_bar(pen),
            furniture.north_arrow(pen),
            ground.draw_sites(pen, inside, symbology),
        ]
        ground.write_names(pen, theme, boundaries, register, symbology, shapely.union_all(taken), inside)
        furniture.frame(pen)
        furniture.title(pen, as_of, approval_number)
        furniture.legend(pen, theme, boundaries, register, symbology, as_of)
        imprint.sources(pen, theme, boundaries, register, as_of)
    figure: Figure = pen.figure
    return figure


def _site_notes(pen: Pen, outside: int, sample: bool) -> list[Line]:
    """What the legend says of the sites as a whole."""
    said = [pen.sheet.words["sample"]] if sample else []
    if outside:
        zh, en = pen.sheet.words["outside"]
        said.append((zh.format(count=outside), en.format(count=outside)))
    return [line for zh, en in said for line in pen.pair([Line(zh, 6.2)], [Line(en, 5.6)])]


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
        matplotlib.rcParams.update({"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "parksite"})
        matplotlib.rcParams.update({"hatch.linewidth": 0.7, "text.hinting": "none"})
        yield
