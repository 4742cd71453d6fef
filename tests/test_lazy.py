"""Packages whose parts are imported when they are first asked for."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import pytest

import geo

PACKAGES = sorted(
    f"geo.{path.parent.name}"
    for path in Path(*geo.__path__).glob("*/__init__.py")
    if "= attach(" in path.read_text(encoding="utf-8")
)


def test_there_are_such_packages() -> None:
    assert {"geo.pipeline", "geo.sources", "geo.tables"} <= {*PACKAGES}


@pytest.mark.parametrize("name", PACKAGES)
def test_every_public_name_is_given(name: str) -> None:
    package = importlib.import_module(name)
    for public in package.__all__:
        assert getattr(package, public) is getattr(package, public)


@pytest.mark.parametrize("name", PACKAGES)
def test_a_name_that_is_not_there_is_an_attribute_error(name: str) -> None:
    with pytest.raises(AttributeError, match=f"'{name}' has no attribute 'nothing'"):
        importlib.import_module(name).nothing  # noqa: B018


def test_a_part_is_imported_when_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "idle").mkdir()
    (tmp_path / "idle" / "__init__.py").write_text(
        "from geo.lazy import attach\n__getattr__ = attach(__name__, one=('a', 'b'), two=('c',))\n"
    )
    (tmp_path / "idle" / "one.py").write_text("a, b = [], 2\n")
    (tmp_path / "idle" / "two.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    idle = importlib.import_module("idle")
    assert "idle.one" not in sys.modules
    assert idle.a is importlib.import_module("idle.one").a
    assert "idle.two" not in sys.modules
    with pytest.raises(AttributeError, match="c"):
        idle.c  # noqa: B018
    for part in ("idle", "idle.one", "idle.two"):
        sys.modules.pop(part)


@pytest.mark.parametrize("name", PACKAGES)
def test_no_given_name_is_that_of_a_part(name: str) -> None:
    """The import of the part would put the module in the place of what it gives."""
    given = importlib.import_module(name).__dict__["__getattr__"].__closure__
    home = next(cell.cell_contents for cell in given if isinstance(cell.cell_contents, dict))
    parts = {part for _, part, _ in pkgutil.iter_modules(importlib.import_module(name).__path__)}
    assert home and not parts & home.keys()
    assert {*home.values()} <= parts
