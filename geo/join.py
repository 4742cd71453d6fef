"""Sites to districts (layer 4): shares, certainty, distance to the border.

Takes arrays and gives arrays; opens no file and imports no frame library. A
position on a shared border is tied: the first district in the order of the ids
is given, `possible` names them all. The second opinion overrides nothing: where
it differs, the answer is `near_boundary`.

What is known of a place depends on the set of areas that hold it alone, so it is
worked out once for each set. A long list is placed by the tables of `geo.overlay`,
a short one without them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs
from geo.districts import Boundaries
from geo.districts.model import FINE
from geo.schema import OUTSIDE, Certainty

NOISE_M2 = 1000.0  # the sources are no truer than this; only if below a thousandth of the site, too
NOISE_SHARE = 1e-3
_FEW = 300  # sites below which the tables cost more than they save
_MANY = 300_000  # points from which on compiled loops are worth their start

Floats = NDArray[np.float64]


class Kind(NamedTuple):
    """What is known of a place: its district, how surely, and the candidate areas.

    `district` is None outside every district; `possible` holds the candidates when
    `certainty` is neither ``certain`` nor ``outside``.
    """

    district: str | None
    certainty: Certainty
    possible: tuple[str, ...]


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


@dataclass(frozen=True)
class Places:
    """Where many sites lie, as columns.

    Attributes
    ----------
    kinds : tuple of Kind
        Each distinct one once.
    kind : ndarray of int, shape (n,)
        Number of each site's in `kinds`.
    shares : dict of int to dict of str to float
        Of the sites that lie in several areas; any other lies in its district, or
        outside, with all of it.
    boundary_distance_m, area_m2 : ndarray of float, shape (n,)
        As in `Location`, with NaN for None.
    lon, lat : ndarray of float, shape (n,)
        The positions, or points inside the polygons, WGS84.
    """

    kinds: tuple[Kind, ...]
    kind: NDArray[np.intp]
    shares: dict[int, dict[str, float]]
    boundary_distance_m: Floats
    area_m2: Floats
    lon: Floats
    lat: Floats

    def locations(self) -> list[Location]:
        """The same, site by site."""
        metres, area = _without_nan(self.boundary_distance_m), _without_nan(self.area_m2)
        found = []
        for number, at in enumerate(self.kind.tolist()):
            kind = self.kinds[at]
            shares = self.shares.get(number) or {kind.district or OUTSIDE: 1.0}
            place = (metres[number], area[number], float(self.lon[number]), float(self.lat[number]))
            found.append(Location(kind.district, shares, kind.certainty, kind.possible, *place))
        return found


def _without_nan(values: Floats) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 - NaN differs from itself


def locate(
    geometries: NDArray[Any], boundaries: Boundaries, accuracy_m: NDArray[np.float64] | None = None
) -> list[Location]:
    """Locate points and polygons one by one; see `place`."""
    return place(geometries, boundaries, accuracy_m).locations()


def place(geometries: NDArray[Any], boundaries: Boundaries, accuracy_m: NDArray[np.float64] | None = None) -> Places:
    """Locate points and polygons, given in WGS84 or CGCS2000 degrees.

    Parameters
    ----------
    geometries : ndarray of shapely Point, Polygon or MultiPolygon, shape (n,)
    boundaries : Boundaries
    accuracy_m : ndarray of float, shape (n,), optional
        How far each position may be off, in metres: a district within that distance
        is possible.
    """
    geometries = np.asarray(geometries, dtype=object)
    areal = shapely.get_dimensions(geometries) == 2
    if not areal.any():
        return place_points(shapely.get_x(geometries), shapely.get_y(geometries), boundaries, accuracy_m)
    accuracy = np.zeros(len(geometries)) if accuracy_m is None else accuracy_m
    points, polygons = np.flatnonzero(~areal), np.flatnonzero(areal)
    dots = geometries[points]
    first = place_points(shapely.get_x(dots), shapely.get_y(dots), boundaries, accuracy[points])
    return _merged(points, first, polygons, _place_polygons(geometries[polygons], boundaries, accuracy[polygons]))


def place_points(x: Floats, y: Floats, boundaries: Boundaries, accuracy_m: Floats | None = None) -> Places:
    """Locate points, given as degrees of longitude and latitude; see `place`."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if len(x) >= _MANY:
        from geo.overlay import choice

        choice.loops(True)
    metric = crs.to_metres(x, y)
    codes, sets = _sets(x, y, boundaries)
    doubts: list[set[str]] = [set() for _ in x] if accuracy_m is not None and (accuracy_m > 0).any() else []
    if doubts:
        _doubt_position(shapely.points(*metric), np.asarray(accuracy_m), boundaries, doubts)
    codes, told = _split_by_limit(x, y, codes, sets, boundaries)
    known = [_of_set(areas, on_limit, boundaries) for areas, on_limit in told]
    shares = [{district or OUTSIDE: 1.0} for district, _ in known]
    if doubts:
        wanted = zip(codes.tolist(), doubts, strict=True)
        found = [_decide(shares[code], known[code][1] | doubt, boundaries) for code, doubt in wanted]
        kinds, kind = _distinct(found)
    else:
        used = np.flatnonzero(np.bincount(codes, minlength=len(known)))
        met = {code: _decide(shares[code], known[code][1], boundaries) for code in used.tolist()}
        kinds = tuple(sorted(set(met.values()), key=_rank))  # in an order that no list before this one decides
        numbers = np.zeros(len(known), dtype=np.intp)
        numbers[used] = [kinds.index(met[code]) for code in used.tolist()]
        kind = numbers[codes]
    return Places(kinds, kind, {}, _border_distances(*metric, kinds, kind, boundaries), np.full(len(x), np.nan), x, y)


def _rank(kind: Kind) -> tuple[str, str, tuple[str, ...]]:
    return kind.district or "", kind.certainty.value, kind.possible


def districts_of(geometries: NDArray[Any], boundaries: Boundaries) -> list[str | None]:
    """District of each point or polygon, as `place` gives it."""
    found = place(geometries, boundaries)
    names = [kind.district for kind in found.kinds]
    return [names[at] for at in found.kind.tolist()]


def districts_at(x: Floats, y: Floats, boundaries: Boundaries) -> NDArray[np.int64]:
    """Number of each point's district in `Boundaries.ids`, as `place_points` gives it; -1 outside."""
    codes, sets = _sets(np.asarray(x, dtype=float), np.asarray(y, dtype=float), boundaries)
    count = len(boundaries.ids)
    first = np.array([one[0] if one and one[0] < count else -1 for one in sets], dtype=np.int64)
    found: NDArray[np.int64] = first[codes]
    return found


def _distinct(kinds: Iterable[Kind]) -> tuple[tuple[Kind, ...], NDArray[np.intp]]:
    """Each kind once, and the number of each in them."""
    held: dict[Kind, int] = {}
    numbers = [held.setdefault(kind, len(held)) for kind in kinds]
    return tuple(held), np.array(numbers, dtype=np.intp)


def _merged(at: NDArray[np.intp], some: Places, others_at: NDArray[np.intp], others: Places) -> Places:
    """Two lists of places as one, each at its rows."""
    kinds, numbers = _distinct([*some.kinds, *others.kinds])
    count = len(some.kinds)

    def column(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
        held = np.empty(len(at) + len(others_at), dtype=one.dtype)
        held[at], held[others_at] = one, other
        return held

    return Places(
        kinds,
        column(numbers[:count][some.kind], numbers[count:][others.kind]),
        {int(others_at[row]): share for row, share in others.shares.items()},
        column(some.boundary_distance_m, others.boundary_distance_m),
        column(some.area_m2, others.area_m2),
        column(some.lon, others.lon),
        column(some.lat, others.lat),
    )


def _sets(x: Floats, y: Floats, boundaries: Boundaries) -> tuple[NDArray[Any], list[tuple[int, ...]]]:
    """For each point the number of the set of `Boundaries.areas` that it meets, and the sets."""
    if len(x) >= _FEW:
        index = boundaries.index
        codes = index.codes(x, y)
        return codes, list(index.sets)
    met: list[list[int]] = [[] for _ in x]
    for point, area in zip(*shapely.STRtree(boundaries.areas).query(shapely.points(x, y), "intersects"), strict=True):
        met[point].append(int(area))
    held: dict[tuple[int, ...], int] = {}
    codes = np.array([held.setdefault(tuple(sorted(one)), len(held)) for one in met], dtype=np.intp)
    return codes, list(held)


def _split_by_limit(
    x: Floats, y: Floats, codes: NDArray[Any], sets: list[tuple[int, ...]], boundaries: Boundaries
) -> tuple[NDArray[Any], list[tuple[tuple[int, ...], bool]]]:
    """The sets, told apart by whether the point lies on the outline of an area outside the city."""
    first, last = len(boundaries.ids), len(boundaries.ids) + len(boundaries.neighbours)
    told: list[tuple[tuple[int, ...], bool]] = [(one, False) for one in sets]
    codes = np.array(codes, dtype=np.intp)
    for code, one in enumerate(sets):
        beside = [area for area in one if first <= area < last]
        if not beside or one[0] >= first:
            continue
        rows = np.flatnonzero(codes == code)
        touching = shapely.touches(boundaries.areas[beside][:, None], shapely.points(x[rows], y[rows])).any(axis=0)
        codes[rows[touching]] = len(told)
        told.append((one, True))
    return codes, told


def _of_set(areas: tuple[int, ...], on_limit: bool, boundaries: Boundaries) -> tuple[str | None, set[str]]:
    """District and doubts of a point in a set of areas; ties and a differing second opinion are doubts."""
    count = len(boundaries.ids)
    second = count + len(boundaries.neighbours)
    zone = second + len(boundaries.second) + len(boundaries.second_outside)
    mine = [boundaries.ids[area] for area in areas if area < count]
    doubts = {*mine, *(_second_id(boundaries, area - second) for area in areas if second <= area < zone)}
    district = mine[0] if mine else None
    if on_limit:
        doubts.add(OUTSIDE)
    if zone in areas and district in ("shenshan", None):
        doubts |= {"shenshan", OUTSIDE}
    return district, doubts


def _second_id(boundaries: Boundaries, area: int) -> str:
    return boundaries.ids[area] if area < len(boundaries.ids) else OUTSIDE


def _place_polygons(polygons: NDArray[Any], boundaries: Boundaries, accuracy_m: Floats) -> Places:
    """Locate polygons by area in EPSG:4547, the rest being outside.

    A polygon without an area is placed as a point on it.
    """
    metric = np.empty(len(polygons), dtype=object)
    metric[:] = crs.project(polygons)
    whole = shapely.area(metric)
    noise = np.minimum(NOISE_M2, whole * NOISE_SHARE)
    shares = _shares(metric, boundaries, noise)
    several = np.array([row for row, share in enumerate(shares) if len(share) > 1], dtype=np.intp)
    if len(several):
        fine = crs.project(crs.densify(polygons[several], FINE))  # straight in degrees, as outlines are drawn
        for row, share in zip(several, _shares(fine, boundaries, noise[several]), strict=True):
            shares[row] = share
    doubts: list[set[str]] = [set() for _ in polygons]
    for row, area, _ in _overlaps(metric, boundaries, noise, second=True):
        doubts[row].add(_second_id(boundaries, area))
    inside = shapely.point_on_surface(polygons)
    lon, lat = shapely.get_x(inside), shapely.get_y(inside)
    flat = np.array([row for row, share in enumerate(shares) if not share], dtype=np.intp)
    for row, place in zip(flat, place_points(lon[flat], lat[flat], boundaries).locations(), strict=True):
        shares[row] = place.shares
        doubts[row] |= set(place.possible)
    _doubt_shenshan(polygons, boundaries, shares, doubts)
    _doubt_position(metric, accuracy_m, boundaries, doubts)
    kinds, kind = _distinct(_decide(share, doubt, boundaries) for share, doubt in zip(shares, doubts, strict=True))
    parted = {row: share for row, share in enumerate(shares) if len(share) > 1}
    return Places(kinds, kind, parted, _distances_of_polygons(metric, kinds, kind, boundaries), whole, lon, lat)


def _shares(metric: NDArray[Any], boundaries: Boundaries, noise: Floats) -> list[dict[str, float]]:
    """Shares of polygons by area, the rest being outside; none for a polygon without an area."""
    covered: list[dict[str, float]] = [{} for _ in metric]
    for row, area, size in _overlaps(metric, boundaries, noise, second=False):
        covered[row][boundaries.ids[area]] = size
    order = [*boundaries.ids, OUTSIDE]
    shares = []
    for number, (pieces, whole) in enumerate(zip(covered, shapely.area(metric).tolist(), strict=True)):
        pieces[OUTSIDE] = whole - sum(pieces.values())
        kept = {one: pieces[one] for one in order if pieces.get(one, 0.0) > noise[number]}
        total = sum(kept.values())
        shares.append({one: size / total for one, size in kept.items()})
    return shares


def _overlaps(
    metric: NDArray[Any], boundaries: Boundaries, noise: Floats, *, second: bool
) -> Iterable[tuple[int, int, float]]:
    """(polygon, area, m²) of every overlap above the polygon's noise, with our outlines or the second opinion's."""
    areas = boundaries.second_m if second else boundaries.outlines_fine_m
    if not len(areas):
        return ()
    if len(metric) >= _FEW:
        from geo import overlay

        index = boundaries.second_index_m if second else boundaries.outlines_index_m
        rows, found, sizes = overlay.shares(metric, index, areas)
    else:
        rows, found = shapely.STRtree(areas).query(metric, predicate="intersects")
        sizes = shapely.area(shapely.intersection(metric[rows], areas[found]))
    large = sizes > noise[rows]
    return zip(rows[large].tolist(), found[large].tolist(), sizes[large].tolist(), strict=True)


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


def _doubt_position(metric: NDArray[Any], accuracy_m: Floats, boundaries: Boundaries, doubts: list[set[str]]) -> None:
    """Every area that a loosely known position may lie in is possible."""
    rows = np.flatnonzero(accuracy_m > 0)
    if not len(rows):
        return
    areas = crs.project(np.concatenate([boundaries.outlines, boundaries.neighbours]))
    hits, found = shapely.STRtree(areas).query(metric[rows], predicate="dwithin", distance=accuracy_m[rows])
    for hit, area in zip(hits, found, strict=True):
        doubts[rows[hit]].add(_second_id(boundaries, area))


def _decide(share: dict[str, float], doubt: set[str], boundaries: Boundaries) -> Kind:
    """District, certainty and candidates from the shares and the doubts."""
    order = [*boundaries.ids, OUTSIDE]
    largest = max((one for one in order if one in share), key=lambda one: share[one])
    candidates = tuple(one for one in order if one in share or one in doubt)
    district = None if largest == OUTSIDE else largest
    if len(share) > 1:
        return Kind(district, Certainty.STRADDLES, candidates)
    if len(candidates) > 1:
        return Kind(district, Certainty.NEAR_BOUNDARY, candidates)
    return Kind(district, Certainty.OUTSIDE if district is None else Certainty.CERTAIN, ())


def _groups(kinds: tuple[Kind, ...], kind: NDArray[np.intp]) -> Iterable[tuple[str | None, NDArray[np.intp]]]:
    """Rows of each district, and of the outside."""
    if not kinds:
        return
    names = list(dict.fromkeys(one.district for one in kinds))
    number = np.array([names.index(one.district) for one in kinds], dtype=np.uint8)[kind]
    ends = np.cumsum(np.bincount(number, minlength=len(names)))
    yield from zip(names, np.split(np.argsort(number, kind="stable"), ends[:-1]), strict=True)


def _border_distances(
    x: Floats, y: Floats, kinds: tuple[Kind, ...], kind: NDArray[np.intp], boundaries: Boundaries
) -> Floats:
    """Metres from points to their district's border; from outside, to the nearest border of all.

    NaN where no border is known, or the projection does not reach the place.
    """
    if len(x) >= _FEW:
        numbers = [-1 if one.district is None else boundaries.ids.index(one.district) for one in kinds]
        return boundaries.border_index.nearest(x, y, np.array(numbers, dtype=np.int32)[kind])[0]
    found = np.full(len(x), np.nan)
    for district, rows in _groups(kinds, kind):
        lines = boundaries.borders_around(district)
        if not len(lines):
            continue
        near = rows[np.isfinite(x[rows]) & np.isfinite(y[rows])]
        dots = shapely.points(x[near], y[near])
        found[near] = shapely.distance(dots[:, None], lines[None, :]).min(axis=1)
    return found


def _distances_of_polygons(
    metric: NDArray[Any], kinds: tuple[Kind, ...], kind: NDArray[np.intp], boundaries: Boundaries
) -> Floats:
    """The same for polygons; 0 where one meets the border."""
    found = np.full(len(metric), np.nan)
    reached = np.isfinite(shapely.bounds(metric)).all(axis=1)
    for district, rows in _groups(kinds, kind):
        lines = boundaries.borders_around(district)
        near = rows[reached[rows]]
        if not len(lines) or not len(near):
            continue
        pieces = _pieces(lines) if len(near) >= _FEW else lines
        nearest, metres = shapely.STRtree(pieces).query_nearest(metric[near], return_distance=True, all_matches=False)
        found[near[nearest[0]]] = metres
    return found


def _pieces(lines: NDArray[Any]) -> NDArray[Any]:
    """The single segments of lines."""
    parts = shapely.get_parts(shapely.get_parts(lines))
    xy, part = shapely.get_coordinates(parts, return_index=True)
    together = part[1:] == part[:-1]
    pairs = np.stack([xy[:-1][together], xy[1:][together]], axis=1)
    return np.asarray(shapely.linestrings(pairs))
