"""Delimited text, and WKT in its cells."""

from __future__ import annotations

from pathlib import Path

from hostile.case import METRES, TOUCHED, WGS, Corpus, cut, put

corpus = Corpus()
add, case = corpus.add, corpus.case
HEAD = "id,name,lon,lat\n"
GOOD = "A,one,113.85,22.70\n"
LAST = "B,two,114.37,22.70\n"


def rows(*lines: str, head: str = HEAD) -> str:
    return head + "".join(f"{line}\n" for line in lines)


def faulty(name: str, line: str, says: str, hints: str = "", **what: object) -> None:
    """A table whose middle row is at fault."""
    more = what.pop("more", WGS)
    add(name, put("sites.csv", HEAD + GOOD + line + "\n" + LAST), exit=1, says=f"(?s)rejected.*{says}", hints=hints,
        keeps=("A", "B"), more=more, **what)  # fmt: skip


def wkt(name: str, text: str, says: str, hints: str = "", **what: object) -> None:
    """A table with a WKT column whose middle row is at fault."""
    table = f'id,wkt\nA,POINT (113.85 22.7)\nX,"{text}"\nB,POINT (114.37 22.7)\n'
    defaults = {"exit": 1, "keeps": ("A", "B"), "more": WGS} | what
    add(name, put("sites.csv", table), says=says, hints=hints, **defaults)


add("csv-empty", put("sites.csv", b""), says="empty")
add("csv-only-blank-lines", put("sites.csv", b"\r\n\r\n  \n\t\n"), says="empty")
add("csv-only-byte-order-mark", put("sites.csv", b"\xef\xbb\xbf"), says="empty")
add("csv-only-header", put("sites.csv", HEAD), exit=0, says="no rows", keeps=())
add("csv-no-position", put("sites.csv", "id,name\nA,one\n"), says="no position columns", hints="lon and lat")
add("csv-same-column-twice", put("sites.csv", rows("A,1,113.85,22.7,2", head="id,lon,lon,lat,lat\n")),
    says="same name|twice|repeated", hints="name of its own|rename")  # fmt: skip
add("csv-same-id-twice", put("sites.csv", HEAD + GOOD + LAST + GOOD), exit=1, says="stands in row 1 already",
    hints="id of its own", keeps=("A", "B"), more=WGS)  # fmt: skip
add(
    "csv-random-bytes",
    put("sites.csv", bytes((at * 197 + at // 7 * 31) % 256 for at in range(5000))),
    says="text|UTF-8",
)
add("csv-nul-bytes-throughout", put("sites.csv", b"\0".join(bytes([one]) for one in (HEAD + GOOD).encode())), says="NUL characters",
    hints="save it as CSV UTF-8", more=WGS)  # fmt: skip
add("csv-nul-byte-in-a-cell", put("sites.csv", (HEAD + "A,o\0ne,113.85,22.7\n" + LAST).encode()),
    says="NUL|null|text", hints="save|remove", more=WGS)  # fmt: skip
add("csv-utf-16", put("sites.csv", (HEAD + GOOD).encode("utf-16")), exit=0, keeps=("A",), more=WGS)
add("csv-utf-32", put("sites.csv", (HEAD + GOOD).encode("utf-32")), says="UTF-8|text|encoding", hints="UTF-8")
add("csv-lone-surrogate", put("sites.csv", HEAD.encode() + b"A,\xed\xa0\x80,113.85,22.70\n" + LAST.encode()),
    says="neither UTF-8 nor GBK", hints="save it as CSV UTF-8", more=WGS)  # fmt: skip
add("csv-cut-inside-a-character", put("sites.csv", (HEAD + GOOD + "B,深圳,114.37,22.70,宝").encode()[:-1]), exit=1,
    says="rejected", keeps=("A",), more=WGS)  # fmt: skip
add("csv-two-encodings", put("sites.csv", HEAD.encode() + "A,深圳市宝安区,113.85,22.70\n".encode()
    + "B,坪山区材料基地,114.37,22.70\n".encode("gbk")), exit=0, says="encoding|GBK|UTF-8",
    keeps=("A", "B"), more=WGS)  # fmt: skip
add("csv-row-with-more-cells", put("sites.csv", HEAD + GOOD + "X,a,b,114,22.7\n" + LAST), exit=1,
    says=r"(?s)rejected.*row 2", keeps=("A", "B"), more=WGS)  # fmt: skip
add("csv-unclosed-quote", put("sites.csv", HEAD + GOOD + 'B,"two,114.37,22.70\nC,three,114.0,22.6\n'),
    says="quote.*line 3", hints="close the quote", more=WGS)  # fmt: skip
add("csv-one-cell-of-30-megabytes", put("sites.csv", lambda: HEAD + f'A,"{"x" * 30_000_000}",113.85,22.70\n' + LAST),
    says="long|large|characters", more=WGS)  # fmt: skip
add("csv-half", cut(put("sites.csv", HEAD + GOOD + LAST * 1 + "C,three,114.05,22.55\n"), 0.75), exit=1, says="rejected: C",
    keeps=("A", "B"), more=WGS)  # fmt: skip
add("csv-is-a-workbook", put("sites.csv", b"PK\x03\x04" + bytes(300)), says="(?i)zip|xlsx|workbook|text",
    hints="ending|save|rename")  # fmt: skip
add("csv-is-a-web-page", put("sites.csv", "<!DOCTYPE html><html><script>alert(1)</script><body>log in</body></html>\n"),
    says="no position columns|web page|HTML")  # fmt: skip
add("csv-million-rows", put("sites.csv", lambda: HEAD + GOOD * 1_000_001), says="rows, the limit is 200,000",
    hints="--limit rows=")  # fmt: skip
add("csv-rows-over-a-given-limit", put("sites.csv", HEAD + GOOD + LAST), says="rows, the limit is 1\\b",
    hints="--limit rows=2", more=("--limit", "rows=1"))  # fmt: skip
add("csv-rows-at-a-raised-limit", put("sites.csv", rows(*(f"S{at},n,113.85,22.70" for at in range(300)))), exit=0,
    keeps=300, more=(*WGS, "--limit", "rows=300"))  # fmt: skip
add("csv-100000-columns", put("sites.csv", ",".join(f"c{at}" for at in range(100_000)) + "\n" + GOOD),
    says="columns, the limit is 1,000", hints="--limit columns=")  # fmt: skip
add("csv-50-million-commas", put("sites.csv", lambda: b"," * 50_000_000), says="columns|empty|long")
add("csv-row-of-a-million-cells", put("sites.csv", lambda: HEAD + GOOD + "X" + "," * 1_000_000 + "y\n" + LAST),
    says="columns, the limit is 1,000", hints="--limit columns=", more=WGS)  # fmt: skip


@case("csv-3-gigabytes-of-nothing", says="3,0.. or more megabytes, the limit is 1,000", hints="--limit megabytes=")
def _sparse(folder: Path) -> Path:
    path = folder / "sites.csv"
    with path.open("wb") as handle:
        handle.truncate(3_000_000_000)
    return path


faulty("csv-position-missing", "X,,,22.7", "coordinate is missing", "decimal degrees")
faulty("csv-position-is-words", "X,x,east,22.7", r"not a number.*row 2.*field lon.*'east'", "decimal degrees")
faulty("csv-position-is-a-formula", "X,x,=A1,22.7", r"not a number.*'=A1'", "decimal degrees")
faulty("csv-position-nan-or-infinite", "X,x,nan,inf", "not a number.*not a number", "decimal degrees")
faulty("csv-position-beyond-floats", "X,x,1e999,22.7", "not a number", "decimal degrees")
faulty(
    "csv-position-of-10000-digits", f"X,x,{'9' * 10_000},22.7", "not a number|out of range", "decimal degrees|metres"
)
faulty("csv-position-out-of-range", "X,x,400,22.7", r"out of range.*row 2.*lon.*400", "--crs")
faulty("csv-axes-swapped-in-a-row", "X,x,22.7,113.85", "out of range", "swapped")
faulty("csv-hemisphere-of-the-other-axis", 'X,x,22°42′N,"113°51′E"', "hemisphere", "--swap-axes")
faulty("csv-90-minutes", "X,x,113°90′00″,22.7", "below 60", "decimal degrees")
add("csv-unknown-datum-in-a-row", put("sites.csv", rows("A,a,113.85,22.7,wgs84", "X,x,113.85,22.7,mars-2000",
    "B,b,114.37,22.7,wgs84", head="id,name,lon,lat,datum\n")), exit=1,
    says="(?s)rejected.*row 2.*field datum.*'mars-2000'", hints="wgs84", keeps=("A", "B"))  # fmt: skip
add("csv-unknown-epsg-in-a-row", put("sites.csv", rows("A,a,113.85,22.7,wgs84", f"X,x,113.85,22.7,EPSG:{'9' * 40}",
    "B,b,114.37,22.7,wgs84", head="id,name,lon,lat,datum\n")), exit=1, says="(?s)rejected.*row 2.*field datum",
    keeps=("A", "B"))  # fmt: skip
add("csv-unknown-field-and-stage", put("sites.csv", rows("A,a,113.85,22.7,光刻胶水,flying", head="id,name,lon,lat,field,stage\n")),
    exit=1, says="(?s)not recognised: A .row 1.: field.*not recognised: A .row 1.: stage", hints="did you mean", keeps=("A",),
    more=WGS)  # fmt: skip
add("csv-all-axes-swapped", put("sites.csv", rows("A,a,22.70,113.85", "B,b,22.71,114.37", "C,c,22.55,114.05")),
    says="swapped|north|latitude", hints="--swap-axes")  # fmt: skip
add("csv-metres-without-a-system", put("sites.csv", rows("A,505000,2494000", head="id,x,y\n")),
    says="coordinate system|datum", hints="--crs")  # fmt: skip
add("csv-degrees-called-metres", put("sites.csv", rows("A,113.85,22.7", head="id,x,y\n")), exit=0,
    says="0 of 1 rows lie in the city.*read as WGS84", hints="check it", keeps=("A",), more=METRES)  # fmt: skip
add("csv-terminal-codes-in-an-id", put("sites.csv", HEAD + "\x1b[2J\x1b]0;owned\x07X,\x9b31m,east,22.7\n" + GOOD), exit=1,
    says="(?s)rejected.*not a number", keeps=("A",), more=WGS)  # fmt: skip
add("csv-id-that-forges-a-message", put("sites.csv", HEAD + '"X\nerror: all is well\r",x,east,22.7\n' + GOOD), exit=1,
    says="not a number", keeps=("A",), more=WGS)  # fmt: skip
add("csv-id-of-a-megabyte", put("sites.csv", HEAD + f"{'X' * 100_000},x,east,22.7\n" + GOOD), exit=1, says="not a number",
    keeps=("A",), more=WGS)  # fmt: skip
add("csv-field-of-a-megabyte", put("sites.csv", rows(f"A,113.85,22.7,{'光刻' * 50_000}", head="id,lon,lat,field\n")), exit=1,
    says="not recognised: A", keeps=("A",), more=WGS)  # fmt: skip
add("csv-column-name-of-a-megabyte", put("sites.csv", f"id,{'n' * 120_000}\nA,b\n"), says="no position columns")
add("csv-right-to-left-names", put("sites.csv", HEAD + "\u202eX,\u202e,east,22.7\n" + GOOD), exit=1, says="not a number",
    keeps=("A",), more=WGS)  # fmt: skip
add("csv-python-in-cells", put("sites.csv", HEAD + f"__import__('os').system('touch {TOUCHED}'),x,113.85,22.7\n"
    f'"{{0.__class__}}%s%n$(touch {TOUCHED})",`touch {TOUCHED}`,114.37,22.7\n'), exit=0, keeps=2, more=WGS)  # fmt: skip
add("csv-thousand-faults", put("sites.csv", HEAD + "".join(f"S{at},x,east,22.7\n" for at in range(5000)) + GOOD), exit=1,
    says="(?s)rejected: S0.*4,?980 more, in .*o.rejected.csv", keeps=("A",), more=WGS)  # fmt: skip
add("tsv-empty", put("sites.tsv", b""), says="empty")
add("tsv-position-is-words", put("sites.tsv", "id\tlon\tlat\nA\t113.85\t22.7\nX\teast\t22.7\n"), exit=1,
    says="not a number.*field lon", keeps=("A",), more=WGS)  # fmt: skip
add("txt-prose", put("notes.txt", "The committee met on Tuesday.\nNothing was decided.\n"), says="no position columns")

wkt("wkt-is-words", "the park by the river", "(?s)rejected.*no geometry.*field wkt", "POINT")
wkt("wkt-cut", "POLYGON ((113.85 22.7, 113.86 22.7, 113.86", "(?s)rejected.*no geometry", "POLYGON")
wkt("wkt-not-numbers", "POINT (nan nan)", "(?s)rejected", "", keeps=("A", "B"))
wkt("wkt-infinite", "POINT (inf 1e999)", "(?s)rejected")
wkt("wkt-empty-shape", "POLYGON EMPTY", "no usable geometry", "draw the site again")
wkt("wkt-line", "LINESTRING (113.85 22.7, 113.86 22.7)", "point or a polygon, not a LineString", "polygon")
wkt("wkt-two-points", "MULTIPOINT (113.85 22.7, 113.86 22.7)", "point or a polygon", "polygon")
wkt("wkt-curve", "CURVEPOLYGON (CIRCULARSTRING (113.85 22.7, 113.86 22.71, 113.87 22.7, 113.86 22.69, 113.85 22.7))",
    "(?s)rejected.*(curve|CurvePolygon|no geometry)", "polygon|POLYGON")  # fmt: skip
wkt("wkt-nested-100000-deep", "GEOMETRYCOLLECTION (" * 4_000 + "POINT (1 1)" + ")" * 4_000, "(?s)rejected")
wkt("wkt-nested-deeper-than-a-stack", "GEOMETRYCOLLECTION (" * 200_000, "(?s)rejected.*row 2", "WKT")
wkt("wkt-unknown-srid", "SRID=99999999;POINT (113.85 22.7)", "(?s)rejected.*row 2", "", keeps=("A", "B"))
wkt("wkt-srid-beyond-integers", f"SRID={'9' * 60};POINT (113.85 22.7)", "(?s)rejected.*row 2", "", keeps=("A", "B"))
wkt("wkt-bow-tie", "POLYGON ((113.85 22.70, 113.86 22.71, 113.86 22.70, 113.85 22.71, 113.85 22.70))",
    "(?s)rejected.*not valid.*m²", "(?i)fix geometries")  # fmt: skip
wkt("wkt-unclosed-ring", "POLYGON ((113.85 22.70, 113.86 22.70, 113.86 22.71))", "closed|ring|outline", exit=0,
    keeps=("A", "X", "B"))  # fmt: skip
wkt("wkt-two-corners", "POLYGON ((113.85 22.70, 113.86 22.70, 113.85 22.70))", "(?s)rejected")
wkt("wkt-no-area", "POLYGON ((113.85 22.70, 113.86 22.70, 113.87 22.70, 113.85 22.70))", "(?s)rejected.*not valid")
wkt("wkt-outline-of-the-earth", "POLYGON ((-180 -90, 180 -90, 180 90, -180 90, -180 -90))", "implausible|rejected", exit=0,
    keeps=("A", "X", "B"))  # fmt: skip


@case("wkt-of-12000-vertices", exit=0, keeps=("A", "X"), more=WGS)
def _long_wkt(folder: Path) -> Path:
    import shapely

    circle = shapely.Point(114.0, 22.6).buffer(0.01, quad_segs=3000)
    return put("sites.csv", f'id,wkt\nA,POINT (113.85 22.7)\nX,"{circle.wkt}"\n')(folder)  # type: ignore[return-value]


@case("wkt-million-vertices", exit=1, says="(?s)rejected.*vertices.*limit is 200,000", hints="--limit vertices=",
      keeps=("A",), more=WGS)  # fmt: skip
def _million_vertices(folder: Path) -> Path:
    ring = ", ".join(f"{113.85 + at % 1000 * 1e-5:.5f} {22.7 + at // 1000 * 1e-5:.5f}" for at in range(400_000))
    return put("sites.csv", f'id,wkt\nA,POINT (113.85 22.7)\nX,"POLYGON (({ring}))"\n')(folder)  # type: ignore[return-value]
