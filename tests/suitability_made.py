"""Small sites and layers in metres, to be measured by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from geo.features import Features, Provenance, Raster
from geo.schema import Words
from geo.suitability import constraints, criteria
from geo.suitability.model import Attribute, Linear, SitingModel, Source
from geo.suitability.records import Candidates, Finding, Measured
from geo.suitability.schemes import Direct, Simple

EAST, NORTH = 505_000.0, 2_494_000.0  # near the town hall of Futian, EPSG:4547
OURS = Source(ours=True)
TITLE = Words("规则", "rule")
PROVENANCE = Provenance(Words("", ""), Words("", ""), "CGCS2000", "", "0" * 12, sample=True)


def box(west: float, south: float, east: float, north: float) -> Any:
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def point(x: float, y: float) -> Any:
    return shapely.Point(EAST + x, NORTH + y)


def line(*points: tuple[float, float]) -> Any:
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in points])


def shapes(*geometry: Any) -> Any:
    array = np.empty(len(geometry), dtype=object)
    array[:] = geometry
    return array


def column(*values: Any) -> Any:
    return np.array(values, dtype=np.float64 if isinstance(values[0], float) else object)


def layer(*geometry: Any, labels: tuple[str, ...] = (), name: str = "zone", **columns: Any) -> Features:
    labels = labels or ("",) * len(geometry)
    return Features(name, TITLE, shapes(*geometry), np.array(labels, dtype=object), PROVENANCE, columns)


def raster(values: list[list[float]], size: float = 10.0, unit: str = "", south: float = 0.0) -> Raster:
    """Cells whose south-western corner is at (0, south)."""
    cells = np.array(values, dtype=np.float64)
    rows, columns = cells.shape
    bounds = (EAST, NORTH + south, EAST + columns * size, NORTH + south + rows * size)
    return Raster("ground", TITLE, cells, bounds, PROVENANCE, unit)


def sites(*geometry: Any, **more: Any) -> Candidates:
    n = len(geometry)
    plain = {name: np.full(n, "", dtype=object) for name in ("names", "districts", "matches", "forces")}
    for name in plain:
        if name in more:
            plain[name] = np.array(more.pop(name), dtype=object)
    columns = {name.casefold(): np.array(values, dtype=object) for name, values in more.pop("columns", {}).items()}
    ids = np.array([f"s{number}" for number in range(n)], dtype=object)
    return Candidates(ids=ids, geometry=shapes(*geometry), columns=columns, **plain)


ANY = Attribute(
    id="any", title=TITLE, source=OURS, kind="attribute", column="any", value=Linear("linear", worst=0, best=1)
)


def _model(rules: tuple[Any, ...] = (), factors: tuple[Any, ...] = (ANY,)) -> SitingModel:
    return SitingModel(
        id="made",
        title=TITLE,
        version="1",
        description=TITLE,
        constraints=rules,
        criteria=factors,
        weights=Direct("direct", values={one.id: 1 for one in factors}),
        aggregation=Simple("weighted_sum"),
    )


def constrain(record: type, candidates: Candidates, /, *layers: Any, **said: Any) -> Finding:
    """One constraint of a record class on the sites."""
    rule = record(id="rule", title=TITLE, source=OURS, **said)
    return constraints.assess(_model((rule,)), candidates, {one.name: one for one in layers})[0]


def criterion(record: type, candidates: Candidates, /, *layers: Any, **said: Any) -> Measured:
    """One criterion of a record class on the sites."""
    rule = record(id="rule", title=TITLE, source=OURS, **said)
    return criteria.assess(_model((), (rule,)), candidates, {one.name: one for one in layers})[0]
