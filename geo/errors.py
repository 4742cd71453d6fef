"""The error tree (layer 0: imports nothing of ours).

Each error is also a builtin, so that a caller without parksite's names can catch
it, and carries what a person needs to mend the input: the file, the row as that
person counts it, the field, the value and the remedy, in Chinese and English.
"""

from __future__ import annotations

import unicodedata
from typing import Any, Literal

Lang = Literal["zh", "en"]

_LABELS = {
    "zh": {"file": "文件", "row": "行", "field": "字段", "value": "值", "remedy": "处理", "sep": "；"},
    "en": {"file": "file", "row": "row", "field": "field", "value": "value", "remedy": "remedy", "sep": "; "},
}


LINES_SHOWN = 20  # of one kind, on what is wrong with rows; the rest are counted
_SHOWN = 80  # characters of a value that a message shows
_PATH_SHOWN = 300
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def one_line(text: object, length: int = _SHOWN) -> str:
    r"""Text from a file as a message may show it: on one line, cut, nothing that moves a cursor.

    >>> one_line("a\nerror: b"), one_line("x" * 100, 5)
    ('a\\nerror: b', 'xxxxx…')
    """
    raw = str(text)
    seen = "".join(_escaped(mark) if unicodedata.category(mark) in _UNSEEN else mark for mark in raw[: length + 1])
    return seen if len(raw) <= length else f"{seen[:length]}…"


def _escaped(mark: str) -> str:
    return mark.encode("unicode_escape").decode("ascii")


class GeoError(Exception):
    """Base of every error that parksite raises on purpose.

    Parameters
    ----------
    en, zh : str
        What is wrong, in English and in Chinese.
    file, row, field, value : optional
        Where it is wrong. `row` counts as the user does (first data row is 1).
    line : int, optional
        Line of the text file, or row of the sheet, where that row stands.
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
        line: int | None = None,
    ) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh
        self.file, self.row, self.field, self.value, self.line = file, row, field, value, line
        self.remedy_en, self.remedy_zh = remedy_en, remedy_zh

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy with all that it says, so that it can come from another process."""
        return _revived, (type(self), self.args, self.__dict__)

    def text(self, lang: Lang) -> str:
        """One line in `lang`: message, place, remedy."""
        label = _LABELS[lang]
        shown = None if self.value is None else f"'{one_line(self.value)}'"
        file = None if self.file is None else one_line(self.file, _PATH_SHOWN)
        field = None if self.field is None else one_line(self.field)
        where = (("file", file), ("row", self._row(lang)), ("field", field), ("value", shown))
        parts = [f"{label[name]} {got}" for name, got in where if got is not None]
        remedy = self.remedy_zh if lang == "zh" else self.remedy_en
        message = self.zh if lang == "zh" else self.en
        place = f" [{label['sep'].join(parts)}]" if parts else ""
        return f"{message}{place}" + (f" → {remedy}" if remedy else "")

    def _row(self, lang: Lang) -> str | None:
        """The row, and the line of the file where it stands."""
        if self.row is None or self.line is None:
            return None if self.row is None else str(self.row)
        return f"{self.row}（文件第 {self.line} 行）" if lang == "zh" else f"{self.row} (line {self.line} of the file)"

    def __str__(self) -> str:
        return self.text("en")


def _revived(kind: type[GeoError], args: tuple[Any, ...], state: dict[str, Any]) -> GeoError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


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
            f"the policy register has {len(faults)} fault(s):\n{listed}\n",
            f"政策登记册有 {len(faults)} 处错误：\n{listed}\n",
            remedy_en="correct the files named above; data/README.md has their format",
            remedy_zh="请改正以上文件，格式见 data/README.md",
        )
        self.faults = faults


class ModelError(GeoError, ValueError):
    """A siting model is not what it should be; every fault of it at once, in both languages."""

    def __init__(self, faults: list[tuple[str, str]], file: object = None) -> None:
        zh, en = ("\n  ".join(said) for said in zip(*faults, strict=True))
        super().__init__(
            f"the siting model has {len(faults)} fault{'' if len(faults) == 1 else 's'}:\n  {en}\n",
            f"选址模型有 {len(faults)} 处错误：\n  {zh}\n",
            file=file,
            remedy_en="docs/siting-models.md explains each key",
            remedy_zh="各项写法见 docs/siting-models.zh.md",
        )
        self.faults = faults


class MissingData(GeoError, FileNotFoundError):
    """Something that should be installed or shipped is not there."""


class OutputExists(GeoError, FileExistsError):
    """An output would replace something that is not ours to replace."""
