"""What stands at either end of every document: its cover, what was not assessed, its sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from geo import __version__
from geo.dossier.blocks import Block, Document, Paragraph, Table
from geo.dossier.case import Case
from geo.dossier.phrases import document, force, heading, place, span
from geo.dossier.words import shown

_MATTERS = (
    "land_use", "chemical_park", "ecology", "farmland", "industry_line", "safety", "utilities", "transport", "hazards",
    "tenure",
)  # fmt: skip
_FACTS = (0.28, 0.72)


def bound(case: Case, title: str, subtitle: str, blocks: Sequence[Block]) -> Document:
    """The document with its cover, header and status line."""
    return Document(
        title=title,
        subtitle=subtitle,
        lang=case.lang,
        facts=cover(case),
        project=shown(case.project) or case.say("common.project"),
        confidentiality=shown(case.confidentiality) or None,
        status=status(case),
        blocks=tuple(blocks),
    )


def cover(case: Case) -> tuple[tuple[str, str], ...]:
    """Label and value of what the document rests on."""
    bounds, register = case.document["boundaries"], case.document["register"]
    values = {
        "register": case.say("cover.register_value", version=register["version"], known_to=register["known_to"]),
        "boundaries": case.say(
            "cover.boundaries_value",
            source=bounds[f"source_{case.lang}"],
            vintage=bounds[f"vintage_{case.lang}"],
            datum=bounds["datum"],
        ),
        "list": case.say("cover.list_sample", source=shown(case.source)) if case.sample else shown(case.source),
        "software": f"parksite {__version__}",
    }
    told = [(case.say(f"cover.{key}"), value) for key, value in values.items() if value]
    return ((case.say("writer.as_of"), case.as_of.isoformat()), *told)


def status(case: Case) -> str:
    """Approval number or that the maps are internal, and whether sites are samples."""
    said = [
        case.say("common.approved", number=shown(case.approval_number))
        if case.approval_number
        else case.say("common.internal")
    ]
    if case.sample:
        said.append(case.say("common.sample"))
    return case.join(said, "clause")


def not_assessed(
    case: Case,
    *,
    districts: Collection[str],
    listed: Mapping[str, str | None] | None = None,
    further: Sequence[tuple[str, str, str]] = (),
) -> list[Block]:
    """Every matter that was not assessed, as such, and what limits the rest.

    Parameters
    ----------
    districts : collection of str
        Districts that the document speaks of; an approximate outline of one is named.
    listed : mapping of str to str or None, optional
        What the list says of a matter, for a site.
    further : sequence of (str, str, str)
        Rules of a siting model that could not be assessed: matter, state and what is needed.
    """
    rows = []
    for matter in _MATTERS:
        state = case.say("not_assessed.state")
        if listed is not None and matter in listed:
            value = listed[matter]
            key = "not_assessed.listed" if value else "not_assessed.unlisted"
            state = case.say(key, value=value)
        rows.append((case.say(f"not_assessed.{matter}.item"), state, case.say(f"not_assessed.{matter}.needed")))
    header = tuple(case.say(f"column.{column}") for column in ("item", "state", "needed"))
    return [
        heading(case, "not_assessed"),
        Paragraph(case.say("not_assessed.intro")),
        Table(case.say("not_assessed.caption"), header, tuple(rows), (0.36, 0.28, 0.36)),
        *(
            [Table(case.say("not_assessed.model_caption"), header, tuple(further), (0.32, 0.22, 0.46))]
            if further
            else []
        ),
        *(Paragraph(one, "bullet") for one in _limits(case, districts)),
    ]


def _limits(case: Case, districts: Collection[str]) -> list[str]:
    """What limits the rest: boundaries, approximate outlines, a register that is behind the day."""
    bounds = case.document["boundaries"]
    said = [case.say("not_assessed.boundary", source=bounds[f"source_{case.lang}"])]
    approximate = [one for one in bounds["approximate"] if one in districts]
    if approximate:
        said.append(case.say("not_assessed.approximate", places=case.join(place(case, one) for one in approximate)))
    stale = case.register.warnings(case.as_of)
    return said + [case.say("not_assessed.stale", text=one[case.at]) for one in stale]


def sources(case: Case, *, documents_too: bool = True) -> list[Block]:
    """Documents with numbers and dates, data with versions, and the status."""
    blocks: list[Block] = [heading(case, "sources"), *([documents(case)] if documents_too else []), _data(case)]
    blocks += [Paragraph(one[case.at], "note") for one in case.boundary_notes]
    blocks.append(Paragraph(case.say("common.label", label=case.say("sources.status"), text=status(case))))
    if case.sample:
        blocks.append(Paragraph(case.say("common.sample_note"), "note"))
    return blocks


def documents(case: Case) -> Table:
    """The documents of the register with number, issuer, dates and force on the day."""
    columns = ("document", "issuer", "issued", "span", "force", "source")
    unstated = case.say("common.unstated")
    rows = []
    for one in case.register.instruments.values():
        issued: Any = one.issued
        if one.issued and one.published and one.published != one.issued:
            issued = case.say("sources.issued_published", issued=one.issued, published=one.published)
        now = force(case, case.register.force(one.id, case.as_of).value)
        issuer, source = (case.words.bodies(name, case.lang) for name in (one.issuer, one.information_source))
        facts = (issuer, issued, span(case, one.id), now, source)
        rows.append((document(case, one.id), *(str(fact or unstated) for fact in facts)))
    return Table(
        case.say("sources.documents"),
        tuple(case.say(f"column.{column}") for column in columns),
        tuple(rows),
        (0.27, 0.2, 0.13, 0.16, 0.1, 0.14),
        case.say("sources.documents_note"),
    )


def _data(case: Case) -> Table:
    """Versions of the register, the boundaries and the list."""
    bounds, register = case.document["boundaries"], case.document["register"]
    values = {
        "as_of": case.as_of.isoformat(),
        "register": case.say("cover.register_value", version=register["version"], known_to=register["known_to"]),
        "boundary_source": bounds[f"source_{case.lang}"],
        "boundary_vintage": bounds[f"vintage_{case.lang}"],
        "boundary_datum": bounds["datum"],
        "boundary_second": bounds.get(f"second_source_{case.lang}"),
        "boundary_digest": case.boundary_digest,
        "computed": case.say("sources.computed_value"),
        "list": case.say("cover.list_sample", source=shown(case.source)) if case.sample else shown(case.source),
        "list_digest": case.digest,
        "software": f"parksite {__version__}",
    }
    rows = tuple((case.say(f"sources.{key}"), str(value)) for key, value in values.items() if value)
    return Table(case.say("sources.facts"), (), rows, _FACTS)
