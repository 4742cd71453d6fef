"""The datum detective (layer 3): which coordinate system do these numbers fit?

Arrays in, frozen records out; no file is read. `model` holds what is known and found,
`readings` the ways to read two numbers, `weigh` the model of likelihoods, `outlines`
the fit of the file's own district outlines to ours, `verdict` the rules and the words.
"""

from typing import TYPE_CHECKING

from geo.lazy import attach

if TYPE_CHECKING:
    from geo.detective.model import City, Finding, Hypothesis
    from geo.detective.verdict import examine
else:
    __getattr__ = attach(__name__, model=("City", "Finding", "Hypothesis"), verdict=("examine",))

__all__ = ["City", "Finding", "Hypothesis", "examine"]
