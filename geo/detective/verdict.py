"""The detective's verdict: rules, odds, and the words for a planner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.detective.model import City, Finding, Hypothesis, Verdict
from geo.detective.outlines import shift_m
from geo.detective.readings import FAMILY, LOCAL, Reading, key_of, readings
from geo.detective.weigh import EDGE, IMPOSSIBLE, INSIDE, LOCAL_RANGE, NEAR, WILD, Weighed, weigh
from geo.schema import Words

_Array = NDArray[np.float64]

MOST_ROWS = 20_000  # more rows are sampled evenly
CLEAR = float(np.log(1000.0))  # odds at which another reading beats the one as is
TELL = float(np.log(10.0))  # odds below which two readings cannot be told apart
ODD = float(np.log(20.0))  # odds at which a row fits only the other reading
ODD_ROWS = 2  # so many odd rows, and
ODD_SHARE = 0.1  # this share of all make the rows disagree
MOST_OF_A_ROW = float(np.log(50.0))  # a row's most against a reading as is that is possible at all
MOST_OF_PLACES = 2.0  # log odds that places give at most among WGS84, GCJ-02 and BD-09
SHIFT_SIGMA_M = 100.0  # what two independent sets of district outlines differ by
HUGE = 1e12  # larger numbers are cut, so that no arithmetic overflows
_MOST_OF_SHIFTS = 15.0  # log odds that outlines give at most


@dataclass(frozen=True)
class _Case:
    """A reading weighed on the rows, with the odds against the reading as is."""

    weighed: Weighed
    shift: float | None
    odds: float

    @property
    def reading(self) -> Reading:
        return self.weighed.reading

    @property
    def fits(self) -> NDArray[np.bool_]:
        """Rows in the city or its surroundings."""
        return np.isin(self.weighed.place, (INSIDE, EDGE, NEAR, LOCAL_RANGE))


def examine(
    x: ArrayLike,
    y: ArrayLike,
    city: City,
    *,
    declared: Any = None,
    said: Sequence[str | None] = (),
    polygons: Any = None,
) -> Finding:
    """Find the coordinate system that numbers fit.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        The numbers as they stand, first what the file calls longitude, x or east.
    city : City
    declared : str, int or pyproj.CRS, optional
        What the file is said to be in. Without it the reading as is is WGS84 degrees.
    said : sequence of str or None, length n or 0
        District id that each row names.
    polygons : ndarray of shapely geometry, shape (k,), optional
        The file's own polygons in its own numbers; only those that look like our
        districts (5 km² and more, intersection over union above 0.6) bear witness.

    Returns
    -------
    Finding
        With one of four verdicts:

        ``disagree``
            At least 2 rows and 10 % of the rows fit one other reading only (odds of 20
            to 1 each, 1,000 to 1 together).
        ``other``
            Another reading beats the one as is by 1,000 to 1: two rows at least, or one
            whose numbers as they are are impossible or 1,000 km away.
        ``undecided``
            As they are the numbers are mostly impossible, and no reading puts most of
            them in or near the city, or two that differ do so equally well (10 to 1).
        ``as_is``
            Else; also where the numbers cannot tell, and where valid positions lie
            elsewhere.

    Notes
    -----
    The likelihoods are those of `geo.detective.weigh`. Against a reading as is that is
    possible at all, no row counts for more than 50 to 1. Among WGS84, GCJ-02 and BD-09
    places alone decide nothing: they add at most 2 to the log odds. Own district
    outlines add -(shift / 100 m)² / 2, at most 15 in all. Above 20,000 rows an even
    sample is examined: `odd_rows` and the counts are then of the sample.

    Examples
    --------
    >>> import shapely
    >>> here = City(("futian",), np.array([shapely.box(114.0, 22.5, 114.1, 22.6)]))
    >>> found = examine([22.54, 22.55], [114.05, 114.06], here)
    >>> found.verdict, found.hypotheses[0].key
    ('other', 'wgs84-swapped')
    """
    first, second = _numbers(x, y)
    usable = np.flatnonzero(np.isfinite(first) & np.isfinite(second))
    kept = usable
    if len(usable) > MOST_ROWS:
        kept = usable[np.linspace(0, len(usable) - 1, MOST_ROWS).astype(np.intp)]
    named = [said[int(row)] for row in kept] if len(said) == len(first) else []
    first, second = (np.clip(part[kept], -HUGE, HUGE) for part in (first, second))
    weighed = weigh(readings(first, second, city, declared), first, second, named, city)
    once = _once(first, second, named)
    cases = _cases(weighed, once, _shifts(weighed, polygons, city))
    order = sorted(range(len(cases)), key=lambda at: (-round(cases[at].odds, 6), at))
    ranked = [cases[at] for at in order]
    as_is = cases[0]
    best = _favoured(ranked, as_is)
    odd, shared = _odd_rows(best, cases, once)
    verdict = _verdict(best, as_is, ranked, shared)
    hypotheses = tuple(_hypothesis(one, cases) for one in [best, *[one for one in ranked if one is not best]])
    return Finding(
        hypotheses=hypotheses,
        verdict=verdict,
        rows=len(usable),
        odd_rows=tuple(int(row) for row in kept[odd]),
        evidence=_evidence(verdict, hypotheses, key_of("wgs84" if declared is None else declared), len(kept), shared),
    )


def _numbers(x: ArrayLike, y: ArrayLike) -> tuple[_Array, _Array]:
    return np.atleast_1d(np.asarray(x, dtype=float)).ravel(), np.atleast_1d(np.asarray(y, dtype=float)).ravel()


def _once(x: _Array, y: _Array, said: Sequence[str | None]) -> _Array:
    """Weight of each row: rows that say the same count once together."""
    if not len(x):
        return np.zeros(0)
    names = {name: at for at, name in enumerate(dict.fromkeys(said))}
    marks = np.array([names[name] for name in said], dtype=float) if len(said) else np.zeros(len(x))
    _, group, count = np.unique(np.column_stack([x, y, marks]), axis=0, return_inverse=True, return_counts=True)
    return np.asarray(1.0 / count[np.ravel(group)])


def _shifts(weighed: list[Weighed], polygons: Any, city: City) -> list[float | None]:
    """Best-fit shift of the file's district outlines under each reading that puts most rows near."""
    if polygons is None or not len(polygons):
        return [None] * len(weighed)
    shapes = np.asarray(polygons, dtype=object)
    return [
        shift_m(shapes, one.reading, city) if np.mean(one.place <= NEAR) > 0.5 and len(one.place) else None
        for one in weighed
    ]


def _cases(weighed: list[Weighed], once: _Array, shifts: list[float | None]) -> list[_Case]:
    """Odds of each reading against the first."""
    known = any(shift is not None for shift in shifts)
    found: list[_Case] = []
    heads: dict[object, _Case] = {}
    for one, shift in zip(weighed, shifts, strict=True):
        head = heads.get(one.reading.family)
        if head is None:
            odds = _against(one, weighed[0], once) + (_fit(shift) - _fit(shifts[0]) if known else 0.0)
        else:
            places = float(np.sum((one.by_place - head.weighed.by_place) * once))
            rows = np.clip(one.by_district - head.weighed.by_district, -MOST_OF_A_ROW, MOST_OF_A_ROW)
            odds = head.odds + float(np.clip(places, -MOST_OF_PLACES, MOST_OF_PLACES)) + float(np.sum(rows * once))
            odds += _fit(shift) - _fit(head.shift) if known else 0.0
        case = _Case(one, shift, odds)
        heads.setdefault(one.reading.family, case)
        found.append(case)
    return found


def _against(one: Weighed, base: Weighed, once: _Array) -> float:
    """Log odds of a reading against the one as is, from all rows."""
    ratio = one.by_place + one.by_district - base.by_place - base.by_district
    possible = ~np.isin(base.place, (WILD, IMPOSSIBLE))
    return float(np.sum(np.where(possible, np.minimum(ratio, MOST_OF_A_ROW), ratio) * once))


def _fit(shift: float | None) -> float:
    """Log likelihood of a shift of outlines; of none where none look like districts."""
    return -_MOST_OF_SHIFTS if shift is None else max(-0.5 * (shift / SHIFT_SIGMA_M) ** 2, -_MOST_OF_SHIFTS)


def _favoured(ranked: list[_Case], as_is: _Case) -> _Case:
    """The best reading: the one as is unless another beats it clearly.

    Among equals of one family it is the one with the datum as is, then the earlier.
    """
    top = ranked[0]
    if top.odds < CLEAR:
        return as_is
    equal = [one for one in ranked if top.odds - one.odds < TELL and one.reading.family == top.reading.family]
    return min(equal, key=lambda one: (one.reading.datum != as_is.reading.datum, _rank(one)))


def _rank(one: _Case) -> int:
    return FAMILY.index(one.reading.datum) if isinstance(one.reading.datum, str) else 0


def _odd_rows(
    best: _Case, cases: list[_Case], once: _Array
) -> tuple[NDArray[np.intp], tuple[_Case, NDArray[np.intp]] | None]:
    """Rows that fit another reading only; and the other reading clearly shared by most of them."""
    odd = np.zeros(len(best.weighed.place), dtype=bool)
    shared: tuple[_Case, NDArray[np.intp]] | None = None
    for one in cases:
        gain = one.weighed.by_district - best.weighed.by_district
        if one.reading.family != best.reading.family:
            gain = gain + one.weighed.by_place - best.weighed.by_place
        rows = np.flatnonzero(one.fits & (gain >= ODD))
        odd[rows] = True
        clear = float(np.sum(gain[rows] * once[rows])) >= CLEAR and round(float(np.sum(once[rows])), 6) >= ODD_ROWS
        if clear and (shared is None or len(rows) > len(shared[1])):
            shared = (one, rows)
    return np.flatnonzero(odd), shared


def _verdict(best: _Case, as_is: _Case, ranked: list[_Case], shared: tuple[_Case, NDArray[np.intp]] | None) -> Verdict:
    rows = len(best.weighed.place)
    if shared is not None and len(shared[1]) >= ODD_SHARE * rows:
        return "disagree"
    if not rows:
        return "as_is"
    valid = np.mean(as_is.weighed.place != IMPOSSIBLE) if as_is.reading.datum is not None else 1.0
    if best is as_is:
        return "as_is" if valid >= 0.5 or as_is.fits.mean() >= 0.5 else "undecided"
    if best.fits.mean() < 0.5:
        return "undecided" if valid < 0.5 else "as_is"
    rivals = [one for one in ranked if one.reading.family != best.reading.family and best.odds - one.odds < TELL]
    return "undecided" if rivals and best.reading.datum != as_is.reading.datum else "other"


def _hypothesis(case: _Case, cases: list[_Case]) -> Hypothesis:
    place, depth, reading = case.weighed.place, case.weighed.depth, case.reading
    alike = [one.reading.key for one in cases if one is not case and abs(one.odds - case.odds) < TELL]
    inside = np.isin(place, (INSIDE, LOCAL_RANGE))
    near = np.isin(place, (EDGE, NEAR))
    return Hypothesis(
        key=reading.key,
        datum=reading.datum,
        swapped=reading.swapped,
        name=reading.name,
        inside=int(inside.sum()),
        near=int(near.sum()),
        far=int((~inside & ~near).sum()),
        agree=int((depth >= 0).sum()),
        contradict=int((depth < 0).sum()),
        shift_m=case.shift,
        log_odds=case.odds,
        alike=tuple(dict.fromkeys([*alike, *reading.kin])) if len(place) else (),
        factor=reading.factor,
    )


def _evidence(
    verdict: Verdict,
    hypotheses: tuple[Hypothesis, ...],
    as_is_key: str,
    rows: int,
    shared: tuple[_Case, NDArray[np.intp]] | None,
) -> Words:
    """One or two sentences with the counts."""
    if not rows:
        return Words("没有可用的坐标数字。", "There are no usable numbers.")
    best = hypotheses[0]
    as_is = next(one for one in hypotheses if one.key == as_is_key)
    if verdict == "disagree" and shared is not None:
        other = shared[0].reading.name
        return Words(
            f"{rows} 行中有 {len(shared[1])} 行只符合“{other.zh}”，其余符合“{best.name.zh}”。",
            f"{len(shared[1])} of {rows} rows fit only {other.en}, the rest {best.name.en}.",
        )
    if verdict == "undecided":
        likely = [one for one in hypotheses if one.inside + one.near > rows / 2 and best.log_odds - one.log_odds < TELL]
        if likely:
            return Words(
                f"坐标同样符合以下几种坐标系，位置却不同：{'；'.join(one.name.zh for one in likely[:4])}。",
                f"The numbers fit several systems equally well, at different places: "
                f"{'; '.join(one.name.en for one in likely[:4])}.",
            )
        return Words(
            f"已知的坐标系都不能使 {rows} 行中的多数落在深圳及周边。",
            f"No known coordinate system puts most of the {rows} rows in or around Shenzhen.",
        )
    said, other = _counts(as_is, rows), _counts(best, rows)
    if verdict == "other":
        return Words(
            f"按“{as_is.name.zh}”读取，{said.zh}；按“{best.name.zh}”读取，{other.zh}。",
            f"Read as {as_is.name.en}, {said.en}; read as {best.name.en}, {other.en}.",
        )
    rest = Words("", "")
    if as_is.key == "wgs84" and {"gcj02", "bd09"} <= set(as_is.alike):
        rest = Words(
            "仅凭这些数字不能区分 WGS84 与 GCJ-02、BD-09（相差约 0.6 至 1.2 公里）。",
            " These numbers alone cannot tell WGS84 from GCJ-02 and BD-09, 0.6 to 1.2 km away.",
        )
    return Words(f"按“{as_is.name.zh}”读取，{said.zh}。{rest.zh}", f"Read as {as_is.name.en}, {said.en}.{rest.en}")


def _counts(one: Hypothesis, rows: int) -> Words:
    """What became of the rows under one reading."""
    zh = [f"{rows} 行中 {one.inside} 行在市内"]
    en = [f"{one.inside} of {rows} rows lie in the city"]
    if one.key.startswith(LOCAL):
        zh, en = [f"{rows} 行中 {one.inside} 行数值在其范围内"], [f"{one.inside} of {rows} rows are of its size"]
    if one.near:
        zh.append(f"{one.near} 行在周边")
        en.append(f"{one.near} around it")
    if one.far:
        zh.append(f"{one.far} 行在别处或不可能")
        en.append(f"{one.far} elsewhere or impossible")
    if one.agree + one.contradict:
        zh.append(f"{one.agree + one.contradict} 行写明区名，{one.agree} 行相符")
        en.append(f"{one.agree} of {one.agree + one.contradict} in the district that they name")
    if one.shift_m is not None:
        zh.append(f"区界与本图层相差 {one.shift_m:.0f} 米")
        en.append(f"its district outlines are {one.shift_m:.0f} m from ours")
    return Words("，".join(zh), ", ".join(en))
