"""Content against the ending of the name: what a file is, by its first bytes."""

from __future__ import annotations

import os
import re
from pathlib import Path

from geo.errors import InputError

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a zip archive (perhaps .xlsx or .kmz)", "zip 压缩包（可能是 .xlsx 或 .kmz）"),
    (b"\xd0\xcf\x11\xe0", "an old Office file, or a workbook with a password", "旧版 Office 文件或加密工作簿"),
    (b"SQLite format 3", "a SQLite database (perhaps a GeoPackage)", "SQLite 数据库（可能是 GeoPackage）"),
    (b"PAR1", "a Parquet file", "Parquet 文件"),
    (b"fgb", "a FlatGeobuf file", "FlatGeobuf 文件"),
    (b"%PDF", "a PDF", "PDF 文件"),
    (b"II*\0", "a TIFF image", "TIFF 影像"),
    (b"MM\0*", "a TIFF image", "TIFF 影像"),
    (b"II+\0", "a TIFF image", "TIFF 影像"),
    (b"\x89PNG", "a PNG image", "PNG 图片"),
    (b"\xff\xd8\xff", "a JPEG image", "JPEG 图片"),
    (b"\x1f\x8b", "a gzip archive", "gzip 压缩包"),
    (b"7z\xbc\xaf", "a 7z archive", "7z 压缩包"),
    (b"Rar!", "a RAR archive", "RAR 压缩包"),
    (b"AC10", "an AutoCAD drawing (DWG)", "AutoCAD 图形（DWG）"),
    (b"AutoCAD Binary DXF", "a binary DXF", "二进制 DXF"),
    (b"\x00\x00\x27\x0a", "a shapefile", "shapefile"),
)
_EXPECTED: dict[str, tuple[bytes, ...]] = {
    ".shp": (b"\x00\x00\x27\x0a",),
    ".fgb": (b"fgb\x03fgb",),
    ".gpkg": (b"SQLite format 3\0",),
    ".zip": (b"PK\x03\x04", b"PK\x05\x06"),
    ".kmz": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".xlsm": (b"PK\x03\x04",),
    ".parquet": (b"PAR1",),
    ".geoparquet": (b"PAR1",),
}
_INSTEAD: dict[bytes, tuple[str, str]] = {
    b"AutoCAD Binary DXF": ("save it as ASCII DXF", "请另存为文本 DXF"),
    b"AC10": ("save it as ASCII DXF", "请另存为文本 DXF"),
}
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")
_DXF = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:999\r?\n[^\n]*\n\s*)*0\r?\n\s*SECTION")
_DXF_END = re.compile(rb"(?:\A|\n)\s*0\s*\n\s*EOF[\s\0\x1a]*\Z")


def check(path: Path) -> None:
    """Refuse a file whose first bytes are not those of its ending.

    Raises
    ------
    InputError
        With what it looks like instead, where that is known.
    """
    suffix = path.suffix.lower()
    with path.open("rb") as handle:
        head = handle.read(4096)
    if not head:
        raise InputError(
            "the file is empty", "文件为空", file=path, remedy_en="save or copy it again", remedy_zh="请重新保存或复制"
        )
    wanted = _EXPECTED.get(suffix)
    if wanted and not head.startswith(wanted):
        raise _mistaken(path, head)
    if suffix == ".gpkg" and head[68:72] not in _GPKG_IDS and int.from_bytes(head[60:64], "big") == 0:
        raise _mistaken(path, head)
    if suffix == ".dxf":
        _check_drawing(path, head)


def _check_drawing(path: Path, head: bytes) -> None:
    """Refuse a drawing that is no text, or does not end as every drawing does: GDAL reads half of one in silence."""
    if not _DXF.match(head):
        raise _mistaken(path, head)
    with path.open("rb") as handle:
        handle.seek(-min(path.stat().st_size, 4096), os.SEEK_END)
        tail = handle.read()
    if not _DXF_END.search(tail):
        raise cut_off(path, "it does not end in EOF", "末尾没有 EOF")


def refuse_binary(head: bytes, path: Path) -> None:
    """Refuse what should be text and begins like another kind of file.

    Raises
    ------
    InputError
        With what it looks like.
    """
    if any(head.startswith(magic) for magic, *_ in _MAGIC if magic != b"fgb"):
        raise _mistaken(path, head)


def _mistaken(path: Path, head: bytes) -> InputError:
    """What is said of content that does not fit the ending."""
    ending = path.suffix.lower()
    for magic, en, zh in _MAGIC:
        if head.startswith(magic):
            remedy = _INSTEAD.get(
                magic, ("give the file its right ending, or export it again", "请改用正确的扩展名，或重新导出")
            )
            return InputError(
                f"the content does not fit the ending {ending}: it is {en}",
                f"内容与扩展名 {ending} 不符：实为{zh}",
                file=path,
                remedy_en=remedy[0],
                remedy_zh=remedy[1],
            )
    return InputError(
        f"the content is not what the ending {ending} says, or the file is damaged",
        f"内容与扩展名 {ending} 不符，或文件已损坏",
        file=path,
        remedy_en="export it again from the program it comes from",
        remedy_zh="请从原软件重新导出",
    )


def cut_off(path: Path, en: str, zh: str) -> InputError:
    """What is said of a file of which a part is missing."""
    return InputError(
        f"the file is damaged or cut off: {en}",
        f"文件已损坏或不完整：{zh}",
        file=path,
        remedy_en="copy it again, or export it again from the program it comes from",
        remedy_zh="请重新复制，或用原软件重新导出",
    )


def damaged(path: Path, reason: object) -> InputError:
    """What is said of a file that a library cannot read."""
    said = " ".join(str(reason).split())[:160]
    return InputError(
        "the file is damaged or cannot be read" + (f": {said}" if said else ""),
        "文件已损坏或无法读取" + (f"：{said}" if said else ""),
        file=path,
        remedy_en="open it in the program it comes from and export it again",
        remedy_zh="请用原软件打开并重新导出",
    )
