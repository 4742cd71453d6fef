"""A bad input: how it is made, how parksite is called with it, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

DAY = ("--as-of", "2026-11-22", "--lang", "en")
WGS = ("--datum", "wgs84")
METRES = ("--crs", "EPSG:4547")
SECRET = "LEAK-5f2c9a"  # stands in a file beside the input; nothing may ever show it
TOUCHED = "pwned"  # what a payload that ran would leave in the working folder

A, B = (113.85, 22.70), (114.37, 22.70)  # in Bao'an and in Pingshan

Build = Callable[[Path], "Path | str"]


@dataclass(frozen=True)
class Case:
    """One call of the command.

    Attributes
    ----------
    build : callable
        Writes the input into a folder and returns what stands for ``{file}``.
    exit : int
        Exit code.
    says, hints : str
        Regular expressions that stderr holds: what is wrong, and what to do.
    words : tuple of str
        The call; ``{file}``, ``{folder}`` and ``{out}`` are filled in.
    more : tuple of str
        Options behind the usual call.
    keeps : tuple of str, int or None
        Ids, or the number, of the sites in the answer of a `check`.
    named : bool
        Whether the message has to name the file.
    home : bool
        Whether ``{folder}/home`` is the user's own folder (``PARKSITE_HOME``).
    """

    name: str
    build: Build
    exit: int = 2
    says: str = ""
    hints: str = ""
    words: tuple[str, ...] = ("check", "{file}", "--out", "{out}/o.json")
    more: tuple[str, ...] = ()
    keeps: tuple[str, ...] | int | None = None
    named: bool = True
    home: bool = False

    @property
    def call(self) -> tuple[str, ...]:
        """Every word of the call but the name of the command."""
        usual = DAY if self.words[0] in ("check", "build") else DAY[2:]
        return (self.words[0], *usual, *self.more, *self.words[1:])


@dataclass
class Corpus:
    """The cases of one module, by name."""

    cases: list[Case] = field(default_factory=list)

    def add(self, name: str, build: Build, **what: object) -> None:
        self.cases.append(Case(name, build, **what))  # type: ignore[arg-type]

    def case(self, name: str, **what: object) -> Callable[[Build], Build]:
        """Decorator: the function writes the input of this case."""

        def keep(build: Build) -> Build:
            self.add(name, build, **what)
            return build

        return keep


Content = bytes | str | Callable[[], "bytes | str"]


def put(name: str, content: Content) -> Build:
    """A builder that writes one file; content that is large is made when it is wanted."""

    def build(folder: Path) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        held = content() if callable(content) else content
        path.write_bytes(held.encode() if isinstance(held, str) else held)
        return path

    return build


def cut(build: Build, share: float = 0.5) -> Build:
    """A builder that cuts off what another has written."""

    def shorter(folder: Path) -> Path:
        path = Path(build(folder))
        raw = path.read_bytes()
        path.write_bytes(raw[: int(len(raw) * share)])
        return path

    return shorter


def renamed(build: Build, name: str) -> Build:
    """A builder that gives another's file a new name."""

    def moved(folder: Path) -> Path:
        return Path(build(folder)).rename(folder / name)

    return moved


def patched(build: Build, at: int, raw: bytes) -> Build:
    """A builder that overwrites bytes of another's file; `at` may count from the end."""

    def changed(folder: Path) -> Path:
        path = Path(build(folder))
        content = bytearray(path.read_bytes())
        start = at if at >= 0 else len(content) + at
        content[start : start + len(raw)] = raw
        path.write_bytes(bytes(content))
        return path

    return changed


def secret(folder: Path) -> Path:
    """A file that no input may make parksite read."""
    path = folder / "secret.txt"
    path.write_text(f"{SECRET}\n")
    return path
