"""The ground of a map (layer 7): sea, land, districts, graticule, sites, and how each is drawn.

A legend takes the same styles, so that it cannot disagree with the map.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs
from geo.districts import Boundaries
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Mark
from geo.exhibits.view import View
from geo.symbology import Swatch, Symbology, Theme

MANY = 150  # sites on a map above which symbols are smaller, and lie below the names
NEIGHBOUR = "#a9a49a"  # outlines outside the city
_GRATICULE = "#8fa9b5"
_MARKERS = {"circle": "o", "diamond": "D", "triangle": "^", "square": "s", "cross": "x", "plus": "P", "ring": "o"}


def tint(colour: str, white: float) -> tuple[float, ...]:
    """A colour with a share of white in it, opaque."""
    from matplotlib.colors import to_rgb

    return tuple(one + (1 - one) * white for one in to_rgb(colour))


def fill_style(swatch: Swatch) -> dict[str, Any]:
    """How a class is filled, on the map as in the legend."""
    return {"facecolor": swatch.colour, "hatch": swatch.hatch, "edgecolor": tint(swatch.colour, 0.55), "linewidth": 0}


def outline_style(symbology: Symbology, *, approximate: bool = False) -> dict[str, Any]:
    """How the outline of a district is drawn, on the map as in the legend."""
    dashes: Any = (0, (5, 2.5)) if approximate else "solid"
    return {"edgecolor": symbology.colour("outline"), "linewidth": 0.9, "linestyle": dashes}


def draw_doubt(pen: Pen, zone: Any, symbology: Symbology, **style: Any) -> None:
    """Draw a zone of uncertain boundary, on the map as in the legend."""
    colour = symbology.colour("uncertain")
    pen.area(zone, facecolor="none", edgecolor=tint(colour, 0.45), linewidth=0, hatch="\\\\", **style)
    pen.area(zone, facecolor="none", edgecolor=colour, linewidth=0.6, **style)


def mark_factor(count: int) -> float:
    """Size of the symbols of so many sites, as a share of their usual size.

    >>> mark_factor(47), mark_factor(600), mark_factor(100_000)
    (1.0, 0.55, 0.55)
    """
    return min(1.0, max(0.55, float(np.sqrt(MANY / max(count, 1)))))


def mark_style(swatch: Swatch, factor: float = 1.0) -> dict[str, Any]:
    """How a site is drawn, on the map as in the legend."""
    from matplotlib.patheffects import withStroke

    hollow = swatch.symbol in ("ring", "cross")
    return {
        "linestyle": "none",
        "marker": _MARKERS.get(swatch.symbol, "o"),
        "markersize": factor * (5.4 if swatch.symbol == "diamond" else 6.0),
        "markerfacecolor": "white" if swatch.symbol == "ring" else swatch.colour,
        "markeredgecolor": swatch.colour if hollow else "white",
        "markeredgewidth": factor * (1.6 if hollow else 0.9),
        "path_effects": [withStroke(linewidth=3.0 * factor, foreground="white")] if hollow else None,
    }


def plot_style(swatch: Swatch) -> dict[str, Any]:
    """How the land of a site is drawn, on the map as in the legend."""
    return {"facecolor": "none", "edgecolor": swatch.colour, "linewidth": 1.4}


def graticule(view: View) -> Iterator[tuple[str, float, Any]]:
    """Meridians and parallels inside a frame: axis, degrees, line in metres."""
    frame = shapely.box(*view.ground)
    west, south, east, north = shapely.bounds(crs.unproject(shapely.segmentize(frame, 1000.0)))
    step = view.graticule
    for axis, low, high in (("lon", west, east), ("lat", south, north)):
        for number in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1):
            at = round(number * step, 6)
            ends = [(at, south - 0.1), (at, north + 0.1)] if axis == "lon" else [(west - 0.1, at), (east + 0.1, at)]
            inside = crs.project(shapely.LineString(ends)) & frame
            if not inside.is_empty:
                yield axis, at, inside


def draw_ground(
    pen: Pen,
    view: View,
    theme: Theme,
    boundaries: Boundaries,
    symbology: Symbology,
    *,
    grid: bool = True,
    without: Sequence[str] = (),
) -> None:
    """Draw sea, neighbours, graticule, districts and the zone of doubt.

    Districts that another map of the sheet shows (`without`) are plain land.
    """
    frame = shapely.box(*view.ground)
    pen.area(frame, on=view, facecolor=symbology.colour("sea"), linewidth=0, zorder=0)
    around = boundaries.neighbours_m & shapely.buffer(frame, 500.0)
    for shape in around:
        pen.area(shape, on=view, facecolor=symbology.colour("land"), edgecolor=NEIGHBOUR, linewidth=0.45, zorder=1)
    for _, _, line in graticule(view) if grid else ():
        pen.line(shapely.get_coordinates(line), on=view, color=_GRATICULE, linewidth=0.25, zorder=1.5)
    shapes = dict(zip(boundaries.ids, boundaries.outlines_m, strict=True))
    for one in without:
        pen.area(shapes.pop(one), on=view, facecolor=symbology.colour("land"), linewidth=0, zorder=1)
    for one, shape in shapes.items():
        pen.area(shape, on=view, zorder=2, **fill_style(theme.swatch(one)))
    for one, shape in shapes.items():
        if one in boundaries.approximate:  # what lies below must not fill the gaps of the dashes
            pen.area(shape, on=view, facecolor="none", edgecolor="white", linewidth=1.1, zorder=3)
        style = outline_style(symbology, approximate=one in boundaries.approximate)
        pen.area(shape, on=view, facecolor="none", zorder=3.2, **style)
    if boundaries.uncertain is not None and not without:
        draw_doubt(pen, boundaries.uncertain_m, symbology, on=view, zorder=3.1)


def positions(view: View, marks: Sequence[Mark]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Where sites lie on the sheet in millimetres, and which of them lie inside the frame."""
    degrees = shapely.points([one.lon for one in marks], [one.lat for one in marks])
    xy = shapely.get_coordinates(view.on_paper(degrees)).reshape(-1, 2)
    left, bottom, across, up = view.frame
    return xy, ((xy >= (left, bottom)) & (xy <= (left + across, bottom + up))).all(axis=1)


def draw_marks(pen: Pen, view: View, marks: Sequence[Mark]) -> Any:
    """Draw the sites inside a frame, each class at once; the room their symbols take, in millimetres."""
    if not marks:
        return shapely.Polygon()
    xy, inside = positions(view, marks)
    classes = {one.swatch.id: one.swatch for one in marks}
    for swatch in classes.values():
        held = np.array([one.swatch.id == swatch.id for one in marks]) & inside
        if held.any():
            shapes = np.array([one.shape for one in marks], dtype=object)[held]
            plots = shapes[shapely.get_dimensions(shapes) == 2]
            pen.area(crs.project(plots), on=view, zorder=6, **plot_style(swatch))
            metres = view.to_ground(xy[held])
            pen.line(metres, on=view, zorder=7, gid=f"sites-{swatch.id}", **mark_style(swatch, mark_factor(len(marks))))
    if len(marks) > MANY:
        return shapely.Polygon()
    x, y = xy[inside].T
    return shapely.union_all(shapely.box(x - 1.1, y - 1.1, x + 1.1, y + 1.1))
