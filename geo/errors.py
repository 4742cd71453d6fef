"""The error tree (layer 0: imports nothing of ours).

Each error is also a builtin, so that a caller without parksite's names can catch
it, and carries what a person needs to mend the input: the file, the row as that
person counts it, the field, the value and the remedy, in Chinese and English.
"""

from __future__ import annotations

from typing import Literal

Lang = Literal["zh", "en"]

_LABELS = {
    "zh": {"file": "文件", "row": "行", "field": "字段", "value": "值", "remedy": "处理", "sep": "；"},
    "en": {"file": "file", "row": "row", "field": "field", "value": "value", "remedy": "remedy", "sep": "; "},
}


class GeoError(Exception):
    """Base of every error that parksite raises on purpose.

    Parameters
    ----------
    en, zh : str
        What is wrong, in English and in Chinese.
    file, row, field, value : optional
        Where it is wrong. `row` counts as the user does (first data row is 1).
    remedy_en, remedy_zh : str, optional
        What to do about it.
    """

    def __init__(
        self,
        en: str,
        zh: str,
        *,
        file: object = None,
        row: int | str | None = None,
        field: str | None = None,
        value: object = None,
        remedy_en: str = "",
        remedy_zh: str = "",
    ) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh
        self.file, self.row, self.field, self.value = file, row, field, value
        self.remedy_en, self.remedy_zh = remedy_en, remedy_zh

    def text(self, lang: Lang) -> str:
        """One line in `lang`: message, place, remedy."""
        label = _LABELS[lang]
        shown = None if self.value is None else repr(str(self.value)[:80])
        parts = [
            f"{label[name]} {got}"
            for name, got in (("file", self.file), ("row", self.row), ("field", self.field), ("value", shown))
            if got is not None
        ]
        remedy = self.remedy_zh if lang == "zh" else self.remedy_en
        message = self.zh if lang == "zh" else self.en
        where = f" [{label['sep'].join(parts)}]" if parts else ""
        return f"{message}{where}" + (f" → {remedy}" if remedy else "")

    def __str__(self) -> str:
        return self.text("en")


class InputError(GeoError, ValueError):
    """The input as a whole cannot be used."""


class RowError(GeoError, ValueError):
    """One row of a file cannot be used; the others can."""


class CRSMismatch(GeoError, ValueError):
    """A layer is in the wrong, or in no, coordinate reference system."""


class UnknownTerm(GeoError, LookupError):
    """A field, stage, place or record is not in the register.

    `suggestions` holds the nearest known words, best first, `suggestions_en` the
    same in English where they differ.
    """

    def __init__(
        self,
        en: str,
        zh: str,
        *,
        suggestions: tuple[str, ...] = (),
        suggestions_en: tuple[str, ...] = (),
        **where: object,
    ) -> None:
        near_en = suggestions_en or suggestions
        hint_en = f"did you mean {', '.join(near_en)}?" if near_en else ""
        hint_zh = f"是否指 {'、'.join(suggestions)}？" if suggestions else ""
        super().__init__(en, zh, remedy_en=hint_en, remedy_zh=hint_zh, **where)  # type: ignore[arg-type]
        self.suggestions, self.suggestions_en = suggestions, near_en


class RegisterError(GeoError, ValueError):
    """The policy register breaks its rules; `faults` lists every breach found."""

    def __init__(self, faults: list[str]) -> None:
        listed = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(
            f"the policy register has {len(faults)} fault(s):\n{listed}",
            f"政策登记册有 {len(faults)} 处错误：\n{listed}",
        )
        self.faults = faults


class MissingData(GeoError, FileNotFoundError):
    """Something that should be installed or shipped is not there."""


class OutputExists(GeoError, FileExistsError):
    """An output would replace something that is not ours to replace."""
