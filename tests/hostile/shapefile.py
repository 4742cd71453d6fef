"""Shapefiles, loose, in folders and zips: missing, cut and lying parts."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

from hostile.case import TOUCHED, A, B, Content, Corpus, put, secret

corpus = Corpus()
add, case = corpus.add, corpus.case
PRJ = ('GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],'
       'UNIT["Degree",0.0174532925199433]]')  # fmt: skip
DEAD = "shapefile|damaged|opened|read"
Parts = dict[str, Content]


def record(number: int, content: bytes, length: int | None = None) -> bytes:
    return struct.pack(">ii", number, len(content) // 2 if length is None else length) + content


def point(x: float, y: float) -> bytes:
    return struct.pack("<idd", 1, x, y)


def ring(*corners: tuple[float, float], kind: int = 5, parts: int = 1, points: int | None = None) -> bytes:
    xs, ys = [x for x, _ in corners] or [0], [y for _, y in corners] or [0]
    head = struct.pack(
        "<i4dii", kind, min(xs), min(ys), max(xs), max(ys), parts, len(corners) if points is None else points
    )
    return head + struct.pack("<i", 0) + b"".join(struct.pack("<dd", *one) for one in corners)


def shp(*contents: bytes, kind: int = 1, length: int | None = None) -> tuple[bytes, bytes]:
    """Main file and index."""
    body, index, at = b"", b"", 50
    for number, content in enumerate(contents, start=1):
        body += record(number, content)
        index += struct.pack(">ii", at, len(content) // 2)
        at += 4 + len(content) // 2
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, at if length is None else length) + struct.pack(
        "<ii8d", 1000, kind, *[0.0] * 8
    )
    small = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50 + 4 * len(contents)) + struct.pack(
        "<ii8d", 1000, kind, *[0.0] * 8
    )
    return head + body, small + index


def dbf(*ids: str | bytes, count: int | None = None, head: int | None = None, width: int | None = None) -> bytes:
    fields = b"id".ljust(11, b"\0") + b"C" + bytes(4) + bytes([20]) + bytes(15)
    size = 33 + len(fields)
    start = struct.pack("<4BiHH20x", 3, 126, 1, 1, len(ids) if count is None else count, size if head is None else head,
                        21 if width is None else width)  # fmt: skip
    cells = b"".join(b" " + (one.encode() if isinstance(one, str) else one)[:20].ljust(20) for one in ids)
    return start + fields + b"\r" + cells + b"\x1a"


def complete(*shapes: bytes, ids: tuple[str, ...] = ("A", "X", "B"), kind: int = 1, **parts: bytes | None) -> Parts:
    main, index = shp(*(shapes or (point(*A), point(*B))), kind=kind)
    made = {
        "shp": main,
        "shx": index,
        "dbf": dbf(*(ids if shapes else ("A", "B"))),
        "prj": PRJ.encode(),
        "cpg": b"UTF-8",
    }
    return {name: held for name, held in (made | parts).items() if held is not None}


def loose(parts: Parts, stem: str = "sites") -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        secret(folder)
        for ending, held in parts.items():
            (folder / f"{stem}.{ending}").write_bytes(held() if callable(held) else held)  # type: ignore[arg-type]
        return folder / f"{stem}.shp"

    return build


def foldered(*stems: str, parts: Parts) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        inner = folder / "shapes"
        inner.mkdir()
        for stem in stems:
            loose(parts, stem)(inner)
        return inner

    return build


def zipped(*stems: str, parts: Parts) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "sites.zip", "w") as archive:
            for stem in stems:
                for ending, held in parts.items():
                    archive.writestr(f"{stem}.{ending}", held)
        return folder / "sites.zip"

    return build


def faulty(name: str, shape: bytes, says: str = "rejected", hints: str = "", kind: int = 5, **what: object) -> None:
    """A shapefile of squares whose second record is at fault."""
    fine = [ring((x, y), (x, y + 0.01), (x + 0.01, y + 0.01), (x + 0.01, y), (x, y)) for x, y in (A, B)]
    parts = complete(fine[0], shape, fine[1], kind=kind)
    add(name, loose(parts), says=says, hints=hints, **({"exit": 1, "keeps": ("A", "B")} | what))


FULL = complete()
KEPT = {"exit": 0, "keeps": ("A", "B")}
add("shp-good", loose(FULL), **KEPT)
add("shp-without-index", loose({name: held for name, held in FULL.items() if name != "shx"}), **KEPT)
add("shp-without-table", loose({name: held for name, held in FULL.items() if name != "dbf"}), exit=0, keeps=2)
add(
    "shp-without-system",
    loose({name: held for name, held in FULL.items() if name != "prj"}),
    says="no datum is declared",
    **KEPT,
)
add("shp-alone-and-empty", loose({"shp": b""}), says="empty")
add(
    "shp-only-table-asked-for",
    lambda folder: loose(FULL)(folder).with_suffix(".dbf"),
    says="shapefile|shp",
    hints="\\.shp",
)
add(
    "shp-half",
    loose(complete(shp=FULL["shp"][:120])),
    says="(?s)rejected: A.*rejected: B",
    hints="draw|copy|export",
    exit=1,
    keeps=(),
)
add("shp-only-its-head", loose(complete(shp=FULL["shp"][:60])), says=DEAD)
add("shp-index-cut", loose(complete(shx=FULL["shx"][:104])), **KEPT)
add("shp-index-is-noise", loose(complete(shx=FULL["shx"][:100] + b"\xff" * 16)), **KEPT)
add(
    "shp-index-claims-a-billion",
    loose(complete(shx=FULL["shx"][:24] + struct.pack(">i", 2**31 - 1) + FULL["shx"][28:])),
    **KEPT,
)
add(
    "shp-head-claims-2-to-the-31",
    loose(complete(shp=FULL["shp"][:24] + struct.pack(">i", 2**31 - 1) + FULL["shp"][28:])),
    **KEPT,
)
add(
    "shp-head-claims-less-than-nothing",
    loose(complete(shp=FULL["shp"][:24] + struct.pack(">i", -1) + FULL["shp"][28:])),
    **KEPT,
)
add("shp-no-shapefile-at-all", loose(complete(shp=b"id,lon,lat\nA,113.85,22.7\n" * 20)), says=DEAD)
add("dbf-count-below-zero", loose(complete(dbf=dbf("A", "B", count=-2))), **KEPT)
add("dbf-claims-two-billion-rows", loose(complete(dbf=dbf("A", "B", count=2**31 - 1))), **KEPT)
add(
    "dbf-claims-one-row",
    loose(complete(dbf=dbf("A", "B", count=1))),
    says="rejected: row 2.*missing",
    exit=1,
    keeps=("A",),
)
add("dbf-head-of-no-length", loose(complete(dbf=dbf("A", "B", head=0))), says="dbf|attributes|damaged", named=False)
add("dbf-rows-of-no-width", loose(complete(dbf=dbf("A", "B", width=0))), says="dbf|attributes|damaged", named=False)
add("dbf-cut", loose(complete(dbf=dbf("A", "B")[:70])), says="damaged", hints="export|copy|again")
add("dbf-empty", loose(complete(dbf=b"")), says="damaged.*sites.dbf|empty.*sites.dbf", named=False)
add(
    "dbf-is-noise",
    loose(complete(dbf=bytes((at * 61 + 9) % 256 for at in range(400)))),
    says="dbf|attributes|damaged",
    named=False,
)
add("dbf-nul-and-noise-in-cells", loose(complete(dbf=dbf(b"A\0\0\xff\xfe", b"B"))), exit=0, keeps=2)
add(
    "cpg-wrong",
    loose(complete(dbf=dbf("A", "宝安区".encode("gbk")), cpg=b"UTF-8")),
    exit=0,
    keeps=("A", "宝安区"),
    says="(?i)GBK|encoding",
)
add("cpg-nonsense", loose(complete(cpg=b"../../etc/passwd\n")), **KEPT)
add("cpg-of-a-megabyte", loose(complete(cpg=b"UTF-8" * 200_000)), **KEPT)
add("cpg-runs-a-codec", loose(complete(cpg=b"zlib_codec")), **KEPT)
add("prj-nonsense", loose(complete(prj=b"once upon a time")), says="coordinate system|datum|\\.prj", **KEPT)
add("prj-nested-deep", loose(complete(prj=b'GEOGCS["x",' * 50_000)), says="coordinate system|datum|\\.prj", **KEPT)
add(
    "prj-of-20-megabytes", loose(complete(prj=lambda: b" " * 20_000_000)), says="coordinate system|datum|\\.prj", **KEPT
)
add("prj-names-a-grid-file", loose(complete(prj=b"+proj=longlat +datum=WGS84 +nadgrids=@/etc/passwd,/vsicurl/http://198.51.100.7/g.gsb")),
    **KEPT)  # fmt: skip
add("prj-names-a-pipeline", loose(complete(prj=b"+proj=pipeline +step +init=/etc/passwd:x +step +proj=utm")),
    says="coordinate system|datum|\\.prj", **KEPT)  # fmt: skip
add("shp-two-in-a-folder", foldered("a", "b", parts=FULL), says="'a' was read.*also holds b", **KEPT)
add("shp-two-in-a-zip", zipped("a", "b", parts=FULL), says="'a' was read.*also holds b", **KEPT)
add(
    "shp-folder-without-any",
    lambda folder: put("shapes/readme.txt", "x")(folder).parent,
    says="folder|holds|no ",
    hints="shapefile|\\.shp",
)  # type: ignore[union-attr]
add("shp-folder-cut", foldered("a", parts=complete(shp=FULL["shp"][:60])), says=DEAD)
add(
    "shp-zip-without-main-file",
    zipped("a", parts={name: held for name, held in FULL.items() if name != "shp"}),
    says="shp|holds|no ",
)
add("shp-zip-cut-inside", zipped("a", parts=complete(shp=FULL["shp"][:60])), says=DEAD)
faulty("shp-null-shape", struct.pack("<i", 0), "no usable geometry", "draw the site again")
faulty("shp-claims-a-billion-corners", ring(A, B, A, points=1_000_000_000))
faulty("shp-claims-a-billion-parts", ring(A, B, A, parts=1_000_000_000))
faulty("shp-negative-corners", ring(A, B, A, points=-5))
faulty(
    "shp-bow-tie",
    ring((113.85, 22.7), (113.86, 22.71), (113.86, 22.7), (113.85, 22.71), (113.85, 22.7)),
    "not valid",
    "(?i)fix geometries",
)
faulty("shp-ring-of-two", ring(A, B))
faulty("shp-corners-not-numbers", ring((float("nan"), 22.7), (113.86, float("inf")), (113.86, 22.7), (113.85, 22.7)))
faulty("shp-corners-out-of-range", ring((400, 22.7), (401, 22.7), (401, 23.7), (400, 22.7)), "out of range")
faulty("shp-line", ring(A, B, kind=3), "LineString|rejected")
faulty("shp-unknown-kind", struct.pack("<i", 77) + bytes(60))


@case("shp-folder-with-a-link-to-itself", exit=0, keeps=("A", "B"))
def _loop(folder: Path) -> Path:
    inner = foldered("a", parts=FULL)(folder)
    (inner / "again").symlink_to(inner)
    return inner


@case("shp-name-is-a-command", exit=0, keeps=("A", "B"))
def _command(folder: Path) -> Path:
    return loose(FULL, f"a;touch {TOUCHED};$(touch {TOUCHED})'\"")(folder)
