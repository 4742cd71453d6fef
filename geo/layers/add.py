"""A file of the user's becomes a layer of the store: read, examined, converted once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo import sources
from geo.districts import Boundaries
from geo.errors import InputError, OutputExists, RowError, one_line
from geo.intake import Request
from geo.layers import shipped, store
from geo.layers.model import Entry, Named
from geo.layers.names import resolve
from geo.layers.reach import filled, reach
from geo.layers.shapes import extent
from geo.layers.take import take
from geo.register import Register
from geo.settings import Settings
from geo.sources import Note
from geo.sources.raster import SUFFIXES, read_raster, write_raster

_LONGEST = 300  # characters of a text on a card


@dataclass(frozen=True)
class About:
    """What the user says of a layer; None where nothing is said."""

    title_zh: str | None = None
    title_en: str | None = None
    label: str | None = None
    licence: str | None = None
    vintage: str | None = None
    categorical: bool = False


@dataclass(frozen=True)
class Added:
    """A layer that was added, with what is to be said of it."""

    entry: Entry
    notes: tuple[Note, ...] = ()
    left_out: tuple[RowError, ...] = ()


def add(
    word: str,
    path: Path,
    request: Request,
    about: About,
    settings: Settings,
    register: Register,
    boundaries: Boundaries,
    *,
    overwrite: bool = False,
) -> Added:
    """Add a vector file, or a raster, under a name.

    Parameters
    ----------
    word : str
        Id of the layer, or a name that planners call it by.

    Raises
    ------
    InputError
        If the name, the file or an option cannot be used.
    CRSMismatch
        If the coordinate system is not known or does not fit.
    OutputExists
        If there is such a layer, in the store or with parksite, unless `overwrite`.
    """
    name = resolve(word, settings)
    store.refuse_existing([name.id], settings, overwrite=overwrite)
    aside = _aside(name, settings, overwrite=overwrite)
    raster = path.suffix.lower() in SUFFIXES
    with store.workshop(settings) as folder:
        made = folder / f"{name.id}.{'tif' if raster else 'gpkg'}"
        notes: tuple[Note, ...] = ()
        left_out: tuple[RowError, ...] = ()
        if raster:
            told, notes = _raster(made, path, request, about, boundaries)
        else:
            told, notes, left_out = _vector(made, path, request, about, register, boundaries)
        said = {"name": name.id, "unit": name.unit} | _described(path, about) | told
        said["title_zh"] = about.title_zh or (name.title.zh if name.title.zh != name.id else about.title_en) or name.id
        said["title_en"] = about.title_en or (name.title.en if name.title.en != name.id else about.title_zh) or name.id
        (card,) = store.put([(made, cleaned(said))], settings)
    return Added(card.entry, (*notes, *aside), left_out)


def _aside(name: Named, settings: Settings, *, overwrite: bool) -> tuple[Note, ...]:
    """A note that the user's layer comes before parksite's own of its name; an error unless that is asked for."""
    if name.id not in shipped.rows(settings):
        return ()
    if not overwrite:
        raise OutputExists(
            f"parksite has a layer of its own by that name: {name.id} ({name.title.en})",
            f"软件已自带同名图层：{name.id}（{name.title.zh}）",
            remedy_en="give another name, or --overwrite to use yours instead",
            remedy_zh="请换一个名称；如需以自己的图层代替，请加 --overwrite",
        )
    return (
        (
            f"自带图层 {name.id}（{name.title.zh}）暂不使用；parksite layers remove {name.id} 后恢复。",
            f"The layer {name.id} ({name.title.en}) of parksite's own is put aside, until parksite layers remove "
            f"{name.id}.",
        ),
    )


def cleaned(said: dict[str, Any]) -> dict[str, Any]:
    """Texts of a card on one line each, of bearable length."""
    return {key: one_line(one, _LONGEST) if isinstance(one, str) else one for key, one in said.items()}


def _described(path: Path, about: About) -> dict[str, Any]:
    """What a card says of the file."""
    day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    return {
        "file": path.name,
        "sha256": sources.digest(path),
        "licence": about.licence or "",
        "origin_zh": f"用户文件 {path.name}",
        "origin_en": f"user's file {path.name}",
        "vintage_zh": about.vintage or f"未载明（文件日期 {day}）",
        "vintage_en": about.vintage or f"not stated (file dated {day})",
    }


def _vector(
    made: Path, path: Path, request: Request, about: About, register: Register, boundaries: Boundaries
) -> tuple[dict[str, Any], tuple[Note, ...], tuple[RowError, ...]]:
    if about.categorical:
        raise _only_for("--categorical", "a raster", "栅格", path)
    found = take(path, request, about.label, register, boundaries)
    near = reach(found.geometry, boundaries, path)
    names = store.storable(list(found.columns))
    store.append_features(made, found.geometry, {names[one]: values for one, values in found.columns.items()})
    return (
        {
            "kind": "features",
            "count": len(found.geometry),
            "datum": found.datum,
            "datum_basis": found.basis,
            "label": names.get(found.label, ""),
            "extent": extent(shapely.total_bounds(found.geometry)),
        },
        (*found.notes, *near),
        found.left_out,
    )


def _raster(
    made: Path, path: Path, request: Request, about: About, boundaries: Boundaries
) -> tuple[dict[str, Any], tuple[Note, ...]]:
    if about.label is not None:
        raise _only_for("--label", "a vector file", "矢量文件", path)
    if request.swap or request.control is not None or request.layer is not None or isinstance(request.datum, str):
        raise InputError(
            "a raster takes --crs EPSG:…, and no --datum, --layer, --swap-axes or --control-points",
            "栅格只接受 --crs EPSG:…，不接受 --datum、--layer、--swap-axes、--control-points",
            file=path,
            remedy_en="convert the raster to a system with an EPSG code first",
            remedy_zh="请先将栅格转换到有 EPSG 代码的坐标系",
        )
    cells = read_raster(path, declared=request.datum, categorical=about.categorical, limits=request.limits)
    notes = reach(filled(cells), boundaries, path)
    write_raster(made, cells)
    told = {
        "kind": "raster",
        "count": int(np.sum(~np.isnan(cells.values))),
        "datum": cells.declared,
        "datum_basis": "file" if request.datum is None else "you",
        "extent": extent(cells.bounds),
    }
    return told | ({"unit": cells.unit} if cells.unit else {}), notes


def _only_for(option: str, en: str, zh: str, path: Path) -> InputError:
    return InputError(
        f"{option} is for {en}",
        f"{option} 只用于{zh}",
        file=path,
        remedy_en="leave it out",
        remedy_zh="请去掉该选项",
    )
