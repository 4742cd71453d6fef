"""The single file: scripts, styles and data written into folium's figure."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import folium
from branca.element import Element
from jinja2 import Template

from geo.settings import Settings
from geo.symbology import Swatch, Theme

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def script_json(data: Any) -> str:
    r"""JSON that is safe inside a script element: no markup can begin in it.

    >>> script_json({"name": "</script><b>&"})
    '{"name":"\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str, allow_nan=False)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return text


def assemble(chart: folium.Map, data: dict[str, Any], settings: Settings, themes: Sequence[Theme]) -> str:
    """Put scripts, styles and data into the figure and render it."""
    figure: Any = chart.get_root()
    template = settings.maps_file
    head = [
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        "<title>parksite · 深圳新材料产业选址核对</title>",
        f"<style>{_leaflet_css()}</style>",
        f"<style>{template('templates/parksite.css').read_text(encoding='utf-8')}{_pattern_css(themes)}</style>",
        f"<script>{_asset('XStatic-jQuery', 'jquery.min.js')}</script>",
        f"<script>{_asset('XStatic-Leaflet', 'leaflet.js')}</script>",
        f"<script>var PARKSITE = {script_json(data)};</script>",
        f"<script>{template('templates/parksite.js').read_text(encoding='utf-8')}</script>",
    ]
    for number, text in enumerate(head):
        figure.header.add_child(_Verbatim(text), name=f"parksite_{number}")
    body = template("templates/parksite.html").read_text(encoding="utf-8")
    figure.html.add_child(_Verbatim(_patterns(themes) + body), name="parksite_body")
    page = figure.render()
    return _steady(page).replace("<html>", f'<html lang="{"zh-CN" if data["lang"] == "zh" else "en"}">', 1)


class _Verbatim(Element):
    """Text that branca's templating leaves as it is."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def _steady(page: str) -> str:
    """Replace folium's random ids by numbers, so that equal input gives equal bytes."""
    seen: dict[str, str] = {}
    return re.sub(r"(?<=_)[0-9a-f]{32}(?![0-9a-f])", lambda hit: seen.setdefault(hit.group(), f"{len(seen):04d}"), page)


def _asset(package: str, name: str) -> str:
    """A text file of an installed XStatic package."""
    return _asset_path(package, name).read_text(encoding="utf-8").replace("//# sourceMappingURL=", "// source map: ")


def _asset_path(package: str, name: str) -> Path:
    files = metadata.files(package) or []
    return next(Path(str(one.locate())) for one in files if one.name == name)


def _leaflet_css() -> str:
    """Leaflet's style sheet with its images written into it."""

    def inline(found: re.Match[str]) -> str:
        image = _asset_path("XStatic-Leaflet", found.group(1)).read_bytes()
        return f"url(data:image/png;base64,{base64.b64encode(image).decode()})"

    return re.sub(r"url\(images/([\w.-]+)\)", inline, _asset("XStatic-Leaflet", "leaflet.css"))


def _hatched(themes: Sequence[Theme]) -> list[tuple[str, Swatch]]:
    return [(f"{theme.id}-{number}", one) for theme in themes for number, one in enumerate(theme.classes) if one.hatch]


def _patterns(themes: Sequence[Theme]) -> str:
    """SVG patterns of the hatched classes."""
    drawn = {
        "//": '<path d="M-2,2 l4,-4 M0,10 l10,-10 M8,12 l4,-4"/>',
        "///": '<path d="M-2,2 l4,-4 M0,10 l10,-10 M8,12 l4,-4"/>',
        "...": '<circle cx="3" cy="3" r="1.4"/><circle cx="8" cy="8" r="1.4"/>',
        "xxx": '<path d="M0,10 l10,-10 M0,0 l10,10"/>',
    }
    found = "".join(
        f'<pattern id="pattern-{name}" width="10" height="10" patternUnits="userSpaceOnUse">'
        f'<rect width="10" height="10" fill="{one.colour}"/>'
        f'<g stroke="#fff" stroke-width="1.3" stroke-opacity=".75" fill="#fff">{drawn[one.hatch]}</g></pattern>'
        for name, one in _hatched(themes)
    )
    return f'<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>{found}</defs></svg>'


def _pattern_css(themes: Sequence[Theme]) -> str:
    return "".join(f".class-{name}{{fill:url(#pattern-{name})!important}}" for name, _ in _hatched(themes))
