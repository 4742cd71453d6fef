"""`parksite boundaries`: the validity report of the district layer."""

from __future__ import annotations

import json
from pathlib import Path

import click

from geo.cli.options import boundaries_option, guarded, lang_option, tell


@click.command()
@boundaries_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="输出格式 / output format",
)
@lang_option()
@guarded
def command(boundaries: Path | None, form: str, lang: str) -> None:
    """区界图层：面积、有效性、重叠与空隙。

    The district layer: areas against official figures, validity, overlaps, gaps.
    """
    from geo import districts, pipeline
    from geo.settings import Settings

    context = pipeline.Context.open(
        Settings.default(), boundaries=boundaries, progress=lambda zh, en: tell(lang, zh, en)
    )
    rows = districts.report(context.boundaries, context.register.places)
    if form == "json":
        about = context.boundaries.describe()
        click.echo(json.dumps({"boundaries": about, "report": rows}, ensure_ascii=False, indent=1))
        return
    zh = lang == "zh"
    layer = context.boundaries.describe()
    click.echo(f"{layer[f'source_{lang}']} | {layer[f'vintage_{lang}']} | {layer['datum']}")
    for row in rows:
        if row["kind"] == "district":
            name = context.register.places[row["id"]].zh if zh else context.register.places[row["id"]].en
            valid = ("有效" if zh else "valid") if row["valid"] else row["reason"]
            second = "—" if row["second_km2"] is None else f"{row['second_km2']}"
            area, official, gap = row["area_km2"], row["official_km2"], row["difference_percent"]
            click.echo(
                f"{name}: {area} km²（官方陆域 {official}，差 {gap:+} %，第二界线 {second}）{valid}"
                if zh
                else f"{name}: {area} km² (official land {official}, {gap:+} %; second opinion {second}) {valid}"
            )
        elif row["kind"] == "overlap":
            click.echo(f"{'重叠' if zh else 'overlap'}: {' / '.join(row['ids'])} {row['area_m2']} m²")
        else:
            click.echo(f"{'空隙' if zh else 'gap'}: {row['lon']}, {row['lat']} {row['area_m2']} m²")
    kinds = {row["kind"] for row in rows}
    if kinds == {"district"}:
        click.echo("无重叠，无空隙" if zh else "no overlaps, no gaps")
    for note_zh, note_en in context.boundaries.notes:
        click.echo(note_zh if zh else note_en)
