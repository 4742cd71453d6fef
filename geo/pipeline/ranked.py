"""A ranking as text or as files (layer 9)."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from geo import delivery, symbology, tables, wording
from geo.pipeline.build import rejected_rows
from geo.pipeline.context import Checked, Context
from geo.sites import SiteList
from geo.tables import ranking

Document = dict[str, Any]
Lang = Literal["zh", "en"]
_COLUMNS = 100  # of a text file, whatever the terminal it is made in


def ranking_text(
    context: Context, checked: Checked, document: Document, form: str, lang: Lang, explain: Sequence[str] = ()
) -> str:
    """The ranking as text for the terminal, or as the text of a file."""
    if form == "text":
        return ranking.text(document, lang, explain=explain)
    if form == "json":
        return ranking.json_text(document)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"ranking.{form}"
        ranking.write(
            form, path, document, checked.sites, symbology.load(context.settings), context.settings, bom=False
        )
        return path.read_text(encoding="utf-8")


def write_ranking(
    context: Context,
    found: SiteList,
    checked: Checked,
    document: Document,
    form: str,
    out: Path,
    lang: Lang,
    *,
    overwrite: bool,
) -> list[Path]:
    """Write a ranking and the rejected rows, all or none; the files made.

    Raises
    ------
    OutputExists
        If one of them is there and may not be replaced.
    """
    rejected = delivery.rejected_path(out)
    with delivery.files(out, overwrite=overwrite) as folder:
        path = folder / out.name
        if form == "text":
            path.write_text(ranking.text(document, lang, columns=_COLUMNS), encoding="utf-8", newline="\n")
            made = [path]
        elif form == "html":
            made = [_write_map(context, found, checked, document, path)]
        else:
            palette = symbology.load(context.settings)
            made = ranking.write(form, path, document, checked.sites, palette, context.settings, lang=lang)
        if checked.rejected:
            tables.write_csv(folder / rejected.name, *rejected_rows(checked.rejected))
            made.append(folder / rejected.name)
    return [out.parent / one.name for one in made]


def _write_map(context: Context, found: SiteList, checked: Checked, document: Document, path: Path) -> Path:
    from geo import webmap

    page = webmap.render(
        checked.document,
        checked.sites,
        context.register,
        context.boundaries,
        symbology.load(context.settings),
        context.settings,
        date.fromisoformat(document["as_of"]),
        "both",
        source=found.source,
        sentences=wording.load(context.settings),
        table=tables.COLUMNS,
        ranking=document,
    )
    path.write_text(page, encoding="utf-8", newline="\n")
    return path
