"""What is to be said of a run over a long list: counts, and the first of each kind in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from geo.errors import LINES_SHOWN

Line = tuple[str, str]
KINDS = ("rejected", "noted", "unrecognised")


@dataclass
class Outcome:
    """What a run over a list, or over a part of it, has come to.

    Attributes
    ----------
    sites, outside : int
        Rows that were answered, and those of them outside the city.
    counts : Counter of str
        Lines of each of `KINDS`.
    rows : Counter of str
        Rows that have such lines.
    lines : dict of str to list of (str, str)
        The first of them, in Chinese and English.
    warnings : dict of (str, str) to None
    """

    sites: int = 0
    outside: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    lines: dict[str, list[Line]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    warnings: dict[Line, None] = field(default_factory=dict)

    def say(self, kind: str, lines: Iterable[Line], count: int, rows: int) -> None:
        """Add `count` lines of a kind, on so many rows, of which only so many are taken as are shown."""
        self.counts[kind] += count
        self.rows[kind] += rows
        self.lines[kind] += islice(lines, max(0, LINES_SHOWN - len(self.lines[kind])))

    def add(self, other: Outcome) -> None:
        """Add what the next part has come to."""
        self.sites += other.sites
        self.outside += other.outside
        for kind in KINDS:
            self.say(kind, other.lines[kind], other.counts[kind], other.rows[kind])
        self.warnings = dict.fromkeys(islice(_summed([*self.warnings, *other.warnings]), LINES_SHOWN))

    @property
    def clean(self) -> bool:
        """Whether every row was used and understood."""
        return not self.counts["rejected"] and not self.counts["unrecognised"]

    @property
    def faultless(self) -> bool:
        """Whether, beyond that, no row was repaired or looks odd."""
        return self.clean and not self.counts["noted"]

    def packed(self) -> dict[str, object]:
        """The same in plain values, to be written down."""
        return {
            "sites": self.sites,
            "outside": self.outside,
            "counts": dict(self.counts),
            "rows": dict(self.rows),
            "lines": self.lines,
            "warnings": list(self.warnings),
        }

    @classmethod
    def unpacked(cls, held: dict[str, object]) -> Outcome:
        """What `packed` gave, as it comes out of JSON."""
        lines = {kind: [(zh, en) for zh, en in said] for kind, said in held["lines"].items()}  # type: ignore[attr-defined]
        warnings = dict.fromkeys((zh, en) for zh, en in held["warnings"])  # type: ignore[attr-defined]
        counts, rows = Counter(held["counts"]), Counter(held["rows"])  # type: ignore[call-overload]
        return cls(int(held["sites"]), int(held["outside"]), counts, rows, lines, warnings)  # type: ignore[call-overload]


def _summed(warnings: Iterable[Line]) -> Iterator[Line]:
    """Each once; of those that begin with a count, as those of parts do, the sum of the counts."""
    counts: dict[Line, int | None] = {}
    for zh, en in warnings:
        (many, _, said_zh), (number, _, said_en) = zh.partition(" "), en.partition(" ")
        if many == number and many.isdecimal() and said_zh:
            counts[said_zh, said_en] = (counts.get((said_zh, said_en)) or 0) + int(many)
        else:
            counts[zh, en] = None
    for (zh, en), count in counts.items():
        yield (zh, en) if count is None else (f"{count} {zh}", f"{count} {en}")
