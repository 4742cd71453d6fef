"""What the page has to know to read a dropped file as the command line would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geo import crs
from geo.formula import FORMULA_STARTS
from geo.schema import COLUMN_NAMES, DATUM_NAMES, POSITION_DATUMS, REJECTED_COLUMNS, SITE_COLUMNS
from geo.sources import Limits


def reading(table: Sequence[str]) -> dict[str, Any]:
    """Names of columns and datums, marks of a formula, limits.

    Parameters
    ----------
    table : sequence of str
        Columns of a table of checked sites, in order.
    """
    limits = Limits()
    return {
        "site_columns": {ours: list(aliases) for ours, aliases in SITE_COLUMNS.items()},
        "position_datums": POSITION_DATUMS,
        "datum_spellings": {one: one for one in crs.DATUMS},
        "datum_names": DATUM_NAMES,
        "column_names": COLUMN_NAMES,
        "rejected": list(REJECTED_COLUMNS),
        "table": list(table),
        "formula_starts": FORMULA_STARTS,
        "limits": {"rows": limits.rows, "columns": limits.columns, "vertices": limits.vertices},
    }
