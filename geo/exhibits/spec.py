"""What a sheet shows, as its file in `maps/exhibits/` says it (layer 7)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, field_validator
from pydantic.dataclasses import dataclass as checked

from geo import sources, wording
from geo.errors import InputError, MissingData
from geo.schema import Words
from geo.settings import Settings
from geo.wording import Sentences

Box = tuple[float, float, float, float]
Show = Literal[
    "roles", "stages", "documents", "sites", "field", "support", "uncertainty", "location", "district", "site",
    "ranking", "constraints", "acceptability", "suitability",
]  # fmt: skip
RANKED: frozenset[Show] = frozenset({"ranking", "constraints", "acceptability", "suitability"})  # need a ranking
PER_SITE: frozenset[Show] = frozenset({"site", "suitability"})  # one sheet for each site
Extent = Literal["city", "whole", "shenshan"]
Paper = Literal["A3", "A4"]
Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class Spec:
    """A sheet.

    Attributes
    ----------
    title : Words
        In which ``{as_of}``, ``{field}``, ``{stage}`` and ``{subject}`` are filled in.
    show : str
        What is drawn.
    number : int, optional
        Number of the exhibit; sheets of the user may have none.
    extent : str or tuple of float
        A named extent, or west, south, east and north in degrees.
    scale : int, optional
        Denominator of the numeric scale; without it the largest round one that holds
        the extent.
    by : {"match", "force"}
        What the symbols of sites tell.
    field, stage : str, optional
        The question of a sheet that shows a field.
    as_of : date, optional
        A day of the sheet's own, before the day of the run.
    sites : bool
        Whether sites are drawn.
    notes : tuple of Words
        Further notes in the source block.
    """

    title: Words
    show: Show
    number: int | None = None
    extent: Extent | tuple[Degrees, Degrees, Degrees, Degrees] = "city"
    scale: Annotated[int, Field(ge=500, le=20_000_000)] | None = None
    paper: Paper = "A3"
    orientation: Literal["landscape", "portrait"] = "landscape"
    by: Literal["match", "force"] = "match"
    field: str | None = None
    stage: str | None = None
    as_of: date | None = None
    sites: bool = False
    notes: tuple[Words, ...] = ()
    id: str = ""

    @field_validator("extent")
    @classmethod
    def _has_a_size(cls, extent: Extent | Box) -> Extent | Box:
        if not isinstance(extent, str) and not (extent[0] < extent[2] and extent[1] < extent[3]):
            raise ValueError("west must lie below east and south below north")
        return extent


@dataclass(frozen=True)
class Style:
    """What sheets have in common, from `maps/sheet.yaml`.

    Attributes
    ----------
    papers : dict of str to tuple of float
        Long and short side in millimetres.
    labels : dict of str to tuple of float
        Longitude and latitude near which a district's name stands.
    waters : tuple of dict
        Names of waters and where they stand (``zh``, ``en``, ``at``).
    words : dict of str to tuple of str
        Words of sheets in Chinese and English.
    chinese : dict of str to str
        Chinese for a datum that the boundary layer names in English only.
    bodies : dict of str to str
        English for departments.
    sentences : Sentences, optional
        Those of `maps/wording.yaml`, for amounts.
    statuses, results : dict of str to dict
        Words, colour and symbol of each status of a ranked site, and of each result of a
        constraint.
    ranks : tuple of str
        Colours of the ranks from the first on; the last is for all that follow.
    shades : dict of str to str
        Colours of the bars of charts.
    """

    papers: dict[str, tuple[float, float]]
    labels: dict[str, tuple[float, float]]
    waters: tuple[dict[str, Any], ...]
    break_behind: tuple[str, ...]
    break_before: tuple[str, ...]
    words: dict[str, tuple[str, str]]
    chinese: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    sentences: Sentences | None = None
    statuses: dict[str, dict[str, str]] = field(default_factory=dict)
    results: dict[str, dict[str, str]] = field(default_factory=dict)
    ranks: tuple[str, ...] = ()
    shades: dict[str, str] = field(default_factory=dict)


def names(settings: Settings, *, ranked: bool = False) -> list[str]:
    """Sheets that ship and those of the user's folder, by number; with `ranked` also those that need a ranking."""
    folders = [settings.maps, *([settings.user / "maps"] if settings.user is not None else [])]
    found = {path.stem for one in folders for path in (one / "exhibits").glob("*.yaml")}
    specs = {name: read(settings, name) for name in found}
    held = [name for name, spec in specs.items() if ranked or spec.show not in RANKED]
    return sorted(held, key=lambda name: (specs[name].number or 10**6, name))


def read(settings: Settings, name: str | Path) -> Spec:
    """Read a sheet by its name in `maps/exhibits/`, or from a file.

    Raises
    ------
    MissingData
        If there is no such sheet.
    InputError
        If the file is not what a sheet should be; the key is named.
    """
    text = str(name)
    path = Path(text) if text.endswith((".yaml", ".yml")) else settings.maps_file(f"exhibits/{text}.yaml")
    if not path.is_file():
        raise MissingData(
            f"there is no sheet {text!r}",
            f"没有图件规格 {text!r}",
            file=path,
            remedy_en="parksite exhibit --list names those that ship",
            remedy_zh="parksite exhibit --list 列出可用图件",
        )
    said = sources.read_yaml(path)
    try:
        return TypeAdapter(Spec).validate_python({**said, "id": path.stem} if isinstance(said, dict) else said)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError(
            f"the sheet is not understood: {first['msg']}",
            f"图件规格有误：{first['msg']}",
            file=path,
            field=".".join(str(one) for one in first["loc"]) or None,
            value=first.get("input"),
            remedy_en="see docs/exhibits.md for the keys of a sheet",
            remedy_zh="各项写法见 docs/exhibits.md",
        ) from error


def style(settings: Settings) -> Style:
    """Read what sheets have in common."""
    said = sources.read_yaml(settings.maps_file("sheet.yaml"))
    bodies = sources.read_yaml(settings.maps_file("dossier.yaml")).get("bodies", {})
    ranking = sources.read_yaml(settings.maps_file("ranking.yaml"))
    for key, words in (("statuses", "status"), ("results", "result")):
        said[key] = {one: {**ranking[words][one], **look} for one, look in said[key].items()}
    return replace(TypeAdapter(Style).validate_python(said), bodies=bodies, sentences=wording.load(settings))
