"""A list of sites checked, from file to file, in a process of its own: ours and a straight geopandas script."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import lists, processes
from benchmarks.table import OURS, Line
from geo.tables import COLUMNS

ROWS = {"small": 2_000, "full": 1_000_000}
COMPARED = 20_000  # rows whose every cell is compared
STRAIGHT = Path(__file__).with_name("straight.py")
_SAID = ("explanation_zh", "explanation_en")  # the script has no sentence on what a doubtful place may be
_ABOUT = {"lon": 1e-7, "lat": 1e-7, "boundary_distance_m": 0.11, "position_accuracy_m": 0.0}


def run(size: str) -> list[Line]:
    """CSV, then Parquet."""
    lines = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lists.write_known(folder)
        for ending in ("csv", "parquet"):
            lines += _both(folder, ending, ROWS[size])
    return lines


def _both(folder: Path, ending: str, rows: int) -> list[Line]:
    """Ours and theirs, once each, after their cells were compared on a shorter list."""
    case = f"{rows:,} sites, {ending.upper() if ending == 'csv' else 'Parquet'} to the same"
    source, out = folder / f"sites.{ending}", folder / f"checked.{ending}"
    lists.write(source, min(rows, COMPARED))
    processes.run(processes.check(source, out, rows))
    ours = _read(out)
    processes.run([sys.executable, STRAIGHT, source, out, folder])
    same = not differing(ours, _read(out))
    lists.write(source, rows)
    out.unlink()
    mine = processes.run(processes.check(source, out, rows))
    out.unlink()
    theirs = processes.run([sys.executable, STRAIGHT, source, out, folder])
    out.unlink()
    source.unlink()
    return [
        Line(case, OURS, mine.seconds, 1.0, True, f"peak {mine.peak_mb:,.0f} MB"),
        Line(
            case,
            "straight geopandas script",
            theirs.seconds,
            theirs.seconds / mine.seconds,
            same,
            f"peak {theirs.peak_mb:,.0f} MB; compared on {min(rows, COMPARED):,} rows",
        ),
    ]


def _read(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path, columns=list(COLUMNS))
    return pd.read_csv(path, usecols=list(COLUMNS), encoding="utf-8-sig", low_memory=False)


def differing(ours: pd.DataFrame, theirs: pd.DataFrame) -> list[str]:
    """Columns in which two tables of the same sites differ.

    Positions and distances may differ by the last digit written. The sentences are compared
    only where the place is sure.
    """
    if list(ours["id"]) != list(theirs["id"]):
        return ["id"]
    sure = (ours["certainty"] != "near_boundary").to_numpy()
    found = []
    for name in COLUMNS:
        mine, other = ours[name], theirs[name]
        if name in _ABOUT:
            differs = ~np.isclose(mine.astype(float), other.astype(float), rtol=0, atol=_ABOUT[name], equal_nan=True)
        else:
            differs = (_texts(mine) != _texts(other)).to_numpy()
        if np.any(differs & sure if name in _SAID else differs):
            found.append(name)
    return found


def _texts(column: pd.Series[str]) -> pd.Series[str]:
    """Cells as text, nothing as nothing."""
    return column.astype(object).where(column.notna(), "").astype(str)
