"""`parksite check LON LAT | SITES`."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from geo.cli.faults import refuse_faults, report, strictly, tell_all
from geo.cli.options import (
    as_of_option,
    boundaries_option,
    guarded,
    lang_option,
    message_lang,
    paced,
    reading_options,
    request_of,
    strict_option,
    tell,
)
from geo.errors import InputError, one_line
from geo.schema import CERTAINTY_NAMES, DATUM_NAMES, FORCE_NAMES, MATCH_NAMES, Certainty, Force, Match

if TYPE_CHECKING:
    from geo.bulk import Outcome, Question
    from geo.intake import Request
    from geo.pipeline import Checked, Context
    from geo.sites import SiteList

_TEXTS = {"text", "json"}
_TO_FILE = {"xlsx", "gpkg", "parquet", "shp"}


@click.command()
@click.argument("where", nargs=-1, required=True, metavar="LON LAT | SITES")
@click.option("--field", metavar="TEXT", help="产业领域（填补空单元格）/ field, fills empty cells")
@click.option("--stage", metavar="STAGE", help="价值链环节（填补空单元格）/ stage, fills empty cells")
@as_of_option
@reading_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "geojson", "xlsx", "gpkg", "parquet", "shp"]),
    help="输出格式，默认依 --out 的扩展名，否则 text / format, by the ending of --out or text",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="写入文件 / write to a file")
@click.option("--overwrite", is_flag=True, help="允许覆盖 --out / replace an existing --out")
@click.option(
    "--bom/--no-bom", default=True, help="CSV 文件带字节顺序标记，便于 Excel 打开 / byte-order mark in CSV files"
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="由 Dask 集群核对 Parquet 目录 / have a Dask cluster check a folder of Parquet",
)
@strict_option
@boundaries_option
@lang_option()
@guarded
def command(
    where: tuple[str, ...],
    field: str | None,
    stage: str | None,
    as_of: date,
    form: str | None,
    out: Path | None,
    overwrite: bool,
    bom: bool,
    scheduler: str | None,
    strict: bool,
    boundaries: Path | None,
    lang: str,
    **reading: Any,
) -> None:
    """核对选址：区属、角色、依据、效力、符合性。

    Check sites: district, role, document and clause, force, fit.
    """
    from geo import delivery, pipeline
    from geo.settings import Settings

    request = request_of(**reading)
    folder = _is_folder(where, form, out, scheduler)
    if not folder:
        _refuse_early(where, out, overwrite=overwrite, boundaries=boundaries)
    form = "parquet" if folder else form or _format_of(out)
    if out is None and form in _TO_FILE:
        raise InputError(
            f"{form} needs a file", f"{form} 格式需要写入文件", remedy_en="add --out FILE", remedy_zh="请加 --out FILE"
        )
    context = pipeline.Context.open(
        Settings.default(), boundaries=boundaries, progress=lambda zh, en: tell(lang, zh, en)
    )
    if out is not None and len(where) == 1:
        from geo import bulk

        question = bulk.Question(request, as_of, field, stage, form, bom)
        how = How(overwrite, strict, folder, scheduler)
        outcome = _checked_by_parts(context, Path(where[0]), question, out, lang, how)
        if outcome is not None:
            sys.exit(0 if outcome.clean else 1)
    found = _found(where, request, context)
    checked = pipeline.check(context, found, as_of, field=field, stage=stage)
    if strict:
        refuse_faults(checked, lang)
    if out is None:
        text = _render(checked, form, lang, single=len(where) == 2)
        click.echo(text, nl=not text.endswith("\n"))
        report(checked, lang)
    else:
        written = _write(checked, form, out, context, lang, overwrite=overwrite, bom=bom)
        tell(lang, f"已写入 {'、'.join(map(str, written))}", f"written: {', '.join(map(str, written))}")
        report(checked, lang, delivery.rejected_path(out))
    sys.exit(0 if checked.clean else 1)


class How(NamedTuple):
    """How a long list is checked and delivered."""

    overwrite: bool
    strict: bool
    folder: bool
    scheduler: str | None


def _is_folder(where: tuple[str, ...], form: str | None, out: Path | None, scheduler: str | None) -> bool:
    """Whether a folder of Parquet files is to be checked into another.

    Raises
    ------
    InputError
        If it is and no folder is named for the answer, or a scheduler is given and it is none.
    """
    folder = False
    with suppress(OSError):  # of a name that no path can have; reading tells
        folder = len(where) == 1 and Path(where[0]).is_dir()
    if folder:
        from geo import bulk

        folder = bulk.is_folder(Path(where[0]))
    if scheduler is not None and not folder:
        raise InputError(
            "--scheduler is for a folder of Parquet files",
            "--scheduler 只用于 Parquet 目录",
            value=" ".join(where),
            remedy_en="give the folder, or leave --scheduler out",
            remedy_zh="请给出目录，或去掉 --scheduler",
        )
    if folder and (out is None or form not in (None, "parquet")):
        raise InputError(
            "a folder of Parquet files is checked into another folder of Parquet files",
            "Parquet 目录的核对结果写入另一个 Parquet 目录",
            file=where[0],
            remedy_en="give --out FOLDER, and no other --format",
            remedy_zh="请加 --out 目录，且不指定其他 --format",
        )
    return folder


def _checked_by_parts(
    context: Context, path: Path, question: Question, out: Path, lang: str, how: How
) -> Outcome | None:
    """Check a long list part by part; None if it is none, or can only be read whole."""
    from geo import bulk, delivery

    outcome: Outcome | None
    if how.folder:
        outcome = bulk.check_folder(
            context, path, question, out, paced(lang), scheduler=how.scheduler, overwrite=how.overwrite,
            strict=how.strict,
        )  # fmt: skip
    elif bulk.suits(path, question.form):
        outcome = bulk.check_file(context, path, question, out, paced(lang), overwrite=how.overwrite, strict=how.strict)
    else:
        return None
    if outcome is None:
        return None
    written = not how.strict or outcome.faultless
    if written:
        tell(lang, f"已写入 {out}", f"written: {out}")
    rejected = delivery.rejected_path(out, folder=how.folder) if written else None
    tell_all(outcome.warnings, outcome.lines, outcome.counts, lang, rejected)
    if not written:
        raise strictly(*(outcome.rows[kind] for kind in ("rejected", "unrecognised", "noted")))
    return outcome


def _refuse_early(where: tuple[str, ...], out: Path | None, *, overwrite: bool, boundaries: Path | None) -> None:
    """Raise before any work for an output that cannot be."""
    from geo import delivery

    if out is not None:
        delivery.refuse_input(out, [Path(where[0]), boundaries] if len(where) == 1 else [boundaries])
        delivery.refuse_existing(out, overwrite=overwrite)
        delivery.refuse_existing(delivery.rejected_path(out), overwrite=overwrite)


def _found(where: tuple[str, ...], request: Request, context: Context) -> SiteList:
    """The place or the list that the call names."""
    from geo import pipeline, sites

    if len(where) == 1:
        return pipeline.read_sites(context, Path(where[0]), request)
    if len(where) == 2:
        if request.control or request.layer:
            raise InputError(
                "--control-points and --layer are for files",
                "--control-points 与 --layer 只用于文件",
                remedy_en="give a file, or leave them out",
                remedy_zh="请给出文件，或去掉该选项",
            )
        lon, lat = (_coordinate(text) for text in (reversed(where) if request.swap else where))
        site = sites.single(lon, lat, datum=request.datum)
        return sites.SiteList((site,), warnings=(sites.assumed(None),) if request.datum is None else ())
    raise InputError(
        "give LON LAT, or one file",
        "请给出 经度 纬度，或一个文件",
        value=" ".join(where),
        remedy_en="two numbers or one file name",
        remedy_zh="两个数字或一个文件名",
    )


def _coordinate(text: str) -> float:
    from geo import sites

    try:
        return sites.read_coordinate(text)[0]
    except ValueError:
        raise InputError(
            "a coordinate is not a number",
            "坐标不是数字",
            value=text,
            remedy_en="give decimal degrees, such as 113.85 22.70",
            remedy_zh="请给出十进制度，如 113.85 22.70",
        ) from None


def _format_of(out: Path | None) -> str:
    """Format that the ending of the output file stands for."""
    if out is None:
        return "text"
    from geo import tables

    endings = {**tables.FORMATS, ".json": "json", ".txt": "text"}
    if out.suffix.lower() not in endings:
        raise InputError(
            f"files of the kind {out.suffix or '(no ending)'} are not written",
            f"不支持写出 {out.suffix or '（无扩展名）'} 文件",
            file=out,
            remedy_en=f"use one of {', '.join(endings)}, or give --format",
            remedy_zh=f"请使用 {'、'.join(endings)}，或加 --format",
        )
    return endings[out.suffix.lower()]


def _render(checked: Checked, form: str, lang: str, *, single: bool) -> str:
    from geo import answers, tables

    document = checked.document
    if form == "json":
        return json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n"
    if form == "csv":
        return tables.csv_text(*tables.rows(document, checked.sites))
    if form == "geojson":
        return json.dumps(tables.geojson(document, checked.sites), ensure_ascii=False, default=str) + "\n"
    if single:
        return answers.card(document["sites"][0], document, message_lang(lang))
    return _summary(document, lang)


def _summary(document: dict[str, Any], lang: str) -> str:
    """One line a site, then the counts by match."""
    from geo import answers, tables

    at = 0 if lang == "zh" else 1
    lines, counts = [], dict.fromkeys(Match, 0)
    for record in document["sites"]:
        match = Match(record["match"])
        counts[match] += 1
        role = ("、" if lang == "zh" else ", ").join(
            dict.fromkeys(one[f"role_{lang}"] for one in tables.main_designations(record))
        ) or "—"
        name = record[f"district_{lang}"] or ("市域外" if lang == "zh" else "outside")
        words = [
            one_line(f"{record['id']} {record['name']}".strip()),
            name,
            CERTAINTY_NAMES[Certainty(record["certainty"])][at],
            MATCH_NAMES[match][at],
            FORCE_NAMES[Force(record["force"])][at],
            role,
        ]
        lines.append(" | ".join([*words, *_if_datum(record, lang)]))
    total = "；".join if lang == "zh" else "; ".join
    lines.append("")
    lines.append(total(f"{MATCH_NAMES[match][at]} {count}" for match, count in counts.items() if count))
    lines.append(answers.sources_line(document, message_lang(lang)))
    return "\n".join(lines)


def _if_datum(record: dict[str, Any], lang: str) -> list[str]:
    """Where an undeclared position would lie in a datum of the web maps, if elsewhere."""
    said = []
    for one in record["if_datum"]:
        name, place = DATUM_NAMES[one["datum"]], one[f"district_{lang}"]
        said.append(f"若为{name}：{place or '市域外'}" if lang == "zh" else f"if {name}: {place or 'outside'}")
    return said


def _write(
    checked: Checked, form: str, out: Path, context: Context, lang: str, *, overwrite: bool, bom: bool
) -> list[Path]:
    """Write the answer and the rejected rows, both or neither; the files of the answer."""
    from geo import delivery, pipeline, tables

    rejected = delivery.rejected_path(out)
    with delivery.files(out, overwrite=overwrite) as folder:
        if form in _TEXTS:
            made = [folder / out.name]
            made[0].write_text(_render(checked, form, lang, single=False), encoding="utf-8", newline="\n")
        else:
            made = pipeline.write_table(context, checked, form, folder / out.name, bom=bom)
        if checked.rejected:
            tables.write_csv(folder / rejected.name, *pipeline.rejected_rows(checked.rejected), bom=bom)
    if not checked.rejected:
        rejected.unlink(missing_ok=True)
    return [out.parent / path.name for path in made if path.suffix.lower() == out.suffix.lower()]
