"""Lines of text on a print sheet (layer 7): their look, their breaks, their size.

Lengths come from the font's own advances, so that lines are broken and labels placed
before anything is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise

from geo.exhibits.font import POINT, legible, width
from geo.exhibits.spec import Box

INK, SOFT, FAINT = "#1b1b1b", "#4a4a4a", "#868686"
_PAUSES = tuple("，；：、。,;:）")
_UNPUNCTUATED = 0.3  # cost of a break that is not at punctuation, in squares of the part of a line left empty
_LEADING = 1.32
_TOKENS = re.compile(r"[（《〔“(]*(?:[!-'*-~°′·–\u00a0]+|[^\s])[，。；：、）》〕”);,.:]*\s*|\s+")


@dataclass(frozen=True)
class Line:
    """A paragraph of one look; `gap` is the space before it in millimetres."""

    text: str
    size: float
    colour: str = INK
    bold: bool = False
    gap: float = 0.0

    @property
    def leading(self) -> float:
        """From one base line to the next in millimetres."""
        return self.size * POINT * _LEADING


def wrap(text: str, size: float, across: float, pattern: str | None = None) -> list[str]:
    """Break a text into as few lines as `across` millimetres allow, even ones and at punctuation.

    Chinese is broken between characters, never before closing punctuation; other
    text at blanks. With `pattern` only between its matches.
    """
    return list(_wrapped(text, size, across, pattern))


@lru_cache(maxsize=20_000)
def _wrapped(text: str, size: float, across: float, pattern: str | None) -> tuple[str, ...]:
    if pattern:
        tokens = re.findall(pattern, text)
    else:
        tokens = [piece for token in _TOKENS.findall(text) for piece in _pieces(token, size, across)]
    ends = list(accumulate((width(token, size) for token in tokens), initial=0.0))
    bare = [width(token.rstrip(), size) for token in tokens]
    if tokens and (ends[-2] + bare[-1]) / across <= 1.0:
        return ("".join(tokens).rstrip(),)
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]  # lines, cost, start of the last line, up to each token
    for end, token in enumerate(tokens):
        forced = 0.0 if end + 1 == len(tokens) or token.rstrip().endswith(_PAUSES) else _UNPUNCTUATED
        reach, least = bare[end], (len(tokens) + 1, 0.0, 0)
        for start in range(end, -1, -1):
            share = (ends[end] - ends[start] + reach) / across
            if share > 1.0 and start < end:
                break
            lines, cost, _ = best[start]
            if lines < least[0]:
                least = min(least, (lines + 1, cost + forced + max(1.0 - share, 0.0) ** 2, start))
        best.append(least)
    cuts = [len(tokens)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][2])
    return tuple("".join(tokens[start:end]).rstrip() for end, start in pairwise(cuts))[::-1]


def _pieces(token: str, size: float, across: float) -> Iterator[str]:
    """A token, cut where it is longer than a line."""
    start, used = 0, 0.0
    if width(token, size) > across:
        for number, mark in enumerate(token):
            step = width(mark, size)
            if used + step > across and number > start:
                yield token[start:number]
                start, used = number, 0.0
            used += step
    yield token[start:]


def shortened(text: str, size: float, across: float) -> str:
    """A user's text on one line of at most `across` millimetres, with an ellipsis where it is cut."""
    shown, used = legible(text), width("…", size)
    for number, mark in enumerate(shown):
        used += width(mark, size)
        if used > across:
            return shown if width(shown, size) <= across else shown[:number].rstrip() + "…"
    return shown


def shrunk(lines: Sequence[Line], factor: float) -> list[Line]:
    """Lines in another size."""
    return [replace(line, size=line.size * factor, gap=line.gap * factor) for line in lines]


def extent(lines: Sequence[Line]) -> tuple[float, float]:
    """Width and height of lines below one another in millimetres."""
    return max(width(line.text, line.size) for line in lines), sum(line.gap + line.leading for line in lines)


def footprint(lines: Sequence[Line]) -> list[Box]:
    """What each of some lines, centred below one another, covers around their middle."""
    boxes, y = [], extent(lines)[1] / 2
    for line in lines:
        half = width(line.text, line.size) / 2
        boxes.append((-half, y - line.gap - line.leading, half, y))
        y -= line.gap + line.leading
    return boxes
