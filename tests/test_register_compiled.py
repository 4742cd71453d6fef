"""The register from its compiled form: the same records, and never from a form that does not fit its files."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geo import register as policy
from geo.errors import RegisterError
from geo.register import Register, compiled
from geo.settings import Settings


@pytest.fixture
def files(settings: Settings) -> list[Path]:
    return settings.policy_files()


@pytest.fixture
def no_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on no YAML can be read."""
    monkeypatch.setattr("geo.sources.read_yaml", None)


def test_every_record_is_the_same(files: list[Path], tmp_path: Path, register: Register, no_yaml: None) -> None:
    compiled.write(compiled.entry(tmp_path, files), register)
    again = policy.load(files, cache=tmp_path)
    assert again == register
    assert repr(again) == repr(register)  # the types of all values, too: 40 is not 40.0, a stage no text
    assert [*again.places] == [*register.places] and [*again.instruments] == [*register.instruments]


def test_what_is_read_is_kept(files: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = policy.load(files, cache=tmp_path / "a" / "b")
    monkeypatch.setattr("geo.sources.read_yaml", None)
    assert policy.load(files, cache=tmp_path / "a" / "b") == first
    assert len(list((tmp_path / "a" / "b").iterdir())) == 1


def test_one_changed_byte_leads_back_to_the_files(settings: Settings, tmp_path: Path) -> None:
    mine = replace(settings, user=tmp_path, cache=tmp_path / "cache")
    before = policy.load(mine.policy_files(), cache=mine.cache)
    own = tmp_path / "data" / "policy" / "taxonomy.yaml"
    own.parent.mkdir(parents=True)
    text = settings.data_file("policy/taxonomy.yaml").read_text(encoding="utf-8")
    assert text.count("光刻胶及配套材料") == 1
    for name in ("光刻胶及配套材枓", "光刻胶及配套物料"):
        own.write_text(text.replace("光刻胶及配套材料", name), encoding="utf-8")
        found = policy.load(mine.policy_files(), cache=mine.cache)
        assert name in {term.zh for term in found.terms.values()}
        assert found.version != before.version
    own.unlink()
    assert policy.load(mine.policy_files(), cache=mine.cache) == before


def test_a_file_of_another_name_is_another_register(files: list[Path], tmp_path: Path) -> None:
    other = tmp_path / "zz.yaml"
    shutil.copy(files[0], other)
    assert compiled.entry(tmp_path, [*files[1:], other]).path != compiled.entry(tmp_path, files).path


def test_the_entry_of_other_files_is_not_used_under_this_name(
    settings: Settings, files: list[Path], tmp_path: Path, register: Register
) -> None:
    other = compiled.entry(tmp_path, files[:-1])
    compiled.write(other, replace(register, version="of other files"))
    shutil.move(other.path, compiled.entry(tmp_path, files).path)
    assert policy.load(files, cache=tmp_path) == register


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:1000] + bytes([raw[1000] ^ 1]) + raw[1001:],
        lambda raw: raw[:-1],
        lambda raw: b"",
        lambda raw: pickle.dumps({"version": "1"}),
    ],
    ids=["one bit", "cut short", "empty", "pickle"],
)
def test_a_damaged_entry_is_made_again(
    files: list[Path], tmp_path: Path, register: Register, damage: Callable[[bytes], bytes]
) -> None:
    policy.load(files, cache=tmp_path)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert policy.load(files, cache=tmp_path) == register
    assert path.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_time_only(files: list[Path], tmp_path: Path, register: Register) -> None:
    (tmp_path / "file").write_text("in the way")
    assert policy.load(files, cache=tmp_path / "file" / "cache") == register
    compiled.entry(tmp_path, files).path.mkdir()
    assert policy.load(files, cache=tmp_path) == register
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["file", compiled.entry(tmp_path, files).path.name]
    )


def at(*place: int | str, value: Any) -> Callable[[Any], Any]:
    """A change of one value of a compiled register, in place."""

    def change(values: Any) -> Any:
        held = values
        for step in place[:-1]:
            held = held[step]
        held[place[-1]] = value
        return values

    return change


HOSTILE: dict[str, Callable[[Any], Any]] = {  # changes with a digest that fits
    "nothing": lambda values: None,
    "a mapping": lambda values: {"version": "1"},
    "a list too short": lambda values: values[:-1],
    "a list too long": lambda values: [*values, 1],
    "a version that is a number": at(0, value=1),
    "a day that is none": at(1, value="2026-02-30"),
    "a day that is a number": at(1, value=20260101),
    "records in a list": at(3, value=[]),
    "a record that is a text": at(6, 0, value="text"),
    "a role that is a number": at(6, 0, 5, value=1),
    "a role that is a list": at(6, 0, 5, value=["x"]),
    "a clause that is true": at(6, 0, 4, value=True),
    "an unknown kind": at(6, 0, 1, value="rule"),
    "an unhashable kind": at(6, 0, 1, value=[]),
    "an unknown stage": at(6, 0, 7, value=["flying"]),
    "a field of one value": at(6, 0, 8, value=[["iron"]]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_values_that_no_register_has_are_not_used(
    files: list[Path], tmp_path: Path, register: Register, name: str
) -> None:
    entry = compiled.entry(tmp_path, files)
    compiled.write(entry, register)
    held = entry.read()
    assert held is not None
    entry.write(HOSTILE[name](held[0]))
    assert compiled.read(entry) is None
    assert policy.load(files, cache=tmp_path) == register
    assert compiled.read(entry) == register


def test_faults_are_reported_as_without_a_cache(settings: Settings, tmp_path: Path) -> None:
    mine = replace(settings, user=tmp_path, cache=tmp_path / "cache")
    own = tmp_path / "data" / "policy" / "register.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("register: {version: '1', known_to: soon}\nmore: []\n", encoding="utf-8")
    said = []
    for cache in (None, mine.cache, mine.cache):
        with pytest.raises(RegisterError) as fault:
            policy.load(mine.policy_files(), cache=cache)
        said.append(fault.value.faults)
    assert said[0] == said[1] == said[2]
    assert not mine.cache.exists()
