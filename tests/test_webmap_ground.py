"""The ground of the page: exact outlines and borders, names, views."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
import unpacking as un

from geo import join
from geo.districts import Boundaries
from geo.webmap.ground import Drawn, drawn, ground, labels, surroundings, views

DAY = date(2026, 11, 22)
LARGEST = 2**53 - 1
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def shapes(boundaries: Boundaries) -> Drawn:
    return drawn(boundaries)


@pytest.fixture(scope="module")
def packed(boundaries: Boundaries, shapes: Drawn) -> dict[str, Any]:
    return ground(boundaries, shapes.around)


@pytest.mark.parametrize("name", ["outlines", "second", "second_outside"])
def test_outlines_come_back_to_a_tenth_of_a_millimetre(
    boundaries: Boundaries, packed: dict[str, Any], name: str
) -> None:
    given = getattr(boundaries, name)
    found = un.areas(packed["districts" if name == "outlines" else name], packed["scale"])
    assert len(found) == len(given)
    for ours, theirs in zip(given, found, strict=True):
        assert shapely.get_num_interior_rings(shapely.get_parts(ours)).tolist() == [
            len(part.interiors) for part in theirs.geoms
        ]
        apart = np.abs(shapely.get_coordinates(ours) - shapely.get_coordinates(theirs))
        assert apart.max() <= 0.51 * packed["scale"]


def test_areas_beside_the_city_come_back_and_the_others_as_they_are_drawn(
    boundaries: Boundaries, packed: dict[str, Any]
) -> None:
    found = un.areas(packed["neighbours"], packed["scale"])
    exact = []
    for ours, theirs in zip(boundaries.neighbours, found, strict=True):
        same = shapely.get_num_coordinates(ours) == shapely.get_num_coordinates(theirs)
        exact.append(same and shapely.hausdorff_distance(ours, theirs) <= packed["scale"])
        touching = shapely.intersects(ours, shapely.union_all(boundaries.outlines))
        assert exact[-1] or (not touching and shapely.hausdorff_distance(ours, theirs) < 0.01)
    assert 5 <= sum(exact) < len(exact)


def test_borders_come_back_to_a_millimetre(boundaries: Boundaries, packed: dict[str, Any]) -> None:
    found = un.lines(packed["borders"], packed["metric_scale"])
    assert packed["borders"]["ids"] == list(boundaries.ids)
    for ours, theirs in zip(boundaries.borders, found, strict=True):
        apart = np.abs(shapely.get_coordinates(ours) - shapely.get_coordinates(theirs))
        assert apart.max() <= 0.51 * packed["metric_scale"]


def test_the_ground_places_points_as_the_boundaries_do(boundaries: Boundaries, packed: dict[str, Any]) -> None:
    def of(name: str) -> Any:
        return np.array(un.areas(packed[name], packed["scale"]))

    again = replace(
        boundaries,
        outlines=of("districts"),
        second=of("second"),
        second_outside=of("second_outside"),
        neighbours=of("neighbours"),
        uncertain=un.areas(packed["uncertain"], packed["scale"])[0],
        borders=np.array(un.lines(packed["borders"], packed["metric_scale"])),
    )
    some = np.random.default_rng(5)
    points = shapely.points(some.uniform(113.7, 115.3, 800), some.uniform(22.4, 22.95, 800))
    for ours, theirs in zip(join.locate(points, boundaries), join.locate(points, again), strict=True):
        assert (ours.district, ours.certainty, ours.possible) == (theirs.district, theirs.certainty, theirs.possible)
        assert ours.boundary_distance_m == pytest.approx(theirs.boundary_distance_m, abs=0.002)


def test_a_layer_without_second_opinion_and_zone_of_doubt(squares: Boundaries) -> None:
    shapes = drawn(squares)
    held = ground(squares, shapes.around)
    assert held["second"]["ids"] == []
    assert un.areas(held["second"], held["scale"]) == []
    assert held["uncertain"] is None
    assert held["districts"]["ids"] == ["futian", "luohu", "nanshan"]
    assert views(squares)["shenshan"] is None
    assert {one["id"] for one in labels(squares, shapes)["districts"]} == {"futian", "luohu", "nanshan"}


def test_names_stand_inside_their_areas(boundaries: Boundaries, shapes: Drawn) -> None:
    named = labels(boundaries, shapes)
    for one, outline in zip(named["districts"], boundaries.outlines, strict=True):
        assert shapely.contains_xy(outline, *one["centre"][::-1])
    by_name = dict(zip((zh for zh, _ in boundaries.neighbour_names), boundaries.neighbours, strict=True))
    assert {"东莞市", "香港特别行政区"} <= {one["zh"] for one in named["around"]}
    for one in named["around"]:
        assert shapely.contains_xy(by_name[one["zh"]], *one["centre"][::-1])


def test_the_views_hold_what_they_are_named_for(boundaries: Boundaries) -> None:
    (south, west), (north, east) = views(boundaries)["all"]
    assert shapely.box(west, south, east, north).contains(shapely.box(*shapely.total_bounds(boundaries.outlines)))
    assert views(boundaries)["city"][1][1] < views(boundaries)["shenshan"][1][1]


def test_the_surroundings_of_the_first_picture_are_near_where_they_lie(boundaries: Boundaries, shapes: Drawn) -> None:
    features = surroundings(boundaries, shapes)["features"]
    assert [one["properties"]["zh"] for one in features] == [zh for zh, _ in boundaries.neighbour_names]
    for one, outline in zip(features, boundaries.neighbours, strict=True):
        shape = shapely.make_valid(shapely.from_geojson(json.dumps(one["geometry"])))
        assert shapely.area(shapely.symmetric_difference(shape, outline)) < 0.04 * shapely.area(outline)
