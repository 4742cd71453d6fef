"""An OpenStreetMap extract becomes layers, one for each theme of `data/layers/osm.yaml`.

Objects are read in batches and written on as they come, so that memory does not grow with
the extract. A theme of which nothing is found makes no layer: it may be that the extract
does not cover the place, and a rule measured against nothing would be kept by every site.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs, sources
from geo.districts import Boundaries
from geo.errors import InputError
from geo.layers import store
from geo.layers.add import cleaned
from geo.layers.lists import Tags, theme_rows
from geo.layers.model import Entry, Extent
from geo.layers.shapes import extent, mend
from geo.schema import Words
from geo.settings import Settings
from geo.sources import Limits, Note
from geo.sources.osm import Batch, Pass, check_extract, read_osm, require_sound

Progress = Callable[[str, str], None]
_AROUND_M = 30_000.0
_PASSES: tuple[tuple[Pass, str, str], ...] = (
    ("points", "点", "points"),
    ("lines", "线", "lines"),
    ("areas", "面", "areas"),
)
_KINDS: tuple[Pass, ...] = ("points", "lines", "areas")
_NAMES = ("name", "name:en")
_STEP = 100_000  # objects between two lines of progress
_LICENCE = "ODbL 1.0, © OpenStreetMap contributors"


@dataclass
class Theme:
    """A layer in the making.

    Attributes
    ----------
    tags : dict
        For points, lines and areas the values by key of which one must be there.
    unless : dict
        Values by key of which none may be there.
    """

    id: str
    title: Words
    tags: dict[Pass, Tags]
    unless: Tags
    keep: list[str]
    count: int = 0
    repaired: int = 0
    bounds: list[NDArray[np.float64]] = field(default_factory=list)

    @property
    def columns(self) -> list[str]:
        """Tags that become columns, in a fixed order."""
        keys = [key for tags in self.tags.values() for key in tags]
        return list(dict.fromkeys([*_NAMES, *keys, *self.keep]))

    def chosen(self, which: Pass, batch: Batch) -> NDArray[np.bool_]:
        """Which objects of a batch are of the theme."""
        tags = self.tags.get(which, {})
        found = np.zeros(len(batch.wkb), dtype=bool)
        for key, values in tags.items():
            found |= np.isin(batch.columns[key], values)
        for key, values in self.unless.items():
            found &= ~np.isin(batch.columns[key], values)
        return found


@dataclass(frozen=True)
class Imported:
    """Layers that an extract gave, the themes of which it held nothing, and what is to be said."""

    entries: tuple[Entry, ...]
    empty: tuple[Words, ...]
    notes: tuple[Note, ...]


def surroundings(boundaries: Boundaries) -> Extent:
    """West, south, east, north in degrees of the city and 30 km around it."""
    west, south, east, north = shapely.total_bounds(boundaries.outlines_m)
    return extent((west - _AROUND_M, south - _AROUND_M, east + _AROUND_M, north + _AROUND_M))


def import_extract(
    path: Path,
    settings: Settings,
    window: Extent | None,
    *,
    limits: Limits = Limits(),
    overwrite: bool = False,
    progress: Progress = lambda zh, en: None,
) -> Imported:
    """Read an extract into layers of the store, all of them or none.

    Parameters
    ----------
    window : tuple of float or None
        West, south, east, north in degrees; objects that touch it are taken whole. None
        takes everything.

    Raises
    ------
    InputError
        If the file cannot be read, or holds nothing of any theme there.
    OutputExists
        If a layer of the same name is in the store, unless `overwrite`.
    """
    there, header = check_extract(path, limits)
    themes = read_themes(settings)
    store.refuse_existing([one.id for one in themes], settings, overwrite=overwrite)
    newest: date | None = None
    with store.workshop(settings) as folder:
        progress("检查文件…", "checking the file…")
        require_sound(there, folder)
        for which, zh, en in _PASSES:
            if not any(which in one.tags for one in themes):
                continue
            progress(f"读取{zh}…", f"reading {en}…")
            day = _pass(there, which, themes, window, folder, progress)
            newest = max(filter(None, (newest, day)), default=None)
        made = [one for one in themes if one.count]
        if not made:
            raise _nothing(path)
        said = _described(path, header.replicated, newest)
        cards = store.put([(folder / f"{one.id}.gpkg", cleaned(said | _told(one))) for one in made], settings)
    return Imported(
        tuple(card.entry for card in cards),
        tuple(one.title for one in themes if not one.count),
        tuple(_notes(made, header.bounds, window)),
    )


def read_themes(settings: Settings) -> list[Theme]:
    """The themes of `data/layers/osm.yaml`.

    Raises
    ------
    InputError
        If a user's own file of that name is not laid out like it.
    """
    return [
        Theme(
            row.id,
            row.title,
            {which: held for which, held in zip(_KINDS, (row.points, row.lines, row.areas), strict=True) if held},
            row.unless,
            row.keep,
        )
        for row in theme_rows(settings)
    ]


def _pass(
    path: Path, which: Pass, themes: list[Theme], window: Extent | None, folder: Path, progress: Progress
) -> date | None:
    """Read one kind of object and write it on to the layers; gives the day of the newest."""
    asked = [one for one in themes if which in one.tags]
    tags: dict[str, list[str]] = {}
    for one in asked:
        for key, values in one.tags[which].items():
            tags[key] = list(dict.fromkeys([*tags.get(key, []), *values]))
    columns = list(dict.fromkeys(key for one in asked for key in (*one.columns, *one.unless)))
    newest: date | None = None
    seen = 0
    for batch in read_osm(path, which, tags, columns, folder):
        newest = max(filter(None, (newest, batch.newest)), default=None)
        shapes = np.asarray(shapely.from_wkb(batch.wkb, on_invalid="ignore"), dtype=object)
        inside = _within(shapes, window)
        for one in asked:
            chosen = np.flatnonzero(one.chosen(which, batch) & inside)
            if len(chosen):
                _append(one, shapes[chosen], {key: batch.columns[key][chosen] for key in one.columns}, folder)
        if (seen + len(shapes)) // _STEP > seen // _STEP:
            progress(f"已读 {seen + len(shapes)} 个对象…", f"{seen + len(shapes):,} objects read…")
        seen += len(shapes)
    return newest


def _within(shapes: NDArray[Any], window: Extent | None) -> NDArray[np.bool_]:
    """Which shapes touch the window."""
    there = np.asarray(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)), dtype=bool)
    if window is None:
        return there
    west, south, east, north = shapely.bounds(shapes).reshape(-1, 4).T
    touching = (west <= window[2]) & (east >= window[0]) & (south <= window[3]) & (north >= window[1])
    return np.asarray(there & touching, dtype=bool)


def _append(theme: Theme, shapes: NDArray[Any], columns: store.Columns, folder: Path) -> None:
    """Write objects on to the layer of their theme, in metres."""
    metric = np.asarray(crs.project(shapes), dtype=object)
    bounds = shapely.bounds(metric).reshape(-1, 4)
    metric[~np.isfinite(bounds).all(axis=1)] = None
    mended = mend(metric)
    if not mended.kept.any():
        return
    names = store.storable(list(columns))
    kept = {names[key]: values[mended.kept] for key, values in columns.items()}
    store.append_features(folder / f"{theme.id}.gpkg", mended.geometry[mended.kept], kept)
    theme.count += int(mended.kept.sum())
    theme.repaired += mended.repaired
    theme.bounds.append(shapely.total_bounds(mended.geometry[mended.kept]))


def _described(path: Path, replicated: date | None, newest: date | None) -> dict[str, Any]:
    """What the cards say of the extract."""
    if replicated is not None:
        vintage = replicated.isoformat(), replicated.isoformat()
    elif newest is not None:
        vintage = f"未载明（最新对象 {newest}）", f"not stated (newest object of {newest})"
    else:
        vintage = "未载明", "not stated"
    return {
        "kind": "features",
        "file": path.name,
        "sha256": sources.digest(path),
        "datum": "WGS84",
        "datum_basis": "format",
        "licence": _LICENCE,
        "origin_zh": f"OpenStreetMap（{path.name}）",
        "origin_en": f"OpenStreetMap ({path.name})",
        "vintage_zh": vintage[0],
        "vintage_en": vintage[1],
        "label": "name",
    }


def _told(theme: Theme) -> dict[str, Any]:
    bounds = np.array(theme.bounds)
    return {
        "name": theme.id,
        "title_zh": theme.title.zh,
        "title_en": theme.title.en,
        "count": theme.count,
        "extent": extent((*bounds[:, :2].min(axis=0), *bounds[:, 2:].max(axis=0))),
    }


def _notes(made: list[Theme], bounds: Extent | None, window: Extent | None) -> list[Note]:
    """What is to be said: shapes mended, an extract that does not reach as far as was asked."""
    found: list[Note] = []
    repaired = sum(one.repaired for one in made)
    if repaired:
        found.append((f"{repaired} 个几何无效，已修复。", f"{repaired} geometries were invalid and were mended."))
    if bounds is not None and window is not None:
        west, south, east, north = bounds
        if west > window[0] or south > window[1] or east < window[2] or north < window[3]:
            said = ", ".join(f"{one:.3f}" for one in bounds)
            found.append(
                (
                    f"该提取文件只覆盖 {said}（西、南、东、北），小于所要求的范围；范围以外的选址不能据此判断。",
                    f"The extract covers no more than {said} (west, south, east, north), less than was asked for; "
                    "nothing can be said of sites beyond it.",
                )
            )
    return found


def _nothing(path: Path) -> InputError:
    return InputError(
        "the extract holds nothing of these themes there",
        "该提取文件在此范围内没有所需对象",
        file=path,
        remedy_en="give an extract that covers the city, or --bbox W,S,E,N, or --all",
        remedy_zh="请提供覆盖本市的提取文件，或用 --bbox W,S,E,N、--all 指定范围",
    )
