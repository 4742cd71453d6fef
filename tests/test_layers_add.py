"""Files that become layers: datums, faults, repairs, columns, rasters."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from geo import crs, layers
from geo.districts import Boundaries
from geo.errors import CRSMismatch, InputError
from geo.features import Features, Raster
from geo.intake import Request
from geo.layers import About, Added
from geo.register import Register
from geo.settings import Settings
from geo.sources import Limits

Add = Callable[..., tuple[Added, Features | Raster]]
LON, LAT = 114.06, 22.54


@pytest.fixture
def add(settings: Settings, tmp_path: Path, register: Register, boundaries: Boundaries) -> Add:
    own = replace(settings, store=tmp_path / "store")

    def made(path: Path, request: Request = Request(), **about: Any) -> tuple[Added, Features | Raster]:
        added = layers.add("zones", path, request, About(**about), own, register, boundaries, overwrite=True)
        return added, layers.load(["zones"], own, boundaries)["zones"]

    return made


def features(found: Features | Raster) -> Features:
    assert isinstance(found, Features)
    return found


def test_metres_stay_what_they_are_and_lines_are_taken(add: Add, layer: Callable[..., Path]) -> None:
    line = shapely.LineString([(505_000.123, 2_494_000.456), (505_900.5, 2_494_100.25), (509_999, 2_494_000)])
    _, found = add(layer("线.shp", [({"NAME": "甲"}, line)], 4547, encoding="utf-8"))
    assert shapely.get_coordinates(features(found).geometry).tolist() == shapely.get_coordinates(line).tolist()
    assert features(found).labels.tolist() == ["甲"]


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_a_declared_datum_is_converted_once(add: Add, tmp_path: Path, datum: str) -> None:
    lon, lat = np.array([LON]), np.array([LAT])
    if datum != "wgs84":
        lon, lat = crs.wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        lon, lat = crs.gcj02_to_bd09(lon, lat)
    path = tmp_path / "点.csv"
    path.write_text(f"名称,经度,纬度,距离\n甲,{lon[0]:.9f},{lat[0]:.9f},500\n", encoding="utf-8")
    added, found = add(path, Request(datum=datum))
    x, y = crs.to_metres(LON, LAT)
    assert shapely.distance(features(found).geometry[0], shapely.Point(x, y)) < 0.05
    assert features(found).columns["距离"].tolist() == [500.0]
    assert features(found).provenance.datum == {"wgs84": "WGS84", "gcj02": "GCJ-02", "bd09": "BD-09"}[datum]
    assert not added.left_out


def test_an_undeclared_datum_is_assumed_or_refused_as_for_sites(add: Add, tmp_path: Path) -> None:
    path = tmp_path / "点.csv"
    path.write_text(f"name,lon,lat\na,{LON},{LAT}\n", encoding="utf-8")
    added, found = add(path)
    assert features(found).provenance.datum == "WGS84 (assumed)"
    assert any("WGS84 is assumed" in en for _, en in added.notes)
    x, y = crs.to_metres(LON, LAT)
    path.write_text(f"name,x,y\na,{float(x)},{float(y)}\n", encoding="utf-8")
    with pytest.raises(CRSMismatch, match="EPSG:4547"):
        add(path)
    _, found = add(path, Request(datum=4547))
    assert shapely.get_coordinates(features(found).geometry).tolist() == [[float(x), float(y)]]


def test_a_layer_whose_numbers_fit_another_system_is_refused(
    add: Add, boundaries: Boundaries, layer: Callable[..., Path]
) -> None:
    """Outlines of the districts, shifted to GCJ-02, without a coordinate system."""
    shifted = shapely.transform(boundaries.outlines, lambda xy: np.column_stack(crs.wgs84_to_gcj02(xy[:, 0], xy[:, 1])))
    rows = [({"名称": one}, shape) for one, shape in zip(boundaries.ids, shifted, strict=True)]
    with pytest.raises(CRSMismatch):
        add(layer("区.shp", rows, None, encoding="utf-8"))


def test_invalid_shapes_are_mended_and_empty_ones_named(add: Add, layer: Callable[..., Path]) -> None:
    """A bow tie of two triangles of 1 km², a square, and a feature without geometry."""
    x, y = 505_000, 2_494_000
    bow = shapely.Polygon([(x, y), (x + 2000, y + 2000), (x + 2000, y), (x, y + 2000)])
    rows = [({"id": 1}, bow), ({"id": 2}, None), ({"id": 3}, shapely.box(x, y, x + 10, y + 10))]
    added, found = add(layer("面.gpkg", rows, 4547), label="id")
    assert shapely.is_valid(features(found).geometry).all()
    assert shapely.area(features(found).geometry).tolist() == [2_000_000, 100]
    assert [fault.row for fault in added.left_out] == [2]
    assert any("1 geometries were invalid" in en for _, en in added.notes)
    assert features(found).labels.tolist() == ["1", "3"]


def test_of_a_collection_the_areas_stay(add: Add, layer: Callable[..., Path]) -> None:
    square, line = shapely.box(5e5, 2.49e6, 5e5 + 10, 2.49e6 + 10), shapely.LineString([(5e5, 2.49e6), (5e5, 2.5e6)])
    added, found = add(layer("杂.gpkg", [({"a": "x"}, shapely.GeometryCollection([square, line]))], 4547))
    assert shapely.equals(features(found).geometry[0], square)
    assert any("mixed kinds" in en for _, en in added.notes)


def test_columns_are_numbers_or_text(add: Add, tmp_path: Path) -> None:
    path = tmp_path / "点.csv"
    rows = [f"a,{LON},{LAT},0755,1.5,是,x", f"b,{LON + 0.01},{LAT},12,,,y"]
    path.write_text("\n".join(["name,lon,lat,code,m,yes,FID", *rows]), encoding="utf-8")
    _, found = add(path)
    columns = features(found).columns
    assert columns["code"].tolist() == ["0755", "12"]
    assert columns["m"][0] == 1.5
    assert np.isnan(columns["m"][1])
    assert (columns["yes"].tolist(), columns["FID_2"].tolist()) == (["是", ""], ["x", "y"])


def test_a_label_that_is_no_column_and_a_file_of_nothing_are_refused(add: Add, layer: Callable[..., Path]) -> None:
    path = layer("面.gpkg", [({"a": 1}, shapely.Point(505_000, 2_494_000))], 4547)
    with pytest.raises(InputError, match="no such column"):
        add(path, label="b")
    with pytest.raises(InputError, match="for a raster"):
        add(path, categorical=True)
    with pytest.raises(InputError):
        add(layer("空.gpkg", [({"a": 1}, None)], 4547))


def test_a_layer_beside_the_city_is_told_and_one_of_another_place_refused(
    add: Add, layer: Callable[..., Path], tmp_path: Path
) -> None:
    """Some 30 km north of the city, 170 km north of it, and in Paris."""
    beside, away = shapely.box(505_000, 2_560_000, 506_000, 2_561_000), shapely.box(505_000, 2.7e6, 506_000, 2.701e6)
    added, _ = add(layer("旁.gpkg", [({"a": 1}, beside)], 4547))
    assert any("Nothing of the layer lies in the city" in en for _, en in added.notes)
    with pytest.raises(InputError, match="within 50 km") as caught:
        add(layer("远.gpkg", [({"a": 1}, away)], 4547))
    assert ("--crs" in caught.value.remedy_en, "--crs" in caught.value.remedy_zh) == (True, True)
    with pytest.raises(InputError, match="within 50 km") as caught:
        add(layer("巴黎.geojson", [({"a": 1}, shapely.box(2, 48, 3, 49))], 4326))
    assert str(caught.value.value) == "2.5°E, 48.5°N"
    both, found = add(layer("都.gpkg", [({"a": 1}, away), ({"a": 2}, beside)], 4547))
    assert len(features(found).geometry) == 2
    assert both.notes == added.notes
    names = sorted(path.name for path in (tmp_path / "store").iterdir())
    assert [name.partition("-")[0] for name in names] == ["zones", "zones.toml"]


@pytest.mark.parametrize(
    ("name", "epsg", "datum", "basis", "doubted"),
    [
        ("a.geojson", 4326, None, "format", True), ("a.gpkg", 4326, None, "file", True),
        ("a.gpkg", 4490, None, "file", False), ("a.gpkg", 4547, None, "file", False),
        ("a.gpkg", 4326, "wgs84", "you", False), ("a.geojson", 4326, "gcj02", "you", False),
        ("a.shp", None, "bd09", "you", False), ("a.shp", None, None, "assumed", False),
    ],
)  # fmt: skip
def test_how_the_datum_is_known_is_kept_and_doubted(
    add: Add, layer: Callable[..., Path], name: str, epsg: int | None, datum: str | None, basis: str, doubted: bool
) -> None:
    """A square of a kilometre, which would lie in the city in any datum of degrees."""
    square = (
        shapely.box(505_000, 2_494_000, 506_000, 2_495_000) if epsg == 4547 else shapely.box(114, 22.55, 114.01, 22.56)
    )
    how = {"RFC7946": True} if name.endswith("json") else {}
    added, _ = add(layer(name, [({"a": 1}, square)], epsg, **how), Request(datum=datum))
    assert added.entry.datum_basis == basis
    assert any("--datum gcj02 or bd09" in en and "GCJ-02 and BD-09" in en for _, en in added.notes) == doubted
    assert any("WGS84 is assumed" in en for _, en in added.notes) == (basis == "assumed")


def test_a_datum_in_every_row_is_known_by_its_rows(add: Add, tmp_path: Path) -> None:
    path = tmp_path / "点.csv"
    path.write_text(f"name,lon,lat,datum\na,{LON},{LAT},gcj02\n", encoding="utf-8")
    assert add(path)[0].entry.datum_basis == "rows"
    path.write_text(f"name,lon,lat,datum\na,{LON},{LAT},gcj02\nb,{LON},{LAT},\n", encoding="utf-8")
    assert add(path)[0].entry.datum_basis == "assumed"
    assert add(path, Request(datum="wgs84"))[0].entry.datum_basis == "you"


# ---- rasters ------------------------------------------------------------------------------


def write_tiff(
    path: Path,
    values: Any,
    *,
    code: int | None = 4547,
    origin: tuple[float, float] = (500_000, 2_494_000),
    cell: float = 10.0,
    **how: Any,
) -> Path:
    with rasterio.open(
        path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, dtype=values.dtype,
        crs=None if code is None else f"EPSG:{code}", transform=from_origin(*origin, cell, cell), **how,
    ) as made:  # fmt: skip
        made.write(values, 1)
    return path


def raster(found: Features | Raster) -> Raster:
    assert isinstance(found, Raster)
    return found


def test_cells_in_metres_stay_and_no_data_is_none(add: Add, tmp_path: Path) -> None:
    """Three columns and two rows of ten metres.

    ::

        2494000 +---+---+---+
                | 1 | 2 | - |
                +---+---+---+
                | 4 | 5 | 6 |
        2493980 +---+---+---+
              500000     500030
    """
    values = np.array([[1, 2, -9999], [4, 5, 6]], dtype=np.float32)
    added, found = add(write_tiff(tmp_path / "高程.tif", values, nodata=-9999))
    assert raster(found).bounds == (500_000, 2_493_980, 500_030, 2_494_000)
    np.testing.assert_array_equal(raster(found).values, [[1, 2, np.nan], [4, 5, 6]])
    assert (added.entry.kind, added.entry.count, added.entry.datum_basis) == ("raster", 5, "file")


def test_a_raster_of_another_place_is_refused_by_the_cells_that_hold_a_value(add: Add, tmp_path: Path) -> None:
    """Cells of 10 km from 2,900 km north down to the city: only those of one row hold a value."""
    for row, said in ((0, None), (33, 1), (40, 0)):
        values = np.full((45, 4), np.nan, dtype=np.float32)
        values[row] = 1
        path = write_tiff(tmp_path / "a.tif", values, origin=(490_000, 2_900_000), cell=10_000)
        if said is None:
            with pytest.raises(InputError, match="within 50 km"):
                add(path)
        else:
            assert len(add(path)[0].notes) == said
    with pytest.raises(InputError, match="within 50 km"):
        add(write_tiff(tmp_path / "b.tif", np.ones((3, 3), np.float32), code=4326, origin=(2.0, 49.0), cell=0.01))


def test_degrees_are_brought_to_metres_once(add: Add, tmp_path: Path) -> None:
    """Values that equal the row of the cell: a plane that rises to the south by 1 a cell of 0.0001 degree."""
    values = np.repeat(np.arange(60, dtype=np.float32)[:, None], 80, axis=1)
    _, found = add(write_tiff(tmp_path / "a.tif", values, code=4490, origin=(114.0, 22.6), cell=0.0001))
    cells = raster(found)
    rows, columns = cells.values.shape
    west, south, east, north = cells.bounds
    x, y = west + (east - west) * 40.5 / columns, north - (north - south) * (30 + 0.5) / rows
    _, lat = crs.from_metres(x, y)
    assert cells.values[30, 40] == pytest.approx((22.6 - float(lat)) / 0.0001 - 0.5, abs=0.02)


def test_classes_are_not_mixed(add: Add, tmp_path: Path) -> None:
    values = np.where(np.add.outer(np.arange(50), np.arange(50)) % 7 < 3, 10, 90).astype(np.uint8)
    path = write_tiff(tmp_path / "a.tif", values, code=4490, origin=(114.0, 22.6), cell=0.0001)
    _, found = add(path, categorical=True)
    assert set(np.unique(raster(found).values[~np.isnan(raster(found).values)])) == {10, 90}
    _, mixed = add(path)
    assert len(np.unique(raster(mixed).values)) > 3


def test_a_raster_that_cannot_be_used_is_refused(add: Add, tmp_path: Path) -> None:
    values = np.ones((3, 3), dtype=np.float32)
    plain = write_tiff(tmp_path / "a.tif", values, code=None)
    with pytest.raises(CRSMismatch, match="declares no"):
        add(plain)
    added, found = add(plain, Request(datum=4547))
    assert raster(found).bounds == (500_000, 2_493_970, 500_030, 2_494_000)
    assert added.entry.datum_basis == "you"
    with pytest.raises(InputError, match=r"--crs EPSG"):
        add(plain, Request(datum="gcj02"))
    with pytest.raises(InputError, match="limit is 1"):
        add(write_tiff(tmp_path / "b.tif", np.ones((400, 400), dtype=np.uint8)), Request(limits=Limits(megabytes=1)))
    with pytest.raises(InputError, match="no value"):
        add(write_tiff(tmp_path / "c.tif", np.zeros((3, 3), dtype=np.uint8), nodata=0))
    with pytest.raises(InputError, match="one band"):
        with rasterio.open(tmp_path / "d.tif", "w", driver="GTiff", height=2, width=2, count=3, dtype="uint8") as made:
            made.write(np.ones((3, 2, 2), dtype=np.uint8))
        add(tmp_path / "d.tif")
    (tmp_path / "e.tif").write_bytes(b"<VRTDataset/>")
    with pytest.raises(InputError, match="no GeoTIFF"):
        add(tmp_path / "e.tif")
    whole = write_tiff(tmp_path / "f.tif", np.random.default_rng(1).random((200, 200))).read_bytes()
    (tmp_path / "f.tif").write_bytes(whole[:4000])
    with pytest.raises(InputError):
        add(tmp_path / "f.tif")
    with pytest.raises(InputError, match="on this computer"):
        add(Path("/vsicurl/http://localhost/a.tif"))
