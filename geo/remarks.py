"""What is to be remarked of sites once they are placed (layer 6).

Where an undeclared position would lie in another datum; a district other than the one
that the file names; a file of sites that lie elsewhere; every fault of a rejected row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from geo import check, crs, join
from geo.districts import Boundaries
from geo.errors import RowError, UnknownTerm, one_line
from geo.register import Register
from geo.schema import COLUMN_NAMES, Place, Site
from geo.sites import Rejected, SiteList


def shifted(
    found: Sequence[Site], shapes: Any, places: Sequence[join.Location], boundaries: Boundaries
) -> dict[int, dict[str, str | None]]:
    """District of each undeclared position if it were in a datum of the web maps, where that differs."""
    rows = [at for at, site in enumerate(found) if site.datum_basis == "assumed"]
    other: dict[int, dict[str, str | None]] = {}
    if not rows:
        return other
    for datum in ("gcj02", "bd09"):
        moved = join.locate(crs.shift_geometries(shapes[rows], datum), boundaries)
        for at, place in zip(rows, moved, strict=True):
            if place.district != places[at].district:
                other.setdefault(at, {})[datum] = place.district
    return other


def cautions(found: SiteList, places: Sequence[join.Location]) -> tuple[tuple[str, str], ...]:
    """A warning where most sites of a file lie outside the city."""
    outside = sum(place.district is None for place in places)
    if not found.source or 2 * outside <= len(places) or found.sample:
        return ()
    zh = f"{found.source}：{len(places)} 处中有 {outside} 处不在深圳市域内，请核对坐标。"
    en = f"{found.source}: {outside} of {len(places)} sites lie outside Shenzhen; check the coordinates."
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
    said = _places_said(found, known)
    return tuple(
        _compared(site, place, said[site.district_query], known) for site, place in zip(found, places, strict=True)
    )


def _places_said(found: Sequence[Site], known: Register) -> dict[str | None, Place | None]:
    """The place that each word of the district column names; None where the register knows none."""
    said: dict[str | None, Place | None] = {None: None}
    for word in {site.district_query for site in found if site.district_query is not None}:
        try:
            said[word] = known.find_place(word)
        except UnknownTerm:
            said[word] = None
    return said


def _compared(site: Site, place: join.Location, named: Place | None, known: Register) -> Site:
    """The site with a note where its file names another district than the one found, or none that is known."""
    if named is None and site.district_query is not None and not site.district_query.isascii():
        word = one_line(site.district_query)
        zh, en = f"所填区属“{word}”无法识别。", f"the district {word!r} is not known."
        return replace(site, notes=(*site.notes, (zh, en)))
    if named is None or not named.located or named.id == place.district or named.id in place.possible:
        return site
    found = known.places[place.district] if place.district else None
    zh = f"文件所填区属为{named.zh}，坐标位于{found.zh if found else '市域外'}。"
    en = f"the file says {named.en}, the position lies {f'in {found.en}' if found else 'outside the city'}."
    return replace(site, notes=(*site.notes, (zh, en)))
