"""Reading and checking the policy files.

Every YAML file of `data/policy/` may hold any of the sections `register`,
`instrument`, `places`, `terms`, `layouts`, `designations` and `measures`; all
are merged, so that one more document is one more file. Every record is checked
and all faults are reported together.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import sources
from geo.errors import InputError, RegisterError
from geo.register import compiled
from geo.register.model import Register, validity
from geo.schema import DISTRICTS, Designation, Instrument, Layout, Measure, Place, Term
from geo.spelling import even_out

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_SECTIONS: dict[str, type] = {
    "places": Place,
    "terms": Term,
    "layouts": Layout,
    "designations": Designation,
    "measures": Measure,
}
_FAULT_WORDS = {"unexpected_keyword_argument": "unknown key", "missing_argument": "missing", "missing": "missing"}


@dataclass(frozen=True, slots=True)
class _About:
    """The `register` section: version, and the day to which the register was kept."""

    version: str
    known_to: date


def load(paths: Iterable[Path], *, cache: Path | None = None) -> Register:
    """Read, check and merge the policy files.

    Parameters
    ----------
    paths : iterable of Path
        The files of `data/policy/` (`Settings.policy_files`).
    cache : Path, optional
        Folder in which the result is kept in a compiled form (`Settings.cache`).

    Raises
    ------
    RegisterError
        Listing every fault of every file, each with file and record.
    """
    paths = list(paths)
    if cache is None:
        return _read(paths)
    entry = compiled.entry(cache, paths)
    kept = compiled.read(entry)
    if kept is not None:
        return kept
    register = _read(paths)
    if compiled.entry(cache, paths).path == entry.path:  # no file was changed meanwhile
        compiled.write(entry, register)
    return register


def _read(paths: list[Path]) -> Register:
    """The register from its YAML files; see `load`."""
    faults: list[str] = []
    merged: dict[str, list[tuple[str, Any]]] = {name: [] for name in (*_SECTIONS, "instruments", "register")}
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
        try:
            content = sources.read_yaml(path)
        except InputError as error:
            faults.append(error.text("en"))
            continue
        if isinstance(content, dict):
            _merge_file(path.name, content, merged, faults)
        else:
            faults.append(f"{path.name}: a mapping of sections is expected")
    if not merged["register"]:
        faults.append("no file has a `register` section with `version` and `known_to`")
    about = merged["register"][-1][1] if merged["register"] else _About("", date.min)
    register = _assemble(merged, about, digest.hexdigest()[:12])
    faults += _cross_check(register, merged)
    if faults:
        raise RegisterError(faults)
    return register


def _merge_file(
    name: str, content: dict[str, Any], merged: dict[str, list[tuple[str, Any]]], faults: list[str]
) -> None:
    """Validate the sections of one file into `merged`."""
    known = {*_SECTIONS, "register", "instrument"}
    faults += [f"{name}: unknown section {section!r}" for section in content.keys() - known]
    if content.get("register") is not None:
        about = _record(_About, content["register"], f"{name}: register", faults)
        merged["register"] += [(name, about)] if about is not None else []
    instrument_id = ""
    if "instrument" in content:
        instrument = _record(Instrument, content["instrument"], f"{name}: instrument", faults)
        if instrument is not None:
            instrument_id = instrument.id
            merged["instruments"].append((name, instrument))
    for section, kind in _SECTIONS.items():
        rows = content.get(section) or []
        if not isinstance(rows, list):
            faults.append(f"{name}: {section} is not a list")
            continue
        for number, row in enumerate(rows, start=1):
            label = row.get("id", f"#{number}") if isinstance(row, dict) else f"#{number}"
            record = _record(kind, row, f"{name}: {section} {label}", faults)
            if record is None:
                continue
            if section in ("layouts", "designations", "measures"):
                if not instrument_id:
                    faults.append(f"{name}: {section} {label}: the file names no instrument")
                    continue
                if record.instrument not in ("", instrument_id):
                    faults.append(f"{name}: {section} {label}: instrument {record.instrument!r} is not this file's")
                    continue
                record = replace(record, instrument=instrument_id)
            merged[section].append((name, record))


@functools.cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    """Validator of a record; keys that the record does not have are faults."""
    from pydantic import ConfigDict, TypeAdapter, with_config

    return TypeAdapter(with_config(ConfigDict(extra="forbid"))(kind))


def _record(kind: type, row: Any, label: str, faults: list[str]) -> Any:
    """Validate one mapping as a frozen record; faults go to the list."""
    from pydantic import ValidationError

    if not isinstance(row, dict):
        faults.append(f"{label}: a mapping is expected")
        return None
    faults += [
        f"{label}: {key}: true and false are no values here" for key, value in row.items() if isinstance(value, bool)
    ]
    cleaned = dict(row)
    if kind is Instrument and isinstance(row.get("period"), dict):
        cleaned["period"] = {"from_" if key == "from" else key: value for key, value in row["period"].items()}
    try:
        return _adapter(kind).validate_python(cleaned)
    except ValidationError as error:
        faults += [
            f"{label}: {'.'.join(map(str, item['loc']))}: {_FAULT_WORDS.get(item['type'], item['msg'])}"
            for item in error.errors()
        ]
        return None


def _assemble(merged: dict[str, list[tuple[str, Any]]], about: _About, digest: str) -> Register:
    def records(section: str) -> list[Any]:
        return [record for _, record in merged[section]]

    instruments = sorted(records("instruments"), key=lambda i: (validity(i).from_ or date.max, i.id))
    order = {instrument.id: place for place, instrument in enumerate(instruments)}
    return Register(
        version=f"{about.version}+{digest}",
        known_to=about.known_to,
        instruments={instrument.id: instrument for instrument in instruments},
        places={place.id: place for place in records("places")},
        terms={term.id: term for term in records("terms")},
        layouts=tuple(records("layouts")),
        designations=tuple(sorted(records("designations"), key=lambda d: order[d.instrument])),
        measures=tuple(sorted(records("measures"), key=lambda m: order[m.instrument])),
    )


def _cross_check(register: Register, merged: dict[str, list[tuple[str, Any]]]) -> list[str]:
    """Faults between records: repeated ids, unknown terms and places, empty words."""
    faults = [f"places: the district {one} is missing" for one in DISTRICTS if one not in register.places]
    for section in ("instruments", "places", "terms", "designations", "measures"):
        seen: dict[str, str] = {}
        for name, record in merged[section]:
            if record.id in seen:
                faults.append(f"{name}: {section} {record.id}: the id stands in {seen[record.id]} already")
            seen[record.id] = name
    for name, instrument in merged["instruments"]:
        span = validity(instrument)
        if instrument.status == "issued" and span.from_ is None:
            faults.append(
                f"{name}: instrument {instrument.id}: no day of effect, of signature or of a period is stated"
            )
        if instrument.period is not None and instrument.period.from_ > instrument.period.to:
            faults.append(f"{name}: instrument {instrument.id}: the period ends before it begins")
    faults += _term_faults(register, merged["terms"])
    for name, place in merged["places"]:
        parents = [place.within, place.formerly.parent if place.formerly else None]
        faults += _unknown(name, f"place {place.id}", "place", [one for one in parents if one], register.places)
    for name, layout in merged["layouts"]:
        faults += _unknown(name, "layout", "place", layout.places, register.places)
    for name, record in merged["designations"]:
        faults += _designation_faults(register, name, record)
    for name, record in merged["measures"]:
        label = f"measure {record.id}"
        faults += _unknown(name, label, "place", record.places, register.places)
        faults += _unknown(name, label, "field", record.fields, register.terms)
        faults += _amount_faults(f"{name}: {label}", record)
    return faults


def _amount_faults(label: str, record: Measure) -> list[str]:
    """A sum needs a kind; a kind needs a sum, unless it is a match or in full."""
    if record.cap_cny is not None and record.cap_cny <= 0:
        return [f"{label}: cap_cny must be positive"]
    if record.cap_cny is not None and record.amount_kind is None:
        return [f"{label}: an amount needs a kind"]
    if record.cap_cny is None and record.amount_kind in ("cap", "award"):
        return [f"{label}: the kind {record.amount_kind} needs an amount"]
    return []


def _term_faults(register: Register, terms: list[tuple[str, Term]]) -> list[str]:
    """Unknown parents, circles, and spellings that two terms share."""
    faults: list[str] = []
    spelled: dict[str, str] = {}
    for name, term in terms:
        faults += _unknown(name, f"term {term.id}", "parent", term.parents, register.terms)
        if _circular(term.id, register.terms):
            faults.append(f"{name}: term {term.id}: lies below itself")
        for spelling in sorted({even_out(word) for word in (term.id, term.zh, term.en, *term.aliases)}):
            other = spelled.setdefault(spelling, term.id)
            if other != term.id:
                faults.append(f"{name}: term {term.id}: {spelling!r} is a name of {other} too")
    return faults


def _designation_faults(register: Register, name: str, record: Designation) -> list[str]:
    """Unknown places and fields, empty roles, interpretations without a reason."""
    label = f"designation {record.id}"
    faults = _unknown(name, label, "place", [record.place], register.places)
    faults += _unknown(name, label, "field", [ref.id for ref in record.fields], register.terms)
    if not record.role_zh.strip() or not record.role_en.strip():
        faults.append(f"{name}: {label}: role_zh and role_en must not be empty")
    faults += [
        f"{name}: {label}: the interpreted field {ref.id} gives no reason in both languages"
        for ref in record.fields
        if ref.basis == "interpreted" and not (ref.reason_zh and ref.reason_en)
    ]
    return faults


def _unknown(name: str, label: str, what: str, ids: Iterable[str], known: dict[str, Any]) -> list[str]:
    return [f"{name}: {label}: unknown {what} {one!r}" for one in ids if one not in known]


def _circular(term: str, terms: dict[str, Term], path: tuple[str, ...] = ()) -> bool:
    if term in path:
        return True
    return term in terms and any(_circular(parent, terms, (*path, term)) for parent in terms[term].parents)
