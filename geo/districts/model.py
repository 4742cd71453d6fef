"""The district layer as an object, and the borders between areas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs
from geo.schema import Words

if TYPE_CHECKING:
    from geo.overlay import CellIndex, SegmentIndex


FINE = 0.001  # degrees; an edge of this length is bent by less than 0.1 mm when it is projected


@dataclass(frozen=True)
class Boundaries:
    """The district layer that a run works with.

    Attributes
    ----------
    ids : tuple of str, length n
        District ids in the fixed order; a user's layer may hold fewer.
    outlines, second : ndarray of shapely geometry, shape (n,)
        Working outlines and the second opinion, degrees. `second` may be empty.
    neighbours, second_outside : ndarray of shapely geometry, shape (m,)
        Areas outside the city, in the working and in the second source.
    neighbour_names : tuple of (str, str)
        Chinese and English names of `neighbours`.
    borders : ndarray of shapely geometry, shape (n,)
        Each district's border with other areas, coast left out; EPSG:4547.
    uncertain : shapely geometry or None
        Zone in which the line between Shenshan and the outside may run.
    approximate : tuple of str
        Ids whose outline is ours and not official.
    declared : bool
        Whether the source says which coordinate system it is in.
    digest : str or None
        SHA-256 of the user's own file, or of the recipe's inputs.
    """

    ids: tuple[str, ...]
    outlines: NDArray[Any]
    second: NDArray[Any]
    neighbours: NDArray[Any]
    second_outside: NDArray[Any]
    neighbour_names: tuple[tuple[str, str], ...]
    borders: NDArray[Any]
    uncertain: Any
    approximate: tuple[str, ...]
    source: Words
    vintage: Words
    datum: str
    second_source: Words | None = None
    digest: str | None = None
    notes: tuple[tuple[str, str], ...] = ()
    declared: bool = True

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the working outlines."""
        return shapely.STRtree(self.outlines)

    @cached_property
    def areas(self) -> NDArray[Any]:
        """Outlines, neighbours, both of the second opinion, and the zone of doubt, in this order; degrees."""
        zone = np.array([self.uncertain], dtype=object)
        return np.concatenate([self.outlines, self.neighbours, self.second, self.second_outside, zone])

    @cached_property
    def index(self) -> CellIndex:
        """Index of `areas`."""
        from geo.overlay import CellIndex

        return CellIndex.build(self.areas)

    @cached_property
    def outlines_m(self) -> NDArray[Any]:
        """The working outlines in metres of EPSG:4547."""
        return np.asarray(crs.project(self.outlines))

    @cached_property
    def neighbours_m(self) -> NDArray[Any]:
        """The neighbours in metres of EPSG:4547, valid ones."""
        return np.asarray(shapely.make_valid(crs.project(self.neighbours)))

    @cached_property
    def uncertain_m(self) -> Any:
        """The zone of uncertain boundary in metres of EPSG:4547, None if there is none."""
        return None if self.uncertain is None else crs.project(self.uncertain)

    @cached_property
    def second_m(self) -> NDArray[Any]:
        """The second outlines, then its areas outside the city, in metres of EPSG:4547, valid ones."""
        return np.asarray(shapely.make_valid(crs.project(np.concatenate([self.second, self.second_outside]))))

    @cached_property
    def outlines_fine_m(self) -> NDArray[Any]:
        """The working outlines in metres of EPSG:4547, so dense that straight edges are those in degrees."""
        return np.asarray(shapely.make_valid(crs.project(crs.densify(self.outlines, FINE))))

    @cached_property
    def outlines_index_m(self) -> CellIndex:
        """Index of `outlines_fine_m`."""
        from geo.overlay import CellIndex

        return CellIndex.build(self.outlines_fine_m)

    @cached_property
    def second_index_m(self) -> CellIndex:
        """Index of `second_m`."""
        from geo.overlay import CellIndex

        return CellIndex.build(self.second_m)

    def borders_around(self, district: str | None) -> NDArray[Any]:
        """The borders that count for a district, all of them for the outside; none that is empty; EPSG:4547."""
        mine = self.borders if district is None else self.borders[[self.ids.index(district)]]
        return np.asarray(mine[~shapely.is_empty(mine)])

    @cached_property
    def border_index(self) -> SegmentIndex:
        """Index of `borders`."""
        from geo.overlay import SegmentIndex

        return SegmentIndex.build(self.borders)

    def describe(self) -> dict[str, Any]:
        """The words that every output names the boundaries with."""
        said: dict[str, Any] = {"datum": self.datum, "approximate": list(self.approximate)}
        for name, words in (("source", self.source), ("vintage", self.vintage), ("second_source", self.second_source)):
            said[name] = None if words is None else f"{words.en} / {words.zh}" if words.en != words.zh else words.en
            said[f"{name}_zh"] = None if words is None else words.zh
            said[f"{name}_en"] = None if words is None else words.en
        return said


def borders_of(outlines: NDArray[Any], neighbours: NDArray[Any], gap_m: float = 0.0) -> NDArray[Any]:
    """Each outline's border with any other area, in EPSG:4547.

    With `gap_m` 0 the lines of the areas are taken to be the same where they meet,
    as they are in the shipped layer; else lines within `gap_m` count.
    """
    areas = crs.project(np.concatenate([outlines, neighbours]))
    lines = shapely.boundary(areas)
    tree = shapely.STRtree(areas)
    found = []
    for number in range(len(outlines)):
        near = [
            other for other in tree.query(areas[number], predicate="dwithin", distance=gap_m + 1.0) if other != number
        ]
        if gap_m:
            reach = [shapely.buffer(areas[other], gap_m) for other in near]
            shared = [shapely.intersection(lines[number], area) for area in reach]
        else:
            shared = [shapely.intersection(lines[number], lines[other]) for other in near]
        found.append(_only_lines(shapely.union_all(shared)) if shared else shapely.MultiLineString())
    return np.array(found)


def _only_lines(geometry: Any) -> Any:
    parts = [part for part in shapely.get_parts(shapely.get_parts(geometry)) if shapely.get_dimensions(part) == 1]
    return shapely.line_merge(shapely.MultiLineString(parts)) if parts else shapely.MultiLineString()
