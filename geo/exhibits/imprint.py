"""The source block of a print sheet (layer 7): documents, data, coordinates, notes.

Never the time of making, so that the same input gives the same sheet.
"""

from __future__ import annotations

from datetime import date

from geo.districts import Boundaries
from geo.exhibits.pen import FAINT, INK, SOFT, Line, Pen, shrunk
from geo.register import Register
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
    for shrink in (1.1, 1.05, 1.0, 0.97, 0.94, 0.91, 0.88, 0.85, 0.82, 0.79, 0.75, 0.7):
        sized = shrunk(lines, shrink)
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
        ends = [str(span.to) if span.to else word for word in words["open"]]
        zh = f"《{instrument.title_zh}》，{number[0]}，{words['valid'][0]}{span.from_}{words['to'][0]}{ends[0]}"
        en = f"{instrument.title_en}, {number[1]}, {words['valid'][1]} {span.from_} {words['to'][1]} {ends[1]}"
        lines += pen.pair([Line(zh, _ZH)], [Line(en, _EN, SOFT)])
    return lines


def _data(pen: Pen, boundaries: Boundaries, register: Register, as_of: date) -> list[Line]:
    """Boundaries, coordinates, register and day."""
    words = pen.sheet.words
    rows_zh, rows_en = [], []
    said = boundaries.describe()
    for key in ("source", "second_source", "vintage", "datum"):
        if said[key]:
            zh, en = _both(pen, str(said[key]))
            rows_zh.append(f"{words[key][0]}：{zh}")
            rows_en.append(f"{words[key][1]}: {en}")
    kept = [f"{register.version}（{words['known_to'][0]}{register.known_to}）", f"{register.version} ({words['known_to'][1]} {register.known_to})"]
    rows_zh += [f"{words['register'][0]}：{kept[0]}", f"{words['as_of'][0]}：{as_of}", f"{words['projection'][0]}：{words['gauss'][0]}"]
    rows_en += [f"{words['register'][1]}: {kept[1]}", f"{words['as_of'][1]}: {as_of}", f"{words['projection'][1]}: {words['gauss'][1]}"]
    return pen.pair([Line("；".join(rows_zh) + "。", _ZH)], [Line("; ".join(rows_en) + ".", _EN, SOFT)])


def _both(pen: Pen, said: str) -> tuple[str, str]:
    """Chinese and English of what the boundary layer says as ``English / 中文`` or in English."""
    en, _, zh = said.partition(" / ")
    if not zh:
        zh = en
        for phrase, translated in pen.sheet.chinese.items():
            zh = zh.replace(phrase, translated)
    return zh, en


def _notes(pen: Pen, boundaries: Boundaries, register: Register, as_of: date) -> list[Line]:
    """What is approximate, and a day that lies after the register was kept."""
    notes = [*boundaries.notes]
    if as_of > register.known_to:
        notes.append(pen.sheet.words["stale"])
    return pen.pair([Line("".join(zh for zh, _ in notes), _ZH)], [Line(" ".join(en for _, en in notes), _EN, SOFT)])
