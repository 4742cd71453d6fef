"""`parksite build`: everything, into one folder."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from geo.cli.faults import refuse_faults, report
from geo.cli.options import (
    as_of_option,
    boundaries_option,
    guarded,
    lang_option,
    reading_options,
    request_of,
    strict_option,
    tell,
)

if TYPE_CHECKING:
    from geo.pipeline.ranking import Question


@click.command()
@click.option(
    "--sites", type=click.Path(path_type=Path), metavar="FILE", help="选址表，默认示例 / site list, default sample"
)
@as_of_option
@reading_options
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("maps/gallery"), show_default=True, metavar="DIR",
    help="输出目录 / output folder",
)  # fmt: skip
@click.option(
    "--basemap",
    metavar="NAME",
    default="none",
    show_default=True,
    help="地图的在线底图：none、tianditu、tianditu-imagery、osm / online basemap of the map",
)
@click.option(
    "--basemap-key",
    metavar="KEY",
    envvar="PARKSITE_TIANDITU_KEY",
    help="天地图密钥，亦可设 PARKSITE_TIANDITU_KEY / key of Tianditu, or PARKSITE_TIANDITU_KEY",
)
@click.option(
    "--model", "models", multiple=True, metavar="M",
    help="按选址模型排序，写入地图和 ranking.xlsx / rank by a siting model, in the map and in ranking.xlsx",
)  # fmt: skip
@strict_option
@boundaries_option
@lang_option(both=True)
@guarded
def command(
    sites: Path | None,
    as_of: date,
    out: Path,
    basemap: str,
    basemap_key: str | None,
    models: tuple[str, ...],
    strict: bool,
    boundaries: Path | None,
    lang: Literal["zh", "en", "both"],
    **reading: Any,
) -> None:
    """写出离线地图、选址表（CSV、XLSX、GeoPackage）、打印图件与清单。

    Write the offline map, the site tables, the print exhibit and the manifest.
    """
    from geo import pipeline
    from geo.settings import Settings
    from geo.webmap import basemap as basemaps

    def progress(zh: str, en: str) -> None:
        tell(lang, zh, en)

    tiles = basemaps.find(basemap, basemap_key)

    settings = Settings.default()
    request = request_of(**reading)
    context = pipeline.Context.open(settings, boundaries=boundaries, progress=progress)
    found = pipeline.read_sites(context, sites, request)
    question = _question(models)
    checked = pipeline.build(
        context, found, as_of, out, lang=lang, progress=progress, strict=strict, basemap=tiles, question=question
    )
    if strict:
        refuse_faults(checked, lang)
    for zh, en in tiles.cautions if tiles is not None else ():
        tell(lang, f"注意：{zh}", f"note: {en}")
    report(checked, lang, out / "sites.rejected.csv")
    tell(lang, f"完成：{out}", f"done: {out}")
    sys.exit(0 if checked.clean else 1)


def _question(models: tuple[str, ...]) -> Question | None:
    if not models:
        return None
    from geo.pipeline.ranking import Question

    return Question(models)
