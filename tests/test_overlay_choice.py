"""Which way work is done."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from geo.loops import choice as below
from geo.overlay import choice


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Nothing known of numba before, and nothing of the test after."""
    below._started.cache_clear()
    yield
    below._started.cache_clear()


def test_little_work_starts_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("geo.overlay.compiled", "geo.loops.compiling"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert choice.loops(False) is None
    assert "geo.overlay.compiled" not in sys.modules


def test_loops_that_were_started_are_taken() -> None:
    loops = choice.loops(True)
    assert loops is not None
    assert choice.loops(False) is loops


def test_without_numba_numpy_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(below, "find_spec", lambda name: None)
    assert choice.loops(True) is None


@pytest.mark.parametrize("fault", [ImportError, RuntimeError])
def test_a_compiler_that_does_not_start_is_done_without(
    fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(name: str) -> None:
        raise fault(name)

    monkeypatch.setattr(below, "import_module", fails)
    assert choice.loops(True) is None
