"""Zip archives: names that lead out, links, bombs, lies."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from hostile.case import Content, Corpus, put, secret
from hostile.geojson import GOOD, collection

corpus = Corpus()
add, case = corpus.add, corpus.case
SITES = collection(GOOD).encode()
OUT = "outside the archive"
PACK = "pack the files again"


def packed(*members: tuple[str | zipfile.ZipInfo, Content], name: str = "sites.zip") -> Callable[[Path], Path]:
    """A builder of a zip; later members may have the name of earlier ones."""

    def build(folder: Path) -> Path:
        secret(folder)
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for inner, content in members:
                archive.writestr(inner, content() if callable(content) else content, zipfile.ZIP_DEFLATED)
        return folder / name

    return build


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def zeros(megabytes: int) -> bytes:
    """A raw deflate stream of that many million zeros, made of one piece again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packer.compress(bytes(1_000_000)), packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * megabytes + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


def raw_zip(members: list[tuple[str, bytes, int]], *, comment: bytes = b"", copies: int = 1) -> bytes:
    """A zip from deflate streams and sizes as claimed; `copies` central records for each stream."""
    body, central = io.BytesIO(), io.BytesIO()
    count = 0
    for name, stream, size in members:
        at = body.tell()
        raw = name.encode()
        head = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, 0, len(stream), min(size, 0xFFFFFFFE), len(raw), 0)
        body.write(b"PK\x03\x04" + head + raw + stream)
        for copy in range(copies):
            inner = raw if copies == 1 else f"{copy}-{name}".encode()
            head = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, 0, len(stream), min(size, 0xFFFFFFFE), len(inner), 0)
            central.write(b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHLL", 0, 0, 0, 0, at) + inner)
            count += 1
    at = body.tell()
    end = struct.pack("<HHHHLLH", 0, 0, count, count, central.tell(), at, len(comment))
    return body.getvalue() + central.getvalue() + b"PK\x05\x06" + end + comment


for name, inner in {
    "dots": "../escaped.geojson", "dots-in-the-middle": "a/../../escaped.geojson", "absolute": "/tmp/escaped.geojson",
    "drive": "C:\\escaped.geojson", "backslashes": "..\\..\\escaped.geojson", "server": "\\\\server\\share\\a.geojson",
}.items():  # fmt: skip
    add(f"zip-name-{name}", packed((inner, SITES)), says=OUT, hints=PACK)
    if name in ("dots", "absolute"):
        add(f"zip-name-{name}-inspected", packed((inner, SITES)), says=OUT, hints=PACK, words=("inspect", "{file}"))
add("zip-link", packed((entry("sites.geojson", 0o120777), b"secret.txt")), says="link", hints=PACK)
add(
    "zip-link-then-through-it",
    packed((entry("a", 0o120777), b"/tmp"), ("a/escaped.geojson", SITES)),
    says="link",
    hints=PACK,
)
add("zip-device", packed((entry("sites.geojson", 0o020666), b"")), says="device", hints=PACK)
add("zip-empty", packed(), says="empty|holds|nothing|no file", hints="pack|shapefile|GeoJSON")
add(
    "zip-nothing-readable",
    packed(("a.exe", b"MZ"), ("b.pdf", b"%PDF")),
    says="holds|no |nothing",
    hints="pack|shapefile|GeoJSON",
)
add(
    "zip-only-mac-leftovers",
    packed(("__MACOSX/._sites.shp", b"x"), ("._sites.geojson", b"x")),
    says="holds|no |nothing",
)
add(
    "zip-of-zips",
    packed(("inner.zip", b"PK\x05\x06" + bytes(18))),
    says="holds|no |nothing|archive",
    hints="unpack|pack",
)
add(
    "zip-same-name-twice", packed(("sites.geojson", SITES), ("sites.geojson", SITES)), says="one name|twice", hints=PACK
)
add("zip-file-and-folder-of-one-name", packed(("a", b"x"), ("a/sites.geojson", SITES)), says="archive|name")
add(
    "zip-two-lists",
    packed(("a.geojson", SITES), ("b.geojson", SITES)),
    exit=0,
    says="'a' was read.*also holds b",
    keeps=("A",),
)
add("zip-1001-members", packed(*((f"{at}.txt", b"") for at in range(1001))), says="1,001 or more files, the limit is 1,000",
    hints="--limit members=1001")  # fmt: skip
add("zip-members-over-a-given-limit", packed(("a.txt", b""), ("sites.geojson", SITES)), says="files, the limit is 1\\b",
    more=("--limit", "members=1"), hints="--limit members=2")  # fmt: skip
add("zip-is-text", put("sites.zip", "id,lon,lat\nA,113.85,22.7\n"), says="archive|zip", hints="unpack|ending")
add("zip-empty-file", put("sites.zip", b""), says="empty|archive")
add(
    "zip-nul-in-a-name",
    put("sites.zip", raw_zip([("si\0tes.geojson", zlib.compress(SITES)[2:-4], len(SITES))])),
    says="archive|outside",
)
add("zip-name-too-long", packed(("x" * 5000 + ".geojson", SITES)), says="archive|name")
add("zip-nested-5000-folders", packed(("a/" * 5000 + "sites.geojson", SITES)), says="archive|name|deep")
add("zip-terminal-codes-in-a-name", packed(("../\x1b[2J\x07owned\n.geojson", SITES)), says=OUT)


@case("zip-half", says="archive", hints="unpack|again")
def _half(folder: Path) -> Path:
    path = packed(("sites.geojson", SITES))(folder)
    path.write_bytes(path.read_bytes()[:-30])
    return path


@case("zip-checksum-wrong", says="archive|damaged", hints="unpack|again")
def _checksum(folder: Path) -> Path:
    path = packed(("sites.geojson", SITES))(folder)
    raw = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        start = raw.index(mark) + at
        raw[start : start + 4] = b"\xde\xad\xbe\xef"
    path.write_bytes(bytes(raw))
    return path


@case("zip-password", says="password", hints="password|again")
def _password(folder: Path) -> Path:
    path = packed(("sites.geojson", SITES))(folder)
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x03\x04") + 6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(raw))
    return path


@case("zip-unknown-compression", says="archive|unpack", hints="unpack|again")
def _method(folder: Path) -> Path:
    path = packed(("sites.geojson", SITES))(folder)
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x03\x04") + 8] = 97
    raw[raw.index(b"PK\x01\x02") + 10] = 97
    path.write_bytes(bytes(raw))
    return path


BOMB = ("--limit", "megabytes=50")
add("zip-bomb", put("sites.zip", lambda: raw_zip([("sites.geojson", zeros(1500), 1_500_000_000)])), says="megabytes, the limit is 1,000",
    hints="--limit megabytes=")  # fmt: skip
add("zip-bomb-that-claims-to-be-small", put("sites.zip", lambda: raw_zip([("sites.geojson", zeros(300), 1000)])),
    says="megabytes|damaged|archive", more=BOMB)  # fmt: skip
add("zip-bomb-in-many-members", packed(*((f"{at}.geojson", lambda: bytes(1_000_000)) for at in range(60))),
    says="megabytes, the limit is 50", more=BOMB, hints="--limit megabytes=")  # fmt: skip
add("zip-bomb-of-shared-members", put("sites.zip", lambda: raw_zip([("a.geojson", zeros(10), 10_000_000)], copies=900)),
    says="megabytes|damaged|archive|overlap", more=BOMB)  # fmt: skip
add("zip-bomb-inspected", put("sites.zip", lambda: raw_zip([("sites.geojson", zeros(100), 100_000_000)])), says="megabytes|damaged",
    words=("inspect", "{file}"), more=BOMB)  # fmt: skip
add("zip-bomb-as-boundaries", put("borders.zip", lambda: raw_zip([("sites.geojson", zeros(1500), 1_500_000_000)])),
    says="megabytes", words=("check", "113.85", "22.7", "--boundaries", "{file}"))  # fmt: skip
add("zip-bomb-as-control-points", put("points.xlsx", lambda: raw_zip([("xl/workbook.xml", zeros(1500), 1_500_000_000)])),
    says="megabytes|workbook|Excel|damaged", words=("check", "{folder}/sites.csv", "--control-points", "{file}"))  # fmt: skip
