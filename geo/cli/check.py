"""`parksite check LON LAT | SITES`."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo.cli.options import (
    as_of_option,
    boundaries_option,
    chosen_datum,
    datum_options,
    guarded,
    lang_option,
    message_lang,
    tell,
)
from geo.errors import InputError
from geo.schema import CERTAINTY_NAMES, COLUMN_NAMES, FORCE_NAMES, MATCH_NAMES, Certainty, Force, Match

if TYPE_CHECKING:
    from geo.pipeline import Checked


@click.command()
@click.argument("where", nargs=-1, required=True, metavar="LON LAT | SITES")
@click.option("--field", metavar="TEXT", help="产业领域（填补空单元格）/ field, fills empty cells")
@click.option("--stage", metavar="STAGE", help="价值链环节（填补空单元格）/ stage, fills empty cells")
@as_of_option
@datum_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "geojson"]),
    help="输出格式，默认依 --out 的扩展名，否则 text / format, by the ending of --out or text",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="写入文件 / write to a file")
@click.option("--overwrite", is_flag=True, help="允许覆盖 --out / replace an existing --out")
@boundaries_option
@lang_option()
@guarded
def command(
    where: tuple[str, ...],
    field: str | None,
    stage: str | None,
    as_of: date,
    datum: str | None,
    crs_code: str | None,
    form: str | None,
    out: Path | None,
    overwrite: bool,
    boundaries: Path | None,
    lang: str,
) -> None:
    """核对选址：区属、角色、依据、效力、符合性。

    Check sites: district, role, document and clause, force, fit.
    """
    from geo import pipeline, sites
    from geo.settings import Settings

    given = chosen_datum(datum, crs_code)
    if out is not None:
        pipeline.refuse_input(out, [Path(where[0]), boundaries] if len(where) == 1 else [boundaries])
        pipeline.refuse_existing(out, overwrite=overwrite)
        pipeline.refuse_existing(pipeline.rejected_path(out), overwrite=overwrite)
    if len(where) == 2:
        lon, lat = _coordinate(where[0]), _coordinate(where[1])
        found = sites.SiteList((sites.single(lon, lat, datum=given),), (), (), (), "LON LAT")
    elif len(where) == 1:
        found = sites.read(Path(where[0]), datum=given)
    else:
        raise InputError(
            "give LON LAT, or one file",
            "请给出 经度 纬度，或一个文件",
            value=" ".join(where),
            remedy_en="two numbers or one file name",
            remedy_zh="两个数字或一个文件名",
        )
    context = pipeline.Context.open(
        Settings.default(), boundaries=boundaries, progress=lambda zh, en: tell(lang, zh, en)
    )
    checked = pipeline.check(context, found, as_of, field=field, stage=stage)
    form = form or _format_of(out)
    text = _render(checked, form, lang, single=len(where) == 2)
    if out is None:
        click.echo(text, nl=not text.endswith("\n"))
    else:
        encoding = "utf-8-sig" if form == "csv" else "utf-8"
        pipeline.write_text(out, text, overwrite=overwrite, encoding=encoding)
        _write_rejected(checked, out)
        tell(lang, f"已写入 {out}", f"written: {out}")
    report(checked, lang)
    sys.exit(0 if checked.clean else 1)


def _format_of(out: Path | None) -> str:
    """Format that the ending of the output file stands for."""
    endings = {".json": "json", ".csv": "csv", ".geojson": "geojson"}
    return endings.get(out.suffix.lower(), "text") if out is not None else "text"


def _coordinate(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(
            "a coordinate is not a number",
            "坐标不是数字",
            value=text,
            remedy_en="give decimal degrees, such as 113.85 22.70",
            remedy_zh="请给出十进制度，如 113.85 22.70",
        ) from None


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
        role = "、".join(dict.fromkeys(one[f"role_{lang}"] for one in tables.main_designations(record))) or "—"
        name = record[f"district_{lang}"] or ("市域外" if lang == "zh" else "outside")
        words = [
            f"{record['id']} {record['name']}".strip(),
            name,
            CERTAINTY_NAMES[Certainty(record["certainty"])][at],
            MATCH_NAMES[match][at],
            FORCE_NAMES[Force(record["force"])][at],
            role,
        ]
        lines.append(" | ".join(words))
    total = "；".join if lang == "zh" else "; ".join
    lines.append("")
    lines.append(total(f"{MATCH_NAMES[match][at]} {count}" for match, count in counts.items() if count))
    lines.append(answers.sources_line(document, message_lang(lang)))
    return "\n".join(lines)


def _write_rejected(checked: Checked, out: Path) -> None:
    from geo import pipeline, tables

    path = pipeline.rejected_path(out)
    if checked.rejected:
        text = tables.csv_text(*pipeline.rejected_rows(checked.rejected))
        pipeline.write_text(path, text, overwrite=True, encoding="utf-8-sig")
    else:
        path.unlink(missing_ok=True)


def report(checked: Checked, lang: str) -> None:
    """Warnings, rejected rows and unknown words, each by name, on stderr."""
    for zh, en in checked.warnings:
        tell(lang, f"注意：{zh}", f"note: {en}")
    for one in checked.rejected:
        tell(
            lang,
            f"拒绝：{one.label('zh')}：{one.error.text('zh')}",
            f"rejected: {one.label('en')}: {one.error.text('en')}",
        )
    for record in checked.unrecognised:
        for fault in record["unrecognised"]:
            near_zh, near_en = "、".join(fault["suggestions"]), ", ".join(fault["suggestions_en"])
            tell(
                lang,
                f"无法识别：{record['id']}：{COLUMN_NAMES[fault['column']]}“{fault['value']}”，是否指 {near_zh}？",
                f"not recognised: {record['id']}: {fault['column']} {fault['value']!r}; did you mean {near_en}?",
            )
