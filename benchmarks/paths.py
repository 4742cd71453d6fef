"""Our two paths: loops compiled by numba, and numpy alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest import mock

from benchmarks.contest import Answer, Tool
from geo.overlay import choice

Ready = Callable[[int], Callable[[], Any]]


def tools(case: str, ready: Ready, answer: Callable[[Any], Answer] = tuple) -> dict[str, Tool]:
    """A tool for each path, by the name of its case; both do the same work."""
    return {
        f"{case}, numpy": Tool("parksite, numpy", _numpy(ready), answer),
        f"{case}, compiled": Tool(
            "parksite, compiled", _compiled(ready), answer, needs=("numba",), remark="loops compiled before"
        ),
    }


def _numpy(ready: Ready) -> Ready:
    """The work with the compiled loops out of reach."""
    return _with(ready, lambda worth: None)


def _compiled(ready: Ready) -> Ready:
    """The work with the compiled loops however small it is."""
    chosen = choice.loops
    return _with(ready, lambda worth: chosen(True))


def _with(ready: Ready, loops: Callable[[bool], Any]) -> Ready:
    def made(count: int) -> Callable[[], Any]:
        work = ready(count)

        def run() -> Any:
            with mock.patch.object(choice, "loops", loops):
                return work()

        return run

    return made
