"""QGIS styles in a GeoPackage, in the colours of our own map.

The frames are ``maps/templates/qgis-*.qml``: labels, widths and one symbol each. Here
the symbol is copied for every class of `geo.symbology` and coloured, so that QGIS,
the web map and print show one legend. The Chinese names of columns come along.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, tostring

from geo.districts import Boundaries
from geo.register import Register
from geo.schema import FORCE_NAMES, Force
from geo.settings import Settings
from geo.symbology import Swatch, Symbology
from geo.tables.notes import NOTES

if TYPE_CHECKING:
    from geo.tables.layers import Layer

_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_ANGLES = {"/": (45,), "\\": (135,), "x": (45, 135), "-": (0,), "|": (90,), "+": (0, 90), ".": (45, 135)}
_SHAPES = {
    "circle": ("circle", 0), "ring": ("circle", 0), "square": ("square", 0), "diamond": ("diamond", 0),
    "triangle": ("equilateral_triangle", 0), "cross": ("cross_fill", 45), "plus": ("cross_fill", 0),
}  # fmt: skip


@dataclass(frozen=True)
class Category:
    """A class of a legend and the value of the column that falls into it; none stands for all other values."""

    value: str | None
    swatch: Swatch


@dataclass(frozen=True)
class Style:
    """The default style of a layer."""

    layer: str
    name: str
    qml: str


def styles(
    layers: Sequence[Layer],
    register: Register,
    boundaries: Boundaries,
    palette: Symbology,
    settings: Settings,
    day: date,
) -> list[Style]:
    """The default style of each layer."""
    match = [Category(one.id, one) for one in palette.match_classes()]
    found = []
    for layer in layers:
        if layer.name == "districts":
            frame, name, classes = "districts", "各区产业角色", _roles(register, boundaries, palette, day)
        elif layer.name == "designations":
            frame, name, classes = "designations", "效力", _forces(palette)
        else:
            frame = "site-points" if layer.geometry.endswith("Point") else "site-polygons"
            name, classes = "是否相符", match
        text = settings.maps_file(f"templates/qgis-{frame}.qml").read_text(encoding="utf-8")
        found.append(Style(layer.name, name, qml(text, layer, classes, palette.colour("outline"))))
    return found


def _roles(register: Register, boundaries: Boundaries, palette: Symbology, day: date) -> list[Category]:
    """Classes of the role theme by the text of the column `role_zh`; those that occur."""
    theme = palette.roles(register, day)
    found: dict[str | None, Swatch] = {}
    for one in boundaries.ids:
        text = "、".join(dict.fromkeys(role.role_zh for role in theme.shown[one])) or None
        found.setdefault(text, theme.swatch(one))
    return sorted((Category(*pair) for pair in found.items()), key=lambda one: theme.classes.index(one.swatch))


def _forces(palette: Symbology) -> list[Category]:
    """Classes of designations by force; what was never in force has the colour of none."""
    known = {one.id: one for one in palette.force_classes()}
    kinds = [force for force in Force if force is not Force.NONE]
    return [
        Category(one.value, Swatch(one.value, *FORCE_NAMES[one], known.get(one.value, known["none"]).colour))
        for one in kinds
    ]


def qml(frame: str, layer: Layer, classes: Sequence[Category], outline: str) -> str:
    """A style: the frame with a symbol for each class and the Chinese names of the columns."""
    from defusedxml.ElementTree import fromstring

    root: Element = fromstring(frame)
    renderer = _one(root, "renderer-v2")
    categories, symbols = _one(renderer, "categories"), _one(renderer, "symbols")
    model = _one(symbols, "symbol")
    symbols.remove(model)
    for number, one in enumerate(classes):
        said = {"value": one.value or "", "label": one.swatch.zh, "symbol": str(number), "render": "true"}
        SubElement(categories, "category", said)
        symbols.append(_symbol(model, number, one.swatch, outline))
    if layer.name == "site_outlines":  # its sites are named in the layer of points
        root.set("labelsEnabled", "0")
    notes, aliases = NOTES[layer.name], _one(root, "aliases")
    for number, column in enumerate(layer.columns):
        if column.source in notes:
            SubElement(
                aliases,
                "alias",
                {"field": column.name, "index": str(number + 1), "name": notes[column.source].label},
            )
    return _DOCTYPE + tostring(root, encoding="unicode")


def _one(parent: Element, name: str) -> Element:
    found = parent.find(name)
    if found is None:
        raise ValueError(f"a QGIS style frame lacks the element {name}")
    return found


def _symbol(model: Element, number: int, swatch: Swatch, outline: str) -> Element:
    """The model's copy for a class, its hatch once for each direction of lines."""
    made = Element("symbol", {**model.attrib, "name": str(number)})
    angles = [angle for mark in dict.fromkeys(swatch.hatch) for angle in _ANGLES.get(mark, (45,))]
    for part in model:
        turns: list[int | None] = [*dict.fromkeys(angles)] if part.get("class") == "LinePatternFill" else [None]
        for angle in turns:
            words = _words(swatch, outline) | {"symbol": str(number), "layer": str(len(made))}
            made.append(_filled(part, words if angle is None else words | {"angle": str(angle)}))
    return made


def _words(swatch: Swatch, outline: str) -> dict[str, str]:
    """What the words in braces of a frame stand for."""
    shape, angle = _SHAPES.get(swatch.symbol, ("circle", 0))
    ring = swatch.symbol == "ring"
    return {
        "colour": _rgba(swatch.colour),
        "pale": _rgba(swatch.colour, white=0.55),
        "translucent": _rgba(swatch.colour, alpha=140),
        "faint": _rgba(swatch.colour, alpha=26),
        "outline": _rgba(outline),
        "shape": shape,
        "angle": str(angle),
        "fill": _rgba("#ffffff") if ring else _rgba(swatch.colour),
        "stroke": _rgba(swatch.colour) if ring else _rgba("#ffffff"),
        "stroke_mm": "0.8" if ring else "0.3",
    }


def _rgba(colour: str, *, white: float = 0.0, alpha: int = 255) -> str:
    """A colour as QGIS writes it, with a share of white in it.

    >>> _rgba("#3f6fb0"), _rgba("#000000", white=0.5, alpha=77)
    ('63,111,176,255', '128,128,128,77')
    """
    parts = [int(colour.lstrip("#")[at : at + 2], 16) for at in (0, 2, 4)]
    return ",".join(str(round(one + (255 - one) * white)) for one in parts) + f",{alpha}"


def _filled(part: Element, words: dict[str, str]) -> Element:
    """A copy of an element with the words in braces filled in."""
    made = copy.deepcopy(part)
    for element in made.iter():
        for name in element.attrib:
            for word, text in words.items():
                element.set(name, element.attrib[name].replace(f"{{{word}}}", text))
    return made


def style_rows(found: Sequence[Style], moment: Any) -> dict[str, list[Any]]:
    """The rows of the table ``layer_styles`` as QGIS writes it, by column."""
    count = len(found)
    return {
        "f_table_catalog": [""] * count,
        "f_table_schema": [""] * count,
        "f_table_name": [one.layer for one in found],
        "f_geometry_column": ["geom"] * count,
        "styleName": [one.name for one in found],
        "styleQML": [one.qml for one in found],
        "styleSLD": [""] * count,
        "useAsDefault": [True] * count,
        "description": ["parksite"] * count,
        "owner": [""] * count,
        "ui": [None] * count,
        "update_time": [moment] * count,
    }
