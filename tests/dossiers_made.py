"""Answered lists as cases of a dossier, and their blocks as plain text."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from geo import pipeline, wording
from geo.dossier import Block, Case, Document, Heading, Paragraph, Picture, Refused, Table, Words
from geo.errors import Lang

DAY = date(2026, 11, 22)
PARK = {
    "编号": "P-1", "名称": "沙井地块", "产业领域": "光刻胶", "环节": "研发设计", "所属街道": "沙井街道",
    "用地性质": "M1 普通工业用地", "备注": "=1+1",
}  # fmt: skip
SHAJING = [[113.82, 22.74], [113.825, 22.74], [113.825, 22.744], [113.82, 22.744], [113.82, 22.74]]
ACROSS = [[113.985, 22.55], [114.0, 22.55], [114.0, 22.56], [113.985, 22.56], [113.985, 22.55]]


def polygon(ring: list[list[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def users_list(folder: Path) -> Path:
    """A park with the user's own columns, one across a border, one outside, one not understood, one without a place."""
    rows: list[tuple[dict[str, Any], Any]] = [
        (PARK, polygon(SHAJING)),
        ({"编号": "a/b", "名称": "跨界", "产业领域": "锂电池", "环节": "生产制造"}, polygon(ACROSS)),
        ({"编号": "a_b", "名称": "市外", "产业领域": "锂电池", "环节": "生产制造"}, point(113.75, 23.02)),
        ({"编号": "baoan", "名称": "未知领域", "产业领域": "魔法石", "环节": "中试"}, point(114.34, 22.69)),
        ({"编号": "L", "名称": "民治", "产业领域": "半导体材料", "环节": "研发设计"}, point(114.03763, 22.62447)),
        ({"编号": "N", "名称": "无位置", "产业领域": "锂电池"}, None),
    ]
    features = [{"type": "Feature", "properties": own, "geometry": shape} for own, shape in rows]
    path = folder / "候选.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def make_case(
    context: pipeline.Context, lang: Lang = "zh", path: Path | None = None, as_of: date = DAY, **other: Any
) -> Case:
    """The case of a list, the sample's without a path."""
    found = pipeline.read_sites(context, path)
    checked = pipeline.check(context, found, as_of)
    given: dict[str, Any] = {
        "sample": found.sample,
        "source": found.source,
        "digest": found.digest,
        "boundary_notes": context.boundaries.notes,
        "remarks": checked.warnings,
        "refused": tuple(Refused(one.row, one.label(lang), one.reason(lang)) for one in checked.rejected),
    }
    return Case(
        context.register, checked.document, checked.sites, as_of, lang, Words.load(context.settings),
        wording.load(context.settings), **(given | other),
    )  # fmt: skip


def record_of(case: Case, ident: str) -> dict[str, Any]:
    return next(one for one in case.records if one["id"] == ident)


def section(document: Document, title: str) -> list[Block]:
    """The blocks below a heading, up to the next of its level or above."""
    found: list[Block] = []
    level = 0
    for one in document.blocks:
        if isinstance(one, Heading) and level and one.level <= level:
            break
        if level:
            found.append(one)
        if isinstance(one, Heading) and one.text == title:
            level = one.level
    assert level, title
    return found


def tables_of(blocks: list[Block]) -> list[Table]:
    return [one for one in blocks if isinstance(one, Table)]


def said(blocks: Any) -> str:
    """All words of blocks, a line each."""
    lines: list[str] = []
    for one in blocks:
        if isinstance(one, Heading | Paragraph):
            lines.append(one.text)
        elif isinstance(one, Picture):
            lines += [one.caption, one.alt]
        else:
            lines += [one.caption, *one.header, *(cell for row in one.rows for cell in row), one.note]
    return "\n".join(lines)


def facts(table: Table) -> dict[str, str]:
    return {row[0]: row[1] for row in table.rows}
