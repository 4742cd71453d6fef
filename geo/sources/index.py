"""The provenance index and the files of the data folder: digests, YAML."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from geo.errors import InputError


@dataclass(frozen=True)
class Source:
    """One row of the provenance index."""

    id: str
    title_zh: str
    title_en: str
    origin: str
    licence: str
    vintage: str
    vintage_zh: str
    datum: str
    files: tuple[str, ...] = ()
    package: str | None = None

    @property
    def version(self) -> str:
        """Version of the package that carries the data, or an empty string."""
        from importlib import metadata

        return metadata.version(self.package) if self.package else ""


def read_index(path: Path) -> dict[str, Source]:
    """Read `data/sources.toml`: source id to `Source`."""
    import tomllib

    rows = tomllib.loads(path.read_text(encoding="utf-8"))["source"]
    return {row["id"]: Source(**{**row, "files": tuple(row.get("files", ()))}) for row in rows}


def digest(path: Path) -> str:
    """SHA-256 in hexadecimal: of a file, or of the names and digests of a folder's files."""
    if path.is_dir():
        parts = [f"{one.relative_to(path)} {digest(one)}" for one in sorted(path.rglob("*")) if one.is_file()]
        return hashlib.sha256("\n".join(parts).encode(errors="surrogateescape")).hexdigest()
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


_DEEPEST, _LONG_YAML = 100, 1_000_000  # levels; characters


def read_yaml(path: Path) -> Any:
    """Safe-load one YAML file; a key that stands twice in a mapping is an error.

    Raises
    ------
    InputError
        If the file is not valid UTF-8 YAML, with the line of the fault.
    """
    import yaml

    try:
        text = _utf8(path)
        _refuse_depth(text, path)
        return yaml.load(text, Loader=_yaml_loader())  # noqa: S506 (a safe loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or error
        raise InputError(
            f"not valid YAML: {reason}",
            f"YAML 格式错误：{reason}",
            file=path,
            row=mark.line + 1 if mark else None,
            remedy_en="correct the file; data/README.md has the format",
            remedy_zh="请改正文件，格式见 data/README.md",
        ) from error


def _utf8(path: Path) -> str:
    """Text of a file."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            "the file is not UTF-8 text",
            "文件不是 UTF-8 文本",
            file=path,
            remedy_en="save it as UTF-8; data/README.md has the format",
            remedy_zh="请另存为 UTF-8，格式见 data/README.md",
        ) from error


def _refuse_depth(text: str, path: Path) -> None:
    """Raise for YAML nested deeper than any file of ours: the loader composes it on the stack."""
    import yaml

    if sum(text.count(opening) for opening in ("[", "{", "- -", "? ?")) <= _DEEPEST and len(text) < _LONG_YAML:
        return
    depth = 0
    for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise InputError(
                f"YAML nested deeper than {_DEEPEST} levels",
                f"YAML 嵌套超过 {_DEEPEST} 层",
                file=path,
                row=event.start_mark.line + 1 if event.start_mark else None,
                remedy_en="correct the file; data/README.md has the format",
                remedy_zh="请改正文件，格式见 data/README.md",
            )


@cache
def _yaml_loader() -> Any:
    """PyYAML's safe loader, in C where it is built, made strict about repeated keys."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    def construct_mapping(loader: Any, node: Any, deep: bool = False) -> Any:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode) and key.value != "<<"]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", node.start_mark)
        return base.construct_mapping(loader, node, deep)

    return type("StrictLoader", (base,), {"construct_mapping": construct_mapping})
