"""The table of a shapefile: the raw bytes of its text, and which encoding they are in."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.schema import SITE_COLUMNS
from geo.sources.content import damaged
from geo.sources.encoding import SPOKEN, agrees, codec, measured
from geo.sources.layer import EncodingBasis, Limits, Note

_LANGUAGES = {
    0x03: "cp1252", 0x57: "cp1252", 0x58: "cp1252", 0x59: "cp1252",
    0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5",
}  # fmt: skip
_READ = 20_000_000
_NAME_WIDTH = 10
_NULL_SHAPE = 2


@dataclass(frozen=True)
class Text:
    """How the text of a shapefile is to be decoded."""

    codec: str
    encoding: str | None
    basis: EncodingBasis | None
    notes: tuple[Note, ...] = ()


def sidecar(path: Path, suffix: str) -> Path | None:
    """The file beside another with a different ending, in either case."""
    for one in (suffix, suffix.upper(), suffix.capitalize()):
        found = path.with_suffix(one)
        if found.is_file():
            return found
    return None


def text_of(path: Path) -> Text:
    """The encoding of a shapefile's text: what it declares, if the text agrees.

    Raises
    ------
    InputError
        If the .dbf is damaged.
    """
    table = sidecar(path, ".dbf")
    if table is None:
        return Text("utf-8", None, None, (
            ("缺少 .dbf 文件，没有属性。", "There is no .dbf beside the file: no attributes."),
        ))  # fmt: skip
    pieces, language = _pieces(table)
    cpg = sidecar(path, ".cpg")
    said = cpg.read_bytes()[:64].decode("latin-1").strip() if cpg else ""
    declared = codec(said) or _LANGUAGES.get(language)
    if declared and agrees(pieces, declared):
        return Text(declared, SPOKEN.get(declared, declared), "declared")
    found = measured(pieces)
    if found is None:
        return Text("utf-8", SPOKEN["utf-8"] if any(not one.isascii() for one in pieces) else None, None)
    if declared is None:
        return Text(found, SPOKEN[found], "measured")
    where = (".cpg", ".cpg") if codec(said) else (".dbf header", ".dbf 文件头")
    told, shown = said or SPOKEN.get(declared, declared), SPOKEN[found]
    note = (f"{where[1]} 声明为 {told}，文字实为 {shown}，按 {shown} 读取。",
            f"The {where[0]} says {told}, the text is {shown}: read as {shown}.")  # fmt: skip
    # Windows programs write the Western code into the header whatever the text is
    return Text(found, shown, "measured", (note,) if codec(said) else ())


def _pieces(table: Path) -> tuple[list[bytes], int]:
    """Names of the fields and values of the text fields as bytes, and the language byte."""
    with table.open("rb") as handle:
        head = handle.read(32).ljust(32, b"\0")
        count, start, width = struct.unpack("<IHH", head[4:12])
        if start < 33 or width < 1 or start > table.stat().st_size:
            raise damaged(table, "")
        fields = handle.read(start - 32)
        body = handle.read(min(_READ, count * width))
    pieces: list[bytes] = []
    spans: list[tuple[int, int]] = []
    at = 1
    for offset in range(0, len(fields) - 31, 32):
        one = fields[offset : offset + 32]
        if one[0] == 0x0D:
            break
        pieces.append(one[:11].split(b"\0")[0].strip())
        if one[11:12] == b"C":
            # a text field over 255 wide keeps the high byte of its width where numbers keep decimals
            spans.append((at, at + one[16] + (one[17] << 8)))
            at += one[17] << 8
        at += one[16]
    for begin in range(0, len(body) - width + 1, width) if width else ():
        record = body[begin : begin + width]
        pieces += [record[left:right].split(b"\0")[0].strip() for left, right in spans]
    return pieces, head[29]


def index_fits(path: Path) -> bool:
    """Whether the .shx points at records of the .shp, or the .shp has broken off and no index helps."""
    index = sidecar(path, ".shx")
    if index is None:
        return False
    raw, said = path.read_bytes(), index.read_bytes()
    if len(raw) < int.from_bytes(raw[24:28], "big", signed=True) * 2:
        return len(said) >= 108
    claimed = int.from_bytes(said[24:28], "big", signed=True) * 2
    if said[:4] != raw[:4] or len(said) < 100 or (len(said) - 100) % 8 or claimed != len(said):
        return False
    entries = np.frombuffer(said[100:], dtype=">i4").reshape(-1, 2).astype(np.int64)
    ends = entries[:, 0] * 2 + 8 + entries[:, 1] * 2
    return bool(np.all((entries[:, 0] >= 50) & (entries[:, 1] >= 0) & (ends <= len(raw))))


def write_index(path: Path) -> None:
    """Write the .shx of a shapefile, from the records of the .shp themselves.

    Raises
    ------
    InputError
        If there are none.
    """
    raw = path.read_bytes()
    entries = [raw[:24]]
    at = 100
    while at + 8 <= len(raw):
        words = int.from_bytes(raw[at + 4 : at + 8], "big", signed=True)
        if words < 0 or at + 8 + 2 * words > len(raw):
            break
        entries.append(struct.pack(">ii", at // 2, words))
        at += 8 + 2 * words
    if len(entries) == 1 and len(raw) > 100:
        raise damaged(path, "")
    entries.insert(1, struct.pack(">i", 50 + 4 * (len(entries) - 1)) + raw[28:100])
    path.with_suffix(".shx").write_bytes(b"".join(entries))


def shapes_held(path: Path) -> NDArray[np.bool_] | None:
    """For each row that a shapefile should have, whether the index says that it has a shape.

    None without an index. Rows that the .dbf marks as deleted are left out, as GDAL does.
    """
    index, table = sidecar(path, ".shx"), sidecar(path, ".dbf")
    if index is None:
        return None
    words = np.frombuffer(index.read_bytes()[100:], dtype=">i4", count=(index.stat().st_size - 100) // 8 * 2)
    held: NDArray[np.bool_] = words[1::2] > _NULL_SHAPE
    if table is None:
        return held
    raw = np.memmap(table, dtype=np.uint8, mode="r")
    start, width = (int.from_bytes(raw[at : at + 2].tobytes(), "little") for at in (8, 10))
    flags = np.array(raw[start::width]) if width else np.zeros(0, dtype=np.uint8)
    deleted = flags[: len(held)] == ord("*")
    return np.concatenate([held[: len(deleted)][~deleted], held[len(deleted) :]])


def uncut(name: str, declared: str) -> str:
    """The name of a site column that a .dbf cut to 10 bytes, else the name as it is.

    Examples
    --------
    >>> uncut("产业领", "utf-8"), uncut("产业领", "gb18030"), uncut("名称", "utf-8")
    ('产业领域', '产业领', '名称')
    """
    known = (one for ours, aliases in SITE_COLUMNS.items() for one in (ours, *aliases))
    if len(name.encode(declared, "replace")) < _NAME_WIDTH - 2:
        return name
    longer = (one for one in known if one.startswith(name) and len(one.encode(declared, "replace")) > _NAME_WIDTH)
    return next(longer, name)


@dataclass(frozen=True)
class Names:
    """Full names for the short ones of a .dbf, and which fields are one text in parts."""

    parts: dict[str, tuple[str, ...]]

    def columns(self) -> tuple[str, ...]:
        """The full names."""
        return tuple(self.parts)

    def row(self, row: dict[str, object]) -> dict[str, object]:
        """A row under the full names, with texts joined."""
        return {name: self._join([row[one] for one in fields]) for name, fields in self.parts.items()}

    @staticmethod
    def _join(values: list[object]) -> object:
        if len(values) == 1:
            return values[0]
        return "".join(str(one) for one in values if one is not None) or None


def names_of(path: Path, columns: tuple[str, ...], limits: Limits) -> Names | None:
    """The full names from ``<stem>.columns.csv``, which we write beside a shapefile.

    None if there is no such file, or it does not fit the fields.
    """
    from geo.sources import text

    beside = path.with_name(f"{path.stem}.columns.csv")
    if not beside.is_file():
        return None
    try:
        listed = text.read(beside, limits=limits)
        rows = sorted(
            (int(str(one["part"] or 1)), number, str(one["column"]), str(one["name"]))
            for number, one in enumerate(listed.rows)
        )
    except (InputError, KeyError, ValueError):
        return None
    ordered: dict[str, tuple[str, ...]] = {}
    for _, _, _, name in sorted(rows, key=lambda one: one[1]):
        ordered[name] = tuple(field for _, _, field, full in rows if full == name)
    used = [field for fields in ordered.values() for field in fields]
    if sorted(used) != sorted(columns):
        return None
    return Names(ordered)
