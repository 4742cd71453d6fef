"""The source block of a print sheet (layer 7): documents, data, coordinates, notes.

Never the time of making, so that the same input gives the same sheet.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from geo.districts import Boundaries
from geo.exhibits.pen import FAINT, INK, SOFT, Line, Pen, shrunk
from geo.register import Register, clause_zh
from geo.schema import Force
from geo.symbology import Theme

_ZH, _EN, _HEAD = 5.8, 5.4, 7.2


def sources(pen: Pen, theme: Theme, boundaries: Boundaries, register: Register, as_of: date) -> None:
    """Write the block, as large as the room allows."""
    place = pen.sheet.places["sources"]
    lines = [
        *_heading(pen, "documents"),
        *_documents(pen, theme, boundaries, register),
        *_heading(pen, "data"),
        *_data(pen, boundaries, register, as_of),
        *_heading(pen, "notes"),
        *_notes(pen, boundaries, register, as_of),
    ]
    lines[0] = Line(lines[0].text, _HEAD, INK, bold=True)
    for shrink in np.arange(1.2, 0.6, -0.03):
        sized = shrunk(lines, float(shrink))
        if pen.flow(0, place["top"], place["width"], sized, write=False) >= place["bottom"]:
            break
    rule = place["left"] - 4
    pen.line([(rule, place["top"]), (rule, place["bottom"])], color=FAINT, linewidth=0.4)
    pen.flow(place["left"], place["top"], place["width"], sized)


def _heading(pen: Pen, key: str) -> list[Line]:
    return [Line(pen.word(key), _HEAD, INK, bold=True, gap=1.0)]


def _documents(pen: Pen, theme: Theme, boundaries: Boundaries, register: Register) -> list[Line]:
    """Every document that the sheet rests on, with its number and the days it is valid."""
    used = {designation.instrument for one in boundaries.ids for designation in theme.shown[one]}
    words, lines = pen.sheet.words, []
    for instrument in (one for one in register.instruments.values() if one.id in used):
        span = register.validity(instrument.id)
        number = [instrument.document_number or word for word in words["no_number"]]
        marks = words["read"] if span.to_basis == "interpreted" else ("", "")
        ends = [f"{span.to}{mark}" if span.to else word for word, mark in zip(words["open"], marks, strict=True)]
        zh = f"《{instrument.title_zh}》，{number[0]}，{words['valid'][0]}{span.from_}{words['to'][0]}{ends[0]}"
        en = f"{instrument.title_en}, {number[1]}, {words['valid'][1]} {span.from_} {words['to'][1]} {ends[1]}"
        lines += pen.pair([Line(zh, _ZH)], [Line(en, _EN, SOFT)])
    return lines


def _data(pen: Pen, boundaries: Boundaries, register: Register, as_of: date) -> list[Line]:
    """Boundaries, coordinates, register and day."""
    words, said = pen.sheet.words, boundaries.describe()
    named = ("source", "second_source", "vintage")
    facts = {key: (said[f"{key}_zh"], said[f"{key}_en"]) for key in named if said[key]}
    facts["datum"] = pen.sheet.chinese.get(boundaries.datum, boundaries.datum), boundaries.datum
    kept_zh, kept_en = words["known_to"]
    facts |= {
        "projection": words["gauss"],
        "register": (
            f"{register.version}（{kept_zh}{register.known_to}）",
            f"{register.version} ({kept_en} {register.known_to})",
        ),
        "as_of": (f"{as_of}", f"{as_of}"),
    }
    lines_zh, lines_en = [], []
    for row in (("source", "second_source"), ("vintage", "datum"), ("projection",), ("register", "as_of")):
        held = [key for key in row if key in facts]
        lines_zh.append(Line("；".join(f"{words[key][0]}：{facts[key][0]}" for key in held), _ZH))
        lines_en.append(Line("; ".join(f"{words[key][1]}: {facts[key][1]}" for key in held), _EN, SOFT))
    return pen.pair(lines_zh, lines_en)


def _notes(pen: Pen, boundaries: Boundaries, register: Register, as_of: date) -> list[Line]:
    """What backs building on the day without assigning a role, what is approximate, and a stale register."""
    notes = [*_support(pen, boundaries, register, as_of), *boundaries.notes]
    if as_of > register.known_to:
        notes.append(pen.sheet.words["stale"])
    return pen.pair([Line("".join(zh for zh, _ in notes), _ZH)], [Line(" ".join(en for _, en in notes), _EN, SOFT)])


def _support(pen: Pen, boundaries: Boundaries, register: Register, as_of: date) -> list[tuple[str, str]]:
    """For each document in force, the districts in which it backs building."""
    notes = []
    for instrument in register.instruments.values():
        backed = {
            one.place: clause_zh(one.part, one.clause)
            for one in register.designations
            if one.instrument == instrument.id and one.kind == "support" and one.place in boundaries.ids
        }
        if not backed or register.force(instrument.id, as_of) is not Force.IN_FORCE:
            continue
        places = [register.places[one] for one in boundaries.ids if one in backed]
        zh, en = pen.sheet.words["support"]
        clause = next(iter(backed.values()))
        names = {"zh": "、".join(one.zh for one in places), "en": ", ".join(one.en for one in places)}
        number = instrument.document_number or ""
        notes.append(
            (
                zh.format(document=instrument.short_zh, number=number, clause=clause, places=names["zh"]),
                en.format(document=instrument.short_en, number=number, clause=clause, places=names["en"]),
            )
        )
    return notes
