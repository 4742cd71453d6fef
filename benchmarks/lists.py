"""Lists of sites as files, and what a script without parksite needs to check them."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely

from benchmarks import cases, processes
from geo import crs, tables
from geo.schema import OUTSIDE, STAGE_NAMES

PART = 1_000_000  # sites made at a time
_SITE = {
    "id", "name", "lon", "lat", "datum", "datum_basis", "if_datum", "position_accuracy_m", "certainty", "certainty_zh",
    "possible", "shares", "boundary_distance_m", "area_ha", "area_mu", "notes_zh", "notes_en", "sample",
}  # fmt: skip


def made(begin: int, count: int) -> pd.DataFrame:
    """Sites with id, name, position, field and stage: one in fifty anywhere in the bounds, the rest in the city."""
    chance = np.random.default_rng([7, begin])
    inside = crs.unproject(shapely.points(*cases.metric_points(count, seed=begin + 1)))
    lon, lat = shapely.get_x(inside), shapely.get_y(inside)
    anywhere = chance.random(count) < 0.02
    west_east, south_north = cases.points(count, seed=begin + 2)
    lon[anywhere], lat[anywhere] = west_east[anywhere], south_north[anywhere]
    numbers = np.arange(begin, begin + count)
    return pd.DataFrame(
        {
            "id": [f"S{number:08}" for number in numbers],
            "name": [f"候选地块{number:08}" for number in numbers],
            "lon": np.round(lon, 7),
            "lat": np.round(lat, 7),
            "datum": "cgcs2000",
            "field": np.array(cases.terms(), dtype=object)[chance.integers(len(cases.terms()), size=count)],
            "stage": np.array(_stages(), dtype=object)[chance.integers(len(_stages()), size=count)],
        }
    )


def _stages() -> list[str]:
    return [names[0] for names in STAGE_NAMES.values()]


def write(path: Path, count: int, begin: int = 0) -> None:
    """A list of so many sites as CSV or Parquet, by the ending of the name, part by part; `begin` numbers the first."""
    import pyarrow
    import pyarrow.csv
    import pyarrow.parquet

    schema = pyarrow.Table.from_pandas(made(0, 1), preserve_index=False).schema.remove_metadata()
    writer = (
        pyarrow.parquet.ParquetWriter(path, schema)
        if path.suffix == ".parquet"
        else pyarrow.csv.CSVWriter(path, schema)
    )
    with writer:
        for first in range(begin, begin + count, PART):
            rows = made(first, min(PART, begin + count - first))
            writer.write_table(pyarrow.Table.from_pandas(rows, schema=schema, preserve_index=False))


def write_known(folder: Path) -> None:
    """What `straight` reads beside the list: outlines, borders, verdicts, names of columns."""
    write_ground(folder)
    _verdicts(folder).to_parquet(folder / "verdicts.parquet")


def write_ground(folder: Path) -> None:
    """All of that but the verdicts."""
    bounds = cases.boundaries()
    second = [*bounds.ids, *[OUTSIDE] * len(bounds.second_outside)]
    areas = geopandas.GeoDataFrame(
        {"district": [*bounds.ids, *second], "source": [1] * len(bounds.ids) + [2] * len(second)},
        geometry=np.concatenate([bounds.outlines, bounds.second, bounds.second_outside]),
        crs="EPSG:4490",
    )
    areas.to_parquet(folder / "areas.parquet")
    borders = geopandas.GeoDataFrame({"district": bounds.ids}, geometry=bounds.borders, crs="EPSG:4547")
    borders[~borders.is_empty].to_parquet(folder / "borders.parquet")
    doubt = geopandas.GeoDataFrame(geometry=[bounds.uncertain], crs="EPSG:4490")
    doubt.to_parquet(folder / "doubt.parquet")
    named = {"columns": tables.COLUMNS, "order": [*bounds.ids, OUTSIDE]}
    (folder / "columns.json").write_text(json.dumps(named), encoding="utf-8")


def _verdicts(folder: Path) -> pd.DataFrame:
    """The answer for each district, field and stage, from a site of each district that is in no doubt."""
    sample = made(0, 3000)
    sure = _checked(folder, sample)
    sure = sure[sure["certainty"].isin(["certain", OUTSIDE])].drop_duplicates("district")
    places = sample.set_index("id").loc[sure["id"], ["lon", "lat"]].reset_index(drop=True)
    asked = pd.MultiIndex.from_product([cases.terms(), _stages()], names=["field", "stage"]).to_frame(index=False)
    rows = places.merge(asked, how="cross").assign(name="", datum="cgcs2000")
    rows.insert(0, "id", [f"V{number}" for number in range(len(rows))])
    return verdicts(_checked(folder, rows))


def verdicts(checked: pd.DataFrame) -> pd.DataFrame:
    """What of checked sites follows from district, field and stage: a row for each of these.

    Parameters
    ----------
    checked : DataFrame
        Output of `parksite check` for sites of `made`, as text; of sites in doubt, the sentences
        tell of the doubt.
    """
    found = checked.rename(columns={"field_input": "asked_field", "stage_input": "asked_stage"})
    found["district"] = found["district"].where(found["district"] != "", OUTSIDE)
    keys = ["district", "asked_field", "asked_stage"]
    kept = [name for name in tables.COLUMNS if name not in _SITE and name not in keys]
    return found.drop_duplicates(keys)[[*keys, *kept]]


def _checked(folder: Path, rows: pd.DataFrame) -> pd.DataFrame:
    rows.to_csv(folder / "asked.csv", index=False)
    processes.run(processes.check(folder / "asked.csv", folder / "asked.out.csv", len(rows)))
    found = pd.read_csv(folder / "asked.out.csv", dtype=str, keep_default_na=False)
    (folder / "asked.out.csv").unlink()
    return found
