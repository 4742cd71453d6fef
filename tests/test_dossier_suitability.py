"""The chapters on suitability: every number in them against the ranking document that they came from."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml
from click.testing import CliRunner
from dossiers_made import make_case, record_of, said, section
from ranking_by_hand import ORDER, RESULTS, WEIGHTS, made_ranking

from geo import dossier
from geo.cli.dossier import command
from geo.dossier import Case, Document, Heading, Paragraph, Picture, Table, word
from geo.errors import Lang
from geo.pipeline import Context
from geo.settings import Settings

NUMBER = re.compile(r"[+−]?\d+(?:,\d{3})*(?:\.\d+)?")
SITES = ("S01", "S02", "S03", "S04", "S06")


@pytest.fixture(scope="module", params=["zh", "en"])
def case(request: pytest.FixtureRequest, context: Context) -> Case:
    lang: Lang = request.param
    plain = make_case(context, lang)
    return make_case(context, lang, ranking=made_ranking(plain.document))


@pytest.fixture(scope="module")
def report(case: Case) -> Document:
    return dossier.report(case)


def heading(case: Case, key: str) -> str:
    return case.say(f"heading.{key}")


def chapter(case: Case, ident: str) -> list[Any]:
    return section(dossier.site(case, record_of(case, ident)), heading(case, "suitability"))


def tables(blocks: list[Any]) -> dict[str, Table]:
    return {one.caption: one for one in blocks if isinstance(one, Table)}


def label(case: Case, column: str, text: str) -> str:
    return case.say("common.label", label=case.say(f"column.{column}"), text=text)


def entry(case: Case, ident: str) -> dict[str, Any]:
    assert case.ranking is not None
    return next(one for one in case.ranking["sites"] if one["id"] == ident)


def numbers(value: Any) -> set[str]:
    """Every number of a document, in each way that a text may show it."""
    found: set[str] = set()
    if isinstance(value, dict):
        for one in value.values():
            found |= numbers(one)
    elif isinstance(value, list | tuple):
        for one in value:
            found |= numbers(one)
    elif isinstance(value, str):
        found |= set(NUMBER.findall(value))
    elif isinstance(value, bool) or value is None:
        pass
    else:
        plain = {f"{value:,.0f}", f"{value:.3f}", f"{value:.2f}", f"{value:.4g}", f"{100 * value:.1f}", f"{value:.1f}"}
        found |= plain | {f"+{one}" for one in plain} | {one.replace("-", "−") for one in plain}
    return found


def test_without_a_ranking_there_is_no_chapter(context: Context) -> None:
    plain = make_case(context, "zh")
    titles = [one.text for one in dossier.site(plain, plain.records[0]).blocks if isinstance(one, Heading)]
    assert heading(plain, "suitability") not in titles
    assert heading(plain, "ranking") not in [
        one.text for one in dossier.report(plain).blocks if isinstance(one, Heading)
    ]


def test_the_chapter_stands_between_fit_and_measures(case: Case) -> None:
    document = dossier.site(case, record_of(case, "S01"))
    titles = [one.text for one in document.blocks if isinstance(one, Heading) and one.level == 1]
    at = titles.index(heading(case, "suitability"))
    assert titles[at - 1] == heading(case, "fit") and titles[at + 1] == heading(case, "measures")


@pytest.mark.parametrize("ident", SITES)
def test_the_lead_says_the_status_in_plain_words(case: Case, ident: str) -> None:
    site = entry(case, ident)
    (lead,) = (one.text for one in chapter(case, ident) if isinstance(one, Paragraph) and one.style == "lead")
    assert case.say(f"suitability.status.{site['status']}") in lead
    if site["rank"]:
        assert set(NUMBER.findall(lead)) == {"7", str(site["rank"]), "5", f"{site['score']:.3f}"}  # 7 is the version
    else:
        assert set(NUMBER.findall(lead)) == {"7", "5"} and case.say("common.dash") in lead


@pytest.mark.parametrize("ident", SITES)
def test_every_number_of_the_chapter_is_in_the_document(case: Case, ident: str) -> None:
    assert case.ranking is not None
    site = entry(case, ident)
    best = entry(case, ORDER[0])
    known = (
        numbers(case.ranking["robustness"]) | numbers(case.ranking["summary"]) | numbers(site) | numbers(best["score"])
    )
    known |= numbers([*case.ranking["constraints"], *case.ranking["criteria"], *case.ranking["layers"]])
    known |= numbers([case.ranking["model"], *({"name": called} for called in ids(case))])
    known |= numbers([one["weight"] * one[end] for one in site["criteria"] for end in ("low", "high")])
    known |= numbers(best["score"] - site["score"]) if site["rank"] else set()
    told = said(chapter(case, ident))
    assert [one for one in NUMBER.findall(told) if one not in known] == []


def ids(case: Case) -> list[str]:
    assert case.ranking is not None
    return [f"{one['id']} {one['name']}" for one in case.ranking["sites"]]


@pytest.mark.parametrize("ident", SITES)
def test_the_table_of_constraints_is_the_documents(case: Case, ident: str) -> None:
    assert case.ranking is not None
    table = next(iter(tables(chapter(case, ident)).values()))
    for number, (rule, row) in enumerate(zip(case.ranking["constraints"], table.rows, strict=True)):
        found = entry(case, ident)["constraints"][number]
        title, source = row[0].split("\n")
        assert title == rule[f"title_{case.lang}"] and source.startswith(case.say("column.source_of"))
        assert not row[0].endswith(("专业化工业园区", "specialised parks"))  # the note stands in the report
        told = dict.fromkeys(("measured", "threshold", "margin"), "")
        for line in row[1].split("\n"):
            key = next(one for one in told if line.startswith(case.say(f"column.{one}")))
            told[key] = line
        assert told["threshold"] == label(case, "threshold", rule[f"threshold_{case.lang}"])
        result = case.say(f"suitability.result.{RESULTS[ident][number]}")
        assert row[3] == (case.say("suitability.by_hand", result=result) if found["override"] else result)
        if rule["id"] == "residential":
            assert told["measured"].startswith(label(case, "measured", f"{found['measured']:.0f} m"))
            assert "某居住区" in told["measured"]
            assert told["margin"] == label(case, "margin", "+312 m" if found["margin"] > 0 else "−150 m")
            assert "OSM 2026-10" in row[2] and "aabbccddeeff" in row[2]
        elif rule["id"] == "red-line":
            layer = case.ranking["layers"][3][f"title_{case.lang}"]
            assert row[2] == case.say("suitability.layer_missing", title=layer)
            assert not told["measured"] and not told["margin"]
    assert min(table.shares) * 160 > 20  # millimetres: no column so narrow that it breaks its words


@pytest.mark.parametrize("ident", SITES)
def test_the_table_of_criteria_is_the_documents(case: Case, ident: str) -> None:
    site = entry(case, ident)
    table = list(tables(chapter(case, ident)).values())[1]
    falls = {one["id"]: one["difference"] for one in site["waterfall"]}
    for one, row in zip(site["criteria"], table.rows, strict=True):
        assert row[2:5] == (f"{one['utility']:.3f}", f"{one['weight']:.3f}", f"{one['contribution']:.3f}")
        ends = [f"{one['weight'] * one[end]:.3f}" for end in ("low", "high")]
        assert row[5] == (ends[0] if ends[0] == ends[1] else f"{ends[0]}–{ends[1]}")
        compared = site["rank"] is not None and site["rank"] > 1
        assert row[6] == (f"{falls[one['id']]:+.3f}".replace("-", "−") if compared else case.say("common.dash"))
    if site["rank"] is not None and site["rank"] > 1:
        shown = [float(row[6].replace("−", "-")) for row in table.rows]
        assert sum(shown) == pytest.approx(site["score"] - entry(case, ORDER[0])["score"], abs=2e-3)
    assert sum(float(row[3]) for row in table.rows) == pytest.approx(sum(WEIGHTS.values()))


def test_what_would_have_to_change_and_what_was_set_by_hand(case: Case) -> None:
    out = said(chapter(case, "S03"))
    assert {"zh": "须再远 150 m", "en": "move 150 m farther"}[case.lang] in out
    assert case.say("suitability.no_change") in out  # the role has none
    assert heading(case, "suitability_position") not in out
    changed = said(chapter(case, "S04"))
    assert "张三" in changed and "已实地踏勘" in changed
    assert entry(case, "S01")["next"][case.lang] in said(chapter(case, "S01"))


def test_what_was_not_assessed_joins_the_chapter_on_that(case: Case) -> None:
    document = dossier.site(case, record_of(case, "S01"))
    held = tables(section(document, heading(case, "not_assessed")))
    assert len(held) == 2
    rows = held[case.say("not_assessed.model_caption")].rows
    assert [row[1] for row in rows] == [
        case.say("suitability.result.not_assessed"),
        case.say("suitability.result.requires_assessment"),
        case.say("suitability.no_value"),
    ]
    assert rows[0][2] == {"zh": "须提供图层", "en": "provide the layer"}[case.lang]
    assert len(tables(section(dossier.site(case, record_of(case, "S06")), heading(case, "not_assessed")))) == 1


def test_the_report_holds_the_ranking(case: Case, report: Document) -> None:
    assert case.ranking is not None
    held = tables(section(report, heading(case, "ranking")))
    order = held[case.say("ranking.order_caption")].rows
    names = [f"{entry(case, one)['id']} {entry(case, one)['name']}" for one in ORDER]
    assert [row[1] for row in order] == names and [row[0] for row in order] == list("12345")
    for one, row in zip(ORDER, order, strict=True):
        site = entry(case, one)
        assert row[4] == f"{site['score']:.3f}" and row[6] == str(site["rank_best"])
    assert [row[0][:3] for row in held[case.say("ranking.excluded_caption")].rows] == ["S03", "S07", "S08"]
    results = held[case.say("ranking.constraints_caption")].rows
    for number, row in enumerate(results):
        tally = Counter(RESULTS[one][number] for one in RESULTS)
        assert row[3:] == tuple(str(tally[one]) for one in ("pass", "fail", "requires_assessment", "not_assessed"))
    shares = held[case.say("ranking.acceptability_caption")].rows
    for one, row in zip(ORDER, shares, strict=True):
        robust = entry(case, one)["robust"]
        wanted = [f"{100 * each:.1f}" for each in robust["acceptability"][:3]]
        assert [NUMBER.findall(cell)[0] for cell in row[2:5]] == wanted
        assert row[5] == f"{robust['expected_rank']:.2f}"
    scenarios = held[case.say("ranking.scenarios_caption")].rows
    assert [row[1:4] for row in scenarios] == [("1.000", "1.000", "0"), ("0.800", "0.900", "2")]
    critical = held[case.say("ranking.critical_caption")].rows
    assert critical[0][2] == case.say("ranking.no_criterion") and critical[1][3:5] == ("0.300", "0.750")
    assert len(held[case.say("ranking.layers_caption")].rows) == 5


def test_every_number_of_the_reports_chapter_is_in_the_document(case: Case, report: Document) -> None:
    assert case.ranking is not None
    known = numbers(case.ranking) | numbers(ids(case)) | {"1", "2", "3", "5"}
    known |= {str(count) for count in range(9)}  # tallies, which another test recounts
    told = said(section(report, heading(case, "ranking")))
    assert [one for one in NUMBER.findall(told) if one not in known] == []


def test_a_rank_below_those_that_the_document_has_shares_of(case: Case) -> None:
    assert case.ranking is not None
    sites = [
        {**one, "robust": {**one["robust"], "acceptability": [0.5]}} if one["rank"] else one
        for one in case.ranking["sites"]
    ]
    short = make_like(case, {**case.ranking, "sites": sites})
    assert "50.0" in said(chapter(short, "S06"))
    assert dossier.report(short).blocks


def make_like(case: Case, ranking: Any) -> Case:
    from dataclasses import replace

    return replace(case, ranking=ranking)


def test_the_words_of_status_and_result_are_those_of_the_ranking(settings: Settings) -> None:
    ranking = yaml.safe_load((settings.maps / "ranking.yaml").read_text("utf-8"))
    own = yaml.safe_load((settings.maps / "dossier.yaml").read_text("utf-8"))["suitability"]
    assert own["status"] == ranking["status"] and own["result"] == ranking["result"]


def test_a_word_file_holds_the_chapter(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "site.docx"
    word.write(dossier.site(case, record_of(case, "S03")), path, case.words)
    file = docx.Document(str(path))
    titles = [one.text for one in file.paragraphs if one.style is not None and "eading" in str(one.style.name)]
    assert any(heading(case, "suitability") in one for one in titles)
    cells = {cell.text for table in file.tables for row in table.rows for cell in row.cells}
    assert any(label(case, "margin", "−150 m") in one for one in cells) and case.say("suitability.result.fail") in cells


def test_the_command_line_writes_the_chapter_by_a_shipped_model(tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = ["S01", "--model", "new-materials-park", "--as-of", "2026-11-22", "--format", "docx", "--out", str(out)]
    done = CliRunner().invoke(command, words)
    assert done.exit_code == 0, done.stderr
    file = docx.Document(str(out / "dossier-S01.docx"))
    assert any(one.text.endswith("适宜性") for one in file.paragraphs)
    assert len(file.inline_shapes) == 2  # the map and the sheet of suitability


def test_pictures_of_sites_stay_out_of_the_reports_exhibits(case: Case, tmp_path: Path) -> None:
    from dataclasses import replace

    from PIL import Image

    path = tmp_path / "a.png"
    Image.new("RGB", (40, 30)).save(path)
    keys = ("ranking", "constraints", "acceptability", "suitability/0", "site-sheet/0")
    drawn = replace(case, pictures=dict.fromkeys(keys, path), captions={one: one for one in keys})
    shown = [one.caption for one in dossier.report(drawn).blocks if isinstance(one, Picture)]
    assert shown == ["ranking", "constraints", "acceptability"]
