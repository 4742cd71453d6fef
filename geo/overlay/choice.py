"""Whether work is done by compiled loops or by numpy (layer 1): the one place that decides."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

_LOOPS = "geo.overlay.compiled"


def loops(worth: bool) -> ModuleType | None:
    """The compiled loops, or None where numpy is to do the work.

    Parameters
    ----------
    worth : bool
        Whether the work is so much that it makes up for the start of the compiler, half
        a second. Loops that have been started are always taken.

    Returns
    -------
    module or None
        `geo.overlay.compiled`; None without the extra `fast` (numba), or where numba finds
        no folder for what it compiles.
    """
    return _started() if worth or _LOOPS in sys.modules else None


@cache
def _started() -> ModuleType | None:
    if find_spec("numba") is None:
        return None
    try:
        return import_module(_LOOPS)
    except (ImportError, RuntimeError):
        return None
