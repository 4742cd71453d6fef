"""The explanation: plain sentences with document, number, clause and force."""

from datetime import date

import numpy as np
import pytest
from shapely.geometry import Point, box

from geo import answers, join, wording
from geo.districts import Boundaries
from geo.register import Register
from geo.schema import Site

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
    assert wording._percent(0.99999) == "99.999 %"
    assert wording._percent(1.0) == "100 %"
