"""A context layer as the catalogue lists it, and what its card in the store says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass as checked

from geo.features import Provenance
from geo.schema import Words

Kind = Literal["features", "raster"]
Base = Literal["shipped", "derived", "user"]
Basis = Literal["you", "rows", "file", "format", "assumed"]
Extent = tuple[float, float, float, float]
NAME = r"^[a-z][a-z0-9-]{0,63}$"


@dataclass(frozen=True)
class Entry:
    """A layer that is there.

    Attributes
    ----------
    name : str
        Id, as models name it.
    base : {"shipped", "derived", "user"}
        Ships with parksite, is made of the district outlines when asked for, or was
        added by the user.
    count : int or None
        Features, or cells; None where it is derived when asked for.
    note : Words or None
        What its user must know.
    extent : tuple of float or None
        West, south, east, north in degrees.
    datum_basis : {"you", "rows", "file", "format", "assumed"} or None
        How the datum of a user's file is known: an option or control points, a column,
        the file, its format, or not at all. None where parksite ships or makes the layer.
    """

    name: str
    title: Words
    kind: Kind
    base: Base
    count: int | None
    provenance: Provenance
    note: Words | None = None
    extent: Extent | None = None
    datum_basis: Basis | None = None


@dataclass(frozen=True)
class Named:
    """A layer by its id, its title and the words that people call it by.

    `theme` says that it is one of those that an OpenStreetMap extract gives.
    """

    id: str
    title: Words
    aliases: tuple[str, ...] = ()
    unit: str = ""
    theme: bool = False


@checked(frozen=True, config=ConfigDict(extra="forbid"), kw_only=True)
class Card:
    """What the store says of a layer: the file `<name>.toml`.

    `file` and `sha256` are those of what was read, `stored` and `stored_sha256` those
    of what is kept, in EPSG:4547.
    """

    name: Annotated[str, Field(pattern=NAME)]
    title_zh: str
    title_en: str
    kind: Kind
    file: str
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    stored: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*-[0-9a-f]{12}\.(gpkg|tif)$")]
    stored_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    count: int
    datum: str
    datum_basis: Basis | None = None
    licence: str
    origin_zh: str
    origin_en: str
    vintage_zh: str
    vintage_en: str
    label: str = ""
    unit: str = ""
    extent: Extent

    @property
    def title(self) -> Words:
        """Title in both languages."""
        return Words(self.title_zh, self.title_en)

    @property
    def provenance(self) -> Provenance:
        """Where the layer comes from."""
        return Provenance(
            Words(self.origin_zh, self.origin_en),
            Words(self.vintage_zh, self.vintage_en),
            self.datum,
            self.licence,
            self.sha256[:12],
        )

    @property
    def entry(self) -> Entry:
        """The layer as the catalogue lists it."""
        return Entry(
            self.name, self.title, self.kind, "user", self.count, self.provenance, None, self.extent, self.datum_basis
        )
