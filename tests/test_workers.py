"""Tasks on every core: results in order, the first error, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

from geo import workers
from geo.errors import GeoError, InputError


def doubled(shared: int, task: int) -> tuple[int, int]:
    return shared * task, os.getpid()


def late(shared: Path, task: int) -> int:
    """The later a task stands, the sooner it fails."""
    if task >= 2:
        time.sleep(0.2 * (6 - task))
        raise InputError(f"task {task}", f"任务 {task}", field="f", remedy_en="try")
    return task


def ended(shared: int, task: int) -> int:
    """Ends any process but the first."""
    if os.getpid() != shared:
        os._exit(1)
    time.sleep(0.3)
    return task


def written(shared: Path, task: int) -> None:
    time.sleep(0.4)
    (shared / str(task)).touch()


def each(do: Callable[[Any, Any], Any], shared: Any, tasks: Iterable[Any], processes: int) -> Iterator[Any]:
    with workers.crew(shared, processes, remedy=("请重试", "try again")) as crew:
        yield from crew.each(do, tasks)


KILLED = """
import os, signal, sys
from pathlib import Path
from geo import workers
from test_workers import signed

if __name__ == "__main__":
    here, mine = Path(sys.argv[1]), os.getpid()
    with workers.crew((here, mine), 2, remedy=("", "")) as crew:
        for _ in crew.each(signed, range(400)):
            if any(here.iterdir()):
                os.kill(mine, signal.SIGKILL)
"""


def signed(shared: tuple[Path, int], task: int) -> None:
    """Leaves the number of any process but the first."""
    time.sleep(0.02)
    if os.getpid() != shared[1]:
        (shared[0] / str(os.getpid())).touch()


def until_met(shared: Path, task: int) -> tuple[int, int]:
    """Takes its time until two processes have been at work."""
    (shared / str(os.getpid())).touch()
    if len(list(shared.iterdir())) < 2:
        time.sleep(0.05)
    return 3 * task, os.getpid()


def test_results_come_in_order_and_from_more_than_one_process(tmp_path: Path) -> None:
    found = list(each(until_met, tmp_path, range(1000), 2))
    assert [value for value, _ in found] == [3 * task for task in range(1000)]
    assert len({process for _, process in found} | {os.getpid()}) == 2
    assert not active_children()


def test_tasks_are_begun_while_others_start(tmp_path: Path) -> None:
    """The first process does not wait for one that has still to import its libraries."""
    hold = tmp_path / "hold"
    hold.touch()
    with workers.crew(_Slow(hold), 2, remedy=("", "")) as crew:
        assert list(crew.each(mine, range(50))) == [os.getpid()] * 50
        hold.unlink()


class _Slow:
    """Is loaded in another process only when a file is gone."""

    def __init__(self, hold: Path) -> None:
        self.hold = hold

    def __setstate__(self, state: dict[str, Any]) -> None:
        while state["hold"].exists():
            time.sleep(0.01)
        self.__dict__ |= state


def mine(shared: _Slow, task: int) -> int:
    return os.getpid()


def test_one_process_does_it_itself() -> None:
    assert {process for _, process in each(doubled, 3, range(400), 1)} == {os.getpid()}


def test_few_tasks_are_worth_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 4)
    assert [workers.worth(tasks, 2) for tasks in (0, 2, 3, 99)] == [1, 1, 3, 4]


def test_a_crew_does_one_work_after_another() -> None:
    with workers.crew(3, 2, remedy=("请重试", "try again")) as crew:
        for tasks in (range(5), (), range(30, 60)):
            assert [value for value, _ in crew.each(doubled, tasks)] == [3 * task for task in tasks]


def test_what_is_not_taken_does_not_pile_up(tmp_path: Path) -> None:
    results = each(written, tmp_path, range(60), 2)
    next(results)
    before = -1
    while before != (before := len(list(tmp_path.iterdir()))):
        time.sleep(1)
    assert before < 10
    results.close()


def test_others_end_with_the_process_that_is_killed(tmp_path: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False, cwd=Path(__file__).parent)
    assert ran.returncode == -signal.SIGKILL
    (other,) = {int(path.name) for path in tmp_path.iterdir()}
    for _ in range(200):
        if not Path(f"/proc/{other}").exists():
            return
        time.sleep(0.1)
    pytest.fail("a process was left behind")


def test_the_error_is_that_of_the_first_task_that_fails(tmp_path: Path) -> None:
    told = []
    for processes in (1, 2, 3):
        done = []
        with pytest.raises(InputError) as caught:
            done.extend(iter(each(late, tmp_path, range(6), processes)))
        told.append(caught.value.text("en"))
        assert not active_children()
    assert told == ["task 2 [field f] → try"] * 3


def test_a_process_that_is_ended_from_outside_is_told() -> None:
    with pytest.raises(GeoError, match="ended from outside"):
        list(each(ended, os.getpid(), range(200), 2))
    assert not active_children()


def test_an_interrupt_leaves_no_process_and_nothing_is_written_afterwards(tmp_path: Path) -> None:
    results = each(written, tmp_path, range(8), 2)
    next(results)
    with pytest.raises(KeyboardInterrupt):
        results.throw(KeyboardInterrupt)
    assert not active_children()
    before = sorted(tmp_path.iterdir())
    time.sleep(0.6)
    assert sorted(tmp_path.iterdir()) == before
