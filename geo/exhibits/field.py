"""The sheet of one field across the city (layer 7): which district may do it, by which document."""

from __future__ import annotations

from dataclasses import replace

from geo import check
from geo.check import Judged, Verdict
from geo.errors import InputError
from geo.exhibits import extents
from geo.exhibits.ground import fill_style
from geo.exhibits.legend import said
from geo.exhibits.lettering import Line
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Pair, Plan, Scene, Section
from geo.exhibits.roles import PHRASED, PLAIN, backing, citation, entry_lines, named, own_notes, title
from geo.exhibits.sites import site_marks
from geo.exhibits.spec import Spec
from geo.register import find_stage
from geo.schema import BASIS_NAMES, DISTRICTS, FORCE_NAMES, MATCH_NAMES, STAGE_NAMES, Force, Match
from geo.symbology import Theme


def plan_field(pen: Pen, spec: Spec, scene: Scene, _subject: str) -> Plan:
    """One field, and a stage of it if one is given, across the city.

    Raises
    ------
    InputError
        If the sheet gives no field.
    UnknownTerm
        If its field or stage is not known.
    """
    question, asked = _question(pen, spec, scene)
    answers = {one: check.verdict(scene.register, one, question, scene.as_of) for one in DISTRICTS}
    theme = _theme(scene, answers)
    main, inset = extents.of_spec(spec, scene.boundaries)
    shown = {one: answers[one] for one in scene.boundaries.ids}
    return Plan(
        theme,
        main,
        title(spec, scene, **asked),
        said={one: _phrases(answer) for one, answer in shown.items()} if pen.size[0] >= PHRASED else {},
        sections=(_section(pen, scene, theme, shown, asked),),
        marks=site_marks(scene, spec.by) if spec.sites else (),
        inset=inset,
        documents=_documents(scene, shown),
        notes=(*own_notes(spec), *backing(pen, scene)),
        lines=_hatch(pen, scene, theme),
    )


def _question(pen: Pen, spec: Spec, scene: Scene) -> tuple[check.Question, dict[str, str]]:
    """What the sheet asks, and its words for the title."""
    if spec.field is None:
        raise InputError(
            "the sheet gives no field to show",
            "图件规格未给出产业领域",
            field="field",
            remedy_en="add a line such as field: semiconductor-materials",
            remedy_zh="请加一行，如 field: semiconductor-materials",
        )
    term = scene.register.terms[scene.register.find_term(spec.field)]
    stage = None if spec.stage is None else find_stage(spec.stage)
    words = pen.style.words["any_stage"] if stage is None else STAGE_NAMES[stage]
    asked = {"field_zh": term.zh, "field_en": term.en, "stage_zh": words[0], "stage_en": words[1]}
    return check.Question(spec.field, spec.stage, term.id, stage), asked


def _theme(scene: Scene, answers: dict[str, Verdict]) -> Theme:
    """Districts in the classes of their answers, in the order of the verdicts."""
    found = {scene.symbology.verdict_class(one.match, one.force): one for one in answers.values()}
    order = sorted(found, key=lambda swatch: list(Match).index(found[swatch].match))
    by_place = {one: f"{answer.match.value}+{answer.force.value}" for one, answer in answers.items()}
    return Theme("field", "", "", tuple(order), by_place, dict.fromkeys(answers, ()))


def _phrases(answer: Verdict) -> tuple[Pair, ...]:
    """What stands under the name of a district: the verdict, the force of what decided, whose reading it is."""
    decided = [one for one in answer.designations if one.decides]
    read = bool(decided) and all(one.basis == "interpreted" for one in decided)
    return (
        MATCH_NAMES[answer.match],
        *([FORCE_NAMES[answer.force]] if answer.force is not Force.NONE else []),
        *([BASIS_NAMES["interpreted"]] if read else []),
    )


def _section(pen: Pen, scene: Scene, theme: Theme, answers: dict[str, Verdict], asked: dict[str, str]) -> Section:
    """The legend: each class with its districts, and the document and clause that decide."""
    items = []
    for swatch in theme.classes:
        held = tuple(one for one in answers if theme.by_place[one] == swatch.id)
        if held:
            lines = entry_lines(pen, (swatch.zh, swatch.en), _entry(pen, scene, {one: answers[one] for one in held}))
            items.append(Item("area", fill_style(swatch), tuple(lines), held))
    zh, en = pen.style.words["verdict_of"]
    heading = pen.say(
        zh.format(field=asked["field_zh"], stage=asked["stage_zh"]),
        en.format(field=asked["field_en"], stage=asked["stage_en"]),
    )
    return Section(Line(heading, 8.6, bold=True), tuple(items))


def _entry(pen: Pen, scene: Scene, answers: dict[str, Verdict]) -> Pair:
    """Districts of one class, those with the same evidence together."""
    groups: dict[Pair, list[str]] = {}
    for one, answer in answers.items():
        groups.setdefault(_evidence(pen, scene, answer), []).append(one)
    rows = [(named(scene, held), because) for because, held in groups.items()]
    return (
        "；".join(who[0] + (f"：{why[0]}" if why[0] else "") for who, why in rows),
        "; ".join(who[1] + (f": {why[1]}" if why[1] else "") for who, why in rows),
    )


def _evidence(pen: Pen, scene: Scene, answer: Verdict) -> Pair:
    """What decided here, and to whom a document gives the field or the stage instead."""
    here = [one for one in answer.designations if one.decides]
    cites = list(dict.fromkeys(_cite(pen, scene, one) for one in here))
    if answer.elsewhere:
        to = named(scene, dict.fromkeys(one.designation.place for one in answer.elsewhere))
        there = list(dict.fromkeys(_cite(pen, scene, one) for one in answer.elsewhere))
        zh, en = pen.style.words["stage_given_to" if answer.match is Match.STAGE_ELSEWHERE else "given_to"]
        why_zh, why_en = "、".join(one for one, _ in there), ", ".join(one for _, one in there)
        cites.append((zh.format(places=to[0], cite=why_zh), en.format(places=to[1], cite=why_en)))
    return "；".join(zh for zh, _ in cites), "; ".join(en for _, en in cites)


def _cite(pen: Pen, scene: Scene, one: Judged) -> Pair:
    """A designation's document and clause, what is covered of the field, and whose reading it is."""
    zh, en = citation(scene.register, one.designation, scene)
    if one.parts:
        terms = [scene.register.terms[part] for part in one.parts]
        parts = pen.style.words["in_part"]
        zh += parts[0].format(parts="、".join(term.zh for term in terms))
        en += parts[1].format(parts=", ".join(term.en for term in terms))
    if one.basis == "interpreted":
        words = pen.style.words["any_field" if one.coverage == "any" else "our_reading"]
        zh, en = f"{zh}，{words[0]}", f"{en}, {words[1]}"
    return zh, en


def _documents(scene: Scene, answers: dict[str, Verdict]) -> tuple[str, ...]:
    """Instruments on which the answers rest."""
    used = {
        one.designation.instrument
        for answer in answers.values()
        for one in (*(each for each in answer.designations if each.decides), *answer.elsewhere)
    }
    return tuple(one for one in scene.register.instruments if one in used)


def _hatch(pen: Pen, scene: Scene, theme: Theme) -> tuple[Item, ...]:
    """What the pattern means, where one occurs."""
    lapsed = [swatch for swatch in theme.classes if swatch.hatch]
    held = tuple(one for one in scene.boundaries.ids if theme.swatch(one).hatch)
    if not held:
        return ()
    style = fill_style(replace(lapsed[0], colour=PLAIN))
    return (Item("area", style, said(pen, pen.style.words["lapsed_answer"]), held),)
