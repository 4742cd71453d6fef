"""A siting model and candidates small enough to follow by hand.

::

      y
    2000 +-------------------+        zone "line": x 0 to 1000
         |  a   :   b        | c      road "way": the vertical x = 3000
    1000 +------+            |
         0     1000        3000
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.features import Features, Provenance
from geo.schema import Words
from geo.suitability.model import SitingModel
from geo.suitability.parse import parse
from geo.suitability.records import Candidates

OURS = {"ours": True}


def said(**changes: Any) -> dict[str, Any]:
    """What the file of the small model holds, with some keys changed."""
    return {
        "title": {"zh": "小模型", "en": "Small"},
        "version": "1",
        "description": {"zh": "用于试验", "en": "to try"},
        "constraints": [
            {"id": "in-line", "title": {"zh": "在线内", "en": "In the line"}, "source": OURS, "kind": "inside",
             "layer": "line"},
            {"id": "off-way", "title": {"zh": "距路", "en": "Off the way"}, "source": OURS, "kind": "setback",
             "layer": "way", "distance_m": 500},
            {"id": "store", "title": {"zh": "仓储", "en": "Store"}, "source": OURS, "kind": "stated", "column": "仓储"},
        ],
        "criteria": [
            {"id": "near", "title": {"zh": "近路", "en": "Near the way"}, "source": OURS, "kind": "distance",
             "layer": "way", "value": {"kind": "linear", "worst": 3000, "best": 0}},
            {"id": "jobs", "title": {"zh": "就业", "en": "Jobs"}, "source": OURS, "kind": "attribute", "column": "jobs",
             "value": {"kind": "linear", "worst": 0, "best": 100}},
        ],
        "weights": {"method": "direct", "values": {"near": 3, "jobs": 1}},
        "aggregation": {"method": "weighted_sum"},
        **changes,
    }  # fmt: skip


def model(**changes: Any) -> SitingModel:
    """The small model."""
    return parse(said(**changes), Path("small.yaml"))


def provenance(*, sample: bool = True) -> Provenance:
    """Of a layer made by hand."""
    return Provenance(Words("手工", "by hand"), Words("现在", "now"), "EPSG:4547", "", "0" * 12, sample)


def layer(name: str, shapes: list[Any], labels: list[str] | None = None, **columns: Any) -> Features:
    """A layer of hand-made shapes."""
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    named = np.array(labels or [""] * len(shapes), dtype=object)
    title = Words(name, name)
    return Features(name, title, geometry, named, provenance(), {key: np.array(one) for key, one in columns.items()})


LAYERS = {
    "line": layer("line", [shapely.box(0, 0, 1000, 3000)], ["工业线"]),
    "way": layer("way", [shapely.LineString([(3000, -9000), (3000, 9000)])], ["滨河路"]),
}


def candidates(rows: list[tuple[str, Any, dict[str, str]]], **fixed: str) -> Candidates:
    """Sites of (id, shape, columns); `fixed` sets district, match or force of all."""
    shapes = np.empty(len(rows), dtype=object)
    shapes[:] = [shape for _, shape, _ in rows]
    keys = dict.fromkeys(key for _, _, columns in rows for key in columns)

    def same(key: str, otherwise: str) -> Any:
        return np.array([fixed.get(key, otherwise)] * len(rows), dtype=object)

    return Candidates(
        ids=np.array([one for one, _, _ in rows], dtype=object),
        names=np.array([one for one, _, _ in rows], dtype=object),
        districts=same("district", "futian"),
        matches=same("match", "designated"),
        forces=same("force", "in_force"),
        geometry=shapes,
        columns={key: np.array([columns.get(key, "") for _, _, columns in rows], dtype=object) for key in keys},
    )


def three() -> Candidates:
    """Site a inside the line; b partly outside it; c inside, its store and its jobs not known."""
    return candidates(
        [
            ("b", shapely.box(900, 1000, 1400, 1500), {"仓储": "是", "jobs": "80"}),
            ("a", shapely.box(0, 1000, 500, 1500), {"仓储": "有", "jobs": "40"}),
            ("c", shapely.box(500, 1000, 1000, 1500), {"仓储": "", "jobs": ""}),
        ]
    )
