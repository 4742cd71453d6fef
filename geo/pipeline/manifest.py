"""What a folder of outputs was made from and with (layer 9).

The manifest is the only file that holds the time of making.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from geo import __version__, sources
from geo.pipeline.context import Checked, Context
from geo.pipeline.folder import MANIFEST
from geo.schema import Match
from geo.sites import SiteList


def describe(
    context: Context,
    checked: Checked,
    found: SiteList,
    as_of: date,
    specs: Mapping[str, Path],
    packages: Sequence[str],
) -> dict[str, Any]:
    """Versions, checksums, date and counts.

    Parameters
    ----------
    specs : mapping of str to Path
        Files that say how the outputs look, by the name under which they are listed.
    packages : sequence of str
        Distributions whose versions matter to the outputs.
    """
    from importlib import metadata

    counts = {one.value: 0 for one in Match}
    for record in checked.document["sites"]:
        counts[record["match"]] += 1
    policy = {path.name: sources.digest(path) for path in context.settings.policy_files()}
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": as_of.isoformat(),
        "sample": found.sample,
        "versions": {"parksite": __version__} | {name: metadata.version(name) for name in packages},
        "register": checked.document["register"],
        "boundaries": checked.document["boundaries"],
        "inputs": {
            "sites": found.source,
            "sites_sha256": found.digest,
            "boundaries_sha256": context.boundaries.digest,
            "policy": policy,
            "specs": {name: sources.digest(path) for name, path in specs.items()},
        },
        "counts": {"sites": len(checked.sites), "rejected": len(checked.rejected), "match": counts},
    }


def write(made: Path, record: Mapping[str, Any], *, kept: Mapping[str, str] | None = None) -> None:
    """Write the manifest of a folder, with the digests of its files and of those that stay from before."""
    files = {path.name: sources.digest(path) for path in sorted(made.iterdir())}
    text = json.dumps({**record, "files": {**(kept or {}), **files}}, ensure_ascii=False, indent=1) + "\n"
    (made / MANIFEST).write_text(text, encoding="utf-8")
