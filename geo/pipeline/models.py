"""Siting models by name or from a file (layer 9)."""

from __future__ import annotations

from pathlib import Path

from geo import sources
from geo.errors import MissingData, ModelError
from geo.register import Register
from geo.settings import Settings
from geo.suitability.model import SitingModel
from geo.suitability.parse import parse


def model_names(settings: Settings) -> list[str]:
    """Models that ship and those of the user's folder."""
    folders = [settings.data, *([settings.user / "data"] if settings.user is not None else [])]
    return sorted({path.stem for one in folders for path in (one / "models").glob("*.yaml")})


def model_file(settings: Settings, name: str) -> Path:
    """The file of a model, by its name or its path.

    Raises
    ------
    MissingData
        If there is none.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else settings.data_file(f"models/{name}.yaml")
    if not path.is_file():
        listed = model_names(settings)
        raise MissingData(
            f"there is no siting model {name!r}",
            f"没有选址模型 {name!r}",
            file=path,
            remedy_en=f"take one of {', '.join(listed)}, or a file ending in .yaml",
            remedy_zh=f"可用：{'、'.join(listed)}，或以 .yaml 结尾的文件",
        )
    return path


def read_model(settings: Settings, known: Register, name: str) -> SitingModel:
    """Read and validate a model.

    Raises
    ------
    MissingData
        If there is no such model.
    ModelError
        With every fault of its file.
    """
    path = model_file(settings, name)
    model = parse(sources.read_yaml(path), path)
    strange = [
        (
            f"{rule.id}：登记册中没有文件 {rule.source.instrument}",
            f"{rule.id}: the register has no {rule.source.instrument}",
        )
        for rule in (*model.constraints, *model.criteria)
        if rule.source.instrument is not None and rule.source.instrument not in known.instruments
    ]
    if strange:
        raise ModelError(strange, path)
    return model


def find_models(settings: Settings, known: Register) -> dict[str, SitingModel]:
    """Every model by its name."""
    return {name: read_model(settings, known, name) for name in model_names(settings)}
