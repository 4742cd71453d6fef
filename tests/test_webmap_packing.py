"""Packed columns come back as they were."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np
import pytest
import unpacking as un

from geo.webmap.deflating import begin
from geo.webmap.packing import categories, pack, pack_json, pack_pairs, pack_texts, sparse_categories

DAY = date(2026, 11, 22)
LARGEST = 2**53 - 1
KEY = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    "values",
    [
        [],
        [0],
        [-7],
        [LARGEST],
        [5] * 300,
        list(range(1000)),
        [LARGEST, -LARGEST, 0, LARGEST],
        [3, -1, 3, -1, -1, 3] * 40,
        [9000, 100, 7000, 300],
        [127, 128, -64, -65, 16384, -8193],
    ],
)
def test_numbers_come_back(values: list[int]) -> None:
    assert un.numbers(pack(values)) == values


def test_numbers_in_no_order_stand_in_planes_with_their_common_step() -> None:
    some = random.Random(1)
    values = [22_500_000 + 10 * some.randrange(70_000) for _ in range(5000)]
    assert pack(values).head == f"3,{min(values)},10:"
    assert un.numbers(pack(values)) == values


def test_what_repeats_is_packed_by_its_repetition() -> None:
    assert len(str(pack([4, 1, 8, 3, 9, 2] * 20_000))) < 1000


def test_pairs_come_back() -> None:
    some = random.Random(2)
    values = [[some.randrange(-LARGEST, LARGEST), some.randrange(10)] for _ in range(500)]
    assert un.pairs(pack_pairs(values)) == values
    assert un.pairs(pack_pairs([])) == []


@pytest.mark.parametrize(
    ("texts", "numbered"),
    [
        ([], False),
        (["光刻胶"], False),
        (["S01", "S02", "S17"], True),
        (["1", "2", "10", "100"], True),
        (["0", "1", "2"], True),
        (["地块 7", "地块 12"], True),
        (["地块7", "地块07"], False),
        (["A1", "B1"], False),
        (["A", "A1"], False),
        (["A1", "A１"], False),
        (["A1", "A1\x00"], False),
        (["1" * 15, "2" * 15], True),
        (["1" * 16, "2" * 16], False),
        (["-1", "1"], False),
        (["", ""], False),
        (["x", "x"], False),
    ],
)
def test_texts_come_back(texts: list[str], numbered: bool) -> None:
    held = pack_texts(texts)
    assert isinstance(held, dict) is numbered
    assert un.texts(held) == texts


def test_lone_surrogates_become_the_replacement_mark() -> None:
    assert un.texts(pack_texts(["a\ud800", "b\udfff𠮷"])) == ["a\ufffd", "b\ufffd𠮷"]
    assert un.texts(pack_texts(["\ud8001", "\ud8002"])) == ["\ufffd1", "\ufffd2"]


@pytest.mark.parametrize("count", [1_000, 1_001, 2_000, 2_345])
def test_long_lists_of_texts_stand_in_blocks(count: int) -> None:
    texts = [f"第{number % 7}号\n\ud800 {'x' * (number % 11)}" for number in range(count)]
    held = pack_texts(texts)
    assert isinstance(held, dict) == (count > 1_000)
    assert un.texts(held) == [one.replace("\ud800", "\ufffd") for one in texts]
    assert un.column(categories(["\ud800", None]), 2) == ["\ufffd", None]


def test_texts_that_json_escapes_come_back_from_blocks() -> None:
    texts = [*['"', "\\", "\n", "\x7f", "\u2028", "名 称", ""] * 143, *["平常"] * 2_000]
    assert un.texts(pack_texts(texts)) == texts


def test_another_thread_deflates_to_the_same() -> None:
    data = {"a": pack(range(5_000)), "b": {"c": pack_json(["x"] * 500), "d": 7}, "e": None}
    alone = str(data["a"]), str(data["b"]["c"])
    with ThreadPoolExecutor(max_workers=1) as beside:
        begin(data, beside)
    assert (str(data["a"]), str(data["b"]["c"])) == alone


@pytest.mark.parametrize("held", [[], [0], [0, 1, 2], [2], [0, 1, 4, 9], list(range(10)), [5, 6, 7, 8, 9]])
@pytest.mark.parametrize("shown", [None, lambda key: key and key.upper()])
def test_a_column_with_gaps_is_that_of_all_its_rows(held: list[int], shown: Any) -> None:
    keys = ["bac"[row % 3] for row in held]
    whole: list[str | None] = [None] * 10
    for row, key in zip(held, keys, strict=True):
        whole[row] = key
    assert sparse_categories(keys, held, 10, shown) == categories(whole, shown)


def test_a_column_of_one_value_has_no_places() -> None:
    assert categories(["x"] * 9) == {"values": ["x"], "at": None}
    assert categories([]) == {"values": [], "at": None}
    assert categories(["x", "y", "x"])["values"] == ["x", "y"]


def test_two_hundred_thousand_rows_are_packed_in_no_time() -> None:
    some = np.random.default_rng(3)
    values = some.integers(-(10**9), 10**9, 200_000)
    words = [f"地块{number}" for number in values.tolist()]
    before = time.process_time()
    held = pack(values), pack_texts([f"S{number:06}" for number in range(200_000)]), categories(words)
    assert time.process_time() - before < 5
    assert un.numbers(held[0]) == values.tolist()
    assert un.texts(held[1])[-1] == "S199999"
    assert un.column(held[2], 200_000) == words


def test_json_packs_to_what_it_was() -> None:
    data = {"名": [1, None, "\u2028"], "x": {"y": []}}
    assert un.opened(pack_json(data)) == data
