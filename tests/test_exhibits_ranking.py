"""Sheets of a ranking against the document that they are drawn from, and beside pictures that were looked at.

After a wanted change: `pytest tests/test_exhibits_ranking.py --baselines`, then look at every
picture in tests/baselines/ranking before it is committed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from PIL import Image
from ranking_by_hand import ORDER, RESULTS, UTILITIES, WEIGHTS, made_ranking

from geo import exhibits, pipeline
from geo.cli.exhibit import command
from geo.errors import GeoError, InputError
from geo.exhibits.pen import UNDER
from geo.pipeline import Context, printing

DAY = date(2026, 11, 22)
BASELINES = Path(__file__).parent / "baselines" / "ranking"
SHEETS = {"ranking": "", "constraints": "", "acceptability": "", "suitability": "0"}  # the subject is S01
DPI = 40
_FAR, _SHARE = 48, 0.004  # as in test_exhibits_baselines
Draw = Callable[..., Any]


@pytest.fixture(scope="module")
def scene(context: Context) -> exhibits.Scene:
    found = pipeline.read_sites(context, None)
    checked = pipeline.check(context, found, DAY)
    return printing.scene(context, checked, DAY, sample=True, ranking=made_ranking(checked.document))


@pytest.fixture(scope="module")
def draw(context: Context, scene: exhibits.Scene) -> Draw:
    """Draw a shipped sheet, from another document if one is given."""
    kept: dict[Any, Any] = {}

    def made(name: str, lang: Any = "zh", ranking: Any = None, **how: Any) -> Any:
        key = (name, lang, *how.items()) if ranking is None else None
        if key is None or key not in kept:
            spec = exhibits.read(context.settings, name)
            own = scene if ranking is None else replace(scene, ranking=ranking)
            drawn = exhibits.draw(spec, own, lang=lang, **({"subject": SHEETS[name]} | how))
            if key is None:
                return drawn
            kept[key] = drawn
        return kept[key]

    return made


def texts(figure: Any) -> list[str]:
    return [one.get_text() for one in figure.findobj(Text) if one.get_gid() != UNDER and one.get_text()]


def rows(figure: Any) -> list[list[str]]:
    """Texts of the page that share a base line, from the top down, each row from the left."""
    held: dict[float, list[Any]] = {}
    for one in figure.findobj(Text):
        if one.get_gid() != UNDER and one.get_text():
            held.setdefault(round(one.get_position()[1], 2), []).append(one)
    ordered = sorted(held.items(), reverse=True)
    return [[one.get_text() for one in sorted(row, key=lambda text: text.get_position()[0])] for _, row in ordered]


def holds(table: list[list[str]], *wanted: str) -> bool:
    """Whether some row has these texts beside one another."""
    many = len(wanted)
    return any(tuple(row[at : at + many]) == wanted for row in table for at in range(len(row) - many + 1))


def upright(figure: Any) -> list[Any]:
    """Texts that stand on end, from the left."""
    found = [
        one for one in figure.findobj(Text) if one.get_rotation() == 90 and one.get_gid() != UNDER and one.get_text()
    ]
    return sorted(found, key=lambda one: one.get_position()[0])


def areas(figure: Any, name: str) -> list[Any]:
    """Extents in millimetres of the areas of a name."""
    found = [one for one in figure.findobj(PathPatch) if one.get_gid() == name]
    return [one.get_path().get_extents() for one in found]


def points(figure: Any, name: str) -> list[tuple[float, float]]:
    """Where the symbols of a name stand."""
    lines = [one for one in figure.findobj(Line2D) if one.get_gid() == name]
    return [tuple(xy) for one in lines for xy in np.asarray(one.get_xydata()).tolist()]


def ranked(document: Any) -> list[Any]:
    return [one for one in document["sites"] if one["rank"]]


@pytest.mark.parametrize(("how", "lang"), [({"paper": "A4"}, "both"), ({}, "en")])
@pytest.mark.parametrize("name", SHEETS)
def test_no_text_lies_on_another_or_off_the_paper(name: str, how: dict[str, str], lang: str, draw: Draw) -> None:
    figure = draw(name, lang, **how)
    assert exhibits.overlaps(figure) == []
    renderer = figure.canvas.get_renderer()
    wide, high = figure.get_size_inches() * figure.dpi
    for one in figure.findobj(Text):
        if one.get_text():
            box = one.get_window_extent(renderer)
            assert box.x0 > 0 and box.y0 > 0 and box.x1 < wide and box.y1 < high, one.get_text()


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sheet_says_on_what_it_rests(name: str, lang: str, draw: Draw, scene: exhibits.Scene) -> None:
    said = "".join(texts(draw(name, lang))).replace(" ", "")
    wanted = {
        "zh": ["试验园区", "版本7", "0123456789ab", "加权求和", "直接赋权", "港口（searoute1.6.0）",
               "生态保护红线、高程", "示例", "内部工作用图"],
        "en": ["Madepark", "version7", "0123456789ab", "weightedsum", "weightsgivendirectly", "Ports(searoute1.6.0)",
               "Ecologicalredline;Elevation", "samplesites", "Internalworking"],
    }[lang]  # fmt: skip
    wanted += [str(DAY), str(scene.register.version), *(f"{one:.3g}" for one in WEIGHTS.values())]
    number = {"ranking": "12", "constraints": "13", "acceptability": "14", "suitability": "15-1"}[name]
    wanted.append(f"图{number}" if lang == "zh" else f"Figure{number}")
    assert [one for one in wanted if one not in said] == []


@pytest.mark.parametrize("name", SHEETS)
def test_what_a_users_hand_changed_is_told(name: str, draw: Draw) -> None:
    subject = {"suitability": "3"}.get(name, "")
    said = "".join(texts(draw(name, "zh", subject=subject)))
    assert "张三" in said and "已实地踏勘" in said
    assert said.count("人工认定：") == (1 if name == "suitability" else 2)


def test_the_table_of_the_ranking_is_the_documents(draw: Draw, scene: exhibits.Scene) -> None:
    table = rows(draw("ranking"))
    for one in ranked(scene.ranking):
        low, high = f"{one['score_low']:.3f}", f"{one['score_high']:.3f}"
        span = low if low == high else f"{low}–{high}"
        places = str(one["rank_best"])
        assert holds(table, str(one["rank"]), f"{one['id']} {one['name']}", f"{one['score']:.3f}", span, places)
    failed = {"S03": "产业定位符合、与居住用地的距离", "S07": "与居住用地的距离", "S08": "产业定位符合"}
    names = {one["id"]: one["name"] for one in scene.records}
    for site, rules in failed.items():
        assert holds(table, f"{site} {names[site]}", rules)
    assert "排序（5个参与，共8个）" in texts(draw("ranking")) and "排除的选址点（3个）" in texts(draw("ranking"))


def test_sites_are_numbered_by_rank_and_their_symbols_tell_the_status(draw: Draw, scene: exhibits.Scene) -> None:
    figure = draw("ranking")
    counts = Counter(one["status"] for one in scene.ranking["sites"])
    assert counts == {"open": 3, "eligible": 2, "excluded": 3}
    markers = {}
    for status, count in counts.items():
        held = [one for one in figure.findobj(Line2D) if one.get_gid() == f"sites-{status}"]
        assert sum(len(one.get_xydata()) for one in held) == count
        markers[status] = held[0].get_marker()
    assert len(set(markers.values())) == 3  # told apart without colour
    said = texts(figure)
    assert {"合格（2）", "待定（3）", "排除（3）"} <= set(said)
    labels = [one for one in figure.findobj(Text) if one.get_text() in set("12345") and one.get_fontsize() == 7.4]
    assert {one.get_text() for one in labels} == set("12345")


def test_the_matrix_has_every_result_at_its_place(draw: Draw, scene: exhibits.Scene) -> None:
    figure = draw("constraints")
    order = [*ORDER, "S03", "S07", "S08"]
    heads = upright(figure)
    assert [one.get_text().split()[0] for one in heads] == order
    columns = np.array([one.get_position()[0] for one in heads])
    found = {
        (x, y): key
        for key in ("pass", "fail", "requires_assessment", "not_assessed")
        for x, y in points(figure, f"result-{key}")
    }
    lines = sorted({round(y, 3) for _, y in found}, reverse=True)[1:]  # the first is the head of the tally
    assert len(lines) == 4
    for number, y in enumerate(lines):
        row = sorted((x, key) for (x, at), key in found.items() if round(at, 3) == y)
        assert [key for _, key in row] == [RESULTS[one][number] for one in order]
        assert np.abs(np.array([x for x, _ in row]) - columns).max() < 1.5
    table = rows(figure)
    for number in range(4):
        tally = Counter(RESULTS[one][number] for one in RESULTS)
        wanted = [str(tally[one]) for one in ("pass", "fail", "requires_assessment", "not_assessed")]
        assert any(row[-4:] == wanted for row in table), wanted
    assert "缺图层：生态保护红线" in texts(figure)
    total = Counter(one for each in RESULTS.values() for one in each)
    words = {"pass": "符合", "fail": "不符合", "requires_assessment": "需论证", "not_assessed": "未评估"}
    assert {f"{words[key]}（{count}）" for key, count in total.items()} <= set(texts(figure))


def test_the_bars_of_acceptability_are_as_long_as_their_shares(draw: Draw, scene: exhibits.Scene) -> None:
    figure = draw("acceptability")
    for one in ranked(scene.ranking):
        robust = one["robust"]
        spans = [areas(figure, f"share-{one['id']}-{rank}")[0].width for rank in range(1, 6)]
        assert np.array(spans) / sum(spans) == pytest.approx(robust["acceptability"], abs=1e-6)
        wanted = [
            str(one["rank"]),
            f"{one['id']} {one['name']}",
            f"{robust['expected_rank']:.2f}",
            f"{robust['confidence']:.3f}",
        ]
        assert any(row[:4] == wanted for row in rows(figure)), wanted
    said = "".join(texts(figure))
    assert "10,000" in said and "种子3" in said and "权重均匀抽取" in said
    assert {"第1名", "第2名", "第3名", "第4名", "第5名"} <= set(texts(figure)) and "第6名" not in said


def test_ranks_that_the_document_leaves_out_belong_to_the_last_bar(draw: Draw, scene: exhibits.Scene) -> None:
    """Of nine sites the document has shares of two ranks only."""
    document: Any = scene.ranking
    one = ranked(document)[0]
    robust = {**one["robust"], "acceptability": [0.3, 0.2]}
    sites = [{**one, "id": f"X{at}", "rank": at, "robust": robust} for at in range(1, 10)]
    figure = draw("acceptability", ranking={**document, "sites": sites})
    whole = [areas(figure, f"share-X1-{band}") for band in range(1, 7)]
    spans = np.array([each[0].width if each else 0.0 for each in whole])
    assert spans[[0, 1]] / spans.sum() == pytest.approx([0.3, 0.2], abs=1e-6)
    assert spans.sum() == pytest.approx(areas(figure, "share-X9-1")[0].width / 0.3, rel=1e-6)


def test_the_bars_of_a_site_are_its_contributions(draw: Draw) -> None:
    figure = draw("suitability")
    widths = {key: areas(figure, f"weight-{key}")[0].width for key in WEIGHTS}
    scale = widths["role-fit"] / WEIGHTS["role-fit"]
    for number, (key, weight) in enumerate(WEIGHTS.items()):
        given = UTILITIES["S01"][number]
        low, high = given if isinstance(given, tuple) else (given, given)
        assert widths[key] == pytest.approx(scale * weight)
        part, span = areas(figure, f"part-{key}"), areas(figure, f"range-{key}")
        assert sum(one.width for one in part) == pytest.approx(scale * weight * low)
        assert sum(one.width for one in span) == pytest.approx(scale * weight * (high - low))
    assert {"0.000–", "1.000", "0.100"} <= set(texts(figure))


def test_the_fall_leads_from_the_best_score_to_the_own(draw: Draw, scene: exhibits.Scene) -> None:
    """From S02 (0.89) to S01 (0.72): −0.04, −0.03, −0.02 and −0.08, end to end."""
    figure = draw("suitability")
    assert {"0.890", "0.720", "−0.040", "−0.030", "−0.020", "−0.080"} <= set(texts(figure))
    bars = [areas(figure, f"loss-{key}")[0] for key in WEIGHTS]
    widths = np.array([one.width for one in bars])
    assert widths / widths.sum() == pytest.approx(np.array([0.04, 0.03, 0.02, 0.08]) / 0.17, abs=1e-6)
    for one, other in pairwise(bars):
        assert other.x1 == pytest.approx(one.x0) and other.y1 < one.y0
    best = draw("suitability", subject="1")
    assert "本选址点居首" in texts(best) and not areas(best, "loss-port")
    out = draw("suitability", subject="2")
    assert "未参与排序，不作比较" in texts(out) and "不参与排序，无得分。" in texts(out)
    assert "应改变：须再远 150 m" in texts(out) and "实测 350 m，不小于 500 m，余量 −150 m" in texts(out)


def test_a_fall_that_does_not_add_up_says_so(draw: Draw, scene: exhibits.Scene) -> None:
    document: Any = scene.ranking
    sites = [{**one, "waterfall_exact": False} for one in document["sites"]]
    said = texts(draw("suitability", ranking={**document, "sites": sites}))
    assert "不等于得分之差" in "".join(said) and "本选址点得分" not in said


def test_what_has_no_room_is_counted(draw: Draw, scene: exhibits.Scene) -> None:
    document: Any = scene.ranking
    rules = [{**one, "id": f"{one['id']}-{at}"} for at in range(12) for one in document["constraints"]]
    many = []
    for at in range(100):
        one = document["sites"][at % 8]
        more = {"rank": at + 1, "status": "open", "robust": document["sites"][0]["robust"], "score": 0.5}
        found = [{**each, "id": rule["id"]} for each, rule in zip(one["constraints"] * 12, rules, strict=True)]
        many.append({**one, **more, "id": one["id"] if at < 8 else f"X{at}", "constraints": found})
    crowded = {**document, "sites": many, "constraints": rules}
    for name in ("acceptability", "suitability"):
        assert exhibits.overlaps(draw(name, ranking=crowded)) == []
    matrix = draw("constraints", ranking=crowded, paper="A4")
    shown = len(upright(matrix))
    assert f"另有{100 - shown}个选址点因篇幅未列出；合计含全部选址点。" in texts(matrix)
    titles = sum(one.startswith(tuple(each["title_zh"] for each in document["constraints"])) for one in texts(matrix))
    assert f"另有{48 - titles}项约束因篇幅未列出。" in texts(matrix)
    table = draw("ranking", ranking=crowded, paper="A4")
    rest = next(one for one in texts(table) if one.startswith("另有 "))
    named = {f"{one['id']} {one['name']}" for one in many}
    listed = sum(one in named for one in texts(table))
    assert rest == f"另有 {100 - listed} 个选址点因篇幅未列出"


def test_a_model_without_constraints_and_a_list_without_a_ranked_site(draw: Draw, scene: exhibits.Scene) -> None:
    document: Any = scene.ranking
    bare = {**document, "constraints": [], "sites": [{**one, "constraints": []} for one in document["sites"]]}
    assert "模型未设约束。" in texts(draw("constraints", ranking=bare))
    assert "约束（0项）" in texts(draw("suitability", ranking=bare))
    none = {**document, "sites": [one for one in document["sites"] if not one["rank"]]}
    assert "没有选址点参与排序。" in texts(draw("ranking", ranking=none))
    assert any("无稳健性分析" in one for one in texts(draw("acceptability", ranking=none)))


def test_a_users_words_that_the_font_lacks_are_shown_as_boxes(draw: Draw, scene: exhibits.Scene) -> None:
    document: Any = scene.ranking
    strange = "😀" + "很长的名称" * 12 + " $x^2$ <b>"
    sites = [{**one, "name": strange} for one in document["sites"]]
    rules = [{**one, "title_zh": strange, "title_en": strange} for one in document["constraints"]]
    for name in ("constraints", "suitability"):
        figure = draw(name, "zh", ranking={**document, "sites": sites, "constraints": rules})
        assert exhibits.overlaps(figure) == [] and any("□" in one for one in texts(figure))


@pytest.mark.parametrize("name", SHEETS)
def test_without_a_ranking_a_sheet_says_what_it_needs(name: str, context: Context, scene: exhibits.Scene) -> None:
    spec = exhibits.read(context.settings, name)
    with pytest.raises(InputError) as error:
        exhibits.draw(spec, replace(scene, ranking=None), subject=SHEETS[name])
    assert "--model" in str(error.value.remedy_en) and "--model" in str(error.value.remedy_zh)
    with pytest.raises(GeoError, match="for another"):
        exhibits.draw(replace(spec, as_of=date(2020, 1, 1)), scene, subject=SHEETS[name])


def test_the_shipped_sheets_without_a_model_are_as_before(context: Context) -> None:
    plain, every = (exhibits.names(context.settings, ranked=one) for one in (False, True))
    assert every == [*plain, *SHEETS] and len(plain) == 11


def test_the_command_line_names_them_with_a_model_and_refuses_without() -> None:
    said = CliRunner().invoke(command, ["--list", "--model", "new-materials-park"])
    assert [line.split("\t")[1] for line in said.stdout.splitlines()][-4:] == list(SHEETS)
    alone = CliRunner().invoke(command, ["--overrides", "x.csv"])
    assert alone.exit_code == 2 and "--model" in alone.stderr


def test_the_command_line_draws_by_a_shipped_model(tmp_path: Path) -> None:
    words = ["suitability", "--of", "S01", "--model", "new-materials-park", "--as-of", str(DAY)]
    done = CliRunner().invoke(command, [*words, "--out", str(tmp_path / "out"), "--dpi", "50", "--paper", "A4"])
    assert done.exit_code == 0, done.stderr
    assert {one.name for one in (tmp_path / "out").glob("*.png")} == {"suitability-S01.png"}
    assert "models/new-materials-park.yaml" in (tmp_path / "out" / "manifest.json").read_text("utf-8")


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_looks_as_it_did(name: str, draw: Draw, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    (path,) = exhibits.save(draw(name), tmp_path / name, ("png",), DPI)
    drawn = Image.open(path).convert("RGB")
    kept = BASELINES / f"{name}.png"
    if request.config.getoption("--baselines"):
        kept.parent.mkdir(exist_ok=True)
        drawn.save(kept, optimize=True)
    now, then = (np.asarray(one.convert("RGB"), dtype=int) for one in (drawn, Image.open(kept)))
    assert now.shape == then.shape
    assert float((np.abs(now - then).max(axis=2) > _FAR).mean()) < _SHARE


def test_the_same_bytes_come_out_again(context: Context, scene: exhibits.Scene, tmp_path: Path) -> None:
    """As an SVG, which holds all that is drawn; the other formats are tested with the other sheets."""
    made = []
    for number in "12":
        figure = exhibits.draw(exhibits.read(context.settings, "constraints"), scene)
        (path,) = exhibits.save(figure, tmp_path / number, ("svg",))
        made.append(path.read_bytes())
    assert made[0] == made[1] and "试验园区" in made[0].decode("utf-8")
