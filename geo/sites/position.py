"""Whether numbers can be what a datum says, and how datums are called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import crs
from geo.errors import RowError
from geo.sources import Note

Floats = NDArray[np.float64]


def datum_name(datum: Any) -> str:
    """A datum as it is shown: its name, its EPSG code, or the name of the CRS."""
    if isinstance(datum, int):
        return f"EPSG:{datum}"
    return datum if isinstance(datum, str) else str(datum.name)


def control_name(transformation: Any) -> str:
    """A local system with control points, as it is shown."""
    return f"control-points ({transformation.method}, ±{transformation.max_m:.3f} m)"


def assumed(path: Path | None) -> Note:
    """The warning for positions that declare no datum."""
    zh, en = (f"{path.name}：", f"{path.name}: ") if path else ("", "")
    return (
        f"{zh}未声明坐标系，按 WGS84 处理；如来自高德、腾讯或百度地图，请用 --datum gcj02 或 bd09。",
        f"{en}no datum is declared, WGS84 is assumed; for coordinates from AMap, Tencent or Baidu "
        "give --datum gcj02 or bd09.",
    )


def misfit(x: Floats, y: Floats, datum: Any, swapped: bool = False) -> dict[int, RowError]:
    """By their place, why positions cannot be what the datum says."""
    if isinstance(datum, str):
        far = np.flatnonzero(~((np.abs(x) <= 180) & (np.abs(y) <= 90)))
        return {at: _out_of_range(float(x[at]), float(y[at])) for at in far.tolist()}
    lon, lat = crs.to_wgs84(x, y, datum)
    away = np.flatnonzero(~_near(lon, lat))
    if not len(away):
        return {}
    cured = _near(*crs.to_wgs84(y[away], x[away], datum))
    lost = ~(np.isfinite(lon[away]) & np.isfinite(lat[away]))
    return {
        at: _unfit(float(x[at]), float(y[at]), datum, bool(swap), swapped)
        for at, swap, gone in zip(away.tolist(), cured, lost, strict=True)
        if swap or gone
    }


def _near(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Whether positions lie in or around Guangdong; not so for infinite values."""
    return np.asarray((lon >= 109) & (lon <= 118) & (lat >= 20) & (lat <= 26))


def _out_of_range(x: float, y: float) -> RowError:
    swapped = abs(y) <= 180 and abs(x) <= 90
    return RowError(
        "longitude or latitude is out of range",
        "经纬度超出范围",
        value=f"{x:.12g}, {y:.12g}",
        remedy_en="longitude and latitude seem to be swapped: correct them, or give --swap-axes for the whole file"
        if swapped
        else "for metres give --crs EPSG:…",
        remedy_zh="经度与纬度似乎颠倒：请改正，或对整个文件加 --swap-axes"
        if swapped
        else "若为米制坐标，请给出 --crs EPSG:…",
    )


def _unfit(x: float, y: float, datum: Any, swap: bool, swapped: bool) -> RowError:
    cure_zh, cure_en = (
        ("去掉 --swap-axes", "leave out --swap-axes") if swapped else ("加 --swap-axes", "give --swap-axes")
    )
    return RowError(
        f"the coordinates do not fit {datum_name(datum)}",
        f"坐标与 {datum_name(datum)} 不符",
        value=f"{x:.12g}, {y:.12g}",
        remedy_en=f"x must be east and y north: they seem to be swapped, as on Chinese survey sheets; {cure_en}"
        if swap
        else "check the coordinate system",
        remedy_zh=f"x 应为东坐标、y 为北坐标：此处似按测量习惯（X 北 Y 东）颠倒；请{cure_zh}"
        if swap
        else "请检查坐标系",
    )
