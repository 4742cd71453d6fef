"""The sheets of a district and of a site, measured on the paper."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from matplotlib.colors import to_hex
from matplotlib.text import Text
from pyproj import Transformer

from geo import exhibits, pipeline, symbology
from geo.exhibits import evidence
from geo.exhibits.pen import UNDER
from geo.exhibits.view import round_scale
from geo.schema import DISTRICTS

DAY = date(2026, 11, 22)
MM_PER_INCH = 25.4
UPRIGHT, BROAD = (155.0, 205.0), (250.0, 155.0)  # pictures in documents
TO_METRES = Transformer.from_crs(4490, 4547, always_xy=True)
ODD = "😀ꙮ\u202e$x^2$ <b>&"
ACROSS = "POLYGON((113.985 22.54,114.0 22.54,114.0 22.56,113.985 22.56,113.985 22.54))"
HARD: list[tuple[str, str, Any, Any, str, str, str]] = [
    ("甲😀", ODD, 113.9, 22.7, "", "光刻胶", "研发"),
    ("长" * 300, "名" * 5000, 113.93, 22.72, "", "x" * 3000, "生产"),
    ("B", "市外近处", 113.76, 22.80, "", "光刻胶", "生产"),
    ("C", "市外三十公里", 113.75, 23.05, "", "光刻胶", "生产"),
    ("D", "武汉", 114.3, 30.6, "", "光刻胶", "生产"),
    ("E", "投影不及", 24, 0.0, "", "光刻胶", "生产"),
    ("F", "地块", "", "", "POLYGON((114.03 22.70,114.05 22.70,114.05 22.715,114.03 22.715,114.03 22.70))", "", ""),
    ("G", "跨界", "", "", ACROSS, "水下捕鲸", ""),
]

Draw = Callable[..., Any]


def make_scene(context: pipeline.Context, path: Path | None, day: date = DAY) -> exhibits.Scene:
    found = pipeline.read_sites(context, path)
    checked = pipeline.check(context, found, day)
    return exhibits.Scene(
        context.register,
        context.boundaries,
        symbology.load(context.settings),
        exhibits.style(context.settings),
        day,
        checked.document,
        tuple(site.geometry for site in checked.sites),
        found.sample,
    )


@pytest.fixture(scope="module")
def scene(context: pipeline.Context) -> exhibits.Scene:
    return make_scene(context, None)


@pytest.fixture(scope="module")
def hard(context: pipeline.Context, tmp_path_factory: pytest.TempPathFactory) -> exhibits.Scene:
    path = tmp_path_factory.mktemp("sites") / "hard.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("id", "name", "lon", "lat", "wkt", "field", "stage"), *HARD])
    with np.errstate(invalid="ignore"):
        return make_scene(context, path)


@pytest.fixture(scope="module")
def sheet(context: pipeline.Context) -> Draw:
    def draw(name: str, scene: exhibits.Scene, subject: str, **how: Any) -> Any:
        return exhibits.draw(exhibits.read(context.settings, name), scene, subject=subject, **how)

    return draw


@pytest.fixture(scope="module")
def longgang(sheet: Draw, scene: exhibits.Scene) -> Any:
    return sheet("district-sheet", scene, "longgang")


@pytest.fixture(scope="module")
def fuyong(sheet: Draw, scene: exhibits.Scene) -> Any:
    return sheet("site-sheet", scene, "18")


def texts(figure: Any) -> list[Any]:
    return [one for one in list(figure.findobj(Text)) if one.get_text() and one.get_gid() != UNDER]


def words(figure: Any) -> str:
    return "".join(one.get_text() for one in texts(figure))


def named(figure: Any, gid: str) -> Any:
    return next(iter(all_named(figure, gid)))


def all_named(figure: Any, gid: str) -> list[Any]:
    return list(figure.findobj(lambda one: one.get_gid() == gid))


def on_paper(figure: Any, artist: Any) -> np.ndarray:
    """Corners or points of what is drawn, in millimetres of the sheet."""
    data = artist.get_path().vertices if hasattr(artist, "get_facecolor") else artist.get_xydata()
    placed = np.asarray(artist.axes.transData.transform(data), dtype=float)
    scale: float = MM_PER_INCH / figure.dpi
    return placed * scale


def map_of(figure: Any) -> tuple[float, tuple[float, float], tuple[float, float]]:
    """Metres on the ground to a millimetre, south-west corner in metres, and on the sheet in millimetres."""
    axes = next(one for one in figure.axes if one.get_label() == "map")
    (west, east), (south, _) = axes.get_xlim(), axes.get_ylim()
    place, (wide, high) = axes.get_position(), figure.get_size_inches() * MM_PER_INCH
    return (east - west) / (place.width * wide), (west, south), (place.x0 * wide, place.y0 * high)


def expected(figure: Any, x: float, y: float) -> np.ndarray:
    metres, (west, south), (left, bottom) = map_of(figure)
    return np.asarray([left + (x - west) / metres, bottom + (y - south) / metres])


def axis(figure: Any) -> Callable[[float], float]:
    """Where a moment stands on the time axis in millimetres, from the years that are written there."""
    years = [one for one in texts(figure) if one.get_text() in map(str, range(1990, 2050))]
    at = [float(one.get_position()[0]) for one in years]
    slope, start = np.polyfit([int(one.get_text()) for one in years], at, 1)
    return lambda year: start + slope * year


def year_of(day: date) -> float:
    first, after = date(day.year, 1, 1), date(day.year + 1, 1, 1)
    return day.year + (day - first) / (after - first)


def test_bars_end_on_the_days_of_validity(longgang: Any, scene: exhibits.Scene) -> None:
    place = axis(longgang)
    for instrument in ("plan-2011", "action-plan-2022", "measures-2023"):
        span = scene.register.validity(instrument)
        assert span.from_ is not None and span.to is not None
        across = on_paper(longgang, named(longgang, f"bar-{instrument}"))[:, 0]
        assert across.min() == pytest.approx(place(year_of(span.from_)), abs=0.1), instrument
        assert across.max() == pytest.approx(place(year_of(span.to + timedelta(days=1))), abs=0.1), instrument
    assert on_paper(longgang, named(longgang, "day"))[:, 0] == pytest.approx(place(year_of(DAY)), abs=0.1)


def test_bars_tell_force_by_colour_pattern_and_word(longgang: Any, scene: exhibits.Scene) -> None:
    colours = {one.id: one.colour for one in scene.symbology.force_classes()}
    lapsed, standing = named(longgang, "bar-action-plan-2022"), named(longgang, "bar-measures-2023")
    assert (to_hex(lapsed.get_facecolor()), lapsed.get_hatch()) == (
        colours["lapsed"],
        scene.symbology.words["lapsed_hatch"],
    )
    assert (to_hex(standing.get_facecolor()), standing.get_hatch()) == (colours["in_force"], "")
    assert not all_named(longgang, "bar-measures-2023-draft")
    said = words(longgang)
    for told in (
        "2022年行动计划：已到期",
        "2023年若干措施：有效",
        "征求意见稿，无效力",
        "◇ 未载日期",
        "低碳材料核心区",
    ):
        assert told in said


def test_an_end_that_is_our_reading_is_marked(sheet: Draw, scene: exhibits.Scene, longgang: Any) -> None:
    said = words(sheet("district-sheet", scene, "pingshan"))
    assert "2025-12-31（止期为登记册理解）" in said and "条末虚线" in said
    assert "条末虚线" not in words(longgang)


@pytest.mark.parametrize(
    ("district", "told"),
    [
        ("longhua", "时属宝安区"),
        ("yantian", "没有文件为该区指定产业角色"),
        ("nanshan", "没有文件为该区全域指定产业角色"),
        ("nanshan", "7个，另有1个可能在本区或部分在本区"),
    ],
)
def test_what_a_district_was_and_what_it_lacks_is_said(
    sheet: Draw, scene: exhibits.Scene, district: str, told: str
) -> None:
    assert told in words(sheet("district-sheet", scene, district))


def cases() -> Iterator[tuple[str, str]]:
    yield from ((one, "zh") for one in DISTRICTS)
    yield from ((one, lang) for one in ("guangming", "shenshan", "futian") for lang in ("en", "both"))


@pytest.mark.parametrize(("district", "lang"), list(cases()))
def test_a_sheet_of_each_district(sheet: Draw, scene: exhibits.Scene, district: str, lang: str) -> None:
    figure = sheet("district-sheet", scene, district, lang=lang)
    assert exhibits.overlaps(figure) == []
    said = [one.get_text() for one in texts(figure)]
    for record in scene.records:
        if record["district"] == district:
            assert said.count(record["id"]) >= 1, record["id"]
    assert round_scale(map_of(figure)[0] * 1000 - 1) == round(map_of(figure)[0] * 1000)


@pytest.mark.parametrize("paper", ["A4", UPRIGHT, BROAD])
@pytest.mark.parametrize("name", ["district-sheet", "site-sheet"])
def test_other_papers(sheet: Draw, scene: exhibits.Scene, name: str, paper: Any) -> None:
    subject = "guangming" if name == "district-sheet" else "39"
    figure = sheet(name, scene, subject, paper=paper, titled=isinstance(paper, str))
    assert exhibits.overlaps(figure) == []
    wide, high = figure.get_size_inches() * MM_PER_INCH
    for one in texts(figure):
        box = one.get_window_extent()
        corners = np.array([box.x0, box.y0, box.x1, box.y1]) / figure.dpi * MM_PER_INCH
        assert (corners[:2] > 0).all() and corners[2] < wide and corners[3] < high, one.get_text()
    column = "涉及该区的文件" if name == "district-sheet" else "选址点情况"
    assert (column in words(figure)) == (paper != UPRIGHT)


def test_upright_paper_has_the_column_below_the_map(sheet: Draw, scene: exhibits.Scene) -> None:
    figure = sheet("site-sheet", scene, "39", paper=(210.0, 297.0))
    assert exhibits.overlaps(figure) == []
    heading = next(one for one in texts(figure) if one.get_text() == "选址点情况")
    assert heading.get_position()[1] < map_of(figure)[2][1]


@pytest.mark.parametrize("day", [date(2012, 6, 1), date(2023, 6, 1)])
def test_other_days(context: pipeline.Context, sheet: Draw, day: date) -> None:
    figure = sheet("district-sheet", make_scene(context, None, day), "guangming")
    assert exhibits.overlaps(figure) == []
    assert on_paper(figure, named(figure, "day"))[:, 0] == pytest.approx(axis(figure)(year_of(day)), abs=0.1)


def test_a_site_lies_where_its_projection_says(fuyong: Any, scene: exhibits.Scene) -> None:
    record = scene.records[18]
    ((x, y),) = on_paper(fuyong, named(fuyong, "site"))
    assert (x, y) == pytest.approx(expected(fuyong, *TO_METRES.transform(record["lon"], record["lat"])), abs=0.1)


@pytest.mark.parametrize("number", [2, 18, 46])
def test_the_dimension_line_is_as_long_as_the_record_says(sheet: Draw, scene: exhibits.Scene, number: int) -> None:
    figure, record = sheet("site-sheet", scene, str(number)), scene.records[number]
    start, end = on_paper(figure, named(figure, "dimension"))
    told = record["boundary_distance_m"]
    assert np.hypot(*(end - start)) * map_of(figure)[0] == pytest.approx(told, abs=0.2)
    assert f"{told:,.0f} m" in named(figure, "distance").get_text()
    assert exhibits.overlaps(figure) == []


def test_the_scale_of_a_site_is_round_and_written(fuyong: Any) -> None:
    scale = map_of(fuyong)[0] * 1000
    assert round_scale(scale - 1) == pytest.approx(scale) and 25_000 <= scale <= 150_000
    assert f"1:{round(scale):,}".replace(",", " ") in words(fuyong)


def test_a_border_out_of_the_frame_is_told(sheet: Draw, scene: exhibits.Scene) -> None:
    figure = sheet("site-sheet", scene, "42")
    assert not all_named(figure, "dimension")
    assert "至最近区界或市界 13,760 m，该界线在图幅之外" in words(figure)


def test_the_column_says_what_the_record_holds(fuyong: Any, scene: exhibits.Scene) -> None:
    said, record = words(fuyong), scene.records[18]
    for told in ("S19", "福永候选点", "宝安区（确定）", "6,103 m", "领域相符，环节不符", "▲ 2022年行动计划"):
        assert told in said
    assert record["explanation"]["zh"].replace(" ", "") in said.replace(" ", "")
    for one in record["designations"]:
        assert one["clause"] in said and one["role_zh"] in said


def test_a_loose_position_has_its_circle(sheet: Draw, scene: exhibits.Scene) -> None:
    records = [{**one, "position_accuracy_m": 400.0} for one in scene.records]
    figure = sheet("site-sheet", replace(scene, document={**scene.document, "sites": records}), "18")
    ring = on_paper(figure, named(figure, "accuracy"))
    middle = expected(figure, *TO_METRES.transform(records[18]["lon"], records[18]["lat"]))
    assert np.hypot(*(ring - middle).T) * map_of(figure)[0] == pytest.approx(400.0, rel=0.01)
    assert "±400 m" in words(figure)


def test_hostile_names(sheet: Draw, hard: exhibits.Scene) -> None:
    for number, told in ((0, "$x^2$ <b>&"), (1, "…")):
        figure = sheet("site-sheet", hard, str(number))
        assert exhibits.overlaps(figure) == []
        assert told in words(figure) and len(words(figure)) < 5000
    assert "□" in words(sheet("site-sheet", hard, "0"))
    figure = sheet("district-sheet", hard, hard.records[0]["district"])
    assert exhibits.overlaps(figure) == [] and "□□" in words(figure)


@pytest.mark.parametrize(
    ("number", "told"), [(2, "m"), (3, "24,904 m"), (4, "北方向，距市界约 844 km"), (5, "在图幅之外")]
)
def test_a_site_outside(sheet: Draw, hard: exhibits.Scene, number: int, told: str) -> None:
    figure = sheet("site-sheet", hard, str(number))
    assert exhibits.overlaps(figure) == []
    assert told in words(figure) and "深圳市域外" in words(figure)
    assert bool(all_named(figure, "site")) == (number < 4)
    assert bool(all_named(figure, "bearing")) == (number == 4)


def test_a_plot_is_drawn_with_its_area(sheet: Draw, hard: exhibits.Scene) -> None:
    figure, record = sheet("site-sheet", hard, "6"), hard.records[6]
    swatch = next(one for one in hard.symbology.match_classes() if one.id == record["match"])
    drawn = [
        one
        for one in figure.findobj(lambda one: hasattr(one, "get_path") and one.get_zorder() == 6)
        if one.axes.get_label() == "map" and to_hex(one.get_edgecolor()) == swatch.colour
    ]
    (plot,) = drawn
    area = shapely.Polygon(on_paper(figure, plot)).area * map_of(figure)[0] ** 2
    assert area / 1e4 == pytest.approx(record["area_ha"], rel=0.001)
    assert f"{record['area_ha']:,.2f} 公顷（{record['area_mu']:,.1f} 亩）" in words(figure)


def test_a_plot_across_a_border_tells_its_shares(sheet: Draw, hard: exhibits.Scene) -> None:
    figure = sheet("site-sheet", hard, "7")
    assert exhibits.overlaps(figure) == [] and not all_named(figure, "dimension")
    assert "南山区 53 %" in words(figure) and "无法识别" in words(figure)


def test_what_does_not_fit_in_the_table_is_counted(sheet: Draw, scene: exhibits.Scene) -> None:
    baoan = [number for number, one in enumerate(scene.records) if one["district"] == "baoan"]
    chosen = [baoan[number % len(baoan)] for number in range(120)]
    records = [{**scene.records[one], "id": f"K{number:03}"} for number, one in enumerate(chosen)]
    many = replace(
        scene,
        document={**scene.document, "sites": records},
        shapes=tuple(scene.shapes[one] for one in chosen),
    )
    figure = sheet("district-sheet", many, "baoan")
    listed = {one.get_text() for one in texts(figure) if one.get_fontsize() > 6.1} & {one["id"] for one in records}
    rest = next(one.get_text() for one in texts(figure) if "因篇幅未列出" in one.get_text())
    assert rest == f"另有 {120 - len(listed)} 个选址点因篇幅未列出"
    assert "区内选址点（120个）" in words(figure)


def test_a_list_without_sites(sheet: Draw, scene: exhibits.Scene) -> None:
    figure = sheet("district-sheet", replace(scene, document={}, shapes=()), "baoan")
    assert "没有位于该区的选址点" in words(figure) and exhibits.overlaps(figure) == []


def test_a_verdict_is_shortened_by_whole_sentences(scene: exhibits.Scene, fuyong: Any) -> None:
    from geo.exhibits.pen import Pen

    pen = Pen((420.0, 297.0), scene.style, "zh")
    block = evidence.column(pen, scene, scene.records[18])[1]
    whole = block.height(pen, 100.0, 1.0)
    cut = block.shortened(pen, 100.0, 1.0, whole - 5)  # type: ignore[attr-defined]
    assert cut.height(pen, 100.0, 1.0) <= whole - 5
    assert cut.reasons[0][-1].text.endswith("……") and len(cut.reasons[0]) < len(block.reasons[0])  # type: ignore[attr-defined]
