"""`parksite dossier SITE|DISTRICT|all`: a document for each."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click

from geo.cli.options import guarded
from geo.cli.papers import edition_of, paper_options, question_of, run


@click.command()
@click.argument("what", nargs=-1, required=True, metavar="SITE|DISTRICT|all …")
@paper_options("dossiers")
@guarded
def command(
    what: tuple[str, ...],
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
    """写地块或区的档案：结论、位置图、角色沿革、符合性、措施、未评估事项、依据；给出 --model 时另有适宜性。

    WHAT 为清单中的地块编号，或区的编号、中文名、英文名；同名时指地块，可写 site:编号、district:区名。
    all 为清单内全部地块和各区。

    Write the dossier of a site or a district: verdict, map, role and history, fit,
    measures, what was not assessed, sources; with --model also the suitability of a site.

    WHAT is the id of a site of the list, or the id or name of a district. Where it is both, the
    site is meant; site:ID and district:ID say which. all is every site of the list and
    every district.
    """
    from geo import pipeline

    edition = edition_of(lang, form, template)
    question = question_of(models, overrides)
    code = run(
        lambda context, found, progress: pipeline.dossiers(
            context, found, as_of, what, out, edition=edition, question=question, progress=progress
        ),
        sites=sites,
        out=out,
        boundaries=boundaries,
        lang=lang,
        reading=reading,
    )
    sys.exit(code)
