"""`parksite layers list | add NAME FILE | import FILE | remove NAME`."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo.cli.options import boundaries_option, guarded, lang_option, reading_options, request_of, tell
from geo.errors import InputError, Lang, one_line
from geo.schema import Words

if TYPE_CHECKING:
    from geo import layers
    from geo.pipeline import Context
    from geo.settings import Settings

_KINDS = {"features": ("个要素", " features"), "raster": ("个栅格单元", " cells")}
_BASES = {
    "shipped": ("随软件提供", "shipped"),
    "derived": ("按需由区界生成", "derived from the districts when asked for"),
    "user": ("用户添加", "added by you"),
}
_KNOWN_BY = {
    "you": ("按选项", "as you said"),
    "rows": ("逐行注明", "as its rows say"),
    "file": ("文件声明", "declared by the file"),
    "format": ("该格式规定", "fixed by the format"),
    "assumed": ("文件未声明，为假定", "not declared: assumed"),
}
_overwrite = click.option(
    "--overwrite",
    is_flag=True,
    help="替换同名图层，或代替自带的同名图层 / replace a layer of the same name, or use yours instead of a shipped one",
)


@click.group()
def command() -> None:
    """背景图层：查看、添加、导入、移除。

    Context layers, which siting rules measure against.
    """


@command.command("list")
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="M",
    help="只看这些选址模型（名称或文件）的规则，可重复 / rules of these siting models only, may be repeated",
)
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
def list_(models: tuple[str, ...], form: str, lang: Lang) -> None:
    """现有图层及其现势性，缺少哪些图层会使哪些规则无法判定。

    The layers that are there, their vintage, and which rules would not be assessed without which layer.
    """
    from geo import layers
    from geo.settings import Settings

    settings = Settings.default()
    needed = _needed(models, settings)
    held = {one.name: _record(one) for one in layers.known(settings)}
    titles = layers.named(settings)
    rows: list[dict[str, Any]] = list(held.values())
    for name in sorted(needed.keys() - held.keys()):
        one = titles.get(name, layers.Named(name, Words(name, name)))
        how = "parksite layers import FILE.osm.pbf" if one.theme else f"parksite layers add {name} FILE"
        row = {"name": name, "title_zh": one.title.zh, "title_en": one.title.en, "present": False, "how": how}
        rows.append(row)
    for row in rows:
        row["rules"] = needed.get(str(row["name"]), {})
    if form == "json":
        click.echo(json.dumps({"layers": rows}, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(_line(row, lang))


def _needed(models: tuple[str, ...], settings: Settings) -> dict[str, dict[str, list[str]]]:
    """Rules that need a layer, by layer and model."""
    from geo import register
    from geo.pipeline.models import model_names, read_model
    from geo.suitability.needs import needed

    known = register.load(settings.policy_files(), cache=settings.cache)
    found: dict[str, dict[str, list[str]]] = {}
    for word in models or model_names(settings):
        model = read_model(settings, known, word)
        for name, rules in needed(model).items():
            found.setdefault(name, {})[model.id] = rules
    return found


def _record(one: layers.Entry) -> dict[str, Any]:
    """A layer under the fixed keys."""
    about = one.provenance
    return {
        "name": one.name,
        "title_zh": one.title.zh,
        "title_en": one.title.en,
        "present": True,
        "base": one.base,
        "kind": one.kind,
        "count": one.count,
        "version": about.version,
        "vintage_zh": about.vintage.zh,
        "vintage_en": about.vintage.en,
        "datum": about.datum,
        "datum_basis": one.datum_basis,
        "licence": about.licence,
        "origin_zh": about.origin.zh,
        "origin_en": about.origin.en,
        "extent": one.extent,
        "note": None if one.note is None else asdict(one.note),
    }


def _line(row: dict[str, Any], lang: Lang) -> str:
    """A layer in two to four lines: what it is, where it comes from, what must be known, what needs it."""
    zh = lang == "zh"
    at = 0 if zh else 1
    head = row["name"] if row["title_en"] == row["name"] else f"{row['name']}  {row[f'title_{lang}']}"
    uses = ("；" if zh else "; ").join(f"{model}: {', '.join(rules)}" for model, rules in row["rules"].items())
    if not row["present"]:
        missing = "缺失，以下规则无法判定" if zh else "missing, these rules are not assessed"
        lines = [f"✗ {head}", f"    {missing}: {uses}", f"    → {row['how']}"]
        return "\n".join(one_line(part, 600) for part in lines)
    facts = [
        _BASES[row["base"]][at],
        *([f"{row['count']:,}{' ' if zh else ''}{_KINDS[row['kind']][at]}"] if row["count"] is not None else []),
        row[f"origin_{lang}"],
        row[f"vintage_{lang}"],
        _datum(row["datum"], row["datum_basis"], at),
        row["licence"] or ("未载明许可" if zh else "no licence stated"),
        *([f"{'版本' if zh else 'version'} {row['version']}"] if row["version"] else []),
    ]
    lines = [f"✓ {head}", "    " + " | ".join(facts)]
    if row["note"]:
        lines.append(f"    {row['note'][lang]}")
    if uses:
        lines.append(f"    {'用于' if zh else 'needed by'}: {uses}")
    return "\n".join(one_line(part, 600) for part in lines)


def _datum(datum: str, basis: str | None, at: int) -> str:
    """A coordinate system with how it is known."""
    if basis is None:
        return datum
    plain, said = datum.removesuffix(" (assumed)"), _KNOWN_BY[basis][at]
    return f"{plain} ({said})" if at else f"{plain}（{said}）"


@command.command()
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title-zh", metavar="TEXT", help="中文名称 / Chinese title")
@click.option("--title-en", metavar="TEXT", help="英文名称 / English title")
@click.option("--label", metavar="COLUMN", help="要素名称所在列 / column that names the features")
@click.option("--licence", metavar="TEXT", help="数据许可 / licence of the data")
@click.option("--vintage", metavar="TEXT", help="现势性，如 2025-06 / day or year of the data")
@click.option("--categorical", is_flag=True, help="栅格为分类值，不插值 / the raster holds classes: never mix cells")
@reading_options
@boundaries_option
@_overwrite
@lang_option()
@guarded
def add(
    name: str,
    file: Path,
    title_zh: str | None,
    title_en: str | None,
    label: str | None,
    licence: str | None,
    vintage: str | None,
    categorical: bool,
    datum: str | None,
    crs_code: str | None,
    swap_axes: bool,
    layer: str | None,
    control_points: Path | None,
    limits: tuple[str, ...],
    boundaries: Path | None,
    overwrite: bool,
    lang: Lang,
) -> None:
    """添加矢量或 GeoTIFF 图层，检查并一次性转换为 EPSG:4547。

    Add a vector file or a GeoTIFF as a layer, checked and converted once. NAME is an id, or
    a known name such as 生态保护红线.
    """
    from geo import layers

    request = request_of(datum, crs_code, swap_axes, layer, control_points, limits)
    context = _context(boundaries, lang)
    about = layers.About(title_zh, title_en, label, licence, vintage, categorical)
    made = layers.add(
        name, file, request, about, context.settings, context.register, context.boundaries, overwrite=overwrite
    )
    for zh, en in made.notes:
        tell(lang, f"注意：{zh}", f"note: {en}")
    for fault in made.left_out:
        tell(lang, f"未使用：{fault.text('zh')}", f"not used: {fault.text('en')}")
    _done(made.entry, lang)
    if made.left_out:
        sys.exit(1)


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--bbox", metavar="W,S,E,N", help="经纬度范围，默认全市及周边 30 km / degrees; default the city and 30 km around"
)
@click.option("--all", "everything", is_flag=True, help="不裁范围 / take everything")
@click.option("--limit", "limits", multiple=True, metavar="NAME=N", help="放宽限额：megabytes / raise a limit")
@boundaries_option
@_overwrite
@lang_option()
@guarded
def import_(
    file: Path,
    bbox: str | None,
    everything: bool,
    limits: tuple[str, ...],
    boundaries: Path | None,
    overwrite: bool,
    lang: Lang,
) -> None:
    """从 OpenStreetMap 提取文件（.osm.pbf）导入道路、铁路、水系等图层。

    Import roads, rail, water and more from an OpenStreetMap extract (.osm.pbf).
    """
    from geo import layers

    if bbox and everything:
        raise InputError(
            "--bbox and --all were both given",
            "同时给出了 --bbox 和 --all",
            remedy_en="give one of them",
            remedy_zh="请只给一个",
        )
    raised = request_of(None, None, False, None, None, limits).limits
    context = _context(boundaries, lang)
    window = None if everything else _window(bbox) if bbox else layers.surroundings(context.boundaries)
    made = layers.import_extract(
        file,
        context.settings,
        window,
        limits=raised,
        overwrite=overwrite,
        progress=lambda zh, en: tell(lang, zh, en),
    )
    for zh, en in made.notes:
        tell(lang, f"注意：{zh}", f"note: {en}")
    if made.empty:
        tell(
            lang,
            f"注意：范围内没有，未建图层：{'、'.join(one.zh for one in made.empty)}",
            f"note: nothing there, no layer made: {', '.join(one.en for one in made.empty)}",
        )
    for one in made.entries:
        _done(one, lang)
    tell(lang, "数据 © OpenStreetMap 贡献者，ODbL 1.0", "data © OpenStreetMap contributors, ODbL 1.0")


@command.command()
@click.argument("name")
@lang_option()
@guarded
def remove(name: str, lang: Lang) -> None:
    """移除自己添加的图层 / take away a layer of your own."""
    from geo import layers
    from geo.settings import Settings

    gone = layers.remove(name, Settings.default())
    tell(lang, f"已移除 {gone}", f"removed {gone}")


def _context(boundaries: Path | None, lang: Lang) -> Context:
    from geo import pipeline
    from geo.settings import Settings

    return pipeline.Context.open(Settings.default(), boundaries=boundaries, progress=lambda zh, en: tell(lang, zh, en))


def _done(one: layers.Entry, lang: Lang) -> None:
    kind_zh, kind_en = _KINDS[one.kind]
    datum_zh, datum_en = (_datum(one.provenance.datum, one.datum_basis, at) for at in (0, 1))
    tell(
        lang,
        f"已存入 {one.name}（{one.title.zh}）：{one.count:,} {kind_zh}；坐标系 {datum_zh}",
        f"stored {one.name} ({one.title.en}): {one.count:,}{kind_en}; coordinate system {datum_en}",
    )


def _window(text: str) -> tuple[float, float, float, float]:
    """West, south, east and north as typed.

    Raises
    ------
    InputError
        If they are not four degrees in that order.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
        fit = all(map(math.isfinite, (west, south, east, north)))
        if not (fit and -180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValueError
    except ValueError:
        raise InputError(
            "--bbox takes west, south, east and north in degrees",
            "--bbox 应为西、南、东、北四个经纬度",
            value=text,
            remedy_en="for example --bbox 113.7,22.4,114.7,22.9",
            remedy_zh="例如 --bbox 113.7,22.4,114.7,22.9",
        ) from None
    return west, south, east, north
