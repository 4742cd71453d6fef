"""The source block of a print sheet (layer 7): documents, data, coordinates, notes.

Never the time of making, so that the same input gives the same sheet.
"""

from __future__ import annotations

from collections.abc import Sequence

from geo.exhibits.blocks import Prose
from geo.exhibits.lettering import INK, SOFT, Line
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Plan, Scene
from geo.register import Register

_ZH, _EN, _HEAD = 6.0, 5.4, 7.4


def imprint(pen: Pen, scene: Scene, plan: Plan) -> Prose:
    """The block of documents, data, coordinates and notes."""
    return Prose(
        (
            *(_heading(pen, "documents") if plan.documents else ()),
            *_documents(pen, scene.register, plan.documents),
            *(_heading(pen, "rank_model") if plan.about else ()),
            *(line for zh, en in plan.about for line in pen.pair([Line(zh, _ZH)], [Line(en, _EN, SOFT)])),
            *_heading(pen, "data"),
            *_data(pen, scene),
            *_heading(pen, "notes"),
            *_notes(pen, scene, plan),
        )
    )


def _heading(pen: Pen, key: str) -> list[Line]:
    return [Line(pen.word(key), _HEAD, INK, bold=True, gap=1.0)]


def _documents(pen: Pen, register: Register, used: Sequence[str]) -> list[Line]:
    """Every document that the sheet rests on, with its number and the days it is valid."""
    words, lines = pen.style.words, []
    for instrument in (one for one in register.instruments.values() if one.id in used):
        span = register.validity(instrument.id)
        number = [instrument.document_number or word for word in words["no_number"]]
        marks = words["read"] if span.to_basis == "interpreted" else ("", "")
        ends = [f"{span.to}{mark}" if span.to else word for word, mark in zip(words["open"], marks, strict=True)]
        starts = [f"{span.from_}" if span.from_ else word for word in words["undated"]]
        zh = f"《{instrument.title_zh}》，{number[0]}，{words['valid'][0]}{starts[0]}{words['to'][0]}{ends[0]}"
        en = f"{instrument.title_en}, {number[1]}, {words['valid'][1]} {starts[1]} {words['to'][1]} {ends[1]}"
        lines += pen.pair([Line(zh, _ZH)], [Line(en, _EN, SOFT)])
    return lines


def _data(pen: Pen, scene: Scene) -> list[Line]:
    """Boundaries, coordinates, register and day."""
    words, register, boundaries = pen.style.words, scene.register, scene.boundaries
    said = boundaries.describe()
    named = ("source", "second_source", "vintage")
    facts = {key: (said[f"{key}_zh"], said[f"{key}_en"]) for key in named if said[key]}
    facts["datum"] = pen.style.chinese.get(boundaries.datum, boundaries.datum), boundaries.datum
    kept_zh, kept_en = words["known_to"]
    facts |= {
        "projection": words["gauss"],
        "register": (
            f"{register.version}（{kept_zh}{register.known_to}）",
            f"{register.version} ({kept_en} {register.known_to})",
        ),
        "as_of": (f"{scene.as_of}", f"{scene.as_of}"),
    }
    lines_zh, lines_en = [], []
    for row in (("source", "second_source"), ("vintage", "datum"), ("projection",), ("register", "as_of")):
        held = [key for key in row if key in facts]
        lines_zh.append(Line("；".join(f"{words[key][0]}：{facts[key][0]}" for key in held), _ZH))
        lines_en.append(Line("; ".join(f"{words[key][1]}: {facts[key][1]}" for key in held), _EN, SOFT))
    return pen.pair(lines_zh, lines_en)


def _notes(pen: Pen, scene: Scene, plan: Plan) -> list[Line]:
    """The sheet's own notes, what is approximate, samples, and a stale register."""
    notes = [*plan.notes, *scene.boundaries.notes]
    if scene.sample and plan.shows_sites:
        notes.append(pen.style.words["sample"])
    if scene.as_of > scene.register.known_to:
        notes.append(pen.style.words["stale"])
    return pen.pair([Line("".join(zh for zh, _ in notes), _ZH)], [Line(" ".join(en for _, en in notes), _EN, SOFT)])
