"""Whether the work of this package is done by compiled loops (layer 1)."""

from __future__ import annotations

from types import ModuleType

from geo.loops.choice import started


def loops(worth: bool) -> ModuleType | None:
    """`geo.overlay.compiled`, or None where numpy is to do the work; see `geo.loops.choice`."""
    return started("geo.overlay.compiled", worth)
