"""Sheets of stages, documents, sites and one field, measured as drawn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np
import pytest
import shapely
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from pyproj import Transformer

from geo import check, exhibits, pipeline
from geo.errors import InputError, UnknownTerm
from geo.exhibits.pen import UNDER
from geo.pipeline import Context, printing
from geo.schema import FORCE_NAMES, MATCH_NAMES, Force, Match, Words
from geo.webmap.decisions import decision_table, swatch

DAY, EARLY, MIDDLE, LATE = date(2026, 11, 22), date(2012, 6, 1), date(2019, 6, 1), date(2023, 6, 1)
TO_METRES = Transformer.from_crs(4490, 4547, always_xy=True)
MM_PER_INCH = 25.4
Draw = Callable[..., Any]


@pytest.fixture(scope="module")
def scene_on(context: Context) -> Callable[[date], exhibits.Scene]:
    found = pipeline.read_sites(context, None)

    @cache
    def made(day: date) -> exhibits.Scene:
        return printing.scene(context, pipeline.check(context, found, day), day, sample=True)

    return made


@pytest.fixture(scope="module")
def scene(scene_on: Callable[[date], exhibits.Scene]) -> exhibits.Scene:
    return scene_on(DAY)


@pytest.fixture(scope="module")
def sheet(context: Context, scene: exhibits.Scene) -> Draw:
    """A sheet on its own paper in both languages, drawn once."""

    @cache
    def drawn(name: str) -> Any:
        return exhibits.draw(exhibits.read(context.settings, name), scene, lang="both")

    return drawn


def texts(figure: Any) -> list[str]:
    """Every text in the order of drawing, each once."""
    return [one.get_text() for one in figure.findobj(Text) if one.get_text() and one.get_gid() != UNDER]


def words(figure: Any) -> str:
    return "".join(texts(figure))


def named_axes(figure: Any) -> dict[str, Any]:
    return {one.get_label(): one for one in figure.axes}


def on_paper(figure: Any, axes: Any, x: Any, y: Any) -> Any:
    """Millimetres on the sheet of positions in the axes' own metres."""
    pixels = axes.transData.transform(np.column_stack([x, y]))
    return pixels / figure.dpi * MM_PER_INCH


def wanted_paper(figure: Any, axes: Any, lon: Any, lat: Any) -> Any:
    """Where positions in degrees belong on the sheet, from the frame and its limits alone."""
    x, y = TO_METRES.transform(lon, lat)
    place, (west, east), (south, north) = axes.get_position(), axes.get_xlim(), axes.get_ylim()
    wide, high = np.array(figure.get_size_inches()) * MM_PER_INCH
    across = wide * (place.x0 + place.width * (np.asarray(x) - west) / (east - west))
    return np.column_stack([across, high * (place.y0 + place.height * (np.asarray(y) - south) / (north - south))])


def symbols(axes: Any) -> dict[str, Any]:
    """The sites drawn on a map by class."""
    return {one.get_gid().removeprefix("sites-"): one for one in axes.lines if str(one.get_gid()).startswith("sites-")}


def fill_at(axes: Any, point: Any) -> tuple[str, str]:
    """Colour and pattern of the topmost filled area of a map over a point in metres."""
    found = [
        one
        for one in axes.patches
        if isinstance(one, PathPatch) and one.get_facecolor()[3] > 0 and one.get_path().contains_point(point)
    ]
    top = max(found, key=lambda one: one.get_zorder())
    return to_hex(top.get_facecolor()), top.get_hatch() or ""


def inner_points(scene: exhibits.Scene) -> dict[str, Any]:
    """A point well inside each district, in metres."""
    found = {}
    for one, outline in zip(scene.boundaries.ids, scene.boundaries.outlines, strict=True):
        largest = max(shapely.get_parts(outline), key=lambda part: float(part.area))
        point = largest.representative_point()
        found[one] = TO_METRES.transform(point.x, point.y)
    return found


@pytest.mark.parametrize(("name", "by"), [("sites-by-verdict", "match"), ("sites-by-force", "force")])
def test_each_symbol_lies_at_its_site(sheet: Draw, scene: exhibits.Scene, name: str, by: str) -> None:
    figure = sheet(name)
    axes, drawn = named_axes(figure), set[str]()
    for label in ("map", "map1"):
        (west, east), (south, north) = axes[label].get_xlim(), axes[label].get_ylim()
        for kind, line in symbols(axes[label]).items():
            records = [one for one in scene.records if one[by] == kind]
            x, y = TO_METRES.transform([one["lon"] for one in records], [one["lat"] for one in records])
            inside = [west <= e <= east and south <= n <= north for e, n in zip(x, y, strict=True)]
            records = [one for one, held in zip(records, inside, strict=True) if held]
            drawn.update(one["id"] for one in records)
            found = on_paper(figure, axes[label], *line.get_data())
            wanted = wanted_paper(figure, axes[label], [one["lon"] for one in records], [one["lat"] for one in records])
            assert found == pytest.approx(wanted, abs=0.1)
    assert drawn == {one["id"] for one in scene.records}


@pytest.mark.parametrize(("name", "by"), [("sites-by-verdict", "match"), ("sites-by-force", "force")])
def test_the_legend_counts_what_the_document_holds(sheet: Draw, scene: exhibits.Scene, name: str, by: str) -> None:
    held, said = Counter(one[by] for one in scene.records), texts(sheet(name))
    classes = scene.symbology.match_classes() if by == "match" else scene.symbology.force_classes()
    for one in classes:
        if one.id in held:
            assert said[said.index(one.zh) + 2].split("：")[0] == f"{held[one.id]}个"
            assert said[said.index(one.en) + 2].startswith(f"{held[one.id]} site(s)")
        else:
            assert one.zh not in said
    assert f"共{len(scene.records)}个" in words(sheet(name)) and "含示例选址点" in words(sheet(name))


@pytest.mark.parametrize(("name", "by"), [("sites-by-verdict", "match"), ("sites-by-force", "force")])
def test_symbols_have_the_colours_of_the_web_map(sheet: Draw, scene: exhibits.Scene, name: str, by: str) -> None:
    classes = scene.symbology.match_classes() if by == "match" else scene.symbology.force_classes()
    web = {one.id: swatch(one) for one in classes}
    drawn = symbols(named_axes(sheet(name))["map"])
    assert set(drawn) == {one[by] for one in scene.records}
    for kind, line in drawn.items():
        hollow = web[kind]["symbol"] in ("ring", "cross")
        colour = line.get_markeredgecolor() if hollow else line.get_markerfacecolor()
        assert to_hex(colour) == web[kind]["colour"]
        keyed = [one for one in named_axes(sheet(name))["page"].lines if one.get_marker() == line.get_marker()]
        shades = {to_hex(one.get_markeredgecolor() if hollow else one.get_markerfacecolor()) for one in keyed}
        assert web[kind]["colour"] in shades


def many(scene: exhibits.Scene, count: int, seed: int = 7) -> exhibits.Scene:
    """A scene of many sites, strewn over and around the city."""
    random = np.random.default_rng(seed)
    lon, lat = random.uniform(113.0, 115.5, count), random.uniform(22.2, 23.2, count)
    records = [
        {**scene.records[number % len(scene.records)], "id": f"T{number}", "lon": lon[number], "lat": lat[number]}
        for number in range(count)
    ]
    return replace(scene, document={**scene.document, "sites": records}, shapes=tuple(shapely.points(lon, lat)))


def seen(figure: Any, scene: exhibits.Scene) -> int:
    """Sites in the frame of the main map and not below the inset or the locator, or in the inset."""
    axes, strip = named_axes(figure), 5.0
    lon, lat = ([one[key] for one in scene.records] for key in ("lon", "lat"))
    held, size = {}, np.array(figure.get_size_inches()) * MM_PER_INCH
    main = wanted_paper(figure, axes["map"], lon, lat)
    for name in ("map", "map1", "map2"):
        low, high = axes[name].get_position().get_points() * size
        top = high[0], high[1] + (0 if name == "map" else strip)
        held[name] = ((main >= low) & (main <= top)).all(axis=1)
        if name == "map1":
            own = wanted_paper(figure, axes[name], lon, lat)
            inset = ((own >= low) & (own <= high)).all(axis=1)
    return int(np.count_nonzero((held["map"] & ~held["map1"] & ~held["map2"]) | inset))


def test_ten_thousand_sites_are_drawn_in_seconds_and_counted(context: Context, scene: exhibits.Scene) -> None:
    crowd, spec = many(scene, 10_000), exhibits.read(context.settings, "sites-by-verdict")
    exhibits.draw(spec, replace(scene, document={}, shapes=()))  # what is loaded once
    start = perf_counter()
    figure = exhibits.draw(spec, crowd)
    assert perf_counter() - start < 10
    axes = named_axes(figure)
    assert all(len(symbols(axes[one])) <= 7 for one in ("map", "map1"))
    stated = re.findall(r"(\d+)个，其中(\d+)个未绘出", words(figure))
    assert sum(int(one) for one, _ in stated) == 10_000
    undrawn = sum(int(one) for _, one in stated)
    assert f"另有{undrawn}个选址点" in words(figure).replace(" ", "")
    assert undrawn == 10_000 - seen(figure, crowd)
    assert "T17" not in texts(figure) and "编号从略" in words(figure) and exhibits.overlaps(figure) == []


def test_nothing_is_laid_upon_a_site(context: Context, scene: exhibits.Scene) -> None:
    """The inset and the locator give way to the sites, so that all are drawn."""
    spec = exhibits.read(context.settings, "sites-by-verdict")
    assert "未绘出" not in words(exhibits.draw(spec, scene, paper=(250.0, 155.0), titled=False))


def test_no_sites_and_hostile_ids(context: Context, scene: exhibits.Scene) -> None:
    spec = exhibits.read(context.settings, "sites-by-force")
    empty = exhibits.draw(spec, replace(scene, document={}, shapes=()))
    assert "本次未给出选址点" in words(empty) and "示例选址点" not in words(empty)
    ids = ["$x^2$<b>&", "甲" * 300, "\U0001f600\U0001f600", "ꙮ", "a\nb", "{as_of}", "%s\\n", "\u202eabc"]
    records = [{**one, "id": bad, "name": bad} for one, bad in zip(scene.records, ids, strict=False)]
    bad = replace(scene, document={**scene.document, "sites": records}, shapes=scene.shapes[: len(records)])
    figure = exhibits.draw(spec, bad, lang="both")
    said = texts(figure)
    assert "$x^2$<b>&" in said and "□" in said and max(len(one) for one in said if "甲甲" in one) < 20
    assert exhibits.overlaps(figure) == []


def test_stages_name_the_document_the_clause_and_its_force(
    context: Context, sheet: Draw, scene: exhibits.Scene, scene_on: Callable[[date], exhibits.Scene]
) -> None:
    said = words(sheet("value-chain-stages"))
    assert "2022年行动计划第五部分，" in said and "已到期（至2025-12-31）" in said
    assert "罗湖区（总部）" in said and "光明区（应用示范）" in said
    spec = exhibits.read(context.settings, "value-chain-stages")
    assert "有效（至2025-12-31）" in words(exhibits.draw(spec, scene_on(LATE)))
    before = words(exhibits.draw(spec, scene_on(EARLY)))
    assert "基准日尚无文件布局价值链环节" in before and "2022年行动计划" not in before


def test_stages_have_the_colours_of_the_web_map(sheet: Draw, scene: exhibits.Scene) -> None:
    regime = decision_table(scene.register, scene.symbology)["regimes"][-1]["themes"]["stages"]
    classes = {one["id"]: one for one in regime["classes"]}
    axes = named_axes(sheet("value-chain-stages"))
    for one, point in inner_points(scene).items():
        wanted = classes[regime["by_place"][one]]
        colour, hatch = fill_at(axes["map1" if one == "shenshan" else "map"], point)
        assert (colour, hatch) == (wanted["colour"], wanted["hatch"]), one


def test_each_document_colours_each_district_as_its_class(sheet: Draw, scene: exhibits.Scene) -> None:
    figure = sheet("documents")
    axes, points = named_axes(figure), inner_points(scene)
    scales = set()
    for number, document in enumerate(scene.register.instruments):
        one = axes[f"map{number or ''}"]
        theme = scene.symbology.instrument(scene.register, document, DAY)
        for district, point in points.items():
            wanted = theme.swatch(district)
            assert fill_at(one, point) == (wanted.colour, wanted.hatch), (document, district)
        (west, east), (south, north) = one.get_xlim(), one.get_ylim()
        for x, y in points.values():
            assert west < x < east and south < y < north
        scales.add(round((east - west) / (one.get_position().width * 420 / 1000)))
    assert len(scales) == 1 and f"1:{scales.pop():,}".replace(",", " ") in texts(figure)


def test_each_document_is_headed_with_number_days_and_force(sheet: Draw, scene: exhibits.Scene) -> None:
    said = words(sheet("documents"))
    for one in scene.register.instruments.values():
        assert one.short_zh in said and one.short_en in said
        assert one.document_number is None or one.document_number in said
        span = scene.register.validity(one.id)
        force = FORCE_NAMES[scene.register.force(one.id, DAY)]
        assert force[0] in said and force[1] in said and (span.from_ is None or f"{span.from_}至{span.to}" in said)
    assert "征求意见稿，无效力" in texts(sheet("documents")) and "draft, without force" in texts(sheet("documents"))


def test_the_numbers_on_the_small_maps_are_those_of_their_legends(sheet: Draw, scene: exhibits.Scene) -> None:
    figure = sheet("documents")
    axes, page = named_axes(figure), named_axes(figure)["page"]
    keyed = dict(re.match(r"(\d+)  (\S+)", one).groups() for one in texts(figure) if re.match(r"\d+  [^\d ]", one))
    outlines = dict(zip(scene.boundaries.ids, scene.boundaries.outlines, strict=True))
    for number, document in enumerate(scene.register.instruments):
        one = axes[f"map{number or ''}"]
        theme = scene.symbology.instrument(scene.register, document, DAY)
        place = one.get_position()
        codes: Counter[str] = Counter()
        for text in (each for each in page.texts if each.get_text().isdigit() and each.get_gid() != UNDER):
            x, y = text.get_position()
            share = (x / 420 - place.x0) / place.width, (y / 297 - place.y0) / place.height
            if min(share) > 0 and max(share) < 1:
                codes[text.get_text()] += 1
                code = keyed[text.get_text()]
                near = shapely.Point(
                    *TO_METRES.transform(
                        one.get_xlim()[0] + share[0] * (one.get_xlim()[1] - one.get_xlim()[0]),
                        one.get_ylim()[0] + share[1] * (one.get_ylim()[1] - one.get_ylim()[0]),
                        direction="INVERSE",
                    )
                )
                coded = [
                    d for d, shown in theme.shown.items() if d in outlines and any(code[:4] in s.role_zh for s in shown)
                ]
                assert min(outlines[d].distance(near) for d in coded) < 0.09  # in it, or at the end of its leader
        assert sum(codes.values()) == sum(1 for one in scene.boundaries.ids if theme.shown[one])


@pytest.fixture(scope="module")
def production(context: Context) -> exhibits.Spec:
    return replace(exhibits.read(context.settings, "field-across-city"), stage="production")


@pytest.mark.parametrize("stage", [None, "production"])
def test_a_field_is_coloured_by_the_verdict_on_each_district(
    context: Context, scene: exhibits.Scene, sheet: Draw, production: exhibits.Spec, stage: str | None
) -> None:
    figure = sheet("field-across-city") if stage is None else exhibits.draw(production, scene, lang="both")
    axes, said = named_axes(figure), words(figure)
    question = check.ask(scene.register, "semiconductor-materials", stage)
    for one, point in inner_points(scene).items():
        answer = check.verdict(scene.register, one, question, DAY)
        wanted = scene.symbology.verdict_class(answer.match, answer.force)
        colour, hatch = fill_at(axes["map1" if one == "shenshan" else "map"], point)
        assert (colour, hatch) == (wanted.colour, wanted.hatch), one
        assert MATCH_NAMES[answer.match][0] in said and wanted.zh in said and wanted.en in said
        assert bool(hatch) is (answer.force is Force.LAPSED)
    assert "半导体关键材料" in exhibit_title(figure) and "Semiconductor key materials" in exhibit_title(figure)
    assert ("生产制造" if stage else "不限环节") in exhibit_title(figure)
    assert "宝安区：2022年行动计划第五部分" in said and "本登记册理解" in said


def exhibit_title(figure: Any) -> str:
    return str(figure.get_label())


def test_an_unknown_field_or_a_wrong_title_is_our_error(context: Context, scene: exhibits.Scene) -> None:
    spec = exhibits.read(context.settings, "field-across-city")
    with pytest.raises(UnknownTerm) as unknown:
        exhibits.draw(replace(spec, field="半导体关健材料"), scene)
    assert "半导体关键材料" in unknown.value.suggestions
    with pytest.raises(UnknownTerm):
        exhibits.draw(replace(spec, stage="nothing"), scene)
    with pytest.raises(InputError, match="no field"):
        exhibits.draw(replace(spec, field=None), scene)
    with pytest.raises(InputError, match="filled in"):
        exhibits.draw(replace(spec, title=Words("{nothing}", "{0}")), scene)


def test_a_field_that_nobody_named_is_silent(
    context: Context, scene_on: Callable[[date], exhibits.Scene], production: exhibits.Spec
) -> None:
    said = words(exhibits.draw(production, scene_on(date(2010, 1, 1))))
    assert MATCH_NAMES[Match.SILENT][0] in said and "已到期" not in said


@pytest.mark.parametrize(
    ("name", "lang", "paper", "day"),
    [
        ("value-chain-stages", "both", None, LATE),
        ("value-chain-stages", "zh", (155.0, 205.0), DAY),
        ("documents", "zh", "A4", EARLY),
        ("documents", "en", (250.0, 155.0), MIDDLE),
        ("sites-by-verdict", "en", "A4", LATE),
        ("sites-by-verdict", "zh", (250.0, 155.0), MIDDLE),
        ("sites-by-force", "en", (155.0, 205.0), DAY),
        ("field-across-city", "en", "A4", LATE),
        ("field-across-city", "en", (250.0, 155.0), EARLY),
        ("field-across-city", "zh", (155.0, 205.0), DAY),
    ],
)
def test_no_texts_overlap(
    context: Context, scene_on: Callable[[date], exhibits.Scene], name: str, lang: Any, paper: Any, day: date
) -> None:
    spec = exhibits.read(context.settings, name)
    drawn = exhibits.draw(spec, scene_on(day), lang=lang, paper=paper, titled=not isinstance(paper, tuple))
    assert exhibits.overlaps(drawn) == []


@pytest.mark.parametrize(
    "name", ["value-chain-stages", "documents", "sites-by-verdict", "sites-by-force", "field-across-city"]
)
def test_no_texts_overlap_on_the_sheets_own_paper(sheet: Draw, name: str) -> None:
    assert exhibits.overlaps(sheet(name)) == []
