"""fiona and pyogrio as we use them: kept off the network, and quiet on stderr."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

KML_ID = "parksite_kml_id"
_OPTIONS = {
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".never",
    "GDAL_PAM_ENABLED": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GML_SAVE_RESOLVED_TO": "",
    "DXF_INLINE_BLOCKS": "FALSE",
    "LIBKML_ID_FIELD": KML_ID,
}
_INDIRECT = (
    "VRT", "OGR_VRT", "GDALG", "GTI", "STACIT", "STACTA", "HTTP", "WFS", "OAPIF", "OGCAPI", "CSW", "WMS", "WMTS",
    "WCS", "NGW", "AmigoCloud", "Carto", "Elasticsearch", "EEDA", "EEDAI", "PLSCENES", "DAAS", "ADBC", "GPSBabel",
    "MVT", "PMTiles", "GMLAS", "LVBAG", "Selafin", "ZARR", "PDS4", "VICAR", "OGR_PDS",
)  # fmt: skip


@contextmanager
def quiet() -> Iterator[list[str]]:
    """Keep the libraries' warnings and log lines from stderr, and hand them over."""
    said: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    loggers = [logging.getLogger(name) for name in ("fiona", "pyogrio", "openpyxl", "pyarrow")]
    before = [(one, one.propagate) for one in loggers]
    keep = Keep()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for one in loggers:
            one.addHandler(keep)
            one.propagate = False
        try:
            yield said
        finally:
            for one, propagate in before:
                one.removeHandler(keep)
                one.propagate = propagate
            said += [str(one.message) for one in caught]


@contextmanager
def _environment(**settings: str) -> Iterator[None]:
    """Environment variables for the time of an import, when GDAL looks at them."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def open_pyogrio() -> Iterator[Any]:
    """Pyogrio without the drivers that fetch from elsewhere, and with no way to the network."""
    with _environment(GDAL_SKIP=",".join(_INDIRECT), CPL_LOG=os.devnull):
        import pyogrio
        import pyogrio.raw

        pyogrio.list_drivers()
    before = {name: pyogrio.get_gdal_config_option(name) for name in _OPTIONS}
    pyogrio.set_gdal_config_options(_OPTIONS)
    try:
        yield pyogrio
    finally:
        pyogrio.set_gdal_config_options(before)


@contextmanager
def open_fiona() -> Iterator[Any]:
    """Fiona with no way to the network."""
    with _environment(CPL_LOG=os.devnull):
        import fiona
    with fiona.Env(**_OPTIONS):
        yield fiona
