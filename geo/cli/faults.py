"""What went wrong with rows, each by name, on stderr."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from geo.cli.options import tell
from geo.errors import LINES_SHOWN, InputError

if TYPE_CHECKING:
    from geo.pipeline import Checked

Line = tuple[str, str]


def report(checked: Checked, lang: str, rejected_file: Path | None = None) -> None:
    """Warnings, rejected rows, rows that look odd and unknown words."""
    from geo import remarks

    rows = list(zip(checked.sites, checked.document["sites"], strict=True))
    said = {
        "rejected": [remarks.rejected_line(one) for one in checked.rejected],
        "noted": [remarks.noted_line(site.id, site.row, note) for site, one in rows for note in one["notes"]],
        "unrecognised": [
            remarks.unrecognised_line(site.id, site.row, fault) for site, one in rows for fault in one["unrecognised"]
        ],
    }
    tell_all(checked.warnings, said, {kind: len(lines) for kind, lines in said.items()}, lang, rejected_file)


def tell_all(
    warnings: Iterable[Line],
    said: Mapping[str, Sequence[Line]],
    counts: Mapping[str, int],
    lang: str,
    rejected_file: Path | None = None,
) -> None:
    """Warnings, then the lines of each kind as far as they are shown; `counts` are those of all."""
    for zh, en in warnings:
        tell(lang, f"注意：{zh}", f"note: {en}")
    for kind, lines in said.items():
        _lines(lines, counts[kind], lang, rejected_file if kind == "rejected" else None)


def refuse_faults(checked: Checked, lang: str) -> None:
    """Raise after a report if any row has a fault, for `--strict`.

    Raises
    ------
    InputError
        With the counts.
    """
    if not checked.faultless:
        report(checked, lang)
        raise strictly(len(checked.rejected), len(checked.unrecognised), len(checked.noted))


def strictly(*counts: int) -> InputError:
    """The error of `--strict` for rows rejected, not recognised, to be checked."""
    return InputError(
        "--strict: {} rows rejected, {} not recognised, {} to be checked; nothing was written".format(*counts),
        "--strict：{} 行被拒绝，{} 行无法识别，{} 行待核；未写出任何结果".format(*counts),
        remedy_en="correct the rows named above",
        remedy_zh="请改正以上各行",
    )


def _lines(lines: Sequence[Line], count: int, lang: str, file: Path | None) -> None:
    for zh, en in lines[:LINES_SHOWN]:
        tell(lang, zh, en)
    more = count - LINES_SHOWN
    if more > 0:
        tell(
            lang, f"……另有 {more} 行{f'，见 {file}' if file else ''}", f"… {more} more{f', in {file}' if file else ''}"
        )
