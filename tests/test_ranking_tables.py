"""A ranking as text, CSV, GeoJSON, JSON and GeoPackage: what stands in them, read back."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import ranking_made as made
from defusedxml.ElementTree import fromstring

from geo import sources, symbology
from geo.errors import InputError
from geo.formula import bare
from geo.pipeline import Context
from geo.symbology import Symbology
from geo.tables import ranking
from geo.tables.ranking.lines import listed, table, wrapped
from geo.tables.ranking.notes import notes
from geo.tables.ranking.reasons import NOTES
from geo.tables.ranking.terms import RESULT_NAMES, STATUS_NAMES, width

Record = dict[str, Any]


@pytest.fixture(scope="module")
def palette(context: Context) -> Symbology:
    return symbology.load(context.settings)


@pytest.fixture(scope="module")
def document() -> Record:
    return made.document()


@pytest.fixture(scope="module")
def folder(context: Context, palette: Symbology, document: Record, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every format but the workbook, of the same document; B and the excluded site are polygons."""
    found = tmp_path_factory.mktemp("ranking")
    held = made.sites(polygons=("B", made.EXCLUDED))
    for form in ("csv", "geojson", "json", "gpkg"):
        paths = ranking.write(form, found / f"r.{form}", document, held, palette, context.settings)
        assert all(path.is_file() for path in paths) and paths[0] == found / f"r.{form}"
    return found


def csv_rows(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8-sig")
    return [{bare(name): bare(cell) for name, cell in row.items()} for row in csv.DictReader(io.StringIO(text))]


def query(path: Path, text: str) -> list[tuple[Any, ...]]:
    base = sqlite3.connect(path)
    try:
        return base.execute(text).fetchall()
    finally:
        base.close()


# ---- rows


def test_rows_stand_by_rank_and_then_the_excluded(folder: Path, document: Record) -> None:
    rows = csv_rows(folder / "r.csv")
    assert [row["id"] for row in rows] == [one["id"] for one in document["sites"]]
    assert [row["rank"] for row in rows] == [str(one["rank"] or "") for one in document["sites"]]
    assert len({row["rank"] for row in rows}) < len(rows)  # two sites are equal
    assert rows[-1]["id"] == made.EXCLUDED and rows[-1]["status"] == "excluded" and rows[-1]["score"] == ""


def test_scores_and_parts_are_those_of_the_document(folder: Path, document: Record) -> None:
    for row, one in zip(csv_rows(folder / "r.csv"), document["sites"], strict=True):
        for name in ("score", "score_low", "score_high"):
            assert (row[name] == "") == (one[name] is None)
            if one[name] is not None:
                assert float(row[name]) == pytest.approx(one[name], rel=1e-11)
        for held in one["criteria"]:
            end = held["id"].replace("-", "_")
            assert float(row[f"utility_{end}"]) == pytest.approx(held["utility"], rel=1e-11, abs=1e-12)
            assert row[f"missing_{end}"] == ("true" if held["value"] is None else "false")
            assert (row[f"value_{end}"] == "") == (held["value"] is None)


def test_results_are_flagged_and_not_assessed_is_no_pass(folder: Path) -> None:
    rows = {row["id"]: row for row in csv_rows(folder / "r.csv")}
    assert {row["result_red_line"] for row in rows.values()} == {"not_assessed"}
    assert {row["not_assessed"] for row in rows.values()} == {"red-line"}
    assert rows[made.EXCLUDED]["failed"] == "homes" and rows[made.EXCLUDED]["failed_zh"] == "与居住用地的距离"
    assert rows[made.EXCLUDED]["change_zh"] == "退离居住用地150米"
    assert rows["B"]["result_homes"] == "pass" and rows["B"]["failed"] == ""
    assert rows["B"]["overridden"] == "homes: fail -> pass (张三: 已签搬迁协议)"
    assert rows["C"]["missing"] == "slope" and rows["A"]["missing"] == ""
    assert {row["sample"] for row in rows.values()} == {"示例 sample"}


def test_the_users_columns_come_out_as_they_went_in(folder: Path) -> None:
    given = {site.id: site.attributes for site in made.sites()}
    for row in csv_rows(folder / "r.csv"):
        wanted = given[row["id"]]
        assert row["Rank_input"] == wanted["Rank"] and row["权属"] == "=1+1" and row["面积"] == str(wanted["面积"])
        assert list(row)[-4:] == ["Rank_input", "权属", "面积", "geometry"]


def test_no_cell_could_run_as_a_formula(folder: Path) -> None:
    for name in ("r.csv", "r.reasons.csv"):
        cells = [
            cell for row in csv.reader(io.StringIO((folder / name).read_text(encoding="utf-8-sig"))) for cell in row
        ]
        assert any(cell.startswith("'=") for cell in cells)
        for cell in cells:
            assert not cell.startswith(("=", "@", "+")) and (not cell.startswith("-") or float(cell) < 0), cell


def test_reasons_hold_a_row_for_each_site_and_rule(folder: Path, document: Record) -> None:
    rows = csv_rows(folder / "r.reasons.csv")
    assert list(rows[0]) == list(NOTES)
    assert len(rows) == len(document["sites"]) * (len(document["constraints"]) + len(document["criteria"]))
    by = {(row["site"], row["rule"]): row for row in rows}
    fail = by[made.EXCLUDED, "homes"]
    assert (fail["result"], fail["measured"], fail["threshold"], fail["margin"]) == ("fail", "350.0", "500.0", "-150.0")
    assert fail["unit"] == "m" and fail["feature"] == "=某居住区" and fail["ours"] == "true" and fail["change_en"]
    changed = by["B", "homes"]
    assert (changed["override_original"], changed["override_by"]) == ("fail", "张三") and changed["override_reason"]
    absent = by["A", "red-line"]
    assert (absent["result"], absent["layer_present"], absent["note_en"]) == (
        "not_assessed",
        "false",
        "no layer red-line",
    )
    port = by["B", "port"]
    assert (port["layer"], port["layer_version"], port["measured"]) == ("ports", "aabb", "5000.0")
    assert float(port["contribution"]) == pytest.approx(0.3) and float(port["utility"]) == 1.0 and port["result"] == ""
    lacking = by["C", "slope"]
    assert (lacking["missing"], lacking["utility_low"], lacking["utility_high"]) == ("true", "0.0", "1.0")
    assert by["A", "role-fit"]["measured_text"] == "designated/in_force" and by["A", "role-fit"]["measured"] == ""


def test_differences_add_up_to_that_of_the_scores(folder: Path, document: Record) -> None:
    scores = {one["id"]: one["score"] for one in document["sites"]}
    best = document["sites"][0]["score"]
    rows = csv_rows(folder / "r.reasons.csv")
    for site, score in scores.items():
        found = [float(row["difference"]) for row in rows if row["site"] == site and row["difference"]]
        if score is not None:
            assert sum(found) == pytest.approx(score - best, abs=1e-9)
        else:
            assert not found


# ---- map data


def test_geojson_has_geometry_and_rows(folder: Path, document: Record) -> None:
    held = json.loads((folder / "r.geojson").read_text(encoding="utf-8"))
    assert [one["id"] for one in held["features"]] == [one["id"] for one in document["sites"]]
    kinds = {one["id"]: one["geometry"]["type"] for one in held["features"]}
    assert kinds["B"] == kinds[made.EXCLUDED] == "Polygon" and kinds["A"] == "Point"
    for one, wanted in zip(held["features"], document["sites"], strict=True):
        assert (one["properties"]["rank"], one["properties"]["status"]) == (wanted["rank"], wanted["status"])
        assert one["properties"]["geometry_input"] == "x"
    about = held["parksite"]
    assert about["model"]["id"] == "park" and about["sample"] is True and about["overrides"][0]["by"] == "张三"
    assert [one["present"] for one in about["layers"]] == [True, False]


def test_json_is_the_document(folder: Path, document: Record) -> None:
    assert json.loads((folder / "r.json").read_text(encoding="utf-8")) == json.loads(json.dumps(document))


def test_geopackage_holds_ranking_outlines_and_reasons(folder: Path, document: Record) -> None:
    path = folder / "r.gpkg"
    assert {tuple(one) for one in pyogrio.list_layers(path)} == {
        ("ranking", "Point"), ("ranking_outlines", "Polygon"), ("reasons", None), ("layer_styles", None),
    }  # fmt: skip
    rows = query(path, "SELECT id, rank, status, utility_port, missing_slope FROM ranking ORDER BY fid")
    assert [row[:3] for row in rows] == [(one["id"], one["rank"], one["status"]) for one in document["sites"]]
    assert [row[0] for row in query(path, "SELECT id FROM ranking_outlines ORDER BY id")] == sorted(
        ["B", made.EXCLUDED]
    )
    count = len(document["sites"]) * (len(document["constraints"]) + len(document["criteria"]))
    assert query(path, "SELECT count(*) FROM reasons") == [(count,)]
    assert query(path, "SELECT result FROM reasons WHERE site='A' AND rule='red-line'") == [("not_assessed",)]
    kinds = {row[1]: row[2] for row in query(path, "PRAGMA table_info(ranking)")}
    assert kinds["rank"] == "INTEGER" and kinds["score"] == "REAL" and kinds["value_role_fit"] == "TEXT"
    assert pyogrio.read_info(path, layer="ranking")["crs"] == "EPSG:4490"


def test_style_shows_status_with_rank_and_names_columns(folder: Path, document: Record, palette: Symbology) -> None:
    rows = query(folder / "r.gpkg", "SELECT f_table_name, styleQML FROM layer_styles ORDER BY f_table_name")
    assert [row[0] for row in rows] == ["ranking", "ranking_outlines"]
    for _, qml in rows:
        root = fromstring(qml.partition("\n")[2])
        renderer = root.find("renderer-v2")
        assert renderer.get("attr") == "status"
        assert [one.get("value") for one in renderer.find("categories")] == ["eligible", "open", "excluded"]
        assert {one.get("field"): one.get("name") for one in root.find("aliases")}["rank"] == "名次"
    assert '"rank"' in rows[0][1].replace("&quot;", '"')


def test_every_column_of_ours_has_a_note(document: Record) -> None:
    names, _ = ranking.rows(document, made.sites())
    said = notes(document)
    assert names[: len(said)] == list(said)
    for name, note in (said | NOTES).items():
        assert note.label and note.zh and note.en, name
    assert len({name.casefold() for name in names}) == len(names)


def test_names_of_columns_that_clash_keep_apart(document: Record) -> None:
    held = made.sites()
    for site in held:
        site.attributes.update({"result_homes": "mine", "result_homes_input": "mine too", "a\x00": 1, "a\ufffd": 2})
    names, flat = ranking.rows(document, held)
    assert len(set(names)) == len(names)
    assert {"mine", "mine too"} <= set(flat[0].values())
    assert flat[0]["result_homes"] == "pass"


@pytest.mark.parametrize("form", ["csv", "geojson", "json", "gpkg"])
def test_bytes_depend_on_nothing_else(
    context: Context, palette: Symbology, document: Record, folder: Path, tmp_path: Path, form: str
) -> None:
    held = made.sites(polygons=("B", made.EXCLUDED))[::-1]
    for path in ranking.write(form, tmp_path / f"r.{form}", document, held, palette, context.settings):
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_an_unknown_format_is_refused(context: Context, palette: Symbology, document: Record, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not known"):
        ranking.write("shp", tmp_path / "r.shp", document, made.sites(), palette, context.settings)


# ---- text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_says_the_order_who_is_out_and_what_is_not_known(document: Record, lang: Any) -> None:
    text = ranking.text(document, lang)
    wanted = {
        "zh": ["示例数据", "产业园（park 1）", "2026-11-22", "一致性比率 0.043", "350 m，要求 500 m",
               "缺图层：生态保护红线",
               "不得视为符合", "张三：已签搬迁协议", "某图层较旧", "缺值", "排除 1"],
        "en": ["sample sites", "Park (park 1)", "2026-11-22", "consistency ratio 0.043", "350 m against 500 m",
               "no layer: Ecological red line", "no pass", "张三: 已签搬迁协议", "a layer is old", "no value",
               "1 excluded"],
    }  # fmt: skip
    for words in wanted[lang]:
        assert words in text, words
    ranked = [line.split() for line in text.splitlines() if line.lstrip()[:1].isdigit() and "=选址" in line]
    assert [(row[0], row[1]) for row in ranked] == [
        (str(one["rank"]), one["id"]) for one in document["sites"] if one["rank"] is not None
    ]


def test_english_text_has_no_chinese_of_ours(document: Record) -> None:
    text = ranking.text(document, "en", explain=[one["id"] for one in document["sites"]])
    for given in ("选址", "张三", "已签搬迁协议", "盐田港", "某居住区"):
        text = text.replace(given, "")
    assert not [mark for mark in text if "\u4e00" <= mark <= "\u9fff"]


def test_explained_sites_have_a_row_for_each_rule(document: Record) -> None:
    plain, told = ranking.text(document, "zh"), ranking.text(document, "zh", explain=["B", made.EXCLUDED])
    added = [line for line in told.splitlines() if line not in plain.splitlines()]
    assert sum(line.startswith("──") for line in added) == 2
    said = "\n".join(added)
    assert "人工认定，原为“不符合”（张三：已签搬迁协议）" in said and "退离居住用地150米" in said
    assert "领域指定给其他区（已到期）" in said and "图层：ports aabb" in said and "    缺少图层 red-line\n" in said
    assert "本工具设定，请使用者确定" in said and "-150 m" in said and "要求：不小于 500 米" in said
    assert not any(line.startswith("── A ") for line in added)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [50, 100])
def test_explained_sites_keep_to_the_screen(document: Record, lang: Any, columns: int) -> None:
    held = deepcopy(document)
    held["constraints"][1] |= {"source_zh": "本工具设定，不是法定距离。" * 30, "source_en": "no legal distance, " * 30}
    held["criteria"][0] |= {"title_zh": "至高速公路出入口" * 8, "title_en": "Distance to a junction, " * 6}
    text = ranking.text(held, lang, explain=["B"], columns=columns)
    lines = text[text.index("── B") :].splitlines()
    assert max(map(width, lines)) <= columns
    whole = "".join("".join(lines).split())
    assert "".join(held["constraints"][1][f"source_{lang}"].rstrip("。").split()) in whole
    word, times = {"zh": ("高", 8), "en": ("junction", 6)}[lang]
    assert whole.count(word) == times


def test_the_screen_is_that_of_the_terminal(document: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    held = deepcopy(document)
    held["warnings"] = [{"zh": "注" * 200, "en": "note " * 100}]
    for given, shown, wanted in (("61", True, 60), ("120", True, 120), ("5", True, 40), ("61", False, 100)):
        monkeypatch.setenv("COLUMNS", given)
        monkeypatch.setattr(sys.stdout, "isatty", lambda shown=shown: shown)
        lines = [line for line in ranking.text(held, "zh").splitlines() if "注注" in line]
        assert max(map(width, lines)) == wanted, given


def test_what_is_said_of_a_rule_stands_beneath_it_and_once(document: Record) -> None:
    held = deepcopy(document)
    for site in held["sites"]:
        site["constraints"][0]["change_zh"] = "须提供图层 red-line"
    lines = ranking.text(held, "zh", explain=["B"], columns=100).splitlines()
    lines = lines[next(at for at, line in enumerate(lines) if line.startswith("── B")) :]
    at = next(at for at, line in enumerate(lines) if line.startswith("与居住用地的距离"))
    assert lines[at].split() == ["与居住用地的距离", "符合※", "350", "m", "500", "m", "-150", "m"]
    assert lines[at + 1] == "    人工认定，原为“不符合”（张三：已签搬迁协议）"
    assert lines[at + 2] == "    要素：=某居住区"
    assert sum("red-line" in line for line in lines) == 1  # the note says that the layer is lacking


def test_slivers_are_told(document: Record, context: Context, palette: Symbology, tmp_path: Path) -> None:
    assert "sliver_m2_homes" not in notes(document)
    held = deepcopy(document)
    held["sites"][0]["constraints"][1]["sliver_m2"] = 30.5
    names, flat = ranking.rows(held, made.sites())
    assert "sliver_m2_homes" in names and "sliver_m2_red_line" not in names
    assert [row["sliver_m2_homes"] for row in flat[:2]] == [30.5, 0.0]
    assert "碎片 30.5 m² 未计入" in ranking.text(held, "zh", explain=[held["sites"][0]["id"]])


def test_overrides_are_marked_and_name_their_rule(document: Record) -> None:
    cases: list[tuple[Any, str, str, str]] = [
        ("zh", "与居住用地的距离", "待定※", "※ 有"), ("en", "Distance to homes", "open*", "* a constraint"),
    ]  # fmt: skip
    for lang, title, status, marked in cases:
        text = ranking.text(document, lang)
        (row,) = [line for line in text.splitlines() if "=选址B" in line]
        assert status in row.split() and text.count(status) == 1 and marked in text
        (told,) = [line for line in text.splitlines() if "张三" in line]
        assert title in told and "homes  " not in told.replace(title, "")
    held = deepcopy(document)
    held["sites"][-1]["constraints"][1]["override"] = {"by": "李四", "reason": "现状", "original": "pass"}
    assert "与居住用地的距离※（350 m" in ranking.text(held, "zh")


def test_what_is_not_settled_says_why_and_where(document: Record) -> None:
    held = deepcopy(document)
    lacking = [site for site in held["sites"] if site["rank"] is not None]
    for at, site in enumerate(lacking):
        note = {
            "note_zh": "栅格只覆盖一半。" if at else "栅格不覆盖",
            "note_en": "half covered" if at else "not covered",
        }
        site["criteria"][2] |= {"value": None} | note
    held["sites"][-1]["constraints"][1] |= {"measured": None, "note_zh": "列“距离”为“否”。"}
    text = "".join(ranking.text(held, "zh", columns=200).split())
    first, *others = (site["id"] for site in lacking)
    assert f"指标slope缺值5处栅格只覆盖一半（{'、'.join(sorted(others))}）；栅格不覆盖（{first}）" in text
    assert "与居住用地的距离（列“距离”为“否”）" in text
    assert "half covered (" in ranking.text(held, "en", columns=200)


def test_a_failure_without_a_note_says_what_is_asked(document: Record) -> None:
    held = deepcopy(document)
    held["sites"][-1]["constraints"][1] |= {"measured": None, "change_zh": None}
    assert "与居住用地的距离（要求：不小于 500 米）" in ranking.text(held, "zh")


def test_many_sites_and_reasons_are_counted(document: Record) -> None:
    held = deepcopy(document)
    site = held["sites"][0]
    held["sites"] = [site | {"id": f"S{at}", "criteria": deepcopy(site["criteria"])} for at in range(12)]
    for at, one in enumerate(held["sites"][:10]):
        one["criteria"][2] |= {"value": None, "note_zh": f"原因{max(at - 6, 0)}", "note_en": f"reason {max(at - 6, 0)}"}
    text = ranking.text(held, "zh", columns=200)
    assert "原因0（S0、S1、S2、S3、S4 等 7 处）；原因1（S7）；原因2（S8）；另有 1 种情形" in text
    assert "reason 0 (S0, S1, S2, S3, S4 and 2 more); " in ranking.text(held, "en", columns=200)


def test_every_layer_that_a_rule_lacks_is_named(document: Record) -> None:
    held = deepcopy(document)
    held["layers"][0]["present"] = False
    held["layers"].append(
        held["layers"][1] | {"name": "roads", "title_zh": "道路", "title_en": "Roads", "rules": ["port"]}
    )
    for site in held["sites"]:
        site["criteria"][0] |= {"value": None, "note_zh": "缺少图层“ports”"}
    text = ranking.text(held, "zh", explain=["A"], columns=200)
    assert "缺图层：港口 ports、道路 roads" in text and "no layer: Ports ports, Roads roads" in ranking.text(
        held, "en", columns=200
    )
    assert "图层：roads（缺）" in text


def test_wrapped_lines_break_where_they_may() -> None:
    assert wrapped("甲乙，（丙丁）abc def。", 8, indent=2, hang=1) == [
        "  甲乙，", "   （丙", "   丁）", "   abc", "   def。",
    ]  # fmt: skip
    assert wrapped("见https://example.org/abc", 10) == ["见", "https://ex", "ample.org/", "abc"]
    assert wrapped("甲乙丙丁，戊", 8) == ["甲乙丙", "丁，戊"] and wrapped("甲乙丙（丁）", 8) == ["甲乙丙", "（丁）"]
    assert wrapped("", 10) == [""]


def test_a_last_cell_wraps_in_its_column_or_beneath() -> None:
    assert listed([["a", "乙", "说明" * 9], ["bb", "c", ""]], 40) == [
        "a   乙  " + "说明" * 8, " " * 8 + "说明", "bb  c",
    ]  # fmt: skip
    assert listed([["a" * 20, "x", "说明" * 9]], 40) == ["a" * 20 + "  x", " " * 6 + "说明" * 8 + "说", " " * 6 + "明"]
    assert listed([["  " + "abcd " * 9, "x", "说明"]], 40) == [
        "  abcd abcd abcd abcd abcd abcd abcd",
        "    abcd abcd   x",
        "      说明",
    ]


def test_columns_align_on_screen() -> None:
    lines = table([["编号", "名称", "x"], ["a", "选址é", "1"], ["长编号", "é", "22"]], right={2})
    assert len({width(line) for line in lines}) == 1
    assert [width(line[: line.rindex(end)]) for line, end in zip(lines, ("x", "1", "22"), strict=True)] == [16, 16, 15]


def test_signs_that_steer_a_terminal_do_not_come_out(document: Record) -> None:
    held = json.loads(json.dumps(document))
    held["sites"][0]["name"] = "a\x1b[31m\nb\x9b"
    text = ranking.text(held, "zh", explain=[held["sites"][0]["id"]])
    assert "\x1b" not in text and "\x9b" not in text and "\nb" not in text


def test_text_of_no_ranked_site_says_so(document: Record) -> None:
    held = json.loads(json.dumps(document))
    held["sites"] = held["sites"][-1:]
    assert "没有可排序的选址" in ranking.text(held, "zh")


def test_words_are_those_of_the_explanations(context: Context) -> None:
    words = sources.read_yaml(context.settings.maps_file("ranking.yaml"))
    for names, held in ((RESULT_NAMES, words["result"]), (STATUS_NAMES, words["status"])):
        assert {name: tuple(pair) for name, pair in names.items()} == {
            name: (one["zh"], one["en"]) for name, one in held.items()
        }
