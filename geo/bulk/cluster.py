"""The workers of a Dask cluster as a crew; see `geo.bulk.work`.

Only the scheduler's address is reached from here: work goes out and results come back
through it. What the workers read and write are files, which they see under the
same names as the caller.
"""

from __future__ import annotations

import logging
import pickle
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from geo import __version__
from geo.bulk.work import Crew, Job
from geo.errors import GeoError, InputError

_REACHED_S = 4.0  # in which the scheduler must answer
_PRESENT_S = 10.0  # in which a first worker must be there
_LOOKED_S = 5.0  # after which it is looked whether there still are workers
_MISSED_S = 60.0  # in which one must be back where all are gone


@contextmanager
def cluster(job: Job, address: str) -> Iterator[Crew]:
    """The workers that a scheduler has.

    A piece whose worker is lost is given to another. So is the job: it is the result of a
    task, which the scheduler can have made again, whereas data that are scattered to
    workers are lost with them.

    Raises
    ------
    InputError
        If Dask is not installed, the scheduler cannot be reached or is lost, has no workers
        or loses all of them, one of them has another version of parksite, or a piece
        ends every worker that takes it.
    """
    with _client(address) as client, _told(client, address):
        _refuse_strangers(client, address)
        held = client.submit(bytes, pickle.dumps(job), pure=False)

        def submit(work: Callable[[Job, Any], Any], one: Any) -> _Awaited:
            return _Awaited(client, client.submit(_employed, work, __version__, held, one, pure=False, retries=3))

        yield _Futures(submit, sum(client.nthreads().values()))


def _client(address: str) -> Any:
    """A client of the scheduler."""
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise InputError(
            "Dask is not installed",
            "未安装 Dask",
            remedy_en="pip install 'parksite[cluster]'",
            remedy_zh="pip install 'parksite[cluster]'",
        ) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we say what there is to say
    made: list[Any] = []

    def connect() -> None:
        with suppress(Exception):  # whatever an address may be that is none
            made.append(distributed.Client(address, timeout=_REACHED_S, set_as_default=False))

    patient = threading.Thread(target=connect, daemon=True)  # Dask waits for ever for who listens and says nothing
    patient.start()
    patient.join(2 * _REACHED_S)
    if made:
        return made[0]
    raise InputError(
        "the scheduler cannot be reached",
        "无法连接调度器",
        value=address,
        remedy_en="start it with `dask scheduler`, and give its address, such as tcp://10.0.0.5:8786",
        remedy_zh="请先用 dask scheduler 启动，并给出其地址，如 tcp://10.0.0.5:8786",
    )


@contextmanager
def _told(client: Any, address: str) -> Iterator[None]:
    """What goes wrong with the cluster is told as an error of ours."""
    distributed: Any = import_module("distributed")
    try:
        yield
    except distributed.scheduler.KilledWorker as error:
        raise InputError(
            "worker after worker ended over the same file, perhaps for lack of memory",
            "多个工作进程在同一文件上相继终止，可能是内存不足",
            remedy_en="start fewer workers a machine, and give the same command again: it goes on where it stopped",
            remedy_zh="请减少每台机器的工作进程，再次运行同一命令，将从中断处继续",
        ) from error
    except (distributed.CancelledError, OSError) as error:
        if isinstance(error, OSError) and client.status == "running":
            raise
        raise InputError(
            "the scheduler was lost",
            "与调度器的连接中断",
            value=address,
            remedy_en="start it again, and give the same command: it goes on where it stopped",
            remedy_zh="请重新启动调度器，再次运行同一命令，将从中断处继续",
        ) from error


def _refuse_strangers(client: Any, address: str) -> None:
    """Raise if there is no worker, or one has another version of parksite."""
    try:
        client.wait_for_workers(1, timeout=_PRESENT_S)
    except TimeoutError as error:
        raise _without_workers(address) from error
    found = client.get_versions(packages=["parksite"])
    mine = found["client"]["packages"]["parksite"]
    for name, said in {"scheduler": found["scheduler"], **found["workers"]}.items():
        its = said["packages"]["parksite"]
        if its != mine:
            raise _strange(name, its, mine)


def _strange(name: str, its: str | None, mine: str) -> InputError:
    return InputError(
        f"the cluster has {f'parksite {its}' if its else 'no parksite'}, the call is of {mine}",
        f"集群上{f'的 parksite 版本为 {its}' if its else '未安装 parksite'}，调用方为 {mine}",
        value=name,
        remedy_en="install the same version on every machine",
        remedy_zh="请在各台机器上安装同一版本",
    )


def _without_workers(address: str) -> InputError:
    return InputError(
        "the scheduler has no workers",
        "调度器下没有工作进程",
        value=address,
        remedy_en=f"start some with `dask worker {address}`, and give the same command again",
        remedy_zh=f"请用 dask worker {address} 启动，再次运行同一命令",
    )


class _Futures:
    """A crew that gives a future for a piece of work; few pieces more than there are threads are out at once."""

    def __init__(self, submit: Callable[[Callable[[Job, Any], Any], Any], Any], threads: int) -> None:
        self._submit, self._ahead = submit, 2 * threads

    def each(self, do: Callable[[Job, Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
        """What the work makes of each, in order."""
        waiting: list[Any] = []
        for one in tasks:
            waiting.append(self._submit(do, one))
            if len(waiting) > self._ahead:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()


class _Awaited:
    """A piece of work that the cluster has."""

    def __init__(self, client: Any, future: Any) -> None:
        self._client, self._future = client, future

    def result(self) -> Any:
        """What it came to.

        Raises
        ------
        GeoError
            That the work raised, or if all workers are gone.
        """
        seen = time.monotonic()
        while True:
            try:
                said = self._future.result(timeout=_LOOKED_S)
                break
            except TimeoutError:
                if self._future.status == "error":
                    raise
            if self._client.nthreads():
                seen = time.monotonic()
            elif time.monotonic() - seen > _MISSED_S:
                raise _without_workers(self._client.scheduler.address)
        if isinstance(said, GeoError):
            raise said
        return said


_OWN = threading.local()


def unpacked(held: bytes) -> Job:
    """A job as it came; each thread of a worker has one of its own."""
    if getattr(_OWN, "held", None) != held:
        _OWN.held, _OWN.job = held, pickle.loads(held)  # noqa: S301 - from the caller, as the work is
    job: Job = _OWN.job
    return job


def _employed(work: Callable[[Job, Any], Any], version: str, held: bytes, one: Any) -> Any:
    """Do a piece of work on a worker; an error of ours is given back, as trying again would not help."""
    try:
        if version != __version__:
            raise _strange("worker", __version__, version)
        return work(unpacked(held), one)
    except GeoError as error:
        return error
