"""The user's layers on disk: a data file and a card each, in the folder `Settings.store`.

A data file (GeoPackage or GeoTIFF, EPSG:4547) is named after its content, and the card
names it: so a layer is replaced at once, when its card is. A file that is not what its
card says is refused.
"""

from __future__ import annotations

import json
import os
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from geo import crs, sources
from geo.errors import GeoError, InputError, OutputExists, one_line
from geo.features import Features, Raster
from geo.layers.model import Card
from geo.settings import Settings
from geo.sources.libraries import open_pyogrio, quiet
from geo.sources.raster import read_raster

_CARD: TypeAdapter[Card] = TypeAdapter(Card)
_RESERVED = ("fid", "geom")
Columns = Mapping[str, NDArray[Any]]


def cards(settings: Settings) -> dict[str, Card]:
    """The cards of the store by name, in their order.

    Raises
    ------
    InputError
        If a card is not what one should be.
    """
    found = [_read_card(path) for path in sorted(settings.store.glob("*.toml")) if path.is_file()]
    return {card.name: card for card in found}


def _read_card(path: Path) -> Card:
    try:
        card = _CARD.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
        if path.name != f"{card.name}.toml":
            raise ValueError(card.name)
    except (ValidationError, ValueError, OSError) as error:
        raise _spoilt(path) from error
    return card


def _spoilt(path: Path) -> InputError:
    name = path.name.partition(".")[0]
    return InputError(
        "a layer of the store is damaged or was changed",
        "图层库中的图层已损坏或被改动",
        file=path,
        remedy_en=f"add it again with --overwrite, or take it away with parksite layers remove {name}",
        remedy_zh=f"请用 --overwrite 重新添加，或用 parksite layers remove {name} 移除",
    )


def load(card: Card, settings: Settings) -> Features | Raster:
    """A layer of the store.

    Raises
    ------
    InputError
        If its data file is not there, or is not the one that was stored.
    """
    path = settings.store / card.stored
    if not path.is_file() or sources.digest(path) != card.stored_sha256:
        raise _spoilt(settings.store / f"{card.name}.toml")
    if card.kind == "raster":
        cells = read_raster(path, limits=sources.Limits(megabytes=1 << 20))
        return Raster(card.name, card.title, cells.values, cells.bounds, card.provenance, card.unit)
    geometry, columns = _read_features(path)
    labels = columns[card.label] if card.label in columns else np.full(len(geometry), "", dtype=object)
    return Features(card.name, card.title, geometry, as_text(labels), card.provenance, columns)


def as_text(values: NDArray[Any]) -> NDArray[np.object_]:
    """Values as text: whole numbers without a point, nothing for NaN."""
    if values.dtype.kind != "f":
        return np.asarray(values, dtype=object)
    return np.array(["" if np.isnan(one) else f"{one:.15g}" for one in values.tolist()], dtype=object)


def _read_features(path: Path) -> tuple[NDArray[Any], dict[str, NDArray[Any]]]:
    with quiet(), open_pyogrio() as pyogrio:
        meta, _, wkb, held = pyogrio.raw.read(str(path))
    columns: dict[str, NDArray[Any]] = {}
    for name, values in zip(meta["fields"].tolist(), held, strict=True):
        if values.dtype.kind in "iuf":
            columns[name] = values.astype(np.float64)
        else:
            columns[name] = np.array(["" if one is None else str(one) for one in values], dtype=object)
    return np.asarray(shapely.from_wkb(wkb), dtype=object), columns


def append_features(path: Path, geometry: NDArray[Any], columns: Columns) -> None:
    """Write features in EPSG:4547 to a GeoPackage, behind those that it holds."""
    names = list(columns)
    how: dict[str, Any] = {
        "driver": "GPKG", "layer": "layer", "geometry_type": "Unknown", "crs": f"EPSG:{crs.PROJECTED}",
        "append": path.exists(),
    }  # fmt: skip
    with quiet(), open_pyogrio() as pyogrio:
        day = {"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"}  # the same content gives the same bytes
        pyogrio.set_gdal_config_options(day)
        try:
            pyogrio.raw.write(str(path), shapely.to_wkb(geometry), [columns[one] for one in names], names, **how)
        finally:
            pyogrio.set_gdal_config_options(dict.fromkeys(day))


def storable(names: Sequence[str]) -> dict[str, str]:
    """Column names of a file to those of a GeoPackage, which knows no case and has names of its own.

    >>> storable(["Name", "NAME", "fid"])
    {'Name': 'Name', 'NAME': 'NAME_2', 'fid': 'fid_2'}
    """
    found: dict[str, str] = {}
    taken = set(_RESERVED)
    for name in names:
        number, made = 1, name
        while made.casefold() in taken:
            number += 1
            made = f"{name}_{number}"
        taken.add(made.casefold())
        found[name] = made
    return found


@contextmanager
def workshop(settings: Settings) -> Iterator[Path]:
    """A folder in the store that is gone afterwards; failures to write are told as ours.

    Raises
    ------
    InputError
        If the store cannot be written to.
    """
    try:
        settings.store.mkdir(parents=True, exist_ok=True)
        made = tempfile.TemporaryDirectory(prefix=".parksite-", dir=settings.store, ignore_cleanup_errors=True)
        with made as folder:
            yield Path(folder)
    except GeoError:
        raise
    except OSError as error:
        raise _unwritable(settings.store, error.strerror or str(error)) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] in ("pyogrio", "rasterio"):
            raise _unwritable(settings.store, str(error)) from error
        raise


def _unwritable(folder: Path, reason: str) -> InputError:
    return InputError(
        f"the layer cannot be stored: {one_line(reason)}",
        f"图层无法存入图层库：{one_line(reason)}",
        file=folder,
        remedy_en="check the folder, its rights and the free space; PARKSITE_HOME names another",
        remedy_zh="请检查目录、权限与磁盘空间；可用 PARKSITE_HOME 另指目录",
    )


def refuse_existing(names: Sequence[str], settings: Settings, *, overwrite: bool) -> None:
    """Raise if one of the layers is in the store and may not be replaced."""
    there = [name for name in names if (settings.store / f"{name}.toml").exists()]
    if there and not overwrite:
        raise OutputExists(
            f"in the store already: {', '.join(there)}",
            f"图层库中已有：{'、'.join(there)}",
            remedy_en="give --overwrite to replace",
            remedy_zh="如需替换请加 --overwrite",
        )


def put(made: Sequence[tuple[Path, dict[str, Any]]], settings: Settings) -> list[Card]:
    """Take data files with what their cards say into the store, the cards last.

    Each file becomes ``<name>-<first digits of its SHA-256>`` with its own ending.
    """
    cards_made: list[Card] = []
    for path, said in made:
        digest = sources.digest(path)
        stored = f"{said['name']}-{digest[:12]}{path.suffix}"
        cards_made.append(_CARD.validate_python({**said, "stored": stored, "stored_sha256": digest}))
    for (path, _), card in zip(made, cards_made, strict=True):
        path.chmod(0o644)
        os.replace(path, settings.store / card.stored)
    for (path, _), card in zip(made, cards_made, strict=True):
        text = path.with_suffix(".toml")
        text.write_text(_toml(card), encoding="utf-8")
        text.chmod(0o644)
        os.replace(text, settings.store / f"{card.name}.toml")
        _remove_data(card.name, settings, keep=card.stored)
    return cards_made


def _toml(card: Card) -> str:
    """A card as TOML; its strings are written as JSON has them, which TOML reads too."""
    rows = asdict(card).items()
    held = {key: list(one) if isinstance(one, tuple) else one for key, one in rows}
    return "".join(f"{key} = {json.dumps(one, ensure_ascii=False)}\n" for key, one in held.items() if one is not None)


def remove(name: str, settings: Settings) -> None:
    """Take a layer out of the store.

    Raises
    ------
    InputError
        If it is not in it.
    """
    card = settings.store / f"{name}.toml"
    if not card.is_file():
        raise InputError(
            "there is no such layer of your own",
            "图层库中没有该图层",
            value=name,
            remedy_en="parksite layers list shows what there is; shipped layers stay",
            remedy_zh="可用 parksite layers list 查看；随软件提供的图层不能移除",
        )
    try:
        card.unlink()
        _remove_data(name, settings, keep="")
    except OSError as error:
        raise _unwritable(settings.store, error.strerror or str(error)) from error


def _remove_data(name: str, settings: Settings, *, keep: str) -> None:
    """Remove the data files of a layer but one."""
    ends = ("[0-9a-f]" * 12, "gpkg"), ("[0-9a-f]" * 12, "tif")
    for digits, suffix in ends:
        for path in settings.store.glob(f"{name}-{digits}.{suffix}"):
            if path.name != keep:
                path.unlink()
