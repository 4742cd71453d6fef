"""The sheet of a ranking (layer 7): the sites on the map numbered by rank, and their table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from geo.exhibits import extents
from geo.exhibits.blocks import Grid, Prose
from geo.exhibits.ground import MANY, mark_style
from geo.exhibits.lettering import SOFT, Line
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Block, Mark, Pair, Plan, Scene, Section
from geo.exhibits.ranked import (
    Ranking,
    Site,
    about,
    between,
    called,
    capped,
    cell,
    excluded_sites,
    overrides,
    pair,
    places,
    ranked_sites,
    ranking_of,
    score,
    status_classes,
    symbol_items,
    titled,
)
from geo.exhibits.roles import own_notes
from geo.exhibits.spec import Spec

_MOST = 90  # rows, more than any paper holds
_NAMED = 4  # constraints that a row names
_SHARES = (0.13, 0.35, 0.17, 0.21, 0.14)  # rank, site, score, its range, range of ranks


def plan_ranking(pen: Pen, spec: Spec, scene: Scene, _subject: str) -> Plan:
    """The sites that a model ranks, and those that it excludes."""
    ranking = ranking_of(scene, spec.show)
    main, inset = extents.of_spec(spec, scene.boundaries)
    marks = rank_marks(scene, ranking) if spec.sites else ()
    notes = [*own_notes(spec), pen.style.words["rank_unknown"]]
    notes += [pen.style.words["rank_open"]] if any(one["status"] == "open" for one in ranking["sites"]) else []
    notes += [pen.style.words["many_sites"]] if len(marks) > MANY else []
    return Plan(
        scene.symbology.plain(),
        main,
        titled(spec, scene, ranking),
        sections=(_section(pen, scene, ranking),) if marks else (),
        marks=marks,
        inset=inset,
        documents=_documents(scene, ranking),
        notes=(*notes, *overrides(pen, scene, ranking["sites"], ranking)),
        side=tuple(_tables(pen, scene, ranking)),
        about=about(pen, ranking),
    )


def rank_marks(scene: Scene, ranking: Ranking) -> tuple[Mark, ...]:
    """The sites with the symbols of their status, numbered by rank; the best lie on top."""
    classes = status_classes(scene)
    shapes = dict(zip((str(one["id"]) for one in scene.records), scene.shapes, strict=False))
    return tuple(
        Mark(
            one["lon"],
            one["lat"],
            classes[one["status"]],
            str(one["rank"] or ""),
            shapes.get(str(one["id"])),
            bold=True,
        )
        for one in ranking["sites"]
    )


def _section(pen: Pen, scene: Scene, ranking: Ranking) -> Section:
    """The legend: each status that occurs."""
    counts = Counter(str(one["status"]) for one in ranking["sites"])
    zh, en = (one.format(count=len(ranking["sites"])) for one in pen.style.words["rank_legend"])
    return Section(Line(pen.say(zh, en), 8.6, bold=True), symbol_items(pen, status_classes(scene), counts))


def _documents(scene: Scene, ranking: Ranking) -> tuple[str, ...]:
    """Instruments from which rules of the model come."""
    used = {one["instrument"] for key in ("constraints", "criteria") for one in ranking[key]}
    return tuple(one for one in scene.register.instruments if one in used)


def _tables(pen: Pen, scene: Scene, ranking: Ranking) -> list[Block]:
    """The ranked sites, and those that are excluded with what they fail."""
    ranked, out = ranked_sites(ranking), excluded_sites(ranking)
    words = pen.style.words
    counts = {"ranked": len(ranked), "sites": len(ranking["sites"]), "count": len(out)}
    heading, below = (
        Line(pen.say(*(one.format(**counts) for one in words[key])), 8.2, bold=True)
        for key in ("rank_table", "rank_excluded")
    )
    signs = {key: mark_style(one) for key, one in status_classes(scene).items()}
    tables: list[Block] = []
    if ranked:
        keys = ("rank_place", "rank_site", "rank_score", "rank_span", "rank_places")
        rows = (_header(pen, keys), *(_row(pen, one) for one in ranked[:_MOST]))
        marks = (None, *(signs[one["status"]] for one in ranked))
        tables.append(Grid(heading, rows, _SHARES, True, words["more_sites"], max(len(ranked) - _MOST, 0), marks))
    else:
        tables.append(Prose((heading, *cell(pen, words["rank_none"], colour=SOFT))))
    if out:
        rows = (
            _header(pen, ("rank_site", "rank_fails")),
            *((_named(one), cell(pen, _failed(pen, ranking, one), 6.2)) for one in out[:_MOST]),
        )
        marks = (None, *(signs[one["status"]] for one in out))
        tables.append(Grid(below, rows, (0.42, 0.58), True, words["more_sites"], max(len(out) - _MOST, 0), marks))
    return tables


def _header(pen: Pen, keys: Sequence[str]) -> tuple[Line, ...]:
    return tuple(Line(pen.word(key, " "), 6.0, SOFT) for key in keys)


def _named(site: Site) -> Line:
    return Line(called(site), 6.2)


def _row(pen: Pen, site: Site) -> tuple[Any, ...]:
    texts = (score(site["score"]), between(site["score_low"], site["score_high"]), places(site))
    return Line(str(site["rank"]), 6.2, bold=True), _named(site), *(Line(one, 6.2) for one in texts)


def _failed(pen: Pen, ranking: Ranking, site: Site) -> Pair:
    """Constraints that a site fails."""
    titles = {one["id"]: pair(one, "title") for one in ranking["constraints"]}
    failed = [titles[one["id"]] for one in site["constraints"] if one["result"] == "fail"]
    return capped(pen, failed, _NAMED)
