"""Fixtures: the shipped data as it is, and small data made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely
import yaml
from programs import chromium_path
from typefaces import with_fonts

from geo import crs, districts, pipeline
from geo import register as policy
from geo.districts import Boundaries
from geo.districts.model import borders_of
from geo.register import Register
from geo.schema import DISTRICTS, Words
from geo.settings import Settings

EAST, NORTH = 505_000, 2_494_000  # origin of the squares in EPSG:4547, in Futian


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Shipped folders, no user's folder, a cache and a store of this session."""
    made = {"cache": tmp_path_factory.mktemp("cache"), "store": tmp_path_factory.mktemp("store")}
    return replace(Settings.default(), user=None, **made)


@pytest.fixture(scope="session")
def register(settings: Settings) -> Register:
    return policy.load(settings.policy_files())


@pytest.fixture(scope="session")
def boundaries(settings: Settings) -> Boundaries:
    return districts.load(settings)


def make_boundaries(
    outlines: dict[str, Any],
    second: dict[str, Any] | None = None,
    neighbour: Any = None,
    second_outside: Any = None,
    borders: list[Any] | None = None,
) -> Boundaries:
    areas = np.array(list(outlines.values()))
    none = np.array([], dtype=object)
    neighbours = none if neighbour is None else np.array([neighbour])
    return Boundaries(
        ids=tuple(outlines),
        outlines=areas,
        second=none if second is None else np.array(list(second.values())),
        neighbours=neighbours,
        second_outside=none if second_outside is None else np.array([second_outside]),
        neighbour_names=() if neighbour is None else (("邻市", "Neighbour"),),
        borders=borders_of(areas, neighbours) if borders is None else np.array(borders),
        uncertain=None,
        approximate=(),
        source=Words("手工", "hand-made"),
        vintage=Words("现在", "now"),
        datum="CGCS2000",
    )


@pytest.fixture(scope="session")
def hand_boundaries() -> Callable[..., Boundaries]:
    return make_boundaries


@pytest.fixture(scope="session")
def squares() -> Boundaries:
    """Three districts and a neighbour in degrees; one source only.

    ::

        22.52 +---------------------+
              |       nanshan       |
        22.51 +----------+----------+----------+
              |  futian  |  luohu   | neighbour|
        22.50 +----------+----------+----------+
            114.00     114.01     114.02     114.03
    """
    return make_boundaries(
        {
            "futian": shapely.box(114.00, 22.50, 114.01, 22.51),
            "luohu": shapely.box(114.01, 22.50, 114.02, 22.51),
            "nanshan": shapely.Polygon(
                [(114.00, 22.51), (114.01, 22.51), (114.02, 22.51), (114.02, 22.52), (114.00, 22.52)]
            ),
        },
        neighbour=shapely.box(114.02, 22.50, 114.03, 22.51),
    )


def metres(x: float, y: float) -> tuple[float, float]:
    """Corner of a square, in metres from the origin, as degrees."""
    point = crs.unproject(shapely.Point(EAST + x, NORTH + y))
    return point.x, point.y


def box_m(x0: float, y0: float, x1: float, y1: float, *extra: tuple[float, float]) -> Any:
    """Rectangle in metres from the origin as degrees; `extra` corners lie on its lower side."""
    corners = [(x0, y0), *extra, (x1, y0), (x1, y1), (x0, y1)]
    return shapely.Polygon([metres(*corner) for corner in corners])


def line_m(*corners: tuple[float, float]) -> Any:
    return shapely.LineString([(EAST + x, NORTH + y) for x, y in corners])


@pytest.fixture(scope="session")
def metric() -> SimpleNamespace:
    """Makers of geometries in metres from the origin of `metric_squares`."""
    return SimpleNamespace(point=lambda x, y: shapely.Point(metres(x, y)), box=box_m, line=line_m, origin=(EAST, NORTH))


@pytest.fixture(scope="session")
def metric_squares() -> Boundaries:
    """Squares of 1 km with hand-drawn borders; the second source moves one line.

    ::

        2000 +-------------+
             |   nanshan   |
        1000 +------+------+------+        second source: the line between
             |futian|luohu |neigh-|        futian and luohu is at x = 1100,
             |      |      |bour  |        that of luohu and the neighbour at
           0 +------+------+------+        x = 1950, all others are the same
             0    1000   2000   3000
    """
    return make_boundaries(
        {
            "futian": box_m(0, 0, 1000, 1000),
            "luohu": box_m(1000, 0, 2000, 1000),
            "nanshan": box_m(0, 1000, 2000, 2000, (1000, 1000)),
        },
        second={
            "futian": box_m(0, 0, 1100, 1000),
            "luohu": box_m(1100, 0, 1950, 1000),
            "nanshan": box_m(0, 1000, 2000, 2000, (1100, 1000), (1950, 1000)),
        },
        neighbour=box_m(2000, 0, 3000, 1000),
        second_outside=box_m(1950, 0, 3000, 1000),
        borders=[
            line_m((0, 1000), (1000, 1000), (1000, 0)),
            shapely.union_all([line_m((1000, 0), (1000, 1000), (2000, 1000)), line_m((2000, 1000), (2000, 0))]),
            line_m((0, 1000), (2000, 1000)),
        ],
    )


@pytest.fixture
def layer(tmp_path: Path) -> Callable[..., Path]:
    """Write rows of (attributes, geometry) as a vector file."""

    def write(name: str, rows: list[tuple[dict[str, Any], Any]], epsg: int | None = 4490, **how: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        frame = geopandas.GeoDataFrame([row for row, _ in rows], geometry=[shape for _, shape in rows], crs=epsg)
        frame.to_file(path, **how)
        return path

    return write


TERMS: dict[str, tuple[str, ...]] = {
    "ores": (), "wares": (), "iron": ("ores",), "copper": ("ores",), "steel": ("iron",), "pots": ("wares",),
    "wire": ("copper", "wares"),
}  # fmt: skip


def common_policy() -> dict[str, Any]:
    """The sections that any register needs: districts, two places without outline, terms.

    ::

            ores         wares
           /    \\       /   |
        iron   copper  /   pots
         |        \\   /
        steel     wire

    Longhua was part of Bao'an until the end of 2011.
    """
    places = [{"id": one, "kind": "district", "zh": f"{one}区", "en": one.title()} for one in DISTRICTS]
    formerly = {"parent": "baoan", "until": date(2011, 12, 30), "source_zh": "因", "source_en": "why"}
    places[DISTRICTS.index("longhua")]["formerly"] = formerly
    places += [
        {"id": "works", "kind": "park", "zh": "工厂园", "en": "Works", "within": "futian"},
        {"id": "somewhere", "kind": "base", "zh": "某基地", "en": "Somewhere"},
    ]
    terms = [
        {"id": one, "zh": f"{one}料", "en": one.title(), "parents": list(above), "source": "plan"}
        for one, above in TERMS.items()
    ]
    return {"register": {"version": "1", "known_to": date(2026, 1, 1)}, "places": places, "terms": terms}


def make_role(place: str, *fields: str, kind: str = "role", stages: tuple[str, ...] = ()) -> dict[str, Any]:
    """A designation; a field that ends in ``?`` is interpreted."""
    refs = [
        {"id": one.rstrip("?"), "basis": "interpreted", "reason_zh": "因", "reason_en": "why"}
        if one.endswith("?")
        else {"id": one, "basis": "explicit"}
        for one in fields
    ]
    words = {"role_zh": f"{place}角色", "role_en": f"Role of {place}"}
    return {"kind": kind, "place": place, "part": 1, "clause": 1, "stages": list(stages), "fields": refs, **words}


def make_plan(
    ident: str,
    start: str,
    end: str,
    *designations: dict[str, Any],
    layouts: tuple[tuple[str, str], ...] = (),
    **instrument: Any,
) -> dict[str, Any]:
    """One policy file; designations are numbered ``ident-1``, ``ident-2`` and so on."""
    words = ("title_zh", "title_en", "short_zh", "short_en")
    nulls = ("document_number", "issuer", "issued", "published", "effective", "validity_years", "last_target_year")
    record = {
        "id": ident, "kind": "plan", "status": "issued", "information_source": None,
        "period": {"from": date.fromisoformat(start), "to": date.fromisoformat(end)},
        **dict.fromkeys(words, ident), **dict.fromkeys(nulls), **instrument,
    }  # fmt: skip
    return {
        "instrument": record,
        "designations": [{"id": f"{ident}-{number}", **one} for number, one in enumerate(designations, start=1)],
        "layouts": [{"part": 1, "clause": None, "places": [place], "stages": [stage]} for place, stage in layouts],
    }


def write_policy(folder: Path, files: dict[str, Any]) -> list[Path]:
    """Write policy files; text is written as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]


@pytest.fixture
def hand(tmp_path: Path) -> SimpleNamespace:
    """Makers of small registers: `role`, `plan`, `common`, `write` and `register`."""
    numbers = count()

    def register_of(*plans: dict[str, Any]) -> Register:
        files = {"common.yaml": common_policy()} | {f"{plan['instrument']['id']}.yaml": plan for plan in plans}
        return policy.load(write_policy(tmp_path / f"policy{next(numbers)}", files))

    return SimpleNamespace(
        role=make_role, plan=make_plan, common=common_policy, write=write_policy, register=register_of
    )


@pytest.fixture(scope="session")
def context(settings: Settings, register: Register, boundaries: Boundaries) -> pipeline.Context:
    return pipeline.Context(settings, register, boundaries)


@pytest.fixture(scope="session")
def gallery(context: pipeline.Context, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The main job's output from the sample sites, built once."""
    out = tmp_path_factory.mktemp("图册") / "gallery"
    found = pipeline.read_sites(context, None)
    pipeline.build(context, found, date(2026, 11, 22), out, progress=lambda zh, en: None)
    return out


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", metavar="DIR", help="keep pictures of the planner's story in this folder")
    parser.addoption("--baselines", action="store_true", help="draw the pictures in tests/baselines anew")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One headless Chromium for every browser test; installed by Debian's package if need be."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=chromium_path(),
            args=[*quiet, "--disable-component-update", "--disable-sync"],
            env=with_fonts(tmp_path_factory.mktemp("fonts")),
        )
        yield chromium
        chromium.close()
