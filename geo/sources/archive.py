"""Archives, unpacked by us to a folder that is removed again.

Nothing in an archive's own words is trusted: names are checked before anything
is written, and bytes are counted as they come out.
"""

from __future__ import annotations

import lzma
import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import InputError
from geo.sources.encoding import measured
from geo.sources.gate import within
from geo.sources.layer import Limits

_CHUNK = 1 << 18
_NESTED = (".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".kmz")
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, RuntimeError)


@contextmanager
def unpacked(path: Path, limits: Limits) -> Iterator[Path]:
    """A temporary folder with the members of a zip; archives inside are left out.

    Raises
    ------
    InputError
        If the archive is broken, encrypted, names places outside itself, or holds
        more than the limits.
    """
    with tempfile.TemporaryDirectory(prefix="parksite-", ignore_cleanup_errors=True) as scratch:
        root = Path(scratch)

        def write(parts: tuple[str, ...], chunks: Iterator[bytes]) -> None:
            if parts[-1].lower().endswith(_NESTED) or parts[0] == "__MACOSX" or parts[-1].startswith("._"):
                return
            target = root.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as handle:
                for chunk in chunks:
                    handle.write(chunk)

        _walk(path, limits, write)
        yield root


def count(path: Path, limits: Limits) -> None:
    """Read through a zip without keeping anything, for its names and its size.

    Raises
    ------
    InputError
        As `unpacked`.
    """

    def drop(_: tuple[str, ...], chunks: Iterator[bytes]) -> None:
        for _chunk in chunks:
            pass

    _walk(path, limits, drop)


def _walk(path: Path, limits: Limits, take: Callable[[tuple[str, ...], Iterator[bytes]], None]) -> None:
    """Hand each member's name and bytes to `take`, within the limits."""
    done = 0

    def chunks(member: zipfile.ZipInfo) -> Iterator[bytes]:
        nonlocal done
        with archive.open(member) as handle:
            while chunk := handle.read(_CHUNK):
                done += len(chunk)
                within("megabytes", -(-done // 1_000_000), limits, path)
                yield chunk

    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            within("members", len(members), limits, path)
            names = _names(members)
            files = [(member, _safe(member, name, path)) for member, name in zip(members, names, strict=True)]
            for member, parts in files:
                if parts and not member.is_dir():
                    take(parts, chunks(member))
    except FileExistsError as error:
        raise _refused(
            path, Path(str(error.filename)).name, "two members have one name", "压缩包内有重名文件"
        ) from error
    except _BROKEN as error:
        raise InputError(
            "the archive is damaged or cannot be unpacked",
            "压缩包已损坏或无法解压",
            file=path,
            remedy_en="pack or save it again, or unpack it yourself and give what is inside",
            remedy_zh="请重新打包或保存，或自行解压后给出其中的文件",
        ) from error


def _names(members: list[zipfile.ZipInfo]) -> list[str]:
    """Names of the members; without the mark for UTF-8 they are measured (Windows writes GBK)."""
    raw = [None if one.flag_bits & _UTF8_NAME else one.filename.encode("cp437", "replace") for one in members]
    code = measured([name for name in raw if name is not None]) or "utf-8"
    return [
        one.filename if name is None else name.decode(code, "replace") for one, name in zip(members, raw, strict=True)
    ]


def _safe(member: zipfile.ZipInfo, name: str, path: Path) -> tuple[str, ...]:
    """Parts of a member's name, or a refusal."""
    parts = tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))
    mode = member.external_attr >> 16
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name) or "\0" in name:
        raise _refused(path, name, "a member names a place outside the archive", "压缩包内的文件名指向包外")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(path, name, "a member is a link or a device", "压缩包内含链接或设备文件")
    if member.flag_bits & _ENCRYPTED:
        raise _refused(path, name, "the archive is protected by a password", "压缩包有密码保护")
    return parts


def _refused(path: Path, name: str, en: str, zh: str) -> InputError:
    return InputError(
        en,
        zh,
        file=path,
        value=name,
        remedy_en="pack the files again, plainly and without a password",
        remedy_zh="请重新打包，不加密码，不含链接",
    )
