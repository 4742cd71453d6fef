"""Measures the map of sites beside the usual ways to make one; prints a table.

    python -m benchmarks.map [--sizes 100 10000 100000 1000000] [--only NAME ...] [--out FILE]

For each size: bytes of the file, seconds to write it, seconds from the start of the navigation to
the first record of a clicked site in headless Chromium, and milliseconds between frames while the
map is dragged. The browser is started once before, so that its first page is measured as the
others are. See README.md for what goes into each.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from dataclasses import field as made
from pathlib import Path

from benchmarks import candidates, opening, table, writers
from benchmarks.candidates import Sites
from benchmarks.opening import Seen
from geo import pipeline
from geo.pipeline import Context
from geo.settings import Settings

SIZES = (100, 10_000, 100_000, 1_000_000)
CAP_S = 90.0
MB = 1e6
WAITS = {
    "filter": "filter",
    "day": "another day",
    "search": "search",
    "ask": "answer for a site",
    "point": "answer for a point",
}
PEERS = {
    "explore": ("geopandas.explore", writers.explore),
    "markers": ("folium CircleMarker", writers.markers),
    "layer": ("folium GeoJson", writers.one_layer),
    "clusters": ("FastMarkerCluster", writers.clusters),
}
MOST = {"explore": 100_000, "markers": 100_000, "layer": 100_000, "clusters": 1_000_000}  # beyond: gigabytes of memory


@dataclass
class Line:
    """One way at one size."""

    name: str
    count: int
    size: float | None = None
    write: float | None = None
    seen: Seen = made(default_factory=Seen)

    def cells(self, ours: Line | None) -> list[str]:
        """The row of the table, with how many times ours in brackets."""
        base = ours or Line("", 0)
        frames = sorted(self.seen.frames)
        middle, slow = (statistics.median(frames), frames[int(0.95 * len(frames))]) if frames else (None, None)
        texts = [
            _ratio(_scaled(self.size, MB), _scaled(base.size, MB)),
            _ratio(self.write, base.write),
            _ratio(_scaled(self.seen.answered, 1000), _scaled(base.seen.answered, 1000)),
        ]
        if self.seen.answered is None and self.seen.note:
            texts[2] = self.seen.note
        return [self.name, *texts, *("—" if one is None else f"{one:.0f}" for one in (middle, slow))]


def _scaled(value: float | None, unit: float) -> float | None:
    return None if value is None else value / unit


def _ratio(value: float | None, ours: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.2f} ({value / ours:.1f}×)" if ours else f"{value:.2f}"


def main() -> None:
    """Measure what is asked for, and print it."""
    options = _options()
    context = Context.open(Settings.default())
    served = opening.served_files(options.cache)
    opening.start_once()
    lines = [_default_map(context, served)] if "parksite" in options.only else []
    lines += _all_sizes(context, options.sizes, options.only, served)
    text = _report(lines)
    sys.stdout.write(text + "\n")
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")


def run(size: str) -> list[table.Line]:
    """The same for the one table of all benchmarks: time to write, and to the first answer."""
    sizes, only = ([1_000], ["parksite", "clusters"]) if size == "small" else (list(SIZES), ["parksite", *PEERS])
    opening.start_once()
    found = _all_sizes(Context.open(Settings.default()), sizes, only, opening.served_files(_cache()))
    ours = {line.count: line for line in found if line.name == "parksite"}
    told = []
    for line in found:
        base = ours[line.count]
        answered, base_answered = _scaled(line.seen.answered, 1000), _scaled(base.seen.answered, 1000)
        told.append(_told(line, "to write", line.write, base.write))
        told.append(_told(line, "to the first answer", answered, base_answered))
    return sorted(told, key=lambda one: [line.case for line in told].index(one.case))


def _told(line: Line, what: str, seconds: float | None, ours: float | None) -> table.Line:
    ratio = seconds / ours if seconds and ours else None
    remark = line.seen.note or (f"{line.size / MB:.1f} MB" if line.size else "")
    return table.Line(f"{line.count:,} sites, {what}", line.name, seconds, ratio, remark=remark)


def _cache() -> Path:
    """Folder for npm packages."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "parksite-benchmarks"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="numbers of sites")
    names = ["parksite", *PEERS]
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="which ways to measure")
    parser.add_argument("--cache", type=Path, default=_cache(), help="folder for npm packages")
    parser.add_argument("--out", type=Path, help="write the table into this file, too")
    return parser.parse_args()


def _default_map(context: Context, served: dict[str, Path]) -> Line:
    """The page that `parksite build` makes from the sample sites."""
    found = pipeline.read_sites(context, None)
    checked = pipeline.check(context, found, candidates.DAY)
    default = Sites(checked.sites, checked.document)
    return _measure("parksite, default map", "parksite", default, writers.parksite(context, default), served)


def _all_sizes(context: Context, sizes: list[int], only: list[str], served: dict[str, Path]) -> list[Line]:
    largest = candidates.make(context, max(sizes))
    return [line for count in sizes for line in _at_size(context, candidates.head(largest, count), only, served)]


def _at_size(context: Context, found: Sites, only: list[str], served: dict[str, Path]) -> list[Line]:
    count = len(found.sites)
    lines = []
    if "parksite" in only:
        lines.append(_measure("parksite", "parksite", found, writers.parksite(context, found), served))
    for kind in (one for one in PEERS if one in only):
        name, writer = PEERS[kind]
        if count > MOST[kind]:
            lines.append(Line(name, count, seen=Seen(note="skipped: memory")))
        else:
            lines.append(_measure(name, kind, found, writer(found.frame()), served))
    return lines


def _measure(name: str, kind: str, found: Sites, write: writers.Writer, served: dict[str, Path]) -> Line:
    count = len(found.sites)
    line = Line(name, count)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.html"
        gc.collect()
        start = time.perf_counter()
        write(path)
        line.write = time.perf_counter() - start
        line.size = path.stat().st_size
        del write
        gc.collect()
        line.seen = opening.open_page(path, kind, _clicked(found), served, CAP_S)
    sys.stderr.write(" | ".join([f"{count:>9,}", *line.cells(None), line.seen.note]) + "\n")
    return line


def _clicked(found: Sites) -> list[tuple[float, float]]:
    """Sites to click, latitude and longitude: some of the middle of the city."""
    records = found.document["sites"][:20_000]
    middle = sorted(records, key=lambda one: abs(one["lon"] - 114.02) + abs(one["lat"] - 22.64))
    return [(one["lat"], one["lon"]) for one in middle[:10]]


def _report(lines: list[Line]) -> str:
    head = ["sites", "way", "file, MB", "to write, s", "to the first answer, s", "frame, ms", "95 %, ms"]
    ours = {line.count: line for line in lines if line.name == "parksite"}
    rows = [
        [f"{line.count:,}", *line.cells(ours.get(line.count) if line.name != "parksite" else None)] for line in lines
    ]
    asked = [
        [f"{line.count:,}", *(f"{line.seen.slowest[one]:.0f}" for one in WAITS)] for line in lines if line.seen.slowest
    ]
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    told = "In parksite's page, the slowest of several, ms:"
    return "\n\n".join([machine, _table(head, rows), told, _table(["sites", *WAITS.values()], asked)])


def _table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


if __name__ == "__main__":
    main()
