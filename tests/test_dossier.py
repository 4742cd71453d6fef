"""Dossiers: what they say of sites and districts, how they are chosen, named and written."""

import hashlib
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from string import Formatter

import pytest
from click.testing import CliRunner, Result
from dossiers_made import DAY, facts, make_case, record_of, said, section, tables_of, users_list

from geo import check, dossier, pipeline, wording
from geo.cli.main import main
from geo.dossier import Case, Document, Heading, Paragraph, Picture, Table, Words
from geo.errors import InputError, Lang, OutputExists, UnknownTerm
from geo.pipeline import Context, Edition, subjects
from geo.register import clause_en, clause_zh
from geo.schema import DISTRICTS, MATCH_NAMES, Force, Match
from geo.settings import Settings

LANGS: tuple[Lang, Lang] = ("zh", "en")
HAN = re.compile(r"[\u3400-\u9fff]")


@pytest.fixture(scope="module", params=LANGS)
def lang(request: pytest.FixtureRequest) -> Lang:
    value: Lang = request.param
    return value


@pytest.fixture(scope="module")
def mine(context: Context, lang: Lang, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The user's list."""
    return make_case(context, lang, users_list(tmp_path_factory.mktemp("list")))


@pytest.fixture(scope="module")
def sample(context: Context, lang: Lang) -> Case:
    return make_case(context, lang)


def of(case: Case, ident: str) -> Document:
    return dossier.site(case, record_of(case, ident))


def part(case: Case, document: Document, key: str) -> list[dossier.Block]:
    return section(document, case.say(f"heading.{key}"))


# ---- the words ---------------------------------------------------------------------------


def test_every_sentence_stands_in_both_languages_with_the_same_slots(settings: Settings) -> None:
    flat = Words.load(settings).sentences.flat
    assert len(flat) > 250
    for name, pair in flat.items():
        slots = [{slot for _, slot, _, _ in Formatter().parse(text) if slot} for text in pair.values()]
        assert slots[0] == slots[1], name
        assert not HAN.search(pair["en"]), name


def test_a_users_file_that_lacks_a_sentence_is_refused(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    text = (settings.maps / "dossier.yaml").read_text("utf-8").replace("  lead_outside:", "  lead_elsewhere:")
    (tmp_path / "maps" / "dossier.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Words.load(replace(settings, user=tmp_path))
    assert caught.value.value == "site.lead_outside"


@pytest.mark.parametrize(
    ("fact", "column"),
    [
        ("sub_district", "街道"), ("sub_district", " 所属 街道 "), ("sub_district", "Sub-District"),
        ("land_use", "用地性质"), ("land_use", "LAND_USE"), ("land_use", "土地用途"), ("chemical_park", "化工园区认定"),
        ("chemical_park", "Chemical park"),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_usual_names(settings: Settings, fact: str, column: str) -> None:
    words = Words.load(settings)
    assert words.own(fact, {"备注": "x", column: " 值\n1 "}) == "值 1"
    assert words.own(fact, {column: None}) is words.own(fact, {column: "  "}) is words.own(fact, {"备注": "x"}) is None


# ---- a site ------------------------------------------------------------------------------


def test_the_summary_says_the_verdict_in_the_words_of_the_answer(mine: Case) -> None:
    record = record_of(mine, "P-1")
    blocks = part(mine, of(mine, "P-1"), "summary")
    lead, explanation, table = blocks
    assert isinstance(lead, Paragraph) and lead.style == "lead"
    assert isinstance(explanation, Paragraph) and explanation.text == record["explanation"][mine.lang]
    assert isinstance(table, Table) and table.header == ()


def test_land_and_site_come_from_the_users_columns_and_else_are_not_stated(mine: Case) -> None:
    (table,) = tables_of(part(mine, of(mine, "P-1"), "summary"))
    held = facts(table)
    record = record_of(mine, "P-1")
    assert held[mine.say("fact.sub_district")] == mine.say("common.unverified", value="沙井街道")
    assert held[mine.say("fact.land_use")] == mine.say("common.unverified", value="M1 普通工业用地")
    assert held[mine.say("fact.chemical_park")] == mine.say("common.not_stated")
    size = held[mine.say("fact.area")]
    assert f"{record['area_ha']:,.2f}" in size and f"{record['area_ha'] * 15:,.2f}" in size
    assert ("公顷" in size and "亩" in size) if mine.lang == "zh" else ("ha" in size and "mu" in size)
    assert f"{record['lon']:.6f}" in held[mine.say("fact.position")]
    for key in ("id", "name", "datum", "accuracy", "district", "field", "stage", "match", "force", "as_of"):
        assert held[mine.say(f"fact.{key}")]


def test_a_point_has_no_area_and_a_bare_list_no_land_use(sample: Case) -> None:
    (table,) = tables_of(part(sample, of(sample, "S25"), "summary"))
    held = facts(table)
    assert held[sample.say("fact.area")] == sample.say("fact.area_point")
    for key in ("sub_district", "land_use", "chemical_park"):
        assert held[sample.say(f"fact.{key}")] == sample.say("common.not_stated")


def test_every_document_stands_in_the_history_with_clause_days_and_force(sample: Case) -> None:
    (table,) = tables_of(part(sample, of(sample, "S36"), "roles"))
    register = sample.register
    rows = {row[0]: row for row in table.rows}
    for one in register.instruments.values():
        title = one.title_zh if sample.lang == "zh" else one.title_en
        (name,) = [
            name for name in rows if title in name and (one.status == "draft") == ("稿" in name or "draft" in name)
        ]
        assert one.document_number is None or one.document_number in name
        span = register.validity(one.id)
        assert span.from_ is None or (str(span.from_) in rows[name][4] and str(span.to) in rows[name][4])
        assert (span.to_basis == "interpreted") == (sample.say("common.reading") in rows[name][4])
    parent = register.places["baoan"]
    first = table.rows[0]
    assert (parent.zh if sample.lang == "zh" else parent.en) in first[3]  # Longhua was part of Bao'an
    assert sum(row[3] == sample.say("roles.silent") for row in table.rows) == 4


def test_what_decides_is_marked_with_its_basis(mine: Case) -> None:
    table = tables_of(part(mine, of(mine, "P-1"), "fit_documents"))[0]
    record = record_of(mine, "P-1")
    assert len(table.rows) == len(record["designations"])
    for row, one in zip(table.rows, record["designations"], strict=True):
        assert row[2] == one[f"role_{mine.lang}"]
        assert (row[5] == mine.say("fit.decides")) == one["decides"]
    (deciding,) = [row for row in table.rows if row[5] == mine.say("fit.decides")]
    assert deciding[3] == mine.say("fit.whole_interpreted")
    assert mine.say("fit.basis_interpreted") in said(of(mine, "P-1").blocks)


@pytest.mark.parametrize("ident", ["S01", "S03", "S25", "S39", "S04"])
def test_alternatives_elsewhere_are_all_other_places_with_the_field(sample: Case, ident: str) -> None:
    """Recounted district by district with the verdict's own rule of what a role covers."""
    record = record_of(sample, ident)
    register = sample.register
    zh = sample.lang == "zh"
    expected = set()
    for one in register.designations:
        known = register.force(one.instrument, DAY) in (Force.IN_FORCE, Force.LAPSED)
        placed = one.kind == "role" and one.place in DISTRICTS and not register.reaches(one, record["district"])
        if known and placed and one.fields and check.cover(register, one, record["term"])[0]:
            document, place = register.instruments[one.instrument], register.places[one.place]
            clause = clause_zh(one.part, one.clause) if zh else f", {clause_en(one.part, one.clause)}"
            expected.add((place.zh if zh else place.en, (document.short_zh if zh else document.short_en) + clause))
    blocks = part(sample, of(sample, ident), "fit_elsewhere")
    rows = [row for table in tables_of(blocks) for row in table.rows]
    assert {(row[0], row[2]) for row in rows} == expected
    assert bool(rows) or sample.say("fit.elsewhere_none") in said(blocks)


def test_doubts_of_the_place_bring_the_other_verdicts(mine: Case, sample: Case) -> None:
    for case, ident in ((mine, "a/b"), (sample, "S03")):
        record = record_of(case, ident)
        (table,) = tables_of(part(case, of(case, ident), "fit_doubts"))
        assert len(table.rows) == len(record["alternatives"]) + len(record["if_datum"]) > 0
    assert sample.say("fit.doubt_certain") in said(part(sample, of(sample, "S25"), "fit_doubts"))


def test_an_undeclared_datum_brings_the_verdict_in_the_other_ones(context: Context, lang: Lang, tmp_path: Path) -> None:
    path = tmp_path / "未声明.csv"
    path.write_text("id,lon,lat,field\nA,114.0497,22.5967,锂电池\nB,113.85,22.70,光刻胶\n", encoding="utf-8")
    case = make_case(context, lang, path)
    shifted = [one for one in case.records if one["if_datum"]]
    for record in case.records:
        document = dossier.site(case, record)
        (table,) = tables_of(part(case, document, "summary"))
        assert facts(table)[case.say("fact.datum")] == case.say("fact.datum_assumed", datum="WGS84")
        words = said(part(case, document, "fit_doubts"))
        assert ("GCJ-02" in words or "BD-09" in words) or record not in shifted


# ---- measures ----------------------------------------------------------------------------


def test_measures_are_those_of_the_answer_with_amount_departments_and_clause(mine: Case, settings: Settings) -> None:
    record = record_of(mine, "P-1")
    (table,) = tables_of(part(mine, of(mine, "P-1"), "measures"))
    held = [one for one in mine.register.measures if one.id in record["measures"]]
    assert len(table.rows) == len(held) > 10
    sentences = wording.load(settings)
    subjects_of = {one.subject_zh if mine.lang == "zh" else one.subject_en: one for one in held}
    for clause, subject, amount, departments, _ in table.rows:
        one = subjects_of[subject]
        assert amount == wording.amount(sentences, one, mine.lang)
        assert clause and departments
        assert mine.lang == "en" or departments == "、".join(one.departments)
    number = mine.register.instruments["measures-2023"].document_number
    assert number and number in table.caption


def test_measures_that_cover_the_field_in_part_say_so(context: Context, lang: Lang, tmp_path: Path) -> None:
    path = tmp_path / "部分.csv"
    path.write_text("id,lon,lat,field,datum\nA,113.85,22.70,电子信息材料,wgs84\n", encoding="utf-8")
    case = make_case(context, lang, path)
    record = case.records[0]
    assert record["measures_in_part"]
    (table,) = tables_of(part(case, dossier.site(case, record), "measures"))
    marked = [row for row in table.rows if case.say("measures.part") in row[4]]
    assert len(marked) == len(record["measures_in_part"])


@pytest.mark.parametrize("day", [date(2010, 1, 1), date(2023, 9, 12), DAY, date(2028, 9, 12), date(2028, 9, 13)])
def test_a_draft_is_never_applicable(context: Context, lang: Lang, day: date) -> None:
    case = make_case(context, lang, as_of=day)
    register = case.register
    subjects_of = {
        one.subject_zh if lang == "zh" else one.subject_en for one in register.measures if "draft" in one.instrument
    }
    issued = {
        one.subject_zh if lang == "zh" else one.subject_en for one in register.measures if "draft" not in one.instrument
    }
    in_force = register.force("measures-2023", day) is Force.IN_FORCE
    draft = register.instruments["measures-2023-draft"]
    for document in (of(case, "S25"), dossier.district(case, "baoan"), dossier.report(case)):
        blocks = part(case, document, "measures")
        shown = {row[1] for table in tables_of(blocks) for row in table.rows}
        assert not shown & (subjects_of - issued)
        assert bool(shown) == in_force
        assert case.say("measures.draft", title=draft.title_zh if lang == "zh" else draft.title_en) in said(blocks)


def test_places_are_named_and_not_a_limit(sample: Case) -> None:
    """Clause 17 names four districts "and others": the list is open, so nothing may read as its limit."""
    zh = sample.lang == "zh"
    (open_list,) = [one for one in sample.register.measures if one.id == "m2023-17-new-materials-parks"]
    places = [sample.register.places[one] for one in open_list.places]
    names = ("、" if zh else ", ").join(one.zh if zh else one.en for one in places)
    wanted = f"点名：{names}" if zh else f"names: {names}"
    subject = open_list.subject_zh if zh else open_list.subject_en
    for document in (dossier.report(sample), dossier.district(sample, "baoan"), of(sample, "S25")):
        rows = [row for table in tables_of(part(sample, document, "measures")) for row in table.rows]
        (row,) = [one for one in rows if one[1] == subject]
        assert wanted in row[4]
    left_out = sample.say("measures.others_named")
    assert ("未被点名不等于不适用，以主管部门解释为准" if zh else "does not mean") in left_out
    outside = next(one["id"] for one in sample.records if one["district"] == "futian")
    for document in (dossier.district(sample, "futian"), of(sample, outside), dossier.district(sample, "baoan")):
        assert left_out in said(part(sample, document, "measures"))
    assert left_out not in said(part(sample, dossier.report(sample), "measures"))


def test_measures_stand_in_the_order_of_their_clauses(mine: Case, sample: Case) -> None:
    for case, document in ((mine, of(mine, "P-1")), (sample, dossier.district(sample, "baoan"))):
        (table,) = tables_of(part(case, document, "measures"))
        clauses = {
            clause_zh(one.part, one.clause) if case.lang == "zh" else clause_en(one.part, one.clause): one
            for one in case.register.measures
        }
        numbers = [(clauses[row[0]].part, clauses[row[0]].clause) for row in table.rows]
        assert numbers == sorted(numbers) and len(set(numbers)) > 5


@pytest.mark.parametrize(("lon", "match"), [(114.05, "silent"), (113.85, "not_asked")])
def test_a_site_without_field_reads_as_its_verdict(
    context: Context, lang: Lang, tmp_path: Path, lon: float, match: str
) -> None:
    """Futian has no role and Bao'an has one."""
    path = tmp_path / "无领域.csv"
    lat = 22.545 if match == "silent" else 22.70
    path.write_text(f"id,lon,lat,datum\nA,{lon},{lat},wgs84\n", encoding="utf-8")
    case = make_case(context, lang, path)
    record = case.records[0]
    assert record["match"] == match and record["term"] is None
    words = said(part(case, dossier.site(case, record), "fit"))
    verdict = MATCH_NAMES[Match.SILENT][case.at]
    assert (f"判定为“{verdict}”" in words or f"the verdict is “{verdict}”" in words) == (match == "silent")
    assert ("未作符合性判定" in words or "fit was not judged" in words) == (match == "not_asked")


def test_shares_of_a_site_read_alike_in_text_and_table(mine: Case) -> None:
    record = record_of(mine, "a/b")
    assert len(record["shares"]) > 1
    (table,) = tables_of(part(mine, of(mine, "a/b"), "summary"))
    assert facts(table)[mine.say("fact.shares")] in record["explanation"][mine.lang]


# ---- what was not assessed, sources ------------------------------------------------------


def test_what_was_not_assessed_never_reads_as_a_pass(mine: Case, sample: Case) -> None:
    documents = [(mine, of(mine, "P-1")), (sample, of(sample, "S25")), (sample, dossier.district(sample, "shenshan"))]
    for case, document in [*documents, (mine, dossier.report(mine))]:
        blocks = part(case, document, "not_assessed")
        (table,) = tables_of(blocks)
        assert len(table.rows) == 10
        assert all(row[1].startswith(case.say("not_assessed.state")) for row in table.rows)
    (table,) = tables_of(part(mine, of(mine, "P-1"), "not_assessed"))
    assert "M1 普通工业用地" in table.rows[0][1]
    assert table.rows[1][1] == mine.say("not_assessed.unlisted")


def test_an_approximate_outline_and_a_register_behind_the_day_are_said(context: Context, lang: Lang) -> None:
    case = make_case(context, lang, as_of=context.register.known_to + timedelta(days=1))
    name = case.register.places["shenshan"].zh if lang == "zh" else case.register.places["shenshan"].en
    near, far = of(case, "S45"), of(case, "S25")
    assert case.say("not_assessed.approximate", places=name) in said(near.blocks)
    assert case.say("not_assessed.approximate", places=name) not in said(far.blocks)
    (stale,) = case.register.warnings(case.as_of)
    assert stale[case.at] in said(part(case, far, "not_assessed"))
    fresh = make_case(context, lang)
    assert not fresh.register.warnings(fresh.as_of)


def test_sources_name_documents_register_boundaries_list_and_status(mine: Case) -> None:
    blocks = part(mine, of(mine, "P-1"), "sources")
    words = said(blocks)
    for one in mine.register.instruments.values():
        assert one.document_number is None or one.document_number in words
    bounds = mine.document["boundaries"]
    for told in (mine.register.version, bounds[f"source_{mine.lang}"], bounds[f"vintage_{mine.lang}"], bounds["datum"]):
        assert told in words
    assert mine.digest in words and mine.say("common.internal") in words
    approved = replace(mine, approval_number="粤S（2026）001号")
    document = of(approved, "P-1")
    assert document.status == mine.say("common.approved", number="粤S（2026）001号")


def test_samples_are_labelled_on_every_document_and_others_never(mine: Case, sample: Case) -> None:
    for document in (of(sample, "S25"), dossier.district(sample, "baoan"), dossier.report(sample)):
        assert sample.say("common.sample") in document.status
        assert sample.say("common.sample_note") in said(document.blocks)
    for document in (of(mine, "P-1"), dossier.district(mine, "baoan"), dossier.report(mine)):
        assert mine.say("common.sample") not in document.status
        assert mine.say("common.sample_note") not in said(document.blocks)


def test_project_and_confidentiality_stand_on_the_cover(mine: Case) -> None:
    assert of(mine, "P-1").confidentiality is None
    document = of(replace(mine, project="沙井\n前期", confidentiality="内部资料"), "P-1")
    assert (document.project, document.confidentiality) == ("沙井 前期", "内部资料")
    assert dict(document.facts)[mine.say("writer.as_of")] == DAY.isoformat()


# ---- every kind of site, both languages --------------------------------------------------


def test_no_document_mixes_the_languages(mine: Case, sample: Case) -> None:
    """Headings, headers and labels are in one language; names without translation may stand in cells."""
    documents = [(case, dossier.site(case, one)) for case in (mine, sample) for one in case.records]
    documents += [(sample, dossier.district(sample, one)) for one in DISTRICTS]
    for case, document in [*documents, (mine, dossier.report(mine)), (sample, dossier.report(sample))]:
        for block in document.blocks:
            fixed: list[str] = []
            if isinstance(block, Heading):
                fixed.append(block.text)
            elif isinstance(block, Table):
                fixed += [*block.header, *([] if block.header else [row[0] for row in block.rows])]
            for text in fixed:
                assert not HAN.search(text) if case.lang == "en" else HAN.search(text), text


@pytest.mark.parametrize("lang", ["en"], indirect=True)
def test_english_texts_hold_chinese_only_as_names(sample: Case) -> None:
    numbers = {one.document_number for one in sample.register.instruments.values() if one.document_number}
    for document in [*(dossier.district(sample, one) for one in DISTRICTS), of(sample, "S25"), of(sample, "S36")]:
        words = said(document.blocks)
        for known in (
            *numbers,
            *(one["name"] for one in sample.document["sites"]),
            *(one.zh for one in sample.register.places.values()),
        ):
            words = words.replace(str(known), "")
        words = words.replace("光刻胶", "").replace("半导体材料", "")  # as asked
        left = [line for line in words.splitlines() if HAN.search(line)]
        assert not left, left


@pytest.mark.parametrize(
    ("ident", "match"), [("a_b", "outside"), ("baoan", "unrecognised"), ("a/b", "designated"), ("L", "elsewhere")]
)
def test_every_kind_of_site_has_a_whole_dossier(mine: Case, ident: str, match: str) -> None:
    document = of(mine, ident)
    keys = ("summary", "location", "roles", "fit", "measures", "not_assessed", "sources")
    found = [one.text for one in document.blocks if isinstance(one, Heading) and one.level == 1]
    assert found == [mine.say(f"heading.{key}") for key in keys]
    if match in ("outside", "unrecognised"):
        assert record_of(mine, ident)["match"] == match
        assert not tables_of(part(mine, document, "measures"))


def test_hostile_text_stays_text_on_one_line(context: Context, lang: Lang, tmp_path: Path) -> None:
    nasty = '<w:p>#import {name}\u202e{{ 7*7 }}\x07=HYPERLINK("x")'
    columns = {"id": nasty, "name": "长" * 10_000, "街道": nasty, "field": "光刻胶"}
    shape = {"type": "Point", "coordinates": [113.85, 22.70]}
    path = tmp_path / "敌.geojson"
    features = [{"type": "Feature", "properties": columns, "geometry": shape}]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    case = make_case(context, lang, path)
    document = dossier.site(case, case.records[0])
    assert len(document.title) < 100
    (table,) = tables_of(part(case, document, "summary"))
    held = facts(table)
    shown = held[case.say("fact.id")]
    assert "{name}" in shown and "{{ 7*7 }}" in shown and "\u202e" not in shown and "\x07" not in shown
    assert "\\u202e" in held[case.say("fact.sub_district")]
    assert len(held[case.say("fact.name")]) < 400


# ---- a district --------------------------------------------------------------------------


@pytest.mark.parametrize("district", DISTRICTS)
def test_every_district_has_a_whole_dossier(sample: Case, district: str) -> None:
    document = dossier.district(sample, district)
    keys = ("summary", "location", "roles", "layout", "parks", "measures", "sites", "not_assessed", "sources")
    found = [one.text for one in document.blocks if isinstance(one, Heading) and one.level == 1]
    assert found == [sample.say(f"heading.{key}") for key in keys]
    inside = [one for one in sample.records if one["district"] == district]
    maybe = [one for one in sample.records if one["district"] != district and district in one["possible"]]
    blocks = part(sample, document, "sites")
    rows = [row for table in tables_of(blocks) for row in table.rows]
    assert sorted(row[0].split(" ")[0] for row in rows) == sorted(one["id"] for one in (*inside, *maybe))
    place = sample.register.places[district]
    name = place.zh if sample.lang == "zh" else place.en
    numbers = {"count": len(inside), "maybe": len(maybe)}
    parts = [
        sample.say(f"district.sites_lead_parts.{one}", place=name, **numbers) for one in numbers if numbers[one] > 0
    ]
    if not parts:
        assert sample.say("district.none_in_list") in said(blocks)
        return
    lead = sample.say("district.sites_lead", total=len(sample.records), parts=sample.join(parts, "piece"))
    assert lead in said(blocks)


def test_stages_and_parks_stand_with_their_clauses(sample: Case) -> None:
    document = dossier.district(sample, "guangming")
    layout = tables_of(part(sample, document, "layout"))[0]
    stages = [sample.join(["研发设计", "生产制造"] if sample.lang == "zh" else ["R&D and design", "production"])]
    assert [row[3] for row in layout.rows][:1] == stages
    parks = tables_of(part(sample, document, "parks"))[0]
    assert len(parks.rows) == sum(one.kind == "support" for one in sample.register.about("guangming"))
    shenshan = tables_of(part(sample, dossier.district(sample, "shenshan"), "parks"))[0]
    assert "危化品储运" in said([shenshan]) or sample.lang == "en"
    assert sample.say("district.layout_none") in said(dossier.district(sample, "futian").blocks)


def test_a_district_tells_its_former_parent(sample: Case) -> None:
    (table,) = tables_of(part(sample, dossier.district(sample, "longhua"), "summary"))
    parent = sample.register.places["baoan"]
    assert (parent.zh if sample.lang == "zh" else parent.en) in facts(table)[sample.say("fact.formerly")]


# ---- which, and under what name ----------------------------------------------------------


@pytest.fixture(scope="module")
def checked(context: Context, tmp_path_factory: pytest.TempPathFactory) -> pipeline.Checked:
    found = pipeline.read_sites(context, users_list(tmp_path_factory.mktemp("list")))
    return pipeline.check(context, found, DAY)


@pytest.mark.parametrize(
    ("word", "site", "district"),
    [
        ("P-1", 0, None), ("baoan", 3, None), ("site:baoan", 3, None), ("district:baoan", None, "baoan"),
        ("宝安区", None, "baoan"), ("宝安", None, "baoan"), ("Bao'an", None, "baoan"), ("DAPENG", None, "dapeng"),
        ("a/b", 1, None), ("district:深汕", None, "shenshan"),
    ],
)  # fmt: skip
def test_a_word_names_a_site_first_and_then_a_district(
    context: Context, checked: pipeline.Checked, word: str, site: int | None, district: str | None
) -> None:
    (found,) = subjects.choose(context, checked, [word])
    assert (found.site, found.district) == (site, district)


def test_all_is_every_site_and_every_district_once(context: Context, checked: pipeline.Checked) -> None:
    found = subjects.choose(context, checked, ["all", "P-1", "baoan", "district:baoan"])
    assert [one.site for one in found if one.site is not None] == [0, 1, 2, 3, 4]
    assert [one.district for one in found if one.district] == [*DISTRICTS]


def test_an_unknown_word_names_what_is_near(context: Context, checked: pipeline.Checked) -> None:
    with pytest.raises(UnknownTerm) as caught:
        subjects.choose(context, checked, ["P1"])
    assert "P-1" in caught.value.suggestions
    with pytest.raises(InputError):
        subjects.choose(context, checked, ["hetao"])


def test_more_than_the_limit_is_refused_with_the_remedy(
    context: Context, checked: pipeline.Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subjects, "MOST", 15)
    with pytest.raises(InputError) as caught:
        subjects.choose(context, checked, ["all"])
    assert "16" in caught.value.en and "parksite report" in caught.value.remedy_en


def test_names_of_files_are_safe_and_each_its_own(context: Context, checked: pipeline.Checked) -> None:
    ids = ["../con", "a/b", "a_b", "A_B", "x" * 300, "深" * 300, "nul", "", "\u202e", "沙井-1", "baoan", "..", "a\\b"]
    document = {**checked.document, "sites": [{**checked.document["sites"][0], "id": one} for one in ids]}
    found = subjects.choose(context, replace(checked, document=document), ["all"])
    stems = [one.stem for one in found]
    assert len({one.casefold() for one in stems}) == len(stems) == len(ids) + len(DISTRICTS)
    for one in stems:
        assert one and re.fullmatch(r"[\w.-]+", one) and not one.startswith(".") and len(one.encode()) < 200
    assert "沙井-1" in stems and "nul" in stems


# ---- files -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(context: Context, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two dossiers of the user's list in both formats and languages, one after the other."""
    folder = tmp_path_factory.mktemp("档案")
    found = pipeline.read_sites(context, users_list(folder))
    for words, edition in ((["P-1"], Edition("both")), (["district:baoan"], Edition("zh", ("docx",)))):
        pipeline.dossiers(context, found, DAY, words, folder / "out", edition=edition, progress=silent)
    return folder / "out"


def silent(zh: str, en: str) -> None:
    assert zh and en


def test_both_formats_and_languages_stand_in_the_folder_with_a_manifest(written: Path) -> None:
    names = {f"dossier-P-1-{lang}.{form}" for lang in LANGS for form in ("docx", "pdf")}
    names |= {"dossier-baoan.docx", "sites.rejected.csv"}
    assert {path.name for path in written.iterdir()} == names | {"manifest.json"}
    manifest = json.loads((written / "manifest.json").read_text("utf-8"))
    assert set(manifest["files"]) == names
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((written / name).read_bytes()).hexdigest() == digest
    assert manifest["as_of"] == DAY.isoformat() and manifest["sample"] is False
    assert (written / "dossier-P-1-zh.pdf").read_bytes().startswith(b"%PDF-")


def test_the_word_file_says_what_the_blocks_say(context: Context, written: Path, tmp_path: Path) -> None:
    case = make_case(context, "zh", users_list(tmp_path))
    with zipfile.ZipFile(written / "dossier-P-1-zh.docx") as archive:
        text = "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", archive.read("word/document.xml").decode()))
    record = record_of(case, "P-1")
    for words in (record["explanation"]["zh"], "沙井街道", "公顷", "亩", "未评估", "深工信规〔2023〕11号"):
        assert words in text


def test_the_same_input_gives_the_same_bytes(context: Context, written: Path, tmp_path: Path) -> None:
    found = pipeline.read_sites(context, users_list(tmp_path))
    pipeline.dossiers(context, found, DAY, ["P-1"], tmp_path / "out", edition=Edition("both"), progress=silent)
    for name in (f"dossier-P-1-{lang}.{form}" for lang in LANGS for form in ("docx", "pdf")):
        assert (tmp_path / "out" / name).read_bytes() == (written / name).read_bytes(), name


def test_a_file_that_is_not_ours_is_not_replaced(context: Context, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "dossier-baoan.docx").write_text("mine", encoding="utf-8")
    found = pipeline.read_sites(context, None)
    with pytest.raises(OutputExists):
        pipeline.dossiers(context, found, DAY, ["baoan"], out, edition=Edition(formats=("docx",)), progress=silent)
    assert [path.name for path in out.iterdir()] == ["dossier-baoan.docx"]


def test_a_failure_midway_writes_nothing(context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from geo.dossier import word

    def fail(*given: object, **named: object) -> None:
        raise InputError("no", "否")

    monkeypatch.setattr(word, "write", fail)
    found = pipeline.read_sites(context, None)
    with pytest.raises(InputError):
        pipeline.dossiers(context, found, DAY, ["baoan"], tmp_path / "out", progress=silent)
    assert not (tmp_path / "out").exists() and not list(tmp_path.iterdir())


# ---- the command -------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, [str(one) for one in words])


def test_the_commands_write_where_they_are_called(run: Callable[..., Result], tmp_path: Path) -> None:
    path = users_list(tmp_path)
    common = ("--sites", path, "--as-of", "2026-11-22", "--format", "docx")
    result = run("dossier", "P-1", "宝安区", *common)
    assert result.exit_code == 1  # a row was rejected, another not recognised
    assert result.stdout == "" and "无位置" not in result.stderr and "拒绝：N" in result.stderr
    assert {one.name for one in (tmp_path / "dossiers").glob("*.docx")} == {"dossier-P-1.docx", "dossier-baoan.docx"}
    assert (tmp_path / "dossiers" / "sites.rejected.csv").is_file()


@pytest.mark.parametrize(
    "words",
    [
        ("dossier", "nope"), ("dossier", "all", "--sites", "missing.csv"),
        ("dossier", "baoan", "--template", "no.docx"),
        ("report", "--template", "no.docx"), ("dossier",), ("dossier", "baoan", "--format", "odt"),
        ("dossier", "baoan", "--template", "no.docx", "--format", "pdf"),
    ],
)  # fmt: skip
def test_a_wrong_call_ends_with_one_message_and_writes_nothing(
    run: Callable[..., Result], tmp_path: Path, words: tuple[str, ...]
) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output and (result.stderr.strip())
    assert not list(tmp_path.iterdir())


def test_a_picture_stands_in_the_dossier_that_it_belongs_to(context: Context, lang: Lang, tmp_path: Path) -> None:
    pictures = {"site-sheet/24": tmp_path / "a.png", "district-sheet/baoan": tmp_path / "b.png"}
    case = make_case(context, lang, pictures=pictures)
    for document, path in ((of(case, "S25"), "a.png"), (dossier.district(case, "baoan"), "b.png")):
        (shown,) = [one for one in document.blocks if isinstance(one, Picture)]
        assert shown.path.name == path and shown.caption and shown.alt and not shown.landscape
    assert case.say("common.picture_missing") in said(of(case, "S26").blocks)


def test_an_english_edition_has_the_english_names_of_the_list(sample: Case) -> None:
    document = of(sample, "S25")
    (table,) = tables_of(part(sample, document, "summary"))
    name = facts(table)[sample.say("fact.name")]
    assert name == ("西乡候选点" if sample.lang == "zh" else "Xixiang candidate (西乡候选点)")
    assert ("Xixiang" in document.title) == (sample.lang == "en")
