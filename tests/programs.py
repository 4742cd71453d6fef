"""Where a program is that the tests need, or how to get it from Debian."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def chromium_path() -> str:
    """Path of an installed Chrome or Chromium; Debian's is installed where that is possible.

    Raises
    ------
    RuntimeError
        With one line that says what to do.
    """
    return _found(
        lambda: os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)), None),
        "chromium",
        "the browser tests need Chrome or Chromium: install Debian's chromium, or set CHROMIUM to its path",
    )


_PARTS = {"writer": ("Writer", "libswlo.so"), "calc": ("Calc", "libsclo.so")}


def soffice_path(part: str = "writer") -> str:
    """Path of a LibreOffice with Writer or Calc; Debian's is installed where that is possible.

    Raises
    ------
    RuntimeError
        With one line that says what to do.
    """
    name, library = _PARTS[part]
    package = f"libreoffice-{part}-nogui"
    return _found(
        lambda: _soffice(library),
        package,
        f"these tests need LibreOffice {name}: install Debian's {package}",
    )


def _soffice(library: str) -> str | None:
    program = shutil.which("soffice")
    if program is None or not (Path(program).resolve().parent / library).is_file():
        return None
    return program


def _found(look: Callable[[], str | None], package: str, otherwise: str) -> str:
    with FileLock(Path(tempfile.gettempdir()) / "parksite-tests-programs.lock"):  # two workers, one apt
        found = look()
        if found is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
            subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
            install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
            subprocess.run(install, check=False, capture_output=True)
            found = look()
    if found is None:
        raise RuntimeError(otherwise)
    return found
