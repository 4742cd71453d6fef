"""The sites of the page as columns, and the page that holds them."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import unpacking as un
from pages import DAY, rendered

from geo import pipeline, sites
from geo.pipeline import Checked, Context
from geo.schema import OUTSIDE, Site
from geo.webmap.columns import columns


@pytest.fixture
def answered(context: Context, tmp_path: Path) -> Callable[[str, str], Checked]:
    """Check a file of this name and text."""

    def run(name: str, text: str) -> Checked:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return pipeline.check(context, sites.read(path), DAY)

    return run


def test_the_sites_come_back(context: Context, answered: Callable[[str, str], Checked]) -> None:
    checked = answered(
        "选址.csv",
        "编号,名称,wkt,产业领域,环节,备注,面积\n"
        "A,沙井,POINT (113.8312345 22.7312345),光刻胶,研发设计,=1+1,1\n"
        'B,"</script>","POLYGON ((114.05 22.55, 114.06 22.55, 114.06 22.56, 114.05 22.55))",锂电池,,a,1.0\n'
        'C,跨界,"MULTIPOLYGON (((114.0 22.52, 114.2 22.52, 114.2 22.6, 114.0 22.6, 114.0 22.52),'
        "(114.1 22.55, 114.11 22.55, 114.11 22.56, 114.1 22.55)),"
        '((114.3 22.6, 114.31 22.6, 114.31 22.61, 114.3 22.6)))"'
        ",不明材料,生产,,\n"
        "D,香港,POINT (114.16 22.30),,,,2\n"
        "E,界上,POINT (113.9971 22.5475),,,,\n",
    )
    records = checked.document["sites"]
    held = columns(records, checked.sites, "选址.csv")
    count = held["count"]
    assert (count, held["source"], held["sample"], held["own"]) == (5, "选址.csv", False, ["备注", "面积"])
    assert un.texts(held["id"]) == [one["id"] for one in records]
    assert un.texts(held["name"]) == [one["name"] for one in records]
    assert [one / 1e7 for one in un.numbers(held["lon"])] == [one["lon"] for one in records]
    assert [one / 1e7 for one in un.numbers(held["lat"])] == [one["lat"] for one in records]
    assert [one / 10 for one in un.numbers(held["distance"])] == [one["boundary_distance_m"] for one in records]
    for name, key in (
        ("district", "district"), ("certainty", "certainty"), ("field", "field_query"), ("stage", "stage_query"),
        ("accuracy", "position_accuracy_m"), ("datum_basis", "datum_basis"),
    ):  # fmt: skip
        assert un.column(held[name], count) == [one[key] for one in records]
    assert [one or [] for one in un.column(held["possible"], count)] == [one["possible"] for one in records]
    shares = [
        share or {record["district"] or OUTSIDE: 1.0}
        for share, record in zip(un.column(held["shares"], count), records, strict=True)
    ]
    assert shares == [one["shares"] for one in records]
    notes = [[{"zh": zh, "en": en} for zh, en in each] for each in un.column(held["notes"], count)]
    assert notes == [one["notes"] for one in records]
    moved = [each or [] for each in un.column(held["shifted"], count)]
    assert moved == [[[other["datum"], other["district"]] for other in one["if_datum"]] for one in records]
    assert any(moved)
    assert un.numbers(held["row"]) == [1, 2, 3, 4, 5]
    assert un.column(held["attributes"]["备注"], count) == [site.attributes["备注"] for site in checked.sites]
    assert un.column(held["attributes"]["面积"], count) == [site.attributes["面积"] for site in checked.sites]


def test_areas_of_sites_come_back(answered: Callable[[str, str], Checked]) -> None:
    square = "114.05 22.55, 114.06 22.55, 114.06 22.56, 114.05 22.56, 114.05 22.55"
    hole = "114.052 22.552, 114.054 22.552, 114.054 22.554, 114.052 22.552"
    far = "114.15 22.55, 114.16 22.55, 114.16 22.56, 114.15 22.55"
    rows = [
        f"POLYGON (({square}), ({hole}))",
        f"MULTIPOLYGON ((({square})), (({far})))",
        "POINT (114 22.6)",
        f"POLYGON (({far}))",
    ]
    checked = answered("s.csv", "wkt\n" + "".join(f'"{row}"\n' for row in rows))
    held = columns(checked.document["sites"], checked.sites)
    outlines = held["geometry"]
    assert un.numbers(outlines["rows"]) == [0, 1, 3]
    assert un.column(outlines["kinds"], 3) == ["Polygon", "MultiPolygon", "Polygon"]
    for shape, row in zip(un.areas(outlines, outlines["scale"]), (0, 1, 3), strict=True):
        given = checked.sites[row].geometry
        assert np.abs(shapely.get_coordinates(shape) - shapely.get_coordinates(given)).max() <= 0.51e-7
        assert shapely.area(shape) == pytest.approx(shapely.area(given), rel=1e-4)
    areal = [checked.document["sites"][row] for row in (0, 1, 3)]
    assert un.numbers(held["area"]["rows"]) == [0, 1, 3]
    assert [one / 1e4 for one in un.numbers(held["area"]["ha"])] == [one["area_ha"] for one in areal]
    assert [one / 1e3 for one in un.numbers(held["area"]["mu"])] == [one["area_mu"] for one in areal]


@pytest.mark.parametrize("count", [0, 1])
def test_few_sites_make_columns_too(answered: Callable[[str, str], Checked], count: int) -> None:
    checked = answered("s.csv", "id,lon,lat,备注\n" + "a,113.85,22.7,x\n" * count)
    held = columns(checked.document["sites"], checked.sites)
    assert held["count"] == len(un.numbers(held["lon"])) == len(un.texts(held["id"])) == count
    assert held["own"] == ["备注"] * count
    assert held["geometry"] is None
    assert un.column(held["district"], count) == ["baoan"] * count


def test_cells_keep_their_kinds(answered: Callable[[str, str], Checked]) -> None:
    cells = [
        1, 1.0, True, None, "1", "", float("nan"), float("inf"), date(2026, 1, 2), [1, "a"], {"b": None}, b"\x01",
        np.int64(3), np.float64(0.5), "\ud800",
    ]  # fmt: skip
    checked = answered("s.csv", "lon,lat\n" + "113.85,22.7\n" * len(cells))
    own = [replace(site, attributes={"x": cell}) for site, cell in zip(checked.sites, cells, strict=True)]
    own[0] = replace(own[0], attributes={"x": 1, "__proto__": "y", "名称": "z"})
    held = columns(checked.document["sites"], own)
    assert held["own"] == ["x", "__proto__"]
    found = un.column(held["attributes"]["x"], len(cells))
    wanted = [1, 1.0, True, None, "1", "", None, "inf", "2026-01-02", [1, "a"], {"b": None}, "01", 3, 0.5, "\ufffd"]
    assert found == wanted
    assert list(map(type, found)) == list(map(type, wanted))
    assert un.column(held["attributes"]["__proto__"], len(cells)) == ["y", *[None] * (len(cells) - 1)]


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("id,name,lon,lat,field,stage,datum,区\na,b,113.85,22.7,,,wgs84,\n", []),
        ("编号,项目编号,经度,纬度,x,y\na,b,113.85,22.7,1,2\n", ["项目编号", "x", "y"]),
        ('坐标,location\n"113.85,22.7",某街\n', ["location"]),
        ("ID,WKT,lon,Lon\na,POINT (113.85 22.7),1,2\n", ["lon", "Lon"]),
    ],
)
def test_columns_that_nothing_was_read_from_are_kept(
    answered: Callable[[str, str], Checked], text: str, own: list[str]
) -> None:
    checked = answered("s.csv", text)
    held = columns(checked.document["sites"], checked.sites)
    assert held["own"] == own
    for name in own:
        assert un.column(held["attributes"][name], 1) == [checked.sites[0].attributes[name]]


def many(context: Context, count: int) -> tuple[dict[str, Any], list[Site]]:
    """A list of random sites, its records made from those of a few that were checked."""
    some = random.Random(6)
    rows = "".join(f"{113.8 + n / 100},22.6,光刻胶,研发设计\n" for n in range(40))
    path = context.settings.cache / "few.csv"
    path.write_text("lon,lat,field,stage\n" + rows, encoding="utf-8")
    checked = pipeline.check(context, sites.read(path, datum="wgs84"), DAY)
    pairs = list(zip(checked.document["sites"], checked.sites, strict=True))
    records, found = [], []
    for number in range(count):
        record, site = some.choice(pairs)
        moved = {"id": f"S{number}", "name": f"候选地块{some.randrange(10**6)}"}
        place = {"lon": round(some.uniform(113.7, 114.7), 6), "lat": round(some.uniform(22.4, 22.9), 6)}
        records.append(record | moved | place | {"boundary_distance_m": round(some.uniform(0, 9000), 1)})
        found.append(replace(site, row=number + 1, attributes={"owner": some.choice("甲乙丙丁")}))
    return checked.document | {"sites": records}, found


def test_a_hundred_thousand_sites_stay_small_and_quick(context: Context) -> None:
    document, found = many(context, 100_000)
    before = time.process_time()
    held = columns(document["sites"], found)
    assert time.process_time() - before < 3
    assert len(json.dumps(held, default=str)) < 1_700_000
    assert un.texts(held["name"]) == [one["name"] for one in document["sites"]]
    assert [one / 1e7 for one in un.numbers(held["lat"])] == [one["lat"] for one in document["sites"]]


def test_equal_input_gives_equal_bytes(context: Context) -> None:
    checked = pipeline.check(context, pipeline.read_sites(context, None), DAY)
    assert rendered(context, checked) == rendered(context, checked)
    assert un.data_of(rendered(context, checked))["sample"] is True


def test_hostile_text_stays_text(context: Context, answered: Callable[[str, str], Checked]) -> None:
    bad = "</script><script>x()</script>\u2028\u2029<!--"
    checked = answered("s.csv", "id,name,lon,lat,field\n" + f"a,{bad},113.85,22.7,{bad}\nb,{bad},113.86,22.7,\n")
    named = [replace(site, attributes={bad: bad, "__proto__": "\ud800"}) for site in checked.sites]
    text = rendered(context, replace(checked, sites=tuple(named)), source=f"{bad}\ud800.csv")
    text.encode("utf-8")
    held = un.data_of(text)
    assert "<script>x()" not in text
    assert text.count("<script") == rendered(context, answered("t.csv", "lon,lat\n113.85,22.7\n")).count("<script")
    assert held["sites"]["own"] == [bad, "__proto__"]
    assert un.texts(held["sites"]["name"]) == [bad, bad]
    assert un.column(held["sites"]["field"], 2) == [bad, None]
    assert "\u2028" not in text


def test_words_of_a_template_stay_words(context: Context) -> None:
    checked = pipeline.check(context, pipeline.read_sites(context, None), DAY)
    (_, en), *others = context.boundaries.neighbour_names

    def held(zh: str) -> int:
        named = replace(context.boundaries, neighbour_names=((zh, en), *others))
        return rendered(replace(context, boundaries=named), checked).count(zh)

    assert held("{{ 6 * 7 }}") == held("six by seven") > 1


def test_the_page_holds_the_layers_of_folium_and_ours(context: Context) -> None:
    checked = pipeline.check(context, pipeline.read_sites(context, None), DAY)
    text = rendered(context, checked, lang="en", source="sample-sites.csv")
    held = un.data_of(text)
    assert (held["lang"], held["as_of"], held["sites"]["source"]) == ("en", "2026-11-22", "sample-sites.csv")
    assert held["basemap"] is None
    for kind in ("uncertain", "districts", "places", "labels", "sites"):
        assert f'"{kind}", {{"zh":' in text
    assert text.index("parksite.prepare(") < text.index("parksite.layer(") < text.index("parksite.start(")
    assert "L.geoJson(" in text
    assert "var tile_layer_" not in text
