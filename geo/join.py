"""Sites to districts (layer 4): shares, certainty, distance to the border.

Takes arrays and gives arrays; opens no file and imports no frame library. A
position on a shared border is tied: the first district in the order of the ids
is given, `possible` names them all. The second opinion overrides nothing: where
it differs, the answer is `near_boundary`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs
from geo.districts import Boundaries
from geo.schema import OUTSIDE, Certainty

NOISE_M2 = 1000.0  # the sources are no truer than this; only if below a thousandth of the site, too
NOISE_SHARE = 1e-3


@dataclass(frozen=True)
class Location:
    """Where one site lies.

    Attributes
    ----------
    district : str or None
        None outside every district.
    shares : dict of str to float
        Share of the site by district, ``outside`` included; sums to 1.
    possible : tuple of str
        Candidate areas when `certainty` is not ``certain`` and not ``outside``.
    boundary_distance_m : float
        To the nearest border with another area or the city limit, coast left
        out, in metres of EPSG:4547; 0 where the site touches one, None where no
        border is known.
    area_m2 : float or None
        Of a polygon, in EPSG:4547.
    lon, lat : float
        The position, or a point inside the polygon, WGS84.
    """

    district: str | None
    shares: dict[str, float]
    certainty: Certainty
    possible: tuple[str, ...]
    boundary_distance_m: float | None
    area_m2: float | None
    lon: float
    lat: float


def locate(
    geometries: NDArray[Any], boundaries: Boundaries, accuracy_m: NDArray[np.float64] | None = None
) -> list[Location]:
    """Locate points and polygons, given in WGS84 or CGCS2000 degrees.

    Parameters
    ----------
    geometries : ndarray of shapely Point, Polygon or MultiPolygon, shape (n,)
    boundaries : Boundaries
    accuracy_m : ndarray of float, shape (n,), optional
        How far each position may be off, in metres: a district within that distance
        is possible.

    Returns
    -------
    list of Location, length n
        In the order of the input.
    """
    geometries = np.asarray(geometries, dtype=object)
    areal = shapely.get_dimensions(geometries) == 2
    metric = np.empty(len(geometries), dtype=object)
    metric[:] = crs.project(geometries)
    shares: list[dict[str, float]] = [{} for _ in geometries]
    doubts: list[set[str]] = [set() for _ in geometries]
    _place_points(geometries, np.flatnonzero(~areal), boundaries, shares, doubts)
    _place_polygons(geometries, np.flatnonzero(areal), boundaries, shares, doubts)
    _doubt_shenshan(geometries, boundaries, shares, doubts)
    if accuracy_m is not None:
        _doubt_position(metric, accuracy_m, boundaries, doubts)
    inside = shapely.point_on_surface(geometries)
    found = []
    for number, share in enumerate(shares):
        district, certainty, possible = _decide(share, doubts[number], boundaries)
        found.append(
            Location(
                district=district,
                shares=share,
                certainty=certainty,
                possible=possible,
                boundary_distance_m=_border_distance(metric[number], district, boundaries),
                area_m2=float(shapely.area(metric[number])) if areal[number] else None,
                lon=float(shapely.get_x(inside[number])),
                lat=float(shapely.get_y(inside[number])),
            )
        )
    return found


def _place_points(
    geometries: NDArray[Any],
    rows: NDArray[np.intp],
    boundaries: Boundaries,
    shares: list[dict[str, float]],
    doubts: list[set[str]],
) -> None:
    """Districts of points; ties and a differing second opinion become doubts."""
    points = geometries[rows]
    for row in rows:
        shares[row] = {OUTSIDE: 1.0}
    hits, areas = boundaries.tree.query(points, predicate="intersects")
    for hit, area in sorted(zip(hits, areas, strict=True), reverse=True):
        row = rows[hit]
        doubts[row].add(boundaries.ids[area])
        shares[row] = {boundaries.ids[area]: 1.0}
    if len(boundaries.neighbours):
        limit = shapely.STRtree(boundaries.neighbours)
        for hit in limit.query(points, predicate="touches")[0]:
            doubts[rows[hit]].add(OUTSIDE)
    if not len(boundaries.second):
        return
    hits, areas = boundaries.second_tree.query(points, predicate="intersects")
    for hit, area in zip(hits, areas, strict=True):
        doubts[rows[hit]].add(_second_id(boundaries, area))


def _second_id(boundaries: Boundaries, area: int) -> str:
    return boundaries.ids[area] if area < len(boundaries.ids) else OUTSIDE


def _place_polygons(
    geometries: NDArray[Any],
    rows: NDArray[np.intp],
    boundaries: Boundaries,
    shares: list[dict[str, float]],
    doubts: list[set[str]],
) -> None:
    """Shares of polygons by area in EPSG:4547, the rest being outside.

    A polygon without an area is placed as a point on it.
    """
    polygons = geometries[rows]
    whole = crs.area_m2(polygons)
    noise = np.minimum(NOISE_M2, whole * NOISE_SHARE)
    covered: list[dict[str, float]] = [{} for _ in rows]
    for hit, area, size in _overlaps(polygons, boundaries.tree, noise):
        covered[hit][boundaries.ids[area]] = size
    order = [*boundaries.ids, OUTSIDE]
    for number, pieces in enumerate(covered):
        pieces[OUTSIDE] = float(whole[number]) - sum(pieces.values())
        kept = {one: pieces[one] for one in order if pieces.get(one, 0.0) > noise[number]}
        shares[rows[number]] = {one: size / sum(kept.values()) for one, size in kept.items()}
    if len(boundaries.second):
        for hit, area, _ in _overlaps(polygons, boundaries.second_tree, noise):
            doubts[rows[hit]].add(_second_id(boundaries, area))
    flat = np.array([row for row in rows if not shares[row]], dtype=np.intp)
    _place_points(shapely.point_on_surface(geometries), flat, boundaries, shares, doubts)


def _overlaps(
    polygons: NDArray[Any], tree: shapely.STRtree, noise: NDArray[np.float64]
) -> list[tuple[int, int, float]]:
    """(polygon, area of the tree, m²) of every overlap above the polygon's noise."""
    hits, found = tree.query(polygons, predicate="intersects")
    if not len(hits):
        return []
    sizes = crs.area_m2(shapely.intersection(polygons[hits], tree.geometries[found]))
    triples = zip(hits.tolist(), found.tolist(), sizes.tolist(), strict=True)
    return [(hit, area, size) for hit, area, size in triples if size > noise[hit]]


def _doubt_shenshan(
    geometries: NDArray[Any], boundaries: Boundaries, shares: list[dict[str, float]], doubts: list[set[str]]
) -> None:
    """Within the zone where the line of Shenshan may run, both sides are possible."""
    if boundaries.uncertain is None:
        return
    shapely.prepare(boundaries.uncertain)
    for row in np.flatnonzero(shapely.intersects(boundaries.uncertain, geometries)):
        if shares[row].keys() <= {"shenshan", OUTSIDE}:
            doubts[row] |= {"shenshan", OUTSIDE}


def _doubt_position(
    metric: NDArray[Any], accuracy_m: NDArray[np.float64], boundaries: Boundaries, doubts: list[set[str]]
) -> None:
    """Every area that a loosely known position may lie in is possible."""
    rows = np.flatnonzero(accuracy_m > 0)
    if not len(rows):
        return
    areas = crs.project(np.concatenate([boundaries.outlines, boundaries.neighbours]))
    hits, found = shapely.STRtree(areas).query(metric[rows], predicate="dwithin", distance=accuracy_m[rows])
    for hit, area in zip(hits, found, strict=True):
        doubts[rows[hit]].add(_second_id(boundaries, area))


def _decide(
    share: dict[str, float], doubt: set[str], boundaries: Boundaries
) -> tuple[str | None, Certainty, tuple[str, ...]]:
    """District, certainty and candidates from the shares and the doubts."""
    order = [*boundaries.ids, OUTSIDE]
    largest = max((one for one in order if one in share), key=lambda one: share[one])
    candidates = tuple(one for one in order if one in share or one in doubt)
    district = None if largest == OUTSIDE else largest
    if len(share) > 1:
        return district, Certainty.STRADDLES, candidates
    if len(candidates) > 1:
        return district, Certainty.NEAR_BOUNDARY, candidates
    return district, Certainty.OUTSIDE if district is None else Certainty.CERTAIN, ()


def _border_distance(metric: Any, district: str | None, boundaries: Boundaries) -> float | None:
    """Metres to the district's border; from outside, to the nearest border of all.

    None where no border is known, or the projection does not reach the place.
    """
    borders = boundaries.borders if district is None else [boundaries.borders[boundaries.ids.index(district)]]
    known = [border for border in borders if not border.is_empty]
    if not known or not np.isfinite(shapely.bounds(metric)).all():
        return None
    return float(np.min(shapely.distance(metric, known)))
