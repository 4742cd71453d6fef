"""Every kind of constraint on squares of 100 m that can be worked out by hand.

The site is the square from (0, 0) to (100, 100), 1 ha, unless a test says otherwise:

      100 +-------+
          | site  |
        0 +-------+
          0      100
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from suitability_made import box, column, constrain, layer, line, point, raster, shapes, sites

from geo.schema import Force, Match, Words
from geo.suitability import distances, inputs
from geo.suitability.model import (
    Assessment,
    Cells,
    Inside,
    Local,
    Number,
    Outside,
    Role,
    Setback,
    Shape,
    ShareWithin,
    Source,
    Stated,
    Where,
)

SITE = box(0, 0, 100, 100)
LAYERED = {
    "inside": (Inside, {}),
    "outside": (Outside, {}),
    "setback": (Setback, {"distance_m": 50}),
    "inward": (Setback, {"distance_m": 50, "inward": True}),
    "share": (ShareWithin, {"at_least": 0.5}),
    "raster": (Cells, {"at_most": 5}),
    "assessment": (Assessment, {"within_m": 500}),
}


def check(found, result, measured=None, threshold=None, margin=None, at=0):
    """Compare a finding at one site, numbers to a nanometre's square; None stands for no number."""
    assert found.result[at] == result
    for name, value in (("measured", measured), ("threshold", threshold), ("margin", margin)):
        said = getattr(found, name)[at]
        assert np.isnan(said) if value is None else said == pytest.approx(value, abs=1e-6), name


@pytest.mark.parametrize("kind", LAYERED)
def test_a_missing_layer_is_not_assessed_and_says_how_to_add_it(kind):
    record, said = LAYERED[kind]
    found = constrain(record, sites(SITE, point(5, 5)), kind=kind.replace("inward", "setback"), layer="zone", **said)
    assert found.result.tolist() == ["not_assessed"] * 2
    assert np.isnan(found.measured).all() and np.isnan(found.margin).all()
    assert found.note[0].en == "The layer zone is missing; add it with: parksite layers add zone FILE"
    assert "parksite layers add zone" in found.note[0].zh


@pytest.mark.parametrize("kind", LAYERED)
def test_a_layer_of_the_wrong_sort_is_not_assessed(kind):
    record, said = LAYERED[kind]
    wrong = layer(SITE, name="ground") if kind == "raster" else raster([[1.0]])
    found = constrain(record, sites(SITE), wrong, kind=kind.replace("inward", "setback"), layer="ground", **said)
    assert found.result.tolist() == ["not_assessed"] and "raster" in found.note[0].en


@pytest.mark.parametrize("kind", ["inside", "inward", "share"])
def test_a_layer_without_polygons_holds_no_area(kind):
    record, said = LAYERED[kind]
    roads = layer(line((0, 0), (9, 9)))
    found = constrain(record, sites(SITE), roads, kind=kind.replace("inward", "setback"), layer="zone", **said)
    assert found.result.tolist() == ["not_assessed"] and "polygons" in found.note[0].en


# inside


@pytest.mark.parametrize(
    ("zone", "result", "outside"),
    [
        ((box(-10, -10, 110, 110),), "pass", 0),
        ((box(0, 0, 100, 100),), "pass", 0),
        ((box(-10, -10, 50, 110), box(50, -10, 110, 110)), "pass", 0),
        ((box(-10, -10, 60, 110), box(40, -10, 110, 110)), "pass", 0),
        ((box(0, 0, 90, 100),), "fail", 1000),
        ((box(200, 0, 300, 100),), "fail", 10_000),
        ((box(100, 0, 200, 100),), "fail", 10_000),
    ],
    ids=["within", "the same", "two that touch", "two that overlap", "10 m too short", "elsewhere", "beside it"],
)
def test_inside(zone, result, outside):
    found = constrain(Inside, sites(SITE), layer(*zone), kind="inside", layer="zone")
    check(found, result, outside, 0, -outside)
    assert found.unit == "m²"


def test_inside_names_the_feature_with_most_of_the_site():
    zone = layer(box(0, 0, 30, 100), box(30, 0, 100, 100), labels=("west", "east"))
    assert constrain(Inside, sites(SITE), zone, kind="inside", layer="zone").feature.tolist() == ["east"]


@pytest.mark.parametrize(("sliver_m2", "result", "counts", "sliver"), [(51, "pass", 0, 50), (50, "fail", 50, 0)])
def test_inside_a_piece_below_the_stated_size_does_not_count(sliver_m2, result, counts, sliver):
    """The zone lacks half a metre of the site's eastern edge: 50 m² lie outside."""
    zone = layer(box(0, 0, 99.5, 100))
    found = constrain(Inside, sites(SITE), zone, kind="inside", layer="zone", sliver_m2=sliver_m2)
    check(found, result, counts, 0, -counts)
    assert found.sliver_m2[0] == pytest.approx(sliver)


def unproven(finding, *at):
    """Not assessed, with no margin, and says that there is only a position."""
    assert set(finding.result[list(at)]) == {"not_assessed"} and np.isnan(finding.margin[list(at)]).all()
    assert {note.zh for note in finding.note[list(at)]} == {"只有点位，用地范围未知。"}


def test_inside_a_point_proves_only_that_the_site_is_not():
    zone = layer(SITE, labels=("block",))
    found = constrain(Inside, sites(point(5, 5), point(100, 50), point(101, 50)), zone, kind="inside", layer="zone")
    unproven(found, 0, 1)
    assert found.result[2] == "fail" and "tested as a point" in found.note[2].en
    assert found.feature.tolist() == ["block", "block", ""] and np.isnan(found.measured).all()


# outside


@pytest.mark.parametrize(
    ("zone", "result", "within"),
    [
        ((box(200, 0, 300, 100),), "pass", 0),
        ((box(100, 0, 200, 100),), "pass", 0),
        ((box(90, 0, 200, 100),), "fail", 1000),
        ((box(90, 0, 200, 100), box(80, 0, 200, 100)), "fail", 2000),
        ((box(-50, -50, 200, 200),), "fail", 10_000),
    ],
    ids=["apart", "touching", "10 m within", "two that overlap count once", "all of it"],
)
def test_outside(zone, result, within):
    found = constrain(Outside, sites(SITE), layer(*zone), kind="outside", layer="zone")
    check(found, result, within, 0, -within)
    assert found.unit == "m²"
    assert (found.feature[0] == "") == (result == "pass")


@pytest.mark.parametrize(("sliver_m2", "result", "counts", "sliver"), [(300, "pass", 0, 400), (200, "fail", 200, 200)])
def test_outside_slivers_are_measured_piece_by_piece(sliver_m2, result, counts, sliver):
    """200 m² in the west, and 200 m² in the east: two pieces of 100 m² that touch are one piece."""
    pieces = [box(-9, 0, 2, 100), box(98, 0, 109, 50), box(98, 50, 109, 100)]
    if sliver_m2 == 200:
        pieces[0] = box(-9, 0, 2, 99)  # 198 m² and 2 m² below
        sliver = 198
    found = constrain(Outside, sites(SITE), layer(*pieces), kind="outside", layer="zone", sliver_m2=sliver_m2)
    check(found, result, counts, 0, -counts)
    assert found.sliver_m2[0] == pytest.approx(sliver)


def test_outside_a_corner_shared_but_for_rounding_is_no_overlap():
    """The zone reaches in by a millionth of a metre along 100 m: 0.0001 m²."""
    found = constrain(Outside, sites(SITE), layer(box(100 - 1e-6, 0, 200, 100)), kind="outside", layer="zone")
    check(found, "pass", 0, 0, 0)
    assert found.sliver_m2.tolist() == [0.0]


def test_outside_a_point_proves_only_that_the_site_is_not():
    """Within the pond; beside it; on its bank, on the shore of which the site may lie."""
    zone = layer(box(0, 0, 50, 50), labels=("pond",))
    three = sites(point(5, 5), point(60, 60), point(50, 20))
    found = constrain(Outside, three, zone, kind="outside", layer="zone")
    assert found.result[0] == "fail" and "tested as a point" in found.note[0].en
    unproven(found, 1, 2)
    assert found.feature.tolist() == ["pond", "", ""] and np.isnan(found.measured).all()


def test_outside_of_no_feature_at_all_lies_every_site_even_a_point():
    where = Where(column="level", values=("b",))
    zone = layer(box(0, 0, 50, 50), level=column("a"))
    found = constrain(Outside, sites(SITE, point(5, 5)), zone, kind="outside", layer="zone", where=where)
    assert found.result.tolist() == ["pass", "pass"]
    assert all("no such feature" in note.en for note in found.note)


def test_outside_a_point_on_a_line_fails_but_at_its_end_proves_nothing():
    pipe = layer(line((0, 0), (100, 0)))
    found = constrain(Outside, sites(point(50, 0), point(100, 0)), pipe, kind="outside", layer="zone")
    assert found.result[0] == "fail"
    unproven(found, 1)


def test_outside_a_line_counts_by_its_length_within():
    """A pipe through the middle (100 m), one along the edge (100 m), one that ends at the edge (0 m)."""
    pipes = layer(
        line((-50, 50), (150, 50)), line((0, 0), (100, 0)), line((100, 20), (200, 20)), labels=("a", "b", "c")
    )
    found = constrain(Outside, sites(SITE), pipes, kind="outside", layer="zone")
    check(found, "fail", 200, 0, -200)
    assert (found.unit, found.feature[0]) == ("m", "a")
    check(
        constrain(Outside, sites(SITE), layer(line((100, 20), (200, 20))), kind="outside", layer="zone"),
        "pass",
        0,
        0,
        0,
    )


def test_outside_points_are_counted():
    wells = layer(point(10, 10), point(100, 100), point(101, 100))
    found = constrain(Outside, sites(SITE), wells, kind="outside", layer="zone")
    check(found, "fail", 2, 0, -2)
    assert (found.unit, found.feature[0]) == ("", "#1")


def test_outside_a_line_among_polygons_is_not_overlooked():
    mixed = layer(box(200, 0, 300, 100), line((10, 10), (20, 10)), labels=("far", "drain"))
    found = constrain(Outside, sites(SITE), mixed, kind="outside", layer="zone")
    check(found, "fail", 0, 0, 0)
    assert found.feature[0] == "drain" and "Lines or points" in found.note[0].en


def test_only_the_features_asked_for_count():
    zone = layer(SITE, box(200, 0, 300, 100), 级别=column("一级", "二级"), level=column(1.0, 2.0))
    for name, mine, other in (("级别", "一级", "二级"), ("LEVEL", "1", "2")):
        for value, result in ((mine, "fail"), (other, "pass"), ("none such", "pass")):
            where = Where(column=name, values=(value,))
            found = constrain(Outside, sites(SITE), zone, kind="outside", layer="zone", where=where)
            assert found.result.tolist() == [result]
    unknown = constrain(
        Outside, sites(SITE), zone, kind="outside", layer="zone", where=Where(column="class", values=("1",))
    )
    assert unknown.result.tolist() == ["not_assessed"] and "'class'" in unknown.note[0].en


def test_a_feature_keeps_its_number_when_others_are_left_out():
    zone = layer(box(200, 0, 300, 100), SITE, level=column("a", "b"))
    where = Where(column="level", values=("b",))
    assert constrain(Outside, sites(SITE), zone, kind="outside", layer="zone", where=where).feature[0] == "#2"


# setback


@pytest.mark.parametrize(
    ("feature", "distance", "result"),
    [
        (box(200, 0, 300, 100), 100, "pass"),
        (box(200 - 1e-7, 0, 300, 100), 100, "pass"),
        (box(199, 0, 300, 100), 99, "fail"),
        (line((250, -500), (250, 500)), 150, "pass"),
        (line((103, 104), (400, 400)), 5, "fail"),
        (point(160, 180), 100, "pass"),
        (point(50, 50), 0, "fail"),
        (point(100, -99.9999), 99.9999, "fail"),
    ],
    ids=[
        "polygon on the threshold",
        "but for rounding",
        "polygon",
        "line",
        "line by its end",
        "point (60, 80) off",
        "within",
        "near miss",
    ],
)
def test_setback_of_100_m(feature, distance, result):
    found = constrain(Setback, sites(SITE), layer(feature), kind="setback", layer="zone", distance_m=100)
    check(found, result, distance, 100, distance - 100)
    assert (found.unit, found.feature[0]) == ("m", "#1")


def test_setback_counts_a_feature_far_outside_the_city():
    """GLAES left out features beyond the study area whose buffer reaches in; a layer is never cut here."""
    abroad = layer(box(-30_000, 0, -500, 100), labels=("across the border",))
    found = constrain(Setback, sites(SITE), abroad, kind="setback", layer="zone", distance_m=1000)
    check(found, "fail", 500, 1000, -500)
    assert found.feature[0] == "across the border"


def test_setback_the_own_distance_of_a_feature_further_off_decides():
    """100 m off one that asks 50 (margin 50); 300 m off one that asks 400 (margin -100)."""
    zone = layer(box(200, 0, 210, 10), box(400, 0, 410, 10), labels=("shed", "tank"), d=column(50.0, 400.0))
    found = constrain(Setback, sites(SITE), zone, kind="setback", layer="zone", distance_m=10, distance_column="d")
    check(found, "fail", 300, 400, -100)
    assert found.feature[0] == "tank"


def test_setback_the_own_distance_comes_before_the_local_one_and_that_before_the_general():
    """Districts a and b, the feature 100 m away; with its own 20 m it passes everywhere."""
    local = (Local(districts=("futian",), distance_m=150, source=Source(ours=True)),)
    two = sites(SITE, SITE, districts=["futian", "luohu"])
    said = {"kind": "setback", "layer": "zone", "distance_m": 80, "local": local, "distance_column": "d"}
    general = constrain(Setback, two, layer(box(200, 0, 210, 10), d=column(np.nan)), **said)
    check(general, "fail", 100, 150, -50, at=0)
    check(general, "pass", 100, 80, 20, at=1)
    own = constrain(Setback, two, layer(box(200, 0, 210, 10), d=column(20.0)), **said)
    for at in (0, 1):
        check(own, "pass", 100, 20, 80, at=at)


def test_setback_the_threshold_of_the_district_stands_even_without_the_layer():
    local = (Local(districts=("futian",), distance_m=150, source=Source(ours=True)),)
    found = constrain(
        Setback, sites(SITE, SITE, districts=["futian", ""]), kind="setback", layer="zone", distance_m=80, local=local
    )
    assert found.threshold.tolist() == [150, 80]


@pytest.mark.parametrize(
    ("values", "result"), [(("1,050", ""), "fail"), (("１０", "5"), "pass"), (("see plan", ""), "not_assessed")]
)
def test_setback_own_distances_may_be_text(values, result):
    zone = layer(box(200, 0, 210, 10), box(900, 0, 910, 10), d=column(*values))
    found = constrain(Setback, sites(SITE), zone, kind="setback", layer="zone", distance_m=50, distance_column="d")
    assert found.result.tolist() == [result]
    if result == "not_assessed":
        assert "'see plan'" in found.note[0].en


def test_setback_of_nothing_is_kept_even_by_a_point():
    zone = layer(box(200, 0, 210, 10), level=column("a"))
    where = Where(column="level", values=("b",))
    none = constrain(Setback, sites(SITE, point(0, 0)), zone, kind="setback", layer="zone", distance_m=50, where=where)
    for at in (0, 1):
        check(none, "pass", None, 50, None, at=at)
        assert "no such feature" in none.note[at].en


def test_setback_a_point_proves_only_that_the_site_is_too_near():
    """100 m off and 49 m off; and by a feature's own distance of 300 m, which the first does not keep either."""
    two, said = sites(point(100, 0), point(151, 0)), {"kind": "setback", "layer": "zone", "distance_m": 50}
    found = constrain(Setback, two, layer(box(200, 0, 210, 10)), **said)
    check(found, "not_assessed", 100, 50, None)
    unproven(found, 0)
    check(found, "fail", 49, 50, -1, at=1)
    assert "tested as a point" in found.note[1].en
    own = constrain(Setback, two, layer(box(200, 0, 210, 10), d=column(300.0)), distance_column="d", **said)
    check(own, "fail", 100, 300, -200)


@pytest.mark.parametrize(
    ("site", "result", "measured"),
    [
        (box(50, 50, 950, 950), "pass", 50),
        (box(49, 50, 950, 950), "fail", 49),
        (box(300, 300, 400, 400), "pass", 300),
        (box(1200, 0, 1300, 100), "fail", -200),
        (box(900, 100, 1030, 200), "fail", -30),
        (box(1000, 0, 1100, 100), "fail", -100),
        (point(60, 500), "not_assessed", 60),
        (point(49, 500), "fail", 49),
        (point(-7, 500), "fail", -7),
    ],
    ids=[
        "on the threshold", "1 m short", "deep", "outside", "sticking out", "touching",
        "point", "point too near the edge", "point outside",
    ],
)  # fmt: skip
@pytest.mark.parametrize("pieces", [1, 2])
def test_inward_setback_of_50_m(site, result, measured, pieces):
    """The zone is a square of 1 km, whole or in two halves that touch at x = 500."""
    halves = [box(0, 0, 500, 1000), box(500, 0, 1000, 1000)]
    zone = layer(*(halves if pieces == 2 else [box(0, 0, 1000, 1000)]))
    found = constrain(Setback, sites(site), zone, kind="setback", layer="zone", distance_m=50, inward=True)
    check(found, result, measured, 50, None if result == "not_assessed" else measured - 50)


def test_inward_setback_of_0_m_still_asks_to_be_within():
    zone = layer(box(0, 0, 1000, 1000))
    three = sites(box(0, 0, 100, 100), box(950, 0, 1001, 100), box(1000, 0, 1100, 100))
    found = constrain(Setback, three, zone, kind="setback", layer="zone", distance_m=0, inward=True)
    assert found.result.tolist() == ["pass", "fail", "fail"]


def test_inward_setback_counts_holes_and_names_the_polygon_at_the_nearest_edge():
    hole = shapely.difference(box(500, 0, 1000, 1000), box(600, 400, 700, 600))
    zone = layer(box(0, 0, 500, 1000), hole, labels=("west", "east"))
    two = sites(box(400, 450, 580, 550), box(80, 400, 450, 600))
    found = constrain(Setback, two, zone, kind="setback", layer="zone", distance_m=50, inward=True)
    check(found, "fail", 20, 50, -30, at=0)
    check(found, "pass", 80, 50, 30, at=1)
    assert found.feature.tolist() == ["east", "west"]


def test_inward_setback_own_distance_of_the_polygon():
    """10 m in the west, 60 m in the east; a site that lies in both must keep 60 m, whichever comes first."""
    west, east = box(0, 0, 500, 1000), box(500, 0, 1000, 1000)
    two = sites(box(20, 20, 100, 100), box(450, 50, 550, 150))
    said = {"kind": "setback", "layer": "zone", "distance_m": 1, "distance_column": "d", "inward": True}
    for zone in (layer(west, east, d=column(10.0, 60.0)), layer(east, west, d=column(60.0, 10.0))):
        found = constrain(Setback, two, zone, **said)
        check(found, "pass", 20, 10, 10, at=0)
        check(found, "fail", 50, 60, -10, at=1)
    swapped = constrain(Setback, two, layer(west, east, d=column(60.0, 10.0)), **said)
    check(swapped, "fail", 50, 60, -10, at=1)


def test_inward_setback_without_any_polygon_fails():
    zone = layer(SITE, level=column("a"))
    where = Where(column="level", values=("b",))
    found = constrain(Setback, sites(SITE), zone, kind="setback", layer="zone", distance_m=0, inward=True, where=where)
    check(found, "fail", None, 0, None)


# area, width, compactness


@pytest.mark.parametrize(
    ("said", "site", "result", "measured", "threshold", "margin"),
    [
        ({"kind": "area", "at_least": 1}, SITE, "pass", 1, 1, 0),
        ({"kind": "area", "at_least": 1.01}, SITE, "fail", 1, 1.01, -0.01),
        ({"kind": "area", "at_most": 0.5}, SITE, "fail", 1, 0.5, -0.5),
        ({"kind": "area", "at_least": 0.5, "at_most": 1.2}, SITE, "pass", 1, 1.2, 0.2),
        ({"kind": "area", "at_least": 0.9, "at_most": 3}, SITE, "pass", 1, 0.9, 0.1),
        ({"kind": "width", "at_least": 40}, box(0, 0, 1000, 40), "pass", 40, 40, 0),
        ({"kind": "width", "at_least": 41}, box(0, 0, 1000, 40), "fail", 40, 41, -1),
        ({"kind": "compactness", "at_least": 0.7}, SITE, "pass", np.pi / 4, 0.7, np.pi / 4 - 0.7),
        ({"kind": "compactness", "at_least": 0.5}, box(0, 0, 400, 100), "pass", 0.16 * np.pi, 0.5, 0.16 * np.pi - 0.5),
        ({"kind": "compactness", "at_least": 0.6}, box(0, 0, 400, 100), "fail", 0.16 * np.pi, 0.6, 0.16 * np.pi - 0.6),
    ],
)
def test_measures_of_the_outline(said, site, result, measured, threshold, margin):
    """The strip of 400 by 100 m: 4 pi 40,000 / 1,000² = 0.16 pi."""
    found = constrain(Shape, sites(site), **said)
    check(found, result, measured, threshold, margin)
    assert found.unit == {"area": "ha", "width": "m", "compactness": ""}[said["kind"]]


def test_measures_of_a_point_come_from_the_list_alone():
    four = sites(*[point(0, 0)] * 3, SITE, columns={"面积（公顷）": ["12.5 ha", "", "large", "99"]})
    found = constrain(Shape, four, kind="area", at_least=10, column="面积（公顷）")
    assert found.result.tolist() == ["pass", "not_assessed", "not_assessed", "fail"]
    check(found, "pass", 12.5, 10, 2.5)
    assert [note and note.en for note in found.note] == [
        "As stated in the list.",
        "The column '面积（公顷）' is empty.",
        "'large' in the column '面积（公顷）' cannot be read.",
        None,
    ]
    bare = constrain(Shape, sites(point(0, 0)), kind="width", at_least=10)
    check(bare, "not_assessed", None, 10, None)
    assert bare.note[0].en.startswith("Only a position, no outline")


# share


@pytest.mark.parametrize(
    ("said", "zone", "result", "measured", "threshold", "margin"),
    [
        ({"at_least": 0.6}, box(0, 0, 60, 100), "pass", 60, 60, 0),
        ({"at_least": 0.6}, box(0, 0, 59, 100), "fail", 59, 60, -1),
        ({"at_most": 0.6}, box(0, 0, 61, 100), "fail", 61, 60, -1),
        ({"at_least": 0.2, "at_most": 0.7}, box(0, 0, 60, 100), "pass", 60, 70, 10),
        ({"at_most": 0.1}, box(200, 0, 300, 100), "pass", 0, 10, 10),
        ({"at_least": 0.01, "sliver_m2": 301}, box(0, 0, 3, 100), "fail", 0, 1, -1),
    ],
)
def test_share_in_percent(said, zone, result, measured, threshold, margin):
    found = constrain(ShareWithin, sites(SITE), layer(zone), kind="share", layer="zone", **said)
    check(found, result, measured, threshold, margin)
    assert found.unit == "%"
    assert found.sliver_m2[0] == pytest.approx(300 if "sliver_m2" in said else 0)


def test_a_point_has_no_share():
    two = sites(point(5, 5), point(101, 5), SITE)
    found = constrain(ShareWithin, two, layer(SITE, labels=("block",)), kind="share", layer="zone", at_least=0.5)
    unproven(found, 0, 1)
    assert np.isnan(found.measured[:2]).all() and found.feature.tolist() == ["block", "", "block"]
    check(found, "pass", 100, 50, 50, at=2)
    absent = constrain(ShareWithin, two, kind="share", layer="zone", at_least=0.5)
    assert "parksite layers add" in absent.note[0].en


# raster


@pytest.mark.parametrize(
    ("said", "measured", "result"),
    [
        ({"at_most": 2.5}, 2.5, "pass"),
        ({"at_most": 2.4}, 2.5, "fail"),
        ({"at_most": 3, "statistic": "max"}, 4, "fail"),
        ({"at_least": 2, "statistic": "min"}, 1, "fail"),
        ({"at_most": 2, "statistic": "median"}, 2.5, "fail"),
        ({"at_most": 2, "statistic": "stdev"}, np.sqrt(1.25), "pass"),
    ],
)
def test_raster_statistic_of_four_cells(said, measured, result):
    """Cells of 50 m, 1 2 over 3 4: mean 2.5, variance 1.25."""
    found = constrain(Cells, sites(SITE), raster([[1, 2], [3, 4]], 50, "m"), kind="raster", layer="ground", **said)
    assert found.result.tolist() == [result] and found.unit == "m"
    assert found.measured[0] == pytest.approx(measured, abs=0.51 if said.get("statistic") == "median" else 1e-9)


def test_raster_slope_in_percent():
    """A plane that rises 1 m in 10 m eastward: 10 %, but not at the edge of the raster."""
    plane = raster([[0, 1, 2, 3, 4]] * 5, 10, "m")
    said = {"kind": "raster", "layer": "ground", "measure": "slope", "statistic": "mean"}
    found = constrain(Cells, sites(box(10, 10, 40, 40), box(0, 10, 40, 40)), plane, at_most=10, **said)
    check(found, "pass", 10, 10, 0, at=0)
    check(found, "not_assessed", None, 10, None, at=1)
    assert found.unit == "%" and "75%" in found.note[1].en
    feet = constrain(Cells, sites(SITE), raster([[0, 1]], 10, "ft"), at_most=10, **said)
    assert feet.result.tolist() == ["not_assessed"] and "ft" in feet.note[0].en


@pytest.mark.parametrize(
    ("rule", "file", "result"), [("m", "米", "pass"), ("m", "", "pass"), ("", "m", "pass"), ("m", "ft", "not_assessed")]
)
def test_raster_units_must_agree(rule, file, result):
    found = constrain(
        Cells, sites(SITE), raster([[1.0]], 100, file), kind="raster", layer="ground", at_most=2, unit=rule
    )
    assert found.result.tolist() == [result]


def test_raster_under_a_point_is_measured_and_not_assessed():
    """1 under the first point, which would pass, 4 under the second, which would fail, none under the third."""
    three = sites(point(10, 90), point(60, 10), point(500, 10))
    ground = raster([[1, 2], [3, 4]], 50, "m")
    found = constrain(Cells, three, ground, kind="raster", layer="ground", at_most=2)
    unproven(found, 0, 1)
    assert found.measured[:2].tolist() == [1, 4] and found.result[2] == "not_assessed"
    assert "0%" in found.note[2].en


# role


@pytest.mark.parametrize(
    ("match", "force", "result", "words"),
    [
        (Match.DESIGNATED, Force.IN_FORCE, "pass", "designated, in force"),
        (Match.DESIGNATED, Force.LAPSED, "requires_assessment", "designated, lapsed"),
        (Match.SILENT, Force.NONE, "requires_assessment", "no document speaks of it"),
        (Match.ELSEWHERE, Force.IN_FORCE, "fail", "designated elsewhere, in force"),
        (Match.OUTSIDE, Force.NONE, "fail", "outside Shenzhen"),
        (Match.NOT_ASKED, Force.NONE, "not_assessed", "no field was given"),
        (Match.UNRECOGNISED, Force.NONE, "not_assessed", "field or stage not recognised"),
        ("", "", "not_assessed", "The role was not checked."),
    ],
)
def test_role(match, force, result, words):
    found = constrain(
        Role, sites(SITE, matches=[match], forces=[force]), kind="role", accept=("designated",), review=("silent",)
    )
    check(found, result)
    assert found.note[0].en == words


# columns


@pytest.mark.parametrize(
    ("said", "result"),
    [
        ("是", "pass"), ("有", "pass"), ("已建", "pass"), ("具备", "pass"), ("YES", "pass"), ("１", "pass"),
        ("True", "pass"), ("否", "fail"), ("无", "fail"), ("未建", "fail"), ("No", "fail"), ("false", "fail"),
        ("0", "fail"), ("", "not_assessed"), ("未知", "not_assessed"), ("Unknown", "not_assessed"),
        ("-", "not_assessed"), ("maybe", "not_assessed"), ("2", "not_assessed"),
    ],
)  # fmt: skip
def test_stated(said, result):
    found = constrain(Stated, sites(SITE, columns={"围网": [said]}), kind="stated", column="围网")
    check(found, result)
    assert (found.note[0] is None) == (result == "pass")
    if said in ("maybe", "2"):
        assert f"“{said}”" in found.note[0].zh and f"'{said}'" in found.note[0].en


def test_stated_a_no_may_ask_for_assessment_and_an_alias_fills_an_empty_cell():
    listed = sites(SITE, SITE, columns={"Fence": ["", "yes"], "围网": ["否", "否"]})
    found = constrain(Stated, listed, kind="stated", column="FENCE", aliases=("围网",), otherwise="requires_assessment")
    assert found.result.tolist() == ["requires_assessment", "pass"]
    absent = constrain(Stated, sites(SITE), kind="stated", column="fence")
    check(absent, "not_assessed")
    assert absent.note[0].en == "The list has no column 'fence'."


@pytest.mark.parametrize(
    ("said", "measured", "result", "margin"),
    [
        ("120", 120, "pass", 20), ("1,200", 1200, "fail", -1000), ("１００", 100, "pass", 0),
        ("99.5", 99.5, "fail", -0.5),
        ("150 kV", 150, "pass", 50), ("−5", -5, "fail", -105), ("1e2", 100, "pass", 0),
        ("about 120", None, "not_assessed", None), ("", None, "not_assessed", None),
        ("12,00", None, "not_assessed", None), ("nan", None, "not_assessed", None),
        ("1e999", None, "not_assessed", None),
    ],
)  # fmt: skip
def test_number_between_100_and_200(said, measured, result, margin):
    found = constrain(
        Number,
        sites(SITE, columns={"电压": [said]}),
        kind="number",
        column="电压",
        at_least=100,
        at_most=200,
        unit="kV",
    )
    check(found, result, measured, 200 if measured == 1200 else 100, margin)
    assert found.unit == "kV" and (found.note[0] is None) == (measured is not None)


# assessment


def test_assessment_always_or_near_a_layer():
    plain = constrain(Assessment, sites(SITE), kind="assessment")
    check(plain, "requires_assessment")
    school = layer(point(600, 100), labels=("school",))
    two = sites(SITE, box(-1, 0, 99, 100))
    near = constrain(Assessment, two, school, kind="assessment", layer="zone", within_m=500)
    check(near, "requires_assessment", 500, 500, 0, at=0)
    check(near, "pass", 501, 500, 1, at=1)
    assert near.feature.tolist() == ["school", "school"]


def test_assessment_of_a_point_is_required_where_it_is_near_and_else_open():
    school = layer(point(600, 100), labels=("school",), level=column("a"))
    two, said = sites(point(100, 100), point(99, 100)), {"kind": "assessment", "layer": "zone", "within_m": 500}
    near = constrain(Assessment, two, school, **said)
    check(near, "requires_assessment", 500, 500, 0, at=0)
    check(near, "not_assessed", 501, 500, None, at=1)
    unproven(near, 1)
    none = constrain(Assessment, two, school, **said, where=Where(column="level", values=("b",)))
    assert none.result.tolist() == ["pass", "pass"]


def test_no_result_depends_on_the_other_sites_or_their_order(monkeypatch):
    """Many sites at once, one by one, and backwards in chunks of two give the same bits."""
    rng = np.random.default_rng(7)
    corners = rng.uniform(0, 3000, (24, 2))
    squares = [box(x, y, x + 100 + at, y + 150) for at, (x, y) in enumerate(corners)]
    zone = layer(
        *[point(x, y).buffer(200) for x, y in rng.uniform(0, 3000, (20, 2))], d=column(*rng.uniform(50, 600, 20))
    )
    rules = [
        (Outside, {"kind": "outside", "sliver_m2": 500}),
        (Inside, {"kind": "inside"}),
        (ShareWithin, {"kind": "share", "at_least": 0.3}),
        (Setback, {"kind": "setback", "distance_m": 80, "distance_column": "d"}),
        (Setback, {"kind": "setback", "distance_m": 10, "inward": True}),
    ]
    whole = [constrain(kind, sites(*squares), zone, layer="zone", **said) for kind, said in rules]
    monkeypatch.setattr("geo.suitability.measures.CHUNK", 2)
    monkeypatch.setattr(distances, "CHUNK", 2)
    back = [constrain(kind, sites(*squares[::-1]), zone, layer="zone", **said) for kind, said in rules]
    single = constrain(Setback, sites(squares[3]), zone, layer="zone", **rules[3][1])
    for one, other in zip(whole, back, strict=True):
        for name in ("measured", "threshold", "margin", "sliver_m2"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name)[::-1])
        assert one.result.tolist() == other.result[::-1].tolist()
        assert one.feature.tolist() == other.feature[::-1].tolist()
        assert len(set(one.result)) == 2 or one is whole[1] or one is whole[4]
    assert single.measured[0] == whole[3].measured[3]


def test_setbacks_agree_with_every_distance_measured():
    """The least margin over all pairs, for random sites and features with their own distances."""
    rng = np.random.default_rng(11)
    places = shapes(*[point(x, y) for x, y in rng.uniform(0, 5000, (80, 2))])
    features = shapes(*[point(x, y).buffer(30) for x, y in rng.uniform(0, 5000, (60, 2))])
    own = np.where(rng.random(60) < 0.5, np.nan, rng.uniform(0, 2500, 60))
    general = rng.uniform(0, 500, 80)
    found = distances.setbacks(places, features, own, general)
    every = shapely.distance(places[:, None], features[None])
    asked = np.where(np.isnan(own), general[:, None], own)
    np.testing.assert_array_equal(found.feature, np.argmin(every - asked, axis=1))
    np.testing.assert_array_equal(found.distance - found.required, np.min(every - asked, axis=1))
    assert (found.feature != np.argmin(every, axis=1)).any()


def test_a_column_name_cut_by_a_shapefile_is_named():
    """Ten bytes of GBK, or of UTF-8, are left of 化工园区认定; the answer is not taken from it in silence."""
    for cut in ("化工园区认", "化工园"):
        note = inputs.texts(sites(box(0, 0, 1, 1), columns={cut: ["是"]}), "化工园区认定", ("recognised",))
        assert isinstance(note, Words) and f"“{cut}”" in note.zh and repr(cut) in note.en
    for other in ("化工", "化工园地", "park"):
        note = inputs.texts(sites(box(0, 0, 1, 1), columns={other: ["是"]}), "化工园区认定")
        assert isinstance(note, Words) and note.en == "The list has no column '化工园区认定'."
