"""Outputs appear whole or not at all (layer 8, below the pipeline).

Everything is written into a folder beside the target first and moved into place at
the end; nothing that is not ours to replace is replaced.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from geo.errors import GeoError, InputError, OutputExists

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/|/vsi")
_WRITERS = {"pyogrio", "xlsxwriter", "sqlite3", "pyarrow", "shapely"}


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """A folder beside `out` that is gone afterwards, its failures told as ours.

    Raises
    ------
    InputError
        If something cannot be written: no right, no space, no such folder.
    """
    import tempfile  # loads much that the check of one place does not need

    with (
        told(out),
        tempfile.TemporaryDirectory(prefix=".parksite-", dir=out.parent, ignore_cleanup_errors=True) as held,
    ):
        yield Path(held)


@contextmanager
def told(out: Path) -> Iterator[None]:
    """What fails while `out` is written is told as an error of ours; its folder is made if there is none.

    Raises
    ------
    InputError
        If something cannot be written: no right, no space, no such folder.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        yield
    except GeoError:
        raise
    except OSError as error:
        raise unwritable(out, error.strerror or str(error)) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] in _WRITERS:
            raise unwritable(out, str(error)) from error
        raise


@contextmanager
def files(out: Path, *, overwrite: bool) -> Iterator[Path]:
    """A folder to write into, whose files all move beside `out` when all are written.

    Raises
    ------
    OutputExists
        If one of them is there and may not be replaced.
    InputError
        If something cannot be written.
    """
    refuse_existing(out, overwrite=overwrite)
    with beside(out) as folder:
        yield folder
        made = sorted(folder.iterdir())
        for path in made:
            refuse_existing(out.parent / path.name, overwrite=overwrite)
        for path in made:
            path.chmod(0o644)
            os.replace(path, out.parent / path.name)


def rejected_path(out: Path, *, folder: bool = False) -> Path:
    """Where the rejected rows of an output go: ``sites.rejected.csv`` beside ``sites.csv`` or a folder ``sites``."""
    return out.with_name(f"{out.name if folder else out.stem}.rejected.csv")


def refuse_input(out: Path, inputs: Sequence[Path | None]) -> None:
    """Raise if an output would replace one of the inputs."""
    for path in inputs:
        if path is not None and os.path.realpath(path) in map(os.path.realpath, (out, rejected_path(out))):
            raise OutputExists(
                "the output would replace the input",
                "输出会覆盖输入文件",
                file=path,
                remedy_en="choose another name for --out",
                remedy_zh="请为 --out 换一个名称",
            )


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raise if a file is there that may not be replaced, or the name is none of this computer."""
    if _ELSEWHERE.match(path.as_posix()):
        raise InputError(
            "the output is no file of this computer",
            "输出路径不是本机文件",
            file=path,
            remedy_en="give a file on this computer",
            remedy_zh="请给出本机文件名",
        )
    if path.is_dir():
        raise OutputExists(
            "the output is a folder", "输出路径是目录", file=path, remedy_en="name a file", remedy_zh="请给出文件名"
        )
    if path.exists() and not (overwrite and path.is_file()):
        raise OutputExists(
            "the file exists already" if path.is_file() else "the output is no file",
            "文件已存在" if path.is_file() else "输出路径不是普通文件",
            file=path,
            remedy_en="choose another name or give --overwrite",
            remedy_zh="请换名或加 --overwrite",
        )


def unwritable(path: Path, reason: str) -> InputError:
    """The error for an output that cannot be written."""
    return InputError(
        f"cannot be written: {reason}",
        f"无法写入：{reason}",
        file=path,
        remedy_en="check the folder, its rights and the free space",
        remedy_zh="请检查目录、权限与磁盘空间",
    )
