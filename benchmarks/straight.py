"""A check of sites as a straight geopandas script: the same columns as `parksite check`, without parksite.

    python benchmarks/straight.py SITES OUT KNOWN

SITES and OUT are CSV or Parquet. KNOWN is a folder with what such a script would have at hand:
``areas.parquet`` (outlines of both sources), ``borders.parquet``, ``doubt.parquet`` (the zone where
the limit of Shenshan may run), ``verdicts.parquet`` (a row for each district, field and stage, with
every column that follows from these) and ``columns.json``. Sites are points in CGCS2000 degrees.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd

OUTSIDE = "outside"
METRIC = "EPSG:4547"
CERTAINTY = {"near_boundary": "临近界线，区属待核", OUTSIDE: "范围外", "certain": "确定"}


def main(source: Path, out: Path, known: Path) -> None:
    """Read, locate, judge, write."""
    columns, order = json.loads((known / "columns.json").read_text(encoding="utf-8")).values()
    sites = read(source)
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(sites["lon"], sites["lat"], crs="EPSG:4490"))
    areas = geopandas.read_parquet(known / "areas.parquet")
    first, second = areas[areas["source"] == 1], areas[areas["source"] == 2]
    hits, others = joined(points, first, order), joined(points, second, order)
    district = hits.groupby(level=0)["rank"].min().reindex(points.index, fill_value=len(order) - 1)
    in_doubt = geopandas.read_parquet(known / "doubt.parquet").sjoin(points)["index_right"].to_numpy()
    names = np.array(order, dtype=object)
    sites["district"] = names[district.to_numpy()]
    sites["possible"] = possible(hits, others, district, in_doubt, order)
    sites["certainty"] = np.where(
        sites["possible"] != "", "near_boundary", np.where(sites["district"] == OUTSIDE, OUTSIDE, "certain")
    )
    sites["certainty_zh"] = sites["certainty"].map(CERTAINTY)
    sites["shares"] = sites["district"] + " 1.0000"
    sites["boundary_distance_m"] = border_distance(points, sites["district"], known)
    sites["datum"], sites["datum_basis"], sites["position_accuracy_m"] = "wgs84", "declared", 0.0
    verdicts = pd.read_parquet(known / "verdicts.parquet")
    sites = sites.merge(verdicts, how="left", on=["district", "asked_field", "asked_stage"])
    sites.loc[sites["district"] == OUTSIDE, "district"] = None
    write(sites.reindex(columns=columns), points, out)


def read(path: Path) -> pd.DataFrame:
    """The list, its question under names of its own."""
    if path.suffix == ".parquet":
        sites = pd.read_parquet(path, columns=["id", "name", "lon", "lat", "field", "stage"])
    else:
        sites = pd.read_csv(path, engine="pyarrow", usecols=["id", "name", "lon", "lat", "field", "stage"])
    return sites.rename(columns={"field": "asked_field", "stage": "asked_stage"})


def joined(points: geopandas.GeoDataFrame, areas: geopandas.GeoDataFrame, order: list[str]) -> pd.DataFrame:
    """Rows of points with the rank of each area that they meet; areas left, the faster way round."""
    found = areas.sjoin(points, predicate="intersects")
    ranks = found["district"].map({name: rank for rank, name in enumerate(order)})
    return pd.DataFrame({"rank": ranks.to_numpy()}, index=found["index_right"].to_numpy())


def possible(
    hits: pd.DataFrame, others: pd.DataFrame, district: pd.Series[int], in_doubt: Any, order: list[str]
) -> Any:
    """Areas that a point may lie in, where there are several: from both sources and the zone of doubt."""
    member = np.zeros((len(district), len(order)), dtype=bool)
    member[np.arange(len(district)), district] = True
    for found in (hits, others):
        member[found.index, found["rank"]] = True
    outer = [order.index("shenshan"), order.index(OUTSIDE)]
    rows = in_doubt[np.isin(district.to_numpy()[in_doubt], outer)]
    member[np.ix_(rows, outer)] = True
    codes, at = np.unique(np.packbits(member, axis=1), axis=0, return_inverse=True)
    sets = np.unpackbits(codes, axis=1, count=len(order)).astype(bool)
    texts = ["; ".join(np.array(order)[one]) if one.sum() > 1 else "" for one in sets]
    return np.array(texts, dtype=object)[at.ravel()]


def border_distance(points: geopandas.GeoDataFrame, district: pd.Series[str], known: Path) -> pd.Series[float]:
    """Metres to the border of the point's district, or from outside to the nearest border of all."""
    metric = points.geometry.to_crs(METRIC)
    borders = geopandas.read_parquet(known / "borders.parquet").set_index("district").geometry
    found = pd.Series(np.nan, index=points.index)
    for name, rows in district.groupby(district).groups.items():
        lines = borders if name == OUTSIDE else borders[[name]]
        found[rows] = np.minimum.reduce([metric[rows].distance(one).to_numpy() for one in lines])
    return found.round(1)


def write(sites: pd.DataFrame, points: geopandas.GeoDataFrame, out: Path) -> None:
    """Write the table, with the points where the format holds them."""
    if out.suffix == ".parquet":
        geopandas.GeoDataFrame(sites, geometry=points.geometry).to_parquet(out, index=False)
    else:
        sites.to_csv(out, index=False, encoding="utf-8-sig", lineterminator="\r\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
