"""Options and behaviour that commands share: dates, datums, errors to exit codes."""

from __future__ import annotations

import functools
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from geo.errors import GeoError, InputError, Lang, one_line
from geo.settings import today

if TYPE_CHECKING:
    from geo.intake import Request

Command = TypeVar("Command", bound=Callable[..., Any])

_LANG_HELP = "输出语言 / language of the output"


def lang_option(*, both: bool = False, default: str | None = None) -> Callable[[Command], Command]:
    """`--lang`; `both` for commands that write files in two languages, then also the default unless one is given."""
    choices = ["zh", "en", "both"] if both else ["zh", "en"]
    default = default or ("both" if both else "zh")
    return click.option("--lang", type=click.Choice(choices), default=default, show_default=True, help=_LANG_HELP)


def as_of_option(command: Command) -> Command:
    """`--as-of`, an ISO date, default today in Shenzhen."""
    return click.option(
        "--as-of",
        "as_of",
        metavar="DATE",
        callback=_parse_date,
        help="基准日（YYYY-MM-DD），默认今天 / day of the question, default today",
    )(command)


def _parse_date(ctx: click.Context, option: click.Parameter, text: str | None) -> date:
    if text is None:
        return today()
    try:
        if len(text) != 10:
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r}: 请写成 YYYY-MM-DD / give it as YYYY-MM-DD") from None


def datum_options(command: Command) -> Command:
    """`--datum NAME` or `--crs EPSG`, not both."""
    command = click.option(
        "--crs", "crs_code", metavar="EPSG", help="坐标系 EPSG 代码，如 EPSG:4547 / EPSG code of the coordinates"
    )(command)
    return click.option(
        "--datum", metavar="D", help="wgs84 | cgcs2000 | gcj02 | bd09：坐标基准 / datum of the coordinates"
    )(command)


def reading_options(command: Command) -> Command:
    """What the caller says of a file: datum, axes, layer, control points, limits."""
    command = click.option(
        "--limit", "limits", multiple=True, metavar="NAME=N",
        help="放宽限额：rows、columns、vertices、megabytes、members / raise a limit",
    )(command)  # fmt: skip
    command = click.option(
        "--control-points", type=click.Path(path_type=Path), metavar="FILE",
        help="地方坐标系的控制点表 / control points of a local coordinate system",
    )(command)  # fmt: skip
    command = click.option("--layer", metavar="NAME", help="图层或工作表 / layer or sheet to read")(command)
    command = click.option(
        "--swap-axes", is_flag=True, help="文件先北后东（或先纬度后经度）/ north stands before east in the file"
    )(command)
    return datum_options(command)


def request_of(
    datum: str | None,
    crs_code: str | None,
    swap_axes: bool,
    layer: str | None,
    control_points: Path | None,
    limits: tuple[str, ...],
) -> Request:
    """The options of `reading_options` as one record.

    Raises
    ------
    InputError
        If a limit is not ``NAME=N``, or datum and CRS are both given.
    """
    from geo.intake import Request
    from geo.sources import Limits

    raised = Limits()
    for text in limits:
        name, _, value = text.partition("=")
        raised = raised.raised(name.strip(), int(value) if value.strip().isdecimal() else 0)
    return Request(chosen_datum(datum, crs_code), swap_axes, control_points, layer, raised)


def strict_option(command: Command) -> Command:
    """`--strict`: any fault is fatal."""
    return click.option("--strict", is_flag=True, help="任何问题均视为错误，不写出 / any fault is fatal")(command)


def boundaries_option(command: Command) -> Command:
    """`--boundaries FILE`, the user's own official layer."""
    return click.option(
        "--boundaries",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="用自己的官方区界图层 / use your own official district layer",
    )(command)


def chosen_datum(datum: str | None, crs_code: str | None) -> str | int | None:
    """The datum that the two options name.

    Raises
    ------
    InputError
        If both are given, or one is not what it should be.
    """
    from geo import crs

    if datum and crs_code:
        raise InputError(
            "--datum and --crs were both given",
            "同时给出了 --datum 和 --crs",
            remedy_en="give one of them",
            remedy_zh="请只给一个",
        )
    if crs_code:
        code = crs.parse_datum(crs_code)
        if not isinstance(code, int):
            raise InputError(
                "--crs takes an EPSG code",
                "--crs 需要 EPSG 代码",
                value=crs_code,
                remedy_en="for a datum name use --datum",
                remedy_zh="坐标基准名称请用 --datum",
            )
        return code
    return crs.parse_datum(datum) if datum else None


def message_lang(lang: str) -> Lang:
    """Language of messages: Chinese where the output has both."""
    return "en" if lang == "en" else "zh"


def tell(lang: str, zh: str, en: str) -> None:
    """A message or progress line on stderr, without characters that steer the terminal."""
    said = {"zh": zh, "en": en}.get(lang, f"{zh} / {en}")
    click.echo("\n".join(one_line(part, len(part)) for part in said.split("\n")), err=True)


def paced(lang: str, every_s: float = 2.0) -> Callable[[str, str], None]:
    """Progress on stderr, at most so often."""
    last = time.monotonic()

    def say(zh: str, en: str) -> None:
        nonlocal last
        if time.monotonic() - last >= every_s:
            last = time.monotonic()
            tell(lang, zh, en)

    return say


def _refuse_surrogates(name: str, value: object) -> None:
    """Raise for an option whose bytes are no text in the encoding of the terminal."""
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise InputError(
                f"--{name} is not valid text",
                f"--{name} 不是有效文本",
                value=value,
                remedy_en="give it in the encoding of the terminal",
                remedy_zh="请使用终端的编码输入",
            ) from None


def guarded(command: Command) -> Command:
    """Turn our errors into one clear message and exit code 2."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            for name, value in options.items():
                _refuse_surrogates(name, value)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what libraries say to programmers
                return command(*args, **options)
        except GeoError as error:
            tell(message_lang(options.get("lang", "zh")), f"错误：{error.text('zh')}", f"error: {error.text('en')}")
            sys.exit(2)
        except MemoryError:
            tell(
                message_lang(options.get("lang", "zh")),
                "错误：内存不足，文件过大",
                "error: out of memory, the file is too large",
            )
            sys.exit(2)

    return run  # type: ignore[return-value]
