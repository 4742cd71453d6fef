"""Options that `parksite dossier` and `parksite report` share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from geo.cli.options import as_of_option, boundaries_option, lang_option, reading_options, request_of, tell

if TYPE_CHECKING:
    from geo.pipeline import Checked, Context, Edition
    from geo.sites import SiteList

Command = TypeVar("Command", bound=Callable[..., Any])


def paper_options(out: str) -> Callable[[Command], Command]:
    """Site list, day, folder, language, format and template; `out` is the folder where none is given."""

    def add(command: Command) -> Command:
        for option in (
            lang_option(both=True, default="zh"),
            boundaries_option,
            click.option(
                "--template", type=click.Path(path_type=Path), metavar="FILE",
                help="自己的 Word 模板（.docx）/ your own Word template",
            ),
            click.option(
                "--format", "form", type=click.Choice(["docx", "pdf", "both"]), default="both", show_default=True,
                help="文件格式 / format of the files",
            ),
            click.option(
                "--out", type=click.Path(path_type=Path), default=Path(out), show_default=True, metavar="DIR",
                help="输出目录 / output folder",
            ),
            reading_options,
            as_of_option,
            click.option(
                "--sites", type=click.Path(path_type=Path), metavar="FILE",
                help="选址表，默认示例 / site list, default sample",
            ),
        ):  # fmt: skip
            command = option(command)
        return command

    return add


def edition_of(
    lang: Literal["zh", "en", "both"], form: Literal["docx", "pdf", "both"], template: Path | None
) -> Edition:
    """Language, formats and template as one record."""
    from geo.pipeline import Edition

    return Edition(lang, ("docx", "pdf") if form == "both" else (form,), template)


def run(
    write: Callable[[Context, SiteList, Callable[[str, str], None]], Checked],
    *,
    sites: Path | None,
    out: Path,
    boundaries: Path | None,
    lang: str,
    reading: dict[str, Any],
) -> int:
    """Read the list, write, say what is to be said of its rows; the exit code."""
    from geo import pipeline
    from geo.cli.faults import report
    from geo.settings import Settings

    def progress(zh: str, en: str) -> None:
        tell(lang, zh, en)

    context = pipeline.Context.open(Settings.default(), boundaries=boundaries, progress=progress)
    found = pipeline.read_sites(context, sites, request_of(**reading))
    checked = write(context, found, progress)
    report(checked, lang, out / "sites.rejected.csv")
    tell(lang, f"完成：{out}", f"done: {out}")
    return 0 if checked.clean else 1
