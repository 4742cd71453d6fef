"""Why a file is refused for its coordinate system, and what to type."""

from __future__ import annotations

from geo.detective import Finding, Hypothesis
from geo.errors import CRSMismatch, one_line
from geo.intake.model import Taken
from geo.intake.take import placed
from geo.sources import Note

_EVEN = 3.0  # log odds within which two readings count as equally good
_SHOWN_ROWS = 10


def contradiction(taken: Taken) -> tuple[Note, ...]:
    """A warning where a file is declared to be in one system and fits another."""
    finding = taken.finding
    if finding is None or finding.verdict not in ("other", "disagree") or taken.undeclared:
        return ()
    name = taken.drafts.path.name
    zh = f"{name}：{finding.evidence.zh}已按声明处理，请核对坐标系。"
    en = f"{name}: {finding.evidence.en} The declared system was used; check it."
    return ((zh, en),)


def refusal(taken: Taken) -> CRSMismatch | None:
    """Why a file that declares no datum is refused, and what to type; None where it is not."""
    finding, unknown = taken.finding, taken.layer.crs_unknown
    if finding is None or not taken.undeclared:
        return None
    if unknown:
        return CRSMismatch(
            f"the coordinate system {one_line(unknown)!r} of the file is not known",
            f"文件声明的坐标系“{one_line(unknown)}”无法识别",
            file=taken.drafts.path,
            remedy_en="give --crs EPSG:… or --datum",
            remedy_zh="请给出 --crs EPSG:… 或 --datum",
        )
    if finding.verdict == "as_is":
        return _nameless(taken) if taken.drafts.metric else None
    remedy_zh, remedy_en = _remedy(finding)
    if finding.verdict == "disagree":
        return _disagreement(taken, finding)
    return CRSMismatch(
        f"no datum is declared, and the numbers do not fit WGS84: {_lower(finding.evidence.en)}",
        f"未声明坐标系，且坐标与 WGS84 不符：{finding.evidence.zh}",
        file=taken.drafts.path,
        remedy_en=remedy_en,
        remedy_zh=remedy_zh,
    )


def options_for(one: Hypothesis) -> str:
    """The options that make a file be read as the hypothesis has it.

    Empty where none does: Shenzhen's local system, numbers in other units.
    """
    if one.datum is None or one.factor != 1:
        return ""
    named = f"--crs EPSG:{one.datum}" if isinstance(one.datum, int) else f"--datum {one.datum}"
    options = [] if one.datum == "wgs84" and one.swapped else [named]
    return " ".join([*options, *(["--swap-axes"] if one.swapped else [])])


def _nameless(taken: Taken) -> CRSMismatch:
    """Columns called x and y that hold degrees."""
    return CRSMismatch(
        "the columns x and y need a coordinate system; they hold longitude and latitude",
        "x、y 列需要指明坐标系；其数值为经纬度",
        file=taken.drafts.path,
        remedy_en="give --datum wgs84 (or cgcs2000, gcj02, bd09)",
        remedy_zh="请加 --datum wgs84（或 cgcs2000、gcj02、bd09）",
    )


def _disagreement(taken: Taken, finding: Finding) -> CRSMismatch:
    silent = [row.number for row in taken.drafts.rows if placed(row) and row.datum is None]
    shown = ", ".join(str(silent[at]) for at in finding.odd_rows[:_SHOWN_ROWS])
    rows = shown + ("…" if len(finding.odd_rows) > _SHOWN_ROWS else "")
    return CRSMismatch(
        "the rows are not all in one coordinate system: "
        f"{_lower(finding.evidence.en)} Rows that differ from the rest: {rows}",
        f"各行坐标系不一致：{finding.evidence.zh}与其余不同的行：{rows}",
        file=taken.drafts.path,
        remedy_en="give each row its own datum column, or say which holds for all with --datum or --crs",
        remedy_zh="请为各行填写“坐标系”列，或用 --datum、--crs 指明全部适用的坐标系",
    )


def _remedy(finding: Finding) -> tuple[str, str]:
    """What to type, in Chinese and English."""
    best = finding.hypotheses[0]
    even = [one for one in finding.hypotheses if best.log_odds - one.log_odds <= _EVEN and one.inside + one.near]
    typed = list(dict.fromkeys(options_for(one) for one in even if options_for(one)))
    if best.datum is None:
        return (
            "深圳独立坐标系参数未公开，请用 --control-points FILE 给出控制点，或先转换为 CGCS2000",
            "the parameters of Shenzhen's local system are not public: give control points with "
            "--control-points FILE, or have the file converted to CGCS2000",
        )
    if best.factor != 1 and finding.verdict == "other":
        return (
            f"数值似为其他单位，乘以 {best.factor:g} 后再核对",
            f"the numbers seem to be in another unit: multiply them by {best.factor:g} and try again",
        )
    if finding.verdict == "undecided" and len(typed) > 1:
        return (
            f"请核实属于哪一种，再加 {' 或 '.join(typed)}",
            f"find out which it is, then give {' or '.join(typed)}",
        )
    if finding.verdict == "undecided" or not typed:
        return (
            "请向数据提供方核实坐标系，再用 --crs EPSG:… 或 --datum 指明",
            "ask where the numbers come from, then give --crs EPSG:… or --datum",
        )
    zh, en = f"核实后加 {typed[0]}", f"if that is so give {typed[0]}"
    if any(one.key == "wgs84" and one.inside + one.near for one in finding.hypotheses):
        zh += "；若确为 WGS84，请加 --datum wgs84"
        en += "; if it is WGS84 all the same give --datum wgs84"
    return zh, en


def _lower(sentence: str) -> str:
    """A sentence that goes on after a colon."""
    return sentence[:1].lower() + sentence[1:]
