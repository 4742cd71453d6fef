"""The user's Word template: opened with care, its placeholders filled.

A placeholder is a name in double braces, such as ``{{title}}``; it may stand in the
text, in tables and text boxes, in headers and footers, and Word may have split it into
pieces. Its words take the format of where it begins. They are words alone: nothing in
a template or in a value is evaluated.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from geo.dossier.fields import Element, one_line
from geo.dossier.words import Words
from geo.errors import InputError, Lang

_TYPES = "[Content_Types].xml"
BODY, CONTENTS = "body", "contents"
NAMES = ("title", "subtitle", "project", "confidentiality", "status", "as_of")
_LABELS = ("writer.as_of", "cover.register", "cover.boundaries", "cover.list", "cover.software")
_PLACEHOLDER = re.compile(r"[{｛]{2}\s*([^{}｛｝]{1,80}?)\s*[}｝]{2}")
_LONGEST = 2_000
_BYTES, _MEMBERS = 200_000_000, 2_000
_DOCUMENT = b"wordprocessingml.document.main+xml"
_BLUEPRINT = b"wordprocessingml.template.main+xml"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def opened(path: Path) -> Any:
    """The template as a document of `python-docx`.

    Parameters
    ----------
    path : Path
        A ``.docx`` or ``.dotx`` file.

    Raises
    ------
    InputError
        If it is absent, of another kind, with macros or a password, damaged, or huge.
    """
    import docx

    parts = _checked(path)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(_BLUEPRINT, _DOCUMENT) if name == _TYPES else content)
    try:
        document = docx.Document(io.BytesIO(packed.getvalue()))
        _detach(document)
        if document.element.body is None:
            raise _refused(path, "the template has no text", "模板没有正文")
    except InputError:
        raise
    except Exception as error:  # python-docx and lxml raise many kinds
        raise _refused(path, "the template is damaged", "模板已损坏") from error
    return document


def check(path: Path, words: Words, langs: Iterable[Lang]) -> None:
    """Refuse a template that a dossier or report could not be written into, before any is made.

    Raises
    ------
    InputError
        If it cannot be opened, or has a placeholder that nothing fills or that is out of place.
    """
    for lang in langs:
        document = opened(path)
        spots(document, path)
        fill(document, dict.fromkeys([*(words.say(label, lang) for label in _LABELS), *NAMES], ""), path)


def _checked(path: Path) -> dict[str, bytes]:
    """Bytes of the template's parts, once it was seen to be a Word file without macros."""
    if not path.is_file():
        raise _refused(path, "the template is not there", "找不到模板文件")
    with path.open("rb") as handle:
        head = handle.read(8)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(path, "the template is an old .doc or has a password", "模板为旧版 .doc 或已加密")
    try:
        with zipfile.ZipFile(path) as archive:
            parts = dict(_read(archive, path))
    except InputError:
        raise
    except _BROKEN as error:
        raise _refused(path, "the template is no Word file, or is damaged", "模板不是 Word 文件，或已损坏") from error
    types = parts.get(_TYPES, b"")
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise _refused(path, "the template has macros", "模板含宏")
    if _DOCUMENT not in types and _BLUEPRINT not in types:
        raise _refused(path, "the template is no Word file", "模板不是 Word 文件")
    for name, content in parts.items():
        if name.endswith((".xml", ".rels")):
            _check_markup(path, name, content)
    return parts


def _read(archive: zipfile.ZipFile, path: Path) -> Iterator[tuple[str, bytes]]:
    """Parts with their bytes, counted as they come out."""
    members, done = archive.infolist(), 0
    if len(members) > _MEMBERS:
        raise _refused(path, "the template has too many parts", "模板内部文件过多")
    for member in members:
        if member.is_dir():
            continue
        with archive.open(member) as handle:
            content = handle.read(_BYTES - done + 1)
        done += len(content)
        if done > _BYTES:
            raise _refused(path, "the template unpacks to more than 200 MB", "模板解压后超过 200 MB")
        yield member.filename, content


def _check_markup(path: Path, name: str, content: bytes) -> None:
    """Refuse a part that is broken XML, or declares a document type or entities."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise _refused(path, f"a part of the template is broken: {name}", f"模板内部文件有误：{name}") from error


def _refused(path: Path, en: str, zh: str) -> InputError:
    return InputError(
        en,
        zh,
        file=path,
        field="--template",
        remedy_en="open it in Word and save it as a Word document (.docx), without password or macros",
        remedy_zh="请用 Word 打开并另存为 Word 文档（.docx），不设密码，不含宏",
    )


def _detach(document: Any) -> None:
    """Cut the tie to the template that the template itself was made from: it names a place on the user's disk."""
    settings = document.settings.element
    for one in settings.findall(qn("w:attachedTemplate")):
        relation = one.get(qn("r:id"))
        settings.remove(one)
        document.part.part_related_by(RELATIONSHIP_TYPE.SETTINGS).rels.pop(relation, None)


def fill(document: Any, values: Mapping[str, str], path: Path) -> None:
    """Put values where their placeholders stand; those for body and contents stay.

    Parameters
    ----------
    document : docx.document.Document
    values : mapping of str to str
        Words by the name of the placeholder.
    path : Path
        The template, to be named where it is wrong.

    Raises
    ------
    InputError
        If a placeholder has a name that is not among the values.
    """
    known = {_plain(name): one_line(value, _LONGEST) for name, value in values.items()}
    for part in document.part.package.iter_parts():
        root = getattr(part, "element", None)
        if root is None:
            continue
        for paragraph in root.iter(qn("w:p")):
            _fill(paragraph, known, values, path)


def spots(document: Any, path: Path) -> tuple[Element | None, Element | None]:
    """The paragraphs that hold the places of the body and of the contents, if there are such.

    To be asked before `fill`, so that a value cannot name a place.

    Raises
    ------
    InputError
        If such a placeholder stands among other words, in a table, box, header or footer, or twice.
    """
    return _spot(document, BODY, path), _spot(document, CONTENTS, path)


def _spot(document: Any, name: str, path: Path) -> Element | None:
    found = []
    for part in document.part.package.iter_parts():
        root = getattr(part, "element", None)
        for paragraph in () if root is None else root.iter(qn("w:p")):
            text = "".join(one.text or "" for one in _texts(paragraph))
            if name in (_plain(one) for one in _PLACEHOLDER.findall(text)):
                found.append((paragraph, text))
    if not found:
        return None
    paragraph, text = found[0]
    if len(found) > 1 or paragraph.getparent() is not document.element.body or not _PLACEHOLDER.fullmatch(text.strip()):
        raise InputError(
            "a placeholder needs a paragraph of its own in the text of the template, once",
            "占位符应在模板正文中单独成段，且只出现一次",
            file=path,
            field="--template",
            value=f"{{{{{name}}}}}",
            remedy_en="put it alone into a paragraph outside tables, boxes, headers and footers",
            remedy_zh="请将其单独放在一个段落中，不要放在表格、文本框、页眉或页脚内",
        )
    return paragraph


def _plain(name: str) -> str:
    return "".join(name.lower().split())


def _texts(paragraph: Element) -> list[Element]:
    """Texts of a paragraph itself, not of a text box inside it."""
    own = qn("w:p")
    return [text for text in paragraph.iter(qn("w:t")) if next(text.iterancestors(own)) is paragraph]


def _fill(paragraph: Element, known: Mapping[str, str], values: Mapping[str, str], path: Path) -> None:
    texts = _texts(paragraph)
    whole = "".join(one.text or "" for one in texts)
    found = [one for one in _PLACEHOLDER.finditer(whole) if _plain(one[1]) not in (BODY, CONTENTS)]
    for match in reversed(found):
        value = known.get(_plain(match[1]))
        if value is None:
            names = ", ".join(f"{{{{{name}}}}}" for name in (*values, BODY, CONTENTS))
            raise InputError(
                "the template has a placeholder that nothing fills",
                "模板中有无法填写的占位符",
                file=path,
                field="--template",
                value=match[0],
                remedy_en=f"placeholders are {names}",
                remedy_zh=f"可用占位符：{names}",
            )
        _replace(texts, match.start(), match.end(), value)


def _replace(texts: list[Element], start: int, end: int, value: str) -> None:
    """Put a value in place of characters that may lie in several texts; the first one takes it."""
    at = 0
    for one in texts:
        held = one.text or ""
        low, high = max(start - at, 0), min(end - at, len(held))
        at += len(held)
        if low < high:
            one.text = held[:low] + value + held[high:]
            one.set(qn("xml:space"), "preserve")
            value = ""
