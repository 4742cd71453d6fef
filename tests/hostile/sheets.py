"""Workbooks: bombs, entities, references to elsewhere, lies about size."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from hostile.archives import raw_zip, zeros
from hostile.case import WGS, Content, Corpus, cut, put, renamed, secret
from hostile.geojson import NO_PLACE
from hostile.xml import LAUGHS

corpus = Corpus()
add, case = corpus.add, corpus.case
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
DEAD = "workbook|Excel|XLSX|damaged|XML"
STRINGS = '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'


def text(ref: str, words: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{words}</t></is></c>'


def number(ref: str, value: object, style: int = 0) -> str:
    return f'<c r="{ref}" s="{style}"><v>{value}</v></c>'


def letters(column: int) -> str:
    """A, B, … Z, AA, …; the first column is 0."""
    name = ""
    while column >= 0:
        name, column = chr(65 + column % 26) + name, column // 26 - 1
    return name


def row(at: int, *cells: str) -> str:
    return f'<row r="{at}">{"".join(cells)}</row>'


HEAD = row(1, text("A1", "id"), text("B1", "lon"), text("C1", "lat"), text("D1", "note"))
GOOD = row(2, text("A2", "A"), number("B2", 113.85), number("C2", 22.7))


def sheet(*rows: str, dtd: str = "", more: str = "", dimension: str = "") -> str:
    return f'{XML}{dtd}<worksheet xmlns="{MAIN}" xmlns:r="{DOC}">{dimension}<sheetData>{"".join(rows)}</sheetData>{more}</worksheet>'


def parts(*sheets: Content, rels: str = "", **extra: Content) -> dict[str, Content]:
    """Members of a workbook; `extra` names have ``__`` for a slash and ``_`` for a dot."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="S{at}" sheetId="{at}" r:id="rId{at}"/>' for at in numbers)
    linked = "".join(
        f'<Relationship Id="rId{at}" Type="{DOC}/worksheet" Target="worksheets/sheet{at}.xml"/>' for at in numbers
    )
    kinds = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for at in numbers
    )
    made: dict[str, Content] = {
        "[Content_Types].xml": f'{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        f"{kinds}{STRINGS if 'xl__sharedStrings_xml' in extra else ''}</Types>",
        "_rels/.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{DOC}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{DOC}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{linked}{rels}</Relationships>',
    }
    made |= {f"xl/worksheets/sheet{at}.xml": one for at, one in zip(numbers, sheets, strict=True)}
    return made | {name.replace("__", "/").replace("_xml", ".xml"): held for name, held in extra.items()}


def book(members: dict[str, Content], name: str = "sites.xlsx") -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        found = secret(folder)
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for inner, content in members.items():
                held = content() if callable(content) else content
                archive.writestr(inner, held.replace("{secret}", found.as_uri()) if isinstance(held, str) else held)
        return folder / name

    return build


def workbook(name: str, *rows: str, says: str = "", **what: object) -> None:
    """A workbook of one sheet with these rows below the header."""
    add(name, book(parts(sheet(HEAD, *rows))), says=says, **({"more": WGS} | what))


FINE = book(parts(sheet(HEAD, GOOD)))
SHARED = f'<Relationship Id="rId90" Type="{DOC}/sharedStrings" Target="sharedStrings.xml"/>'
workbook("xlsx-good", GOOD, exit=0, keeps=("A",))
add("xlsx-empty-file", put("sites.xlsx", b""), says="empty")
add("xlsx-half", cut(FINE), says=DEAD, hints="save|again|open")
add("xlsx-is-text", put("sites.xlsx", "id,lon,lat\nA,113.85,22.7\n"), says=DEAD, hints="save|ending|rename|open")
add("xlsx-is-a-web-page", put("sites.xlsx", "<html><table><tr><td>id</td></tr></table></html>"), says=DEAD)
add(
    "xlsx-password",
    put("sites.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)),
    says="password|old|xls|" + DEAD,
    hints="save|password",
)
add(
    "xls-old-format",
    put("sites.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)),
    says="xls|old|Excel",
    hints="(?i)xlsx|csv",
)
add("xlsx-zip-without-workbook", book({"a.txt": "x"}), says=DEAD)
add(
    "xlsx-sheet-missing",
    book({name: held for name, held in parts(sheet(HEAD)).items() if "sheet1" not in name}),
    says=DEAD + "|no sheet has content",
)
add("xlsx-no-sheets", book(parts()), says=DEAD + "|sheet")
add("xlsx-empty-sheet", book(parts(sheet())), says="empty|position columns")
add("xlsx-sheet-cut", book(parts(sheet(HEAD, GOOD)[:400])), says=DEAD)
add("xlsx-unknown-sheet", FINE, says="no (layer|sheet)", hints="S1", more=("--layer", "Sheet9"))
workbook("xlsx-only-header", says="no rows", exit=0, keeps=())
workbook("xlsx-formula-never-computed", row(2, text("A2", "A"), '<c r="B2"><f>113+0.85</f></c>', number("C2", 22.7)), GOOD.replace("2", "3").replace("3.7", "2.7"),
         says="(?s)rejected.*(formula|missing)", exit=1, keeps=1)  # fmt: skip
workbook("xlsx-errors-in-cells", row(2, text("A2", "X"), '<c r="B2" t="e"><v>#REF!</v></c>', number("C2", 22.7)),
         row(3, text("A3", "A"), number("B3", 113.85), number("C3", 22.7)), says="(?s)rejected.*not a number.*#REF", exit=1, keeps=("A",))  # fmt: skip
workbook("xlsx-truth-as-position", row(2, text("A2", "X"), '<c r="B2" t="b"><v>1</v></c>', number("C2", 22.7)),
         says="(?s)rejected.*(number|range)", exit=1, keeps=())  # fmt: skip
workbook("xlsx-words-in-a-number", row(2, text("A2", "X"), '<c r="B2"><v>east</v></c>', number("C2", 22.7)),
         says="damaged", hints="export|save|again")  # fmt: skip
workbook("xlsx-shared-string-that-is-not-there", row(2, '<c r="A2" t="s"><v>99999</v></c>', number("B2", 113.85), number("C2", 22.7)),
         says=DEAD)  # fmt: skip
workbook(
    "xlsx-row-number-beyond-sheets",
    GOOD,
    row(2_000_000_000, text("A2000000000", "B")),
    says="rows, the limit|rejected|" + DEAD,
)
workbook("xlsx-cell-beyond-columns", row(2, text("A2", "A"), number("B2", 113.85), number("C2", 22.7), text("ZZZZZZZ2", "far")),
         says="columns|" + DEAD)  # fmt: skip
workbook("xlsx-row-0", row(0, text("A0", "A")), GOOD, exit=0, keeps=None)
workbook("xlsx-same-id-twice", GOOD, row(3, text("A3", "A"), number("B3", 113.85), number("C3", 22.7)),
         says="stands in row 1 already", hints="id of its own", exit=1, keeps=("A",))  # fmt: skip
workbook("xlsx-terminal-codes", row(2, text("A2", "_x001B_[2JX"), text("B2", "_x001B_[31meast"), number("C2", 22.7)),
         says="(?s)rejected.*not a number", exit=1, keeps=())  # fmt: skip
add("xlsx-16384-columns", book(parts(lambda: sheet(row(1, *(text(f"{letters(at)}1", f"c{at}") for at in range(16_384))), GOOD))),
    says="columns, the limit is 1,000", hints="--limit columns=")  # fmt: skip
add(
    "xlsx-says-it-is-huge",
    book(parts(sheet(HEAD, GOOD, dimension='<dimension ref="A1:XFD1048576"/>'))),
    exit=0,
    keeps=("A",),
    more=WGS,
)
add("xlsx-200001-rows", book(parts(lambda: sheet(HEAD, *(GOOD.replace('"2"', f'"{at}"').replace('A2"', f'A{at}"').replace('B2"', f'B{at}"')
    .replace('C2"', f'C{at}"') for at in range(2, 200_003))))), says="rows, the limit is 200,000", hints="--limit rows=")  # fmt: skip
add(
    "xlsx-billion-laughs",
    book(parts(sheet(HEAD, row(2, text("A2", "&a11;")), dtd=LAUGHS))),
    says="entit|DTD|DOCTYPE|" + DEAD,
)
add("xlsx-entity-names-a-file", book(parts(sheet(HEAD, row(2, text("A2", "&f;"), number("B2", 113.85), number("C2", 22.7)),
    dtd='<!DOCTYPE x [<!ENTITY f SYSTEM "{secret}">]>'))), says="entit|DTD|DOCTYPE|" + DEAD)  # fmt: skip
add("xlsx-entities-in-shared-strings", book(parts(sheet(HEAD, GOOD), rels=SHARED,
    xl__sharedStrings_xml=f'{XML}{LAUGHS}<sst xmlns="{MAIN}"><si><t>&a11;</t></si></sst>')), says="entit|DTD|DOCTYPE|" + DEAD)  # fmt: skip
add("xlsx-shared-strings-bomb", book(parts(sheet(HEAD, GOOD), rels=SHARED,
    xl__sharedStrings_xml=lambda: f'{XML}<sst xmlns="{MAIN}">' + "<si><t>boom</t></si>" * 3_000_000 + "</sst>")),
    says="megabytes, the limit is 20", hints="--limit megabytes=", more=("--limit", "megabytes=20"))  # fmt: skip
add("xlsx-shared-strings-of-no-use", book(parts(sheet(HEAD, GOOD), rels=SHARED,
    xl__sharedStrings_xml=f'{XML}<sst xmlns="{MAIN}" count="4294967295" uniqueCount="4294967295"><si><t>x</t></si></sst>')),
    exit=0, keeps=("A",), more=WGS)  # fmt: skip
add("xlsx-zip-bomb", put("sites.xlsx", lambda: raw_zip([("[Content_Types].xml", zeros(1500), 1_500_000_000)])),
    says="megabytes|" + DEAD)  # fmt: skip
add(
    "xlsx-name-leads-out",
    book({**parts(sheet(HEAD, GOOD)), "../../escaped.txt": "x"}),
    says="outside the archive|" + DEAD,
)
add("xlsx-external-book", book(parts(sheet(HEAD, GOOD), rels=f'<Relationship Id="rId91" Type="{DOC}/externalLink" Target="externalLinks/externalLink1.xml"/>',
    xl__externalLinks__externalLink1_xml=f'{XML}<externalLink xmlns="{MAIN}" xmlns:r="{DOC}"><externalBook r:id="rId1"/></externalLink>')),
    exit=0, keeps=("A",), more=WGS)  # fmt: skip
add("xlsx-sheet-on-the-web", book({**parts(sheet(HEAD, GOOD)), "xl/_rels/workbook.xml.rels":
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{DOC}/worksheet" Target="{NO_PLACE}/s.xml" TargetMode="External"/></Relationships>'}),
    says=DEAD + "|no sheet has content")  # fmt: skip
add("xlsx-sheet-is-a-file-outside", book({**parts(sheet(HEAD, GOOD)), "xl/_rels/workbook.xml.rels":
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{DOC}/worksheet" Target="../../../secret.txt"/></Relationships>'}),
    says=DEAD + "|no sheet has content")  # fmt: skip
add(
    "xlsx-nested-100000-deep",
    book(parts(lambda: sheet(HEAD, "<row>" * 100_000 + "</row>" * 100_000))),
    exit=0,
    says="no rows",
    keeps=(),
    more=WGS,
)
add("xlsx-day-beyond-calendars", book(parts(sheet(HEAD, row(2, text("A2", "A"), number("B2", 113.85), number("C2", 22.7), number("D2", 1e10, 1))),
    rels=f'<Relationship Id="rId92" Type="{DOC}/styles" Target="styles.xml"/>',
    xl__styles_xml=f'{XML}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>')),
    exit=0, keeps=("A",), more=WGS)  # fmt: skip
add("xlsx-cells-without-references", book(parts(sheet(*(re.sub(' r="[A-Z]+[0-9]+"', "", one) for one in (HEAD, GOOD))))), exit=0,
    keeps=("A",), more=WGS)  # fmt: skip
add(
    "ods-called-xlsx",
    book({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}),
    says=DEAD,
)
add("docx-called-xlsx", book({"[Content_Types].xml": XML + "<Types/>", "word/document.xml": "<x/>"}), says=DEAD)
add("xlsx-called-csv", renamed(FINE, "sites.csv"), says="(?i)workbook|xlsx|excel|text", hints="rename|ending|save|xlsx")


@case("xlsx-formatted-emptiness", exit=0, keeps=("A",), more=WGS)
def _emptiness(folder: Path) -> Path:
    empty = "".join(
        f'<row r="{at}" s="1" customFormat="1"><c r="A{at}" s="0"/><c r="D{at}" s="0"/></row>'
        for at in range(3, 1_048_577)
    )
    return book(parts(sheet(HEAD, GOOD, empty)))(folder)
