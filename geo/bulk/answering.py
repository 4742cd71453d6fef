"""One part of a long list answered: located, judged, as columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo import answers, crs, join, remarks, sites, wording
from geo.answers import Case, Judge
from geo.bulk.outcome import Outcome
from geo.check import Question
from geo.errors import Lang
from geo.join import Places
from geo.schema import OUTSIDE, Certainty
from geo.sites import Rejected
from geo.sites.many import Many, Sheet, settle_part
from geo.sources import Note
from geo.sources.parts import Part
from geo.tables.columnar import ASKED, GROUNDS, PLACED, SPOKEN, Answered, Cells, Shared, Texts, rounded
from geo.tables.columns import users_names
from geo.tables.flat import asked_cells, ground_cells, place_cells, shares_text
from geo.tables.values import clean, plain

if TYPE_CHECKING:
    from geo.pipeline import Context

Record = dict[str, Any]
Codes = NDArray[np.int64]
_OTHERS = ("gcj02", "bd09")
_DOUBTFUL = (Certainty.NEAR_BOUNDARY, Certainty.STRADDLES)
_FURTHEST = 0.02  # degrees; the datums of web maps lie nearer to each other
_REMEMBERED = 20_000  # cases; a list of which every row asks for something else must not fill the memory
_DENSE = 8  # numbers up to so many times their count are told apart by a table, not by sorting


@dataclass(frozen=True)
class Result:
    """A part as answered.

    Attributes
    ----------
    answered : Answered
    lon, lat : ndarray of float, shape (n,)
        As they were found, not rounded.
    shapes : ndarray of shapely geometry or None
        Polygons, None for points; None at all where all are points.
    rejected : list of Rejected
        In the order of their rows.
    """

    answered: Answered
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    shapes: NDArray[Any] | None
    rejected: list[Rejected]
    outcome: Outcome


class Answerer:
    """Answers parts of lists on a day; what sites share is worked out once.

    Parameters
    ----------
    field, stage : str or None
        For the rows that give none.
    """

    def __init__(self, context: Context, as_of: date, field: str | None, stage: str | None) -> None:
        self.context, self.field, self.stage = context, field or None, stage or None
        self._as_of, self._said = as_of, wording.load(context.settings)
        self._document = answers.envelope(context.register, context.boundaries, as_of, [], sentences=self._said)
        self._forget()

    def _forget(self) -> None:
        """Start with no case known."""
        self._judge = Judge(self.context.register, self._as_of, self._said)
        self._texts = Texts()
        self._cases_known: dict[Case, _Known] = {}
        self._asked, self._grounds, self._place = cache(self._asked_of), cache(self._grounds_of), cache(self._place_of)

    def answer(
        self,
        part: Part,
        sheet: Sheet,
        repeats: dict[int, tuple[int, str]],
        renamed: frozenset[int],
        given: dict[str, str],
    ) -> Result:
        """Answer the sites of a part.

        Parameters
        ----------
        repeats, renamed
            As in `geo.bulk.survey.Survey`.
        given : dict of str to str
            The user's columns that come out, with the names under which they do.
        """
        import pyarrow.compute as pc

        if len(self._cases_known) > _REMEMBERED:
            self._forget()
        many = settle_part(part, sheet)
        faults = _without_repeats(many, part, sheet, repeats)
        places = self._placed(many)
        cases, case = self._cases(many, places)
        metres = rounded(places.boundary_distance_m, 1)
        known = [self._known(one) for one in cases]
        spoken, said = self._spoken(known, case, places, metres)
        numbers = part.numbers[many.at]
        own = {
            "id": _named(many, numbers, renamed),
            "name": pc.fill_null(many.names, ""),
            "lon": rounded(places.lon, 7),
            "lat": rounded(places.lat, 7),
            "boundary_distance_m": metres,
            "area_ha": rounded(places.area_m2 / 1e4, 4),
            "area_mu": rounded(places.area_m2 / 1e4 / answers.HA_PER_MU, 3),
        }
        table = part.table.select(list(given)).rename_columns(list(given.values()))
        if len(many.at) < table.num_rows:
            table = table.take(many.at)
        answered = Answered([one.shared for one in known], case.astype(np.int32), spoken, said, own, table)
        lost = sorted((remarks.looked_up(one, self.context.register) for one in faults), key=lambda one: one.row)
        outcome = self._outcome(many, known, case, lost, own["id"], numbers)
        return Result(answered, places.lon, places.lat, many.shapes, lost, outcome)

    def _placed(self, many: Many) -> Places:
        if not len(many.at):
            none = np.empty(0)
            return Places((), np.empty(0, dtype=np.intp), {}, none, none, none, none)
        margins = np.array([crs.margin_m(one.accuracy_m) for one in many.bases])[many.basis]
        boundaries = self.context.boundaries
        if many.shapes is None:
            return join.place_points(many.lon, many.lat, boundaries, margins)
        return join.place(_geometries(many), boundaries, margins)

    def _cases(self, many: Many, places: Places) -> tuple[list[Case], Codes]:
        """The distinct cases, and the number of each site's."""
        shift, shifts = self._shifts(many, places)
        note, notes = self._notes(many, places)
        loose = _loose(many, places)
        fields, stages = many.texts["field"], many.texts["stage"]
        columns = [places.kind, fields[0], stages[0], shift, many.basis, loose, note]
        first, case = _distinct(columns)
        found = []
        for at in first.tolist():
            basis = many.bases[many.basis[at]]
            found.append(
                Case(
                    places.kinds[places.kind[at]],
                    fields[1][fields[0][at]] or self.field,
                    stages[1][stages[0][at]] or self.stage,
                    shifts[shift[at]],
                    basis.accuracy_m,
                    bool(loose[at]),
                    notes[note[at]],
                    basis.basis,
                )
            )
        return found, case

    def _shifts(self, many: Many, places: Places) -> tuple[Codes, list[tuple[tuple[str, str | None], ...]]]:
        """Where sites of an assumed datum would lie in another: the number of each site's, and the distinct ones."""
        boundaries = self.context.boundaries
        assumed = np.array([one.basis == "assumed" for one in many.bases], dtype=bool)
        rows = np.flatnonzero(assumed[many.basis]) if len(assumed) else np.empty(0, dtype=np.intp)
        found: list[tuple[tuple[str, str | None], ...]] = [()]
        codes = np.zeros(len(many.at), dtype=np.int64)
        if not len(rows):
            return codes, found
        ids: list[str | None] = [*boundaries.ids, None]
        number = {one: at for at, one in enumerate(ids)}
        here = np.array([number[kind.district] for kind in places.kinds])[places.kind[rows]]
        moved = [self._moved(many, rows, datum, number) for datum in _OTHERS]
        first, case = _distinct([here, *moved])
        for at in first.tolist():
            elsewhere = zip(_OTHERS, moved, strict=True)
            found.append(tuple((datum, ids[there[at]]) for datum, there in elsewhere if there[at] != here[at]))
        codes[rows] = case + 1
        return codes, found

    def _moved(self, many: Many, rows: NDArray[np.intp], datum: str, number: dict[str | None, int]) -> Codes:
        """Number of the district in which each row would lie in a datum."""
        boundaries = self.context.boundaries
        if many.shapes is None:
            x, y = many.lon[rows], many.lat[rows]
            near = boundaries.index.boxes(x - _FURTHEST, y - _FURTHEST, x + _FURTHEST, y + _FURTHEST) < 0
            x[near], y[near] = crs.to_wgs84(x[near], y[near], datum)
            return join.districts_at(x, y, boundaries) % (len(boundaries.ids) + 1)
        shifted = crs.shift_geometries(_geometries(many)[rows], datum)
        return np.array([number[one] for one in join.districts_of(shifted, boundaries)], dtype=np.int64)

    def _notes(self, many: Many, places: Places) -> tuple[Codes, list[tuple[Note, ...]]]:
        """Notes of the rows, with one where the file names another district than the one found."""
        code, words = many.texts["district"]
        register = self.context.register
        said = remarks.places_said(words, register)
        first, case = _distinct([many.note, code, places.kind])
        found = []
        for at in first.tolist():
            kind, word = places.kinds[places.kind[at]], words[code[at]]
            note = remarks.district_note(word, said[word], kind.district, kind.possible, register)
            found.append((*many.notes[many.note[at]], *(() if note is None else (note,))))
        return case, found

    def _spoken(
        self, known: list[_Known], case: Codes, places: Places, metres: NDArray[np.float64]
    ) -> tuple[list[tuple[str | None, ...]], NDArray[np.int32]]:
        """Cells of `SPOKEN`, and the number of each site's; those of doubtful sites hold their own numbers."""
        spoken = [one.spoken for one in known]
        said = case.astype(np.int32)
        doubtful = np.array([one.doubtful for one in known], dtype=bool)
        rows = np.flatnonzero(doubtful[case]) if len(known) else np.empty(0, dtype=np.intp)
        whole = np.rint(np.nan_to_num(metres[rows])).astype(np.int64)
        made: dict[tuple[int, object], int] = {}
        for at, mine, distance in zip(rows.tolist(), case[rows].tolist(), whole.tolist(), strict=True):
            shares = places.shares.get(at)
            key = (mine, distance if shares is None else tuple(shares.items()))
            if key not in made:
                made[key] = len(spoken)
                one = known[mine]
                spoken.append(one.at(distance) if shares is None else self._straddling(one.case, shares))
            said[at] = made[key]
        return spoken, said

    def _straddling(self, case: Case, shares: dict[str, float]) -> tuple[str | None, ...]:
        """Cells of `SPOKEN` for a site that lies in several districts."""
        explained = self._judge.explanation(case, None, shares)
        kept = {one: round(share, 6) for one, share in shares.items()}
        return shares_text(kept), plain(explained["zh"]), plain(explained["en"])

    def _known(self, case: Case) -> _Known:
        """What the sites of a case share."""
        known = self._cases_known.get(case)
        if known is None:
            district, asked = case.kind.district, (case.field, case.stage)
            grounds, unrecognised = self._grounds(district, self._judge.standing(district, *asked))
            situation = self._judge.situation(case)
            shared = Shared(self._asked(*asked), grounds, self._place(situation, case.datum_basis, case.notes))
            said = self._judge.explained(case, situation)
            known = self._cases_known[case] = _Known(case, shared, said, unrecognised)
        return known

    def _asked_of(self, field: str | None, stage: str | None) -> Cells:
        """Cells that tell what is asked."""
        record = self._judge.asked(field, stage)
        return self._cells(ASKED, record | asked_cells(record))

    def _grounds_of(self, district: str | None, standing: Question) -> tuple[Cells, list[Record]]:
        """Cells that follow from district, question and day, and the words that were not recognised."""
        record = self._judge.where(district) | self._judge.grounds(district, standing)
        return self._cells(GROUNDS, record | ground_cells(self._document, record)), record["unrecognised"]

    def _place_of(self, *said: Any) -> Cells:
        """Cells that tell of the place."""
        record = self._judge.place(*said)
        return self._cells(PLACED, record | place_cells(record))

    def _cells(self, names: Iterable[str], flat: Record) -> Cells:
        return Cells({name: plain(flat[name]) for name in names}, self._texts)

    def _outcome(
        self, many: Many, known: list[_Known], case: Codes, lost: list[Rejected], ids: Any, numbers: NDArray[np.int64]
    ) -> Outcome:
        """What is to be said of the part."""
        outside = np.array([one.case.kind.district is None for one in known], dtype=bool)
        found = Outcome(len(case), int(outside[case].sum()) if len(known) else 0, warnings=dict(many.warnings))
        found.say("rejected", map(remarks.rejected_line, lost), len(lost), len(lost))
        for kind, speak in (("noted", remarks.noted_line), ("unrecognised", remarks.unrecognised_line)):
            count = np.array([len(one.faults[kind]) for one in known], dtype=np.int64)
            rows = np.flatnonzero(count[case]) if len(known) else np.empty(0, dtype=np.intp)
            lines = (
                speak(ids[at].as_py(), int(numbers[at]), fault)
                for at in rows.tolist()
                for fault in known[case[at]].faults[kind]
            )
            found.say(kind, lines, int(count[case[rows]].sum()), len(rows))
        return found


class _Known:
    """What the sites of a case share: cells, and what is to be said of each such row."""

    def __init__(self, case: Case, shared: Shared, said: dict[Lang, str], unrecognised: list[Record]) -> None:
        self.case, self.shared = case, shared
        self.faults = {"noted": [{"zh": zh, "en": en} for zh, en in case.notes], "unrecognised": unrecognised}
        self.doubtful = case.kind.certainty in _DOUBTFUL
        self._shares = shares_text({case.kind.district or OUTSIDE: 1.0})
        self._pieces = [[clean(piece) for piece in said[lang].split(wording.METRES)] for lang in said]
        self.spoken = (None,) * len(SPOKEN) if self.doubtful else self.at(0)  # none where each site has its own

    def at(self, metres: int) -> tuple[str | None, ...]:
        """Cells of `SPOKEN` at so many metres from the border."""
        zh, en = self._pieces
        return self._shares, str(metres).join(zh), str(metres).join(en)


def own_names(sheet: Sheet) -> dict[str, str]:
    """The user's columns that come out, with the names under which they do.

    Those from which our `id` and `name` were read, and that are called so, are not repeated.
    """
    read = {sheet.columns.get(ours) for ours in ("id", "name")}
    own = [name for name in sheet.file.columns if name not in read or name.casefold() not in ("id", "name")]
    return users_names(own)


def _without_repeats(many: Many, part: Part, sheet: Sheet, repeats: dict[int, tuple[int, str]]) -> list[Rejected]:
    """Take rows out whose id stands before; all rejected rows."""
    numbers = part.numbers[many.at]
    rows = np.flatnonzero(np.isin(numbers, list(repeats))) if repeats else np.empty(0, dtype=np.intp)
    if not len(rows):
        return many.rejected
    drafts = sheet.draft(sheet.layer(part, many.at[rows]))
    faults = []
    for row in drafts.rows:
        first, other = repeats[row.number]
        error = sites.repeated(row.id or f"row-{row.number}", first, row.number, row.line, other=other)
        faults.append(sites.rejected_row(row, (error,), drafts))
    many.keep(np.setdiff1d(np.arange(len(numbers)), rows))
    return [*many.rejected, *faults]


def _named(many: Many, numbers: NDArray[np.int64], renamed: frozenset[int]) -> Any:
    """Ids, those that are missing being the number of the row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not many.ids.null_count:
        return many.ids
    mine = [f"row-{number}" if number in renamed else str(number) for number in numbers.tolist()]
    return pc.if_else(many.ids.is_null(), pa.array(mine, pa.string()), many.ids)


def _geometries(many: Many) -> NDArray[Any]:
    """Points and polygons as geometries."""
    import shapely

    points = np.asarray(shapely.points(many.lon, many.lat), dtype=object)
    if many.shapes is None:
        return points
    return np.where(shapely.is_missing(many.shapes), points, many.shapes)


def _loose(many: Many, places: Places) -> Codes:
    """Whether each position may be off by more than its distance from the border; see `answers.is_loose`."""
    near = np.array([kind.certainty is Certainty.NEAR_BOUNDARY for kind in places.kinds], dtype=bool)[places.kind]
    accuracy = np.array([np.inf if one.accuracy_m is None else one.accuracy_m for one in many.bases])[many.basis]
    metres = np.rint(rounded(np.nan_to_num(places.boundary_distance_m), 1))
    found: Codes = (near & (accuracy > metres)).astype(np.int64)
    return found


def _distinct(columns: list[Any]) -> tuple[NDArray[np.intp], Codes]:
    """The first row of each distinct combination of the columns, and the number of each row's."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    first = np.zeros(0, dtype=np.intp)
    for column in columns:
        values = np.asarray(column, dtype=np.int64)
        wide = code * (int(values.max()) + 1 if len(values) else 1) + values
        first, code = _numbered(wide)
    return first, code


def _numbered(values: NDArray[np.int64]) -> tuple[NDArray[np.intp], Codes]:
    """The first row of each distinct number, these in rising order, and the place of each row's among them."""
    most = int(values.max()) + 1 if len(values) else 0
    if most > _DENSE * len(values):
        _, first, code = np.unique(values, return_index=True, return_inverse=True)
        return first, code
    met = np.full(most, -1, dtype=np.intp)
    met[values[::-1]] = np.arange(len(values) - 1, -1, -1)
    used = np.flatnonzero(met >= 0)
    place = np.zeros(most, dtype=np.int64)
    place[used] = np.arange(len(used))
    return met[used], place[values]
