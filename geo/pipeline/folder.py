"""An output folder that knows its own files by its manifest (layer 9).

Only files that the manifest names are ever replaced or removed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from pathlib import Path

from geo import delivery
from geo.errors import OutputExists

MANIFEST = "manifest.json"


def opened(out: Path) -> Path:
    """The folder as an absolute path.

    Raises
    ------
    OutputExists
        If there is something else of that name.
    """
    delivery.refuse_existing(out / MANIFEST, overwrite=True)
    out = out.resolve()
    if out.exists() and not out.is_dir():
        raise OutputExists(
            "the output is a file, a folder is needed",
            "输出路径是文件，需要目录",
            file=out,
            remedy_en="choose a folder with --out",
            remedy_zh="请用 --out 指定目录",
        )
    return out


def held(out: Path) -> dict[str, str]:
    """Files of the folder that its manifest names, with their digests; none if there is no readable one."""
    return {name: digest for name, digest in (_listed(out) or {}).items() if (out / name).is_file()}


def refuse_foreign(out: Path, names: Collection[str]) -> None:
    """Raise if the folder holds files of these names that its manifest does not name.

    Raises
    ------
    OutputExists
        With the names.
    """
    foreign = sorted(name for name in {*names} - _own(out) if (out / name).exists())
    if foreign:
        raise OutputExists(
            f"the folder holds files that parksite did not write: {', '.join(foreign)}",
            f"目录中有并非由 parksite 写入的同名文件：{'、'.join(foreign)}",
            file=out,
            remedy_en="choose another folder with --out",
            remedy_zh="请用 --out 指定其他目录",
        )


def move_into(made: Path, out: Path, *, keep: bool = False) -> None:
    """Move new files in, the manifest last; what only the old manifest names is removed unless it is to be kept."""
    before = _own(out)
    new = [path.name for path in made.iterdir()]
    refuse_foreign(out, new)
    out.mkdir(exist_ok=True)
    for name in new:
        if name != MANIFEST:
            os.replace(made / name, out / name)
    os.replace(made / MANIFEST, out / MANIFEST)
    for name in () if keep else before - set(new):
        (out / name).unlink(missing_ok=True)


def _own(out: Path) -> set[str]:
    """Files that the folder's manifest names, and the manifest itself where it can be read."""
    listed = _listed(out)
    return set() if listed is None else {*listed, MANIFEST}


def _listed(out: Path) -> dict[str, str] | None:
    """Plain file names in a manifest with their digests; None if there is no readable one."""
    try:
        files = dict(json.loads((out / MANIFEST).read_text(encoding="utf-8"))["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return {name: str(digest) for name, digest in files.items() if name == Path(name).name}
