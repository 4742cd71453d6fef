"""Local systems tied to the ground by control points.

The parameters of Shenzhen's own system (深圳独立坐标系) are not public. A file in
such a system is placed by points whose position is known in both systems: a
similarity (Helmert, 4 parameters) by least squares in metres of EPSG:4547,

    east  = e0 + a·x - b·y
    north = n0 + b·x + a·y,   scale s = √(a² + b²), rotation = atan2(b, a),

or, where that misses the limit and points suffice, an affinity (6 parameters).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.crs.grid import Pair, from_metres, to_metres
from geo.errors import CRSMismatch, InputError

LIMIT_M = 1.0  # largest residual of a control point; ours: planning accuracy, as between WGS84 and CGCS2000
SCALE_PPM = 1000.0  # largest departure of the scale from 1: a projection's is below 200 ppm in Shenzhen
REACH_M = 20_000.0  # further than this outside the points' hull a position is an extrapolation
FLAT = 0.05  # smallest ratio of the points' width to their length
LEAST_POINTS, LEAST_FOR_AFFINE = 3, 4


@dataclass(frozen=True)
class Transformation:
    """From a local system to degrees.

    Attributes
    ----------
    method : 'helmert' or 'affine'
    matrix : ndarray of float, shape (2, 3)
        Local east, north, 1 (reduced by `origin`) to EPSG:4547, likewise reduced.
    residuals_m : ndarray of float, shape (n,)
        Distance of each control point from where the transformation puts it.
    alone_m : ndarray of float, shape (n,)
        Distance of each control point from where the others alone would put it.
    hull : shapely geometry
        Hull of the control points in the local system.
    """

    method: Literal["helmert", "affine"]
    matrix: NDArray[np.float64]
    local_origin: tuple[float, float]
    target_origin: tuple[float, float]
    residuals_m: NDArray[np.float64]
    alone_m: NDArray[np.float64]
    hull: Any = field(repr=False)

    @property
    def rms_m(self) -> float:
        """Root mean square of the residuals, metres."""
        return float(np.sqrt(np.mean(self.residuals_m**2)))

    @property
    def max_m(self) -> float:
        """Largest residual, metres."""
        return float(np.max(self.residuals_m))

    @property
    def scale(self) -> float:
        """Metres on the ground of EPSG:4547 for one unit of the local system."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:, :2]))))

    @property
    def rotation_deg(self) -> float:
        """Rotation from the local system to EPSG:4547, degrees anticlockwise."""
        return float(np.degrees(np.arctan2(self.matrix[1, 0], self.matrix[0, 0])))

    def apply(self, x: ArrayLike, y: ArrayLike) -> Pair:
        """Local east and north as WGS84 longitude and latitude."""
        return from_metres(*self.to_metres(x, y))

    def to_metres(self, x: ArrayLike, y: ArrayLike) -> Pair:
        """Local east and north as east and north of EPSG:4547."""
        dx = np.asarray(x, dtype=float) - self.local_origin[0]
        dy = np.asarray(y, dtype=float) - self.local_origin[1]
        (a, b, c), (d, e, f) = self.matrix
        return self.target_origin[0] + a * dx + b * dy + c, self.target_origin[1] + d * dx + e * dy + f

    def outside(self, x: ArrayLike, y: ArrayLike, reach_m: float = REACH_M) -> NDArray[np.bool_]:
        """Whether positions lie further than `reach_m` outside the control points' hull."""
        points = shapely.points(np.asarray(x, dtype=float), np.asarray(y, dtype=float))
        with np.errstate(invalid="ignore"):
            return ~np.asarray(shapely.distance(points, self.hull) <= reach_m)


def fit_control_points(local_xy: ArrayLike, target_lonlat: ArrayLike, *, limit_m: float = LIMIT_M) -> Transformation:
    """Tie a local system to the ground by control points.

    Parameters
    ----------
    local_xy : array_like of float, shape (n, 2)
        Local east and north in metres.
    target_lonlat : array_like of float, shape (n, 2)
        The same points in degrees (WGS84 or CGCS2000).
    limit_m : float
        Largest residual allowed, metres; for an affinity, which bends to a wrong point,
        the largest distance of a point from where the others put it.

    Returns
    -------
    Transformation
        Similarity; affinity only with at least four points where the similarity
        misses the limit.

    Raises
    ------
    InputError
        Fewer than three points, points that are not numbers, coincide or lie on a line.
    CRSMismatch
        The scale is not 1, the axes are swapped, or a point misses the limit.
    """
    local = np.asarray(local_xy, dtype=float).reshape(-1, 2)
    target = np.asarray(target_lonlat, dtype=float).reshape(-1, 2)
    _require_spread(local, target)
    metric = np.column_stack(to_metres(target[:, 0], target[:, 1]))
    found = _similarity(local, metric)
    misses = found.max_m > limit_m or abs(found.scale - 1.0) * 1e6 > SCALE_PPM
    if misses:
        _refuse_swapped(local, metric, limit_m)
    if found.max_m > limit_m and len(local) >= LEAST_FOR_AFFINE:
        found = _affinity(local, metric)
    _require_fit(found, limit_m)
    return found


def _similarity(local: NDArray[np.float64], metric: NDArray[np.float64]) -> Transformation:
    """Least-squares similarity, both sides reduced to their mean."""
    here, there = local.mean(axis=0), metric.mean(axis=0)
    z, w = (part[:, 0] + 1j * part[:, 1] for part in (local - here, metric - there))
    turn = np.sum(np.conj(z) * w) / np.sum(np.abs(z) ** 2)
    matrix = np.array([[turn.real, -turn.imag, 0.0], [turn.imag, turn.real, 0.0]])
    leverage = 1.0 / len(z) + np.abs(z) ** 2 / np.sum(np.abs(z) ** 2)
    return _transformation("helmert", matrix, local, metric, np.abs(w - turn * z), leverage)


def _affinity(local: NDArray[np.float64], metric: NDArray[np.float64]) -> Transformation:
    """Least-squares affinity, both sides reduced to their mean."""
    here, there = local - local.mean(axis=0), metric - metric.mean(axis=0)
    solved = np.linalg.lstsq(here, there, rcond=None)[0]
    matrix = np.column_stack([solved.T, np.zeros(2)])
    leverage = 1.0 / len(here) + np.sum(here * np.linalg.solve(here.T @ here, here.T).T, axis=1)
    return _transformation("affine", matrix, local, metric, np.hypot(*(there - here @ solved).T), leverage)


def _transformation(
    method: Literal["helmert", "affine"],
    matrix: NDArray[np.float64],
    local: NDArray[np.float64],
    metric: NDArray[np.float64],
    residuals: NDArray[np.float64],
    leverage: NDArray[np.float64],
) -> Transformation:
    """The record; a residual over 1 - leverage is that of a fit to the other points."""
    here, there = local.mean(axis=0), metric.mean(axis=0)
    hull = shapely.convex_hull(shapely.multipoints(local))
    shapely.prepare(hull)
    return Transformation(
        method=method,
        matrix=matrix,
        local_origin=(float(here[0]), float(here[1])),
        target_origin=(float(there[0]), float(there[1])),
        residuals_m=residuals,
        alone_m=residuals / np.maximum(1.0 - leverage, 1e-9),
        hull=hull,
    )


def _require_spread(local: NDArray[np.float64], target: NDArray[np.float64]) -> None:
    """Raise unless there are three usable points that span an area."""
    number = min(len(local), len(target))
    if len(local) != len(target) or number < LEAST_POINTS:
        raise _too_poor(f"{number} control point(s) are too few", f"控制点不足：{number} 个")
    usable = np.isfinite(local).all(axis=1) & np.isfinite(target).all(axis=1)
    usable &= (np.abs(target[:, 0]) <= 180) & (np.abs(target[:, 1]) < 90)
    if not usable.all():
        row = int(np.flatnonzero(~usable)[0]) + 1
        raise InputError(
            f"control point {row} has no usable position",
            f"第 {row} 个控制点坐标无效",
            row=row,
            remedy_en="correct or remove this point",
            remedy_zh="请改正或删除该点",
        )
    known = np.column_stack(to_metres(target[:, 0], target[:, 1]))
    for en, zh, points in (("local", "地方坐标", local), ("known", "已知坐标", known)):
        spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
        if not spread[1] >= max(FLAT * spread[0], 1e-6):
            raise _too_poor(
                f"the control points coincide or lie on a line in their {en} coordinates",
                f"控制点重合或近似共线（{zh}）",
            )


def _too_poor(en: str, zh: str) -> InputError:
    return InputError(
        en,
        zh,
        remedy_en="give at least 3 control points spread over the site area, not along a line",
        remedy_zh="请提供至少 3 个控制点，分布在选址范围四周，不要沿一条线",
    )


def _refuse_swapped(local: NDArray[np.float64], metric: NDArray[np.float64], limit_m: float) -> None:
    """Raise if the points fit once their axes are swapped."""
    other = _similarity(local[:, ::-1], metric)
    if other.max_m <= limit_m and abs(other.scale - 1.0) * 1e6 <= SCALE_PPM:
        raise CRSMismatch(
            "the local coordinates of the control points are swapped: x must be east, y north",
            "控制点的地方坐标颠倒：x 应为东坐标，y 应为北坐标",
            remedy_en="swap the columns x and y; Chinese survey sheets have X north and Y east",
            remedy_zh="请交换 x、y 两列；测量成果表中 X 为北、Y 为东",
        )


def _require_fit(found: Transformation, limit_m: float) -> None:
    """Raise where scale or residuals are out of bounds, naming the worst point."""
    if abs(found.scale - 1.0) * 1e6 > SCALE_PPM:
        raise CRSMismatch(
            f"the control points give a scale of {found.scale:.6g}, not 1",
            f"控制点算得的比例为 {found.scale:.6g}，不是 1",
            value=f"{found.scale:.6g}",
            remedy_en="both sides must be in metres (not kilometres, degrees or feet), x east and y north",
            remedy_zh="两侧坐标都应以米为单位（不是公里、度或英尺），x 向东、y 向北",
        )
    missed = found.alone_m if found.method == "affine" else found.residuals_m
    if np.max(missed) > limit_m:
        row = int(np.argmax(found.alone_m)) + 1
        off = float(found.alone_m[row - 1])
        raise CRSMismatch(
            f"the control points do not agree: point {row} is {off:.2f} m from where the others put it, "
            f"and the limit is {limit_m:g} m",
            f"控制点互不相符：第 {row} 个点与其余各点推算的位置相差 {off:.2f} m，限差为 {limit_m:g} m",
            row=row,
            value=f"{off:.2f} m",
            remedy_en="check this point first, and that all points are in the same two systems",
            remedy_zh="请先核对该点，并确认各点属于同一对坐标系",
        )
