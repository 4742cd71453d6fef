"""Fonts for the programs of the tests: those of the project's own packages, whatever the machine has."""

import os
from pathlib import Path

import matplotlib

from geo.fonts import font_file

_LIKE = {  # as wide as those that the files name
    "宋体": "Noto Sans SC",
    "黑体": "Noto Sans SC",
    "仿宋": "Noto Sans SC",
    "Times New Roman": "STIXGeneral",
    "sans-serif": "Noto Sans SC",
    "monospace": "DejaVu Sans Mono",
}


def with_fonts(folder: Path) -> dict[str, str]:
    """The environment for a program that finds its fonts by fontconfig; settings and cache go to the folder."""
    same = "".join(
        f'<match><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="same"><string>{like}</string></edit></match>'
        for name, like in _LIKE.items()
    )
    folders = (font_file().parent, Path(matplotlib.get_data_path(), "fonts", "ttf"))
    dirs = "".join(f"<dir>{one}</dir>" for one in folders)
    path = folder / "fonts.conf"
    path.write_text(f"<fontconfig>{dirs}<cachedir>{folder}/fonts</cachedir>{same}</fontconfig>", encoding="utf-8")
    return os.environ | {"FONTCONFIG_FILE": str(path)}
