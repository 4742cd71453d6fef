"""Answered sites made by hand, for the tests of the tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from hypothesis import strategies as st

from geo import answers, join
from geo.pipeline import Context
from geo.schema import Site

DAY = date(2026, 11, 22)
POINTS = [shapely.Point(113.8312345 + step / 100, 22.7312345) for step in range(3)]
HOLED = shapely.Polygon(
    [(114.1000001, 22.6), (114.1, 22.6123456789), (114.12, 22.6123456), (114.1200001, 22.6)],
    [[(114.105, 22.605), (114.11, 22.605), (114.11, 22.61), (114.105, 22.605)]],
)
POLYGONS = [HOLED, shapely.box(113.9, 22.7, 113.91, 22.71), shapely.box(114.2, 22.7, 114.2000001, 22.7000001)]
PARTS = shapely.MultiPolygon([shapely.box(113.92, 22.72, 113.93, 22.73), shapely.box(113.94, 22.72, 113.95, 22.73)])

CONTROLS = "".join(map(chr, range(32)))
TEXTS = st.one_of(
    st.text(),
    st.text(alphabet="=+-@\t\r\n＝＋－＠' ,;\"1e.5光", max_size=6),
    st.text(alphabet=CONTROLS + "a\ud800\udfff\ufffe\uffff\x7f", max_size=6),
    st.sampled_from(["", "'", "-12.5", "+3", "-1e5", "'-12.5", "NULL", "nan", "true", "_x0041_", "😀𠮷", "01", " a "]),
)
WHOLE = st.integers(-(2**63), 2**63 - 1)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
DATES = st.dates(min_value=date(1900, 3, 1), max_value=date(2200, 1, 1))
COLUMNS = st.one_of(
    *(st.lists(st.none() | kind, min_size=3, max_size=3) for kind in (TEXTS, WHOLE, NUMBERS, st.booleans(), DATES)),
    st.lists(st.none() | TEXTS | WHOLE | NUMBERS | st.booleans() | DATES, min_size=3, max_size=3),
)
NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.sampled_from(
        ["Match", "LON", "fid", "FID", "geom", "Geometry", "权属单位名称", "rowid", "=a", "a", "A", "match_input"]
    ),
)
TABLES = st.dictionaries(NAMES, COLUMNS, max_size=6)


def answered(context: Context, shapes: Sequence[Any], held: dict[str, list[Any]]) -> tuple[dict[str, Any], list[Site]]:
    """The document of a check of these shapes, and its sites with the attributes of these columns."""
    sites = [
        Site(
            id=f"s{number}",
            name=f"选址{number}",
            geometry=shape,
            field_query="光刻胶",
            attributes={name: values[number] for name, values in held.items()},
            row=number + 1,
        )
        for number, shape in enumerate(shapes)
    ]
    array = np.empty(len(sites), dtype=object)
    array[:] = list(shapes)
    records = answers.answer(context.register, sites, join.locate(array, context.boundaries), DAY)
    return answers.envelope(context.register, context.boundaries, DAY, records), sites


class Made:
    """One answer whose sites can be given other attributes; its name is short in a report."""

    def __init__(self, context: Context, shapes: Sequence[Any]) -> None:
        self.document, self.sites = answered(context, shapes, {})

    def __repr__(self) -> str:
        return f"Made({len(self.sites)} sites)"

    def with_attributes(self, held: dict[str, list[Any]]) -> list[Site]:
        """Its sites with the attributes of these columns."""
        return [
            replace(site, attributes={name: values[number] for name, values in held.items()})
            for number, site in enumerate(self.sites)
        ]


def same(found: Any, given: Any, *, blank: bool = False) -> bool:
    """Whether a value read back is the one given; `blank` where a format knows no empty text."""
    if given is None or (blank and given == ""):
        return found is None or found == "" or (isinstance(found, float) and math.isnan(found))
    if isinstance(given, bool) or isinstance(found, bool):
        return found is given
    if isinstance(given, float) and isinstance(found, int | float):
        return math.isclose(found, given, rel_tol=1e-9, abs_tol=0.0)
    if isinstance(given, date) and isinstance(found, datetime):
        return found.date() == given and found.time().isoformat() == "00:00:00"
    if isinstance(given, date) and isinstance(found, str):
        return found == given.isoformat()
    return bool(found == given)
