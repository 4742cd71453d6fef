"""The font of print sheets (layer 7): its file, its characters, a copy for PDF.

The font ships with CFF outlines, which readers refuse in a PDF font of type 42.
So a PDF gets a copy, with TrueType outlines, of the glyphs that the sheet uses.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo.errors import GeoError
from geo.fonts import advances, font_file

POINT = 25.4 / 72  # millimetres
_FAMILIES = ("Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei")  # what an SVG names


def width(text: str, size: float) -> float:
    """Length of a text in millimetres at `size` points.

    Raises
    ------
    GeoError
        If the font lacks a character.
    """
    return _advance(text) * size * POINT


@lru_cache(maxsize=20_000)
def _advance(text: str) -> float:
    """Length of a text in parts of the size."""
    known = advances()
    try:
        return sum([known[mark] for mark in text])
    except KeyError as error:
        mark = error.args[0]
        raise GeoError(
            f"the font has no glyph for {mark!r} (U+{ord(mark):04X})",
            f"字体缺少字符 {mark!r}（U+{ord(mark):04X}）",
            value=text,
            remedy_en="replace the character in the text that is drawn",
            remedy_zh="请替换所绘文字中的该字符",
        ) from error


def legible(text: str) -> str:
    """A user's text as the font can show it: on one line, with □ for what the font lacks.

    >>> legible("甲  😀 $x$")
    '甲 □ $x$'
    """
    known = advances()
    return "".join(mark if mark in known else "□" for mark in " ".join(text.split()))


def properties(path: Path, size: float) -> Any:
    """The font at a size, for matplotlib."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(path), family=list(_FAMILIES), size=size)


def embed_font(figure: Any, path: Path) -> None:
    """Put the characters of a figure's texts into its SVG file, so that a text stays a text and looks the same."""
    import base64
    from io import BytesIO

    from fontTools import subset
    from fontTools.ttLib import TTFont
    from matplotlib.text import Text

    with TTFont(font_file(), recalcTimestamp=False) as font:
        chosen = subset.Subsetter(subset.Options(hinting=False))
        chosen.populate(text="".join(sorted({mark for one in figure.findobj(Text) for mark in one.get_text()})))
        chosen.subset(font)
        font.flavor = "woff"
        held = BytesIO()
        font.save(held)
        family = str(font["name"].getDebugName(1))
    data = base64.b64encode(held.getvalue()).decode("ascii")
    face = f"@font-face{{font-family:'{family}';src:url(data:font/woff;base64,{data}) format('woff')}}"
    drawn = path.read_text(encoding="utf-8")
    path.write_text(drawn.replace("<defs>", f"<defs>\n  <style>{face}</style>", 1), encoding="utf-8", newline="\n")


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
