"""FlatGeobuf, file geodatabases, Parquet and DXF."""

from __future__ import annotations

import json
import pickle
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shapely

from hostile.case import METRES, TOUCHED, A, B, Corpus, cut, patched, put, renamed

corpus = Corpus()
add, case = corpus.add, corpus.case


def written(name: str, shapes: list[Any] | None = None) -> Callable[[Path], Path]:
    """A builder of a vector file by GDAL."""

    def build(folder: Path) -> Path:
        import geopandas

        held = shapes or [shapely.Point(A), shapely.Point(B)]
        frame = geopandas.GeoDataFrame({"id": [chr(65 + at) for at in range(len(held))]}, geometry=held, crs=4490)
        how = {"driver": "OpenFileGDB"} if name.endswith(".gdb") else {"SPATIAL_INDEX": "NO"}  # which keeps the order
        frame.to_file(folder / name, engine="pyogrio", **how)
        return folder / name

    return build


NOISE = bytes((at * 151 + 17) % 256 for at in range(4000))

FGB = written("sites.fgb")
DEAD = "FlatGeobuf|damaged|holds no layer"
add("fgb-good", FGB, exit=0, keeps=("A", "B"))
add("fgb-empty", put("sites.fgb", b""), says="empty")
add("fgb-half", cut(FGB), says=DEAD, hints="export")
add(
    "fgb-without-its-end", cut(FGB, 0.97), says="rejected: row 2.*missing", hints="copy or export", exit=1, keeps=("A",)
)
add("fgb-noise", put("sites.fgb", NOISE), says=DEAD)
add("fgb-mark-then-noise", put("sites.fgb", b"fgb\x03fgb\x00" + NOISE), says=DEAD)
add("fgb-head-of-4-gigabytes", patched(FGB, 8, b"\xff\xff\xff\xff"), says=DEAD)
add("fgb-head-of-nothing", patched(FGB, 8, bytes(4)), says=DEAD)
add("fgb-noise-in-the-head", patched(FGB, 20, NOISE[:60]), says=DEAD)
add("fgb-noise-in-the-features", patched(FGB, -90, NOISE[:60]), says="rejected", exit=1)
add("fgb-called-parquet", renamed(FGB, "sites.parquet"), says="Parquet|FlatGeobuf|damaged|opened|read")

GDB = written("sites.gdb")
DEAD = "geodatabase|damaged|opened|read|holds|layer"


def gdb(spoil: Callable[[Path], None]) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        path = GDB(folder)
        spoil(path)
        return path

    return build


def tables(path: Path) -> list[Path]:
    return sorted(path.glob("*.gdbtable"))


def zipped_gdb(folder: Path) -> Path:
    path = GDB(folder)
    for one in tables(path):
        one.write_bytes(one.read_bytes()[:60])
    with zipfile.ZipFile(folder / "sites.gdb.zip", "w") as archive:
        for one in sorted(path.iterdir()):
            archive.write(one, f"sites.gdb/{one.name}")
    shutil.rmtree(path)
    return folder / "sites.gdb.zip"


def biggest(path: Path) -> Path:
    """The table of the layer itself, the last one made."""
    return tables(path)[-1]


add("gdb-good", GDB, exit=0, keeps=("A", "B"))
add("gdb-empty-folder", lambda folder: (folder / "sites.gdb").mkdir() or folder / "sites.gdb", says=DEAD)
add("gdb-is-a-file", put("sites.gdb", NOISE), says=DEAD + "|folder")
add("gdb-catalogue-missing", gdb(lambda path: (path / "a00000001.gdbtable").unlink()), says=DEAD)
add("gdb-catalogue-is-noise", gdb(lambda path: (path / "a00000001.gdbtable").write_bytes(NOISE)), says=DEAD)
add("gdb-table-missing", gdb(lambda path: biggest(path).unlink()), says=DEAD)
add("gdb-table-cut", gdb(lambda path: biggest(path).write_bytes(biggest(path).read_bytes()[:100])), says=DEAD)
add(
    "gdb-indexes-missing",
    gdb(lambda path: [one.unlink() for one in path.glob("*.gdbtablx")] and None),
    exit=0,
    keeps=("A", "B"),
)
add("gdb-zip-cut", zipped_gdb, says=DEAD)


def parquet(
    columns: dict[str, Any] | None = None, geo: Any = None, extra: dict[str, str] | None = None, **how: Any
) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        import pyarrow as pa
        from pyarrow import parquet as pq

        held = columns or {"id": ["A", "B"], "geometry": [shapely.Point(A).wkb, shapely.Point(B).wkb]}
        table = pa.table(held() if callable(held) else held)
        said = {"version": "1.0.0", "primary_column": "geometry",
                "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}}} if geo is None else geo  # fmt: skip
        marks = {} if said == "none" else {"geo": said if isinstance(said, str) else json.dumps(said)}
        table = table.replace_schema_metadata({**marks, **(extra or {})})
        pq.write_table(table, folder / "sites.parquet", **how)
        return folder / "sites.parquet"

    return build


@case("parquet-bomb", says="megabytes, the limit is 1,000", hints="--limit megabytes=")
def _bomb(folder: Path) -> Path:
    """3 GB of one letter, written piece by piece."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    piece = pa.table({"id": ["A"] * 5_000, "note": ["x" * 20_000] * 5_000, "geometry": [shapely.Point(A).wkb] * 5_000})
    said = {
        "version": "1.0.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}},
    }
    piece = piece.replace_schema_metadata({"geo": json.dumps(said)})
    with pq.ParquetWriter(folder / "sites.parquet", piece.schema) as writer:
        for _ in range(30):
            writer.write_table(piece)
    return folder / "sites.parquet"


def wkb_rows(middle: bytes | None) -> dict[str, Any]:
    return {"id": ["A", "X", "B"], "geometry": [shapely.Point(A).wkb, middle, shapely.Point(B).wkb]}


def pickled() -> dict[str, Any]:
    """A column whose type carries a pickle that would run a command (as in CVE-2023-47248)."""
    import pyarrow as pa

    class Run:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            import os

            return os.system, (f"touch {TOUCHED}",)

    marks = {"ARROW:extension:name": "arrow.py_extension_type", "ARROW:extension:metadata": pickle.dumps(Run())}
    field = pa.field("note", pa.int64(), metadata=marks)
    shapes = pa.array([shapely.Point(A).wkb])
    schema = pa.schema([pa.field("id", pa.string()), field, pa.field("geometry", pa.binary())])
    return pa.Table.from_arrays([pa.array(["A"]), pa.array([1]), shapes], schema=schema)  # type: ignore[no-any-return]


PARQUET = parquet()
DEAD = "Parquet|damaged|opened|read"
add("parquet-good", PARQUET, exit=0, keeps=("A", "B"))
add("parquet-empty", put("sites.parquet", b""), says="empty")
add("parquet-half", cut(PARQUET), says=DEAD, hints="export|save|again")
add("parquet-noise", put("sites.parquet", NOISE), says=DEAD)
add("parquet-marks-around-noise", put("sites.parquet", b"PAR1" + NOISE + struct.pack("<i", 3000) + b"PAR1"), says=DEAD)
add("parquet-foot-of-2-gigabytes", patched(PARQUET, -8, struct.pack("<i", 2**31 - 1)), says=DEAD)
add("parquet-foot-of-negative-length", patched(PARQUET, -8, struct.pack("<i", -4)), says=DEAD)
add("parquet-noise-in-the-foot", patched(PARQUET, -300, NOISE[:200]), says=DEAD)
add("parquet-noise-in-the-pages", patched(PARQUET, 8, NOISE[:60]), says=DEAD)
add("parquet-encrypted", patched(PARQUET, -4, b"PARE"), says=DEAD + "|encrypted|password")
add("parquet-million-rows", parquet(lambda: {"id": ["A"] * 1_000_000, "geometry": [shapely.Point(A).wkb] * 1_000_000}),
    says="rows, the limit is 200,000", hints="--limit rows=")  # fmt: skip
add("parquet-1200-columns", parquet({**wkb_rows(None), **{f"c{at}": [1, 2, 3] for at in range(1200)}}),
    says="columns, the limit is 1,000", hints="--limit columns=")  # fmt: skip
add("parquet-without-geometry", parquet({"a": [1]}, geo="none"), says="no position columns|geometry")
add(
    "parquet-table-of-positions",
    parquet({"id": ["A"], "lon": [113.85], "lat": [22.7]}, geo="none"),
    exit=0,
    keeps=("A",),
)
add("parquet-geo-is-no-json", parquet(geo="{broken"), says=f"{DEAD}|geo|metadata|position")
add("parquet-geo-is-a-list", parquet(geo="[1, 2]"), says=f"{DEAD}|geo|metadata|position")
add("parquet-geo-names-a-missing-column", parquet(geo={"version": "1.0.0", "primary_column": "shape", "columns": {}}),
    says=f"{DEAD}|geo|metadata|position|column")  # fmt: skip
add("parquet-geo-unknown-encoding", parquet(geo={"version": "1.0.0", "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "martian", "geometry_types": []}}}), says=f"{DEAD}|encoding")  # fmt: skip
add("parquet-geo-system-is-nonsense", parquet(geo={"version": "1.0.0", "primary_column": "geometry",
    "columns": {"geometry": {"encoding": "WKB", "geometry_types": [], "crs": {"type": "nothing", "id": 7}}}}),
    says="declared CRS cannot be understood", hints="--datum", exit=0, keeps=("A", "B"))  # fmt: skip
add(
    "parquet-geometry-is-text",
    parquet({"id": ["A"], "geometry": ["POINT (1 1)"]}),
    says="rejected: A",
    exit=1,
    keeps=(),
)
for name, held in {"noise": b"\xff" * 30, "cut": shapely.Point(A).wkb[:-3], "nothing": None, "no-bytes": b"",
                   "a-billion-corners": struct.pack("<BII", 1, 2, 2**31 - 1)}.items():  # fmt: skip
    add(f"parquet-geometry-{name}", parquet(wkb_rows(held)), exit=1, says="rejected", keeps=("A", "B"))
add("parquet-nested-columns", parquet({**wkb_rows(None), "n": [{"a": [{"b": 1}]}] * 3, "l": [[[1]]] * 3}), exit=1, says="rejected",
    keeps=("A", "B"))  # fmt: skip
add("parquet-type-with-a-pickle", parquet(pickled), exit=0, keeps=("A",))
add("parquet-pandas-notes-are-nonsense", parquet(extra={"pandas": "{]"}), exit=0, keeps=("A", "B"))
add("parquet-arrow-notes-are-nonsense", parquet(extra={"ARROW:schema": "!!!"}), says="damaged")

DEAD = "DXF|damaged|opened|read"
E, N = 505_000.0, 2_494_000.0


def dxf(*entities: str, blocks: str = "", end: bool = True) -> str:
    body = f"0\nSECTION\n2\nBLOCKS\n{blocks}0\nENDSEC\n" if blocks else ""
    return body + "0\nSECTION\n2\nENTITIES\n" + "".join(entities) + ("0\nENDSEC\n0\nEOF\n" if end else "")


def polyline(*corners: tuple[object, object], closed: int = 1, count: int | None = None) -> str:
    points = "".join(f"10\n{x}\n20\n{y}\n" for x, y in corners)
    return f"0\nLWPOLYLINE\n5\n1F\n100\nAcDbEntity\n8\nsites\n100\nAcDbPolyline\n90\n{count or len(corners)}\n70\n{closed}\n{points}"


SQUARE = polyline((E, N), (E + 100, N), (E + 100, N + 100), (E, N + 100))
KEPT = {"more": METRES}


def drawing(name: str, *entities: str, says: str = "rejected", **what: Any) -> None:
    add(name, put("sites.dxf", dxf(SQUARE, *entities)), says=says, **({"exit": 1, "keeps": 1, "more": METRES} | what))


drawing("dxf-good", says="", exit=0)
add("dxf-empty", put("sites.dxf", b""), says="empty")
add("dxf-half", cut(put("sites.dxf", dxf(SQUARE, SQUARE))), says=DEAD, hints="export|save|again", **KEPT)
add("dxf-without-drawing", put("sites.dxf", dxf()), says="no rows", exit=0, keeps=(), **KEPT)
add("dxf-noise", put("sites.dxf", NOISE), says=DEAD, **KEPT)
add(
    "dxf-binary",
    put("sites.dxf", b"AutoCAD Binary DXF\r\n\x1a\0" + NOISE),
    says=DEAD + "|binary",
    hints="text|ASCII|save",
    **KEPT,
)
add("dwg-called-dxf", put("sites.dxf", b"AC1032" + NOISE), says=DEAD + "|DWG", hints="save|export|DXF", **KEPT)
drawing("dxf-corners-are-words", polyline(("east", "north"), ("a", "b"), ("c", "d")), says="left out", exit=0)
drawing("dxf-corners-beyond-floats", polyline((1e300, 1e300), ("1e999", "-1e999"), ("nan", "inf")))
drawing(
    "dxf-claims-a-billion-corners",
    polyline((E, N), (E + 100, N), (E + 100, N + 100), count=1_000_000_000),
    says="",
    exit=0,
    keeps=2,
)
drawing(
    "dxf-open-line", polyline((E, N), (E + 100, N), (E + 100, N + 100), closed=0), says="left out: 1 open lines", exit=0
)
drawing(
    "dxf-only-a-text",
    "0\nTEXT\n5\n2A\n8\nsites\n10\n505000\n20\n2494000\n40\n2\n1\n=cmd|'/c calc'!A0\n",
    says="",
    exit=0,
    keeps=None,
)
drawing(
    "dxf-spline-without-points",
    "0\nSPLINE\n5\n2B\n8\nsites\n70\n8\n71\n3\n72\n999999999\n73\n999999999\n",
    says="",
    exit=0,
)
drawing(
    "dxf-arc-of-no-radius",
    "0\nARC\n5\n2C\n8\nsites\n10\n505000\n20\n2494000\n40\n0\n50\nnan\n51\n1e30\n",
    says="left out",
    exit=0,
)
drawing(
    "dxf-refers-to-a-missing-block",
    "0\nINSERT\n5\n2D\n8\nsites\n2\nnowhere\n10\n505000\n20\n2494000\n",
    says="",
    exit=0,
    keeps=None,
)
add("dxf-block-inside-itself", put("sites.dxf", dxf("0\nINSERT\n5\n2E\n8\nsites\n2\nB\n10\n505000\n20\n2494000\n",
    blocks="0\nBLOCK\n5\n30\n8\n0\n2\nB\n70\n0\n10\n0\n20\n0\n0\nINSERT\n5\n31\n8\nsites\n2\nB\n10\n1\n20\n1\n0\nENDBLK\n5\n32\n8\n0\n")),
    says=DEAD + "|rejected|block|no rows|no ", **KEPT)  # fmt: skip
LAUGH = "".join(
    f"0\nBLOCK\n5\n{40 + at}\n8\n0\n2\nB{at}\n70\n0\n10\n0\n20\n0\n"
    + (
        f"0\nINSERT\n5\n{80 + at}\n8\nsites\n2\nB{at - 1}\n10\n1\n20\n1\n" * 10
        if at
        else polyline((0, 0), (1, 0), (1, 1))
    )
    + "0\nENDBLK\n8\n0\n"
    for at in range(9)
)
add("dxf-blocks-of-blocks-of-blocks", put("sites.dxf", dxf("0\nINSERT\n5\n2F\n8\nsites\n2\nB8\n10\n505000\n20\n2494000\n", blocks=LAUGH)),
    says=DEAD + "|limit|rejected|block", hints="", **KEPT)  # fmt: skip
add("dxf-without-a-system", put("sites.dxf", dxf(SQUARE)), says="datum|coordinate system", hints="--crs")
