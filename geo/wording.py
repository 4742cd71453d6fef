"""The verdict in words (layer 6): sentences a planner can paste into a report.

Every sentence names document, number and clause, the day of the question, and
whether it rests on an interpretation of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from geo.check import Judged, Question, Verdict
from geo.errors import Lang
from geo.join import Location
from geo.register import Register, clause_en, clause_zh
from geo.schema import (
    COLUMN_NAMES,
    DATUM_NAMES,
    FORCE_NAMES,
    MATCH_NAMES,
    OUTSIDE,
    STAGE_NAMES,
    Certainty,
    Designation,
    Force,
    Match,
    Stage,
)


@dataclass(frozen=True)
class Judgement:
    """A question with its verdict, and the verdicts that doubts of the place allow.

    `alternatives` are those for the other areas that are possible; `shifted` those for
    the area where the position would lie if an undeclared datum were the one named;
    `accuracy_m` is that of the position, None where it is not known.
    """

    question: Question
    verdict: Verdict
    alternatives: dict[str, Verdict] = field(default_factory=dict)
    shifted: dict[str, tuple[str | None, Verdict]] = field(default_factory=dict)
    accuracy_m: float | None = 0.0


def explain(register: Register, location: Location, judged: Judgement, as_of: date) -> dict[Lang, str]:
    """The explanation in Chinese and English."""
    zh = _Writer(register, location, judged, as_of, "zh")
    en = _Writer(register, location, judged, as_of, "en")
    return {"zh": "".join(zh.sentences()), "en": " ".join(en.sentences())}


def area_name(register: Register, one: str, lang: Lang) -> str:
    """Name of a district, or the word for outside."""
    if one == OUTSIDE:
        return "市域外" if lang == "zh" else "outside the city"
    place = register.places[one]
    return place.zh if lang == "zh" else place.en


def citation(register: Register, designation: Designation, lang: Lang) -> str:
    """Document, number, part and clause of a designation."""
    instrument = register.instruments[designation.instrument]
    numbers = (designation.part, designation.clause, designation.item)
    if lang == "zh":
        return f"《{instrument.title_zh}》（{instrument.document_number or '文件未载文号'}，{clause_zh(*numbers)}）"
    return f"{instrument.title_en} ({instrument.document_number or 'no document number stated'}, {clause_en(*numbers)})"


def stage_list(stages: Iterable[Stage], lang: Lang) -> str:
    """Names of stages, joined."""
    return ("、" if lang == "zh" else ", ").join(STAGE_NAMES[stage][0 if lang == "zh" else 1] for stage in stages)


class _Writer:
    """Writes one verdict in one language."""

    def __init__(self, register: Register, location: Location, judged: Judgement, as_of: date, lang: Lang) -> None:
        self.register, self.location, self.as_of, self.lang = register, location, as_of, lang
        self.question, self.verdict, self.alternatives = judged.question, judged.verdict, judged.alternatives
        self.shifted, self.accuracy_m = judged.shifted, judged.accuracy_m

    def _say(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    @property
    def _place(self) -> str:
        return area_name(self.register, self.location.district or OUTSIDE, self.lang)

    @property
    def _term(self) -> str:
        term = self.register.terms[self.question.term or ""]
        return self._say(f"“{term.zh}”", term.en[:1].lower() + term.en[1:] if term.en[1:2].islower() else term.en)

    def sentences(self) -> list[str]:
        """Verdict, then what is in force but decides nothing, then doubts of place."""
        writers = {
            Match.DESIGNATED: self._designated,
            Match.STAGE_ELSEWHERE: self._stage_elsewhere,
            Match.ELSEWHERE: self._elsewhere,
            Match.SILENT: self._silent,
            Match.OUTSIDE: self._outside,
            Match.NOT_ASKED: self._not_asked,
            Match.UNRECOGNISED: self._unrecognised,
        }
        said = writers[self.verdict.match]()
        doubts = (self._doubt(), self._other_verdicts(), self._undeclared())
        return [one for one in (said, self._support(), *doubts) if one]

    def _deciding(self) -> list[Judged]:
        return [one for one in self.verdict.designations if one.decides]

    def _state(self, one: Judged) -> str:
        """Force of a designation's document on the day."""
        span = self.register.validity(one.designation.instrument)
        reading = span.to_basis == "interpreted"
        if one.force is Force.IN_FORCE:
            end_zh = f"，至{span.to}{'（按文件末个目标年理解）' if reading else ''}" if span.to else ""
            end_en = f" until {span.to}{' (read from its last target year)' if reading else ''}" if span.to else ""
            return self._say(f"截至{self.as_of}有效{end_zh}", f"in force on {self.as_of}{end_en}")
        asked = self.question.term is not None
        return self._say(
            f"该文件已于{span.to}到期{'（按文件末个目标年理解）' if reading else ''}，本登记册中没有"
            f"{'就该领域' if asked else '为该地'}作后续指定的有效文件",
            f"that document ended on {span.to}{' (read from its last target year)' if reading else ''} and this "
            f"register holds no later one in force that designates {'the field' if asked else 'the place'}",
        )

    def _role(self, one: Judged) -> str:
        return self._say(f"“{one.designation.role_zh}”", f"“{one.designation.role_en}”")

    def _basis(self, one: Judged) -> str:
        """How the role covers the field, where that is not plain."""
        if one.coverage == "any":
            return self._say(
                "（该角色未列明领域，视为涵盖各领域，属本登记册理解）",
                " (it names no field and is read as covering every one)",
            )
        if one.coverage == "part":
            parts = [self.register.terms[part] for part in one.parts]
            return self._say(
                f"（仅部分涵盖：{'、'.join(part.zh for part in parts)}，属本登记册理解）",
                f" (in part only: {', '.join(part.en for part in parts)}; our interpretation)",
            )
        if one.basis == "interpreted":
            return self._say("（属本登记册理解）", " (our interpretation)")
        return ""

    def _named(self, one: Judged) -> str:
        """The place as the document names it: the former district, where it was part of one."""
        if one.former is None:
            return self._place
        parent = area_name(self.register, one.former, self.lang)
        return self._say(f"{parent}（当时含今{self._place}）", f"{parent} (of which {self._place} was then part)")

    def _designated(self) -> str:
        one = min(self._deciding(), key=lambda judged: (judged.basis != "explicit", judged.coverage != "whole"))
        roles = self._say("、", " and ").join(
            dict.fromkeys(
                self._role(each)
                for each in self._deciding()
                if each.designation.instrument == one.designation.instrument
            )
        )
        stage_zh = f"和{STAGE_NAMES[self.question.stage][0]}环节" if self.question.stage else ""
        stage_en = f" and {STAGE_NAMES[self.question.stage][1]}" if self.question.stage else ""
        cite = citation(self.register, one.designation, self.lang)
        return self._say(
            f"{cite}将{self._named(one)}定为{roles}，涵盖{self._term}{self._basis(one)}{stage_zh}；{self._state(one)}。",
            f"{cite} makes {self._named(one)} {roles}, which covers {self._term}{self._basis(one)}{stage_en}; "
            f"{self._state(one)}.",
        )

    def _stage_elsewhere(self) -> str:
        one = self._deciding()[0]
        stage = STAGE_NAMES[self.question.stage][0 if self.lang == "zh" else 1] if self.question.stage else ""
        cite, stages = citation(self.register, one.designation, self.lang), stage_list(one.stages, self.lang)
        others = self._say("、", ", ").join(self._shared_roles(list(self.verdict.elsewhere)))
        where = self._say(
            f"列有该环节的是{others}" if others else "登记册中没有其他指定该领域的地区列有该环节",
            f"the stage is laid out for {others}"
            if others
            else "no other place designated for the field has that stage",
        )
        return self._say(
            f"{cite}将{self._named(one)}定为{self._role(one)}，涵盖{self._term}{self._basis(one)}，但布局环节为{stages}，"
            f"不含{stage}；{where}；{self._state(one)}。",
            f"{cite} makes {self._named(one)} {self._role(one)}, which covers {self._term}{self._basis(one)}, "
            f"but lays out {stages} there and not {stage}; {where}; {self._state(one)}.",
        )

    def _elsewhere(self) -> str:
        one = self.verdict.elsewhere[0]
        mine = [each for each in self.verdict.elsewhere if each.designation.instrument == one.designation.instrument]
        others = self._say("、", ", ").join(self._shared_roles(mine))
        cite = citation(self.register, one.designation, self.lang)
        return self._say(
            f"{cite}将{self._term}指定给{others}，未指定给{self._place}；{self._state(one)}。",
            f"{cite} designates {self._term} to {others} and not to {self._place}; {self._state(one)}.",
        )

    def _shared_roles(self, roles: list[Judged]) -> list[str]:
        """Places with their role; places of one role are named together."""
        held: dict[tuple[str, str], list[Judged]] = {}
        for one in roles:
            held.setdefault((one.designation.role_zh, self._basis(one)), []).append(one)
        said = []
        for (_, basis), same in held.items():
            names = [area_name(self.register, one.designation.place, self.lang) for one in same]
            role = same[0].designation
            said.append(
                self._say(f"{'、'.join(names)}“{role.role_zh}”", f"{', '.join(names)} ({role.role_en})") + basis
            )
        return said

    def _silent(self) -> str:
        count = len(self.register.instruments)
        if self.question.term is None:
            return self._say(
                f"截至{self.as_of}，本登记册所收{count}份文件中，有效的和已到期的都未为{self._place}指定产业角色。",
                f"On {self.as_of} no document in this register, in force or lapsed, assigns {self._place} a role.",
            )
        placeless = [
            one
            for one in self.verdict.designations
            if one.designation.kind == "role"
            and one.coverage
            and not self.register.places[one.designation.place].located
        ]
        extra = ""
        if placeless:
            cite = citation(self.register, placeless[0].designation, self.lang)
            extra = self._say(
                f"（{cite}提到“{placeless[0].designation.role_zh}”，但未给出可落图的范围）",
                f" ({cite} names a {placeless[0].designation.role_en} without an outline)",
            )
        return self._say(
            f"截至{self.as_of}，本登记册所收{count}份文件中，有效的和已到期的都未为{self._term}点名指定地区{extra}。",
            f"On {self.as_of} no document in this register, in force or lapsed, names a district for "
            f"{self._term}{extra}.",
        )

    def _outside(self) -> str:
        return self._say(
            "该位置不在深圳市各区及深汕特别合作区范围内，未作角色判定。",
            "The place lies in no district of Shenzhen nor in Shenshan; no role applies.",
        )

    def _not_asked(self) -> str:
        standing = {one.id for one in self.register.standing(self.location.district or "", self.as_of)}
        roles = [one for one in self.verdict.designations if one.designation.id in standing]
        said = []
        for instrument in dict.fromkeys(one.designation.instrument for one in roles):
            mine = [one for one in roles if one.designation.instrument == instrument]
            names = self._say("、", " and ").join(self._role(one) for one in mine)
            cite, place, state = (
                citation(self.register, mine[0].designation, self.lang),
                self._named(mine[0]),
                self._state(mine[0]),
            )
            said.append(self._say(f"{cite}将{place}定为{names}；{state}", f"{cite} makes {place} {names}; {state}"))
        joined = self._say("；", "; ").join(said)
        return self._say(
            f"未填写产业领域，未作符合性判定；{joined}。", f"No field was given, so fit was not judged; {joined}."
        )

    def _unrecognised(self) -> str:
        said = []
        for one in self.question.unknown:
            label = COLUMN_NAMES[one.column]
            near = self._say("、".join(one.suggestions), ", ".join(one.suggestions_en))
            hint = self._say(f"（是否指{near}）", f" (did you mean {near}?)") if near else ""
            said.append(
                self._say(f"{label}“{one.value}”无法识别{hint}", f"the {one.column} “{one.value}” is not known{hint}")
            )
        joined = self._say("；", "; ").join(said)
        return self._say(f"{joined}，未作判定。", f"{joined[:1].upper()}{joined[1:]}; no verdict was given.")

    def _support(self) -> str:
        """Support in force for the district itself, which assigns no role."""
        backing = [
            one
            for one in self.verdict.designations
            if one.designation.kind == "support"
            and one.force is Force.IN_FORCE
            and one.designation.place == self.location.district
        ]
        if not backing:
            return ""
        one = backing[0].designation
        cite = citation(self.register, one, self.lang)
        return self._say(
            f"现行{cite}支持在{self._place}建设“{one.role_zh}”，但不指定产业角色。",
            f"In force on that day, {cite} backs building “{one.role_en}” in {self._place} without assigning a role.",
        )

    def _doubt(self) -> str:
        """Doubt about the district itself."""
        if self.location.certainty in (Certainty.CERTAIN, Certainty.OUTSIDE):
            return ""
        names = self._say("、", " or ").join(area_name(self.register, one, self.lang) for one in self.location.possible)
        metres = round(self.location.boundary_distance_m or 0)
        if self.location.certainty is Certainty.STRADDLES:
            parts = self._say("、", ", ").join(
                f"{area_name(self.register, one, self.lang)} {_percent(share)}"
                for one, share in self.location.shares.items()
            )
            if self.location.district is None:
                return self._say(f"地块跨界（{parts}）。", f"The site crosses a boundary ({parts}).")
            return self._say(
                f"地块跨界（{parts}），以上按面积最大的{self._place}判定。",
                f"The site crosses a boundary ({parts}); the verdict is for {self._place}, the largest part.",
            )
        if self.accuracy_m is None or self.accuracy_m > metres:
            known = self._say("未知", "not known") if self.accuracy_m is None else f"{self.accuracy_m:g} m"
            return self._say(
                f"该处距界线约{metres}米，坐标转换精度为{known}，不足以确定区属（可能为{names}），"
                "须以 CGCS2000 坐标核实。",
                f"The place is about {metres} m from a border and the accuracy of its converted position is {known}, "
                f"which does not settle the district (possible: {names}); check it with CGCS2000 coordinates.",
            )
        return self._say(
            f"该处距界线约{metres}米，现有界线资料不足以确定区属（可能为{names}），须以官方界线核实。",
            f"The place is about {metres} m from a border and the boundary data do not settle the district "
            f"(possible: {names}); check it against the official line.",
        )

    def _other_verdicts(self) -> str:
        """What the verdict would be in the other possible areas."""
        said = []
        for one, other in self.alternatives.items():
            place = area_name(self.register, one, self.lang)
            zh = f"若属{place}，判定为{self._short(other)}"
            en = f"if it is {place if one == OUTSIDE else f'in {place}'}, the verdict is: {self._short(other)}"
            said.append(self._say(zh, en))
        if not said:
            return ""
        joined = self._say("；".join(said), "; ".join(said))
        return self._say(f"{joined}。", f"{joined[:1].upper()}{joined[1:]}.")

    def _short(self, verdict: Verdict) -> str:
        """Match and force in a few words."""
        match, force = MATCH_NAMES[verdict.match], FORCE_NAMES[verdict.force]
        if verdict.force is Force.NONE:
            return self._say(match[0], match[1])
        return self._say(f"{match[0]}（{force[0]}）", f"{match[1]} ({force[1]})")

    def _undeclared(self) -> str:
        """Where the position would lie if it were in a datum of the web maps."""
        said = []
        for datum, (district, verdict) in self.shifted.items():
            place, name = area_name(self.register, district or OUTSIDE, self.lang), DATUM_NAMES[datum]
            where = place if district is None else f"in {place}"
            said.append(
                self._say(
                    f"若实为{name}则属{place}，判定为{self._short(verdict)}",
                    f"if it is {name} the place is {where} and the verdict is: {self._short(verdict)}",
                )
            )
        if not said:
            return ""
        return self._say(
            f"坐标未声明坐标系，按WGS84处理；{'；'.join(said)}。",
            f"No datum is declared for the position and WGS84 is assumed; {'; '.join(said)}.",
        )


def _percent(share: float) -> str:
    """A share with as many decimals as it takes not to show 0 % or 100 %.

    >>> _percent(0.25), _percent(0.9996), _percent(0.00002)
    ('25 %', '99.96 %', '0.002 %')
    """
    for digits in range(6):
        shown = f"{100 * share:.{digits}f}"
        if share in (0.0, 1.0) or float(shown) not in (0.0, 100.0):
            return f"{shown} %"
    return f"{100 * share:g} %"
