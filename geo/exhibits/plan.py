"""What a sheet is to hold, before anything is drawn (layer 7).

A scene is what all sheets of a run share; a plan is what one sheet shows of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol

from geo.districts import Boundaries
from geo.exhibits.lettering import Line
from geo.exhibits.pen import Pen
from geo.exhibits.spec import Box, Style
from geo.exhibits.view import View
from geo.register import Register
from geo.symbology import Swatch, Symbology, Theme

Pair = tuple[str, str]


@dataclass(frozen=True)
class Scene:
    """What every sheet of a run is drawn from.

    Attributes
    ----------
    as_of : date
        The day of the question.
    style : Style
    document : mapping
        The JSON of a check; its ``sites`` are drawn.
    shapes : tuple of shapely geometry
        Geometry of each site in degrees, in the same order.
    sample : bool
        Whether the sites are samples; each sheet that shows one then says so.
    approval_number : str, optional
        Map approval number; without one a sheet is marked as internal.
    ranking : mapping, optional
        The ranking document of a siting model, for the sheets that show one.
    """

    register: Register
    boundaries: Boundaries
    symbology: Symbology
    style: Style
    as_of: date
    document: Mapping[str, Any] = field(default_factory=dict)
    shapes: tuple[Any, ...] = ()
    sample: bool = False
    approval_number: str | None = None
    ranking: Mapping[str, Any] | None = None

    @property
    def records(self) -> list[dict[str, Any]]:
        """The sites' answers."""
        return list(self.document.get("sites", ()))


@dataclass(frozen=True)
class Item:
    """A row of a legend: a sample of what is drawn, and its words.

    `kind` is ``area``, ``line``, ``mark`` (each with the style of `ground`), ``doubt`` or ``none``;
    `places` are the districts for which the row stands, none if it is not bound to any.
    """

    kind: Literal["area", "line", "mark", "doubt", "none"]
    style: Mapping[str, Any]
    lines: tuple[Line, ...]
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """Rows of a legend under one heading."""

    heading: Line
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Mark:
    """A site on the map, in degrees."""

    lon: float
    lat: float
    swatch: Swatch
    label: str
    shape: Any = None
    bold: bool = False


class Block(Protocol):
    """What stands in a column of a sheet, at a factor of its size."""

    def height(self, pen: Pen, across: float, factor: float) -> float:
        """Millimetres that it takes at a width."""

    def write(self, pen: Pen, left: float, top: float, across: float, factor: float) -> float:
        """Draw it from `top` down; the bottom that is reached."""


class Chart(Protocol):
    """What stands in the place of the map on a sheet without one."""

    def draw(self, pen: Pen, room: Box) -> None:
        """Draw it in a room: left, bottom, width and height in millimetres."""


@dataclass(frozen=True)
class Panel:
    """One of several small maps of a sheet.

    `codes` stand on the districts and before the rows of its legend, which lie below the map.
    """

    theme: Theme
    heading: tuple[Line, ...]
    items: tuple[Item, ...]
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """One sheet.

    Attributes
    ----------
    theme : Theme
        How the districts are filled.
    extent : tuple of float
        What the main map must hold, in metres of EPSG:4547.
    title : tuple of str
        With what the sheet asks filled in.
    said : mapping of str to tuple
        Phrases under the name of a district, in both languages.
    sections : tuple of Section
        The legend, without that of lines.
    marks : tuple of Mark
    inset : tuple of float, optional
        Extent of a second map, in metres.
    locator : bool
        Whether a small map tells where the others lie.
    leaders : tuple of str, optional
        Districts whose name may stand beside them with a line; all if not given.
    keep : shapely geometry, optional
        Degrees that nothing laid upon the map may cover; the districts if not given.
    documents : tuple of str
        Instruments on which the sheet rests.
    notes : tuple
        Further notes in both languages.
    side : tuple of Block
        What stands in a column beside the map.
    lines : tuple of Item
        Rows of the legend of lines beyond boundaries.
    overlay : callable, optional
        Draws on the main map before names are placed; returns the room it takes, in
        millimetres of the sheet.
    panels : tuple of Panel
        Several small maps in place of one.
    framed : callable, optional
        The plan for the ground that the main map turns out to show, in metres, for what
        depends on it.
    counted : callable, optional
        The plan for the ground that can be seen on the maps once they are drawn, as a
        geometry in metres, for a legend that counts what lies on the sheet.
    about : tuple
        Paragraphs on the siting model in the source block, in both languages.
    chart : Chart, optional
        What stands in the place of the map; theme and extent then do not count.
    """

    theme: Theme
    extent: Box
    title: Pair
    said: Mapping[str, tuple[Pair, ...]] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    marks: tuple[Mark, ...] = ()
    inset: Box | None = None
    locator: bool = True
    leaders: tuple[str, ...] | None = None
    keep: Any = None
    documents: tuple[str, ...] = ()
    notes: tuple[Pair, ...] = ()
    side: tuple[Block, ...] = ()
    lines: tuple[Item, ...] = ()
    overlay: Callable[[Pen, View], Any] | None = None
    panels: tuple[Panel, ...] = ()
    framed: Callable[[Box], Plan] | None = None
    counted: Callable[[Any], Plan] | None = None
    about: tuple[Pair, ...] = ()
    chart: Chart | None = None

    @property
    def shows_sites(self) -> bool:
        """Whether anything on the sheet is told of a site."""
        return bool(self.marks) or self.chart is not None

    def within(self, ground: Box) -> Plan:
        """The plan for the ground that the main map shows."""
        return self if self.framed is None else self.framed(ground)

    def seen(self, region: Any) -> Plan:
        """The plan for the ground that the maps leave to be seen."""
        return self if self.counted is None else self.counted(region)
