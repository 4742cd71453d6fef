"""`parksite policy list | show ID | timeline PLACE`."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from geo.cli.options import as_of_option, guarded, lang_option, tell
from geo.errors import Lang

if TYPE_CHECKING:
    from geo.register import Register

_format = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="输出格式 / output format",
)


@click.group()
def command() -> None:
    """查阅政策登记册：文件、指定、措施、历史。

    Look into the policy register: instruments, designations, measures, history.
    """


def _register(as_of: date, lang: Lang) -> Register:
    from geo import register
    from geo.settings import Settings

    settings = Settings.default()
    found = register.load(settings.policy_files(), cache=settings.cache)
    for zh, en in found.warnings(as_of):
        tell(lang, f"注意：{zh}", f"note: {en}")
    return found


def _emit(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=1, default=str))


@command.command("list")
@as_of_option
@_format
@lang_option()
@guarded
def list_(as_of: date, form: str, lang: Lang) -> None:
    """列出全部记录 / list every record."""
    from geo import catalogue

    found = _register(as_of, lang)
    if form == "json":
        _emit(catalogue.listing(found, as_of))
    else:
        click.echo(catalogue.listing_text(found, as_of, lang))


@command.command()
@click.argument("id_", metavar="ID")
@as_of_option
@_format
@lang_option()
@guarded
def show(id_: str, as_of: date, form: str, lang: Lang) -> None:
    """显示一条记录 / show one record by its id."""
    from geo import catalogue

    record = catalogue.one(_register(as_of, lang), id_, as_of)
    if form == "json":
        _emit(record)
    else:
        click.echo(catalogue.record_text(record, lang))


@command.command()
@click.argument("place")
@as_of_option
@_format
@lang_option()
@guarded
def timeline(place: str, as_of: date, form: str, lang: Lang) -> None:
    """一个地点的角色历史 / the history of a place."""
    from geo import catalogue

    found = _register(as_of, lang)
    history = catalogue.timeline(found, place, as_of)
    if form == "json":
        _emit(history)
    else:
        click.echo(catalogue.timeline_text(history, lang))
