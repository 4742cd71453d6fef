"""Online basemaps, for files that are to have one.

Only tiles in WGS84 or CGCS2000 are offered. Those of AMap, Tencent and Baidu are drawn
in shifted coordinates, and no tile can be shifted back without a seam, so they are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from geo.errors import InputError
from geo.spelling import even_out

_SHIFTED = ("amap", "gaode", "autonavi", "高德", "tencent", "腾讯", "qq", "soso", "baidu", "百度", "bmap", "tmap")
_SPELLINGS = {
    "none": ("none", "无"),
    "tianditu": ("tianditu", "天地图", "天地图矢量"),
    "tianditu-imagery": ("tianditu-imagery", "天地图影像"),
    "osm": ("osm", "openstreetmap"),
}
NAMES = tuple(_SPELLINGS)
_TIANDITU_DOMAINS = "01234567"


@dataclass(frozen=True)
class Basemap:
    """An online basemap.

    Attributes
    ----------
    hosts : tuple of str
        Every origin that its tiles come from, for the page's policy.
    layers : tuple of (str, dict)
        Address template and Leaflet options of each layer, lowest first.
    cautions : tuple of (str, str)
        What to tell the maker of the file, in Chinese and English.
    """

    name: str
    zh: str
    en: str
    attribution_zh: str
    attribution_en: str
    hosts: tuple[str, ...]
    layers: tuple[tuple[str, dict[str, Any]], ...]
    cautions: tuple[tuple[str, str], ...] = field(default=())

    def describe(self) -> dict[str, Any]:
        """What the page's script knows of it."""
        words = ("name", "zh", "en", "attribution_zh", "attribution_en")
        return {name: getattr(self, name) for name in words} | {
            "layers": [{"url": url, "options": options} for url, options in self.layers]
        }


def find(name: str, key: str | None = None) -> Basemap | None:
    """The basemap of a name; None for ``none``.

    Parameters
    ----------
    key : str, optional
        The user's key of the service, which Tianditu asks for.

    Raises
    ------
    InputError
        If the name is not known, its tiles are shifted, or a key is needed.
    """
    wanted = even_out(name)
    known = next((one for one, words in _SPELLINGS.items() if wanted in map(even_out, words)), None)
    if known is None:
        raise _refusal(name, wanted)
    if known == "none":
        return None
    return _osm() if known == "osm" else _tianditu(known, key)


def _refusal(name: str, wanted: str) -> InputError:
    remedy_en, remedy_zh = f"choose one of {', '.join(NAMES)}", f"请选用 {'、'.join(NAMES)}"
    if any(word in wanted for word in _SHIFTED):
        return InputError(
            "the tiles of this map are drawn in GCJ-02 or BD-09, 500 m to over 1 km off: sites and borders would lie "
            "in the wrong place on them",
            "该底图瓦片为 GCJ-02 或 BD-09 坐标，偏移五百米至一公里以上，选址与界线会落在错误位置",
            value=name,
            remedy_en="use tianditu (CGCS2000), which shows the same streets in their place",
            remedy_zh="请改用 tianditu（天地图，CGCS2000），其道路位置正确",
        )
    return InputError(
        "no basemap has this name", "没有该名称的底图", value=name, remedy_en=remedy_en, remedy_zh=remedy_zh
    )


def _tianditu(name: str, key: str | None) -> Basemap:
    if key is None or not key.strip():
        raise InputError(
            "Tianditu gives tiles only to holders of a key",
            "天地图瓦片需要密钥",
            remedy_en="apply for one at https://console.tianditu.gov.cn (type: browser) and give it with "
            "--basemap-key or PARKSITE_TIANDITU_KEY",
            remedy_zh="请在 https://console.tianditu.gov.cn 申请（浏览器端），"
            "用 --basemap-key 或 PARKSITE_TIANDITU_KEY 提供",
        )
    key = key.strip()
    if not (key.isascii() and key.isalnum()):
        raise InputError(
            "a key of Tianditu holds letters and digits only",
            "天地图密钥只含字母和数字",
            remedy_en="copy the key as the console shows it",
            remedy_zh="请按控制台所示复制密钥",
        )
    imagery = name == "tianditu-imagery"
    words = ("天地图影像", "Tianditu imagery") if imagery else ("天地图", "Tianditu")
    options = {"subdomains": _TIANDITU_DOMAINS, "minZoom": 1, "maxZoom": 18}
    return Basemap(
        name,
        *words,
        "天地图（国家地理信息公共服务平台），CGCS2000",
        "Tianditu (National Platform for Common Geospatial Information Services), CGCS2000",
        tuple(f"https://t{one}.tianditu.gov.cn" for one in _TIANDITU_DOMAINS),
        tuple((_tianditu_url(one, key), options) for one in (("img", "cia") if imagery else ("vec", "cva"))),
        (
            (
                "文件中含有您的天地图密钥，收到文件的人都能使用它。",
                "the file holds your key of Tianditu; whoever gets the file can use it.",
            ),
        ),
    )


def _tianditu_url(layer: str, key: str) -> str:
    asked = (
        "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&STYLE=default&FORMAT=tiles&TILEMATRIXSET=w"
        f"&LAYER={layer}&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
    )
    return f"https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?{asked}"


def _osm() -> Basemap:
    host = "https://tile.openstreetmap.org"
    return Basemap(
        "osm",
        "OpenStreetMap",
        "OpenStreetMap",
        "© OpenStreetMap 贡献者，WGS84",
        "© OpenStreetMap contributors, WGS84",
        (host,),
        ((f"{host}/{{z}}/{{x}}/{{y}}.png", {"maxZoom": 19}),),
        (
            (
                "OpenStreetMap 的服务器不响应直接从磁盘打开的页面，请经网站（如内网服务器）打开该文件。",
                "the servers of OpenStreetMap answer no page that is opened from a disk: open the file through a web "
                "server, such as one of your intranet.",
            ),
        ),
    )
