"""Area of sites within zones, by numpy and by compiled loops.

Zones, each drawn from its south-west corner: 0 the square from (0, 0) to (40, 40) with a
hole from (10, 10) to (20, 20); 1 two squares of 10, at (60, 0) and (80, 0); 2 the square
from (30, 30) to (50, 50), over a corner of zone 0.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, affinity, box

from geo.errors import InputError
from geo.overlay import Zones, choice, compiled, zones

RING = box(0, 0, 40, 40).difference(box(10, 10, 20, 20))
PAIR = MultiPolygon([box(60, 0, 70, 10), box(80, 0, 90, 10)])
ZONES = np.array([RING, PAIR, box(30, 30, 50, 50)])


@pytest.fixture(params=[None, compiled], ids=["numpy", "compiled"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType | None:
    """Both ways of doing the work, one after the other."""
    monkeypatch.setattr(choice, "loops", lambda worth: request.param)
    return request.param


def found(sites: Any, polygons: Any = ZONES) -> list[tuple[int, int, float]]:
    site, zone, area = Zones.build(np.array(polygons, dtype=object)).areas(np.array(sites, dtype=object))
    assert (site.dtype, zone.dtype, area.dtype) == (np.int64, np.int64, np.float64)
    return [(int(s), int(z), round(float(a), 9)) for s, z, a in zip(site, zone, area, strict=True)]


@pytest.mark.parametrize(
    ("site", "shares"),
    [
        pytest.param(box(2, 2, 7, 7), [(0, 25)], id="within"),
        pytest.param(box(12, 12, 18, 18), [], id="in the hole"),
        pytest.param(box(5, 5, 25, 25), [(0, 300)], id="over the hole"),
        pytest.param(box(10, 10, 20, 20), [], id="fills the hole"),
        pytest.param(box(-10, -10, 100, 100), [(0, 1500), (1, 200), (2, 400)], id="larger than all"),
        pytest.param(box(65, 5, 85, 20), [(1, 50)], id="both parts"),
        pytest.param(box(35, 35, 45, 45), [(0, 25), (2, 100)], id="overlapping zones"),
        pytest.param(box(40, 0, 60, 10), [], id="along edges"),
        pytest.param(box(40, 40, 60, 60), [(2, 100)], id="at a corner"),
        pytest.param(box(70, 0, 80, 10), [], id="between parts"),
        pytest.param(RING, [(0, 1500), (2, 100)], id="the zone itself"),
        pytest.param(
            Polygon([(0, 0), (40, 0), (40, 40), (20, 5), (0, 40)]), [(0, 853.571428571), (2, 0)], id="concave"
        ),
        pytest.param(MultiPolygon([box(1, 1, 3, 3), box(62, 2, 64, 4), box(5, 5, 6, 6)]), [(0, 5), (1, 4)], id="parts"),
        pytest.param(Polygon([(0, 40), (40, 0), (41, 1), (1, 41)]), None, id="a strip aslant"),
        pytest.param(box(1e6, 1e6, 1e6 + 5, 1e6 + 5), [], id="far off"),
        pytest.param(box(-1e7, -1e7, 1e7, 1e7), [(0, 1500), (1, 200), (2, 400)], id="a country"),
    ],
)
def test_known_shares(site: Any, shares: list[tuple[int, float]] | None) -> None:
    """Of shapes with whole corners; where no number is given, that of shapely."""
    if shares is None or any(area != round(area) for _, area in shares):
        shares = [(z, shapely.intersection(site, zone).area) for z, zone in enumerate(ZONES)]
        shares = [(z, area) for z, area in shares if area > 0]
    assert [(z, pytest.approx(area, abs=1e-6)) for _, z, area in found([site])] == shares


def test_rings_may_run_either_way() -> None:
    turned = shapely.reverse(ZONES)
    assert found(shapely.reverse([box(5, 5, 25, 25)]), turned) == found([box(5, 5, 25, 25)]) == [(0, 0, 300.0)]


def test_none_and_empty_share_nothing() -> None:
    assert found([None, Polygon(), box(1, 1, 2, 2)], [Polygon(), None, RING]) == [(2, 2, 1.0)]
    assert found([]) == []
    assert found([box(0, 0, 1, 1)], []) == []
    assert found([None], [None]) == []


@pytest.mark.parametrize("shape", [shapely.Point(1, 1), shapely.LineString([(0, 0), (1, 1)])])
def test_only_polygons_have_an_area(shape: Any) -> None:
    with pytest.raises(InputError, match="only polygons"):
        Zones.build(np.array([RING, shape], dtype=object))
    with pytest.raises(InputError, match="only polygons"):
        Zones.build(ZONES).areas(np.array([shape], dtype=object))


def test_a_touch_gives_no_row_and_a_square_centimetre_does() -> None:
    assert found([box(-5, 0, 0, 10), box(-5, 0, 1e-9, 10)]) == []
    assert found([box(-0.01, 0, 0.01, 0.01)]) == [(0, 0, 0.0001)]


def test_a_pair_is_named_once_and_in_order() -> None:
    sites = [box(x, y, x + 35, y + 35) for x in range(-20, 80, 7) for y in range(-20, 40, 7)]
    site, zone, _ = Zones.build(ZONES).areas(np.array(sites))
    pairs = site * len(ZONES) + zone
    assert len(pairs) > 100
    assert (np.diff(pairs) > 0).all()


def agrees(sites: Any, polygons: Any) -> None:
    """With shapely: the same pairs, but for areas about as small as a touch, and areas within 1e-6."""
    built = Zones.build(polygons)
    site, zone, area = built.areas(sites)
    expected = shapely.area(shapely.intersection(sites[:, None], polygons[None, :]))
    ours = np.zeros_like(expected)
    ours[site, zone] = area
    assert (area > zones.TOUCH_M2).all()
    assert np.abs(ours - expected)[ours > 0].max(initial=0.0) <= 1e-6
    assert expected[ours == 0].max(initial=0.0) <= 2 * zones.TOUCH_M2


def islands(chance: np.random.Generator, count: int, corners: int, size: float, reach: float) -> Any:
    """Star-shaped rings that wave."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    radius = size * chance.uniform(0.4, 1, (count, corners))
    middle = chance.uniform(0, reach, (count, 2)) + np.array([500_000, 2_500_000])
    at = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2) + middle[:, None]
    return shapely.polygons(at)


def test_many_vertices_in_metres_of_the_city() -> None:
    """Zones of up to 900 vertices that overlap, some with holes, against sites of all sizes."""
    chance = np.random.default_rng(2)
    polygons = np.concatenate(
        [islands(chance, 6, 900, 900, 4000), islands(chance, 20, 60, 300, 4000), islands(chance, 20, 5, 200, 4000)]
    )
    polygons[:3] = shapely.difference(polygons[:3], shapely.buffer(shapely.centroid(polygons[:3]), 120))
    sites = np.concatenate([islands(chance, 60, 7, 300, 4000), islands(chance, 3, 200, 2500, 4000), polygons[:8]])
    sites[:20] = shapely.difference(sites[:20], shapely.buffer(shapely.centroid(sites[:20]), 40))
    agrees(sites, polygons)


def test_corners_and_edges_on_the_lines_of_the_grid() -> None:
    """A board of fields whose sides are those of the squares, and sites along and across them."""
    board = np.array([box(x, y, x + 64, y + 64) for x in range(0, 512, 64) for y in range(0, 512, 64)])
    built = Zones.build(board)
    assert built.side in {16.0, 32.0, 64.0, 128.0}
    slanted = np.array([affinity.rotate(box(x, x, x + 128, x + 64), 45) for x in range(0, 300, 32)])
    diamonds = np.array([Polygon([(x, 64), (x + 64, 128), (x + 128, 64), (x + 64, 0)]) for x in range(0, 300, 32)])
    agrees(np.concatenate([board, slanted, diamonds, shapely.buffer(board[:20], 64, join_style="mitre")]), board)


CORNER = st.integers(0, 12).map(float) | st.floats(0, 12).map(lambda at: round(at, 3))


@st.composite
def shapes(draw: Any) -> Any:
    """A valid polygon of several parts and holes, from boxes and triangles put together."""
    made = shapely.Polygon()
    for _ in range(draw(st.integers(1, 4))):
        x, y, wide, high = (draw(CORNER) for _ in range(4))
        one = box(x, y, x + wide + 0.5, y + high + 0.5)
        if draw(st.booleans()):
            one = Polygon([(x, y), (x + wide + 0.5, y + draw(CORNER) / 3), (x + wide / 2, y + high + 5)])
        made = made.difference(one) if draw(st.integers(0, 2)) == 0 else made.union(one)
    parts = [part for part in shapely.get_parts(made) if part.geom_type == "Polygon" and part.area > 1e-3]
    return MultiPolygon(parts)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(shapes(), min_size=1, max_size=5), st.lists(shapes(), min_size=1, max_size=5), st.sampled_from([0, 2.5e6])
)
def test_as_shapely(sites: Any, polygons: Any, shift: float) -> None:
    moved = [np.array([affinity.translate(one, shift, shift) for one in group]) for group in (sites, polygons)]
    if all(shapely.is_valid(group).all() for group in moved):
        agrees(*moved)


def test_both_ways_give_the_same_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(8)
    built = Zones.build(islands(chance, 80, 300, 400, 6000))
    sites = islands(chance, 3000, 6, 250, 6000)
    ours = built.areas(sites)
    monkeypatch.setattr(choice, "loops", lambda worth: compiled)
    theirs = built.areas(sites)
    np.testing.assert_array_equal(ours[0], theirs[0])
    np.testing.assert_array_equal(ours[1], theirs[1])
    assert np.abs(ours[2] - theirs[2]).max() <= 1e-6
