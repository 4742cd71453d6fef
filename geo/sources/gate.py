"""What may be opened at all: local regular files and folders, of a size within the limits."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from geo.errors import InputError
from geo.sources.layer import Limits

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:[/\\]")
_NEVER = ("/dev", "/proc", "/sys")
_NAMES = {
    "megabytes": ("megabytes", "兆字节"),
    "members": ("files", "个文件"),
    "rows": ("rows", "行"),
    "columns": ("columns", "列"),
    "vertices": ("vertices in one geometry", "个顶点（单个要素）"),
}


def local(path: Path, limits: Limits) -> Path:
    """Absolute path of a file or folder that may be read; nothing is opened.

    Raises
    ------
    InputError
        If it is a web address, a GDAL path, a device, a pipe, a broken link, not
        there, not readable, or larger than the limit.
    """
    given = str(path)
    if _URL.match(given) or re.match(r"[/\\]vsi", given):
        raise InputError(
            "only files on this computer are read",
            "只读取本机文件",
            file=given,
            remedy_en="download the file and give its name",
            remedy_zh="请先下载文件，再给出文件名",
        )
    try:
        found = path.stat()
        resolved = path.resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise _missing(path, error) from error
    folder = stat.S_ISDIR(found.st_mode)
    if not (stat.S_ISREG(found.st_mode) or folder) or str(resolved).startswith(tuple(f"{one}/" for one in _NEVER)):
        raise InputError(
            "this is no ordinary file, but a device, pipe or socket",
            "这不是普通文件，而是设备、管道或套接字",
            file=given,
            remedy_en="save the data as a file and give its name",
            remedy_zh="请将数据保存为文件后再给出文件名",
        )
    if not os.access(path, os.R_OK | (os.X_OK if folder else 0)):
        raise _missing(path, PermissionError(13, "no permission"))
    if not folder:
        within("megabytes", -(-found.st_size // 1_000_000), limits, path)
    return resolved


def within(name: str, count: int, limits: Limits, path: Path) -> None:
    """Refuse a file that holds more than a limit.

    Raises
    ------
    InputError
        With the limit, the count and how to raise it.
    """
    if count > getattr(limits, name):
        limit = getattr(limits, name)
        en, zh = _NAMES[name]
        long = name in ("rows", "megabytes") and path.suffix.lower() in (".csv", ".tsv", ".txt", ".parquet")
        raise InputError(
            f"{count:,} or more {en}, the limit is {limit:,}",
            f"至少 {count} {zh}，超过限额 {limit}",
            file=path,
            remedy_en=f"if this is meant, give --limit {name}={count} or more"
            + ("; `parksite check` with --out of a .csv or .parquet has no limit" if long else ""),
            remedy_zh=f"如确需读取，请给出 --limit {name}={count}（或更大）"
            + ("；parksite check 用 --out 写为 .csv 或 .parquet 时不限" if long else ""),
        )


def _missing(path: Path, error: Exception) -> InputError:
    """What is said of a path that cannot be reached."""
    try:
        link = path.is_symlink()
    except (OSError, ValueError):
        link = False
    if link:
        en, zh = "the link points to nothing", "链接指向的文件不存在"
    elif isinstance(error, PermissionError):
        en, zh = "there is no permission to read the file", "没有读取该文件的权限"
    else:
        en, zh = "the file does not exist", "文件不存在"
    return InputError(en, zh, file=path, remedy_en="check the name and the folder", remedy_zh="请检查文件名和路径")
