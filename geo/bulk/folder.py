"""A folder of Parquet files checked into another, file by file, on this machine or on a cluster."""

from __future__ import annotations

import json
import shutil
import sys
import uuid
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo import delivery, remarks
from geo.bulk.cluster import cluster
from geo.bulk.ids import Ids, rows_of_file
from geo.bulk.outcome import Outcome
from geo.bulk.run import key
from geo.bulk.survey import Survey, scan, usable, with_repeats
from geo.bulk.work import Crew, Job, Question, Task, alone, answer, processes
from geo.bulk.writing import write_rejected
from geo.errors import InputError, OutputExists
from geo.sources.parts import LONG, open_long

if TYPE_CHECKING:
    from geo.pipeline import Context, Progress

_JOURNAL = "_parksite.jsonl"  # readers of a folder of Parquet pass over names like this


def is_folder(path: Path) -> bool:
    """Whether this is a folder of Parquet files."""
    return path.is_dir() and any(_parquet(path))


def _parquet(folder: Path) -> list[Path]:
    """Its Parquet files, those in folders below included, hidden ones not, in the order of their names."""
    found = [one for one in folder.rglob("*") if LONG.get(one.suffix.lower()) == "parquet" and one.is_file()]
    names = {_name(folder, one): one for one in found}
    return [names[name] for name in sorted(names) if not name.startswith(".") and "/." not in name]


def _name(folder: Path, path: Path) -> str:
    """What a file of the folder is called within it."""
    return path.relative_to(folder).as_posix()


def check_folder(
    context: Context,
    folder: Path,
    question: Question,
    out: Path,
    progress: Progress,
    *,
    scheduler: str | None = None,
    overwrite: bool = False,
    strict: bool = False,
) -> Outcome:
    """Check every Parquet file of a folder into one of the same name below `out`; all or none appear.

    An id may stand once in the whole folder; rows without one are numbered file by file.
    A run that is cut short leaves a hidden folder beside `out`, from which the same
    command goes on.

    Parameters
    ----------
    scheduler : str, optional
        Address of a Dask scheduler, whose workers see both folders under the same names.

    Raises
    ------
    InputError
        If a file as a whole cannot be used, or the cluster cannot; see `geo.bulk.cluster`.
    OutputExists
        If `out` is there and may not be replaced.
    """
    _refuse_existing(out, folder, overwrite=overwrite)
    question.refuse_unknown(context)
    files = _parquet(folder)
    job = Job(context, question)
    work = out.with_name(f".parksite-{out.name}.part").resolve()
    with delivery.told(out), _kept(work), _crew(job, scheduler, len(files)) as crew:
        found = _surveyed(crew, files, folder, work, progress)
        tasks = list(_tasks(found, folder, work))
        outcome = _answered(crew, job, found, tasks, folder, progress)
        if not strict or outcome.faultless:
            _deliver(work, out, tasks, question, outcome)
        shutil.rmtree(work, ignore_errors=True)
    return outcome


@contextmanager
def _kept(work: Path) -> Iterator[None]:
    """The folder in which a run keeps what it has; it stays only where it holds an answer to go on from."""
    work.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        if not (work / _JOURNAL).exists():
            shutil.rmtree(work, ignore_errors=True)


def _crew(job: Job, scheduler: str | None, pieces: int) -> AbstractContextManager[Crew]:
    return processes(job, pieces) if scheduler is None else cluster(job, scheduler)


def _refuse_existing(out: Path, folder: Path, *, overwrite: bool) -> None:
    """Raise for an output folder that may not be replaced: only one that we wrote may."""
    there, read = out.resolve(), folder.resolve()
    if there == read or read in there.parents or there in read.parents:
        raise OutputExists(
            "one of the folders that are read and written lies in the other",
            "输入目录与输出目录互相包含",
            file=out,
            remedy_en="choose a folder elsewhere",
            remedy_zh="请另选目录",
        )
    delivery.refuse_existing(delivery.rejected_path(out, folder=True), overwrite=overwrite)
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not (overwrite and (out / _JOURNAL).is_file()):
        raise OutputExists(
            "the output folder holds files",
            "输出目录中已有文件",
            file=out,
            remedy_en="choose another name, or give --overwrite for a folder that parksite wrote",
            remedy_zh="请换名；若该目录由 parksite 写出，可加 --overwrite",
        )


@dataclass(frozen=True)
class _Given:
    """A file to be surveyed: where it lies, what messages call it, and where its ids go."""

    path: Path
    called: Path
    ids: Path


def _scan(job: Job, given: _Given) -> Survey:
    """Survey a file of the folder."""
    for one in (given.path, given.ids.parent):
        if not one.exists():
            raise InputError(
                "a machine of the cluster does not see this",
                "集群中有机器看不到此路径",
                file=one,
                remedy_en="share the folders with all machines, under the same names",
                remedy_zh="请以相同路径在各台机器上共享输入与输出目录",
            )
    file = open_long(given.path, job.question.request.limits)
    if file is None:
        raise InputError(
            "the geometry column is not in well-known binary",
            "几何列不是 WKB 编码",
            file=given.called,
            remedy_en="save it as GeoParquet with WKB geometry",
            remedy_zh="请另存为 WKB 几何的 GeoParquet",
        )
    with Ids(sys.maxsize) as ids:
        found = scan(job.context, file.called(given.called), job.question.request, ids, alone(job), lambda zh, en: None)
        mine = given.ids.with_name(f"{given.ids.name}.{uuid.uuid4().hex}.npy")
        np.save(mine, ids.held())
    mine.replace(given.ids)
    return found


@dataclass(frozen=True)
class _Suspected:
    """Rows of a file whose ids others may have."""

    survey: Survey
    rows: Any


def _usable(job: Job, given: _Suspected) -> list[tuple[int, str | None]]:
    return usable(given.survey, given.rows) if len(given.rows) else []


def _surveyed(crew: Crew, files: list[Path], folder: Path, work: Path, progress: Progress) -> list[Survey]:
    """Surveys of all files, ids being compared over all of them."""
    given = [_Given(path.resolve(), path, work / f"ids-{number:06d}.npy") for number, path in enumerate(files)]
    found = []
    with Ids() as ids:
        for number, one in enumerate(crew.each(_scan, given)):
            found.append(one)
            ids.add(np.load(given[number].ids), number)
            given[number].ids.unlink()
            progress(f"已查看 {number + 1} / {len(files)} 个文件…", f"{number + 1} of {len(files)} files looked at…")
        suspects = ids.suspects()
    doubtful = [_Suspected(one, rows_of_file(suspects, number)) for number, one in enumerate(found)]
    return with_repeats(found, suspects, crew.each(_usable, doubtful), [_name(folder, path) for path in files])


def _tasks(found: list[Survey], folder: Path, work: Path) -> Iterator[Task]:
    """What is to be done for each file."""
    for number, one in enumerate(found):
        path = work / f"answer-{number:06d}.parquet"
        name = _name(folder, one.sheet.file.path)
        yield Task(one.sheet, one.units, path, "parquet", one.repeats, one.renamed, name, whole=True)


def _answered(
    crew: Crew, job: Job, found: list[Survey], tasks: list[Task], folder: Path, progress: Progress
) -> Outcome:
    """Answer every file that is not answered yet."""
    journal = _Journal(tasks[0].path.parent, key(job.context, job.question, found))
    waiting = [task for task in tasks if task.name not in journal.done or not task.path.exists()]
    for number, (task, done) in enumerate(zip(waiting, crew.each(answer, waiting), strict=True)):
        journal.add(task.name, done.outcome)
        progress(f"已核对 {number + 1} / {len(waiting)} 个文件…", f"{number + 1} of {len(waiting)} files checked…")
    outcome = Outcome(warnings=dict.fromkeys(job.context.warnings))
    for task, one in zip(tasks, found, strict=True):
        outcome.warnings |= dict.fromkeys(one.warnings)
        outcome.add(_in_file(journal.done[task.name], task.name))
    said_of_all = remarks.mostly_outside(folder.name, outcome.outside, outcome.sites)
    outcome.warnings |= dict.fromkeys((*said_of_all, *job.context.register.warnings(job.question.as_of)))
    return outcome


def _in_file(outcome: Outcome, name: str) -> Outcome:
    """An outcome whose lines name the file."""
    lines = {kind: [(f"{name}：{zh}", f"{name}: {en}") for zh, en in said] for kind, said in outcome.lines.items()}
    return replace(outcome, lines=lines)


class _Journal:
    """Which files are answered, and what they have come to.

    What a run with another question, or over other files, has left is dropped.
    """

    def __init__(self, work: Path, key: str) -> None:
        self._path = work / _JOURNAL
        self.done: dict[str, Outcome] = {}
        first, *held = _lines(self._path) or [{}]
        if first != {"key": key}:
            shutil.rmtree(work)
            work.mkdir()
            held = []
        self._write([{"key": key}, *held])
        for one in held:
            self.done[one["file"]] = Outcome.unpacked(one["outcome"])

    def add(self, name: str, outcome: Outcome) -> None:
        """Write down that a file is answered."""
        self.done[name] = outcome
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"file": name, "outcome": outcome.packed()}) + "\n")

    def _write(self, lines: Iterable[dict[str, Any]]) -> None:
        new = self._path.with_suffix(".new")
        new.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
        new.replace(self._path)


def _lines(journal: Path) -> list[dict[str, Any]]:
    """Lines of a journal; a last one that was cut off does not count."""
    try:
        lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]
    except (OSError, ValueError):
        return []


def _deliver(work: Path, out: Path, tasks: list[Task], question: Question, outcome: Outcome) -> None:
    """Move the answers into place, under the names of the files they answer, and the rejected rows beside."""
    rejected = delivery.rejected_path(out, folder=True)
    if outcome.counts["rejected"]:
        write_rejected([task.rejected for task in tasks], work / "rejected", bom=question.bom)
    made = work / "made"
    for task in tasks:
        target = made / task.name
        target.parent.mkdir(parents=True, exist_ok=True)
        task.path.replace(target)
    (work / _JOURNAL).replace(made / _JOURNAL)
    if out.exists():
        out.replace(work / "replaced")
    made.replace(out)
    if outcome.counts["rejected"]:
        (work / "rejected").replace(rejected)
    else:
        rejected.unlink(missing_ok=True)
