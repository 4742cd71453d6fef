"""Where things are (layer 1): one frozen object, no globals, nothing made on import."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from geo.errors import MissingData

_PACKAGE = Path(__file__).resolve().parent


def _shipped(folder: str) -> Path:
    """Folder of the wheel, else of the checkout."""
    for base in (_PACKAGE, _PACKAGE.parent):
        if (base / folder).is_dir():
            return base / folder
    raise MissingData(
        f"the folder {folder}/ that ships with parksite is missing",
        f"缺少随软件发布的目录 {folder}/",
        remedy_en="reinstall parksite",
        remedy_zh="请重新安装 parksite",
    )


@dataclass(frozen=True)
class Settings:
    """Folders and facts that a run depends on.

    Parameters
    ----------
    data, maps : Path
        Shipped inputs and map specifications.
    user : Path or None
        A folder laid out like `data/` and `maps/` (``<user>/data/...``); a file
        there is taken instead of the shipped one of the same name.
    cache : Path
        Where the derived boundaries and the compiled register are kept.
    store : Path
        Where the user's context layers are kept; made when the first one is added.
    approval_number : str or None
        Map approval number (审图号); without one every map is marked as an
        internal working map.
    project : str or None
        Name of the project in the header of dossiers and reports.
    confidentiality : str or None
        Their confidentiality (密级); without one the line is left out.
    """

    data: Path
    maps: Path
    user: Path | None
    cache: Path
    store: Path
    approval_number: str | None = None
    project: str | None = None
    confidentiality: str | None = None

    @classmethod
    def default(cls) -> Settings:
        """Settings of this machine: shipped folders, the user's cache and layers.

        ``PARKSITE_CACHE``, ``PARKSITE_HOME``, ``PARKSITE_APPROVAL_NUMBER``,
        ``PARKSITE_PROJECT`` and ``PARKSITE_CONFIDENTIALITY`` override cache folder,
        user folder, approval number, project and confidentiality.
        """
        from platformdirs import user_cache_path, user_data_path

        home = os.environ.get("PARKSITE_HOME")
        if home and not Path(home).is_dir():
            raise MissingData(
                "the folder that PARKSITE_HOME names does not exist",
                "PARKSITE_HOME 指定的目录不存在",
                value=home,
                remedy_en="make the folder or unset PARKSITE_HOME",
                remedy_zh="请创建该目录或取消 PARKSITE_HOME",
            )
        cache = os.environ.get("PARKSITE_CACHE")
        return cls(
            data=_shipped("data"),
            maps=_shipped("maps"),
            user=Path(home) if home else None,
            cache=Path(cache) if cache else user_cache_path("parksite", appauthor=False),
            store=(Path(home) / "data" if home else user_data_path("parksite", appauthor=False)) / "layers",
            approval_number=os.environ.get("PARKSITE_APPROVAL_NUMBER") or None,
            project=os.environ.get("PARKSITE_PROJECT") or None,
            confidentiality=os.environ.get("PARKSITE_CONFIDENTIALITY") or None,
        )

    def data_file(self, name: str) -> Path:
        """Path of a data file, the user's own before the shipped one."""
        return self._find("data", self.data, name)

    def maps_file(self, name: str) -> Path:
        """Path of a map file, the user's own before the shipped one."""
        return self._find("maps", self.maps, name)

    def policy_files(self) -> list[Path]:
        """Every policy file by name; a user's file replaces a shipped namesake."""
        folders = [self.data, *([self.user / "data"] if self.user is not None else [])]
        found = {path.name: path for one in folders for path in (one / "policy").glob("*.yaml") if path.is_file()}
        return [found[name] for name in sorted(found)]

    def _find(self, kind: str, shipped: Path, name: str) -> Path:
        if self.user is not None and (self.user / kind / name).is_file():
            return self.user / kind / name
        return shipped / name


def today() -> date:
    """The day in Shenzhen (Asia/Shanghai)."""
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Shanghai")).date()
