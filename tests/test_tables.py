"""Flat rows and the files made of them, with hostile and awkward input."""

import csv
import io
from datetime import date
from pathlib import Path

import geopandas
import openpyxl
import pytest

from geo import pipeline, sites, tables
from geo.pipeline import Context

FORMULAS = ['=HYPERLINK("http://x")', "+1+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1", "－x", "＋1", "＠A", "\n=1"]


@pytest.fixture
def checked(context: Context, tmp_path: Path) -> pipeline.Checked:
    path = tmp_path / "s.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["id", "name", "lon", "lat", "Match", "fid", "备注", "n"])
        for number, text in enumerate(FORMULAS):
            writer.writerow([f"s{number}", text, 113.83 + number / 1000, 22.73, "mine", "7", text, "-12.5"])
    return pipeline.check(context, sites.read(path), date(2026, 11, 22), field="光刻胶")


def test_a_users_column_named_like_ours_comes_back_renamed(checked: pipeline.Checked) -> None:
    columns, rows = tables.rows(checked.document, checked.sites)
    assert "Match_input" in columns and "lon_input" in columns and "备注" in columns
    assert columns.count("id") == 1 and columns.count("name") == 1
    assert rows[0]["Match_input"] == "mine" and rows[0]["match"] == "designated"
    assert rows[0]["lon_input"] == "113.83"


def test_formulas_are_disarmed_in_csv_and_numbers_left_alone(checked: pipeline.Checked) -> None:
    columns, rows = tables.rows(checked.document, checked.sites)
    held = list(csv.DictReader(io.StringIO(tables.csv_text(columns, rows), newline="")))
    for row, text in zip(held, FORMULAS, strict=True):
        assert row["备注"] == f"'{text}"
        assert row["name"] == row["备注"]
        assert row["n"] == "-12.5"


def test_formulas_are_plain_text_in_the_workbook(checked: pipeline.Checked, tmp_path: Path) -> None:
    columns, rows = tables.rows(checked.document, checked.sites)
    tables.write_xlsx(tmp_path / "s.xlsx", columns, rows, checked.document)
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx")["选址核对"]
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    at = columns.index("备注")
    assert [line[at].value for line in sheet.iter_rows(min_row=2)][:4] == FORMULAS[:4]


def test_geopackage_takes_awkward_column_names(checked: pipeline.Checked, context: Context, tmp_path: Path) -> None:
    tables.write_geopackage(tmp_path / "s.gpkg", checked.document, checked.sites, context.register, context.boundaries)
    frame = geopandas.read_file(tmp_path / "s.gpkg", layer="sites")
    assert list(frame["name"]) == FORMULAS
    assert set(frame["Match_input"]) == {"mine"}
    assert set(frame["fid_input"]) == {"7"}


def test_no_site_at_all_still_gives_every_file(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("lon,lat\nx,y\n")
    empty = pipeline.check(context, sites.read(path), date(2026, 11, 22))
    columns, rows = tables.rows(empty.document, empty.sites)
    tables.write_csv(tmp_path / "o.csv", columns, rows)
    tables.write_xlsx(tmp_path / "o.xlsx", columns, rows, empty.document)
    tables.write_geopackage(tmp_path / "o.gpkg", empty.document, empty.sites, context.register, context.boundaries)
    assert len(geopandas.read_file(tmp_path / "o.gpkg", layer="sites")) == 0
    assert len(geopandas.read_file(tmp_path / "o.gpkg", layer="districts")) == 11


def test_table_sentence_and_legend_name_the_same_standing_roles(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,lon,lat\na,114.37,22.70\n")
    found = pipeline.check(context, sites.read(path), date(2024, 6, 1))
    _, (row,) = tables.rows(found.document, found.sites)
    standing = [one.role_zh for one in context.register.standing("pingshan", date(2024, 6, 1))]
    assert standing == ["坪山无人驾驶示范区", "新能源材料核心区"]
    assert row["role_zh"] == "、".join(standing)
    assert all(role in row["explanation_zh"] for role in standing)
