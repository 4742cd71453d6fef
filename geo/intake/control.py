"""Control points of a local coordinate system, from a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from geo import crs, sites, sources
from geo.errors import GeoError, InputError
from geo.sources import Limits

_TARGETS = (("lon", "lat"), ("east", "north"))


def read_control_points(path: Path, limits: Limits = Limits()) -> crs.Transformation:
    """The transformation that a file of control points fits.

    The table has ``x`` and ``y`` (local east and north) and either ``lon`` and ``lat``
    (WGS84 or CGCS2000) or ``east`` and ``north`` (EPSG:4547).

    Raises
    ------
    InputError
        If columns or numbers are missing, or the points do not fit.
    """
    layer = sources.read(path, limits=limits)
    names = {name.strip().casefold(): name for name in layer.columns} | sites.understood(layer.columns)
    target = next((pair for pair in _TARGETS if set(pair) <= names.keys()), None)
    if target is None or not {"x", "y"} <= names.keys():
        raise InputError(
            "the control points lack columns",
            "控制点文件缺少列",
            file=path,
            value=", ".join(layer.columns),
            remedy_en="give x and y (local east and north) with lon and lat, or with east and north in EPSG:4547",
            remedy_zh="请给出 x、y（地方坐标的东、北）以及 lon、lat，或 EPSG:4547 的 east、north",
        )
    numbers = np.empty((len(layer.rows), 4))
    for at, (record, number) in enumerate(zip(layer.rows, layer.numbers, strict=True)):
        for place, name in enumerate(("x", "y", *target)):
            try:
                numbers[at, place] = sites.read_coordinate(record[names[name]])[0]
            except ValueError as error:
                raise InputError(
                    "a control point is not a number",
                    "控制点不是数字",
                    file=path,
                    row=number,
                    field=names[name],
                    value=record[names[name]],
                    remedy_en="correct or remove this point",
                    remedy_zh="请改正或删除该点",
                ) from error
    known = numbers[:, 2:]
    if target == ("east", "north"):
        known = np.column_stack(crs.to_wgs84(known[:, 0], known[:, 1], crs.PROJECTED))
    try:
        return crs.fit_control_points(numbers[:, :2], known)
    except GeoError as error:
        error.file = path
        raise
