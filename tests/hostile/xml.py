"""KML, KMZ and GML: entities, references, nesting, broken coordinates."""

from __future__ import annotations

import zipfile
from pathlib import Path

from hostile.case import Content, Corpus, cut, put, secret
from hostile.geojson import NO_PLACE

corpus = Corpus()
add, case = corpus.add, corpus.case
KML = '<?xml version="1.0" encoding="UTF-8"?>{dtd}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'
GML = (
    '<?xml version="1.0" encoding="UTF-8"?>{dtd}<ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" '
    'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink" {more}>{body}</ogr:FeatureCollection>'
)
LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{at} '{f'&a{at - 1};' * 10}'>" for at in range(1, 12)
) + "]>"  # fmt: skip
BLOWUP = f"<!DOCTYPE x [<!ENTITY a '{'a' * 100_000}'>]>"
NO_ENTITIES = "entit|DTD|DOCTYPE"


def placemark(ident: str, coordinates: str = "113.85,22.70", kind: str = "Point", more: str = "") -> str:
    shape = f"<{kind}><coordinates>{coordinates}</coordinates></{kind}>"
    if kind == "Polygon":
        ring = f"<LinearRing><coordinates>{coordinates}</coordinates></LinearRing>"
        shape = f"<Polygon><outerBoundaryIs>{ring}</outerBoundaryIs></Polygon>"
    return f'<Placemark><name>{ident}</name><ExtendedData><Data name="id"><value>{ident}</value></Data></ExtendedData>{more}{shape}</Placemark>'


GOOD, LAST = placemark("A"), placemark("B", "114.37,22.70")


def kml(*parts: str, dtd: str = "") -> str:
    return KML.format(dtd=dtd, body="".join(parts))


def whole(name: str, text: Content, says: str = "", file: str = "sites.kml", **what: object) -> None:
    def build(folder: Path) -> Path:
        secret(folder)
        content = text() if callable(text) else text
        if isinstance(content, str):
            content = content.replace("{secret}", (folder / "secret.txt").as_uri())
        return put(file, content)(folder)  # type: ignore[return-value]

    add(name, build, says=says, **what)


def faulty(name: str, middle: str, says: str = "rejected", hints: str = "", **what: object) -> None:
    whole(name, kml(GOOD, middle, LAST), says, hints=hints, **({"exit": 1, "keeps": ("A", "B")} | what))


whole("kml-empty", b"", "empty")
whole("kml-without-placemarks", kml(), "holds no layer", hints="what was exported")
add("kml-half", cut(put("sites.kml", kml(GOOD, LAST))), says="XML|damaged|cut")
whole("kml-billion-laughs", kml(placemark("&a11;"), dtd=LAUGHS), NO_ENTITIES, hints="save|remove|export")
whole("kml-quadratic-blow-up", kml(placemark("&a;" * 100_000), dtd=BLOWUP), NO_ENTITIES)
whole("kml-entity-names-a-file", kml(placemark("&f;"), dtd='<!DOCTYPE x [<!ENTITY f SYSTEM "{secret}">]>'), NO_ENTITIES)
whole(
    "kml-entity-names-a-web-page",
    kml(placemark("&f;"), dtd=f'<!DOCTYPE x [<!ENTITY f SYSTEM "{NO_PLACE}/x">]>'),
    NO_ENTITIES,
)
whole("kml-parameter-entity", kml(GOOD, dtd=f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{NO_PLACE}/x.dtd"> %p;]>'), NO_ENTITIES)
whole("kml-type-definition-on-the-web", kml(GOOD, dtd=f'<!DOCTYPE kml SYSTEM "{NO_PLACE}/kml.dtd">'), NO_ENTITIES)
whole("kml-includes-a-file", kml(GOOD, '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{secret}"/>'),
      exit=0, keeps=("A",))  # fmt: skip
whole("kml-style-sheet-on-the-web", kml(GOOD).replace("?>", f'?><?xml-stylesheet href="{NO_PLACE}/x.xsl" type="text/xsl"?>', 1),
      exit=0, keeps=("A",))  # fmt: skip
whole(
    "kml-network-link",
    kml(GOOD, f"<NetworkLink><Link><href>{NO_PLACE}/more.kml</href></Link></NetworkLink>"),
    exit=0,
    keeps=("A",),
)
whole("kml-only-a-network-link", kml(f"<NetworkLink><Link><href>{NO_PLACE}/more.kml</href></Link></NetworkLink>"),
      "no rows", exit=0, keeps=())  # fmt: skip
whole("kml-folders-nested-100000-deep", kml("<Folder>" * 100_000 + GOOD + "</Folder>" * 100_000), "deep|nested|XML")
whole("kml-script-in-description", kml(placemark("A", more="<description><![CDATA[<script>alert(1)</script>]]></description>")),
      exit=0, keeps=("A",))  # fmt: skip
whole("kml-says-gbk-is-utf-8", kml(placemark("A", more="<description>深圳</description>")).replace("UTF-8", "GB2312").encode(),
      exit=0, keeps=("A",))  # fmt: skip
whole("kml-unknown-encoding", kml(GOOD).replace("UTF-8", "martian-7"), "encoding|XML")
whole("kml-nul-byte", kml(placemark("A\0B")), "XML|damaged|NUL")
whole("kml-is-a-web-page", "<!DOCTYPE html><html><body><br>log in</body></html>", "document type")
whole(
    "kml-other-root",
    '<?xml version="1.0"?><gpx version="1.1"><wpt lat="22.7" lon="113.85"/></gpx>',
    "does not fit the ending .kml: its first element is <gpx>",
)
whole("kml-random-bytes", bytes((at * 89 + 3) % 256 for at in range(3000)), "XML|KML|damaged")
whole("kml-is-json", '{"type":"FeatureCollection","features":[]}', "damaged")
faulty("kml-no-geometry", "<Placemark><name>X</name></Placemark>", "no usable geometry")
faulty("kml-coordinates-are-words", placemark("X", "east,north"))
faulty("kml-coordinates-empty", placemark("X", ""))
faulty("kml-coordinates-out-of-range", placemark("X", "400,22.7"), "out of range|rejected")
faulty("kml-not-a-number", placemark("X", "NaN,Infinity"))
faulty("kml-line", placemark("X", "113.85,22.7 113.86,22.7", "LineString"), "LineString", "polygon")
faulty("kml-ring-of-two", placemark("X", "113.85,22.7 113.86,22.7", "Polygon"))
whole("kml-million-vertices", lambda: kml(GOOD, placemark("X", " ".join(f"{113.85 + at % 1000 * 1e-5:.5f},{22.7 + at // 1000 * 1e-5:.5f}"
      for at in range(400_000)), "Polygon"), LAST), "(?s)rejected.*vertices.*limit is 200,000", hints="--limit vertices=", exit=1,
      keeps=("A", "B"))  # fmt: skip


def kmz(name: str, members: dict[str, Content], says: str = "", **what: object) -> None:
    def build(folder: Path) -> Path:
        with zipfile.ZipFile(folder / "sites.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
            for inner, content in members.items():
                archive.writestr(inner, content() if callable(content) else content)
        return folder / "sites.kmz"

    add(name, build, says=says, **what)


kmz("kmz-name-leads-out", {"../../doc.kml": kml(GOOD)}, "outside the archive", hints="pack the files again")
kmz("kmz-without-kml", {"readme.txt": "nothing"}, "KML|kml")
kmz("kmz-empty", {}, "KML|kml|empty|holds")
kmz("kmz-entities", {"doc.kml": kml(placemark("&a11;"), dtd=LAUGHS)}, NO_ENTITIES)
kmz("kmz-bomb", {"doc.kml": kml(GOOD), "files/a.png": lambda: bytes(60_000_000)}, "megabytes, the limit is 20", more=("--limit", "megabytes=20"),
    hints="--limit megabytes=")  # fmt: skip
kmz("kmz-half-a-kml", {"doc.kml": kml(GOOD, LAST)[:150]}, "XML|damaged|cut")
add("kmz-is-no-zip", put("sites.kmz", kml(GOOD)), says="archive|zip|KMZ|damaged")


def member(ident: str, geometry: str) -> str:
    return f'<gml:featureMember><ogr:sites gml:id="s.{ident}"><ogr:geometryProperty>{geometry}</ogr:geometryProperty><ogr:id>{ident}</ogr:id></ogr:sites></gml:featureMember>'


def gml_point(text: str = "113.85 22.70") -> str:
    return f'<gml:Point srsName="http://www.opengis.net/gml/srs/epsg.xml#4326"><gml:pos>{text}</gml:pos></gml:Point>'


def gml(*parts: str, dtd: str = "", more: str = "") -> str:
    return GML.format(dtd=dtd, more=more, body="".join(parts))


def gml_polygon(text: str) -> str:
    return (
        '<gml:Polygon srsName="http://www.opengis.net/gml/srs/epsg.xml#4326"><gml:exterior><gml:LinearRing>'
        f"<gml:posList>{text}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
    )


ARC = (
    '<gml:Curve srsName="http://www.opengis.net/gml/srs/epsg.xml#4326"><gml:segments><gml:Arc><gml:posList>113.85 22.7 113.86 22.71 '
    "113.87 22.7</gml:posList></gml:Arc></gml:segments></gml:Curve>"
)
FINE, END = member("A", gml_point()), member("B", gml_point("114.37 22.70"))
CALLED = {"file": "sites.gml"}
whole("gml-empty", b"", "empty", **CALLED)
add("gml-half", cut(put("sites.gml", gml(FINE, END))), says="XML|damaged|cut")
whole("gml-without-features", gml(), "no (rows|features|layer|geometry)|rows", exit=2, **CALLED)
whole("gml-billion-laughs", gml(member("&a11;", gml_point()), dtd=LAUGHS), NO_ENTITIES, **CALLED)
whole(
    "gml-entity-names-a-file",
    gml(member("&f;", gml_point()), dtd='<!DOCTYPE x [<!ENTITY f SYSTEM "{secret}">]>'),
    NO_ENTITIES,
    **CALLED,
)
whole("gml-schema-on-the-web", gml(FINE, more=f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
      f'xsi:schemaLocation="http://ogr.maptools.org/ {NO_PLACE}/sites.xsd"'), exit=0, keeps=("A",), **CALLED)  # fmt: skip
whole("gml-schema-is-a-file", gml(FINE, more='xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
      'xsi:schemaLocation="http://ogr.maptools.org/ {secret}"'), exit=0, keeps=("A",), **CALLED)  # fmt: skip
whole("gml-geometry-on-the-web", gml(FINE, member("X", f'<gml:Point xlink:href="{NO_PLACE}/p#1"/>'), END), "rejected", exit=1,
      keeps=("A", "B"), **CALLED)  # fmt: skip
whole(
    "gml-property-on-the-web",
    gml(FINE, f'<gml:featureMember xlink:href="{NO_PLACE}/f#1"/>'),
    exit=0,
    keeps=("A",),
    **CALLED,
)
whole(
    "gml-position-of-one-number",
    gml(FINE, member("X", gml_point("113.85")), END),
    "rejected",
    exit=1,
    keeps=("A", "B"),
    **CALLED,
)
whole(
    "gml-position-is-words",
    gml(FINE, member("X", gml_point("east north")), END),
    "rejected",
    exit=1,
    keeps=("A", "B"),
    **CALLED,
)
whole("gml-odd-list-of-positions", gml(FINE, member("X", gml_polygon("113.85 22.7 113.86 22.7 113.86")), END), "rejected", exit=1,
      keeps=("A", "B"), **CALLED)  # fmt: skip
whole(
    "gml-arc",
    gml(FINE, member("X", ARC), END),
    "rejected.*(line|curve|arc|Line|Curve)",
    exit=1,
    keeps=("A", "B"),
    **CALLED,
)
whole("gml-nested-100000-deep", gml("<ogr:a>" * 100_000 + "</ogr:a>" * 100_000), "deep|nested|XML|damaged", **CALLED)
whole("gml-unknown-system", gml(FINE).replace("epsg.xml#4326", "epsg.xml#999999"), "coordinate system|datum|assumed", exit=0,
      keeps=("A",), **CALLED)  # fmt: skip
whole("gml-is-a-web-page", "<html><body><br>log in</body></html>", "damaged|does not fit", **CALLED)


@case("gml-template-beside-it-lies", exit=0, keeps=("A",))
def _gfs(folder: Path) -> Path:
    secret(folder)
    put("sites.gfs", "<GMLFeatureClassList><GMLFeatureClass><Name>sites</Name><ElementPath>" + "x|" * 50_000
        + f"</ElementPath><SRSName>{NO_PLACE}</SRSName></GMLFeatureClass></GMLFeatureClassList>")(folder)  # fmt: skip
    return put("sites.gml", gml(FINE))(folder)  # type: ignore[return-value]


@case("gml-schema-beside-it-includes-the-web", exit=0, keeps=("A",))
def _xsd(folder: Path) -> Path:
    put("sites.xsd", '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include '
        f'schemaLocation="{NO_PLACE}/a.xsd"/><xs:import schemaLocation="/etc/passwd"/></xs:schema>')(folder)  # fmt: skip
    return put("sites.gml", gml(FINE))(folder)  # type: ignore[return-value]
