"""The explanation: plain sentences with document, number, clause and force."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import Point, box

from geo import answers, join, wording
from geo.districts import Boundaries
from geo.errors import InputError
from geo.register import Register
from geo.schema import Measure, Site, Words
from geo.settings import Settings
from geo.wording import sentences
from geo.wording.doubts import percent

BAOAN, LONGHUA, PINGSHAN, FUTIAN = (113.83, 22.73), (114.02, 22.70), (114.34, 22.69), (114.05, 22.54)
GUANGMING, SHENSHAN, DONGGUAN = (113.93, 22.77), (114.99, 22.83), (113.75, 23.02)


def say(
    register: Register, boundaries: Boundaries, shape: object, day: str, field: str = "", stage: str = ""
) -> tuple[str, str]:
    place = shape if not isinstance(shape, tuple) else Point(shape)
    (location,) = join.locate(np.array([place], dtype=object), boundaries)
    (record,) = answers.answer(register, [Site("1", "", place, field, stage)], [location], date.fromisoformat(day))
    found = record["explanation"]
    return found["zh"], found["en"]


CASES = [
    (
        BAOAN,
        "2023-06-01",
        "光刻胶",
        "研发设计",
        ["宝安区", "半导体关键材料核心区", "本登记册理解", "有效", "第五部分"],
        ["in force", "our interpretation"],
    ),
    (
        BAOAN,
        "2026-11-22",
        "光刻胶",
        "研发设计",
        ["已于2025-12-31到期", "深工信规〔2023〕11号", "第五部分（十七）"],
        ["ended on 2025-12-31", "part 5, clause 17"],
    ),
    (
        BAOAN,
        "2023-06-01",
        "光刻胶",
        "生产制造",
        ["不含生产制造", "深汕特别合作区“高端电子化学品园区”"],
        ["not production", "Shenshan (High-end"],
    ),
    (BAOAN, "2023-06-01", "芯片材料", "生产制造", ["没有其他指定该领域的地区列有该环节"], ["no other place"]),
    (PINGSHAN, "2023-06-01", "光刻胶", "", ["未指定给坪山区", "宝安区", "深汕"], ["not to Pingshan"]),
    (FUTIAN, "2026-11-22", "石墨烯", "", ["都未为“二维材料”点名指定地区"], ["names a district"]),
    (FUTIAN, "2026-11-22", "", "", ["为福田区指定产业角色"], ["assigns Futian a role"]),
    (FUTIAN, "2012-06-01", "超材料", "", ["超材料产业基地", "未给出可落图的范围"], ["without an outline"]),
    (BAOAN, "2023-06-01", "", "", ["未填写产业领域", "半导体关键材料核心区"], ["No field was given"]),
    (BAOAN, "2026-11-22", "光刻胶水", "", ["无法识别", "光刻胶及配套材料"], ["is not known"]),
    (DONGGUAN, "2026-11-22", "光刻胶", "", ["不在深圳市"], ["in no district of Shenzhen"]),
    (
        LONGHUA,
        "2012-06-01",
        "锂电池",
        "",
        ["宝安区（当时含今龙华区）", "电子信息材料"],
        ["Bao'an (of which Longhua was then part)"],
    ),
    (
        GUANGMING,
        "2023-06-01",
        "石墨烯",
        "",
        ["未列明领域", "技术创新加速转化示范区", "新材料应用示范区"],
        ["names no field"],
    ),
    (PINGSHAN, "2019-06-01", "新一代信息技术", "", ["仅部分涵盖：无人驾驶", "按文件末个目标年理解"], ["in part only"]),
    (
        SHENSHAN,
        "2026-11-22",
        "湿电子化学品",
        "生产制造",
        ["高端电子化学品园区", "专业化工业园区"],
        ["Specialised industrial parks"],
    ),
]


@pytest.mark.parametrize(("place", "day", "field", "stage", "zh_words", "en_words"), CASES)
def test_the_sentence_says_what_decides(
    register: Register,
    boundaries: Boundaries,
    place: tuple[float, float],
    day: str,
    field: str,
    stage: str,
    zh_words: list[str],
    en_words: list[str],
) -> None:
    zh, en = say(register, boundaries, place, day, field, stage)
    for word in zh_words:
        assert word in zh, zh
    for word in en_words:
        assert word in en, en
    assert zh.endswith("。") and en.endswith(".")
    assert "None" not in zh + en


def test_doubts_of_place_are_said(register: Register, boundaries: Boundaries) -> None:
    zh, en = say(register, boundaries, (113.99207, 22.55021), "2026-11-22", "光刻胶")
    assert (
        "若属南山区，判定为领域指定给其他区（已到期）" in zh
        and "If it is in Nanshan, the verdict is: designated elsewhere (lapsed)" in en
    )
    assert "福田区、南山区" in zh and "官方界线" in zh and "Futian or Nanshan" in en
    zh, en = say(register, boundaries, box(113.985, 22.545, 113.999, 22.555), "2026-11-22", "光刻胶")
    assert "跨界" in zh and "crosses a boundary" in en and "%" in zh


def test_shares_never_read_as_nothing_or_all() -> None:
    assert percent(0.99999) == "99.999 %"
    assert percent(1.0) == "100 %"


# ---- the sentences as data ---------------------------------------------------------------


FILLING = ("verdict.py", "doubts.py", "amount.py")


def words_in_code() -> set[str]:
    """Every word of a name in the modules that fill sentences."""
    texts = [(Path(wording.__file__).parent / name).read_text(encoding="utf-8") for name in FILLING]
    return {
        word for text in texts for found in re.findall(r"\"([\w.{}]+)\"", text) for word in re.findall(r"\w+", found)
    }


def test_every_sentence_has_both_languages(settings: Settings) -> None:
    for name, pair in wording.load(settings).flat.items():
        zh, en = (set(re.findall(r"\{(\w+)\}", pair[lang])) for lang in ("zh", "en"))
        assert en <= zh, name
        assert name.startswith("join.") or not re.search(r"[\u3000-\u9fff]", pair["en"]), name


def test_no_sentence_stands_there_that_the_code_does_not_fill(settings: Settings) -> None:
    known = words_in_code() | {"join", "sentence", "field", "stage", "cap", "award", "matching", "full"}
    assert not [name for name in wording.load(settings).flat if not {*name.split(".")} <= known]


def own(settings: Settings, folder: Path, text: str) -> Settings:
    (folder / "maps").mkdir()
    (folder / "maps" / "wording.yaml").write_text(text, encoding="utf-8")
    return replace(settings, user=folder)


def shipped(settings: Settings) -> str:
    return (settings.maps / "wording.yaml").read_text(encoding="utf-8")


def test_sentences_of_the_users_own_are_taken(settings: Settings, tmp_path: Path) -> None:
    mine = own(settings, tmp_path, shipped(settings).replace("outside the city", "beyond the city"))
    assert wording.load(mine).fill("en", "outside_area") == "beyond the city"


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("outside_area:", "outside_place:", "outside_area"),
        ("{citation}将{term}", "{citation.__class__}将{term}", "elsewhere"),
        ("{citation}将{term}", "{cite}将{term}", "elsewhere"),
        ("地块跨界（{shares}）。", "地块跨界（{shares}。}", "doubt.straddles"),
    ],
)
def test_sentences_that_nothing_can_fill_are_refused(
    settings: Settings, tmp_path: Path, before: str, after: str, name: str
) -> None:
    mine = own(settings, tmp_path, shipped(settings).replace(before, after))
    with pytest.raises(InputError) as fault:
        wording.load(mine)
    assert fault.value.value == name and fault.value.file == tmp_path / "maps" / "wording.yaml"


def test_sentences_are_read_once_and_then_kept(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = replace(settings, cache=tmp_path)
    first = wording.load(mine)
    monkeypatch.setattr("geo.sources.read_yaml", None)
    again = wording.load(mine)
    assert again == first and list(again.flat) == list(first.flat)


def test_a_changed_sentence_is_read_at_once(settings: Settings, tmp_path: Path) -> None:
    mine = own(settings, tmp_path, shipped(settings))
    for word in ("outside", "beyond", "outwith"):
        text = shipped(settings).replace("outside the city", f"{word} the city")
        mine.maps_file("wording.yaml").write_text(text, encoding="utf-8")
        assert wording.load(mine).fill("en", "outside_area") == f"{word} the city"


@pytest.mark.parametrize("words", [None, "text", {"a": 1}, {"a": {"zh": "{a.b}", "en": ""}}, {"a": ["b"]}])
def test_kept_words_that_are_no_sentences_are_not_used(settings: Settings, tmp_path: Path, words: object) -> None:
    mine = replace(settings, cache=tmp_path)
    sentences.entry(mine, "wording.yaml").write(words)
    assert wording.load(mine) == wording.load(settings)


# ---- what a measure pays -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "cap", "rate", "per", "basis", "zh", "en"),
    [
        (None, None, None, False, False, "未载金额", "no amount stated"),
        ("cap", 30_000_000, None, False, False, "最高3,000万元", "up to CNY 30,000,000"),
        ("cap", 125_000, None, True, False, "最高12.5万元（每项）", "up to CNY 125,000 per item"),
        (
            "cap",
            10_000,
            40.0,
            True,
            True,
            "最高1万元（每项），不超过投资的40 %",
            "up to CNY 10,000 per item, at most 40 % of investment",
        ),
        ("cap", 10_000, None, False, True, "最高1万元，按投资的一定比例", "up to CNY 10,000, as a share of investment"),
        ("award", 500_000, None, False, False, "奖励50万元", "award of CNY 500,000"),
        (
            "matching",
            None,
            100.0,
            False,
            True,
            "配套，不超过投资的100 %",
            "matching funds, at most 100 % of investment",
        ),
        ("matching", 10_000, None, False, False, "配套，最高1万元", "matching funds, up to CNY 10,000"),
        ("full", None, None, False, True, "全额", "in full"),
        ("cap", None, 12.5, False, False, "不超过12.5 %", "at most 12.5 %"),
    ],
)
def test_amounts_are_said_as_stated(
    settings: Settings, kind: str, cap: int, rate: float, per: bool, basis: bool, zh: str, en: str
) -> None:
    one = Measure(
        "m", 1, 1, "事", "thing", cap, rate, kind, (), (), (),  # type: ignore[arg-type]
        per=Words("每项", "per item") if per else None,
        basis_zh="投资" if basis else None, basis_en="investment" if basis else None,
    )  # fmt: skip
    said = wording.load(settings)
    assert (wording.amount(said, one, "zh"), wording.amount(said, one, "en")) == (zh, en)


def test_every_measure_of_the_register_can_be_said(register: Register, settings: Settings) -> None:
    said = wording.load(settings)
    for one in register.measures:
        assert (wording.amount(said, one, "en") == "no amount stated") is (one.amount_kind is None)
