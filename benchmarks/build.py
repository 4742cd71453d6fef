"""`parksite build`: its time, and how many cores it kept busy."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from benchmarks import processes
from benchmarks.table import OURS, Line


def run(size: str) -> list[Line]:
    """One build of everything into a new folder; the same at both sizes."""
    with tempfile.TemporaryDirectory() as folder:
        ran = processes.run([processes.PARKSITE, "build", "--as-of", processes.DAY, "--out", Path(folder) / "made"])
    cores = ran.busy_s / ran.seconds
    told = f"{ran.busy_s:.1f} s of computing: {cores:.1f} of {os.cpu_count()} cores busy; peak {ran.peak_mb:,.0f} MB"
    return [Line("parksite build", OURS, ran.seconds, 1.0, remark=told)]
