"""The font of print sheets and documents (layer 1): its file, the widths of its characters."""

from __future__ import annotations

import struct
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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

    Notes
    -----
    Read from the tables ``head``, ``hhea``, ``hmtx`` and ``cmap`` of the file (ISO/IEC 14496-22):
    a general reader takes seven times as long, which every drawing process would spend anew.
    """
    tables = _tables(font_file().read_bytes())
    (unit,) = struct.unpack_from(">H", tables["head"], 18)
    (count,) = struct.unpack_from(">H", tables["hhea"], 34)
    widths = np.frombuffer(tables["hmtx"], ">u2", 2 * count)[::2]
    codes, glyphs = _characters(tables["cmap"])
    known = (widths[np.minimum(glyphs, count - 1)] / unit).tolist()  # the last width is that of all that follow
    return dict(zip(map(chr, codes.tolist()), known, strict=True))


def _tables(font: bytes) -> dict[str, bytes]:
    """The tables of an OpenType font by their tags."""
    (count,) = struct.unpack_from(">H", font, 4)
    listed = (struct.unpack_from(">4s4xLL", font, 12 + 16 * number) for number in range(count))
    return {tag.decode("ascii"): font[start : start + length] for tag, start, length in listed}


def _characters(cmap: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Characters and their glyphs from a table in groups of successive ones (format 12, all of Unicode)."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    for platform, encoding, start in (struct.unpack_from(">HHL", cmap, 4 + 8 * number) for number in range(count)):
        if (platform, encoding) == (3, 10):
            (groups,) = struct.unpack_from(">L", cmap, start + 12)
            first, last, glyph = np.frombuffer(cmap, ">u4", 3 * groups, start + 16).reshape(-1, 3).T.astype(np.int64)
            lengths = last - first + 1
            steps = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
            return np.repeat(first, lengths) + steps, np.repeat(glyph, lengths) + steps
    raise MissingData("the Chinese font has no table of characters", "中文字体缺少字符表", file=font_file())
