"""QGIS styles of a ranking: symbols by status, rank and name as label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from geo.settings import Settings
from geo.symbology import Symbology
from geo.tables import styles
from geo.tables.layers import Layer
from geo.tables.ranking.notes import notes
from geo.tables.ranking.terms import status_swatches

Record = dict[str, Any]
_LABEL = "coalesce(\"rank\" || ' ', '') || coalesce(nullif(\"name\", ''), \"id\")"


def ranking_styles(
    layers: Sequence[Layer], document: Record, palette: Symbology, settings: Settings
) -> list[styles.Style]:
    """The default style of each layer."""
    classes = [styles.Category(one.id, one) for one in status_swatches(palette).values()]
    found = []
    for layer in layers:
        kind = "site-points" if layer.geometry.endswith("Point") else "site-polygons"
        frame = settings.maps_file(f"templates/qgis-{kind}.qml").read_text(encoding="utf-8")
        base = "site_outlines" if layer.name == "ranking_outlines" else "sites"
        made = styles.qml(frame, replace(layer, name=base), classes, palette.colour("outline"))
        found.append(styles.Style(layer.name, "选址状态与名次", _of_ranking(made, layer, document)))
    return found


def _of_ranking(qml: str, layer: Layer, document: Record) -> str:
    """A style of checked sites as one of a ranking: its classes, label and names of columns."""
    from defusedxml.ElementTree import fromstring

    doctype, _, text = qml.partition("\n")
    root: Element = fromstring(text)
    for one in root.iter("renderer-v2"):
        one.set("attr", "status")
    for one in root.iter("text-style"):
        one.set("fieldName", _LABEL)
    said = notes(document)
    for aliases in root.iter("aliases"):
        aliases.clear()
        for number, column in enumerate(layer.columns, start=1):
            if column.source in said:
                told = {"field": column.name, "index": str(number), "name": said[column.source].label}
                SubElement(aliases, "alias", told)
    return f"{doctype}\n{tostring(root, encoding='unicode')}"
