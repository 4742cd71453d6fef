"""Start of the command line: fresh processes, each beside `import geopandas`."""

from __future__ import annotations

import statistics
import sys

from benchmarks import processes
from benchmarks.table import OURS, Line

TIMES = {"small": 3, "full": 11}
DAY = processes.DAY
OURS_CALLS = {
    "parksite --version": ["--version"],
    "parksite --help": ["--help"],
    "parksite check LON LAT": ["check", "113.85", "22.70", "--as-of", DAY],
}
PEERS = {
    "import geopandas": "import geopandas",
    "import shapely": "import shapely",
    "bare Python": "pass",
}


def run(size: str) -> list[Line]:
    """Medians; each peer's ratio is its time by ours, and the goal is a share of `import geopandas`."""
    commands = {name: [str(processes.PARKSITE), *words] for name, words in OURS_CALLS.items()}
    commands |= {name: [sys.executable, "-c", code] for name, code in PEERS.items()}
    for command in commands.values():
        processes.run(command)  # caches of the disk, byte code
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(TIMES[size]):
        for name, command in commands.items():
            taken[name].append(processes.run(command).seconds)
    median = {name: statistics.median(times) for name, times in taken.items()}
    lines = []
    for case in OURS_CALLS:
        share = median[case] / median["import geopandas"]
        lines.append(Line(case, OURS, median[case], 1.0, remark=f"{share:.2f} of import geopandas"))
        lines += [Line(case, peer, median[peer], median[peer] / median[case]) for peer in PEERS]
    return lines
