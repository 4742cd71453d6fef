"""Widths of characters, beside those that a general reader of fonts finds."""

from __future__ import annotations

from fontTools.ttLib import TTFont

from geo.fonts import advances, font_file


def test_every_character_has_the_width_that_fonttools_reads() -> None:
    with TTFont(font_file()) as font:
        widths, unit = font["hmtx"], font["head"].unitsPerEm
        expected = {chr(code): widths[name][0] / unit for code, name in font.getBestCmap().items()}
    assert advances() == expected
