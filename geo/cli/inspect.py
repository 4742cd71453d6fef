"""`parksite inspect FILE`: what a file holds and how it would be read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from geo.cli.options import (
    boundaries_option,
    guarded,
    lang_option,
    message_lang,
    reading_options,
    request_of,
    tell,
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@reading_options
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="输出格式 / format",
)  # fmt: skip
@boundaries_option
@lang_option()
@guarded
def command(file: Path, form: str, boundaries: Path | None, lang: str, **reading: Any) -> None:
    """查看文件：图层、编码、列、坐标系推断、逐行问题。

    What a file holds: layers, encoding, columns, what the coordinates fit, problems by row.
    """
    from geo import inspection, pipeline
    from geo.settings import Settings

    request = request_of(**reading)
    context = pipeline.Context.open(
        Settings.default(), boundaries=boundaries, progress=lambda zh, en: tell(lang, zh, en)
    )
    seen = pipeline.inspect(context, file, request)
    if form == "json":
        click.echo(json.dumps(inspection.document(seen), ensure_ascii=False, indent=1, default=str))
    else:
        click.echo(inspection.text(seen, message_lang(lang)))
    sys.exit(0 if seen.clean else 1)
