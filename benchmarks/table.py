"""The table of results: a line for each peer, and the file that keeps it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HEAD = ("case", "name", "time", "ratio", "same answers", "remark")
OURS = "parksite"
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Line:
    """One tool at one case.

    Attributes
    ----------
    seconds : float or None
        None where it was not measured; `remark` says why.
    ratio : float or None
        Its time divided by ours: 190 where we are 190 times faster, 1 for ourselves.
    same : bool or None
        Whether its answers are ours; None where it has none to compare.
    """

    case: str
    name: str
    seconds: float | None = None
    ratio: float | None = None
    same: bool | None = None
    remark: str = ""

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        return (
            self.case,
            self.name,
            time_text(self.seconds),
            ratio_text(self.ratio),
            {True: "yes", False: "no", None: "—"}[self.same],
            self.remark,
        )


def time_text(seconds: float | None) -> str:
    """Seconds with three digits that count.

    >>> [time_text(one) for one in (None, 0.01234, 4.5678, 123.4)]
    ['—', '12.3 ms', '4.57 s', '123 s']
    """
    if seconds is None:
        return "—"
    value, unit = (seconds * 1000, "ms") if seconds < 1 else (seconds, "s")
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f} {unit}"


def ratio_text(ratio: float | None) -> str:
    """A ratio with an x, with digits after the point only below ten.

    >>> [ratio_text(one) for one in (None, 1.0, 0.456, 4.71, 190.4)]
    ['—', '1x', '0.46x', '4.7x', '190x']
    """
    if ratio is None:
        return "—"
    if ratio == 1:
        return "1x"
    return f"{ratio:.2f}x" if ratio < 1 else f"{ratio:.1f}x" if ratio < 10 else f"{ratio:.0f}x"


def markdown(lines: Sequence[Line]) -> str:
    """Lines as a table."""
    rows = [HEAD, ("---",) * len(HEAD), *(line.cells() for line in lines)]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |\n" for row in rows)


def sections(text: str) -> dict[str, str]:
    """Tables of a file of results, by the name of their case."""
    parts = _SECTION.split(text)
    return {name: body.strip() + "\n" for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def keep(path: Path, head: str, tables: Mapping[str, str], order: Sequence[str]) -> None:
    """Write tables into the file of results, whole or not at all.

    Tables of other cases stay if the file's head is the same, that is, if they were measured
    on such a machine with such peers; else they go.
    """
    former = path.read_text(encoding="utf-8") if path.is_file() else ""
    stays = sections(former) if former.startswith(f"{head}\n## ") else {}
    found = stays | dict(tables)
    text = f"{head}\n" + "\n".join(f"## {name}\n\n{found[name]}" for name in order if name in found)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, suffix=".part", delete=False) as file:
        file.write(text)
    Path(file.name).chmod(0o644)
    os.replace(file.name, path)
