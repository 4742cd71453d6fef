"""The layered web map (layer 7): folium, in one file that asks no network for anything.

folium draws the map, its layers and the layer control; our own elements are
`MacroElement`s whose scripts and styles stand in `maps/templates/`. Leaflet and
jQuery come from their pip packages and are written into the file. All text
reaches the page as JSON and is escaped where it becomes HTML. A content policy in
the page forbids every request.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import folium
from branca.element import MacroElement
from folium.map import Layer
from jinja2 import Template

from geo.districts import Boundaries
from geo.register import Register
from geo.schema import Site
from geo.settings import Settings
from geo.symbology import Symbology, Theme
from geo.webmap.data import VIEW, Record, light, page_data
from geo.webmap.page import assemble, script_json

__all__ = ["render", "script_json"]


class _Layer(Layer):
    """A layer that `parksite.js` builds, known to folium's layer control."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = parksite.{{ this.builder }}({{ this.argument }});"
        "{% if this.show %}{{ this.get_name() }}.addTo({{ this._parent.get_name() }});{% endif %}"
        "{% endmacro %}"
    )

    def __init__(self, name: str, builder: str, argument: Any, *, overlay: bool, show: bool) -> None:
        super().__init__(name=name, overlay=overlay, control=True, show=show)
        self._name = "ParksiteLayer"
        self.builder = builder
        self.argument = script_json(argument)


class _Prepare(MacroElement):
    """Makes the panes and the scale bar that the layers need."""

    _template = Template(
        "{% macro script(this, kwargs) %}parksite.prepare({{ this._parent.get_name() }});{% endmacro %}"
    )


class _Start(MacroElement):
    """Hands the map to `parksite.js` once every layer stands."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "parksite.start({{ this._parent.get_name() }}, {{ this.layers }});"
        "{% endmacro %}"
    )

    def __init__(self, layers: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "ParksiteStart"
        self.layers = "{" + ", ".join(f"{json.dumps(key)}: {layer.get_name()}" for key, layer in layers.items()) + "}"


def render(
    document: Record,
    sites: Sequence[Site],
    register: Register,
    boundaries: Boundaries,
    symbology: Symbology,
    settings: Settings,
    as_of: date,
    lang: str = "both",
) -> str:
    """The whole page as text.

    Parameters
    ----------
    document : dict
        The JSON of a check (`answers.envelope`).
    sites : sequence of Site
        The sites behind its records, in the same order.
    lang : {"zh", "en", "both"}
        Language that the page opens in; ``both`` opens in Chinese. The switch is
        there in any case.
    """
    themes = symbology.themes(register, as_of)
    west, south, east, north = VIEW
    centre = [(south + north) / 2, (west + east) / 2]
    chart = folium.Map(
        location=centre, zoom_start=9, tiles=None, zoom_control="bottomright", zoomSnap=0.25, attributionControl=False
    )
    chart.default_js = []
    chart.default_css = []
    chart.add_child(_Prepare())  # type: ignore[no-untyped-call]
    layers = _add_layers(chart, themes, register, boundaries, symbology, document)
    folium.LayerControl(position="topright", collapsed=False).add_to(chart)
    chart.add_child(_Start(layers))
    data = page_data(document, sites, register, boundaries, symbology, themes, settings, as_of)
    data["lang"] = "en" if lang == "en" else "zh"
    return assemble(chart, data, settings, themes)


def _add_layers(
    chart: folium.Map,
    themes: Sequence[Theme],
    register: Register,
    boundaries: Boundaries,
    symbology: Symbology,
    document: Record,
) -> dict[str, Any]:
    layers: dict[str, Any] = {}
    for theme in themes:
        layer = _Layer(_label(*_short(theme, register)), "theme", theme.id, overlay=False, show=theme.id == "roles")
        layers[f"theme:{theme.id}"] = layer.add_to(chart)
    around = folium.GeoJson(
        _collection(boundaries.neighbours, [{"zh": zh, "en": en} for zh, en in boundaries.neighbour_names]),
        name=_label("周边地区", "Surroundings"),
        style_function=lambda _: {
            "fillColor": symbology.colour("land"),
            "color": "#b9b4a6",
            "weight": 1,
            "fillOpacity": 1,
        },
        tooltip=folium.GeoJsonTooltip(fields=["zh", "en"], labels=False),
    )
    layers["around"] = around.add_to(chart)
    if boundaries.uncertain is not None:
        zh, en = boundaries.notes[0]
        doubt = folium.GeoJson(
            _collection([boundaries.uncertain], [{}]),
            name=_label("界线不确定带（深汕）", "Zone of doubt (Shenshan)"),
            style_function=lambda _: {
                "color": symbology.colour("uncertain"), "weight": 1.5, "dashArray": "2 5",
                "fillColor": symbology.colour("uncertain"), "fillOpacity": 0.08,
            },
        )  # fmt: skip
        doubt.add_child(folium.Popup(_label(zh, en), max_width=320))
        layers["uncertain"] = doubt.add_to(chart)
    count = len(document["sites"])
    layers["places"] = _Layer(
        _label("文件提及的园区与科学城（无边界）", "Named parks and science cities (no outline)"), "places", None,
        overlay=True, show=False,
    ).add_to(chart)  # fmt: skip
    layers["labels"] = _Layer(_label("区名", "District names"), "labels", None, overlay=True, show=True).add_to(chart)
    for kind, zh, en in (("match", "选址：按符合性", "Sites by fit"), ("force", "选址：按依据效力", "Sites by force")):
        layer = _Layer(_label(f"{zh}（{count}）", f"{en} ({count})"), "sites", kind, overlay=True, show=kind == "match")
        layers[f"sites:{kind}"] = layer.add_to(chart)
    return layers


def _short(theme: Theme, register: Register) -> tuple[str, str]:
    """Name of a theme short enough for the layer control."""
    if theme.id == "stages":
        return "价值链环节布局", "Stages of the value chain"
    instrument = register.instruments.get(theme.id)
    if instrument is None:
        return theme.zh, theme.en
    roles = any(one.kind == "role" for one in register.designations if one.instrument == theme.id)
    zh, en = ("角色指定", "roles") if roles else ("建设支持", "support")
    return f"{instrument.short_zh}：{zh}", f"{instrument.short_en}: {en}"


def _label(zh: str, en: str) -> str:
    """Our own words in both languages; the page shows one of them."""
    return f'<span class="zh">{zh}</span><span class="en">{en}</span>'


def _collection(shapes: Any, properties: list[Record]) -> Record:
    features = [
        {"type": "Feature", "geometry": light(shape), "properties": words}
        for shape, words in zip(shapes, properties, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}
