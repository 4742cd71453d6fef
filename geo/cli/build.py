"""`parksite build`: everything, into one folder."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Literal

import click

from geo.cli.check import report
from geo.cli.options import (
    as_of_option,
    boundaries_option,
    chosen_datum,
    datum_options,
    guarded,
    lang_option,
    tell,
)


@click.command()
@click.option(
    "--sites", type=click.Path(path_type=Path), metavar="FILE", help="选址表，默认示例 / site list, default sample"
)
@as_of_option
@datum_options
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("maps/gallery"), show_default=True, metavar="DIR",
    help="输出目录 / output folder",
)  # fmt: skip
@boundaries_option
@lang_option(both=True)
@guarded
def command(
    sites: Path | None,
    as_of: date,
    datum: str | None,
    crs_code: str | None,
    out: Path,
    boundaries: Path | None,
    lang: Literal["zh", "en", "both"],
) -> None:
    """写出离线地图、选址表（CSV、XLSX、GeoPackage）、打印图件与清单。

    Write the offline map, the site tables, the print exhibit and the manifest.
    """
    from geo import pipeline
    from geo.settings import Settings

    def progress(zh: str, en: str) -> None:
        tell(lang, zh, en)

    settings = Settings.default()
    found = pipeline.read_sites(settings, sites, datum=chosen_datum(datum, crs_code))
    context = pipeline.Context.open(settings, boundaries=boundaries, progress=progress)
    checked = pipeline.build(context, found, as_of, out, lang=lang, progress=progress)
    report(checked, lang)
    tell(lang, f"完成：{out}", f"done: {out}")
    sys.exit(0 if checked.clean else 1)
