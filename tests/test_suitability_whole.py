"""The shipped models on a full synthetic set of layers, each number worked out by hand.

Six sites stand 20 km apart on a line to the east; every layer is drawn in metres from
the south-west corner of the site it stands beside (``tests/data/suitability``). All that
lies beside a site lies to its east, so that a distance is a difference of two numbers::

        A 500x500        B 500x500        C 500x500       D 120x120   E point   F 250x800
    0 m +----+    20 km  +----+    40 km  +----+    60 km  +-+   80 km  x   100 km +--+
    west port, 5 km off  fields, homes …  official lines                     east port, 10 km off

A keeps every rule, B is near to much, C lies in the official lines, D is small, steep
and without facilities, E is a position only, F touches lines by slivers and answers in
English columns. The last column of each expected table says how a number comes about.
"""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import yaml
from conftest import EAST, NORTH

from geo.features import Features, Layers, Provenance, Raster
from geo.schema import Words
from geo.suitability import constraints, criteria
from geo.suitability.model import SitingModel
from geo.suitability.overrides import Override
from geo.suitability.parse import parse
from geo.suitability.ranking import Ranking, rank
from geo.suitability.records import Candidates

DATA = Path(__file__).parent / "data" / "suitability"
SHIPPED = Path(__file__).resolve().parents[1] / "data" / "models"
MODELS = ("electronic-chemicals-park", "new-materials-park", "rd-campus")
SITES = "ABCDEF"
SPACING = 20_000.0
CELL = 100.0
MADE = Provenance(Words("手工", "hand-made"), Words("无", "none"), "EPSG:4547", "", "0" * 12, sample=True)
TOLERANCE = {"width": 2e-3}  # the largest circle is found to a millimetre of its radius


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def placed(site: str, wkt: str) -> Any:
    """A shape in metres from a site's corner, where it lies in EPSG:4547."""
    move = np.array([EAST + SPACING * SITES.index(site), NORTH])
    return shapely.transform(shapely.from_wkt(wkt), lambda corners: corners + move)


def strings(values: list[str]) -> Any:
    return np.array(values, dtype=object)


@pytest.fixture(scope="module")
def candidates() -> Candidates:
    found = rows("sites.csv")
    own = {"id", "name", "district", "match", "force", "gradient_percent", "wkt"}
    return Candidates(
        ids=strings([one["id"] for one in found]),
        names=strings([one["name"] for one in found]),
        districts=strings([one["district"] for one in found]),
        matches=strings([one["match"] for one in found]),
        forces=strings([one["force"] for one in found]),
        geometry=np.array([placed(one["id"], one["wkt"]) for one in found]),
        columns={key.casefold(): strings([one[key] for one in found]) for key in found[0] if key not in own},
    )


@pytest.fixture(scope="module")
def layers() -> Layers:
    found = rows("layers.csv")
    made: dict[str, Features | Raster] = {}
    for name in sorted({one["layer"] for one in found}):
        mine = [one for one in found if one["layer"] == name]
        shapes = np.array([placed(one["site"], one["wkt"]) for one in mine])
        labels, codes = (strings([one[key] for one in mine]) for key in ("label", "iata"))
        made[name] = Features(name, Words(name, name), shapes, labels, MADE, {"iata": codes})
    made["elevation"] = ground()
    return made


def ground() -> Raster:
    """Elevation that rises evenly to the east, from 2 km before each site to 2 km before the next."""
    gradient = np.array([float(one["gradient_percent"]) for one in rows("sites.csv")])
    west, south, columns, high = -2_000.0, -1_000.0, 1_200, 30
    x = west + CELL * (np.arange(columns) + 0.5)
    site = ((x - west) // SPACING).astype(int)
    values = np.tile(gradient[site] / 100 * (x - SPACING * site), (high, 1))
    bounds = (EAST + west, NORTH + south, EAST + west + CELL * columns, NORTH + south + CELL * high)
    return Raster("elevation", Words("高程", "Elevation"), values, bounds, MADE, "m")


def shipped(name: str) -> SitingModel:
    path = SHIPPED / f"{name}.yaml"
    return parse(yaml.safe_load(path.read_text(encoding="utf-8")), path)


@pytest.fixture(scope="module")
def ranked(candidates: Candidates, layers: Layers) -> Callable[[str], Ranking]:
    done: dict[str, Ranking] = {}

    def of(name: str) -> Ranking:
        if name not in done:
            done[name] = rank(shipped(name), candidates, layers, draws=200)
        return done[name]

    return of


def by_rule(table: str, model: str) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """The expected rows of each rule, by site."""
    mine = [one for one in rows(table) if one["model"] == model]
    for rule in dict.fromkeys(one["rule"] for one in mine):
        yield rule, {one["site"]: one for one in mine if one["rule"] == rule}


def numbers(expected: dict[str, dict[str, str]], key: str) -> list[float]:
    return [float(expected[site][key] or "nan") for site in SITES]


@pytest.mark.parametrize("name", MODELS)
def test_constraints(name: str, candidates: Candidates, layers: Layers) -> None:
    model = shipped(name)
    found = {one.rule: one for one in constraints.assess(model, candidates, layers)}
    expected = dict(by_rule("expected-constraints.csv", name))
    assert list(found) == [one.id for one in model.constraints]
    assert set(found) == set(expected)
    for rule, sites in expected.items():
        one, near = found[rule], TOLERANCE.get(rule, 1e-6)
        assert [str(said) for said in one.result] == [sites[site]["result"] for site in SITES], rule
        for key in ("measured", "threshold", "margin", "sliver_m2"):
            got, told = getattr(one, key), numbers(sites, key)
            np.testing.assert_allclose(got, told, rtol=0, atol=near, err_msg=f"{rule} {key}")


@pytest.mark.parametrize("name", MODELS)
def test_criteria(name: str, candidates: Candidates, layers: Layers) -> None:
    model = shipped(name)
    found = {one.rule: one for one in criteria.assess(model, candidates, layers)}
    expected = dict(by_rule("expected-criteria.csv", name))
    assert list(found) == [one.id for one in model.criteria]
    assert set(found) == set(expected)
    for rule, sites in expected.items():
        one = found[rule]
        for key in ("low", "high"):
            got, told = getattr(one, key), numbers(sites, key)
            np.testing.assert_allclose(got, told, rtol=0, atol=1e-8, err_msg=f"{rule} {key}")
        if one.value.dtype.kind == "f":
            np.testing.assert_allclose(one.value, numbers(sites, "value"), rtol=0, atol=1e-6, err_msg=rule)
        else:
            assert list(one.value) == [sites[site]["value"] for site in SITES], rule


@pytest.mark.parametrize("name", MODELS)
def test_weights(name: str, ranked: Callable[[str], Ranking]) -> None:
    expected = {one["criterion"]: float(one["weight"]) for one in rows("expected-weights.csv") if one["model"] == name}
    weighed = ranked(name).scores[0].weights
    found = dict(zip([one.id for one in shipped(name).criteria], weighed.values, strict=True))
    assert found == pytest.approx(expected, abs=1e-8)
    assert weighed.remarks == ()
    if weighed.consistency_ratio is not None:  # (6.060576221 - 6) / 5 / 1.24
        assert weighed.consistency_ratio == pytest.approx(0.00977036, abs=1e-7)


@pytest.mark.parametrize("name", MODELS)
def test_scores_and_ranks(name: str, ranked: Callable[[str], Ranking]) -> None:
    found = ranked(name)
    expected = {one["site"]: one for one in rows("expected-scores.csv") if one["model"] == name}
    assert dict(zip(found.candidates.ids, found.status, strict=True)) == {
        site: one["status"] for site, one in expected.items()
    }
    own = found.scores[0]
    for at, site in enumerate(found.candidates.ids[found.ranked]):
        assert own.rank[at] == int(expected[site]["rank"]), site
        assert own.score[at] == pytest.approx(float(expected[site]["score"]), abs=1e-8), site
        assert own.open.score_low[at] <= own.score[at] <= own.open.score_high[at]
        if expected[site]["score_high"]:
            assert own.open.score_high[at] == pytest.approx(float(expected[site]["score_high"]), abs=1e-8), site


def test_every_layer_of_the_models_is_drawn(layers: Layers) -> None:
    rules = [one for name in MODELS for one in (*shipped(name).constraints, *shipped(name).criteria)]
    asked = {getattr(one, key, None) for one in rules for key in ("layer", "network")} - {None}
    assert asked == set(layers)


def test_a_site_that_keeps_all_is_eligible_once_its_safety_distance_is_settled(
    candidates: Candidates, layers: Layers
) -> None:
    settled = Override("A", "external-safety-distance", "pass", by="安评单位", reason="已完成定量风险评价")
    found = rank(shipped("electronic-chemicals-park"), candidates, layers, overridden=[settled], draws=50)
    assert dict(zip(found.candidates.ids, found.status, strict=True)) == dict(
        zip(SITES, ("eligible", "open", "excluded", "excluded", "open", "open"), strict=True)
    )


@pytest.mark.parametrize("name", MODELS)
def test_without_layers_nothing_that_needs_one_passes(name: str, candidates: Candidates) -> None:
    model = shipped(name)
    for rule, finding in zip(model.constraints, constraints.assess(model, candidates, {}), strict=True):
        if getattr(rule, "layer", None) is not None:
            assert set(finding.result) == {"not_assessed"}, rule.id
            assert all("parksite layers add" in note.en for note in finding.note), rule.id
