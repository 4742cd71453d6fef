"""The web map (layer 7): folium, in one file that answers without Python and network.

folium draws the map, its surroundings and a basemap if there is one. Our own elements
(`elements`) place the layers that the page's script fills from the data written into
the file: the decision table, the exact outlines and the sites as columns. All text
reaches the page as JSON. A content policy in the page forbids every request but those
for the tiles of a basemap that was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import folium

from geo import wording
from geo.districts import Boundaries
from geo.register import Register
from geo.schema import Site
from geo.settings import Settings
from geo.symbology import Symbology
from geo.webmap.basemap import Basemap
from geo.webmap.columns import columns
from geo.webmap.data import ground_data, page_data
from geo.webmap.deflating import begin
from geo.webmap.elements import KINDS, Areas, PageLayer, Prepare, Start
from geo.webmap.ground import Drawn, drawn, surroundings, views
from geo.webmap.page import assemble, script_json
from geo.webmap.ranking import ranking_data
from geo.wording import Sentences

__all__ = ["Basemap", "render", "script_json"]


def render(
    document: dict[str, Any],
    sites: Sequence[Site],
    register: Register,
    boundaries: Boundaries,
    symbology: Symbology,
    settings: Settings,
    as_of: date,
    lang: str = "both",
    *,
    source: str | None = None,
    basemap: Basemap | None = None,
    sentences: Sentences | None = None,
    table: Sequence[str] = (),
    ranking: dict[str, Any] | None = None,
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
    source : str, optional
        Name of the file of the sites.
    basemap : Basemap, optional
        Online tiles below the map; without one the page asks the network for nothing.
    sentences : Sentences, optional
        Those of the settings by default.
    table : sequence of str, optional
        Columns of a table of checked sites, which the page can save.
    ranking : dict, optional
        The ranking document of these sites; without one the page has no pane of it.
    """
    said = sentences or wording.load(settings)
    with ThreadPoolExecutor(max_workers=2) as beside:
        drawing = beside.submit(drawn, boundaries)
        held = columns(document["sites"], sites, source, beside)
        begin(held, beside)
        data = page_data(document, held, register, boundaries, symbology, settings, said, as_of, lang, table)
        data["basemap"] = None if basemap is None else basemap.describe()
        if ranking is not None:
            data["ranking"] = ranking_data(ranking, [record["id"] for record in document["sites"]])
            begin(data["ranking"], beside)
        shapes = drawing.result()
        placed = ground_data(boundaries, shapes)
        begin(placed, beside)
        chart = _chart(boundaries, shapes, symbology, settings, basemap)
        return assemble(chart, data | placed, settings, basemap)


def _chart(
    boundaries: Boundaries, shapes: Drawn, symbology: Symbology, settings: Settings, basemap: Basemap | None
) -> folium.Map:
    (south, west), (north, east) = views(boundaries)["all"]
    chart = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=None,  # type: ignore[arg-type] # the page sets the view once all layers stand, so that each is drawn once
        minZoom=8,
        maxZoom=19,
        maxBounds=[[18.0, 108.0], [28.0, 120.0]],
        tiles=None,
        zoom_control="bottomright",
        zoomSnap=0.25,
        attributionControl=False,
    )
    chart.default_js = []
    chart.default_css = []
    Prepare(settings).add_to(chart)
    if basemap is not None:
        _add_tiles(chart, basemap)
    around = surroundings(boundaries, shapes)
    layers: dict[str, Any] = {"around": _around(around, symbology, shown=basemap is None).add_to(chart)}
    for kind in KINDS:
        if kind != "uncertain" or boundaries.uncertain is not None:
            layers[kind] = PageLayer(settings, kind).add_to(chart)
    Start(settings, layers).add_to(chart)
    return chart


def _add_tiles(chart: folium.Map, basemap: Basemap) -> None:
    for url, options in basemap.layers:
        folium.TileLayer(
            url,
            attr=basemap.en,
            control=False,
            min_zoom=options.get("minZoom"),
            max_zoom=options["maxZoom"],
            subdomains=options.get("subdomains", "abc"),
        ).add_to(chart)


def _around(areas: dict[str, Any], symbology: Symbology, *, shown: bool) -> folium.GeoJson:
    """The areas around; hidden over a basemap, which shows them itself."""
    style = {
        "className": "ps-around",
        "fillColor": symbology.colour("land"),
        "color": symbology.colour("outline"),
        "opacity": 0.3,
        "weight": 1,
        "fillOpacity": 1,
    }
    return Areas(
        areas,
        name="周边地区 Surroundings",
        style_function=lambda _: style,
        control=False,
        show=shown,
        pane="around",
        interactive=False,
    )
