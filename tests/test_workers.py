"""Tasks on every core: results in order, the first error, nothing left behind."""

from __future__ import annotations

import os
import time
from multiprocessing import active_children
from pathlib import Path

import pytest

from geo.errors import GeoError, InputError
from geo.pipeline import workers


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


def test_results_come_in_order_and_from_more_than_one_process() -> None:
    found = list(workers.in_order(doubled, 3, range(400), processes=2))
    assert [value for value, _ in found] == [3 * task for task in range(400)]
    assert os.getpid() in {process for _, process in found}
    assert not active_children()


@pytest.mark.parametrize("words", [{"processes": 1}, {"alone": 400}])
def test_few_tasks_and_one_core_need_no_process(words: dict[str, int]) -> None:
    found = list(workers.in_order(doubled, 3, range(400), **words))
    assert {process for _, process in found} == {os.getpid()}


def test_the_error_is_that_of_the_first_task_that_fails(tmp_path: Path) -> None:
    told = []
    for processes in (1, 2, 3):
        done = []
        with pytest.raises(InputError) as caught:
            done.extend(iter(workers.in_order(late, tmp_path, range(6), processes=processes)))
        told.append(caught.value.text("en"))
        assert not active_children()
    assert told == ["task 2 [field f] → try"] * 3


def test_a_process_that_is_ended_from_outside_is_told() -> None:
    with pytest.raises(GeoError, match="ended from outside"):
        list(workers.in_order(ended, os.getpid(), range(6), processes=2))
    assert not active_children()


def test_an_interrupt_leaves_no_process_and_nothing_is_written_afterwards(tmp_path: Path) -> None:
    results = workers.in_order(written, tmp_path, range(8), processes=2)
    next(results)
    with pytest.raises(KeyboardInterrupt):
        results.throw(KeyboardInterrupt)
    assert not active_children()
    before = sorted(tmp_path.iterdir())
    time.sleep(0.6)
    assert sorted(tmp_path.iterdir()) == before
