"""Our own elements of a folium map; their scripts stand in `maps/templates/`."""

from __future__ import annotations

from functools import cache
from typing import Any

from branca.element import MacroElement
from folium import GeoJson
from folium.map import Layer
from jinja2 import Template

from geo.settings import Settings
from geo.webmap.page import Verbatim, script_json

KINDS = {
    "uncertain": ("界线不确定带（深汕）", "Zone of doubt (Shenshan)"),
    "districts": ("区界与专题", "Districts by theme"),
    "places": ("文件提及的园区与科学城（无边界）", "Named parks and science cities (no outline)"),
    "labels": ("地名", "Names"),
    "sites": ("选址", "Sites"),
}
_HIDDEN = {"places"}


class _Element(MacroElement):
    """Writes the script that its template gives as it is; branca's would be compiled as a template once more."""

    def render(self, **kwargs: Any) -> None:  # type: ignore[override] # as branca's own
        """Put the script into the figure, then those of the children."""
        figure: Any = self.get_root()
        written: Any = self._template.module
        figure.script.add_child(Verbatim(written.script(self, kwargs)), name=self.get_name())
        for child in self._children.values():
            child.render(**kwargs)


class Areas(GeoJson, _Element):
    """Areas that folium draws."""


class Prepare(_Element):
    """Makes what the layers need before any of them stands."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "ParksitePrepare"
        self._template = _template(settings, "prepare")


class PageLayer(Layer, _Element):
    """A layer that the page's script fills, known to folium by kind and name.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    """

    def __init__(self, settings: Settings, kind: str) -> None:
        zh, en = KINDS[kind]
        super().__init__(name=f"{zh} {en}", overlay=True, control=False, show=False)  # its own script adds it
        self._name = "ParksiteLayer"
        self._template = _template(settings, "layer")
        self.kind_json = script_json(kind)
        self.shown = kind not in _HIDDEN
        self.options_json = script_json({"zh": zh, "en": en, "show": self.shown})


class Start(_Element):
    """Hands the map and its layers to the page's script once they all stand."""

    def __init__(self, settings: Settings, layers: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "ParksiteStart"
        self._template = _template(settings, "start")
        self.layers = layers


def _template(settings: Settings, name: str) -> Template:
    return _compiled(settings.maps_file(f"templates/{name}.js.j2").read_text(encoding="utf-8"))


@cache
def _compiled(text: str) -> Template:
    compiled: Template = Template(text)
    return compiled
