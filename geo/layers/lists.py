"""The lists of layers in `data/layers`: what ships, what planners name, what OpenStreetMap gives.

A user's own file of the same name is read instead, so each is checked before it is used.
"""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from geo import sources
from geo.errors import InputError, one_line
from geo.layers.model import NAME
from geo.schema import Words
from geo.settings import Settings

DERIVED = ("districts", "coast")
Tags = dict[str, list[str]]
_strict = ConfigDict(extra="forbid")
_Id = Annotated[str, Field(pattern=NAME)]


@checked(frozen=True, config=_strict, kw_only=True)
class ShippedRow:
    """A layer of `layers.yaml`; without a file it is derived from the district outlines."""

    id: _Id
    title: Words
    note: Words
    label: list[str]
    aliases: list[str] = Field(default_factory=list)
    file: str | None = None
    source: str | None = None
    derived: bool = False
    left_out: list[dict[str, str]] = Field(default_factory=list)

    def __post_init__(self) -> None:
        if self.derived and self.id not in DERIVED:
            raise ValueError(f"derived are {', '.join(DERIVED)} only")
        if self.derived == (self.file is not None) or (self.file is not None and self.source is None):
            raise ValueError("either file and source, or derived: true")


@checked(frozen=True, config=_strict, kw_only=True)
class OfficialRow:
    """A layer of `official.yaml`."""

    id: _Id
    title: Words
    aliases: list[str] = Field(default_factory=list)
    unit: str = ""


@checked(frozen=True, config=_strict, kw_only=True)
class ThemeRow:
    """A theme of `osm.yaml`: values by key for points, lines and areas."""

    id: _Id
    title: Words
    aliases: list[str] = Field(default_factory=list)
    points: Tags | None = None
    lines: Tags | None = None
    areas: Tags | None = None
    unless: Tags = Field(default_factory=dict)
    keep: list[str] = Field(default_factory=list)


_Row = TypeVar("_Row", ShippedRow, OfficialRow, ThemeRow)


def shipped_rows(settings: Settings) -> list[ShippedRow]:
    """Rows of `layers.yaml`.

    Raises
    ------
    InputError
        If a user's own file of that name is not laid out like the shipped one.
    """
    return _read(settings, "layers", "layers", TypeAdapter(list[ShippedRow]))


def official_rows(settings: Settings) -> list[OfficialRow]:
    """Rows of `official.yaml`; raises as `shipped_rows` does."""
    return _read(settings, "official", "layers", TypeAdapter(list[OfficialRow]))


def theme_rows(settings: Settings) -> list[ThemeRow]:
    """Rows of `osm.yaml`; raises as `shipped_rows` does."""
    return _read(settings, "osm", "themes", TypeAdapter(list[ThemeRow]))


def _read(settings: Settings, file: str, key: str, kind: TypeAdapter[list[_Row]]) -> list[_Row]:
    path = settings.data_file(f"layers/{file}.yaml")
    held = sources.read_yaml(path)
    try:
        if not isinstance(held, dict) or held.keys() != {key}:
            raise ValueError(f"one key is expected: {key}")
        rows = kind.validate_python(held[key])
        ids = [row.id for row in rows]
        twice = next((one for one in ids if ids.count(one) > 1), None)
        if twice is not None:
            raise ValueError(f"{twice} stands twice")
    except (ValidationError, ValueError) as error:
        loc: tuple[int | str, ...] = ()
        said = str(error)
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            loc = first["loc"]
            said = "a mapping is expected" if first["type"] == "dataclass_type" else first["msg"]
        where = ".".join(str(at + 1) if isinstance(at, int) else at for at in (key, *loc))
        raise InputError(
            f"the list of layers is not laid out as it should be: {one_line(said, 200)}",
            f"图层清单的格式不正确：{one_line(said, 200)}",
            file=path,
            field=where,
            remedy_en=f"follow the shipped layers/{file}.yaml, or take your own file away",
            remedy_zh=f"请参照随软件提供的 layers/{file}.yaml，或移除自己的文件",
        ) from error
    return rows
