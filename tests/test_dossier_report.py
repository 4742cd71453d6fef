"""The report: every figure in its text and tables against the answers that it came from."""

import importlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dossiers_made import make_case, said, section, tables_of, users_list

from geo import dossier
from geo.dossier import Case, Document, Heading, Paragraph, Picture, Table
from geo.errors import Lang
from geo.pipeline import Context
from geo.schema import DISTRICTS, FORCE_NAMES, MATCH_NAMES, Force, Match

LANGS: tuple[Lang, Lang] = ("zh", "en")
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@pytest.fixture(scope="module", params=[(lang, own) for lang in LANGS for own in (False, True)], ids=str)
def case(request: pytest.FixtureRequest, context: Context, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The sample list and a user's, in both languages."""
    lang, own = request.param
    return make_case(context, lang, users_list(tmp_path_factory.mktemp("list")) if own else None)


@pytest.fixture(scope="module")
def document(case: Case) -> Document:
    return dossier.report(case)


def heading(case: Case, key: str) -> str:
    return case.say(f"heading.{key}")


def frame(case: Case) -> pd.DataFrame:
    """The answers as they stand in the JSON of the check."""
    rows = pd.DataFrame(case.document["sites"])
    return rows.assign(district=rows["district"].fillna("outside"))


def recounted(case: Case) -> dict[str, dict[str, Any]]:
    """Each sentence's values, counted anew with pandas; none of the report's own code."""
    rows = frame(case)
    inside = rows[rows["district"] != "outside"]
    fits = rows[rows["match"] == "designated"]
    measured = rows[rows["area_ha"].notna()]
    sites, refused = len(rows), len(case.refused)
    sure = rows["certainty"].value_counts()
    doubtful = int(sure.get("near_boundary", 0) + sure.get("straddles", 0))
    values: dict[str, dict[str, Any]] = {
        "total": {"source": case.source, "rows": sites + refused, "sites": sites, "rejected": refused},
        "placed": {
            "sites": sites, "inside": len(inside), "districts": inside["district"].nunique(),
            "outside": sites - len(inside),
        },
        "matched": {one.value: int((rows["match"] == one.value).sum()) for one in Match},
        "forced": {one: int((rows["force"] == one).sum()) for one in ("in_force", "lapsed", "none")},
        "settled": {
            "certain": int(sure.get("certain", 0)), "doubtful": doubtful, "beyond": int(sure.get("outside", 0)),
            "assumed": int((rows["datum_basis"] == "assumed").sum()),
        },
        "interpreted": {
            "designated": MATCH_NAMES[Match.DESIGNATED][case.at],
            "explicit": int((fits["basis"] == "explicit").sum()),
            "interpreted": int((fits["basis"] == "interpreted").sum()),
        },
    }  # fmt: skip
    if len(measured):
        values["areas"] = {
            "polygons": len(measured), "points": sites - len(measured),
            "ha": f"{measured['area_ha'].sum():,.2f}", "mu": f"{measured['area_mu'].sum():,.2f}",
        }  # fmt: skip
    else:
        values["points"] = {"points": sites}
    return values


def parsed(case: Case, key: str, text: str) -> dict[str, str] | None:
    """The values that a sentence holds, by its slots; None if it is another sentence."""
    sentence = case.words.sentences.flat[f"report.{key}"][case.lang]
    seen: set[str] = set()

    def slot(found: re.Match[str]) -> str:
        name = found[1]
        if name in seen:
            return f"(?P={name})"
        seen.add(name)
        return f"(?P<{name}>.+?)"

    pattern = re.sub(r"\\\{(\w+)\\\}", slot, re.escape(sentence))
    hit = re.fullmatch(pattern, text)
    return hit.groupdict() if hit else None


def assembled(case: Case, key: str, values: dict[str, Any]) -> set[str]:
    """A sentence with its parts, but those whose number is 0; with either of the two ways to join them."""
    flat = case.words.sentences.flat
    if not any(name.startswith(f"report.{key}_parts.") for name in flat):
        return {case.say(f"report.{key}", **values)}
    parts = [
        pair[case.lang].format_map(values)
        for name, pair in flat.items()
        if name.startswith(f"report.{key}_parts.") and int(values[name.rpartition(".")[2]])
    ]
    return {case.say(f"report.{key}", parts=case.join(parts, how), **values) for how in ("piece", "clause")}


def test_each_number_of_the_overview_is_that_of_the_answers(case: Case, document: Document) -> None:
    texts = [
        one.text
        for one in section(document, heading(case, "overview"))
        if isinstance(one, Paragraph) and one.style == "body"
    ]
    for key, values in recounted(case).items():
        wanted = assembled(case, key, values)
        assert len([text for text in texts if text in wanted]) == 1, (key, wanted, texts)


def test_no_sentence_counts_to_nothing(case: Case, document: Document) -> None:
    """A part whose number is 0 is left out; the tables keep theirs."""
    nothing = re.compile(r"(?<![\d.,])0(?:处|条|份|个)" if case.lang == "zh" else r"(?<![\w.,])0(?![\w.,]\d)(?![\w-])")
    district = [dossier.district(case, one) for one in DISTRICTS]
    for one in (document, *district):
        for block in one.blocks:
            if isinstance(block, Paragraph):
                assert not nothing.search(block.text), block.text
    zeros = [
        name
        for values in recounted(case).values()
        for name, value in values.items()
        if isinstance(value, int) and value == 0
    ]
    assert zeros  # the lists of these tests have such numbers


@pytest.mark.parametrize("lang", LANGS)
def test_sites_without_a_field_are_counted_as_what_they_are(context: Context, lang: Lang, tmp_path: Path) -> None:
    """Futian has no role and Bao'an has one: the first is silent, the second was not judged."""
    path = tmp_path / "无领域.csv"
    path.write_text("id,lon,lat,datum\nA,114.05,22.545,wgs84\nB,113.85,22.70,wgs84\n", encoding="utf-8")
    case = make_case(context, lang, path)
    assert [one["match"] for one in case.records] == ["silent", "not_asked"]
    words = said(section(dossier.report(case), heading(case, "overview")))
    parts = [case.say(f"report.matched_parts.{one}", **{one: 1}) for one in ("silent", "not_asked")]
    assert case.say("report.matched", parts=case.join(parts, "clause")) in words
    assert ("所在区有角色" in parts[1]) if lang == "zh" else ("has roles" in parts[1])


def test_no_number_of_the_overview_is_left_unchecked(case: Case, document: Document) -> None:
    checked = {
        number for values in recounted(case).values() for one in values.values() for number in NUMBER.findall(str(one))
    } | {"84"}  # of WGS84
    shown = [one for one in section(document, heading(case, "overview")) if isinstance(one, Paragraph)]
    told = {shortened[case.at] for shortened in case.remarks}
    for one in shown:
        if one.text not in told:
            assert {*NUMBER.findall(one.text)} <= checked, one.text


@pytest.mark.parametrize("kind", ["by_district", "by_match", "by_force"])
def test_the_sentence_on_the_most_frequent_agrees_with_its_table(case: Case, document: Document, kind: str) -> None:
    column = {"by_district": "district", "by_match": "match", "by_force": "force"}[kind]
    counts = frame(case)[column].value_counts()
    best = counts[counts == counts.max()].index
    blocks = section(document, heading(case, kind))
    (text,) = [one.text for one in blocks if isinstance(one, Paragraph)]
    found = parsed(case, f"{kind}_{'text' if len(best) == 1 else 'tied'}", text)
    assert found is not None
    assert found["count"] == str(counts.max())
    assert found["share"] == f"{100 * counts.max() / counts.sum():.1f}"
    names = {"by_district": named, "by_match": match_name, "by_force": force_name}[kind]
    (slot,) = found.keys() - {"count", "share"}
    assert {*found[slot].split(case.say("join.list"))} == {names(case, one) for one in best}


def named(case: Case, district: str) -> str:
    if district == "outside":
        return case.say("common.outside")
    place = case.register.places[district]
    return place.zh if case.lang == "zh" else place.en


def match_name(case: Case, one: str) -> str:
    return MATCH_NAMES[Match(one)][case.at]


def force_name(case: Case, one: str) -> str:
    return FORCE_NAMES[Force(one)][case.at]


def test_the_tables_by_kind_hold_the_counts_and_their_sums(case: Case, document: Document) -> None:
    rows = frame(case)
    for kind, column, names in (
        ("by_district", "district", named), ("by_match", "match", match_name), ("by_force", "force", force_name),
    ):  # fmt: skip
        (table,) = tables_of(section(document, heading(case, kind)))
        counts = {names(case, str(one)): int(number) for one, number in rows[column].value_counts().items()}
        *body, total = table.rows
        shown = {row[0]: int(row[1]) for row in body}
        assert {name: number for name, number in shown.items() if number} == counts
        assert int(total[1]) == len(rows)
        for name, number, share in body:
            assert share == case.say("report.percent", share=f"{100 * shown[name] / len(rows):.1f}"), number
    (districts,) = tables_of(section(document, heading(case, "by_district")))
    assert {named(case, one) for one in DISTRICTS} <= {row[0] for row in districts.rows}


def test_the_cross_tables_hold_the_counts_and_their_sums(case: Case, document: Document) -> None:
    rows = frame(case)
    crossed, axes = tables_of(section(document, heading(case, "crossed")))
    for table, down, across, first, second in (
        (crossed, "district", "match", named, match_name), (axes, "match", "force", match_name, force_name),
    ):  # fmt: skip
        counts = Counter(
            (first(case, one), second(case, other)) for one, other in zip(rows[down], rows[across], strict=True)
        )
        *columns, _ = table.header[1:]
        *body, total = table.rows
        for name, *cells, whole in body:
            assert [int(one) for one in cells] == [counts[name, column] for column in columns]
            assert int(whole) == sum(int(one) for one in cells)
        assert [int(one) for one in total[1:-1]] == [
            sum(number for (_, column), number in counts.items() if column == each) for each in columns
        ]
        assert int(total[-1]) == len(rows)


def test_the_annex_has_a_row_for_each_site(case: Case, document: Document) -> None:
    blocks = section(document, heading(case, "annex"))
    (table,) = tables_of(blocks)
    assert len(table.rows) == len(case.records)
    assert any(str(len(case.records)) in one.text for one in blocks if isinstance(one, Paragraph))
    for row, record in zip(table.rows, case.records, strict=True):
        assert row[0].startswith(record["id"])
        assert row[1] == named(case, record["district"] or "outside")
        assert row[4] == match_name(case, record["match"])
        assert row[5] == force_name(case, record["force"])
        deciding = [one[f"role_{case.lang}"] for one in record["designations"] if one["decides"]]
        assert all(one in row[6] for one in deciding)


def test_the_second_annex_has_the_land_facts_of_each_site(case: Case, document: Document) -> None:
    blocks = section(document, heading(case, "annex_land"))
    (table,) = tables_of(blocks)
    assert len(table.rows) == len(case.records) and table.note == case.say("site.facts_note")
    assert table.header[2:4] == (("面积（公顷）", "面积（亩）") if case.lang == "zh" else ("Area (ha)", "Area (mu)"))
    missing = "未提供" if case.lang == "zh" else "not stated"
    for row, record in zip(table.rows, case.records, strict=True):
        assert row[0] == record["id"]
        assert [float(one) for one in re.findall(r"\d+\.\d{5}(?!\d)", row[1])] == [
            round(record["lon"], 5), round(record["lat"], 5),
        ]  # fmt: skip
        ha = record["area_ha"]
        assert row[2:4] == ((missing, missing) if ha is None else (f"{ha:,.2f}", f"{ha * 15:,.2f}"))
        assert row[4:] == (("沙井街道", "M1 普通工业用地", missing) if record["id"] == "P-1" else (missing,) * 3)


def test_documents_are_counted_by_their_force_on_the_day(case: Case, document: Document) -> None:
    blocks = section(document, heading(case, "documents"))
    (text,) = [one.text for one in blocks if isinstance(one, Paragraph)]
    forces = Counter(case.register.force(one, case.as_of).value for one in case.register.instruments)
    values = {"count": 5, "as_of": case.as_of.isoformat()}
    values |= {one: forces[one] for one in ("in_force", "lapsed", "not_yet", "draft")}
    assert text in assembled(case, "documents_text", values)
    (table,) = tables_of(blocks)
    assert len(table.rows) == len(case.register.instruments)
    for row, one in zip(table.rows, case.register.instruments.values(), strict=True):
        assert (one.title_zh if case.lang == "zh" else one.title_en) in row[0]
        assert one.document_number is None or one.document_number in row[0]


def test_rejected_rows_stand_with_their_reasons(case: Case, document: Document) -> None:
    blocks = section(document, heading(case, "rejected"))
    if not case.refused:
        assert [one.text for one in blocks if isinstance(one, Paragraph)] == [case.say("report.rejected_none")]
        return
    (table,) = tables_of(blocks)
    assert [(row[0], row[1]) for row in table.rows] == [(str(one.row), one.label) for one in case.refused]
    assert all(row[2] for row in table.rows)


def test_sites_in_doubt_stand_with_their_other_verdicts(case: Case, document: Document) -> None:
    held = [one for one in case.records if one["certainty"] in ("near_boundary", "straddles")]
    (table,) = tables_of(section(document, heading(case, "doubts")))
    assert [row[0].split(" ")[0] for row in table.rows] == [one["id"] for one in held]
    for row, one in zip(table.rows, held, strict=True):
        for other in one["alternatives"]:
            assert named(case, other["district"]) in row[5] and match_name(case, other["match"]) in row[5]


def headings(document: Document) -> Iterator[tuple[int, str]]:
    return ((one.level, one.text) for one in document.blocks if isinstance(one, Heading))


def test_headings_go_down_one_level_at_a_time_and_tables_fill_the_width(document: Document) -> None:
    before = 0
    for level, text in headings(document):
        assert level <= before + 1 and text
        before = level
    for one in document.blocks:
        if isinstance(one, Table):
            assert sum(one.shares) == pytest.approx(1, abs=0.005), one.caption
            assert {len(row) for row in one.rows} == {len(one.shares)}, one.caption
            assert len(one.header) in (0, len(one.shares)), one.caption


def test_exhibits_stand_in_their_order_without_the_sheets_of_sites(context: Context, tmp_path: Path) -> None:
    keys = ["district-roles", "district-sheet/baoan", "site-sheet/0"]
    pictures = {one: tmp_path / f"{at}.png" for at, one in enumerate(keys)}
    case = make_case(context, pictures=pictures, captions={one: f"图{at}" for at, one in enumerate(keys)})
    shown = [one for one in dossier.report(case).blocks if isinstance(one, Picture)]
    assert [(one.caption, one.path, one.landscape) for one in shown] == [
        ("图0", tmp_path / "0.png", True), ("图1", tmp_path / "1.png", True),
    ]  # fmt: skip
    assert all("图件" in one.alt for one in shown)


def test_a_list_too_long_for_the_annex_says_where_the_rest_is(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.import_module("geo.dossier.report"), "MOST_ROWS", 5)
    case = make_case(context)
    for key in ("annex", "annex_land"):
        blocks = section(dossier.report(case), heading(case, key))
        (table,) = tables_of(blocks)
        assert len(table.rows) == 5
        assert "sites.xlsx" in said(blocks) and str(len(case.records)) in said(blocks)


@pytest.mark.parametrize("lang", LANGS)
def test_a_list_of_which_nothing_is_left_still_makes_a_report(context: Context, lang: Lang) -> None:
    case = make_case(context, lang)
    empty = replace(case, document={**case.document, "sites": [], "measures": []}, sites=())
    document = dossier.report(empty)
    (table,) = tables_of(section(document, heading(case, "by_match")))
    assert {row[1] for row in table.rows} == {"0"}
    for key in ("annex", "annex_land"):
        assert said(section(document, heading(case, key))) == case.say("report.annex_none")


@pytest.mark.parametrize(("day", "key"), [(date(2031, 1, 1), "lapsed"), (date(2023, 1, 1), "not_yet")])
def test_measures_without_force_are_not_listed_and_the_reason_is_said(context: Context, day: date, key: str) -> None:
    case = make_case(context, as_of=day)
    blocks = section(dossier.report(case), heading(case, "measures"))
    assert not tables_of(blocks)
    one = case.register.instruments["measures-2023"]
    span = case.register.validity("measures-2023")
    values = {"title": one.title_zh, "number": one.document_number, "to": span.to, "from_": span.from_}
    assert case.say(f"measures.{key}", **values) in said(blocks)
