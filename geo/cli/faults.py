"""What went wrong with rows, each by name, on stderr."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geo.cli.options import tell
from geo.errors import InputError, one_line
from geo.schema import COLUMN_NAMES

if TYPE_CHECKING:
    from geo.pipeline import Checked

Line = tuple[str, str]
_SHOWN = 20  # lines of one kind; the rest are counted


def report(checked: Checked, lang: str, rejected_file: Path | None = None) -> None:
    """Warnings, rejected rows, rows that look odd and unknown words."""
    for zh, en in checked.warnings:
        tell(lang, f"注意：{zh}", f"note: {en}")
    _lines(_rejected(checked), lang, rejected_file)
    _lines(_noted(checked), lang)
    _lines(_unrecognised(checked), lang)


def refuse_faults(checked: Checked, lang: str) -> None:
    """Raise after a report if any row has a fault, for `--strict`.

    Raises
    ------
    InputError
        With the counts.
    """
    if checked.faultless:
        return
    report(checked, lang)
    counts = (len(checked.rejected), len(checked.unrecognised), len(checked.noted))
    raise InputError(
        "--strict: {} rows rejected, {} not recognised, {} to be checked; nothing was written".format(*counts),
        "--strict：{} 行被拒绝，{} 行无法识别，{} 行待核；未写出任何结果".format(*counts),
        remedy_en="correct the rows named above",
        remedy_zh="请改正以上各行",
    )


def _lines(lines: list[Line], lang: str, file: Path | None = None) -> None:
    for zh, en in lines[:_SHOWN]:
        tell(lang, zh, en)
    more = len(lines) - _SHOWN
    if more > 0:
        tell(
            lang, f"……另有 {more} 行{f'，见 {file}' if file else ''}", f"… {more} more{f', in {file}' if file else ''}"
        )


def _rejected(checked: Checked) -> list[Line]:
    return [
        (f"拒绝：{one.label('zh')}：{one.reason('zh')}", f"rejected: {one.label('en')}: {one.reason('en')}")
        for one in checked.rejected
    ]


def _noted(checked: Checked) -> list[Line]:
    return [
        (
            f"待核：{one_line(site.id)}（第 {site.row} 行）：{note['zh']}",
            f"to be checked: {one_line(site.id)} (row {site.row}): {note['en']}",
        )
        for site, record in zip(checked.sites, checked.document["sites"], strict=True)
        for note in record["notes"]
    ]


def _unrecognised(checked: Checked) -> list[Line]:
    found = []
    for site, record in zip(checked.sites, checked.document["sites"], strict=True):
        for fault in record["unrecognised"]:
            near_zh, near_en = "、".join(fault["suggestions"]), ", ".join(fault["suggestions_en"])
            ident, value = one_line(site.id), one_line(fault["value"])
            zh = f"无法识别：{ident}（第 {site.row} 行）：{COLUMN_NAMES[fault['column']]}“{value}”，是否指 {near_zh}？"
            en = f"not recognised: {ident} (row {site.row}): {fault['column']} {value!r}; did you mean {near_en}?"
            found.append((zh, en))
    return found
