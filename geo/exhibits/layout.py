"""Where everything of a sheet stands (layer 7), from the paper and from what it must hold.

From top to bottom: title, map, and a foot with the legend and the sources. A column of
blocks stands beside the map, on upright paper below it in two halves; an upright picture
without a title has none, for the text around it tells the same. The foot is as high as
its text needs, the map takes what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Protocol, runtime_checkable

from geo.errors import GeoError
from geo.exhibits.furniture import BAND
from geo.exhibits.lettering import FAINT
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Block
from geo.exhibits.spec import Box

# Factors of the size of text, each with how much of the paper's height the foot may take with it.
_FACTORS = {1.25: 0.235, 1.15: 0.235, 1.08: 0.24, 1.0: 0.28, 0.95: 0.31, 0.9: 0.36, 0.85: 0.45}
_UPRIGHT = {1.15: 0.24, 1.08: 0.27, 1.0: 0.33, 0.95: 0.38, 0.9: 0.44, 0.85: 0.5, 0.8: 0.55}
_SMALLER = (0.95, 0.9, 0.85, 0.8)  # in a column that is full
_SHARES = (0.5, 0.55, 0.6, 0.65, 0.7)  # of the legend in the width of the foot
_SIDES = (0.36, 0.42, 0.48)  # of the width, for the column beside the map
_BELOW = 0.34  # of the height, for the blocks below an upright map
_GAP = 6.0


@runtime_checkable
class Shortenable(Protocol):
    """A block that can do with less height, and says how much it leaves out."""

    def shortened(self, pen: Pen, across: float, factor: float, most: float) -> Block:
        """As much of it as fits into `most` millimetres, or as little as it can be."""


@dataclass(frozen=True)
class Column:
    """Blocks below one another in a room."""

    room: Box
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Layout:
    """Rooms of a sheet, each left, bottom, width and height in millimetres.

    Attributes
    ----------
    title : tuple of float, optional
        Room of the title, none if the sheet has no title of its own.
    frame : tuple of float
        The map inside its double frame.
    legend, imprint : tuple of float
        The two rooms of the foot.
    side : tuple of Column
        The column beside the map, or the two below it.
    factor, side_factor : float
        Of the size of text in the foot and in the columns.
    """

    title: Box | None
    frame: Box
    legend: Box
    imprint: Box
    side: tuple[Column, ...]
    factor: float
    side_factor: float


def solve(
    pen: Pen, legend: Block, imprint: Block, side: Sequence[Block], *, titled: bool, largest: float = 2.0
) -> Layout:
    """Find the rooms; text in the foot is no larger than `largest` times its size.

    Raises
    ------
    GeoError
        If the text does not fit at the smallest size.
    """
    wide, high = pen.size
    upright = high > wide
    margin = 5.0 + wide / 140
    head = (9.0 + high / 26 if pen.lang == "both" else 7.0 + high / 32) if titled else 0.0
    across = wide - 2 * margin
    factor, legend_room, imprint_room, foot = _foot(pen, legend, imprint, (margin, margin, across), largest)
    bottom, height = margin + foot + 4, high - 2 * margin - head - foot - 4
    columns: tuple[Column, ...] = ()
    side_factor = 1.0
    left, body = margin, (across, height)
    if side and not upright:
        beside, side_factor, blocks = _fitted(pen, side, [share * across for share in _SIDES], height)
        room = (wide - margin - beside, bottom, beside, height)
        columns, body = (Column(room, blocks),), (across - room[2] - _GAP, height)
    elif side and titled:
        side_factor, columns = _below(pen, side, (margin, bottom, across, _BELOW * high))
        taken = max(column.room[3] for column in columns) + 4
        bottom, body = bottom + taken, (across, height - taken)
    return Layout(
        (margin, high - margin - head + 2, across, head - 2) if titled else None,
        (left + BAND, bottom + BAND, body[0] - 2 * BAND, body[1] - 2 * BAND),
        legend_room,
        imprint_room,
        columns,
        factor,
        side_factor,
    )


def _foot(
    pen: Pen, legend: Block, imprint: Block, at: tuple[float, float, float], largest: float
) -> tuple[float, Box, Box, float]:
    """Factor of the text, rooms of legend and sources, height: the largest text that fits.

    The two stand side by side; on upright paper above one another if that is lower.
    """
    left, bottom, across = at
    upright = pen.size[1] > pen.size[0]
    for factor, most in (_UPRIGHT if upright else _FACTORS).items():
        if factor > largest:
            continue
        heights = {
            share: max(
                legend.height(pen, share * across - _GAP, factor), imprint.height(pen, (1 - share) * across, factor)
            )
            for share in _SHARES
        }
        share = min(heights, key=lambda one: heights[one])
        below = imprint.height(pen, across, factor)
        whole = legend.height(pen, across, factor) + 2 + below
        if upright and whole < heights[share] and whole <= most * pen.size[1]:
            return (
                factor,
                (left, bottom + below + 2, across, whole - below - 2),
                (left, bottom, across, below),
                whole,
            )
        if heights[share] <= most * pen.size[1]:
            foot = heights[share]
            beside = (left + share * across, bottom, (1 - share) * across, foot)
            return factor, (left, bottom, share * across - _GAP, foot), beside, foot
    raise too_full()


def _below(pen: Pen, side: Sequence[Block], room: Box) -> tuple[float, tuple[Column, ...]]:
    """Two columns below the map, cut so that the higher is as low as can be."""
    left, bottom, across, most = room
    half = (across - _GAP) / 2
    heights = [one.height(pen, half, 1.0) for one in side]
    cut = min(range(1, len(side) + 1), key=lambda number: max(sum(heights[:number]), sum(heights[number:])))
    halves = [part for part in (side[:cut], side[cut:]) if part]
    factor = min(_fitted(pen, part, [half], most)[1] for part in halves)
    blocks = [_cut(pen, part, half, factor, most) or tuple(part) for part in halves]
    high = max(_stacked(pen, part, half, factor) for part in blocks)
    return factor, tuple(
        Column((left + number * (half + _GAP), bottom, half, high), part) for number, part in enumerate(blocks)
    )


def _fitted(
    pen: Pen, side: Sequence[Block], widths: Sequence[float], most: float
) -> tuple[float, float, tuple[Block, ...]]:
    """Width, factor of the text and the blocks: whole if they fit in any way, else the last ones shortened."""
    usual = [one for one in _FACTORS if one >= 1.0]
    for across, factor in [*product(widths, usual), *((one, factor) for factor, one in product(_SMALLER, widths))]:
        if _stacked(pen, side, across, factor) <= most:
            return across, factor, tuple(side)
    for factor, across in product((1.0, *_SMALLER), widths):
        blocks = _cut(pen, side, across, factor, most)
        if blocks is not None:
            return across, factor, blocks
    raise too_full()


def _cut(pen: Pen, side: Sequence[Block], across: float, factor: float, most: float) -> tuple[Block, ...] | None:
    """The blocks, from the last on shortened until all fit; None if they cannot."""
    blocks = list(side)
    for number in reversed(range(len(blocks))):
        over, one = _stacked(pen, blocks, across, factor) - most, blocks[number]
        if over > 0 and isinstance(one, Shortenable):
            blocks[number] = one.shortened(pen, across, factor, one.height(pen, across, factor) - over)
    return tuple(blocks) if _stacked(pen, blocks, across, factor) <= most else None


def _stacked(pen: Pen, blocks: Sequence[Block], across: float, factor: float) -> float:
    return sum(one.height(pen, across, factor) + _GAP * factor for one in blocks) - _GAP * factor


def too_full() -> GeoError:
    """What is raised when the text does not fit at the smallest size."""
    return GeoError(
        "the texts of the sheet do not fit on its paper",
        "图件文字在该纸张上放不下",
        remedy_en="take a larger paper with --paper A3, or one language with --lang",
        remedy_zh="请用 --paper A3 选更大的纸张，或用 --lang 只出一种语言",
    )


def body(layout: Layout) -> Box:
    """The room of the map with its frame."""
    left, bottom, across, up = layout.frame
    return left - BAND, bottom - BAND, across + 2 * BAND, up + 2 * BAND


def write_side(pen: Pen, layout: Layout) -> None:
    """Write the columns beside or below the map."""
    for column in layout.side:
        left, bottom, across, up = column.room
        y = bottom + up
        for block in column.blocks:
            y = block.write(pen, left, y, across, layout.side_factor) - _GAP * layout.side_factor


def write_foot(pen: Pen, layout: Layout, legend: Block, imprint: Block) -> None:
    """Write the legend and the sources with a rule between them."""
    left, bottom, across, up = layout.legend
    legend.write(pen, left, bottom + up, across, layout.factor)
    left, bottom, across, up = layout.imprint
    ends = [(left - _GAP / 2, bottom), (left - _GAP / 2, bottom + up)]
    if left == layout.legend[0]:
        ends = [(left, bottom + up + 1), (left + across, bottom + up + 1)]
    pen.line(ends, color=FAINT, linewidth=0.4)
    imprint.write(pen, left, bottom + up, across, layout.factor)
