"""The register in a form that is quick to read: every record as a list of its values.

What was read from the YAML files and checked is kept in the user's cache; the next run
needs neither a YAML parser nor a validator. The entry is named by the digests of the
files, so that one changed byte leads back to them. Every value is still held against
the type that its record states: an entry with anything else is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from geo import __version__
from geo.register.model import Register
from geo.sources import digest
from geo.sources.cache import Entry

_RECIPE = "1"  # raise when records or the checks of `files` change, so that what was compiled is made again
Reader = Callable[[Any], Any]


def entry(folder: Path, paths: Iterable[Path]) -> Entry:
    """Where the compiled form of these files is kept."""
    return Entry(folder, "register", [_RECIPE, __version__, *(f"{path.name} {digest(path)}" for path in paths)])


def write(kept: Entry, register: Register) -> None:
    """Keep a register."""
    kept.write(_plain(register))


def read(kept: Entry) -> Register | None:
    """The register as it was kept; None where there is none, or not one as we write it."""
    held = kept.read()
    if held is None:
        return None
    try:
        return _reader(Register)(held[0])  # type: ignore[no-any-return]
    except (ValueError, TypeError):
        return None


def _plain(value: Any) -> Any:
    """A record or a part of one as JSON can hold it."""
    if is_dataclass(value):
        return [_plain(getattr(value, one.name)) for one in fields(value)]
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


@cache
def _reader(kind: Any) -> Reader:
    """The inverse of `_plain` for a type; the reader raises ValueError or TypeError for anything else."""
    if is_dataclass(kind):
        return _of_record(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _one_of({one: one for one in inner})
    if origin in (Union, UnionType):
        (some,) = (one for one in inner if one is not NoneType)
        read = _reader(some)
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        read = _reader(inner[0])
        return lambda value: tuple(map(read, _exactly(list, value)))
    if origin is dict:
        read = _reader(inner[1])
        return lambda value: {key: read(one) for key, one in _exactly(dict, value).items()}
    if kind is date:
        return lambda value: date.fromisoformat(_exactly(str, value))
    if issubclass(kind, Enum):
        return _one_of({one.value: one for one in kind})
    return lambda value: _exactly(kind, value)


def _of_record(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    readers = [_reader(hints[one.name]) for one in fields(kind)]

    def read(values: Any) -> Any:
        return kind(*(part(value) for part, value in zip(readers, _exactly(list, values), strict=True)))

    return read


def _one_of(known: dict[Any, Any]) -> Reader:
    def read(value: Any) -> Any:
        if type(value) is not str or value not in known:
            raise ValueError(f"{value!r} is none of {list(known)}")
        return known[value]

    return read


def _exactly(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
