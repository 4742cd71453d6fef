"""A user's word against a rule, with name and reason (layer 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError, one_line
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
    result: str
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
        With every override that names a site or rule that is not there, is neither pass
        nor fail, or lacks name or reason.
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
    """Raise with every fault of every override."""
    rules, sites = {one.rule for one in findings}, {"*", *ids}
    faults = [(number, *fault) for number, one in enumerate(overrides, start=1) for fault in _faults(one, rules, sites)]
    if not faults:
        return
    first = faults[0]
    raise InputError(
        "overrides cannot be applied: " + "; ".join(f"no. {number}: {en}" for number, _, en, _ in faults),
        "人工认定无法采用：" + "；".join(f"第 {number} 条：{zh}" for number, zh, _, _ in faults),
        row=first[0],
        field=first[3],
        remedy_en=f"rules are {', '.join(sorted(rules))}; a site's id or * for all; pass or fail; who and why",
        remedy_zh=f"规则：{'、'.join(sorted(rules))}；选址编号，* 指全部；pass 或 fail；认定人和理由",
    )


def _faults(one: Override, rules: set[str], sites: set[str]) -> list[tuple[str, str, str]]:
    """What is wrong with an override, in Chinese and English, with its field."""
    found = []
    if one.site not in sites:
        found.append((f"没有选址 {one_line(one.site)}", f"there is no site {one_line(one.site)}", "site"))
    if one.rule not in rules:
        found.append((f"没有规则 {one_line(one.rule)}", f"there is no rule {one_line(one.rule)}", "rule"))
    if one.result not in {"pass", "fail"}:
        said = one_line(one.result)
        found.append((f"结果“{said}”既不是 pass 也不是 fail", f"{said!r} is neither pass nor fail", "result"))
    if not one.by.strip():
        found.append(("缺少认定人姓名", "without a name", "by"))
    if not one.reason.strip():
        found.append(("缺少理由", "without a reason", "reason"))
    return found
