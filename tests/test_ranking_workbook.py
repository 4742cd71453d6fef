"""The workbook of a ranking: LibreOffice recomputes its scores and ranks when weights and values change.

The oracle is `geo.suitability.aggregation`, given the same utilities.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import ranking_made as made
from programs import soffice_path

from geo import symbology
from geo.pipeline import Context
from geo.suitability.aggregation import aggregate, ranks
from geo.symbology import Symbology
from geo.tables import ranking
from geo.tables.ranking.terms import RESULT_NAMES

Record = dict[str, Any]
RANKING, WEIGHTS, UTILITIES = "排序", "权重", "效用"
FIRST = 5  # row of the first site
LIVE = (RANKING, WEIGHTS, UTILITIES, "计算")
CHANGED = {
    "given": list(made.WEIGHTS.values()),
    "other": [1.0, 4.0, 2.0, 0.5, 3.0],
    "one": [0.0, 0.0, 0.0, 0.0, 2.0],
}
EXACT = ["weighted_sum", "weighted_product", "owa"]
GIVEN = ["weighted_sum", "weighted_product", "owa", "topsis vector", "promethee linear", "vikor"]
CASES = [
    *((method, "given") for method in GIVEN),
    *((method, "other") for method in made.METHODS),
    *((method, "one") for method in ("weighted_product", "owa", "topsis vector", "vikor")),
]


@pytest.fixture(scope="module")
def palette(context: Context) -> Symbology:
    return symbology.load(context.settings)


@pytest.fixture(scope="module")
def written(context: Context, palette: Symbology, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A workbook of each method."""
    folder = tmp_path_factory.mktemp("written")
    found = {}
    for method in made.METHODS:
        found[method] = folder / f"{method.replace(' ', '-')}.xlsx"
        ranking.write("xlsx", found[method], made.document(method), made.sites(), palette, context.settings)
    return found


@pytest.fixture(scope="module")
def recomputed(written: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Any]:
    """Workbooks by method and change as LibreOffice computes them, all in one run."""
    folder = tmp_path_factory.mktemp("recomputed")
    # openpyxl drops the numbers that were stored beside the formulas
    books = {method: live(path) for method, path in written.items()}
    paths = {}
    for method, change in CASES:
        for at, weight in enumerate(CHANGED[change]):
            books[method][WEIGHTS].cell(5 + at, 4).value = weight
        paths[method, change] = folder / f"{written[method].stem}-{change}.xlsx"
        books[method].save(paths[method, change])
    book = live(written["weighted_sum"])
    for row in book[UTILITIES].iter_rows(min_row=7):
        if row[1].value == "C":
            row[3 + list(made.WEIGHTS).index("slope")].value = 1.0
    paths["weighted_sum", "filled"] = folder / "filled.xlsx"
    book.save(paths["weighted_sum", "filled"])
    command = [
        soffice_path("calc"),
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run(
        [*command, "--outdir", str(folder / "out"), *map(str, paths.values())],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return {key: openpyxl.load_workbook(folder / "out" / path.name, data_only=True) for key, path in paths.items()}


def live(path: Path) -> Any:
    """A workbook without the sheets that hold only values, which LibreOffice is slow to lay out."""
    book = openpyxl.load_workbook(path)
    for name in set(book.sheetnames) - set(LIVE):
        del book[name]
    return book


def ranked(book: Any) -> dict[str, dict[str, Any]]:
    """Rows of the ranking sheet by id; keys are the headings without their asterisk."""
    head, *rows = book[RANKING].iter_rows(min_row=FIRST - 1, values_only=True)
    names = [str(name).rstrip("*") for name in head]
    return {row[2]: dict(zip(names, row, strict=True)) for row in rows if row[2] is not None}


def kept() -> list[str]:
    return [site for site in sorted(made.VALUES) if site != made.EXCLUDED]


@pytest.mark.parametrize(("method", "change"), CASES)
def test_scores_and_ranks_follow_the_weights(recomputed: dict[tuple[str, str], Any], method: str, change: str) -> None:
    weights = np.array(CHANGED[change]) / sum(CHANGED[change])
    sites = {site: made.VALUES[site] for site in kept()}
    scores = aggregate(made.spec(method), made.utilities(sites, "low"), weights)
    rows = ranked(recomputed[method, change])
    assert [rows[site]["得分"] for site in sites] == pytest.approx(scores.tolist(), abs=1e-12)
    assert [rows[site]["名次"] for site in sites] == ranks(scores).tolist()
    assert rows[made.EXCLUDED]["名次"] == "排除" and rows[made.EXCLUDED]["得分"] is None


@pytest.mark.parametrize(("method", "change"), [case for case in CASES if case[0] in EXACT])
def test_intervals_of_exact_methods_follow_too(
    recomputed: dict[tuple[str, str], Any], method: str, change: str
) -> None:
    weights = np.array(CHANGED[change]) / sum(CHANGED[change])
    sites = {site: made.VALUES[site] for site in kept()}
    low, high = (aggregate(made.spec(method), made.utilities(sites, end), weights) for end in ("low", "high"))
    rows = ranked(recomputed[method, change])
    for at, site in enumerate(sites):
        others_low, others_high = np.delete(low, at), np.delete(high, at)
        assert rows[site]["得分下限"] == pytest.approx(low[at], abs=1e-12)
        assert rows[site]["得分上限"] == pytest.approx(high[at], abs=1e-12)
        assert rows[site]["最好名次"] == ranks(np.append(others_low, high[at]))[-1]
        assert rows[site]["最差名次"] == ranks(np.append(others_high, low[at]))[-1]


@pytest.mark.parametrize("method", GIVEN)
def test_with_the_models_weights_the_sheet_says_what_the_document_says(
    recomputed: dict[tuple[str, str], Any], method: str
) -> None:
    rows = ranked(recomputed[method, "given"])
    for site in made.document(method)["sites"]:
        row = rows[site["id"]]
        for name, key in (
            ("得分", "score"),
            ("得分上限", "score_high"),
            ("最好名次", "rank_best"),
            ("最差名次", "rank_worst"),
        ):
            assert row[name] == (None if site[key] is None else pytest.approx(site[key], abs=1e-12)), name
    assert "权重与模型一致" in recomputed[method, "given"][RANKING]["A2"].value
    assert "已改动" in recomputed[method, "other"][RANKING]["A2"].value


def test_a_missing_value_filled_in_moves_the_score(recomputed: dict[tuple[str, str], Any]) -> None:
    filled = {site: made.VALUES[site] for site in kept()}
    filled["C"] = {**filled["C"], "slope": 1.0}
    scores = aggregate(made.spec("weighted_sum"), made.utilities(filled, "low"), np.array(list(made.WEIGHTS.values())))
    rows = ranked(recomputed["weighted_sum", "filled"])
    assert [rows[site]["得分"] for site in filled] == pytest.approx(scores.tolist(), abs=1e-12)
    assert rows["C"]["得分上限"] == pytest.approx(rows["C"]["得分"], abs=1e-12)
    assert "已改动" in recomputed["weighted_sum", "filled"][RANKING]["A2"].value


def test_no_cell_is_an_error(recomputed: dict[tuple[str, str], Any]) -> None:
    for case, book in recomputed.items():
        for sheet in book:
            for row in sheet.iter_rows():
                assert not [cell.coordinate for cell in row if cell.data_type == "e"], (case, sheet.title)


@pytest.mark.parametrize("method", GIVEN)
def test_programs_that_do_not_recompute_read_the_same_numbers(
    written: dict[str, Path], recomputed: dict[tuple[str, str], Any], method: str
) -> None:
    stored = openpyxl.load_workbook(written[method], data_only=True)
    for sheet in LIVE:
        for row, other in zip(
            stored[sheet].iter_rows(values_only=True),
            recomputed[method, "given"][sheet].iter_rows(values_only=True),
            strict=False,
        ):
            for value, again in zip(row, other, strict=False):
                if isinstance(value, int | float):
                    assert again == pytest.approx(value, abs=1e-12)
                else:
                    assert (again or None) == (value or None)


def test_what_is_excluded_open_or_overridden_shows(written: dict[str, Path], palette: Symbology) -> None:
    book = openpyxl.load_workbook(written["weighted_sum"])
    sheet = book["约束"]
    words = {row[1].value: row for row in sheet.iter_rows(min_row=9)}
    assert [cell.value for cell in words[made.EXCLUDED]][:1] == ["排除"]
    assert words[made.EXCLUDED][4].value == RESULT_NAMES["fail"][0]
    assert words["A"][3].value == RESULT_NAMES["not_assessed"][0]
    assert words["B"][4].value == "符合（人工认定：张三）"
    fills = {words["A"][3].fill.fgColor.rgb, words["A"][4].fill.fgColor.rgb, words[made.EXCLUDED][4].fill.fgColor.rgb}
    assert len(fills) == 3
    reasons = [[cell.value for cell in row] for row in book["依据"].iter_rows()]
    assert len(reasons) == 1 + len(made.VALUES) * 7
    assert any("已签搬迁协议" in row for row in reasons)
    notes = "\n".join(str(row[1].value) for row in book["说明"].iter_rows())
    assert "张三" in notes and "含示例选址，" in notes and "某图层较旧" in notes
    assert "示例数据" in book[RANKING]["A1"].value
    assert "B，与居住用地的距离：改为“符合”（张三：已签搬迁协议）" in notes
    told = "与居住用地的距离：原“不符合”，改为“符合”（张三：已签搬迁协议）"
    assert ranked(book)["B"]["人工认定"] == told
    assert "要素或像元数" in [cell.value for cell in book["图层"][1]]  # a raster counts cells


def test_a_criterion_names_all_its_layers(context: Context, palette: Symbology, tmp_path: Path) -> None:
    document = made.document()
    document["layers"].append(document["layers"][1] | {"name": "roads", "rules": ["port"]})
    ranking.write("xlsx", tmp_path / "r.xlsx", document, made.sites(), palette, context.settings)
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert [book[WEIGHTS].cell(row, 7).value for row in (5, 6)] == ["ports, roads", None]


def test_nothing_of_the_users_runs_as_a_formula(written: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(written["weighted_sum"])
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert "选址" not in cell.value and "1+1" not in cell.value
    rows = ranked(book)
    assert rows[made.EXCLUDED]["权属"] == "=1+1" and rows["B"]["名称"] == "=选址B" and rows["A"]["Rank_input"] == "第1"


def test_the_english_workbook_is_english(context: Context, palette: Symbology, tmp_path: Path) -> None:
    path = tmp_path / "e.xlsx"
    document = made.document("vikor")
    ranking.write("xlsx", path, document, made.sites(), palette, context.settings, lang="en")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Ranking", "Weights", "Utilities", "Calculation", "Constraints", "Reasons", "Robustness", "Layers", "Notes"]  # fmt: skip # noqa: E501
    given = {"=选址", "第", "福田", "盐田", "=某居住区", "张三", "已签", "权属", "面积"}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                text = str(cell.value or "")
                if not any(one in text for one in given):
                    assert not any("\u4e00" <= mark <= "\u9fff" for mark in text), (sheet.title, cell.coordinate, text)


def test_no_ranked_site_and_no_sites_make_a_sound_workbook(
    context: Context, palette: Symbology, tmp_path: Path
) -> None:
    document = made.document()
    document["sites"] = document["sites"][-1:]
    ranking.write("xlsx", tmp_path / "one.xlsx", document, made.sites(), palette, context.settings)
    document["sites"] = []
    ranking.write("xlsx", tmp_path / "none.xlsx", document, made.sites(), palette, context.settings)
    assert ranked(openpyxl.load_workbook(tmp_path / "one.xlsx")).keys() == {made.EXCLUDED}


def test_the_same_document_gives_the_same_bytes(
    context: Context, palette: Symbology, written: dict[str, Path], tmp_path: Path
) -> None:
    path = tmp_path / "again.xlsx"
    ranking.write("xlsx", path, made.document("vikor"), made.sites()[::-1], palette, context.settings)
    assert path.read_bytes() == written["vikor"].read_bytes()
