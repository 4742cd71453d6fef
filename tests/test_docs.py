"""The documents against the program: examples, links, columns, dependencies, sources."""

import difflib
import json
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path

import click
import pyogrio
import pytest
from click.testing import CliRunner, Result

from geo import pipeline, schema, sources, tables
from geo import register as policy
from geo.cli.main import main
from geo.districts import Boundaries
from geo.pipeline import Context
from geo.register import Register
from geo.schema import SITE_COLUMNS
from geo.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh.md")
EXAMPLES = 6
CUT = "…"
# Joined here, so that this file does not hold what it looks for.
HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("python" + "hosted", "org"), ("anaconda", "org"), ("anaconda", "com"), ("npm" + "js", "org"),
        ("npm" + "js", "com"), ("npmmirror", "com"), ("yarnpkg", "com"), ("unpkg", "com"), ("jsdelivr", "net"),
        ("deb", "debian", "org"), ("security", "debian", "org"), ("ftp", "debian", "org"), ("archive", "ubuntu", "com"),
        ("mirrors", "aliyun", "com"), ("tuna", "tsinghua", "edu", "cn"), ("proxy", "golang", "org"),
    )
)  # fmt: skip
MACHINE_PATH = re.compile(r"(?<![\w.~$}>/-])/(?:" + "|".join(("work", "root", "home", "Users")) + r")/\w")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def committed() -> tuple[str, ...]:
    """Files under version control or about to be, by their path from the root."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        made = {"gallery", "node_modules", "dist"}
        files = (path for folder in ("geo", "data", "maps", "docs", "tests") for path in (ROOT / folder).rglob("*.*"))
        return tuple(sorted(path.relative_to(ROOT).as_posix() for path in files if not made & {*path.parts}))
    listing = [git, "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, check=True, capture_output=True).stdout.decode().split("\0")
    return tuple(sorted(name for name in set(names) if name and (ROOT / name).is_file()))


# ---- fenced blocks and tables ------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    info: str
    text: str


def blocks(text: str) -> list[Block]:
    """Fenced blocks of a document, in order."""
    found = re.finditer(r"^```([^\n`]*)\n(.*?)^```$", text, flags=re.M | re.S)
    return [Block(hit[1].strip(), hit[2]) for hit in found]


def prose(text: str) -> str:
    """A document without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)


def code(text: str) -> list[str]:
    """Everything written as code: the lines of fenced blocks, and code spans."""
    return [line for one in blocks(text) for line in one.text.splitlines()] + re.findall(r"`([^`\n]+)`", prose(text))


def first_cells(text: str, heading: str) -> list[str]:
    """Code spans in the first column of the first table below a heading."""
    section = re.split(rf"^#+ {re.escape(heading)}.*$", text, maxsplit=1, flags=re.M)[1]
    table = re.search(r"(?:^\|.*\n)+", section, flags=re.M)
    assert table, heading
    rows = table[0].splitlines()[2:]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])]


# ---- the examples ------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A command of an example, and the lines shown below it."""

    command: str
    shown: tuple[str, ...]


def steps(block: Block) -> list[Step]:
    found: list[Step] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append(Step(line.removeprefix("$ "), ()))
        else:
            found[-1] = Step(found[-1].command, (*found[-1].shown, line))
    return found


def examples(name: str) -> list[list[Step]]:
    return [steps(one) for one in blocks(text_of(name)) if one.info == "console"]


def files_in(name: str) -> dict[str, str]:
    """Files that a document spells out: blocks whose info string names one."""
    named = [(one.info.split()[1], one.text) for one in blocks(text_of(name)) if len(one.info.split()) == 2]
    return dict(named)


def matches(shown: tuple[str, ...], said: str) -> bool:
    """Whether output is what is shown; a line of `…` is any lines, `…` in a line any text."""
    pattern = "".join(
        r"(?:[^\n]*\n)+" if line == CUT else r"[^\n]+".join(map(re.escape, line.split(CUT))) + r"\n" for line in shown
    )
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in said.splitlines())) is not None


def difference(step: Step, said: str) -> str:
    lines = difflib.unified_diff(step.shown, said.splitlines(), "shown", "said", lineterm="", n=0)
    return "\n".join([step.command, *lines])


@pytest.fixture
def shell(settings: Settings, boundaries: Boundaries, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder, no user's settings, the district layer derived already."""
    for name in [name for name in os.environ if name.startswith("PARKSITE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PARKSITE_CACHE", str(settings.cache))
    monkeypatch.setenv("XDG_DATA_HOME", str(settings.cache))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command: str) -> Result:
    words = shlex.split(command)
    assert words[0] == "parksite", command
    return CliRunner().invoke(main, words[1:], prog_name="parksite")


@pytest.mark.parametrize(("name", "number"), [(name, number) for name in READMES for number in range(EXAMPLES)])
def test_example_prints_what_is_shown(name: str, number: int, shell: Path) -> None:
    for file, text in files_in(name).items():
        (shell / file).write_text(text, encoding="utf-8")
    given = set(shell.iterdir())
    for step in examples(name)[number]:
        result = run(step.command)
        assert result.exit_code == 0, f"{step.command}\n{result.output}"
        assert matches(step.shown, result.output), difference(step, result.output)
        out = re.search(r"--out (\S+)", step.command)
        assert {path.name for path in set(shell.iterdir()) - given} == ({out[1]} if out else set())


@pytest.mark.parametrize("name", READMES)
def test_there_are_six_examples_each_with_its_day(name: str) -> None:
    found = examples(name)
    assert len(found) == EXAMPLES
    for example in found:
        assert example[0].shown and example[0].shown != (CUT,)
        for step in example:
            dated = "--as-of 20" in step.command or step.command.startswith("parksite inspect ")  # no day decides there
            assert step.command.startswith("parksite ") and dated, step.command


@pytest.mark.parametrize("name", READMES)
def test_the_list_of_three_sites_is_read_whole(name: str, shell: Path) -> None:
    file = "sites.csv"
    (shell / file).write_text(files_in(name)[file], encoding="utf-8")
    assert run(f"parksite check {file} --as-of 2026-11-22 --format csv --out checked.csv").exit_code == 0
    held = sources.read(shell / "checked.csv")
    assert [row["id"] for row in held.rows] == ["P1", "P2", "P3"]
    assert [column for column in held.columns if column not in tables.COLUMNS][-1] in ("owner", "权属")
    assert {row["datum_basis"] for row in held.rows} == {"declared"}


@pytest.mark.parametrize(
    ("shown", "said", "fits"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\nb", "a\n", False),
        ("a\nb", "a\nb\nc\n", False),
        ("a\n…\nd", "a\nb\nc\nd\n", True),
        ("a\n…\nd", "a\nd\n", False),
        ("a…c", "abbc\n", True),
        ("a…c", "ab\nc\n", False),
        ("a.c", "abc\n", False),
        ("", "a\n", False),
        ("", "", True),
    ],
)
def test_the_comparison_can_tell(shown: str, said: str, fits: bool) -> None:
    assert matches(tuple(shown.splitlines()), said) is fits


# ---- what the READMEs promise of the command line ----------------------------------------


def mentioned_commands(name: str) -> set[str]:
    """Commands and subcommands in code: `parksite check`, `parksite policy list`."""
    found = set()
    for line in code(text_of(name)):
        for hit in re.finditer(r"\bparksite ([a-z]+)(?: ([a-z]+))?", line):
            found.add(hit[1])
            if hit[1] == "policy" and hit[2]:
                found.add(f"policy {hit[2]}")
    return found


def offered(*group: str) -> set[str]:
    """Commands that `--help` lists."""
    said = CliRunner().invoke(main, [*group, "--help"]).output
    section = said.split("Commands:\n")[1]
    return {" ".join((*group, name)) for name in re.findall(r"^  ([a-z]+)", section, flags=re.M)}


@pytest.mark.parametrize("name", READMES)
def test_help_lists_the_commands_that_the_readme_names(name: str) -> None:
    assert mentioned_commands(name) == offered() | offered("policy")


def every_option(command: click.Command) -> Iterator[str]:
    context = click.Context(command)
    for parameter in command.get_params(context):
        yield from parameter.opts
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from every_option(below)


@pytest.mark.parametrize("name", [*READMES, "data/README.md"])
def test_every_option_named_exists(name: str) -> None:
    named = {option for line in code(text_of(name)) for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", line)}
    assert named
    assert named <= set(every_option(main))


@pytest.mark.parametrize("name", READMES)
def test_environment_variables_are_those_of_the_program(name: str) -> None:
    read = {hit for path in (ROOT / "geo").rglob("*.py") for hit in re.findall(r"PARKSITE_[A-Z_]+", path.read_text())}
    assert set(re.findall(r"PARKSITE_[A-Z_]+", text_of(name))) == read


@pytest.mark.parametrize("name", READMES)
def test_verdict_words_are_those_of_the_program(name: str) -> None:
    heads = re.findall(r"^\| `(match|force)`.*\n\|[-|]+\n((?:\|.*\n)+)", text_of(name), flags=re.M)
    words = {axis: set(re.findall(r"^\| `(\w+)`", rows, flags=re.M)) for axis, rows in heads}
    assert words == {"match": {one.value for one in schema.Match}, "force": {"in_force", "lapsed", "none"}}


@pytest.mark.parametrize(("name", "heading"), zip(READMES, ("Two commands", "两条命令"), strict=True))
def test_a_build_writes_what_the_readme_lists(name: str, heading: str, gallery: Path) -> None:
    assert set(first_cells(text_of(name), heading)) == {path.name for path in gallery.iterdir()}


# ---- links -------------------------------------------------------------------------------


def links(name: str) -> list[str]:
    """Relative targets of links and images of a document."""
    targets = re.findall(r"\]\(<?([^)\s>]+)", prose(text_of(name)))
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


def test_every_relative_link_leads_somewhere() -> None:
    names = [name for name in committed() if name.endswith(".md")]
    assert {*READMES, "data/README.md", "docs/dependencies.md", "CONTRIBUTING.md", "CHANGELOG.md"} <= set(names)
    dead = [
        f"{name}: {target}"
        for name in names
        for target in links(name)
        if not (ROOT / name).parent.joinpath(target.split("#")[0]).exists()
    ]
    assert not dead


@pytest.mark.parametrize("name", READMES)
def test_readme_shows_map_and_exhibit(name: str) -> None:
    assert {"docs/images/map.png", "docs/images/district-roles.png"} <= set(links(name))


# ---- data/README.md ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def package(
    settings: Settings, register: Register, boundaries: Boundaries, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A GeoPackage of the sample sites."""
    context = Context(settings, register, boundaries)
    checked = pipeline.check(context, pipeline.read_sites(context, None), date(2026, 11, 22))
    path = tmp_path_factory.mktemp("package") / "sites.gpkg"
    tables.write_geopackage(path, checked.document, checked.sites, register, boundaries)
    return path


def test_every_column_is_documented_in_its_order(package: Path) -> None:
    documented = first_cells(text_of("data/README.md"), "The columns of the results")
    assert documented == list(tables.COLUMNS)
    assert list(pyogrio.read_info(package, layer="sites")["fields"])[: len(documented)] == documented


def test_columns_have_a_chinese_and_an_english_meaning() -> None:
    columns = text_of("data/README.md").split("## The columns of the results")[1].split("### Faults of a row")[0]
    rows = re.findall(r"^\| `(\w+)` \|([^|]*)\|([^|]*)\|", columns, flags=re.M)
    assert {*tables.COLUMNS} <= {name for name, _, _ in rows}
    for name, chinese, english in rows:
        assert re.search(r"[\u4e00-\u9fff]|—", chinese) and re.search(r"[a-z]", english), name


def test_every_column_of_the_district_layer_is_documented(package: Path) -> None:
    documented = first_cells(text_of("data/README.md"), "Layer `districts`")
    assert documented == list(pyogrio.read_info(package, layer="districts")["fields"])


def test_columns_of_a_site_list_are_documented_with_their_aliases() -> None:
    text = text_of("data/README.md")
    assert first_cells(text, "A site list of your own") == list(SITE_COLUMNS)
    section = text.split("## A site list of your own")[1]
    for name, aliases in SITE_COLUMNS.items():
        assert f"| `{name}` | {'、'.join(aliases) or '—'} |" in section


@pytest.mark.parametrize(
    ("heading", "record"),
    [
        ("`instrument`", schema.Instrument),
        ("`designations`", schema.Designation),
        ("`layouts`", schema.Layout),
        ("`measures`", schema.Measure),
        ("`places` and `terms`", schema.Place),
        ("`places` and `terms`", schema.Term),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_every_key_of_a_policy_file_is_documented(heading: str, record: type) -> None:
    text = text_of("data/README.md")
    section = re.split(rf"^### {re.escape(heading)}.*$", text, maxsplit=1, flags=re.M)[1]
    section = re.split(r"^### ", section, maxsplit=1, flags=re.M)[0]
    keys = {one.name for one in fields(record)} - {"instrument"}
    in_table = "\n| " in section
    assert keys <= set(first_cells(text, heading) if in_table else re.findall(r"`(\w+)`", section))


def test_the_example_of_a_policy_file_is_one_file_and_no_code(shell: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ((name, text),) = files_in("data/README.md").items()
    folder = shell / "home" / "data" / "policy"
    folder.mkdir(parents=True)
    (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("PARKSITE_HOME", str(shell / "home"))
    found = policy.load(Settings.default().policy_files())
    assert "example-2027" in found.instruments
    assert found.force("example-2027", date(2030, 1, 31)) is schema.Force.IN_FORCE
    assert found.force("example-2027", date(2030, 2, 1)) is schema.Force.LAPSED
    asked = "parksite check 114.2347 22.5570 --field 聚乳酸 --stage 中试 --as-of 2028-01-01 --lang en"
    said = run(asked).output
    assert "[designated]" in said and "[in_force]" in said and "Example role" in said


# ---- sources and dependencies ------------------------------------------------------------


def test_every_data_file_has_a_row_of_its_source() -> None:
    index = sources.read_index(ROOT / "data" / "sources.toml")
    listed = [file for one in index.values() for file in one.files]
    held = {name.removeprefix("data/") for name in committed() if name.startswith("data/")}
    assert len(listed) == len(set(listed))
    assert set(listed) == held - {"README.md", "sources.toml"}


def test_every_source_is_in_the_table_of_files() -> None:
    text = text_of("data/README.md")
    for one in sources.read_index(ROOT / "data" / "sources.toml").values():
        assert one.licence and one.vintage and one.title_zh and one.title_en
        for file in one.files:
            assert f"| `{file}` |" in text
        if one.package:
            assert one.version
            assert f"| package `{one.package}`, source `{one.id}` |" in text


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads(text_of("pyproject.toml"))
    run_time, extras = project["project"]["dependencies"], project["project"]["optional-dependencies"]
    text = text_of("docs/dependencies.md")
    listed = (
        ("At run time", run_time),
        ("Extras", sorted([*extras["cluster"], *extras["fast"]])),
        ("For the benchmarks", extras["bench"]),
        ("For development", extras["dev"]),
    )
    assert sum(map(len, extras.values())) == sum(len(wanted) for _, wanted in listed[1:])
    for heading, wanted in listed:
        assert first_cells(text, heading) == [re.split(r"[<>=!~;\[ ]", one)[0] for one in wanted]
    for build in project["build-system"]["requires"]:
        assert f"`{re.split(r'[<>=]', build)[0]}`" in text
    scripts = json.loads(text_of("maps/web/package.json"))
    assert first_cells(text, "In the map") == list(scripts["dependencies"])
    assert first_cells(text, "To look after the map's scripts") == list(scripts["devDependencies"])


def test_changelog_has_the_version() -> None:
    from geo import __version__

    assert re.search(rf"^## \[{re.escape(__version__)}\]", text_of("CHANGELOG.md"), flags=re.M)


# ---- what no file may say ----------------------------------------------------------------


def faults(text: str) -> list[str]:
    """Hosts of registries and paths of a machine in a text."""
    return [host for host in HOSTS if host in text.lower()] + [hit[0] for hit in MACHINE_PATH.finditer(text)]


def test_no_file_names_a_registry_host_or_a_machine_path() -> None:
    found = {}
    for name in committed():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # an image
        if said := faults(text):
            found[name] = said
    assert not found


@pytest.mark.parametrize("text", [f"https://{HOSTS[0]}/simple", "in " + "/home" + "/me/x", "'" + "/work" + "/main'"])
def test_the_search_finds_what_it_looks_for(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize("text", ["~/.cache", "docs/images/map.png", "a/home/b", "https://example.org/home/x"])
def test_the_search_leaves_plain_text_alone(text: str) -> None:
    assert not faults(text)
