"""Words of the domain: ids, enums, column names, frozen records (layer 0).

Everything here is plain data of the standard library, so that any module can
import it at no cost. Dates are `datetime.date`, money is whole yuan, areas are
square kilometres where a name says `km2`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

DISTRICTS: tuple[str, ...] = (
    "futian", "luohu", "nanshan", "yantian", "baoan", "longgang",
    "longhua", "pingshan", "guangming", "dapeng", "shenshan",
)  # fmt: skip
OUTSIDE = "outside"

CORE_FIELDS: tuple[str, ...] = (
    "new-energy", "electronic-information", "biomedical", "advanced-metal",
    "polymer", "green-building", "frontier",
)  # fmt: skip


class Stage(StrEnum):
    """Stage of the value chain."""

    RD_DESIGN = "rd_design"
    PRODUCTION = "production"
    HEADQUARTERS = "headquarters"
    PILOT = "pilot"
    APPLICATION = "application"


class Force(StrEnum):
    """Force of an instrument on a day; `NONE` only in a verdict."""

    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    NOT_YET = "not_yet"
    DRAFT = "draft"
    NONE = "none"


class Match(StrEnum):
    """Whether field and stage of a site fit the role of its place."""

    DESIGNATED = "designated"
    STAGE_ELSEWHERE = "stage_elsewhere"
    ELSEWHERE = "elsewhere"
    SILENT = "silent"
    OUTSIDE = "outside"
    NOT_ASKED = "not_asked"
    UNRECOGNISED = "unrecognised"


class Certainty(StrEnum):
    """How sure the district of a site is."""

    CERTAIN = "certain"
    NEAR_BOUNDARY = "near_boundary"
    STRADDLES = "straddles"
    OUTSIDE = "outside"


Kind = Literal["role", "support"]
Basis = Literal["explicit", "interpreted"]
AmountKind = Literal["cap", "award", "matching", "full"]
Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]

STAGE_NAMES: dict[Stage, tuple[str, str]] = {
    Stage.RD_DESIGN: ("研发设计", "R&D and design"),
    Stage.PRODUCTION: ("生产制造", "production"),
    Stage.HEADQUARTERS: ("总部", "headquarters"),
    Stage.PILOT: ("中试", "pilot"),
    Stage.APPLICATION: ("应用示范", "application demonstration"),
}
STAGE_ALIASES: dict[str, Stage] = {
    "研发": Stage.RD_DESIGN, "设计": Stage.RD_DESIGN, "研发设计环节": Stage.RD_DESIGN, "研究开发": Stage.RD_DESIGN,
    "r&d": Stage.RD_DESIGN, "rd": Stage.RD_DESIGN, "research": Stage.RD_DESIGN, "design": Stage.RD_DESIGN,
    "生产": Stage.PRODUCTION, "制造": Stage.PRODUCTION, "量产": Stage.PRODUCTION, "生产制造环节": Stage.PRODUCTION,
    "manufacturing": Stage.PRODUCTION, "manufacture": Stage.PRODUCTION,
    "总部经济": Stage.HEADQUARTERS, "总部基地": Stage.HEADQUARTERS, "hq": Stage.HEADQUARTERS,
    "小试中试": Stage.PILOT, "中小试": Stage.PILOT, "中试放大": Stage.PILOT,
    "应用": Stage.APPLICATION, "示范应用": Stage.APPLICATION, "应用示范推广": Stage.APPLICATION,
}  # fmt: skip
MATCH_NAMES: dict[Match, tuple[str, str]] = {
    Match.DESIGNATED: ("符合指定角色", "designated"),
    Match.STAGE_ELSEWHERE: ("领域相符，环节不符", "field fits, stage does not"),
    Match.ELSEWHERE: ("领域指定给其他区", "designated elsewhere"),
    Match.SILENT: ("文件未作指定", "no document speaks of it"),
    Match.OUTSIDE: ("不在深圳范围内", "outside Shenzhen"),
    Match.NOT_ASKED: ("未填写产业领域", "no field was given"),
    Match.UNRECOGNISED: ("领域或环节无法识别", "field or stage not recognised"),
}
FORCE_NAMES: dict[Force, tuple[str, str]] = {
    Force.IN_FORCE: ("有效", "in force"),
    Force.LAPSED: ("已到期", "lapsed"),
    Force.NOT_YET: ("尚未生效", "not yet in force"),
    Force.DRAFT: ("征求意见稿，无效力", "draft, without force"),
    Force.NONE: ("无", "none"),
}
CERTAINTY_NAMES: dict[Certainty, tuple[str, str]] = {
    Certainty.CERTAIN: ("确定", "certain"),
    Certainty.NEAR_BOUNDARY: ("临近界线，区属待核", "near a boundary, district to be confirmed"),
    Certainty.STRADDLES: ("跨界", "straddles a boundary"),
    Certainty.OUTSIDE: ("范围外", "outside"),
}
BASIS_NAMES: dict[str, tuple[str, str]] = {
    "explicit": ("文件明示", "stated in the document"),
    "interpreted": ("本登记册理解", "our interpretation"),
}
AMOUNT_NAMES: dict[str, tuple[str, str]] = {
    "cap": ("资助上限", "ceiling of a grant"),
    "award": ("奖励", "award"),
    "matching": ("配套", "matching funds"),
    "full": ("全额资助", "in full"),
}
KIND_NAMES: dict[str, tuple[str, str]] = {"role": ("角色指定", "role"), "support": ("建设支持", "support")}

DATUM_NAMES: dict[str, str] = {"wgs84": "WGS84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}

SITE_COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("编号", "地块编号", "宗地编号", "项目编号"),
    "name": ("名称", "地块名称", "项目名称", "园区名称"),
    "lon": ("经度", "东经", "longitude", "lng"),
    "lat": ("纬度", "北纬", "latitude"),
    "x": ("X坐标", "东坐标", "横坐标", "easting"),
    "y": ("Y坐标", "北坐标", "纵坐标", "northing"),
    "wkt": ("几何", "geometry_wkt"),
    "position": ("坐标", "经纬度", "高德坐标", "腾讯坐标", "百度坐标", "location", "lonlat"),
    "field": ("产业领域",),
    "stage": ("环节",),
    "datum": ("坐标系",),
    "district": ("区", "所在区", "行政区", "区属", "辖区", "district_zh"),
}

REJECTED_COLUMNS = ("rejected_row", "rejected_line", "rejected_reason_zh", "rejected_reason_en")
POSITION_DATUMS = {"高德坐标": "gcj02", "腾讯坐标": "gcj02", "百度坐标": "bd09"}
COLUMN_NAMES = {"field": "产业领域", "stage": "环节"}


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day that a plan says it is for."""

    from_: date
    to: date


@dataclass(frozen=True, slots=True)
class Instrument:
    """A policy document; what it does not state is None."""

    id: str
    title_zh: str
    title_en: str
    short_zh: str
    short_en: str
    kind: str
    status: Literal["issued", "draft"]
    document_number: str | None
    issuer: str | None
    issued: date | None
    published: date | None
    effective: date | None
    validity_years: int | None
    period: Period | None
    last_target_year: int | None
    information_source: str | None


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A term that a designation covers, and whether the clause names it."""

    id: str
    basis: Basis
    reason_zh: str | None = None
    reason_en: str | None = None


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility that a clause names."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Designation:
    """One instrument's statement about one place."""

    id: str
    kind: Kind
    place: str
    part: int
    clause: int | None
    role_zh: str
    role_en: str
    stages: tuple[Stage, ...]
    fields: tuple[FieldRef, ...]
    item: int | None = None
    facilities: tuple[Facility, ...] = ()
    note_zh: str | None = None
    note_en: str | None = None
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Stages of the value chain that an instrument lays out for places."""

    places: tuple[str, ...]
    stages: tuple[Stage, ...]
    part: int
    clause: int | None
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One amount, or one facility without an amount, of a clause."""

    id: str
    part: int
    clause: int
    subject_zh: str
    subject_en: str
    cap_cny: int | None
    rate_percent: float | None
    amount_kind: AmountKind | None
    fields: tuple[str, ...]
    places: tuple[str, ...]
    departments: tuple[str, ...]
    per: Words | None = None
    basis_zh: str | None = None
    basis_en: str | None = None
    fields_note: str | None = None
    facilities: tuple[Facility, ...] = ()
    instrument: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A field, sub-field or product of the taxonomy."""

    id: str
    zh: str
    en: str
    parents: tuple[str, ...]
    source: str
    aliases: tuple[str, ...] = ()
    mapped_zh: str | None = None
    mapped_en: str | None = None


@dataclass(frozen=True, slots=True)
class Formerly:
    """The district that a place belonged to, until a day (inclusive)."""

    parent: str
    until: date
    source_zh: str
    source_en: str


@dataclass(frozen=True, slots=True)
class Place:
    """A district, functional area, named park, science city or base."""

    id: str
    kind: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    within: str | None = None
    within_basis: Basis | None = None
    adcode: int | None = None
    land_km2: float | None = None
    formerly: Formerly | None = None
    note_zh: str | None = None
    note_en: str | None = None

    @property
    def located(self) -> bool:
        """Whether an outline exists, so that the place can decide a verdict."""
        return self.id in DISTRICTS


@dataclass(frozen=True, slots=True)
class Site:
    """A candidate site as its file gave it, position converted to WGS84.

    `accuracy_m` is what the conversion of the position is stated to be good for, 0 where
    it is exact and None where nobody states it; `district_query` what the file says of the
    district; `notes` what was repaired or looks odd, in Chinese and English.
    """

    id: str
    name: str
    geometry: object
    field_query: str | None = None
    stage_query: str | None = None
    datum: str = "wgs84"
    datum_basis: Literal["declared", "assumed"] = "declared"
    accuracy_m: float | None = 0.0
    district_query: str | None = None
    input: dict[str, object] = field(default_factory=dict)
    attributes: dict[str, object] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()
    row: int = 0
