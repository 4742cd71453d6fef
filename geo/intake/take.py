"""Reading a file and examining its positions; nothing is refused for its datum here."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo import detective, sites, sources
from geo.detective import Finding
from geo.districts import Boundaries
from geo.errors import InputError, UnknownTerm
from geo.intake.boundaries import city
from geo.intake.control import read_control_points
from geo.intake.model import Request, Taken
from geo.register import Register
from geo.schema import DISTRICTS
from geo.sites import Draft, Drafts, Reading


def take(path: Path, request: Request, register: Register, boundaries: Boundaries) -> Taken:
    """Read and draft a file, and examine its positions; nothing is refused for its datum.

    Raises
    ------
    InputError
        If the file cannot be read, or holds no positions.
    """
    reading = reading_of(request)
    layer = sources.read(path, request.layer, limits=request.limits)
    drafts = sites.draft(layer, reading)
    return Taken(layer, drafts, examine(drafts, reading, register, boundaries), reading)


def reading_of(request: Request) -> Reading:
    """What the caller says of a file, control points read.

    Raises
    ------
    InputError
        If control points and a datum are both given, or the points do not fit.
    """
    control = None if request.control is None else read_control_points(request.control, request.limits)
    if control is not None and request.datum is not None:
        raise InputError(
            "--control-points and a datum were both given",
            "同时给出了控制点文件和坐标系",
            remedy_en="give one of them",
            remedy_zh="请只给一个",
        )
    return Reading(request.datum, request.swap, control)


def examine(drafts: Drafts, reading: Reading, register: Register, boundaries: Boundaries) -> Finding | None:
    """The detective's finding for the rows that name no datum, or for those that name the commonest."""
    if reading.control is not None:
        return None
    option = reading.datum if reading.datum is not None else drafts.declared
    datums = Counter(option if row.datum is None else row.datum for row in drafts.rows if placed(row))
    if not datums:
        return None
    silent = option is None and None in datums
    datum = None if silent else datums.most_common(1)[0][0]
    rows = [row for row in drafts.rows if placed(row) and (option if row.datum is None else row.datum) == datum]
    x, y = _positions(rows)
    if reading.swap:
        x, y = y, x
    shapes = np.array([row.geometry for row in rows if row.geometry is not None], dtype=object)
    return detective.examine(
        x,
        y,
        city(boundaries),
        declared=datum,
        said=_districts(rows, register),
        polygons=shapes if len(shapes) and not reading.swap else None,
    )


def placed(row: Draft) -> bool:
    """Whether a row has a position that can be examined."""
    return row.x is not None and row.y is not None if row.geometry is None else not row.geometry.is_empty


def _positions(rows: list[Draft]) -> tuple[Any, Any]:
    """Numbers of each row, a point inside for a geometry; shape (n,) each."""
    pairs = [(row.x, row.y) if row.geometry is None else _middle(row.geometry) for row in rows]
    both = np.array(pairs, dtype=float).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _middle(geometry: Any) -> tuple[float, float]:
    """Middle of the bounding box, which any shape has, valid or not."""
    west, south, east, north = shapely.bounds(geometry)
    return (west + east) / 2, (south + north) / 2


def _districts(rows: list[Draft], register: Register) -> list[str | None]:
    """The district that each row says it is in, where the register knows the word."""
    known: dict[str | None, str | None] = {None: None}
    for word in {row.district for row in rows if row.district is not None}:
        try:
            place = register.find_place(word).id
        except UnknownTerm:
            place = ""
        known[word] = place if place in DISTRICTS else None
    return [known[row.district] for row in rows]
