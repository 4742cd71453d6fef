"""The only reader and writer of rasters: GeoTIFF, one band, through rasterio.

GDAL is held to its GeoTIFF driver, to the file itself (no files beside it) and off the
network. A raster is brought to EPSG:4547 once: numbers bilinearly, classes by the
nearest cell; what the raster does not cover, and its own no-data, is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import crs
from geo.errors import CRSMismatch, InputError
from geo.sources.content import damaged
from geo.sources.gate import local, within
from geo.sources.layer import Limits
from geo.sources.libraries import quiet

SUFFIXES = (".tif", ".tiff", ".geotiff")
_BYTES = 8  # of a cell as we hold it
_ALONE = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".never",
    "GDAL_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Cells:
    """A raster in EPSG:4547, rows from north to south.

    Attributes
    ----------
    values : array of float, shape (rows, columns)
        NaN where there is nothing.
    bounds : tuple of float
        West, south, east, north in metres.
    unit : str
        Unit of the band, as its file has it.
    declared : str
        Coordinate system that the file was in.
    """

    values: NDArray[np.float64]
    bounds: tuple[float, float, float, float]
    unit: str
    declared: str


def read_raster(
    path: Path, *, declared: int | None = None, categorical: bool = False, limits: Limits = Limits()
) -> Cells:
    """The first band of a GeoTIFF, brought to EPSG:4547.

    Parameters
    ----------
    path : Path
    declared : int, optional
        EPSG code, for a file that names no coordinate system.
    categorical : bool
        Cells are classes, which are not mixed.
    limits : Limits, optional
        `megabytes` holds for the file and for the cells as 8-byte numbers.

    Raises
    ------
    CRSMismatch
        If no coordinate system is known.
    InputError
        If the file is no GeoTIFF of one band, is damaged, too large, or holds nothing.
    """
    there = local(path, limits)
    if there.is_dir() or path.suffix.lower() not in SUFFIXES:
        raise _no_tiff(path)
    with there.open("rb") as handle:
        if handle.read(4) not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            raise _no_tiff(path)
    import rasterio

    try:
        with quiet(), rasterio.Env(**_ALONE), rasterio.open(there, driver="GTiff") as held:
            _require_usable(held, path, limits)
            found = _read(held, path, declared, categorical, limits)
    except rasterio.errors.RasterioError as error:
        raise damaged(path, error) from error
    if np.isnan(found.values).all():
        raise InputError(
            "the raster holds no value",
            "栅格没有有效值",
            file=path,
            remedy_en="check the no-data value and what was exported",
            remedy_zh="请检查无数据值与导出内容",
        )
    return found


def write_raster(path: Path, cells: Cells) -> None:
    """Write cells as a GeoTIFF in EPSG:4547, deflated."""
    import rasterio
    from rasterio.transform import from_bounds

    rows, columns = cells.values.shape
    how: dict[str, Any] = {
        "driver": "GTiff", "dtype": "float64", "count": 1, "height": rows, "width": columns, "nodata": np.nan,
        "crs": f"EPSG:{crs.PROJECTED}", "transform": from_bounds(*cells.bounds, columns, rows),
        "compress": "deflate", "predictor": 3, "tiled": rows >= 512 and columns >= 512,
    }  # fmt: skip
    with quiet(), rasterio.Env(**_ALONE), rasterio.open(path, "w", **how) as made:
        made.write(cells.values, 1)
        if cells.unit:
            made.units = (cells.unit,)


def _no_tiff(path: Path) -> InputError:
    return InputError(
        "the content is no GeoTIFF",
        "内容不是 GeoTIFF",
        file=path,
        remedy_en="export the raster as GeoTIFF (.tif)",
        remedy_zh="请将栅格导出为 GeoTIFF（.tif）",
    )


def _require_usable(held: Any, path: Path, limits: Limits) -> None:
    """Refuse more bands than one, more cells than the limit, numbers that are none."""
    within("megabytes", -(-held.width * held.height * _BYTES // 1_000_000), limits, path)
    if held.count != 1 or np.dtype(held.dtypes[0]).kind not in "iuf":
        raise InputError(
            f"a raster of one band of numbers is expected, this has {held.count} of type {held.dtypes[0]}",
            f"需要单波段数值栅格，该文件有 {held.count} 个波段，类型 {held.dtypes[0]}",
            file=path,
            remedy_en="export the band that is meant by itself",
            remedy_zh="请单独导出所需波段",
        )


def _read(held: Any, path: Path, declared: int | None, categorical: bool, limits: Limits) -> Cells:
    from rasterio.crs import CRS

    system = held.crs if declared is None else CRS.from_epsg(declared)
    if not system or held.transform.is_identity or not (system.is_geographic or system.is_projected):
        raise CRSMismatch(
            "the raster declares no coordinate system" if not system else "the raster has no place on the ground",
            "栅格未声明坐标系" if not system else "栅格没有地理定位信息",
            file=path,
            remedy_en="give --crs EPSG:…, or export it with its coordinate system",
            remedy_zh="请给出 --crs EPSG:…，或导出时写入坐标系",
        )
    values = held.read(1, masked=True).astype(np.float64).filled(np.nan)
    values[~np.isfinite(values)] = np.nan
    name = f"EPSG:{system.to_epsg()}" if system.to_epsg() else str(system.to_string())[:60]
    target = CRS.from_epsg(crs.PROJECTED)
    plain = held.transform.b == held.transform.d == 0 and held.transform.e < 0 < held.transform.a
    if system == target and plain:
        return Cells(values, tuple(held.bounds), held.units[0] or "", name)
    return _warped(values, held, system, target, name, categorical, limits, path)


def _warped(
    values: NDArray[np.float64],
    held: Any,
    system: Any,
    target: Any,
    name: str,
    categorical: bool,
    limits: Limits,
    path: Path,
) -> Cells:
    """Cells on a grid of the same fineness in EPSG:4547."""
    from rasterio.transform import array_bounds
    from rasterio.warp import Resampling, calculate_default_transform, reproject

    transform, columns, rows = calculate_default_transform(system, target, held.width, held.height, *held.bounds)
    within("megabytes", -(-columns * rows * _BYTES // 1_000_000), limits, path)
    made = np.full((rows, columns), np.nan)
    reproject(
        values,
        made,
        src_transform=held.transform,
        src_crs=system,
        src_nodata=np.nan,
        dst_transform=transform,
        dst_crs=target,
        dst_nodata=np.nan,
        resampling=Resampling.nearest if categorical else Resampling.bilinear,
    )
    return Cells(made, tuple(array_bounds(rows, columns, transform)), held.units[0] or "", name)
