"""The documents on siting models: every example is a model that parses, every sum is right, the command says so."""

import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import yaml
from click import Context
from click.testing import CliRunner
from test_docs import blocks, code, every_option, examples, files_in, matches, text_of

from geo.cli.main import main
from geo.districts import Boundaries
from geo.settings import Settings
from geo.suitability import model, schemes
from geo.suitability.model import SitingModel
from geo.suitability.parse import parse

MODELS = ("docs/siting-models.md", "docs/siting-models.zh.md")
WORKED = ("docs/worked-example.md", "docs/worked-example.zh.md")


# ---- the keys of a model -----------------------------------------------------------------


def section(name: str, start: str, end: str | None = None) -> list[Any]:
    """What the YAML blocks between two headings hold, lists joined."""
    text = text_of(name).split(start)[1]
    text = text.split(end)[0] if end else text
    found = [yaml.safe_load(one.text) for one in blocks(text) if one.info == "yaml"]
    return [row for one in found for row in (one if isinstance(one, list) else [one])]


def headings(name: str) -> list[str]:
    return re.findall(r"^## .+$", text_of(name), flags=re.M)


def example(name: str) -> SitingModel:
    """All examples of a document as one model."""
    _, shape, hard, soft, *rest = headings(name)
    whole = section(name, shape, hard)[0]
    constraints, criteria = section(name, hard, soft), section(name, soft, rest[0])
    names = {one["id"]: 1 for one in criteria}
    said = {**whole, "constraints": constraints, "criteria": criteria}
    return parse({**said, "weights": {"method": "direct", "values": names}}, Path("example.yaml"))


def records(union: Any) -> set[type]:
    """The classes of a union of records."""
    return set(get_args(get_args(union)[0]))


def kinds(union: Any) -> set[str]:
    """The words that `kind` or `method` may be in a union of records."""
    keys = {one: "kind" if "kind" in one.__annotations__ else "method" for one in records(union)}
    return {word for one, key in keys.items() for word in get_args(get_type_hints(one)[key])}


@pytest.mark.parametrize("name", MODELS)
def test_every_kind_of_rule_has_an_example_that_parses(name: str) -> None:
    found = example(name)
    assert {type(one) for one in found.constraints} == records(model.Constraint)
    assert {type(one) for one in found.criteria} == records(model.Criterion)
    assert {type(one.value) for one in found.criteria} == records(model.ValueFunction)


@pytest.mark.parametrize("name", MODELS)
def test_the_other_examples_parse(name: str) -> None:
    _, shape, hard, soft, last, *_ = headings(name)
    whole, *sources = section(name, shape, hard)
    parse(whole, Path("whole.yaml"))
    for number, one in enumerate(sources):
        (criterion,) = whole["criteria"]
        parse({**whole, "criteria": [{**criterion, **one}]}, Path(f"source-{number}.yaml"))
    (end,) = section(name, last)
    named = set(end["scenarios"][0]["weights"]["values"])
    criteria = [one for one in section(name, soft, last) if one["id"] in named]
    weights = {"method": "direct", "values": dict.fromkeys(named, 1)}
    found = parse({**whole, **end, "criteria": criteria, "weights": weights}, Path("end.yaml"))
    assert len(found.criteria) == 2 and len(found.scenarios) == 2


@pytest.mark.parametrize("name", MODELS)
def test_every_method_is_described(name: str) -> None:
    said = {word for span in re.findall(r"`([^`\n]+)`", text_of(name)) for word in span.split()}
    methods = kinds(schemes.Weights) | kinds(schemes.Aggregation) | kinds(model.ValueFunction)
    methods |= kinds(model.Constraint) | kinds(model.Criterion)
    tables = set(get_args(get_type_hints(schemes.Pairwise)["random_index"]))
    (row,) = [line for line in text_of(name).splitlines() if line.startswith("| `ahp` |")]
    assert set(re.findall(r"`([a-z-]+-\d{4})`", row)) == tables
    assert methods | {"uniform", "around", "sliver_m2", "reach_m"} <= said


@pytest.mark.parametrize(("english", "chinese"), [MODELS, WORKED])
def test_both_languages_have_the_same_content(english: str, chinese: str) -> None:
    one, other = (text_of(name) for name in (english, chinese))
    first, second = (
        "".join(line[0] for line in text.splitlines() if line[:1] in {"#", "|", "-"}) for text in (one, other)
    )
    assert first == second
    if english in MODELS:
        assert [block.text for block in blocks(one)] == [block.text for block in blocks(other)]
    else:
        assert [block.info for block in blocks(one)] == [block.info for block in blocks(other)]


@pytest.mark.parametrize("name", [*MODELS, *WORKED])
def test_every_command_and_option_named_exists(name: str) -> None:
    said = code(text_of(name))
    assert {option for line in said for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", line)} <= {
        *every_option(main)
    }
    assert {hit for line in said for hit in re.findall(r"\bparksite ([a-z]+)", line)} <= {
        *main.list_commands(Context(main))
    }


# ---- the worked example ------------------------------------------------------------------


@pytest.mark.parametrize("name", WORKED)
def test_the_worked_example_says_what_is_shown(
    name: str, settings: Settings, boundaries: Boundaries, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PARKSITE_CACHE", str(settings.cache))
    monkeypatch.delenv("PARKSITE_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    for file, text in files_in(name).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    ((step,),) = examples(name)
    result = CliRunner().invoke(main, step.command.split()[1:], prog_name="parksite")
    assert result.exit_code == 0, result.output
    assert matches(step.shown, result.stdout), result.stdout


def sums(name: str) -> list[tuple[str, str]]:
    """Every calculation of a document, with the result it states: behind a colon, else behind a wide space."""
    lines = "".join(one.text for one in blocks(text_of(name)) if one.info == "text").splitlines()
    found = []
    for left, right in (line.split(" = ") for line in lines if " = " in line):
        calculation = (
            re.split(r"[:：]\s*", left)[-1] if re.search("[:：]", left) else re.split(r" {2,}", left, maxsplit=1)[1]
        )
        found.append((calculation, right.split()[0]))
    return found


@pytest.mark.parametrize("name", WORKED)
def test_every_sum_is_right(name: str) -> None:
    found = sums(name)
    assert len(found) == 20
    for left, right in found:
        digits = len(right.partition(".")[2])
        value = calculated(left.replace(",", "").replace("×", "*"))
        assert value == pytest.approx(float(right), abs=0.5000001 * 10**-digits), (left, right)


def calculated(text: str) -> float:
    """A sum of digits, brackets and the four signs."""
    assert re.fullmatch(r"[-+*/(). \d]+", text), text
    return float(eval(text, {"__builtins__": {}}))


@pytest.mark.parametrize("name", WORKED)
def test_the_scores_worked_out_are_those_shown(name: str) -> None:
    ((step,),) = examples(name)
    scores = [right for left, right in sums(name) if left.count("×") == 4]
    shown = "\n".join(step.shown)
    assert len(scores) == 4
    assert all(score in shown for score in scores)
