"""The wheel: built, installed into a new environment, and run from an empty folder."""

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*words: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q", "-w", out, ROOT, cwd=out)
    (made,) = out.glob("parksite-*.whl")
    return made


def test_the_wheel_holds_data_and_maps_below_the_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"geo", f"{wheel.stem.split('-py3')[0]}.dist-info"}
    for name in (
        "geo/data/policy/measures-2023.yaml",
        "geo/data/sources.toml",
        "geo/data/sites/sample-sites.csv",
        "geo/maps/symbology.yaml",
        "geo/maps/templates/parksite.html",
        "geo/maps/web/dist/parksite.js",
        "geo/maps/web/dist/parksite.css",
        "geo/maps/web/dist/ranking.js",
        "geo/maps/web/dist/ranking.css",
        "geo/maps/web/dist/libraries.json",
        "geo/maps/exhibits/district-roles.yaml",
        "geo/maps/sheet.yaml",
        "geo/maps/dossier.yaml",
        "geo/maps/templates/dossier.typ",
    ):
        assert name in names
    unwanted = ("gallery", "__pycache__", "node_modules", "geo/maps/web/src")
    assert not [name for name in names if any(part in name for part in unwanted)]


def test_a_wheel_from_the_sdist_needs_no_node(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=ROOT)
    (sdist,) = tmp_path.glob("parksite-*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"hatch_build.py", "maps/web/src/main.js", "maps/web/package-lock.json", "maps/web/dist/digest"} <= names
    assert not [name for name in names if "node_modules" in name or "gallery" in name]
    nothing = tmp_path / "empty"
    nothing.mkdir()
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-q", "-w", nothing, sdist]
    run(*command, cwd=nothing, PATH=str(nothing))
    (made,) = nothing.glob("parksite-*.whl")
    assert made.read_bytes() == wheel.read_bytes()


def test_an_installed_wheel_does_the_main_job_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "env"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    scheme = sysconfig.get_paths("venv", vars={"base": str(home), "platbase": str(home)})
    bin_, site = Path(scheme["scripts"]), Path(scheme["purelib"])
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        bin_ / "python",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=tmp_path,
    )
    # the dependencies are those of this environment; its own checkout of parksite is not taken along
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    empty = tmp_path / "空目录"
    empty.mkdir()
    where = run(bin_ / "python", "-c", "import geo; print(geo.__file__)", cwd=empty).stdout
    assert Path(where.strip()).is_relative_to(site)
    cache = {"PARKSITE_CACHE": str(tmp_path / "cache"), "PYTHONUTF8": "1"}
    run(bin_ / "parksite", "build", "--as-of", "2026-11-22", cwd=empty, **cache)
    made = {path.name for path in (empty / "maps" / "gallery").iterdir()}
    assert {"parksite-map.html", "sites.csv", "sites.xlsx", "sites.gpkg", "district-roles.pdf", "manifest.json"} <= made
    card = run(
        bin_ / "parksite", "check", "113.85", "22.70", "--as-of", "2026-11-22", "--format", "json", cwd=empty, **cache
    )
    assert json.loads(card.stdout)["sites"][0]["district"] == "baoan"
