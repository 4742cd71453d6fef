"""The map with a ranking: sliders that re-rank as the command line would, reasons on the card, words that stay text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pages import DAY, Opened, open_page, rendered, until
from test_map_access import AXE, GRAVE

from geo import pipeline, tables
from geo.pipeline import Context
from geo.pipeline.models import read_model
from geo.pipeline.ranking import Question, rank
from geo.suitability import aggregation, schemes, smaa
from geo.webmap.ranking import ranking_data

Floats = NDArray[np.float64]
Document = dict[str, Any]
CASES, SEED = 360, 20261122
HOSTILE = "<img src=x onerror=window.hit=1>"
FAILED, PASSED = ("S03", "S08"), ("S12", "S19", "S20", "S22")
NEAR = 1e-12


# ---- every method, against the command line's own code ----------------------------------


@dataclass(frozen=True)
class Case:
    spec: schemes.Aggregation
    low: Floats
    high: Floats
    weights: Floats

    def request(self) -> list[Any]:
        """What the page is asked: method, columns, weights."""
        parameters = {key: value for key, value in vars(self.spec).items() if not key.startswith("_")}
        method = parameters.pop("method")
        return [
            {"method": method, "parameters": parameters},
            self.low.T.tolist(),
            self.high.T.tolist(),
            self.weights.tolist(),
        ]


def scheme(number: int, criteria: int, rng: np.random.Generator) -> schemes.Aggregation:
    """Methods in turn, with drawn parameters."""
    q, p = sorted(rng.choice([0.0, 0.05, 0.2, 0.5, 1.0], 2))
    made: list[schemes.Aggregation] = [
        schemes.Simple(method="weighted_sum"),
        schemes.Simple(method="weighted_product"),
        schemes.Topsis(method="topsis", normalisation="vector"),
        schemes.Topsis(method="topsis", normalisation="min_max"),
        schemes.Topsis(method="topsis", normalisation="none"),
        schemes.Owa(method="owa", order=tuple(rng.random(criteria) * (rng.random(criteria) < 0.8) + 0.01)),
        schemes.Promethee(method="promethee", q=q, p=p),
        schemes.Promethee(method="promethee", q=0.0, p=0.0),
        schemes.Vikor(method="vikor", v=float(rng.choice([0.0, 0.5, 1.0, rng.random()]))),
    ]
    return made[number % len(made)]


def utilities(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Lowest and highest utilities: fine or coarse, so that sites tie; some columns constant, some values missing."""
    shape = (int(rng.integers(1, 25)), int(rng.integers(1, 10)))
    low = rng.random(shape) if rng.random() < 0.5 else rng.integers(0, 5, shape) / 4
    low[:, rng.random(shape[1]) < 0.1] = rng.choice([0.0, 0.3, 1.0])
    missing = rng.random(shape) < rng.choice([0.0, 0.0, 0.2])
    return np.where(missing, 0.0, low), np.where(missing, 1.0, low)


def drawn_cases() -> list[Case]:
    rng = np.random.default_rng(SEED)
    found = []
    for number in range(CASES):
        low, high = utilities(rng)
        count = low.shape[1]
        weights = rng.random(count) * (rng.random(count) < 0.85) if rng.random() < 0.7 else np.ones(count)
        weights = weights if weights.sum() > 0 else np.ones(count)
        found.append(Case(scheme(number, count, rng), low, high, weights / weights.sum()))
    return found


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return drawn_cases()


def test_every_method_gives_the_scores_and_ranks_of_the_command_line(opened: Opened, cases: list[Case]) -> None:
    assert len(cases) >= 300 and sum(bool((one.low < one.high).any()) for one in cases) >= 60
    answers = opened.page.evaluate(
        """cases => cases.map(one => Object.fromEntries(Object.entries(parksite.rankSites(...one))
            .map(([name, list]) => [name, list && [...list]])))""",
        [one.request() for one in cases],
    )
    tied = 0
    for case, got in zip(cases, answers, strict=True):
        score = aggregation.aggregate(case.spec, case.low, case.weights)
        ranks = aggregation.ranks(score)
        tied += len(set(ranks.tolist())) < len(ranks)
        assert np.abs(score - got["score"]).max() <= NEAR, case
        assert ranks.tolist() == got["rank"], case
        if case.spec.method == "weighted_sum":
            assert score.tolist() == got["score"]  # to the last bit
        sampled = aggregation.depends_on_others(case.spec) and bool((case.low < case.high).any())
        assert (got["rankBest"] is None) == sampled
        if not sampled:
            names = [str(at) for at in range(len(score))], [str(at) for at in range(case.low.shape[1])]
            wanted = smaa.intervals(case.spec, case.low, case.high, case.weights, *names)
            assert np.abs(wanted.score_high - got["scoreHigh"]).max() <= NEAR
            assert wanted.rank_best.tolist() == got["rankBest"], case
            assert wanted.rank_worst.tolist() == got["rankWorst"], case
    assert tied >= 50


# ---- a page with a ranking --------------------------------------------------------------


@pytest.fixture(scope="module")
def checked(context: Context) -> pipeline.Checked:
    return pipeline.check(context, pipeline.read_sites(context, None), DAY)


@pytest.fixture(scope="module")
def document(context: Context, checked: pipeline.Checked, tmp_path_factory: pytest.TempPathFactory) -> Document:
    """The sample sites by a shipped model; by hand two fail a rule and four pass all of them."""
    rules = [one.id for one in read_model(context.settings, context.register, "new-materials-park").constraints]
    rows = [(site, rules[0], "fail", HOSTILE, "踏勘") for site in FAILED]
    rows += [(site, rule, "pass", "王工", HOSTILE) for site in PASSED for rule in rules]
    path = tmp_path_factory.mktemp("认定") / "overrides.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("site", "rule", "result", "by", "reason"), *rows])
    return rank(context, checked, Question(("new-materials-park",), path, draws=20), lambda zh, en: None)


@pytest.fixture(scope="module")
def page(
    context: Context, checked: pipeline.Checked, document: Document, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("图") / "ranking.html"
    path.write_text(rendered(context, checked, ranking=document, table=tables.COLUMNS), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shared(browser: Any, page: Path) -> Iterator[Opened]:
    found = open_page(browser, page, reduced_motion="reduce", accept_downloads=True)
    yield found
    found.close()


FRESH = {
    "lang": "zh", "scheme": "light", "panel": "ranking", "weights": None, "selection": None, "date": str(DAY),
    "siteColour": "rank",
}  # fmt: skip


@pytest.fixture
def opened(shared: Opened) -> Iterator[Opened]:
    """The page as new, and without an error once the test is over."""
    shared.state(**FRESH)
    yield shared
    assert shared.errors == [] and shared.failed == []
    assert shared.page.evaluate("window.hit") is None


def listed(opened: Opened) -> list[str]:
    """Ids of the ranked sites, as the pane lists them."""
    found: list[str] = opened.page.evaluate(
        "[...document.querySelectorAll('ol.ps-ranks .ps-rank')].map(one => parksite.app.ranking.ids[one.dataset.at])"
    )
    return found


def weigh(opened: Opened, criterion: str, weight: float) -> None:
    """Put a number into the box of a weight."""
    at = opened.page.evaluate("id => parksite.app.ranking.criteria.findIndex(one => one.id === id)", criterion)
    box = opened.page.locator(f"#ps-weight-number-{at}")
    if not box.is_visible():
        opened.page.click("#ps-weights > summary")
    box.fill(str(weight))
    box.press("Enter")


def select(opened: Opened, site: str) -> None:
    row = opened.page.evaluate("id => parksite.app.ranking.rows[parksite.app.ranking.ids.indexOf(id)]", site)
    opened.state(selection={"kind": "site", "list": "file", "row": row})


def by_python(document: Document, weights: dict[str, float]) -> dict[str, tuple[float, int]]:
    """Score and rank by site under other weights, from the document's utilities."""
    sites = sorted((one for one in document["sites"] if one["rank"] is not None), key=lambda one: str(one["id"]))
    low = np.array([[one["low"] for one in site["criteria"]] for site in sites])
    given = np.array([weights[one["id"]] for one in document["criteria"]])
    spec = schemes.Simple(method=document["aggregation"]["method"])
    score = aggregation.aggregate(spec, low, given / given.sum())
    return {
        site["id"]: pair
        for site, pair in zip(sites, zip(score.tolist(), aggregation.ranks(score).tolist(), strict=True), strict=True)
    }


def test_the_page_opens_with_the_order_of_the_document(opened: Opened, document: Document) -> None:
    assert listed(opened) == [one["id"] for one in document["sites"] if one["rank"] is not None]
    assert document["summary"]["excluded"] == 2 and document["summary"]["eligible"] == 4
    head = opened.text("#ps-panel-ranking .ps-rank-head")
    for word in (document["model"]["title_zh"], document["weighting"]["zh"], "示例选址点", "合格", "待定", "排除"):
        assert word in head
    assert "排除的选址（2）" in opened.text("#ps-rank-excluded summary")
    assert "缺少的图层" in opened.text("#ps-panel-ranking .ps-rank-rest")
    assert not opened.page.locator(".ps-rank-changed").first.is_visible()
    assert (
        opened.page.locator("ol.ps-ranks .ps-rank").first.inner_text().count(f"{document['sites'][0]['score']:.3f}")
        >= 1
    )


def test_a_story_of_weights(opened: Opened, document: Document) -> None:
    before = listed(opened)
    weigh(opened, "airport", 95)
    weigh(opened, "role-fit", 1)
    until(lambda: listed(opened) != before)
    weights = opened.page.evaluate("parksite.app.state.get('weights')")
    wanted = by_python(document, weights)
    got = opened.page.evaluate(
        """() => { const {ids, ranked} = parksite.app.ranking; const {score, rank} = parksite.app.state.get('standing');
        return Object.fromEntries(ranked.map(at => [ids[at], [score[at], rank[at]]])); }"""
    )
    assert {one: tuple(pair) for one, pair in got.items()} == wanted
    assert listed(opened) == sorted(wanted, key=lambda one: (wanted[one][1], one))
    for place in (".ps-rank-changed", ".ps-caption-weights"):
        assert "权重已由您调整" in opened.text(place)
    assert opened.page.locator(".ps-rank-first").count() == 0, "the draws were of the model's weights"
    last = listed(opened)[-1]
    select(opened, last)
    until(lambda: opened.page.locator(".ps-waterfall").is_visible())
    card = opened.text(".ps-suit-fold")
    assert "权重已由您调整" in card and f"{wanted[last][0]:.3f}" in card and "首位：" in card
    assert "居首可能性" not in card and "期望名次" not in card and "抽样所得的各项可能性仅对模型权重成立" in card
    assert "抽样所见" not in card, "intervals of changed weights are exact"
    assert opened.page.locator(".ps-waterfall li").count() == len(document["criteria"]) + 2
    opened.page.click("#ps-rank-reset")
    until(lambda: listed(opened) == before)
    assert "权重已由您调整" not in opened.text(".ps-suit-fold") and "居首可能性" in opened.text(".ps-suit-fold")
    assert opened.page.locator(".ps-rank-first").count() > 0
    assert opened.page.evaluate("document.activeElement.id") == "ps-tab-ranking"


def test_a_slider_is_moved_by_the_keyboard_and_says_its_share(opened: Opened) -> None:
    slider = opened.page.locator("#ps-weight-0")
    if not slider.is_visible():
        opened.page.click("#ps-weights > summary")
    slider.focus()
    slider.press("Home")
    until(lambda: opened.page.evaluate("parksite.app.state.get('standing').changed"))
    assert opened.page.evaluate("Object.values(parksite.app.state.get('weights'))[0]") == 0
    assert slider.get_attribute("aria-valuetext") == "0，占 0.0 %"
    assert opened.page.locator(".ps-weight-share").first.inner_text() == "0.0 %"
    shares = opened.page.evaluate("parksite.app.state.get('standing').weights")
    assert abs(sum(shares) - 1) < NEAR
    until(lambda: "名次与模型权重下不同" in opened.text("#ps-live"))


@pytest.mark.parametrize("odd", ["-3", "1000", ""])
def test_a_weight_that_cannot_be_used_goes_back(opened: Opened, odd: str) -> None:
    before = opened.page.input_value("#ps-weight-number-0")
    weigh(opened, "role-fit", odd)  # type: ignore[arg-type]
    assert opened.page.input_value("#ps-weight-number-0") == before
    assert opened.page.evaluate("parksite.app.state.get('weights')") is None


def test_weights_not_all_zero(opened: Opened, document: Document) -> None:
    for one in document["criteria"]:
        weigh(opened, one["id"], 0)
    weights = opened.page.evaluate("parksite.app.state.get('weights')")
    assert [one for one, weight in weights.items() if weight] == [document["criteria"][-1]["id"]]


def test_the_link_restores_the_weights(opened: Opened) -> None:
    weigh(opened, "port", 77.25)
    until(lambda: "port:77.25" in opened.page.evaluate("location.hash"))
    fragment, order = opened.page.evaluate("location.hash"), listed(opened)
    weights = opened.page.evaluate("parksite.app.state.get('weights')")
    opened.state(weights=None)
    until(lambda: "weights=" not in opened.page.evaluate("location.hash"))
    opened.page.evaluate("hash => { location.hash = hash; }", fragment)
    until(lambda: opened.page.evaluate("parksite.app.state.get('weights') !== null"))
    assert opened.page.evaluate("parksite.app.state.get('weights')") == weights and weights["port"] == 77.25
    assert listed(opened) == order


def saved(opened: Opened) -> list[dict[str, str]]:
    with opened.page.expect_download() as saving:
        opened.page.click("#ps-save-ranking")
    return list(csv.DictReader(io.StringIO(Path(saving.value.path()).read_text("utf-8-sig"))))


def test_the_saved_table_says_whose_weights_it_holds(opened: Opened, document: Document) -> None:
    rows = saved(opened)
    assert [row["id"] for row in rows] == [one["id"] for one in document["sites"]]
    assert {row["weights_zh"] for row in rows} == {"模型权重"}
    for row, site in zip(rows, document["sites"], strict=True):
        assert row["rank"] == str(site["rank"] or "") and row["status"] == site["status"]
        assert [row[f"result_{one['id'].replace('-', '_')}"] for one in site["constraints"]] == [
            one["result"] for one in site["constraints"]
        ]
        assert float(row["score"] or 0) == (site["score"] or 0)
    assert any(row["acceptability_1"] for row in rows)
    weigh(opened, "port", 90)
    until(lambda: opened.page.evaluate("parksite.app.state.get('standing').changed"))
    rows = saved(opened)
    assert {row["weights_zh"] for row in rows} == {"权重已由使用者调整，非模型权重"}
    assert not any(row["acceptability_1"] for row in rows)


def test_the_card_gives_every_reason(opened: Opened, document: Document) -> None:
    site = next(one for one in document["sites"] if one["status"] == "open" and one["rank"] > 1)
    select(opened, site["id"])
    until(lambda: opened.page.locator(".ps-suit-fold").is_visible())
    opened.page.evaluate("document.querySelectorAll('.ps-suit-fold details').forEach(one => { one.open = true; })")
    card = opened.text(".ps-suit-fold")
    for rule, one in zip(document["constraints"], site["constraints"], strict=True):
        for said in (rule["title_zh"], rule["threshold_zh"], rule["source_zh"], one["note_zh"], one["change_zh"]):
            assert said is None or said in card
    for rule, one in zip(document["criteria"], site["criteria"], strict=True):
        for said in (rule["title_zh"], rule["function_zh"], f"{one['utility']:.3f}", f"{100 * one['weight']:.1f} %"):
            assert said in card
        assert ("缺值" in card) or one["low"] == one["high"]
    assert site["explanation"]["zh"] in card and site["next"]["zh"] in card
    shown = opened.page.evaluate(
        """([id, index]) => { const {ranking, state} = parksite.app;
        return ranking.site(ranking.ids.indexOf(id), state.get('standing')).waterfall.map(one => one.difference); }""",
        [site["id"], 0],
    )
    assert np.abs(np.array(shown) - [one["difference"] for one in site["waterfall"]]).max() <= NEAR


def test_what_was_decided_by_hand_shows_with_name_and_reason_as_text(opened: Opened) -> None:
    for site, result in ((PASSED[0], "符合"), (FAILED[0], "不符合")):
        select(opened, site)
        until(opened.page.locator(".ps-rule-override").first.is_visible)
        said = opened.text(".ps-rule-override")
        assert "人工认定" in said and HOSTILE in said and "原结果" in said
        assert opened.page.locator(".ps-rule").first.locator(".ps-status-chip").inner_text() == result
    assert HOSTILE in opened.text("#ps-panel-ranking .ps-rank-rest")
    assert opened.page.locator("#ps-panel-ranking img, #ps-answers img").count() == 0


def test_another_day_and_another_language_are_told(opened: Opened) -> None:
    opened.state(date="2024-06-01", lang="en")
    assert "The ranking stands for 2026-11-22" in opened.text("#ps-panel-ranking")
    for word in ("eligible", "open", "excluded", "Change the weights", "% of draws"):
        assert word in opened.text("#ps-panel-ranking")


def test_symbols_tell_rank_and_status(opened: Opened, document: Document) -> None:
    opened.state(panel="layers")
    opened.page.evaluate("void parksite.app.map.fitBounds(parksite.app.data.views.all, {animate: false})")
    legend = opened.text("#ps-legend")
    for status, word in (("eligible", "合格"), ("open", "待定"), ("excluded", "排除")):
        assert word in legend and str(document["summary"][status]) in legend
    opened.page.evaluate(
        """() => { window.written = [];
        const pen = CanvasRenderingContext2D.prototype, before = pen.fillText;
        pen.fillText = function (text, ...rest) { window.written.push(text); return before.call(this, text, ...rest); };
        parksite.app.state.set({siteColour: 'match'}); parksite.app.state.set({siteColour: 'rank'});
        window.unwatch = () => { pen.fillText = before; }; }"""
    )
    ranks = {str(one["rank"]) for one in document["sites"] if one["rank"] is not None}
    until(lambda: ranks <= set(opened.page.evaluate("window.written")))
    opened.page.evaluate("window.unwatch()")
    opened.page.check("input[name=ps-site-colour][value=match]")
    assert "选址：按符合性" in opened.text("#ps-legend")


def test_print_says_whose_weights(opened: Opened) -> None:
    weigh(opened, "port", 88)
    opened.page.evaluate("window.print = () => {}")
    opened.page.click("#ps-tool-print")
    opened.page.check("#ps-print-ranking")
    opened.page.click("dialog button[type=submit]")
    until(lambda: opened.page.locator(".ps-print-ranking").is_visible())
    sheet = opened.text(".ps-sheet")
    assert "权重已由使用者调整，非模型权重" in opened.text(".ps-print-sources")
    assert sheet.count("权重已由使用者调整，非模型权重") == 2
    assert opened.page.locator(".ps-print-ranking tbody tr").count() == 47
    assert set(opened.page.locator(".ps-print-ranking td:nth-child(7)").all_inner_texts()) == {"—"}
    assert "抽样所得的各项可能性仅对模型权重成立" in sheet
    opened.page.click(".ps-print-bar button:last-child")
    until(lambda: opened.page.locator(".ps-sheet").count() == 0)


@pytest.fixture(scope="module")
def phone(browser: Any, page: Path, document: Document) -> Iterator[Opened]:
    """The page under a finger, opened by a link with weights."""
    link = ",".join(f"{one['id']}:{number}" for number, one in enumerate(document["criteria"]))
    how = {"has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
    found = open_page(browser, page, 360, 740, f"#weights={link}", **how)
    assert found.page.evaluate("parksite.app.state.get('standing').changed")
    yield found
    assert found.errors == []
    found.close()


@pytest.mark.parametrize(("kind", "place"), [("ol", 0), ("ol", 4), ("ol", -1), ("#ps-rank-excluded", -1)])
def test_a_finger_on_a_phone_opens_the_card_of_a_listed_site(phone: Opened, kind: str, place: int) -> None:
    phone.state(panel=None, selection=None, lang="zh", scheme="light")
    phone.page.tap("#ps-tab-ranking")
    button = phone.page.locator(f"{kind} .ps-rank").nth(place)
    if not button.is_visible():
        phone.page.tap("#ps-rank-excluded summary")
    wanted = int(button.get_attribute("data-at") or -1)
    button.tap()
    until(phone.page.locator("#ps-answers .ps-suit-fold summary").first.is_visible)
    assert phone.page.evaluate("parksite.app.rankedSite()") == wanted
    assert not phone.page.locator("#ps-panel-ranking").is_visible(), "the card has the place of the pane"


def faults(opened: Opened, place: str) -> list[str]:
    """Serious and critical findings of axe-core in a place; tests/test_map_access.py has the whole page."""
    if not opened.page.evaluate("'axe' in window"):
        opened.page.evaluate(AXE.read_text("utf-8"))
    found = opened.page.evaluate("place => axe.run({include: [place]}, {resultTypes: ['violations']})", place)
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']][:3]}"
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]


@pytest.mark.parametrize(("size", "lang", "scheme"), [("desk", "zh", "light"), ("phone", "en", "dark")])
def test_no_serious_fault_of_access(
    opened: Opened, phone: Opened, document: Document, size: str, lang: str, scheme: str
) -> None:
    found = {"desk": opened, "phone": phone}[size]
    weights = {one["id"]: number for number, one in enumerate(document["criteria"])}
    found.state(lang=lang, scheme=scheme, panel="ranking", selection=None, weights=weights)
    if not found.page.locator("#ps-weight-0").is_visible():
        found.page.click("#ps-weights > summary")
    width = found.page.viewport_size["width"]
    assert found.page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(found, "#ps-panel-ranking") == []
    if size == "phone":  # where the card has the place of the pane
        found.state(panel=None)
    found.state(selection={"kind": "site", "list": "file", "row": 4})
    assert faults(found, "#ps-answers") == []
    assert found.page.evaluate("document.querySelector('#ps-answers').scrollWidth") <= width


# ---- the data of the page ---------------------------------------------------------------


def test_without_a_ranking_the_page_has_no_pane_of_it(context: Context, checked: pipeline.Checked) -> None:
    text = rendered(context, checked)
    data = json.loads(text.split('id="parksite-data">')[1].split("</script>")[0])
    assert "ranking" not in data


def test_a_ranking_of_other_sites_is_refused(document: Document) -> None:
    with pytest.raises(ValueError, match="sites that the check does not"):
        ranking_data(document, ["S01"])
