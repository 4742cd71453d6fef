"""A planner's file on its way in: datums given, assumed, refused; faults of rows; control points."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from click.testing import CliRunner, Result

from geo import crs, pipeline
from geo.cli.main import main
from geo.errors import CRSMismatch, InputError
from geo.intake import Request, read_control_points
from geo.pipeline import Context

DAY = date(2026, 11, 22)
Table = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Write columns of equal length as a CSV."""

    def write(name: str, **columns: Any) -> Path:
        rows = [
            ",".join(columns),
            *(",".join(str(cell) for cell in row) for row in zip(*columns.values(), strict=True)),
        ]
        path = tmp_path / name
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return path

    return write


def check(context: Context, path: Path, **request: Any) -> list[dict[str, Any]]:
    found = pipeline.read_sites(context, path, Request(**request))
    return pipeline.check(context, found, DAY, field="光刻胶", stage="rd_design").document["sites"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(scope="module")
def places(boundaries: Any) -> tuple[Any, Any]:
    """Two hundred places over the city and a little beyond, in WGS84."""
    rng = np.random.default_rng(20261122)
    west, south, east, north = shapely.total_bounds(boundaries.outlines)
    lon, lat = rng.uniform(west, east, 4000), rng.uniform(south, north, 4000)
    inside = shapely.contains_xy(shapely.union_all(boundaries.outlines), lon, lat)
    return np.concatenate([lon[inside][:190], lon[~inside][:10]]), np.concatenate(
        [lat[inside][:190], lat[~inside][:10]]
    )


def to_datum(lon: Any, lat: Any, datum: str | int) -> tuple[Any, Any]:
    if datum == "gcj02":
        return crs.wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        return crs.gcj02_to_bd09(*crs.wgs84_to_gcj02(lon, lat))
    if isinstance(datum, int):
        from pyproj import Transformer

        return Transformer.from_crs(4490, datum, always_xy=True).transform(lon, lat)
    return lon, lat


KEYS = ("id", "district", "certainty", "match", "force", "shares", "possible")


def test_the_same_list_in_every_system_gives_the_same_verdicts(
    context: Context, table: Table, places: tuple[Any, Any]
) -> None:
    lon, lat = places
    wanted = None
    for datum in ("wgs84", "cgcs2000", "gcj02", "bd09", 4490, 4546, 4547, 4548, 4526, 32649, 32650, 3857):
        x, y = (np.round(part, 9) for part in to_datum(lon, lat, datum))
        names = ("x", "y") if isinstance(datum, int) and datum != 4490 else ("lon", "lat")
        path = table(f"{datum}.csv", **dict(zip(names, (x, y), strict=True)))
        records = check(context, path, datum=datum)
        answers = [
            [one[key] for key in KEYS] + [[role["id"] for role in one["designations"] if role["decides"]]]
            for one in records
        ]
        wanted = wanted or answers
        assert answers == wanted, datum
        assert all(one["datum_basis"] == "declared" for one in records)


def test_nothing_declared_is_assumed_and_said(context: Context, table: Table) -> None:
    path = table("s.csv", id=["a", "b"], lon=[113.9971, 113.85], lat=[22.5475, 22.70])
    found = pipeline.read_sites(context, path)
    assert any("WGS84" in en and "s.csv" in en for _, en in found.warnings)
    near, deep = check(context, path)
    assert near["datum_basis"] == deep["datum_basis"] == "assumed"
    assert deep["if_datum"] == []
    for other in near["if_datum"]:
        (there,) = [one for one in check(context, path, datum=other["datum"]) if one["id"] == "a"]
        assert (there["district"], there["match"], there["force"]) == (
            other["district"], other["match"], other["force"],
        )  # fmt: skip
        assert other["district"] != near["district"]
        assert other["district_zh"] in near["explanation"]["zh"]
        assert other["district_en"] in near["explanation"]["en"]
    assert near["if_datum"]


def test_other_districts_are_named_exactly_where_the_datum_changes_them(
    context: Context, table: Table, places: tuple[Any, Any]
) -> None:
    path = table("s.csv", lon=places[0], lat=places[1])
    assumed = check(context, path)
    for datum in ("gcj02", "bd09"):
        moved = check(context, path, datum=datum)
        said = {one["id"]: two["district"] for one in assumed for two in one["if_datum"] if two["datum"] == datum}
        assert said == {
            one["id"]: one["district"]
            for one, before in zip(moved, assumed, strict=True)
            if one["district"] != before["district"]
        }
        assert len(said) > 2


def test_a_declared_datum_is_not_doubted_row_by_row(context: Context, table: Table) -> None:
    path = table("s.csv", lon=[113.9971], lat=[22.5475], datum=["wgs84"])
    (record,) = check(context, path)
    assert record["datum_basis"] == "declared" and record["if_datum"] == []


@pytest.mark.parametrize(
    ("datum", "swap", "typed"),
    [
        ("wgs84", True, "--swap-axes"),
        (4547, False, "--crs EPSG:4547"),
        (4526, False, "--crs EPSG:4526"),
        (4547, True, "--crs EPSG:4547 --swap-axes"),
        (32650, False, "--crs EPSG:32650"),
        (3857, False, "--crs EPSG:3857"),
    ],
)
def test_numbers_of_another_system_are_refused_with_what_to_type(
    context: Context, table: Table, places: tuple[Any, Any], datum: str | int, swap: bool, typed: str
) -> None:
    x, y = to_datum(places[0][:40], places[1][:40], datum)
    path = table("s.csv", lon=y if swap else x, lat=x if swap else y)
    with pytest.raises(CRSMismatch) as caught:
        check(context, path)
    for lang in ("zh", "en"):
        assert typed in caught.value.text(lang) and "s.csv" in caught.value.text(lang)
    swapped = "--swap-axes" in typed
    given = check(context, path, swap=swapped, datum=datum if isinstance(datum, int) else None)
    straight = check(context, table("w.csv", lon=places[0][:40], lat=places[1][:40]))
    assert [one["district"] for one in given] == [one["district"] for one in straight]


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_a_district_column_unmasks_coordinates_of_a_web_map(
    context: Context, table: Table, places: tuple[Any, Any], datum: str
) -> None:
    names = [one["district_zh"] or "" for one in check(context, table("w.csv", lon=places[0], lat=places[1]))]
    x, y = to_datum(*places, datum)
    path = table("s.csv", lon=x, lat=y, 所在区=names)
    with pytest.raises(CRSMismatch, match=f"--datum {datum}"):
        check(context, path)
    asked = pipeline.read_sites(context, path, Request(datum="wgs84"))
    assert any("declared system was used" in en for _, en in asked.warnings), "a wrong declaration is reported"
    assert all(site.datum == "wgs84" for site in asked.sites), "and not corrected"
    assert not any(
        "declared system" in en for _, en in pipeline.read_sites(context, path, Request(datum=datum)).warnings
    )


def test_geojson_from_a_web_map_is_reported_not_corrected(
    context: Context, tmp_path: Path, table: Table, places: tuple[Any, Any]
) -> None:
    names = [one["district_zh"] or "" for one in check(context, table("w.csv", lon=places[0], lat=places[1]))]
    x, y = crs.wgs84_to_gcj02(*places)
    features = [
        {"type": "Feature", "properties": {"区": name}, "geometry": {"type": "Point", "coordinates": [lon, lat]}}
        for lon, lat, name in zip(x.tolist(), y.tolist(), names, strict=True)
    ]
    path = tmp_path / "amap.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    found = pipeline.read_sites(context, path)
    assert any("GCJ-02" in en and "declared system was used" in en for _, en in found.warnings)
    assert found.sites[0].geometry.x == pytest.approx(float(x[0]), abs=1e-9)


def test_rows_that_disagree_refuse_the_file_unless_a_datum_is_given(
    context: Context, table: Table, places: tuple[Any, Any]
) -> None:
    lon, lat = places[0][:20], places[1][:20]
    path = table("s.csv", lon=[*lon[:12], *lat[12:]], lat=[*lat[:12], *lon[12:]])
    with pytest.raises(CRSMismatch, match=r"not all in one.*Rows that differ.*13"):
        pipeline.read_sites(context, path)
    found = pipeline.read_sites(context, path, Request(datum="wgs84"))
    assert (len(found.sites), len(found.rejected)) == (12, 8)


def test_one_odd_row_is_rejected_and_the_others_kept(context: Context, table: Table, places: tuple[Any, Any]) -> None:
    lon, lat = places[0][:20], places[1][:20]
    path = table("s.csv", lon=[*lon[:19], lat[19]], lat=[*lat[:19], lon[19]])
    found = pipeline.read_sites(context, path)
    assert len(found.sites) == 19
    assert [one.row for one in found.rejected] == [20] and "swapped" in found.rejected[0].reason("en")


def test_every_fault_of_a_row_is_given_at_once(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,lon,lat,datum\na,113.9,22.6,\n\nb,x,,mars\n", encoding="utf-8")
    (bad,) = pipeline.read_sites(context, path).rejected
    assert [(fault.field, fault.row, fault.line) for fault in bad.faults] == [
        ("datum", 3, 4), ("lon", 3, 4), ("lat", 3, 4),
    ]  # fmt: skip
    assert "line 4 of the file" in bad.reason("en") and "文件第 4 行" in bad.reason("zh")
    assert all(fault.remedy_en and fault.remedy_zh for fault in bad.faults)


def test_rejected_rows_can_be_corrected_and_fed_back(tmp_path: Path) -> None:
    source = tmp_path / "选址.csv"
    source.write_text("id,lon,lat,备注\na,113.85,22.7,好\nb,坏,22.7,=1+1\nc,113.85,,-5\n", encoding="gb18030")
    first = run("check", str(source), "--out", str(tmp_path / "out.csv"), "--as-of", "2026-11-22", "--lang", "en")
    assert first.exit_code == 1
    rejected = tmp_path / "out.rejected.csv"
    text = rejected.read_text(encoding="utf-8-sig")
    assert "'=1+1" in text and ",-5," in text
    rejected.write_text(text.replace("坏,", "113.86,").replace("c,113.85,,", "c,113.85,22.71,"), encoding="utf-8-sig")
    again = run("check", str(rejected), "--format", "json", "--as-of", "2026-11-22")
    assert again.exit_code == 0, again.output
    records = json.loads(again.stdout)["sites"]
    assert [one["id"] for one in records] == ["b", "c"]
    back = run("check", str(rejected), "--format", "geojson", "--as-of", "2026-11-22")
    properties = [one["properties"] for one in json.loads(back.stdout)["features"]]
    assert [one["备注"] for one in properties] == ["=1+1", "-5"]
    assert not any(name.startswith("rejected_") for name in properties[0])


def test_strict_makes_any_fault_fatal_and_writes_nothing(tmp_path: Path) -> None:
    source, out = tmp_path / "s.csv", tmp_path / "out.csv"
    source.write_text("id,lon,lat,区\na,113.85,22.7,宝安区\nb,113.86,22.7,坪山区\n", encoding="utf-8")
    arguments = ["check", str(source), "--datum", "wgs84", "--as-of", "2026-11-22", "--lang", "en", "--out", str(out)]
    strict = run(*arguments, "--strict")
    assert strict.exit_code == 2
    assert "Pingshan" in strict.stderr and "nothing was written" in strict.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.csv"]
    assert run(*arguments).exit_code == 0 and out.exists()
    folder = tmp_path / "gallery"
    built = run("build", "--sites", str(source), "--out", str(folder), "--strict", "--as-of", "2026-11-22")
    assert built.exit_code == 2 and not folder.exists()


def test_beijing_1954_and_xian_1980_are_said_to_be_loose(context: Context, table: Table) -> None:
    x, y = to_datum(np.array([113.85]), np.array([22.70]), 4547)
    path = table("s.csv", x=x, y=y)
    for code, words in ((2435, "15 m"), (2383, "about a hundred metres")):
        found = pipeline.read_sites(context, path, Request(datum=code))
        assert any(words in en for _, en in found.warnings)
    assert pipeline.read_sites(context, path, Request(datum=4547)).warnings == ()


def test_a_loose_position_near_a_border_is_not_certain(context: Context, boundaries: Any, table: Table) -> None:
    rng = np.random.default_rng(5)
    futian = boundaries.borders[boundaries.ids.index("futian")]
    at = shapely.line_interpolate_point(futian, rng.uniform(0, shapely.length(futian), 60))
    x, y = shapely.get_x(at) + rng.uniform(-120, 120, 60), shapely.get_y(at) + rng.uniform(-120, 120, 60)
    path = table("s.csv", x=x, y=y)
    sure, loose = check(context, path, datum=4547), check(context, path, datum=2383)
    assert [one["position_accuracy_m"] for one in (sure[0], loose[0])] == [0.0, None]
    assert any(one["certainty"] == "certain" and one["boundary_distance_m"] < 100 for one in sure)
    for one in loose:
        if one["boundary_distance_m"] < 100:
            assert one["certainty"] == "near_boundary" and len(one["possible"]) > 1
            assert "not known" in one["explanation"]["en"] or "boundary data" in one["explanation"]["en"]


# ---- the user's own boundaries -----------------------------------------------------------


def shifted_layer(boundaries: Any, folder: Path, shift: Any, *, declared: bool) -> Path:
    import geopandas

    shapes = shapely.transform(boundaries.outlines, lambda xy: np.column_stack(shift(xy[:, 0], xy[:, 1])))
    path = folder / "own.shp"
    geopandas.GeoDataFrame({"name": list(boundaries.ids)}, geometry=list(shapes), crs=4490).to_file(path)
    if not declared:
        path.with_suffix(".prj").unlink()
    return path


def test_a_boundary_layer_from_a_web_map_is_reported(context: Context, boundaries: Any, tmp_path: Path) -> None:
    path = shifted_layer(boundaries, tmp_path, crs.wgs84_to_gcj02, declared=True)
    own = Context.open(context.settings, boundaries=path)
    ((zh, en),) = own.warnings
    assert "GCJ-02" in zh and "own.shp" in en
    said = run("check", "113.85", "22.70", "--datum", "wgs84", "--boundaries", str(path), "--lang", "en")
    assert said.exit_code == 0 and "GCJ-02" in said.stderr


def test_a_boundary_layer_that_declares_nothing_and_fits_a_web_map_is_refused(
    context: Context, boundaries: Any, tmp_path: Path
) -> None:
    path = shifted_layer(boundaries, tmp_path, crs.wgs84_to_gcj02, declared=False)
    with pytest.raises(CRSMismatch, match="GCJ-02"):
        Context.open(context.settings, boundaries=path)


def test_a_true_boundary_layer_is_not_doubted(context: Context, boundaries: Any, tmp_path: Path) -> None:
    for declared in (True, False):
        path = shifted_layer(boundaries, tmp_path, lambda x, y: (x, y), declared=declared)
        assert Context.open(context.settings, boundaries=path).warnings == ()


# ---- control points ----------------------------------------------------------------------


def local(x: Any, y: Any) -> tuple[Any, Any]:
    """A made-up local system: turned by 0.6°, shifted."""
    angle = np.radians(0.6)
    east, north = np.asarray(x) - 390_000.0, np.asarray(y) - 2_470_000.0
    return east * np.cos(angle) - north * np.sin(angle), east * np.sin(angle) + north * np.cos(angle)


CONTROL = np.array(
    [(480_000.0, 2_490_000.0), (520_000.0, 2_492_000.0), (500_000.0, 2_515_000.0), (510_000.0, 2_505_000.0)]
)


@pytest.mark.parametrize("target", ["metres", "degrees"])
def test_control_points_bring_a_local_system_home(
    context: Context, table: Table, places: tuple[Any, Any], target: str
) -> None:
    x, y = local(*CONTROL.T)
    known = dict(zip(("east", "north"), CONTROL.T, strict=True))
    if target == "degrees":
        known = dict(zip(("lon", "lat"), crs.to_wgs84(*CONTROL.T, 4547), strict=True))
    control = table("control.csv", x=x, y=y, **known)
    near = (places[0] > 113.85) & (places[0] < 114.2)
    lon, lat = places[0][near], places[1][near]
    sites = table("s.csv", **dict(zip(("x", "y"), local(*crs.to_metres(lon, lat)), strict=True)))
    found = pipeline.read_sites(context, sites, Request(control=control))
    assert len(found.sites) == near.sum() > 20
    assert [site.geometry.x for site in found.sites] == pytest.approx(lon, abs=1e-7)
    assert any("4 control points (helmert)" in en for _, en in found.warnings)
    assert found.sites[0].datum.startswith("control-points")
    swapped = table("n.csv", **dict(zip(("x", "y"), local(*crs.to_metres(lon, lat))[::-1], strict=True)))
    again = pipeline.read_sites(context, swapped, Request(control=control, swap=True))
    assert [site.geometry.y for site in again.sites] == pytest.approx(lat, abs=1e-7)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x, y: (x[:2], y[:2], CONTROL[:2]), "at least"),
        (lambda x, y: (x, y + np.array([0, 0, 40.0, 0]), CONTROL), "residual|limit"),
        (lambda x, y: (y, x, CONTROL), "swap"),
        (lambda x, y: (x / 1000, y / 1000, CONTROL), "scale|unit"),
    ],
)
def test_control_points_that_do_not_fit_are_refused(table: Table, change: Any, message: str) -> None:
    x, y, known = change(*local(*CONTROL.T))
    path = table("control.csv", x=x, y=y, east=known.T[0], north=known.T[1])
    with pytest.raises((InputError, CRSMismatch), match=message):
        read_control_points(path)


def test_control_points_name_the_cell_that_is_no_number(table: Table) -> None:
    path = table("control.csv", x=[1, "?"], y=[1, 2], lon=[114, 114], lat=[22, 22])
    with pytest.raises(InputError) as caught:
        read_control_points(path)
    assert (caught.value.row, caught.value.field, caught.value.value) == (2, "x", "?")


def test_the_local_system_is_refused_with_its_reason(context: Context, table: Table) -> None:
    rng = np.random.default_rng(3)
    path = table("s.csv", x=rng.uniform(95_000, 130_000, 30), y=rng.uniform(15_000, 45_000, 30))
    with pytest.raises(CRSMismatch, match="--control-points") as caught:
        pipeline.read_sites(context, path)
    assert "未公开" in caught.value.text("zh")


# ---- the command ---------------------------------------------------------------------------


def test_one_place_says_that_its_datum_is_assumed() -> None:
    said = run("check", "113.9971", "22.5475", "--lang", "en", "--as-of", "2026-11-22")
    assert said.exit_code == 0
    assert "no datum is declared" in said.stderr
    assert "if it is GCJ-02" in said.stdout or "if it is BD-09" in said.stdout
    quiet = run("check", "113.9971", "22.5475", "--datum", "wgs84", "--lang", "en", "--as-of", "2026-11-22")
    assert quiet.stderr == "" and "if it is GCJ-02" not in quiet.stdout


def test_the_list_on_the_screen_names_other_districts(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,lon,lat\na,113.9971,22.5475\nb,113.85,22.7\n", encoding="utf-8")
    zh, en = (
        run("check", str(path), "--as-of", "2026-11-22", "--lang", lang).stdout.splitlines() for lang in ("zh", "en")
    )
    assert zh[0].endswith("| 若为BD-09：南山区")
    assert en[0].endswith("| if BD-09: Nanshan")
    assert "若为" not in zh[1] and "GCJ-02" not in zh[0]


@pytest.mark.parametrize("name", ["o.fgb", "o.kml", "o.xls", "o"])
def test_an_ending_that_is_not_written_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text("lon,lat\n113.85,22.7\n", encoding="utf-8")
    said = run("check", str(path), "--out", str(tmp_path / name), "--lang", "en")
    assert said.exit_code == 2 and ".gpkg" in said.stderr and [one.name for one in tmp_path.iterdir()] == ["s.csv"]


def test_most_sites_outside_or_at_nought_is_said(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,lon,lat\na,116.4,39.9\nb,116.5,39.8\nc,0,0\n", encoding="utf-8")
    said = run("check", str(path), "--datum", "wgs84", "--lang", "en", "--as-of", "2026-11-22")
    assert said.exit_code == 0
    assert "3 of 3 sites lie outside Shenzhen" in said.stderr and "c (row 3)" in said.stderr


@pytest.mark.parametrize(("name", "datum"), [("高德坐标", "gcj02"), ("百度坐标", "bd09"), ("坐标", "wgs84")])
def test_the_heading_of_a_position_column_can_name_its_datum(
    context: Context, tmp_path: Path, name: str, datum: str
) -> None:
    path = tmp_path / "s.csv"
    path.write_text(f'地块编号,{name}\na,"113.9971,22.5475"\n', encoding="utf-8")
    (site,) = pipeline.read_sites(context, path).sites
    assert (site.id, site.datum) == ("a", datum)
    assert (site.datum_basis == "declared") is (datum != "wgs84")


def test_one_place_in_degrees_minutes_seconds() -> None:
    said = run("check", "113°51′E", "22°42′N", "--datum", "wgs84", "--lang", "en", "--as-of", "2026-11-22")
    assert "113.850000, 22.700000" in said.stdout


def test_a_long_list_of_faults_is_counted_not_poured_out(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("lon,lat\n113.9,22.6\n" + "x,22.6\n" * 500, encoding="utf-8")
    out = tmp_path / "o.csv"
    said = run("check", str(path), "--lang", "en", "--as-of", "2026-11-22", "--out", str(out))
    assert said.exit_code == 1
    assert len(said.stderr.splitlines()) < 30 and "480 more, in" in said.stderr
    assert len((tmp_path / "o.rejected.csv").read_text(encoding="utf-8-sig").splitlines()) == 501


@pytest.mark.parametrize("limit", ["rows", "rows=", "rows=-1", "rows=x", "speed=3"])
def test_a_limit_that_is_none_is_refused(tmp_path: Path, limit: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text("lon,lat\n113.9,22.6\n", encoding="utf-8")
    said = run("check", str(path), "--limit", limit, "--lang", "en")
    assert said.exit_code == 2 and "megabytes" in said.stderr


def test_a_limit_can_be_raised(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("lon,lat\n" + "113.9,22.6\n" * 30, encoding="utf-8")
    low = run("check", str(path), "--limit", "rows=20", "--lang", "en")
    assert low.exit_code == 2 and "--limit rows=" in low.stderr
    assert run("check", str(path), "--limit", "rows=30", "--lang", "en").exit_code == 0
