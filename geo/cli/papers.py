"""Options that `parksite dossier` and `parksite report` share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from geo.cli.options import as_of_option, boundaries_option, lang_option, reading_options, request_of, tell
from geo.errors import InputError

if TYPE_CHECKING:
    from geo.pipeline import Checked, Context, Edition
    from geo.pipeline.ranking import Question
    from geo.sites import SiteList

Command = TypeVar("Command", bound=Callable[..., Any])


def model_options(command: Command) -> Command:
    """`--model M`, repeatable, and `--overrides FILE`, for what shows a ranking."""
    command = click.option(
        "--overrides", type=click.Path(path_type=Path), metavar="FILE",
        help="人工认定表：site、rule、result、by、reason / results set by hand",
    )(command)  # fmt: skip
    return click.option(
        "--model", "models", multiple=True, metavar="M",
        help="选址模型的名称或 YAML 文件，可重复以作对照；给出后增加适宜性内容 / "
        "siting model by name or file, repeat to compare; adds what is told of suitability",
    )(command)  # fmt: skip


def question_of(models: tuple[str, ...], overrides: Path | None) -> Question | None:
    """The options of `model_options` as one record; None without a model.

    Raises
    ------
    InputError
        If there are overrides and no model that they could be for.
    """
    if not models:
        if overrides is not None:
            raise InputError(
                "--overrides was given without a siting model",
                "给出了 --overrides 而未指定选址模型",
                file=overrides,
                remedy_en="name the model with --model",
                remedy_zh="请用 --model 指定模型",
            )
        return None
    from geo.pipeline.ranking import Question

    return Question(models, overrides)


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
            model_options,
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
