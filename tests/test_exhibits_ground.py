"""Sheets of support, of uncertain boundaries and of Shenshan's location, by measurement."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from matplotlib.colors import to_hex
from matplotlib.text import Text
from pyproj import Geod

from geo import crs, exhibits, symbology
from geo.districts import Boundaries
from geo.exhibits import Scene, doubt, gap
from geo.exhibits.support_tables import NAMED, NOT_NAMED, WITHOUT_FORCE
from geo.pipeline import Context
from geo.register import backing, named_year
from geo.schema import DISTRICTS, Words

BEFORE, SCHEME, DRAFT_ONLY, NOW = date(2012, 6, 1), date(2019, 6, 1), date(2023, 6, 1), date(2026, 11, 22)
GEOD = Geod(ellps="GRS80")
SHEETS = ("supported-parks", "boundary-uncertainty", "shenshan-location")
PICTURE = (250.0, 155.0)


@pytest.fixture(scope="module")
def scene(context: Context) -> Scene:
    settings = context.settings
    return Scene(context.register, context.boundaries, symbology.load(settings), exhibits.style(settings), NOW)


def users_own(boundaries: Boundaries, ids: tuple[str, ...]) -> Boundaries:
    """A layer as a user gives it: one source, nothing approximate."""
    none = np.array([], dtype=object)
    outlines = np.array([boundaries.outlines[boundaries.ids.index(one)] for one in ids])
    return replace(
        boundaries,
        ids=ids,
        outlines=outlines,
        borders=np.array([boundaries.borders[boundaries.ids.index(one)] for one in ids]),
        second=none,
        second_outside=none,
        uncertain=None,
        approximate=(),
        source=Words("own.geojson", "own.geojson"),
        vintage=Words("用户提供", "as given by the user"),
        second_source=None,
        notes=(),
    )


_DRAWN: dict[tuple[Any, ...], Any] = {}


def sheet(context: Context, scene: Scene, name: str, lang: Any = "zh", paper: Any = "A3") -> Any:
    """A sheet; of the shipped layer each is drawn once."""
    key = (name, lang, paper, scene.as_of, scene.boundaries.source.en, scene.boundaries.ids)
    if key not in _DRAWN:
        spec = exhibits.read(context.settings, name)
        _DRAWN[key] = exhibits.draw(spec, scene, lang=lang, paper=paper, titled=not isinstance(paper, tuple))
    return _DRAWN[key]


def lines(figure: Any) -> list[str]:
    return [one.get_text() for one in figure.findobj(Text) if one.get_text() and one.get_gid() != "under"]


def said(figure: Any) -> str:
    return "".join(lines(figure)).replace(" ", "")


def main_map(figure: Any) -> Any:
    return next(one for one in figure.axes if one.get_label() == "map")


def colour_at(axes: Any, at: Any) -> str:
    """Colour of the topmost surface at a point in metres."""
    for patch in sorted(axes.patches, key=lambda one: -one.get_zorder()):
        if patch.get_facecolor()[3] and patch.get_path().contains_point((at.x, at.y)):
            return to_hex(patch.get_facecolor())
    raise AssertionError("nothing is drawn there")


def inner_point(scene: Scene, district: str) -> Any:
    outline = scene.boundaries.outlines[scene.boundaries.ids.index(district)]
    return crs.project(shapely.point_on_surface(outline))


# ---- support ---------------------------------------------------------------------------


@pytest.mark.parametrize("day", [BEFORE, SCHEME, DRAFT_ONLY, NOW])
def test_districts_named_for_support_are_filled_and_no_others(context: Context, scene: Scene, day: date) -> None:
    on_day = replace(scene, as_of=day)
    figure = sheet(context, on_day, "supported-parks")
    palette = scene.symbology.words
    named = {one.place: one for one in backing(scene.register, day) if one.place in DISTRICTS}
    expected = {
        BEFORE: set(),
        SCHEME: set(),
        DRAFT_ONLY: {"shenshan"},
        NOW: {"shenshan", "guangming", "baoan", "longgang", "pingshan"},
    }
    assert set(named) == expected[day]
    inset = next((one for one in figure.axes if one.get_label() == "map1"), None)
    for district in DISTRICTS:
        axes = inset if district == "shenshan" else main_map(figure)
        colour = palette["roles"][named[district].role_zh] if district in named else palette["no_support"]["colour"]
        assert colour_at(axes, inner_point(scene, district)) == colour, district


def test_clause_17_alone_fills_the_districts_today(scene: Scene) -> None:
    located = [one for one in backing(scene.register, NOW) if one.place in DISTRICTS]
    assert {(one.instrument, one.part, one.clause) for one in located} == {("measures-2023", 5, 17)}


def test_a_draft_alone_is_hatched_and_said_to_have_no_force(context: Context, scene: Scene) -> None:
    on_day = replace(scene, as_of=DRAFT_ONLY)
    theme = scene.symbology.support(scene.register, DRAFT_ONLY)
    assert theme.swatch("shenshan").hatch == scene.symbology.words["draft_hatch"]
    text = said(sheet(context, on_day, "supported-parks"))
    assert "无有效文件点名支持任何区" in text and "草案无效力" in text
    assert "2023年征求意见稿（征求意见稿，无效力）：支持措施与金额" in text
    assert "最高10,000万元" in text and "2023年若干措施" not in text


@pytest.mark.parametrize("day", [BEFORE, SCHEME])
def test_before_the_draft_no_district_is_named_and_the_draft_is_not_shown(
    context: Context, scene: Scene, day: date
) -> None:
    text = said(sheet(context, replace(scene, as_of=day), "supported-parks"))
    assert "无文件点名支持任何区建设园区" in text and "征求意见稿" not in text
    assert "电子化学品" not in text
    cited = {one.instrument for one in backing(scene.register, day)}
    assert cited == {"plan-2011" if day == BEFORE else "scheme-2018"}


def test_after_the_measures_the_sheet_says_that_they_have_lapsed(context: Context, scene: Scene) -> None:
    later = date(2029, 1, 1)
    theme = scene.symbology.support(scene.register, later)
    assert theme.swatch("baoan").hatch == scene.symbology.words["lapsed_hatch"]
    assert "已到期" in said(sheet(context, replace(scene, as_of=later), "supported-parks"))


def test_the_facilities_are_those_of_the_register_each_with_its_force(context: Context, scene: Scene) -> None:
    figure = sheet(context, scene, "supported-parks")
    found = {one.id: [each.zh for each in one.facilities] for one in scene.register.designations if one.facilities}
    in_force, draft = found["measures-2023-shenshan-park"], found["measures-2023-draft-shenshan-park"]
    texts = lines(figure)
    assert all(texts.count(one) == 1 for one in {*in_force, *draft})
    assert texts.count(NAMED) == len(in_force) and texts.count(WITHOUT_FORCE) == len(draft)
    assert texts.count(NOT_NAMED) == len(set(draft) - set(in_force)) + len(set(in_force) - set(draft))
    rows = {one.get_text(): one.get_position()[1] for one in figure.findobj(Text) if one.get_text() in draft}
    marked = [one.get_position()[1] for one in figure.findobj(Text) if one.get_text() == NAMED]
    assert sorted(marked) == pytest.approx(sorted(rows[one] for one in in_force))


def test_the_clauses_give_no_amount_today_and_name_who_is_in_charge(context: Context, scene: Scene) -> None:
    mine = [one for one in scene.register.measures if one.instrument == "measures-2023" and one.clause == 17]
    assert len(mine) == 3 and all(one.cap_cny is None for one in mine)
    text = said(sheet(context, scene, "supported-parks"))
    assert text.count("未载金额") == len(mine) + 1  # and clause 11
    assert all(name in text for one in mine for name in (*one.departments, one.subject_zh))


def test_places_without_an_outline_are_listed_as_not_drawn(context: Context, scene: Scene) -> None:
    text = said(sheet(context, scene, "supported-parks"))
    unlocated = [one for one in backing(scene.register, NOW) if one.place not in DISTRICTS]
    assert {"enclave-parks", "guangming-science-city"} <= {one.place for one in unlocated}
    assert "无范围数据，未上图" in text
    assert all(scene.register.places[one.place].zh in text for one in unlocated)


def test_an_undated_draft_counts_from_the_year_in_its_name(scene: Scene) -> None:
    assert named_year(scene.register, "measures-2023-draft") == 2023
    for day, there in ((date(2022, 12, 31), False), (date(2023, 1, 1), True), (date(2023, 9, 13), False)):
        assert ("measures-2023-draft" in {one.instrument for one in backing(scene.register, day)}) is there


# ---- uncertain boundaries --------------------------------------------------------------


def test_areas_in_the_table_are_those_of_the_layers(context: Context, scene: Scene) -> None:
    boundaries, texts = scene.boundaries, lines(sheet(context, scene, "boundary-uncertainty"))
    first, second = (crs.project(one) for one in (boundaries.outlines, boundaries.second))
    outside = list(crs.project(boundaries.second_outside))
    for number, district in enumerate(boundaries.ids):
        others = shapely.union_all([*np.delete(second, number), *outside])
        known = shapely.union_all([*second, *outside])
        conflict = (first[number] & others).area / 1e6
        figures = [first[number].area / 1e6, second[number].area / 1e6, conflict, (first[number] - known).area / 1e6]
        at = next(
            n
            for n, one in enumerate(texts)
            if re.fullmatch(r"\d.*", texts[n + 1]) and one == scene.register.places[district].zh
        )
        shown = [float(one.rstrip("%")) for one in texts[at + 1 : at + 6]]
        assert [*shown[:3], shown[4]] == pytest.approx(figures, abs=0.051), district
        assert shown[3] == pytest.approx(100 * conflict / figures[0], abs=0.051), district


def test_the_zone_of_doubt_is_measured_and_drawn(context: Context, scene: Scene) -> None:
    figure = sheet(context, scene, "boundary-uncertainty")
    zone = crs.project(scene.boundaries.uncertain)
    own = crs.project(scene.boundaries.outlines[scene.boundaries.ids.index("shenshan")])
    inside = (zone & shapely.make_valid(own)).area
    text = said(figure)
    assert f"界线不确定带{zone.area / 1e6:.1f}平方千米，其中{inside / 1e6:.1f}平方千米" in text
    assert f"占其{100 * inside / own.area:.1f}%" in text
    (west, east), (south, north) = main_map(figure).get_xlim(), main_map(figure).get_ylim()
    left, bottom, right, top = zone.bounds
    assert west < left and south < bottom and right < east and top < north


def test_where_the_sources_differ_is_drawn_as_such(context: Context, scene: Scene) -> None:
    figure = sheet(context, scene, "boundary-uncertainty")
    differs = doubt.conflicting(scene.boundaries)[scene.boundaries.ids.index("shenshan")]
    largest = max(shapely.get_parts(differs), key=lambda one: one.area)
    plain = scene.symbology.words["none"]["colour"]
    assert colour_at(main_map(figure), shapely.point_on_surface(largest)) != plain
    assert colour_at(main_map(figure), inner_point(scene, "shenshan")) == plain
    assert "两套数据归属不同" in said(figure) and "近岸海域" in said(figure)


def test_the_rule_of_near_boundary_has_no_distance_and_names_the_noise(context: Context, scene: Scene) -> None:
    text = said(sheet(context, scene, "boundary-uncertainty"))
    assert "不用固定距离" in text and "超过1,000平方米（不足100公顷者为其面积的0.1%）" in text


@pytest.mark.parametrize("ids", [DISTRICTS, tuple(one for one in DISTRICTS if one != "shenshan"), ("baoan",)])
def test_of_a_layer_of_the_users_own_nothing_is_known_to_be_uncertain(
    context: Context, scene: Scene, ids: tuple[str, ...]
) -> None:
    own = replace(scene, boundaries=users_own(scene.boundaries, ids))
    figure = sheet(context, own, "boundary-uncertainty")
    text = said(figure)
    assert "区界图层无比对数据，未知有不确定之处" in text and "也无界线不确定带" in text
    assert not {"两套数据归属不同", "近似界线（非官方）", "界线不确定带"} & set(lines(figure))
    areas = crs.area_m2(own.boundaries.outlines) / 1e6
    assert all(f"{area:.1f}" in lines(figure) for area in areas)
    assert not exhibits.overlaps(figure)


# ---- location --------------------------------------------------------------------------


def test_the_dimension_line_ends_on_the_outlines_and_tells_the_geodesic(context: Context, scene: Scene) -> None:
    figure = sheet(context, scene, "shenshan-location")
    boundaries = scene.boundaries
    number = boundaries.ids.index("shenshan")
    shapes = crs.project(boundaries.outlines)
    rest, apart = shapely.union_all(np.delete(shapes, number)), shapes[number]
    drawn = longest_line(figure)
    for point, shape in zip(drawn, (rest, apart), strict=True):
        assert shapely.distance(shapely.Point(point), shape.boundary) < 30  # metres, 0.1 mm on the sheet
    assert np.hypot(*(drawn[1] - drawn[0])) == pytest.approx(shapely.distance(rest, apart), abs=60)
    ends = [crs.unproject(shapely.Point(one)).coords[0] for one in drawn]
    metres = GEOD.inv(*ends[0], *ends[1])[2]
    (told,) = {float(one) for one in re.findall(r"最近处(?:间距)?([\d.]+)千米", said(figure))} & {
        round(metres / 1000, 1)
    }
    assert told == pytest.approx(metres / 1000, abs=0.06)


def longest_line(figure: Any) -> Any:
    """Ends of the line between the nearest points, from millimetres of the sheet back to metres."""
    page = next(one for one in figure.axes if one.get_label() == "page")
    axes = main_map(figure)
    solid = [
        one
        for one in page.lines
        if one.get_linestyle() == "-" and one.get_linewidth() == 1.2 and len(one.get_xdata()) == 2
    ]
    line = max(solid, key=lambda one: float(np.hypot(np.ptp(one.get_xdata()), np.ptp(one.get_ydata()))))
    shown = page.transData.transform(np.column_stack([line.get_xdata(), line.get_ydata()]))
    return axes.transData.inverted().transform(shown)


def test_centres_and_second_source_are_geodesics_too(context: Context, scene: Scene) -> None:
    boundaries, text = scene.boundaries, said(sheet(context, scene, "shenshan-location"))
    centres = gap.centres(boundaries.outlines, boundaries.ids)
    second = gap.nearest(boundaries.second, boundaries.ids)
    assert centres is not None and second is not None
    for one in (centres, second):
        assert one.km == pytest.approx(GEOD.inv(*one.ends[0], *one.ends[1])[2] / 1000, abs=1e-6)
    assert f"面积重心间{centres.km:.1f}千米" in text and f"按比对数据，最近处间距为{second.km:.1f}千米" in text


def test_what_lies_between_adds_up_and_is_named(context: Context, scene: Scene) -> None:
    boundaries = scene.boundaries
    dimension = gap.nearest(boundaries.outlines, boundaries.ids)
    assert dimension is not None
    crossed = gap.between(boundaries, dimension)
    assert {names[1] for names, _ in crossed} <= {en for _, en in boundaries.neighbour_names}
    assert 0 < sum(km for _, km in crossed) <= dimension.km
    text = said(sheet(context, scene, "shenshan-location"))
    assert all(f"{names[0]}{km:.1f}千米" in text for names, km in crossed)
    assert "惠阳区（惠州市）" in text and "惠东县（惠州市）" in text


def test_shenshan_stands_out(context: Context, scene: Scene) -> None:
    axes = main_map(sheet(context, scene, "shenshan-location"))
    assert colour_at(axes, inner_point(scene, "shenshan")) == scene.symbology.colour("emphasis")
    assert colour_at(axes, inner_point(scene, "baoan")) == scene.symbology.words["none"]["colour"]


@pytest.mark.parametrize("ids", [tuple(one for one in DISTRICTS if one != "shenshan"), ("shenshan",)])
def test_without_both_parts_no_distance_is_told(context: Context, scene: Scene, ids: tuple[str, ...]) -> None:
    own = replace(scene, boundaries=users_own(scene.boundaries, ids))
    figure = sheet(context, own, "shenshan-location")
    assert "间距无法量算" in said(figure) and "最近处" not in said(figure)
    assert gap.nearest(own.boundaries.outlines, ids) is None


# ---- all three -------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize(("lang", "paper"), [("zh", "A3"), ("both", "A3"), ("zh", "A4"), ("en", PICTURE)])
def test_no_text_lies_on_another(context: Context, scene: Scene, name: str, lang: str, paper: Any) -> None:
    assert exhibits.overlaps(sheet(context, scene, name, lang, paper)) == []
