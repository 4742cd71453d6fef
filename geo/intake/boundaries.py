"""A user's own district layer against ours."""

from __future__ import annotations

import shapely

from geo import crs, detective
from geo.detective import City
from geo.districts import Boundaries
from geo.errors import CRSMismatch
from geo.sources import Note


def city(boundaries: Boundaries) -> City:
    """What the detective knows."""
    return City(boundaries.ids, boundaries.outlines, boundaries.approximate)


def examine_boundaries(given: Boundaries, shipped: Boundaries) -> tuple[Note, ...]:
    """A warning where a user's layer lies off ours as one in another datum would.

    Raises
    ------
    CRSMismatch
        If it lies so and declares no coordinate system.
    """
    middles = shapely.point_on_surface(given.outlines)
    x, y = shapely.get_x(middles), shapely.get_y(middles)
    finding = detective.examine(x, y, city(shipped), declared="cgcs2000", said=given.ids, polygons=given.outlines)
    best = finding.hypotheses[0]
    if finding.verdict != "other" or best.datum not in crs.DATUMS:
        return ()
    zh, en = (
        f"区界图层 {given.source.zh}：{finding.evidence.zh}",
        f"boundary layer {given.source.en}: {finding.evidence.en}",
    )
    if not given.declared:
        raise CRSMismatch(
            f"the layer declares no coordinate system and fits {best.name.en}: {en}",
            f"图层未声明坐标系，且与{best.name.zh}相符：{zh}",
            remedy_en="convert it to CGCS2000 and save it with its coordinate system",
            remedy_zh="请转换为 CGCS2000 并保存坐标系声明",
        )
    return ((f"{zh}已按声明处理，请核对坐标系。", f"{en} The declared system was used; check it."),)
