"""Pieces of long lists, and who answers them: this process, or several."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from geo import register, workers
from geo.bulk.answering import Answerer, own_names
from geo.bulk.outcome import Outcome
from geo.bulk.writing import CsvPiece, Extent, Piece, TablePiece, keep_rejected
from geo.sites.many import Sheet
from geo.sources.parts import LongFile, Part, Reader

if TYPE_CHECKING:
    from datetime import date

    from geo.intake import Request
    from geo.pipeline import Context
    from geo.sources.parts import Unit

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
    _opened: tuple[LongFile, Reader] | None = None

    @cached_property
    def answerer(self) -> Answerer:
        """Answers the parts that this process gets."""
        return Answerer(self.context, self.question.as_of, self.question.field, self.question.stage)

    def reader(self, file: LongFile) -> Reader:
        """The file, opened once for the pieces that this process gets."""
        if self._opened is None or self._opened[0] != file:
            self._opened = file, file.opened()
        return self._opened[1]

    def __getstate__(self) -> dict[str, Any]:
        """Without what a process makes for itself."""
        return {"context": self.context, "question": self.question}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Load what the work needs, while the one that gave it away is still looking at the list."""
        import pandas  # noqa: F401 - by pyarrow, at its first conversion
        import pyarrow.parquet  # noqa: F401

        self.__dict__ |= state
        self.answerer.context.boundaries.index  # noqa: B018 - made on first use


@dataclass(frozen=True)
class Task:
    """A piece to be answered: some units of a file.

    Attributes
    ----------
    repeats, renamed
        Of the rows of these units, as in `geo.bulk.survey.Survey`.
    path : Path
        Where the answer goes; the rejected rows go beside it.
    form : {"csv", "parquet"}
    name : str
        What rejected rows call the file that they come from; they do not where it is empty.
    whole : bool
        Whether the answer is a file of its own, not put to others.
    """

    sheet: Sheet
    units: tuple[Unit, ...]
    path: Path
    form: str
    repeats: dict[int, tuple[int, str]] = field(default_factory=dict)
    renamed: frozenset[int] = frozenset()
    name: str = ""
    whole: bool = False

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
    piece: Piece = CsvPiece(path) if task.form == "csv" else TablePiece(path, whole=task.whole)
    outcome = Outcome()
    given = own_names(task.sheet)
    for part in _parts(job.reader(task.sheet.file), task):
        result = job.answerer.answer(part, task.sheet, task.repeats, task.renamed, given)
        piece.take(result)
        if result.rejected:
            named = {REJECTED_FILE: task.name} if task.name else {}
            keep_rejected(lost, (replace(one, attributes=named | one.attributes) for one in result.rejected))
        outcome.add(result.outcome)
    return Done(outcome, piece.close())


def _parts(reader: Reader, task: Task) -> Iterator[Part]:
    """The rows of a piece."""
    for unit in task.units:
        yield from reader.read(unit)


class Crew(Protocol):
    """Does work for the caller, in the order in which it is given; see `geo.workers.Crew`."""

    def each(self, do: Callable[[Job, Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        """What the work makes of each, in order."""


def processes(job: Job, pieces: int) -> AbstractContextManager[Crew]:
    """The processors of this machine; one process does it alone where there is little to do."""
    remedy = ("请再次运行同一命令，将从中断处继续", "give the same command again: it goes on where it stopped")
    return workers.crew(job, min(workers.cores(), pieces), remedy=remedy)


def alone(job: Job) -> Crew:
    """The process that asks, and no other."""
    return workers.Crew(job, [], ("", ""))
