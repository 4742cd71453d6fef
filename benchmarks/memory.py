"""The most memory that `parksite check` holds for a list, and for one twenty times as long."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import lists, processes
from benchmarks.table import OURS, Line

ROWS = {"small": (1_000, 20_000), "full": (1_000_000, 20_000_000)}


def run(size: str) -> list[Line]:
    """Parquet in and out, one after the other; some gigabytes on the disk at full size."""
    import pyarrow.parquet

    lines, first = [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "sites.parquet", Path(folder) / "checked.parquet"
        for rows in ROWS[size]:
            lists.write(source, rows)
            ran = processes.run(processes.check(source, out, rows))
            first = first or ran.peak_mb
            told = f"peak {ran.peak_mb:,.0f} MB, {ran.peak_mb / first:.2f} of that of {ROWS[size][0]:,} sites"
            whole = pyarrow.parquet.read_metadata(out).num_rows == rows
            lines.append(Line(f"{rows:,} sites", OURS, ran.seconds, same=whole, remark=told))
            out.unlink()
    return lines
