"""How loops are compiled (layer 1): the extra `fast`, imported only where `geo.loops.choice` starts it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=np.generic)
Loop = TypeVar("Loop", bound=Callable[..., Any])

compiled: Callable[[Loop], Loop] = import_module("numba").njit(cache=True, nogil=True, error_model="numpy")


def plain(values: NDArray[Kind]) -> NDArray[Kind]:
    """The same end to end and writable: loops are compiled anew for every other kind of array."""
    return np.require(values, requirements=["C", "W"])
