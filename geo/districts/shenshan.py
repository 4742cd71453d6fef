"""The outline of Shenshan, which no package carries, built from a recipe."""

from __future__ import annotations

from typing import Any

import shapely

from geo import crs


def build(recipe: dict[str, Any], county: Any, land: Any) -> tuple[Any, Any, Any]:
    """Outline of Shenshan in both sources, and its zone of doubt.

    The zone lies within the boxes of its towns, touches the sides of the corner
    town's box, and has the official land area: so the union of the boxes loses the
    corner beyond a straight line, from where that box touches the county border in
    the north to the point on its eastern side that makes the land area right.
    The zone of doubt is where this, the plain boxes and the cells of the town
    seats differ, and a band around each of their lines inside the county.
    """
    boxes = shapely.union_all([shapely.box(*town["box"]) for town in recipe["towns"].values()])
    wanted = recipe["land_km2"] * 1e6
    lower, upper = recipe["towns"]["houmen"]["box"][3], recipe["towns"][recipe["corner_town"]]["box"][3]
    for _ in range(40):
        middle = (lower + upper) / 2
        too_small = crs.area_m2((boxes & land) - _corner(recipe, county, middle)) < wanted
        lower, upper = (middle, upper) if too_small else (lower, middle)
    corner = _corner(recipe, county, upper)
    built = (boxes & county) - corner
    candidates = [built, boxes & county, _seat_cells(recipe, county)]
    spread = shapely.union_all(candidates) - shapely.intersection_all(candidates)
    inland = crs.project(county).buffer(-1.0)
    lines = shapely.union_all([crs.project(candidate).boundary & inland for candidate in candidates])
    zone = lines.buffer(recipe["band_m"]) | shapely.make_valid(crs.project(spread))
    return built, (boxes & land) - corner, shapely.simplify(crs.unproject(zone), 1e-5) & county


def _corner(recipe: dict[str, Any], county: Any, latitude: float) -> Any:
    """Part of the corner town's box beyond the straight line, as a polygon."""
    west, south, east, north = recipe["towns"][recipe["corner_town"]]["box"]
    touching = shapely.get_coordinates(county & shapely.box(west, south, east, north))
    apex = touching[touching[:, 1].argmax()]
    return shapely.Polygon(
        [tuple(apex), (east, latitude), (east + 0.05, latitude), (east + 0.05, north + 0.05), (apex[0], north + 0.05)]
    )


def _seat_cells(recipe: dict[str, Any], county: Any) -> Any:
    """The county cut by the Voronoi cells of the town seats."""
    own = [shapely.Point(town["seat"]) for town in recipe["towns"].values()]
    others = [shapely.Point(seat) for seat in recipe["neighbour_seats"].values()]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(own + others), extend_to=county))
    return shapely.union_all([cell for cell in cells if any(cell.contains(seat) for seat in own)]) & county
