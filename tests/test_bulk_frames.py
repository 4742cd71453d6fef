"""Frames are checked as files are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import dask
import dask_geopandas
import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from geo import bulk, crs, pipeline
from geo.bulk.frames import check_frame
from geo.errors import UnknownTerm
from geo.intake import Request

DAY = date(2026, 9, 1)


@pytest.fixture(scope="module")
def context(settings: Any) -> Any:
    return pipeline.Context.open(settings)


def sites(seed: int, count: int = 60, *, areal: bool = False) -> geopandas.GeoDataFrame:
    rng = np.random.default_rng(seed)
    shapes = shapely.points(rng.uniform(113.8, 114.5, count), rng.uniform(22.5, 22.8, count))
    if areal:
        shapes = crs.unproject(shapely.buffer(crs.project(shapes), 150, quad_segs=1))
    held = {
        "编号": [f"S{seed}-{at}" for at in range(count)],
        "产业领域": rng.choice(["光刻胶", "新能源材料", ""], count),
        "面积": rng.uniform(1, 9, count),
        "层数": rng.integers(1, 9, count),
    }
    return geopandas.GeoDataFrame(held, geometry=shapes, crs=4490)


@pytest.mark.parametrize("areal", [False, True])
def test_partitions_give_the_rows_of_a_folder(context: Any, tmp_path: Path, areal: bool) -> None:
    (tmp_path / "in").mkdir()
    for seed in range(3):
        sites(seed, areal=areal).to_parquet(tmp_path / "in" / f"{seed}.parquet")
    question = bulk.Question(Request(), DAY, None, "生产", "parquet")
    bulk.check_folder(context, tmp_path / "in", question, tmp_path / "out", lambda zh, en: None)
    wanted = pd.concat([geopandas.read_parquet(one) for one in sorted((tmp_path / "out").glob("*.parquet"))])
    frame = dask_geopandas.from_geopandas(
        pd.concat([sites(seed, areal=areal) for seed in range(3)], ignore_index=True), npartitions=3
    )
    lazy = check_frame(frame, context, DAY, stage="生产")
    assert isinstance(lazy, dask_geopandas.GeoDataFrame)
    assert lazy.crs == "EPSG:4490"
    with dask.config.set(scheduler="threads", num_workers=2):
        got = lazy.compute()
    assert isinstance(got, geopandas.GeoDataFrame)
    assert got.crs == "EPSG:4490"
    assert list(lazy.columns) == list(got.columns) == list(wanted.columns)
    assert lazy.dtypes.to_dict() == got.dtypes.to_dict()
    pd.testing.assert_frame_equal(got.reset_index(drop=True), wanted.reset_index(drop=True))


def test_a_frame_in_memory_of_another_crs(context: Any) -> None:
    given = sites(1).to_crs(4547).set_index("编号", drop=False)
    got = check_frame(given, context, DAY, field="光刻胶")
    same = check_frame(sites(1), context, DAY, field="光刻胶")
    pd.testing.assert_series_equal(got["district"], same["district"])
    assert np.abs(got["lon"] - same["lon"]).max() < 1e-6


def test_rows_that_cannot_be_used_are_named(context: Any) -> None:
    given = sites(1, 5)
    given.loc[3, "编号"] = given.loc[1, "编号"]
    given.loc[2, "geometry"] = None
    with pytest.warns(UserWarning, match=r"2 rows rejected; .*row 3"):
        got = check_frame(given, context, DAY)
    assert got["id"].tolist() == ["S1-0", "S1-1", "S1-4"]


def test_an_unknown_field_is_refused_before_any_work(context: Any) -> None:
    with pytest.raises(UnknownTerm):
        check_frame(sites(1, 5), context, DAY, field="不存在的领域")
