"""A long file checked on this machine: surveyed, answered piece by piece, taken up again where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import __version__, delivery, remarks, wording
from geo.bulk.answering import own_names
from geo.bulk.outcome import Outcome
from geo.bulk.survey import Survey, pieces, survey
from geo.bulk.work import Crew, Done, Job, Question, Task, answer, processes
from geo.bulk.writing import CsvKeeper, Keeper, ParquetKeeper, RejectedKeeper
from geo.sources.parts import LONG, open_long
from geo.tables.columns import COLUMNS

if TYPE_CHECKING:
    from geo.pipeline import Context, Progress

FORMS = ("csv", "parquet")
_LONG = 4_000_000  # bytes of a file from which on it is checked part by part
_SHARED_OUT = 10_000_000  # bytes of a file that are worth a process


def suits(path: Path, form: str, *, smallest: int = _LONG) -> bool:
    """Whether a list is long, and of a kind that is read and written part by part."""
    try:
        return form in FORMS and path.suffix.lower() in LONG and path.is_file() and path.stat().st_size >= smallest
    except OSError:
        return False


def check_file(
    context: Context, path: Path, question: Question, out: Path, progress: Progress, *, overwrite: bool, strict: bool
) -> Outcome | None:
    """Check a long list into a file, whole or not at all; None where it can only be read whole.

    A run that is cut short leaves a folder beside `out`, from which the same command
    goes on.

    Raises
    ------
    InputError
        If the file as a whole cannot be used.
    OutputExists
        If `out` is there and may not be replaced.
    """
    file = open_long(path, question.request.limits)
    if file is None:
        return None
    question.refuse_unknown(context)
    job = Job(context, question)
    with processes(job, 1 + path.stat().st_size // _SHARED_OUT) as crew:
        found = survey(context, file, question.request, crew, progress)
        with _work(out, found, question, key(context, question, [found])) as folder:
            outcome = _answer(crew, job, found, folder, progress)
            if not strict or outcome.faultless:
                _deliver(folder, out, question, outcome, overwrite=overwrite)
    return outcome


def _answer(crew: Crew, job: Job, found: Survey, folder: _Folder, progress: Progress) -> Outcome:
    """Answer every piece that is not answered yet."""
    tasks = list(_tasks(found, folder))
    for task, done in zip(tasks, crew.each(answer, tasks), strict=True):
        last = task.units[-1]
        folder.take(task, done)
        rows = next((unit.row for unit in found.units if unit.row > last.row), found.rows)
        progress(f"已核对 {rows:,} / {found.rows:,} 行…", f"{rows:,} of {found.rows:,} rows checked…")
    outcome = Outcome(warnings=dict.fromkeys((*job.context.warnings, *found.warnings)))
    outcome.add(folder.outcome)
    said = remarks.mostly_outside(found.sheet.file.path.name, outcome.outside, outcome.sites)
    outcome.warnings |= dict.fromkeys((*said, *job.context.register.warnings(job.question.as_of)))
    return outcome


def _tasks(found: Survey, folder: _Folder) -> Iterator[Task]:
    """The pieces that are still to be answered."""
    for units in pieces(found.units[folder.done :]):
        end = next((unit.row for unit in found.units if unit.row > units[-1].row), found.rows)
        rows = range(units[0].row + 1, end + 1)
        yield Task(
            found.sheet,
            tuple(units),
            folder.path / f"piece-{units[0].row:012d}",
            folder.form,
            {row: first for row, first in found.repeats.items() if row in rows},
            frozenset(row for row in found.renamed if row in rows),
        )


def _deliver(folder: _Folder, out: Path, question: Question, outcome: Outcome, *, overwrite: bool) -> None:
    """Move the answer and the rejected rows into place, both or neither."""
    rejected = delivery.rejected_path(out)
    with delivery.files(out, overwrite=overwrite) as made:
        folder.keeper.finish(made / out.name)
        if outcome.counts["rejected"]:
            folder.rejected.finish(made / rejected.name, bom=question.bom)
    if not outcome.counts["rejected"]:
        rejected.unlink(missing_ok=True)


def key(context: Context, question: Question, found: list[Survey]) -> str:
    """What must be the same for a run to go on where another stopped."""
    control = question.request.control
    said = {
        "version": __version__,
        "files": [[one.sheet.file.path.name, one.sheet.drafts.digest, one.rows] for one in found],
        "as_of": question.as_of.isoformat(),
        "asked": [question.field, question.stage, question.form, question.bom],
        "request": [question.request.datum, question.request.swap, asdict(question.request.limits)],
        "control": None if control is None else hashlib.sha256(control.read_bytes()).hexdigest(),
        "register": context.register.version,
        "boundaries": [context.boundaries.describe(), context.boundaries.digest],
        "sentences": wording.load(context.settings).words,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


class _Folder:
    """What is answered so far, and a journal of how far it goes."""

    def __init__(self, path: Path, key: str, columns: list[str], question: Question) -> None:
        self.path, self.form = path, question.form
        journal = path / "journal.jsonl"
        marks = [mark for mark in _marks(journal, key)[-1:] if _stands(path, mark)]
        if not marks:
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir(parents=True)
            journal.write_text(json.dumps({"key": key}) + "\n")
        csv = question.form == "csv"
        self.keeper: Keeper = CsvKeeper(path, columns, bom=question.bom) if csv else ParquetKeeper(path)
        self.rejected = RejectedKeeper(path)
        self.done, self.outcome = 0, Outcome()
        if marks:
            last = marks[0]
            for left in path.glob("piece-*"):
                left.unlink()
            self.keeper.resume(last["answer"])
            self.rejected.resume(last["rejected"])
            self.done, self.outcome = last["units"], Outcome.unpacked(last["outcome"])
            os.truncate(journal, journal.read_bytes().rfind(b"\n") + 1)  # a line that was cut off
        self._journal = journal.open("a")
        self._units, self.marked = self.done, bool(marks)

    def take(self, task: Task, done: Done) -> None:
        """Put a piece to the others and write down how far they go."""
        self.keeper.take(task.path, done.extent)
        self.rejected.take(task.rejected)
        task.path.unlink()
        task.rejected.unlink(missing_ok=True)
        self.outcome.add(done.outcome)
        self._units += len(task.units)
        told = {"units": self._units, "answer": self.keeper.mark(), "rejected": self.rejected.mark()}
        self._journal.write(json.dumps(told | {"outcome": self.outcome.packed()}) + "\n")
        self._journal.flush()
        os.fsync(self._journal.fileno())
        self.marked = True


def _marks(journal: Path, key: str) -> list[dict[str, Any]]:
    """Marks of a journal of the same run; a last line that was cut off does not count."""
    try:
        lines = journal.read_text().splitlines(keepends=True)
        held = [json.loads(line) for line in lines if line.endswith("\n")]
    except (OSError, ValueError):
        return []
    return held[1:] if held and held[0] == {"key": key} else []


def _stands(path: Path, mark: dict[str, Any]) -> bool:
    """Whether the files are there that a mark tells of; after a power cut they may not be."""
    held = {one.name: one.stat().st_size for one in path.iterdir()}
    if held.get("rejected.jsonl", -1) < mark["rejected"]:
        return False
    return all(held.get(name, -1) >= size for name, size in mark["answer"]["bytes"].items())


@contextmanager
def _work(out: Path, found: Survey, question: Question, key: str) -> Iterator[_Folder]:
    """The folder beside `out` in which a run keeps what it has; gone when the run ends, or has nothing to keep."""
    path = out.with_name(f".parksite-{out.name}.part")
    with delivery.told(out):
        columns = [*COLUMNS, *own_names(found.sheet).values()]
        folder = _Folder(path, key, columns, question)
        try:
            yield folder
        except BaseException:
            if not folder.marked:
                shutil.rmtree(path, ignore_errors=True)
            raise
        shutil.rmtree(path, ignore_errors=True)
