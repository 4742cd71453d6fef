"""GeoJSON and its newline-delimited form, looked through before GDAL sees it.

GDAL drops what it does not like in silence, follows a link to a CRS, and ends
text at a NUL. So the text is parsed here first; where something is wrong, GDAL
gets a mended copy, in which a feature that cannot be used keeps its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.errors import InputError, RowError
from geo.sources.content import damaged, refuse_binary
from geo.sources.encoding import SPOKEN
from geo.sources.gate import within
from geo.sources.layer import EncodingBasis, Limits, Note
from geo.sources.shapes import too_many
from geo.sources.text import decoded
from geo.sources.values import Washer

_PARSED_UP_TO = 150_000_000
_GEOMETRIES = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
)  # fmt: skip
_DEPTH = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_ODD = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|[\x00]")
_ADDRESS = re.compile(r"\s*(https?:|ftp:|file:|/vsi)(?!//www\.opengis\.net/def/crs/)", re.IGNORECASE)
_EMPTY: dict[str, Any] = {"type": "Feature", "properties": {}, "geometry": None}


@dataclass
class Prepared:
    """What GDAL is to read, and what was found before."""

    path: Path
    faults: dict[int, RowError] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    crs_basis: str = "format"
    no_crs: bool = False
    unknown_crs: str | None = None
    sequence: bool = False
    encoding: str = "UTF-8"
    encoding_basis: EncodingBasis = "measured"


def prepare(path: Path, scratch: Path, limits: Limits, *, sequence: bool) -> Prepared:
    """Look through a file; the result names the file itself or a mended copy.

    Parameters
    ----------
    path, scratch : Path
        The file, and a folder for the copy.
    limits : Limits
    sequence : bool
        Whether each line is a feature.

    Raises
    ------
    InputError
        If it is no GeoJSON.
    """
    raw_head = _head(path)
    refuse_binary(raw_head, path)
    if path.stat().st_size > _PARSED_UP_TO:
        return _unparsed(path, raw_head, sequence)
    text, code, basis = decoded(path)
    odd = bool(_ODD.search(text.encode("utf-8"))) if "\\u" in text else False
    found = Prepared(path, encoding=SPOKEN[code], encoding_basis=basis, sequence=sequence)
    washer = Washer()
    if sequence or "\x1e" in text[:1]:
        features, members, changed = _lines(text, path, found), dict[str, Any](), False
        found.sequence = True
    else:
        features, members, changed = _collection(text, path, found)
    within("rows", len(features), limits, path)
    names = {name for one in features if isinstance(one, dict) for name in _properties(one)}
    within("columns", len(names), limits, path)
    good = [_checked(number, one, found, path, limits) for number, one in enumerate(features, start=1)]
    if features and len(found.faults) == len(features):
        raise next(iter(_whole(found, path)))
    if odd:
        good = [_washed(one, washer) for one in good]
        found.notes += washer.notes()
    if changed or odd or found.faults or code != "utf-8" or basis == "byte-order mark" or found.sequence:
        members = members | {"type": "FeatureCollection"}
        found.path = _written(good, members, scratch / f"{path.stem}.geojson")
    return found


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    """Properties of what may be a feature."""
    held = feature.get("properties")
    return held if isinstance(held, dict) else {}


def _head(path: Path) -> bytes:
    with path.open("rb") as handle:
        head = handle.read(4096)
    if not head.strip():
        raise InputError(
            "the file is empty", "文件为空", file=path, remedy_en="save or copy it again", remedy_zh="请重新保存或复制"
        )
    return head


def _unparsed(path: Path, head: bytes, sequence: bool) -> Prepared:
    """A file too large to parse twice: only what it says of itself at its ends is looked at."""
    with path.open("rb") as handle:
        handle.seek(-4096, 2)
        ends = head + handle.read()
    if not sequence and not re.search(rb'"type"\s*:\s*"(FeatureCollection|Feature)"', ends):
        raise _not_geojson(path, "")
    if re.search(rb'"crs"\s*:\s*\{[^}]*"(link|url)"', ends, re.IGNORECASE):
        raise _not_geojson(path, "crs link")
    return Prepared(path, crs_basis="file" if b'"crs"' in ends else "format", sequence=sequence)


def _parse(text: str, path: Path) -> Any:
    """JSON, its faults as refusals that name the line."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise InputError(
            "the JSON is nested too deep",
            "JSON 嵌套过深",
            file=path,
            remedy_en="export it again from a GIS",
            remedy_zh="请用 GIS 软件重新导出",
        ) from error
    except json.JSONDecodeError as error:
        raise InputError(
            f"the JSON breaks off or is wrong at line {error.lineno}, column {error.colno}: {error.msg}",
            f"JSON 第 {error.lineno} 行第 {error.colno} 列有错误或不完整：{error.msg}",
            file=path,
            remedy_en="export it again from a GIS",
            remedy_zh="请用 GIS 软件重新导出",
        ) from error
    except ValueError as error:
        raise damaged(path, "a number has thousands of digits") from error


def _collection(text: str, path: Path, found: Prepared) -> tuple[list[Any], dict[str, Any], bool]:
    """Features of a file, its other members, and whether it has to be written anew."""
    try:
        content = _parse(text, path)
    except InputError as error:
        if isinstance(error.__cause__, json.JSONDecodeError) and error.__cause__.msg == "Extra data":
            found.sequence = True
            return _lines(text, path, found), {}, True
        raise
    if isinstance(content, list):
        raise _not_geojson(path, "[…]")
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "FeatureCollection" and isinstance(content.get("features"), list) and "stac_version" not in content:
        members = {name: value for name, value in content.items() if name != "features"}
        return content["features"], members, _settle_crs(members, found)
    if kind == "Feature" and "stac_version" not in content:
        return [content], {"type": "FeatureCollection"}, True
    if kind in _GEOMETRIES:
        return [_EMPTY | {"geometry": content}], {"type": "FeatureCollection"}, True
    raise _not_geojson(path, kind if isinstance(kind, str) else "")


def _settle_crs(members: dict[str, Any], found: Prepared) -> bool:
    """Whether the `crs` member has to go: it may be a link, which is not followed."""
    if "crs" not in members:
        return False
    said = members["crs"]
    name = said.get("properties", {}).get("name") if isinstance(said, dict) and _is_dict(said, "properties") else None
    if said is None:
        found.no_crs = True
        return False
    found.crs_basis = "file"
    if isinstance(name, str) and said.get("type") == "name" and not _ADDRESS.match(name):
        if _is_known(name):
            return False
        del members["crs"]
        found.no_crs, found.unknown_crs = True, name[:60]
        found.notes.append(
            (
                f"坐标系“{name[:60]}”无法识别，视为未声明；请用 --crs EPSG:… 或 --datum 指明。",
                f"The CRS {name[:60]!r} is not known: taken as not declared; give --crs EPSG:… or --datum.",
            )
        )
        return True
    del members["crs"]
    found.no_crs = True
    found.notes.append(
        (
            "坐标系以链接给出，未予读取，视为未声明。",
            "The CRS is given as a link, which is not followed: taken as not declared.",
        )
    )
    return True


def _is_known(name: str) -> bool:
    """Whether a CRS of this name exists."""
    import pyproj

    try:
        pyproj.CRS.from_user_input(name)
    except (pyproj.exceptions.CRSError, ValueError):
        return False
    return True


def _is_dict(holder: dict[str, Any], name: str) -> bool:
    return isinstance(holder.get(name), dict)


def _lines(text: str, path: Path, found: Prepared) -> list[Any]:
    """Features of a newline-delimited file, or of one delimited by record separators (RFC 8142)."""
    pieces = text.split("\x1e") if "\x1e" in text else text.split("\n")
    features: list[Any] = []
    for piece in pieces:
        if not piece.strip():
            continue
        try:
            one = _parse(piece.strip(), path)
        except InputError as error:
            found.faults[len(features) + 1] = _fault(path, len(features) + 1, error.en, error.zh, piece.strip())
            one = _EMPTY
        if isinstance(one, dict) and one.get("type") in _GEOMETRIES:
            one = _EMPTY | {"geometry": one}
        features.append(one)
    return features


def _checked(number: int, feature: Any, found: Prepared, path: Path, limits: Limits) -> dict[str, Any]:
    """The feature, or one without what GDAL cannot take, with a fault."""
    if number in found.faults:
        return dict(_EMPTY)
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        found.faults[number] = _fault(
            path, number, "this is no feature", "这不是要素", json.dumps(feature, default=str)
        )
        return dict(_EMPTY)
    if feature.get("properties") is not None and not isinstance(feature["properties"], dict):
        found.faults[number] = _fault(
            path, number, "the properties are no object", "要素属性不是对象", json.dumps(feature["properties"])
        )
        feature = feature | {"properties": {}}
    geometry = feature.get("geometry")
    if (vertices := _vertices(geometry)) > limits.vertices:
        found.faults[number] = too_many(vertices, number, path, limits)
        feature = feature | {"geometry": None}
    elif geometry is not None and not _is_geometry(geometry):
        shown = json.dumps(geometry, ensure_ascii=True, default=str)
        found.faults[number] = _fault(
            path, number, "the geometry is no GeoJSON geometry", "几何不符合 GeoJSON 规范", shown
        )
        feature = feature | {"geometry": None}
    return dict(feature)


def _vertices(geometry: Any) -> int:
    """Number of positions in what may be a geometry."""
    if isinstance(geometry, dict):
        parts = geometry.get("geometries")
        return sum(map(_vertices, parts)) if isinstance(parts, list) else _vertices(geometry.get("coordinates"))
    if not isinstance(geometry, list) or not geometry:
        return 0
    first = geometry[0]
    if isinstance(first, list) and first and isinstance(first[0], list):
        return sum(map(_vertices, geometry))
    return len(geometry) if isinstance(first, list) else 1


def _is_geometry(geometry: Any) -> bool:
    """Whether type and nesting of coordinates fit each other; rings are not looked at."""
    if not isinstance(geometry, dict):
        return False
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        return isinstance(parts, list) and all(_is_geometry(part) for part in parts)
    if not isinstance(kind, str) or kind not in _DEPTH:
        return False
    return _nested(geometry.get("coordinates"), _DEPTH[kind])


def _nested(coordinates: Any, depth: int) -> bool:
    if not isinstance(coordinates, list):
        return False
    if depth:
        return all(_nested(one, depth - 1) for one in coordinates)
    if not coordinates:
        return True
    return len(coordinates) >= 2 and all(
        isinstance(one, int | float) and not isinstance(one, bool) and one - one == 0 for one in coordinates
    )


def _washed(feature: dict[str, Any], washer: Washer) -> dict[str, Any]:
    """The feature with clean text in its attributes."""
    properties = {
        washer.text(name): _deep(value, washer.text) for name, value in (feature.get("properties") or {}).items()
    }
    return feature | {"properties": properties}


def _deep(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_deep(one, clean) for one in value]
    if isinstance(value, dict):
        return {clean(name): _deep(one, clean) for name, one in value.items()}
    return value


def _written(features: list[dict[str, Any]], members: dict[str, Any], target: Path) -> Path:
    """The mended copy."""
    with target.open("w", encoding="utf-8", errors="replace", newline="\n") as handle:
        json.dump(members | {"features": features}, handle, ensure_ascii=False)
    return target


def _whole(found: Prepared, path: Path) -> list[InputError]:
    """The refusal of a file in which nothing is a feature."""
    first = next(iter(found.faults.values()))
    return [
        InputError(
            f"no feature of the file can be read: {first.en}",
            f"文件中没有可读取的要素：{first.zh}",
            file=path,
            value=first.value,
            remedy_en=first.remedy_en,
            remedy_zh=first.remedy_zh,
        )
    ]


def _fault(path: Path, number: int, en: str, zh: str, value: str) -> RowError:
    return RowError(
        en,
        zh,
        file=path,
        row=number,
        field="geometry" if "geometry" in en else None,
        value=value,
        remedy_en="export the layer again from a GIS, or mend this feature",
        remedy_zh="请用 GIS 软件重新导出，或修改该要素",
    )


def _not_geojson(path: Path, kind: str) -> InputError:
    said = f": {kind[:60]}" if kind else ""
    return InputError(
        f"the JSON is no GeoJSON{said}",
        f"JSON 不是 GeoJSON{said.replace(': ', '：')}",
        file=path,
        remedy_en="export the layer as GeoJSON",
        remedy_zh="请将图层导出为 GeoJSON",
    )
