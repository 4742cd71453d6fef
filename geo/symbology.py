"""Classes, colours and patterns of maps (layer 6).

One place for the web map and for print, so that their legends cannot disagree.
A `Theme` says for each district which class it falls into and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from geo import sources
from geo.register import Register, backing
from geo.schema import DISTRICTS, FORCE_NAMES, MATCH_NAMES, STAGE_NAMES, Designation, Force, Layout, Match
from geo.settings import Settings


@dataclass(frozen=True)
class Swatch:
    """A class of a legend: words in both languages, colour, pattern or symbol."""

    id: str
    zh: str
    en: str
    colour: str
    hatch: str = ""
    symbol: str = "square"


@dataclass(frozen=True)
class Theme:
    """How districts are coloured.

    Attributes
    ----------
    zh, en : str
        Titles, in which ``{as_of}`` stands for the day.
    classes : tuple of Swatch
        The legend, in order, holding only classes that occur.
    by_place : dict of str to str
        District id to `Swatch.id`.
    shown : dict of str to tuple of Designation
        The designations that the colour of a district stands for.
    """

    id: str
    zh: str
    en: str
    classes: tuple[Swatch, ...]
    by_place: dict[str, str]
    shown: dict[str, tuple[Designation, ...]]

    def swatch(self, district: str) -> Swatch:
        """Class of a district."""
        return next(one for one in self.classes if one.id == self.by_place[district])


@dataclass(frozen=True)
class Symbology:
    """The palette of `maps/symbology.yaml`."""

    words: dict[str, Any]

    def colour(self, name: str) -> str:
        """A plain colour such as ``sea``, ``land``, ``outline`` or ``uncertain``."""
        return str(self.words[name])

    def colours(self) -> dict[str, Any]:
        """Plain colours by name; those of the dark scheme stand under ``dark``."""
        names = ("sea", "land", "outline", "uncertain")
        light = {name: self.colour(name) for name in names} | {"none": str(self.words["none"]["colour"])}
        return light | {"dark": light | {name: str(one) for name, one in self.words.get("dark", {}).items()}}

    def match_classes(self) -> tuple[Swatch, ...]:
        """Classes of sites by `match`."""
        return tuple(Swatch(one.value, *MATCH_NAMES[one], **self.words["match"][one.value]) for one in Match)

    def force_classes(self) -> tuple[Swatch, ...]:
        """Classes of sites by the force of what decided."""
        kinds = (Force.IN_FORCE, Force.LAPSED, Force.NONE)
        return tuple(Swatch(one.value, *FORCE_NAMES[one], **self.words["force"][one.value]) for one in kinds)

    def themes(self, register: Register, as_of: date) -> tuple[Theme, ...]:
        """Every theme: roles on the day, each instrument, stages of the value chain."""
        return (
            self.roles(register, as_of),
            *(self.instrument(register, one, as_of) for one in register.instruments),
            self.stages(register, as_of),
        )

    def roles(self, register: Register, as_of: date) -> Theme:
        """Roles on the day: those in force, else those of the latest lapsed instrument."""
        shown = {one: register.standing(one, as_of) for one in DISTRICTS}
        titles = ("各区产业角色（截至{as_of}）", "District roles as of {as_of}")
        return self._theme(register, "roles", *titles, shown, as_of)

    def instrument(self, register: Register, instrument: str, as_of: date) -> Theme:
        """What one instrument says of each district: its roles, else what it supports."""
        mine = [one for one in register.designations if one.instrument == instrument]
        kind = "role" if any(one.kind == "role" for one in mine) else "support"
        shown = {
            district: tuple(one for one in mine if one.kind == kind and register.reaches(one, district))
            for district in DISTRICTS
        }
        record = register.instruments[instrument]
        return self._theme(register, instrument, record.title_zh, record.title_en, shown, as_of)

    def support(self, register: Register, as_of: date) -> Theme:
        """Districts that documents back building in on the day, without a role: see `register.backing`."""
        backed = backing(register, as_of)
        shown = {one: tuple(each for each in backed if register.reaches(each, one)) for one in DISTRICTS}
        titles = ("文件支持的园区建设（截至{as_of}）", "Park building that documents back, as of {as_of}")
        return self._theme(register, "support", *titles, shown, as_of, "no_support")

    def stages(self, register: Register, as_of: date) -> Theme:
        """Stages of the value chain by the layout in force, else the latest one."""
        layouts = self.layouts(register, as_of)
        by_place: dict[str, str] = {}
        classes: dict[str, Swatch] = {}
        for district in DISTRICTS:
            laid = sorted(
                {s.value for lay in layouts if district in lay.places for s in lay.stages},
                key=[stage.value for stage in STAGE_NAMES].index,
            )
            key = "+".join(laid) or "none"
            by_place[district] = key
            if laid and key not in classes:
                names = [STAGE_NAMES[stage] for stage in STAGE_NAMES if stage.value in laid]
                spare = self.words["spare"][len(classes) % len(self.words["spare"])]
                style = self.words["stages"].get(key, {"colour": spare})
                classes[key] = Swatch(
                    key, "和".join(zh for zh, _ in names), " and ".join(en for _, en in names), **style
                )
        classes = self._with_none(classes, by_place, "no_stage")
        said = ("当日无布局环节的文件", "no document lays out stages on the day")
        if layouts:
            chosen = register.instruments[layouts[0].instrument]
            force = FORCE_NAMES[register.force(chosen.id, as_of)]
            said = (f"{chosen.title_zh}，{force[0]}", f"{chosen.title_en}; {force[1]}")
        return Theme(
            "stages",
            f"价值链环节布局（{said[0]}）",
            f"Stages of the value chain ({said[1]})",
            tuple(classes.values()),
            by_place,
            dict.fromkeys(DISTRICTS, ()),
        )

    def layouts(self, register: Register, as_of: date) -> tuple[Layout, ...]:
        """Layouts of stages by the instrument in force on a day, else by the latest that was; none before."""
        standing = [
            one
            for one in {layout.instrument for layout in register.layouts}
            if register.force(one, as_of) in (Force.IN_FORCE, Force.LAPSED)
        ]
        if not standing:
            return ()
        chosen = max(standing, key=lambda one: (register.force(one, as_of) is Force.IN_FORCE, register.last_days(one)))
        return tuple(one for one in register.layouts if one.instrument == chosen)

    def plain(self) -> Theme:
        """Districts in the colour of no class, as ground for what lies upon them."""
        swatch = Swatch("none", **self.words["none"])
        return Theme("plain", "", "", (swatch,), dict.fromkeys(DISTRICTS, "none"), dict.fromkeys(DISTRICTS, ()))

    def verdict_class(self, match: Match, force: Force) -> Swatch:
        """Class of a place by the answer to a question and the force of what decided."""
        (zh, en), said = MATCH_NAMES[match], FORCE_NAMES[force]
        if force is not Force.NONE:
            zh, en = f"{zh}（{said[0]}）", f"{en} ({said[1]})"
        hatch = str(self.words["lapsed_hatch"]) if force is Force.LAPSED else ""
        colour = self.words["match_areas"].get(match.value, self.words["match"][match.value]["colour"])
        return Swatch(f"{match.value}+{force.value}", zh, en, colour, hatch)

    def _theme(
        self,
        register: Register,
        name: str,
        zh: str,
        en: str,
        shown: dict[str, tuple[Designation, ...]],
        as_of: date,
        blank: str | None = None,
    ) -> Theme:
        by_place: dict[str, str] = {}
        classes: dict[str, Swatch] = {}
        kinds = {one.kind for designations in shown.values() for one in designations}
        blank = blank or ("no_support" if kinds == {"support"} else "none")
        spare = iter(self.words["spare"] * 4)
        for district, designations in shown.items():
            if not designations:
                by_place[district] = "none"
                continue
            key = "+".join(dict.fromkeys(one.role_zh for one in designations))
            by_place[district] = key
            if key in classes:
                continue
            colour = next(
                (
                    self.words["roles"][one.role_zh]
                    for one in reversed(designations)
                    if one.role_zh in self.words["roles"]
                ),
                None,
            )
            said = _documents(register, designations, as_of)
            classes[key] = Swatch(
                key,
                "、".join(dict.fromkeys(one.role_zh for one in designations)) + f"（{said[0]}）",
                "; ".join(dict.fromkeys(one.role_en for one in designations)) + f" ({said[1]})",
                colour or next(spare),
                self._hatch({register.force(one.instrument, as_of) for one in designations}),
            )
        return Theme(name, zh, en, tuple(self._with_none(classes, by_place, blank).values()), by_place, shown)

    def _hatch(self, forces: set[Force]) -> str:
        """Pattern of a class whose designations have these forces: none while one is in force."""
        if Force.IN_FORCE in forces:
            return ""
        lapsed = self.words["lapsed_hatch"]
        kind = next((one for one in (Force.LAPSED, Force.DRAFT, Force.NOT_YET) if one in forces), Force.LAPSED)
        return str(self.words.get(f"{kind.value}_hatch", lapsed))

    def _with_none(
        self, classes: dict[str, Swatch], by_place: dict[str, str], words: str = "none"
    ) -> dict[str, Swatch]:
        if "none" in by_place.values():
            classes["none"] = Swatch("none", **self.words[words])
        return classes


def _documents(register: Register, designations: tuple[Designation, ...], as_of: date) -> tuple[str, str]:
    """Short names of the documents behind designations, with their force, in both languages."""
    instruments = [register.instruments[one] for one in dict.fromkeys(one.instrument for one in designations)]
    forces = [FORCE_NAMES[register.force(one.id, as_of)] for one in instruments]
    zh = "；".join(f"{one.short_zh}，{force[0]}" for one, force in zip(instruments, forces, strict=True))
    en = "; ".join(f"{one.short_en}, {force[1]}" for one, force in zip(instruments, forces, strict=True))
    return zh, en


def load(settings: Settings) -> Symbology:
    """Read the palette."""
    return Symbology(sources.read_yaml(settings.maps_file("symbology.yaml")))
