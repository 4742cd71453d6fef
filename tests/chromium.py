"""Where a Chrome or Chromium is, or how to get one."""

import os
import shutil
import subprocess

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def chromium_path() -> str:
    """Path of an installed Chrome or Chromium; Debian's is installed where that is possible.

    Raises
    ------
    RuntimeError
        With one line that says what to do.
    """
    found = _installed()
    if found is None and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False, capture_output=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, capture_output=True)
        found = _installed()
    if found is None:
        raise RuntimeError(
            "the browser tests need Chrome or Chromium: install Debian's chromium, or set CHROMIUM to its path"
        )
    return found


def _installed() -> str | None:
    return os.environ.get("CHROMIUM") or next((path for name in _NAMES if (path := shutil.which(name))), None)
