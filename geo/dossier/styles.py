"""Word styles: the built-in ones by their names, and a few of our own.

Assumed: a file of ours holds these alone; in a user's template a style that is there
stays as it is, and only missing ones are added. Sizes and line pitches are in points.
Lines of text have an exact pitch, since a substituted Chinese font may be half as high
again as 宋体.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from geo.dossier.fields import Element, el
from geo.errors import Lang

BODY_FONT, HEAD_FONT = ("Times New Roman", "宋体"), ("Arial", "黑体")
INK, SOFT, RULE, SHADE = "1F3A4D", "595959", "BFBFBF", "EEF2F5"
HEADINGS = ("heading 1", "heading 2", "heading 3")


@dataclass(frozen=True)
class Look:
    """How a paragraph style looks.

    Parameters
    ----------
    name : str
        Its name in the file, which for a built-in style is the English one.
    localised : str
        The name that Chinese programs may write in its place; "" for styles of our own.
    size, line : float
        Of the type, and the exact pitch of its lines; 0 is inherited.
    before, after : float
        Space around a paragraph.
    align : str
        As in Word: left, center, right, both.
    head : bool
        Whether it is set in the font of headings.
    bold, keep : bool
        Bold type; kept with the next paragraph.
    colour : str
        Of the type; "" is inherited.
    left, right : float
        How far all its lines stand in; of headings and bullets their numbering says it too.
    first : int
        How many characters its first line stands in.
    """

    name: str
    localised: str = ""
    size: float = 0
    line: float = 0
    before: float = 0
    after: float = 0
    align: str = "left"
    head: bool = False
    bold: bool = False
    keep: bool = False
    colour: str = ""
    left: float = 0
    right: float = 0
    first: int = 0


def looks(lang: Lang) -> dict[str, Look]:
    """The paragraph styles by what they are for."""
    size, line = (12.0, 22.0) if lang == "zh" else (11.0, 16.0)
    after, align, first = (0.0, "both", 2) if lang == "zh" else (6.0, "left", 0)
    entry = {
        f"contents {n + 1}": Look(f"toc {n + 1}", f"目录 {n + 1}", size=size - 1, line=line, left=21 * n)
        for n in range(3)
    }
    return {
        "normal": Look("Normal", "正文", size=size),
        "title": Look("Title", "标题", size=26, line=38, before=150, after=12, align="center", head=True),
        "subtitle": Look("Subtitle", "副标题", size=16, line=26, after=90, align="center", head=True),
        "heading 1": Look("heading 1", "标题 1", 16, 26, 18, 8, head=True, bold=True, keep=True, colour=INK),
        "heading 2": Look("heading 2", "标题 2", 14, 22, 14, 6, head=True, bold=True, keep=True, colour=INK),
        "heading 3": Look("heading 3", "标题 3", 12, 20, 10, 4, head=True, bold=True, keep=True, colour=INK),
        "body": Look("Body Text", "正文文本", line=line, after=after, align=align, first=first),
        "lead": Look("Parksite Lead", size=size + 1, line=line + 2, before=4, after=8, bold=True, left=6, right=6),
        "note": Look("Parksite Note", size=9, line=13, before=3, after=9, colour=SOFT),
        "bullet": Look("List Bullet", "列表项目符号", line=line, after=after / 2, left=21),
        "caption": Look("caption", "题注", 10.5, 16, 6, 6, align="center", head=True),
        "contents": Look("TOC Heading", "TOC 标题", 16, 26, 0, 12, align="center", head=True, bold=True, colour=INK),
        **entry,
        "cell": Look("Parksite Cell", size=10 if lang == "zh" else 9.5, line=14),
        "cell head": Look("Parksite Cell Heading", size=10 if lang == "zh" else 9.5, line=14, head=True, bold=True),
        "picture": Look("Parksite Picture", size=1, before=6, align="center", keep=True),
        "gap": Look("Parksite Gap", size=2, line=8),
        "mark": Look("Parksite Mark", size=14, line=22, align="right", head=True, bold=True),
        "header": Look("header", "页眉", size=9, line=13, colour=SOFT),
        "footer": Look("footer", "页脚", size=9, line=13, align="center", colour=SOFT),
    }


class Styles:
    """The styles of a file.

    Parameters
    ----------
    root : element
        The `w:styles` of the file.
    lang : {"zh", "en"}

    Attributes
    ----------
    ids : dict of str to str
        Id of each style by what it is for; those of missing ones are reserved.
    missing : tuple of str
        Which ones `add` will add.
    """

    def __init__(self, root: Element, lang: Lang) -> None:
        self.root, self.lang, self.looks = root, lang, looks(lang)
        found = {use: self._find(look) for use, look in self.looks.items()}
        found["table"] = self._find(Look("Parksite Table"))
        self.missing = tuple(use for use, style in found.items() if style is None)
        self.ids = {
            use: self._new_id(use) if style is None else str(style.get(qn("w:styleId"))) for use, style in found.items()
        }

    def numbered(self) -> bool:
        """Whether a heading style of the file's own has numbers already."""
        held = (self._by_id(self.ids[use]) for use in HEADINGS if use not in self.missing)
        return any(self._has_numbers(style) for style in held)

    def add(self, headings: int, bullet: int, width: int) -> None:
        """Add the missing styles.

        Parameters
        ----------
        headings, bullet : int
            The numberings of headings and bullets.
        width : int
            Of the text, in twentieths of a point.
        """
        for use in self.missing:
            if use == "table":
                self.root.append(_table_style(self.ids[use]))
            else:
                self.root.append(self._paragraph_style(use, headings, bullet, width))

    def _find(self, look: Look) -> Element | None:
        names = {_plain(look.name), _plain(look.localised)} - {""}
        for style in self.root.iterchildren(qn("w:style")):
            name = style.find(qn("w:name"))
            if name is not None and _plain(name.get(qn("w:val"), "")) in names:
                return style
        return None

    def _by_id(self, name: str | None) -> Element | None:
        return next((one for one in self.root.iterchildren(qn("w:style")) if one.get(qn("w:styleId")) == name), None)

    def _new_id(self, use: str) -> str:
        wanted = self.looks[use].name.title().replace(" ", "") if use != "table" else "ParksiteTable"
        return wanted if self._by_id(wanted) is None else f"Parksite{wanted}"

    def _has_numbers(self, style: Element | None) -> bool:
        seen: set[str | None] = set()
        while style is not None and style.get(qn("w:styleId")) not in seen:
            if style.find(f".//{qn('w:numPr')}") is not None:
                return True
            seen.add(style.get(qn("w:styleId")))
            based = style.find(qn("w:basedOn"))
            style = None if based is None else self._by_id(based.get(qn("w:val")))
        return False

    def _paragraph_style(self, use: str, headings: int, bullet: int, width: int) -> Element:
        look, own = self.looks[use], not self.looks[use].localised
        numbers = None
        if use in HEADINGS:
            numbers = el("numPr", el("ilvl", val=HEADINGS.index(use)), el("numId", val=headings))
        elif use == "bullet":
            numbers = el("numPr", el("ilvl", val=0), el("numId", val=bullet))
        marks: list[Any] = [
            el("keepNext") if look.keep else None,
            el("keepLines") if look.keep else None,
            el("widowControl"),
            numbers,
            *_box(use),
            _tabs(use, width),
            el("snapToGrid", val=0),
            _spacing(look),
            self._indent(use),
            el("jc", val=look.align),
            el("outlineLvl", val=HEADINGS.index(use)) if use in HEADINGS else None,
        ]
        return el(
            "style",
            el("name", val=look.name),
            el("basedOn", val=self.ids["normal"]) if use != "normal" else None,
            el("next", val=self.ids["body"]) if use in (*HEADINGS, "title", "subtitle") else None,
            el("uiPriority", val=39) if use.startswith("contents ") else None,
            el("qFormat"),
            el("pPr", *marks),
            _type(look),
            type="paragraph",
            styleId=self.ids[use],
            **({"default": 1} if use == "normal" else {}),
            **({"customStyle": 1} if own else {}),
        )

    def _indent(self, use: str) -> Element | None:
        """First lines of Chinese body text stand in by two characters, whatever their size."""
        if use in (*HEADINGS, "bullet", "normal"):
            return None
        look = self.looks[use]
        first, left, right = look.first, int(look.left * 20), int(look.right * 20)
        return el("ind", leftChars=0, left=left, right=right, firstLineChars=100 * first, firstLine=240 * first)


def _plain(name: str) -> str:
    return "".join(name.lower().split())


def _spacing(look: Look) -> Element:
    line = {"line": int(look.line * 20), "lineRule": "exact"} if look.line else {"line": 240, "lineRule": "auto"}
    return el("spacing", before=int(look.before * 20), after=int(look.after * 20), **line)


def _type(look: Look) -> Element:
    latin, chinese = HEAD_FONT if look.head else BODY_FONT
    own = look.head or look.name == "Normal"
    size = int(look.size * 2)
    return el(
        "rPr",
        el("rFonts", ascii=latin, hAnsi=latin, eastAsia=chinese, cs=latin) if own else None,
        el("b", val=int(look.bold)),
        el("bCs", val=int(look.bold)),
        el("color", val=look.colour or "000000") if look.colour or look.head else None,
        el("sz", val=size) if size else None,
        el("szCs", val=size) if size else None,
    )


def _box(use: str) -> Sequence[Element | None]:
    """The rule beside a lead and its ground, and the rule under a header."""
    if use == "lead":
        rule = el("pBdr", el("left", val="single", sz=24, space=6, color=INK))
        return rule, el("shd", val="clear", color="auto", fill=SHADE)
    if use == "header":
        return (el("pBdr", el("bottom", val="single", sz=4, space=4, color=RULE)),)
    return ()


def _tabs(use: str, width: int) -> Element | None:
    if use.startswith("contents "):
        level = int(use[-1]) - 1
        return el(
            "tabs",
            el("tab", val="left", pos=420 * level + (480, 660, 840)[level]),
            el("tab", val="right", leader="dot", pos=width),
        )
    return None


def defaults() -> Element:
    """What holds where no style says otherwise: fonts, and the languages of both scripts."""
    latin, chinese = BODY_FONT
    fonts = el("rFonts", ascii=latin, hAnsi=latin, eastAsia=chinese, cs=latin)
    tongue = el("lang", val="en-GB", eastAsia="zh-CN", bidi="ar-SA")
    return el(
        "docDefaults",
        el("rPrDefault", el("rPr", fonts, tongue)),
        el("pPrDefault", el("pPr", el("spacing", before=0, after=0))),
    )


def base() -> list[Element]:
    """The styles that Word wants in every file."""
    margins = el("tblCellMar", *(el(side, w=108 * across, type="dxa") for side, across in _SIDES))
    return [
        el("style", el("name", val="Default Paragraph Font"), el("semiHidden"), type="character", default=1,
           styleId="DefaultParagraphFont"),
        el("style", el("name", val="Normal Table"), el("semiHidden"),
           el("tblPr", el("tblInd", w=0, type="dxa"), margins), type="table", default=1, styleId="TableNormal"),
        el("style", el("name", val="No List"), el("semiHidden"), type="numbering", default=1, styleId="NoList"),
    ]  # fmt: skip


_SIDES = (("top", 0), ("left", 1), ("bottom", 0), ("right", 1))


def _table_style(name: str) -> Element:
    """Three lines in ink, fine grey ones between the rows."""
    borders = el(
        "tblBorders",
        el("top", val="single", sz=12, space=0, color=INK),
        el("bottom", val="single", sz=12, space=0, color=INK),
        el("insideH", val="single", sz=4, space=0, color=RULE),
    )
    margins = el("tblCellMar", *(el(side, w=85 if across else 45, type="dxa") for side, across in _SIDES))
    shade = el("shd", val="clear", color="auto", fill=SHADE)
    rule = el("tcBorders", el("bottom", val="single", sz=8, space=0, color=INK))
    return el(
        "style",
        el("name", val="Parksite Table"),
        el("qFormat"),
        el("tblPr", el("tblInd", w=0, type="dxa"), borders, margins),
        el("tblStylePr", el("tcPr", rule, shade), type="firstRow"),
        type="table",
        customStyle=1,
        styleId=name,
    )
