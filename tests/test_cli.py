"""The command line as a planner types it: output, exit codes, files."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from geo.cli.main import main

DAY = ["--as-of", "2026-11-22"]
KEYS = {
    "id", "name", "lon", "lat", "datum", "district", "district_zh", "district_en", "shares", "certainty",
    "boundary_distance_m", "possible", "field", "term", "field_query", "stage", "match", "force", "designations",
    "elsewhere", "explanation",
}  # fmt: skip
DESIGNATION_KEYS = {
    "id", "role_zh", "role_en", "instrument", "document_number", "clause", "fields", "stages", "kind", "place",
    "decides", "basis", "force", "from", "to",
}  # fmt: skip


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "选址 表.csv"
    path.write_text(
        "编号,名称,经度,纬度,产业领域,环节,备注\n"
        "A,沙井,113.83,22.73,光刻胶,研发设计,=1+1\n"
        "B,坪山,114.34,22.69,锂电池,生产制造,\n"
        "C,东莞,113.75,23.02,锂电池,生产制造,\n",
        encoding="utf-8",
    )
    return path


def test_the_json_of_a_place_has_the_fixed_keys() -> None:
    result = run("check", 113.85, 22.70, "--field", "光刻胶", "--stage", "rd_design", *DAY, "--format", "json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["as_of"] == "2026-11-22"
    assert {"source", "vintage", "datum"} <= document["boundaries"].keys()
    assert document["register"]["version"]
    (site,) = document["sites"]
    assert site.keys() >= KEYS
    assert all(one.keys() >= DESIGNATION_KEYS for one in site["designations"])
    assert (site["district"], site["match"], site["force"]) == ("baoan", "designated", "lapsed")
    assert (site["field"], site["term"], site["field_query"]) == ("electronic-information", "photoresist", "光刻胶")
    (deciding,) = [one for one in site["designations"] if one["decides"]]
    assert (deciding["instrument"], deciding["basis"], deciding["to"]) == (
        "action-plan-2022",
        "interpreted",
        "2025-12-31",
    )


def test_a_card_names_document_clause_and_force_in_both_languages() -> None:
    zh = run("check", 113.85, 22.70, "--field", "光刻胶", "--stage", "研发设计", *DAY)
    en = run("check", 113.85, 22.70, "--field", "photoresist", "--stage", "R&D", *DAY, "--lang", "en")
    for words in ("宝安区", "半导体关键材料核心区", "深工信规〔2023〕11号", "第五部分（十七）", "2025-12-31", "已到期"):
        assert words in zh.stdout
    for words in ("Bao'an", "Semiconductor key-materials core area", "part 5, clause 17", "2025-12-31", "lapsed"):
        assert words in en.stdout


def test_measures_stand_in_the_json_once_and_by_id_with_each_site(listed: Path) -> None:
    document = json.loads(run("check", listed, *DAY, "--format", "json").stdout)
    chips, battery, outside = document["sites"]
    held = [one["id"] for one in document["measures"]]
    assert len(held) == len(set(held)) and {*held} == {*chips["measures"], *battery["measures"]}
    assert (
        "m2023-02-electronic-targeted" in chips["measures"]
        and "m2023-02-electronic-targeted" not in battery["measures"]
    )
    assert "m2023-17-new-materials-parks" in battery["measures"] and "m2023-17-specialised-parks" not in held
    assert outside["measures"] == [] and all(one["force"] == "in_force" for one in document["measures"])
    assert document["measures"][0]["amount_zh"] and document["measures"][0]["amount_en"]


@pytest.mark.parametrize(
    ("place", "words", "shown", "hidden"),
    [
        (
            (113.93, 22.77),
            ["--field", "电子信息", *DAY],
            ["最高3,000万元（单个项目）", "仅涵盖该领域的一部分", "限光明科学城"],
            [],
        ),
        ((113.93, 22.77), DAY, ["支持措施：34 项可用", "parksite policy list --as-of 2026-11-22"], ["万元"]),
        ((113.93, 22.77), ["--field", "石墨烯", "--as-of", "2019-06-01"], ["支持措施：无"], []),
        ((113.75, 23.02), ["--field", "石墨烯", *DAY], [], ["支持措施"]),
        (
            (114.99, 22.83),
            ["--field", "polymer", *DAY, "--lang", "en"],
            ["Specialised industrial parks with shared"],
            [],
        ),
    ],
)
def test_a_card_lists_the_measures_that_apply(
    place: tuple[float, float], words: list[str], shown: list[str], hidden: list[str]
) -> None:
    said = run("check", *place, *words).stdout
    assert all(one in said for one in shown) and not any(one in said for one in hidden), said


def test_a_file_as_csv_keeps_columns_and_disarms_formulas(listed: Path) -> None:
    result = run("check", listed, *DAY, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert result.exit_code == 0
    assert [row["district"] for row in rows] == ["baoan", "pingshan", ""]
    assert [row["match"] for row in rows] == ["designated", "designated", "outside"]
    assert rows[0]["备注"] == "'=1+1"
    assert rows[0]["产业领域"] == "光刻胶"
    assert "WGS84" in result.stderr


def test_geojson_is_a_feature_collection(listed: Path) -> None:
    data = json.loads(run("check", listed, *DAY, "--format", "geojson").stdout)
    assert data["type"] == "FeatureCollection"
    assert data["features"][0]["geometry"] == {"type": "Point", "coordinates": [113.83, 22.73]}
    assert data["features"][0]["properties"]["district_zh"] == "宝安区"


def test_field_and_stage_fill_empty_cells_only(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,lon,lat,field\na,114.34,22.69,锂电池\nb,114.34,22.69,\n", encoding="utf-8")
    result = run("check", path, "--field", "光刻胶", *DAY, "--format", "json")
    assert [site["field_query"] for site in json.loads(result.stdout)["sites"]] == ["锂电池", "光刻胶"]


def test_rejected_rows_give_exit_1_and_come_out_whole(tmp_path: Path) -> None:
    path, out = tmp_path / "s.csv", tmp_path / "out.csv"
    path.write_text("id,lon,lat,memo\na,113.85,22.7,x\nb,,22.7,备注\na,113.9,22.7,z\n", encoding="utf-8")
    result = run("check", path, *DAY, "--format", "csv", "--out", out)
    assert result.exit_code == 1
    assert "b" in result.stderr and "重复" in result.stderr
    rejected = list(csv.DictReader(io.StringIO((tmp_path / "out.rejected.csv").read_text("utf-8-sig"))))
    assert [(row["id"], row["lat"], row["memo"], row["rejected_row"]) for row in rejected] == [
        ("b", "22.7", "备注", "2"),
        ("a", "22.7", "z", "3"),
    ]
    assert len(out.read_text("utf-8-sig").splitlines()) == 2


def test_every_row_rejected_is_exit_1(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("lon,lat\nx,y\n", encoding="utf-8")
    result = run("check", path, *DAY, "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["sites"] == []


def test_unknown_field_in_a_row_keeps_it_and_suggests(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("id,lon,lat,field\na,113.85,22.7,光刻胶水\n", encoding="utf-8")
    result = run("check", path, *DAY, "--format", "json")
    (site,) = json.loads(result.stdout)["sites"]
    assert result.exit_code == 1
    assert (site["match"], site["force"]) == ("unrecognised", "none")
    assert "光刻胶及配套材料" in site["unrecognised"][0]["suggestions"]
    assert "光刻胶水" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("check", 113.85, 22.7, "--field", "不存在的领域"),
        ("check", 113.85, 22.7, "--stage", "nowhere"),
        ("check", 113.85, 22.7, "--datum", "gcj02", "--crs", "EPSG:4547"),
        ("check", 113.85, 22.7, "--datum", "mars"),
        ("check", 113.85, 22.7, "--crs", "EPSG:999999"),
        ("check", 22.7, 113.85),
        ("check", "a", "b"),
        ("check", "missing.csv"),
        ("check", 1, 2, 3),
        ("check", 113.85, 22.7, "--as-of", "2026-13-01"),
        ("check", 113.85, 22.7, "--as-of", "20261122"),
        ("check", 113.85, 22.7, "--boundaries", "missing.gpkg"),
        ("check", 113.85, 22.7, "--feild", "x"),
        ("policy", "show", "nothing"),
        ("policy", "timeline", "nowhere"),
        ("build", "--sites", "missing.csv"),
        ("nothing",),
    ],
)
def test_wrong_calls_are_exit_2_with_one_message_and_no_traceback(words: tuple[object, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip()
    assert "Traceback" not in result.stderr
    assert isinstance(result.exception, SystemExit)


def test_an_existing_output_is_refused_until_overwrite(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("mine")
    words = ("check", 113.85, 22.7, *DAY, "--format", "json", "--out", out)
    refused = run(*words)
    assert refused.exit_code == 2 and out.read_text() == "mine"
    assert run(*words, "--overwrite").exit_code == 0
    assert json.loads(out.read_text("utf-8"))["as_of"] == "2026-11-22"


def test_neither_the_input_nor_foreign_rejected_rows_are_replaced(tmp_path: Path, listed: Path) -> None:
    before = listed.read_bytes()
    assert run("check", listed, *DAY, "--out", listed, "--overwrite").exit_code == 2
    assert listed.read_bytes() == before
    (tmp_path / "o.rejected.csv").write_text("mine")
    assert run("check", listed, *DAY, "--out", tmp_path / "o.csv").exit_code == 2
    assert (tmp_path / "o.rejected.csv").read_text() == "mine" and not (tmp_path / "o.csv").exists()
    assert run("check", listed, *DAY, "--out", tmp_path / "o.csv", "--overwrite").exit_code == 0
    assert not (tmp_path / "o.rejected.csv").exists()


def test_the_ending_of_the_output_gives_the_format(tmp_path: Path, listed: Path) -> None:
    assert run("check", listed, *DAY, "--out", tmp_path / "o.geojson").exit_code == 0
    assert json.loads((tmp_path / "o.geojson").read_text("utf-8"))["type"] == "FeatureCollection"


def test_a_place_without_a_datum_is_assumed() -> None:
    (site,) = json.loads(run("check", 113.85, 22.7, *DAY, "--format", "json").stdout)["sites"]
    assert site["datum_basis"] == "assumed"


def test_a_day_after_known_to_warns() -> None:
    assert "2026-11-22" in run("check", 113.85, 22.7, "--as-of", "2027-01-01").stderr
    assert run("check", 113.85, 22.7, "--datum", "wgs84", *DAY).stderr == ""


def test_gcj02_input_comes_back_as_wgs84() -> None:
    site = json.loads(
        run("check", 113.9171764808363, 22.540796131694766, "--datum", "gcj02", *DAY, "--format", "json").stdout
    )
    (one,) = site["sites"]
    assert (one["lon"], one["lat"]) == pytest.approx((113.912316, 22.543847), abs=1e-6)
    assert one["input"]["datum"] == "gcj02"


def test_policy_list_has_the_fixed_keys() -> None:
    data = json.loads(run("policy", "list", "--format", "json", *DAY).stdout)
    assert [one["id"] for one in data["instruments"]] == [
        "plan-2011", "scheme-2018", "action-plan-2022", "measures-2023", "measures-2023-draft",
    ]  # fmt: skip
    for one in data["instruments"]:
        assert one.keys() >= {
            "id",
            "title_zh",
            "title_en",
            "document_number",
            "issuer",
            "issued",
            "from",
            "to",
            "status",
        }
    for one in data["designations"]:
        assert one.keys() >= {
            "id", "instrument", "clause", "kind", "place", "role_zh", "role_en", "fields", "stages", "basis",
        }  # fmt: skip
    for one in data["measures"]:
        assert one.keys() >= {
            "id", "instrument", "clause", "subject_zh", "subject_en", "cap_cny", "rate_percent", "amount_kind",
            "fields", "places", "departments",
        }  # fmt: skip


def test_timeline_reads_as_a_history() -> None:
    zh = run("policy", "timeline", "龙华", *DAY).stdout
    assert "当时属宝安区" in zh and zh.index("plan-2011") < zh.index("scheme-2018") < zh.index("action-plan-2022")
    data = json.loads(run("policy", "timeline", "Bao'an", *DAY, "--format", "json").stdout)
    assert data["place"]["id"] == "baoan"
    assert [entry["force"] for entry in data["timeline"]] == ["lapsed", "lapsed", "lapsed", "in_force", "draft"]


@pytest.mark.parametrize(
    "id_", ["measures-2023", "action-plan-2022-baoan-semiconductor", "draft-19-park-building", "baoan", "photoresist"]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_any_record_can_be_shown(id_: str, lang: str) -> None:
    result = run("policy", "show", id_, *DAY, "--lang", lang)
    assert result.exit_code == 0
    assert id_ in result.stdout


def test_boundaries_report_names_every_district() -> None:
    result = run("boundaries", "--format", "json")
    rows = json.loads(result.stdout)["report"]
    assert len([row for row in rows if row["kind"] == "district"]) == 11
    assert "深汕特别合作区" in run("boundaries").stdout


@pytest.mark.parametrize("command", [[], ["check"], ["build"], ["policy"], ["boundaries"]])
def test_help_is_there_in_both_languages(command: list[str]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert any("\u4e00" <= mark <= "\u9fff" for mark in result.stdout)
    assert " / " in result.stdout or "\n\n" in result.stdout
