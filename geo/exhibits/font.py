"""The font of print sheets (layer 7): its file, its characters, a copy for PDF.

The font ships with CFF outlines, which readers refuse in a PDF font of type 42.
So a PDF gets a copy, with TrueType outlines, of the glyphs that the sheet uses.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from geo.errors import GeoError, MissingData

POINT = 25.4 / 72  # millimetres
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
def _advances() -> dict[str, float]:
    """Advance of each character that the font has, in parts of the size."""
    from fontTools.ttLib import TTFont

    with TTFont(font_file()) as font:
        widths, unit = font["hmtx"], font["head"].unitsPerEm
        return {chr(code): widths[name][0] / unit for code, name in font.getBestCmap().items()}


def width(text: str, size: float) -> float:
    """Length of a text in millimetres at `size` points.

    Raises
    ------
    GeoError
        If the font lacks a character.
    """
    advances = _advances()
    for mark in text:
        if mark not in advances:
            raise GeoError(
                f"the font has no glyph for {mark!r} (U+{ord(mark):04X})",
                f"字体缺少字符 {mark!r}（U+{ord(mark):04X}）",
                value=text,
                remedy_en="replace the character in the text that is drawn",
                remedy_zh="请替换所绘文字中的该字符",
            )
    return sum(advances[mark] for mark in text) * size * POINT


def properties(path: Path, size: float) -> Any:
    """The font at a size, for matplotlib."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(path), size=size)


@contextmanager
def truetype_texts(figure: Any) -> Iterator[None]:
    """Set the texts of a figure in a TrueType copy of the font for the time being."""
    from matplotlib.text import Text

    texts = figure.findobj(Text)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "sheet.ttf"
        _write_truetype("".join(sorted({mark for one in texts for mark in one.get_text()})), copy)
        for one in texts:
            one.set_fontproperties(properties(copy, one.get_size()))
        try:
            yield
        finally:
            for one in texts:
                one.set_fontproperties(properties(font_file(), one.get_size()))


def _write_truetype(characters: str, target: Path) -> None:
    """Write the glyphs of `characters` with quadratic outlines, within half a unit in 1000."""
    from fontTools import subset
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont, newTable

    with TTFont(font_file(), recalcTimestamp=False) as font:
        chosen = subset.Subsetter(subset.Options(hinting=False, notdef_outline=True))
        chosen.populate(text=characters)
        chosen.subset(font)
        order, outlines, glyphs = font.getGlyphOrder(), font.getGlyphSet(), {}
        for name in order:
            glyph = TTGlyphPen(None)
            outlines[name].draw(Cu2QuPen(glyph, max_err=0.5, reverse_direction=True))
            glyphs[name] = glyph.glyph()
        font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
        font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
        limits = "Zones TwilightPoints Storage FunctionDefs InstructionDefs StackElements SizeOfInstructions"
        font["maxp"].tableVersion = 0x00010000
        for limit in (*limits.split(), "ComponentElements"):
            setattr(font["maxp"], f"max{limit}", int(limit == "Zones"))
        font["post"].formatType = 3.0
        for table in {"CFF ", "VORG"} & set(font.keys()):
            del font[table]
        font.sfntVersion = "\x00\x01\x00\x00"
        font.save(target)
