"""A user's word against a rule, with name and reason (layer 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.suitability.records import Finding, Result


@dataclass(frozen=True)
class Override:
    """A result set by a person.

    Attributes
    ----------
    site : str
        Id of the site, or ``*`` for all.
    rule : str
        Id of the constraint.
    result : {"pass", "fail"}
    by, reason : str
        Who sets it and why; neither may be empty.
    """

    site: str
    rule: str
    result: Literal["pass", "fail"]
    by: str
    reason: str


def apply(
    findings: Sequence[Finding], ids: NDArray[np.object_], overrides: Sequence[Override]
) -> tuple[tuple[Finding, ...], dict[tuple[str, str], tuple[Override, Result]]]:
    """Findings with the overridden results, and what each stood for before.

    The last override of a site and rule holds; one that names the site comes before
    one for all.

    Raises
    ------
    InputError
        If an override names a site or rule that is not there, or lacks name or reason.
    """
    _refuse(findings, ids, overrides)
    chosen = {(one.site, one.rule): one for one in overrides}
    changed, before = [], {}
    for finding in findings:
        result = finding.result.copy()
        for at, site in enumerate(ids):
            override = chosen.get((site, finding.rule)) or chosen.get(("*", finding.rule))
            if override is not None:
                before[site, finding.rule] = override, Result(finding.result[at])
                result[at] = Result(override.result)
        changed.append(replace(finding, result=result))
    return tuple(changed), before


def _refuse(findings: Sequence[Finding], ids: NDArray[np.object_], overrides: Sequence[Override]) -> None:
    rules, sites = {one.rule for one in findings}, {"*", *ids}
    for number, one in enumerate(overrides, start=1):
        for field, value, known in (("rule", one.rule, rules), ("site", one.site, sites)):
            if value not in known:
                raise InputError(
                    f"an override names a {field} that is not there",
                    f"人工认定所指的{'规则' if field == 'rule' else '选址'}不存在",
                    row=number,
                    field=field,
                    value=value,
                    remedy_en=f"take one of: {', '.join(sorted(known)[:20])}",
                    remedy_zh=f"可用：{'、'.join(sorted(known)[:20])}",
                )
        for field, value in (("by", one.by), ("reason", one.reason)):
            if not value.strip():
                raise InputError(
                    f"an override without {field}",
                    "人工认定须有姓名和理由",
                    row=number,
                    field=field,
                    remedy_en="name who decides and why",
                    remedy_zh="请填写认定人（by）和理由（reason）",
                )
