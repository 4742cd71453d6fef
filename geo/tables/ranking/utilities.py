"""Value functions as formulas of a cell, in functions that every spreadsheet knows."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from geo.suitability import values
from geo.suitability.model import ValueFunction

Record = dict[str, Any]
_READER: TypeAdapter[ValueFunction] = TypeAdapter(ValueFunction)
_NEAR = 1e-9


def formula(function: Record, cell: str) -> str | None:
    """The utility of the number in a cell; None where the function is categorical.

    >>> formula({"kind": "linear", "worst": 60000, "best": 5000}, "D5")
    'MAX(0,MIN(1,(D5-60000)/(5000-60000)))'
    >>> formula({"kind": "piecewise", "points": [[0, 0], [10, 0.5], [20, 1]]}, "D5")
    '0+(0.5-0)/(10-0)*(MEDIAN(0,D5,10)-0)+(1-0.5)/(20-10)*(MEDIAN(10,D5,20)-10)'
    >>> formula({"kind": "step", "steps": [[10, 0.5], [20, 1]], "below": 0}, "D5")
    '0+(D5>=10)*(0.5-0)+(D5>=20)*(1-0.5)'
    """
    kind = function["kind"]
    if kind == "linear":
        worst, best = literal(function["worst"]), literal(function["best"])
        return f"MAX(0,MIN(1,({cell}-{worst})/({best}-{worst})))"
    if kind == "sigmoid":
        middle, scale = literal(function["middle"]), literal(function["scale"])
        return f"1/(1+EXP(MIN(700,-({cell}-{middle})/{scale})))"
    if kind == "piecewise":
        points = [(literal(at), literal(worth)) for at, worth in function["points"]]
        slopes = [
            f"({high}-{low})/({upto}-{at})*(MEDIAN({at},{cell},{upto})-{at})"
            for (at, low), (upto, high) in pairwise(points)
        ]
        return "+".join([points[0][1], *slopes])
    if kind == "step":
        worths = [literal(function.get("below", 0.0)), *(literal(worth) for _, worth in function["steps"])]
        rises = [
            f"({cell}>={literal(at)})*({high}-{low})"
            for (at, _), (low, high) in zip(function["steps"], pairwise(worths), strict=True)
        ]
        return "+".join([worths[0], *rises])
    return None


def gives(function: Record, held: Record) -> bool:
    """Whether the function alone gives the utility that the document states for a criterion's value.

    A value that was weighed otherwise must not change when the sheet recomputes.
    """
    if held["value"] is None:
        return True
    if isinstance(held["value"], str) or held["low"] != held["high"]:
        return False
    found = values.utility(_READER.validate_python(function), np.array([float(held["value"])]))
    return math.isclose(float(found[0]), held["utility"], rel_tol=_NEAR, abs_tol=_NEAR)


def literal(value: float) -> str:
    """A number as a formula holds it; a negative one in brackets.

    >>> literal(-0.5), literal(5000.0), literal(1e-7)
    ('(-0.5)', '5000', '1E-07')
    """
    text = f"{value:.15g}".upper().replace("E+", "E")
    return f"({text})" if value < 0 else text
