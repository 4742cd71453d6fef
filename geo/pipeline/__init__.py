"""The stages in their order (layer 9): read, join, judge, write."""

from typing import TYPE_CHECKING

from geo.lazy import attach
from geo.pipeline.build import build, rejected_rows, write_table
from geo.pipeline.context import (
    SAMPLE,
    Checked,
    Context,
    OutputLang,
    Progress,
    check,
    inspect,
    read_sites,
)

if TYPE_CHECKING:
    from geo.pipeline.papers import Edition, dossiers, report
    from geo.pipeline.printing import Print, print_sheets
else:
    __getattr__ = attach(__name__, papers=("Edition", "dossiers", "report"), printing=("Print", "print_sheets"))

__all__ = [
    "SAMPLE",
    "Checked",
    "Context",
    "Edition",
    "OutputLang",
    "Print",
    "Progress",
    "build",
    "check",
    "dossiers",
    "inspect",
    "print_sheets",
    "read_sites",
    "rejected_rows",
    "report",
    "write_table",
]
