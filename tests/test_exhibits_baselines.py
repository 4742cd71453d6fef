"""Every shipped sheet beside a picture of it that was looked at.

After a wanted change: `pytest tests/test_exhibits_baselines.py --baselines`, then look at
every picture in tests/baselines before it is committed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from geo import exhibits, pipeline
from geo.pipeline import Context, printing
from geo.settings import Settings

BASELINES = Path(__file__).parent / "baselines"
DAY = date(2026, 11, 22)
DPI = 40
SUBJECTS = {"district": "longgang", "site": "3"}
SHEETS = exhibits.names(Settings.default())
_FAR, _SHARE = 48, 0.004  # of 255, and of the pixels: hinting of the font moves less


@pytest.fixture(scope="module")
def scene(context: Context) -> exhibits.Scene:
    found = pipeline.read_sites(context, None)
    return printing.scene(context, pipeline.check(context, found, DAY), DAY, sample=True)


def differing(one: Image.Image, other: Image.Image) -> float:
    """Share of the pixels that are far apart."""
    now, then = (np.asarray(each.convert("RGB"), dtype=int) for each in (one, other))
    assert now.shape == then.shape
    return float((np.abs(now - then).max(axis=2) > _FAR).mean())


def test_every_sheet_has_its_picture() -> None:
    assert {path.stem for path in BASELINES.glob("*.png")} == set(SHEETS)


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_looks_as_it_did(
    name: str, context: Context, scene: exhibits.Scene, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    spec = exhibits.read(context.settings, name)
    figure: Any = exhibits.draw(spec, scene, lang="zh", subject=SUBJECTS.get(spec.show, ""))
    (path,) = exhibits.save(figure, tmp_path / name, ("png",), DPI)
    drawn = Image.open(path).convert("RGB")
    kept = BASELINES / f"{name}.png"
    if request.config.getoption("--baselines"):
        drawn.save(kept, optimize=True)
    apart = differing(drawn, Image.open(kept))
    assert apart < _SHARE, f"{apart:.2%} of {name} differ"


def test_the_comparison_can_tell(context: Context, scene: exhibits.Scene, tmp_path: Path) -> None:
    """One small district in another colour is more than what the comparison lets pass."""
    words = scene.symbology.words
    roles = {**words["roles"], "金属和绿色建筑材料创新总部区": "#2020ff"}
    other = replace(scene, symbology=replace(scene.symbology, words={**words, "roles": roles}))
    figure = exhibits.draw(exhibits.read(context.settings, "district-roles"), other, lang="zh")
    (path,) = exhibits.save(figure, tmp_path / "other", ("png",), DPI)
    assert differing(Image.open(path), Image.open(BASELINES / "district-roles.png")) > _SHARE
