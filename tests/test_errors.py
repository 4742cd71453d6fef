"""The error tree: every error is ours and a builtin, and says where and what to do."""

from __future__ import annotations

import builtins
import pickle

import pytest

from geo import errors
from geo.errors import (
    CRSMismatch,
    GeoError,
    InputError,
    MissingData,
    ModelError,
    OutputExists,
    RegisterError,
    RowError,
    UnknownTerm,
)

TREE = {
    InputError: ValueError,
    RowError: ValueError,
    CRSMismatch: ValueError,
    UnknownTerm: LookupError,
    RegisterError: ValueError,
    ModelError: ValueError,
    MissingData: FileNotFoundError,
    OutputExists: FileExistsError,
}


def test_tree_is_complete():
    declared = {one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, GeoError)}
    assert declared == {GeoError, *TREE}


@pytest.mark.parametrize(("error", "builtin"), TREE.items(), ids=lambda one: one.__name__)
def test_each_error_is_also_a_builtin(error, builtin):
    assert issubclass(error, builtin)
    assert getattr(builtins, builtin.__name__) is builtin


def test_text_names_file_row_field_value_and_remedy():
    error = RowError(
        "bad cell", "单元格有误", file="a.csv", row=3, field="lon", value="x", remedy_en="mend it", remedy_zh="请改正"
    )
    assert error.text("en") == "bad cell [file a.csv; row 3; field lon; value 'x'] → mend it"
    assert error.text("zh") == "单元格有误 [文件 a.csv；行 3；字段 lon；值 'x'] → 请改正"
    assert str(error) == error.text("en")


def test_text_without_place_or_remedy_is_the_message():
    assert InputError("empty", "为空").text("zh") == "为空"
    assert InputError("empty", "为空").text("en") == "empty"


@pytest.mark.parametrize("where", [{"row": 0}, {"field": ""}, {"value": 0}])
def test_a_falsy_place_is_still_shown(where):
    assert "[" in InputError("x", "x", **where).text("en")


def test_long_values_are_cut_and_control_marks_escaped():
    text = InputError("x", "x", value="长\n" + "字" * 200).text("zh")
    assert "\n" not in text
    assert text.count("字") < 80 and "…" in text


def test_unknown_term_suggests_in_both_languages():
    error = UnknownTerm("no", "无", suggestions=("光刻胶", "封装材料"), field="field")
    assert error.suggestions == ("光刻胶", "封装材料")
    assert "did you mean 光刻胶, 封装材料?" in error.text("en")
    assert "是否指 光刻胶、封装材料？" in error.text("zh")
    both = UnknownTerm("no", "无", suggestions=("光刻胶",), suggestions_en=("Photoresist",))
    assert "Photoresist" in both.text("en")
    assert "光刻胶" in both.text("zh")
    assert "→" not in UnknownTerm("no", "无").text("en")


def test_register_error_lists_every_fault():
    error = RegisterError(["a.yaml: one", "b.yaml: two"])
    assert error.faults == ["a.yaml: one", "b.yaml: two"]
    for lang in ("zh", "en"):
        assert "2" in error.text(lang)
        assert all(fault in error.text(lang) for fault in error.faults)


def test_errors_are_caught_by_their_builtin():
    with pytest.raises(FileExistsError) as caught:
        raise OutputExists("there", "已存在", file="out.csv")
    assert caught.value.file == "out.csv"


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_an_error_comes_whole_from_another_process(kind: type[GeoError]) -> None:
    known = {RegisterError: lambda: RegisterError(["a"]), ModelError: lambda: ModelError([("甲", "a")], "m.yaml")}
    error = known.get(kind, lambda: kind("en", "zh", file="f", row=3, value="v"))()
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind and again.text("zh") == error.text("zh") and again.text("en") == error.text("en")
