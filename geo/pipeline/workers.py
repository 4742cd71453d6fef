"""Tasks on every core (layer 9): this process does its part, further ones the rest.

A process that is started must import matplotlib and shapely anew, about as long as one sheet
takes, so that few tasks are done here alone.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TypeVar

from geo.errors import GeoError

ALONE = 2  # so many tasks are done sooner than another process is ready
_MOST = 8  # processes: each takes some 200 MB
_AHEAD = 2  # tasks that a process has at once, so that it need not wait while this one draws

Shared = TypeVar("Shared")
Task = TypeVar("Task")
Result = TypeVar("Result")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    do: Callable[[Shared, Task], Result],
    shared: Shared,
    tasks: Sequence[Task],
    *,
    alone: int = ALONE,
    processes: int | None = None,
) -> Iterator[Result]:
    """Results of ``do(shared, task)`` in the order of the tasks, each as soon as those before it are done.

    Parameters
    ----------
    do : callable
        A function of a module; what it is given and what it returns can be pickled.
    shared : object
        What all tasks need, handed over to each process once.
    tasks : sequence
    alone : int
        Up to so many tasks are done without further processes.
    processes : int, optional
        How many work, this one included: as many as there are cores and tasks, at most eight.

    Yields
    ------
    object
        When the iteration ends early, also by an interrupt, every process is ended.

    Raises
    ------
    Exception
        The error of the first task that fails, as it would be raised without further processes.
    GeoError
        If a process was ended from outside.
    """
    many = min(cores(), _MOST) if processes is None else processes
    others = min(many, len(tasks)) - 1 if len(tasks) > alone else 0
    if others < 1:
        for task in tasks:
            yield do(shared, task)
        return
    with _crew(do, shared, others) as crew:
        yield from _shared_out(do, shared, tasks, crew)


@contextmanager
def _crew(do: Callable[[Any, Any], Any], shared: Any, count: int) -> Iterator[list[_Other]]:
    """Other processes, which are ended with what is done within."""
    crew: list[_Other] = []
    with tempfile.TemporaryDirectory(prefix="parksite-", ignore_cleanup_errors=True) as folder:
        held = Path(folder) / "shared"  # a pipe would hold this process up until the other has its imports
        held.write_bytes(pickle.dumps((do, shared), pickle.HIGHEST_PROTOCOL))
        try:
            for _ in range(count):
                crew.append(_Other.start(held))
            yield crew
        finally:
            for one in crew:
                one.end()


def _shared_out(
    do: Callable[[Shared, Task], Result], shared: Shared, tasks: Sequence[Task], crew: Sequence[_Other]
) -> Iterator[Result]:
    """Give out the tasks, do those that nobody has, and yield what is done in order."""
    waiting = deque(enumerate(tasks))
    done: dict[int, _Outcome] = {}
    for number in range(len(tasks)):
        while number not in done:
            for one in crew:
                while waiting and len(one.given) < _AHEAD:
                    one.give(*waiting.popleft())
            if waiting:
                mine, task = waiting.popleft()
                done[mine] = _outcome(do, shared, task)
            done |= _collected(crew, block=not waiting and number not in done)
        result = done.pop(number)
        if result.error is not None:
            raise result.error
        yield result.value


def _collected(crew: Sequence[_Other], *, block: bool) -> dict[int, _Outcome]:
    """What the others have done, by the number of the task."""
    by_line = {one.line: one for one in crew if one.given}
    ready = wait(list(by_line), None if block else 0)
    return dict(by_line[line].take() for line in ready if isinstance(line, Connection))


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
    """Another process, and the numbers of the tasks that it has."""

    process: Any
    line: Connection
    given: deque[int] = field(default_factory=deque)

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

    def take(self) -> tuple[int, _Outcome]:
        try:
            return self.given.popleft(), self.line.recv()
        except (EOFError, OSError) as error:
            raise GeoError(
                "a drawing process was ended from outside, perhaps for want of memory",
                "绘图进程被系统终止，可能内存不足",
                remedy_en="close other programs, lower --dpi, or name fewer sheets",
                remedy_zh="请关闭其他程序、降低 --dpi，或减少图件",
            ) from error

    def end(self) -> None:
        """End the process, whatever it does, so that nothing is written behind it."""
        self.line.close()
        self.process.terminate()
        self.process.join()


def _work(line: Connection, held: Path) -> None:
    """What another process does: one task after the other until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt ends the first process, which ends this one
    do, shared = pickle.loads(held.read_bytes())  # noqa: S301 (written by the process that started this one)
    with suppress(EOFError, OSError):
        while True:
            line.send(_outcome(do, shared, line.recv()))
