"""A folder of Parquet checked by a cluster of two processes on this machine, beside the same without one."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import lists, peers, processes
from benchmarks.table import OURS, Line

SITES = {"small": 20_000, "full": 2_000_000}
FILES = 4
WORKERS = 2


def run(size: str) -> list[Line]:
    """Cost per million sites, by the cluster and by one process."""
    case = f"{SITES[size]:,} sites in {FILES} files"
    missing = peers.lacking(["distributed"]) or ("" if _offered() else "parksite check has no --scheduler yet")
    if missing:
        return [Line(case, OURS, remark=missing)]
    import distributed

    opened: Any = distributed.LocalCluster

    with (
        tempfile.TemporaryDirectory() as name,
        opened(n_workers=WORKERS, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
    ):
        source = Path(name) / "sites"
        source.mkdir()
        for number in range(FILES):
            lists.write(source / f"part-{number}.parquet", SITES[size] // FILES, begin=number * SITES[size] // FILES)
        call = processes.check(source, Path(name) / "local", SITES[size])
        alone = processes.run(call)
        spread = processes.run([*call[:-1], Path(name) / "spread", "--scheduler", cluster.scheduler_address])
        same = _digests(Path(name) / "local") == _digests(Path(name) / "spread")
    million = SITES[size] / 1e6
    return [
        Line(
            case,
            f"{OURS}, {WORKERS} workers of a cluster",
            spread.seconds,
            1.0,
            same,
            f"{spread.seconds / million:.1f} s a million",
        ),
        Line(
            case,
            f"{OURS}, without a cluster",
            alone.seconds,
            alone.seconds / spread.seconds,
            same,
            f"{alone.seconds / million:.1f} s a million",
        ),
    ]


def _offered() -> bool:
    told = subprocess.run([processes.PARKSITE, "check", "--help"], capture_output=True, text=True, check=True)
    return "--scheduler" in told.stdout


def _digests(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.parquet"))}
