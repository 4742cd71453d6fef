"""A page of the map in a real browser without a network, and what is seen of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo import symbology, webmap
from geo.pipeline import Checked, Context

DAY = date(2026, 11, 22)


@dataclass
class Opened:
    """A page with what went over its wires and into its console."""

    page: Any
    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        """Words on the page, as a person sees them."""
        return str(self.page.locator(selector).first.inner_text())

    def state(self, **changes: Any) -> None:
        """Set what the page shows."""
        self.page.evaluate("changes => parksite.app.state.set(changes)", changes)

    def close(self) -> None:
        self.page.context.close()


def open_page(browser: Any, path: Path, width: int = 1440, height: int = 900, fragment: str = "", **how: Any) -> Opened:
    """Open a file, network off, and wait until it answers."""
    room = browser.new_context(viewport={"width": width, "height": height}, offline=True, **how)
    opened = Opened(room.new_page())
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.on("requestfailed", lambda request: opened.failed.append(request.url))
    opened.page.on("pageerror", lambda error: opened.errors.append(str(error)))
    opened.page.on("console", lambda said: said.type == "error" and opened.errors.append(said.text))
    opened.page.goto(path.as_uri() + fragment)
    opened.page.wait_for_selector("html[data-ready='true']")
    return opened


def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for a change on the page; its content policy forbids the driver's own waiting."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("the page did not change")


_STILL = """async () => {
    const { map } = parksite.app;
    const look = () => {
        const { x, y } = map.getSize(), { lat, lng } = map.getCenter();
        const { clientWidth, clientHeight } = map.getContainer();
        let still = x === clientWidth && y === clientHeight && !map._panAnim?._inProgress && !map._animatingZoom;
        map.eachLayer((one) => { if (one._fills && one._read()) still &&= one._fills(); });
        return still ? [lat, lng, map.getZoom(), x, y].join() : null;
    };
    const end = performance.now() + 10000;
    let [last, equal] = [null, 0];
    while (equal < 3 && performance.now() < end) {
        await new Promise((done) => requestAnimationFrame(done));
        const now = look();
        equal = now !== null && now === last ? equal + 1 : 0;
        last = now;
    }
    return equal === 3;
}"""


def settle(opened: Opened) -> None:
    """Wait until the map has the size of its pane, stands still and shows the sites of where it stands."""
    assert opened.page.evaluate(_STILL), "the map did not come to rest"


def rendered(context: Context, checked: Checked, **options: Any) -> str:
    """The map of a check, as text."""
    palette = symbology.load(context.settings)
    return webmap.render(
        checked.document, checked.sites, context.register, context.boundaries, palette, context.settings, DAY, **options
    )
