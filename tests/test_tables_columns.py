"""Columns of the tables: names, notes, rows."""

import re
from pathlib import Path

import pytest
from tables_made import POINTS, answered

from geo import tables
from geo.pipeline import Context
from geo.tables.columns import distinct, unreserved, users_names
from geo.tables.notes import NOTES

README = Path(__file__).resolve().parents[1] / "data" / "README.md"


@pytest.mark.parametrize("layer", NOTES)
def test_every_column_has_a_note_in_both_languages(layer: str) -> None:
    for name, note in NOTES[layer].items():
        assert re.search(r"[\u4e00-\u9fff]", note.label) and re.search(r"[\u4e00-\u9fff]", note.zh), name
        assert re.search(r"[a-z]{2}", note.en) and not re.search(r"[\u4e00-\u9fff]", note.en.replace("龙岗区", "")), (
            name
        )
        assert not note.en.endswith(".") and not note.zh.endswith("。"), name


@pytest.mark.parametrize("layer", ["sites", "districts", "designations"])
def test_the_readme_has_the_same_words(layer: str) -> None:
    assert tables.markdown(layer) in README.read_text(encoding="utf-8")


def test_every_column_of_every_row_is_one_with_a_note(context: Context) -> None:
    document, sites = answered(context, POINTS, {})
    names, flat = tables.rows(document, sites)
    assert tuple(names) == tables.COLUMNS == tuple(NOTES["sites"])
    assert all(set(row) == set(names) for row in flat)


def test_the_other_datum_and_the_notes_of_a_row_come_out(context: Context) -> None:
    document, sites = answered(context, POINTS[:2], {})
    document["sites"][0] |= {
        "if_datum": [
            {"datum": "gcj02", "district": "longgang", "district_zh": "龙岗区", "district_en": "Longgang"},
            {"datum": "bd09", "district": None, "district_zh": None, "district_en": None},
        ],
        "notes": [{"zh": "已修复。", "en": "repaired."}, {"zh": "存疑。", "en": "looks odd."}],
        "position_accuracy_m": 0.5,
    }
    for name in ("if_datum", "notes", "position_accuracy_m"):
        document["sites"][1].pop(name, None)
    _, (first, second) = tables.rows(document, sites)
    assert first["if_datum"] == "gcj02: 龙岗区; bd09: 市域外"
    assert (first["notes_zh"], first["notes_en"]) == ("已修复。 存疑。", "repaired. looks odd.")
    assert first["position_accuracy_m"] == 0.5
    assert {second[name] for name in ("if_datum", "notes_zh", "notes_en", "position_accuracy_m")} == {None}


def test_users_columns_stay_apart_from_ours_and_from_each_other() -> None:
    given = ["Lon", "LON", "lon_input", "owner", "a\x00", "a\ud800", "\x00"]
    found = users_names(given)
    assert len(set(found.values())) == len(given)
    assert found["lon_input"] == "lon_input" and found["owner"] == "owner"
    assert {found["Lon"], found["LON"]} == {"Lon_input_2", "LON_input_3"}


def test_names_for_a_gis_differ_without_regard_to_case() -> None:
    found = distinct(unreserved(["a", "A", "a_2", "fid", "FID_input"], {"fid", "geom"}))
    assert found == ["a", "A_3", "a_2", "fid_input_2", "FID_input"]


def test_id_and_name_are_repeated_only_where_they_differ(context: Context) -> None:
    document, sites = answered(context, POINTS, {"ID": ["s0", " s1", ""], "Name": ["选址0", "别名", None]})
    names, flat = tables.rows(document, sites)
    assert names[len(tables.COLUMNS) :] == ["Name_input"]
    assert [row.get("Name_input") for row in flat] == ["选址0", "别名", None]
