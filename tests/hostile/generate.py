"""Every case by name; as a program, writes all inputs into a folder.

::

    python -m hostile.generate FOLDER     # from tests/

Nothing here is kept in the repository but the functions: bombs and floods are
made when they are needed, in a folder of the test.
"""

from __future__ import annotations

import sys
from pathlib import Path

from hostile import archives, binary, calls, database, geojson, shapefile, sheets, text, xml
from hostile.case import Case

_MODULES = (text, geojson, xml, archives, sheets, database, shapefile, binary, calls)


def cases() -> dict[str, Case]:
    """All cases by name.

    Raises
    ------
    ValueError
        If two have one name.
    """
    listed = [one for module in _MODULES for one in module.corpus.cases]
    found = {one.name: one for one in listed}
    if len(found) != len(listed):
        names = [one.name for one in listed]
        raise ValueError(f"named twice: {sorted({name for name in names if names.count(name) > 1})}")
    return found


def write(folder: Path) -> int:
    """Write every input into a folder of its own; their number."""
    found = cases()
    for name, case in found.items():
        own = folder / name
        own.mkdir(parents=True)
        case.build(own)
    return len(found)


if __name__ == "__main__":
    sys.stdout.write(f"{write(Path(sys.argv[1]))} cases\n")
