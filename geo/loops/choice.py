"""Whether work is done by compiled loops or by numpy (layer 1): the one place that decides."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

_COMPILER = "geo.loops.compiling"


def started(name: str, worth: bool) -> ModuleType | None:
    """A module of compiled loops, or None where numpy is to do the work.

    Parameters
    ----------
    name : str
        The module.
    worth : bool
        Whether the work is so much that it makes up for the start of the compiler, half
        a second. Once that has been started, loops are always taken.

    Returns
    -------
    module or None
        None without the extra `fast` (numba), or where numba finds no folder for what it compiles.
    """
    return _started(name) if worth or _COMPILER in sys.modules else None


@cache
def _started(name: str) -> ModuleType | None:
    if find_spec("numba") is None:
        return None
    try:
        return import_module(name)
    except (ImportError, RuntimeError):
        return None
