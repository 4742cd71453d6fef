"""Every kind of criterion on squares of 100 m that can be worked out by hand.

The site is the square from (0, 0) to (100, 100), 1 ha, unless a test says otherwise.
"""

from __future__ import annotations

import numpy as np
import pytest
from suitability_made import box, column, criterion, layer, line, point, raster, sites

from geo.schema import Match
from geo.suitability.model import (
    Around,
    Attribute,
    Categorical,
    CellsOf,
    Distance,
    Linear,
    RoleFit,
    ShapeOf,
    ShareOf,
    Step,
    Where,
)

SITE = box(0, 0, 100, 100)
NEARER = Linear("linear", worst=1000, best=0)
MORE = Linear("linear", worst=0, best=10)
STEPPED = Step("step", steps=((1, 0.4), (2, 0.9)), below=0.2)
KINDS = {
    "distance": (Distance, {}),
    "count": (Around, {"within_m": 500}),
    "density": (Around, {"within_m": 500}),
    "sum": (Around, {"within_m": 500, "column": "jobs"}),
    "share": (ShareOf, {}),
    "raster": (CellsOf, {}),
}


def check(found, value, utility, at=0):
    assert found.value[at] == pytest.approx(value)
    assert found.low[at] == found.high[at] == pytest.approx(utility)
    assert not found.missing[at]


def missing(found, low, high, words, at=0):
    assert found.missing[at] and (found.low[at], found.high[at]) == (low, high)
    assert words in found.note[at].en and found.note[at].zh


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_layer_leaves_every_value_between_the_worst_and_the_best(kind):
    record, said = KINDS[kind]
    found = criterion(record, sites(SITE, point(5, 5)), kind=kind, layer="zone", value=STEPPED, **said)
    for at in (0, 1):
        missing(found, 0.2, 0.9, "parksite layers add zone FILE", at=at)


@pytest.mark.parametrize("kind", KINDS)
def test_a_layer_of_the_wrong_sort_is_as_good_as_none(kind):
    record, said = KINDS[kind]
    wrong = layer(SITE, name="ground") if kind == "raster" else raster([[1.0]])
    found = criterion(record, sites(SITE), wrong, kind=kind, layer="ground", value=STEPPED, **said)
    missing(found, 0.2, 0.9, "raster")


def test_distance_to_the_nearest_feature():
    """Stations 250 m east and 300 m north of the site; the northern one is open."""
    stations = layer(point(350, 50), point(50, 400), labels=("east", "north"), state=column("planned", "open"))
    said = {"kind": "distance", "layer": "zone", "value": NEARER}
    found = criterion(Distance, sites(SITE, point(350, 50)), stations, **said)
    check(found, 250, 0.75)
    check(found, 0, 1, at=1)
    assert found.feature.tolist() == ["east", "east"] and found.unit == "m"
    opened = criterion(Distance, sites(SITE), stations, where=Where(column="state", values=("open",)), **said)
    check(opened, 300, 0.7)
    none = criterion(Distance, sites(SITE), stations, where=Where(column="state", values=("shut",)), **said)
    missing(none, 0, 1, "no such feature")


def test_distance_along_a_network():
    """From the site's corner (100, 100) up a road 300 m and 200 m along: not the 360 m by air."""
    station = layer(point(300, 400), labels=("station",))
    roads = layer(line((100, 100), (100, 400), (300, 400)), name="roads")
    said = {"kind": "distance", "layer": "zone", "network": "roads", "reach_m": 50, "value": NEARER}
    found = criterion(Distance, sites(SITE, box(800, 0, 900, 100)), station, roads, **said)
    check(found, 500, 0.5)
    missing(found, 0, 1, "within 50 m of the site", at=1)
    assert found.feature.tolist() == ["station", ""]
    missing(criterion(Distance, sites(SITE), station, **said), 0, 1, "The layer roads is missing")


AROUND = layer(
    point(50, 50), point(600, 50), point(601, 50), box(50, -2000, 60, -400),
    labels=("in", "on", "off", "reaching in"), jobs=column(3.0, 4.0, 100.0, 0.5),
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value"), [("count", 3), ("sum", 7.5), ("density", 3 / (0.01 + 4 * 0.05 + np.pi * 0.25))]
)
def test_features_within_500_m(kind, value):
    """Three: within the site, on the line, and a strip that begins 400 m to the south; one lies a metre too far.

    The ground within 500 m of the square: 0.01 km² + 4 · 0.1 · 0.5 km² + pi · 0.5² km².
    """
    said = {"column": "jobs"} if kind == "sum" else {}
    found = criterion(Around, sites(SITE), AROUND, kind=kind, layer="zone", within_m=500, value=MORE, **said)
    assert found.value[0] == pytest.approx(value, rel=2e-4)
    assert found.low[0] == pytest.approx(value / 10, rel=2e-4)


def test_none_within_is_a_value_and_an_unknown_amount_is_none():
    said = {"layer": "zone", "within_m": 500, "value": MORE}
    check(criterion(Around, sites(box(9000, 0, 9100, 100)), AROUND, kind="count", **said), 0, 0)
    unknown = layer(point(50, 50), point(60, 50), point(9000, 0), jobs=column(3.0, np.nan, 5.0))
    found = criterion(Around, sites(SITE, point(9000, 0)), unknown, kind="sum", column="jobs", **said)
    missing(found, 0, 1, "1 of the features within the distance state no 'jobs'")
    check(found, 5, 0.5, at=1)
    text = layer(point(50, 50), jobs=column("many"))
    missing(criterion(Around, sites(SITE), text, kind="sum", column="jobs", **said), 0, 1, "'many'")
    missing(criterion(Around, sites(SITE), text, kind="sum", column="beds", **said), 0, 1, "no column 'beds'")


def test_share_of_the_area():
    """Features over the western 30 m and from 20 to 50 m cover half of the site together."""
    zone = layer(box(-10, 0, 30, 100), box(20, 0, 50, 100), labels=("west", "middle"))
    said = {"kind": "share", "layer": "zone", "value": Linear("linear", worst=0, best=1)}
    found = criterion(ShareOf, sites(SITE, point(5, 5), point(80, 5)), zone, **said)
    check(found, 0.5, 0.5)
    check(found, 1, 1, at=1)
    check(found, 0, 0, at=2)
    assert found.feature.tolist() == ["west", "west", ""]
    assert found.note[0] is None and "position" in found.note[1].en


def test_attribute_numbers():
    listed = sites(SITE, SITE, SITE, columns={"Jobs": ["2.5", "", "few"], "岗位": ["9", "５", ""]})
    said = {"kind": "attribute", "column": "JOBS", "aliases": ("岗位",), "unit": "persons", "value": MORE}
    found = criterion(Attribute, listed, **said)
    check(found, 2.5, 0.25)
    check(found, 5, 0.5, at=1)
    missing(found, 0, 1, "'few'", at=2)
    assert found.unit == "persons"
    missing(criterion(Attribute, sites(SITE), **said), 0, 1, "The list has no column 'JOBS'.")


def test_attribute_words():
    grades = Categorical("categorical", utilities={"好": 0.9, "差": 0.1})
    listed = sites(SITE, SITE, SITE, columns={"评价": ["好", "中", ""]})
    found = criterion(Attribute, listed, kind="attribute", column="评价", value=grades)
    assert found.value.tolist() == ["好", "", ""]
    assert found.low.tolist() == [0.9, 0.1, 0.1] and found.high.tolist() == [0.9, 0.9, 0.9]
    missing(found, 0.1, 0.9, "no utility to '中'", at=1)
    missing(found, 0.1, 0.9, "is empty", at=2)
    other = Categorical("categorical", utilities={"好": 0.9}, other=0.5)
    assert criterion(Attribute, listed, kind="attribute", column="评价", value=other).low.tolist() == [0.9, 0.5, 0.5]
    absent = criterion(Attribute, sites(SITE), kind="attribute", column="评价", value=grades)
    missing(absent, 0.1, 0.9, "no column")


def test_raster_statistic_and_slope():
    """The mean of 1 2 over 3 4 is 2.5; a metre in ten is 10 %."""
    ground = raster([[1, 2], [3, 4]], 50, "m")
    said = {"kind": "raster", "layer": "ground"}
    found = criterion(CellsOf, sites(SITE, box(0, 0, 200, 100)), ground, value=MORE, **said)
    check(found, 2.5, 0.25)
    missing(found, 0, 1, "50% of the site", at=1)
    plane = raster([[0, 1, 2, 3]] * 4, 10, "m")
    steep = Linear("linear", worst=25, best=0)
    slope = criterion(CellsOf, sites(box(10, 10, 30, 30)), plane, measure="slope", statistic="max", value=steep, **said)
    check(slope, 10, 0.6)
    assert (found.unit, slope.unit) == ("m", "%")


def test_measures_of_the_outline():
    strip = sites(box(0, 0, 400, 100), point(0, 0), columns={"公顷": ["", "7"]})
    area = criterion(ShapeOf, strip, kind="area", column="公顷", value=MORE)
    check(area, 4, 0.4)
    check(area, 7, 0.7, at=1)
    assert area.note[1].en == "As stated in the list." and area.unit == "ha"
    width = criterion(ShapeOf, strip, kind="width", value=NEARER)
    check(width, 100, 0.9)
    missing(width, 0, 1, "Only a position", at=1)
    check(criterion(ShapeOf, strip, kind="compactness", value=Linear("linear", worst=0, best=1)), *[0.16 * np.pi] * 2)


def test_role_fit():
    fit = Categorical("categorical", utilities={"designated/in_force": 1, "not_asked/none": 0.4}, other=0.1)
    roles = [
        (Match.DESIGNATED, "in_force"), (Match.DESIGNATED, "lapsed"), (Match.NOT_ASKED, "none"),
        (Match.UNRECOGNISED, "none"), ("", ""),
    ]  # fmt: skip
    listed = sites(*[SITE] * 5, matches=[one for one, _ in roles], forces=[one for _, one in roles])
    found = criterion(RoleFit, listed, kind="role", value=fit)
    assert found.value.tolist() == ["designated/in_force", "designated/lapsed", "not_asked/none", "", ""]
    assert found.low.tolist() == [1, 0.1, 0.4, 0.1, 0.1] and found.high.tolist() == [1, 0.1, 0.4, 1, 1]
    missing(found, 0.1, 1, "field or stage not recognised", at=3)
    missing(found, 0.1, 1, "The role was not checked.", at=4)
