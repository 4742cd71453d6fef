"""Firefox without a driver: the few commands of its own Marionette protocol that are needed.

A message is its length, a colon and JSON; a command is ``[0, number, name, parameters]``, an
answer ``[1, number, error, result]``.
"""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

NAMES = ("firefox-esr", "firefox")
# every request that is not for a file fails: no proxy listens, and names are not looked up
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": 9,
    "network.proxy.socks_remote_dns": True,
    "network.proxy.allow_hijacking_localhost": False,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.shell.checkDefaultBrowser": False,
}


def firefox_path() -> str:
    """Path of an installed Firefox."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit("no Firefox was found: install Debian's firefox-esr")
    return found


class Firefox:
    """A headless Firefox with a new profile, as a context manager."""

    def __init__(self, profile: Path, width: int = 1440, height: int = 900) -> None:
        self._port = _free_port()
        wanted = {**PREFERENCES, "marionette.port": self._port}
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in wanted.items())
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        self._command = [
            firefox_path(), "--headless", "--marionette", "--remote-allow-system-access", "--no-remote",
            "--profile", str(profile), "--width", str(width), "--height", str(height),
        ]  # fmt: skip

    def __enter__(self) -> Firefox:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._socket = self._connect()
        self._count = 0
        self._read()
        session = self.call("WebDriver:NewSession", capabilities={"alwaysMatch": {}})
        self.version = str(session["capabilities"]["browserVersion"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(20)

    def call(self, name: str, **parameters: Any) -> Any:
        """Send a command and give its result.

        Raises
        ------
        RuntimeError
            If Firefox refuses it.
        """
        self._count += 1
        message = json.dumps([0, self._count, name, parameters]).encode()
        self._socket.sendall(f"{len(message)}:".encode() + message)
        _, _, fault, result = self._read()
        if fault:
            raise RuntimeError(f"{name}: {fault.get('message', fault)}")
        return result

    def open(self, file: Path) -> None:
        """Open a file and wait until it is loaded."""
        self.call("WebDriver:Navigate", url=file.resolve().as_uri())

    def run(self, script: str, *arguments: Any) -> Any:
        """Value that the body of an async function returns in the page."""
        body = f"""const done = arguments[arguments.length - 1];
          (async function () {{ {script} }}).apply(null, arguments).then(done, (fault) => done(`${{fault}}`));"""
        return self.call("WebDriver:ExecuteAsyncScript", script=body, args=list(arguments), sandbox=None)["value"]

    def complaints(self, file: Path) -> list[str]:
        """Errors of a page in Firefox's console, and what its policy stopped."""
        script = """return Services.console.getMessageArray()
          .filter((one) => one instanceof Ci.nsIScriptError && one.sourceName.startsWith(arguments[0]))
          .filter((one) => one.category === "CSP" || !(one.flags & (one.warningFlag | one.infoFlag)))
          .map((one) => `${one.category}: ${one.errorMessage}`);"""
        self.call("Marionette:SetContext", value="chrome")
        said = self.call("WebDriver:ExecuteScript", script=script, args=[file.resolve().as_uri()])["value"]
        self.call("Marionette:SetContext", value="content")
        return list(said)

    def picture(self, file: Path) -> None:
        """Write what the window shows as PNG."""
        shown = self.call("WebDriver:TakeScreenshot", full=False)["value"]
        file.write_bytes(base64.b64decode(shown))

    def _connect(self) -> socket.socket:
        for _ in range(300):
            try:
                return socket.create_connection(("127.0.0.1", self._port), timeout=120)
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("Firefox did not start")

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._some(1)
        text = b""
        while len(text) < int(length[:-1]):
            text += self._some(int(length[:-1]) - len(text))
        return json.loads(text)

    def _some(self, size: int) -> bytes:
        found = self._socket.recv(size)
        if not found:
            raise RuntimeError("Firefox has ended")
        return found


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
