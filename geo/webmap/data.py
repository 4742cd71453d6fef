"""All that the page works with, as one object of plain data (`PARKSITE`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from geo import crs
from geo.districts import Boundaries
from geo.register import Register
from geo.schema import (
    AMOUNT_NAMES,
    BASIS_NAMES,
    CERTAINTY_NAMES,
    DATUM_NAMES,
    FORCE_NAMES,
    KIND_NAMES,
    MATCH_NAMES,
    STAGE_NAMES,
)
from geo.settings import Settings
from geo.symbology import Symbology
from geo.webmap.decisions import decision_table, swatch
from geo.webmap.ground import Drawn, ground, labels, views
from geo.webmap.reading import reading
from geo.wording import Sentences

Record = dict[str, Any]


def page_data(
    document: Record,
    held: Record,
    register: Register,
    boundaries: Boundaries,
    symbology: Symbology,
    settings: Settings,
    sentences: Sentences,
    as_of: date,
    lang: str = "zh",
    table: Sequence[str] = (),
) -> Record:
    """Everything that the page's script works with, but for the ground.

    Parameters
    ----------
    document : dict
        The JSON of a check (`answers.envelope`).
    held : dict
        Its sites as `columns` has them.
    table : sequence of str, optional
        Columns of a table of checked sites, which the page can save.
    """
    return {
        "lang": "en" if lang == "en" else "zh",
        "as_of": as_of.isoformat(),
        "sample": held["sample"],
        "approval": settings.approval_number,
        "register": document["register"],
        "boundaries": document["boundaries"],
        "notes": [{"zh": zh, "en": en} for zh, en in boundaries.notes],
        **decision_table(register, symbology),
        "classes": {
            "match": [swatch(one) for one in symbology.match_classes()],
            "force": [swatch(one) for one in symbology.force_classes()],
        },
        "colours": symbology.colours(),
        "words": _words(),
        "sentences": sentences.words,
        "sites": held,
        "gcj02_ring": list(crs.GCJ02_RING),
        "columns": reading(table),
        "basemap": None,
    }


def ground_data(boundaries: Boundaries, shapes: Drawn) -> Record:
    """The ground that the page places positions on, where names stand, and the views."""
    return {
        "ground": ground(boundaries, shapes.around),
        "labels": labels(boundaries, shapes),
        "views": views(boundaries),
    }


def _words() -> Record:
    """Names of codes, in Chinese and English."""
    named: dict[str, dict[Any, Any]] = {
        "stage": STAGE_NAMES,
        "force": FORCE_NAMES,
        "match": MATCH_NAMES,
        "certainty": CERTAINTY_NAMES,
        "basis": BASIS_NAMES,
        "kind": KIND_NAMES,
        "amount": AMOUNT_NAMES,
        "datum": {one: (name, name) for one, name in DATUM_NAMES.items()},
    }
    return {kind: {str(one): list(pair) for one, pair in names.items()} for kind, names in named.items()}
