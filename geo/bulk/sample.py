"""Rows of a long file that its coordinate system is recognised by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from geo.sites.many import Sheet
from geo.sources import Layer
from geo.sources.parts import Part

_EXAMINED = 1_000  # rows that are enough


def step_of(rows: int) -> int:
    """Steps at which a file of so many rows is sampled: a power of two that takes at most twice what is enough."""
    step = 1
    while -(-rows // step) > 2 * _EXAMINED:
        step *= 2
    return step


class Sample:
    """Rows at equal steps, which grow with the file where it is not known how long it is.

    Attributes
    ----------
    step : int
    layers : list of Layer
    """

    def __init__(self, sheet: Sheet, step: int = 1) -> None:
        self._sheet, self.step, self.layers = sheet, step, []  # type: ignore[var-annotated]

    def __len__(self) -> int:
        return sum(len(layer.rows) for layer in self.layers)

    def add(self, part: Part) -> None:
        """Take the rows of a part that are due."""
        rows = int(part.numbers[-1]) if len(part.numbers) else 0
        if step_of(rows) > self.step:
            self.step = step_of(rows)
            self.layers = [_thinned(layer, self.step) for layer in self.layers]
        due = np.flatnonzero((part.numbers - 1) % self.step == 0)
        if len(due):
            self.layers.append(self._sheet.layer(part, due))

    def layer(self) -> Layer | None:
        """The rows as one layer."""
        return _joined(self.layers) if self.layers else None


def _thinned(layer: Layer, step: int) -> Layer:
    kept = [at for at, number in enumerate(layer.numbers) if (number - 1) % step == 0]
    held = {layer.numbers[at] for at in kept}
    return replace(
        layer,
        rows=tuple(layer.rows[at] for at in kept),
        numbers=tuple(layer.numbers[at] for at in kept),
        lines=None if layer.lines is None else tuple(layer.lines[at] for at in kept),
        geometries=None if layer.geometries is None else layer.geometries[kept],
        faults=tuple(fault for fault in layer.faults if fault.row in held),
    )


def _joined(layers: Sequence[Layer]) -> Layer:
    first = layers[0]

    def all_of(name: str) -> tuple[Any, ...]:
        return tuple(one for layer in layers for one in getattr(layer, name))

    return replace(
        first,
        rows=all_of("rows"),
        numbers=all_of("numbers"),
        lines=None if first.lines is None else all_of("lines"),
        geometries=None if first.geometries is None else np.concatenate([one.geometries for one in layers]),
        faults=all_of("faults"),
    )
