"""Packages that import their parts when these are first asked for (layer 0; PEP 562).

The check of one place must not pay for print sheets and file readers. A package gives
its names with `attach`, and imports them plainly for type checkers:

    if TYPE_CHECKING:
        from geo.tables.text import csv_text, write_csv
    else:
        __getattr__ = attach(__name__, text=("csv_text", "write_csv"))

A name that is also the name of a part cannot be given so: the import of the part by
anybody would put the module in its place.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any


def attach(package: str, **parts: tuple[str, ...]) -> Callable[[str], Any]:
    """The `__getattr__` of a package whose names stand in `parts`, by the module that defines them."""
    home = {name: part for part, names in parts.items() for name in names}

    def get(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        value = getattr(import_module(f"{package}.{home[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return get
