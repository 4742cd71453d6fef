"""What a rule asks for: a layer, some of its features, a column of the list (layer 5).

Each function gives what was asked for, or the `Words` that say why there is none, so
that a rule without its data is told from one that is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import one_line
from geo.features import Features, Layers, Raster
from geo.schema import Words
from geo.suitability.model import Where
from geo.suitability.records import Candidates

OUTLINE = Words("仅有点位，没有范围线，无法量算。", "Only a position, no outline: this cannot be measured.")
POSITION = Words(
    "仅有点位：按点位评估，未计地块范围。", "Only a position: it was tested as a point, the outline is unknown."
)
UNPROVEN = Words("只有点位，用地范围未知。", "Only a position: the extent of the site is unknown.")
NOTHING = Words("图层中没有此类要素。", "The layer holds no such feature.")
STATED = Words("取自清单所填数值。", "As stated in the list.")

_METRES = {"m", "米", "metre", "metres", "meter", "meters"}
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[+-]?\d+)?")

_DBF = ("gb18030", "utf-8")  # of names in a .dbf
_CUT = range(8, 11)  # bytes that are left of a name there: ten, less a character that was cut in two


def features(layers: Layers, name: str, where: Where | None = None) -> Features | Words:
    """The features of a layer that count, each with a label: its own, else its number ("#12").

    Text is compared as it is, but for blanks around it; numbers as numbers.
    """
    layer = layers.get(name)
    if layer is None:
        return _absent(name)
    if isinstance(layer, Raster):
        return Words(f"图层“{name}”为栅格，本条需要矢量要素。", f"The layer {name} is a raster; features are needed.")
    labels = np.array([label or f"#{at}" for at, label in enumerate(layer.labels, 1)], dtype=object)
    if where is None:
        return replace(layer, labels=labels)
    column = column_of(layer, where.column)
    if isinstance(column, Words):
        return column
    keep = np.isin(_compared(column), _compared(np.array(where.values, dtype=object), like=column))
    return _kept(replace(layer, labels=labels), keep)


def _kept(layer: Features, keep: NDArray[np.bool_]) -> Features:
    columns = {name: values[keep] for name, values in layer.columns.items()}
    return replace(layer, geometry=layer.geometry[keep], labels=layer.labels[keep], columns=columns)


def areas(layers: Layers, name: str, where: Where | None = None) -> Features | Words:
    """The polygons among the `features` of a layer, which must not be lines and points only."""
    found = features(layers, name, where)
    if isinstance(found, Words):
        return found
    polygons = shapely.get_dimensions(found.geometry) == 2
    if polygons.any() or not len(polygons):
        return _kept(found, polygons)
    return Words(
        f"图层“{name}”没有面要素，本条需要范围。", f"The layer {name} holds no polygons; this rule needs areas."
    )


def column_of(layer: Features, column: str) -> NDArray[Any] | Words:
    """A column of a layer, its name spelt in any case."""
    for name, values in layer.columns.items():
        if name.casefold() == column.casefold():
            return values
    return Words(f"图层“{layer.name}”没有“{column}”一列。", f"The layer {layer.name} has no column {column!r}.")


def amounts_of(layer: Features, column: str) -> NDArray[np.float64] | Words:
    """A column of a layer as numbers, NaN where empty."""
    values = column_of(layer, column)
    if isinstance(values, Words) or values.dtype.kind == "f":
        return values
    numbers = np.array([number(str(one)) for one in values], dtype=np.float64)
    for text, read in zip(values, numbers, strict=True):
        if str(text).strip() and np.isnan(read):
            shown = one_line(text, 30)
            return Words(
                f"图层“{layer.name}”的“{column}”列有无法读作数字的值“{shown}”。",
                f"The column {column!r} of the layer {layer.name} holds {shown!r}, which is no number.",
            )
    return numbers


def raster(layers: Layers, name: str, unit: str) -> Raster | Words:
    """A raster in the unit asked for; one that states no unit is taken to be in it."""
    layer = layers.get(name)
    if layer is None:
        return _absent(name)
    if isinstance(layer, Features):
        return Words(f"图层“{name}”为矢量要素，本条需要栅格。", f"The layer {name} holds features; a raster is needed.")
    if unit and layer.unit and _unit(unit) != _unit(layer.unit):
        return Words(
            f"图层“{name}”的单位为 {layer.unit}，本条要求 {unit}。",
            f"The layer {name} is in {layer.unit}; this rule is in {unit}.",
        )
    return layer


def _no_column(candidates: Candidates, column: str, names: Sequence[str]) -> Words:
    """That a column is not there, and which one may be it, its name cut by a shapefile."""
    cut = [
        held
        for held in candidates.columns
        for name in names
        if held != name and name.startswith(held) and any(len(held.encode(one)) in _CUT for one in _DBF)
    ]
    if not cut:
        return Words(f"清单没有“{column}”一列。", f"The list has no column {column!r}.")
    return Words(
        f"清单没有“{column}”一列；列“{cut[0]}”可能是它，列名被 Shapefile 截断，请改名或改用其他格式。",
        f"The list has no column {column!r}; {cut[0]!r} may be it, cut by a shapefile: rename it.",
    )


def texts(candidates: Candidates, column: str, aliases: Sequence[str] = ()) -> NDArray[np.object_] | Words:
    """What the list says in a column, or where that is empty in the first alias that is not."""
    names = [one.casefold().strip() for one in (column, *aliases)]
    present = [candidates.columns[one] for one in names if one in candidates.columns]
    if not present:
        return _no_column(candidates, column, names)
    found = np.full(len(candidates), "", dtype=object)
    for values in present:
        for at in range(len(found)):
            found[at] = found[at] or str(values[at]).strip()
    return found


def numbers(
    candidates: Candidates, column: str, aliases: Sequence[str] = (), unit: str = ""
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Numbers of a column and, where there is none, the `Words` that say so; both of shape (n,)."""
    read = np.full(len(candidates), np.nan)
    notes = np.full(len(candidates), None, dtype=object)
    said = texts(candidates, column, aliases)
    if isinstance(said, Words):
        notes[:] = said
        return read, notes
    for at, text in enumerate(said):
        read[at] = number(text, unit)
        if not text:
            notes[at] = empty(column)
        elif np.isnan(read[at]):
            notes[at] = unreadable(column, text)
    return read, notes


def number(text: str, unit: str = "") -> float:
    """A number as people write it: full-width digits, thousands separators, its unit behind it; else NaN.

    >>> number("１２,５００.5 m²", "m²"), number("-3"), number("about 3"), number("1,50")
    (12500.5, -3.0, nan, nan)
    """
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-").casefold().strip()
    plain = plain.removesuffix(_unit(unit)).strip() if unit else plain
    if not any(mark.isdigit() for mark in plain) or not _NUMBER.fullmatch(plain):
        return float("nan")
    try:
        read = float(plain.replace(",", ""))
    except ValueError:
        return float("nan")
    return read if np.isfinite(read) else float("nan")


def empty(column: str) -> Words:
    """That a column says nothing of a site."""
    return Words(f"清单“{column}”一栏未填。", f"The column {column!r} is empty.")


def unreadable(column: str, text: str) -> Words:
    """That a word in a column is not one that can be read."""
    shown = one_line(text, 30)
    return Words(f"清单“{column}”一栏的“{shown}”无法识别。", f"{shown!r} in the column {column!r} cannot be read.")


def _absent(name: str) -> Words:
    return Words(
        f"缺少图层“{name}”；可用 parksite layers add {name} 文件 添加。",
        f"The layer {name} is missing; add it with: parksite layers add {name} FILE",
    )


def _unit(unit: str) -> str:
    plain = unicodedata.normalize("NFKC", unit).casefold().strip()
    return "m" if plain in _METRES else plain


def _compared(values: NDArray[Any], like: NDArray[Any] | None = None) -> NDArray[Any]:
    """Values in the form in which they are compared: numbers where the column holds numbers."""
    if (values if like is None else like).dtype.kind == "f":
        return np.array([one if isinstance(one, float) else number(str(one)) for one in values], dtype=np.float64)
    return np.array([str(one).strip() for one in values], dtype=object)
