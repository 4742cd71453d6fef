"""What is to be remarked of sites once they are placed (layer 6).

Where an undeclared position would lie in another datum; a district other than the one
that the file names; a file of sites that lie elsewhere; every fault of a rejected row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from geo import check, crs, join
from geo.districts import Boundaries
from geo.errors import RowError, UnknownTerm, one_line
from geo.register import Register
from geo.schema import COLUMN_NAMES, Place, Site
from geo.sites import Rejected, SiteList
from geo.sources import Note


def shifted(
    found: Sequence[Site], shapes: Any, places: Sequence[join.Location], boundaries: Boundaries
) -> dict[int, dict[str, str | None]]:
    """District of each undeclared position if it were in a datum of the web maps, where that differs."""
    rows = [at for at, site in enumerate(found) if site.datum_basis == "assumed"]
    other: dict[int, dict[str, str | None]] = {}
    if not rows:
        return other
    for datum in ("gcj02", "bd09"):
        moved = join.districts_of(crs.shift_geometries(shapes[rows], datum), boundaries)
        for at, district in zip(rows, moved, strict=True):
            if district != places[at].district:
                other.setdefault(at, {})[datum] = district
    return other


def cautions(found: SiteList, places: Sequence[join.Location]) -> tuple[Note, ...]:
    """A warning where most sites of a file lie outside the city."""
    if not found.source or found.sample:
        return ()
    return mostly_outside(found.source, sum(place.district is None for place in places), len(places))


def mostly_outside(source: str, outside: int, count: int) -> tuple[Note, ...]:
    """The warning for a file of `count` sites if more than half of them lie outside the city."""
    if 2 * outside <= count:
        return ()
    zh = f"{source}：{count} 处中有 {outside} 处不在深圳市域内，请核对坐标。"
    en = f"{source}: {outside} of {count} sites lie outside Shenzhen; check the coordinates."
    return ((zh, en),)


def looked_up(one: Rejected, known: Register) -> Rejected:
    """A rejected row with its field and stage looked up too, so that every fault is named at once."""
    question = check.ask(known, one.field, one.stage)
    faults = [
        RowError(
            f"the {fault.column} is not known",
            f"{COLUMN_NAMES[fault.column]}无法识别",
            row=one.row,
            line=one.line,
            field=fault.column,
            value=fault.value,
            remedy_en=f"did you mean {', '.join(fault.suggestions_en)}?",
            remedy_zh=f"是否指 {'、'.join(fault.suggestions)}？",
        )
        for fault in question.unknown
    ]
    return replace(one, faults=(*one.faults, *faults))


def compared(found: Sequence[Site], places: Sequence[join.Location], known: Register) -> tuple[Site, ...]:
    """The sites, with a note where the file names another district than the one found, or none that is known."""
    said = places_said({site.district_query for site in found}, known)
    noted = []
    for site, place in zip(found, places, strict=True):
        note = district_note(site.district_query, said[site.district_query], place.district, place.possible, known)
        noted.append(site if note is None else replace(site, notes=(*site.notes, note)))
    return tuple(noted)


def places_said(words: Collection[str | None], known: Register) -> dict[str | None, Place | None]:
    """The place that each word of the district column names; None where the register knows none."""
    said: dict[str | None, Place | None] = {None: None}
    for word in words:
        if word is not None:
            try:
                said[word] = known.find_place(word)
            except UnknownTerm:
                said[word] = None
    return said


def district_note(
    word: str | None, named: Place | None, district: str | None, possible: Sequence[str], known: Register
) -> Note | None:
    """What is to be said of the district that a file names, `named` as the register knows it; None if nothing."""
    if named is None and word is not None and not word.isascii():
        return f"所填区属“{one_line(word)}”无法识别。", f"the district {one_line(word)!r} is not known."
    if named is None or not named.located or named.id == district or named.id in possible:
        return None
    found = known.places[district] if district else None
    zh = f"文件所填区属为{named.zh}，坐标位于{found.zh if found else '市域外'}。"
    en = f"the file says {named.en}, the position lies {f'in {found.en}' if found else 'outside the city'}."
    return zh, en


def rejected_line(one: Rejected) -> Note:
    """A rejected row in one line."""
    return (
        f"拒绝：{one.label('zh')}：{one.reason('zh')}",
        f"rejected: {one.label('en')}: {one.reason('en')}",
    )


def noted_line(ident: str, row: int, note: Mapping[str, str]) -> Note:
    """A row that was repaired or looks odd in one line."""
    named = one_line(ident)
    return f"待核：{named}（第 {row} 行）：{note['zh']}", f"to be checked: {named} (row {row}): {note['en']}"


def unrecognised_line(ident: str, row: int, fault: Mapping[str, Any]) -> Note:
    """A row with an unknown field or stage in one line."""
    near_zh, near_en = "、".join(fault["suggestions"]), ", ".join(fault["suggestions_en"])
    named, value = one_line(ident), one_line(fault["value"])
    return (
        f"无法识别：{named}（第 {row} 行）：{COLUMN_NAMES[fault['column']]}“{value}”，是否指 {near_zh}？",
        f"not recognised: {named} (row {row}): {fault['column']} {value!r}; did you mean {near_en}?",
    )
