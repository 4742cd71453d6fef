"""`parksite exhibit`: print sheets, as many as are named."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click

from geo.cli.faults import report
from geo.cli.options import (
    as_of_option,
    boundaries_option,
    guarded,
    lang_option,
    reading_options,
    request_of,
    tell,
)
from geo.cli.papers import model_options, question_of


@click.command()
@click.argument("specs", nargs=-1, metavar="[SPEC]...")
@click.option("--list", "listing", is_flag=True, help="列出可用图件 / list the sheets")
@click.option(
    "--sites", type=click.Path(path_type=Path), metavar="FILE", help="选址表，默认示例 / site list, default sample"
)
@as_of_option
@reading_options
@click.option(
    "--of", multiple=True, metavar="ID",
    help="只出这些选址或区的图件，可重复 / only for these sites or districts, repeatable",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("exhibits"), show_default=True, metavar="DIR",
    help="输出目录 / output folder",
)  # fmt: skip
@click.option(
    "--format", "formats", type=click.Choice(["png", "svg", "pdf"]), multiple=True, default=("png",),
    show_default=True, help="文件格式，可重复 / format, repeatable",
)  # fmt: skip
@click.option(
    "--dpi", type=click.IntRange(50, 1200), default=200, show_default=True, help="PNG 的分辨率 / resolution of a PNG"
)
@click.option("--paper", type=click.Choice(["A4", "A3"]), help="纸张，默认依规格 / paper, default the sheet's own")
@model_options
@boundaries_option
@lang_option(both=True, default="zh")
@guarded
def command(
    specs: tuple[str, ...],
    listing: bool,
    sites: Path | None,
    as_of: date,
    of: tuple[str, ...],
    out: Path,
    formats: tuple[str, ...],
    dpi: int,
    paper: str | None,
    models: tuple[str, ...],
    overrides: Path | None,
    boundaries: Path | None,
    lang: Literal["zh", "en", "both"],
    **reading: Any,
) -> None:
    """绘制打印图件（PNG、SVG、PDF）；不写 SPEC 则绘制全部。SPEC 为图件名称或自己的 .yaml 文件。

    表示排序结果的图件须用 --model 指定选址模型；不给 --model 时不绘制。

    Draw print sheets; all of them if no SPEC is given. A SPEC is the name of a sheet or a
    .yaml file of your own.

    Sheets that show a ranking need a siting model, --model; without one they are not drawn.
    """
    from geo import pipeline
    from geo.settings import Settings

    def progress(zh: str, en: str) -> None:
        tell(lang, zh, en)

    settings = Settings.default()
    if listing:
        _list(settings, lang, ranked=bool(models))
        return
    question = question_of(models, overrides)
    request = request_of(**reading)
    context = pipeline.Context.open(settings, boundaries=boundaries, progress=progress)
    found = pipeline.read_sites(context, sites, request)
    how = pipeline.Print(lang, tuple(dict.fromkeys(formats)), dpi, paper)
    checked = pipeline.print_sheets(
        context, found, as_of, specs, out, of=of, how=how, question=question, progress=progress
    )
    report(checked, lang, out / "sites.rejected.csv")
    tell(lang, f"完成：{out}", f"done: {out}")
    sys.exit(0 if checked.clean else 1)


def _list(settings: Any, lang: Literal["zh", "en", "both"], *, ranked: bool) -> None:
    """Number, name and title of each sheet, on stdout; those of a ranking with a model, else that there are such."""
    from geo import exhibits

    for name in exhibits.names(settings, ranked=ranked):
        spec = exhibits.read(settings, name)
        title = {"zh": spec.title.zh, "en": spec.title.en}.get(lang, f"{spec.title.zh} / {spec.title.en}")
        click.echo(f"{spec.number or '–'}\t{name}\t{title}")
    if not ranked:
        more = [one for one in exhibits.names(settings, ranked=True) if one not in exhibits.names(settings)]
        tell(lang, f"用 --model 另可绘制：{'、'.join(more)}", f"with --model also: {', '.join(more)}")
