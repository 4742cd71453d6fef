"""The rows of a part of a long file as columns of sites in WGS84.

Plain rows, which need no repair and no word, are understood column by column; every
other row goes the way of a short list (`geo.sites.draft`, `geo.sites.settle`), so that
it gets the same notes and faults.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs
from geo.errors import CRSMismatch, GeoError
from geo.sites.draft import axes_of, cell_text, datum_of, declared_by, draft, understood
from geo.sites.model import DatumBasis, Draft, Drafts, Reading, Rejected
from geo.sites.position import assumed, control_name, datum_name
from geo.sites.settle import CONTROL, accuracy_notes, converted_shapes, datum_of_row, misfits, settle_rows
from geo.sites.shape import has_likely_area, nowhere
from geo.sources import Layer, Note
from geo.sources.parts import LongFile, Part, rows_of
from geo.sources.values import Washer

if TYPE_CHECKING:
    import pyarrow

Codes = NDArray[np.int32]
Floats = NDArray[np.float64]
_SPELLED = r"^-?[0-9]+(\.[0-9]*)?$"
_LONG_WKT = 100_000  # characters
_READ = ("id", "name", "field", "stage", "district", "datum")


class Basis(NamedTuple):
    """Whence a position is known: datum, how that is known, accuracy in metres or None."""

    datum: str
    basis: DatumBasis
    accuracy_m: float | None


@dataclass
class Many:
    """Sites of a part, as columns; row by row in the order of the part.

    Attributes
    ----------
    at : ndarray of int, shape (n,)
        Places in the part of the rows that became sites.
    ids, names : pyarrow.StringArray, length n
        Null where the file gives none.
    lon, lat : ndarray of float, shape (n,)
        Of points, WGS84; NaN for polygons.
    shapes : ndarray of shapely geometry, shape (n,), or None
        Polygons in WGS84, None for points; None at all where all are points.
    texts : dict of str to (ndarray of int, list)
        For ``field``, ``stage`` and ``district`` the number of each site's cell among
        the distinct ones.
    basis, bases : ndarray of int, shape (n,), and list of Basis
    note, notes : ndarray of int, shape (n,), and list of tuples of notes
    rejected : list of Rejected
    warnings : dict of Note to None
    """

    at: NDArray[np.intp]
    ids: pyarrow.StringArray
    names: pyarrow.StringArray
    lon: Floats
    lat: Floats
    shapes: NDArray[Any] | None
    texts: dict[str, tuple[Codes, list[str | None]]]
    basis: Codes
    bases: list[Basis]
    note: Codes
    notes: list[tuple[Note, ...]]
    rejected: list[Rejected] = field(default_factory=list)
    warnings: dict[Note, None] = field(default_factory=dict)

    def keep(self, at: NDArray[np.intp]) -> None:
        """Keep some of the sites only."""
        for name in ("at", "lon", "lat", "basis", "note"):
            setattr(self, name, getattr(self, name)[at])
        self.ids, self.names = self.ids.take(at), self.names.take(at)
        self.shapes = None if self.shapes is None else self.shapes[at]
        self.texts = {name: (codes[at], words) for name, (codes, words) in self.texts.items()}


@dataclass(frozen=True)
class Sheet:
    """What holds for all rows of a file.

    Attributes
    ----------
    columns : dict of str to str
        Our column names to those of the file.
    axes : tuple of str
        Columns of the position, none where the file has geometries.
    drafts : Drafts
        Of no rows.
    """

    file: LongFile
    reading: Reading
    columns: dict[str, str]
    axes: tuple[str, ...]
    drafts: Drafts

    @classmethod
    def of(cls, file: LongFile, reading: Reading, digest: str = "") -> Sheet:
        """Understand the header.

        Raises
        ------
        InputError
            If it has no position columns.
        """
        axes = axes_of(file.path, file.columns, reading, placed=file.placed)
        held = understood(file.columns)
        wanted = {*_READ, *axes, *(() if file.placed else ("wkt",))}
        metric = axes == ("x", "y")
        drafts = Drafts(file.path, (), file.columns, declared_by(file.crs), metric, file.notes, digest)
        return cls(file, reading, {ours: held[ours] for ours in held if ours in wanted}, axes, drafts)

    def layer(self, part: Part, at: NDArray[np.intp]) -> Layer:
        """Some rows of a part."""
        return rows_of(part, at, self.file)

    def draft(self, layer: Layer) -> Drafts:
        """Rows of the file, drafted."""
        return draft(layer, self.reading, digest=self.drafts.digest)


def settle_part(part: Part, sheet: Sheet) -> Many:
    """Sites of a part; ids are as they stand, missing or seen before.

    Raises
    ------
    CRSMismatch
        If the columns are x and y and no coordinate system is known.
    """
    warnings: dict[Note, None] = dict.fromkeys(part.notes)
    place = _positions(part, sheet)
    datum, datums, known = _datums(part, sheet, warnings)
    place.plain &= known
    for code, (one, _) in enumerate(datums):
        rows = np.flatnonzero(place.plain & (datum == code))
        if len(rows):
            place.convert(rows, one, sheet.reading)
        if place.plain[rows].any():
            warnings |= dict.fromkeys(accuracy_notes(one, sheet.reading))
    bases = [_basis(one, how, sheet.reading) for one, how in datums]
    notes: list[tuple[Note, ...]] = [()]
    note = np.zeros(len(datum), dtype=np.int32)
    rejected: list[Rejected] = []
    odd = np.flatnonzero(~place.plain)
    if len(odd):
        found = settle_rows(sheet.draft(sheet.layer(part, odd)), sheet.reading)
        warnings |= dict.fromkeys(found.warnings)
        rejected += found.rejected
        for at, site in zip(np.searchsorted(part.numbers, [one.row for one in found.sites]), found.sites, strict=True):
            place.put(int(at), site.geometry)
            datum[at] = _number(bases, Basis(site.datum, site.datum_basis, site.accuracy_m))
            note[at] = _number(notes, site.notes)
    at = np.flatnonzero(place.plain)
    if any(bases[code].basis == "assumed" for code in np.unique(datum[at])):
        warnings[assumed(sheet.file.path)] = None
    cells = {name: column_text(part.table, sheet.columns.get(name)).take(at) for name in _READ if name != "datum"}
    return Many(
        at=at,
        ids=cells["id"],
        names=cells["name"],
        lon=place.x[at],
        lat=place.y[at],
        shapes=None if place.shapes is None else place.shapes[at],
        texts={name: _encoded(cells[name]) for name in ("field", "stage", "district")},
        basis=datum[at],
        bases=bases,
        note=note[at],
        notes=notes,
        rejected=rejected,
        warnings=warnings,
    )


def _number(values: list[Any], value: Any) -> int:
    """Place of a value in a list, at whose end it is put if it is new."""
    if value not in values:
        values.append(value)
    return values.index(value)


@dataclass
class _Place:
    """Positions of a part, and which of them are plain: points by `x` and `y`, polygons by `shapes`."""

    x: Floats
    y: Floats
    plain: NDArray[np.bool_]
    shapes: NDArray[Any] | None = None

    def convert(self, rows: NDArray[np.intp], datum: Any, reading: Reading) -> None:
        """Bring rows of one datum to WGS84; what does not fit it, or looks odd there, is not plain."""
        areal = np.zeros(len(rows), dtype=bool) if self.shapes is None else ~shapely.is_missing(self.shapes[rows])
        self._convert_points(rows[~areal], datum, reading)
        if areal.any():
            self._convert_shapes(rows[areal], datum, reading)

    def _convert_points(self, rows: NDArray[np.intp], datum: Any, reading: Reading) -> None:
        x, y = self.x[rows], self.y[rows]
        if reading.swap:
            x, y = y, x
        fits = np.ones(len(rows), dtype=bool)
        fits[list(misfits(x, y, x, y, datum, reading))] = False
        with np.errstate(invalid="ignore"):
            lon, lat = reading.control.apply(x, y) if datum == CONTROL else crs.to_wgs84(x, y, datum)
        self.x[rows], self.y[rows] = lon, lat
        self.plain[rows] = fits & ~nowhere(lon, lat)

    def _convert_shapes(self, rows: NDArray[np.intp], datum: Any, reading: Reading) -> None:
        assert self.shapes is not None  # noqa: S101 - for the type checker
        shapes = self.shapes[rows]
        if reading.swap:
            shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
        west, south, east, north = shapely.bounds(shapes).T
        fits = np.ones(len(rows), dtype=bool)
        fits[list(misfits(west, south, east, north, datum, reading))] = False
        self.plain[rows] = fits
        rows = rows[fits]
        self.shapes[rows] = converted_shapes(shapes[fits], datum, reading)
        self.plain[rows] = shapely.is_valid(self.shapes[rows])
        rows = rows[self.plain[rows]]
        self.plain[rows] = has_likely_area(self.shapes[rows])

    def put(self, at: int, shape: Any) -> None:
        """Set a position that was settled on its own."""
        self.plain[at] = True
        areal = shapely.get_dimensions(shape) == 2
        if self.shapes is None and areal:
            self.shapes = np.full(len(self.x), None, dtype=object)
        if self.shapes is not None:
            self.shapes[at] = shape if areal else None
        self.x[at], self.y[at] = (np.nan, np.nan) if areal else (shape.x, shape.y)


def _positions(part: Part, sheet: Sheet) -> _Place:
    """Positions as the file has them; plain are those that nothing is to be said of."""
    count = len(part.numbers)
    if part.points is not None:
        x, y = part.points
        place = _Place(x.copy(), y.copy(), np.ones(count, dtype=bool))
    elif sheet.file.placed:
        place = _of_shapes(part.geometries)
    else:
        place = _of_cells(part.table, sheet)
    faulty = np.array([int(fault.row or 0) for fault in part.faults], dtype=np.int64)
    place.plain[np.isin(part.numbers, faulty)] = False
    return place


def _of_shapes(shapes: Any) -> _Place:
    """Positions from geometries."""
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    shapes = np.where(missing, None, shapes)
    kinds = shapely.get_type_id(shapes)
    areal = (kinds == shapely.GeometryType.POLYGON) | (kinds == shapely.GeometryType.MULTIPOLYGON)
    point = kinds == shapely.GeometryType.POINT
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    held: NDArray[Any] | None = None
    if areal.any():
        held = np.array(shapes, dtype=object)
        held[~areal] = None
    return _Place(x, y, (areal | point) & ~missing & ~shapely.has_z(shapes), held)


def _of_cells(table: pyarrow.Table, sheet: Sheet) -> _Place:
    """Positions from the cells of a table: numbers, or geometries in words."""
    count = table.num_rows
    if sheet.axes in (("lon", "lat"), ("x", "y")):
        (x, spelled_x), (y, spelled_y) = (_numbers(table[sheet.columns[one]]) for one in sheet.axes)
        place = _Place(x, y, spelled_x & spelled_y)
    else:
        place = _Place(np.full(count, np.nan), np.full(count, np.nan), np.zeros(count, dtype=bool))
    if "wkt" not in sheet.columns:
        return place
    words = column_text(table, sheet.columns["wkt"])
    written = np.flatnonzero(~words.is_null().to_numpy(zero_copy_only=False))
    shapes = np.full(count, None, dtype=object)
    shapes[written] = [None if len(one) > _LONG_WKT else one for one in words.take(written).to_pylist()]
    told = _of_shapes(_read_words(shapes))
    place.x[written], place.y[written], place.plain[written] = told.x[written], told.y[written], told.plain[written]
    place.shapes = told.shapes
    return place


def _read_words(texts: NDArray[Any]) -> Any:
    """Geometries from text, None where there is none or it is none that is known."""
    try:
        return shapely.from_wkt(texts, on_invalid="ignore")
    except NotImplementedError:  # of curves, which do not say where they stand
        if len(texts) == 1:
            return np.array([None], dtype=object)
        middle = len(texts) // 2
        return np.concatenate([_read_words(texts[:middle]), _read_words(texts[middle:])])


def _numbers(column: pyarrow.ChunkedArray) -> tuple[Floats, NDArray[np.bool_]]:
    """Numbers of a column, and which of its cells are plainly spelled finite ones."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        try:
            numbers = pc.cast(column, pa.float64())
        except pa.ArrowInvalid:
            spelled = pc.match_substring_regex(column, _SPELLED)
            numbers = pc.cast(pc.if_else(spelled, column, None), pa.float64())
    elif pa.types.is_integer(kind) or pa.types.is_floating(kind):
        numbers = pc.cast(column, pa.float64(), safe=False)
    else:
        return np.full(len(column), np.nan), np.zeros(len(column), dtype=bool)
    values = numbers.to_numpy(zero_copy_only=False).astype(np.float64, copy=True)
    return values, np.isfinite(values)


def column_text(table: pyarrow.Table, name: str | None) -> pyarrow.StringArray:
    """Cells of a column as text, as they stand; null if blank."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if name is None:
        return pa.nulls(table.num_rows, pa.string())
    column = table[name].combine_chunks()
    kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_integer(kind) or pa.types.is_dictionary(kind):
        column = pc.cast(column, pa.string())
    if not pa.types.is_string(column.type):
        return pa.array([cell_text(one) for one in map(Washer().plain, column.to_pylist())], pa.string())
    at = _perhaps_blank(column)
    blank = np.zeros(len(column), dtype=bool)
    blank[at] = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(column.take(at))), 0).to_numpy(zero_copy_only=False)
    return pc.if_else(pa.array(blank), None, column) if blank.any() else column


_BLANKS = np.isin(np.arange(256), [*range(9, 14), *range(28, 33), 0xC2, 0xE1, 0xE2, 0xE3])  # first bytes of white space


def _perhaps_blank(column: pyarrow.StringArray) -> NDArray[np.intp]:
    """Cells that are empty or begin as white space does."""
    offsets = np.frombuffer(column.buffers()[1], dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    if not len(column) or offsets[0] == offsets[-1]:
        return np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    held = np.frombuffer(column.buffers()[2], dtype=np.uint8)
    empty = offsets[:-1] == offsets[1:]
    first = held[np.minimum(offsets[:-1], len(held) - 1)]
    return np.flatnonzero((empty | _BLANKS[first]) & column.is_valid().to_numpy(zero_copy_only=False))


def _encoded(column: pyarrow.StringArray) -> tuple[Codes, list[str | None]]:
    """Numbers of the cells among the distinct ones; null is one of them."""
    held = column.dictionary_encode(null_encoding="encode")
    return held.indices.to_numpy(zero_copy_only=False).astype(np.int32), held.dictionary.to_pylist()


def _datums(
    part: Part, sheet: Sheet, warnings: dict[Note, None]
) -> tuple[Codes, list[tuple[Any, DatumBasis]], NDArray[np.bool_]]:
    """Number of each row's datum, the distinct ones with how they are known, and which rows name a known one."""
    codes, words = _encoded(column_text(part.table, sheet.columns.get("datum")))
    found: list[tuple[Any, DatumBasis]] = []
    good = []
    for word in words:
        try:
            said = datum_of(sheet.columns, sheet.axes) if word is None else crs.parse_datum(word)
            if said is not None:
                crs.accuracy_m(said)
        except (CRSMismatch, GeoError):
            found.append(("wgs84", "assumed"))
            good.append(False)
            continue
        row = Draft(0, None, {}, datum=said)
        if said is None and sheet.drafts.metric and sheet.reading.datum is None and sheet.reading.control is None:
            found.append(("wgs84", "assumed"))
            good.append(False)
            continue
        found.append(datum_of_row(row, sheet.drafts, sheet.reading, warnings))
        good.append(True)
    return codes, found, np.array(good, dtype=bool)[codes] if len(codes) else np.zeros(0, dtype=bool)


def _basis(datum: Any, how: DatumBasis, reading: Reading) -> Basis:
    if datum == CONTROL:
        return Basis(control_name(reading.control), how, reading.control.max_m)
    return Basis(datum_name(datum), how, crs.accuracy_m(datum))
