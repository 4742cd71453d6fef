"""XML looked through before GDAL sees it: no DTD, no entities, no depth without end."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_namespaces

from geo.errors import InputError
from geo.sources.content import damaged
from geo.sources.encoding import SPOKEN, codec, measured

_DEEPEST = 200
_ROOTS = {".kml": ("kml",), ".xsd": ("schema",), ".gfs": ("GMLFeatureClassList",)}
_DATA = re.compile(r"""(<(?:\w+:)?Data\b[^<>]*?\bname\s*=\s*)(["'])(.*?)\2""", re.DOTALL)
_DECLARED = re.compile(rb"""\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']""")
_HEAD = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
_PLAIN_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_GML = "opengis.net/gml"


class _TooDeep(SAXException):
    """Elements nested deeper than any map needs."""


class Looker(ContentHandler):
    """Remembers the root, and counts the depth."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.root: tuple[str, dict[str, str]] | None = None

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 (the name that SAX asks for)
        """Remember the root, count the depth."""
        if self.root is None:
            self.root = (name.rpartition(":")[2], dict(attrs))
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _TooDeep("nested too deep")

    def endElement(self, name: str) -> None:  # noqa: N802 (the name that SAX asks for)
        """Count the depth."""
        self.depth -= 1


def check(path: Path, looker: Looker | None = None) -> None:
    """Refuse XML that is broken, declares a DTD or entities, or nests without end.

    Raises
    ------
    InputError
        Also if the root is not that of a KML or GML file.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import make_parser

    looker = looker or Looker()
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, False)
    parser.setContentHandler(looker)
    try:
        with path.open("rb") as handle:
            parser.parse(handle)
    except (DefusedXmlException, _TooDeep) as error:
        raise InputError(
            "the file declares a document type or entities, or nests too deep",
            "文件含 DTD、实体声明，或嵌套过深",
            file=path,
            remedy_en="export it again from a GIS",
            remedy_zh="请用 GIS 软件重新导出",
        ) from error
    except (SAXException, ValueError, LookupError, OSError) as error:
        raise damaged(path, error.getMessage() if isinstance(error, SAXException) else error) from error
    _check_root(path, looker)


def in_utf8(path: Path, scratch: Path) -> tuple[Path, str | None]:
    """The file, or a copy in UTF-8 of one in GBK, which XML parsers do not know; and its encoding.

    Raises
    ------
    InputError
        If the text is in no known encoding.
    """
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return path, None
    said = _DECLARED.match(raw)
    declared = (codec(said.group(1).decode("ascii")) if said else None) or "utf-8"
    for name in dict.fromkeys((declared, measured(raw[:1_000_000].splitlines()) or declared)):
        try:
            text = raw.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "utf-8" and declared == "utf-8":
            return path, SPOKEN[name]
        copy = scratch / f"utf8-{path.name}"
        copy.write_text(_PLAIN_HEAD + _HEAD.sub("", text), encoding="utf-8")
        return copy, SPOKEN.get(name, name)
    raise damaged(path, "encoding")


def with_plain_names(path: Path, scratch: Path) -> tuple[Path, dict[str, str]]:
    """A KML in which GDAL can tell the names of untyped data apart, and the names it stands for.

    GDAL makes an underscore of every byte of ``<Data name="…">`` that is not ASCII,
    and knows some names as its own. The copy has a plain token for each name.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return path, {}
    tokens: dict[str, str] = {}

    def plain(match: re.Match[str]) -> str:
        token = tokens.setdefault(match.group(3), f"parksite_data_{len(tokens)}")
        return f"{match.group(1)}{match.group(2)}{token}{match.group(2)}"

    text = _DATA.sub(plain, text)
    if not tokens:
        return path, {}
    copy = scratch / path.name
    copy.write_text(_PLAIN_HEAD + _HEAD.sub("", text), encoding="utf-8")
    return copy, {token: html.unescape(name) for name, token in tokens.items()}


def _check_root(path: Path, looker: Looker) -> None:
    """Refuse another kind of XML under the ending: a VRT, a capabilities document."""
    name, attributes = looker.root or ("", {})
    suffix = path.suffix.lower()
    if suffix == ".gml":
        fits = any(_GML in value for value in attributes.values()) and "Capabilities" not in name
        fits = fits and not name.startswith("OGRVRT")
    else:
        fits = name in _ROOTS[suffix]
    if not fits:
        raise InputError(
            f"the content does not fit the ending {suffix}: its first element is <{name[:60]}>",
            f"内容与扩展名 {suffix} 不符：首个元素为 <{name[:60]}>",
            file=path,
            remedy_en="export it again from a GIS",
            remedy_zh="请用 GIS 软件重新导出",
        )
