"""The font of print sheets and documents (layer 1): its file, the widths of its characters."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from geo.errors import MissingData

_PACKAGE, _FILE = "pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf"


@cache
def font_file() -> Path:
    """Path of the font.

    Raises
    ------
    MissingData
        If its package is not installed.
    """
    try:
        return Path(str(resources.files(_PACKAGE) / _FILE))
    except ModuleNotFoundError as error:
        raise MissingData(
            "the package with the Chinese font is not installed",
            "未安装中文字体包",
            remedy_en="install pylopdf-fonts-zh-cn",
            remedy_zh="请安装 pylopdf-fonts-zh-cn",
        ) from error


@cache
def advances() -> dict[str, float]:
    """Advance of each character that the font has, in parts of the size.

    Raises
    ------
    MissingData
        If the font's package is not installed.
    """
    from fontTools.ttLib import TTFont

    with TTFont(font_file()) as font:
        widths, unit = font["hmtx"], font["head"].unitsPerEm
        return {chr(code): widths[name][0] / unit for code, name in font.getBestCmap().items()}
