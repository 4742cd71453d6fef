"""Commands as processes of their own: how long they took, and the memory they held."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PARKSITE = Path(sys.executable).with_name("parksite")
DAY = "2026-11-22"


_STARTER = """
import json, os, sys, time
said = os.open(sys.argv[1], os.O_WRONLY)
begin = time.perf_counter()
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=[
    (os.POSIX_SPAWN_DUP2, said, 1), (os.POSIX_SPAWN_DUP2, said, 2)])
_, status, usage = os.wait4(child, 0)
print(json.dumps({"code": os.waitstatus_to_exitcode(status), "seconds": time.perf_counter() - begin,
                  "busy_s": usage.ru_utime + usage.ru_stime, "peak_kib": usage.ru_maxrss}))
"""


@dataclass(frozen=True)
class Ran:
    """A finished process.

    Attributes
    ----------
    seconds : float
        From its start to its end.
    busy_s : float
        Time of all cores, of its children too.
    peak_mb : float
        The most memory that it, or one of its children, held.
    """

    seconds: float
    busy_s: float
    peak_mb: float


def run(command: Sequence[str | Path]) -> Ran:
    """Run a command to its end; what it says is shown only where it fails.

    It is started by a small process of its own: a process counts as its own peak what the
    one that starts it holds at that moment.

    Raises
    ------
    RuntimeError
        If it ends with another code than 0.
    """
    with tempfile.NamedTemporaryFile() as said:
        call = [sys.executable, "-I", "-S", "-c", _STARTER, said.name, *map(str, command)]
        told = json.loads(subprocess.run(call, check=True, capture_output=True).stdout)
        if told["code"]:
            words = " ".join(said.read().decode(errors="replace").strip().splitlines()[-3:])
            raise RuntimeError(f"{Path(command[0]).name} ended with {told['code']}: {words[-400:]}")
    return Ran(told["seconds"], told["busy_s"], told["peak_kib"] * 1024 / 1e6)


def check(source: Path, out: Path, rows: int) -> list[str | Path]:
    """The call of `parksite check` for a list of so many rows."""
    return [PARKSITE, "check", source, "--as-of", DAY, "--limit", f"rows={rows + 1}", "--out", out]
