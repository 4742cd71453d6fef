"""What makes a picture a map (layer 7): frame, title, scale bar, north arrow, status.

The scale bar is true on the ground at its place; the arrow shows true north, turned
from grid north by the convergence at the middle of the map.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from geo import crs
from geo.exhibits.ground import graticule
from geo.exhibits.lettering import INK, SOFT, Line, extent
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Pair
from geo.exhibits.spec import Box
from geo.exhibits.view import View

Size = tuple[float, float]
BAND = 4.6  # between the inner and the outer frame
_SEMI_MAJOR, _FLATTENING = 6378137.0, 298.257222101  # CGCS2000, metres and inverse
_STEPS_M = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
_BAR, _BAR_SHARE = 58.0, 0.27  # about how long a scale bar is, millimetres, and of the width of its map at most


def draw_frame(pen: Pen, view: View) -> None:
    """Draw the double frame, with the degrees of the graticule between its lines."""
    left, bottom, across, up = view.frame
    for distance, weight in ((0.0, 0.5), (BAND, 1.3)):
        edge = shapely.box(left - distance, bottom - distance, left + across + distance, bottom + up + distance)
        pen.area(edge, facecolor="none", edgecolor=INK, linewidth=weight, joinstyle="miter", zorder=8)
    for axis, value, line in graticule(view):
        label = Line(degrees(value, "E" if axis == "lon" else "N"), 6.0, SOFT)
        half = extent([label])[0] / 2
        for x, y in shapely.get_coordinates(view.from_ground(line))[[0, -1]]:
            lies_on = (
                min(abs(y - bottom), abs(y - bottom - up))
                if axis == "lon"
                else min(abs(x - left), abs(x - left - across))
            )
            if lies_on > 0.01:
                continue  # a line that leaves by another side has its degrees there already
            out = -1 if (y < bottom + 1 if axis == "lon" else x < left + 1) else 1
            step = np.array((0.0, out) if axis == "lon" else (out, 0.0))
            pen.line([(x, y), np.array((x, y)) + 1.1 * step], color=INK, linewidth=0.4, zorder=8)
            at = np.array((x, y)) + (BAND / 2 + 0.45) * step
            along, low, high = (at[0], left, left + across) if axis == "lon" else (at[1], bottom, bottom + up)
            over = BAND if axis == "lon" else 0.0  # only one of the two may reach into a corner
            if low + half - over < along < high - half + over:
                pen.text(
                    float(at[0]), float(at[1]), label, ha="center", va="center", rotation=0 if axis == "lon" else 90
                )


def degrees(value: float, side: str) -> str:
    """Degrees, minutes, and seconds if there are any.

    >>> degrees(114.2, "E"), degrees(22.0, "N"), degrees(113.875 + 1 / 120, "E")
    ('114°12′E', '22°00′N', '113°53′E')
    >>> degrees(113.875, "E")
    '113°52′30″E'
    """
    minutes, seconds = divmod(round(value * 3600), 60)
    whole, minutes = divmod(minutes, 60)
    return f"{whole}°{minutes:02d}′{f'{seconds:02d}″' if seconds else ''}{side}"


def draw_title(pen: Pen, title: Pair, number: str | None, room: Box) -> None:
    """Write number and title in the middle of a room (left, bottom, width, height)."""
    left, bottom, across, up = room
    zh, en = title
    if number is not None:
        words = pen.style.words["number"]
        zh, en = f"{words[0].format(number=number)}  {zh}", f"{words[1].format(number=number)}  {en}"
    lines = pen.pair([Line(zh, 19, bold=True)], [Line(en, 17, bold=True) if pen.lang == "en" else Line(en, 10.5, SOFT)])
    factor = min(1.0, across / extent(lines)[0], up / extent(lines)[1])
    sized = [Line(one.text, one.size * factor, one.colour, one.bold) for one in lines]
    pen.stack((left + across / 2, bottom + up / 2), sized, 0.0)


def status_size(pen: Pen, approval_number: str | None, *, sample: bool = False, chart: bool = False) -> Size:
    """Width and height of the box that tells what kind of map or chart it is."""
    across, up = extent(_status(pen, approval_number, sample=sample, chart=chart))
    return across + 6, up + 2.4


def draw_status(
    pen: Pen, approval_number: str | None, corner: tuple[float, float], *, sample: bool = False, chart: bool = False
) -> Any:
    """Write what kind of map or chart it is in a box of its lower left `corner`; the room it takes."""
    across, up = status_size(pen, approval_number, sample=sample, chart=chart)
    box = shapely.box(corner[0], corner[1], corner[0] + across, corner[1] + up)
    pen.area(box, facecolor="white", edgecolor=INK, linewidth=0.6, joinstyle="miter", zorder=4.2)
    lines = _status(pen, approval_number, sample=sample, chart=chart)
    pen.stack((corner[0] + across / 2, corner[1] + up / 2), lines, 0.0)
    return box


def _status(pen: Pen, approval_number: str | None, *, sample: bool, chart: bool) -> list[Line]:
    """The lines of the box; an approval number is that of a map."""
    zh, en = pen.style.words["internal_chart" if chart else "internal"]
    if approval_number and not chart:
        words = pen.style.words["approval"]
        zh, en = f"{words[0]}{approval_number}", f"{words[1]}{approval_number}"
    lines = pen.pair([Line(zh, 8.5, bold=True)], [Line(en, 6.6, SOFT)])
    if sample:
        zh, en = pen.style.words["sample"]
        lines += pen.pair([Line(zh, 6.4)], [Line(en, 5.8)])
    return lines


def bar_size(pen: Pen, view: View) -> tuple[float, float]:
    """Width and height of numeric scale and scale bar."""
    marks, _ = _bar_marks(view)
    return marks[-1] * 1000 / view.scale + 17, 13.0


def _bar_marks(view: View) -> tuple[list[int], bool]:
    """Metres at the marks of a scale bar, and whether they are told in kilometres."""
    wanted = min(_BAR, _BAR_SHARE * view.frame[2])
    step = min(_STEPS_M, key=lambda one: abs(3 * one * 1000 / view.scale - wanted))
    return [0, step, 2 * step, 3 * step], step >= 1000


def draw_scale_bar(pen: Pen, view: View, corner: tuple[float, float]) -> None:
    """Draw numeric scale and scale bar in a room of lower left `corner`."""
    left, bottom = corner[0] + 3, corner[1] + 2
    metres, in_km = _bar_marks(view)
    per_metre = paper_mm_per_km(view, (left, bottom), metres[-1] / 1000) / 1000
    for number, (start, end) in enumerate(pairwise(metres)):
        part = shapely.box(left + start * per_metre, bottom, left + end * per_metre, bottom + 1.5)
        shade = INK if number % 2 == 0 else "white"
        pen.area(part, facecolor=shade, edgecolor=INK, linewidth=0.5, joinstyle="miter", zorder=6, gid="scale-bar")
    for mark in metres:
        text = f"{mark / 1000 if in_km else mark:g}"
        pen.text(left + mark * per_metre, bottom + 2.5, Line(text, 6.4), halo=1.6, ha="center")
    right = left + metres[-1] * per_metre
    pen.text(right + 2.6, bottom + 2.5, Line(pen.word("kilometre" if in_km else "metre", " "), 6.4), halo=1.6)
    pen.text((left + right) / 2, bottom + 6.6, Line(view.numeric, 9.5, bold=True), halo=1.8, ha="center")


def paper_mm_per_km(view: View, start: tuple[float, float], length: float) -> float:
    """Millimetres on the sheet, eastwards from `start`, that are one kilometre on the ground."""
    west, south, _, _ = view.ground
    x = west + (start[0] - view.frame[0]) * view.scale / 1000
    y = south + (start[1] - view.frame[1]) * view.scale / 1000
    ends = shapely.get_coordinates(crs.unproject(shapely.LineString([(x, y), (x + length * 1000, y)])))
    return 1e6 / view.scale * (length * 1000 / geodesic_m(ends))


def geodesic_m(ends: Any) -> float:
    """Metres between two positions in degrees on the ellipsoid of CGCS2000."""
    from pyproj import Geod

    return float(Geod(a=_SEMI_MAJOR, rf=_FLATTENING).inv(*ends[0], *ends[1])[2])


def convergence(view: View) -> float:
    """Degrees by which grid north lies east of true north at the middle of a map."""
    from pyproj import Proj

    return float(Proj(crs.PROJECTED).get_factors(*view.centre).meridian_convergence)


def _north_note(pen: Pen, gamma: float) -> list[Line]:
    whole, minutes = divmod(round(abs(gamma) * 60), 60)
    value = f"{'-' if gamma < 0 and (whole or minutes) else '+'}{whole}°{minutes:02d}′"
    zh, en = pen.style.words["convergence"]
    return pen.pair([Line(f"{zh} {value}", 5.8, SOFT)], [Line(f"{en} {value}", 5.4, SOFT)])


def arrow_size(pen: Pen, view: View) -> tuple[float, float]:
    """Width and height of the north arrow with its note."""
    across, up = extent(_north_note(pen, convergence(view)))
    return across + 2, up + 22


def draw_north_arrow(pen: Pen, view: View, corner: tuple[float, float]) -> None:
    """Draw the arrow to true north with the grid convergence in a room of lower left `corner`."""
    gamma = convergence(view)
    note = _north_note(pen, gamma)
    across, up = extent(note)
    x, y = corner[0] + 1 + across / 2, corner[1] + up + 8
    turn = np.radians(gamma)
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    tip, left, notch, right = np.array([(0, 8), (-3, -6), (0, -3.4), (3, -6)]) @ spin + (x, y)
    pen.area(shapely.Polygon([tip, left, notch]), facecolor=INK, edgecolor=INK, linewidth=0.5, zorder=6, gid="north")
    pen.area(shapely.Polygon([tip, notch, right]), facecolor="white", edgecolor=INK, linewidth=0.5, zorder=6)
    pen.text(tip[0], tip[1] + 1.2, Line(pen.word("north", " "), 9, bold=True), halo=1.8, ha="center")
    pen.stack((x, corner[1] + up / 2), note, 1.4)
