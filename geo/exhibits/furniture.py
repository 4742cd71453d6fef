"""What surrounds the map of a print sheet (layer 7): frame, title, legends, sources.

The scale bar is true on the ground at its place; the arrow shows true north, turned
from grid north by the convergence at the middle of the map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import shapely

from geo import crs
from geo.districts import Boundaries
from geo.exhibits.font import width
from geo.exhibits.ground import NEIGHBOUR, draw_doubt, fill_style, graticule, mark_style, outline_style
from geo.exhibits.pen import INK, SOFT, Line, Pen, shrunk
from geo.register import Register, clause_en, clause_zh
from geo.schema import BASIS_NAMES, FORCE_NAMES, Designation
from geo.symbology import Swatch, Symbology, Theme

_BAND = 4.6  # between the inner and the outer frame
_SWATCH = (9.5, 5.4)
_SEMI_MAJOR, _FLATTENING = 6378137.0, 298.257222101  # CGCS2000, metres and inverse


def frame(pen: Pen) -> None:
    """Draw the double frame, with the degrees of the graticule between its lines."""
    left, bottom, across, up = pen.sheet.frame
    for distance, weight in ((0.0, 0.5), (_BAND, 1.3)):
        edge = shapely.box(left - distance, bottom - distance, left + across + distance, bottom + up + distance)
        pen.area(edge, facecolor="none", edgecolor=INK, linewidth=weight, joinstyle="miter", zorder=8)
    west, south, _, _ = pen.sheet.ground
    for axis, degrees, line in graticule(pen):
        label = Line(_degrees(degrees, "E" if axis == "lon" else "N"), 6.0, SOFT)
        ends = (shapely.get_coordinates(line)[[0, -1]] - (west, south)) * 1000 / pen.sheet.scale + (left, bottom)
        for x, y in ends:
            out = -1 if (y < bottom + 1 if axis == "lon" else x < left + 1) else 1
            step = np.array((0.0, out) if axis == "lon" else (out, 0.0))
            pen.line([(x, y), np.array((x, y)) + 1.1 * step], color=INK, linewidth=0.4, zorder=8)
            at = np.array((x, y)) + (_BAND / 2 + 0.45) * step
            pen.text(float(at[0]), float(at[1]), label, ha="center", va="center", rotation=0 if axis == "lon" else 90)


def _degrees(value: float, side: str) -> str:
    """Degrees and minutes.

    >>> _degrees(114.2, "E"), _degrees(22.0, "N")
    ('114°12′E', '22°00′N')
    """
    whole, minutes = divmod(round(value * 60), 60)
    return f"{whole}°{minutes:02d}′{side}"


def title(pen: Pen, as_of: date, approval_number: str | None) -> None:
    """Write number and title over the map, and what kind of map it is at the right."""
    left, bottom, across, up = pen.sheet.frame
    right, top = left + across + _BAND, pen.sheet.size[1]
    number_zh, number_en = pen.sheet.number
    zh = f"{number_zh}  {pen.sheet.title_zh.format(as_of=as_of)}"
    en = f"{number_en}  {pen.sheet.title_en.format(as_of=as_of)}"
    middle, centre = (bottom + up + _BAND + top - 4) / 2, pen.sheet.size[0] / 2
    head = Line(en, 17, bold=True) if pen.lang == "en" else Line(zh, 19, bold=True)
    pen.text(centre, middle + (0.6 if pen.lang == "both" else -2.4), head, ha="center")
    if pen.lang == "both":
        pen.text(centre, middle - 6.2, Line(en, 10.5, SOFT), ha="center")
    pen.figure.set_label(pen.say(zh, en, " / "))
    kinds = [f"{word}{approval_number}" for word in pen.sheet.words["approval"]]
    zh, en = kinds if approval_number else pen.sheet.words["internal"]
    lines = pen.pair([Line(zh, 8.5, bold=True)], [Line(en, 6.6, SOFT)])
    size = max(width(line.text, line.size) for line in lines) + 6, sum(line.leading for line in lines) + 2.4
    at = right - size[0] / 2, bottom + up + _BAND + 2.2 + size[1] / 2
    pen.area(_around(at, size), facecolor="none", edgecolor=INK, linewidth=0.6, joinstyle="miter")
    pen.stack(at, lines, 0.0)


def _around(centre: tuple[float, float], size: tuple[float, float]) -> Any:
    (x, y), (across, up) = centre, size
    return shapely.box(x - across / 2, y - up / 2, x + across / 2, y + up / 2)


def scale_bar(pen: Pen) -> Any:
    """Draw numeric scale and scale bar; the room they take."""
    left, bottom = pen.sheet.places["scale_bar"]["at"]
    marks = [float(one) for one in pen.sheet.places["scale_bar"]["km"]]
    per_km = paper_mm_per_km(pen, (left, bottom), marks[-1])
    for number, (start, end) in enumerate(pairwise(marks)):
        part = shapely.box(left + start * per_km, bottom, left + end * per_km, bottom + 1.5)
        shade = INK if number % 2 == 0 else "white"
        pen.area(part, facecolor=shade, edgecolor=INK, linewidth=0.5, joinstyle="miter", zorder=6)
    for mark in marks:
        pen.text(left + mark * per_km, bottom + 2.5, Line(f"{mark:g}", 6.4), ha="center")
    right = left + marks[-1] * per_km
    pen.text(right + 2.6, bottom + 2.5, Line(pen.word("kilometre", " "), 6.4))
    numeric = f"1:{pen.sheet.scale:,}".replace(",", " ")
    pen.text((left + right) / 2, bottom + 6.6, Line(numeric, 9.5, bold=True), ha="center")
    return shapely.box(left - 2, bottom - 1.5, right + 16, bottom + 10.5)


def paper_mm_per_km(pen: Pen, start: tuple[float, float], length: float) -> float:
    """Millimetres on the sheet, eastwards from `start`, that are one kilometre on the ground."""
    from pyproj import Geod

    west, south, _, _ = pen.sheet.ground
    x = west + (start[0] - pen.sheet.frame[0]) * pen.sheet.scale / 1000
    y = south + (start[1] - pen.sheet.frame[1]) * pen.sheet.scale / 1000
    ends = shapely.get_coordinates(crs.unproject(shapely.LineString([(x, y), (x + length * 1000, y)])))
    _, _, ground = Geod(a=_SEMI_MAJOR, rf=_FLATTENING).inv(*ends[0], *ends[1])
    return 1e6 / pen.sheet.scale * (length * 1000 / float(ground))


def convergence(pen: Pen) -> float:
    """Degrees by which grid north lies east of true north at the middle of the map."""
    from pyproj import Proj

    return float(Proj(crs.PROJECTED).get_factors(*pen.sheet.centre).meridian_convergence)


def north_arrow(pen: Pen) -> Any:
    """Draw the arrow to true north with the grid convergence; the room they take."""
    x, y = pen.sheet.places["north"]["at"]
    gamma = convergence(pen)
    turn = np.radians(gamma)
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    tip, left, notch, right = np.array([(0, 8), (-3, -6), (0, -3.4), (3, -6)]) @ spin + (x, y)
    pen.area(shapely.Polygon([tip, left, notch]), facecolor=INK, edgecolor=INK, linewidth=0.5, zorder=6)
    pen.area(shapely.Polygon([tip, notch, right]), facecolor="white", edgecolor=INK, linewidth=0.5, zorder=6)
    pen.text(tip[0], tip[1] + 1.2, Line(pen.word("north", " "), 9, bold=True), ha="center")
    whole, minutes = divmod(round(abs(gamma) * 60), 60)
    value = f"{'+' if gamma >= 0 else '-'}{whole}°{minutes:02d}′"
    zh, en = pen.sheet.words["convergence"]
    lines = pen.pair([Line(f"{zh} {value}", 5.8, SOFT)], [Line(f"{en} {value}", 5.4, SOFT)])
    beside = pen.sheet.places["north"]["note"]
    bottom = pen.flow(beside[0], beside[1], 60, lines, halo=1.4)
    across = max(width(line.text, line.size) for line in lines)
    note = shapely.box(beside[0] - 1, bottom, beside[0] + across + 1, beside[1])
    return note | shapely.box(x - 6, y - 7, x + 6, y + 14)


def panel(
    pen: Pen, theme: Theme, boundaries: Boundaries, symbology: Symbology, matches: Sequence[str], notes: Sequence[Line]
) -> Any:
    """Draw the legend of lines and symbols, of what the sheet holds; the room it takes."""
    place = pen.sheet.places["panel"]
    across, right = place["width"] - 6, place["right"]
    rows = [[one] for one in _symbols(pen, theme, boundaries, symbology)]
    marks = [("mark", mark_style(one), (one.zh, one.en)) for one in symbology.match_classes() if one.id in matches]
    rows_of_marks = [marks[start : start + 2] for start in range(0, len(marks), 2)]
    head, sub = Line(pen.word("panel"), 7.6, bold=True), Line(pen.word("sites"), 6.6, bold=True, gap=0.6)
    heights = [max(_row(pen, symbology, row, 0, 0, across, write=False), 4.4) + 0.9 for row in (*rows, *rows_of_marks)]
    above = sub.leading + sub.gap + 0.6 if marks else 0.0
    ending = -pen.flow(0, 0, across, notes, write=False)
    top = place["bottom"] + head.leading + 4.0 + sum(heights) + above + ending
    box = shapely.box(right - place["width"], place["bottom"], right, top)
    pen.area(box, facecolor="white", edgecolor=INK, linewidth=0.5, joinstyle="miter", zorder=4.2)
    left = right - place["width"] + 3
    y = pen.flow(left, top - 1.6, across, [head]) - 1.0
    for number, (row, height) in enumerate(zip((*rows, *rows_of_marks), heights, strict=True)):
        if number == len(rows):
            y = pen.flow(left, y, across, [sub]) - 0.6
        _row(pen, symbology, row, left, y - height / 2, across)
        y -= height
    pen.flow(left, y, across, notes)
    return shapely.buffer(box, 1.0)


_Symbol = tuple[str, dict[str, Any], tuple[str, str]]  # kind, style, words


def _row(
    pen: Pen, symbology: Symbology, row: Sequence[_Symbol], left: float, y: float, across: float, *, write: bool = True
) -> float:
    """One row of symbols with their words, around `y`: a whole one, or two marks; its height."""
    tallest = 0.0
    for number, (kind, style, (zh, en)) in enumerate(row):
        room, step = (4.5, across / 2) if kind == "mark" else (_SWATCH[0] + 3.5, across)
        text, x = pen.pair([Line(zh, 6.4)], [Line(en, 5.6, SOFT)]), left + number * step
        height = -pen.flow(0, 0, step - room - 0.5, text, write=False)
        tallest = max(tallest, height)
        if write:
            _sample(pen, symbology, kind, style, (x + (1.5 if kind == "mark" else _SWATCH[0] / 2), y))
            pen.flow(x + room, y + height / 2, step - room - 0.5, text)
    return tallest


def _symbols(pen: Pen, theme: Theme, boundaries: Boundaries, symbology: Symbology) -> list[_Symbol]:
    """Patterns and lines that the sheet holds."""
    words = pen.sheet.words
    on_sheet = {theme.by_place[one] for one in boundaries.ids}
    lapsed = next((one for one in theme.classes if one.hatch and one.id in on_sheet), None)
    rows: list[_Symbol] = []
    if lapsed:
        rows.append(("area", fill_style(replace(lapsed, colour="#9a9a9a")), words["lapsed"]))
    rows.append(("line", outline_style(symbology), words["district"]))
    if boundaries.approximate:
        rows.append(("line", outline_style(symbology, approximate=True), words["approximate"]))
    if boundaries.uncertain is not None:
        rows.append(("doubt", {}, words["uncertain"]))
    return [*rows, ("line", {"edgecolor": NEIGHBOUR, "linewidth": 0.6}, words["neighbour"])]


def _sample(pen: Pen, symbology: Symbology, kind: str, style: dict[str, Any], centre: tuple[float, float]) -> None:
    x, y = centre
    half = _SWATCH[0] / 2
    if kind == "area":
        pen.area(_around(centre, (_SWATCH[0], 4.0)), zorder=6, **style)
    elif kind == "doubt":
        draw_doubt(pen, _around(centre, (_SWATCH[0], 4.0)), symbology, zorder=6)
    elif kind == "line":
        plain = {"color": style["edgecolor"], "linewidth": style["linewidth"], "linestyle": style.get("linestyle", "-")}
        pen.line([(x - half, y), (x + half, y)], zorder=6, **plain)
    else:
        pen.line([(x, y)], zorder=6, **style)


def legend(
    pen: Pen, theme: Theme, boundaries: Boundaries, register: Register, symbology: Symbology, as_of: date
) -> None:
    """Write the legend of roles in columns, as large as the room allows."""
    place = pen.sheet.places["legend"]
    y = pen.flow(place["left"], place["top"], place["width"], [Line(pen.word("legend"), 8.6, bold=True)]) - 1.2
    entries = []
    for swatch in theme.classes:
        held = [one for one in boundaries.ids if theme.by_place[one] == swatch.id]
        if held:
            entries.append((swatch, _entry(pen, swatch, held, theme, register, as_of)))
    across = place["width"] / place["columns"]
    inner = across - _SWATCH[0] - 5.5
    for shrink in np.arange(1.24, 0.6, -0.04):
        sized = [(swatch, shrunk(lines, float(shrink))) for swatch, lines in entries]
        heights = [max(-pen.flow(0, 0, inner, lines, write=False), _SWATCH[1]) + 2.2 * shrink for _, lines in sized]
        cuts = _columns(heights, place["columns"])
        if _tallest(heights, cuts) <= y - place["bottom"]:
            break
    for column, (start, end) in enumerate(cuts):
        left, down = place["left"] + column * across, y
        spare = (y - place["bottom"] - sum(heights[start:end])) / max(end - start, 1)
        for (swatch, lines), height in zip(sized[start:end], heights[start:end], strict=True):
            box = shapely.box(left, down - 0.5 - _SWATCH[1], left + _SWATCH[0], down - 0.5)
            pen.area(box, **fill_style(swatch))
            pen.area(box, facecolor="none", joinstyle="miter", **{**outline_style(symbology), "linewidth": 0.5})
            pen.flow(left + _SWATCH[0] + 2.5, down, inner, lines)
            down -= height + min(spare, 2.0)


def _columns(heights: Sequence[float], count: int) -> list[tuple[int, int]]:
    """Cut a run of entries into columns so that the tallest is as low as can be.

    >>> _columns([1, 1, 1, 3], 2)
    [(0, 3), (3, 4)]
    """
    splits = combinations(range(len(heights) + 1), count - 1)
    cuts = [list(zip((0, *split), (*split, len(heights)), strict=True)) for split in splits]
    fullest = [[-end for _, end in cut] for cut in cuts]  # of equals the one that fills the first columns
    return min(zip(cuts, fullest, strict=True), key=lambda one: (_tallest(heights, one[0]), one[1]))[0]


def _tallest(heights: Sequence[float], cuts: Sequence[tuple[int, int]]) -> float:
    return max(sum(heights[start:end]) for start, end in cuts)


def _entry(pen: Pen, swatch: Swatch, held: Sequence[str], theme: Theme, register: Register, as_of: date) -> list[Line]:
    """One class: its roles, districts, and each document with clause, force and end."""
    shown = list(dict.fromkeys(designation for one in held for designation in theme.shown[one]))
    zh = "、".join(dict.fromkeys(one.role_zh for one in shown)) or swatch.zh
    en = "; ".join(dict.fromkeys(one.role_en for one in shown)) or swatch.en
    cited = [_citation(register, one, as_of) for one in shown]
    who = [_district(pen, register, one, shown) for one in held]
    who_zh, who_en = "、".join(one for one, _ in who), ", ".join(one for _, one in who)
    cite_zh, cite_en = ("；".join(dict.fromkeys(c for c, _ in cited)), "; ".join(dict.fromkeys(c for _, c in cited)))
    if pen.lang == "both":
        return [
            Line(zh, 7.2, bold=True),
            Line(en, 6.0),
            Line(who_zh + (f"：{cite_zh}" if cite_zh else ""), 5.8, SOFT),
            Line(who_en + (f": {cite_en}" if cite_en else ""), 5.4, SOFT),
        ]
    head, said, place = (zh, cite_zh, who_zh) if pen.lang == "zh" else (en, cite_en, who_en)
    return [Line(head, 7.8, bold=True), Line(place, 6.6), *([Line(said, 6.4, SOFT)] if said else [])]


def _district(pen: Pen, register: Register, one: str, shown: Sequence[Designation]) -> tuple[str, str]:
    """Name of a district, with the one it was part of when the document began."""
    place = register.places[one]
    former = next((old for each in shown if (old := register.former_place(one, each.instrument))), None)
    if former is None:
        return place.zh, place.en
    zh, en = pen.sheet.words["then"]
    return f"{place.zh}（{zh}{former.zh}）", f"{place.en} ({en} {former.en})"


def _citation(register: Register, one: Designation, as_of: date) -> tuple[str, str]:
    """Document, clause, force and last day of a designation."""
    instrument, span = register.instruments[one.instrument], register.validity(one.instrument)
    zh, en = FORCE_NAMES[register.force(one.instrument, as_of)]
    if span.to is not None:
        basis = BASIS_NAMES["interpreted"] if span.to_basis == "interpreted" else ("", "")
        zh += f"（至{span.to}{basis[0] and '，'}{basis[0]}）"
        en += f" (to {span.to}{basis[1] and ', '}{basis[1]})"
    numbers = (one.part, one.clause, one.item)
    return (
        f"{instrument.short_zh}{clause_zh(*numbers)}，{zh}",
        f"{instrument.short_en}, {clause_en(*numbers)}, {en}",
    )
