"""Layers: names, the catalogue, the store, what is made of the district outlines."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely

from geo import layers, sources
from geo.districts import Boundaries
from geo.errors import InputError, OutputExists
from geo.features import Features
from geo.intake import Request
from geo.layers import About, shipped, store
from geo.register import Register
from geo.schema import Words
from geo.settings import Settings
from geo.suitability.needs import needed

SHIPPED = {"airports", "coast", "districts", "named-places", "ports", "settlements"}


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, store=tmp_path / "图层 库")


@pytest.fixture
def put(own: Settings, register: Register, squares: Boundaries, layer: Callable[..., Path]) -> Callable[..., Any]:
    """Add a square of EPSG:4547 metres under a name."""

    def add(name: str, *, overwrite: bool = False, side: float = 100.0, **about: Any) -> Any:
        path = layer(
            "红线.gpkg", [({"名称": "甲", "米": 50.5}, shapely.box(5e5, 2.49e6, 5e5 + side, 2.49e6 + 100))], 4547
        )
        return layers.add(name, path, Request(), About(**about), own, register, squares, overwrite=overwrite)

    return add


def test_a_name_is_an_id_a_title_or_what_planners_say(settings: Settings) -> None:
    for word in ("ecological-red-line", "生态保护红线", "生态红线", "Ecological red line"):
        assert layers.resolve(word, settings).id == "ecological-red-line"
    assert layers.resolve("my-zones-2", settings).title == Words("my-zones-2", "my-zones-2")
    assert layers.resolve("高程", settings).unit == "m"
    assert layers.resolve("Ecological  Red-Line", settings).id == "ecological-red-line"
    assert layers.resolve("橙线(危险品与重大危险设施)", settings).id == "hazard-line"


@pytest.mark.parametrize(
    "bad",
    [
        "../x", "a/b", "Ünknown", "2x", "x\n", "", "-", "没有的图层", "生态保护红线/..//", "生态保护红线.gpkg",
        "./港口", "港口\n", "ports/", "ports\\", "。港口", "ports．", "\0ports",
    ],
)  # fmt: skip
def test_a_word_that_is_no_name_is_refused_and_not_made_one(settings: Settings, bad: str) -> None:
    with pytest.raises(InputError) as caught:
        layers.resolve(bad, settings)
    assert len(caught.value.remedy_en) < 150


def test_a_word_that_is_nearly_a_name_is_answered_with_it(settings: Settings) -> None:
    with pytest.raises(InputError) as caught:
        layers.resolve("生态保护红", settings)
    assert caught.value.remedy_zh.startswith("是否为 生态保护红线？")
    assert caught.value.remedy_en.startswith("did you mean ecological-red-line? ")


def test_no_word_means_two_layers(settings: Settings) -> None:
    words = [
        word for one in layers.named(settings).values() for word in {one.id, one.title.zh, one.title.en, *one.aliases}
    ]
    assert len(words) == len(set(words))


def test_what_ships_is_there_without_a_store_and_makes_none(own: Settings, squares: Boundaries) -> None:
    known = {one.name: one for one in layers.known(own)}
    assert known.keys() == SHIPPED
    assert {one.base for one in known.values()} == {"shipped", "derived"}
    assert all(one.provenance.licence and one.note for one in known.values())
    assert layers.load(["elevation", "no-such"], own, squares) == {}
    assert not own.store.exists()


def test_a_layer_of_ones_own_comes_back_as_it_was_put_and_goes(
    put: Callable[..., Any], own: Settings, squares: Boundaries
) -> None:
    made = put("生态保护红线", licence="内部资料", vintage="2024-06")
    assert (made.entry.name, made.entry.title.en, made.entry.count) == ("ecological-red-line", "Ecological red line", 1)
    found = layers.load(["ecological-red-line"], own, squares)["ecological-red-line"]
    assert isinstance(found, Features)
    assert shapely.equals(found.geometry[0], shapely.box(5e5, 2.49e6, 5e5 + 100, 2.49e6 + 100))
    assert (found.labels.tolist(), found.columns["米"].tolist()) == (["甲"], [50.5])
    about = found.provenance
    assert (about.datum, about.licence, about.vintage, about.sample) == (
        "EPSG:4547", "内部资料", Words("2024-06", "2024-06"), False,
    )  # fmt: skip
    assert layers.remove("生态保护红线", own) == "ecological-red-line"
    assert list(own.store.iterdir()) == []
    with pytest.raises(InputError, match="no such layer"):
        layers.remove("ecological-red-line", own)


def test_the_version_is_that_of_the_file_that_was_read(put: Callable[..., Any], tmp_path: Path) -> None:
    made = put("zones")
    assert made.entry.provenance.version == sources.digest(tmp_path / "红线.gpkg")[:12]


def test_a_users_layer_comes_before_a_shipped_one(put: Callable[..., Any], own: Settings, squares: Boundaries) -> None:
    with pytest.raises(OutputExists, match="of its own by that name: ports"):
        put("港口")
    assert {one.base for one in layers.known(own)} == {"shipped", "derived"}
    made = put("港口", title_zh="市港口局图层", overwrite=True)
    assert [en for _, en in made.notes if "put aside" in en]
    assert not put("zones").notes
    (one,) = [one for one in layers.known(own) if one.name == "ports"]
    assert (one.base, one.title.zh) == ("user", "市港口局图层")
    assert len(layers.load(["ports"], own, squares)["ports"].geometry) == 1  # type: ignore[union-attr]


def test_nothing_is_replaced_unasked_and_one_data_file_stays(
    put: Callable[..., Any], own: Settings, squares: Boundaries
) -> None:
    put("zones")
    put("zones-2")
    with pytest.raises(OutputExists):
        put("zones", side=300)
    put("zones", side=300, overwrite=True)
    assert shapely.area(layers.load(["zones"], own, squares)["zones"].geometry[0]) == 30_000  # type: ignore[union-attr]
    assert sorted(path.suffix for path in own.store.iterdir()) == [".gpkg", ".gpkg", ".toml", ".toml"]
    layers.remove("zones", own)
    assert [one.name for one in layers.known(own) if one.base == "user"] == ["zones-2"]
    assert "zones-2" in layers.load(["zones-2"], own, squares)


def test_a_changed_data_file_or_card_is_refused(put: Callable[..., Any], own: Settings, squares: Boundaries) -> None:
    put("zones")
    (data,) = own.store.glob("*.gpkg")
    data.write_bytes(data.read_bytes() + b"\0")
    with pytest.raises(InputError, match="damaged"):
        layers.load(["zones"], own, squares)
    card = own.store / "zones.toml"
    card.write_text(card.read_text(encoding="utf-8").replace("zones-", "../../zones-"), encoding="utf-8")
    with pytest.raises(InputError, match="damaged"):
        layers.known(own)
    layers.remove("zones", own)
    assert layers.known(own)


def test_a_failed_write_leaves_nothing(put: Callable[..., Any], own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "append_features", full)
    with pytest.raises(InputError, match="No space left"):
        put("zones")
    assert list(own.store.iterdir()) == []


def test_texts_of_a_card_survive_quotes_and_controls(put: Callable[..., Any], own: Settings) -> None:
    put("zones", licence='a "b"\n\x7f\u202e 𠮷 \\', title_en="E")
    (one,) = [one for one in layers.known(own) if one.base == "user"]
    assert one.provenance.licence == 'a "b"\\n\\x7f\\u202e 𠮷 \\'
    assert (one.title.zh, one.title.en) == ("E", "E")


NAMED = "id: x, title: {zh: 甲, en: X}"
GOOD = f"{{{NAMED}, note: {{zh: 注, en: n}}, label: [name], file: airports.csv, source: layers-airports}}"


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("official", "layers: [{id: x, title: 甲}]", "layers.1.title"),
        ("official", "layers: [{id: x}]", "layers.1.title"),
        ("official", "layers: {id: x}", "layers"), ("official", "[]", "layers"), ("official", "", "layers"),
        ("official", "layers: [{id: ../x, title: {zh: 甲, en: X}}]", "layers.1.id"),
        ("official", "layers: [{id: x, title: {zh: 甲, en: X}, alias: [乙]}]", "layers.1.alias"),
        ("official", "layers: [{id: x, title: {zh: 甲, en: X}}, {id: x, title: {zh: 乙, en: Y}}]", "layers"),
        ("official", "layers: [x", None),
        ("official", f"layer: [{{{NAMED}}}]", "layers"), ("official", f"layers: [{{{NAMED}}}]\nmore: 1", "layers"),
        ("layers", f"layers: [{GOOD[:-1]}, derived: true}}]", "layers.1"),
        ("layers", f"layers: [{GOOD.replace('id: x', 'id: coast')[:-1]}, derived: true}}]", "layers.1"),
        ("layers", f"layers: [{GOOD.replace('file: airports.csv, ', '')}]", "layers.1"),
        ("layers", f"layers: [{GOOD.replace(', source: layers-airports', '')}]", "layers.1"),
        ("layers", f"layers: [{{{NAMED}, note: {{zh: 注, en: n}}, label: [], derived: true}}]", "layers.1"),
        ("layers", f"layers: [{GOOD.replace('[name]', '[icao]').replace('layers-airports', 'no-such')}]", "x"),
        ("layers", f"layers: [{GOOD}]", "x"), ("layers", f"layers: [{GOOD.replace('airports.csv', 'none.csv')}]", None),
        ("osm", "themes: [{id: x, title: {zh: 甲, en: X}, lines: highway}]", "themes.1.lines"),
        ("osm", "themes: [{id: x, title: {zh: 甲, en: X}, unless: {access: [no]}}]", "themes.1.unless.access.1"),
    ],
)  # fmt: skip
def test_a_list_of_ones_own_that_is_laid_out_wrong_is_one_clear_error(
    own: Settings, tmp_path: Path, file: str, text: str, said: str | None
) -> None:
    folder = tmp_path / "home" / "data" / "layers"
    folder.mkdir(parents=True)
    (folder / f"{file}.yaml").write_text(text, encoding="utf-8")
    mine = replace(own, user=tmp_path / "home")
    with pytest.raises(InputError) as caught:
        layers.named(mine)
        layers.known(mine)
    assert caught.value.file is not None
    assert said is None or caught.value.field == said
    assert caught.value.remedy_en
    assert caught.value.remedy_zh


def test_a_list_of_ones_own_is_read_instead(own: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "data" / "layers"
    folder.mkdir(parents=True)
    (folder / "official.yaml").write_text("layers: [{id: x, title: {zh: 甲, en: X}, aliases: [乙], unit: m}]", "utf-8")
    assert layers.resolve("乙", replace(own, user=tmp_path / "home")).unit == "m"


def test_districts_are_those_of_the_boundaries(settings: Settings, squares: Boundaries) -> None:
    found = layers.load(["districts"], settings, squares)["districts"]
    assert isinstance(found, Features)
    assert found.columns["id"].tolist() == ["futian", "luohu", "nanshan"]
    assert found.labels.tolist() == ["福田区", "罗湖区", "南山区"]
    assert shapely.equals_exact(found.geometry, squares.outlines_m, 1e-6).all()
    assert found.provenance.origin == Words("手工", "hand-made")


def test_the_coast_is_where_no_area_lies_beyond(
    hand_boundaries: Callable[..., Boundaries], metric: SimpleNamespace
) -> None:
    """The city, a neighbour to its north and east, sea to the south and west.

    ::

        2000 +-------+-------+
             |   neighbour   |
        1000 +-------+       |
             | city  |       |
           0 +-------+-------+
             0      1000    2000
    """
    around = shapely.union(metric.box(0, 1000, 2000, 2000, (1000, 1000)), metric.box(1000, 0, 2000, 1000))
    found = shipped.coast(hand_boundaries({"futian": metric.box(0, 0, 1000, 1000)}, neighbour=around))
    assert shapely.length(found).sum() == pytest.approx(8000, abs=20)
    east, north = metric.origin
    lines = shapely.union_all(found)
    assert shapely.distance(lines, shapely.Point(east + 500, north)) < 3
    assert shapely.distance(lines, shapely.Point(east + 1000, north + 500)) > 400


def test_the_real_coast_is_land_against_sea_and_not_inland(settings: Settings, boundaries: Boundaries) -> None:
    """Its lines are those of the province's outline, of the same source."""
    from geo import crs

    found = layers.load(["coast"], settings, boundaries)["coast"]
    assert isinstance(found, Features)
    outlines = [
        sources.read_china("province", name, "tianditu")[1][0]
        for name in ("广东省", "香港特别行政区", "澳门特别行政区")
    ]
    province = shapely.union_all(shapely.make_valid(crs.project(np.array(outlines, dtype=object))))
    near = shapely.buffer(shapely.boundary(province), 300)
    lines = shapely.union_all(found.geometry)
    assert shapely.length(shapely.difference(lines, near)) < 1
    assert shapely.length(lines) > 500_000
    assert found.provenance.origin.en.startswith("Tianditu")


def test_a_model_needs_its_layers_and_networks() -> None:
    rules = [SimpleNamespace(id="a", layer="x"), SimpleNamespace(id="b", layer=None), SimpleNamespace(id="c")]
    factors = [SimpleNamespace(id="d", layer="x", network="roads"), SimpleNamespace(id="e", layer="roads")]
    model: Any = SimpleNamespace(constraints=rules, criteria=factors)
    assert needed(model) == {"roads": ["d", "e"], "x": ["a", "d"]}


def test_a_shipped_file_gives_numbers_and_text(settings: Settings, squares: Boundaries) -> None:
    found = layers.load(["settlements"], settings, squares)["settlements"]
    assert isinstance(found, Features)
    assert found.columns["population"].dtype == np.float64
    assert np.isnan(found.columns["population"]).any()
    assert all(isinstance(one, str) and one for one in found.labels)
    assert json.dumps(found.provenance.version)


def test_the_store_is_in_the_users_folder_or_where_programs_keep_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARKSITE_HOME", str(tmp_path))
    assert Settings.default().store == tmp_path / "data" / "layers"
    monkeypatch.delenv("PARKSITE_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert Settings.default().store == tmp_path / "share" / "parksite" / "layers"
    assert list(tmp_path.iterdir()) == []
