"""A planner's file from disk to sites, and one place asked for by its coordinates."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import shapely

from geo import crs, sources
from geo.errors import InputError
from geo.schema import Site
from geo.sites.draft import draft
from geo.sites.model import DatumBasis, Reading, SiteList
from geo.sites.position import datum_name, misfit
from geo.sites.settle import settle


def read(path: Path, *, datum: str | int | None = None, sample: bool = False) -> SiteList:
    """Read a file of points or polygons as it says it is.

    Nothing is examined here: positions without a datum are taken as WGS84.

    Parameters
    ----------
    path : Path
    datum : str or int, optional
        Datum name or EPSG code for rows that name none themselves.
    sample : bool
        Mark the list as sample data.

    Raises
    ------
    InputError
        If the file as a whole cannot be used: missing, unreadable, no position
        columns.
    CRSMismatch
        If coordinates need a datum and none is known.
    """
    reading = Reading(datum)
    return settle(draft(sources.read(path), reading), reading, sample=sample)


def single(lon: float, lat: float, *, datum: str | int | None = None, name: str = "") -> Site:
    """One place asked for by its coordinates.

    Raises
    ------
    InputError
        If the coordinates are not finite or out of range for the datum.
    """
    basis: DatumBasis = "assumed" if datum is None else "declared"
    datum = "wgs84" if datum is None else datum
    for error in misfit(np.array([lon], dtype=float), np.array([lat], dtype=float), datum).values():
        raise InputError(
            error.en, error.zh, value=error.value, remedy_en=error.remedy_en, remedy_zh=error.remedy_zh
        ) from error
    x, y = (float(part) for part in crs.to_wgs84(lon, lat, datum))
    if not (math.isfinite(x) and math.isfinite(y)):
        raise InputError("the coordinates are not finite", "坐标不是有限数值", value=f"{lon}, {lat}")
    given: dict[str, object] = {"lon": lon, "lat": lat, "datum": datum_name(datum)}
    return Site(
        id="1",
        name=name,
        geometry=shapely.Point(x, y),
        datum=datum_name(datum),
        datum_basis=basis,
        accuracy_m=crs.accuracy_m(datum),
        input=given,
        row=1,
    )
