"""A process that stands ready, everything imported, and forks a child for every call.

Read from stdin, one JSON object a line, answered by one line on stdout::

    {"case": NAME, "folder": DIR}                 write the input of a case
    {"words": [...], "folder": DIR, "env": {}, "limits": {}}   call the command

Run by `Stable`, in this file too, so that both ends of the talk stand together. Linux only:
it asks the kernel for process handles, resource limits and, as root, an empty network.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 20.0
PEAK_MB = 1500
SPACE = 4_000_000_000  # address space beyond what the parent has; a backstop, the peak is what is judged
_QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
_NEWNET = 0x40000000


@dataclass(frozen=True)
class Ended:
    """How a call ended.

    Attributes
    ----------
    code : int
        Exit code; below 0 for a signal, as with `subprocess`.
    seconds, megabytes : float
        Time of the wall clock, and the largest resident memory.
    late : bool
        Whether it had to be stopped.
    calls_out : list of str
        Attempts to reach a network or to start a program.
    """

    code: int
    seconds: float
    megabytes: float
    late: bool
    calls_out: list[str]
    out: str
    err: str


class Stable:
    """One standing process; calls go through it one after the other."""

    def __init__(self, cache: Path) -> None:
        env = os.environ | _QUIET | {"PARKSITE_CACHE": str(cache), "PYTHONPATH": str(Path(__file__).parents[1])}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hostile.stable"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
        )
        self._lock = threading.Lock()

    def close(self) -> None:
        self._process.stdin.close()  # type: ignore[union-attr]
        self._process.wait(timeout=60)

    def write(self, name: str, folder: Path) -> str:
        """Write the input of a case; what stands for its file."""
        return str(self._ask(case=name, folder=str(folder))["file"])

    def run(self, words: list[str], folder: Path, env: dict[str, str] | None = None, **limits: int) -> Ended:
        """Call the command with ``folder/work`` as working folder and ``folder/tmp`` for what is temporary."""
        for name in ("work", "tmp", "out"):
            (folder / name).mkdir(exist_ok=True)
        told = self._ask(words=words, folder=str(folder), env=env or {}, limits=limits)
        streams = [(folder / name).read_bytes().decode("utf-8", "surrogateescape") for name in ("stdout", "stderr")]
        return Ended(**told, out=streams[0], err=streams[1])

    def _ask(self, **what: Any) -> dict[str, Any]:
        with self._lock:
            self._process.stdin.write(json.dumps(what) + "\n")  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())  # type: ignore[union-attr]
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer


def main() -> None:
    """Import everything, cut off the network where that is allowed, answer until stdin ends."""
    talk = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _leave_network()
    trap = socket.create_server(("127.0.0.1", 0))
    trap.setblocking(False)
    _import_all()
    for line in sys.stdin:
        what = json.loads(line)
        try:
            answer = _build(what) if "case" in what else _call(what, trap)
        except Exception:
            answer = {"error": traceback.format_exc()}
        talk.write(json.dumps(answer) + "\n")


def _leave_network() -> None:
    """A network of our own with nothing in it but ourselves, where the system permits that."""
    import ctypes
    import fcntl

    if ctypes.CDLL(None).unshare(_NEWNET) == 0:
        with socket.socket() as one:  # lift the loopback, for the trap
            fcntl.ioctl(one, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))


def _import_all() -> None:
    """What a call would import, so that the children need not."""
    import importlib

    import geo.settings
    from geo import districts, register

    for name in ("cli.main", "cli.check", "cli.build", "cli.inspect", "cli.policy", "cli.boundaries", "pipeline", "sources",
                 "sites", "intake", "tables", "webmap", "exhibits", "symbology", "inspection", "delivery", "answers"):  # fmt: skip
        importlib.import_module(f"geo.{name}")
    for name in (
        "geopandas",
        "pyogrio",
        "fiona",
        "openpyxl",
        "pyarrow.parquet",
        "xlsxwriter",
        "folium",
        "defusedxml.ElementTree",
    ):
        importlib.import_module(name)
    importlib.import_module("hostile.generate")
    settings = geo.settings.Settings.default()
    shipped, load = settings.policy_files(), register.load
    known = load(shipped)
    register.load = lambda files, **how: (
        known if files == shipped else load(files, **how)
    )  # the register that ships is read once
    districts.load(settings)  # fills the cache
    _command(["check", "113.85", "22.70", "--datum", "gcj02", "--field", "光刻胶"])  # fills what is kept in memory


def _build(what: dict[str, Any]) -> dict[str, Any]:
    """Write a case in a child, so that nothing of it stays here."""
    from hostile.generate import cases

    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            os.chdir(what["folder"])
            told = {"file": os.fspath(cases()[what["case"]].build(Path(what["folder"])))}
        except BaseException:
            told = {"error": traceback.format_exc()}
        with os.fdopen(writing, "w") as pipe:
            json.dump(told, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = json.load(pipe)
    os.waitpid(child, 0)
    return told  # type: ignore[no-any-return]


def _call(what: dict[str, Any], trap: socket.socket) -> dict[str, Any]:
    folder = Path(what["folder"])
    reading, writing = os.pipe()
    start = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(what, folder, writing, trap.getsockname()[1])
    os.close(writing)
    late = _watch(child, start + what["limits"].get("seconds", SECONDS))
    _, status, usage = os.wait4(child, 0)
    seconds = time.monotonic() - start
    _stop(child)
    with os.fdopen(reading, errors="replace") as pipe:
        out = pipe.read().splitlines()
    while True:
        try:
            trap.accept()[0].close()
            out.append("a connection to the proxy")
        except BlockingIOError:
            break
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "seconds": seconds, "megabytes": usage.ru_maxrss / 1024, "late": late, "calls_out": out}


def _watch(child: int, deadline: float) -> bool:
    """Wait for the end of a child; whether it had to be stopped."""
    handle = os.pidfd_open(child)
    try:
        ended, _, _ = select.select([handle], [], [], max(deadline - time.monotonic(), 0))
    finally:
        os.close(handle)
    if not ended:
        _stop(child)
    return not ended


def _stop(child: int) -> None:
    """End the child and what it may have started: they are a process group of their own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)


def _child(what: dict[str, Any], folder: Path, telling: int, port: int) -> None:
    """Become the command: own group, own streams, own limits; never returns."""
    code = 120
    try:
        os.setpgid(0, 0)
        os.chdir(folder / "work")
        for name, number in (("stdout", 1), ("stderr", 2)):
            os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        proxy = f"http://127.0.0.1:{port}"
        os.environ.update({f"{one}_proxy": proxy for one in ("http", "https", "ftp", "all")}, GDAL_HTTP_PROXY=f"127.0.0.1:{port}",
                          TMPDIR=str(folder / "tmp"), no_proxy="", **what["env"])  # fmt: skip
        if "PARKSITE_HOME" not in what["env"]:
            os.environ.pop("PARKSITE_HOME", None)
        import tempfile

        tempfile.tempdir = None
        sys.stdin, sys.stdout, sys.stderr = (os.fdopen(at, "rw"[at > 0], encoding="utf-8") for at in range(3))
        held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + SPACE,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if "file_bytes" in what["limits"]:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (what["limits"]["file_bytes"],) * 2)
        sys.addaudithook(lambda event, given: _listen(event, given, telling))
        code = _command(what["words"])
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


def _command(words: list[str]) -> int:
    from geo.cli.main import main as command

    try:
        command(args=words, prog_name="parksite")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


_WATCHED = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn",
            "os.fork")  # fmt: skip


def _listen(event: str, given: tuple[Any, ...], telling: int) -> None:
    """Report and refuse what no input may cause."""
    if event in _WATCHED:
        os.write(telling, f"{event} {given!r}\n".encode(errors="replace")[:500])
        raise PermissionError(f"not in this test: {event}")


if __name__ == "__main__":
    main()
