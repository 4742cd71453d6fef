"""`parksite models list | show NAME`."""

from __future__ import annotations

import click

from geo.cli.options import guarded, lang_option


@click.group()
def command() -> None:
    """查看选址模型 / look at siting models."""


@command.command("list")
@lang_option()
@guarded
def list_models(lang: str) -> None:
    """各模型的名称、版本与规则数 / models by name, with version and number of rules."""
    from geo import register
    from geo.pipeline import models
    from geo.settings import Settings

    settings = Settings.default()
    known = register.load(settings.policy_files(), cache=settings.cache)
    for name, model in models.find_models(settings, known).items():
        constraints, criteria = len(model.constraints), len(model.criteria)
        if lang == "zh":
            click.echo(f"{name}\t{model.title.zh}\t{model.version}\t硬约束 {constraints} 项，准则 {criteria} 项")
        else:
            click.echo(f"{name}\t{model.title.en}\t{model.version}\t{constraints} constraints, {criteria} criteria")


@command.command("show")
@click.argument("name")
@lang_option()
@guarded
def show(name: str, lang: str) -> None:
    """模型文件原文，可存为自己的文件再修改 / the file of a model, to be saved and changed."""
    from geo import register
    from geo.pipeline import models
    from geo.settings import Settings

    settings = Settings.default()
    models.read_model(settings, register.load(settings.policy_files(), cache=settings.cache), name)
    click.echo(models.model_file(settings, name).read_text(encoding="utf-8"), nl=False)
