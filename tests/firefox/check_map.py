"""Open a map of parksite in Firefox, with no network, and check that it answers.

Firefox is a program of the system, so this is a script beside the tests and not one of
them::

    python tests/firefox/check_map.py maps/gallery/parksite-map.html picture.png

It checks that the page starts, that Firefox has no complaint about it, that it answers for
two positions, that a click on the map is answered, that the network is closed to the
page, and that it shows in a narrow window. It ends with 1 if a check fails.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from marionette import Firefox

READY = """
    for (let waited = 0; waited < 20000 && !document.documentElement.dataset.ready; waited += 50)
      await new Promise((resolve) => setTimeout(resolve, 50));
    return document.documentElement.dataset.ready ?? null;"""
ANSWER = """
    const [lon, lat, field] = arguments;
    const one = await window.parksite.answer({ lon, lat, datum: "wgs84", field, stage: null, date: "2026-11-22" });
    return [one.district, one.match];"""
CLICK = """
    const map = document.querySelector(".leaflet-container").getBoundingClientRect();
    const place = { clientX: map.x + map.width / 2, clientY: map.y + map.height / 2, bubbles: true, view: window };
    const target = document.elementFromPoint(place.clientX, place.clientY);
    for (const kind of ["mousedown", "mouseup", "click"]) target.dispatchEvent(new MouseEvent(kind, place));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return document.getElementById("ps-answers").textContent.trim().length > 0;"""
ASK = "try { await fetch('http://example.org/'); return 'sent'; } catch (fault) { return fault.name; }"
WIDE = "return document.documentElement.scrollWidth <= window.innerWidth;"


def faults(firefox: Firefox, page: Path, picture: Path | None) -> list[str]:
    """What is wrong with a page in Firefox."""
    firefox.open(page)
    found = []
    if firefox.run(READY) != "true":
        found.append("the page did not start within 20 s")
    else:
        wanted = {(113.85, 22.70, "光刻胶"): "baoan", (120.0, 22.70, "光刻胶"): None}
        found += [
            f"{asked}: {answer}"
            for asked, district in wanted.items()
            if not isinstance(answer := firefox.run(ANSWER, *asked), list) or answer[0] != district
        ]
        if not firefox.run(CLICK):
            found.append("a click on the map shows no answer")
    if picture is not None:
        firefox.picture(picture)
    found += firefox.complaints(page)
    if (asked := firefox.run(ASK)) != "TypeError":
        found.append(f"the page may ask the network: {asked}")
    firefox.call("WebDriver:SetWindowRect", width=450, height=800)
    if not firefox.run(WIDE):
        found.append("a narrow window scrolls sideways")
    return found


def main(words: list[str]) -> int:
    """Run the script; gives the exit code."""
    with TemporaryDirectory() as profile, Firefox(Path(profile)) as firefox:
        found = faults(firefox, Path(words[0]), Path(words[1]) if len(words) > 1 else None)
        sys.stdout.write("".join(f"{one}\n" for one in [f"Firefox {firefox.version}", *(found or ["ok"])]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
