"""`parksite report`: the whole list as a document."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click

from geo.cli.options import guarded
from geo.cli.papers import edition_of, paper_options, question_of, run


@click.command()
@paper_options("report")
@guarded
def command(
    sites: Path | None,
    as_of: date,
    out: Path,
    form: Literal["docx", "pdf", "both"],
    template: Path | None,
    models: tuple[str, ...],
    overrides: Path | None,
    boundaries: Path | None,
    lang: Literal["zh", "en", "both"],
    **reading: Any,
) -> None:
    """写整份清单的报告：汇总表、全部图件、政策文件、逐地块附表；给出 --model 时另有排序。

    Write the report of a whole list: summary tables, every exhibit, the documents, and a row
    for each site; with --model also the ranking.
    """
    from geo import pipeline

    edition = edition_of(lang, form, template)
    question = question_of(models, overrides)
    code = run(
        lambda context, found, progress: pipeline.report(
            context, found, as_of, out, edition=edition, question=question, progress=progress
        ),
        sites=sites,
        out=out,
        boundaries=boundaries,
        lang=lang,
        reading=reading,
    )
    sys.exit(code)
