"""The policy register (layer 3): instruments, designations, measures, taxonomy."""

from geo.register.backing import backing, named_year
from geo.register.files import load
from geo.register.model import (
    Register,
    Validity,
    clause_en,
    clause_zh,
    find_stage,
    force,
    stage_spellings,
    validity,
)

__all__ = [
    "Register",
    "Validity",
    "backing",
    "clause_en",
    "clause_zh",
    "find_stage",
    "force",
    "load",
    "named_year",
    "stage_spellings",
    "validity",
]
