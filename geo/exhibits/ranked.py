"""The ranking document as sheets show it (layer 7): its sites, words, numbers and symbols.

Words of the user's model and list pass through `legible`, for the font may lack some.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from geo.errors import InputError
from geo.exhibits.font import legible
from geo.exhibits.ground import mark_style
from geo.exhibits.legend import said
from geo.exhibits.lettering import Line
from geo.exhibits.pen import Pen
from geo.exhibits.plan import Item, Pair, Scene
from geo.exhibits.roles import title
from geo.exhibits.spec import Spec
from geo.schema import FORCE_NAMES, MATCH_NAMES, Force, Match
from geo.symbology import Swatch

Ranking = Mapping[str, Any]
Site = Mapping[str, Any]
NONE = "—"
_NAMED = 24  # characters of a site's name
_LISTED = 8  # layers that a source block names
_CHANGED = 4  # findings set by hand that a source block tells
_WHOLE = 100.0  # from here on a measure is shown without decimals


def ranking_of(scene: Scene, show: str) -> Ranking:
    """The ranking of a scene.

    Raises
    ------
    InputError
        If there is none.
    """
    if scene.ranking is None:
        raise InputError(
            "the sheet shows a ranking and no siting model was given",
            "该图件表示排序结果，未给出选址模型",
            field="show",
            value=show,
            remedy_en="name a model with --model; parksite models list names those that ship",
            remedy_zh="请用 --model 指定模型；parksite models list 列出可用模型",
        )
    return scene.ranking


def day_of(spec: Spec, scene: Scene) -> date:
    """The day for which the sites were ranked.

    Raises
    ------
    InputError
        If there is no ranking, or the sheet wants another day.
    """
    day = date.fromisoformat(str(ranking_of(scene, spec.show)["as_of"]))
    if spec.as_of not in (None, day):
        raise InputError(
            "the sheet has a day of its own and the ranking is for another",
            "图件自带的基准日与排序的基准日不同",
            field="as_of",
            value=str(spec.as_of),
            remedy_en="leave as_of out of the sheet's file, or rank with --as-of",
            remedy_zh="请去掉图件规格中的 as_of，或用 --as-of 按该日排序",
        )
    return day


def titled(spec: Spec, scene: Scene, ranking: Ranking, **told: str) -> Pair:
    """Title of a sheet of a ranking, with the model's filled in."""
    model_zh, model_en = pair(ranking["model"], "title")
    return title(spec, scene, model_zh=model_zh, model_en=model_en, **told)


def pair(record: Mapping[str, Any], key: str) -> Pair:
    """Chinese and English of a key such as ``title``, as the font can show them."""
    return legible(str(record[f"{key}_zh"] or "")), legible(str(record[f"{key}_en"] or ""))


def called(site: Site) -> str:
    """Id and name of a site."""
    words = (cut(site["id"], _NAMED), cut(site["name"] or "", _NAMED))
    return " ".join(dict.fromkeys(one for one in words if one))


def cut(text: object, most: int) -> str:
    """A user's text, no longer than so many characters.

    >>> cut("候选地块", 4), cut("候选地块", 3)
    ('候选地块', '候选…')
    """
    shown = legible(str(text))
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def ranked_sites(ranking: Ranking) -> list[Site]:
    """The sites that have a rank, best first."""
    return [one for one in ranking["sites"] if one["rank"] is not None]


def excluded_sites(ranking: Ranking) -> list[Site]:
    """The sites that a constraint excludes."""
    return [one for one in ranking["sites"] if one["rank"] is None]


def score(value: float | None) -> str:
    """A score or utility with three decimals.

    >>> score(0.58067), score(None)
    ('0.581', '—')
    """
    return NONE if value is None else f"{value:.3f}"


def between(low: float | None, high: float | None) -> str:
    """An interval of scores, one number where both ends show the same.

    >>> between(0.5, 0.61), between(0.5, 0.5)
    ('0.500–0.610', '0.500')
    """
    ends = score(low), score(high)
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def places(site: Site) -> str:
    """Best and worst rank of a site."""
    best, worst = site["rank_best"], site["rank_worst"]
    if best is None:
        return NONE
    return str(best) if best == worst else f"{best}–{worst}"


def amount(value: object, unit: str | None = "") -> Pair:
    """A measured value with its unit, in both languages; a verdict with its force in words.

    >>> amount(1234.5, "m"), amount(0.31245), amount(None)
    (('1,234 m', '1,234 m'), ('0.3125', '0.3125'), ('—', '—'))
    """
    if value is None or value == "":
        return NONE, NONE
    if isinstance(value, bool | str):
        return _words(str(value))
    number = float(str(value))
    text = (f"{number:,.0f}" if abs(number) >= _WHOLE else f"{number:.4g}").replace("-", "−")
    text = f"{text} {legible(unit)}" if unit else text
    return text, text


def _words(text: str) -> Pair:
    match, _, force = text.partition("/")
    if match in set(Match) and force in set(Force):
        (zh, en), (now, then) = MATCH_NAMES[Match(match)], FORCE_NAMES[Force(force)]
        return f"{zh}／{now}", f"{en} / {then}"
    return (legible(text),) * 2


def status_classes(scene: Scene) -> dict[str, Swatch]:
    """Status of a site by its id."""
    return {key: Swatch(key, **one) for key, one in scene.style.statuses.items()}


def result_classes(scene: Scene) -> dict[str, Swatch]:
    """Result of a constraint by its id."""
    return {key: Swatch(key, **one) for key, one in scene.style.results.items()}


def symbol_items(
    pen: Pen, classes: Mapping[str, Swatch], counts: Counter[str], *, every: bool = False
) -> tuple[Item, ...]:
    """Rows of a legend: each class that occurs, or `every` one, with its symbol, its words and how often."""
    rows = []
    for key, swatch in classes.items():
        if counts[key] or every:
            words = f"{swatch.zh}（{counts[key]}）", f"{swatch.en} ({counts[key]})"
            rows.append(Item("mark", mark_style(swatch), said(pen, words)))
    return tuple(rows)


def about(pen: Pen, ranking: Ranking) -> tuple[Pair, ...]:
    """What the source block says of the model: version, weights, layers there and missing."""
    words, model = pen.style.words, ranking["model"]
    name, how = pair(model, "title"), ranking["weighting"]
    told = [
        {
            "title": name[at],
            "id": legible(model["id"]),
            "version": legible(str(model["version"])),
            "digest": str(model["digest"])[:12],
            "as_of": ranking["as_of"],
            "method": legible(ranking["aggregation"][lang]),
        }
        for at, lang in enumerate(("zh", "en"))
    ]
    shares = [pair(one, "title") for one in ranking["criteria"]]
    parts = _each(words["rank_weight"], shares, [{"weight": f"{one['weight']:.3g}"} for one in ranking["criteria"]])
    found: list[Pair] = [
        _filled(words["rank_about"], *told),
        _filled(
            words["rank_weights"],
            *({"how": legible(how[lang]), "weights": one} for lang, one in zip(("zh", "en"), parts, strict=True)),
        ),
    ]
    there = [one for one in ranking["layers"] if one["present"]]
    if there:
        named = [_vintage(words["rank_layer"], one) for one in there]
        found.append(_filled(words["rank_layers"], *({"layers": one} for one in capped(pen, named))))
    missing = [pair(one, "title") for one in ranking["layers"] if not one["present"]]
    if missing:
        found.append(_filled(words["rank_missing"], *({"layers": one} for one in capped(pen, missing))))
    return tuple(found)


def _vintage(template: Pair, layer: Mapping[str, Any]) -> Pair:
    """A layer with its vintage, else its version."""
    name, vintage = pair(layer, "title"), pair(layer, "vintage")
    version = str(layer["version"] or "")[:12]
    return _filled(
        template, *({"title": one, "vintage": old or version} for one, old in zip(name, vintage, strict=True))
    )


def _each(template: Pair, names: Sequence[Pair], values: Sequence[dict[str, str]]) -> Pair:
    rows = [
        _filled(template, {"title": zh, **value}, {"title": en, **value})
        for (zh, en), value in zip(names, values, strict=True)
    ]
    return _joined(rows)


def capped(pen: Pen, words: Sequence[Pair], most: int = _LISTED) -> Pair:
    """The first of some names, and how many there are."""
    if len(words) <= most:
        return _joined(words)
    zh, en = _joined(words[:most])
    own = {"count": len(words)}
    return _filled(pen.style.words["rank_more"], {"named": zh, **own}, {"named": en, **own})


def _joined(words: Sequence[Pair]) -> Pair:
    return "、".join(zh for zh, _ in words), "; ".join(en for _, en in words)


def _filled(template: Pair, zh: Mapping[str, Any], en: Mapping[str, Any]) -> Pair:
    return template[0].format(**zh), template[1].format(**en)


def overrides(pen: Pen, scene: Scene, sites: Sequence[Site], ranking: Ranking) -> tuple[Pair, ...]:
    """Each finding that a user changed, with name and reason."""
    rules = {one["id"]: pair(one, "title") for one in ranking["constraints"]}
    results, rows = result_classes(scene), []
    for site in sites:
        for one in (each for each in site["constraints"] if each["override"]):
            change = one["override"]
            old, new = results[change["original"]], results[one["result"]]
            own = {"site": called(site), "by": legible(change["by"]), "reason": legible(change["reason"])}
            zh, en = rules[one["id"]]
            rows.append(
                _filled(
                    pen.style.words["rank_override"],
                    {**own, "rule": zh, "original": old.zh, "result": new.zh},
                    {**own, "rule": en, "original": old.en, "result": new.en},
                )
            )
    if len(rows) > _CHANGED:
        rest = {"count": len(rows) - _CHANGED}
        rows = [*rows[:_CHANGED], _filled(pen.style.words["rank_overrides"], rest, rest)]
    return tuple(rows)


def cell(pen: Pen, words: Pair, size: float = 6.4, **look: Any) -> tuple[Line, ...]:
    """Words of a cell in the sheet's language, or in both below one another."""
    zh, en = words
    if zh == en:
        return (Line(zh, size, **look),)
    english = Line(en, size if pen.lang == "en" else 0.88 * size, **look)
    return tuple(pen.pair([Line(zh, size, **look)], [english]))
