"""Pieces of long lists, and who answers them: this process, or several."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from geo import register
from geo.bulk.answering import Answerer, own_names
from geo.bulk.outcome import Outcome
from geo.bulk.writing import CsvPiece, Extent, Piece, TablePiece, keep_rejected
from geo.errors import InputError
from geo.sites.many import Sheet
from geo.sources.long_parquet import LongParquet
from geo.sources.parts import Part

if TYPE_CHECKING:
    from datetime import date

    from geo.intake import Request
    from geo.pipeline import Context
    from geo.sources.parts import Unit

Form = Literal["csv", "arrow", "parquet"]
REJECTED_FILE = "rejected_file"  # column of rejected rows that come from several files


@dataclass(frozen=True)
class Question:
    """What is asked of every row, and how the answer is to be written."""

    request: Request
    as_of: date
    field: str | None
    stage: str | None
    form: str
    bom: bool = True

    def refuse_unknown(self, context: Context) -> None:
        """Raise for a field or stage that is not known.

        Raises
        ------
        UnknownTerm
            With the nearest known words.
        """
        if self.field:
            context.register.find_term(self.field)
        if self.stage:
            register.find_stage(self.stage)


@dataclass
class Job:
    """What is the same for all pieces."""

    context: Context
    question: Question

    @cached_property
    def answerer(self) -> Answerer:
        """Answers the parts that this process gets."""
        return Answerer(self.context, self.question.as_of, self.question.field, self.question.stage)

    def __getstate__(self) -> dict[str, Any]:
        """Without what a process makes for itself."""
        return {name: value for name, value in self.__dict__.items() if name != "answerer"}


@dataclass(frozen=True)
class Task:
    """A piece to be answered: some units of a file.

    Attributes
    ----------
    repeats, renamed
        Of the rows of these units, as in `geo.bulk.survey.Survey`.
    path : Path
        Where the answer goes; the rejected rows go beside it.
    name : str
        What rejected rows call the file that they come from; they do not where it is empty.
    """

    sheet: Sheet
    units: tuple[Unit, ...]
    path: Path
    form: Form
    repeats: dict[int, tuple[int, str]] = field(default_factory=dict)
    renamed: frozenset[int] = frozenset()
    name: str = ""

    @property
    def rejected(self) -> Path:
        """Where the rejected rows go."""
        return self.path.with_suffix(".rejected.jsonl")


@dataclass(frozen=True)
class Done:
    """What a piece has come to."""

    outcome: Outcome
    extent: Extent


def answer(job: Job, task: Task) -> Done:
    """Answer a piece; its files appear whole or not at all, however often and wherever it is tried."""
    mark = f".{uuid.uuid4().hex}"
    path, lost = task.path.with_name(task.path.name + mark), task.rejected.with_name(task.rejected.name + mark)
    try:
        done = _answered(job, task, path, lost)
        task.rejected.unlink(missing_ok=True)
        for made, wanted in ((lost, task.rejected), (path, task.path)):
            if made.exists():
                made.replace(wanted)
    finally:
        for made in (path, lost):
            made.unlink(missing_ok=True)
    return done


def _answered(job: Job, task: Task, path: Path, lost: Path) -> Done:
    piece: Piece = CsvPiece(path) if task.form == "csv" else TablePiece(path, parquet=task.form == "parquet")
    outcome = Outcome()
    given = own_names(task.sheet)
    for part in _parts(task):
        result = job.answerer.answer(part, task.sheet, task.repeats, task.renamed, given)
        piece.take(result)
        if result.rejected:
            named = {REJECTED_FILE: task.name} if task.name else {}
            keep_rejected(lost, (replace(one, attributes=named | one.attributes) for one in result.rejected))
        outcome.add(result.outcome)
    return Done(outcome, piece.close())


def _parts(task: Task) -> Iterator[Part]:
    """The rows of a piece; an empty part of a file without rows, so that its answer has the columns of others."""
    for unit in task.units:
        yield from task.sheet.file.read(unit)
    if not task.units and isinstance(task.sheet.file, LongParquet):
        yield _no_rows(task.sheet.file)


def _no_rows(file: LongParquet) -> Part:
    import pyarrow.parquet as pq

    table = pq.read_schema(file.there).empty_table().select(list(file.columns))
    geometries: NDArray[Any] | None = np.empty(0, dtype=object) if file.placed else None
    return Part(table, np.empty(0, dtype=np.int64), geometries=geometries)


class Crew(Protocol):
    """Does work for the caller, in the order in which it is given."""

    def each(self, work: Callable[[Job, Any], Any], given: Iterable[Any]) -> Iterator[Any]:
        """What the work makes of each, in order."""


class Alone:
    """The process itself."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def each(self, work: Callable[[Job, Any], Any], given: Iterable[Any]) -> Iterator[Any]:
        """What the work makes of each, in order."""
        for one in given:
            yield work(self._job, one)


class Futures:
    """Whoever gives a future for a piece of work; few pieces more than there are workers are out at once."""

    def __init__(self, submit: Callable[[Callable[[Job, Any], Any], Any], Any], workers: int) -> None:
        self._submit, self._ahead = submit, 2 * workers

    def each(self, work: Callable[[Job, Any], Any], given: Iterable[Any]) -> Iterator[Any]:
        """What the work makes of each, in order."""
        waiting: list[Any] = []
        for one in given:
            waiting.append(self._submit(work, one))
            if len(waiting) > self._ahead:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()


@contextmanager
def processes(job: Job, pieces: int) -> Iterator[Crew]:
    """The processors of this machine; one process does it alone where there is little to do.

    Raises
    ------
    InputError
        If a process ends before its work does.
    """
    workers = min(os.cpu_count() or 1, pieces)
    if workers < 2:
        yield Alone(job)
        return
    import multiprocessing

    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_employ, initargs=(job,))
    for _ in range(workers):
        pool.submit(_employed, _made_ready, None)
    try:
        yield Futures(lambda work, one: pool.submit(_employed, work, one), workers)
    except BrokenProcessPool as error:
        raise InputError(
            "a process ended before its work was done, perhaps for lack of memory",
            "一个工作进程提前结束，可能是内存不足",
            remedy_en="give the same command again: it goes on where it stopped",
            remedy_zh="请再次运行同一命令，将从中断处继续",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _made_ready(job: Job, _: None) -> None:
    """Load what the work needs while the caller is still looking at the list."""
    import pyarrow.parquet  # noqa: F401

    job.answerer.context.boundaries.index  # noqa: B018 - made on first use


_JOBS: list[Job] = []


def _employ(job: Job) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the work
    _JOBS[:] = [job]


def _employed(work: Callable[[Job, Any], Any], one: Any) -> Any:
    return work(_JOBS[0], one)
