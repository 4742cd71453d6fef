"""The single file: scripts, styles and data written into folium's figure, under one policy.

Scripts and styles are those of `maps/web/dist`; those of the ranking go only into a page
that has one. The data stands in blocks of JSON, which are text to the browser and need no
hash; the sites have one of their own, since a browser is through sooner with text that is
all ASCII. Every other script is named in the policy by its SHA-256, so that nothing a file
brings along can run.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import folium
from branca.element import Element
from jinja2 import Template

from geo.errors import MissingData
from geo.settings import Settings
from geo.webmap.basemap import Basemap

_HEAD = "<!-- parksite -->"
_READ = """var PARKSITE = JSON.parse(document.getElementById("parksite-data").textContent);
PARKSITE.sites = JSON.parse(document.getElementById("parksite-sites").textContent);"""
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_ID = re.compile(r"(?<=_)[0-9a-f]{32}(?![0-9a-f])")


def script_json(data: Any) -> str:
    r"""JSON that is safe inside a script element: no markup can begin in it.

    >>> script_json({"name": "</script><b>&"})
    '{"name":"\\u003c/script\\u003e\\u003cb\\u003e\\u0026"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str, allow_nan=False)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair has no UTF-8; as an escape it is JSON
        return text.encode("utf-8", "backslashreplace").decode()
    return text


def assemble(chart: folium.Map, data: dict[str, Any], settings: Settings, basemap: Basemap | None = None) -> str:
    """Put scripts, styles and data into the map's figure and render it.

    Parameters
    ----------
    data : dict
        What the page's script works with, ``window.PARKSITE``; the libraries are added. With
        ``ranking`` the page gets the scripts and styles of a ranking.
    basemap : Basemap, optional
        The only thing whose hosts the policy lets through.

    Returns
    -------
    str
        The page; equal input gives equal text.
    """
    figure: Any = chart.get_root()
    figure.header.add_child(Verbatim(_HEAD), name="parksite_head")
    body = settings.maps_file("templates/parksite.html").read_text(encoding="utf-8")
    figure.html.add_child(Verbatim(body), name="parksite_body")
    language = "zh-CN" if data["lang"] == "zh" else "en"
    before, after = _steady(figure.render()).replace("<html>", f'<html lang="{language}">', 1).split(_HEAD)
    parts = ["parksite", "ranking"] if "ranking" in data else ["parksite"]
    bundle = [_READ, *(_bundled(settings, f"{name}.js") for name in parts)]
    scripts = [*_scripts(before), *bundle, *_scripts(after)]
    complete = {name: one for name, one in data.items() if name != "sites"} | {"libraries": libraries(settings)}
    blocks = [("data", complete), ("sites", data.get("sites"))]
    own = [
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts, basemap)}">',
        "<title>parksite · 深圳新材料产业选址核对</title>",
        *(f"<style>{_bundled(settings, f'{name}.css')}</style>" for name in parts),
        *(
            f'<script type="application/json" id="parksite-{name}">{script_json(block)}</script>'
            for name, block in blocks
        ),
        *(f"<script>{one}</script>" for one in bundle),
    ]
    return before + "\n".join(own) + after


def libraries(settings: Settings) -> list[dict[str, str]]:
    """Name, version, licence and its text of every library whose code is in the page."""
    found = [_distribution(name) for name in ("branca", "folium")]
    bundled: list[dict[str, str]] = json.loads(_bundled(settings, "libraries.json"))
    return found + bundled


class Verbatim(Element):
    """Text that branca's templating leaves as it is."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def _scripts(page: str) -> list[str]:
    """Texts of the scripts in a part of the page."""
    found = _SCRIPT.findall(page)
    for attributes, _ in found:
        if "src" in attributes.lower():
            raise ValueError(f"a script of the page is not written into it: {attributes.strip()}")
    return [text for _, text in found]


def _policy(scripts: Sequence[str], basemap: Basemap | None) -> str:
    """The content policy of a page: its own scripts by hash, and no request but a basemap's tiles."""
    hashes = []
    for text in scripts:
        digest = hashlib.sha256(text.replace("\r\n", "\n").encode()).digest()
        hashes.append(f"'sha256-{base64.b64encode(digest).decode()}'")
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(dict.fromkeys(hashes)),
        "script-src-attr": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": " ".join(["data:", "blob:", *(basemap.hosts if basemap is not None else ())]),
        "connect-src": "'none'",
        "worker-src": "'none'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _steady(page: str) -> str:
    """Replace folium's random ids by numbers, so that equal input gives equal bytes."""
    seen: dict[str, str] = {}
    return _ID.sub(lambda hit: seen.setdefault(hit.group(), f"{len(seen):04d}"), page)


def _bundled(settings: Settings, name: str) -> str:
    """A text file of the bundle."""
    path = settings.maps_file(f"web/dist/{name}")
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as fault:
        raise MissingData(
            "the scripts of the map have not been made",
            "地图脚本尚未生成",
            file=path,
            remedy_en="in a checkout run python hatch_build.py; otherwise reinstall parksite",
            remedy_zh="源码目录中请运行 python hatch_build.py；否则请重新安装 parksite",
        ) from fault


def _distribution(name: str) -> dict[str, str]:
    """Name, version and licence of an installed Python package."""
    told = metadata.metadata(name).json
    files = (
        one for one in metadata.files(name) or [] if one.name.lower().startswith(("license", "licence", "copying"))
    )
    texts = [Path(str(one.locate())).read_text(encoding="utf-8").strip() for one in files]
    licence = str(told.get("license_expression") or told.get("license") or "")
    return {"name": name, "version": metadata.version(name), "licence": licence, "text": "\n\n".join(texts)}
