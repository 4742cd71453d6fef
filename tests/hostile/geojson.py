"""GeoJSON, line-delimited GeoJSON, and other things called .json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hostile.case import TOUCHED, A, B, Content, Corpus, cut, put, secret

corpus = Corpus()
add, case = corpus.add, corpus.case
NO_PLACE = "http://198.51.100.7"  # TEST-NET-2: never to be reached


def feature(ident: str, geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"id": ident, **properties}, "geometry": geometry}


def point(at: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": at}


def collection(*features: Any, **members: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **members, "features": features})


def square(lon: float = A[0], lat: float = A[1], side: float = 0.01) -> list[list[float]]:
    return [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": rings}


GOOD, LAST = feature("A", point(A)), feature("B", point(B))


def faulty(name: str, geometry: Any, says: str = "rejected", hints: str = "", **what: Any) -> None:
    """A collection whose second feature is at fault."""
    text = geometry if isinstance(geometry, str) else json.dumps(geometry)
    held = collection(GOOD, feature("X", "@"), LAST).replace('"@"', text)
    add(name, put("sites.geojson", held), says=says, hints=hints, **({"exit": 1, "keeps": ("A", "B")} | what))


def whole(name: str, text: Content, says: str = "", **what: Any) -> None:
    add(name, put(what.pop("file", "sites.geojson"), text), says=says, **what)


whole("geojson-empty", b"", "empty")
whole("geojson-blank", "  \n ", "empty|JSON")
whole("geojson-no-features", collection(), "no rows|no features", exit=0, keeps=())
for text in ("null", "[]", "{}", '"text"', "12", "true"):
    whole(f"geojson-is-{text.strip(chr(34))}", text, "GeoJSON|JSON|features")
add(
    "geojson-half",
    cut(put("sites.geojson", collection(GOOD, LAST))),
    says="JSON|damaged|cut",
    hints="export|save|again|correct",
)
add("geojson-without-its-end", cut(put("sites.geojson", collection(GOOD, LAST)), 0.99), says="JSON|damaged|cut")
whole("geojson-more-behind-the-end", collection(GOOD) + collection(LAST), "JSON|damaged")
whole("geojson-web-page", "<html><body>Please log in<script>alert(1)</script></body></html>", "JSON|web page|XML")
whole("geojson-nested-100000-deep", lambda: '{"a":' * 100_000 + "1" + "}" * 100_000, "deep|nested|JSON")
whole("geojson-lists-nested-100000-deep", '{"type":"FeatureCollection","features":[' + "[" * 100_000 + "]" * 100_000 + "]}",
      "deep|nested|JSON")  # fmt: skip
whole("geojson-features-is-null", '{"type":"FeatureCollection","features":null}', "features|GeoJSON|JSON")
whole("geojson-features-are-numbers", '{"type":"FeatureCollection","features":[1,"two",null,[]]}', "rejected|feature")
whole("geojson-utf-16", collection(GOOD).encode("utf-16"), exit=0, keeps=("A",))
whole("geojson-byte-order-mark", b"\xef\xbb\xbf" + collection(GOOD).encode(), exit=0, keeps=("A",))
whole("geojson-random-bytes", bytes((at * 131 + 7) % 256 for at in range(3000)), "JSON|text|UTF-8|opened")
whole("geojson-bytes-not-utf-8", collection(GOOD, feature("B", point(B), name="@")).encode().replace(b"@", b"\xff\xfe\xc3"),
      exit=0, keeps=("A", "B"))  # fmt: skip
whole(
    "geojson-lone-surrogate",
    collection(GOOD, feature("B", point(B), name="\ud800 \udfff\ud800")),
    exit=0,
    keeps=("A", "B"),
)
whole("geojson-nul-in-text", collection(GOOD, feature("B\0C", point(B), name="a\0b")), exit=0, keeps=2)
whole("geojson-key-twice", '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"A","id":"B"},'
      '"geometry":{"type":"Point","coordinates":[113.85,22.7]}}]}', exit=0, keeps=1)  # fmt: skip
whole("geojson-properties-are-lists", collection(GOOD, {**LAST, "properties": [1, 2]}, {**LAST, "properties": "text"}),
      "(?s)row 2.*row 3", exit=1, keeps=("A",))  # fmt: skip
whole("geojson-nested-properties", collection(feature("A", point(A), name={"a": [1, {"b": None}]}, stage=[])), exit=1,
      says="not recognised", keeps=("A",))  # fmt: skip
whole(
    "geojson-number-of-400-digits",
    collection(feature("A", point(A), count="@")).replace('"@"', "9" * 400),
    exit=0,
    keeps=("A",),
)
whole("geojson-number-of-5000-digits", collection(feature("A", point(A), count="@")).replace('"@"', "9" * 5000),
      "number|digits")  # fmt: skip
whole("geojson-100000-properties", lambda: collection(feature("A", point(A), **{f"c{at}": at for at in range(100_000)})),
      "columns, the limit is 1,000", hints="--limit columns=")  # fmt: skip
whole("geojson-250000-features", lambda: collection(GOOD)[:-2] + ("," + json.dumps(GOOD)) * 250_000 + "]}",
      "rows, the limit is 200,000", hints="--limit rows=")  # fmt: skip
whole("geojson-prototype-keys", collection(feature("A", point(A), __proto__={"x": 1}, constructor="y", __class__="z")),
      exit=0, keeps=("A",))  # fmt: skip
whole("geojson-unknown-system", collection(GOOD, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}),
      "coordinate system|CRS|EPSG|datum", hints="--crs|--datum")  # fmt: skip
whole("geojson-system-behind-a-link", collection(GOOD, crs={"type": "link", "properties": {"href": f"{NO_PLACE}/crs",
      "type": "ogcwkt"}}), exit=0, keeps=("A",))  # fmt: skip
whole("geojson-system-is-nonsense", collection(GOOD, crs={"type": 7, "properties": [None]}), exit=0, keeps=("A",))
whole("geojson-one-geometry-without-feature", json.dumps(point(A)), exit=0, keeps=1)
whole("geojson-one-feature", json.dumps(GOOD), exit=0, keeps=("A",))
whole("geojson-same-id-twice", collection(GOOD, GOOD), "stands in row 1 already", exit=1, keeps=("A",))
whole("geojson-metres-called-degrees", collection(feature("A", point([505000.0, 2494000.0]))), "range|fit|degrees",
      exit=1, hints="--crs", keeps=())  # fmt: skip

faulty("geojson-null-geometry", "null", "no usable geometry", "draw the site again")
faulty("geojson-geometry-is-text", '"here"')
faulty("geojson-geometry-is-a-list", "[113.85, 22.7]")
faulty("geojson-unknown-kind", {"type": "Pointy", "coordinates": A})
faulty("geojson-no-coordinates", {"type": "Point"})
faulty("geojson-one-number", point([113.85]))
faulty("geojson-words-for-numbers", point(["east", "north"]))
faulty("geojson-null-for-numbers", point([None, None]))
faulty("geojson-not-a-number", '{"type":"Point","coordinates":[NaN, 22.7]}')
faulty("geojson-beyond-floats", '{"type":"Point","coordinates":[1e999, -1e999]}')
faulty("geojson-out-of-range", point([400, 22.7]), "out of range")
faulty("geojson-axes-swapped", point([22.7, 113.85]), "out of range", "swapped")
faulty("geojson-one-level-too-deep", point([[113.85, 22.7]]))
faulty("geojson-polygon-of-a-point", {"type": "Polygon", "coordinates": A})
faulty("geojson-coordinates-nested-deep", '{"type":"Polygon","coordinates":' + "[" * 400 + "]" * 400 + "}")
faulty("geojson-ring-of-two", polygon(square()[:2]))
faulty("geojson-bow-tie", polygon([[113.85, 22.70], [113.86, 22.71], [113.86, 22.70], [113.85, 22.71], [113.85, 22.70]]),
       "not valid", "Fix geometries")  # fmt: skip
faulty("geojson-hole-outside", polygon(square(), square(113.95, 22.75)), "not valid", "Fix geometries")
faulty("geojson-line", {"type": "LineString", "coordinates": [A, B]}, "not a LineString", "polygon")
faulty("geojson-empty-collection", {"type": "GeometryCollection", "geometries": []}, "no usable geometry")
faulty("geojson-collections-nested", '{"type":"GeometryCollection","geometries":[' * 300 + "]}" * 300, "rejected")
faulty("geojson-unclosed-ring", polygon(square()[:4]), "closed|ring|outline", exit=0, keeps=("A", "X", "B"))
faulty("geojson-mixed-kinds", polygon(square()), "", exit=0, keeps=("A", "X", "B"))
faulty("geojson-nine-dimensions", point([*A, 1, 2, 3, 4, 5, 6, 7]), "", exit=0, keeps=("A", "X", "B"))


@case("geojson-million-vertices", exit=1, says="(?s)rejected.*vertices.*limit is 200,000", hints="--limit vertices=",
      keeps=("A",))  # fmt: skip
def _vertices(folder: Path) -> Path:
    ring = ",".join(f"[{113.85 + at % 1000 * 1e-5:.5f},{22.7 + at // 1000 * 1e-5:.5f}]" for at in range(1_000_000))
    held = collection(GOOD, feature("X", polygon(["@"]))).replace('"@"', ring)
    return put("sites.geojson", held)(folder)  # type: ignore[return-value]


# Other formats of GDAL under an ending of ours: each would reach out to a file or a network.
VRT = ('<OGRVRTDataSource><OGRVRTLayer name="l"><SrcDataSource relativeToVRT="1">{}</SrcDataSource>'
       '<GeometryType>wkbPoint</GeometryType><GeometryField encoding="PointFromColumns" x="lon" y="lat"/>'
       "</OGRVRTLayer></OGRVRTDataSource>")  # fmt: skip
GDALG = {
    "type": "gdal_streamed_alg",
    "command_line": f"gdal vector pipeline ! read {NO_PLACE}/a.json ! write --of CSV {TOUCHED}",
}
ESRI = {"displayFieldName": "id", "geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 4326},
        "exceededTransferLimit": True, "fields": [{"name": "id", "type": "esriFieldTypeString"}],
        "features": [{"attributes": {"id": "A"}, "geometry": {"x": A[0], "y": A[1]}}]}  # fmt: skip
TOPO = {"type": "Topology", "objects": {"x": {"type": "GeometryCollection", "geometries": [
        {"type": "Point", "coordinates": A, "properties": {"id": "A"}}]}}, "arcs": []}  # fmt: skip
OAPIF = {"title": "t", "links": [{"rel": "data", "href": f"{NO_PLACE}/collections", "type": "application/json"},
         {"rel": "next", "href": f"{NO_PLACE}/next"}], "collections": [{"id": "x", "links": []}]}  # fmt: skip


def disguised(name: str, file: str, text: str, says: str = "does not fit the ending|JSON|XML|damaged") -> None:
    def build(folder: Path) -> Path:
        secret(folder)
        put("secret.csv", "id,lon,lat\nLEAK-5f2c9a,113.85,22.7\n")(folder)
        return put(file, text.replace("{folder}", str(folder)))(folder)  # type: ignore[return-value]

    add(name, build, says=says)


disguised("vrt-called-geojson", "sites.geojson", VRT.format("secret.csv"))
disguised("vrt-called-json", "sites.json", VRT.format(f"/vsicurl/{NO_PLACE}/a.csv"))
disguised("vrt-called-kml", "sites.kml", VRT.format("secret.csv"))
disguised("vrt-called-gml", "sites.gml", VRT.format("secret.csv"))
disguised("vrt-called-gpkg", "sites.gpkg", VRT.format("secret.csv"), "GeoPackage|opened|damaged")
disguised("vrt-called-shp", "sites.shp", VRT.format("secret.csv"), "shapefile|opened|damaged")
disguised("vrt-called-fgb", "sites.fgb", VRT.format("secret.csv"), "FlatGeobuf|opened|damaged")
disguised("vrt-called-dxf", "sites.dxf", VRT.format("secret.csv"), "DXF|opened|damaged")
disguised("vrt-called-parquet", "sites.parquet", VRT.format("secret.csv"), "Parquet|opened|damaged")
disguised("vrt-called-csv", "sites.csv", VRT.format("secret.csv"), "position columns|text")
disguised("gdalg-called-json", "sites.json", json.dumps(GDALG))
disguised("gdalg-called-gdalg-json", "sites.gdalg.json", json.dumps(GDALG))
disguised("topojson-called-geojson", "sites.geojson", json.dumps(TOPO))
disguised("oapif-called-geojson", "sites.geojson", json.dumps(OAPIF))
disguised("oapif-features-called-geojson", "sites.geojson", json.dumps({**OAPIF, "features": "none"}))
disguised("wfs-called-gml", "sites.gml", f"<OGRWFSDataSource><URL>{NO_PLACE}/wfs?SERVICE=WFS</URL></OGRWFSDataSource>")
disguised("wfs-called-kml", "sites.kml", f"<OGRWFSDataSource><URL>{NO_PLACE}/wfs</URL></OGRWFSDataSource>")
disguised("wms-called-json", "sites.json", f'{{"type":"GetCapabilities","url":"{NO_PLACE}"}}')
disguised("esrijson-called-json", "sites.json", json.dumps(ESRI))

add("geojson-page-of-a-web-service", put("sites.geojson", collection(GOOD, links=[{"rel": "next", "href": f"{NO_PLACE}/2"}])),
    exit=0, keeps=("A",))  # fmt: skip

# Line by line.
LINES = [json.dumps(GOOD), json.dumps(LAST)]
whole("geojsonl-empty", b"", "empty", file="sites.geojsonl")
whole("geojsonl-broken-line", "\n".join([LINES[0], '{"type":"Feature","geo', LINES[1]]), "(?s)rejected.*(row|line) 2|damaged|JSON",
      file="sites.geojsonl", exit=1, keeps=("A", "B"))  # fmt: skip
whole("geojsonl-a-line-is-no-feature", "\n".join([LINES[0], "[1,2]", LINES[1]]), "(?s)rejected.*(row|line) 2", file="sites.geojsonl",
      exit=1, keeps=("A", "B"))  # fmt: skip
whole("geojsonl-separators-and-a-cut", "\x1e" + "\n\x1e".join(LINES) + '\n\x1e{"type":', "(?s)rejected|damaged|cut",
      file="sites.geojsons", exit=1, keeps=("A", "B"))  # fmt: skip
whole("geojsonl-is-one-collection", collection(GOOD), "no feature", file="sites.geojsonl")
whole("geojsonl-line-nested-100000-deep", LINES[0] + "\n" + "[" * 100_000, "rejected|JSON|deep", file="sites.geojsonl",
      exit=1, keeps=("A",))  # fmt: skip
