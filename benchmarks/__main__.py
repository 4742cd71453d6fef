"""The command: run the cases, print the table, keep it."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

from benchmarks import peers, table
from benchmarks.table import OURS, Line

CASES = {
    "join": "points to areas",
    "places": "certainty and boundary distance of points",
    "shares": "shares of site polygons over districts",
    "distance": "distance of points to the nearest of many lines",
    "zones": "area of site polygons within constraint zones",
    "check": "a list of sites checked, from file to file",
    "memory": "the most memory that a check holds",
    "cluster": "the same on several processes of a cluster",
    "start": "start of the command line",
    "build": "parksite build",
    "map": "the map of sites",
}
RESULTS = Path(__file__).parent / "results.md"


def main() -> None:
    """Measure what is asked for, print the tables, and keep those of full size."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=CASES, metavar="CASE", default=list(CASES), help=", ".join(CASES))
    parser.add_argument("--size", choices=["small", "full"], default="full", help="small: a minute, printed only")
    options = parser.parse_args()
    head = f"# Results\n\n{peers.machine()}\n"
    sys.stdout.write(f"{head}\n")
    tables = {}
    for name in options.only:
        sys.stderr.write(f"{name}: {CASES[name]}\n")
        text = table.markdown(_run(name, options.size))
        tables[name] = f"{CASES[name].capitalize()}.\n\n{text}"
        sys.stdout.write(f"## {name}\n\n{tables[name]}\n")
        sys.stdout.flush()
    if options.size == "full":
        table.keep(RESULTS, head, tables, list(CASES))


def _run(name: str, size: str) -> list[Line]:
    """The lines of a case; one that tells why, where a package that it needs is missing."""
    try:
        case = import_module(f"benchmarks.{name}")
    except ImportError as error:
        return [Line(CASES[name], OURS, remark=f"not measured: {error}")]
    lines: list[Line] = case.run(size)
    return lines


if __name__ == "__main__":
    main()
