"""Frames of geopandas and dask-geopandas checked as a file is: the same rows, columns and rules."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.bulk.answering import own_names
from geo.bulk.cluster import unpacked
from geo.bulk.survey import survey
from geo.bulk.work import Job, Question, alone
from geo.bulk.writing import with_geometry
from geo.intake import Request
from geo.sources import Note, parquet
from geo.sources.parts import Part, Unit
from geo.sources.values import Washer
from geo.tables.layers import CRS

if TYPE_CHECKING:
    from geo.pipeline import Context


def check_frame(
    frame: Any, context: Context, as_of: date, *, field: str | None = None, stage: str | None = None
) -> Any:
    """Check the sites of a frame: district, role, evidence, force and fit of each.

    A frame of dask-geopandas is checked partition by partition when it is computed: ids are
    compared, and rows without one numbered, within a partition only (`geo.bulk.check_folder`
    compares them over all files). A frame without CRS is examined as a file is.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame or dask_geopandas.GeoDataFrame
        Points or polygons, and columns as in a list of sites.
    field, stage : str, optional
        For the rows that give none.

    Returns
    -------
    geopandas.GeoDataFrame or dask_geopandas.GeoDataFrame
        As was given; EPSG:4490, our columns and then the frame's own, as in the Parquet of
        `geo.bulk.check_folder`, numbered anew. Rows that cannot be used are left out with a
        warning that counts them and names the first.

    Raises
    ------
    UnknownTerm
        If `field` or `stage` is not known.
    CRSMismatch
        If a frame, or a partition when it is computed, has no CRS and does not fit WGS84.
    """
    question = Question(Request(), as_of, field, stage, "parquet")
    question.refuse_unknown(context)
    job = Job(context, question)
    if not hasattr(frame, "map_partitions"):
        return _checked(frame, job)
    dask: Any = import_module("dask")
    held = dask.delayed(pickle.dumps(job))
    return frame.map_partitions(_checked, held, meta=_checked(frame._meta, job), clear_divisions=True)


def _checked(frame: Any, given: Job | bytes) -> Any:
    """A frame that is in memory, checked."""
    import geopandas
    import pyarrow as pa

    job = unpacked(given) if isinstance(given, bytes) else given
    own = pa.Table.from_pandas(frame.drop(columns=frame.geometry.name), preserve_index=False)
    part = Part(own, np.arange(1, len(frame) + 1), geometries=np.array(frame.geometry.array, dtype=object))
    file = _Frame(part, tuple(own.column_names), frame.crs)
    found = survey(job.context, file, job.question.request, alone(job), lambda zh, en: None)
    result = job.answerer.answer(file.part, found.sheet, found.repeats, found.renamed, own_names(found.sheet))
    if result.rejected:
        warnings.warn(f"{len(result.rejected)} rows rejected; {result.rejected[0].reason('en')}", stacklevel=3)
    table = with_geometry(result)
    kinds = [one.type.value_type if pa.types.is_dictionary(one.type) else one.type for one in table.schema]
    plain = table.cast(pa.schema(list(zip(table.column_names, kinds, strict=True)))).drop_columns(["geometry"])
    shapes = shapely.from_wkb(table["geometry"].to_numpy())
    return geopandas.GeoDataFrame(plain.to_pandas(), geometry=np.asarray(shapes, dtype=object), crs=CRS)


@dataclass(frozen=True)
class _Frame:
    """A frame as `geo.sources.parts.LongFile`: one part."""

    part: Part
    columns: tuple[str, ...]
    crs: Any
    path: Path = Path("frame")
    format: str = "frame"
    crs_unknown: str | None = None
    placed: bool = True
    indexed: bool = False
    notes: tuple[Note, ...] = ()

    def units(self) -> Iterator[tuple[Unit, Iterator[Part]]]:
        yield Unit(0, 1, 0), iter([self.part])

    def opened(self) -> _Frame:
        return self

    def read(self, unit: Unit) -> Iterator[Part]:
        return iter([self.part])

    def records(self, table: Any) -> list[dict[str, object]]:
        values = [parquet.plain_values(column, Washer()) for column in table.columns]
        return [dict(zip(table.column_names, row, strict=True)) for row in zip(*values, strict=True)]

    def digest(self) -> str:
        return ""

    def called(self, path: Path) -> _Frame:
        return self

    def narrowed(self, columns: frozenset[str]) -> _Frame:
        return self
