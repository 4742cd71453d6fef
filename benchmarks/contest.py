"""One piece of work given to several tools: the same answers first, then the times.

All tools of a contest run in turn, round after round, so that a machine that slows down slows
all of them; within its turn a short work is repeated. The best time of each counts, of as many
rounds as all the others. What a tool needs before it can start (points as its own geometries,
tables registered) is made before.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import peers
from benchmarks.table import OURS, Line

ROUNDS = 3
TURN_S = 1.0  # in each round a tool is at work for so long, time after time
BUDGET_S = 60.0  # a contest whose rounds took longer than this gets no further round
Answer = tuple[NDArray[Any], ...]


@dataclass(frozen=True)
class Tool:
    """A way to do the work.

    Attributes
    ----------
    ready : callable
        Given a number of rows, makes the inputs and returns the function that is timed.
    answer : callable
        Brings what that function returned into the form that `Contest.same` compares; not timed.
    needs : tuple of str
        Packages, as pip names them.
    most : int or None
        Rows it is given at most: its time is scaled to the rows of the contest.
    lacks : str
        Why it cannot do the work at all.
    """

    name: str
    ready: Callable[[int], Callable[[], Any]] | None = None
    answer: Callable[[Any], Answer] = tuple
    needs: tuple[str, ...] = ()
    most: int | None = None
    lacks: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Contest:
    """A piece of work; every one of `ours` gets lines of its own with all peers."""

    rows: int
    ours: dict[str, Tool]
    peers: Sequence[Tool]
    same: Callable[[Answer, Answer], bool]

    def run(self) -> list[Line]:
        """Compare the answers, measure, and tell."""
        faults: dict[str, str] = {}  # by name of the tool, as what follows
        works: dict[str, Callable[[], Any]] = {}
        same: dict[str, bool] = {}
        expected: dict[int, Answer] = {}
        tools = [*self.ours.values(), *self.peers]
        for tool in tools:
            try:
                works[tool.name], same[tool.name] = self._checked(tool, expected)
            except Unavailable as error:
                faults[tool.name] = str(error)
        times = _measured(works)
        lines = []
        for case, ours in self.ours.items():
            base = times.get(ours.name)
            lines.append(self._line(case, ours, OURS, base, base, same, faults))
            for tool in self.peers:
                if tool.lacks and lines[0].case != case:
                    continue  # said once is enough
                lines.append(self._line(case, tool, tool.name, times.get(tool.name), base, same, faults))
        return lines

    def _checked(self, tool: Tool, expected: dict[int, Answer]) -> tuple[Callable[[], Any], bool]:
        """The function to be timed, once its answer was compared with ours."""
        missing = tool.lacks or peers.lacking(tool.needs)
        if missing or tool.ready is None:
            raise Unavailable(missing)
        rows = self._rows(tool)
        _say(f"{tool.name}: {rows:,} rows")
        try:
            work = tool.ready(rows)
            answer = tool.answer(work())
        except Exception as error:
            if tool in self.ours.values():
                raise
            raise Unavailable(f"failed: {type(error).__name__}: {str(error).splitlines()[0][:120]}") from error
        if rows not in expected:
            first = next(iter(self.ours.values()))
            expected[rows] = answer if tool is first or first.ready is None else first.answer(first.ready(rows)())
        return work, self.same(expected[rows], answer)

    def _rows(self, tool: Tool) -> int:
        return min(self.rows, tool.most or self.rows)

    def _line(
        self,
        case: str,
        tool: Tool,
        name: str,
        seconds: float | None,
        base: float | None,
        same: dict[str, bool],
        faults: dict[str, str],
    ) -> Line:
        if seconds is None:
            return Line(case, name, remark=faults[tool.name])
        remark, rows = tool.remark, self._rows(tool)
        if rows < self.rows:
            remark = "; ".join(filter(None, [remark, f"scaled up from {rows:,} rows"]))
        scaled = seconds * self.rows / rows
        return Line(case, name, scaled, scaled / base if base else None, same[tool.name], remark)


class Unavailable(Exception):
    """A tool that cannot take part."""


def _measured(works: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Best time of each, all of them in turn."""
    best: dict[str, float] = {}
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        for name, work in works.items():
            gc.collect()
            best[name] = min(best.get(name, np.inf), _best_of_turn(work))
        if time.perf_counter() - begun > BUDGET_S:
            break
    return best


def _best_of_turn(work: Callable[[], Any]) -> float:
    """Best time of a work that is repeated until the turn is over."""
    best, begun = np.inf, time.perf_counter()
    while best == np.inf or time.perf_counter() - begun < TURN_S:
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def _say(text: str) -> None:
    sys.stderr.write(f"  {text}\n")


def same_pairs(ours: Answer, theirs: Answer) -> bool:
    """Whether two sets of (row, area) pairs are one, in any order."""
    return len(ours[0]) == len(theirs[0]) and bool(np.array_equal(_keys(ours), _keys(theirs)))


def same_areas(ours: Answer, theirs: Answer, tolerance: float = 1e-6) -> bool:
    """Whether (row, area, size) agree; a pair that only one of them has counts as one of size 0 there."""
    keys, at = np.unique(np.concatenate([_packed(ours), _packed(theirs)]), return_inverse=True)
    sizes = np.concatenate([ours[2], -np.asarray(theirs[2])])
    difference = np.bincount(at, weights=sizes, minlength=len(keys))
    return bool(np.all(np.abs(difference) <= tolerance))


def same_values(ours: Answer, theirs: Answer, tolerance: float = 1e-6) -> bool:
    """Whether two columns of numbers agree."""
    return len(ours[0]) == len(theirs[0]) and bool(np.all(np.abs(ours[0] - theirs[0]) <= tolerance))


def _packed(answer: Answer) -> NDArray[np.int64]:
    return np.asarray(answer[0], dtype=np.int64) * 65_536 + np.asarray(answer[1], dtype=np.int64)


def _keys(answer: Answer) -> NDArray[np.int64]:
    return np.sort(_packed(answer))
