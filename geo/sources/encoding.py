"""The encoding of text, measured on the text itself.

Chinese files rarely say their encoding, and what they say is often wrong. Only
three things come in practice: UTF-8, GBK (with its extension GB18030) and the
Western code page. Each is tried on the pieces of text, and what comes out is
judged: common characters speak for an encoding, rare or impossible ones against.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence

_CANDIDATES = ("utf-8", "gb18030", "cp1252")
_MARGIN = 0.3
_SAMPLE = 20_000
_TEXT = re.compile(
    r"(cp|windows-|ibm|iso[-_ ]?8859[-_ ]?|koi8[-_]?|mac|latin[-_ ]?|gb|euc[-_]|shift[-_]jis|big5)[\w-]*|utf[-_]?16\w*"
)
_NAMES = {
    "65001": "utf-8", "utf-8": "utf-8", "utf8": "utf-8", "unicode": "utf-8",
    "936": "gb18030", "cp936": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030",
    "ansi 936": "gb18030", "54936": "gb18030",
    "1252": "cp1252", "cp1252": "cp1252", "ansi 1252": "cp1252", "88591": "cp1252",
    "iso-8859-1": "cp1252", "iso 8859-1": "cp1252", "8859_1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "950": "big5", "cp950": "big5", "big5": "big5",
}  # fmt: skip
SPOKEN = {"utf-8": "UTF-8", "gb18030": "GBK", "cp1252": "Windows-1252", "big5": "Big5", "utf-16": "UTF-16"}


def codec(declared: str) -> str | None:
    """Python's name of an encoding as files declare it, or None if it says nothing.

    Examples
    --------
    >>> codec("CP936"), codec("65001"), codec("SYSTEM")
    ('gb18030', 'utf-8', None)
    """
    said = declared.strip().strip("\0").lower()
    if said in _NAMES:
        return _NAMES[said]
    if not _TEXT.fullmatch(said):
        return None
    try:
        return codecs.lookup(said).name
    except LookupError:
        return None


def measured(texts: Iterable[bytes]) -> str | None:
    """Encoding that the pieces of text are in, or None if all is ASCII or nothing fits.

    A piece may be cut in the middle of its last character.

    Examples
    --------
    >>> measured(["深圳市".encode("gbk"), b"S1"]), measured(["Café Zürich".encode("cp1252")])
    ('gb18030', 'cp1252')
    """
    pieces = _telling(texts)
    if not pieces:
        return None
    scores = {name: _score(pieces, name) for name in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda name: scores[name])
    return best if scores[best] > 0 else None


def agrees(texts: Iterable[bytes], declared: str) -> bool:
    """Whether text can be in the declared encoding, and no other fits clearly better."""
    pieces = _telling(texts)
    if not pieces:
        return True
    best = max(_score(pieces, name) for name in _CANDIDATES)
    return _score(pieces, declared) >= best - _MARGIN


def _telling(texts: Iterable[bytes]) -> list[bytes]:
    """The pieces that are not ASCII, each once, as many as it takes."""
    found: dict[bytes, None] = {}
    for text in texts:
        if not text.isascii():
            found[text] = None
            if len(found) >= _SAMPLE:
                break
    return list(found)


def decode(piece: bytes, name: str) -> tuple[str, bool]:
    """Text of a piece, and whether its last character was cut and left out.

    What cannot be decoded otherwise becomes U+FFFD.
    """
    try:
        return piece.decode(name), False
    except UnicodeDecodeError:
        pass
    decoder = codecs.getincrementaldecoder(name)()
    try:
        return decoder.decode(piece), True
    except UnicodeDecodeError:
        return piece.decode(name, "replace"), False


def _score(pieces: Sequence[bytes], name: str) -> float:
    """Mean over the pieces of how much each looks like text in this encoding, -1 to 1.8."""
    total = 0.0
    for piece in pieces:
        decoder = codecs.getincrementaldecoder(name)()
        try:
            text = decoder.decode(piece)
            # three bytes that hang together as UTF-8 rarely do so by accident
            total += _likely(text) + (0.5 if name == "utf-8" and max(text, default="") >= "\u0800" else 0.0)
        except UnicodeDecodeError:
            total -= 1.0
    valid = 0.3 if name == "utf-8" and total > 0 else 0.0
    return total / len(pieces) + valid


def _likely(text: str) -> float:
    """Mean likeliness of the characters beyond ASCII."""
    marks = [
        _mark(char, text[at - 1 : at] + text[at + 1 : at + 2]) for at, char in enumerate(text[:4000]) if char > "\x7f"
    ]
    return sum(marks) / len(marks) if marks else 0.0


def _mark(char: str, beside: str) -> float:
    """How likely a character is in a planner's file; `beside` are its neighbours."""
    if "\u4e00" <= char <= "\u9fff":
        return _common(char)
    if "\u3000" <= char <= "\u303f" or "\uff01" <= char <= "\uffee" or char in "·—‘’“”…×°㎡²³":
        return 0.8
    if "\u00c0" <= char <= "\u017f" and char not in "×÷":
        return 0.7 if all(one.isascii() for one in beside) else 0.05
    if "\u3400" <= char <= "\u4dbf" or char >= "\U00020000":
        return 0.2
    if "\u3040" <= char <= "\u30ff" or "\u2160" <= char <= "\u217f" or "\u2460" <= char <= "\u24ff":
        return 0.4
    if "\u2190" <= char <= "\u27bf" or "\U00010000" <= char <= "\U0001ffff" or char in "\u200d\ufe0f":
        return 0.4  # signs and emoji
    return -0.5


def _common(char: str) -> float:
    """1 for the 3,755 common characters of GB 2312, less for rarer ones.

    Examples
    --------
    >>> _common("深"), _common("圳"), _common("娣") < 1
    (1.0, 0.7, True)
    """
    try:
        lead = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0.1
    return 1.0 if lead < 0xD8 else 0.7
