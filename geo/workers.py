"""Tasks on every core (layer 1): this process does its part, further ones the rest.

A process that is started must import its libraries anew, as long as one map sheet or
100,000 sites of a list take, so that few tasks are done here alone.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TypeVar

from geo.errors import GeoError

_MOST = 8  # processes: each takes some 200 MB
_AHEAD = 2  # tasks that a process has at once where more are left, so that it need not wait while this one works
_KEPT = 4  # results for each process that may wait for one before them

Task = TypeVar("Task")
Result = TypeVar("Result")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def worth(tasks: int, alone: int) -> int:
    """How many processes so many tasks are worth, of which so few are done sooner alone."""
    return min(cores(), _MOST, tasks) if tasks > alone else 1


@contextmanager
def crew(shared: Any, processes: int, *, remedy: tuple[str, str]) -> Iterator[Crew]:
    """Processes that are ended with what is done within, the one that asks for them being the first.

    Parameters
    ----------
    shared : object
        What all tasks need, handed over to each process once.
    processes : int
        How many work, the first included; up to 1 it is alone.
    remedy : (str, str)
        What helps, in Chinese and English, where one of them is ended from outside.
    """
    if processes < 2:
        yield Crew(shared, [], remedy)
        return
    others: list[_Other] = []
    with tempfile.TemporaryDirectory(prefix="parksite-", ignore_cleanup_errors=True) as folder:
        held = Path(folder) / "shared"  # a pipe would hold this process up until the other has its imports
        held.write_bytes(pickle.dumps(shared, pickle.HIGHEST_PROTOCOL))
        try:
            for _ in range(processes - 1):
                others.append(_Other.start(held))
            yield Crew(shared, others, remedy)
        finally:
            for one in others:
                one.end()


class Crew:
    """Processes that do tasks; see `crew`."""

    def __init__(self, shared: Any, others: list[_Other], remedy: tuple[str, str]) -> None:
        self._shared, self._others, self._remedy = shared, others, remedy

    def each(self, do: Callable[[Any, Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Results of ``do(shared, task)`` in the order of the tasks, each as soon as those before it are done.

        Parameters
        ----------
        do : callable
            A function of a module; what it is given and what it returns can be pickled.

        Raises
        ------
        Exception
            The error of the first task that fails, as it would be raised without further processes.
        GeoError
            If a process was ended from outside.
        """
        if not self._others:
            for task in tasks:
                yield do(self._shared, task)
            return
        waiting = deque(enumerate(tasks))
        done: dict[int, _Outcome] = {}
        for number in range(len(waiting)):
            last = number + _KEPT * len(self._others)
            while number not in done:
                self._give_out(do, waiting, last)
                done |= self._collected(block=False)
                if number in done:
                    break
                if waiting and waiting[0][0] <= last:
                    mine, task = waiting.popleft()
                    done[mine] = _outcome(do, self._shared, task)
                else:
                    done |= self._collected(block=True)
            self._give_out(do, waiting, last)  # they need not wait while the caller uses this result
            result = done.pop(number)
            if result.error is not None:
                raise result.error
            yield result.value

    def _give_out(self, do: Callable[[Any, Any], Any], waiting: deque[tuple[int, Any]], last: int) -> None:
        """Give tasks to those that have started and have few, none after the last that may be begun."""
        for ahead in range(_AHEAD):
            for one in self._others:
                if one.ready and len(one.given) == ahead and len(waiting) > ahead and waiting[0][0] <= last:
                    number, task = waiting.popleft()
                    one.give(number, (do, task))

    def _collected(self, *, block: bool) -> dict[int, _Outcome]:
        """What the others have done, by the number of the task."""
        by_line = {one.line: one for one in self._others if one.given or not one.ready}
        heard = wait(list(by_line), None if block else 0)
        try:
            told = [by_line[line].take() for line in heard if isinstance(line, Connection)]
            return dict(one for one in told if one is not None)
        except (EOFError, OSError) as error:
            zh, en = self._remedy
            raise GeoError(
                "a process that was at work was ended from outside, perhaps for want of memory",
                "工作进程被系统终止，可能内存不足",
                remedy_en=en,
                remedy_zh=zh,
            ) from error


@dataclass(frozen=True)
class _Outcome:
    """What became of a task."""

    value: Any = None
    error: Exception | None = None


def _outcome(do: Callable[[Any, Any], Any], shared: Any, task: Any) -> _Outcome:
    try:
        return _Outcome(do(shared, task))
    except Exception as error:  # raised when it is this task's turn
        return _Outcome(error=error)


@dataclass
class _Other:
    """Another process, the numbers of the tasks that it has, and whether it has started."""

    process: Any
    line: Connection
    given: deque[int] = field(default_factory=deque)
    ready: bool = False

    @classmethod
    def start(cls, held: Path) -> _Other:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, held), daemon=True)
        process.start()
        theirs.close()
        return cls(process, ours)

    def give(self, number: int, task: Any) -> None:
        self.given.append(number)
        with suppress(OSError):  # a process that has ended is told when its result is taken
            self.line.send(task)

    def take(self) -> tuple[int, _Outcome] | None:
        """Its next result; the first that it says is that it is ready."""
        result = self.line.recv()
        if not self.ready:
            self.ready = True
            return None
        return self.given.popleft(), result

    def end(self) -> None:
        """End the process, whatever it does, so that nothing is written behind it."""
        self.line.close()
        self.process.terminate()
        self.process.join()


def _work(line: Connection, held: Path) -> None:
    """What another process does: one task after the other until nobody asks, or the one that asks is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt ends the first process, which ends this one
    shared = pickle.loads(held.read_bytes())  # noqa: S301 (written by the process that started this one)
    with suppress(EOFError, OSError):
        line.send(None)
        while True:
            do, task = line.recv()
            line.send(_outcome(do, shared, task))
