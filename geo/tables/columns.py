"""Names of columns: ours in their order, the user's beside them.

What our columns mean stands in `geo.tables.notes`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from geo.tables.notes import NOTES
from geo.tables.values import clean

COLUMNS: tuple[str, ...] = tuple(NOTES["sites"])


def markdown(layer: str = "sites") -> str:
    """The table of a layer's columns, as ``data/README.md`` has it.

    >>> markdown("districts").splitlines()[2]
    '| `id` | 区编号 | id of the district | |'
    """
    lines = ["| column | 含义 | meaning | unit |", "|---|---|---|---|"]
    for name, note in NOTES[layer].items():
        lines.append(f"| `{name}` | {note.label} | {note.en} |{f' {note.unit} ' if note.unit else ' '}|")
    return "\n".join(lines) + "\n"


def users_names(own: Iterable[str], ours: Collection[str] = COLUMNS) -> dict[str, str]:
    """Names under which a user's columns come out, by their own.

    One named like a column of ours, without regard to case, becomes
    ``<name>_input``; where the user has that too, ``<name>_input_2``.

    >>> users_names(["owner", "Match", "lon", "lon_input"])
    {'owner': 'owner', 'Match': 'Match_input', 'lon': 'lon_input_2', 'lon_input': 'lon_input'}
    """
    folded = {name.casefold() for name in ours}
    cleaned = {name: clean(str(name)) or "column" for name in own}
    alike = {name for name, text in cleaned.items() if text.casefold() in folded}
    taken = {text.casefold() for name, text in cleaned.items() if name not in alike}
    kept: set[str] = set()
    found = {}
    for name, text in cleaned.items():
        if name in alike:
            found[name] = _free(f"{text}_input", taken)
            taken.add(found[name].casefold())
        elif text in kept:  # two names became the same when cleaned
            found[name] = _free(text, taken)
            taken.add(found[name].casefold())
        else:
            found[name] = text
        kept.add(found[name])
    return found


def unreserved(names: Sequence[str], reserved: Collection[str]) -> list[str]:
    """Names with ``_input`` to those that a format keeps for itself, without regard to case.

    >>> unreserved(["id", "geom", "FID"], {"geom", "fid"})
    ['id', 'geom_input', 'FID_input']
    """
    taken = {name.casefold() for name in names}
    found = []
    for name in names:
        chosen = _free(f"{name}_input", taken) if name.casefold() in reserved else name
        taken.add(chosen.casefold())
        found.append(chosen)
    return found


def distinct(names: Sequence[str]) -> list[str]:
    """Names that differ without regard to case, as databases need them.

    >>> distinct(["id", "Owner", "owner", "owner_2"])
    ['id', 'Owner', 'owner_3', 'owner_2']
    """
    taken = {name.casefold() for name in names}
    seen: set[str] = set()
    found = []
    for name in names:
        chosen = _free(name, taken) if name.casefold() in seen else name
        taken.add(chosen.casefold())
        seen.add(chosen.casefold())
        found.append(chosen)
    return found


def _free(name: str, taken: Collection[str]) -> str:
    """The name itself, else with the first number, from 2, that is free."""
    chosen, number = name, 1
    while chosen.casefold() in taken:
        number += 1
        chosen = f"{name}_{number}"
    return chosen
