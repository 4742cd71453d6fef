"""`parksite rank SITES --model M`."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from geo.cli.faults import refuse_faults, report
from geo.cli.options import (
    as_of_option,
    boundaries_option,
    guarded,
    lang_option,
    message_lang,
    reading_options,
    request_of,
    strict_option,
    tell,
)
from geo.errors import InputError

_FORMS = ["text", "json", "csv", "geojson", "xlsx", "gpkg", "html"]
_TO_FILE = {"xlsx", "gpkg", "html"}


@click.command()
@click.argument("sites", type=click.Path(path_type=Path), metavar="SITES")
@click.option(
    "--model", "models", multiple=True, required=True, metavar="M",
    help="选址模型的名称或 YAML 文件，可重复以作对照 / siting model by name or file; repeat to compare",
)  # fmt: skip
@click.option("--field", metavar="TEXT", help="产业领域（填补空单元格）/ field, fills empty cells")
@click.option("--stage", metavar="STAGE", help="价值链环节（填补空单元格）/ stage, fills empty cells")
@click.option(
    "--explain", multiple=True, metavar="ID", help="逐条说明该选址的理由 / tell the reasons of this site in full"
)
@click.option(
    "--overrides", type=click.Path(path_type=Path), metavar="FILE",
    help="人工认定表：site、rule、result、by、reason / results set by hand",
)  # fmt: skip
@click.option("--draws", type=click.IntRange(100, 1_000_000), default=10_000, show_default=True,
              help="稳健性分析的抽样次数 / draws of the robustness analysis")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="抽样种子 / seed of the draws")
@as_of_option
@reading_options
@click.option(
    "--format", "form", type=click.Choice(_FORMS),
    help="输出格式，默认依 --out 的扩展名，否则 text / format, by the ending of --out or text",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="写入文件 / write to a file")
@click.option("--overwrite", is_flag=True, help="允许覆盖 --out / replace an existing --out")
@strict_option
@boundaries_option
@lang_option()
@guarded
def command(
    sites: Path,
    models: tuple[str, ...],
    field: str | None,
    stage: str | None,
    explain: tuple[str, ...],
    overrides: Path | None,
    draws: int,
    seed: int,
    as_of: date,
    form: str | None,
    out: Path | None,
    overwrite: bool,
    strict: bool,
    boundaries: Path | None,
    lang: str,
    **reading: Any,
) -> None:
    """按选址模型比较、排序，并逐条说明理由。

    Rank sites by a siting model: constraints, criteria, robustness, reasons.
    """
    from geo import delivery, pipeline
    from geo.pipeline import ranked, ranking
    from geo.settings import Settings

    request = request_of(**reading)
    form = _format(form, out)
    if out is not None:
        delivery.refuse_input(out, [sites, boundaries, overrides])
        delivery.refuse_existing(out, overwrite=overwrite)

    def progress(zh: str, en: str) -> None:
        tell(lang, zh, en)

    context = pipeline.Context.open(Settings.default(), boundaries=boundaries, progress=progress)
    found = pipeline.read_sites(context, sites, request)
    checked = pipeline.check(context, found, as_of, field=field, stage=stage)
    if strict:
        refuse_faults(checked, lang)
    question = ranking.Question(models, overrides, draws, seed)
    document = ranking.rank(context, checked, question, progress)
    unknown = sorted(set(explain) - {record["id"] for record in document["sites"]})
    if unknown:
        raise InputError(
            "--explain names a site that is not in the list",
            "--explain 所指的选址不在清单中",
            value=", ".join(unknown),
            remedy_en="give ids of the list",
            remedy_zh="请给出清单中的编号",
        )
    if out is None:
        text = ranked.ranking_text(context, checked, document, form, message_lang(lang), explain)
        click.echo(text, nl=not text.endswith("\n"))
        report(checked, lang)
    else:
        written = ranked.write_ranking(
            context, found, checked, document, form, out, message_lang(lang), overwrite=overwrite
        )
        tell(lang, f"已写入 {'、'.join(map(str, written))}", f"written: {', '.join(map(str, written))}")
        report(checked, lang)
    sys.exit(0 if checked.clean else 1)


def _format(form: str | None, out: Path | None) -> str:
    """The format asked for, or that of the ending of `out`.

    Raises
    ------
    InputError
        If the ending is not known, or a format needs a file and there is none.
    """
    if form is None and out is not None:
        form = {"txt": "text", "htm": "html"}.get(out.suffix[1:].lower(), out.suffix[1:].lower())
        if form not in _FORMS:
            raise InputError(
                "the ending of --out names no format",
                "--out 的扩展名不对应任何格式",
                file=out,
                remedy_en=f"add --format, or end it in one of {', '.join(_FORMS[1:])}",
                remedy_zh=f"请加 --format，或使用扩展名 {'、'.join(_FORMS[1:])}",
            )
    form = form or "text"
    if out is None and form in _TO_FILE:
        raise InputError(
            f"{form} needs a file", f"{form} 格式需要写入文件", remedy_en="add --out FILE", remedy_zh="请加 --out FILE"
        )
    return form
