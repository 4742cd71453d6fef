"""What a support measure pays, in words."""

from __future__ import annotations

from geo.errors import Lang
from geo.schema import Measure
from geo.wording.sentences import Sentences

_WAN = 10_000


def amount(sentences: Sentences, one: Measure, lang: Lang) -> str:
    """What a measure pays, as its clause states it: ceiling or award, rate and basis."""
    said = []
    money = None if one.cap_cny is None else sentences.fill(lang, "amount.money", amount=_money(one.cap_cny, lang))
    if one.amount_kind in ("matching", "full"):
        said.append(sentences.fill(lang, f"amount.{one.amount_kind}"))
    if money is not None:
        kind = "award" if one.amount_kind == "award" else "cap"
        said.append(sentences.fill(lang, f"amount.{kind}", money=money))
    if said and one.per is not None:
        said[-1] = sentences.fill(lang, "amount.per", amount=said[-1], per=one.per.zh if lang == "zh" else one.per.en)
    basis = one.basis_zh if lang == "zh" else one.basis_en
    if one.rate_percent is not None:
        kind = "rate" if basis is None else "rate_of"
        said.append(sentences.fill(lang, f"amount.{kind}", rate=f"{one.rate_percent:g} %", of=basis))
    elif basis is not None and said and one.amount_kind != "full":
        said.append(sentences.fill(lang, "amount.share_of", of=basis))
    return sentences.join(lang, "piece", said) if said else sentences.fill(lang, "amount.none")


def _money(cny: int, lang: Lang) -> str:
    """Yuan in the unit of the language.

    >>> _money(30_000_000, "zh"), _money(125_000, "zh"), _money(30_000_000, "en")
    ('3,000', '12.5', '30,000,000')
    """
    if lang == "en":
        return f"{cny:,}"
    whole, rest = divmod(cny, _WAN)
    return f"{whole:,}" + (f".{rest:04d}".rstrip("0") if rest else "")
