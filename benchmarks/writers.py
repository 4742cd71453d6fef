"""Five ways to put the same sites on a map in one file; each is given its data ready made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import geopandas
from folium.plugins import FastMarkerCluster

from benchmarks.candidates import DAY, Sites
from geo import symbology, tables, webmap, wording
from geo.pipeline import Context

_FIELDS = ["id", "name", "district", "field_query", "stage_query", "match", "force"]
_CENTRE = (22.62, 114.1)
_ZOOM = 10

# a marker with its text, as folium's own documentation of the plugin makes it
_MARKER = """
function (row) {
    var marker = L.marker(new L.LatLng(row[0], row[1]));
    marker.bindPopup(row[2]);
    return marker;
};
"""

Writer = Callable[[Path], object]


def parksite(context: Context, sites: Sites) -> Writer:
    """Our page, from the records of a check."""
    palette, said = symbology.load(context.settings), wording.load(context.settings)
    known = context.register, context.boundaries, palette, context.settings

    def write(path: Path) -> object:
        page = webmap.render(
            sites.document, sites.sites, *known, DAY, source="sites.csv", sentences=said, table=tables.COLUMNS
        )
        return path.write_text(page, encoding="utf-8")

    return write


def explore(frame: geopandas.GeoDataFrame) -> Writer:
    """`GeoDataFrame.explore` as it comes, with a popup."""
    return lambda path: frame.explore(popup=True, tooltip=False).save(path)


def markers(frame: geopandas.GeoDataFrame) -> Writer:
    """A `CircleMarker` with a popup for each site."""
    texts, places = _texts(frame), _places(frame)

    def write(path: Path) -> object:
        chart = _chart()
        for place, text in zip(places, texts, strict=True):
            folium.CircleMarker(place, radius=4, fill=True, popup=text).add_to(chart)
        return chart.save(str(path))

    return write


def one_layer(frame: geopandas.GeoDataFrame) -> Writer:
    """All sites as one `GeoJson` layer of circles with a popup."""

    def write(path: Path) -> object:
        chart = _chart()
        popup = folium.GeoJsonPopup(fields=_FIELDS)
        folium.GeoJson(frame, marker=folium.CircleMarker(radius=4, fill=True), popup=popup).add_to(chart)
        return chart.save(str(path))

    return write


def clusters(frame: geopandas.GeoDataFrame) -> Writer:
    """All sites in a `FastMarkerCluster`, with a popup."""
    rows = [[*place, text] for place, text in zip(_places(frame), _texts(frame), strict=True)]

    def write(path: Path) -> object:
        chart = _chart()
        FastMarkerCluster(rows, callback=_MARKER).add_to(chart)
        return chart.save(str(path))

    return write


def _chart() -> folium.Map:
    return folium.Map(_CENTRE, zoom_start=_ZOOM, tiles=None, maxZoom=18)  # clusters ask for one


def _places(frame: geopandas.GeoDataFrame) -> list[tuple[float, float]]:
    return list(zip(frame.geometry.y.tolist(), frame.geometry.x.tolist(), strict=True))


def _texts(frame: geopandas.GeoDataFrame) -> list[str]:
    columns: list[Any] = [frame[name].tolist() for name in _FIELDS]
    return ["<br>".join(row) for row in zip(*columns, strict=True)]
