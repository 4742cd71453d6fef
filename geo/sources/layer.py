"""What every reader gives: one layer or sheet of a file, row by row, nothing converted."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from numpy.typing import NDArray

from geo.errors import InputError, RowError

Note = tuple[str, str]
EncodingBasis = Literal["declared", "measured", "byte-order mark"]


@dataclass(frozen=True)
class Limits:
    """How much a file may hold before it is refused; ``--limit NAME=VALUE`` raises one.

    Attributes
    ----------
    megabytes : int
        Size of the file, and of what an archive or workbook unpacks to.
    members : int
        Files in an archive.
    rows, columns : int
        Rows below the header, or features; columns or attributes.
    vertices : int
        Vertices of one geometry; a larger one is a fault of its row.
    """

    megabytes: int = 1_000
    members: int = 1_000
    rows: int = 200_000
    columns: int = 1_000
    vertices: int = 200_000

    def raised(self, name: str, value: int) -> Limits:
        """The limits with one of them changed.

        Raises
        ------
        InputError
            If there is no limit of this name, or the value is not above 0.
        """
        names = [one.name for one in fields(self)]
        if name not in names or value <= 0:
            raise InputError(
                "there is no such limit",
                "没有这样的限额",
                value=f"{name}={value}",
                remedy_en=f"limits are {', '.join(names)}, each a number above 0",
                remedy_zh=f"限额名称：{'、'.join(names)}，取值应大于 0",
            )
        return replace(self, **{name: value})


@dataclass(frozen=True)
class LayerInfo:
    """A layer or sheet that a file holds."""

    name: str
    rows: int | None
    geometry: str | None
    crs: str | None
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Layer:
    """One layer or sheet as read.

    Attributes
    ----------
    format : str
        The kind of file as a person calls it: CSV, XLSX, GeoPackage.
    name : str or None
        Layer or sheet; None where the format knows none.
    rows : tuple of dict
        Attributes by column; every cell of a text table is text. Cells beyond the
        header stand under ``_extra1`` and on, which are not in `columns`.
    numbers : tuple of int
        Number of each row as a person counts them: the first below the header, or
        the first feature, is 1; blank rows count and are left out.
    lines : tuple of int or None
        Line of the text file, or row of the sheet, of each row.
    geometries : ndarray of shapely geometry, shape (n,), or None
        As the file has them, in `crs`; None for a table without geometry.
    crs : pyproj.CRS or None
        What the file declares.
    crs_basis : {"file", "format"} or None
        Whether the file says so itself or its format fixes it (GeoJSON, KML).
    crs_unknown : str or None
        What the file names as its CRS where that name is not known; `crs` is None then.
    encoding : str or None
        Of the text, with how it is known.
    faults : tuple of RowError
        Rows that could not be read as they should; their attributes are in `rows`.
    notes : tuple of (str, str)
        What was understood, repaired or left out, in Chinese and English.
    """

    path: Path
    format: str
    name: str | None
    columns: tuple[str, ...]
    rows: tuple[dict[str, object], ...]
    numbers: tuple[int, ...]
    lines: tuple[int, ...] | None = None
    geometries: NDArray[Any] | None = None
    crs: Any = None
    crs_basis: Literal["file", "format"] | None = None
    crs_unknown: str | None = None
    encoding: str | None = None
    encoding_basis: EncodingBasis | None = None
    faults: tuple[RowError, ...] = ()
    notes: tuple[Note, ...] = ()
