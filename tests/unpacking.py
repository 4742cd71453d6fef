"""Reads in Python what geo/webmap packs for the page."""

import base64
import json
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import shapely

from geo.webmap.deflating import Deflated


def inflated(text: str | Deflated) -> bytes:
    return zlib.decompress(base64.b64decode(str(text), validate=True))


def opened(data: Any) -> Any:
    """JSON that stands as it is or deflated."""
    return json.loads(inflated(data) if isinstance(data, str | Deflated) else json.dumps(data))


def numbers(text: str | Deflated) -> list[int]:
    head, colon, body = str(text).rpartition(":")
    raw = inflated(body)
    if not colon:
        return np.cumsum(_differences(raw)).tolist()
    width, smallest, step = map(int, head.split(","))
    count = len(raw) // width
    return [smallest + step * sum(raw[k * count + row] << 8 * k for k in range(width)) for row in range(count)]


def pairs(text: str | Deflated) -> list[list[int]]:
    return np.cumsum(np.array(_differences(inflated(text)), dtype=np.int64).reshape(-1, 2), axis=0).tolist()


def _differences(raw: bytes) -> list[int]:
    found, number, shift = [], 0, 0
    for byte in raw:
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            found.append(number >> 1 if number % 2 == 0 else -(number + 1) // 2)
            number = shift = 0
    assert shift == 0
    return found


def texts(data: Any) -> list[str]:
    if isinstance(data, dict) and "blocks" in data:
        lines = [json.loads(line) for line in inflated(data["blocks"]).split(b"\n")]
        assert all(len(line) == data["size"] for line in lines[:-1]) and 0 < len(lines[-1]) <= data["size"]
        return [one for line in lines for one in line]
    if isinstance(data, dict):
        return [data["head"] + str(one).zfill(data["digits"]) for one in numbers(data["numbers"])]
    return opened(data)


def column(packed: dict[str, Any], count: int) -> list[Any]:
    values = opened(packed["values"])
    return [values[at] for at in (numbers(packed["at"]) if packed["at"] is not None else [0] * count)]


def areas(packed: dict[str, Any], scale: float) -> list[Any]:
    """Multipolygons of packed areas."""
    corners = _corners(packed, scale)
    made = []
    for area in opened(packed["shape"]):
        rings = [[list(islice(corners, size)) for size in polygon] for polygon in area]
        made.append(shapely.MultiPolygon([shapely.Polygon(shell, holes) for shell, *holes in rings]))
    assert next(corners, None) is None
    return made


def lines(packed: dict[str, Any], scale: float) -> list[Any]:
    corners = _corners(packed, scale)
    made = [shapely.MultiLineString([list(islice(corners, size)) for size in one]) for one in packed["shape"]]
    assert next(corners, None) is None
    return made


def _corners(packed: dict[str, Any], scale: float) -> Iterator[tuple[float, float]]:
    per_unit = round(1 / scale)
    return ((x / per_unit, y / per_unit) for x, y in pairs(packed["xy"]))


def data_of(text: str) -> dict[str, Any]:
    """The data that stands in a page."""
    blocks = r'<script type="application/json" id="parksite-(?:data|sites)">(.*?)</script>'
    data, sites = re.findall(blocks, text, re.DOTALL)
    return {**json.loads(data), "sites": json.loads(sites)}
