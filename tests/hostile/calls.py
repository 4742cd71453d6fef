"""Hostile names, paths that are no files, wrong options, and a user's own folder with code in it."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

from hostile.case import SECRET, TOUCHED, WGS, Corpus, put, secret
from hostile.database import GOOD as PACKAGE
from hostile.geojson import GOOD, NO_PLACE, collection
from hostile.shapefile import FULL, loose

corpus = Corpus()
add, case = corpus.add, corpus.case
TABLE = "id,lon,lat\nA,113.85,22.7\n"
SITES = put("sites.csv", TABLE)
THREE = "x,y,lon,lat\n0,0,113.85,22.70\n1000,0,{},22.70\n0,1000,113.85,{}\n"
LOCAL_ONLY = "only files on this computer|does not exist"

# Names. A good file keeps working whatever it is called.
NAMES = {
    "newline": "si\ntes", "quotes": "si'te\"s`", "semicolon": f"sites;touch {TOUCHED};", "command": f"$(touch {TOUCHED})",
    "bar": "sites|layername=x", "question-mark": "sites?x=1&y=2", "hash": "sites#1%20%2e%2e", "exclamation": "sites.zip!a",
    "brackets": "[sites]*{a}", "right-to-left": "sites\u202egnp", "emoji": "选址🏗️", "terminal-codes": "si\x1b[2Jtes\x07",
    "bytes-not-utf-8": "si\udcff\udcfetes", "250-bytes": "s" * 240, "spaces": "  sites  ", "colon": "GPKG:sites:x",
    "percent": "%s%n%x{0}", "protocol": "http:sites",
}  # fmt: skip
for name, stem in NAMES.items():
    add(f"name-{name}-csv", put(f"{stem}.csv", TABLE), exit=0, keeps=("A",), more=WGS)
for name in (
    "newline",
    "quotes",
    "semicolon",
    "question-mark",
    "exclamation",
    "bytes-not-utf-8",
    "right-to-left",
    "bar",
):
    add(f"name-{name}-geojson", put(f"{NAMES[name]}.geojson", collection(GOOD)), exit=0, keeps=("A",))
for name in ("newline", "quotes", "question-mark", "bytes-not-utf-8", "hash"):
    add(
        f"name-{name}-gpkg",
        lambda folder, stem=NAMES[name]: PACKAGE(folder).rename(folder / f"{stem}.gpkg"),
        exit=0,
        keeps=("A", "B"),
    )  # type: ignore[misc]
for name in ("newline", "exclamation", "bytes-not-utf-8"):
    add(f"name-{name}-shp", loose(FULL, NAMES[name]), exit=0, keeps=("A", "B"))
add("name-that-looks-like-an-option", put("--overwrite.csv", TABLE), exit=0, keeps=("A",), more=WGS)
add("name-broken-in-a-file-with-codes", put("si\x1b[2J\ntes.csv", b""), says="empty", named=False)
add("name-bytes-not-utf-8-of-an-empty-file", put("si\udcfftes.csv", b""), says="empty", named=False)


def text(what: str) -> Callable[[Path], str]:
    """A builder that writes nothing; `what` stands for the file."""

    def build(folder: Path) -> str:
        secret(folder)
        return what.replace("{folder}", str(folder))

    return build


# Paths that are no files of this computer.
for name, what in {
    "http": f"{NO_PLACE}/sites.geojson", "https": f"{NO_PLACE}/sites.csv".replace("http", "https"), "ftp": "ftp://198.51.100.7/a.gpkg",
    "file-address": "file:///etc/passwd", "vsicurl": f"/vsicurl/{NO_PLACE}/sites.geojson", "vsizip-vsicurl": f"/vsizip//vsicurl/{NO_PLACE}/a.zip",
    "vsizip": "/vsizip/{folder}/a.zip/sites.shp", "vsistdin": "/vsistdin/", "vsimem": "/vsimem/sites.geojson", "vsis3": "/vsis3/bucket/a.gpkg",
    "s3": "s3://bucket/sites.parquet", "vsisubfile": "/vsisubfile/0_100,{folder}/secret.txt", "zip-address": "zip:///etc/passwd!x",
    "postgres": "PG:host=198.51.100.7 dbname=x", "wfs": f"WFS:{NO_PLACE}/wfs", "geojson-prefix": f"GeoJSON:{NO_PLACE}/a.json",
    "inline-geojson": '{"type":"FeatureCollection","features":[]}', "inline-vrt": "<OGRVRTDataSource></OGRVRTDataSource>",
    "double-slash": "//198.51.100.7/share/sites.csv", "backslash-server": "\\\\198.51.100.7\\share\\sites.csv", "blank": "   ",
    "tilde": "~/sites.csv", "very-long": "s" * 300 + ".csv", "folders-without-end": "a/" * 1500 + "sites.csv",
}.items():  # fmt: skip
    add(
        f"path-{name}",
        text(what),
        says=f"{LOCAL_ONLY}|not exist|(no|not a) file|name",
        named=3 < len(what.strip()) < 1000,
    )
    if name in ("vsicurl", "inline-geojson"):
        for option in ("--boundaries", "--control-points"):
            add(f"path-{name}-for{option[1:]}", text(what), says=LOCAL_ONLY, words=("check", "sites.csv" if option == "--control-points" else "113.85", *(() if option == "--control-points" else ("22.7",)), option, "{file}"), named=False)  # fmt: skip
add("path-http-inspected", text(f"{NO_PLACE}/a.geojson"), says=LOCAL_ONLY, words=("inspect", "{file}"))
add(
    "path-http-built",
    text(f"{NO_PLACE}/a.geojson"),
    says=LOCAL_ONLY,
    words=("build", "--sites", "{file}", "--out", "{out}/g"),
)
DEVICE = "no ordinary file"
for device in (
    "/dev/zero",
    "/dev/null",
    "/dev/full",
    "/dev/urandom",
    "/proc/self/environ",
    "/proc/self/mem",
    "/proc/self/fd/0",
):
    add(
        f"path-{device[1:].replace('/', '-')}",
        text(device),
        says=f"{DEVICE}|permission|exist",
        hints="save|check",
        words=("check", "{file}"),
    )


@case("path-fifo", says=DEVICE)
def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "sites.csv")
    return folder / "sites.csv"


@case("path-fifo-inspected", says=DEVICE, words=("inspect", "{file}"))
def _fifo_inspected(folder: Path) -> Path:
    return _fifo(folder)  # type: ignore[return-value]


@case("path-fifo-beside-a-shapefile", exit=0, keeps=("A", "B"))
def _fifo_part(folder: Path) -> Path:
    path = loose(FULL)(folder)
    path.with_suffix(".cpg").unlink()
    os.mkfifo(path.with_suffix(".cpg"))
    return path


@case("path-link-to-a-device", says=DEVICE)
def _device_link(folder: Path) -> Path:
    (folder / "sites.csv").symlink_to("/dev/zero")
    return folder / "sites.csv"


@case("path-socket", says=DEVICE)
def _socket(folder: Path) -> Path:
    here = Path.cwd()
    os.chdir(folder)  # the name of a socket may have 107 bytes only
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("sites.csv")
    finally:
        os.chdir(here)
    return folder / "sites.csv"


@case("path-link-to-nothing", says="points to nothing")
def _broken_link(folder: Path) -> Path:
    (folder / "sites.csv").symlink_to(folder / "gone.csv")
    return folder / "sites.csv"


@case("path-link-to-itself", says="link|exist")
def _link_loop(folder: Path) -> Path:
    (folder / "sites.csv").symlink_to(folder / "sites.csv")
    return folder / "sites.csv"


@case("path-empty-folder", says="folder|holds|no ", hints="shapefile|\\.shp|file")
def _folder(folder: Path) -> Path:
    (folder / "sites").mkdir()
    return folder / "sites"


@case("path-folder-called-csv", says="folder|no ordinary", hints="file")
def _folder_csv(folder: Path) -> Path:
    (folder / "sites.csv").mkdir()
    return folder / "sites.csv"


for ending in ("exe", "pdf", "docx", "dwg", "vrt", "sqlite", "db", "mdb", "tab", "py", "html", "7z", "rar", ""):
    name = f"sites.{ending}" if ending else "sites"
    add(
        f"ending-{ending or 'none'}",
        put(name, b"\x7fELF" + bytes(100)),
        says="ending|kind|format|read|geometry|text",
        hints="(?i)csv|geopackage|save|zip",
    )

# Options.
for name, words, says, hints in (
    ("datum-unknown", ("--datum", "mars"), "mars", "wgs84"),
    ("datum-and-crs", ("--datum", "gcj02", "--crs", "EPSG:4547"), "both given", "one of them"),
    ("crs-unknown", ("--crs", "EPSG:999999"), "999999|EPSG", ""),
    ("crs-is-a-file", ("--crs", "/etc/passwd"), "EPSG", "--datum|EPSG"),
    ("crs-is-a-pipeline", ("--crs", "+proj=pipeline +step +init=/etc/passwd:x"), "EPSG", ""),
    ("crs-is-on-the-web", ("--crs", f"{NO_PLACE}/4547"), "EPSG", ""),
    ("crs-of-1000-digits", ("--crs", "EPSG:" + "9" * 1000), "EPSG|unknown", ""),
        ("limit-unknown", ("--limit", "lines=5"), "no such limit", "rows, columns, vertices|megabytes, members"),
    ("limit-not-a-number", ("--limit", "rows=many"), "limit.*rows=", "number above 0"),
    ("limit-zero", ("--limit", "rows=0"), "limit.*rows=0", "number above 0"),
    ("limit-negative", ("--limit", "rows=-5"), "limit.*rows=", "number above 0"),
    ("limit-without-value", ("--limit", "rows"), "limit", "number above 0"),
    ("limit-in-foreign-digits", ("--limit", "rows=²"), "limit", "number above 0"),
    ("layer-unknown", ("--layer", "parks"), "layer", ""),
    ("stage-unknown", ("--stage", "flying"), "flying", "did you mean"),
    ("field-unknown", ("--field", "=cmd|'/c calc'!A0"), "cmd", "did you mean"),
    ("field-not-utf-8", ("--field", "\udcff\udcfe"), "not valid text", "encoding"),
    ("day-unknown", ("--as-of", "2026-02-30"), "2026-02-30", "YYYY-MM-DD"),
    ("format-unknown", ("--format", "docx"), "docx", "csv"),
    ("control-points-missing", ("--control-points", "none.csv"), "does not exist", "check the name"),
        ("boundaries-missing", ("--boundaries", "none.gpkg"), "does not exist", "check the name"),
):  # fmt: skip
    add(f"option-{name}", SITES, says=says, hints=hints, more=words, named=False)
add("option-limit-beyond-integers", SITES, exit=0, keeps=("A",), more=(*WGS, "--limit", f"rows={10**40}"))


def control(name: str, table: str, says: str, hints: str = "", **what: object) -> None:
    def build(folder: Path) -> Path:
        put("sites.csv", "id,x,y\nA,100,100\n")(folder)
        return put("points.csv", table)(folder)  # type: ignore[return-value]

    add(f"control-points-{name}", build, says=says, hints=hints,
        words=("check", "{folder}/sites.csv", "--control-points", "{file}", "--out", "{out}/o.json"), named=False, **what)  # fmt: skip


control("too-few", "x,y,lon,lat\n0,0,113.85,22.7\n1000,0,113.86,22.7\n", "too few", "at least 3")
control("on-a-line", "x,y,lon,lat\n0,0,113.85,22.7\n1000,0,113.86,22.7\n2000,0,113.87,22.7\n", "on a line", "spread")
control("one-place", "x,y,lon,lat\n" + "0,0,113.85,22.7\n" * 4, "coincide", "spread")
control("not-fitting", THREE.format("113.95", "22.70898"), "scale|miss|residual|fit", "")
control("axes-swapped", "x,y,lon,lat\n0,0,113.85,22.7\n0,1000,113.859734,22.7\n1000,0,113.85,22.709029\n2000,3000,113.8792,22.71806\n",
        "swapped|north|east", "swap|x ")  # fmt: skip
control(
    "words",
    "x,y,lon,lat\n0,0,east,22.7\n1,1,1,1\n2,0,1,1\n",
    "not a number.*row 1.*field lon.*'east'",
    "correct or remove",
)
control("not-a-number", "x,y,lon,lat\nnan,0,113.85,22.7\n1,1,1,1\n2,0,1,1\n", "number", "")
control(
    "out-of-range", "x,y,lon,lat\n0,0,1e308,22.7\n1000,0,1e308,22.7\n0,1000,1e308,22.7\n", "position|usable|range", ""
)
control("without-columns", "a,b\n1,2\n", "lack columns", "x and y")
control("empty", "", "empty")
control("with-a-datum", THREE.format("113.859734", "22.709029"), "both given", "one of them", more=WGS)
add("option-crs-in-feet-elsewhere", SITES, exit=0, keeps=("A",), says="0 of 1 rows lie in the city", hints="check it",
    more=("--crs", "EPSG:2263"))  # fmt: skip
add("path-nothing", text(""), says="folder without shapefiles", hints="give a file", named=False)

# Outputs in the way.
IN_THE_WAY = "choose another|name a file"
add(
    "output-is-the-input",
    SITES,
    says="replace the input",
    hints=IN_THE_WAY,
    words=("check", "{file}", "--out", "{file}", "--overwrite"),
)
add("output-is-the-input-by-another-name", SITES, says="replace the input", hints=IN_THE_WAY,
    words=("check", "{file}", "--out", "{folder}/../in/./sites.csv", "--overwrite"))  # fmt: skip
add(
    "output-is-a-folder",
    SITES,
    says="is a folder",
    hints="name a file",
    words=("check", "{file}", "--out", "{folder}"),
    named=False,
)
add(
    "output-is-below-a-file",
    SITES,
    says="cannot be written",
    hints="folder",
    words=("check", "{file}", "--out", "{file}/o.json"),
)
add(
    "output-is-a-device",
    SITES,
    says="no file|device",
    words=("check", "{file}", "--out", "/dev/null", "--overwrite"),
    named=False,
)
add(
    "output-on-the-web",
    SITES,
    says="this computer|written|address",
    words=("check", "{file}", "--out", f"{NO_PLACE}/o.json"),
    named=False,
)
add("output-not-overwritten", lambda folder: put("o.json", "mine")(folder) and SITES(folder), says="exists already", hints="--overwrite",
    words=("check", "{file}", "--out", "{folder}/o.json"), named=False)  # fmt: skip
add("build-output-is-a-file", SITES, says="is a file", words=("build", "--sites", "{file}", "--out", "{file}"))

# A user's own folder.
RUN = f"!!python/object/apply:os.system ['touch {TOUCHED}']"


def own(
    name: str,
    file: str,
    content: str | bytes,
    says: str,
    words: tuple[str, ...] = ("check", "113.85", "22.7"),
    **what: object,
) -> None:
    def build(folder: Path) -> Path:
        secret(folder)
        return put(f"home/{file}", content)(folder)  # type: ignore[return-value]

    add(f"home-{name}", build, says=says, words=words, home=True, **what)


YAML = "YAML|yaml"
own("policy-runs-a-command", "data/policy/mine.yaml", f"instrument: {RUN}\n", YAML, hints="")
own("policy-makes-an-object", "data/policy/mine.yaml", "a: !!python/object:geo.errors.GeoError {}\n", YAML)
own(
    "policy-names-a-module", "data/policy/mine.yaml", f"a: !!python/name:os.system\nb: !!python/module:{SECRET}\n", YAML
)
own("policy-laughs", "data/policy/mine.yaml", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]\n" for at in range(1, 12)), f"{YAML}|register|fault|large")  # fmt: skip
own("policy-nested-100000-deep", "data/policy/mine.yaml", "[" * 100_000, f"{YAML}|deep|nested|read")
own("policy-of-noise", "data/policy/mine.yaml", bytes(range(256)) * 10, f"{YAML}|text|UTF-8|read")
own("policy-names-itself", "data/policy/mine.yaml", "a: &a [*a]\n", f"{YAML}|register|fault")
own("policy-is-a-list", "data/policy/mine.yaml", "- 1\n- 2\n", f"{YAML}|register|fault|mapping")
own("policy-empty", "data/policy/mine.yaml", b"", f"{YAML}|register|fault|empty|instrument")
BUILD = ("build", "--sites", "{folder}/sites.csv", "--out", "{out}/g")
for name, file in (("symbology", "maps/symbology.yaml"), ("sheet", "maps/exhibits/district-roles.yaml")):

    def _spec(folder: Path, file: str = file) -> Path:
        SITES(folder)
        return put(f"home/{file}", f"palette: {RUN}\n")(folder)  # type: ignore[return-value]

    add(f"home-{name}-runs-a-command", _spec, says=YAML, words=BUILD, home=True)


@case("home-policy-is-a-fifo", exit=0, home=True, words=("check", "113.85", "22.7"))
def _policy_fifo(folder: Path) -> Path:
    (folder / "home/data/policy").mkdir(parents=True)
    os.mkfifo(folder / "home/data/policy/mine.yaml")
    return folder / "home/data/policy/mine.yaml"


@case("home-is-a-file", says="PARKSITE_HOME", home=True, words=("check", "113.85", "22.7"), named=False)
def _home_file(folder: Path) -> Path:
    return put("home", "x")(folder)  # type: ignore[return-value]


# Boundaries and control points as files.
for name, held, says in (
    ("text", TABLE, "polygon|geometry|layer"), ("empty", "", "empty|opened|damaged"),
    ("points", collection(GOOD), "polygon"), ("json", "{}", "GeoJSON|JSON|opened|polygon"),
):  # fmt: skip
    ending = "csv" if name == "text" else "geojson"
    add(
        f"boundaries-{name}",
        put(f"borders.{ending}", held),
        says=says,
        words=("check", "113.85", "22.7", "--boundaries", "{file}"),
    )
