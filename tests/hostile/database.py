"""GeoPackages: broken pages, triggers, views, virtual tables, lying registers."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import shapely

from hostile.case import A, B, Corpus, cut, patched, put, renamed, secret
from hostile.geojson import VRT

corpus = Corpus()
add, case = corpus.add, corpus.case
FRAME = """
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES ('u', -1, 'NONE', -1, 'undefined', NULL), ('u', 0, 'NONE', 0, 'undefined', NULL),
  ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],
  PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]', NULL);
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT '2026-01-01T00:00:00Z', min_x DOUBLE, min_y DOUBLE,
  max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z TINYINT,
  m TINYINT, PRIMARY KEY (table_name, column_name));
"""
DEAD = "GeoPackage|database|damaged|opened|read"


def blob(geometry: object, srs: int = 4326) -> bytes:
    """A geometry as GeoPackage stores it."""
    return b"GP\x00\x01" + struct.pack("<i", srs) + shapely.to_wkb(geometry, byte_order=1)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def package(*rows: tuple[str, bytes | None], table: str = "sites", srs: int = 4326, after: str = "",
            columns: str = "", registered: bool = True, make: str = "") -> Callable[[Path], Path]:  # fmt: skip
    """A builder of a GeoPackage with one layer of ids and geometry blobs; `after` is run last."""

    def build(folder: Path) -> Path:
        found = secret(folder)
        path = folder / "sites.gpkg"
        base = sqlite3.connect(path)
        base.executescript(FRAME)
        name = quoted(table)
        base.executescript(
            make or f"CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom BLOB, id TEXT{columns})"
        )
        if rows:
            base.executemany(f"INSERT INTO {name} (id, geom) VALUES (?, ?)", rows)
        if registered:
            base.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, 'features', ?, ?)",
                         (table, table, srs))  # fmt: skip
            base.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', ?, 0, 0)", (table, srs))
        base.executescript(after.replace("{secret}", str(found)).replace("{folder}", str(folder)))
        base.commit()
        base.close()
        return path

    return build


ONE, TWO = ("A", blob(shapely.Point(A))), ("B", blob(shapely.Point(B)))
GOOD = package(ONE, TWO)


def faulty(name: str, held: bytes | None, says: str = "rejected", hints: str = "") -> None:
    add(name, package(ONE, ("X", held), TWO), exit=1, says=says, hints=hints, keeps=("A", "B"))


def odd(name: str, after: str, says: str = "", **what: object) -> None:
    add(name, package(ONE, TWO, after=after), says=says, **what)


add("gpkg-good", GOOD, exit=0, keeps=("A", "B"))
add("gpkg-empty-file", put("sites.gpkg", b""), says="empty")
add("gpkg-half", cut(GOOD), says=DEAD, hints="export|save|again|copy")
add("gpkg-only-its-first-page", cut(GOOD, 0.05), says=DEAD)
add(
    "gpkg-noise-behind-its-first-page",
    patched(GOOD, 4096, bytes((at * 83 + 5) % 256 for at in range(16_000))),
    says=DEAD,
)
add("gpkg-is-text", put("sites.gpkg", "id,lon,lat\nA,113.85,22.7\n"), says=DEAD, hints="ending|save|export|rename|open")
add(
    "gpkg-called-geojson",
    renamed(GOOD, "sites.geojson"),
    says="(?i)geopackage|sqlite|json",
    hints="rename|ending|save|gpkg",
)


@case("gpkg-plain-database", says="no layer|layer|GeoPackage|geometry")
def _plain(folder: Path) -> Path:
    base = sqlite3.connect(folder / "sites.gpkg")
    base.executescript("CREATE TABLE t (id TEXT); INSERT INTO t VALUES ('A');")
    base.close()
    return folder / "sites.gpkg"


@case("gpkg-journal-left-behind", exit=0, keeps=("A", "B"))
def _journal(folder: Path) -> Path:
    path = GOOD(folder)
    base = sqlite3.connect(path)
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("UPDATE sites SET id = id")
    base.commit()
    base.close()
    (folder / "sites.gpkg-wal").write_bytes(b"noise" * 100)
    return Path(path)


faulty("gpkg-null-geometry", None, "no usable geometry", "draw the site again")
faulty("gpkg-geometry-is-noise", b"GP\x00\x01\xe6\x10\x00\x00" + b"\xff" * 40)
faulty("gpkg-geometry-of-no-bytes", b"")
faulty("gpkg-geometry-cut", ONE[1][:-6])
faulty(
    "gpkg-geometry-claims-two-billion-points",
    b"GP\x00\x01\xe6\x10\x00\x00" + struct.pack("<BII", 1, 2, 2**31 - 1) + bytes(64),
)
faulty("gpkg-geometry-of-unknown-kind", b"GP\x00\x01\xe6\x10\x00\x00" + struct.pack("<BIdd", 1, 977, 1, 1))
faulty("gpkg-not-a-number", blob(shapely.Point(float("inf"), float("nan"))))
faulty("gpkg-empty-point", blob(shapely.Point()), "no usable geometry|rejected")
faulty("gpkg-line", blob(shapely.LineString([A, B])), "not a LineString", "polygon")
faulty(
    "gpkg-curve",
    b"GP\x00\x01\xe6\x10\x00\x00" + struct.pack("<BII6d", 1, 8, 3, 113.85, 22.7, 113.86, 22.71, 113.87, 22.7),
)
add("gpkg-unknown-system", package(ONE, srs=777777), says="coordinate system|datum|assumed", exit=0, keeps=("A",))
add("gpkg-unknown-layer", GOOD, says="no layer", hints="sites", more=("--layer", "parks"))
add("gpkg-layer-name-is-sql", GOOD, says="no layer", hints="sites", more=("--layer", 'sites"; DROP TABLE sites; --'))
add("gpkg-table-name-is-sql", package(ONE, table='x"; DROP TABLE gpkg_contents; --'), exit=0, keeps=("A",))
add("gpkg-table-name-is-a-path", package(ONE, table="../../{0}/%s\n/vsicurl/"), exit=0, keeps=("A",))
add("gpkg-no-rows", package(), says="no rows", exit=0, keeps=())
odd("gpkg-register-names-a-missing-table", "DROP TABLE sites", "layer|table|" + DEAD)
odd("gpkg-register-counts-wrong", "CREATE TABLE gpkg_ogr_contents (table_name TEXT PRIMARY KEY, feature_count INTEGER);"
    "INSERT INTO gpkg_ogr_contents VALUES ('sites', 9000000000000000000)", exit=0, keeps=("A", "B"))  # fmt: skip
odd("gpkg-register-counts-below-zero", "CREATE TABLE gpkg_ogr_contents (table_name TEXT PRIMARY KEY, feature_count INTEGER);"
    "INSERT INTO gpkg_ogr_contents VALUES ('sites', -5)", exit=0, keeps=("A", "B"))  # fmt: skip
odd("gpkg-triggers-that-delete", "CREATE TRIGGER t AFTER UPDATE ON sites BEGIN DELETE FROM sites; END;"
    "CREATE TRIGGER u AFTER INSERT ON gpkg_contents BEGIN SELECT load_extension('{secret}'); END;", exit=0, keeps=("A", "B"))  # fmt: skip
ENDLESS = ("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS fid, CAST(x AS TEXT) AS id, "
           "(SELECT geom FROM parcels LIMIT 1) AS geom FROM c")  # fmt: skip
add("gpkg-view-without-end", package(make=f"CREATE TABLE parcels (fid INTEGER PRIMARY KEY, geom BLOB, id TEXT);"
    f"INSERT INTO parcels VALUES (1, X'{ONE[1].hex()}', 'A'); CREATE VIEW sites AS {ENDLESS};"), says="rows, the limit is 200,000|view",
    hints="--limit rows=|table|layer")  # fmt: skip
add("gpkg-view-of-a-view-of-itself", package(make="CREATE VIEW sites AS SELECT * FROM other; CREATE VIEW other AS SELECT * FROM sites;"),
    says=DEAD + "|layer|view|circular")  # fmt: skip
add("gpkg-view-loads-an-extension", package(make="CREATE VIEW sites AS SELECT 1 AS fid, load_extension('{secret}') AS id, NULL AS geom;"),
    says="rejected|" + DEAD + "|view", exit=2)  # fmt: skip
add("gpkg-view-reads-a-file", package(make="CREATE VIEW sites AS SELECT 1 AS fid, readfile('{secret}') AS id, NULL AS geom;"),
    says="rejected|" + DEAD + "|view", exit=2)  # fmt: skip
odd("gpkg-virtual-table", "CREATE VIRTUAL TABLE words USING fts4(a); INSERT INTO words VALUES ('x');"
    "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('words', 'attributes', 'words')", exit=0, keeps=("A", "B"))  # fmt: skip
odd("gpkg-attached-file-by-name", "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES "
    "('sqlite_master', 'features', 'x'), ('pragma_database_list', 'features', 'y')", exit=0, keeps=("A", "B"))  # fmt: skip
odd("gpkg-cell-of-200-megabytes", "ALTER TABLE sites ADD COLUMN note BLOB; UPDATE sites SET note = zeroblob(200000000) WHERE id = 'B'",
    "megabytes, the limit is 100", hints="--limit megabytes=", more=("--limit", "megabytes=100"))  # fmt: skip
odd("gpkg-definition-of-the-system-is-noise", "UPDATE gpkg_spatial_ref_sys SET definition = 'PROJCS[[[[', organization = 'x', "
    "organization_coordsys_id = -9 WHERE srs_id = 4326", exit=0, keeps=("A", "B"))  # fmt: skip
odd("gpkg-text-that-is-no-text", "UPDATE sites SET id = CAST(X'58FFFE00C3' AS TEXT) WHERE id = 'B'", exit=0, keeps=2)
add("gpkg-1200-columns", package(ONE, columns="".join(f", c{at} TEXT" for at in range(1200))), says="columns, the limit is 1,000",
    hints="--limit columns=")  # fmt: skip
add("gpkg-same-id-twice", package(ONE, ONE), exit=1, says="stands in row 1 already", keeps=("A",))
odd("gpkg-vrt-in-its-metadata", f"CREATE TABLE gpkg_metadata (id INTEGER, metadata TEXT); INSERT INTO gpkg_metadata VALUES (1, '{VRT}')",
    exit=0, keeps=("A", "B"))  # fmt: skip
add("gpkg-as-boundaries-without-polygons", GOOD, says="no polygons|polygon", hints="polygons",
    words=("check", "113.85", "22.7", "--boundaries", "{file}"))  # fmt: skip
