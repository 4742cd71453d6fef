"""Entry point: the commands by name, each module imported only when asked for."""

from __future__ import annotations

import importlib
import sys

import click

from geo import __version__

_COMMANDS = {
    "build": "写地图、表格与图件 / write map, tables and exhibit",
    "check": "核对一个位置或一份选址表 / check a place or a list of sites",
    "inspect": "查看文件内容、坐标系与逐行问题 / what a file holds, coordinates and problems by row",
    "rank": "按选址模型排序并说明理由 / rank sites by a siting model, with reasons",
    "models": "查看选址模型 / look at siting models",
    "layers": "查看、加入环境图层 / context layers: list, add, import",
    "exhibit": "绘制打印图件 / draw print sheets",
    "dossier": "写地块或区的档案（Word、PDF）/ write dossiers of sites or districts (Word, PDF)",
    "report": "写整份清单的报告（Word、PDF）/ write the report of a whole list (Word, PDF)",
    "policy": "查阅政策登记册 / look into the policy register",
    "boundaries": "区界图层有效性报告 / validity report of the district layer",
}


class _Lazy(click.Group):
    """A group whose commands are imported on call; its help needs none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"geo.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="parksite")
def main() -> None:
    """parksite：深圳新材料产业选址核对 / siting checks against Shenzhen's industrial roles."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
