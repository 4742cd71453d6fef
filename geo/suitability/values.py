"""Value functions: from what was measured to a utility in 0..1, higher better (layer 5)."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.schema import FORCE_NAMES, MATCH_NAMES, Force, Match, Words
from geo.suitability.model import Categorical, Linear, Piecewise, Sigmoid, Step, ValueFunction

Floats = NDArray[np.float64]


def utility(function: ValueFunction, values: NDArray[Any]) -> Floats:
    """Utility of each value.

    Parameters
    ----------
    function : ValueFunction
    values : array, shape (n,)
        Floats with NaN for missing; text with "" for missing where the function is
        categorical (spelling without case and width; a number as ``12.5``).

    Returns
    -------
    array of float, shape (n,)
        In 0..1; NaN where the value is missing, or is no category and none is
        given for others.

    Examples
    --------
    >>> utility(Linear("linear", worst=20_000, best=2_000), np.array([30_000, 11_000, 500, np.nan]))
    array([0. , 0.5, 1. , nan])
    >>> utility(Step("step", steps=((10, 0.5), (20, 1))), np.array([9.9, 10, 25]))
    array([0. , 0.5, 1. ])
    """
    if isinstance(function, Categorical):
        return _named(function, values)
    numbers = np.asarray(values, dtype=np.float64)
    if isinstance(function, Linear):
        line: Floats = (numbers - function.worst) / (function.best - function.worst)
        return line.clip(0.0, 1.0)
    if isinstance(function, Sigmoid):
        with np.errstate(invalid="ignore"):  # of missing values
            curve: Floats = np.exp(-np.logaddexp(0.0, -(numbers - function.middle) / function.scale))
        return curve
    if isinstance(function, Piecewise):
        at, worth = np.array(function.points, dtype=np.float64).T
        between: Floats = np.interp(numbers, at, worth)
        return between
    at, worth = np.array(function.steps, dtype=np.float64).T
    reached = np.concatenate(([function.below], worth))[np.searchsorted(at, numbers, side="right")]
    return np.where(np.isnan(numbers), np.nan, reached)


def bounds(function: ValueFunction) -> tuple[float, float]:
    """Lowest and highest utility that a function can give: the interval of a missing value.

    >>> bounds(Step("step", steps=((10, 0.5), (20, 0.9)), below=0.2))
    (0.2, 0.9)
    """
    if isinstance(function, Linear | Sigmoid):
        return 0.0, 1.0
    if isinstance(function, Piecewise):
        worth = [one for _, one in function.points]
    elif isinstance(function, Step):
        worth = [function.below, *(one for _, one in function.steps)]
    else:
        worth = [*function.utilities.values(), *([] if function.other is None else [function.other])]
    return (min(worth), max(worth)) if worth else (0.0, 1.0)


def described(function: ValueFunction, unit: str = "") -> Words:
    """A value function in words.

    >>> described(Linear("linear", worst=20_000, best=2_000), "m").en
    '0 at 20,000 m, 1 at 2,000 m, straight between'
    """
    if isinstance(function, Linear):
        return Words(
            f"{_amount(function.worst, unit)} 时为 0，{_amount(function.best, unit)} 时为 1，其间线性变化",
            f"0 at {_amount(function.worst, unit)}, 1 at {_amount(function.best, unit)}, straight between",
        )
    if isinstance(function, Piecewise):
        points = [(_amount(at, unit), _number(worth)) for at, worth in function.points]
        return Words(
            "，".join(f"{at} 时为 {worth}" for at, worth in points) + "，其间线性变化",
            ", ".join(f"{worth} at {at}" for at, worth in points) + ", straight between",
        )
    if isinstance(function, Sigmoid):
        middle, scale = _amount(function.middle, unit), _amount(abs(function.scale), unit)
        rises = function.scale > 0
        return Words(
            f"{middle} 时为 0.5，按 S 形曲线{'递增' if rises else '递减'}，尺度 {scale}",
            f"0.5 at {middle}, {'rising' if rises else 'falling'} along a logistic curve of scale {scale}",
        )
    if isinstance(function, Step):
        steps = [(_amount(at, unit), _number(worth)) for at, worth in function.steps]
        below = _number(function.below)
        return Words(
            f"低于 {steps[0][0]} 为 {below}，" + "，".join(f"{at} 起为 {worth}" for at, worth in steps),
            f"{below} below {steps[0][0]}, " + ", ".join(f"{worth} from {at}" for at, worth in steps),
        )
    return _categories(function)


def _categories(function: Categorical) -> Words:
    named = [(_category(name), _number(worth)) for name, worth in function.utilities.items()]
    other = None if function.other is None else _number(function.other)
    return Words(
        "，".join(f"“{name.zh}”为 {worth}" for name, worth in named)
        + ("；其他值按缺失处理" if other is None else f"；其他为 {other}"),
        ", ".join(f"{name.en}: {worth}" for name, worth in named)
        + ("; any other is missing" if other is None else f"; any other: {other}"),
    )


def _category(name: str) -> Words:
    """A category as it reads; ``match/force`` in the words of a check."""
    match, _, force = name.partition("/")
    if match in set(Match) and force in set(Force):
        zh, en = zip(MATCH_NAMES[Match(match)], FORCE_NAMES[Force(force)], strict=True)
        return Words("，".join(zh), ", ".join(en))
    return Words(name, name)


def _named(function: Categorical, values: NDArray[Any]) -> Floats:
    known = {_spelt(name): worth for name, worth in function.utilities.items()}
    other = np.nan if function.other is None else function.other
    words = [_number(one, "") if isinstance(one, float) else _spelt(one) for one in values.tolist()]
    return np.array([known.get(word, other) if word not in ("", "nan") else np.nan for word in words], dtype=np.float64)


def _spelt(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().strip()


def _number(value: float, thousands: str = ",") -> str:
    return f"{value:{thousands}.10g}"


def _amount(value: float, unit: str) -> str:
    return f"{_number(value)}{unit}" if unit == "%" else f"{_number(value)} {unit}".strip()
